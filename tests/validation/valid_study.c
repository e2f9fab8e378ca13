/*
 * The statistics of studies against closed forms and a published example: sensitivity, warm-up, batch means, many comparisons.
 * The coverage of intervals over replications is in valid_coverage.c.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_math.h>
#include <gsl/gsl_qrng.h>

#include "sim/kernel/tally.h"
#include "sim/scenario/csv.h"
#include "sim/study/stats.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

/* Bounds of a share that ought to be p of n, for rows that must all hold at 99.9 % each. */
static double binomial_width(double p, double n)
{
	return 3.3 * sqrt(p * (1 - p) / n);
}

static bool holds(struct interval in, double truth)
{
	return in.low <= truth && truth <= in.high;
}

/* ---- Sobol indices ---- */

enum { FACTORS = 3, ROWS = 1 << 14, ROWS_CHANCE = 512 };

struct indices {
	double first[FACTORS], total[FACTORS];
};

static const double ishigami_a = 7, ishigami_b = 0.1;

/* x in units of (-pi, pi). */
static double ishigami(const double *u)
{
	double x[FACTORS];

	for (int i = 0; i < FACTORS; i++)
		x[i] = M_PI * (2 * u[i] - 1);
	return sin(x[0]) + ishigami_a * pow(sin(x[1]), 2) + ishigami_b * pow(x[2], 4) * sin(x[0]);
}

/* Integrals over the cube: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = b^2 pi^8 (1 / 18 - 1 / 50), others 0. */
static struct indices ishigami_indices(void)
{
	double b = ishigami_b, v1 = pow(1 + b * pow(M_PI, 4) / 5, 2) / 2, v2 = ishigami_a * ishigami_a / 8;
	double v13 = b * b * pow(M_PI, 8) * (1.0 / 18 - 1.0 / 50), v = v1 + v2 + v13;

	return (struct indices){ { v1 / v, v2 / v, 0 }, { (v1 + v13) / v, v2 / v, v13 / v } };
}

struct radial {
	double *a, *b, *ab;
};

static void place(struct radial *s, size_t n, size_t row, const double u[2 * FACTORS])
{
	s->a[row] = ishigami(u);
	s->b[row] = ishigami(u + FACTORS);
	for (size_t i = 0; i < FACTORS; i++) {
		double mixed[FACTORS] = { u[0], u[1], u[2] };
		mixed[i] = u[FACTORS + i];
		s->ab[i * n + row] = ishigami(mixed);
	}
}

static void judge_indices(struct valid *v, const struct sobol_index out[FACTORS])
{
	static const char source[] = "Ishigami and Homma 1990, closed form";
	static const char why[] = "the accuracy that studies promise";
	struct indices truth = ishigami_indices();
	bool all = true;
	char name[96];

	for (int i = 0; i < FACTORS; i++) {
		valid_near(v, valid_text(name, sizeof name, "Ishigami: first-order index of x%d", i + 1), source,
			   truth.first[i], out[i].first.mean, 0.02, why);
		valid_near(v, valid_text(name, sizeof name, "Ishigami: total index of x%d", i + 1), source, truth.total[i],
			   out[i].total.mean, 0.02, why);
		all = all && holds(out[i].first, truth.first[i]) && holds(out[i].total, truth.total[i]);
	}
	valid_verdict(v, "Ishigami: all six bootstrap intervals hold", source, 1, all, NAN, all,
		      "95 % each; rows of a Sobol sequence err less than the bootstrap takes them to");
}

