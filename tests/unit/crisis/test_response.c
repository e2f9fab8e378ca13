#include "models/crisis/damage.h"
#include "tests/unit/crisis/relief.h"

#define ALWAYS "shift='1d' speed='36km/h' detour='1.5' "

/* 300 m and 400 m from the centre of the city: 500 m x 1.5 at 10 m/s are 75 s. */
static void travel_is_distance_times_detour_by_speed(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' " ALWAYS "/>", "", SIM_DAY);
	relief_add(&r, SIM_HOUR, 800, 900, 10 * SIM_MINUTE);
	/* it stays where it has worked: 600 m on, not 900 m from the depot */
	relief_add(&r, 2 * SIM_HOUR, 200, 900, SIM_MINUTE);
	relief_run(&r);
	assert_int_equal(r.done[0], SIM_HOUR + 75 * SIM_SECOND + 10 * SIM_MINUTE);
	assert_int_equal(r.done[1], 2 * SIM_HOUR + 90 * SIM_SECOND + SIM_MINUTE);
	assert_close(outbreak_kpi(&r.o, "crisis.crew-distance", "all"), 750 + 900, 1e-6);
	assert_close(outbreak_kpi(&r.o, "crisis.repair-wait", "all"), (75 + 90) / 2.0, 1e-9);
	assert_close(outbreak_kpi(&r.o, "crisis.crew-utilisation", "all"), (75 + 90 + 660) / 86400.0, 1e-12);
	outbreak_close(&r.o);
}

/* Two at once, the second for as long again: steps of two, then of one. */
static void the_timeline_tells_how_many_crews_are_out(void **st)
{
	struct relief r;
	const struct span_row *lane[2] = { NULL };
	size_t n = 0;

	(void)st;
	relief_open(&r, "<response crews='2' " ALWAYS "/>", "", SIM_DAY);
	r.o.report->map = true;
	relief_add(&r, SIM_HOUR, 500, 500, 3 * SIM_HOUR);
	relief_add(&r, SIM_HOUR + 5 * SIM_MINUTE, 500, 500, 6 * SIM_HOUR);
	relief_run(&r);
	for (size_t i = 0; i < r.o.report->n_spans; i++)
		if (strcmp(r.o.report->spans[i].lane, "crews at work") == 0) {
			assert_true(n < 3);
			if (n > 0)
				lane[n - 1] = &r.o.report->spans[i];
			n++;
		}
	assert_int_equal(n, 3);
	assert_string_equal(lane[0]->text, "2 of 2");
	assert_int_equal(lane[0]->from, SIM_HOUR + 5 * SIM_MINUTE);
	assert_int_equal(lane[0]->to, r.done[0]);
	assert_string_equal(lane[1]->text, "1 of 2");
	assert_int_equal(lane[1]->to, r.done[1]);
	outbreak_close(&r.o);
}

static void blocked_roads_take_longer_until_they_are_cleared(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' " ALWAYS " roads='6h' roads-factor='4'/>", "", SIM_DAY);
	relief_add(&r, SIM_HOUR, 800, 900, SIM_MINUTE);
	relief_add(&r, 8 * SIM_HOUR, 200, 900, SIM_MINUTE);
	relief_run(&r);
	assert_int_equal(r.done[0], SIM_HOUR + 300 * SIM_SECOND + SIM_MINUTE);
	assert_int_equal(r.done[1], 8 * SIM_HOUR + 90 * SIM_SECOND + SIM_MINUTE);
	outbreak_close(&r.o);
}

static void the_nearest_free_crew_with_the_skill_goes(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r,
		    "<response " ALWAYS "><depot id='west' at='0m 500m'/><depot id='east' at='1000m 500m'/>"
		    "<crew depot='west' skills='telecom'/><crew depot='east' skills='power; telecom'/></response>",
		    "", SIM_DAY);
	relief_add(&r, SIM_HOUR, 100, 500, SIM_MINUTE);
	/* nearer to the one in the west, which cannot do it: 900 m x 1.5 */
	r.order[relief_add(&r, 2 * SIM_HOUR, 100, 500, SIM_MINUTE)].skill = SKILL_POWER;
	r.order[relief_add(&r, 3 * SIM_HOUR, 100, 500, SIM_MINUTE)].skill = SKILL_BACKHAUL;
	relief_run(&r);
	assert_int_equal(r.done[0], SIM_HOUR + 15 * SIM_SECOND + SIM_MINUTE);
	assert_int_equal(r.done[1], 2 * SIM_HOUR + 135 * SIM_SECOND + SIM_MINUTE);
	assert_int_equal(r.done[2], 0);
	assert_close(outbreak_kpi(&r.o, "crisis.jobs-open", "all"), 1, 0);
	outbreak_close(&r.o);
}

