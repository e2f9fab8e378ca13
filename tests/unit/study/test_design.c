/* Designs of experiments: against plain enumerations, and published points of the sequence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/study/design.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return arena ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* A table that there must be, of so many rows. */
static const double *table(enum design kind, const struct axis *axes, size_t k, size_t samples, uint64_t seed, size_t rows)
{
	const char *why = "";
	size_t n = 77;
	const double *t = design_table(kind, axes, k, samples, seed, arena, &n, &why);

	assert_non_null(t);
	assert_null(why);
	assert_int_equal(n, rows);
	for (size_t i = 0; i < n * k; i++)
		assert_true(t[i] >= 0 && t[i] < 1);
	return t;
}

static const char *refusal(enum design kind, const struct axis *axes, size_t k, size_t samples)
{
	const char *why = NULL;
	size_t n = 77;

	assert_null(design_table(kind, axes, k, samples, 1, arena, &n, &why));
	assert_int_equal(n, 0);
	assert_non_null(why);
	return why;
}

static void every_level_is_found_again_at_its_place(void **state)
{
	(void)state;
	for (size_t levels = 1; levels <= 1000; levels++)
		for (size_t level = 0; level < levels; level++)
			assert_int_equal(design_level(design_place(level, levels), levels), level);
	assert_int_equal(design_level(1, 4), 3);
	assert_int_equal(design_level(0, 4), 0);
}

static void a_factorial_counts_like_an_odometer(void **state)
{
	static const struct axis axes[] = { { 2, 0 }, { 3, 0 }, { 1, 0 }, { 4, 0 } };
	const double *t = table(DESIGN_FACTORIAL, axes, 4, 0, 0, 24);
	size_t row = 0;

	(void)state;
	for (size_t a = 0; a < 2; a++)
		for (size_t b = 0; b < 3; b++)
			for (size_t d = 0; d < 4; d++, row++) {
				const size_t want[] = { a, b, 0, d };
				for (size_t i = 0; i < 4; i++) {
					assert_int_equal(design_level(t[row * 4 + i], axes[i].levels), want[i]);
					assert_true(t[row * 4 + i] == design_place(want[i], axes[i].levels));
				}
			}
}

static void a_star_moves_one_factor_at_a_time_away_from_its_base(void **state)
{
	/* Base levels 1 of 3, 0 of 2, 3 of 4: a base anywhere in a level counts as that level. */
	static const struct axis axes[] = { { 3, 0.34 }, { 2, 0 }, { 1, 0.5 }, { 4, 0.99 } };
	static const size_t want[][4] = { { 1, 0, 0, 3 }, { 0, 0, 0, 3 }, { 2, 0, 0, 3 }, { 1, 1, 0, 3 },
					  { 1, 0, 0, 0 }, { 1, 0, 0, 1 }, { 1, 0, 0, 2 } };
	const double *t = table(DESIGN_STAR, axes, 4, 0, 0, 7);

	(void)state;
	for (size_t row = 0; row < 7; row++)
		for (size_t i = 0; i < 4; i++)
			assert_true(t[row * 4 + i] == design_place(want[row][i], axes[i].levels));
}

static void without_factors_there_is_one_point(void **state)
{
	(void)state;
	table(DESIGN_FACTORIAL, NULL, 0, 0, 0, 1);
	table(DESIGN_STAR, NULL, 0, 0, 0, 1);
}

static void a_latin_hypercube_hits_every_stratum_of_every_axis_once(void **state)
{
	static const struct axis axes[] = { { 0, 0 }, { 0, 0 }, { 5, 0 }, { 0, 0 } };
	enum { N = 997 };

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		const double *t = table(DESIGN_LATIN, axes, 4, N, seed, N);
		for (size_t i = 0; i < 4; i++) {
			bool hit[N] = { false };
			for (size_t row = 0; row < N; row++) {
				size_t stratum = (size_t)(t[row * 4 + i] * N);
				assert_false(hit[stratum]);
				hit[stratum] = true;
			}
		}
	}
}

static void places_within_strata_are_uniform_and_axes_unrelated(void **state)
{
	static const struct axis axes[] = { { 0, 0 }, { 0, 0 } };
	enum { N = 10000 };
	const double *t = table(DESIGN_LATIN, axes, 2, N, 3, N);
	double sum = 0, strata = 0, within = 0;

	(void)state;
	for (size_t row = 0; row < N; row++) {
		const double *at = &t[row * 2];
		double u = at[0] * N - floor(at[0] * N), v = at[1] * N - floor(at[1] * N);
		sum += u;
		strata += (at[0] - 0.5) * (at[1] - 0.5);
		within += (u - 0.5) * (v - 0.5);
	}
	/* Four standard errors: of a mean of uniforms, and of correlations (12 times the covariance). */
	assert_true(fabs(sum / N - 0.5) < 4 * sqrt(1.0 / 12 / N));
	assert_true(fabs(12 * strata / N) < 4 / sqrt(N));
	assert_true(fabs(12 * within / N) < 4 / sqrt(N));
}

