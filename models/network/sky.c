#include "models/network/sky_private.h"

#include <string.h>

#include "models/network/orbit.h"

static const simtime_t BEYOND = 30 * SIM_DAY; /* after the horizon, no pass is looked for */

struct satellite {
	struct orbit orbit;
	struct pass pass; /* under way or next; set < 0: not looked for yet */
	bool none;        /* no further one */
};

/* One satellite serves. */
struct contact {
	simtime_t from, to, before; /* before: time in view until `from` */
	uint32_t satellite;
};

struct sky {
	struct sky_params p;
	struct satellite *sat;
	struct contact *contact;
	uint32_t n, cap;
	double set; /* of the last contact, s, before it was rounded to the clock */
	bool over;  /* there are no more */
};

struct sky *sky_new(struct sim *s, const struct sky_params *p, uint64_t key)
{
	struct sky *k = sim_alloc(s, 1, sizeof *k);
	struct rng r = sim_rng(s, RNG_PURPOSE('s', 'k', 'y', '0'), key);
	double turned = 6.283185307179586 * rng_uniform(&r), gone = 6.283185307179586 * rng_uniform(&r);

	if (!k)
		return NULL;
	k->p = *p;
	k->sat = sim_alloc(s, p->satellites, sizeof *k->sat);
	if (!k->sat)
		return NULL;
	for (unsigned i = 0; i < p->satellites; i++) {
		k->sat[i].orbit = orbit_walker(p->altitude, p->inclination, p->satellites, p->planes, i);
		k->sat[i].orbit.node += turned;
		k->sat[i].orbit.phase += gone;
		k->sat[i].pass.set = -1;
	}
	return k;
}

/* The satellite's pass that is not over at t. */
static const struct pass *pass_at(struct sky *k, struct satellite *sat, double t, double until)
{
	while (!sat->none && sat->pass.set <= t)
		sat->none = !orbit_next_pass(&sat->orbit, k->p.latitude, k->p.elevation, fmax(sat->pass.set, 0), until,
					     &sat->pass);
	return sat->none ? NULL : &sat->pass;
}

static bool grow(struct sim *s, struct sky *k)
{
	uint32_t cap = k->cap ? 2 * k->cap : 64;
	struct contact *bigger = sim_alloc(s, cap, sizeof *bigger);

	if (!bigger)
		return false;
	if (k->n)
		memcpy(bigger, k->contact, k->n * sizeof *bigger);
	k->contact = bigger;
	k->cap = cap;
	return true;
}

/* The contact after the last: of those in view when that ends the one that stays longest, else the first to rise. */
static void next_contact(struct sim *s, struct sky *k)
{
	const struct contact *last;
	double t = k->set, until = sim_seconds(s->end + BEYOND), rise = INFINITY, set = 0;
	uint32_t best = 0;

	if (k->n == k->cap && !grow(s, k)) {
		k->over = true;
		return;
	}
	for (uint32_t i = 0; i < k->p.satellites; i++) {
		const struct pass *p = pass_at(k, &k->sat[i], t, until);
		double from = p ? fmax(p->rise, t) : INFINITY;
		if (p && (from < rise || (from <= rise && p->set > set))) {
			rise = from;
			set = p->set;
			best = i;
		}
	}
	k->over = !(rise < until) || !k->contact;
	if (k->over)
		return;
	last = k->n ? &k->contact[k->n - 1] : NULL;
	k->set = set;
	k->contact[k->n++] = (struct contact){ .from = last && rise <= t ? last->to : sim_from_seconds(rise),
					       .to = sim_from_seconds(set),
					       .before = last ? last->before + last->to - last->from : 0,
					       .satellite = best };
}

/* The last contact that begins before t (or before the time in view is t); NULL: none does. */
static const struct contact *contact_at(const struct sky *k, simtime_t t, bool by_service)
{
	uint32_t low = 0, high = k->n;

	while (low < high) {
		uint32_t m = (low + high) / 2;
		if ((by_service ? k->contact[m].before : k->contact[m].from) < t)
			low = m + 1;
		else
			high = m;
	}
	return low ? &k->contact[low - 1] : NULL;
}

simtime_t sky_served(struct sim *s, struct sky *k, simtime_t t)
{
	const struct contact *c;

	while (!k->over && (!k->n || k->contact[k->n - 1].to < t))
		next_contact(s, k);
	c = contact_at(k, t, false);
	if (!c)
		return 0;
	return c->before + (t < c->to ? t : c->to) - c->from;
}

simtime_t sky_when(struct sim *s, struct sky *k, simtime_t served, double *distance)
{
	const struct contact *c;
	simtime_t t;

	served = served > 0 ? served : 1; /* nothing leaves before a satellite is there */
	while (!k->over &&
	       (!k->n || k->contact[k->n - 1].before + k->contact[k->n - 1].to - k->contact[k->n - 1].from < served))
		next_contact(s, k);
	c = contact_at(k, served, true);
	t = c ? c->from + served - c->before : SIM_NEVER;
	*distance = k->p.altitude;
	if (!c || t > c->to)
		return s->end + BEYOND;
	*distance = orbit_distance(&k->sat[c->satellite].orbit, k->p.latitude, sim_seconds(t));
	return t;
}

uint32_t sky_handovers(struct sim *s, struct sky *k)
{
	uint32_t n = 0;

	sky_served(s, k, s->now);
	for (uint32_t i = 1; i < k->n && k->contact[i].from <= s->now; i++)
		n += k->contact[i].from == k->contact[i - 1].to && k->contact[i].from >= s->warmup;
	return n;
}
