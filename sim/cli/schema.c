#include <string.h>

#include "sim/cli/cli_private.h"

#define SYNOPSIS "[scenario]"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (strcmp(arg, "scenario") != 0)
		usage_error(state, "there is no schema of '%s': only of a scenario", arg);
	return 0;
}

static int run_schema(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { NULL, parse, SYNOPSIS, schema_command.doc, NULL, NULL, NULL };

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	return schema_write(t, stdout) ? EXIT_UNFINISHED : EXIT_OK;
}

const struct command schema_command = { "schema", SYNOPSIS, "print the XSD of scenarios", run_schema };
