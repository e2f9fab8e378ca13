/*
 * The numbers of <ledger>: KPIs of all and of each, the balance of records.
 */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/service/ledger_private.h"

#define BEARS_ON "Res. 98 proposal, resolves 2, considering p (trust repositories)"

const struct kpi_def ledger_kpis[LEDGER_KPIS] = {
	[KPI_LEDGER_LATENCY] = { "ledger.latency", "s", "a message accepted at its platform to its block being final, mean",
				 BEARS_ON, KPI_LOWER, false },
	[KPI_LEDGER_P95] = { "ledger.latency-p95", "s", "ledger latency that 95 % of the records keep", BEARS_ON, KPI_LOWER,
			     false },
	[KPI_LEDGER_WAITING] = { "ledger.waiting-time", "s", "a message accepted at its platform to the cut of its block, mean",
				 NULL, KPI_LOWER, true },
	[KPI_LEDGER_SIZE] = { "ledger.batch-size", "1", "records of a block, mean", NULL, KPI_NEITHER, true },
	[KPI_LEDGER_THROUGHPUT] = { "ledger.throughput", "1/h", "records in blocks that became final, per hour", NULL,
				    KPI_HIGHER, true },
	[KPI_LEDGER_BLOCKS] = { "ledger.blocks", "1", "blocks cut", NULL, KPI_NEITHER, true },
	[KPI_LEDGER_BYTES] = { "ledger.bytes", "B", "size of the blocks that became final, at one validator", NULL,
			       KPI_NEITHER, true },
	[KPI_LEDGER_UTILISATION] = { "ledger.utilisation", "1",
				     "blocks that are being agreed upon ÷ those that may be, time-averaged", NULL, KPI_LOWER,
				     true },
	[KPI_LEDGER_AVAILABILITY] = { "ledger.availability", "1", "time in which a quorum of the validators is up ÷ time",
				      NULL, KPI_HIGHER, true },
};

static const struct curve_def latency_curve = {
	"ledger.latency", "Latency of the ledger", "latency longer than", "s", "share of records", "1", true
};

struct sums {
	struct tally waiting, size;
	double anchored, bytes, busy, pipeline, works;
	uint32_t n;
};

static void add(const struct sim *s, struct sums *sum, const struct ledger *l)
{
	tally_merge(&sum->waiting, &l->waiting);
	tally_merge(&sum->size, &l->size);
	sum->anchored += (double)l->anchored_after;
	sum->bytes += l->bytes_after;
	sum->busy += timeavg_mean(&station_stats(l->consensus)->busy, s->now);
	sum->pipeline += (double)l->p->pipeline;
	sum->works += timeavg_mean(&l->works, s->now);
	sum->n++;
}

/* From ten milliseconds to a hundred thousand seconds. */
static void report_latency_curve(struct sim *s, const char *group, const struct histogram *h)
{
	for (int k = -8; h->n && k <= 20; k++) {
		double x = pow(10, k / 4.0);
		report_curve(s->report, &latency_curve, group, x, histogram_share_above(h, x * 1e9));
	}
}

static void report_group(struct sim *s, const char *group, const struct sums *sum, const struct histogram *h)
{
	double hours = sim_seconds(s->now - s->warmup) / 3600;

	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_LATENCY], group, histogram_mean(h) * 1e-9);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_P95], group, histogram_quantile(h, 0.95) * 1e-9);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_WAITING], group, sum->waiting.n ? sum->waiting.mean : NAN);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_SIZE], group, sum->size.n ? sum->size.mean : NAN);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_THROUGHPUT], group, hours > 0 ? sum->anchored / hours : NAN);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_BLOCKS], group, (double)sum->size.n);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_BYTES], group, sum->bytes);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_UTILISATION], group, sum->busy / sum->pipeline);
	report_kpi(s->report, &ledger_kpis[KPI_LEDGER_AVAILABILITY], group, sum->works / sum->n);
}

static void report_ledger(struct sim *s, const struct ledger *l)
{
	char name[128];

	snprintf(name, sizeof name, "Ledger %s", l->element->id);
	report_fact(s->report, name,
		    "%llu validators, %llu needed, %llu of %llu records anchored, %u block%s, %u cut by time",
		    (unsigned long long)l->p->validators, (unsigned long long)l->p->quorum, (unsigned long long)l->anchored,
		    (unsigned long long)l->offered, l->cut, l->cut == 1 ? "" : "s", l->by_time);
}

/* Over the whole run: what is not final is found in its blocks. */
static void report_balance(struct sim *s, const struct ledgers *ls)
{
	static const char account[] = "ledger records";
	double offered = 0, anchored = 0, open = 0, held = 0;

	for (uint32_t i = 0; i < ls->n; i++) {
		const struct ledger *l = &ls->all[i];
		offered += (double)l->offered;
		anchored += (double)l->anchored;
		for (uint32_t k = 0; k < l->n_blocks; k++)
			if (k == l->open)
				open += l->block[k].n;
			else
				held += l->block[k].n;
	}
	report_audit(s->report, account, "1", AUDIT_IN, "offered", offered);
	report_audit(s->report, account, "1", AUDIT_OUT, "anchored", anchored);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting for the cut at the end", open);
	report_audit(s->report, account, "1", AUDIT_OUT, "in blocks not yet final at the end", held);
}

void ledger_report(struct sim *s, const struct ledgers *ls)
{
	struct histogram *h = sim_alloc(s, 1, sizeof *h);
	struct sums all = { 0 };

	if (!h)
		return;
	for (uint32_t i = 0; i < ls->n; i++) {
		add(s, &all, &ls->all[i]);
		histogram_merge(h, ls->all[i].latency);
	}
	report_group(s, "all", &all, h);
	report_latency_curve(s, "all", h);
	for (uint32_t i = 0; i < ls->n; i++) {
		const struct ledger *l = &ls->all[i];
		struct sums one = { 0 };
		char group[128];
		snprintf(group, sizeof group, "ledger=%s", l->element->id);
		add(s, &one, l);
		report_group(s, group, &one, l->latency);
		report_latency_curve(s, group, l->latency);
		report_ledger(s, l);
		cost_units(s, l->element, (double)l->p->validators);
		cost_traffic(s, l->element, (double)l->anchored_after, l->bytes_after);
	}
	report_balance(s, ls);
}
