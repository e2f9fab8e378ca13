/* Draws, batteries, and the balance of energy. */
#include "tests/unit/device/town.h"

#define CITY "<city width='4km' height='3km'/>"
#define YEAR (365.25 * 86400)

struct load {
	uint16_t kind;
	double joules;
	simtime_t every, takes;
};

static void charge(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	const struct load *l = ctx;
	struct devices *d = devices_of(s);

	(void)detail;
	if (d->state[i] != DEVICE_OPERATIONAL)
		return;
	device_charge(s, d, i, ENERGY_TX, l->joules, l->takes);
	sim_after(s, l->every, l->kind, i, 0);
}

static void open_loaded(struct town *t, struct load *l, const char *run, const char *class_content, unsigned count)
{
	char body[1024];

	snprintf(body, sizeof body, CITY "<device-class id='m'>%s</device-class><deploy class='m' count='%u'/>",
		 class_content, count);
	town_open(t, run, body);
	l->kind = sim_handler(t->sim, "charge", charge, l);
	for (uint32_t i = 0; i < count; i++)
		sim_at(t->sim, SIM_SECOND * (1 + i), l->kind, i, 0);
}

static void transmit_draw_interpolates_the_table_of_the_chip(void **st)
{
	struct town t = { 0 };
	const struct device_class *c;

	(void)st;
	town_open(&t, "duration='1h'", CITY "<device-class id='m'/><deploy class='m' count='1'/>");
	c = &t.dev->classes[0];
	assert_close(device_tx_draw_w(c, 14), 0.044 * 3.3, 1e-12);
	assert_close(device_tx_draw_w(c, 13), 0.035 * 3.3, 1e-12);
	assert_close(device_tx_draw_w(c, 13.5), 0.0395 * 3.3, 1e-12);
	assert_close(device_tx_draw_w(c, -10), 0.024 * 3.3, 1e-12);
	assert_close(device_tx_draw_w(c, 30), 0.120 * 10 * 3.3, 1e-12);
	assert_close(c->rx_w, 0.0112 * 3.3, 1e-12);
	assert_close(c->sleep_w, 1.5e-6 * 3.3, 1e-15);
	assert_false(c->battery);
	town_close(&t);
}

static void a_power_element_replaces_what_it_names(void **st)
{
	struct town t = { 0 };
	const struct device_class *c;

	(void)st;
	town_open(&t, "duration='1h'",
		  CITY "<device-class id='m'><battery voltage='3V' capacity='1Wh' usable='50%' self-discharge='2%'/>"
		       "<power tx-power='0dBm; 10dBm' tx-current='10mA; 20mA' sleep='2uA'/></device-class>"
		       "<deploy class='m' count='1'/>");
	c = &t.dev->classes[0];
	assert_close(device_tx_draw_w(c, 5), 0.015 * 3, 1e-12);
	assert_close(c->sleep_w, 6e-6, 1e-15);
	assert_close(c->rx_w, 0.0112 * 3, 1e-12);
	assert_close(c->usable_j, 1800, 1e-9);
	assert_close(c->self_discharge_w, 72 / YEAR, 1e-15);
	town_close(&t);
	town_refuses(CITY "<device-class id='m'><power tx-power='0dBm; 10dBm' tx-current='10mA'/></device-class>",
		     "has 1 values where tx-power has 2");
	town_refuses(CITY "<device-class id='m'><power tx-power='10dBm; 0dBm' tx-current='1mA; 2mA'/></device-class>",
		     "does not ascend");
}

/* 10 kJ usable; 50 mJ in 1 s every 10 min, else 5 uW of sleep, and 2 % of 20 kJ a year of self-discharge. */
static void battery_life_is_the_hand_calculation(void **st)
{
	struct load l = { .joules = 0.05, .every = 10 * SIM_MINUTE, .takes = SIM_SECOND };
	double draw = 0.05 / 600 + 5e-6 * 599 / 600 + 20000 * 0.02 / YEAR, years = 10000 / draw / YEAR;

	(void)st;
	for (unsigned k = 0; k < 2; k++) {
		struct town t = { 0 };
		open_loaded(&t, &l, k ? "duration='40d' warm-up='10d'" : "duration='30d'",
			    "<battery capacity='20kJ' usable='50%' self-discharge='2%' voltage='5V'/><power sleep='1uA'/>",
			    20);
		town_run(&t);
		assert_close(town_kpi(&t, "energy.battery-life", "all"), years, 0.01 * years);
		assert_close(town_kpi(&t, "energy.battery-life-p5", "class=m"), years, 0.01 * years);
		assert_close(device_energy_j(t.sim, 3), draw * 30 * 86400, 0.001 * draw * 30 * 86400);
		assert_close(device_active_j(t.sim, t.dev->cell[0]), 20 * 0.05 * 4320, 1.01);
		assert_true(report_imbalance(t.report, NULL) < 1e-12);
		town_close(&t);
	}
}

