/* Bisection for the cheapest setting, on toys whose answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/rng.h"
#include "sim/study/search.h"
#include "tests/unit/study/near.h"

static const struct kpi_def kpis[] = {
	{ "toy.ratio", "1", "a \xc3\xb7 b", NULL, KPI_HIGHER, false },
	{ "toy.delay", "s", "how long", NULL, KPI_LOWER, false },
};

enum { LINES_MOST = 3, PLACES_MOST = 1000 };
struct toy {
	struct study    st;
	struct response responses[2];
	struct trials   trials;
	struct search_line lines[LINES_MOST];
	uint64_t        points[LINES_MOST][PLACES_MOST];
	struct arena   *a;
	double (*mean)(uint64_t point, size_t response);
	double          noise;          /* standard deviation */
	size_t          asked;          /* trials in all */
	size_t          most;           /* replications of one */
	size_t          stop_after;     /* rounds; 0: never */
	size_t          rounds;
};

static bool toy_run(void *ctx, const struct trial *t, size_t n)
{
	struct toy *y = ctx;

	for (size_t i = 0; i < n; i++)
		if (t[i].replications > y->most)
			y->most = t[i].replications;
	y->asked += n;
	y->rounds++;
	return y->stop_after == 0 || y->rounds < y->stop_after;
}

/* Common random numbers: the noise is that of the replication, whatever the setting, and a little of its own. */
static void toy_values(void *ctx, uint64_t point, size_t response, size_t n, double *out)
{
	const struct toy *y = ctx;

	for (size_t i = 0; i < n; i++) {
		struct rng common = rng_stream(1, 0, i, 0), own = rng_stream(2 + response, 0, i * 4096 + point, 0);
		out[i] = y->mean(point, response) + y->noise * (0.9 * rng_normal(&common) + 0.4 * rng_normal(&own));
	}
}

static const char *toy_failure(void *ctx, uint64_t point)
{
	(void)ctx, (void)point;
	return NULL;
}

static int set_up(void **state)
{
	struct toy *y = calloc(1, sizeof *y);

	if (!y)
		return -1;
	y->a = arena_new();
	y->st = (struct study){ .responses = y->responses,
				.n_responses = 1,
				.until_precise = true,
				.precision = { .level = 0.95, .floor = 20, .batch = 5, .ceiling = 200 } };
	for (int i = 0; i < 2; i++)
		y->responses[i] = (struct response){ .id = kpis[i].name, .def = &kpis[i], .group = "all", .quantile = NAN };
	y->responses[0].target = (struct target){ .op = TARGET_GE, .value = 0.9 };
	y->trials = (struct trials){ y, toy_run, toy_values, toy_failure };
	y->noise = 0.01;
	*state = y;
	return 0;
}

static int tear_down(void **state)
{
	struct toy *y = *state;

	arena_free(y->a);
	free(y);
	return 0;
}

static struct search_line *search(struct toy *y, size_t lines, size_t places)
{
	for (size_t i = 0; i < lines; i++) {
		for (size_t k = 0; k < places; k++)
			y->points[i][k] = i * PLACES_MOST + k;
		y->lines[i] = (struct search_line){ .points = y->points[i], .n = places };
	}
	assert_true(search_run(&y->st, &y->trials, y->lines, lines, y->a));
	return y->lines;
}

/* Crosses 0.9 between places 36 and 37; of the second line between 10 and 11. */
static double rising(uint64_t point, size_t response)
{
	double from = point < PLACES_MOST ? 36.5 : 10.5, x = (double)(point % PLACES_MOST);

	return response ? 10 - 0.05 * x : 0.9 + 0.04 * (x - from);
}

static void the_setting_between_not_enough_and_enough_is_found(void **state)
{
	struct toy *y = *state;
	struct search_line *l = search(y, 1, 100);

	assert_int_equal(l->end, SEARCH_FOUND);
	assert_int_equal(l->steps[l->answer].place, 37);
	assert_int_equal(l->steps[l->below].place, 36);
	assert_int_equal(l->steps[l->answer].verdict, VERDICT_MET);
	assert_int_equal(l->steps[l->below].verdict, VERDICT_MISSED);
	assert_true(l->steps[l->answer].values[0].low >= 0.9);
	assert_int_equal(l->n_breaks, 0);
	assert_false(l->contradicted);
}

