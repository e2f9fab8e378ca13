#include "tests/unit/security/outbreak.h"

#include "models/security/firmware_private.h"

/* A piece of 1000 B takes a second down, and nothing else costs time; the processor of the device draws 0.1 W. */
#define LINK "<local-link id='lan' rate-down='8kbit/s' overhead='0B' latency='0s' loss='0%' mtu='64KiB'/>"
#define CAMS(firmware, count) \
	"<device-class id='cam'><uses network='lan'/>" firmware "</device-class><deploy class='cam' count='" count "' placement='uniform'/>"

static void a_roll_out_over_an_ideal_link_takes_what_the_pieces_take(void **st)
{
	struct outbreak o;

	(void)st;
	/* 99.5 kB: 100 pieces, 99.5 s; two at a time: the fourth is complete after twice that, and installed 30 s later */
	outbreak_open(
		&o,
		LINK CAMS(
			"<firmware size='99500B' fragment='1000B' max-concurrent='2' stages='100%' at='1h' failure='0%'/>",
			"4"),
		0, 0, SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_kpi(&o, "security.patch-time-p90", "all"), 2 * 99.5 + 30, 1e-6);
	assert_close(outbreak_account(&o, "firmware pieces", "delivered"), 400, 0);
	assert_close(outbreak_account(&o, "updates", "installed"), 4, 0);
	assert_close(outbreak_kpi(&o, "security.update-bytes", "all"), 99500, 0);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(firmware_version(o.sim, i), 1);
	outbreak_close(&o);
}

static void stages_wait_for_one_another(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(
		&o,
		LINK CAMS(
			"<firmware size='1000B' stages='10%; 50%; 100%' stage-wait='1d' at='1h' failure='0%' install-time='0s'/>",
			"1000"),
		0, 0, 3 * SIM_DAY);
	outbreak_run(&o);
	/* nine tenths are there when the last stage has begun, two days after the first */
	assert_true(outbreak_kpi(&o, "security.patch-time-p90", "class=cam") >= 2 * 86400);
	assert_true(outbreak_kpi(&o, "security.patch-time-p90", "class=cam") < 2 * 86400 + 100);
	outbreak_close(&o);
	/* the second version, three days after the first, has its stages when it comes to them, and not when that would
	 * have */
	outbreak_open(
		&o,
		LINK CAMS(
			"<firmware size='1000B' stages='10%; 50%; 100%' stage-wait='2d' at='1h' every='3d' failure='0%'/>",
			"100"),
		0, 0, 4 * SIM_DAY + 12 * SIM_HOUR);
	outbreak_run(&o);
	assert_int_equal(firmwares_of(o.sim)->ware[0].latest, 2);
	assert_int_equal(firmwares_of(o.sim)->ware[0].stage, 1);
	outbreak_close(&o);
}

static void canaries_halt_a_defective_version(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(
		&o,
		LINK CAMS(
			"<firmware size='1000B' stages='10%; 100%' at='1h' failure='0%' defective='100%' defective-failure='100%' "
			"bricks='100%' correction='50d'/>",
			"1000"),
		0, 0, 20 * SIM_DAY);
	outbreak_run(&o);
	double bricked = outbreak_account(&o, "updates", "device of no use any more");
	/* 100 +- 2.58 sqrt(1000 x 0.1 x 0.9) */
	assert_close(bricked, 100, 25);
	assert_close(outbreak_account(&o, "updates", "its stage not begun at the end"), 1000 - bricked, 0);
	assert_close(outbreak_kpi(&o, "security.patch-censored-ratio", "all"), 1, 0);
	outbreak_close(&o);
}

static void on_power(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	(void)ctx;
	device_power(s, device, on);
}

static void a_device_that_was_off_goes_on_where_it_was(void **st)
{
	struct outbreak o;
	uint16_t kind;

	(void)st;
	outbreak_open(&o, LINK CAMS("<firmware size='100kB' fragment='1000B' stages='100%' at='1h' failure='0%'/>", "1"), 0,
		      0, SIM_DAY);
	kind = sim_handler(o.sim, "power", on_power, NULL);
	sim_at(o.sim, SIM_HOUR + 50 * SIM_SECOND + SIM_SECOND / 2, kind, 0, 0);
	sim_at(o.sim, 2 * SIM_HOUR, kind, 0, 1);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "updates", "installed"), 1, 0);
	assert_close(outbreak_account(&o, "firmware pieces", "sent"), 101, 0); /* the 51st was cut off and is sent again */
	outbreak_close(&o);
}

