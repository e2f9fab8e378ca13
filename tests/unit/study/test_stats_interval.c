#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats_private.h"
#include "tests/unit/study/near.h"

/* Differences in sleep of Student (1908), the data set `sleep` of R. */
static const double extra[] = { 1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4 };

static void same_bits(struct interval a, struct interval b)
{
	assert_memory_equal(&a, &b, sizeof a);
}

static void student_has_his_interval(void **state)
{
	(void)state;
	/* R: t.test(extra): mean 1.58, 0.7001142 .. 2.4598858 at 95 %. */
	struct interval in = interval_mean(extra, 10, 0.95);
	assert_near(in.mean, 1.58, 1e-12);
	assert_near(in.low, 0.7001142, 5e-8);
	assert_near(in.high, 2.4598858, 5e-8);
	assert_int_equal(in.n, 10);
}

static void missing_values_are_as_if_they_had_not_been(void **state)
{
	double gaps[14], *x = gaps;

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		if (i % 3 == 0)
			*x++ = NAN;
		*x++ = extra[i];
	}
	assert_ptr_equal(x, gaps + 14);
	same_bits(interval_mean(gaps, 14, 0.9), interval_mean(extra, 10, 0.9));
	same_bits(interval_quantile(gaps, 14, 0.5, 0.9), interval_quantile(extra, 10, 0.5, 0.9));
	assert_true(precision_of(gaps, 14, 0.9) == precision_of(extra, 10, 0.9));
}

static void one_value_has_no_interval_and_none_no_mean(void **state)
{
	const double x[] = { NAN, 3, NAN };

	(void)state;
	struct interval one = interval_mean(x, 3, 0.95), none = interval_mean(x, 1, 0.95);
	assert_true(one.mean == 3 && one.n == 1 && isnan(one.low) && isnan(one.high));
	assert_true(isnan(none.mean) && none.n == 0 && isnan(none.low) && isnan(none.high));
	one = interval_quantile(x, 3, 0.5, 0.95);
	none = interval_quantile(x, 1, 0.5, 0.95);
	assert_true(one.mean == 3 && one.n == 1 && isnan(one.low) && isnan(one.high));
	assert_true(isnan(none.mean) && none.n == 0 && isnan(none.low) && isnan(none.high));
}

static void equal_values_have_no_width(void **state)
{
	const double x[] = { 0.1, 0.1, 0.1 };

	(void)state;
	struct interval in = interval_mean(x, 3, 0.95);
	assert_true(in.mean == 0.1 && in.low == 0.1 && in.high == 0.1);
}

/* 1 .. n in another order: a value is its own rank. */
static void ranks(double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = (double)(i * 7 % n) + 1;
}

static void the_median_is_bounded_by_the_ranks_of_the_tables(void **state)
{
	/* Ranks of the 95 % interval of a median, as printed in tables of the sign test (Conover, Practical Nonparametric
	 * Statistics): six values are the fewest that have one. */
	static const struct {
		size_t n;
		double low, high;
	} table[] = { { 6, 1, 6 }, { 8, 1, 8 }, { 9, 2, 8 }, { 10, 2, 9 }, { 20, 6, 15 }, { 25, 8, 18 }, { 30, 10, 21 } };
	double x[30];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		ranks(x, table[i].n);
		struct interval in = interval_quantile(x, table[i].n, 0.5, 0.95);
		assert_true(in.low == table[i].low && in.high == table[i].high);
		assert_near(in.mean, 0.5 * (double)(table[i].n + 1), 1e-12);
	}
	ranks(x, 5);
	struct interval in = interval_quantile(x, 5, 0.5, 0.95);
	assert_true(in.mean == 3 && isnan(in.low) && isnan(in.high));
}

/* P(B < k), summed. */
static double below(size_t k, double q, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < k; i++)
		sum += gsl_ran_binomial_pdf((unsigned)i, q, (unsigned)n);
	return sum;
}

static void quantile_bounds_hold_what_they_promise_and_no_rank_closer_does(void **state)
{
	static const double quantiles[] = { 0.01, 0.1, 0.25, 0.5, 0.9, 0.95, 0.999 }, levels[] = { 0.5, 0.9, 0.95, 0.99 };
	const double dust = 1e-12;
	double x[201];

	(void)state;
	for (size_t n = 1; n <= 201; n += n < 30 ? 1 : 19)
		for (size_t i = 0; i < 7; i++)
			for (size_t j = 0; j < 4; j++) {
				double q = quantiles[i], tail = (1 - levels[j]) / 2;
				for (size_t k = 0; k < n; k++)
					x[k] = (double)(n - k);
				struct interval in = interval_quantile(x, n, q, levels[j]);
				size_t l = isnan(in.low) ? 0 : (size_t)in.low;
				size_t u = isnan(in.high) ? n + 1 : (size_t)in.high;
				assert_true(below(l, q, n) <= tail + dust && below(l + 1, q, n) > tail - dust);
				assert_true(1 - below(u, q, n) <= tail + dust && 1 - below(u - 1, q, n) > tail - dust);
				assert_true(below(u, q, n) - below(l, q, n) >= levels[j] - 2 * dust);
			}
}

