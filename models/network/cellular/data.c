/* data - what follows an access: transfers, and the way to the platform. */
#include "models/network/cellular/cellular_private.h"

/* A message's way ends here; signalling has no sender to tell. */
static void answer(struct sim *s, struct cellular *c, uint32_t slot, enum fate fate)
{
	const struct cell_slot *u = cell_slot(c, slot);
	struct message m = u->m;
	bool own = u->signal != SIGNAL_NONE;

	if (u->signal == SIGNAL_ATTACH && u->life == c->device[m.device].life && fate != FATE_DEVICE_DOWN)
		cell_attach_again(s, c, m.device);
	cell_slot_drop(c, slot);
	if (own)
		return;
	c->lost[fate]++;
	network_answer(s, &m, fate);
}

/* Take the first message off the device's queue; CELL_NONE: there is none. */
static uint32_t take_queued(struct cellular *c, struct cell_device *d)
{
	uint32_t slot = d->first;

	if (slot == CELL_NONE)
		return CELL_NONE;
	d->first = cell_slot(c, slot)->next;
	d->queued--;
	return slot;
}

void cell_give_up(struct sim *s, struct cellular *c, uint32_t device, enum fate fate)
{
	struct cell_device *d = &c->device[device];
	const struct uses_params *uses = c->classes[c->devices->class_of[device]].uses;

	/* what is confirmed is tried again */
	if (fate == FATE_RETRIES_EXHAUSTED && uses->confirmed && ++d->again < uses->transmissions) {
		fate = cell_reach(s, c, device);
		if (fate == FATE_DELIVERED) {
			cell_access_begin(s, c, device);
			return;
		}
	}
	d->again = 0;
	for (uint32_t slot; (slot = take_queued(c, d)) != CELL_NONE;)
		answer(s, c, slot, fate);
	if (fate == FATE_RETRIES_EXHAUSTED || fate == FATE_ACCESS_BARRED)
		cell_page(s, c, device);
}

/* A transfer down from t on, with a grant for it or for each of its transport blocks; when it is over. */
static simtime_t go_down(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bytes, bool each_block, simtime_t t,
			 struct cell_spent *spent)
{
	const struct cell_signal *g = cell_signal(c, d);
	struct cell_pipe *down = &c->sectors[d->sector].down;
	struct cell_transfer x, ack;

	BUG_ON(s, !phy_downlink(c->technology, cell_loss_db(c, d), 8 * bytes, &x) ||
			  !phy_acknowledge(c->technology, cell_loss_db(c, d), &ack));
	const simtime_t grants = each_block ? x.blocks : 1, wait = pipe_wait(down, s->now, t);
	const simtime_t gaps =
		grants * (c->gaps.grant_to_downlink + c->gaps.downlink_to_ack) + (grants - 1) * c->gaps.uplink_to_grant;
	pipe_load(down, s->now, (double)grants * g->grant_work + (double)x.airtime * x.share, s->now >= s->warmup);
	spent->rx += grants * g->control + x.airtime;
	spent->tx += grants * ack.airtime;
	spent->idle += wait + gaps;
	return t + wait + grants * (g->control + ack.airtime) + x.airtime + gaps;
}

simtime_t cell_transfer_down(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bytes, simtime_t t,
			     struct cell_spent *spent)
{
	return go_down(s, c, d, bytes, false, t, spent);
}

simtime_t cell_message_down(struct sim *s, struct cellular *c, const struct cell_device *d, const struct message *m, simtime_t t,
			    struct cell_spent *spent)
{
	const uint64_t packets = (m->bytes + c->par->mtu - 1) / c->par->mtu;

	if (pipe_wait(&c->sectors[d->sector].down, s->now, t) > c->par->patience)
		return -1;
	return go_down(s, c, d, m->bytes + (unsigned)(packets * c->par->overhead), c->technology == CELLULAR_NB_IOT, t,
		       spent);
}

/* A transfer up from t on, its grant included; when it is over, or < 0: there is no room within the patience. */
simtime_t cell_transfer_up(struct sim *s, struct cellular *c, const struct cell_device *d, unsigned bits, simtime_t t,
			     struct cell_spent *spent)
{
	const struct cell_signal *g = cell_signal(c, d);
	struct cell_sector *sector = &c->sectors[d->sector];
	struct cell_transfer x = cell_uplink(s, c, d, bits);

