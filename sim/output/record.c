/* results.sqlite: the record of a run, complete enough to redraw everything from. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/output/output_private.h"

static const char schema[] =
	"CREATE TABLE run(version TEXT, seed TEXT, input TEXT, title TEXT, description TEXT, path TEXT, start INTEGER, duration_ns INTEGER,"
	" warm_up_ns INTEGER, confidence REAL, replications INTEGER, done INTEGER, stopped INTEGER, audit_failed INTEGER,"
	" wall_s REAL, threads INTEGER, started TEXT, scenario TEXT);"
	"CREATE TABLE parameter(element TEXT, id TEXT, attribute TEXT, value TEXT, origin TEXT);"
	"CREATE TABLE target(kpi TEXT, grp TEXT, op INTEGER, value REAL, text TEXT);"
	"CREATE TABLE kpi(kpi TEXT, grp TEXT, unit TEXT, mean REAL, ci_low REAL, ci_high REAL, n INTEGER, target INTEGER, verdict TEXT);"
	"CREATE TABLE replication(idx INTEGER PRIMARY KEY, seed TEXT, status INTEGER, failure TEXT, events INTEGER, pending_max INTEGER,"
	" wall_s REAL, setup_s REAL, arena_bytes INTEGER, imbalance REAL, unbalanced INTEGER, account TEXT, reported INTEGER);"
	"CREATE TABLE kpi_replication(replication INTEGER, kpi TEXT, grp TEXT, value REAL);"
	"CREATE TABLE series(replication INTEGER, kpi TEXT, grp TEXT, t_ns INTEGER, value REAL);"
	"CREATE TABLE curve_def(name TEXT PRIMARY KEY, title TEXT, x_label TEXT, x_unit TEXT, y_label TEXT, y_unit TEXT, log_x INTEGER);"
	"CREATE TABLE curve(replication INTEGER, name TEXT, grp TEXT, x REAL, y REAL);"
	"CREATE TABLE audit(replication INTEGER, account TEXT, unit TEXT, label TEXT, side INTEGER, value REAL);"
	"CREATE TABLE feature(replication INTEGER, layer TEXT, name TEXT, grp TEXT, lonlat BLOB, value REAL, value_name TEXT, geographic INTEGER);"
	"CREATE TABLE text(replication INTEGER, kind TEXT, name TEXT, value TEXT);"
	"CREATE TABLE event_profile(replication INTEGER, kind TEXT, count INTEGER);";

/* ---- writing ---- */

struct writer { sqlite3 *db; sqlite3_stmt *stmt; int at; bool ok; };

static void prepare(struct writer *w, const char *sql)
{
	sqlite3_finalize(w->stmt);
	w->stmt = NULL;
	w->at = 0;
	w->ok = w->ok && sqlite3_prepare_v2(w->db, sql, -1, &w->stmt, NULL) == SQLITE_OK;
}

static void text(struct writer *w, const char *t)
{
	w->at++;
	if (w->ok)
		w->ok = sqlite3_bind_text(w->stmt, w->at, t ? t : "", -1, SQLITE_TRANSIENT) == SQLITE_OK;
}

static void real(struct writer *w, double x)
{
	w->at++;
	if (w->ok)
		w->ok = (isfinite(x) ? sqlite3_bind_double(w->stmt, w->at, x) : sqlite3_bind_null(w->stmt, w->at)) ==
			SQLITE_OK;
}

static void integer(struct writer *w, int64_t x)
{
	w->at++;
	if (w->ok)
		w->ok = sqlite3_bind_int64(w->stmt, w->at, x) == SQLITE_OK;
}

static void row(struct writer *w)
{
	w->at = 0;
	if (w->ok)
		w->ok = sqlite3_step(w->stmt) == SQLITE_DONE && sqlite3_reset(w->stmt) == SQLITE_OK;
}

static void number_text(struct writer *w, uint64_t n)
{
	char buf[32];

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)n);
	text(w, buf);
}

