/*
 * damage - what hazards break: assets (asset.h) and devices.
 *
 * A <fragility> says how much of a hazard a kind of thing stands: the capacity of each is log-normal, drawn by the occurrence and
 * the thing.  A thing breaks at the moment at which the hazard reaches its capacity there, which is known at the start of the run:
 * one event for each thing that breaks, and nothing for those that do not.
 *
 * A broken asset does not work (asset_break()); a broken device has no power.  It stays so until somebody calls damage_mend(): a
 * crew, or the damage itself, where nobody responds.
 */
#ifndef MODELS_CRISIS_DAMAGE_H
#define MODELS_CRISIS_DAMAGE_H

#include "models/crisis/hazard.h"

enum damage_state { DAMAGE_BROKEN, DAMAGE_DESTROYED /* to be replaced: it takes a spare, and longer */ };
enum { DAMAGE_NONE = UINT32_MAX };

struct damage {
	uint32_t  asset;                        /* DAMAGE_NONE: it is a device */
	uint32_t  device;                       /* DAMAGE_NONE: it is an asset */
	simtime_t at;                           /* when it broke */
	int       state;                        /* enum damage_state */
	double    work;                         /* s of crew time to mend */
	simtime_t mends;                        /* when it mends by itself; SIM_NEVER: it waits for damage_mend() */
	simtime_t mended;                       /* SIM_NEVER: not yet */
	const struct occurrence *cause;
	const struct node *fragility;           /* the element that says so */
	bool      known;                        /* to those who repair: see damage_know() */
};

/* In set-up or start: told of each new damage after the thing has broken, in the order of subscription.  Nobody is told where the
 * scenario breaks nothing. */
typedef void damage_watch_fn(struct sim *s, void *ctx, uint32_t number);
void damage_watch(struct sim *s, damage_watch_fn *fn, void *ctx);

/* All damage so far, in the order in which it came; *n of it.  Valid until the next comes. */
const struct damage *damages_of(const struct sim *s, uint32_t *n);
/* Those who repair have heard of it. */
void damage_know(struct sim *s, uint32_t number);
/* It is mended: the thing works again as far as that damage is concerned.  Of no effect on damage that is mended. */
void damage_mend(struct sim *s, uint32_t number);

/* The damage that an asset or a device has now; DAMAGE_NONE: it is whole. */
uint32_t damage_of_asset(const struct sim *s, uint32_t asset);
uint32_t damage_of_device(const struct sim *s, uint32_t device);

extern const struct model fragility_model;

#endif
