/* What certification came to. */
#include <stdio.h>

#include "models/security/certification_private.h"

enum { KPI_TIME, KPI_CERTIFIED, KPI_FALSE_CERTIFICATE, KPI_COST };

const struct kpi_def certification_kpis[CERTIFICATION_KPIS] = {
	[KPI_TIME] = { "security.certification-time", "s", "request to certificate, mean over product models that were certified",
		       "WTSA Resolution 98, invites 7", KPI_LOWER, false },
	[KPI_CERTIFIED] = { "security.certified-ratio", "1", "product models certified at least once ÷ product models that asked",
			    "WTSA Resolution 98, invites 7", KPI_HIGHER, true },
	[KPI_FALSE_CERTIFICATE] = { "security.false-certificate-ratio", "1",
				    "certificates given to a product that truly misses a mandatory provision ÷ certificates given",
				    NULL, KPI_LOWER, true },
	[KPI_COST] = { "cost.certification", "currency",
		       "fees, tests and declarations that conformity cost within the run; in the currency of <economy>", NULL,
		       KPI_LOWER, false },
};

static void report_classes(struct sim *s, const struct certification *c)
{
	const struct devices *d = c->ps->dev;
	struct tally time = { 0 };
	double asking = 0, holding = 0, paid = 0;
	char name[128];

	for (uint32_t k = 0; k < d->n_classes; k++) {
		double of_class = 0;
		for (uint32_t i = 0; i < c->ps->of_class[k].n; i++)
			of_class += c->ps->all[c->ps->of_class[k].first + i].paid;
		tally_merge(&time, &c->time[k]);
		asking += c->asking[k];
		holding += c->holding[k];
		paid += of_class;
		if (!c->asking[k])
			continue;
		snprintf(name, sizeof name, "class=%s", d->classes[k].id);
		report_kpi(s->report, &certification_kpis[KPI_TIME], name, c->time[k].n ? c->time[k].mean : NAN);
		report_kpi(s->report, &certification_kpis[KPI_CERTIFIED], name, (double)c->holding[k] / c->asking[k]);
		report_kpi(s->report, &certification_kpis[KPI_COST], name, of_class > 0 ? of_class : NAN);
	}
	report_kpi(s->report, &certification_kpis[KPI_TIME], "all", time.n ? time.mean : NAN);
	report_kpi(s->report, &certification_kpis[KPI_CERTIFIED], "all", asking > 0 ? holding / asking : NAN);
	report_kpi(s->report, &certification_kpis[KPI_COST], "all", paid > 0 ? paid : NAN);
}

static void report_requests(struct sim *s, const struct certification *c, double given)
{
	static const char account[] = "certification requests";
	double working = 0;

	for (uint32_t k = 0; k < c->ps->n; k++)
		working += c->ps->all[k].busy;
	if (!c->asked)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "asked", (double)c->asked);
	report_audit(s->report, account, "1", AUDIT_OUT, "certified after tests", (double)c->certified[BASIS_LABORATORY]);
	report_audit(s->report, account, "1", AUDIT_OUT, "certified on a declaration",
		     (double)c->certified[BASIS_DECLARATION]);
	report_audit(s->report, account, "1", AUDIT_OUT, "certified on a foreign label",
		     (double)c->certified[BASIS_RECOGNITION]);
	report_audit(s->report, account, "1", AUDIT_OUT, "failed", (double)c->failed);
	report_audit(s->report, account, "1", AUDIT_OUT, "in work at the end", working);
	report_kpi(s->report, &certification_kpis[KPI_FALSE_CERTIFICATE], "all",
		   given > 0 ? (double)c->false_given / given : NAN);
	report_fact(s->report, "Certification",
		    "%u product models, %llu requests: %.0f certificates, %.0f of them wrongly; %llu failed, %.0f in work",
		    c->ps->n, (unsigned long long)c->asked, given, (double)c->false_given, (unsigned long long)c->failed,
		    working);
}

static void report_tests(struct sim *s, const struct certification *c)
{
	static const char account[] = "conformance test cases";
	const struct test_counts *t = &c->tests;
	double held = 0;

	for (uint32_t k = 0; k < c->ps->n; k++)
		held += c->ps->all[k].cases;
	if (!t->begun)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "handed in", (double)t->begun);
	report_audit(s->report, account, "1", AUDIT_OUT, "passed: provision met", (double)t->passed);
	report_audit(s->report, account, "1", AUDIT_OUT, "passed: provision missed, not noticed", (double)t->missed);
	report_audit(s->report, account, "1", AUDIT_OUT, "failed: provision missed", (double)t->found);
	report_audit(s->report, account, "1", AUDIT_OUT, "failed: provision met, false alarm", (double)t->false_alarms);
	report_audit(s->report, account, "1", AUDIT_OUT, "in work at the end", held);
}

static void report_firmware(struct sim *s, const struct certification *c)
{
	static const char account[] = "firmware to be released";
	double held = 0;

	for (uint32_t k = 0; k < c->ps->n; k++)
		for (const struct firmware *f = c->ps->all[k].firmware; f; f = f->next)
			held++;
	if (!c->firmware_asked)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "made", (double)c->firmware_asked);
	report_audit(s->report, account, "1", AUDIT_OUT, "released", (double)c->firmware_ready);
	report_audit(s->report, account, "1", AUDIT_OUT, "withheld: recertification failed", (double)c->firmware_withheld);
	report_audit(s->report, account, "1", AUDIT_OUT, "in recertification at the end", held);
}

void certification_finish(struct sim *s, const struct scenario *sc)
{
	const struct certification *c = sim_state(s, &security_model);
	double given = 0;

	(void)sc;
	if (!c)
		return;
	for (int b = 0; b < BASES; b++)
		given += (double)c->certified[b];
	report_classes(s, c);
	report_requests(s, c, given);
	report_tests(s, c);
	report_firmware(s, c);
}
