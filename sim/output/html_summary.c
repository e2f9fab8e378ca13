/* What a page of sections begins with: the KPIs of its name, with their verdicts, and what phases they were counted in. */
#include <math.h>
#include <string.h>

#include "sim/output/html_private.h"

/* "warned ratio" of "crisis.warned-ratio" on the page "crisis"; NULL: it is of another page. */
static const char *name_on(char *buf, size_t size, const char *kpi, const char *page)
{
	size_t n = strlen(page);

	if (strncmp(kpi, page, n) != 0 || kpi[n] != '.')
		return NULL;
	snprintf(buf, size, "%.60s", kpi + n + 1);
	for (char *c = buf; *c; c++)
		*c = *c == '-' ? ' ' : *c;
	return buf;
}

static void put_result(struct run_page *p, const struct kpi_result *k, const char *name)
{
	char mean[SHOWN], interval[SHOWN], below[SHOWN + 32] = "", target[160] = "", beside[180] = "";
	bool judged = k->target && k->verdict != VERDICT_NONE;

	show_interval(interval, p->v->o, k, &page_style);
	if (*interval)
		snprintf(below, sizeof below, "interval %s", interval);
	if (judged)
		snprintf(beside, sizeof beside, "target %s", show_target(target, sizeof target, k->target->text));
	put_card(p->f, &(struct card){ .state = judged ? verdict_name(k->verdict) : NULL,
				       .beside = judged ? beside : NULL,
				       .value = show_mean(mean, p->v->o, k, &page_style),
				       .name = name,
				       .below = { k->def->definition, *below ? below : NULL } });
}

static void put_results(struct run_page *p, const char *page)
{
	bool any = false;

	for (size_t i = 0; i < p->v->n_main; i++) {
		const struct kpi_result *k = p->v->main[i];
		char name[64];
		if (strcmp(k->group, "all") != 0 || isnan(k->mean) || !name_on(name, sizeof name, k->def->name, page))
			continue;
		if (!any)
			cards_begin(p->f);
		any = true;
		put_result(p, k, name);
	}
	if (any)
		cards_end(p->f);
}

/* ---- phases ---- */

enum { PHASES = 3 };
static const char *const phases[PHASES] = { "before", "during", "after" };

static const struct kpi_result *in_phase(const struct outcome *o, const struct kpi_def *def, size_t phase)
{
	char group[32];

	snprintf(group, sizeof group, "phase=%s", phases[phase]);
	return outcome_kpi(o, def->name, group);
}

/* Told where it is no detail, and has a number in two phases at least. */
static bool is_told(const struct run_page *p, const struct kpi_result *k)
{
	size_t n = 0;

	if (strcmp(k->group, "all") != 0)
		return false;
	for (size_t i = 0; i < PHASES; i++) {
		const struct kpi_result *own = in_phase(p->v->o, k->def, i);
		n += own && !isnan(own->mean);
	}
	return n >= 2;
}

static void put_phases(struct run_page *p)
{
	static const struct column columns[] = {
		{ "KPI", NULL }, { "before", "class=\"n\"" }, { "during", "class=\"n\"" }, { "after", "class=\"n\"" }
	};
	bool any = false;
	char text[SHOWN];

	for (size_t i = 0; i < p->v->n_main; i++) {
		const struct kpi_result *k = p->v->main[i];
		if (!is_told(p, k))
			continue;
		if (!any) {
			fputs("<figure class=\"phases\">", p->f);
			put_tag(p->f, "h3", NULL, "Before, during and after");
			table_begin(p->f, columns, sizeof columns / sizeof columns[0]);
		}
		any = true;
		fputs("<tr>", p->f);
		put_tag(p->f, "th", "scope=\"row\"", k->def->name);
		for (size_t j = 0; j < PHASES; j++) {
			const struct kpi_result *own = in_phase(p->v->o, k->def, j);
			bool known = own && !isnan(own->mean);
			put_tag(p->f, "td", "class=\"n\"", known ? show_mean(text, p->v->o, own, &page_style) : "\u2013");
		}
		fputs("</tr>\n", p->f);
	}
	if (!any)
		return;
	table_end(p->f);
	put_caption(p->f, "The same figures for each time of the run.",
		    p->v->o->n_done > 1 ? "Mean over the replications." : NULL);
	fputs("</figure>\n", p->f);
}

void page_summary(struct run_page *p, const char *page)
{
	put_results(p, page);
}

void page_phases(struct run_page *p, const char *page)
{
	if (strcmp(page, "crisis") == 0)
		put_phases(p);
}
