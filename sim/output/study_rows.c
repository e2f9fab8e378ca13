/* What stands in the rows of a picture: levels, points, differences, reaches, shares, coefficients. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_rows_private.h"

static struct picture_row *add_row(struct picture_rows *r, double at, const struct interval *i)
{
	static const struct picture_row blank = { .label = "" };
	struct picture_row *row;

	if (r->n == ROWS_MOST) {
		r->left_out++;
		return NULL;
	}
	row = &r->v[r->n++];
	*row = blank;
	row->at = at;
	row->mean = i->mean * r->sc.factor;
	row->low = i->low * r->sc.factor;
	row->high = i->high * r->sc.factor;
	return row;
}

static void label_row(struct picture_row *row, const char *text)
{
	shorten(row->label, sizeof row->label, text, 30);
}

/* ---- levels ---- */

static void add_levels(const struct study_picture *p, struct picture_rows *r)
{
	const struct grid *g = &p->grid;
	char x_label[SHOWN], y_label[SHOWN], text[2 * SHOWN + 4];

	for (size_t x = 0; x < g->nx; x++) {
		for (size_t s = 0; s < g->ns; s++)
			for (size_t y = 0; y < g->ny; y++) {
				const struct grid_cell *c = grid_at(g, s, y, x);
				if (c->n == 0)
					continue;
				struct picture_row *row =
					add_row(r, r->depth, &(struct interval){ c->mean, c->low, c->high, 0 });
				if (!row)
					continue;
				int n = snprintf(text, sizeof text, "%s%s%s",
						 grid_label(x_label, sizeof x_label, p, true, x), g->ny > 1 ? ", " : "",
						 grid_label(y_label, sizeof y_label, p, false, y));
				if (g->ns > 1 && n > 0 && (size_t)n + 2 < sizeof text) {
					snprintf(text + n, sizeof text - (size_t)n, ", ");
					show_level(text + n + 2, sizeof text - (size_t)n - 2, p->v->st, p->plot.slice, s,
						   &plain_style);
				}
				label_row(row, text);
				row->colour = (int)(y % PICTURE_COLOURS);
				r->depth += 1;
			}
		r->depth += g->ny * g->ns > 1 ? 0.6 : 0;
	}
}

/* ---- points ---- */

/* The first points, and for those that are left out a word of how many. */
static void add_points(const struct study_picture *p, struct picture_rows *r)
{
	const struct study *st = p->v->st;
	char text[256];

	for (size_t i = 0; i < st->n_points; i++) {
		const struct interval *value = &point_at(p->v, i, p->plot.response)->value;
		if (isnan(value->mean))
			continue;
		struct picture_row *row = add_row(r, r->depth, value);
		if (!row)
			continue;
		label_row(row, show_point(text, sizeof text, st, i, &plain_style));
		r->depth += 1;
	}
}

static bool is_wanted(const struct study_picture *p, const struct effect *e, enum effect_kind kind)
{
	return e->kind == kind && e->response == p->plot.response && !isnan(e->estimate.mean);
}

static void add_differences(const struct study_picture *p, struct picture_rows *r)
{
	const struct analysis *a = p->v->a;
	char text[256];

	for (size_t i = 0; i < a->n_effects; i++) {
		const struct effect *e = &a->effects[i];
		if (!is_wanted(p, e, EFFECT_DIFFERENCE))
			continue;
		struct picture_row *row = add_row(r, r->depth, &e->estimate);
		if (!row)
			continue;
		label_row(row, show_point(text, sizeof text, p->v->st, e->to_index, &plain_style));
		row->hollow = !(e->p_holm <= 1 - p->v->st->precision.level);
		r->depth += 1;
	}
}

/* ---- factors ---- */

/* What is known of a factor: the effects that reach furthest down and up, or its two indices, or its coefficient. */
struct known { size_t factor; const struct effect *first, *second; double size; };

static int by_size(const void *pa, const void *pb)
{
	const struct known *a = pa, *b = pb;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return a->factor < b->factor ? -1 : 1;
}

static void note_effect(struct known *k, const struct effect *e)
{
	double x = e->estimate.mean;

	switch (e->kind) {
	case EFFECT_MAIN:
		if (x < 0 && (!k->first || x < k->first->estimate.mean))
			k->first = e;
		if (x >= 0 && (!k->second || x > k->second->estimate.mean))
			k->second = e;
		k->size = (k->second ? k->second->estimate.mean : 0) - (k->first ? k->first->estimate.mean : 0);
		break;
	case EFFECT_FIRST: k->first = e; break;
	case EFFECT_TOTAL:
		k->second = e;
		k->size = x;
		break;
	case EFFECT_REGRESSION:
		k->first = e;
		k->size = fabs(x);
		break;
	case EFFECT_DIFFERENCE:
	case N_EFFECT_KINDS: break;
	}
}

