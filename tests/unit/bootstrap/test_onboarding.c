/* One device's way through its flights: how long it takes, what is repeated, what counts. */
#include "tests/unit/bootstrap/boarding.h"

/* The only device works after so many ms. */
static void works_after(const char *body, simtime_t ms)
{
	struct town t;
	struct boarded b;

	boarding_open(&t, &b, "duration='1h'", body);
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], ms * SIM_MS);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "class=m"), 1, 0);
	town_close(&t);
}

static void a_device_works_after_the_sum_of_its_flights(void **st)
{
	(void)st;
	works_after(CITY PLAIN SHORT SERVER("") CLASS("1", METHOD("")), SHORT_MS);
	works_after(CITY PLAIN SHORT CLASS("1", METHOD("")), SHORT_MS - 300); /* nobody plays the role: answers at once */
	works_after(CITY PLAIN SHORT SERVER("") CLASS("1", METHOD("spread='0s'") METHOD("")), 2 * SHORT_MS - 5000);
}

/* 100 B in pieces of 30, 30, 30 and 10; 50 B in two: each piece waits for the one before, 2 s more. */
static void pieces_follow_each_other_unless_several_may(void **st)
{
	(void)st;
	works_after(CITY LINK("mtu='30B' loss='0%'") SHORT SERVER("") CLASS("1", METHOD("")), SHORT_MS + 4 * 2000);
	works_after(CITY LINK("mtu='30B' loss='0%'") SHORT SERVER("") CLASS("1", METHOD("window='10'")), SHORT_MS);
}

static void a_server_behind_the_server_is_asked_too(void **st)
{
	(void)st;
	works_after(CITY PLAIN "<protocol id='short'><flight from='device' bytes='100B' role='registrar' behind='masa'/>"
			       "<flight from='server' bytes='50B' role='registrar'/></protocol>"
			       "<onboarding-server id='r' roles='registrar' service-law='fixed' service-time='300ms'/>"
			       "<onboarding-server id='v' roles='masa' service-law='fixed' service-time='7s'/>" CLASS(
				       "1", METHOD("timeout='600s'")),
		    5000 + 800 + 2000 + 300 + 7000 + 200 + 2000);
}

static void the_last_flight_of_a_device_counts_when_its_server_has_it(void **st)
{
	(void)st;
	works_after(CITY PLAIN "<protocol id='short'><flight from='device' bytes='100B'/></protocol>" SERVER("")
			    CLASS("1", METHOD("timeout='600s'")),
		    5000 + 800 + 2000 + 300);
}

/* Three voucher entries; a person who takes 20 s; a poll every 10 s until another has taken 25 s: three polls of 4 s and 10 s. */
static void what_repeats_and_waits_for_a_person_does(void **st)
{
	(void)st;
	works_after(CITY PLAIN "<protocol id='short'><flight from='device' bytes='100B' repeat='voucher-entries'/>"
			       "<flight from='server' bytes='50B' repeat='voucher-entries'/></protocol>" CLASS(
				       "1", METHOD("timeout='600s' voucher-entries='3'")),
		    5000 + 3 * (800 + 2000 + 200 + 2000));
	works_after(CITY PLAIN "<protocol id='short'><flight from='device' bytes='100B' human='20s'/></protocol>" CLASS(
			    "1", METHOD("timeout='600s' human-law='fixed'")),
		    5000 + 20000 + 800 + 2000);
	works_after(CITY PLAIN
		    "<protocol id='short'><flight from='device' bytes='100B' repeat='polls' human='25s' pause='10s'/>"
		    "<flight from='server' bytes='50B' repeat='polls'/></protocol>" CLASS(
			    "1", METHOD("timeout='600s' human-law='fixed'")),
		    5000 + 2 * (10000 + 5000));
}

