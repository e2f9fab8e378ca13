/*
 * traffic - <traffic>: what devices report, and what became of it.
 *
 * Owns PURPOSE_APPLICATION in scenarios that have such an element.
 */
#ifndef MODELS_SERVICE_TRAFFIC_H
#define MODELS_SERVICE_TRAFFIC_H

#include "sim/scenario/scenario.h"

extern const struct model traffic_model;

#endif
