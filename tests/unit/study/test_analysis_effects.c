/* Main effects and differences: hand-made studies with known answers, and the plainest search for pairs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/study/made.h"

static void close_to(double x, double want)
{
	if (!(fabs(x - want) <= 1e-9 * fmax(1, fabs(want))))
		fail_msg("%.12g instead of %.12g", x, want);
}

static void same_bounds(const struct interval *i, const struct interval *want)
{
	close_to(i->mean, want->mean);
	close_to(i->low, want->low);
	close_to(i->high, want->high);
	assert_int_equal(i->n, want->n);
}

/* 10 for each level of the first factor, 3 for each of the second, 7 for both in their last; the replication adds to all, and
 * disturbs what the first factor does. */
static double additive(const struct study *st, size_t p, size_t r, size_t rep)
{
	double a = (double)level(st, p, 0), b = (double)level(st, p, 1);

	(void)r;
	return 100 * noise(1, rep) + 10 * a + a * noise(2, rep) + 3 * b + (a == 2 && b == 1 ? 7 : 0);
}

static const char *const two_factors[] = { "gateways: 3 6 9", "adr: off on", NULL };

static void a_main_effect_is_the_mean_over_pairs_within_each_replication(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);
	double diff[20];

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, additive, 20);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_MAIN), 3);
	for (size_t to = 1; to < 3; to++) {
		const struct effect *e = effect_of(a, EFFECT_MAIN, 0, 0, to);
		/* What all points share drops out; the interaction counts in one pair of two. */
		for (size_t i = 0; i < 20; i++)
			diff[i] = (double)to * (10 + noise(2, i)) + (to == 2 ? 3.5 : 0);
		struct interval want = interval_mean(diff, 20, 0.95);
		same_bounds(&e->estimate, &want);
		assert_string_equal(e->from, "3");
		assert_string_equal(e->to, to == 1 ? "6" : "9");
		assert_int_equal(e->from_index, 0);
		assert_true(e->p < 1e-9);
	}
	/* The second factor's: 3, and 7 in one pair of three; the same in every replication. */
	const struct effect *e = effect_of(a, EFFECT_MAIN, 0, 1, 1);
	close_to(e->estimate.mean, 3 + 7.0 / 3);
	close_to(e->estimate.low, e->estimate.high);
	assert_true(e->p < 1e-12);
	analysis_free(a);
	made_free(&m);
}

static bool costly(const struct study *st, size_t p)
{
	return level(st, p, 0) == 2 && level(st, p, 1) == 1;
}

static void where_a_constraint_took_points_out_the_other_pairs_count(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);

	(void)state;
	made_drop(&m, costly);
	assert_int_equal(m.st.n_points, 5);
	made_response(&m, LATENCY);
	made_values(&m, additive, 20);
	struct analysis *a = analysis_new(&m.st, &m.data);
	double diff[20];
	for (size_t i = 0; i < 20; i++)
		diff[i] = 2 * (10 + noise(2, i));
	struct interval want = interval_mean(diff, 20, 0.95);
	same_bounds(&effect_of(a, EFFECT_MAIN, 0, 0, 2)->estimate, &want);
	close_to(effect_of(a, EFFECT_MAIN, 0, 1, 1)->estimate.mean, 3);
	assert_int_equal(count_effects(a, EFFECT_FIRST), 0);
	analysis_free(a);
	made_free(&m);
}

