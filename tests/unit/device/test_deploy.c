/* <deploy>: files, roll-out, and what is refused. */
#include "tests/unit/device/town.h"

#define CITY        "<city width='4km' height='3km'/>"
#define CLASS       "<device-class id='m'/>"
#define FILE_DEPLOY CITY CLASS "<deploy class='m' placement='file' file='town.csv'/>"

static void a_file_gives_place_indoor_and_start_of_each_device(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("town.csv", "start,x,y,indoor\n,100,200,yes\n2h,3000.5,2000,no\n30min,1,2,\n");
	town_open(&t, "duration='1h'", FILE_DEPLOY);
	assert_int_equal(t.dev->n, 3);
	assert_close(t.dev->x[1], 3000.5, 1e-3);
	assert_close(t.dev->y[1], 2000, 1e-3);
	assert_int_equal(t.dev->indoor[0], 1);
	assert_int_equal(t.dev->indoor[1], 0);
	assert_int_equal(t.dev->indoor[2], 0);
	town_run(&t);
	assert_int_equal(t.dev->state[0], DEVICE_OPERATIONAL);
	assert_int_equal(t.dev->state[1], DEVICE_MANUFACTURED);
	assert_int_equal(t.dev->state[2], DEVICE_OPERATIONAL);
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"), 1, 1e-9);
	town_close(&t);
}

static void a_start_in_the_file_stands_for_that_of_the_deploy(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("town.csv", "x,y,start\n1,1,30min\n2,2,\n");
	town_open(&t, "duration='2h'", CITY CLASS "<deploy class='m' placement='file' file='town.csv' start='90min'/>");
	town_run(&t);
	assert_close(device_powered_s(t.sim, 0), 90 * 60, 1e-3);
	assert_close(device_powered_s(t.sim, 1), 30 * 60, 1e-3);
	town_close(&t);
}

static void a_count_takes_the_first_rows_of_a_file(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("town.csv", "x,y\n1,1\n2,2\n3,3\n");
	town_open(&t, "duration='1h'", CITY CLASS "<deploy class='m' placement='file' file='town.csv' count='2'/>");
	assert_int_equal(t.dev->n, 2);
	town_close(&t);
	town_refuses(CITY CLASS "<deploy class='m' placement='file' file='town.csv' count='4'/>",
		     "is more than the 3 rows");
}

static void bad_rows_are_named_by_their_line(void **st)
{
	(void)st;
	write_file("town.csv", "x,y,indoor\n1,1,yes\n2,2,maybe\n");
	town_refuses(FILE_DEPLOY, "town.csv:3: indoor: \"maybe\" is neither yes nor no");
	write_file("town.csv", "x,y,start\n1,1,7\n");
	town_refuses(FILE_DEPLOY, "town.csv:2: start: \"7\" is not a duration");
	write_file("town.csv", "x,y\n1,seven\n");
	town_refuses(FILE_DEPLOY, "town.csv:2");
	write_file("town.csv", "x,y\n");
	town_refuses(FILE_DEPLOY, "no devices");
	write_file("town.csv", "lat,lon\n50.7,7.1\n");
	town_refuses(FILE_DEPLOY, "the city has no place on earth");
	write_file("town.csv", "a,b\n50.7,7.1\n");
	town_refuses(FILE_DEPLOY, "town.csv");
	remove("town.csv");
	town_refuses(FILE_DEPLOY, "town.csv");
}

static void positions_outside_the_city_are_a_finding(void **st)
{
	struct town t = { 0 };

	(void)st;
	write_file("town.csv", "x,y\n1,1\n9000,2\n");
	town_open(&t, "duration='1h'", FILE_DEPLOY);
	assert_true(town_complains(&t, "1 of 2 positions lie outside the city"));
	assert_int_equal(t.dev->district[1], -1);
	town_close(&t);
	remove("town.csv");
}

