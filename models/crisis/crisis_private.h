/*
 * crisis_private - the state of one replication's crisis, shared by this folder.
 *
 *   crisis.c    <crisis>, occurrences, their onsets and ends       hazards.c   the kinds of hazards
 *   damage_private.h   fragility and damage
 *   flood.c     rising water                                   breakage.c  assets that fail together:
 *   power_outage.c, backhaul_cut.c
 */
#ifndef MODELS_CRISIS_PRIVATE_H
#define MODELS_CRISIS_PRIVATE_H

#include <math.h>

#include "models/crisis/crisis.h"
#include "models/network/asset.h"

enum { CRISIS_WATCHES = 16, OCCURRENCES_MAX = 10000 };

struct crisis {
	const struct scenario *scenario;
	const struct node *node;
	struct occurrence *o;
	uint32_t n, cap, n_watches;
	struct { crisis_watch_fn *fn; void *ctx; } watch[CRISIS_WATCHES];
	uint16_t kind_onset, kind_end;
};

#endif
