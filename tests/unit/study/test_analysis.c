/* Points, indices, regressions and fronts of hand-made studies. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/study/made.h"

static void close_to(double x, double want, double tolerance)
{
	if (!(fabs(x - want) <= tolerance))
		fail_msg("%.12g instead of %.12g", x, want);
}

/* Replications 1 to 9 times the level, less 5 for the second response. */
static double counted(const struct study *st, size_t p, size_t r, size_t rep)
{
	return (double)(rep + 1) * (double)level(st, p, 0) - (r == 1 ? 5 : 0);
}

static void a_point_has_its_value_precision_and_verdict(void **state)
{
	static const char *const factors[] = { "a: 0 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_target(made_response(&m, LATENCY), TARGET_LE, 6);
	made_response(&m, BATTERY);
	made_values(&m, counted, 9);
	made_cut(&m, 2, 1);
	struct analysis *a = analysis_new(&m.st, &m.data);
	/* 1 to 9: mean 5, s^2 = 60 / 8, t(8, 0.975) = 2.306004. */
	double half = 2.306004135 * sqrt(7.5 / 9);
	close_to(a->points[2].value.mean, 5, 1e-12);
	close_to(a->points[2].value.high, 5 + half, 1e-6);
	close_to(a->points[2].precision, half / 5, 1e-6);
	assert_int_equal(a->points[2].value.n, 9);
	assert_int_equal(a->points[0].verdict, VERDICT_MET);
	assert_int_equal(a->points[2].verdict, VERDICT_UNDECIDED);
	assert_int_equal(a->points[4].verdict, VERDICT_UNDECIDED); /* one replication */
	assert_true(isnan(a->points[4].precision));
	assert_int_equal(a->points[3].verdict, VERDICT_NONE);
	/* A constant is precise though its mean is 0; about a mean of 0 nothing else is. */
	assert_true(a->points[0].precision == 0 && a->points[0].value.mean == 0);
	assert_true(isinf(a->points[3].precision));
	assert_true(a->points[1].precision == 0 && a->points[1].value.mean == -5);
	analysis_free(a);
	made_free(&m);
}

static void the_level_of_the_study_and_a_quantile_of_the_response_are_heeded(void **state)
{
	static const char *const factors[] = { "a: 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	struct response *r = made_response(&m, LATENCY);
	r->quantile = 0.5;
	made_target(r, TARGET_GT, 4.5);
	made_response(&m, LATENCY);
	m.st.precision.level = 0.8;
	made_values(&m, counted, 20);
	struct analysis *a = analysis_new(&m.st, &m.data);
	struct interval mean = interval_mean(m.data.at[3].v, 20, 0.8),
			median = interval_quantile(m.data.at[2].v, 20, 0.5, 0.8);
	assert_memory_equal(&a->points[2].value, &median, sizeof median);
	assert_memory_equal(&a->points[3].value, &mean, sizeof mean);
	close_to(a->points[2].value.mean, 10.5, 1e-12);
	close_to(a->points[3].value.mean, 5.5, 1e-12);
	close_to(a->points[2].precision, (median.high - median.low) / 2 / 10.5, 1e-12);
	assert_int_equal(a->points[2].verdict, VERDICT_MET);
	const struct effect *e = effect_of(a, EFFECT_MAIN, 1, 0, 1);
	struct contrast c = contrast_paired(m.data.at[1].v, m.data.at[3].v, 20, 0.8);
	assert_memory_equal(&e->estimate, &c.difference, sizeof c.difference);
	analysis_free(a);
	made_free(&m);
}

/* Ishigami's function with a = 7, b = 0.1: first-order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437 (Saltelli et al. 2008). */
static double ishigami(const struct study *st, size_t p, size_t r, size_t rep)
{
	double x[3];

	for (size_t f = 0; f < 3; f++)
		x[f] = number(st, p, f);
	(void)rep;
	double y = sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) + 0.1 * pow(x[2], 4) * sin(x[0]);
	return r == 1 ? 3 * x[1] - x[2] : y;
}

static const char *const angles[] = { "a: -3.14159265358979..3.14159265358979", "b: -3.14159265358979..3.14159265358979",
				      "c: -3.14159265358979..3.14159265358979", NULL };

static void a_saltelli_design_has_the_indices_of_ishigamis_function(void **state)
{
	static const double first[] = { 0.3139, 0.4424, 0 }, total[] = { 0.5576, 0.4424, 0.2437 };
	struct made m = made_study(DESIGN_SALTELLI, angles, 4096, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_response(&m, BATTERY);
	made_values(&m, ishigami, 1);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_FIRST), 6);
	assert_int_equal(count_effects(a, EFFECT_MAIN) + count_effects(a, EFFECT_DIFFERENCE), 0);
	for (size_t f = 0; f < 3; f++) {
		const struct effect *s = effect_of(a, EFFECT_FIRST, 0, f, SIZE_MAX),
				    *t = effect_of(a, EFFECT_TOTAL, 0, f, SIZE_MAX);
		close_to(s->estimate.mean, first[f], 0.02);
		close_to(t->estimate.mean, total[f], 0.02);
		assert_true(s->estimate.low < first[f] && s->estimate.high > first[f]);
		assert_true(isnan(s->p) && s->from == NULL && isnan(s->p_holm));
	}
	/* 3 b - c: nine tenths are b's, one tenth c's; and a straight line is all of it. */
	close_to(effect_of(a, EFFECT_FIRST, 1, 1, SIZE_MAX)->estimate.mean, 0.9, 0.02);
	close_to(effect_of(a, EFFECT_REGRESSION, 1, 1, SIZE_MAX)->estimate.mean, sqrt(0.9), 0.01);
	close_to(effect_of(a, EFFECT_REGRESSION, 1, 2, SIZE_MAX)->estimate.mean, -sqrt(0.1), 0.01);
	assert_int_equal(effect_of(a, EFFECT_REGRESSION, 1, 1, SIZE_MAX)->estimate.n, 8192);
	close_to(a->fit[1], 1, 1e-9);
	/* Of Ishigami's a line along x1 alone explains E[x1 sin x1]^2 (1 + b pi^4 / 5)^2 / (Var x1 Var y) = 2.9481^2
	 * / 3.2899 / 13.8446. */
	close_to(a->fit[0], 0.1908, 0.02);
	analysis_free(a);
	made_free(&m);
}

