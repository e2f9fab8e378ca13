/*
 * Joining: what a verdict's time makes of the accept, refusals, and nonces that have been used.
 */
#include "tests/unit/network/downtown.h"

#define OVER_THE_AIR "join-spread='0s' adr='off' "

/* Whoever vouches answers so long after he was asked. */
struct vouch { struct town *t; double after; bool granted; unsigned asked; double joined; uint16_t kind; };

static void on_verdict(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct vouch *v = ctx;

	(void)detail;
	network_authenticated(s, device, v->granted);
}

static void ask(struct sim *s, void *ctx, uint32_t device)
{
	struct vouch *v = ctx;

	v->asked++;
	if (v->after > 0)
		sim_after(s, (simtime_t)(v->after * 1e9), v->kind, device, 0);
	else if (v->after == 0)
		network_authenticated(s, device, v->granted);
}

static void on_change(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct vouch *v = ctx;

	(void)device, (void)from;
	if (to == DEVICE_OPERATIONAL)
		v->joined = sim_seconds(s->now);
}

static void open_vouched(struct town *t, struct vouch *v, const char *duration, const char *lorawan)
{
	town_open(t, duration, lorawan, gateway, "", "", near);
	v->t = t;
	v->joined = -1;
	v->kind = sim_handler(t->s, "test.verdict", on_verdict, v);
	network_authenticator(t->s, 0, ask, v);
	device_watch(t->s, on_change, v);
}

static void an_accept_goes_out_in_the_window_that_the_verdict_is_in_time_for(void **state)
{
	(void)state;
	double up = toa(23, 7, true);
	const struct {
		double after, joined;
	} rows[] = {
		{ 0, up + 5 + toa(33, 7, false) },      { 0.1, up + 5 + toa(33, 7, false) },
		{ 4.9, up + 5 + toa(33, 7, false) },    { 5.1, up + 6 + toa(33, 12, false) },
		{ 6.2, up + 6.2 + toa(33, 12, false) },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct town t;
		struct vouch v = { .after = rows[i].after, .granted = true };
		open_vouched(&t, &v, "1h", OVER_THE_AIR);
		town_run(&t, NULL, 0);
		if (!(fabs(v.joined - rows[i].joined) < 2e-9))
			fail_msg("verdict after %g s: joined at %.9f s, not %.9f s", rows[i].after, v.joined,
				 rows[i].joined);
		assert_int_equal(v.asked, 1);
		assert_true(town_kpi(&t, "lorawan.joins-late", "network=l") == 0);
		town_close(&t);
	}
}

static void a_verdict_that_is_always_late_lets_nobody_in(void **state)
{
	(void)state;
	struct town t;
	struct vouch v = { .after = 6.5, .granted = true };

	open_vouched(&t, &v, "2h", OVER_THE_AIR);
	town_run(&t, NULL, 0);
	assert_true(v.joined < 0);
	assert_true(v.asked > 10 && town_account(&t, "join requests", "vouched for too late") == v.asked);
	assert_true(town_kpi(&t, "lorawan.joins-late", "network=l") == 1);
	town_close(&t);
	/* longer than from one request to the next: each verdict belongs to its own */
	v = (struct vouch){ .after = 30, .granted = true };
	open_vouched(&t, &v, "2h", OVER_THE_AIR);
	town_run(&t, NULL, 0);
	assert_true(v.joined < 0 && v.asked > 10);
	town_close(&t);
}

static void what_nobody_vouches_for_is_refused(void **state)
{
	(void)state;
	struct town t;
	struct vouch v = { .after = 1, .granted = false };

	open_vouched(&t, &v, "2h", OVER_THE_AIR);
	town_run(&t, NULL, 0);
	assert_true(v.joined < 0 && v.asked > 10);
	assert_true(town_account(&t, "join requests", "refused: not vouched for") == v.asked);
	assert_true(town_kpi(&t, "lorawan.joins-refused", "network=l") == 1);
	/* and it has not sent a frame but those */
	assert_true(town_account(&t, "frames", "sent") == v.asked);
	town_close(&t);
	/* silence: the last is awaited still */
	v = (struct vouch){ .after = -1 };
	open_vouched(&t, &v, "2h", OVER_THE_AIR);
	town_run(&t, NULL, 0);
	assert_true(town_account(&t, "join requests", "verdict awaited at the end") == 1);
	assert_true(town_account(&t, "join requests", "vouched for too late") == v.asked - 1);
	town_close(&t);
}

/* A device whose power comes and goes joins anew every 20 s: 3,000 times, at random nonces of 65,536. */
static unsigned cycles;

static void on_cycle(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	const struct vouch *v = ctx;

	device_power(s, device, on != 0);
	cycles += on;
	sim_after(s, on ? 19 * SIM_SECOND : SIM_SECOND, v->kind, device, on ? 0 : 1);
}

static double replays(const char *lorawan)
{
	struct town t;
	struct vouch v = { 0 };
	double n;

	town_open(&t, "59999s", lorawan, gateway, "", "", near);
	v.kind = sim_handler(t.s, "test.cycle", on_cycle, &v);
	sim_at(t.s, 19 * SIM_SECOND, v.kind, 0, 0);
	cycles = 1;
	town_run(&t, NULL, 0);
	assert_int_equal(cycles, 3000);
	n = town_account(&t, "join requests", "refused: DevNonce used before");
	assert_true(town_account(&t, "join requests", "at the join server") >= 3000);
	town_close(&t);
	return n;
}

static void a_nonce_that_was_used_is_refused_and_another_is_drawn(void **state)
{
	(void)state;
	/* the k-th join meets one of k - 1: 3000 * 2999 / 2 / 65536 = 68.6 of them, 8.3 more or less */
	double n = replays("join-spread='0s' adr='off' duty-cycle='off'");
	assert_true(n > 68.6 - 4 * 8.3 && n < 68.6 + 4 * 8.3);
	assert_true(replays("join-spread='0s' adr='off' duty-cycle='off' version='1.0.3' dev-nonce='random'") == n);
	assert_true(replays("join-spread='0s' adr='off' duty-cycle='off' version='1.0.4'") == 0);
	assert_true(replays("join-spread='0s' adr='off' duty-cycle='off' version='1.1'") == 0);
	assert_true(replays("join-spread='0s' adr='off' duty-cycle='off' dev-nonce='counter'") == 0);
	assert_true(replays("join-spread='0s' adr='off' duty-cycle='off' version='1.0.4' dev-nonce='random'") == n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_accept_goes_out_in_the_window_that_the_verdict_is_in_time_for),
		cmocka_unit_test(a_verdict_that_is_always_late_lets_nobody_in),
		cmocka_unit_test(what_nobody_vouches_for_is_refused),
		cmocka_unit_test(a_nonce_that_was_used_is_refused_and_another_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
