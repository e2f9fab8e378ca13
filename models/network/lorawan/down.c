/*
 * down - messages to devices.
 *
 * Class A: the server holds them, and the first goes with the answer to the device's next uplink, in RX1 or else RX2, beside an
 * acknowledgement and LinkADRReq; a message that comes while the windows of an uplink can still be reached goes into them (the
 * slot is kept until then).  Where the server holds more it sets FPending.  Class C: it goes at once, or as soon as a gateway may,
 * at the data rate and frequency of RX2, from the gateway that hears the device best.
 *
 * Messages go as confirmed downlinks.  The acknowledgement is a bit of the device's next uplink, and the server needs an uplink to
 * send again anyway: so it knows then what the device has, and this is not played.  One that was not heard goes again, down-tries
 * times in all.
 */
#include "models/network/lorawan/duty.h"
#include "models/network/lorawan/lorawan_private.h"

void lw_down_answer(struct sim *s, struct lorawan *lw, const struct message *m, enum fate fate)
{
	lw->down_fate[fate]++;
	network_answer(s, m, fate);
}

unsigned lw_down_most(const struct lorawan *lw, uint8_t dr)
{
	unsigned most = lw->region->dr[dr].max_payload, room = 255 - (unsigned)lw->par->frame_overhead;

	return most < room ? most : room;
}

unsigned lw_mtu_down(const struct sim *s, void *net, uint32_t device)
{
	const struct lorawan *lw = net;
	unsigned rx1 = lw_down_most(lw, lw->rx1_dr[lw->device[device].dr]), rx2 = lw_down_most(lw, lw->rx2_dr);

	(void)s;
	return lw_listening(lw, device) || rx2 > rx1 ? rx2 : rx1;
}

uint32_t lw_down_waits(const struct lorawan *lw, uint32_t device)
{
	uint32_t row = lw_parked_first(lw->down_first, device);

	return row && !lw->parked[row].sending ? row : 0;
}

bool lw_down_fits(const struct lorawan *lw, uint32_t row, uint8_t dr, unsigned options)
{
	return lw->parked[row].m.bytes + options <= lw_down_most(lw, dr);
}

void lw_down_trim(struct sim *s, struct lorawan *lw, const struct lw_uplink *u)
{
	uint32_t device = u->m.device, row;

	while ((row = lw_down_waits(lw, device)) != 0 && !lw_down_fits(lw, row, lw->rx1_dr[u->dr], 0) &&
	       !lw_down_fits(lw, row, lw->rx2_dr, 0)) {
		const struct message m = lw->parked[row].m;
		lw_unpark(lw, lw->down_first, device, row);
		lw_down_answer(s, lw, &m, FATE_PAYLOAD_TOO_LARGE);
	}
}

void lw_down_take(struct lorawan *lw, struct lw_uplink *u, uint32_t row)
{
	uint32_t first = lw_parked_first(lw->down_first, u->m.device);

	u->down_parked = row;
	u->down_pending = row ? lw->parked[row].next != 0 : first != 0;
	if (row) {
		lw->parked[row].sending = true;
		lw->parked[row].tries++;
	}
}

/* ---- class C ---- */

simtime_t lw_down_free(struct sim *s, const struct lorawan *lw, const struct lw_gateway *g, double hz, simtime_t airtime)
{
	int band = region_band(lw->region, hz);
	simtime_t t = s->now + backhaul_latency(s, g->backhaul);

	if (band >= 0) {
		simtime_t open = duty_earliest(lw->par->duty_cycle, lw->region->bands[band].duty, g->tat[band], airtime);
		t = open > t ? open : t;
	}
	for (unsigned i = 0; i < g->n_reserved; i++)
		if (g->reserved[i].from < t + airtime && g->reserved[i].to > t)
			t = g->reserved[i].to;
	return t;
}

