/* The channel plan: channels of 250 and 500 kHz and of FSK, and what a <channel> may not be. */
#include "models/network/lorawan/lorawan_private.h"
#include "models/network/lorawan/rate.h"
#include "tests/unit/network/suburb.h"

/* ToA in seconds of a frame of 20 B and 13 B of overhead. */
static double airtime(uint8_t sf, uint32_t bw)
{
	return sim_seconds(rate_time_on_air(&(struct data_rate){ .sf = sf, .bw = bw }, 33, true));
}

/* The latency of a lone frame without backhaul and platform is its time on air. */
static void a_wide_or_fsk_channel_carries_frames_at_its_own_data_rate(void **state)
{
	static const struct {
		const char *region, *channel;
		uint8_t sf;
		uint32_t bw;
	} rows[] = {
		{ "EU868", "<channel frequency='868.3MHz' min-data-rate='6' max-data-rate='6'/>", 7, 250000 },
		{ "EU868", "<channel frequency='868.3MHz' min-data-rate='6'/>", 7, 250000 },
		{ "EU868", "<channel frequency='868.8MHz' max-data-rate='7'/>", 0, 50000 },
		{ "IN865", "<channel frequency='865.4025MHz' min-data-rate='7'/>", 0, 50000 },
		{ "AS923", "<channel frequency='923.2MHz' min-data-rate='6'/>", 7, 250000 },
		{ "US915", "<channel frequency='903MHz' min-data-rate='4'/>", 8, 500000 },
		{ "EU868", "<channel frequency='868.3MHz' min-data-rate='3' max-data-rate='3'/>", 9, 125000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char lorawan[200], inside[300];
		snprintf(lorawan, sizeof lorawan, "region='%s' activation='personalised' adr='off'", rows[i].region);
		snprintf(inside, sizeof inside, "%s%s", rows[i].channel, gateway);
		struct ran r = run("10h", lorawan, inside, "", "period='30min' payload='20B'", near);
		assert_true(kpi(&r, "connectivity.delivery-ratio", "all") == 1);
		assert_true(fabs(kpi(&r, "latency.max", "all") - airtime(rows[i].sf, rows[i].bw)) < 1e-6);
		done(&r);
	}
	/* 8 (5 + 3 + 1 + 33 + 2) bits at 50 kbit/s */
	assert_true(fabs(airtime(0, 50000) - 7.04e-3) < 1e-12);
}

/* A gateway hears SF7 down to -130 dBm at 125 kHz and -127 dBm at 250 kHz, and FSK down to -105 dBm; 14 dBm less
 * 7.7 + 37.6 log10(d) make -127.4 dBm at 3.6 km, -126.0 at 3.3 km, -106.5 at 1 km and -103.8 at 0.85 km. */
static void each_width_reaches_as_far_as_its_sensitivity(void **state)
{
	static const struct {
		unsigned dr;
		const char *distance;
		double heard;
	} rows[] = {
		{ 5, "3.6km", 1 }, { 6, "3.6km", 0 }, { 6, "3.3km", 1 }, { 7, "1km", 0 }, { 7, "0.85km", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char inside[300];
		snprintf(inside, sizeof inside,
			 "<channel frequency='868.3MHz' min-data-rate='%u'/><gateway position='3km %s' height='1.5m'/>",
			 rows[i].dr, rows[i].distance);
		struct ran r = run("10h", "activation='personalised' adr='off' spreading-factor='link'", inside, "",
				   "period='30min' payload='20B'", "count='1' centre='3km 0km' radius='1m'");
		assert_true(kpi(&r, "connectivity.frame-ratio", "all") == rows[i].heard);
		assert_true(kpi(&r, "connectivity.coverage", "all") == rows[i].heard);
		done(&r);
	}
}

/* -132.8 dBm at 5 km: within reach at SF12 (-142.5 dBm), not at SF7, which is all that a fixed rate has. */
static void coverage_is_at_the_slowest_rate_that_devices_may_use(void **state)
{
	static const struct {
		const char *lorawan;
		double covered;
	} rows[] = {
		{ "spreading-factor='7' adr='off'", 0 },
		{ "spreading-factor='12' adr='off'", 1 },
		{ "spreading-factor='link' adr='off'", 1 },
		{ "spreading-factor='7'", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char lorawan[200];
		snprintf(lorawan, sizeof lorawan, "activation='personalised' %s", rows[i].lorawan);
		struct ran r = run("1h", lorawan, "<gateway position='3km 5km' height='1.5m'/>", "", "period='10min'",
				   "count='1' centre='3km 0km' radius='1m'");
		assert_true(kpi(&r, "connectivity.coverage", "all") == rows[i].covered);
		assert_true(kpi(&r, "connectivity.availability", "all") == rows[i].covered);
		done(&r);
	}
}

/* Eight requests at DR0 (SF10), the ninth at DR4 (SF8, 500 kHz): LoRaMac-node. */
static void us915_joins_on_eight_narrow_channels_and_a_wide_one_in_turn(void **state)
{
	static const struct {
		const char *channel;
		double mean_sf;
	} rows[] = {
		{ "", (8 * 10 + 8) / 9.0 }, { "<channel frequency='902.3MHz'/>", 10 }, /* no wide channel to turn to */
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char inside[300];
		snprintf(inside, sizeof inside, "%s<gateway position='900km 3km'/>", rows[i].channel);
		struct ran r = run("1h", "region='US915'", inside, "", "period='10min'", near);
		double sent = account(&r, "frames", "sent");
		/* what is left of the last nine is less than a cycle of all */
		assert_true(sent > 20 && fabs(kpi(&r, "lorawan.mean-sf", "all") - rows[i].mean_sf) <= 2 / sent);
		done(&r);
	}
}

/* Erlang offered on a channel over the day. */
static double offered(const struct ran *r, const char *channel)
{
	const struct report *p = r->o->reps[0].report;
	double sum = 0;

	for (size_t i = 0; i < p->n_curves; i++)
		if (strcmp(p->curves[i].def->name, "channel-use") == 0 && strcmp(p->curves[i].group, channel) == 0)
			sum += p->curves[i].y;
	return sum;
}

static void join_requests_keep_to_the_channels_that_every_network_has(void **state)
{
	static const char more[] = "<channel frequency='867.1MHz'/><channel frequency='867.3MHz'/>";
	char inside[400];

	(void)state;
	snprintf(inside, sizeof inside, "%s<channel frequency='868.1MHz'/><channel frequency='868.3MHz'/>%s", more,
		 "<gateway position='900km 3km'/>");
	struct ran r = run("1d", "", inside, "", "period='10min'", near);
	assert_true(offered(&r, "868.1 MHz") > 0 && offered(&r, "868.3 MHz") > 0);
	assert_true(offered(&r, "867.1 MHz") == 0 && offered(&r, "867.3 MHz") == 0);
	done(&r);
	/* a network with none of them */
	snprintf(inside, sizeof inside, "%s<gateway position='900km 3km'/>", more);
	r = run("1d", "", inside, "", "period='10min'", near);
	assert_true(offered(&r, "867.1 MHz") > 0 && offered(&r, "867.3 MHz") > 0);
	done(&r);
}

/* A confirmed message's answer in RX1, heard or not by its power: the device hears SF7 down to -124 dBm, and 125 kHz at SF10, or
 * 500 kHz at SF10, down to -133 or -125 dBm. */
static void downlinks_are_as_strong_as_sub_band_and_region_allow(void **state)
{
	/* loss at 4.48 km: 145.0 dB; at 5.2 km: 147.4 dB */
	static const struct {
		const char *lorawan, *at;
		double acked;
	} rows[] = {
		{ "region='EU868' spreading-factor='9' decision='0s'", "5.2km", 0 },     /* 14 - 147.4 = -133.4 < -130 */
		{ "region='EU868' spreading-factor='9' decision='1500ms'", "5.2km", 1 }, /* RX2: SF12, 27 dBm */
		{ "region='EU868' spreading-factor='9' decision='0s' downlink-power='20dBm'", "5.2km", 1 },
		{ "region='EU868' spreading-factor='9' decision='0s'", "4.48km", 0 }, /* -131.0; at 16 dBm it were -129 */
		{ "region='AS923' spreading-factor='9' decision='0s'", "4.48km", 1 },
		{ "region='IN865' spreading-factor='9' decision='0s'", "5.2km", 1 }, /* 30 dBm */
		{ "region='AS923' spreading-factor='9' decision='0s'", "5.2km", 0 }, /* 16 dBm: -131.4 */
		{ "region='US915' spreading-factor='9' decision='0s'", "5.2km", 1 }, /* 30 dBm, SF9 at 500 kHz: -122 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char lorawan[300], inside[200];
		snprintf(lorawan, sizeof lorawan, "activation='personalised' adr='off' rx1-delay='1s' %s", rows[i].lorawan);
		snprintf(inside, sizeof inside, "<gateway position='3km %s' height='1.5m'/>", rows[i].at);
		struct ran r = run("10h", lorawan, inside, "confirmed='on' transmissions='1'", "period='1h' payload='10B'",
				   "count='1' centre='3km 0km' radius='1m'");
		if (kpi(&r, "lorawan.ack-ratio", "all") != rows[i].acked)
			fail_msg("%s: %g acknowledged", rows[i].lorawan, kpi(&r, "lorawan.ack-ratio", "all"));
		done(&r);
	}
}

/* The tables of a network with a region's default channels, or with those below n. */
static void plan_of(struct lorawan *lw, struct lorawan_params *par, struct node *n, const char *region)
{
	*par = (struct lorawan_params){
		.sub_band = 2, .window_symbols = 8, .frame_overhead = 13, .downlink_power = NAN, .rx2_power = NAN
	};
	*lw = (struct lorawan){ .node = n, .par = par, .region = region_find(region), .power_dbm = 14 };
	lw_plan(lw);
}

static void tables_follow_from_the_plan(void **state)
{
	struct lorawan *lw = malloc(sizeof *lw);
	struct lorawan_params par;
	struct channel_params wide = { 923.2e6, 1, 6, 6 };
	struct node channel = { .model = &channel_model, .par = &wide }, n = { 0 };

	(void)state;
	assert_non_null(lw);
	plan_of(lw, &par, &n, "EU868");
	assert_int_equal(lw->rx2_channel, LW_RX2_CHANNEL);
	/* Goursaud: SF12 is disturbed by itself from -142.5 - 6, by SF7 from -142.5 + 36, SF7 by itself from -130 - 6 dBm
	 */
	assert_int_equal(lw->matters[0], -14850);
	assert_int_equal(lw->matters[5], -13600);
	/* those of other widths are not disturbed at all */
	assert_int_equal(lw->matters[6], -12699 - 600);
	assert_int_equal(lw->matters[7], -10500 - 1000);
	for (unsigned dr = 0; dr <= 5; dr++) {
		float sum = 0, join = 0;
		for (unsigned i = 0; i < lw->pick[dr].n; i++)
			sum += lw->pick[dr].weight[i];
		for (unsigned i = 0; i < lw->join_pick[dr].n; i++)
			join += lw->join_pick[dr].weight[i];
		assert_true(fabsf(sum - 1) < 1e-6f && fabsf(join - 1) < 1e-6f);
		assert_int_equal(lw->join_pick[dr].bands, lw->pick[dr].bands);
	}
	for (int k = 0; k < 8; k++)
		assert_int_equal(lw->reduction[k], 200 * k);
	/* RX2 lies on the first channel, at the same width; in US915 on the first of eight downlink channels */
	plan_of(lw, &par, &n, "AS923");
	assert_int_equal(lw->rx2_channel, 0);
	n.child = &channel;
	plan_of(lw, &par, &n, "AS923");
	assert_int_equal(lw->rx2_channel, LW_RX2_CHANNEL); /* 250 kHz wide, RX2 is 125 */
	n.child = NULL;
	plan_of(lw, &par, &n, "US915");
	assert_int_equal(lw->rx2_channel, LW_DOWN_CHANNEL);
	assert_int_equal(lw->n_channels, 9);
	for (unsigned ch = 0; ch < 8; ch++)
		assert_int_equal(lw->down_channel[ch], LW_DOWN_CHANNEL + ch);
	assert_int_equal(lw->down_channel[8], LW_DOWN_CHANNEL + 1); /* 904.6 MHz is the second of the wide ones */
	for (int k = 0; k < 15; k++)
		assert_int_equal(lw->reduction[k], k <= 8 ? 0 : 200 * (k - 8));
	free(lw);
}

/* LoRaMac-node joins at DR2 in AS923. */
static void as923_joins_at_one_data_rate(void **state)
{
	(void)state;
	struct ran r = run("10h", "region='AS923'", "<gateway position='900km 3km'/>", "", "period='10min'", near);
	assert_true(account(&r, "frames", "sent") > 20 && kpi(&r, "lorawan.mean-sf", "all") == 10);
	done(&r);
}

/* The errors of a <lorawan> with this region and content, one a line. */
static char *errors_of(const char *lorawan, const char *inside, char *into, size_t size)
{
	char xml[4096];
	struct diag *d = diag_new();
	size_t n = 0;

	char content[3000];

	snprintf(content, sizeof content, "%s%s", inside, gateway);
	snprintf(xml, sizeof xml, text, "1h", lorawan, content, "", "period='10min'", near);
	struct scenario *sc = scenario_parse(xml, strlen(xml), "t.xml", &sccsim_models, NULL, NULL, 0, d);
	into[0] = 0;
	for (size_t i = 0; !sc && i < diag_count(d) && n < size; i++)
		n += (size_t)snprintf(into + n, size - n, "%s\n", diag_text(d, i));
	scenario_free(sc);
	diag_free(d);
	return into;
}

static void a_plan_that_cannot_be_is_told_in_words(void **state)
{
	static const struct {
		const char *lorawan, *channels, *error;
	} rows[] = {
		{ "", "<channel frequency='868.1MHz' max-data-rate='8'/>",
		  "<channel max-data-rate>: \"8\" is no uplink data rate of EU868 (0 to 7)" },
		{ "region='US915'", "<channel frequency='903MHz' min-data-rate='5'/>",
		  "<channel min-data-rate>: \"5\" is no uplink data rate of US915 (0 to 4)" },
		{ "", "<channel frequency='868.1MHz' min-data-rate='4' max-data-rate='2'/>",
		  "<channel max-data-rate>: \"2\" is slower than min-data-rate, 4" },
		{ "", "<channel frequency='868.1MHz' min-data-rate='0' max-data-rate='6'/>",
		  "<channel max-data-rate>: \"6\" differs from data rate 0 in bandwidth or modulation: give each a <channel> of its own" },
		{ "", "<channel frequency='868.1MHz' min-data-rate='6' max-data-rate='7'/>",
		  "<channel max-data-rate>: \"7\" differs from data rate 6 in bandwidth or modulation: give each a <channel> of its own" },
		{ "", "<channel frequency='868.1MHz'/><channel frequency='868.3MHz'/><channel frequency='868.1MHz'/>",
		  "<channel frequency>: \"868.1MHz\" is that of another channel (line 1)" },
		{ "",
		  "<channel frequency='868.1MHz' max-data-rate='2'/><channel frequency='868.3MHz' min-data-rate='4' max-data-rate='5'/>",
		  "<lorawan l>: no channel carries DR3, but slower and faster data rates are in use" },
		{ "spreading-factor='9'", "<channel frequency='868.3MHz' min-data-rate='5'/>",
		  "<lorawan spreading-factor>: \"9\" is no uplink data rate of EU868 on its channels" },
		{ "", "<channel frequency='868.3MHz' weight='0'/>", "<lorawan l>: its channels have no weight" },
		{ "region='AS923'", "<channel frequency='923.2MHz' max-data-rate='1'/>",
		  "<lorawan l>: none of its channels carries a data rate that fits into the dwell time of 400 ms" },
		{ "region='AS923' spreading-factor='12'", "",
		  "<lorawan spreading-factor>: \"12\" is no uplink data rate of AS923 on its channels within the dwell time of 400 ms" },
		/* these are sound */
		{ "region='AS923' spreading-factor='12' dwell-time='off'", "", NULL },
		{ "", "<channel frequency='868.1MHz'/><channel frequency='868.1MHz' min-data-rate='6'/>", NULL },
		{ "", "<channel frequency='868.1MHz' max-data-rate='2'/><channel frequency='868.3MHz' min-data-rate='3'/>",
		  NULL },
		{ "region='US915' spreading-factor='8'", "<channel frequency='903MHz' min-data-rate='4'/>", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char got[2000], want[300] = "";
		if (rows[i].error)
			snprintf(want, sizeof want, "t.xml:1: %s\n", rows[i].error);
		assert_string_equal(errors_of(rows[i].lorawan, rows[i].channels, got, sizeof got), want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wide_or_fsk_channel_carries_frames_at_its_own_data_rate),
		cmocka_unit_test(each_width_reaches_as_far_as_its_sensitivity),
		cmocka_unit_test(coverage_is_at_the_slowest_rate_that_devices_may_use),
		cmocka_unit_test(us915_joins_on_eight_narrow_channels_and_a_wide_one_in_turn),
		cmocka_unit_test(join_requests_keep_to_the_channels_that_every_network_has),
		cmocka_unit_test(downlinks_are_as_strong_as_sub_band_and_region_allow),
		cmocka_unit_test(tables_follow_from_the_plan),
		cmocka_unit_test(as923_joins_at_one_data_rate),
		cmocka_unit_test(a_plan_that_cannot_be_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
