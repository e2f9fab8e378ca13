/*
 * Effects as differences between points: common random numbers pair the replications of any two.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/rng.h"
#include "sim/study/analysis_private.h"

enum { REFERENCE_MAX = 200 }; /* points of a grid or star that are each compared with the first */

/* A point among those that differ from it in the factor at hand alone; others: a hash of its other levels. */
struct peer { uint64_t others; size_t level, point; };
struct peers {
	const struct study *st;
	size_t factor;
	struct peer *v;
};

/* Two points that differ in one factor. */
struct pair { uint32_t level, from, to; };
_Static_assert(DESIGN_POINTS_MAX < UINT32_MAX, "a point's number in a pair");

static uint64_t cell_key(const struct cell *c)
{
	uint64_t bits;

	if (c->level != SIZE_MAX)
		return c->level;
	memcpy(&bits, &c->place, sizeof bits);
	return ~bits;
}

/* Sums of these tell points apart as well as their levels do, and a factor is taken out of a sum by subtraction. */
static uint64_t cell_hash(const struct study *st, size_t point, size_t factor)
{
	return rng_mix(rng_mix(factor) ^ cell_key(study_cell(st, point, factor)));
}

static int by_others(const struct peers *p, const struct peer *a, const struct peer *b)
{
	if (a->others != b->others)
		return a->others < b->others ? -1 : 1;
	for (size_t f = 0; f < p->st->n_factors; f++) {
		uint64_t ka = cell_key(study_cell(p->st, a->point, f)), kb = cell_key(study_cell(p->st, b->point, f));
		if (f != p->factor && ka != kb)
			return ka < kb ? -1 : 1;
	}
	return 0;
}

static int by_peer(const void *pa, const void *pb, void *ctx)
{
	const struct peer *a = pa, *b = pb;
	int order = by_others(ctx, a, b);

	if (order == 0)
		order = (a->level > b->level) - (a->level < b->level);
	return order ? order : (a->point > b->point) - (a->point < b->point);
}

