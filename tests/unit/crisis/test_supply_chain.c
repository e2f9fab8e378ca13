/* Supply chains: cases worked out by hand, and what the response takes. */
#include "models/crisis/supply_chain.h"
#include "tests/unit/crisis/afflicted.h"

#define CLOSED(more) "<supply-disruption at='10d 12:00' lasts='10d' stage='factory' " more "/>"
#define CLOSURE CLOSED("")
#define STORE "<stage id='store' policy='base-stock' level='500' lead-time='2d'/>"
#define FACTORY(more) "<stage id='factory' policy='base-stock' level='1000000' lead-time='1d'  " more "/>"
#define CHAIN(more, stages) "<supply-chain id='c' demand='100' " more ">" stages "</supply-chain>"

static void run(struct afflicted *a, const char *crisis)
{
	afflicted_open(a, "", crisis, 0, 60 * SIM_DAY);
	afflicted_run(a);
}

/* Of 500, 200 are under way.  What was ordered on days 9 and 10 still comes; 300 in stock last for days 13 to 15: day 16 is the first
 * without.  On day 21 the factory ships all that it owes, which arrives on day 23: days 16 to 22 were not filled. */
static void a_closed_factory_is_felt_when_the_stock_and_what_is_under_way_are_gone(void **st)
{
	struct afflicted a;

	(void)st;
	run(&a, CLOSURE CHAIN("", FACTORY("") STORE));
	assert_close(afflicted_kpi(&a, "crisis.time-to-survive", "all"), 5.5 * 86400, 1e-6);
	assert_close(afflicted_kpi(&a, "crisis.time-to-recover", "all"), 12.5 * 86400, 1e-6);
	assert_close(afflicted_kpi(&a, "crisis.fill-rate", "all"), 53 / 60.0, 1e-12);
	afflicted_close(&a);
}

/* 150 a day instead of all at once: 700 are owed on day 22, and 50 fewer each day. */
static void capacity_decides_how_long_it_takes_to_recover(void **st)
{
	struct afflicted a;

	(void)st;
	run(&a, CLOSURE CHAIN("", FACTORY("capacity='150'") STORE));
	assert_close(afflicted_kpi(&a, "crisis.time-to-survive", "all"), 5.5 * 86400, 1e-6);
	assert_close(afflicted_kpi(&a, "crisis.time-to-recover", "all"), 23.5 * 86400, 1e-6);
	afflicted_close(&a);
}

/* Half of what it could: 75 a day are missing 25 of 100. */
static void a_stage_left_half_open_ships_half_of_its_capacity(void **st)
{
	struct afflicted a;

	(void)st;
	run(&a, CLOSED("left-open='50%'") CHAIN("", FACTORY("capacity='150'") STORE));
	/* 25 short on each of 10 days, from a stock of 300: never out */
	assert_true(isnan(afflicted_kpi(&a, "crisis.time-to-survive", "all")));
	assert_close(afflicted_kpi(&a, "crisis.fill-rate", "all"), 1, 1e-12);
	afflicted_close(&a);
}

/* That of the flood: 10 days, as above; it begins a day later, so the end is the same and what is missed is a day less. */
static void a_disruption_ends_with_the_hazard_in_whose_wake_it_comes(void **st)
{
	static const char wake[] =
		"<flood id='f' at='9d 12:00' lasts='11d' source='0km 0km'/><supply-disruption after='f' delay='1d' stage='factory'/>";
	char crisis[1024];
	struct afflicted a;

	(void)st;
	snprintf(crisis, sizeof crisis, "%s%s", wake, CHAIN("", FACTORY("") STORE));
	run(&a, crisis);
	assert_close(afflicted_kpi(&a, "crisis.time-to-survive", "all"), 5.5 * 86400, 1e-6);
	assert_close(afflicted_kpi(&a, "crisis.time-to-recover", "all"), 12.5 * 86400, 1e-6);
	afflicted_close(&a);
}

