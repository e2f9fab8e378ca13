#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sim/study/task.h"
#include "tests/unit/study/box.h"

/* What a worker makes of a job, as it travels. */
static struct bytes ran(const struct study *st, struct job job)
{
	struct workshop *w = workshop_new(st, SIM_NEVER, 1, NULL);
	struct bytes b = { 0 };

	assert_non_null(w);
	task_run(w, 0, job, &b);
	assert_false(b.failed);
	workshop_free(w);
	return b;
}

static struct task_result read_back(const struct study *st, struct job job, const struct bytes *b, struct arena *a)
{
	struct task_result t;

	assert_true(task_read(st, job, b->v, b->n, a, &t));
	return t;
}

static void what_is_kept_travels_and_nothing_else(void **state)
{
	static const struct {
		const char *keep;
		size_t n;
		const char *names[3];
	} rows[] = {
		{ "responses", 1, { "box.count" } },
		{ "main", 2, { "box.value", "box.count" } },
		{ "all", 3, { "box.value", "box.count", "box.minor" } },
	};

	for (size_t i = 0; i < 3; i++) {
		char attributes[64];
		snprintf(attributes, sizeof attributes, "keep=\"%s\"", rows[i].keep);
		struct study *st = box_load(*state, attributes, COUNTS("5;6") "<response kpi=\"box.count\"/>");
		struct arena *a = arena_new();
		struct bytes b = ran(st, (struct job){ 1, 3 });
		struct task_result t = read_back(st, (struct job){ 1, 3 }, &b, a);
		assert_int_equal(t.status, SIM_OK);
		assert_false(t.of_point);
		assert_string_equal(t.failure, "");
		assert_int_equal(strlen(t.input), 64);
		assert_true(t.job.point == 1 && t.job.replication == 3 && t.wall_s >= 0);
		assert_int_equal(t.n_rows, rows[i].n);
		for (size_t k = 0; k < t.n_rows; k++)
			assert_string_equal(t.rows[k].def->name, rows[i].names[k]);
		assert_true(task_response(&t, &st->responses[0]) == 6);
		assert_null(t.batches);
		bytes_free(&b);
		/* An even replication has no count. */
		b = ran(st, (struct job){ 1, 2 });
		t = read_back(st, (struct job){ 1, 2 }, &b, a);
		assert_true(isnan(task_response(&t, &st->responses[0])));
		bytes_free(&b);
		arena_free(a);
		study_free(st);
	}
}

static void a_failure_travels_with_its_reason(void **state)
{
	struct study *st = box_load(*state, "",
				    "<factor id=\"f\"><level id=\"a\"><set path=\"box/@fails\" value=\"1\"/></level>"
				    "<level id=\"b\" scenario=\"other.xml\"/></factor>" VALUE);
	struct arena *a = arena_new();
	struct bytes b = ran(st, (struct job){ 0, 0 });
	struct task_result t = read_back(st, (struct job){ 0, 0 }, &b, a);

	assert_int_equal(t.status, SIM_E_LIMIT);
	assert_false(t.of_point);
	assert_string_equal(t.failure, "the box is full");
	assert_int_equal(t.n_rows, 0);
	bytes_free(&b);
	box_put(*state, "other.xml", "<scenario/>");
	b = ran(st, (struct job){ 1, 0 });
	t = read_back(st, (struct job){ 1, 0 }, &b, a);
	assert_true(t.of_point && t.status != SIM_OK && strstr(t.failure, "other.xml"));
	bytes_free(&b);
	arena_free(a);
	study_free(st);
}

/* Of 400 values 390 are left after ten seconds, one of the warm-up is missing: batches are of 39. */
static void batches_are_means_of_the_series_after_the_warm_up(void **state)
{
	struct study *st =
		box_load(*state, "statistics=\"batch-means\" batches=\"10\" warm-up=\"10s\"",
			 "<factor id=\"n\" path=\"box/@settle\" values=\"0;10\"/>" VALUE "<response kpi=\"box.count\"/>");
	struct arena *a = arena_new();
	double sum[2] = { 0 };

	assert_int_equal(st->replications, 1);
	assert_false(st->until_precise);
	for (size_t p = 0; p < 2; p++) {
		struct bytes b = ran(st, (struct job){ p, 0 });
		struct task_result t = read_back(st, (struct job){ p, 0 }, &b, a);
		assert_int_equal(t.batches[0].n, 10);
		assert_int_equal(t.batches[1].n, 0); /* it has no series */
		assert_true(t.batches[0].lag1 > -1 && t.batches[0].lag1 < 1);
		for (size_t i = 0; i < 10; i++)
			sum[p] += t.batches[0].v[i];
		bytes_free(&b);
	}
	assert_true(sum[0] == sum[1] && fabs(sum[0] / 10 - 10) < 0.2); /* what settles before counts for nothing */
	arena_free(a);
	study_free(st);
}

