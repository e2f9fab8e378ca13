/*
 * stats - what a study says of its replications: intervals, contrasts, when to stop, warm-up, sensitivity.
 *
 * Functions of arrays, which they do not change: nothing is kept, the same values give the same bits whatever the threads.
 *
 * Missing values: a NaN is a replication that failed or had nothing to count.  It is skipped; of a pair or a row that has one
 * nothing is used.  What cannot be said of the values that are left is NaN, never a guess.
 *
 * level: the confidence of two-sided intervals, 0 < level < 1; anything else is the caller's bug.
 */
#ifndef SIM_STUDY_STATS_H
#define SIM_STUDY_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An estimate and its bounds.  n: values used. */
struct interval { double mean, low, high; uint64_t n; };

/* ---- one response ---- */

/* mean -+ t(n - 1, (1 + level) / 2) s / sqrt(n), s over n - 1: Student (1908), for independent, nearly normal values.  Bounds NaN
 * below two values; mean NaN without any.  Equal values have an interval of no width. */
struct interval interval_mean(const double *x, size_t n, double level);

/* The q-quantile, 0 <= q <= 1, without a distribution: Hahn and Meeker, Statistical Intervals (1991), section 5.2.  With B binomial
 * (n, q) and tail = (1 - level) / 2, low is the l-th smallest value for the largest l with P(B < l) <= tail, high the u-th for the
 * least u with P(B >= u) <= tail: each bound alone holds at 1 - tail, both at P(l <= B < u) >= level, exactly so for continuous
 * values and more often for ties.  A bound for which n is too small is NaN (of the median at 0.95: both below six).  mean: the sample
 * quantile, interpolated between the values about (n - 1) q (Hyndman and Fan 1996, type 7); NaN without values.  Out of memory:
 * all NaN though n is not 0. */
struct interval interval_quantile(const double *x, size_t n, double q, double level);

/* ---- two responses ---- */

/* A difference, and the two-sided chance p of one as large where there is none. */
struct contrast { struct interval difference; double p; };

/* b - a, paired by index as common random numbers pair them; t = mean sqrt(n) / s of the differences, n - 1 degrees of freedom
 * (Student 1908; Law, Simulation Modeling and Analysis, section 10.2.1).  Pairs that all differ alike: p 1 when they do not differ,
 * else 0.  Bounds and p NaN below two pairs. */
struct contrast contrast_paired(const double *a, const double *b, size_t n, double level);

/* b - a of independent samples, variances unlike: Welch, Biometrika 34 (1947), with Satterthwaite's degrees of freedom.  For runs
 * that share no random numbers.  Bounds and p NaN when either has fewer than two values; difference.n: values of both. */
struct contrast contrast_independent(const double *a, size_t na, const double *b, size_t nb, double level);

/* p-values adjusted for being n: the i-th smallest of m becomes the largest of (m - j + 1) p_j for j <= i, at most 1 (Holm,
 * Scand. J. Statist. 6 (1979)).  Reject where adjusted <= alpha: the chance of any false rejection is then at most alpha however
 * the tests depend on each other.  A NaN stays NaN and does not count in m.  adjusted may be p.  0; -1 out of memory, when
 * adjusted is all NaN. */
int holm_adjust(const double *p, size_t n, double *adjusted);

/* ---- how many replications ---- */

/* Stop when the half-width is at most `relative` of the mean, or at most `absolute`; 0 stands for the defaults. */
struct precision {
	double relative;        /* 0.05: five per cent of |mean| */
	double level;           /* 0.95 */
	size_t floor;           /* 20; two at least */
	size_t batch;           /* 5 */
	size_t ceiling;         /* 200; wins over floor */
	double absolute;        /* in the response's unit; 0: none */
};

/* How many replications of this prefix to have: n itself when that is precise enough or the ceiling, else more.  x: one response by
 * replication number.  Decided at floor, floor + batch, ... only, so that the answer depends on the values alone and not on
 * how many happened to be done; begin at n = 0, run what is asked for, ask again, and take the largest over the responses.
 *
 * Precise: half-width of interval_mean <= max(relative |mean|, absolute), over as many values as `floor` at least (missing ones
 * do not count).  About a mean of 0 a relative width makes no sense, there `absolute` decides; a constant is precise; a
 * response without any value holds nothing up.  Sequential stopping by relative width: Law, section 9.4.1; Chow and
 * Robbins, Ann. Math. Statist. 36 (1965).  A floor of 20 keeps what stopping early takes from the coverage below a per cent
 * or two (measured: tests/validation/valid_coverage.c). */
size_t precision_next(const struct precision *p, const double *x, size_t n);

/* Half-width over |mean|: 0 for a constant, infinite about a mean of 0, NaN below two values. */
double precision_of(const double *x, size_t n, double level);

/* ---- one run over time ---- */

/* Where the warm-up of a series ends.  truncate: observations to leave out (index of the first to keep); batches: of five there
 * are; statistic: the marginal standard error squared at that point. */
struct mser { size_t truncate, batches; double statistic; bool found; };

