/*
 * warning - <warning>: from reports of sensors to a detection, from that to a decision, and on to people and devices.
 *
 * Reports are fused where they arrive, by a rule (rule.h).  A detection while a hazard of the warning's kind is under way is of that
 * occurrence, once; one while none is is a false alarm.  The decision takes its time; then the warning goes out (outreach.h).
 */
#ifndef MODELS_CRISIS_WARNING_H
#define MODELS_CRISIS_WARNING_H

#include "sim/scenario/scenario.h"

extern const struct model warning_model;

#endif
