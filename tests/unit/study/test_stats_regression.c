#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "sim/kernel/rng.h"
#include "sim/kernel/tally.h"
#include "sim/study/stats.h"
#include "tests/unit/study/near.h"

enum { YEARS = 16, K = 6 };

/* Longley, J. Am. Stat. Assoc. 62 (1967): the regression that NIST certifies as hard on programs
 * (itl.nist.gov/div898/strd/lls/data/Longley.shtml). */
static const double employed[YEARS] = { 60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761,
					66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551 };
static const double causes[YEARS * K] = {
	83.0,  234289, 2356, 1590, 107608, 1947, /* price deflator, product, unemployed, army, population, year */
	88.5,  259426, 2325, 1456, 108632, 1948, /* */
	88.2,  258054, 3682, 1616, 109773, 1949, /* */
	89.5,  284599, 3351, 1650, 110929, 1950, /* */
	96.2,  328975, 2099, 3099, 112075, 1951, /* */
	98.1,  346999, 1932, 3594, 113270, 1952, /* */
	99.0,  365385, 1870, 3547, 115094, 1953, /* */
	100.0, 363112, 3578, 3350, 116219, 1954, /* */
	101.2, 397469, 2904, 3048, 117388, 1955, /* */
	104.6, 419180, 2822, 2857, 118734, 1956, /* */
	108.4, 442769, 2936, 2798, 120445, 1957, /* */
	110.8, 444546, 4681, 2637, 121950, 1958, /* */
	112.6, 482704, 3813, 2552, 123366, 1959, /* */
	114.2, 502601, 3931, 2514, 125368, 1960, /* */
	115.7, 518173, 4806, 2572, 127852, 1961, /* */
	116.9, 554894, 4007, 2827, 130081, 1962, /* */
};

static double deviation(const double *x, size_t n, size_t stride)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < n; i++)
		tally_add(&t, x[i * stride]);
	return sqrt(tally_variance(&t));
}

static void longley_comes_out_as_certified(void **state)
{
	static const double slope[K] = { 15.0618722713733,  -0.358191792925910E-01, -2.02022980381683,
					 -1.03322686717359, -0.511041056535807E-01, 1829.15146461355 };
	static const double error[K] = { 84.9149257747669,  0.334910077722432E-01, 0.488399681651699,
					 0.214274163161675, 0.226073200069370,     455.478499142212 };
	double t = gsl_cdf_tdist_Pinv(0.975, YEARS - K - 1), sy = deviation(employed, YEARS, 1), r2;
	struct interval out[K];

	(void)state;
	assert_int_equal(regression(causes, employed, YEARS, K, 0.95, out, &r2), 0);
	assert_near(r2, 0.995479004577296, 1e-12);
	for (size_t j = 0; j < K; j++) {
		double scale = deviation(causes + j, YEARS, K) / sy;
		assert_near(out[j].mean / scale, slope[j], 1e-9 * fabs(slope[j]));
		assert_near((out[j].high - out[j].mean) / t / scale, error[j], 1e-9 * error[j]);
		assert_near((out[j].mean - out[j].low) / t / scale, error[j], 1e-9 * error[j]);
		assert_int_equal(out[j].n, YEARS);
	}
}

static void independent_columns_share_the_variance(void **state)
{
	/* A full 2 x 2 grid, twice: y = 3 a + 4 b: coefficients 3/5 and 4/5. */
	const double x[] = { -1, -1, -1, 1, 1, -1, 1, 1, -1, -1, -1, 1, 1, -1, 1, 1 };
	double y[8], r2;
	struct interval out[2];

	(void)state;
	for (size_t i = 0; i < 8; i++)
		y[i] = 100 + 3 * x[2 * i] + 4 * x[2 * i + 1];
	assert_int_equal(regression(x, y, 8, 2, 0.95, out, &r2), 0);
	assert_near(out[0].mean, 0.6, 1e-12);
	assert_near(out[1].mean, 0.8, 1e-12);
	assert_near(out[1].high - out[1].low, 0, 1e-12);
	assert_near(r2, 1, 1e-12);
}

static void a_row_with_a_missing_value_is_left_out(void **state)
{
	double x[(YEARS + 2) * K], y[YEARS + 2], r2, without;
	struct interval out[K], same[K];

	(void)state;
	memcpy(x, causes, sizeof causes);
	memcpy(x + YEARS * K, causes, 2 * K * sizeof *x);
	memcpy(y, employed, sizeof employed);
	y[YEARS] = NAN;
	y[YEARS + 1] = 0;
	x[(YEARS + 1) * K + 4] = NAN;
	assert_int_equal(regression(x, y, YEARS + 2, K, 0.95, out, &r2), 0);
	assert_int_equal(regression(causes, employed, YEARS, K, 0.95, same, &without), 0);
	assert_memory_equal(out, same, sizeof out);
	assert_true(r2 == without);
}

static void singular_designs_and_too_few_rows_are_refused(void **state)
{
	double x[20 * 2], y[20], r2;
	struct rng rng = rng_stream(rng_key(41, 0), 1, 0, 0);
	struct interval out[2];

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		x[2 * i] = rng_normal(&rng);
		x[2 * i + 1] = 3 - 0.7 * x[2 * i];
		y[i] = rng_normal(&rng);
	}
	assert_int_equal(regression(x, y, 20, 2, 0.95, out, &r2), -1); /* one column is the other */
	for (size_t i = 0; i < 20; i++)
		x[2 * i + 1] = i % 3 ? 0.3 : 0.1 + 0.2;
	assert_int_equal(regression(x, y, 20, 2, 0.95, out, &r2), -1); /* a constant but for a rounding */
	for (size_t i = 0; i < 20; i++)
		x[2 * i + 1] = rng_normal(&rng);
	assert_int_equal(regression(x, y, 20, 2, 0.95, out, &r2), 0);
	assert_int_equal(regression(x, y, 4, 2, 0.95, out, &r2), 0);
	assert_int_equal(regression(x, y, 3, 2, 0.95, out, &r2), -1);
	y[0] = NAN;
	assert_int_equal(regression(x, y, 4, 2, 0.95, out, &r2), -1);
	assert_int_equal(regression(x, y, 20, 0, 0.95, out, &r2), -1);
}

static void a_constant_response_has_no_coefficients(void **state)
{
	double y[YEARS], r2 = 0;
	struct interval out[K];

	(void)state;
	for (size_t i = 0; i < YEARS; i++)
		y[i] = 0.1;
	assert_int_equal(regression(causes, y, YEARS, K, 0.95, out, &r2), 0);
	assert_true(isnan(r2));
	for (size_t j = 0; j < K; j++)
		assert_true(isnan(out[j].mean) && isnan(out[j].low) && isnan(out[j].high));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longley_comes_out_as_certified),
		cmocka_unit_test(independent_columns_share_the_variance),
		cmocka_unit_test(a_row_with_a_missing_value_is_left_out),
		cmocka_unit_test(singular_designs_and_too_few_rows_are_refused),
		cmocka_unit_test(a_constant_response_has_no_coefficients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
