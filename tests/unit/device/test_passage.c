/* The ways that lives take: counted once, timed, and of no trace where nothing bears on them. */
#include "tests/unit/device/town.h"

#define CITY "<city width='4km' height='3km'/><lorawan id='net'/>"

static double flow_of(const struct town *t, const char *from, const char *to)
{
	double sum = 0;

	for (size_t i = 0; i < t->report->n_flows; i++)
		if (strcmp(t->report->flows[i].group, "all") == 0 && strcmp(t->report->flows[i].from, from) == 0 &&
		    strcmp(t->report->flows[i].to, to) == 0)
			sum += t->report->flows[i].value;
	return sum;
}

/* Four devices in service at once, retired after an hour of three. */
static void a_service_life_ends_lives(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(
		&t, "duration='3h'",
		CITY
		"<device-class id='m' service-life='1h'><uses network='net'/></device-class><deploy class='m' count='4'/>");
	town_run(&t);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(t.dev->state[i], DEVICE_RETIRED);
	assert_close(flow_of(&t, "manufactured", "identified"), 4, 0);
	assert_close(flow_of(&t, "bootstrapped", "operational"), 4, 0);
	assert_close(flow_of(&t, "operational", "retired"), 4, 0);
	assert_close(town_audit(&t, "device time", "operational"), 4 * 3600, 1e-6);
	assert_close(town_audit(&t, "device time", "retired"), 4 * 2 * 3600, 1e-6);
	assert_true(report_account(t.report, "device time").balances);
	assert_true(report_account(t.report, "device passages").balances);
	assert_true(report_account(t.report, "device states").balances);
	town_close(&t);
}

static void without_anything_that_bears_on_lives_nothing_is_told(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='3h'",
		  CITY "<device-class id='m'><uses network='net'/></device-class><deploy class='m' count='4'/>");
	town_run(&t);
	assert_int_equal(t.report->n_flows, 0);
	assert_int_equal(t.report->n_cells, 0);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_life_ends_lives),
		cmocka_unit_test(without_anything_that_bears_on_lives_nothing_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
