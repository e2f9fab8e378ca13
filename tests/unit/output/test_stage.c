/* Folders of two kinds, one with a record and one without: all of their files at once or none, and nobody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/stage.h"

static const char *const with_names[] = { "table.csv", "report.html" };
static const struct stage_kind with_record = { "record.sqlite", with_names, 2 };
static const char *const without_names[] = { "points.csv", "effects.csv", "report.html" };
static const struct stage_kind without_record = { NULL, without_names, 3 };

struct folder { char dir[64], why[OUTPUT_WHY]; };

static int set_up(void **state)
{
	struct folder *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/sccsim-stage-XXXXXX");
	*state = p;
	return mkdtemp(p->dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct folder *p = *state;

	nftw(p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

static void put(const struct folder *p, const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* The file holds that text; NULL: it is not there. */
static void assert_holds(const struct folder *p, const char *name, const char *text)
{
	char path[256], got[64] = "";

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "rb");
	if ((f == NULL) != (text == NULL))
		fail_msg("%s is %s", name, f ? "there" : "not there");
	if (!f)
		return;
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, text);
}

static void assert_entries(const struct folder *p, int n)
{
	DIR *d = opendir(p->dir);
	int found = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d))
		found++;
	closedir(d);
	assert_int_equal(found, n);
}

static struct stage begun(struct folder *p, const struct stage_kind *kind)
{
	struct stage st;

	if (stage_open(&st, kind, p->dir, p->why) != 0)
		fail_msg("%s", p->why);
	return st;
}

static void stage(const struct stage *st, const char *name, const char *text)
{
	FILE *f = stage_file(st, name);

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(stage_close(st, f, name), 0);
}

static void a_folder_without_a_record_keeps_what_is_not_its_own(void **state)
{
	struct folder *p = *state;
	struct stage st;

	put(p, "record.sqlite", "mine");
	put(p, "table.csv", "mine");
	put(p, "effects.csv", "old");
	st = begun(p, &without_record);
	stage(&st, "points.csv", "new");
	stage(&st, "report.html", "new");
	assert_holds(p, "points.csv", NULL);
	assert_holds(p, "effects.csv", "old");
	assert_int_equal(stage_commit(&st), 0);
	assert_holds(p, "points.csv", "new");
	assert_holds(p, "report.html", "new");
	assert_holds(p, "effects.csv", NULL);
	assert_holds(p, "table.csv", "mine");
	assert_holds(p, "record.sqlite", "mine");
	assert_entries(p, 5); /* and plots/ */
}

static void a_record_stays_until_another_is_written(void **state)
{
	struct folder *p = *state;
	struct stage st = begun(p, &with_record);

	stage(&st, "record.sqlite", "first");
	stage(&st, "table.csv", "first");
	stage(&st, "report.html", "first");
	assert_int_equal(stage_commit(&st), 0);
	st = begun(p, &with_record);
	stage(&st, "report.html", "second");
	assert_int_equal(stage_commit(&st), 0);
	assert_holds(p, "record.sqlite", "first");
	assert_holds(p, "report.html", "second");
	assert_holds(p, "table.csv", NULL);
	st = begun(p, &with_record);
	stage(&st, "record.sqlite", "third");
	assert_int_equal(stage_commit(&st), 0);
	assert_holds(p, "record.sqlite", "third");
}

static void a_record_alone_leaves_nothing_of_an_earlier_run(void **state)
{
	struct folder *p = *state;
	struct stage st = begun(p, &with_record);

	stage(&st, "record.sqlite", "first");
	stage(&st, "report.html", "first");
	stage(&st, "plots/a.svg", "first");
	assert_int_equal(stage_commit(&st), 0);
	put(p, "effects.csv", "mine");
	st = begun(p, &with_record);
	stage(&st, "record.sqlite", "second");
	stage(&st, "report.html", "half");
	stage(&st, "plots/b.svg", "half");
	assert_int_equal(stage_commit_record(&st), 0);
	assert_holds(p, "record.sqlite", "second");
	assert_holds(p, "report.html", NULL);
	assert_holds(p, "effects.csv", "mine");
	assert_entries(p, 2);
}

