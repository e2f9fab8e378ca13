#include "sim/study/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum phase { PHASE_ENDS, PHASE_PROBE, PHASE_BISECT, PHASE_OVER };

struct searcher {
	const struct study  *st;
	const struct trials *t;
	struct arena        *a;
	size_t               looks[SEARCH_LOOKS_MAX], n_looks;
	double               level;
	double              *column, *other;    /* values of a response */
};

size_t search_looks(const struct study *st, size_t looks[SEARCH_LOOKS_MAX], double *level)
{
	size_t ceiling = st->precision.ceiling, at = st->precision.floor, n = 0;

	if (!st->until_precise) {
		looks[n++] = st->replications;
	} else {
		for (; at < ceiling && n + 1 < SEARCH_LOOKS_MAX; at *= 2)
			looks[n++] = at;
		looks[n++] = ceiling;
	}
	*level = 1 - (1 - st->precision.level) / (double)n;
	return n;
}

struct interval search_interval(const struct response *r, const double *v, size_t n, double level)
{
	return isnan(r->quantile) ? interval_mean(v, n, level) : interval_quantile(v, n, r->quantile, level);
}

/* ---- the lines of a plan ---- */

static bool same_others(const struct study *st, size_t p, size_t q)
{
	for (size_t i = 0; i < st->n_factors; i++)
		if (i != st->plan.factor && study_cell(st, p, i)->level != study_cell(st, q, i)->level)
			return false;
	return true;
}

static bool cheaper(const struct study *st, uint64_t p, uint64_t q)
{
	double x = study_cell(st, p, st->plan.factor)->number, y = study_cell(st, q, st->plan.factor)->number;

	return st->plan.high ? x > y : x < y;
}

/* Points come in the order of the settings, or against it: a place is found from the end. */
static void add_point(const struct study *st, struct search_line *l, uint64_t *points, size_t point)
{
	size_t at = l->n++;

	for (; at > 0 && cheaper(st, point, points[at - 1]); at--)
		points[at] = points[at - 1];
	points[at] = point;
	l->points = points;
}

struct search_line *search_lines(const struct study *st, struct arena *a, size_t *n)
{
	size_t settings = st->factors[st->plan.factor].n_levels, most = st->n_points;
	struct search_line *lines = arena_alloc(a, most + 1, sizeof *lines);
	uint64_t **points = arena_alloc(a, most + 1, sizeof *points);

	*n = 0;
	for (size_t p = 0; lines && points && p < st->n_points; p++) {
		size_t i = *n;
		while (i > 0 && !same_others(st, lines[i - 1].points[0], p))
			i--;
		if (i == 0) {
			i = ++*n;
			lines[i - 1] = (struct search_line){ .n = 0 };
			points[i - 1] = arena_alloc(a, settings, sizeof **points);
			if (!points[i - 1])
				return NULL;
		}
		add_point(st, &lines[i - 1], points[i - 1], p);
	}
	return points ? lines : NULL;
}

/* ---- one setting ---- */

static bool open_step(struct searcher *s, struct search_line *l, size_t place)
{
	size_t k = s->st->n_responses;

	if (l->n_steps == l->cap_steps) {
		size_t cap = l->cap_steps ? 2 * l->cap_steps : 16;
		struct search_step *grown = arena_alloc(s->a, cap, sizeof *grown);
		if (!grown)
			return false;
		if (l->n_steps)
			memcpy(grown, l->steps, l->n_steps * sizeof *grown);
		l->steps = grown;
		l->cap_steps = cap;
	}
	struct search_step *x = &l->steps[l->n_steps++];
	*x = (struct search_step){ .place = place, .point = l->points[place], .verdict = VERDICT_UNDECIDED };
	x->values = arena_alloc(s->a, k + 1, sizeof *x->values);
	x->verdicts = arena_alloc(s->a, k + 1, sizeof *x->verdicts);
	return x->values && x->verdicts;
}

