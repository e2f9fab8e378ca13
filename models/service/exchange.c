/*
 * <exchange>: one platform asks another for data, or is told of them.
 *
 * A request goes from the platform that asks to the one that has the data and comes back as an answer, over a link or
 * through a broker, which it then passes twice.  Every stop on its way is work in the queue of the platform or broker there.
 * With share="" nobody asks: a part of what devices report to one platform is passed on to the other, half the way.  Whether
 * an answer is of use is settled when it has arrived: is there a mapping, does it cover what was asked for, is it in time.
 */
#include <string.h>

#include "models/device/device.h"
#include "models/service/exchange_private.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	REF(struct exchange_params, from, NULL, "platform", "the platform that has the data"),
	REF(struct exchange_params, to, NULL, "platform", "the platform that asks for them"),
	REF(struct exchange_params, via, "", "federation-broker", "the broker between them; absent: they exchange directly"),
	REF(struct exchange_params, backhaul, "", "backhaul",
	    "the link between the two, of the exchange's own; absent: no delay; with via=\"\" the broker names its links"),
	RATE(struct exchange_params, rate, "", "1/yr", "1000000/s", "requests, a Poisson process", NULL),
	RATIO(struct exchange_params, share, "", "0%", "100%",
	      "instead of requests: share of the messages of devices accepted at one platform that is passed on to the other",
	      NULL),
	BYTES(struct exchange_params, request, "400B", "1B", "64MiB", "size of a request", "[M] HTTP GET with its headers"),
	BYTES(struct exchange_params, payload, "2KiB", "1B", "64MiB", "size of an answer, or of what is passed on", NULL),
	TIME(struct exchange_params, deadline, "", "1ms", "10yr",
	     "an answer is of use if it is accepted within this time; absent: whenever it comes", NULL),
};

static const struct section sections[] = {
	{ SECTION_CURVE, "Latency between platforms", "interoperability.latency",
	  "Share of usable answers that take longer, from the request to their acceptance." },
};

static const struct evidence evidence[] = {
	{ "exchange ratio", "availabilities x coverage for independent outages, with and without a broker",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
	{ "latency", "sum of links, M/M/c sojourns and translations",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
};

static void check_way(const struct node *n, struct diag *d)
{
	const struct exchange_params *p = n->par;
	bool rate = node_given(n, "rate"), share = node_given(n, "share");

	if (p->from == p->to)
		node_error(n, d, "to", "is the platform that has the data (an exchange takes two platforms)");
	if (rate == share)
		node_error(n, d, rate ? "share" : NULL, "%s",
			   rate ? "excludes rate (an exchange is asked for, or passed on, not both)"
				: "needs a rate of requests, or a share of messages that is passed on");
	if (share && node_given(n, "request"))
		node_error(n, d, "request", "is read with rate only: what is passed on is not asked for");
	if (p->via && p->backhaul)
		node_error(n, d, "backhaul", "is read without via only (the broker names the links to its platforms)");
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct exchange_params *p = n->par;

	(void)sc;
	if (n->flawed)
		return;
	check_way(n, d);
	if (!platform_data_model(p->from))
		node_error(n, d, "from",
			   "names no data-model, so that nobody knows what its data mean (try data-model=\"ngsi-ld\")");
	if (!platform_data_model(p->to))
		node_error(n, d, "to",
			   "names no data-model, so that nobody knows what it can read (try data-model=\"ngsi-ld\")");
}

static struct translation translation_of(const struct scenario *sc, const struct exchange_params *p)
{
	return translation_find(sc, platform_data_model(p->from), platform_data_model(p->to),
				p->via ? broker_data_model(p->via) : NULL);
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &exchange_model); n; n = n->next_same) {
		const struct exchange_params *p = n->par;
		if (!translation_of(sc, p).possible)
			node_warning(n, d, NULL, "no mapping leads from \"%s\" to \"%s\": no answer will be of use",
				     platform_data_model(p->from), platform_data_model(p->to));
	}
}

/* ---- a request on its way ---- */

