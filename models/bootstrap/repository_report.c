#include <stdio.h>

#include "models/bootstrap/identifier_private.h"
#include "models/city/cost.h"

const struct kpi_def repository_kpis[REPOSITORY_KPIS] = {
	[KPI_RESOLUTION_P95] = { "identity.resolution-time-p95", "s", "identifier resolved in the trust repository, 95 % quantile", NULL,
				 KPI_LOWER, false },
	[KPI_RESOLUTION] = { "identity.resolution-time", "s", "identifier resolved in the trust repository, mean", NULL, KPI_LOWER,
			     true },
	[KPI_FAILURES] = { "identity.resolution-failure-ratio", "1", "look-ups that failed after all tries ÷ look-ups", NULL,
			   KPI_LOWER, true },
	[KPI_CACHE_HITS] = { "identity.cache-hit-ratio", "1", "look-ups that a resolver answered of what it keeps ÷ look-ups", NULL,
			     KPI_HIGHER, true },
	[KPI_FALSE_UNIQUE] = { "identity.false-unique-ratio", "1",
			       "look-ups answered as good though several devices held the identifier ÷ look-ups answered as good",
			       NULL, KPI_LOWER, true },
	[KPI_ENTRY_TIME] = { "identity.registration-time", "s", "registration or revocation asked for to entered, mean", NULL,
			     KPI_LOWER, true },
	[KPI_BLOCK_WAIT] = { "identity.block-wait", "s", "entry at the ledger to the cut of its block, mean", NULL, KPI_LOWER, true },
	[KPI_WAITING] = { "identity.repository-waiting-time", "s", "arrival at the repository to the begin of service, mean", NULL,
			  KPI_LOWER, true },
	[KPI_UTILISATION] = { "identity.repository-utilisation", "1", "servers busy ÷ servers, time-averaged", NULL, KPI_LOWER, true },
	[KPI_AVAILABILITY] = { "identity.repository-availability", "1",
			       "time in which its places are up ÷ time, mean over them", NULL, KPI_HIGHER, true },
};

const struct curve_def resolution_curve = {
	"identity.resolution", "Resolution of identifiers", "resolution takes longer than", "s", "share of look-ups", "1", true
};

struct sums {
	uint64_t counted, cached, failed, valid, falsely;
	double busy, servers, up, peers;
	struct tally entry_time, block_wait, waiting;
};

static void add(struct sim *s, struct sums *t, const struct repository *r)
{
	t->counted += r->counted;
	t->cached += r->counted_cached;
	t->failed += r->counted_failed;
	t->valid += r->valid;
	t->falsely += r->falsely;
	tally_merge(&t->entry_time, &r->entry_time);
	tally_merge(&t->block_wait, &r->block_wait);
	for (uint32_t k = 0; k < r->n_peers; k++) {
		const struct station_stats *st = server_stats(r->peer[k].server);
		tally_merge(&t->waiting, &st->waiting);
		t->busy += timeavg_mean(&st->busy, s->now);
		t->servers += (double)r->p->server.servers;
		t->up += outage_up_share(s, server_outage(r->peer[k].server));
		t->peers++;
	}
}

static void report_balance(struct sim *s, const struct repositories *rs)
{
	static const char ups[] = "look-ups of identifiers", in[] = "entries of identifiers";
	double asked = 0, kept = 0, answered = 0, failed = 0, entries = 0, entered = 0, up_way = 0, in_way = 0;

	for (uint32_t i = 0; i < rs->n; i++) {
		const struct repository *r = &rs->all[i];
		asked += (double)r->look_ups;
		kept += (double)r->from_cache;
		answered += (double)r->from_repository;
		failed += (double)r->failed;
		entries += (double)r->entries;
		entered += (double)r->entered;
		for (uint32_t k = 0; k < r->n_requests; k++) {
			up_way += r->request[k].what.kind == ASK_LOOK_UP;
			in_way += r->request[k].what.kind == ASK_ENTRY || r->request[k].what.kind == ASK_REVOCATION;
		}
	}
	report_audit(s->report, ups, "1", AUDIT_IN, "asked", asked);
	report_audit(s->report, ups, "1", AUDIT_OUT, "answered by resolvers", kept);
	report_audit(s->report, ups, "1", AUDIT_OUT, "answered by the repository", answered);
	report_audit(s->report, ups, "1", AUDIT_OUT, "failed after all tries", failed);
	report_audit(s->report, ups, "1", AUDIT_OUT, "under way at the end", up_way);
	report_audit(s->report, in, "1", AUDIT_IN, "registrations and revocations asked for", entries);
	report_audit(s->report, in, "1", AUDIT_OUT, "entered", entered);
	report_audit(s->report, in, "1", AUDIT_OUT, "under way at the end", in_way);
}

static void report_repository(struct sim *s, const struct repository *r)
{
	char name[128];

	snprintf(name, sizeof name, "Trust repository %s", r->element->id);
	report_fact(
		s->report, name,
		"%u place%s; %llu look-ups, %llu answered by resolvers, %llu failed; %llu of %llu entries made; %llu tries repeated",
		r->n_peers, r->n_peers == 1 ? "" : "s", (unsigned long long)r->look_ups, (unsigned long long)r->from_cache,
		(unsigned long long)r->failed, (unsigned long long)r->entered, (unsigned long long)r->entries,
		(unsigned long long)r->retries);
	cost_units(s, r->element, (double)(r->n_peers * r->p->server.servers));
}

static void report_times(struct sim *s, const struct histogram *h)
{
	if (!h->n)
		return;
	report_kpi(s->report, &repository_kpis[KPI_RESOLUTION_P95], "all", histogram_quantile(h, 0.95) * 1e-9);
	report_kpi(s->report, &repository_kpis[KPI_RESOLUTION], "all", histogram_mean(h) * 1e-9);
	for (int k = -12; k <= 8; k++) {
		double x = pow(10, k / 4.0);
		report_curve(s->report, &resolution_curve, "all", x, histogram_share_above(h, x * 1e9));
	}
}

void repositories_report(struct sim *s, const struct repositories *rs)
{
	struct histogram *h = sim_alloc(s, 1, sizeof *h);
	struct sums t = { 0 };

	if (!h)
		return;
	for (uint32_t i = 0; i < rs->n; i++) {
		histogram_merge(h, rs->all[i].resolution_time);
		add(s, &t, &rs->all[i]);
		report_repository(s, &rs->all[i]);
	}
	report_times(s, h);
	report_kpi(s->report, &repository_kpis[KPI_FAILURES], "all", (double)t.failed / (double)t.counted);
	report_kpi(s->report, &repository_kpis[KPI_CACHE_HITS], "all", (double)t.cached / (double)t.counted);
	report_kpi(s->report, &repository_kpis[KPI_FALSE_UNIQUE], "all", (double)t.falsely / (double)t.valid);
	report_kpi(s->report, &repository_kpis[KPI_ENTRY_TIME], "all", t.entry_time.n ? t.entry_time.mean : NAN);
	report_kpi(s->report, &repository_kpis[KPI_BLOCK_WAIT], "all", t.block_wait.n ? t.block_wait.mean : NAN);
	report_kpi(s->report, &repository_kpis[KPI_WAITING], "all", t.waiting.n ? t.waiting.mean : NAN);
	report_kpi(s->report, &repository_kpis[KPI_UTILISATION], "all", t.busy / t.servers);
	report_kpi(s->report, &repository_kpis[KPI_AVAILABILITY], "all", t.up / t.peers);
	report_balance(s, rs);
}