static void the_extremes_bound_themselves_from_one_side(void **state)
{
	const double x[] = { 4, 2, 9, 3 };

	(void)state;
	struct interval least = interval_quantile(x, 4, 0, 0.95), most = interval_quantile(x, 4, 1, 0.95);
	assert_true(least.mean == 2 && isnan(least.low) && least.high == 2);
	assert_true(most.mean == 9 && most.low == 9 && isnan(most.high));
}

static void sample_quantiles_interpolate(void **state)
{
	const double x[] = { 10, 20, 30, 40 };

	(void)state;
	/* (n - 1) q = 2.7: seven tenths of the way from the third to the fourth. */
	assert_near(interval_quantile(x, 4, 0.9, 0.95).mean, 37, 1e-12);
	assert_near(interval_quantile(x, 4, 0.5, 0.95).mean, 25, 1e-12);
}

static void relative_precision_is_half_the_width_over_the_mean(void **state)
{
	const double constant[] = { 5, 5, 5 }, zero[] = { 0, 0 }, about_zero[] = { -1, 1 }, negative[] = { -3, -5 };

	(void)state;
	struct interval in = interval_mean(extra, 10, 0.95);
	assert_near(precision_of(extra, 10, 0.95), (in.high - in.low) / 2 / 1.58, 1e-12);
	assert_true(precision_of(constant, 3, 0.95) == 0 && precision_of(zero, 2, 0.95) == 0);
	assert_true(isinf(precision_of(about_zero, 2, 0.95)));
	assert_true(isnan(precision_of(constant, 1, 0.95)));
	/* t(1, 0.975) = 12.7062, s / sqrt(2) = 1 */
	assert_near(precision_of(negative, 2, 0.95), 12.7062047 / 4, 1e-7);
}

static void bootstrap_percentiles_lie_further_out_for_few_values(void **state)
{
	double draws[1003];

	(void)state;
	for (size_t used = 2; used <= 20000; used *= 100) {
		/* t(19, 0.975) sqrt(20 / 19) = 2.0930241 * 1.0259784 = 2.1473977, of which the normal tail is 0.0158803. */
		size_t n = used == 200 ? 20 : used;
		for (size_t i = 0; i < 1003; i++)
			draws[i] = i < 2 ? NAN : (double)(1002 - i);
		struct interval in = stats_percentile(3, draws, 1003, 0.95, n);
		assert_true(in.mean == 3 && in.n == n);
		assert_near(in.low, n == 20 ? 15.8803 : n == 2 ? 0 : 25, n == 20 ? 1e-3 : 0.02);
		assert_near(in.low + in.high, 1000, 1e-9);
	}
	assert_true(isnan(stats_percentile(3, draws, 1003, 0.95, 1).low));
	assert_true(isnan(stats_percentile(3, draws, 0, 0.95, 20).high));
}

/* -1, 1, -1, ... about a mean. */
static void alternate(double *x, size_t n, double mean)
{
	for (size_t i = 0; i < n; i++)
		x[i] = mean + (i % 2 ? 1 : -1);
}

static void stopping_asks_for_the_floor_then_goes_by_batches_to_the_ceiling(void **state)
{
	const struct precision never = { .relative = 1e-9 };
	const struct precision odd = { .relative = 1e-9, .floor = 7, .batch = 4, .ceiling = 17 };
	const struct precision capped = { .relative = 1e-9, .floor = 50, .ceiling = 30 };
	const struct precision tiny = { .relative = 1e9, .floor = 1 };
	double x[300];

	(void)state;
	alternate(x, 300, 10);
	assert_int_equal(precision_next(&never, x, 0), 20);
	assert_int_equal(precision_next(&never, x, 19), 20);
	assert_int_equal(precision_next(&never, x, 20), 25);
	assert_int_equal(precision_next(&never, x, 195), 200);
	assert_int_equal(precision_next(&never, x, 200), 200);
	assert_int_equal(precision_next(&never, x, 250), 250);
	assert_int_equal(precision_next(&odd, x, 7), 11);
	assert_int_equal(precision_next(&odd, x, 15), 17);
	assert_int_equal(precision_next(&capped, x, 0), 30);
	assert_int_equal(precision_next(&capped, x, 30), 30);
	assert_int_equal(precision_next(&tiny, x, 0), 2);
}

