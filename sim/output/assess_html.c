/*
 * report.html of an assessment: what it comes to in words, then scores, indicators, SDG targets, what to look at again, how
 * the simulated values came about, and by which rules.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/assess_private.h"

#define DASH "\u2013"

static bool is_compared(const struct scores *s, size_t state)
{
	return s->a->states[state].against != state;
}

/* ---- the head ---- */

static void put_head(struct page *p, const struct scores *s)
{
	static const struct page_link links[] = {
		{ "scores", "Scores" },     { "indicators", "Indicators" },   { "sdg", "SDG targets" },
		{ "findings", "Findings" }, { "simulations", "Simulations" }, { "method", "Method" },
	};
	const struct assessment *a = s->a;
	char subtitle[512], identity[128], year[32] = "", people[SHOWN] = "", count[SHOWN];

	if (a->year)
		snprintf(year, sizeof year, " \u00b7 %llu", (unsigned long long)a->year);
	if (a->population)
		snprintf(people, sizeof people, " \u00b7 %.40s inhabitants",
			 show_count(count, (double)a->population, &page_style));
	snprintf(subtitle, sizeof subtitle, "%.100s%s%.100s%s%s \u00b7 sccsim " SCCSIM_VERSION " \u00b7 sheet %.12s\u2026",
		 a->city, *a->country ? ", " : "", a->country, year, people, a->doc->hash);
	page_begin(p, &(struct page_head){ .title = *a->title ? a->title : "An assessment",
					   .identity = assess_identity(s, identity, sizeof identity),
					   .subtitle = subtitle,
					   .links = links,
					   .n_links = sizeof links / sizeof links[0] });
}

static void put_lead(struct page *p, const struct scores *s)
{
	char *finding = assess_finding(s, &page_style);

	if (*s->a->description)
		put_tag(p->f, "p", "class=\"soft\"", s->a->description);
	put_tag(p->f, "p", "class=\"lead\"", finding);
	fputc('\n', p->f);
	free(finding);
	cards_begin(p->f);
	for (size_t state = 0; state < s->a->n_states; state++) {
		const struct group_score *g = &s->groups[0].scores[state];
		char score[SHOWN], bounds[SHOWN], range[2 * SHOWN], counts[2 * SHOWN];
		snprintf(counts, sizeof counts, "%zu of %zu reported indicators have a benchmark", g->scored, g->reported);
		snprintf(range, sizeof range, "with the intervals: %s", show_score_bounds(bounds, g, &page_style));
		put_card(p->f, &(struct card){ .value = g->scored ? show_score(score, g, &page_style) : "no score",
					       .name = s->a->states[state].title,
					       .below = { counts, *bounds ? range : NULL } });
	}
	cards_end(p->f);
}

/* ---- scores ---- */

static void put_cell(FILE *f, const char *text, const char *small)
{
	fputs("<td class=\"n\">", f);
	put_xml(f, *text ? text : DASH);
	if (small && *small) {
		fputs("<br>", f);
		put_tag(f, "span", "class=\"soft small\"", small);
	}
	fputs("</td>", f);
}

static void put_group_row(const struct scores *s, const struct scored_group *g, FILE *f)
{
	char known[SHOWN];

	fputs("<tr>", f);
	put_tag(f, "th", g->kind == GROUP_CATEGORY || g->kind == GROUP_SDG ? "scope=\"row\" class=\"in\"" : "scope=\"row\"",
		g->name);
	for (size_t state = 0; state < s->a->n_states; state++) {
		const struct group_score *sc = &g->scores[state];
		char score[SHOWN], bounds[SHOWN], small[2 * SHOWN], gain[SHOWN], n[SHOWN];
		show_score_bounds(bounds, sc, &page_style);
		snprintf(small, sizeof small, "%s%s%zu of %zu", bounds, *bounds ? "; " : "", sc->scored, sc->reported);
		put_cell(f, show_score(score, sc, &page_style), small);
		if (!is_compared(s, state))
			continue;
		snprintf(n, sizeof n, "over %zu", g->changes[state].n);
		if (g->changes[state].low == 0 && g->changes[state].high == 0)
			put_cell(f, "", NULL);
		else
			put_cell(f, show_score_gain(gain, &g->changes[state], &page_style), g->changes[state].n ? n : "");
	}
	snprintf(known, sizeof known, "%zu", g->scores[0].known);
	put_cell(f, known, NULL);
	fputs("</tr>\n", f);
}

