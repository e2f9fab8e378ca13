/* The tables of results: KPIs for all, by group, losses, the audit, warnings. */
#include <math.h>
#include <string.h>

#include "sim/output/html_private.h"

enum { OPEN_MOST = 12 }; /* groups */

static void put_result(struct run_page *p, const struct kpi_result *k)
{
	char mean[SHOWN], interval[SHOWN];
	FILE *f = p->f;

	fputs("<tr><th scope=\"row\">", f);
	put_xml(f, k->def->name);
	fprintf(f, "</th><td class=\"n\">%s</td><td class=\"n soft\">%s</td><td class=\"def\">",
		show_mean(mean, p->v->o, k, &page_style), show_interval(interval, p->v->o, k, &page_style));
	put_xml(f, k->def->definition);
	if (k->def->standard) {
		fputs(" <span class=\"soft small\">\u00b7 ", f);
		put_xml(f, k->def->standard);
		fputs("</span>", f);
	}
	fputs("</td></tr>\n", f);
}

static void begin_results(struct run_page *p)
{
	fprintf(p->f,
		"<div class=\"scroll\"><table class=\"kpis\"><thead><tr><th>KPI</th><th class=\"n\">mean</th><th class=\"n\">%.4g&#8239;%% interval"
		"</th><th class=\"def\">definition</th></tr></thead><tbody>\n",
		100 * p->v->o->confidence);
}

static void put_group_cell(struct run_page *p, const struct kpi_result *k)
{
	char mean[SHOWN], half[SHOWN];

	if (!k || isnan(k->mean)) {
		fputs("<td class=\"n soft\">\u2013</td>", p->f);
		return;
	}
	show_half(half, p->v->o, k, &page_style);
	fprintf(p->f, "<td class=\"n\">%s", show_mean(mean, p->v->o, k, &page_style));
	if (*half) {
		fputs("<br><span class=\"soft small\">\u00b1\u202f", p->f);
		put_xml(p->f, half);
		fputs("</span>", p->f);
	}
	fputs("</td>", p->f);
}

/* The figures of the only group of a kind, where they are those of all devices, are not said again. */
static bool says_nothing_new(const struct outcome *o, const struct kind_table *t)
{
	for (size_t d = 0; d < t->n_defs && t->n_groups == 1; d++) {
		const struct kpi_result *one = t->cells[d], *all = one ? outcome_kpi(o, one->def->name, "all") : NULL;
		if (one && !isnan(one->mean) && (!all || all->mean != one->mean))
			return false;
	}
	return t->n_groups == 1;
}

/* What a model says of a group: a fact that has the group's name. */
static const char *group_note(const struct run_page *p, const char *group)
{
	const struct report *r = p->v->first;

	for (size_t i = 0; r && i < r->n_facts; i++)
		if (strcmp(r->facts[i].name, group) == 0)
			return r->facts[i].value;
	return NULL;
}

static void put_group_notes(struct run_page *p, const struct kind_table *t)
{
	bool any = false;

	for (size_t g = 0; g < t->n_groups; g++)
		any = any || group_note(p, t->groups[g]);
	if (!any)
		return;
	fputs("<tr><th scope=\"row\">bears on</th>", p->f);
	for (size_t g = 0; g < t->n_groups; g++) {
		const char *note = group_note(p, t->groups[g]);
		put_tag(p->f, "td", "class=\"soft small\" style=\"white-space:normal;min-width:10em;text-align:right\"",
			note ? note : "");
	}
	fputs("</tr>\n", p->f);
}

/* A row a KPI, a column a group: KPIs have long names, and groups are few.  A few of them are shown at once, so that
 * they are printed too; pairs, such as of class and phase, are folded away. */
static void put_kind(struct run_page *p, const struct kind_table *t)
{
	FILE *f = p->f;
	bool pairs = strchr(t->kind, ';') != NULL;
	char shown[256];

	fprintf(f, "<details%s><summary>By ", t->n_groups <= OPEN_MOST && !pairs ? " open" : "");
	put_xml(f, show_kind(shown, sizeof shown, t->kind));
	fputs("</summary><div class=\"scroll\"><table><thead><tr><th>KPI</th>", f);
	for (size_t g = 0; g < t->n_groups; g++)
		put_tag(f, "th", "class=\"n\"",
			pairs ? show_group(shown, sizeof shown, t->groups[g]) : group_label(t->groups[g]));
	fputs("</tr></thead><tbody>\n", f);
	put_group_notes(p, t);
	for (size_t d = 0; d < t->n_defs; d++) {
		fputs("<tr>", f);
		put_tag(f, "th", "scope=\"row\"", t->defs[d]->name);
		for (size_t g = 0; g < t->n_groups; g++)
			put_group_cell(p, t->cells[d * t->n_groups + g]);
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table></div></details>\n", f);
}

static void put_supporting(struct run_page *p)
{
	const struct outcome *o = p->v->o;
	bool any = false;

	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		char kind[64];
		bool whole = !*group_kind(kind, sizeof kind, k->group) || strcmp(kind, "network") == 0;
		if (!k->def->supporting || !whole || isnan(k->mean))
			continue;
		/* What is reported for all is not said again for the one network. */
		if (*kind && outcome_kpi(o, k->def->name, "all"))
			continue;
		if (!any) {
			fputs("<details><summary>Supporting figures</summary>", p->f);
			begin_results(p);
		}
		any = true;
		put_result(p, k);
	}
	if (any)
		fputs("</tbody></table></div><p class=\"soft small\">All groups of them are in kpi.csv.</p></details>\n",
		      p->f);
}

