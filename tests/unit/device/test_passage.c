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

enum { EVENT_ATTACH, EVENT_OFF, EVENT_ON, EVENT_RETIRE };

static void on_event(struct sim *s, void *ctx, uint32_t i, uint16_t event)
{
	(void)ctx;
	if (event == EVENT_ATTACH)
		device_attached(s, i);
	else if (event == EVENT_RETIRE)
		device_move(s, i, DEVICE_RETIRED);
	else
		device_power(s, i, event == EVENT_ON);
}

/* Attached at 10 min: 0 and 1, which lose power at 20 min; 0 is attached again at 40 min.
 * 2 is retired before it ever is, and 3 has lost power. */
static void a_way_is_told_once_and_who_has_been_at_work_did_not_stop_on_it(void **st)
{
	static const struct {
		unsigned minute, device, event;
	} rows[] = {
		{ 10, 0, EVENT_ATTACH }, { 10, 1, EVENT_ATTACH }, { 20, 0, EVENT_OFF },
		{ 20, 1, EVENT_OFF },    { 20, 3, EVENT_OFF },    { 30, 0, EVENT_ON },
		{ 30, 1, EVENT_ON },     { 40, 0, EVENT_ATTACH }, { 50, 2, EVENT_RETIRE },
	};
	struct town t = { .attach_later = true };
	uint16_t kind;

	(void)st;
	town_open(&t, "duration='1h'",
		  CITY "<device-class id='m'><uses network='net'/></device-class><deploy class='m' count='4'/>");
	device_follow(t.sim);
	kind = sim_handler(t.sim, "event", on_event, NULL);
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
		sim_at(t.sim, rows[k].minute * SIM_MINUTE, kind, rows[k].device, (uint16_t)rows[k].event);
	town_run(&t);
	assert_close(flow_of(&t, "deployed", "powered"), 4, 0);
	assert_close(flow_of(&t, "powered", "attached"), 2, 0);
	assert_close(flow_of(&t, "bootstrapped", "operational"), 2, 0);
	assert_close(flow_of(&t, "powered", "not attached"), 1, 0);
	assert_close(flow_of(&t, "powered", "retired"), 1, 0);
	assert_close(flow_of(&t, "deployed", "not powered"), 0, 0);
	assert_close(town_audit(&t, "device passages", "into operational"), 3, 0);
	assert_close(town_kpi(&t, "lifecycle.time-to-operational", "all"), 600, 1e-6);
	assert_close(town_kpi(&t, "lifecycle.operational-ratio", "all"), 0.5, 0);
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
		cmocka_unit_test(a_way_is_told_once_and_who_has_been_at_work_did_not_stop_on_it),
		cmocka_unit_test(without_anything_that_bears_on_lives_nothing_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
