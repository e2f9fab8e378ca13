/* sccsim study: run a parameter study, or the rest of one. */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/output/stage.h"
#include "sim/study/farm_watch.h"
#include "sim/study/ranks.h"

#define SYNOPSIS "STUDY"

enum { THREADS_MAX = 256, SHARDS_MAX = 100000 };
#define MARKS ".running"  /* which job a worker is at, a file for each rank */

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

	if (slash) {
		*slash = '\0';
		a->shards = option_count(slash + 1, "--shard", 1, SHARDS_MAX, state);
		a->shard = option_count(text, "--shard", 1, a->shards, state) - 1;
	} else {
		usage_error(state, "--shard '%s': give I/N, as in --shard 2/8", text);
	}
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

/* A study while it runs.  Rank 0 has the record and says what there is to say. */
struct session {
	const struct args   *a;
	struct ranks         ranks;
	volatile const int  *stop;
	simtime_t            warm_up;
	const struct study  *st;
	char                *dir;
	int                  lock;      /* on the folder; -1: none */
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

static bool path_in(char *path, const char *dir, const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", dir, name);

	return n > 0 && n < PATH_MAX;
}

/* ---- the record ---- */

static int refuse(const char *fmt, const char *dir)
{
	fprintf(stderr, fmt, dir);
	return EXIT_INPUT;
}

/* What stands in the folder, and may it go? */
static int may_begin(const struct session *s, enum record_state state)
{
	switch (state) {
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

/* The record took no more. */
static int say_refused(const struct session *s)
{
	const char *why = study_record_why(s->rec);

	fprintf(stderr, "sccsim: %s; what was committed is kept, --resume goes on with the study\n",
		*why ? why : "out of memory");
	return EXIT_UNFINISHED;
}

/* Jobs that a broken invariant ended: failed, so that the rest can go on.  Marks of a study that is begun anew, or was killed
 * while it made them, say nothing. */
static int take_over_broken(struct session *s, const char *marks)
{
	char path[PATH_MAX];
	struct job *jobs = NULL;
	size_t n = 0;

	if (!path_in(path, s->dir, marks))
		return EXIT_OK;
	if (s->a->resume)
		farm_watch_read(path, &jobs, &n);
	for (size_t i = 0; i < n; i++) {
		fprintf(stderr, "sccsim: replication %llu of point %llu ended the program before: recorded as failed\n",
			(unsigned long long)jobs[i].replication, (unsigned long long)jobs[i].point);
		study_record_broken(s->rec, jobs[i]);
	}
	free(jobs);
	if (study_record_commit(s->rec) != 0)
		return say_refused(s);
	unlink(path);
	return EXIT_OK;
}

/* The marks of all ranks that were at work. */
static int take_over_all(struct session *s)
{
	DIR *d = opendir(s->dir);
	int status = EXIT_OK;

	for (struct dirent *e = d ? readdir(d) : NULL; e && status == EXIT_OK; e = readdir(d))
		if (strncmp(e->d_name, MARKS, strlen(MARKS)) == 0)
			status = take_over_broken(s, e->d_name);
	if (d)
		closedir(d);
	return status;
}

static int open_record(struct session *s)
{
	char build[65], why[OUTPUT_WHY];
	bool refused = false;
	struct study_identity id = { build, s->a->shard, s->a->shards, &refused };
	enum record_state state = study_record_state(s->dir);

	if (state == RECORD_BUSY)
		return refuse("sccsim: another sccsim is at work on %s\n", s->dir);
	int status = s->a->resume ? EXIT_OK : may_begin(s, state);
	if (status != EXIT_OK)
		return status;
	if (!program_hash(build)) {
		fprintf(stderr, "sccsim: cannot read /proc/self/exe, which tells one build from another\n");
		return EXIT_UNFINISHED;
	}
	/* A job that is requeued says --resume the first time too. */
	bool there = s->a->resume && state != RECORD_NONE;
	s->rec = there ? study_record_resume(s->dir, s->st, &id, why) : study_record_new(s->dir, s->st, &id, why);
	if (s->rec)
		return EXIT_OK;
	fprintf(stderr, "sccsim: %s%s\n", why, refused ? "; to begin anew: --overwrite without --resume" : "");
	return refused ? EXIT_INPUT : EXIT_UNFINISHED;
}

/* ---- the run ---- */

static int find_warm_up(struct session *s)
{
	simtime_t warm_up = study_record_warm_up(s->rec);
	size_t found = 0, unsettled = 0;
	char why[OUTPUT_WHY], text[64];

	if (!s->st->detect_warm_up || warm_up != SIM_NEVER)
		return EXIT_OK;
	if (!study_detect_warm_up(s->st, s->a->threads, s->stop, &warm_up, &found, &unsettled, why, sizeof why)) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (!s->a->quiet && found == 0)
		fprintf(stderr,
			"sccsim: no response has a series over time: no warm-up could be detected, and none is left out\n");
	else if (!s->a->quiet && unsettled == found)
		fprintf(stderr,
			"sccsim: none of %zu series of pilot runs came to a steady state: no warm-up is left out (simulate a longer time)\n",
			found);
	else if (!s->a->quiet)
		fprintf(stderr, "sccsim: warm-up detected: %s (%zu series of pilot runs, %zu without a steady state)\n",
			quantity_format(DIM_TIME, (union quantity){ .time = warm_up }, text, sizeof text), found,
			unsettled);
	return study_record_set_warm_up(s->rec, warm_up) == 0 ? EXIT_OK : say_refused(s);
}

static enum farm_end run_points(struct session *s)
{
	bool terminal = isatty(STDERR_FILENO);
	struct study_progress *progress = s->a->quiet || s->ranks.rank > 0 ? NULL : study_progress_new(stderr, terminal);
	struct runner_options opt = {
		.threads = s->a->threads,
		.ranks = &s->ranks,
		.stop = s->stop,
		.watch = s->watch,
		.warm_up = s->warm_up,
		.shard = s->a->shard,
		.shards = s->a->shards,
		.recorder = { s->rec, study_record_put, study_record_commit },
		.progress = progress ? study_progress_show : NULL,
		.progress_ctx = progress,
	};
	enum farm_end end = FARM_NO_MEMORY;

	s->runner = runner_new(s->st, &opt);
	if (s->runner && (!s->rec || study_record_tell(s->rec, s->runner) == 0))
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
	case FARM_NO_MEMORY: return say_refused(s);
	}
	return EXIT_UNFINISHED;
}

/* What rank 0 makes of the points. */
static int conclude(struct session *s, enum farm_end end)
{
	int status = say_end(s, end);
	struct runner_progress p = runner_progress(s->runner);

	if (p.failed)
		fprintf(stderr, "sccsim: %llu replications or points failed; points.csv tells why\n",
			(unsigned long long)p.failed);
	if (end == FARM_REFUSED || end == FARM_NO_MEMORY || (end == FARM_STOPPED && p.done == 0))
		return EXIT_UNFINISHED;
	if (s->a->shards > 1) {
		if (!s->a->quiet && status == EXIT_OK)
			printf("Shard %zu/%zu is done: `sccsim merge' puts the shards together.\n", s->a->shard + 1,
			       s->a->shards);
		return status;
	}
	int drawn = conclude_study(s->rec, s->st, s->dir, end == FARM_COMPLETE, s->a->quiet);
	return status == EXIT_OK ? drawn : status;
}

/* Folder, record, what was broken, warm-up: of rank 0. */
static int prepare(struct session *s)
{
	char why[OUTPUT_WHY];
	int status;

	if (output_prepare(s->dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (stage_lock(s->dir, &s->lock, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_INPUT;
	}
	status = open_record(s);
	if (status == EXIT_OK)
		status = take_over_all(s);
	if (status == EXIT_OK)
		status = find_warm_up(s);
	if (s->rec)
		s->warm_up = study_record_warm_up(s->rec);
	return status;
}

/* Marks of a rank above 0 have its number. */
static void watch_workers(struct session *s)
{
	unsigned workers = farm_threads(&(struct farm){ .threads = s->a->threads, .ranks = &s->ranks });
	char path[PATH_MAX], name[32] = MARKS;

	if (s->ranks.rank > 0)
		snprintf(name, sizeof name, MARKS "-%d", s->ranks.rank);
	s->watch = path_in(path, s->dir, name) ? farm_watch_open(path, workers) : NULL;
	if (s->watch)
		farm_watch_signals(s->watch);
}

static int run_session(struct session *s)
{
	char why[OUTPUT_WHY];
	int status = EXIT_OK;

	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is a full disk: let the write fail and be told */
	s->stop = stop_on_signals();
	s->warm_up = SIM_NEVER;
	if (s->ranks.rank == 0)
		status = prepare(s);
	ranks_share(&s->ranks, &status, sizeof status);
	ranks_share(&s->ranks, &s->warm_up, sizeof s->warm_up);
	if (status == EXIT_OK) {
		watch_workers(s);
		enum farm_end end = run_points(s);
		if (s->ranks.rank == 0)
			status = s->runner ? conclude(s, end) : EXIT_UNFINISHED;
		farm_watch_close(s->watch);
		runner_free(s->runner);
	}
	if (study_record_close(s->rec, why) != 0 && status == EXIT_OK) {
		fprintf(stderr, "sccsim: %s\n", why);
		status = EXIT_UNFINISHED;
	}
	if (s->lock >= 0)
		close(s->lock);
	return status;
}

/* Ranks may run on machines that have other files. */
static bool ranks_alike(const struct session *s)
{
	char mine[192] = "none", build[65];

	if (s->st && program_hash(build))
		snprintf(mine, sizeof mine, "%s %s", s->st->hash, build);
	return ranks_agree(&s->ranks, mine);
}

static int run_study(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, study_command.doc, NULL, NULL, NULL };
	struct args a = { .shards = 1 };
	struct session s = { .a = &a, .lock = -1 };
	const char *why;
	int status = EXIT_INPUT;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (!ranks_begin(&s.ranks, &why)) {
		fprintf(stderr, "sccsim: %s\n", why);
		ranks_end();
		return EXIT_INPUT;
	}
	struct study *st = load_study(a.path, t, USE_STUDY, s.ranks.rank > 0, &status);
	s.st = st;
	if (!ranks_alike(&s)) {
		if (st && s.ranks.rank == 0)
			fprintf(stderr, "sccsim: the ranks do not all have the same study and the same build of sccsim\n");
		status = EXIT_INPUT;
	} else if (st) {
		s.dir = default_dir(&a, st);
		status = s.dir ? run_session(&s) : EXIT_UNFINISHED;
		free(s.dir);
	}
	study_free(st);
	ranks_end();
	return status;
}

const struct command study_command = { "study", SYNOPSIS, "vary a scenario, and say what matters", run_study };
