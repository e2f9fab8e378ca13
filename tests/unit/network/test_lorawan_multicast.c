/*
 * Multicast: how long a session takes, who has what of it, and what it costs gateways and members.
 */
#include "models/radio/radio.h"
#include "tests/unit/network/downtown.h"

#define PERSONAL "activation='personalised' adr='off' spreading-factor='7' "
enum { MEMBERS = 2000 };

struct session {
	struct town *t;
	struct multicast m;
	uint16_t begin, off;
	bool only_even;
	uint32_t told, last, received[MEMBERS];
	double over;
};

static bool is_member(const struct sim *s, void *ctx, uint32_t device)
{
	const struct session *e = ctx;

	(void)s;
	return !e->only_even || device % 2 == 0;
}

static void on_done(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	struct session *e = ctx;

	assert_true(e->told == 0 || device > e->last);
	e->last = device;
	e->told++;
	e->received[device] = received;
	e->over = sim_seconds(s->now);
}

static void on_begin(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct session *e = ctx;

	(void)subject, (void)detail;
	assert_true(network_multicast(s, &e->m));
}

static void on_off(struct sim *s, void *ctx, uint32_t device, uint16_t on)
{
	(void)ctx;
	device_power(s, device, on != 0);
}

/* A session of so many fragments, begun after 100 s. */
static void begin(struct session *e, struct town *t, uint32_t fragments, uint32_t bytes)
{
	*e = (struct session){ .t = t };
	e->m = (struct multicast){ .purpose = PURPOSE_UPDATE,
				   .fragments = fragments,
				   .fragment_bytes = bytes,
				   .member = is_member,
				   .done = on_done,
				   .ctx = e };
	e->begin = sim_handler(t->s, "test.begin", on_begin, e);
	e->off = sim_handler(t->s, "test.off", on_off, e);
	sim_at(t->s, 100 * SIM_SECOND, e->begin, 0, 0);
}

static void a_session_keeps_to_the_duty_cycle_and_its_members_pay_for_listening(void **state)
{
	(void)state;
	struct town t;
	struct session e;

	town_open(&t, "1h", PERSONAL, gateway, "",
		  "<power tx-power='-20dBm; 36dBm' tx-current='100mA; 100mA' rx='10mA' sleep='0A'/>", near);
	begin(&e, &t, 10, 48);
	town_run(&t, NULL, 0);
	/* 48 B, 3 of the fragment's header and 13 of the frame at SF12; a tenth of the time */
	double length = (9 * 10 + 1) * toa(64, 12, false);
	assert_true(e.told == 1 && e.received[0] == 10);
	assert_true(fabs(e.over - 100 - length) < 1e-7);
	assert_true(fabs(town_account(&t, "energy", "receiving") - length * 0.010 * 3.3) < 1e-6);
	assert_true(fabs(town_kpi(&t, "lorawan.gateway-airtime", "network=l") * 3600 - 10 * toa(64, 12, false)) < 1e-6);
	town_close(&t);
	/* at SF7, where RX2's is too slow; 600 B go in three frames of 200 B */
	town_open(&t, "1h", PERSONAL "multicast-data-rate='5'", gateway, "", "", near);
	begin(&e, &t, 10, 600);
	town_run(&t, NULL, 0);
	assert_true(e.received[0] == 10);
	assert_true(fabs(e.over - 100 - (29 * 10 + 1) * toa(216, 7, false)) < 1e-7);
	town_close(&t);
}