static void put_standards_note(struct run_page *p)
{
	bool any = false, unverified = false;

	for (size_t i = 0; i < p->v->n_main; i++) {
		const char *standard = p->v->main[i]->def->standard;
		any = any || standard;
		unverified = unverified || (standard && strstr(standard, "[M]"));
	}
	if (any)
		fprintf(p->f,
			"<p class=\"soft small\">After a definition, in small print: the indicators, targets and clauses that the "
			"KPI bears on%s.</p>\n",
			unverified ? "; [M]: assigned by us, not verified" : "");
}

void page_kpis(struct run_page *p)
{
	const struct view *v = p->v;

	put_heading(p->f, "kpis", "Results for all devices");
	begin_results(p);
	for (size_t i = 0; i < v->n_main; i++)
		if (strcmp(v->main[i]->group, "all") == 0 && !isnan(v->main[i]->mean))
			put_result(p, v->main[i]);
	fputs("</tbody></table></div>\n", p->f);
	put_standards_note(p);
	for (size_t i = 0; i < v->n_tables; i++)
		if (*v->tables[i].kind && !says_nothing_new(v->o, &v->tables[i]))
			put_kind(p, &v->tables[i]);
	put_supporting(p);
}

/* What the causes of kpis.md mean, in a planner's words; another cause stands for itself. */
static const char *meaning_of(const char *cause)
{
	static const struct {
		const char *cause, *meaning;
	} meanings[] = {
		{ "no coverage", "too weak at every gateway" },
		{ "interference", "drowned by other transmissions at every gateway in reach" },
		{ "no demodulator or grant",
		  "every gateway in reach was busy receiving others, or granted no transmission" },
		{ "receiver sending", "the gateways in reach were sending just then, and cannot listen meanwhile" },
		{ "access barred", "the network kept the device from sending" },
		{ "retries exhausted", "given up after the last repeat" },
		{ "superseded", "a newer reading took its place before it was sent" },
		{ "duty cycle", "the device had used up the airtime that it may use" },
		{ "payload too large", "longer than the data rate in use can carry" },
		{ "not onboarded", "the device was not yet, or no longer, admitted to the network" },
		{ "device down", "the device was without power or broken" },
		{ "gateway down", "the gateways in reach were without power or broken" },
		{ "backhaul", "the line behind the gateway was down" },
		{ "queue full", "no room was left where it had to wait" },
		{ "platform", "the platform was down" },
		{ "expired", "it came after the time up to which it was worth anything" },
	};

	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (strcmp(cause, meanings[i].cause) == 0)
			return meanings[i].meaning;
	return "";
}

/* Who never speaks loses nothing: what the table cannot show. */
static void put_silent(struct run_page *p)
{
	char share[SHOWN];

	if (show_silent(share, p->v->o, &page_style))
		fprintf(p->f,
			"<p>Devices that are not operational generate no messages, so the table says nothing of them: on average "
			"<strong>%s</strong> of the devices deployed.</p>\n",
			share);
}

static const struct column loss_columns[] = { { "cause", NULL }, { "messages a run", "class=\"n\"" }, { "of all generated", "class=\"n\"" }, { "of all lost", "class=\"n\"" }, { "", "style=\"width:24%\"" } };

void page_losses(struct run_page *p)
{
	const struct view *v = p->v;
	double n = v->o->n_done ? (double)v->o->n_done : 1, lost = 0;
	char count[SHOWN], share[SHOWN], part[SHOWN];
	FILE *f = p->f;

	if (v->generated <= 0)
		return;
	for (size_t i = 0; i < v->n_losses; i++)
		lost += v->losses[i].sum;
	put_heading(f, "losses", "Losses by cause");
	if (v->n_losses == 0) {
		fputs("<p>No message was lost.</p>\n", f);
		put_silent(p);
		return;
	}
	table_begin(f, loss_columns, sizeof loss_columns / sizeof loss_columns[0]);
	for (size_t i = 0; i < v->n_losses; i++) {
		const struct loss *l = &v->losses[i];
		fputs("<tr>", f);
		fputs("<th scope=\"row\" class=\"cause\">", f);
		put_xml(f, l->cause);
		put_tag(f, "span", "class=\"soft small\"", meaning_of(l->cause));
		fputs("</th>", f);
		fprintf(f,
			"<td class=\"n\">%s</td><td class=\"n\">%s\u202f%%</td><td class=\"n\">%s\u202f%%</td>"
			"<td><span class=\"bar\" style=\"width:%.1f%%\"></span></td></tr>\n",
			show_count(count, l->sum / n, &page_style),
			show_number(share, 100 * l->share, digits_of(100 * l->share, NAN, true), &page_style),
			show_number(part, 100 * l->sum / lost, 1, &page_style), 100 * l->sum / v->losses[0].sum);
	}
	fprintf(f,
		"<tr class=\"sum\"><th scope=\"row\">lost in all</th><td class=\"n\">%s</td><td class=\"n\">%s\u202f%%</td><td></td><td></td></tr>\n",
		show_count(count, lost / n, &page_style),
		show_number(share, 100 * lost / v->generated, digits_of(100 * lost / v->generated, NAN, true),
			    &page_style));
	fprintf(f, "<tr><th scope=\"row\">generated</th><td class=\"n\">%s</td><td></td><td></td><td></td></tr>\n",
		show_count(count, v->generated / n, &page_style));
	table_end(f);
	fputs("\n<p class=\"soft small\">Each lost message has one cause. Counted over the whole run, warm-up included.</p>\n",
	      f);
	put_silent(p);
}