/* Each of 120 fragments is lost to a device by chance 5 %: received is Binomial(120, 0.95), and 100 will do. */
static void multicast_is_received_by_the_binomial_law(void **st)
{
	struct outbreak o;
	double n = 2000 * 120, p = 0.95;

	(void)st;
	outbreak_open(
		&o,
		"<local-link id='lan' rate-down='8kbit/s' overhead='0B' latency='0s' loss='5%' mtu='64KiB'/>" CAMS(
			"<firmware size='100kB' fragment='1000B' via='multicast' redundancy='20%' stages='100%' at='1h' failure='0%'/>",
			"2000"),
		0, 0, SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_kpi(&o, "security.multicast-reception", "all"), p, 2.576 * sqrt(p * (1 - p) / n));
	assert_close(outbreak_account(&o, "updates", "installed"), 2000, 0);
	outbreak_close(&o);
	/* without redundancy nearly everyone misses some, which it is sent alone: 5 of 100 */
	outbreak_open(
		&o,
		"<local-link id='lan' rate-down='8kbit/s' overhead='0B' latency='0s' loss='5%' mtu='64KiB'/>" CAMS(
			"<firmware size='100kB' fragment='1000B' via='multicast' redundancy='0%' stages='100%' at='1h' failure='0%'/>",
			"2000"),
		0, 0, SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "firmware pieces", "delivered") / 2000, 5,
		     2.576 * sqrt(100 * p * (1 - p) / 2000));
	assert_close(outbreak_account(&o, "updates", "installed"), 2000, 0);
	outbreak_close(&o);
}

/* As many failures as are allowed halt nothing: none of none. */
static void failures_up_to_the_share_allowed_halt_nothing(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(
		&o,
		LINK CAMS("<firmware size='1000B' stages='10%; 100%' at='1h' failure='0%' halt-on-failure='0%'/>", "100"),
		0, 0, 5 * SIM_DAY);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "updates", "installed"), 100, 0);
	assert_int_equal(firmwares_of(o.sim)->ware[0].halts, 0);
	outbreak_close(&o);
}

/* Every second version fails wherever it is installed, and is halted after its canaries whatever came before it: those which
 * are halted are mended 2 d later, and a good one reaches everybody. */
static void each_version_is_judged_by_its_own_installations(void **st)
{
	unsigned mended = 0, halted = 0;

	(void)st;
	for (uint64_t r = 0; r < 16; r++) {
		struct outbreak o;
		outbreak_open(
			&o,
			LINK CAMS(
				"<firmware size='1000B' stages='10%; 100%' at='1h' every='20d' failure='0%' defective='50%' "
				"defective-failure='100%' bricks='0%' halt-on-failure='50%' correction='2d'/>",
				"200"),
			r, 0, 39 * SIM_DAY);
		outbreak_run(&o);
		const struct ware *w = &firmwares_of(o.sim)->ware[0];
		/* one at 1 h, one 20 d later, and one for each that was halted but for the last where that is so recent */
		assert_in_range(w->latest, 2 + w->halts - w->halted, 2 + w->halts);
		assert_true(w->defective == w->halted);
		assert_int_equal(w->ok, w->defective ? 0 : 200);
		mended += !w->defective && w->halts > 0;
		halted += w->halts > 0;
		outbreak_close(&o);
	}
	assert_true(halted > 8 && mended > 4);
}

/* Halted after 1 d, each would be mended 5 d later; the next planned one comes first. */
static void what_a_newer_version_has_overtaken_is_not_mended(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(&o,
		      LINK CAMS("<firmware size='1000B' stages='10%; 100%' stage-wait='1d' at='1h' every='3d' failure='0%' "
				"defective='100%' defective-failure='100%' bricks='0%' correction='5d'/>",
				"100"),
		      0, 0, 10 * SIM_DAY);
	outbreak_run(&o);
	assert_int_equal(firmwares_of(o.sim)->ware[0].halts, 3);
	assert_int_equal(firmwares_of(o.sim)->ware[0].latest, 4);
	outbreak_close(&o);
}