/* A slot; NOT_ON_ITS_WAY after sim_fail. */
static uint32_t take_request(struct sim *s, struct exchanges *xs)
{
	uint32_t i = xs->free_request, cap = xs->cap_requests ? 2 * xs->cap_requests : 64;

	if (i != NOT_ON_ITS_WAY) {
		xs->free_request = xs->request[i].next_free;
		return i;
	}
	if (xs->n_requests == xs->cap_requests) {
		struct request *bigger = sim_alloc(s, cap, sizeof *bigger);
		if (!bigger)
			return NOT_ON_ITS_WAY;
		if (xs->n_requests)
			memcpy(bigger, xs->request, xs->n_requests * sizeof *bigger);
		xs->request = bigger;
		xs->cap_requests = cap;
	}
	return xs->n_requests++;
}

static void leave(struct exchanges *xs, uint32_t i)
{
	xs->request[i].exchange = NOT_ON_ITS_WAY;
	xs->request[i].next_free = xs->free_request;
	xs->free_request = i;
}

static void lose(struct sim *s, struct exchanges *xs, uint32_t i, enum exchange_cause cause)
{
	struct request r = xs->request[i];

	leave(xs, i);
	xs->exchange[r.exchange].count[r.created >= s->warmup].lost[cause]++;
}

/* What a draw for a request is named by. */
static uint64_t request_key(const struct exchange *x, uint32_t number)
{
	return rng_mix(x->element->key ^ rng_mix(number));
}

static bool covered(const struct sim *s, const struct exchange *x, uint32_t number)
{
	uint64_t w[2];

	rng_block(s->key, RNG_PURPOSE('x', 'c', 'o', 'v'), request_key(x, number), 0, w);
	return rng_unit(w[0]) < x->translation.coverage;
}

/* The answer has arrived, and is of use or not. */
static void settle(struct sim *s, struct exchanges *xs, uint32_t i)
{
	struct request r = xs->request[i];
	struct exchange *x = &xs->exchange[r.exchange];
	struct exchange_counts *c = &x->count[r.created >= s->warmup];

	if (!x->translation.possible) {
		lose(s, xs, i, EXCHANGE_NO_MAPPING);
	} else if (!covered(s, x, r.number)) {
		lose(s, xs, i, EXCHANGE_NOT_COVERED);
	} else if (x->p->deadline != SIM_NEVER && s->now - r.created > x->p->deadline) {
		lose(s, xs, i, EXCHANGE_LATE);
	} else {
		leave(xs, i);
		c->answered++;
		c->translated += x->translation.step[0] != NULL;
		if (r.created >= s->warmup)
			histogram_add(x->latency, s->now - r.created);
	}
}

/* To the next stop. */
static void advance(struct sim *s, struct exchanges *xs, uint32_t i)
{
	const struct request *r = &xs->request[i];
	struct exchange *x = &xs->exchange[r->exchange];
	const struct stop *stop = &x->stop[r->stop];
	enum fate fate;
	simtime_t delay;

	if (r->stop == x->n_stops) {
		settle(s, xs, i);
		return;
	}
	x->count[r->created >= s->warmup].bytes += stop->bytes;
	delay = backhaul_offer(s, stop->link, stop->bytes, &fate);
	if (delay < 0)
		lose(s, xs, i, EXCHANGE_LINK);
	else
		sim_after(s, delay, xs->kind_arrive, i, 0);
}

static void on_served(struct sim *s, void *ctx, uint32_t i)
{
	struct exchanges *xs = ctx;

	xs->request[i].stop++;
	advance(s, xs, i);
}

static void on_arrive(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct exchanges *xs = ctx;
	const struct request *r = &xs->request[i];
	const struct exchange *x = &xs->exchange[r->exchange];
	const struct stop *stop = &x->stop[r->stop];
	struct platform_work w = { on_served, xs, i, rng_mix(request_key(x, r->number) + r->stop), 0 };
	enum fate fate;

	(void)detail;
	if (stop->translates)
		w.extra = translation_cost(s, &x->translation, w.key);
	fate = stop->broker ? broker_request(s, stop->broker, &w) : platform_request(s, stop->platform, &w);
	if (fate == FATE_QUEUE_FULL)
		lose(s, xs, i, EXCHANGE_QUEUE_FULL);
	else if (fate != FATE_DELIVERED)
		lose(s, xs, i, stop->broker ? EXCHANGE_BROKER : EXCHANGE_PLATFORM);
}

static void begin(struct sim *s, struct exchange *x)
{
	struct exchanges *xs = x->all;
	uint32_t i = take_request(s, xs);

	if (i == NOT_ON_ITS_WAY)
		return;
	xs->request[i] = (struct request){ s->now, (uint32_t)(x - xs->exchange), x->next++, NOT_ON_ITS_WAY, 0 };
	x->count[s->now >= s->warmup].requests++;
	advance(s, xs, i);
}

