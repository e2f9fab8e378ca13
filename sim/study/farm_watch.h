/*
 * farm_watch - which job broke the process, for the run that comes after.
 *
 * A small file, mapped into memory, has a slot per worker that says which job it runs.  What is stored in the mapping outlives
 * the process: after kill -9 the file says which jobs were running, and where a signal handler of farm_watch_signals saw
 * SIGABRT, SIGSEGV, SIGBUS or SIGFPE it says which one was broken.  It does not outlive the machine: after a loss of power
 * there may be no marks.  A rank has a file of its own.
 */
#ifndef SIM_STUDY_FARM_WATCH_H
#define SIM_STUDY_FARM_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/study/job.h"

struct farm_watch;

/* Make or replace the file.  NULL: errno says why.  What an earlier run left must be read before. */
struct farm_watch *farm_watch_open(const char *path, unsigned workers);

/* Ends the handlers too, and removes the file: what ends in order has broken nothing.  NULL is allowed. */
void farm_watch_close(struct farm_watch *w);

/* Handle the signals: mark the slot of the thread in which one arose, then let come what would have come without us (the
 * default action, or a handler that was there before, such as a sanitizer's).  For one watch of a process at a time. */
void farm_watch_signals(struct farm_watch *w);

/* What a worker says of itself.  `stack` (FARM_WATCH_STACK bytes, until farm_watch_leave) is where the handler runs, so that a
 * stack that overflowed is seen too; it is left alone where the thread has one already.  A NULL watch does nothing. */
enum { FARM_WATCH_STACK = 32768 };
void farm_watch_enter(struct farm_watch *w, unsigned worker, char *stack);
void farm_watch_begin(struct farm_watch *w, unsigned worker, struct job job);
void farm_watch_end(struct farm_watch *w, unsigned worker);
void farm_watch_leave(struct farm_watch *w, unsigned worker, const char *stack);

/* The jobs that the file marks as broken: *jobs is the caller's to free, NULL when *n is 0.  False: errno says why, EINVAL where
 * the file is none of ours. */
bool farm_watch_read(const char *path, struct job **jobs, size_t *n);

#endif
