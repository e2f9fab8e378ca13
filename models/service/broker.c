/*
 * <federation-broker>: the station through which platforms may exchange data, and where they are translated.
 *
 * Its servers, queue and outages are those of a platform; service times are drawn by the request and the stop on its way.
 */
#include <stdio.h>
#include <string.h>

#include "models/city/cost.h"
#include "models/network/outage.h"
#include "models/service/exchange_private.h"
#include "sim/kernel/station.h"

enum service_law { LAW_EXPONENTIAL, LAW_FIXED };
static const char *const laws[] = { "exponential", "fixed", NULL };

struct broker_params {
	uint64_t servers;
	simtime_t service_time;
	int service_law;
	uint64_t queue;
	double availability;
	simtime_t repair;
	const struct node *backhaul;
	const char *data_model;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	COUNT(struct broker_params, servers, "4", "1", "1000000", "requests and answers served at the same time", NULL),
	TIME(struct broker_params, service_time, "5ms", "0s", "1h",
	     "mean time to pass on one request or answer; translating one comes on top", NULL),
	CHOICE(struct broker_params, service_law, "exponential", laws, "distribution of the service time", NULL),
	COUNT(struct broker_params, queue, "", "0", "4000000000",
	      "most requests and answers that may wait; absent: not limited", NULL),
	RATIO(struct broker_params, availability, "100%", "0%", "100%", "share of the time in which the broker is up", NULL),
	TIME(struct broker_params, repair, "1h", "1s", "10yr", "mean time to repair", NULL),
	REF(struct broker_params, backhaul, "", "backhaul",
	    "the link between the broker and each platform, every platform has one of its own; absent: no delay"),
	TEXT(struct broker_params, data_model, "",
	     "pivot: what no mapping translates directly, or less completely, goes through this model; absent: none", NULL),
};

enum { KPI_WAITING, KPI_WAITING_P95, KPI_UTILISATION, KPI_AVAILABILITY };

static const struct kpi_def kpis[] = {
	[KPI_WAITING] = { "broker.waiting-time", "s", "arrival at a federation broker to the begin of service, mean", NULL,
			  KPI_LOWER, true },
	[KPI_WAITING_P95] = { "broker.waiting-p95", "s",
			      "arrival at a federation broker to the begin of service, 95 % quantile", NULL, KPI_LOWER, true },
	[KPI_UTILISATION] = { "broker.utilisation", "1", "servers busy ÷ servers of federation brokers, time-averaged", NULL,
			      KPI_LOWER, true },
	[KPI_AVAILABILITY] = { "broker.availability", "1", "time in which federation brokers are up ÷ time, mean over brokers",
			       NULL, KPI_HIGHER, true },
};

static const struct evidence evidence[] = {
	{ "waiting time", "M/M/c in closed form, each request twice (Jackson 1957)",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
};

struct link {
	const struct node *platform;
	struct backhaul *link;
	struct link *next;
};

struct broker {
	const struct broker_params *p;
	const struct node *element;
	struct station *station;
	struct outage outage;
	struct link *links;
	uint64_t arrived, passed, lost_down, lost_full;
	/* what is inside, by job number; free numbers are chained through next_free */
	struct platform_work *job;
	uint32_t *next_free;
	uint32_t head_free, n_jobs, cap_jobs;
};

struct brokers {
	struct broker *all;
	uint32_t n;
};

enum { NO_JOB = UINT32_MAX };

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct broker *b = &((struct brokers *)ctx)->all[subject];

	(void)detail;
	outage_turn(s, &b->outage);
	station_set_servers(b->station, b->outage.up ? (uint32_t)b->p->servers : 0);
}

/* Service ends.  The slot is free before the owner is called, who may come again. */
static void on_served(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	struct broker *b = ctx;
	struct platform_work w = b->job[job];

	(void)waited, (void)served;
	b->next_free[job] = b->head_free;
	b->head_free = job;
	b->passed++;
	w.done(s, w.ctx, w.number);
}

static void init_broker(struct sim *s, struct broker *b, const struct node *e, uint16_t kind, uint32_t i)
{
	b->p = e->par;
	b->element = e;
	b->head_free = NO_JOB;
	b->station = station_new(s, e->id, (uint32_t)b->p->servers,
				 node_given(e, "queue") ? (uint32_t)b->p->queue : STATION_UNBOUNDED, on_served, b);
	if (!b->station)
		return;
	outage_init(s, &b->outage, b->p->availability, b->p->repair, RNG_PURPOSE('x', 'o', 'u', 't'), e->key, kind, i);
	if (!b->outage.up)
		station_set_servers(b->station, 0);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &federation_broker_model);
	struct brokers *bs = n ? sim_alloc(s, 1, sizeof *bs) : NULL;
	uint16_t kind;
	uint32_t i = 0;

	if (!bs)
		return;
	bs->n = (uint32_t)n;
	bs->all = sim_alloc(s, n, sizeof *bs->all);
	if (!bs->all)
		return;
	kind = sim_handler(s, "broker.change", on_change, bs);
	for (const struct node *e = scenario_first(sc, &federation_broker_model); e && s->status == SIM_OK;
	     e = e->next_same, i++)
		init_broker(s, &bs->all[i], e, kind, i);
	sim_set_state(s, &federation_broker_model, bs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct brokers *bs = sim_state(s, &federation_broker_model);

	(void)sc;
	for (uint32_t i = 0; bs && i < bs->n; i++)
		outage_start(s, &bs->all[i].outage);
}

struct broker *broker_of(const struct sim *s, const struct node *element)
{
	struct brokers *bs = sim_state(s, &federation_broker_model);

