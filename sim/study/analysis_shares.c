/*
 * What the responses depend on: shares of the variance, and a straight line.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/study/analysis_private.h"

enum { GRID_MAX = 65536 }; /* cells of a grid that is decomposed: each bootstrap sample goes over all of it */

/* Whether the points are the whole grid of the factors' levels. */
static bool is_grid(const struct study *st)
{
	size_t cells = 1;

	if (st->design != DESIGN_FACTORIAL)
		return false;
	for (size_t f = 0; f < st->n_factors; f++)
		cells *= st->factors[f].n_levels;
	return cells == st->n_points;
}

/* Bootstrap samples for a statistic of so much work each: a thousand, fewer where that takes long. */
static size_t resamples(size_t work)
{
	static const size_t most = 1000, least = 200, budget = 500000000;
	size_t n = work ? budget / work : most;

	return n > most ? most : n < least ? least : n;
}

/* A response at all points, in a new array. */
static double *means(const struct analysis *a, size_t response)
{
	double *y = calloc(a->study->n_points + 1, sizeof *y);

	for (size_t p = 0; y && p < a->study->n_points; p++)
		y[p] = analysis_point(a, p, response)->value.mean;
	return y;
}

static void add_indices(struct analysis *a, size_t response, enum effect_kind kind, const struct sobol_index *index)
{
	for (size_t f = 0; f < a->study->n_factors; f++)
		analysis_add(a, &(struct effect){ .kind = kind,
						  .response = response,
						  .factor = f,
						  .from_index = SIZE_MAX,
						  .to_index = SIZE_MAX,
						  .p = NAN,
						  .p_holm = NAN,
						  .estimate = kind == EFFECT_FIRST ? index[f].first : index[f].total });
}

static int sampled_indices(const struct analysis *a, size_t response, struct sobol_index *out)
{
	const struct study *st = a->study;
	size_t n = st->samples, k = st->n_factors;
	double *y = means(a, response);
	int status = -1;

	if (y)
		status = sobol_indices(y, y + n, y + 2 * n, n, k, resamples(n * (k + 2)), st->seed, st->precision.level,
				       out);
	free(y);
	return status;
}

/* Replications that all points have. */
static size_t common_replications(const struct analysis *a)
{
	size_t least = SIZE_MAX;

	for (size_t p = 0; p < a->study->n_points; p++) {
		size_t n = analysis_values(a, p, 0)->n;
		least = n < least ? n : least;
	}
	return least;
}

/* A point's cell in the grid: the first factor has the slowest digit. */
static size_t cell_of(const struct study *st, size_t point)
{
	size_t cell = 0;

	for (size_t f = 0; f < st->n_factors; f++)
		cell = cell * st->factors[f].n_levels + study_cell(st, point, f)->level;
	return cell;
}

static int grid_indices(const struct analysis *a, size_t response, size_t reps, struct sobol_index *out)
{
	const struct study *st = a->study;
	size_t k = st->n_factors;
	size_t *levels = calloc(k + 1, sizeof *levels);
	double *y = calloc(st->n_points * reps + 1, sizeof *y);
	int status = -1;

	if (levels && y) {
		for (size_t f = 0; f < k; f++)
			levels[f] = st->factors[f].n_levels;
		for (size_t p = 0; p < st->n_points; p++) {
			const double *from = analysis_values(a, p, response)->v;
			for (size_t r = 0; r < reps; r++)
				y[cell_of(st, p) * reps + r] = from[r];
		}
		status = anova_indices(y, levels, k, reps, resamples(st->n_points * (2 * k + reps)), st->seed,
				       st->precision.level, out);
	}
	free(levels);
	free(y);
	return status;
}

