/*
 * <power-grid>: the mains by feeders.  A feeder supplies what is nearer to its middle than to others'; the middles stand on a
 * lattice over the city.  Its up and down times alternate, both exponential; a <blackout> takes some feeders' power beside that.
 */
#include <stdlib.h>

#include "models/city/placement.h"
#include "models/network/asset.h"
#include "models/network/grid_private.h"

struct power_grid_params {
	uint64_t feeders;
	double availability;
	simtime_t repair;
};

struct blackout_params {
	simtime_t at, lasts;
	double share;
};

static const struct place places[] = { { "scenario", 0, 1 }, { "city", 0, 1 }, { "library", 0, 1 } };
static const struct place in_grid[] = { { "power-grid", 0, 0 } };

static const struct param params[] = {
	COUNT(struct power_grid_params, feeders, "1", "1", "10000", "parts of the city that lose their power each for itself", NULL),
	RATIO(struct power_grid_params, availability, "99.9976%", "0%", "100%", "share of the time in which a feeder has power",
	      "Bundesnetzagentur, SAIDI 2023 of Germany: 12.8 min"),
	TIME(struct power_grid_params, repair, "1h", "1s", "10yr", "mean length of an interruption (CAIDI)",
	     "[M] Council of European Energy Regulators, benchmarking reports"),
};

static const struct param blackout_params[] = {
	TIME(struct blackout_params, at, NULL, "0s", "200yr", "time of the run at which the power fails", NULL),
	TIME(struct blackout_params, lasts, NULL, "1ms", "200yr", "until it returns, everywhere at once", NULL),
	RATIO(struct blackout_params, share, "100%", "0%", "100%", "of the feeders, drawn at random", NULL),
};

enum { KPI_AVAILABILITY, KPI_SAIFI, KPI_SAIDI, KPI_SITES, KPI_BATTERY, KPI_GENERATOR, KPI_DARK };

static const struct kpi_def kpis[] = {
	[KPI_AVAILABILITY] = { "power-grid.availability", "1", "time in which feeders have power ÷ time, mean over feeders",
			       "[M] U4SSC EC: I: ES: 2C, SDG 7.1", KPI_HIGHER, true },
	[KPI_SAIFI] = { "power-grid.interruptions", "1/yr", "interruptions of a feeder a year, mean over feeders (SAIFI)",
			"[M] U4SSC EC: I: ES: 1C", KPI_LOWER, true },
	[KPI_SAIDI] = { "power-grid.interruption-time", "s", "time without power in a year, mean over feeders (SAIDI)",
			"[M] U4SSC EC: I: ES: 2C", KPI_LOWER, true },
	[KPI_SITES] = { "power-grid.site-availability", "1",
			"time in which network sites have power, from the mains or their backup ÷ time, mean over sites", NULL,
			KPI_HIGHER, true },
	[KPI_BATTERY] = { "power-grid.battery-share", "1",
			  "time in which network sites live on their battery ÷ time, mean over sites (of crises, and where generators are)",
			  NULL, KPI_LOWER, true },
	[KPI_GENERATOR] = { "power-grid.generator-share", "1", "time in which they live on a generator ÷ time, mean over sites", NULL,
			    KPI_LOWER, true },
	[KPI_DARK] = { "power-grid.dark-share", "1", "time in which they have no power ÷ time, mean over sites", NULL, KPI_LOWER, true },
};

static const struct evidence evidence[] = {
	{ "availability", "alternating renewal process in closed form, with and without backup",
	  "99 % interval of the mean, tests/unit/network/test_grid.c" },
	{ "battery, then generator", "the same, with shares of the time on each; timelines worked out by hand",
	  "99 % interval of the mean; equal, tests/unit/network/test_site_power.c" },
};