/* 8:00 to 18:00 with work of 7 h: one is begun at 8:00, one at 15:00 and finished at 22:00, the third the next morning. */
static void work_begins_within_shifts_and_is_finished_after_them(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='10h' start='8h'/>", "", 3 * SIM_DAY);
	for (int i = 0; i < 3; i++)
		relief_add(&r, SIM_HOUR, 500, 500, 7 * SIM_HOUR);
	relief_run(&r);
	assert_int_equal(r.done[0], 15 * SIM_HOUR);
	assert_int_equal(r.done[1], 22 * SIM_HOUR);
	assert_int_equal(r.done[2], SIM_DAY + 15 * SIM_HOUR);
	outbreak_close(&r.o);
}

/* A night shift from 20:00 over midnight: at 1:00 it works, at noon it does not; its next begins at the depot. */
static void a_shift_runs_over_midnight_and_ends_at_the_depot(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='8h' start='20h' speed='36km/h' detour='1'/>", "", 3 * SIM_DAY);
	relief_add(&r, SIM_HOUR, 900, 500, SIM_MINUTE);
	relief_add(&r, 12 * SIM_HOUR, 900, 500, SIM_MINUTE);
	relief_run(&r);
	assert_int_equal(r.done[0], SIM_HOUR + 40 * SIM_SECOND + SIM_MINUTE);
	assert_int_equal(r.done[1], 20 * SIM_HOUR + 40 * SIM_SECOND + SIM_MINUTE);
	outbreak_close(&r.o);
}

static void crews_from_elsewhere_come_later_and_one_by_one(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response shift='1d'><crew count='2' available-from='1d' build-up='2d'/></response>", "",
		    5 * SIM_DAY);
	for (int i = 0; i < 3; i++)
		relief_add(&r, SIM_HOUR, 500, 500, 2 * SIM_DAY);
	relief_run(&r);
	assert_int_equal(r.done[0], 4 * SIM_DAY);
	assert_int_equal(r.done[1], 5 * SIM_DAY);
	assert_int_equal(r.done[2], 0);
	outbreak_close(&r.o);
}

/* Two are in stock, one a day comes: the third destroyed thing is mended after a day, what needs none goes on before. */
static void what_is_destroyed_waits_for_a_spare_and_others_pass_it(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='1d' spares='2' resupply='1/d'/>", "", 5 * SIM_DAY);
	for (int i = 0; i < 4; i++)
		r.order[relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR)].spare = true;
	relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR);
	relief_run(&r);
	assert_int_equal(r.done[1], 3 * SIM_HOUR);
	assert_int_equal(r.done[4], 4 * SIM_HOUR);
	assert_int_equal(r.done[2], SIM_DAY + SIM_HOUR);
	assert_int_equal(r.done[3], 2 * SIM_DAY + SIM_HOUR);
	outbreak_close(&r.o);
}

static void without_resupply_it_waits_for_ever(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='1d' spares='0'/>", "", 5 * SIM_DAY);
	r.order[relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR)].spare = true;
	relief_run(&r);
	assert_int_equal(r.done[0], 0);
	outbreak_close(&r.o);
}