static void it_takes_as_many_looks_as_the_line_has_bits(void **state)
{
	struct search_line *l = search(*state, 1, 100);

	assert_int_equal(l->steps[0].place, 0);
	assert_int_equal(l->steps[1].place, 99);
	assert_int_equal(l->steps[2].place, 49);
	assert_in_range(l->n_steps, 3, 2 + 7);
}

static void every_line_has_its_own_answer(void **state)
{
	struct search_line *l = search(*state, 2, 64);

	assert_int_equal(l[0].steps[l[0].answer].place, 37);
	assert_int_equal(l[1].steps[l[1].answer].place, 11);
	assert_true(l[1].steps[l[1].answer].point == PLACES_MOST + 11);
}

static double high(uint64_t point, size_t response)
{
	(void)response;
	return 0.95 + 1e-4 * (double)point;
}

static double low(uint64_t point, size_t response)
{
	(void)response;
	return 0.5 + 1e-4 * (double)point;
}

static void the_cheapest_may_be_enough_already(void **state)
{
	struct toy *y = *state;

	y->mean = high;
	struct search_line *l = search(y, 1, 100);
	assert_int_equal(l->end, SEARCH_CHEAPEST);
	assert_int_equal(l->steps[l->answer].place, 0);
	assert_true(l->below == SIZE_MAX);
	assert_int_equal(l->n_steps, 2);
}

static void there_may_be_none(void **state)
{
	struct toy *y = *state;

	y->mean = low;
	struct search_line *l = search(y, 1, 100);
	assert_int_equal(l->end, SEARCH_NONE);
	assert_true(l->answer == SIZE_MAX);
	assert_int_equal(l->n_steps, 3); /* and one look in between */
}

static void a_line_of_one_is_a_question_all_the_same(void **state)
{
	struct toy *y = *state;

	y->mean = high;
	assert_int_equal(search(y, 1, 1)->end, SEARCH_CHEAPEST);
	y->mean = low;
	assert_int_equal(search(y, 1, 1)->end, SEARCH_NONE);
	assert_int_equal(search(y, 1, 2)->end, SEARCH_NONE);
}

/* Both targets at once: the delay is below 9 from place 20 on, the ratio from 37. */
static void every_target_must_be_met(void **state)
{
	struct toy *y = *state;

	y->st.n_responses = 2;
	y->responses[1].target = (struct target){ .op = TARGET_LE, .value = 9.025 };
	struct search_line *l = search(y, 1, 100);
	assert_int_equal(l->steps[l->answer].place, 37);
	y->responses[1].target.value = 7.525;
	l = search(y, 1, 100);
	assert_int_equal(l->steps[l->answer].place, 50);
	assert_int_equal(l->steps[l->below].verdicts[0], VERDICT_MET);
	assert_int_equal(l->steps[l->below].verdicts[1], VERDICT_MISSED);
}

static double at_the_target(uint64_t point, size_t response)
{
	(void)response;
	return point < 50 ? 0.9 : 0.97;
}

static void what_is_undecided_at_the_ceiling_is_not_enough(void **state)
{
	struct toy *y = *state;

	y->mean = at_the_target;
	struct search_line *l = search(y, 1, 100);
	assert_int_equal(l->steps[l->answer].place, 50);
	assert_int_equal(l->steps[l->below].verdict, VERDICT_UNDECIDED);
	assert_int_equal(l->steps[l->below].replications, 200);
	assert_int_equal(y->most, 200);
}

static void what_is_plain_is_decided_at_the_floor(void **state)
{
	struct search_line *l = search(*state, 1, 100);

	assert_int_equal(l->steps[0].replications, 20);
	assert_int_equal(l->steps[1].replications, 20);
}

/* Twice as many at each look; all looks together hold at the level. */
static void looks_double_up_to_the_ceiling_and_share_the_level(void **state)
{
	struct toy *y = *state;
	size_t looks[SEARCH_LOOKS_MAX];
	double level;

	assert_int_equal(search_looks(&y->st, looks, &level), 5);
	assert_int_equal(looks[0], 20);
	assert_int_equal(looks[3], 160);
	assert_int_equal(looks[4], 200);
	assert_near(level, 0.99, 1e-12);
	y->st.until_precise = false;
	y->st.replications = 7;
	assert_int_equal(search_looks(&y->st, looks, &level), 1);
	assert_int_equal(looks[0], 7);
	assert_near(level, 0.95, 1e-12);
}

static double humped(uint64_t point, size_t response)
{
	double x = (double)point;

	(void)response;
	return 0.95 - 0.0002 * (x - 50) * (x - 50);
}

