/*
 * results.sqlite: everything that the other outputs are drawn from.
 *
 * Written once, in one transaction, to a file that has no name yet (stage.h): no journal is needed, and none is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/record_private.h"
#include "sim/output/text.h"

static const char tables[] =
	"CREATE TABLE run(version TEXT, seed TEXT, input TEXT, scenario TEXT, title TEXT, description TEXT, started TEXT,"
	" wall_s REAL, threads INTEGER, replications INTEGER, done INTEGER, confidence REAL, stopped INTEGER,"
	" audit_failed INTEGER, start INTEGER, duration_ns INTEGER, warm_up_ns INTEGER, geographic INTEGER, resolved TEXT);"
	"CREATE TABLE parameter(element TEXT, depth INTEGER, attribute TEXT, value TEXT, type TEXT, origin TEXT, source TEXT,"
	" given INTEGER);"
	"CREATE TABLE model(name TEXT, doc TEXT, elements INTEGER);"
	"CREATE TABLE evidence(model TEXT, aspect TEXT, against TEXT, within TEXT);"
	"CREATE TABLE target(kpi TEXT, group_name TEXT, op INTEGER, value REAL, text TEXT);"
	"CREATE TABLE replication(replication INTEGER PRIMARY KEY, seed TEXT, status INTEGER, failure TEXT, finished INTEGER,"
	" events INTEGER, pending_max INTEGER, wall_s REAL, setup_s REAL, arena_bytes INTEGER, imbalance REAL,"
	" imbalance_account TEXT, unbalanced INTEGER);"
	"CREATE TABLE kpi_definition(kpi TEXT, unit TEXT, definition TEXT, standard TEXT, better INTEGER, supporting INTEGER);"
	"CREATE TABLE kpi(kpi TEXT, group_name TEXT, unit TEXT, mean REAL, ci_low REAL, ci_high REAL, replications INTEGER,"
	" target TEXT, verdict TEXT);"
	"CREATE TABLE kpi_replication(replication INTEGER, kpi TEXT, group_name TEXT, value REAL);"
	"CREATE TABLE series(replication INTEGER, kpi TEXT, group_name TEXT, time_ns INTEGER, value REAL);"
	"CREATE TABLE curve_definition(curve TEXT, title TEXT, x_label TEXT, x_unit TEXT, y_label TEXT, y_unit TEXT,"
	" log_x INTEGER);"
	"CREATE TABLE curve(replication INTEGER, curve TEXT, group_name TEXT, x REAL, y REAL);"
	"CREATE TABLE flow_definition(flow TEXT, title TEXT, unit TEXT);"
	"CREATE TABLE flow(replication INTEGER, flow TEXT, group_name TEXT, from_stage TEXT, to_stage TEXT, value REAL);"
	"CREATE TABLE table_definition(name TEXT, title TEXT, row_label TEXT, unit TEXT);"
	"CREATE TABLE cell(replication INTEGER, name TEXT, row_name TEXT, column_name TEXT, value REAL);"
	"CREATE TABLE timeline_definition(name TEXT, title TEXT);"
	"CREATE TABLE span(replication INTEGER, name TEXT, lane TEXT, text TEXT, tone INTEGER, from_ns INTEGER, to_ns INTEGER, level REAL);"
	"CREATE TABLE audit(replication INTEGER, account TEXT, unit TEXT, side TEXT, label TEXT, value REAL);"
	"CREATE TABLE layer(layer TEXT, features INTEGER, kept INTEGER, points INTEGER);"
	"CREATE TABLE feature(replication INTEGER, layer TEXT, name TEXT, group_name TEXT, value_name TEXT, value REAL, wkt TEXT);"
	"CREATE TABLE frame(replication INTEGER, time_ns INTEGER, title TEXT);"
	"CREATE TABLE moment(replication INTEGER, time_ns INTEGER, layer TEXT, name TEXT, value_name TEXT, value REAL, wkt TEXT);"
	"CREATE TABLE fact(replication INTEGER, name TEXT, value TEXT);"
	"CREATE TABLE warning(replication INTEGER, model TEXT, text TEXT);"
	"CREATE TABLE event_profile(replication INTEGER, event TEXT, count INTEGER);";

struct writer { sqlite3 *db; bool failed; };

/* Insert statement for a table of n columns; NULL after a failure. */
static sqlite3_stmt *insert(struct writer *w, const char *table, int columns)
{
	char sql[160];
	sqlite3_stmt *st = NULL;
	int at = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES(", table);

	for (int i = 0; i < columns; i++)
		at += snprintf(sql + at, sizeof sql - (size_t)at, i ? ",?" : "?");
	snprintf(sql + at, sizeof sql - (size_t)at, ")");
	if (!w->failed && sqlite3_prepare_v2(w->db, sql, -1, &st, NULL) != SQLITE_OK)
		w->failed = true;
	return st;
}

/* One row.  Each letter of `types` names the type of an argument: i int64_t, r double (NaN: NULL), t text (NULL: NULL). */
static void row(struct writer *w, sqlite3_stmt *st, const char *types, ...)
{
	va_list ap;

	if (w->failed)
		return;
	va_start(ap, types);
	for (int i = 0; types[i]; i++) {
		int rc = types[i] == 'i'   ? sqlite3_bind_int64(st, i + 1, va_arg(ap, int64_t))
			 : types[i] == 'r' ? sqlite3_bind_double(st, i + 1, va_arg(ap, double))
					   : sqlite3_bind_text(st, i + 1, va_arg(ap, const char *), -1, SQLITE_STATIC);
		w->failed |= rc != SQLITE_OK;
	}
	va_end(ap);
	if (!w->failed && sqlite3_step(st) != SQLITE_DONE)
		w->failed = true;
	sqlite3_reset(st);
}

static const char *seed_text(char *buf, uint64_t seed)
{
	snprintf(buf, 24, "%llu", (unsigned long long)seed);
	return buf;
}

#define I(x) ((int64_t)(x))

static void write_run(struct writer *w, const struct view *v)
{
	const struct outcome *o = v->o;
	const struct scenario *sc = o->sc;
	sqlite3_stmt *st = insert(w, "run", 19);
	char seed[24];

	row(w, st, "tttttttriiiriiiiiit", o->version, seed_text(seed, o->seed), sc->hash, sc->path, sc->title,
	    sc->description, o->started, o->wall_s, I(o->threads), I(o->n_reps), I(o->n_done), o->confidence, I(o->stopped),
	    I(o->audit_failed), I(sc->run.start), I(sc->run.duration), I(sc->run.warm_up),
	    I(v->first && v->first->geographic), sc->resolved);
	sqlite3_finalize(st);
}

static void write_input(struct writer *w, const struct view *v)
{
	const struct scenario *sc = v->o->sc;
	sqlite3_stmt *st = insert(w, "parameter", 8);

	for (size_t i = 0; i < v->n_values; i++) {
		const struct value_row *r = &v->values[i];
		row(w, st, "tittttti", r->element, I(r->depth), r->attribute, r->value, r->type, r->origin, r->source,
		    I(r->given));
	}
	sqlite3_finalize(st);
	st = insert(w, "model", 3);
	for (size_t i = 0; i < v->n_models; i++)
		row(w, st, "tti", v->models[i].name, v->models[i].doc, I(v->models[i].elements));
	sqlite3_finalize(st);
	st = insert(w, "evidence", 4);
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence_row *e = &v->evidence[i];
		row(w, st, "tttt", e->model, e->aspect, e->against, e->within);
	}
	sqlite3_finalize(st);
	st = insert(w, "target", 5);
	for (size_t i = 0; i < sc->n_targets; i++) {
		const struct target *t = &sc->targets[i];
		row(w, st, "ttirt", t->kpi, t->group, I(t->op), t->value, t->text);
	}
	sqlite3_finalize(st);
}

