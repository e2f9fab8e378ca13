/*
 * Messages to LoRaWAN devices: in which window and when to the nanosecond, in which order, and what becomes of those that do not
 * arrive.
 */
#include "tests/unit/network/downtown.h"

#define PERSONAL "activation='personalised' adr='off' spreading-factor='7' "
static const struct play poll_at_10 = { 10, false, 0, PURPOSE_UPDATE, 0, 0 };
#define DOWN(t, bytes, prio) { t, true, bytes, PURPOSE_UPDATE, prio, 0 }
#define POLL(t) { t, false, 0, PURPOSE_UPDATE, 0, 0 }

static void is_told(const struct town *t, size_t row, enum fate fate, double at)
{
	if (t->told[row].times != 1 || t->told[row].fate != fate || !(fabs(t->told[row].at - at) < 2e-9))
		fail_msg("row %zu: %u answers, %s at %.9f s; expected %s at %.9f s", row, t->told[row].times,
			 fate_name(t->told[row].fate), t->told[row].at, fate_name(fate), at);
}

static void a_message_goes_down_in_the_first_window_of_the_next_uplink(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(3, 10, 0), poll_at_10 };

	town_open(&t, "1h", PERSONAL, gateway, "", "", near);
	assert_true(network_reach(t.s, 0) == SIM_NEVER);
	town_run(&t, play, 2);
	/* an empty uplink has no FPort, 12 B, and is with the server at its end */
	is_told(&t, 1, FATE_DELIVERED, 10 + toa(12, 7, true));
	is_told(&t, 0, FATE_DELIVERED, 10 + toa(12, 7, true) + 1 + toa(23, 7, false));
	assert_true(town_account(&t, "messages to devices", "delivered") == 1);
	town_close(&t);
}

static void or_else_in_the_second(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(3, 10, 0), poll_at_10 };

	town_open(&t, "1h", PERSONAL "decision='1500ms'", gateway, "", "", near);
	town_run(&t, play, 2);
	is_told(&t, 0, FATE_DELIVERED, 10 + toa(12, 7, true) + 2 + toa(23, 12, false));
	town_close(&t);
}

/* What the server gets to know 500 ms after the uplink still makes the first window, at 1,500 ms the second. */
static void an_answer_makes_the_window_that_it_comes_in_time_for(void **state)
{
	(void)state;
	static const struct {
		double after, window;
		unsigned sf;
	} rows[] = { { 0.1, 1, 7 }, { 0.5, 1, 7 }, { 1.5, 2, 12 } };

	for (size_t i = 0; i < 3; i++) {
		struct town t;
		const struct play play[] = { poll_at_10, DOWN(10 + toa(12, 7, true) + rows[i].after, 10, 0) };
		town_open(&t, "1h", PERSONAL, gateway, "", "", near);
		town_run(&t, play, 2);
		is_told(&t, 1, FATE_DELIVERED, 10 + toa(12, 7, true) + rows[i].window + toa(23, rows[i].sf, false));
		town_close(&t);
	}
}

static void what_comes_after_the_windows_waits_for_the_next_uplink(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { poll_at_10, DOWN(13, 10, 0), POLL(100) };

	town_open(&t, "1h", PERSONAL, gateway, "", "", near);
	town_run(&t, play, 3);
	is_told(&t, 1, FATE_DELIVERED, 100 + toa(12, 7, true) + 1 + toa(23, 7, false));
	town_close(&t);
}

/* Three are held; FPending makes the device ask for the second and the third as soon as its windows and duty cycle let it.  The
 * gateway may not send in the first window again until 100 times the first downlink's length have passed. */
static void messages_leave_by_priority_and_the_device_asks_for_what_is_pending(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(1, 11, 0), DOWN(2, 12, 0), DOWN(3, 13, 7), POLL(10) };

	town_open(&t, "1h", PERSONAL, gateway, "", "", near);
	town_run(&t, play, 4);
	double up = toa(12, 7, true), silence = up * 99, at = 10;
	is_told(&t, 2, FATE_DELIVERED, at + up + 1 + toa(26, 7, false));
	at += up + silence; /* longer than the windows */
	assert_true(silence > 1 + toa(26, 7, false) && at + up + 1 < 10 + up + 1 + 100 * toa(26, 7, false));
	is_told(&t, 0, FATE_DELIVERED, at + up + 2 + toa(24, 12, false));
	at += up + silence;
	is_told(&t, 1, FATE_DELIVERED, at + up + 1 + toa(25, 7, false));
	assert_true(town_account(&t, "frames", "sent") == 3);
	town_close(&t);
	/* a device that does not ask gets the first alone */
	town_open(&t, "1h", PERSONAL "poll-pending='off'", gateway, "", "", near);
	town_run(&t, play, 4);
	assert_true(town_account(&t, "frames", "sent") == 1);
	assert_true(town_account(&t, "messages to devices", "held at the end") == 2);
	town_close(&t);
}