/* Rows by chance, where the bootstrap's assumption is true: how often its intervals hold. */
static void bootstrap_coverage(struct valid *v, struct radial *s)
{
	const size_t trials = valid_reps(v, 1000, 300);
	struct indices truth = ishigami_indices();
	double first[FACTORS] = { 0 }, total[FACTORS] = { 0 };
	char name[96];

	for (size_t t = 0; t < trials; t++) {
		struct rng rng = rng_stream(rng_key(51, t), RNG_PURPOSE('r', 'o', 'w', 's'), 0, 0);
		struct sobol_index out[FACTORS] = { 0 };
		for (size_t row = 0; row < ROWS_CHANCE; row++) {
			double u[2 * FACTORS];
			for (int i = 0; i < 2 * FACTORS; i++)
				u[i] = rng_uniform(&rng);
			place(s, ROWS_CHANCE, row, u);
		}
		sobol_indices(s->a, s->b, s->ab, ROWS_CHANCE, FACTORS, 200, t, 0.95, out);
		for (int i = 0; i < FACTORS; i++) {
			first[i] += holds(out[i].first, truth.first[i]);
			total[i] += holds(out[i].total, truth.total[i]);
		}
	}
	for (int i = 0; i < FACTORS; i++)
		for (int kind = 0; kind < 2; kind++)
			valid_near(v,
				   valid_text(name, sizeof name, "Ishigami, 512 rows: coverage of the %s index of x%d",
					      kind ? "total" : "first-order", i + 1),
				   "95 % bootstrap percentiles", 0.95, (kind ? total : first)[i] / (double)trials,
				   binomial_width(0.95, (double)trials) + 0.02,
				   "3.3 standard errors, and 2 % for 200 resamples of a finite sample");
}

static void sobol(struct valid *v)
{
	struct radial s = { malloc(ROWS * sizeof(double)), malloc(ROWS * sizeof(double)),
			    malloc(FACTORS * ROWS * sizeof(double)) };
	gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, 2 * FACTORS);
	struct sobol_index out[FACTORS] = { 0 };

	if (s.a && s.b && s.ab && q) {
		for (size_t row = 0; row < ROWS; row++) {
			double u[2 * FACTORS];
			gsl_qrng_get(q, u);
			place(&s, ROWS, row, u);
		}
		sobol_indices(s.a, s.b, s.ab, ROWS, FACTORS, 500, 1, 0.95, out);
		bootstrap_coverage(v, &s);
	}
	judge_indices(v, out);
	gsl_qrng_free(q);
	free(s.a);
	free(s.b);
	free(s.ab);
}

/* ---- shares on a grid ---- */

enum { CELLS = 3 * 4 * 2, REPS = 20 };
static const size_t levels[FACTORS] = { 3, 4, 2 };

/* x1 + 2 x2 + c x1 x3 at levels 0, 1, ..., with noise common to the cells of a replication and of each its own. */
static void grid(double *y, double c, uint64_t trial, double common, double own)
{
	struct rng rng = rng_stream(rng_key(52, trial), RNG_PURPOSE('g', 'r', 'i', 'd'), 0, 0);

	for (size_t r = 0; r < REPS; r++) {
		double shared = common * rng_normal(&rng);
		for (size_t cell = 0; cell < CELLS; cell++) {
			size_t x1 = cell / 8, x2 = cell / 2 % 4, x3 = cell % 2;
			y[cell * REPS + r] =
				(double)(x1 + 2 * x2) + c * (double)(x1 * x3) + shared + own * rng_normal(&rng);
		}
	}
}

/* Levels 0 .. L - 1 have variance (L^2 - 1) / 12: 2/3, 5/4, 1/4, and means 1, 3/2, 1/2.
 * c x1 x3 = c (x1 / 2 + x3 - 1 / 2 + (x1 - 1)(x3 - 1 / 2)). */
static struct indices grid_indices(double c)
{
	double v1 = pow(1 + c / 2, 2) * 2 / 3, v2 = 5, v3 = c * c / 4, v13 = c * c * 2 / 3 / 4, v = v1 + v2 + v3 + v13;

	return (struct indices){ { v1 / v, v2 / v, v3 / v }, { (v1 + v13) / v, v2 / v, (v3 + v13) / v } };
}

static void anova_exact(struct valid *v, double c, const char *what)
{
	struct indices truth = grid_indices(c);
	struct sobol_index out[FACTORS] = { 0 };
	double y[CELLS * REPS], off = 0;

	grid(y, c, 0, 5, 0);
	anova_indices(y, levels, FACTORS, REPS, 0, 1, 0.95, out);
	for (int i = 0; i < FACTORS; i++)
		off = fmax(off, fmax(fabs(out[i].first.mean - truth.first[i]), fabs(out[i].total.mean - truth.total[i])));
	valid_near(v, what, "functional ANOVA, closed form", 0, off, 1e-12,
		   "largest of six differences; noise common to all cells cancels, what is left is rounding");
}

