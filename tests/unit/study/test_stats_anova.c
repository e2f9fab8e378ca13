#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats.h"
#include "tests/unit/study/near.h"

enum { K = 3, CELLS = 24, REPS = 20 };
static const size_t levels[K] = { 3, 4, 2 };

static void a_grid_of_four_is_as_worked_by_hand(void **state)
{
	/* 0 1 / 2 5: mean 2, V = 3.5; rows 0.5 and 3.5: 2.25; columns 1 and 3: 1; what is left is 0.25, in both totals. */
	const double y[] = { 0, 1, 2, 5 };
	const size_t two[] = { 2, 2 };
	struct sobol_index out[2];

	(void)state;
	assert_int_equal(anova_indices(y, two, 2, 1, 100, 1, 0.95, out), 0);
	assert_near(out[0].first.mean, 2.25 / 3.5, 1e-12);
	assert_near(out[1].first.mean, 1 / 3.5, 1e-12);
	assert_near(out[0].total.mean, 2.5 / 3.5, 1e-12);
	assert_near(out[1].total.mean, 1.25 / 3.5, 1e-12);
	assert_true(isnan(out[0].first.low) && isnan(out[1].total.high)); /* one replication */
	assert_int_equal(out[0].first.n, 1);
}

static size_t digit(size_t cell, size_t factor)
{
	return factor == 0 ? cell / 8 : factor == 1 ? cell / 2 % 4 : cell % 2;
}

/* The same cell but for one factor's level, or (but false) the same level of it alone. */
static bool alike(size_t a, size_t b, size_t factor, bool but)
{
	if (!but)
		return digit(a, factor) == digit(b, factor);
	for (size_t i = 0; i < K; i++)
		if (i != factor && digit(a, i) != digit(b, i))
			return false;
	return true;
}

static double mean_over(const double *grid, size_t cell, size_t factor, bool but)
{
	double sum = 0, n = 0;

	for (size_t c = 0; c < CELLS; c++)
		if (alike(cell, c, factor, but)) {
			sum += grid[c];
			n++;
		}
	return sum / n;
}

/* Mean over the cells of the product of two grids' deviations from their means: with f the conditional means of a factor, or
 * of all but it, else the values. */
static double product(const double *a, const double *b, size_t factor, bool conditional, bool but)
{
	double ma = 0, mb = 0, sum = 0;

	for (size_t c = 0; c < CELLS; c++) {
		ma += a[c] / CELLS;
		mb += b[c] / CELLS;
	}
	for (size_t c = 0; c < CELLS; c++)
		sum += ((conditional ? mean_over(a, c, factor, but) : a[c]) - ma) *
		       ((conditional ? mean_over(b, c, factor, but) : b[c]) - mb) / CELLS;
	return sum;
}

/* An additive part, an interaction, common noise and a cell's own. */
static void draw(double *y, uint64_t seed, double common, double own)
{
	struct rng rng = rng_stream(rng_key(seed, 0), 1, 0, 0);

	for (size_t r = 0; r < REPS; r++) {
		double shared = common * rng_normal(&rng);
		for (size_t c = 0; c < CELLS; c++)
			y[c * REPS + r] = (double)digit(c, 0) + 2 * (double)digit(c, 1) +
					  3 * (double)(digit(c, 0) * digit(c, 2)) + shared + own * rng_normal(&rng);
	}
}

static void shares_are_the_definition_over_pairs_of_replications(void **state)
{
	double y[CELLS * REPS], grid[REPS][CELLS], v = 0;
	struct sobol_index out[K];

	(void)state;
	draw(y, 31, 2, 3);
	for (size_t r = 0; r < REPS; r++)
		for (size_t c = 0; c < CELLS; c++)
			grid[r][c] = y[c * REPS + r];
	assert_int_equal(anova_indices(y, levels, K, REPS, 0, 1, 0.95, out), 0);
	for (size_t r = 0; r < REPS; r++)
		for (size_t s = 0; s < REPS; s++)
			v += r == s ? 0 : product(grid[r], grid[s], 0, false, false);
	for (size_t i = 0; i < K; i++) {
		double first = 0, others = 0;
		for (size_t r = 0; r < REPS; r++)
			for (size_t s = 0; s < REPS; s++) {
				first += r == s ? 0 : product(grid[r], grid[s], i, true, false);
				others += r == s ? 0 : product(grid[r], grid[s], i, true, true);
			}
		assert_near(out[i].first.mean, first / v, 1e-10);
		assert_near(out[i].total.mean, 1 - others / v, 1e-10);
	}
}