/* One or two rows of a factor: at one height, or one above the other. */
static void add_factor(const struct study_picture *p, struct picture_rows *r, const struct known *k)
{
	const struct effect *const both[] = { k->first, k->second };
	bool shares = p->plot.kind == PLOT_SHARES, labelled = false;
	char end[SHOWN];

	for (int i = 0; i < 2; i++) {
		struct picture_row *row =
			both[i] ? add_row(r, r->depth + (shares ? 0.4 * i - 0.2 : 0), &both[i]->estimate) : NULL;
		if (!row)
			continue;
		if (!labelled)
			label_row(row, p->v->st->factors[k->factor].label);
		labelled = true;
		row->colour = i;
		if (p->plot.kind == PLOT_REGRESSION)
			row->colour = both[i]->estimate.mean < 0 ? 0 : 1;
		if (p->plot.kind == PLOT_TORNADO && both[i]->to_index != SIZE_MAX)
			shorten(row->end, sizeof row->end,
				show_level(end, sizeof end, p->v->st, k->factor, both[i]->to_index, &plain_style), 16);
	}
	r->depth += labelled ? 1 : 0;
}

static void add_factors(const struct study_picture *p, struct picture_rows *r, enum effect_kind one, enum effect_kind other)
{
	const struct analysis *a = p->v->a;
	size_t n = a->study->n_factors;
	struct known *known = calloc(n + 1, sizeof *known);

	for (size_t f = 0; known && f < n; f++)
		known[f].factor = f;
	for (size_t i = 0; known && i < a->n_effects; i++)
		if (is_wanted(p, &a->effects[i], one) || is_wanted(p, &a->effects[i], other))
			note_effect(&known[a->effects[i].factor], &a->effects[i]);
	if (known)
		qsort(known, n, sizeof *known, by_size);
	for (size_t f = 0; known && f < n; f++)
		add_factor(p, r, &known[f]);
	free(known);
}

/* ---- all ---- */

static struct scale scale_of_change(const struct study_picture *p, bool share)
{
	const struct analysis *a = p->v->a;
	enum effect_kind kind = p->plot.kind == PLOT_TORNADO ? EFFECT_MAIN : EFFECT_DIFFERENCE;
	double most = 0;

	for (size_t i = 0; i < a->n_effects; i++)
		if (is_wanted(p, &a->effects[i], kind))
			most = fmax(most, fmax(fabs(a->effects[i].estimate.mean),
					       fmax(-a->effects[i].estimate.low, a->effects[i].estimate.high)));
	return share ? (struct scale){ 100, "percentage points" }
		     : scale_of(p->v->st->responses[p->plot.response].def->unit, most, false);
}

void picture_rows_of(const struct study_picture *p, struct picture_rows *r)
{
	*r = (struct picture_rows){ .target = NAN, .what = "", .share = response_is_share(p->v, p->plot.response) };
	r->sc = response_scale(p->v, p->plot.response);
	if (p->plot.kind == PLOT_TORNADO || p->plot.kind == PLOT_DIFFERENCES) {
		r->sc = scale_of_change(p, r->share);
		r->what = "change";
		r->share = false;
	}
	switch (p->plot.kind) {
	case PLOT_DOTS:
		r->target = plot_target(p->v, p->plot.response);
		add_levels(p, r);
		break;
	case PLOT_POINTS:
		r->target = plot_target(p->v, p->plot.response);
		add_points(p, r);
		break;
	case PLOT_DIFFERENCES: add_differences(p, r); break;
	case PLOT_TORNADO:
		r->bars = true;
		add_factors(p, r, EFFECT_MAIN, EFFECT_MAIN);
		break;
	case PLOT_SHARES:
		r->bars = r->share = true;
		r->sc = (struct scale){ 100, "%" };
		r->what = "share of the variance";
		r->keys[0] = "alone";
		r->keys[1] = "with what it does together with others";
		add_factors(p, r, EFFECT_FIRST, EFFECT_TOTAL);
		break;
	case PLOT_REGRESSION:
		r->bars = true;
		r->share = false;
		r->sc = (struct scale){ 1, "" };
		r->what = "standardised coefficient";
		r->keys[0] = "lowers it";
		r->keys[1] = "raises it";
		add_factors(p, r, EFFECT_REGRESSION, EFFECT_REGRESSION);
		break;
	default: break; /* no rows */
	}
}
