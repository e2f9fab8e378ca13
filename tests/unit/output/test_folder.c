/* The results folder: all of a run's files or none; drawn again from the record alone; nothing half written. */
#include "tests/unit/output/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = { "results.sqlite", "kpi.csv",     "series.csv",  "scenario.xml",
				     "layers.geojson", "summary.txt", "report.html" };
enum { NAMES = sizeof names / sizeof names[0] };

static void put(const struct folder *p, const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof path, "%s/%s", p->dir, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int found;
static const char *const known[] = { "results.sqlite", "kpi.csv", "series.csv", "scenario.xml", "layers.geojson", "summary.txt",
				     "report.html", "mine.txt" };

/* A file that is neither one of the results nor a plot nor the test's own. */
static int is_strange(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *name = path + at->base, *dot = strrchr(name, '.');
	bool fine = type != FTW_F;

	(void)st;
	for (size_t i = 0; i < sizeof known / sizeof known[0] && !fine; i++)
		fine = strcmp(known[i], name) == 0;
	fine = fine ||
	       (strstr(path, "/plots/") && dot && (!strcmp(dot, ".svg") || !strcmp(dot, ".gp") || !strcmp(dot, ".dat")));
	if (!fine)
		print_error("left behind: %s\n", path);
	found += !fine;
	return 0;
}

static void assert_nothing_strange(const struct folder *p)
{
	found = 0;
	nftw(p->dir, is_strange, 8, FTW_PHYS);
	assert_int_equal(found, 0);
}

static void every_file_is_there_and_says_what_it_is_of(void **state)
{
	struct folder *p = *state;

	write_all(p);
	for (size_t i = 0; i < NAMES; i++) {
		char *text = content(p, names[i]);
		assert_non_null(text);
		if (i > 0) { /* the record is not text */
			assert_non_null(strstr(text, "1.2.3"));
			assert_non_null(strstr(text, "18446744073709551615"));
			assert_non_null(strstr(text, p->m.sc.hash));
		}
		free(text);
	}
	char *svg = content(p, "plots/map.svg");
	assert_non_null(svg);
	assert_non_null(strstr(svg, p->m.sc.hash));
	free(svg);
	assert_nothing_strange(p);
}

static void xml_is_well_formed_whatever_the_texts(void **state)
{
	struct folder *p = *state;
	static const char *const xml[] = { "scenario.xml", "plots/map.svg", "plots/latency.svg" };

	write_all(p);
	for (size_t i = 0; i < sizeof xml / sizeof xml[0]; i++) {
		char *text = content(p, xml[i]);
		assert_non_null(text);
		xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), xml[i], NULL, XML_PARSE_NONET);
		assert_non_null(doc);
		xmlFreeDoc(doc);
		free(text);
	}
	char *page = content(p, "report.html");
	assert_null(strstr(page, "<b>\"A & B\""));
	assert_null(strstr(page, "<b>\"A"));
	free(page);
	xmlCleanupParser();
}

static int scripts, undrawn;

static int count_scripts(const char *path, const struct stat *st, int type, struct FTW *at)
{
	char svg[512];
	const char *dot = strrchr(path + at->base, '.');

	(void)st, (void)type;
	if (!dot || strcmp(dot, ".gp") != 0)
		return 0;
	snprintf(svg, sizeof svg, "%.*s.svg", (int)(dot - path), path);
	scripts++;
	if (access(svg, R_OK) != 0) {
		print_error("%s draws nothing\n", path);
		undrawn++;
	}
	return 0;
}

static void gnuplot_draws_every_script(void **state)
{
	struct folder *p = *state;

	write_all(p);
	scripts = undrawn = 0;
	nftw(p->dir, count_scripts, 8, FTW_PHYS);
	assert_in_range(scripts, 4, 20);
	assert_int_equal(undrawn, 0);
}

static void drawn_again_from_the_record_it_is_the_same(void **state)
{
	struct folder *p = *state;
	static const char *const drawn[] = { "report.html",   "summary.txt",      "plots/latency.svg",
					     "plots/map.svg", "plots/latency.gp", "plots/latency.dat" };
	char why[OUTPUT_WHY], *before[sizeof drawn / sizeof drawn[0]], path[512];

	write_all(p);
	for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++) {
		before[i] = content(p, drawn[i]);
		assert_non_null(before[i]);
		snprintf(path, sizeof path, "%s/%s", p->dir, drawn[i]);
		assert_int_equal(unlink(path), 0);
	}
	if (output_redraw(p->dir, &made_table, why) != 0)
		fail_msg("%s", why);
	for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++) {
		char *after = content(p, drawn[i]);
		assert_non_null(after);
		assert_string_equal(before[i], after);
		free(before[i]);
		free(after);
	}
	assert_nothing_strange(p);
}

