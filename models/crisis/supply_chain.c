/*
 * <supply-chain>: the elements, their set-up, and what disrupts them.
 */
#include <string.h>

#include "models/crisis/supply_chain_private.h"

static const struct place places[] = { { "crisis", 0, 0 } };
static const struct place stage_places[] = { { "supply-chain", 1, 0 } };
static const char *const policies[] = { "order-up-to", "base-stock", "reorder-point", NULL };

#define S struct supply_chain_params
static const struct param params[] = {
	TEXT(S, item, "", "what it delivers (fuel, spares): those who need that take it from the last stage's stock", NULL),
	NUMBER(S, demand, NULL, "0", "1e12", "of the customers in a period, mean, in units", NULL),
	NUMBER(S, deviation, "0", "0", "1e12", "its standard deviation: normal, independent by period, never below 0", NULL),
	TIME(S, period, "1d", "1min", "1yr", "from one review of stocks to the next: demand comes, and orders are placed, once in each", NULL),
	RATIO(S, visibility, "0%", "0%", "100%",
	      "share of the chain that trackers show: so much of a stage's forecast is of the customers' demand, the rest of what it is "
	      "asked for itself", NULL),
};
#undef S

#define S struct supply_stage_params
static const struct param stage_rows[] = {
	CHOICE(S, policy, "order-up-to", policies,
	       "order-up-to: a level that follows the forecast, lead-time x mean of the last periods + safety; base-stock: a fixed level; "
	       "reorder-point: up to the level, once stock and orders are at `reorder` or below (s, S)", NULL),
	COUNT(S, window, "5", "1", "10000", "periods of the moving average of order-up-to", NULL),
	NUMBER(S, level, "", "0", "1e15", "of base-stock and reorder-point, in units", NULL),
	NUMBER(S, reorder, "", "0", "1e15", "of reorder-point, in units", NULL),
	NUMBER(S, safety, "0", "0", "1e15", "of order-up-to: units above the forecast", NULL),
	NUMBER(S, stock, "", "0", "1e15", "in units at the beginning; absent: its level, the forecast's being right", NULL),
	NUMBER(S, capacity, "", "0", "1e15", "that it can ship in a period, in units; absent: any", NULL),
	TIME(S, lead_time, NULL, "0s", "10yr", "from its order, once the stage before has the goods, to their arrival: mean", NULL),
	TIME(S, lead_deviation, "0s", "0s", "10yr", "of the lead time, which is gamma distributed", NULL),
	RATIO(S, staff, "0%", "0%", "100%", "share of what it can ship that falls away when nobody can work (<epidemic>)", NULL),
	REF(S, closed_by, "", HAZARD_ELEMENTS, "hazard that disrupts it, from its onset to its end"),
	RATIO(S, left_open, "0%", "0%", "100%", "share that it can still ship then", NULL),
};
#undef S

static const struct section sections[] = {
	{ SECTION_SERIES, "Stocks of the supply chain", "crisis.supply-stock", "Units in stock at each stage.", "crisis", 8 },
	{ SECTION_AUDIT, "Goods of the supply chain", "supply", "What was there, came and went." },
};

static const struct evidence evidence[] = {
	{ "bullwhip", "a direct recursion; Chen et al. 2000: 1 + 2 L / p + 2 (L / p)^2", "1e-9; 99 % interval; tests/validation/valid_supply_chain.c" },
};

/* ---- while loading ---- */

