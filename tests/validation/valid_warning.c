/*
 * <sensor> and <warning> against closed forms: false alarms of k-of-n rules and of cumulative sums, delays of detection.
 *
 * Samples are aligned and reports arrive at once, so that in each minute the number of reports is binomial.
 */
#include <math.h>
#include <stdio.h>

#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/warning.xml";

/* Noise of 1 m / 2.3263479 exceeds 1 m in 1 % of the samples, of 1 m / 0.8416212 in 20 %. */
#define ONE_PER_CENT "0.4298584m"
#define TWENTY_PER_CENT "1.1881830m"

struct setup { const char *devices, *duration, *noise, *rule, *again, *probability; };

static bool run(struct valid *v, struct valid_run *r, const char *what, struct setup u, uint64_t seed, uint64_t reps)
{
	const struct setting sets[] = {
		{ .address = "deploy/@count", .value = u.devices },
		{ .address = "run/@duration", .value = u.duration },
		{ .address = "device-class[@id='gauge']/sensor/@noise", .value = u.noise },
		{ .address = "crisis/warning/@rule", .value = u.rule },
		{ .address = "crisis/warning/@again", .value = u.again },
		{ .address = "crisis/flood[@id='surge']/@probability", .value = u.probability },
	};

	if (valid_scenario(r, path, sets, sizeof sets / sizeof sets[0], seed, reps))
		return true;
	valid_verdict(v, what, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

static double binomial(int n, int k, double p)
{
	return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p));
}

static double at_least(int n, int k, double p)
{
	double below = 0;

	for (int j = 0; j < k; j++)
		below += binomial(n, j, p);
	return 1 - below;
}

/* Each minute by itself: alarms are a binomial number of minutes. */
static void k_of_n(struct valid *v)
{
	static const struct {
		const char *rule;
		int k;
	} cases[] = { { "2 of 60 within 10s", 2 }, { "3 of 60 within 10s", 3 }, { "4 of 60 within 10s", 4 } };
	const double minutes = 10 * 1440;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double p = at_least(60, cases[i].k, 0.01);
		uint64_t reps = valid_reps(v, 100, 40);
		struct valid_run r;
		char name[96];
		struct setup u = { "60", "10d", ONE_PER_CENT, cases[i].rule, "30s", "0%" };
		if (run(v, &r, "k of n", u, 901 + i, reps)) {
			struct sample s = valid_kpi(&r, "crisis.false-alarm-rate", NULL);
			valid_near(v, valid_text(name, sizeof name, "%d of 60, 1 %% each: false alarms a year", cases[i].k),
				   "binomial of one minute x minutes of a year", p * 525960, s.mean,
				   2.576 * sqrt(p * (1 - p) / (minutes * (double)reps)) * 525960,
				   "99 % interval of a binomial");
		}
		valid_run_free(&r);
	}
}

/* Chance that of `most` or fewer distinct devices report in a minute and the one before, where x did in that. */
static double both_below(int n, int x, int y, int most)
{
	double below = 0;

	/* y of n, of which z are among the x: hypergeometric */
	for (int z = 0; z <= x && z <= y; z++) {
		double ways = lgamma(x + 1) - lgamma(z + 1) - lgamma(x - z + 1) + lgamma(n - x + 1) - lgamma(y - z + 1) -
			      lgamma(n - x - y + z + 1) - (lgamma(n + 1) - lgamma(y + 1) - lgamma(n - y + 1));
		if (x + y - z <= most && y - z <= n - x)
			below += exp(ways);
	}
	return below;
}

/* No two minutes in a row with k devices between them, over so many: a chain of the number in the last. */
static double no_scan_alarm(int n, int k, double p, int minutes)
{
	double chance[8] = { 1 };

	for (int m = 0; m < minutes; m++) {
		double next[8] = { 0 };
		for (int x = 0; x < k; x++)
			for (int y = 0; y < k; y++)
				next[y] += chance[x] * binomial(n, y, p) * both_below(n, x, y, k - 1);
		for (int x = 0; x < k; x++)
			chance[x] = next[x];
	}
	double sum = 0;
	for (int x = 0; x < k; x++)
		sum += chance[x];
	return sum;
}

static void share_with_an_alarm(struct valid *v, const char *what, const char *source, struct valid_run *r, double expected, uint64_t reps)
{
	double with = 0;

	for (size_t i = 0; i < reps; i++)
		with += valid_kpi_of(r, i, "crisis.false-alarm-rate", NULL) > 0;
	valid_near(v, what, source, expected, with / (double)reps, 2.576 * sqrt(expected * (1 - expected) / (double)reps),
		   "99 % interval of a share");
}

/* A window of 70 s holds two samples of a minute each; the run ends before the sample of the 61st minute, and none is taken at 0. */
static void scan(struct valid *v)
{
	uint64_t reps = valid_reps(v, 2000, 800);
	struct setup u = { "60", "60.5min", ONE_PER_CENT, "4 of 60 within 70s", "10yr", "0%" };
	struct valid_run r;

	if (run(v, &r, "scan", u, 911, reps))
		share_with_an_alarm(v, "4 of 60 within two samples: share of hours with a false alarm",
				    "scan statistic, Markov chain", &r, 1 - no_scan_alarm(60, 4, 0.01, 60), reps);
	valid_run_free(&r);
}

/* Run length of S = max(0, S - 1/2) + X, X 1 in a share p of the minutes, up to S > 2: states in halves, E = 1 + P E, by sweeps. */
static double run_length(double p)
{
	enum { STATES = 5 };
	double e[STATES] = { 0 };

	for (int sweep = 0; sweep < 20000; sweep++)
		for (int s = 0; s < STATES; s++) {
			int down = s > 0 ? s - 1 : 0, up = down + 2;
			e[s] = 1 + p * (up < STATES ? e[up] : 0) + (1 - p) * e[down];
		}
	return e[0];
}

static void cusum(struct valid *v)
{
	uint64_t reps = valid_reps(v, 100, 40);
	struct setup u = { "1", "100d", TWENTY_PER_CENT, "cusum 2.25 drift 30/h", "0s", "0%" };
	double length = run_length(0.2), runs = 100 * 1440 / length * (double)reps;
	struct valid_run r;

	if (run(v, &r, "cusum", u, 921, reps)) {
		struct sample s = valid_kpi(&r, "crisis.false-alarm-rate", NULL);
		valid_near(v, "cumulative sum to 2.25, drift 1/2 a sample, 20 % each: minutes between false alarms",
			   "average run length, Markov chain (Brook and Evans 1972)", length, 525960 / s.mean,
			   2.576 * length / sqrt(runs), "99 % interval; run lengths vary less than their mean");
	}
	valid_run_free(&r);
}

/* The water is over the threshold from 30 s before a sample on: the first that alarms is the first. */
static void delay(struct valid *v)
{
	uint64_t reps = valid_reps(v, 20, 20);
	struct setup u = { "60", "2d", "1mm", "3 of 60 within 10s", "30s", "100%" };
	struct valid_run r;

	if (run(v, &r, "delay", u, 931, reps)) {
		struct sample s = valid_kpi(&r, "crisis.detection-time", NULL);
		valid_near(v, "water over the threshold 30 s before a sample: detection", "the sample", 30, s.mean, 0.02,
			   "the water rises 1 m in 10 ms");
		valid_near(v, "the same: hazards detected", "all", 1, valid_kpi(&r, "crisis.detected-ratio", NULL).mean, 0,
			   "exact");
	}
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("sensors, detection and warning");

	k_of_n(&v);
	scan(&v);
	cusum(&v);
	delay(&v);
	return valid_end(&v);
}
