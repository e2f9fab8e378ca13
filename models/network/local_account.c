/*
 * What is counted on statistical links: KPIs by network, and the balance of messages.
 */
#include "models/city/cost.h"
#include "models/network/local_private.h"

enum { K_LOSS, K_ATTEMPTS, K_DELAY, K_AVAILABILITY, K_COVERAGE, K_ASSOCIATION };

const struct kpi_def local_kpis[LOCAL_KPIS] = {
	[K_LOSS] = { "local-link.loss-ratio", "1", "messages that did not reach their hub ÷ messages sent", NULL, KPI_LOWER, true },
	[K_ATTEMPTS] = { "local-link.attempts", "1", "attempts ÷ messages sent, those too large left out of the attempts", NULL,
			 KPI_LOWER, true },
	[K_DELAY] = { "local-link.delay", "s", "generation to the arrival at the hub, mean over messages that reached it", NULL,
		      KPI_LOWER, true },
	[K_AVAILABILITY] = { "local-link.availability", "1", "time in which hubs are up ÷ time, mean over hubs", NULL, KPI_HIGHER,
			     true },
	[K_COVERAGE] = { "local-link.coverage", "1", "devices in reach of their hub ÷ devices whose class uses the network", NULL,
			 KPI_HIGHER, true },
	[K_ASSOCIATION] = { "local-link.association-time", "s", "time from wanting to associate to being associated, mean", NULL,
			    KPI_LOWER, true },
};

const struct section local_sections[LOCAL_SECTIONS] = {
	{ SECTION_AUDIT, "Local links", "local-link messages",
	  "Every message that a local link took went on to its platform, was lost for one cause, or is on its way at the end." },
	{ SECTION_AUDIT, "Local links, down", "local-link downlinks",
	  "Every message to a device on a local link reached it, was lost for one cause, or is on its way at the end." },
};

static double ratio(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

static void kpi(struct sim *s, const struct local *l, int k, double value)
{
	report_kpi(s->report, &local_kpis[k], l->group, value);
}

void local_account_finish(struct sim *s, const struct local *l)
{
	uint64_t open = 0;
	double up = 0;

	for (uint32_t k = 0; k < l->n_jobs; k++)
		open += (l->job[k].stage == LOCAL_SENDING || l->job[k].stage == LOCAL_CROSSING) &&
			l->job[k].m.created >= s->warmup && !l->job[k].m.down;
	for (uint32_t k = 0; k < l->n_hubs; k++)
		up += outage_up_share(s, &l->hub[k].outage);
	kpi(s, l, K_LOSS, 1 - ratio((double)l->heard, (double)(l->messages - open)));
	kpi(s, l, K_ATTEMPTS, ratio((double)l->attempts, (double)l->messages));
	kpi(s, l, K_DELAY, l->delay.n ? l->delay.mean : NAN);
	kpi(s, l, K_AVAILABILITY, ratio(up, l->n_hubs));
	kpi(s, l, K_COVERAGE, ratio((double)l->covered, (double)l->served));
	kpi(s, l, K_ASSOCIATION, l->association.n ? l->association.mean : NAN);
	cost_units(s, l->node, l->n_hubs);
	cost_traffic(s, l->node, (double)l->heard, (double)l->heard_bytes);
	report_fact(s->report, "Local links", "%s: %u hub%s, %llu devices, %llu of them in reach, a statistical link",
		    l->node->id, l->n_hubs, l->n_hubs == 1 ? "" : "s", (unsigned long long)l->served,
		    (unsigned long long)l->covered);
}

static void balance(struct sim *s, struct local *const *all, uint32_t n, bool down)
{
	static const char *const accounts[] = { "local-link messages", "local-link downlinks" };
	static const char *const to[] = { "handed to the platform", "delivered" };
	static const char *const why[LOCAL_LOSSES] = {
		[LOCAL_TOO_LARGE] = "lost: payload too large",
		[LOCAL_NO_COVERAGE] = "lost: no hub in reach",
		[LOCAL_HUB_DOWN] = "lost: hub down",
		[LOCAL_ATTEMPTS] = "lost: retries exhausted",
		[LOCAL_POWER] = "lost: device down",
		[LOCAL_BACKHAUL] = "lost: backhaul",
		[LOCAL_LEFT] = "lost: the device is on no hub",
	};
	uint64_t taken = 0, arrived = 0, held = 0, lost[LOCAL_LOSSES] = { 0 };

	for (uint32_t k = 0; k < n; k++) {
		taken += all[k]->taken[down];
		arrived += all[k]->arrived[down];
		held += local_in_work(all[k], down, PURPOSES);
		for (int w = 0; w < LOCAL_LOSSES; w++)
			lost[w] += all[k]->lost[down][w];
	}
	if (down && !taken)
		return;
	report_audit(s->report, accounts[down], "1", AUDIT_IN, "taken", (double)taken);
	report_audit(s->report, accounts[down], "1", AUDIT_OUT, to[down], (double)arrived);
	for (int w = 0; w < LOCAL_LOSSES; w++)
		if (w != LOCAL_LEFT || down)
			report_audit(s->report, accounts[down], "1", AUDIT_OUT, why[w], (double)lost[w]);
	report_audit(s->report, accounts[down], "1", AUDIT_OUT, "on their way at the end", (double)held);
}

void local_audit(struct sim *s, struct local *const *all, uint32_t n)
{
	balance(s, all, n, false);
	balance(s, all, n, true);
}