static void who_does_not_hear_or_leaves_has_nothing(void **state)
{
	(void)state;
	struct town t;
	struct session e;

	/* four devices, of which two are members */
	town_open(&t, "1h", PERSONAL, gateway, "", "", "count='4' centre='3km 3.5km' radius='10m'");
	begin(&e, &t, 10, 48);
	e.only_even = true;
	sim_at(t.s, 150 * SIM_SECOND, e.off, 0, 0);
	sim_at(t.s, 160 * SIM_SECOND, e.off, 0, 1);
	town_run(&t, NULL, 0);
	assert_true(e.told == 2 && e.received[0] == 0 && e.received[2] == 10);
	town_close(&t);
	/* nobody hears anything: it is over at once */
	town_open(&t, "1h", PERSONAL, "<gateway position='900km 3km'/>", "", "", near);
	begin(&e, &t, 10, 48);
	town_run(&t, NULL, 0);
	assert_true(e.told == 1 && e.received[0] == 0 && e.over == 100);
	town_close(&t);
}

/* 20 uplinks while the gateway sends its fragments, one in ten of the time each. */
static void a_gateway_that_sends_receives_nothing(void **state)
{
	(void)state;
	struct town t;
	struct session e;
	struct play play[20];

	for (int i = 0; i < 20; i++)
		play[i] = (struct play){ 100.5 + 10 * toa(64, 12, false) * i, false, 10, PURPOSE_UPDATE, 0, 0 };
	town_open(&t, "1h", PERSONAL "duty-cycle='off'", gateway, "", "", near);
	begin(&e, &t, 100, 48);
	town_run(&t, play, 20);
	double until = 100 + 100 * toa(64, 12, false); /* without a duty cycle one after another */
	assert_true(fabs(e.over - until) < 1e-7);
	for (int i = 0; i < 20; i++)
		assert_true(t.told[i].fate == (play[i].at < until ? FATE_RECEIVER_SENDING : FATE_DELIVERED));
	town_close(&t);
}

/* Each law of fading has the chance that its draws have, and a member's fragments are binomial. */
static void fading_takes_its_share_of_the_fragments(void **state)
{
	(void)state;
	static const char *const laws[] = { "<fading model='rayleigh'/>", "<fading model='rician'/>",
					    "<fading model='log-normal'/>" };

	for (int i = 0; i < 3; i++) {
		struct town t;
		struct session e;
		double sum = 0, chance;
		unsigned above = 0;
		town_city = laws[i];
		/* 135.5 dB of loss: -133 dBm at 2.5 dBm, 4 dB over what SF12 needs */
		town_open(&t, "1h", PERSONAL "rx2-power='2.5dBm' duty-cycle='off'",
			  "<gateway position='3km 3km' height='15m'/>", "", "",
			  "count='2000' centre='3km 5.5km' radius='1m'");
		begin(&e, &t, 100, 48);
		for (int k = 0; k < 20000; k++)
			above += radio_fading_db(radio_of(t.s), (uint64_t)k, 7, 1) >= -3;
		chance = radio_fading_chance(radio_of(t.s), -3);
		assert_true(fabs(above / 20000.0 - chance) < 4 * sqrt(chance * (1 - chance) / 20000));
		town_run(&t, NULL, 0);
		assert_int_equal(e.told, MEMBERS);
		double least = 100, most = 0;
		for (uint32_t k = 0; k < MEMBERS; k++) {
			sum += e.received[k];
			least = fmin(least, e.received[k]);
			most = fmax(most, e.received[k]);
		}
		/* all at the same distance but for 2 m of 2.5 km, 0.013 dB: one chance */
		double p = sum / MEMBERS / 100, sd = 0;
		for (uint32_t k = 0; k < MEMBERS; k++)
			sd += (e.received[k] - 100 * p) * (e.received[k] - 100 * p) / MEMBERS;
		assert_true(p > 0.02 && p < 0.98);
		/* variance of a binomial, 2,000 of them: 4 sigma of its estimate are 13 % */
		assert_true(fabs(sd / (100 * p * (1 - p)) - 1) < 0.13);
		town_close(&t);
	}
	town_city = "";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_keeps_to_the_duty_cycle_and_its_members_pay_for_listening),
		cmocka_unit_test(who_does_not_hear_or_leaves_has_nothing),
		cmocka_unit_test(a_gateway_that_sends_receives_nothing),
		cmocka_unit_test(fading_takes_its_share_of_the_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
