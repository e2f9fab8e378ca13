/* summary.txt, and what the terminal shows at the end of a study: the finding, the targets, the points, what moves most, failures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_show.h"

enum { WIDTH = 100, ROWS_MOST = 40, FACTOR_MOST = 24, NAME_MOST = 30, EFFECTS_MOST = 8, FAILURES_MOST = 5, CELL = 2 * SHOWN + 32 };

static void heading(FILE *f, const char *title)
{
	fprintf(f, "\n%s\n", title);
	for (size_t i = 0; i < text_width(title); i++)
		fputc('-', f);
	fputc('\n', f);
}

static void put_blanks(FILE *f, size_t n)
{
	for (; n; n--)
		fputc(' ', f);
}

/* ---- targets ---- */

static void put_targets(const struct study_view *v, FILE *f)
{
	char name[256];
	bool any = false;

	for (size_t r = 0; r < v->st->n_responses; r++) {
		const struct response *resp = &v->st->responses[r];
		struct verdicts n = response_verdicts(v, r);
		if (resp->target.op == TARGET_NONE)
			continue;
		if (!any)
			heading(f, "Targets");
		any = true;
		fprintf(f, "  %s %s: met at %zu of %zu points, missed at %zu, undecided at %zu\n",
			response_name(name, sizeof name, resp), resp->target.text, n.n[VERDICT_MET], v->st->n_points,
			n.n[VERDICT_MISSED], n.n[VERDICT_UNDECIDED]);
	}
}

/* ---- points ---- */

/* The table: a column of point numbers, of each factor, of each response. */
struct table { const struct study_view *v; size_t rows, columns, *widths; };

static bool is_number_column(const struct table *t, size_t column)
{
	return column == 0 || column > t->v->st->n_factors;
}

/* With half the interval, or all of it where it need not lie evenly about the value. */
static void put_mean(char *buf, const struct study_view *v, size_t point, size_t response)
{
	struct estimate e = point_estimate(v, point, response);
	enum verdict verdict = point_at(v, point, response)->verdict;
	bool even = isnan(v->st->responses[response].quantile);
	char mean[SHOWN], range[SHOWN];

	if (isnan(e.mean)) {
		strcpy(buf, "-");
		return;
	}
	show_estimate(mean, &e, &plain_style);
	if (even)
		show_margin(range, &e, &plain_style);
	else
		show_bounds(range, &e, &plain_style);
	/* The verdict first, so that numbers stand below each other. */
	snprintf(buf, CELL, "%s%s%s%s%s%s", verdict_name(verdict), verdict == VERDICT_NONE ? "" : " ", mean,
		 !*range ? ""
		 : even  ? " \u00b1 "
			 : " (",
		 range, *range && !even ? ")" : "");
}

/* A KPI without the part that it belongs to: there is little room. */
static const char *without_part(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot ? dot + 1 : name;
}

/* row SIZE_MAX: the column's name. */
static char *cell_of(const struct table *t, size_t row, size_t column, char buf[CELL])
{
	const struct study *st = t->v->st;
	size_t response = column - 1 - st->n_factors;
	char text[256];

	if (column == 0 && row == SIZE_MAX)
		return strcpy(buf, "#");
	if (column == 0)
		snprintf(buf, CELL, "%zu", row);
	else if (column <= st->n_factors)
		shorten(buf, CELL,
			row == SIZE_MAX ? st->factors[column - 1].id
					: show_cell(text, sizeof text, st, row, column - 1, &plain_style),
			FACTOR_MOST);
	else if (row == SIZE_MAX)
		shorten(buf, CELL, without_part(response_name(text, sizeof text, &st->responses[response])), NAME_MOST);
	else
		put_mean(buf, t->v, row, response);
	return buf;
}

static void put_row(const struct table *t, size_t row, size_t first, size_t last, FILE *f)
{
	char cell[CELL];

	fputs("  ", f);
	for (size_t c = 0; c < last; c++) {
		if (c > t->v->st->n_factors && c < first)
			continue;
		cell_of(t, row, c, cell);
		size_t blanks = t->widths[c] - text_width(cell);
		if (is_number_column(t, c))
			put_blanks(f, blanks);
		fputs(cell, f);
		if (c + 1 < last)
			put_blanks(f, (is_number_column(t, c) ? 0 : blanks) + 2);
	}
	fputc('\n', f);
}

/* As many responses beside each other as a line holds, the rest below. */
static void put_points(const struct study_view *v, FILE *f)
{
	const struct study *st = v->st;
	struct table t = { v, st->n_points < ROWS_MOST ? st->n_points : ROWS_MOST, 1 + st->n_factors + st->n_responses,
			   NULL };
	size_t first = 1 + st->n_factors, left = 2;
	char cell[CELL];

	t.widths = calloc(t.columns, sizeof *t.widths);
	if (!t.widths)
		return;
	for (size_t c = 0; c < t.columns; c++)
		for (size_t row = 0; row <= t.rows; row++) {
			size_t wide = text_width(cell_of(&t, row < t.rows ? row : SIZE_MAX, c, cell));
			t.widths[c] = wide > t.widths[c] ? wide : t.widths[c];
		}
	for (size_t c = 0; c < first; c++)
		left += t.widths[c] + 2;
	heading(f, "Points");
	for (size_t from = first, to; from < t.columns; from = to) {
		size_t wide = left;
		for (to = from; to < t.columns && (to == from || wide + t.widths[to] <= WIDTH); to++)
			wide += t.widths[to] + 2;
		fputs(from > first ? "\n" : "", f);
		put_row(&t, SIZE_MAX, from, to, f);
		for (size_t row = 0; row < t.rows; row++)
			put_row(&t, row, from, to, f);
	}
	if (t.rows < st->n_points)
		fprintf(f, "  ... and %zu more points in points.csv\n", st->n_points - t.rows);
	free(t.widths);
}

