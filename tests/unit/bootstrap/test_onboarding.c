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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
