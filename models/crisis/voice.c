/*
 * <voice>: people's telephone calls at cellular sites, how many of which are connected.
 *
 * Every site is a loss system: calls at random of a mean length, of a fixed number of circuits, no waiting.  A call of ordinary people
 * is taken while more than the reserve is free, a priority call while any is (trunk reservation; the same mean length for both, so
 * that the state is the number of calls alone).  Each site has the people to whom it is the nearest that works.  Calls last minutes:
 * every quarter of an hour is taken as in its steady state.  People whose call failed are in the load already: it counts attempts.
 */
#include <math.h>

#include "models/crisis/crisis_private.h"
#include "models/crisis/people.h"
#include "models/crisis/voice.h"
#include "models/network/asset.h"

struct voice_params {
	const struct node *hazard, *network;
	double calls, outgoing, incoming, priority, restriction;
	simtime_t decay;
	int64_t circuits, reserve;
	double range;
};

static const struct place places[] = { { "crisis", 0, 1 } };

static const struct param params[] = {
	REF(struct voice_params, hazard, "", HAZARD_ELEMENTS, "at whose onsets people call; absent: at those of every hazard"),
	REF(struct voice_params, network, "", "nb-iot lte-m lte", "whose sites carry calls; absent: all cellular ones"),
	NUMBER(struct voice_params, calls, "10", "0.001", "1000", "erlang of calls of 1,000 people on an ordinary day, half of them outgoing",
	       "[M] planning value"),
	NUMBER(struct voice_params, outgoing, "60", "1", "1000", "attempts to call out at an onset ÷ ordinary ones",
	       "Great East Japan Earthquake 2011: up to 60 (NTT)"),
	NUMBER(struct voice_params, incoming, "40", "1", "1000", "the same of incoming calls",
	       "Great East Japan Earthquake 2011: up to 40 (NTT)"),
	TIME(struct voice_params, decay, "6h", "1s", "10yr", "time constant at which the excess falls", NULL),
	COUNT(struct voice_params, circuits, "60", "1", "10000", "calls that a site carries at once", NULL),
	COUNT(struct voice_params, reserve, "0", "0", "9999", "of them that only priority calls may take", NULL),
	RATIO(struct voice_params, priority, "1%", "0%", "100%", "of ordinary days' calls that have priority; they do not grow", NULL),
	RATIO(struct voice_params, restriction, "0%", "0%", "100%",
	      "of people's attempts that are turned away at sites to which more is offered than they have circuits",
	      "Great East Japan Earthquake 2011: 70 % to 95 % (mobile)"),
	LENGTH(struct voice_params, range, "10km", "1m", "1000km", "from which a site can be used", NULL),
};

enum { KPI_SUCCESS, KPI_PRIORITY, KPI_BLOCKING };
static const struct kpi_def kpis[] = {
	{ "crisis.call-success", "1", "attempts of ordinary people to call, from the first onset on, that were connected ÷ all", NULL,
	  KPI_HIGHER, true },
	{ "crisis.call-success-priority", "1", "the same of priority calls", NULL, KPI_HIGHER, true },
	{ "crisis.call-blocking", "1", "attempts of ordinary people that a site in reach did not turn away and had no circuit for ÷ those",
	  NULL, KPI_LOWER, true },
};

static const struct evidence evidence[] = {
	{ "blocking at a site", "Erlang B by its integral; two classes by hand; one call in ten of the load of 2011",
	  "1e-9; 1 %, tests/unit/crisis/test_voice.c" },
};

/* ---- a site ---- */

struct voice_loss voice_loss(double ordinary, double priority, uint32_t circuits, uint32_t reserve)
{
	/* p: probability of n calls, relative to that of the fullest state so far, so that nothing overflows. */
	double p = 1, sum = 1, above = reserve >= circuits;

	for (uint32_t n = 1; n <= circuits; n++) {
		double load = n - 1 < circuits - reserve ? ordinary + priority : priority;
		p *= load / n;
		sum += p;
		above += n >= circuits - reserve ? p : 0;
		if (sum > 1e200) {
			p /= sum;
			above /= sum;
			sum = 1;
		}
	}
	return (struct voice_loss){ .ordinary = above / sum, .priority = p / sum };
}

/* ---- the run ---- */

struct tally_of { double offered, tried, carried; };

struct voice {
	const struct voice_params *p;
	const struct people *people;
	simtime_t onset;                /* the last; SIM_NEVER: none yet */
	uint32_t n;                     /* assets */
	double *persons;                /* nearest to it, by asset */
	double out_of_reach;
	bool stale;
	uint16_t kind;
	struct tally_of ordinary, priority;
};

static bool carries(const struct voice *v, const struct asset *a)
{
	return a->kind == ASSET_SITE && (!v->p->network || a->element->parent == v->p->network) && asset_works(a);
}

