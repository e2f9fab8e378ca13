#include <string.h>

#include "sim/cli/cli_private.h"
#include "sim/study/study.h"

#define SYNOPSIS "[scenario|study|assessment]"

/* table NULL: the program's own. */
static const struct { const char *name; const struct model_table *table; } languages[] = {
	{ "scenario", NULL },
	{ "study", &study_language },
	{ "assessment", &assessment_language },
};
enum { N_LANGUAGES = sizeof languages / sizeof languages[0] };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	size_t *which = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	for (*which = 0; *which < N_LANGUAGES; ++*which)
		if (strcmp(arg, languages[*which].name) == 0)
			return 0;
	usage_error(state, "there is no schema of '%s': give one of " SYNOPSIS, arg);
}

static int run_schema(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { NULL, parse, SYNOPSIS, schema_command.doc, NULL, NULL, NULL };
	size_t which = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &which);
	return schema_write(languages[which].table ? languages[which].table : t, stdout) ? EXIT_UNFINISHED : EXIT_OK;
}

const struct command schema_command = { "schema", SYNOPSIS, "print the XSD of a language of documents", run_schema };
