/* report.html: one page that needs nothing else. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/output_private.h"

static const char style[] =
	":root{--ink:#1d2433;--soft:#5b6475;--line:#dfe3ea;--card:#f6f7f9;--good:#0b6e4f;--bad:#a4300e;--open:#8a6100;--link:#0055a4}"
	"body{font:15px/1.5 Helvetica,Arial,sans-serif;color:var(--ink);max-width:1040px;margin:0 auto;padding:28px 22px;background:#fff}"
	"h1{font-size:27px;line-height:1.2;margin:0 0 4px}h2{font-size:19px;margin:38px 0 10px;padding-top:10px;border-top:1px solid var(--line)}"
	"h3{font-size:15px;margin:22px 0 6px}p{margin:6px 0 10px;max-width:76ch}.soft,caption,figcaption{color:var(--soft);font-size:13px}"
	".lead{font-size:17px;max-width:72ch}.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:12px;margin:14px 0}"
	".card{background:var(--card);border-left:5px solid var(--line);padding:10px 14px;border-radius:3px}.card b{font-size:22px;display:block}"
	".met{border-color:var(--good)}.missed{border-color:var(--bad)}.undecided{border-color:var(--open)}"
	".v{font-weight:bold}.met .v{color:var(--good)}.missed .v{color:var(--bad)}.undecided .v{color:var(--open)}"
	"table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0}th,td{text-align:left;padding:4px 10px 4px 0;"
	"border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:600}td.n,th.n{text-align:right;"
	"font-variant-numeric:tabular-nums;white-space:nowrap}figure{margin:14px 0}figure img{width:100%;max-width:820px;height:auto;border:1px solid var(--line)}"
	"details{margin:8px 0}summary{cursor:pointer;color:var(--link)}pre{background:var(--card);padding:12px;overflow:auto;font-size:12.5px}"
	".bar{background:#D55E00;height:11px;display:inline-block;border-radius:2px}code{font-size:13px}.grid{display:grid;"
	"grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:0 26px}@media print{details{display:block}h2{break-after:avoid}figure{break-inside:avoid}}";

static void p_text(FILE *f, const char *tag, const char *text)
{
	fprintf(f, "<%s>", tag);
	xml_escape(f, text);
	fprintf(f, "</%s>", tag);
}

/* A picture from plots/ as a data URI; nothing where there is none. */
static bool picture(FILE *f, const char *dir, const char *name, const char *alt, const char *caption)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char path[4200];
	unsigned char b[3];
	size_t n;

	snprintf(path, sizeof path, "%s/plots/%s.svg", dir, name);
	FILE *in = fopen(path, "rb");
	if (!in)
		return false;
	fputs("<figure><img alt=\"", f);
	xml_escape(f, alt);
	fputs("\" src=\"data:image/svg+xml;base64,", f);
	while ((n = fread(b, 1, 3, in)) > 0) {
		unsigned v = (unsigned)b[0] << 16 | (n > 1 ? (unsigned)b[1] << 8 : 0) | (n > 2 ? b[2] : 0);
		fputc(digits[v >> 18], f);
		fputc(digits[v >> 12 & 63], f);
		fputc(n > 1 ? digits[v >> 6 & 63] : '=', f);
		fputc(n > 2 ? digits[v & 63] : '=', f);
	}
	fclose(in);
	fputs("\">", f);
	if (caption)
		p_text(f, "figcaption", caption);
	fputs("</figure>\n", f);
	return true;
}

static const struct kpi_result *all_of(const struct outcome *o, const char *kpi)
{
	return outcome_kpi(o, kpi, "all");
}

/* One paragraph in words: what came out against what was wanted. */
static void finding(const struct outcome *o, FILE *f)
{
	unsigned met = 0, missed = 0, open = 0;
	char a[96], b[200];
	const struct kpi_result *d = all_of(o, "connectivity.delivery-ratio"), *l = all_of(o, "latency.p95"),
				*life = all_of(o, "energy.battery-life");

	fputs("<p class=\"lead\">", f);
	if (d)
		fprintf(f, "Of all messages, <b>%s</b> reached their platform (%s). ", human_mean(d, a, sizeof a),
			human_interval(d, b, sizeof b));
	if (l)
		fprintf(f, "95 %% of them arrived within %s. ", human_mean(l, a, sizeof a));
	if (life)
		fprintf(f, "Batteries last %s on average. ", human_mean(life, a, sizeof a));
	for (size_t i = 0; i < o->n_kpis; i++) {
		met += o->kpis[i].verdict == VERDICT_MET;
		missed += o->kpis[i].verdict == VERDICT_MISSED;
		open += o->kpis[i].verdict == VERDICT_UNDECIDED;
	}
	if (met + missed + open)
		fprintf(f, "Of %u targets, %u are met, %u missed and %u undecided at %.4g %% confidence.",
			met + missed + open, met, missed, open, 100 * o->confidence);
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		if (k->verdict != VERDICT_MISSED)
			continue;
		fputs(" <b>Missed:</b> ", f);
		xml_escape(f, k->def->name);
		fputs(strcmp(k->group, "all") ? " of " : "", f);
		xml_escape(f, strcmp(k->group, "all") ? k->group : "");
		fprintf(f, ", %s against ", human_mean(k, a, sizeof a));
		xml_escape(f, k->target->text);
		fputc('.', f);
	}
	fputs("</p>\n", f);
	if (o->audit_failed)
		fputs("<p class=\"card missed\"><span class=\"v\">The audit failed: this run is not valid.</span> See the audit below.</p>\n",
		      f);
	if (o->n_done < o->n_reps)
		fprintf(f, "<p class=\"card undecided\"><span class=\"v\">%zu of %zu replications finished%s.</span></p>\n",
			o->n_done, o->n_reps, o->stopped ? ": the run was stopped" : "");
}

