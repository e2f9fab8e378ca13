#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli_private.h"
#include "sim/output/assess.h"
#include "sim/output/output.h"
#include "sim/output/pieces.h"

#define SYNOPSIS "SHEET"

enum { RECORDS_MAX = 100, PATH_TEXT = 4096 };

enum { OPT_RESULTS = 256, OPT_JSON };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write the results to DIR (results/<id of the sheet>)", 0 },
	{ "jobs", 'j', "N", 0, "use N threads (as many as there are processors); the results do not depend on it", 0 },
	{ "results", OPT_RESULTS, "STATE=DIR", 0, "take a state's KPIs from the results of a finished run instead of simulating it; may be repeated",
	  0 },
	{ "json", OPT_JSON, NULL, 0, "print the scores as JSON instead of the summary", 0 },
	{ "quiet", 'q', NULL, 0, "print neither progress nor summary", 0 },
	{ 0 },
};

struct args {
	const char *path, *dir;
	unsigned threads;
	struct state_record records[RECORDS_MAX];
	size_t n_records;
	bool json, quiet;
};

/* STATE=DIR; argv is written to. */
static void add_record(struct args *a, char *text, struct argp_state *state)
{
	char *equals = strchr(text, '='), *path = NULL;

	if (!equals || equals == text || !equals[1])
		usage_error(state, "--results '%s': give STATE=DIR, as in --results plan=results/bonn", text);
	if (a->n_records == RECORDS_MAX)
		usage_error(state, "--results: more than %d of them", RECORDS_MAX);
	*equals = '\0';
	if (asprintf(&path, "%s/results.sqlite", equals + 1) < 0) {
		fprintf(stderr, "sccsim: out of memory\n");
		exit(EXIT_UNFINISHED);
	}
	a->records[a->n_records++] = (struct state_record){ text, path };
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o': a->dir = option_folder(arg, state); break;
	case 'j': a->threads = option_threads(arg, state); break;
	case OPT_RESULTS: add_record(a, arg, state); break;
	case OPT_JSON: a->json = true; break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG: option_only(&a->path, arg, "sheet", state); break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which sheet?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* An assessment under way: what its states have been found to be. */
struct pilot {
	const struct assessment *sheet;
	const struct args *args;
	const struct model_table *table;
	const char *dir;
	volatile const int *stop;
	const struct outcome **outcomes;        /* one a state; NULL: none */
	struct outcome **ran;                   /* those of them that are ours */
	struct view **read;                     /* those of them that a record holds */
	int status;
};

static struct outcome *simulate(struct pilot *p, const struct sheet_state *s)
{
	struct run_options run = { .replications = s->replications,
				   .seed_given = s->seed_given,
				   .seed = s->seed,
				   .threads = p->args->threads,
				   .stop = p->stop };
	struct progress *progress = NULL;

	if (!p->args->quiet && isatty(STDERR_FILENO))
		progress = progress_new(stderr);
	if (progress) {
		run.progress = progress_show;
		run.progress_ctx = progress;
	}
	struct outcome *o = outcome_run(s->scenario, &run);
	progress_free(progress);
	return o;
}

/* The run itself is a result too: DIR/states/<id>, from which `sccsim report' draws and --results reads. */
static bool keep(struct pilot *p, const struct sheet_state *s, const struct outcome *o)
{
	char dir[PATH_TEXT], why[OUTPUT_WHY];
	int n = snprintf(dir, sizeof dir, "%s/states/%s", p->dir, s->id);

	if (n < 0 || (size_t)n >= sizeof dir) {
		fprintf(stderr, "sccsim: %s: the name of the folder is too long\n", p->dir);
		return false;
	}
	if (output_write(o, dir, why) == 0)
		return true;
	fprintf(stderr, "sccsim: %s\n", why);
	return false;
}

/* Run a state's scenario.  false: there is nothing to score. */
static bool run_state(struct pilot *p, size_t i)
{
	const struct sheet_state *s = &p->sheet->states[i];
	struct outcome *o = simulate(p, s);

	if (!o) {
		fprintf(stderr, "sccsim: out of memory\n");
		return false;
	}
	p->outcomes[i] = p->ran[i] = o;
	if (o->n_done < o->n_reps) {
		fprintf(stderr, "sccsim: state %s:\n", s->id);
		print_failures(o);
		p->status = EXIT_UNFINISHED;
	}
	if (o->n_done == 0) {
		fprintf(stderr, "sccsim: no replication of state %s finished, no scores were written\n", s->id);
		return false;
	}
	if (!keep(p, s, o))
		return false;
	if (o->audit_failed) {
		print_imbalance(o);
		p->status = EXIT_UNFINISHED;
	}
	if (o->stopped)
		fprintf(stderr, "sccsim: no scores were written; what had finished of state %s is kept in %s/states/%s\n",
			s->id, p->dir, s->id);
	return !o->stopped;
}

static bool read_state(struct pilot *p, size_t i)
{
	char why[OUTPUT_WHY];

	p->read[i] = record_read(p->sheet->states[i].results, p->table, why);
	if (!p->read[i]) {
		fprintf(stderr, "sccsim: state %s: %s\n", p->sheet->states[i].id, why);
		p->status = EXIT_INPUT;
		return false;
	}
	p->outcomes[i] = p->read[i]->o;
	return true;
}

static int score(struct pilot *p)
{
	char why[OUTPUT_WHY];
	struct scores *s = scores_new(p->sheet, p->outcomes);
	int status = EXIT_UNFINISHED;

	if (!s) {
		fprintf(stderr, "sccsim: out of memory\n");
	} else if (assess_write(s, p->dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
	} else {
		if (p->args->json)
			assess_json(s, stdout);
		else if (!p->args->quiet && assess_summary(s, stdout) == 0)
			printf("\nReport: %s/report.html\n", p->dir);
		status = p->status;
	}
	scores_free(s);
	return status;
}

static int assess(struct pilot *p)
{
	const struct assessment *a = p->sheet;
	char why[OUTPUT_WHY];

	/* A limit on the size of files is a full disk: let the write fail and be reported. */
	signal(SIGXFSZ, SIG_IGN);
	if (assess_prepare(p->dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	p->stop = stop_on_signals();
	for (size_t i = 0; i < a->n_states; i++) {
		bool ok = !a->states[i].used || (a->states[i].results ? read_state(p, i) : run_state(p, i));
		if (!ok)
			return p->status ? p->status : EXIT_UNFINISHED;
	}
	return score(p);
}

static int assess_sheet(const struct assessment *sheet, const struct args *args, const struct model_table *t)
{
	struct pilot p = { .sheet = sheet, .args = args, .table = t };
	char *dir = results_dir(sheet->doc, args->dir);
	size_t n = sheet->n_states;
	int status = EXIT_UNFINISHED;

	p.dir = dir;
	p.outcomes = calloc(n, sizeof *p.outcomes);
	p.ran = calloc(n, sizeof *p.ran);
	p.read = calloc(n, sizeof *p.read);
	if (dir && p.outcomes && p.ran && p.read)
		status = assess(&p);
	else
		fprintf(stderr, "sccsim: out of memory\n");
	for (size_t i = 0; i < n; i++) {
		if (p.ran)
			outcome_free(p.ran[i]);
		if (p.read)
			view_free(p.read[i]);
	}
	free(p.outcomes);
	free(p.ran);
	free(p.read);
	free(dir);
	return status;
}

struct assessment *load_assessment(const char *path, const struct model_table *t, const struct state_record *records,
				   size_t n_records, int *status)
{
	char lib[PATH_TEXT];
	struct diag *d = diag_new();
	struct assessment *sheet = NULL;

	*status = EXIT_UNFINISHED;
	if (d) {
		sheet = assessment_load(path, t, lib_root(lib, sizeof lib), records, n_records, d);
		diag_print(d, stderr);
		if (!sheet && diag_errors(d))
			*status = EXIT_INPUT;
	}
	if (sheet)
		*status = EXIT_OK;
	else if (*status == EXIT_UNFINISHED)
		fprintf(stderr, "sccsim: %s: out of memory\n", path);
	diag_free(d);
	return sheet;
}

static int run_assess(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, assess_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct assessment *sheet = load_assessment(a.path, t, a.records, a.n_records, &status);
	if (sheet)
		status = assess_sheet(sheet, &a, t);
	assessment_free(sheet);
	for (size_t i = 0; i < a.n_records; i++)
		free((char *)a.records[i].path);
	return status;
}

const struct command assess_command = { "assess", SYNOPSIS, "score a city's indicator sheet, before and after a plan", run_assess };
