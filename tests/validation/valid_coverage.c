/*
 * What a study's intervals promise: of a thousand studies of an M/M/1 queue, how many hold the true mean.
 *
 * Each replication starts in the stationary state (number in system geometric), so that every one of its customers finds the
 * queue as in the long run and the mean of their waits has the exact expectation.  A study's replications share its seed.  The
 * fixed study is the first twenty replications of the sequential one.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/kernel/station.h"
#include "sim/study/farm.h"
#include "sim/study/stats.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

enum { CUSTOMERS = 100000, FIXED = 20, CEILING = 200, STUDIES = 1000, QUICK = 200, AT_START = 1 << 30 };

static const double rho = 0.8, service_s = 1, level = 0.95, target = 0.015;

struct drive {
	struct station *station;
	struct rng draws;
	uint16_t kind;
	double sum;
};

static simtime_t draw(struct drive *d, double mean)
{
	return sim_from_seconds(rng_exponential(&d->draws, mean));
}

static void on_arrival(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct drive *d = ctx;
	simtime_t service = draw(d, service_s), gap = draw(d, service_s / rho);

	rng_ahead(&d->draws);
	BUG_ON(s, !station_arrive(d->station, subject, 0, service));
	if (subject + 1 < CUSTOMERS)
		sim_after(s, gap, d->kind, subject + 1, detail);
}

static void on_done(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	struct drive *d = ctx;

	(void)s, (void)served;
	if (job < AT_START)
		d->sum += sim_seconds(waited);
}

/* The mean wait of the customers; NaN when memory is short. */
static double replicate_queue(uint64_t seed, uint64_t rep)
{
	struct sim *s = sim_new(seed, rep, 0, SIM_NEVER - 1, NULL);
	struct drive d = { .sum = NAN };

	if (!s)
		return NAN;
	d.draws = sim_rng(s, RNG_PURPOSE('m', 'm', '1', ' '), 0);
	d.kind = sim_handler(s, "arrival", on_arrival, &d);
	d.station = station_new(s, "queue", 1, STATION_UNBOUNDED, on_done, &d);
	if (d.station) {
		/* P(N >= n) = rho^n; what is left of a service has the law of a whole one. */
		double there = floor(log(rng_uniform(&d.draws)) / log(rho));
		for (uint32_t i = 0; i < there; i++)
			station_arrive(d.station, AT_START + i, 0, draw(&d, service_s));
		sim_after(s, draw(&d, service_s / rho), d.kind, 0, 0);
		d.sum = 0;
		if (sim_run(s) != SIM_OK)
			d.sum = NAN;
	}
	sim_free(s);
	return d.sum / CUSTOMERS;
}

/* One study.  squares: deviations of the replications of the fixed one from the true mean, squared. */
struct study {
	struct interval fixed, sequential;
	double squares;
};

static void run_study(void *ctx, size_t task)
{
	struct study *st = (struct study *)ctx + task;
	struct precision p = { .relative = target, .level = level, .floor = FIXED, .batch = 5, .ceiling = CEILING };
	double x[CEILING] = { 0 }, truth = mmc_wait(rho / service_s, service_s, 1);
	size_t n = 0, next;

	while ((next = precision_next(&p, x, n)) > n)
		for (; n < next; n++)
			x[n] = replicate_queue(1000 + task, n);
	st->fixed = interval_mean(x, FIXED, level);
	st->sequential = interval_mean(x, n, level);
	st->squares = 0;
	for (size_t i = 0; i < FIXED; i++)
		st->squares += (x[i] - truth) * (x[i] - truth);
}

static bool holds(struct interval in, double truth)
{
	return in.low <= truth && truth <= in.high;
}

static void judge(struct valid *v, const struct study *st, size_t n)
{
	static const char source[] = "the coverage that a 95 % interval promises";
	static const char band[] = "95 -+ 2 %: three binomial standard errors of 0.7 % over 1,000 studies";
	static const char wide[] = "95 -+ 4.6 %: three binomial standard errors of 1.54 % over 200 studies";
	double truth = mmc_wait(rho / service_s, service_s, 1), fixed = 0, sequential = 0, reps = 0, sum = 0, squares = 0;
	double width = v->quick ? 0.046 : 0.02, most = 0;

	for (size_t i = 0; i < n; i++) {
		fixed += holds(st[i].fixed, truth);
		sequential += holds(st[i].sequential, truth);
		reps += (double)st[i].sequential.n;
		most = fmax(most, (double)st[i].sequential.n);
		sum += st[i].fixed.mean;
		squares += st[i].squares;
	}
	double count = (double)n, deviation = sqrt(squares / (FIXED * count));
	/* Var of the mean of N waits -> rho (2 + 5 rho - 4 rho^2 + rho^3) / (1 - rho)^4 service^2 / N. */
	double asymptotic = sqrt(rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / CUSTOMERS) / pow(1 - rho, 2);
	valid_near(v, "fixed: 20 replications hold the true mean", source, level, fixed / count, width,
		   v->quick ? wide : band);
	valid_near(v, "sequential: 1.5 % from 20 by fives holds it", source, level, sequential / count, width,
		   v->quick ? wide : band);
	valid_near(v, "mean wait of all fixed studies, s", "Erlang C", truth, sum / count,
		   3.3 * asymptotic / sqrt(FIXED * count), "3.3 standard errors");
	valid_near(v, "deviation of a replication's mean, s", "Daley 1968; Whitt 1989: asymptotic variance", asymptotic,
		   deviation, 0.03 * asymptotic * (v->quick ? 2 : 1),
		   "3 % (quick: 6 %): sampling 0.5 % (1.1 %), skewness, and the finite run");
	valid_report(v, "replications of a sequential study, mean", "", NAN, reps / count, "floor 20, by fives");
	valid_report(v, "replications of a sequential study, most", "", NAN, most, "ceiling 200");
}

int main(void)
{
	struct valid v = valid_begin("coverage");
	size_t n = valid_reps(&v, STUDIES, QUICK);
	struct study *st = calloc(n, sizeof *st);

	if (!st || farm_run(run_study, st, n, 0, NULL) < n)
		return 1;
	judge(&v, st, n);
	free(st);
	return valid_end(&v);
}
