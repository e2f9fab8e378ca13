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
#include <sys/mman.h>

#include "sim/kernel/bug.h"
#include "sim/kernel/evq_private.h"

enum {
	BLOCK_BYTES = 512,
	BLOCK_EVENTS = 31,
	SLAB_MIN = 1 << 15,
	SLAB_MAX = 1 << 21, /* a huge page, where the system has them */
	DIGIT_MIN = 4,
	DIGIT_MAX = 11,
	BUCKETS = 1 << DIGIT_MAX,
	WORDS = BUCKETS / 64,
	RUNGS = 18,    /* 63 bits by DIGIT_MIN, and one for ties */
	SHARE = 8,     /* events wanted in a bucket */
	RUN_MAX = 32,  /* a bucket of so many is sorted as it is */
	WALK_MAX = 48, /* a push moves no more events of the run */
	RUN_CAP = 4096,
	TIE_BLOCKS = 64, /* of one time, taken into the run at once */
};

/* What happens seldom keeps out of what happens always. */
#define NOINLINE __attribute__((noinline))

#define END      (UINT64_C(1) << 63) /* after every time */

/* Aligned to its size, so that a pointer to an event says where its block ends. */
struct block {
	struct block *next;
	uint32_t before; /* events in the blocks before it in the bucket */
	uint32_t pad;
	struct event ev[BLOCK_EVENTS];
};

_Static_assert(sizeof(struct block) == BLOCK_BYTES, "a block is found by masking an address in it");

/* A list of blocks, of which all but the last are full.  {0} is empty. */
struct bucket {
	struct event *end; /* where the next event goes; the end of the last block when that is full */
	struct block *head;
};

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
	struct block *spare, *fresh, *fresh_end;
	size_t n_spare, slab_bytes;
	struct block *slabs; /* their first blocks */
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
	q->slab_bytes = SLAB_MIN;
	return q;
}

void evq_free(struct evq *q)
{
	if (!q)
		return;
	for (struct block *b = q->slabs, *next; b; b = next) {
		next = b->next;
		free(b);
	}
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
	return q->bytes;
}

void evq_set_ahead(struct evq *q, evq_ahead_fn *fn, void *ctx)
{
	q->ahead = fn;
	q->ahead_ctx = ctx;
}

/* Blocks come from slabs that double up to the size of a huge page. */
static bool add_slab(struct evq *q)
{
	size_t size = q->slab_bytes;
	struct block *slab = aligned_alloc(size, size);

	if (!slab)
		return false;
	if (size == SLAB_MAX)
		madvise(slab, size, MADV_HUGEPAGE); /* a wish: without it the queue is only slower */
	slab->next = q->slabs;
	q->slabs = slab;
	q->fresh = slab + 1;
	q->fresh_end = slab + size / sizeof *slab;
	q->bytes += size;
	if (size < SLAB_MAX)
		q->slab_bytes = 2 * size;
	return true;
}

static void give_block(struct evq *q, struct block *b)
{
	b->next = q->spare;
	q->spare = b;
	q->n_spare++;
}

/* See to it that so many blocks can be taken without fail. */
static bool reserve_blocks(struct evq *q, size_t n)
{
	while (q->n_spare + (size_t)(q->fresh_end - q->fresh) < n) {
		while (q->fresh < q->fresh_end)
			give_block(q, q->fresh++);
		if (!add_slab(q))
			return false;
	}
	return true;
}

static struct block *take_block(struct evq *q)
{
	struct block *b = q->spare;

	if (b) {
		q->spare = b->next;
		q->n_spare--;
		return b;
	}
	if (q->fresh == q->fresh_end && !add_slab(q))
		return NULL;
	return q->fresh++;
}

static NOINLINE struct event *bucket_grow(struct evq *q, struct bucket *b)
{
	struct block *fresh = take_block(q);

	if (!fresh)
		return NULL;
	fresh->next = NULL;
	fresh->before = 0;
	if (b->end) {
		struct block *full = (struct block *)(void *)b->end - 1;
		full->next = fresh;
		fresh->before = full->before + BLOCK_EVENTS;
	} else {
		b->head = fresh;
	}
	return fresh->ev;
}

static inline bool bucket_add(struct evq *q, struct bucket *b, struct event ev)
{
	struct event *at = b->end;

	if (((uintptr_t)at & (BLOCK_BYTES - 1)) == 0 && !(at = bucket_grow(q, b)))
		return false;
	*at = ev;
	b->end = at + 1;
	return true;
}

static const struct block *last_block(const struct bucket *b)
{
	return (const struct block *)((uintptr_t)(b->end - 1) & ~(uintptr_t)(BLOCK_BYTES - 1));
}

static size_t bucket_len(const struct bucket *b)
{
	if (!b->end)
		return 0;
	const struct block *last = last_block(b);
	return last->before - b->head->before + (size_t)(b->end - last->ev);
}

static size_t block_len(const struct bucket *b, const struct block *of)
{
	return of->next ? BLOCK_EVENTS : (size_t)(b->end - of->ev);
}

static inline bool rung_add(struct evq *q, struct rung *r, struct event ev)
{
	size_t k = ((uint64_t)ev.t - r->start) >> r->shift;

	r->occupied[k / 64] |= UINT64_C(1) << k % 64;
	return bucket_add(q, &r->bucket[k], ev);
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
	if (!reserve_blocks(q, n + 1))
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
		return bucket_add(q, &q->top, ev);
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

/* Sort up to RUN_MAX events into the empty run. */
static void fill_run(struct evq *q, const struct bucket *b)
{
	struct event *end = q->run;

	for (struct block *of = b->head, *next; of; of = next) {
		size_t len = block_len(b, of);
		next = of->next;
		for (size_t i = 0; i < len; i++) {
			struct event ev = of->ev[i], *at = end++;
			for (; at > q->run && at[-1].t > ev.t; at--)
				*at = at[-1];
			*at = ev;
		}
		give_block(q, of);
	}
	q->front.first = q->run;
	q->front.end = end;
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
		give_block(q, of);
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
		if (next)
			__builtin_prefetch(next);
		for (size_t i = 0; i < len; i++)
			if (!rung_add(q, r, of->ev[i]))
				return false;
		give_block(q, of);
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
