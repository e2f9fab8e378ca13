/* study_private - what the commands on studies share. */
#ifndef SIM_CLI_STUDY_PRIVATE_H
#define SIM_CLI_STUDY_PRIVATE_H

#include "sim/cli/cli_private.h"
#include "sim/output/study_output.h"
#include "sim/study/farm_watch.h"

/* Load a study and print every diagnostic, unless silent.  NULL: *status is the exit status. */
struct study *load_study(const char *path, const struct model_table *t, enum study_use use, bool silent, int *status);
/* What the file says it is for. */
enum study_use use_of_study(const char *path);
/* The study of which a folder holds the record; given (may be NULL): its file, where it has moved. */
struct study *load_study_of(const char *dir, const char *given, const struct model_table *t, int *status);

/* A folder in which a command computes a study: locked while it does, with the record to which it writes.  The fields above the
 * line are the command's to fill; lock -1. */
struct study_folder {
	const struct study  *st;
	const char          *dir, *what;        /* what: "study" or "plan", as messages call it */
	size_t               shard, shards;     /* 0 and 1: all of it */
	bool                 resume, overwrite, quiet;
	/* ---- */
	int                  lock;              /* -1: none, as where folders cannot be locked */
	struct study_record *rec;
};

/* Make the folder and lock it, make the record or go on with it, record what broke the process before, detect the warm-up (on
 * `threads` threads) where the study asks for it.  EXIT_OK, or another status after a message; close it in any case. */
int study_folder_open(struct study_folder *f, unsigned threads, volatile const int *stop);
/* Its status, or EXIT_UNFINISHED after a message. */
int study_folder_close(struct study_folder *f, int status);
/* Say why the record took no more; EXIT_UNFINISHED. */
int study_folder_refused(const struct study_folder *f);
/* Marks of what the workers are at; those of a rank above 0 have its number.  NULL: none can be made. */
struct farm_watch *study_folder_watch(const struct study_folder *f, unsigned workers, int rank);

/* Draw everything from the record, print the summary unless quiet, mark the record as finished when complete; EXIT_OK, or
 * EXIT_UNFINISHED after a message. */
int conclude_study(struct study_record *rec, const struct study *st, const char *dir, bool complete, bool quiet);

#endif