static void it_stops_at_the_first_stage_that_is_precise(void **state)
{
	double x[200];

	(void)state;
	alternate(x, 200, 10);
	/* Half-width of n alternating: t(n - 1, 0.975) sqrt(n / (n - 1)) / sqrt(n) = t / sqrt(n - 1): 0.4802 for 20, 0.4213
	 * for 25 (but for the mean, off by a 25th), 0.3799 for 30; relative to 10. */
	for (size_t stage = 0; stage < 3; stage++) {
		static const double wanted[] = { 0.0481, 0.0425, 0.0381 };
		const struct precision p = { .relative = wanted[stage] };
		size_t n = 0, next;
		while ((next = precision_next(&p, x, n)) > n)
			n = next;
		assert_int_equal(n, 20 + 5 * stage);
	}
}

static void between_stages_nothing_is_decided(void **state)
{
	const struct precision p = { .relative = 10 };
	double x[200];

	(void)state;
	alternate(x, 200, 10);
	for (size_t n = 21; n < 25; n++)
		assert_int_equal(precision_next(&p, x, n), 25);
	assert_int_equal(precision_next(&p, x, 25), 25);
}

static void the_answer_depends_on_the_prefix_alone(void **state)
{
	const struct precision p = { .relative = 0.05 };
	struct rng rng = rng_stream(rng_key(3, 0), 1, 0, 0);
	double x[205];

	(void)state;
	for (size_t i = 0; i < 205; i++)
		x[i] = 3 + rng_normal(&rng);
	for (size_t n = 20; n <= 200; n += 5) {
		size_t before = precision_next(&p, x, n);
		double kept = x[n];
		x[n] = 1e9;
		assert_int_equal(precision_next(&p, x, n), before);
		x[n] = kept;
	}
}

static void about_zero_only_an_absolute_width_stops(void **state)
{
	const struct precision relative = { .relative = 0.5 }, absolute = { .relative = 0.5, .absolute = 0.5 };
	const struct precision narrow = { .relative = 0.5, .absolute = 0.4 };
	double x[200];

	(void)state;
	alternate(x, 200, 0);
	assert_int_equal(precision_next(&relative, x, 20), 25);
	assert_int_equal(precision_next(&absolute, x, 20), 20);
	assert_int_equal(precision_next(&narrow, x, 20), 25);
}

static void a_constant_is_precise_even_at_zero(void **state)
{
	const struct precision p = { .relative = 0 };
	double x[20] = { 0 };

	(void)state;
	assert_int_equal(precision_next(&p, x, 20), 20);
	for (size_t i = 0; i < 20; i++)
		x[i] = 0.1;
	assert_int_equal(precision_next(&p, x, 20), 20);
}

static void failed_replications_do_not_count_towards_the_floor(void **state)
{
	const struct precision p = { .relative = 10 };
	double x[25];

	(void)state;
	alternate(x, 25, 10);
	x[3] = NAN;
	assert_int_equal(precision_next(&p, x, 20), 25);
	assert_int_equal(precision_next(&p, x, 25), 25);
}

static void a_response_without_values_holds_nothing_up(void **state)
{
	const struct precision p = { .relative = 0.01 };
	double x[20];

	(void)state;
	for (size_t i = 0; i < 20; i++)
		x[i] = NAN;
	assert_int_equal(precision_next(&p, x, 0), 20);
	assert_int_equal(precision_next(&p, x, 20), 20);
}

static void the_level_of_a_precision_counts(void **state)
{
	const struct precision p95 = { .relative = 0.05 }, p99 = { .relative = 0.05, .level = 0.99 };
	double x[20];

	(void)state;
	alternate(x, 20, 10); /* half-width 0.480 at 95 %, 0.656 at 99 % */
	assert_int_equal(precision_next(&p95, x, 20), 20);
	assert_int_equal(precision_next(&p99, x, 20), 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(student_has_his_interval),
		cmocka_unit_test(missing_values_are_as_if_they_had_not_been),
		cmocka_unit_test(one_value_has_no_interval_and_none_no_mean),
		cmocka_unit_test(equal_values_have_no_width),
		cmocka_unit_test(the_median_is_bounded_by_the_ranks_of_the_tables),
		cmocka_unit_test(quantile_bounds_hold_what_they_promise_and_no_rank_closer_does),
		cmocka_unit_test(the_extremes_bound_themselves_from_one_side),
		cmocka_unit_test(sample_quantiles_interpolate),
		cmocka_unit_test(relative_precision_is_half_the_width_over_the_mean),
		cmocka_unit_test(bootstrap_percentiles_lie_further_out_for_few_values),
		cmocka_unit_test(stopping_asks_for_the_floor_then_goes_by_batches_to_the_ceiling),
		cmocka_unit_test(it_stops_at_the_first_stage_that_is_precise),
		cmocka_unit_test(between_stages_nothing_is_decided),
		cmocka_unit_test(the_answer_depends_on_the_prefix_alone),
		cmocka_unit_test(about_zero_only_an_absolute_width_stops),
		cmocka_unit_test(a_constant_is_precise_even_at_zero),
		cmocka_unit_test(failed_replications_do_not_count_towards_the_floor),
		cmocka_unit_test(a_response_without_values_holds_nothing_up),
		cmocka_unit_test(the_level_of_a_precision_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
