/* Figures of a run on its page: what their intervals are, which are worth a sentence only, tables, and the pages of sections. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "sim/output/html_private.h"

/* ---- tables ---- */

/* The seconds of a unit of time after the comma of a column's name; 0: it names none. */
static double seconds_of(const char *column)
{
	const char *unit = strrchr(column, ',');

	return !unit ? 0 : strcmp(unit, ", s") == 0 ? 1 : strcmp(unit, ", h") == 0 ? 3600 : 0;
}

/* Times are told with their units, so that the name of the column does without. */
static void put_column(FILE *f, const char *column)
{
	char name[96];
	const char *unit = strrchr(column, ',');

	snprintf(name, sizeof name, "%.*s", seconds_of(column) > 0 ? (int)(unit - column) : 90, column);
	put_tag(f, "th", "class=\"n\"", name);
}

/* A share is coloured by its size, so that the eye finds what is missing. */
static void put_cell(FILE *f, const struct grid *t, double x, double seconds)
{
	char number[SHOWN];

	if (isnan(x)) {
		fputs("<td class=\"n soft\">\u2013</td>", f);
		return;
	}
	if (seconds > 0) {
		fprintf(f, "<td class=\"n\">%s</td>", show_seconds(number, x * seconds, &page_style));
		return;
	}
	if (strcmp(t->def->unit, "1") != 0) {
		fprintf(f, "<td class=\"n\">%s</td>", show_number(number, x, digits_of(x, NAN, false), &page_style));
		return;
	}
	fprintf(f, "<td class=\"n heat\" style=\"background:rgba(0,114,178,%.2f)\">%s\u202f%%</td>",
		0.5 * fmin(fmax(x, 0), 1), show_number(number, 100 * x, digits_of(100 * x, NAN, true), &page_style));
}

static void put_grid(struct run_page *p, const struct figure *g, const char *caption)
{
	const struct grid *t = g->grid;
	bool plain = strcmp(t->def->unit, "1") == 0;
	FILE *f = p->f;

	fputs("<figure>", f);
	put_tag(f, "h3", NULL, g->title);
	fputs("<div class=\"scroll\"><table><thead><tr>", f);
	put_tag(f, "th", NULL, t->def->row_label);
	for (size_t c = 0; c < t->n_columns; c++)
		put_column(f, t->columns[c]);
	fputs("</tr></thead><tbody>\n", f);
	for (size_t i = 0; i < t->n_rows; i++) {
		fputs("<tr>", f);
		put_tag(f, "th", "scope=\"row\"", t->rows[i]);
		for (size_t c = 0; c < t->n_columns; c++)
			put_cell(f, t, grid_mean(t, i, c), seconds_of(t->columns[c]));
		fputs("</tr>\n", f);
	}
	table_end(f);
	char note[160];
	snprintf(note, sizeof note, "%s%s%s", plain ? "" : "In ", plain ? "" : t->def->unit,
		 p->v->o->n_done > 1 ? (plain ? "Mean over the replications." : "; mean over the replications.")
		 : plain             ? ""
				     : ".");
	put_caption(f, caption, *note ? note : NULL);
	fputs("</figure>\n", f);
}

/* ---- pictures ---- */

static bool is_empty(const struct run_page *p, const struct figure *g)
{
	switch (g->kind) {
	case FIGURE_CHART: return chart_is_empty(p->v, g->chart);
	case FIGURE_STACK: return stack_is_empty(g->chart);
	case FIGURE_FLOW: return flow_is_empty(g->flow);
	case FIGURE_GROUPS:
	case FIGURE_LOSSES:
	case FIGURE_MAP:
	case FIGURE_TIMELINE:
	case FIGURE_MOMENTS:
	case FIGURE_TABLE: break;
	}
	return false;
}

/* What is said of the replications beneath. */
static const char *note_of(const struct run_page *p, const struct figure *g, char *note, size_t size)
{
	const struct view *v = p->v;
	const char *drawn = g->kind == FIGURE_CHART                        ? chart_intervals(v, g->chart)
			    : g->kind == FIGURE_GROUPS && v->o->n_done > 1 ? "strokes"
									   : NULL;

	if (drawn)
		snprintf(note, size, "Mean over the replications; %s: %.4g\u202f%% interval.", drawn,
			 100 * v->o->confidence);
	else if ((g->kind == FIGURE_FLOW || g->kind == FIGURE_STACK) && v->o->n_done > 1)
		snprintf(note, size, "Mean over the replications.");
	else if (g->kind == FIGURE_TIMELINE && v->o->n_done > 1 && g->source && strchr(g->source, ' '))
		snprintf(note, size,
			 "Bars and lines are of the first replication; bands: %.4g\u202f%% interval of the mean of all.",
			 100 * v->o->confidence);
	else if ((g->kind == FIGURE_TIMELINE || g->kind == FIGURE_MOMENTS) && v->o->n_done > 1)
		snprintf(note, size, "Of the first replication.");
	else
		return NULL;
	return note;
}

