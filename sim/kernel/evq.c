/*
 * A ladder of rungs over a sorted run.
 *
 *	run        the earliest events, sorted; drained front to back
 *	rungs      buckets of 2^shift ns each; every rung but the first covers one bucket of the rung before it
 *	top        what lies beyond the first rung, unsorted
 *
 * When the run is empty, the next bucket of the last rung becomes the run if its events are few, else it is spread over
 * a rung of its own, with as many buckets as give each a handful.  When no rung is left, the top becomes the first rung,
 * or, if it is small, the run: a queue of few events is just a sorted array.  An event is moved as often as there are
 * rungs, two for a million pending events, and each move is a sequential read and a write to the end of one of at most
 * 2^11 lists, so that caches and the translation buffer hold.
 *
 * Order: where an event goes depends on its time alone, lists keep the order of arrival, and spreading keeps the order
 * within each list; so equal times leave in the order they came, without a sequence number.
 *
 * Bounds: each rung divides a span by 2^4 at least, so there are at most 16 however the times lie.  A push that would
 * move many events of the run makes a rung of what is left of it, over the run's own span: a burst costs there what it
 * costs elsewhere.  Many events of one time end in a bucket 1 ns wide and reach the run by pieces.
 */
#include "sim/kernel/evq.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/bug.h"
#include "sim/kernel/evq_bucket_private.h"
#include "sim/kernel/evq_private.h"

enum {
	DIGIT_MIN = 4,
	DIGIT_MAX = 11,
	BUCKETS = 1 << DIGIT_MAX,
	WORDS = BUCKETS / 64,
	RUNGS = 18,    /* 63 bits by DIGIT_MIN, and one for ties */
	SHARE = 16,    /* events wanted in a bucket */
	RUN_MAX = 48,  /* a bucket of so many is sorted as it is */
	WALK_MAX = 48, /* a push moves no more events of the run */
	RUN_CAP = 4096,
	TIE_BLOCKS = 64, /* of one time, taken into the run at once */
};

/* What happens seldom keeps out of what happens always. */
#define NOINLINE __attribute__((noinline))

#define END      (UINT64_C(1) << 63) /* after every time */

struct rung {
	uint64_t start; /* of bucket 0 */
	uint64_t end;   /* what it covers ends here: the limit of the rung before, or of the top */
	uint64_t limit; /* earlier events go further down: the start of bucket `at` */
	unsigned shift;
	uint32_t at;        /* next bucket to be drained */
	uint64_t *occupied; /* bit k: bucket k holds events */
	struct bucket *bucket;
};

struct evq {
	struct evq_front front;
	uint64_t run_end;   /* earlier events go to the run: the last rung's limit, or the top's */
	uint64_t top_start; /* later ones to the top */
	struct event *run;  /* RUN_CAP of them; the front is what is left */
	size_t bytes;
	unsigned depth; /* rungs in use */
	struct bucket top;
	uint64_t top_min, top_max;
	struct pool pool;
	evq_ahead_fn *ahead;
	void *ahead_ctx;
	const struct block *told; /* the last block that `ahead` was told of */
	struct rung rung[RUNGS];
};

struct evq *evq_new(void)
{
	struct evq *q = calloc(1, sizeof *q);

	if (!q)
		return NULL;
	q->run = malloc(RUN_CAP * sizeof *q->run);
	if (!q->run) {
		free(q);
		return NULL;
	}
	q->bytes = sizeof *q + RUN_CAP * sizeof *q->run;
	q->front.first = q->front.end = q->run;
	q->run_end = q->top_start = END;
	return q;
}

void evq_free(struct evq *q)
{
	if (!q)
		return;
	pool_free(&q->pool);
	for (int r = 0; r < RUNGS; r++)
		free(q->rung[r].bucket);
	free(q->run);
	free(q);
}

size_t evq_len(const struct evq *q)
{
	return q->front.len;
}

size_t evq_bytes(const struct evq *q)
{
	return q->bytes + q->pool.bytes;
}

void evq_set_ahead(struct evq *q, evq_ahead_fn *fn, void *ctx)
{
	q->ahead = fn;
	q->ahead_ctx = ctx;
}

static inline bool rung_add(struct evq *q, struct rung *r, struct event ev)
{
	size_t k = ((uint64_t)ev.t - r->start) >> r->shift;

	r->occupied[k / 64] |= UINT64_C(1) << k % 64;
	return bucket_add(&q->pool, &r->bucket[k], ev);
}

/* A rung below the last one, over [start, end), for so many events.  NULL: out of memory. */
static struct rung *rung_open(struct evq *q, uint64_t start, uint64_t end, size_t events)
{
	uint64_t most = end - start - 1;
	unsigned bits = most ? 64u - (unsigned)__builtin_clzll(most) : 0, digit = DIGIT_MIN;

