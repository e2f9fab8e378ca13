/* The folder of a placement: its page, the returns of each site, the map of the candidates. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "sim/output/page.h"
#include "sim/output/placement_output.h"
#include "sim/output/stage.h"
#include "sim/output/text.h"

static const char *const names[] = { "placement.csv", "sets.csv", "summary.txt", "study.xml", "report.html" };
static const struct stage_kind placement_kind = { NULL, names, sizeof names / sizeof names[0] };

static struct scale scale_for(const struct placement_view *v)
{
	return scale_of(v->response->def->unit, v->r->best.value, v->share);
}

static double bound(double x, double mean)
{
	return isfinite(x) ? x : mean;
}

static void returns_data(const struct picture *g, FILE *f)
{
	const struct placement_view *v = g->ctx;
	struct scale sc = scale_for(v);

	fprintf(f, "# sites, mean, low, high (%s), the one that was added\n", *sc.unit ? sc.unit : "1");
	for (size_t i = 0; i < v->p->choose; i++) {
		const struct interval *x = &v->r->steps[i].value;
		fprintf(f, "%zu %.9g %.9g %.9g # %s\n", i + 1, sc.factor * x->mean, sc.factor * bound(x->low, x->mean),
			sc.factor * bound(x->high, x->mean), v->p->sites[v->r->steps[i].site].id);
	}
}

static void returns_script(const struct picture *g, FILE *f)
{
	const struct placement_view *v = g->ctx;
	struct scale sc = scale_for(v);
	char label[300];

	script_begin(g, f, 720, 420);
	fputs("set key off\nset lmargin 10\nset rmargin 3\nset bmargin 9\nset offsets 0.4, 0.4, graph 0.05, graph 0.05\nset ylabel ",
	      f);
	snprintf(label, sizeof label, "%s%s%s%s", v->response->id, *sc.unit ? " (" : "", sc.unit, *sc.unit ? ")" : "");
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nset xtics rotate by -30 (", f);
	for (size_t i = 0; i < v->p->choose; i++) {
		snprintf(label, sizeof label, "%zu. %s", i + 1, v->p->sites[v->r->steps[i].site].id);
		fputs(i ? ", " : "", f);
		put_gnuplot(f, label);
		fprintf(f, " %zu", i + 1);
	}
	fprintf(f,
		")\nplot '%s.dat' using 1:2 with lines lw 2 lc rgb '%s', '' using 1:2:3:4 with yerrorbars pt 7 ps 0.7 lw 2 lc rgb '%s'\n",
		g->name, picture_colours[0], picture_colours[0]);
}

static void sites_data(const struct picture *g, FILE *f)
{
	const struct placement_view *v = g->ctx;

	fputs("# x, y, 1: chosen, site\n", f);
	for (size_t i = 0; i < v->p->n_sites; i++)
		fprintf(f, "%.9g %.9g %d # %s\n", v->p->sites[i].x, v->p->sites[i].y, (int)(v->r->best.sites >> i & 1),
			v->p->sites[i].id);
}

static void sites_script(const struct picture *g, FILE *f)
{
	const struct placement_view *v = g->ctx;
	double y = v->p->sites[0].y, stretch = v->p->geographic ? 1 / fmax(0.05, cos(y * 3.14159265358979 / 180)) : 1;
	char name[SHOWN];

	script_begin(g, f, 720, 620);
	fprintf(f,
		"set key at screen 1, screen 1 top right horizontal\nset size ratio -%.6f\nset offsets graph 0.1, graph 0.16, graph 0.08, "
		"graph 0.08\nset xlabel '%s' textcolor rgb '" PICTURE_INK "'\nset ylabel '%s' textcolor rgb '" PICTURE_INK
		"'\n",
		stretch, v->p->geographic ? "longitude (degrees)" : "x (m)",
		v->p->geographic ? "latitude (degrees)" : "y (m)");
	for (size_t i = 0; i < v->p->n_sites; i++) {
		if (isnan(v->p->sites[i].x) || isnan(v->p->sites[i].y))
			continue;
		fprintf(f, "set label ");
		put_gnuplot(f, shorten(name, sizeof name, v->p->sites[i].id, 22));
		fprintf(f, " at %.9g,%.9g left offset 0.7,0.5 font '" PICTURE_FONT ",10' textcolor rgb '" PICTURE_INK "'\n",
			v->p->sites[i].x, v->p->sites[i].y);
	}
	fprintf(f,
		"plot '%s.dat' using 1:($3==1?$2:NaN) with points pt 7 ps 1.3 lc rgb '%s' title 'chosen', "
		"'' using 1:($3==0?$2:NaN) with points pt 6 ps 1.1 lw 2 lc rgb '%s' title 'not chosen'\n",
		g->name, picture_colours[2], picture_colours[7]);
}

static bool on_map(const struct placement *p)
{
	for (size_t i = 0; i < p->n_sites; i++)
		if (!isnan(p->sites[i].x) && !isnan(p->sites[i].y))
			return true;
	return false;
}

/* ---- the page ---- */

