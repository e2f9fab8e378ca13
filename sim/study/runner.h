/*
 * runner - the tasks of a study in their order: which replication of which point is next, and when a point has enough.
 *
 * With replications="auto" a point has enough when every response is precise; that is decided on the prefix of its replications
 * 0..n-1 once all of them are there, never on what happens to be done, so that the answer is the same for any number of threads,
 * ranks, shards and resumptions.
 */
#ifndef SIM_STUDY_RUNNER_H
#define SIM_STUDY_RUNNER_H

#include "sim/study/farm.h"
#include "sim/study/task.h"

/* Where results go: called on the coordinator's thread alone.  Non-zero: no more can be kept, the runner stops. */
struct recorder {
	void *ctx;
	int (*put)(void *ctx, const struct task_result *r);
	int (*commit)(void *ctx);               /* several times a second */
};

struct runner_progress {
	size_t   points, points_done;           /* of this shard */
	uint64_t done, planned;                 /* replications: there already, and known to be needed so far */
	uint64_t ran, failed;                   /* in this process */
	double   precision;                     /* worst of the points that are done and the one decided last; NaN: none yet */
	double   elapsed_s;
	double   busy_s;                        /* wall time of the replications, added up */
};

struct runner_options {
	unsigned            threads;            /* of this rank; 0: as farm.h says */
	const struct ranks *ranks;              /* NULL: alone.  Those above 0 only run tasks: recorder and progress are not called */
	volatile const int *stop;
	struct farm_watch  *watch;
	simtime_t           warm_up;            /* as detected; SIM_NEVER: as the study says */
	size_t              shard, shards;      /* points with number % shards == shard; shards 1: all */
	struct recorder     recorder;
	void (*progress)(void *ctx, const struct runner_progress *p);   /* several times a second; NULL: none */
	void               *progress_ctx;
};

/* NULL when memory is short. */
struct runner *runner_new(const struct study *st, const struct runner_options *opt);
void runner_free(struct runner *r);

/* What is there already, before the run: a replication with the values of all responses, NaN where it failed or has none (what this
 * study would never run is passed over); false: memory is short.  A point that cannot be loaded: nothing of it is tried again. */
bool runner_have(struct runner *r, struct job job, const double *responses);
void runner_have_failed_point(struct runner *r, uint64_t point);

/* Until every point has enough, or it is stopped.  On ranks that only help it returns when the coordinator is done. */
enum farm_end runner_run(struct runner *r);
/* Points that have not enough yet; of a runner that has been told what there is, and does not run. */
size_t runner_missing(struct runner *r);
/* How far it is. */
struct runner_progress runner_progress(const struct runner *r);

#endif
