/* The view of a run, out of its record. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/record_private.h"
#include "sim/output/text.h"

/* Declarations of the record, one of each name; rows point to them as those of a run point to the models'. */
struct reader {
	sqlite3        *db;
	struct view    *v;
	struct outcome *o;
	struct scenario *sc;
	struct kpi_def *kpis; size_t n_kpis, cap_kpis;
	struct curve_def *curves; size_t n_curves, cap_curves;
	size_t          cap_targets, cap_results;
	bool            geographic;
	bool            broken;         /* a row that no run writes */
	bool            no_memory;
};

typedef void row_fn(struct reader *r, sqlite3_stmt *st);

static const char *text(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *t = sqlite3_column_text(st, column);
	const char *copy = t ? arena_strdup(r->v->arena, (const char *)t) : NULL;

	if (t && !copy)
		r->no_memory = true;
	return copy;
}

/* A text that must be there. */
static const char *need(struct reader *r, sqlite3_stmt *st, int column)
{
	const char *t = text(r, st, column);

	if (!t)
		r->broken = true;
	return t ? t : "";
}

static double real(sqlite3_stmt *st, int column)
{
	return sqlite3_column_type(st, column) == SQLITE_NULL ? NAN : sqlite3_column_double(st, column);
}

static bool truth(sqlite3_stmt *st, int column)
{
	return sqlite3_column_int(st, column) != 0;
}

static uint64_t natural(sqlite3_stmt *st, int column)
{
	return (uint64_t)sqlite3_column_int64(st, column);
}

static uint64_t seed(sqlite3_stmt *st, int column)
{
	const unsigned char *t = sqlite3_column_text(st, column);

	return t ? strtoull((const char *)t, NULL, 10) : 0;
}

#define ROOM(r, a, rows, n, cap) ((r)->no_memory |= !view_room((a), &(rows), (n), &(cap), sizeof *(rows)), !(r)->no_memory)

