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
			"applicable recommended provisions that a device meets ÷ those that apply, mean over devices deployed, each with the "
			"version that it has at the end", NULL,
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

static const struct table_def provisions_table = { "security.provisions", "Provisions met, by class", "provision", "1" };
static const struct table_def escapes_table = { "security.escapes", "Deployed without complying, by cause", "cause", "devices" };
static const struct flow_def products_flow = { "security.products", "Product models", "products" };

const struct section gate_sections[GATE_SECTIONS] = {
	{ SECTION_SERIES, "Compliance of devices in service", "security.compliance-ratio",
	  "Share of the devices in service whose version of the product truly meets every mandatory provision.", "compliance" },
	{ SECTION_TABLE, "Provisions met, by class", "security.provisions",
	  "Share of the devices deployed that meet a mandatory provision that applies to them, each with the version that it has at the "
	  "end.", "compliance" },
	{ SECTION_TABLE, "Deployed without complying, by cause", "security.escapes",
	  "Devices that came into the field though their version of the product misses a mandatory provision, and why nobody kept them out.",
	  "compliance" },
	{ SECTION_FLOW, "Product models", "security.products",
	  "What product models asked for, what came of it, and whether devices of them were deployed.", "compliance" },
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
		for (uint32_t i = 0; i < p->n_versions; i++)
			met += (double)p->version[i].devices * provision_count_common(&p->may, &p->version[i].has) / apply;
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

/* Of a class, a provision that is mandatory for some product: the share of its devices deployed that have it, or need it not. */
static double share_meeting(const struct gates *g, uint32_t class_index, unsigned provision)
{
	double devices = 0, met = 0;
	bool applies = false;

	for (uint32_t k = 0; k < g->ps->of_class[class_index].n; k++) {
		const struct product *p = &g->ps->all[g->ps->of_class[class_index].first + k];
		bool need = provision_in(&p->must, provision);
		applies |= need && p->deployed;
		devices += p->deployed;
		for (uint32_t i = 0; i < p->n_versions; i++)
			met += !need || provision_in(&p->version[i].has, provision) ? p->version[i].devices : 0;
	}
	return applies ? met / devices : NAN;
}

static void report_tables(struct sim *s, const struct gates *g)
{
	const struct devices *d = g->ps->dev;
	char name[128];

	for (unsigned i = 0; i < PROVISIONS; i++)
		for (uint32_t k = 0; k < d->n_classes; k++) {
			double share = share_meeting(g, k, i);
			snprintf(name, sizeof name, "%s %s", provisions[i].id, provisions[i].text);
			if (!isnan(share))
				report_cell(s->report, &provisions_table, name, d->classes[k].id, share);
		}
	for (int e = 0; e < ESCAPES; e++)
		for (uint32_t k = 0; k < d->n_classes; k++)
			if (g->ps->of_class[k].n)
				report_cell(s->report, &escapes_table, escape_names[e], d->classes[k].id, g->escaped[k][e]);
}

/* What came of a product's wish for a certificate. */
static const char *outcome(const struct product *p)
{
	static const char *const how[BASES] = { "", "passed tests", "declared", "foreign label" };

	if (p->security->conformance == CONFORMANCE_NONE)
		return "not asked";
	if (p->ever)
		return how[p->basis];
	return p->assessment == ASSESSMENT_FAILED ? "failed"
	       : p->assessment == ASSESSMENT_NONE ? "not yet asked"
						  : "in work";
}

static void report_products(struct sim *s, const struct gates *g)
{
	static const char *const outcomes[] = { "passed tests", "declared",      "foreign label", "failed",
						"in work",      "not yet asked", "not asked" };

	for (size_t o = 0; o < sizeof outcomes / sizeof outcomes[0]; o++) {
		double n = 0, deployed = 0;
		for (uint32_t k = 0; k < g->ps->n; k++)
			if (strcmp(outcome(&g->ps->all[k]), outcomes[o]) == 0) {
				n++;
				deployed += g->ps->all[k].deployed > 0;
			}
		if (n <= 0)
			continue;
		report_flow(s->report, &products_flow, "all", "product models", outcomes[o], n);
		if (deployed > 0)
			report_flow(s->report, &products_flow, "all", outcomes[o], "deployed", deployed);
		if (n > deployed)
			report_flow(s->report, &products_flow, "all", outcomes[o], "not deployed", n - deployed);
	}
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
	report_tables(s, g);
	report_products(s, g);
}
