/* What is read from the record of a study: for the runner, for the analysis, for the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_record_private.h"
#include "sim/study/placement.h"

double study_record_real(sqlite3_stmt *q, int column)
{
	return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

/* End of a query: -1 when it broke off. */
static int done(struct study_record *rec, sqlite3_stmt *q, int rc)
{
	sqlite3_finalize(q);
	return rc == SQLITE_DONE && !rec->failed ? 0 : study_record_fail(rec);
}

int study_record_damaged(struct study_record *rec, const char *what)
{
	rec->failed = true;
	snprintf(rec->why, sizeof rec->why, "%.380s is damaged: %s", rec->path, what);
	return -1;
}

static int no_memory(struct study_record *rec)
{
	rec->failed = true;
	snprintf(rec->why, sizeof rec->why, "out of memory");
	return -1;
}

int study_record_load_kpis(struct study_record *rec)
{
	sqlite3_stmt *q = study_record_prepare(rec, "SELECT kpi, group_name, kpi_id FROM kpi ORDER BY kpi_id");
	int rc = SQLITE_ERROR;

	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(q, 0),
			   *group = (const char *)sqlite3_column_text(q, 1);
		const struct kpi_def *def = name ? table_kpi(rec->st->table, name) : NULL;
		if (!def || !group || sqlite3_column_int64(q, 2) != (int64_t)rec->n_kpis) {
			sqlite3_finalize(q);
			return study_record_damaged(rec, "a KPI that no model has, or one is missing");
		}
		if (study_record_add_kpi(rec, def, group) != 0) {
			sqlite3_finalize(q);
			return -1;
		}
	}
	return done(rec, q, rc);
}

/* Number of a response among the record's KPIs; SIZE_MAX: it was never reported. */
static size_t kpi_of(const struct study_record *rec, const struct response *r)
{
	for (size_t i = 0; i < rec->n_kpis; i++)
		if (rec->kpis[i].def == r->def && strcmp(rec->kpis[i].group, r->group) == 0)
			return i;
	return SIZE_MAX;
}

