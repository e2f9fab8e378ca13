/*
 * Who is given which identifier.
 *
 * Out of a block: the next one.  At random: as many bits as are free, drawn for the device; the same bits in one scheme are the
 * same identifier, whatever the class.  By mistake that of an earlier device of the class, or the class's default.
 */
#include <string.h>

#include "models/bootstrap/identifier_private.h"

static const uint32_t PURPOSE_VALUE = RNG_PURPOSE('i', 'd', 'v', 'l'), PURPOSE_MISTAKE = RNG_PURPOSE('i', 'd', 'e', 'r');

void *grown(struct sim *s, void *rows, uint32_t *cap, uint32_t n, size_t size)
{
	uint32_t more = *cap ? 2 * *cap : 64;
	void *bigger;

	if (n < *cap)
		return rows;
	bigger = sim_alloc(s, more, size);
	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, rows, n * size);
	*cap = more;
	return bigger;
}

uint32_t identity_new(struct sim *s, struct identifiers *ids)
{
	struct identity *rows = grown(s, ids->identity, &ids->cap_identities, ids->n_identities, sizeof *rows);

	if (!rows)
		return NO_IDENTITY;
	ids->identity = rows;
	rows[ids->n_identities] = (struct identity){ 0 };
	return ids->n_identities++;
}

static struct space_slot *slot_of(struct space_slot *slot, uint32_t cap, uint64_t high, uint64_t low)
{
	uint32_t at = (uint32_t)rng_mix(low ^ rng_mix(high)) & (cap - 1);

	while (slot[at].taken && (slot[at].high != high || slot[at].low != low))
		at = (at + 1) & (cap - 1);
	return &slot[at];
}

static bool enlarge(struct sim *s, struct space *sp)
{
	uint32_t cap = sp->cap ? 2 * sp->cap : 1024;
	struct space_slot *slot = sim_alloc(s, cap, sizeof *slot);

	if (!slot)
		return false;
	for (uint32_t i = 0; i < sp->cap; i++)
		if (sp->slot[i].taken)
			*slot_of(slot, cap, sp->slot[i].high, sp->slot[i].low) = sp->slot[i];
	sp->slot = slot;
	sp->cap = cap;
	return true;
}

/* Whose bits these are: an identity that has them already, or a new one. */
static uint32_t identity_with(struct sim *s, struct identifiers *ids, struct space *sp, uint64_t high, uint64_t low)
{
	struct space_slot *at;

	if (2 * (sp->n + 1) > sp->cap && !enlarge(s, sp))
		return NO_IDENTITY;
	at = slot_of(sp->slot, sp->cap, high, low);
	if (!at->taken) {
		*at = (struct space_slot){ high, low, identity_new(s, ids), true };
		sp->n++;
	}
	return at->identity;
}

static uint32_t own(struct sim *s, struct identifiers *ids, const struct identifier_class *c, uint64_t key)
{
	uint64_t w[2], bits = c->p->bits;

	if (c->p->allocation == ALLOCATION_BLOCK)
		return identity_new(s, ids);
	rng_block(s->key, PURPOSE_VALUE, key, 0, w);
	if (bits <= 64)
		w[1] = 0;
	else if (bits < 128)
		w[1] &= (UINT64_C(1) << (bits - 64)) - 1;
	if (bits < 64)
		w[0] &= (UINT64_C(1) << bits) - 1;
	return identity_with(s, ids, &ids->space[c->p->scheme], w[1], w[0]);
}

uint32_t identity_anew(struct sim *s, struct identifiers *ids, uint32_t device)
{
	const struct identifier_class *c = &ids->of_class[ids->dev->class_of[device]];

	return own(s, ids, c, rng_mix(device_key(ids->dev, device) ^ rng_mix((uint64_t)s->now)));
}

/* Row k of its class. */
static bool give(struct sim *s, struct identifiers *ids, struct identifier_class *c, uint32_t first, uint32_t k)
{
	struct holding *h = &ids->held[first + k];
	const struct identifier_params *p = c->p;
	uint64_t key = device_key(ids->dev, first + k), w[2];
	double u;

	*h = (struct holding){ .standing = STANDING_GIVEN, .entry = NO_ENTRY };
	if (p->duplicates + p->clones + p->defaulted > 0) {
		rng_block(s->key, PURPOSE_MISTAKE, key, 0, w);
		u = rng_unit(w[0]);
		if (u < p->defaulted)
			h->origin = ORIGIN_DEFAULT;
		else if (k > 0 && u < p->defaulted + p->duplicates)
			h->origin = ORIGIN_DUPLICATE;
		else if (k > 0 && u < p->defaulted + p->duplicates + p->clones)
			h->origin = ORIGIN_CLONE;
	}
	if (h->origin == ORIGIN_DEFAULT) {
		if (c->default_identity == NO_IDENTITY)
			c->default_identity = identity_new(s, ids);
		h->identity = c->default_identity;
	} else if (h->origin == ORIGIN_OWN) {
		h->identity = own(s, ids, c, key);
	} else {
		h->identity = ids->held[first + (uint32_t)(((w[1] >> 32) * k) >> 32)].identity;
	}
	if (h->identity == NO_IDENTITY)
		return false;
	if (h->origin != ORIGIN_OWN)
		ids->identity[h->identity].origin = h->origin;
	return true;
}

bool identifiers_give(struct sim *s, struct identifiers *ids)
{
	for (uint32_t k = 0; k < ids->dev->n_classes; k++) {
		const struct device_class *dc = &ids->dev->classes[k];
		for (uint32_t i = 0; ids->of_class[k].p && i < dc->count; i++)
			if (!give(s, ids, &ids->of_class[k], dc->first, i))
				return false;
	}
	return true;
}
