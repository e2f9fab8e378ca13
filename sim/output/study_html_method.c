/* How a study was made: its design, its method, the run. */
#include <math.h>
#include <string.h>

#include "sim/output/study_html_private.h"

enum { LEVELS_MOST = 16 };

/* ---- design ---- */

static void put_range(struct study_page *p, const struct factor *x)
{
	const struct factor_path *path = &x->paths[0];
	size_t f = (size_t)(x - p->v->st->factors);
	const struct scale sc = factor_scale(p->v->st, f);
	char from[SHOWN], to[SHOWN];

	show_number(from, path->from * sc.factor, digits_of(path->from * sc.factor, NAN, false), &page_style);
	show_number(to, path->to * sc.factor, digits_of(path->to * sc.factor, NAN, false), &page_style);
	fprintf(p->f, "%s to %s%s%s", from, to, *sc.unit ? page_style.gap : "", sc.unit);
	if (x->log)
		fputs(", logarithmic", p->f);
	if (x->n_levels)
		fprintf(p->f, ", %zu steps", x->n_levels);
}

static void put_levels(struct study_page *p, size_t factor)
{
	const struct factor *x = &p->v->st->factors[factor];
	char level[256];

	if (factor_is_range(x) && x->n_paths) {
		put_range(p, x);
		return;
	}
	for (size_t i = 0; i < x->n_levels && i < LEVELS_MOST; i++) {
		fputs(i ? "; " : "", p->f);
		put_xml(p->f, show_level(level, sizeof level, p->v->st, factor, i, &page_style));
		if (p->v->st->design == DESIGN_STAR && i == x->base)
			fputs(" (base)", p->f);
	}
	if (x->n_levels > LEVELS_MOST)
		fprintf(p->f, "; \u2026 (%zu levels)", x->n_levels);
}

static void put_factors(struct study_page *p)
{
	static const struct column columns[] = { { "factor", NULL }, { "levels", NULL }, { "sets", NULL } };
	const struct study *st = p->v->st;

	table_begin(p->f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < st->n_factors; i++) {
		const struct factor *x = &st->factors[i];
		fputs("<tr>", p->f);
		put_tag(p->f, "th", "scope=\"row\"", x->label);
		fputs("<td>", p->f);
		put_levels(p, i);
		fputs("</td><td class=\"small\">", p->f);
		for (size_t k = 0; k < x->n_paths; k++) {
			fputs(k ? "<br>" : "", p->f);
			put_tag(p->f, "code", "class=\"wrap\"", x->paths[k].path);
		}
		for (size_t k = 0; x->bases && k < x->n_levels; k++)
			if (x->bases[k] != SIZE_MAX) {
				fputs(k || x->n_paths ? "<br>" : "", p->f);
				put_xml(p->f, st->bases[x->bases[k]]->path);
			}
		fputs("</td></tr>\n", p->f);
	}
	table_end(p->f);
	fputc('\n', p->f);
}

/* What a constraint says, as the document has it. */
static const char *requirement(const struct node *n)
{
	for (size_t i = 0; i < n->model->n_params; i++)
		if (strcmp(n->model->params[i].field, "require") == 0)
			return n->text_of[i];
	return NULL;
}

static void put_constraints(struct study_page *p)
{
	const struct study *st = p->v->st;
	size_t n = 0;

	for (const struct node *c = st->doc->root->child; c; c = c->next) {
		if (strcmp(c->model->name, "constraint") != 0 || !requirement(c))
			continue;
		fputs(n++ ? ", " : "<p>Every point satisfies ", p->f);
		put_tag(p->f, "code", NULL, requirement(c));
	}
	if (n)
		fprintf(p->f, "; %zu combination%s left out for it.</p>\n", st->excluded,
			st->excluded == 1 ? " was" : "s were");
}

void study_page_design(struct study_page *p)
{
	const struct study *st = p->v->st;

	put_heading(p->f, "design", "Design");
	fprintf(p->f, "<p>%s: %s. %zu point%s", design_name(st), design_words(st), st->n_points,
		st->n_points == 1 ? "" : "s");
	if (st->design == DESIGN_SALTELLI)
		fprintf(p->f, " from %zu samples", st->samples);
	fputs(".</p>\n", p->f);
	if (st->n_factors)
		put_factors(p);
	put_constraints(p);
	fputs("<details><summary>The study's document</summary><pre>", p->f);
	put_xml(p->f, st->doc->resolved);
	fputs("</pre></details>\n", p->f);
}

/* ---- method ---- */

static void put_experiment(struct study_page *p)
{
	const struct study *st = p->v->st;
	char warm[SHOWN];

	item_begin(p->f, "Experiment");
	if (st->statistics == STATISTICS_BATCH_MEANS)
		fprintf(p->f,
			"One long run of each point, divided into %zu batches; intervals are Student's t over the batches' means",
			st->batches);
	else if (st->until_precise)
		fprintf(p->f,
			"Replications of each point until the half-width of every response's interval is at most %.3g&#8239;%% of its mean: %zu at "
			"least, %zu at a time, %zu at most; decided on replications in their order, so that it does not depend on the machine",
			100 * st->precision.relative, st->precision.floor, st->precision.batch, st->precision.ceiling);
	else
		fprintf(p->f, "%zu replication%s of each point", st->replications, st->replications == 1 ? "" : "s");
	fprintf(p->f, "; intervals of %.4g&#8239;%% confidence (Student's t; of quantiles: order statistics). ",
		100 * st->precision.level);
	if (st->detect_warm_up && p->v->warm_up == 0)
		fputs("MSER-5 on pilot runs found nothing to leave out as warm-up. ", p->f);
	else if (st->detect_warm_up && p->v->warm_up != SIM_NEVER)
		fprintf(p->f, "The warm-up of %s was detected by MSER-5 on pilot runs and is left out. ",
			show_seconds(warm, sim_seconds(p->v->warm_up), &page_style));
	else if (st->warm_up != SIM_NEVER)
		fprintf(p->f, "The study sets the warm-up: %s. ",
			show_seconds(warm, sim_seconds(st->warm_up), &page_style));
	else
		fputs("The warm-up is the scenarios' own. ", p->f);
	fputs("A target is met or missed only where the whole interval lies on one side of it, else undecided.", p->f);
	item_end(p->f);
}