/* One target that is missed decides, and all that are met. */
static void judge(struct searcher *s, struct search_step *x)
{
	bool met = true, missed = false;

	for (size_t i = 0; i < s->st->n_responses; i++) {
		const struct response *r = &s->st->responses[i];
		s->t->values(s->t->ctx, x->point, i, x->replications, s->column);
		x->values[i] = search_interval(r, s->column, x->replications, s->level);
		x->verdicts[i] = verdict_judge(&r->target, x->values[i].low, x->values[i].high);
		met = met && (x->verdicts[i] == VERDICT_NONE || x->verdicts[i] == VERDICT_MET);
		missed = missed || x->verdicts[i] == VERDICT_MISSED;
	}
	x->verdict = missed ? VERDICT_MISSED : met ? VERDICT_MET : VERDICT_UNDECIDED;
	x->failure = s->t->failure ? s->t->failure(s->t->ctx, x->point) : NULL;
}

static size_t next_look(const struct searcher *s, const struct search_step *x)
{
	for (size_t i = 0; i < s->n_looks; i++)
		if (s->looks[i] > x->replications)
			return s->looks[i];
	return 0;
}

/* Whether the step needs no further look. */
static bool is_closed(const struct searcher *s, const struct search_step *x)
{
	return x->replications > 0 && (x->verdict != VERDICT_UNDECIDED || next_look(s, x) == 0);
}

/* ---- one line ---- */

static size_t step_at(const struct search_line *l, size_t place)
{
	for (size_t i = 0; i < l->n_steps; i++)
		if (l->steps[i].place == place)
			return i;
	return SIZE_MAX;
}

static bool met_at(const struct search_line *l, size_t place)
{
	return l->steps[step_at(l, place)].verdict == VERDICT_MET;
}

static bool finish(struct search_line *l, enum search_end end, size_t answer, size_t below)
{
	l->phase = PHASE_OVER;
	l->end = end;
	l->answer = answer == SIZE_MAX ? SIZE_MAX : step_at(l, answer);
	l->below = below == SIZE_MAX ? SIZE_MAX : step_at(l, below);
	return true;
}

static bool bisect(struct searcher *s, struct search_line *l)
{
	l->phase = PHASE_BISECT;
	if (l->hi - l->lo == 1)
		return finish(l, SEARCH_FOUND, l->hi, l->lo);
	return open_step(s, l, l->lo + (l->hi - l->lo) / 2);
}

/* The ends are decided. */
static bool after_ends(struct searcher *s, struct search_line *l)
{
	l->lo = 0;
	l->hi = l->n - 1;
	if (met_at(l, l->lo))
		return finish(l, SEARCH_CHEAPEST, l->lo, SIZE_MAX);
	if (l->n > 1 && met_at(l, l->hi))
		return bisect(s, l);
	/* Where dearer may be worse too, something in between may do all the same: one look tells most such cases. */
	if (l->n < 3)
		return finish(l, SEARCH_NONE, SIZE_MAX, SIZE_MAX);
	l->phase = PHASE_PROBE;
	return open_step(s, l, l->n / 2);
}

/* All open steps are decided: what is next.  false: memory is short. */
static bool advance(struct searcher *s, struct search_line *l)
{
	size_t place = l->steps[l->n_steps - 1].place;

	l->open = l->n_steps;
	switch (l->phase) {
	case PHASE_ENDS: return after_ends(s, l);
	case PHASE_PROBE:
		if (!met_at(l, place))
			return finish(l, SEARCH_NONE, SIZE_MAX, SIZE_MAX);
		l->hi = place;
		return bisect(s, l);
	default: *(met_at(l, place) ? &l->hi : &l->lo) = place; return bisect(s, l);
	}
}

/* ---- is dearer never worse? ---- */

/* How much better more of a response is, by its target: 1, or -1. */
static int direction(const struct target *t)
{
	return t->op == TARGET_GE || t->op == TARGET_GT ? 1 : -1;
}

static int by_place(const void *a, const void *b)
{
	const struct search_step *x = *(const struct search_step *const *)a, *y = *(const struct search_step *const *)b;

	return x->place < y->place ? -1 : x->place > y->place;
}

