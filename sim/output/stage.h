/*
 * stage - files that take their names in a results folder all at once, when all of them are whole.
 *
 * They are written into a hidden folder inside the results folder and renamed into place by stage_commit.  Whatever
 * fails before leaves the results folder as it was.  Each kind of folder (of a run, of a study, ...) has names of its own;
 * what stands under other names is nobody's to touch, but for the pictures in plots/, which every kind has.
 */
#ifndef SIM_OUTPUT_STAGE_H
#define SIM_OUTPUT_STAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

/* What a kind of folder holds. */
struct stage_kind {
	const char        *record;      /* from which the rest can be drawn again: put into place first; NULL: none is staged */
	const char *const *names;       /* the rest, in the order in which it is put into place */
	size_t             n;
};

struct stage {
	const struct stage_kind *kind;
	char  dir[PATH_MAX];    /* the results folder */
	char  tmp[PATH_MAX];    /* where files wait; "" when there is none */
	int   lock;             /* on it, as long as this process is at work there; -1: none */
	char *why;              /* OUTPUT_WHY bytes */
};

/* Make a folder and its parents. */
int stage_folder(const char *dir, char *why);
/* Take a results folder for this process alone, until *lock is closed, which the end of the process does too.  -1: another
 * has it, as why says.  Where folders cannot be locked (some network disks) none is taken: 0, and *lock is -1. */
int stage_lock(const char *dir, int *lock, char *why);
/* The folder and a place for files to wait.  0; -1 after writing why (OUTPUT_WHY bytes), which stays borrowed.  Places
 * that a killed process left there are removed. */
int stage_open(struct stage *st, const struct stage_kind *kind, const char *dir, char *why);
/* Path of a waiting file ("kpi.csv", "plots/map.svg"); -1 when it is too long. */
int stage_path(const struct stage *st, const char *name, char *path);
/* A file to write, and its end: flushed, on the disk, without an error. */
FILE *stage_file(const struct stage *st, const char *name);
int stage_close(const struct stage *st, FILE *f, const char *name);
/* Give every waiting file its name; files of an earlier run that were not written again are removed, but for its record.
 * Nothing waits afterwards, whatever it returns. */
int stage_commit(struct stage *st);
/* The same for the record alone, when the rest could not be written: what an earlier run left goes.  Only of a kind that
 * has one. */
int stage_commit_record(struct stage *st);
/* Whether it is the name of one of the results of that kind. */
bool stage_is_result(const struct stage_kind *kind, const char *name);
/* Remove what waits; nothing after a commit. */
void stage_drop(struct stage *st);

/* Take the hidden folder out of a message: its reader knows the results folder alone. */
void stage_plain_words(char *why);

/* Write out what a file holds: flushed, on the disk.  -1 with errno (EIO where none is known). */
int file_finish(FILE *f);

#endif
