/*
 * Demand, orders and shipments, once a period, from the customers up to the supplier:
 *
 *   a stage is asked for goods: it ships what it has, and owes the rest
 *   it forecasts what it will be asked for, and orders what is missing from its level:  level - (stock + on order - owed)
 *   the stage before it is asked for that in the same period
 *
 * What arrives before a period's end is there for it.  With a lead time of L periods and a moving average over p the order-up-to policy
 * orders (1 + L / p) D_t - (L / p) D_(t-p) (Chen, Drezner, Ryan, Simchi-Levi 2000); an order below 0 is none.
 */
#include <gsl/gsl_randist.h>

#include "models/crisis/epidemic.h"
#include "models/crisis/supply_chain_private.h"

static const double NOTHING = 1e-9; /* units: what rounding leaves */

double flow_level(const struct supply_stage *st)
{
	const struct supply_stage_params *p = st->p;
	double seen = st->chain->p->visibility, window = (double)p->window;
	double periods = sim_seconds(p->lead_time) / sim_seconds(st->chain->p->period);

	if (p->policy != POLICY_ORDER_UP_TO)
		return p->level;
	return periods * (seen * st->sum_customers + (1 - seen) * st->sum_asked) / window + p->safety;
}

static double to_order(const struct supply_stage *st)
{
	double position = st->stock + st->on_order - st->owed;

	if (st->p->policy == POLICY_REORDER_POINT && position > st->p->reorder)
		return 0;
	return fmax(0, flow_level(st) - position);
}

/* ---- shipments ---- */

static uint32_t slot(struct sim *s, struct supply_chains *cs)
{
	uint32_t at = cs->free;

	if (at != NO_SLOT) {
		cs->free = cs->shipment[at].next;
		return at;
	}
	if (cs->n_shipments == cs->cap) {
		uint32_t cap = cs->cap ? 2 * cs->cap : 64;
		struct shipment *more = sim_alloc(s, cap, sizeof *more);
		if (!more)
			return NO_SLOT;
		for (uint32_t i = 0; i < cs->n_shipments; i++)
			more[i] = cs->shipment[i];
		cs->shipment = more;
		cs->cap = cap;
	}
	return cs->n_shipments++;
}

static simtime_t lead_time(struct supply_stage *st)
{
	double mean = sim_seconds(st->p->lead_time), deviation = sim_seconds(st->p->lead_deviation), shape;
	gsl_rng g;

	if (!(deviation > 0) || !(mean > 0))
		return st->p->lead_time;
	shape = mean * mean / (deviation * deviation);
	rng_gsl(&g, &st->chance);
	return sim_from_seconds(fmin(gsl_ran_gamma(&g, shape, mean / shape), 9e9));
}

static void send(struct sim *s, struct supply_stage *to, double amount)
{
	struct supply_chains *cs = to->chain->all;
	uint32_t at = slot(s, cs);

	if (at == NO_SLOT)
		return;
	cs->shipment[at] = (struct shipment){ to, amount, NO_SLOT };
	cs->in_transit += amount;
	sim_after(s, lead_time(to), cs->kind_arrival, at, 0);
}

static void ship(struct sim *s, struct supply_stage *st)
{
	double amount = fmin(fmin(st->stock, st->owed), st->ships);

	if (!(amount > 0))
		return;
	st->stock -= amount;
	st->owed = amount < st->owed ? st->owed - amount : 0;
	st->ships -= amount;
	st->shipped += amount;
	if (st->to)
		send(s, st->to, amount);
}

/* Whether customers want what they do not get, since a disruption began. */
static void note_want(const struct sim *s, struct supply_chain *c)
{
	bool want = c->stage[c->n - 1].owed > NOTHING;

	if (c->disrupted == SIM_NEVER)
		return;
	if (want && c->out == SIM_NEVER)
		c->out = s->now;
	if (!want && c->out != SIM_NEVER && c->filled_again == SIM_NEVER)
		c->filled_again = s->now;
}

static void on_arrival(struct sim *s, void *ctx, uint32_t at, uint16_t detail)
{
	struct supply_chains *cs = ctx;
	struct supply_stage *st = cs->shipment[at].to;
	double amount = cs->shipment[at].amount;

	(void)detail;
	cs->shipment[at].next = cs->free;
	cs->free = at;
	cs->in_transit -= amount;
	st->stock += amount;
	st->on_order -= amount;
	st->received += amount;
	ship(s, st);
	note_want(s, st->chain);
}

/* ---- a period ---- */

static double may_ship(const struct sim *s, const struct supply_stage *st)
{
	double share = (st->closures ? 0 : st->open) * (1 - st->p->staff * (1 - epidemic_present(s)));

	if (!isnan(st->p->capacity))
		return share * st->p->capacity;
	return share < 1 ? share * st->owed : INFINITY;
}

static void remember(struct supply_stage *st, double asked, double by_customers)
{
	size_t at = st->chain->periods % st->p->window;

	st->sum_asked += asked - st->asked[at];
	st->sum_customers += by_customers - st->customers[at];
	st->asked[at] = asked;
	st->customers[at] = by_customers;
}

/* taken: what the response had already; returns what the stage orders. */
static double serve(struct sim *s, struct supply_stage *st, double asked, double taken, double by_customers)
{
	double owed = st->owed, shipped = st->shipped, order;

	st->owed += asked;
	st->ships = may_ship(s, st);
	ship(s, st);
	st->wanted += asked;
	st->filled += fmin(asked, fmax(0, st->shipped - shipped - owed));
	remember(st, asked + taken, by_customers);
	order = to_order(st);
	st->on_order += order;
	if (s->now >= s->warmup)
		tally_add(&st->orders, order);
	return order;
}

static void on_period(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	const struct supply_chains *cs = ctx;
	struct supply_chain *c = &cs->chain[number];
	double asked = fmax(0, c->p->demand + c->p->deviation * rng_normal(&c->chance)), taken = c->taken;
	double by_customers = asked + taken;

	c->taken = 0;
	if (s->now >= s->warmup)
		tally_add(&c->demand, by_customers);
	for (uint32_t k = c->n; k-- > 0;) {
		asked = serve(s, &c->stage[k], asked, taken, by_customers);
		taken = 0; /* from the last stage alone */
	}
	if (asked > 0)
		send(s, &c->stage[0], asked);
	c->periods++;
	note_want(s, c);
	supply_series(s, c);
	sim_after(s, c->p->period, cs->kind_period, number, detail);
}

void flow_handlers(struct sim *s, struct supply_chains *cs)
{
	cs->kind_period = sim_handler(s, "supply.period", on_period, cs);
	cs->kind_arrival = sim_handler(s, "supply.arrival", on_arrival, cs);
}
