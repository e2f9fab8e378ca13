/*
 * <mapping>: how much of one data model another can express, and what translating costs.
 *
 * A mapping leads one way.  What it covers is a share of what is asked for, so that each answer survives it with that chance;
 * two mappings in a row, through a pivot model, are taken as independent: their shares multiply and their costs add.
 */
#include <string.h>

#include "models/service/exchange_private.h"

enum cost_law { COST_FIXED, COST_EXPONENTIAL };
static const char *const laws[] = { "fixed", "exponential", NULL };

struct mapping_params {
	const char *from, *to;
	double coverage;
	simtime_t cost;
	int cost_law;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	TEXT(struct mapping_params, from, NULL, "data model that is translated, as a platform's data-model names it", NULL),
	TEXT(struct mapping_params, to, NULL, "data model into which it is translated", NULL),
	RATIO(struct mapping_params, coverage, NULL, "0%", "100%",
	      "share of what is asked for (entity types, attributes) that the other model can express", NULL),
	TIME(struct mapping_params, cost, "1ms", "0s", "1h",
	     "mean time of a server to translate one answer, at the broker or, without one, at the platform that asked", NULL),
	CHOICE(struct mapping_params, cost_law, "fixed", laws, "distribution of the cost", NULL),
};

static const struct evidence evidence[] = {
	{ "coverage, also through a pivot", "the product of the shares",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
};

static const struct node *find(const struct scenario *sc, const char *from, const char *to)
{
	for (const struct node *n = scenario_first(sc, &mapping_model); n; n = n->next_same) {
		const struct mapping_params *p = n->par;
		if (!strcmp(p->from, from) && !strcmp(p->to, to))
			return n;
	}
	return NULL;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct mapping_params *p = n->par;
	const struct node *first;

	if (n->flawed)
		return;
	first = find(sc, p->from, p->to);
	if (!strcmp(p->from, p->to))
		node_error(n, d, "to",
			   "is the model that is translated (platforms of one model read each other's data as they are)");
	else if (first != n)
		node_error(n, d, "to", "has a mapping from \"%s\" already, at line %d", p->from, first->line);
}

/* Names of the models that platforms and brokers speak; at most `most`. */
static size_t spoken(const struct scenario *sc, const char **names, size_t most)
{
	size_t n = 0;

	for (const struct node *e = scenario_first(sc, &platform_model); e && n < most; e = e->next_same)
		if (platform_data_model(e))
			names[n++] = platform_data_model(e);
	for (const struct node *e = scenario_first(sc, &federation_broker_model); e && n < most; e = e->next_same)
		if (broker_data_model(e))
			names[n++] = broker_data_model(e);
	return n;
}

static void check_name(const struct node *n, struct diag *d, const char *attribute, const char *name,
		       const char *const *names, size_t n_names)
{
	const char *near;

	for (size_t i = 0; i < n_names; i++)
		if (!strcmp(names[i], name))
			return;
	near = nearest_name(name, names, n_names);
	if (near)
		node_warning(n, d, attribute, "is spoken by no platform and no broker (do you mean \"%s\"?)", near);
	else
		node_warning(n, d, attribute, "is spoken by no platform and no broker");
}

static void check(const struct scenario *sc, struct diag *d)
{
	const char *names[256];
	size_t n_names = spoken(sc, names, sizeof names / sizeof names[0]);

	for (const struct node *n = scenario_first(sc, &mapping_model); n; n = n->next_same) {
		const struct mapping_params *p = n->par;
		check_name(n, d, "from", p->from, names, n_names);
		check_name(n, d, "to", p->to, names, n_names);
	}
}

struct translation translation_find(const struct scenario *sc, const char *from, const char *to, const char *pivot)
{
	const struct node *direct = find(sc, from, to), *in, *out;
	struct translation t = { 0 };

	if (!strcmp(from, to))
		return (struct translation){ .possible = true, .coverage = 1 };
	if (direct) {
		const struct mapping_params *p = direct->par;
		t = (struct translation){ true, p->coverage, { p, NULL } };
	}
	in = pivot ? find(sc, from, pivot) : NULL;
	out = pivot ? find(sc, pivot, to) : NULL;
	if (in && out) {
		const struct mapping_params *a = in->par, *b = out->par;
		if (!t.possible || a->coverage * b->coverage > t.coverage)
			t = (struct translation){ true, a->coverage * b->coverage, { a, b } };
	}
	return t;
}

simtime_t translation_cost(const struct sim *s, const struct translation *t, uint64_t key)
{
	simtime_t sum = 0;

	for (uint32_t i = 0; i < 2 && t->step[i]; i++) {
		const struct mapping_params *p = t->step[i];
		uint64_t w[2];

		if (p->cost_law == COST_FIXED) {
			sum += p->cost;
			continue;
		}
		rng_block(s->key, RNG_PURPOSE('x', 'c', 's', 't'), key, i, w);
		sum += sim_from_seconds(-sim_seconds(p->cost) * log(rng_unit(w[0])));
	}
	return sum;
}

const struct model mapping_model = {
	.name = "mapping",
	.doc = "A translation between two data models, one way: how much it covers, and what it costs.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct mapping_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.check = check,
};
