/*
 * down - messages to devices, held until they can be reached: commands, onboarding, updates.
 *
 *   the device is                 what is there for it
 *   connected                     goes down at once
 *   in an access, or asleep       waits for its next connection: a reading, or the update of its registration
 *   listening (active time, DRX)  is paged for within a paging cycle: random access, then down
 *   between eDRX windows          is paged for in the next one
 *   without a site that has power waits until that is back, or for its next connection
 *
 * One queue a device, by priority and in the order of arrival; a connection empties it.  An access that a page began and that fails
 * is paged for again, while the device listens.  A message longer than a packet has the overhead of each of its packets; it holds
 * the sector's downlink for as long as it takes, in one piece.
 */
#include <string.h>

#include "models/network/cellular/cellular_private.h"

static const uint32_t PURPOSE_PAGE = RNG_PURPOSE('c', 'p', 'a', 'g');

static bool waits(const struct cellular *c, uint32_t device)
{
	return c->down->first && c->down->first[device] != CELL_NONE;
}

/* ---- the queue ---- */

static bool make_queues(struct sim *s, struct cellular *c)
{
	struct cell_down *g = c->down;

	if (g->first)
		return true;
	g->first = sim_alloc(s, c->devices->n + 1u, sizeof *g->first);
	if (g->first)
		memset(g->first, 0xff, (c->devices->n + 1u) * sizeof *g->first);
	return g->first != NULL;
}

/* Behind those of its priority. */
static void hold(struct sim *s, struct cellular *c, const struct message *m, enum slot_signal signal)
{
	uint32_t slot = cell_slot_take(s, c), *at;

	if (slot == CELL_NONE)
		return;
	at = &c->down->first[m->device];
	while (*at != CELL_NONE && cell_slot(c, *at)->m.priority >= m->priority)
		at = &cell_slot(c, *at)->next;
	*cell_slot(c, slot) = (struct cell_slot){ .m = *m, .next = *at, .state = SLOT_QUEUED, .signal = (uint8_t)signal };
	*at = slot;
}

static uint64_t queued(const struct cellular *c, uint32_t device)
{
	uint64_t n = 0;

	for (uint32_t k = c->down->first[device]; k != CELL_NONE; k = cell_slot(c, k)->next)
		n += cell_slot(c, k)->signal == SIGNAL_NONE;
	return n;
}

bool cell_down_replace(struct sim *s, struct cellular *c, const struct message *m)
{
	uint32_t k;

	if (!make_queues(s, c))
		return false;
	k = c->down->first[m->device];
	while (k != CELL_NONE && cell_slot(c, k)->signal != SIGNAL_COMMAND)
		k = cell_slot(c, k)->next;
	if (k == CELL_NONE) {
		hold(s, c, m, SIGNAL_COMMAND);
		return false;
	}
	cell_slot(c, k)->m.created = m->created;
	return true;
}

static void lose(struct sim *s, struct cellular *c, const struct message *m, enum fate fate)
{
	c->down->lost[fate]++;
	network_answer(s, m, fate);
}

/* The slot is free before the owner is called, who may send again. */
static void lose_slot(struct sim *s, struct cellular *c, uint32_t slot, enum fate fate)
{
	struct message m = cell_slot(c, slot)->m;

	cell_slot_drop(c, slot);
	lose(s, c, &m, fate);
}

void cell_down_drop(struct sim *s, struct cellular *c, uint32_t device, enum fate fate)
{
	uint32_t lost = CELL_NONE, *end = &lost, *at = waits(c, device) ? &c->down->first[device] : &lost;

	while (*at != CELL_NONE) {
		struct cell_slot *u = cell_slot(c, *at);
		if (u->signal == SIGNAL_COMMAND) {
			at = &u->next;
			continue;
		}
		*end = *at;
		*at = u->next;
		u->next = CELL_NONE;
		end = &u->next;
	}
	while (lost != CELL_NONE) {
		uint32_t slot = lost;
		lost = cell_slot(c, slot)->next;
		lose_slot(s, c, slot, fate);
	}
}

/* ---- reaching a device ---- */

/* Where the device can next be paged; SIM_NEVER: it sleeps until it says something. */
static simtime_t paged(const struct sim *s, const struct cellular *c, uint32_t device)
{
	const struct cellular_params *p = c->par;
	const struct cell_device *d = &c->device[device];
	uint64_t w[2];

	rng_block(s->key, PURPOSE_PAGE, device_key(c->devices, device) ^ rng_mix((uint64_t)s->now), 0, w);
	simtime_t page = s->now + (simtime_t)(rng_unit(w[0]) * (double)p->paging_cycle);
	if (p->power_saving == SAVING_NONE)
		return page;
	if (p->power_saving == SAVING_PSM) {
		bool awake = d->flags & CELL_LISTENS && page < d->busy + p->inactivity + p->active_time;
		return awake ? page : SIM_NEVER;
	}
	simtime_t phase = (simtime_t)(rng_mix(device_key(c->devices, device)) % (uint64_t)p->cycle);
	simtime_t into = (s->now - phase + p->cycle) % p->cycle;
	return into < p->window && page - s->now + into < p->window ? page : s->now - into + p->cycle;
}

simtime_t cell_when_reached(const struct sim *s, void *net, uint32_t device)
{
	const struct cellular *c = net;
	const struct cell_device *d = &c->device[device];

	if (d->loss == INT16_MAX || !(d->flags & CELL_REGISTERED) || !cell_is_live(cell_site_of(c, d)))
		return SIM_NEVER;
	return d->state != CELL_IDLE || cell_is_connected(s, c, d) ? s->now : paged(s, c, device);
}