int analysis_indices(struct analysis *a)
{
	const struct study *st = a->study;
	bool sampled = st->design == DESIGN_SALTELLI && st->n_points == st->samples * (st->n_factors + 2);
	size_t reps = st->n_responses ? common_replications(a) : 0, k = st->n_factors;
	bool grid = k && is_grid(st) && st->n_points > 1 && st->n_points <= GRID_MAX && reps >= 2;
	struct sobol_index *all;
	int status = 0;

	if (!sampled && !grid)
		return 0;
	if (!(all = calloc(k * st->n_responses + 1, sizeof *all)))
		return -1;
	for (size_t r = 0; status == 0 && r < st->n_responses; r++)
		status = sampled ? sampled_indices(a, r, all + r * k) : grid_indices(a, r, reps, all + r * k);
	for (size_t r = 0; status == 0 && r < st->n_responses; r++)
		add_indices(a, r, EFFECT_FIRST, all + r * k);
	for (size_t r = 0; status == 0 && r < st->n_responses; r++)
		add_indices(a, r, EFFECT_TOTAL, all + r * k);
	free(all);
	return status;
}

/* A factor's place on a straight line at a point; NaN: none. */
static double abscissa(const struct study *st, size_t point, size_t factor)
{
	const struct factor *f = &st->factors[factor];
	const struct cell *c = study_cell(st, point, factor);

	if (f->n_levels == 0 || f->numeric)
		return f->log ? log(c->number) : c->number;
	return (double)c->level;
}

/* Whether a factor can be a column: names have no order unless there are two; what does not vary tells nothing. */
static bool is_column(const struct study *st, size_t factor, size_t rows)
{
	const struct factor *f = &st->factors[factor];
	bool varies = false;

	if (f->n_levels != 0 && !f->numeric && f->n_levels != 2)
		return false;
	for (size_t p = 1; p < rows && !varies; p++)
		varies = abscissa(st, p, factor) != abscissa(st, 0, factor);
	return varies;
}

/* The columns of a regression: which factors, and their values by rows. */
struct columns {
	size_t *factor, k, rows;
	double *x;
	struct interval *out;
};

static int columns_new(const struct study *st, size_t rows, struct columns *c)
{
	*c = (struct columns){ .rows = rows };
	c->factor = calloc(st->n_factors + 1, sizeof *c->factor);
	c->x = calloc(rows * st->n_factors + 1, sizeof *c->x);
	c->out = calloc(st->n_factors + 1, sizeof *c->out);
	if (!c->factor || !c->x || !c->out)
		return -1;
	for (size_t f = 0; f < st->n_factors; f++)
		if (is_column(st, f, rows))
			c->factor[c->k++] = f;
	for (size_t p = 0; p < rows; p++)
		for (size_t i = 0; i < c->k; i++)
			c->x[p * c->k + i] = abscissa(st, p, c->factor[i]);
	return 0;
}

static int add_regression(struct analysis *a, size_t response, const struct columns *c)
{
	double *y = means(a, response);

	if (!y)
		return -1;
	/* Too few rows, or factors that move together, have no line. */
	if (c->k && regression(c->x, y, c->rows, c->k, a->study->precision.level, c->out, &a->fit[response]) == 0)
		for (size_t i = 0; i < c->k; i++)
			analysis_add(a, &(struct effect){ .kind = EFFECT_REGRESSION,
							  .response = response,
							  .factor = c->factor[i],
							  .from_index = SIZE_MAX,
							  .to_index = SIZE_MAX,
							  .estimate = c->out[i],
							  .p = NAN,
							  .p_holm = NAN });
	else
		a->fit[response] = NAN;
	free(y);
	return 0;
}

int analysis_regressions(struct analysis *a)
{
	const struct study *st = a->study;
	bool matrices = st->design == DESIGN_SALTELLI && st->n_points == st->samples * (st->n_factors + 2);
	bool sampled = st->design == DESIGN_LATIN || st->design == DESIGN_SOBOL || matrices;
	struct columns c;
	int status;

	for (size_t r = 0; r < st->n_responses; r++)
		a->fit[r] = NAN;
	if (!sampled)
		return 0;
	status = columns_new(st, matrices ? 2 * st->samples : st->n_points, &c);
	for (size_t r = 0; status == 0 && r < st->n_responses; r++)
		status = add_regression(a, r, &c);
	free(c.factor);
	free(c.x);
	free(c.out);
	return status;
}
