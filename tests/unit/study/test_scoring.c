#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/study/scoring.h"
#include "tests/unit/study/near.h"

/* ITU factsheets: 0-33, 33-66, 66-95 and 95 % of target; that the better side owns an edge is this program's choice. */
static void points_follow_the_thresholds_whose_edges_belong_to_the_better_side(void **state)
{
	static const struct {
		double share;
		unsigned points;
	} cases[] = {
		{ 0, 1 },  { 32.999, 1 }, { 33, 2 },     { 65.999, 2 },   { 66, 3 },  { 94.999, 3 },
		{ 95, 4 }, { 100, 4 },    { 140.85, 4 }, { INFINITY, 4 }, { NAN, 0 }, { -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (score_points(cases[i].share) != cases[i].points)
			fail_msg("%g %% gives %u points", cases[i].share, score_points(cases[i].share));
}

/* Fixed broadband, 60 % being the target: thresholds 19.8, 39.6 and 57.0 % (factsheet of Mashhad 2021, page 15). */
static void fixed_broadband_has_the_published_thresholds(void **state)
{
	static const struct {
		double value;
		unsigned points;
	} cases[] = {
		{ 19.79, 1 }, { 19.8, 2 }, { 39.59, 2 }, { 39.6, 3 }, { 56.99, 3 }, { 57.0, 4 }, { 84.51, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		unsigned points = score_points(score_share(cases[i].value, 60, BETTER_MORE));
		if (points != cases[i].points)
			fail_msg("%g %% gives %u points", cases[i].value, points);
	}
	assert_near(score_share(84.51, 60, BETTER_MORE), 140.85, 1e-10);
}

/* Whatever the benchmark: a value that is written as the edge has the points of the better side. */
static void a_value_on_an_edge_is_on_it_whatever_its_binary_digits(void **state)
{
	static const double edges[] = { 33, 66, 95 };

	(void)state;
	for (unsigned benchmark = 1; benchmark <= 3000; benchmark++)
		for (unsigned i = 0; i < 3; i++) {
			double value = edges[i] * benchmark / 1000; /* as decimal as the benchmark */
			double share = score_share(value, benchmark / 10.0, BETTER_MORE);
			assert_int_equal(score_points(share), i + 2);
			assert_int_equal(score_points(share * (1 - 1e-9)), i + 1);
		}
}

static void what_should_be_little_is_judged_by_benchmark_over_value(void **state)
{
	(void)state;
	assert_near(score_share(10, 10, BETTER_LESS), 100, 0);
	assert_near(score_share(20, 10, BETTER_LESS), 50, 0);
	assert_near(score_share(5, 10, BETTER_LESS), 200, 0);
	assert_true(isinf(score_share(0, 10, BETTER_LESS)));
	assert_int_equal(score_points(score_share(0, 10, BETTER_LESS)), 4);
}

static void what_cannot_be_judged_has_no_share(void **state)
{
	(void)state;
	assert_true(isnan(score_share(NAN, 60, BETTER_MORE)));
	assert_true(isnan(score_share(50, NAN, BETTER_MORE)));
	assert_true(isnan(score_share(50, 0, BETTER_MORE)));
	assert_true(isnan(score_share(50, -1, BETTER_LESS)));
	assert_true(isnan(score_share(-1, 60, BETTER_MORE)));
	assert_true(isnan(score_share(50, 60, BETTER_UNSTATED)));
}

/* Factsheet of Pully 2020, page 12: points {1,3,4,1} give 9/16, {3,4,2} give 9/12. */
static void groups_score_as_in_the_worked_examples(void **state)
{
	static const struct {
		unsigned points[4];
		double percent;
	} cases[] = { { { 1, 3, 4, 1 }, 56.25 }, { { 3, 4, 2, 0 }, 75 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct group_score g = { 0 };
		for (size_t k = 0; k < 4; k++)
			group_add(&g, (struct points){ cases[i].points[k], cases[i].points[k], cases[i].points[k] });
		assert_int_equal(g.reported, 4);
		assert_int_equal(g.scored, 4 - i);
		assert_near(group_percent(g.at, g.scored), cases[i].percent, 0);
	}
	assert_true(isnan(group_percent(0, 0)));
}

static void an_interval_that_straddles_a_threshold_has_points_from_and_to(void **state)
{
	static const struct {
		struct interval value;
		double benchmark;
		enum better better;
		struct points points;
	} cases[] = {
		{ { 65.7, 64.4, 67.1, 5 }, 100, BETTER_MORE, { 2, 2, 3 } },
		{ { 66.2, 64.4, 67.1, 5 }, 100, BETTER_MORE, { 2, 3, 3 } },
		{ { 50, 40, 60, 5 }, 100, BETTER_MORE, { 2, 2, 2 } },
		{ { 50, 10, 99, 5 }, 100, BETTER_MORE, { 1, 2, 4 } },
		{ { 10, 8, 20, 5 }, 10, BETTER_LESS, { 2, 4, 4 } },       /* 20 is at 50 % */
		{ { 65.7, NAN, NAN, 1 }, 100, BETTER_MORE, { 2, 2, 2 } }, /* one replication */
		{ { NAN, NAN, NAN, 0 }, 100, BETTER_MORE, { 0, 0, 0 } },
		{ { 65.7, 64.4, 67.1, 5 }, NAN, BETTER_MORE, { 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct points p = score_interval(cases[i].value, cases[i].benchmark, cases[i].better);
		if (p.low != cases[i].points.low || p.at != cases[i].points.at || p.high != cases[i].points.high)
			fail_msg("case %zu: %u %u %u", i, p.low, p.at, p.high);
	}
}

/* From raw counts: minutes / customers = (interruptions / customers) (minutes / interruptions). */
static void minutes_without_power_are_outage_frequency_times_outage_time(void **state)
{
	const double customers = 190000, interruptions = 76000, minutes = 2356000;

	(void)state;
	assert_near(saidi_minutes(interruptions / customers, minutes / interruptions), minutes / customers, 1e-12);
	assert_true(isnan(saidi_minutes(NAN, 31)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_follow_the_thresholds_whose_edges_belong_to_the_better_side),
		cmocka_unit_test(fixed_broadband_has_the_published_thresholds),
		cmocka_unit_test(a_value_on_an_edge_is_on_it_whatever_its_binary_digits),
		cmocka_unit_test(what_should_be_little_is_judged_by_benchmark_over_value),
		cmocka_unit_test(what_cannot_be_judged_has_no_share),
		cmocka_unit_test(groups_score_as_in_the_worked_examples),
		cmocka_unit_test(an_interval_that_straddles_a_threshold_has_points_from_and_to),
		cmocka_unit_test(minutes_without_power_are_outage_frequency_times_outage_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
