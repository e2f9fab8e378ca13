/*
 * queue - messages that wait: uplinks at their device, downlinks at the network server.
 *
 * Rows of one table, linked by device in the order in which they will go: by priority, first come first served within one.  A
 * network in which nothing ever waits has none of it.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

static bool make_room(struct sim *s, struct lorawan *lw)
{
	uint32_t cap = lw->cap_parked ? 2 * lw->cap_parked : 64;
	struct lw_parked *rows;

	if (lw->free_parked || lw->n_parked < lw->cap_parked)
		return true;
	rows = sim_alloc(s, cap, sizeof *rows);
	if (!rows)
		return false;
	if (lw->n_parked)
		memcpy(rows, lw->parked, lw->n_parked * sizeof *rows);
	else
		lw->n_parked = 1; /* row 0 is none */
	lw->parked = rows;
	lw->cap_parked = cap;
	return true;
}

static uint32_t take_row(struct lorawan *lw, const struct message *m)
{
	uint32_t row = lw->free_parked;

	if (row)
		lw->free_parked = lw->parked[row].next;
	else
		row = lw->n_parked++;
	lw->parked[row] = (struct lw_parked){ .m = *m, .used = true };
	return row;
}

static void free_row(struct lorawan *lw, uint32_t row)
{
	lw->parked[row] = (struct lw_parked){ .next = lw->free_parked };
	lw->free_parked = row;
}

uint32_t lw_park(struct sim *s, struct lorawan *lw, uint32_t **first, const struct message *m, unsigned most)
{
	uint32_t *at;
	unsigned n = 0;

	if (!*first && !(*first = sim_alloc(s, lw->n_devices + 1u, sizeof **first)))
		return 0;
	if (!make_room(s, lw))
		return 0;
	for (uint32_t i = (*first)[m->device]; i; i = lw->parked[i].next)
		n++;
	if (n >= most)
		return 0;
	uint32_t row = take_row(lw, m);
	at = &(*first)[m->device];
	while (*at && (lw->parked[*at].m.priority >= m->priority || lw->parked[*at].sending))
		at = &lw->parked[*at].next;
	lw->parked[row].next = *at;
	*at = row;
	return row;
}

void lw_unpark(struct lorawan *lw, uint32_t *first, uint32_t device, uint32_t row)
{
	uint32_t *at = &first[device];

	while (*at && *at != row)
		at = &lw->parked[*at].next;
	if (*at)
		*at = lw->parked[row].next;
	free_row(lw, row);
}

void lw_park_flush(struct sim *s, struct lorawan *lw, uint32_t *first, uint32_t device, enum fate fate)
{
	uint32_t row = lw_parked_first(first, device);

	if (row)
		first[device] = 0; /* whoever is told may send the next */
	while (row) {
		struct lw_parked *p = &lw->parked[row];
		const struct message m = p->m;
		uint32_t next = p->next;
		if (p->sending)
			p->answered = true;
		else
			free_row(lw, row);
		if (m.down)
			lw_down_answer(s, lw, &m, fate);
		else
			network_answer(s, &m, fate);
		row = next;
	}
}

uint64_t lw_parked_held(const struct lorawan *lw, enum purpose p)
{
	uint64_t n = 0;

	for (uint32_t i = 1; i < lw->n_parked; i++)
		n += lw->parked[i].used && !lw->parked[i].answered && !lw->parked[i].m.down &&
		     is_for(lw->parked[i].m.purpose, p);
	return n;
}

uint64_t lw_parked_down(const struct lorawan *lw)
{
	uint64_t n = 0;

	for (uint32_t i = 1; i < lw->n_parked; i++)
		n += lw->parked[i].used && !lw->parked[i].answered && lw->parked[i].m.down;
	return n;
}
