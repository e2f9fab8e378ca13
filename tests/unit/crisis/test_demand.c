/* <demand> and <alarms>: what devices say beside their ordinary readings. */
#include "models/service/traffic.h"
#include "tests/unit/crisis/upheaval.h"

#define TOWN(traffic) \
	"<power-grid feeders='4' availability='100%'/><local-link id='lan'/>" \
	"<device-class id='m'><battery/><uses network='lan'/>" traffic "</device-class>" \
	"<deploy class='m' count='200' placement='uniform'/>"
#define HOURLY TOWN("<traffic period='10min'/>")
#define FLOOD "<flood id='f' at='6h' lasts='12h' source='2.5km 5km' rise='10m/h' peak='1m' slope='0.001'/>"

static double generated(const char *body, const char *crisis, bool twin, double *surge, double *alarms)
{
	struct outbreak o;
	double n;

	upheaval_open(&o, body, crisis, 0, twin, SIM_DAY);
	upheaval_run(&o);
	n = upheaval_kpi(&o, "messages.generated");
	*surge = upheaval_kpi(&o, "crisis.surge-readings");
	*alarms = upheaval_kpi(&o, "crisis.alarms");
	upheaval_close(&o);
	return n;
}

/* 200 devices, 6 readings an hour each: three times as many more for two hours. */
static void a_surge_multiplies_and_leaves_the_ordinary_readings_alone(void **st)
{
	double surge, alarms, none, n, twin, expected = 200 * 6 * 2 * 3;

	(void)st;
	n = generated(HOURLY, FLOOD "<demand hazard='f' packets='4' lasts='2h'/>", false, &surge, &alarms);
	twin = generated(HOURLY, FLOOD "<demand hazard='f' packets='4' lasts='2h'/>", true, &none, &alarms);
	assert_close(surge, expected, 4 * sqrt(expected));
	assert_close(n - surge, twin, 1e-9);
	assert_true(isnan(none));
}

/* The excess falls with e-fold 1 h: over 5 h its integral is 1 - exp(-5) hours of the first. */
static void a_surge_decays(void **st)
{
	double surge, alarms, expected = 200 * 6 * 3 * (1 - exp(-5));

	(void)st;
	generated(HOURLY, FLOOD "<demand packets='4' lasts='5h' decay='1h'/>", false, &surge, &alarms);
	assert_close(surge, expected, 4 * sqrt(expected));
}

/* Water is 1 m at most over the source and 0.5 m at 500 m from it: few devices, by area. */
static void every_device_alarms_once_or_those_alone_that_are_flooded(void **st)
{
	double surge, alarms;

	(void)st;
	generated(HOURLY, FLOOD "<alarms hazard='f' delay='1min'/>", false, &surge, &alarms);
	assert_close(alarms, 200, 1e-9);
	generated(HOURLY, FLOOD "<alarms hazard='f' level='0.5m'/>", false, &surge, &alarms);
	assert_close(alarms, 200 * M_PI * 0.25 / 100, 4 * sqrt(200 * M_PI * 0.25 / 100));
}

/* A mixture of intervals: 11.2 messages a day of a device, doubled for half a day. */
static void a_mixture_surges_at_its_mean_rate(void **st)
{
	double surge, alarms, expected = 200 * 11.2 / 2;

	(void)st;
	generated(TOWN("<traffic pattern='mar-periodic'/>"), FLOOD "<demand packets='2' lasts='12h'/>", false, &surge,
		  &alarms);
	assert_close(surge, expected, 4 * sqrt(expected) + 0.15 * expected);
}

static void what_has_no_meaning_is_refused(void **st)
{
	(void)st;
	assert_true(upheaval_refused(HOURLY, FLOOD "<demand level='1m'/>", "is read with hazard"));
	assert_true(upheaval_refused(HOURLY, FLOOD "<demand hazard='f' level='1kg'/>", "water level"));
	assert_true(upheaval_refused(HOURLY, "<power-outage id='p' at='1h' lasts='1h'/><alarms hazard='p' level='1'/>",
				     "felt nowhere"));
	assert_true(upheaval_refused(HOURLY "<device-class id='q'><battery/></device-class>", FLOOD "<demand class='q'/>",
				     "without <traffic>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_surge_multiplies_and_leaves_the_ordinary_readings_alone),
		cmocka_unit_test(a_surge_decays),
		cmocka_unit_test(every_device_alarms_once_or_those_alone_that_are_flooded),
		cmocka_unit_test(a_mixture_surges_at_its_mean_rate),
		cmocka_unit_test(what_has_no_meaning_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
