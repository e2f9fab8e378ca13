/* What a study's factors, points and responses are called and how their numbers are shown. */
#include "sim/output/study_show.h"

#include <math.h>
#include <string.h>

/* Larger and smaller units of what text.h does not scale since no KPI has it. */
static const struct {
	enum dimension dim;
	double from, factor;
	const char *unit;
} units[] = {
	{ DIM_LENGTH, 3e3, 1e-3, "km" },    { DIM_LENGTH, 0, 1, "m" },
	{ DIM_FREQUENCY, 1e6, 1e-6, "MHz" }, { DIM_FREQUENCY, 1e3, 1e-3, "kHz" },
	{ DIM_AREA, 1e6, 1e-6, "km\u00b2" }, { DIM_AREA, 0, 1, "m\u00b2" },
	{ DIM_RATE, 1, 1, "/s" },	     { DIM_RATE, 1.0 / 60, 60, "/min" },
	{ DIM_RATE, 1.0 / 3600, 3600, "/h" }, { DIM_RATE, 0, 86400, "/d" },
	{ DIM_CURRENT, 1, 1, "A" },	     { DIM_CURRENT, 1e-3, 1e3, "mA" },
	{ DIM_CURRENT, 0, 1e6, "\u00b5A" },
};

static struct scale scale_of_dimension(enum dimension dim, double most)
{
	if (dim == DIM_RATIO)
		return (struct scale){ 100, "%" };
	if (dim == DIM_NUMBER || dim == DIM_COUNT)
		return (struct scale){ 1, "" };
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].dim == dim && most >= units[i].from)
			return (struct scale){ units[i].factor, units[i].unit };
	return scale_of(dimension_unit(dim), most, false);
}

bool factor_is_range(const struct factor *f)
{
	return f->n_levels == 0 || (f->numeric && f->n_paths && !f->paths[0].values);
}

struct scale factor_scale(const struct study *st, size_t factor)
{
	const struct factor *f = &st->factors[factor];
	double most = 0;

	for (size_t i = 0; i < f->n_levels; i++)
		most = fmax(most, fabs(f->numbers[i]));
	for (size_t p = 0; f->n_levels == 0 && p < st->n_points; p++)
		most = fmax(most, fabs(study_cell(st, p, factor)->number));
	/* Of what spans many decades a middle unit. */
	if (f->log && f->n_paths && f->paths[0].from > 0 && f->paths[0].to > 0 && !f->paths[0].values)
		most = sqrt(f->paths[0].from * f->paths[0].to);
	return scale_of_dimension(f->dim, most);
}

static char *show_place(char *buf, size_t size, enum dimension dim, double x, const struct type_style *style)
{
	struct scale sc = scale_of_dimension(dim, fabs(x));
	char number[SHOWN];

	x *= sc.factor;
	int digits = x == round(x) ? 0 : digits_of(x, NAN, false);
	show_number(number, x, digits, style);
	snprintf(buf, size, "%s%s%s", number, *sc.unit ? style->gap : "", sc.unit);
	return buf;
}

char *show_level(char *buf, size_t size, const struct study *st, size_t factor, size_t level, const struct type_style *style)
{
	const struct factor *f = &st->factors[factor];

	if (factor_is_range(f))
		return show_place(buf, size, f->dim, f->numbers[level], style);
	snprintf(buf, size, "%s", f->levels[level]);
	return buf;
}

char *show_cell(char *buf, size_t size, const struct study *st, size_t point, size_t factor, const struct type_style *style)
{
	const struct cell *c = study_cell(st, point, factor);

	if (factor_is_range(&st->factors[factor]) && !isnan(c->number))
		return show_place(buf, size, st->factors[factor].dim, c->number, style);
	snprintf(buf, size, "%s", c->text);
	return buf;
}

char *show_point(char *buf, size_t size, const struct study *st, size_t point, const struct type_style *style)
{
	char cell[SHOWN];
	size_t at = 0;

	*buf = '\0';
	for (size_t i = 0; i < st->n_factors && at < size; i++) {
		int n = snprintf(buf + at, size - at, "%s%s", i ? ", " : "",
				 show_cell(cell, sizeof cell, st, point, i, style));
		at += n > 0 ? (size_t)n : 0;
	}
	if (st->n_factors == 0)
		snprintf(buf, size, "the scenario");
	return buf;
}

