/* Two sides against each other: contrasts, Holm's correction, changed inputs, the finding in words. */
#include "sim/output/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/text.h"
#include "sim/output/view.h"

static const double SURE = 0.001;

/* ---- what can be compared ---- */

static bool may_compare(const struct compare_side *a, const struct compare_side *b, const struct compare_options *opt, char *why)
{
	if (a->study != b->study)
		snprintf(why, OUTPUT_WHY, "%.200s is of a %s and %.200s of a %s: two runs, or two studies", a->dir,
			 a->study ? "study" : "run", b->dir, b->study ? "study" : "run");
	else if (a->study && strcmp(a->factors, b->factors) != 0)
		snprintf(why, OUTPUT_WHY, "the studies vary different factors: %.150s in %.60s, %.150s in %.60s",
			 a->factors, a->dir, b->factors, b->dir);
	else if (opt->confidence <= 0 && a->confidence != b->confidence)
		snprintf(why, OUTPUT_WHY,
			 "%.150s was run at %.6g %% confidence and %.150s at %.6g %%: choose one with --confidence", a->dir,
			 100 * a->confidence, b->dir, 100 * b->confidence);
	else
		return true;
	return false;
}

static bool same_sample(const struct compare_sample *x, const struct compare_sample *y)
{
	return strcmp(x->def->name, y->def->name) == 0 && strcmp(x->group, y->group) == 0 &&
	       strcmp(x->point, y->point) == 0;
}

/* Both sides report in nearly the same order: the one behind the last mostly is the one. */
static const struct compare_sample *find_sample(const struct compare_side *s, const struct compare_sample *x, size_t *guess)
{
	for (size_t k = 0; k < s->n_samples; k++) {
		size_t i = (*guess + k) % s->n_samples;
		if (same_sample(&s->samples[i], x)) {
			*guess = i + 1;
			return &s->samples[i];
		}
	}
	return NULL;
}

/* ---- contrasts ---- */

static struct interval relative_of(const struct interval *d, double base)
{
	double size = fabs(base);

	if (!(size > 0))
		return (struct interval){ NAN, NAN, NAN, d->n };
	return (struct interval){ d->mean / size, d->low / size, d->high / size, d->n };
}

static void fill_row(const struct comparison *c, struct compare_row *r)
{
	const struct compare_sample *a = r->a, *b = r->b;
	size_t n = a->n < b->n ? a->n : b->n;

	r->mean_a = interval_mean(a->v, c->paired ? n : a->n, c->level);
	r->mean_b = interval_mean(b->v, c->paired ? n : b->n, c->level);
	r->contrast = c->paired ? contrast_paired(a->v, b->v, n, c->level)
				: contrast_independent(a->v, a->n, b->v, b->n, c->level);
	r->relative = relative_of(&r->contrast.difference, r->mean_a.mean);
}

/* Of two KPIs of one name the share is told by all values of both sides, so that it is shown in one way. */
static void find_share(struct comparison *c, struct compare_row *r)
{
	double least = NAN, largest = NAN;

	for (size_t i = 0; i < c->n_rows; i++)
		if (strcmp(c->rows[i].a->def->name, r->a->def->name) == 0) {
			least = fmin(least, fmin(c->rows[i].mean_a.mean, c->rows[i].mean_b.mean));
			largest = fmax(largest, fmax(c->rows[i].mean_a.mean, c->rows[i].mean_b.mean));
		}
	r->share = is_share(r->a->def, least, largest);
}

static enum compare_way way_of(const struct comparison *c, const struct compare_row *r)
{
	double d = r->contrast.difference.mean;

	if (!(r->p_holm <= 1 - c->level))
		return COMPARE_SAME;
	switch (r->a->def->better) {
	case KPI_HIGHER: return d > 0 ? COMPARE_BETTER : COMPARE_WORSE;
	case KPI_LOWER: return d < 0 ? COMPARE_BETTER : COMPARE_WORSE;
	default: return COMPARE_OTHER;
	}
}

static bool same_values(const struct compare_sample *x, const struct compare_sample *y)
{
	return x->n == y->n && memcmp(x->v, y->v, x->n * sizeof *x->v) == 0;
}