	for (uint32_t i = 0; bs && i < bs->n; i++)
		if (bs->all[i].element == element)
			return &bs->all[i];
	bug_report(s, __FILE__, __LINE__, "a broker that was set up");
}

const char *broker_data_model(const struct node *element)
{
	return ((const struct broker_params *)element->par)->data_model;
}

struct backhaul *broker_link(struct sim *s, struct broker *b, const struct node *platform)
{
	struct link *l;

	for (l = b->links; l; l = l->next)
		if (l->platform == platform)
			return l->link;
	l = sim_alloc(s, 1, sizeof *l);
	if (!l)
		return NULL;
	*l = (struct link){ platform, backhaul_of(s, b->p->backhaul, rng_mix(b->element->key ^ rng_mix(platform->key))),
			    b->links };
	b->links = l;
	return l->link;
}

static bool grow(struct sim *s, struct broker *b)
{
	uint32_t cap = b->cap_jobs ? 2 * b->cap_jobs : 64;
	struct platform_work *job = sim_alloc(s, cap, sizeof *job);
	uint32_t *next = sim_alloc(s, cap, sizeof *next);

	if (!job || !next)
		return false;
	if (b->n_jobs) {
		memcpy(job, b->job, b->n_jobs * sizeof *job);
		memcpy(next, b->next_free, b->n_jobs * sizeof *next);
	}
	b->job = job;
	b->next_free = next;
	b->cap_jobs = cap;
	return true;
}

static simtime_t service_time(const struct sim *s, const struct broker *b, uint64_t key)
{
	uint64_t w[2];

	if (b->p->service_law == LAW_FIXED)
		return b->p->service_time;
	rng_block(s->key, RNG_PURPOSE('x', 's', 'r', 'v'), key, 0, w);
	return sim_from_seconds(-sim_seconds(b->p->service_time) * log(rng_unit(w[0])));
}

enum fate broker_request(struct sim *s, struct broker *b, const struct platform_work *w)
{
	uint32_t job = b->head_free;

	b->arrived++;
	if (!b->outage.up) {
		b->lost_down++;
		return FATE_PLATFORM;
	}
	if (job != NO_JOB)
		b->head_free = b->next_free[job];
	else if (b->n_jobs < b->cap_jobs || grow(s, b))
		job = b->n_jobs++;
	else
		return FATE_DELIVERED; /* the replication has failed */
	b->job[job] = *w;
	if (station_arrive(b->station, job, 0, service_time(s, b, w->key) + w->extra))
		return FATE_DELIVERED;
	b->next_free[job] = b->head_free;
	b->head_free = job;
	b->lost_full++;
	return FATE_QUEUE_FULL;
}

static void report_broker(struct sim *s, const struct broker *b)
{
	const struct station_stats *st = station_stats(b->station);
	char name[128];

	snprintf(name, sizeof name, "Federation broker %s", b->element->id);
	report_fact(s->report, name,
		    "%llu server%s, %.3g %% busy, up %.4g %% of the time (%u break%s), %llu of %llu passed on",
		    (unsigned long long)b->p->servers, b->p->servers == 1 ? "" : "s",
		    100 * timeavg_mean(&st->busy, s->now) / (double)b->p->servers, 100 * outage_up_share(s, &b->outage),
		    b->outage.changes, b->outage.changes == 1 ? "" : "s", (unsigned long long)b->passed,
		    (unsigned long long)b->arrived);
}

static void report_balance(struct sim *s, const struct brokers *bs)
{
	static const char account[] = "broker passes";
	double arrived = 0, passed = 0, down = 0, full = 0, inside = 0;

	for (uint32_t i = 0; i < bs->n; i++) {
		const struct broker *b = &bs->all[i];
		arrived += (double)b->arrived;
		passed += (double)b->passed;
		down += (double)b->lost_down;
		full += (double)b->lost_full;
		inside += station_waiting(b->station) + station_in_service(b->station);
	}
	report_audit(s->report, account, "1", AUDIT_IN, "arrived", arrived);
	report_audit(s->report, account, "1", AUDIT_OUT, "passed on", passed);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: broker down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", inside);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct brokers *bs = sim_state(s, &federation_broker_model);
	struct histogram *h = bs ? sim_alloc(s, 1, sizeof *h) : NULL;
	double busy = 0, servers = 0, up = 0;

	(void)sc;
	if (!h)
		return;
	for (uint32_t i = 0; i < bs->n; i++) {
		const struct broker *b = &bs->all[i];
		const struct station_stats *st = station_stats(b->station);
		histogram_merge(h, &st->waiting_hist);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)b->p->servers;
		up += outage_up_share(s, &b->outage);
		report_broker(s, b);
		cost_units(s, b->element, (double)b->p->servers);
	}
	report_kpi(s->report, &kpis[KPI_WAITING], "all", histogram_mean(h) * 1e-9);
	report_kpi(s->report, &kpis[KPI_WAITING_P95], "all", histogram_quantile(h, 0.95) * 1e-9);
	report_kpi(s->report, &kpis[KPI_UTILISATION], "all", busy / servers);
	report_kpi(s->report, &kpis[KPI_AVAILABILITY], "all", up / bs->n);
	report_balance(s, bs);
}

const struct model federation_broker_model = {
	.name = "federation-broker",
	.doc = "A broker between platforms: it passes requests and answers on, and translates between their data models.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct broker_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = kpis,
	.n_kpis = sizeof kpis / sizeof kpis[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.setup = setup,
	.start = start,
	.finish = finish,
};
