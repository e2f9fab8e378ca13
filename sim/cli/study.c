/* sccsim study: run a parameter study, or the rest of one. */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/study/farm_watch.h"

#define SYNOPSIS "STUDY"

enum { THREADS_MAX = 256, SHARDS_MAX = 100000 };
enum { OPT_RESUME = 256, OPT_SHARD, OPT_OVERWRITE };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write the results to DIR (results/<study id>)", 0 },
	{ "jobs", 'j', "N", 0, "use N threads (as many as there are processors; one on each rank of an MPI job)", 0 },
	{ "resume", OPT_RESUME, NULL, 0, "go on with what DIR holds of this study", 0 },
	{ "overwrite", OPT_OVERWRITE, NULL, 0, "throw away an unfinished study that DIR holds", 0 },
	{ "shard", OPT_SHARD, "I/N", 0, "run the I-th of N parts of the points; `sccsim merge' puts them together", 0 },
	{ "quiet", 'q', NULL, 0, "print neither progress nor summary", 0 },
	{ 0 },
};

struct args {
	const char *path, *dir;
	unsigned    threads;
	size_t      shard, shards;
	bool        resume, overwrite, quiet;
};

static void parse_shard(struct args *a, char *text, struct argp_state *state)
{
	char *slash = strchr(text, '/');

	if (!slash)
		usage_error(state, "--shard '%s': give I/N, as in --shard 2/8", text);
	*slash = '\0';
	a->shards = option_count(slash + 1, "--shard", 1, SHARDS_MAX, state);
	a->shard = option_count(text, "--shard", 1, a->shards, state) - 1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o':
		if (!*arg)
			usage_error(state, "--output '': give the name of a folder");
		a->dir = arg;
		break;
	case 'j': a->threads = (unsigned)option_count(arg, "--jobs", 1, THREADS_MAX, state); break;
	case OPT_RESUME: a->resume = true; break;
	case OPT_OVERWRITE: a->overwrite = true; break;
	case OPT_SHARD: parse_shard(a, arg, state); break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG:
		if (a->path)
			usage_error(state, "one study at a time: '%s' is one too many", arg);
		a->path = arg;
		break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which study?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A study while it runs. */
struct session {
	const struct args   *a;
	const struct study  *st;
	char                *dir;
	struct study_record *rec;
	struct farm_watch   *watch;
	struct runner       *runner;
};

static char *default_dir(const struct args *a, const struct study *st)
{
	char *dir = results_dir(st->doc, a->dir), *part = NULL;

	if (!dir || a->dir || a->shards <= 1)
		return dir;
	if (asprintf(&part, "%s-shard-%zu-of-%zu", dir, a->shard + 1, a->shards) < 0)
		part = NULL;
	free(dir);
	return part;
}

/* ---- the record ---- */

static int refuse(const char *fmt, const char *dir)
{
	fprintf(stderr, fmt, dir, dir);
	return EXIT_INPUT;
}

/* What stands in the folder, and may it go? */
static int may_begin(const struct session *s)
{
	switch (study_record_state(s->dir)) {
	case RECORD_FOREIGN:
		return refuse("sccsim: %s/results.sqlite is not ours: it stays (choose another folder with -o)\n", s->dir);
	case RECORD_UNFINISHED:
		return s->a->overwrite ? EXIT_OK
				       : refuse("sccsim: %s holds a study that is not finished: --resume goes on with it, "
						"--overwrite begins anew\n",
						s->dir);
	default: return EXIT_OK;
	}
}

/* Jobs that a broken invariant ended: failed, so that the rest can go on. */
static int take_over_broken(struct session *s, const char *path)
{
	struct job *jobs = NULL;
	size_t n = 0;

	if (!s->a->resume || access(path, F_OK) != 0 || !farm_watch_read(path, &jobs, &n))
		return EXIT_OK;
	for (size_t i = 0; i < n; i++) {
		fprintf(stderr, "sccsim: replication %llu of point %llu ended the program before: recorded as failed\n",
			(unsigned long long)jobs[i].replication, (unsigned long long)jobs[i].point);
		study_record_broken(s->rec, jobs[i]);
	}
	free(jobs);
	return study_record_commit(s->rec) == 0 ? EXIT_OK : EXIT_UNFINISHED;
}

static int open_record(struct session *s)
{
	char build[65], why[OUTPUT_WHY];
	struct study_identity id = { build, s->a->shard, s->a->shards };
	int status = s->a->resume ? EXIT_OK : may_begin(s);

	if (status != EXIT_OK)
		return status;
	if (!program_hash(build)) {
		fprintf(stderr, "sccsim: cannot read /proc/self/exe, which tells one build from another\n");
		return EXIT_UNFINISHED;
	}
	/* A job that is requeued says --resume the first time too. */
	bool there = s->a->resume && study_record_state(s->dir) != RECORD_NONE;
	s->rec = there ? study_record_resume(s->dir, s->st, &id, why) : study_record_new(s->dir, s->st, &id, why);
	if (s->rec)
		return EXIT_OK;
	fprintf(stderr, "sccsim: %s%s\n", why, there ? "; to begin anew: --overwrite without --resume" : "");
	return there ? EXIT_INPUT : EXIT_UNFINISHED;
}

/* ---- the run ---- */

static int find_warm_up(struct session *s, volatile const int *stop)
{
	simtime_t warm_up = study_record_warm_up(s->rec);
	size_t found = 0, unsettled = 0;
	char why[OUTPUT_WHY], text[64];

	if (!s->st->detect_warm_up || warm_up != SIM_NEVER)
		return EXIT_OK;
	if (!study_detect_warm_up(s->st, s->a->threads, stop, &warm_up, &found, &unsettled, why, sizeof why)) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (!s->a->quiet && found == 0)
		fprintf(stderr,
			"sccsim: no response has a series over time: no warm-up could be detected, and none is left out\n");
	else if (!s->a->quiet)
		fprintf(stderr, "sccsim: warm-up detected: %s (%zu series of pilot runs, %zu without a steady state)\n",
			quantity_format(DIM_TIME, (union quantity){ .time = warm_up }, text, sizeof text), found,
			unsettled);
	return study_record_set_warm_up(s->rec, warm_up) == 0 ? EXIT_OK : EXIT_UNFINISHED;
}

static enum farm_end run_points(struct session *s, volatile const int *stop)
{
	bool terminal = isatty(STDERR_FILENO);
	struct study_progress *progress = s->a->quiet ? NULL : study_progress_new(stderr, terminal);
	struct runner_options opt = {
		.threads = s->a->threads,
		.stop = stop,
		.watch = s->watch,
		.warm_up = study_record_warm_up(s->rec),
		.shard = s->a->shard,
		.shards = s->a->shards,
		.recorder = { s->rec, study_record_put, study_record_commit },
		.progress = progress ? study_progress_show : NULL,
		.progress_ctx = progress,
	};
	enum farm_end end = FARM_NO_MEMORY;

	s->runner = runner_new(s->st, &opt);
	if (s->runner && study_record_tell(s->rec, s->runner) == 0)
		end = runner_run(s->runner);
	study_progress_free(progress);
	return end;
}

static int say_end(const struct session *s, enum farm_end end)
{
	struct runner_progress p = runner_progress(s->runner);

	switch (end) {
	case FARM_COMPLETE:
	case FARM_SERVED: return EXIT_OK; /* a rank that served leaves words and files to rank 0 */
	case FARM_STOPPED:
		fprintf(stderr, "sccsim: stopped: %zu of %zu points are done; --resume goes on with the study\n",
			p.points_done, p.points);
		break;
	case FARM_REFUSED:
		fprintf(stderr, "sccsim: %s; what was committed is kept, --resume goes on with the study\n",
			*study_record_why(s->rec) ? study_record_why(s->rec) : "out of memory");
		break;
	case FARM_NO_MEMORY: fprintf(stderr, "sccsim: out of memory; --resume goes on with the study\n"); break;
	}
	return EXIT_UNFINISHED;
}

static int run_to_end(struct session *s)
{
	volatile const int *stop = stop_on_signals();
	int status = find_warm_up(s, stop);
	enum farm_end end;

	if (status != EXIT_OK)
		return status;
	end = run_points(s, stop);
	if (!s->runner) {
		fprintf(stderr, "sccsim: out of memory\n");
		return EXIT_UNFINISHED;
	}
	status = say_end(s, end);
	struct runner_progress p = runner_progress(s->runner);
	if (p.failed)
		fprintf(stderr, "sccsim: %llu replications or points failed; points.csv tells why\n",
			(unsigned long long)p.failed);
	if (end == FARM_REFUSED || end == FARM_NO_MEMORY || p.done == 0)
		return status == EXIT_OK ? EXIT_UNFINISHED : status;
	if (s->a->shards > 1) {
		if (!s->a->quiet && status == EXIT_OK)
			printf("Shard %zu/%zu is done: `sccsim merge' puts the shards together.\n", s->a->shard + 1,
			       s->a->shards);
		return status;
	}
	int drawn = conclude_study(s->rec, s->st, s->dir, end == FARM_COMPLETE, s->a->quiet);
	return status == EXIT_OK ? drawn : status;
}

static int run_session(struct session *s)
{
	char why[OUTPUT_WHY], marks[PATH_MAX];
	unsigned workers = s->a->threads ? s->a->threads : farm_processors();
	int status;

	signal(SIGXFSZ, SIG_IGN);
	if (output_prepare(s->dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	status = open_record(s);
	if (status != EXIT_OK)
		return status;
	snprintf(marks, sizeof marks, "%s/.running", s->dir);
	status = take_over_broken(s, marks);
	s->watch = farm_watch_open(marks, workers);
	if (s->watch)
		farm_watch_signals(s->watch);
	if (status == EXIT_OK)
		status = run_to_end(s);
	farm_watch_close(s->watch);
	runner_free(s->runner);
	if (study_record_close(s->rec, why) != 0 && status == EXIT_OK) {
		fprintf(stderr, "sccsim: %s\n", why);
		status = EXIT_UNFINISHED;
	}
	return status;
}

static int run_study(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, study_command.doc, NULL, NULL, NULL };
	struct args a = { .shards = 1 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct study *st = load_study(a.path, t, &status);
	if (st) {
		struct session s = { .a = &a, .st = st, .dir = default_dir(&a, st) };
		status = s.dir ? run_session(&s) : EXIT_UNFINISHED;
		free(s.dir);
	}
	study_free(st);
	return status;
}

const struct command study_command = { "study", SYNOPSIS, "vary a scenario, and say what matters", run_study };
