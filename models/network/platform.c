/*
 * <platform>: where messages end, and what other platforms ask.
 */
#include <stdio.h>
#include <string.h>

#include "models/city/cost.h"
#include "models/network/server.h"

struct platform_params {
	struct server_params server;
	const char *data_model;
	struct position position;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	SERVER_ROWS("4", "5ms", "1h"),
	TEXT(struct platform_params, data_model, "",
	     "data model of what it holds and takes, by a name that its <mapping>s use too (ngsi-ld, saref, oneM2M, sensorthings, "
	     "lwm2m, or a product's own); platforms of one name read each other's data as they are",
	     NULL),
	POSITION(struct platform_params, position, "", "where it stands; absent: nothing that happens at places reaches it"),
};

enum { KPI_WAITING, KPI_WAITING_P95, KPI_UTILISATION, KPI_AVAILABILITY };

static const struct kpi_def kpis[] = {
	[KPI_WAITING] = { "platform.waiting-time", "s", "arrival at the platform to the begin of service, mean", NULL,
			  KPI_LOWER, true },
	[KPI_WAITING_P95] = { "platform.waiting-p95", "s", "arrival at the platform to the begin of service, 95 % quantile",
			      NULL, KPI_LOWER, true },
	[KPI_UTILISATION] = { "platform.utilisation", "1", "servers busy ÷ servers, time-averaged", NULL, KPI_LOWER, true },
	[KPI_AVAILABILITY] = { "platform.availability", "1", "time in which platforms are up ÷ time, mean over platforms",
			       NULL, KPI_HIGHER, true },
};

static const struct curve_def waiting_curve = {
	"platform.waiting", "Waiting at the platform", "waiting time longer than", "s", "share of messages", "1", true
};

static const struct section sections[] = {
	{ SECTION_CURVE, "Waiting at the platform", "platform.waiting",
	  "Share of messages that wait longer for a server." },
};

static const struct evidence evidence[] = {
	{ "waiting time", "M/M/1, M/D/1 and M/M/c in closed form",
	  "99 % interval of mean and tail, tests/validation/valid_queue.c, valid_platform.c" },
	{ "priorities, queue, outages", "the plainest station, searched through at every instant",
	  "every answer equal, tests/unit/network/test_platform_recount.c" },
};

struct watcher {
	path_change_fn *fn;
	void *ctx;
	struct watcher *next;
};

struct listener {
	platform_accept_fn *fn;
	void *ctx;
	struct listener *next;
};

struct platform {
	const struct platform_params *p;
	const struct node *element;
	struct server *server;
	struct watcher *watchers;   /* in order of subscription */
	struct listener *listeners; /* the same */
	uint64_t arrived, accepted, lost_down, lost_full;
	uint64_t counted, counted_bytes;            /* accepted after the warm-up */
	uint64_t asked, refused_down, refused_full; /* work that is no message */
};

struct platforms {
	struct platform *all;
	uint32_t n;
	struct platform **of_class; /* NULL: the class names none */
	struct devices *dev;
};

static struct platforms *state(const struct sim *s)
{
	struct platforms *ps = sim_state(s, &platform_model);

	BUG_ON(s, !ps);
	return ps;
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	const struct platform *p = ctx;

	for (const struct watcher *w = p->watchers; w; w = w->next)
		w->fn(s, w->ctx, up);
}

static void on_served(struct sim *s, void *ctx, const struct message *m)
{
	struct platform *p = ctx;

	p->accepted++;
	p->counted += s->now >= s->warmup;
	p->counted_bytes += s->now >= s->warmup ? m->bytes : 0;
	for (const struct listener *l = p->listeners; l; l = l->next)
		l->fn(s, l->ctx, m);
	network_answer(s, m, FATE_DELIVERED);
}

/* The value of the class's platform="", a reference that the device model declares. */
static const struct node *platform_of_class(const struct sim *s, const struct node *class_node)
{
	const struct model *m = class_node->model;

	for (size_t i = 0; i < m->n_params; i++)
		if (m->params[i].kind == PARAM_REF && !strcmp(m->params[i].field, "platform"))
			return *(const struct node *const *)((const char *)class_node->par + m->params[i].offset);
	bug_report(s, __FILE__, __LINE__, "a device class names its platform");
}