static void what_an_earlier_run_left_is_replaced_and_the_rest_is_let_be(void **state)
{
	struct folder *p = *state;

	write_all(p);
	put(p, "kpi.csv", "old\n");
	put(p, "report.html", "old\n");
	put(p, "plots/old-curve.svg", "old\n");
	put(p, "plots/mine.txt", "mine\n");
	put(p, "mine.txt", "mine\n");
	write_all(p);
	char *kpi = content(p, "kpi.csv"), *mine = content(p, "mine.txt"), *in_plots = content(p, "plots/mine.txt");
	char *old = content(p, "plots/old-curve.svg");
	assert_true(strncmp(kpi, "kpi,", 4) == 0);
	assert_string_equal(mine, "mine\n");
	assert_string_equal(in_plots, "mine\n");
	assert_null(old);
	free(old);
	free(kpi);
	free(mine);
	free(in_plots);
}

static void the_record_can_be_asked_with_sql(void **state)
{
	struct folder *p = *state;
	static const struct {
		const char *sql, *answer;
	} ask[] = {
		{ "SELECT version FROM run", "1.2.3" },
		{ "SELECT seed FROM run", "18446744073709551615" },
		{ "SELECT count(*) FROM replication", "3" },
		{ "SELECT count(*) FROM kpi_replication WHERE kpi = 'connectivity.delivery-ratio'", "4" },
		{ "SELECT mean IS NULL FROM kpi WHERE kpi = 'latency.p95'", "1" },
		{ "SELECT count(*) FROM series", "96" },
		{ "SELECT count(*) FROM curve", "132" },
		{ "SELECT count(*) FROM audit", "8" },
		{ "SELECT count(*) FROM event_profile", "4" },
		{ "PRAGMA journal_mode", "delete" },
		{ "PRAGMA integrity_check", "ok" },
	};
	char path[512];
	sqlite3 *db;

	write_all(p);
	snprintf(path, sizeof path, "%s/results.sqlite", p->dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < sizeof ask / sizeof ask[0]; i++) {
		sqlite3_stmt *st;
		if (sqlite3_prepare_v2(db, ask[i].sql, -1, &st, NULL) != SQLITE_OK)
			fail_msg("%s: %s", ask[i].sql, sqlite3_errmsg(db));
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		assert_string_equal((const char *)sqlite3_column_text(st, 0), ask[i].answer);
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
}

static void what_is_no_record_is_refused(void **state)
{
	struct folder *p = *state;
	char why[OUTPUT_WHY] = "", path[512];
	sqlite3 *db;

	assert_int_equal(output_redraw(p->dir, &made_table, why), -1);
	assert_non_null(strstr(why, "results.sqlite"));
	put(p, "results.sqlite", "this is a text, not a database, however long it may be");
	assert_int_equal(output_redraw(p->dir, &made_table, why), -1);
	assert_non_null(strstr(why, "results.sqlite"));
	write_all(p);
	snprintf(path, sizeof path, "%s/results.sqlite", p->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE curve SET replication = 17", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(output_redraw(p->dir, &made_table, why), -1);
	assert_non_null(strstr(why, "results.sqlite"));
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
	struct folder *p = *state;
	char why[OUTPUT_WHY] = "", path[512];

	put(p, "mine.txt", "a file");
	snprintf(path, sizeof path, "%s/mine.txt", p->dir);
	assert_int_equal(output_prepare(path, why), -1);
	assert_non_null(strstr(why, "mine.txt"));
	snprintf(path, sizeof path, "%s/mine.txt/below", p->dir);
	assert_int_equal(output_prepare(path, why), -1);
	assert_non_null(strstr(why, "mine.txt"));
	assert_int_equal(output_prepare("/proc/none/results", why), -1);
	assert_non_null(strstr(why, "/proc/none"));
	assert_int_equal(output_prepare("", why), -1);
	snprintf(path, sizeof path, "%s/a/b/c", p->dir);
	assert_int_equal(output_prepare(path, why), 0);
	assert_int_equal(output_prepare(path, why), 0);
	assert_nothing_strange(p);
}

/* Write with files limited to so many KiB, in a process of its own; its exit status. */
static int write_limited(const struct folder *p, rlim_t kib)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		char why[OUTPUT_WHY] = "";
		struct rlimit most = { kib * 1024, kib * 1024 };
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &most);
		int rc = output_write(&p->m.o, p->dir, why);
		if (rc != 0 && !strstr(why, "large") && !strstr(why, "full"))
			dprintf(2, "%s\n", why);
		_exit(rc == 0 ? 0 : strlen(why) > 20 && (strstr(why, "large") || strstr(why, "full")) ? 1 : 2);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_full_disk_leaves_nothing_half_written(void **state)
{
	struct folder *p = *state;
	static const rlim_t limits[] = { 0, 1, 16, 64, 256 };

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		assert_int_equal(write_limited(p, limits[i]), 1);
		char *page = content(p, "report.html");
		if (page)
			assert_non_null(strstr(page, "</html>"));
		free(page);
		assert_nothing_strange(p);
	}
	assert_int_equal(write_limited(p, 100000), 0);
}

