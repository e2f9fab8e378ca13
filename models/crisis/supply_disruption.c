/* <supply-disruption>: a stage of a supply chain that ships less, or nothing. */
#include "models/crisis/crisis_private.h"
#include "models/crisis/supply_chain.h"

struct supply_disruption_params {
	struct hazard_params hazard;
	const struct node *stage;
	double left_open;
	simtime_t lasts;
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct supply_disruption_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	REF(S, stage, NULL, "stage", "of a <supply-chain>, which it befalls"),
	RATIO(S, left_open, "0%", "0%", "100%", "share of what the stage could ship that it still does; of several at once, the product",
	      NULL),
	TIME(S, lasts, "", "1s", "200yr", "how long; absent: until the hazard ends in whose wake it comes", NULL),
};
#undef S

static const struct evidence evidence[] = {
	{ "stocks that run out", "days of stock and of shipments under way, counted by hand", "equal, tests/unit/crisis/test_supply_chain.c" },
};

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	const struct supply_disruption_params *p = o->element->par;

	(void)sc;
	if (p->lasts != SIM_NEVER)
		o->end = p->lasts < SIM_NEVER - o->onset ? o->onset + p->lasts : s->horizon + 1;
	else if (o->end <= o->onset)
		o->end = o->onset + 1; /* that was over before */
	return true;
}

static void begin(struct sim *s, const struct occurrence *o)
{
	const struct supply_disruption_params *p = o->element->par;

	supply_disrupt(s, p->stage, p->left_open, true);
}

static void end(struct sim *s, const struct occurrence *o)
{
	const struct supply_disruption_params *p = o->element->par;

	supply_disrupt(s, p->stage, p->left_open, false);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct supply_disruption_params *p = n->par;

	hazard_check(sc, n, d);
	if (p->lasts == SIM_NEVER && !p->hazard.after)
		node_error(n, d, "lasts",
			   "is missing: how long does it last (say lasts=\"10d\", or after=\"ID\" of a hazard)");
}

const struct model supply_disruption_model = {
	.name = "supply-disruption",
	.doc = "A stage of a supply chain that ships less or nothing for a time, by itself or while another hazard lasts.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct supply_disruption_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type supply_disruption_hazard = {
	.model = &supply_disruption_model,
	.unit = DIM_RATIO,
	.measure = "share",
	.draw = draw,
	.begin = begin,
	.finish = end,
};
