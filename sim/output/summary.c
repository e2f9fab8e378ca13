/*
 * summary.txt: the run in words and figures, as the terminal shows it at the end.
 *
 * Lines of a hundred columns at most, and an order in which it can be read aloud: what was simulated, whether the
 * targets were met, what was lost and why, the figures, whether the books balance, findings, the run itself.
 */
#include <math.h>
#include <string.h>

#include "sim/output/output.h"
#include "sim/output/pieces.h"
#include "sim/output/text.h"

enum { WIDTH = 100, NAME_COLUMN = 24, KPI_COLUMN = 30, CELL = 14, CELLS = 5, GROUPS_MOST = 20 };

static void heading(FILE *f, const char *title)
{
	fprintf(f, "\n%s\n", title);
	for (size_t i = 0; i < text_width(title); i++)
		fputc('-', f);
	fputc('\n', f);
}

/* A text in a column of so many places, cut with a mark where it does not fit. */
static void put_cell(FILE *f, const char *text, int places, bool right)
{
	int wide = (int)text_width(text);

	if (wide > places) {
		size_t bytes = 0;
		for (int n = 0; n < places - 1; n++)
			for (bytes++; ((unsigned char)text[bytes] & 0xc0) == 0x80; bytes++)
				;
		fprintf(f, "%.*s~", (int)bytes, text);
		return;
	}
	if (right)
		fprintf(f, "%*s%s", places - wide, "", text);
	else
		fprintf(f, "%s%*s", text, places - wide, "");
}

static void put_named(FILE *f, const char *name, const char *value)
{
	fputs("  ", f);
	put_cell(f, name, NAME_COLUMN - 2, false);
	fputc(' ', f);
	put_wrapped(f, value, NAME_COLUMN + 1, WIDTH);
}

static void put_facts(FILE *f, const struct view *v)
{
	const struct run_params *run = &v->o->sc->run;
	char text[4 * SHOWN], from[SHOWN], length[SHOWN], warm[SHOWN], level[SHOWN];

	heading(f, "What was simulated");
	for (size_t i = 0; v->first && i < v->first->n_facts; i++)
		put_named(f, v->first->facts[i].name, v->first->facts[i].value);
	snprintf(text, sizeof text, "%s from %s%s%s%s", show_seconds(length, sim_seconds(run->duration), &plain_style),
		 show_instant(from, run->start), run->warm_up ? "; counted from " : "",
		 run->warm_up ? show_seconds(warm, sim_seconds(run->warm_up), &plain_style) : "",
		 run->warm_up ? " on" : "");
	put_named(f, "Time", text);
	snprintf(text, sizeof text, "%zu of %zu finished%s; intervals of %s %% confidence", v->o->n_done, v->o->n_reps,
		 v->o->stopped ? " before the run was stopped" : "",
		 show_number(level, 100 * v->o->confidence, digits_of(100 * v->o->confidence, NAN, false), &plain_style));
	put_named(f, "Replications", text);
}

static void put_targets(FILE *f, const struct view *v)
{
	static const char *const words[] = {
		[VERDICT_NONE] = "", [VERDICT_MET] = "met", [VERDICT_MISSED] = "missed", [VERDICT_UNDECIDED] = "undecided"
	};
	char mean[SHOWN], interval[SHOWN], name[256], group[128];
	bool any = false, undecided = false;

	for (size_t i = 0; i < v->n_main; i++) {
		const struct kpi_result *k = v->main[i];
		if (!k->target || k->verdict == VERDICT_NONE)
			continue;
		if (!any)
			heading(f, "Targets");
		any = true;
		undecided = undecided || k->verdict == VERDICT_UNDECIDED;
		show_interval(interval, v->o, k, &plain_style);
		snprintf(name, sizeof name, "%s of %s", k->def->name, show_group(group, sizeof group, k->group));
		fprintf(f, "  %-10s ", words[k->verdict]);
		put_cell(f, name, 48, false);
		fputc(' ', f);
		put_cell(f, show_mean(mean, v->o, k, &plain_style), 16, true);
		fprintf(f, "  target %s\n", k->target->text);
		if (*interval)
			fprintf(f, "  %10s interval %s\n", "", interval);
	}
	if (undecided && v->o->n_done < 2)
		fputs("  One replication gives no interval, hence no verdict: run ten (-r 10).\n", f);
}

