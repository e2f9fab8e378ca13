/* When sensors see a hazard, and what becomes of their reports. */
#include "tests/unit/crisis/alert.h"

/* The water comes from (5, 5) km at 06:00 and rises 1 m/h up to 3 m; the ground rises 1 m a km. */
#define FLOOD "<flood id='surge' at='6h' source='5km 5km' rise='1m/h' peak='3m' slope='0.001' lasts='12h'/>"
#define GAUGES(deploy, sensor) \
	"<device-class id='g'><uses network='net'/><sensor hazard='flood' threshold='0.5m' phase='aligned' " sensor "/></device-class>" \
	"<deploy class='g' " deploy "/>"

static void run(struct alert *a, const char *body, simtime_t takes, uint64_t lose)
{
	alert_open(a, body, 0, false);
	a->takes = takes;
	a->lose = lose;
	alert_run(a);
}

static struct alert *fresh(void)
{
	struct alert *a = calloc(1, sizeof *a);

	assert_non_null(a);
	return a;
}

static void done(struct alert *a)
{
	alert_close(a);
	free(a);
}

/* At the source 0.5 m are there at 06:30, whose sample is at 06:36 where one is taken every 12 min. */
static void the_first_sample_after_the_threshold_alarms(void **st)
{
	struct alert *a = fresh();

	(void)st;
	run(a, GAUGES("count='1' placement='grid'", "sampling='12min' hold='1d'") "<crisis>" FLOOD "</crisis>", SIM_SECOND,
	    0);
	assert_int_equal(a->sent, 1);
	assert_close(sim_seconds(a->m[0].created), 6.6 * 3600, 1e-6);
	assert_close(alert_kpi(a, "crisis.report-ratio", "all"), 1, 0);
	assert_close(alert_kpi(a, "crisis.report-delay", "all"), 1, 1e-9);
	done(a);
}

/* From two samples in a row: the second, at 06:48.  With a hold of an hour: again at 07:48, ..., while there is 0.5 m, until 17:30. */
static void consecutive_samples_and_hold_delay_reports(void **st)
{
	struct alert *a = fresh();

	(void)st;
	run(a,
	    GAUGES("count='1' placement='grid'", "sampling='12min' hold='1h' consecutive='2'") "<crisis>" FLOOD "</crisis>",
	    SIM_SECOND, 0);
	assert_int_equal(a->sent, 11);
	for (uint32_t k = 0; k < a->sent; k++)
		assert_close(sim_seconds(a->m[k].created), (6.8 + k) * 3600, 1e-6);
	done(a);
}

static void a_lost_report_is_repeated_as_often_as_it_says(void **st)
{
	struct alert *a = fresh();

	(void)st;
	run(a,
	    GAUGES("count='1' placement='grid'",
		   "sampling='12min' hold='1d' repeat='2' repeat-after='10s'") "<crisis>" FLOOD "</crisis>",
	    SIM_SECOND, 3);
	assert_int_equal(a->sent, 3);
	assert_close(alert_kpi(a, "crisis.reports", "all"), 1, 0);
	assert_close(alert_kpi(a, "crisis.report-ratio", "all"), 1 / 3.0, 1e-12);
	assert_close(alert_kpi(a, "crisis.report-delay", "all"), 23, 1e-9);
	done(a);
	a = fresh();
	run(a, GAUGES("count='1' placement='grid'", "sampling='12min' hold='1d' repeat='2'") "<crisis>" FLOOD "</crisis>",
	    SIM_SECOND, 7);
	assert_int_equal(a->sent, 3);
	assert_close(alert_kpi(a, "crisis.report-ratio", "all"), 0, 0);
	done(a);
}

/* Noise alone exceeds the threshold at the same instants with and without the crisis, until that begins. */
static void the_twin_sees_the_same_false_alarms(void **st)
{
	static const char body[] = GAUGES("count='40' placement='uniform'",
					  "sampling='1min' hold='0s' noise='17cm'") "<crisis>" FLOOD "</crisis>";
	struct alert *a = fresh(), *twin = fresh();
	uint32_t before = 0, k = 0;

	(void)st;
	run(a, body, SIM_SECOND, 0);
	alert_open(twin, body, 0, true);
	twin->takes = SIM_SECOND;
	alert_run(twin);
	for (; k < twin->sent && twin->m[k].created < 6 * SIM_HOUR; k++, before++) {
		assert_int_equal(a->m[k].created, twin->m[k].created);
		assert_int_equal(a->m[k].device, twin->m[k].device);
	}
	assert_true(before > 10 && a->sent > twin->sent);
	/* and each of the twin's is the other's too */
	for (uint32_t j = before; k < twin->sent; k++, j++) {
		while (j < a->sent && !(a->m[j].created == twin->m[k].created && a->m[j].device == twin->m[k].device))
			j++;
		assert_true(j < a->sent);
	}
	done(a);
	done(twin);
}