static void put_drawn(struct run_page *p, const struct figure *g, const char *caption)
{
	char note[160];

	if (is_empty(p, g)) {
		fputs("<figure>", p->f);
		put_tag(p->f, "b", NULL, g->title);
		fputs(": zero throughout.", p->f);
		put_caption(p->f, caption, NULL);
		fputs("</figure>\n", p->f);
	} else if (g->kind == FIGURE_TABLE) {
		put_grid(p, g, caption);
	} else {
		struct picture own = p->all->pictures[g - p->all->v];
		own.caption = caption;
		put_picture(&p->page, &own, note_of(p, g, note, sizeof note));
	}
}

void put_figure(struct run_page *p, const struct figure *g)
{
	put_drawn(p, g, g->caption);
}

static bool are_together(const struct figure *a, const struct figure *b)
{
	return a->kind == FIGURE_FLOW && b->kind == FIGURE_FLOW && a->flow->def == b->flow->def;
}

/* On a page the caption comes first, as the words that lead to what is shown. */
static size_t put_together(struct run_page *p, const struct figure *g, bool words_first)
{
	const struct figure *end = p->all->v + p->all->n, *next = g + 1;

	if (words_first && g->caption) {
		put_tag(p->f, "p", NULL, g->caption);
		fputc('\n', p->f);
	}
	put_drawn(p, g, words_first ? NULL : g->caption);
	for (; next < end && are_together(g, next); next++) {
		if (next == g + 1)
			fputs("<details><summary>The same by group</summary>\n", p->f);
		put_figure(p, next);
	}
	fputs(next > g + 1 ? "</details>\n" : "", p->f);
	return (size_t)(next - g);
}

size_t put_section(struct run_page *p, const struct figure *g)
{
	return put_together(p, g, false);
}

/* ---- pages ---- */

/* The first figure of a section; NULL: it has none. */
static const struct figure *figure_of(const struct run_page *p, const struct section *s)
{
	for (size_t i = 0; i < p->all->n; i++)
		if (p->all->v[i].section == s)
			return &p->all->v[i];
	return NULL;
}

static void name_page(struct page_name *to, const char *page)
{
	snprintf(to->id, sizeof to->id, "%.60s", page);
	snprintf(to->text, sizeof to->text, "%.60s", page);
	to->text[0] = (char)toupper((unsigned char)to->text[0]);
	for (char *c = to->text; *c; c++)
		*c = *c == '-' ? ' ' : *c;
}

size_t page_names(const struct run_page *p, struct page_name *names)
{
	const struct model_table *t = p->v->o->sc->table;
	size_t n = 0;

	for (size_t i = 0; t && i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_sections; k++) {
			const struct section *s = &t->models[i]->sections[k];
			bool known = !s->page || !figure_of(p, s);
			for (size_t j = 0; j < n && !known; j++)
				known = strcmp(names[j].id, s->page) == 0;
			if (!known && n < PAGES_MOST)
				name_page(&names[n++], s->page);
		}
	return n;
}

/* The sections of one rank; false: no later one has a figure. */
static bool put_rank(struct run_page *p, const char *page, unsigned rank)
{
	const struct model_table *t = p->v->o->sc->table;
	bool later = false;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_sections; k++) {
			const struct section *s = &t->models[i]->sections[k];
			const struct figure *g = s->page && strcmp(s->page, page) == 0 ? figure_of(p, s) : NULL;
			if (g && s->rank == rank)
				put_together(p, g, true);
			later = later || (g && s->rank > rank);
		}
	return later;
}

void page_pages(struct run_page *p)
{
	struct page_name names[PAGES_MOST];
	size_t n = page_names(p, names);

	for (size_t j = 0; j < n; j++) {
		put_heading(p->f, names[j].id, names[j].text);
		page_summary(p, names[j].id);
		for (unsigned rank = 0; put_rank(p, names[j].id, rank); rank++)
			;
		page_phases(p, names[j].id);
	}
}

bool figure_is(const struct figure *g, const char *kpi)
{
	return g->kind == FIGURE_GROUPS && strcmp(g->kpi->name, kpi) == 0;
}
