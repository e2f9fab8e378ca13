#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sim/study/runner.h"
#include "tests/unit/study/box.h"

enum { POINTS = 3, REPS = 400 };

/* A recorder in memory. */
struct memory {
	const struct study *st;
	double value[POINTS][REPS];
	bool have[POINTS][REPS], failed_point[POINTS];
	size_t n, twice, refuse_after, stop_after, failures;
	int *stop;
};

static int put(void *ctx, const struct task_result *r)
{
	struct memory *m = ctx;

	if (m->n >= m->refuse_after)
		return -1;
	m->n++;
	if (m->stop && m->n >= m->stop_after)
		__atomic_store_n(m->stop, 1, __ATOMIC_RELAXED);
	if (r->of_point) {
		m->failed_point[r->job.point] = true;
		return 0;
	}
	m->failures += r->status != SIM_OK;
	m->twice += m->have[r->job.point][r->job.replication];
	m->have[r->job.point][r->job.replication] = true;
	m->value[r->job.point][r->job.replication] = r->status == SIM_OK ? task_response(r, &m->st->responses[0]) : NAN;
	return 0;
}

static int commit(void *ctx)
{
	(void)ctx;
	return 0;
}

static struct memory memory_of(const struct study *st)
{
	return (struct memory){ .st = st, .refuse_after = SIZE_MAX };
}

static void tell(struct runner *r, const struct memory *m)
{
	for (size_t p = 0; p < m->st->n_points; p++) {
		if (m->failed_point[p])
			runner_have_failed_point(r, p);
		for (size_t k = 0; k < REPS; k++)
			if (m->have[p][k])
				assert_true(runner_have(r, (struct job){ p, k }, &m->value[p][k]));
	}
}

static struct runner *runner_with(struct memory *m, unsigned threads, size_t shard, size_t shards)
{
	struct runner_options opt = { .threads = threads,
				      .warm_up = SIM_NEVER,
				      .shard = shard,
				      .shards = shards,
				      .stop = m->stop,
				      .recorder = { m, put, commit } };
	struct runner *r = runner_new(m->st, &opt);

	assert_non_null(r);
	tell(r, m);
	return r;
}

static struct runner_progress run(struct memory *m, unsigned threads, enum farm_end expected)
{
	struct runner *r = runner_with(m, threads, 0, 1);

	assert_int_equal(runner_run(r), expected);
	struct runner_progress p = runner_progress(r);
	runner_free(r);
	return p;
}

static void same_tasks(const struct memory *a, const struct memory *b)
{
	for (size_t p = 0; p < POINTS; p++)
		for (size_t k = 0; k < REPS; k++) {
			assert_int_equal(a->have[p][k], b->have[p][k]);
			if (a->have[p][k])
				assert_memory_equal(&a->value[p][k], &b->value[p][k], sizeof(double));
		}
}

/* Points of unlike noise, which therefore need unlike numbers of replications. */
#define UNLIKE "<factor id=\"n\" path=\"box/@noise\" values=\"0;2;4\"/>" VALUE
#define AUTO "replications=\"auto\" precision=\"5%\" ceiling=\"300\""

static size_t count(const struct memory *m, size_t point)
{
	size_t n = 0;

	while (n < REPS && m->have[point][n])
		n++;
	for (size_t k = n; k < REPS; k++)
		assert_false(m->have[point][k]);
	return n;
}

static void decisions_do_not_depend_on_the_number_of_threads(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory first = memory_of(st);
	struct runner_progress p = run(&first, 1, FARM_COMPLETE);

	assert_int_equal(count(&first, 0), 20);
	assert_true(count(&first, 1) > 20 && count(&first, 2) > count(&first, 1));
	assert_int_equal(p.done, first.n);
	assert_int_equal(p.planned, first.n);
	assert_int_equal(p.points_done, POINTS);
	assert_true(p.precision > 0.03 && p.precision <= 0.05); /* all are as precise as asked for */
	for (unsigned threads = 2; threads <= 4; threads++) {
		struct memory m = memory_of(st);
		run(&m, threads, FARM_COMPLETE);
		same_tasks(&first, &m);
		assert_int_equal(m.twice, 0);
	}
	study_free(st);
}

