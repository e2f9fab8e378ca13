/* KPIs and audit of the ways behind gateways. */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/network/backhaul_private.h"

const struct kpi_def ways_kpis[WAYS_KPIS] = {
	[WAYS_UTILISATION] = { "backhaul.utilisation", "1",
			      "time in which backhaul links of limited capacity send ÷ time, mean over links", NULL,
			      KPI_LOWER, true },
	[WAYS_AVAILABILITY] = { "backhaul.availability", "1", "time in which backhaul links are up ÷ time, mean over links",
			       NULL, KPI_HIGHER, true },
	[WAYS_DELAY] = { "backhaul.delay", "s",
			"queueing, serialisation and latency of a message on its backhaul link, mean", NULL, KPI_LOWER,
			true },
	[WAYS_WAY_AVAILABILITY] = { "backhaul.way-availability", "1",
				   "time in which a gateway with a backup has a link in use ÷ time, mean over such gateways",
				   NULL, KPI_HIGHER, true },
	[WAYS_FAILOVERS] = { "backhaul.failover-count", "1",
			    "times that a backup link took over, mean over gateways that have one", NULL, KPI_LOWER, true },
	[WAYS_BACKUP_SHARE] = { "backhaul.failover-share", "1",
			       "time in which a backup link is in use ÷ time, mean over gateways that have one", NULL,
			       KPI_LOWER, true },
	[WAYS_IN_VIEW] = { "backhaul.in-view", "1",
			  "time in which a satellite in low orbit is in view ÷ time, mean over such links", NULL, KPI_HIGHER,
			  true },
	[WAYS_HANDOVERS] = { "backhaul.handover-count", "1",
			    "changes from one satellite in low orbit to the next without a gap, mean over such links", NULL,
			    KPI_NEITHER, true },
};

struct total {
	double links, up, busy, limited, skies, in_view, handovers;
	struct link sum; /* counts and delay alone */
};

static void add(struct sim *s, struct total *t, const struct link *l)
{
	double time = sim_seconds(s->now - s->warmup);

	t->links++;
	t->up += outage_up_share(s, &l->outage);
	t->limited += l->ns_per_byte > 0;
	t->busy += sim_seconds(l->busy);
	if (l->sky) {
		t->skies++;
		t->in_view += sim_seconds(sky_served(s, l->sky, s->now) - sky_served(s, l->sky, s->warmup)) / time;
		t->handovers += sky_handovers(s, l->sky);
	}
	tally_merge(&t->sum.delay, &l->delay);
	t->sum.offered += l->offered;
	t->sum.carried += l->carried;
	t->sum.lost_down += l->lost_down;
	t->sum.lost_full += l->lost_full;
	t->sum.offered_bytes += l->offered_bytes;
	t->sum.carried_bytes += l->carried_bytes;
	t->sum.lost_down_bytes += l->lost_down_bytes;
	t->sum.lost_full_bytes += l->lost_full_bytes;
}

static void report_links(struct sim *s, const struct total *t, const char *group)
{
	double time = sim_seconds(s->now - s->warmup);

	report_kpi(s->report, &ways_kpis[WAYS_UTILISATION], group, t->limited > 0 ? t->busy / time / t->limited : NAN);
	report_kpi(s->report, &ways_kpis[WAYS_AVAILABILITY], group, t->up / t->links);
	report_kpi(s->report, &ways_kpis[WAYS_DELAY], group, t->sum.delay.n ? t->sum.delay.mean : NAN);
	report_kpi(s->report, &ways_kpis[WAYS_IN_VIEW], group, t->skies > 0 ? t->in_view / t->skies : NAN);
	report_kpi(s->report, &ways_kpis[WAYS_HANDOVERS], group, t->skies > 0 ? t->handovers / t->skies : NAN);
}

/* By medium, where the scenario names one. */
static void report_media(struct sim *s, const struct ways *w)
{
	struct total t[MEDIA] = { 0 };
	char group[32];

	for (uint32_t i = 0; i < w->n_links; i++)
		if (node_given(w->link[i]->element, "medium"))
			add(s, &t[w->link[i]->p->medium], w->link[i]);
	for (int m = 0; m < MEDIA; m++) {
		snprintf(group, sizeof group, "medium=%s", backhaul_media[m]);
		if (t[m].links > 0)
			report_links(s, &t[m], group);
	}
}

