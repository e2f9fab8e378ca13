/*
 * grid_private - the mains of one replication, shared by their files.
 *
 *   grid.c         <power-grid>, <blackout>: feeders, the devices on them
 *   site_power.c   sites: mains, battery, generator
 */
#ifndef MODELS_NETWORK_GRID_PRIVATE_H
#define MODELS_NETWORK_GRID_PRIVATE_H

#include "models/network/grid.h"
#include "models/network/outage.h"

enum supply_mode { ON_MAINS, ON_BATTERY, ON_GENERATOR, DARK, SUPPLY_MODES };

/* A site on a feeder. */
struct supply {
	grid_change_fn *fn;
	void *ctx;
	simtime_t battery, tank, fuel_delivery;
	simtime_t fuel;                 /* in the tank, of running, when the present mode began */
	uint32_t feeder, index, asset;
	uint16_t generation;            /* of its timer */
	uint8_t mode;
	bool generator, own;            /* it has one; it is its own */
	bool ordered;                   /* fuel is under way */
	simtime_t since;                /* of the mode */
	simtime_t time[SUPPLY_MODES];   /* in finished ones, counted from the warm-up on */
	struct supply *next;            /* on its feeder, in order of subscription */
};

struct feeder {
	struct grid *grid;
	struct outage outage;
	struct point middle;
	uint32_t blackouts;             /* that it is in */
	bool broken;
	bool on;                        /* it has power */
	simtime_t since;                /* of that state */
	uint64_t breaks;                /* after the warm-up */
	simtime_t up_time, down_time;   /* of finished states, counted */
	uint32_t first;                 /* of its devices in grid.device */
	struct supply *supplies, **end;
};

struct grid {
	const struct node *node;
	struct feeder *feeder;
	uint32_t n;
	struct devices *dev;
	uint32_t *device;               /* on mains, by feeder; feeder[n].first is their number */
	uint16_t *feeder_of;
	struct supply **supply;         /* by index */
	uint32_t n_supplies, cap_supplies;
	uint32_t *of_asset, n_of_asset; /* index + 1 */
	bool generators;                /* some site has one */
	uint16_t kind_supply, kind_delivery, kind_off, kind_on;
};

/* From a time on, what of it is counted. */
static inline simtime_t since_warmup(const struct sim *s, simtime_t from)
{
	from = from > s->warmup ? from : s->warmup;
	return s->now > from ? s->now - from : 0;
}

uint32_t grid_nearest(const struct grid *g, struct point at);
void supplies_setup(struct sim *s, struct grid *g);
/* The mains of a feeder's sites are on or off now. */
void supplies_tell(struct sim *s, const struct grid *g, uint32_t feeder);
/* Mean share of the time in a mode over the sites. */
double supplies_share(const struct sim *s, const struct grid *g, enum supply_mode mode);

#endif
