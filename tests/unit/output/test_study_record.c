#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <sys/stat.h>

#include "sim/output/study_output.h"
#include "tests/unit/study/box.h"

static const struct study_identity whole = { "build", 0, 1 };
#define REPS "replications=\"4\""
#define BODY COUNTS("1;2;3") VALUE

static const char *folder_in(const struct box *b, const char *name)
{
	static char path[8][160];
	static size_t next;
	char *p = path[next++ % 8];

	snprintf(p, sizeof path[0], "%s/%s", b->path, name);
	mkdir(p, 0777);
	return p;
}

static struct study_record *record_new(const struct box *b, const char *name, const struct study *st)
{
	char why[OUTPUT_WHY] = "";
	struct study_record *rec = study_record_new(folder_in(b, name), st, &whole, why);

	if (!rec)
		fail_msg("%s", why);
	return rec;
}

static void record_close(struct study_record *rec)
{
	char why[OUTPUT_WHY] = "";

	if (study_record_close(rec, why) != 0)
		fail_msg("%s", why);
}

static struct runner_progress run_into(struct study_record *rec, const struct study *st, size_t shard, size_t shards)
{
	struct runner_options opt = { .threads = 2,
				      .warm_up = SIM_NEVER,
				      .shard = shard,
				      .shards = shards,
				      .recorder = { rec, study_record_put, study_record_commit } };
	struct runner *r = runner_new(st, &opt);

	assert_int_equal(study_record_tell(rec, r), 0);
	assert_int_equal(runner_run(r), FARM_COMPLETE);
	struct runner_progress p = runner_progress(r);
	runner_free(r);
	return p;
}

/* A whole record of the study in a folder. */
static void record_whole(const struct box *b, const char *name, const struct study *st)
{
	struct study_record *rec = record_new(b, name, st);

	run_into(rec, st, 0, 1);
	record_close(rec);
}

static void sql(const struct box *b, const char *name, const char *text)
{
	char path[200], *why = NULL;
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/results.sqlite", folder_in(b, name));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", text, why);
	sqlite3_close(db);
}

/* kpi.csv, points.csv and effects.csv of a record as one text. */
static char *tables_of(const struct box *b, const char *name, const struct study *st)
{
	char why[OUTPUT_WHY] = "", *text = NULL;
	size_t n = 0;
	struct study_record *rec = study_record_open(folder_in(b, name), st, why);

	if (!rec)
		fail_msg("%s", why);
	struct study_view *v = study_view_new(rec, st, true, why);
	FILE *f = open_memstream(&text, &n);
	assert_non_null(v);
	assert_int_equal(study_kpi_csv(v, f), 0);
	study_points_csv(v, f);
	study_effects_csv(v, f);
	fclose(f);
	study_view_free(v);
	record_close(rec);
	return text;
}

static void same_tables(const struct box *b, const char *one, const char *other, const struct study *st)
{
	char *x = tables_of(b, one, st), *y = tables_of(b, other, st);

	assert_string_equal(x, y);
	free(x);
	free(y);
}

static void a_record_says_what_it_is(void **state)
{
	struct study *st = box_load(*state, REPS, BODY);
	const char *dir = folder_in(*state, "r");
	char why[OUTPUT_WHY];

	assert_int_equal(study_record_state(dir), RECORD_NONE);
	assert_null(study_record_open(dir, st, why));
	assert_non_null(strstr(why, "holds no study"));
	record_whole(*state, "r", st);
	assert_int_equal(study_record_state(dir), RECORD_UNFINISHED);
	struct study_record *rec = study_record_resume(dir, st, &whole, why);
	assert_non_null(rec);
	struct study_view *v = study_view_new(rec, st, true, why);
	assert_int_equal(study_record_finish(rec, v->a, true), 0);
	assert_int_equal(study_record_finish(rec, v->a, true), 0); /* as often as one likes */
	assert_int_equal(study_record_state_of(rec), RECORD_FINISHED);
	assert_int_equal(v->totals.tasks, 12);
	study_view_free(v);
	record_close(rec);
	assert_int_equal(study_record_state(dir), RECORD_FINISHED);
	char *path = study_record_path(dir, why);
	assert_non_null(strstr(path, "/t.xml"));
	free(path);
	box_put(*state, "r/results.sqlite", "not a database, only some text that is long enough for a header of one");
	assert_int_equal(study_record_state(dir), RECORD_FOREIGN);
	study_free(st);
}

