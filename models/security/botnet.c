/*
 * <botnet>: devices that a malware holds attack a platform together.
 *
 * Their requests arrive at the platform as one Poisson process, at the rate of those who attack at that moment, and are work in its
 * queue like any other: what the platform loses and how long it takes follow from that.  On the access networks the attack is
 * background traffic, and none of its requests is lost there.  Where requests are too many to be simulated one by one, `each` of
 * them are one piece of work as long as all of them: while the platform is overloaded the share of other work that finds room stays
 * the same, since both are taken at the rate at which room becomes free; what is taken waits longer, as if the queue were so much
 * longer.
 */
#include <stdio.h>

#include "models/network/server.h"
#include "models/security/malware.h"

struct botnet_params {
	const struct node *malware, *target;
	double rate;
	uint64_t bytes, each;
	simtime_t at, lasts;
};

static const struct place places[] = { { "scenario", 0, 0 } };

#define S struct botnet_params
static const struct param params[] = {
	REF(S, malware, NULL, "malware", "whose devices attack"),
	REF(S, target, NULL, "platform", "the platform that is attacked"),
	TIME(S, at, NULL, "0s", "100yr", "when the attack begins", NULL),
	TIME(S, lasts, "1h", "1s", "100yr", "how long it goes on", NULL),
	RATE(S, rate, "1/s", "1/yr", "1000000/s", "requests of each device", NULL),
	BYTES(S, bytes, "200B", "1B", "64KiB", "of a request, as traffic of the device's network", NULL),
	COUNT(S, each, "1", "1", "1000000", "requests that are simulated as one piece of work of the platform", NULL),
};
#undef S

enum { KPI_REQUESTS, KPI_REFUSED, KPI_THROUGHPUT };
static const struct kpi_def kpis[] = {
	[KPI_REQUESTS] = { "security.attack-requests", "1", "requests of a botnet", NULL, KPI_LOWER, true },
	[KPI_REFUSED] = { "security.attack-refused", "1", "requests of a botnet that its target refused ÷ its requests", NULL, KPI_NEITHER,
			  true },
	[KPI_THROUGHPUT] = { "security.attack-throughput", "1",
			     "messages of devices that the target accepted during the attack ÷ those in an equally long time before it", NULL,
			     KPI_HIGHER, true },
};

static const struct evidence evidence[] = {
	{ "load of an attack", "M/M/1/K in closed form, simulated one by one and several as one",
	  "99.9 % interval, tests/unit/security/test_botnet.c" },
};

struct botnet {
	const struct botnet_params *p;
	const struct node *element;
	struct botnets *all;
	uint32_t number;
	bool on;
	struct rng gaps;
	simtime_t due;
	double bound;                   /* rate at which `due` was drawn, 1/s; at least the true one */
	uint64_t sent, served, lost[FATES], before, during;
};

struct botnets {
	struct botnet *net;
	uint32_t n;
	uint16_t kind_begin, kind_end, kind_send;
};

static double rate_of(const struct sim *s, const struct botnet *b)
{
	return b->on ? malware_count(s, b->p->malware) * b->p->rate / (double)b->p->each : 0;
}

static void draw_next(struct sim *s, struct botnet *b, double bound)
{
	b->bound = bound;
	b->due = SIM_NEVER;
	if (!(bound > 0))
		return;
	double wait = rng_exponential(&b->gaps, 1 / bound);
	if (wait >= sim_seconds(s->end - s->now))
		return;
	b->due = s->now + sim_from_seconds(wait);
	sim_at(s, b->due, b->all->kind_send, b->number, 0);
}

static void load_network(struct sim *s, const struct botnet *b, uint32_t device, int sign)
{
	network_background(s, device, sign * b->p->rate * (double)b->p->bytes);
}

static void on_held(struct sim *s, void *ctx, uint32_t device, bool held)
{
	struct botnet *b = ctx;

	if (!b->on)
		return;
	load_network(s, b, device, held ? 1 : -1);
	if (rate_of(s, b) > b->bound)
		draw_next(s, b, 1.5 * rate_of(s, b));
}

static void turn(struct sim *s, struct botnet *b, bool on)
{
	b->on = on;
	for (uint32_t k = 0; k < malware_count(s, b->p->malware); k++)
		load_network(s, b, malware_held(s, b->p->malware, k), on ? 1 : -1);
	draw_next(s, b, rate_of(s, b));
}

static void on_begin(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	turn(s, &((struct botnets *)ctx)->net[number], true);
}

static void on_end(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	turn(s, &((struct botnets *)ctx)->net[number], false);
}

static void on_served(struct sim *s, void *ctx, uint32_t number)
{
	(void)s, (void)number;
	((struct botnet *)ctx)->served++;
}

