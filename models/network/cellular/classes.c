/* <coverage-class>: how devices of a coupling loss reach the network; what holds where a network has none of its own. */
#include "models/network/cellular/cellular_private.h"

enum cellular_technology cell_technology(const struct node *n)
{
	return n->model == &nb_iot_model ? CELLULAR_NB_IOT : n->model == &lte_m_model ? CELLULAR_LTE_M : CELLULAR_LTE;
}

#define S struct coverage_params
static const struct param rows[] = {
	DB(S, coupling_loss, NULL, "60dB", "200dB", "devices up to this coupling loss are of this class, or of one with less; "
	   "absent attributes are those of the technology at this loss", NULL),
	TIME(S, period, "", "1ms", "2560ms", "from one random access opportunity to the next", "TR 37.868; LENA-NB"),
	COUNT(S, preambles, "", "1", "64", "preambles (NB-IoT: subcarriers) to choose from at an opportunity", "TR 37.868; LENA-NB"),
	COUNT(S, repetitions, "", "1", "128", "of the preamble", "TS 36.211; LENA-NB"),
	COUNT(S, attempts, "10", "1", "20", "preambles sent in this class at the most; then the next class is tried",
	      "TR 37.868; LENA-NB"),
	COUNT(S, grants, "", "1", "64", "uplinks granted in the response to an opportunity, spread over its window",
	      "TR 37.868; [M] NB-IoT, LTE-M: all preambles"),
	TIME(S, response_window, "", "1ms", "10s", "a device waits so long for the response", "TR 37.868; [M] NB-IoT, LTE-M"),
	TIME(S, back_off, "", "0s", "600s", "after a failure the next preamble is put off uniformly up to this",
	     "TR 37.868; [M] NB-IoT, LTE-M"),
	TIME(S, synchronisation, "", "0s", "60s", "a device that wakes listens so long before it may send",
	     "TR 37.868: in step; [M] NB-IoT, LTE-M"),
};
#undef S

/* The classes of a network that names none: phy_access() and, above it, what the response may take, how far failures are
 * spread and how long waking takes.  LTE: TR 37.868.  NB-IoT and LTE-M: grants for all preambles; the rest is [M]. */
static const struct {
	unsigned  n;
	uint64_t  grants[PHY_COVERAGE_LEVELS];
	simtime_t window[PHY_COVERAGE_LEVELS], back_off[PHY_COVERAGE_LEVELS], synchronisation[PHY_COVERAGE_LEVELS];
} usual[CELLULAR_TECHNOLOGIES] = {
	[CELLULAR_NB_IOT] = { 3, { 12, 12, 12 },
			      { 80 * SIM_MS, 320 * SIM_MS, 1280 * SIM_MS },
			      { 1024 * SIM_MS, 2048 * SIM_MS, 8192 * SIM_MS },
			      { 250 * SIM_MS, 500 * SIM_MS, 1000 * SIM_MS } },
	[CELLULAR_LTE_M] = { 3, { 16, 16, 16 },
			     { 40 * SIM_MS, 160 * SIM_MS, 640 * SIM_MS },
			     { 320 * SIM_MS, 960 * SIM_MS, 2560 * SIM_MS },
			     { 100 * SIM_MS, 250 * SIM_MS, 500 * SIM_MS } },
	[CELLULAR_LTE] = { 1, { 15 }, { 5 * SIM_MS }, { 20 * SIM_MS }, { 0 } },
};

static bool usual_covers(struct sim *s, struct cellular *c)
{
	unsigned n = usual[c->technology].n;
	struct coverage_params *p = sim_alloc(s, n, sizeof *p);

	for (unsigned k = 0; p && k < n; k++) {
		struct phy_access a = phy_access(c->technology, (int)k);
		p[k] = (struct coverage_params){ .coupling_loss =
							 phy_max_coupling_loss_db(c->technology) - 10 * (n - 1 - k),
						 .period = a.period,
						 .preambles = a.preambles,
						 .repetitions = a.repetitions,
						 .attempts = 10,
						 .grants = usual[c->technology].grants[k],
						 .response_window = usual[c->technology].window[k],
						 .back_off = usual[c->technology].back_off[k],
						 .synchronisation = usual[c->technology].synchronisation[k] };
		c->cover[c->n_covers++] = &p[k];
	}
	return p != NULL;
}

