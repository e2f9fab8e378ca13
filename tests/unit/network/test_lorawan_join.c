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

/* Once in 0.9 to 1 days a frame of 19 B at the device's data rate, of which somebody is asked again. */
static void a_session_is_renewed_by_rejoin_requests(void **state)
{
	(void)state;
	struct town t;
	struct vouch v = { .after = 1, .granted = true };

	open_vouched(&t, &v, "9d", OVER_THE_AIR "version='1.1' rejoin='1d'");
	town_run(&t, NULL, 0);
	assert_true(v.asked >= 1 + 9 && v.asked <= 1 + 10);
	assert_true(v.joined < 6); /* it is not onboarded again for it */
	assert_true(town_account(&t, "frames", "sent") == v.asked);
	assert_true(town_kpi(&t, "lorawan.rejoins-done", "network=l") == 1);
	assert_true(town_kpi(&t, "lorawan.join-requests", "network=l") == 1);
	town_close(&t);
}

/* Nobody hears it: 36 s of airtime in the first hour, 36 s in the ten after it, 8.64 s a day from then on; a request of SF12 takes
 * 1.482752 s, and one that would reach over its period waits. */
static void requests_keep_to_the_back_off_of_the_standard(void **state)
{
	(void)state;
	static const struct {
		const char *duration;
		double sent;
	} rows[] = { { "3599s", 24 },  { "3601s", 25 },   { "39599s", 48 },
		     { "39601s", 49 }, { "125999s", 53 }, { "126001s", 54 } };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct town t;
		town_open(&t, rows[i].duration, OVER_THE_AIR "power='-10dBm'",
			  "<gateway position='6km 6km'/><channel frequency='868.1MHz' max-data-rate='0'/>", "", "",
			  "count='1' centre='1km 1km' radius='1m'");
		town_run(&t, NULL, 0);
		if (town_account(&t, "frames", "sent") != rows[i].sent)
			fail_msg("%g requests within %s", town_account(&t, "frames", "sent"), rows[i].duration);
		town_close(&t);
	}
}

static void what_makes_no_sense_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *lorawan, *uses, *text;
	} rows[] = {
		{ "rejoin='1d'", "", "is of devices that join by LoRaWAN 1.1" },
		{ "version='1.1' rejoin='10min'", "", "is more often than RejoinParamSetupReq can say" },
		{ "activation='personalised' dev-nonce='random'", "", "personalised devices do not" },
		{ "activation='personalised' version='1.1'", "", "personalised devices do not" },
		{ "multicast-data-rate='9'", "", "is none of EU868 (RX2 has 0)" },
	};
	char xml[2048];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diag *d = diag_new();
		snprintf(xml, sizeof xml, text, "1d", rows[i].lorawan, gateway, rows[i].uses, "period='1h'", near);
		struct scenario *sc = scenario_parse(xml, strlen(xml), "t.xml", &sccsim_models, NULL, NULL, 0, d);
		bool said = false;
		for (size_t k = 0; k < diag_count(d); k++)
			said |= strstr(diag_text(d, k), rows[i].text) != NULL;
		if (!said)
			fail_msg("%s: nobody says that it %s", rows[i].lorawan, rows[i].text);
		scenario_free(sc);
		diag_free(d);
	}
	/* and of a link that is none of LoRaWAN's, that it listens */
	struct diag *d = diag_new();
	static const char link[] =
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='1d'/><city width='1km' height='1km'/>"
		"<local-link id='w'/><device-class id='c'><uses network='w' listening='class-c'/>"
		"<traffic period='1h'/></device-class><deploy class='c' count='1'/></scenario>";
	struct scenario *sc = scenario_parse(link, sizeof link - 1, "t.xml", &sccsim_models, NULL, NULL, 0, d);
	bool said = false;
	for (size_t k = 0; k < diag_count(d); k++)
		said |= strstr(diag_text(d, k), "is of devices on LoRaWAN") != NULL;
	assert_true(said);
	scenario_free(sc);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_accept_goes_out_in_the_window_that_the_verdict_is_in_time_for),
		cmocka_unit_test(a_verdict_that_is_always_late_lets_nobody_in),
		cmocka_unit_test(what_nobody_vouches_for_is_refused),
		cmocka_unit_test(a_session_is_renewed_by_rejoin_requests),
		cmocka_unit_test(requests_keep_to_the_back_off_of_the_standard),
		cmocka_unit_test(what_makes_no_sense_is_said),
		cmocka_unit_test(a_nonce_that_was_used_is_refused_and_another_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
