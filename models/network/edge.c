/*
 * <edge>: a small server room between gateways and cloud.
 *
 * What arrives is served here and ends here, or goes on over the edge's own backhaul to the platform; of a class that is
 * processed in the cloud the edge only relays.  Whether a message goes on is drawn by its device and time of creation.
 */
#include "models/network/edge_private.h"

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	SERVER_ROWS("2", "20ms", "4h"),
	REF(struct edge_params, backhaul, "", "backhaul", "the way on to the platform; none: ideal"),
	WATT(struct edge_params, idle_power, "8W", "0W", "100kW", "drawn by the node all the time",
	     "[M] single-board industrial computer"),
	WATT(struct edge_params, busy_power, "7W", "0W", "100kW", "in addition by each server while it is busy",
	     "[M] single-board industrial computer, 15 W with all cores busy"),
	POSITION(struct edge_params, position, "", "where it stands; absent: nothing that happens at places reaches it"),
};

static const struct evidence evidence[] = {
	{ "waiting time", "M/M/c in closed form", "99 % interval of the mean, tests/validation/valid_backhaul.c" },
	{ "edge and cloud in a row", "two M/M/1 queues in tandem, product form",
	  "99 % interval of the mean, tests/validation/valid_backhaul.c" },
	{ "what goes on, energy", "worked out by hand", "99 % interval, tests/validation/valid_backhaul.c" },
};

struct edges *edges_of(const struct sim *s)
{
	return sim_state(s, &edge_model);
}

struct edge *edge_of(const struct sim *s, const struct node *element)
{
	struct edges *es = edges_of(s);

	for (uint32_t i = 0; es && i < es->n; i++)
		if (es->all[i].element == element)
			return &es->all[i];
	bug_report(s, __FILE__, __LINE__, "an edge that was set up");
}

static void tell(struct sim *s, struct edge *e)
{
	e->live = server_works(e->server) && backhaul_up(e->way);
	for (const struct edge_watcher *w = e->watchers; w; w = w->next)
		w->fn(s, w->ctx, e->live);
}

static void on_change(struct sim *s, void *ctx, bool up)
{
	(void)up;
	tell(s, ctx);
}

/* A message has come to the far end of the edge's backhaul. */
static void on_handed_on(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct edge *e = ctx;
	struct message m = parcels_take(&e->under_way, number).m;

	(void)detail;
	e->handed_on++;
	platform_accept(s, &m);
}

static void send_on(struct sim *s, struct edge *e, const struct message *m, double condense)
{
	unsigned bytes = (unsigned)ceil(m->bytes * condense);
	enum fate fate = FATE_BACKHAUL;
	simtime_t delay = backhaul_offer(s, e->way, bytes, &fate);
	uint32_t number;

	if (s->now >= s->warmup) {
		e->counted_on++;
		e->bytes_on += bytes;
	}
	if (delay < 0) {
		e->lost_way += fate == FATE_BACKHAUL;
		e->lost_way_full += fate == FATE_QUEUE_FULL;
		network_answer(s, m, fate);
		return;
	}
	number = parcels_put(s, &e->under_way, &(struct parcel){ .m = *m });
	if (number == NO_PARCEL)
		return;
	if (delay > 0)
		sim_after(s, delay, e->kind, number, 0);
	else
		on_handed_on(s, e, number, 0);
}

static bool goes_on(const struct sim *s, const struct processing_params *p, const struct message *m)
{
	uint64_t w[2];

	if (p->at != AT_BOTH || p->forward >= 1)
		return p->at != AT_EDGE;
	rng_block(s->key, RNG_PURPOSE('e', 'f', 'w', 'd'),
		  rng_mix(device_key(devices_of(s), m->device) ^ rng_mix((uint64_t)m->created)), m->purpose, w);
	return rng_unit(w[0]) < p->forward;
}

static void on_served(struct sim *s, void *ctx, const struct message *m)
{
	struct edge *e = ctx;
	const struct processing_params *p = processing_of(s, m->device);

	if (goes_on(s, p, m)) {
		send_on(s, e, m, p->condense);
	} else {
		e->finished++;
		network_answer(s, m, FATE_DELIVERED);
	}
}

