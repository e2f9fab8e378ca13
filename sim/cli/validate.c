#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli_private.h"
#include "sim/cli/study_private.h"

#define SYNOPSIS "FILE..."

static const struct argp_option options[] = {
	{ "quiet", 'q', NULL, 0, "say nothing of files that are valid", 0 },
	{ 0 },
};

struct args {
	const struct model_table *table;
	bool quiet;
	int status;
};

static void validate(struct args *a, const char *path)
{
	char root[32] = "";
	int status;

	document_root(path, root, sizeof root);
	if (strcmp(root, "assessment") == 0)
		assessment_free(load_assessment(path, a->table, NULL, 0, &status));
	else if (strcmp(root, "study") == 0)
		study_free(load_study(path, a->table, use_of_study(path), false, &status));
	else
		scenario_free(load_scenario(path, a->table, NULL, &status));
	if (status == EXIT_OK && !a->quiet)
		printf("%s: valid\n", path);
	if (status > a->status)
		a->status = status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARGS: /* all that is left: the options have been read */
		for (int i = state->next; i < state->argc; i++)
			validate(a, state->argv[i]);
		break;
	case ARGP_KEY_ARG: return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which file?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	(void)arg;
	return 0;
}

static int run_validate(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, validate_command.doc, NULL, NULL, NULL };
	struct args a = { .table = t };

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	return a.status;
}

const struct command validate_command = { "validate", SYNOPSIS, "check scenarios, studies and sheets, run nothing", run_validate };