/* 200 damages, known after 10 h on average, exponential: the mean within 4 standard errors, and none before it is known. */
static void what_does_not_report_itself_is_assessed_first(void **st)
{
	double sum = 0;

	(void)st;
	for (uint64_t k = 0; k < 10; k++) {
		struct relief r;
		relief_open(&r, "<response crews='20' shift='1d' assessment='10h'/>", "", 20 * SIM_DAY);
		for (uint32_t i = 0; i < 20; i++) {
			relief_add(&r, SIM_HOUR, 500, 500, SIM_MINUTE);
			r.order[i].known = false;
			r.order[i].key = 100 * k + i;
		}
		relief_run(&r);
		for (uint32_t i = 0; i < 20; i++)
			sum += sim_seconds(r.done[i] - SIM_HOUR - SIM_MINUTE) / 36000;
		outbreak_close(&r.o);
	}
	assert_close(sum / 200, 1, 4 / sqrt(200));
}

#define GATEWAYS                                                                                                          \
	"<power-grid feeders='1' availability='100%'/>"                                                                     \
	"<lorawan id='l' region='EU868'><gateway id='g' position='250m 500m' height='30m'/>"                                \
	"<gateway id='h' position='750m 500m' height='30m'/></lorawan>"

static uint32_t asset_named(const struct sim *s, enum asset_kind k, uint32_t skip)
{
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	for (uint32_t i = 0; i < n; i++)
		if (a[i].kind == k && skip-- == 0)
			return i;
	fail_msg("there is no such asset");
	return ASSET_NONE;
}

static void kinds_come_in_the_order_of_the_policy(void **st)
{
	struct relief r;
	uint32_t site, feeder;

	(void)st;
	relief_open(&r, "<response crews='1' shift='1d' speed='1000km/h' priority='feeders; gateways'/>", GATEWAYS,
		    SIM_DAY);
	relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR); /* the crew is busy */
	relief_add(&r, SIM_HOUR + SIM_MINUTE, 500, 500, SIM_HOUR);
	site = relief_add(&r, SIM_HOUR + 2 * SIM_MINUTE, 500, 500, SIM_HOUR);
	feeder = relief_add(&r, SIM_HOUR + 3 * SIM_MINUTE, 500, 500, SIM_HOUR);
	/* the assets are there from start on: by their order, the feeder is first and gateways follow */
	r.order[site].asset = 1;
	r.order[feeder].asset = 0;
	relief_run(&r);
	assert_int_equal(asset_named(r.o.sim, ASSET_FEEDER, 0), 0);
	assert_int_equal(asset_named(r.o.sim, ASSET_GATEWAY, 0), 1);
	assert_int_equal(r.sequence[1], feeder);
	assert_int_equal(r.sequence[2], site);
	assert_int_equal(r.sequence[3], 1);
	outbreak_close(&r.o);
}

struct watched { uint32_t asset; simtime_t down, since; };

static void on_asset(struct sim *s, void *ctx, uint32_t asset)
{
	struct watched *w = ctx;
	uint32_t n;

	if (asset != w->asset)
		return;
	if (asset_works(&assets_of(s, &n)[asset])) {
		w->down += w->since == SIM_NEVER ? 0 : s->now - w->since;
		w->since = SIM_NEVER;
	} else if (w->since == SIM_NEVER) {
		w->since = s->now;
	}
}

/* Repair of 2 days, a unit set up in 3 h: the gateway is down 3 h (and the way, 250 m x 1.5 at 10 m/s), though it is broken longer. */
static void a_portable_site_stands_in_until_the_site_is_mended(void **st)
{
	struct relief r;
	struct watched w = { .asset = 1, .since = SIM_NEVER };

	(void)st;
	relief_open(&r, "<response crews='1' " ALWAYS "><portable-site set-up='3h'/></response>", GATEWAYS, 10 * SIM_DAY);
	asset_watch(r.o.sim, on_asset, &w);
	r.order[relief_add(&r, SIM_HOUR, 0, 0, 2 * SIM_DAY)].asset = 1;
	/* free again, it serves the next: the crew comes from the first site by way of the depot */
	r.order[relief_add(&r, 4 * SIM_DAY, 0, 0, 2 * SIM_DAY)].asset = 1;
	relief_run(&r);
	assert_int_equal(w.down, 3 * SIM_HOUR + 37500 * SIM_MS + 3 * SIM_HOUR + 75 * SIM_SECOND);
	assert_int_equal(r.done[0], 4 * SIM_HOUR + 37500 * SIM_MS + 2 * SIM_DAY);
	assert_close(outbreak_kpi(&r.o, "crisis.portable-sites-used", "all"), 2, 0);
	outbreak_close(&r.o);
}

