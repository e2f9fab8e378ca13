/*
 * join - over-the-air activation as real frames: JoinRequest 23 B up, JoinAccept 17 or 33 B down, windows at 5 s and 6 s.
 *
 * Trials start at the fastest data rate; every 8th, 16th, 24th, 32nd, 48th takes a slower one [LoRaMac-node, RP002
 * EU868 2.4.1].  US915: eight at the slowest, then one on the 500 kHz channel; AS923: always DR2 [LoRaMac-node].  Requests
 * keep to the region's default channels where the network has them.  Back-off: 1 % of the time in the first hour, 0.1 %
 * until the 11th, 0.01 % after; a request that what is left of a period does not hold waits for the next [LoRaWAN 1.0.3, 7].
 */
#include "models/network/lorawan/lorawan_private.h"

static const uint32_t PURPOSE_REJOIN = RNG_PURPOSE('l', 'w', 'r', 'j');
static const uint32_t PURPOSE_JOIN = RNG_PURPOSE('l', 'w', 'j', 'n');
enum { JOIN_REQUEST_BYTES = 23, REJOIN_BYTES = 19, REJOIN_EARLY = 10 };

uint8_t lw_fixed_rate(const struct lorawan *lw)
{
	unsigned sf = LORA_SF_MIN + (unsigned)(lw->par->spreading_factor - RATE_SF7);
	uint8_t dr = lw->dr_min;

	while (dr < lw->region->up_last && (lw->pick[dr].n == 0 || lw->region->dr[dr].sf != sf))
		dr++;
	return dr;
}

void lw_first_rate(struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	int rule = lw->par->spreading_factor;

	d->power = 0;
	d->dr = lw->dr_min;
	if (rule >= RATE_SF7) {
		d->dr = lw_fixed_rate(lw);
	} else if (rule == RATE_LINK && d->n_links) {
		double p = lw_link(lw, d, 0)->centidbm * 0.01;
		for (uint8_t dr = lw->dr_min; dr <= lw->dr_max; dr++)
			if (rate_device_sensitivity_dbm(&lw->region->dr[dr]) < p)
				d->dr = dr;
	}
}

uint8_t lw_join_rate(const struct lorawan *lw, unsigned trial)
{
	static const uint8_t every[] = { 48, 32, 24, 16, 8 };
	unsigned span = lw->dr_join - lw->dr_min;

	if (lw->region->join == JOIN_WIDE_NINTH)
		return trial % 9 == 0 ? lw->dr_join_wide : lw->dr_join;
	if (lw->region->join == JOIN_FIXED)
		return lw->dr_join;
	for (unsigned i = 0; i < 5; i++)
		if (trial && trial % every[i] == 0)
			return (uint8_t)(lw->dr_min + (i < span ? i : span));
	return lw->dr_join;
}

/* A JoinRequest goes out. */
static void request(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	uint32_t slot = lw_slot_take(s, lw);

	if (slot == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	u->m = (struct message){
		.created = s->now, .device = device, .bytes = JOIN_REQUEST_BYTES, .purpose = PURPOSE_ONBOARDING
	};
	u->join = true;
	u->max_tries = 1;
	u->nonce_draw = d->frames;
	u->counted = s->now >= s->warmup;
	d->join_trials = (uint8_t)(d->join_trials == UINT8_MAX ? 1 : d->join_trials + 1);
	lw->joins_tried++;
	lw_begin(s, lw, device, slot);
}

void lw_join_begin(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	uint64_t w[2];

	rng_block(s->key, PURPOSE_JOIN, device_key(lw->devices, device), d->frames, w);
	d->generation++;
	d->join_trials = 0;
	lw->join_since[device] = s->now;
	sim_after(s, (simtime_t)(rng_unit(w[0]) * (double)lw->par->join_spread), lw->ev_timer, device, d->generation);
}

/* The first hour, the ten after it, each day from then on: since the device began to join. */
static simtime_t period_end(simtime_t age)
{
	if (age < SIM_HOUR)
		return SIM_HOUR;
	return 11 * SIM_HOUR + (age < 11 * SIM_HOUR ? 0 : ((age - 11 * SIM_HOUR) / SIM_DAY + 1) * SIM_DAY);
}

/* The device's timer while it has nothing in work: time for the next trial. */
void lw_join_retry(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];

	if (d->flags & LW_JOINED || !(d->flags & LW_POWERED))
		return;
	if (s->now < lw->join_until[device]) {
		d->generation++;
		sim_at(s, lw->join_until[device], lw->ev_timer, device, d->generation);
		return;
	}
	simtime_t age = s->now - lw->join_since[device];
	simtime_t over = period_end(age);
	double duty = age < SIM_HOUR ? 0.01 : age < 11 * SIM_HOUR ? 0.001 : 0.0001;
	simtime_t airtime = (simtime_t)lw->airtime_us[lw_join_rate(lw, d->join_trials + 1u)][JOIN_REQUEST_BYTES] * SIM_US;
	simtime_t cost = (simtime_t)((double)airtime / duty);
	if (age > over - cost) { /* more than what is left of the period holds */
		lw->join_until[device] = lw->join_since[device] + over;
		d->generation++;
		sim_at(s, lw->join_until[device], lw->ev_timer, device, d->generation);
		return;
	}
	lw->join_until[device] = s->now + cost;
	request(s, lw, device);
}

