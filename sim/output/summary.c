/* The plain-text report. */
#include <math.h>
#include <string.h>

#include "sim/output/output_private.h"

static void rule(FILE *f, const char *title)
{
	fprintf(f, "\n%s\n", title);
	for (size_t i = 0; i < strlen(title); i++)
		fputc('-', f);
	fputc('\n', f);
}

static void head(const struct outcome *o, FILE *f)
{
	char start[32], duration[64], warm[64];

	quantity_instant_format(o->sc->run.start, start, sizeof start);
	quantity_format(DIM_TIME, (union quantity){ .time = o->sc->run.duration }, duration, sizeof duration);
	quantity_format(DIM_TIME, (union quantity){ .time = o->sc->run.warm_up }, warm, sizeof warm);
	fprintf(f, "%s\n", o->sc->title[0] ? o->sc->title : o->sc->path);
	for (size_t i = 0; i < (o->sc->title[0] ? strlen(o->sc->title) : strlen(o->sc->path)); i++)
		fputc('=', f);
	fprintf(f, "\nsccsim %s   seed %llu   input %.16s\n", o->version, (unsigned long long)o->seed, o->sc->hash);
	fprintf(f, "%s from %s, counted after %s, %zu of %zu replications%s\n", duration, start, warm, o->n_done, o->n_reps,
		o->stopped ? " (stopped)" : "");
}

static void facts(const struct outcome *o, FILE *f)
{
	const struct report *r = first_report(o);

	if (!r || r->n_facts == 0)
		return;
	rule(f, "What was simulated");
	for (size_t i = 0; i < r->n_facts; i++)
		fprintf(f, "  %-18s %s\n", r->facts[i].name, r->facts[i].value);
}

static void verdicts(const struct outcome *o, FILE *f)
{
	char mean[96], interval[200];
	bool any = false;

	for (size_t i = 0; i < o->sc->n_targets; i++) {
		const struct target *t = &o->sc->targets[i];
		const struct kpi_result *k = outcome_kpi(o, t->kpi, t->group);
		if (t->op == TARGET_NONE)
			continue;
		if (!any)
			rule(f, "Targets");
		any = true;
		fprintf(f, "  %-10s %-30s %-22s %-10s", k ? verdict_name(k->verdict) : "no data", t->kpi,
			strcmp(t->group, "all") ? t->group : "", t->text);
		fprintf(f, " %s (%s)\n", k ? human_mean(k, mean, sizeof mean) : "-",
			k ? human_interval(k, interval, sizeof interval) : "-");
	}
}

static void kpi_table(const struct outcome *o, FILE *f)
{
	char mean[96], interval[200];
	const char *group = "";

	rule(f, "KPIs (mean over replications, confidence interval)");
	for (size_t i = 0; i < o->n_kpis; i++) {
		const struct kpi_result *k = &o->kpis[i];
		if (k->def->supporting || strcmp(k->group, "all") != 0)
			continue;
		fprintf(f, "  %-36s %14s   %s\n", k->def->name, human_mean(k, mean, sizeof mean),
			human_interval(k, interval, sizeof interval));
	}
	for (size_t i = 0; i < o->n_kpis; i++) {
		if (strcmp(o->kpis[i].def->name, "connectivity.delivery-ratio") != 0 ||
		    strcmp(o->kpis[i].group, "all") == 0)
			continue;
		if (!group[0])
			fprintf(f, "\n  %-36s %14s   %s\n", "Delivery by group", "mean", "interval");
		group = o->kpis[i].group;
		fprintf(f, "  %-36s %14s   %s\n", group, human_mean(&o->kpis[i], mean, sizeof mean),
			human_interval(&o->kpis[i], interval, sizeof interval));
	}
}