static void put_all(FILE *f, const struct view *v)
{
	char mean[SHOWN], interval[SHOWN];
	size_t folded = 0;
	bool any = false;

	heading(f, "Results for all devices");
	for (size_t i = 0; i < v->n_main; i++) {
		const struct kpi_result *k = v->main[i];
		if (strcmp(k->group, "all") != 0 || isnan(k->mean))
			continue;
		any = true;
		fputs("  ", f);
		put_cell(f, k->def->name, 34, false);
		put_cell(f, show_mean(mean, v->o, k, &plain_style), 16, true);
		show_interval(interval, v->o, k, &plain_style);
		fprintf(f, "%s%s%s\n", *interval ? "    (" : "", interval, *interval ? ")" : "");
	}
	for (size_t i = 0; i < v->o->n_kpis; i++)
		folded += v->o->kpis[i].def->supporting && strcmp(v->o->kpis[i].group, "all") == 0;
	if (!any)
		fputs("  nothing was counted\n", f);
	if (folded)
		fprintf(f, "  %zu supporting KPIs are in kpi.csv and report.html.\n", folded);
}

/* A row a KPI, a column a group, five groups at a time. */
static void put_by_kind(FILE *f, const struct view *v, const struct kind_table *t)
{
	char title[80], mean[SHOWN];

	snprintf(title, sizeof title, "Results by %s", t->kind);
	heading(f, title);
	for (size_t from = 0; from < t->n_groups; from += CELLS) {
		size_t end = from + CELLS < t->n_groups ? from + CELLS : t->n_groups;
		fprintf(f, "%s  %*s", from ? "\n" : "", KPI_COLUMN - 2, "");
		for (size_t g = from; g < end; g++) {
			fputc(' ', f);
			put_cell(f, group_label(t->groups[g]), CELL - 1, true);
		}
		for (size_t d = 0; d < t->n_defs; d++) {
			fputs("\n  ", f);
			put_cell(f, t->defs[d]->name, KPI_COLUMN - 2, false);
			for (size_t g = from; g < end; g++) {
				const struct kpi_result *k = t->cells[d * t->n_groups + g];
				fputc(' ', f);
				put_cell(f, k && !isnan(k->mean) ? show_mean(mean, v->o, k, &plain_style) : "-", CELL - 1,
					 true);
			}
		}
		fputc('\n', f);
	}
}

/* Of one group the figures are those of all; of very many, or of pairs such as class and phase, nobody reads them aloud. */
static void put_kinds(FILE *f, const struct view *v)
{
	char kind[128];

	for (size_t i = 0; i < v->n_tables; i++) {
		const struct kind_table *t = &v->tables[i];
		if (!*t->kind || t->n_groups < 2)
			continue;
		if (t->n_groups <= GROUPS_MOST && !strchr(t->kind, ';'))
			put_by_kind(f, v, t);
		else
			fprintf(f, "\n  Results by %s: %zu groups, in kpi.csv and report.html.\n",
				show_kind(kind, sizeof kind, t->kind), t->n_groups);
	}
}

/* What passed between stages, of all. */
static void put_flows(FILE *f, const struct view *v)
{
	char name[256], number[SHOWN], title[200];

	for (size_t i = 0; i < v->n_flows; i++) {
		const struct flow *w = &v->flows[i];
		if (strcmp(w->group, "all") != 0)
			continue;
		snprintf(title, sizeof title, "%.120s (%.60s a run)", w->def->title, w->def->unit);
		heading(f, title);
		for (size_t k = 0; k < w->n_bands; k++) {
			const struct band *b = &w->bands[k];
			if (b->mean == 0)
				continue;
			snprintf(name, sizeof name, "%.100s -> %.100s", w->stages[b->from], w->stages[b->to]);
			fputs("  ", f);
			put_cell(f, name, 48, false);
			put_cell(f, show_count(number, b->mean, &plain_style), 16, true);
			fputc('\n', f);
		}
	}
}

static void put_grid_rows(FILE *f, const struct grid *t, size_t from, size_t end)
{
	bool share = strcmp(t->def->unit, "1") == 0;
	char number[SHOWN], text[SHOWN + 4];

	for (size_t i = 0; i < t->n_rows; i++) {
		fputs("\n  ", f);
		put_cell(f, t->rows[i], KPI_COLUMN - 2, false);
		for (size_t c = from; c < end; c++) {
			double x = grid_mean(t, i, c) * (share ? 100 : 1);
			snprintf(text, sizeof text, "%s%s",
				 isnan(x) ? "-" : show_number(number, x, digits_of(x, NAN, share), &plain_style),
				 share && !isnan(x) ? " %" : "");
			fputc(' ', f);
			put_cell(f, text, CELL - 1, true);
		}
	}
	fputc('\n', f);
}

