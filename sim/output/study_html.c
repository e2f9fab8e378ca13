/*
 * report.html of a study: first what a planner asks (what came out, in words; the targets; the pictures), then what was found at
 * each point and how sure it is, last how it was done.
 */
#include <math.h>
#include <string.h>

#include "sim/output/study_html_private.h"

static void put_head(struct study_page *p)
{
	static const struct page_link all[] = { { "pictures", "Pictures" },
						{ "points", "Points" },
						{ "design", "Design" },
						{ "method", "Method" },
						{ "run", "The run" } };
	const struct study *st = p->v->st;
	struct page_link links[sizeof all / sizeof all[0] + 1];
	char subtitle[4 * SHOWN];
	size_t n = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (i == 0 && p->all->n == 0)
			continue;
		links[n++] = all[i];
		if (strcmp(all[i].id, "points") == 0 && study_has_effects(p->v))
			links[n++] = (struct page_link){ "effects", "Effects" };
	}
	snprintf(subtitle, sizeof subtitle,
		 "a study of %zu point%s \u00b7 sccsim %s \u00b7 seed %llu \u00b7 study %.12s\u2026", st->n_points,
		 st->n_points == 1 ? "" : "s", SCCSIM_VERSION, (unsigned long long)st->seed, st->hash);
	page_begin(&p->page, &(struct page_head){ .title = *st->title ? st->title : st->doc->path,
						  .identity = p->v->identity,
						  .subtitle = subtitle,
						  .links = links,
						  .n_links = n });
}

/* ---- notices ---- */

static void put_notice(struct study_page *p, const char *text)
{
	put_tag(p->f, "p", "class=\"notice\"", text);
	fputc('\n', p->f);
}

static void put_failures(struct study_page *p)
{
	const struct study *st = p->v->st;
	size_t points = 0, first = SIZE_MAX, empty = 0;
	char text[700], name[160];

	for (size_t i = 0; i < st->n_points; i++) {
		if (!p->v->failures[i])
			continue;
		points++;
		empty += p->v->a->data->done[i] == 0;
		first = first == SIZE_MAX ? i : first;
	}
	if (points == 0)
		return;
	show_point(name, sizeof name, st, first, &page_style);
	snprintf(
		text, sizeof text,
		"At %zu of %zu points something failed (%zu have no result at all). The first: %.120s: %.300s. The table of points names all.",
		points, st->n_points, empty, name, p->v->failures[first]);
	put_notice(p, text);
}

/* Points that ran out of replications before they were as precise as was asked for. */
static void put_imprecise(struct study_page *p)
{
	const struct study *st = p->v->st;
	size_t points = 0;
	char text[300];

	for (size_t i = 0; st->until_precise && i < st->n_points; i++) {
		bool bad = false;
		for (size_t r = 0; r < st->n_responses; r++) {
			const struct point_result *x = point_at(p->v, i, r);
			bad = bad ||
			      (p->v->a->data->done[i] >= st->precision.ceiling && x->precision > st->precision.relative);
		}
		points += bad;
	}
	if (points == 0)
		return;
	snprintf(
		text, sizeof text,
		"%zu of %zu points had all %zu replications that are allowed without reaching the precision of %.3g %%: their intervals are wider.",
		points, st->n_points, st->precision.ceiling, 100 * st->precision.relative);
	put_notice(p, text);
}

/* Neighbouring batches that go together make intervals too narrow. */
static void put_dependent(struct study_page *p)
{
	const struct study *st = p->v->st;
	size_t points = 0;
	char text[300];

	for (size_t i = 0; st->statistics == STATISTICS_BATCH_MEANS && i < st->n_points; i++) {
		bool bad = false;
		for (size_t r = 0; r < st->n_responses; r++) {
			const struct values *x = &p->v->a->data->at[i * st->n_responses + r];
			bad = bad || (x->n >= 8 && !batch_means(x->v, x->n, x->n, st->precision.level).independent);
		}
		points += bad;
	}
	if (points == 0)
		return;
	snprintf(
		text, sizeof text,
		"At %zu of %zu points the batches are not independent, so that the intervals are too narrow: take fewer batches or a longer run.",
		points, st->n_points);
	put_notice(p, text);
}

static void put_notices(struct study_page *p)
{
	const struct study *st = p->v->st;
	size_t without = 0;
	char text[200];

	for (size_t i = 0; i < st->n_points; i++)
		without += p->v->a->data->done[i] == 0 && !p->v->failures[i];
	if (!p->v->complete) {
		snprintf(
			text, sizeof text,
			"The study is not finished: %zu of %zu points have no result yet. sccsim study --resume goes on with it.",
			without, st->n_points);
		put_notice(p, text);
	}
	put_failures(p);
	put_imprecise(p);
	put_dependent(p);
}

/* ---- the finding and the targets ---- */

static void put_finding(struct study_page *p)
{
	const struct study *st = p->v->st;

	put_notices(p);
	if (st->description && *st->description)
		put_tag(p->f, "p", "class=\"soft\"", st->description);
	fputc('\n', p->f);
	put_tag(p->f, "p", "class=\"lead\"", p->v->finding);
	fputc('\n', p->f);
}

