/*
 * A radix queue with a sorted run.
 *
 * The slot of an event is the highest base-64 digit in which its time differs from the base, so equal times always
 * share a slot and leave in the order they came: ties need no sequence number.  A slot of few events, or of one time
 * only, is sorted into the run, which is drained front to back; a larger one is split over the level below.  Pushes
 * into the span being drained go into the run by insertion; where that would move many events, what is left of the
 * run goes back into slots, so that a burst costs no more than elsewhere.
 */
#include "sim/kernel/evq.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/bug.h"

enum { DIGIT = 6, SLOTS = 1 << DIGIT, LEVELS = 11, RUN_MAX = 48, SHIFT_MAX = 96, BLOCK_EVENTS = 31 };

struct block {
	struct block *next;
	size_t        n;
	struct event  ev[BLOCK_EVENTS];
};

struct slot {
	struct block *head, *tail;
	size_t        n;
};

struct evq {
	simtime_t     base;             /* what slots are relative to: not after any event in them */
	simtime_t     last;             /* time of the last event popped */
	simtime_t     run_end;          /* events before this go to the run */
	unsigned      run_level;        /* of the slot it came from */
	struct event *run;
	size_t        run_i, run_n, run_cap;
	size_t        len, bytes;
	struct block *spare;
	uint64_t      occupied[LEVELS]; /* bit k: slot k of the level holds events */
	struct slot   slot[LEVELS][SLOTS];
};

struct evq *evq_new(void)
{
	struct evq *q = calloc(1, sizeof *q);

	if (!q)
		return NULL;
	q->run_cap = 4 * SHIFT_MAX;
	q->run = malloc(q->run_cap * sizeof *q->run);
	if (!q->run) {
		free(q);
		return NULL;
	}
	q->bytes = sizeof *q + q->run_cap * sizeof *q->run;
	return q;
}

static void free_blocks(struct block *b)
{
	for (struct block *next; b; b = next) {
		next = b->next;
		free(b);
	}
}

void evq_free(struct evq *q)
{
	if (!q)
		return;
	for (int l = 0; l < LEVELS; l++)
		for (int k = 0; k < SLOTS; k++)
			free_blocks(q->slot[l][k].head);
	free_blocks(q->spare);
	free(q->run);
	free(q);
}

size_t evq_len(const struct evq *q)
{
	return q->len;
}

size_t evq_bytes(const struct evq *q)
{
	return q->bytes;
}

static bool reserve_run(struct evq *q, size_t n)
{
	if (n <= q->run_cap)
		return true;
	size_t cap = 2 * n;
	struct event *run = realloc(q->run, cap * sizeof *run);
	if (!run)
		return false;
	q->bytes += (cap - q->run_cap) * sizeof *run;
	q->run = run;
	q->run_cap = cap;
	return true;
}

static struct block *add_block(struct evq *q, struct slot *s)
{
	struct block *b = q->spare;

	if (b) {
		q->spare = b->next;
	} else {
		b = malloc(sizeof *b);
		if (!b)
			return NULL;
		q->bytes += sizeof *b;
	}
	b->next = NULL;
	b->n = 0;
	if (s->tail)
		s->tail->next = b;
	else
		s->head = b;
	s->tail = b;
	return b;
}

static inline bool insert_slot(struct evq *q, struct event ev)
{
	uint64_t diff = (uint64_t)ev.t ^ (uint64_t)q->base;
	unsigned level = diff ? (63u - (unsigned)__builtin_clzll(diff)) / DIGIT : 0;
	unsigned k = (unsigned)((uint64_t)ev.t >> (level * DIGIT)) & (SLOTS - 1);
	struct slot *s = &q->slot[level][k];
	struct block *b = s->tail;

	if ((!b || b->n == BLOCK_EVENTS) && !(b = add_block(q, s)))
		return false;
	b->ev[b->n++] = ev;
	s->n++;
	q->occupied[level] |= UINT64_C(1) << k;
	return true;
}

/* Give what is left of the run back to slots: the levels below the run's are empty, and the base moves up to the last
 * event popped, which shares all higher digits with what is stored elsewhere. */