/* The columns of the states: each its own, and where it is compared, its change. */
static void put_state_columns(const struct scores *s, FILE *f)
{
	for (size_t state = 0; state < s->a->n_states; state++) {
		char change[256];
		put_tag(f, "th", "class=\"n\" style=\"white-space:normal\"", s->a->states[state].title);
		if (!is_compared(s, state))
			continue;
		snprintf(change, sizeof change, "change against \u201c%.100s\u201d",
			 s->a->states[s->a->states[state].against].title);
		put_tag(f, "th", "class=\"n\" style=\"white-space:normal\"", change);
	}
}

static void begin_groups(const struct scores *s, FILE *f, const char *first)
{
	fputs("<div class=\"scroll\"><table><thead><tr>", f);
	put_tag(f, "th", NULL, first);
	put_state_columns(s, f);
	fputs("<th class=\"n\" style=\"white-space:normal\">data points known</th></tr></thead><tbody>\n", f);
}

static void end_table(FILE *f)
{
	fputs("</tbody></table></div>\n", f);
}

static bool group_has(const struct scored_group *g, size_t n_states)
{
	for (size_t state = 0; state < n_states; state++)
		if (g->scores[state].reported)
			return true;
	return false;
}

static void put_scores(struct page *p, const struct scores *s, const struct assess_pictures *all)
{
	FILE *f = p->f;

	put_heading(f, "scores", "Scores");
	if (all->n && all->v[0].ctx == s)
		put_picture(p, &all->v[0], NULL);
	begin_groups(s, f, "");
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].kind != GROUP_SDG && group_has(&s->groups[i], s->a->n_states))
			put_group_row(s, &s->groups[i], f);
	end_table(f);
	fputs("<p class=\"soft small\">Under each score: its bounds where intervals straddle thresholds, and how many of the reported indicators are "
	      "scored. A dash under a change: there is none. Groups of which nothing is reported are left out. Categories cut across dimensions and "
	      "sub-dimensions. A change is in percentage points and counts the indicators that are scored in both states.</p>\n",
	      f);
}

/* ---- indicators ---- */

/* Marks of code, formula, benchmark and SDG target. */
static void put_status(const struct sheet_indicator *in, FILE *f)
{
	const struct indicator *d = &in->def;
	const char *const marks[] = { in->own ? "sheet" : mark_text(d->code_mark), mark_text(d->formula_mark),
				      in->own_benchmark ? "sheet" : mark_text(d->benchmark_mark),
				      in->own_sdg ? "sheet" : mark_text(d->sdg_mark) };

	fputs("<td class=\"soft small\">", f);
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		fprintf(f, "%s%s", i ? "\u200a\u00b7\u200a" : "", *marks[i] ? marks[i] : DASH);
	fputs("</td>", f);
}

/* A mark for each of the four points: full, half where the interval straddles, hollow. */
static void put_points(FILE *f, struct points p)
{
	char text[SHOWN];

	for (unsigned i = 1; i <= POINTS_MOST; i++)
		fputs(i <= p.low ? "\u25cf" : i <= p.high ? "\u25d0" : "\u25cb", f);
	fputs("\u202f", f);
	put_xml(f, show_points(text, p, &page_style));
}

/* The value; its points; its interval and where it comes from. */
static void put_value(const struct scores *s, size_t i, size_t state, FILE *f)
{
	const struct sheet_indicator *in = &s->a->indicators[i];
	const struct cell_score *c = score_cell(s, i, state);
	char value[SHOWN], bounds[SHOWN];

	if (c->source == VALUE_ABSENT) {
		put_cell(f, "", NULL);
		return;
	}
	fputs("<td class=\"n\">", f);
	put_xml(f, show_value(value, &in->def, c->value, &page_style));
	fputs("<br><span class=\"small\">", f);
	if (c->points.at)
		put_points(f, c->points);
	fputs("</span><br><span class=\"soft small\">", f);
	put_xml(f, show_value_bounds(bounds, &in->def, c->value, &page_style));
	fprintf(f, "%s%s</span></td>", *bounds ? ", " : "", value_source_name(c->source));
}

