#include "models/network/parcels_private.h"

#include <string.h>

static bool grow(struct sim *s, struct parcels *p)
{
	uint32_t cap = p->cap ? 2 * p->cap : 64;
	struct parcel *row = sim_alloc(s, cap, sizeof *row);

	if (!row)
		return false;
	if (p->n)
		memcpy(row, p->row, p->n * sizeof *row);
	p->row = row;
	p->cap = cap;
	return true;
}

uint32_t parcels_put(struct sim *s, struct parcels *p, const struct parcel *what)
{
	uint32_t i;

	if (p->free_count) {
		i = p->first_free;
		p->first_free = p->row[i].next_free;
		p->free_count--;
	} else {
		if (p->n == p->cap && !grow(s, p))
			return NO_PARCEL;
		i = p->n++;
	}
	p->row[i] = *what;
	return i;
}

uint32_t parcels_held_for(const struct parcels *p, enum purpose purpose)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n; i++)
		n += p->row[i].m.purpose < PURPOSES && !p->row[i].done && is_for(p->row[i].m.purpose, purpose);
	return n;
}

struct parcel parcels_take(struct parcels *p, uint32_t number)
{
	struct parcel what = p->row[number];

	p->row[number].m.purpose = PURPOSES; /* of none */
	p->row[number].next_free = p->first_free;
	p->first_free = number;
	p->free_count++;
	return what;
}