static void the_queue_is_bounded_and_a_payload_has_to_fit(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(1, 242, 0), DOWN(2, 243, 0), DOWN(3, 10, 0), DOWN(4, 10, 0) };

	town_open(&t, "1h", PERSONAL "down-queue='2'", gateway, "", "", near);
	town_run(&t, play, 4);
	assert_int_equal(network_mtu_down(t.s, 0), 242);
	is_told(&t, 1, FATE_PAYLOAD_TOO_LARGE, 2);
	is_told(&t, 3, FATE_QUEUE_FULL, 4);
	assert_true(town_account(&t, "messages to devices", "held at the end") == 2);
	town_close(&t);
}

/* Uplinks reach the gateway, whose answers at -10 dBm the device does not hear. */
static void what_is_not_heard_goes_again_and_is_given_up(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(1, 10, 0), POLL(10), POLL(110), POLL(210), POLL(310) };

	town_open(&t, "1h", PERSONAL "downlink-power='-10dBm' rx2-power='-10dBm' down-tries='3'",
		  "<gateway position='3km 3km' height='15m'/>", "", "", "count='1' centre='3km 4.5km' radius='10m'");
	town_run(&t, play, 5);
	is_told(&t, 0, FATE_RETRIES_EXHAUSTED, 210 + toa(12, 7, true) + 1 + toa(23, 7, false));
	town_close(&t);
}

static void power_off(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	(void)ctx, (void)detail;
	device_power(s, device, false);
}

static void power_on(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	(void)ctx, (void)detail;
	device_power(s, device, true);
}

static void messages_end_with_their_device(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(1, 10, 0), POLL(10), DOWN(2, 10, 0) };

	/* while the first is on the air */
	town_open(&t, "1h", PERSONAL, gateway, "", "", near);
	double when = 10 + toa(12, 7, true) + 1.01;
	sim_at(t.s, (simtime_t)(when * 1e9), sim_handler(t.s, "test.off", power_off, NULL), 0, 0);
	town_run(&t, play, 3);
	is_told(&t, 0, FATE_DEVICE_DOWN, sim_seconds((simtime_t)(when * 1e9)));
	is_told(&t, 2, FATE_DEVICE_DOWN, sim_seconds((simtime_t)(when * 1e9)));
	town_close(&t);
}

/* A device on class C hears at once, at SF12; while it waits for nothing it pays for listening: 10 mA at 3.3 V. */
static void class_c_hears_at_once_and_pays_for_it(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(100, 10, 0), DOWN(100.5, 20, 0) };

	town_open(&t, "1h", PERSONAL, gateway, "listening='class-c'",
		  "<power tx-power='-20dBm; 36dBm' tx-current='100mA; 100mA' rx='10mA' sleep='0A'/>", near);
	town_run(&t, play, 2);
	double first = 100 + toa(23, 12, false);
	is_told(&t, 0, FATE_DELIVERED, first);
	/* the gateway has sent its tenth on that frequency and keeps silent */
	is_told(&t, 1, FATE_DELIVERED, 100 + 10 * toa(23, 12, false) + toa(33, 12, false));
	assert_true(fabs(town_account(&t, "energy", "receiving") - 3600 * 0.010 * 3.3) < 1e-6);
	town_close(&t);
	/* it does not while it sends */
	const struct play both[] = { { 10, false, 40, PURPOSE_UPDATE, 0, 0 }, DOWN(10.01, 10, 0) };
	town_open(&t, "1h", PERSONAL, gateway, "listening='class-c'",
		  "<power tx-power='-20dBm; 36dBm' tx-current='100mA; 100mA' rx='10mA' sleep='0A'/>", near);
	town_run(&t, both, 2);
	double up = toa(53, 7, true);
	assert_true(t.told[1].fate == FATE_DELIVERED && t.told[1].at > 10.01 + 8);
	assert_true(fabs(town_account(&t, "energy", "receiving") - (3600 - up) * 0.010 * 3.3) < 1e-6);
	town_close(&t);
}

/* It does not hear the gateway: again 20 s after the first has ended, and given up at the end of the second. */
static void class_c_is_sent_again_after_its_time_out(void **state)
{
	(void)state;
	struct town t;
	const struct play play[] = { DOWN(100, 10, 0) };

	town_open(&t, "1h", PERSONAL "downlink-power='-10dBm' rx2-power='-10dBm' down-tries='2' class-c-timeout='20s'",
		  "<gateway position='3km 3km' height='15m'/>", "listening='class-c'", "",
		  "count='1' centre='3km 4.5km' radius='10m'");
	town_run(&t, play, 1);
	is_told(&t, 0, FATE_RETRIES_EXHAUSTED, 100 + toa(23, 12, false) + 20 + toa(23, 12, false));
	town_close(&t);
}

