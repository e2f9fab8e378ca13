/* record_read_private - what the files that read the record of a run share. */
#ifndef SIM_OUTPUT_RECORD_READ_PRIVATE_H
#define SIM_OUTPUT_RECORD_READ_PRIVATE_H

#include <math.h>
#include <sqlite3.h>

#include "sim/output/record_private.h"
#include "sim/output/view.h"

/* Declarations of the record, one of each name; rows point to them as those of a run point to the models'. */
struct reader {
	sqlite3        *db;
	struct view    *v;
	struct outcome *o;
	struct scenario *sc;
	struct kpi_def *kpis; size_t n_kpis, cap_kpis;
	struct curve_def *curves; size_t n_curves, cap_curves;
	struct flow_def *flows; size_t n_flows, cap_flows;
	struct table_def *tables; size_t n_tables, cap_tables;
	struct timeline_def *timelines; size_t n_timelines, cap_timelines;
	size_t          cap_targets, cap_results;
	bool            geographic;
	bool            broken;         /* a row that no run writes */
	bool            no_memory;
};

typedef void row_fn(struct reader *r, sqlite3_stmt *st);

/* A text of a row, copied; NULL where there is none.  record_need: one that must be there. */
const char *record_text(struct reader *r, sqlite3_stmt *st, int column);
const char *record_need(struct reader *r, sqlite3_stmt *st, int column);
static inline double record_real(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? NAN : sqlite3_column_double(st, column);
}
static inline bool record_truth(sqlite3_stmt *st, int column)
{
	return sqlite3_column_int(st, column) != 0;
}
#define RECORD_ROOM(r, a, rows, n, cap) \
	((r)->no_memory |= !view_room((a), &(rows), (n), &(cap), sizeof *(rows)), !(r)->no_memory)

/* The declaration that a row names; NULL: there is none, which no run writes. */
const struct kpi_def *record_kpi_of(struct reader *r, sqlite3_stmt *st, int column);

/* One row each of the tables of that name. */
row_fn record_kpi_definition, record_curve_definition, record_flow_definition, record_table_definition;
row_fn record_timeline_definition, record_span, record_frame, record_moment;
row_fn record_kpi_row, record_series, record_curve, record_flow, record_cell, record_audit, record_fact, record_warning, record_feature;

#endif
