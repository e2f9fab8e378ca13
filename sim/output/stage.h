/*
 * stage - files that take their names in the results folder all at once, when all of them are whole.
 *
 * They are written into a hidden folder inside the results folder and renamed into place by stage_commit.  Whatever
 * fails before leaves the results folder as it was.
 */
#ifndef SIM_OUTPUT_STAGE_H
#define SIM_OUTPUT_STAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct stage {
	char  dir[PATH_MAX];    /* the results folder */
	char  tmp[PATH_MAX];    /* where files wait; "" when there is none */
	char *why;              /* OUTPUT_WHY bytes */
};

/* Make a folder and its parents. */
int stage_folder(const char *dir, char *why);
int stage_open(struct stage *st, const char *dir, char *why);
/* Path of a waiting file ("kpi.csv", "plots/map.svg"); -1 when it is too long. */
int stage_path(const struct stage *st, const char *name, char *path);
/* A file to write, and its end: flushed, on the disk, without an error. */
FILE *stage_file(const struct stage *st, const char *name);
int stage_close(const struct stage *st, FILE *f, const char *name);
/* Give every waiting file its name; files of an earlier run that were not written again are removed. */
int stage_commit(struct stage *st);
/* The same for the record alone, when the rest could not be written: what an earlier run left goes. */
int stage_commit_record(struct stage *st);
/* Whether it is the name of one of the results. */
bool stage_is_result(const char *name);
/* Remove what waits; nothing after a commit. */
void stage_drop(struct stage *st);

/* Take the hidden folder out of a message: its reader knows the results folder alone. */
void stage_plain_words(char *why);

/* Write out what a file holds: flushed, on the disk.  -1 with errno (EIO where none is known). */
int file_finish(FILE *f);

#endif