/* ---- LoRaWAN 1.1: rejoin requests of type 0 ---- */

/* The next one, up to a tenth of the period early so that devices that joined together do not stay together. */
static void rejoin_later(struct sim *s, struct lorawan *lw, uint32_t device)
{
	uint64_t w[2];

	if (lw->par->rejoin == 0)
		return;
	rng_block(s->key, PURPOSE_REJOIN, device_key(lw->devices, device), lw->device[device].frames, w);
	simtime_t early = (simtime_t)(rng_unit(w[0]) * (double)lw->par->rejoin / REJOIN_EARLY);
	lw->join_until[device] = s->now + lw->par->rejoin - early;
	sim_at(s, lw->join_until[device], lw->ev_rejoin, device, 0);
}

static void on_rejoin(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct lorawan *lw = ctx;
	uint32_t slot;

	(void)detail;
	if (lw->join_until[device] != s->now || !(lw->device[device].flags & LW_JOINED))
		return;                              /* of a session that is over */
	if (lw->device[device].slot != LW_NO_SLOT) { /* it has something to send first */
		lw->join_until[device] = s->now + SIM_MINUTE;
		sim_at(s, lw->join_until[device], lw->ev_rejoin, device, 0);
		return;
	}
	rejoin_later(s, lw, device);
	if ((slot = lw_slot_take(s, lw)) == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	u->m = (struct message){
		.created = s->now, .device = device, .bytes = REJOIN_BYTES, .purpose = PURPOSE_ONBOARDING
	};
	u->join = u->rejoin = true;
	u->max_tries = 1;
	u->counted = s->now >= s->warmup;
	lw->rejoins_tried++;
	lw_begin(s, lw, device, slot);
}

/* New keys, and a server that begins anew with what it knows; data rate and power stay. */
void lw_rejoin_done(struct sim *s, struct lorawan *lw, uint32_t device)
{
	(void)s;
	lw->rejoins_done++;
	lw->device[device].adr_count = 0;
	lw_adr_forget(lw, device);
}

void lw_join_handlers(struct sim *s, struct lorawan *lw)
{
	if (lw->par->rejoin)
		lw->ev_rejoin = sim_handler(s, "lorawan.rejoin", on_rejoin, lw);
}

void lw_join_done(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	uint8_t dr = lw_join_rate(lw, d->join_trials);

	lw->joins_done++;
	tally_add(&lw->join_time, sim_seconds(s->now - lw->join_since[device]));
	d->flags |= LW_JOINED;
	lw_listen_begin(s, lw, device);
	lw_first_rate(lw, device);
	if (lw->par->spreading_factor == RATE_ADR)
		d->dr = dr; /* it starts where it was heard */
	d->adr_count = 0;
	lw_adr_forget(lw, device);
	rejoin_later(s, lw, device);
	device_attached(s, device);
}