static void ask_later(struct sim *s, struct exchange *x, uint32_t i)
{
	sim_after(s, sim_from_seconds(rng_exponential(&x->gaps, 1 / x->p->rate)), x->all->kind_ask, i, 0);
}

static void on_ask(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct exchange *x = &((struct exchanges *)ctx)->exchange[i];

	(void)detail;
	ask_later(s, x, i);
	begin(s, x);
}

/* A message of a device was accepted where the data are: it is passed on or not, by its device and time. */
static void on_accepted(struct sim *s, void *ctx, const struct message *m)
{
	struct exchange *x = ctx;
	uint64_t w[2];

	if (m->purpose != PURPOSE_APPLICATION)
		return;
	rng_block(s->key, RNG_PURPOSE('x', 's', 'h', 'r'),
		  x->element->key ^ rng_mix(device_key(devices_of(s), m->device) ^ rng_mix((uint64_t)m->created)), 0, w);
	if (rng_unit(w[0]) < x->p->share)
		begin(s, x);
}

/* ---- set-up ---- */

static void add_stop(struct exchange *x, struct stop stop)
{
	x->stop[x->n_stops++] = stop;
}

/* Out with the request, where there is one, and back with the answer. */
static void lay_out(struct sim *s, struct exchange *x)
{
	const struct exchange_params *p = x->p;
	struct broker *b = p->via ? broker_of(s, p->via) : NULL;
	struct backhaul *near, *far;
	bool asks = !isnan(p->rate), translates = x->translation.step[0] != NULL;

	far = b ? broker_link(s, b, p->from) : backhaul_of(s, p->backhaul, x->element->key);
	near = b ? broker_link(s, b, p->to) : far;
	if (asks && b)
		add_stop(x, (struct stop){ near, b, NULL, (unsigned)p->request, false });
	if (asks)
		add_stop(x, (struct stop){ far, NULL, p->from, (unsigned)p->request, false });
	if (b)
		add_stop(x, (struct stop){ far, b, NULL, (unsigned)p->payload, translates });
	add_stop(x, (struct stop){ near, NULL, p->to, (unsigned)p->payload, translates && !b });
	if (!asks)
		platform_on_accept(s, p->from, on_accepted, x);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &exchange_model);
	struct exchanges *xs = n ? sim_alloc(s, 1, sizeof *xs) : NULL;
	uint32_t i = 0;

	if (!xs)
		return;
	xs->n = (uint32_t)n;
	xs->free_request = NOT_ON_ITS_WAY;
	xs->exchange = sim_alloc(s, n, sizeof *xs->exchange);
	if (!xs->exchange)
		return;
	xs->kind_ask = sim_handler(s, "exchange.ask", on_ask, xs);
	xs->kind_arrive = sim_handler(s, "exchange.arrive", on_arrive, xs);
	for (const struct node *e = scenario_first(sc, &exchange_model); e && s->status == SIM_OK; e = e->next_same, i++) {
		struct exchange *x = &xs->exchange[i];
		*x = (struct exchange){ .p = e->par, .element = e, .all = xs };
		x->translation = translation_of(sc, x->p);
		x->gaps = sim_rng(s, RNG_PURPOSE('x', 'g', 'a', 'p'), e->key);
		x->latency = sim_alloc(s, 1, sizeof *x->latency);
		lay_out(s, x);
	}
	sim_set_state(s, &exchange_model, xs);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct exchanges *xs = sim_state(s, &exchange_model);

	(void)sc;
	for (uint32_t i = 0; xs && i < xs->n; i++)
		if (!isnan(xs->exchange[i].p->rate))
			ask_later(s, &xs->exchange[i], i);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct exchanges *xs = sim_state(s, &exchange_model);

	(void)sc;
	if (xs)
		exchange_report(s, xs);
}

const struct model exchange_model = {
	.name = "exchange",
	.doc = "Data that one platform has from another: requests, or a share of what is reported there, directly or through a "
	       "broker.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct exchange_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = exchange_kpis,
	.n_kpis = EXCHANGE_KPIS,
	.sections = sections,
	.n_sections = sizeof sections / sizeof sections[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