static void report_failover(struct sim *s, const struct ways *w)
{
	double n = 0, failovers = 0, time = (double)(s->now - s->warmup), up = 0, backup = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct backhaul *b = w->way[i];
		simtime_t up_time, backup_time;
		if (b->n < 2)
			continue;
		way_times(s, b, &up_time, &backup_time);
		n++;
		up += (double)up_time / time;
		backup += (double)backup_time / time;
		failovers += (double)b->failovers;
	}
	report_kpi(s->report, &ways_kpis[WAYS_WAY_AVAILABILITY], "all", n > 0 ? up / n : NAN);
	report_kpi(s->report, &ways_kpis[WAYS_FAILOVERS], "all", n > 0 ? failovers / n : NAN);
	report_kpi(s->report, &ways_kpis[WAYS_BACKUP_SHARE], "all", n > 0 ? backup / n : NAN);
}

static void report_balance(struct sim *s, const struct link *sum)
{
	static const char messages[] = "backhaul messages", bytes[] = "backhaul bytes";

	report_audit(s->report, messages, "1", AUDIT_IN, "offered", (double)sum->offered);
	report_audit(s->report, messages, "1", AUDIT_OUT, "carried", (double)sum->carried);
	report_audit(s->report, messages, "1", AUDIT_OUT, "lost: link down", (double)sum->lost_down);
	report_audit(s->report, messages, "1", AUDIT_OUT, "lost: queue full", (double)sum->lost_full);
	report_audit(s->report, bytes, "B", AUDIT_IN, "offered", (double)sum->offered_bytes);
	report_audit(s->report, bytes, "B", AUDIT_OUT, "carried", (double)sum->carried_bytes);
	report_audit(s->report, bytes, "B", AUDIT_OUT, "lost: link down", (double)sum->lost_down_bytes);
	report_audit(s->report, bytes, "B", AUDIT_OUT, "lost: queue full", (double)sum->lost_full_bytes);
}

/* One line a <backhaul> element: its links together. */
static void report_element(struct sim *s, const struct ways *w, const struct node *element)
{
	struct total t = { 0 };
	double time = sim_seconds(s->now - s->warmup);
	uint64_t breaks = 0;
	char name[128], view[64] = "";

	for (uint32_t i = 0; i < w->n_links; i++)
		if (w->link[i]->element == element) {
			add(s, &t, w->link[i]);
			breaks += w->link[i]->outage.changes;
		}
	if (t.links <= 0)
		return;
	snprintf(name, sizeof name, "Backhaul %s", element->id);
	if (t.skies > 0)
		snprintf(view, sizeof view, ", a satellite in view %.4g %%", 100 * t.in_view / t.skies);
	report_fact(s->report, name,
		    "%.0f link%s, up %.4g %% of the time (%llu break%s), sending %.3g %%%s, %llu of %llu messages carried",
		    t.links, t.links > 1 ? "s" : "", 100 * t.up / t.links, (unsigned long long)breaks,
		    breaks == 1 ? "" : "s", time > 0 ? 100 * t.busy / time / t.links : 0, view,
		    (unsigned long long)t.sum.carried, (unsigned long long)t.sum.offered);
}

void ways_report(struct sim *s, const struct scenario *sc, const struct ways *w)
{
	struct total all = { 0 };

	for (uint32_t i = 0; i < w->n_links; i++) {
		const struct link *l = w->link[i];
		add(s, &all, l);
		cost_units(s, l->element, 1);
		cost_traffic(s, l->element, (double)l->delay.n, (double)l->counted_bytes);
	}
	report_links(s, &all, "all");
	report_media(s, w);
	report_failover(s, w);
	report_balance(s, &all.sum);
	for (const struct node *e = scenario_first(sc, &backhaul_model); e; e = e->next_same)
		report_element(s, w, e);
}