static bool one_point(const struct study *st, size_t p)
{
	(void)st;
	return p == 7;
}

static void a_saltelli_design_with_a_gap_has_no_indices(void **state)
{
	struct made m = made_study(DESIGN_SALTELLI, angles, 16, 0);

	(void)state;
	made_drop(&m, one_point);
	made_response(&m, LATENCY);
	made_values(&m, ishigami, 1);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(a->n_effects, 0);
	assert_true(isnan(a->fit[0]));
	analysis_free(a);
	made_free(&m);
}

static double product(const struct study *st, size_t p, size_t r, size_t rep)
{
	double a = (double)level(st, p, 0), b = (double)level(st, p, 1);

	return r == 1 ? a * b + 0.01 * noise(p, rep) : a + 10 * noise(1, rep);
}

static void a_grid_has_the_shares_of_its_variance(void **state)
{
	static const char *const factors[] = { "a: off on", "b: 0 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_response(&m, BATTERY);
	made_values(&m, product, 10);
	made_cut(&m, 3, 8);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_FIRST), 4);
	assert_int_equal(count_effects(a, EFFECT_TOTAL), 4);
	close_to(effect_of(a, EFFECT_FIRST, 0, 0, SIZE_MAX)->estimate.mean, 1, 1e-9);
	close_to(effect_of(a, EFFECT_TOTAL, 0, 1, SIZE_MAX)->estimate.mean, 0, 1e-9);
	assert_int_equal(effect_of(a, EFFECT_FIRST, 0, 0, SIZE_MAX)->estimate.n, 8);
	/* a b over {0, 1} x {0, 1, 2}: V = 5/6 - 1/4 = 7/12, Var E[.|a] = 1/4, Var E[.|b] = 1/6. */
	close_to(effect_of(a, EFFECT_FIRST, 1, 0, SIZE_MAX)->estimate.mean, 3.0 / 7, 0.02);
	close_to(effect_of(a, EFFECT_FIRST, 1, 1, SIZE_MAX)->estimate.mean, 2.0 / 7, 0.02);
	close_to(effect_of(a, EFFECT_TOTAL, 1, 0, SIZE_MAX)->estimate.mean, 5.0 / 7, 0.02);
	close_to(effect_of(a, EFFECT_TOTAL, 1, 1, SIZE_MAX)->estimate.mean, 4.0 / 7, 0.02);
	analysis_free(a);
	made_cut(&m, 3, 1);
	a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_FIRST), 0);
	analysis_free(a);
	made_free(&m);
}