static void pictures_of_either_kind_are_replaced_and_others_are_let_be(void **state)
{
	static const struct stage_kind *const kinds[] = { &with_record, &without_record };

	for (size_t i = 0; i < 2; i++) {
		struct folder *p = *state;
		struct stage st = begun(p, kinds[i]);
		stage(&st, "plots/a.svg", "first");
		stage(&st, "plots/a.gp", "first");
		stage(&st, "plots/b.dat", "first");
		assert_int_equal(stage_commit(&st), 0);
		put(p, "plots/mine.txt", "mine");
		st = begun(p, kinds[i]);
		stage(&st, "plots/a.svg", "second");
		assert_int_equal(stage_commit(&st), 0);
		assert_holds(p, "plots/a.svg", "second");
		assert_holds(p, "plots/a.gp", NULL);
		assert_holds(p, "plots/b.dat", NULL);
		assert_holds(p, "plots/mine.txt", "mine");
	}
}

static void what_is_dropped_was_never_there(void **state)
{
	struct folder *p = *state;
	struct stage st;

	put(p, "points.csv", "old");
	st = begun(p, &without_record);
	stage(&st, "points.csv", "new");
	stage(&st, "effects.csv", "new");
	stage_drop(&st);
	assert_holds(p, "points.csv", "old");
	assert_holds(p, "effects.csv", NULL);
	assert_entries(p, 1);
	stage_drop(&st);
}

/* A limit on the size of files is a full disk. */
static void a_file_that_is_cut_is_told_and_the_old_one_stays(void **state)
{
	struct folder *p = *state;
	struct stage st;
	struct rlimit was, most;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	FILE *f;

	put(p, "effects.csv", "old");
	st = begun(p, &without_record);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	most = was;
	most.rlim_cur = 3;
	f = stage_file(&st, "effects.csv");
	assert_non_null(f);
	fputs("too long for it", f);
	setrlimit(RLIMIT_FSIZE, &most);
	int rc = stage_close(&st, f, "effects.csv");
	setrlimit(RLIMIT_FSIZE, &was);
	signal(SIGXFSZ, handler);
	assert_int_equal(rc, -1);
	assert_non_null(strstr(p->why, "effects.csv"));
	assert_null(strstr(p->why, ".writing"));
	stage_drop(&st);
	assert_holds(p, "effects.csv", "old");
	assert_entries(p, 1);
}

static void each_kind_knows_its_results(void **state)
{
	(void)state;
	assert_true(stage_is_result(&with_record, "record.sqlite"));
	assert_true(stage_is_result(&with_record, "table.csv"));
	assert_true(stage_is_result(&with_record, "report.html"));
	assert_false(stage_is_result(&with_record, "points.csv"));
	assert_true(stage_is_result(&without_record, "effects.csv"));
	assert_true(stage_is_result(&without_record, "report.html"));
	assert_false(stage_is_result(&without_record, "record.sqlite"));
	assert_false(stage_is_result(&without_record, "mine.txt"));
}

/* A process that is killed while files wait leaves them; one that lives needs them still. */
static void what_a_killed_process_left_is_removed_and_what_waits_is_not(void **state)
{
	struct folder *p = *state;
	struct stage mine = begun(p, &without_record), next;
	int ends = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct stage left = begun(p, &without_record);
		stage(&left, "points.csv", "half");
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &ends, 0), pid);
	assert_true(WIFSIGNALED(ends));
	stage(&mine, "points.csv", "whole");
	assert_entries(p, 2);
	next = begun(p, &with_record);
	assert_entries(p, 2);
	stage_drop(&next);
	assert_int_equal(stage_commit(&mine), 0);
	assert_holds(p, "points.csv", "whole");
	assert_entries(p, 2); /* and plots/ */
}

static void a_folder_is_taken_by_one_at_a_time(void **state)
{
	struct folder *p = *state;
	int first, second, third;

	assert_int_equal(stage_lock(p->dir, &first, p->why), 0);
	assert_true(first >= 0);
	assert_int_equal(stage_lock(p->dir, &second, p->why), -1);
	assert_non_null(strstr(p->why, "another sccsim is at work"));
	close(first);
	assert_int_equal(stage_lock(p->dir, &third, p->why), 0);
	close(third);
	assert_entries(p, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_without_a_record_keeps_what_is_not_its_own),
		TEST(a_record_stays_until_another_is_written),
		TEST(a_record_alone_leaves_nothing_of_an_earlier_run),
		TEST(pictures_of_either_kind_are_replaced_and_others_are_let_be),
		TEST(what_is_dropped_was_never_there),
		TEST(a_file_that_is_cut_is_told_and_the_old_one_stays),
		TEST(what_a_killed_process_left_is_removed_and_what_waits_is_not),
		TEST(a_folder_is_taken_by_one_at_a_time),
		cmocka_unit_test(each_kind_knows_its_results),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
