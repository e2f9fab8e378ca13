#include <string.h>

#include "sim/cli/cli_private.h"
#include "sim/study/study.h"

#define SYNOPSIS "[scenario|study]"

/* A language by its root element; the models of scenarios are the program's own. */
static const struct model_table *language(const char *name, const struct model_table *scenarios)
{
	if (strcmp(name, "scenario") == 0)
		return scenarios;
	return strcmp(name, "study") == 0 ? &study_language : NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **name = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (!language(arg, &study_language))
		usage_error(state, "there is no schema of '%s': of a scenario or a study", arg);
	*name = arg;
	return 0;
}

static int run_schema(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { NULL, parse, SYNOPSIS, schema_command.doc, NULL, NULL, NULL };
	const char *name = "scenario";

	argp_parse(&argp, argc, argv, 0, NULL, &name);
	return schema_write(language(name, t), stdout) ? EXIT_UNFINISHED : EXIT_OK;
}

const struct command schema_command = { "schema", SYNOPSIS, "print the XSD of a language of documents", run_schema };