static void init_platform(struct sim *s, struct platform *p, const struct node *e)
{
	p->p = e->par;
	p->element = e;
	p->server = server_new(s, e,
			       &(struct server_setup){ .change = "platform.change",
						       .service = RNG_PURPOSE('p', 's', 'r', 'v'),
						       .outage = RNG_PURPOSE('p', 'o', 'u', 't'),
						       .done = on_served,
						       .changed = on_change,
						       .ctx = p });
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct platforms *ps = sim_alloc(s, 1, sizeof *ps);
	struct devices *dev = devices_of(s);
	uint32_t i = 0;

	if (!ps || !dev)
		return;
	ps->dev = dev;
	ps->n = (uint32_t)scenario_count(sc, &platform_model);
	ps->all = sim_alloc(s, ps->n, sizeof *ps->all);
	ps->of_class = sim_alloc(s, dev->n_classes, sizeof(struct platform *));
	if (!ps->all || !ps->of_class)
		return;
	for (const struct node *e = scenario_first(sc, &platform_model); e && s->status == SIM_OK; e = e->next_same, i++) {
		init_platform(s, &ps->all[i], e);
		for (uint32_t c = 0; c < dev->n_classes; c++)
			if (platform_of_class(s, dev->classes[c].node) == e)
				ps->of_class[c] = &ps->all[i];
	}
	sim_set_state(s, &platform_model, ps);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct platforms *ps = state(s);

	for (uint32_t i = 0; i < ps->n; i++) {
		struct platform *p = &ps->all[i];
		server_asset(s, p->server, ASSET_PLATFORM, p->element, city_of(sc), &p->p->position);
		server_start(s, p->server);
	}
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &platform_model); n; n = n->next_same)
		server_check_position(sc, n, &((const struct platform_params *)n->par)->position, d);
}

void platform_accept(struct sim *s, const struct message *m)
{
	struct platforms *ps = state(s);
	struct platform *p = ps->of_class[ps->dev->class_of[m->device]];
	enum fate fate;

	if (!p) {
		network_answer(s, m, FATE_DELIVERED);
		return;
	}
	p->arrived++;
	fate = server_arrive(s, p->server, device_key(ps->dev, m->device), m);
	if (fate == FATE_DELIVERED)
		return;
	p->lost_down += fate == FATE_PLATFORM;
	p->lost_full += fate == FATE_QUEUE_FULL;
	network_answer(s, m, fate);
}

static struct platform *of_element(const struct sim *s, const struct node *element)
{
	struct platforms *ps = state(s);

	for (uint32_t i = 0; i < ps->n; i++)
		if (ps->all[i].element == element)
			return &ps->all[i];
	bug_report(s, __FILE__, __LINE__, "a platform that was set up");
}

enum fate platform_request(struct sim *s, const struct node *platform, const struct platform_work *w)
{
	struct platform *p = of_element(s, platform);
	enum fate fate = server_request(s, p->server, w);

	p->asked++;
	p->refused_down += fate == FATE_PLATFORM;
	p->refused_full += fate == FATE_QUEUE_FULL;
	return fate;
}

void platform_on_accept(struct sim *s, const struct node *platform, platform_accept_fn *fn, void *ctx)
{
	struct platform *p = of_element(s, platform);
	struct listener *l = sim_alloc(s, 1, sizeof *l), **end;

	if (!l)
		return;
	*l = (struct listener){ fn, ctx, NULL };
	for (end = &p->listeners; *end; end = &(*end)->next)
		;
	*end = l;
}

const struct node *platform_of(const struct sim *s, uint32_t class_index)
{
	const struct platform *p = state(s)->of_class[class_index];

	return p ? p->element : NULL;
}

const char *platform_data_model(const struct node *platform)
{
	return ((const struct platform_params *)platform->par)->data_model;
}

uint64_t platforms_held(const struct sim *s, enum purpose p)
{
	const struct platforms *ps = sim_state(s, &platform_model);
	uint64_t n = 0;

	for (uint32_t i = 0; ps && i < ps->n; i++)
		n += server_held(ps->all[i].server, p);
	return n;
}

bool platform_up(const struct sim *s, uint32_t device)
{
	const struct platforms *ps = state(s);
	const struct platform *p = ps->of_class[ps->dev->class_of[device]];

	return !p || server_works(p->server);
}

simtime_t platform_up_time(const struct sim *s, uint32_t device)
{
	const struct platforms *ps = state(s);
	const struct platform *p = ps->of_class[ps->dev->class_of[device]];

	if (p)
		return outage_up_time(s, server_outage(p->server));
	return s->now > s->warmup ? s->now - s->warmup : 0;
}