static void put_gain(const struct scores *s, size_t i, size_t state, FILE *f)
{
	const struct cell_change *d = score_change(s, i, state);
	struct interval by = d->value.difference;
	char text[SHOWN];
	const struct indicator *def = &s->a->indicators[i].def;

	if (!d->known || (by.low == 0 && by.high == 0)) {
		put_cell(f, "", NULL);
		return;
	}
	fputs("<td class=\"n\">", f);
	put_xml(f, show_gain(text, def, d, &page_style));
	fputs("<span class=\"soft small\">", f);
	if (*show_value_bounds(text, def, by, &page_style))
		fprintf(f, "<br>%s%s", text, d->paired ? ", paired" : "");
	if (d->scored)
		fprintf(f, "<br>points %s", show_points_gain(text, d->low, d->at, d->high, &page_style));
	fputs("</span></td>", f);
}

static void put_indicator_row(const struct scores *s, size_t i, FILE *f)
{
	const struct sheet_indicator *in = &s->a->indicators[i];
	struct interval benchmark = { in->def.benchmark, in->def.benchmark, in->def.benchmark, 0 };
	char text[SHOWN];

	fputs("<tr><th scope=\"row\" style=\"white-space:normal;min-width:11em\">", f);
	put_xml(f, in->def.name);
	fputs("<br>", f);
	put_tag(f, "span", "class=\"soft small\"", in->def.code);
	fputs("</th>", f);
	put_cell(f, isnan(in->def.benchmark) ? "" : show_value(text, &in->def, benchmark, &page_style),
		 isnan(in->def.benchmark) || in->def.better == BETTER_MORE ? "" : "at most");
	for (size_t state = 0; state < s->a->n_states; state++) {
		put_value(s, i, state, f);
		if (is_compared(s, state))
			put_gain(s, i, state, f);
	}
	put_status(in, f);
	fputs("</tr>\n", f);
}

static void put_formulas(const struct scores *s, FILE *f)
{
	fputs("<details><summary>Formulas, and where the sheet has its values from</summary><div class=\"scroll\"><table><thead><tr><th>code"
	      "</th><th>numerator</th><th>denominator</th><th>standard from</th><th>values from</th></tr></thead><tbody>\n",
	      f);
	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct sheet_indicator *in = &s->a->indicators[i];
		const char *between = "";
		fputs("<tr>", f);
		put_tag(f, "th", "scope=\"row\"", in->def.code);
		put_tag(f, "td", NULL, in->def.numerator ? in->def.numerator : DASH);
		put_tag(f, "td", NULL, in->def.denominator ? in->def.denominator : DASH);
		put_tag(f, "td", "class=\"soft\"", in->own ? "the sheet" : in->def.source);
		fputs("<td class=\"soft\">", f);
		for (size_t state = 0; state < s->a->n_states; state++) {
			const struct sheet_value *v = &in->values[state];
			const char *from = v->from ? v->from : v->how;
			if (!from || !*from || (state && v->node == in->values[state - 1].node))
				continue;
			fputs(between, f);
			put_xml(f, from);
			between = "; ";
		}
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></div></details>\n", f);
}

static void put_indicators(struct page *p, const struct scores *s, const struct assess_pictures *all)
{
	FILE *f = p->f;

	put_heading(f, "indicators", "Indicators");
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].ctx != s)
			put_picture(p, &all->v[i], NULL);
	fputs("<div class=\"scroll\"><table><thead><tr><th>indicator</th><th class=\"n\" style=\"white-space:normal\">100 % of target</th>",
	      f);
	put_state_columns(s, f);
	fputs("<th>code \u00b7 formula \u00b7 benchmark \u00b7 SDG</th></tr></thead><tbody>\n", f);
	for (size_t i = 0; i < s->a->n_indicators; i++)
		put_indicator_row(s, i, f);
	end_table(f);
	fputs("<p class=\"soft small\">Last column: V, read in the source; V2, read in a secondary source; ours, chosen here; sheet, said by "
	      "the sheet; M, unverified.</p>\n",
	      f);
	put_formulas(s, f);
	for (size_t state = 0; state < s->a->n_states; state++)
		if (!isnan(s->saidi[state])) {
			char minutes[SHOWN];
			fputs("<p class=\"soft\">SAIDI = SAIFI \u00d7 CAIDI, ", f);
			put_xml(f, s->a->states[state].title);
			fprintf(f, ": %s minutes without power per customer and year.</p>\n",
				show_number(minutes, s->saidi[state], digits_of(s->saidi[state], NAN, false), &page_style));
		}
}