uint32_t grid_nearest(const struct grid *g, struct point at)
{
	uint32_t best = 0;
	double least = INFINITY, square = INFINITY; /* of the distance, and a hair more */

	for (uint32_t k = 0; k < g->n; k++) {
		double x = g->feeder[k].middle.x - at.x, y = g->feeder[k].middle.y - at.y, d;
		if (x * x + y * y > square)
			continue;
		d = hypot(x, y);
		if (d < least) {
			least = d;
			square = d * d * (1 + 1e-9);
			best = k;
		}
	}
	return best;
}

/* ---- feeders ---- */

static void tell_devices(struct sim *s, const struct grid *g, uint32_t k)
{
	for (uint32_t i = g->feeder[k].first; i < g->feeder[k + 1].first; i++)
		device_power(s, g->device[i], g->feeder[k].on);
}

/* What may have changed whether a feeder has power; whether it has. */
static bool turn(struct sim *s, struct feeder *f)
{
	bool on = f->outage.up && f->blackouts == 0 && !f->broken;

	if (on == f->on)
		return false;
	*(on ? &f->down_time : &f->up_time) += since_warmup(s, f->since);
	f->breaks += !on && s->now >= s->warmup;
	f->on = on;
	f->since = s->now;
	return true;
}

/* Sites first: what comes up finds its network. */
static void turn_and_tell(struct sim *s, struct grid *g, uint32_t k)
{
	if (!turn(s, &g->feeder[k]))
		return;
	supplies_tell(s, g, k);
	tell_devices(s, g, k);
}

static void on_change(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct grid *g = ctx;

	(void)detail;
	outage_turn(s, &g->feeder[k].outage);
	turn_and_tell(s, g, k);
}

static void on_broken(struct sim *s, void *ctx, bool broken)
{
	struct feeder *f = ctx;

	f->broken = broken;
	turn_and_tell(s, f->grid, (uint32_t)(f - f->grid->feeder));
}

/* ---- blackouts ---- */

/* A feeder's lot in a blackout: those with the smallest numbers are in it. */
struct lot { double number; uint32_t feeder; };

static int by_number(const void *a, const void *b)
{
	const struct lot *x = a, *y = b;

	if (x->number < y->number || x->number > y->number)
		return x->number < y->number ? -1 : 1;
	return (x->feeder > y->feeder) - (x->feeder < y->feeder);
}

/* Whether each feeder is in a blackout; false after sim_fail. */
static bool draw_lots(struct sim *s, const struct grid *g, const struct node *blackout, bool *in)
{
	const struct blackout_params *p = blackout->par;
	uint32_t n = (uint32_t)lround(p->share * g->n);
	struct lot *lot = sim_alloc(s, g->n, sizeof *lot);
	uint64_t w[2];

	if (!lot)
		return false;
	for (uint32_t k = 0; k < g->n; k++) {
		rng_block(s->key, RNG_PURPOSE('g', 'b', 'l', 'k'), blackout->key, k, w);
		lot[k] = (struct lot){ rng_unit(w[0]), k };
	}
	qsort(lot, g->n, sizeof *lot, by_number);
	for (uint32_t k = 0; k < n; k++)
		in[lot[k].feeder] = true;
	return true;
}

/* Sites of all its feeders first: what comes up finds its network. */
static void blackout(struct sim *s, struct grid *g, uint32_t number, bool begins)
{
	const struct node *n = node_child(g->node, &blackout_model);
	bool *changed = sim_alloc(s, g->n, sizeof *changed), *in = sim_alloc(s, g->n, sizeof *in);

	if (!changed || !in)
		return;
	for (uint32_t j = 0; j < number; j++)
		n = node_next(n);
	if (!draw_lots(s, g, n, in))
		return;
	for (uint32_t k = 0; k < g->n; k++)
		if (in[k]) {
			g->feeder[k].blackouts += begins ? 1u : UINT32_MAX;
			changed[k] = turn(s, &g->feeder[k]);
		}
	for (uint32_t k = 0; k < g->n; k++)
		if (changed[k])
			supplies_tell(s, g, k);
	for (uint32_t k = 0; k < g->n; k++)
		if (changed[k])
			tell_devices(s, g, k);
}