static void a_hump_is_found_and_said(void **state)
{
	struct toy *y = *state;

	y->mean = humped;
	struct search_line *l = search(y, 1, 101);
	assert_int_equal(l->end, SEARCH_FOUND);
	assert_true(l->contradicted);
	assert_true(l->n_breaks > 0);
	assert_true(l->steps[l->breaks[0].dear].place > l->steps[l->breaks[0].cheap].place);
	assert_int_equal(l->steps[l->answer].place, 35); /* 0.95 - 0.0002 * 15^2 = 0.905; 0.8988 at 34 */
}

static double falling_later(uint64_t point, size_t response)
{
	(void)response;
	return point < 3 ? 0.5 : point < 60 ? 0.99 : 0.95;
}

static void a_fall_that_still_meets_the_target_is_said_too(void **state)
{
	struct toy *y = *state;

	y->mean = falling_later;
	struct search_line *l = search(y, 1, 100);
	assert_int_equal(l->steps[l->answer].place, 3);
	assert_false(l->contradicted);
	assert_int_equal(l->n_breaks, 1);
	assert_true(l->breaks[0].p_holm < 0.05);
}

static void a_stop_is_told_from_an_answer(void **state)
{
	struct toy *y = *state;

	y->stop_after = 2;
	for (size_t k = 0; k < 100; k++)
		y->points[0][k] = k;
	y->lines[0] = (struct search_line){ .points = y->points[0], .n = 100 };
	assert_false(search_run(&y->st, &y->trials, y->lines, 1, y->a));
	assert_int_equal(y->lines[0].end, SEARCH_STOPPED);
	assert_true(y->lines[0].answer == SIZE_MAX);
}

/* A quantile has an interval of its own: of the median of 20 that of ranks. */
static void a_quantile_is_judged_by_its_interval(void **state)
{
	struct toy *y = *state;
	double v[20];

	for (int i = 0; i < 20; i++)
		v[i] = i;
	y->responses[0].quantile = 0.5;
	struct interval q = search_interval(&y->responses[0], v, 20, 0.95), m = interval_quantile(v, 20, 0.5, 0.95);
	assert_near(q.low, m.low, 0);
	assert_near(q.high, m.high, 0);
	assert_true(q.low != interval_mean(v, 20, 0.95).low);
}

/* A plan of two factors: lines by the other, cheapest first. */
static void lines_go_by_the_other_factors(void **state)
{
	struct toy *y = *state;
	static const double numbers[] = { 1, 2, 5 };
	struct factor factors[] = { { .id = "n", .n_levels = 3, .numbers = (double *)numbers },
				    { .id = "adr", .n_levels = 2 } };
	struct cell cells[12];
	size_t n = 0;

	for (size_t p = 0; p < 6; p++) {
		cells[2 * p] = (struct cell){ .level = p / 2, .number = numbers[p / 2] };
		cells[2 * p + 1] = (struct cell){ .level = p % 2, .number = NAN };
	}
	y->st.factors = factors;
	y->st.n_factors = 2;
	y->st.cells = cells;
	y->st.n_points = 6;
	struct search_line *l = search_lines(&y->st, y->a, &n);
	assert_int_equal(n, 2);
	assert_int_equal(l[0].n, 3);
	assert_int_equal(l[1].points[0], 1);
	assert_int_equal(l[1].points[2], 5);
	y->st.plan.high = true;
	l = search_lines(&y->st, y->a, &n);
	assert_int_equal(l[0].points[0], 4);
	assert_int_equal(l[0].points[2], 0);
}

static int set_up_rising(void **state)
{
	int rc = set_up(state);

	if (rc == 0)
		((struct toy *)*state)->mean = rising;
	return rc;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_rising, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_setting_between_not_enough_and_enough_is_found),
		TEST(it_takes_as_many_looks_as_the_line_has_bits),
		TEST(every_line_has_its_own_answer),
		TEST(the_cheapest_may_be_enough_already),
		TEST(there_may_be_none),
		TEST(a_line_of_one_is_a_question_all_the_same),
		TEST(every_target_must_be_met),
		TEST(what_is_undecided_at_the_ceiling_is_not_enough),
		TEST(what_is_plain_is_decided_at_the_floor),
		TEST(looks_double_up_to_the_ceiling_and_share_the_level),
		TEST(a_hump_is_found_and_said),
		TEST(a_fall_that_still_meets_the_target_is_said_too),
		TEST(a_stop_is_told_from_an_answer),
		TEST(a_quantile_is_judged_by_its_interval),
		TEST(lines_go_by_the_other_factors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
