/* The folder of a plan: its page, with a picture of each response along the line of settings. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "sim/output/page.h"
#include "sim/output/plan_output.h"
#include "sim/output/stage.h"
#include "sim/output/text.h"

static const char *const names[] = { "plan.csv", "summary.txt", "study.xml", "report.html" };
static const struct stage_kind plan_kind = { NULL, names, sizeof names / sizeof names[0] };

/* A response of a line. */
struct drawing { const struct plan_view *v; const struct plan_line *p; size_t response; struct scale scale; };
struct album { struct drawing *drawings; struct picture *pictures; size_t n; };

static struct scale scale_for(const struct plan_view *v, const struct plan_line *p, size_t response)
{
	double most = 0;

	for (size_t k = 0; k < p->line->n_steps; k++)
		if (p->line->steps[k].replications)
			most = fmax(most, fabs(p->line->steps[k].values[response].mean));
	return scale_of(v->st->responses[response].def->unit, most, v->shares[response]);
}

static double bound(double x, double mean)
{
	return isfinite(x) ? x : mean;
}

static void path_data(const struct picture *g, FILE *f)
{
	const struct drawing *d = g->ctx;
	const struct search_line *l = d->p->line;
	double k = d->scale.factor;

	fprintf(f, "# setting, mean, low, high (%s), number on the path, 1: all targets met\n",
		*d->scale.unit ? d->scale.unit : "1");
	for (size_t i = 0; i < l->n_steps; i++) {
		const struct search_step *x = &l->steps[i];
		if (!x->replications || isnan(x->values[d->response].mean))
			continue;
		const struct interval *v = &x->values[d->response];
		fprintf(f, "%.9g %.9g %.9g %.9g %zu %d\n", study_cell(d->v->st, x->point, d->v->st->plan.factor)->number,
			k * v->mean, k * bound(v->low, v->mean), k * bound(v->high, v->mean), i + 1,
			x->verdict == VERDICT_MET);
	}
}

static void path_script(const struct picture *g, FILE *f)
{
	const struct drawing *d = g->ctx;
	const struct study *st = d->v->st;
	const struct factor *x = &st->factors[st->plan.factor];
	const struct response *r = &st->responses[d->response];
	const char *unit = dimension_unit(x->dim);
	char label[300];

	script_begin(g, f, 720, 400);
	fputs("set key at screen 1, screen 1 top right horizontal\nset lmargin 10\nset rmargin 4\nset offsets graph 0.06, graph 0.06, graph 0.08, graph 0.08\n",
	      f);
	if (x->log)
		fputs("set logscale x\n", f);
	bool plain = !*unit || strcmp(unit, "1") == 0;
	snprintf(label, sizeof label, "%s%s%s%s", x->label, plain ? "" : " (", plain ? "" : unit, plain ? "" : ")");
	fputs("set xlabel ", f);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nset ylabel ", f);
	snprintf(label, sizeof label, "%s%s%s%s", r->id, *d->scale.unit ? " (" : "", d->scale.unit,
		 *d->scale.unit ? ")" : "");
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nplot ", f);
	if (r->target.op != TARGET_NONE)
		fprintf(f, "%.9g with lines lw 2 dt 2 lc rgb '%s' title 'target', ", d->scale.factor * r->target.value,
			picture_colours[1]);
	fprintf(f, "'%s.dat' using 1:($6==1?$2:NaN):3:4 with yerrorbars pt 7 ps 0.8 lw 2 lc rgb '%s' title 'enough', ",
		g->name, picture_colours[2]);
	fprintf(f, "'' using 1:($6==1?NaN:$2):3:4 with yerrorbars pt 6 ps 0.8 lw 2 lc rgb '%s' title 'not enough', ",
		picture_colours[7]);
	fputs("'' using 1:4:5 with labels offset 0,0.7 textcolor rgb '" PICTURE_INK "' notitle\n", f);
}

static bool make_album(const struct plan_view *v, struct album *b)
{
	size_t most = v->n_lines * v->st->n_responses + 1;

	*b = (struct album){ arena_alloc(v->arena, most, sizeof *b->drawings),
			     arena_alloc(v->arena, most, sizeof *b->pictures), 0 };
	for (size_t i = 0; b->drawings && b->pictures && i < v->n_lines; i++)
		for (size_t r = 0; r < v->st->n_responses; r++) {
			const struct plan_line *p = &v->lines[i];
			char *name = arena_alloc(v->arena, 120, 1);
			const char *title =
				arena_printf(v->arena, "%s%s%s", v->st->responses[r].id, *p->others ? ", " : "", p->others);
			char prefix[32];
			if (!name || !title)
				return false;
			snprintf(prefix, sizeof prefix, "path-%zu-", i + 1);
			picture_name(name, 120, prefix, v->st->responses[r].id);
			b->drawings[b->n] = (struct drawing){ v, p, r, scale_for(v, p, r) };
			b->pictures[b->n] = (struct picture){
				.name = name,
				.title = title,
				.identity = v->identity,
				.data = path_data,
				.caption = "Settings in the order in which they were looked at, with their intervals.",
				.script = path_script,
				.ctx = &b->drawings[b->n]
			};
			b->n++;
		}
	return b->drawings && b->pictures;
}

/* ---- the page ---- */