/* ---- effects ---- */

/* How far an effect is from chance: the half-widths that it is away from 0; shares by their size. */
static double strength(const struct effect *e)
{
	double half = (e->estimate.high - e->estimate.low) / 2;

	if (e->kind == EFFECT_FIRST || e->kind == EFFECT_TOTAL)
		return e->estimate.mean;
	return half > 0 ? fabs(e->estimate.mean) / half : 0;
}

static bool is_told(const struct study_view *v, const struct effect *e)
{
	enum effect_kind kind = v->st->design == DESIGN_LIST                                     ? EFFECT_DIFFERENCE
				: v->st->design == DESIGN_SALTELLI                               ? EFFECT_TOTAL
				: v->st->design == DESIGN_LATIN || v->st->design == DESIGN_SOBOL ? EFFECT_REGRESSION
												 : EFFECT_MAIN;

	return e->kind == kind && !isnan(e->estimate.mean) && strcmp(effect_words(v, e), "sure") == 0;
}

static void put_effect(const struct study_view *v, const struct effect *e, FILE *f)
{
	const struct study *st = v->st;
	struct estimate x = effect_estimate(v, e);
	char line[900], value[SHOWN], bounds[SHOWN], name[256], from[160] = "", to[160] = "", factor[160] = "";

	if (e->factor != SIZE_MAX) {
		snprintf(factor, sizeof factor, "%s", st->factors[e->factor].label);
		if (e->from_index != SIZE_MAX && e->to_index != SIZE_MAX) {
			show_level(from, sizeof from, st, e->factor, e->from_index, &plain_style);
			show_level(to, sizeof to, st, e->factor, e->to_index, &plain_style);
		}
	} else {
		show_point(from, sizeof from, st, e->from_index, &plain_style);
		show_point(to, sizeof to, st, e->to_index, &plain_style);
	}
	show_estimate(value, &x, &plain_style);
	show_bounds(bounds, &x, &plain_style);
	snprintf(line, sizeof line, "%s: %s%s%s%s%s %s%s%s%s%s%s",
		 response_name(name, sizeof name, &st->responses[e->response]), factor, *factor && *from ? " " : "", from,
		 *from ? " -> " : "", to, e->kind == EFFECT_TOTAL ? "with interactions " : "",
		 e->kind != EFFECT_TOTAL && e->estimate.mean > 0 ? "+" : "", value, *bounds ? " (" : "", bounds,
		 *bounds ? ")" : "");
	fputs("  ", f);
	put_wrapped(f, line, 2, WIDTH);
}

static void put_effects(const struct study_view *v, FILE *f)
{
	const struct analysis *a = v->a;
	double below = INFINITY;
	size_t below_index = 0;

	for (size_t shown = 0; shown < EFFECTS_MOST; shown++) {
		const struct effect *best = NULL;
		for (size_t i = 0; i < a->n_effects; i++) {
			const struct effect *e = &a->effects[i];
			bool later = strength(e) < below || (strength(e) == below && i > below_index);
			if (is_told(v, e) && later && (!best || strength(e) > strength(best)))
				best = e;
		}
		if (!best)
			return;
		if (shown == 0)
			heading(f, "What moves most, and is sure");
		put_effect(v, best, f);
		below = strength(best);
		below_index = (size_t)(best - a->effects);
	}
}

/* ---- failures ---- */

static void put_failures(const struct study_view *v, FILE *f)
{
	size_t n = 0;
	char line[700], name[160];

	for (size_t p = 0; p < v->st->n_points; p++) {
		if (!v->failures[p] || n++ >= FAILURES_MOST)
			continue;
		if (n == 1)
			heading(f, "Failures");
		show_point(name, sizeof name, v->st, p, &plain_style);
		snprintf(line, sizeof line, "point %zu (%s): %.400s", p, name, v->failures[p]);
		fputs("  ", f);
		put_wrapped(f, line, 2, WIDTH);
	}
	if (n > FAILURES_MOST)
		fprintf(f, "  ... and at %zu more points: points.csv tells why\n", n - FAILURES_MOST);
}

int study_output_summary(const struct study_view *v, FILE *f)
{
	const struct study *st = v->st;
	char level[SHOWN];

	fprintf(f, "%s\n", *st->title ? st->title : st->doc->path);
	for (size_t i = 0; i < WIDTH; i++)
		fputc('=', f);
	fputc('\n', f);
	if (!v->complete)
		fputs("NOT FINISHED: sccsim study --resume goes on with it; the figures are of what is done.\n", f);
	put_wrapped(f, v->finding, 0, WIDTH);
	put_targets(v, f);
	put_points(v, f);
	put_effects(v, f);
	put_failures(v, f);
	fprintf(f,
		"\nIntervals of %s %% confidence. points.csv, effects.csv and kpi.csv hold all figures, report.html the pictures.\n",
		show_number(level, 100 * st->precision.level, digits_of(100 * st->precision.level, NAN, false),
			    &plain_style));
	return 0;
}
