/* Choosing sites, on toys for which every set can be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/rng.h"
#include "sim/study/placement.h"
#include "tests/unit/study/near.h"

static const struct kpi_def kpis[] = {
	{ "toy.coverage", "1", "covered \xc3\xb7 all", NULL, KPI_HIGHER, false },
	{ "toy.cost", "1", "sum of what sites cost", NULL, KPI_LOWER, false },
};

enum { SITES = 8, CHOOSE = 3, POINTS = 64 };
struct toy {
	struct study    st;
	struct response responses[2];
	struct site     sites[PLACEMENT_SITES_MAX];
	struct trials   trials;
	struct arena   *a;
	uint64_t        covers[PLACEMENT_SITES_MAX];    /* which of 64 places each site covers */
	double          noise;
	size_t          asked, rounds, stop_after;
	uint64_t        asked_sets[4096];
};

static double coverage(const struct toy *y, uint64_t sites)
{
	uint64_t covered = 0;

	for (size_t i = 0; i < y->st.placement.n_sites; i++)
		if (sites >> i & 1)
			covered |= y->covers[i];
	return __builtin_popcountll(covered) / (double)POINTS;
}

static bool toy_run(void *ctx, const struct trial *t, size_t n)
{
	struct toy *y = ctx;

	for (size_t i = 0; i < n; i++)
		y->asked_sets[y->asked++] = t[i].point;
	y->rounds++;
	return y->stop_after == 0 || y->rounds < y->stop_after;
}

static void toy_values(void *ctx, uint64_t point, size_t response, size_t n, double *out)
{
	const struct toy *y = ctx;

	for (size_t i = 0; i < n; i++) {
		struct rng r = rng_stream(1, 0, i, 0);
		out[i] = (response ? __builtin_popcountll(point & 0x55) : coverage(y, point)) + y->noise * rng_normal(&r);
	}
}

static int set_up(void **state)
{
	struct toy *y = calloc(1, sizeof *y);

	if (!y)
		return -1;
	y->a = arena_new();
	y->st = (struct study){ .responses = y->responses,
				.n_responses = 1,
				.replications = 5,
				.seed = 3,
				.use = USE_PLACEMENT,
				.precision = { .level = 0.95, .floor = 20, .batch = 5, .ceiling = 200 } };
	y->st.placement = (struct placement){
		.sites = y->sites, .n_sites = SITES, .choose = CHOOSE, .evaluations = 40, .maximise = true
	};
	for (int i = 0; i < 2; i++)
		y->responses[i] = (struct response){ .id = kpis[i].name, .def = &kpis[i], .group = "all", .quantile = NAN };
	y->trials = (struct trials){ y, toy_run, toy_values, NULL };
	y->noise = 0.05;
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

/* Sites that cover places by chance, a few of them much. */
static void scatter(struct toy *y, uint64_t seed)
{
	struct rng r = rng_stream(seed, 1, 0, 0);

	for (size_t i = 0; i < y->st.placement.n_sites; i++) {
		y->covers[i] = rng_u64(&r) & rng_u64(&r);
		if (i % 3)
			y->covers[i] &= rng_u64(&r);
	}
}

/* The best of all sets of that many. */
static double best_of_all(const struct toy *y)
{
	double best = -1;

	for (uint64_t s = 0; s < UINT64_C(1) << y->st.placement.n_sites; s++)
		if ((size_t)__builtin_popcountll(s) == y->st.placement.choose)
			best = fmax(best, coverage(y, s));
	return best;
}

static struct placement_result *place(struct toy *y)
{
	struct placement_result *r = placement_run(&y->st, &y->trials, y->a);

	assert_non_null(r);
	return r;
}

static void the_answer_is_the_best_of_all_sets(void **state)
{
	struct toy *y = *state;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		scatter(y, seed);
		y->asked = 0;
		struct placement_result *r = place(y);
		assert_int_equal(__builtin_popcountll(r->best.sites), CHOOSE);
		assert_near(coverage(y, r->best.sites), best_of_all(y), 1e-12);
	}
}

/* What has diminishing returns: 1 - 1/e of the best, whatever the sites. */
static void greedy_keeps_its_bound(void **state)
{
	struct toy *y = *state;

	y->noise = 0;
	y->st.placement.evaluations = 0;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		scatter(y, seed);
		y->asked = 0;
		struct placement_result *r = place(y);
		assert_true(r->greedy.value >= (1 - exp(-1)) * best_of_all(y));
		for (int i = 2; i < CHOOSE; i++)
			assert_true(r->steps[i].gain.difference.mean <= r->steps[i - 1].gain.difference.mean + 1e-12);
	}
}

