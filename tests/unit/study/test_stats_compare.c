#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_math.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats.h"
#include "tests/unit/study/near.h"

/* Additional hours of sleep under two drugs, Student (1908), the data set `sleep` of R. */
static const double first[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0 };
static const double second[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };

static void paired_sleepers_differ_as_published(void **state)
{
	(void)state;
	/* R: t.test(second, first, paired = TRUE): t = 4.0621, df = 9, p = 0.002833, 0.7001142 .. 2.4598858. */
	struct contrast c = contrast_paired(first, second, 10, 0.95);
	assert_near(c.difference.mean, 1.58, 1e-12);
	assert_near(c.difference.low, 0.7001142, 5e-8);
	assert_near(c.difference.high, 2.4598858, 5e-8);
	assert_near(c.p, 0.002833, 5e-7);
	assert_int_equal(c.difference.n, 10);
}

static void unpaired_sleepers_differ_as_published(void **state)
{
	(void)state;
	/* R: t.test(extra ~ group): t = -1.8608, df = 17.776, p = 0.07939, -3.3654832 .. 0.2054832 of first - second. */
	struct contrast c = contrast_independent(first, 10, second, 10, 0.95);
	assert_near(c.difference.mean, 1.58, 1e-12);
	assert_near(c.difference.low, -0.2054832, 5e-8);
	assert_near(c.difference.high, 3.3654832, 5e-8);
	assert_near(c.p, 0.07939, 5e-6);
	assert_int_equal(c.difference.n, 20);
}

static void exchanging_the_two_turns_the_sign_alone(void **state)
{
	(void)state;
	struct contrast ab = contrast_paired(first, second, 10, 0.9), ba = contrast_paired(second, first, 10, 0.9);
	assert_near(ab.difference.low, -ba.difference.high, 1e-12);
	assert_near(ab.p, ba.p, 1e-15);
	ab = contrast_independent(first, 9, second, 10, 0.9);
	ba = contrast_independent(second, 10, first, 9, 0.9);
	assert_near(ab.difference.low, -ba.difference.high, 1e-12);
	assert_near(ab.p, ba.p, 1e-15);
}

static void half_a_pair_is_no_pair(void **state)
{
	double a[12], b[12];

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		a[i] = first[i];
		b[i] = second[i];
	}
	a[10] = NAN, b[10] = 100;
	a[11] = 100, b[11] = NAN;
	struct contrast with = contrast_paired(a, b, 12, 0.95), without = contrast_paired(first, second, 10, 0.95);
	assert_memory_equal(&with, &without, sizeof with);
	/* Without pairs, what is there counts. */
	assert_int_equal(contrast_independent(a, 12, b, 12, 0.95).difference.n, 22);
}

static void too_few_have_no_p(void **state)
{
	const double x[] = { 1, NAN, 3 }, y[] = { 2, 5, NAN };

	(void)state;
	struct contrast one = contrast_paired(x, y, 3, 0.95), none = contrast_paired(x, y, 0, 0.95);
	assert_true(one.difference.mean == 1 && one.difference.n == 1 && isnan(one.difference.low) && isnan(one.p));
	assert_true(isnan(none.difference.mean) && isnan(none.p));
	one = contrast_independent(x, 1, y, 2, 0.95);
	none = contrast_independent(y, 2, x, 1, 0.95);
	assert_true(none.difference.mean == -2.5 && isnan(none.difference.low) && isnan(none.difference.high) &&
		    isnan(none.p));
	none = contrast_independent(x, 0, y, 2, 0.95);
	assert_true(one.difference.mean == 2.5 && isnan(one.difference.low) && isnan(one.difference.high) && isnan(one.p));
	assert_true(isnan(none.difference.mean) && isnan(none.p));
}

static void pairs_that_all_differ_alike_are_certain(void **state)
{
	const double a[] = { 1, 2, 4 }, b[] = { 3, 4, 6 };

	(void)state;
	struct contrast same = contrast_paired(a, a, 3, 0.95), moved = contrast_paired(a, b, 3, 0.95);
	assert_true(same.p == 1 && same.difference.low == 0 && same.difference.high == 0);
	assert_true(moved.p == 0 && moved.difference.low == 2 && moved.difference.high == 2);
	const double flat[] = { 7, 7, 7 }, other[] = { 8, 8 };
	assert_true(contrast_independent(flat, 3, flat, 2, 0.95).p == 1);
	struct contrast apart = contrast_independent(flat, 3, other, 2, 0.95);
	assert_true(apart.p == 0 && apart.difference.low == 1 && apart.difference.high == 1);
}

