/*
 * server - the network server and its downlinks.
 *
 * One copy of a frame counts, the first to arrive.  Where the device must be answered (confirmed, ADRACKReq, LinkADRReq,
 * join) the server decides `decision` later, when other gateways' copies are in: the gateway that heard it best and is
 * free and allowed by its duty cycle sends in RX1, else the same search for RX2, else the answer is dropped.
 */
#include "models/network/lorawan/duty.h"
#include "models/network/lorawan/lorawan_private.h"

enum { JOIN_ACCEPT_BYTES = 17, CFLIST_BYTES = 16 };
static const uint32_t DOWNLINK_DRAW = UINT32_C(0x80000000);     /* apart from the draws of uplinks */

/* The message's first copy is here. */
static void accept(struct sim *s, struct lorawan *lw, struct lw_uplink *u)
{
	u->accepted = true;
	lw->carried += u->counted;
	lw->carried_bytes += u->counted ? u->m.bytes : 0;
	if (u->empty) { /* there is nothing in it for a platform */
		u->answered = true;
		network_answer(s, &u->m, FATE_DELIVERED);
	} else {
		platform_arrive(s, &u->m);
	}
}

void lw_server_copy(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	struct lw_device *d = &lw->device[u->m.device];
	bool answer = u->confirmed || u->adr_request || lw_down_waits(lw, u->m.device);

	if (lw->history && u->n_heard)
		answer |= u->command = lw_adr_server(lw, u, u->heard[0].centidbm);
	if (u->join) {
		lw_join_request(s, lw, slot);
		return;
	}
	if (lw_down_may_come(lw, u))
		lw_down_open(s, lw, slot);
	if (answer && u->down_end == 0 && (d->flags & LW_POWERED)) {
		u->down_end = -1; /* one answer to a frame */
		u->refs++;
		sim_after(s, lw->par->decision, lw->ev_decide, slot, u->tries);
	}
	if (!u->accepted && u->carries)
		accept(s, lw, u);
}

static void on_server(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	struct lorawan *lw = ctx;
	struct lw_uplink *u = lw_slot(lw, slot);

	if (tries == u->tries) {
		lw_server_copy(s, lw, slot);
	} else if (!u->accepted && u->carries) { /* late: the device has sent it again meanwhile */
		accept(s, lw, u);
	}
	lw_slot_drop(lw, slot);
}

/* Whether there is something to say but for a message. */
static bool must_answer(const struct lw_uplink *u)
{
	return u->join || u->confirmed || u->adr_request || u->command;
}

/* Length of the downlink in a window at `dr`, and the message in it; 0: there is nothing to send in it. */
static unsigned down_bytes(const struct lorawan *lw, const struct lw_uplink *u, uint8_t dr, uint32_t *row)
{
	unsigned options = u->command ? LINK_ADR_REQ_BYTES : 0;

	*row = 0;
	if (u->join)
		return JOIN_ACCEPT_BYTES + (lw->par->cflist ? CFLIST_BYTES : 0);
	uint32_t head = lw_down_waits(lw, u->m.device);
	if (head && lw_down_fits(lw, head, dr, options)) {
		*row = head;
		return (unsigned)lw->par->frame_overhead + lw->parked[head].m.bytes + options;
	}
	return must_answer(u) ? (unsigned)lw->par->ack_size + options : 0;
}

bool lw_reserve(struct sim *s, struct lorawan *lw, struct lw_gateway *g, double hz, simtime_t from, simtime_t to)
{
	int band = region_band(lw->region, hz), rule = lw->par->duty_cycle;
	double duty = band < 0 ? 1 : lw->region->bands[band].duty;

	if (!g->live || gateway_sending(g->rx, from))
		return false;
	if (band >= 0 && duty_earliest(rule, duty, g->tat[band], to - from) > from)
		return false;
	unsigned n = 0;
	for (unsigned i = 0; i < g->n_reserved; i++)
		if (g->reserved[i].to > s->now)
			g->reserved[n++] = g->reserved[i];
	g->n_reserved = n;
	for (unsigned i = 0; i < n; i++)
		if (g->reserved[i].from < to && from < g->reserved[i].to)
			return false;
	if (n == LW_RESERVED)
		return false;
	g->reserved[n].from = from;
	g->reserved[n].to = to;
	g->n_reserved++;
	if (band >= 0)
		g->tat[band] = duty_after(rule, duty, g->tat[band], from, to - from);
	return true;
}

