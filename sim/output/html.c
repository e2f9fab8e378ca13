/*
 * report.html: one page that explains itself, asks for nothing from elsewhere, and prints.
 *
 * First what a planner asks: what came out, in words; the targets; why messages are lost; the figures; where.  Then the
 * models' own sections, as they declare them.  Last what a reviewer asks: audit, inputs, models, method, the run.
 */
#include <math.h>
#include <string.h>

#include "sim/output/html_private.h"

static bool has_kind(const struct run_page *p, enum figure_kind kind)
{
	for (size_t i = 0; i < p->all->n; i++)
		if (p->all->v[i].kind == kind)
			return true;
	return false;
}

static bool on_page(const struct figure *g)
{
	return g->section && g->section->page;
}

/* One that a model's section asks for, of no page. */
static bool is_detail(const struct figure *g)
{
	return g->section && !g->section->page && g->kind != FIGURE_MAP;
}

static bool has_losses(const struct run_page *p)
{
	return p->v->generated > 0;
}

static bool has_groups(const struct run_page *p)
{
	return has_kind(p, FIGURE_GROUPS);
}

static bool has_map(const struct run_page *p)
{
	for (size_t i = 0; i < p->all->n; i++)
		if (p->all->v[i].kind == FIGURE_MAP && !on_page(&p->all->v[i]))
			return true;
	return false;
}

static bool has_charts(const struct run_page *p)
{
	for (size_t i = 0; i < p->all->n; i++)
		if (is_detail(&p->all->v[i]))
			return true;
	return false;
}

/* has NULL: always there. */
struct part { const char *id, *text; bool (*has)(const struct run_page *p); };
static const struct part before[] = {
	{ "losses", "Losses", has_losses }, { "kpis", "Results", NULL }, { "groups", "By group", has_groups },
	{ "map", "Map", has_map },	    { "sections", "In detail", has_charts },
}, after[] = {
	{ "audit", "Audit", NULL },   { "warnings", "Warnings", NULL }, { "inputs", "Inputs", NULL },
	{ "models", "Models", NULL }, { "method", "Method", NULL },     { "run", "The run", NULL },
};

enum { BEFORE = sizeof before / sizeof before[0], AFTER = sizeof after / sizeof after[0], LINKS = BEFORE + PAGES_MOST + AFTER };

static void add_links(const struct run_page *p, const struct part *parts, size_t n, struct page_link *links, size_t *n_links)
{
	for (size_t i = 0; i < n; i++)
		if (!parts[i].has || parts[i].has(p))
			links[(*n_links)++] = (struct page_link){ parts[i].id, parts[i].text };
}

static void put_head(struct run_page *p)
{
	const struct outcome *o = p->v->o;
	struct page_link links[LINKS];
	struct page_name pages[PAGES_MOST];
	char from[SHOWN], subtitle[4 * SHOWN];
	size_t n = 0, n_pages = page_names(p, pages);

	add_links(p, before, BEFORE, links, &n);
	for (size_t i = 0; i < n_pages; i++)
		links[n++] = (struct page_link){ pages[i].id, pages[i].text };
	add_links(p, after, AFTER, links, &n);
	snprintf(subtitle, sizeof subtitle, "simulated from %s \u00b7 sccsim %s \u00b7 seed %llu \u00b7 input %.12s\u2026",
		 show_instant(from, o->sc->run.start), o->version, (unsigned long long)o->seed, o->sc->hash);
	page_begin(&p->page, &(struct page_head){ .title = *o->sc->title ? o->sc->title : o->sc->path,
						  .identity = p->v->identity,
						  .subtitle = subtitle,
						  .links = links,
						  .n_links = n });
}

/* Sentences of the finding: those of which the run has the KPI. */
static const struct { const char *kpi, *before, *after; } sentences[] = {
	{ "connectivity.coverage", "", " of the devices are in reach of a gateway." },
	{ "connectivity.connected-ratio", "On average ", " of the devices were operational." },
	{ "connectivity.delivery-ratio", "", " of the messages that operational devices generated reached their platform." },
	{ "latency.p95", "95\u202f% of those arrived within ", "." },
	{ "energy.battery-life", "Batteries last ", " on average." },
};

