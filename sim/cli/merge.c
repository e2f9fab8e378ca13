/* sccsim merge: the shards of a study as one. */
#include <stdlib.h>

#include "sim/cli/study_private.h"

#define SYNOPSIS "DIR..."

enum { OPT_STUDY = 256 };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write the whole study to DIR", 0 },
	{ "study", OPT_STUDY, "FILE", 0, "the study's file, where it is no longer where the shards found it", 0 },
	{ "quiet", 'q', NULL, 0, "print no summary", 0 },
	{ 0 },
};

struct args { char **parts; size_t n; const char *dir, *study; bool quiet; };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o': a->dir = arg; break;
	case OPT_STUDY: a->study = arg; break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARGS:
		a->parts = state->argv + state->next;
		a->n = (size_t)(state->argc - state->next);
		break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which shards?"); break;
	case ARGP_KEY_END:
		if (!a->dir || !*a->dir)
			usage_error(state, "-o DIR: where shall the whole study go?");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Points that no shard has, or not whole. */
static int count_missing(struct study_record *rec, const struct study *st, size_t *missing)
{
	struct runner_options opt = { .shards = 1, .warm_up = SIM_NEVER };
	struct runner *r = runner_new(st, &opt);
	int rc = r ? study_record_tell(rec, r) : -1;

	if (rc == 0)
		*missing = runner_missing(r);
	runner_free(r);
	return rc;
}

static int merge_into(struct study_record *rec, const struct study *st, const struct args *a)
{
	char why[OUTPUT_WHY];
	size_t missing = 0;

	for (size_t i = 0; i < a->n; i++)
		if (study_record_merge(rec, a->parts[i], why) != 0) {
			fprintf(stderr, "sccsim: %s\n", why);
			return EXIT_INPUT;
		}
	if (count_missing(rec, st, &missing) != 0) {
		fprintf(stderr, "sccsim: %s\n", *study_record_why(rec) ? study_record_why(rec) : "out of memory");
		return EXIT_UNFINISHED;
	}
	if (missing)
		fprintf(stderr,
			"sccsim: %zu of %zu points are missing or not done: `sccsim study --resume -o %s' runs them\n",
			missing, st->n_points, a->dir);
	int status = conclude_study(rec, st, a->dir, missing == 0, a->quiet);
	return missing && status == EXIT_OK ? EXIT_UNFINISHED : status;
}

static int run_merge(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, merge_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	char build[65], why[OUTPUT_WHY];
	struct study_identity id = { build, 0, 1 };
	struct study_record *rec = NULL;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	struct study *st = load_study_of(a.parts[0], a.study, t, &status);
	if (!st)
		return status;
	status = EXIT_UNFINISHED;
	if (!program_hash(build)) {
		fprintf(stderr, "sccsim: cannot read /proc/self/exe, which tells one build from another\n");
	} else if (output_prepare(a.dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
	} else if (study_record_state(a.dir) == RECORD_UNFINISHED || study_record_state(a.dir) == RECORD_FOREIGN) {
		fprintf(stderr, "sccsim: %s holds something that would be lost: choose another folder\n", a.dir);
		status = EXIT_INPUT;
	} else if (!(rec = study_record_new(a.dir, st, &id, why))) {
		fprintf(stderr, "sccsim: %s\n", why);
	} else {
		status = merge_into(rec, st, &a);
		if (study_record_close(rec, why) != 0 && status == EXIT_OK) {
			fprintf(stderr, "sccsim: %s\n", why);
			status = EXIT_UNFINISHED;
		}
	}
	study_free(st);
	return status;
}

const struct command merge_command = { "merge", SYNOPSIS, "put the shards of a study together", run_merge };
