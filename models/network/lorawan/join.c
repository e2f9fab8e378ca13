/*
 * join - over-the-air activation as real frames: JoinRequest 23 B up, JoinAccept 17 or 33 B down, windows at 5 s and 6 s.
 *
 * Trials start at the fastest data rate; every 8th, 16th, 24th, 32nd, 48th takes a slower one [LoRaMac-node, RP002
 * EU868 2.4.1].  US915: eight at the slowest, then one on the 500 kHz channel; AS923: always DR2 [LoRaMac-node].  Requests
 * keep to the region's default channels where the network has them.  Back-off: 1 % of the time in the first hour, 0.1 %
 * until the 11th, 0.01 % after [LoRaWAN 1.0.3, 7].
 */
#include "models/network/lorawan/lorawan_private.h"

static const uint32_t PURPOSE_JOIN = RNG_PURPOSE('l', 'w', 'j', 'n');
enum { JOIN_REQUEST_BYTES = 23 };

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
	u->nonce = lw_draw_nonce(s, lw, device);
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
	simtime_t over = age < SIM_HOUR ? SIM_HOUR : age < 11 * SIM_HOUR ? 11 * SIM_HOUR : SIM_NEVER;
	double duty = age < SIM_HOUR ? 0.01 : age < 11 * SIM_HOUR ? 0.001 : 0.0001;
	simtime_t airtime = (simtime_t)lw->airtime_us[lw_join_rate(lw, d->join_trials + 1u)][JOIN_REQUEST_BYTES] * SIM_US;
	simtime_t cost = (simtime_t)((double)airtime / duty);
	if (lw->par->strict_join_budget && age > over - cost) { /* more than what is left of the period holds */
		lw->join_until[device] = lw->join_since[device] + over;
		d->generation++;
		sim_at(s, lw->join_until[device], lw->ev_timer, device, d->generation);
		return;
	}
	lw->join_until[device] = s->now + cost;
	request(s, lw, device);
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
	device_attached(s, device);
}
