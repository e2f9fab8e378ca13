/* The answers as tables of the record, and records of shards put together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_record_private.h"
#include "sim/output/text.h"

#define I(x) ((int64_t)(x))

static void write_factors(struct study_record *rec)
{
	const struct study *st = rec->st;
	sqlite3_stmt *factor = study_record_prepare(rec, "INSERT INTO factor VALUES(?,?,?,?)");
	sqlite3_stmt *cell = study_record_prepare(rec, "INSERT INTO point_factor VALUES(?,?,?,?)");

	for (size_t i = 0; i < st->n_factors; i++) {
		const struct factor *f = &st->factors[i];
		study_record_row(rec, factor, "ittt", I(i), f->id, f->label, f->n_paths ? f->paths[0].path : NULL);
	}
	for (size_t p = 0; p < st->n_points; p++)
		for (size_t i = 0; i < st->n_factors; i++) {
			const struct cell *c = study_cell(st, p, i);
			study_record_row(rec, cell, "iitr", I(p), I(i), c->text, c->number);
		}
	sqlite3_finalize(factor);
	sqlite3_finalize(cell);
}

static void write_responses(struct study_record *rec, const struct analysis *a)
{
	const struct study *st = rec->st;
	sqlite3_stmt *response = study_record_prepare(rec, "INSERT INTO response VALUES(?,?,?,?,?,?)");
	sqlite3_stmt *result = study_record_prepare(rec, "INSERT INTO point_response VALUES(?,?,?,?,?,?,?)");

	for (size_t i = 0; i < st->n_responses; i++) {
		const struct response *r = &st->responses[i];
		study_record_row(rec, response,
				 "itttt"
				 "t",
				 I(i), r->id, r->def->name, r->group, r->def->unit, r->target.text);
	}
	for (size_t p = 0; p < st->n_points; p++)
		for (size_t i = 0; i < st->n_responses; i++) {
			const struct point_result *x = &a->points[p * st->n_responses + i];
			study_record_row(rec, result, "iirrrit", I(p), I(i), x->value.mean, x->value.low, x->value.high,
					 I(x->value.n), verdict_name(x->verdict));
		}
	sqlite3_finalize(response);
	sqlite3_finalize(result);
}

static void write_effects(struct study_record *rec, const struct analysis *a)
{
	sqlite3_stmt *q = study_record_prepare(rec, "INSERT INTO effect VALUES(?,?,?,?,?,?,?,?,?,?,?)");

	for (size_t i = 0; i < a->n_effects; i++) {
		const struct effect *e = &a->effects[i];
		study_record_row(rec, q, "tiittrrrrri", effect_names[e->kind], I(e->response),
				 e->factor == SIZE_MAX ? I(-1) : I(e->factor), e->from, e->to, e->estimate.mean,
				 e->estimate.low, e->estimate.high, e->p, e->p_holm, I(e->estimate.n));
	}
	sqlite3_finalize(q);
}

int study_record_finish(struct study_record *rec, const struct analysis *a, bool complete)
{
	study_record_sql(rec,
			 "DELETE FROM factor; DELETE FROM point_factor; DELETE FROM response; DELETE FROM point_response;"
			 " DELETE FROM effect");
	write_factors(rec);
	write_responses(rec, a);
	write_effects(rec, a);
	if (complete)
		study_record_sql(rec, "UPDATE study SET finished=1");
	rec->waiting++;
	return study_record_commit(rec);
}

static void write_settings(struct study_record *rec, const uint64_t *points, size_t n, struct arena *a)
{
	const struct study *st = rec->st;
	sqlite3_stmt *factor = study_record_prepare(rec, "INSERT INTO factor VALUES(?,?,?,?)");
	sqlite3_stmt *cell = study_record_prepare(rec, "INSERT OR REPLACE INTO point_factor VALUES(?,?,?,?)");

	for (size_t i = 0; i < st->n_factors; i++)
		study_record_row(rec, factor, "ittt", I(i), st->factors[i].id, st->factors[i].label,
				 st->factors[i].n_paths ? st->factors[i].paths[0].path : NULL);
	if (st->use == USE_PLACEMENT)
		study_record_row(rec, factor, "ittt", I(0), "sites", "sites", st->placement.path);
	for (size_t p = 0; p < n; p++) {
		for (size_t i = 0; i < st->n_factors; i++) {
			const struct cell *c = study_cell(st, points[p], i);
			study_record_row(rec, cell, "iitr", I(points[p]), I(i), c->text, c->number);
		}
		if (st->use == USE_PLACEMENT)
			study_record_row(rec, cell, "iitr", I(points[p]), I(0),
					 placement_text(&st->placement, points[p], a), NAN);
	}
	sqlite3_finalize(factor);
	sqlite3_finalize(cell);
}

int study_record_finish_search(struct study_record *rec, const uint64_t *points, size_t n, bool complete)
{
	struct arena *a = arena_new();

	study_record_sql(rec, "DELETE FROM factor; DELETE FROM point_factor");
	if (a)
		write_settings(rec, points, n, a);
	arena_free(a);
	if (complete)
		study_record_sql(rec, "UPDATE study SET finished=1");
	rec->waiting++;
	return study_record_commit(rec);
}

/* ---- merging ---- */

