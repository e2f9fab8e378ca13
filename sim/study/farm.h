/*
 * farm - independent jobs on the threads of one machine, or on those of all ranks of an MPI run.
 *
 * One thread, the coordinator, decides and writes: it asks the caller for the next job, hands it to a worker, and gives the
 * caller what comes back.  Workers do nothing but run jobs.  A job is a pair of numbers and its result a run of bytes, for
 * threads as for ranks, so that there is one way.  Jobs are handed out in the order of next() and come back in any: what must
 * not depend on the number of workers must not depend on the order of take().
 *
 * Workers hold a few jobs ahead, so that none waits for the coordinator: 30 ms of work, from 1 to FARM_AHEAD_MAX jobs per
 * worker by the measured duration of a job, and none at all when a job takes seconds.
 */
#ifndef SIM_STUDY_FARM_H
#define SIM_STUDY_FARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/study/bytes.h"
#include "sim/study/job.h"

struct farm_watch;
struct ranks;

enum { FARM_THREADS_MAX = 256, FARM_AHEAD_MAX = 64 };

enum farm_answer {
	FARM_JOB,  /* *job is set */
	FARM_WAIT, /* nothing now: ask again once a result has been taken.  Some job must be out. */
	FARM_DONE, /* nothing more, ever; jobs may still be out, and their results are taken */
};

enum farm_end {
	FARM_COMPLETE,  /* next() said FARM_DONE and every job that was handed out has been taken */
	FARM_STOPPED,   /* *stop was set first, here or on another rank */
	FARM_REFUSED,   /* take() returned non-zero */
	FARM_NO_MEMORY, /* before the first job */
	FARM_SERVED,    /* on a rank other than 0: it has run what it was sent, and rank 0 knows the end */
};

struct farm {
	void *ctx;

	/* Run a job and put its result into *out, which is empty; on a worker's thread, `worker` < threads of its rank.
	 * Reads what is shared and writes only what is the worker's. */
	void (*run)(void *ctx, unsigned worker, struct job job, struct bytes *out);

	/* The coordinator's thread alone calls these.  bytes: the result, gone after the call; NULL when the worker had
	 * no memory for it.  Non-zero from take: hand out nothing more, and take nothing more (the disk is full). */
	enum farm_answer (*next)(void *ctx, struct job *job);
	int (*take)(void *ctx, struct job job, const unsigned char *bytes, size_t n);

	/* Every FARM_TICK_MS while the farm runs, later only when take() or next() was long: commit, show progress.  May be
	 * NULL. */
	void (*tick)(void *ctx);

	unsigned threads;          /* workers of this rank; 0: one per processor, and one where there are several ranks */
	volatile const int *stop;  /* non-zero: no further job is begun; those begun are run to their end and taken.  May be NULL */
	const struct ranks *ranks; /* all call farm_work, and rank 0 alone is asked and told.  NULL: alone */
	struct farm_watch *watch;  /* marks the job that breaks the process (farm_watch.h); NULL: none */
};

enum { FARM_TICK_MS = 80 };

/* How many workers of this rank it will have: FARM_THREADS_MAX at most. */
unsigned farm_threads(const struct farm *f);

/* Until all is done, stopped or refused, on all ranks; all workers have ended on return.  The calling thread is the coordinator and runs
 * no job, unless no thread at all can be had. */
enum farm_end farm_work(const struct farm *f);

/* The farm for tasks whose results land in memory: run fn(ctx, t) for every t < n, handed out in order, on `threads` threads
 * (0: one per processor), until *stop (may be NULL) is non-zero.  Returns how many were run.  Memory or threads that
 * cannot be had cost time and nothing else.  A task writes only its own slot. */
typedef void task_fn(void *ctx, size_t task);
size_t farm_run(task_fn *fn, void *ctx, size_t n, unsigned threads, volatile const int *stop);

/* Those that this process may use: fewer than the machine has when a launcher or a container says so. */
unsigned farm_processors(void);

/* The MPI that the program was built with, as "Open MPI 4.1.4"; NULL: none. */
const char *farm_mpi(void);

#endif
