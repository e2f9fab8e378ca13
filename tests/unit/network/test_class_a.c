/*
 * Class A and the server to the microsecond: what frames cost shows how long they are, what is dropped shows when windows close.
 * Sending draws 100 mA at every power and receiving 10 mA, so that an account of energy is an account of time.
 */
#include "models/radio/lora.h"
#include "tests/unit/network/suburb.h"

static const char metered[] =
	"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='%s'/>"
	"<city width='6km' height='6km'><propagation model='log-distance' reference-loss='7.7dB' reference-distance='1m' exponent='3.76'/>"
	"<shadowing deviation='0dB'/></city>"
	"<lorawan id='l' %s>%s</lorawan>"
	"<device-class id='c'><uses network='l' %s/><traffic %s/>"
	"<power tx-power='-20dBm; 36dBm' tx-current='100mA; 100mA' rx='10mA' sleep='0A'/></device-class>"
	"<deploy class='c' %s/></scenario>";

static struct ran measure(const char *duration, const char *lorawan, const char *inside, const char *uses, const char *traffic,
			  const char *deploy)
{
	char xml[4096];

	snprintf(xml, sizeof xml, metered, duration, lorawan, inside, uses, traffic, deploy);
	return run_xml(xml);
}

static const double volt = 3.3;

static double air(unsigned bytes, unsigned sf, bool up)
{
	return sim_seconds(lora_time_on_air(bytes, sf, 125e3, 1, 8, up));
}

static void same(const char *what, double got, double want)
{
	if (!(fabs(got - want) <= 1e-6 + 1e-9 * fabs(want)))
		fail_msg("%s: %.9g, expected %.9g", what, got, want);
}

/* Seconds that the device sent. */
static double sending(const struct ran *r)
{
	return account(r, "energy", "sending") / (volt * 0.1);
}

static double downlinks(const struct ran *r)
{
	return kpi(r, "lorawan.gateway-airtime", "network=l");
}

static void an_adr_command_and_its_answer_lengthen_the_frames_that_carry_them(void **state)
{
	(void)state;
	/* 20 B: the first frame of 33 B goes out at SF12 and is answered by LinkADRReq on the 12 B of an empty downlink;
	 * the second carries LinkADRAns, 2 B, at SF7, where the device stays: at 12 dB of SNR, the most that gateways tell,
	 * and 17 + 2.5 dB to keep, nothing is left to gain */
	struct ran r = measure("10h", "activation='personalised' adr-margin='17dB'", gateway, "",
			       "period='1h' payload='20B'", near);
	double want = air(33, 12, true) + air(35, 7, true) + 8 * air(33, 7, true);
	assert_true(account(&r, "frames", "sent") == 10);
	same("seconds sent", sending(&r), want);
	same("seconds of downlinks", downlinks(&r) * 36000, air(17, 12, false));
	done(&r);
}

/* The server has the frame at its end and decides so much later; the second window is at SF12, 8 symbols of 32.768 ms long. */
static void a_late_decision_moves_the_answer_to_the_second_window_and_then_drops_it(void **state)
{
	(void)state;
	static const struct {
		const char *decision;
		double sent;
		unsigned sf;
	} rows[] = {
		{ "1s", 1, 7 }, { "1008ms", 1, 7 }, { "1009ms", 1, 12 }, { "2262ms", 1, 12 }, { "2263ms", 0, 12 },
	};
	char lorawan[160];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(lorawan, sizeof lorawan, "activation='personalised' adr='off' spreading-factor='7' decision='%s'",
			 rows[i].decision);
		struct ran r = measure("10h", lorawan, gateway, "confirmed='on' transmissions='1'", "period='1h'", near);
		if (kpi(&r, "lorawan.ack-ratio", "all") != rows[i].sent)
			fail_msg("decided after %s: %g acknowledged", rows[i].decision,
				 kpi(&r, "lorawan.ack-ratio", "all"));
		assert_true(kpi(&r, "lorawan.downlinks-dropped", "network=l") == 1 - rows[i].sent);
		same(rows[i].decision, downlinks(&r) * 36000, 10 * rows[i].sent * air(12, rows[i].sf, false));
		done(&r);
	}
}