/* What is decided is what precision_next says of the replications' values. */
static void a_point_has_what_the_rule_asks_for(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory m = memory_of(st);

	run(&m, 2, FARM_COMPLETE);
	for (size_t p = 0; p < POINTS; p++) {
		size_t n = precision_next(&st->precision, m.value[p], 0), next;
		while ((next = precision_next(&st->precision, m.value[p], n)) > n)
			n = next;
		assert_int_equal(count(&m, p), n);
	}
	study_free(st);
}

static void any_part_of_a_study_is_completed_to_the_same(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory whole = memory_of(st);

	run(&whole, 2, FARM_COMPLETE);
	for (uint64_t seed = 0; seed < 30; seed++) {
		struct memory m = memory_of(st);
		size_t there = 0;
		for (size_t p = 0; p < POINTS; p++)
			for (size_t k = 0; k < REPS; k++)
				if (whole.have[p][k] && rng_mix(seed * 7919 + p * REPS + k) % 30 > seed) {
					m.have[p][k] = true;
					m.value[p][k] = whole.value[p][k];
					there++;
				}
		struct runner_progress p = run(&m, 2, FARM_COMPLETE);
		same_tasks(&whole, &m);
		assert_int_equal(m.twice, 0);
		assert_int_equal(p.ran, whole.n - there);
		assert_int_equal(p.done, whole.n);
		assert_int_equal(p.planned, whole.n);
	}
	study_free(st);
}

static void shards_make_the_whole(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory whole = memory_of(st), parts = memory_of(st);

	run(&whole, 2, FARM_COMPLETE);
	for (size_t shard = 0; shard < 4; shard++) { /* the last has no point */
		struct memory m = memory_of(st);
		struct runner *r = runner_with(&m, 2, shard, 4);
		assert_int_equal(runner_run(r), FARM_COMPLETE);
		assert_int_equal(runner_progress(r).points, shard < POINTS);
		runner_free(r);
		for (size_t k = 0; shard < POINTS && k < REPS; k++) {
			parts.have[shard][k] = m.have[shard][k];
			parts.value[shard][k] = m.value[shard][k];
		}
	}
	same_tasks(&whole, &parts);
	study_free(st);
}

static void what_is_missing_is_counted_without_running(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory m = memory_of(st);
	struct runner *r = runner_with(&m, 1, 0, 1);

	assert_int_equal(runner_missing(r), 3);
	runner_free(r);
	run(&m, 2, FARM_COMPLETE);
	r = runner_with(&m, 1, 0, 1);
	assert_int_equal(runner_missing(r), 0);
	runner_free(r);
	m.have[1][3] = false;
	r = runner_with(&m, 1, 0, 1);
	assert_int_equal(runner_missing(r), 1);
	runner_free(r);
	study_free(st);
}

static void a_point_that_cannot_be_loaded_does_not_stop_the_others(void **state)
{
	static const char late[] =
		"<factor id=\"b\"><level id=\"good\"/><level id=\"bad\" scenario=\"other.xml\"/><level id=\"fine\"/></factor>" VALUE;
	struct study *st = box_load(*state, "replications=\"8\"", late);
	struct memory m = memory_of(st);

	box_put(*state, "other.xml", "<scenario/>"); /* it was whole when the study was loaded */
	struct runner_progress p = run(&m, 3, FARM_COMPLETE);
	assert_true(m.failed_point[1]);
	assert_int_equal(count(&m, 0), 8);
	assert_int_equal(count(&m, 1), 0);
	assert_int_equal(count(&m, 2), 8);
	assert_int_equal(p.failed, 1);
	assert_int_equal(p.done, 16);
	assert_int_equal(p.planned, 16);
	assert_int_equal(p.points_done, 3);
	p = run(&m, 2, FARM_COMPLETE); /* nothing is tried again */
	assert_int_equal(p.ran, 0);
	assert_int_equal(p.points_done, 3);
	assert_int_equal(p.planned, 16);
	study_free(st);
}

