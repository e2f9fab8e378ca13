/* States, signals, admission, groups. */
#include "tests/unit/device/town.h"

#define CITY "<city width='4km' height='3km'/>"
#define METERS                                                                                                             \
	CITY "<lorawan id='net'/><device-class id='m'><uses network='net'/></device-class><deploy class='m' count='4'/>"

struct log {
	char text[256];
	bool refuse;
};

static void say(struct log *l, const char *what, uint32_t device)
{
	size_t n = strlen(l->text);

	snprintf(l->text + n, sizeof l->text - n, "%s%u ", what, device);
}

static void on_up(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	say(ctx, "up", i);
}

static void on_operational(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	say(ctx, "op", i);
}

static void on_down(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	say(ctx, "down", i);
}

static bool admit(struct sim *s, void *ctx, uint32_t i)
{
	(void)s;
	say(ctx, "?", i);
	return !((struct log *)ctx)->refuse;
}

static void listen(struct town *t, struct log *l)
{
	device_subscribe(t->sim, DEVICE_UP, on_up, l);
	device_subscribe(t->sim, DEVICE_WENT_OPERATIONAL, on_operational, l);
	device_subscribe(t->sim, DEVICE_WENT_DOWN, on_down, l);
}

static void a_device_powers_up_attaches_and_operates_in_this_order(void **st)
{
	struct town t = { 0 };
	struct log l = { 0 };

	(void)st;
	town_open(&t, "duration='1h'",
		  CITY "<lorawan id='net'/><device-class id='m'><uses network='net'/></device-class>"
		       "<deploy class='m' count='1'/>");
	listen(&t, &l);
	town_run(&t);
	device_power(t.sim, 0, false);
	device_power(t.sim, 0, false);
	device_power(t.sim, 0, true);
	device_power(t.sim, 0, true);
	device_attached(t.sim, 0);
	/* The network subscribed first and attaches at once, so it is operational before the test hears that it is up. */
	assert_string_equal(l.text, "op0 up0 down0 op0 up0 ");
	assert_int_equal(t.attached, 2);
	assert_int_equal(t.detached, 1);
	town_close(&t);
}

static void a_device_that_its_network_does_not_attach_is_not_connected(void **st)
{
	struct town t = { .attach_later = true };

	(void)st;
	town_open(&t, "duration='1h'", METERS);
	town_start(&t);
	town_finish(&t);
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"), 0, 0);
	assert_close(town_audit(&t, "device states", "powered at the end"), 4, 0);
	town_close(&t);
}

static void admission_is_asked_before_every_state_and_a_refusal_stops_there(void **st)
{
	(void)st;
	for (unsigned before = DEVICE_IDENTIFIED; before <= DEVICE_OPERATIONAL; before++) {
		struct town t = { 0 };
		struct log l = { .refuse = true };
		town_open(&t, "duration='1h'", METERS);
		device_admission(t.sim, (enum device_state)before, admit, &l);
		town_run(&t);
		assert_string_equal(l.text, "?0 ?1 ?2 ?3 ");
		for (uint32_t i = 0; i < 4; i++)
			assert_int_equal(t.dev->state[i], before - 1);
		assert_int_equal(t.attached, before <= DEVICE_ATTACHED ? 0 : 4);
		l.refuse = false;
		device_retry(t.sim, 2);
		assert_int_equal(t.dev->state[2], DEVICE_OPERATIONAL);
		assert_int_equal(t.dev->state[1], before - 1);
		town_close(&t);
	}
}

static void a_retry_neither_hastens_the_roll_out_nor_joins_twice(void **st)
{
	struct town t = { .attach_later = true };

	(void)st;
	town_open(&t, "duration='1h'", METERS);
	device_retry(t.sim, 0);
	assert_int_equal(t.dev->state[0], DEVICE_MANUFACTURED);
	town_run(&t);
	assert_int_equal(t.attached, 4);
	device_retry(t.sim, 0);
	assert_int_equal(t.attached, 4);
	town_close(&t);
}

/* Into every state by the ways that there are, then from there to every other. */
static void only_the_ways_of_the_table_lead_from_state_to_state(void **st)
{
	static const enum device_state late[] = { DEVICE_OPERATIONAL, DEVICE_SUSPENDED, DEVICE_COMPROMISED,
						  DEVICE_QUARANTINED, DEVICE_ATTACHED,  DEVICE_RETIRED };
	static const bool leads[6][6] = {
		{ 0, 1, 1, 1, 1, 1 }, { 1, 0, 0, 1, 1, 1 }, { 1, 1, 0, 1, 1, 1 }, { 1, 1, 0, 0, 1, 1 }, { 0 }, { 0 },
	};
	struct town t = { 0 };

	(void)st;
	for (unsigned from = 0; from < 4; from++)
		for (unsigned to = 0; to < 6; to++) {
			town_open(&t, "duration='1h'", METERS);
			town_run(&t);
			if (from)
				assert_true(device_move(t.sim, 0, late[from]));
			assert_int_equal(device_move(t.sim, 0, late[to]), leads[from][to]);
			/* to ATTACHED goes on: nobody refuses it */
			assert_int_equal(t.dev->state[0], !leads[from][to]              ? late[from]
							  : late[to] == DEVICE_ATTACHED ? DEVICE_OPERATIONAL
											: late[to]);
			town_close(&t);
		}
}