/* Of NB-IoT phy knows the pauses too. */
static simtime_t cell_preamble(enum cellular_technology t, const struct cellular_params *p, uint64_t repetitions)
{
	return t == CELLULAR_NB_IOT ? phy_nprach((unsigned)repetitions, 0) : p->preamble * (simtime_t)repetitions;
}

bool cell_covers_new(struct sim *s, struct cellular *c)
{
	for (const struct node *n = node_child(c->node, &coverage_class_model); n; n = node_next(n)) {
		unsigned k = c->n_covers++;
		const struct coverage_params *p = n->par;
		for (; k > 0 && c->cover[k - 1]->coupling_loss > p->coupling_loss; k--)
			c->cover[k] = c->cover[k - 1];
		c->cover[k] = p;
	}
	if (c->n_covers == 0 && !usual_covers(s, c))
		return false;
	for (unsigned k = 0; k < c->n_covers; k++)
		c->preamble[k] = cell_preamble(c->technology, c->par, c->cover[k]->repetitions);
	return s->status == SIM_OK;
}

/* As a network without classes has them, at this coupling loss. */
static void derive(const struct scenario *sc, struct node *n, struct diag *d, enum cellular_technology t, double loss)
{
	int k = phy_coverage(t, fmin(loss, phy_max_coupling_loss_db(t)));
	struct phy_access a = phy_access(t, k);

	node_derive(sc, n, d, "period", "%gms", sim_seconds(a.period) * 1e3);
	node_derive(sc, n, d, "preambles", "%u", a.preambles);
	node_derive(sc, n, d, "repetitions", "%u", a.repetitions);
	node_derive(sc, n, d, "grants", "%u", (unsigned)usual[t].grants[k]);
	node_derive(sc, n, d, "response-window", "%gms", sim_seconds(usual[t].window[k]) * 1e3);
	node_derive(sc, n, d, "back-off", "%gms", sim_seconds(usual[t].back_off[k]) * 1e3);
	node_derive(sc, n, d, "synchronisation", "%gms", sim_seconds(usual[t].synchronisation[k]) * 1e3);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct coverage_params *p = n->par;

	enum cellular_technology t = cell_technology(n->parent);

	derive(sc, n, d, t, p->coupling_loss);
	for (const struct node *o = node_child(n->parent, &coverage_class_model); o && o != n; o = node_next(o))
		if (((const struct coverage_params *)o->par)->coupling_loss == p->coupling_loss)
			node_error(n, d, "coupling-loss", "is that of the class at line %d", o->line);
	if (p->coupling_loss > phy_max_coupling_loss_db(t))
		node_error(n, d, "coupling-loss", "is over the %g dB that <%s> bears", phy_max_coupling_loss_db(t),
			   n->parent->model->name);
	if (t == CELLULAR_NB_IOT && (p->repetitions & (p->repetitions - 1)))
		node_error(n, d, "repetitions", "is no power of two");
	if (t == CELLULAR_NB_IOT && (p->preambles % 12 || p->preambles > 48))
		node_error(n, d, "preambles", "is no number of subcarriers of NB-IoT: 12, 24, 36 or 48");
	if (cell_preamble(t, n->parent->par, p->repetitions) > p->period)
		node_error(n, d, "repetitions", "makes the preamble longer than the period");
}

static const struct place in_network[] = { { "nb-iot", 0, CELL_COVERAGES }, { "lte-m", 0, CELL_COVERAGES }, { "lte", 0, CELL_COVERAGES } };

const struct model coverage_class_model = {
	.name = "coverage-class",
	.doc = "How devices reach the network whose coupling loss is at most so much.  A network without one has those of its "
	       "technology: NB-IoT 144, 154 and 164 dB, LTE-M 140.7, 150.7 and 160.7 dB, LTE 140.7 dB.",
	.places = TABLE(in_network), .id = ID_OPTIONAL,
	.par_size = sizeof(struct coverage_params), .params = TABLE(rows), .load = load,
};