static void a_portable_site_comes_first_also_where_sites_are_what_is_mended_first(void **st)
{
	struct relief r;
	struct watched w = { .asset = 1, .since = SIM_NEVER };

	(void)st;
	relief_open(&r, "<response crews='1' priority='gateways' " ALWAYS "><portable-site set-up='3h'/></response>",
		    GATEWAYS, 10 * SIM_DAY);
	asset_watch(r.o.sim, on_asset, &w);
	r.order[relief_add(&r, SIM_HOUR, 0, 0, 2 * SIM_DAY)].asset = 1;
	/* free again, it serves the next: the crew comes from the first site by way of the depot */
	r.order[relief_add(&r, 4 * SIM_DAY, 0, 0, 2 * SIM_DAY)].asset = 1;
	relief_run(&r);
	assert_int_equal(w.down, 3 * SIM_HOUR + 37500 * SIM_MS + 3 * SIM_HOUR + 75 * SIM_SECOND);
	assert_int_equal(r.done[0], 4 * SIM_HOUR + 37500 * SIM_MS + 2 * SIM_DAY);
	assert_close(outbreak_kpi(&r.o, "crisis.portable-sites-used", "all"), 2, 0);
	outbreak_close(&r.o);
}

static void no_unit_is_brought_where_the_repair_is_shorter(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' " ALWAYS " portable-sites='1'/>", GATEWAYS, SIM_DAY);
	r.order[relief_add(&r, SIM_HOUR, 0, 0, 2 * SIM_HOUR)].asset = 1;
	relief_run(&r);
	assert_int_equal(r.done[0], 3 * SIM_HOUR + 37500 * SIM_MS);
	assert_close(outbreak_kpi(&r.o, "crisis.portable-sites-used", "all"), 0, 0);
	outbreak_close(&r.o);
}

static void on_present(struct sim *s, void *ctx, uint32_t percent, uint16_t detail)
{
	(void)ctx, (void)detail;
	response_present(s, percent / 100.0);
}

/* Of 10 crews 3 are fit from 2:00 to 12:00: ten hours' work for each is done by all by 11:00 and then by three at a time. */
static void crews_that_fall_ill_finish_and_take_no_more(void **st)
{
	struct relief r;
	uint16_t kind;
	uint32_t early = 0;

	(void)st;
	relief_open(&r, "<response crews='10' shift='1d'/>", "", 3 * SIM_DAY);
	for (int i = 0; i < 20; i++)
		relief_add(&r, SIM_HOUR, 500, 500, 4 * SIM_HOUR);
	kind = sim_handler(r.o.sim, "test.present", on_present, NULL);
	sim_at(r.o.sim, 2 * SIM_HOUR, kind, 30, 0);
	sim_at(r.o.sim, 12 * SIM_HOUR, kind, 100, 0);
	relief_run(&r);
	for (int i = 0; i < 20; i++)
		early += r.done[i] <= 12 * SIM_HOUR;
	assert_int_equal(r.done[9], 5 * SIM_HOUR);
	assert_int_equal(early, 10 + 3); /* those that begin at 9:00 are done at 13:00 */
	assert_int_equal(r.n_done, 20);
	outbreak_close(&r.o);
}

/* The water reaches one gateway, at the depot's door; it is known at once, since its way works. */
static void what_a_hazard_breaks_is_mended_by_crews_after_its_work(void **st)
{
	struct outbreak o;
	uint32_t n;
	const struct damage *d;

	(void)st;
	outbreak_open(&o,
		      "<device-class id='a'/><deploy class='a' count='1' placement='uniform'/>" GATEWAYS
		      "<crisis><flood at='2h' peak='1m' rise='1m/h' slope='0.1' source='250m 500m'/>"
		      "<fragility hazard='flood' of='gateway' median='0.5m' deviation='0' work='3h' variation='0'/>"
		      "<response crews='1' " ALWAYS "/></crisis>",
		      0, 0, 2 * SIM_DAY);
	outbreak_run(&o);
	d = damages_of(o.sim, &n);
	assert_int_equal(n, 1);
	assert_true(d[0].known);
	assert_int_equal(d[0].at, 2 * SIM_HOUR + 30 * SIM_MINUTE);
	assert_int_equal(d[0].mended, d[0].at + 37500 * SIM_MS + 3 * SIM_HOUR);
	assert_close(outbreak_kpi(&o, "crisis.repairs", "all"), 1, 0);
	outbreak_close(&o);
}

