/*
 * What is entered in a ledger waits in a batch, which is cut when it is full or when block-timeout has passed since its first
 * entry; the block is agreed upon after consensus-time, or, while fewer than a quorum of the peers are up, once they are.
 */
#include "models/bootstrap/identifier_private.h"

enum { NO_BLOCK = UINT32_MAX };

static bool quorum(const struct repository *r)
{
	return r->up >= 2 * r->n_peers / 3 + 1;
}

static void agree(struct sim *s, struct repository *r, uint32_t i)
{
	if (quorum(r)) {
		sim_after(s, r->p->consensus_time, r->kind_agreed, i, 0);
		return;
	}
	r->block[i].next = r->held;
	r->held = i;
}

/* Entries are answered in the order in which they came: of two with one identifier the first is entered. */
static void on_agreed(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct repository *r = ctx;
	uint32_t number = r->block[i].first;

	(void)detail;
	r->block[i].next = r->free_block;
	r->free_block = i;
	while (number != NO_REQUEST) {
		uint32_t next = r->request[number].next;
		repository_answer(s, r, number, RESOLVED_VALID);
		number = next;
	}
}

static void cut(struct sim *s, struct repository *r)
{
	uint32_t i = r->open;

	r->open = NO_BLOCK;
	for (uint32_t k = r->block[i].first; k != NO_REQUEST; k = r->request[k].next)
		tally_add(&r->block_wait, sim_seconds(s->now - r->request[k].batched));
	agree(s, r, i);
}

static simtime_t due(const struct repository *r)
{
	return r->request[r->block[r->open].first].batched + r->p->block_timeout;
}

/* One timer a ledger: set by a batch, and again when it finds a younger one. */
static void on_timeout(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct repository *r = ctx;

	r->timer = false;
	if (r->open == NO_BLOCK)
		return;
	if (s->now >= due(r)) {
		cut(s, r);
		return;
	}
	r->timer = true;
	sim_at(s, due(r), r->kind_timeout, subject, detail);
}

static uint32_t take_block(struct sim *s, struct repository *r)
{
	uint32_t i = r->free_block;
	struct block *rows;

	if (i != NO_BLOCK) {
		r->free_block = r->block[i].next;
	} else {
		rows = grown(s, r->block, &r->cap_blocks, r->n_blocks, sizeof *rows);
		if (!rows)
			return NO_BLOCK;
		r->block = rows;
		i = r->n_blocks++;
	}
	r->block[i] = (struct block){ NO_REQUEST, NO_REQUEST, 0, NO_BLOCK };
	return i;
}

void repository_batch(struct sim *s, struct repository *r, uint32_t number)
{
	struct block *b;

	if (r->open == NO_BLOCK)
		r->open = take_block(s, r);
	if (r->open == NO_BLOCK)
		return;
	b = &r->block[r->open];
	r->request[number].batched = s->now;
	r->request[number].next = NO_REQUEST;
	if (b->n++)
		r->request[b->last].next = number;
	else
		b->first = number;
	b->last = number;
	if (b->n >= r->p->block_size) {
		cut(s, r);
	} else if (!r->timer) {
		r->timer = true;
		sim_at(s, due(r), r->kind_timeout, 0, 0);
	}
}

void repository_peers_changed(struct sim *s, struct repository *r)
{
	uint32_t i = r->held, first = NO_BLOCK, next;

	if (r->p->topology != TOPOLOGY_LEDGER || !quorum(r))
		return;
	for (r->held = NO_BLOCK; i != NO_BLOCK; i = next) { /* the last one held stands first */
		next = r->block[i].next;
		r->block[i].next = first;
		first = i;
	}
	for (; first != NO_BLOCK; first = next) {
		next = r->block[first].next;
		agree(s, r, first);
	}
}

void repository_block_setup(struct sim *s, struct repository *r)
{
	r->open = r->held = r->free_block = NO_BLOCK;
	r->kind_timeout = sim_handler(s, "repository.timeout", on_timeout, r);
	r->kind_agreed = sim_handler(s, "repository.agreed", on_agreed, r);
}
