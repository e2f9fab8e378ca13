/*
 * Identifiers and trust repositories against closed forms: collisions of random identifiers (birthday law), reuse of nonces, the
 * repository's queue (M/M/c), kept answers (time to live under Poisson look-ups), steps of a look-up, audits (uniform law), blocks of
 * a ledger.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "models/bootstrap/identifier.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

static const char scenario_file[] = "tests/validation/scenarios/identity.xml";
static const char facts[] = "birthday law, table of the facts, section 3";

/* Of n identifiers of b random bits: pairs that are equal on average; the chance that there is one; n where that is a half. */
static double pairs_of(double n, int b)
{
	return n * (n - 1) / ldexp(1, b + 1);
}

static double chance_of(double n, int b)
{
	return -expm1(-pairs_of(n, b));
}

static double half_of(int b)
{
	return sqrt(ldexp(log(2), b + 1));
}

/* As printed: within one of the last digit. */
static void table(struct valid *v)
{
	static const struct {
		int bits;
		double half, half_digit, pairs, pairs_digit;
	} rows[] = {
		{ 16, 301, 1, 7.63e6, 1e4 },        { 25, 6820, 1, 14901, 1 },         { 32, 77162, 1, 116.4, 0.1 },
		{ 48, 1.98e7, 1e5, 1.78e-3, 1e-5 }, { 64, 5.06e9, 1e7, 2.7e-8, 1e-9 },
	};
	static const struct {
		double joins, chance, digit;
	} reuse[] = { { 100, 7.3, 0.1 }, { 302, 50, 1 }, { 1000, 99.95, 0.01 } };
	static const char why[] = "one of the last printed digit";
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		valid_near(v,
			   valid_text(name, sizeof name, "%d bits: identifiers at which a collision is as likely as not",
				      rows[i].bits),
			   facts, rows[i].half, half_of(rows[i].bits), rows[i].half_digit, why);
		valid_near(v, valid_text(name, sizeof name, "%d bits: pairs among 1,000,000", rows[i].bits), facts,
			   rows[i].pairs, pairs_of(1e6, rows[i].bits), rows[i].pairs_digit, why);
	}
	for (size_t i = 0; i < sizeof reuse / sizeof reuse[0]; i++)
		valid_near(v,
			   valid_text(name, sizeof name, "a random 16-bit nonce used again within %.0f joins, %%",
				      reuse[i].joins),
			   "reuse of DevNonce, the facts, section 3", reuse[i].chance, 100 * chance_of(reuse[i].joins, 16),
			   reuse[i].digit, why);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Pairs of devices of one replication that hold the same identifier; NaN: it could not be set up. */
static double simulated_pairs(const char *count, const char *bits, uint64_t seed, uint64_t replication)
{
	const struct setting sets[] = { { "deploy/@count", count },
					{ "device-class/identifier/@allocation", "random" },
					{ "device-class/identifier/@bits", bits } };
	struct valid_sim w;
	uint32_t n = (uint32_t)strtoul(count, NULL, 10);
	uint64_t *value = malloc(n * sizeof *value);
	double pairs = 0, equal = 0;

	if (valid_setup(&w, scenario_file, sets, 3, seed, replication) && value) {
		for (uint32_t i = 0; i < n; i++)
			value[i] = identifier_of(w.sim, i);
		qsort(value, n, sizeof *value, by_value);
		for (uint32_t i = 1; i < n; i++) {
			equal = value[i] == value[i - 1] ? equal + 1 : 0;
			pairs += equal;
		}
	} else {
		pairs = NAN;
	}
	free(value);
	valid_sim_free(&w);
	return pairs;
}

static double poisson_quantile(double mean, double p)
{
	unsigned k = 0;

	while (gsl_cdf_poisson_P(k, mean) < p)
		k++;
	return k;
}

/* The sum over replications against the Poisson law of its mean, and the spread among them against chi-square: pairs are
 * uncorrelated, so that the variance of their number is the mean x (1 - 2^-b), exactly. */