static int by_pair(const void *pa, const void *pb)
{
	const struct pair *a = pa, *b = pb;

	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

/* Which level the others are held against. */
static size_t reference_level(const struct study *st, size_t factor)
{
	return st->design == DESIGN_STAR ? st->factors[factor].base : 0;
}

/* All pairs of points that differ in the factor alone, from its reference level, by level and point.  all: hashes of the points'
 * levels.  Returns how many. */
static size_t find_pairs(struct peers *p, const uint64_t *all, struct pair *pairs)
{
	const struct study *st = p->st;
	size_t n = st->n_points, found = 0, reference = reference_level(st, p->factor);

	for (size_t i = 0; i < n; i++)
		p->v[i] = (struct peer){ all[i] - cell_hash(st, i, p->factor), study_cell(st, i, p->factor)->level, i };
	qsort_r(p->v, n, sizeof *p->v, by_peer, p);
	for (size_t from = 0, to; from < n; from = to) {
		size_t base = SIZE_MAX;
		for (to = from; to < n && by_others(p, &p->v[from], &p->v[to]) == 0; to++)
			if (base == SIZE_MAX && p->v[to].level == reference)
				base = p->v[to].point;
		/* Of points that a list names twice the first counts. */
		for (size_t i = from; i < to && base != SIZE_MAX; i++)
			if (p->v[i].level != reference && p->v[i].level != SIZE_MAX &&
			    (i == from || p->v[i].level != p->v[i - 1].level))
				pairs[found++] =
					(struct pair){ (uint32_t)p->v[i].level, (uint32_t)base, (uint32_t)p->v[i].point };
	}
	qsort(pairs, found, sizeof *pairs, by_pair);
	return found;
}

static size_t longest(const struct study_data *data, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (data->at[i].n > most)
			most = data->at[i].n;
	return most;
}

/* Replication means over the pairs of one level, from and to, as far as all pairs have them; a point without any value is as
 * good as left out by a constraint.  Returns the replications; *used: the pairs. */
static size_t average(const struct analysis *a, size_t response, const struct pair *pairs, size_t n, double *from, double *to,
		      size_t *used)
{
	size_t reps = SIZE_MAX;

	*used = 0;
	for (size_t i = 0; i < n; i++) {
		const struct values *x = analysis_values(a, pairs[i].from, response);
		const struct values *y = analysis_values(a, pairs[i].to, response);
		if (analysis_point(a, pairs[i].from, response)->value.n == 0 ||
		    analysis_point(a, pairs[i].to, response)->value.n == 0)
			continue;
		size_t both = x->n < y->n ? x->n : y->n;
		reps = both < reps ? both : reps;
		for (size_t r = 0; r < reps; r++) {
			from[r] = (*used ? from[r] : 0) + x->v[r];
			to[r] = (*used ? to[r] : 0) + y->v[r];
		}
		++*used;
	}
	for (size_t r = 0; *used && r < reps; r++) {
		from[r] /= (double)*used;
		to[r] /= (double)*used;
	}
	return *used ? reps : 0;
}

/* Pairs of a factor, by level: pairs[first[f]] to pairs[first[f + 1]] - 1. */
struct level_pairs {
	struct pair *pairs;
	size_t *first;
	double *from, *to;
};

static void add_level(struct analysis *a, size_t response, size_t factor, const struct pair *pairs, size_t n, struct level_pairs *plan)
{
	const struct factor *f = &a->study->factors[factor];
	size_t used, base = reference_level(a->study, factor);
	size_t reps = average(a, response, pairs, n, plan->from, plan->to, &used);

	if (used == 0)
		return;
	struct contrast c = contrast_paired(plan->from, plan->to, reps, a->study->precision.level);
	analysis_add(a, &(struct effect){ .kind = EFFECT_MAIN,
					  .response = response,
					  .factor = factor,
					  .from = f->levels[base],
					  .to = f->levels[pairs->level],
					  .from_index = base,
					  .to_index = pairs->level,
					  .estimate = c.difference,
					  .p = c.p,
					  .p_holm = NAN });
}

static void add_main(struct analysis *a, struct level_pairs *plan)
{
	const struct study *st = a->study;

	for (size_t r = 0; r < st->n_responses; r++)
		for (size_t f = 0; f < st->n_factors; f++)
			for (size_t i = plan->first[f], n; i < plan->first[f + 1]; i += n) {
				for (n = 1; i + n < plan->first[f + 1] && plan->pairs[i + n].level == plan->pairs[i].level;
				     n++)
					;
				add_level(a, r, f, &plan->pairs[i], n, plan);
			}
}

/* Every point is in one pair of a factor at most. */
static int plan_pairs(const struct study *st, struct level_pairs *plan)
{
	size_t n = st->n_points;
	uint64_t *all = calloc(n + 1, sizeof *all);
	struct peers p = { .st = st, .v = calloc(n + 1, sizeof *p.v) };

	plan->first = calloc(st->n_factors + 1, sizeof *plan->first);
	int status = all && p.v && plan->first ? 0 : -1;
	for (size_t i = 0; status == 0 && i < n; i++)
		for (size_t f = 0; f < st->n_factors; f++)
			all[i] += cell_hash(st, i, f);
	for (size_t f = 0; status == 0 && f < st->n_factors; f++) {
		struct pair *more = realloc(plan->pairs, (plan->first[f] + n + 1) * sizeof *more);
		if (!more) {
			status = -1;
			break;
		}
		plan->pairs = more;
		p.factor = f;
		plan->first[f + 1] = plan->first[f] + find_pairs(&p, all, more + plan->first[f]);
	}
	free(all);
	free(p.v);
	return status;
}

int analysis_main(struct analysis *a)
{
	const struct study *st = a->study;
	struct level_pairs plan = { 0 };
	int status;

	if (st->design != DESIGN_FACTORIAL && st->design != DESIGN_STAR && st->design != DESIGN_LIST)
		return 0;
	size_t most = longest(a->data, st->n_points * st->n_responses);
	plan.from = calloc(most + 1, sizeof *plan.from);
	plan.to = calloc(most + 1, sizeof *plan.to);
	status = plan.from && plan.to ? plan_pairs(st, &plan) : -1;
	if (status == 0)
		add_main(a, &plan);
	free(plan.from);
	free(plan.to);
	free(plan.pairs);
	free(plan.first);
	return status;
}

int analysis_differences(struct analysis *a)
{
	const struct study *st = a->study;
	bool grid = st->design == DESIGN_FACTORIAL || st->design == DESIGN_STAR;
	const char **names;

	if (st->design != DESIGN_LIST && !(grid && st->n_points <= REFERENCE_MAX))
		return 0;
	if (!(names = arena_alloc(a->arena, st->n_points, sizeof *names)))
		return -1;
	for (size_t p = 0; p < st->n_points; p++)
		if (!(names[p] = analysis_point_name(a, p)))
			return -1;
	for (size_t r = 0; r < st->n_responses; r++)
		for (size_t p = 1; p < st->n_points; p++) {
			const struct values *x = analysis_values(a, 0, r), *y = analysis_values(a, p, r);
			size_t reps = x->n < y->n ? x->n : y->n;
			if (analysis_point(a, 0, r)->value.n == 0 || analysis_point(a, p, r)->value.n == 0)
				continue;
			struct contrast c = contrast_paired(x->v, y->v, reps, st->precision.level);
			analysis_add(a, &(struct effect){ .kind = EFFECT_DIFFERENCE,
							  .response = r,
							  .factor = SIZE_MAX,
							  .from = names[0],
							  .to = names[p],
							  .from_index = 0,
							  .to_index = p,
							  .estimate = c.difference,
							  .p = c.p,
							  .p_holm = NAN });
		}
	return 0;
}

const char *analysis_point_name(struct analysis *a, size_t point)
{
	const struct study *st = a->study;
	char *name;
	size_t size = 1;

	if (st->point_ids && st->point_ids[point])
		return st->point_ids[point];
	for (size_t f = 0; f < st->n_factors; f++)
		size += strlen(st->factors[f].id) + strlen(study_cell(st, point, f)->text) + 3;
	if (!(name = arena_alloc(a->arena, size, 1)))
		return NULL;
	for (size_t f = 0; f < st->n_factors; f++) {
		strcat(name, f ? ", " : "");
		strcat(name, st->factors[f].id);
		strcat(name, "=");
		strcat(name, study_cell(st, point, f)->text);
	}
	return name;
}
