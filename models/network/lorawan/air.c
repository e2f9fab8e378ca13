/*
 * air - what a listening device hears besides the downlink meant for it.
 *
 * Other gateways' downlinks always; other devices' uplinks only without IQ inversion (real devices invert it, so that
 * uplinks do not disturb downlinks).  Recent frames are kept in a ring until they can matter no more.
 */
#include "models/device/mobility.h"
#include "models/network/lorawan/lorawan_private.h"

/* Longest frame and window that can look back on an entry: SF12 with a full payload, and its window. */
static const simtime_t KEEP = 8 * SIM_SECOND;

void lw_air_add(struct sim *s, struct lorawan *lw, const struct lw_airing *a)
{
	while (lw->n_airing && lw->airing[lw->first_airing].end + KEEP < s->now) {
		lw->first_airing = (lw->first_airing + 1) % lw->cap_airing;
		lw->n_airing--;
	}
	if (lw->n_airing == lw->cap_airing) {
		uint32_t cap = lw->cap_airing ? 2 * lw->cap_airing : 256;
		struct lw_airing *ring = sim_alloc(s, cap, sizeof *ring);
		if (!ring)
			return;
		for (uint32_t i = 0; i < lw->n_airing; i++)
			ring[i] = lw->airing[(lw->first_airing + i) % lw->cap_airing];
		lw->airing = ring;
		lw->first_airing = 0;
		lw->cap_airing = cap;
	}
	lw->airing[(lw->first_airing + lw->n_airing++) % lw->cap_airing] = *a;
}

static const struct lw_airing *airing_at(const struct lorawan *lw, uint32_t i)
{
	return &lw->airing[(lw->first_airing + i) % lw->cap_airing];
}

/* Power of an entry at a device, dBm; below any that matters where they are out of reach. */
static double power_at(const struct sim *s, const struct lorawan *lw, const struct lw_airing *a, uint32_t device)
{
	const struct devices *d = lw->devices;
	const struct lw_device *row = &lw->device[device];

	if (a->down) {
		for (unsigned i = 0; i < row->n_links; i++)
			if (lw_link(lw, row, i)->gateway == a->gateway)
				return (lw_link(lw, row, i)->centidbm + a->centidbm) * 0.01 - lw->power_dbm;
		return -300;
	}
	const struct lw_class *from = &lw->classes[lw->device[a->device].class_of], *to = &lw->classes[row->class_of];
	struct radio_end end = { device_position(s, d, device), to->class->height, device_key(d, device),
				 d->indoor[device] != 0 };
	struct radio_site site = { device_position(s, d, a->device), from->class->height, from->class->gain_db,
				   device_key(d, a->device) };
	return lw->power_dbm + a->centidbm * 0.01 + from->class->gain_db + to->class->gain_db -
	       radio_link_loss_db(lw->radio, &end, &site, lw->channel_hz[a->channel]);
}

/* Whether another device's uplink that begins in [from, until) on RX1's channel and spreading factor is still received at
 * `still`. */
static bool is_locked(const struct sim *s, const struct lorawan *lw, const struct lw_uplink *u, simtime_t from, simtime_t until, simtime_t still)
{
	uint8_t dr = lw->rx1_dr[u->dr];
	double least = rate_device_sensitivity_dbm(&lw->region->dr[dr]);

	for (uint32_t i = 0; i < lw->n_airing; i++) {
		const struct lw_airing *a = airing_at(lw, i);
		if (!a->down && a->device != u->m.device && a->channel == lw->down_channel[u->channel] &&
		    a->row == lw_row(lw, dr) && a->start >= from && a->start < until && a->end > still &&
		    power_at(s, lw, a, u->m.device) >= least)
			return true;
	}
	return false;
}

/* Without IQ inversion a receiver locks on to another device's uplink that begins in its first window: it then misses an
 * answer that begins later, and opens no second window while that uplink lasts. */
bool lw_listens(const struct sim *s, const struct lorawan *lw, const struct lw_uplink *u)
{
	simtime_t open = lw_rx1(lw, u);

	if (u->down_alone)
		return lw->listener[u->m.device].sending_until <= s->now;
	if (!lw->hears_uplinks)
		return true;
	if (!u->down_rx2)
		return !is_locked(s, lw, u, open, s->now, INT64_MIN);
	return !is_locked(s, lw, u, open, open + lw->window[lw->rx1_dr[u->dr]], open + SIM_SECOND);
}

/* Whether a downlink that is over survived what was on the air with it: energies as at a gateway. */
bool lw_air_clear(const struct sim *s, const struct lorawan *lw, const struct lw_uplink *u)
{
	enum lora_rejection m = (enum lora_rejection)lw->par->rejection;
	double energy[LORA_SFS] = { 0 };
	double wanted = pow(10, u->down_centidbm * 0.001) * (double)(u->down_end - u->down_start);

	for (uint32_t i = 0; i < lw->n_airing; i++) {
		const struct lw_airing *a = airing_at(lw, i);
		simtime_t from = a->start > u->down_start ? a->start : u->down_start;
		simtime_t to = a->end < u->down_end ? a->end : u->down_end;
		if (from >= to || a->channel != u->down_channel || (a->down && a->gateway == u->down_gateway) ||
		    (!a->down && a->device == u->m.device))
			continue;
		energy[a->row] += pow(10, power_at(s, lw, a, u->m.device) * 0.1) * (double)(to - from);
	}
	for (unsigned i = 0; i < LORA_SFS; i++)
		if (energy[i] > 0 &&
		    10 * log10(wanted / energy[i]) < rate_rejection_db(m, &lw->region->dr[u->down_dr], i + LORA_SF_MIN))
			return false;
	return true;
}
