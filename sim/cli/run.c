#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli_private.h"
#include "sim/output/output.h"

#define SYNOPSIS "SCENARIO"

enum { REPLICATIONS_MAX = 1000000 };

enum { OPT_SEED = 256, OPT_SET, OPT_CHECK, OPT_JSON };

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write the results to DIR (results/<scenario id>)", 0 },
	{ "replications", 'r', "N", 0, "run N replications instead of the scenario's", 0 },
	{ "jobs", 'j', "N", 0, "use N threads (as many as there are processors); the results do not depend on it", 0 },
	{ "seed", OPT_SEED, "N", 0, "seed of all chance, instead of the scenario's", 0 },
	{ "set", OPT_SET, "PATH=VALUE", 0, "set an attribute: \"lorawan[@id='lpwan']/@adr=off\"; may be repeated", 0 },
	{ "check", OPT_CHECK, NULL, 0, "exit with status 1 when a KPI misses its target", 0 },
	{ "json", OPT_JSON, NULL, 0, "print the KPIs as JSON instead of the summary", 0 },
	{ "quiet", 'q', NULL, 0, "print neither progress nor summary", 0 },
	{ 0 },
};

struct args {
	const char *path, *dir;
	struct run_options run;
	struct settings sets;
	bool check, json, quiet;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *a = state->input;

	switch (key) {
	case 'o': a->dir = option_folder(arg, state); break;
	case 'r': a->run.replications = option_count(arg, "--replications", 1, REPLICATIONS_MAX, state); break;
	case 'j': a->run.threads = option_threads(arg, state); break;
	case OPT_SEED:
		a->run.seed = option_count(arg, "--seed", 0, UINT64_MAX, state);
		a->run.seed_given = true;
		break;
	case OPT_SET: settings_add(&a->sets, arg, state); break;
	case OPT_CHECK: a->check = true; break;
	case OPT_JSON: a->json = true; break;
	case 'q': a->quiet = true; break;
	case ARGP_KEY_ARG: option_only(&a->path, arg, "scenario", state); break;
	case ARGP_KEY_NO_ARGS: usage_error(state, "which scenario?"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static bool missed_target(const struct outcome *o)
{
	for (size_t i = 0; i < o->n_kpis; i++)
		if (o->kpis[i].verdict == VERDICT_MISSED)
			return true;
	return false;
}

static int conclude(const struct outcome *o, const struct args *a, const char *dir)
{
	char why[OUTPUT_WHY];

	print_failures(o);
	if (o->n_done == 0) {
		fprintf(stderr, "sccsim: no replication finished, nothing was written\n");
		return EXIT_UNFINISHED;
	}
	if (output_write(o, dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		return EXIT_UNFINISHED;
	}
	if (a->json)
		output_kpi_json(o, stdout);
	else if (!a->quiet && output_summary(o, stdout) == 0)
		printf("\nReport: %s/report.html\n", dir);
	if (o->audit_failed)
		print_imbalance(o);
	if (o->audit_failed || o->n_done < o->n_reps)
		return EXIT_UNFINISHED;
	return a->check && missed_target(o) ? EXIT_MISSED : EXIT_OK;
}

static int run_scenario(const struct scenario *sc, struct args *a)
{
	char why[OUTPUT_WHY];
	char *dir = results_dir(sc, a->dir);
	struct progress *progress = NULL;
	struct outcome *o = NULL;
	int status = EXIT_UNFINISHED;

	if (!dir)
		goto done;
	/* A limit on the size of files is a full disk: let the write fail and be reported. */
	signal(SIGXFSZ, SIG_IGN);
	if (output_prepare(dir, why) != 0) {
		fprintf(stderr, "sccsim: %s\n", why);
		goto done;
	}
	a->run.stop = stop_on_signals();
	if (!a->quiet && isatty(STDERR_FILENO))
		progress = progress_new(stderr);
	if (progress) {
		a->run.progress = progress_show;
		a->run.progress_ctx = progress;
	}
	o = outcome_run(sc, &a->run);
	progress_free(progress);
	if (o)
		status = conclude(o, a, dir);
	else
		fprintf(stderr, "sccsim: out of memory\n");
done:
	outcome_free(o);
	free(dir);
	return status;
}

static int run_run(const struct model_table *t, int argc, char **argv)
{
	struct argp argp = { options, parse, SYNOPSIS, run_command.doc, NULL, NULL, NULL };
	struct args a = { 0 };
	struct scenario *sc;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	sc = load_scenario(a.path, t, &a.sets, &status);
	if (sc && strcmp(sc->root->model->name, "library") == 0) {
		fprintf(stderr, "%s:%d: <library>: is a part for scenarios to include; only a <scenario> runs\n", a.path,
			sc->root->line);
		status = EXIT_INPUT;
	} else if (sc) {
		status = run_scenario(sc, &a);
	}
	scenario_free(sc);
	settings_free(&a.sets);
	return status;
}

const struct command run_command = { "run", SYNOPSIS, "run a scenario, print its KPIs and draw its report", run_run };
