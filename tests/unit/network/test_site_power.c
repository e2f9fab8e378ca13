/* Battery, generator, fuel: timelines worked out by hand, and shares of the time in closed form. */
#include "models/network/asset.h"
#include "tests/unit/network/world.h"

#define ONE "<device-class id='meter'><battery/></device-class><deploy class='meter' count='1'/>"

enum { CHANGES = 64 };
struct site { struct sim *s; uint32_t asset, n; struct { double hours; bool on; } change[CHANGES]; };

static void on_change(struct sim *s, void *ctx, bool on)
{
	struct site *site = ctx;

	if (site->n == CHANGES)
		return;
	site->change[site->n].on = on;
	site->change[site->n++].hours = sim_seconds(s->now) / 3600;
}

static void add_site(struct world *w, struct site *site, const struct backup_params *p, uint64_t key)
{
	*site = (struct site){ .s = w->sim };
	site->asset = asset_site(w->sim,
				 &(struct asset){ .kind = ASSET_SITE, .key = key, .at = { 500, 500 }, .site = ASSET_NONE },
				 p, on_change, site);
}

static void assert_change(const struct site *site, uint32_t number, double hours, bool on)
{
	assert_true(number < site->n);
	assert_close(site->change[number].hours, hours, 1e-9);
	assert_int_equal(site->change[number].on, on);
}

static const struct backup_params both = { 8 * SIM_HOUR, 1, 3 * SIM_DAY, SIM_NEVER, 0 };
static const char long_blackout[] = "<power-grid availability='100%'><blackout at='10h' lasts='10d'/></power-grid>" ONE;

struct order { uint32_t asset; int what; simtime_t fuel, taken; };
enum { REFUEL, BRING, TAKE };

static void on_order(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct order *o = ctx;

	(void)subject, (void)detail;
	if (o->what == REFUEL)
		o->taken = grid_refuel(s, o->asset, o->fuel);
	else if (o->what == BRING)
		grid_generator(s, o->asset, o->fuel);
	else
		grid_generator_away(s, o->asset);
}

static void at_hour(struct world *w, double hours, struct order *o)
{
	sim_at(w->sim, sim_from_seconds(3600 * hours), sim_handler(w->sim, "test.order", on_order, o), 0, 0);
}

/* The mains fail at 10 h: battery to 18 h, generator to 90 h, then dark until they return at 250 h. */
static void eight_hours_of_battery_then_three_days_of_generator_then_dark(void **st)
{
	struct world w;
	struct site site;

	(void)st;
	world_open(&w, long_blackout, 0, 20 * SIM_DAY);
	add_site(&w, &site, &both, 1);
	world_run(&w);
	assert_int_equal(site.n, 2);
	assert_change(&site, 0, 90, false);
	assert_change(&site, 1, 250, true);
	assert_close(world_kpi(&w, "power-grid.battery-share"), 8 / 480.0, 1e-12);
	assert_close(world_kpi(&w, "power-grid.generator-share"), 72 / 480.0, 1e-12);
	assert_close(world_kpi(&w, "power-grid.dark-share"), 160 / 480.0, 1e-12);
	assert_close(world_kpi(&w, "power-grid.site-availability"), 1 - 160 / 480.0, 1e-12);
	assert_close(grid_fuel(w.sim, site.asset), 0, 0);
	world_close(&w);
}

/* Fuel a minute before the tank is empty: 20 h of it carry the site to 110 h.  A minute after: dark for it, and on to 110 h + 2 min. */
static void fuel_just_before_the_tank_is_empty_leaves_no_gap(void **st)
{
	for (int late = 0; late < 2; late++) {
		struct world w;
		struct site site;
		struct order o = { .fuel = 20 * SIM_HOUR };
		(void)st;
		world_open(&w, long_blackout, 0, 20 * SIM_DAY);
		add_site(&w, &site, &both, 1);
		o.asset = site.asset;
		at_hour(&w, 90 + (late ? 1 : -1) / 60.0, &o);
		world_run(&w);
		assert_int_equal(o.taken, o.fuel);
		assert_int_equal(site.n, late ? 4 : 2);
		if (late)
			assert_change(&site, 1, 90 + 1 / 60.0, true);
		assert_change(&site, late ? 2 : 0, late ? 110 + 1 / 60.0 : 110, false);
		world_close(&w);
	}
}