/* Tables of the models, five columns at a time. */
static void put_grids(FILE *f, const struct view *v)
{
	char title[200];

	for (size_t i = 0; i < v->n_grids; i++) {
		const struct grid *t = &v->grids[i];
		bool share = strcmp(t->def->unit, "1") == 0;
		snprintf(title, sizeof title, share ? "%.120s" : "%.120s (%.60s)", t->def->title, t->def->unit);
		heading(f, title);
		for (size_t from = 0; from < t->n_columns && t->n_columns <= GROUPS_MOST; from += CELLS) {
			size_t end = from + CELLS < t->n_columns ? from + CELLS : t->n_columns;
			fputs(from ? "\n  " : "  ", f);
			put_cell(f, t->def->row_label, KPI_COLUMN - 2, false);
			for (size_t c = from; c < end; c++) {
				fputc(' ', f);
				put_cell(f, t->columns[c], CELL - 1, true);
			}
			put_grid_rows(f, t, from, end);
		}
		if (t->n_columns > GROUPS_MOST)
			fprintf(f, "  %zu columns, in report.html.\n", t->n_columns);
	}
}

static void put_losses(FILE *f, const struct view *v)
{
	double lost = 0, n = v->o->n_done ? (double)v->o->n_done : 1;
	char number[SHOWN], share[SHOWN], part[SHOWN];

	if (v->generated <= 0)
		return;
	heading(f, "Losses by cause");
	for (size_t i = 0; i < v->n_losses; i++)
		lost += v->losses[i].sum;
	fprintf(f, "  %-28s %14s %18s %18s\n", "cause", "messages a run", "of all generated", "of all lost");
	for (size_t i = 0; i < v->n_losses; i++) {
		const struct loss *l = &v->losses[i];
		fputs("  ", f);
		put_cell(f, l->cause, 28, false);
		fprintf(f, " %14s", show_count(number, l->sum / n, &plain_style));
		fprintf(f, " %16s %% %16s %%\n",
			show_number(share, 100 * l->share, digits_of(100 * l->share, NAN, true), &plain_style),
			show_number(part, 100 * l->sum / lost, 1, &plain_style));
	}
	fprintf(f, "  %-28s %14s", "lost in all", show_count(number, lost / n, &plain_style));
	fprintf(f, " %16s %%\n",
		show_number(share, 100 * lost / v->generated, digits_of(100 * lost / v->generated, NAN, true),
			    &plain_style));
	fprintf(f, "  %-28s %14s\n", "generated", show_count(number, v->generated / n, &plain_style));
	if (show_silent(share, v->o, &plain_style))
		fprintf(f, "  Devices that are not operational generate no messages: on average %s of those deployed.\n",
			share);
}

static void put_account(FILE *f, const struct account *a)
{
	bool plain = strcmp(a->unit, "1") == 0 || strcmp(a->unit, a->name) == 0;
	char number[SHOWN];

	fprintf(f, "  %s%s%s%s: ", a->name, plain ? "" : " (", plain ? "" : a->unit, plain ? "" : ")");
	if (a->differs)
		fprintf(f, "DIFFERS by %.2g of its sum\n", a->worst);
	else
		fputs("balances\n", f);
	for (int side = AUDIT_IN; side <= AUDIT_OUT; side++)
		for (size_t k = 0; k < a->n_lines; k++) {
			if ((int)a->lines[k].side != side || a->lines[k].sum == 0)
				continue;
			fprintf(f, "      %-4s", side == AUDIT_IN ? "in" : "out");
			put_cell(f, a->lines[k].label, 44, false);
			put_cell(f, show_count(number, a->lines[k].sum, &plain_style), 20, true);
			fputc('\n', f);
		}
}

static void put_audit(FILE *f, const struct view *v)
{
	heading(f, "Audit");
	if (v->n_accounts == 0)
		fputs("  no account was kept\n", f);
	else
		fputs("  Sums of all replications; rows of zero are left out.\n", f);
	for (size_t i = 0; i < v->n_accounts; i++)
		put_account(f, &v->accounts[i]);
	if (v->o->audit_failed)
		fputs("  THE AUDIT FAILED: a model has lost count; do not use these results.\n", f);
	else if (v->n_accounts)
		fputs("  Every account balances in every replication.\n", f);
}