static void common_noise_changes_nothing(void **state)
{
	double quiet[CELLS * REPS], loud[CELLS * REPS];
	struct sobol_index a[K], b[K];

	(void)state;
	draw(quiet, 32, 0, 0);
	draw(loud, 32, 100, 0);
	assert_int_equal(anova_indices(quiet, levels, K, REPS, 50, 1, 0.95, a), 0);
	assert_int_equal(anova_indices(loud, levels, K, REPS, 50, 1, 0.95, b), 0);
	for (size_t i = 0; i < K; i++) {
		assert_near(b[i].first.mean, a[i].first.mean, 1e-9);
		assert_near(b[i].total.mean, a[i].total.mean, 1e-9);
		assert_near(b[i].total.low, a[i].total.mean, 1e-9);
		assert_near(b[i].total.high, a[i].total.mean, 1e-9);
	}
}

static void noise_is_not_read_as_interaction(void **state)
{
	double corrected = 0, plain = 0, y[CELLS * REPS], mean[CELLS];
	const int trials = 100;

	(void)state;
	/* Factor 2 has no interaction: its total is its first.  The plain shares of the mean grid differ by noise. */
	for (int t = 0; t < trials; t++) {
		struct sobol_index out[K], raw[K];
		draw(y, 100 + (uint64_t)t, 1, 5);
		for (size_t c = 0; c < CELLS; c++) {
			mean[c] = 0;
			for (size_t r = 0; r < REPS; r++)
				mean[c] += y[c * REPS + r] / REPS;
		}
		assert_int_equal(anova_indices(y, levels, K, REPS, 0, 1, 0.95, out), 0);
		assert_int_equal(anova_indices(mean, levels, K, 1, 0, 1, 0.95, raw), 0);
		corrected += (out[1].total.mean - out[1].first.mean) / trials;
		plain += (raw[1].total.mean - raw[1].first.mean) / trials;
	}
	/* Variance of a mean 25 / 20, 15 of 24 degrees of freedom are interactions of factor 2: 0.78 of about 13. */
	assert_true(plain > 0.045);
	assert_near(corrected, 0, 0.01);
}

static void a_response_of_noise_alone_has_no_shares(void **state)
{
	struct rng rng = rng_stream(rng_key(33, 0), 1, 0, 0);
	double y[CELLS * REPS];
	struct sobol_index out[K];
	size_t shared = 0;

	(void)state;
	for (size_t trial = 0; trial < 100; trial++) {
		for (size_t i = 0; i < CELLS * REPS; i++)
			y[i] = rng_normal(&rng);
		assert_int_equal(anova_indices(y, levels, K, REPS, 200, 1, 0.95, out), 0);
		if (!isnan(out[0].first.mean))
			shared++;
		else
			assert_true(isnan(out[0].first.low) && isnan(out[2].total.mean) && isnan(out[2].total.high));
	}
	assert_in_range(shared, 0, 10);
	for (size_t i = 0; i < CELLS * REPS; i++)
		y[i] = 0.1;
	assert_int_equal(anova_indices(y, levels, K, REPS, 0, 1, 0.95, out), 0);
	assert_true(isnan(out[0].first.mean) && isnan(out[0].total.mean));
	for (size_t i = 0; i < CELLS * REPS; i++)
		y[i] = 0.1 * (double)(i % REPS); /* each replication is a constant */
	assert_int_equal(anova_indices(y, levels, K, REPS, 0, 1, 0.95, out), 0);
	assert_true(isnan(out[0].first.mean) && isnan(out[0].total.mean));
}

static void a_missing_cell_drops_its_replication_everywhere(void **state)
{
	double y[CELLS * REPS], less[CELLS * (REPS - 2)];
	struct sobol_index with[K], without[K];

	(void)state;
	draw(y, 34, 1, 1);
	for (size_t c = 0; c < CELLS; c++)
		for (size_t r = 0, s = 0; r < REPS; r++)
			if (r != 3 && r != 19)
				less[c * (REPS - 2) + s++] = y[c * REPS + r];
	y[5 * REPS + 3] = NAN;
	y[23 * REPS + 19] = NAN;
	assert_int_equal(anova_indices(y, levels, K, REPS, 40, 1, 0.95, with), 0);
	assert_int_equal(anova_indices(less, levels, K, REPS - 2, 40, 1, 0.95, without), 0);
	assert_memory_equal(with, without, sizeof with);
	assert_int_equal(with[0].first.n, REPS - 2);
	for (size_t r = 0; r < REPS; r++)
		y[7 * REPS + r] = NAN;
	assert_int_equal(anova_indices(y, levels, K, REPS, 40, 1, 0.95, with), 0);
	assert_true(isnan(with[0].first.mean) && isnan(with[2].total.low) && with[1].first.n == 0);
}