char *study_record_path(const char *dir, char *why)
{
	char path[PATH_MAX];
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	char *found = NULL;

	snprintf(path, sizeof path, "%s/results.sqlite", dir);
	snprintf(why, OUTPUT_WHY, "%.400s holds no study", dir);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT path FROM study", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
	    sqlite3_column_text(q, 0))
		found = strdup((const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	sqlite3_close(db);
	return found;
}

/* ---- values by point ---- */

/* What a record holds may have been written by anyone. */
static bool is_job(const struct study *st, struct job job)
{
	/* a set of sites has a bit for each, and its answer is told from as many fresh replications again */
	if (st->use == USE_PLACEMENT)
		return job.point >> st->placement.n_sites == 0 && job.replication < 2 * placement_replications(st);
	return job.point < st->n_points && job.replication < st->replications;
}

/* Each task once, whatever stands for its numbers. */
static bool is_after(struct job job, struct job last)
{
	return job.point > last.point || (job.point == last.point && job.replication > last.replication);
}

/* The responses of a task; NaN: not there.  -1: they cannot be read, which is no missing value. */
static int read_responses(struct study_record *rec, sqlite3_stmt *value, struct job job, const size_t *kpis, double *responses)
{
	size_t n = rec->st->n_responses;

	for (size_t i = 0; i < n; i++) {
		responses[i] = NAN;
		if (kpis[i] == SIZE_MAX)
			continue;
		sqlite3_bind_int64(value, 1, (int64_t)job.point);
		sqlite3_bind_int64(value, 2, (int64_t)job.replication);
		sqlite3_bind_int64(value, 3, (int64_t)kpis[i]);
		int rc = sqlite3_step(value);
		if (rc == SQLITE_ROW)
			responses[i] = study_record_real(value, 0);
		else if (rc != SQLITE_DONE)
			return study_record_fail(rec);
		sqlite3_reset(value);
	}
	return 0;
}

int study_record_tasks(struct study_record *rec, recorded_task_fn *fn, void *ctx)
{
	const struct study *st = rec->st;
	sqlite3_stmt *tasks =
		study_record_prepare(rec, "SELECT point, replication, status FROM task ORDER BY point, replication");
	sqlite3_stmt *value =
		study_record_prepare(rec, "SELECT value FROM value WHERE point=? AND replication=? AND kpi_id=?");
	double *responses = calloc(st->n_responses + 1, sizeof *responses);
	size_t *kpis = calloc(st->n_responses + 1, sizeof *kpis);
	struct job last = { 0 };
	bool any = false;
	int rc = SQLITE_ERROR, bad = !responses || !kpis ? no_memory(rec) : 0;

	for (size_t i = 0; !bad && i < st->n_responses; i++)
		kpis[i] = kpi_of(rec, &st->responses[i]);
	while (!bad && tasks && value && (rc = sqlite3_step(tasks)) == SQLITE_ROW) {
		struct job job = { (uint64_t)sqlite3_column_int64(tasks, 0), (uint64_t)sqlite3_column_int64(tasks, 1) };
		if (!is_job(st, job) || (any && !is_after(job, last))) {
			bad = study_record_damaged(rec, "a point or replication that the study has not");
			break;
		}
		bad = read_responses(rec, value, job, kpis, responses);
		if (!bad)
			bad = fn(ctx, job, sqlite3_column_int(tasks, 2) != SIM_OK, responses);
		last = job;
		any = true;
	}
	free(responses);
	free(kpis);
	sqlite3_finalize(value);
	if (!bad)
		return done(rec, tasks, rc);
	sqlite3_finalize(tasks);
	return rec->failed ? -1 : no_memory(rec);
}

static int tell_task(void *ctx, struct job job, bool failed, const double *responses)
{
	(void)failed; /* it has no values: that tells it apart */
	return runner_have(ctx, job, responses) ? 0 : -1;
}

int study_record_tell(struct study_record *rec, struct runner *r)
{
	sqlite3_stmt *q =
		study_record_prepare(rec, "SELECT point FROM point_input WHERE failure IS NOT NULL ORDER BY point");
	int rc = SQLITE_ERROR;

	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW)
		runner_have_failed_point(r, (uint64_t)sqlite3_column_int64(q, 0));
	return done(rec, q, rc) != 0 ? -1 : study_record_tasks(rec, tell_task, r);
}

/* Values of a point while its tasks pass: to the arena when the next point begins. */
struct gather {
	struct study_record *rec;
	struct study_data   *data;
	struct arena        *a;
	double              *rows;      /* [replication * n_responses + response] of the point at work */
	size_t               n, cap;
	size_t               point;
};

static int flush(struct gather *g)
{
	size_t k = g->rec->st->n_responses;
	double *v = g->n ? arena_alloc(g->a, g->n * k + 1, sizeof *v) : NULL;

	if (g->n && !v)
		return -1;
	for (size_t r = 0; g->n && r < k; r++) {
		for (size_t i = 0; i < g->n; i++)
			v[r * g->n + i] = g->rows[i * k + r];
		g->data->at[g->point * k + r] = (struct values){ v + r * g->n, g->n };
	}
	g->n = 0;
	return 0;
}

/* A gap before a replication, as a study that was stopped may have, is filled with missing values. */
static int gather_task(void *ctx, struct job job, bool failed, const double *responses)
{
	struct gather *g = ctx;
	size_t k = g->rec->st->n_responses;

	if (job.point != g->point && flush(g) != 0)
		return -1;
	g->point = (size_t)job.point;
	if (job.replication >= g->cap) {
		size_t cap = 2 * ((size_t)job.replication + 32);
		double *grown = realloc(g->rows, cap * k * sizeof *grown);
		if (!grown)
			return -1;
		g->rows = grown;
		g->cap = cap;
	}
	for (; g->n < job.replication; g->n++)
		for (size_t r = 0; r < k; r++)
			g->rows[g->n * k + r] = NAN;
	memcpy(g->rows + g->n++ * k, responses, k * sizeof *responses);
	g->data->done[g->point] += !failed;
	g->data->failed[g->point] += failed;
	return 0;
}

