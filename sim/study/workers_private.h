/*
 * workers - the worker threads of this rank, their queue of jobs and what they have done.
 *
 * One thread owns them: it gives jobs and collects results.  Neither side waits for the other while there is something to
 * do: the owner is woken when results are there and the queue has run low, a worker when there is a job.
 */
#ifndef SIM_STUDY_WORKERS_PRIVATE_H
#define SIM_STUDY_WORKERS_PRIVATE_H

#include "sim/study/farm.h"

/* How long a job takes, as a moving mean over the last ones, and how many are worth holding ahead per worker. */
struct pace { double mean_ns; bool known; };
void pace_add(struct pace *p, uint64_t ns);
size_t pace_ahead(const struct pace *p);

/* A job that was run.  The bytes are the collector's to free. */
struct done { struct job job; uint64_t ns; struct bytes out; };

struct workers;

/* NULL: out of memory.  With fewer threads than asked for when no more can be had. */
struct workers *workers_new(const struct farm *f);
void workers_free(struct workers *p); /* waits for the workers; drops what was not collected */

/* How many jobs they run at a time: as many as there are threads; 1 when there is none, and then workers_wait runs them. */
unsigned workers_count(const struct workers *p);

/* n jobs more; they hold (1 + FARM_AHEAD_MAX) per worker at most, run or not, before they are collected. */
void workers_give(struct workers *p, const struct job *jobs, size_t n);

/* What has been done since the last call, in order of completion: *v is valid until the next call.  Does not wait. */
size_t workers_collect(struct workers *p, struct done **v);

/* Sleep until results are there and `low` jobs or fewer are queued, or until `until_ns` of the monotonic clock; may wake
 * early.  Where no thread could be had, run one job instead. */
void workers_wait(struct workers *p, size_t low, uint64_t until_ns);

/* Begin no further job; those that were not begun are dropped. */
void workers_close(struct workers *p);

/* Closed, nothing runs any more, and all has been collected. */
bool workers_ended(struct workers *p);

bool farm_stopped(const struct farm *f);
uint64_t clock_ns(void); /* of the monotonic clock */

#endif