/* Power of a downlink, dBm: as told, or as the sub-band or the region allows. */
static double power_dbm(const struct lorawan *lw, double told, double hz)
{
	int band = region_band(lw->region, hz);

	if (isfinite(told))
		return told;
	return band >= 0 ? lw->region->bands[band].max_erp_dbm : lw->region->max_eirp_dbm;
}

double lw_down_dbm(const struct lorawan *lw, bool rx2, double hz)
{
	return power_dbm(lw, rx2 ? lw->par->rx2_power : lw->par->downlink_power, hz);
}

/* Try one window: `open` is when the device begins to listen.  true: u->down_* is set. */
static bool try_window(struct sim *s, struct lorawan *lw, struct lw_uplink *u, bool rx2, simtime_t open)
{
	uint8_t dr = rx2 ? lw->rx2_dr : lw->rx1_dr[u->dr];
	double hz = rx2 ? lw->region->rx2_hz : lw->down_hz[u->channel];
	uint32_t row;
	unsigned bytes = down_bytes(lw, u, dr, &row);
	simtime_t airtime = rate_time_on_air(&lw->region->dr[dr], bytes, false);

	for (unsigned i = 0; bytes && i < u->n_heard; i++) {
		uint16_t gw = u->heard[i].gateway;
		struct lw_gateway *g = &lw->gateways[gw];
		simtime_t reach = s->now + backhaul_latency(s, g->backhaul), from = open > reach ? open : reach;
		if (from > open + lw->window[dr] || !lw_reserve(s, lw, g, hz, from, from + airtime))
			continue;
		u->down_start = from;
		u->down_end = from + airtime;
		u->down_dr = dr;
		u->down_gateway = gw;
		u->down_rx2 = rx2;
		u->down_channel = rx2 ? lw->rx2_channel : lw->down_channel[u->channel];
		u->down_power = (int16_t)lround(100 * lw_down_dbm(lw, rx2, hz));
		lw_down_take(lw, u, row);
		return true;
	}
	return false;
}

simtime_t lw_rx1(const struct lorawan *lw, const struct lw_uplink *u)
{
	return u->end + (u->join ? lw->par->join_rx1_delay : lw->par->rx1_delay);
}

void lw_decide(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	simtime_t rx1 = lw_rx1(lw, u);

	u->down_end = 0;
	if (!u->join)
		lw_down_trim(s, lw, u);
	if (!must_answer(u) && !lw_down_waits(lw, u->m.device)) { /* gone since */
		lw_slot_drop(lw, slot);
		return;
	}
	lw->downs_wanted += u->counted;
	if (try_window(s, lw, u, false, rx1)) {
		lw->downs_sent[1] += u->counted;
	} else if (try_window(s, lw, u, true, rx1 + SIM_SECOND)) {
		lw->downs_sent[2] += u->counted;
	} else {
		lw->downs_dropped += u->counted;
		lw_slot_drop(lw, slot);
		return;
	}
	if (u->down_start > s->now)
		sim_at(s, u->down_start, lw->ev_down_start, slot, u->tries);
	else
		lw_down_start(s, lw, slot);
}

static void on_decide(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	struct lorawan *lw = ctx;

	if (tries == lw_slot(lw, slot)->tries)
		lw_decide(s, lw, slot);
	else /* too late: the device has sent it again */
		lw_slot_drop(lw, slot);
}

/* Received power of the downlink at its device, centi-dBm. */
static int down_power(struct lorawan *lw, const struct lw_uplink *u, const struct lw_link *l)
{
	const struct lw_device *d = &lw->device[u->m.device];
	int c = l->centidbm + u->down_power - (int)lround(100 * lw->power_dbm);

	if (lw->fades)
		c += (int)(100 * radio_fading_db(lw->radio, device_key(lw->devices, u->m.device),
						 lw->gateways[l->gateway].site.key, d->frames | DOWNLINK_DRAW));
	return c;
}