/* A feeder is gone all day: what hangs on it observes nothing. */
static void a_sensor_without_power_observes_nothing(void **st)
{
	static const char body[] = "<power-grid><blackout at='5h' lasts='18h'/></power-grid>" GAUGES(
		"count='4' placement='grid'", "sampling='1min'") "<crisis>" FLOOD "</crisis>";
	struct alert *a = fresh();

	(void)st;
	run(a, body, SIM_SECOND, 0);
	assert_int_equal(a->sent, 0);
	done(a);
}

/* 1,000 devices, 480 samples each: those of a classifier that miss, and those that cry wolf. */
static void a_classifier_has_its_two_rates(void **st)
{
	static const char body[] =
		"<device-class id='g'><uses network='net'/><sensor hazard='flood' threshold='0.5m' phase='aligned' sampling='1h' hold='0s' "
		"sensitivity='80%' specificity='99%'/></device-class><deploy class='g' count='2000' placement='uniform'/>"
		"<crisis><flood at='11.5h' source='5km 5km' rise='100m/s' peak='50m' slope='0.001' lasts='12h'/></crisis>";
	struct alert *a = fresh();
	double calm = 0, wet = 0;

	(void)st;
	run(a, body, SIM_SECOND, 0);
	for (uint32_t k = 0; k < a->sent; k++)
		*(a->m[k].created > 11.5 * SIM_HOUR && a->m[k].created < 23.5 * SIM_HOUR ? &wet : &calm) += 1;
	/* 4 standard errors of a binomial: samples at 1 h .. 11 h (at 0 h none works yet or all do) and 24 h; 12 h .. 23 h
	 */
	assert_close(calm / (2000 * 12.5), 0.01, 0.01 * 0.3);
	assert_close(wet / (2000 * 12), 0.8, 4 * sqrt(0.16 / 24000));
	done(a);
}

/* One sample in ten alarms: one in a hundred does right after another.  Their number varies by n p^2 (1 + 2 p) about. */
static void two_in_a_row_are_two_samples_side_by_side(void **st)
{
	struct alert *a = fresh();
	double expected = 100 * 1439 * 0.01;

	(void)st;
	run(a,
	    "<device-class id='g'><uses network='net'/><sensor hazard='flood' threshold='0.5m' hold='0s' sensitivity='90%' specificity='90%' "
	    "consecutive='2'/></device-class><deploy class='g' count='100' placement='uniform'/>",
	    SIM_SECOND, 0);
	assert_close(a->sent, expected, 4 * sqrt(1.2 * expected));
	done(a);
}

static void what_makes_no_sense_is_refused(void **st)
{
	static const struct {
		const char *sensor, *text;
	} cases[] = {
		{ "hazard='flod' threshold='1m'", "\"flod\" is neither a kind of hazard (flood" },
		{ "hazard='flood' threshold='1s'", "it is a water level of <flood>" },
		{ "hazard='flood' threshold='0m'", "is reached where there is no hazard" },
		{ "hazard='flood' threshold='1m' sensitivity='90%'", "is missing: of what decides by itself" },
		{ "hazard='flood' threshold='1m' sensitivity='10%' specificity='80%'", "is below 1 - specificity" },
		{ "hazard='flood' threshold='1m' sensitivity='90%' specificity='80%' noise='1cm'",
		  "leave one of them out" },
		{ "hazard='flood' threshold='1m' repeat-after='1s'", "is read with repeat of at least 1 only" },
	};
	char body[512];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(
			body, sizeof body,
			"<device-class id='g'><uses network='net'/><sensor %s/></device-class><deploy class='g' count='1'/>",
			cases[i].sensor);
		assert_true(alert_refused(body, cases[i].text));
	}
	assert_true(alert_refused("<device-class id='g'><sensor hazard='flood' threshold='1m'/></device-class>",
				  "uses no network"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_sample_after_the_threshold_alarms),
		cmocka_unit_test(consecutive_samples_and_hold_delay_reports),
		cmocka_unit_test(a_lost_report_is_repeated_as_often_as_it_says),
		cmocka_unit_test(the_twin_sees_the_same_false_alarms),
		cmocka_unit_test(a_sensor_without_power_observes_nothing),
		cmocka_unit_test(a_classifier_has_its_two_rates),
		cmocka_unit_test(two_in_a_row_are_two_samples_side_by_side),
		cmocka_unit_test(what_makes_no_sense_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
