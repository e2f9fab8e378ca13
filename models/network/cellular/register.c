/*
 * register - how a device comes to be known to the network, stays so, and is cut off.
 *
 *   attach      its uplink (identity, and its share of the authentication) has arrived; who vouches for devices is asked,
 *               where there is somebody; the verdict is there in time: the answer down, and it is registered
 *   refused     or there is no verdict within the time that a device waits for one: it tries again, after a few times later
 *   update      after a period of silence it says that it is still there
 *
 * The bytes of attach_uplink and attach_downlink are those of the whole dialogue, the authentication's own round trip included:
 * asking costs no more on the air but the wait.  Who vouches for devices is asked anew in each attempt, and a verdict counts that
 * comes while the device waits.  Nobody is asked about devices that are registered already (registration="done").
 */
#include "models/network/cellular/cellular_private.h"

static const uint32_t PURPOSE_ATTACH = RNG_PURPOSE('c', 'a', 't', 't');
static const simtime_t ATTACH_AGAIN = 10 * SIM_SECOND;  /* [M] TS 24.301: T3411 */
static const simtime_t VERDICT_WAIT = 15 * SIM_SECOND;  /* [M] TS 24.301: T3410 */
static const simtime_t REFUSED_LONG = 12 * SIM_MINUTE;  /* [M] TS 24.301: T3402, after */
enum { REFUSED_MOST = 5 };                              /* attempts */

/* The network knows the device; after silence it will have to say that it is still there. */
void cell_registered(struct sim *s, struct cellular *c, uint32_t device)
{
	c->device[device].flags |= CELL_REGISTERED;
	sim_after(s, c->par->update_period, c->ev_update, device, c->device[device].life);
}

/* Registration or an update of it is done. */
void cell_signalled(struct sim *s, struct cellular *c, uint32_t slot)
{
	uint32_t device = cell_slot(c, slot)->m.device;
	bool attach = cell_slot(c, slot)->signal == SIGNAL_ATTACH;

	cell_slot_drop(c, slot);
	if (!attach)
		return;
	c->device[device].refused = 0;
	cell_registered(s, c, device);
	device_attached(s, device);
}

static void signal_up(struct sim *s, struct cellular *c, uint32_t device, enum slot_signal signal)
{
	uint64_t bytes = signal == SIGNAL_ATTACH ? c->par->attach_uplink : c->par->update_size;

	cell_enqueue(s, c, &(struct message){ .created = s->now, .device = device, .bytes = (uint32_t)bytes }, signal);
}

void cell_attach_again(struct sim *s, struct cellular *c, uint32_t device)
{
	sim_after(s, ATTACH_AGAIN, c->ev_attach, device, c->device[device].life);
}

/* A device that no sector reaches is let go on: what it sends is lost for no coverage.  Where somebody has to vouch for it it is
 * not: one that moves goes on looking. */
static void let_go(struct sim *s, struct cellular *c, uint32_t device)
{
	bool moves = cell_moves(c, device); /* its way may lead to a sector */

	if (c->par->registration == REGISTRATION_ATTACH && network_asks(s, device)) {
		if (moves)
			cell_attach_again(s, c, device);
		return;
	}
	if (moves)
		c->device[device].flags |= CELL_LET_GO;
	device_attached(s, device);
}

/* While its site is down a device waits for it; one that moves looks for another. */
static void on_attach(struct sim *s, void *ctx, uint32_t device, uint16_t life)
{
	struct cellular *c = ctx;
	enum fate reach;

	if (life != c->device[device].life)
		return;
	reach = cell_reach(s, c, device);
	if (reach == FATE_DELIVERED)
		signal_up(s, c, device, SIGNAL_ATTACH);
	else if (reach == FATE_NO_COVERAGE)
		let_go(s, c, device);
	else if (cell_moves(c, device))
		cell_attach_again(s, c, device);
	else
		c->device[device].flags |= CELL_SEEKS;
}

/* ---- who vouches for it ---- */

/* The verdict may come before the question returns. */
void cell_ask(struct sim *s, struct cellular *c, uint32_t slot)
{
	uint32_t device = cell_slot(c, slot)->m.device;
	struct cell_device *d = &c->device[device];

	cell_slot_drop(c, slot);
	d->flags |= CELL_ASKED;
	d->asks++;
	sim_after(s, VERDICT_WAIT, c->ev_verdict, device, (uint16_t)(d->life << 8 | d->asks));
	if (network_authenticate(s, device))
		cell_authenticated(s, c, device, true);
}

static void fail_attempt(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];

	d->flags &= (uint8_t)~CELL_ASKED;
	if (++d->refused < REFUSED_MOST) {
		cell_attach_again(s, c, device);
		return;
	}
	d->refused = 0;
	sim_after(s, REFUSED_LONG, c->ev_attach, device, d->life);
}

static void on_verdict_late(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct cellular *c = ctx;
	const struct cell_device *d = &c->device[device];

	if (d->flags & CELL_ASKED && detail == (d->life << 8 | d->asks))
		fail_attempt(s, c, device);
}