static void anova_noise(struct valid *v)
{
	const size_t trials = valid_reps(v, 1000, 300);
	struct indices truth = grid_indices(3);
	struct tally first[FACTORS] = { 0 }, total[FACTORS] = { 0 };
	double hold_first[FACTORS] = { 0 }, hold_total[FACTORS] = { 0 }, y[CELLS * REPS];
	char name[96];

	for (size_t t = 0; t < trials; t++) {
		struct sobol_index out[FACTORS] = { 0 };
		grid(y, 3, t, 2, 4);
		anova_indices(y, levels, FACTORS, REPS, 400, t, 0.95, out);
		for (int i = 0; i < FACTORS; i++) {
			tally_add(&first[i], out[i].first.mean);
			tally_add(&total[i], out[i].total.mean);
			hold_first[i] += holds(out[i].first, truth.first[i]);
			hold_total[i] += holds(out[i].total, truth.total[i]);
		}
	}
	for (int i = 0; i < FACTORS; i++)
		for (int kind = 0; kind < 2; kind++) {
			const char *of = kind ? "total" : "first-order";
			const struct tally *t = kind ? &total[i] : &first[i];
			valid_near(v, valid_text(name, sizeof name, "noisy grid: mean %s share of x%d", of, i + 1),
				   "functional ANOVA, closed form", (kind ? truth.total : truth.first)[i], t->mean,
				   tally_halfwidth(t, 0.999) + 0.002,
				   "99.9 % of chance, and 0.002 for a ratio of two unbiased estimates");
			valid_near(v,
				   valid_text(name, sizeof name, "noisy grid: coverage of the %s share of x%d", of, i + 1),
				   "95 % bootstrap percentiles", 0.95, (kind ? hold_total : hold_first)[i] / (double)trials,
				   binomial_width(0.95, (double)trials) + 0.02,
				   "3.3 standard errors, and 2 % for a bootstrap of 20 replications");
		}
}

static void anova_nothing(struct valid *v)
{
	const size_t trials = valid_reps(v, 1000, 300);
	struct rng rng = rng_stream(rng_key(53, 0), RNG_PURPOSE('n', 'o', 'i', 's'), 0, 0);
	double given = 0, y[CELLS * REPS];

	for (size_t t = 0; t < trials; t++) {
		struct sobol_index out[FACTORS] = { 0 };
		for (size_t i = 0; i < CELLS * REPS; i++)
			y[i] = rng_normal(&rng);
		anova_indices(y, levels, FACTORS, REPS, 400, t, 0.95, out);
		given += !isnan(out[0].first.mean);
	}
	valid_between(v, "grid of noise alone: given shares all the same", "the interval of V must be above 0", 0, 0.05,
		      given / (double)trials, "a two-sided 95 % interval lies above 0 in 2.5 % if it is exact");
}

/* ---- warm-up ---- */

/* The published series into x; how long it is. */
static size_t read_uptake(double **x)
{
	struct diag *d = diag_new();
	struct csv *c = d ? csv_read("tests/validation/data/mser/uptake.csv", NULL, d) : NULL;
	int molecules = c ? csv_require(c, "molecules", d) : -1, steps = c ? csv_require(c, "steps", d) : -1;
	size_t n = 0, cap = 50000;
	double value, times;

	*x = malloc(cap * sizeof **x);
	for (size_t row = 0; *x && molecules >= 0 && steps >= 0 && row < csv_rows(c); row++)
		if (csv_number(c, row, molecules, 0, 1e6, &value, d) && csv_number(c, row, steps, 1, 1e6, &times, d))
			for (size_t i = 0; i < (size_t)times && n < cap; i++)
				(*x)[n++] = value * 0.0402898502;
	if (d)
		diag_print(d, stderr);
	csv_free(c);
	diag_free(d);
	return n;
}