/* Send it from gateway g in [from, to). */
static void send_alone(struct sim *s, struct lorawan *lw, uint32_t row, uint16_t gateway, simtime_t from, simtime_t to)
{
	uint32_t slot = lw_slot_take(s, lw);

	if (slot == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	u->m = (struct message){ .created = s->now, .device = lw->parked[row].m.device };
	u->down_alone = u->down_rx2 = true;
	u->counted = s->now >= s->warmup;
	u->down_start = from;
	u->down_end = to;
	u->down_dr = lw->rx2_dr;
	u->down_gateway = gateway;
	u->down_channel = lw->rx2_channel;
	u->down_power = (int16_t)lround(100 * lw_down_dbm(lw, true, lw->region->rx2_hz));
	lw_down_take(lw, u, row);
	lw->downs_wanted += u->counted;
	lw->downs_sent[2] += u->counted;
	if (from > s->now)
		sim_at(s, from, lw->ev_down_start, slot, u->tries);
	else
		lw_down_start(s, lw, slot);
}

/* Send the first message of a device that listens, or look again when a gateway may. */
static void try_alone(struct sim *s, struct lorawan *lw, uint32_t device)
{
	const struct lw_device *d = &lw->device[device];
	uint32_t row = lw_down_waits(lw, device);
	simtime_t first = SIM_NEVER;

	if (!row || !lw_listening(lw, device))
		return;
	simtime_t airtime = rate_time_on_air(&lw->region->dr[lw->rx2_dr],
					     (unsigned)lw->par->frame_overhead + lw->parked[row].m.bytes, false);
	for (unsigned i = 0; i < d->n_links; i++) {
		const struct lw_link *l = lw_link(lw, d, i);
		struct lw_gateway *g = &lw->gateways[l->gateway];
		if (l->centidbm < lw->hears[lw->dr_min] || !g->live)
			continue;
		simtime_t from = s->now + backhaul_latency(s, g->backhaul);
		if (lw_reserve(s, lw, g, lw->region->rx2_hz, from, from + airtime)) {
			send_alone(s, lw, row, l->gateway, from, from + airtime);
			return;
		}
		from = lw_down_free(s, lw, g, lw->region->rx2_hz, airtime);
		first = from < first ? from : first;
	}
	/* no gateway lives: it may come back */
	if (first > s->now + SIM_HOUR)
		first = s->now + SIM_HOUR;
	sim_at(s, first > s->now ? first : s->now + SIM_MS, lw->ev_alone, device, 0);
}

static void on_alone(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	(void)detail;
	try_alone(s, ctx, device);
}

void lw_listen_begin(const struct sim *s, struct lorawan *lw, uint32_t device)
{
	if (lw->listener)
		lw->listener[device] = (struct lw_listener){ s->now, s->now };
}

void lw_listen_charge(struct sim *s, struct lorawan *lw, uint32_t device)
{
	const struct lw_class *c = &lw->classes[lw->device[device].class_of];

	if (!lw_listening(lw, device))
		return;
	simtime_t time = s->now - lw->listener[device].since;
	if (time <= 0) /* it is sending: that much is left out already */
		return;
	lw->listener[device].since = s->now;
	device_charge(s, lw->devices, device, ENERGY_RX, c->class->rx_w * sim_seconds(time), time);
}

/* ---- what the network is asked ---- */

void lw_send_down(struct sim *s, void *net, const struct message *m)
{
	struct lorawan *lw = net;
	uint32_t slot;

	lw->down_asked++;
	if (m->bytes > lw_mtu_down(s, lw, m->device)) {
		lw_down_answer(s, lw, m, FATE_PAYLOAD_TOO_LARGE);
		return;
	}
	if (!lw_park(s, lw, &lw->down_first, m, (unsigned)lw->par->down_queue)) {
		lw_down_answer(s, lw, m, FATE_QUEUE_FULL);
		return;
	}
	if (lw_listening(lw, m->device)) {
		try_alone(s, lw, m->device);
		return;
	}
	slot = lw_parked_first(lw->open, m->device);
	if (!slot || lw_slot(lw, slot - 1)->down_end != 0) /* its answer is decided later, or is decided */
		return;
	lw_slot(lw, slot - 1)->refs++;
	lw_decide(s, lw, slot - 1);
}

simtime_t lw_reach(const struct sim *s, void *net, uint32_t device)
{
	const struct lorawan *lw = net;
	uint32_t slot = lw_parked_first(lw->open, device);

	if (lw_listening(lw, device))
		return s->now;
	if (!slot || lw_slot(lw, slot - 1)->down_end > 0)
		return SIM_NEVER;
	const struct lw_uplink *u = lw_slot(lw, slot - 1);
	simtime_t open = lw_rx1(lw, u);
	if (s->now <= open + lw->window[lw->rx1_dr[u->dr]]) /* but for the backhaul's latency */
		return s->now > open ? s->now : open;
	open += SIM_SECOND;
	return s->now <= open + lw->window[lw->rx2_dr] ? (s->now > open ? s->now : open) : SIM_NEVER;
}

/* A message that answers an uplink can be expected of what onboards and updates, of polls, and wherever messages go down. */
bool lw_down_may_come(const struct lorawan *lw, const struct lw_uplink *u)
{
	return !u->join && (lw->down_first || u->empty || u->m.purpose != PURPOSE_APPLICATION);
}

void lw_down_open(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	simtime_t closes = lw_rx1(lw, u) + SIM_SECOND + lw->window[lw->rx2_dr];

	if (closes < s->now || u->down_end != 0)
		return;
	if (!lw->open && !(lw->open = sim_alloc(s, lw->n_devices + 1u, sizeof *lw->open)))
		return;
	lw->open[u->m.device] = slot + 1; /* of an earlier one the windows are over */
	u->refs++;
	sim_at(s, closes, lw->ev_close, slot, u->tries);
}

static void on_close(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	struct lorawan *lw = ctx;
	const struct lw_uplink *u = lw_slot(lw, slot);

	(void)s;
	if (lw->open[u->m.device] == slot + 1 && tries == u->tries)
		lw->open[u->m.device] = 0;
	lw_slot_drop(lw, slot);
}

void lw_down_over(struct sim *s, struct lorawan *lw, uint32_t device, uint32_t row, bool got)
{
	struct lw_parked *p = &lw->parked[row];
	const struct message m = p->m;
	bool answered = p->answered, spent = p->tries >= lw->par->down_tries;

	p->sending = false;
	if (answered || got || spent)
		lw_unpark(lw, lw->down_first, device, row);
	if (!answered && (got || spent))
		lw_down_answer(s, lw, &m, got ? FATE_DELIVERED : FATE_RETRIES_EXHAUSTED);
	if (!lw_listening(lw, device))
		return;
	if (answered || got || spent)
		try_alone(s, lw, device);
	else
		sim_after(s, lw->par->class_c_timeout, lw->ev_alone, device, 0);
}

/* Reception of class C is charged once a day: so exactly is known when a battery that pays for it is empty. */
static void on_listen(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct lorawan *lw = ctx;

	for (uint32_t i = 0; i < lw->n_devices; i++)
		lw_listen_charge(s, lw, i);
	if (s->now < s->end)
		sim_at(s, s->end - s->now < SIM_DAY ? s->end : s->now + SIM_DAY, lw->ev_listen, subject, detail);
}

void lw_down_handlers(struct sim *s, struct lorawan *lw)
{
	lw->ev_close = sim_handler(s, "lorawan.window-close", on_close, lw);
	lw->ev_alone = sim_handler(s, "lorawan.class-c", on_alone, lw);
	if (!lw->listener)
		return;
	lw->ev_listen = sim_handler(s, "lorawan.listen", on_listen, lw);
	sim_at(s, s->warmup > 0 ? s->warmup - 1 : 0, lw->ev_listen, 0, 0); /* what is counted begins behind it */
}
