/*
 * made - studies without files: factors written as lines, points from their design, values from a function.  For the tests of one
 * program; cmocka.h and what it needs come before it.
 */
#ifndef TESTS_UNIT_STUDY_MADE_H
#define TESTS_UNIT_STUDY_MADE_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/kernel/rng.h"
#include "sim/study/analysis.h"

struct made {
	struct study st; /* all in its arena */
	struct study_data data;
};

/* The value of a response in a replication at a point; NAN: it failed or had nothing to count. */
typedef double made_fn(const struct study *st, size_t point, size_t response, size_t rep);

static const struct kpi_def made_kpis[] = {
	{ "connectivity.delivery-ratio", "1", "messages delivered \u00f7 generated", NULL, KPI_HIGHER, false },
	{ "latency.p95", "s", "generation to acceptance", NULL, KPI_LOWER, false },
	{ "messages.generated", "1", "messages generated", NULL, KPI_NEITHER, false },
	{ "energy.battery-life", "yr", "usable capacity", NULL, KPI_HIGHER, false },
};
enum { DELIVERY, LATENCY, GENERATED, BATTERY };

/* "gateways: 3 6 9", "adr: off on", or a range "load: 1..10", "load: log 1..10". */
static void made_factor(struct study *st, struct factor *f, const char *line)
{
	char *text = arena_strdup(st->arena, line), *save, *word;

	*f = (struct factor){ .numeric = true };
	f->id = f->label = strtok_r(text, ": ", &save);
	f->levels = arena_alloc(st->arena, 64, sizeof *f->levels);
	f->numbers = arena_alloc(st->arena, 64, sizeof *f->numbers);
	f->paths = arena_alloc(st->arena, 1, sizeof *f->paths);
	f->n_paths = 1;
	while ((word = strtok_r(NULL, " ", &save))) {
		char *end, *dots = strstr(word, "..");
		if (strcmp(word, "log") == 0) {
			f->log = true;
		} else if (dots) {
			f->paths->from = strtod(word, NULL);
			f->paths->to = strtod(dots + 2, NULL);
		} else {
			f->numbers[f->n_levels] = strtod(word, &end);
			if (end == word) {
				f->numbers[f->n_levels] = NAN;
				f->numeric = false;
			}
			f->levels[f->n_levels++] = word;
		}
	}
}

static void made_cell(struct study *st, const struct factor *f, double place, struct cell *c)
{
	if (f->n_levels) {
		size_t level = design_level(place, f->n_levels);
		*c = (struct cell){ level, place, f->levels[level], f->numbers[level] };
		return;
	}
	double from = f->paths->from, to = f->paths->to;
	*c = (struct cell){ SIZE_MAX, place, NULL, f->log ? from * pow(to / from, place) : from + (to - from) * place };
	c->text = arena_printf(st->arena, "%g", c->number);
}

/* A study of factors, as lines up to NULL; samples of a sampled design; base: level of a star's centre of each factor. */
static struct made made_study(enum design design, const char *const *factors, size_t samples, size_t base)
{
	struct made m = { .st = { .design = design, .samples = samples, .seed = 5, .precision = { .level = 0.95 } } };
	struct study *st = &m.st;
	struct axis axes[8];

	st->arena = arena_new();
	st->factors = arena_alloc(st->arena, 8, sizeof *st->factors);
	for (; factors[st->n_factors]; st->n_factors++) {
		struct factor *f = &st->factors[st->n_factors];
		made_factor(st, f, factors[st->n_factors]);
		f->base = base;
		axes[st->n_factors] = (struct axis){ f->n_levels, f->n_levels ? design_place(base, f->n_levels) : 0 };
	}
	st->responses = arena_alloc(st->arena, 8, sizeof *st->responses);
	if (design != DESIGN_LIST) {
		const char *why;
		double *places = design_table(design, axes, st->n_factors, samples, 3, st->arena, &st->n_points, &why);
		assert_non_null(places);
		st->cells = arena_alloc(st->arena, st->n_points * st->n_factors, sizeof *st->cells);
		for (size_t i = 0; i < st->n_points * st->n_factors; i++)
			made_cell(st, &st->factors[i % st->n_factors], places[i], &st->cells[i]);
	}
	return m;
}