static void put_comparison(struct study_page *p)
{
	item_begin(p->f, "Comparison");
	fputs("All points see the same random numbers: a draw is named by its purpose and its subject (Philox 4x32-10), so that what a factor does "
	      "not touch is the same at every point. Differences are taken replication by replication, which removes what the points share. Of "
	      "many comparisons the chances are adjusted by Holm's method.",
	      p->f);
	item_end(p->f);
}

static void put_objectives(struct study_page *p)
{
	const struct study *st = p->v->st;
	char name[256], target[160];

	item_begin(p->f, "Objectives");
	put_xml(p->f, st->description && *st->description ? st->description : "The study gives no description.");
	fputs(" Responses: ", p->f);
	for (size_t i = 0; i < st->n_responses; i++) {
		fputs(i ? "; " : "", p->f);
		put_xml(p->f, response_name(name, sizeof name, &st->responses[i]));
		if (st->responses[i].target.op != TARGET_NONE) {
			fputc(' ', p->f);
			put_xml(p->f, show_target(target, sizeof target, st->responses[i].target.text));
		}
	}
	fputc('.', p->f);
	item_end(p->f);
}

static void put_scenarios(struct study_page *p)
{
	const struct study *st = p->v->st;
	char length[SHOWN], from[SHOWN];

	item_begin(p->f, "Scenarios");
	for (size_t i = 0, n = 0; i < st->n_bases; i++) {
		const struct scenario *sc = st->bases[i];
		if (!sc)
			continue;
		fputs(n++ ? "<br>" : "", p->f);
		put_xml(p->f, *sc->title ? sc->title : sc->path);
		fprintf(p->f, ": %s from %s, ", show_seconds(length, sim_seconds(sc->run.duration), &page_style),
			show_instant(from, sc->run.start));
		put_tag(p->f, "code", NULL, sc->path);
		fprintf(p->f, " <span class=\"soft small\">(input %.12s\u2026)</span>", sc->hash);
	}
	item_end(p->f);
}

/* After the STRESS-DES guideline (Monks and others, 2019): what a reader needs to judge the study and to repeat it. */
void study_page_method(struct study_page *p)
{
	FILE *f = p->f;

	put_heading(f, "method", "Assumptions, method and limits");
	fputs("<p class=\"soft small\">In the order of the STRESS-DES guideline for reporting simulation studies.</p>", f);
	items_begin(f);
	put_objectives(p);
	put_item(
		f, "Logic",
		"Discrete events on a clock of integer nanoseconds; events of one time are handled in the order in which they were "
		"scheduled. What the models are and what they were verified against, the report of a run tells: sccsim run SCENARIO.");
	put_scenarios(p);
	item_begin(f, "Data");
	fputs("Every value in force and its source: <code>sccsim explain SCENARIO</code>. Data files that the scenarios name are covered by the "
	      "study's hash.",
	      f);
	item_end(f);
	put_experiment(p);
	put_comparison(p);
	item_begin(f, "Implementation");
	fprintf(f,
		"sccsim %s, a program in C. kpi.csv, points.csv and effects.csv depend neither on the number of threads nor on the machine.",
		SCCSIM_VERSION);
	item_end(f);
	item_begin(f, "Code and repetition");
	fputs("GPL-3.0-or-later. The same results to the byte: <code>sccsim study</code> on study.xml, which stands beside this page, where the "
	      "scenarios that it names are.",
	      f);
	item_end(f);
	put_item(
		f, "Limits",
		"The intervals cover the chance within the model, not the model's own error or that of its inputs. What was found holds "
		"for the levels and ranges that were varied, not beyond.");
	items_end(f);
}

/* ---- the run ---- */

void study_page_run(struct study_page *p)
{
	const struct study_totals *t = &p->v->totals;
	const struct study *st = p->v->st;
	char a[SHOWN], b[SHOWN], c[SHOWN], text[4 * SHOWN];

	put_heading(p->f, "run", "The run");
	items_begin(p->f);
	snprintf(text, sizeof text, "%s replications%s, %s events, %s of computing added up",
		 show_count(a, (double)t->tasks, &page_style),
		 st->statistics == STATISTICS_BATCH_MEANS ? " (one a point)" : "",
		 show_count(b, (double)t->events, &page_style), show_seconds(c, t->wall_s, &page_style));
	put_item(p->f, "Work", text);
	if (t->failed || t->failed_points) {
		snprintf(text, sizeof text, "%llu replications, %zu points", (unsigned long long)t->failed,
			 t->failed_points);
		put_item(p->f, "Failed", text);
	}
	put_item(p->f, "Study", st->doc->path);
	snprintf(text, sizeof text, "sccsim %s, seed %llu", SCCSIM_VERSION, (unsigned long long)st->seed);
	put_item(p->f, "Version and seed", text);
	item_begin(p->f, "Study and scenarios (SHA-256)");
	put_tag(p->f, "code", "class=\"wrap\"", st->hash);
	item_end(p->f);
	items_end(p->f);
}
