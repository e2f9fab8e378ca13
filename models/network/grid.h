/*
 * grid - mains power: feeders that fail and are repaired, and who hangs on them.
 *
 * Every device without a <battery> is on the feeder nearest to it and goes down with it at once.  A site (a gateway, a base
 * station) may have a battery and a generator, which carry it for a while, in this order.  The battery is full again as soon as the
 * mains are back; fuel that is spent stays spent until somebody brings more.  Without a <power-grid> the mains never fail.
 */
#ifndef MODELS_NETWORK_GRID_H
#define MODELS_NETWORK_GRID_H

#include "models/device/device.h"

extern const struct model power_grid_model, blackout_model;

/* Told when the site loses its power (on false: nothing is left that carries it) or has it again. */
typedef void grid_change_fn(struct sim *s, void *ctx, bool on);

/* What a site lives on. */
enum site_power { SITE_MAINS, SITE_BACKUP, SITE_DARK };

/* First in the parameters of an element whose sites need power, so that BACKUP_ROWS may stand in its table. */
struct backup_params {
	simtime_t backup;               /* of the battery; 0: none */
	double    generator_share;
	simtime_t fuel, fuel_delivery;
	double    backup_variation;
};
#define BACKUP_ROWS \
	TIME(struct backup_params, backup, "0s", "0s", "1yr", \
	     "how long its battery, full again as soon as the mains are back, carries it without them, of a <power-grid>", NULL), \
	RATIO(struct backup_params, generator_share, "0%", "0%", "100%", \
	      "of them with a generator, which runs when the battery is empty", NULL), \
	TIME(struct backup_params, fuel, "3d", "1min", "1yr", \
	     "how long the generator runs on a full tank, with which it begins; what is spent stays so until fuel is brought", \
	     "[M] 48 to 96 hours of common base tanks"), \
	TIME(struct backup_params, fuel_delivery, "", "1min", "1yr", \
	     "from a tank's first being drawn upon to its being filled up, each time; absent: only a <response> fills it up", NULL), \
	NUMBER(struct backup_params, backup_variation, "0", "0", "10", \
	       "standard deviation ÷ mean of the times of battery and fuel over the sites, log-normal: age, load, filling", NULL)

/* A site at a place.  `asset` (asset.h) is told what it lives on; `key` is of its draws: whether it has a generator, how long battery
 * and tank last. */
struct grid_site { struct point at; struct backup_params power; uint32_t asset; uint64_t key; };
/* In start: the site hangs on the mains.  fn is called after every change; at once where the mains are off and there is no backup. */
void grid_supply(struct sim *s, const struct grid_site *site, grid_change_fn *fn, void *ctx);

/* Of the site that is this asset; without a grid, or of what is no site, there is no generator and nothing happens. */
bool grid_has_generator(const struct sim *s, uint32_t asset);
double grid_fuel(const struct sim *s, uint32_t asset);          /* s for which its generator can run on what is in the tank */
/* Fuel for so long is brought; what is over a full tank is not taken.  What is taken. */
simtime_t grid_refuel(struct sim *s, uint32_t asset, simtime_t of_running);
/* A mobile generator comes, with fuel for so long, which is a full tank of it; it goes, with its fuel, where the site has none of its
 * own. */
void grid_generator(struct sim *s, uint32_t asset, simtime_t fuel);
void grid_generator_away(struct sim *s, uint32_t asset);

/* While loading: a backup is of no use without a grid that fails, fuel without a generator; says so at the element's attributes. */
void grid_check_backup(const struct scenario *sc, const struct node *site, struct diag *d);

#endif