/* In the grid's order whatever that of the points. */
static void a_grid_is_known_by_its_levels(void **state)
{
	static const char *const factors[] = { "a: off on", "b: 0 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	for (size_t p = 0; p < 3; p++) {
		struct cell swap[2];
		memcpy(swap, &m.st.cells[p * 2], sizeof swap);
		memcpy(&m.st.cells[p * 2], &m.st.cells[(5 - p) * 2], sizeof swap);
		memcpy(&m.st.cells[(5 - p) * 2], swap, sizeof swap);
	}
	made_response(&m, LATENCY);
	made_values(&m, product, 5);
	struct analysis *a = analysis_new(&m.st, &m.data);
	close_to(effect_of(a, EFFECT_FIRST, 0, 0, SIZE_MAX)->estimate.mean, 1, 1e-9);
	analysis_free(a);
	made_free(&m);
}

/* Linear in a, in the logarithm of b, in the level of c; d has three names, e has one level. */
static double linear(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r, (void)rep;
	return number(st, p, 0) - 2 * log(number(st, p, 1)) + 5 * (double)level(st, p, 2);
}

static void a_regression_is_on_numbers_logarithms_and_two_names(void **state)
{
	static const char *const factors[] = { "a: 0..10", "b: log 1..100", "c: off on", "d: x y z", "e: 4", NULL };
	enum { N = 60 };

	(void)state;
	for (enum design d = DESIGN_LATIN; d <= DESIGN_SOBOL; d++) {
		struct made m = made_study(d, factors, N, 0);
		double sum[4] = { 0 }, square[4] = { 0 };
		made_response(&m, LATENCY);
		made_values(&m, linear, 2);
		struct analysis *a = analysis_new(&m.st, &m.data);
		assert_int_equal(a->n_effects, 3);
		for (size_t p = 0; p < N; p++) {
			const double x[] = { number(&m.st, p, 0), log(number(&m.st, p, 1)), (double)level(&m.st, p, 2),
					     linear(&m.st, p, 0, 0) };
			for (size_t i = 0; i < 4; i++) {
				sum[i] += x[i];
				square[i] += x[i] * x[i];
			}
		}
		for (size_t i = 0; i < 4; i++)
			square[i] = sqrt(square[i] / N - sum[i] * sum[i] / N / N);
		close_to(effect_of(a, EFFECT_REGRESSION, 0, 0, SIZE_MAX)->estimate.mean, square[0] / square[3], 1e-9);
		close_to(effect_of(a, EFFECT_REGRESSION, 0, 1, SIZE_MAX)->estimate.mean, -2 * square[1] / square[3], 1e-9);
		close_to(effect_of(a, EFFECT_REGRESSION, 0, 2, SIZE_MAX)->estimate.mean, 5 * square[2] / square[3], 1e-9);
		close_to(a->fit[0], 1, 1e-9);
		analysis_free(a);
		made_free(&m);
	}
}

static void too_few_rows_have_no_line(void **state)
{
	static const char *const factors[] = { "a: 0..10", "b: log 1..100", "c: off on", NULL };
	struct made m = made_study(DESIGN_LATIN, factors, 4, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, linear, 2);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(a->n_effects, 0);
	assert_true(isnan(a->fit[0]));
	analysis_free(a);
	made_free(&m);
}

/* Coarse, so that places coincide; one in seven points has no value of one response or the other. */
static double scattered(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st, (void)rep;
	return (p + r) % 7 == 0 ? NAN : floor(8 * noise(p, r));
}

static void the_front_is_what_a_plain_search_finds(void **state)
{
	static const struct {
		size_t kpi[3];
		size_t of[2];
	} cases[] = {
		{ { DELIVERY, LATENCY, BATTERY }, { 0, 1 } },
		{ { GENERATED, LATENCY, DELIVERY }, { 1, 2 } },
		{ { BATTERY, GENERATED, DELIVERY }, { 0, 2 } },
	};
	static const char *const factors[] = { "a: 0..10", NULL };
	enum { N = 500 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct made m = made_study(DESIGN_SOBOL, factors, N, 0);
		size_t found = 0, x = cases[i].of[0], y = cases[i].of[1];
		for (size_t k = 0; k < 3; k++)
			made_response(&m, cases[i].kpi[k]);
		made_values(&m, scattered, 1);
		struct analysis *a = analysis_new(&m.st, &m.data);
		assert_in_range(a->n_fronts, 1, 2);
		assert_int_equal(a->wanted, x);
		assert_int_equal(a->fronts[0].of[0], x);
		assert_int_equal(a->fronts[0].of[1], y);
		assert_true(a->n_fronts == 1 || (a->fronts[1].of[0] == x && a->fronts[1].of[1] == 2));
		double sx = m.st.responses[x].def->better == KPI_HIGHER ? 1 : -1,
		       sy = m.st.responses[y].def->better == KPI_HIGHER ? 1 : -1;
		for (size_t p = 0; p < N; p++) {
			double px = sx * m.data.at[p * 3 + x].v[0], py = sy * m.data.at[p * 3 + y].v[0];
			bool best = !isnan(px) && !isnan(py);
			for (size_t q = 0; q < N && best; q++) {
				double qx = sx * m.data.at[q * 3 + x].v[0], qy = sy * m.data.at[q * 3 + y].v[0];
				best = !(qx >= px && qy >= py && (qx > px || qy > py));
			}
			assert_int_equal(a->fronts[0].best[p], best);
			found += best;
		}
		assert_in_range(found, 2, 60);
		analysis_free(a);
		made_free(&m);
	}
}

