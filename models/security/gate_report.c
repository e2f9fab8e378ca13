/* What passed the gate, what it let through wrongly, and who complies. */
#include <stdio.h>
#include <string.h>

#include "models/security/gate_private.h"

const struct kpi_def gate_kpis[GATE_KPIS] = {
	[KPI_COMPLIANCE] = { "security.compliance-ratio", "1",
			     "devices in service meeting every mandatory baseline provision ÷ devices in service, time-averaged; of "
			     "classes with <security> or products",
			     "WTSA Resolution 98, invites 7", KPI_HIGHER, false },
	[KPI_ESCAPE] = { "security.gate-escape-ratio", "1",
			 "devices deployed though truly non-compliant ÷ devices deployed; counted from the start of the run",
			 "WTSA Resolution 98, invites 8", KPI_LOWER, false },
	[KPI_REFUSED] = { "security.gate-refused-ratio", "1",
			  "devices still waiting at the gate at the end ÷ devices that asked; counted from the start of the run",
			  "WTSA Resolution 98, invites 8", KPI_NEITHER, true },
	[KPI_SCORE] = { "security.recommended-score", "1",
			"applicable recommended provisions that its product meets ÷ those that apply, mean over devices deployed", NULL,
			KPI_HIGHER, true },
};

static const char *const escape_names[ESCAPES] = {
	[ESCAPE_TEST] = "test missed it",
	[ESCAPE_DECLARATION] = "false declaration",
	[ESCAPE_RECOGNITION] = "mutual recognition",
	[ESCAPE_FIRMWARE] = "changed since the certificate",
	[ESCAPE_EXPIRED] = "certificate expired",
	[ESCAPE_WARNED] = "warned only",
	[ESCAPE_OFF] = "nobody asked",
};

/* Sum of a group's cells. */
static struct gate_cell sum(const struct gates *g, const uint8_t *member, uint32_t n_cells)
{
	struct gate_cell all = { 0 };

	for (uint32_t c = 0; c < n_cells; c++) {
		const struct gate_cell *k = &g->cell[c];
		if (!member[c])
			continue;
		all.service += k->service;
		all.compliant += k->compliant;
		all.service_time += k->service_time;
		all.compliant_time += k->compliant_time;
		all.deployed += k->deployed;
		all.escaped += k->escaped;
	}
	return all;
}

void gate_sample(struct sim *s, struct gates *g)
{
	const struct groups *gr = groups_of(s);

	for (uint32_t k = 0; k < gr->n; k++) {
		struct gate_cell c;
		if (k > 0 && strncmp(gr->name[k], "class=", 6) != 0)
			continue;
		c = sum(g, gr->member[k], gr->n_cells);
		if (c.service)
			report_series(s->report, &gate_kpis[KPI_COMPLIANCE], gr->name[k], s->now,
				      (double)c.compliant / c.service);
	}
}

/* Recommended provisions met by the devices deployed, and devices; product by product. */
static double score(const struct gates *g, uint32_t first, uint32_t n, double *devices)
{
	double met = 0;

	for (uint32_t k = first; k < first + n; k++) {
		const struct product *p = &g->ps->all[k];
		unsigned apply = provision_count(&p->may);
		if (!apply || !p->deployed)
			continue;
		met += (double)p->deployed * provision_count_common(&p->may, &p->has) / apply;
		*devices += p->deployed;
	}
	return met;
}

static void report_scores(struct sim *s, const struct gates *g)
{
	const struct devices *d = g->ps->dev;
	double met = 0, devices = 0;
	char name[128];

	for (uint32_t k = 0; k < d->n_classes; k++) {
		double n = 0, of_class = score(g, g->ps->of_class[k].first, g->ps->of_class[k].n, &n);
		met += of_class;
		devices += n;
		snprintf(name, sizeof name, "class=%s", d->classes[k].id);
		report_kpi(s->report, &gate_kpis[KPI_SCORE], name, n > 0 ? of_class / n : NAN);
	}
	report_kpi(s->report, &gate_kpis[KPI_SCORE], "all", devices > 0 ? met / devices : NAN);
}

static void report_groups(struct sim *s, struct gates *g)
{
	const struct groups *gr = groups_of(s);

	for (uint32_t c = 0; c < gr->n_cells; c++)
		gate_advance(s, &g->cell[c]);
	for (uint32_t k = 0; k < gr->n; k++) {
		struct gate_cell c = sum(g, gr->member[k], gr->n_cells);
		report_kpi(s->report, &gate_kpis[KPI_COMPLIANCE], gr->name[k],
			   c.service_time > 0 ? c.compliant_time / c.service_time : NAN);
		report_kpi(s->report, &gate_kpis[KPI_ESCAPE], gr->name[k],
			   c.deployed ? (double)c.escaped / c.deployed : NAN);
	}
}

static void report_escapes(struct sim *s, const struct gates *g)
{
	static const char account[] = "devices deployed without complying";
	struct gate_cell all = sum(g, groups_of(s)->member[0], groups_of(s)->n_cells);
	double by[ESCAPES] = { 0 };

	for (uint32_t k = 0; k < g->ps->dev->n_classes; k++)
		for (int e = 0; e < ESCAPES; e++)
			by[e] += g->escaped[k][e];
	report_audit(s->report, account, "1", AUDIT_IN, "deployed", all.escaped);
	for (int e = 0; e < ESCAPES; e++)
		report_audit(s->report, account, "1", AUDIT_OUT, escape_names[e], by[e]);
}

static void report_gate(struct sim *s, const struct gates *g)
{
	static const char account[] = "devices at the gate";
	double waiting[WAITINGS];

	gate_count_waiting(g, waiting);
	if (!g->asked)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "asked", (double)g->asked);
	report_audit(s->report, account, "1", AUDIT_OUT, "admitted", (double)g->admitted);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting for the assessment", waiting[WAITING_ASSESSMENT]);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting for a certificate", waiting[WAITING_CERTIFICATE]);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused for good", waiting[WAITING_FOR_NOTHING]);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting for something else", waiting[WAITING_ELSEWHERE]);
	report_kpi(s->report, &gate_kpis[KPI_REFUSED], "all",
		   (waiting[WAITING_ASSESSMENT] + waiting[WAITING_CERTIFICATE] + waiting[WAITING_FOR_NOTHING]) /
			   (double)g->asked);
	report_fact(s->report, "Deployment gate",
		    "%llu devices asked, %llu admitted, %llu of them with a warning; %.0f refused for good",
		    (unsigned long long)g->asked, (unsigned long long)g->admitted, (unsigned long long)g->warned,
		    waiting[WAITING_FOR_NOTHING]);
}

void gate_finish(struct sim *s, const struct scenario *sc)
{
	struct gates *g = sim_state(s, &security_policy_model);

	(void)sc;
	if (!g)
		return;
	report_groups(s, g);
	report_scores(s, g);
	report_escapes(s, g);
	report_gate(s, g);
}
