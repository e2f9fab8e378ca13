/* How the results came about: inputs, models and their validation, method, the run. */
#include <math.h>
#include <string.h>

#include "sim/output/html_private.h"

static size_t unverified(const struct view *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_values; i++)
		n += !v->values[i].given && strncmp(v->values[i].source, "[M]", 3) == 0;
	return n;
}

void page_values(struct run_page *p)
{
	static const struct column columns[] = { { "element", NULL },
						 { "attribute", NULL },
						 { "value", NULL },
						 { "given in", NULL },
						 { "source of the default", NULL } };
	const struct view *v = p->v;
	FILE *f = p->f;

	put_heading(f, "inputs", "Inputs");
	fprintf(f,
		"<p>Every value in force stands below, with where it comes from. %zu of the defaults in force are unverified "
		"(their source is marked [M]): check them before you rely on them.</p>\n",
		unverified(v));
	fputs("<details><summary>Values in force</summary>", f);
	table_begin(f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < v->n_values; i++) {
		const struct value_row *r = &v->values[i];
		bool same = i && strcmp(r->element, v->values[i - 1].element) == 0 && *r->attribute;
		fputs("<tr>", f);
		put_tag(f, "td", "class=\"soft\"", same ? "" : r->element);
		put_tag(f, "td", NULL, r->attribute);
		put_tag(f, "td", "class=\"wrap\"", r->value ? r->value : "\u2013");
		put_tag(f, "td", "class=\"soft\"", r->origin);
		put_tag(f, "td", "class=\"soft small\"", r->given ? "" : r->source);
		fputs("</tr>\n", f);
	}
	table_end(f);
	fputs("</details>\n<details><summary>The scenario as run</summary><pre>", f);
	put_xml(f, v->o->sc->resolved);
	fputs("</pre></details>\n", f);
}

static void put_evidence(struct run_page *p, const struct model_row *m)
{
	const struct view *v = p->v;
	bool any = false;
	FILE *f = p->f;

	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence_row *e = &v->evidence[i];
		if (strcmp(e->model, m->name) != 0)
			continue;
		fputs("<tr>", f);
		put_tag(f, "th", "scope=\"row\"", any ? "" : m->name);
		put_tag(f, "td", NULL, any ? "" : m->doc);
		put_tag(f, "td", NULL, e->aspect);
		put_tag(f, "td", NULL, e->against);
		put_tag(f, "td", NULL, e->within);
		fputs("</tr>\n", f);
		any = true;
	}
	if (any)
		return;
	fputs("<tr>", f);
	put_tag(f, "th", "scope=\"row\"", m->name);
	put_tag(f, "td", NULL, m->doc);
	fputs("<td class=\"soft\" colspan=\"3\">no evidence of its own</td></tr>\n", f);
}

void page_models(struct run_page *p)
{
	static const struct column columns[] = {
		{ "model", NULL }, { "what it is", NULL }, { "verified", NULL }, { "against", NULL }, { "within", NULL }
	};
	const struct view *v = p->v;

	put_heading(p->f, "models", "Models and their validation");
	table_begin(p->f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < v->n_models; i++)
		if (v->models[i].elements)
			put_evidence(p, &v->models[i]);
	table_end(p->f);
	fputc('\n', p->f);
}

static void put_objectives(struct run_page *p)
{
	const struct outcome *o = p->v->o;
	FILE *f = p->f;

	item_begin(f, "Objectives");
	put_xml(f, o->sc->description && *o->sc->description ? o->sc->description : "The scenario gives no description.");
	for (size_t i = 0, n = 0; i < o->sc->n_targets; i++) {
		const struct target *t = &o->sc->targets[i];
		if (t->op == TARGET_NONE)
			continue;
		fputs(n++ ? "; " : " Targets: ", f);
		put_xml(f, t->kpi);
		if (strcmp(t->group, "all") != 0) {
			fputs(" of ", f);
			put_xml(f, t->group);
		}
		fputc(' ', f);
		put_xml(f, t->text);
	}
	item_end(f);
}

