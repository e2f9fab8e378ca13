#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli_private.h"
#include "sim/output/output.h"

#define SYNOPSIS "DIR"

struct args {
	const char *dir;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (a->dir)
			usage_error(state, "one folder at a time: '%s' is one too many", arg);
		a->dir = arg;
		break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which folder? one that `sccsim run' has filled"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int run_report(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { NULL, parse, SYNOPSIS, report_command.doc, NULL, NULL, NULL };
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
	if (output_redraw(a.dir, t, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	printf("Report: %s/report.html\n", a.dir);
	return EXIT_OK;
}

const struct command report_command = { "report", SYNOPSIS, "draw plots and report.html again from results.sqlite",
					run_report };