/* The points of a list: levels, point by point; ids may be NULL. */
static inline void made_points(struct made *m, size_t n, const size_t *levels, const char **ids)
{
	struct study *st = &m->st;

	st->n_points = n;
	st->point_ids = ids;
	st->cells = arena_alloc(st->arena, n * st->n_factors + 1, sizeof *st->cells);
	for (size_t i = 0; i < n * st->n_factors; i++) {
		const struct factor *f = &st->factors[i % st->n_factors];
		made_cell(st, f, design_place(levels[i], f->n_levels), &st->cells[i]);
	}
}

/* Take out points, as a constraint does. */
static inline void made_drop(struct made *m, bool (*drop)(const struct study *st, size_t point))
{
	struct study *st = &m->st;
	size_t kept = 0;

	for (size_t p = 0; p < st->n_points; p++)
		if (!drop(st, p))
			memmove(&st->cells[kept++ * st->n_factors], &st->cells[p * st->n_factors], st->n_factors * sizeof *st->cells);
	st->excluded = st->n_points - kept;
	st->n_points = kept;
}

static struct response *made_response(struct made *m, size_t kpi)
{
	struct response *r = &m->st.responses[m->st.n_responses++];

	*r = (struct response){ .id = made_kpis[kpi].name, .def = &made_kpis[kpi], .group = "all", .quantile = NAN };
	return r;
}

static inline void made_target(struct response *r, enum target_op op, double value)
{
	r->target = (struct target){ r->def->name, r->group, op, value, "", NULL };
}

/* Values of all points and responses, with as many replications at each point. */
static void made_values(struct made *m, made_fn *fn, size_t reps)
{
	struct study *st = &m->st;
	struct values *at = arena_alloc(st->arena, st->n_points * st->n_responses + 1, sizeof *at);

	st->replications = reps;
	m->data.at = at;
	m->data.done = arena_alloc(st->arena, st->n_points + 1, sizeof *m->data.done);
	m->data.failed = arena_alloc(st->arena, st->n_points + 1, sizeof *m->data.failed);
	for (size_t p = 0; p < st->n_points; p++) {
		m->data.done[p] = reps;
		for (size_t r = 0; r < st->n_responses; r++) {
			double *v = arena_alloc(st->arena, reps + 1, sizeof *v);
			for (size_t i = 0; i < reps; i++)
				v[i] = fn(st, p, r, i);
			at[p * st->n_responses + r] = (struct values){ v, reps };
		}
	}
}

/* Fewer replications at a point. */
static inline void made_cut(struct made *m, size_t point, size_t reps)
{
	m->data.done[point] = reps;
	for (size_t r = 0; r < m->st.n_responses; r++)
		m->data.at[point * m->st.n_responses + r].n = reps;
}

static inline void made_free(struct made *m)
{
	arena_free(m->st.arena);
}

/* A level, or a number, of a factor at a point. */
static inline size_t level(const struct study *st, size_t point, size_t factor)
{
	return study_cell(st, point, factor)->level;
}

static inline double number(const struct study *st, size_t point, size_t factor)
{
	return study_cell(st, point, factor)->number;
}

/* Independent noise of mean 0 and deviation 1 by its place: the same for equal arguments. */
static inline double noise(size_t a, size_t b)
{
	struct rng r = rng_stream(rng_key(a, b), 1, 0, 0);

	return rng_normal(&r);
}

/* The only effect of a kind, response, factor and level or point. */
static inline const struct effect *effect_of(const struct analysis *a, enum effect_kind kind, size_t response, size_t factor, size_t to)
{
	const struct effect *found = NULL;

	for (size_t i = 0; i < a->n_effects; i++) {
		const struct effect *e = &a->effects[i];
		if (e->kind == kind && e->response == response && e->factor == factor && e->to_index == to) {
			assert_null(found);
			found = e;
		}
	}
	return found;
}

static inline size_t count_effects(const struct analysis *a, enum effect_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_effects; i++)
		n += a->effects[i].kind == kind;
	return n;
}

#endif
