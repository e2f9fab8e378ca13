#include "tests/unit/security/outbreak.h"

/* A hundred cameras that all are infected from the first hour on, and two hundred meters that report to the platform they attack. */
#define TOWN(queue) \
	"<platform id='cloud' servers='1' service-time='10ms' service-law='exponential' queue='" queue "'/>" \
	"<local-link id='lan'/><device-class id='cam'><uses network='lan'/></device-class><deploy class='cam' count='100' placement='uniform'/>" \
	"<device-class id='meter' platform='cloud'><uses network='lan'/><traffic period='100s' pattern='poisson'/></device-class>" \
	"<deploy class='meter' count='200' placement='uniform'/>" \
	"<malware id='w' at='1h' initial='100' contact-rate='1/d'><target class='cam'/></malware>"

/* M/M/1/K: the share refused is (1 - r) r^K / (1 - r^(K+1)); meters add 2 messages a second to 148. */
static void an_attack_fills_the_queue_as_erlang_says(void **st)
{
	struct outbreak o;
	double r = 1.5, blocked = (1 - r) * pow(r, 11) / (1 - pow(r, 12)), n;

	(void)st;
	outbreak_open(&o, TOWN("10") "<botnet id='b' malware='w' target='cloud' at='3h' lasts='1h' rate='1.48/s'/>", 0, 0,
		      6 * SIM_HOUR);
	outbreak_run(&o);
	n = outbreak_kpi(&o, "security.attack-requests", "botnet=b");
	assert_close(n, 3600 * 148, 3.29 * sqrt(3600 * 148));
	/* refusals come in bursts: the deviation of their share is taken five times that of independent ones */
	assert_close(outbreak_kpi(&o, "security.attack-refused", "botnet=b"), blocked,
		     3.29 * 5 * sqrt(blocked * (1 - blocked) / n));
	outbreak_close(&o);
}

/* An overloaded platform takes messages at its own rate, from all that want in alike: 100 of 502 a second; whether requests are
 * simulated one by one or ten as one. */
static void meters_lose_what_the_attack_takes(void **st)
{
	static const char *const each[] = { "1", "10" };
	double expected = 100.0 / 502;

	(void)st;
	for (int k = 0; k < 2; k++) {
		struct outbreak o;
		char body[2048];
		snprintf(body, sizeof body,
			 TOWN("50") "<botnet id='b' malware='w' target='cloud' at='3h' lasts='1h' rate='5/s' each='%s'/>",
			 each[k]);
		outbreak_open(&o, body, 0, 0, 6 * SIM_HOUR);
		outbreak_run(&o);
		/* 2 x 3600 messages before, a fifth of them accepted during the attack */
		assert_close(outbreak_kpi(&o, "security.attack-throughput", "botnet=b"), expected,
			     3.29 * expected * sqrt(1 / (7200 * expected) + 1 / 7200.0));
		outbreak_close(&o);
	}
}

static void bots_that_are_cured_attack_no_more(void **st)
{
	struct outbreak o;

	(void)st;
	outbreak_open(
		&o,
		"<platform id='cloud'/><local-link id='lan'/><device-class id='cam'><uses network='lan'/></device-class>"
		"<deploy class='cam' count='1000' placement='uniform'/>"
		"<malware id='w' at='1h' initial='1000' contact-rate='0/d' recovery='1/h' immunity='100%'/>"
		"<botnet id='b' malware='w' target='cloud' at='1h' lasts='20h' rate='36/h'/>",
		0, 0, SIM_DAY);
	outbreak_run(&o);
	/* each attacks until its reboot: 36 requests on average, geometric */
	assert_close(outbreak_kpi(&o, "security.attack-requests", "botnet=b"), 36000, 3.29 * sqrt(1000 * 36 * 37.0));
	outbreak_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attack_fills_the_queue_as_erlang_says),
		cmocka_unit_test(meters_lose_what_the_attack_takes),
		cmocka_unit_test(bots_that_are_cured_attack_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