static void put_steps(const struct placement_view *v, FILE *f)
{
	static const struct column columns[] = {
		{ "#", NULL },
		{ "site", NULL },
		{ "with it", "class=\"n\"" },
		{ "it brought", "class=\"n\"" },
		{ "next best", NULL },
		{ "in the answer", NULL },
	};
	char text[SHOWN];

	table_begin(f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < v->p->choose; i++) {
		const struct placement_step *s = &v->r->steps[i];
		fprintf(f, "<tr><td>%zu</td>", i + 1);
		put_tag(f, "th", "scope=\"row\"", v->p->sites[s->site].id);
		put_tag(f, "td", "class=\"n\"", placement_span(text, v, &s->value, &page_style));
		put_tag(f, "td", "class=\"n\"", placement_gain(text, v, &s->gain.difference, &page_style));
		put_tag(f, "td", NULL, s->second == SIZE_MAX ? "" : v->p->sites[s->second].id);
		put_tag(f, "td", NULL, v->r->best.sites >> s->site & 1 ? "yes" : "no");
		fputs("</tr>\n", f);
	}
	table_end(f);
}

static void put_method(const struct placement_view *v, FILE *f)
{
	const struct placement_result *r = v->r;

	put_heading(f, "method", "How they were found");
	fprintf(f,
		"<p>One by one: each time the site that helps most, every other one being looked at in its place; then by simulated annealing, "
		"which swaps one chosen site for another. In all %zu sets were looked at (%zu and %zu), each in the same %zu replications from "
		"the same seed, so that sets differ by their sites alone. Who takes the best of many flatters it: what is said of the answer, "
		"and of its gain over the greedy choice, is of %zu other replications, and holds at %.6g&nbsp;%%. The intervals of the single "
		"steps are of the replications by which the sites were chosen. No method short of looking at every set is certain to find the "
		"best.</p>\n",
		r->evaluated, r->by_greedy, r->by_annealing, r->replications, r->replications,
		100 * v->st->precision.level);
}

static void put_page(const struct placement_view *v, const struct picture *pictures, size_t n, const char *plots, FILE *f)
{
	static const struct page_link links[] = { { "sites", "Sites" }, { "method", "How they were found" } };
	struct page p = { f, plots, NULL, 0 };
	char span[SHOWN], gain[SHOWN];

	page_begin(&p, &(struct page_head){ *v->st->title ? v->st->title : "Sites", v->identity, v->identity, links, 2 });
	put_tag(f, "p", "class=\"lead\"", v->finding);
	cards_begin(f);
	put_card(f, &(struct card){ .value = placement_span(span, v, &v->r->best_interval, &page_style),
				    .name = v->response->id,
				    .beside = "the sites that were chosen" });
	put_card(f, &(struct card){ .value = placement_span(gain, v, &v->r->greedy_interval, &page_style),
				    .name = v->response->id,
				    .beside = "chosen one by one" });
	cards_end(f);
	put_heading(f, "sites", "Sites");
	for (size_t i = 0; i < n; i++)
		put_picture(&p, &pictures[i], NULL);
	put_steps(v, f);
	put_method(v, f);
	page_end(&p);
}

static void put_document(const struct placement_view *v, FILE *f)
{
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- %s -->\n%s", v->identity, v->st->doc->resolved);
}

static int write_files(const struct placement_view *v, struct stage *st)
{
	static const struct {
		const char *name;
		void (*write)(const struct placement_view *v, FILE *f);
	} texts[] = {
		{ "placement.csv", placement_csv },
		{ "sets.csv", placement_sets_csv },
		{ "summary.txt", placement_summary },
		{ "study.xml", put_document },
	};
	const struct picture pictures[] = {
		{ .name = "returns",
		  .title = "What each site adds",
		  .caption = "Chosen one by one, with intervals: returns diminish.",
		  .identity = v->identity,
		  .data = returns_data,
		  .script = returns_script,
		  .ctx = v },
		{ .name = "sites",
		  .title = "The candidates",
		  .caption = "Where they stand, and which were chosen.",
		  .identity = v->identity,
		  .data = sites_data,
		  .script = sites_script,
		  .ctx = v },
	};
	size_t n = on_map(v->p) ? 2 : 1;
	char plots[PATH_MAX];
	FILE *f;

	if (stage_path(st, "plots", plots) != 0 || stage_folder(plots, st->why) != 0 ||
	    pictures_write(pictures, n, plots, st->why) < 0)
		return -1;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		f = stage_file(st, texts[i].name);
		if (!f)
			return -1;
		texts[i].write(v, f);
		if (stage_close(st, f, texts[i].name) != 0)
			return -1;
	}
	f = stage_file(st, "report.html");
	if (!f)
		return -1;
	put_page(v, pictures, n, plots, f);
	return stage_close(st, f, "report.html");
}

int placement_write(const struct placement_view *v, const char *dir, char *why)
{
	struct stage st;
	int rc;

	if (stage_open(&st, &placement_kind, dir, why) != 0)
		return -1;
	rc = write_files(v, &st);
	if (rc == 0)
		rc = stage_commit(&st);
	if (rc != 0)
		stage_plain_words(why);
	stage_drop(&st);
	return rc;
}
