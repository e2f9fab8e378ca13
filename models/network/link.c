/*
 * One link of a way: a single server with deterministic service (bytes over capacity) and a bounded queue, so the time at
 * which it is next free says all about its queue (Lindley's recursion) and a message costs no event.  What has not left when
 * the link breaks is lost; since the next break is known, that is decided when the message is offered.
 *
 * A link to satellites serves only while one is in view and stores meanwhile: its recursion runs on the clock of time in
 * view, so what a pass leaves unsent goes on with the next.
 */
#include "models/network/backhaul_private.h"
#include "models/network/orbit.h"

#define RAD (3.141592653589793 / 180)

/* One sky an element: its links see the same satellites. */
static struct sky *sky_of(struct sim *s, const struct ways *w, const struct node *element)
{
	const struct backhaul_params *p = element->par;

	for (uint32_t i = 0; i < w->n_links; i++)
		if (w->link[i]->element == element)
			return w->link[i]->sky;
	return sky_new(s,
		       &(struct sky_params){ .altitude = p->altitude,
					     .inclination = RAD * p->inclination,
					     .latitude = RAD * p->latitude,
					     .elevation = RAD * p->elevation,
					     .satellites = (unsigned)p->satellites,
					     .planes = (unsigned)p->planes },
		       element->key);
}

static bool grow(struct sim *s, struct ways *w)
{
	uint32_t cap = w->cap_links ? 2 * w->cap_links : 16;
	struct link **link = sim_alloc(s, cap, sizeof(struct link *));

	if (!link)
		return false;
	for (uint32_t i = 0; i < w->n_links; i++)
		link[i] = w->link[i];
	w->link = link;
	w->cap_links = cap;
	return true;
}

struct link *link_new(struct sim *s, struct ways *w, const struct node *element, uint64_t site_key)
{
	struct link *l = sim_alloc(s, 1, sizeof *l);
	uint64_t key = rng_mix(element->key ^ rng_mix(site_key));

	if (!l || (w->n_links == w->cap_links && !grow(s, w)))
		return NULL;
	l->p = element->par;
	l->element = element;
	l->all = w;
	if (l->p->medium == MEDIUM_LEO && !(l->sky = sky_of(s, w, element)))
		return NULL;
	l->ns_per_byte = isnan(l->p->capacity) ? 0 : 8e9 / l->p->capacity;
	l->jitter = sim_rng(s, RNG_PURPOSE('b', 'j', 'i', 't'), key);
	outage_init(s, &l->outage, l->p->availability, l->p->repair, RNG_PURPOSE('b', 'o', 'u', 't'), key, w->kind_change,
		    w->n_links);
	w->link[w->n_links++] = l;
	return l;
}

/* The clock of the server. */
static simtime_t served(struct sim *s, const struct link *l, simtime_t t)
{
	return l->sky ? sky_served(s, l->sky, t) : t;
}

/* When that clock has come to `work`, and how long light takes over the satellite then: up and down again where the satellite
 * only reflects; where it is itself the network's node, up. */
static simtime_t when(struct sim *s, const struct link *l, simtime_t work, simtime_t *light)
{
	double distance;
	simtime_t t;

	*light = 0;
	if (!l->sky)
		return work;
	t = sky_when(s, l->sky, work, &distance);
	*light = sim_from_seconds((l->p->relay == RELAY_TRANSPARENT ? 2 : 1) * distance / ORBIT_LIGHT);
	return t;
}

/* The service within [from, to] that is counted: after the warm-up, before the horizon. */
static simtime_t counted(struct sim *s, const struct link *l, simtime_t from, simtime_t to)
{
	simtime_t first = served(s, l, s->warmup), last = served(s, l, s->end);

	if (from < first)
		from = first;
	if (to > last)
		to = last;
	return to > from ? to - from : 0;
}

static simtime_t lose_down(struct link *l, unsigned bytes, enum fate *fate)
{
	l->lost_down++;
	l->lost_down_bytes += bytes;
	*fate = FATE_BACKHAUL;
	return -1;
}

static simtime_t lose_full(struct link *l, unsigned bytes, enum fate *fate)
{
	l->lost_full++;
	l->lost_full_bytes += bytes;
	*fate = FATE_QUEUE_FULL;
	return -1;
}

static bool fits(const struct link *l, simtime_t waits, unsigned bytes)
{
	return l->ns_per_byte <= 0 || waits <= 0 || (double)waits / l->ns_per_byte + bytes <= (double)l->p->queue;
}

/* What no satellite is there for waits for one, however fast the link. */
static simtime_t work(const struct link *l, unsigned bytes)
{
	simtime_t t = (simtime_t)llrint(bytes * l->ns_per_byte);

	return l->sky && t == 0 ? 1 : t;
}

simtime_t link_offer(struct sim *s, struct link *l, unsigned bytes, bool down, enum fate *fate)
{
	simtime_t now = served(s, l, s->now), begin = l->free_at > now ? l->free_at : now, leave, delay, light, broken;

	bytes += (unsigned)l->p->overhead;
	l->offered++;
	l->offered_bytes += bytes;
	if (down || !link_works(l))
		return lose_down(l, bytes, fate);
	if (!fits(l, begin - now, bytes))
		return lose_full(l, bytes, fate);
	l->free_at = begin + work(l, bytes);
	leave = when(s, l, l->free_at, &light);
	broken = leave > l->outage.change ? served(s, l, l->outage.change) : l->free_at;
	l->busy += counted(s, l, begin, broken);
	if (leave > l->outage.change)
		return lose_down(l, bytes, fate);
	leave = leave > s->now ? leave : s->now;
	delay = leave - s->now + l->p->latency + light;
	if (l->p->jitter > 0)
		delay += sim_from_seconds(rng_exponential(&l->jitter, sim_seconds(l->p->jitter)));
	l->carried++;
	l->carried_bytes += bytes;
	if (s->now >= s->warmup) {
		tally_add(&l->delay, sim_seconds(delay));
		l->counted_bytes += bytes;
	}
	return delay;
}

simtime_t link_delay(struct sim *s, struct link *l)
{
	simtime_t light, t = when(s, l, served(s, l, s->now) + 1, &light);

	return (l->sky && t > s->now + 1 ? t - s->now : 0) + l->p->latency + light;
}