static void mser_published(struct valid *v)
{
	static const char source[] = "pyMSER, J. Chem. Theory Comput. 20 (2024) 8559, tutorial";
	double *x = NULL;
	size_t n = read_uptake(&x);
	struct mser m = mser5(x, n);

	valid_near(v, "MSER-5, published example: observations", source, 48613, (double)n, 0, "the data as published");
	valid_near(v, "MSER-5, published example: start of steady data", source, 13365, (double)m.truncate, 0, "exact");
	valid_verdict(v, "MSER-5, published example: steady state found", source, 1, m.found, NAN, m.found, "exact");
	valid_near(v, "MSER-5, published example: mean after it", source, 22.4197,
		   interval_mean(x + m.truncate, n - m.truncate, 0.95).mean, 5e-5, "published to four decimals");
	free(x);
}

enum { LONG = 100000, MIDDLE = 20000, SERIES = 2000 };
static const double phi = 0.8;

/* Stationary but for where it begins: x' = phi x + noise of variance 1. */
static void autoregression(double *x, size_t n, uint64_t trial, double from)
{
	struct rng rng = rng_stream(rng_key(54, trial), RNG_PURPOSE('a', 'r', '1', ' '), 0, 0);
	double state = from + rng_normal(&rng) / sqrt(1 - phi * phi);

	for (size_t i = 0; i < n; i++)
		x[i] = state = phi * state + rng_normal(&rng);
}

static size_t mser_trials(const struct valid *v)
{
	return valid_reps(v, 1000, 300);
}

/* Root mean square error of the mean of a series that begins so far off, whole and after MSER-5. */
static void mser_error(const struct valid *v, double *x, double from, double *whole, double *after, double *found)
{
	const size_t trials = mser_trials(v);

	*whole = *after = *found = 0;
	for (size_t t = 0; t < trials; t++) {
		autoregression(x, SERIES, t, from);
		struct mser m = mser5(x, SERIES);
		*whole += pow(interval_mean(x, SERIES, 0.95).mean, 2) / (double)trials;
		*after += pow(interval_mean(x + m.truncate, SERIES - m.truncate, 0.95).mean, 2) / (double)trials;
		*found += m.found / (double)trials;
	}
	*whole = sqrt(*whole);
	*after = sqrt(*after);
}

static void mser_autoregression(struct valid *v, double *x)
{
	static const char source[] = "AR(1), 0.8, 2,000 observations, mean 0";
	/* Var of the mean of n: (1 + phi) / (1 - phi) / n times that of one, 1 / (1 - phi^2).  Bias: off (phi + phi^2 +
	 * ...) / n. */
	double error = 1 / (1 - phi) / sqrt(SERIES), off = 200, bias = off * phi / (1 - phi) / SERIES, whole, after, found;
	double chance = 3.3 / sqrt(2 * (double)mser_trials(v));

	mser_error(v, x, 0, &whole, &after, &found);
	valid_near(v, "MSER-5, no warm-up: rms error of the whole mean, of the known", source, 1, whole / error,
		   chance + 0.01, "3.3 standard errors; a finite series");
	valid_near(v, "MSER-5, no warm-up: rms error after it, of the known", source, 1, after / error, chance + 0.03,
		   "3.3 standard errors; what it cuts for nothing costs 3 % at most");
	valid_between(v, "MSER-5, no warm-up: steady state found", source, 0.95, 1, found, "the series is steady");
	mser_error(v, x, off, &whole, &after, &found);
	valid_near(v, "MSER-5, begun 200 off: rms error of the whole mean, of the steady", source, hypot(1, bias / error),
		   whole / error, 2 * chance, "3.3 standard errors; the bias that is to be taken away is 3.6 of it");
	valid_near(v, "MSER-5, begun 200 off: rms error after it, of the steady", source, 1, after / error, chance + 0.03,
		   "as without a warm-up");
}

/* ---- batch means ---- */

/* Waits of successive customers of a stationary M/M/1: Lindley's recursion from a wait of the stationary law. */
static void waits(double *x, size_t n, uint64_t trial, double rho)
{
	struct rng rng = rng_stream(rng_key(55, trial), RNG_PURPOSE('w', 'a', 'i', 't'), 0, 0);
	double wait = rng_uniform(&rng) < rho ? rng_exponential(&rng, 1 / (1 - rho)) : 0;

	for (size_t i = 0; i < n; i++) {
		x[i] = wait;
		wait = fmax(0, wait + rng_exponential(&rng, 1) - rng_exponential(&rng, 1 / rho));
	}
}