/* KPIs by name, since each record has numbers of its own. */
static int map_kpis(struct study_record *rec, const struct study_record *from, int64_t *map)
{
	for (size_t i = 0; i < from->n_kpis; i++) {
		size_t k = 0;
		while (k < rec->n_kpis &&
		       !(rec->kpis[k].def == from->kpis[i].def && strcmp(rec->kpis[k].group, from->kpis[i].group) == 0))
			k++;
		map[i] = (int64_t)k;
		if (k == rec->n_kpis && (study_record_add_kpi(rec, from->kpis[i].def, from->kpis[i].group) != 0 ||
					 study_record_row(rec, rec->kpi, "ittt", I(k), rec->kpis[k].def->name,
							  rec->kpis[k].group, rec->kpis[k].def->unit) != 0))
			return -1;
	}
	return 0;
}

static int copy_values(struct study_record *rec, struct study_record *from, const int64_t *map)
{
	sqlite3_stmt *q = study_record_prepare(
		from, "SELECT point, replication, kpi_id, value FROM value ORDER BY point, replication, kpi_id");
	int rc = SQLITE_ERROR;

	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		int64_t kpi = sqlite3_column_int64(q, 2);
		if (kpi < 0 || (size_t)kpi >= from->n_kpis ||
		    study_record_row(rec, rec->value, "iiir", sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
				     map[kpi], study_record_real(q, 3)) != 0)
			break;
	}
	sqlite3_finalize(q);
	if (rc == SQLITE_ROW && !rec->failed)
		study_record_damaged(from, "a value of a KPI that it does not name");
	else if (rc != SQLITE_DONE && !rec->failed)
		study_record_fail(from);
	return rc == SQLITE_DONE ? 0 : -1;
}

static const char copies[] = "INSERT INTO task SELECT * FROM part.task; INSERT INTO point_input SELECT * FROM part.point_input;"
			     " INSERT INTO batch SELECT * FROM part.batch; INSERT INTO batch_test SELECT * FROM part.batch_test;";

/* The part is closed before it is attached: its record is locked as long as it is open. */
static int copy_tables(struct study_record *rec, const char *path)
{
	sqlite3_stmt *attach;
	int rc;

	if (study_record_sql(rec, "COMMIT") != 0)
		return -1;
	attach = study_record_prepare(rec, "ATTACH ? AS part");
	rc = study_record_row(rec, attach, "t", path);
	sqlite3_finalize(attach);
	if (rc != 0)
		return -1;
	study_record_sql(rec, "BEGIN");
	study_record_sql(rec, copies);
	study_record_sql(rec, "COMMIT");
	study_record_sql(rec, "DETACH part");
	return study_record_sql(rec, "BEGIN");
}

int study_record_merge(struct study_record *rec, const char *dir, char *why)
{
	struct study_record *from = study_record_open(dir, rec->st, why);
	int64_t *map = NULL;
	char path[PATH_MAX], unsaid[OUTPUT_WHY];
	int rc = -1;

	if (!from)
		return -1;
	memcpy(path, from->path, sizeof path);
	map = calloc(from->n_kpis + 1, sizeof *map);
	if (!map) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		goto done;
	}
	/* A part that was stopped before it had detected its warm-up has nothing else yet. */
	simtime_t warm_up = rec->warm_up == SIM_NEVER ? from->warm_up : rec->warm_up;
	if (from->warm_up != SIM_NEVER && from->warm_up != warm_up) {
		snprintf(why, OUTPUT_WHY, "%.400s has detected another warm-up than the parts before it", dir);
		goto done;
	}
	if (study_record_set_warm_up(rec, warm_up) == 0 && map_kpis(rec, from, map) == 0)
		rc = copy_values(rec, from, map);
	if (from->failed)
		memcpy(why, from->why, OUTPUT_WHY);
done:
	study_record_close(from, unsaid);
	free(map);
	if (rc == 0)
		rc = copy_tables(rec, path);
	if (rec->failed)
		snprintf(why, OUTPUT_WHY, "%.200s: %.280s", dir,
			 strstr(rec->why, "UNIQUE") ? "has points that another part has too" : rec->why);
	return rc;
}
