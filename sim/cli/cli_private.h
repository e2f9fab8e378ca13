/*
 * cli_private - what the commands share.
 *
 * A command is one file and one row in the table of main.c.  Each parses its own options with argp; a mistake in them
 * ends the program with EXIT_INPUT.
 */
#ifndef SIM_CLI_CLI_PRIVATE_H
#define SIM_CLI_CLI_PRIVATE_H

#include <argp.h>
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/scenario/scenario.h"
#include "sim/study/assessment.h"

extern const struct command run_command, study_command, plan_command, merge_command, compare_command, assess_command,
	new_command, validate_command, explain_command, report_command, models_command, schema_command;

/* A mistake in the command line: say so, name --help, and end with EXIT_INPUT. */
_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Read --set values in the order given. */
enum { SETTINGS_MAX = 1000 };
struct settings { struct setting *v; size_t n; };

/* Split PATH=VALUE at the first '=' outside brackets (argv is written to) and keep it; ends the program with a message
 * when there is none. */
void settings_add(struct settings *s, char *text, struct argp_state *state);
void settings_free(struct settings *s);

/* A whole number in [lo, hi] from an option's text; ends the program with a message that names the option otherwise. */
uint64_t option_count(const char *text, const char *option, uint64_t lo, uint64_t hi, struct argp_state *state);

/* Options that several commands have; a mistake ends the program with a message. */
const char *option_folder(const char *text, struct argp_state *state);          /* --output: not empty */
unsigned option_threads(const char *text, struct argp_state *state);            /* --jobs: 1 to 256 */
/* The one argument of a command, a `what` ("scenario"), into *path, which must be NULL. */
void option_only(const char **path, const char *text, const char *what, struct argp_state *state);

/* The folder that `lib:` stands for: $SCCSIM_LIB, else beside the program (build tree, then installed), else where it was
 * to be installed.  Into buf (size bytes); NULL when there is no such folder. */
const char *lib_root(char *buf, size_t size);

/* Load a scenario and print every diagnostic on standard error.  NULL: *status is the exit status. */
struct scenario *load_scenario(const char *path, const struct model_table *t, const struct settings *sets, int *status);

/* The same of an indicator sheet and the scenarios of its states. */
struct assessment *load_assessment(const char *path, const struct model_table *t, const struct state_record *records,
				   size_t n_records, int *status);

/* Set by the first Ctrl-C; the second one ends the program at once. */
volatile const int *stop_on_signals(void);

/* The folder that was given, else results/<id of the document>, else results/<name of its file without what follows the last
 * dot>.  Freed by the caller; NULL when memory is short. */
char *results_dir(const struct scenario *doc, const char *given);

/* Which program this is: SHA-256 of its file, hex.  false: it cannot be read. */
bool program_hash(char out[65]);

/* What did not finish, and which audit does not balance, on standard error. */
void print_failures(const struct outcome *o);
void print_imbalance(const struct outcome *o);

/* See that what a command wrote to standard output got there: its status, or EXIT_UNFINISHED after a message. */
int finish_output(int status);

#endif
