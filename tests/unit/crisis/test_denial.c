/* <denial-of-service>: what a target under attack loses, and that nothing is left of it. */
#include "tests/unit/crisis/upheaval.h"

/* Two hundred meters that send 2 messages a second together, all within the attack. */
#define TOWN(target, uses) \
	target "<local-link id='lan'/><device-class id='meter' platform='cloud'><uses network='lan'/>" uses \
	       "<traffic period='100s' pattern='poisson'/></device-class><deploy class='meter' count='200' placement='uniform'/>"
#define CLOUD(servers, queue) \
	"<platform id='cloud' servers='" servers "' service-time='10ms' service-law='exponential' queue='" queue "'/>"

/* The share that an M/M/c/K of `load` erlangs and room for K refuses. */
static double refused(double load, int c, int k)
{
	double p = 1, sum = 1;

	for (int i = 1; i <= k; i++) {
		p *= load / (i < c ? i : c);
		sum += p;
	}
	return p / sum;
}

/* Losses of messages come in bursts: the variance is taken four times that of independent ones (a queue of a few stays full for some
 * service times, in which but few meters send). */
static void check_losses(const char *body, const char *crisis, double loss, double requests, double share)
{
	struct outbreak o;
	double messages = 2 * 7200;

	upheaval_open(&o, body, crisis, 0, false, 2 * SIM_HOUR);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "losses.queue-full"), loss, 3.2905 * 2 * sqrt(loss * (1 - loss) / messages));
	assert_close(upheaval_kpi(&o, "crisis.attack-requests"), requests, 3.2905 * sqrt(requests * share));
	assert_close(upheaval_kpi(&o, "crisis.attack-refused"), loss,
		     3.2905 * 5 * sqrt(loss * (1 - loss) * share / requests));
	upheaval_close(&o);
}

static void one_server_loses_as_erlang_says(void **st)
{
	(void)st;
	check_losses(TOWN(CLOUD("1", "10"), ""), "<denial-of-service at='0s' target='cloud' requests='148/s' lasts='3h'/>",
		     refused(1.5, 1, 11), 148 * 7200, 1);
}

static void several_servers_lose_as_erlang_says(void **st)
{
	(void)st;
	check_losses(TOWN(CLOUD("3", "5"), ""), "<denial-of-service at='0s' target='cloud' requests='298/s' lasts='3h'/>",
		     refused(3, 3, 8), 298 * 7200, 1);
}

/* Overload: all that want in are taken alike, 100 of 1002 a second, simulated one by one or twenty as one. */
static void requests_simulated_together_take_the_same_share(void **st)
{
	(void)st;
	check_losses(TOWN(CLOUD("1", "50"), ""),
		     "<denial-of-service at='0s' target='cloud' requests='1000/s' each='20' lasts='3h'/>", 1 - 100.0 / 1002,
		     1000 * 7200, 20);
}

static void an_edge_is_attacked_the_same(void **st)
{
	(void)st;
	check_losses(TOWN("<platform id='cloud'/><edge id='room' servers='1' service-time='10ms' queue='10'/>",
			  "<processing edge='room' at='edge'/>"),
		     "<denial-of-service at='0s' target='room' requests='148/s' lasts='3h'/>", refused(1.5, 1, 11),
		     148 * 7200, 1);
}

static void nothing_is_left_of_an_attack_that_is_over(void **st)
{
	struct outbreak o;
	double n = 1000 * 600, lost = 1.0 / 12 * (1 - 100.0 / 1002), messages = 2 * 7200;

	(void)st;
	upheaval_open(&o, TOWN(CLOUD("1", "50"), ""),
		      "<denial-of-service id='a' at='10min' target='cloud' requests='1000/s' lasts='5min'/>"
		      "<denial-of-service after='a' delay='1h' target='cloud' requests='1000/s' lasts='5min'/>",
		      0, false, 2 * SIM_HOUR);
	upheaval_run(&o);
	assert_close(upheaval_kpi(&o, "crisis.attack-requests"), n, 3.2905 * sqrt(n));
	assert_close(upheaval_kpi(&o, "losses.queue-full"), lost, 3.2905 * sqrt(lost * (1 - lost) / messages));
	upheaval_close(&o);
	upheaval_open(&o, TOWN(CLOUD("1", "50"), ""), "<denial-of-service at='0s' target='cloud' lasts='1h'/>", 0, true,
		      SIM_HOUR);
	upheaval_run(&o);
	assert_true(isnan(upheaval_kpi(&o, "crisis.attack-requests"))); /* the twin has none */
	assert_true(!(upheaval_kpi(&o, "losses.queue-full") > 0));
	upheaval_close(&o);
}

static void what_cannot_be_meant_is_refused(void **st)
{
	(void)st;
	assert_true(upheaval_refused("", "<denial-of-service at='1h' target='clout'/>", "clout"));
	assert_true(upheaval_refused("<platform id='c'/>", "<denial-of-service target='c'/>", "does not say when"));
	assert_true(upheaval_refused("<platform id='c' service-time='0s'/>",
				     "<denial-of-service at='1h' target='c' each='5'/>", "makes no work"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_server_loses_as_erlang_says),
		cmocka_unit_test(several_servers_lose_as_erlang_says),
		cmocka_unit_test(requests_simulated_together_take_the_same_share),
		cmocka_unit_test(an_edge_is_attacked_the_same),
		cmocka_unit_test(nothing_is_left_of_an_attack_that_is_over),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
