/* The points of a study and the effects of its factors, as tables. */
#include <math.h>
#include <string.h>

#include "sim/output/study_html_private.h"

enum { POINTS_MOST = 200, EFFECTS_MOST = 200, POINTS_OPEN = 30, COLUMNS_MOST = 64 };

/* ---- points ---- */

static void put_value(struct study_page *p, size_t point, size_t response)
{
	const struct point_result *r = point_at(p->v, point, response);
	struct estimate e = point_estimate(p->v, point, response);
	char mean[SHOWN], bounds[SHOWN];

	fputs("<td class=\"n\">", p->f);
	if (isnan(e.mean)) {
		fputs("\u2013</td>", p->f);
		return;
	}
	put_xml(p->f, show_estimate(mean, &e, &page_style));
	if (*show_bounds(bounds, &e, &page_style))
		fprintf(p->f, "<br><span class=\"soft small\">%s</span>", bounds);
	if (r->verdict != VERDICT_NONE)
		fprintf(p->f, "<br><span class=\"%s\"><span class=\"verdict small\">%s</span></span>",
			verdict_name(r->verdict), verdict_name(r->verdict));
	fputs("</td>", p->f);
}

static void put_point(struct study_page *p, size_t point)
{
	const struct study *st = p->v->st;
	const struct study_data *data = p->v->a->data;
	char cell[256];

	fprintf(p->f, "<tr><td class=\"n soft\">%zu</td>", point);
	for (size_t i = 0; i < st->n_factors; i++)
		put_tag(p->f, "td", NULL, show_cell(cell, sizeof cell, st, point, i, &page_style));
	for (size_t r = 0; r < st->n_responses; r++)
		put_value(p, point, r);
	fprintf(p->f, "<td class=\"n\">%zu", data->done[point]);
	if (data->failed[point])
		fprintf(p->f, " (%zu failed)", data->failed[point]);
	fputs("</td>", p->f);
	if (p->v->totals.failed + p->v->totals.failed_points)
		put_tag(p->f, "td", "class=\"small\"", p->v->failures[point] ? p->v->failures[point] : "");
	fputs("</tr>\n", p->f);
}

void study_page_points(struct study_page *p)
{
	const struct study *st = p->v->st;
	struct column columns[COLUMNS_MOST];
	char names[COLUMNS_MOST][160];
	size_t n = 0, shown = st->n_points < POINTS_MOST ? st->n_points : POINTS_MOST;

	put_heading(p->f, "points", "Points");
	fprintf(p->f, "<p class=\"soft small\">Mean, interval of %.4g&#8239;%% confidence, verdict on the target.",
		100 * st->precision.level);
	if (shown < st->n_points)
		fprintf(p->f, " The first %zu of %zu points; all are in points.csv.", shown, st->n_points);
	fputs("</p>\n", p->f);
	columns[n++] = (struct column){ "point", "class=\"n\"" };
	for (size_t i = 0; i < st->n_factors && n < COLUMNS_MOST - 2; i++)
		columns[n++] = (struct column){ st->factors[i].label, NULL };
	for (size_t r = 0; r < st->n_responses && n < COLUMNS_MOST - 2; r++) {
		response_name(names[n], sizeof names[n], &st->responses[r]);
		columns[n] = (struct column){ names[n], "class=\"n\" style=\"white-space:normal\"" };
		n++;
	}
	columns[n++] = (struct column){ "replications", "class=\"n\"" };
	if (p->v->totals.failed + p->v->totals.failed_points)
		columns[n++] = (struct column){ "failure", NULL };
	if (shown > POINTS_OPEN)
		fprintf(p->f, "<details><summary>%zu points</summary>", shown);
	table_begin(p->f, columns, n);
	for (size_t i = 0; i < shown; i++)
		put_point(p, i);
	table_end(p->f);
	fputs(shown > POINTS_OPEN ? "</details>\n" : "\n", p->f);
}

/* ---- effects ---- */

static const struct { const char *title, *words; } kinds[N_EFFECT_KINDS] = {
	[EFFECT_MAIN] = { "Main effects", "A level against the first (of a star: the base), averaged over all pairs of points that differ in "
					  "this factor alone, paired by replication." },
	[EFFECT_DIFFERENCE] = { "Differences", "A point against the first point, paired by replication." },
	[EFFECT_FIRST] = { "Shares: each factor alone", "Share of the variance over the design that the factor alone explains (first-order "
							"Sobol index)." },
	[EFFECT_TOTAL] = { "Shares: with interactions", "Share with all that the factor does together with others (total Sobol index)." },
	[EFFECT_REGRESSION] = { "Regression", "Standardised coefficients: standard deviations of the response for one of the factor." },
};

