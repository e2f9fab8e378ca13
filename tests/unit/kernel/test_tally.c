#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "sim/kernel/rng.h"
#include "sim/kernel/tally.h"

static void assert_near(double x, double want, double relative)
{
	assert_true(fabs(x - want) <= relative * fabs(want) + 1e-300);
}

static struct tally tally_of(const double *x, size_t n)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < n; i++)
		tally_add(&t, x[i]);
	return t;
}

static void a_tally_agrees_with_two_passes(void **state)
{
	(void)state;
	enum { N = 10000 };
	double x[N];
	struct rng r = rng_stream(1, 2, 3, 0);

	for (int i = 0; i < N; i++)
		x[i] = 1e6 + rng_normal(&r); /* a mean far from zero: the naive sum of squares would lose it */
	struct tally t = tally_of(x, N);
	assert_int_equal(t.n, N);
	assert_near(t.mean, gsl_stats_mean(x, 1, N), 1e-14);
	assert_near(tally_variance(&t), gsl_stats_variance(x, 1, N), 1e-9);
	assert_true(t.min == gsl_stats_min(x, 1, N) && t.max == gsl_stats_max(x, 1, N));
}

static void merging_is_the_same_as_adding_one_by_one(void **state)
{
	(void)state;
	enum { N = 1000 };
	double x[N];
	struct rng r = rng_stream(1, 2, 4, 0);

	for (int i = 0; i < N; i++)
		x[i] = rng_exponential(&r, 5);
	struct tally all = tally_of(x, N);
	for (size_t cut = 0; cut <= N; cut += 125) {
		struct tally a = tally_of(x, cut), b = tally_of(x + cut, N - cut);
		tally_merge(&a, &b);
		assert_int_equal(a.n, N);
		assert_near(a.mean, all.mean, 1e-13);
		assert_near(tally_variance(&a), tally_variance(&all), 1e-12);
		assert_true(a.min == all.min && a.max == all.max);
	}
}

static void too_few_values_have_no_variance_and_no_interval(void **state)
{
	(void)state;
	struct tally t = { 0 };

	assert_true(isnan(tally_variance(&t)) && isnan(tally_halfwidth(&t, 0.95)));
	tally_add(&t, -3);
	assert_true(t.mean == -3 && t.min == -3 && t.max == -3);
	assert_true(isnan(tally_variance(&t)) && isnan(tally_halfwidth(&t, 0.95)));
}

/* t quantile with 4 degrees of freedom, 95 %, two-sided: 2.7764; of 1, 2, 3, 4, 5: s = sqrt(2.5). */
static void an_interval_is_student_s(void **state)
{
	(void)state;
	static const double x[] = { 1, 2, 3, 4, 5 };
	struct tally t = tally_of(x, 5);

	assert_near(tally_halfwidth(&t, 0.95), 2.776445105 * sqrt(2.5 / 5), 1e-9);
}

static void intervals_cover_the_mean_as_often_as_they_claim(void **state)
{
	(void)state;
	enum { TRIALS = 4000 };
	struct rng r = rng_stream(1, 2, 5, 0);
	int covered = 0;

	for (int k = 0; k < TRIALS; k++) {
		struct tally t = { 0 };
		for (int i = 0; i < 5; i++)
			tally_add(&t, 7 + rng_normal(&r));
		covered += fabs(t.mean - 7) <= tally_halfwidth(&t, 0.9);
	}
	/* binomial: 3.3 standard deviations on either side, 99.9 % */
	assert_true(fabs(covered - 0.9 * TRIALS) < 3.3 * sqrt(TRIALS * 0.9 * 0.1));
}

static void a_level_is_averaged_over_the_time_it_held(void **state)
{
	(void)state;
	struct timeavg a = { 0 };

	timeavg_start(&a, 10 * SIM_SECOND, 2);
	assert_true(isnan(timeavg_mean(&a, 10 * SIM_SECOND)));
	timeavg_set(&a, 12 * SIM_SECOND, 5); /* 2 for 2 s */
	timeavg_set(&a, 12 * SIM_SECOND, 9); /* 5 for no time */
	timeavg_set(&a, 13 * SIM_SECOND, 0); /* 9 for 1 s */
	assert_near(timeavg_mean(&a, 15 * SIM_SECOND), 13.0 / 5, 1e-14);
	assert_true(a.max == 9);
	timeavg_start(&a, 15 * SIM_SECOND, 1);
	assert_near(timeavg_mean(&a, 16 * SIM_SECOND), 1, 1e-14);
	assert_true(a.max == 1);
}

