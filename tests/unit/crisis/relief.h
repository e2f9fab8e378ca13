/*
 * relief - a response in a city of a square kilometre with a flood that reaches nothing, and orders that the test gives it.
 */
#ifndef TESTS_UNIT_CRISIS_RELIEF_H
#define TESTS_UNIT_CRISIS_RELIEF_H

#include "models/crisis/response.h"
#include "tests/unit/security/outbreak.h"

enum { RELIEF_ORDERS = 32 };

struct relief {
	struct outbreak o;
	struct repair_order order[RELIEF_ORDERS];
	simtime_t at[RELIEF_ORDERS], done[RELIEF_ORDERS];       /* done 0: not yet */
	uint32_t n, sequence[RELIEF_ORDERS], n_done;
};

static inline void relief_done(struct sim *s, void *ctx, uint32_t i)
{
	struct relief *r = ctx;

	r->done[i] = s->now;
	r->sequence[r->n_done++] = i;
	if (r->order[i].asset != ASSET_NONE)
		asset_break(s, r->order[i].asset, false);
}

static inline void relief_order(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct relief *r = ctx;

	(void)detail;
	if (r->order[i].asset != ASSET_NONE)
		asset_break(s, r->order[i].asset, true);
	assert_true(response_order(s, &r->order[i], relief_done, r, i));
}

/* `response`: the element whole; `more`: beside the crisis.  The onset is the begin of the run. */
static inline void relief_open(struct relief *r, const char *response, const char *more, simtime_t end)
{
	char body[4096];

	*r = (struct relief){ 0 };
	snprintf(body, sizeof body,
		 "<device-class id='a'/><deploy class='a' count='1' placement='uniform'/>%s"
		 "<crisis><flood at='0s' peak='1mm' source='0km 0km' lasts='1s'/>%s</crisis>", more, response);
	outbreak_open(&r->o, body, 0, 0, end);
}

/* An order of so much work of no asset, at a place and time; its number. */
static inline uint32_t relief_add(struct relief *r, simtime_t at, double x, double y, simtime_t work)
{
	r->at[r->n] = at;
	r->order[r->n] = (struct repair_order){ .asset = ASSET_NONE, .at = { x, y }, .skill = SKILL_TELECOM,
						.work = sim_seconds(work), .known = true, .key = r->n };
	return r->n++;
}

static inline void relief_run(struct relief *r)
{
	uint16_t kind = sim_handler(r->o.sim, "test.order", relief_order, r);

	for (uint32_t i = 0; i < r->n; i++)
		sim_at(r->o.sim, r->at[i], kind, i, 0);
	outbreak_run(&r->o);
}

#endif
