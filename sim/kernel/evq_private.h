/*
 * evq_private - taking an event, inline for the loop that does nothing else.
 */
#ifndef SIM_KERNEL_EVQ_PRIVATE_H
#define SIM_KERNEL_EVQ_PRIVATE_H

#include <string.h>

#include "sim/kernel/evq.h"

/* What every queue begins with. */
struct evq_front {
	struct event *first, *end;      /* the earliest events, sorted */
	simtime_t     last;             /* time of the last event taken */
	size_t        len;
};

/* Have the earliest events in the front, which is empty.  Returns as evq_pop does. */
int evq_refill(struct evq *q);

/* By halves, as a push stores it: a load of the whole would wait for the stores to reach the cache. */
static inline void evq_copy(struct event *to, const struct event *from)
{
	enum { HALF = sizeof *to / 2 };

	to->t = from->t;
	memcpy((char *)to + HALF, (const char *)from + HALF, HALF);
}

/* evq_pop. */
static inline int evq_take(struct evq *q, struct event *ev)
{
	struct evq_front *f = (struct evq_front *)(void *)q;

	if (f->first == f->end) {
		int got = evq_refill(q);
		if (got <= 0)
			return got;
	}
	evq_copy(ev, f->first++);
	f->last = ev->t;
	f->len--;
	return 1;
}

#endif
