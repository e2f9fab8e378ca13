/*
 * What a response depends on, in a sentence that says no more than the analysis holds.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/study/words_private.h"

enum { NAMED = 3 };                     /* factors that are named one by one */
#define NO_FACTOR (SIZE_MAX - 1)        /* SIZE_MAX stands for a whole point */
static const double straight = 0.7;     /* R2 below which a line's coefficients say little: Saltelli et al. (2008) */

static bool is_lower(const struct teller *t, size_t response, size_t p, size_t q)
{
	return analysis_point(t->a, p, response)->value.mean < analysis_point(t->a, q, response)->value.mean;
}

/* The points where a response is least and greatest; false: no point has it. */
bool told_extremes(const struct teller *t, size_t response, size_t *low, size_t *high)
{
	*low = *high = SIZE_MAX;
	for (size_t p = 0; p < t->st->n_points; p++) {
		if (isnan(analysis_point(t->a, p, response)->value.mean))
			continue;
		*low = *low == SIZE_MAX || is_lower(t, response, p, *low) ? p : *low;
		*high = *high == SIZE_MAX || is_lower(t, response, *high, p) ? p : *high;
	}
	return *low != SIZE_MAX;
}

/* Whether an effect can be told from chance: by its test, or by its interval where it has none. */
static bool is_told(const struct teller *t, const struct effect *e)
{
	if (e->kind == EFFECT_MAIN || e->kind == EFFECT_DIFFERENCE)
		return e->p_holm <= 1 - t->level;
	return e->estimate.low > 0 || e->estimate.high < 0;
}

/* The largest effect of a kind on a response, but for those of one factor and of another, of all or of those that can be told from
 * chance; NULL: none. */
static const struct effect *largest_but(const struct teller *t, enum effect_kind kind, size_t response, size_t one, size_t other,
					bool told)
{
	const struct effect *best = NULL;

	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *e = &t->a->effects[i];
		if (e->kind != kind || e->response != response || isnan(e->estimate.mean) || (told && !is_told(t, e)))
			continue;
		if (e->factor != one && e->factor != other && (!best || fabs(e->estimate.mean) > fabs(best->estimate.mean)))
			best = e;
	}
	return best;
}

static const struct effect *largest(const struct teller *t, enum effect_kind kind, size_t response, bool told)
{
	return largest_but(t, kind, response, NO_FACTOR, NO_FACTOR, told);
}

/* Of each factor: does it have effects of a kind on a response, and can one be told from chance? */
struct told { bool any, one; };

static size_t tell_factors(const struct teller *t, enum effect_kind kind, size_t response, struct told *of)
{
	size_t untold = 0;

	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *e = &t->a->effects[i];
		if (e->kind == kind && e->response == response && !isnan(e->estimate.mean)) {
			of[e->factor].any = true;
			of[e->factor].one = of[e->factor].one || is_told(t, e);
		}
	}
	for (size_t f = 0; f < t->st->n_factors; f++)
		untold += of[f].any && !of[f].one;
	return untold;
}

/* "; the effects of adr and load are not distinguishable from chance". */
static void put_untold(const struct teller *t, enum effect_kind kind, size_t response)
{
	struct told *of = calloc(t->st->n_factors + 1, sizeof *of);
	size_t n = of ? tell_factors(t, kind, response, of) : 0, named = 0;

	if (n == 0) {
		free(of);
		return;
	}
	fprintf(t->f, "; the effect%s of ", words_plural(n));
	if (n > NAMED)
		fprintf(t->f, "%zu other factors", n);
	for (size_t f = 0; n <= NAMED && f < t->st->n_factors; f++)
		if (of[f].any && !of[f].one) {
			fprintf(t->f, "%s%s", named == 0 ? "" : named + 1 == n ? " and " : ", ", t->st->factors[f].label);
			named++;
		}
	fprintf(t->f, " %s not distinguishable from chance", n == 1 ? "is" : "are");
	free(of);
}

/* Factors that have effects of a kind on a response. */
static size_t factors_of(const struct teller *t, enum effect_kind kind, size_t response)
{
	size_t n = 0, last = SIZE_MAX;

	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *e = &t->a->effects[i];
		if (e->kind == kind && e->response == response && e->factor != last) {
			last = e->factor;
			n++;
		}
	}
	return n;
}