/* Half of the devices draw ten times as much: the 5 % that live shortest are theirs. */
static void the_shortest_lives_are_those_of_the_busiest(void **st)
{
	struct load l = { .joules = 0.1, .every = 10 * SIM_MINUTE, .takes = 0 };
	struct town t = { 0 };
	double busy = 0.1 / 600 + 4.95e-6, quiet = 4.95e-6, usable = 10000 / YEAR;

	(void)st;
	town_open(&t, "duration='30d'",
		  CITY "<device-class id='m'><battery capacity='10kJ' usable='100%' self-discharge='0%'/>"
		       "</device-class><deploy class='m' count='40'/>");
	l.kind = sim_handler(t.sim, "charge", charge, &l);
	for (uint32_t i = 0; i < 20; i++)
		sim_at(t.sim, SIM_SECOND, l.kind, i, 0);
	town_run(&t);
	assert_close(town_kpi(&t, "energy.battery-life", "all"), (usable / busy + usable / quiet) / 2,
		     0.01 * usable / quiet);
	assert_close(town_kpi(&t, "energy.battery-life-p5", "all"), usable / busy, 0.01 * usable / busy);
	town_close(&t);
}

struct own_load {
	uint16_t kind;
};

/* Device i draws (1 + i) mJ a minute. */
static void charge_by_number(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	(void)detail;
	device_charge(s, devices_of(s), i, ENERGY_TX, 1e-3 * (1 + i), 0);
	sim_after(s, SIM_MINUTE, ((const struct own_load *)ctx)->kind, i, 0);
}

/* Of 100 devices the lives are usable / (1 + i) mJ a minute: the 95th is the fifth from below, that of i = 95. */
static void five_in_a_hundred_live_shorter_than_the_p5(void **st)
{
	struct own_load l = { 0 };
	struct town t = { 0 };
	double sum = 0;

	(void)st;
	town_open(&t, "duration='2d'",
		  CITY "<device-class id='m'><battery capacity='1MJ' usable='100%' self-discharge='0%'/><power "
		       "sleep='0A'/></device-class><deploy class='m' count='100'/>");
	l.kind = sim_handler(t.sim, "charge", charge_by_number, &l);
	for (uint32_t i = 0; i < 100; i++) {
		sim_at(t.sim, SIM_SECOND, l.kind, i, 0);
		sum += 1e6 / (1e-3 * (1 + i) / 60) / YEAR / 100;
	}
	town_run(&t);
	/* five devices, i = 95 .. 99, live no longer than i = 95: 0.6 % for the buckets */
	assert_close(town_kpi(&t, "energy.battery-life-p5", "all"), 1e6 / (0.096 / 60) / YEAR,
		     0.006 * 1e6 / (0.096 / 60) / YEAR);
	assert_close(town_kpi(&t, "energy.battery-life", "all"), sum, 1e-3 * sum);
	town_close(&t);
}

/* A quantile of equal lives is that life, not the edge of a bucket below it. */
static void equal_devices_have_equal_quantiles(void **st)
{
	struct load l = { .joules = 0.05, .every = 10 * SIM_MINUTE, .takes = 0 };
	struct town t = { 0 };

	(void)st;
	open_loaded(&t, &l, "duration='30d'", "<battery/>", 1);
	town_run(&t);
	assert_close(town_kpi(&t, "energy.battery-life-p5", "all"), town_kpi(&t, "energy.battery-life", "all"), 0);
	town_close(&t);
}

static void mains_devices_have_no_battery_life(void **st)
{
	struct load l = { .joules = 0.1, .every = SIM_HOUR, .takes = 0 };
	struct town t = { 0 };

	(void)st;
	open_loaded(&t, &l, "duration='1d'", "", 3);
	town_run(&t);
	assert_true(isnan(town_kpi(&t, "energy.battery-life", "all")));
	assert_true(isnan(town_kpi(&t, "energy.battery-life-p5", "all")));
	assert_int_equal(t.dev->state[0], DEVICE_OPERATIONAL);
	town_close(&t);
}