static void a_resumed_record_has_all_and_runs_nothing_twice(void **state)
{
	struct study *st = box_load(*state, "replications=\"auto\"", BODY);
	char why[OUTPUT_WHY];

	record_whole(*state, "whole", st);
	record_whole(*state, "part", st);
	sql(*state, "part", "DELETE FROM task WHERE replication % 3 = 1; DELETE FROM value WHERE replication % 3 = 1");
	struct study_record *rec = study_record_resume(folder_in(*state, "part"), st, &whole, why);
	struct runner_progress p = run_into(rec, st, 0, 1);
	assert_true(p.ran > 0 && p.ran < p.done);
	record_close(rec);
	same_tables(*state, "whole", "part", st);
	study_free(st);
}

static void shards_merge_to_the_whole(void **state)
{
	struct study *st = box_load(*state, "replications=\"auto\"", BODY);
	char why[OUTPUT_WHY];

	record_whole(*state, "whole", st);
	struct study_record *all = record_new(*state, "all", st);
	for (size_t i = 2; i-- > 0;) { /* the KPIs come in another order too */
		char name[8];
		snprintf(name, sizeof name, "s%zu", i);
		struct study_identity id = { "build", i, 2 };
		struct study_record *rec = study_record_new(folder_in(*state, name), st, &id, why);
		assert_non_null(rec);
		run_into(rec, st, i, 2);
		record_close(rec);
		if (i == 1)
			sql(*state, name,
			    "UPDATE value SET kpi_id=100+kpi_id; UPDATE kpi SET kpi_id=100+kpi_id;"
			    "UPDATE value SET kpi_id=101-kpi_id; UPDATE kpi SET kpi_id=101-kpi_id;"
			    "UPDATE value SET value=NULL WHERE point=1 AND replication=3 AND kpi_id=0");
		assert_int_equal(study_record_merge(all, folder_in(*state, name), why), 0);
	}
	assert_int_equal(study_record_merge(all, folder_in(*state, "s0"), why), -1);
	assert_non_null(strstr(why, "has points that another part has too"));
	record_close(all);
	sql(*state, "whole", "UPDATE value SET value=NULL WHERE point=1 AND replication=3 AND kpi_id=1");
	same_tables(*state, "whole", "all", st); /* what was missing is so still, not 0 */
	study_free(st);
}

/* A part that was stopped during its pilot runs has nothing, and contradicts nobody; one that found another warm-up does. */
static void a_part_without_a_warm_up_yet_is_merely_missing(void **state)
{
	static const simtime_t found[] = { 7, SIM_NEVER, 7, 8 };
	struct study *st = box_load(*state, "replications=\"2\"", BODY);
	struct study_record *all = record_new(*state, "all", st);
	char why[OUTPUT_WHY];

	for (size_t i = 0; i < 4; i++) {
		char name[8];
		snprintf(name, sizeof name, "w%zu", i);
		struct study_identity id = { "build", i, 4 };
		struct study_record *rec = study_record_new(folder_in(*state, name), st, &id, why);
		assert_non_null(rec);
		if (found[i] != SIM_NEVER) {
			study_record_set_warm_up(rec, found[i]);
			run_into(rec, st, i, 4);
		}
		record_close(rec);
		assert_int_equal(study_record_merge(all, folder_in(*state, name), why), found[i] == 8 ? -1 : 0);
		assert_true(study_record_warm_up(all) == 7);
	}
	assert_non_null(strstr(why, "has detected another warm-up"));
	record_close(all);
	study_free(st);
}

static void another_study_program_or_part_is_refused_with_the_reason(void **state)
{
	struct study *st = box_load(*state, REPS, BODY), *other;
	const char *dir = folder_in(*state, "r");
	struct study_identity build = { "another", 0, 1 }, part = { "build", 1, 4 };
	char why[OUTPUT_WHY];

	record_whole(*state, "r", st);
	assert_null(study_record_resume(dir, st, &build, why));
	assert_non_null(strstr(why, "was made by another build of sccsim (build then, another now)"));
	assert_null(study_record_resume(dir, st, &part, why));
	assert_non_null(strstr(why, "holds shard 1/1 of the study, not 2/4"));
	other = box_load(*state, "replications=\"5\"", BODY);
	assert_null(study_record_resume(dir, other, &whole, why));
	assert_non_null(strstr(why, "is of another input"));
	sql(*state, "r", "UPDATE study SET version='0.0.1'");
	assert_null(study_record_open(dir, st, why));
	assert_non_null(strstr(why, "was made by sccsim 0.0.1"));
	study_free(other);
	study_free(st);
}

