/*
 * <federation-broker>: the server through which platforms may exchange data, and where they are translated.
 */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/network/server.h"
#include "models/service/exchange_private.h"

struct broker_params {
	struct server_params server;
	const struct node *backhaul;
	const char *data_model;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	SERVER_ROWS("4", "5ms", "1h"),
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
	struct server *server;
	struct link *links;
	uint64_t arrived, lost_down, lost_full;
};

struct brokers {
	struct broker *all;
	uint32_t n;
};

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &federation_broker_model);
	struct brokers *bs = n ? sim_alloc(s, 1, sizeof *bs) : NULL;

	if (!bs)
		return;
	bs->all = sim_alloc(s, n, sizeof *bs->all);
	if (!bs->all)
		return;
	for (const struct node *e = scenario_first(sc, &federation_broker_model); e && s->status == SIM_OK;
	     e = e->next_same) {
		struct server_setup how = {
			"broker.change", RNG_PURPOSE('x', 's', 'r', 'v'), RNG_PURPOSE('x', 'o', 'u', 't'), NULL, NULL, NULL
		};
		bs->all[bs->n++] = (struct broker){ .p = e->par, .element = e, .server = server_new(s, e, &how) };
	}
	sim_set_state(s, &federation_broker_model, bs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct brokers *bs = sim_state(s, &federation_broker_model);

	(void)sc;
	for (uint32_t i = 0; bs && i < bs->n; i++)
		server_start(s, bs->all[i].server);
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

enum fate broker_request(struct sim *s, struct broker *b, const struct platform_work *w)
{
	enum fate fate = server_request(s, b->server, w);

	b->arrived++;
	b->lost_down += fate == FATE_PLATFORM;
	b->lost_full += fate == FATE_QUEUE_FULL;
	return fate;
}

static void report_broker(struct sim *s, const struct broker *b)
{
	const struct station_stats *st = server_stats(b->server);
	const struct outage *o = server_outage(b->server);
	char name[128];

	snprintf(name, sizeof name, "Federation broker %s", b->element->id);
	report_fact(s->report, name,
		    "%llu server%s, %.3g %% busy, up %.4g %% of the time (%u break%s), %llu of %llu passed on",
		    (unsigned long long)b->p->server.servers, b->p->server.servers == 1 ? "" : "s",
		    100 * timeavg_mean(&st->busy, s->now) / (double)b->p->server.servers, 100 * outage_up_share(s, o),
		    o->changes, o->changes == 1 ? "" : "s", (unsigned long long)server_requests_done(b->server),
		    (unsigned long long)b->arrived);
}

static void report_balance(struct sim *s, const struct brokers *bs)
{
	static const char account[] = "broker passes";
	double arrived = 0, passed = 0, down = 0, full = 0, inside = 0;

	for (uint32_t i = 0; i < bs->n; i++) {
		const struct broker *b = &bs->all[i];
		arrived += (double)b->arrived;
		passed += (double)server_requests_done(b->server);
		down += (double)b->lost_down;
		full += (double)b->lost_full;
		inside += server_requests_held(b->server);
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
		const struct station_stats *st = server_stats(b->server);
		histogram_merge(h, &st->waiting_hist);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)b->p->server.servers;
		up += outage_up_share(s, server_outage(b->server));
		report_broker(s, b);
		cost_units(s, b->element, (double)b->p->server.servers);
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
