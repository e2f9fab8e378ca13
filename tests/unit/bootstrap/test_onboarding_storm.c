/* Many devices and few servers; power cuts; what expires; who is turned away; what is refused in a scenario. */
#include "tests/unit/bootstrap/boarding.h"

/* Two ask at once, nobody may wait: one is served, the other is told to come back after 100 s, and does within a second after. */
static void who_is_turned_away_comes_back_when_told(void **st)
{
	struct town t;
	struct boarded b;
	simtime_t told = (5000 + 921 + 800 + 2000 + 12 + 2000) * SIM_MS, back = told + 100 * SIM_SECOND;
	simtime_t rest = (921 + 800 + 2000 + 300 + 200 + 2000 + 922) * SIM_MS;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT SERVER("queue='0' retry-after='100s' refusal='3B'")
			      CLASS("2", METHOD("retry-min='1s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 2);
	assert_int_equal(b.at[0], SHORT_MS * SIM_MS);
	assert_true(b.at[1] >= back + rest && b.at[1] <= back + rest + SIM_SECOND);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "all"), 2. / 3, 1e-12);
	assert_close(town_kpi(&t, "onboarding.refused", "all"), 1. / 3, 1e-12);
	assert_close(town_audit(&t, "onboarding server requests", "turned away: queue full"), 1, 0);
	town_close(&t);
}

/* Who hears nothing waits for its time-out. */
static void who_is_turned_away_in_silence_repeats(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT SERVER("queue='0'") CLASS("2", METHOD("timeout='40s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 2);
	assert_int_equal(b.at[1], (SHORT_MS + 40000) * SIM_MS);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "all"), 1, 0);
	town_close(&t);
}

/* Ten ask at once, two of them may, and then one a minute; who may not asks again after 1, 3, 7 ... min, in silence. */
static void a_rate_limit_is_a_token_bucket(void **st)
{
	struct town t;
	struct boarded b;
	simtime_t minutes[10] = { 0, 0, 1, 3, 3, 7, 7, 15, 15, 31 };

	(void)st;
	boarding_open(&t, &b, "duration='1d'",
		      CITY PLAIN SHORT SERVER("servers='10' rate-limit='1/min' burst='2'")
			      CLASS("10", METHOD("timeout='60s' retries='15'")));
	boarding_run(&t);
	assert_int_equal(b.n, 10);
	for (int k = 0; k < 10; k++)
		assert_int_equal(b.at[k], minutes[k] * SIM_MINUTE + SHORT_MS * SIM_MS);
	town_close(&t);
}

#define TWO_PHASES \
	"<protocol id='two' timeout='600s' timeout-most='6000s'><flight from='device' bytes='100B'/><flight from='server' bytes='50B'/>" \
	"<flight from='device' bytes='200B' phase='bootstrap'/><flight from='server' bytes='50B' phase='bootstrap'/></protocol>"
#define BIG LINK("mtu='200B' loss='0%'")

/* Cut at 100 s, back at 200 s: what is run again, and how many flights that takes. */
static void survives(const char *keeps, double flights, simtime_t again_ms)
{
	struct town t;
	struct boarded b;
	char body[1200];

	snprintf(body, sizeof body, "%s%s%s'/></device-class>%s", CITY BIG TWO_PHASES,
		 "<device-class id='m'><uses network='lan'/><onboarding method='two' timeout-random='1' keeps='", keeps,
		 "<deploy class='m' count='1' placement='uniform'/>");
	boarding_open(&t, &b, "duration='1h'", body);
	sim_at(t.sim, 100 * SIM_SECOND, b.kind_power, 0, 0);
	sim_at(t.sim, 200 * SIM_SECOND, b.kind_power, 0, 1);
	boarding_run(&t);
	assert_int_equal(b.n, 2);
	assert_int_equal(b.at[1], (200000 + 5000 + again_ms) * SIM_MS);
	assert_close(town_audit(&t, "onboarding flights", "begun"), flights, 0);
	town_close(&t);
}

static void what_survives_a_power_cut_is_not_run_again(void **st)
{
	(void)st;
	survives("nothing", 8, 5000 + 5800);
	survives("bootstrap", 6, 5000);
	survives("all", 4, 0);
}

