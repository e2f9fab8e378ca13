/*
 * <choosing>: how a device whose class uses several networks comes to use one of them.
 *
 *   it uses a network that ...             for so long     then it attaches to
 *   has no live way out                    notice          the first by rank that has one
 *   lost so many messages in a row         (fall-over)     the next by rank that has one
 *   has, as one before it by rank has      back-after      that one
 *
 * Networks rank as the class names them, those of other operators (roaming) after all others; these count only while none of
 * the class's own has a live way.  A device goes on using the old network until the new one has attached it, by that
 * network's own procedure; then it is detached from the old one.  An attempt that lasts longer than `patience` is given up, and
 * each such in a row doubles the wait before that network is taken for better than the one in use; where there is nothing else
 * to use, it goes on.
 * At most one attempt is under way, so what device_attached() means is never in doubt.
 *
 * That a network has no live way a device is taken to notice, and that a preferred one has, to find out by listening; messages
 * count as lost as if each were acknowledged end to end.  Decisions are events of their own: networks report in the middle of
 * what they do.
 */
#include "models/network/network_private.h"

#include "models/device/group.h"

static const struct place places[] = { { "device-class", 0, 1 } };

static const struct param params[] = {
	COUNT(struct choosing_params, fall_over, "3", "0", "200",
	      "consecutive messages lost on a network after which a device moves to the next one; 0: it never does for that reason",
	      NULL),
	TIME(struct choosing_params, notice, "1min", "0s", "30d",
	     "how long a network has had no live way out before a device that uses it moves to another", NULL),
	TIME(struct choosing_params, back_after, "10min", "0s", "1yr",
	     "how long a more preferred network has had a live way out, and the device used another, before it goes back; doubled by "
	     "each attempt in a row that was given up, up to 64 times",
	     NULL),
	TIME(struct choosing_params, patience, "1h", "1s", "30d", "an attempt to attach that lasts longer is given up", NULL),
};

static const struct evidence evidence[] = {
	{ "share of time, fall-overs, delivery of two networks",
	  "two alternating renewal processes, in closed form and in a simulation of their own",
	  "99 % interval, tests/validation/valid_local.c" },
};

static void load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct node *uses = node_child(n->parent, &uses_model);

	(void)sc;
	for (size_t i = 0; i < sizeof params / sizeof params[0] && !(uses && node_next(uses)); i++) {
		char name[64];
		if (node_given(n, param_name(&params[i], name, sizeof name))) {
			node_error(n, d, name, "has nothing to decide: the class uses %s (name a second <uses>)",
				   uses ? "one network only" : "no network");
			return;
		}
	}
}

/* ---- what a device can use ---- */

static struct way *ways_of(const struct routes *all, uint32_t device)
{
	return &all->way[(size_t)(device - all->first) * all->n];
}

static bool own_lives(const struct routes *all, const struct way *w)
{
	for (uint32_t r = 0; r < all->n; r++)
		if (w[r].live && !all->route[r].uses->roaming)
			return true;
	return false;
}

/* Whether it has a live way that may be used now. */
static bool usable(const struct routes *all, const struct way *w, uint32_t r)
{
	return w[r].live && (!all->route[r].uses->roaming || !own_lives(all, w));
}

/* The first usable one by rank, from the one after route `r` on and round to it; NO_ROUTE: none. */
static uint8_t next_usable(const struct routes *all, const struct way *w, uint8_t r)
{
	uint32_t from = r == NO_ROUTE ? 0 : all->route[r].rank + 1;

	for (uint32_t k = 0; k < all->n; k++) {
		uint8_t q = all->by_rank[(from + k) % all->n];
		if (usable(all, w, q))
			return q;
	}
	return NO_ROUTE;
}

static bool is_live(const struct way *w, uint8_t r)
{
	return r != NO_ROUTE && w[r].live;
}

/* ---- moving ---- */

static void decide_at(struct sim *s, const struct choosing *c, uint32_t device, struct seat *h, simtime_t t)
{
	h->generation++;
	if (t != SIM_NEVER)
		sim_at(s, t, c->kind, device, h->generation);
}

static void try(struct sim *s, const struct choosing *c, uint32_t device, const struct routes *all, uint8_t r)
{
	struct seat *h = seat_of(all, device);

	h->trying = r;
	h->tried = s->now;
	h->begun = false;
	h->left_live = is_live(ways_of(all, device), h->current);
	decide_at(s, c, device, h, s->now);
}

static void give_up(struct sim *s, uint32_t device, const struct routes *all)
{
	struct seat *h = seat_of(all, device);
	const struct route *r = &all->route[h->trying];

	h->trying = NO_ROUTE;
	h->moved = s->now;
	if (h->begun)
		r->ops->detach(s, r->net, device);
}

