#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/study_private.h"

#define SYNOPSIS "DIR"

enum { OPT_STUDY = 256 };

static const struct argp_option options[] = {
	{ "study", OPT_STUDY, "FILE", 0, "of a study: its file, where it has moved", 0 },
	{ 0 },
};

struct args { const char *dir, *study; };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case OPT_STUDY: a->study = arg; break;
	case ARGP_KEY_ARG: option_only(&a->dir, arg, "folder", state); break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which folder? one that `sccsim run' has filled"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* What is missing of the study stays missing, and the report says so. */
static int report_study(const char *dir, const char *study, const struct model_table *t)
{
	char why[OUTPUT_WHY];
	int status;
	struct study *st = load_study_of(dir, study, t, &status);
	struct study_record *rec = st ? study_record_open(dir, st, why) : NULL;

	if (rec) {
		status = conclude_study(rec, st, dir, study_record_state_of(rec) == RECORD_FINISHED, true);
		if (study_record_close(rec, why) != 0 && status == EXIT_OK)
			status = EXIT_UNFINISHED;
		if (status == EXIT_OK)
			printf("Report: %s/report.html\n", dir);
	} else if (st) {
		fprintf(stderr, "sccsim: %s\n", why);
		status = EXIT_INPUT;
	}
	study_free(st);
	return status;
}

static int run_report(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, report_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	char record[PATH_MAX], why[OUTPUT_WHY];

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	int n = snprintf(record, sizeof record, "%s/results.sqlite", a.dir);
	if (n < 0 || (size_t)n >= sizeof record || access(record, R_OK) != 0) {
		fprintf(stderr,
			"sccsim: %s: holds no results.sqlite that can be read: %s (give a folder that `sccsim run' has "
			"filled)\n",
			a.dir, strerror(errno));
		return EXIT_INPUT;
	}
	if (study_record_state(a.dir) >= RECORD_UNFINISHED)
		return report_study(a.dir, a.study, t);
	if (output_redraw(a.dir, t, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	printf("Report: %s/report.html\n", a.dir);
	return EXIT_OK;
}

const struct command report_command = { "report", SYNOPSIS, "draw plots and report.html again from results.sqlite",
					run_report };
