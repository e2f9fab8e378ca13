/* KPIs and audit of edge nodes. */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/network/edge_private.h"

const struct kpi_def edge_kpis[EDGE_KPIS] = {
	[EDGE_WAITING] = { "edge.waiting-time", "s", "arrival at the edge node to the begin of service, mean", NULL, KPI_LOWER,
			   true },
	[EDGE_WAITING_P95] = { "edge.waiting-p95", "s", "arrival at the edge node to the begin of service, 95 % quantile", NULL,
			       KPI_LOWER, true },
	[EDGE_UTILISATION] = { "edge.utilisation", "1", "servers of edge nodes busy ÷ servers, time-averaged", NULL, KPI_LOWER,
			       true },
	[EDGE_AVAILABILITY] = { "edge.availability", "1", "time in which edge nodes are up ÷ time, mean over nodes", NULL,
				KPI_HIGHER, true },
	[EDGE_FORWARDED] = { "edge.forwarded-ratio", "1",
			     "messages that the edge sent on to the cloud ÷ messages that came to it", NULL, KPI_NEITHER, true },
	[EDGE_BYTES_FORWARDED] = { "edge.forwarded-bytes-ratio", "1",
				   "payload that the edge sent on to the cloud ÷ payload that came to it", NULL, KPI_LOWER, true },
	[EDGE_ENERGY] = { "edge.energy", "J", "energy of edge nodes", NULL, KPI_LOWER, true },
};

struct total {
	struct tally waiting;
	struct histogram hist;
	double nodes, busy, servers, up, energy, counted, counted_on, bytes, bytes_on;
};

static double busy_servers(const struct sim *s, const struct edge *e)
{
	return timeavg_mean(&server_stats(e->server)->busy, s->now);
}

static double energy_j(const struct sim *s, const struct edge *e)
{
	return (e->p->idle_power + busy_servers(s, e) * e->p->busy_power) * sim_seconds(s->now - s->warmup);
}

static void add(const struct sim *s, struct total *t, const struct edge *e)
{
	const struct station_stats *st = server_stats(e->server);
	double busy = busy_servers(s, e);

	tally_merge(&t->waiting, &st->waiting);
	histogram_merge(&t->hist, &st->waiting_hist);
	t->nodes++;
	t->busy += busy;
	t->servers += (double)e->p->server.servers;
	t->up += outage_up_share(s, server_outage(e->server));
	t->energy += energy_j(s, e);
	t->counted += (double)e->counted;
	t->counted_on += (double)e->counted_on;
	t->bytes += (double)e->bytes;
	t->bytes_on += (double)e->bytes_on;
}

static void report_total(struct sim *s, const struct total *t, const char *group)
{
	report_kpi(s->report, &edge_kpis[EDGE_WAITING], group, t->waiting.n ? t->waiting.mean : NAN);
	report_kpi(s->report, &edge_kpis[EDGE_WAITING_P95], group,
		   t->hist.n ? histogram_quantile(&t->hist, 0.95) * 1e-9 : NAN);
	report_kpi(s->report, &edge_kpis[EDGE_UTILISATION], group, t->busy / t->servers);
	report_kpi(s->report, &edge_kpis[EDGE_AVAILABILITY], group, t->up / t->nodes);
	report_kpi(s->report, &edge_kpis[EDGE_FORWARDED], group, t->counted > 0 ? t->counted_on / t->counted : NAN);
	report_kpi(s->report, &edge_kpis[EDGE_BYTES_FORWARDED], group, t->bytes > 0 ? t->bytes_on / t->bytes : NAN);
	report_kpi(s->report, &edge_kpis[EDGE_ENERGY], group, t->energy);
}

static void report_balance(struct sim *s, const struct edges *es)
{
	static const char account[] = "edge messages";
	double arrived = 0, finished = 0, on = 0, down = 0, full = 0, way = 0, way_full = 0, inside = 0, under_way = 0;

	for (uint32_t i = 0; i < es->n; i++) {
		const struct edge *e = &es->all[i];
		arrived += (double)e->arrived;
		finished += (double)e->finished;
		on += (double)e->handed_on;
		down += (double)e->lost_down;
		full += (double)e->lost_full;
		way += (double)e->lost_way;
		way_full += (double)e->lost_way_full;
		inside += server_held(e->server, PURPOSES);
		under_way += parcels_held(&e->under_way);
	}
	report_audit(s->report, account, "1", AUDIT_IN, "arrived", arrived);
	report_audit(s->report, account, "1", AUDIT_OUT, "ended at the edge", finished);
	report_audit(s->report, account, "1", AUDIT_OUT, "handed to the platform", on);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: edge down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: backhaul down", way);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: backhaul's queue full", way_full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", inside);
	report_audit(s->report, account, "1", AUDIT_OUT, "on the way to the platform at the end", under_way);
}

static void report_edge(struct sim *s, const struct edge *e)
{
	const struct outage *o = server_outage(e->server);
	char name[128];

	snprintf(name, sizeof name, "Edge %s", e->element->id);
	report_fact(
		s->report, name,
		"%llu server%s, %.3g %% busy, up %.4g %% of the time (%u break%s), %llu messages: %llu ended here, %llu handed on",
		(unsigned long long)e->p->server.servers, e->p->server.servers == 1 ? "" : "s",
		100 * busy_servers(s, e) / (double)e->p->server.servers, 100 * outage_up_share(s, o), o->changes,
		o->changes == 1 ? "" : "s", (unsigned long long)e->arrived, (unsigned long long)e->finished,
		(unsigned long long)e->handed_on);
}

void edges_report(struct sim *s, const struct edges *es)
{
	struct total *all = sim_alloc(s, 1, sizeof *all), *one = sim_alloc(s, 1, sizeof *one);
	char group[128];

	if (!all || !one)
		return;
	for (uint32_t i = 0; i < es->n; i++) {
		add(s, all, &es->all[i]);
		report_edge(s, &es->all[i]);
		cost_units(s, es->all[i].element, 1);
		cost_traffic(s, es->all[i].element, (double)es->all[i].counted, (double)es->all[i].bytes);
		cost_energy(s, es->all[i].element, energy_j(s, &es->all[i]));
	}
	report_total(s, all, "all");
	for (uint32_t i = 0; es->n > 1 && i < es->n; i++) {
		*one = (struct total){ 0 };
		add(s, one, &es->all[i]);
		snprintf(group, sizeof group, "edge=%s", es->all[i].element->id);
		report_total(s, one, group);
	}
	report_balance(s, es);
}
