#include "sim/cli/cli_private.h"

#define SYNOPSIS "[NAME]"

enum { OPT_JSON = 256 };

static const struct argp_option options[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

struct args {
	const char *name;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case OPT_JSON: a->json = true; break;
	case ARGP_KEY_ARG:
		if (a->name)
			usage_error(state, "one element at a time: '%s' is one too many", arg);
		a->name = arg;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const char *model_name(const void *ctx, size_t i)
{
	const struct model_table *t = ctx;

	return t->models[i]->name;
}

static int run_models(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, models_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (reference_write(t, a.name, stdout, a.json) == 0)
		return EXIT_OK;
	if (!a.name || ferror(stdout))
		return EXIT_UNFINISHED;
	const char *near = nearest(a.name, model_name, t, t->n);
	fprintf(stderr, "sccsim: no model has the element <%s>%s%s%s\n", a.name, near ? "; did you mean <" : "",
		near ? near : "", near ? ">?" : " (see sccsim models)");
	return EXIT_INPUT;
}

const struct command models_command = { "models", SYNOPSIS, "elements, parameters, KPIs, and where they come from",
					run_models };