/* Shares of the messages generated, the largest first as they stand in the audit. */
static void losses(const struct audit_line *row, size_t n, FILE *f)
{
	double generated = 0;
	char count[64];

	for (size_t i = 0; i < n; i++)
		if (strcmp(row[i].account, "messages") == 0 && row[i].side == AUDIT_IN)
			generated += row[i].sum;
	if (!(generated > 0))
		return;
	rule(f, "Where messages went (all replications, from time 0)");
	fprintf(f, "  %-28s %16s\n", "generated", human_count(generated, count, sizeof count));
	for (size_t i = 0; i < n; i++)
		if (strcmp(row[i].account, "messages") == 0 && row[i].side == AUDIT_OUT && row[i].sum > 0)
			fprintf(f, "  %-28s %16s %9.3f %%\n", row[i].label, human_count(row[i].sum, count, sizeof count),
				100 * row[i].sum / generated);
}

static void audit(const struct outcome *o, const struct audit_line *row, size_t n, FILE *f)
{
	rule(f, "Audit (what goes in comes out)");
	for (size_t i = 0; i < n; i++) {
		double in = 0, out = 0;
		bool first = true;
		for (size_t k = 0; k < n; k++) {
			if (strcmp(row[k].account, row[i].account) != 0)
				continue;
			first = first && k >= i;
			*(row[k].side == AUDIT_IN ? &in : &out) += row[k].sum;
		}
		if (first)
			fprintf(f, "  %-24s in %-18.10g out %-18.10g %s\n", row[i].account, in, out,
				fabs(in - out) <= 1e-9 * fmax(fabs(in), fabs(out)) ? "balanced" : "IMBALANCE");
	}
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].unbalanced)
			fprintf(f, "  replication %llu is out of balance by %.3g in %s: the run is not valid\n",
				(unsigned long long)o->reps[i].index, o->reps[i].imbalance, o->reps[i].imbalance_account);
}

static void run_statistics(const struct outcome *o, FILE *f)
{
	uint64_t events = 0, pending = 0;
	size_t bytes = 0;
	char count[64];

	for (size_t i = 0; i < o->n_reps; i++) {
		events += o->reps[i].events;
		pending = o->reps[i].pending_max > pending ? o->reps[i].pending_max : pending;
		bytes = o->reps[i].arena_bytes > bytes ? o->reps[i].arena_bytes : bytes;
	}
	rule(f, "Run");
	fprintf(f, "  %s events in %.2f s on %u thread%s", human_count((double)events, count, sizeof count), o->wall_s,
		o->threads, o->threads == 1 ? "" : "s");
	fprintf(f, " (%.1f million/s), at most %s pending, %.1f MB a replication\n",
		o->wall_s > 0 ? (double)events / o->wall_s * 1e-6 : 0, human_count((double)pending, count, sizeof count),
		(double)bytes * 1e-6);
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].status != SIM_OK && o->reps[i].failure[0])
			fprintf(f, "  replication %llu failed: %s\n", (unsigned long long)o->reps[i].index,
				o->reps[i].failure);
}

static void evidence(const struct outcome *o, FILE *f)
{
	rule(f, "Models and what they were verified against");
	for (size_t i = 0; o->sc->table && i < o->sc->table->n; i++) {
		const struct model *m = o->sc->table->models[i];
		if (!model_used(o, m) || (!m->n_evidence && !m->n_kpis))
			continue;
		if (!m->n_evidence)
			fprintf(f, "  %-16s not verified yet\n", m->name);
		for (size_t k = 0; k < m->n_evidence; k++)
			fprintf(f, "  %-16s %s: against %s, %s\n", k ? "" : m->name, m->evidence[k].aspect,
				m->evidence[k].against, m->evidence[k].within);
	}
}

int output_summary(const struct outcome *o, FILE *f)
{
	struct arena *a = arena_new();
	struct audit_line *row = NULL;
	const struct text_row *warning = NULL;

	if (!a)
		return -1;
	size_t n = audit_lines(o, a, &row), warnings = all_warnings(o, a, &warning);
	head(o, f);
	verdicts(o, f);
	facts(o, f);
	if (o->n_kpis)
		kpi_table(o, f);
	losses(row, n, f);
	if (n)
		audit(o, row, n, f);
	if (warnings)
		rule(f, "Findings");
	for (size_t i = 0; i < warnings; i++)
		fprintf(f, "  %s: %s\n", warning[i].name, warning[i].value);
	evidence(o, f);
	run_statistics(o, f);
	arena_free(a);
	return ferror(f) ? -1 : 0;
}