static void without_two_responses_that_are_better_one_way_there_is_no_front(void **state)
{
	static const char *const factors[] = { "a: 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_response(&m, GENERATED);
	made_values(&m, counted, 2);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_true(a->wanted == 0 && a->n_fronts == 0);
	analysis_free(a);
	made_free(&m);
}

static double any(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st;
	return noise(p + 1000 * r, rep) + (double)p;
}

static void an_analysis_is_the_same_to_the_bit_however_often(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", "b: 1 2 3", NULL };

	(void)state;
	for (enum design d = DESIGN_FACTORIAL; d <= DESIGN_SALTELLI; d++) {
		struct made m = made_study(d, factors, 20, 0);
		made_response(&m, LATENCY);
		made_response(&m, DELIVERY);
		made_values(&m, any, 6);
		struct analysis *a = analysis_new(&m.st, &m.data), *b = analysis_new(&m.st, &m.data);
		assert_true(a->n_effects > 0 && a->n_effects == b->n_effects);
		for (size_t i = 0; i < a->n_effects; i++) {
			assert_memory_equal(&a->effects[i].estimate, &b->effects[i].estimate,
					    sizeof a->effects[i].estimate);
			/* By kind, response, factor. */
			const struct effect *e = &a->effects[i], *before = i ? e - 1 : e;
			assert_true(e->kind >= before->kind);
			assert_true(e->kind > before->kind || e->response >= before->response);
			assert_true(e->kind > before->kind || e->response > before->response ||
				    e->factor >= before->factor);
		}
		analysis_free(a);
		analysis_free(b);
		made_free(&m);
	}
}

static void a_study_of_nothing_has_an_empty_analysis(void **state)
{
	static const char *const factors[] = { "a: 1 2", NULL };
	struct made m = made_study(DESIGN_LIST, factors, 0, 0);

	(void)state;
	made_points(&m, 0, NULL, NULL);
	made_response(&m, LATENCY);
	made_values(&m, counted, 2);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_non_null(a);
	assert_int_equal(a->n_effects, 0);
	analysis_free(a);
	/* Only the seed varies. */
	struct made seed = made_study(DESIGN_FACTORIAL, factors + 1, 0, 0);
	made_response(&seed, LATENCY);
	made_values(&seed, any, 5);
	a = analysis_new(&seed.st, &seed.data);
	assert_int_equal(a->n_effects, 0);
	assert_int_equal(a->points[0].value.n, 5);
	analysis_free(a);
	made_free(&seed);
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_point_has_its_value_precision_and_verdict),
		cmocka_unit_test(the_level_of_the_study_and_a_quantile_of_the_response_are_heeded),
		cmocka_unit_test(a_saltelli_design_has_the_indices_of_ishigamis_function),
		cmocka_unit_test(a_saltelli_design_with_a_gap_has_no_indices),
		cmocka_unit_test(a_grid_has_the_shares_of_its_variance),
		cmocka_unit_test(a_grid_is_known_by_its_levels),
		cmocka_unit_test(a_regression_is_on_numbers_logarithms_and_two_names),
		cmocka_unit_test(too_few_rows_have_no_line),
		cmocka_unit_test(the_front_is_what_a_plain_search_finds),
		cmocka_unit_test(without_two_responses_that_are_better_one_way_there_is_no_front),
		cmocka_unit_test(an_analysis_is_the_same_to_the_bit_however_often),
		cmocka_unit_test(a_study_of_nothing_has_an_empty_analysis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
