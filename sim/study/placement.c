#include "sim/study/placement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_siman.h>

#include "sim/kernel/rng.h"
#include "sim/study/search.h"

struct placer {
	const struct study      *st;
	const struct trials     *t;
	struct arena            *a;
	struct placement_result *r;
	size_t                   cap_seen;
	double                  *column, *other;
	size_t                   left;          /* sets that annealing may still look at */
	struct placement_set     best;
	bool                     failed;
};

size_t placement_replications(const struct study *st)
{
	return st->until_precise ? st->precision.floor : st->replications;
}

/* ---- sets ---- */

static const struct placement_set *find(const struct placer *p, uint64_t sites)
{
	for (size_t i = 0; i < p->r->evaluated; i++)
		if (p->r->seen[i].sites == sites)
			return &p->r->seen[i];
	return NULL;
}

static bool room(struct placer *p, size_t more)
{
	struct placement_result *r = p->r;

	if (r->evaluated + more <= p->cap_seen)
		return true;
	size_t cap = 2 * (r->evaluated + more);
	struct placement_set *grown = arena_alloc(p->a, cap, sizeof *grown);
	if (!grown)
		return false;
	if (r->evaluated)
		memcpy(grown, r->seen, r->evaluated * sizeof *grown);
	r->seen = grown;
	p->cap_seen = cap;
	return true;
}

static void values_of(const struct placer *p, uint64_t sites, size_t response, double *out)
{
	p->t->values(p->t->ctx, sites, response, p->r->replications, out);
}

static struct interval interval_at(const struct placer *p, uint64_t sites, size_t response)
{
	values_of(p, sites, response, p->column);
	return search_interval(&p->st->responses[response], p->column, p->r->replications, p->st->precision.level);
}

/* Look at n sets at once, which nobody has looked at yet. */
static bool evaluate(struct placer *p, const uint64_t *sets, size_t n)
{
	struct trial *asked = arena_alloc(p->a, n + 1, sizeof *asked);

	if (!asked || !room(p, n))
		return false;
	for (size_t i = 0; i < n; i++)
		asked[i] = (struct trial){ sets[i], p->r->replications };
	if (!p->t->run(p->t->ctx, asked, n))
		return false;
	for (size_t i = 0; i < n; i++)
		p->r->seen[p->r->evaluated++] =
			(struct placement_set){ sets[i], interval_at(p, sets[i], p->st->placement.response).mean };
	return true;
}

/* Whether a value is better than another; any is better than none. */
static bool better(const struct placer *p, double x, double y)
{
	if (isnan(x) || isnan(y))
		return isnan(y) && !isnan(x);
	return p->st->placement.maximise ? x > y : x < y;
}

static struct contrast contrast_of(const struct placer *p, uint64_t before, uint64_t after)
{
	values_of(p, before, p->st->placement.response, p->column);
	values_of(p, after, p->st->placement.response, p->other);
	return contrast_paired(p->column, p->other, p->r->replications, p->st->precision.level);
}

/* ---- greedy ---- */

/* Every site that is not chosen yet, with those that are. */
static bool add_best(struct placer *p, uint64_t chosen, struct placement_step *step)
{
	uint64_t sets[PLACEMENT_SITES_MAX] = { 0 };
	size_t sites[PLACEMENT_SITES_MAX] = { 0 }, n = 0, best = 0, second = SIZE_MAX;

	for (size_t i = 0; i < p->st->placement.n_sites; i++)
		if (!(chosen >> i & 1)) {
			sites[n] = i;
			sets[n++] = chosen | UINT64_C(1) << i;
		}
	if (!evaluate(p, sets, n))
		return false;
	for (size_t i = 1; i < n; i++) {
		double x = find(p, sets[i])->value;
		if (better(p, x, find(p, sets[best])->value)) {
			second = best;
			best = i;
		} else if (second == SIZE_MAX || better(p, x, find(p, sets[second])->value)) {
			second = i;
		}
	}
	*step = (struct placement_step){ .site = sites[best],
					 .sites = sets[best],
					 .value = interval_at(p, sets[best], p->st->placement.response),
					 .gain = { { NAN, NAN, NAN, 0 }, NAN },
					 .second = second == SIZE_MAX ? SIZE_MAX : sites[second],
					 .second_value = second == SIZE_MAX ? NAN : find(p, sets[second])->value };
	if (chosen)
		step->gain = contrast_of(p, chosen, sets[best]);
	return true;
}

static bool choose_greedily(struct placer *p)
{
	size_t k = p->st->placement.choose;
	uint64_t chosen = 0;

	p->r->steps = arena_alloc(p->a, k + 1, sizeof *p->r->steps);
	for (size_t i = 0; p->r->steps && i < k; i++) {
		if (!add_best(p, chosen, &p->r->steps[i]))
			return false;
		chosen = p->r->steps[i].sites;
	}
	p->r->by_greedy = p->r->evaluated;
	return p->r->steps != NULL;
}

/* ---- annealing ---- */

/* A configuration of GSL's. */
struct configuration { struct placer *p; uint64_t sites; };

