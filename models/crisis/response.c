/* <response>: its parts, and what comes of it. */
#include "models/crisis/response_private.h"

#include "models/city/cost.h"
#include "models/network/network.h"

static const struct place places[] = { { "crisis", 0, 1 } };
static const char *const amongs[] = { "first-come", "people", NULL };

#define S struct response_params
static const struct param params[] = {
	COUNT(S, crews, "0", "0", "10000", "that mend everything, beside those of <crew>", NULL),
	TIME(S, shift, "10h", "1min", "1d", "length of a crew's working day; 1d: round the clock", NULL),
	TIME(S, start, "7h", "0s", "1d", "time of day at which it begins", NULL),
	COUNT(S, portable_sites, "0", "0", "100000", "that stand in for broken sites, set up in 4 h; more of them is said by <portable-site>",
	      NULL),
	TIME(S, assessment, "12h", "0s", "1yr",
	     "until a damage is known that does not report itself, mean of an exponential time: what has neither power nor a way that "
	     "works, feeders, and devices do not",
	     NULL),
	TEXT(S, priority, "",
	     "kinds of what is mended first, in order: feeders, sites, gateways, backhaul, edge, platform, devices; those not named "
	     "come after; absent: all alike",
	     NULL),
	CHOICE(S, among, "first-come", amongs, "what comes first of one kind: the oldest damage; what serves most people of its district", NULL),
	BOOL(S, overtime, "on",
	     "a crew finishes what it has begun, be it after its shift; off: it goes on in the next, and takes nothing else", NULL),
	SPEED(S, speed, "40km/h", "0.1km/h", "1000km/h", "of crews on the road", NULL),
	NUMBER(S, detour, "1.3", "1", "10", "way on the road ÷ distance on a straight line",
	       "[M] Boscoe et al., Professional Geographer 64 (2012): 1.4 in the USA; cities less"),
	TIME(S, roads, "0s", "0s", "1yr", "from the first onset on: roads are blocked", NULL),
	NUMBER(S, roads_factor, "3", "1", "100", "what takes an hour on clear roads takes so many while they are blocked", NULL),
	TIME(S, roaming, "", "0s", "1yr",
	     "after the first onset: operators let each other's devices in, those of <uses roaming=\"on\" emergency=\"on\">; absent: never",
	     NULL),
	COUNT(S, spares, "", "0", "1000000000", "in stock where there is no <depot>: a thing that is destroyed takes one; absent: enough",
	      NULL),
	RATE(S, resupply, "0/d", "0/d", "1000/s", "of those spares, from the first onset on", NULL),
};
#undef S

enum { KPI_UTILISATION, KPI_WAIT, KPI_REPAIRS, KPI_OPEN, KPI_PORTABLE, KPI_FUEL, KPI_DISTANCE };

static const struct kpi_def kpis[] = {
	[KPI_UTILISATION] = { "crisis.crew-utilisation", "1",
			      "time in which crews travel or work ÷ time of their shifts, from the first onset on", NULL, KPI_NEITHER,
			      true },
	[KPI_WAIT] = { "crisis.repair-wait", "s", "damage to the begin of its repair, mean of repairs that were begun", NULL, KPI_LOWER,
		       true },
	[KPI_REPAIRS] = { "crisis.repairs", "1", "repairs that crews have done", NULL, KPI_NEITHER, true },
	[KPI_OPEN] = { "crisis.jobs-open", "1", "what waits for its repair or is being repaired, known or not; at the end, and over time",
		       NULL, KPI_LOWER, true },
	[KPI_PORTABLE] = { "crisis.portable-sites-used", "1", "times that a portable site or satellite terminal was set up", NULL,
			   KPI_NEITHER, true },
	[KPI_FUEL] = { "crisis.fuel-deliveries", "1", "times that a truck has filled a generator's tank or brought a mobile generator", NULL,
		       KPI_NEITHER, true },
	[KPI_DISTANCE] = { "crisis.crew-distance", "m", "driven by all crews to what they mend", NULL, KPI_LOWER, true },
};

