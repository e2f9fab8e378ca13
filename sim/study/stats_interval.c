/*
 * Intervals of one response, and how many replications they take.
 */
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "sim/study/stats_private.h"

static struct tally tally_of(const double *x, size_t n)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			tally_add(&t, x[i]);
	return t;
}

struct interval stats_student(const struct tally *t, double level)
{
	double half = tally_halfwidth(t, level);

	return (struct interval){ t->n ? t->mean : NAN, t->mean - half, t->mean + half, t->n };
}

struct interval interval_mean(const double *x, size_t n, double level)
{
	struct tally t = tally_of(x, n);

	stats_check_level(level);
	return stats_student(&t, level);
}

/* The largest l <= n with P(B < l) <= tail.  0: none of the values bounds the quantile from below. */
static size_t rank_below(double q, size_t n, double tail)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t l = high - (high - low) / 2;
		if (gsl_cdf_binomial_P((unsigned)(l - 1), q, (unsigned)n) <= tail)
			low = l;
		else
			high = l - 1;
	}
	return low;
}

/* The least u >= 1 with P(B >= u) <= tail.  n + 1: none bounds it from above. */
static size_t rank_above(double q, size_t n, double tail)
{
	size_t low = 1, high = n + 1;

	while (low < high) {
		size_t u = low + (high - low) / 2;
		if (gsl_cdf_binomial_Q((unsigned)(u - 1), q, (unsigned)n) <= tail)
			high = u;
		else
			low = u + 1;
	}
	return low;
}

struct interval interval_quantile(const double *x, size_t n, double q, double level)
{
	struct interval in = { NAN, NAN, NAN, 0 };
	double *sorted = malloc((n + 1) * sizeof *sorted), tail = (1 - level) / 2;

	stats_check_level(level);
	BUG_ON(NULL, !(q >= 0 && q <= 1));
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i])) {
			if (sorted)
				sorted[in.n] = x[i];
			in.n++;
		}
	if (sorted && in.n > 0) {
		gsl_sort(sorted, 1, in.n);
		size_t l = rank_below(q, in.n, tail), u = rank_above(q, in.n, tail);
		in.mean = gsl_stats_quantile_from_sorted_data(sorted, 1, in.n, q);
		in.low = l >= 1 ? sorted[l - 1] : NAN;
		in.high = u <= in.n ? sorted[u - 1] : NAN;
	}
	free(sorted);
	return in;
}

/* Bootstrap samples of n vary less than n values do, by (n - 1) / n and as a normal for a Student: the percentiles lie so much
 * further out (Hesterberg, Am. Stat. 69 (2015), the expanded percentile interval). */
static double expanded_tail(uint64_t n, double level)
{
	double df = (double)n - 1;

	return gsl_cdf_ugaussian_Q(sqrt((double)n / df) * gsl_cdf_tdist_Pinv((1 + level) / 2, df));
}

struct interval stats_percentile(double estimate, double *draws, size_t n, double level, uint64_t used)
{
	struct interval in = { estimate, NAN, NAN, used };
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(draws[i]))
			draws[kept++] = draws[i];
	if (kept > 0 && used > 1) {
		double tail = expanded_tail(used, level);
		gsl_sort(draws, 1, kept);
		in.low = gsl_stats_quantile_from_sorted_data(draws, 1, kept, tail);
		in.high = gsl_stats_quantile_from_sorted_data(draws, 1, kept, 1 - tail);
	}
	return in;
}

static bool precise(const struct precision *p, const double *x, size_t n, size_t floor)
{
	struct tally t = tally_of(x, n);
	double half = tally_halfwidth(&t, p->level > 0 ? p->level : 0.95);

	if (t.n == 0)
		return true;
	return t.n >= floor && half <= fmax(p->relative * fabs(t.mean), p->absolute);
}

size_t precision_next(const struct precision *p, const double *x, size_t n)
{
	size_t floor = p->floor ? p->floor : 20, batch = p->batch ? p->batch : 5, ceiling = p->ceiling ? p->ceiling : 200;

	if (floor < 2)
		floor = 2;
	if (floor > ceiling)
		floor = ceiling;
	if (n >= ceiling)
		return n;
	if (n < floor)
		return floor;
	size_t over = (n - floor) % batch;
	if (over == 0 && precise(p, x, n, floor))
		return n;
	return n + batch - over < ceiling ? n + batch - over : ceiling;
}

double precision_of(const double *x, size_t n, double level)
{
	struct tally t = tally_of(x, n);
	double half = tally_halfwidth(&t, level);

	stats_check_level(level);
	return half <= 0 ? 0 : half / fabs(t.mean); /* a constant 0 too */
}
