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

enum { ROWS = 400, K = 3 };

struct sample {
	double a[ROWS], b[ROWS], ab[K * ROWS];
};

/* u1 + 2 u2 + u1 u2, the third factor idle. */
static double model(const double *u)
{
	return u[0] + 2 * u[1] + u[0] * u[1];
}

static void draw(struct sample *s)
{
	struct rng rng = rng_stream(rng_key(21, 0), 1, 0, 0);

	for (size_t j = 0; j < ROWS; j++) {
		double a[K], b[K], mixed[K];
		for (size_t i = 0; i < K; i++) {
			a[i] = rng_uniform(&rng);
			b[i] = rng_uniform(&rng);
		}
		s->a[j] = model(a);
		s->b[j] = model(b);
		for (size_t i = 0; i < K; i++) {
			memcpy(mixed, a, sizeof a);
			mixed[i] = b[i];
			s->ab[i * ROWS + j] = model(mixed);
		}
	}
}

static void indices_are_those_worked_by_hand(void **state)
{
	/* Mean 3, V = (4 + 0 + 1 + 9) / 4 = 3.5; first: ((2 - 3)(4 - 1) + (6 - 3)(2 - 3)) / 2 / 3.5; total: (9 + 1) / 4
	 * / 3.5. */
	const double a[] = { 1, 3 }, b[] = { 2, 6 }, ab[] = { 4, 2 };
	struct sobol_index out;

	(void)state;
	assert_int_equal(sobol_indices(a, b, ab, 2, 1, 0, 1, 0.95, &out), 0);
	assert_near(out.first.mean, -3 / 3.5, 1e-12);
	assert_near(out.total.mean, 2.5 / 3.5, 1e-12);
	assert_int_equal(out.first.n, 2);
	assert_true(isnan(out.first.low) && isnan(out.first.high) && isnan(out.total.low) && isnan(out.total.high));
}

static void a_bootstrap_of_two_rows_is_worked_by_hand(void **state)
{
	/* The first row twice: mean 1.5, V 1/4: first (2 - 1.5) 3 / V = 6, total 9 / 2 V = 18.  The second twice: mean 4.5,
	 * V 9/4: first (6 - 4.5)(-1) / V = -2/3, total 1 / 2 V = 2/9.  Both: as above.  Of two rows the percentiles are the
	 * extremes. */
	const double a[] = { 1, 3 }, b[] = { 2, 6 }, ab[] = { 4, 2 };
	struct sobol_index out;

	(void)state;
	assert_int_equal(sobol_indices(a, b, ab, 2, 1, 50, 1, 0.95, &out), 0);
	assert_near(out.first.low, -3 / 3.5, 1e-12);
	assert_near(out.first.high, 6, 1e-12);
	assert_near(out.total.low, 2.0 / 9, 1e-12);
	assert_near(out.total.high, 18, 1e-12);
}

static void intervals_hold_what_is_known(void **state)
{
	/* On (0, 1): Var(u1 main) = (1.5)^2 / 12, of u2 (2.5)^2 / 12, of the interaction 1 / 144. */
	const double v1 = 2.25 / 12, v2 = 6.25 / 12, v12 = 1.0 / 144, v = v1 + v2 + v12;
	const double first[] = { v1 / v, v2 / v, 0 }, total[] = { (v1 + v12) / v, (v2 + v12) / v, 0 };
	struct sobol_index out[K];
	struct sample s;

	(void)state;
	draw(&s);
	assert_int_equal(sobol_indices(s.a, s.b, s.ab, ROWS, K, 1000, 1, 0.99, out), 0);
	for (size_t i = 0; i < K; i++) {
		assert_true(out[i].first.low <= first[i] && first[i] <= out[i].first.high);
		assert_true(out[i].total.low <= total[i] && total[i] <= out[i].total.high);
		assert_true(out[i].first.low <= out[i].first.mean && out[i].first.mean <= out[i].first.high);
		assert_true(i == 2 ||
			    (out[i].first.high - out[i].first.low > 0.05 && out[i].first.high - out[i].first.low < 1));
	}
}

static void an_idle_factor_has_no_share(void **state)
{
	struct sobol_index out[K];
	struct sample s;

	(void)state;
	draw(&s);
	assert_int_equal(sobol_indices(s.a, s.b, s.ab, ROWS, K, 100, 1, 0.95, out), 0);
	assert_true(out[2].first.mean == 0 && out[2].first.low == 0 && out[2].first.high == 0);
	assert_true(out[2].total.mean == 0 && out[2].total.low == 0 && out[2].total.high == 0);
}