static void on_off(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	blackout(s, ctx, number, true);
}

static void on_on(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	blackout(s, ctx, number, false);
}

static void blackouts_start(struct sim *s, const struct grid *g)
{
	uint32_t number = 0;

	for (const struct node *n = node_child(g->node, &blackout_model); n; n = node_next(n), number++) {
		const struct blackout_params *p = n->par;
		sim_at(s, p->at, g->kind_off, number, 0);
		sim_at(s, p->at + p->lasts, g->kind_on, number, 0);
	}
}

/* A device on mains does not power on where there is no power; its feeder's repair asks again. */
static bool admit(struct sim *s, void *ctx, uint32_t i)
{
	const struct grid *g = ctx;

	(void)s;
	return g->dev->classes[g->dev->class_of[i]].battery || g->feeder[g->feeder_of[i]].on;
}

/* ---- set-up ---- */

static bool place_feeders(struct sim *s, struct grid *g, const struct scenario *sc, const struct node *n)
{
	const struct power_grid_params *p = n->par;
	struct point *at = sim_alloc(s, p->feeders, sizeof *at);
	uint16_t kind = sim_handler(s, "power-grid.change", on_change, g);

	g->n = (uint32_t)p->feeders;
	g->feeder = sim_alloc(s, p->feeders + 1, sizeof *g->feeder);
	if (!at || !g->feeder)
		return false;
	if (!city_lattice(city_of(sc), true, p->feeders, at)) {
		sim_fail(s, SIM_E_NOMEM, "out of memory for the places of %u feeders", g->n);
		return false;
	}
	for (uint32_t k = 0; k < g->n; k++) {
		g->feeder[k].middle = at[k];
		outage_init(s, &g->feeder[k].outage, p->availability, p->repair, RNG_PURPOSE('g', 'r', 'i', 'd'),
			    rng_mix(n->key + k), kind, k);
		g->feeder[k].on = g->feeder[k].outage.up;
		g->feeder[k].grid = g;
		g->feeder[k].end = &g->feeder[k].supplies;
		if (asset_add(s, &(struct asset){ .kind = ASSET_FEEDER,
						  .element = n,
						  .key = rng_mix(n->key + k),
						  .at = at[k],
						  .placed = true,
						  .site = ASSET_NONE,
						  .fn = on_broken,
						  .ctx = &g->feeder[k] }) == ASSET_NONE)
			return false;
	}
	return true;
}

static bool place_devices(struct sim *s, struct grid *g)
{
	const struct devices *d = g->dev;
	uint32_t *at = sim_alloc(s, g->n, sizeof *at);

	g->feeder_of = sim_alloc(s, d->n, sizeof *g->feeder_of);
	g->device = sim_alloc(s, d->n, sizeof *g->device);
	if (!at || !g->feeder_of || !g->device)
		return false;
	for (uint32_t i = 0; i < d->n; i++) {
		if (d->classes[d->class_of[i]].battery)
			continue;
		g->feeder_of[i] = (uint16_t)grid_nearest(g, (struct point){ d->x[i], d->y[i] });
		g->feeder[g->feeder_of[i] + 1].first++;
	}
	for (uint32_t k = 0; k < g->n; k++) {
		at[k] = g->feeder[k].first;
		g->feeder[k + 1].first += g->feeder[k].first;
	}
	for (uint32_t i = 0; i < d->n; i++)
		if (!d->classes[d->class_of[i]].battery)
			g->device[at[g->feeder_of[i]]++] = i;
	return true;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &power_grid_model);
	struct grid *g = n ? sim_alloc(s, 1, sizeof *g) : NULL;

	if (!g)
		return;
	g->node = n;
	g->dev = devices_of(s);
	g->kind_off = sim_handler(s, "power-grid.blackout", on_off, g);
	g->kind_on = sim_handler(s, "power-grid.return", on_on, g);
	supplies_setup(s, g);
	if (!place_feeders(s, g, sc, n) || !place_devices(s, g))
		return;
	device_admission(s, DEVICE_POWERED, admit, g);
	sim_set_state(s, &power_grid_model, g);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct grid *g = sim_state(s, &power_grid_model);

	(void)sc;
	for (uint32_t k = 0; g && k < g->n; k++)
		outage_start(s, &g->feeder[k].outage);
	if (g)
		blackouts_start(s, g);
}

