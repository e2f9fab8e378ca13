/*
 * uplink - the device's side: from a message to its last frame.
 *
 *   state      message from above      timer                              downlink
 *   idle       begin                   -                                  -
 *   waiting    supersede, begin        transmit                           -
 *   awaiting   supersede, begin        repeat, or give up                 done: idle
 *
 * Only what has to be repeated or may have to be acknowledged is awaited; the slot of any other uplink lives on without its
 * device until the server has done with it.
 */
#include <string.h>

#include "models/network/lorawan/duty.h"
#include "models/network/lorawan/lorawan_private.h"

static const uint32_t PURPOSE_FRAME = RNG_PURPOSE('l', 'w', 'f', 'r');
static const uint32_t PURPOSE_RETRY = RNG_PURPOSE('l', 'w', 'r', 't');

static simtime_t *tat_of(struct lorawan *lw, uint32_t device, unsigned band)
{
	return band == 0 ? &lw->device[device].tat : &lw->more_tat[(size_t)device * (lw->n_bands - 1) + band - 1];
}

static bool is_closed(const struct lorawan *lw, uint32_t closed, uint8_t channel)
{
	uint8_t band = lw->channel_band[channel];

	return band != LW_NO_BAND && (closed >> band & 1);
}

/* Choose by weight among channels whose sub-band is not closed; false: all are. */
static bool pick_channel(const struct lorawan *lw, const struct lw_pick *p, uint32_t closed, float unit, uint8_t *channel)
{
	float total = closed ? 0 : 1, sum = 0;

	for (unsigned i = 0; closed && i < p->n; i++)
		if (!is_closed(lw, closed, p->channel[i]))
			total += p->weight[i];
	if (total <= 0)
		return false;
	for (unsigned i = 0; i < p->n && sum <= unit * total; i++)
		if (!closed || !is_closed(lw, closed, p->channel[i])) {
			*channel = p->channel[i];
			sum += p->weight[i];
		}
	return true;
}

/* Choose the channel of a frame.  0: it may start now; else the time at which the first sub-band opens. */
static simtime_t choose_channel(struct sim *s, struct lorawan *lw, struct lw_uplink *u, simtime_t airtime, double unit)
{
	const struct lw_pick *p = u->join && !u->rejoin ? &lw->join_pick[u->dr] : &lw->pick[u->dr];
	simtime_t first = SIM_NEVER;
	uint32_t closed = 0;

	for (unsigned b = 0; b < lw->n_bands; b++) {
		simtime_t t = duty_earliest(lw->par->duty_cycle, lw->duty[b], *tat_of(lw, u->m.device, b), airtime);
		if (t > s->now && p->bands >> b & 1) {
			closed |= 1u << b;
			first = t < first ? t : first;
		}
	}
	return pick_channel(lw, p, closed, (float)unit, &u->channel) ? 0 : first;
}

/* Offer the frame to every gateway where it can be received or can disturb. */
static void put_on_air(struct lorawan *lw, uint32_t device, struct lw_uplink *u)
{
	const struct lw_device *d = &lw->device[device];
	int16_t matters = lw->matters[u->dr];
	int reduce = lw->reduction[u->power];
	bool fades = lw->fades;
	uint64_t key = fades ? device_key(lw->devices, device) : 0;
	bool seen[RECEPTIONS] = { false }, down = false;
	struct gateway_frame f = { u->start, u->end, 0, (uint8_t)(LORA_SF_MIN + lw_row(lw, u->dr)), u->channel };

	u->n_heard = 0;
	for (unsigned i = 0; i < d->n_links; i++) {
		const struct lw_link *l = lw_link(lw, d, i);
		int c = l->centidbm - reduce;
		if (fades)
			c += (int)(100 * radio_fading_db(lw->radio, key, lw->gateways[l->gateway].site.key, d->frames));
		if (c < matters) {
			if (!fades)
				break; /* the rest is weaker still */
			continue;
		}
		if (!lw->gateways[l->gateway].powered) {
			down = true;
			continue;
		}
		f.power_mw = lw_milliwatt(lw, c);
		int token = gateway_begin(lw->gateways[l->gateway].rx, &f);
		lw->arrivals++;
		if (token >= 0) {
			u->heard[u->n_heard++] = (struct lw_heard){ l->gateway, (int16_t)token, (int16_t)c };
		} else {
			seen[-1 - token] = true;
			lw->arrivals_by[-1 - token]++;
		}
	}
	u->fate = seen[RECEPTION_NO_DEMODULATOR]    ? FATE_NO_DEMODULATOR
		  : seen[RECEPTION_GATEWAY_SENDING] ? FATE_RECEIVER_SENDING
		  : seen[RECEPTION_INTERFERED]      ? FATE_INTERFERENCE
		  : down                            ? FATE_GATEWAY_DOWN
						    : FATE_NO_COVERAGE;
}

