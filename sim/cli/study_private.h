/* study_private - what the commands on studies share. */
#ifndef SIM_CLI_STUDY_PRIVATE_H
#define SIM_CLI_STUDY_PRIVATE_H

#include "sim/cli/cli_private.h"
#include "sim/output/study_output.h"

/* Load a study and print every diagnostic, unless silent.  NULL: *status is the exit status. */
struct study *load_study(const char *path, const struct model_table *t, enum study_use use, bool silent, int *status);
/* What the file says it is for. */
enum study_use use_of_study(const char *path);
/* The study of which a folder holds the record; given (may be NULL): its file, where it has moved. */
struct study *load_study_of(const char *dir, const char *given, const struct model_table *t, int *status);

/* Draw everything from the record, print the summary unless quiet, mark the record as finished when complete; EXIT_OK, or
 * EXIT_UNFINISHED after a message. */
int conclude_study(struct study_record *rec, const struct study *st, const char *dir, bool complete, bool quiet);

#endif