static void collisions(struct valid *v)
{
	static const struct {
		const char *bits, *count;
		uint64_t full, quick;
	} cases[] = { { "16", "1000", 200, 60 }, { "25", "20000", 60, 20 }, { "32", "200000", 12, 3 } };
	char name[96];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double n = strtod(cases[i].count, NULL), mean = pairs_of(n, atoi(cases[i].bits)), sum = 0, spread = 0;
		uint64_t reps = valid_reps(v, cases[i].full, cases[i].quick);
		for (uint64_t r = 0; r < reps; r++) {
			double x = simulated_pairs(cases[i].count, cases[i].bits, 5, r);
			sum += x;
			spread += (x - mean) * (x - mean) / mean;
		}
		double total = mean * (double)reps, chi = gsl_cdf_chisq_P(spread, (double)reps);
		valid_between(v,
			      valid_text(name, sizeof name,
					 "%s bits: pairs among %s devices, sum of %llu replications, %.1f on average",
					 cases[i].bits, cases[i].count, (unsigned long long)reps, total),
			      "birthday law, simulated", poisson_quantile(total, 0.0017 / 2),
			      poisson_quantile(total, 1 - 0.0017 / 2), sum,
			      "Poisson law, 99 % for the six of these together");
		valid_between(v,
			      valid_text(name, sizeof name, "%s bits: variance among replications (chi-square level)",
					 cases[i].bits),
			      "pairwise independence", 0.0017 / 2, 1 - 0.0017 / 2, chi,
			      "chi-square law, 99 % for the six together");
	}
}

/* The table's own million. */
static void a_million(struct valid *v)
{
	static const char *const bits[] = { "16", "25", "32" };
	char name[96];

	if (v->quick)
		return;
	for (int i = 0; i < 3; i++) {
		double mean = pairs_of(1e6, atoi(bits[i]));
		valid_near(
			v,
			valid_text(name, sizeof name, "%s bits: pairs among 1,000,000 devices, one replication", bits[i]),
			facts, mean, simulated_pairs("1000000", bits[i], 6, 0), 2.94 * sqrt(mean),
			"2.94 standard deviations of the Poisson law: 99 % for the three together");
	}
}

struct identity_case {
	const char *name, *kpi, *source;
	double expected;
	double slack;           /* of a histogram's bins, relative */
	uint64_t full, quick;
	struct setting sets[10];
};

#define REG(attribute, value) { "trust-repository[@id='reg']/@" attribute, value }
#define ID(attribute, value) { "device-class[@id='thing']/identifier/@" attribute, value }
#define RUN(attribute, value) { "run/@" attribute, value }
#define DEPLOY(attribute, value) { "deploy/@" attribute, value }

/* Look-ups of 1,000 devices at 1.6/s; the registrations of the start are over before the warm-up is. */
#define LOOK_UPS \
	RUN("duration", "60000s"), RUN("warm-up", "4000s"), ID("resolutions", "0.0016/s"), REG("cache-life", "0s")
#define KEPT RUN("duration", "22d"), RUN("warm-up", "2d"), DEPLOY("count", "400"), ID("resolutions", "1/h"), REG("cache-life", "2h")
/* Half of the devices share identifiers; they come evenly over 20 intervals. */
#define AUDITED \
	RUN("duration", "40d"), DEPLOY("over", "20d"), ID("duplicates", "50%"), REG("detection", "audit"), REG("audit-interval", "1d"), \
		REG("remedy", "quarantine")
/* 20,000 entries at 10/s. */
#define ENTERED RUN("duration", "3000s"), DEPLOY("count", "20000"), DEPLOY("over", "2000s"), REG("topology", "ledger")
#define ON_ITS_WAY \
	RUN("duration", "60000s"), RUN("warm-up", "4000s"), ID("resolutions", "0.0016/s"), REG("cache-life", "0s"), REG("latency", "50ms")

static void judge(struct valid *v, const struct identity_case *c, uint64_t seed, double level)
{
	struct valid_run r;
	size_t n = 0;

	while (n < sizeof c->sets / sizeof c->sets[0] && c->sets[n].address)
		n++;
	if (valid_scenario(&r, scenario_file, c->sets, n, seed, valid_reps(v, c->full, c->quick))) {
		struct sample s = valid_kpi(&r, c->kpi, NULL);
		valid_near(v, c->name, c->source, c->expected, s.mean, sample_halfwidth(s, level) + c->slack * c->expected,
			   c->slack > 0 ? "99 % interval for all of these together, and a bin of the histogram"
					: "99 % interval for all of these together");
	} else {
		valid_verdict(v, c->name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
			      "see the diagnostics");
	}
	valid_run_free(&r);
}