/* The device has been awake since it sent: what it listens is charged already. */
void cell_authenticated(struct sim *s, void *net, uint32_t device, bool granted)
{
	struct cellular *c = net;
	struct cell_device *d = &c->device[device];
	struct cell_spent spent = { 0 };
	uint32_t slot;

	if (!(d->flags & CELL_ASKED))
		return; /* too late */
	if (!granted) {
		fail_attempt(s, c, device);
		return;
	}
	d->flags &= (uint8_t)~CELL_ASKED;
	slot = cell_slot_take(s, c);
	if (slot == CELL_NONE)
		return;
	*cell_slot(c, slot) = (struct cell_slot){ .m = { .created = s->now, .device = device },
						  .life = d->life,
						  .cuts = d->cuts,
						  .state = SLOT_SENDING,
						  .signal = SIGNAL_ATTACH };
	cell_wake(s, c, device);
	d->busy =
		cell_transfer_down(s, c, d, (unsigned)c->par->attach_downlink, s->now > d->busy ? s->now : d->busy, &spent);
	cell_spend(s, c, device, &spent);
	cell_rest(s, c, device);
	sim_at(s, d->busy, c->ev_sent, slot, 0);
}

/* ---- silence, sites ---- */

/* T3412 has run out, unless the device has been heard of since it was set. */
static void on_update(struct sim *s, void *ctx, uint32_t device, uint16_t life)
{
	struct cellular *c = ctx;
	struct cell_device *d = &c->device[device];
	simtime_t due = d->busy + c->par->update_period;

	if (life != d->life)
		return;
	if (due <= s->now || !(d->flags & CELL_LISTENS)) {
		enum fate reach = d->state == CELL_IDLE ? cell_reach(s, c, device) : FATE_SUPERSEDED;
		if (reach == FATE_DELIVERED)
			signal_up(s, c, device, SIGNAL_UPDATE);
		if (reach == FATE_GATEWAY_DOWN && !cell_moves(c, device)) {
			d->flags |= CELL_SEEKS;
			return;
		}
		due = s->now + c->par->update_period;
	}
	sim_at(s, due, c->ev_update, device, life);
}

/* A connection does not outlive its site's power; listening for a page goes on, in vain. */
void cell_cut_off(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];

	d->cuts++;
	if (cell_is_connected(s, c, d)) {
		cell_wake(s, c, device);
		d->flags &= (uint8_t)~CELL_LISTENS;
	}
	if (d->flags & CELL_ASKED) {
		d->flags &= (uint8_t)~CELL_ASKED;
		cell_attach_again(s, c, device);
	}
	c->cut += cell_access_drop(c, device);
	cell_give_up(s, c, device, FATE_GATEWAY_DOWN);
}

/* Those who have something to say do not say it all at once. */
void cell_back(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	uint64_t w[2];

	if (d->flags & CELL_SEEKS) {
		d->flags &= (uint8_t)~CELL_SEEKS;
		rng_block(s->key, PURPOSE_ATTACH, device_key(c->devices, device) ^ rng_mix((uint64_t)s->now), 0, w);
		sim_after(s, (simtime_t)(rng_unit(w[0]) * (double)c->par->attach_spread),
			  d->flags & CELL_REGISTERED ? c->ev_update : c->ev_attach, device, d->life);
	}
	cell_page(s, c, device);
}

void cell_attach(struct sim *s, void *net, uint32_t device)
{
	struct cellular *c = net;
	struct cell_device *d = &c->device[device];
	uint64_t w[2];

	if (cell_reach(s, c, device) == FATE_NO_COVERAGE) {
		let_go(s, c, device);
	} else if (c->par->registration == REGISTRATION_DONE) {
		cell_registered(s, c, device);
		device_attached(s, device);
	} else {
		rng_block(s->key, PURPOSE_ATTACH, device_key(c->devices, device), d->life, w);
		sim_after(s, (simtime_t)(rng_unit(w[0]) * (double)c->par->attach_spread), c->ev_attach, device, d->life);
	}
}

void cell_detach(struct sim *s, void *net, uint32_t device)
{
	struct cellular *c = net;
	struct cell_device *d = &c->device[device];

	bool moves = device_is_powered(c->devices->state[device]); /* to another network */

	cell_wake(s, c, device);
	d->flags = 0;
	d->life++;
	c->dropped += cell_access_drop(c, device);
	cell_give_up(s, c, device, moves ? FATE_SUPERSEDED : FATE_DEVICE_DOWN);
	cell_down_drop(s, c, device, moves ? FATE_SUPERSEDED : FATE_DEVICE_DOWN);
}

void cell_register_handlers(struct sim *s, struct cellular *c)
{
	c->ev_attach = sim_handler(s, "cellular.attach", on_attach, c);
	c->ev_update = sim_handler(s, "cellular.update", on_update, c);
	c->ev_verdict = sim_handler(s, "cellular.verdict", on_verdict_late, c);
}