/* ---- targets, findings, simulations ---- */

static void put_targets(struct page *p, const struct scores *s)
{
	FILE *f = p->f;

	put_heading(f, "sdg", "SDG targets");
	fputs("<p>The targets of the Sustainable Development Goals on which the indicators of the sheet bear, and the score of those "
	      "indicators together.</p>\n",
	      f);
	begin_groups(s, f, "target");
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].kind == GROUP_SDG)
			put_group_row(s, &s->groups[i], f);
	end_table(f);
	fputs("<details><summary>Which indicator bears on which target</summary><div class=\"scroll\"><table><thead><tr><th>code</th>"
	      "<th>indicator</th><th>targets</th><th>mark</th></tr></thead><tbody>\n",
	      f);
	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct sheet_indicator *in = &s->a->indicators[i];
		fputs("<tr>", f);
		put_tag(f, "th", "scope=\"row\"", in->def.code);
		put_tag(f, "td", NULL, in->def.name);
		put_tag(f, "td", NULL, in->def.sdg ? in->def.sdg : DASH);
		put_tag(f, "td", "class=\"soft\"", in->own_sdg ? "sheet" : mark_text(in->def.sdg_mark));
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table></div></details>\n", f);
}

static void put_findings(struct page *p, const struct scores *s)
{
	FILE *f = p->f;

	put_heading(f, "findings", "Findings");
	if (s->n_findings == 0) {
		fputs("<p>No value contradicts another, as far as the checks of the verification manual tell.</p>\n", f);
		return;
	}
	fputs("<p>What a verifier would ask about. None of it changes a score.</p>\n<ul>\n", f);
	for (size_t i = 0; i < s->n_findings; i++) {
		fputs("<li><b>", f);
		put_xml(f, s->findings[i].state);
		fputs("</b>: ", f);
		put_xml(f, s->findings[i].text);
		if (s->findings[i].source) {
			fputs(" <span class=\"soft small\">(", f);
			put_xml(f, s->findings[i].source);
			fputs(")</span>", f);
		}
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

static void put_simulation(const struct scores *s, size_t state, FILE *f)
{
	const struct sheet_state *st = &s->a->states[state];
	const struct outcome *o = s->outcomes[state];
	char text[4 * SHOWN];

	put_tag(f, "h3", NULL, st->title);
	items_begin(f);
	put_item(f, "Scenario", *o->sc->title ? o->sc->title : o->sc->path);
	snprintf(text, sizeof text, "%zu of %zu finished, seed %llu", o->n_done, o->n_reps, (unsigned long long)o->seed);
	put_item(f, "Replications", text);
	snprintf(text, sizeof text, "sccsim %.40s, input %.64s", o->version, o->sc->hash);
	put_item(f, "Version and input", text);
	if (st->results) {
		put_item(f, "Taken from", st->results);
	} else {
		item_begin(f, "Its own report");
		fprintf(f, "<a href=\"states/%s/report.html\">states/%s/report.html</a>", st->id, st->id);
		item_end(f);
	}
	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct sheet_value *v = &s->a->indicators[i].values[state];
		if (v->source == VALUE_SIMULATED)
			put_item(f, s->a->indicators[i].def.code, v->how);
	}
	items_end(f);
}

static void put_simulations(struct page *p, const struct scores *s)
{
	bool any = false;

	put_heading(p->f, "simulations", "Simulations");
	for (size_t state = 0; state < s->a->n_states; state++)
		if (s->outcomes[state]) {
			put_simulation(s, state, p->f);
			any = true;
		}
	if (!any)
		fputs("<p>Every value is given or counted; nothing was simulated.</p>\n", p->f);
}

/* ---- method ---- */

static void put_unverified(const struct scores *s, FILE *f)
{
	const char *between = "";

	fputs("<p>Unverified (marked M): ", f);
	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct sheet_indicator *in = &s->a->indicators[i];
		const struct indicator *d = &in->def;
		bool sdg = !in->own_sdg && d->sdg_mark == MARK_MEMORY;
		if (d->code_mark != MARK_MEMORY && d->formula_mark != MARK_MEMORY && !sdg)
			continue;
		fprintf(f, "%s%s (%s%s%s)", between, d->code, d->code_mark == MARK_MEMORY ? "code" : "",
			d->formula_mark == MARK_MEMORY ? "formula" : "",
			sdg ? d->formula_mark == MARK_MEMORY ? ", SDG target" : "SDG target" : "");
		between = "; ";
	}
	fputs(*between ? ".</p>\n" : "nothing of this sheet.</p>\n", f);
}