/* What a frame costs: the transmission and two receive windows that stay empty (a downlink is charged when heard). */
static void charge(struct sim *s, struct lorawan *lw, uint32_t device, const struct lw_uplink *u)
{
	const struct lw_class *c = &lw->classes[lw->device[device].class_of];
	simtime_t air = u->end - u->start;

	device_charge(s, lw->devices, device, ENERGY_TX, c->tx_w[u->power] * sim_seconds(air), air);
	if (lw_listening(lw, device)) { /* it pays for receiving all the time, but while it sends */
		lw->listener[device].since += air;
		lw->listener[device].sending_until = u->end;
		return;
	}
	simtime_t windows = lw->window[lw->rx1_dr[u->dr]] + lw->window[lw->rx2_dr];
	device_charge(s, lw->devices, device, ENERGY_RX, c->class->rx_w * sim_seconds(windows), windows);
}

static void tell_sender(struct sim *s, struct lw_uplink *u, enum fate fate)
{
	u->answered = true;
	network_answer(s, &u->m, fate);
}

/* The first transmission's data rate and length, which a wait may change. */
static void shape_frame(struct sim *s, struct lorawan *lw, const struct lw_device *d, struct lw_uplink *u)
{
	if (u->join) {
		u->dr = u->rejoin ? d->dr : lw_join_rate(lw, d->join_trials);
		u->frame_bytes = (uint8_t)u->m.bytes;
		return;
	}
	u->dr = lw->history ? lw_adr_next(lw, d).dr : d->dr;
	u->answers = d->flags & LW_ANSWER_DUE;
	unsigned answer = u->answers ? LINK_ADR_ANS_BYTES : 0;
	if (u->carries && u->m.bytes + answer > lw->max_payload[u->dr]) { /* a slower rate than when it was handed in */
		tell_sender(s, u, FATE_PAYLOAD_TOO_LARGE);
		u->carries = u->confirmed = false;
		u->m.bytes = 0;
		u->max_tries = 1;
	}
	u->frame_bytes = (uint8_t)(u->m.bytes + lw->par->frame_overhead + answer - u->empty);
}

/* Let the gateways finish; leaves in u->heard those that received.  Returns whether one did. */
static bool collect(struct lorawan *lw, struct lw_uplink *u)
{
	bool interfered = false, sending = false, cut = false;
	unsigned n = 0;

	for (unsigned i = 0; i < u->n_heard; i++) {
		struct lw_heard h = u->heard[i];
		struct lw_gateway *g = &lw->gateways[h.gateway];
		enum reception r = gateway_end(g->rx, h.token);
		if (g->cut >= u->start) { /* it has lost its power meanwhile */
			lw->arrivals_cut++;
			cut = true;
			continue;
		}
		lw->arrivals_by[r]++;
		if (r != RECEPTION_RECEIVED) {
			interfered |= r == RECEPTION_INTERFERED;
			sending |= r == RECEPTION_GATEWAY_SENDING;
			continue;
		}
		g->heard += u->counted;
		unsigned k = n++;
		for (; k > 0 && u->heard[k - 1].centidbm < h.centidbm; k--) /* fading may change the order */
			u->heard[k] = u->heard[k - 1];
		u->heard[k] = h;
	}
	u->n_heard = (uint8_t)n;
	if (interfered)
		u->fate = FATE_INTERFERENCE;
	else if (sending)
		u->fate = FATE_RECEIVER_SENDING;
	else if (cut)
		u->fate = FATE_GATEWAY_DOWN;
	return n > 0;
}

/* Copies go to the server over each gateway's backhaul; the delay of the first to arrive, < 0: all are lost.  Leaves in
 * u->heard those that arrive before the server decides: it knows of no others. */
static simtime_t forward(struct sim *s, struct lorawan *lw, struct lw_uplink *u)
{
	simtime_t best = -1, *delay = lw->copy_delay;
	enum fate lost = FATE_BACKHAUL;
	unsigned n = 0;

	for (unsigned i = 0; i < u->n_heard; i++) {
		struct lw_gateway *g = &lw->gateways[u->heard[i].gateway];
		delay[i] = backhaul_offer(s, g->backhaul, u->frame_bytes, &lost);
		if (delay[i] >= 0 && (best < 0 || delay[i] < best))
			best = delay[i];
	}
	if (best < 0)
		u->fate = (uint8_t)lost;
	for (unsigned i = 0; i < u->n_heard; i++)
		if (delay[i] >= 0 && delay[i] <= best + lw->par->decision)
			u->heard[n++] = u->heard[i];
	u->n_heard = (uint8_t)n;
	return best;
}

