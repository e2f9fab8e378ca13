/* The outcome that results.sqlite holds, for drawing it again. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/output_private.h"

struct loaded {
	struct outcome            o;
	struct scenario           sc;
	struct arena             *a;
	sqlite3                  *db;
	const struct model_table *table;
	struct curve_def         *curves;
	size_t                    n_curves;
	bool                      ok;
};

static const char *text_at(struct loaded *l, sqlite3_stmt *s, int column)
{
	const unsigned char *t = sqlite3_column_text(s, column);
	char *copy = arena_strdup(l->a, t ? (const char *)t : "");

	l->ok = l->ok && copy;
	return copy ? copy : "";
}

static double real_at(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NAN : sqlite3_column_double(s, column);
}

typedef void row_fn(struct loaded *l, sqlite3_stmt *s);

static void each(struct loaded *l, const char *sql, row_fn *fn)
{
	sqlite3_stmt *s = NULL;
	int rc = SQLITE_ERROR;

	if (l->ok && sqlite3_prepare_v2(l->db, sql, -1, &s, NULL) == SQLITE_OK)
		while ((rc = sqlite3_step(s)) == SQLITE_ROW && l->ok)
			fn(l, s);
	l->ok = l->ok && rc == SQLITE_DONE;
	sqlite3_finalize(s);
}

static size_t count(struct loaded *l, const char *sql)
{
	sqlite3_stmt *s = NULL;
	size_t n = 0;

	if (sqlite3_prepare_v2(l->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = (size_t)sqlite3_column_int64(s, 0);
	else
		l->ok = false;
	sqlite3_finalize(s);
	return n;
}

static void load_run(struct loaded *l, sqlite3_stmt *s)
{
	l->o.version = text_at(l, s, 0);
	l->o.seed = strtoull(text_at(l, s, 1), NULL, 10);
	snprintf(l->sc.hash, sizeof l->sc.hash, "%s", text_at(l, s, 2));
	l->sc.title = text_at(l, s, 3);
	l->sc.description = text_at(l, s, 4);
	l->sc.path = text_at(l, s, 5);
	l->sc.run.start = sqlite3_column_int64(s, 6);
	l->sc.run.duration = sqlite3_column_int64(s, 7);
	l->sc.run.warm_up = sqlite3_column_int64(s, 8);
	l->o.confidence = l->sc.run.confidence = sqlite3_column_double(s, 9);
	l->o.n_reps = (size_t)sqlite3_column_int64(s, 10);
	l->o.n_done = (size_t)sqlite3_column_int64(s, 11);
	l->o.stopped = sqlite3_column_int(s, 12) != 0;
	l->o.audit_failed = sqlite3_column_int(s, 13) != 0;
	l->o.wall_s = sqlite3_column_double(s, 14);
	l->o.threads = (unsigned)sqlite3_column_int(s, 15);
	snprintf(l->o.started, sizeof l->o.started, "%s", text_at(l, s, 16));
	l->sc.resolved = (char *)text_at(l, s, 17);
	l->o.reps = arena_alloc(l->a, l->o.n_reps + 1, sizeof *l->o.reps);
	l->ok = l->ok && l->o.reps;
}

static void load_target(struct loaded *l, sqlite3_stmt *s)
{
	l->sc.targets[l->sc.n_targets++] = (struct target){ .kpi = text_at(l, s, 0),
							    .group = text_at(l, s, 1),
							    .op = (enum target_op)sqlite3_column_int(s, 2),
							    .value = real_at(s, 3),
							    .text = text_at(l, s, 4) };
}

/* A KPI that the table no longer has keeps its name and unit. */
static const struct kpi_def *def_of(struct loaded *l, const char *name, const char *unit)
{
	const struct kpi_def *d = table_kpi(l->table, name);
	struct kpi_def *own;

	if (d)
		return d;
	for (size_t i = 0; i < l->o.n_kpis; i++)
		if (strcmp(l->o.kpis[i].def->name, name) == 0)
			return l->o.kpis[i].def;
	own = arena_alloc(l->a, 1, sizeof *own);
	if (own)
		*own = (struct kpi_def){ .name = name, .unit = unit, .definition = "" };
	l->ok = l->ok && own;
	return own;
}

