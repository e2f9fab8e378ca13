/*
 * <platform>: where messages end.  A station of servers with a service-time law, a bounded queue and outages.
 *
 * The service time of a message is drawn by its device and time of creation, so that it is the same whatever else the
 * platform serves.
 */
#include <stdio.h>
#include <string.h>

#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/station.h"

enum service_law { LAW_EXPONENTIAL, LAW_FIXED, LAW_LOG_NORMAL };
static const char *const laws[] = { "exponential", "fixed", "log-normal", NULL };

struct platform_params {
	uint64_t servers;
	simtime_t service_time;
	int service_law;
	double service_variation;
	uint64_t queue;
	double availability;
	simtime_t repair;
	const char *data_model;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	COUNT(struct platform_params, servers, "4", "1", "1000000", "messages served at the same time", NULL),
	TIME(struct platform_params, service_time, "5ms", "0s", "1h", "mean time to accept one message", NULL),
	CHOICE(struct platform_params, service_law, "exponential", laws, "distribution of the service time", NULL),
	NUMBER(struct platform_params, service_variation, "1", "0.01", "10",
	       "standard deviation ÷ mean of a log-normal service time", NULL),
	COUNT(struct platform_params, queue, "", "0", "4000000000", "most messages that may wait; absent: not limited",
	      NULL),
	RATIO(struct platform_params, availability, "100%", "0%", "100%", "share of the time in which the platform is up",
	      NULL),
	TIME(struct platform_params, repair, "1h", "1s", "10yr", "mean time to repair", NULL),
	TEXT(struct platform_params, data_model, "",
	     "data model of what it holds and takes, by a name that its <mapping>s use too (ngsi-ld, saref, oneM2M, sensorthings, "
	     "lwm2m, or a product's own); platforms of one name read each other's data as they are",
	     NULL),
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

/* What a server works on: a message, or work whose owner is called back. */
struct job {
	struct message m;
	platform_done_fn *done; /* NULL: a message, or a free slot */
	void *ctx;
};

struct platform {
	const struct platform_params *p;
	const struct node *element;
	struct station *station;
	struct outage outage;
	struct watcher *watchers;   /* in order of subscription */
	struct listener *listeners; /* the same */
	double mu, sigma;           /* of the log-normal law */
	uint64_t arrived, accepted, lost_down, lost_full;
	uint64_t asked, answered, refused_down, refused_full; /* work that is no message */
	/* what is inside, by job number; free numbers are chained through next_free */
	struct job *job;
	uint32_t *next_free;
	uint32_t head_free, n_jobs, cap_jobs;
};

struct platforms {
	struct platform *all;
	uint32_t n;
	struct platform **of_class; /* NULL: the class names none */
	struct devices *dev;
};

enum { NO_JOB = UINT32_MAX };

static struct platforms *state(const struct sim *s)
{
	struct platforms *ps = sim_state(s, &platform_model);

	BUG_ON(s, !ps);
	return ps;
}

static void tell(struct sim *s, const struct platform *p)
{
	for (const struct watcher *w = p->watchers; w; w = w->next)
		w->fn(s, w->ctx, p->outage.up);
}

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct platform *p = &((struct platforms *)ctx)->all[subject];

	(void)detail;
	outage_turn(s, &p->outage);
	station_set_servers(p->station, p->outage.up ? (uint32_t)p->p->servers : 0);
	tell(s, p);
}

static void free_job(struct platform *p, uint32_t job)
{
	p->job[job].done = NULL;
	p->next_free[job] = p->head_free;
	p->head_free = job;
}

