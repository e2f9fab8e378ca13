/*
 * grid - mains power: feeders that fail and are repaired, and who hangs on them.
 *
 * Every device without a <battery> is on the feeder nearest to it and goes down with it at once.  A site (a gateway, a base
 * station) may have a backup that carries it for a while.  Without a <power-grid> the mains never fail.
 */
#ifndef MODELS_NETWORK_GRID_H
#define MODELS_NETWORK_GRID_H

#include "models/device/device.h"

extern const struct model power_grid_model, blackout_model;

/* Told when the site loses its power (on false: the mains are gone and the backup is empty) or has it again. */
typedef void grid_change_fn(struct sim *s, void *ctx, bool on);

/* What a site lives on. */
enum site_power { SITE_MAINS, SITE_BACKUP, SITE_DARK };

/* A site at a place, with a backup of so long (0: none), which is full at the start of the run and whenever the mains are back;
 * `asset` (asset.h) is told what it lives on. */
struct grid_site { struct point at; simtime_t backup; uint32_t asset; };
/* In start: the site hangs on the mains.  fn is called after every change; at once where the mains are off and there is no backup. */
void grid_supply(struct sim *s, const struct grid_site *site, grid_change_fn *fn, void *ctx);

/* While loading: a backup is of no use without a grid that fails; says so at the attribute `backup` of the element. */
void grid_check_backup(const struct scenario *sc, const struct node *site, struct diag *d);

#endif
