/* Adaptive data rate, both ends, against the published rules written down again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "models/network/lorawan/lorawan_private.h"
#include "sim/kernel/rng.h"

/* One device in EU868; what the server's rule looks at and nothing else. */
struct one {
	struct lorawan lw;
	struct lorawan_params par;
	struct lw_device device;
	struct lw_history history;
};

enum { FASTEST = 5, WEAKEST = 7, SOME = 20000 };

static void set_up(struct one *o, int algorithm, uint8_t dr, uint8_t power)
{
	memset(o, 0, sizeof *o);
	o->par.noise_figure = 6;
	o->par.snr_ceiling = 30;
	o->par.adr_algorithm = algorithm;
	o->lw.par = &o->par;
	o->lw.region = region_find("EU868");
	o->lw.device = &o->device;
	o->lw.history = &o->history;
	o->par.adr_margin = algorithm == ADR_SEMTECH ? 10 : 15;
	o->lw.dr_max = FASTEST;
	o->device.dr = dr;
	o->device.power = power;
}

/* The server hears n frames at an SNR of this and less; true: it sends a command. */
static bool hears(struct one *o, struct rng *r, unsigned n, double snr)
{
	double noise = -174 + 10 * log10(125e3) + 6;
	unsigned best = rng_below(r, n);
	bool command = false;

	struct lw_uplink u = { .dr = o->device.dr };
	for (unsigned i = 0; i < n; i++) {
		u.fcnt++; /* none is missing: nothing is to be repeated */
		double less = i == best ? 0 : 0.25 * rng_below(r, 30);
		command = lw_adr_server(&o->lw, &u, (int)lround(100 * (snr - less + noise)));
	}
	return command;
}

/* dB over what the data rate needs, less what the algorithm keeps. */
static double margin_of(int algorithm, uint8_t dr, unsigned n, double snr)
{
	double keep = algorithm == ADR_SEMTECH ? 10 : n < 20 ? 15 + 2.5 : 15;

	return snr - lora_snr_floor_db(12u - dr) - keep;
}

/* The Things Stack: a data rate for every 2.5 dB, 2.5 dB more kept while fewer than 20 uplinks are known.  Semtech's: 3 dB, and
 * nothing is done before there are 20. */
static void the_server_raises_the_data_rate_by_whole_steps_of_the_margin(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 0, 1, 0);
	struct one o;

	for (int k = 0; k < SOME; k++) {
		int algorithm = k % 2 ? ADR_SEMTECH : ADR_THINGS_STACK;
		uint8_t dr = (uint8_t)rng_below(&r, FASTEST + 1);
		unsigned n = rng_below(&r, 3) ? 1 + rng_below(&r, 20) : 20;
		double snr = -20 + 0.25 * rng_below(&r, 120);
		double margin = margin_of(algorithm, dr, n, snr), step = algorithm == ADR_SEMTECH ? 3 : 2.5;
		set_up(&o, algorithm, dr, 0);
		bool command = hears(&o, &r, n, snr);
		if (algorithm == ADR_SEMTECH && n < 20) {
			assert_false(command);
			continue;
		}
		int steps = margin > 0 ? (int)floor(margin / step) : 0;
		int want = dr + steps < FASTEST ? dr + steps : FASTEST;
		int got = command ? o.device.command_dr : dr;
		if (got != want)
			fail_msg("%s, DR%d, %u uplinks, %g dB: DR%d, expected DR%d", k % 2 ? "semtech" : "things-stack", dr,
				 n, snr, got, want);
	}
}

/* What is left after the data rate lowers the power, and never more than there is. */
static void the_server_lowers_the_power_within_what_is_left(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 0, 2, 0);
	struct one o;

	for (int k = 0; k < SOME; k++) {
		uint8_t power = (uint8_t)rng_below(&r, WEAKEST + 1);
		double snr = -20 + 0.25 * rng_below(&r, 120), margin = margin_of(ADR_THINGS_STACK, FASTEST, 20, snr);
		set_up(&o, ADR_THINGS_STACK, FASTEST, power);
		int got = hears(&o, &r, 20, snr) ? o.device.command_power : power;
		assert_true(got >= 0 && got <= WEAKEST);
		if (margin >= 0)
			assert_true(got >= power && 2 * (got - power) <= margin);
		if (margin >= 2)
			assert_int_equal(got, power + margin / 2 < WEAKEST ? power + (int)(margin / 2) : WEAKEST);
	}
}

static void the_server_raises_the_power_again_when_the_margin_is_gone(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 0, 3, 0);
	struct one o;

	/* 10 dB short of the margin of 15 dB: five indices of 2 dB */
	set_up(&o, ADR_THINGS_STACK, FASTEST, WEAKEST);
	assert_true(hears(&o, &r, 20, -7.5 + 15 - 10));
	assert_int_equal(o.device.command_dr, FASTEST);
	assert_int_equal(o.device.command_power, WEAKEST - 5);
}

