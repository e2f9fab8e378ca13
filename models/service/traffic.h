/*
 * traffic - <traffic>: what devices report, and what became of it.
 *
 * Owns PURPOSE_APPLICATION in scenarios that have such an element.
 */
#ifndef MODELS_SERVICE_TRAFFIC_H
#define MODELS_SERVICE_TRAFFIC_H

#include "sim/kernel/sim.h"
#include "sim/scenario/scenario.h"

extern const struct model traffic_model;

/* In set-up: keep how many messages platforms accept, by group cell (group.h) and by time of generation, in bins of this width.
 * Of no effect where nothing is read. */
void traffic_track(struct sim *s, simtime_t width);
/* Messages accepted so far that devices of a cell generated in each bin; NULL: none are kept.  *n: bins. */
const uint32_t *traffic_accepted(const struct sim *s, uint32_t cell, uint32_t *n);

#endif