static void cards(const struct outcome *o, FILE *f)
{
	char a[96], b[200];

	fputs("<div class=\"cards\">\n", f);
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		if (!k->target || k->verdict == VERDICT_NONE)
			continue;
		fprintf(f, "<div class=\"card %s\"><span class=\"v\">%s</span> <span class=\"soft\">",
			verdict_name(k->verdict), verdict_name(k->verdict));
		xml_escape(f, strcmp(k->group, "all") ? k->group : "");
		fprintf(f, "</span><b>%s</b>", human_mean(k, a, sizeof a));
		xml_escape(f, k->def->name);
		fputs("<br><span class=\"soft\">target ", f);
		xml_escape(f, k->target->text);
		fprintf(f, "; %s</span></div>\n", human_interval(k, b, sizeof b));
	}
	fputs("</div>\n", f);
}

static void kpi_rows(const struct outcome *o, FILE *f, const char *group, bool supporting)
{
	char a[96], b[200];

	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		if (strcmp(k->group, group) != 0 || k->def->supporting != supporting)
			continue;
		fputs("<tr><td title=\"", f);
		xml_escape(f, k->def->definition);
		fputs("\">", f);
		xml_escape(f, k->def->name);
		fprintf(f, "</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td>", human_mean(k, a, sizeof a),
			human_interval(k, b, sizeof b));
		xml_escape(f, k->def->definition);
		fputs("</td><td class=\"soft\">", f);
		xml_escape(f, k->def->standard ? k->def->standard : "");
		fputs("</td></tr>\n", f);
	}
}

static void kpi_table(const struct outcome *o, FILE *f, const char *group, bool supporting)
{
	fprintf(f,
		"<table><thead><tr><th>KPI</th><th class=\"n\">mean</th><th class=\"n\">%.4g %% interval</th><th>definition</th>"
		"<th>bears on</th></tr></thead><tbody>\n",
		100 * o->confidence);
	kpi_rows(o, f, group, supporting);
	fputs("</tbody></table>\n", f);
}

static void groups(const struct outcome *o, FILE *f)
{
	for (size_t i = 0; i < o->n_kpis; i++) {
		const char *g = o->kpis[i].group;
		bool seen = strcmp(g, "all") == 0;
		for (size_t k = 0; k < i && !seen; k++)
			seen = strcmp(o->kpis[k].group, g) == 0;
		if (seen)
			continue;
		fputs("<details><summary>", f);
		xml_escape(f, g);
		fputs("</summary>\n", f);
		kpi_table(o, f, g, false);
		fputs("</details>\n", f);
	}
	fputs("<details><summary>Supporting figures, all devices</summary>\n", f);
	kpi_table(o, f, "all", true);
	fputs("</details>\n", f);
}

static void losses(const struct audit_line *row, size_t n, FILE *f)
{
	double generated = 0, most = 0;
	char c[64];

	for (size_t i = 0; i < n; i++) {
		if (strcmp(row[i].account, "messages") != 0)
			continue;
		if (row[i].side == AUDIT_IN)
			generated += row[i].sum;
		else if (strcmp(row[i].label, "delivered") != 0)
			most = fmax(most, row[i].sum);
	}
	if (!(generated > 0))
		return;
	fputs("<h2>Where messages are lost</h2>\n<table><thead><tr><th>fate</th><th class=\"n\">messages</th><th class=\"n\">share</th>"
	      "<th></th></tr></thead><tbody>\n",
	      f);
	fprintf(f, "<tr><td>generated</td><td class=\"n\">%s</td><td></td><td></td></tr>\n",
		human_count(generated, c, sizeof c));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(row[i].account, "messages") != 0 || row[i].side == AUDIT_IN || row[i].sum <= 0)
			continue;
		bool lost = strcmp(row[i].label, "delivered") != 0;
		fputs("<tr><td>", f);
		xml_escape(f, row[i].label);
		fprintf(f, "</td><td class=\"n\">%s</td><td class=\"n\">%.3f %%</td><td>",
			human_count(row[i].sum, c, sizeof c), 100 * row[i].sum / generated);
		if (lost && most > 0)
			fprintf(f, "<span class=\"bar\" style=\"width:%.0fpx\"></span>", fmax(1, 260 * row[i].sum / most));
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table>\n<p class=\"soft\">All replications, from the beginning of the run; each loss has one cause.</p>\n",
	      f);
}

