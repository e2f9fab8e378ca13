/*
 * <crisis>: the occurrences of its hazards.
 *
 * At a fixed time: one.  At a rate: a Poisson process over the run.  After another: one for each of that one's, so much later.
 * Each is drawn by the element and its number among the element's own.
 */
#include "models/crisis/crisis_private.h"

static const struct place places[] = { { "scenario", 0, 1 } };
static const char *const off_on[] = { "off", "on", NULL };
static const struct param params[] = {
	CHOICE(struct crisis_params, phases, "on", off_on,
	       "whether KPIs are counted before, during and after it too, for which the run is repeated", NULL),
};

static const uint32_t PURPOSE_TIMES = RNG_PURPOSE('c', 't', 'i', 'm');
static const uint32_t PURPOSE_CHANCE = RNG_PURPOSE('c', 'c', 'h', 'a');

struct crisis *crisis_of(const struct sim *s)
{
	return sim_state(s, &crisis_model);
}

const struct occurrence *crisis_occurrences(const struct crisis *c, uint32_t *n)
{
	*n = c->n;
	return c->o;
}

bool crisis_occurs(const struct crisis *c)
{
	return c->n > 0;
}

simtime_t crisis_onset(const struct crisis *c)
{
	return c->n ? c->o[0].onset : SIM_NEVER;
}

simtime_t crisis_end(const struct crisis *c)
{
	simtime_t end = c->n ? 0 : SIM_NEVER;

	for (uint32_t i = 0; i < c->n; i++)
		end = c->o[i].end > end ? c->o[i].end : end;
	return end;
}

void crisis_watch(struct sim *s, struct crisis *c, crisis_watch_fn *fn, void *ctx)
{
	BUG_ON(s, c->n_watches == CRISIS_WATCHES);
	c->watch[c->n_watches].fn = fn;
	c->watch[c->n_watches++].ctx = ctx;
}

static void tell(struct sim *s, const struct crisis *c, const struct occurrence *o, bool begins)
{
	for (uint32_t i = 0; i < c->n_watches; i++)
		c->watch[i].fn(s, c->watch[i].ctx, o, begins);
}

static void on_onset(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	const struct crisis *c = ctx;
	const struct occurrence *o = &c->o[number];

	(void)detail;
	if (o->type->begin)
		o->type->begin(s, o);
	tell(s, c, o, true);
}

static void on_end(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	const struct crisis *c = ctx;
	const struct occurrence *o = &c->o[number];

	(void)detail;
	tell(s, c, o, false);
	if (o->type->finish)
		o->type->finish(s, o);
}

/* ---- set-up ---- */

static bool grow(struct sim *s, struct crisis *c)
{
	uint32_t cap = c->cap ? 2 * c->cap : 16;
	struct occurrence *o = sim_alloc(s, cap, sizeof *o);

	if (!o)
		return false;
	for (uint32_t i = 0; i < c->n; i++)
		o[i] = c->o[i];
	c->o = o;
	c->cap = cap;
	return true;
}

/* The `own`-th of an element, at a time; false after sim_fail. */
static bool add(struct sim *s, struct crisis *c, const struct node *n, const struct hazard_type *type, uint64_t own, simtime_t at)
{
	const struct hazard_params *p = n->par;
	struct occurrence o = { .element = n, .type = type, .key = rng_mix(n->key + own), .onset = at, .end = at };
	uint64_t w[2];

	rng_block(s->key, PURPOSE_CHANCE, o.key, 0, w);
	if (at >= s->horizon || rng_unit(w[0]) >= p->probability)
		return true;
	if (c->n == OCCURRENCES_MAX) {
		sim_fail(s, SIM_E_LIMIT, "more than %d hazards happen in one replication", OCCURRENCES_MAX);
		return false;
	}
	if ((c->n == c->cap && !grow(s, c)) || !type->draw(s, c->scenario, &o))
		return false;
	BUG_ON(s, o.end <= o.onset);
	c->o[c->n++] = o;
	return true;
}

static bool draw_rate(struct sim *s, struct crisis *c, const struct node *n, const struct hazard_type *type)
{
	const struct hazard_params *p = n->par;
	struct rng r = sim_rng(s, PURPOSE_TIMES, n->key);
	double t = 0, horizon = sim_seconds(s->horizon);

	for (uint64_t own = 0; p->rate > 0; own++) {
		t += rng_exponential(&r, 1 / p->rate);
		if (!(t < horizon))
			break;
		if (!add(s, c, n, type, own, sim_from_seconds(t)))
			return false;
	}
	return true;
}

