/*
 * crisis_private - the state of one replication's crisis, shared by this folder.
 *
 *   crisis.c    <crisis>, occurrences, their onsets and ends       hazards.c   the kinds of hazards
 *   flood.c     rising water                                   timeline.c  what it looked like
 */
#ifndef MODELS_CRISIS_PRIVATE_H
#define MODELS_CRISIS_PRIVATE_H

#include <math.h>

#include "models/crisis/crisis.h"
#include "models/network/asset.h"

enum { CRISIS_WATCHES = 16, OCCURRENCES_MAX = 10000 };

struct crisis_picture;

struct crisis {
	const struct scenario *scenario;
	const struct node *node;
	struct occurrence *o;
	uint32_t n, cap, n_watches;
	struct { crisis_watch_fn *fn; void *ctx; } watch[CRISIS_WATCHES];
	uint16_t kind_onset, kind_end;
	struct crisis_picture *picture; /* NULL: no hazard occurs */
};

/* timeline.c: what the crisis looked like. */
extern const struct table_def crisis_broken;
void timeline_setup(struct sim *s, const struct scenario *sc, struct crisis *c);
void timeline_finish(struct sim *s, struct crisis *c);

#endif
