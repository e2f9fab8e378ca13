/*
 * <denial-of-service>: requests from the internet that a platform or an edge cannot tell from those it is there for.
 *
 * They arrive as a Poisson process and are work in the target's queue like any other: what it loses and how long it takes follow
 * from that.  They come from outside the city, so that its access networks and backhaul carry none of them.  Where they are too
 * many to be simulated one by one, `each` of them are one piece of work as long as all of them (as of <botnet>).
 */
#include "models/crisis/crisis_private.h"
#include "models/network/server.h"

struct denial_params {
	struct hazard_params hazard;
	const struct node *target;
	double requests;
	uint64_t each;
	simtime_t lasts;
};

static const struct place places[] = { { "crisis", 0, 0 } };

#define S struct denial_params
static const struct param params[] = {
	HAZARD_ROWS(struct hazard_params),
	REF(S, target, NULL, "platform edge", "what is attacked"),
	RATE(S, requests, "1000/s", "1/yr", "1000000000/s", "that reach the target, all together",
	     "[M] a small attack on the application layer; the largest reported reach 1e8/s"),
	COUNT(S, each, "1", "1", "1000000", "requests that are simulated as one piece of work of the target", NULL),
	TIME(S, lasts, "1h", "1s", "100yr", "how long it goes on", "[M] most attacks end within an hour"),
};
#undef S

enum { KPI_REQUESTS, KPI_REFUSED };
static const struct kpi_def kpis[] = {
	[KPI_REQUESTS] = { "crisis.attack-requests", "1", "requests of denial-of-service attacks", NULL, KPI_NEITHER, true },
	[KPI_REFUSED] = { "crisis.attack-refused", "1",
			  "requests of denial-of-service attacks that their target refused ÷ their requests", NULL, KPI_NEITHER, true },
};

static const struct evidence evidence[] = {
	{ "loss of messages under attack", "M/M/1/K and M/M/c/K in closed form, simulated one by one and several as one",
	  "99.9 % interval, tests/unit/crisis/test_denial.c" },
};

static const uint32_t PURPOSE_GAPS = RNG_PURPOSE('c', 'd', 'o', 's');

/* Of a replication. */
struct denials {
	struct denial *all;     /* the last drawn is first */
	uint32_t n;
	uint16_t kind_request;
	double each_sent, each_refused; /* requests */
	uint64_t sent, served, lost[FATES];     /* pieces of work */
};

/* One occurrence: o->own. */
struct denial {
	const struct denial_params *p;
	struct denials *of;
	struct denial *next;
	uint32_t number;
	struct rng gaps;
	uint64_t key, sent;
	bool on;
};

static void on_served(struct sim *s, void *ctx, uint32_t number)
{
	(void)s, (void)number;
	((struct denials *)ctx)->served++;
}

static void draw_next(struct sim *s, struct denial *a)
{
	double wait = rng_exponential(&a->gaps, (double)a->p->each / a->p->requests);

	if (wait < sim_seconds(s->end - s->now))
		sim_after(s, sim_from_seconds(wait), a->of->kind_request, a->number, 0);
}

static enum fate request(struct sim *s, const struct denial *a)
{
	const struct server_params *server = a->p->target->par; /* first in the parameters of platforms and edges alike */
	struct platform_work w = { on_served, a->of, a->number, rng_mix(a->key ^ rng_mix(a->sent)),
				   (simtime_t)(a->p->each - 1) * server->service_time };

	return a->p->target->model == &edge_model ? edge_request(s, a->p->target, &w)
						  : platform_request(s, a->p->target, &w);
}

static void on_request(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct denials *ds = ctx;
	struct denial *a = ds->all;
	enum fate fate;

	(void)detail;
	while (a->number != number)
		a = a->next;
	if (!a->on)
		return;
	fate = request(s, a);
	a->sent++;
	ds->sent++;
	ds->each_sent += (double)a->p->each;
	if (fate != FATE_DELIVERED) {
		ds->lost[fate]++;
		ds->each_refused += (double)a->p->each;
	}
	draw_next(s, a);
}

static void begin(struct sim *s, const struct occurrence *o)
{
	struct denial *a = o->own;

	a->on = true;
	draw_next(s, a);
}

static void end(struct sim *s, const struct occurrence *o)
{
	(void)s;
	((struct denial *)o->own)->on = false;
}

static struct denials *denials_of(struct sim *s)
{
	struct denials *ds = sim_state(s, &denial_of_service_model);

	if (!ds && (ds = sim_alloc(s, 1, sizeof *ds))) {
		ds->kind_request = sim_handler(s, "denial-of-service.request", on_request, ds);
		sim_set_state(s, &denial_of_service_model, ds);
	}
	return ds;
}

static bool draw(struct sim *s, const struct scenario *sc, struct occurrence *o)
{
	struct denials *ds = denials_of(s);
	struct denial *a = o->own = sim_alloc(s, 1, sizeof *a);

	(void)sc;
	if (!ds || !a)
		return false;
	*a = (struct denial){ .p = o->element->par, .of = ds, .next = ds->all, .number = ds->n++, .key = o->key };
	a->gaps = sim_rng(s, PURPOSE_GAPS, o->key);
	ds->all = a;
	o->end = a->p->lasts < SIM_NEVER - o->onset ? o->onset + a->p->lasts : SIM_NEVER;
	return true;
}

static void finish(struct sim *s, const struct scenario *sc)
{
	static const char account[] = "requests of denial-of-service attacks";
	const struct denials *ds = sim_state(s, &denial_of_service_model);
	double sent, served, down, full;

	(void)sc;
	if (!ds)
		return;
	sent = (double)ds->sent;
	served = (double)ds->served;
	down = (double)ds->lost[FATE_PLATFORM];
	full = (double)ds->lost[FATE_QUEUE_FULL];
	report_kpi(s->report, &kpis[KPI_REQUESTS], "all", ds->each_sent);
	report_kpi(s->report, &kpis[KPI_REFUSED], "all", ds->each_sent > 0 ? ds->each_refused / ds->each_sent : NAN);
	report_audit(s->report, account, "1", AUDIT_IN, "sent", sent);
	report_audit(s->report, account, "1", AUDIT_OUT, "served", served);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: target down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", sent - served - down - full);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct denial_params *p = n->par;

	hazard_check(sc, n, d);
	if (n->flawed)
		return;
	if (p->each > 1 && ((const struct server_params *)p->target->par)->service_time == 0)
		node_error(n, d, "each", "makes no work of a <%s> whose service-time is 0s", p->target->model->name);
	if (p->requests / (double)p->each > 100000)
		node_warning(n, d, "requests",
			     "are %g pieces of work a second, each an event (say each=\"%.0f\" for 1000/s)",
			     p->requests / (double)p->each, fmin(ceil(p->requests / 1000), 1000000));
}

const struct model denial_of_service_model = {
	.name = "denial-of-service",
	.doc = "Requests from outside the city that flood a platform or an edge.",
	.places = TABLE(places),
	.id = ID_OPTIONAL,
	.par_size = sizeof(struct denial_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.evidence = TABLE(evidence),
	.load = load,
	.finish = finish,
};

const struct hazard_type denial_of_service_hazard = {
	.model = &denial_of_service_model,
	.unit = DIM_RATIO,
	.measure = "share",
	.draw = draw,
	.begin = begin,
	.finish = end,
};