/* Cut while its first flight is on the air: the attempt is over, another begins when power is back. */
static void a_power_cut_ends_an_attempt(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT SERVER("") CLASS("1", METHOD("")));
	sim_at(t.sim, 6 * SIM_SECOND, b.kind_power, 0, 0);
	sim_at(t.sim, 7 * SIM_SECOND, b.kind_power, 0, 1);
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (7000 + SHORT_MS) * SIM_MS);
	assert_close(town_audit(&t, "onboarding attempts", "cut off"), 1, 0);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "all"), 0.5, 0);
	town_close(&t);
}

static void what_is_valid_for_ten_minutes_is_got_again_after_ten_minutes(void **st)
{
	struct town t;
	struct boarded b;
	simtime_t once = SHORT_MS - 5000;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT SERVER("") CLASS("1", METHOD("validity='10min'")));
	boarding_run(&t);
	assert_true(b.n >= 5);
	for (uint32_t k = 1; k < b.n; k++)
		assert_int_equal(b.at[k] - b.at[k - 1], 600 * SIM_SECOND + once * SIM_MS);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "all"), 1, 0);
	town_close(&t);
}

/* All five are onboarded again at half past; one that is without power then when its power is back, though it keeps all. */
static void certificates_expire_on_one_day(void **st)
{
	struct town t;
	struct boarded b;
	simtime_t once = SHORT_MS - 5000;

	(void)st;
	boarding_open(&t, &b, "start='2026-03-02T00:00Z' duration='1h'",
		      CITY PLAIN SHORT SERVER("servers='5'") CLASS("5", METHOD("expires='2026-03-02T00:30Z' keeps='all'")));
	sim_at(t.sim, 20 * SIM_MINUTE, b.kind_power, 4, 0);
	sim_at(t.sim, 40 * SIM_MINUTE, b.kind_power, 4, 1);
	boarding_run(&t);
	assert_int_equal(b.n, 10);
	assert_int_equal(b.at[5], 1800 * SIM_SECOND + once * SIM_MS);
	assert_int_equal(b.at[8], b.at[5]);
	assert_int_equal(b.at[9], 2400 * SIM_SECOND + SHORT_MS * SIM_MS);
	town_close(&t);
}

/* Power is back for all at 10 min; the server takes 1 s for each of 50: 90 % work when it has served 45. */
static void recovery_from_a_storm_is_timed(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT
		      "<onboarding-server id='as' roles='application' service-law='fixed' service-time='1s'/>" CLASS(
			      "50", METHOD("spread='0s'") "<battery/>"));
	boarding_run(&t);
	assert_int_equal(b.n, 50);
	assert_close(town_kpi(&t, "onboarding.storm-recovery-90", "all"), SHORT_MS / 1e3 - 0.3 + 45, 1e-9);
	assert_close(town_kpi(&t, "onboarding.storm-recovery-99", "all"), SHORT_MS / 1e3 - 0.3 + 50, 1e-9);
	assert_close(town_kpi(&t, "onboarding.server-peak", "server=as"), 50, 0);
	assert_close(town_kpi(&t, "onboarding.goodput-ratio", "all"), 1, 0);
	town_close(&t);
}

/* They begin within 10 min, not at once: the server never has all of them. */
static void a_spread_start_is_no_storm_at_the_server(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT SERVER("") CLASS("50", METHOD("spread='10min'")));
	boarding_run(&t);
	assert_int_equal(b.n, 50);
	assert_true(b.at[49] > 300 * SIM_SECOND && b.at[49] <= 600 * SIM_SECOND + (SHORT_MS + 15000) * SIM_MS);
	assert_true(town_kpi(&t, "onboarding.server-peak", "server=as") < 10);
	town_close(&t);
}

/* The network's own join over a link that asks who vouches: served, or not while the server is down. */
static void a_join_of_the_network_is_vouched_for_by_the_server(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN
		      "<onboarding-server id='js' roles='join-server' service-law='fixed' service-time='300ms'/>" CLASS(
			      "1", "<onboarding method='lorawan-otaa-1.0'/>"));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], 5300 * SIM_MS);
	assert_close(town_audit(&t, "onboarding flights", "in networks' joins"), 2, 0);
	assert_close(town_audit(&t, "onboarding server requests", "answered"), 1, 0);
	town_close(&t);
}