static void assign(struct voice *v, const struct asset *a)
{
	v->out_of_reach = 0;
	for (uint32_t k = 0; k < v->n; k++)
		v->persons[k] = 0;
	for (uint32_t i = 0; i < v->people->n; i++) {
		const struct person_point *who = &v->people->point[i];
		double best = v->p->range;
		uint32_t site = ASSET_NONE;
		for (uint32_t k = 0; k < v->n; k++) {
			double far = carries(v, &a[k]) ? hypot(a[k].at.x - who->at.x, a[k].at.y - who->at.y) : INFINITY;
			if (far <= best) {
				best = far;
				site = k;
			}
		}
		*(site == ASSET_NONE ? &v->out_of_reach : &v->persons[site]) += who->persons;
	}
	v->stale = false;
}

static void add(struct tally_of *t, double offered, double tried, double carried)
{
	t->offered += offered;
	t->tried += tried;
	t->carried += carried;
}

/* People's attempts ÷ ordinary ones. */
static double growth(const struct voice *v, simtime_t now)
{
	double excess = v->onset == SIM_NEVER ? 0 : exp(-sim_seconds(now - v->onset) / sim_seconds(v->p->decay));

	return 1 + ((v->p->outgoing + v->p->incoming) / 2 - 1) * excess;
}

static void on_quarter(struct sim *s, void *ctx, uint32_t unused, uint16_t detail)
{
	struct voice *v = ctx;
	const struct voice_params *p = v->p;
	uint32_t n;
	const struct asset *a = assets_of(s, &n);
	double person = p->calls / 1000, ordinary = person * (1 - p->priority) * growth(v, s->now),
	       priority = person * p->priority;
	struct tally_of now = { 0 };

	if (v->stale)
		assign(v, a);
	for (uint32_t k = 0; k < v->n; k++) {
		double offered = v->persons[k] * ordinary, of_priority = v->persons[k] * priority;
		double tried = offered * (offered + of_priority > (double)p->circuits ? 1 - p->restriction : 1);
		struct voice_loss b = voice_loss(tried, of_priority, (uint32_t)p->circuits, (uint32_t)p->reserve);
		add(&now, offered, tried, tried * (1 - b.ordinary));
		if (v->onset != SIM_NEVER)
			add(&v->priority, of_priority, of_priority, of_priority * (1 - b.priority));
	}
	add(&now, v->out_of_reach * ordinary, 0, 0);
	if (now.offered > 0)
		report_series(s->report, &kpis[KPI_SUCCESS], "all", s->now, now.carried / now.offered);
	if (v->onset != SIM_NEVER) {
		add(&v->ordinary, now.offered, now.tried, now.carried);
		add(&v->priority, v->out_of_reach * priority, 0, 0);
	}
	sim_after(s, SIM_HOUR / 4, v->kind, unused, detail);
}

static void on_onset(struct sim *s, void *ctx, const struct occurrence *o, bool begins)
{
	struct voice *v = ctx;

	if (begins && (!v->p->hazard || v->p->hazard == o->element))
		v->onset = s->now;
}

static void on_asset(struct sim *s, void *ctx, uint32_t asset)
{
	(void)s, (void)asset;
	((struct voice *)ctx)->stale = true;
}

/* ---- the element ---- */

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct voice_params *p = n->par;
	const struct city *city = city_of(sc);

	if (p->reserve >= p->circuits)
		node_error(n, d, "reserve", "leaves people no circuit (give less than circuits=\"%lld\")",
			   (long long)p->circuits);
	if (city && !(city_population(city) > 0))
		node_error(n, d, NULL, "finds nobody who calls (give the <city> a population, or its districts)");
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &voice_model);
	struct crisis *c = crisis_of(s);
	struct voice *v;

	if (!n || !c || !crisis_occurs(c) || !(v = sim_alloc(s, 1, sizeof *v)))
		return;
	*v = (struct voice){ .p = n->par, .onset = SIM_NEVER, .stale = true };
	v->kind = sim_handler(s, "voice", on_quarter, v);
	sim_set_state(s, &voice_model, v);
	crisis_watch(s, c, on_onset, v);
	asset_watch(s, on_asset, v);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct voice *v = sim_state(s, &voice_model);

	if (!v)
		return;
	v->people = people_of(s, sc);
	assets_of(s, &v->n);
	v->persons = sim_alloc(s, v->n + 1u, sizeof *v->persons);
	if (v->persons)
		sim_at(s, 0, v->kind, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct voice *v = sim_state(s, &voice_model);

	(void)sc;
	if (!v || !(v->ordinary.offered > 0))
		return;
	report_kpi(s->report, &kpis[KPI_SUCCESS], "all", v->ordinary.carried / v->ordinary.offered);
	if (v->priority.offered > 0)
		report_kpi(s->report, &kpis[KPI_PRIORITY], "all", v->priority.carried / v->priority.offered);
	if (v->ordinary.tried > 0)
		report_kpi(s->report, &kpis[KPI_BLOCKING], "all", 1 - v->ordinary.carried / v->ordinary.tried);
}

const struct model voice_model = {
	.name = "voice",
	.doc = "People's telephone calls at cellular sites, and how many are connected.",
	.places = TABLE(places),
	.par_size = sizeof(struct voice_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.evidence = TABLE(evidence),
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