/* One site covers a little of everything and leads greedy astray; two others cover all. */
static void annealing_mends_what_greed_spoils(void **state)
{
	struct toy *y = *state;

	y->st.placement.choose = 2;
	for (int i = 0; i < SITES; i++)
		y->covers[i] = 1;
	y->covers[0] = UINT64_C(0x00ffffffffff0000);
	y->covers[1] = UINT64_C(0x00000000ffffffff);
	y->covers[2] = UINT64_C(0xffffffff00000000);
	struct placement_result *r = place(y);
	assert_true(r->greedy.sites & 1);
	assert_int_equal(r->best.sites, 6);
	assert_near(coverage(y, r->best.sites), 1, 0);
	assert_near(r->improvement.difference.mean, 1 - coverage(y, r->greedy.sites), 1e-9);
}

static void annealing_never_is_worse_and_keeps_its_bound(void **state)
{
	struct toy *y = *state;

	y->st.placement.n_sites = 20;
	y->st.placement.choose = 6;
	y->st.placement.evaluations = 15;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		scatter(y, seed);
		y->asked = 0;
		struct placement_result *r = place(y);
		assert_true(r->best.value >= r->greedy.value);
		assert_in_range(r->by_annealing, 0, 15);
		assert_int_equal(r->by_greedy, 20 + 19 + 18 + 17 + 16 + 15);
	}
}

static void no_set_is_looked_at_twice(void **state)
{
	struct toy *y = *state;

	scatter(y, 5);
	struct placement_result *r = place(y);
	size_t again = r->best.sites == r->greedy.sites ? 1 : 2; /* at the end, with fresh replications */
	assert_int_equal(y->asked, r->evaluated + again);
	for (size_t i = 0; i + again < y->asked; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(y->asked_sets[i] != y->asked_sets[k]);
}

static void the_same_seed_gives_the_same_answer(void **state)
{
	struct toy *y = *state;

	scatter(y, 7);
	struct placement_result *a = place(y);
	y->asked = 0;
	struct placement_result *b = place(y);
	assert_int_equal(a->evaluated, b->evaluated);
	assert_memory_equal(a->seen, b->seen, a->evaluated * sizeof *a->seen);
	assert_true(a->best.sites == b->best.sites);
}

static void less_may_be_better(void **state)
{
	struct toy *y = *state;

	scatter(y, 1);
	y->st.n_responses = 2;
	y->st.placement.response = 1;
	y->st.placement.maximise = false;
	struct placement_result *r = place(y);
	assert_int_equal(r->best.sites & 0x55, 0);
	assert_int_equal(r->steps[0].site, 1);
}

static void ties_go_to_the_first_in_the_file(void **state)
{
	struct toy *y = *state;

	y->st.placement.evaluations = 0;
	for (int i = 0; i < SITES; i++)
		y->covers[i] = 3;
	struct placement_result *r = place(y);
	assert_int_equal(r->best.sites, 7);
	assert_int_equal(r->steps[0].second, 1);
}

/* What is said of the answer is of replications that it was not chosen by. */
static void the_interval_is_of_fresh_replications(void **state)
{
	struct toy *y = *state;
	double v[10];

	scatter(y, 2);
	struct placement_result *r = place(y);
	toy_values(y, r->best.sites, 0, 10, v);
	assert_near(r->best_interval.mean, interval_mean(v + 5, 5, 0.95).mean, 1e-15);
	assert_near(r->best.value, interval_mean(v, 5, 0.95).mean, 1e-15);
	assert_near(r->responses[0].low, r->best_interval.low, 0);
}

static void a_stop_leaves_no_answer(void **state)
{
	struct toy *y = *state;

	scatter(y, 2);
	y->stop_after = 2;
	assert_null(placement_run(&y->st, &y->trials, y->a));
	y->rounds = 0;
	y->stop_after = 6; /* while it is annealed */
	assert_null(placement_run(&y->st, &y->trials, y->a));
}

static void a_set_is_written_as_its_sites(void **state)
{
	struct toy *y = *state;

	for (int i = 0; i < SITES; i++)
		y->sites[i].id = (const char *[]){ "a", "b", "c", "d", "e", "f", "g", "h" }[i];
	assert_string_equal(placement_text(&y->st.placement, 0x85, y->a), "a; c; h");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_answer_is_the_best_of_all_sets),
		TEST(greedy_keeps_its_bound),
		TEST(annealing_mends_what_greed_spoils),
		TEST(annealing_never_is_worse_and_keeps_its_bound),
		TEST(no_set_is_looked_at_twice),
		TEST(the_same_seed_gives_the_same_answer),
		TEST(less_may_be_better),
		TEST(ties_go_to_the_first_in_the_file),
		TEST(the_interval_is_of_fresh_replications),
		TEST(a_stop_leaves_no_answer),
		TEST(a_set_is_written_as_its_sites),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