/* 64 uplinks without an answer ask for one, 32 more bring full power, each 32 from then on a slower data rate. */
static void the_device_asks_then_shouts_then_slows_down(void **state)
{
	(void)state;
	struct one o;

	set_up(&o, ADR_THINGS_STACK, FASTEST, WEAKEST);
	o.history.repeats = 2;
	for (int uplink = 1; uplink <= 64 + 32 * 7; uplink++) {
		struct lw_adr_step step = lw_adr_next(&o.lw, &o.device);
		lw_adr_sent(&o.lw, 0, step);
		int dr = uplink < 128 ? FASTEST : uplink < 256 ? FASTEST - (uplink - 96) / 32 : 0;
		if (uplink < 64)
			assert_false(step.asks);
		else
			assert_int_equal(step.asks, dr > 0); /* nothing is left to gain at the slowest and full power */
		assert_int_equal(o.device.power, uplink < 96 ? WEAKEST : 0);
		assert_int_equal(o.device.dr, dr);
		assert_int_equal(o.history.repeats, uplink < 288 ? 2 : 0); /* at the slowest, once more in vain */
	}
}

/* What was heard at another data rate says nothing of this one. */
static void a_new_data_rate_begins_a_new_history(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 0, 4, 0);
	struct one o;

	set_up(&o, ADR_THINGS_STACK, 3, 0);
	assert_true(hears(&o, &r, 20, 10));
	o.device.dr = 2;
	/* SF10 at 1.75 dB over what one uplink must have: under a step of power */
	assert_false(hears(&o, &r, 1, -15 + 15 + 2.5 + 1.75));
	/* the same with all that was heard before would be 10 + 15 - 15 = 10 dB, four steps */
	assert_int_equal(o.history.n, 1);
}

static void a_faster_rate_of_the_things_stack_begins_at_full_power(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 0, 5, 0);
	struct one o;

	set_up(&o, ADR_THINGS_STACK, 3, 5);
	assert_true(hears(&o, &r, 20, -12.5 + 15 + 2.5)); /* a step, and nothing left */
	assert_int_equal(o.device.command_dr, 4);
	assert_int_equal(o.device.command_power, 0);
	set_up(&o, ADR_SEMTECH, 3, 5);
	assert_true(hears(&o, &r, 20, -12.5 + 10 + 3));
	assert_int_equal(o.device.command_dr, 4);
	assert_int_equal(o.device.command_power, 5);
}

/* The Things Stack: under 5 % missing 1 + n / 3 transmissions, under 10 % as it is, under 30 % 2 + n / 2, else 3. */
static void missing_uplinks_are_repeated(void **state)
{
	(void)state;
	/* 20 heard: so many missing between the first and the last */
	static const struct {
		unsigned missing;
		uint8_t want[3];
	} rows[] = {
		{ 0, { 1, 1, 2 } }, { 1, { 1, 1, 2 } }, { 2, { 1, 2, 3 } },   { 3, { 2, 3, 3 } },
		{ 8, { 2, 3, 3 } }, { 9, { 3, 3, 3 } }, { 200, { 3, 3, 3 } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (uint8_t now = 1; now <= 3; now++) {
			struct one o;
			set_up(&o, ADR_THINGS_STACK, FASTEST, 0);
			o.history.repeats = (uint8_t)(now - 1);
			struct lw_uplink u = { .dr = FASTEST, .fcnt = 65530 }; /* it wraps */
			bool command = false;
			for (unsigned k = 0; k < 20; k++) {
				u.fcnt = (uint16_t)(u.fcnt + (k == 7 ? 1 + rows[i].missing : 1));
				command = lw_adr_server(&o.lw, &u, -12000); /* no margin: rate and power stay */
			}
			if (o.history.command_repeats + 1 != rows[i].want[now - 1])
				fail_msg("%u missing, %u transmissions: %u, expected %u", rows[i].missing, now,
					 o.history.command_repeats + 1u, rows[i].want[now - 1]);
			assert_int_equal(command, rows[i].want[now - 1] != now);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_server_raises_the_data_rate_by_whole_steps_of_the_margin),
		cmocka_unit_test(the_server_lowers_the_power_within_what_is_left),
		cmocka_unit_test(the_server_raises_the_power_again_when_the_margin_is_gone),
		cmocka_unit_test(the_device_asks_then_shouts_then_slows_down),
		cmocka_unit_test(a_new_data_rate_begins_a_new_history),
		cmocka_unit_test(a_faster_rate_of_the_things_stack_begins_at_full_power),
		cmocka_unit_test(missing_uplinks_are_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