static void compare_neighbours(struct searcher *s, const struct search_line *l, const struct search_step *cheap,
			       const struct search_step *dear, struct search_break *out, double *p, size_t *n)
{
	size_t reps = cheap->replications < dear->replications ? cheap->replications : dear->replications;

	for (size_t i = 0; i < s->st->n_responses; i++) {
		if (s->st->responses[i].target.op == TARGET_NONE)
			continue;
		s->t->values(s->t->ctx, cheap->point, i, reps, s->column);
		s->t->values(s->t->ctx, dear->point, i, reps, s->other);
		out[*n] = (struct search_break){ i, (size_t)(cheap - l->steps), (size_t)(dear - l->steps),
						 contrast_paired(s->column, s->other, reps, s->st->precision.level), NAN };
		p[*n] = out[*n].contrast.p;
		++*n;
	}
}

static bool test_order(struct searcher *s, struct search_line *l)
{
	size_t most = l->n_steps * s->st->n_responses + 1, n = 0;
	const struct search_step **sorted = arena_alloc(s->a, l->n_steps + 1, sizeof *sorted);
	double *p = arena_alloc(s->a, most, sizeof *p);

	l->breaks = arena_alloc(s->a, most, sizeof *l->breaks);
	if (!sorted || !p || !l->breaks)
		return false;
	for (size_t i = 0; i < l->n_steps; i++)
		sorted[i] = &l->steps[i];
	qsort(sorted, l->n_steps, sizeof *sorted, by_place);
	for (size_t i = 0; i + 1 < l->n_steps; i++) {
		compare_neighbours(s, l, sorted[i], sorted[i + 1], l->breaks, p, &n);
		l->contradicted =
			l->contradicted || (sorted[i]->verdict == VERDICT_MET && sorted[i + 1]->verdict != VERDICT_MET);
	}
	if (holm_adjust(p, n, p) != 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct search_break *b = &l->breaks[i];
		b->p_holm = p[i];
		if (p[i] <= 1 - s->st->precision.level &&
		    direction(&s->st->responses[b->response].target) * b->contrast.difference.mean < 0)
			l->breaks[l->n_breaks++] = *b;
	}
	return true;
}

/* ---- all lines ---- */

static bool begin(struct searcher *s, struct search_line *lines, size_t n)
{
	size_t most = s->looks[s->n_looks - 1];

	s->column = arena_alloc(s->a, most + 1, sizeof *s->column);
	s->other = arena_alloc(s->a, most + 1, sizeof *s->other);
	for (size_t i = 0; i < n; i++) {
		struct search_line *l = &lines[i];
		*l = (struct search_line){
			.points = l->points, .n = l->n, .end = SEARCH_STOPPED, .answer = SIZE_MAX, .below = SIZE_MAX
		};
		if (!open_step(s, l, 0) || (l->n > 1 && !open_step(s, l, l->n - 1)))
			return false;
	}
	return s->column && s->other;
}

/* What every line wants to see now; how many. */
static size_t gather(const struct searcher *s, const struct search_line *lines, size_t n, struct trial *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = lines[i].open; lines[i].phase != PHASE_OVER && j < lines[i].n_steps; j++)
			if (!is_closed(s, &lines[i].steps[j]))
				out[k++] = (struct trial){ lines[i].steps[j].point, next_look(s, &lines[i].steps[j]) };
	return k;
}

/* After the trials: judge what was seen, and go on where all of a line is decided. */
static bool digest(struct searcher *s, struct search_line *l)
{
	bool all = true;

	if (l->phase == PHASE_OVER)
		return true;
	for (size_t j = l->open; j < l->n_steps; j++) {
		struct search_step *x = &l->steps[j];
		if (!is_closed(s, x)) {
			x->replications = next_look(s, x);
			judge(s, x);
		}
		all = all && is_closed(s, x);
	}
	return !all || advance(s, l);
}

bool search_run(const struct study *st, const struct trials *t, struct search_line *lines, size_t n, struct arena *a)
{
	struct searcher s = { .st = st, .t = t, .a = a };
	struct trial *asked = arena_alloc(a, 2 * n + 1, sizeof *asked);
	bool good = asked != NULL;
	size_t k;

	s.n_looks = search_looks(st, s.looks, &s.level);
	good = good && begin(&s, lines, n);
	while (good && (k = gather(&s, lines, n, asked)) > 0) {
		good = t->run(t->ctx, asked, k);
		for (size_t i = 0; good && i < n; i++)
			good = digest(&s, &lines[i]);
	}
	for (size_t i = 0; good && i < n; i++)
		good = test_order(&s, &lines[i]);
	return good;
}
