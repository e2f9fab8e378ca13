/*
 * parcels - messages that are under way somewhere, by number, as events and stations name them.
 *
 * {0} is empty.  Free numbers are used again.
 */
#ifndef MODELS_NETWORK_PARCELS_PRIVATE_H
#define MODELS_NETWORK_PARCELS_PRIVATE_H

#include "models/network/path.h"
#include "sim/kernel/sim.h"

enum { NO_PARCEL = UINT32_MAX };

/* done: whom the work is for that is no message; NULL: a message. */
struct parcel { struct message m; platform_done_fn *done; void *ctx; uint32_t next_free; };
struct parcels { struct parcel *row; uint32_t n, cap, free_count, first_free; };

/* A number for a copy of it; NO_PARCEL after sim_fail. */
uint32_t parcels_put(struct sim *s, struct parcels *p, const struct parcel *what);
/* What has that number, which is free again. */
struct parcel parcels_take(struct parcels *p, uint32_t number);
/* Messages of a purpose among them. */
uint32_t parcels_held_for(const struct parcels *p, enum purpose purpose);
static inline uint32_t parcels_held(const struct parcels *p)
{
	return p->n - p->free_count;
}

#endif
