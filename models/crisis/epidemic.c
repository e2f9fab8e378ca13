/*
 * <epidemic>: the elements, one occurrence's people, and the days that all of them have in common.
 */
#include <string.h>

#include "models/crisis/epidemic_private.h"
#include "models/crisis/response.h"

static const struct place places[] = { { "crisis", 0, 0 } };
static const struct place inner_places[] = { { "epidemic", 0, 0 } };
static const double PEOPLE_MAX = 2e9;   /* binomial draws count to 2^31 */
enum { PLACES_MAX = 1000 };             /* everybody of a place may meet those of each other */
static const char *const methods[] = { "auto", "exact", "tau-leap", NULL };

#define S struct epidemic_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	TIME(S, lasts, "", "1d", "200yr",
	     "after which the crisis counts it as over (phase=after), however many are ill; absent: at the end of the run", NULL),
	NUMBER(S, reproduction, "2.2", "0", "100", "people whom one infects while nobody is immune and no measure is in force (R0)",
	       "Li et al., NEJM 2020: 2.2 (1.4-3.9)"),
	TIME(S, incubation, "5.2d", "1min", "10yr", "mean time from infection until infectious", "[M] Li et al., NEJM 2020"),
	TIME(S, infectious, "2.3d", "1min", "10yr", "mean time of being infectious",
	     "Li et al., NEJM 2020: the serial interval of 7.5 d less the incubation of 5.2 d"),
	COUNT(S, stages, "1", "1", "16", "of each of the two times: 1 is exponential, more are Erlang's law (less spread about the mean)", NULL),
	COUNT(S, seeds, "10", "1", "2000000000", "people infected at the onset", NULL),
	REF(S, seed_district, "", "district", "where they live; absent: anywhere, drawn by population"),
	RATIO(S, travel, "20%", "0%", "100%",
	      "share of contacts that people have in other districts, spread by gravity: the other's population ÷ distance ^ "
	      "distance-exponent; not with <travel>", NULL),
	NUMBER(S, distance_exponent, "2", "0", "10", "of gravity", NULL),
	CHOICE(S, method, "auto", methods,
	       "exact: every infection and recovery is an event (Gillespie); tau-leap: so many as fall in a step are drawn at once; auto: "
	       "exact below so many people", NULL),
	COUNT(S, exact_below, "100000", "1", "2000000000", "people below which auto is exact", NULL),
	TIME(S, step, "1h", "1s", "7d", "of a tau-leap", NULL),
	RATIO(S, fatality, "0%", "0%", "100%", "share of the infectious who die of it", NULL),
	RATIO(S, absent, "100%", "0%", "100%", "share of the infectious who cannot work: crews and supply miss them", NULL),
	COUNT(S, agree, "1", "1", "100", "sentinels that must have alarmed until the epidemic counts as detected", NULL),
};
#undef S

#define S struct travel_params
static const struct param travel_rows[] = {
	REF(S, from, NULL, "district", "where people live"),
	REF(S, to, NULL, "district", "where they have contacts"),
	RATIO(S, share, NULL, "0%", "100%", "of their contacts; what is left of a district's they have at home", NULL),
};
#undef S

static const struct section sections[] = {
	{ SECTION_STACK, "Course of the epidemic", "crisis.epidemic-people", "People by state over time.", "crisis", 8 },
	{ SECTION_SERIES, "Infectious people by district", "crisis.infectious-share", "Share of a district's people.", "crisis", 8 },
	{ SECTION_AUDIT, "People in the epidemic", "epidemic-people", "Whom it found, and in which state it left them." },
};

static const struct evidence evidence[] = {
	{ "growth, final size", "(1 + r TE)(1 + r TI) = R0; z = 1 - exp(-R0 z)", "1 %; 0.001; tests/validation/valid_epidemic.c" },
	{ "final size in a small population", "Ball 1986, triangular equations; the embedded Markov chain",
	  "chi-square at 99.9 % over 2,500 runs; tests/validation/valid_epidemic.c" },
	{ "tau-leap", "exact method", "Kolmogorov-Smirnov at 99.9 %; tests/validation/valid_epidemic.c" },
};