static void windows_cost_what_is_received_in_them_or_their_length(void **state)
{
	(void)state;
	/* and the first window, which stays empty */
	struct ran r = measure("10h", "activation='personalised' adr='off' spreading-factor='7' decision='1500ms'", gateway,
			       "confirmed='on' transmissions='1'", "period='1h'", near);
	same("receiving, per message", account(&r, "energy", "receiving") / (volt * 0.01) / 10,
	     air(12, 12, false) + 0.008192);
	done(&r);
	/* in the first window the frame alone: the second is not opened */
	r = measure("10h", "activation='personalised' adr='off' spreading-factor='7'", gateway,
		    "confirmed='on' transmissions='1'", "period='1h'", near);
	same("receiving, per message", account(&r, "energy", "receiving") / (volt * 0.01) / 10, air(12, 7, false));
	done(&r);
	/* two empty windows */
	r = measure("10h", "activation='personalised' adr='off' spreading-factor='7'", gateway, "", "period='1h'", near);
	same("receiving, per message", account(&r, "energy", "receiving") / (volt * 0.01) / 10, 0.008192 + 0.262144);
	done(&r);
}

static void the_gateway_that_heard_a_frame_best_answers_it(void **state)
{
	(void)state;
	/* at -10 dBm only the near one is heard; both hear the device */
	static const char *const gateways[] = {
		"<gateway position='3km 3km' height='15m'/><gateway position='3km 0.2km' height='15m'/>",
		"<gateway position='3km 0.2km' height='15m'/><gateway position='3km 3km' height='15m'/>",
	};

	for (int i = 0; i < 2; i++) {
		struct ran r = measure(
			"10h",
			"activation='personalised' adr='off' spreading-factor='7' downlink-power='-10dBm' rx2-power='-10dBm'",
			gateways[i], "confirmed='on' transmissions='1'", "period='1h'", near);
		assert_true(kpi(&r, "lorawan.gateways-per-frame", "all") == 2);
		assert_true(kpi(&r, "lorawan.ack-ratio", "all") == 1);
		done(&r);
	}
}

static void the_second_window_has_a_power_of_its_own(void **state)
{
	(void)state;
	/* SF12 at 5 km, 146.8 dB: heard at 27 dBm, not at -10 dBm */
	static const char *const powers[] = { "downlink-power='-10dBm' rx2-power='27dBm'",
					      "downlink-power='27dBm' rx2-power='-10dBm'" };
	char lorawan[200];

	for (int i = 0; i < 2; i++) {
		snprintf(lorawan, sizeof lorawan,
			 "activation='personalised' adr='off' spreading-factor='12' decision='1500ms' %s", powers[i]);
		struct ran r =
			run("10h", lorawan, "<gateway position='3km 0.9km' height='15m'/>",
			    "confirmed='on' transmissions='1'", "period='1h'", "count='1' centre='3km 5.9km' radius='10m'");
		assert_true(kpi(&r, "lorawan.ack-ratio", "all") == (i == 0));
		done(&r);
	}
}

static void one_gateway_sends_one_downlink_at_a_time_within_its_duty_cycle(void **state)
{
	(void)state;
	/* half a frame a second wants an answer; the gateway may send 1 % of the time in the first window, 10 % in the
	 * second */
	struct ran r =
		run("4h", "activation='personalised' adr='off' spreading-factor='9'", gateway,
		    "confirmed='on' transmissions='1'", "period='2min'", "count='60' centre='3km 3.5km' radius='10m'");
	double share = downlinks(&r);
	assert_true(kpi(&r, "lorawan.downlinks-dropped", "network=l") > 0);
	assert_true(share > 0.05 && share <= 0.11 + 1e-3);
	done(&r);
	/* five answers a second, each a second long in the second window: what would overlap is dropped */
	r = measure("1h", "activation='personalised' adr='off' spreading-factor='7' duty-cycle='off' decision='1500ms'",
		    gateway, "confirmed='on' transmissions='1'", "period='1min'",
		    "count='300' centre='3km 3.5km' radius='10m'");
	assert_true(downlinks(&r) > 0.2);
	assert_true(downlinks(&r) <= 1);
	done(&r);
}