static const struct lw_link *link_to(const struct lorawan *lw, const struct lw_device *d, uint16_t gateway)
{
	for (unsigned i = 0; i < d->n_links; i++)
		if (lw_link(lw, d, i)->gateway == gateway)
			return lw_link(lw, d, i);
	return NULL;
}

void lw_down_start(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	struct lw_device *d = &lw->device[u->m.device];
	struct lw_gateway *g = &lw->gateways[u->down_gateway];
	const struct lw_link *l = link_to(lw, d, u->down_gateway);
	const struct data_rate *rate = &lw->region->dr[u->down_dr];

	if (!g->powered || !l) { /* gone since the server decided */
		u->down_hears = false;
		sim_at(s, u->down_end, lw->ev_down_end, slot, u->tries);
		return;
	}
	gateway_transmit(g->rx, s->now, u->down_end);
	if (u->counted) {
		g->sent++;
		g->down_airtime += u->down_end - u->down_start;
	}
	u->down_centidbm = (int16_t)down_power(lw, u, l);
	u->down_hears = u->down_centidbm >= 100 * rate_device_sensitivity_dbm(rate) && lw_listens(s, lw, u);
	if (u->down_hears && d->ready < u->down_end)
		d->ready = u->down_end; /* class A: it receives before it sends again */
	lw_air_add(s, lw,
		   &(struct lw_airing){ u->down_start, u->down_end, u->m.device, u->down_gateway, u->down_power,
					(uint8_t)lw_row(lw, u->down_dr), u->down_channel, true });
	sim_at(s, u->down_end, lw->ev_down_end, slot, u->tries);
}

static void on_down_start(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	(void)tries;
	lw_down_start(s, ctx, slot);
}

/* Receiving a downlink takes the place of its window, which was charged as an empty one, and once the device has its frame in
 * the first window it does not open the second [LoRaWAN 1.0.3, 3.3.3]. */
static void charge_reception(struct sim *s, struct lorawan *lw, const struct lw_uplink *u, bool got)
{
	const struct lw_class *c = &lw->classes[lw->device[u->m.device].class_of];
	simtime_t time = u->down_end - u->down_start;

	if (!u->down_rx2)
		time -= lw->window[lw->rx1_dr[u->dr]];
	if (u->down_rx2 || got)
		time -= lw->window[lw->rx2_dr];
	device_charge(s, lw->devices, u->m.device, ENERGY_RX, c->class->rx_w * sim_seconds(time), time);
}

/* The downlink is over: the device has it unless it was disturbed. */
static void on_down_end(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	struct lorawan *lw = ctx;
	struct lw_uplink *u = lw_slot(lw, slot);
	bool got =
		u->down_hears && tries == u->tries && lw_air_clear(s, lw, u) && lw->device[u->m.device].flags & LW_POWERED;

	uint32_t device = u->m.device, row = u->down_parked;
	bool more = got && u->down_pending && lw->par->poll_pending && !lw_listening(lw, device);

	if (u->down_hears && !lw_listening(lw, device))
		charge_reception(s, lw, u, got);
	if (got) {
		lw->downs_heard += u->counted;
		if (!u->down_alone)
			lw_device_got(s, lw, slot);
	}
	lw_slot_drop(lw, slot);
	if (row)
		lw_down_over(s, lw, device, row, got);
	if (more && lw->device[device].slot == LW_NO_SLOT && lw->device[device].flags & LW_JOINED)
		lw_poll(s, lw, device);
}

void lw_server_handlers(struct sim *s, struct lorawan *lw)
{
	lw->ev_server = sim_handler(s, "lorawan.server", on_server, lw);
	lw->ev_decide = sim_handler(s, "lorawan.decide", on_decide, lw);
	lw->ev_down_start = sim_handler(s, "lorawan.downlink", on_down_start, lw);
	lw->ev_down_end = sim_handler(s, "lorawan.downlink-end", on_down_end, lw);
}