/* Version and hash stand in comments of every output, gnuplot's scripts among them: nothing that could end one. */
static const char *plain(struct reader *r, const char *t)
{
	if (t[strspn(t, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+~_-")] != '\0' || strstr(t, "--"))
		r->broken = true;
	return t;
}

static void read_run(struct reader *r, sqlite3_stmt *st)
{
	struct outcome *o = r->o;
	struct scenario *sc = r->sc;

	o->version = plain(r, need(r, st, 0));
	o->seed = seed(st, 1);
	snprintf(sc->hash, sizeof sc->hash, "%s", plain(r, need(r, st, 2)));
	sc->path = need(r, st, 3);
	sc->title = need(r, st, 4);
	sc->description = text(r, st, 5);
	snprintf(o->started, sizeof o->started, "%s", need(r, st, 6));
	o->wall_s = real(st, 7);
	o->threads = (unsigned)natural(st, 8);
	o->n_reps = natural(st, 9);
	o->n_done = natural(st, 10);
	o->confidence = real(st, 11);
	o->stopped = truth(st, 12);
	o->audit_failed = truth(st, 13);
	sc->run.start = sqlite3_column_int64(st, 14);
	sc->run.duration = sqlite3_column_int64(st, 15);
	sc->run.warm_up = sqlite3_column_int64(st, 16);
	sc->run.seed = o->seed;
	sc->run.replications = o->n_reps;
	sc->run.confidence = o->confidence;
	r->geographic = truth(st, 17);
	sc->resolved =
		arena_strdup(r->v->arena, sqlite3_column_text(st, 18) ? (const char *)sqlite3_column_text(st, 18) : "");
	o->reps = arena_alloc(r->v->arena, o->n_reps, sizeof *o->reps);
	if (!o->reps || !sc->resolved) {
		r->no_memory = true;
		o->n_reps = 0;
	}
}

static void read_parameter(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (ROOM(r, v->arena, v->values, v->n_values, v->cap_values))
		v->values[v->n_values++] = (struct value_row){ need(r, st, 0), sqlite3_column_int(st, 1),
							       need(r, st, 2), text(r, st, 3),
							       need(r, st, 4), need(r, st, 5),
							       need(r, st, 6), truth(st, 7) };
}

static void read_model(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (ROOM(r, v->arena, v->models, v->n_models, v->cap_models))
		v->models[v->n_models++] = (struct model_row){ need(r, st, 0), need(r, st, 1), natural(st, 2) };
}

static void read_evidence(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (ROOM(r, v->arena, v->evidence, v->n_evidence, v->cap_evidence))
		v->evidence[v->n_evidence++] =
			(struct evidence_row){ need(r, st, 0), need(r, st, 1), need(r, st, 2), need(r, st, 3) };
}

static void read_target(struct reader *r, sqlite3_stmt *st)
{
	if (ROOM(r, r->v->arena, r->sc->targets, r->sc->n_targets, r->cap_targets))
		r->sc->targets[r->sc->n_targets++] =
			(struct target){ need(r, st, 0), need(r, st, 1), (enum target_op)sqlite3_column_int(st, 2),
					 real(st, 3),    need(r, st, 4), NULL };
}

static void read_layer(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (ROOM(r, v->arena, v->layers, v->n_layers, v->cap_layers))
		v->layers[v->n_layers++] = (struct layer){ need(r, st, 0), natural(st, 1), natural(st, 2), truth(st, 3) };
}

static void read_kpi_definition(struct reader *r, sqlite3_stmt *st)
{
	if (ROOM(r, r->v->arena, r->kpis, r->n_kpis, r->cap_kpis))
		r->kpis[r->n_kpis++] = (struct kpi_def){ need(r, st, 0),
							 need(r, st, 1),
							 need(r, st, 2),
							 text(r, st, 3),
							 (enum kpi_better)sqlite3_column_int(st, 4),
							 truth(st, 5) };
}

static void read_curve_definition(struct reader *r, sqlite3_stmt *st)
{
	if (ROOM(r, r->v->arena, r->curves, r->n_curves, r->cap_curves))
		r->curves[r->n_curves++] =
			(struct curve_def){ need(r, st, 0), need(r, st, 1), need(r, st, 2), need(r, st, 3),
					    need(r, st, 4), need(r, st, 5), truth(st, 6) };
}

static const struct kpi_def *kpi_of(struct reader *r, sqlite3_stmt *st, int column)
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

static void read_kpi(struct reader *r, sqlite3_stmt *st)
{
	const struct kpi_def *def = kpi_of(r, st, 0);
	const char *group = need(r, st, 1);
	const struct target *target = NULL;

	for (size_t i = 0; def && i < r->sc->n_targets && !target; i++)
		if (strcmp(r->sc->targets[i].kpi, def->name) == 0 && strcmp(r->sc->targets[i].group, group) == 0)
			target = &r->sc->targets[i];
	if (def && ROOM(r, r->v->arena, r->o->kpis, r->o->n_kpis, r->cap_results))
		r->o->kpis[r->o->n_kpis++] =
			(struct kpi_result){ def,         group,       natural(st, 6), real(st, 3),
					     real(st, 4), real(st, 5), target,         verdict_of(need(r, st, 8)) };
}

static void read_replication(struct reader *r, sqlite3_stmt *st)
{
	uint64_t n = natural(st, 0);

	if (n >= r->o->n_reps) {
		r->broken = true;
		return;
	}
	struct replication *rep = &r->o->reps[n];
	rep->index = n;
	rep->seed = seed(st, 1);
	rep->status = sqlite3_column_int(st, 2);
	snprintf(rep->failure, sizeof rep->failure, "%s", need(r, st, 3));
	if (truth(st, 4) && !rep->report) {
		rep->report = report_new();
		r->no_memory |= !rep->report;
	}
	if (rep->report)
		rep->report->map = true;
	rep->events = natural(st, 5);
	rep->pending_max = natural(st, 6);
	rep->wall_s = real(st, 7);
	rep->setup_s = real(st, 8);
	rep->arena_bytes = natural(st, 9);
	rep->imbalance = real(st, 10);
	rep->imbalance_account = text(r, st, 11);
	rep->unbalanced = truth(st, 12);
}

/* The report that a row belongs to; NULL: there is none, which no run writes. */
static struct report *report_of(struct reader *r, sqlite3_stmt *st)
{
	uint64_t n = natural(st, 0);

	if (n < r->o->n_reps && r->o->reps[n].report)
		return r->o->reps[n].report;
	r->broken = true;
	return NULL;
}

static void read_kpi_row(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct kpi_def *def = kpi_of(r, st, 1);

	if (to && def)
		report_kpi(to, def, (const char *)sqlite3_column_text(st, 2), real(st, 3));
}

static void read_series(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct kpi_def *def = kpi_of(r, st, 1);

	if (to && def)
		report_series(to, def, (const char *)sqlite3_column_text(st, 2), sqlite3_column_int64(st, 3), real(st, 4));
}

static void read_curve(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const struct curve_def *def = curve_of(r, st, 1);

	if (to && def)
		report_curve(to, def, (const char *)sqlite3_column_text(st, 2), real(st, 3), real(st, 4));
}

static void read_audit(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);
	const char *side = (const char *)sqlite3_column_text(st, 3);

	if (to)
		report_audit(to, (const char *)sqlite3_column_text(st, 1), (const char *)sqlite3_column_text(st, 2),
			     strcmp(side, "in") == 0 ? AUDIT_IN : AUDIT_OUT, (const char *)sqlite3_column_text(st, 4),
			     real(st, 5));
}

static void read_fact(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);

	if (to)
		report_fact(to, (const char *)sqlite3_column_text(st, 1), "%s", (const char *)sqlite3_column_text(st, 2));
}

static void read_warning(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = report_of(r, st);

	if (to)
		report_warning(to, (const char *)sqlite3_column_text(st, 1), "%s",
			       (const char *)sqlite3_column_text(st, 2));
}

static void read_kind(struct reader *r, sqlite3_stmt *st)
{
	uint64_t n = natural(st, 0);

	if (n >= r->o->n_reps) {
		r->broken = true;
		return;
	}
	struct replication *rep = &r->o->reps[n];
	/* The capacity is not kept: 16 at first, then doubled at each power of two. */
	size_t n_rows = rep->n_kinds, cap = n_rows == 0             ? 0
					    : n_rows < 16           ? 16
					    : n_rows & (n_rows - 1) ? n_rows + 1
								    : n_rows;
	if (ROOM(r, r->v->arena, rep->kinds, rep->n_kinds, cap))
		rep->kinds[rep->n_kinds++] = (struct kind_count){ need(r, st, 1), natural(st, 2) };
}

/* Pairs of numbers out of well-known text. */
static void read_feature(struct reader *r, sqlite3_stmt *st)
{
	struct report *to = r->o->n_reps ? r->o->reps[0].report : NULL;
	const char *wkt = need(r, st, 6), *at = wkt + strcspn(wkt, "-0123456789");
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
			       (const char *)sqlite3_column_text(st, 4), real(st, 5));
	free(lonlat);
}

