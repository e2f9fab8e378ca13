/* When readings are taken. */
#include "models/service/traffic.h"
#include "tests/unit/device/town.h"

#define CITY "<city width='4km' height='3km'/><lorawan id='net'/>"

/* The instants at which messages left, by device. */
struct log {
	size_t n, cap;
	struct {
		simtime_t t;
		uint32_t device;
		unsigned bytes;
	} * sent;
};

static void note(struct town *t, const struct message *m)
{
	struct log *l = t->own;

	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 1024;
		l->sent = realloc(l->sent, l->cap * sizeof *l->sent);
		assert_non_null(l->sent);
	}
	l->sent[l->n].t = m->created;
	l->sent[l->n].device = m->device;
	l->sent[l->n++].bytes = m->bytes;
	assert_int_equal(m->created, t->sim->now);
	assert_int_equal(m->purpose, PURPOSE_APPLICATION);
	network_answer(t->sim, m, FATE_DELIVERED);
}

static void run_traffic(struct town *t, struct log *l, const char *run, unsigned devices, const char *traffic)
{
	char body[1024];

	*l = (struct log){ 0 };
	*t = (struct town){ .on_send = note, .own = l };
	snprintf(body, sizeof body,
		 CITY "<device-class id='m'><uses network='net'/>%s</device-class><deploy class='m' count='%u'/>", traffic,
		 devices);
	town_open(t, run, body);
	town_run(t);
	assert_true(report_imbalance(t->report, NULL) < 1e-12);
}

static void end(struct town *t, struct log *l)
{
	town_close(t);
	free(l->sent);
}

/* The reference's: first packet uniform in 0-600 s, then every 600 s, to the nanosecond. */
static void periodic_readings_keep_their_period_from_a_uniform_phase(void **st)
{
	struct town t;
	struct log l;
	simtime_t last[3000];
	double sum = 0, squares = 0;

	(void)st;
	run_traffic(&t, &l, "duration='3600s'", 3000, "<traffic pattern='periodic' period='600s' payload='23B'/>");
	assert_int_equal(l.n, 6 * 3000);
	for (unsigned i = 0; i < 3000; i++)
		last[i] = -1;
	for (size_t k = 0; k < l.n; k++) {
		uint32_t i = l.sent[k].device;
		assert_int_equal(l.sent[k].bytes, 23);
		if (last[i] < 0) {
			double u = sim_seconds(l.sent[k].t) / 600;
			assert_true(u >= 0 && u < 1);
			sum += u;
			squares += u * u;
		} else {
			assert_int_equal(l.sent[k].t - last[i], 600 * SIM_SECOND);
		}
		last[i] = l.sent[k].t;
	}
	assert_close(sum / 3000, 0.5, 4 * sqrt(1.0 / 12 / 3000));
	assert_close(squares / 3000, 1.0 / 3, 4 * sqrt(4.0 / 45 / 3000));
	end(&t, &l);
}

static void jitter_delays_each_reading_without_drifting(void **st)
{
	struct town t;
	struct log l;
	double sum = 0, sum_next = 0;
	unsigned last_hour[200];
	double last_late[200];

	(void)st;
	run_traffic(&t, &l, "start='2026-03-02T00:00Z' duration='100h'", 200,
		    "<traffic period='1h' jitter='10min' phase='aligned'/>");
	assert_in_range(l.n, 200 * 100, 200 * 101);
	memset(last_hour, 0xff, sizeof last_hour);
	for (size_t k = 0; k < l.n; k++) {
		simtime_t late = l.sent[k].t % SIM_HOUR;
		unsigned hour = (unsigned)(l.sent[k].t / SIM_HOUR);
		uint32_t i = l.sent[k].device;
		assert_true(late < 10 * SIM_MINUTE);
		assert_true(last_hour[i] == UINT32_MAX ? hour == 0 : hour == last_hour[i] + 1);
		if (hour)
			sum_next += (sim_seconds(late) - 300) * (last_late[i] - 300);
		last_hour[i] = hour;
		last_late[i] = sim_seconds(late);
		sum += sim_seconds(late);
	}
	assert_close(sum / (double)l.n, 300, 4 * 600 / sqrt(12 * (double)l.n));
	assert_close(sum_next / (double)l.n / 30000, 0, 4 / sqrt((double)l.n));
	end(&t, &l);
}