static void count_kpi(void *ctx, size_t point, const struct kpi_def *def, const char *group, const double *v, size_t n)
{
	char *said = ctx;

	(void)group, (void)v;
	snprintf(said + strlen(said), 512 - strlen(said), "%zu:%s/%zu ", point, def->name, n);
}

static void kpis_come_in_the_order_of_points_and_models(void **state)
{
	struct study *st = box_load(*state, "replications=\"4\" keep=\"all\"", COUNTS("1;2") VALUE);
	char why[OUTPUT_WHY], said[512] = "";

	record_whole(*state, "r", st);
	struct study_record *rec = study_record_open(folder_in(*state, "r"), st, why);
	assert_int_equal(study_record_kpis(rec, count_kpi, said), 0);
	assert_string_equal(said, "0:box.value/4 0:box.count/4 0:box.minor/4 1:box.value/4 1:box.count/4 1:box.minor/4 ");
	record_close(rec);
	study_free(st);
}

/* Whatever is done to a record, it is read to the end or refused with a reason. */
static void a_damaged_record_is_an_error(void **state)
{
	static const char *const damage[] = {
		"UPDATE study SET version=NULL",
		"UPDATE study SET input=NULL",
		"UPDATE study SET build=NULL",
		"DELETE FROM study",
		"UPDATE study SET warm_up_ns=-5",
		"UPDATE study SET warm_up_ns=NULL",
		"UPDATE study SET warm_up_ns='x'",
		"INSERT INTO task VALUES(-1,0,0,'',0,0)",
		"INSERT INTO task VALUES(0,-1,0,'',0,0)",
		"INSERT INTO task VALUES(3,0,0,'',0,0)",
		"INSERT INTO task VALUES(0,4000000000000000000,0,'',0,0)",
		"INSERT INTO task VALUES('a','b','c','d','e','f')",
		"UPDATE kpi SET kpi='no.such'",
		"UPDATE kpi SET kpi=NULL",
		"UPDATE kpi SET group_name=NULL",
		"UPDATE kpi SET kpi_id=7+kpi_id",
		"INSERT INTO value VALUES(0,4611686018427387903,0,1)",
		"INSERT INTO value VALUES(-1,0,0,1)",
		"INSERT INTO value VALUES(0,0,-1,1)",
		"INSERT INTO value VALUES(0,0,99,1)",
		"INSERT INTO value VALUES(9,0,0,1)",
		"DROP TABLE value",
		"DROP TABLE task",
		"DROP TABLE kpi",
		"DROP TABLE point_input",
	};

	struct study *st = box_load(*state, REPS, BODY);
	char why[OUTPUT_WHY];

	for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
		record_whole(*state, "r", st);
		sql(*state, "r", damage[i]);
		why[0] = '\0';
		bool refused = false;
		struct study_record *rec = study_record_resume(folder_in(*state, "r"), st, &whole, why);
		if (rec) {
			struct runner *r = runner_new(st, &(struct runner_options){ .shards = 1, .warm_up = SIM_NEVER });
			char said[512] = "";
			refused = study_record_tell(rec, r) != 0;
			struct study_view *v = study_view_new(rec, st, true, why);
			refused = refused || !v || study_record_kpis(rec, count_kpi, said) != 0;
			if (refused && !*study_record_why(rec))
				fail_msg("no reason: %s", damage[i]);
			runner_free(r);
			study_view_free(v);
			study_record_close(rec, why);
		} else if (!why[0]) {
			fail_msg("no reason: %s", damage[i]);
		}
		if (rec && !refused)
			fail_msg("taken: %s", damage[i]);
		/* As a part of another. */
		struct study_record *all = record_new(*state, "all", st);
		why[0] = '\0';
		if (study_record_merge(all, folder_in(*state, "r"), why) != 0)
			assert_true(why[0] != '\0');
		study_record_close(all, why);
	}
	study_free(st);
}

