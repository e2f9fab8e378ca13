/* An assessment in words and figures: how its numbers are shown, the finding, what the terminal shows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/assess_private.h"

/* ---- numbers ---- */

static double half_of(struct interval v)
{
	return v.n > 1 ? (v.high - v.low) / 2 : NAN;
}

/* Of what a sheet states every digit counts; of what is simulated as many as its interval bears. */
static int digits_for(const struct indicator *def, struct interval v)
{
	char plain[32];

	if (v.n > 0)
		return digits_of(v.mean, half_of(v), strcmp(def->unit, "%") == 0);
	snprintf(plain, sizeof plain, "%.7g", v.mean);
	const char *point = strchr(plain, '.');
	return point ? (int)strlen(point + 1) : 0;
}

static const char *unit_shown(const struct indicator *def)
{
	if (strcmp(def->unit, "1") == 0)
		return "";
	return strcmp(def->unit, "/yr") == 0 ? "a year" : strcmp(def->unit, "/100k") == 0 ? "per 100k" : def->unit;
}

char *show_value(char *buf, const struct indicator *def, struct interval v, const struct type_style *st)
{
	const char *unit = unit_shown(def);

	if (isnan(v.mean)) {
		buf[0] = '\0';
		return buf;
	}
	show_number(buf, v.mean, digits_for(def, v), st);
	size_t at = strlen(buf);
	if (*unit)
		snprintf(buf + at, SHOWN - at, "%s%s", st->gap, unit);
	return buf;
}

char *show_value_bounds(char *buf, const struct indicator *def, struct interval v, const struct type_style *st)
{
	char low[SHOWN], high[SHOWN];
	int digits = digits_for(def, v);

	buf[0] = '\0';
	if (v.n > 1 && !isnan(v.low))
		snprintf(buf, SHOWN, "%.40s%s%.40s", show_number(low, v.low, digits, st), st->to,
			 show_number(high, v.high, digits, st));
	return buf;
}

char *show_points(char *buf, struct points p, const struct type_style *st)
{
	buf[0] = '\0';
	if (p.low != p.high)
		snprintf(buf, SHOWN, "%u%s%u", p.low, st->to, p.high);
	else if (p.at)
		snprintf(buf, SHOWN, "%u", p.at);
	return buf;
}

static char *show_percent(char *buf, double x, const struct type_style *st)
{
	show_number(buf, x, 2, st);
	char *end = buf + strlen(buf);
	if (strchr(buf, '.')) {
		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			*--end = '\0';
	}
	return buf;
}

char *show_score(char *buf, const struct group_score *g, const struct type_style *st)
{
	buf[0] = '\0';
	if (g->scored) {
		show_percent(buf, group_percent(g->at, g->scored), st);
		size_t at = strlen(buf);
		snprintf(buf + at, SHOWN - at, "%s%%", st->gap);
	}
	return buf;
}

char *show_score_bounds(char *buf, const struct group_score *g, const struct type_style *st)
{
	char low[SHOWN], high[SHOWN];

	buf[0] = '\0';
	if (g->low != g->high)
		snprintf(buf, SHOWN, "%.40s%s%.40s%s%%", show_percent(low, group_percent(g->low, g->scored), st), st->to,
			 show_percent(high, group_percent(g->high, g->scored), st), st->gap);
	return buf;
}

/* A number with its sign; 0 without. */
static char *show_signed(char *buf, double x, int digits, const struct type_style *st)
{
	char plain[SHOWN];

	show_number(plain, x, digits, st);
	snprintf(buf, SHOWN, "%s%.90s", x > 0 && strspn(plain, "0.") != strlen(plain) ? "+" : "", plain);
	return buf;
}

char *show_gain(char *buf, const struct indicator *def, const struct cell_change *c, const struct type_style *st)
{
	buf[0] = '\0';
	return c->known ? show_signed(buf, c->value.difference.mean, digits_for(def, c->value.difference), st) : buf;
}

char *show_points_gain(char *buf, int low, int at, int high, const struct type_style *st)
{
	char a[SHOWN], b[SHOWN];

	if (low == high)
		return show_signed(buf, at, 0, st);
	snprintf(buf, SHOWN, "%.20s to %.20s", show_signed(a, low, 0, st), show_signed(b, high, 0, st));
	return buf;
}

char *show_score_gain(char *buf, const struct group_change *c, const struct type_style *st)
{
	char at[SHOWN], low[SHOWN], high[SHOWN];

	buf[0] = '\0';
	if (c->n == 0)
		return buf;
	show_signed(at, c->at, 1, st);
	if (c->low == c->high)
		snprintf(buf, SHOWN, "%s", at);
	else
		snprintf(buf, SHOWN, "%.20s (%.20s to %.20s)", at, show_signed(low, c->low, 1, st),
			 show_signed(high, c->high, 1, st));
	return buf;
}