static void aligned_readings_fall_on_the_calendar(void **st)
{
	struct town t;
	struct log l;

	(void)st;
	run_traffic(&t, &l, "start='2026-03-04T05:40Z' duration='1d'", 2, "<traffic period='6h' phase='aligned'/>");
	assert_int_equal(l.n, 8);
	for (size_t k = 0; k < l.n; k++)
		assert_int_equal(l.sent[k].t, 20 * SIM_MINUTE + (simtime_t)(k / 2) * 6 * SIM_HOUR);
	end(&t, &l);
}

/* Share of readings up to x of the period: of the third of six uniform draws, Beta(3,4); or of the one draw. */
static double once_by(double x, bool beta)
{
	static const int choose[] = { 1, 6, 15, 20, 15, 6, 1 };
	double p = 0;

	for (int j = 3; j <= 6; j++)
		p += choose[j] * pow(x, j) * pow(1 - x, 6 - j);
	return beta ? p : x;
}

/* TR 37.868, traffic models 1 and 2: each device once within the period.  Mean, variance and distribution within 4 standard errors;
 * that of a variance is sqrt((k - 1) / n) of it, k the kurtosis: 9/5, and 22/9 of Beta(3,4). */
static void massive_access_is_spread_evenly_or_as_beta(void **st)
{
	enum { N = 20000 };
	static const struct {
		const char *traffic;
		bool beta;
		double mean, variance, kurtosis;
	} cases[] = {
		{ "<traffic pattern='uniform' period='60s' payload='23B'/>", false, 0.5, 1.0 / 12, 9.0 / 5 },
		{ "<traffic pattern='beta' period='10s' payload='23B'/>", true, 3.0 / 7, 3.0 / 98, 22.0 / 9 },
	};

	(void)st;
	for (size_t c = 0; c < 2; c++) {
		struct town t;
		struct log l;
		bool seen[N] = { false };
		double sum = 0, squares = 0, period = cases[c].beta ? 10 : 60;
		unsigned below[20] = { 0 };

		run_traffic(&t, &l, "duration='600s'", N, cases[c].traffic);
		assert_int_equal(l.n, N);
		for (size_t k = 0; k < l.n; k++) {
			double u = sim_seconds(l.sent[k].t) / period;
			assert_true(u >= 0 && u < 1 && !seen[l.sent[k].device]);
			seen[l.sent[k].device] = true;
			sum += u;
			squares += (u - cases[c].mean) * (u - cases[c].mean);
			for (int q = (int)(u * 20) + 1; q < 20; q++)
				below[q]++;
		}
		assert_close(sum / N, cases[c].mean, 4 * sqrt(cases[c].variance / N));
		assert_close(squares / N, cases[c].variance, 4 * cases[c].variance * sqrt((cases[c].kurtosis - 1) / N));
		for (int q = 1; q < 20; q++) {
			double p = once_by(q / 20.0, cases[c].beta);
			assert_close((double)below[q] / N, p, 4 * sqrt(p * (1 - p) / N));
		}
		end(&t, &l);
	}
}

/* 2026-03-04 is a Wednesday. */
static void weeks_begin_on_monday(void **st)
{
	struct town t;
	struct log l;

	(void)st;
	run_traffic(&t, &l, "start='2026-03-04T00:00Z' duration='14d'", 1, "<traffic period='7d' phase='aligned'/>");
	assert_int_equal(l.n, 2);
	assert_int_equal(l.sent[0].t, 5 * SIM_DAY);
	assert_int_equal(l.sent[1].t, 12 * SIM_DAY);
	end(&t, &l);
	/* before 1970, and on the whole period itself */
	run_traffic(&t, &l, "start='1969-12-29T00:00Z' duration='7d'", 1, "<traffic period='7d' phase='aligned'/>");
	assert_int_equal(l.n, 1);
	assert_int_equal(l.sent[0].t, 0);
	end(&t, &l);
}