static void a_time_with_nothing_to_count_is_in_no_batch(void **state)
{
	struct study *st = box_load(*state, "statistics=\"batch-means\" batches=\"7\"", VALUE);
	struct arena *a = arena_new();
	struct bytes b = ran(st, (struct job){ 0, 0 });
	struct task_result t = read_back(st, (struct job){ 0, 0 }, &b, a);

	assert_int_equal(t.batches[0].n, 7); /* of 57 of the 399 */
	for (size_t i = 0; i < 7; i++)
		assert_true(t.batches[0].v[i] > 9 && t.batches[0].v[i] < 11);
	bytes_free(&b);
	arena_free(a);
	study_free(st);
}

static void what_is_not_whole_is_refused(void **state)
{
	static const char *const ways[] = { "keep=\"all\"", "statistics=\"batch-means\"" };

	for (size_t i = 0; i < 2; i++) {
		struct study *st = box_load(*state, ways[i], VALUE);
		struct bytes b = ran(st, (struct job){ 0, 1 });
		struct task_result t;
		struct arena *a = arena_new();
		for (size_t n = 0; n < b.n; n++)
			assert_false(task_read(st, (struct job){ 0, 1 }, b.v, n, a, &t));
		bytes_u64(&b, 0);
		assert_false(task_read(st, (struct job){ 0, 1 }, b.v, b.n, a, &t));
		/* Each byte changed: taken or refused, and what is taken can be used. */
		for (size_t n = 0; n < b.n - 8; n++)
			for (unsigned x = 1; x < 256; x += 127) {
				b.v[n] ^= (unsigned char)x;
				if (task_read(st, (struct job){ 0, 1 }, b.v, b.n - 8, a, &t) && t.n_rows)
					assert_true(strlen(t.rows[t.n_rows - 1].group) < b.n);
				b.v[n] ^= (unsigned char)x;
			}
		arena_free(a);
		bytes_free(&b);
		study_free(st);
	}
}

static void the_warm_up_is_found_where_the_series_settles(void **state)
{
	struct study *st =
		box_load(*state, "warm-up=\"auto\"", "<factor id=\"n\" path=\"box/@settle\" values=\"0;40\"/>" VALUE);
	simtime_t warm_up = -1, again = -1;
	size_t found, unsettled;
	char why[256];
	int stop = 1;

	assert_true(study_detect_warm_up(st, 2, NULL, &warm_up, &found, &unsettled, why, sizeof why));
	assert_in_range(warm_up, 40 * SIM_SECOND, 200 * SIM_SECOND); /* chance may take more, never less nor half */
	assert_int_equal(found, 2);
	assert_int_equal(unsettled, 0);
	assert_true(study_detect_warm_up(st, 1, NULL, &again, &found, &unsettled, why, sizeof why));
	assert_true(again == warm_up);
	assert_false(study_detect_warm_up(st, 1, &stop, &again, &found, &unsettled, why, sizeof why));
	assert_string_equal(why, "stopped during the pilot runs");
	study_free(st);
	st = box_load(*state, "warm-up=\"auto\"", "<factor id=\"n\" path=\"box/@fails\" values=\"0;2\"/>" VALUE);
	assert_false(study_detect_warm_up(st, 1, NULL, &again, &found, &unsettled, why, sizeof why));
	assert_string_equal(why, "pilot run of point 1: the box is full");
	study_free(st);
	st = box_load(*state, "warm-up=\"auto\"", "<response kpi=\"box.count\"/>");
	assert_true(study_detect_warm_up(st, 1, NULL, &again, &found, &unsettled, why, sizeof why));
	assert_true(again == 0 && found == 0);
	study_free(st);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, box_open, box_close)
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(what_is_kept_travels_and_nothing_else),
		IN_A_FOLDER(a_failure_travels_with_its_reason),
		IN_A_FOLDER(batches_are_means_of_the_series_after_the_warm_up),
		IN_A_FOLDER(a_time_with_nothing_to_count_is_in_no_batch),
		IN_A_FOLDER(what_is_not_whole_is_refused),
		IN_A_FOLDER(the_warm_up_is_found_where_the_series_settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