static void edges_rise_and_each_value_lies_between_its_own(void **state)
{
	(void)state;
	struct rng r = rng_stream(1, 2, 6, 0);

	for (unsigned i = 1; i < HISTOGRAM_BUCKETS; i++)
		assert_true(histogram_edge(i) > histogram_edge(i - 1) || histogram_edge(i) == INT64_MAX);
	for (int k = 0; k < 20000; k++) {
		int64_t x = k ? (int64_t)(rng_u64(&r) >> (1 + rng_below(&r, 63))) : INT64_MAX;
		struct histogram *h = calloc(1, sizeof *h);
		assert_non_null(h);
		histogram_add(h, x);
		unsigned i = 0;
		while (h->bucket[i] == 0)
			i++;
		assert_true(histogram_edge(i) <= x && (i + 1 == HISTOGRAM_BUCKETS || x < histogram_edge(i + 1) ||
						       histogram_edge(i + 1) == INT64_MAX));
		assert_true(histogram_quantile(h, 0.5) == (double)x);
		free(h);
	}
}

static int64_t spread_out(struct rng *r)
{
	return sim_from_seconds(rng_exponential(r, rng_below(r, 3) ? 0.2 : 100));
}

/* Times on air of a few data rates: most values are equal, and there is nothing between them. */
static int64_t few_values(struct rng *r)
{
	return INT64_C(61696000) << rng_below(r, 6);
}

/* Both ends of one bucket and far from it: interpolating between them is as wrong as can be. */
static int64_t ends_of_a_bucket(struct rng *r)
{
	static const int64_t value[] = { 1, INT64_C(1) << 40, (INT64_C(65) << 34) - 1, INT64_MAX };

	return value[rng_below(r, 4)];
}

static int64_t any_magnitude(struct rng *r)
{
	return (int64_t)(rng_u64(r) >> (1 + rng_below(r, 63)));
}

/* Of the least value that a share p does not exceed, at every p: it is in the same bucket, whatever lies around it. */
static void assert_quantiles(int64_t (*draw)(struct rng *), size_t n)
{
	struct histogram *h = calloc(1, sizeof *h);
	double *x = malloc(n * sizeof *x), sum = 0;
	struct rng r = rng_stream(1, 2, 7, 0);

	assert_true(h && x);
	for (size_t i = 0; i < n; i++) {
		int64_t t = draw(&r);
		histogram_add(h, t);
		x[i] = (double)t;
		sum += x[i];
	}
	gsl_sort(x, 1, n);
	for (int p = 0; p <= 1024; p++) {
		size_t rank = (size_t)ceil(p / 1024.0 * (double)n);
		assert_near(histogram_quantile(h, p / 1024.0), x[rank ? rank - 1 : 0], 1.0 / 64);
	}
	assert_true(histogram_quantile(h, 0) == x[0] && histogram_quantile(h, 1) == x[n - 1]);
	assert_near(histogram_mean(h), sum / (double)n, 1e-12);
	free(x);
	free(h);
}

static void quantiles_lie_within_a_64th_of_the_sample_s_however_it_lies(void **state)
{
	(void)state;
	int64_t (*const draw[])(struct rng *) = { spread_out, few_values, ends_of_a_bucket, any_magnitude };

	for (size_t i = 0; i < sizeof draw / sizeof draw[0]; i++)
		for (size_t n = 1; n <= 100000; n = 3 * n + 2)
			assert_quantiles(draw[i], n);
}

/* A year of a million devices: more equal values than 32 bits count. */
static void more_values_than_32_bits_count_keep_their_quantiles(void **state)
{
	(void)state;
	struct histogram *h = calloc(1, sizeof *h), *all = calloc(1, sizeof *all);

	assert_true(h && all);
	histogram_add(h, SIM_SECOND);
	for (int i = 0; i < 33; i++) { /* doubled 33 times */
		*all = *h;
		histogram_merge(h, all);
	}
	histogram_add(h, SIM_HOUR);
	assert_true(h->n == (UINT64_C(1) << 33) + 1);
	assert_near(histogram_quantile(h, 0.9), 1e9, 1.0 / 64);
	assert_true(histogram_quantile(h, 1) == 3600e9);
	free(h);
	free(all);
}

static void small_whole_numbers_are_exact(void **state)
{
	(void)state;
	struct histogram *h = calloc(1, sizeof *h);

	assert_non_null(h);
	for (int i = 1; i <= 128; i++)
		histogram_add(h, i);
	for (int i = 1; i <= 128; i++)
		assert_true(histogram_quantile(h, i / 128.0) == i);
	free(h);
}

