/* sccsim plan: the cheapest setting that meets all targets, or which sites to choose; or the rest of one. */
#include <stdlib.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/output/placement_output.h"
#include "sim/output/plan_output.h"

#define SYNOPSIS "STUDY"

enum { OPT_RESUME = 256, OPT_OVERWRITE, OPT_JSON };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write the results to DIR (results/<study id>-plan)", 0 },
	{ "jobs", 'j', "N", 0, "use N threads (as many as there are processors)", 0 },
	{ "resume", OPT_RESUME, NULL, 0, "go on with what DIR holds of this plan", 0 },
	{ "overwrite", OPT_OVERWRITE, NULL, 0, "throw away an unfinished plan that DIR holds", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON instead of text", 0 },
	{ "quiet", 'q', NULL, 0, "print neither progress nor summary", 0 },
	{ 0 },
};

struct args { const char *path, *dir; unsigned threads; bool resume, overwrite, quiet, json; };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o': a->dir = option_folder(arg, state); break;
	case 'j': a->threads = option_threads(arg, state); break;
	case OPT_RESUME: a->resume = true; break;
	case OPT_OVERWRITE: a->overwrite = true; break;
	case OPT_JSON: a->json = true; break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG: option_only(&a->path, arg, "study", state); break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which study? one with a <plan> or a <placement>"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A plan while it is made. */
struct session {
	const struct args   *a;
	const struct study  *st;
	struct study_folder  folder;
	struct trials_farm  *farm;
	struct arena        *arena;
};

static int unable(const char *why, int status)
{
	fprintf(stderr, "sccsim: %s\n", why);
	return status;
}

static char *plan_dir(const struct args *a, const struct study *st)
{
	char *dir = results_dir(st->doc, a->dir), *own = NULL;

	if (!dir || a->dir)
		return dir;
	if (asprintf(&own, "%s-plan", dir) < 0)
		own = NULL;
	free(dir);
	return own;
}

static int tell(void *ctx, struct job job, bool failed, const double *responses)
{
	return trials_farm_have(ctx, job, responses, failed) ? 0 : -1;
}

static int say_end(const struct session *s)
{
	switch (trials_farm_end(s->farm)) {
	case FARM_STOPPED: return unable("stopped; --resume goes on with the plan", EXIT_UNFINISHED);
	case FARM_REFUSED: return study_folder_refused(&s->folder);
	case FARM_NO_MEMORY: return unable("out of memory; --resume goes on with the plan", EXIT_UNFINISHED);
	default: return EXIT_OK;
	}
}

/* ---- a plan ---- */

static int record_settings(const struct session *s, const struct search_line *lines, size_t n, bool complete)
{
	size_t most = 1, k = 0;

	for (size_t i = 0; i < n; i++)
		most += lines[i].n_steps;
	uint64_t *points = arena_alloc(s->arena, most, sizeof *points);
	if (!points)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < lines[i].n_steps; j++)
			points[k++] = lines[i].steps[j].point;
	return study_record_finish_search(s->folder.rec, points, k, complete);
}

