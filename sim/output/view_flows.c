/* Flows and tables, averaged over the replications. */
#include <math.h>
#include <string.h>

#include "sim/output/view.h"

/* Where a name stands in a list, put at its end where it is new; rows mostly come in the order of the list, so that the place of the last
 * one found and the one behind it are looked at first.  false: memory is short. */
static bool find_name(struct view *v, const char ***names, size_t *n, size_t *cap, const char *name, size_t *at)
{
	for (size_t guess = *at; guess < *n && guess < *at + 2; guess++)
		if (strcmp((*names)[guess], name) == 0) {
			*at = guess;
			return true;
		}
	for (*at = 0; *at < *n; ++*at)
		if (strcmp((*names)[*at], name) == 0)
			return true;
	if (!view_room(v->arena, names, *n, cap, sizeof **names))
		return false;
	(*names)[(*n)++] = name;
	return true;
}

/* ---- flows ---- */

static struct flow *flow_find(struct view *v, const struct flow_row *row)
{
	for (size_t i = 0; i < v->n_flows; i++)
		if (v->flows[i].def == row->def && strcmp(v->flows[i].group, row->group) == 0)
			return &v->flows[i];
	if (!VIEW_ROOM(v, flows))
		return NULL;
	v->flows[v->n_flows] = (struct flow){ .def = row->def, .group = row->group };
	return &v->flows[v->n_flows++];
}

static bool flow_add(struct view *v, const struct flow_row *row, double share)
{
	struct flow *f = flow_find(v, row);
	size_t from = 0, to = 0, i = 0;

	if (!f || !find_name(v, &f->stages, &f->n_stages, &f->cap_stages, row->from, &from) ||
	    !find_name(v, &f->stages, &f->n_stages, &f->cap_stages, row->to, &to))
		return false;
	while (i < f->n_bands && (f->bands[i].from != from || f->bands[i].to != to))
		i++;
	if (i == f->n_bands) {
		if (!view_room(v->arena, &f->bands, f->n_bands, &f->cap_bands, sizeof *f->bands))
			return false;
		f->bands[f->n_bands++] = (struct band){ from, to, 0 };
	}
	f->bands[i].mean += row->value * share;
	return true;
}

/* ---- tables ---- */

/* Where the last cell stood. */
struct spot { size_t row, column; };

static struct grid *grid_find(struct view *v, const struct table_def *def)
{
	for (size_t i = 0; i < v->n_grids; i++)
		if (v->grids[i].def == def)
			return &v->grids[i];
	if (!VIEW_ROOM(v, grids))
		return NULL;
	v->grids[v->n_grids] = (struct grid){ .def = def };
	return &v->grids[v->n_grids++];
}

static bool find_cell(struct view *v, struct grid *t, const struct cell_row *c, struct spot *at)
{
	return find_name(v, &t->rows, &t->n_rows, &t->cap_rows, c->row, &at->row) &&
	       find_name(v, &t->columns, &t->n_columns, &t->cap_columns, c->column, &at->column);
}

/* First the names, so that the cells have their place. */
static bool name_cells(struct view *v, const struct report *r)
{
	struct spot at = { 0, 0 };

	for (size_t i = 0; i < r->n_cells; i++) {
		struct grid *t = grid_find(v, r->cells[i].def);
		if (!t || !find_cell(v, t, &r->cells[i], &at))
			return false;
	}
	return true;
}

static bool add_cells(struct view *v, const struct report *r)
{
	struct spot at = { 0, 0 };

	for (size_t i = 0; i < r->n_cells; i++) {
		struct grid *t = grid_find(v, r->cells[i].def);
		if (!t || !find_cell(v, t, &r->cells[i], &at))
			return false;
		struct grid_cell *c = &t->cells[at.row * t->n_columns + at.column];
		c->sum += r->cells[i].value;
		c->n++;
	}
	return true;
}

/* ---- both ---- */

static size_t finished(const struct outcome *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_reps; i++)
		n += o->reps[i].report != NULL;
	return n;
}

bool view_flows(struct view *v)
{
	const struct outcome *o = v->o;
	double share = 1 / (double)finished(o);
	bool ok = true;

	for (size_t i = 0; i < o->n_reps && ok; i++) {
		const struct report *r = o->reps[i].report;
		for (size_t k = 0; r && k < r->n_flows && ok; k++)
			ok = flow_add(v, &r->flows[k], share);
		ok = ok && (!r || name_cells(v, r));
	}
	for (size_t i = 0; i < v->n_grids && ok; i++) {
		struct grid *t = &v->grids[i];
		t->cells = arena_alloc(v->arena, t->n_rows * t->n_columns, sizeof *t->cells);
		ok = t->cells != NULL;
	}
	for (size_t i = 0; i < o->n_reps && ok; i++)
		ok = !o->reps[i].report || add_cells(v, o->reps[i].report);
	return ok;
}

const struct flow *view_flow(const struct view *v, const char *name, const char *group)
{
	for (size_t i = 0; i < v->n_flows; i++)
		if (strcmp(v->flows[i].def->name, name) == 0 && strcmp(v->flows[i].group, group) == 0)
			return &v->flows[i];
	return NULL;
}

const struct grid *view_grid(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->n_grids; i++)
		if (strcmp(v->grids[i].def->name, name) == 0)
			return &v->grids[i];
	return NULL;
}

double grid_mean(const struct grid *t, size_t row, size_t column)
{
	const struct grid_cell *c = &t->cells[row * t->n_columns + column];

	return c->n ? c->sum / (double)c->n : NAN;
}