static void a_failure_does_not_mix_two_runs(void **state)
{
	struct folder *p = *state;

	write_all(p);
	char *before = content(p, "kpi.csv");
	assert_int_equal(write_limited(p, 0), 1);
	char *after = content(p, "kpi.csv");
	assert_non_null(after);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_nothing_strange(p);
}

static void a_stream_that_is_full_is_an_error(void **state)
{
	struct folder *p = *state;
	int (*const writers[])(const struct outcome *o, FILE *f) = { output_kpi_csv, output_series_csv, output_layers,
								     output_summary, output_kpi_json };

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
		FILE *f = fopen("/dev/full", "w");
		assert_non_null(f);
		setvbuf(f, NULL, _IONBF, 0);
		assert_int_equal(writers[i](&p->m.o, f), -1);
		fclose(f);
	}
}

static void without_gnuplot_there_is_a_report_all_the_same(void **state)
{
	struct folder *p = *state;
	const char *now = getenv("PATH");
	char *path = strdup(now ? now : "");

	setenv("PATH", "/nowhere", 1);
	write_all(p);
	setenv("PATH", path, 1);
	free(path);
	char *page = content(p, "report.html"), *script = content(p, "plots/latency.gp");
	assert_non_null(strstr(page, "gnuplot"));
	assert_non_null(strstr(page, "</html>"));
	assert_non_null(script);
	free(page);
	free(script);
	assert_nothing_strange(p);
}

/* Groups of a large city: no work that grows with the square of them. */
static void a_thousand_districts_are_written_within_seconds(void **state)
{
	enum { DISTRICTS = 1000 };
	struct folder *p = *state;
	struct kpi_result *k = calloc((size_t)DISTRICTS * MADE_KPIS, sizeof *k);
	char(*district)[24] = calloc(DISTRICTS, sizeof *district);
	struct timespec from, to;

	assert_true(k && district);
	for (int d = 0; d < DISTRICTS; d++) {
		snprintf(district[d], sizeof district[d], "district=d%04d", d);
		for (int i = 0; i < MADE_KPIS; i++)
			k[d * MADE_KPIS + i] = (struct kpi_result){ &made_kpis[i], district[d], 2, 1.0 / (d + 1), 0, 1,
								    NULL,          VERDICT_NONE };
	}
	p->m.o.kpis = k;
	p->m.o.n_kpis = (size_t)DISTRICTS * MADE_KPIS;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	write_all(p);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	assert_in_range(to.tv_sec - from.tv_sec, 0, 10);
	char *page = content(p, "report.html");
	assert_non_null(strstr(page, ">d0000<"));
	assert_non_null(strstr(page, ">d0999<"));
	free(page);
	free(k);
	free(district);
}

static void an_outcome_with_next_to_nothing_is_written(void **state)
{
	struct folder *p = *state;
	struct report *empty = report_new();

	report_free(p->m.reps[0].report);
	p->m.reps[0] = (struct replication){ .report = empty };
	p->m.o.n_reps = p->m.o.n_done = 1;
	p->m.o.n_kpis = 0;
	p->m.sc.n_targets = 0;
	p->m.sc.title = "";
	p->m.sc.description = NULL;
	write_all(p);
	assert_nothing_strange(p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_file_is_there_and_says_what_it_is_of),
		TEST(xml_is_well_formed_whatever_the_texts),
		TEST(gnuplot_draws_every_script),
		TEST(drawn_again_from_the_record_it_is_the_same),
		TEST(what_an_earlier_run_left_is_replaced_and_the_rest_is_let_be),
		TEST(the_record_can_be_asked_with_sql),
		TEST(what_is_no_record_is_refused),
		TEST(a_folder_that_cannot_be_written_is_named),
		TEST(a_full_disk_leaves_nothing_half_written),
		TEST(a_failure_does_not_mix_two_runs),
		TEST(a_stream_that_is_full_is_an_error),
		TEST(without_gnuplot_there_is_a_report_all_the_same),
		TEST(a_thousand_districts_are_written_within_seconds),
		TEST(an_outcome_with_next_to_nothing_is_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