/* Half and half: a quarter of 150 a day, 62.5 short; the stock of 300 lasts for four days after day 13. */
static void disruptions_of_a_stage_multiply(void **st)
{
	struct afflicted a;

	(void)st;
	run(&a, CLOSED("left-open='50%'") CLOSED("left-open='50%'") CHAIN("", FACTORY("capacity='150'") STORE));
	assert_close(afflicted_kpi(&a, "crisis.time-to-survive", "all"), 6.5 * 86400, 1e-6);
	afflicted_close(&a);
}

static void on_goods(struct sim *s, void *ctx)
{
	simtime_t *first = ctx;

	*first = *first ? *first : s->now;
}

/* The store is closed until day 20.5; then those who wait are told. */
static void a_closed_store_gives_nothing_until_it_is_open(void **st)
{
	struct afflicted a;
	simtime_t first = 0;

	(void)st;
	afflicted_open(
		&a, "",
		"<supply-disruption at='0s' lasts='20d 12:00' stage='s'/>"
		"<supply-chain id='c' item='fuel' demand='0'><stage id='s' policy='base-stock' level='5' lead-time='2d'/></supply-chain>",
		0, 60 * SIM_DAY);
	supply_watch(a.sim, "fuel", on_goods, &first);
	afflicted_run(&a);
	assert_int_equal(first, 20 * SIM_DAY + 12 * SIM_HOUR);
	assert_close(supply_stock(a.sim, "fuel"), 5, 0);
	afflicted_close(&a);
}

static void without_a_disruption_everything_is_filled_and_nothing_is_survived(void **st)
{
	struct afflicted a;

	(void)st;
	run(&a, CHAIN("", "<stage id='s' policy='reorder-point' reorder='300' level='900' lead-time='2d'/>"));
	assert_close(afflicted_kpi(&a, "crisis.fill-rate", "stage=s"), 1, 1e-12);
	assert_true(isnan(afflicted_kpi(&a, "crisis.time-to-survive", "all")));
	assert_true(isnan(afflicted_kpi(&a, "crisis.time-to-recover", "all")));
	assert_true(isnan(afflicted_kpi(&a, "crisis.bullwhip", "all"))); /* a constant demand has no variance */
	afflicted_close(&a);
}

static void random_lead_times_and_demand_lose_no_goods(void **st)
{
	struct afflicted a;

	(void)st;
	for (uint64_t replication = 0; replication < 20; replication++) {
		afflicted_open(
			&a, "",
			CLOSURE CHAIN(
				"deviation='60'",
				FACTORY("lead-deviation='1d' capacity='130'") "<stage id='hub' lead-time='3d' lead-deviation='4d'/><stage id='store' lead-time='2d' "
									      "lead-deviation='1d' safety='100'/>"),
			replication, 60 * SIM_DAY);
		afflicted_run(&a); /* fails where the account does not balance */
		assert_true(afflicted_kpi(&a, "crisis.fill-rate", "all") < 1);
		assert_true(afflicted_kpi(&a, "crisis.bullwhip", "stage=hub") > 1);
		afflicted_close(&a);
	}
}

static void with_trackers_orders_swing_less(void **st)
{
	static const char *const seen[] = { "visibility='0%'", "visibility='50%'", "visibility='100%'" };
	double whip[3];

	(void)st;
	for (int i = 0; i < 3; i++) {
		struct afflicted a;
		char crisis[512];
		snprintf(
			crisis, sizeof crisis,
			"<supply-chain id='c' demand='100' deviation='10' period='1h' %s><stage id='factory' lead-time='2h'/>"
			"<stage id='store' lead-time='2h'/></supply-chain>",
			seen[i]);
		run(&a, crisis);
		whip[i] = afflicted_kpi(&a, "crisis.bullwhip", "stage=factory");
		afflicted_close(&a);
	}
	assert_true(whip[0] > 1.1 * whip[1] && whip[1] > 1.1 * whip[2]);
}