/* Those of an element, after those of the one in whose wake it comes. */
static bool draw_element(struct sim *s, struct crisis *c, const struct node *n)
{
	const struct hazard_type *type = hazard_type_of(n->model->name);
	const struct hazard_params *p = n->par;
	uint64_t own = 0;

	if (p->at != SIM_NEVER)
		return add(s, c, n, type, 0, p->at);
	if (!p->after)
		return draw_rate(s, c, n, type);
	for (uint32_t i = 0, before = c->n; i < before; i++)
		if (c->o[i].element == p->after &&
		    (p->delay >= s->horizon - c->o[i].onset || !add(s, c, n, type, own++, c->o[i].onset + p->delay)))
			return s->status == SIM_OK;
	return true;
}

/* How many hazards stand between this one and the first of its chain. */
static unsigned depth(const struct node *n)
{
	unsigned steps = 0;

	for (const struct hazard_params *p = n->par; p->after; p = p->after->par)
		steps++;
	return steps;
}

static void order(struct crisis *c)
{
	for (uint32_t i = 1; i < c->n; i++) {
		struct occurrence o = c->o[i];
		uint32_t k = i;
		for (; k > 0 && c->o[k - 1].onset > o.onset; k--)
			c->o[k] = c->o[k - 1];
		c->o[k] = o;
	}
	for (uint32_t i = 0; i < c->n; i++)
		c->o[i].number = i;
}

static bool draw_all(struct sim *s, struct crisis *c)
{
	bool deeper = true;

	for (unsigned level = 0; deeper; level++) {
		deeper = false;
		for (const struct node *n = c->node->child; n; n = n->next) {
			if (!hazard_type_of(n->model->name))
				continue;
			deeper |= depth(n) > level;
			if (depth(n) == level && !draw_element(s, c, n))
				return false;
		}
	}
	order(c);
	return true;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = s->twin ? NULL : scenario_first(sc, &crisis_model);
	struct crisis *c = n ? sim_alloc(s, 1, sizeof *c) : NULL;

	if (!c)
		return;
	c->scenario = sc;
	c->node = n;
	c->kind_onset = sim_handler(s, "crisis.onset", on_onset, c);
	c->kind_end = sim_handler(s, "crisis.end", on_end, c);
	if (!draw_all(s, c))
		return;
	if (c->n)
		assets_will_break(s);
	sim_set_state(s, &crisis_model, c);
	quality_setup(s, c);
	timeline_setup(s, sc, c);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct crisis *c = crisis_of(s);

	(void)sc;
	if (c)
		quality_start(s, c);
	for (uint32_t i = 0; c && i < c->n; i++) {
		sim_at(s, c->o[i].onset, c->kind_onset, i, 0);
		sim_at(s, c->o[i].end, c->kind_end, i, 0);
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	struct crisis *c = crisis_of(s);

	(void)sc;
	if (!c)
		return;
	quality_finish(s, c);
	timeline_finish(s, c);
}

static const struct section sections[] = {
	{ SECTION_TIMELINE, "The crisis over time", "crisis crisis.service crisis.sites-working",
	  "What happened when.  A bar lasts as long as what it names; the darker it is, the more gateways, sites or feeders it holds for.  The "
	  "lines beneath are the messages that still arrive and the gateways and sites that work, as shares of what they would be without "
	  "the crisis.", "crisis", 0 },
	{ SECTION_MOMENTS, "The city at the moments that matter", "sites",
	  "How far the hazards had spread, and which gateways and sites worked then.", "crisis", 1 },
	{ SECTION_SERIES, "How service falls and comes back", "crisis.service",
	  "Of the messages that would arrive without the crisis, those that arrive during it, by the time at which they were sent.  100 % is "
	  "as good as without it.", "crisis", 2 },
	{ SECTION_TABLE, "What failed, and for how long", "crisis-broken",
	  "Out of work means broken or without power.", "crisis", 4 },
	{ SECTION_SERIES, "Gateways and sites that work", "crisis.sites-working", "As a share of all gateways and sites.", "crisis", 7 },
};

static const struct evidence evidence[] = {
	{ "nothing broken", "exactly 1 in every group", "equal, tests/unit/crisis/test_quality.c" },
	{ "resilience index, restoration times", "rectangle of an outage and triangle of a recovery (Bruneau) by hand",
	  "equal, tests/unit/crisis/test_quality.c" },
	{ "phases", "the messages of before, during and after add up to those of the run",
	  "equal, tests/unit/crisis/test_phases.c" },
	{ "onsets", "Poisson process at a rate; delay and probability in the wake of another",
	  "99.9 % interval, tests/unit/crisis/test_nature.c" },
};

const struct model crisis_model = {
	.name = "crisis",
	.doc = "What befalls the deployment, and what is done about it.  Every hazard in it happens at a time, at a rate, or in the wake of "
	       "another.",
	.places = TABLE(places),
	.par_size = sizeof(struct crisis_params),
	.params = TABLE(params),
	.kpis = TABLE(quality_kpis),
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.check = phases_check,
	.setup = setup,
	.start = start,
	.finish = finish,
	.rerun = phases_rerun,
	.windowed = phases_windowed,
};