/* Outages of 30 h each: 22 h of fuel a time, of 72; the battery is full each time.  The fourth ends dark after 8 + 6 h. */
static void fuel_that_is_spent_stays_spent_when_the_mains_return(void **st)
{
	struct world w;
	struct site site;
	struct order o = { .fuel = 100 * SIM_HOUR };

	(void)st;
	world_open(&w,
		   "<power-grid availability='100%'><blackout at='0h' lasts='30h'/><blackout at='100h' lasts='30h'/>"
		   "<blackout at='200h' lasts='30h'/><blackout at='300h' lasts='30h'/></power-grid>" ONE,
		   0, 20 * SIM_DAY);
	add_site(&w, &site, &both, 1);
	o.asset = site.asset;
	at_hour(&w, 350, &o);
	world_run(&w);
	assert_int_equal(site.n, 2);
	assert_change(&site, 0, 314, false);
	assert_change(&site, 1, 330, true);
	assert_int_equal(o.taken, 72 * SIM_HOUR); /* no more than a tank full */
	assert_close(grid_fuel(w.sim, site.asset), 72 * 3600, 1e-6);
	world_close(&w);
}

/* Every 4 days from a full tank's being drawn upon: dark a day in each, from 90 h to 114 h, 186 h to 210 h. */
static void deliveries_come_by_themselves_where_the_element_says_so(void **st)
{
	struct backup_params p = both;
	struct world w;
	struct site site;

	(void)st;
	p.fuel_delivery = 4 * SIM_DAY;
	world_open(&w, long_blackout, 0, 20 * SIM_DAY);
	add_site(&w, &site, &p, 1);
	world_run(&w);
	assert_int_equal(site.n, 4);
	assert_change(&site, 0, 90, false);
	assert_change(&site, 1, 114, true);
	assert_change(&site, 2, 186, false);
	assert_change(&site, 3, 210, true);
	assert_close(grid_fuel(w.sim, site.asset), 3600 * 72, 1e-6); /* the third came after the mains had returned */
	world_close(&w);
}

/* No generator: dark at 18 h; one comes at 40 h with a day of fuel, goes at 50 h, comes back at 60 h and runs dry at 84 h. */
static void a_mobile_generator_comes_and_goes(void **st)
{
	struct backup_params p = { 8 * SIM_HOUR, 0, 3 * SIM_DAY, SIM_NEVER, 0 };
	struct world w;
	struct site site;
	struct order come = { .what = BRING, .fuel = SIM_DAY }, go = { .what = TAKE }, again = come,
		     none = { .fuel = SIM_HOUR };

	(void)st;
	world_open(&w, long_blackout, 0, 20 * SIM_DAY);
	add_site(&w, &site, &p, 1);
	come.asset = go.asset = again.asset = none.asset = site.asset;
	assert_false(grid_has_generator(w.sim, site.asset));
	at_hour(&w, 30, &none);
	at_hour(&w, 40, &come);
	at_hour(&w, 50, &go);
	at_hour(&w, 60, &again);
	world_run(&w);
	assert_int_equal(none.taken, 0); /* without a generator there is nothing to fill */
	assert_change(&site, 0, 18, false);
	assert_change(&site, 1, 40, true);
	assert_change(&site, 2, 50, false);
	assert_change(&site, 3, 60, true);
	assert_change(&site, 4, 84, false);
	assert_change(&site, 5, 250, true);
	assert_true(grid_has_generator(w.sim, site.asset));
	world_close(&w);
}