static void put_verdicts(struct run_page *p)
{
	const struct outcome *o = p->v->o;
	size_t n[4] = { 0 }, shown = 0;
	FILE *f = p->f;

	for (size_t i = 0; i < o->n_kpis; i++)
		n[o->kpis[i].verdict]++;
	size_t all = n[VERDICT_MET] + n[VERDICT_MISSED] + n[VERDICT_UNDECIDED];
	if (all == 0)
		return;
	if (n[VERDICT_MET] == all)
		fprintf(f, " %s.", all == 1 ? "The target is met" : "All targets are met");
	else
		fprintf(f, " Targets: %zu met, %zu missed, %zu undecided.", n[VERDICT_MET], n[VERDICT_MISSED],
			n[VERDICT_UNDECIDED]);
	if (n[VERDICT_UNDECIDED] && o->n_done < 2)
		fputs(" One replication gives no interval, hence no verdict: run ten.", f);
	for (size_t i = 0; i < o->n_kpis; i++) {
		if (o->kpis[i].verdict != VERDICT_MISSED)
			continue;
		fputs(shown++ ? ", " : " Missed: ", f);
		put_xml(f, o->kpis[i].def->name);
		fputs(" of ", f);
		put_xml(f, strcmp(o->kpis[i].group, "all") == 0 ? "all devices" : group_label(o->kpis[i].group));
	}
	fputs(shown ? "." : "", f);
}

static void put_finding(struct run_page *p)
{
	const struct view *v = p->v;
	const struct outcome *o = v->o;
	char text[SHOWN];
	double lost = 0;
	FILE *f = p->f;

	if (o->n_done < o->n_reps)
		fprintf(f, "<p class=\"notice\">%zu of %zu replications finished%s: the figures are theirs.</p>\n",
			o->n_done, o->n_reps, o->stopped ? " before the run was stopped" : "");
	if (o->audit_failed)
		fputs("<p class=\"notice\">The audit failed: a model has lost count. Do not use these results.</p>\n", f);
	if (o->sc->description && *o->sc->description)
		put_tag(f, "p", "class=\"soft\"", o->sc->description);
	fputs("<p class=\"lead\">", f);
	fprintf(f, "Simulated: %s, %zu time%s.", show_seconds(text, sim_seconds(o->sc->run.duration), &page_style),
		o->n_done, o->n_done == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
		const struct kpi_result *k = outcome_kpi(o, sentences[i].kpi, "all");
		if (k && !isnan(k->mean))
			fprintf(f, " %s<strong>%s</strong>%s", sentences[i].before, show_mean(text, o, k, &page_style),
				sentences[i].after);
	}
	for (size_t i = 0; i < v->n_losses; i++)
		lost += v->losses[i].sum;
	if (v->n_losses && v->generated > 0) {
		fprintf(f, " Messages were lost to one cause above all (%.0f\u202f%% of those lost): ",
			100 * v->losses[0].sum / lost);
		put_xml(f, v->losses[0].cause);
		fputc('.', f);
	}
	put_verdicts(p);
	fputs("</p>\n", f);
}

static void put_target(struct run_page *p, const struct kpi_result *k)
{
	char mean[SHOWN], interval[SHOWN], below[2 * SHOWN], group[160], target[160], beside[180];

	show_interval(interval, p->v->o, k, &page_style);
	snprintf(below, sizeof below, *interval ? "interval %s" : "no interval", interval);
	snprintf(beside, sizeof beside, "target %s", show_target(target, sizeof target, k->target->text));
	put_card(p->f, &(struct card){ .state = verdict_name(k->verdict),
				       .beside = beside,
				       .value = show_mean(mean, p->v->o, k, &page_style),
				       .name = k->def->name,
				       .below = { show_group(group, sizeof group, k->group), below } });
}

static void put_targets(struct run_page *p)
{
	bool any = false;

	for (size_t i = 0; i < p->v->n_main; i++) {
		const struct kpi_result *k = p->v->main[i];
		if (!k->target || k->verdict == VERDICT_NONE)
			continue;
		if (!any)
			cards_begin(p->f);
		any = true;
		put_target(p, k);
	}
	if (any)
		cards_end(p->f);
}

