/*
 * fusion - reports of alarms, as they arrive at one place, and whether they make a detection by its rule.
 *
 * Devices count once, by their newest report.  A rule with a radius asks for reports of so many devices around that of the newest.
 */
#ifndef MODELS_CRISIS_FUSION_H
#define MODELS_CRISIS_FUSION_H

#include "models/city/city.h"
#include "models/crisis/rule.h"
#include "sim/kernel/sim.h"

struct fusion;

/* NULL after sim_fail.  Devices are numbered below n_devices. */
struct fusion *fusion_new(struct sim *s, const struct rule *rule, uint32_t n_devices);
/* A report arrives now: whether the rule is met. */
bool fusion_hear(struct sim *s, struct fusion *f, uint32_t device, struct point at);
/* Mean place of the devices that met it, at the report that did. */
struct point fusion_place(const struct fusion *f);
/* All that was heard is settled. */
void fusion_clear(struct fusion *f);

#endif