static void a_retired_device_neither_works_nor_comes_back(void **st)
{
	struct town t = { 0 };
	struct log l = { 0 };

	(void)st;
	town_open(&t, "duration='1h'", METERS);
	listen(&t, &l);
	town_run(&t);
	l.text[0] = 0;
	assert_true(device_move(t.sim, 1, DEVICE_RETIRED));
	assert_string_equal(l.text, "down1 ");
	device_power(t.sim, 1, false);
	device_power(t.sim, 1, true);
	device_retry(t.sim, 1);
	assert_false(device_move(t.sim, 1, DEVICE_OPERATIONAL));
	assert_int_equal(t.dev->state[1], DEVICE_RETIRED);
	assert_int_equal(t.detached, 1);
	town_close(&t);
}

static void see(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	unsigned *seen = ctx;

	assert_int_equal(devices_of(s)->state[i], to);
	assert_int_equal(from, i == 0 ? *seen : from);
	*seen = i == 0 ? to : *seen;
}

static void a_watcher_is_told_every_change_in_order(void **st)
{
	struct town t = { 0 };
	unsigned at = DEVICE_MANUFACTURED;

	(void)st;
	town_open(&t, "duration='1h'", METERS);
	device_watch(t.sim, see, &at);
	town_run(&t);
	assert_int_equal(at, DEVICE_OPERATIONAL);
	device_power(t.sim, 0, false);
	assert_int_equal(at, DEVICE_DEPLOYED);
	town_close(&t);
}

static void the_first_refusal_counts_and_no_later_hook_is_asked(void **st)
{
	struct town t = { 0 };
	struct log first = { .refuse = true }, second = { 0 };

	(void)st;
	town_open(&t, "duration='1h'", METERS);
	device_admission(t.sim, DEVICE_POWERED, admit, &first);
	device_admission(t.sim, DEVICE_POWERED, admit, &second);
	town_run(&t);
	assert_string_equal(first.text, "?0 ?1 ?2 ?3 ");
	assert_string_equal(second.text, "");
	town_close(&t);
}

static void cut_power(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	(void)ctx;
	device_power(s, device, on);
}

static void time_without_power_is_not_connected(void **st)
{
	struct town t = { 0 };
	uint16_t kind;

	(void)st;
	town_open(&t, "duration='11h' warm-up='1h'", METERS);
	kind = sim_handler(t.sim, "cut", cut_power, NULL);
	sim_at(t.sim, SIM_HOUR / 2, kind, 0, 0);
	sim_at(t.sim, 2 * SIM_HOUR, kind, 0, 1);
	sim_at(t.sim, 3 * SIM_HOUR, kind, 1, 0);
	sim_at(t.sim, 5 * SIM_HOUR, kind, 1, 1);
	sim_at(t.sim, 6 * SIM_HOUR, kind, 2, 0);
	town_run(&t);
	/* 1 h, 2 h and 5 h of 4 x 10 h */
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"), 32.0 / 40, 1e-12);
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "network=net"), 32.0 / 40, 1e-12);
	assert_close(device_powered_s(t.sim, 2), 5 * 3600, 1e-3);
	assert_true(report_imbalance(t.report, NULL) < 1e-12);
	town_close(&t);
}

static void a_group_is_the_set_of_its_cells(void **st)
{
	struct town t = { 0 };
	const struct groups *g;
	const char *names[] = { "all",           "class=a",       "class=b",    "vertical=water",
				"district=west", "district=east", "network=net" };
	bool seen[7] = { false };

	(void)st;
	town_open(&t, "duration='1h'",
		  "<city width='4km' height='3km'><district id='west' centre='1km 1km' radius='900m'/>"
		  "<district id='east' centre='3km 1km' radius='900m'/><district id='empty' centre='2km 2.8km' "
		  "radius='9m'/></city>"
		  "<lorawan id='net'/><lorawan id='unused'/>"
		  "<device-class id='a' vertical='water'><uses network='net'/></device-class>"
		  "<device-class id='b' vertical='water'/><device-class id='idle' vertical='none'/>"
		  "<deploy class='a' count='5' district='west'/><deploy class='b' count='7' district='east'/>");
	g = groups_of(t.sim);
	assert_int_equal(g->n, 7);
	for (uint32_t k = 0; k < g->n; k++)
		for (unsigned j = 0; j < 7; j++)
			if (!strcmp(g->name[k], names[j])) {
				static const uint32_t sizes[] = { 12, 5, 7, 12, 5, 7, 5 };
				uint32_t n = 0;
				seen[j] = true;
				for (uint32_t i = 0; i < t.dev->n; i++)
					n += g->member[k][t.dev->cell[i]];
				assert_int_equal(n, sizes[j]);
			}
	for (unsigned j = 0; j < 7; j++)
		assert_true(seen[j]);
	assert_string_equal(g->name[0], "all");
	town_close(&t);
}

static void every_state_has_a_name_of_its_own(void **st)
{
	(void)st;
	for (unsigned a = 0; a < DEVICE_STATES; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(device_state_name((enum device_state)a),
						device_state_name((enum device_state)b));
	assert_string_equal(device_state_name(DEVICE_STATES), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_powers_up_attaches_and_operates_in_this_order),
		cmocka_unit_test(a_device_that_its_network_does_not_attach_is_not_connected),
		cmocka_unit_test(admission_is_asked_before_every_state_and_a_refusal_stops_there),
		cmocka_unit_test(a_retry_neither_hastens_the_roll_out_nor_joins_twice),
		cmocka_unit_test(only_the_ways_of_the_table_lead_from_state_to_state),
		cmocka_unit_test(a_retired_device_neither_works_nor_comes_back),
		cmocka_unit_test(a_watcher_is_told_every_change_in_order),
		cmocka_unit_test(the_first_refusal_counts_and_no_later_hook_is_asked),
		cmocka_unit_test(time_without_power_is_not_connected),
		cmocka_unit_test(a_group_is_the_set_of_its_cells),
		cmocka_unit_test(every_state_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
