/* Data between platforms: what a request's way takes, where it ends, what is refused. */
#include "models/network/path.h"
#include "tests/unit/device/town.h"

#define TOWN "<city width='1km' height='1km'/><device-class id='m' platform='a'/><deploy class='m' count='10' placement='uniform'/>"
#define FIXED "servers='1000' service-law='fixed' "
#define LINE "<backhaul id='line' latency='5ms' overhead='0B'/>"
#define A "<platform id='a' " FIXED "service-time='100ms' data-model='saref'/>"
#define B "<platform id='b' " FIXED "service-time='200ms' data-model='lwm2m'/>"
#define BROKER(more) "<federation-broker id='f' " FIXED "service-time='10ms' data-model='ngsi-ld' backhaul='line' " more "/>"
#define PIVOT                                                                                                              \
	"<mapping from='saref' to='ngsi-ld' coverage='100%' cost='7ms'/>"                                                  \
	"<mapping from='ngsi-ld' to='lwm2m' coverage='100%' cost='3ms'/>"
#define DIRECT(coverage) "<mapping from='saref' to='lwm2m' coverage='" coverage "' cost='2s'/>"
#define HOUR   "duration='10h' warm-up='1h'"

static void balanced(const struct town *t)
{
	const char *account = NULL;

	if (report_imbalance(t->report, &account) > REPORT_TOLERANCE)
		fail_msg("%s is out of balance", account);
	assert_true(town_audit(t, "cross-platform requests", "answered with usable data") >= 0);
}

static void ran(struct town *t, const char *body)
{
	*t = (struct town){ 0 };
	town_open(t, HOUR, body);
	town_run(t);
	balanced(t);
}

/* With servers for all and fixed times every answer takes as long: the mean is the sum of the stages. */
static void takes(const char *body, double seconds, double translated)
{
	struct town t;

	ran(&t, body);
	assert_close(town_kpi(&t, "interoperability.exchange-ratio", "all"), 1, 0);
	assert_close(town_kpi(&t, "interoperability.latency", "exchange=x"), seconds, 1e-9);
	assert_close(town_kpi(&t, "interoperability.latency-p95", "all"), seconds, 1e-9);
	assert_close(town_kpi(&t, "interoperability.translation-share", "all"), translated, 0);
	town_close(&t);
}

static void an_answer_takes_the_stages_of_its_way(void **st)
{
	(void)st;
	takes(TOWN LINE A B DIRECT("100%") "<exchange id='x' from='a' to='b' rate='100/h' backhaul='line'/>",
	      0.1 + 0.2 + 2 * 0.005 + 2, 1);
	takes(TOWN LINE A B PIVOT BROKER("") "<exchange id='x' from='a' to='b' rate='100/h' via='f'/>",
	      0.1 + 0.2 + 2 * 0.01 + 4 * 0.005 + 0.01, 1);
	takes(TOWN A "<platform id='b' " FIXED "service-time='200ms' data-model='saref'/>"
		     "<exchange id='x' from='a' to='b' rate='100/h'/>",
	      0.1 + 0.2, 0);
}

static void a_broker_takes_the_way_that_covers_more(void **st)
{
	struct town t;

	(void)st;
	takes(TOWN LINE A B PIVOT DIRECT("99%") BROKER("") "<exchange id='x' from='a' to='b' rate='100/h' via='f'/>",
	      0.1 + 0.2 + 2 * 0.01 + 4 * 0.005 + 0.01, 1);
	takes(TOWN LINE A B PIVOT DIRECT("100%") BROKER("") "<exchange id='x' from='a' to='b' rate='100/h' via='f'/>",
	      0.1 + 0.2 + 2 * 0.01 + 4 * 0.005 + 2, 1);
	ran(&t, TOWN LINE A B PIVOT BROKER("") "<exchange id='x' from='a' to='b' rate='100/h' backhaul='line'/>");
	assert_close(town_kpi(&t, "interoperability.lost-no-mapping", "all"), 1, 0);
	assert_close(town_kpi(&t, "interoperability.coverage", "all"), 0, 0);
	town_close(&t);
}

