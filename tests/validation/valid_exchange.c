/*
 * <exchange>, <federation-broker>, <mapping> and <ledger> against closed forms, from scenario files.
 *
 * Broker.  A request passes the broker twice, with exponential stages of unlimited servers in between: an open Jackson network,
 * in which the broker is an M/M/c queue at twice the rate of requests (Jackson 1957).  The mean latency is the sum of its stages.
 *
 * Exchange ratio.  Requests take milliseconds and outages hours, so that an answer is of use when both platforms (and the
 * broker) are up at the time and the mapping covers it: the product of availabilities and coverages.  What changes state
 * while a request is on its way is its latency (below 0.1 s) over the mean time between changes (hours): 1e-5, and left out.
 *
 * Ledger.  Messages come as a Poisson process with rate L; a block is cut at N records or T after its first.  Let X be
 * Poisson with mean L T and g(k) = P(X >= k), the regularised incomplete gamma function P(k, L T).  A block is the cycle of
 * a renewal process.  The first record is there at its time 0; while n - 1 < N - 1 others have come it stays open, so
 *     E[records] = 1 + E[min(X, N - 1)] = 1 + sum_{k=1}^{N-1} g(k),
 *     E[sum of their waiting times] = int_0^T sum_{k=0}^{N-2} (k + 1) P(k others by t) dt = (1/L) sum_{k=1}^{N-1} k g(k),
 * as int_0^T e^{-L t} (L t)^{k-1} / (k-1)! dt = g(k) / L.  By the renewal-reward theorem the mean waiting time is their ratio.  T
 * without bound gives g = 1 and (N - 1) / (2 L); N without bound gives T (L T + 2) / (2 (L T + 1)), about T / 2 where L T is large.
 * Consensus with servers for all adds its time; blocks of one record are an M/D/1 queue; one slot for each block every I adds
 * M/D/1 waiting with service I and, as its server takes vacations of I while nobody waits, I / 2.
 */
#include <math.h>
#include <string.h>

#include <gsl/gsl_sf_gamma.h>

#include "tests/validation/arrivals.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

enum { ROWS = 40 };
static const double level = 1 - 0.01 / ROWS;
static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";

/* Run a file with settings; false after a row that says so. */
static bool run(struct valid *v, struct valid_run *r, const char *name, const char *file, const struct setting *sets,
		size_t n_sets, uint64_t seed)
{
	char path[96];
	bool ran = valid_scenario_with(r, with_arrivals(),
				       valid_text(path, sizeof path, "tests/validation/scenarios/%s.xml", file), sets,
				       n_sets, seed, valid_reps(v, 20, 8));

	if (!ran)
		valid_verdict(v, name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
			      "see the diagnostics");
	return ran;
}

static void row(struct valid *v, const struct valid_run *r, const char *name, const char *kpi, const char *group,
		const char *source, double expected)
{
	char what[128];

	valid_mean(v, valid_text(what, sizeof what, "%s: %s", name, kpi), source, expected, valid_kpi(r, kpi, group), level,
		   why);
}

