/* What hazards break and when, against the log-normal law and times worked out by hand. */
#include "models/crisis/crisis.h"
#include "models/crisis/damage.h"
#include "models/network/asset.h"
#include "tests/unit/security/outbreak.h"

/* Water of the same depth all over the town, 1 m up in an hour. */
#define FLOOD(peak) "<flood at='1h' source='500m 500m' rise='1m/h' peak='" peak "' slope='0.000001' lasts='20h'/>"
#define METERS "<device-class id='meter'><battery/></device-class><deploy class='meter' count='20000' placement='uniform'/>"
#define ONE "<device-class id='one'/><deploy class='one' count='1'/>"
#define NET ONE "<lorawan id='net'><gateways count='40' placement='uniform'/></lorawan>"

static double phi(double x)
{
	return erfc(-x / sqrt(2)) / 2;
}

static void open_run(struct outbreak *o, const char *body, simtime_t end)
{
	outbreak_open(o, body, 0, 0, end);
	outbreak_run(o);
}

/* 20,000 meters: 3.29 deviations of the binomial are 0.012 at the most; the ground's slope shifts it by less than 0.001. */
static void the_share_that_breaks_is_the_log_normal_law_of_the_intensity(void **st)
{
	static const struct {
		const char *peak;
		double level;
	} cases[] = {
		{ "0.2m", 0.2 }, { "0.4m", 0.4 }, { "0.6m", 0.6 }, { "0.8m", 0.8 },
		{ "1.1m", 1.1 }, { "1.6m", 1.6 }, { "3m", 3 },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct outbreak o;
		char body[1024];
		double expected = phi(log(cases[i].level / 0.8) / 0.4);
		snprintf(body, sizeof body,
			 METERS
			 "<crisis><flood at='1h' source='500m 500m' rise='1m/h' peak='%s' slope='0.000001' lasts='20h'/>"
			 "<fragility hazard='flood' class='meter' median='0.8m' deviation='0.4'/></crisis>",
			 cases[i].peak);
		open_run(&o, body, SIM_DAY);
		assert_close(outbreak_kpi(&o, "crisis.damaged-ratio", "class=meter"), expected,
			     3.29 * sqrt(expected * (1 - expected) / 20000) + 0.001);
		assert_close(outbreak_kpi(&o, "crisis.damaged-ratio", "all"),
			     outbreak_kpi(&o, "crisis.damaged-ratio", "class=meter"), 0);
		assert_close(outbreak_kpi(&o, "crisis.mended-ratio", "all"), 0, 0);
		outbreak_close(&o);
	}
}

static void what_is_destroyed_is_the_same_law_of_a_higher_median_and_takes_six_times_as_long(void **st)
{
	struct outbreak o;
	const struct damage *d;
	double expected = phi(log(1 / 1.6) / 0.4) / phi(log(1 / 0.8) / 0.4);
	uint32_t n, destroyed = 0;

	(void)st;
	open_run(&o,
		 METERS "<crisis>" FLOOD("1m") "<fragility hazard='flood' class='meter' median='0.8m' destroyed='1.6m' "
					       "deviation='0.4' work='2h' variation='0'/></crisis>",
		 SIM_DAY);
	d = damages_of(o.sim, &n);
	for (uint32_t i = 0; i < n; i++) {
		destroyed += d[i].state == DAMAGE_DESTROYED;
		assert_close(d[i].work, d[i].state == DAMAGE_DESTROYED ? 43200 : 7200, 1e-6);
		assert_true(d[i].mends == SIM_NEVER && d[i].mended == SIM_NEVER && !d[i].known);
	}
	assert_close((double)destroyed / n, expected, 3.29 * sqrt(expected * (1 - expected) / n) + 0.001);
	assert_close(outbreak_kpi(&o, "crisis.destroyed-ratio", "all"), (double)destroyed / n, 1e-12);
	outbreak_close(&o);
}

/* With deviation 0 a gateway breaks when 1 m of water stands over its ground: an hour, and one for each m of ground. */
static void a_thing_breaks_at_the_moment_at_which_the_hazard_reaches_its_capacity(void **st)
{
	struct outbreak o;
	const struct damage *d;
	const struct asset *a;
	uint32_t n, assets;

	(void)st;
	open_run(&o,
		 NET "<crisis><flood at='2h' source='0m 0m' rise='1m/h' peak='1.5m' slope='0.001' lasts='20h'/>"
		     "<fragility hazard='flood' of='gateway' median='1m' deviation='0'/></crisis>",
		 SIM_DAY);
	d = damages_of(o.sim, &n);
	a = assets_of(o.sim, &assets);
	assert_true(n > 4 && n < 40);
	for (uint32_t i = 0; i < n; i++) {
		struct point at = a[d[i].asset].at;
		assert_close(sim_seconds(d[i].at), 7200 + 3600 * (1 + 0.001 * hypot(at.x, at.y)), 1e-6);
		assert_int_equal(a[d[i].asset].reasons, 1);
		assert_int_equal(damage_of_asset(o.sim, d[i].asset), i);
	}
	for (uint32_t k = 0; k < assets; k++)
		if (damage_of_asset(o.sim, k) == DAMAGE_NONE)
			assert_true(0.001 * hypot(a[k].at.x, a[k].at.y) > 0.5);
	outbreak_close(&o);
}