static void mistakes_are_named(void **st)
{
	(void)st;
	town_refuses(CITY PLAIN CLASS("1", "<onboarding method='edhok-static-dh-kid'/>"),
		     "did you mean \"edhoc-static-dh-kid\"?");
	town_refuses(CITY PLAIN SHORT CLASS("1", "<onboarding method='short' compute='z80'/>"),
		     "\"z80\" is no compute profile");
	town_refuses(CITY SHORT "<device-class id='m'><onboarding method='short'/></device-class>"
				"<deploy class='m' count='1' placement='uniform'/>",
		     "uses no network to be onboarded over");
	town_refuses(CITY PLAIN SHORT
		     "<onboarding-server id='a' roles='application'/><onboarding-server id='b' roles='application'/>" CLASS(
			     "1", METHOD("")),
		     "several servers of the scenario are a application");
	town_refuses(CITY PLAIN SHORT "<onboarding-server id='a' roles='masa'/>" CLASS("1", METHOD("server='a'")),
		     "plays no role in short");
	town_refuses(CITY PLAIN SHORT "<onboarding-server id='a' roles='appliance'/>" CLASS("1", METHOD("")),
		     "\"appliance\", which is no role");
	town_refuses(CITY PLAIN SHORT SERVER("retry-after='1s'") CLASS("1", METHOD("")), "nobody is turned away");
	town_refuses(CITY PLAIN SHORT SERVER("burst='5'") CLASS("1", METHOD("")), "is read with rate-limit only");
	town_refuses(CITY PLAIN SHORT SERVER("") CLASS("1", ""), "no class is onboarded");
	town_refuses(CITY PLAIN SHORT CLASS("1", METHOD("") METHOD("spread='1s'")), "is of the class as a whole");
	town_refuses(CITY PLAIN SHORT CLASS("1", METHOD("") "<onboarding method='lorawan-otaa-1.0'/>"), "comes first");
	town_refuses(CITY PLAIN SHORT CLASS("1", METHOD("voucher-entries='3'")), "repeats nothing by it");
	town_refuses(CITY PLAIN SHORT CLASS("1", METHOD("retry-min='1h' retry-max='1min'")), "is below retry-min");
	town_refuses(CITY PLAIN SHORT CLASS("1", METHOD("human-law='fixed'")), "has no step for a person");
}

/* Got at 12 s and, after a power cut, at 5 min: what was to end at 10 min is not held any more. */
static void what_was_got_anew_expires_by_its_own_time(void **st)
{
	struct town t;
	struct boarded b;
	simtime_t once = SHORT_MS - 5000;

	(void)st;
	boarding_open(&t, &b, "duration='20min'", CITY PLAIN SHORT SERVER("") CLASS("1", METHOD("validity='10min'")));
	sim_at(t.sim, 290 * SIM_SECOND, b.kind_power, 0, 0);
	sim_at(t.sim, 300 * SIM_SECOND, b.kind_power, 0, 1);
	boarding_run(&t);
	assert_int_equal(b.n, 3);
	assert_int_equal(b.at[1], 300 * SIM_SECOND + SHORT_MS * SIM_MS);
	assert_int_equal(b.at[2] - b.at[1], 600 * SIM_SECOND + once * SIM_MS);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_turned_away_comes_back_when_told),
		cmocka_unit_test(who_is_turned_away_in_silence_repeats),
		cmocka_unit_test(a_rate_limit_is_a_token_bucket),
		cmocka_unit_test(what_survives_a_power_cut_is_not_run_again),
		cmocka_unit_test(a_power_cut_ends_an_attempt),
		cmocka_unit_test(what_is_valid_for_ten_minutes_is_got_again_after_ten_minutes),
		cmocka_unit_test(certificates_expire_on_one_day),
		cmocka_unit_test(recovery_from_a_storm_is_timed),
		cmocka_unit_test(a_spread_start_is_no_storm_at_the_server),
		cmocka_unit_test(a_join_of_the_network_is_vouched_for_by_the_server),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(what_was_got_anew_expires_by_its_own_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