/* Of a town with one class, all devices and those of the class are the same. */
static void find_same(struct comparison *c)
{
	for (size_t i = 0; i < c->n_rows; i++)
		for (size_t k = 0; k < i && !c->rows[i].same_as; k++) {
			const struct compare_row *x = &c->rows[k], *y = &c->rows[i];
			if (!x->same_as && x->a->def == y->a->def && strcmp(x->a->point, y->a->point) == 0 &&
			    same_values(x->a, y->a) && same_values(x->b, y->b))
				c->rows[i].same_as = x;
		}
	for (size_t i = 0; i < c->n_rows; i++)
		c->n_told += !c->rows[i].same_as;
}

static bool adjust(struct comparison *c)
{
	double *p = malloc((c->n_rows + 1) * sizeof *p);
	int rc = -1;

	for (size_t i = 0; p && i < c->n_rows; i++)
		p[i] = c->rows[i].same_as ? NAN : c->rows[i].contrast.p;
	if (p)
		rc = holm_adjust(p, c->n_rows, p);
	for (size_t i = 0; rc == 0 && i < c->n_rows; i++) {
		const struct compare_row *same = c->rows[i].same_as;
		c->rows[i].p_holm = p[same ? same - c->rows : (ptrdiff_t)i];
		c->rows[i].way = way_of(c, &c->rows[i]);
		c->n_way[c->rows[i].way] += !same;
		find_share(c, &c->rows[i]);
	}
	free(p);
	return rc == 0;
}

static bool is_compared(const struct comparison *c, const struct compare_sample *s)
{
	return c->all || !s->def->supporting;
}

static bool pair_up(struct comparison *c, struct arena *arena)
{
	const struct compare_side *sides[] = { c->a, c->b };
	size_t guess = 0;

	c->rows = arena_alloc(arena, c->a->n_samples + 1, sizeof *c->rows);
	for (int s = 0; s < 2; s++) {
		c->only[s] = arena_alloc(arena, sides[s]->n_samples + 1, sizeof *c->only[s]);
		if (!c->only[s])
			return false;
	}
	if (!c->rows)
		return false;
	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->n_samples; i++) {
			const struct compare_sample *x = &sides[s]->samples[i], *y;
			if (!is_compared(c, x))
				continue;
			y = find_sample(sides[1 - s], x, &guess);
			if (!y)
				c->only[s][c->n_only[s]++] = x;
			else if (s == 0)
				c->rows[c->n_rows++] = (struct compare_row){ .a = x, .b = y };
		}
	for (size_t i = 0; i < c->n_rows; i++)
		fill_row(c, &c->rows[i]);
	find_same(c);
	return adjust(c);
}

/* ---- what was changed ---- */

static const struct compare_input *find_input(const struct compare_side *s, const struct compare_input *x, size_t *guess)
{
	for (size_t k = 0; k < s->n_inputs; k++) {
		size_t i = (*guess + k) % s->n_inputs;
		const struct compare_input *y = &s->inputs[i];
		if (x->nth == y->nth && strcmp(x->attribute, y->attribute) == 0 && strcmp(x->element, y->element) == 0) {
			*guess = i + 1;
			return y;
		}
	}
	return NULL;
}

static bool differs(const struct compare_input *x, const struct compare_input *y)
{
	if (!x || !y) /* of an element that is not there the defaults are not there either */
		return (x ? x : y)->given && (x ? x : y)->value;
	if (x->derived || y->derived) /* follows from something else */
		return x->given != y->given;
	return !x->value != !y->value || (x->value && strcmp(x->value, y->value) != 0);
}

static bool find_changes(struct comparison *c, struct arena *arena)
{
	const struct compare_side *sides[] = { c->a, c->b };
	size_t guess = 0;

	for (int s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->n_inputs; i++) {
			const struct compare_input *x = &sides[s]->inputs[i], *y = find_input(sides[1 - s], x, &guess);
			if ((s == 1 && y) || !differs(x, y))
				continue;
			if (!view_room(arena, &c->changes, c->n_changes, &c->cap_changes, sizeof *c->changes))
				return false;
			c->changes[c->n_changes++] =
				(struct compare_change){ x->element, x->attribute, s == 0 ? x->value : NULL,
							 s == 0 ? (y ? y->value : NULL) : x->value };
		}
	return true;
}

struct comparison *compare_sides(const struct compare_side *a, const struct compare_side *b, const struct compare_options *opt,
				 struct arena *arena, bool *refused, char *why)
{
	struct comparison *c = arena_alloc(arena, 1, sizeof *c);