static void load_stage(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct supply_stage_params *p = n->par;
	bool forecasts = p->policy == POLICY_ORDER_UP_TO;

	(void)sc;
	if (forecasts && (node_given(n, "level") || node_given(n, "reorder")))
		node_error(n, d, node_given(n, "level") ? "level" : "reorder", "is not of policy=\"order-up-to\"");
	if (!forecasts && (node_given(n, "window") || node_given(n, "safety")))
		node_error(n, d, node_given(n, "window") ? "window" : "safety", "is of policy=\"order-up-to\"");
	if (!forecasts && isnan(p->level))
		node_error(n, d, NULL, "needs a level (in units: level=\"500\")");
	if (p->policy == POLICY_REORDER_POINT && isnan(p->reorder))
		node_error(n, d, NULL, "needs the point at which it orders (in units: reorder=\"200\")");
	if (p->policy == POLICY_REORDER_POINT && p->reorder >= p->level)
		node_error(n, d, "reorder", "is at or above the level of %g", p->level);
	if (p->policy == POLICY_BASE_STOCK && node_given(n, "reorder"))
		node_error(n, d, "reorder", "is of policy=\"reorder-point\"");
	if (!p->closed_by && node_given(n, "left-open"))
		node_error(n, d, "left-open", "is read with closed-by only");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct supply_chain_params *p = n->par;
	size_t stages = 0;

	(void)sc;
	for (const struct node *c = node_child(n, &supply_stage_model); c; c = node_next(c))
		stages++;
	if (stages > STAGES_MAX)
		node_error(n, d, NULL, "has %zu stages (%d at most)", stages, STAGES_MAX);
	for (const struct node *o = n->parent->child; p->item && o && o != n; o = o->next) {
		const struct supply_chain_params *other = o->model == &supply_chain_model ? o->par : NULL;
		if (other && other->item && strcmp(other->item, p->item) == 0)
			node_error(n, d, "item", "comes from the chain at line %d already", o->line);
	}
}

/* ---- disruptions ---- */

static struct supply_stage *stage_of(const struct supply_chains *cs, const struct node *element)
{
	for (uint32_t i = 0; cs && i < cs->n; i++)
		for (uint32_t k = 0; k < cs->chain[i].n; k++)
			if (cs->chain[i].stage[k].element == element)
				return &cs->chain[i].stage[k];
	return NULL;
}

/* Closures are counted apart, so that what was closed can be opened again. */
void supply_disrupt(struct sim *s, const struct node *stage, double share, bool begins)
{
	struct supply_stage *st = stage_of(sim_state(s, &supply_chain_model), stage);

	if (!st)
		return;
	st->disruptions = begins ? st->disruptions + 1 : st->disruptions - 1;
	if (share <= 0)
		st->closures = begins ? st->closures + 1 : st->closures - 1;
	else
		st->open = begins ? st->open * share : st->open / share;
	if (st->disruptions == 0)
		st->open = 1;
	if (begins && st->chain->disrupted == SIM_NEVER)
		st->chain->disrupted = s->now;
}

static void on_hazard(struct sim *s, void *ctx, const struct occurrence *o, bool begins)
{
	const struct supply_chains *cs = ctx;

	for (uint32_t i = 0; i < cs->n; i++)
		for (uint32_t k = 0; k < cs->chain[i].n; k++) {
			const struct supply_stage *st = &cs->chain[i].stage[k];
			if (st->p->closed_by == o->element)
				supply_disrupt(s, st->element, st->p->left_open, begins);
		}
}

/* ---- for the response ---- */

static struct supply_chain *chain_with(const struct sim *s, const char *item)
{
	struct supply_chains *cs = sim_state(s, &supply_chain_model);

	for (uint32_t i = 0; cs && i < cs->n; i++)
		if (cs->chain[i].p->item && strcmp(cs->chain[i].p->item, item) == 0)
			return &cs->chain[i];
	return NULL;
}

bool supply_available(const struct sim *s, const char *item, double amount)
{
	const struct supply_chain *c = chain_with(s, item);

	return !c || c->stage[c->n - 1].stock >= amount;
}

bool supply_take(struct sim *s, const char *item, double amount)
{
	struct supply_chain *c = chain_with(s, item);
	struct supply_stage *st = c ? &c->stage[c->n - 1] : NULL;
	bool there = !st || st->stock >= amount;

	if (!st)
		return true;
	c->taken += amount;
	st->wanted += amount;
	if (there) {
		st->stock -= amount;
		st->shipped += amount;
		st->filled += amount;
	}
	return there;
}