/* Nothing arrives: sent at 0, 4 and 12 s, given up at 28 s after the first. */
static void an_attempt_fails_after_its_last_repetition(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='10min'",
		      CITY LINK("mtu='100B' loss='100%'") SHORT SERVER("")
			      CLASS("1", METHOD("timeout='4s' retries='2' attempts='1'")));
	boarding_run(&t);
	assert_int_equal(b.n, 0);
	assert_close(town_audit(&t, "onboarding attempts", "failed: no answer"), 1, 0);
	assert_close(town_audit(&t, "onboarding flights", "begun"), 3, 0);
	assert_close(town_audit(&t, "onboarding flights", "repeated, overtaken or given up"), 3, 0);
	assert_close(town_kpi(&t, "onboarding.gave-up", "all"), 1, 0);
	assert_close(town_kpi(&t, "onboarding.success-ratio", "all"), 0, 0);
	assert_true(isnan(town_kpi(&t, "onboarding.time-p50", "all")));
	town_close(&t);
}

/* It is down until 60 s.  Sent at 5.921 s and again 30 s and 90 s later: the third is heard. */
static void a_failed_server_is_reached_by_repetition(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT
		      "<onboarding-server id='as' roles='application' service-law='fixed' service-time='300ms'>"
		      "<outage at='0s' lasts='60s'/></onboarding-server>" CLASS("1", METHOD("timeout='30s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (SHORT_MS + 90000) * SIM_MS);
	assert_close(town_audit(&t, "onboarding server requests", "lost: server down"), 2, 0);
	assert_close(town_kpi(&t, "onboarding.retransmissions", "all"), 2, 0);
	town_close(&t);
}

/* The server takes 10 s, the time-out is 4 s: two repetitions are served in vain, and the first answer counts. */
static void an_impatient_device_is_answered_by_the_first_answer_and_wastes_the_others(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT "<onboarding-server id='as' roles='application' servers='9' service-law='fixed' "
				       "service-time='10s'/>" CLASS("1", METHOD("timeout='4s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (SHORT_MS - 300 + 10000) * SIM_MS);
	assert_close(town_kpi(&t, "onboarding.retransmissions", "all"), 2, 0);
	assert_close(town_kpi(&t, "onboarding.goodput-ratio", "all"), 1. / 3, 1e-12);
	town_close(&t);
}

static void computing_is_charged(void **st)
{
	struct town t;
	struct boarded b;
	double before;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT CLASS("1", METHOD("")));
	boarding_run(&t);
	before = town_audit(&t, "energy", "processing");
	assert_close(before, 10e-3 * (0.921 + 0.922), 1e-12);
	assert_close(town_kpi(&t, "onboarding.bytes", "all"), 150, 0);
	town_close(&t);
}

/* Each of its machines is bought. */
static void a_server_costs_what_its_machines_do(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT
		      "<economy currency='EUR' horizon='10yr' discount='0%'/>"
		      "<onboarding-server id='as' roles='application' servers='3'>"
		      "<cost capex='700EUR' installation='50EUR'/></onboarding-server>" CLASS("1", METHOD("")));
	boarding_run(&t);
	assert_close(town_kpi(&t, "cost.capex", "all"), 3 * (700 + 50), 1e-9);
	town_close(&t);
}

/* Six pieces of an answer, one every 2.04 s, and a time-out of 5 s: as long as they come nothing is repeated. */
static void an_answer_that_keeps_coming_is_waited_for(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(
		&t, &b, "duration='1h'",
		CITY LINK("mtu='10B' loss='0%'") "<protocol id='short' timeout='5s'><flight from='device' bytes='10B'/>"
						 "<flight from='server' bytes='60B'/></protocol>" CLASS("1", METHOD("")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (5000 + 80 + 2000 + 6 * 2040) * SIM_MS);
	assert_close(town_kpi(&t, "onboarding.retransmissions", "all"), 0, 0);
	town_close(&t);
}

/* Down for 200 s, and from the 10th to the 50th for another reason too: sent at 6, 36, 96 and 216 s, the last is heard. */
static void a_server_that_is_down_twice_is_up_when_both_are_over(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT
		      "<onboarding-server id='as' roles='application' service-law='fixed' service-time='300ms'>"
		      "<outage at='0s' lasts='200s'/><outage at='10s' lasts='40s'/></onboarding-server>" CLASS(
			      "1", METHOD("timeout='30s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (SHORT_MS + 210000) * SIM_MS);
	town_close(&t);
}

/* After each failure it waits for up to twice as long: 1, 2, 4 ... s; eleven attempts and no more than twenty fit into an hour. */
static void a_device_that_fails_waits_ever_longer(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY LINK("mtu='100B' loss='100%'")
			      SHORT CLASS("1", METHOD("timeout='4s' retries='0' retry-min='1s' retry-max='1d'")));
	boarding_run(&t);
	assert_int_equal(b.n, 0);
	assert_in_range((uint64_t)town_audit(&t, "onboarding attempts", "begun"), 11, 20);
	town_close(&t);
}

/* When 60 devices have worked at first, with a person's step of 10 s on average; down_until: the server's outage. */
static void boarded_by_hand(struct boarded *b, const char *down_until)
{
	struct town t;
	char body[2048];

	snprintf(
		body, sizeof body, "%s%s%s",
		CITY PLAIN
		"<protocol id='short' timeout='1000s' timeout-most='6000s'><flight from='device' bytes='100B' human='10s'/>"
		"<flight from='server' bytes='50B'/></protocol>"
		"<onboarding-server id='as' roles='application' servers='60' service-law='fixed' service-time='300ms'>"
		"<outage at='0s' lasts='",
		down_until,
		"'/></onboarding-server>" CLASS(
			"60", "<onboarding method='short' timeout-random='1.5' human-law='exponential'/>"));
	boarding_open(&t, b, "duration='1h'", body);
	boarding_run(&t);
	assert_int_equal(b->n, 60);
	town_close(&t);
}

/* A device whose person is slow is no slower to repeat: 60 devices are correlated by chance by no more than 4 / sqrt(60). */
static void the_time_of_a_person_and_the_time_out_are_drawn_apart(void **st)
{
	struct boarded at_once, again;
	double at[SEEN] = { 0 }, x, y, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;

	(void)st;
	boarded_by_hand(&at_once, "1ms");
	boarded_by_hand(&again, "500s");
	for (uint32_t k = 0; k < 60; k++)
		at[at_once.device[k]] = sim_seconds(at_once.at[k]);
	for (uint32_t k = 0; k < 60; k++) {
		x = exp(-(at[again.device[k]] - 5.0 - 5.3) / 10);
		y = sim_seconds(again.at[k]) - at[again.device[k]];
		assert_true(y >= 1000 && y <= 1500);
		sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
	}
	assert_true(fabs((60 * sxy - sx * sy) / sqrt((60 * sxx - sx * sx) * (60 * syy - sy * sy))) < 4 / sqrt(60));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_works_after_the_sum_of_its_flights),
		cmocka_unit_test(pieces_follow_each_other_unless_several_may),
		cmocka_unit_test(a_server_behind_the_server_is_asked_too),
		cmocka_unit_test(the_last_flight_of_a_device_counts_when_its_server_has_it),
		cmocka_unit_test(what_repeats_and_waits_for_a_person_does),
		cmocka_unit_test(an_attempt_fails_after_its_last_repetition),
		cmocka_unit_test(a_failed_server_is_reached_by_repetition),
		cmocka_unit_test(an_impatient_device_is_answered_by_the_first_answer_and_wastes_the_others),
		cmocka_unit_test(computing_is_charged),
		cmocka_unit_test(a_server_costs_what_its_machines_do),
		cmocka_unit_test(an_answer_that_keeps_coming_is_waited_for),
		cmocka_unit_test(a_server_that_is_down_twice_is_up_when_both_are_over),
		cmocka_unit_test(a_device_that_fails_waits_ever_longer),
		cmocka_unit_test(the_time_of_a_person_and_the_time_out_are_drawn_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