/* The frame is over: its copies leave the gateways, or it is lost. */
static void frame_over(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);

	/* what the answer will look at, soon */
	__builtin_prefetch(&lw->devices->class_of[u->m.device]);
	__builtin_prefetch(&lw->devices->cell[u->m.device]);
	u->on_air = false;
	bool heard = collect(lw, u);
	lw_count_end(lw, u);
	simtime_t delay = heard ? forward(s, lw, u) : -1;
	if (delay > 0) {
		u->forwarded = true;
		sim_after(s, delay, lw->ev_server, slot, u->tries);
		return; /* the event has the reference */
	}
	if (delay == 0) {
		u->forwarded = true;
		lw_server_copy(s, lw, slot);
	} else if (!u->held && !u->forwarded && u->carries) {
		tell_sender(s, u, (enum fate)(u->given_up ? u->given_up : u->fate));
	}
	lw_slot_drop(lw, slot);
}

static void on_end(struct sim *s, void *ctx, uint32_t slot, uint16_t tries)
{
	(void)tries;
	frame_over(s, ctx, slot);
}

/* RETRANSMIT_TIMEOUT: 2 s +- 1 s after the second window opens. */
static simtime_t retry_time(struct sim *s, struct lorawan *lw, uint32_t device, simtime_t rx2)
{
	uint64_t w[2];

	rng_block(s->key, PURPOSE_RETRY, device_key(lw->devices, device), lw->device[device].frames, w);
	return rx2 + SIM_SECOND + (simtime_t)(rng_unit(w[0]) * 2e9);
}

/* A new frame counter. */
static void begin_uplink(struct lorawan *lw, uint32_t device, struct lw_uplink *u)
{
	if (u->answers)
		lw->device[device].flags &= (uint8_t)~LW_ANSWER_DUE;
	if (!lw->history)
		return;
	u->fcnt = ++lw->history[device].counter;
	struct lw_adr_step step = lw_adr_next(lw, &lw->device[device]);
	u->adr_request = step.asks;
	lw_adr_sent(lw, device, step);
}

/* The frame goes out now on u->channel. */
static void transmit(struct sim *s, struct lorawan *lw, uint32_t device, uint32_t slot)
{
	struct lw_device *d = &lw->device[device];
	struct lw_uplink *u = lw_slot(lw, slot);
	simtime_t airtime = (simtime_t)lw->airtime_us[u->dr][u->frame_bytes] * SIM_US;
	uint8_t band = lw->channel_band[u->channel];

	u->start = s->now;
	u->end = s->now + airtime;
	if (u->tries++ == 0 && !u->join)
		begin_uplink(lw, device, u);
	u->power = d->power;
	u->cell = d->cell;
	u->on_air = true;
	u->down_hears = false;
	u->down_end = 0;
	if (lw->open)
		lw->open[device] = 0;
	if (band != LW_NO_BAND) {
		simtime_t *tat = tat_of(lw, device, band);
		*tat = duty_after(lw->par->duty_cycle, lw->duty[band], *tat, u->start, airtime);
	}
	simtime_t rx2 = u->end + (u->join ? lw->par->join_rx1_delay : lw->par->rx1_delay) + SIM_SECOND;
	d->ready = rx2 + lw->window[lw->rx2_dr];
	lw_count_frame(s, lw, u);
	lw_links_now(s, lw, device);
	put_on_air(lw, device, u);
	d->frames++;
	charge(s, lw, device, u);
	if (lw->hears_uplinks)
		lw_air_add(s, lw,
			   &(struct lw_airing){ u->start, u->end, device, 0, (int16_t)-lw->reduction[u->power],
						(uint8_t)lw_row(lw, u->dr), u->channel, false });
	u->refs++;
	if (u->confirmed || u->join || u->tries < u->max_tries) {
		sim_at(s, u->end, lw->ev_end, slot, u->tries);
		d->state = LW_AWAITING;
		sim_at(s, u->confirmed || u->join ? retry_time(s, lw, device, rx2) : d->ready + 1, lw->ev_timer, device,
		       d->generation);
		return;
	}
	d->state = LW_IDLE;
	d->slot = LW_NO_SLOT;
	u->held = false;
	lw_slot_drop(lw, slot);
	if (lw->up_first)
		lw_next_up(s, lw, device);
	if (u->n_heard == 0) /* no gateway receives it: nothing more can happen */
		frame_over(s, lw, slot);
	else
		sim_at(s, u->end, lw->ev_end, slot, u->tries);
}

