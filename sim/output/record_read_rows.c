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

/* Pairs of numbers out of well-known text. */
void record_feature(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = r->o->n_reps ? r->o->reps[0].report : NULL;
	const char *wkt = record_need(r, st, 6), *at = wkt + strcspn(wkt, "-0123456789");
	size_t n = 1, got = 0;

	for (const char *c = wkt; *c; c++)
		n += *c == ',';
	double *lonlat = calloc(2 * n, sizeof *lonlat);
	for (char *end; lonlat && got < 2 * n; at = end + (*end == ',')) {
		lonlat[got] = strtod(at, &end);
		if (end == at)
			break;
		got++;
	}
	if (!lonlat)
		r->no_memory = true;
	else if (!to || got != 2 * n)
		r->broken = true;
	else
		report_feature(to, (const char *)sqlite3_column_text(st, 1), (const char *)sqlite3_column_text(st, 2),
			       (const char *)sqlite3_column_text(st, 3), n, lonlat,
			       (const char *)sqlite3_column_text(st, 4), record_real(st, 5));
	free(lonlat);
}