bool study_has_effects(const struct study_view *v)
{
	return v->a->n_effects > 0;
}

static void put_chance(FILE *f, double p)
{
	if (isnan(p))
		fputs("<td class=\"n\">\u2013</td>", f);
	else if (p < 0.001)
		fputs("<td class=\"n\">&lt; 0.001</td>", f);
	else
		fprintf(f, "<td class=\"n\">%.3f</td>", p);
}

static void put_effect(struct study_page *p, const struct effect *e)
{
	const struct study *st = p->v->st;
	struct estimate x = effect_estimate(p->v, e);
	char value[SHOWN], bounds[SHOWN], from[160] = "", to[160] = "", name[256];

	fputs("<tr>", p->f);
	put_tag(p->f, "td", NULL, response_name(name, sizeof name, &st->responses[e->response]));
	if (e->factor != SIZE_MAX)
		put_tag(p->f, "td", NULL, st->factors[e->factor].label);
	else
		put_tag(p->f, "td", NULL, "");
	if (e->from_index != SIZE_MAX && e->to_index != SIZE_MAX && e->factor != SIZE_MAX) {
		show_level(from, sizeof from, st, e->factor, e->from_index, &page_style);
		show_level(to, sizeof to, st, e->factor, e->to_index, &page_style);
	} else if (e->from_index != SIZE_MAX && e->to_index != SIZE_MAX) {
		show_point(from, sizeof from, st, e->from_index, &page_style);
		show_point(to, sizeof to, st, e->to_index, &page_style);
	}
	put_tag(p->f, "td", NULL, from);
	put_tag(p->f, "td", NULL, to);
	put_tag(p->f, "td", "class=\"n\"", show_estimate(value, &x, &page_style));
	put_tag(p->f, "td", "class=\"n\"", show_bounds(bounds, &x, &page_style));
	put_chance(p->f, e->p);
	put_chance(p->f, e->p_holm);
	put_tag(p->f, "td", NULL, effect_words(p->v, e));
	fputs("</tr>\n", p->f);
}

static void put_kind(struct study_page *p, enum effect_kind kind)
{
	static const struct column columns[] = { { "response", NULL },
						 { "factor", NULL },
						 { "from", NULL },
						 { "to", NULL },
						 { "effect", "class=\"n\"" },
						 { "interval", "class=\"n\"" },
						 { "chance", "class=\"n\"" },
						 { "of many", "class=\"n\"" },
						 { "how sure", NULL } };
	const struct analysis *a = p->v->a;
	size_t n = 0, shown = 0;

	/* Of one factor levels are points, and there are no shares; the points of a list are such levels. */
	if (a->study->n_factors == 1 && kind != (a->study->design == DESIGN_LIST ? EFFECT_DIFFERENCE : EFFECT_MAIN) &&
	    kind != EFFECT_REGRESSION)
		return;
	for (size_t i = 0; i < a->n_effects; i++)
		n += a->effects[i].kind == kind && !isnan(a->effects[i].estimate.mean);
	if (n == 0)
		return;
	fprintf(p->f, "<details%s><summary>", n <= 24 ? " open" : "");
	put_xml(p->f, kinds[kind].title);
	fputs("</summary>", p->f);
	put_tag(p->f, "p", "class=\"soft small\"", kinds[kind].words);
	table_begin(p->f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < a->n_effects && shown < EFFECTS_MOST; i++)
		if (a->effects[i].kind == kind && !isnan(a->effects[i].estimate.mean)) {
			put_effect(p, &a->effects[i]);
			shown++;
		}
	table_end(p->f);
	if (shown < n)
		fprintf(p->f, "<p class=\"soft small\">The first %zu of %zu; all are in effects.csv.</p>", shown, n);
	fputs("</details>\n", p->f);
}

void study_page_effects(struct study_page *p)
{
	if (!study_has_effects(p->v))
		return;
	put_heading(p->f, "effects", "Effects");
	fprintf(p->f,
		"<p class=\"soft small\">Chance: how often a difference as large would come up if there were none; \u201cof many\u201d takes into account "
		"that many are looked at (Holm). Sure: at most %.3g&#8239;%% of many; likely: that alone; else not distinguishable.</p>\n",
		100 * (1 - p->v->st->precision.level));
	for (int kind = 0; kind < N_EFFECT_KINDS; kind++)
		put_kind(p, (enum effect_kind)kind);
}
