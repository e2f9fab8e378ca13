/*
 * traffic - <traffic>: what devices report, and what became of it.
 *
 * Owns PURPOSE_APPLICATION in scenarios that have such an element.
 */
#ifndef MODELS_SERVICE_TRAFFIC_H
#define MODELS_SERVICE_TRAFFIC_H

#include "sim/scenario/scenario.h"

extern const struct model traffic_model;

/* Messages accepted by platforms, by the cell of their device and the time of their generation, from the start of the run on.  Kept
 * where assets may break and in a twin; valid until the next event. */
struct accepted {
	simtime_t width;                /* of a bin: 15 min, more only where that makes over a million of them */
	uint32_t  n_bins, n_cells;
	uint32_t *const *cell;          /* [cell][bin]; NULL for a cell of which none was accepted */
};
const struct accepted *traffic_accepted(const struct sim *s);  /* NULL: not kept */

#endif
