/* The LoRaWAN MAC and server through whole small scenarios. */
#include "tests/unit/network/suburb.h"

/* JoinRequest 23 B, JoinAccept 33 B (17 B without CFList), RX1 after 5 s: facts on onboarding, 1.3. */
static void a_join_on_an_idle_channel_takes_its_airtimes_and_five_seconds(void **state)
{
	(void)state;
	struct ran r = run("1h", "join-spread='0s'", gateway, "", "period='10min'", near);
	assert_true(fabs(kpi(&r, "lorawan.join-time", "network=l") - 5.133632) < 1e-6);
	assert_true(kpi(&r, "lorawan.join-requests", "network=l") == 1);
	done(&r);
	r = run("1h", "join-spread='0s' cflist='off'", gateway, "", "period='10min'", near);
	assert_true(fabs(kpi(&r, "lorawan.join-time", "network=l") - (5 + 0.061696 + 0.046336)) < 1e-6);
	done(&r);
}

static void a_device_out_of_reach_goes_on_joining_within_its_budget(void **state)
{
	(void)state;
	/* Of 48 requests 42 at SF7, 8.06 s apart by their windows and retry time, two at SF8 and one each at SF9 to SF12,
	 * apart by 1 % of their airtimes: 48 in 642 s, so 269 in the first hour; the retry times are random. */
	struct ran r = run("1h", "", "<gateway position='900km 3km'/>", "", "period='10min'", near);
	double sent = account(&r, "frames", "sent");
	assert_true(sent > 259 && sent < 279);
	assert_true(account(&r, "messages", "generated: c") == 0);
	assert_true(isnan(kpi(&r, "connectivity.delivery-ratio", "all")));
	done(&r);
}

static void a_payload_that_the_data_rate_cannot_carry_is_a_counted_loss(void **state)
{
	(void)state;
	/* 51 B is what EU868 carries at SF12; 242 B at SF7 */
	struct ran r = run("10h", "activation='personalised' adr='off' spreading-factor='12'", gateway, "",
			   "period='30min' payload='52B'", near);
	assert_true(kpi(&r, "connectivity.delivery-ratio", "all") == 0);
	assert_true(account(&r, "messages", "lost: payload too large") == 20);
	assert_true(account(&r, "frames", "sent") == 0);
	done(&r);
	r = run("10h", "activation='personalised' adr='off' spreading-factor='12'", gateway, "",
		"period='30min' payload='51B'", near);
	assert_true(kpi(&r, "connectivity.delivery-ratio", "all") == 1);
	done(&r);
}

static void no_gateway_in_reach_is_a_finding_not_an_error(void **state)
{
	(void)state;
	struct ran r = run("10h", "activation='personalised'", "", "", "period='30min'", near);
	assert_true(account(&r, "messages", "lost: no coverage") == 20);
	assert_true(kpi(&r, "connectivity.coverage", "all") == 0);
	done(&r);
}

/* SF12, 20 B and 13 B of overhead: 1810.432 ms, from a device that always has something to send. */
static void duty_cycle_rules_space_frames_as_they_say(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		double least, most;
	} rows[] = {
		{ "off-time", 3600 / 181.0432 - 1, 3600 / 181.0432 + 1 },
		{ "from-start", 3600 / 179.232768 - 1, 3600 / 179.232768 + 1 },
		{ "window-1h", 2 * 36 / 1.810432 - 2, 2 * 36 / 1.810432 + 1 },
		/* only the receive windows: 1.81 + 2 + 0.26 s */
		{ "off", 3600 / 4.1 - 30, 3600 / 4.07 + 2 },
	};
	char lorawan[200];

	for (size_t i = 0; i < 4; i++) {
		snprintf(lorawan, sizeof lorawan,
			 "activation='personalised' adr='off' spreading-factor='12' duty-cycle='%s'", rows[i].rule);
		struct ran r = run("1h", lorawan, gateway, "", "period='1s' payload='20B'", near);
		double sent = account(&r, "frames", "sent");
		if (!(sent >= rows[i].least && sent <= rows[i].most))
			print_error("%s: %g frames\n", rows[i].rule, sent);
		assert_true(sent >= rows[i].least && sent <= rows[i].most);
		done(&r);
	}
}

