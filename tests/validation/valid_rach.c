/*
 * Random access under bursts of arrivals, from a scenario file through the whole program: 3GPP TR 37.868's two traffic models
 * with 5,000 to 30,000 devices, against an independent simulator of the same procedure (50 to 100 runs each) that itself
 * agrees with Wei, Bianchi and Cheng, IEEE Trans. Wireless Commun. 14(4), 2015.
 *
 * The collision probability is that report's: collided preambles over all preambles of the arrival period, used or not.  The run
 * lasts longer than that period, so that the last accesses come to an end, and the ratio is taken back to it.
 */
#include <math.h>
#include <stdlib.h>

#include "tests/validation/validate.h"

static const char file[] = "tests/validation/scenarios/rach.xml";
static const char other[] = "independent simulator, 50-100 runs";

/* Bands of the overloaded case: published figures of several simulators differ so much by details of timing. */
static void judge_overload(struct valid *v, const struct valid_run *r, double collisions)
{
	static const char published[] = "TR 37.868, WEI15 and others", why[] = "published simulators lie in this band";

	valid_between(v, "Beta, 30,000: success", published, 0.285, 0.325, valid_kpi(r, "access.success-ratio", NULL).mean,
		      why);
	valid_between(v, "Beta, 30,000: collision probability", published, 0.42, 0.48, collisions, why);
	valid_between(v, "Beta, 30,000: preambles", published, 3.35, 3.55, valid_kpi(r, "access.attempts", NULL).mean, why);
	valid_between(v, "Beta, 30,000: delay", published, 0.064, 0.077, valid_kpi(r, "access.delay", NULL).mean, why);
}

static const struct column {
	const char *name, *pattern, *devices, *period, *duration;
	double arrivals_s, run_s;
	double collisions, success, attempts, delay;
	double cdf[4]; /* accesses that succeed with 1 .. 4 preambles or fewer */
} columns[] = {
	{ "uniform, 5,000", "uniform", "5000", "60s", "62s", 60, 62, 6e-5, 1, 1.434, 0.02534, { .624, .946, .997, 1 } },
	{ "uniform, 10,000", "uniform", "10000", "60s", "62s", 60, 62, 2.5e-4, 1, 1.445, 0.02559, { .619, .940, .996, 1 } },
	{ "uniform, 30,000", "uniform", "30000", "60s", "62s", 60, 62, 2.3e-3, 1, 1.500, 0.02685, { .590, .920, .991, .999 } },
	{ "Beta, 5,000", "beta", "5000", "10s", "12s", 10, 12, 4.04e-3, 1, 1.554, 0.02817, { .565, .900, .984, .998 } },
	{ "Beta, 10,000", "beta", "10000", "10s", "12s", 10, 12, 1.876e-2, 0.99999, 1.756, 0.03292, { .489, .827, .949, .986 } },
	{ "Beta, 30,000", "beta", "30000", "10s", "12s", 10, 12, 0.463, 0.3129, 3.456, 0.06799, { .274, .502, .636, .723 } },
};

static void judge(struct valid *v, const struct column *c, const struct valid_run *r)
{
	char name[96];
	double collisions = valid_kpi(r, "access.collision-probability", "network=lte").mean * c->run_s / c->arrivals_s;

	valid_near(v, valid_text(name, sizeof name, "%s: success", c->name), other, c->success,
		   valid_kpi(r, "access.success-ratio", NULL).mean, c->success < 0.5 ? 0.005 : 0.0005,
		   "three standard errors of both");
	valid_near(v, valid_text(name, sizeof name, "%s: preambles", c->name), other, c->attempts,
		   valid_kpi(r, "access.attempts", NULL).mean, 0.01 * c->attempts, "1 %");
	valid_near(v, valid_text(name, sizeof name, "%s: delay", c->name), other, c->delay,
		   valid_kpi(r, "access.delay", NULL).mean, 0.05 * c->delay, "5 %: details of timing");
	valid_near(v, valid_text(name, sizeof name, "%s: collision probability", c->name), other, c->collisions, collisions,
		   0.15 * c->collisions, "15 %: the first columns are rounded to one digit");
	for (int k = 0; k < 4; k++)
		valid_near(v, valid_text(name, sizeof name, "%s: success with %d preambles or fewer", c->name, k + 1),
			   other, c->cdf[k], valid_curve(r, "access-attempts", "network=lte", k + 1).mean / 100, 0.005,
			   "rounding and three standard errors of both");
	if (c->success < 0.5)
		judge_overload(v, r, collisions);
}

/* 30,000 Beta arrivals with other parameters; NaN: not known. */
static const struct variant {
	const char *name;
	struct setting set;
	double success, attempts, delay;
} variants[] = {
	{ "no back-off", { "lte/coverage-class/@back-off", "0s" }, 0.308, NAN, NAN },
	{ "back-off 40 ms", { "lte/coverage-class/@back-off", "40ms" }, 0.319, NAN, NAN },
	{ "back-off 80 ms", { "lte/coverage-class/@back-off", "80ms" }, 0.331, NAN, NAN },
	{ "back-off 240 ms", { "lte/coverage-class/@back-off", "240ms" }, 0.387, NAN, NAN },
	{ "back-off 960 ms", { "lte/coverage-class/@back-off", "960ms" }, 0.778, NAN, NAN },
	{ "grants for all", { "lte/coverage-class/@grants", "54" }, 0.328, NAN, NAN },
	{ "barring factor 0.5, 4 s", { "lte/@barring-factor", "50%" }, 0.975, 2.45, 4.14 },
};

static void judge_variant(struct valid *v, const struct variant *c, const struct valid_run *r)
{
	char name[96];

	valid_near(v, valid_text(name, sizeof name, "Beta, 30,000, %s: success", c->name), other, c->success,
		   valid_kpi(r, "access.success-ratio", NULL).mean, 0.005, "three standard errors of both, and rounding");
	if (isnan(c->attempts))
		return;
	valid_near(v, valid_text(name, sizeof name, "Beta, 30,000, %s: preambles", c->name), other, c->attempts,
		   valid_kpi(r, "access.attempts", NULL).mean, 0.01 * c->attempts, "1 %");
	valid_near(v, valid_text(name, sizeof name, "Beta, 30,000, %s: delay", c->name), other, c->delay,
		   valid_kpi(r, "access.delay", NULL).mean, 0.05 * c->delay, "5 %");
}

static void run_variants(struct valid *v)
{
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		const struct setting sets[] = { variants[i].set, { "run/@duration", "90s" } };
		struct valid_run r;
		if (valid_scenario(&r, file, sets, 2, 41 + i, valid_reps(v, 30, 15)))
			judge_variant(v, &variants[i], &r);
		else
			valid_verdict(v, variants[i].name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
				      "see the diagnostics");
		valid_run_free(&r);
	}
}

int main(void)
{
	struct valid v = valid_begin("random access");

	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
		const struct column *c = &columns[i];
		const struct setting sets[] = { { "device-class/traffic/@pattern", c->pattern },
						{ "device-class/traffic/@period", c->period },
						{ "deploy/@count", c->devices },
						{ "run/@duration", c->duration } };
		struct valid_run r;
		if (valid_scenario(&r, file, sets, 4, 21 + i, valid_reps(&v, 50, 20)))
			judge(&v, c, &r);
		else
			valid_verdict(&v, c->name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
				      "see the diagnostics");
		valid_run_free(&r);
	}
	run_variants(&v);
	return valid_end(&v);
}
