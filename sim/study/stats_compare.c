/*
 * Contrasts of two responses, and p-values of many.
 */
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "sim/study/stats_private.h"

/* Two-sided p of a difference with its standard error; without spread it is certain. */
static double student_p(double difference, double error, double df)
{
	if (error <= 0)
		return difference == 0 ? 1 : 0;
	return 2 * gsl_cdf_tdist_Q(fabs(difference) / error, df);
}

struct contrast contrast_paired(const double *a, const double *b, size_t n, double level)
{
	struct tally t = { 0 };
	struct contrast c;

	stats_check_level(level);
	for (size_t i = 0; i < n; i++)
		if (!isnan(a[i]) && !isnan(b[i]))
			tally_add(&t, b[i] - a[i]);
	c.difference = stats_student(&t, level);
	c.p = t.n < 2 ? NAN : student_p(t.mean, sqrt(tally_variance(&t) / (double)t.n), (double)(t.n - 1));
	return c;
}

/* Squared standard error of the mean of what is there. */
static double square_error(const double *x, size_t n, struct tally *t)
{
	*t = (struct tally){ 0 };
	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			tally_add(t, x[i]);
	return tally_variance(t) / (double)t->n;
}

struct contrast contrast_independent(const double *a, size_t na, const double *b, size_t nb, double level)
{
	struct tally ta, tb;
	double va = square_error(a, na, &ta), vb = square_error(b, nb, &tb), v = va + vb;
	struct contrast c = { { NAN, NAN, NAN, ta.n + tb.n }, NAN };

	stats_check_level(level);
	if (ta.n > 0 && tb.n > 0)
		c.difference.mean = tb.mean - ta.mean;
	if (ta.n < 2 || tb.n < 2)
		return c;
	double df = v * v / (va * va / (double)(ta.n - 1) + vb * vb / (double)(tb.n - 1));
	double half = v > 0 ? gsl_cdf_tdist_Pinv((1 + level) / 2, df) * sqrt(v) : 0;
	c.difference.low = c.difference.mean - half;
	c.difference.high = c.difference.mean + half;
	c.p = student_p(c.difference.mean, sqrt(v), df);
	return c;
}

int holm_adjust(const double *p, size_t n, double *adjusted)
{
	double *kept = malloc((n + 1) * sizeof *kept), least = 0;
	size_t *at = malloc((n + 1) * sizeof *at), *order = malloc((n + 1) * sizeof *order), m = 0;
	bool good = kept && at && order;

	for (size_t i = 0; good && i < n; i++)
		if (!isnan(p[i])) {
			kept[m] = p[i];
			at[m++] = i;
		}
	for (size_t i = 0; i < n; i++)
		adjusted[i] = NAN;
	if (good)
		gsl_sort_index(order, kept, 1, m);
	for (size_t j = 0; good && j < m; j++) {
		least = fmax(least, fmin(1, (double)(m - j) * kept[order[j]]));
		adjusted[at[order[j]]] = least;
	}
	free(kept);
	free(at);
	free(order);
	return good ? 0 : -1;
}