static double hours_at(const struct damage *d, uint32_t n, uint32_t asset)
{
	for (uint32_t i = 0; i < n; i++)
		if (d[i].asset == asset)
			return sim_seconds(d[i].at) / 3600;
	return NAN;
}

static void what_breaks_does_not_depend_on_what_else_there_is(void **st)
{
	static const char fragility[] =
		"<fragility hazard='flood' of='gateway' median='0.8m' deviation='0.4' repair='2h'/>";
	struct outbreak a, b;
	const struct damage *da, *db;
	uint32_t na, nb;
	char body[2048];

	(void)st;
	snprintf(body, sizeof body, NET "<crisis>" FLOOD("1m") "%s</crisis>", fragility);
	open_run(&a, body, SIM_DAY);
	snprintf(body, sizeof body,
		 METERS "<nb-iot id='other'><sites count='3'/></nb-iot>" NET
			"<crisis><fragility hazard='flood' class='meter' "
			"median='1m'/>" FLOOD("1m") "<flood id='late' at='22h' source='0m 0m' peak='0.1m'/>%s</crisis>",
		 fragility);
	open_run(&b, body, SIM_DAY);
	da = damages_of(a.sim, &na);
	db = damages_of(b.sim, &nb);
	assert_true(na > 10 && nb > na);
	for (uint32_t i = 0; i < na; i++) {
		uint32_t k = 0;
		while (k < nb && !(db[k].device == DAMAGE_NONE && db[k].at == da[i].at && db[k].mends == da[i].mends))
			k++;
		assert_true(k < nb);
	}
	outbreak_close(&a);
	outbreak_close(&b);
}

/* Two floods over everything, a day apart; what the first breaks takes 12 h, or two days, to mend. */
static void what_is_broken_breaks_again_only_once_it_is_mended(void **st)
{
	static const struct {
		const char *repair;
		double damages, mended;
	} cases[] = { { "12h", 80, 1 }, { "60h", 40, 1 } };

	(void)st;
	for (size_t i = 0; i < 2; i++) {
		struct outbreak o;
		char body[1024];
		uint32_t n;
		snprintf(
			body, sizeof body,
			NET "<crisis>" FLOOD(
				"5m") "<flood at='25h' source='500m 500m' rise='1m/h' peak='5m' lasts='20h'/>"
				      "<fragility hazard='flood' of='gateway' median='1m' deviation='0' repair='%s' variation='0'/></crisis>",
			cases[i].repair);
		open_run(&o, body, 4 * SIM_DAY);
		damages_of(o.sim, &n);
		assert_close(n, cases[i].damages, 0);
		assert_close(outbreak_kpi(&o, "crisis.mended-ratio", "kind=gateway"), cases[i].mended, 0);
		assert_close(outbreak_kpi(&o, "crisis.damaged-ratio", "kind=gateway"), 1, 0);
		for (uint32_t k = 0; k < 40; k++)
			assert_int_equal(damage_of_asset(o.sim, k), DAMAGE_NONE);
		assert_close(hours_at(damages_of(o.sim, &n), n, 0), 2, 0.001);
		outbreak_close(&o);
	}
}

static void one_hazard_goes_before_its_kind_and_one_element_before_its_kind_of_asset(void **st)
{
	struct outbreak o;
	const struct damage *d;
	uint32_t n, hard = 0, soft = 0, late = 0;

	(void)st;
	open_run(&o,
		 ONE
		 "<lorawan id='net'><gateways id='hard' count='5'/><gateways count='5' placement='uniform'/></lorawan>"
		 "<crisis><flood id='first' at='1h' source='500m 500m' rise='1m/h' peak='1m' slope='0.000001' lasts='2h'/>"
		 "<flood id='second' at='9h' source='500m 500m' rise='1m/h' peak='1m' slope='0.000001' lasts='2h'/>"
		 "<fragility hazard='flood' of='gateway' median='5m' deviation='0'/>"
		 "<fragility hazard='first' of='gateway' median='0.5m' deviation='0'/>"
		 "<fragility hazard='flood' element='hard' median='5m' deviation='0'/>"
		 "<fragility hazard='second' element='hard' median='0.5m' deviation='0'/></crisis>",
		 SIM_DAY);
	d = damages_of(o.sim, &n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t assets;
		bool is_hard = assets_of(o.sim, &assets)[d[i].asset].element->id;
		hard += is_hard;
		soft += !is_hard && d[i].at < 9 * SIM_HOUR;
		late += d[i].at > 9 * SIM_HOUR;
	}
	assert_int_equal(n, 10);
	assert_int_equal(soft, 5);
	assert_int_equal(hard, 5);
	assert_int_equal(late, 5);
	outbreak_close(&o);
}

