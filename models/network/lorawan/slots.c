/*
 * slots - the uplinks in work: rows in blocks that never move, given back and taken again, counted by reference.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

bool lw_slots_new(struct sim *s, struct lorawan *lw)
{
	size_t size = sizeof(struct lw_uplink) + lw->max_links * sizeof(struct lw_heard);

	lw->slot_size = (size + 15) / 16 * 16;
	lw->free_slot = LW_NO_SLOT;
	lw->max_chunks = (uint32_t)(4 * lw->n_devices / LW_CHUNK + 16);
	lw->chunks = sim_alloc(s, lw->max_chunks, sizeof *lw->chunks);
	return lw->chunks != NULL;
}

static bool more_chunks(struct sim *s, struct lorawan *lw)
{
	unsigned char **more = sim_alloc(s, 2 * (size_t)lw->max_chunks, sizeof *more);

	if (!more)
		return false;
	memcpy(more, lw->chunks, lw->max_chunks * sizeof *more);
	lw->chunks = more;
	lw->max_chunks *= 2;
	return true;
}

uint32_t lw_slot_take(struct sim *s, struct lorawan *lw)
{
	uint32_t i = lw->free_slot;

	if (i != LW_NO_SLOT) {
		lw->free_slot = lw_slot(lw, i)->next_free;
	} else {
		i = lw->n_slots;
		uint32_t chunk = i / LW_CHUNK;
		if (chunk == lw->max_chunks && !more_chunks(s, lw))
			return LW_NO_SLOT;
		if (!lw->chunks[chunk] && !(lw->chunks[chunk] = sim_alloc(s, LW_CHUNK, lw->slot_size)))
			return LW_NO_SLOT;
		lw->n_slots++;
	}
	memset(lw_slot(lw, i), 0, offsetof(struct lw_uplink, heard));
	lw_slot(lw, i)->refs = 1;
	lw->slots_in_use++;
	return i;
}

void lw_slot_drop(struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);

	if (--u->refs == 0) {
		u->next_free = lw->free_slot;
		lw->free_slot = slot;
		lw->slots_in_use--;
	}
}