static void put_method(struct page *p, const struct scores *s)
{
	static const char rules[] =
		"<p>Scores are those of U4SSC (Recommendation ITU-T Y.4903/L.1603; ITU factsheets of Pully, 2020, page 12, and Mashhad, 2021, "
		"page 15). An indicator's share of target is its value over its benchmark; 0\u201333 % of target gives 1 point, 33\u201366 % "
		"gives 2, 66\u201395 % gives 3, 95 % and more gives 4. A group's score is the sum of its points over 4 n, n being the "
		"indicators that are reported and have a benchmark: what is not reported or has no benchmark counts neither for nor "
		"against.</p>\n"
		"<p>Chosen here, since no source states it. Edges belong to the better side: exactly 33 % gives 2 points. Where less is better "
		"the share is benchmark over value. Of a share of a whole, all of it is the benchmark (\u201cours\u201d in the tables); other "
		"benchmarks are the sheet's, or there is none. Fixed broadband has 60 % (factsheet of Mashhad).</p>\n";
	FILE *f = p->f;

	put_heading(f, "method", "Method");
	fputs(rules, f);
	fprintf(f,
		"<p>A simulated value is the mean over replications of a KPI, in the indicator's unit, times the sheet's factor, with "
		"Student's interval at %.4g %%. Its points are those of the mean; \u201c2%s3\u201d means that the interval straddles a threshold. "
		"The bounds of a group's score put all its indicators at their lower and then at their upper points at once, which is wider "
		"than chance would have it. Changes between two simulations that share their random numbers (\u201cpaired\u201d) are "
		"taken by replication; of others Welch's interval is given; of a simulated and a given value the interval is that of the "
		"simulated one.</p>\n",
		100 * s->a->confidence, page_style.to);
	fputs("<p>Marks. <b>V</b>: read in the source named; <b>V2</b>: read in a secondary source; <b>ours</b>: chosen here; <b>M</b>: "
	      "remembered, not verified; <b>sheet</b>: the sheet says so. UV: U4SSC KPIs Verification Manual, ITU 2022, with its pages; UC: "
	      "Collection Methodology, ITU 2017; UF: factsheets and verification reports, ITU; UP: the code of an open platform of "
	      "Norwegian cities, which lists codes, names, units and which way is better; KT: the taxonomy of the Norwegian "
	      "municipalities, which lists codes, names and targets.</p>\n",
	      f);
	put_unverified(s, f);
	fputs("<p>Outage frequency and outage time (SAIFI, CAIDI) are given values: no model simulates the distribution of electricity to "
	      "customers.</p>\n<details><summary>The sheet</summary><pre>",
	      f);
	put_xml(f, s->a->doc->resolved);
	fputs("</pre></details>\n", f);
}

void assess_html(const struct scores *s, const struct assess_pictures *all, const char *plots, FILE *f)
{
	struct page p = { .f = f, .plots = plots };

	put_head(&p, s);
	put_lead(&p, s);
	put_scores(&p, s, all);
	put_indicators(&p, s, all);
	put_targets(&p, s);
	put_findings(&p, s);
	put_simulations(&p, s);
	put_method(&p, s);
	page_end(&p);
}
