/* Out of the record of a run: what its replications reported, and the declarations that their rows name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/record_read_private.h"

void record_kpi_definition(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->kpis, r->n_kpis, r->cap_kpis))
		r->kpis[r->n_kpis++] = (struct kpi_def){ record_need(r, st, 0),
							 record_need(r, st, 1),
							 record_need(r, st, 2),
							 record_text(r, st, 3),
							 (enum kpi_better)sqlite3_column_int(st, 4),
							 record_truth(st, 5) };
}

void record_curve_definition(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->curves, r->n_curves, r->cap_curves))
		r->curves[r->n_curves++] =
			(struct curve_def){ record_need(r, st, 0), record_need(r, st, 1), record_need(r, st, 2),
					    record_need(r, st, 3), record_need(r, st, 4), record_need(r, st, 5),
					    record_truth(st, 6) };
}

void record_flow_definition(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->flows, r->n_flows, r->cap_flows))
		r->flows[r->n_flows++] =
			(struct flow_def){ record_need(r, st, 0), record_need(r, st, 1), record_need(r, st, 2) };
}

void record_table_definition(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->tables, r->n_tables, r->cap_tables))
		r->tables[r->n_tables++] = (struct table_def){ record_need(r, st, 0), record_need(r, st, 1),
							       record_need(r, st, 2), record_need(r, st, 3) };
}

const struct kpi_def *record_kpi_of(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *name = sqlite3_column_text(st, column);

	for (size_t i = 0; name && i < r->n_kpis; i++)
		if (strcmp(r->kpis[i].name, (const char *)name) == 0)
			return &r->kpis[i];
	r->broken = true;
	return NULL;
}

static const struct curve_def *curve_of(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *name = sqlite3_column_text(st, column);

	for (size_t i = 0; name && i < r->n_curves; i++)
		if (strcmp(r->curves[i].name, (const char *)name) == 0)
			return &r->curves[i];
	r->broken = true;
	return NULL;
}

/* The report that a row belongs to; NULL: there is none, which no run writes. */
static struct report *report_of(struct reader *r, sqlite3_stmt *st)
{
	uint64_t n = (uint64_t)sqlite3_column_int64(st, 0);

	if (n < r->o->n_reps && r->o->reps[n].report)
		return r->o->reps[n].report;
	r->broken = true;
	return NULL;
}

void record_kpi_row(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct kpi_def *def = record_kpi_of(r, st, 1);

	if (to && def)
		report_kpi(to, def, (const char *)sqlite3_column_text(st, 2), record_real(st, 3));
}

void record_series(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct kpi_def *def = record_kpi_of(r, st, 1);

	if (to && def)
		report_series(to, def, (const char *)sqlite3_column_text(st, 2), sqlite3_column_int64(st, 3),
			      record_real(st, 4));
}

void record_curve(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct curve_def *def = curve_of(r, st, 1);

	if (to && def)
		report_curve(to, def, (const char *)sqlite3_column_text(st, 2), record_real(st, 3), record_real(st, 4));
}

static const struct flow_def *flow_of(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *name = sqlite3_column_text(st, column);

	for (size_t i = 0; name && i < r->n_flows; i++)
		if (strcmp(r->flows[i].name, (const char *)name) == 0)
			return &r->flows[i];
	r->broken = true;
	return NULL;
}

static const struct table_def *table_of(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *name = sqlite3_column_text(st, column);

	for (size_t i = 0; name && i < r->n_tables; i++)
		if (strcmp(r->tables[i].name, (const char *)name) == 0)
			return &r->tables[i];
	r->broken = true;
	return NULL;
}

void record_flow(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct flow_def *def = flow_of(r, st, 1);

	if (to && def)
		report_flow(to, def, (const char *)sqlite3_column_text(st, 2), (const char *)sqlite3_column_text(st, 3),
			    (const char *)sqlite3_column_text(st, 4), record_real(st, 5));
}

