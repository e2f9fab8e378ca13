/* A comparison as a page, with a picture of the relative differences; its folder. */
#include <limits.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "sim/output/compare.h"
#include "sim/output/page.h"
#include "sim/output/stage.h"
#include "sim/output/text.h"

enum { BARS_MOST = 40, ROW = 24, LABEL = 56 };

static const char *const names[] = { "compare.csv", "report.html" };
static const struct stage_kind compare_kind = { NULL, names, sizeof names / sizeof names[0] };

/* What is drawn: the rows in the order of their differences; those without a relative one are left out. */
struct drawing {
	const struct comparison   *c;
	const struct compare_row **rows; size_t n_rows;         /* of the table */
	const struct compare_row  *bars[BARS_MOST]; size_t n_bars, left_out;
	const char                *finding, *identity;
	struct picture             picture;
};

static void pick_bars(struct drawing *g)
{
	for (size_t i = 0; i < g->n_rows; i++) {
		if (!isfinite(g->rows[i]->relative.mean))
			continue;
		if (g->n_bars < BARS_MOST)
			g->bars[g->n_bars++] = g->rows[i];
		else
			g->left_out++;
	}
}

static double bound(double x, double mean)
{
	return 100 * (isfinite(x) ? x : mean);
}

static void differences_data(const struct picture *p, FILE *f)
{
	const struct drawing *g = p->ctx;

	fputs("# row, relative difference, low, high (%), 1 better 2 worse 3 changed 0 not distinguishable, KPI\n", f);
	for (size_t i = 0; i < g->n_bars; i++) {
		const struct compare_row *r = g->bars[i];
		fprintf(f, "%zu %.9g %.9g %.9g %d # %s %s %s\n", i, 100 * r->relative.mean,
			bound(r->relative.low, r->relative.mean), bound(r->relative.high, r->relative.mean), (int)r->way,
			r->a->def->name, r->a->group, r->a->point);
	}
}

static void put_label(FILE *f, const struct compare_row *r)
{
	char label[512], shown[SHOWN * 4];
	const char *group = strcmp(r->a->group, "all") == 0 ? "" : group_label(r->a->group);

	snprintf(label, sizeof label, "%s%s%s%s%s%s", r->a->def->name, *group ? " " : "", group, *r->a->point ? " [" : "",
		 r->a->point, *r->a->point ? "]" : "");
	put_gnuplot(f, shorten(shown, sizeof shown, label, LABEL));
}

static void differences_script(const struct picture *p, FILE *f)
{
	static const struct {
		enum compare_way way;
		const char *name;
		int colour;
	} kinds[] = {
		{ COMPARE_BETTER, "better", 2 },
		{ COMPARE_WORSE, "worse", 1 },
		{ COMPARE_OTHER, "changed", 0 },
		{ COMPARE_SAME, "not distinguishable", 7 },
	};
	const struct drawing *g = p->ctx;
	size_t widest = 10;
	bool first = true;

	for (size_t i = 0; i < g->n_bars; i++) {
		size_t n =
			strlen(g->bars[i]->a->def->name) + strlen(g->bars[i]->a->group) + strlen(g->bars[i]->a->point) + 4;
		widest = n > widest ? n : widest;
	}
	script_begin(p, f, 880, 140 + ROW * (int)g->n_bars);
	fputs("set border 1\nset key at screen 1, screen 1 top right horizontal\nunset grid\nset grid xtics lt 1 lw 1 lc rgb '" PICTURE_GRID
	      "'\nset rmargin 4\nset xlabel 'difference, % of A' textcolor rgb '" PICTURE_INK "'\n",
	      f);
	fprintf(f, "set lmargin %zu\nset yrange [%g:-0.7]\nset arrow from 0,-0.7 to 0,%g nohead lc rgb '" PICTURE_INK "'\n",
		widest < LABEL ? widest : (size_t)LABEL, (double)g->n_bars - 0.3, (double)g->n_bars - 0.3);
	fputs("set ytics scale 0 (", f);
	for (size_t i = 0; i < g->n_bars; i++) {
		fputs(i ? ", " : "", f);
		put_label(f, g->bars[i]);
		fprintf(f, " %zu", i);
	}
	fputs(")\nplot ", f);
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		size_t n = 0;
		for (size_t i = 0; i < g->n_bars; i++)
			n += g->bars[i]->way == kinds[k].way;
		if (n == 0)
			continue;
		fprintf(f, "%s'%s.dat' using 2:($5==%d?$1:NaN):3:4 with xerrorbars pt 7 ps 0.7 lw 2 lc rgb '%s' title '%s'",
			first ? "" : ", ", p->name, (int)kinds[k].way, picture_colours[kinds[k].colour], kinds[k].name);
		first = false;
	}
	fputc('\n', f);
}