static void only_replications_that_all_pairs_have_count(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);
	double diff[20];
	size_t n = 0;

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, additive, 20);
	made_cut(&m, 1, 12);                            /* 3, on */
	made_cut(&m, 2, 7);                             /* 6, off: its pair comes first */
	((double *)(uintptr_t)m.data.at[4].v)[5] = NAN; /* 9, off */
	struct analysis *a = analysis_new(&m.st, &m.data);
	for (size_t i = 0; i < 12; i++)
		if (i != 5)
			diff[n++] = 2 * (10 + noise(2, i)) + 3.5;
	struct interval want = interval_mean(diff, n, 0.95);
	same_bounds(&effect_of(a, EFFECT_MAIN, 0, 0, 2)->estimate, &want);
	assert_int_equal(effect_of(a, EFFECT_MAIN, 0, 0, 1)->estimate.n, 7);
	assert_int_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 1)->estimate.n, 12);
	assert_int_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 2)->estimate.n, 7);
	assert_int_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 5)->estimate.n, 20);
	assert_int_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 4)->estimate.n, 19);
	analysis_free(a);
	made_free(&m);
}

static void a_point_without_any_value_is_as_one_left_out(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, additive, 20);
	made_cut(&m, 5, 0);
	for (size_t i = 0; i < 20; i++)
		((double *)(uintptr_t)m.data.at[3].v)[i] = NAN;
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(effect_of(a, EFFECT_MAIN, 0, 0, 1)->estimate.n, 20);
	close_to(effect_of(a, EFFECT_MAIN, 0, 1, 1)->estimate.mean, 3); /* one pair is left */
	assert_null(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 5));
	assert_null(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 3));
	assert_int_equal(count_effects(a, EFFECT_DIFFERENCE), 3);
	analysis_free(a);
	/* All of them: nothing is said. */
	for (size_t p = 0; p < 6; p++)
		made_cut(&m, p, 0);
	a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_MAIN) + count_effects(a, EFFECT_DIFFERENCE), 0);
	assert_true(isnan(a->points[0].value.mean) && isnan(a->points[0].precision));
	analysis_free(a);
	made_free(&m);
}

static void one_replication_has_effects_without_a_test(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, additive, 1);
	struct analysis *a = analysis_new(&m.st, &m.data);
	const struct effect *e = effect_of(a, EFFECT_MAIN, 0, 0, 1);
	close_to(e->estimate.mean, 10 + noise(2, 0));
	assert_true(isnan(e->estimate.low) && isnan(e->p) && isnan(e->p_holm));
	assert_int_equal(count_effects(a, EFFECT_FIRST), 0);
	analysis_free(a);
	made_free(&m);
}

static void a_star_is_held_against_its_base(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", "load: 1 2 3 4", NULL };
	struct made m = made_study(DESIGN_STAR, factors, 0, 1);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, additive, 10);
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_MAIN), 5);
	assert_null(effect_of(a, EFFECT_MAIN, 0, 0, 1));
	const struct effect *e = effect_of(a, EFFECT_MAIN, 0, 0, 0);
	assert_string_equal(e->from, "6");
	assert_string_equal(e->to, "3");
	double diff[10];
	for (size_t i = 0; i < 10; i++)
		diff[i] = -10 - noise(2, i);
	struct interval want = interval_mean(diff, 10, 0.95);
	same_bounds(&e->estimate, &want);
	/* Of a star each main effect is the difference of one point from the first. */
	for (size_t p = 1; p < m.st.n_points; p++) {
		size_t f = level(&m.st, p, 0) == 1;
		const struct effect *d = effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, p);
		const struct effect *main_one = effect_of(a, EFFECT_MAIN, 0, f, level(&m.st, p, f));
		assert_memory_equal(&d->estimate, &main_one->estimate, sizeof d->estimate);
		assert_true(d->p == main_one->p);
	}
	assert_string_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 1)->from, "gateways=6, load=2");
	assert_string_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 1)->to, "gateways=3, load=2");
	analysis_free(a);
	made_free(&m);
}

