#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/kernel/failing.h"

#if ALLOCATIONS_CAN_FAIL
#include "sim/output/study_record.h"
#include "tests/unit/study/box.h"

static struct study *loaded;

static bool counting_works(void)
{
	struct runner *r = runner_new(loaded, &(struct runner_options){ .shards = 1, .warm_up = SIM_NEVER });
	double x[2] = { 1, 2 };
	bool through = r != NULL;

	for (size_t k = 0; through && k < 100; k++)
		through = runner_have(r, (struct job){ k % 2, k / 2 }, x);
	if (through)
		through = runner_missing(r) == 2;
	runner_free(r);
	return through;
}

static void a_runner_survives_each_allocation_that_fails(void **state)
{
	loaded = box_load(*state, "replications=\"auto\"", COUNTS("1;2;3;4") VALUE "<response kpi=\"box.count\"/>");
	with_each_allocation_failing(counting_works);
	study_free(loaded);
}

static const char *folder;

static void see(void *ctx, size_t point, const struct kpi_def *def, const char *group, const double *v, size_t n)
{
	(void)point, (void)def, (void)group, (void)v, (void)n;
	++*(size_t *)ctx;
}

/* What was put is there, or the record says why not. */
static bool reading_works(struct study_record *rec)
{
	struct arena *a = arena_new();
	struct study_data data;
	size_t seen = 0;
	bool through = a && study_record_data(rec, &data, a) == 0 && study_record_kpis(rec, see, &seen) == 0;

	if (through) {
		assert_int_equal(data.done[0], 2);
		assert_true(data.at[0].v[1] == 4);
		assert_int_equal(seen, 1);
	} else if (a) {
		assert_true(*study_record_why(rec) != 0);
	}
	arena_free(a);
	return through;
}

static bool recording_works(void)
{
	struct study_identity id = { "build", 0, 1 };
	struct task_row row = { &box_kpis[BOX_VALUE], "all", 3 };
	struct task_result t = { .failure = "", .input = "x", .rows = &row, .n_rows = 1 };
	char why[OUTPUT_WHY] = "";
	struct study_record *rec = study_record_new(folder, loaded, &id, why);
	bool through = rec && study_record_put(rec, &t) == 0;

	if (!rec)
		assert_true(why[0] != 0);
	t.job.replication = 1;
	row.value = 4;
	through = through && study_record_put(rec, &t) == 0 && study_record_commit(rec) == 0;
	through = study_record_close(rec, why) == 0 && through;
	rec = through ? study_record_resume(folder, loaded, &id, why) : NULL;
	through = rec && reading_works(rec);
	return study_record_close(rec, why) == 0 && through;
}

static void a_record_survives_each_allocation_that_fails(void **state)
{
	char shared[] = "/dev/shm/sccsim-study-XXXXXX", command[64];

	/* Some thousand records are begun: no disk shall wait for each. */
	folder = mkdtemp(shared) ? shared : ((const struct box *)*state)->path;
	loaded = box_load(*state, "replications=\"4\"", COUNTS("1;2") VALUE);
	with_each_allocation_failing(recording_works);
	study_free(loaded);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_record_survives_each_allocation_that_fails, box_open, box_close),
		cmocka_unit_test_setup_teardown(a_runner_survives_each_allocation_that_fails, box_open, box_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return skip_all();
}

#endif