/* MSER-5: White, Simulation 69 (1997); White, Cobb and Spratt, Winter Simulation Conference 2000.  Of the k means Z of five
 * observations each, leave out the first d, where sum over j > d of (Z_j - mean)^2 / (k - d)^2 is least; d is sought in the
 * first half.  found: false when the second half has a lesser value still, which says that the run is too short to show
 * a steady state.  The last five batches are not looked at, since few values are alike by chance (Hoad, Robinson and
 * Davies, J. Oper. Res. Soc. 61 (2010)).  Of equal minima the first counts, so that a constant has no warm-up.  A last batch
 * that is not full is left out.  Missing observations close up: truncate counts in x all the same.  Below ten batches:
 * found false, truncate 0, statistic NaN. */
struct mser mser5(const double *x, size_t n);

/* lag1: correlation of neighbouring batches; independent: not larger than chance makes it. */
struct batch_means { struct interval mean; size_t batches, size; double lag1; bool independent; };

/* The mean of one long run after its warm-up, by `batches` (0: 20; Schmeiser, Oper. Res. 30 (1982)) batches of equal size and Student's
 * t over their means.  The first observations that fill no batch are left out, the mean is that of the rest.  lag1 = 1 - sum
 * (Z_j - Z_j+1)^2 / (2 sum (Z_j - mean)^2), von Neumann's ratio; independent: lag1 sqrt((k^2 - 1) / (k - 2)) < 1.645, the
 * one-sided normal test at 5 % (Fishman, Principles of Discrete Event Simulation (1978)), which wants eight batches: with
 * fewer, false.  Where it fails, take fewer and longer batches or a longer run.  Equal batches: lag1 0, independent.  One
 * batch: bounds and lag1 NaN, independent false; fewer values than batches: size 0 and the mean NaN too. */
struct batch_means batch_means(const double *x, size_t n, size_t batches, double level);

/* ---- what the response depends on ---- */

/* Shares of the variance over the design: first: of the factor alone; total: with all its interactions.  Estimates, so that
 * chance may carry them past 0 or 1: they are not cut.  NaN where the response does not vary. */
struct sobol_index { struct interval first, total; };

/* Sobol indices of k factors from n rows of a radial sample: ya, yb the responses at matrices A and B, yab[i n + j] that at row j of A
 * with column i from B.
 *	first = mean(yb (yab_i - ya)) / V	Saltelli et al., Comput. Phys. Commun. 181 (2010), table 2 (b), yb centred
 *	total = mean((ya - yab_i)^2) / 2 V	Jansen (1999), table 2 (f)
 * V: variance of ya and yb together.  Intervals: percentiles over `resamples` bootstrap samples of the rows (Archer, Saltelli and
 * Sobol 1997), expanded for few rows (Hesterberg, Am. Stat. 69 (2015)), from streams of `seed`; NaN for 0 resamples or below two
 * rows.  Rows with a NaN are dropped whole.  0; -1 out of memory. */
int sobol_indices(const double *ya, const double *yb, const double *yab, size_t n, size_t k, size_t resamples, uint64_t seed,
		  double level, struct sobol_index *out);

/* The same over a full factorial grid: functional analysis of variance, every level as likely as another.  levels[k] >= 1;
 * y[cell reps + r]; a cell's number has the first factor's level as its slowest digit.
 *	first = Var(E[Y | factor]) / V		total = E[Var(Y | the others)] / V = 1 - Var(E[Y | others]) / V
 * Means of few replications vary by noise too, which would pass for interaction.  So each variance, being a sum of products of
 * means, is taken over the pairs of different replications: (R^2 Q(mean grid) - sum Q(grid of r)) / (R^2 - R), Q the variance
 * within one grid: unbiased whatever the noise and however common random numbers tie the cells (Hoeffding, Ann. Math. Statist. 19
 * (1948)).  Intervals: the same percentiles over resampled replication numbers, a number drawn twice making no pair with
 * itself.  A replication with a NaN in any cell is dropped in all.  One replication: no correction, no intervals.  All NaN where
 * the grid does not vary beyond noise: where the interval of V itself is not above 0.  0; -1 out of memory. */
int anova_indices(const double *y, const size_t *levels, size_t k, size_t reps, size_t resamples, uint64_t seed, double level,
		  struct sobol_index *out);

/* Main effect on the same grid: the mean response at level `at` of `factor` over all settings of the others, with the interval over
 * replications.  A replication with a NaN in one of those cells is skipped. */
struct interval main_effect(const double *y, const size_t *levels, size_t k, size_t reps, size_t factor, size_t at, double level);

/* Standardised regression coefficients, for Latin hypercubes and other designs without structure: least squares of y on the k
 * columns of x (n rows of k) and a constant; out[j]: coefficient times sd(x_j) / sd(y), with t intervals of n - k - 1
 * degrees of freedom; *r2: share of the variance of y that the line explains (below 0.7 or so the coefficients say little;
 * Saltelli et al., Global Sensitivity Analysis (2008)).  Rows with a NaN are dropped.  A constant y: all NaN, 0.
 * 0; -1: fewer than k + 2 rows, columns that are constant or combine to another, or out of memory. */
int regression(const double *x, const double *y, size_t n, size_t k, double level, struct interval *out, double *r2);

#endif