static void unit_and_origin_of_the_response_do_not_matter(void **state)
{
	struct sobol_index plain[K], moved[K];
	struct sample s;

	(void)state;
	draw(&s);
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 50, 1, 0.95, plain);
	for (size_t j = 0; j < ROWS; j++) {
		s.a[j] = 1e6 - 3 * s.a[j];
		s.b[j] = 1e6 - 3 * s.b[j];
		for (size_t i = 0; i < K; i++)
			s.ab[i * ROWS + j] = 1e6 - 3 * s.ab[i * ROWS + j];
	}
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 50, 1, 0.95, moved);
	for (size_t i = 0; i < K; i++) {
		assert_near(moved[i].first.mean, plain[i].first.mean, 1e-8);
		assert_near(moved[i].total.low, plain[i].total.low, 1e-8);
		assert_near(moved[i].first.high, plain[i].first.high, 1e-8);
	}
}

static void the_seed_decides_the_intervals_and_nothing_else(void **state)
{
	struct sobol_index one[K], again[K], other[K];
	struct sample s;

	(void)state;
	draw(&s);
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 200, 1, 0.95, one);
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 200, 1, 0.95, again);
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 200, 2, 0.95, other);
	assert_memory_equal(one, again, sizeof one);
	assert_true(one[0].first.mean == other[0].first.mean && one[0].first.low != other[0].first.low);
	assert_near(other[0].first.low, one[0].first.low, 0.05);
	sobol_indices(s.a, s.b, s.ab, ROWS, K, 200, 1, 0.5, other);
	assert_true(other[0].first.low > one[0].first.low && other[0].total.high < one[0].total.high);
}

static void a_row_with_a_missing_value_is_dropped_whole(void **state)
{
	struct sobol_index with[K], without[K];
	struct sample s, holes;
	double ab[K * (ROWS - 3)];

	(void)state;
	draw(&s);
	holes = s;
	holes.a[ROWS - 1] = NAN;
	holes.b[ROWS - 2] = NAN;
	holes.ab[2 * ROWS + ROWS - 3] = NAN;
	for (size_t i = 0; i < K; i++)
		memcpy(&ab[i * (ROWS - 3)], &s.ab[i * ROWS], (ROWS - 3) * sizeof *ab);
	assert_int_equal(sobol_indices(holes.a, holes.b, holes.ab, ROWS, K, 60, 1, 0.95, with), 0);
	assert_int_equal(sobol_indices(s.a, s.b, ab, ROWS - 3, K, 60, 1, 0.95, without), 0);
	assert_memory_equal(with, without, sizeof with);
	assert_int_equal(with[0].first.n, ROWS - 3);
}

static void a_response_that_does_not_vary_has_no_shares(void **state)
{
	static const double constants[] = { 0, 0.1, 1.0 / 3, 0.3 };
	double y[20], ab[K * 20];
	struct sobol_index out[K];

	(void)state;
	for (size_t c = 0; c < 4; c++)
		for (size_t n = 0; n <= 20; n++) {
			for (size_t i = 0; i < K * n; i++)
				ab[i] = y[i % 20] = constants[c];
			if (c == 3 && n > 1)
				y[1] = 0.1 + 0.2; /* off by a rounding */
			assert_int_equal(sobol_indices(y, y, ab, n, K, 10, 1, 0.95, out), 0);
			for (size_t i = 0; i < K; i++)
				assert_true(isnan(out[i].first.mean) && isnan(out[i].first.low) &&
					    isnan(out[i].total.mean) && isnan(out[i].total.high));
			assert_int_equal(out[0].first.n, n);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indices_are_those_worked_by_hand),
		cmocka_unit_test(a_bootstrap_of_two_rows_is_worked_by_hand),
		cmocka_unit_test(intervals_hold_what_is_known),
		cmocka_unit_test(an_idle_factor_has_no_share),
		cmocka_unit_test(unit_and_origin_of_the_response_do_not_matter),
		cmocka_unit_test(the_seed_decides_the_intervals_and_nothing_else),
		cmocka_unit_test(a_row_with_a_missing_value_is_dropped_whole),
		cmocka_unit_test(a_response_that_does_not_vary_has_no_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