static void write_run(struct writer *w, const struct outcome *o)
{
	prepare(w, "INSERT INTO run VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
	text(w, o->version);
	number_text(w, o->seed);
	text(w, o->sc->hash);
	text(w, o->sc->title);
	text(w, o->sc->description);
	text(w, o->sc->path);
	integer(w, o->sc->run.start);
	integer(w, o->sc->run.duration);
	integer(w, o->sc->run.warm_up);
	real(w, o->confidence);
	integer(w, (int64_t)o->n_reps);
	integer(w, (int64_t)o->n_done);
	integer(w, o->stopped);
	integer(w, o->audit_failed);
	real(w, o->wall_s);
	integer(w, o->threads);
	text(w, o->started);
	text(w, o->sc->resolved);
	row(w);
}

static void write_parameters(struct writer *w, const struct node *n)
{
	for (; n && w->ok; n = n->next) {
		for (size_t i = 0; i < n->model->n_params; i++) {
			char name[64];
			text(w, n->model->name);
			text(w, n->id);
			text(w, param_name(&n->model->params[i], name, sizeof name));
			text(w, n->text_of[i]);
			text(w, n->given[i] == GIVEN_SET ? "--set" : n->given[i] == GIVEN_FILE ? "file" : "default");
			row(w);
		}
		write_parameters(w, n->child);
	}
}

static void write_kpis(struct writer *w, const struct outcome *o)
{
	prepare(w, "INSERT INTO target VALUES(?,?,?,?,?)");
	for (size_t i = 0; i < o->sc->n_targets; i++) {
		const struct target *t = &o->sc->targets[i];
		text(w, t->kpi);
		text(w, t->group);
		integer(w, t->op);
		real(w, t->value);
		text(w, t->text);
		row(w);
	}
	prepare(w, "INSERT INTO kpi VALUES(?,?,?,?,?,?,?,?,?)");
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		text(w, k->def->name);
		text(w, k->group);
		text(w, k->def->unit);
		real(w, k->mean);
		real(w, k->ci_low);
		real(w, k->ci_high);
		integer(w, (int64_t)k->n);
		integer(w, k->target ? k->target - o->sc->targets : -1);
		text(w, verdict_name(k->verdict));
		row(w);
	}
}

static void write_replications(struct writer *w, const struct outcome *o)
{
	prepare(w, "INSERT INTO replication VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *r = &o->reps[i];
		integer(w, (int64_t)r->index);
		number_text(w, r->seed);
		integer(w, r->status);
		text(w, r->failure);
		integer(w, (int64_t)r->events);
		integer(w, (int64_t)r->pending_max);
		real(w, r->wall_s);
		real(w, r->setup_s);
		integer(w, (int64_t)r->arena_bytes);
		real(w, r->imbalance);
		integer(w, r->unbalanced);
		text(w, r->imbalance_account);
		integer(w, r->report != NULL);
		row(w);
	}
	prepare(w, "INSERT INTO event_profile VALUES(?,?,?)");
	for (size_t i = 0; i < o->n_reps; i++)
		for (size_t k = 0; k < o->reps[i].n_kinds; k++) {
			integer(w, (int64_t)o->reps[i].index);
			text(w, o->reps[i].kinds[k].name);
			integer(w, (int64_t)o->reps[i].kinds[k].count);
			row(w);
		}
}

static void write_numbers(struct writer *w, int64_t rep, const struct report *r)
{
	prepare(w, "INSERT INTO kpi_replication VALUES(?,?,?,?)");
	for (size_t i = 0; i < r->n_kpis; i++) {
		integer(w, rep);
		text(w, r->kpis[i].def->name);
		text(w, r->kpis[i].group);
		real(w, r->kpis[i].value);
		row(w);
	}
	prepare(w, "INSERT INTO series VALUES(?,?,?,?,?)");
	for (size_t i = 0; i < r->n_series; i++) {
		integer(w, rep);
		text(w, r->series[i].def->name);
		text(w, r->series[i].group);
		integer(w, r->series[i].t);
		real(w, r->series[i].value);
		row(w);
	}
	prepare(w, "INSERT OR IGNORE INTO curve_def VALUES(?,?,?,?,?,?,?)");
	for (size_t i = 0; i < r->n_curves; i++) {
		const struct curve_def *d = r->curves[i].def;
		if (i && d == r->curves[i - 1].def)
			continue;
		text(w, d->name);
		text(w, d->title);
		text(w, d->x_label);
		text(w, d->x_unit);
		text(w, d->y_label);
		text(w, d->y_unit);
		integer(w, d->log_x);
		row(w);
	}
	prepare(w, "INSERT INTO curve VALUES(?,?,?,?,?)");
	for (size_t i = 0; i < r->n_curves; i++) {
		integer(w, rep);
		text(w, r->curves[i].def->name);
		text(w, r->curves[i].group);
		real(w, r->curves[i].x);
		real(w, r->curves[i].y);
		row(w);
	}
}

