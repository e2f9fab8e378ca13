/* A side of a comparison, from the record in its folder. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/output/compare.h"
#include "sim/output/pieces.h"
#include "sim/output/study_record.h"

struct filler {
	struct compare_side      *s;
	const struct model_table *table;
	const char               *lib_root;
	struct arena             *a;
	sqlite3                  *db;
	char                     *why;
};

static bool no_memory(char *why)
{
	snprintf(why, OUTPUT_WHY, "out of memory");
	return false;
}

static struct compare_sample *add_sample(struct filler *f, const char *point, const struct kpi_def *def, const char *group, size_t n)
{
	struct compare_side *s = f->s;
	double *v = arena_alloc(f->a, n + 1, sizeof *v);

	if (!v || !group || !view_room(f->a, &s->samples, s->n_samples, &s->cap_samples, sizeof *s->samples))
		return NULL;
	for (size_t i = 0; i < n; i++)
		v[i] = NAN;
	s->samples[s->n_samples] = (struct compare_sample){ point, def, group, v, n };
	return &s->samples[s->n_samples++];
}

/* nth: how many rows of that element and attribute came before. */
static bool add_input(struct filler *f, struct compare_input in)
{
	struct compare_side *s = f->s;

	if (!in.element || !view_room(f->a, &s->inputs, s->n_inputs, &s->cap_inputs, sizeof *s->inputs))
		return false;
	for (size_t i = s->n_inputs; i-- > 0;)
		if (strcmp(s->inputs[i].attribute, in.attribute) == 0 && strcmp(s->inputs[i].element, in.element) == 0) {
			in.nth = s->inputs[i].nth + 1;
			break;
		}
	s->inputs[s->n_inputs++] = in;
	return true;
}

/* ---- a run ---- */

/* The way from the root's children to an element: rows come in the order of the document, and tell their depth. */
enum { DEPTH_MOST = 64 };
static bool read_inputs(struct filler *f, const struct view *v)
{
	const char *path[DEPTH_MOST] = { "" };

	for (size_t i = 0; i < v->n_values; i++) {
		const struct value_row *r = &v->values[i];
		int depth = r->depth < 1 ? 0 : r->depth < DEPTH_MOST ? r->depth : DEPTH_MOST - 1;
		const char *above = depth > 0 ? path[depth - 1] : "", *here;
		here = depth == 0 ? "" : arena_printf(f->a, "%s%s%s", above, above && *above ? "/" : "", r->element);
		path[depth] = here;
		if (strcmp(r->element, "description") == 0)
			continue;
		if (!add_input(f, (struct compare_input){ .element = here,
							  .attribute = r->attribute,
							  .value = r->value,
							  .given = r->given,
							  .derived = strcmp(r->origin, "derived") == 0 }))
			return false;
	}
	return true;
}

static bool read_samples(struct filler *f, const struct outcome *o)
{
	for (size_t i = 0; i < o->n_kpis; i++) {
		struct compare_sample *x = add_sample(f, "", o->kpis[i].def, o->kpis[i].group, o->n_reps);
		if (!x)
			return false;
		for (size_t r = 0; r < o->n_reps; r++)
			for (size_t k = 0; o->reps[r].report && k < o->reps[r].report->n_kpis; k++) {
				const struct kpi_row *row = &o->reps[r].report->kpis[k];
				if (row->def == x->def && strcmp(row->group, x->group) == 0)
					x->v[r] = row->value;
			}
	}
	return true;
}

/* The record's declarations live as long as its view: those of the same name in the table outlive it. */
static bool keep_definitions(struct filler *f)
{
	for (size_t i = 0; i < f->s->n_samples; i++) {
		struct compare_sample *x = &f->s->samples[i];
		const struct kpi_def *known = table_kpi(f->table, x->def->name);
		struct kpi_def *own = known ? NULL : arena_alloc(f->a, 1, sizeof *own);
		if (!known && !own)
			return false;
		if (own)
			*own = (struct kpi_def){ arena_strdup(f->a, x->def->name),
						 arena_strdup(f->a, x->def->unit),
						 arena_strdup(f->a, x->def->definition),
						 NULL,
						 x->def->better,
						 x->def->supporting };
		x->def = known ? known : own;
		x->group = arena_strdup(f->a, x->group);
		if (!x->group || !x->def->name || !x->def->unit || !x->def->definition)
			return false;
	}
	return true;
}

