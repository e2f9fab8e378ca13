/*
 * <platform> against M/M/1, M/D/1 and M/M/c, from a scenario file: what valid_queue shows for the station, here through the
 * parameters, service laws and KPIs that a planner sees.
 *
 * <arrivals> (arrivals.h) hands the platform a Poisson process of messages without an access network in between.
 */
#include <math.h>
#include <string.h>

#include "tests/validation/arrivals.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

enum { CASES = 5, POINTS = 3, ROWS = CASES * (2 + POINTS) };

static const struct {
	const char *name, *servers, *law, *rate;
	double lambda;
	unsigned c;
} cases[CASES] = {
	{ "M/M/1, rho 0.5", "1", "exponential", "0.5/s", 0.5, 1 },
	{ "M/M/1, rho 0.9", "1", "exponential", "0.9/s", 0.9, 1 },
	{ "M/D/1, rho 0.5", "1", "fixed", "0.5/s", 0.5, 1 },
	{ "M/D/1, rho 0.9", "1", "fixed", "0.9/s", 0.9, 1 },
	{ "M/M/8, rho 0.8", "8", "exponential", "6.4/s", 6.4, 8 },
};
/* Points of the platform's waiting curve, s. */
static const double points[POINTS] = { -0.5, 0, 0.5 };

static void judge(struct valid *v, size_t i, const struct valid_run *r)
{
	static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";
	static const char bins[] = "the same, and 3 % for the width of a bin of the waiting-time histogram";
	bool fixed = !strcmp(cases[i].law, "fixed");
	double lambda = cases[i].lambda, level = 1 - 0.01 / ROWS;
	char name[96];

	valid_mean(v, valid_text(name, sizeof name, "%s: platform.waiting-time", cases[i].name),
		   fixed ? "Pollaczek-Khinchine" : "Erlang C",
		   fixed ? md1_wait(lambda, 1) : mmc_wait(lambda, 1, cases[i].c),
		   valid_kpi(r, "platform.waiting-time", NULL), level, why);
	valid_mean(v, valid_text(name, sizeof name, "%s: platform.utilisation", cases[i].name), "rho", lambda / cases[i].c,
		   valid_kpi(r, "platform.utilisation", NULL), level, why);
	for (int k = 0; k < POINTS; k++) {
		double t = pow(10, points[k]);
		struct sample s = valid_curve(r, "platform.waiting", NULL, t);
		double tail = fixed ? md1_tail(lambda, 1, t) : mmc_tail(lambda, 1, cases[i].c, t);
		double slope =
			fabs(tail - (fixed ? md1_tail(lambda, 1, 1.03 * t) : mmc_tail(lambda, 1, cases[i].c, 1.03 * t)));
		valid_near(v, valid_text(name, sizeof name, "%s: share that waits longer than %.4g s", cases[i].name, t),
			   fixed ? "Erlang 1909" : "Erlang C", tail, s.mean, sample_halfwidth(s, level) + slope, bins);
	}
}

int main(void)
{
	struct valid v = valid_begin("platform");

	for (size_t i = 0; i < CASES; i++) {
		const struct setting sets[] = { { "platform[@id='cloud']/@servers", cases[i].servers },
						{ "platform[@id='cloud']/@service-law", cases[i].law },
						{ "arrivals/@rate", cases[i].rate } };
		struct valid_run r;
		if (valid_scenario_with(&r, with_arrivals(), "tests/validation/scenarios/platform.xml", sets, 3, 11 + i,
					valid_reps(&v, 40, 12)))
			judge(&v, i, &r);
		else
			valid_verdict(&v, cases[i].name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
				      "see the diagnostics");
		valid_run_free(&r);
	}
	return valid_end(&v);
}