/* Energy falls as the set gets better.  Sets beyond the bound are out of reach. */
static double energy(void *configuration)
{
	const struct configuration *c = configuration;
	struct placer *p = c->p;
	const struct placement_set *s = find(p, c->sites);

	if (!s && (p->failed || p->left == 0))
		return 1e30;
	if (!s) {
		p->left--;
		p->failed = !evaluate(p, &c->sites, 1);
		if (p->failed)
			return 1e30;
		s = find(p, c->sites);
	}
	if (better(p, s->value, p->best.value))
		p->best = *s;
	if (isnan(s->value))
		return 1e30;
	return p->st->placement.maximise ? -s->value : s->value;
}

/* The number of the n-th bit that is set, or not set. */
static unsigned nth(uint64_t sites, bool set, unsigned n)
{
	unsigned i = 0;

	for (;; i++)
		if ((bool)(sites >> i & 1) == set && n-- == 0)
			return i;
}

/* One chosen site for one that is not. */
static void swap_sites(const gsl_rng *g, void *configuration, double step)
{
	struct configuration *c = configuration;
	const struct placement *q = &c->p->st->placement;
	unsigned out = nth(c->sites, true, (unsigned)gsl_rng_uniform_int(g, q->choose));
	unsigned in = nth(c->sites, false, (unsigned)gsl_rng_uniform_int(g, q->n_sites - q->choose));

	(void)step;
	c->sites = (c->sites & ~(UINT64_C(1) << out)) | UINT64_C(1) << in;
}

static double distance(void *x, void *y)
{
	const struct configuration *a = x, *b = y;

	return __builtin_popcountll(a->sites ^ b->sites) / 2.0;
}

/* How warm: differences of the size of the last gain are taken as often as not at first. */
static double typical_gain(const struct placer *p)
{
	const struct placement_step *last = &p->r->steps[p->st->placement.choose - 1];
	double gain = fabs(last->gain.difference.mean), spread = fabs(last->value.mean - last->second_value);
	double size = fmax(isnan(gain) ? 0 : gain, isnan(spread) ? 0 : spread);

	return size > 0 ? size : fmax(1e-9, 1e-3 * fabs(last->value.mean));
}

/* As many moves as the bound has sets: some lead to sets that are known.  Ten temperatures, down to a hundredth. */
static bool anneal(struct placer *p)
{
	struct rng stream = rng_stream(rng_key(p->st->seed, 0), RNG_PURPOSE('p', 'l', 'a', 'c'), 0, 0);
	struct configuration c = { p, p->r->greedy.sites };
	double warm = typical_gain(p);
	gsl_rng g;

	if (p->st->placement.evaluations == 0)
		return true;
	p->left = p->st->placement.evaluations;
	rng_gsl(&g, &stream);
	gsl_siman_params_t params = { .n_tries = 1,
				      .iters_fixed_T = (int)(p->left / 10 + 1),
				      .step_size = 1,
				      .k = 1,
				      .t_initial = warm,
				      .mu_t = 1.6681,
				      .t_min = warm / 100 };
	gsl_siman_solve(&g, &c, energy, swap_sites, distance, NULL, NULL, NULL, NULL, sizeof c, params);
	return !p->failed;
}

/* ---- all of it ---- */

/* The values of a response in the replications that nothing was chosen by: the second half of twice as many. */
static const double *fresh(const struct placer *p, uint64_t sites, size_t response, double *out)
{
	p->t->values(p->t->ctx, sites, response, 2 * p->r->replications, out);
	return out + p->r->replications;
}

static struct interval fresh_interval(const struct placer *p, uint64_t sites, size_t response)
{
	return search_interval(&p->st->responses[response], fresh(p, sites, response, p->column), p->r->replications,
			       p->st->precision.level);
}

static bool conclude(struct placer *p)
{
	struct placement_result *r = p->r;
	size_t which = p->st->placement.response, n = r->replications;
	const struct trial again[] = { { r->greedy.sites, 2 * n }, { p->best.sites, 2 * n } };

	r->best = p->best;
	r->by_annealing = r->evaluated - r->by_greedy;
	r->improvement = (struct contrast){ { NAN, NAN, NAN, 0 }, NAN };
	r->responses = arena_alloc(p->a, p->st->n_responses + 1, sizeof *r->responses);
	if (!r->responses || !p->t->run(p->t->ctx, again, r->best.sites == r->greedy.sites ? 1 : 2))
		return false;
	r->greedy_interval = fresh_interval(p, r->greedy.sites, which);
	r->best_interval = fresh_interval(p, r->best.sites, which);
	if (r->best.sites != r->greedy.sites)
		r->improvement = contrast_paired(fresh(p, r->greedy.sites, which, p->column),
						 fresh(p, r->best.sites, which, p->other), n, p->st->precision.level);
	for (size_t i = 0; i < p->st->n_responses; i++)
		r->responses[i] = fresh_interval(p, r->best.sites, i);
	return true;
}

struct placement_result *placement_run(const struct study *st, const struct trials *t, struct arena *a)
{
	struct placer p = { .st = st, .t = t, .a = a, .r = arena_alloc(a, 1, sizeof *p.r) };
	size_t n = placement_replications(st);

	p.column = arena_alloc(a, 2 * n + 1, sizeof *p.column);
	p.other = arena_alloc(a, 2 * n + 1, sizeof *p.other);
	if (!p.r || !p.column || !p.other)
		return NULL;
	p.r->replications = n;
	if (!choose_greedily(&p))
		return NULL;
	p.r->greedy = p.best = *find(&p, p.r->steps[st->placement.choose - 1].sites);
	return anneal(&p) && conclude(&p) ? p.r : NULL;
}
