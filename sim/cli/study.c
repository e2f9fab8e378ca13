/* sccsim study: run a parameter study, or the rest of one. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/study/ranks.h"

#define SYNOPSIS "STUDY"

enum { SHARDS_MAX = 100000 };
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
	case 'o': a->dir = option_folder(arg, state); break;
	case 'j': a->threads = option_threads(arg, state); break;
	case OPT_RESUME: a->resume = true; break;
	case OPT_OVERWRITE: a->overwrite = true; break;
	case OPT_SHARD: parse_shard(a, arg, state); break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG: option_only(&a->path, arg, "study", state); break;
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
	struct study_folder  folder;
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

/* ---- the run ---- */

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
		.recorder = { s->folder.rec, study_record_put, study_record_commit },
		.progress = progress ? study_progress_show : NULL,
		.progress_ctx = progress,
	};
	enum farm_end end = FARM_NO_MEMORY;

	s->runner = runner_new(s->st, &opt);
	if (s->runner && (!s->folder.rec || study_record_tell(s->folder.rec, s->runner) == 0))
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
	case FARM_NO_MEMORY: return study_folder_refused(&s->folder);
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
	int drawn = conclude_study(s->folder.rec, s->st, s->folder.dir, end == FARM_COMPLETE, s->a->quiet);
	return status == EXIT_OK ? drawn : status;
}

static int run_session(struct session *s)
{
	int status = EXIT_OK;

	s->stop = stop_on_signals();
	s->warm_up = SIM_NEVER;
	if (s->ranks.rank == 0) {
		status = study_folder_open(&s->folder, s->a->threads, s->stop);
		if (s->folder.rec)
			s->warm_up = study_record_warm_up(s->folder.rec);
	}
	ranks_share(&s->ranks, &status, sizeof status);
	ranks_share(&s->ranks, &s->warm_up, sizeof s->warm_up);
	if (status == EXIT_OK) {
		unsigned workers = farm_threads(&(struct farm){ .threads = s->a->threads, .ranks = &s->ranks });
		s->watch = study_folder_watch(&s->folder, workers, s->ranks.rank);
		enum farm_end end = run_points(s);
		if (s->ranks.rank == 0)
			status = s->runner ? conclude(s, end) : EXIT_UNFINISHED;
		farm_watch_close(s->watch);
		runner_free(s->runner);
	}
	return study_folder_close(&s->folder, status);
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
	struct session s = { .a = &a };
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
		char *dir = default_dir(&a, st);
		s.folder = (struct study_folder){ .st = st,
						  .dir = dir,
						  .what = "study",
						  .shard = a.shard,
						  .shards = a.shards,
						  .resume = a.resume,
						  .overwrite = a.overwrite,
						  .quiet = a.quiet,
						  .lock = -1 };
		status = dir ? run_session(&s) : EXIT_UNFINISHED;
		free(dir);
	}
	study_free(st);
	ranks_end();
	return status;
}

const struct command study_command = { "study", SYNOPSIS, "vary a scenario, and say what matters", run_study };