/* The network that a device tried has attached it. */
static void on_attached(struct sim *s, void *ctx, uint32_t device)
{
	struct choosing *c = ctx;
	uint32_t class_index = c->dev->class_of[device];
	const struct routes *all = &c->routes[class_index];
	struct seat *h;
	uint8_t old;

	if (!all->seat)
		return;
	h = seat_of(all, device);
	old = h->current;
	if (h->trying == NO_ROUTE || !h->begun)
		return;
	if (old != NO_ROUTE)
		choosing_count_time(s, c, device, 1);
	h->current = h->trying;
	h->trying = NO_ROUTE;
	h->moved = s->now;
	h->failures = 0;
	h->move_on = false;
	ways_of(all, device)[h->current].vain = 0;
	choosing_count_time(s, c, device, -1);
	decide_at(s, c, device, h, s->now);
	if (old == NO_ROUTE)
		return;
	if (s->now >= s->warmup) {
		struct choices *k = &c->cell[c->dev->cell[device]];
		bool fell = all->route[h->current].rank > all->route[old].rank;
		k->fall_overs += fell;
		k->returns += !fell;
	}
	all->route[old].ops->detach(s, all->route[old].net, device);
}

/* ---- deciding ---- */

enum { MOST_DOUBLINGS = 6 };

/* It waits for a network to attach it. */
static void decide_attaching(struct sim *s, struct choosing *c, uint32_t device, const struct routes *all)
{
	struct seat *h = seat_of(all, device);
	struct way *w = ways_of(all, device);
	const struct route *r = &all->route[h->trying];
	simtime_t begin = h->tried + r->uses->attach_delay, limit = begin + all->choosing->patience;
	bool current_lives = is_live(w, h->current), tried_lives = w[h->trying].live;
	uint8_t tried = h->trying, next = next_usable(all, w, tried);
	bool elsewhere = current_lives || (next != NO_ROUTE && next != tried);

	if (current_lives && !h->left_live && all->route[h->current].rank < r->rank) {
		give_up(s, device, all); /* it is back */
	} else if (!tried_lives && (current_lives || next_usable(all, w, NO_ROUTE) != NO_ROUTE)) {
		give_up(s, device, all);
		if (!current_lives)
			try(s, c, device, all, next_usable(all, w, NO_ROUTE));
	} else if (s->now >= limit && elsewhere) {
		w[tried].vain += w[tried].vain < MOST_DOUBLINGS;
		give_up(s, device, all);
		if (!current_lives)
			try(s, c, device, all, next);
	} else if (!h->begun && s->now >= begin) {
		h->begun = true;
		decide_at(s, c, device, h, limit);
		r->ops->attach(s, r->net, device);
		return;
	} else {
		decide_at(s, c, device, h, !h->begun ? begin : s->now < limit ? limit : SIM_NEVER);
		return;
	}
	if (h->trying == NO_ROUTE)
		decide_at(s, c, device, h, s->now);
}

/* A more preferred network that has lived long enough to go back to, or NO_ROUTE; *next: when to look again, if earlier. */
static uint8_t back_to(const struct sim *s, const struct routes *all, const struct seat *h, const struct way *w, simtime_t *next)
{
	for (uint32_t k = 0; k < all->route[h->current].rank; k++) {
		uint8_t r = all->by_rank[k];
		simtime_t wait = all->choosing->back_after * ((simtime_t)1 << w[r].vain);
		simtime_t t = (w[r].since > h->moved ? w[r].since : h->moved) + wait;
		if (!usable(all, w, r))
			continue;
		if (s->now >= t)
			return r;
		*next = t < *next ? t : *next;
	}
	return NO_ROUTE;
}

/* It uses a network: stay, and look again when that may end, or move on. */
static void decide_using(struct sim *s, struct choosing *c, uint32_t device, const struct routes *all)
{
	struct seat *h = seat_of(all, device);
	const struct way *w = ways_of(all, device);
	simtime_t next = SIM_NEVER;
	uint8_t to = NO_ROUTE;

	if (h->move_on || !w[h->current].live) {
		uint8_t other = next_usable(all, w, h->move_on ? h->current : NO_ROUTE);
		simtime_t t = h->move_on ? s->now : w[h->current].since + all->choosing->notice;
		if (other != NO_ROUTE && other != h->current && s->now >= t)
			to = other;
		else if (other != NO_ROUTE && other != h->current)
			next = t;
	}
	if (to == NO_ROUTE)
		to = back_to(s, all, h, w, &next);
	h->move_on = false;
	if (to != NO_ROUTE)
		try(s, c, device, all, to);
	else
		decide_at(s, c, device, h, next);
}

static void decide(struct sim *s, struct choosing *c, uint32_t device, const struct routes *all)
{
	const struct seat *h = seat_of(all, device);

	if (h->trying != NO_ROUTE)
		decide_attaching(s, c, device, all);
	else if (h->current != NO_ROUTE)
		decide_using(s, c, device, all);
}

static void on_timer(struct sim *s, void *ctx, uint32_t device, uint16_t generation)
{
	struct choosing *c = ctx;
	const struct routes *all = &c->routes[c->dev->class_of[device]];

	if (generation == seat_of(all, device)->generation)
		decide(s, c, device, all);
}

/* ---- what happens to a device ---- */