static void p_is_below_one_minus_level_where_the_interval_leaves_zero_out(void **state)
{
	struct rng rng = rng_stream(rng_key(5, 0), 1, 0, 0);
	size_t out = 0;

	(void)state;
	for (size_t trial = 0; trial < 2000; trial++) {
		double a[8], b[8];
		for (size_t i = 0; i < 8; i++) {
			a[i] = rng_normal(&rng);
			b[i] = a[i] + rng_normal(&rng) + (trial % 2 ? 1 : 0);
		}
		struct contrast paired = contrast_paired(a, b, 8, 0.9), apart = contrast_independent(a, 8, b, 7, 0.9);
		bool away = paired.difference.low > 0 || paired.difference.high < 0;
		assert_int_equal(away, paired.p < 0.1);
		assert_int_equal(apart.difference.low > 0 || apart.difference.high < 0, apart.p < 0.1);
		out += away;
	}
	assert_in_range(out, 200, 1800);
}

static void holm_steps_down_as_worked_by_hand(void **state)
{
	/* Sorted 0.005 0.01 0.03 0.04: times 4, 3, 2, 1: 0.02 0.03 0.06 0.04, and the last is lifted to 0.06. */
	const double p[] = { 0.01, 0.04, 0.03, 0.005 }, expected[] = { 0.03, 0.06, 0.06, 0.02 };
	double adjusted[4];

	(void)state;
	assert_int_equal(holm_adjust(p, 4, adjusted), 0);
	for (size_t i = 0; i < 4; i++)
		assert_near(adjusted[i], expected[i], 1e-15);
}

static void a_missing_p_stays_missing_and_does_not_count(void **state)
{
	double p[] = { NAN, 0.01, 0.04, NAN, 0.03, 0.005, NAN }, none[] = { NAN };
	const double expected[] = { NAN, 0.03, 0.06, NAN, 0.06, 0.02, NAN };

	(void)state;
	assert_int_equal(holm_adjust(p, 7, p), 0); /* in place */
	for (size_t i = 0; i < 7; i++)
		assert_true(isnan(expected[i]) ? isnan(p[i]) : fabs(p[i] - expected[i]) < 1e-15);
	assert_int_equal(holm_adjust(none, 1, none), 0);
	assert_true(isnan(none[0]));
	assert_int_equal(holm_adjust(NULL, 0, NULL), 0);
}

/* The definition, by comparing all with all. */
static double holm_of(const double *p, size_t n, size_t i)
{
	double most = 0;

	for (size_t j = 0; j < n; j++) {
		size_t smaller = 0;
		for (size_t l = 0; l < n; l++)
			smaller += p[l] < p[j];
		if (p[j] <= p[i])
			most = fmax(most, (double)(n - smaller) * p[j]);
	}
	return fmin(1, most);
}

static void holm_is_the_definition_whatever_the_order(void **state)
{
	struct rng rng = rng_stream(rng_key(6, 0), 1, 0, 0);

	(void)state;
	for (size_t trial = 0; trial < 500; trial++) {
		size_t n = 1 + rng_below(&rng, 30);
		double p[30], adjusted[30];
		for (size_t i = 0; i < n; i++)
			p[i] = gsl_pow_3(floor(20 * rng_uniform(&rng)) / 20); /* with ties */
		assert_int_equal(holm_adjust(p, n, adjusted), 0);
		for (size_t i = 0; i < n; i++) {
			assert_near(adjusted[i], holm_of(p, n, i), 1e-15);
			assert_true(adjusted[i] >= p[i] && adjusted[i] <= 1);
			for (size_t j = 0; j < n; j++)
				assert_true(p[i] > p[j] || adjusted[i] <= adjusted[j]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paired_sleepers_differ_as_published),
		cmocka_unit_test(unpaired_sleepers_differ_as_published),
		cmocka_unit_test(exchanging_the_two_turns_the_sign_alone),
		cmocka_unit_test(half_a_pair_is_no_pair),
		cmocka_unit_test(too_few_have_no_p),
		cmocka_unit_test(pairs_that_all_differ_alike_are_certain),
		cmocka_unit_test(p_is_below_one_minus_level_where_the_interval_leaves_zero_out),
		cmocka_unit_test(holm_steps_down_as_worked_by_hand),
		cmocka_unit_test(a_missing_p_stays_missing_and_does_not_count),
		cmocka_unit_test(holm_is_the_definition_whatever_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
