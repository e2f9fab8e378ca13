/*
 * cli - the command line: one file per command, one row per command.
 *
 * Exit status: 0 done; 1 ran with --check and a KPI missed its target; 2 bad input or usage; 3 could not finish
 * (disk full, out of memory, audit imbalance), what had finished is kept.
 */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include "sim/scenario/model.h"

enum { EXIT_OK = 0, EXIT_MISSED = 1, EXIT_INPUT = 2, EXIT_UNFINISHED = 3 };

struct command { const char *name, *synopsis, *doc; int (*run)(const struct model_table *t, int argc, char **argv); };

int cli_main(const struct model_table *table, int argc, char **argv);

#endif
