/*
 * The finding: a study in one paragraph.  Each sentence is built from what the analysis holds, and left out where it holds nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/value.h"
#include "sim/study/words_private.h"

enum { TOLD = 3 };                              /* responses that have a sentence */
static const double interaction = 0.1;          /* share of the variance from which it is worth a warning */
static const double most_replications = 10000;  /* that are named: beyond, nobody will run them */

/* false: no run has a result, of which there is nothing more to say. */
static bool put_run(const struct teller *t)
{
	const struct study_data *d = t->a->data;
	size_t n = t->st->n_points, least = SIZE_MAX, most = 0, runs = 0, failed = 0;

	for (size_t p = 0; p < n; p++) {
		size_t here = d->done[p] + d->failed[p];
		least = here < least ? here : least;
		most = here > most ? here : most;
		runs += here;
		failed += d->failed[p];
	}
	if (n == 1)
		fputs("One point ran ", t->f);
	else
		fprintf(t->f, "%zu points ran ", n);
	if (t->st->statistics == STATISTICS_BATCH_MEANS)
		fprintf(t->f, "once%s, in %zu batches", n == 1 ? "" : " each", t->st->batches);
	else if (n == 0 || least == most)
		fprintf(t->f, "with %zu replication%s%s", most, words_plural(most), n == 1 ? "" : " each");
	else
		fprintf(t->f, "with %zu to %zu replications each", least, most);
	if (n > 1)
		fprintf(t->f, ", %zu runs in all", runs);
	if (failed && failed == runs)
		fputs(runs == 1 ? ", and failed" : ", all of which failed", t->f);
	else if (failed)
		fprintf(t->f, ", of which %zu failed", failed);
	if (t->st->excluded)
		fprintf(t->f, "; constraints left out %zu point%s more", t->st->excluded, words_plural(t->st->excluded));
	fputs(".", t->f);
	return runs > failed;
}

/* ---- which points will do ---- */

/* What the targets of all responses say of a point: missed where one is, else undecided where one is. */
static enum verdict verdict_on(const struct teller *t, size_t point)
{
	enum verdict all = VERDICT_NONE;

	for (size_t r = 0; r < t->st->n_responses; r++) {
		enum verdict v = analysis_point(t->a, point, r)->verdict;
		if (v == VERDICT_MISSED)
			return v;
		if (v == VERDICT_UNDECIDED || (v == VERDICT_MET && all == VERDICT_NONE))
			all = v;
	}
	return all;
}

/* How many replications an undecided point would need: a half-width shrinks with the square root of their number, and must come
 * below the distance of the target.  NaN: there is no interval to tell it from. */
static double need_of(const struct teller *t, size_t point)
{
	double most = 0;

	for (size_t r = 0; r < t->st->n_responses; r++) {
		const struct point_result *x = analysis_point(t->a, point, r);
		if (x->verdict != VERDICT_UNDECIDED)
			continue;
		double distance = t->st->responses[r].target.value - x->value.mean;
		double half = distance < 0 ? x->value.mean - x->value.low : x->value.high - x->value.mean;
		double need = (double)x->value.n * (half / distance) * (half / distance);
		if (isnan(need))
			return NAN;
		most = fmax(most, need);
	}
	return most;
}

/* Rounded up to two figures: it is a rough number. */
static double roughly(double n)
{
	double unit = n > 100 ? pow(10, floor(log10(n)) - 1) : 1;

	return unit * ceil(n / unit - 1e-9);
}

/* Points by their verdict. */
struct count { size_t met, undecided, first; double least, most; };

static void put_need(const struct teller *t, const struct count *c)
{
	double from = roughly(c->least), to = roughly(c->most);
	const char *each = c->undecided > 1 ? " each" : "";

	if (!(c->most > 0))
		fputs(" for want of replications", t->f);
	else if (c->least > most_replications)
		fprintf(t->f, " and would need more than %.0f replications%s", most_replications, each);
	else if (c->most > most_replications)
		fprintf(t->f, " and would need some %.0f to more than %.0f replications%s", from, most_replications, each);
	else if (from == to)
		fprintf(t->f, " and would need some %.0f replications%s", from, each);
	else
		fprintf(t->f, " and would need some %.0f to %.0f replications%s", from, to, each);
}

static struct count count_verdicts(const struct teller *t)
{
	struct count c = { .first = SIZE_MAX, .least = INFINITY };

