#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats.h"
#include "tests/unit/study/near.h"

enum { LONG = 2000 };

static void a_truncation_is_that_worked_by_hand(void **state)
{
	/* Ten batches of five: 9, then 1 and 3 by turns.  Nine left: mean 17 / 9, sum of squares 5 (8/9)^2 + 4 (10/9)^2 =
	 * 720 / 81, over 81: 0.1097.  Ten left: mean 2.6, 720 / 81 + (9 - 17 / 9)^2 9 / 10 = 54.4, over 100: 0.544.  Eight
	 * left: mean 2, 8, over 64: 0.125; six: 6 / 36; five: 4.8 / 25 = 0.192.  Least with nine. */
	double x[50];

	(void)state;
	for (size_t i = 0; i < 50; i++)
		x[i] = i < 5 ? 9 : i / 5 % 2 ? 1 : 3;
	struct mser m = mser5(x, 50);
	assert_true(m.found);
	assert_int_equal(m.truncate, 5);
	assert_int_equal(m.batches, 10);
	assert_near(m.statistic, 720.0 / 81 / 81, 1e-12);
}

/* The definition, evaluated at each point by itself. */
static double marginal_error(const double *x, size_t d, size_t k)
{
	double mean = 0, sum = 0;

	for (size_t j = d; j < k; j++)
		for (size_t i = 0; i < 5; i++)
			mean += x[5 * j + i] / 5 / (double)(k - d);
	for (size_t j = d; j < k; j++) {
		double z = (x[5 * j] + x[5 * j + 1] + x[5 * j + 2] + x[5 * j + 3] + x[5 * j + 4]) / 5;
		sum += (z - mean) * (z - mean);
	}
	return sum / (double)((k - d) * (k - d));
}

/* Correlated noise that begins off by so much. */
static void transient(double *x, size_t n, double start, struct rng *rng)
{
	double state = start;

	for (size_t i = 0; i < n; i++)
		x[i] = state = 0.8 * state + rng_normal(rng);
}

static void truncations_are_where_the_definition_is_least(void **state)
{
	struct rng rng = rng_stream(rng_key(8, 0), 1, 0, 0);
	size_t beyond = 0, inside = 0;
	double x[600];

	(void)state;
	for (size_t trial = 0; trial < 300; trial++) {
		size_t n = 50 + rng_below(&rng, 550), k = n / 5, best = 0, late = 0;
		transient(x, n, trial % 3 ? 30.0 * (double)(trial % 4) : 0, &rng);
		for (size_t i = 0; trial % 5 == 0 && i < n; i++)
			x[i] += (double)i / 20; /* never steady */
		for (size_t d = 0; d + 5 <= k; d++) {
			if (2 * d <= k && marginal_error(x, d, k) < marginal_error(x, best, k))
				best = d;
			if (marginal_error(x, d, k) < marginal_error(x, late, k))
				late = d;
		}
		struct mser m = mser5(x, n);
		assert_int_equal(m.truncate, 5 * best);
		assert_int_equal(m.found, 2 * late <= k);
		assert_near(m.statistic, marginal_error(x, best, k), 1e-9 * m.statistic);
		beyond += !m.found;
		inside += m.found && best > 0;
	}
	assert_true(beyond > 20 && inside > 50);
}

static void a_constant_has_no_warm_up(void **state)
{
	double x[60];

	(void)state;
	for (size_t i = 0; i < 60; i++)
		x[i] = 0.1;
	struct mser m = mser5(x, 60);
	assert_true(m.found && m.truncate == 0 && m.statistic == 0);
}

static void a_trend_is_no_steady_state(void **state)
{
	double x[100];

	(void)state;
	for (size_t i = 0; i < 100; i++)
		x[i] = (double)i;
	struct mser m = mser5(x, 100);
	assert_false(m.found);
	assert_int_equal(m.truncate, 50); /* as far as it looks */
}

static void alike_values_at_the_very_end_do_not_mislead(void **state)
{
	struct rng rng = rng_stream(rng_key(9, 0), 1, 0, 0);
	double x[500];

	(void)state;
	transient(x, 500, 0, &rng);
	for (size_t i = 480; i < 500; i++)
		x[i] = 0;
	assert_true(mser5(x, 500).found);
}

static void a_short_series_says_nothing(void **state)
{
	double x[50] = { 0 };

	(void)state;
	for (size_t n = 0; n < 50; n++) {
		struct mser m = mser5(x, n);
		assert_true(!m.found && m.truncate == 0 && isnan(m.statistic));
		assert_int_equal(m.batches, n / 5);
	}
	assert_true(mser5(x, 50).found);
}