/* ---- while loading ---- */

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct epidemic_params *p = n->par;
	bool table = node_child(n, &travel_model) != NULL;
	size_t sentinels = 0, measures = 0;

	hazard_check(sc, n, d);
	if (table && (node_given(n, "travel") || node_given(n, "distance-exponent")))
		node_error(n, d, node_given(n, "travel") ? "travel" : "distance-exponent",
			   "is of travel by gravity (leave it out, or the <travel> elements)");
	if (p->method == METHOD_EXACT && node_given(n, "step"))
		node_error(n, d, "step", "is of method=\"tau-leap\"");
	if (p->method != METHOD_AUTO && node_given(n, "exact-below"))
		node_error(n, d, "exact-below", "is of method=\"auto\"");
	for (const struct node *c = node_child(n, &sentinel_model); c; c = node_next(c))
		sentinels++;
	for (const struct node *c = node_child(n, &measure_model); c; c = node_next(c))
		measures++;
	if (sentinels > SENTINELS_MAX || measures > MEASURES_MAX)
		node_error(n, d, NULL, "has more than %d sentinels or measures", SENTINELS_MAX);
	if (node_given(n, "agree") && p->agree > sentinels)
		node_error(n, d, "agree", "is more sentinels than there are (%zu)", sentinels);
}

static void load_travel(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct travel_params *p = n->par;
	double sum = 0;

	(void)sc;
	if (p->from == p->to)
		node_error(n, d, "to", "is where they live (what is left of 100%% they have there)");
	for (const struct node *o = node_child(n->parent, &travel_model); o; o = node_next(o)) {
		const struct travel_params *other = o->par;
		sum += other->from == p->from ? other->share : 0;
		if (o->line < n->line && other->from == p->from && other->to == p->to)
			node_error(n, d, "to", "is given for this district already, at line %d", o->line);
	}
	if (sum > 1 + 1e-9)
		node_error(n, d, "share", "adds up to %.4g%% from this district (100%% at most)", 100 * sum);
}

static void check(const struct scenario *sc, struct diag *d)
{
	const struct city *city = city_of(sc);
	double people = city ? city_population(city) : NAN;

	for (const struct node *n = scenario_first(sc, &epidemic_model); n; n = n->next_same) {
		const struct epidemic_params *p = n->par;
		if (!(people >= 1))
			node_error(n, d, NULL, "finds nobody (give the <city> a population, or its districts)");
		else if (people > PEOPLE_MAX)
			node_error(n, d, NULL, "is among %.4g people (%.4g at most)", people, PEOPLE_MAX);
		else if (city_n_districts(city) > PLACES_MAX)
			node_error(n, d, NULL, "is in %zu districts (%d at most)", city_n_districts(city), PLACES_MAX);
		else if (!((double)p->seeds <= people))
			node_error(n, d, "seeds", "is more than the city's %.0f people", people);
	}
}

/* ---- an occurrence ---- */

static uint32_t *counts(struct sim *s, uint32_t n)
{
	return sim_alloc(s, n, sizeof(uint32_t));
}

/* The districts' people, and those of no district as one more. */
static bool draw_folk(struct sim *s, const struct city *city, struct outbreak *b)
{
	size_t districts = city_n_districts(city);
	double left = city_population(city);

	b->folk = sim_alloc(s, districts + 1, sizeof *b->folk);
	if (!b->folk)
		return false;
	for (size_t i = 0; i < districts; i++) {
		const struct district *d = city_district(city, i);
		b->folk[b->n++] = (struct folk){ .id = d->id, .people = (uint32_t)llrint(fmin(d->population, PEOPLE_MAX)) };
		left -= d->population;
	}
	if (left >= 0.5)
		b->folk[b->n++].people = (uint32_t)llrint(left);
	for (uint32_t i = 0; i < b->n; i++) {
		b->folk[i].susceptible = b->folk[i].people;
		b->people += b->folk[i].people;
	}
	b->susceptible = b->people;
	return true;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	const struct epidemic_params *p = o->element->par;
	struct outbreak *b = o->own = sim_alloc(s, 1, sizeof *b);

	if (!b || !draw_folk(s, city_of(sc), b))
		return false;
	b->p = p;
	b->element = o->element;
	b->onset = o->onset;
	b->stages = (uint32_t)p->stages;
	b->exposed = counts(s, b->n * b->stages);
	b->infectious = counts(s, b->n * b->stages);
	b->progress = (double)b->stages / sim_seconds(p->incubation);
	b->recover = (double)b->stages / sim_seconds(p->infectious);
	b->contact = p->reproduction / sim_seconds(p->infectious);
	b->contacts = 1;
	b->exact = p->method == METHOD_EXACT || (p->method == METHOD_AUTO && b->people < p->exact_below);
	b->chance = sim_rng(s, RNG_PURPOSE('e', 'p', 'i', 'd'), o->key);
	b->detected = SIM_NEVER;
	o->end = p->lasts < SIM_NEVER - o->onset ? o->onset + p->lasts : s->horizon + 1;
	return b->exposed && b->infectious && travel_draw(s, sc, b) && sense_draw(s, b, o->key);
}

