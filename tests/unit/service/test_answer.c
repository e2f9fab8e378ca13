/* What became of messages, counted. */
#include "tests/unit/device/town.h"

#define CITY "<city width='4km' height='3km'/><lorawan id='net'/>"
#define METER(count, traffic)                                                                                              \
	CITY "<device-class id='m'><uses network='net'/>" traffic "</device-class><deploy class='m' count='" #count "'/>"

/* A network whose answers come `takes` later; every lose-th message is lost; some are kept for ever. */
struct slow {
	uint16_t kind;
	simtime_t takes;
	unsigned lose, keep, n;
	struct message m[65536];
	bool done[65536];
	bool twice;
};

static void answer(struct sim *s, void *ctx, uint32_t k, uint16_t fate)
{
	struct slow *net = ctx;

	net->done[k] = true;
	network_answer(s, &net->m[k], (enum fate)fate);
	if (net->twice) {
		net->twice = false;
		network_answer(s, &net->m[k], (enum fate)fate);
	}
}

static void carry(struct town *t, const struct message *m)
{
	struct slow *net = t->own;
	unsigned k = net->n++;

	assert_true(k < 65536);
	net->m[k] = *m;
	if (net->keep && k % net->keep == 0)
		return;
	sim_after(t->sim, net->takes, net->kind, k, net->lose && k % net->lose == 0 ? FATE_INTERFERENCE : FATE_DELIVERED);
}

static uint64_t held(const struct town *t)
{
	const struct slow *net = t->own;
	uint64_t n = 0;

	for (unsigned k = 0; k < net->n; k++)
		n += !net->done[k];
	return n;
}

static struct slow *open_slow(struct town *t, const char *run, const char *body, simtime_t takes)
{
	struct slow *net = calloc(1, sizeof *net);

	assert_non_null(net);
	*t = (struct town){ .on_send = carry, .on_held = held, .own = net, .map = true };
	town_open(t, run, body);
	net->takes = takes;
	net->kind = sim_handler(t->sim, "answer", answer, net);
	return net;
}

static void end(struct town *t)
{
	free(t->own);
	town_close(t);
}

static void latency_deadline_and_losses_are_those_of_the_network(void **st)
{
	struct town t;
	struct slow *net =
		open_slow(&t, "duration='10h'",
			  METER(10, "<traffic period='1min' deadline='1s' until='9h'/><traffic period='1h' until='9h'/>"),
			  1500 * SIM_MS);

	(void)st;
	net->lose = 4;
	town_run(&t);
	assert_close(town_kpi(&t, "connectivity.delivery-ratio", "class=m"), 0.75, 1e-4);
	assert_close(town_kpi(&t, "losses.interference", "all"), 0.25, 1e-4);
	assert_close(town_kpi(&t, "losses.backhaul", "all"), 0, 0);
	assert_close(town_kpi(&t, "latency.mean", "all"), 1.5, 1e-9);
	assert_close(town_kpi(&t, "latency.max", "all"), 1.5, 1e-9);
	assert_close(town_kpi(&t, "latency.p99", "all"), 1.5, 0.03);
	assert_close(town_kpi(&t, "latency.deadline-ratio", "all"), 0, 0);
	assert_close(town_audit(&t, "messages", "generated: m"), 10 * 549, 0);
	assert_close(town_audit(&t, "messages", "lost: interference"), floor((10 * 549 + 3) / 4.0), 0);
	assert_true(report_imbalance(t.report, NULL) < 1e-12);
	end(&t);
	open_slow(&t, "duration='10h'", METER(10, "<traffic period='1min' deadline='2s'/>"), 1500 * SIM_MS);
	town_run(&t);
	assert_close(town_kpi(&t, "latency.deadline-ratio", "all"), 1, 0);
	end(&t);
	open_slow(&t, "duration='1h'", METER(10, "<traffic period='1min'/>"), 1500 * SIM_MS);
	town_run(&t);
	assert_true(isnan(town_kpi(&t, "latency.deadline-ratio", "all")));
	end(&t);
}

/* One class of messages on time, one late: a deadline met by the half of the messages. */
static void deadlines_belong_to_their_traffic(void **st)
{
	struct town t;

	(void)st;
	open_slow(&t, "duration='10h'",
		  METER(10, "<traffic period='10min' deadline='1s'/><traffic period='10min' deadline='2s'/>"),
		  1500 * SIM_MS);
	town_run(&t);
	assert_close(town_kpi(&t, "latency.deadline-ratio", "all"), 0.5, 0.01);
	end(&t);
}