static void repositories(struct valid *v)
{
	const double mean = 0.05 * exp(0.125);
	const struct identity_case cases[] = {
		{ "look-ups, M/M/1, rho 0.8: identity.repository-waiting-time",
		  "identity.repository-waiting-time",
		  "Erlang C",
		  mmc_wait(1.6, 0.5, 1),
		  0,
		  12,
		  5,
		  { LOOK_UPS, REG("servers", "1"), REG("service-time", "500ms") } },
		{ "look-ups, M/M/3, rho 0.8: identity.repository-waiting-time",
		  "identity.repository-waiting-time",
		  "Erlang C",
		  mmc_wait(1.6, 1.5, 3),
		  0,
		  12,
		  5,
		  { LOOK_UPS, REG("servers", "3"), REG("service-time", "1500ms") } },
		{ "answers kept, one resolver: identity.cache-hit-ratio",
		  "identity.cache-hit-ratio",
		  "1 - 1/(1 + rate x life)",
		  1 - 1 / (1 + 2.0),
		  0,
		  12,
		  6,
		  { KEPT } },
		{ "answers kept, four resolvers: identity.cache-hit-ratio",
		  "identity.cache-hit-ratio",
		  "1 - 1/(1 + rate x life)",
		  1 - 1 / (1 + 0.5),
		  0,
		  12,
		  6,
		  { KEPT, REG("resolvers", "4") } },
		{ "audits that find all: identity.detection-time",
		  "identity.detection-time",
		  "uniform on an interval",
		  43200,
		  0,
		  20,
		  8,
		  { AUDITED } },
		{ "audits that find half: identity.detection-time",
		  "identity.detection-time",
		  "uniform, and geometric many intervals",
		  43200 + 86400,
		  0,
		  20,
		  8,
		  { AUDITED, REG("audit-coverage", "50%") } },
		{ "blocks cut by time, L T = 20: identity.block-wait",
		  "identity.block-wait",
		  "T (1 + L T/2) / (1 + L T)",
		  2 * (1 + 20 / 2.0) / 21,
		  0,
		  12,
		  6,
		  { ENTERED, REG("block-size", "100000"), REG("block-timeout", "2s") } },
		{ "blocks cut by time, L T = 200: identity.block-wait",
		  "identity.block-wait",
		  "the same, near T/2",
		  20 * (1 + 200 / 2.0) / 201,
		  0,
		  12,
		  6,
		  { ENTERED, REG("block-size", "100000"), REG("block-timeout", "20s") } },
		{ "blocks cut by size, B = 10: identity.block-wait",
		  "identity.block-wait",
		  "(B - 1) / (2 L)",
		  0.45,
		  0,
		  12,
		  6,
		  { ENTERED, REG("block-size", "10"), REG("block-timeout", "1000s") } },
		{ "one step: identity.resolution-time",
		  "identity.resolution-time",
		  "log-normal: median x exp(sd²/2)",
		  mean,
		  0,
		  8,
		  4,
		  { ON_ITS_WAY } },
		{ "one step: identity.resolution-time-p95",
		  "identity.resolution-time-p95",
		  "log-normal: median x exp(1.645 sd)",
		  0.05 * exp(1.6448536 * 0.5),
		  1 / 64.0,
		  8,
		  4,
		  { ON_ITS_WAY } },
		{ "Handle, two steps: identity.resolution-time",
		  "identity.resolution-time",
		  "twice that",
		  2 * mean,
		  0,
		  8,
		  4,
		  { ON_ITS_WAY, ID("scheme", "handle") } },
	};
	size_t n = sizeof cases / sizeof cases[0];

	for (size_t i = 0; i < n; i++)
		judge(v, &cases[i], 21 + i, 1 - 0.01 / (double)n);
}

int main(void)
{
	struct valid v = valid_begin("identity");

	table(&v);
	collisions(&v);
	a_million(&v);
	repositories(&v);
	return valid_end(&v);
}