static void a_confirmed_message_is_sent_so_often_and_no_more(void **state)
{
	(void)state;
	/* nobody answers: at SF7 five transmissions of 7.2 s each fit well into the period */
	struct ran r = run("1d", "activation='personalised' adr='off' spreading-factor='7' retry-lowers-rate='off'",
			   "<gateway position='900km 3km'/>", "confirmed='on' transmissions='5'",
			   "period='10min' until='20h'", near);
	assert_true(kpi(&r, "lorawan.frames-per-message", "all") == 5);
	assert_true(kpi(&r, "lorawan.ack-ratio", "all") == 0);
	assert_true(account(&r, "messages", "lost: retries exhausted") == account(&r, "messages", "generated: c"));
	done(&r);
	/* with a gateway at hand the first one does it */
	r = run("1d", "activation='personalised' adr='off' spreading-factor='7'", gateway,
		"confirmed='on' transmissions='5'", "period='10min' until='20h'", near);
	assert_true(kpi(&r, "lorawan.frames-per-message", "all") == 1);
	assert_true(kpi(&r, "lorawan.ack-ratio", "all") == 1);
	done(&r);
}

static void repeats_go_out_at_a_lower_rate_after_every_second(void **state)
{
	(void)state;
	struct ran r =
		run("1d", "activation='personalised' adr='off' spreading-factor='7'", "<gateway position='900km 3km'/>",
		    "confirmed='on' transmissions='8'", "period='6h' phase='aligned' until='1h'", near);
	/* one message: SF 7 7 8 8 9 9 10 10 */
	assert_true(account(&r, "frames", "sent") == 8);
	assert_true(fabs(kpi(&r, "lorawan.mean-sf", "all") - 8.5) < 1e-9);
	done(&r);
}

static void adr_brings_a_strong_device_to_the_fastest_rate_at_low_power(void **state)
{
	(void)state;
	static const char *const algorithms[] = { "things-stack", "semtech" };
	char lorawan[200];

	for (int i = 0; i < 2; i++) {
		snprintf(lorawan, sizeof lorawan, "activation='personalised' adr-algorithm='%s'", algorithms[i]);
		struct ran r = run("10d", lorawan, gateway, "", "period='1h'", near);
		double on = kpi(&r, "lorawan.mean-sf", "all"), energy = kpi(&r, "energy.per-message", "all");
		done(&r);
		r = run("10d", "activation='personalised' adr='off'", gateway, "", "period='1h'", near);
		/* things-stack acts on the first uplink, semtech on the twentieth of 240 */
		assert_true(on < 7 + 5 * (i ? 25.0 : 3.0) / 240);
		assert_true(kpi(&r, "lorawan.mean-sf", "all") == 12);
		assert_true(energy < 0.5 * kpi(&r, "energy.per-message", "all"));
		done(&r);
	}
}

static void without_downlinks_a_device_falls_back_rate_by_rate(void **state)
{
	(void)state;
	/* a gateway that cannot be heard: 64 + 32 uplinks until full power, then a rate every 32 */
	struct ran r =
		run("400h", "activation='personalised' spreading-factor='7' downlink-power='-10dBm' rx2-power='-10dBm'",
		    "<gateway position='3km 3km' height='15m'/>", "", "period='1h'",
		    "count='1' centre='3km 5.9km' radius='10m'");
	double sf = kpi(&r, "lorawan.mean-sf", "all");
	assert_true(kpi(&r, "lorawan.downlinks-heard", "network=l") == 0);
	/* 127 at SF7, then 32 each at 8, 9, 10, 11, the rest at 12 */
	double want = (127 * 7 + 32 * (8 + 9 + 10 + 11) + (400 - 127 - 128) * 12.0) / 400;
	if (fabs(sf - want) > 0.1)
		print_error("mean SF %g, expected %g\n", sf, want);
	assert_true(fabs(sf - want) <= 0.1);
	done(&r);
}

static void without_iq_inversion_neighbours_uplinks_disturb_answers(void **state)
{
	(void)state;
	static const char common[] =
		"activation='personalised' adr='off' spreading-factor='9' duty-cycle='off' iq-inversion='%s'";
	char lorawan[200];
	double ack[2];

	/* devices close together and far from the gateway: what they send is stronger than what they are to hear */
	for (int i = 0; i < 2; i++) {
		snprintf(lorawan, sizeof lorawan, common, i ? "off" : "on");
		struct ran r = run("6h", lorawan, gateway, "confirmed='on' transmissions='1'", "period='2min'",
				   "count='60' centre='3km 5.6km' radius='150m'");
		ack[i] = kpi(&r, "lorawan.ack-ratio", "all");
		done(&r);
	}
	assert_true(ack[0] > 0.2);
	assert_true(ack[1] < ack[0] - 0.02);
}