	for (size_t p = 0; p < t->st->n_points; p++) {
		enum verdict v = verdict_on(t, p);
		if (v == VERDICT_MET) {
			c.first = c.first == SIZE_MAX ? p : c.first;
			c.met++;
		} else if (v == VERDICT_UNDECIDED) {
			double need = need_of(t, p);
			c.undecided++;
			if (!isnan(need)) {
				c.least = fmin(c.least, need);
				c.most = fmax(c.most, need);
			}
		}
	}
	return c;
}

static void put_targets(const struct teller *t, size_t targets)
{
	struct count c = count_verdicts(t);
	const char *what = targets == 1 ? "the target" : "all targets";
	size_t n = t->st->n_points;

	if (n == 1 && c.undecided) {
		fprintf(t->f, " Whether it meets %s is undecided", what);
	} else if (n == 1) {
		fprintf(t->f, " It %s %s", c.met ? "meets" : targets == 1 ? "misses" : "does not meet", what);
	} else {
		if (c.met == 0)
			fprintf(t->f, " No point %s %s", c.undecided ? "is sure to meet" : "meets", what);
		else if (c.met == n)
			fprintf(t->f, " All points meet %s", what);
		else
			fprintf(t->f, " %zu of %zu points meet%s %s, the first of them %s", c.met, n, c.met == 1 ? "s" : "",
				what, words_point(t, c.first));
		if (c.undecided)
			fprintf(t->f,
				c.undecided == n   ? "; all are undecided"
				: c.undecided == 1 ? "; 1 is undecided"
						   : "; %zu are undecided",
				c.undecided);
	}
	if (c.undecided)
		put_need(t, &c);
	fputs(".", t->f);
}

/* Without targets: where the first response that is better one way was best, if that can be told from chance, and between what there
 * is a choice.  A study of sensitivities looks for no best point. */
static void put_best(const struct teller *t)
{
	const struct analysis *a = t->a;
	const struct front *f = a->n_fronts ? &a->fronts[0] : NULL;
	size_t r = a->wanted, low, high, best, front = 0;
	char name[WORDS], other[WORDS];

	if (r == SIZE_MAX || t->st->n_points < 2 || t->st->design == DESIGN_SALTELLI || !told_any(t, r) ||
	    !told_extremes(t, r, &low, &high))
		return;
	best = t->st->responses[r].def->better == KPI_HIGHER ? high : low;
	words_value_name(name, &t->st->responses[r]);
	fprintf(t->f, " %s was best at %s, ", words_begin(name), words_point(t, best));
	words_put_value(t, r, &analysis_point(a, best, r)->value);
	for (size_t p = 0; f && p < t->st->n_points; p++)
		front += f->best[p];
	if (front == 1)
		fprintf(t->f, "; no point was better in %s", words_value_name(other, &t->st->responses[f->of[1]]));
	if (front > 1)
		fprintf(t->f, "; %zu points are a choice between it and %s: no other was better in both", front,
			words_value_name(other, &t->st->responses[f->of[1]]));
	fputs(".", t->f);
}

/* ---- what to mind ---- */

/* What a factor does together with others, as a share of the variation of a response; 0 where that may be chance. */
static double together(const struct teller *t, size_t response, size_t factor)
{
	const struct effect *own = told_effect(t, EFFECT_FIRST, response, factor),
			    *all = told_effect(t, EFFECT_TOTAL, response, factor);
	double more;

	if (!own || !all)
		return 0;
	more = all->estimate.mean - own->estimate.mean;
	return more > interaction && all->estimate.low > own->estimate.mean ? more : 0;
}

/* "; what gateways do to ... depends on the other factors": of the response and factor where it is most. */
static bool put_interaction(const struct teller *t, size_t told)
{
	double most = 0;
	size_t response = 0, factor = 0;
	char name[WORDS];

	for (size_t r = 0; r < told; r++)
		for (size_t f = 0; f < t->st->n_factors; f++)
			if (together(t, r, f) > most) {
				most = together(t, r, f);
				response = r;
				factor = f;
			}
	if (most > 0)
		fprintf(t->f,
			" Mind that the effect of %s on %s depends on the other factors (%d %% of the variation is by their interaction)",
			t->st->factors[factor].label, words_value_name(name, &t->st->responses[response]),
			words_percent(most));
	return most > 0;
}

/* A level of a factor, and its effect against the reference. */
struct step { double number, low, high; size_t level; };

static int by_number(const void *pa, const void *pb)
{
	const struct step *a = pa, *b = pb;

	return (a->number > b->number) - (a->number < b->number);
}