/* No effect can be told from chance. */
static void put_chance(const struct teller *t, const struct effect *e)
{
	char name[WORDS];

	words_effect_name(name, &t->st->responses[e->response]);
	if (e->estimate.mean == 0 && !(e->estimate.low < 0)) {
		fprintf(t->f, " Nothing that was varied changes %s.", name);
		return;
	}
	if (isnan(e->p))
		fprintf(t->f, " Without more replications no effect on %s can be told from chance: ", name);
	else
		fprintf(t->f, " No effect on %s is distinguishable from chance: ", name);
	fprintf(t->f, "the largest, of %s from %s to %s, is ", t->st->factors[e->factor].label, e->from, e->to);
	words_put_change(t, e);
	fputs(".", t->f);
}

/* "; with load from 1 to 2 it falls by ..."; nothing without an effect. */
static void put_next(const struct teller *t, const struct effect *next)
{
	if (!next)
		return;
	fprintf(t->f, "; with %s from %s to %s it %s by ", t->st->factors[next->factor].label, next->from, next->to,
		next->estimate.mean < 0 ? "falls" : "rises");
	words_put_change(t, next);
}

static void put_main(const struct teller *t, size_t response)
{
	const struct effect *e = largest(t, EFFECT_MAIN, response, true), *next;
	bool several = factors_of(t, EFFECT_MAIN, response) > 1;
	char name[WORDS];

	if (!e) {
		put_chance(t, largest(t, EFFECT_MAIN, response, false));
		return;
	}
	words_effect_name(name, &t->st->responses[response]);
	fprintf(t->f, " %s depends %son %s: from %s to %s it %s by ", words_begin(name), several ? "most " : "",
		t->st->factors[e->factor].label, e->from, e->to, e->estimate.mean < 0 ? "falls" : "rises");
	words_put_change(t, e);
	if (several && t->st->design == DESIGN_FACTORIAL)
		fputs(", on average over the other factors", t->f);
	if (several && t->st->design == DESIGN_STAR)
		fputs(", all else at its base", t->f);
	next = largest_but(t, EFFECT_MAIN, response, e->factor, NO_FACTOR, true);
	put_next(t, next);
	if (next && factors_of(t, EFFECT_MAIN, response) == 3) /* a third is soon read, more are for the table */
		put_next(t, largest_but(t, EFFECT_MAIN, response, e->factor, next->factor, true));
	put_untold(t, EFFECT_MAIN, response);
	fputs(".", t->f);
}

static void put_difference(const struct teller *t, size_t response)
{
	const struct effect *e = largest(t, EFFECT_DIFFERENCE, response, true),
			    *any = largest(t, EFFECT_DIFFERENCE, response, false);
	size_t alike = 0;
	char name[WORDS];

	words_effect_name(name, &t->st->responses[response]);
	if (!e) {
		fprintf(t->f, " In %s no point is distinguishable from %s%s.", name, words_point(t, any->from_index),
			isnan(any->p) ? " without more replications" : "");
		return;
	}
	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *o = &t->a->effects[i];
		alike += o->kind == EFFECT_DIFFERENCE && o->response == response && !is_told(t, o);
	}
	fprintf(t->f, " Compared with %s, %s differs %sat %s: it is %s by ", words_point(t, e->from_index), name,
		t->st->n_points > 2 ? "most " : "", words_point(t, e->to_index), e->estimate.mean < 0 ? "lower" : "higher");
	words_put_change(t, e);
	if (alike)
		fprintf(t->f, "; %zu other point%s %s not distinguishable", alike, words_plural(alike),
			alike == 1 ? "is" : "are");
	fputs(".", t->f);
}

const struct effect *told_effect(const struct teller *t, enum effect_kind kind, size_t response, size_t factor)
{
	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *e = &t->a->effects[i];
		if (e->kind == kind && e->response == response && e->factor == factor)
			return e;
	}
	return NULL;
}