static void bars(const struct outcome *o, FILE *f, const char *dir)
{
	fputs("<div class=\"grid\">", f);
	for (size_t i = 0; bars_names(i); i++)
		if (strcmp(bars_names(i), "losses") != 0 && bars_present(o, i))
			picture(f, dir, bars_names(i), bars_title(i), NULL);
	fputs("</div>\n", f);
}

static void sections(const struct outcome *o, FILE *f, const char *dir)
{
	struct charts *cs = charts_new(o);

	for (size_t i = 0; cs && i < cs->n; i++) {
		const struct chart *c = &cs->chart[i];
		fputs("<h2>", f);
		xml_escape(f, c->title);
		fputs("</h2>\n", f);
		if (!picture(f, dir, c->name, c->title, c->caption))
			p_text(f, "p", "The picture could not be drawn: gnuplot is missing.");
	}
	charts_free(cs);
}

static void audit(const struct audit_line *row, size_t n, FILE *f)
{
	fputs("<h2>Audit</h2>\n<p>What goes in must come out: every account balances in every replication, or the run is not valid.</p>\n"
	      "<table><thead><tr><th>account</th><th></th><th>row</th><th class=\"n\">sum</th></tr></thead><tbody>\n",
	      f);
	for (size_t i = 0; i < n; i++) {
		bool same = i && strcmp(row[i].account, row[i - 1].account) == 0;
		fputs("<tr><td>", f);
		xml_escape(f, same ? "" : row[i].account);
		fprintf(f, "</td><td class=\"soft\">%s</td><td>", row[i].side == AUDIT_IN ? "in" : "out");
		xml_escape(f, row[i].label);
		fprintf(f, "</td><td class=\"n\">%.10g ", row[i].sum);
		xml_escape(f, row[i].unit);
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table>\n", f);
}

static void models(const struct outcome *o, FILE *f)
{
	fputs("<h2>Models and their validation</h2>\n<table><thead><tr><th>model</th><th>what</th><th>verified against</th><th>within</th>"
	      "</tr></thead><tbody>\n",
	      f);
	for (size_t i = 0; o->sc->table && i < o->sc->table->n; i++) {
		const struct model *m = o->sc->table->models[i];
		if (!model_used(o, m) || (!m->n_evidence && !m->n_kpis))
			continue;
		for (size_t k = 0; k < (m->n_evidence ? m->n_evidence : 1); k++) {
			p_text(f, "tr><td", k ? "" : m->name);
			if (!m->n_evidence) {
				fputs("<td colspan=\"3\">not verified yet</td></tr>\n", f);
				break;
			}
			p_text(f, "td", m->evidence[k].aspect);
			p_text(f, "td", m->evidence[k].against);
			p_text(f, "td", m->evidence[k].within);
			fputs("</tr>\n", f);
		}
	}
	fputs("</tbody></table>\n", f);
}

/* After the STRESS-DES guideline: what a reader needs to judge and to repeat the study. */
static void method(const struct outcome *o, FILE *f)
{
	char start[32], duration[64], warm[64];

	quantity_instant_format(o->sc->run.start, start, sizeof start);
	quantity_format(DIM_TIME, (union quantity){ .time = o->sc->run.duration }, duration, sizeof duration);
	quantity_format(DIM_TIME, (union quantity){ .time = o->sc->run.warm_up }, warm, sizeof warm);
	fputs("<h2>How this was made</h2>\n<table><tbody>\n", f);
	fprintf(f,
		"<tr><th>Logic</th><td>Discrete-event simulation on integer nanoseconds; events of one time in the order in which they were "
		"scheduled.</td></tr>\n<tr><th>Experiment</th><td>%s from %s; counted after a warm-up of %s; %zu replications, Student-t "
		"intervals at %.4g %%.</td></tr>\n",
		duration, start, warm, o->n_done, 100 * o->confidence);
	fprintf(f,
		"<tr><th>Chance</th><td>Counter-based streams (Philox) keyed by seed, replication, purpose and device: seed %llu.</td></tr>\n",
		(unsigned long long)o->seed);
	fprintf(f,
		"<tr><th>Program</th><td>sccsim %s; input <code>%s</code> (SHA-256 of the resolved scenario and its data files).</td></tr>\n",
		o->version, o->sc->hash);
	fputs("<tr><th>Repeat</th><td>The scenario as run stands below and in <code>scenario.xml</code>; the same program, scenario and seed "
	      "give the same KPIs to the byte.</td></tr>\n<tr><th>Limits</th><td>Results hold for the models and parameters stated; "
	      "parameters marked as unverified defaults (<code>sccsim explain</code>) are assumptions, not measurements.</td></tr>\n"
	      "</tbody></table>\n",
	      f);
	fputs("<details><summary>The scenario as run</summary><pre>", f);
	xml_escape(f, o->sc->resolved ? o->sc->resolved : "");
	fputs("</pre></details>\n", f);
}

static void profile(const struct outcome *o, FILE *f)
{
	const struct replication *r = o->n_reps ? &o->reps[0] : NULL;
	char c[64];

	if (!r || r->n_kinds == 0)
		return;
	fputs("<details><summary>Events of the first replication</summary><table><thead><tr><th>event</th><th class=\"n\">handled</th></tr>"
	      "</thead><tbody>\n",
	      f);
	for (size_t i = 0; i < r->n_kinds; i++) {
		p_text(f, "tr><td", r->kinds[i].name);
		fprintf(f, "<td class=\"n\">%s</td></tr>\n", human_count((double)r->kinds[i].count, c, sizeof c));
	}
	fputs("</tbody></table></details>\n", f);
}

static void facts(const struct outcome *o, FILE *f)
{
	const struct report *r = first_report(o);

	if (!r || r->n_facts == 0)
		return;
	fputs("<h2>What was simulated</h2>\n<table><tbody>\n", f);
	for (size_t i = 0; i < r->n_facts; i++) {
		p_text(f, "tr><th", r->facts[i].name);
		p_text(f, "td", r->facts[i].value);
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table>\n", f);
}

static void findings(const struct outcome *o, struct arena *a, FILE *f)
{
	const struct text_row *w;
	size_t n = all_warnings(o, a, &w);

	if (n == 0)
		return;
	fputs("<h2>Findings to mind</h2>\n<ul>\n", f);
	for (size_t i = 0; i < n; i++) {
		fputs("<li><b>", f);
		xml_escape(f, w[i].name);
		fputs("</b>: ", f);
		xml_escape(f, w[i].value);
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

static void page(const struct outcome *o, const char *dir, struct arena *a, FILE *f)
{
	struct audit_line *row = NULL;
	size_t n = audit_lines(o, a, &row);
	const char *title = o->sc->title[0] ? o->sc->title : o->sc->path;

	fprintf(f,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"data:,\">\n"
		"<meta name=\"generator\" content=\"sccsim %s; seed %llu; input %s\">",
		o->version, (unsigned long long)o->seed, o->sc->hash);
	p_text(f, "title", title);
	fprintf(f, "<style>%s</style></head><body>\n", style);
	p_text(f, "h1", title);
	fprintf(f, "<p class=\"soft\">sccsim %s, seed %llu, input %.12s, %s</p>\n", o->version, (unsigned long long)o->seed,
		o->sc->hash, o->started);
	finding(o, f);
	if (o->sc->description[0])
		p_text(f, "p", o->sc->description);
	cards(o, f);
	fputs("<h2>KPIs</h2>\n", f);
	kpi_table(o, f, "all", false);
	groups(o, f);
	losses(row, n, f);
	bars(o, f, dir);
	if (first_report(o) && first_report(o)->n_features) {
		fputs("<h2>Map</h2>\n", f);
		picture(f, dir, "map", "Map of the city",
			"The city, its gateways, and a sample of the devices of the first replication; "
			"layers.geojson has the same for GIS tools.");
	}
	sections(o, f, dir);
	facts(o, f);
	findings(o, a, f);
	audit(row, n, f);
	profile(o, f);
	models(o, f);
	method(o, f);
	fputs("</body></html>\n", f);
}

int output_html(const struct outcome *o, const char *dir, const char *path, char *why)
{
	struct outfile out;
	struct arena *a = arena_new();
	const char *slash = strrchr(path, '/');
	char folder[4096];
	int rc = -1;

	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	if (!a)
		snprintf(why, OUTPUT_WHY, "out of memory");
	else if (outfile_open(&out, folder, slash ? slash + 1 : path, why) == 0) {
		page(o, dir, a, out.f);
		rc = outfile_commit(&out, why);
	}
	arena_free(a);
	return rc;
}