/* 7:00 to 17:00 with work of 14 h from 9:00: 8 h on the first day, 6 on the second; the next from 13:00 takes 4 and 10 and nothing. */
static void without_overtime_work_goes_on_in_the_next_shift(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='10h' overtime='off'/>", "", 5 * SIM_DAY);
	relief_add(&r, 9 * SIM_HOUR, 500, 500, 14 * SIM_HOUR);
	relief_add(&r, 10 * SIM_HOUR, 500, 500, 14 * SIM_HOUR);
	relief_add(&r, 11 * SIM_HOUR, 500, 500, SIM_HOUR);
	relief_run(&r);
	assert_int_equal(r.done[0], SIM_DAY + 13 * SIM_HOUR);
	assert_int_equal(r.done[1], 2 * SIM_DAY + 17 * SIM_HOUR);
	assert_int_equal(r.done[2], 3 * SIM_DAY + 8 * SIM_HOUR);
	outbreak_close(&r.o);
}

#define DARK                                                                                                              \
	"<power-grid feeders='1' availability='100%'><blackout at='1h' lasts='20d'/></power-grid>"                          \
	"<lorawan id='l' region='EU868'><gateways placement='uniform' count='10' height='30m' generator-share='100%' fuel='2d'/>"  \
	"</lorawan>"

/* Ten generators that run for 2 d need 10 tanks of 1.5 d or so in 2 d: one truck does that, without one all are dark. */
static double dark_share(const char *fuel, const char *more, double *deliveries)
{
	struct relief r;
	char response[512];
	double on;

	snprintf(response, sizeof response, "<response crews='1' shift='1d'>%s</response>%s", fuel, more);
	relief_open(&r, response, DARK, 21 * SIM_DAY);
	relief_run(&r);
	on = outbreak_kpi(&r.o, "power-grid.site-availability", "all");
	*deliveries = outbreak_kpi(&r.o, "crisis.fuel-deliveries", "all");
	outbreak_close(&r.o);
	return 1 - on;
}

static void trucks_fill_tanks_before_they_run_dry(void **st)
{
	double deliveries;

	(void)st;
	assert_close(dark_share("", "", &deliveries), 18 / 21.0, 1e-9);
	assert_true(isnan(deliveries));
	assert_close(dark_share("<fuel reserve='12h'/>", "", &deliveries), 0, 1e-12);
	/* 10 sites x 18 d beyond the first tank, of which some is left at the end, in fillings of 1.5 d to 1.54 d */
	assert_true(deliveries >= 10 * 11 && deliveries <= 10 * 13);
}

/* It comes on the third day, when all have been dark since 2 d and 1 h; one by one, the nearest first. */
static void fuel_that_comes_late_wakes_them_up_again(void **st)
{
	double deliveries, off;

	(void)st;
	off = dark_share("<fuel reserve='12h' available-from='3d'/>", "", &deliveries);
	assert_true(off > 23 / 24.0 / 21 && off < (23 / 24.0 + 0.5) / 21);
}

#undef DARK
#define DARK                                                                                                              \
	"<power-grid feeders='1' availability='100%'><blackout at='1h' lasts='9d'/></power-grid>"                           \
	"<lorawan id='l' region='EU868'><gateway id='g' position='250m 500m' height='30m'/>"                                \
	"<gateway id='h' position='750m 500m' height='30m'/></lorawan>"

/* Two dark sites, one generator: brought within the hour from the first look, it keeps one of them on until the mains are back. */
#define OF_CHAIN(item, level, lead)                                                                                       \
	"<supply-chain id='c' item='" item "' demand='0'><stage id='s' policy='base-stock' level='" level "' lead-time='" lead   \
	"'/></supply-chain>"