void record_cell(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct table_def *def = table_of(r, st, 1);

	if (to && def)
		report_cell(to, def, (const char *)sqlite3_column_text(st, 2), (const char *)sqlite3_column_text(st, 3),
			    record_real(st, 4));
}

void record_audit(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const char *side = (const char *)sqlite3_column_text(st, 3);

	if (to)
		report_audit(to, (const char *)sqlite3_column_text(st, 1), (const char *)sqlite3_column_text(st, 2),
			     strcmp(side, "in") == 0 ? AUDIT_IN : AUDIT_OUT, (const char *)sqlite3_column_text(st, 4),
			     record_real(st, 5));
}

void record_fact(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);

	if (to)
		report_fact(to, (const char *)sqlite3_column_text(st, 1), "%s", (const char *)sqlite3_column_text(st, 2));
}

void record_warning(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);

	if (to)
		report_warning(to, (const char *)sqlite3_column_text(st, 1), "%s",
			       (const char *)sqlite3_column_text(st, 2));
}

/* ---- what is drawn of the first replication ---- */

static struct report *drawn(struct reader *r)
{
	struct report *to = r->o->n_reps ? r->o->reps[0].report : NULL;

	r->broken |= !to;
	return to;
}

/* Pairs of numbers out of well-known text, to be freed; NULL: there are none, which no run writes. */
static double *points_of(struct reader *r, const char *wkt, size_t *n)
{
	const char *at = wkt + strcspn(wkt, "-0123456789");
	size_t got = 0;

	*n = 1;
	for (const char *c = wkt; *c; c++)
		*n += *c == ',';
	double *lonlat = calloc(2 * *n, sizeof *lonlat);
	for (char *end; lonlat && got < 2 * *n; at = end + (*end == ',')) {
		lonlat[got] = strtod(at, &end);
		if (end == at)
			break;
		got++;
	}
	r->no_memory |= !lonlat;
	if (lonlat && got == 2 * *n)
		return lonlat;
	r->broken |= lonlat != NULL;
	free(lonlat);
	return NULL;
}

void record_feature(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = drawn(r);
	size_t n;
	double *lonlat = points_of(r, record_need(r, st, 6), &n);

	if (to && lonlat)
		report_feature(to, (const char *)sqlite3_column_text(st, 1), (const char *)sqlite3_column_text(st, 2),
			       (const char *)sqlite3_column_text(st, 3), n, lonlat,
			       (const char *)sqlite3_column_text(st, 4), record_real(st, 5));
	free(lonlat);
}

void record_moment(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = drawn(r);
	size_t n;
	double *lonlat = points_of(r, record_need(r, st, 6), &n);

	if (to && lonlat)
		report_moment(to, sqlite3_column_int64(st, 1), (const char *)sqlite3_column_text(st, 2),
			      (const char *)sqlite3_column_text(st, 3), n, lonlat, (const char *)sqlite3_column_text(st, 4),
			      record_real(st, 5));
	free(lonlat);
}

void record_frame(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = drawn(r);

	if (to)
		report_frame(to, sqlite3_column_int64(st, 1), (const char *)sqlite3_column_text(st, 2));
}

void record_timeline_definition(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->timelines, r->n_timelines, r->cap_timelines))
		r->timelines[r->n_timelines++] = (struct timeline_def){ record_need(r, st, 0), record_need(r, st, 1) };
}

void record_span(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = drawn(r);
	const char *name = record_need(r, st, 1);
	const struct timeline_def *def = NULL;
	int tone = sqlite3_column_int(st, 4);

	for (size_t i = 0; i < r->n_timelines; i++)
		if (strcmp(r->timelines[i].name, name) == 0)
			def = &r->timelines[i];
	r->broken |= !def || tone < SPAN_NEUTRAL || tone > SPAN_BAD;
	if (to && def && !r->broken)
		report_span(to, def, (const char *)sqlite3_column_text(st, 2), (const char *)sqlite3_column_text(st, 3),
			    (enum span_tone)tone, sqlite3_column_int64(st, 5), sqlite3_column_int64(st, 6),
			    record_real(st, 7));
}
