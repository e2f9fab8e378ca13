/*
 * evq - the pending-event queue of one replication.
 *
 * A monotone, stable priority queue on integer time: events leave by time, and those of equal time in the
 * order in which they were pushed.  Events are plain records copied by value.  The cost of a push and a pop
 * stays bounded whatever the mix: ties, bursts into the span being drained, far-future tails.
 * Not thread-safe: one queue belongs to one replication.
 */
#ifndef SIM_KERNEL_EVQ_H
#define SIM_KERNEL_EVQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

/* What happens next. */
struct event {
	simtime_t t;            /* when */
	uint32_t  subject;      /* whom: a device, a frame slot, ...; the handler's own meaning */
	uint16_t  kind;         /* row of the dispatch table, from sim_handler() */
	uint16_t  detail;       /* the handler's own: a generation, a port, ... */
};

_Static_assert(sizeof(struct event) == 16, "the queue is sized for 16-byte events");

struct evq;

/* An empty queue; NULL when memory is short. */
struct evq *evq_new(void);

/* Release the queue and every event in it.  evq_free(NULL) does nothing. */
void evq_free(struct evq *q);

/* Add an event.  ev.t must not lie before the last event popped.  false: out of memory, the queue is unchanged. */
bool evq_push(struct evq *q, struct event ev);

/* Take the earliest event.  1: *ev is set; 0: none is left; -1: out of memory (the queue is then only good for evq_free). */
int evq_pop(struct evq *q, struct event *ev);

/* How many events wait. */
size_t evq_len(const struct evq *q);

/* Bytes the queue holds from the allocator, spare blocks included. */
size_t evq_bytes(const struct evq *q);

/* Events that will leave soon, in no order: the kernel prefetches the rows they touch.  A hint: some are told of late or
 * never, and others may still be pushed before them. */
typedef void evq_ahead_fn(void *ctx, const struct event *ev, size_t n);

/* Call fn while popping, some ten events ahead.  It must not touch the queue.  NULL: no longer. */
void evq_set_ahead(struct evq *q, evq_ahead_fn *fn, void *ctx);

#endif
