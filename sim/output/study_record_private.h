/* study_record_private - the record of a study as the files that fill and read it see it. */
#ifndef SIM_OUTPUT_STUDY_RECORD_PRIVATE_H
#define SIM_OUTPUT_STUDY_RECORD_PRIVATE_H

#include <limits.h>
#include <sqlite3.h>

#include "sim/output/study_record.h"

struct recorded_kpi { const struct kpi_def *def; char *group; };

struct study_record {
	sqlite3            *db;
	const struct study *st;
	char                path[PATH_MAX];
	char                why[OUTPUT_WHY];
	bool                failed;             /* sticky; why tells */
	sqlite3_stmt       *task, *point, *input, *kpi, *value, *batch, *batch_test;
	struct recorded_kpi *kpis; size_t n_kpis, cap_kpis;     /* by kpi_id */
	size_t              guess;              /* where the next one probably is */
	int64_t             last_point;         /* 1 + the one whose input was checked last */
	uint64_t            waiting;            /* rows since the last commit */
	simtime_t           warm_up;
};

/* Say what the system or SQLite says, once; -1. */
int study_record_fail(struct study_record *rec);
int study_record_sql(struct study_record *rec, const char *sql);
sqlite3_stmt *study_record_prepare(struct study_record *rec, const char *sql);
/* One row.  Each letter of `types` names an argument: i int64_t, r double (NaN: NULL), t text (NULL: NULL). */
int study_record_row(struct study_record *rec, sqlite3_stmt *st, const char *types, ...);
/* Say that what stands there cannot be; -1. */
int study_record_damaged(struct study_record *rec, const char *what);
/* A column as it was put; NaN: NULL. */
double study_record_real(sqlite3_stmt *q, int column);
int study_record_add_kpi(struct study_record *rec, const struct kpi_def *def, const char *group);
/* The names of the KPIs that are there. */
int study_record_load_kpis(struct study_record *rec);

#endif