/* Which way a response goes, by the sign of a regression coefficient. */
static void put_direction(const struct teller *t, const struct effect *e)
{
	const struct factor *f = &t->st->factors[e->factor];
	bool down = e->estimate.mean < 0;

	if (f->n_levels && !f->numeric)
		fprintf(t->f, "it is %s at %s than at %s", down ? "lower" : "higher", f->levels[1], f->levels[0]);
	else
		fprintf(t->f, "it %s as that grows", down ? "falls" : "rises");
}

static void put_shares(const struct teller *t, size_t response)
{
	const struct effect *e = largest(t, EFFECT_TOTAL, response, false), *own, *slope;
	char name[WORDS];

	words_value_name(name, &t->st->responses[response]);
	if (!e) {
		fprintf(t->f, " %s does not vary.", words_begin(name));
		return;
	}
	own = told_effect(t, EFFECT_FIRST, response, e->factor);
	fprintf(t->f,
		" %s depends most on %s, which explains %d %% of its variation by itself and %d %% with its interactions",
		words_begin(name), t->st->factors[e->factor].label, words_percent(own->estimate.mean),
		words_percent(e->estimate.mean));
	if (!isnan(e->estimate.low))
		fprintf(t->f, " (%g %% interval %d to %d)", 100 * t->level, words_percent(e->estimate.low),
			words_percent(e->estimate.high));
	slope = told_effect(t, EFFECT_REGRESSION, response, e->factor);
	if (slope && is_told(t, slope)) {
		fputs("; ", t->f);
		put_direction(t, slope);
	}
	fputs(".", t->f);
}

static void put_regression(const struct teller *t, size_t response)
{
	const struct effect *e = largest(t, EFFECT_REGRESSION, response, true);
	bool several = factors_of(t, EFFECT_REGRESSION, response) > 1;
	char name[WORDS];

	words_value_name(name, &t->st->responses[response]);
	if (isnan(t->a->fit[response])) {
		fprintf(t->f, " %s does not vary.", words_begin(name));
		return;
	}
	if (!e) {
		fprintf(t->f, " No effect on %s is distinguishable from chance.", name);
		return;
	}
	fprintf(t->f, " %s depends %son %s: ", words_begin(name), several ? "most " : "", t->st->factors[e->factor].label);
	put_direction(t, e);
	fprintf(t->f, " (standardised coefficient %.2f, %g %% interval %.2f to %.2f)", e->estimate.mean, 100 * t->level,
		e->estimate.low, e->estimate.high);
	if (t->a->fit[response] < straight)
		fprintf(t->f, ", though straight lines explain only %d %% of its variation",
			words_percent(t->a->fit[response]));
	put_untold(t, EFFECT_REGRESSION, response);
	fputs(".", t->f);
}

bool told_any(const struct teller *t, size_t response)
{
	return largest(t, EFFECT_MAIN, response, true) || largest(t, EFFECT_DIFFERENCE, response, true) ||
	       largest(t, EFFECT_REGRESSION, response, true);
}

void told_response(const struct teller *t, size_t response)
{
	size_t low, high;
	char name[WORDS];

	words_value_name(name, &t->st->responses[response]);
	if (!told_extremes(t, response, &low, &high)) {
		fprintf(t->f, " %s had nothing to count.", words_begin(name));
	} else if (t->st->n_points == 1) {
		fprintf(t->f, " %s is ", words_begin(name));
		words_put_value(t, response, &analysis_point(t->a, 0, response)->value);
		fputs(".", t->f);
	} else if (t->st->design == DESIGN_LIST && largest(t, EFFECT_DIFFERENCE, response, false)) {
		put_difference(t, response);
	} else if (largest(t, EFFECT_MAIN, response, false)) {
		put_main(t, response);
	} else if (t->st->design == DESIGN_SALTELLI && factors_of(t, EFFECT_TOTAL, response)) {
		put_shares(t, response);
	} else if (factors_of(t, EFFECT_REGRESSION, response)) {
		put_regression(t, response);
	} else {
		fprintf(t->f, " %s lies between ", words_begin(name));
		words_put_value(t, response, &analysis_point(t->a, low, response)->value);
		fprintf(t->f, " at %s and ", words_point(t, low));
		words_put_value(t, response, &analysis_point(t->a, high, response)->value);
		fprintf(t->f, " at %s.", words_point(t, high));
	}
}
