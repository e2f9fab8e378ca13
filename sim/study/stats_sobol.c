/*
 * Sobol indices from a radial sample.
 */
#include <stdlib.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats_private.h"

enum { A, B, AB }; /* places in a row: the responses at A, at B, at A with column i from B, i < k */

/* The rows without missing values, one after another, as deviations from the mean of A and B. */
struct rows {
	double *v, square; /* mean square of A and B before that */
	size_t n, k;
};

/* What the indices are made of, summed over rows. */
struct sums {
	double y, square, *step, *product, *jansen; /* per factor: yab - ya, yb (yab - ya), (ya - yab)^2 */
};

static bool whole(const double *ya, const double *yb, const double *yab, size_t n, size_t k, size_t row)
{
	bool good = !isnan(ya[row]) && !isnan(yb[row]);

	for (size_t i = 0; i < k && good; i++)
		good = !isnan(yab[i * n + row]);
	return good;
}

static void gather(struct rows *r, const double *ya, const double *yb, const double *yab, size_t n, size_t k)
{
	size_t width = AB + k;
	double mean = 0;

	for (size_t j = 0; j < n; j++) {
		if (!whole(ya, yb, yab, n, k, j))
			continue;
		double *row = &r->v[r->n++ * width];
		row[A] = ya[j];
		row[B] = yb[j];
		for (size_t i = 0; i < k; i++)
			row[AB + i] = yab[i * n + j];
		mean += ya[j] + yb[j];
		r->square += ya[j] * ya[j] + yb[j] * yb[j];
	}
	mean /= 2 * (double)r->n;
	r->square /= 2 * (double)r->n;
	for (size_t i = 0; i < r->n * width; i++)
		r->v[i] -= mean;
}

static void add_row(struct sums *s, const double *row, size_t k)
{
	s->y += row[A] + row[B];
	s->square += row[A] * row[A] + row[B] * row[B];
	for (size_t i = 0; i < k; i++) {
		double step = row[AB + i] - row[A];
		s->step[i] += step;
		s->product[i] += row[B] * step;
		s->jansen[i] += step * step;
	}
}

/* Index of factor i: out[i * stride], of its total: out[(k + i) * stride].  The sums begin anew. */
static void settle(const struct rows *r, struct sums *s, double *out, size_t stride)
{
	double n = (double)r->n, mean = s->y / (2 * n), v = s->square / (2 * n) - mean * mean;
	bool varies = v > STATS_DUST * r->square;

	for (size_t i = 0; i < r->k; i++) {
		out[i * stride] = varies ? (s->product[i] - mean * s->step[i]) / (n * v) : NAN;
		out[(r->k + i) * stride] = varies ? s->jansen[i] / (2 * n * v) : NAN;
		s->step[i] = s->product[i] = s->jansen[i] = 0;
	}
	s->y = s->square = 0;
}

static void resample(const struct rows *r, struct sums *s, size_t resamples, uint64_t seed, double *draws)
{
	for (size_t b = 0; b < resamples; b++) {
		struct rng rng = rng_stream(rng_key(seed, b), RNG_PURPOSE('b', 'o', 'o', 't'), 0, 0);
		for (size_t j = 0; j < r->n; j++)
			add_row(s, &r->v[rng_below(&rng, (uint32_t)r->n) * (AB + r->k)], r->k);
		settle(r, s, &draws[b], resamples);
	}
}

int sobol_indices(const double *ya, const double *yb, const double *yab, size_t n, size_t k, size_t resamples,
		  uint64_t seed, double level, struct sobol_index *out)
{
	struct rows r = { .v = calloc(n * (AB + k) + 1, sizeof(double)), .k = k };
	double *each = calloc(5 * k + 1, sizeof *each), *draws = calloc(2 * k * resamples + 1, sizeof *draws);
	int status = -1;

	stats_check_level(level);
	if (!r.v || !each || !draws)
		goto out;
	struct sums s = { .step = each, .product = each + k, .jansen = each + 2 * k };
	double *estimate = each + 3 * k;
	gather(&r, ya, yb, yab, n, k);
	for (size_t j = 0; j < r.n; j++)
		add_row(&s, r.v + j * (AB + k), k);
	settle(&r, &s, estimate, 1);
	if (r.n > 0)
		resample(&r, &s, resamples, seed, draws);
	for (size_t i = 0; i < k; i++) {
		size_t kept = isnan(estimate[i]) ? 0 : resamples;
		out[i].first = stats_percentile(estimate[i], &draws[i * resamples], kept, level, r.n);
		out[i].total = stats_percentile(estimate[k + i], &draws[(k + i) * resamples], kept, level, r.n);
	}
	status = 0;
out:
	free(r.v);
	free(each);
	free(draws);
	return status;
}