/* 2,500 B are three fragments, and a tenth of that is one more; three will do, nobody is sent any again. */
static void a_share_of_a_fragment_is_a_fragment_and_enough_are_enough(void **st)
{
	static const char *const redundancy[] = { "0%", "10%", "34%" };

	(void)st;
	for (uint32_t k = 0; k < 3; k++) {
		struct outbreak o;
		char body[1024];
		snprintf(
			body, sizeof body,
			"%s<device-class id='cam'><uses network='lan'/><firmware size='2500B' fragment='1000B' via='multicast' "
			"redundancy='%s' stages='100%%' at='1h' failure='0%%'/></device-class>"
			"<deploy class='cam' count='20' placement='uniform'/>",
			LINK, redundancy[k]);
		outbreak_open(&o, body, 0, 0, SIM_DAY);
		outbreak_run(&o);
		const struct firmware_class *fw = firmwares_of(o.sim)->of_class[0];
		assert_int_equal(fw->members, 20);
		assert_int_equal(fw->received, 20 * (3 + k));
		assert_int_equal(fw->repaired, 0);
		assert_int_equal(fw->pieces, 0);
		assert_close(outbreak_account(&o, "updates", "installed"), 20, 0);
		outbreak_close(&o);
	}
}

/* Two installations are tried, and so many times each piece: again after 1, 2 and 4 min, beside what the link itself takes. */
static void what_fails_is_tried_again_so_many_times(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(
		&o,
		LINK CAMS(
			"<firmware size='1000B' stages='100%' at='1h' failure='100%' bricks='0%' halt-on-failure='100%'/>",
			"10"),
		0, 0, SIM_DAY);
	outbreak_run(&o);
	assert_int_equal(firmwares_of(o.sim)->of_class[0]->installs, 20);
	assert_close(outbreak_account(&o, "updates", "not to be installed"), 10, 0);
	outbreak_close(&o);
	outbreak_open(&o,
		      "<local-link id='lan' rate-down='8kbit/s' overhead='0B' latency='0s' loss='100%' mtu='64KiB'/>" CAMS(
			      "<firmware size='1000B' stages='100%' at='1h' attempts='4' retry-after='1min'/>", "10"),
		      0, 0, SIM_HOUR + 10 * SIM_MINUTE);
	outbreak_run(&o);
	assert_close(outbreak_account(&o, "firmware pieces", "sent"), 40, 0);
	assert_close(outbreak_account(&o, "updates", "given up: pieces lost"), 10, 0);
	outbreak_close(&o);
}

/* Power that comes and goes, lossy links, failures, versions that overtake one another. */
static void every_update_ends_once(void **st)
{
	(void)st;
	for (uint64_t r = 0; r < 10; r++) {
		struct outbreak o;
		outbreak_open(
			&o,
			"<power-grid availability='90%' repair='2h'/>"
			"<local-link id='lan' rate-down='20kbit/s' loss='20%'/>" CAMS(
				"<firmware size='400kB' fragment='500B' at='1h' every='3d' stages='5%; 50%; 100%' stage-wait='1d' failure='5%' "
				"bricks='10%' defective='30%' max-concurrent='20' attempts='4' correction='2d'/>",
				"300"),
			r, SIM_DAY, 15 * SIM_DAY);
		outbreak_run(&o);
		assert_true(outbreak_account(&o, "updates", "due") > 300);
		outbreak_close(&o);
	}
}

static void what_makes_no_sense_is_refused(void **st)
{
	(void)st;
	assert_true(outbreak_refused(LINK CAMS("<firmware stages='10%; 5%'/>", "1"), "must grow"));
	assert_true(outbreak_refused(LINK CAMS("<firmware via='multicast'/>", "1"), "needed by multicast"));
	assert_true(outbreak_refused(LINK CAMS("<firmware redundancy='5%'/>", "1"), "of multicast only"));
	assert_true(outbreak_refused(LINK CAMS("<firmware every='1d'/>", "1"), "read with `at` only"));
	assert_true(outbreak_refused(
		"<device-class id='c'><firmware/></device-class><deploy class='c' count='1' placement='uniform'/>",
		"uses no network"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_roll_out_over_an_ideal_link_takes_what_the_pieces_take),
		cmocka_unit_test(stages_wait_for_one_another),
		cmocka_unit_test(canaries_halt_a_defective_version),
		cmocka_unit_test(a_device_that_was_off_goes_on_where_it_was),
		cmocka_unit_test(multicast_is_received_by_the_binomial_law),
		cmocka_unit_test(failures_up_to_the_share_allowed_halt_nothing),
		cmocka_unit_test(each_version_is_judged_by_its_own_installations),
		cmocka_unit_test(what_a_newer_version_has_overtaken_is_not_mended),
		cmocka_unit_test(a_share_of_a_fragment_is_a_fragment_and_enough_are_enough),
		cmocka_unit_test(what_fails_is_tried_again_so_many_times),
		cmocka_unit_test(every_update_ends_once),
		cmocka_unit_test(what_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