/* ---- the finding ---- */

static const char *place_name(const struct assessment *a)
{
	return *a->city ? a->city : *a->title ? a->title : "The city";
}

static void put_state_score(const struct scores *s, size_t state, FILE *f, const struct type_style *st)
{
	const struct group_score *g = &s->groups[0].scores[state];
	char score[SHOWN], bounds[SHOWN];

	fprintf(f, "%s", show_score(score, g, st));
	if (*show_score_bounds(bounds, g, st))
		fprintf(f, " (%s)", bounds);
	fprintf(f, " of the points of %zu scored indicator%s", g->scored, g->scored == 1 ? "" : "s");
}

/* Of the first state: what is strongest and weakest among its categories. */
static void put_extremes(const struct scores *s, FILE *f)
{
	const struct scored_group *best = NULL, *worst = NULL;
	double most = -1, least = 101;

	for (size_t i = 0; i < s->n_groups; i++) {
		const struct group_score *g = &s->groups[i].scores[0];
		double x = group_percent(g->at, g->scored);
		if (s->groups[i].kind != GROUP_CATEGORY || isnan(x))
			continue;
		if (x > most) {
			most = x;
			best = &s->groups[i];
		}
		if (x < least) {
			least = x;
			worst = &s->groups[i];
		}
	}
	if (best && worst && best != worst && most > least)
		fprintf(f, "  Of its categories \"%s\" is the strongest (%.4g %%) and \"%s\" the weakest (%.4g %%).",
			best->name, most, worst->name, least);
}

/* How many indicators gain points, may gain and lose. */
struct tally_of_changes { size_t sure, may, lost, best; };      /* best: the one that gains most, else that may; n: none */

static struct tally_of_changes count_changes(const struct scores *s, size_t state)
{
	struct tally_of_changes t = { .best = s->a->n_indicators };

	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct cell_change *c = score_change(s, i, state);
		if (!c->scored)
			continue;
		t.sure += c->low > 0;
		t.may += c->low <= 0 && c->high > 0;
		t.lost += c->at < 0;
		if (c->high <= 0)
			continue;
		const struct cell_change *b = t.best < s->a->n_indicators ? score_change(s, t.best, state) : NULL;
		if (!b || c->at > b->at || (c->at == b->at && c->high > b->high))
			t.best = i;
	}
	return t;
}

static void put_change(const struct scores *s, size_t state, FILE *f, const struct type_style *st)
{
	const struct group_change *all = &s->groups[0].changes[state];
	struct tally_of_changes t = count_changes(s, state);
	char gain[SHOWN];

	fprintf(f, "  State \"%s\": ", s->a->states[state].title);
	put_state_score(s, state, f, st);
	if (all->n)
		fprintf(f, "; over the %zu scored in both, %s percentage points against \"%s\"", all->n,
			show_score_gain(gain, all, st), s->a->states[s->a->states[state].against].title);
	if (t.sure)
		fprintf(f, ".  %zu indicator%s points", t.sure, t.sure == 1 ? " gains" : "s gain");
	else
		fputs(".  No indicator gains points for certain", f);
	if (t.may)
		fprintf(f, ", %zu may: the interval straddles a threshold", t.may);
	if (t.lost)
		fprintf(f, ", %zu lose%s some", t.lost, t.lost == 1 ? "s" : "");
	if (t.best < s->a->n_indicators) {
		const struct cell_change *c = score_change(s, t.best, state);
		fprintf(f, "; most of all \"%s\" (%s)", s->a->indicators[t.best].def.name,
			show_points_gain(gain, c->low, c->at, c->high, st));
	}
	fputc('.', f);
}

char *assess_finding(const struct scores *s, const struct type_style *st)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	const struct group_score *g = &s->groups[0].scores[0];

	if (!f)
		return NULL;
	fprintf(f, "%s reports %zu of the %zu data points that U4SSC knows", place_name(s->a), g->reported, g->known);
	if (g->scored) {
		fputs(" and reaches ", f);
		put_state_score(s, 0, f, st);
	} else {
		fputs("; none of them has a benchmark, so that there is no score", f);
	}
	fputc('.', f);
	put_extremes(s, f);
	for (size_t state = 0; state < s->a->n_states; state++)
		if (s->a->states[state].against != state)
			put_change(s, state, f, st);
	if (s->n_findings)
		fprintf(f, "  %zu value%s to be looked at again (see findings).", s->n_findings,
			s->n_findings == 1 ? " is" : "s are");
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* ---- the terminal ---- */

enum { WIDTH = 100, NAME = 40, NAME_ALONE = 70, CELL = 28, ABREAST = 2 };

/* States that stand side by side: from..to - 1. */
struct block { size_t from, to; };