static void note_down(struct sim *s, void *ctx, uint32_t device)
{
	(void)device;
	*(simtime_t *)ctx = s->now;
}

/* 10 J, 1 J an hour from 1 s on: the tenth charge takes the last of it. */
static void a_battery_that_runs_empty_takes_the_device_down_for_good(void **st)
{
	struct load l = { .joules = 1, .every = SIM_HOUR, .takes = 0 };

	(void)st;
	for (unsigned k = 0; k < 2; k++) {
		struct town t = { 0 };
		simtime_t down = -1;
		open_loaded(&t, &l, k ? "duration='1d' warm-up='5h'" : "duration='1d'",
			    "<battery capacity='10J' usable='100%' self-discharge='0%'/><power sleep='0A'/>", 1);
		device_subscribe(t.sim, DEVICE_WENT_DOWN, note_down, &down);
		town_run(&t);
		assert_int_equal(t.dev->state[0], DEVICE_EXHAUSTED);
		assert_int_equal(down, SIM_SECOND + 9 * SIM_HOUR);
		assert_close(town_audit(&t, "device states", "battery empty at the end"), 1, 0);
		/* it is deployed still */
		assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"),
			     k ? (4 * 3600 + 1) / (19.0 * 3600) : (9 * 3600 + 1) / 86400.0, 1e-9);
		device_power(t.sim, 0, true);
		assert_int_equal(t.dev->state[0], DEVICE_EXHAUSTED);
		assert_true(report_imbalance(t.report, NULL) < 1e-12);
		town_close(&t);
	}
}

/* 3.6 J at 1 mW: an hour after power-on, without any event of the device's own. */
static void sleep_alone_empties_a_battery_on_time(void **st)
{
	struct town t = { 0 };
	simtime_t down = -1;

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><battery capacity='3.6J' usable='100%' self-discharge='0%' voltage='1V'/>"
		       "<power sleep='1mA'/></device-class><deploy class='m' count='1' start='2h'/>");
	device_subscribe(t.sim, DEVICE_WENT_DOWN, note_down, &down);
	town_run(&t);
	assert_close(sim_seconds(down), 3 * 3600, 1e-6);
	assert_close(device_energy_j(t.sim, 0), 3.6, 1e-6);
	assert_close(town_kpi(&t, "energy.battery-life", "all"), 3600 / YEAR, 0.01 * 3600 / YEAR);
	town_close(&t);
}

static void move_to_other_cell(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct devices *d = ctx;

	(void)s, (void)detail;
	d->cell[i] = d->cell[d->n - 1];
}

/* A device that changes its cell behind the accounts' back: its time awake is taken from another class's sleep. */
static void an_account_that_misses_a_device_does_not_balance(void **st)
{
	struct load l = { .joules = 1e-3, .every = SIM_MINUTE, .takes = SIM_SECOND };
	struct town t = { 0 };
	const char *account = "";

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='a'><power sleep='1mA'/></device-class><device-class id='b'/>"
		       "<deploy class='a' count='50'/><deploy class='b' count='1'/>");
	l.kind = sim_handler(t.sim, "charge", charge, &l);
	for (uint32_t i = 0; i < 51; i++)
		sim_at(t.sim, SIM_SECOND, l.kind, i, 0);
	sim_at(t.sim, 12 * SIM_HOUR, sim_handler(t.sim, "move", move_to_other_cell, t.dev), 3, 0);
	town_start(&t);
	assert_int_equal(sim_run(t.sim), SIM_OK);
	device_class_model.finish(t.sim, t.sc);
	assert_true(report_imbalance(t.report, &account) > 1e-6);
	assert_string_equal(account, "energy");
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transmit_draw_interpolates_the_table_of_the_chip),
		cmocka_unit_test(a_power_element_replaces_what_it_names),
		cmocka_unit_test(battery_life_is_the_hand_calculation),
		cmocka_unit_test(the_shortest_lives_are_those_of_the_busiest),
		cmocka_unit_test(five_in_a_hundred_live_shorter_than_the_p5),
		cmocka_unit_test(equal_devices_have_equal_quantiles),
		cmocka_unit_test(mains_devices_have_no_battery_life),
		cmocka_unit_test(a_battery_that_runs_empty_takes_the_device_down_for_good),
		cmocka_unit_test(sleep_alone_empties_a_battery_on_time),
		cmocka_unit_test(an_account_that_misses_a_device_does_not_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