static bool keep_inputs(struct filler *f)
{
	for (size_t i = 0; i < f->s->n_inputs; i++) {
		struct compare_input *in = &f->s->inputs[i];
		in->attribute = arena_strdup(f->a, in->attribute);
		in->value = in->value ? arena_strdup(f->a, in->value) : NULL;
		if (!in->attribute)
			return false;
	}
	return true;
}

static bool read_run(struct filler *f, const char *path)
{
	struct view *v = record_read(path, f->table, f->why);
	bool ok;

	if (!v)
		return false;
	struct compare_side *s = f->s;
	s->title = arena_strdup(f->a, *v->o->sc->title ? v->o->sc->title : v->o->sc->path);
	s->version = arena_strdup(f->a, v->o->version);
	s->hash = arena_strdup(f->a, v->o->sc->hash);
	s->seed = v->o->seed;
	s->confidence = v->o->confidence;
	s->replications = v->o->n_reps;
	ok = s->title && s->version && s->hash && read_inputs(f, v) && read_samples(f, v->o) && keep_definitions(f) &&
	     keep_inputs(f);
	view_free(v);
	return ok || no_memory(f->why);
}

/* ---- a study ---- */

static const char *text(struct filler *f, sqlite3_stmt *q, int column)
{
	const unsigned char *t = sqlite3_column_text(q, column);

	return arena_strdup(f->a, t ? (const char *)t : "");
}

static sqlite3_stmt *query(struct filler *f, const char *sql)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(f->db, sql, -1, &q, NULL) != SQLITE_OK)
		return NULL;
	return q;
}

static bool broken(struct filler *f)
{
	snprintf(f->why, OUTPUT_WHY, "%.300s/results.sqlite: %.150s", f->s->dir,
		 sqlite3_errcode(f->db) == SQLITE_OK || sqlite3_errcode(f->db) >= SQLITE_ROW ? "is damaged"
											     : sqlite3_errmsg(f->db));
	return false;
}

/* Elements of the study's document, as it stands in the record. */
static bool add_nodes(struct filler *f, const struct node *n, const char *above)
{
	bool ok = above != NULL;

	for (; n && ok; n = n->next) {
		const char *here = !n->parent ? ""
					      : arena_printf(f->a, "%s%s%s%s%s", above, *above ? "/" : "", n->model->name,
							     n->id ? "#" : "", n->id ? n->id : "");
		for (size_t i = 0; i < n->model->n_params && here && ok; i++) {
			char name[64];
			ok = add_input(f, (struct compare_input){
						  .element = here,
						  .attribute = arena_strdup(
							  f->a, param_name(&n->model->params[i], name, sizeof name)),
						  .value = n->text_of[i] ? arena_strdup(f->a, n->text_of[i]) : NULL,
						  .given = n->given[i] >= GIVEN_FILE });
		}
		ok = ok && add_nodes(f, n->child, here);
	}
	return ok;
}

/* path: where the study stood, from which the scenarios that it names are found. */
static bool read_document(struct filler *f, const char *document, const char *path)
{
	struct diag *d = diag_new();
	struct scenario *doc =
		d ? scenario_parse(document, strlen(document), path, &study_language, f->lib_root, NULL, 0, d) : NULL;
	bool ok = doc && add_nodes(f, doc->root, "");
	union quantity q = { .real = NAN };

	for (size_t i = 0; ok && i < f->s->n_inputs; i++)
		if (!*f->s->inputs[i].element && strcmp(f->s->inputs[i].attribute, "confidence") == 0)
			quantity_parse(DIM_RATIO, f->s->inputs[i].value, &q, NULL);
	f->s->confidence = q.real;
	if (!ok)
		snprintf(f->why, OUTPUT_WHY, "%.200s: its study: %.250s", f->s->dir,
			 d && diag_count(d) ? diag_text(d, 0) : "out of memory");
	scenario_free(doc);
	diag_free(d);
	return ok;
}

static bool read_study_row(struct filler *f)
{
	sqlite3_stmt *q =
		query(f, "SELECT version, input, title, path, seed, document,"
			 " (SELECT coalesce(1 + max(replication), 0) FROM task),"
			 " (SELECT group_concat(id, ', ') FROM (SELECT id FROM factor ORDER BY factor)) FROM study");
	const char *document = NULL, *path = NULL;
	bool ok = q && sqlite3_step(q) == SQLITE_ROW;

	if (ok) {
		struct compare_side *s = f->s;
		s->version = text(f, q, 0);
		s->hash = text(f, q, 1);
		s->title = text(f, q, sqlite3_column_bytes(q, 2) > 0 ? 2 : 3);
		const char *seed = text(f, q, 4);
		s->seed = seed ? strtoull(seed, NULL, 10) : 0;
		path = text(f, q, 3);
		document = text(f, q, 5);
		s->replications = (size_t)sqlite3_column_int64(q, 6);
		s->factors = text(f, q, 7);
		ok = s->version && s->hash && s->title && s->factors && path && document;
	}
	if (ok && !*f->s->factors) {
		snprintf(f->why, OUTPUT_WHY,
			 "%.300s: the study has not come to its tables yet (sccsim report %.100s writes them)", f->s->dir,
			 f->s->dir);
		ok = false;
	} else if (!ok) {
		broken(f);
	}
	sqlite3_finalize(q);
	return ok && read_document(f, document, path);
}

