/*
 * multicast - a class C session for many devices at once [LoRa Alliance TS005-1.0.0; fragments as of TS004-1.0.0].
 *
 * Members are set up (keys, time, data rate) when the session begins.  Every gateway that is the strongest of some member sends
 * all fragments, one after another, as soon as its duty cycle lets it, at RX2's frequency and power; it receives nothing while it
 * sends, and what else it would send waits.  A fragment that a frame cannot carry goes in several.  When the last gateway is
 * done the session is over for all.
 *
 * What a member has of it is counted once, at the end, from the fragments that its strongest gateway sent: all or none where
 * links do not fade, else a binomial draw by the chance of its fading.  Other frames do not disturb it, nor the other gateways,
 * nor what it sends itself.  A device that left the network meanwhile has lost the fragments, which it kept in memory without
 * power.  The others have received all the time.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

static const uint32_t PURPOSE_MEMBER = RNG_PURPOSE('l', 'w', 'm', 'c');
enum { FRAGMENT_HEADER = 3 }; /* DataFragment: command, index and session */

struct lw_session {
	struct multicast m;
	simtime_t begun, airtime;       /* of a frame */
	uint32_t  number, frames;       /* of a fragment */
	uint32_t  first_relay, n_relays, relays_done;
	uint32_t  n_members;
	struct lw_member { uint32_t device, relay; } *member;   /* relay: LW_NO_SLOT none that it hears */
	struct lw_session *next;
};

/* `whole`: every frame of the fragment so far was sent. */
struct lw_relay { struct lw_session *session; uint32_t next_frame, fragments_sent; uint16_t gateway; bool whole; };

static uint8_t rate_of(const struct lorawan *lw)
{
	return (uint8_t)lw->par->multicast_data_rate;
}

/* By how much the member's strongest gateway comes in over what it needs, dB. */
static double margin_db(const struct lorawan *lw, const struct lw_device *d)
{
	return lw_link(lw, d, 0)->centidbm * 0.01 + lw_down_dbm(lw, true, lw->region->rx2_hz) - lw->power_dbm -
	       rate_device_sensitivity_dbm(&lw->region->dr[rate_of(lw)]);
}

static bool make_relays(struct sim *s, struct lw_multicasts *k, uint32_t more)
{
	uint32_t cap = k->cap_relays ? k->cap_relays : 64;
	struct lw_relay *rows;

	if (k->n_relays + more <= k->cap_relays)
		return true;
	while (cap < k->n_relays + more)
		cap *= 2;
	rows = sim_alloc(s, cap, sizeof *rows);
	if (!rows)
		return false;
	if (k->n_relays)
		memcpy(rows, k->relay, k->n_relays * sizeof *rows);
	k->relay = rows;
	k->cap_relays = cap;
	return true;
}

/* The members, and a relay for each gateway that is the strongest of one. */
static bool gather(struct sim *s, struct lorawan *lw, struct lw_session *e)
{
	const struct device_class *c = &lw->devices->classes[e->m.class_index];
	struct lw_multicasts *k = lw->multicasts;
	uint32_t *relay = sim_alloc(s, lw->n_gateways + 1u, sizeof *relay); /* 1 + number; 0: none yet */

	e->member = sim_alloc(s, c->count + 1u, sizeof *e->member);
	if (!relay || !e->member || !make_relays(s, k, lw->n_gateways))
		return false;
	e->first_relay = k->n_relays;
	for (uint32_t i = c->first; i < c->first + c->count; i++) {
		const struct lw_device *d = &lw->device[i];
		struct lw_member *to = &e->member[e->n_members];
		if (e->m.member && !e->m.member(s, e->m.ctx, i))
			continue;
		*to = (struct lw_member){ i, LW_NO_SLOT };
		e->n_members++;
		if (!(d->flags & LW_JOINED) || d->n_links == 0 || radio_fading_chance(lw->radio, -margin_db(lw, d)) < 1e-6)
			continue;
		uint16_t g = lw_link(lw, d, 0)->gateway;
		if (!relay[g]) {
			k->relay[k->n_relays++] = (struct lw_relay){ .session = e, .gateway = g, .whole = true };
			relay[g] = k->n_relays;
		}
		to->relay = relay[g] - 1;
	}
	e->n_relays = k->n_relays - e->first_relay;
	return true;
}

/* Successes in n trials: by the gaps between the rarer outcome. */
static uint32_t binomial(struct rng *r, uint32_t n, double p)
{
	bool common = p > 0.5;
	double q = common ? 1 - p : p, scale = log1p(-q);
	uint32_t hits = 0;

	if (q <= 0)
		return common ? n : 0;
	for (double at = floor(log(rng_uniform(r)) / scale); at < n; at += 1 + floor(log(rng_uniform(r)) / scale))
		hits++;
	return common ? n - hits : hits;
}

/* Fragments that a member has. */
static uint32_t received(const struct sim *s, const struct lorawan *lw, const struct lw_session *e, const struct lw_member *m)
{
	const struct lw_multicasts *k = lw->multicasts;

	if (m->relay == LW_NO_SLOT || k->gone[m->device] >= e->begun)
		return 0;
	uint32_t sent = k->relay[m->relay].fragments_sent;
	double p = radio_fading_chance(lw->radio, -margin_db(lw, &lw->device[m->device]));
	struct rng r = sim_rng(s, PURPOSE_MEMBER, rng_mix(device_key(lw->devices, m->device) + e->number));
	return binomial(&r, sent, pow(p, e->frames));
}