/* ---- days ---- */

static double fit_for_work(const struct epidemics *es)
{
	double present = 1;

	for (uint32_t i = 0; i < es->n; i++) {
		const struct outbreak *b = es->outbreak[i];
		present *= 1 - (b->p->absent * b->sum_infectious + b->deaths) / b->people;
	}
	return fmax(present, 0);
}

static void on_day(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct epidemics *es = ctx;
	struct outbreak *b = es->outbreak[number];
	double present = fit_for_work(es);

	epidemic_fit(s, b);
	if (present < es->present || present > es->present) {
		es->present = present;
		response_present(s, present);
		for (const struct present_watch *w = es->watches; w; w = w->next)
			w->fn(s, w->ctx, present);
	}
	if (b->sum_exposed + b->sum_infectious > 0)
		sim_after(s, SIM_DAY, es->kind_day, number, detail);
}

static void on_series(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	const struct epidemics *es = ctx;

	epidemic_series(s, es);
	sim_after(s, es->every, es->kind_series, subject, detail);
}

static void begin(struct sim *s, const struct occurrence *o)
{
	struct outbreak *b = o->own;

	spread_begin(s, b);
	sense_begin(s, b);
	sim_at(s, s->now, b->all->kind_day, b->number, 0);
}

double epidemic_present(const struct sim *s)
{
	const struct epidemics *es = sim_state(s, &epidemic_model);

	return es ? es->present : 1;
}

void epidemic_watch(struct sim *s, epidemic_present_fn *fn, void *ctx)
{
	struct epidemics *es = sim_state(s, &epidemic_model);
	struct present_watch *w = es ? sim_alloc(s, 1, sizeof *w) : NULL;

	if (!w)
		return;
	*w = (struct present_watch){ fn, ctx, es->watches };
	es->watches = w;
}

/* ---- set-up ---- */

/* Those that crisis_model drew, which was set up before. */
static bool gather(struct sim *s, struct epidemics *es, const struct crisis *c)
{
	uint32_t n;
	const struct occurrence *o = crisis_occurrences(c, &n);

	es->outbreak = sim_alloc(s, n + 1u, sizeof(struct outbreak *));
	for (uint32_t i = 0; es->outbreak && i < n; i++)
		if (o[i].type == &epidemic_hazard) {
			struct outbreak *b = es->outbreak[es->n] = o[i].own;
			b->all = es;
			b->number = es->n++;
		}
	return es->outbreak != NULL;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct crisis *c = scenario_count(sc, &epidemic_model) ? crisis_of(s) : NULL;
	struct epidemics *es = c ? sim_alloc(s, 1, sizeof *es) : NULL;

	if (!es || !gather(s, es, c) || es->n == 0)
		return;
	es->present = 1;
	es->every = s->horizon / 240 > SIM_HOUR ? s->horizon / 240 : SIM_HOUR;
	es->kind_day = sim_handler(s, "epidemic.day", on_day, es);
	es->kind_series = sim_handler(s, "epidemic.series", on_series, es);
	spread_handlers(s, es);
	sense_handlers(s, es);
	sim_set_state(s, &epidemic_model, es);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct epidemics *es = sim_state(s, &epidemic_model);

	(void)sc;
	if (es)
		sim_at(s, 0, es->kind_series, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct epidemics *es = sim_state(s, &epidemic_model);

	(void)sc;
	if (es)
		epidemic_report(s, es);
}

static const struct evidence travel_evidence[] = {
	{ "who has contacts where", "a share of 30 % one way brings the disease, none does not",
	  "above 70 % infected; nobody, tests/unit/crisis/test_epidemic.c" },
};

const struct model travel_model = {
	.name = "travel",
	.doc = "How much of their contacts the people of one district have in another.",
	.places = inner_places,
	.n_places = 1,
	.par_size = sizeof(struct travel_params),
	.params = TABLE(travel_rows),
	.evidence = TABLE(travel_evidence),
	.load = load_travel,
};

const struct model epidemic_model = {
	.name = "epidemic",
	.doc = "A disease that spreads among the people of the city's districts: susceptible, exposed, infectious, recovered.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct epidemic_params),
	.params = TABLE(params),
	.kpis = epidemic_kpis,
	.n_kpis = EPIDEMIC_KPIS,
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.load = load,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};

const struct hazard_type epidemic_hazard = {
	.model = &epidemic_model,
	.unit = DIM_RATIO,
	.measure = "share of people infectious",
	.draw = draw,
	.begin = begin,
};