static const struct { const char *table; row_fn *read; } readers[] = {
	{ "run", read_run },
	{ "parameter", read_parameter },
	{ "model", read_model },
	{ "evidence", read_evidence },
	{ "target", read_target },
	{ "layer", read_layer },
	{ "kpi_definition", read_kpi_definition },
	{ "curve_definition", read_curve_definition },
	{ "kpi", read_kpi },
	{ "replication", read_replication },
	{ "kpi_replication", read_kpi_row },
	{ "series", read_series },
	{ "curve", read_curve },
	{ "audit", read_audit },
	{ "fact", read_fact },
	{ "warning", read_warning },
	{ "event_profile", read_kind },
	{ "feature", read_feature },
};

/* Columns that a run never leaves empty would be NULL to the functions above: such a row is refused here. */
static bool whole(sqlite3_stmt *st)
{
	static const char *const optional[] = {
		"description",       "value",      "standard", "mean",   "ci_low", "ci_high", "target", "imbalance",
		"imbalance_account", "value_name", "resolved", "wall_s", "setup_s"
	};

	for (int i = 0; i < sqlite3_column_count(st); i++) {
		const char *name = sqlite3_column_name(st, i);
		bool may = sqlite3_column_type(st, i) != SQLITE_NULL;
		for (size_t k = 0; k < sizeof optional / sizeof optional[0] && !may; k++)
			may = strcmp(name, optional[k]) == 0;
		if (!may)
			return false;
	}
	return true;
}

