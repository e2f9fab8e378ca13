/*
 * The way from a sender to the technology that its device uses now, and back to the owner of the purpose.
 */
#include <string.h>

#include "models/network/network_private.h"
#include "models/network/path.h"

#include "models/device/group.h"
#include "models/network/availability_private.h"

static const struct place places[] = { { "device-class", 0, NETWORK_ROUTES } };

static const char *const listening_names[] = { "class-a", "class-c", NULL };

static const struct param params[] = {
	REF(struct uses_params, network, NULL, "lorawan nb-iot lte-m lte local-link",
	    "access network; the first <uses> of a class is the preferred one"),
	BOOL(struct uses_params, confirmed, "off", "messages are acknowledged by the network and repeated until they are",
	     "LoRaWAN L2 1.0.4, 4.2.1.2: unconfirmed unless asked"),
	COUNT(struct uses_params, transmissions, "8", "1", "15", "most transmissions of one confirmed message",
	      "LoRaMac-node, default number of trials of a confirmed frame"),
	BOOL(struct uses_params, roaming, "off",
	     "a network of another operator: used only while none of the class's own has a live way", NULL),
	BOOL(struct uses_params, emergency, "off",
	     "of roaming: that network lets the devices in only once a <response> has operators open theirs to each other's", NULL),
	TIME(struct uses_params, attach_delay, "0s", "0s", "1d",
	     "before a device begins to attach to it, such as for asking the home operator", NULL),
	NUMBER(struct uses_params, fee, "0", "0", "1000000",
	       "for a message handed to another operator's network, in the currency of <economy>, whose fees it is one of", NULL),
	CHOICE(struct uses_params, listening, "class-a", listening_names,
	       "of LoRaWAN: after an uplink alone, or all the time but while it sends, as what has mains can", "LoRaWAN 1.0.3, 3 and 16"),
};

static const struct kpi_def kpis[] = {
	{ "connectivity.availability", "1",
	  "time that a device was operational with a live gateway in reach, its backhaul and its platform up ÷ its time in "
	  "service, averaged over devices",
	  "Res. 98 proposal, instructs TSB 2-3 (KPI pilots); [M] SDG 9.1", KPI_HIGHER, false },
};

static const struct evidence evidence[] = {
	{ "availability", "a recount of every change, 300 random cases", "1e-5, tests/unit/service/test_recount.c" },
};

static const struct node *preferred(const struct node *class_node)
{
	return node_child(class_node, &uses_model);
}

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct uses_params *p = n->par;
	const struct node *first = preferred(n->parent);

	(void)sc;
	if (node_given(n, "fee") && !p->roaming)
		node_error(n, d, "fee", "is for another operator's network (say roaming=\"on\", or leave it out)");
	if (p->emergency && !p->roaming)
		node_error(n, d, "emergency", "is for another operator's network (say roaming=\"on\", or leave it out)");
	if (node_given(n, "attach-delay") && !node_next(first))
		node_error(n, d, "attach-delay", "is of a class that uses several networks, and this one uses one");
	if (node_given(n, "listening") && p->network && strcmp(p->network->model->name, "lorawan") != 0)
		node_error(n, d, "listening", "is of devices on LoRaWAN (leave it out)");
	if (first == n) {
		const struct node *own = first;
		while (own && ((const struct uses_params *)own->par)->roaming)
			own = node_next(own);
		if (!own)
			node_error(n, d, "roaming", "leaves the class no network of its own (say roaming=\"off\" of one)");
		return;
	}
	for (const struct node *o = first; o && o != n; o = node_next(o)) {
		const struct uses_params *q = o->par;
		if (q->network == p->network) {
			node_error(n, d, "network",
				   "the class uses this network already, at line %d (name each network once)", o->line);
			return;
		}
	}
}

struct network *network_state(const struct sim *s)
{
	struct network *n = sim_state(s, &uses_model);

	BUG_ON(s, !n);
	return n;
}

const struct route *network_route(const struct network *n, uint32_t device)
{
	const struct routes *all = &n->routes[n->dev->class_of[device]];
	const struct seat *h;
	uint8_t r;

	if (!all->seat)
		return all->route;
	h = seat_of(all, device);
	r = h->current != NO_ROUTE ? h->current : h->trying;
	return &all->route[r != NO_ROUTE ? r : all->by_rank[0]];
}

static bool chooses(const struct network *n, uint32_t device)
{
	return n->routes[n->dev->class_of[device]].seat != NULL;
}

/* A device whose class uses no network has nothing to attach to. */
static void on_up(struct sim *s, void *ctx, uint32_t device)
{
	const struct network *n = ctx;
	const struct route *r = network_route(n, device);

	if (chooses(n, device))
		choosing_up(s, n->choosing, device);
	else if (r->ops)
		r->ops->attach(s, r->net, device);
	else
		device_attached(s, device);
}

static void on_down(struct sim *s, void *ctx, uint32_t device)
{
	const struct network *n = ctx;
	const struct route *r = network_route(n, device);

	if (chooses(n, device))
		choosing_down(s, n->choosing, device);
	else if (r->ops)
		r->ops->detach(s, r->net, device);
}

