#include "sim/study/analysis.h"
#include <math.h>
const char *const effect_names[] = { "main", "difference", "first-order", "total", "regression" };
struct analysis *analysis_new(const struct study *st, const struct study_data *data)
{
	struct arena *ar = arena_new();
	struct analysis *a = arena_alloc(ar, 1, sizeof *a);
	*a = (struct analysis){ .study = st, .data = data, .arena = ar };
	a->points = arena_alloc(ar, st->n_points * st->n_responses + 1, sizeof *a->points);
	for (size_t i = 0; i < st->n_points * st->n_responses; i++) {
		a->points[i].value = interval_mean(data->at[i].v, data->at[i].n, st->precision.level);
		a->points[i].verdict = verdict_judge(&st->responses[i % st->n_responses].target, a->points[i].value.low,
						     a->points[i].value.high);
	}
	return a;
}
void analysis_free(struct analysis *a) { if (a) arena_free(a->arena); }
const char *analysis_finding(struct analysis *a)
{
	size_t done = 0;
	for (size_t i = 0; i < a->study->n_points; i++)
		done += a->data->done[i];
	return arena_printf(a->arena, "%zu points, %zu replications.", a->study->n_points, done);
}
