/*
 * What a hub's devices share: its medium's rate, which background traffic takes a part of, and multicast.
 *
 * Background traffic (what devices send that is not simulated message by message) takes its rate from what others send over the
 * same hub: they take longer, not more energy.  Where it asks for more than the hub has, a hundredth is left to the others.
 *
 * In a multicast every hub with members sends each fragment once, without acknowledgement; a member that is on the hub from the
 * first to the last, with power, receives each but for the loss of one attempt, independently.
 */
#include "models/network/local_private.h"

static const uint32_t PURPOSE_CAST = RNG_PURPOSE('l', 'm', 'c', 's');
static const double LEAST_SHARE = 0.01; /* of the rate, left beside background traffic: a medium is shared by turns */

/* ---- rate ---- */

static simtime_t air_of(const struct local *l, const struct local_hub *h, uint32_t bytes, double rate, bool shared, simtime_t *alone)
{
	double bits = 8.0 * (double)(bytes + l->p->overhead);

	*alone = sim_from_seconds(bits / rate);
	if (!shared || h->background == 0)
		return *alone;
	return sim_from_seconds(bits / fmax(rate - 8e-3 * (double)h->background, LEAST_SHARE * rate));
}

simtime_t local_air_up(const struct local *l, const struct local_hub *h, uint32_t bytes, simtime_t *alone)
{
	return air_of(l, h, bytes, l->p->rate, true, alone);
}

simtime_t local_air_down(const struct local *l, const struct local_hub *h, uint32_t bytes, simtime_t *alone)
{
	bool one_medium = isnan(l->p->rate_down);

	return air_of(l, h, bytes, one_medium ? l->p->rate : l->p->rate_down, one_medium, alone);
}

/* Whole numbers, so that what is taken back leaves nothing behind. */
void local_background(struct sim *s, void *net, uint32_t device, double change)
{
	struct local *l = net;

	(void)s;
	l->hub[local_device(l, device)->hub].background += llround(change * 1e3);
}

/* ---- multicast ---- */

/* Fragments that a member receives: those lost are as far apart as the geometric law says. */
static uint32_t draw_received(const struct sim *s, const struct local *l, uint32_t device, uint32_t session, uint32_t fragments)
{
	struct rng r = rng_stream(s->key, PURPOSE_CAST, rng_mix(local_key(l, device) + session), 0);
	uint32_t lost = 0;
	double at = 0;

	if (l->p->loss <= 0 || l->p->loss >= 1)
		return l->p->loss <= 0 ? fragments : 0;
	for (;;) {
		at += 1 + floor(log(rng_uniform(&r)) / log1p(-l->p->loss));
		if (at > fragments)
			return fragments - lost;
		lost++;
	}
}

/* Room for a session with so many devices: that of one that is over, or more. */
static struct local_cast *take_cast(struct sim *s, struct local *l, uint32_t devices, uint16_t *number)
{
	uint32_t k = 0;

	while (k < l->n_casts && (l->cast[k]->hubs || l->cast[k]->room < devices))
		k++;
	if (k == l->n_casts) {
		struct local_cast *c = l->n_casts < LOCAL_CASTS ? sim_alloc(s, 1, sizeof *c) : NULL;
		if (!c || !(c->listener = sim_alloc(s, devices + 1u, sizeof *c->listener))) {
			sim_fail(s, SIM_E_LIMIT, "%s cannot have more than %d multicasts at a time", l->node->id,
				 LOCAL_CASTS);
			return NULL;
		}
		c->room = devices;
		l->cast[l->n_casts++] = c;
	}
	*number = (uint16_t)k;
	return l->cast[k];
}

static struct local_listener listen_now(const struct sim *s, const struct local *l, const struct multicast *m, uint32_t device)
{
	const struct local_device *d = local_device(l, device);
	const struct local_hub *h = &l->hub[d->hub];
	bool member = !m->member || m->member(s, m->ctx, device);

	return (struct local_listener){ .member = member,
					.hears = member && d->flags & LOCAL_ASSOCIATED && h->live &&
						 m->fragment_bytes <= l->p->mtu,
					.powered = d->powered,
					.breaks = h->outage.changes };
}

/* The hub's part ends when it has sent all. */
static void begin_hub(struct sim *s, struct local *l, struct local_cast *c, uint16_t number, uint32_t hub)
{
	const struct local_hub *h = &l->hub[hub];
	simtime_t alone, air = local_air_down(l, h, c->m.fragment_bytes, &alone);
	uint32_t members = 0;

	for (uint32_t i = h->first; i < h->first + h->count; i++) {
		struct local_listener *x = &c->listener[i - c->first];
		*x = listen_now(s, l, &c->m, i);
		members += x->member;
	}
	if (members == 0)
		return;
	c->hubs++;
	sim_after(s, c->m.fragments * air, l->kind_cast, hub, number);
}

void local_multicast(struct sim *s, void *net, const struct multicast *m)
{
	struct local *l = net;
	const struct local_class *of = &l->classes[m->class_index];
	uint16_t number = 0;
	struct local_cast *c = take_cast(s, l, of->count, &number);

	if (!c || of->count == 0)
		return;
	c->m = *m;
	c->first = of->first;
	c->session = l->casts_begun++;
	uint32_t last = of->device[of->count - 1].hub;
	for (uint32_t hub = of->device[0].hub; hub <= last; hub++)
		begin_hub(s, l, c, number, hub);
}

static uint32_t received(struct sim *s, struct local *l, const struct local_cast *c, uint32_t device)
{
	const struct local_listener *x = &c->listener[device - c->first];
	const struct local_device *d = local_device(l, device);
	simtime_t alone;

	if (!x->hears || !(d->flags & LOCAL_ASSOCIATED) || x->powered != d->powered ||
	    x->breaks != l->hub[d->hub].outage.changes)
		return 0;
	local_air_down(l, &l->hub[d->hub], c->m.fragment_bytes, &alone);
	alone *= c->m.fragments;
	device_charge(s, l->dev, device, ENERGY_RX, l->p->rx_draw * sim_seconds(alone), alone);
	return draw_received(s, l, device, c->session, c->m.fragments);
}

/* The room is free once the last has been told: who is told may begin another session. */
static void on_cast(struct sim *s, void *ctx, uint32_t hub, uint16_t number)
{
	struct local *l = ctx;
	const struct local_hub *h = &l->hub[hub];
	struct local_cast *c = l->cast[number];

	for (uint32_t i = h->first; i < h->first + h->count; i++)
		if (c->listener[i - c->first].member)
			c->m.done(s, c->m.ctx, i, received(s, l, c, i));
	c->hubs--;
}

void local_cast_handlers(struct sim *s, struct local *l)
{
	l->kind_cast = sim_handler(s, "local-link.multicast", on_cast, l);
}