	/* for its grant, and for room */
	simtime_t wait = pipe_wait(&sector->up, s->now, t), grant = pipe_wait(&sector->down, s->now, t);
	wait = wait > grant ? wait : grant;
	if (wait > c->par->patience)
		return -1;
	if (s->now >= s->warmup)
		tally_add(&c->wait, sim_seconds(wait));
	pipe_load(&sector->up, s->now, (double)x.airtime * x.share, s->now >= s->warmup);
	pipe_load(&sector->down, s->now, g->grant_work, s->now >= s->warmup);
	spent->rx += g->control;
	spent->tx += x.airtime;
	spent->idle += wait + c->gaps.grant_to_uplink;
	return t + wait + g->control + c->gaps.grant_to_uplink + x.airtime;
}

/* The message leaves the device from t on; when the device is done with it. */
static simtime_t transfer(struct sim *s, struct cellular *c, uint32_t device, uint32_t slot, unsigned set_up_bits, simtime_t t,
			  struct cell_spent *spent)
{
	struct cell_device *d = &c->device[device];
	const struct uses_params *uses = c->classes[c->devices->class_of[device]].uses;
	struct cell_slot *u = cell_slot(c, slot);
	unsigned overhead = u->signal == SIGNAL_NONE ? (unsigned)c->par->overhead : 0;
	simtime_t over = cell_transfer_up(s, c, d, 8 * (u->m.bytes + overhead) + set_up_bits, t, spent);

	if (over < 0) {
		answer(s, c, slot, FATE_QUEUE_FULL);
		return t;
	}
	u->life = d->life;
	u->cuts = d->cuts;
	u->state = SLOT_SENDING;
	simtime_t sent = over;
	if (u->signal == SIGNAL_ATTACH && network_asks(s, device)) {
		u->state = SLOT_ASKING; /* the answer down follows the verdict */
	} else if (u->signal != SIGNAL_NONE) {
		over = sent = cell_transfer_down(
			s, c, d, (unsigned)(u->signal == SIGNAL_ATTACH ? c->par->attach_downlink : c->par->update_size),
			over + c->gaps.uplink_to_grant, spent);
	} else if (uses->confirmed) {
		over = cell_transfer_down(s, c, d, (unsigned)c->par->answer, over + c->gaps.uplink_to_grant, spent);
		spent->idle += c->gaps.uplink_to_grant;
	}
	sim_at(s, sent, c->ev_sent, slot, 0);
	return over;
}

void cell_connected(struct sim *s, struct cellular *c, uint32_t device, simtime_t t)
{
	struct cell_device *d = &c->device[device];
	const struct cell_signal *g = cell_signal(c, d);
	struct cell_spent spent = { 0 };
	unsigned set_up = phy_message_bits(PHY_MSG5) + 8 * (unsigned)c->par->set_up_uplink;

	d->again = 0;
	if (d->flags & CELL_LET_GO)
		cell_registered(s, c, device);
	d->flags &= (uint8_t)~CELL_LET_GO;
	if (c->par->set_up_downlink)
		t = cell_transfer_down(s, c, d, (unsigned)c->par->set_up_downlink, t, &spent);
	for (uint32_t slot; (slot = take_queued(c, d)) != CELL_NONE; set_up = 0)
		t = transfer(s, c, device, slot, set_up, t, &spent);
	t = cell_down_serve(s, c, device, t, &spent);
	/* released, or kept connected for a while */
	pipe_load(&c->sectors[d->sector].down, s->now, g->release_work, s->now >= s->warmup);
	spent.rx += g->control + g->release;
	d->busy = t + g->control + g->release;
	d->flags |= CELL_LISTENS;
	c->connections += s->now >= s->warmup;
	cell_spend(s, c, device, &spent);
	cell_rest(s, c, device);
}

void cell_down_connected(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	struct cell_spent spent = { 0 };

	cell_wake(s, c, device);
	d->busy = cell_down_serve(s, c, device, s->now > d->busy ? s->now : d->busy, &spent);
	cell_spend(s, c, device, &spent);
	cell_rest(s, c, device);
}

/* A device that is still connected sends without an access. */
static void send_connected(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	struct cell_spent spent = { 0 };
	uint32_t slot = take_queued(c, d);

	cell_wake(s, c, device);
	d->busy = transfer(s, c, device, slot, 0, s->now > d->busy ? s->now : d->busy, &spent);
	cell_spend(s, c, device, &spent);
	cell_rest(s, c, device);
}

static void arrive(struct sim *s, struct cellular *c, uint32_t slot)
{
	struct message m = cell_slot(c, slot)->m;

	cell_slot_drop(c, slot);
	c->handed_on++;
	if (s->now >= s->warmup) {
		c->carried++;
		c->carried_bytes += m.bytes;
	}
	platform_arrive(s, &m);
}

