/*
 * response - <response>: who mends what is broken, with what, and in which order.
 *
 * Work comes as orders: from damages (repair_source.c), or from anybody who has broken something.  A damage is known at once where
 * what is broken can report itself, else once it is assessed.  The highest of the known orders goes to the nearest free crew that
 * has the skill; it travels, works, and stays there until the next order or the end of its shift.  Work that is begun is finished (or
 * goes on in the next shift, as the policy says).
 *
 * What is driven: distance on a straight line x detour / speed.
 */
#ifndef MODELS_CRISIS_RESPONSE_H
#define MODELS_CRISIS_RESPONSE_H

#include "models/crisis/crisis.h"
#include "models/network/asset.h"

enum response_skill { SKILL_POWER, SKILL_TELECOM, SKILL_BACKHAUL, SKILL_DEVICES, SKILLS };

/* Something to be mended. */
struct repair_order {
	uint32_t asset;                 /* asset.h; ASSET_NONE: no asset */
	struct point at;                /* of what is no asset, or has no place */
	enum response_skill skill;
	double   work;                  /* s of a crew's time */
	bool     spare;                 /* takes one from a depot's stock */
	bool     known;                 /* needs no assessment */
	uint64_t key;                   /* of its draws */
};

/* Told when the work of an order is done: it is for `fn` to mend. */
typedef void response_done_fn(struct sim *s, void *ctx, uint32_t subject);

/* Whether there is a <response> with crews in this replication: else nobody does what is ordered. */
bool response_takes(const struct sim *s);
/* From start on.  false: there is none (see above), or sim_fail. */
bool response_order(struct sim *s, const struct repair_order *o, response_done_fn *fn, void *ctx, uint32_t subject);

/* The share of the crews that are fit for work from now on, 0 to 1; a crew at work finishes it.  Of no effect without crews. */
void response_present(struct sim *s, double share);

/* What kind of skill mends an asset. */
enum response_skill response_skill_of(enum asset_kind k);

extern const struct model crisis_response_model, crew_model, depot_model, portable_site_model, satellite_terminal_model,
	fuel_model;

#endif