static const struct section sections[] = {
	{ SECTION_SERIES, "Repairs still to be done", "crisis.jobs-open", "Repairs that wait for a crew or are under way.", "crisis", 6 },
};

static const struct evidence evidence[] = {
	{ "restoration", "cell sites out after Maria (FCC DIRS) and in Tohoku 2011 (NTT DOCOMO), parameters stated",
	  "2.5 points RMSE over 14 days; 0.08 at six times, tests/validation/valid_restoration.c" },
	{ "waiting for crews", "M/M/c, Erlang's formula", "99 % interval of the mean, tests/validation/valid_response.c" },
};

struct response *response_of(const struct sim *s)
{
	return sim_state(s, &crisis_response_model);
}

bool response_takes(const struct sim *s)
{
	const struct response *r = response_of(s);

	return r && r->n_crews > 0;
}

void response_present(struct sim *s, double share)
{
	struct response *r = response_of(s);

	if (!r || r->n_crews == 0)
		return;
	BUG_ON(s, !(share >= 0 && share <= 1));
	r->present = share;
	repairs_dispatch(s, r);
}

enum response_skill response_skill_of(enum asset_kind k)
{
	return k == ASSET_FEEDER ? SKILL_POWER : k == ASSET_BACKHAUL ? SKILL_BACKHAUL : SKILL_TELECOM;
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct response_params *p = n->par;
	uint32_t rank_of[ASSET_KINDS + 1];

	(void)sc;
	if (!priority_parse(p->priority, rank_of))
		node_error(
			n, d, "priority",
			"is no list of feeders, sites, gateways, backhaul, edge, platform, devices (separate them by ';')");
	if (p->crews == 0 && !node_child(n, &crew_model) && !node_child(n, &fuel_model))
		node_warning(n, d, NULL, "has no crews: nobody mends (say crews=\"12\", or put a <crew> in it)");
	if (p->portable_sites && node_child(n, &portable_site_model))
		node_error(n, d, "portable-sites", "and a <portable-site> are both given (leave one out)");
	if (node_child(n, &depot_model) && (node_given(n, "spares") || node_given(n, "resupply")))
		node_error(n, d, node_given(n, "spares") ? "spares" : "resupply",
			   "is read where there is no <depot> (say it there)");
	else if (!node_given(n, "spares") && p->resupply > 0)
		node_error(n, d, "resupply", "is of no use where spares are never short (say spares=\"0\" or more)");
}

/* A roaming that is opened for nobody, and one that nobody opens. */
static void check(const struct scenario *sc, struct diag *d)
{
	const struct node *n = scenario_first(sc, &crisis_response_model), *u = scenario_first(sc, &uses_model);

	while (u && !((const struct uses_params *)u->par)->emergency)
		u = u->next_same;
	if (u && !node_given(n, "roaming"))
		node_error(u, d, "emergency",
			   "waits for what never comes: the <response> opens no networks (say roaming=\"6h\" there)");
	if (!u && node_given(n, "roaming"))
		node_error(n, d, "roaming",
			   "is for classes with <uses roaming=\"on\" emergency=\"on\">, and there are none");
}

static void costs(struct sim *s, const struct response *r)
{
	for (const struct node *n = node_child(r->node, &crew_model); n; n = node_next(n))
		cost_units(s, n, (double)((const struct crew_params *)n->par)->count);
	for (const struct node *n = node_child(r->node, &depot_model); n; n = node_next(n))
		cost_units(s, n, 1);
	for (uint32_t f = 0; f < r->n_fleets; f++)
		if (r->fleet[f].element)
			cost_units(s, r->fleet[f].element, r->fleet[f].count);
}