static void batches_of_a_damaged_record_are_an_error(void **state)
{
	static const char *const damage[] = {
		"INSERT INTO batch VALUES(0,1,0,1)",  "INSERT INTO batch VALUES(-1,0,0,1)",
		"INSERT INTO batch VALUES(0,-1,0,1)", "INSERT INTO batch VALUES(0,0,99,1)",
		"INSERT INTO batch VALUES(3,0,0,1)",
	};
	struct study *st = box_load(*state, "statistics=\"batch-means\"", BODY);
	char why[OUTPUT_WHY];

	for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
		record_whole(*state, "r", st);
		sql(*state, "r", damage[i]);
		struct study_record *rec = study_record_open(folder_in(*state, "r"), st, why);
		assert_non_null(rec);
		assert_null(study_view_new(rec, st, true, why));
		assert_non_null(strstr(why, "is damaged: a batch that the study has not"));
		study_record_close(rec, why);
	}
	study_free(st);
}

static size_t committed(const struct box *b, const char *table)
{
	char path[200], text[64];
	sqlite3 *db;
	sqlite3_stmt *q;

	snprintf(path, sizeof path, "%s/results.sqlite", folder_in(b, "r"));
	snprintf(text, sizeof text, "SELECT count(*) FROM %s", table);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	size_t n = (size_t)sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

/* A copy of what is on the disk is what a kill leaves. */
static void crash(const struct box *b)
{
	char command[400];

	snprintf(command, sizeof command, "mkdir -p %s/r && cp %s/live/results.sqlite* %s/r/", b->path, b->path, b->path);
	assert_int_equal(system(command), 0);
}

static void what_is_committed_survives_and_nothing_else(void **state)
{
	struct study *st = box_load(*state, REPS, BODY);
	struct study_record *rec = record_new(*state, "live", st);
	struct task_row row = { &box_kpis[BOX_VALUE], "all", 3 };
	struct task_result r = { .job = { 0, 0 }, .failure = "", .input = "x", .rows = &row, .n_rows = 1 };

	assert_int_equal(study_record_put(rec, &r), 0);
	crash(*state);
	assert_int_equal(committed(*state, "task"), 0);
	assert_int_equal(study_record_commit(rec), 0);
	crash(*state);
	assert_int_equal(committed(*state, "task"), 1);
	assert_int_equal(committed(*state, "value"), 1);
	/* A point that cannot be loaded, and a replication that broke the program, are kept like any other. */
	struct task_result bad = { .job = { 1, 0 }, .status = SIM_E_LIMIT, .of_point = true, .failure = "no", .input = "" };
	assert_int_equal(study_record_put(rec, &bad), 0);
	assert_int_equal(study_record_commit(rec), 0);
	crash(*state);
	assert_int_equal(committed(*state, "point_input WHERE failure='no'"), 1);
	assert_int_equal(study_record_broken(rec, (struct job){ 2, 1 }), 0);
	assert_int_equal(study_record_commit(rec), 0);
	crash(*state);
	assert_int_equal(committed(*state, "task WHERE status<>0"), 1);
	/* An input that changes under way is refused. */
	r.job = (struct job){ 0, 1 };
	r.input = "y";
	assert_int_equal(study_record_put(rec, &r), -1);
	assert_non_null(strstr(study_record_why(rec), "point 0 is of another input than before"));
	char why[OUTPUT_WHY];
	study_record_close(rec, why);
	study_free(st);
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, box_open, box_close)
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(a_record_says_what_it_is),
		IN_A_FOLDER(a_resumed_record_has_all_and_runs_nothing_twice),
		IN_A_FOLDER(shards_merge_to_the_whole),
		IN_A_FOLDER(a_part_without_a_warm_up_yet_is_merely_missing),
		IN_A_FOLDER(another_study_program_or_part_is_refused_with_the_reason),
		IN_A_FOLDER(kpis_come_in_the_order_of_points_and_models),
		IN_A_FOLDER(a_damaged_record_is_an_error),
		IN_A_FOLDER(batches_of_a_damaged_record_are_an_error),
		IN_A_FOLDER(what_is_committed_survives_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
