/* sccsim plan: the cheapest setting that meets all targets, or which sites to choose; or the rest of one. */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"
#include "sim/output/placement_output.h"
#include "sim/output/plan_output.h"

#define SYNOPSIS "STUDY"

enum { THREADS_MAX = 256 };
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
	case 'o':
		if (!*arg)
			usage_error(state, "--output '': give the name of a folder");
		a->dir = arg;
		break;
	case 'j': a->threads = (unsigned)option_count(arg, "--jobs", 1, THREADS_MAX, state); break;
	case OPT_RESUME: a->resume = true; break;
	case OPT_OVERWRITE: a->overwrite = true; break;
	case OPT_JSON: a->json = true; break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG:
		if (a->path)
			usage_error(state, "one study at a time: '%s' is one too many", arg);
		a->path = arg;
		break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which study? one with a <plan> or a <placement>"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A plan while it is made. */
struct session {
	const struct args   *a;
	const struct study  *st;
	char                *dir;
	struct study_record *rec;
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

/* ---- the record ---- */

static int open_record(struct session *s)
{
	char build[65], why[OUTPUT_WHY];
	struct study_identity id = { build, 0, 1 };
	enum record_state state = study_record_state(s->dir);
	bool there = s->a->resume && state != RECORD_NONE;

	if (!s->a->resume && state == RECORD_FOREIGN) {
		fprintf(stderr, "sccsim: %s/results.sqlite is not ours: it stays (choose another folder with -o)\n",
			s->dir);
		return EXIT_INPUT;
	}
	if (!s->a->resume && !s->a->overwrite && state == RECORD_UNFINISHED) {
		fprintf(stderr,
			"sccsim: %s holds a plan that is not finished: --resume goes on with it, --overwrite begins anew\n",
			s->dir);
		return EXIT_INPUT;
	}
	if (!program_hash(build))
		return unable("cannot read /proc/self/exe, which tells one build from another", EXIT_UNFINISHED);
	s->rec = there ? study_record_resume(s->dir, s->st, &id, why) : study_record_new(s->dir, s->st, &id, why);
	if (s->rec)
		return EXIT_OK;
	return unable(why, there ? EXIT_INPUT : EXIT_UNFINISHED);
}

static int tell(void *ctx, struct job job, bool failed, const double *responses)
{
	return trials_farm_have(ctx, job, responses, failed) ? 0 : -1;
}

static int find_warm_up(const struct session *s, volatile const int *stop)
{
	simtime_t warm_up = study_record_warm_up(s->rec);
	size_t found = 0, unsettled = 0;
	char why[OUTPUT_WHY];

	if (!s->st->detect_warm_up || warm_up != SIM_NEVER)
		return EXIT_OK;
	if (!study_detect_warm_up(s->st, s->a->threads, stop, &warm_up, &found, &unsettled, why, sizeof why))
		return unable(why, EXIT_UNFINISHED);
	return study_record_set_warm_up(s->rec, warm_up) == 0 ? EXIT_OK : EXIT_UNFINISHED;
}

static int say_end(const struct session *s)
{
	const char *why = study_record_why(s->rec);

	switch (trials_farm_end(s->farm)) {
	case FARM_STOPPED: return unable("stopped; --resume goes on with the plan", EXIT_UNFINISHED);
	case FARM_REFUSED:
		fprintf(stderr, "sccsim: %s; what was committed is kept, --resume goes on with the plan\n",
			*why ? why : "out of memory");
		return EXIT_UNFINISHED;
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
	return study_record_finish_search(s->rec, points, k, complete);
}

static int show_plan(const struct session *s, const struct plan_view *v)
{
	char why[OUTPUT_WHY];

	if (plan_write(v, s->dir, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	if (s->a->json)
		plan_json(v, stdout);
	else if (!s->a->quiet)
		plan_summary(v, stdout);
	if (!s->a->quiet && !s->a->json)
		printf("\nReport: %s/report.html\n", s->dir);
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
		status = unable(study_record_why(s->rec), EXIT_UNFINISHED);
	return status;
}

/* ---- a placement ---- */

static int show_placement(const struct session *s, const struct placement_view *v)
{
	char why[OUTPUT_WHY];

	if (placement_write(v, s->dir, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	if (s->a->json)
		placement_json(v, stdout);
	else if (!s->a->quiet)
		placement_summary(v, stdout);
	if (!s->a->quiet && !s->a->json)
		printf("\nReport: %s/report.html\n", s->dir);
	return EXIT_OK;
}

static int record_sets(const struct session *s, const struct placement_result *r)
{
	uint64_t *points = arena_alloc(s->arena, r->evaluated + 1, sizeof *points);

	for (size_t i = 0; points && i < r->evaluated; i++)
		points[i] = r->seen[i].sites;
	return points ? study_record_finish_search(s->rec, points, r->evaluated, true) : -1;
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
		status = unable(study_record_why(s->rec), EXIT_UNFINISHED);
	return status;
}

/* ---- either ---- */

static int with_farm(struct session *s)
{
	volatile const int *stop = stop_on_signals();
	int status = find_warm_up(s, stop);
	struct study_progress *progress = s->a->quiet ? NULL : study_progress_new(stderr, isatty(STDERR_FILENO));
	struct trials_options opt = { .threads = s->a->threads,
				      .stop = stop,
				      .warm_up = study_record_warm_up(s->rec),
				      .recorder = { s->rec, study_record_put, study_record_commit },
				      .progress = progress ? study_progress_show : NULL,
				      .progress_ctx = progress };

	if (status == EXIT_OK) {
		s->farm = trials_farm_new(s->st, &opt);
		if (s->farm && study_record_tasks(s->rec, tell, s->farm) == 0)
			status = s->st->use == USE_PLACEMENT ? make_placement(s) : make_plan(s);
		else
			status = unable(*study_record_why(s->rec) ? study_record_why(s->rec) : "out of memory",
					EXIT_UNFINISHED);
	}
	study_progress_free(progress);
	trials_farm_free(s->farm);
	return status;
}

static int run_session(struct session *s)
{
	char why[OUTPUT_WHY];
	int status;

	signal(SIGXFSZ, SIG_IGN);
	if (output_prepare(s->dir, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	status = open_record(s);
	if (status != EXIT_OK)
		return status;
	status = with_farm(s);
	if (study_record_close(s->rec, why) != 0 && status == EXIT_OK)
		status = unable(why, EXIT_UNFINISHED);
	return status;
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
		struct session s = { .a = &a, .st = st, .dir = plan_dir(&a, st), .arena = arena_new() };
		status = s.dir && s.arena ? run_session(&s) : unable("out of memory", EXIT_UNFINISHED);
		free(s.dir);
		arena_free(s.arena);
	}
	study_free(st);
	return status;
}

const struct command plan_command = { "plan", SYNOPSIS, "find the cheapest setting that meets all targets, or the best sites", run_plan };