static void a_device_waits_for_its_windows_before_it_sends_again(void **state)
{
	(void)state;
	/* bursts of two within a second, no duty cycle: the second starts when the first one's second window is over, two
	 * seconds and 262.144 ms after its end */
	struct ran r = measure("1h", "activation='personalised' adr='off' spreading-factor='7' duty-cycle='off'", gateway,
			       "", "pattern='on-change' period='10min' burst='2' spacing='1s' payload='20B'", near);
	double latest = kpi(&r, "latency.max", "all");
	double wait = air(33, 7, true) + 2 + 0.262144 - 1;
	same("the second frame is delivered", latest, wait + air(33, 7, true));
	done(&r);
}

static void a_repeat_does_not_take_a_rate_that_cannot_carry_it(void **state)
{
	(void)state;
	/* 100 B: SF9 carries 115, SF10 only 51 */
	struct ran r =
		measure("1d", "activation='personalised' adr='off' spreading-factor='9'", "<gateway position='900km 3km'/>",
			"confirmed='on' transmissions='8'", "period='6h' phase='aligned' until='1h' payload='100B'", near);
	assert_true(account(&r, "frames", "sent") == 8);
	same("seconds sent", sending(&r), 8 * air(113, 9, true));
	done(&r);
}

/* A copy that its backhaul loses tells the server nothing: the near gateway's would make it think the device close by. */
static void what_the_server_does_not_get_it_does_not_know(void **state)
{
	(void)state;
	static const char *const links[] = { "availability='0%' repair='1h'", "availability='50%' repair='1h'",
					     "latency='5s'" };
	char xml[4096];

	for (int i = 0; i < 3; i++) {
		snprintf(xml, sizeof xml,
			 "<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='20d'/>"
			 "<city width='12km' height='12km'><propagation model='log-distance' reference-loss='7.7dB' "
			 "reference-distance='1m' exponent='3.76'/><shadowing deviation='0dB'/></city>"
			 "<lorawan id='l' activation='personalised'><gateway position='1km 7km' height='15m'/>"
			 "<gateway position='1km 1.5km' height='15m' backhaul='dead'/></lorawan>"
			 "<backhaul id='dead' %s/>"
			 "<device-class id='c'><uses network='l'/><traffic period='1h'/></device-class>"
			 "<deploy class='c' count='1' centre='1km 1km' radius='1m'/></scenario>",
			 links[i]);
		struct ran r = run_xml(xml);
		double delivered = kpi(&r, "connectivity.delivery-ratio", "all"), sf = kpi(&r, "lorawan.mean-sf", "all");
		/* the far gateway hears SF10 and slower, at 14 - 149.8 = -135.8 dBm, too weak for a faster rate; while the
		 * near one lives the device may be faster, and what it then sends is lost when it dies: 64 uplinks and more
		 * until it falls back */
		if (i != 1) /* a copy that comes after the decision is one that the server does not have */
			assert_true(delivered == 1 && sf == 12);
		else
			assert_true(delivered > 0.4 && sf < 12);
		done(&r);
	}
}

/* 241 B fit at SF7 but not with an answer to a command: one message makes room for it, and no more. */
static void an_answer_that_does_not_fit_goes_out_alone(void **state)
{
	(void)state;
	struct ran r =
		measure("10d", "join-spread='0s' adr-algorithm='semtech'", gateway, "", "period='1h' payload='241B'", near);
	double lost = account(&r, "messages", "lost: payload too large"), frames = account(&r, "frames", "sent");
	/* after 20 uplinks 9.5 dB are left at 12 dB of SNR, three steps of power; after 20 more again; after 20 more the
	 * last */
	assert_true(lost == 3);
	/* join requests, and a frame a message, empty or not */
	assert_true(frames == account(&r, "messages", "generated: c") + kpi(&r, "lorawan.join-requests", "network=l"));
	done(&r);
}

/* 60 B do not fit at SF12, where a personalised device begins: an empty uplink lets ADR bring it to a rate at which they do. */
static void a_payload_too_large_does_not_keep_adr_from_working(void **state)
{
	(void)state;
	struct ran r = measure("10d", "activation='personalised'", gateway, "", "period='1h' payload='60B'", near);
	assert_true(account(&r, "messages", "lost: payload too large") == 1);
	assert_true(kpi(&r, "connectivity.delivery-ratio", "all") > 0.99);
	done(&r);
	/* without ADR there is nothing to gain from an empty one */
	r = measure("10d", "activation='personalised' adr='off'", gateway, "", "period='1h' payload='60B'", near);
	assert_true(account(&r, "frames", "sent") == 0);
	done(&r);
}