void edge_arrive(struct sim *s, struct edge *e, const struct message *m)
{
	const struct processing_params *p = processing_of(s, m->device);
	enum fate fate = FATE_PLATFORM;

	e->arrived++;
	if (s->now >= s->warmup) {
		e->counted++;
		e->bytes += m->bytes;
	}
	if (p->at == AT_CLOUD && server_works(e->server)) {
		send_on(s, e, m, 1);
		return;
	}
	if (p->at != AT_CLOUD)
		fate = server_arrive(s, e->server, device_key(devices_of(s), m->device), m);
	if (fate == FATE_DELIVERED)
		return;
	e->lost_down += fate == FATE_PLATFORM;
	e->lost_full += fate == FATE_QUEUE_FULL;
	network_answer(s, m, fate);
}

enum fate edge_request(struct sim *s, const struct node *edge, const struct platform_work *w)
{
	return server_request(s, edge_of(s, edge)->server, w);
}

void edge_watch(struct sim *s, struct edge *e, path_change_fn *fn, void *ctx)
{
	struct edge_watcher *w = sim_alloc(s, 1, sizeof *w), **end;

	if (!w)
		return;
	*w = (struct edge_watcher){ fn, ctx, NULL };
	for (end = &e->watchers; *end; end = &(*end)->next)
		;
	*end = w;
}

bool edge_serves(const struct edge *e, const struct processing_params *p)
{
	return p->at == AT_EDGE ? server_works(e->server) : e->live;
}

uint64_t edges_held(const struct sim *s, enum purpose p)
{
	const struct edges *es = edges_of(s);
	uint64_t n = 0;

	for (uint32_t i = 0; es && i < es->n; i++)
		n += server_held(es->all[i].server, p) + parcels_held_for(&es->all[i].under_way, p);
	return n;
}

static bool init_edge(struct sim *s, struct edge *e, const struct node *element)
{
	e->p = element->par;
	e->element = element;
	e->way = backhaul_of(s, e->p->backhaul, element->key);
	e->kind = sim_handler(s, "edge.hand-on", on_handed_on, e);
	e->server = server_new(s, element,
			       &(struct server_setup){ .change = "edge.change",
						       .service = RNG_PURPOSE('e', 's', 'r', 'v'),
						       .outage = RNG_PURPOSE('e', 'o', 'u', 't'),
						       .done = on_served,
						       .changed = on_change,
						       .ctx = e });
	backhaul_watch(s, e->way, on_change, e);
	if (!e->server)
		return false;
	e->live = server_works(e->server) && backhaul_up(e->way);
	return true;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &edge_model);
	struct edges *es = n ? sim_alloc(s, 1, sizeof *es) : NULL;

	if (!es)
		return;
	es->all = sim_alloc(s, n, sizeof *es->all);
	for (const struct node *e = scenario_first(sc, &edge_model); es->all && e; e = e->next_same)
		if (!init_edge(s, &es->all[es->n++], e))
			return;
	sim_set_state(s, &edge_model, es);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct edges *es = edges_of(s);

	for (uint32_t i = 0; es && i < es->n; i++) {
		struct edge *e = &es->all[i];
		uint32_t asset = server_asset(s, e->server, ASSET_EDGE, e->element, city_of(sc), &e->p->position);
		backhaul_serves(s, e->way, asset);
		server_start(s, e->server);
	}
}

static void check(const struct scenario *sc, struct diag *d)
{
	for (const struct node *n = scenario_first(sc, &edge_model); n; n = n->next_same)
		server_check_position(sc, n, &((const struct edge_params *)n->par)->position, d);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	if (edges_of(s))
		edges_report(s, edges_of(s));
}

const struct model edge_model = {
	.name = "edge",
	.doc = "A server between gateways and cloud: processes what classes with a <processing> send, and hands on the rest.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct edge_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = edge_kpis,
	.n_kpis = EDGE_KPIS,
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.check = check,
	.setup = setup,
	.start = start,
	.finish = finish,
};
