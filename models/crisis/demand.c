/* <demand> and <alarms>: devices that have more to say after an onset than on an ordinary day. */
#include "models/crisis/crisis_private.h"
#include "models/crisis/wake.h"
#include "models/network/network.h"
#include "models/service/traffic.h"

struct demand_params {
	struct wake_params wake;
	double packets;
	simtime_t lasts, decay;
};

struct alarms_params {
	struct wake_params wake;
	int law;
	simtime_t window;
	uint64_t payload;
};

static const struct place places[] = { { "crisis", 0, 0 } };
static const char *const alarm_laws[] = { "beta", "uniform", NULL };

static const struct param demand_params[] = {
	WAKE_ROWS(struct wake_params, "have more to say"),
	NUMBER(struct demand_params, packets, "4", "1", "1000", "readings then ÷ ordinary ones, at the begin",
	       "Great East Japan Earthquake 2011: packet traffic about fourfold (NTT)"),
	TIME(struct demand_params, lasts, "6h", "1s", "10yr", "after which it is as before", NULL),
	TIME(struct demand_params, decay, "", "1s", "10yr", "time constant at which the excess falls meanwhile; absent: it does not", NULL),
};

static const struct param alarms_params[] = {
	WAKE_ROWS(struct wake_params, "each send an alarm"),
	CHOICE(struct alarms_params, law, "beta", alarm_laws,
	       "how the alarms lie in the window: as Beta(3,4), or evenly", "3GPP TR 37.868, traffic models 2 and 1"),
	TIME(struct alarms_params, window, "", "1ms", "30d", "in which all are sent; if absent: 10 s of beta, 60 s of uniform",
	     "[M] 3GPP TR 37.868, 6.1.1"),
	BYTES(struct alarms_params, payload, "20B", "1B", "65535B", "of an alarm", NULL),
};

static const struct kpi_def demand_kpis[] = {
	{ "crisis.surge-readings", "1", "readings taken beside the ordinary ones in the wake of hazards", NULL, KPI_NEITHER, true },
};
static const struct kpi_def alarms_kpis[] = {
	{ "crisis.alarms", "1", "alarms that devices sent in the wake of hazards", NULL, KPI_NEITHER, true },
};

static const struct evidence demand_evidence[] = {
	{ "surge", "Poisson counts at the factor, with and without decay; the ordinary readings of the twin",
	  "4 standard errors; equal, tests/unit/crisis/test_demand.c" },
};
static const struct evidence alarms_evidence[] = {
	{ "burst of alarms", "3GPP TR 37.868, model 2: mean 30/7 s, peak 6221 a second of 30,000; model 1: uniform",
	  "99 % interval; 2 %, tests/validation/valid_demand.c" },
};

/* Calls fn for every class that it is about. */
static void each_class(struct sim *s, const struct wake *w, void (*fn)(struct sim *s, const struct wake *w, uint32_t class_index))
{
	for (uint32_t k = 0; k < w->dev->n_classes; k++)
		if (!w->p->class || w->p->class == w->dev->classes[k].node)
			fn(s, w, k);
}

static void load_class(const struct node *n, struct diag *d)
{
	const struct wake_params *p = n->par;

	wake_check(n, d);
	if (p->class && !node_child(p->class, &traffic_model))
		node_error(n, d, "class", "names a class without <traffic>: its devices have nothing to say");
}

/* ---- <demand> ---- */

static void surge(struct sim *s, const struct wake *w, uint32_t class_index)
{
	const struct demand_params *p = w->element->par;

	traffic_surge(s, &(struct traffic_surge){ .class_index = class_index,
						  .factor = p->packets,
						  .until = p->lasts < SIM_NEVER - s->now ? s->now + p->lasts : SIM_NEVER,
						  .decay = p->decay,
						  .key = w->key,
						  .takes = wake_takes,
						  .ctx = (void *)(uintptr_t)w });
}

static void begin_demand(struct sim *s, const struct wake *w)
{
	each_class(s, w, surge);
}

static void demand_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	(void)sc;
	load_class(n, d);
}

static void demand_setup(struct sim *s, const struct scenario *sc)
{
	wake_setup(s, sc, &demand_model, begin_demand);
}

static void demand_finish(struct sim *s, const struct scenario *sc)
{
	if (crisis_of(s) && scenario_first(sc, &demand_model))
		report_kpi(s->report, &demand_kpis[0], "all", (double)traffic_surge_count(s));
}

const struct model demand_model = {
	.name = "demand",
	.doc = "Devices that take more readings after an onset than on an ordinary day.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct demand_params),
	.params = TABLE(demand_params),
	.kpis = TABLE(demand_kpis),
	.evidence = TABLE(demand_evidence),
	.load = demand_load,
	.setup = demand_setup,
	.finish = demand_finish,
};

/* ---- <alarms> ---- */

static void alarm_class(struct sim *s, const struct wake *w, uint32_t class_index)
{
	const struct alarms_params *p = w->element->par;

	traffic_alarm(s, &(struct traffic_alarm){ .class_index = class_index,
						  .law = p->law ? ALARM_UNIFORM : ALARM_BETA,
						  .window = p->window,
						  .bytes = (uint32_t)p->payload,
						  .key = w->key,
						  .takes = wake_takes,
						  .ctx = (void *)(uintptr_t)w });
}

static void begin_alarms(struct sim *s, const struct wake *w)
{
	each_class(s, w, alarm_class);
}

static void alarms_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	load_class(n, d);
	node_derive(sc, n, d, "window", "%s", ((const struct alarms_params *)n->par)->law ? "60s" : "10s");
}

static void alarms_setup(struct sim *s, const struct scenario *sc)
{
	wake_setup(s, sc, &alarms_model, begin_alarms);
}

static void alarms_finish(struct sim *s, const struct scenario *sc)
{
	if (crisis_of(s) && scenario_first(sc, &alarms_model))
		report_kpi(s->report, &alarms_kpis[0], "all", (double)traffic_alarm_count(s));
}

const struct model alarms_model = {
	.name = "alarms",
	.doc = "Devices that each send one alarm after an onset, all within seconds.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct alarms_params),
	.params = TABLE(alarms_params),
	.kpis = TABLE(alarms_kpis),
	.evidence = TABLE(alarms_evidence),
	.load = alarms_load,
	.setup = alarms_setup,
	.finish = alarms_finish,
};
