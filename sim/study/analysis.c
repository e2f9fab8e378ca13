#include <math.h>
#include <stdlib.h>

#include "sim/study/analysis_private.h"

const char *const effect_names[N_EFFECT_KINDS] = {
	[EFFECT_MAIN] = "main", [EFFECT_DIFFERENCE] = "difference", [EFFECT_FIRST] = "first-order",
	[EFFECT_TOTAL] = "total", [EFFECT_REGRESSION] = "regression",
};

static void judge_points(struct analysis *a)
{
	const struct study *st = a->study;

	for (size_t p = 0; p < st->n_points; p++)
		for (size_t r = 0; r < st->n_responses; r++) {
			const struct response *wanted = &st->responses[r];
			const struct values *x = analysis_values(a, p, r);
			struct point_result *to = analysis_point(a, p, r);
			double level = st->precision.level;

			if (isnan(wanted->quantile))
				to->value = interval_mean(x->v, x->n, level);
			else
				to->value = interval_quantile(x->v, x->n, wanted->quantile, level);
			double half = (to->value.high - to->value.low) / 2;
			to->precision = half == 0 ? 0 : half / fabs(to->value.mean);
			to->verdict = verdict_judge(&wanted->target, to->value.low, to->value.high);
		}
}

/* Holm over the tests of one kind and response, which follow each other. */
static int adjust(struct analysis *a)
{
	double *p = calloc(a->n_effects + 1, sizeof *p);
	int status = p ? 0 : -1;

	for (size_t from = 0, to; status == 0 && from < a->n_effects; from = to) {
		const struct effect *first = &a->effects[from], *e;
		for (to = from; to < a->n_effects; to++) {
			e = &a->effects[to];
			if (e->kind != first->kind || e->response != first->response)
				break;
			p[to - from] = e->p;
		}
		status = holm_adjust(p, to - from, p);
		for (size_t i = from; i < to; i++)
			a->effects[i].p_holm = p[i - from];
	}
	free(p);
	return status;
}

/* A point on the way along the front. */
struct spot { double x, y; size_t point; };

/* The best x first, of equal ones the best y; low is best. */
static int by_spot(const void *pa, const void *pb)
{
	const struct spot *a = pa, *b = pb;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	return a->point < b->point ? -1 : 1;
}

/* The responses of the fronts. */
static bool pair_responses(struct analysis *a)
{
	a->wanted = SIZE_MAX;
	a->fronts = arena_alloc(a->arena, FRONTS_MOST, sizeof *a->fronts);
	for (size_t r = 0; a->fronts && r < a->study->n_responses && a->n_fronts < FRONTS_MOST; r++) {
		if (a->study->responses[r].def->better == KPI_NEITHER)
			continue;
		if (a->wanted == SIZE_MAX)
			a->wanted = r;
		else
			a->fronts[a->n_fronts++] = (struct front){ .of = { a->wanted, r } };
	}
	return a->fronts != NULL;
}

/* at: room for all points. */
static bool find_front(const struct analysis *a, struct front *f, struct spot *at)
{
	const struct study *st = a->study;
	double sign[2], best = INFINITY;
	size_t n = 0;

	f->best = arena_alloc(a->arena, st->n_points, sizeof *f->best);
	if (!f->best)
		return false;
	for (size_t i = 0; i < 2; i++)
		sign[i] = st->responses[f->of[i]].def->better == KPI_HIGHER ? -1 : 1;
	for (size_t p = 0; p < st->n_points; p++) {
		double x = analysis_point(a, p, f->of[0])->value.mean, y = analysis_point(a, p, f->of[1])->value.mean;
		if (!isnan(x) && !isnan(y))
			at[n++] = (struct spot){ sign[0] * x, sign[1] * y, p };
	}
	qsort(at, n, sizeof *at, by_spot);
	/* What comes later is no better in x: it must be better in y than all before, or the same as the one that was. */
	for (size_t i = 0, last = 0; i < n; i++) {
		bool twin = i && at[i].x == at[last].x && at[i].y == at[last].y;
		if (!(at[i].y < best) && !twin)
			continue;
		best = at[i].y;
		last = i;
		f->best[at[i].point] = true;
	}
	return true;
}

int analysis_fronts(struct analysis *a)
{
	struct spot *at = calloc(a->study->n_points + 1, sizeof *at);
	bool ok = at && pair_responses(a);

	for (size_t i = 0; ok && i < a->n_fronts; i++)
		ok = find_front(a, &a->fronts[i], at);
	free(at);
	return ok ? 0 : -1;
}

/* Lines that there can be at most. */
static size_t room(const struct study *st)
{
	size_t each = st->n_points;

	for (size_t f = 0; f < st->n_factors; f++)
		each += st->factors[f].n_levels + 3; /* two indices and a coefficient */
	return each * st->n_responses;
}

struct analysis *analysis_new(const struct study *st, const struct study_data *data)
{
	struct arena *arena = arena_new();
	struct analysis *a = arena ? arena_alloc(arena, 1, sizeof *a) : NULL;

	if (!a) {
		arena_free(arena);
		return NULL;
	}
	*a = (struct analysis){ .study = st, .data = data, .arena = arena };
	a->points = arena_alloc(arena, st->n_points * st->n_responses, sizeof *a->points);
	a->effects = arena_alloc(arena, room(st), sizeof *a->effects);
	a->fit = arena_alloc(arena, st->n_responses, sizeof *a->fit);
	if (!a->points || !a->effects || !a->fit)
		goto fail;
	judge_points(a);
	if (analysis_main(a) || analysis_differences(a) || analysis_indices(a) || analysis_regressions(a) || adjust(a) ||
	    analysis_fronts(a))
		goto fail;
	return a;
fail:
	analysis_free(a);
	return NULL;
}

void analysis_free(struct analysis *a)
{
	if (a)
		arena_free(a->arena);
}