/* One spare in stock, what is taken is ordered at the next review and here three days later: the second waits for day 4, the third for day 7. */
static void a_spare_of_a_supply_chain_is_waited_for_until_it_comes(void **st)
{
	struct relief r;

	(void)st;
	relief_open(&r, "<response crews='1' shift='1d'/>" OF_CHAIN("spares", "1", "3d"), "", 10 * SIM_DAY);
	for (int i = 0; i < 3; i++)
		r.order[relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR)].spare = true;
	relief_add(&r, SIM_HOUR, 500, 500, SIM_HOUR);
	relief_run(&r);
	assert_int_equal(r.done[0], 2 * SIM_HOUR);
	assert_int_equal(r.done[3], 3 * SIM_HOUR);
	assert_int_equal(r.done[1], 4 * SIM_DAY + SIM_HOUR);
	assert_int_equal(r.done[2], 7 * SIM_DAY + SIM_HOUR);
	/* each asked for once: two came late */
	assert_close(outbreak_kpi(&r.o, "crisis.fill-rate", "all"), 1 / 3.0, 1e-12);
	outbreak_close(&r.o);
}

/* The truck's first load is for 20 d, the ten sites need 180 d: of a chain that gives nothing more, they are dark for 160 d of 210. */
static void trucks_wait_for_fuel_of_the_supply_chain(void **st)
{
	double deliveries, none, some;

	(void)st;
	none = dark_share("<fuel reserve='12h'/>", OF_CHAIN("fuel", "0", "1d"), &deliveries);
	assert_close(none, 160 / 210.0, 0.01);
	/* 50 at once, and what is taken comes again after three days or four */
	some = dark_share("<fuel reserve='12h'/>", OF_CHAIN("fuel", "20", "3d"), &deliveries);
	assert_true(some > 0.2 && some < none - 0.2);
	assert_close(dark_share("<fuel reserve='12h'/>", OF_CHAIN("fuel", "1000", "3d"), &deliveries), 0, 1e-12);
}

static void a_mobile_generator_keeps_a_dark_site_on_and_comes_back(void **st)
{
	struct relief r;
	double off;

	(void)st;
	relief_open(&r, "<response><fuel generators='1' reserve='12h' look='30min'/></response>", DARK, 20 * SIM_DAY);
	relief_run(&r);
	off = (1 - outbreak_kpi(&r.o, "power-grid.site-availability", "all")) * 2 * 20;
	assert_true(off > 9 && off < 9 + 3 / 24.0);
	outbreak_close(&r.o);
}

static void a_satellite_terminal_stands_in_for_a_broken_link(void **st)
{
	struct relief r;
	struct watched w = { .asset = 1, .since = SIM_NEVER };
	uint32_t n;

	(void)st;
	relief_open(&r, "<response crews='1' " ALWAYS "><satellite-terminal set-up='2h'/></response>",
		    "<backhaul id='line'/><lorawan id='l' region='EU868'><gateway id='g' position='250m 500m' height='30m' "
		    "backhaul='line'/></lorawan>",
		    10 * SIM_DAY);
	asset_watch(r.o.sim, on_asset, &w);
	r.order[relief_add(&r, SIM_HOUR, 0, 0, 2 * SIM_DAY)].asset = 1;
	r.order[0].skill = SKILL_BACKHAUL;
	relief_run(&r);
	assert_int_equal(assets_of(r.o.sim, &n)[1].kind, ASSET_BACKHAUL);
	assert_int_equal(w.down, 2 * SIM_HOUR + 37500 * SIM_MS);
	outbreak_close(&r.o);
}