void platform_watch(struct sim *s, uint32_t class_index, path_change_fn *fn, void *ctx)
{
	struct platforms *ps = state(s);
	struct platform *p = ps->of_class[class_index];
	struct watcher *w, **end;

	if (!p)
		return;
	w = sim_alloc(s, 1, sizeof *w);
	if (!w)
		return;
	*w = (struct watcher){ fn, ctx, NULL };
	for (end = &p->watchers; *end; end = &(*end)->next)
		;
	*end = w;
}

static void report_waiting(struct sim *s, const struct histogram *h)
{
	if (!h->n)
		return;
	report_kpi(s->report, &kpis[KPI_WAITING_P95], "all", histogram_quantile(h, 0.95) * 1e-9);
	for (int k = -24; k <= 12; k++) {
		double x = pow(10, k / 4.0);
		report_curve(s->report, &waiting_curve, "all", x, histogram_share_above(h, x * 1e9));
	}
}

static void report_platform(struct sim *s, const struct platform *p)
{
	const struct station_stats *st = server_stats(p->server);
	char name[128];

	snprintf(name, sizeof name, "Platform %s", p->element->id);
	report_fact(s->report, name,
		    "%llu server%s, %.3g %% busy, up %.4g %% of the time (%u break%s), %llu of %llu messages accepted",
		    (unsigned long long)p->p->server.servers, p->p->server.servers == 1 ? "" : "s",
		    100 * timeavg_mean(&st->busy, s->now) / (double)p->p->server.servers,
		    100 * outage_up_share(s, server_outage(p->server)), server_outage(p->server)->changes,
		    server_outage(p->server)->changes == 1 ? "" : "s", (unsigned long long)p->accepted,
		    (unsigned long long)p->arrived);
}

static void report_balance(struct sim *s, const struct platforms *ps)
{
	static const char account[] = "platform messages";
	double arrived = 0, accepted = 0, down = 0, full = 0, inside = 0;

	for (uint32_t i = 0; i < ps->n; i++) {
		const struct platform *p = &ps->all[i];
		arrived += (double)p->arrived;
		accepted += (double)p->accepted;
		down += (double)p->lost_down;
		full += (double)p->lost_full;
		inside += server_held(p->server, PURPOSES);
	}
	report_audit(s->report, account, "1", AUDIT_IN, "arrived", arrived);
	report_audit(s->report, account, "1", AUDIT_OUT, "accepted", accepted);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: platform down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "lost: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", inside);
}

static void report_requests(struct sim *s, const struct platforms *ps)
{
	static const char account[] = "platform requests";
	double asked = 0, answered = 0, down = 0, full = 0, inside = 0;

	for (uint32_t i = 0; i < ps->n; i++) {
		const struct platform *p = &ps->all[i];
		asked += (double)p->asked;
		answered += (double)server_requests_done(p->server);
		down += (double)p->refused_down;
		full += (double)p->refused_full;
		inside += server_requests_held(p->server);
	}
	if (asked <= 0)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "asked", asked);
	report_audit(s->report, account, "1", AUDIT_OUT, "answered", answered);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: platform down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", inside);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct platforms *ps = state(s);
	struct histogram *h;
	struct tally waiting = { 0 };
	double busy = 0, servers = 0, up = 0;

	(void)sc;
	h = ps->n ? sim_alloc(s, 1, sizeof *h) : NULL;
	if (!h)
		return;
	for (uint32_t i = 0; i < ps->n; i++) {
		const struct platform *p = &ps->all[i];
		const struct station_stats *st = server_stats(p->server);
		tally_merge(&waiting, &st->waiting);
		histogram_merge(h, &st->waiting_hist);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)p->p->server.servers;
		up += outage_up_share(s, server_outage(p->server));
		report_platform(s, p);
		cost_units(s, p->element, (double)p->p->server.servers);
		cost_traffic(s, p->element, (double)p->counted, (double)p->counted_bytes);
	}
	report_kpi(s->report, &kpis[KPI_WAITING], "all", waiting.n ? waiting.mean : NAN);
	report_waiting(s, h);
	report_kpi(s->report, &kpis[KPI_UTILISATION], "all", busy / servers);
	report_kpi(s->report, &kpis[KPI_AVAILABILITY], "all", up / ps->n);
	report_balance(s, ps);
	report_requests(s, ps);
}

const struct model platform_model = {
	.name = "platform",
	.example = "id=\"city-cloud\" servers=\"8\" service-time=\"5ms\"",
	.doc = "Where messages end: servers with a service time, a queue and outages.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct platform_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = kpis,
	.n_kpis = sizeof kpis / sizeof kpis[0],
	.sections = sections,
	.n_sections = sizeof sections / sizeof sections[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