/* With batch means the batches of the one long run stand for the replications. */
static int gather_batches(struct study_record *rec, struct study_data *data, struct arena *a)
{
	sqlite3_stmt *q =
		study_record_prepare(rec, "SELECT point, response, value FROM batch ORDER BY point, response, batch");
	size_t k = rec->st->n_responses, at = SIZE_MAX;
	double *v = NULL;
	int rc = SQLITE_ERROR;

	for (size_t i = 0; i < rec->st->n_points * k; i++)
		data->at[i] = (struct values){ 0 };
	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		size_t point = (size_t)sqlite3_column_int64(q, 0), response = (size_t)sqlite3_column_int64(q, 1);
		size_t cell = point * k + response;
		if (point >= rec->st->n_points || response >= k || (cell == at && data->at[at].n == rec->st->batches)) {
			sqlite3_finalize(q);
			return study_record_damaged(rec, "a batch that the study has not");
		}
		if (!v || cell != at) {
			v = arena_alloc(a, rec->st->batches, sizeof *v);
			if (!v) {
				sqlite3_finalize(q);
				return no_memory(rec);
			}
			data->at[cell].v = v;
			at = cell;
		}
		v[data->at[cell].n++] = study_record_real(q, 2);
	}
	return done(rec, q, rc);
}

int study_record_data(struct study_record *rec, struct study_data *data, struct arena *a)
{
	const struct study *st = rec->st;
	struct gather g = { .rec = rec, .data = data, .a = a };
	int rc;

	data->at = arena_alloc(a, st->n_points * st->n_responses + 1, sizeof *data->at);
	data->done = arena_alloc(a, st->n_points + 1, sizeof *data->done);
	data->failed = arena_alloc(a, st->n_points + 1, sizeof *data->failed);
	if (!data->at || !data->done || !data->failed)
		return no_memory(rec);
	rc = study_record_tasks(rec, gather_task, &g);
	if (rc == 0 && flush(&g) != 0)
		rc = no_memory(rec);
	free(g.rows);
	if (rc == 0 && st->statistics == STATISTICS_BATCH_MEANS)
		rc = gather_batches(rec, data, a);
	return rc;
}