static void put_facts(struct run_page *p)
{
	const struct report *r = p->v->first;

	if (!r || r->n_facts == 0)
		return;
	put_heading(p->f, "facts", "What was simulated");
	items_begin(p->f);
	for (size_t i = 0; i < r->n_facts; i++)
		put_item(p->f, r->facts[i].name, r->facts[i].value);
	items_end(p->f);
	if (p->v->o->n_done > 1)
		fputs("<p class=\"soft small\">Counts are those of the first replication.</p>\n", p->f);
}

/* Shown at once: KPIs that have a target, and these. */
static bool prominent(const struct run_page *p, const struct figure *g)
{
	static const char *const names[] = { "connectivity.delivery-ratio", "latency.p95", "energy.battery-life",
					     "connectivity.coverage" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (figure_is(g, names[i]))
			return true;
	for (size_t i = 0; i < p->v->n_main; i++)
		if (p->v->main[i]->def == g->kpi && p->v->main[i]->target)
			return true;
	return false;
}

static void put_groups(struct run_page *p)
{
	size_t n = 0, folded = 0;

	for (size_t i = 0; i < p->all->n; i++) {
		const struct figure *g = &p->all->v[i];
		if (g->kind != FIGURE_GROUPS || !prominent(p, g))
			continue;
		if (n++ == 0) {
			put_heading(p->f, "groups", "By group");
			fputs("<div class=\"pair\">\n", p->f);
		}
		put_figure(p, g);
	}
	fputs(n ? "</div>\n" : "", p->f);
	for (size_t i = 0; i < p->all->n; i++) {
		const struct figure *g = &p->all->v[i];
		if (g->kind != FIGURE_GROUPS || prominent(p, g))
			continue;
		if (folded++ == 0) {
			if (n == 0)
				put_heading(p->f, "groups", "By group");
			fputs("<details><summary>The other KPIs by group</summary><div class=\"pair\">\n", p->f);
		}
		put_figure(p, g);
	}
	fputs(folded ? "</div></details>\n" : "", p->f);
}

static bool is_map(const struct figure *g)
{
	return g->kind == FIGURE_MAP && !on_page(g);
}

/* One that no section asks for, and that has no place of its own. */
static bool is_more(const struct figure *g)
{
	return !g->section &&
	       (g->kind == FIGURE_CHART || g->kind == FIGURE_FLOW || g->kind == FIGURE_TABLE || g->kind == FIGURE_TIMELINE);
}

static void put_those(struct run_page *p, bool (*is)(const struct figure *g), const char *id, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < p->all->n; i++) {
		const struct figure *g = &p->all->v[i];
		if (!is(g))
			continue;
		if (!any)
			put_heading(p->f, id, title);
		any = true;
		i += put_section(p, g) - 1;
	}
}

static void put_layers(struct run_page *p)
{
	char kept[SHOWN], total[SHOWN];

	for (size_t i = 0; i < p->v->n_layers; i++) {
		const struct layer *l = &p->v->layers[i];
		if (l->kept < l->total) {
			fputs("<p class=\"soft small\">Of the layer ", p->f);
			put_xml(p->f, l->name);
			fprintf(p->f, " %s of %s points are shown.</p>\n", show_count(kept, (double)l->kept, &page_style),
				show_count(total, (double)l->total, &page_style));
		}
	}
}

void html_write(const struct view *v, const struct figures *all, const char *plots, FILE *f)
{
	struct run_page p = { f, v, all, { .f = f, .plots = plots, .redraw = "sccsim report" } };

	put_head(&p);
	put_finding(&p);
	put_targets(&p);
	page_losses(&p);
	put_facts(&p);
	page_kpis(&p);
	put_groups(&p);
	put_those(&p, is_map, "map", "Map");
	put_layers(&p);
	put_those(&p, is_detail, "sections", "In detail");
	page_pages(&p);
	put_those(&p, is_more, "more", "More");
	page_audit(&p);
	page_findings(&p);
	page_values(&p);
	page_models(&p);
	page_method(&p);
	page_run(&p);
	page_end(&p.page);
}
