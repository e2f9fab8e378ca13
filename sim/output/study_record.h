/*
 * study_record - results.sqlite of a study: every replication as it comes in, so that nothing is lost.
 *
 * One process writes, in transactions of at most a tenth of a second (write-ahead log): what is committed survives a kill, a full
 * disk and a crash of the machine's other processes.  The record knows of which study, program and part it is; anything else
 * is refused.  All functions that can fail return -1 after writing `why` (OUTPUT_WHY bytes).
 */
#ifndef SIM_OUTPUT_STUDY_RECORD_H
#define SIM_OUTPUT_STUDY_RECORD_H

#include "sim/output/output.h"
#include "sim/study/analysis.h"
#include "sim/study/runner.h"

/* Of which study a record is.  build: hash of the program; started: when it was begun. */
struct study_identity {
	const char *build;
	size_t      shard, shards;
};

struct study_record;

/* What a folder holds already.  None: also a record that was killed before it was of any study.  Busy: somebody has it open. */
enum record_state { RECORD_NONE, RECORD_FOREIGN, RECORD_RUN, RECORD_UNFINISHED, RECORD_FINISHED, RECORD_BUSY };
enum record_state study_record_state(const char *dir);

/* Of an open record: finished or not. */
enum record_state study_record_state_of(struct study_record *rec);

/* A new record in an existing folder; whatever results.sqlite was there goes. */
struct study_record *study_record_new(const char *dir, const struct study *st, const struct study_identity *id, char *why);
/* The record of the same study, to go on with.  Refused with the reason when study, scenarios, program or shard differ. */
struct study_record *study_record_resume(const char *dir, const struct study *st, const struct study_identity *id, char *why);
/* To read alone: of any shard, made by any build of this version.  Borrow the path of its study before it is loaded: */
char *study_record_path(const char *dir, char *why);            /* of the study's file; freed by the caller */
struct study_record *study_record_open(const char *dir, const struct study *st, char *why);
int study_record_close(struct study_record *rec, char *why);    /* commits; NULL allowed */

/* The recorder's functions; ctx: the record.  study_record_why says what went wrong. */
int study_record_put(void *rec, const struct task_result *r);
int study_record_commit(void *rec);
const char *study_record_why(const struct study_record *rec);

/* A task that ended the process by a broken invariant; to be committed. */
int study_record_broken(struct study_record *rec, struct job job);

/* The warm-up that was detected; SIM_NEVER: none was recorded. */
simtime_t study_record_warm_up(const struct study_record *rec);
int study_record_set_warm_up(struct study_record *rec, simtime_t warm_up);

/* Every task that is there, in the order of points and replications, with the values of the responses.  fn returns non-zero to end it:
 * memory is short. */
typedef int recorded_task_fn(void *ctx, struct job job, bool failed, const double *responses);
int study_record_tasks(struct study_record *rec, recorded_task_fn *fn, void *ctx);

/* Tell the runner of everything that is there. */
int study_record_tell(struct study_record *rec, struct runner *r);

/* Everything of another record of the same study: its points must not be here yet. */
int study_record_merge(struct study_record *rec, const char *dir, char *why);

/* The values of all responses; *data and what it points to live in the arena.  A point that was not run has none. */
int study_record_data(struct study_record *rec, struct study_data *data, struct arena *a);
/* Why a point or its first failed replication failed, in the arena; NULL: none did. */
const char *study_record_failure(struct study_record *rec, size_t point, struct arena *a);

/* Every KPI of every point in their order: fn gets the values by replication. */
typedef void kpi_values_fn(void *ctx, size_t point, const struct kpi_def *def, const char *group, const double *v, size_t n);
int study_record_kpis(struct study_record *rec, kpi_values_fn *fn, void *ctx);

/* The answers as tables (point, factor, response, effect), and that the study is finished. */
int study_record_finish(struct study_record *rec, const struct analysis *a, bool complete);

/* The same of a search, which knows settings as texts: of n points the text of each factor, and of a placement that of its sites;
 * and that it is finished. */
int study_record_finish_search(struct study_record *rec, const uint64_t *points, size_t n, bool complete);

/* Totals over the tasks. */
struct study_totals { uint64_t tasks, failed, events; double wall_s; size_t failed_points; };
struct study_totals study_record_totals(struct study_record *rec);

#endif