/* All that is lost, by one cause. */
static void is_lost(const char *body, const char *kpi)
{
	struct town t;

	ran(&t, body);
	assert_close(town_kpi(&t, kpi, "all"), 1, 0);
	assert_close(town_kpi(&t, "interoperability.exchange-ratio", "all"), 0, 0);
	assert_true(isnan(town_kpi(&t, "interoperability.latency", "all")));
	town_close(&t);
}

static void what_is_lost_has_the_cause_that_struck(void **st)
{
	(void)st;
	is_lost(TOWN LINE A B PIVOT BROKER("availability='0%'") "<exchange id='x' from='a' to='b' rate='100/h' via='f'/>",
		"interoperability.lost-broker");
	is_lost(TOWN LINE A "<platform id='b' availability='0%' data-model='lwm2m'/>" PIVOT BROKER(
			"") "<exchange id='x' from='a' to='b' rate='100/h' via='f'/>",
		"interoperability.lost-platform");
	is_lost(TOWN A B DIRECT("0%") "<exchange id='x' from='a' to='b' rate='100/h'/>",
		"interoperability.lost-not-covered");
	is_lost(TOWN A B "<exchange id='x' from='a' to='b' rate='100/h'/>", "interoperability.lost-no-mapping");
	is_lost(TOWN A B DIRECT("100%") "<exchange id='x' from='a' to='b' rate='100/h' deadline='2s'/>",
		"interoperability.lost-late");
	is_lost(TOWN "<backhaul id='line' availability='0%'/>" A B DIRECT(
			"100%") "<exchange id='x' from='a' to='b' rate='100/h' backhaul='line'/>",
		"interoperability.lost-link");
}

/* One server without a place to wait, offered an Erlang: half is refused (Erlang B), whatever the law. */
static void a_full_queue_refuses(void **st)
{
	struct town t;

	(void)st;
	ran(&t, TOWN "<platform id='a' servers='1' queue='0' service-law='fixed' service-time='1s' data-model='saref'/>"
		     "<platform id='b' " FIXED "service-time='0s' data-model='saref'/>"
		     "<exchange id='x' from='a' to='b' rate='1/s'/>");
	assert_close(town_kpi(&t, "interoperability.lost-queue-full", "all"), 0.5, 0.01);
	assert_close(town_kpi(&t, "platform.utilisation", "all"), 0.5 / 1001, 0.02 * 0.5 / 1001);
	assert_true(town_audit(&t, "platform requests", "refused: queue full") > 10000);
	town_close(&t);
}

static void what_is_on_its_way_at_the_end_is_found_there(void **st)
{
	struct town t;

	(void)st;
	ran(&t, TOWN "<platform id='a' servers='1' service-law='fixed' service-time='1h' data-model='saref'/>"
		     "<platform id='b' data-model='saref'/><exchange id='x' from='a' to='b' rate='100/h'/>");
	assert_true(town_audit(&t, "cross-platform requests", "on their way at the end") > 900);
	assert_true(town_audit(&t, "platform requests", "waiting or in service at the end") > 900);
	assert_close(town_audit(&t, "platform messages", "waiting or in service at the end"), 0, 0);
	town_close(&t);
}

static void another_exchange_changes_no_draw(void **st)
{
#define ONE                                                                                                                     \
	TOWN "<platform id='a' servers='1000' data-model='saref'/><platform id='b' servers='1000' data-model='lwm2m'/>" DIRECT( \
		"60%") "<exchange id='x' from='a' to='b' rate='100/h'/>"
	static const char *const bodies[] = { ONE, ONE "<exchange id='y' from='b' to='a' rate='900/h'/>" };
	double asked[2], covered[2], latency[2];

	(void)st;
	for (int i = 0; i < 2; i++) {
		struct town t;
		ran(&t, bodies[i]);
		asked[i] = town_kpi(&t, "interoperability.requests", "exchange=x");
		covered[i] = town_kpi(&t, "interoperability.lost-not-covered", "exchange=x");
		latency[i] = town_kpi(&t, "interoperability.latency", "exchange=x");
		town_close(&t);
	}
	assert_true(asked[0] > 800 && asked[0] == asked[1]);
	assert_true(covered[0] == covered[1] && latency[0] == latency[1]);
}

static void deliver(struct town *t, const struct message *m)
{
	platform_arrive(t->sim, m);
}