static void the_seed_decides_the_intervals(void **state)
{
	struct sobol_index one[K], again[K], other[K];
	double y[CELLS * REPS];

	(void)state;
	draw(y, 35, 1, 2);
	anova_indices(y, levels, K, REPS, 200, 1, 0.95, one);
	anova_indices(y, levels, K, REPS, 200, 1, 0.95, again);
	anova_indices(y, levels, K, REPS, 200, 2, 0.95, other);
	assert_memory_equal(one, again, sizeof one);
	for (size_t i = 0; i < K; i++) {
		assert_true(one[i].first.mean == other[i].first.mean && one[i].first.low != other[i].first.low);
		assert_true(one[i].total.low < one[i].total.mean && one[i].total.mean < one[i].total.high);
	}
	anova_indices(y, levels, K, REPS, 200, 1, 0.5, other);
	assert_true(other[0].total.low > one[0].total.low && other[0].total.high < one[0].total.high);
}

static void two_replications_suffice(void **state)
{
	const double y[] = { 0, 0.1, 1, 1.2, 2, 1.9, 5, 5 };
	const size_t two[] = { 2, 2 };
	struct sobol_index out[2];

	(void)state;
	assert_int_equal(anova_indices(y, two, 2, 2, 500, 1, 0.95, out), 0);
	assert_near(out[0].first.mean, 2.25 / 3.5, 0.05);
	/* A draw of one replication twice makes no pair; those of both are all the same pair. */
	assert_true(out[0].first.low == out[0].first.mean && out[0].first.high == out[0].first.mean);
	struct rng rng = rng_stream(rng_key(36, 0), 1, 0, 0);
	for (size_t trial = 0; trial < 200; trial++) {
		double noisy[12]; /* three replications: of nine draws one is the same three times */
		for (size_t i = 0; i < 12; i++)
			noisy[i] = y[i / 3 * 2] + 0.1 * rng_normal(&rng);
		assert_int_equal(anova_indices(noisy, two, 2, 3, 50, 1, 0.95, out), 0);
		assert_true(out[0].first.low <= out[0].first.mean && out[0].first.mean <= out[0].first.high);
	}
}

static void a_main_effect_is_the_mean_at_its_level(void **state)
{
	/* 2 x 3 cells of two replications; first factor at level 1: replications 8 + 10 + 12 and 9 + 13 + 17 over 3: 10 and
	 * 13; second at 2: (4 + 12) / 2 and (6 + 17) / 2. */
	const double y[] = { 0, 0, 2, 3, 4, 6, 8, 9, 10, 13, 12, 17 };
	const size_t shape[] = { 2, 3 };
	double holes[12];

	(void)state;
	struct interval in = main_effect(y, shape, 2, 2, 0, 1, 0.95);
	assert_near(in.mean, 11.5, 1e-12);
	assert_near(in.high - in.mean, 12.7062047 * 1.5, 1e-6); /* t(1, 0.975) times 3 / sqrt(2) / sqrt(2) */
	assert_int_equal(in.n, 2);
	assert_near(main_effect(y, shape, 2, 2, 1, 2, 0.95).mean, (8 + 11.5) / 2, 1e-12);
	memcpy(holes, y, sizeof y);
	holes[6] = NAN; /* the first replication of cell (1, 0) */
	in = main_effect(holes, shape, 2, 2, 0, 1, 0.95);
	assert_true(in.mean == 13 && in.n == 1 && isnan(in.low));
	assert_int_equal(main_effect(holes, shape, 2, 2, 1, 2, 0.95).n, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grid_of_four_is_as_worked_by_hand),
		cmocka_unit_test(shares_are_the_definition_over_pairs_of_replications),
		cmocka_unit_test(common_noise_changes_nothing),
		cmocka_unit_test(noise_is_not_read_as_interaction),
		cmocka_unit_test(a_response_of_noise_alone_has_no_shares),
		cmocka_unit_test(a_missing_cell_drops_its_replication_everywhere),
		cmocka_unit_test(the_seed_decides_the_intervals),
		cmocka_unit_test(two_replications_suffice),
		cmocka_unit_test(a_main_effect_is_the_mean_at_its_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
