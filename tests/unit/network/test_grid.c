#include "models/network/asset.h"
#include "tests/unit/network/world.h"

#define CLASSES                                                                                                           \
	"<device-class id='meter'><battery/></device-class><deploy class='meter' count='3' placement='uniform'/>"          \
	"<device-class id='light'/><deploy class='light' count='5' placement='uniform'/>"

struct site { uint32_t lost, regained; bool on; };

static void on_change(struct sim *s, void *ctx, bool on)
{
	struct site *site = ctx;

	(void)s;
	assert_true(site->on != on);
	site->on = on;
	site->lost += !on;
	site->regained += on;
}

static void run(struct world *w, const char *grid, simtime_t end, struct site site[2], simtime_t backup)
{
	char body[1024];

	snprintf(body, sizeof body, "%s" CLASSES, grid);
	world_open(w, body, 0, end);
	for (int i = 0; i < 2; i++) {
		site[i] = (struct site){ .on = true };
		grid_supply(w->sim, &(struct grid_site){ { 500, 500 }, { .backup = i ? backup : 0 }, ASSET_NONE, 7 },
			    on_change, &site[i]);
	}
	world_run(w);
}

static void without_a_grid_nothing_goes_down(void **st)
{
	struct world w;
	struct site site[2];

	(void)st;
	run(&w, "", SIM_DAY, site, 0);
	assert_int_equal(site[0].lost, 0);
	assert_close(world_kpi(&w, "connectivity.connected-ratio"), 1, 1e-12);
	world_close(&w);
}

/* A feeder is up 90 % of the time; with mean repairs of an hour a backup of an hour saves all but exp(-1) of the time without. */
static void sites_and_mains_devices_are_up_as_renewal_theory_says(void **st)
{
	struct world w;
	struct site site[2];
	simtime_t end = 20000 * SIM_HOUR;
	const char *account = NULL;
	double expected = (1 - 0.1 + 1 - 0.1 * exp(-1)) / 2, lights = 0.9;

	(void)st;
	run(&w, "<power-grid availability='90%' repair='1h'/>", end, site, SIM_HOUR);
	/* 2000 interruptions: their share is within 1/sqrt(2000) x 2.58 x sqrt(2) of the mean */
	assert_close(world_kpi(&w, "power-grid.availability"), 0.9, 0.1 * 0.082);
	assert_close(world_kpi(&w, "power-grid.site-availability"), expected, 0.1 * 0.082);
	assert_close(world_kpi(&w, "connectivity.connected-ratio"), (3 + 5 * lights) / 8, 0.1 * 0.082);
	assert_close(world_kpi(&w, "power-grid.interruption-time"),
		     (1 - world_kpi(&w, "power-grid.availability")) * 365.25 * 86400, 1);
	assert_true(site[1].lost < site[0].lost && site[1].lost > 0);
	assert_true(report_imbalance(w.report, &account) < 1e-9);
	world_close(&w);
}

static void a_backup_that_outlasts_every_repair_never_shows(void **st)
{
	struct world w;
	struct site site[2];

	(void)st;
	run(&w, "<power-grid feeders='7' availability='99%' repair='1min'/>", 1000 * SIM_HOUR, site, SIM_DAY);
	assert_int_equal(site[1].lost, 0);
	assert_true(site[0].lost > 0);
	world_close(&w);
}

/* All feeders for two hours, half of them for four more that overlap by one: 5 of 10 lose 2 h, 5 lose 5 h, of 24 h. */
static void blackouts_take_their_share_of_the_feeders_and_add_up_where_they_overlap(void **st)
{
	struct world w;
	struct site site[2];
	const char *account = NULL;

	(void)st;
	run(&w,
	    "<power-grid feeders='10' availability='100%'><blackout at='6h' lasts='2h'/>"
	    "<blackout at='7h' lasts='4h' share='50%'/></power-grid>",
	    SIM_DAY, site, 3 * SIM_HOUR);
	assert_close(world_kpi(&w, "power-grid.availability"), 1 - (5 * 2 + 5 * 5) / 240.0, 1e-9);
	assert_close(world_kpi(&w, "power-grid.interruptions"), 365.25, 1e-6);
	assert_int_equal(site[0].lost, 1);
	assert_int_equal(site[0].regained, 1);
	/* at the city's middle both sites hang on one feeder; a backup of 3 h helps unless it is cut off for 5 */
	assert_int_equal(site[1].lost, w.sim->now == SIM_DAY && site[1].regained);
	assert_true(report_imbalance(w.report, &account) < 1e-9);
	world_close(&w);
}

static void a_blackout_keeps_what_would_have_come_up_down_until_the_power_returns(void **st)
{
	struct world w;
	struct site site[2];

	(void)st;
	/* it begins with the run and outlasts it: nothing on mains ever powers on */
	run(&w, "<power-grid availability='100%'><blackout at='0s' lasts='2d'/></power-grid>", SIM_DAY, site, SIM_HOUR);
	assert_close(world_kpi(&w, "connectivity.connected-ratio"), 3 / 8.0, 1e-9);
	assert_int_equal(site[1].lost, 1);
	assert_int_equal(site[1].regained, 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_grid_nothing_goes_down),
		cmocka_unit_test(sites_and_mains_devices_are_up_as_renewal_theory_says),
		cmocka_unit_test(blackouts_take_their_share_of_the_feeders_and_add_up_where_they_overlap),
		cmocka_unit_test(a_blackout_keeps_what_would_have_come_up_down_until_the_power_returns),
		cmocka_unit_test(a_backup_that_outlasts_every_repair_never_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