static void a_share_of_what_devices_report_is_passed_on(void **st)
{
	struct town t = { .on_send = deliver };
	double generated, passed;

	(void)st;
	town_open(
		&t, "duration='100h' warm-up='10h'",
		"<city width='1km' height='1km'/><lorawan id='net'/><device-class id='m' platform='a'><uses network='net'/>"
		"<traffic period='1h'/></device-class><deploy class='m' count='50' placement='uniform'/>" A B PIVOT LINE
			BROKER("") "<exchange id='x' from='a' to='b' share='30%' via='f'/>");
	town_run(&t);
	balanced(&t);
	generated = town_kpi(&t, "messages.delivered", "all");
	passed = town_kpi(&t, "interoperability.requests", "all");
	assert_close(passed, 0.3 * generated, 2.58 * sqrt(0.21 * generated));
	assert_close(town_kpi(&t, "interoperability.latency", "all"), 0.2 + 0.01 + 2 * 0.005 + 0.01, 1e-9);
	town_close(&t);
}

static void what_is_wrong_is_said(void **st)
{
	(void)st;
	town_refuses(TOWN A B "<exchange id='x' from='a' to='a' rate='1/h'/>",
		     "<exchange to>: \"a\" is the platform that has the data");
	town_refuses(TOWN A B "<exchange id='x' from='a' to='b'/>", "<exchange x>: needs a rate of requests, or a share");
	town_refuses(TOWN A B "<exchange id='x' from='a' to='b' rate='1/h' share='10%'/>",
		     "<exchange share>: \"10%\" excludes rate");
	town_refuses(TOWN A B "<exchange id='x' from='a' to='b' share='10%' request='1KiB'/>",
		     "<exchange request>: \"1KiB\" is read with rate only");
	town_refuses(TOWN LINE A B BROKER("") "<exchange id='x' from='a' to='b' rate='1/h' via='f' backhaul='line'/>",
		     "<exchange backhaul>: \"line\" is read without via only");
	town_refuses(TOWN A "<platform id='b'/><exchange id='x' from='a' to='b' rate='1/h'/>",
		     "<exchange to>: \"b\" names no data-model");
	town_refuses(TOWN A B "<exchange id='x' from='a' to='c' rate='1/h'/>", "<exchange to>: ");
	town_refuses(TOWN A B "<exchange id='x' from='a' to='b' rate='0/h'/>", "<exchange rate>: ");
	town_refuses(TOWN A "<mapping from='saref' to='saref' coverage='1%'/>",
		     "<mapping to>: \"saref\" is the model that is translated");
	town_refuses(TOWN A B DIRECT("5%") DIRECT("6%"),
		     "<mapping to>: \"lwm2m\" has a mapping from \"saref\" already, at line 1");
	town_refuses(TOWN A B "<mapping from='saref' to='lwm2m'/>", "<mapping>: ");
	town_refuses(TOWN A B "<mapping from='saref' to='lwm2m' coverage='120%'/>", "<mapping coverage>: ");
	town_refuses(TOWN A B "<mapping from='saref' to='lwm2m' coverage='20%' cost='5'/>", "<mapping cost>: ");
}

static void a_model_that_nobody_speaks_is_a_finding(void **st)
{
	struct town t = { 0 };

	(void)st;
	assert_true(town_load(&t, "duration='1d'",
			      TOWN A B "<mapping from='saref' to='lwm2n' coverage='5%'/>"
				       "<exchange id='x' from='a' to='b' rate='1/h'/>"));
	assert_true(town_complains(&t, "\"lwm2n\" is spoken by no platform and no broker (do you mean \"lwm2m\"?)"));
	assert_true(town_complains(&t, "no mapping leads from \"saref\" to \"lwm2m\""));
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_takes_the_stages_of_its_way),
		cmocka_unit_test(a_broker_takes_the_way_that_covers_more),
		cmocka_unit_test(what_is_lost_has_the_cause_that_struck),
		cmocka_unit_test(a_full_queue_refuses),
		cmocka_unit_test(what_is_on_its_way_at_the_end_is_found_there),
		cmocka_unit_test(another_exchange_changes_no_draw),
		cmocka_unit_test(a_share_of_what_devices_report_is_passed_on),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(a_model_that_nobody_speaks_is_a_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