static void session_over(struct sim *s, struct lorawan *lw, struct lw_session *e)
{
	struct lw_multicasts *k = lw->multicasts;
	simtime_t time = s->now - e->begun;

	for (uint32_t i = 0; i < e->n_members; i++) {
		uint32_t device = e->member[i].device;
		const struct lw_class *c = &lw->classes[lw->device[device].class_of];
		if (lw->device[device].flags & LW_JOINED && k->gone[device] < e->begun && !lw_listening(lw, device))
			device_charge(s, lw->devices, device, ENERGY_RX, c->class->rx_w * sim_seconds(time), time);
		uint32_t n = received(s, lw, e, &e->member[i]);
		k->told++;
		if (e->m.done)
			e->m.done(s, e->m.ctx, device, n);
	}
}

/* The frame goes out; returns its end. */
static void put_on_air(struct sim *s, struct lorawan *lw, uint32_t gateway, simtime_t end)
{
	struct lw_gateway *g = &lw->gateways[gateway];

	gateway_transmit(g->rx, s->now, end);
	if (s->now >= s->warmup) {
		g->sent++;
		g->down_airtime += end - s->now;
	}
	lw_air_add(s, lw,
		   &(struct lw_airing){ s->now, end, UINT32_MAX, (uint16_t)gateway,
					(int16_t)lround(100 * lw_down_dbm(lw, true, lw->region->rx2_hz)),
					(uint8_t)lw_row(lw, rate_of(lw)), lw->rx2_channel, true });
}

/* The next frame of a relay is due, or the last one is over. */
static void on_fragment(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct lorawan *lw = ctx;
	struct lw_multicasts *k = lw->multicasts;
	struct lw_relay *r = &k->relay[number];
	struct lw_session *e = r->session;
	struct lw_gateway *g = &lw->gateways[r->gateway];
	double hz = lw->region->rx2_hz;
	simtime_t end = s->now + e->airtime;
	int band = region_band(lw->region, hz);

	if (r->next_frame == e->m.fragments * e->frames) {
		if (++e->relays_done == e->n_relays)
			session_over(s, lw, e);
		return;
	}
	bool sends = g->live && lw_reserve(s, lw, g, hz, s->now, end);
	if (g->live && !sends) { /* not yet */
		simtime_t t = lw_down_free(s, lw, g, hz, e->airtime);
		sim_at(s, t > s->now ? t : s->now + SIM_MS, lw->ev_fragment, number, detail);
		return;
	}
	if (sends)
		put_on_air(s, lw, r->gateway, end);
	k->sent += sends;
	k->missed += !sends;
	r->whole &= sends;
	if (++r->next_frame % e->frames == 0) {
		r->fragments_sent += r->whole;
		r->whole = true;
	}
	if (!sends && band >= 0) /* the server's stream goes on without it, at the pace that it would have */
		end = s->now + (simtime_t)((double)e->airtime / lw->region->bands[band].duty);
	sim_at(s, end, lw->ev_fragment, number, detail);
}

void lw_multicast(struct sim *s, void *net, const struct multicast *m)
{
	struct lorawan *lw = net;
	struct lw_session *e = sim_alloc(s, 1, sizeof *e);
	unsigned room = lw_down_most(lw, rate_of(lw)) - FRAGMENT_HEADER, bytes;

	if (!lw->multicasts) {
		lw->multicasts = sim_alloc(s, 1, sizeof *lw->multicasts);
		if (!lw->multicasts || !(lw->multicasts->gone = sim_alloc(s, lw->n_devices + 1u, sizeof(simtime_t))))
			return;
		for (uint64_t i = 0; i < lw->n_devices; i++)
			lw->multicasts->gone[i] = -1;
	}
	if (!e)
		return;
	struct lw_multicasts *k = lw->multicasts;
	e->m = *m;
	e->begun = s->now;
	e->number = k->n_sessions++;
	e->frames = m->fragment_bytes > room ? (m->fragment_bytes + room - 1) / room : 1;
	bytes = (m->fragment_bytes + e->frames - 1) / e->frames + FRAGMENT_HEADER + (unsigned)lw->par->frame_overhead;
	e->airtime = rate_time_on_air(&lw->region->dr[rate_of(lw)], bytes, false);
	if (!gather(s, lw, e))
		return;
	e->next = k->last;
	k->last = e;
	k->members += e->n_members;
	k->wanted += (uint64_t)e->n_relays * m->fragments * e->frames;
	if (e->n_relays == 0) /* none of them hears anything */
		session_over(s, lw, e);
	for (uint32_t i = 0; i < e->n_relays; i++)
		sim_at(s, s->now, lw->ev_fragment, e->first_relay + i, 0);
}

uint64_t lw_multicast_left(const struct lorawan *lw)
{
	const struct lw_multicasts *k = lw->multicasts;
	uint64_t n = 0;

	for (uint32_t i = 0; i < k->n_relays; i++)
		n += k->relay[i].session->m.fragments * k->relay[i].session->frames - k->relay[i].next_frame;
	return n;
}

void lw_multicast_handlers(struct sim *s, struct lorawan *lw)
{
	lw->ev_fragment = sim_handler(s, "lorawan.multicast", on_fragment, lw);
}