static void put_steps(const struct plan_view *v, const struct plan_line *p, FILE *f)
{
	const struct search_line *l = p->line;
	char span[SHOWN];

	fputs("<div class=\"scroll\"><table><thead><tr><th>#</th><th>setting</th><th>verdict</th>", f);
	for (size_t i = 0; i < v->st->n_responses; i++)
		put_tag(f, "th", "class=\"n\"", v->st->responses[i].id);
	fputs("<th class=\"n\">replications</th></tr></thead><tbody>\n", f);
	for (size_t k = 0; k < l->n_steps; k++) {
		const struct search_step *x = &l->steps[k];
		fprintf(f, "<tr%s><td>%zu</td>", k == l->answer ? " class=\"sum\"" : "", k + 1);
		put_tag(f, "td", NULL, plan_setting(v, x->point));
		put_tag(f, "td", NULL, x->replications ? verdict_name(x->verdict) : "");
		for (size_t i = 0; i < v->st->n_responses; i++)
			put_tag(f, "td", "class=\"n\"", x->replications ? plan_span(span, v, x, i, &page_style) : "");
		fprintf(f, "<td class=\"n\">%zu</td></tr>\n", x->replications);
	}
	fputs("</tbody></table></div>\n", f);
}

static void put_method(const struct plan_view *v, FILE *f)
{
	put_heading(f, "method", "How it was found");
	fprintf(f,
		"<p>The ends of the line of settings were looked at first; between the dearest that does not do and the cheapest that "
		"does, the one halfway, until the two were neighbours. Every setting ran the same replications from the same seed, so "
		"that they differ by the setting alone. A setting is enough where every target is met: the whole interval of its "
		"response lies on the right side. ");
	if (v->n_looks > 1)
		fprintf(f,
			"It was looked at after %zu replications and up to %zu times more, as long as that was undecided; so the intervals "
			"are of %.6g&nbsp;%%, and hold together at %.6g&nbsp;%%. ",
			v->looks[0], v->n_looks - 1, 100 * v->level, 100 * v->st->precision.level);
	else
		fprintf(f, "Intervals are of %.6g&nbsp;%%, over %zu replications. ", 100 * v->level, v->looks[0]);
	fprintf(f,
		"What was undecided at the end counts as not enough. In all %zu settings were looked at, in %llu replications.</p>\n",
		v->settings, (unsigned long long)v->replications);
}

static void put_cards(const struct plan_view *v, FILE *f)
{
	cards_begin(f);
	for (size_t i = 0; i < v->n_lines; i++) {
		const struct plan_line *p = &v->lines[i];
		const struct search_line *l = p->line;
		const char *value = l->answer == SIZE_MAX ? "none" : plan_setting(v, l->steps[l->answer].point);
		put_card(f, &(struct card){ .state = l->answer == SIZE_MAX ? "missed" : "met",
					    .value = value,
					    .name = *p->others ? p->others : "the cheapest setting" });
	}
	cards_end(f);
}

static void put_page(const struct plan_view *v, const struct album *b, const char *plots, FILE *f)
{
	static const struct page_link links[] = { { "paths", "Paths" }, { "method", "How it was found" } };
	const char *title = *v->st->title ? v->st->title : "A plan";
	struct page p = { f, plots, NULL, 0 };

	page_begin(&p, &(struct page_head){ title, v->identity, v->identity, links, 2 });
	put_tag(f, "p", "class=\"lead\"", v->finding);
	put_cards(v, f);
	put_heading(f, "paths", "Paths");
	for (size_t i = 0; i < v->n_lines; i++) {
		const struct plan_line *l = &v->lines[i];
		if (*l->others)
			put_tag(f, "h3", NULL, l->others);
		put_tag(f, "p", NULL, l->finding);
		for (size_t k = 0; k < l->n_warnings; k++)
			put_tag(f, "p", "class=\"notice\"", l->warnings[k]);
		fputs("<div class=\"pair\">", f);
		for (size_t k = 0; k < b->n; k++)
			if (b->drawings[k].p == l)
				put_picture(&p, &b->pictures[k], NULL);
		fputs("</div>\n", f);
		put_steps(v, l, f);
	}
	put_method(v, f);
	page_end(&p);
}

static void put_document(const struct plan_view *v, FILE *f)
{
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- %s -->\n%s", v->identity, v->st->doc->resolved);
}

static int write_files(const struct plan_view *v, const struct album *b, struct stage *st)
{
	static const struct {
		const char *name;
		void (*write)(const struct plan_view *v, FILE *f);
	} texts[] = {
		{ "plan.csv", plan_csv },
		{ "summary.txt", plan_summary },
		{ "study.xml", put_document },
	};
	char plots[PATH_MAX];
	FILE *f;

	if (stage_path(st, "plots", plots) != 0 || stage_folder(plots, st->why) != 0 ||
	    pictures_write(b->pictures, b->n, plots, st->why) < 0)
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
	put_page(v, b, plots, f);
	return stage_close(st, f, "report.html");
}

int plan_write(const struct plan_view *v, const char *dir, char *why)
{
	struct album b;
	struct stage st;
	int rc;

	if (!make_album(v, &b)) {
		snprintf(why, OUTPUT_WHY, "out of memory");
		return -1;
	}
	if (stage_open(&st, &plan_kind, dir, why) != 0)
		return -1;
	rc = write_files(v, &b, &st);
	if (rc == 0)
		rc = stage_commit(&st);
	if (rc != 0)
		stage_plain_words(why);
	stage_drop(&st);
	return rc;
}