static uint32_t told;

static void on_damage(struct sim *s, void *ctx, uint32_t number)
{
	uint32_t n;
	const struct damage *d = &damages_of(s, &n)[number];

	(void)ctx;
	told++;
	assert_int_equal(d->at, s->now);
	assert_int_equal(devices_of(s)->state[d->device], DEVICE_DEPLOYED);
}

static void on_look(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	(void)detail;
	*(unsigned *)ctx = devices_of(s)->state[device];
}

/* The light is broken at 1.5 h; its feeder fails after that and is back at 5 h, which powers nothing on; mended at 13.5 h. */
static void a_broken_device_has_no_power_until_it_is_mended(void **st)
{
	struct outbreak o;
	unsigned light = 0, lamp = 0;
	uint32_t n;

	(void)st;
	outbreak_open(
		&o,
		"<power-grid availability='100%'><blackout at='3h' lasts='2h'/></power-grid>"
		"<device-class id='light'/><deploy class='light' count='3'/><device-class id='lamp'/>"
		"<deploy class='lamp' count='1'/><lorawan id='net'><gateways/></lorawan>"
		"<crisis>" FLOOD("2m") "<fragility hazard='flood' class='light' median='0.5m' deviation='0' repair='12h' "
				       "variation='0'/></crisis>",
		0, 0, 20 * SIM_HOUR);
	told = 0;
	damage_watch(o.sim, on_damage, NULL);
	sim_at(o.sim, 6 * SIM_HOUR, sim_handler(o.sim, "test.look", on_look, &light), 0, 0);
	sim_at(o.sim, 6 * SIM_HOUR, sim_handler(o.sim, "test.look", on_look, &lamp), 3, 0);
	outbreak_run(&o);
	assert_int_equal(light, DEVICE_DEPLOYED);
	assert_true(device_is_powered(lamp));
	assert_int_equal(told, 3);
	assert_int_equal(damages_of(o.sim, &n)[0].mended, damages_of(o.sim, &n)[0].at + 12 * SIM_HOUR);
	for (uint32_t i = 0; i < 4; i++)
		assert_true(device_is_powered(devices_of(o.sim)->state[i]));
	assert_int_equal(damage_of_device(o.sim, 0), DAMAGE_NONE);
	damage_mend(o.sim, 0); /* of no effect */
	assert_int_equal(damages_of(o.sim, &n)[0].mended, damages_of(o.sim, &n)[0].at + 12 * SIM_HOUR);
	outbreak_close(&o);
}

static void what_is_said_wrongly_is_told(void **st)
{
	static const struct {
		const char *fragility, *says;
	} cases[] = {
		{ "hazard='fire' of='gateway' median='1m'", "is neither a kind of hazard nor the id of one" },
		{ "hazard='flood' of='gateway' median='1'", "it is a water level of <flood>" },
		{ "hazard='flood' of='gateway' median='0m'", "is not above 0" },
		{ "hazard='flood' median='1m'", "does not say what breaks" },
		{ "hazard='flood' of='site' class='meter' median='1m'", "says in more than one way what breaks" },
		{ "hazard='flood' of='site' median='1m' destroyed='0.5m'", "is not above the median" },
		{ "hazard='flood' of='site' median='1m' destroyed-work='5d'", "is read with destroyed=" },
		{ "hazard='flood' of='site' median='1m' mended-by='others'", "not how long they take" },
		{ "hazard='flood' of='site' median='1m'/><fragility hazard='flood' of='site' median='2m'",
		  "is the second one" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[1024];
		snprintf(body, sizeof body, METERS "<crisis>" FLOOD("1m") "<fragility %s/></crisis>", cases[i].fragility);
		assert_true(outbreak_refused(body, cases[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_share_that_breaks_is_the_log_normal_law_of_the_intensity),
		cmocka_unit_test(what_is_destroyed_is_the_same_law_of_a_higher_median_and_takes_six_times_as_long),
		cmocka_unit_test(a_thing_breaks_at_the_moment_at_which_the_hazard_reaches_its_capacity),
		cmocka_unit_test(what_breaks_does_not_depend_on_what_else_there_is),
		cmocka_unit_test(what_is_broken_breaks_again_only_once_it_is_mended),
		cmocka_unit_test(one_hazard_goes_before_its_kind_and_one_element_before_its_kind_of_asset),
		cmocka_unit_test(a_broken_device_has_no_power_until_it_is_mended),
		cmocka_unit_test(what_is_said_wrongly_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