/* 200 B fit at SF7 and SF8, not at SF9, to which the device falls with its 160th message, as nobody answers: that one and all
 * after it are empty and sent once; those before it eight times. */
static void an_uplink_without_its_message_is_not_confirmed(void **state)
{
	(void)state;
	struct ran r = run("50h", "activation='personalised' spreading-factor='7' retry-lowers-rate='off' duty-cycle='off'",
			   "<gateway position='900km 3km'/>", "confirmed='on' transmissions='8'",
			   "period='15min' phase='aligned' payload='200B'", near);
	assert_true(account(&r, "messages", "generated: c") == 200);
	assert_true(account(&r, "messages", "lost: payload too large") == 41);
	assert_true(account(&r, "messages", "lost: retries exhausted") == 159);
	assert_true(account(&r, "frames", "sent") == 159 * 8 + 41);
	done(&r);
}

/* Messages that never go out are no uplinks: a device that reports every second may send one in six. */
static void only_uplinks_that_go_out_count_for_adr(void **state)
{
	(void)state;
	struct ran r = measure("15min",
			       "activation='personalised' spreading-factor='7' downlink-power='-10dBm' rx2-power='-10dBm'",
			       "<gateway position='3km 3km' height='15m'/>", "", "period='1s' payload='20B'",
			       "count='1' centre='3km 5.9km' radius='10m'");
	double frames = account(&r, "frames", "sent");
	assert_true(frames > 90 && frames < 127);
	same("mean SF", kpi(&r, "lorawan.mean-sf", "all"), 7);
	done(&r);
}

/* At SF12 and full power there is nothing to ask for. */
static void the_slowest_device_asks_for_nothing(void **state)
{
	(void)state;
	struct ran r = measure("60d", "activation='personalised' adr-margin='40dB'", gateway, "", "period='1h'",
			       "count='1' centre='3km 5.9km' radius='10m'");
	assert_true(account(&r, "frames", "sent") == 1440);
	assert_true(downlinks(&r) == 0);
	done(&r);
}

/* 64 B of overhead leave 191 B of the 255 of a frame. */
static void a_frame_is_never_longer_than_255_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *payload;
		double lost;
	} rows[] = { { "191B", 0 }, { "192B", 10 }, { "242B", 10 } };
	char traffic[64];

	for (size_t i = 0; i < 3; i++) {
		snprintf(traffic, sizeof traffic, "period='1h' payload='%s'", rows[i].payload);
		struct ran r =
			measure("10h", "activation='personalised' adr='off' spreading-factor='7' frame-overhead='64B'",
				gateway, "", traffic, near);
		assert_true(account(&r, "messages", "lost: payload too large") == rows[i].lost);
		same("seconds sent", sending(&r), (10 - rows[i].lost) * air(255, 7, true));
		done(&r);
	}
}

/* Five hundred devices send all they can on 16 channels, and what is received is ten minutes on the way. */
static void as_many_uplinks_are_in_work_as_there_are(void **state)
{
	(void)state;
	char xml[4096], channels[1200] = "";

	for (int i = 0; i < 16; i++)
		snprintf(channels + strlen(channels), sizeof channels - strlen(channels), "<channel frequency='%dkHz'/>",
			 865100 + 200 * i);
	snprintf(
		xml, sizeof xml,
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='20min'/><city width='6km' height='6km'/>"
		"<lorawan id='l' activation='personalised' adr='off' spreading-factor='7' duty-cycle='off' demodulators='64'>"
		"%s<gateway position='3km 3km' backhaul='slow'/></lorawan><backhaul id='slow' latency='10min'/>"
		"<device-class id='c'><uses network='l'/><traffic period='1s' payload='1B'/></device-class>"
		"<deploy class='c' count='500' centre='3km 3km' radius='50m'/></scenario>",
		channels);
	struct ran r = run_xml(xml);
	assert_true(account(&r, "messages", "in flight at the end") > 25000);
	done(&r);
}

