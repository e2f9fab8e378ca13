#include "sim/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "sim/cli/cli_private.h"
#include "sim/study/ranks.h"

static const struct command *const commands[] = {
	&run_command, &study_command, &plan_command, &merge_command, &compare_command, &assess_command, &new_command,
	&validate_command, &explain_command, &report_command, &models_command, &schema_command,
};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *f)
{
	fprintf(f, "Usage: sccsim COMMAND [OPTION...] [ARGUMENT...]\n"
		   "Simulate a smart-city deployment described in XML and print its KPIs.\n\n");
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(f, "  %-10s %s\n", commands[i]->name, commands[i]->doc);
	fprintf(f,
		"  %-10s %s\n\n"
		"`sccsim COMMAND --help' explains one; --version prints the version.\n"
		"Exit status: 0 done; 1 ran with --check, and a KPI missed its target; 2 bad input or\n"
		"usage; 3 it could not finish, and whatever had finished is kept.\n",
		"help", "this list; `help COMMAND' for one of them");
}

static const struct command *find_command(const char *name)
{
	const char *names[N_COMMANDS];

	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
		names[i] = commands[i]->name;
	}
	const char *near = nearest_name(name, names, N_COMMANDS);
	fprintf(stderr, "sccsim: '%s' is not a command%s%s%s (see sccsim help)\n", name, near ? "; did you mean '" : "",
		near ? near : "", near ? "'?" : "");
	return NULL;
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* Several ranks of another command would each do all of it, and write over each other. */
static bool may_run(const struct command *c)
{
	long rank;

	if (c == &study_command || ranks_launched(&rank) <= 1)
		return true;
	if (rank == 0)
		fprintf(stderr, "sccsim %s: works on the threads of one machine; several ranks are for sccsim study\n",
			c->name);
	return false;
}

/* argp names the program by argv[0]: give it "sccsim run".  -h is understood wherever --help is. */
static int run_command_line(const struct command *c, const struct model_table *t, int argc, char **argv)
{
	char name[64], help[] = "--help";

	snprintf(name, sizeof name, "sccsim %s", c->name);
	argv[0] = name;
	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		argv[1] = help;
	argp_err_exit_status = EXIT_INPUT;
	return finish_output(c->run(t, argc, argv));
}

int cli_main(const struct model_table *table, int argc, char **argv)
{
	char help[] = "--help";

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_INPUT;
	}
	if (is_one_of(argv[1], "--version", "-V", "version")) {
		printf("sccsim " SCCSIM_VERSION ", %s\n", ranks_mpi() ? ranks_mpi() : "without MPI");
		return finish_output(EXIT_OK);
	}
	if (is_one_of(argv[1], "--help", "-h", "help")) {
		if (argc < 3) {
			print_usage(stdout);
			return finish_output(EXIT_OK);
		}
		const struct command *c = find_command(argv[2]);
		return c ? run_command_line(c, table, 2, (char *[]){ argv[2], help, NULL }) : EXIT_INPUT;
	}
	const struct command *c = find_command(argv[1]);
	return c && may_run(c) ? run_command_line(c, table, argc - 1, argv + 1) : EXIT_INPUT;
}