/* A reading each 600 s that takes 100 s: the age runs from 100 to 700 s; 400 s on average. */
static void the_age_of_information_is_the_mean_of_its_saw_tooth(void **st)
{
	struct town t;

	(void)st;
	for (unsigned k = 0; k < 2; k++) {
		open_slow(&t, k ? "duration='20d' warm-up='10d'" : "duration='20d'", METER(20, "<traffic period='600s'/>"),
			  100 * SIM_SECOND);
		town_run(&t);
		assert_close(town_kpi(&t, "latency.age-of-information", "all"), 400, k ? 0.001 * 400 : 0.5);
		end(&t);
	}
}

static void a_device_that_is_never_heard_ages_from_when_it_was_operational(void **st)
{
	struct town t;
	struct slow *net = open_slow(&t, "duration='10h'", METER(5, "<traffic period='600s'/>"), SIM_SECOND);

	(void)st;
	net->lose = 1;
	town_run(&t);
	assert_close(town_kpi(&t, "latency.age-of-information", "all"), 5 * 3600, 1);
	assert_true(isnan(town_kpi(&t, "latency.mean", "all")));
	assert_true(isnan(town_kpi(&t, "energy.per-message", "all")));
	assert_close(town_kpi(&t, "connectivity.delivery-ratio", "all"), 0, 0);
	end(&t);
}

static void an_older_reading_does_not_lower_the_age(void **st)
{
	struct town t;
	struct slow *net = open_slow(&t, "duration='1h'", METER(1, "<traffic period='20min'/>"), SIM_SECOND);
	struct message m = { .device = 0, .context = 0, .purpose = PURPOSE_APPLICATION };
	double age;

	(void)st;
	town_start(&t);
	net->m[65535] = m;
	sim_at(t.sim, 40 * SIM_MINUTE, net->kind, 65535, FATE_DELIVERED);
	assert_int_equal(sim_run(t.sim), SIM_OK);
	town_finish(&t);
	age = town_kpi(&t, "latency.age-of-information", "all");
	end(&t);
	open_slow(&t, "duration='1h'", METER(1, "<traffic period='20min'/>"), SIM_SECOND);
	town_run(&t);
	assert_close(town_kpi(&t, "latency.age-of-information", "all"), age, 0);
	end(&t);
}

/* Messages made in the first five hours count nowhere but in the balance; those on their way at the end are left out. */
static void counting_goes_by_the_time_of_generation(void **st)
{
	struct town t;
	struct slow *net =
		open_slow(&t, "duration='10h' warm-up='5h'", METER(60, "<traffic period='1min'/>"), 30 * SIM_MINUTE);

	(void)st;
	net->lose = 3;
	town_run(&t);
	assert_close(town_kpi(&t, "messages.generated", "all"), 60 * 300, 0);
	assert_close(town_kpi(&t, "messages.in-flight", "all"), 60 * 30, 60);
	assert_close(town_kpi(&t, "messages.delivered", "all"), 60 * 270 * 2 / 3.0, 60);
	assert_close(town_kpi(&t, "connectivity.delivery-ratio", "all"), 2 / 3.0, 1e-3);
	assert_close(town_kpi(&t, "messages.per-hour", "all"), 3600, 0);
	assert_close(town_audit(&t, "messages", "generated: m"), 60 * 600, 0);
	assert_close(town_audit(&t, "messages", "in flight at the end"), town_kpi(&t, "messages.in-flight", "all"), 0);
	assert_true(report_imbalance(t.report, NULL) < 1e-12);
	end(&t);
}

static void a_message_answered_twice_or_for_another_device_breaks_the_balance(void **st)
{
	for (unsigned k = 0; k < 2; k++) {
		struct town t;
		struct slow *net =
			open_slow(&t, "duration='1h'", METER(2, "<traffic period='1h' until='30min'/>"), SIM_MINUTE);
		const char *account = "";
		(void)st;
		town_start(&t);
		net->twice = k == 0;
		if (k) {
			net->m[100] = (struct message){ .device = 0, .purpose = PURPOSE_APPLICATION };
			sim_at(t.sim, 59 * SIM_MINUTE, net->kind, 100, FATE_DELIVERED);
		}
		town_finish(&t);
		assert_true(report_imbalance(t.report, &account) > 0.1);
		assert_string_equal(account, "messages");
		end(&t);
	}
}

