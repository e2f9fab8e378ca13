/* The view of a run, out of its record. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/record_read_private.h"
#include "sim/output/text.h"

const char *record_text(struct reader *r, sqlite3_stmt *st, int column)
{
	const unsigned char *t = sqlite3_column_text(st, column);
	const char *copy = t ? arena_strdup(r->v->arena, (const char *)t) : NULL;

	if (t && !copy)
		r->no_memory = true;
	return copy;
}

const char *record_need(struct reader *r, sqlite3_stmt *st, int column)
{
	const char *t = record_text(r, st, column);

	if (!t)
		r->broken = true;
	return t ? t : "";
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

	o->version = plain(r, record_need(r, st, 0));
	o->seed = seed(st, 1);
	snprintf(sc->hash, sizeof sc->hash, "%s", plain(r, record_need(r, st, 2)));
	sc->path = record_need(r, st, 3);
	sc->title = record_need(r, st, 4);
	sc->description = record_text(r, st, 5);
	snprintf(o->started, sizeof o->started, "%s", record_need(r, st, 6));
	o->wall_s = record_real(st, 7);
	o->threads = (unsigned)natural(st, 8);
	o->n_reps = natural(st, 9);
	o->n_done = natural(st, 10);
	o->confidence = record_real(st, 11);
	o->stopped = record_truth(st, 12);
	o->audit_failed = record_truth(st, 13);
	sc->run.start = sqlite3_column_int64(st, 14);
	sc->run.duration = sqlite3_column_int64(st, 15);
	sc->run.warm_up = sqlite3_column_int64(st, 16);
	sc->run.seed = o->seed;
	sc->run.replications = o->n_reps;
	sc->run.confidence = o->confidence;
	r->geographic = record_truth(st, 17);
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

	if (RECORD_ROOM(r, v->arena, v->values, v->n_values, v->cap_values))
		v->values[v->n_values++] =
			(struct value_row){ record_need(r, st, 0), sqlite3_column_int(st, 1), record_need(r, st, 2),
					    record_text(r, st, 3), record_need(r, st, 4),     record_need(r, st, 5),
					    record_need(r, st, 6), record_truth(st, 7) };
}

static void read_model(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (RECORD_ROOM(r, v->arena, v->models, v->n_models, v->cap_models))
		v->models[v->n_models++] =
			(struct model_row){ record_need(r, st, 0), record_need(r, st, 1), natural(st, 2) };
}

static void read_evidence(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (RECORD_ROOM(r, v->arena, v->evidence, v->n_evidence, v->cap_evidence))
		v->evidence[v->n_evidence++] = (struct evidence_row){ record_need(r, st, 0), record_need(r, st, 1),
								      record_need(r, st, 2), record_need(r, st, 3) };
}

static void read_target(struct reader *r, sqlite3_stmt *st)
{
	if (RECORD_ROOM(r, r->v->arena, r->sc->targets, r->sc->n_targets, r->cap_targets))
		r->sc->targets[r->sc->n_targets++] = (struct target){
			record_need(r, st, 0), record_need(r, st, 1), (enum target_op)sqlite3_column_int(st, 2),
			record_real(st, 3),    record_need(r, st, 4), NULL
		};
}

static void read_layer(struct reader *r, sqlite3_stmt *st)
{
	struct view *v = r->v;

	if (RECORD_ROOM(r, v->arena, v->layers, v->n_layers, v->cap_layers))
		v->layers[v->n_layers++] =
			(struct layer){ record_need(r, st, 0), natural(st, 1), natural(st, 2), record_truth(st, 3) };
}

static void read_kpi(struct reader *r, sqlite3_stmt *st)
{
	const struct kpi_def *def = record_kpi_of(r, st, 0);
	const char *group = record_need(r, st, 1);
	const struct target *target = NULL;

	for (size_t i = 0; def && i < r->sc->n_targets && !target; i++)
		if (strcmp(r->sc->targets[i].kpi, def->name) == 0 && strcmp(r->sc->targets[i].group, group) == 0)
			target = &r->sc->targets[i];
	if (def && RECORD_ROOM(r, r->v->arena, r->o->kpis, r->o->n_kpis, r->cap_results))
		r->o->kpis[r->o->n_kpis++] = (struct kpi_result){ def,
								  group,
								  natural(st, 6),
								  record_real(st, 3),
								  record_real(st, 4),
								  record_real(st, 5),
								  target,
								  verdict_of(record_need(r, st, 8)) };
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
	snprintf(rep->failure, sizeof rep->failure, "%s", record_need(r, st, 3));
	if (record_truth(st, 4) && !rep->report) {
		rep->report = report_new();
		r->no_memory |= !rep->report;
	}
	if (rep->report)
		rep->report->map = true;
	rep->events = natural(st, 5);
	rep->pending_max = natural(st, 6);
	rep->wall_s = record_real(st, 7);
	rep->setup_s = record_real(st, 8);
	rep->arena_bytes = natural(st, 9);
	rep->imbalance = record_real(st, 10);
	rep->imbalance_account = record_text(r, st, 11);
	rep->unbalanced = record_truth(st, 12);
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
	if (RECORD_ROOM(r, r->v->arena, rep->kinds, rep->n_kinds, cap))
		rep->kinds[rep->n_kinds++] = (struct kind_count){ record_need(r, st, 1), natural(st, 2) };
}

static const struct { const char *table; row_fn *read; } readers[] = {
	{ "run", read_run },
	{ "parameter", read_parameter },
	{ "model", read_model },
	{ "evidence", read_evidence },
	{ "target", read_target },
	{ "layer", read_layer },
	{ "kpi_definition", record_kpi_definition },
	{ "curve_definition", record_curve_definition },
	{ "flow_definition", record_flow_definition },
	{ "table_definition", record_table_definition },
	{ "timeline_definition", record_timeline_definition },
	{ "kpi", read_kpi },
	{ "replication", read_replication },
	{ "kpi_replication", record_kpi_row },
	{ "series", record_series },
	{ "curve", record_curve },
	{ "flow", record_flow },
	{ "cell", record_cell },
	{ "audit", record_audit },
	{ "fact", record_fact },
	{ "warning", record_warning },
	{ "event_profile", read_kind },
	{ "feature", record_feature },
	{ "frame", record_frame },
	{ "moment", record_moment },
	{ "span", record_span },
};

/* Columns that a run never leaves empty would be NULL to the functions above: such a row is refused here. */
static bool whole(sqlite3_stmt *st)
{
	static const char *const optional[] = {
		"description",       "value",      "standard", "mean",   "ci_low",  "ci_high", "target", "imbalance",
		"imbalance_account", "value_name", "resolved", "wall_s", "setup_s", "level"
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
