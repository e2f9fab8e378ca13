/* <backhaul-cut>: links behind gateways and sites that are cut, and mended. */
#include "models/crisis/breakage.h"
#include "models/crisis/crisis_private.h"
#include "models/network/path.h"

struct backhaul_cut_params {
	struct breakage_params breakage;
	const struct node *backhaul;
};

static const struct place places[] = { { "crisis", 0, 0 } };

static const struct param params[] = {
	BREAKAGE_ROWS(struct breakage_params),
	REF(struct backhaul_cut_params, backhaul, "", "backhaul", "whose links are cut; absent: those of all, backups too"),
};

static const struct evidence evidence[] = {
	{ "cut links", "share, circle and repair counted by hand; a backup of another element goes on", "equal, tests/unit/crisis/test_breakage.c" },
};

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	const struct backhaul_cut_params *p = o->element->par;

	return breakage_draw(s, sc, o, &p->breakage, ASSET_BACKHAUL, p->backhaul);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	hazard_check(sc, n, d);
	breakage_check(sc, n, d, n->par);
	if (!scenario_first(sc, &backhaul_model))
		node_error(n, d, NULL,
			   "needs links that can be cut (add a <backhaul id=\"...\"/> and name it at gateways or sites)");
}

const struct model backhaul_cut_model = {
	.name = "backhaul-cut",
	.doc = "Links behind gateways and sites that are cut, all of a kind or in a place, and come back at once or link by link.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct backhaul_cut_params),
	.params = TABLE(params),
	.evidence = TABLE(evidence),
	.load = load,
};

const struct hazard_type backhaul_cut_hazard = {
	.model = &backhaul_cut_model,
	.unit = DIM_RATIO,
	.measure = "share",
	.draw = draw,
	.outline = breakage_outline,
	.begin = breakage_begin,
};