static void a_list_has_main_effects_where_pairs_stand_in_it(void **state)
{
	/* Points 0 and 2 differ in adr alone, 1 differs in both from 0 and in gateways from 2; 3 is 2 once more. */
	static const size_t levels[] = { 0, 0, 2, 1, 0, 1, 0, 1 };
	static const char *ids[] = { "today", "plan", "adr", "again" };
	struct made m = made_study(DESIGN_LIST, two_factors, 0, 0);

	(void)state;
	made_points(&m, 4, levels, ids);
	made_response(&m, LATENCY);
	made_values(&m, additive, 10);
	/* The later of twins is not looked at. */
	for (size_t i = 0; i < 10; i++)
		((double *)(uintptr_t)m.data.at[3].v)[i] = -1e6;
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_MAIN), 2);
	close_to(effect_of(a, EFFECT_MAIN, 0, 1, 1)->estimate.mean, 3);
	double diff[10];
	for (size_t i = 0; i < 10; i++)
		diff[i] = 2 * (10 + noise(2, i)) + 7;
	struct interval want = interval_mean(diff, 10, 0.95);
	same_bounds(&effect_of(a, EFFECT_MAIN, 0, 0, 2)->estimate, &want);
	assert_int_equal(count_effects(a, EFFECT_DIFFERENCE), 3);
	assert_string_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 1)->to, "plan");
	assert_string_equal(effect_of(a, EFFECT_DIFFERENCE, 0, SIZE_MAX, 1)->from, "today");
	analysis_free(a);
	made_free(&m);
}

static void of_points_that_a_list_names_twice_the_first_counts(void **state)
{
	static const size_t levels[] = { 0, 0, 0, 1, 0, 0, 0, 1 };
	struct made m = made_study(DESIGN_LIST, two_factors, 0, 0);

	(void)state;
	made_points(&m, 4, levels, NULL);
	made_response(&m, LATENCY);
	made_values(&m, additive, 10);
	for (size_t p = 2; p < 4; p++)
		for (size_t i = 0; i < 10; i++)
			((double *)(uintptr_t)m.data.at[p].v)[i] = -1e6;
	struct analysis *a = analysis_new(&m.st, &m.data);
	assert_int_equal(count_effects(a, EFFECT_MAIN), 1);
	close_to(effect_of(a, EFFECT_MAIN, 0, 1, 1)->estimate.mean, 3);
	analysis_free(a);
	made_free(&m);
}

static double flat(const struct study *st, size_t p, size_t r, size_t rep)
{
	return noise(p + 1, rep) + (r == 1 ? 0.9 * (double)level(st, p, 0) : 0);
}

/* Adjusted over n tests of each response by themselves. */
static void check_holm(const struct analysis *a, enum effect_kind kind, size_t n)
{
	for (size_t r = 0; r < a->study->n_responses; r++) {
		const struct effect *of[8];
		double p[8], want[8];
		size_t found = 0;
		for (size_t i = 0; i < a->n_effects; i++)
			if (a->effects[i].kind == kind && a->effects[i].response == r) {
				of[found] = &a->effects[i];
				p[found] = of[found]->p;
				found++;
			}
		assert_int_equal(found, n);
		holm_adjust(p, n, want);
		for (size_t i = 0; i < found; i++)
			assert_true(of[i]->p_holm == want[i] && of[i]->p_holm >= of[i]->p);
	}
}

static void holm_is_over_the_tests_of_one_kind_and_response(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, two_factors, 0, 0);

	(void)state;
	for (size_t responses = 1; responses <= 2; responses++) {
		made_response(&m, responses == 1 ? LATENCY : DELIVERY);
		made_values(&m, flat, 20);
		struct analysis *a = analysis_new(&m.st, &m.data);
		check_holm(a, EFFECT_MAIN, 3);
		check_holm(a, EFFECT_DIFFERENCE, 5);
		analysis_free(a);
	}
	made_free(&m);
}

static bool third(const struct study *st, size_t p)
{
	size_t sum = 0;

	for (size_t f = 0; f < st->n_factors; f++)
		sum += (f + 2) * level(st, p, f);
	return sum % 3 == 0;
}