static void put_name(const struct block *b, FILE *f, const char *text)
{
	size_t places = b->to - b->from == 1 ? NAME_ALONE : NAME;
	char cut[4 * NAME_ALONE];

	shorten(cut, sizeof cut, text, places);
	fprintf(f, "%s%*s", cut, (int)(places - text_width(cut)), "");
}

/* Of a state; no blanks behind the last one. */
static void put_column(const struct block *b, FILE *f, size_t state, const char *text)
{
	char cut[4 * CELL];

	shorten(cut, sizeof cut, text, CELL);
	fprintf(f, "  %s", cut);
	if (state + 1 < b->to)
		fprintf(f, "%*s", (int)(CELL - text_width(cut)), "");
	else
		fputc('\n', f);
}

static void put_title(FILE *f, const char *title)
{
	fprintf(f, "\n%s\n", title);
	for (size_t i = 0; i < text_width(title); i++)
		fputc('-', f);
	fputc('\n', f);
}

static void put_states(const struct scores *s, const struct block *b, FILE *f)
{
	put_name(b, f, "");
	for (size_t i = b->from; i < b->to; i++)
		put_column(b, f, i, s->a->states[i].title);
}

static void score_text(char *buf, size_t size, const struct group_score *g)
{
	char at[SHOWN], low[SHOWN], high[SHOWN];

	show_number(at, group_percent(g->at, g->scored), 1, &plain_style);
	show_number(low, group_percent(g->low, g->scored), 1, &plain_style);
	show_number(high, group_percent(g->high, g->scored), 1, &plain_style);
	if (g->scored == 0)
		snprintf(buf, size, "-");
	else if (g->low == g->high)
		snprintf(buf, size, "%s %% of %zu", at, g->scored);
	else
		snprintf(buf, size, "%s (%s to %s) %% of %zu", at, low, high, g->scored);
}

static void put_groups(const struct scores *s, const struct block *b, FILE *f)
{
	put_title(f, "Scores");
	put_states(s, b, f);
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct scored_group *g = &s->groups[i];
		char name[160], cell[4 * SHOWN];
		size_t scored = 0;
		for (size_t state = b->from; state < b->to; state++)
			scored += g->scores[state].scored;
		if (scored == 0)
			continue;
		snprintf(name, sizeof name, "%*s%s", g->kind == GROUP_SDG ? 2 : 2 * (int)g->kind, "", g->name);
		put_name(b, f, name);
		for (size_t state = b->from; state < b->to; state++) {
			score_text(cell, sizeof cell, &g->scores[state]);
			put_column(b, f, state, cell);
		}
	}
}

static void put_indicators(const struct scores *s, const struct block *b, FILE *f)
{
	put_title(f, "Indicators");
	put_states(s, b, f);
	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct indicator *def = &s->a->indicators[i].def;
		char name[200];
		snprintf(name, sizeof name, "%s  %s", def->code, def->name);
		put_name(b, f, name);
		for (size_t state = b->from; state < b->to; state++) {
			const struct cell_score *c = score_cell(s, i, state);
			char value[SHOWN], points[SHOWN], cell[3 * SHOWN];
			show_value(value, def, c->value, &plain_style);
			show_points(points, c->points, &plain_style);
			snprintf(cell, sizeof cell, "%s%s%s%s", *value ? value : "-", *points ? ", " : "", points,
				 !*points                   ? ""
				 : strcmp(points, "1") == 0 ? " point"
							    : " points");
			put_column(b, f, state, cell);
		}
	}
}

int assess_summary(const struct scores *s, FILE *f)
{
	char *finding = assess_finding(s, &plain_style);
	const char *title = *s->a->title ? s->a->title : place_name(s->a);

	fprintf(f, "sccsim " SCCSIM_VERSION " - ");
	put_wrapped(f, title, (int)strlen(SCCSIM_VERSION) + 10, WIDTH);
	for (int i = 0; i < WIDTH; i++)
		fputc('=', f);
	fputc('\n', f);
	if (finding)
		put_wrapped(f, finding, 0, WIDTH);
	free(finding);
	for (struct block b = { 0, 0 }; b.from < s->a->n_states; b.from = b.to) {
		b.to = b.from + ABREAST < s->a->n_states ? b.from + ABREAST : s->a->n_states;
		put_groups(s, &b, f);
		put_indicators(s, &b, f);
	}
	if (s->n_findings)
		put_title(f, "Findings");
	for (size_t i = 0; i < s->n_findings; i++) {
		char *line = NULL;
		if (asprintf(&line, "%s: %s", s->findings[i].state, s->findings[i].text) < 0)
			continue;
		fputs("  ", f);
		put_wrapped(f, line, 2, WIDTH);
		free(line);
	}
	return ferror(f) ? -1 : 0;
}