static void a_replication_that_fails_counts_as_had(void **state)
{
	struct study *st = box_load(*state, AUTO, "<factor id=\"n\" path=\"box/@fails\" values=\"0;3;1000\"/>" VALUE);
	struct memory m = memory_of(st), again;

	struct runner_progress p = run(&m, 2, FARM_COMPLETE);
	assert_int_equal(m.failures, 1);
	assert_int_equal(p.failed, 1);
	assert_true(isnan(m.value[1][2]));
	assert_true(count(&m, 1) > 20); /* twenty values that are there */
	assert_int_equal(p.done, m.n);
	again = m;
	p = run(&again, 2, FARM_COMPLETE);
	assert_int_equal(p.ran, 0);
	same_tasks(&m, &again);
	study_free(st);
}

static void a_stop_leaves_what_can_be_gone_on_with(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory whole = memory_of(st), m = memory_of(st);
	int stop = 0;

	run(&whole, 2, FARM_COMPLETE);
	m.stop = &stop;
	m.stop_after = 30;
	struct runner_progress p = run(&m, 2, FARM_STOPPED);
	assert_true(p.done >= 30 && p.done < whole.n);
	m.stop = NULL;
	run(&m, 2, FARM_COMPLETE);
	same_tasks(&whole, &m);
	assert_int_equal(m.twice, 0);
	study_free(st);
}

static void a_recorder_that_can_keep_no_more_ends_the_run(void **state)
{
	struct study *st = box_load(*state, AUTO, UNLIKE);
	struct memory whole = memory_of(st), m = memory_of(st);

	run(&whole, 2, FARM_COMPLETE);
	m.refuse_after = 25;
	run(&m, 2, FARM_REFUSED);
	assert_int_equal(m.n, 25);
	m.refuse_after = SIZE_MAX;
	run(&m, 2, FARM_COMPLETE);
	same_tasks(&whole, &m);
	study_free(st);
}

/* A record that someone else has written. */
static void what_the_study_would_never_run_is_passed_over(void **state)
{
	struct study *st = box_load(*state, "replications=\"4\"", UNLIKE);
	struct memory m = memory_of(st);
	struct runner *r = runner_with(&m, 1, 0, 1);
	double x = 1;

	assert_true(runner_have(r, (struct job){ 0, 4 }, &x));
	assert_true(runner_have(r, (struct job){ 0, UINT64_MAX }, &x));
	assert_true(runner_have(r, (struct job){ 3, 0 }, &x));
	assert_true(runner_have(r, (struct job){ UINT64_MAX, 0 }, &x));
	runner_have_failed_point(r, 3);
	runner_have_failed_point(r, UINT64_MAX);
	assert_int_equal(runner_run(r), FARM_COMPLETE);
	assert_int_equal(m.n, 12);
	runner_free(r);
	study_free(st);
}

/* The study's own seed, or that of each point's scenario. */
static void a_seed_that_varies_gives_other_draws(void **state)
{
	static const char seeds[] = "<factor id=\"s\" path=\"run/@seed\" values=\"7;8\"/>" VALUE;
	struct study *st = box_load(*state, "replications=\"3\"", seeds);
	struct study *same = box_load(*state, "replications=\"3\" seed=\"8\"", COUNTS("1;2") VALUE);
	struct memory a = memory_of(st), b = memory_of(same);

	run(&a, 2, FARM_COMPLETE);
	run(&b, 2, FARM_COMPLETE);
	for (size_t k = 0; k < 3; k++) {
		assert_true(a.value[0][k] != a.value[1][k]);
		assert_true(b.value[0][k] == b.value[1][k]); /* common random numbers */
		assert_true(a.value[1][k] == b.value[0][k]); /* seed 8 */
	}
	study_free(st);
	study_free(same);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, box_open, box_close)
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(decisions_do_not_depend_on_the_number_of_threads),
		IN_A_FOLDER(a_point_has_what_the_rule_asks_for),
		IN_A_FOLDER(any_part_of_a_study_is_completed_to_the_same),
		IN_A_FOLDER(shards_make_the_whole),
		IN_A_FOLDER(what_is_missing_is_counted_without_running),
		IN_A_FOLDER(a_point_that_cannot_be_loaded_does_not_stop_the_others),
		IN_A_FOLDER(a_replication_that_fails_counts_as_had),
		IN_A_FOLDER(a_stop_leaves_what_can_be_gone_on_with),
		IN_A_FOLDER(a_recorder_that_can_keep_no_more_ends_the_run),
		IN_A_FOLDER(what_the_study_would_never_run_is_passed_over),
		IN_A_FOLDER(a_seed_that_varies_gives_other_draws),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