static double mixed(const struct study *st, size_t p, size_t r, size_t rep)
{
	double y = noise(7, rep);

	(void)r;
	for (size_t f = 0; f < st->n_factors; f++)
		y += noise(level(st, p, f), f) + noise(level(st, p, f), 100 * f + rep);
	return y;
}

static void pairs_are_those_that_a_plain_search_finds(void **state)
{
	static const char *const factors[] = { "a: 1 2 3 4", "b: x y z", "c: 1 2 3 4 5", "d: 0 1", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);
	const struct study *st = &m.st;
	enum { REPS = 4 };

	(void)state;
	made_drop(&m, third);
	made_response(&m, LATENCY);
	made_values(&m, mixed, REPS);
	struct analysis *a = analysis_new(&m.st, &m.data);
	size_t lines = 0;
	for (size_t f = 0; f < st->n_factors; f++)
		for (size_t to = 1; to < st->factors[f].n_levels; to++) {
			double sum[REPS] = { 0 };
			size_t pairs = 0;
			for (size_t p = 0; p < st->n_points; p++)
				for (size_t q = 0; q < st->n_points; q++) {
					bool alike = level(st, p, f) == 0 && level(st, q, f) == to;
					for (size_t g = 0; g < st->n_factors; g++)
						alike = alike && (g == f || level(st, p, g) == level(st, q, g));
					pairs += alike;
					for (size_t i = 0; alike && i < REPS; i++)
						sum[i] += m.data.at[q].v[i] - m.data.at[p].v[i];
				}
			if (pairs == 0)
				continue;
			lines++;
			for (size_t i = 0; i < REPS; i++)
				sum[i] /= (double)pairs;
			struct interval want = interval_mean(sum, REPS, 0.95);
			same_bounds(&effect_of(a, EFFECT_MAIN, 0, f, to)->estimate, &want);
		}
	assert_in_range(lines, 8, 10);
	assert_int_equal(count_effects(a, EFFECT_MAIN), lines);
	analysis_free(a);
	made_free(&m);
}

static double plain(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st, (void)r;
	return (double)(p % 7) + (double)(rep * p % 5);
}

/* Pairing each point with every other takes 10^8 comparisons of four factors, and a minute of processor time with sanitizers. */
static void ten_thousand_points_are_paired_in_no_time(void **state)
{
	static const char *const factors[] = { "a: 1 2 3 4 5 6 7 8 9 10", "b: 1 2 3 4 5 6 7 8 9 10",
					       "c: 1 2 3 4 5 6 7 8 9 10", "d: 1 2 3 4 5 6 7 8 9 10", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);
	struct timespec begin, end;

	(void)state;
	made_drop(&m, costly); /* a grid with gaps: no analysis of variance */
	made_response(&m, LATENCY);
	made_values(&m, plain, 2);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	struct analysis *a = analysis_new(&m.st, &m.data);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(count_effects(a, EFFECT_MAIN), 36);
	assert_int_equal(count_effects(a, EFFECT_DIFFERENCE), 0);
	assert_true((double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec) < 1);
	analysis_free(a);
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_main_effect_is_the_mean_over_pairs_within_each_replication),
		cmocka_unit_test(where_a_constraint_took_points_out_the_other_pairs_count),
		cmocka_unit_test(only_replications_that_all_pairs_have_count),
		cmocka_unit_test(a_point_without_any_value_is_as_one_left_out),
		cmocka_unit_test(one_replication_has_effects_without_a_test),
		cmocka_unit_test(a_star_is_held_against_its_base),
		cmocka_unit_test(a_list_has_main_effects_where_pairs_stand_in_it),
		cmocka_unit_test(of_points_that_a_list_names_twice_the_first_counts),
		cmocka_unit_test(holm_is_over_the_tests_of_one_kind_and_response),
		cmocka_unit_test(pairs_are_those_that_a_plain_search_finds),
		cmocka_unit_test(ten_thousand_points_are_paired_in_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