	*refused = !may_compare(a, b, opt, why);
	if (*refused)
		return NULL;
	if (c)
		*c = (struct comparison){ .a = a,
					  .b = b,
					  .paired = a->seed == b->seed,
					  .all = opt->all,
					  .level = opt->confidence > 0 ? opt->confidence : a->confidence };
	if (c && pair_up(c, arena) && find_changes(c, arena))
		return c;
	snprintf(why, OUTPUT_WHY, "out of memory");
	return NULL;
}

/* ---- in words ---- */

static const char *part(struct arena *a, const char *before, size_t n, const char *what)
{
	return n ? arena_printf(a, "%s%s%zu %s", before, *before ? ", " : "", n, what) : before;
}

static const char *how_compared(const struct comparison *c, struct arena *a)
{
	size_t n = c->a->replications < c->b->replications ? c->a->replications : c->b->replications;

	if (!c->paired)
		return arena_printf(
			a,
			"The two ran from different seeds (%llu and %llu) and are compared as independent samples: with one "
			"seed chance would cancel, and less would be enough to be told apart.",
			(unsigned long long)c->a->seed, (unsigned long long)c->b->seed);
	return arena_printf(a, "Both ran from seed %llu and are compared pair by pair, over %s%zu replication%s%s.",
			    (unsigned long long)c->a->seed, c->a->replications == c->b->replications ? "" : "the first ", n,
			    n == 1 ? "" : "s",
			    n < 2 ? ": with one there is chance in every difference and no way to tell how much" : "");
}

const char *compare_finding(const struct comparison *c, struct arena *a)
{
	size_t differ = c->n_told - c->n_way[COMPARE_SAME];
	const char *parts = "", *how = how_compared(c, a);
	const char *what = c->a->study ? "KPIs of points" : "KPIs";

	if (c->n_rows == 0)
		return arena_printf(a, "No KPI is on both sides.");
	parts = part(a, parts, c->n_way[COMPARE_BETTER], "got better");
	parts = parts ? part(a, parts, c->n_way[COMPARE_WORSE], "got worse") : NULL;
	parts = parts ? part(a, parts, c->n_way[COMPARE_OTHER], "changed without being better or worse") : NULL;
	if (!parts || !how)
		return NULL;
	if (differ == 0)
		return arena_printf(a, "Of %zu %s none differs, at %.4g %% confidence with Holm's correction. %s",
				    c->n_told, what, 100 * c->level, how);
	return arena_printf(a, "Of %zu %s %zu differ%s: %s (at %.4g %% confidence, with Holm's correction). %s", c->n_told,
			    what, differ, differ == 1 ? "s" : "", parts, 100 * c->level, how);
}

char *compare_sureness(char *buf, const struct compare_row *r)
{
	if (isnan(r->p_holm))
		snprintf(buf, SHOWN, "one replication");
	else if (r->way == COMPARE_SAME)
		snprintf(buf, SHOWN, "not distinguishable");
	else if (r->p_holm < SURE)
		snprintf(buf, SHOWN, "sure (p < 0.001)");
	else
		snprintf(buf, SHOWN, "probable (p = %.2g)", r->p_holm);
	return buf;
}

static double rank(const struct compare_row *r)
{
	double size = fabs(r->relative.mean);

	return (r->way == COMPARE_SAME ? 0 : 1e12) + (isnan(size) ? 0 : fmin(size, 1e11));
}

static int by_rank(const void *x, const void *y)
{
	const struct compare_row *a = *(const struct compare_row *const *)x, *b = *(const struct compare_row *const *)y;
	double p = rank(a), q = rank(b);

	if (p != q)
		return p > q ? -1 : 1;
	return a < b ? -1 : a > b;
}

const struct compare_row **compare_order(const struct comparison *c, struct arena *a, size_t *n)
{
	const struct compare_row **v = arena_alloc(a, c->n_rows + 1, sizeof *v);

	*n = 0;
	for (size_t i = 0; v && i < c->n_rows; i++)
		if (!c->rows[i].same_as && (c->all || c->rows[i].way != COMPARE_SAME))
			v[(*n)++] = &c->rows[i];
	if (v)
		qsort(v, *n, sizeof *v, by_rank);
	return v;
}
