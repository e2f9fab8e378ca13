/* Which pictures a study has. */
#include "sim/output/study_plot.h"

#include <math.h>
#include <string.h>

/* The list while it is made. */
struct list { struct plot *out; size_t n, left_out; };

static void add(struct list *l, enum plot_kind kind, size_t response, size_t x, size_t y, size_t slice)
{
	if (l->n < PLOTS_MOST)
		l->out[l->n++] = (struct plot){ kind, response, x, y, slice };
	else
		l->left_out++;
}

static void add_plain(struct list *l, enum plot_kind kind, size_t response)
{
	add(l, kind, response, SIZE_MAX, SIZE_MAX, SIZE_MAX);
}

static bool has_effects(const struct analysis *a, enum effect_kind kind, size_t response)
{
	for (size_t i = 0; i < a->n_effects; i++)
		if (a->effects[i].kind == kind && a->effects[i].response == response && !isnan(a->effects[i].estimate.mean))
			return true;
	return false;
}

/* How much a factor's levels differ in a response, by its main effects. */
static double reach(const struct analysis *a, size_t response, size_t factor)
{
	double low = 0, high = 0;

	for (size_t i = 0; i < a->n_effects; i++) {
		const struct effect *e = &a->effects[i];
		if (e->kind != EFFECT_MAIN || e->response != response || e->factor != factor)
			continue;
		low = fmin(low, e->estimate.mean);
		high = fmax(high, e->estimate.mean);
	}
	return high - low;
}

enum { FACTORS_MOST = 3 };

/* The factors of a grid that tell most: those that reach furthest, in the order of the study.  n: how many vary. */
static size_t main_factors(const struct analysis *a, size_t response, size_t to[FACTORS_MOST])
{
	const struct study *st = a->study;
	size_t varied = 0, n = 0;

	for (size_t f = 0; f < st->n_factors; f++) {
		if (st->factors[f].n_levels < 2)
			continue;
		varied++;
		if (n < FACTORS_MOST) {
			to[n++] = f;
			continue;
		}
		size_t least = 0;
		for (size_t i = 1; i < n; i++)
			if (reach(a, response, to[i]) < reach(a, response, to[least]))
				least = i;
		if (reach(a, response, f) > reach(a, response, to[least])) {
			memmove(&to[least], &to[least + 1], (n - 1 - least) * sizeof *to);
			to[n - 1] = f;
		}
	}
	return varied;
}

/* Numbers before names, then more levels before fewer: what an axis is best for. */
static bool suits_axis_better(const struct factor *a, const struct factor *b)
{
	if (a->numeric != b->numeric)
		return a->numeric;
	return a->n_levels > b->n_levels;
}

/* By what suits an axis; of equal ones the study's order. */
static void sort_for_axes(const struct study *st, size_t *f, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && suits_axis_better(&st->factors[f[k]], &st->factors[f[k - 1]]); k--) {
			size_t other = f[k];
			f[k] = f[k - 1];
			f[k - 1] = other;
		}
}

static void add_factorial(struct list *l, const struct analysis *a, size_t r)
{
	const struct study *st = a->study;
	size_t f[FACTORS_MOST] = { SIZE_MAX, SIZE_MAX, SIZE_MAX };
	size_t varied = main_factors(a, r, f), n = varied < FACTORS_MOST ? varied : FACTORS_MOST;

	if (varied == 0) {
		add_plain(l, PLOT_POINTS, r);
		return;
	}
	sort_for_axes(st, f, n);
	add(l, st->factors[f[0]].numeric ? PLOT_LINES : PLOT_DOTS, r, f[0], f[1], f[2]);
	if (varied == 1)
		return;
	add(l, PLOT_HEAT, r, f[0], f[1], f[2]);
	if (has_effects(a, EFFECT_MAIN, r))
		add_plain(l, PLOT_TORNADO, r);
	if (has_effects(a, EFFECT_FIRST, r))
		add_plain(l, PLOT_SHARES, r);
}

/* A star shows a factor's shape where it has more than a base and one other level. */
static void add_star(struct list *l, const struct analysis *a, size_t r)
{
	bool shape = false;

	for (size_t f = 0; f < a->study->n_factors; f++)
		shape = shape || a->study->factors[f].n_levels > 2;
	if (has_effects(a, EFFECT_MAIN, r))
		add_plain(l, PLOT_TORNADO, r);
	else
		add_plain(l, PLOT_POINTS, r);
	if (shape)
		add_plain(l, PLOT_SCATTER, r);
}

static void add_sampled(struct list *l, const struct analysis *a, size_t r)
{
	if (has_effects(a, EFFECT_FIRST, r))
		add_plain(l, PLOT_SHARES, r);
	if (a->study->n_factors)
		add_plain(l, PLOT_SCATTER, r);
	if (has_effects(a, EFFECT_REGRESSION, r))
		add_plain(l, PLOT_REGRESSION, r);
}

static void add_list(struct list *l, const struct analysis *a, size_t r)
{
	add_plain(l, PLOT_POINTS, r);
	if (has_effects(a, EFFECT_DIFFERENCE, r))
		add_plain(l, PLOT_DIFFERENCES, r);
}

static bool has_values(const struct analysis *a, size_t r)
{
	for (size_t p = 0; p < a->study->n_points; p++)
		if (!isnan(a->points[p * a->study->n_responses + r].value.mean))
			return true;
	return false;
}

static bool has_points(const struct analysis *a, const struct front *f)
{
	bool any = false;

	for (size_t p = 0; p < a->study->n_points; p++)
		any = any || f->best[p];
	return any && a->study->n_points > 1;
}

size_t study_plots(const struct study *st, const struct analysis *a, struct plot out[PLOTS_MOST], size_t *left_out)
{
	struct list l = { .out = out };

	for (size_t i = 0; i < a->n_fronts; i++)
		if (has_points(a, &a->fronts[i]))
			add(&l, PLOT_FRONT, a->fronts[i].of[0], i, SIZE_MAX, SIZE_MAX);
	for (size_t r = 0; r < st->n_responses; r++) {
		if (!has_values(a, r))
			continue;
		switch (st->design) {
		case DESIGN_LIST: add_list(&l, a, r); break;
		case DESIGN_FACTORIAL: add_factorial(&l, a, r); break;
		case DESIGN_STAR: add_star(&l, a, r); break;
		case DESIGN_LATIN:
		case DESIGN_SOBOL:
		case DESIGN_SALTELLI: add_sampled(&l, a, r); break;
		}
	}
	*left_out = l.left_out;
	return l.n;
}