static void a_latin_hypercube_is_as_balanced_over_levels_as_can_be(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 5, 7, 10, 12, 30, 100, 101 };

	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++)
		for (size_t levels = 1; levels <= 12; levels++)
			for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
				const struct axis axes[] = { { levels, 0 }, { levels, 0 } };
				const double *t = table(DESIGN_LATIN, axes, 2, sizes[s], seed, sizes[s]);
				for (size_t i = 0; i < 2; i++) {
					size_t hits[12] = { 0 };
					for (size_t row = 0; row < sizes[s]; row++)
						hits[design_level(t[row * 2 + i], levels)]++;
					for (size_t level = 0; level < levels; level++)
						assert_in_range(hits[level], sizes[s] / levels,
								(sizes[s] + levels - 1) / levels);
				}
			}
}

static void a_latin_hypercube_follows_from_its_seed_and_an_axis_more_leaves_the_others(void **state)
{
	static const struct axis axes[] = { { 0, 0 }, { 3, 0 }, { 0, 0 } };
	const double *a = table(DESIGN_LATIN, axes, 2, 50, 9, 50), *b = table(DESIGN_LATIN, axes, 3, 50, 9, 50),
		     *c = table(DESIGN_LATIN, axes, 2, 50, 10, 50);
	size_t same = 0;

	(void)state;
	for (size_t row = 0; row < 50; row++)
		for (size_t i = 0; i < 2; i++) {
			assert_true(a[row * 2 + i] == b[row * 3 + i]);
			same += a[row * 2 + i] == c[row * 2 + i];
		}
	assert_true(same < 10);
}

/* Bratley and Fox, Algorithm 659, ACM TOMS 14 (1988), whose direction numbers GSL has: the first points of three dimensions, in
 * eighths, in the order of Antonov and Saleev (Gray code).  Worked by hand:
 * dimension 1 has v = 4 2 1, dimension 2 (x + 1: m = 1 3 5) v = 4 6 5, dimension 3 (x2 + x + 1: m = 1 1 7) v = 4 2 7, and point n is
 * point n - 1 xor v of the lowest zero bit of n - 1. */
static void sobol_points_are_the_published_ones(void **state)
{
	static const int eighths[7][3] = { { 4, 4, 4 }, { 6, 2, 6 }, { 2, 6, 2 }, { 3, 3, 5 },
					   { 7, 7, 1 }, { 5, 1, 3 }, { 1, 5, 7 } };
	static const struct axis axes[3];
	const double *t = table(DESIGN_SOBOL, axes, 3, 7, 0, 7);

	(void)state;
	for (size_t row = 0; row < 7; row++)
		for (size_t i = 0; i < 3; i++)
			assert_true(t[row * 3 + i] == eighths[row][i] / 8.0);
}

/* With the zero point, 2^m points of a (t, m, s)-net hit every dyadic interval of an axis once. */
static void a_sobol_sequence_fills_every_dyadic_interval(void **state)
{
	enum { N = 1024 };
	static const struct axis axes[DESIGN_AXES_MAX];
	const double *t = table(DESIGN_SOBOL, axes, DESIGN_AXES_MAX, N - 1, 0, N - 1);

	(void)state;
	for (size_t i = 0; i < DESIGN_AXES_MAX; i++) {
		bool hit[N] = { true };
		for (size_t row = 0; row < N - 1; row++) {
			size_t at = (size_t)(t[row * DESIGN_AXES_MAX + i] * N);
			assert_false(hit[at]);
			hit[at] = true;
		}
	}
}

/* Warnock's formula of the L2 star discrepancy: that of the sequence is far below that of random points, whose expected square is
 * (2^-k - 3^-k) / n. */
static void a_sobol_sequence_has_a_low_discrepancy(void **state)
{
	enum { N = 2047, K = 5 };
	static const struct axis axes[K];
	const double *t = table(DESIGN_SOBOL, axes, K, N, 0, N);
	double single = 0, pairs = 0;

	(void)state;
	for (size_t a = 0; a < N; a++) {
		double product = 1;
		for (size_t i = 0; i < K; i++)
			product *= (1 - t[a * K + i] * t[a * K + i]) / 2;
		single += product;
		for (size_t b = 0; b < N; b++) {
			double least = 1;
			for (size_t i = 0; i < K; i++)
				least *= 1 - fmax(t[a * K + i], t[b * K + i]);
			pairs += least;
		}
	}
	double square = pow(3, -K) - 2 * single / N + pairs / ((double)N * N);
	assert_true(square >= 0 && square < 0.1 * (pow(2, -K) - pow(3, -K)) / N);
}