static void one_frame_on_two_gateways_is_delivered_once(void **state)
{
	(void)state;
	struct ran r = run("10h", "activation='personalised' adr='off'",
			   "<gateway position='3km 3km'/><gateway position='3km 4km'/>", "", "period='30min'", near);
	assert_true(account(&r, "messages", "generated: c") == 20);
	assert_true(account(&r, "messages", "delivered") == 20);
	assert_true(kpi(&r, "lorawan.gateways-per-frame", "all") == 2);
	done(&r);
}

/* Whatever state the link begins in. */
static void a_device_is_available_while_its_gateways_backhaul_is_up(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 8; seed++) {
		char xml[2048];
		struct ran r;
		snprintf(
			xml, sizeof xml,
			"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='10d' seed='%u'/>"
			"<city width='6km' height='6km'><shadowing deviation='0dB'/></city>"
			"<backhaul id='b' availability='50%%' repair='5d'/>"
			"<lorawan id='l' activation='personalised'><gateway position='3km 3km' height='15m' backhaul='b'/></lorawan>"
			"<device-class id='c'><uses network='l'/></device-class><deploy class='c' %s/></scenario>",
			seed, near);
		r = run_xml(xml);
		assert_true(fabs(kpi(&r, "connectivity.availability", "all") - kpi(&r, "backhaul.availability", "all")) <
			    1e-6);
		done(&r);
	}
}

/* The session ends when it leaves: it joins each time it returns. */
static void a_device_that_comes_back_to_lorawan_joins_again(void **state)
{
	char xml[2048];
	struct ran r;
	double moves;

	(void)state;
	snprintf(
		xml, sizeof xml,
		"<scenario xmlns='urn:sccsim:scenario:1' id='t'><run duration='20d'/>"
		"<city width='6km' height='6km'><shadowing deviation='0dB'/></city>"
		"<backhaul id='b' availability='50%%' repair='12h'/><local-link id='home' loss='0%%'/>"
		"<lorawan id='l'><gateway position='3km 3km' height='15m' backhaul='b'/></lorawan>"
		"<device-class id='c'><uses network='l'/><uses network='home'/></device-class><deploy class='c' %s/></scenario>",
		near);
	r = run_xml(xml);
	moves = 20 * (kpi(&r, "choosing.fall-overs", "all") + kpi(&r, "choosing.returns", "all"));
	assert_true(moves > 10);
	/* nothing but join requests is sent: the device reports nothing */
	assert_true(account(&r, "frames", "sent") >= moves / 2 - 1);
	assert_true(kpi(&r, "choosing.second-choice-time", "all") > 0.2);
	assert_true(kpi(&r, "connectivity.availability", "all") > 0.999);
	done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_available_while_its_gateways_backhaul_is_up),
		cmocka_unit_test(a_device_that_comes_back_to_lorawan_joins_again),
		cmocka_unit_test(a_join_on_an_idle_channel_takes_its_airtimes_and_five_seconds),
		cmocka_unit_test(a_device_out_of_reach_goes_on_joining_within_its_budget),
		cmocka_unit_test(a_payload_that_the_data_rate_cannot_carry_is_a_counted_loss),
		cmocka_unit_test(no_gateway_in_reach_is_a_finding_not_an_error),
		cmocka_unit_test(duty_cycle_rules_space_frames_as_they_say),
		cmocka_unit_test(a_confirmed_message_is_sent_so_often_and_no_more),
		cmocka_unit_test(repeats_go_out_at_a_lower_rate_after_every_second),
		cmocka_unit_test(adr_brings_a_strong_device_to_the_fastest_rate_at_low_power),
		cmocka_unit_test(without_downlinks_a_device_falls_back_rate_by_rate),
		cmocka_unit_test(without_iq_inversion_neighbours_uplinks_disturb_answers),
		cmocka_unit_test(one_frame_on_two_gateways_is_delivered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