/* Service ends.  The slot is free before the owner is called, who may send again. */
static void on_served(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	struct platform *p = ctx;
	struct job j = p->job[job];

	(void)waited, (void)served;
	free_job(p, job);
	if (j.done) {
		p->answered++;
		j.done(s, j.ctx, j.m.context);
		return;
	}
	p->accepted++;
	for (const struct listener *l = p->listeners; l; l = l->next)
		l->fn(s, l->ctx, &j.m);
	network_answer(s, &j.m, FATE_DELIVERED);
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

static void init_platform(struct sim *s, struct platforms *ps, uint32_t i, const struct node *e, uint16_t kind)
{
	struct platform *p = &ps->all[i];
	double cv;

	p->p = e->par;
	p->element = e;
	p->head_free = NO_JOB;
	cv = p->p->service_variation;
	p->sigma = sqrt(log1p(cv * cv));
	p->mu = log(sim_seconds(p->p->service_time)) - p->sigma * p->sigma / 2;
	p->station = station_new(s, e->id, (uint32_t)p->p->servers,
				 node_given(e, "queue") ? (uint32_t)p->p->queue : STATION_UNBOUNDED, on_served, p);
	if (!p->station)
		return;
	outage_init(s, &p->outage, p->p->availability, p->p->repair, RNG_PURPOSE('p', 'o', 'u', 't'), e->key, kind, i);
	if (!p->outage.up)
		station_set_servers(p->station, 0);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct platforms *ps = sim_alloc(s, 1, sizeof *ps);
	struct devices *dev = devices_of(s);
	uint16_t kind;
	uint32_t i = 0;

	if (!ps || !dev)
		return;
	ps->dev = dev;
	ps->n = (uint32_t)scenario_count(sc, &platform_model);
	ps->all = sim_alloc(s, ps->n, sizeof *ps->all);
	ps->of_class = sim_alloc(s, dev->n_classes, sizeof(struct platform *));
	if (!ps->all || !ps->of_class)
		return;
	kind = sim_handler(s, "platform.change", on_change, ps);
	for (const struct node *e = scenario_first(sc, &platform_model); e && s->status == SIM_OK; e = e->next_same, i++) {
		init_platform(s, ps, i, e, kind);
		for (uint32_t c = 0; c < dev->n_classes; c++)
			if (platform_of_class(s, dev->classes[c].node) == e)
				ps->of_class[c] = &ps->all[i];
	}
	sim_set_state(s, &platform_model, ps);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct platforms *ps = state(s);

	(void)sc;
	for (uint32_t i = 0; i < ps->n; i++) {
		outage_start(s, &ps->all[i].outage);
		if (!ps->all[i].outage.up)
			tell(s, &ps->all[i]);
	}
}

/* A service time of the platform's law, drawn by what it is for. */
static simtime_t service_time(const struct sim *s, const struct platform *p, uint64_t key, uint32_t index)
{
	double mean = sim_seconds(p->p->service_time), x;
	uint64_t w[2];

	if (p->p->service_law == LAW_FIXED || p->p->service_time == 0)
		return p->p->service_time;
	rng_block(s->key, RNG_PURPOSE('p', 's', 'r', 'v'), key, index, w);
	if (p->p->service_law == LAW_EXPONENTIAL)
		x = -mean * log(rng_unit(w[0]));
	else
		x = exp(p->mu + p->sigma * sqrt(-2 * log(rng_unit(w[0]))) * cos(6.283185307179586 * rng_unit(w[1])));
	return sim_from_seconds(x);
}

static bool grow(struct sim *s, struct platform *p)
{
	uint32_t cap = p->cap_jobs ? 2 * p->cap_jobs : 64;
	struct job *job = sim_alloc(s, cap, sizeof *job);
	uint32_t *next = sim_alloc(s, cap, sizeof *next);

	if (!job || !next)
		return false;
	if (p->n_jobs) {
		memcpy(job, p->job, p->n_jobs * sizeof *job);
		memcpy(next, p->next_free, p->n_jobs * sizeof *next);
	}
	p->job = job;
	p->next_free = next;
	p->cap_jobs = cap;
	return true;
}

/* A slot that holds the job; NO_JOB after sim_fail. */
static uint32_t take_job(struct sim *s, struct platform *p, const struct job *j)
{
	uint32_t job = p->head_free;

	if (job != NO_JOB) {
		p->head_free = p->next_free[job];
	} else {
		if (p->n_jobs == p->cap_jobs && !grow(s, p))
			return NO_JOB;
		job = p->n_jobs++;
	}
	p->job[job] = *j;
	return job;
}

/* false: the queue is full. */
static bool enter(struct sim *s, struct platform *p, const struct job *j, simtime_t service)
{
	uint32_t job = take_job(s, p, j);

	if (job == NO_JOB || station_arrive(p->station, job, j->m.priority, service))
		return true; /* without a slot the replication has failed */
	free_job(p, job);
	return false;
}

/* A message's service time is drawn by its device, time of creation and purpose. */
static bool enter_message(struct sim *s, const struct platforms *ps, struct platform *p, const struct message *m)
{
	uint64_t key = rng_mix(device_key(ps->dev, m->device) ^ rng_mix((uint64_t)m->created));

	return enter(s, p, &(struct job){ *m, NULL, NULL }, service_time(s, p, key, m->purpose));
}

void platform_accept(struct sim *s, const struct message *m)
{
	struct platforms *ps = state(s);
	struct platform *p = ps->of_class[ps->dev->class_of[m->device]];

	if (!p) {
		network_answer(s, m, FATE_DELIVERED);
		return;
	}
	p->arrived++;
	if (!p->outage.up) {
		p->lost_down++;
		network_answer(s, m, FATE_PLATFORM);
		return;
	}
	if (!enter_message(s, ps, p, m)) {
		p->lost_full++;
		network_answer(s, m, FATE_QUEUE_FULL);
	}
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
	struct job j = { { .created = s->now, .context = w->number }, w->done, w->ctx };

	p->asked++;
	if (!p->outage.up) {
		p->refused_down++;
		return FATE_PLATFORM;
	}
	if (enter(s, p, &j, service_time(s, p, w->key, PURPOSES) + w->extra))
		return FATE_DELIVERED;
	p->refused_full++;
	return FATE_QUEUE_FULL;
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

const char *platform_data_model(const struct node *platform)
{
	return ((const struct platform_params *)platform->par)->data_model;
}

/* Work inside that is no message. */
static uint32_t requests_held(const struct platform *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n_jobs; i++)
		n += p->job[i].done != NULL;
	return n;
}

static uint32_t messages_held(const struct platform *p)
{
	return station_waiting(p->station) + station_in_service(p->station) - requests_held(p);
}

uint64_t platforms_held(const struct sim *s)
{
	const struct platforms *ps = sim_state(s, &platform_model);
	uint64_t n = 0;

	for (uint32_t i = 0; ps && i < ps->n; i++)
		n += messages_held(&ps->all[i]);
	return n;
}

bool platform_up(const struct sim *s, uint32_t device)
{
	const struct platforms *ps = state(s);
	const struct platform *p = ps->of_class[ps->dev->class_of[device]];

	return !p || p->outage.up;
}

simtime_t platform_up_time(const struct sim *s, uint32_t device)
{
	const struct platforms *ps = state(s);
	const struct platform *p = ps->of_class[ps->dev->class_of[device]];

	if (p)
		return outage_up_time(s, &p->outage);
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
	const struct station_stats *st = station_stats(p->station);
	char name[128];

	snprintf(name, sizeof name, "Platform %s", p->element->id);
	report_fact(s->report, name,
		    "%llu server%s, %.3g %% busy, up %.4g %% of the time (%u break%s), %llu of %llu messages accepted",
		    (unsigned long long)p->p->servers, p->p->servers == 1 ? "" : "s",
		    100 * timeavg_mean(&st->busy, s->now) / (double)p->p->servers, 100 * outage_up_share(s, &p->outage),
		    p->outage.changes, p->outage.changes == 1 ? "" : "s", (unsigned long long)p->accepted,
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
		inside += messages_held(p);
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
		answered += (double)p->answered;
		down += (double)p->refused_down;
		full += (double)p->refused_full;
		inside += requests_held(p);
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
		const struct station_stats *st = station_stats(p->station);
		tally_merge(&waiting, &st->waiting);
		histogram_merge(h, &st->waiting_hist);
		busy += timeavg_mean(&st->busy, s->now);
		servers += (double)p->p->servers;
		up += outage_up_share(s, &p->outage);
		report_platform(s, p);
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
	.setup = setup,
	.start = start,
	.finish = finish,
};