static void load_kpi(struct loaded *l, sqlite3_stmt *s)
{
	struct kpi_result *k = &l->o.kpis[l->o.n_kpis];
	const struct kpi_def *def = def_of(l, text_at(l, s, 0), text_at(l, s, 2));
	int64_t target = sqlite3_column_int64(s, 7);
	const char *verdict = text_at(l, s, 8);

	*k = (struct kpi_result){ .def = def,
				  .group = text_at(l, s, 1),
				  .mean = real_at(s, 3),
				  .ci_low = real_at(s, 4),
				  .ci_high = real_at(s, 5),
				  .n = (uint64_t)sqlite3_column_int64(s, 6) };
	if (target >= 0 && (size_t)target < l->sc.n_targets)
		k->target = &l->sc.targets[target];
	for (int v = VERDICT_NONE; v <= VERDICT_UNDECIDED; v++)
		if (strcmp(verdict, verdict_name((enum verdict)v)) == 0)
			k->verdict = (enum verdict)v;
	l->o.n_kpis++;
}

static struct replication *rep_at(struct loaded *l, sqlite3_stmt *s)
{
	int64_t i = sqlite3_column_int64(s, 0);

	if (i >= 0 && (size_t)i < l->o.n_reps && l->o.reps[i].report)
		return &l->o.reps[i];
	l->ok = false;
	return NULL;
}

static void load_replication(struct loaded *l, sqlite3_stmt *s)
{
	int64_t i = sqlite3_column_int64(s, 0);

	if (i < 0 || (size_t)i >= l->o.n_reps) {
		l->ok = false;
		return;
	}
	struct replication *r = &l->o.reps[i];
	*r = (struct replication){ .index = (uint64_t)i,
				   .seed = strtoull(text_at(l, s, 1), NULL, 10),
				   .status = sqlite3_column_int(s, 2),
				   .events = (uint64_t)sqlite3_column_int64(s, 4),
				   .pending_max = (uint64_t)sqlite3_column_int64(s, 5),
				   .wall_s = real_at(s, 6),
				   .setup_s = real_at(s, 7),
				   .arena_bytes = (size_t)sqlite3_column_int64(s, 8),
				   .imbalance = real_at(s, 9),
				   .unbalanced = sqlite3_column_int(s, 10) != 0,
				   .imbalance_account = text_at(l, s, 11) };
	snprintf(r->failure, sizeof r->failure, "%s", text_at(l, s, 3));
	if (sqlite3_column_int(s, 12)) {
		r->report = report_new();
		l->ok = l->ok && r->report;
		if (r->report)
			r->report->map = true;
	}
}

static void load_series(struct loaded *l, sqlite3_stmt *s)
{
	struct replication *r = rep_at(l, s);

	if (r)
		report_series(r->report, def_of(l, text_at(l, s, 1), ""), text_at(l, s, 2), sqlite3_column_int64(s, 3),
			      real_at(s, 4));
}

static void load_curve_def(struct loaded *l, sqlite3_stmt *s)
{
	l->curves[l->n_curves++] = (struct curve_def){ text_at(l, s, 0),
						       text_at(l, s, 1),
						       text_at(l, s, 2),
						       text_at(l, s, 3),
						       text_at(l, s, 4),
						       text_at(l, s, 5),
						       sqlite3_column_int(s, 6) != 0 };
}

static void load_curve(struct loaded *l, sqlite3_stmt *s)
{
	struct replication *r = rep_at(l, s);
	const char *name = (const char *)sqlite3_column_text(s, 1);

	for (size_t i = 0; r && name && i < l->n_curves; i++)
		if (strcmp(l->curves[i].name, name) == 0) {
			report_curve(r->report, &l->curves[i], text_at(l, s, 2), real_at(s, 3), real_at(s, 4));
			return;
		}
}

