/*
 * What supply chains yield: fill rates, bullwhip, how long they stand a disruption and how long it is felt; the account of goods.
 */
#include <stdio.h>

#include "models/crisis/supply_chain_private.h"

enum { SERIES_POINTS = 240 };

const struct kpi_def supply_kpis[] = {
	[SUPPLY_FILL] = { "crisis.fill-rate", "1", "units asked for that were shipped in the same period ÷ units asked for; all: by customers",
			  NULL, KPI_HIGHER, true },
	[SUPPLY_SURVIVE] = { "crisis.time-to-survive", "s",
			     "first disruption of a supply chain to the first customers who did not get what they asked for; mean over the "
			     "chains where there were such",
			     NULL, KPI_HIGHER, true },
	[SUPPLY_RECOVER] = { "crisis.time-to-recover", "s",
			     "first disruption of a supply chain to the customers having got all that they had asked for, after some had not; mean "
			     "over the chains where they had",
			     NULL, KPI_LOWER, true },
	[SUPPLY_BULLWHIP] = { "crisis.bullwhip", "1",
			      "variance of a stage's orders ÷ variance of the customers' demand, by period; all: of the first stage, mean over the "
			      "chains",
			      NULL, KPI_LOWER, true },
	[SUPPLY_STOCK] = { "crisis.supply-stock", "1", "units in stock, over time", NULL, KPI_NEITHER, true },
};

static void group_of(const struct supply_stage *st, char *group, size_t size)
{
	snprintf(group, size, "stage=%s", st->element->id);
}

void supply_series(struct sim *s, const struct supply_chain *c)
{
	int64_t every = s->end / c->p->period / SERIES_POINTS + 1;
	char group[128];

	if (c->periods % every != 0)
		return;
	for (uint32_t k = 0; k < c->n; k++) {
		group_of(&c->stage[k], group, sizeof group);
		report_series(s->report, &supply_kpis[SUPPLY_STOCK], group, s->now, c->stage[k].stock);
	}
}

static double bullwhip(const struct supply_stage *st)
{
	double demand = tally_variance(&st->chain->demand);

	return demand > 0 ? tally_variance(&st->orders) / demand : NAN;
}

static void report_stages(struct sim *s, const struct supply_chain *c)
{
	char group[128];

	for (uint32_t k = 0; k < c->n; k++) {
		const struct supply_stage *st = &c->stage[k];
		group_of(st, group, sizeof group);
		report_kpi(s->report, &supply_kpis[SUPPLY_FILL], group, st->wanted > 0 ? st->filled / st->wanted : NAN);
		report_kpi(s->report, &supply_kpis[SUPPLY_BULLWHIP], group, bullwhip(st));
	}
}

static void report_goods(struct sim *s, const struct supply_chains *cs)
{
	static const char account[] = "supply";
	double start = 0, source = 0, customers = 0, left = 0, transit = cs->in_transit;

	for (uint32_t i = 0; i < cs->n; i++) {
		const struct supply_chain *c = &cs->chain[i];
		customers += c->stage[c->n - 1].shipped;
		source += c->stage[0].received + c->stage[0].on_order;
		for (uint32_t k = 0; k < c->n; k++) {
			start += c->stage[k].at_start;
			left += c->stage[k].stock;
		}
	}
	report_audit(s->report, account, "units", AUDIT_IN, "in stock at the beginning", start);
	report_audit(s->report, account, "units", AUDIT_IN, "from the source", source);
	report_audit(s->report, account, "units", AUDIT_OUT, "to customers", customers);
	report_audit(s->report, account, "units", AUDIT_OUT, "in stock at the end", left);
	report_audit(s->report, account, "units", AUDIT_OUT, "under way at the end", transit);
}

/* Mean over those chains that have a value. */
struct mean { double sum, n; };

static void add(struct mean *m, double x)
{
	m->sum += isnan(x) ? 0 : x;
	m->n += !isnan(x);
}

static double mean_of(struct mean m)
{
	return m.n > 0 ? m.sum / m.n : NAN;
}

static double since(const struct supply_chain *c, simtime_t t)
{
	return t == SIM_NEVER ? NAN : sim_seconds(t - c->disrupted);
}

void supply_report(struct sim *s, const struct supply_chains *cs)
{
	struct mean survive = { 0 }, recover = { 0 }, whip = { 0 };
	double wanted = 0, filled = 0;

	for (uint32_t i = 0; i < cs->n; i++) {
		const struct supply_chain *c = &cs->chain[i];
		const struct supply_stage *last = &c->stage[c->n - 1];
		report_stages(s, c);
		wanted += last->wanted;
		filled += last->filled;
		add(&survive, since(c, c->out));
		add(&recover, since(c, c->filled_again));
		add(&whip, bullwhip(&c->stage[0]));
	}
	report_kpi(s->report, &supply_kpis[SUPPLY_FILL], "all", wanted > 0 ? filled / wanted : NAN);
	report_kpi(s->report, &supply_kpis[SUPPLY_SURVIVE], "all", mean_of(survive));
	report_kpi(s->report, &supply_kpis[SUPPLY_RECOVER], "all", mean_of(recover));
	report_kpi(s->report, &supply_kpis[SUPPLY_BULLWHIP], "all", mean_of(whip));
	report_goods(s, cs);
	report_fact(s->report, "Supply chains", "%u; stocks are reviewed once a period, and orders below 0 are none",
		    cs->n);
}