static void on_send(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct botnet *b = &((struct botnets *)ctx)->net[number];
	const struct server_params *server = b->p->target->par;
	struct platform_work w = { on_served, b, number, rng_mix(b->element->key ^ rng_mix(b->sent)),
				   (simtime_t)(b->p->each - 1) * server->service_time };
	enum fate fate;

	(void)detail;
	if (b->due != s->now)
		return;
	if (rng_uniform(&b->gaps) * b->bound < rate_of(s, b)) {
		b->sent++;
		fate = platform_request(s, b->p->target, &w);
		b->lost[fate] += fate != FATE_DELIVERED;
	}
	draw_next(s, b, rate_of(s, b));
}

static void on_accepted(struct sim *s, void *ctx, const struct message *m)
{
	struct botnet *b = ctx;
	const struct botnet_params *p = b->p;

	(void)m;
	b->during += s->now >= p->at && s->now < p->at + p->lasts;
	b->before += s->now < p->at && s->now >= p->at - p->lasts;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &botnet_model);
	struct botnets *bs = n ? sim_alloc(s, 1, sizeof *bs) : NULL;

	if (!bs || !(bs->net = sim_alloc(s, n, sizeof *bs->net)))
		return;
	bs->kind_begin = sim_handler(s, "botnet.begin", on_begin, bs);
	bs->kind_end = sim_handler(s, "botnet.end", on_end, bs);
	bs->kind_send = sim_handler(s, "botnet.request", on_send, bs);
	for (const struct node *e = scenario_first(sc, &botnet_model); e; e = e->next_same) {
		struct botnet *b = &bs->net[bs->n];
		*b = (struct botnet){ .p = e->par, .element = e, .all = bs, .number = bs->n++, .due = SIM_NEVER };
		b->gaps = sim_rng(s, RNG_PURPOSE('b', 'o', 't', 'n'), e->key);
		malware_watch(s, b->p->malware, on_held, b);
		platform_on_accept(s, b->p->target, on_accepted, b);
	}
	sim_set_state(s, &botnet_model, bs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct botnets *bs = sim_state(s, &botnet_model);

	(void)sc;
	for (uint32_t i = 0; bs && i < bs->n; i++) {
		if (bs->net[i].p->at > s->end)
			continue;
		sim_at(s, bs->net[i].p->at, bs->kind_begin, i, 0);
		if (bs->net[i].p->lasts <= s->end - bs->net[i].p->at)
			sim_at(s, bs->net[i].p->at + bs->net[i].p->lasts, bs->kind_end, i, 0);
	}
}

static void report(struct sim *s, const struct botnet *b)
{
	char group[128];
	double sent = (double)b->sent, refused = 0;

	snprintf(group, sizeof group, "botnet=%s", b->element->id);
	for (int f = 0; f < FATES; f++)
		refused += (double)b->lost[f];
	report_kpi(s->report, &kpis[KPI_REQUESTS], group, sent * (double)b->p->each);
	report_kpi(s->report, &kpis[KPI_REFUSED], group, sent > 0 ? refused / sent : NAN);
	report_kpi(s->report, &kpis[KPI_THROUGHPUT], group,
		   b->before && s->now >= b->p->at + b->p->lasts ? (double)b->during / (double)b->before : NAN);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	static const char account[] = "requests of botnets";
	const struct botnets *bs = sim_state(s, &botnet_model);
	double sent = 0, served = 0, down = 0, full = 0;

	(void)sc;
	for (uint32_t i = 0; bs && i < bs->n; i++) {
		const struct botnet *b = &bs->net[i];
		report(s, b);
		sent += (double)b->sent;
		served += (double)b->served;
		down += (double)b->lost[FATE_PLATFORM];
		full += (double)b->lost[FATE_QUEUE_FULL];
	}
	if (!bs)
		return;
	report_audit(s->report, account, "1", AUDIT_IN, "sent", sent);
	report_audit(s->report, account, "1", AUDIT_OUT, "served", served);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: platform down", down);
	report_audit(s->report, account, "1", AUDIT_OUT, "refused: queue full", full);
	report_audit(s->report, account, "1", AUDIT_OUT, "waiting or in service at the end", sent - served - down - full);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct botnet_params *p = n->par;

	(void)sc;
	if (n->flawed)
		return;
	if (p->each > 1 && ((const struct server_params *)p->target->par)->service_time == 0)
		node_error(n, d, "each", "makes no work of a platform whose service-time is 0s");
}

const struct model botnet_model = {
	.name = "botnet",
	.doc = "Devices that a malware holds attack a platform together.",
	.places = TABLE(places),
	.id = ID_REQUIRED,
	.par_size = sizeof(struct botnet_params),
	.params = TABLE(params),
	.kpis = TABLE(kpis),
	.evidence = TABLE(evidence),
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