static void load_audit(struct loaded *l, sqlite3_stmt *s)
{
	struct replication *r = rep_at(l, s);

	if (r)
		report_audit(r->report, text_at(l, s, 1), text_at(l, s, 2), sqlite3_column_int(s, 4) ? AUDIT_OUT : AUDIT_IN,
			     text_at(l, s, 3), real_at(s, 5));
}

static void load_feature(struct loaded *l, sqlite3_stmt *s)
{
	struct replication *r = rep_at(l, s);
	size_t bytes = (size_t)sqlite3_column_bytes(s, 4);
	double *copy = arena_alloc(l->a, bytes / sizeof(double) + 1, sizeof *copy);

	if (!r || !copy || bytes == 0)
		return;
	memcpy(copy, sqlite3_column_blob(s, 4), bytes);
	report_feature(r->report, text_at(l, s, 1), text_at(l, s, 2), text_at(l, s, 3), bytes / (2 * sizeof(double)), copy,
		       text_at(l, s, 6), real_at(s, 5));
	r->report->geographic = sqlite3_column_int(s, 7) != 0;
}

static void load_text(struct loaded *l, sqlite3_stmt *s)
{
	struct replication *r = rep_at(l, s);

	if (r && strcmp(text_at(l, s, 1), "fact") == 0)
		report_fact(r->report, text_at(l, s, 2), "%s", text_at(l, s, 3));
	else if (r)
		report_warning(r->report, text_at(l, s, 2), "%s", text_at(l, s, 3));
}

struct loaded *record_load(const char *path, const struct model_table *table, char *why)
{
	struct loaded *l = calloc(1, sizeof *l);

	if (!l || !(l->a = arena_new())) {
		free(l);
		snprintf(why, OUTPUT_WHY, "out of memory");
		return NULL;
	}
	l->ok = sqlite3_open_v2(path, &l->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
	l->table = l->sc.table = table;
	l->o.sc = &l->sc;
	each(l, "SELECT * FROM run LIMIT 1", load_run);
	l->ok = l->ok && l->o.reps;
	if (l->ok) {
		l->sc.targets = arena_alloc(l->a, count(l, "SELECT count(*) FROM target") + 1, sizeof *l->sc.targets);
		l->o.kpis = arena_alloc(l->a, count(l, "SELECT count(*) FROM kpi") + 1, sizeof *l->o.kpis);
		l->curves = arena_alloc(l->a, count(l, "SELECT count(*) FROM curve_def") + 1, sizeof *l->curves);
		l->ok = l->ok && l->sc.targets && l->o.kpis && l->curves;
	}
	each(l, "SELECT * FROM target ORDER BY rowid", load_target);
	each(l, "SELECT * FROM kpi ORDER BY rowid", load_kpi);
	each(l, "SELECT * FROM replication ORDER BY idx", load_replication);
	each(l, "SELECT * FROM series ORDER BY rowid", load_series);
	each(l, "SELECT * FROM curve_def ORDER BY rowid", load_curve_def);
	each(l, "SELECT * FROM curve ORDER BY rowid", load_curve);
	each(l, "SELECT * FROM audit ORDER BY rowid", load_audit);
	each(l, "SELECT * FROM feature ORDER BY rowid", load_feature);
	each(l, "SELECT * FROM text ORDER BY rowid", load_text);
	if (l->ok)
		return l;
	snprintf(why, OUTPUT_WHY, "%.300s is not the record of a run of this version: %s", path,
		 l->db ? sqlite3_errmsg(l->db) : "cannot be opened");
	loaded_free(l);
	return NULL;
}

const struct outcome *loaded_outcome(const struct loaded *l)
{
	return &l->o;
}

void loaded_free(struct loaded *l)
{
	if (!l)
		return;
	for (size_t i = 0; l->o.reps && i < l->o.n_reps; i++)
		report_free(l->o.reps[i].report);
	sqlite3_close(l->db);
	arena_free(l->a);
	free(l);
}