static void poisson_counts_have_the_mean_and_variance_of_the_law(void **st)
{
	struct town t;
	struct log l;
	struct tally counts = { 0 };
	unsigned n[4000] = { 0 };

	(void)st;
	run_traffic(&t, &l, "duration='1d'", 4000, "<traffic pattern='poisson' period='2h'/>");
	for (size_t k = 0; k < l.n; k++)
		n[l.sent[k].device]++;
	for (unsigned i = 0; i < 4000; i++)
		tally_add(&counts, n[i]);
	assert_close(counts.mean, 12, 3.3 * sqrt(12.0 / 4000));
	assert_close(tally_variance(&counts), 12, 3.3 * 12 * sqrt(2.0 / 4000));
	end(&t, &l);
}

static void count(struct town *t, const struct message *m)
{
	((uint16_t *)t->own)[m->device]++;
	network_answer(t->sim, m, FATE_DELIVERED);
}

/* 3GPP TR 45.820: 40 % daily, 40 % every 2 h, 15 % hourly, 5 % half-hourly: 11.2 a day, 1.2963e-4 a second, one in 7714 s.
 * Shares and mean of 200,000 devices within 4 standard errors (99.99 %), which for the mean is 0.9 %. */
static void the_mixture_makes_eleven_point_two_messages_a_day(void **st)
{
	enum { DEVICES = 200000 };
	static const struct {
		unsigned a_day;
		double share;
	} mix[] = { { 1, 0.4 }, { 12, 0.4 }, { 24, 0.15 }, { 48, 0.05 } };
	uint16_t *n = calloc(DEVICES, sizeof *n);
	struct town t = { .on_send = count, .own = n };
	unsigned with[4] = { 0 };
	double mean = 0, square = 0;

	(void)st;
	assert_non_null(n);
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><uses network='net'/><traffic pattern='mar-periodic'/></device-class>"
		       "<deploy class='m' count='200000'/>");
	town_run(&t);
	for (unsigned i = 0; i < DEVICES; i++)
		for (unsigned k = 0; k < 4; k++)
			with[k] += n[i] == mix[k].a_day;
	assert_int_equal(with[0] + with[1] + with[2] + with[3], DEVICES);
	for (unsigned k = 0; k < 4; k++) {
		double p = mix[k].share;
		assert_close((double)with[k] / DEVICES, p, 4 * sqrt(p * (1 - p) / DEVICES));
		mean += p * mix[k].a_day;
		square += p * mix[k].a_day * mix[k].a_day;
	}
	assert_close(mean / 86400, 1.2963e-4, 5e-9);
	assert_close(86400 / mean, 7714, 0.5);
	assert_close((double)t.sent / DEVICES, mean, 4 * sqrt((square - mean * mean) / DEVICES));
	town_close(&t);
	free(n);
}

/* Over days each device keeps the interval that it has. */
static void a_device_of_the_mixture_keeps_its_interval(void **st)
{
	struct town t;
	struct log l;
	simtime_t last[1000], gap[1000];

	(void)st;
	memset(last, 0xff, sizeof last);
	memset(gap, 0xff, sizeof gap);
	run_traffic(&t, &l, "duration='5d'", 1000, "<traffic pattern='mar-periodic'/>");
	for (size_t k = 0; k < l.n; k++) {
		uint32_t i = l.sent[k].device;
		if (last[i] >= 0 && gap[i] >= 0)
			assert_int_equal(l.sent[k].t - last[i], gap[i]);
		if (last[i] >= 0)
			gap[i] = l.sent[k].t - last[i];
		last[i] = l.sent[k].t;
	}
	for (unsigned i = 0; i < 1000; i++)
		assert_true(gap[i] == SIM_DAY || gap[i] == 2 * SIM_HOUR || gap[i] == SIM_HOUR || gap[i] == SIM_HOUR / 2);
	end(&t, &l);
}

static void bursts_have_their_length_and_spacing(void **st)
{
	struct town t;
	struct log l;

	(void)st;
	run_traffic(&t, &l, "duration='400d'", 1, "<traffic pattern='on-change' period='1d' burst='3' spacing='20s'/>");
	assert_close((double)l.n / 3, 400, 4 * sqrt(400));
	for (size_t k = 0; k + 2 < l.n; k++) {
		unsigned near = 0;
		for (size_t j = k < 6 ? 0 : k - 6; j < l.n && j < k + 7; j++)
			near += llabs(l.sent[j].t - l.sent[k].t) == 20 * SIM_SECOND;
		assert_true(near >= 1);
	}
	end(&t, &l);
}