static void missing_observations_close_up(void **state)
{
	struct rng rng = rng_stream(rng_key(10, 0), 1, 0, 0);
	double x[403], gaps[806];
	size_t at[403], n = 0;

	(void)state;
	transient(x, 403, 50, &rng);
	for (size_t i = 0; i < 403; i++) {
		while (rng_below(&rng, 3) == 0 && n < 806 - 403 + i)
			gaps[n++] = NAN;
		at[i] = n;
		gaps[n++] = x[i];
	}
	struct mser m = mser5(x, 403), with = mser5(gaps, n);
	assert_true(m.found && m.truncate > 0);
	assert_int_equal(with.truncate, at[m.truncate]);
	assert_int_equal(with.batches, m.batches);
	assert_true(with.statistic == m.statistic);
	struct batch_means b = batch_means(x, 403, 10, 0.95), holes = batch_means(gaps, n, 10, 0.95);
	assert_memory_equal(&b.mean, &holes.mean, sizeof b.mean);
	assert_true(b.lag1 == holes.lag1 && b.size == 40 && holes.size == 40);
}

static void batch_means_are_those_worked_by_hand(void **state)
{
	/* One is left over: 100.  Means 1, 3, 2, 6: mean 3, variance 14 / 3, t(3, 0.975) = 3.1824463.  Steps 2, -1, 4: 1 -
	 * 21 / 28. */
	const double x[] = { 100, 0, 2, 3, 3, 1, 3, 7, 5 };

	(void)state;
	struct batch_means m = batch_means(x, 9, 4, 0.95);
	assert_int_equal(m.batches, 4);
	assert_int_equal(m.size, 2);
	assert_int_equal(m.mean.n, 4);
	assert_near(m.mean.mean, 3, 1e-12);
	assert_near(m.mean.high - 3, 3.1824463 * sqrt(14.0 / 3 / 4), 1e-7);
	assert_near(3 - m.mean.low, 3.1824463 * sqrt(14.0 / 3 / 4), 1e-7);
	assert_near(m.lag1, 0.25, 1e-12);
	assert_false(m.independent); /* fewer than eight batches */
}

static void few_batches_have_no_interval(void **state)
{
	const double x[] = { NAN, 4, 8, NAN };

	(void)state;
	struct batch_means one = batch_means(x, 4, 1, 0.95), none = batch_means(x, 4, 3, 0.95);
	assert_true(one.mean.mean == 6 && one.size == 2 && isnan(one.mean.low) && isnan(one.lag1) && !one.independent);
	assert_true(isnan(none.mean.mean) && none.size == 0 && isnan(none.mean.high) && isnan(none.lag1) &&
		    !none.independent);
	assert_true(isnan(batch_means(x, 0, 0, 0.95).mean.mean));
	assert_int_equal(batch_means(x, 4, 0, 0.95).batches, 20);
}

static void equal_batches_are_independent(void **state)
{
	double x[40];

	(void)state;
	for (size_t i = 0; i < 40; i++)
		x[i] = 0.1;
	struct batch_means m = batch_means(x, 40, 8, 0.95);
	assert_true(m.lag1 == 0 && m.independent && m.mean.high - m.mean.low < 1e-15);
}

static void batches_of_white_noise_pass_as_independent_nineteen_times_in_twenty(void **state)
{
	struct rng rng = rng_stream(rng_key(11, 0), 1, 0, 0);
	size_t passed = 0;
	double x[60];

	(void)state;
	for (size_t trial = 0; trial < 4000; trial++) {
		for (size_t i = 0; i < 60; i++)
			x[i] = rng_normal(&rng);
		passed += batch_means(x, 60, 20, 0.95).independent;
	}
	/* 3800, standard error 14; the normal approximation of the ratio adds a little. */
	assert_in_range(passed, 3740, 3860);
}

static void batches_shorter_than_the_correlation_do_not_pass(void **state)
{
	struct rng rng = rng_stream(rng_key(12, 0), 1, 0, 0);
	double *x = malloc(LONG * sizeof *x);
	size_t few = 0, many = 0;

	(void)state;
	assert_non_null(x);
	for (size_t trial = 0; trial < 100; trial++) {
		transient(x, LONG, 0, &rng);
		few += batch_means(x, LONG, 20, 0.95).independent;
		many += batch_means(x, LONG, 500, 0.95).independent;
	}
	assert_true(few > 80 && many == 0);
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_truncation_is_that_worked_by_hand),
		cmocka_unit_test(truncations_are_where_the_definition_is_least),
		cmocka_unit_test(a_constant_has_no_warm_up),
		cmocka_unit_test(a_trend_is_no_steady_state),
		cmocka_unit_test(alike_values_at_the_very_end_do_not_mislead),
		cmocka_unit_test(a_short_series_says_nothing),
		cmocka_unit_test(missing_observations_close_up),
		cmocka_unit_test(batch_means_are_those_worked_by_hand),
		cmocka_unit_test(few_batches_have_no_interval),
		cmocka_unit_test(equal_batches_are_independent),
		cmocka_unit_test(batches_of_white_noise_pass_as_independent_nineteen_times_in_twenty),
		cmocka_unit_test(batches_shorter_than_the_correlation_do_not_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