/* Hand each row of a table to its function; false with the database's error, or r->broken, or r->no_memory. */
static bool read_table(struct reader *r, const char *table, row_fn *read)
{
	char sql[80];
	sqlite3_stmt *st;
	int rc;

	snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY rowid", table);
	if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
		return false;
	while ((rc = sqlite3_step(st)) == SQLITE_ROW && !r->broken && !r->no_memory) {
		if (whole(st))
			read(r, st);
		else
			r->broken = true;
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE;
}

static int64_t pragma(struct reader *r, const char *sql)
{
	sqlite3_stmt *st;
	int64_t value = -1;

	if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW)
		value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return value;
}

static bool reader_new(struct reader *r, const struct model_table *table)
{
	struct arena *a = arena_new();

	r->v = a ? arena_alloc(a, 1, sizeof *r->v) : NULL;
	r->o = r->v ? arena_alloc(a, 1, sizeof *r->o) : NULL;
	r->sc = r->o ? arena_alloc(a, 1, sizeof *r->sc) : NULL;
	if (!r->sc) {
		arena_free(a);
		r->v = NULL;
		return false;
	}
	r->v->arena = a;
	r->v->o = r->v->owned = r->o;
	r->o->sc = r->sc;
	r->sc->table = table;
	return true;
}

/* A report made while memory was short is not the one that was recorded. */
static bool short_reports(const struct outcome *o)
{
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].report && o->reps[i].report->failed)
			return true;
	return false;
}

static bool read_all(struct reader *r)
{
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (!read_table(r, readers[i].table, readers[i].read))
			return false;
	if (r->o->n_reps == 0)
		r->broken = true;
	for (size_t i = 0; i < r->o->n_reps; i++)
		if (r->o->reps[i].report)
			r->o->reps[i].report->geographic = r->geographic;
	r->no_memory |= short_reports(r->o) || !view_complete(r->v);
	return !r->broken && !r->no_memory;
}

struct view *record_read(const char *path, const struct model_table *table, char *why)
{
	struct reader r = { 0 };
	const char *problem = "out of memory";

	if (!reader_new(&r, table))
		goto fail;
	if (sqlite3_open_v2(path, &r.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		problem = r.db ? sqlite3_errmsg(r.db) : problem;
		goto fail;
	}
	if (pragma(&r, "PRAGMA application_id") != RECORD_APPLICATION) {
		problem = "is not the record of a run";
		goto fail;
	}
	if (pragma(&r, "PRAGMA user_version") != RECORD_VERSION) {
		problem = "was written by another version of sccsim: run the scenario again";
		goto fail;
	}
	if (!read_all(&r)) {
		problem = r.no_memory ? problem : r.broken ? "is damaged: run the scenario again" : sqlite3_errmsg(r.db);
		goto fail;
	}
	sqlite3_close(r.db);
	return r.v;
fail:
	snprintf(why, OUTPUT_WHY, "%.*s: %s", 380, path, problem);
	sqlite3_close(r.db);
	view_free(r.v);
	return NULL;
}