/* A model's section of an account gives it a title and a caption. */
static const struct section *section_of(const struct model_table *t, const char *account)
{
	for (size_t i = 0; t && i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_sections; k++) {
			const struct section *s = &t->models[i]->sections[k];
			if (s->kind == SECTION_AUDIT && strcmp(s->source, account) == 0)
				return s;
		}
	return NULL;
}

static void put_account(struct run_page *p, const struct account *a)
{
	const struct section *s = section_of(p->v->o->sc->table, a->name);
	char sum[SHOWN];
	FILE *f = p->f;

	fputs("<tr class=\"sum\">", f);
	fputs("<th scope=\"row\">", f);
	put_xml(f, a->name);
	if (strcmp(a->unit, "1") != 0 && strcmp(a->unit, a->name) != 0) {
		fputs(" (", f);
		put_xml(f, a->unit);
		fputs(")", f);
	}
	fprintf(f, "</th><td class=\"n\">%s</td>", show_count(sum, a->in, &page_style));
	fprintf(f, "<td class=\"n\">%s</td>", show_count(sum, a->out, &page_style));
	if (a->differs)
		fprintf(f, "<td class=\"n\">differs by %.2g</td>", a->worst);
	else
		fputs("<td class=\"n\">balances</td>", f);
	put_tag(f, "td", "class=\"soft small\"", s ? s->caption : "");
	fputs("</tr>\n", f);
	for (size_t i = 0; i < a->n_lines; i++) {
		if (a->lines[i].sum == 0)
			continue;
		fputs("<tr>", f);
		put_tag(f, "td", "class=\"in\"", a->lines[i].label);
		show_count(sum, a->lines[i].sum, &page_style);
		fprintf(f,
			a->lines[i].side == AUDIT_IN ? "<td class=\"n\">%s</td><td></td>"
						     : "<td></td><td class=\"n\">%s</td>",
			sum);
		fputs("<td></td><td></td></tr>\n", f);
	}
}

void page_audit(struct run_page *p)
{
	static const struct column columns[] = { { "account", NULL },
						 { "in", "class=\"n\"" },
						 { "out", "class=\"n\"" },
						 { "imbalance", "class=\"n\"" },
						 { "", NULL } };
	const struct view *v = p->v;
	FILE *f = p->f;

	put_heading(f, "audit", "Audit");
	if (v->n_accounts == 0) {
		fputs("<p>No account was kept.</p>\n", f);
		return;
	}
	if (v->o->audit_failed)
		fputs("<p class=\"notice\">The audit failed: a model has lost count. Do not use these results.</p>\n", f);
	else
		fprintf(f,
			"<p>Whatever enters the simulation must leave it, be lost for one cause, or still be there at the end. All %zu "
			"accounts balance in every replication.</p>\n",
			v->n_accounts);
	fputs("<details><summary>The accounts, summed over the replications, without rows of zero</summary>", f);
	table_begin(f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < v->n_accounts; i++)
		put_account(p, &v->accounts[i]);
	table_end(f);
	fputs("</details>\n", f);
}

void page_findings(struct run_page *p)
{
	const struct view *v = p->v;

	put_heading(p->f, "warnings", "Warnings");
	if (v->n_findings == 0) {
		fputs("<p>None.</p>\n", p->f);
		return;
	}
	fputs("<ul>\n", p->f);
	for (size_t i = 0; i < v->n_findings; i++) {
		const struct finding *w = &v->findings[i];
		fputs("<li>", p->f);
		put_tag(p->f, "b", NULL, w->model);
		fputs(": ", p->f);
		put_xml(p->f, w->text);
		if (w->replications < v->o->n_done)
			fprintf(p->f, " <span class=\"soft\">(in %llu of %zu replications)</span>",
				(unsigned long long)w->replications, v->o->n_done);
		fputs("</li>\n", p->f);
	}
	fputs("</ul>\n", p->f);
}
