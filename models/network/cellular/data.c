/* data - what follows an access: transfers, the way to the platform, and the device's side of it. */
#include "models/network/cellular/cellular_private.h"

static void answer(struct sim *s, struct cellular *c, uint32_t slot, enum fate fate)
{
	struct message m = cell_slot(c, slot)->m;

	cell_slot_drop(c, slot);
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

	for (uint32_t slot; (slot = take_queued(c, d)) != CELL_NONE;)
		answer(s, c, slot, fate);
}

/* The message leaves the device: over at the time of its event. */
static void transfer(struct sim *s, struct cellular *c, uint32_t device, uint32_t slot)
{
	struct cell_device *d = &c->device[device];
	struct cell_slot *u = cell_slot(c, slot);

	u->life = d->life;
	u->state = SLOT_SENDING;
	if (d->busy > s->end)
		return; /* on its way when the run ends */
	sim_at(s, d->busy, c->ev_sent, slot, 0);
}

void cell_connected(struct sim *s, struct cellular *c, uint32_t device, simtime_t t)
{
	struct cell_device *d = &c->device[device];

	d->busy = t;
	for (uint32_t slot; (slot = take_queued(c, d)) != CELL_NONE;)
		transfer(s, c, device, slot);
}

static void arrive(struct sim *s, struct cellular *c, uint32_t slot)
{
	struct message m = cell_slot(c, slot)->m;

	cell_slot_drop(c, slot);
	platform_arrive(s, &m);
}

static void on_sent(struct sim *s, void *ctx, uint32_t slot, uint16_t detail)
{
	struct cellular *c = ctx;
	struct cell_slot *u = cell_slot(c, slot);
	const struct cell_device *d = &c->device[u->m.device];
	struct cell_site *site = &c->sites[c->site_of[d->sector]];
	enum fate fate = FATE_BACKHAUL;

	(void)detail;
	if (u->life != d->life) {
		answer(s, c, slot, FATE_DEVICE_DOWN);
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

static void cell_send(struct sim *s, void *net, const struct message *m)
{
	struct cellular *c = net;
	struct cell_device *d = &c->device[m->device];

	if (d->loss == INT16_MAX) {
		network_answer(s, m, FATE_NO_COVERAGE);
		return;
	}
	if (m->bytes > c->par->mtu) {
		network_answer(s, m, FATE_PAYLOAD_TOO_LARGE);
		return;
	}
	if (d->queued >= c->par->buffer) {
		network_answer(s, m, FATE_QUEUE_FULL);
		return;
	}
	uint32_t slot = cell_slot_take(s, c);
	if (slot == CELL_NONE)
		return;
	*cell_slot(c, slot) = (struct cell_slot){ .m = *m, .next = CELL_NONE, .state = SLOT_QUEUED };
	if (d->first == CELL_NONE)
		d->first = slot;
	else
		cell_slot(c, d->last)->next = slot;
	d->last = slot;
	d->queued++;
	if (d->state == CELL_IDLE)
		cell_access_begin(s, c, m->device);
}

static unsigned cell_mtu(const struct sim *s, void *net, uint32_t device)
{
	const struct cellular *c = net;

	(void)s, (void)device;
	return (unsigned)c->par->mtu;
}

static void cell_attach(struct sim *s, void *net, uint32_t device)
{
	struct cellular *c = net;

	c->device[device].flags |= CELL_POWERED;
	device_attached(s, device);
}

static void cell_detach(struct sim *s, void *net, uint32_t device)
{
	struct cellular *c = net;

	c->device[device].flags &= (uint8_t)~CELL_POWERED;
	c->device[device].life++;
	cell_access_drop(c, device);
	cell_give_up(s, c, device, FATE_DEVICE_DOWN);
}

static void cell_touches(struct sim *s, void *net, uint16_t kind)
{
	const struct cellular *c = net;

	sim_handler_prefetch(s, kind, c->device, sizeof *c->device);
}

static uint64_t cell_held(const struct sim *s, void *net)
{
	const struct cellular *c = net;
	uint64_t n = 0;

	(void)s;
	for (uint32_t i = 0; i < c->n_slots; i++)
		n += cell_slot(c, i)->state != SLOT_FREE;
	return n;
}

const struct network_ops cell_ops = { "cellular", cell_send, cell_mtu, cell_attach, cell_detach, cell_touches, cell_held };

void cell_data_handlers(struct sim *s, struct cellular *c)
{
	c->ev_sent = sim_handler(s, "cellular.sent", on_sent, c);
	c->ev_arrive = sim_handler(s, "cellular.arrive", on_arrive, c);
}