static bool list_routes(struct sim *s, const struct network *n, uint32_t class_index)
{
	struct routes *to = &n->routes[class_index];
	const struct node *first = preferred(n->dev->classes[class_index].node);

	for (const struct node *uses = first; uses; uses = node_next(uses))
		to->n++;
	to->route = sim_alloc(s, to->n + !to->n, sizeof *to->route);
	if (!to->route)
		return false;
	to->n = 0;
	to->first = n->dev->classes[class_index].first;
	for (const struct node *uses = first; uses; uses = node_next(uses)) {
		struct route *r = &to->route[to->n++];
		r->uses = uses->par;
		r->element = r->uses->network;
		group_network(s, class_index, r->element->id);
		if (r->uses->emergency &&
		    !(r->shut = sim_alloc(s, n->dev->classes[class_index].count + 1u, sizeof *r->shut)))
			return false;
	}
	return true;
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct network *n = sim_alloc(s, 1, sizeof *n);
	struct devices *dev = devices_of(s);

	(void)sc;
	if (!n || !dev)
		return;
	n->dev = dev;
	n->routes = sim_alloc(s, dev->n_classes, sizeof *n->routes);
	n->under_way = sim_alloc(s, PURPOSES, sizeof *n->under_way);
	if (!n->routes || !n->under_way)
		return;
	for (uint32_t c = 0; c < dev->n_classes; c++)
		if (!list_routes(s, n, c))
			return;
	if (!choosing_new(s, dev, n->routes, &n->choosing))
		return;
	n->availability = availability_new(s);
	sim_set_state(s, &uses_model, n);
	device_subscribe(s, DEVICE_UP, on_up, n);
	device_subscribe(s, DEVICE_WENT_DOWN, on_down, n);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct network *n = network_state(s);

	(void)sc;
	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		for (uint32_t r = 0; r < n->routes[c].n; r++)
			BUG_ON(s, !n->routes[c].route[r].ops);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	availability_report(s, network_state(s)->availability, &kpis[0]);
	if (network_state(s)->choosing)
		choosing_finish(s, network_state(s)->choosing);
}

void network_path(struct sim *s, const void *net, uint32_t device, int change)
{
	struct network *n = network_state(s);
	const struct routes *all = &n->routes[n->dev->class_of[device]];
	uint32_t r = 0;

	while (r < all->n && all->route[r].net != net)
		r++;
	BUG_ON(s, r == all->n);
	if (all->route[r].shut) {
		uint32_t *ways = &all->route[r].shut[device - all->first];
		*ways = (uint32_t)((int)*ways + change);
		return;
	}
	if (all->seat)
		choosing_path(s, n->choosing, device, r, change);
	availability_path(s, n->availability, device, change);
}

void network_register(struct sim *s, const struct node *element, const struct network_ops *ops, void *net)
{
	struct network *n = network_state(s);

	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		for (uint32_t r = 0; r < n->routes[c].n; r++)
			if (n->routes[c].route[r].element == element) {
				n->routes[c].route[r].ops = ops;
				n->routes[c].route[r].net = net;
			}
}

/* Tell the owner of the message, that no network has or has any more. */
static void tell_owner(struct sim *s, const struct network *n, const struct message *m, enum fate fate)
{
	const struct owner *o;

	BUG_ON(s, m->purpose >= PURPOSES || (unsigned)fate >= FATES);
	o = &n->owner[m->purpose];
	if (o->fn)
		o->fn(s, o->ctx, m, fate);
}

/* Hand it to the route, noting which. */
static void hand(struct sim *s, const struct network *n, const struct route *r, const struct message *m)
{
	uint32_t class_index = n->dev->class_of[m->device];
	struct message own = *m;

	n->under_way[m->purpose]++;
	if (!n->choosing) {
		r->ops->send(s, r->net, m);
		return;
	}
	own.route = (uint8_t)(r - n->routes[class_index].route);
	choosing_hand(s, n->choosing, class_index, &own);
	r->ops->send(s, r->net, &own);
}

/* Why a message of that purpose may not pass a device in that state now; FATE_DELIVERED: it may. */
static enum fate barred(unsigned state, enum purpose p)
{
	bool mends = p == PURPOSE_ONBOARDING || p == PURPOSE_UPDATE;

	if (device_works(state) || (mends && device_on_network(state)))
		return FATE_DELIVERED;
	if (!device_is_powered(state))
		return FATE_DEVICE_DOWN;
	return state == DEVICE_QUARANTINED ? FATE_ACCESS_BARRED : FATE_NOT_ONBOARDED;
}

void network_send(struct sim *s, const struct message *m)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, m->device);
	enum fate fate = barred(n->dev->state[m->device], m->purpose);

	if (fate != FATE_DELIVERED)
		tell_owner(s, n, m, fate);
	else if (!r->ops)
		tell_owner(s, n, m, FATE_NO_COVERAGE);
	else
		hand(s, n, r, m);
}