static void on_sent(struct sim *s, void *ctx, uint32_t slot, uint16_t detail)
{
	struct cellular *c = ctx;
	struct cell_slot *u = cell_slot(c, slot);
	const struct cell_device *d = &c->device[u->m.device];
	struct cell_site *site = cell_site_of(c, d);
	enum fate fate = FATE_BACKHAUL;

	(void)detail;
	if (u->life != d->life) {
		answer(s, c, slot, FATE_DEVICE_DOWN);
		return;
	}
	if (u->cuts != d->cuts) {
		answer(s, c, slot, FATE_GATEWAY_DOWN);
		return;
	}
	if (u->state == SLOT_ASKING) {
		cell_ask(s, c, slot);
		return;
	}
	if (u->signal != SIGNAL_NONE) {
		cell_signalled(s, c, slot);
		return;
	}
	simtime_t delay = backhaul_offer(s, site->backhaul, u->m.bytes, &fate);
	if (delay < 0) {
		answer(s, c, slot, fate);
		return;
	}
	site->carried += s->now >= s->warmup;
	if (delay == 0) {
		arrive(s, c, slot);
		return;
	}
	u->state = SLOT_UNDER_WAY;
	sim_after(s, delay, c->ev_arrive, slot, 0);
}

static void on_arrive(struct sim *s, void *ctx, uint32_t slot, uint16_t detail)
{
	(void)detail;
	arrive(s, ctx, slot);
}

/* Put it on the device's queue, and see that it gets away. */
void cell_enqueue(struct sim *s, struct cellular *c, const struct message *m, enum slot_signal signal)
{
	struct cell_device *d = &c->device[m->device];
	uint32_t slot = cell_slot_take(s, c);

	if (slot == CELL_NONE)
		return;
	*cell_slot(c, slot) = (struct cell_slot){
		.m = *m, .next = CELL_NONE, .life = d->life, .state = SLOT_QUEUED, .signal = (uint8_t)signal
	};
	if (d->first == CELL_NONE)
		d->first = slot;
	else
		cell_slot(c, d->last)->next = slot;
	d->last = slot;
	d->queued++;
	if (d->state != CELL_IDLE)
		return;
	if (cell_is_connected(s, c, d))
		send_connected(s, c, m->device);
	else
		cell_access_begin(s, c, m->device);
}

/* Without a site in reach that has power, with too long a message or a full queue, a message ends here. */
static void refuse(struct sim *s, struct cellular *c, const struct message *m, enum fate fate)
{
	c->lost[fate]++;
	network_answer(s, m, fate);
}

static void cell_send(struct sim *s, void *net, const struct message *m)
{
	struct cellular *c = net;
	const struct cell_device *d = &c->device[m->device];

	enum fate reach = cell_reach(s, c, m->device);

	c->taken++;
	if (reach != FATE_DELIVERED)
		refuse(s, c, m, reach);
	else if (m->bytes > c->par->mtu)
		refuse(s, c, m, FATE_PAYLOAD_TOO_LARGE);
	else if (d->queued >= c->par->buffer)
		refuse(s, c, m, FATE_QUEUE_FULL);
	else
		cell_enqueue(s, c, m, SIGNAL_NONE);
}

static unsigned cell_mtu(const struct sim *s, void *net, uint32_t device)
{
	const struct cellular *c = net;

	(void)s, (void)device;
	return (unsigned)c->par->mtu;
}

static void cell_touches(struct sim *s, void *net, uint16_t kind)
{
	const struct cellular *c = net;

	sim_handler_prefetch(s, kind, c->device, sizeof *c->device);
}

uint64_t cell_held_up(const struct cellular *c, enum purpose p)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < c->n_slots; i++) {
		const struct cell_slot *u = cell_slot(c, i);
		n += u->state != SLOT_FREE && u->signal == SIGNAL_NONE && !u->m.down && is_for(u->m.purpose, p);
	}
	return n;
}

static uint64_t cell_held(const struct sim *s, void *net, enum purpose p)
{
	(void)s;
	return cell_held_up(net, p);
}

const struct network_ops cell_ops = {
	.technology = "cellular",
	.send = cell_send,
	.send_down = cell_send_down,
	.mtu = cell_mtu,
	.mtu_down = cell_mtu_down,
	.reach = cell_when_reached,
	.multicast = cell_multicast,
	.background = cell_background,
	.attach = cell_attach,
	.detach = cell_detach,
	.authenticated = cell_authenticated,
	.touches = cell_touches,
	.held = cell_held,
};

void cell_data_handlers(struct sim *s, struct cellular *c)
{
	c->ev_sent = sim_handler(s, "cellular.sent", on_sent, c);
	c->ev_arrive = sim_handler(s, "cellular.arrive", on_arrive, c);
}