/* Some 200 points over what is left of the run, a quarter of an hour apart at least. */
static simtime_t step(const struct sim *s, const struct response *r)
{
	simtime_t wide = (s->end - r->onset) / 200;

	return wide > 15 * SIM_MINUTE ? wide : 15 * SIM_MINUTE;
}

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	const struct response *r = ctx;

	report_series(s->report, &kpis[KPI_OPEN], "all", s->now, r->open.value);
	sim_after(s, step(s, r), r->kind_sample, subject, detail);
}

static void on_roaming(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)ctx, (void)subject, (void)detail;
	network_open(s);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct crisis *c = crisis_of(s);
	const struct node *n = c ? scenario_first(sc, &crisis_response_model) : NULL;
	struct response *r = n ? sim_alloc(s, 1, sizeof *r) : NULL;

	if (!r)
		return;
	r->scenario = sc;
	r->node = n;
	r->p = n->par;
	r->onset = crisis_occurs(c) ? crisis_onset(c) : 0;
	r->start_of_day = (sc->run.start % 86400 + 86400) % 86400 * SIM_SECOND;
	priority_parse(r->p->priority, r->rank_of);
	if (!depots_setup(s, r) || !crews_setup(s, r) || !trucks_setup(s, r))
		return;
	fleets_setup(r);
	repairs_setup(s, r);
	costs(s, r);
	r->kind_sample = sim_handler(s, "response.sample", on_sample, r);
	r->kind_roaming = sim_handler(s, "response.roaming", on_roaming, r);
	timeavg_start(&r->open, 0, 0);
	sim_set_state(s, &crisis_response_model, r);
	if (r->n_crews)
		repair_source_setup(s, r);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct response *r = response_of(s);

	(void)sc;
	if (!r)
		return;
	if (r->p->among == AMONG_PEOPLE && !priority_setup(s, r))
		return;
	trucks_start(s, r);
	if (r->n_crews)
		repairs_start(s, r);
	if (crisis_occurs(crisis_of(s)) && r->p->roaming < s->end - r->onset)
		sim_at(s, r->onset + r->p->roaming, r->kind_roaming, 0, 0);
	if (crisis_occurs(crisis_of(s)) && r->n_crews)
		sim_at(s, r->onset, r->kind_sample, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct response *r = response_of(s);
	double busy = 0, duty = 0, used = 0;

	(void)sc;
	if (!r)
		return;
	report_kpi(s->report, &kpis[KPI_FUEL], "all", trucks_deliveries(r));
	if (r->n_crews == 0)
		return;
	for (uint32_t i = 0; i < r->n_crews; i++) {
		busy += sim_seconds(r->crew[i].busy);
		duty += sim_seconds(crew_duty(r, &r->crew[i], r->onset, s->now));
	}
	for (uint32_t f = 0; f < r->n_fleets; f++)
		used += (double)r->fleet[f].used;
	crews_lane(s, r);
	report_kpi(s->report, &kpis[KPI_UTILISATION], "all", duty > 0 ? busy / duty : NAN);
	report_kpi(s->report, &kpis[KPI_WAIT], "all", r->wait.n ? r->wait.mean : NAN);
	report_kpi(s->report, &kpis[KPI_REPAIRS], "all", (double)r->repairs);
	report_kpi(s->report, &kpis[KPI_OPEN], "all", r->open.value);
	if (r->n_fleets)
		report_kpi(s->report, &kpis[KPI_PORTABLE], "all", used);
	report_kpi(s->report, &kpis[KPI_DISTANCE], "all", r->travelled);
	report_fact(s->report, "Response", "%u crew%s, %llu repair%s done, %.0f open at the end", r->n_crews,
		    r->n_crews == 1 ? "" : "s", (unsigned long long)r->repairs, r->repairs == 1 ? "" : "s", r->open.value);
}

const struct model crisis_response_model = {
	.name = "response",
	.doc = "Who mends what a crisis breaks: crews, what they take along, and what comes first.",
	.places = TABLE(places),
	.par_size = sizeof(struct response_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.sections = TABLE(sections),
	.evidence = TABLE(evidence),
	.load = load,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