void network_send_down(struct sim *s, const struct message *m)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, m->device);
	enum fate fate = barred(n->dev->state[m->device], m->purpose);
	struct message own = *m;

	own.down = 1;
	own.route = (uint8_t)(r - n->routes[n->dev->class_of[m->device]].route);
	if (fate != FATE_DELIVERED) {
		tell_owner(s, n, &own, fate);
	} else if (!r->ops || !r->ops->send_down) {
		tell_owner(s, n, &own, FATE_NO_COVERAGE);
	} else {
		n->under_way[m->purpose]++;
		if (n->choosing)
			choosing_hand(s, n->choosing, n->dev->class_of[m->device], &own);
		r->ops->send_down(s, r->net, &own);
	}
}

void network_jam(struct sim *s, const struct node *element, const struct jammer *j, bool on)
{
	const struct network *n = network_state(s);

	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		for (uint32_t k = 0; k < n->routes[c].n; k++) {
			const struct route *r = &n->routes[c].route[k];
			if (r->element != element || !r->ops || !r->ops->jam)
				continue;
			r->ops->jam(s, r->net, j, on);
			return;
		}
}

void network_touches(struct sim *s, uint32_t class_index, uint16_t kind)
{
	const struct network *n = network_state(s);
	const struct routes *all = &n->routes[class_index];

	device_touches(s, n->dev, kind);
	for (uint32_t r = 0; r < all->n; r++)
		if (all->route[r].ops && all->route[r].ops->touches)
			all->route[r].ops->touches(s, all->route[r].net, kind);
}

/* Whether an earlier class or a more preferred <uses> names the network of a route too. */
static bool named_before(const struct network *n, uint32_t class_index, const struct route *r)
{
	for (uint32_t c = 0; c <= class_index; c++)
		for (uint32_t k = 0; k < n->routes[c].n; k++) {
			const struct route *q = &n->routes[c].route[k];
			if (q == r)
				return false;
			if (q->ops && q->net == r->net)
				return true;
		}
	return false;
}

uint64_t network_held(const struct sim *s, enum purpose p)
{
	const struct network *n = network_state(s);
	uint64_t held = platforms_held(s, p) + edges_held(s, p);

	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		for (uint32_t k = 0; k < n->routes[c].n; k++) {
			const struct route *r = &n->routes[c].route[k];
			if (r->ops && r->ops->held && !named_before(n, c, r))
				held += r->ops->held(s, r->net, p);
		}
	return held;
}

unsigned network_mtu(const struct sim *s, uint32_t device)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, device);

	return r->ops ? r->ops->mtu(s, r->net, device) : 0;
}

unsigned network_mtu_down(const struct sim *s, uint32_t device)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, device);

	return r->ops && r->ops->send_down ? r->ops->mtu_down(s, r->net, device) : 0;
}

simtime_t network_reach(const struct sim *s, uint32_t device)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, device);

	return r->ops && r->ops->reach ? r->ops->reach(s, r->net, device) : SIM_NEVER;
}

void network_background(struct sim *s, uint32_t device, double change)
{
	const struct network *n = network_state(s);
	const struct route *r = network_route(n, device);

	if (r->ops && r->ops->background)
		r->ops->background(s, r->net, device, change);
}

bool network_multicast(struct sim *s, const struct multicast *m)
{
	const struct network *n = network_state(s);
	const struct routes *all = &n->routes[m->class_index];
	const struct route *r = &all->route[all->seat ? all->by_rank[0] : 0];

	if (!r->ops || !r->ops->multicast)
		return false;
	r->ops->multicast(s, r->net, m);
	return true;
}

bool network_has(const struct node *class_node)
{
	return preferred(class_node) != NULL;
}

const struct uses_params *network_uses(const struct scenario *sc, const struct node *class_node, const struct node *element)
{
	(void)sc;
	for (const struct node *uses = preferred(class_node); uses; uses = node_next(uses)) {
		const struct uses_params *p = uses->par;
		if (p->network == element)
			return p;
	}
	return NULL;
}

void network_owner(struct sim *s, enum purpose p, answer_fn *fn, void *ctx)
{
	struct network *n = network_state(s);

	BUG_ON(s, (unsigned)p >= PURPOSES || n->owner[p].fn);
	n->owner[p] = (struct owner){ fn, ctx };
}

void network_answer(struct sim *s, const struct message *m, enum fate fate)
{
	const struct network *n = network_state(s);

	BUG_ON(s, m->purpose >= PURPOSES);
	n->under_way[m->purpose]--;
	if (n->choosing && !m->down)
		choosing_fate(s, n->choosing, m, fate);
	tell_owner(s, n, m, fate);
}

uint64_t network_under_way(const struct sim *s, enum purpose p)
{
	return network_state(s)->under_way[p];
}

const struct model uses_model = {
	.name = "uses",
	.example = "network=\"lpwan\"",
	.doc = "An access network that a device class uses, in order of preference; see <choosing> for when it uses which.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct uses_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = kpis,
	.n_kpis = sizeof kpis / sizeof kpis[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
	.setup = setup,
	.start = start,
	.finish = finish,
};
