/*
 * trials - replications of settings as a search asks for them.
 *
 * A search decides from what it has seen which setting to look at next.  It asks for the first n replications of some points, gets
 * them all, and asks again: what it decides depends on whole prefixes alone, never on what happened to be done, so that it is the
 * same for any number of threads.  Where the values come from is not its business: from the farm (below), or in a test from
 * anywhere.
 */
#ifndef SIM_STUDY_TRIALS_H
#define SIM_STUDY_TRIALS_H

#include "sim/study/farm.h"
#include "sim/study/runner.h"

struct trial { uint64_t point; size_t replications; };

struct trials {
	void *ctx;
	/* Have the first replications of each of n points.  false: it was stopped, or cannot go on. */
	bool (*run)(void *ctx, const struct trial *t, size_t n);
	/* The values of a response of replications 0..n-1, which are there; NaN: failed, or nothing to count. */
	void (*values)(void *ctx, uint64_t point, size_t response, size_t n, double *out);
	/* Why the point, or its first replication that failed, did; NULL: nothing failed. */
	const char *(*failure)(void *ctx, uint64_t point);
};

/* ---- on the farm ---- */

struct trials_options {
	unsigned            threads;
	volatile const int *stop;
	struct farm_watch  *watch;
	simtime_t           warm_up;            /* as detected; SIM_NEVER: as the study says */
	struct recorder     recorder;
	void (*progress)(void *ctx, const struct runner_progress *p);   /* several times a second; NULL: none */
	void               *progress_ctx;
};

/* NULL when memory is short. */
struct trials_farm *trials_farm_new(const struct study *st, const struct trials_options *opt);
void trials_farm_free(struct trials_farm *f);           /* NULL allowed */
struct trials trials_of_farm(struct trials_farm *f);

/* What a record has already, before the first run.  false: memory is short. */
bool trials_farm_have(struct trials_farm *f, struct job job, const double *responses, bool failed);
/* How the last run ended, and what all of them did. */
enum farm_end trials_farm_end(const struct trials_farm *f);
struct runner_progress trials_farm_progress(const struct trials_farm *f);

#endif
