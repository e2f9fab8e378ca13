/*
 * One run over time: the end of its warm-up, and the mean of correlated observations.
 */
#include <gsl/gsl_cdf.h>

#include "sim/study/stats_private.h"

/* Five to a batch; as many batches are kept at least as give the variance of a mean a meaning; the first half must be able
 * to lie before them. */
enum { MSER_SIZE = 5, MSER_KEEP = 5, MSER_LEAST = 10, BATCHES = 20, LAG_LEAST = 8 };

static size_t present(const double *x, size_t n)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(x[i]))
			m++;
	return m;
}

/* From the end: what is left after each truncation grows by one batch at a time. */
struct mser mser5(const double *x, size_t n)
{
	size_t there = present(x, n), k = there / MSER_SIZE, left = there, d = k;
	struct mser m = { .batches = k, .statistic = NAN };
	double batch = 0, later = INFINITY;
	struct tally tail = { 0 };

	if (k < MSER_LEAST)
		return m;
	m.statistic = INFINITY;
	for (size_t i = n; i-- > 0;) {
		if (isnan(x[i]) || left-- > k * MSER_SIZE)
			continue;
		batch += x[i];
		if (left % MSER_SIZE != 0)
			continue;
		tally_add(&tail, batch / MSER_SIZE);
		batch = 0;
		d--;
		double statistic = tail.m2 / ((double)tail.n * (double)tail.n);
		if (tail.n < MSER_KEEP)
			continue;
		if (2 * d > k) {
			later = fmin(later, statistic);
		} else if (statistic <= m.statistic) {
			m.statistic = statistic;
			m.truncate = i;
		}
	}
	m.found = m.statistic <= later;
	return m;
}

/* The means of the batches, one after another. */
struct batches {
	const double *x;
	size_t size;
};

static double next_mean(struct batches *b)
{
	double sum = 0;

	for (size_t i = 0; i < b->size; b->x++)
		if (!isnan(*b->x)) {
			sum += *b->x;
			i++;
		}
	return sum / (double)b->size;
}

struct batch_means batch_means(const double *x, size_t n, size_t batches, double level)
{
	size_t k = batches ? batches : BATCHES, there = present(x, n), size = there / k;
	struct batch_means m = { { NAN, NAN, NAN, 0 }, k, size, NAN, false };
	struct tally t = { 0 };
	double steps = 0, last = NAN;

	stats_check_level(level);
	if (size == 0)
		return m;
	for (size_t skip = there - k * size; skip > 0; x++)
		if (!isnan(*x))
			skip--;
	struct batches b = { x, size };
	for (size_t j = 0; j < k; j++) {
		double mean = next_mean(&b);
		tally_add(&t, mean);
		if (j > 0)
			steps += (mean - last) * (mean - last);
		last = mean;
	}
	m.mean = stats_student(&t, level);
	if (k < 2)
		return m;
	m.lag1 = t.m2 > 0 ? 1 - steps / (2 * t.m2) : 0;
	double z = m.lag1 * sqrt(((double)k * (double)k - 1) / ((double)k - 2));
	m.independent = k >= LAG_LEAST && z < gsl_cdf_ugaussian_Pinv(0.95);
	return m;
}