void cell_page(struct sim *s, struct cellular *c, uint32_t device)
{
	const struct cell_device *d = &c->device[device];

	if (!waits(c, device) || !(d->flags & CELL_REGISTERED) || d->state != CELL_IDLE ||
	    cell_reach(s, c, device) != FATE_DELIVERED)
		return;
	if (cell_is_connected(s, c, d)) {
		cell_down_connected(s, c, device);
		return;
	}
	simtime_t t = paged(s, c, device);
	if (t < SIM_NEVER)
		sim_at(s, t, c->down->ev_page, device, d->life);
}

static void on_page(struct sim *s, void *ctx, uint32_t device, uint16_t life)
{
	struct cellular *c = ctx;
	const struct cell_device *d = &c->device[device];

	if (life != d->life || !waits(c, device) || d->state != CELL_IDLE || cell_reach(s, c, device) != FATE_DELIVERED)
		return;
	if (cell_is_connected(s, c, d)) {
		cell_down_connected(s, c, device);
		return;
	}
	c->down->pages++;
	cell_access_begin(s, c, device);
}

/* ---- down ---- */

/* Times the first message of the queue, which is not the queue's any more; when that is over. */
static simtime_t send_first(struct sim *s, struct cellular *c, uint32_t device, simtime_t t, struct cell_spent *spent)
{
	const struct cell_device *d = &c->device[device];
	uint32_t slot = c->down->first[device];
	struct cell_slot *u = cell_slot(c, slot);
	simtime_t over = cell_message_down(s, c, d, &u->m, t, spent);

	c->down->first[device] = u->next;
	if (over < 0) {
		lose_slot(s, c, slot, FATE_QUEUE_FULL);
		return t;
	}
	u->state = SLOT_SENDING;
	u->life = d->life;
	u->cuts = d->cuts;
	sim_at(s, over, c->down->ev_delivered, slot, 0);
	return over;
}

simtime_t cell_down_serve(struct sim *s, struct cellular *c, uint32_t device, simtime_t t, struct cell_spent *spent)
{
	const struct cell_site *site = cell_site_of(c, &c->device[device]);

	if (!waits(c, device) || !cell_is_live(site))
		return t;
	t += backhaul_latency(s, site->backhaul);
	while (waits(c, device)) {
		uint32_t slot = c->down->first[device];
		const struct cell_slot *u = cell_slot(c, slot);
		if (u->signal != SIGNAL_COMMAND) {
			t = send_first(s, c, device, t, spent);
			continue;
		}
		if (!cell_command(s, c, &u->m, &t, spent))
			return t;
		c->down->first[device] = u->next;
		cell_slot_drop(c, slot);
	}
	return t;
}

static void on_delivered(struct sim *s, void *ctx, uint32_t slot, uint16_t detail)
{
	struct cellular *c = ctx;
	const struct cell_slot *u = cell_slot(c, slot);
	const struct cell_device *d = &c->device[u->m.device];
	struct message m = u->m;

	(void)detail;
	if (u->life != d->life || u->cuts != d->cuts) {
		lose_slot(s, c, slot, u->life != d->life ? FATE_DEVICE_DOWN : FATE_GATEWAY_DOWN);
		return;
	}
	cell_slot_drop(c, slot);
	c->down->delivered++;
	if (m.created >= s->warmup)
		tally_add(&c->down->delay, sim_seconds(s->now - m.created));
	network_answer(s, &m, FATE_DELIVERED);
}

void cell_send_down(struct sim *s, void *net, const struct message *m)
{
	struct cellular *c = net;
	const struct cell_device *d = &c->device[m->device];

	c->down->taken++;
	if (!make_queues(s, c))
		return;
	if (cell_reach(s, c, m->device) == FATE_NO_COVERAGE)
		lose(s, c, m, FATE_NO_COVERAGE);
	else if (!(d->flags & CELL_REGISTERED))
		lose(s, c, m, FATE_NOT_ONBOARDED);
	else if (m->bytes > c->par->mtu_down)
		lose(s, c, m, FATE_PAYLOAD_TOO_LARGE);
	else if (queued(c, m->device) >= c->par->down_buffer)
		lose(s, c, m, FATE_QUEUE_FULL);
	else {
		hold(s, c, m, SIGNAL_NONE);
		cell_page(s, c, m->device);
	}
}

unsigned cell_mtu_down(const struct sim *s, void *net, uint32_t device)
{
	const struct cellular *c = net;

	(void)s, (void)device;
	return (unsigned)c->par->mtu_down;
}

uint64_t cell_held_down(const struct cellular *c)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < c->n_slots; i++) {
		const struct cell_slot *u = cell_slot(c, i);
		n += u->state != SLOT_FREE && u->signal == SIGNAL_NONE && u->m.down;
	}
	return n;
}

uint64_t cell_held_commands(const struct cellular *c)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < c->n_slots; i++)
		n += cell_slot(c, i)->state != SLOT_FREE && cell_slot(c, i)->signal == SIGNAL_COMMAND;
	return n;
}

bool cell_down_new(struct sim *s, struct cellular *c)
{
	c->down = sim_alloc(s, 1, sizeof *c->down);
	if (!c->down)
		return false;
	c->down->ev_page = sim_handler(s, "cellular.page", on_page, c);
	c->down->ev_delivered = sim_handler(s, "cellular.delivered", on_delivered, c);
	return true;
}
