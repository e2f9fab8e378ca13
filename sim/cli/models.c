#include "sim/cli/cli_private.h"

#define SYNOPSIS "[NAME]"

enum { OPT_JSON = 256, NAMES_MOST = 2048 };

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

/* The rows of a table that are printed line by line have names too: those that are kept. */
static size_t row_names(const struct reference *r, const char **names, size_t n)
{
	char buf[256];
	const char *cell;

	for (size_t row = 0; r->line_cell && n < NAMES_MOST && (cell = r->cell(row, 0, buf, sizeof buf)); row++)
		if (cell != buf)
			names[n++] = cell;
	return n;
}

/* Of elements, KPIs, tables and their rows the one that is nearest. */
static const char *near_name(const struct model_table *t, const char *name)
{
	const char *names[NAMES_MOST];
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (n < NAMES_MOST)
			names[n++] = t->models[i]->name;
		for (size_t k = 0; k < t->models[i]->n_kpis && n < NAMES_MOST; k++)
			names[n++] = t->models[i]->kpis[k].name;
		for (size_t k = 0; k < t->models[i]->n_tables && n < NAMES_MOST; k++) {
			names[n++] = t->models[i]->tables[k].name;
			n = row_names(&t->models[i]->tables[k], names, n);
		}
	}
	return nearest_name(name, names, n);
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
	const char *near = near_name(t, a.name);
	fprintf(stderr, "sccsim: no model has an element, KPI or table '%s'%s%s%s\n", a.name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : " (see sccsim models)");
	return EXIT_INPUT;
}

const struct command models_command = { "models", SYNOPSIS, "elements, parameters, KPIs, and where they come from",
					run_models };