/* Sites all over the city and many feeders: each hangs on the nearest, found by the plainest search, and on no other. */
static void a_site_hangs_on_the_feeder_nearest_to_it(void **st)
{
	static const struct backup_params none = { .fuel_delivery = SIM_NEVER };
	enum { SITES = 60 };
	static struct site site[SITES];
	struct world w;
	uint32_t n;

	(void)st;
	world_open(&w, "<power-grid availability='100%' feeders='37'/>" ONE, 0, SIM_HOUR);
	for (uint32_t i = 0; i < SITES; i++) {
		struct point at = { 13 + 977.0 * (i * 37 % SITES) / SITES, 5 + 991.0 * i / SITES };
		site[i] = (struct site){ .s = w.sim };
		site[i].asset =
			asset_site(w.sim, &(struct asset){ .kind = ASSET_SITE, .key = i, .at = at, .site = ASSET_NONE },
				   &none, on_change, &site[i]);
	}
	world_run(&w);
	for (uint32_t i = 0; i < SITES; i++) {
		uint32_t best = 0;
		const struct asset *a = assets_of(w.sim, &n);
		for (uint32_t k = 0; k < n; k++)
			if (a[k].kind == ASSET_FEEDER &&
			    hypot(a[k].at.x - a[site[i].asset].at.x, a[k].at.y - a[site[i].asset].at.y) <
				    hypot(a[best].at.x - a[site[i].asset].at.x, a[best].at.y - a[site[i].asset].at.y))
				best = k;
		assert_int_equal(a[best].kind, ASSET_FEEDER);
		asset_break(w.sim, best, true);
		assert_int_equal(assets_of(w.sim, &n)[site[i].asset].power, SITE_DARK);
		asset_break(w.sim, best, false);
		assert_int_equal(assets_of(w.sim, &n)[site[i].asset].power, SITE_MAINS);
	}
	world_close(&w);
}

/* Half of 40 feeders, a site at each one's middle: 20 are dark, some of them among the first 20. */
static void the_feeders_of_a_blackout_are_drawn(void **st)
{
	static const struct backup_params none = { .fuel_delivery = SIM_NEVER };
	enum { FEEDERS = 40 };
	static struct site site[FEEDERS];
	struct world w;
	uint32_t n, dark = 0, first = 0;

	(void)st;
	world_open(
		&w,
		"<power-grid availability='100%' feeders='40'><blackout at='1min' lasts='2h' share='50%'/></power-grid>" ONE,
		0, SIM_HOUR);
	for (uint32_t i = 0; i < FEEDERS; i++) {
		site[i] = (struct site){ .s = w.sim };
		site[i].asset = asset_site(
			w.sim,
			&(struct asset){
				.kind = ASSET_SITE, .key = i, .at = assets_of(w.sim, &n)[i].at, .site = ASSET_NONE },
			&none, on_change, &site[i]);
	}
	world_run(&w);
	for (uint32_t i = 0; i < FEEDERS; i++) {
		bool is = assets_of(w.sim, &n)[site[i].asset].power == SITE_DARK;
		dark += is;
		first += is && i < FEEDERS / 2;
	}
	assert_int_equal(dark, 20);
	assert_true(first > 4 && first < 16);
	world_close(&w);
}

/*
 * Up and down times exponential, down 10 h in the mean, 10 % of the time.  Each outage is on the battery for min(D, b), b = 5 h: mean
 * 10 (1 - exp(-1/2)); then, with tanks that never run out, on the generator where there is one (40 % of 200 sites), else dark.
 * 2,000 outages of one feeder: relative deviation of the total below 2.58 x sqrt(2/2000) = 0.082; of the share of 200 sites with a
 * generator 2.58 x sqrt(0.24/200) = 0.09.
 */