char *response_name(char *buf, size_t size, const struct response *r)
{
	char group[160];
	size_t at = (size_t)snprintf(buf, size, "%s", r->def->name);

	if (strcmp(r->group, "all") != 0 && at < size)
		at += (size_t)snprintf(buf + at, size - at, " of %s", show_group(group, sizeof group, r->group));
	if (!isnan(r->quantile) && at < size)
		snprintf(buf + at, size - at, ", %g %% quantile", 100 * r->quantile);
	return buf;
}

bool response_is_share(const struct study_view *v, size_t response)
{
	double least = NAN, most = NAN;

	for (size_t p = 0; p < v->st->n_points; p++) {
		least = fmin(least, point_at(v, p, response)->value.mean);
		most = fmax(most, point_at(v, p, response)->value.mean);
	}
	return is_share(v->st->responses[response].def, least, most);
}

struct scale response_scale(const struct study_view *v, size_t response)
{
	double most = 0;

	for (size_t p = 0; p < v->st->n_points; p++)
		most = fmax(most, fabs(point_at(v, p, response)->value.mean));
	return scale_of(v->st->responses[response].def->unit, most, response_is_share(v, response));
}

struct estimate point_estimate(const struct study_view *v, size_t point, size_t response)
{
	const struct interval *i = &point_at(v, point, response)->value;

	return (struct estimate){ .unit = v->st->responses[response].def->unit,
				  .share = response_is_share(v, response),
				  .mean = i->mean,
				  .low = i->low,
				  .high = i->high };
}

struct estimate effect_estimate(const struct study_view *v, const struct effect *e)
{
	const struct interval *i = &e->estimate;
	bool in_unit = e->kind == EFFECT_MAIN || e->kind == EFFECT_DIFFERENCE;

	/* Shares are estimates that chance may carry past 0 or 100 %: they are shown as they are, like differences. */
	if (e->kind == EFFECT_FIRST || e->kind == EFFECT_TOTAL)
		return (struct estimate){
			.unit = "%", .difference = true, .mean = 100 * i->mean, .low = 100 * i->low, .high = 100 * i->high
		};
	return (struct estimate){ .unit = in_unit ? v->st->responses[e->response].def->unit : "1",
				  .share = in_unit && response_is_share(v, e->response),
				  .difference = true,
				  .mean = i->mean,
				  .low = i->low,
				  .high = i->high };
}

char *show_axis(char *buf, size_t size, const char *what, const char *unit)
{
	snprintf(buf, size, *unit ? "%s (%s)" : "%s", what, unit);
	return buf;
}

struct verdicts response_verdicts(const struct study_view *v, size_t response)
{
	struct verdicts all = { 0 };

	for (size_t p = 0; p < v->st->n_points; p++)
		all.n[point_at(v, p, response)->verdict]++;
	return all;
}

static const struct { const char *name, *words; } designs[] = {
	[DESIGN_LIST] = { "list", "the points that the study names" },
	[DESIGN_FACTORIAL] = { "factorial", "every combination of the factors' levels" },
	[DESIGN_STAR] = { "star", "a base point, and one factor at a time away from it" },
	[DESIGN_LATIN] = { "Latin hypercube", "points spread at random, so that every part of every factor is hit" },
	[DESIGN_SOBOL] = { "Sobol sequence", "points spread evenly over all factors at once" },
	[DESIGN_SALTELLI] = { "Saltelli sample", "pairs of points from which the share of each factor follows" },
};

const char *design_name(const struct study *st)
{
	return designs[st->design].name;
}

const char *design_words(const struct study *st)
{
	return designs[st->design].words;
}

/* A share of next to nothing says nothing, however sure it is. */
static const char *share_words(const struct interval *i)
{
	if (i->low >= 0.01)
		return "sure";
	return i->high < 0.05 ? "next to nothing" : "may be chance";
}

/* Holm's p counts where there is one: it is the one that many comparisons are judged by. */
const char *effect_words(const struct study_view *v, const struct effect *e)
{
	double p = isnan(e->p_holm) ? e->p : e->p_holm, alpha = 1 - v->st->precision.level;

	if (isnan(p) && (isnan(e->estimate.low) || isnan(e->estimate.high)))
		return "";
	if (e->kind == EFFECT_FIRST || e->kind == EFFECT_TOTAL)
		return share_words(&e->estimate);
	if (isnan(p))
		return e->estimate.low > 0 || e->estimate.high < 0 ? "sure" : "not distinguishable";
	return p <= alpha ? "sure" : e->p <= alpha ? "likely" : "not distinguishable";
}