static void write_definition(struct writer *w, sqlite3_stmt *st, const struct kpi_def *d)
{
	row(w, st, "ttttii", d->name, d->unit, d->definition, d->standard, I(d->better), I(d->supporting));
}

static void write_definitions(struct writer *w, const struct view *v)
{
	const struct outcome *o = v->o;
	sqlite3_stmt *st = insert(w, "kpi_definition", 6);

	for (size_t i = 0; i < o->n_kpis; i++) {
		size_t k = 0;
		while (k < i && o->kpis[k].def != o->kpis[i].def)
			k++;
		if (k == i)
			write_definition(w, st, o->kpis[i].def);
	}
	for (size_t i = 0; i < v->n_charts; i++) {
		size_t k = 0;
		while (k < o->n_kpis && o->kpis[k].def != v->charts[i].kpi)
			k++;
		if (v->charts[i].kpi && k == o->n_kpis)
			write_definition(w, st, v->charts[i].kpi);
	}
	sqlite3_finalize(st);
	st = insert(w, "curve_definition", 7);
	for (size_t i = 0; i < v->n_charts; i++) {
		const struct curve_def *c = v->charts[i].curve;
		if (c)
			row(w, st, "tttttti", c->name, c->title, c->x_label, c->x_unit, c->y_label, c->y_unit, I(c->log_x));
	}
	sqlite3_finalize(st);
}