const char *study_record_failure(struct study_record *rec, size_t point, struct arena *a)
{
	sqlite3_stmt *q = study_record_prepare(
		rec, "SELECT failure FROM point_input WHERE point=?1 AND failure IS NOT NULL UNION ALL "
		     "SELECT failure FROM (SELECT failure FROM task WHERE point=?1 AND status<>0"
		     " ORDER BY replication LIMIT 1)");
	const char *text = NULL;

	if (q && sqlite3_bind_int64(q, 1, (int64_t)point) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
	    sqlite3_column_text(q, 0))
		text = arena_strdup(a, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	return text;
}

/* ---- all KPIs ---- */

/* The record numbers KPIs as they came in; they are told in the order of the models, groups by name. */
struct ordered { size_t kpi; size_t def; const char *group; };

static int by_def(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	return x->def != y->def ? (x->def < y->def ? -1 : 1) : strcmp(x->group, y->group);
}

static size_t def_place(const struct model_table *t, const struct kpi_def *def)
{
	size_t at = 0;

	for (size_t i = 0; i < t->n; at += t->models[i++]->n_kpis)
		if (def >= t->models[i]->kpis && def < t->models[i]->kpis + t->models[i]->n_kpis)
			return at + (size_t)(def - t->models[i]->kpis);
	return at;
}

/* Place of each kpi_id in that order; freed by the caller. */
static struct ordered *order_of(const struct study_record *rec)
{
	struct ordered *o = calloc(rec->n_kpis + 1, sizeof *o);

	for (size_t i = 0; o && i < rec->n_kpis; i++)
		o[i] = (struct ordered){ i, def_place(rec->st->table, rec->kpis[i].def), rec->kpis[i].group };
	if (o)
		qsort(o, rec->n_kpis, sizeof *o, by_def);
	return o;
}

/* The values of one point, row by row of the query, which stands at its first row. */
struct table { double *v; size_t n_reps, cap, n_kpis; };

static bool table_put(struct table *t, size_t replication, size_t kpi, double value)
{
	if (replication >= t->cap) {
		size_t cap = 2 * (replication + 16);
		double *grown = realloc(t->v, cap * t->n_kpis * sizeof *grown);
		if (!grown)
			return false;
		for (size_t i = t->cap * t->n_kpis; i < cap * t->n_kpis; i++)
			grown[i] = NAN;
		t->v = grown;
		t->cap = cap;
	}
	t->n_reps = replication + 1 > t->n_reps ? replication + 1 : t->n_reps;
	t->v[replication * t->n_kpis + kpi] = value;
	return true;
}

static bool tell_point(const struct study_record *rec, const struct ordered *order, struct table *t, size_t point, kpi_values_fn *fn,
		       void *ctx)
{
	double *column = calloc(t->n_reps + 1, sizeof *column);

	for (size_t i = 0; column && i < t->n_kpis; i++) {
		bool any = false;
		for (size_t r = 0; r < t->n_reps; r++) {
			column[r] = t->v[r * t->n_kpis + order[i].kpi];
			any = any || !isnan(column[r]);
		}
		if (any)
			fn(ctx, point, rec->kpis[order[i].kpi].def, rec->kpis[order[i].kpi].group, column, t->n_reps);
	}
	for (size_t i = 0; i < t->n_reps * t->n_kpis; i++)
		t->v[i] = NAN;
	t->n_reps = 0;
	free(column);
	return column != NULL;
}

int study_record_kpis(struct study_record *rec, kpi_values_fn *fn, void *ctx)
{
	sqlite3_stmt *q = study_record_prepare(rec, "SELECT point, replication, kpi_id, value FROM value ORDER BY point");
	struct ordered *order = order_of(rec);
	struct table t = { .n_kpis = rec->n_kpis };
	size_t point = SIZE_MAX;
	bool ok = order != NULL;
	int rc = SQLITE_ERROR;

	while (ok && q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		size_t next = (size_t)sqlite3_column_int64(q, 0), kpi = (size_t)sqlite3_column_int64(q, 2);
		struct job job = { next, (uint64_t)sqlite3_column_int64(q, 1) };
		if (!is_job(rec->st, job) || kpi >= t.n_kpis) {
			study_record_damaged(rec, "a value of a point, replication or KPI that the study has not");
			break;
		}
		if (next != point && point != SIZE_MAX)
			ok = tell_point(rec, order, &t, point, fn, ctx);
		point = next;
		ok = ok && table_put(&t, (size_t)job.replication, kpi, study_record_real(q, 3));
	}
	if (ok && !rec->failed && point != SIZE_MAX)
		ok = tell_point(rec, order, &t, point, fn, ctx);
	free(order);
	free(t.v);
	if (ok)
		return done(rec, q, rc);
	sqlite3_finalize(q);
	return no_memory(rec);
}

struct study_totals study_record_totals(struct study_record *rec)
{
	struct study_totals t = { 0 };
	sqlite3_stmt *q =
		study_record_prepare(rec, "SELECT count(*), coalesce(sum(status<>0), 0), coalesce(sum(events), 0),"
					  " coalesce(sum(wall_s), 0), (SELECT count(*) FROM point_input"
					  " WHERE failure IS NOT NULL) FROM task");

	if (q && sqlite3_step(q) == SQLITE_ROW)
		t = (struct study_totals){ (uint64_t)sqlite3_column_int64(q, 0), (uint64_t)sqlite3_column_int64(q, 1),
					   (uint64_t)sqlite3_column_int64(q, 2), sqlite3_column_double(q, 3),
					   (size_t)sqlite3_column_int64(q, 4) };
	sqlite3_finalize(q);
	return t;
}