/* ---- set-up ---- */

static bool setup_stage(struct sim *s, struct supply_chain *c, struct supply_stage *st, const struct node *n)
{
	double mean = c->p->demand;
	size_t window;

	st->p = n->par;
	st->element = n;
	st->chain = c;
	st->open = 1;
	st->chance = sim_rng(s, RNG_PURPOSE('s', 'l', 'e', 'd'), rng_mix(c->element->key) ^ n->key);
	window = st->p->window;
	st->asked = sim_alloc(s, window, sizeof *st->asked);
	st->customers = sim_alloc(s, window, sizeof *st->customers);
	if (s->status != SIM_OK)
		return false;
	for (size_t i = 0; i < window; i++)
		st->asked[i] = st->customers[i] = mean;
	st->sum_asked = st->sum_customers = mean * (double)window;
	st->stock = st->at_start = isnan(st->p->stock) ? flow_level(st) : st->p->stock;
	return true;
}

static bool setup_chain(struct sim *s, struct supply_chains *cs, struct supply_chain *c, const struct node *n)
{
	*c = (struct supply_chain){ .p = n->par, .element = n, .all = cs };
	c->disrupted = c->out = c->filled_again = SIM_NEVER;
	c->chance = sim_rng(s, DEMAND_DRAWS, n->key);
	c->stage = sim_alloc(s, STAGES_MAX, sizeof *c->stage);
	if (!c->stage)
		return false;
	for (const struct node *e = node_child(n, &supply_stage_model); e; e = node_next(e)) {
		struct supply_stage *st = &c->stage[c->n];
		if (!setup_stage(s, c, st, e))
			return false;
		st->from = c->n ? st - 1 : NULL;
		if (st->from)
			st->from->to = st;
		c->n++;
	}
	return true;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct crisis *crisis = crisis_of(s);
	size_t n = crisis ? scenario_count(sc, &supply_chain_model) : 0;
	struct supply_chains *cs = n ? sim_alloc(s, 1, sizeof *cs) : NULL;

	if (!cs)
		return;
	cs->free = NO_SLOT;
	cs->chain = sim_alloc(s, n, sizeof *cs->chain);
	for (const struct node *e = scenario_first(sc, &supply_chain_model); cs->chain && e; e = e->next_same)
		if (!setup_chain(s, cs, &cs->chain[cs->n++], e))
			return;
	flow_handlers(s, cs);
	sim_set_state(s, &supply_chain_model, cs);
	crisis_watch(s, crisis, on_hazard, cs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct supply_chains *cs = sim_state(s, &supply_chain_model);

	(void)sc;
	for (uint32_t i = 0; cs && i < cs->n; i++)
		sim_after(s, cs->chain[i].p->period, cs->kind_period, i, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct supply_chains *cs = sim_state(s, &supply_chain_model);

	(void)sc;
	if (cs)
		supply_report(s, cs);
}

static const struct evidence stage_evidence[] = {
	{ "stock, orders, a closed factory, capacity", "worked out by hand", "equal, tests/unit/crisis/test_supply_chain.c" },
};

const struct model supply_stage_model = {
	.name = "stage",
	.doc = "A stock on the way of goods: it orders from the stage before it (the first: from a source that has everything).",
	.places = TABLE(stage_places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct supply_stage_params),
	.params = TABLE(stage_rows),
	.evidence = TABLE(stage_evidence),
	.load = load_stage,
};

const struct model supply_chain_model = {
	.name = "supply-chain",
	.doc = "Stages through which goods reach their customers, in the order from the supplier to them.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct supply_chain_params),
	.params = TABLE(params),
	.kpis = supply_kpis,
	.n_kpis = SUPPLY_KPIS,
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