void choosing_up(struct sim *s, struct choosing *c, uint32_t device)
{
	const struct routes *all = &c->routes[c->dev->class_of[device]];
	struct seat *h = seat_of(all, device);
	uint8_t r = next_usable(all, ways_of(all, device), NO_ROUTE);

	h->current = h->trying = NO_ROUTE;
	h->failures = 0;
	h->move_on = false;
	try(s, c, device, all, r == NO_ROUTE ? all->by_rank[0] : r);
}

void choosing_down(struct sim *s, struct choosing *c, uint32_t device)
{
	const struct routes *all = &c->routes[c->dev->class_of[device]];
	struct seat *h = seat_of(all, device);

	if (h->trying != NO_ROUTE)
		give_up(s, device, all);
	if (h->current != NO_ROUTE) {
		const struct route *r = &all->route[h->current];
		choosing_count_time(s, c, device, 1);
		h->current = NO_ROUTE;
		r->ops->detach(s, r->net, device);
	}
	h->generation++;
}

void choosing_path(struct sim *s, struct choosing *c, uint32_t device, uint32_t r, int change)
{
	const struct routes *all = &c->routes[c->dev->class_of[device]];
	struct way *w = &ways_of(all, device)[r];
	struct seat *h = seat_of(all, device);
	bool lived = w->live > 0;

	w->live = (uint32_t)((int)w->live + change);
	if ((w->live > 0) == lived)
		return;
	w->since = s->now;
	if (h->current != NO_ROUTE || h->trying != NO_ROUTE)
		decide_at(s, c, device, h, s->now);
}

/* Causes that tell of the network, not of the platform behind it, the message or the device. */
static bool blames_network(enum fate fate)
{
	switch (fate) {
	case FATE_NO_COVERAGE:
	case FATE_INTERFERENCE:
	case FATE_NO_DEMODULATOR:
	case FATE_RECEIVER_SENDING:
	case FATE_ACCESS_BARRED:
	case FATE_RETRIES_EXHAUSTED:
	case FATE_GATEWAY_DOWN:
	case FATE_BACKHAUL: return true;
	default: return false;
	}
}

void choosing_fate(struct sim *s, struct choosing *c, const struct message *m, enum fate fate)
{
	const struct routes *all = &c->routes[c->dev->class_of[m->device]];
	struct route *r = &all->route[m->route];
	struct seat *h;

	r->delivered += fate == FATE_DELIVERED;
	r->lost += fate != FATE_DELIVERED;
	if (!all->seat || (m->down && fate != FATE_DELIVERED)) /* of a downlink that is lost the device knows nothing */
		return;
	h = seat_of(all, m->device);
	if (h->current != m->route)
		return;
	if (fate == FATE_DELIVERED)
		h->failures = 0;
	else if (blames_network(fate) && all->choosing->fall_over && ++h->failures >= all->choosing->fall_over) {
		h->failures = 0;
		if (h->trying != NO_ROUTE)
			return;
		h->move_on = true;
		decide_at(s, c, m->device, h, s->now);
	}
}

/* ---- set-up ---- */

static void rank(struct routes *all)
{
	uint32_t k = 0;

	for (int visited = 0; visited <= 1; visited++)
		for (uint32_t r = 0; r < all->n; r++)
			if (all->route[r].uses->roaming == (visited == 1)) {
				all->route[r].rank = k;
				all->by_rank[k++] = (uint8_t)r;
			}
}

static bool add_seats(struct sim *s, const struct device_class *class, struct routes *all)
{
	all->choosing = node_child(class->node, &choosing_model)->par;
	rank(all);
	all->seat = sim_alloc(s, class->count + 1u, sizeof *all->seat);
	all->way = sim_alloc(s, (size_t)(class->count + 1u) * all->n, sizeof *all->way);
	if (!all->seat || !all->way)
		return false;
	for (uint32_t i = 0; i < class->count; i++)
		all->seat[i].current = all->seat[i].trying = NO_ROUTE;
	return true;
}

bool choosing_new(struct sim *s, struct devices *dev, struct routes *routes, struct choosing **out)
{
	struct choosing *c;
	uint32_t several = 0;

	*out = NULL;
	for (uint32_t k = 0; k < dev->n_classes; k++)
		several += routes[k].n > 1;
	if (!several)
		return true;
	c = sim_alloc(s, 1, sizeof *c);
	if (!c)
		return false;
	c->dev = dev;
	c->routes = routes;
	c->cell = sim_alloc(s, groups_of(s)->n_cells, sizeof *c->cell);
	c->kind = sim_handler(s, "choosing.decide", on_timer, c);
	for (uint32_t k = 0; k < dev->n_classes; k++)
		if (routes[k].n > 1 && !add_seats(s, &dev->classes[k], &routes[k]))
			return false;
	device_subscribe(s, DEVICE_JOINED, on_attached, c);
	*out = c;
	return c->cell != NULL;
}

const struct model choosing_model = {
	.name = "choosing",
	.doc = "When a device whose class uses several networks moves from one to another, and back.",
	.implied = true,
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.par_size = sizeof(struct choosing_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = choosing_kpis,
	.n_kpis = CHOOSING_KPIS,
	.sections = choosing_sections,
	.n_sections = CHOOSING_SECTIONS,
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load,
};
