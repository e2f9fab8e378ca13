/* sccsim compare: two results folders side by side. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli_private.h"
#include "sim/output/compare.h"

#define SYNOPSIS "DIR_A DIR_B"

enum { OPT_ALL = 256, OPT_JSON, OPT_CONFIDENCE };

static const struct argp_option options[] = {
	{ "all", OPT_ALL, NULL, 0, "supporting KPIs too, and those that cannot be told apart", 0 },
	{ "confidence", OPT_CONFIDENCE, "SHARE", 0, "confidence of the comparison, as in 99% (that of the two)", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON instead of text", 0 },
	{ "output", 'o', "DIR", 0, "write compare.csv and report.html to DIR", 0 },
	{ "quiet", 'q', NULL, 0, "print nothing", 0 },
	{ 0 },
};

struct args { const char *dirs[2], *out; size_t n; bool json, quiet; struct compare_options opt; };

static double confidence_of(const char *text, struct argp_state *state)
{
	union quantity q;

	if (!quantity_parse(DIM_RATIO, text, &q, NULL) || !(q.real >= 0.5 && q.real < 1))
		usage_error(state, "--confidence '%s': give a share from 50%% to under 100%%", text);
	return q.real;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case OPT_ALL: a->opt.all = true; break;
	case OPT_CONFIDENCE: a->opt.confidence = confidence_of(arg, state); break;
	case OPT_JSON: a->json = true; break;
	case 'o': a->out = option_folder(arg, state); break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG:
		if (a->n == 2)
			usage_error(state, "two folders: '%s' is one too many", arg);
		a->dirs[a->n++] = arg;
		break;
	case ARGP_KEY_END:
		if (a->n < 2)
			usage_error(state, "which %s? that `sccsim run' or `sccsim study' has filled",
				    a->n ? "second folder" : "two folders");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int unable(const char *why, int status)
{
	fprintf(stderr, "sccsim: %s\n", why);
	return status;
}

static int compare_with(const struct args *a, const struct model_table *t, struct arena *arena)
{
	char lib[2 * PATH_MAX], why[OUTPUT_WHY] = "out of memory";
	const char *root = lib_root(lib, sizeof lib), *finding;
	struct compare_side *sides[2];
	struct comparison *c;
	bool refused;

	for (size_t i = 0; i < 2; i++) {
		sides[i] = compare_read(a->dirs[i], t, root, arena, why);
		if (!sides[i])
			return unable(why, strcmp(why, "out of memory") == 0 ? EXIT_UNFINISHED : EXIT_INPUT);
	}
	c = compare_sides(sides[0], sides[1], &a->opt, arena, &refused, why);
	if (!c)
		return unable(why, refused ? EXIT_INPUT : EXIT_UNFINISHED);
	finding = compare_finding(c, arena);
	if (!finding)
		return unable("out of memory", EXIT_UNFINISHED);
	if (a->json)
		compare_json(c, finding, stdout);
	else if (!a->quiet)
		compare_text(c, finding, stdout);
	if (!a->out)
		return EXIT_OK;
	if (output_prepare(a->out, why) != 0 || compare_write(c, finding, a->out, why) != 0)
		return unable(why, EXIT_UNFINISHED);
	if (!a->quiet && !a->json)
		printf("\nReport: %s/report.html\n", a->out);
	return EXIT_OK;
}

static int run_compare(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, compare_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	struct arena *arena;
	int status = EXIT_UNFINISHED;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	arena = arena_new();
	if (arena)
		status = compare_with(&a, t, arena);
	else
		fprintf(stderr, "sccsim: out of memory\n");
	arena_free(arena);
	return status;
}

const struct command compare_command = { "compare", SYNOPSIS, "say which KPIs of two results differ, by how much, how sure that is",
					 run_compare };