/* An update's message is being sent again and again, confirmed, when readings and another come: none takes its place. */
static void what_onboards_or_updates_waits_its_turn(void **state)
{
	(void)state;
	struct town t;
	static const struct play play[] = {
		{ 10, false, 20, PURPOSE_UPDATE, 0, 0 },       { 10.1, false, 21, PURPOSE_COMMAND, 0, 0 },
		{ 10.2, false, 22, PURPOSE_COMMAND, 0, 0 },    { 10.3, false, 23, PURPOSE_ONBOARDING, 0, 0 },
		{ 10.4, false, 24, PURPOSE_ONBOARDING, 0, 0 },
	};

	town_open(&t, "1h", PERSONAL "up-queue='2'", gateway, "confirmed='on'", "", near);
	town_run(&t, play, 5);
	assert_true(t.told[0].fate == FATE_DELIVERED);
	is_told(&t, 1, FATE_DUTY_CYCLE, 10.2);
	assert_true(t.told[2].fate == FATE_DELIVERED && t.told[3].fate == FATE_DELIVERED);
	assert_true(t.told[4].fate == FATE_QUEUE_FULL);
	assert_true(t.told[0].at < t.told[2].at && t.told[2].at < t.told[3].at);
	for (int i = 0; i < 5; i++)
		assert_int_equal(t.told[i].times, 1);
	town_close(&t);
}

/* Thousands of messages either way between devices whose power, gateways and backhaul come and go: each is answered once, or
 * held at the end, and every account balances. */
static void every_message_ends_once(void **state)
{
	(void)state;
	static const char *const networks[] = {
		PERSONAL,
		PERSONAL "down-queue='2' up-queue='1' down-tries='1'",
		"join-spread='1min'",
		"adr='on' iq-inversion='off' decision='900ms'",
		PERSONAL "duty-cycle='off' poll-pending='off'",
	};
	static const char *const uses[] = { "", "confirmed='on' transmissions='3'", "listening='class-c'",
					    "listening='class-c' confirmed='on'" };
	static const char two[] = "<gateway position='3km 3km' backup='1min'/><gateway position='3km 4km' backhaul='b'/>";
	static struct play play[TOWN_ROWS];
	struct rng r;

	town_besides =
		"<power-grid availability='80%' repair='10min'/><backhaul id='b' availability='80%' repair='5min' latency='20ms'/>";
	for (unsigned k = 0; k < 5 * 4; k++) {
		struct town t;
		town_open(&t, "6h", networks[k / 4], two, uses[k % 4], "<traffic period='5min' payload='12B'/>",
			  "count='20' centre='3km 3.5km' radius='2km'");
		r = sim_rng(t.s, 77, k);
		uint16_t off = sim_handler(t.s, "test.off", power_off, NULL),
			 on = sim_handler(t.s, "test.on", power_on, NULL);
		for (unsigned i = 0; i < TOWN_ROWS; i++)
			play[i] = (struct play){
				rng_uniform(&r) * 21000, rng_uniform(&r) < 0.5,
				rng_below(&r, 60),       rng_uniform(&r) < 0.5 ? PURPOSE_UPDATE : PURPOSE_COMMAND,
				rng_below(&r, 8),        rng_below(&r, 20)
			};
		for (unsigned i = 0; i < 200; i++) {
			simtime_t at = (simtime_t)(rng_uniform(&r) * 21000e9);
			uint32_t device = rng_below(&r, 20);
			sim_at(t.s, at, off, device, 0);
			sim_at(t.s, at + (simtime_t)(rng_uniform(&r) * 600e9), on, device, 0);
		}
		town_run(&t, play, TOWN_ROWS);
		unsigned answered = 0, delivered = 0;
		for (unsigned i = 0; i < TOWN_ROWS; i++) {
			assert_true(t.told[i].times <= 1);
			answered += t.told[i].times;
			delivered += t.told[i].times && t.told[i].fate == FATE_DELIVERED;
		}
		assert_int_equal(TOWN_ROWS, answered + network_under_way(t.s, PURPOSE_UPDATE) +
						    network_under_way(t.s, PURPOSE_COMMAND));
		assert_true(delivered > 100);
		town_close(&t);
	}
	town_besides = "";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_goes_down_in_the_first_window_of_the_next_uplink),
		cmocka_unit_test(or_else_in_the_second),
		cmocka_unit_test(an_answer_makes_the_window_that_it_comes_in_time_for),
		cmocka_unit_test(what_comes_after_the_windows_waits_for_the_next_uplink),
		cmocka_unit_test(messages_leave_by_priority_and_the_device_asks_for_what_is_pending),
		cmocka_unit_test(the_queue_is_bounded_and_a_payload_has_to_fit),
		cmocka_unit_test(what_is_not_heard_goes_again_and_is_given_up),
		cmocka_unit_test(messages_end_with_their_device),
		cmocka_unit_test(class_c_hears_at_once_and_pays_for_it),
		cmocka_unit_test(class_c_is_sent_again_after_its_time_out),
		cmocka_unit_test(what_onboards_or_updates_waits_its_turn),
		cmocka_unit_test(every_message_ends_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