static double kpi_series_sum(const struct town *t, const char *kpi, const char *group, unsigned *n)
{
	double sum = 0;

	*n = 0;
	for (size_t i = 0; i < t->report->n_series; i++)
		if (!strcmp(t->report->series[i].def->name, kpi) && !strcmp(t->report->series[i].group, group)) {
			sum += t->report->series[i].value;
			++*n;
		}
	return sum;
}

static void the_series_hold_every_hour_after_the_warm_up(void **st)
{
	struct town t;
	struct slow *net =
		open_slow(&t, "duration='48h' warm-up='24h'", METER(10, "<traffic period='10min' phase='aligned'/>"), 0);
	unsigned n;

	(void)st;
	net->lose = 2;
	town_run(&t);
	assert_close(kpi_series_sum(&t, "messages.per-hour", "class=m", &n), 24 * 60, 0);
	assert_int_equal(n, 24);
	assert_close(kpi_series_sum(&t, "connectivity.delivery-ratio", "all", &n), 12, 1e-9);
	assert_int_equal(n, 24);
	end(&t);
}

static void a_reading_on_the_hour_belongs_to_the_hour_that_begins(void **st)
{
	struct town t;

	(void)st;
	open_slow(&t, "duration='3d'", METER(1, "<traffic period='1d' phase='aligned'/>"), 0);
	town_run(&t);
	for (size_t i = 0; i < t.report->n_series; i++)
		if (!strcmp(t.report->series[i].def->name, "messages.per-hour") &&
		    !strcmp(t.report->series[i].group, "all"))
			assert_close(t.report->series[i].value, t.report->series[i].t % SIM_DAY == 0, 0);
	for (size_t i = 0; i < t.report->n_curves; i++)
		if (!strcmp(t.report->curves[i].def->name, "messages.day"))
			assert_close(t.report->curves[i].y, t.report->curves[i].x == 0, 0);
	end(&t);
}

static void the_map_shows_no_more_than_its_share_and_every_class(void **st)
{
	struct town t = { .map = true };
	unsigned many = 0, few = 0;

	(void)st;
	town_open(
		&t, "duration='2h'",
		CITY
		"<device-class id='many'><uses network='net'/><traffic period='1h'/></device-class><device-class id='few'/>"
		"<deploy class='many' count='30000'/><deploy class='few' count='17'/>");
	town_run(&t);
	for (size_t i = 0; i < t.report->n_features; i++) {
		const struct feature *f = &t.report->features[i];
		if (strcmp(f->layer, "devices") != 0)
			continue;
		many += !strcmp(f->group, "class=many");
		few += !strcmp(f->group, "class=few");
		if (!strcmp(f->group, "class=many"))
			assert_close(f->value, 1, 0);
		else
			assert_true(isnan(f->value));
	}
	assert_int_equal(few, 17);
	assert_in_range(many, 1250, 2500);
	town_close(&t);
}

static void a_class_that_reports_nothing_has_no_ratios(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='2h'", CITY "<device-class id='mute'/><deploy class='mute' count='3'/>");
	town_run(&t);
	assert_true(isnan(town_kpi(&t, "connectivity.delivery-ratio", "all")));
	assert_true(isnan(town_kpi(&t, "messages.generated", "all")));
	assert_close(town_kpi(&t, "connectivity.connected-ratio", "all"), 1, 0);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(latency_deadline_and_losses_are_those_of_the_network),
		cmocka_unit_test(deadlines_belong_to_their_traffic),
		cmocka_unit_test(the_age_of_information_is_the_mean_of_its_saw_tooth),
		cmocka_unit_test(a_device_that_is_never_heard_ages_from_when_it_was_operational),
		cmocka_unit_test(an_older_reading_does_not_lower_the_age),
		cmocka_unit_test(counting_goes_by_the_time_of_generation),
		cmocka_unit_test(a_message_answered_twice_or_for_another_device_breaks_the_balance),
		cmocka_unit_test(the_series_hold_every_hour_after_the_warm_up),
		cmocka_unit_test(a_reading_on_the_hour_belongs_to_the_hour_that_begins),
		cmocka_unit_test(the_map_shows_no_more_than_its_share_and_every_class),
		cmocka_unit_test(a_class_that_reports_nothing_has_no_ratios),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