static void batch_coverage(struct valid *v, double *x)
{
	const size_t trials = valid_reps(v, 1000, 300);
	double ar = 0, queue = 0, ar_passed = 0, short_passed = 0, rho = 0.5;

	for (size_t t = 0; t < trials; t++) {
		autoregression(x, MIDDLE, t, 0);
		struct batch_means m = batch_means(x, MIDDLE, 0, 0.95);
		ar += holds(m.mean, 0);
		ar_passed += m.independent;
		short_passed += batch_means(x, MIDDLE, 2000, 0.95).independent;
		waits(x, LONG, t, rho);
		queue += holds(batch_means(x, LONG, 0, 0.95).mean, mmc_wait(rho, 1, 1));
	}
	double n = (double)trials, width = binomial_width(0.95, n);
	valid_near(v, "20 batch means, AR(1) of 20,000: coverage", "95 % Student interval", 0.95, ar / n, width + 0.005,
		   "3.3 standard errors; batches of 200 correlation times");
	valid_near(v, "20 batch means, M/M/1 of 100,000: coverage", "95 % Student interval", 0.95, queue / n, width + 0.01,
		   "3.3 standard errors; skewed batches");
	valid_near(v, "20 batch means, AR(1): taken as independent", "von Neumann's test at 5 %", 0.95, ar_passed / n,
		   width + 0.01, "3.3 standard errors; a normal approximation");
	valid_between(v, "batches of 10, AR(1): taken as independent", "von Neumann's test at 5 %", 0, 0.01,
		      short_passed / n, "batches of two correlation times are told");
}

/* ---- many comparisons ---- */

static void holm_errors(struct valid *v)
{
	enum { TESTS = 20, PAIRS = 10, REAL = 5 };
	const size_t trials = valid_reps(v, 10000, 2000);
	struct rng rng = rng_stream(rng_key(56, 0), RNG_PURPOSE('h', 'o', 'l', 'm'), 0, 0);
	double nulls = 0, mixed = 0;

	/* Even trials: no effects.  Odd ones: five effects that any test finds, which leave fifteen to be corrected for. */
	for (size_t t = 0; t < trials; t++) {
		double p[TESTS], a[PAIRS], b[PAIRS];
		bool wrong = false;
		for (size_t i = 0; i < TESTS; i++) {
			for (size_t k = 0; k < PAIRS; k++) {
				a[k] = rng_normal(&rng);
				b[k] = rng_normal(&rng) + (t % 2 && i < REAL ? 100 : 0);
			}
			p[i] = contrast_paired(a, b, PAIRS, 0.95).p;
		}
		holm_adjust(p, TESTS, p);
		for (size_t i = t % 2 ? REAL : 0; i < TESTS; i++)
			wrong = wrong || p[i] <= 0.05;
		*(t % 2 ? &mixed : &nulls) += wrong;
	}
	double n = (double)trials / 2, expected = 1 - pow(1 - 0.05 / TESTS, TESTS);
	valid_near(v, "Holm, 20 true nulls: any rejected at 5 %", "1 - (1 - 0.05 / 20)^20", expected, nulls / n,
		   binomial_width(expected, n), "3.3 standard errors; independent paired t tests");
	expected = 1 - pow(1 - 0.05 / (TESTS - REAL), TESTS - REAL);
	valid_near(v, "Holm, 15 true nulls beside 5 effects", "1 - (1 - 0.05 / 15)^15", expected, mixed / n,
		   binomial_width(expected, n), "3.3 standard errors; what is rejected no longer counts");
}

int main(void)
{
	struct valid v = valid_begin("studies");
	double *x = malloc(LONG * sizeof *x);

	if (!x)
		return 1;
	sobol(&v);
	anova_exact(&v, 0, "grid, additive: shares");
	anova_exact(&v, 3, "grid, with an interaction: shares");
	anova_noise(&v);
	anova_nothing(&v);
	mser_published(&v);
	mser_autoregression(&v, x);
	batch_coverage(&v, x);
	holm_errors(&v);
	free(x);
	return valid_end(&v);
}
