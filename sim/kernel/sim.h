/*
 * sim - one replication: clock, dispatch, memory, chance.
 *
 * An event names a row of the dispatch table: (handler, context).  Models fill the table in their set-up with
 * sim_handler(), one row per handler and class or instance, so that a handler gets its parameters without a look-up.
 * Events of one time run in the order in which they were scheduled.
 *
 * Cancelling: a timer carries a generation in `detail`; the subject's row holds the current one; a handler whose
 * first line finds them different returns.
 *
 * One sim belongs to one thread.  Everything models allocate comes from its arena and goes with it.
 */
#ifndef SIM_KERNEL_SIM_H
#define SIM_KERNEL_SIM_H

#include <stdbool.h>

#include "sim/kernel/arena.h"
#include "sim/kernel/bug.h"
#include "sim/kernel/evq.h"
#include "sim/kernel/rng.h"
#include "sim/kernel/simtime.h"

struct sim;
struct report;

typedef void event_fn(struct sim *s, void *ctx, uint32_t subject, uint16_t detail);

enum { SIM_AHEAD_MAX = 8 };

struct sim_row {
	event_fn   *fn;
	void       *ctx;
	const char *name;
	uint64_t    count;              /* handled so far */
	struct { const char *rows; size_t size; } ahead[SIM_AHEAD_MAX];  /* arrays to be fetched ahead, by subject */
	uint32_t    n_ahead;
};

/* Read by all; written by the kernel only. */
struct sim {
	simtime_t       now;
	simtime_t       end;            /* events after it are not kept */
	simtime_t       horizon;        /* of the whole run: `end` is sooner where only a window of it is counted */
	simtime_t       warmup;         /* counting starts here */
	uint64_t        seed, replication;
	bool            twin;           /* the same replication without what a model adds that asked for a twin */
	const struct sim *other;        /* while models finish: the twin at its end, where one was asked for; else NULL */
	uint64_t        key;            /* rng_key(seed, replication) */
	struct evq     *queue;
	struct arena   *arena;
	struct report  *report;         /* what this replication yields; borrowed from the caller */
	uint64_t        events;         /* handled so far */
	int             status;         /* 0, or SIM_E_...: set by sim_fail */
	char            failure[256];
	struct sim_row *rows;
	uint32_t        n_rows, cap_rows;
	struct { const void *key; void *state; } *states;
	uint32_t        n_states, cap_states;
	struct event    current;        /* being handled, for bug reports */
	volatile const int *stop;       /* non-NULL and non-zero: stop cleanly (Ctrl-C) */
};

enum { SIM_OK = 0, SIM_E_NOMEM = -1, SIM_E_IO = -2, SIM_E_LIMIT = -3, SIM_E_STOPPED = -4 };

/* A new replication at time 0.  NULL when memory is short. */
struct sim *sim_new(uint64_t seed, uint64_t replication, simtime_t warmup, simtime_t end, struct report *report);
void sim_free(struct sim *s);           /* NULL allowed */

/* Handle events until none is left, the horizon is reached or a failure is set.  Returns s->status; then now == end
 * unless it failed. */
int sim_run(struct sim *s);

/* Add a row to the dispatch table; its number is the `kind` of events.  `name` is borrowed ("traffic.reading").  There is room
 * for 65535 rows; on one more, or when memory is short: sim_fail and 0. */
uint16_t sim_handler(struct sim *s, const char *name, event_fn *fn, void *ctx);

/* Events of this kind touch row `subject` of an array of rows of `size` bytes: fetch it into the cache ahead of them.  For
 * tables larger than the caches; the array must stay where it is.  Up to SIM_AHEAD_MAX arrays a kind; more are not fetched. */
void sim_handler_prefetch(struct sim *s, uint16_t kind, const void *rows, size_t size);

/* Schedule.  t >= now, delay >= 0; events after the horizon are dropped at once, so SIM_NEVER may stand for either. */
static inline void sim_at(struct sim *s, simtime_t t, uint16_t kind, uint32_t subject, uint16_t detail);
static inline void sim_after(struct sim *s, simtime_t delay, uint16_t kind, uint32_t subject, uint16_t detail);

/* Zeroed memory for the life of the replication.  On shortage: sim_fail and NULL. */
void *sim_alloc(struct sim *s, size_t n, size_t size);

/* A failure of the world (memory, disk): sticky, the first one counts, the replication stops after this event. */
void sim_fail(struct sim *s, int status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Per-replication state of a model, found by the address of its declaration; NULL when none was set. */
void  sim_set_state(struct sim *s, const void *key, void *state);
void *sim_state(const struct sim *s, const void *key);

/* The stream for a purpose and subject in this replication. */
static inline struct rng sim_rng(const struct sim *s, uint32_t purpose, uint64_t subject)
{
	return rng_stream(s->key, purpose, subject, 0);
}

static inline void sim_at(struct sim *s, simtime_t t, uint16_t kind, uint32_t subject, uint16_t detail)
{
	BUG_ON(s, t < s->now);
	if (t <= s->end && !evq_push(s->queue, (struct event){ t, subject, kind, detail }))
		sim_fail(s, SIM_E_NOMEM, "out of memory for %zu pending events", evq_len(s->queue));
}

static inline void sim_after(struct sim *s, simtime_t delay, uint16_t kind, uint32_t subject, uint16_t detail)
{
	BUG_ON(s, delay < 0);
	if (delay <= s->end - s->now)           /* later is never, SIM_NEVER too */
		sim_at(s, s->now + delay, kind, subject, detail);
}

#endif