static void put_findings(FILE *f, const struct view *v)
{
	char text[1200];

	heading(f, "Warnings");
	if (v->n_findings == 0)
		fputs("  none\n", f);
	for (size_t i = 0; i < v->n_findings; i++) {
		const struct finding *w = &v->findings[i];
		if (w->replications < v->o->n_done)
			snprintf(text, sizeof text, "%s (in %llu of %zu replications)", w->text,
				 (unsigned long long)w->replications, v->o->n_done);
		else
			snprintf(text, sizeof text, "%s", w->text);
		put_named(f, w->model, text);
	}
}

static void put_run(FILE *f, const struct view *v)
{
	const struct outcome *o = v->o;
	char a[SHOWN], b[SHOWN], c[SHOWN], text[4 * SHOWN];

	heading(f, "The run");
	snprintf(text, sizeof text, "%s events in %s, %s a second and thread",
		 show_count(a, (double)v->events, &plain_style), show_seconds(b, o->wall_s, &plain_style),
		 show_count(c, v->busy_s > 0 ? (double)v->events / v->busy_s : NAN, &plain_style));
	put_named(f, "Work", text);
	snprintf(text, sizeof text, "%u thread%s; at most %s a replication", o->threads, o->threads == 1 ? "" : "s",
		 show_quantity(a, "B", (double)v->bytes, &plain_style));
	put_named(f, "Threads and memory", text);
	for (size_t i = 0, shown = 0; i < o->n_reps; i++)
		if (!o->reps[i].report && o->reps[i].status != SIM_E_STOPPED && shown++ < 10) {
			snprintf(text, sizeof text, "replication %zu: %s", i, o->reps[i].failure);
			put_named(f, "FAILED", text);
		}
	put_named(f, "Begun", o->started);
	put_named(f, "Scenario", o->sc->path);
	put_named(f, "Version", o->version);
	snprintf(text, sizeof text, "%llu", (unsigned long long)o->seed);
	put_named(f, "Seed", text);
	put_named(f, "Input (SHA-256)", o->sc->hash);
}

static void put_models(FILE *f, const struct view *v)
{
	char text[1200];
	size_t without = 0;

	heading(f, "Models and their validation");
	for (size_t i = 0; i < v->n_evidence; i++) {
		const struct evidence_row *e = &v->evidence[i];
		bool used = false;
		for (size_t k = 0; k < v->n_models && !used; k++)
			used = v->models[k].elements > 0 && strcmp(v->models[k].name, e->model) == 0;
		if (!used)
			continue;
		snprintf(text, sizeof text, "%s: against %s; %s", e->aspect, e->against, e->within);
		put_named(f, e->model, text);
	}
	for (size_t i = 0; i < v->n_models; i++) {
		bool has = v->models[i].elements == 0;
		for (size_t k = 0; k < v->n_evidence && !has; k++)
			has = strcmp(v->evidence[k].model, v->models[i].name) == 0;
		if (!has)
			fprintf(f, "%s%s", without++ ? ", " : "  Used without evidence of their own: ", v->models[i].name);
	}
	if (without)
		fputs(".\n", f);
}

int summary_write(const struct view *v, FILE *f)
{
	const struct outcome *o = v->o;

	fprintf(f, "sccsim %s - ", o->version);
	put_wrapped(f, *o->sc->title ? o->sc->title : o->sc->path, (int)strlen(o->version) + 10, WIDTH);
	for (int i = 0; i < WIDTH; i++)
		fputc('=', f);
	fputc('\n', f);
	if (o->stopped)
		fprintf(f, "STOPPED: %zu of %zu replications had finished; the figures are theirs.\n", o->n_done,
			o->n_reps);
	if (o->sc->description && *o->sc->description)
		put_wrapped(f, o->sc->description, 0, WIDTH);
	put_facts(f, v);
	put_targets(f, v);
	put_losses(f, v);
	put_all(f, v);
	put_kinds(f, v);
	put_flows(f, v);
	put_grids(f, v);
	put_audit(f, v);
	put_findings(f, v);
	put_models(f, v);
	put_run(f, v);
	return ferror(f) ? -1 : 0;
}

int output_summary(const struct outcome *o, FILE *f)
{
	struct view *v = view_new(o);
	int rc = v ? summary_write(v, f) : -1;

	view_free(v);
	return rc;
}
