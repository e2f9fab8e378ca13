/*
 * The way from a sender to the technology that its class uses, and back to the owner of the purpose.
 */
#include "models/network/network.h"
#include "models/network/path.h"

#include "models/device/group.h"
#include "models/network/availability_private.h"

static const struct place places[] = { { "device-class", 0, 0 } };

static const struct param params[] = {
	REF(struct uses_params, network, NULL, "lorawan nb-iot lte-m lte",
	    "access network; the first <uses> of a class is the preferred one"),
	BOOL(struct uses_params, confirmed, "off", "messages are acknowledged by the network and repeated until they are",
	     "LoRaWAN L2 1.0.4, 4.2.1.2: unconfirmed unless asked"),
	COUNT(struct uses_params, transmissions, "8", "1", "15", "most transmissions of one confirmed message",
	      "LoRaMac-node, default number of trials of a confirmed frame"),
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

/* What a class uses: `ops` stays NULL until the technology has registered. */
struct route {
	const struct node *element;
	const struct network_ops *ops;
	void *net;
};

struct owner {
	answer_fn *fn;
	void *ctx;
};

struct network {
	struct devices *dev;
	struct route *route; /* by class */
	struct owner owner[PURPOSES];
	struct availability *availability;
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
	if (first == n)
		return;
	for (const struct node *o = first; o && o != n; o = node_next(o)) {
		const struct uses_params *q = o->par;
		if (q->network == p->network) {
			node_error(n, d, "network",
				   "the class uses this network already, at line %d (name each network once)", o->line);
			return;
		}
	}
	node_warning(n, d, "network", "only the first <uses> of a class carries traffic: this one is not used yet");
}

static struct network *state(const struct sim *s)
{
	struct network *n = sim_state(s, &uses_model);

	BUG_ON(s, !n);
	return n;
}

/* A device whose class uses no network has nothing to attach to. */
static void on_up(struct sim *s, void *ctx, uint32_t device)
{
	const struct network *n = ctx;
	const struct route *r = &n->route[n->dev->class_of[device]];

	if (r->ops)
		r->ops->attach(s, r->net, device);
	else
		device_attached(s, device);
}

static void on_down(struct sim *s, void *ctx, uint32_t device)
{
	const struct network *n = ctx;
	const struct route *r = &n->route[n->dev->class_of[device]];

	if (r->ops)
		r->ops->detach(s, r->net, device);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct network *n = sim_alloc(s, 1, sizeof *n);
	struct devices *dev = devices_of(s);

	(void)sc;
	if (!n || !dev)
		return;
	n->dev = dev;
	n->route = sim_alloc(s, dev->n_classes, sizeof *n->route);
	if (!n->route)
		return;
	for (uint32_t c = 0; c < dev->n_classes; c++) {
		const struct node *uses = preferred(dev->classes[c].node);
		if (!uses)
			continue;
		n->route[c].element = ((const struct uses_params *)uses->par)->network;
		group_network(s, c, n->route[c].element->id);
	}
	n->availability = availability_new(s);
	sim_set_state(s, &uses_model, n);
	device_subscribe(s, DEVICE_UP, on_up, n);
	device_subscribe(s, DEVICE_WENT_DOWN, on_down, n);
}

static void start(struct sim *s, const struct scenario *sc)
{
	const struct network *n = state(s);

	(void)sc;
	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		BUG_ON(s, n->route[c].element && !n->route[c].ops);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	(void)sc;
	availability_report(s, state(s)->availability, &kpis[0]);
}

void network_path(struct sim *s, uint32_t device, int change)
{
	availability_path(s, state(s)->availability, device, change);
}

void network_register(struct sim *s, const struct node *element, const struct network_ops *ops, void *net)
{
	struct network *n = state(s);

	for (uint32_t c = 0; c < n->dev->n_classes; c++)
		if (n->route[c].element == element) {
			n->route[c].ops = ops;
			n->route[c].net = net;
		}
}

void network_send(struct sim *s, const struct message *m)
{
	const struct network *n = state(s);
	const struct route *r = &n->route[n->dev->class_of[m->device]];

	switch (n->dev->state[m->device]) {
	case DEVICE_OPERATIONAL:
		if (r->ops)
			r->ops->send(s, r->net, m);
		else
			network_answer(s, m, FATE_NO_COVERAGE);
		break;
	case DEVICE_ATTACHING: network_answer(s, m, FATE_NOT_ONBOARDED); break;
	default: network_answer(s, m, FATE_DEVICE_DOWN);
	}
}

void network_touches(struct sim *s, uint32_t class_index, uint16_t kind)
{
	const struct network *n = state(s);
	const struct route *r = &n->route[class_index];

	device_touches(s, n->dev, kind);
	if (r->ops && r->ops->touches)
		r->ops->touches(s, r->net, kind);
}

uint64_t network_held(const struct sim *s)
{
	const struct network *n = state(s);
	uint64_t held = platforms_held(s);

	for (uint32_t c = 0; c < n->dev->n_classes; c++) {
		bool seen = !n->route[c].ops || !n->route[c].ops->held;
		for (uint32_t b = 0; b < c && !seen; b++)
			seen = n->route[b].ops && n->route[b].net == n->route[c].net;
		held += seen ? 0 : n->route[c].ops->held(s, n->route[c].net);
	}
	return held;
}

unsigned network_mtu(const struct sim *s, uint32_t device)
{
	const struct network *n = state(s);
	const struct route *r = &n->route[n->dev->class_of[device]];

	return r->ops ? r->ops->mtu(s, r->net, device) : 0;
}

bool network_has(const struct node *class_node)
{
	return preferred(class_node) != NULL;
}

const struct uses_params *network_uses(const struct scenario *sc, const struct node *class_node, const struct node *element)
{
	const struct node *uses = preferred(class_node);
	const struct uses_params *p = uses ? uses->par : NULL;

	(void)sc;
	return p && p->network == element ? p : NULL;
}

void network_owner(struct sim *s, enum purpose p, answer_fn *fn, void *ctx)
{
	struct network *n = state(s);

	BUG_ON(s, (unsigned)p >= PURPOSES || n->owner[p].fn);
	n->owner[p] = (struct owner){ fn, ctx };
}

void network_answer(struct sim *s, const struct message *m, enum fate fate)
{
	const struct network *n = state(s);
	const struct owner *o;

	BUG_ON(s, m->purpose >= PURPOSES || (unsigned)fate >= FATES);
	o = &n->owner[m->purpose];
	if (o->fn)
		o->fn(s, o->ctx, m, fate);
}

const struct model uses_model = {
	.name = "uses",
	.example = "network=\"lpwan\"",
	.doc = "The access network that a device class uses, in order of preference.",
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