/* After the STRESS-DES guideline (Monks and others, 2019): what a reader needs to judge the study and to repeat it. */
void page_method(struct run_page *p)
{
	const struct outcome *o = p->v->o;
	const struct run_params *run = &o->sc->run;
	char from[SHOWN], length[SHOWN], warm[SHOWN];
	FILE *f = p->f;

	put_heading(f, "method", "Assumptions, method and limits");
	fputs("<p class=\"soft small\">In the order of the STRESS-DES guideline for reporting simulation studies.</p><table><tbody>\n",
	      f);
	put_objectives(p);
	item_begin(f, "Logic");
	fputs("Discrete events on a clock of integer nanoseconds; events of one time are handled in the order in which they were scheduled. "
	      "The models used, and what each was verified against, stand in the table above; where it says \u201cno evidence of its "
	      "own\u201d, the results rest on the model's declaration alone.</td></tr>\n",
	      f);
	item_begin(f, "Data");
	fprintf(f,
		"Every value in force and the source of each default stand under Inputs; %zu defaults in force are unverified. Data files "
		"that the scenario names are covered by the input's hash.</td></tr>\n",
		unverified(p->v));
	item_begin(f, "Experiment");
	fprintf(f, "%s from %s; ", show_seconds(length, sim_seconds(run->duration), &page_style),
		show_instant(from, run->start));
	if (run->warm_up)
		fprintf(f, "counted from %s on; ", show_seconds(warm, sim_seconds(run->warm_up), &page_style));
	fprintf(f,
		"%zu independent replications, %zu of them finished; means with Student-t intervals of %.4g&#8239;%% confidence. A target is "
		"met or missed only where the whole interval lies on one side of it, else undecided. Random streams are named by purpose "
		"and subject (Philox 4x32-10): adding a device class or a gateway leaves every other draw as it was.</td></tr>\n",
		o->n_reps, o->n_done, 100 * o->confidence);
	item_begin(f, "Implementation");
	fprintf(f,
		"sccsim %s, a program in C; %u thread%s. The results depend neither on the threads nor on the machine.</td></tr>\n",
		o->version, o->threads, o->threads == 1 ? "" : "s");
	item_begin(f, "Code and repetition");
	fprintf(f,
		"GPL-3.0-or-later. The same results to the byte: <code>sccsim run scenario.xml --seed %llu -r %zu</code> in the folder "
		"of this page, which holds the scenario as run and the data files that it names.</td></tr>\n",
		(unsigned long long)o->seed, o->n_reps);
	item_begin(f, "Limits");
	fputs("The intervals cover the chance within the model, not the model's own error or that of its inputs. The map and the facts are "
	      "of the first replication. Warnings say where a model was used outside its validity.</td></tr>\n</tbody></table>\n",
	      f);
}

static void put_profile(struct run_page *p)
{
	static const struct column columns[] = {
		{ "event", NULL }, { "handled", "class=\"n\"" }, { "share", "class=\"n\"" }, { "", "style=\"width:40%\"" }
	};
	const struct view *v = p->v;
	char count[SHOWN], share[SHOWN];

	if (v->n_kinds == 0)
		return;
	fputs("<details><summary>Event profile</summary>", p->f);
	table_begin(p->f, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < v->n_kinds; i++) {
		double part = v->events ? 100 * (double)v->kinds[i].count / (double)v->events : 0;
		double bar = v->kinds[0].count ? 100 * (double)v->kinds[i].count / (double)v->kinds[0].count : 0;
		fputs("<tr>", p->f);
		put_tag(p->f, "th", "scope=\"row\"", v->kinds[i].name);
		fprintf(p->f,
			"<td class=\"n\">%s</td><td class=\"n\">%s\u202f%%</td><td><span class=\"bar b\" style=\"width:%.1f%%\"></span></td></tr>\n",
			show_count(count, (double)v->kinds[i].count, &page_style), show_number(share, part, 1, &page_style),
			bar);
	}
	table_end(p->f);
	fputs("</details>\n", p->f);
}

void page_run(struct run_page *p)
{
	const struct view *v = p->v;
	const struct outcome *o = v->o;
	char a[SHOWN], b[SHOWN], c[SHOWN], d[SHOWN];
	FILE *f = p->f;

	put_heading(f, "run", "The run");
	items_begin(f);
	item_begin(f, "Work");
	fprintf(f,
		"%s events in %s on %u thread%s (%s a second and thread); at most %s of memory a replication</td></tr>\n",
		show_count(a, (double)v->events, &page_style), show_seconds(b, o->wall_s, &page_style), o->threads,
		o->threads == 1 ? "" : "s", show_count(c, v->busy_s > 0 ? (double)v->events / v->busy_s : NAN, &page_style),
		show_quantity(d, "B", (double)v->bytes, &page_style));
	item_begin(f, "Begun");
	put_xml(f, o->started);
	item_end(f);
	item_begin(f, "Scenario");
	put_xml(f, o->sc->path);
	item_end(f);
	item_begin(f, "Version and seed");
	fprintf(f, "sccsim %s, seed %llu</td></tr>\n", o->version, (unsigned long long)o->seed);
	item_begin(f, "Input (SHA-256)");
	fprintf(f, "<code class=\"wrap\">%s</code></td></tr>\n", o->sc->hash);
	for (size_t i = 0, n = 0; i < o->n_reps && n < 20; i++)
		if (!o->reps[i].report && o->reps[i].status != SIM_E_STOPPED) {
			item_begin(f, "Failed");
			fprintf(f, "replication %zu: ", i);
			put_xml(f, o->reps[i].failure);
			item_end(f);
			n++;
		}
	items_end(f);
	put_profile(p);
}
