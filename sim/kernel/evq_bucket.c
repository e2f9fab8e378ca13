#include "sim/kernel/evq_bucket_private.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Slabs double up to the size of a huge page, where the system has them. */
enum { SLAB_MIN = 1 << 15, SLAB_MAX = 1 << 21 };

void pool_free(struct pool *p)
{
	for (struct block *b = p->slabs, *next; b; b = next) {
		next = b->next;
		free(b);
	}
}

static bool add_slab(struct pool *p)
{
	size_t size = p->bytes + SLAB_MIN < SLAB_MAX ? p->bytes + SLAB_MIN : SLAB_MAX;
	struct block *slab = aligned_alloc(size, size);

	if (!slab)
		return false;
	if (size == SLAB_MAX)
		madvise(slab, size, MADV_HUGEPAGE); /* a wish: without it the queue is only slower */
	slab->next = p->slabs;
	p->slabs = slab;
	p->fresh = slab + 1;
	p->fresh_end = slab + size / sizeof *slab;
	p->bytes += size;
	return true;
}

bool pool_reserve(struct pool *p, size_t n)
{
	while (p->n_spare + (size_t)(p->fresh_end - p->fresh) < n) {
		while (p->fresh < p->fresh_end)
			pool_give(p, p->fresh++);
		if (!add_slab(p))
			return false;
	}
	return true;
}

static struct block *take(struct pool *p)
{
	struct block *b = p->spare;

	if (b) {
		p->spare = b->next;
		p->n_spare--;
		return b;
	}
	if (p->fresh == p->fresh_end && !add_slab(p))
		return NULL;
	return p->fresh++;
}

struct event *bucket_grow(struct pool *p, struct bucket *b)
{
	struct block *fresh = take(p);

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
