/*
 * Studies end to end: a document and its scenario, the runner on two threads, every result in results.sqlite.
 *
 *   tasks_per_s       replications of a model with nothing to do
 *   writer_share      CPU time of the thread that decides and writes, against wall time, of 10,000 points of a few milliseconds
 *   study_rss_growth  resident memory at the end of that study against that after its first tenth
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/kernel/rng.h"
#include "sim/kernel/sim.h"
#include "sim/output/study_record.h"
#include "tests/bench/bench.h"

enum { ROUNDS_PER_MS = 200000, KPIS = 12 };

struct load_params {
	uint64_t ms, number;
};
static const struct param load_params[] = {
	COUNT(struct load_params, ms, "0", "0", NULL, "milliseconds of work, roughly", NULL),
	COUNT(struct load_params, number, "0", "0", NULL, "what it reports", NULL),
};
static const struct kpi_def kpis[KPIS] = {
	{ "load.a", "1", "a number" }, { "load.b", "1", "a number" }, { "load.c", "1", "a number" }, { "load.d", "1", "a number" },
	{ "load.e", "1", "a number" }, { "load.f", "1", "a number" }, { "load.g", "1", "a number" }, { "load.h", "1", "a number" },
	{ "load.i", "1", "a number" }, { "load.j", "1", "a number" }, { "load.k", "1", "a number" }, { "load.l", "1", "a number" },
};
static const struct place places[] = { { "scenario", 1, 1 } };

static void load_finish(struct sim *s, const struct scenario *sc);

static const struct model load_model = {
	.name = "load", .doc = "Work.", .places = TABLE(places), .par_size = sizeof(struct load_params), .params = TABLE(load_params),
	.kpis = TABLE(kpis), .finish = load_finish,
};
static const struct model *const models[] = { &load_model };
static const struct model_table table = { models, 1, NULL };

static void load_finish(struct sim *s, const struct scenario *sc)
{
	const struct load_params *p = scenario_first(sc, &load_model)->par;
	uint64_t x = p->number;

	for (uint64_t i = 0; i < p->ms * ROUNDS_PER_MS; i++)
		x = rng_mix(x);
	for (size_t i = 0; i < KPIS; i++)
		report_kpi(s->report, &kpis[i], "all", (double)(x % 1000) + (double)i);
}

/* ---- a study in a folder of its own ---- */

struct bench { char dir[64], path[96]; struct study *st; };

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	bench_need(f && fputs(text, f) >= 0 && fclose(f) == 0, "a file cannot be written");
}

static struct bench study_open(size_t points, size_t replications, unsigned ms)
{
	struct bench b = { "/tmp/sccsim-bench-XXXXXX", "", NULL };
	struct diag *d = diag_new();
	char path[96], text[1024];

	bench_need(d && mkdtemp(b.dir), "no folder");
	snprintf(path, sizeof path, "%s/s.xml", b.dir);
	snprintf(text, sizeof text,
		 "<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"s\"><run duration=\"1h\"/><load ms=\"%u\"/></scenario>",
		 ms);
	put_file(path, text);
	snprintf(b.path, sizeof b.path, "%s/t.xml", b.dir);
	snprintf(
		text, sizeof text,
		"<study xmlns=\"urn:sccsim:study:1\" id=\"t\" scenario=\"s.xml\" replications=\"%zu\">"
		"<factor id=\"n\" path=\"load/@number\" from=\"1\" to=\"%zu\" steps=\"%zu\"/><response kpi=\"load.a\"/></study>",
		replications, points, points);
	put_file(b.path, text);
	b.st = study_load(b.path, &table, NULL, d);
	diag_print(d, stderr);
	diag_free(d);
	bench_need(b.st != NULL, "the study cannot be loaded");
	return b;
}

static void study_close(struct bench *b)
{
	char command[128];

	study_free(b->st);
	snprintf(command, sizeof command, "rm -rf '%s'", b->dir);
	bench_need(system(command) == 0, "the folder stays"); /* NOLINT(cert-env33-c): a command of ours */
}

static double resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	double size = 0, pages = 0;

	bench_need(f && fscanf(f, "%lf %lf", &size, &pages) == 2,
		   "no /proc/self/statm"); /* NOLINT(cert-err34-c): checked */
	fclose(f);
	return pages;
}

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The recorder, with an eye on memory after a tenth. */
struct eye { struct study_record *rec; size_t taken, tenth; double resident; };

static int put(void *ctx, const struct task_result *r)
{
	struct eye *e = ctx;

	if (++e->taken == e->tenth)
		e->resident = resident();
	return study_record_put(e->rec, r);
}

static int commit(void *ctx)
{
	return study_record_commit(((struct eye *)ctx)->rec);
}

struct measured { double per_s, share, growth; };

static struct measured run_study(size_t points, size_t replications, unsigned ms)
{
	struct bench b = study_open(points, replications, ms);
	struct study_identity id = { "bench", 0, 1 };
	char why[OUTPUT_WHY] = "";
	struct eye e = { .rec = study_record_new(b.dir, b.st, &id, why), .tenth = points * replications / 10 };
	struct runner_options opt = { .threads = 2, .warm_up = SIM_NEVER, .shards = 1, .recorder = { &e, put, commit } };

	bench_need(e.rec != NULL, why);
	struct runner *r = runner_new(b.st, &opt);
	bench_need(r != NULL, "out of memory");
	double wall = bench_seconds(), cpu = thread_seconds();
	enum farm_end end = runner_run(r);
	bench_need(study_record_close(e.rec, why) == 0, why);
	cpu = thread_seconds() - cpu;
	wall = bench_seconds() - wall;
	bench_need(end == FARM_COMPLETE && e.taken == points * replications, "the study is not complete");
	double last = resident();
	runner_free(r);
	study_close(&b);
	return (struct measured){ (double)e.taken / wall, cpu / wall, last / e.resident };
}

static double tasks_per_s(void *ctx)
{
	return run_study(10, *(size_t *)ctx, 0).per_s;
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	size_t replications = quick ? 500 : 5000;

	bench_row("tasks_per_s", bench_repeat(quick, tasks_per_s, &replications), "1/s");
	struct measured m = run_study(quick ? 500 : 10000, 1, 3); /* of so many tasks once is enough */
	bench_row("writer_share", m.share, "1");
	bench_row("study_rss_growth", m.growth, "1");
	return 0;
}
