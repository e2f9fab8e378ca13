/* A response over the levels of two factors, and of a third in panels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_plot.h"

static size_t levels_of(const struct study *st, size_t factor)
{
	return factor == SIZE_MAX ? 1 : st->factors[factor].n_levels;
}

/* Levels by their numbers; names keep the study's order.  places: where each level came to lie. */
static bool order_levels(const struct study_view *v, size_t factor, size_t **order, size_t **places)
{
	size_t n = levels_of(v->st, factor);
	const struct factor *f = factor == SIZE_MAX ? NULL : &v->st->factors[factor];

	*order = arena_alloc(v->arena, n, sizeof **order);
	*places = arena_alloc(v->arena, n, sizeof **places);
	if (!*order || !*places)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t at = i;
		for (; f && f->numeric && at && f->numbers[(*order)[at - 1]] > f->numbers[i]; at--)
			(*order)[at] = (*order)[at - 1];
		(*order)[at] = i;
	}
	for (size_t i = 0; i < n; i++)
		(*places)[(*order)[i]] = i;
	return true;
}

static void add_point(const struct study_view *v, const struct plot *p, size_t point, const size_t *place_x,
		      const size_t *place_y, struct grid *g)
{
	const struct study *st = v->st;
	const struct interval *value = &point_at(v, point, p->response)->value;
	size_t slice = p->slice == SIZE_MAX ? 0 : study_cell(st, point, p->slice)->level;

	if (slice >= g->ns || isnan(value->mean))
		return;
	size_t x = place_x[study_cell(st, point, p->x)->level] / g->step_x,
	       y = p->y == SIZE_MAX ? 0 : place_y[study_cell(st, point, p->y)->level] / g->step_y;
	struct grid_cell *c = grid_at(g, slice, y, x);
	c->n++;
	c->mean += (value->mean - c->mean) / (double)c->n;
	c->low = c->n == 1 ? value->low : NAN;
	c->high = c->n == 1 ? value->high : NAN;
}

/* Factors that the picture does not show, so that cells are means over them. */
static bool is_averaged(const struct study *st, const struct plot *p)
{
	size_t shown = 1 + (size_t)(p->y != SIZE_MAX) + (size_t)(p->slice != SIZE_MAX), varied = 0;

	for (size_t f = 0; f < st->n_factors; f++)
		varied += st->factors[f].n_levels > 1;
	return varied > shown;
}

bool grid_new(const struct study_view *v, const struct plot *p, size_t most, struct grid *out)
{
	size_t nx = levels_of(v->st, p->x), ny = levels_of(v->st, p->y), *place_x, *place_y;

	BUG_ON(NULL, most == 0);
	*out = (struct grid){ .panels = levels_of(v->st, p->slice), .averaged = is_averaged(v->st, p) };
	out->ns = out->panels < PANELS_MOST ? out->panels : PANELS_MOST;
	out->step_x = nx > most ? (nx + most - 1) / most : 1;
	out->step_y = ny > most ? (ny + most - 1) / most : 1;
	out->nx = (nx + out->step_x - 1) / out->step_x;
	out->ny = (ny + out->step_y - 1) / out->step_y;
	out->cells = arena_alloc(v->arena, out->nx * out->ny * out->ns, sizeof *out->cells);
	if (!out->cells || !order_levels(v, p->x, &out->order_x, &place_x) ||
	    !order_levels(v, p->y, &out->order_y, &place_y))
		return false;
	for (size_t i = 0; i < out->nx * out->ny * out->ns; i++)
		out->cells[i] = (struct grid_cell){ .low = NAN, .high = NAN };
	for (size_t point = 0; point < v->st->n_points; point++)
		add_point(v, p, point, place_x, place_y, out);
	return true;
}

char *grid_label(char *buf, size_t size, const struct study_picture *p, bool along_x, size_t i)
{
	const struct grid *g = &p->grid;
	size_t factor = along_x ? p->plot.x : p->plot.y;
	size_t level = along_x ? g->order_x[i * g->step_x] : g->order_y[i * g->step_y];

	if (factor == SIZE_MAX)
		return strcpy(buf, "");
	return show_level(buf, size, p->v->st, factor, level, &plain_style);
}

void plot_span(double *low, double *high, bool share)
{
	double pad, from = *low, to = *high;

	if (share) {
		from = fmax(from, 0);
		to = fmin(to, 100);
	}
	pad = to > from ? 0.06 * (to - from) : fmax(fabs(to) * 0.05, 1e-3);
	*low = from >= 0 && (from - pad < 0 || from < 0.5 * to) ? 0 : from - pad;
	*high = share ? fmin(to + pad, 100 + 0.02 * (100 - *low)) : to + pad;
}

double plot_target(const struct study_view *v, size_t response)
{
	const struct target *t = &v->st->responses[response].target;

	return t->op == TARGET_NONE ? NAN : t->value * response_scale(v, response).factor;
}

void plot_response_span(const struct study_view *v, size_t response, bool intervals, bool far, double *low, double *high)
{
	const double factor = response_scale(v, response).factor, target = plot_target(v, response);
	double least = INFINITY, most = -INFINITY, from = INFINITY, to = -INFINITY;

	for (size_t p = 0; p < v->st->n_points; p++) {
		const struct interval *i = &point_at(v, p, response)->value;
		least = fmin(least, i->mean * factor);
		most = fmax(most, i->mean * factor);
		from = fmin(from, i->low * factor);
		to = fmax(to, i->high * factor);
	}
	double room = most > least ? most - least : INFINITY;
	*low = intervals ? fmin(least, fmax(from, least - room)) : least;
	*high = intervals ? fmax(most, fmin(to, most + room)) : most;
	if (isfinite(target) && (far || (target >= least - room && target <= most + room))) {
		*low = fmin(*low, target);
		*high = fmax(*high, target);
	}
	if (least >= 0)
		*low = fmax(*low, 0);
	plot_span(low, high, response_is_share(v, response));
}