static void a_trace_is_replayed_row_by_row(void **st)
{
	struct town t;
	struct log l;

	(void)st;
	write_file("trace.csv", "time_s,device,bytes\n10.5,1,7\n0.25,0,9\n10.5,0,8\n99999,0,8\n");
	run_traffic(&t, &l, "duration='1h'", 2, "<traffic pattern='trace' file='trace.csv'/>");
	assert_true(town_complains(&t, "has 1 of 4 rows at the end of the run or after it"));
	assert_int_equal(l.n, 3);
	assert_int_equal(l.sent[0].t, SIM_SECOND / 4);
	assert_int_equal(l.sent[0].bytes, 9);
	assert_int_equal(l.sent[1].device, 0);
	assert_int_equal(l.sent[2].device, 1);
	assert_int_equal(l.sent[2].bytes, 7);
	end(&t, &l);
	write_file("trace.csv", "time_s,bytes\n10,7\n20,8\n");
	run_traffic(&t, &l, "duration='1h'", 50, "<traffic pattern='trace' file='trace.csv' jitter='5s' until='15s'/>");
	assert_int_equal(l.n, 50);
	for (size_t k = 0; k < l.n; k++)
		assert_true(l.sent[k].t >= 10 * SIM_SECOND && l.sent[k].t < 15 * SIM_SECOND && l.sent[k].bytes == 7);
	end(&t, &l);
	remove("trace.csv");
}

static void until_ends_the_readings_of_every_pattern(void **st)
{
	static const char *const patterns[] = {
		"<traffic period='10min' until='2h'/>",
		"<traffic pattern='poisson' period='10min' until='2h'/>",
		"<traffic pattern='mar-periodic' until='2h'/>",
		"<traffic pattern='on-change' period='10min' burst='5' spacing='1min' until='2h'/>",
	};
	struct town t;
	struct log l;

	(void)st;
	for (size_t k = 0; k < sizeof patterns / sizeof patterns[0]; k++) {
		run_traffic(&t, &l, "duration='1d'", 100, patterns[k]);
		assert_true(l.n > 50);
		assert_true(l.sent[l.n - 1].t < 2 * SIM_HOUR);
		end(&t, &l);
	}
}

static void several_traffics_of_a_class_are_independent(void **st)
{
	struct town t;
	struct log l;
	simtime_t small[100] = { 0 }, large[100] = { 0 };
	unsigned same = 0;

	(void)st;
	run_traffic(&t, &l, "duration='1h'", 100, "<traffic period='1h' payload='1B'/><traffic period='1h' payload='2B'/>");
	assert_int_equal(l.n, 200);
	for (size_t k = 0; k < l.n; k++)
		(l.sent[k].bytes == 1 ? small : large)[l.sent[k].device] = l.sent[k].t;
	for (unsigned i = 0; i < 100; i++)
		same += llabs(small[i] - large[i]) < SIM_MINUTE;
	assert_true(same < 20);
	end(&t, &l);
}

static void attach_late(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	(void)ctx, (void)detail;
	device_attached(s, i);
}

/* Attached after half an hour: a phase from power-on has missed readings by then, one from operation has not. */
static void the_first_period_begins_at_operation_or_at_power_on(void **st)
{
	for (unsigned k = 0; k < 2; k++) {
		struct log l = { 0 };
		struct town t = { .on_send = note, .own = &l, .attach_later = true };
		uint16_t kind;
		(void)st;
		town_open(&t, "duration='1h'",
			  k ? CITY "<device-class id='m'><uses network='net'/><traffic period='10min' "
				   "from='power-on'/></device-class>"
				   "<deploy class='m' count='100'/>"
			    : CITY "<device-class id='m'><uses network='net'/><traffic period='10min'/></device-class>"
				   "<deploy class='m' count='100'/>");
		kind = sim_handler(t.sim, "attach", attach_late, NULL);
		for (uint32_t i = 0; i < 100; i++)
			sim_at(t.sim, SIM_HOUR / 2, kind, i, 0);
		town_run(&t);
		assert_int_equal(l.n, 300);
		assert_close(town_kpi(&t, "messages.missed", "all"), k ? 300 : 0, 0);
		end(&t, &l);
	}
}