/* "gateways=9, adr=on" of every point. */
static const char **read_points(struct filler *f, size_t *n)
{
	sqlite3_stmt *q = query(f, "SELECT 1 + max(point) FROM point_factor");
	const char **v = NULL;

	*n = q && sqlite3_step(q) == SQLITE_ROW ? (size_t)sqlite3_column_int64(q, 0) : 0;
	sqlite3_finalize(q);
	q = query(f, "SELECT point, id, level FROM point_factor JOIN factor USING(factor) ORDER BY point, factor");
	if (q)
		v = arena_alloc(f->a, *n + 1, sizeof *v);
	while (v && sqlite3_step(q) == SQLITE_ROW) {
		size_t p = (size_t)sqlite3_column_int64(q, 0);
		if (p >= *n)
			break;
		v[p] = arena_printf(f->a, "%s%s%s=%s", v[p] ? v[p] : "", v[p] ? ", " : "", sqlite3_column_text(q, 1),
				    sqlite3_column_text(q, 2));
	}
	sqlite3_finalize(q);
	return v;
}

static bool read_values(struct filler *f, const char *const *points, size_t n_points)
{
	sqlite3_stmt *q =
		query(f, "SELECT point, kpi_id, replication, value, kpi, group_name FROM value JOIN kpi USING(kpi_id)"
			 " ORDER BY point, kpi_id, replication");
	struct compare_sample *x = NULL;
	int64_t point = -1, kpi = -1;
	int rc = SQLITE_ERROR;

	while (q && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		size_t p = (size_t)sqlite3_column_int64(q, 0), r = (size_t)sqlite3_column_int64(q, 2);
		if (!x || sqlite3_column_int64(q, 0) != point || sqlite3_column_int64(q, 1) != kpi) {
			const char *name = text(f, q, 4);
			const struct kpi_def *def = name ? table_kpi(f->table, name) : NULL;
			if (!def || p >= n_points || !points[p])
				break;
			point = (int64_t)p;
			kpi = sqlite3_column_int64(q, 1);
			x = add_sample(f, points[p], def, text(f, q, 5), f->s->replications);
			if (!x)
				break;
		}
		if (r >= x->n)
			break;
		if (sqlite3_column_type(q, 3) != SQLITE_NULL)
			x->v[r] = sqlite3_column_double(q, 3);
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE || broken(f);
}

static bool read_study(struct filler *f, const char *path)
{
	bool ok = sqlite3_open_v2(path, &f->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
	size_t n = 0;

	f->s->study = true;
	if (ok) {
		ok = read_study_row(f);
		const char **points = ok ? read_points(f, &n) : NULL;
		ok = ok && (points || no_memory(f->why)) && read_values(f, points, n);
	} else {
		broken(f);
	}
	sqlite3_close(f->db);
	f->db = NULL;
	return ok;
}

/* ---- either ---- */

struct compare_side *compare_read(const char *dir, const struct model_table *table, const char *lib_root, struct arena *a, char *why)
{
	struct compare_side *s = arena_alloc(a, 1, sizeof *s);
	struct filler f = { s, table, lib_root, a, NULL, why };
	const char *path = arena_printf(a, "%s/results.sqlite", dir);
	bool ok = false;

	if (!s || !path) {
		no_memory(why);
		return NULL;
	}
	s->dir = dir;
	switch (study_record_state(dir)) {
	case RECORD_NONE:
		snprintf(why, OUTPUT_WHY,
			 "%.300s: holds no results.sqlite (give a folder that `sccsim run' or `sccsim study' has filled)",
			 dir);
		break;
	case RECORD_FOREIGN:
		snprintf(why, OUTPUT_WHY, "%.400s/results.sqlite: is the record of neither a run nor a study", dir);
		break;
	case RECORD_RUN: ok = read_run(&f, path); break;
	default: ok = read_study(&f, path); break;
	}
	return ok ? s : NULL;
}