static void write_texts(struct writer *w, int64_t rep, const struct report *r)
{
	prepare(w, "INSERT INTO audit VALUES(?,?,?,?,?,?)");
	for (size_t i = 0; i < r->n_audit; i++) {
		integer(w, rep);
		text(w, r->audit[i].account);
		text(w, r->audit[i].unit);
		text(w, r->audit[i].label);
		integer(w, r->audit[i].side);
		real(w, r->audit[i].value);
		row(w);
	}
	prepare(w, "INSERT INTO feature VALUES(?,?,?,?,?,?,?,?)");
	for (size_t i = 0; i < r->n_features; i++) {
		const struct feature *x = &r->features[i];
		integer(w, rep);
		text(w, x->layer);
		text(w, x->name);
		text(w, x->group);
		w->at++;
		if (w->ok)
			w->ok = sqlite3_bind_blob(w->stmt, w->at, x->lonlat, (int)(2 * x->n_points * sizeof(double)),
						  SQLITE_TRANSIENT) == SQLITE_OK;
		real(w, x->value);
		text(w, x->value_name);
		integer(w, r->geographic);
		row(w);
	}
	prepare(w, "INSERT INTO text VALUES(?,?,?,?)");
	for (int facts = 0; facts < 2; facts++)
		for (size_t i = 0; i < (facts ? r->n_facts : r->n_warnings); i++) {
			const struct text_row *t = facts ? &r->facts[i] : &r->warnings[i];
			integer(w, rep);
			text(w, facts ? "fact" : "warning");
			text(w, t->name);
			text(w, t->value);
			row(w);
		}
}

int output_record(const struct outcome *o, const char *path, char *why)
{
	char temporary[4120];
	struct writer w = { .ok = true };

	snprintf(temporary, sizeof temporary, "%.4090s.part", path);
	unlink(temporary);
	if (sqlite3_open(temporary, &w.db) != SQLITE_OK) {
		snprintf(why, OUTPUT_WHY, "cannot make %.300s: %s", path, w.db ? sqlite3_errmsg(w.db) : "out of memory");
		sqlite3_close(w.db);
		return -1;
	}
	sqlite3_exec(w.db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN", NULL, NULL, NULL);
	w.ok = sqlite3_exec(w.db, schema, NULL, NULL, NULL) == SQLITE_OK;
	write_run(&w, o);
	prepare(&w, "INSERT INTO parameter VALUES(?,?,?,?,?)");
	write_parameters(&w, o->sc->root);
	write_kpis(&w, o);
	write_replications(&w, o);
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].report) {
			write_numbers(&w, (int64_t)o->reps[i].index, o->reps[i].report);
			write_texts(&w, (int64_t)o->reps[i].index, o->reps[i].report);
		}
	sqlite3_finalize(w.stmt);
	w.ok = w.ok && sqlite3_exec(w.db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	if (!w.ok)
		snprintf(why, OUTPUT_WHY, "cannot write %.300s: %s", path, sqlite3_errmsg(w.db));
	sqlite3_close(w.db);
	FILE *f = w.ok ? fopen(temporary, "rb") : NULL;
	if (f && fsync(fileno(f)) != 0)
		w.ok = false;
	if (f)
		fclose(f);
	if (w.ok && rename(temporary, path) == 0)
		return 0;
	if (w.ok)
		snprintf(why, OUTPUT_WHY, "cannot name %.300s", path);
	unlink(temporary);
	return -1;
}