/* ---- the page ---- */

static void put_side(FILE *f, const char *letter, const struct compare_side *s)
{
	item_begin(f, letter);
	put_xml(f, s->title);
	fputs("<br>", f);
	put_tag(f, "code", NULL, s->dir);
	fprintf(f, " <span class=\"soft small\">sccsim %s, input %.12s, seed %llu, %zu replications</span>", s->version,
		s->hash, (unsigned long long)s->seed, s->replications);
	item_end(f);
}

static void put_changes(FILE *f, const struct comparison *c)
{
	static const struct column columns[] = { { "element", NULL }, { "attribute", NULL }, { "A", NULL }, { "B", NULL } };

	put_heading(f, "changed", "What was changed");
	if (c->n_changes == 0) {
		put_tag(f, "p", NULL,
			strcmp(c->a->hash, c->b->hash) == 0
				? "Nothing: the two have the same input."
				: "No value: a file that is named, or a scenario of the study.");
		return;
	}
	table_begin(f, columns, 4);
	for (size_t i = 0; i < c->n_changes; i++) {
		const struct compare_change *x = &c->changes[i];
		const char *cells[] = { x->element, x->attribute, x->a ? x->a : "-", x->b ? x->b : "-" };
		fputs("<tr>", f);
		for (int k = 0; k < 4; k++)
			put_tag(f, "td", k < 2 ? NULL : "class=\"wrap\"", cells[k]);
		fputs("</tr>\n", f);
	}
	table_end(f);
}

static void put_row(FILE *f, const struct comparison *c, const struct compare_row *r)
{
	static const char *const states[] = { "", "better", "worse", "changed" };
	struct compare_shown s;

	compare_show(&s, c, r, &page_style);
	const char *cells[] = { s.a, s.b, s.difference, s.bounds, s.relative };
	fputs("<tr>", f);
	put_tag(f, "th", "scope=\"row\"", r->a->def->name);
	put_tag(f, "td", NULL, s.group);
	if (*r->a->point)
		put_tag(f, "td", NULL, r->a->point);
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		put_tag(f, "td", "class=\"n\"", cells[i]);
	put_tag(f, "td", NULL, states[r->way]);
	put_tag(f, "td", NULL, s.sure);
	fputs("</tr>\n", f);
}

static void put_only(FILE *f, const struct comparison *c, int side)
{
	char group[256];

	if (c->n_only[side] == 0)
		return;
	fprintf(f, "<details><summary>In %c alone (%zu)</summary><ul>\n", 'A' + side, c->n_only[side]);
	for (size_t i = 0; i < c->n_only[side]; i++) {
		const struct compare_sample *x = c->only[side][i];
		fputs("<li>", f);
		put_xml(f, x->def->name);
		fputs(", ", f);
		put_xml(f, show_group(group, sizeof group, x->group));
		fputs(*x->point ? ", " : "", f);
		put_xml(f, x->point);
		fputs("</li>\n", f);
	}
	fputs("</ul></details>\n", f);
}

