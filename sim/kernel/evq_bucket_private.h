/*
 * evq_bucket - lists of events in blocks of 512 bytes, and the pool that the blocks come from.
 */
#ifndef SIM_KERNEL_EVQ_BUCKET_PRIVATE_H
#define SIM_KERNEL_EVQ_BUCKET_PRIVATE_H

#include "sim/kernel/evq.h"

enum { BLOCK_BYTES = 512, BLOCK_EVENTS = 31 };

/* Aligned to its size, so that a pointer to an event says where its block ends. */
struct block {
	struct block *next;
	uint32_t      before;           /* events in the blocks before it in the bucket */
	uint32_t      pad;
	struct event  ev[BLOCK_EVENTS];
};

_Static_assert(sizeof(struct block) == BLOCK_BYTES, "a block is found by masking an address in it");

/* Blocks given back, and what is left of the newest slab.  {0} is empty. */
struct pool {
	struct block *spare, *fresh, *fresh_end;
	size_t        n_spare;
	struct block *slabs;            /* their first blocks */
	size_t        bytes;
};

/* A list of blocks, of which all but the last are full.  {0} is empty. */
struct bucket {
	struct event *end;              /* where the next event goes; the end of the last block when that is full */
	struct block *head;
};

void pool_free(struct pool *p);                         /* every block, wherever it is */
bool pool_reserve(struct pool *p, size_t n);            /* so many blocks can then be taken without fail */

static inline void pool_give(struct pool *p, struct block *b)
{
	b->next = p->spare;
	p->spare = b;
	p->n_spare++;
}

/* The first event of a new last block; NULL: out of memory. */
struct event *bucket_grow(struct pool *p, struct bucket *b);

static inline bool bucket_add(struct pool *p, struct bucket *b, struct event ev)
{
	struct event *at = b->end;

	if (((uintptr_t)at & (BLOCK_BYTES - 1)) == 0 && !(at = bucket_grow(p, b)))
		return false;
	*at = ev;
	b->end = at + 1;
	return true;
}

static inline size_t bucket_len(const struct bucket *b)
{
	if (!b->end)
		return 0;
	const struct block *last = (const struct block *)((uintptr_t)(b->end - 1) & ~(uintptr_t)(BLOCK_BYTES - 1));
	return last->before - b->head->before + (size_t)(b->end - last->ev);
}

static inline size_t block_len(const struct bucket *b, const struct block *of)
{
	return of->next ? BLOCK_EVENTS : (size_t)(b->end - of->ev);
}

static inline void block_fetch(const struct block *b)
{
	for (size_t at = 0; at < BLOCK_BYTES; at += 64)
		__builtin_prefetch((const char *)b + at);
}

#endif