static void attributes_that_nothing_would_read_are_refused(void **st)
{
	static const struct {
		const char *attributes, *text;
	} cases[] = {
		{ "placement='uniform'", "<deploy count>: is needed" },
		{ "placement='file'", "<deploy file>: is needed" },
		{ "placement='grid' count='2' clusters='3'", "is read with placement=\"clustered\" only" },
		{ "placement='uniform' count='2' cluster-radius='3m'", "is read with placement=\"clustered\" only" },
		{ "placement='uniform' count='2' centre='1km 1km'", "\"1km 1km\" needs its radius" },
		{ "placement='uniform' count='2' radius='1km'", "\"1km\" needs its centre" },
		{ "placement='population' count='2' centre='1km 1km' radius='1km'",
		  "does not go with placement=\"population\"" },
		{ "placement='uniform' count='2' centre='9km 1km' radius='1km'", "lies outside the city" },
		{ "placement='uniform' count='2' centre='50N 7E' radius='1km'", "no place on earth" },
		{ "placement='uniform' count='2' district='old-port'", "is no district of the city" },
		{ "placement='uniform' count='0'", "<deploy count>: \"0\" is outside" },
		{ "placement='uniform' count='50000001'", "<deploy count>" },
		{ "placement='uniform' count='2' indoor='120%'", "<deploy indoor>" },
	};
	char body[512];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(body, sizeof body, CITY CLASS "<deploy class='m' %s/>", cases[i].attributes);
		town_refuses(body, cases[i].text);
	}
}

static void more_devices_than_any_machine_holds_are_refused_and_none_is(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_refuses(CITY CLASS "<deploy class='m' count='50000000'/><deploy class='m' count='1'/>",
		     "50000001 devices in all");
	town_refuses(CITY CLASS, "<scenario>: needs a <deploy>");
	town_refuses(CITY, "<scenario>: needs a <deploy>");
	assert_true(town_load(&t, "duration='1h'", CITY CLASS "<deploy class='m' count='1' placement='population'/>"));
	assert_true(town_complains(&t, "finds no people in the city: the devices are placed uniformly"));
	town_close(&t);
	assert_true(town_load(&t, "duration='1h'",
			      CITY CLASS "<device-class id='none'/><deploy class='m' count='1' start='2h'/>"));
	assert_true(town_complains(&t, "<device-class none>: no <deploy> places a device"));
	assert_true(town_complains(&t, "is after the end of the run"));
	town_close(&t);
}

/* Kolmogorov-Smirnov against the uniform law; 1.95 / sqrt(n) is the 99.9 % point. */
static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct ups {
	double at[5000];
	size_t n;
};

static void note_up(struct sim *s, void *ctx, uint32_t device)
{
	struct ups *u = ctx;

	(void)device;
	u->at[u->n++] = sim_seconds(s->now);
}

static void a_roll_out_powers_devices_on_uniformly(void **st)
{
	static struct ups u;
	struct town t = { 0 };
	double worst = 0;

	(void)st;
	u.n = 0;
	town_open(&t, "duration='1d'", CITY CLASS "<deploy class='m' count='5000' start='2h' over='12h'/>");
	device_subscribe(t.sim, DEVICE_UP, note_up, &u);
	town_run(&t);
	assert_int_equal(u.n, 5000);
	qsort(u.at, u.n, sizeof u.at[0], ascending);
	assert_true(u.at[0] >= 7200 && u.at[u.n - 1] <= 7200 + 43200);
	for (size_t i = 0; i < u.n; i++)
		worst = fmax(worst, fabs((u.at[i] - 7200) / 43200 - ((double)i + 0.5) / 5000));
	assert_true(worst < 1.95 / sqrt(5000));
	town_close(&t);
}

static void what_the_horizon_cuts_off_stays_planned_and_is_not_deployed(void **st)
{
	struct town t = { 0 };
	unsigned planned = 0;

	(void)st;
	town_open(&t, "duration='6h'", CITY CLASS "<deploy class='m' count='4000' over='12h'/>");
	town_run(&t);
	for (uint32_t i = 0; i < t.dev->n; i++)
		planned += t.dev->state[i] == DEVICE_MANUFACTURED;
	assert_close(planned, 2000, 4 * sqrt(1000));
	assert_close(town_audit(&t, "device states", "manufactured at the end"), planned, 0);
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"), 1, 1e-9);
	assert_true(report_imbalance(t.report, NULL) < 1e-12);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_gives_place_indoor_and_start_of_each_device),
		cmocka_unit_test(a_start_in_the_file_stands_for_that_of_the_deploy),
		cmocka_unit_test(a_count_takes_the_first_rows_of_a_file),
		cmocka_unit_test(bad_rows_are_named_by_their_line),
		cmocka_unit_test(positions_outside_the_city_are_a_finding),
		cmocka_unit_test(attributes_that_nothing_would_read_are_refused),
		cmocka_unit_test(more_devices_than_any_machine_holds_are_refused_and_none_is),
		cmocka_unit_test(a_roll_out_powers_devices_on_uniformly),
		cmocka_unit_test(what_the_horizon_cuts_off_stays_planned_and_is_not_deployed),
	};
	char folder[] = "/tmp/sccsim-deploy-XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