/* Start the slot's frame, or set the timer for when it may. */
static void start_or_wait(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	struct lw_uplink *u = lw_slot(lw, d->slot);
	simtime_t t = d->ready;
	uint64_t w[2];

	if (t <= s->now) {
		if (u->tries == 0)
			shape_frame(s, lw, d, u);
		else if (!u->join)
			u->dr = d->dr;
		simtime_t airtime = (simtime_t)lw->airtime_us[u->dr][u->frame_bytes] * SIM_US;
		rng_block(s->key, PURPOSE_FRAME, device_key(lw->devices, device), d->frames, w);
		t = choose_channel(s, lw, u, airtime, rng_unit(w[0]));
		if (t == 0) {
			transmit(s, lw, device, d->slot);
			return;
		}
	}
	d->state = LW_WAITING;
	d->generation++;
	sim_at(s, t, lw->ev_timer, device, d->generation);
}

void lw_begin(struct sim *s, struct lorawan *lw, uint32_t device, uint32_t slot)
{
	struct lw_device *d = &lw->device[device];

	d->slot = slot;
	d->generation++;
	lw_slot(lw, slot)->held = true;
	start_or_wait(s, lw, device);
}

void lw_release(struct sim *s, struct lorawan *lw, uint32_t device, enum fate fate)
{
	struct lw_device *d = &lw->device[device];
	uint32_t slot = d->slot;

	d->generation++;
	d->state = LW_IDLE;
	d->slot = LW_NO_SLOT;
	if (slot == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	u->held = false;
	if (u->on_air)
		u->given_up = (uint8_t)fate; /* unless a gateway has it yet */
	else if (!u->forwarded && u->carries)
		tell_sender(s, u, fate);
	lw_slot_drop(lw, slot);
}

/* Retry, or give the message up: the timer of a device. */
static void on_timer(struct sim *s, void *ctx, uint32_t device, uint16_t generation)
{
	struct lorawan *lw = ctx;
	struct lw_device *d = &lw->device[device];

	if (generation != d->generation)
		return;
	if (d->slot == LW_NO_SLOT) {
		lw_join_retry(s, lw, device);
		return;
	}
	struct lw_uplink *u = lw_slot(lw, d->slot);
	if (d->state == LW_WAITING) {
		start_or_wait(s, lw, device);
		return;
	}
	if (u->down_hears && u->down_end > s->now) { /* a downlink is coming in: it decides */
		sim_at(s, u->down_end + 1, lw->ev_timer, device, d->generation);
		return;
	}
	if (u->join) {
		lw_release(s, lw, device, FATE_RETRIES_EXHAUSTED);
		lw_join_retry(s, lw, device);
		if (lw->up_first)
			lw_next_up(s, lw, device);
	} else if (u->tries < u->max_tries) {
		/* LoRaWAN 1.0.3, 19.4 recommends a lower data rate after every second transmission */
		if (u->confirmed && lw->par->retry_lowers_rate && u->tries % 2 == 0 && d->dr > lw->dr_min &&
		    lw->max_payload[d->dr - 1] >= u->m.bytes + (u->answers ? LINK_ADR_ANS_BYTES : 0))
			d->dr--;
		start_or_wait(s, lw, device);
	} else {
		lw_release(s, lw, device, FATE_RETRIES_EXHAUSTED);
		lw_next_up(s, lw, device);
	}
}

void lw_device_got(struct sim *s, struct lorawan *lw, uint32_t slot)
{
	struct lw_uplink *u = lw_slot(lw, slot);
	uint32_t device = u->m.device;
	struct lw_device *d = &lw->device[device];

	if (!(d->flags & LW_POWERED))
		return;
	if (u->join) {
		if (u->held) {
			lw_release(s, lw, device, FATE_DELIVERED);
			if (u->rejoin)
				lw_rejoin_done(s, lw, device);
			else
				lw_join_done(s, lw, device);
			lw_next_up(s, lw, device);
		}
		return;
	}
	d->adr_count = 0;
	if (u->command)
		lw_adr_applied(lw, device);
	if (u->confirmed && !u->acked) {
		u->acked = true;
		if (u->counted)
			lw->counts[d->cell].acked++;
	}
	if (u->held) {
		lw_release(s, lw, device, FATE_DELIVERED);
		lw_next_up(s, lw, device);
	}
}

void lw_uplink_handlers(struct sim *s, struct lorawan *lw)
{
	lw->ev_end = sim_handler(s, "lorawan.frame-end", on_end, lw);
	lw->ev_timer = sim_handler(s, "lorawan.timer", on_timer, lw);
}