static bool spill_run(struct evq *q)
{
	q->base = q->last;
	q->run_end = q->base;
	while (q->run_i < q->run_n) {
		if (!insert_slot(q, q->run[q->run_i]))
			return false;   /* the rest stays in the run, before every slot */
		q->run_i++;
	}
	q->run_i = q->run_n = 0;
	return true;
}

/* Insert after every event that is not later: ties stay in order of arrival. */
static bool insert_run(struct evq *q, struct event ev)
{
	size_t j = q->run_n;

	if (q->run_i > SHIFT_MAX && q->run_i * 2 > q->run_n) {
		memmove(q->run, q->run + q->run_i, (q->run_n - q->run_i) * sizeof *q->run);
		j = q->run_n -= q->run_i;
		q->run_i = 0;
	}
	if (j - q->run_i > SHIFT_MAX && q->run[j - SHIFT_MAX].t > ev.t && q->run_level > 0)
		return spill_run(q) && insert_slot(q, ev);
	if (!reserve_run(q, j + 1))
		return false;
	q->run_n++;
	for (; j > q->run_i && q->run[j - 1].t > ev.t; j--)
		q->run[j] = q->run[j - 1];
	q->run[j] = ev;
	return true;
}

bool evq_push(struct evq *q, struct event ev)
{
	BUG_ON(NULL, ev.t < q->last);
	bool ok = ev.t < q->run_end ? insert_run(q, ev) : insert_slot(q, ev);
	q->len += ok;
	return ok;
}

static bool empty_slot(struct evq *q, const struct slot *s, bool into_run)
{
	bool ok = true;

	for (struct block *b = s->head, *next; b; b = next) {
		if (b->next)
			__builtin_prefetch(b->next);
		for (size_t i = 0; i < b->n && ok; i++) {
			if (into_run) {
				size_t j = q->run_n++;
				for (; j > 0 && q->run[j - 1].t > b->ev[i].t; j--)
					q->run[j] = q->run[j - 1];
				q->run[j] = b->ev[i];
			} else {
				ok = insert_slot(q, b->ev[i]);
			}
		}
		next = b->next;
		b->next = q->spare;
		q->spare = b;
	}
	return ok;
}

/* Move the events of the next slot into the run, splitting slots on the way.  Returns as evq_pop does. */
static int refill(struct evq *q)
{
	for (;;) {
		unsigned level = 0;
		while (level < LEVELS && !q->occupied[level])
			level++;
		if (level == LEVELS)
			return 0;

		unsigned k = (unsigned)__builtin_ctzll(q->occupied[level]), shift = level * DIGIT;
		struct slot s = q->slot[level][k];
		q->slot[level][k] = (struct slot){ 0 };
		q->occupied[level] &= ~(UINT64_C(1) << k);

		uint64_t above = shift + DIGIT < 64 ? (uint64_t)q->base >> (shift + DIGIT) << (shift + DIGIT) : 0;
		q->base = (simtime_t)(above | (uint64_t)k << shift);
		bool last = level == 0 || s.n <= RUN_MAX;
		q->run_i = q->run_n = 0;
		q->run_end = q->base;
		if (last) {
			q->run_level = level;
			q->run_end = (simtime_t)((uint64_t)q->base + (UINT64_C(1) << shift));
			if (!reserve_run(q, s.n + 1)) {
				free_blocks(s.head);
				return -1;
			}
		}
		if (!empty_slot(q, &s, last))
			return -1;
		if (last)
			return 1;
	}
}

int evq_pop(struct evq *q, struct event *ev)
{
	if (q->run_i == q->run_n) {
		int got = refill(q);
		if (got <= 0)
			return got;
	}
	*ev = q->run[q->run_i++];
	q->last = ev->t;
	q->len--;
	return 1;
}

size_t evq_peek(const struct evq *q, struct event *ev, size_t n)
{
	size_t m = q->run_n - q->run_i < n ? q->run_n - q->run_i : n;

	memcpy(ev, q->run + q->run_i, m * sizeof *ev);
	return m;
}