static void a_saltelli_design_is_a_b_and_a_with_each_column_of_b(void **state)
{
	enum { N = 37, K = 3 };
	static const struct axis axes[2 * K];
	const double *t = table(DESIGN_SALTELLI, axes, K, N, 0, N * (K + 2));
	const double *both = table(DESIGN_SOBOL, axes, 2 * K, N, 0, N);
	const double *a = t, *b = t + (size_t)N * K;

	(void)state;
	for (size_t row = 0; row < N; row++)
		for (size_t i = 0; i < K; i++) {
			assert_true(a[row * K + i] == both[row * 2 * K + i]);
			assert_true(b[row * K + i] == both[row * 2 * K + K + i]);
			for (size_t of = 0; of < K; of++) {
				const double *ab = t + (2 + of) * N * K;
				assert_true(ab[row * K + i] == (i == of ? b : a)[row * K + i]);
			}
		}
}

static void what_cannot_be_made_is_refused_with_the_reason(void **state)
{
	static const struct axis axes[41] = { { 1000, 0.5 }, { 1000, 0.5 }, { 2, 0.5 }, { 0, 0.5 } };
	static const struct axis wide[] = { { 500000, 0 }, { 500002, 0 } }, vast[] = { { SIZE_MAX, 0 }, { SIZE_MAX, 0 } };
	static const struct {
		enum design kind;
		const struct axis *axes;
		size_t k, samples;
		const char *why;
	} cases[] = {
		{ DESIGN_FACTORIAL, axes, 3, 0, "makes more than 1000000 points" },
		{ DESIGN_FACTORIAL, vast, 2, 0, "makes more than 1000000 points" },
		{ DESIGN_FACTORIAL, axes, 4, 0,
		  "varies a range without steps, of which it cannot take every level (say how many steps, or take a latin or "
		  "sobol design)" },
		{ DESIGN_STAR, axes, 4, 0,
		  "varies a range without steps, of which it cannot take every level (say how many steps, or take a latin or "
		  "sobol design)" },
		{ DESIGN_STAR, wide, 2, 0, "makes more than 1000000 points" },
		{ DESIGN_STAR, vast, 2, 0, "makes more than 1000000 points" },
		{ DESIGN_LATIN, axes, 0, 5, "samples nothing: it has no factor" },
		{ DESIGN_LATIN, axes, 3, 0, "samples nothing: it wants a point at least" },
		{ DESIGN_LATIN, axes, 3, 1000001, "makes more than 1000000 points" },
		{ DESIGN_SOBOL, axes, 41, 5, "has more than 40 factors, for which there is no Sobol sequence" },
		{ DESIGN_SOBOL, axes, 40, 0, "samples nothing: it wants a point at least" },
		{ DESIGN_SALTELLI, axes, 21, 5,
		  "has more than 20 factors, for which there is no Sobol sequence of two matrices" },
		{ DESIGN_SALTELLI, axes, 3, 200001, "makes more than 1000000 points" },
		{ DESIGN_SALTELLI, axes, 2, SIZE_MAX / 4 + 1, "makes more than 1000000 points" },
		{ DESIGN_SALTELLI, axes, 0, 1, "samples nothing: it has no factor" },
		{ DESIGN_LIST, axes, 3, 5, "is a list: its points are named one by one" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(refusal(cases[i].kind, cases[i].axes, cases[i].k, cases[i].samples), cases[i].why);
}

static void the_largest_designs_are_made(void **state)
{
	static const struct axis axes[] = { { 1000, 0 }, { 1000, 0 } }, wide[] = { { 500000, 0 }, { 500001, 0 } };

	(void)state;
	table(DESIGN_FACTORIAL, axes, 2, 0, 0, 1000000);
	table(DESIGN_STAR, wide, 2, 0, 0, 1000000);
	table(DESIGN_LATIN, axes, 1, 1000000, 1, 1000000);
	table(DESIGN_SALTELLI, axes, 2, 250000, 0, 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_level_is_found_again_at_its_place),
		cmocka_unit_test(a_factorial_counts_like_an_odometer),
		cmocka_unit_test(a_star_moves_one_factor_at_a_time_away_from_its_base),
		cmocka_unit_test(without_factors_there_is_one_point),
		cmocka_unit_test(a_latin_hypercube_hits_every_stratum_of_every_axis_once),
		cmocka_unit_test(places_within_strata_are_uniform_and_axes_unrelated),
		cmocka_unit_test(a_latin_hypercube_is_as_balanced_over_levels_as_can_be),
		cmocka_unit_test(a_latin_hypercube_follows_from_its_seed_and_an_axis_more_leaves_the_others),
		cmocka_unit_test(sobol_points_are_the_published_ones),
		cmocka_unit_test(a_sobol_sequence_fills_every_dyadic_interval),
		cmocka_unit_test(a_sobol_sequence_has_a_low_discrepancy),
		cmocka_unit_test(a_saltelli_design_is_a_b_and_a_with_each_column_of_b),
		cmocka_unit_test(what_cannot_be_made_is_refused_with_the_reason),
		cmocka_unit_test(the_largest_designs_are_made),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
