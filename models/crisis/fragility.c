/*
 * <fragility>: how much of a hazard a kind of thing stands.
 *
 * The chance that a thing is broken where the hazard peaks at x is the log-normal distribution function of x: half of them at the
 * median, 84 % at the median times exp(deviation).  One draw places a thing among its like, for both states of damage, so that what is
 * destroyed would have been broken by less.
 */
#include <stdlib.h>
#include <string.h>

#include "models/crisis/damage_private.h"

static const uint32_t PURPOSE_CAPACITY = RNG_PURPOSE('c', 'f', 'r', 'g');

static const struct place places[] = { { "crisis", 0, 0 } };
static const char *const kinds[] = { "feeder", "gateway", "site", "backhaul", "edge", "platform", NULL };
_Static_assert(sizeof kinds / sizeof kinds[0] == ASSET_KINDS + 1, "a name for each kind of asset");
static const char *const menders[] = { "crews", "others", NULL };

#define S struct fragility_params
static const struct param params[] = {
	TEXT(S, hazard, NULL, "kind of hazard (flood), or the id of one, which then goes before its kind", NULL),
	CHOICE(S, of, "", kinds, "assets that it is of", NULL),
	REF(S, class, "", "device-class", "devices that it is of, instead"),
	REF(S, element, "", "gateways gateway sites site backhaul edge platform",
	    "assets of this element alone, instead; goes before their kind"),
	TEXT(S, median, NULL, "level that breaks half of them, in the unit of the hazard", NULL),
	NUMBER(S, deviation, "0.5", "0", "3", "standard deviation of the logarithm of that level over them",
	       "[M] HAZUS-MH technical manual, communication facilities: 0.6 to 0.75"),
	TEXT(S, destroyed, "", "level that destroys half of them, so that they are to be replaced; absent: none is destroyed", NULL),
	TIME(S, repair, "", "0s", "100yr",
	     "mean time after which they are mended where no <response> does it; absent: never", NULL),
	TIME(S, destroyed_repair, "", "0s", "100yr", "the same of what is destroyed; if absent six times as long",
	     "[M] HAZUS-MH technical manual, communication facilities: extensive 7 days, complete 40 days"),
	CHOICE(S, mended_by, "crews", menders,
	       "others: they are mended after `repair` whoever responds, and no work for its crews (feeders of a utility)", NULL),
	TIME(S, work, "4h", "0s", "10yr", "mean time that a crew works on one", "[M] field maintenance of base stations"),
	TIME(S, destroyed_work, "", "0s", "10yr", "the same on what is destroyed; if absent six times as long",
	     "[M] as destroyed-repair"),
	NUMBER(S, variation, "1", "0", "10", "standard deviation ÷ mean of these times, which are log-normal",
	       "[M] HAZUS-MH technical manual, communication facilities"),
};
#undef S

static const struct evidence evidence[] = {
	{ "share broken", "log-normal distribution function",
	  "99.9 % interval at seven intensities, tests/unit/crisis/test_damage.c, tests/validation/valid_damage.c" },
	{ "time of damage", "when the hazard reaches the capacity, worked out by hand", "equal, tests/unit/crisis/test_damage.c" },
	{ "repair", "mean and deviation of the log-normal law", "99.9 % interval, tests/validation/valid_damage.c" },
};

/* ---- loading ---- */

static const struct node *hazard_by_id(const struct node *crisis, const char *id)
{
	for (const struct node *c = crisis->child; c; c = c->next)
		if (c->id && strcmp(c->id, id) == 0 && hazard_type_of(c->model->name))
			return c;
	return NULL;
}

/* A kind that has a level, or a hazard of one. */
static bool find_hazard(const struct node *n, struct fragility *f, struct diag *d)
{
	const struct fragility_params *p = n->par;

	f->type = hazard_type_of(p->hazard);
	f->element = f->type ? NULL : hazard_by_id(n->parent, p->hazard);
	if (f->element)
		f->type = hazard_type_of(f->element->model->name);
	if (!f->type)
		node_error(n, d, "hazard",
			   "is neither a kind of hazard nor the id of one in this <crisis> (try one of: %s)",
			   HAZARD_ELEMENTS);
	else if (!f->type->peak || !f->type->reach)
		node_error(n, d, "hazard",
			   "has no strength that differs from place to place, so nothing breaks by it (name a flood, an "
			   "earthquake, ...)");
	else
		return true;
	return false;
}

static void find_levels(const struct node *n, struct fragility *f, struct diag *d)
{
	const struct fragility_params *p = n->par;

	f->median = hazard_level(n, d, "median", f->type, p->median);
	f->destroyed = p->destroyed ? hazard_level(n, d, "destroyed", f->type, p->destroyed) : NAN;
	if (f->median <= 0)
		node_error(n, d, "median", "is not above 0 (say the level that breaks half of them)");
	if (f->destroyed <= f->median)
		node_error(n, d, "destroyed", "is not above the median: what destroys a thing breaks it first");
}