static void the_extremes_of_time_have_a_bucket(void **state)
{
	(void)state;
	struct histogram *h = calloc(1, sizeof *h);

	assert_non_null(h);
	histogram_add(h, INT64_MAX);
	assert_true(histogram_quantile(h, 0.5) == (double)INT64_MAX);
	histogram_add(h, 0);
	assert_true(histogram_quantile(h, 0.5) == 0);
	assert_true(h->min == 0 && h->max == INT64_MAX);
	free(h);
}

/* What lies above an edge is counted exactly; above any other value to the width of a bucket, a 64th of it. */
static void the_share_above_a_value_is_the_samples(void **state)
{
	enum { N = 20000 };
	struct histogram *h = calloc(1, sizeof *h);
	struct rng r = rng_stream(1, RNG_PURPOSE('t', 's', 'h', 'a'), 0, 0);
	static int64_t x[N];

	(void)state;
	assert_non_null(h);
	assert_true(isnan(histogram_share_above(h, 1)));
	for (int i = 0; i < N; i++) {
		x[i] = (int64_t)(1e9 * rng_exponential(&r, 1));
		histogram_add(h, x[i]);
	}
	for (int k = 1; k < 40; k++) {
		double at = 0.1e9 * k, above = 0, near = 0;
		for (int i = 0; i < N; i++) {
			above += (double)x[i] > at;
			near += fabs((double)x[i] - at) <= at / 64;
		}
		assert_true(fabs(histogram_share_above(h, at) * N - above) <= near);
		int64_t edge = 0;
		for (unsigned b = 0; b < HISTOGRAM_BUCKETS && (double)edge < at; b++)
			edge = histogram_edge(b);
		above = 0;
		for (int i = 0; i < N; i++)
			above += x[i] >= edge;
		assert_true(fabs(histogram_share_above(h, (double)edge) * N - above) < 1e-6);
	}
	assert_true(histogram_share_above(h, -1) == 1);
	assert_true(histogram_share_above(h, 9.3e18) == 0);
	free(h);
}

static void merged_histograms_are_one_histogram(void **state)
{
	(void)state;
	struct histogram *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b), *all = calloc(1, sizeof *all);
	struct rng r = rng_stream(1, 2, 8, 0);

	assert_true(a && b && all);
	histogram_merge(a, b);
	assert_int_equal(a->n, 0);
	for (int i = 0; i < 5000; i++) {
		int64_t x = rng_below(&r, 1000000000);
		histogram_add(i % 3 ? a : b, x);
		histogram_add(all, x);
	}
	histogram_merge(a, b);
	assert_int_equal(a->n, all->n);
	assert_true(a->min == all->min && a->max == all->max);
	assert_near(a->sum, all->sum, 1e-12);
	assert_memory_equal(a->bucket, all->bucket, sizeof a->bucket);
	free(a);
	free(b);
	free(all);
}

static void what_cannot_be_told_is_not_a_number(void **state)
{
	(void)state;
	struct histogram *h = calloc(1, sizeof *h);

	assert_non_null(h);
	assert_true(isnan(histogram_mean(h)) && isnan(histogram_quantile(h, 0.5)));
	histogram_add(h, 3);
	assert_true(isnan(histogram_quantile(h, NAN)) && isnan(histogram_quantile(h, 1.5)));
	free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tally_agrees_with_two_passes),
		cmocka_unit_test(merging_is_the_same_as_adding_one_by_one),
		cmocka_unit_test(too_few_values_have_no_variance_and_no_interval),
		cmocka_unit_test(an_interval_is_student_s),
		cmocka_unit_test(intervals_cover_the_mean_as_often_as_they_claim),
		cmocka_unit_test(a_level_is_averaged_over_the_time_it_held),
		cmocka_unit_test(edges_rise_and_each_value_lies_between_its_own),
		cmocka_unit_test(quantiles_lie_within_a_64th_of_the_sample_s_however_it_lies),
		cmocka_unit_test(more_values_than_32_bits_count_keep_their_quantiles),
		cmocka_unit_test(small_whole_numbers_are_exact),
		cmocka_unit_test(the_extremes_of_time_have_a_bucket),
		cmocka_unit_test(the_share_above_a_value_is_the_samples),
		cmocka_unit_test(merged_histograms_are_one_histogram),
		cmocka_unit_test(what_cannot_be_told_is_not_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