	BUG_ON(NULL, q->depth == RUNGS || end <= start);
	struct rung *r = &q->rung[q->depth];
	if (!r->bucket) {
		r->bucket = calloc(1, BUCKETS * sizeof *r->bucket + WORDS * sizeof *r->occupied);
		if (!r->bucket)
			return NULL;
		r->occupied = (uint64_t *)(void *)(r->bucket + BUCKETS);
		q->bytes += BUCKETS * sizeof *r->bucket + WORDS * sizeof *r->occupied;
	}
	while (digit < DIGIT_MAX && (size_t)SHARE << digit < events)
		digit++;
	r->shift = bits > digit ? bits - digit : 0;
	r->start = r->limit = start;
	r->end = end;
	r->at = 0;
	q->depth++;
	q->run_end = start;
	return r;
}

/* Make a rung of what is left of the run.  Pushes may still come from the last event popped on. */
static NOINLINE bool spill_run(struct evq *q)
{
	struct evq_front *f = &q->front;
	size_t n = (size_t)(f->end - f->first);

	while (q->depth && q->rung[q->depth - 1].limit == q->rung[q->depth - 1].end)
		q->depth--;
	if (!pool_reserve(&q->pool, n + 1))
		return false;
	if (q->run_end == END)
		q->top_start = q->run_end = (uint64_t)f->end[-1].t + 1;
	struct rung *r = rung_open(q, (uint64_t)f->last, q->run_end, n);
	if (!r)
		return false;
	while (f->first < f->end)
		rung_add(q, r, *f->first++);
	return true;
}

static NOINLINE bool push_beyond(struct evq *q, struct event ev)
{
	uint64_t t = (uint64_t)ev.t;

	if (t >= q->top_start) {
		if (!q->top.end)
			q->top_min = q->top_max = t;
		q->top_min = t < q->top_min ? t : q->top_min;
		q->top_max = t > q->top_max ? t : q->top_max;
		return bucket_add(&q->pool, &q->top, ev);
	}
	struct rung *r = q->rung;
	while (t < r->limit)
		r++;
	return rung_add(q, r, ev);
}

/* The run has no room behind, or what would have to move is too much.  Returns whether it has been spilled. */
static NOINLINE int make_room(struct evq *q, struct event ev)
{
	struct evq_front *f = &q->front;
	size_t left = (size_t)(f->end - f->first);

	if (left > RUN_CAP / 2 || (left > WALK_MAX && f->end[-WALK_MAX].t > ev.t))
		return spill_run(q) ? 1 : -1;
	memmove(q->run, f->first, left * sizeof *q->run);
	f->first = q->run;
	f->end = q->run + left;
	return 0;
}

/* Insert after every event that is not later: ties stay in order of arrival. */
static inline bool push_run(struct evq *q, struct event ev)
{
	struct evq_front *f = &q->front;

	if (f->end == q->run + RUN_CAP || (f->end - f->first > WALK_MAX && f->end[-WALK_MAX].t > ev.t)) {
		int spilled = make_room(q, ev);
		if (spilled)
			return spilled > 0 && push_beyond(q, ev);
	}
	struct event *at = f->end++;
	for (; at > f->first && at[-1].t > ev.t; at--)
		evq_copy(at, at - 1);
	*at = ev;
	return true;
}

bool evq_push(struct evq *q, struct event ev)
{
	BUG_ON(NULL, ev.t < q->front.last);
	bool ok = (uint64_t)ev.t < q->run_end ? push_run(q, ev) : push_beyond(q, ev);
	q->front.len += ok;
	return ok;
}

/* Sort up to RUN_MAX events into the empty run, each to its rank: so few are compared with each other sooner than a branch
 * that cannot be foretold is taken for each. */
static void fill_run(struct evq *q, const struct bucket *b)
{
	struct event ev[RUN_MAX];
	size_t rank[RUN_MAX], n = 0;

	for (struct block *of = b->head, *next; of; of = next) {
		size_t len = block_len(b, of);
		next = of->next;
		for (size_t i = 0; i < len; i++, n++) {
			struct event e = of->ev[i];
			size_t later = 0;
			for (size_t k = 0; k < n; k++) {
				size_t is_later = ev[k].t > e.t;
				rank[k] += is_later;
				later += is_later;
			}
			rank[n] = n - later;
			ev[n] = e;
		}
		pool_give(&q->pool, of);
	}
	for (size_t i = 0; i < n; i++)
		q->run[rank[i]] = ev[i];
	q->front.first = q->run;
	q->front.end = q->run + n;
}