static void put_rows(FILE *f, const struct drawing *g)
{
	static const struct column columns[] = {
		{ "KPI", NULL },
		{ "group", NULL },
		{ "point", NULL },
		{ "A", "class=\"n\"" },
		{ "B", "class=\"n\"" },
		{ "difference", "class=\"n\"" },
		{ "interval", "class=\"n\"" },
		{ "relative", "class=\"n\"" },
		{ "B is", NULL },
		{ "how sure", NULL },
	};
	struct column used[10];
	size_t n = 0;

	put_heading(f, "kpis", g->c->all ? "All KPIs" : "KPIs that differ");
	for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
		if (g->c->a->study || strcmp(columns[i].name, "point") != 0)
			used[n++] = columns[i];
	table_begin(f, used, n);
	for (size_t i = 0; i < g->n_rows; i++)
		put_row(f, g->c, g->rows[i]);
	table_end(f);
	for (int s = 0; s < 2; s++)
		put_only(f, g->c, s);
}

static void put_page(const struct drawing *g, const char *plots, FILE *f)
{
	static const struct page_link links[] = { { "changed", "What was changed" }, { "kpis", "KPIs" } };
	const struct page_head head = { "Two results compared", g->identity, g->identity, links, 2 };
	struct page p = { f, plots, NULL, 0 };

	page_begin(&p, &head);
	put_tag(f, "p", "class=\"lead\"", g->finding);
	if (strcmp(g->c->a->version, g->c->b->version) != 0)
		put_tag(f, "p", "class=\"notice\"", "Made by different versions of sccsim: a model may have changed too.");
	items_begin(f);
	put_side(f, "A", g->c->a);
	put_side(f, "B", g->c->b);
	items_end(f);
	put_changes(f, g->c);
	if (g->n_bars)
		put_picture(&p, &g->picture, g->left_out ? "The largest of them; the table has the rest." : NULL);
	put_rows(f, g);
	page_end(&p);
}

static int write_files(const struct drawing *g, struct stage *st)
{
	char plots[PATH_MAX];
	FILE *f;

	if (stage_path(st, "plots", plots) != 0 || stage_folder(plots, st->why) != 0)
		return -1;
	if (g->n_bars && pictures_write(&g->picture, 1, plots, st->why) < 0)
		return -1;
	f = stage_file(st, "compare.csv");
	if (!f)
		return -1;
	compare_csv(g->c, f);
	if (stage_close(st, f, "compare.csv") != 0)
		return -1;
	f = stage_file(st, "report.html");
	if (!f)
		return -1;
	put_page(g, plots, f);
	return stage_close(st, f, "report.html");
}

int compare_write(const struct comparison *c, const char *finding, const char *dir, char *why)
{
	struct arena *a = arena_new();
	struct drawing g = { .c = c, .finding = finding };
	struct stage st;
	char record[PATH_MAX];
	int rc = -1;

	if (a)
		g.rows = compare_order(c, a, &g.n_rows);
	if (g.rows)
		g.identity = arena_printf(a, "sccsim %s, inputs %.12s and %.12s", SCCSIM_VERSION, c->a->hash, c->b->hash);
	snprintf(record, sizeof record, "%s/results.sqlite", dir);
	if (!g.rows || !g.identity) {
		snprintf(why, OUTPUT_WHY, "out of memory");
	} else if (access(record, F_OK) == 0) {
		snprintf(why, OUTPUT_WHY, "%.300s holds the results of a run or a study: choose another folder with -o",
			 dir);
	} else if (stage_open(&st, &compare_kind, dir, why) == 0) {
		pick_bars(&g);
		g.picture =
			(struct picture){ .name = "differences",
					  .title = "Relative differences, B against A",
					  .caption = "With their intervals; left of the line B has less, right of it more.",
					  .identity = g.identity,
					  .data = differences_data,
					  .script = differences_script,
					  .ctx = &g };
		rc = write_files(&g, &st);
		if (rc == 0)
			rc = stage_commit(&st);
		if (rc != 0)
			stage_plain_words(why);
		stage_drop(&st);
	}
	arena_free(a);
	return rc;
}