static void the_response_takes_what_is_there_and_what_it_takes_is_ordered_again(void **st)
{
	struct afflicted a;

	(void)st;
	afflicted_open(
		&a, "",
		"<supply-chain id='c' item='fuel' demand='0'><stage id='s' policy='base-stock' level='500' lead-time='2d'/></supply-chain>",
		0, 60 * SIM_DAY);
	assert_true(isinf(supply_stock(a.sim, "spares"))); /* of no chain: not scarce */
	assert_true(supply_take(a.sim, "spares", 1e9));
	assert_close(supply_stock(a.sim, "fuel"), 500, 0);
	assert_true(supply_take(a.sim, "fuel", 400));
	assert_close(supply_stock(a.sim, "fuel"), 100, 0);
	assert_false(supply_take(a.sim, "fuel", 101));
	assert_true(supply_take(a.sim, "fuel", 100));
	afflicted_run(&a);
	assert_close(supply_stock(a.sim, "fuel"), 500, 1e-9); /* came again */
	assert_close(afflicted_kpi(&a, "crisis.fill-rate", "all"), 500 / 601.0, 1e-12);
	afflicted_close(&a);
}

/* Everybody is infected and stays so: a stage that needs people ships nothing. */
static void staff_that_falls_ill_is_missed(void **st)
{
	static const char people[] = "<district id='d' centre='0km 0km' radius='5km' population='1000'/>";
	static const char crisis[] =
		"<epidemic at='10d' seeds='1000' incubation='1min' infectious='10yr'/>"
		"<supply-chain id='c' demand='100'><stage id='s' lead-time='1d' policy='base-stock' level='500' %s/>"
		"</supply-chain>";

	(void)st;
	for (int staffed = 0; staffed < 2; staffed++) {
		struct afflicted a;
		char text[512];
		snprintf(text, sizeof text, crisis, staffed ? "staff='100%'" : "");
		afflicted_open(&a, people, text, 0, 60 * SIM_DAY);
		afflicted_run(&a);
		assert_close(afflicted_kpi(&a, "crisis.fill-rate", "all"), staffed ? 11 / 60.0 : 1, staffed ? 0.03 : 1e-12);
		afflicted_close(&a);
	}
}

static void contradictions_are_refused(void **st)
{
	static const struct {
		const char *crisis, *text;
	} cases[] = {
		{ CHAIN("", "<stage id='s' lead-time='1d' level='5'/>"), "is not of policy=\"order-up-to\"" },
		{ CHAIN("", "<stage id='s' lead-time='1d' policy='base-stock'/>"), "needs a level" },
		{ CHAIN("", "<stage id='s' lead-time='1d' policy='reorder-point' level='5'/>"), "needs the point" },
		{ CHAIN("", "<stage id='s' lead-time='1d' policy='reorder-point' level='5' reorder='5'/>"),
		  "at or above the level" },
		{ CHAIN("", "<stage id='s' lead-time='1d' policy='base-stock' level='5' window='3'/>"),
		  "is of policy=\"order-up-to\"" },
		{ "<supply-disruption at='1d' stage='factory'/>" CHAIN("", FACTORY("") STORE), "how long does it last" },
		{ CHAIN("", ""), "stage" },
		{ CHAIN("item='fuel'",
			"<stage id='s' lead-time='1d'/>") "<supply-chain id='e' item='fuel' demand='1'><stage id='r' lead-time='1d'/></supply-chain>",
		  "comes from the chain at line" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(afflicted_refused("", cases[i].crisis, cases[i].text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_closed_factory_is_felt_when_the_stock_and_what_is_under_way_are_gone),
		cmocka_unit_test(capacity_decides_how_long_it_takes_to_recover),
		cmocka_unit_test(a_stage_left_half_open_ships_half_of_its_capacity),
		cmocka_unit_test(a_disruption_ends_with_the_hazard_in_whose_wake_it_comes),
		cmocka_unit_test(disruptions_of_a_stage_multiply),
		cmocka_unit_test(a_closed_store_gives_nothing_until_it_is_open),
		cmocka_unit_test(without_a_disruption_everything_is_filled_and_nothing_is_survived),
		cmocka_unit_test(random_lead_times_and_demand_lose_no_goods),
		cmocka_unit_test(with_trackers_orders_swing_less),
		cmocka_unit_test(the_response_takes_what_is_there_and_what_it_takes_is_ordered_again),
		cmocka_unit_test(staff_that_falls_ill_is_missed),
		cmocka_unit_test(contradictions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
