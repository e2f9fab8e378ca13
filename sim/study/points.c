/* The points of a study: the rows of its design that its constraints leave. */
#include <math.h>
#include <string.h>

#include "sim/study/study_private.h"

struct seen { const struct study *st; const struct cell *row; };

static size_t factor_named(void *ctx, const char *name, size_t length)
{
	const struct study *st = ctx;

	for (size_t i = 0; i < st->n_factors; i++)
		if (strlen(st->factors[i].id) == length && memcmp(st->factors[i].id, name, length) == 0)
			return i;
	return SIZE_MAX;
}

static bool number_named(void *ctx, size_t factor, const char *text, double *number)
{
	const struct study *st = ctx;
	const struct factor *f = &st->factors[factor];

	*number = f->n_paths ? factor_number(f->paths[0].param, text) : NAN;
	return !isnan(*number);
}

static bool numeric_named(void *ctx, size_t factor)
{
	const struct factor *f = &((const struct study *)ctx)->factors[factor];

	return f->n_levels == 0 || f->numeric;
}

static double number_seen(void *ctx, size_t factor)
{
	return ((const struct seen *)ctx)->row[factor].number;
}

static const char *text_seen(void *ctx, size_t factor)
{
	return ((const struct seen *)ctx)->row[factor].text;
}

static struct constraint **load_constraints(struct loader *l, size_t *n)
{
	struct study *st = l->st;
	const struct constraint_names names = { st, factor_named, number_named, numeric_named };
	struct constraint **all = arena_alloc(l->a, scenario_count(st->doc, &constraint_model) + 1, sizeof *all);
	char why[256];

	*n = 0;
	for (const struct node *c = node_child(st->doc->root, &constraint_model); c && all; c = node_next(c)) {
		const struct constraint_xml *x = c->par;
		if (st->design == DESIGN_SALTELLI)
			node_error(c, l->d, NULL, "cannot stand in a saltelli design, which needs all its points");
		all[*n] = constraint_parse(x->require, &names, l->a, why, sizeof why);
		if (!all[*n])
			node_error(c, l->d, NULL, "%s", why);
		else
			++*n;
	}
	return all;
}

void points_cell(struct loader *l, const struct factor *f, double place, struct cell *c)
{
	*c = (struct cell){ .level = SIZE_MAX, .place = place };
	if (f->n_levels) {
		c->level = design_level(place, f->n_levels);
		c->text = f->levels[c->level];
		c->number = f->numbers[c->level];
	} else {
		c->text = factor_text(f, &f->paths[0], c, l->a);
		c->number = factor_number(f->paths[0].param, c->text);
	}
	if (!c->text)
		loader_no_memory(l);
}

static double *design_of(struct loader *l, size_t *n_points)
{
	struct study *st = l->st;
	struct axis *axes = arena_alloc(l->a, st->n_factors + 1, sizeof *axes);
	const char *why = "out of memory";
	double *table = NULL;

	for (size_t i = 0; axes && i < st->n_factors; i++) {
		size_t levels = st->factors[i].n_levels;
		axes[i] = (struct axis){ levels, levels ? design_place(st->factors[i].base, levels) : 0 };
	}
	if (axes)
		table = design_table(st->design == DESIGN_LIST ? DESIGN_FACTORIAL : st->design, axes, st->n_factors,
				     st->samples, st->seed, l->a, n_points, &why);
	if (!table)
		node_error(st->doc->root, l->d, "design", "%s", why);
	return table;
}

void points_load(struct loader *l)
{
	struct study *st = l->st;
	size_t rows = 0, n_constraints = 0;
	struct constraint **constraints = load_constraints(l, &n_constraints);
	double *table = diag_errors(l->d) ? NULL : design_of(l, &rows);

	if (!constraints)
		loader_no_memory(l);
	if (!table || !constraints)
		return;
	st->cells = arena_alloc(l->a, rows * st->n_factors + 1, sizeof *st->cells);
	if (!st->cells) {
		loader_no_memory(l);
		return;
	}
	for (size_t i = 0; i < rows && !l->no_memory; i++) {
		struct cell *row = &st->cells[st->n_points * st->n_factors];
		struct seen seen = { st, row };
		const struct constraint_values values = { &seen, number_seen, text_seen };
		bool holds = true;
		for (size_t k = 0; k < st->n_factors; k++)
			points_cell(l, &st->factors[k], table[i * st->n_factors + k], &row[k]);
		for (size_t k = 0; k < n_constraints && holds; k++)
			holds = constraint_holds(constraints[k], &values);
		st->n_points += holds;
	}
	st->excluded = rows - st->n_points;
	if (st->n_points == 0 && !l->no_memory)
		node_error(st->doc->root, l->d, NULL, "has no point: its constraints leave none of %zu", rows);
}