static int show_plan(const struct session *s, const struct plan_view *v)
{
	char why[OUTPUT_WHY];

	if (plan_write(v, s->folder.dir, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	if (s->a->json)
		plan_json(v, stdout);
	else if (!s->a->quiet)
		plan_summary(v, stdout);
	if (!s->a->quiet && !s->a->json)
		printf("\nReport: %s/report.html\n", s->folder.dir);
	return EXIT_OK;
}

static int make_plan(struct session *s)
{
	struct trials trials = trials_of_farm(s->farm);
	size_t n = 0;
	struct search_line *lines = search_lines(s->st, s->arena, &n);
	bool whole = lines && search_run(s->st, &trials, lines, n, s->arena);
	int status = whole ? EXIT_OK : say_end(s);

	if (!lines || (!whole && status == EXIT_OK))
		return unable("out of memory", EXIT_UNFINISHED);
	if (trials_farm_progress(s->farm).failed)
		fprintf(stderr, "sccsim: %llu replications or settings failed; plan.csv tells why\n",
			(unsigned long long)trials_farm_progress(s->farm).failed);
	if (!whole)
		return status;
	struct plan_view *v = plan_view_new(s->st, lines, n);
	if (!v)
		return unable("out of memory", EXIT_UNFINISHED);
	status = show_plan(s, v);
	plan_view_free(v);
	if (status == EXIT_OK && record_settings(s, lines, n, true) != 0)
		status = unable(study_record_why(s->folder.rec), EXIT_UNFINISHED);
	return status;
}

/* ---- a placement ---- */

static int show_placement(const struct session *s, const struct placement_view *v)
{
	char why[OUTPUT_WHY];

	if (placement_write(v, s->folder.dir, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	if (s->a->json)
		placement_json(v, stdout);
	else if (!s->a->quiet)
		placement_summary(v, stdout);
	if (!s->a->quiet && !s->a->json)
		printf("\nReport: %s/report.html\n", s->folder.dir);
	return EXIT_OK;
}

static int record_sets(const struct session *s, const struct placement_result *r)
{
	uint64_t *points = arena_alloc(s->arena, r->evaluated + 1, sizeof *points);

	for (size_t i = 0; points && i < r->evaluated; i++)
		points[i] = r->seen[i].sites;
	return points ? study_record_finish_search(s->folder.rec, points, r->evaluated, true) : -1;
}

static int make_placement(struct session *s)
{
	struct trials trials = trials_of_farm(s->farm);
	const struct placement_result *r = placement_run(s->st, &trials, s->arena);
	int status = r ? EXIT_OK : say_end(s);

	if (!r)
		return status == EXIT_OK ? unable("out of memory", EXIT_UNFINISHED) : status;
	if (trials_farm_progress(s->farm).failed)
		fprintf(stderr, "sccsim: %llu replications failed: results.sqlite tells why\n",
			(unsigned long long)trials_farm_progress(s->farm).failed);
	struct placement_view *v = placement_view_new(s->st, r);
	if (!v)
		return unable("out of memory", EXIT_UNFINISHED);
	status = show_placement(s, v);
	placement_view_free(v);
	if (status == EXIT_OK && record_sets(s, r) != 0)
		status = unable(study_record_why(s->folder.rec), EXIT_UNFINISHED);
	return status;
}

/* ---- either ---- */

static int with_farm(struct session *s, volatile const int *stop)
{
	unsigned workers = farm_threads(&(struct farm){ .threads = s->a->threads });
	struct farm_watch *watch = study_folder_watch(&s->folder, workers, 0);
	int status = EXIT_UNFINISHED;
	struct study_progress *progress = s->a->quiet ? NULL : study_progress_new(stderr, isatty(STDERR_FILENO));
	struct trials_options opt = { .threads = s->a->threads,
				      .stop = stop,
				      .watch = watch,
				      .warm_up = study_record_warm_up(s->folder.rec),
				      .recorder = { s->folder.rec, study_record_put, study_record_commit },
				      .progress = progress ? study_progress_show : NULL,
				      .progress_ctx = progress };

	s->farm = trials_farm_new(s->st, &opt);
	if (s->farm && study_record_tasks(s->folder.rec, tell, s->farm) == 0)
		status = s->st->use == USE_PLACEMENT ? make_placement(s) : make_plan(s);
	else
		unable(*study_record_why(s->folder.rec) ? study_record_why(s->folder.rec) : "out of memory",
		       EXIT_UNFINISHED);
	study_progress_free(progress);
	trials_farm_free(s->farm);
	farm_watch_close(watch);
	return status;
}

static int run_session(struct session *s)
{
	volatile const int *stop = stop_on_signals();
	int status = study_folder_open(&s->folder, s->a->threads, stop);

	if (status == EXIT_OK)
		status = with_farm(s, stop);
	return study_folder_close(&s->folder, status);
}

static int run_plan(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, plan_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	enum study_use use = use_of_study(a.path);
	struct study *st = load_study(a.path, t, use == USE_STUDY ? USE_PLAN : use, false, &status);
	if (st) {
		char *dir = plan_dir(&a, st);
		struct session s = { .a = &a, .st = st, .arena = arena_new() };
		s.folder = (struct study_folder){ .st = st,
						  .dir = dir,
						  .what = "plan",
						  .shards = 1,
						  .resume = a.resume,
						  .overwrite = a.overwrite,
						  .quiet = a.quiet,
						  .lock = -1 };
		status = dir && s.arena ? run_session(&s) : unable("out of memory", EXIT_UNFINISHED);
		free(dir);
		arena_free(s.arena);
	}
	study_free(st);
	return status;
}

const struct command plan_command = { "plan", SYNOPSIS, "find the cheapest setting that meets all targets, or the best sites", run_plan };