static void derive_times(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct fragility_params *p = n->par;

	if (p->destroyed) {
		node_derive(sc, n, d, "destroyed-work", "%.9gs", 6 * sim_seconds(p->work));
		if (p->repair != SIM_NEVER)
			node_derive(sc, n, d, "destroyed-repair", "%.9gs", 6 * sim_seconds(p->repair));
	} else if (node_given(n, "destroyed-work") || node_given(n, "destroyed-repair")) {
		node_error(n, d, node_given(n, "destroyed-work") ? "destroyed-work" : "destroyed-repair",
			   "is read with destroyed=\"LEVEL\" only");
	}
	if (p->mended_by == BY_OTHERS && p->repair == SIM_NEVER)
		node_error(n, d, "mended-by",
			   "says that others mend them, but not how long they take (give repair=\"2d\")");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct fragility_params *p = n->par;
	struct fragility *f = n->data = calloc(1, sizeof *f);
	int ways = (p->of >= 0) + (p->class != NULL) + (p->element != NULL);

	if (!f) {
		node_error(n, d, NULL, "out of memory");
		return;
	}
	if (ways != 1)
		node_error(n, d, NULL, "%s (say one of of=\"gateway\", class=\"ID\", element=\"ID\")",
			   ways == 0 ? "does not say what breaks" : "says in more than one way what breaks");
	if (find_hazard(n, f, d))
		find_levels(n, f, d);
	derive_times(sc, n, d);
}

static void unload(struct node *n)
{
	free(n->data);
	n->data = NULL;
}

static bool same(const struct node *a, const struct node *b)
{
	const struct fragility_params *p = a->par, *q = b->par;
	const struct fragility *f = a->data, *g = b->data;

	return f->type == g->type && f->element == g->element && p->of == q->of && p->class == q->class &&
	       p->element == q->element;
}

static void check(const struct scenario *sc, struct diag *d)
{
	bool responded = false;

	for (const struct node *n = scenario_first(sc, &fragility_model); n; n = n->next_same) {
		const struct fragility_params *p = n->par;
		for (const struct node *m = scenario_first(sc, &fragility_model); m != n; m = m->next_same)
			if (same(m, n))
				node_error(n, d, NULL, "is the second one of the same things and hazard (leave one out)");
		for (const struct node *c = n->parent->child; c; c = c->next)
			responded |= strcmp(c->model->name, "response") == 0;
		if (responded && p->repair != SIM_NEVER && p->mended_by == BY_CREWS)
			node_warning(n, d, "repair",
				     "is not read: the <response> mends them (or say mended-by=\"others\")");
	}
}

/* ---- what is said of whom ---- */

/* How much an element says of a hazard: 0 nothing, 1 of its kind, 2 of this one.  o NULL: any. */
static int of_hazard(const struct node *n, const struct occurrence *o)
{
	const struct fragility *f = n->data;

	if (!o)
		return 1;
	if (f->type != o->type)
		return 0;
	return !f->element ? 1 : f->element == o->element ? 2 : 0;
}

const struct node *fragility_of_asset(const struct node *crisis, const struct occurrence *o, const struct asset *a)
{
	const struct node *best = NULL;
	int most = 0;

	for (const struct node *n = node_child(crisis, &fragility_model); n; n = node_next(n)) {
		const struct fragility_params *p = n->par;
		int thing = p->element && p->element == a->element ? 4 : p->of == (int)a->kind ? 1 : 0;
		int says = thing ? of_hazard(n, o) : 0;
		if (says && thing + says > most) {
			most = thing + says;
			best = n;
		}
	}
	return best;
}

const struct node *fragility_of_class(const struct node *crisis, const struct occurrence *o, const struct node *device_class)
{
	const struct node *best = NULL;
	int most = 0;

	for (const struct node *n = node_child(crisis, &fragility_model); n; n = node_next(n)) {
		int says = ((const struct fragility_params *)n->par)->class == device_class ? of_hazard(n, o) : 0;
		if (says > most) {
			most = says;
			best = n;
		}
	}
	return best;
}

double fragility_draw(const struct sim *s, const struct occurrence *o, uint64_t thing)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_CAPACITY, rng_mix(o->key ^ rng_mix(thing)), 0, w);
	return sqrt(-2 * log(rng_unit(w[0]))) * cos(2 * M_PI * rng_unit(w[1]));
}

const struct model fragility_model = {
	.name = "fragility",
	.doc = "How much of a hazard a kind of asset or a class of devices stands, and how long what breaks takes to mend.",
	.places = TABLE(places),
	.par_size = sizeof(struct fragility_params),
	.params = TABLE(params),
	.kpis = damage_kpis,
	.n_kpis = DAMAGE_KPIS,
	.sections = damage_sections,
	.n_sections = DAMAGE_SECTIONS,
	.evidence = TABLE(evidence),
	.load = load,
	.unload = unload,
	.check = check,
	.setup = damage_setup,
	.start = damage_start,
	.finish = damage_report,
};
