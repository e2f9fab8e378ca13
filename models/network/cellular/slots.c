/* slots - the messages in work: rows in blocks that never move, given back and taken again. */
#include <string.h>

#include "models/network/cellular/cellular_private.h"

bool cell_slots_new(struct sim *s, struct cellular *c)
{
	c->free_slot = CELL_NONE;
	c->n_chunks = c->devices->n / CELL_CHUNK + 16;
	c->chunks = sim_alloc(s, c->n_chunks, sizeof *c->chunks);
	return c->chunks != NULL;
}

static bool more_chunks(struct sim *s, struct cellular *c)
{
	struct cell_slot **more = sim_alloc(s, 2 * (size_t)c->n_chunks, sizeof *more);

	if (!more)
		return false;
	memcpy(more, c->chunks, c->n_chunks * sizeof *more);
	c->chunks = more;
	c->n_chunks *= 2;
	return true;
}

uint32_t cell_slot_take(struct sim *s, struct cellular *c)
{
	uint32_t i = c->free_slot;

	if (i != CELL_NONE) {
		c->free_slot = cell_slot(c, i)->next;
		return i;
	}
	uint32_t chunk = c->n_slots / CELL_CHUNK;
	if (chunk == c->n_chunks && !more_chunks(s, c))
		return CELL_NONE;
	if (!c->chunks[chunk] && !(c->chunks[chunk] = sim_alloc(s, CELL_CHUNK, sizeof **c->chunks)))
		return CELL_NONE;
	return c->n_slots++;
}

void cell_slot_drop(struct cellular *c, uint32_t slot)
{
	struct cell_slot *u = cell_slot(c, slot);

	u->state = SLOT_FREE;
	u->next = c->free_slot;
	c->free_slot = slot;
}