/* The main effects of a factor on a response by its numbers, the reference with them; how many. */
static size_t steps_of(const struct teller *t, size_t response, size_t factor, struct step *steps)
{
	const struct factor *f = &t->st->factors[factor];
	size_t n = 0;

	for (size_t i = 0; i < t->a->n_effects; i++) {
		const struct effect *e = &t->a->effects[i];
		if (e->kind != EFFECT_MAIN || e->response != response || e->factor != factor || isnan(e->estimate.low))
			continue;
		if (n == 0)
			steps[n++] = (struct step){ f->numbers[e->from_index], 0, 0, e->from_index };
		steps[n++] = (struct step){ f->numbers[e->to_index], e->estimate.low, e->estimate.high, e->to_index };
	}
	qsort(steps, n, sizeof *steps, by_number);
	return n;
}

/* The step that lies surely above (sign 1) or below (-1) a step on either side of it: its interval is clear of both; the one that is
 * clear by most.  SIZE_MAX: none. */
static size_t turn_of(const struct step *steps, size_t n, double sign)
{
	size_t turn = SIZE_MAX;
	double before = INFINITY, clear = 0;

	for (size_t i = 0; i < n; i++) {
		double near = sign > 0 ? steps[i].low : -steps[i].high, far = sign > 0 ? steps[i].high : -steps[i].low,
		       after = INFINITY;
		for (size_t j = i + 1; j < n && near - before > clear; j++)
			after = fmin(after, sign > 0 ? steps[j].high : -steps[j].low);
		if (fmin(near - before, near - after) > clear) {
			clear = fmin(near - before, near - after);
			turn = i;
		}
		before = fmin(before, far);
	}
	return turn;
}

static bool put_turn(const struct teller *t, size_t response, size_t factor, struct step *steps, bool second)
{
	const struct factor *f = &t->st->factors[factor];
	size_t n = steps_of(t, response, factor, steps), peak = turn_of(steps, n, 1), dip = turn_of(steps, n, -1);
	char name[WORDS];

	if (peak == SIZE_MAX && dip == SIZE_MAX)
		return false;
	words_effect_name(name, &t->st->responses[response]);
	fprintf(t->f, "%s%s does not simply rise or fall with %s", second ? "; " : " ", second ? name : words_begin(name),
		f->label);
	if (peak == SIZE_MAX || dip == SIZE_MAX)
		fprintf(t->f, ", it %s at %s", dip == SIZE_MAX ? "peaks" : "is lowest",
			f->levels[steps[dip == SIZE_MAX ? peak : dip].level]);
	return true;
}

/* Of factors in numbers; one is enough. */
static bool put_turns(const struct teller *t, size_t told, bool second)
{
	bool found = false;

	for (size_t r = 0; r < told && !found; r++)
		for (size_t f = 0; f < t->st->n_factors && !found; f++) {
			const struct factor *x = &t->st->factors[f];
			struct step *steps = x->numeric ? calloc(x->n_levels + 1, sizeof *steps) : NULL;
			found = steps && put_turn(t, r, f, steps, second);
			free(steps);
		}
	return found;
}

static size_t count_targets(const struct study *st)
{
	size_t n = 0;

	for (size_t r = 0; r < st->n_responses; r++)
		n += st->responses[r].target.op != TARGET_NONE;
	return n;
}

static void put_paragraph(const struct teller *t)
{
	size_t told = t->st->n_responses < TOLD ? t->st->n_responses : TOLD, targets = count_targets(t->st);
	bool mind;

	if (!put_run(t))
		return;
	for (size_t r = 0; r < told; r++)
		told_response(t, r);
	if (targets)
		put_targets(t, targets);
	else
		put_best(t);
	mind = put_interaction(t, told);
	mind = put_turns(t, told, mind) || mind;
	fputs(mind ? "." : "", t->f);
}

/* A share by its declaration, unless a point says otherwise. */
static void find_shares(const struct analysis *a, bool *share)
{
	for (size_t r = 0; r < a->study->n_responses; r++) {
		share[r] = value_is_share(a->study->responses[r].def);
		for (size_t p = 0; p < a->study->n_points; p++) {
			double x = analysis_point(a, p, r)->value.mean;
			share[r] = share[r] && !(x < 0 || x > 1 + 1e-9);
		}
	}
}

const char *analysis_finding(struct analysis *a)
{
	bool *share = calloc(a->study->n_responses + 1, sizeof *share);
	char *text = NULL, *kept = NULL;
	size_t size;
	FILE *f = share ? open_memstream(&text, &size) : NULL;
	struct teller t = { a, a->study, f, a->study->precision.level, share };

	if (f) {
		find_shares(a, share);
		put_paragraph(&t);
		if (fclose(f) == 0)
			kept = arena_strdup(a->arena, text);
	}
	free(text);
	free(share);
	return kept;
}