static void shares_of_the_time_are_as_renewal_theory_says(void **st)
{
	struct backup_params p = { 5 * SIM_HOUR, 0.4, 365 * SIM_DAY, 10 * SIM_DAY, 0 };
	static struct site site[200];
	struct world w;
	double after = 0.1 * exp(-0.5), with = 0, down;

	(void)st;
	world_open(&w, "<power-grid availability='90%' repair='10h'/>" ONE, 0, 200000 * SIM_HOUR);
	for (uint32_t i = 0; i < 200; i++) {
		add_site(&w, &site[i], &p, 1000 + i);
		with += grid_has_generator(w.sim, site[i].asset);
	}
	assert_close(with / 200, 0.4, 0.09);
	world_close(&w);

	/* one of each, over time */
	world_open(&w, "<power-grid availability='90%' repair='10h'/>" ONE, 0, 200000 * SIM_HOUR);
	p.generator_share = 1;
	add_site(&w, &site[0], &p, 1);
	p.generator_share = 0;
	add_site(&w, &site[1], &p, 2);
	world_run(&w);
	down = 1 - world_kpi(&w, "power-grid.availability"); /* of this run */
	assert_close(world_kpi(&w, "power-grid.battery-share"), 0.1 * (1 - exp(-0.5)), 0.1 * 0.082);
	assert_close(world_kpi(&w, "power-grid.generator-share"), after / 2, after / 2 * 0.082);
	assert_close(world_kpi(&w, "power-grid.dark-share"), world_kpi(&w, "power-grid.generator-share"), 1e-12);
	assert_close(world_kpi(&w, "power-grid.battery-share") + 2 * world_kpi(&w, "power-grid.dark-share"), down, 1e-12);
	world_close(&w);
}

/* 400 sites of 8 h of battery on the mean, variation 0.5, in one blackout: when they go dark has that mean and deviation. */
static void batteries_differ_as_their_variation_says(void **st)
{
	struct backup_params p = { 8 * SIM_HOUR, 0, 3 * SIM_DAY, SIM_NEVER, 0.5 };
	static struct site site[400];
	struct world w;
	double sum = 0, squares = 0;

	(void)st;
	world_open(&w, "<power-grid availability='100%'><blackout at='0h' lasts='10d'/></power-grid>" ONE, 0, 9 * SIM_DAY);
	for (uint32_t i = 0; i < 400; i++)
		add_site(&w, &site[i], &p, 1000 + i);
	world_run(&w);
	for (uint32_t i = 0; i < 400; i++) {
		assert_int_equal(site[i].n, 1);
		sum += site[i].change[0].hours;
		squares += site[i].change[0].hours * site[i].change[0].hours;
	}
	assert_close(sum / 400, 8, 3.29 * 4 / sqrt(400));
	assert_close(sqrt(squares / 400 - sum / 400 * (sum / 400)), 4, 1); /* 99.9 %: fourth moment of the law */
	world_close(&w);
}

static void what_is_of_no_use_is_told(void **st)
{
	static const struct {
		const char *body, *says;
	} cases[] = {
		{ "<lorawan id='x'><gateways generator-share='50%'/></lorawan>", "generator-share" },
		{ "<power-grid/><lorawan id='x'><gateways fuel='2d'/></lorawan>", "there is no generator" },
		{ "<power-grid/><nb-iot id='x'><sites fuel-delivery='2d'/></nb-iot>", "there is no generator" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[512];
		struct diag *d = diag_new();
		struct scenario *sc;
		bool found = false;
		snprintf(
			body, sizeof body,
			"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/><city width='1km' height='1km'/>" ONE
			"%s</scenario>",
			cases[i].body);
		sc = scenario_parse(body, strlen(body), ".", &sccsim_models, NULL, NULL, 0, d);
		assert_null(sc);
		for (size_t k = 0; k < diag_count(d); k++)
			found |= strstr(diag_text(d, k), cases[i].says) != NULL;
		assert_true(found);
		diag_free(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eight_hours_of_battery_then_three_days_of_generator_then_dark),
		cmocka_unit_test(fuel_just_before_the_tank_is_empty_leaves_no_gap),
		cmocka_unit_test(fuel_that_is_spent_stays_spent_when_the_mains_return),
		cmocka_unit_test(deliveries_come_by_themselves_where_the_element_says_so),
		cmocka_unit_test(a_mobile_generator_comes_and_goes),
		cmocka_unit_test(a_site_hangs_on_the_feeder_nearest_to_it),
		cmocka_unit_test(the_feeders_of_a_blackout_are_drawn),
		cmocka_unit_test(shares_of_the_time_are_as_renewal_theory_says),
		cmocka_unit_test(batteries_differ_as_their_variation_says),
		cmocka_unit_test(what_is_of_no_use_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