static void write_flow_definitions(struct writer *w, const struct view *v)
{
	sqlite3_stmt *st = insert(w, "flow_definition", 3);

	for (size_t i = 0; i < v->n_flows; i++) {
		const struct flow_def *d = v->flows[i].def;
		size_t k = 0;
		while (k < i && v->flows[k].def != d)
			k++;
		if (k == i)
			row(w, st, "ttt", d->name, d->title, d->unit);
	}
	sqlite3_finalize(st);
	st = insert(w, "table_definition", 4);
	for (size_t i = 0; i < v->n_grids; i++) {
		const struct table_def *d = v->grids[i].def;
		row(w, st, "tttt", d->name, d->title, d->row_label, d->unit);
	}
	sqlite3_finalize(st);
}

static void write_kpis(struct writer *w, const struct outcome *o)
{
	sqlite3_stmt *st = insert(w, "kpi", 9);

	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		row(w, st, "tttrrritt", k->def->name, k->group, k->def->unit, k->mean, k->ci_low, k->ci_high, I(k->n),
		    k->target ? k->target->text : NULL, verdict_name(k->verdict));
	}
	sqlite3_finalize(st);
}

static void write_replications(struct writer *w, const struct outcome *o)
{
	sqlite3_stmt *st = insert(w, "replication", 13), *profile = insert(w, "event_profile", 3);
	char seed[24];

	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *r = &o->reps[i];
		row(w, st, "ititiiirrirti", I(r->index), seed_text(seed, r->seed), I(r->status), r->failure,
		    I(r->report != NULL), I(r->events), I(r->pending_max), r->wall_s, r->setup_s, I(r->arena_bytes),
		    r->imbalance, r->imbalance_account, I(r->unbalanced));
		for (size_t k = 0; k < r->n_kinds; k++)
			row(w, profile, "iti", I(r->index), r->kinds[k].name, I(r->kinds[k].count));
	}
	sqlite3_finalize(st);
	sqlite3_finalize(profile);
}

static void write_rows(struct writer *w, const struct outcome *o)
{
	sqlite3_stmt *kpi = insert(w, "kpi_replication", 4), *series = insert(w, "series", 5),
		     *curve = insert(w, "curve", 5);
	sqlite3_stmt *audit = insert(w, "audit", 6), *fact = insert(w, "fact", 3), *warning = insert(w, "warning", 3);

	for (size_t i = 0; i < o->n_reps; i++) {
		const struct report *r = o->reps[i].report;
		int64_t n = I(o->reps[i].index);
		for (size_t k = 0; r && k < r->n_kpis; k++)
			row(w, kpi, "ittr", n, r->kpis[k].def->name, r->kpis[k].group, r->kpis[k].value);
		for (size_t k = 0; r && k < r->n_series; k++)
			row(w, series, "ittir", n, r->series[k].def->name, r->series[k].group, I(r->series[k].t),
			    r->series[k].value);
		for (size_t k = 0; r && k < r->n_curves; k++)
			row(w, curve, "ittrr", n, r->curves[k].def->name, r->curves[k].group, r->curves[k].x,
			    r->curves[k].y);
		for (size_t k = 0; r && k < r->n_audit; k++)
			row(w, audit, "ittttr", n, r->audit[k].account, r->audit[k].unit,
			    r->audit[k].side == AUDIT_IN ? "in" : "out", r->audit[k].label, r->audit[k].value);
		for (size_t k = 0; r && k < r->n_facts; k++)
			row(w, fact, "itt", n, r->facts[k].name, r->facts[k].value);
		for (size_t k = 0; r && k < r->n_warnings; k++)
			row(w, warning, "itt", n, r->warnings[k].name, r->warnings[k].value);
	}
	sqlite3_finalize(kpi);
	sqlite3_finalize(series);
	sqlite3_finalize(curve);
	sqlite3_finalize(audit);
	sqlite3_finalize(fact);
	sqlite3_finalize(warning);
}

static void write_flows(struct writer *w, const struct outcome *o)
{
	sqlite3_stmt *flow = insert(w, "flow", 6), *cell = insert(w, "cell", 5);

	for (size_t i = 0; i < o->n_reps; i++) {
		const struct report *r = o->reps[i].report;
		int64_t n = I(o->reps[i].index);
		for (size_t k = 0; r && k < r->n_flows; k++) {
			const struct flow_row *g = &r->flows[k];
			row(w, flow, "ittttr", n, g->def->name, g->group, g->from, g->to, g->value);
		}
		for (size_t k = 0; r && k < r->n_cells; k++) {
			const struct cell_row *c = &r->cells[k];
			row(w, cell, "itttr", n, c->def->name, c->row, c->column, c->value);
		}
	}
	sqlite3_finalize(flow);
	sqlite3_finalize(cell);
}

/* Well-known text, with all digits; NULL when memory is short. */
static char *wkt_of(const struct feature *g)
{
	size_t size = 32 + g->n_points * 52, at;
	char *text = malloc(size);

	if (!text)
		return NULL;
	at = (size_t)snprintf(text, size, g->n_points == 1 ? "POINT(" : "POLYGON((");
	for (size_t i = 0; i < g->n_points; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%.17g %.17g", i ? "," : "", g->lonlat[2 * i],
				       g->lonlat[2 * i + 1]);
	snprintf(text + at, size - at, g->n_points == 1 ? ")" : "))");
	return text;
}

