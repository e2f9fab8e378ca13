/* <coverage-class>: how devices of a coupling loss reach the network; what holds where a network has none of its own. */
#include <string.h>

#include "models/network/cellular/cellular_private.h"

static const char *const technologies[TECHNOLOGIES] = {
	[TECH_NB_IOT] = "nb-iot", [TECH_LTE_M] = "lte-m", [TECH_LTE] = "lte"
};

enum technology cell_technology(const struct node *n)
{
	enum technology t = TECH_NB_IOT;

	while (t < TECH_LTE && strcmp(technologies[t], n->model->name) != 0)
		t++;
	return t;
}

#define S struct coverage_params
static const struct param rows[] = {
	DB(S, coupling_loss, NULL, "60dB", "200dB", "devices up to this coupling loss are of this class, or of one with less",
	   NULL),
	TIME(S, period, "5ms", "1ms", "2560ms", "from one random access opportunity to the next", "TR 37.868"),
	COUNT(S, preambles, "54", "1", "64", "preambles (NB-IoT: subcarriers) to choose from at an opportunity", "TR 37.868"),
	COUNT(S, repetitions, "1", "1", "128", "of the preamble", "TS 36.211"),
	COUNT(S, attempts, "10", "1", "20", "preambles sent in this class at the most; then the next class is tried",
	      "TR 37.868"),
	COUNT(S, grants, "15", "1", "64", "uplinks granted in the response to an opportunity, spread over its window", "TR 37.868"),
	TIME(S, response_window, "5ms", "1ms", "10s", "a device waits so long for the response", "TR 37.868"),
	TIME(S, back_off, "20ms", "0s", "600s", "after a failure the next preamble is put off uniformly up to this",
	     "TR 37.868"),
};
#undef S

/* The classes of a network that names none.  NB-IoT: coupling losses of TR 45.820 [M]; periods, subcarriers, repetitions
 * and attempts of LENA-NB's lte-enb-rrc.cc; window and back-off [M].  LTE-M [M]: coverage enhancement modes A and B. */
static const struct coverage_params usual[TECHNOLOGIES][CELL_COVERAGES] = {
	[TECH_NB_IOT] = { { 144, 320 * SIM_MS, 12, 1, 10, 12, 80 * SIM_MS, 1024 * SIM_MS },
			  { 154, 640 * SIM_MS, 12, 8, 10, 12, 320 * SIM_MS, 2048 * SIM_MS },
			  { 164, 2560 * SIM_MS, 12, 32, 10, 12, 1280 * SIM_MS, 8192 * SIM_MS } },
	[TECH_LTE_M] = { { 144, 20 * SIM_MS, 24, 1, 10, 15, 20 * SIM_MS, 80 * SIM_MS },
			 { 155.7, 80 * SIM_MS, 24, 8, 10, 8, 160 * SIM_MS, 320 * SIM_MS } },
	[TECH_LTE] = { { 144, 5 * SIM_MS, 54, 1, 10, 15, 5 * SIM_MS, 20 * SIM_MS } },
};

bool cell_covers_new(struct sim *s, struct cellular *c)
{
	for (const struct node *n = node_child(c->node, &coverage_class_model); n; n = node_next(n)) {
		unsigned k = c->n_covers++;
		const struct coverage_params *p = n->par;
		for (; k > 0 && c->cover[k - 1]->coupling_loss > p->coupling_loss; k--)
			c->cover[k] = c->cover[k - 1];
		c->cover[k] = p;
	}
	if (c->n_covers == 0)
		while (c->n_covers < CELL_COVERAGES && usual[c->technology][c->n_covers].preambles) {
			c->cover[c->n_covers] = &usual[c->technology][c->n_covers];
			c->n_covers++;
		}
	for (unsigned k = 0; k < c->n_covers; k++)
		c->preamble[k] = c->par->preamble * (simtime_t)c->cover[k]->repetitions;
	return s->status == SIM_OK;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct coverage_params *p = n->par;

	(void)sc;
	for (const struct node *o = node_child(n->parent, &coverage_class_model); o && o != n; o = node_next(o))
		if (((const struct coverage_params *)o->par)->coupling_loss == p->coupling_loss)
			node_error(n, d, "coupling-loss", "is that of the class at line %d", o->line);
	if (((const struct cellular_params *)n->parent->par)->preamble * (simtime_t)p->repetitions > p->period)
		node_error(n, d, "repetitions", "make the preamble longer than the period");
}

static const struct place in_network[] = { { "nb-iot", 0, CELL_COVERAGES }, { "lte-m", 0, CELL_COVERAGES }, { "lte", 0, CELL_COVERAGES } };

const struct model coverage_class_model = {
	.name = "coverage-class",
	.doc = "How devices reach the network whose coupling loss is at most so much.  A network without one has those of its "
	       "technology: NB-IoT 144, 154 and 164 dB, LTE-M 144 and 155.7 dB, LTE 144 dB.",
	.places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct coverage_params), .params = TABLE(rows), .load = load,
};
