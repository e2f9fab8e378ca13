/*
 * The numbers of <exchange>: KPIs of all and of each, the balance of requests.
 */
#include <stdio.h>

#include "models/service/exchange_private.h"

/* Codes as in ITU-T Y.4903; the clause: KPI pilots, and verticals that work together. */
#define BEARS_ON "Res. 98 proposal, instructs TSB 2-3 (KPI pilots), recognizing g (verticals); [M] SDG 9.1, 17.6"

const struct kpi_def exchange_kpis[EXCHANGE_KPIS] = {
	[KPI_EXCHANGE_RATIO] = { "interoperability.exchange-ratio", "1",
				 "cross-platform requests answered with usable data ÷ requests, those in flight at the end left "
				 "out",
				 BEARS_ON, KPI_HIGHER, false },
	[KPI_EXCHANGE_LATENCY] = { "interoperability.latency", "s",
				   "a cross-platform request to its usable answer accepted at the platform that asked, mean",
				   BEARS_ON, KPI_LOWER, false },
	[KPI_EXCHANGE_LATENCY_P95] = { "interoperability.latency-p95", "s",
				       "cross-platform latency that 95 % of the usable answers keep", BEARS_ON, KPI_LOWER,
				       false },
	[KPI_TRANSLATION_SHARE] = { "interoperability.translation-share", "1",
				    "usable answers that were translated ÷ usable answers", NULL, KPI_LOWER, true },
	[KPI_MAPPING_COVERAGE] = { "interoperability.coverage", "1",
				   "share of what is asked for that the mappings in force express, averaged over requests", NULL,
				   KPI_HIGHER, true },
	[KPI_EXCHANGE_REQUESTS] = { "interoperability.requests", "1", "cross-platform requests, and messages passed on", NULL,
				    KPI_NEITHER, true },
	[KPI_EXCHANGE_BYTES] = { "interoperability.bytes", "B",
				 "sent between platforms and brokers, every link that was crossed counted", NULL, KPI_NEITHER,
				 true },
#define X(cause, slug, text)                                                                                           \
	[KPI_EXCHANGE_LOST + EXCHANGE_##cause] = { "interoperability.lost-" slug, "1",                                 \
						   "cross-platform requests without usable answer: " text              \
						   " ÷ requests, those in flight at the end left out",                 \
						   NULL, KPI_LOWER, true },
	EXCHANGE_CAUSES(X)
#undef X
};

static const struct curve_def latency_curve = {
	"interoperability.latency", "Latency between platforms", "latency longer than", "s", "share of usable answers", "1", true
};

struct sums {
	double requests, answered, settled, translated, bytes, coverage, lost[EXCHANGE_CAUSE_COUNT];
};

static void add(struct sums *sum, const struct exchange *x)
{
	const struct exchange_counts *c = &x->count[1];

	sum->requests += (double)c->requests;
	sum->answered += (double)c->answered;
	sum->translated += (double)c->translated;
	sum->bytes += c->bytes;
	sum->coverage += (double)c->requests * x->translation.coverage;
	sum->settled += (double)c->answered;
	for (int k = 0; k < EXCHANGE_CAUSE_COUNT; k++) {
		sum->lost[k] += (double)c->lost[k];
		sum->settled += (double)c->lost[k];
	}
}

static double ratio(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

/* From a millisecond to a hundred seconds. */
static void report_latency_curve(struct sim *s, const char *group, const struct histogram *h)
{
	for (int k = -12; h->n && k <= 8; k++) {
		double x = pow(10, k / 4.0);
		report_curve(s->report, &latency_curve, group, x, histogram_share_above(h, x * 1e9));
	}
}

static void report_group(struct sim *s, const char *group, const struct sums *sum, const struct histogram *h)
{
	report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_RATIO], group, ratio(sum->answered, sum->settled));
	report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_LATENCY], group, histogram_mean(h) * 1e-9);
	report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_LATENCY_P95], group, histogram_quantile(h, 0.95) * 1e-9);
	report_kpi(s->report, &exchange_kpis[KPI_TRANSLATION_SHARE], group, ratio(sum->translated, sum->answered));
	report_kpi(s->report, &exchange_kpis[KPI_MAPPING_COVERAGE], group, ratio(sum->coverage, sum->requests));
	report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_REQUESTS], group, sum->requests);
	report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_BYTES], group, sum->bytes);
	for (int k = 0; k < EXCHANGE_CAUSE_COUNT; k++)
		report_kpi(s->report, &exchange_kpis[KPI_EXCHANGE_LOST + k], group, ratio(sum->lost[k], sum->settled));
}

/* Over the whole run: what is still on its way is found where it is. */
static void report_balance(struct sim *s, const struct exchanges *xs)
{
	static const char account[] = "cross-platform requests";
	static const char *const causes[] = {
#define X(id, slug, text) "lost: " text,
		EXCHANGE_CAUSES(X)
#undef X
	};
	double answered = 0, lost[EXCHANGE_CAUSE_COUNT] = { 0 }, on_its_way = 0;
	char label[128];

	for (uint32_t i = 0; i < xs->n; i++) {
		const struct exchange_counts *c = xs->exchange[i].count;
		snprintf(label, sizeof label, "asked: %s", xs->exchange[i].element->id);
		report_audit(s->report, account, "1", AUDIT_IN, label, (double)(c[0].requests + c[1].requests));
		answered += (double)(c[0].answered + c[1].answered);
		for (int k = 0; k < EXCHANGE_CAUSE_COUNT; k++)
			lost[k] += (double)(c[0].lost[k] + c[1].lost[k]);
	}
	for (uint32_t i = 0; i < xs->n_requests; i++)
		on_its_way += xs->request[i].exchange != NOT_ON_ITS_WAY;
	report_audit(s->report, account, "1", AUDIT_OUT, "answered with usable data", answered);
	for (int k = 0; k < EXCHANGE_CAUSE_COUNT; k++)
		report_audit(s->report, account, "1", AUDIT_OUT, causes[k], lost[k]);
	report_audit(s->report, account, "1", AUDIT_OUT, "on their way at the end", on_its_way);
}

void exchange_report(struct sim *s, const struct exchanges *xs)
{
	struct histogram *h = sim_alloc(s, 1, sizeof *h);
	struct sums all = { 0 };

	if (!h)
		return;
	for (uint32_t i = 0; i < xs->n; i++) {
		add(&all, &xs->exchange[i]);
		histogram_merge(h, xs->exchange[i].latency);
	}
	report_group(s, "all", &all, h);
	report_latency_curve(s, "all", h);
	for (uint32_t i = 0; i < xs->n; i++) {
		const struct exchange *x = &xs->exchange[i];
		struct sums one = { 0 };
		char group[128];
		snprintf(group, sizeof group, "exchange=%s", x->element->id);
		add(&one, x);
		report_group(s, group, &one, x->latency);
		report_latency_curve(s, group, x->latency);
	}
	report_balance(s, xs);
}