static void check(const struct scenario *sc, struct diag *d)
{
	if (scenario_count(sc, &power_grid_model) > 1)
		node_error(scenario_first(sc, &power_grid_model)->next_same, d, NULL,
			   "is the second one (a city has one grid)");
}

/* ---- report ---- */

static void report_sites(struct sim *s, const struct grid *g)
{
	if (g->n_supplies == 0)
		return;
	report_kpi(s->report, &kpis[KPI_SITES], "all", 1 - supplies_share(s, g, DARK));
	if (!g->generators && !assets_may_break(s))
		return;
	report_kpi(s->report, &kpis[KPI_BATTERY], "all", supplies_share(s, g, ON_BATTERY));
	report_kpi(s->report, &kpis[KPI_GENERATOR], "all", supplies_share(s, g, ON_GENERATOR));
	report_kpi(s->report, &kpis[KPI_DARK], "all", supplies_share(s, g, DARK));
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct grid *g = sim_state(s, &power_grid_model);
	double up = 0, down = 0, breaks = 0, time, year = 365.25 * 86400;

	(void)sc;
	if (!g || s->now <= s->warmup)
		return;
	time = g->n * sim_seconds(s->now - s->warmup);
	for (uint32_t k = 0; k < g->n; k++) {
		const struct feeder *f = &g->feeder[k];
		up += sim_seconds(f->up_time + (f->on ? since_warmup(s, f->since) : 0));
		down += sim_seconds(f->down_time + (f->on ? 0 : since_warmup(s, f->since)));
		breaks += (double)f->breaks;
	}
	report_kpi(s->report, &kpis[KPI_AVAILABILITY], "all", up / time);
	report_kpi(s->report, &kpis[KPI_SAIFI], "all", breaks / time * year);
	report_kpi(s->report, &kpis[KPI_SAIDI], "all", down / time * year);
	report_sites(s, g);
	report_audit(s->report, "feeder time", "s", AUDIT_IN, "feeders x time", time);
	report_audit(s->report, "feeder time", "s", AUDIT_OUT, "with power", up);
	report_audit(s->report, "feeder time", "s", AUDIT_OUT, "without", down);
	report_fact(s->report, "Power grid",
		    "%u feeder%s, %u device%s and %u network site%s on them, with power %.4g %% of the time", g->n,
		    g->n == 1 ? "" : "s", g->feeder[g->n].first, g->feeder[g->n].first == 1 ? "" : "s", g->n_supplies,
		    g->n_supplies == 1 ? "" : "s", 100 * up / time);
}

const struct model power_grid_model = {
	.name = "power-grid",
	.doc = "Mains power by feeders, which fail and are repaired; devices without a battery and network sites hang on it.",
	.places = TABLE(places),
	.par_size = sizeof(struct power_grid_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.evidence = TABLE(evidence),
	.example = "feeders=\"24\" availability=\"99.98%\" repair=\"2h\"",
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};

static void blackout_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct blackout_params *p = n->par;

	if (p->at >= sc->run.duration)
		node_warning(n, d, "at", "is after the end of the run: the power does not fail");
}

const struct model blackout_model = {
	.name = "blackout",
	.doc = "A moment at which many feeders lose their power together, beside their own interruptions.",
	.places = TABLE(in_grid),
	.par_size = sizeof(struct blackout_params),
	.params = TABLE(blackout_params),
	.load = blackout_load,
};
