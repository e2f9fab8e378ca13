#include "sim/cli/cli_private.h"

#define SYNOPSIS "SCENARIO"

enum { OPT_SET = 256, OPT_JSON };

static const struct argp_option options[] = {
	{ "set", OPT_SET, "PATH=VALUE", 0, "set an attribute, as for `sccsim run'; may be repeated", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

struct args {
	const char *path;
	struct settings sets;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case OPT_SET: settings_add(&a->sets, arg, state); break;
	case OPT_JSON: a->json = true; break;
	case ARGP_KEY_ARG: option_only(&a->path, arg, "scenario", state); break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which scenario?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int run_explain(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, explain_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	struct scenario *sc;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	sc = load_scenario(a.path, t, &a.sets, &status);
	if (sc && explain_write(sc, stdout, a.json) != 0)
		status = EXIT_UNFINISHED;
	scenario_free(sc);
	settings_free(&a.sets);
	return status;
}

const struct command explain_command = { "explain", SYNOPSIS, "print every value in force, and why", run_explain };
