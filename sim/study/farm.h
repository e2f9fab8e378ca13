/*
 * farm - independent tasks on threads; results land by task number, so that they do not depend on the threads.
 */
#ifndef SIM_STUDY_FARM_H
#define SIM_STUDY_FARM_H

#include <stddef.h>

typedef void task_fn(void *ctx, size_t task);

/* Run fn(ctx, t) for every t < n, handed out in order from an atomic counter to `threads` threads (0: one per
 * processor), until *stop (may be NULL) is non-zero.  Returns how many were run.  A task writes only its own slot. */
size_t farm_run(task_fn *fn, void *ctx, size_t n, unsigned threads, volatile const int *stop);
unsigned farm_processors(void);

#endif
