/*
 * replicate_private - a replication that can be watched while it runs.
 */
#ifndef SIM_STUDY_REPLICATE_PRIVATE_H
#define SIM_STUDY_REPLICATE_PRIVATE_H

#include "sim/study/outcome.h"

/* Called a hundred times over the horizon, in the replication's own thread, with the share of it that has passed. */
typedef void watch_fn(void *ctx, const struct replication *rep, double share);

int replicate_watched(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop,
		      watch_fn *watch, void *watch_ctx);

#endif