static void write_map(struct writer *w, const struct view *v)
{
	sqlite3_stmt *st = insert(w, "layer", 4);

	for (size_t i = 0; i < v->n_layers; i++) {
		const struct layer *l = &v->layers[i];
		row(w, st, "tiii", l->name, I(l->total), I(l->kept), I(l->points));
	}
	sqlite3_finalize(st);
	st = insert(w, "feature", 7);
	for (size_t i = 0; i < v->n_features && !w->failed; i++) {
		const struct feature *g = v->features[i];
		char *wkt = wkt_of(g);
		if (wkt)
			row(w, st, "ittttrt", I(0), g->layer, g->name, g->group, g->value_name, g->value, wkt);
		else
			w->failed = true;
		free(wkt);
	}
	sqlite3_finalize(st);
}

static void write_moments(struct writer *w, const struct view *v)
{
	sqlite3_stmt *st = insert(w, "frame", 3);

	for (size_t i = 0; i < v->n_frames; i++)
		row(w, st, "iit", I(0), I(v->frames[i]->moment), v->frames[i]->title);
	sqlite3_finalize(st);
	st = insert(w, "moment", 7);
	for (size_t i = 0; i < v->n_moments && !w->failed; i++) {
		const struct feature *g = v->moments[i];
		char *wkt = wkt_of(g);
		if (wkt)
			row(w, st, "iitttrt", I(0), I(g->moment), g->layer, g->name, g->value_name, g->value, wkt);
		else
			w->failed = true;
		free(wkt);
	}
	sqlite3_finalize(st);
}

static void write_timelines(struct writer *w, const struct view *v)
{
	sqlite3_stmt *def = insert(w, "timeline_definition", 2), *span = insert(w, "span", 8);

	for (size_t i = 0; i < v->n_timelines; i++) {
		const struct timeline *t = &v->timelines[i];
		row(w, def, "tt", t->def->name, t->def->title);
		for (size_t k = 0; k < t->n_spans; k++) {
			const struct span_row *p = t->spans[k];
			row(w, span, "itttiiir", I(0), t->def->name, p->lane, p->text, I(p->tone), I(p->from), I(p->to),
			    p->level);
		}
	}
	sqlite3_finalize(def);
	sqlite3_finalize(span);
}

/* SQLite's "disk I/O error" helps nobody: what does the system say to one more page? */
static const char *system_words(const char *path)
{
	static const char page[4096];
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC), error = 0;

	if (fd < 0)
		return strerror(errno);
	if (write(fd, page, sizeof page) < 0 || fsync(fd) != 0)
		error = errno;
	close(fd);
	return error ? strerror(error) : "input or output error";
}

static void explain(sqlite3 *db, const char *path, char *why)
{
	int code = db ? sqlite3_errcode(db) & 0xff : SQLITE_NOMEM;

	snprintf(why, OUTPUT_WHY, "cannot write %.*s: %s", 380, path,
		 code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? system_words(path)
		 : db                                            ? sqlite3_errmsg(db)
								 : "out of memory");
}

int record_write(const struct view *v, const char *path, char *why)
{
	struct writer w = { 0 };
	char setup[200];
	int rc = -1;

	snprintf(
		setup, sizeof setup,
		"PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL; PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN;",
		RECORD_APPLICATION, RECORD_VERSION);
	if (sqlite3_open_v2(path, &w.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    sqlite3_exec(w.db, setup, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(w.db, tables, NULL, NULL, NULL) != SQLITE_OK)
		goto done;
	write_run(&w, v);
	write_input(&w, v);
	write_definitions(&w, v);
	write_flow_definitions(&w, v);
	write_kpis(&w, v->o);
	write_replications(&w, v->o);
	write_rows(&w, v->o);
	write_flows(&w, v->o);
	write_map(&w, v);
	write_moments(&w, v);
	write_timelines(&w, v);
	if (!w.failed && sqlite3_exec(w.db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
		rc = 0;
done:
	if (rc != 0)
		explain(w.db, path, why);
	if (sqlite3_close(w.db) != SQLITE_OK && rc == 0) {
		snprintf(why, OUTPUT_WHY, "cannot write %.*s", 380, path);
		rc = -1;
	}
	return rc;
}

int output_record(const struct outcome *o, const char *path, char *why)
{
	struct view *v = view_new(o);
	int rc = -1;

	if (v)
		rc = record_write(v, path, why);
	else
		snprintf(why, OUTPUT_WHY, "out of memory");
	view_free(v);
	return rc;
}