/* Events of one time: their order stands.  What is not taken stays in its bucket, where further ones join it. */
static void fill_run_with_ties(struct evq *q, struct bucket *b)
{
	q->front.first = q->front.end = q->run;
	for (int i = 0; i < TIE_BLOCKS && b->head; i++) {
		struct block *of = b->head;
		size_t len = block_len(b, of);
		memcpy(q->front.end, of->ev, len * sizeof *of->ev);
		q->front.end += len;
		b->head = of->next;
		pool_give(&q->pool, of);
	}
	if (!b->head)
		b->end = NULL;
}

/* Whether all events of a bucket lie within one bucket of r; then the list can move as it is. */
static bool falls_together(const struct rung *r, const struct bucket *b, size_t *where)
{
	*where = ((uint64_t)b->head->ev[0].t - r->start) >> r->shift;
	for (const struct block *of = b->head; of; of = of->next)
		for (size_t i = 0, len = block_len(b, of); i < len; i++)
			if (((uint64_t)of->ev[i].t - r->start) >> r->shift != *where)
				return false;
	return true;
}

/* Spread a bucket over the rung just opened for it. */
static bool spread(struct evq *q, struct rung *r, const struct bucket *b)
{
	size_t where;

	if (falls_together(r, b, &where)) {
		r->bucket[where] = *b;
		r->occupied[where / 64] |= UINT64_C(1) << where % 64;
		return true;
	}
	for (struct block *of = b->head, *next; of; of = next) {
		size_t len = block_len(b, of);
		next = of->next;
		if (next && next->next)
			block_fetch(next->next);
		for (size_t i = 0; i < len; i++)
			if (!rung_add(q, r, of->ev[i]))
				return false;
		pool_give(&q->pool, of);
	}
	return true;
}

/* No rung is left: the top becomes the run or the first rung.  Returns as evq_pop does. */
static int empty_top(struct evq *q)
{
	struct bucket b = q->top;
	size_t n = bucket_len(&b);

	q->top = (struct bucket){ 0 };
	q->run_end = q->top_start = END;
	if (n == 0)
		return 0;
	if (n <= RUN_MAX) {
		fill_run(q, &b);
		return 1;
	}
	q->top_start = q->top_max + 1;
	struct rung *r = rung_open(q, q->top_min, q->top_start, n);
	return r && spread(q, r, &b) ? 1 : -1;
}

/* The first bucket of r that holds events, from `at` on; false: none. */
static bool rung_next(const struct rung *r, uint32_t *k)
{
	uint32_t w = r->at / 64;

	if (r->limit == r->end)
		return false;
	uint64_t word = r->occupied[w] & ~UINT64_C(0) << r->at % 64;
	while (!word) {
		if (++w == WORDS)
			return false;
		word = r->occupied[w];
	}
	*k = w * 64 + (uint32_t)__builtin_ctzll(word);
	return true;
}

/* Tell of the bucket that becomes the run, if that has not been done, and of the one after it: while the events of the
 * run are handled, the rows of the next are fetched. */
static void tell_ahead(struct evq *q, const struct rung *r, const struct bucket *taken)
{
	uint32_t k;

	if (taken->head && taken->head != q->told)
		q->ahead(q->ahead_ctx, taken->head->ev, block_len(taken, taken->head));
	if (!rung_next(r, &k))
		return;
	const struct bucket *next = &r->bucket[k];
	if (next->head && bucket_len(next) <= RUN_MAX) {
		q->told = next->head;
		q->ahead(q->ahead_ctx, next->head->ev, block_len(next, next->head));
	}
}

int evq_refill(struct evq *q)
{
	while (q->front.first == q->front.end) {
		uint32_t k;
		if (q->depth == 0) {
			int got = empty_top(q);
			if (got <= 0)
				return got;
			continue;
		}
		struct rung *r = &q->rung[q->depth - 1];
		if (!rung_next(r, &k)) {
			q->run_end = r->end;
			q->depth--;
			continue;
		}
		struct bucket *b = &r->bucket[k];
		size_t n = bucket_len(b);
		uint64_t start = r->start + ((uint64_t)k << r->shift), end = start + (UINT64_C(1) << r->shift);
		if (n > RUN_MAX && r->shift == 0) {
			r->at = k;
			q->run_end = r->limit = start;
			fill_run_with_ties(q, b);
			continue;
		}
		struct bucket taken = *b;
		*b = (struct bucket){ 0 };
		r->occupied[k / 64] &= ~(UINT64_C(1) << k % 64);
		r->at = k + 1;
		q->run_end = r->limit = end < r->end ? end : r->end;
		if (n <= RUN_MAX) {
			if (q->ahead)
				tell_ahead(q, r, &taken);
			fill_run(q, &taken);
			continue;
		}
		struct rung *below = rung_open(q, start, r->limit, n);
		if (!below || !spread(q, below, &taken))
			return -1;
	}
	return 1;
}

int evq_pop(struct evq *q, struct event *ev)
{
	return evq_take(q, ev);
}