/* The device's own gateway breaks at 2:00; 6 h after the onset the other operator lets it in. */
static double way_out(const char *roaming)
{
	struct outbreak o;
	char body[2048];
	double share;

	snprintf(body, sizeof body,
		 "<lorawan id='own' region='EU868'><gateway id='g' position='250m 500m' height='30m'/></lorawan>"
		 "<lorawan id='other' region='EU868'><gateway id='h' position='750m 500m' height='30m'/></lorawan>"
		 "<device-class id='b'><traffic period='1h' payload='20B'/><uses network='own'/>"
		 "<uses network='other' roaming='on'%s/></device-class><deploy class='b' count='20' placement='uniform'/>"
		 "<crisis><flood at='0s' peak='1m' rise='0.25m/h' slope='0.1' source='250m 500m'/>"
		 "<fragility hazard='flood' element='g' median='0.5m' deviation='0'/><response%s/></crisis>",
		 *roaming ? " emergency='on'" : "", roaming);
	outbreak_open(&o, body, 0, 0, SIM_DAY);
	outbreak_run(&o);
	share = outbreak_kpi(&o, "connectivity.availability", "all");
	outbreak_close(&o);
	return share;
}

static void emergency_roaming_is_shut_until_operators_open_it(void **st)
{
	(void)st;
	assert_close(way_out(""), 1, 1e-2);
	assert_close(way_out(" roaming='6h'"), way_out("") - 4 / 24.0, 1e-9);
	assert_close(way_out(" roaming='2d'"), way_out("") - 22 / 24.0, 1e-9);
}

static void a_policy_that_makes_no_sense_is_refused(void **st)
{
	static const struct {
		const char *response, *text;
	} cases[] = {
		{ "<response crews='1' priority='sites; shops'/>", "is no list of feeders, sites" },
		{ "<response><crew skills='magic'/></response>", "is no list of power, telecom" },
		{ "<response crews='1' portable-sites='2'><portable-site/></response>", "are both given" },
		{ "<response crews='1' roaming='6h'/>", "and there are none" },
		{ "<response crews='1' resupply='2/d'/>", "spares are never short" },
		{ "<response crews='1' spares='2'><depot id='d'/></response>", "is read where there is no <depot>" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[512];
		snprintf(body, sizeof body,
			 "<device-class id='a'/><deploy class='a' count='1' placement='uniform'/><crisis>%s</crisis>",
			 cases[i].response);
		assert_true(outbreak_refused(body, cases[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(travel_is_distance_times_detour_by_speed),
		cmocka_unit_test(the_timeline_tells_how_many_crews_are_out),
		cmocka_unit_test(blocked_roads_take_longer_until_they_are_cleared),
		cmocka_unit_test(the_nearest_free_crew_with_the_skill_goes),
		cmocka_unit_test(work_begins_within_shifts_and_is_finished_after_them),
		cmocka_unit_test(a_shift_runs_over_midnight_and_ends_at_the_depot),
		cmocka_unit_test(crews_from_elsewhere_come_later_and_one_by_one),
		cmocka_unit_test(what_is_destroyed_waits_for_a_spare_and_others_pass_it),
		cmocka_unit_test(without_resupply_it_waits_for_ever),
		cmocka_unit_test(what_does_not_report_itself_is_assessed_first),
		cmocka_unit_test(kinds_come_in_the_order_of_the_policy),
		cmocka_unit_test(a_portable_site_stands_in_until_the_site_is_mended),
		cmocka_unit_test(a_portable_site_comes_first_also_where_sites_are_what_is_mended_first),
		cmocka_unit_test(no_unit_is_brought_where_the_repair_is_shorter),
		cmocka_unit_test(crews_that_fall_ill_finish_and_take_no_more),
		cmocka_unit_test(what_a_hazard_breaks_is_mended_by_crews_after_its_work),
		cmocka_unit_test(without_overtime_work_goes_on_in_the_next_shift),
		cmocka_unit_test(trucks_fill_tanks_before_they_run_dry),
		cmocka_unit_test(fuel_that_comes_late_wakes_them_up_again),
		cmocka_unit_test(a_spare_of_a_supply_chain_is_waited_for_until_it_comes),
		cmocka_unit_test(trucks_wait_for_fuel_of_the_supply_chain),
		cmocka_unit_test(a_mobile_generator_keeps_a_dark_site_on_and_comes_back),
		cmocka_unit_test(a_satellite_terminal_stands_in_for_a_broken_link),
		cmocka_unit_test(emergency_roaming_is_shut_until_operators_open_it),
		cmocka_unit_test(a_policy_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
