#include <string.h>

#include "models/bootstrap/identifier_private.h"

static uint64_t key_of(uint32_t resolver, uint32_t identity)
{
	return ((uint64_t)resolver << 32 | identity) + 1;
}

/* Where a key is, or would be; keys are never taken out. */
static struct cache_slot *slot_of(struct cache_slot *slot, uint64_t cap, uint64_t key)
{
	uint64_t at = rng_mix(key) & (cap - 1);

	while (slot[at].key && slot[at].key != key)
		at = (at + 1) & (cap - 1);
	return &slot[at];
}

simtime_t cache_until(const struct cache *c, uint32_t resolver, uint32_t identity)
{
	return c->cap ? slot_of(c->slot, c->cap, key_of(resolver, identity))->until : 0;
}

static bool larger(struct sim *s, struct cache *c)
{
	uint64_t cap = c->cap ? 2 * c->cap : 1024;
	struct cache_slot *slot = sim_alloc(s, cap, sizeof *slot);

	if (!slot)
		return false;
	for (uint64_t i = 0; i < c->cap; i++)
		if (c->slot[i].key && c->slot[i].until > s->now) {
			*slot_of(slot, cap, c->slot[i].key) = c->slot[i];
		} else if (c->slot[i].key) {
			c->n--;
		}
	c->slot = slot;
	c->cap = cap;
	return true;
}

void cache_keep(struct sim *s, struct cache *c, uint32_t resolver, uint32_t identity, simtime_t until)
{
	uint64_t key = key_of(resolver, identity);
	struct cache_slot *at;

	if (2 * (c->n + 1) > c->cap && !larger(s, c))
		return;
	at = slot_of(c->slot, c->cap, key);
	c->n += at->key == 0;
	*at = (struct cache_slot){ key, until };
}
