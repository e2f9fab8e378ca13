/*
 * asset - what stands in the field and can break: feeders, gateways and sites, the ways behind them, edge nodes, platforms.
 *
 * The parts register themselves; what breaks them (a crisis) finds them here and knows no part.  An asset may be broken for
 * several reasons at once and works when none is left.  What it does with that (a site is off the air, a link fails over to its
 * backup) is its own.
 */
#ifndef MODELS_NETWORK_ASSET_H
#define MODELS_NETWORK_ASSET_H

#include "models/city/city.h"
#include "models/network/grid.h"

enum asset_kind { ASSET_FEEDER, ASSET_GATEWAY, ASSET_SITE, ASSET_BACKHAUL, ASSET_EDGE, ASSET_PLATFORM, ASSET_KINDS };
const char *asset_kind_name(enum asset_kind k);         /* "feeder", "gateway", ... */

enum { ASSET_NONE = UINT32_MAX };

/* Called when the first reason to be broken comes, and when the last is gone. */
typedef void asset_break_fn(struct sim *s, void *ctx, bool broken);

/* What an asset is: read by all. */
struct asset {
	enum asset_kind kind;
	const struct node *element;     /* that it comes from */
	const char *name;               /* NULL: none but its number */
	uint64_t    key;                /* of its draws */
	struct point at;
	bool        placed;             /* it has a place; else nothing that happens at places reaches it */
	uint32_t    site;               /* of a backhaul: the asset that it serves; else ASSET_NONE */
	asset_break_fn *fn;
	asset_break_fn *cover;          /* of gateways and sites: told that something stands in; NULL: `fn` is enough */
	void       *ctx;
	/* written by this file and by grid.c alone */
	uint32_t    reasons;            /* for which it is broken */
	uint32_t    covers;             /* that stand in for it */
	enum site_power power;          /* of gateways and sites */
};

/* From set-up to start, in the part's own order: its number, ASSET_NONE after sim_fail. */
uint32_t asset_add(struct sim *s, const struct asset *a);
/* All of them, by number.  Whole once all models have started; valid until the next is added. */
const struct asset *assets_of(const struct sim *s, uint32_t *n);

/* A reason to be broken comes (true) or goes.  Every one that came must go by whom it came from. */
void asset_break(struct sim *s, uint32_t asset, bool broken);

/* Something stands in for it (true) or no more: it works whether it is broken or not, and without power. */
void asset_cover(struct sim *s, uint32_t asset, bool covered);

/* In set-up: assets will be broken in this run.  Without it a part may leave out what only that needs. */
void assets_will_break(struct sim *s);
bool assets_may_break(const struct sim *s);

/* A gateway or site: it works while it has power and is not broken; `fn` is told of every change, at once where it does not work
 * from the start.  `a->fn` and `a->ctx` are not read.  Its number; see asset_add(). */
uint32_t asset_site(struct sim *s, const struct asset *a, const struct backup_params *power, grid_change_fn *fn, void *ctx);

/* Told after every asset that was broken, mended, lost power or got it back (`broken` and power are to be read from the asset). */
typedef void asset_watch_fn(struct sim *s, void *ctx, uint32_t asset);
void asset_watch(struct sim *s, asset_watch_fn *fn, void *ctx);
/* For grid.c. */
void asset_power(struct sim *s, uint32_t asset, enum site_power power);

static inline bool asset_works(const struct asset *a)
{
	return a->covers > 0 || (a->reasons == 0 && a->power != SITE_DARK);
}

#endif