static void power(struct sim *s, void *ctx, uint32_t i, uint16_t on)
{
	(void)ctx;
	device_power(s, i, on);
}

static void a_device_without_power_misses_readings_and_keeps_its_rhythm(void **st)
{
	struct log l = { 0 };
	struct town t = { .on_send = note, .own = &l };
	uint16_t kind;

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><uses network='net'/><traffic period='1h'/></device-class>"
		       "<deploy class='m' count='1'/>");
	kind = sim_handler(t.sim, "power", power, NULL);
	sim_at(t.sim, 6 * SIM_HOUR, kind, 0, 0);
	sim_at(t.sim, 10 * SIM_HOUR, kind, 0, 1);
	town_run(&t);
	assert_int_equal(l.n, 20);
	for (size_t k = 1; k < l.n; k++)
		assert_int_equal((l.sent[k].t - l.sent[0].t) % SIM_HOUR, 0);
	assert_close(town_kpi(&t, "messages.missed", "all"), 4, 0);
	assert_close(town_kpi(&t, "messages.generated", "all"), 20, 0);
	assert_close(town_kpi(&t, "connectivity.delivery-ratio", "all"), 1, 0);
	end(&t, &l);
}

/* Off from hour 2 to hour 8; the reading on the end of the warm-up itself counts. */
static void readings_missed_before_the_warm_up_are_not_counted(void **st)
{
	struct log l = { 0 };
	struct town t = { .on_send = note, .own = &l };
	uint16_t kind;

	(void)st;
	town_open(&t, "start='2026-03-02T00:00Z' duration='12h' warm-up='5h'",
		  CITY "<device-class id='m'><uses network='net'/><traffic period='1h' phase='aligned'/></device-class>"
		       "<deploy class='m' count='3'/>");
	kind = sim_handler(t.sim, "power", power, NULL);
	for (uint32_t i = 0; i < 3; i++) {
		sim_at(t.sim, 2 * SIM_HOUR - 1, kind, i, 0);
		sim_at(t.sim, 8 * SIM_HOUR - 1, kind, i, 1);
	}
	town_run(&t);
	assert_close(town_kpi(&t, "messages.missed", "all"), 3 * 3, 0);
	assert_close(town_kpi(&t, "messages.generated", "all"), (double)l.n - 3 * 2, 0);
	assert_close(town_kpi(&t, "messages.in-flight", "all"), 0, 0);
	end(&t, &l);
}

static void another_class_leaves_a_classes_readings_as_they_were(void **st)
{
	struct log a = { 0 }, b = { 0 };
	struct town t = { .on_send = note, .own = &a };
	size_t n = 0;

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><uses network='net'/><traffic pattern='poisson' period='1h'/></device-class>"
		       "<deploy class='m' count='20'/>");
	town_run(&t);
	town_close(&t);
	t = (struct town){ .on_send = note, .own = &b };
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='k'><uses network='net'/><traffic period='1h'/></device-class><deploy class='k' "
		       "count='9'/>"
		       "<device-class id='m'><uses network='net'/><traffic pattern='poisson' period='1h'/></device-class>"
		       "<deploy class='m' count='20'/>");
	town_run(&t);
	town_close(&t);
	for (size_t k = 0; k < b.n; k++)
		if (b.sent[k].device >= 9) {
			assert_true(n < a.n && a.sent[n].t == b.sent[k].t && a.sent[n].device + 9 == b.sent[k].device);
			n++;
		}
	assert_int_equal(n, a.n);
	free(a.sent);
	free(b.sent);
}