/* The point that is best in a response; SIZE_MAX: neither high nor low is better. */
static size_t best_point(const struct study_view *v, size_t response)
{
	const enum kpi_better better = v->st->responses[response].def->better;
	size_t best = SIZE_MAX;

	for (size_t p = 0; better != KPI_NEITHER && p < v->st->n_points; p++) {
		double x = point_at(v, p, response)->value.mean;
		if (isnan(x))
			continue;
		double sign = better == KPI_HIGHER ? 1 : -1;
		if (best == SIZE_MAX || sign * x > sign * point_at(v, best, response)->value.mean)
			best = p;
	}
	return best;
}

/* Of a target: how many points meet it.  Of other responses: the best point. */
static void put_card_of(struct study_page *p, size_t r)
{
	const struct study_view *v = p->v;
	const struct response *resp = &v->st->responses[r];
	size_t best = best_point(v, r);
	struct verdicts n = response_verdicts(v, r);
	char name[256], value[SHOWN] = "", mean[SHOWN], bounds[SHOWN], where[160], beside[180], target[160], below[2][400];
	struct estimate e = { 0 };

	response_name(name, sizeof name, resp);
	if (best != SIZE_MAX) {
		e = point_estimate(v, best, r);
		show_estimate(mean, &e, &page_style);
		show_bounds(bounds, &e, &page_style);
		snprintf(below[1], sizeof below[1], "best: %s%s%s%s at %s", mean, *bounds ? " (" : "", bounds,
			 *bounds ? ")" : "", show_point(where, sizeof where, v->st, best, &page_style));
	}
	if (resp->target.op == TARGET_NONE) {
		if (best == SIZE_MAX)
			return;
		snprintf(below[0], sizeof below[0], "best of all points, at %s", where);
		snprintf(below[1], sizeof below[1], *bounds ? "interval %s" : "no interval", bounds);
		put_card(p->f, &(struct card){ .value = mean, .name = name, .below = { below[0], below[1] } });
		return;
	}
	snprintf(beside, sizeof beside, "target %s", show_target(target, sizeof target, resp->target.text));
	snprintf(value, sizeof value, "%zu of %zu points", n.n[VERDICT_MET], v->st->n_points);
	snprintf(below[0], sizeof below[0], "%zu missed, %zu undecided", n.n[VERDICT_MISSED], n.n[VERDICT_UNDECIDED]);
	put_card(p->f, &(struct card){ .state = n.n[VERDICT_MET]         ? "met"
						: n.n[VERDICT_UNDECIDED] ? "undecided"
									 : "missed",
				       .beside = beside,
				       .value = value,
				       .name = name,
				       .below = { below[0], best == SIZE_MAX ? NULL : below[1] } });
}

static void put_cards(struct study_page *p)
{
	enum { CARDS_MOST = 8 };

	cards_begin(p->f);
	for (size_t r = 0; r < p->v->st->n_responses && r < CARDS_MOST; r++)
		put_card_of(p, r);
	cards_end(p->f);
}

/* ---- pictures ---- */

static void put_response(struct study_page *p, size_t response)
{
	const struct response *r = &p->v->st->responses[response];
	char name[256];
	bool any = false;

	for (size_t i = 0; i < p->all->n; i++) {
		const struct plot *plot = &p->all->v[i].plot;
		if (plot->kind == PLOT_FRONT || plot->response != response)
			continue;
		if (!any) {
			put_tag(p->f, "h3", NULL, response_name(name, sizeof name, r));
			fputs("<p class=\"soft small\">", p->f);
			put_xml(p->f, r->def->definition);
			fprintf(p->f, "%s</p>\n",
				r->def->better == KPI_HIGHER  ? ". Higher is better."
				: r->def->better == KPI_LOWER ? ". Lower is better."
							      : ".");
		}
		any = true;
		put_picture(&p->page, &p->all->pictures[i], NULL);
	}
}

static void put_pictures(struct study_page *p)
{
	if (p->all->n == 0)
		return;
	put_heading(p->f, "pictures", "Pictures");
	for (size_t i = 0; i < p->all->n; i++)
		if (p->all->v[i].plot.kind == PLOT_FRONT)
			put_picture(&p->page, &p->all->pictures[i], NULL);
	for (size_t r = 0; r < p->v->st->n_responses; r++)
		put_response(p, r);
	if (p->all->left_out)
		fprintf(p->f,
			"<p class=\"soft small\">%zu more pictures would be too many for a page; points.csv and effects.csv have all the "
			"figures.</p>\n",
			p->all->left_out);
}

void study_html_write(const struct study_view *v, const struct study_pictures *all, const char *plots, FILE *f)
{
	struct study_page p = { f, v, all, { .f = f, .plots = plots, .redraw = "sccsim report" } };

	put_head(&p);
	put_finding(&p);
	put_cards(&p);
	put_pictures(&p);
	study_page_points(&p);
	study_page_effects(&p);
	study_page_design(&p);
	study_page_method(&p);
	study_page_run(&p);
	page_end(&p.page);
}