static void broker(struct valid *v)
{
	static const struct {
		const char *name, *servers, *rate;
		double lambda; /* passes */
		unsigned c;
	} cases[] = {
		{ "broker M/M/1, rho 0.5", "1", "0.25/s", 0.5, 1 },
		{ "broker M/M/2, rho 0.8", "2", "0.8/s", 1.6, 2 },
		{ "broker M/M/8, rho 0.8", "8", "3.2/s", 6.4, 8 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct setting sets[] = { { .address = "federation-broker/@servers", .value = cases[i].servers },
						{ .address = "exchange[@id='brokered']/@rate", .value = cases[i].rate } };
		double wait = mmc_wait(cases[i].lambda, 1, cases[i].c);
		struct valid_run r;

		if (run(v, &r, cases[i].name, "exchange", sets, 2, 100 + i)) {
			row(v, &r, cases[i].name, "broker.waiting-time", NULL, "Erlang C", wait);
			row(v, &r, cases[i].name, "broker.utilisation", NULL, "rho", cases[i].lambda / cases[i].c);
			row(v, &r, cases[i].name, "interoperability.latency", "exchange=brokered",
			    "4 links + 2 sojourns + 2 services", 4 * 0.25 + 2 * (wait + 1) + 2);
		}
		valid_run_free(&r);
	}
}

/* Outages of all parts, mappings that do not cover everything, a direct way and one through the broker's pivot. */
static void ratio(struct valid *v)
{
	const struct setting sets[] = {
		{ .address = "run/@duration", .value = "120d" },
		{ .address = "run/@warm-up", .value = "0s" },
		{ .address = "platform/@service-time", .value = "1ms" },
		{ .address = "federation-broker/@service-time", .value = "1ms" },
		{ .address = "backhaul/@latency", .value = "10ms" },
		{ .address = "platform[@id='a']/@availability", .value = "90%" },
		{ .address = "platform[@id='b']/@availability", .value = "80%" },
		{ .address = "federation-broker/@availability", .value = "95%" },
		{ .address = "mapping[@from='saref']/@coverage", .value = "85%" },
		{ .address = "mapping[@to='lwm2m']/@coverage", .value = "70%" },
		{ .address = "mapping[@from='lwm2m']/@coverage", .value = "60%" },
		{ .address = "exchange/@rate", .value = "12/h" },
	};
	struct valid_run r;

	if (run(v, &r, "exchange ratio", "exchange", sets, sizeof sets / sizeof sets[0], 200)) {
		row(v, &r, "direct", "interoperability.exchange-ratio", "exchange=direct", "availabilities x coverage",
		    0.9 * 0.8 * 0.6);
		row(v, &r, "direct", "interoperability.lost-platform", "exchange=direct", "1 - availabilities",
		    1 - 0.9 * 0.8);
		row(v, &r, "direct", "interoperability.lost-not-covered", "exchange=direct",
		    "availabilities x (1 - coverage)", 0.9 * 0.8 * 0.4);
		row(v, &r, "through a broker and its pivot", "interoperability.exchange-ratio", "exchange=brokered",
		    "availabilities x coverages", 0.9 * 0.8 * 0.95 * 0.85 * 0.7);
		row(v, &r, "through a broker and its pivot", "interoperability.lost-broker", "exchange=brokered",
		    "1 - availability", 0.05);
	}
	valid_run_free(&r);
}

/* Directly, with servers for all: two links, the service at each platform, translation at the one that asked. */
static void direct_latency(struct valid *v)
{
	const struct setting sets[] = {
		{ .address = "exchange[@id='direct']/@rate", .value = "0.5/s" },
		{ .address = "exchange[@id='direct']/@deadline", .value = "3s" },
		{ .address = "backhaul/@latency", .value = "0s" },
	}, slow[] = {
		{ .address = "exchange[@id='direct']/@rate", .value = "0.5/s" },
		{ .address = "mapping[@from='lwm2m']/@cost", .value = "3s" },
	};
	struct valid_run r;

	if (run(v, &r, "deadline", "exchange", sets, 3, 300))
		row(v, &r, "two exponential services of 1 s, deadline 3 s", "interoperability.lost-late", "exchange=direct",
		    "Erlang-2 beyond 3 s", 4 * exp(-3));
	valid_run_free(&r);
	if (run(v, &r, "translation", "exchange", slow, 2, 301)) {
		row(v, &r, "translation of 3 s", "interoperability.latency", "exchange=direct",
		    "2 links + 2 services + translation", 2 * 0.25 + 2 + 3);
		row(v, &r, "translation", "interoperability.translation-share", "exchange=direct", "every answer", 1);
	}
	valid_run_free(&r);
}

static void passed_on(struct valid *v)
{
	struct valid_run r;

	if (run(v, &r, "passed on", "passed-on", NULL, 0, 400)) {
		row(v, &r, "a share of 40 % passed on", "interoperability.requests", NULL, "share x rate x time",
		    0.4 * 60000);
		row(v, &r, "a share of 40 % passed on", "interoperability.latency", NULL, "M/M/1 sojourn",
		    mmc_wait(0.4, 1, 1) + 1);
	}
	valid_run_free(&r);
}

/* Chance that k or more of a Poisson number with mean x come. */
static double at_least(unsigned k, double x)
{
	return isinf(x) ? 1 : gsl_sf_gamma_inc_P(k, x);
}

static void cut_law(double lambda, unsigned n, double timeout, double *wait, double *size)
{
	double records = 1, waits = 0;

	for (unsigned k = 1; k < n; k++) {
		double g = at_least(k, lambda * timeout);
		records += g;
		waits += k * g / lambda;
	}
	*size = records;
	*wait = waits / records;
}

static void cuts(struct valid *v)
{
	static const struct {
		const char *name, *size, *timeout;
		unsigned n;
		double t;
		const char *source;
	} cases[] = {
		{ "cut by size (N 10)", "10", "10000s", 10, INFINITY, "(N - 1) / 2 lambda" },
		{ "cut by time (T 2 s)", "1000000", "2s", 1000, 2, "T (lambda T + 2) / 2 (lambda T + 1)" },
		{ "cut by either (N 5, T 1 s)", "5", "1s", 5, 1, "renewal-reward, incomplete gamma function" },
		{ "cut by either (N 10, T 3 s)", "10", "3s", 10, 3, "renewal-reward, incomplete gamma function" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct setting sets[] = { { .address = "ledger/@max-messages", .value = cases[i].size },
						{ .address = "ledger/@timeout", .value = cases[i].timeout } };
		double wait, size;
		struct valid_run r;

		cut_law(3, cases[i].n, cases[i].t, &wait, &size);
		if (run(v, &r, cases[i].name, "ledger", sets, 2, 500 + i)) {
			row(v, &r, cases[i].name, "ledger.waiting-time", NULL, cases[i].source, wait);
			row(v, &r, cases[i].name, "ledger.batch-size", NULL, "1 + E[min(X, N - 1)]", size);
			row(v, &r, cases[i].name, "ledger.latency", NULL, "the same, and consensus", wait + 0.1);
		}
		valid_run_free(&r);
	}
}

/* Cut by time, a block's first record waits T and the others, uniform in it, evenly: P(W > t) = (1 + L (T - t)) / (1 + L T). */
static void tail(struct valid *v)
{
	const struct setting sets[] = { { .address = "ledger/@max-messages", .value = "1000000" } };
	struct valid_run r;

	if (run(v, &r, "cut by time", "ledger", sets, 1, 550)) {
		struct sample s = valid_curve(&r, "ledger.latency", NULL, 1);
		double bin = 3 * (1.0 / 64) / 7;
		valid_near(v, "cut by time (T 2 s): share of latencies above 1 s", "(1 + lambda (T - t)) / (1 + lambda T)",
			   (1 + 3 * 1.1) / 7, s.mean, sample_halfwidth(s, level) + bin,
			   "the same, and the width of a bin of the histogram");
	}
	valid_run_free(&r);
}

/* The closed form's own limits, exact. */
static void limits(struct valid *v)
{
	double wait, size;

	cut_law(3, 10, INFINITY, &wait, &size);
	valid_near(v, "law of the cut without timeout", "(N - 1) / 2 lambda", 9 / 6.0, wait, 1e-12, "rounding");
	cut_law(3, 1000, 2, &wait, &size);
	valid_near(v, "law of the cut without size", "T (lambda T + 2) / 2 (lambda T + 1)", 2 * 8 / 14.0, wait, 1e-9,
		   "rounding; a thousand records never come in 2 s");
}

static void consensus(struct valid *v)
{
	const struct setting single[] = {
		{ .address = "ledger/@max-messages", .value = "1" },   { .address = "ledger/@pipeline", .value = "1" },
		{ .address = "ledger/@consensus-time", .value = "300ms" }, { .address = "arrivals/@rate", .value = "2/s" },
		{ .address = "ledger/anchor/@share", .value = "100%" },
	}, slots[] = {
		{ .address = "ledger/@max-messages", .value = "1" },	 { .address = "ledger/@block-interval", .value = "2s" },
		{ .address = "ledger/@confirmations", .value = "6" }, { .address = "arrivals/@rate", .value = "0.5/s" },
		{ .address = "ledger/anchor/@share", .value = "70%" },
	}, work[] = {
		{ .address = "ledger/@validation", .value = "50ms" }, { .address = "ledger/@timeout", .value = "10000s" },
	};
	struct valid_run r;

	if (run(v, &r, "consensus", "ledger", single, 5, 600)) {
		row(v, &r, "blocks of one record, one at a time", "ledger.latency", NULL, "M/D/1", md1_wait(2, 0.3) + 0.3);
		row(v, &r, "blocks of one record, one at a time", "ledger.utilisation", NULL, "rho", 0.6);
	}
	valid_run_free(&r);
	if (run(v, &r, "slots", "ledger", slots, 5, 601)) {
		row(v, &r, "a slot every 2 s, 6 confirmations", "ledger.latency", NULL, "M/D/1 with vacations",
		    md1_wait(0.35, 2) + 1 + 0.1 + 12);
		row(v, &r, "a share of 70 % anchored", "ledger.throughput", NULL, "share x rate", 0.35 * 3600);
	}
	valid_run_free(&r);
	if (run(v, &r, "validation", "ledger", work, 2, 602))
		row(v, &r, "50 ms validation for each of 10 records", "ledger.latency", NULL,
		    "(N - 1) / 2 lambda + consensus + N validations", 1.5 + 0.1 + 0.5);
	valid_run_free(&r);
}

static void quorum(struct valid *v)
{
	const struct setting sets[] = { { .address = "run/@duration", .value = "300d" },
					{ .address = "arrivals/@rate", .value = "1/h" },
					{ .address = "ledger/@availability", .value = "90%" } };
	struct valid_run r;

	if (run(v, &r, "quorum", "ledger", sets, 3, 700))
		row(v, &r, "3 of 4 validators, each up 90 %", "ledger.availability", NULL, "binomial distribution",
		    pow(0.9, 4) + 4 * pow(0.9, 3) * 0.1);
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("exchange and ledger");

	broker(&v);
	ratio(&v);
	direct_latency(&v);
	passed_on(&v);
	limits(&v);
	cuts(&v);
	tail(&v);
	consensus(&v);
	quorum(&v);
	return valid_end(&v);
}