/* TXPower 14 of US915 is 30 - 28 dBm, of EU868 the seventh 14 - 14 dBm; a device that sends at 14 dBm at the most stays there until
 * the index asks for less.  100 mA at 14 dBm and 10 mA at -20 dBm make 68.2 and 62.9 mA there. */
static void power_follows_its_index_down_from_the_regions_limit(void **state)
{
	(void)state;
	static const struct {
		const char *region;
		double ma;
	} rows[] = { { "US915", 10 + 90 * 22 / 34.0 }, { "EU868", 10 + 90 * 20 / 34.0 } };
	char xml[4096], lorawan[200];

	for (int i = 0; i < 2; i++) {
		snprintf(lorawan, sizeof lorawan,
			 "region='%s' activation='personalised' adr-algorithm='semtech' spreading-factor='7'",
			 rows[i].region);
		snprintf(xml, sizeof xml, metered, "200d", lorawan, gateway, "", "period='1h' payload='10B'",
			 "count='1' centre='3km 3.1km' radius='10m'");
		char *power = strstr(xml, "'-20dBm; 36dBm' tx-current='100mA; 100mA'");
		memcpy(power, "'-20dBm; 14dBm' tx-current=' 10mA; 100mA'",
		       strlen("'-20dBm; 14dBm' tx-current=' 10mA; 100mA'"));
		struct ran r = run_xml(xml);
		double ma =
			1e3 * account(&r, "energy", "sending") / volt / (air(23, 7, true) * account(&r, "frames", "sent"));
		/* a hundred of 4,800 frames until it is there */
		assert_true(ma > rows[i].ma && ma < rows[i].ma + 100 / 4800.0 * (100 - rows[i].ma) + 0.5);
		done(&r);
	}
}

static void join_requests_keep_to_their_budgets(void **state)
{
	(void)state;
	/* 36 s in the first hour, 36 s until the eleventh, 8.7 s a day from then on [LoRaWAN 1.0.3, 7], and a request that
	 * straddles a boundary */
	static const struct {
		const char *until;
		double most;
	} rows[] = {
		{ "1h", 36 },
		{ "11h", 36 + 36 + 1.5 },
		{ "35h", 36 + 36 + 8.7 + 1.5 },
		{ "59h", 36 + 36 + 2 * 8.7 + 1.5 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ran r = measure(rows[i].until, "join-spread='0s'", "<gateway position='900km 3km'/>", "",
				       "period='1h'", near);
		double sent = sending(&r);
		if (!(sent <= rows[i].most && sent >= 0.8 * rows[i].most))
			fail_msg("%s: %g s of join requests", rows[i].until, sent);
		done(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_adr_command_and_its_answer_lengthen_the_frames_that_carry_them),
		cmocka_unit_test(a_late_decision_moves_the_answer_to_the_second_window_and_then_drops_it),
		cmocka_unit_test(windows_cost_what_is_received_in_them_or_their_length),
		cmocka_unit_test(the_gateway_that_heard_a_frame_best_answers_it),
		cmocka_unit_test(the_second_window_has_a_power_of_its_own),
		cmocka_unit_test(one_gateway_sends_one_downlink_at_a_time_within_its_duty_cycle),
		cmocka_unit_test(a_device_waits_for_its_windows_before_it_sends_again),
		cmocka_unit_test(a_repeat_does_not_take_a_rate_that_cannot_carry_it),
		cmocka_unit_test(join_requests_keep_to_their_budgets),
		cmocka_unit_test(what_the_server_does_not_get_it_does_not_know),
		cmocka_unit_test(an_answer_that_does_not_fit_goes_out_alone),
		cmocka_unit_test(a_payload_too_large_does_not_keep_adr_from_working),
		cmocka_unit_test(an_uplink_without_its_message_is_not_confirmed),
		cmocka_unit_test(only_uplinks_that_go_out_count_for_adr),
		cmocka_unit_test(the_slowest_device_asks_for_nothing),
		cmocka_unit_test(a_frame_is_never_longer_than_255_bytes),
		cmocka_unit_test(power_follows_its_index_down_from_the_regions_limit),
		cmocka_unit_test(as_many_uplinks_are_in_work_as_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
