/* <power-outage>: feeders that lose their power together, beside their own interruptions. */
#include "models/crisis/breakage.h"
#include "models/crisis/crisis_private.h"

static const struct place places[] = { { "crisis", 0, 0 } };
static const struct param params[] = { BREAKAGE_ROWS(struct breakage_params) };

static const struct evidence evidence[] = {
	{ "feeders without power", "share, districts and circle counted by hand; the mean of exponential and log-normal times",
	  "equal; 4 standard errors, tests/unit/crisis/test_breakage.c" },
};

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	return breakage_draw(s, sc, o, o->element->par, ASSET_FEEDER, NULL);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	hazard_check(sc, n, d);
	breakage_check(sc, n, d, n->par);
	if (!scenario_first(sc, &power_grid_model))
		node_error(n, d, NULL,
			   "needs feeders that can fail (add <power-grid feeders=\"24\" availability=\"100%%\"/>)");
}

const struct model power_outage_model = {
	.name = "power-outage",
	.doc = "Mains that fail in a district, around a place or everywhere, and come back at once or feeder by feeder.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct breakage_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type power_outage_hazard = {
	.model = &power_outage_model,
	.unit = DIM_RATIO,
	.measure = "share",
	.draw = draw,
	.outline = breakage_outline,
	.begin = breakage_begin,
};
