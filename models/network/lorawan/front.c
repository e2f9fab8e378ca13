/*
 * front - what network.h asks of a LoRaWAN network: messages up and down, devices that come and go.
 *
 * A device holds one message to send: the next reading takes the place of one that has not gone out, or is being repeated.  What
 * onboards or updates a device must not be lost so: it waits its turn, and readings wait behind it, the newest alone.
 *
 * An empty message is a poll: it ends at the network server, and what waits there comes back.
 *
 * Traffic that is not sent message by message (network_background) is of no effect here: a device on LoRaWAN has no address
 * that others could reach or scan, its frames end at the network server, and its duty cycle, a hundredth of the time in most
 * sub-bands, bounds what it could disturb.
 */
#include "models/network/lorawan/lorawan_private.h"

/* The device begins with a message. */
static void take(struct sim *s, struct lorawan *lw, const struct message *m)
{
	struct lw_device *d = &lw->device[m->device];
	bool fits = m->bytes <= lw_ops.mtu(s, lw, m->device);

	if (!fits) {
		network_answer(s, m, FATE_PAYLOAD_TOO_LARGE);
		if (!lw->history || d->slot != LW_NO_SLOT)
			return;
	}
	uint32_t slot = lw_slot_take(s, lw);
	if (slot == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	const struct uses_params *uses = lw->classes[d->class_of].uses;
	u->m = *m;
	u->carries = fits;
	if (!fits) /* an empty uplink: its answers go out, and ADR goes on [LoRaMac-node flushes MAC commands so] */
		u->m.bytes = 0;
	u->empty = fits && m->bytes == 0;
	u->confirmed = uses->confirmed && fits;
	u->max_tries =
		(uint8_t)(u->confirmed ? uses->transmissions : 1u + (lw->history ? lw->history[m->device].repeats : 0));
	u->counted = m->created >= s->warmup;
	if (u->confirmed && u->counted)
		lw->counts[d->cell].messages++;
	lw_begin(s, lw, m->device, slot);
}

void lw_poll(struct sim *s, struct lorawan *lw, uint32_t device)
{
	uint32_t slot = lw_slot_take(s, lw);

	if (slot == LW_NO_SLOT)
		return;
	struct lw_uplink *u = lw_slot(lw, slot);
	u->m = (struct message){ .created = s->now, .device = device };
	u->empty = true;
	u->max_tries = 1;
	u->counted = s->now >= s->warmup;
	lw_begin(s, lw, device, slot);
}

void lw_next_up(struct sim *s, struct lorawan *lw, uint32_t device)
{
	uint32_t row;

	while (lw->device[device].slot == LW_NO_SLOT && (row = lw_parked_first(lw->up_first, device)) != 0) {
		const struct message m = lw->parked[row].m;
		lw_unpark(lw, lw->up_first, device, row);
		take(s, lw, &m); /* or it does not fit, and the next is tried */
	}
}

static bool waits_its_turn(const struct message *m)
{
	return m->purpose == PURPOSE_ONBOARDING || m->purpose == PURPOSE_UPDATE;
}

/* A newer reading takes the place of one that waits. */
static void drop_waiting_reading(struct sim *s, struct lorawan *lw, uint32_t device)
{
	for (uint32_t row = lw_parked_first(lw->up_first, device); row; row = lw->parked[row].next)
		if (!waits_its_turn(&lw->parked[row].m)) {
			const struct message old = lw->parked[row].m;
			lw_unpark(lw, lw->up_first, device, row);
			network_answer(s, &old, FATE_DUTY_CYCLE);
			return;
		}
}

static void lw_send(struct sim *s, void *net, const struct message *m)
{
	struct lorawan *lw = net;
	struct lw_device *d = &lw->device[m->device];

	if (d->n_links > LW_NEAR)
		__builtin_prefetch(lw_link(lw, d, LW_NEAR)); /* wanted when the frame goes out */
	if (d->slot != LW_NO_SLOT) {
		const struct lw_uplink *old = lw_slot(lw, d->slot);
		bool idle = !old->carries && !old->join && old->tries == 0; /* an empty uplink: any other does as well */
		if (!idle && (waits_its_turn(&old->m) || waits_its_turn(m))) {
			if (!waits_its_turn(m))
				drop_waiting_reading(s, lw, m->device);
			if (!lw_park(s, lw, &lw->up_first, m, (unsigned)lw->par->up_queue))
				network_answer(s, m, FATE_QUEUE_FULL);
			return;
		}
		lw_release(s, lw, m->device, old->tries ? FATE_SUPERSEDED : FATE_DUTY_CYCLE);
	}
	take(s, lw, m);
}

static unsigned lw_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s;
	const struct lorawan *lw = net;
	const struct lw_device *d = &lw->device[device];
	unsigned most = lw->max_payload[d->dr], answer = d->flags & LW_ANSWER_DUE ? LINK_ADR_ANS_BYTES : 0;

	return most > answer ? most - answer : 0;
}

static void lw_attach(struct sim *s, void *net, uint32_t device)
{
	struct lorawan *lw = net;
	struct lw_device *d = &lw->device[device];

	d->flags |= LW_POWERED;
	if (lw->par->activation == 0 && !(d->flags & LW_JOINED)) {
		lw_join_begin(s, lw, device);
		return;
	}
	if (!(d->flags & LW_JOINED))
		lw_first_rate(lw, device);
	d->flags |= LW_JOINED;
	lw_listen_begin(s, lw, device);
	device_attached(s, device);
}

static void lw_detach(struct sim *s, void *net, uint32_t device)
{
	struct lorawan *lw = net;

	bool moves = device_is_powered(lw->devices->state[device]);

	enum fate fate = moves ? FATE_SUPERSEDED : FATE_DEVICE_DOWN;

	lw_listen_charge(s, lw, device);
	lw_admit_forget(lw, device);
	if (lw->multicasts)
		lw->multicasts->gone[device] = s->now;
	/* a session outlives neither power nor a move to another network */
	lw->device[device].flags &= (uint8_t) ~(LW_POWERED | LW_JOINED);
	lw_release(s, lw, device, fate);
	lw_park_flush(s, lw, lw->up_first, device, fate);
	lw_park_flush(s, lw, lw->down_first, device, fate);
}

static void lw_touches(struct sim *s, void *net, uint16_t kind)
{
	const struct lorawan *lw = net;

	sim_handler_prefetch(s, kind, lw->device, sizeof *lw->device);
	if (lw->more_tat)
		sim_handler_prefetch(s, kind, lw->more_tat, (lw->n_bands - 1) * sizeof *lw->more_tat);
}

static uint64_t lw_held(const struct sim *s, void *net, enum purpose p)
{
	const struct lorawan *lw = net;
	uint64_t n = lw_parked_held(lw, p);

	(void)s;
	for (uint32_t i = 0; i < lw->n_slots; i++) {
		const struct lw_uplink *u = lw_slot(lw, i);
		n += u->refs && u->carries && !u->accepted && !u->answered && is_for(u->m.purpose, p);
	}
	return n;
}

const struct network_ops lw_ops = {
	.technology = "LoRaWAN",
	.send = lw_send,
	.send_down = lw_send_down,
	.mtu = lw_mtu,
	.mtu_down = lw_mtu_down,
	.reach = lw_reach,
	.multicast = lw_multicast,
	.jam = lw_jam,
	.attach = lw_attach,
	.detach = lw_detach,
	.authenticated = lw_authenticated,
	.touches = lw_touches,
	.held = lw_held,
};