static void attributes_that_nothing_would_read_are_refused(void **st)
{
	static const struct {
		const char *attributes, *text;
	} cases[] = {
		{ "", "<traffic period>: is needed for pattern=\"periodic\"" },
		{ "pattern='poisson'", "<traffic period>: is needed" },
		{ "pattern='mar-periodic' period='1h'", "<traffic period>: \"1h\" is read with" },
		{ "period='1h' jitter='2h'", "<traffic jitter>: \"2h\" is longer than the period" },
		{ "pattern='mar-periodic' jitter='31min'", "is longer than the period" },
		{ "pattern='poisson' period='1h' phase='random'", "<traffic phase>: \"random\" is read with" },
		{ "period='1h' burst='3'", "is read with pattern=\"on-change\" only" },
		{ "period='1h' spacing='3s'", "is read with pattern=\"on-change\" only" },
		{ "pattern='trace'", "<traffic file>: is needed" },
		{ "period='1h' payload-max='30B'", "<traffic payload-max>: \"30B\" is read with payload-law" },
		{ "period='1h' payload-shape='2'", "is read with payload-law=\"pareto\" only" },
		{ "period='1h' payload-law='uniform' payload='50B' payload-max='30B'", "is below the payload of 50 B" },
		{ "period='1h' payload='70000B'", "<traffic payload>: \"70000B\" is outside" },
		{ "period='0s'", "<traffic period>: \"0s\" is outside" },
	};
	char body[512];

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(body, sizeof body,
			 CITY "<device-class id='m'><uses network='net'/><traffic %s/></device-class>"
			      "<deploy class='m' count='1'/>",
			 cases[i].attributes);
		town_refuses(body, cases[i].text);
	}
	town_refuses(CITY "<device-class id='m'><traffic period='1h'/></device-class><deploy class='m' count='1'/>",
		     "the class m uses no network");
}

static void bad_traces_are_refused(void **st)
{
	static const struct {
		const char *content, *text;
	} cases[] = {
		{ "time_s\n1\n", "bytes" },
		{ "time_s,bytes\n", "has no rows" },
		{ "time_s,bytes\n-1,2\n", "trace.csv:2" },
		{ "time_s,bytes\n1,0\n", "trace.csv:2" },
		{ "time_s,bytes\n1,70000\n", "trace.csv:2" },
		{ "time_s,bytes\n1,7\n2,12.5\n", "trace.csv:3: \"12.5\" is not a whole number" },
		{ "time_s,bytes,device\n1,7,0.5\n", "trace.csv:2: \"0.5\" is not a whole number" },
		{ "time_s,bytes,device\n1,7,2\n", "names device 2 of the class m, which has 2 (from 0)" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_file("trace.csv", cases[i].content);
		town_refuses(CITY "<device-class id='m'><uses network='net'/><traffic pattern='trace' "
				  "file='trace.csv'/></device-class>"
				  "<deploy class='m' count='2'/>",
			     cases[i].text);
	}
	remove("trace.csv");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periodic_readings_keep_their_period_from_a_uniform_phase),
		cmocka_unit_test(jitter_delays_each_reading_without_drifting),
		cmocka_unit_test(aligned_readings_fall_on_the_calendar),
		cmocka_unit_test(poisson_counts_have_the_mean_and_variance_of_the_law),
		cmocka_unit_test(the_mixture_makes_eleven_point_two_messages_a_day),
		cmocka_unit_test(a_device_of_the_mixture_keeps_its_interval),
		cmocka_unit_test(weeks_begin_on_monday),
		cmocka_unit_test(massive_access_is_spread_evenly_or_as_beta),
		cmocka_unit_test(readings_missed_before_the_warm_up_are_not_counted),
		cmocka_unit_test(bursts_have_their_length_and_spacing),
		cmocka_unit_test(a_trace_is_replayed_row_by_row),
		cmocka_unit_test(until_ends_the_readings_of_every_pattern),
		cmocka_unit_test(several_traffics_of_a_class_are_independent),
		cmocka_unit_test(the_first_period_begins_at_operation_or_at_power_on),
		cmocka_unit_test(a_device_without_power_misses_readings_and_keeps_its_rhythm),
		cmocka_unit_test(another_class_leaves_a_classes_readings_as_they_were),
		cmocka_unit_test(attributes_that_nothing_would_read_are_refused),
		cmocka_unit_test(bad_traces_are_refused),
	};
	char folder[] = "/tmp/sccsim-traffic-XXXXXX", command[64];
	int failed;

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command) ? 1 : failed;
}
