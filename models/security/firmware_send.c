/*
 * From the server to a device, piece by piece over its network, one piece on its way at a time; then its installation.
 *
 * A device that goes down keeps the pieces that it has and goes on with the next when it is back.
 */
#include "models/security/firmware_private.h"

enum { NOT_QUEUED = 0, MOST_INSTALLS = 2 };

static struct ware *ware_of_device(const struct firmwares *f, uint32_t device)
{
	return &f->ware[f->of_device[device]];
}

static struct firmware_class *class_of(const struct firmwares *f, uint32_t device)
{
	return f->of_class[f->dev->class_of[device]];
}

/* Links of the queue: NOT_QUEUED, NOBODY at its end, else the next device + 1.  One that left its turn stays in the queue until it
 * comes up. */
static uint32_t take_first(struct firmwares *f, struct firmware_class *fw)
{
	uint32_t device = fw->head;
	struct update *u = &f->update[device];

	fw->head = u->next == NOBODY ? NOBODY : u->next - 1;
	if (fw->head == NOBODY)
		fw->tail = NOBODY;
	u->next = NOT_QUEUED;
	return device;
}

static void fill_server(struct sim *s, struct firmwares *f, struct firmware_class *fw)
{
	while (fw->head != NOBODY && (fw->p->max_concurrent == 0 || fw->active < fw->p->max_concurrent)) {
		uint32_t device = take_first(f, fw);
		struct update *u = &f->update[device];
		if (u->state != UPDATE_QUEUED)
			continue;
		u->state = UPDATE_SENDING;
		u->tries = 0;
		fw->active++;
		sim_after(s, 0, f->kind_send, device, ++u->turn);
	}
}

void send_queue(struct sim *s, struct firmwares *f, uint32_t device)
{
	struct firmware_class *fw = class_of(f, device);
	struct update *u = &f->update[device];

	if (!device_on_network(f->dev->state[device])) {
		u->state = UPDATE_AWAY;
		return;
	}
	u->state = UPDATE_QUEUED;
	if (u->next == NOT_QUEUED) {
		u->next = NOBODY;
		if (fw->tail == NOBODY)
			fw->head = device;
		else
			f->update[fw->tail].next = device + 1;
		fw->tail = device;
	}
	fill_server(s, f, fw);
}

void send_stop(struct sim *s, struct firmwares *f, uint32_t device)
{
	struct firmware_class *fw = class_of(f, device);
	struct update *u = &f->update[device];
	bool served = u->state == UPDATE_SENDING;

	u->turn++;
	u->state = UPDATE_AWAY;
	if (!served)
		return;
	fw->active--;
	fill_server(s, f, fw);
}

void update_end(struct sim *s, struct firmwares *f, uint32_t device, enum update_end end)
{
	if (f->update[device].state == UPDATE_SENDING)
		send_stop(s, f, device);
	f->update[device].state = UPDATE_NONE;
	f->update[device].turn++;
	class_of(f, device)->ends[end]++;
}

/* ---- pieces ---- */

unsigned send_piece(const struct sim *s, const struct firmwares *f, uint32_t device)
{
	const struct firmware_params *p = class_of(f, device)->p;
	unsigned carried = network_mtu_down(s, device);
	uint64_t left = p->size - f->update[device].done;
	uint64_t most = p->fragment && p->fragment < carried ? p->fragment : carried;

	return (unsigned)(left < most ? left : most);
}

static void lost(struct sim *s, struct firmwares *f, uint32_t device)
{
	const struct firmware_params *p = class_of(f, device)->p;
	struct update *u = &f->update[device];
	double wait = sim_seconds(p->retry_after) * exp2(u->tries);

	if (++u->tries >= p->attempts) {
		update_end(s, f, device, END_GAVE_UP);
		return;
	}
	sim_after(s, sim_from_seconds(fmin(wait, 86400)), f->kind_send, device, u->turn);
}

static void on_send(struct sim *s, void *ctx, uint32_t device, uint16_t turn)
{
	struct firmwares *f = ctx;
	struct firmware_class *fw = class_of(f, device);
	const struct update *u = &f->update[device];
	struct message m = { .created = s->now, .device = device, .context = turn, .purpose = PURPOSE_UPDATE, .down = 1 };

	if (u->turn != turn || u->state != UPDATE_SENDING)
		return;
	if (u->done >= fw->p->size) {
		send_image(s, f, device);
		return;
	}
	m.bytes = send_piece(s, f, device);
	if (m.bytes == 0) {
		fw->no_way_down++;
		lost(s, f, device);
		return;
	}
	fw->pieces++;
	fw->bytes += m.bytes;
	fw->under_way++;
	network_send_down(s, &m);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct firmwares *f = ctx;
	struct firmware_class *fw = class_of(f, m->device);
	struct update *u = &f->update[m->device];

	fw->under_way--;
	fw->delivered += fate == FATE_DELIVERED;
	fw->bytes_delivered += fate == FATE_DELIVERED ? m->bytes : 0;
	fw->lost[fate] += fate != FATE_DELIVERED;
	if (u->state != UPDATE_SENDING || u->turn != m->context)
		return;
	if (fate != FATE_DELIVERED) {
		lost(s, f, m->device);
		return;
	}
	u->done += m->bytes;
	u->tries = 0;
	sim_after(s, 0, f->kind_send, m->device, u->turn);
}

/* ---- installation ---- */

void send_image(struct sim *s, struct firmwares *f, uint32_t device)
{
	struct firmware_class *fw = class_of(f, device);
	struct update *u = &f->update[device];
	simtime_t time = fw->p->install_time;

	send_stop(s, f, device);
	u->state = UPDATE_INSTALLING;
	fw->installs++;
	device_charge(s, f->dev, device, ENERGY_CPU, f->dev->classes[f->dev->class_of[device]].cpu_w * sim_seconds(time),
		      time);
	sim_after(s, time, f->kind_install, device, u->turn);
}

/* It has, or has not, what every version up to its own was to give it. */
static void count_releases(const struct sim *s, struct ware *w, uint32_t from, uint32_t to)
{
	uint32_t number = w->latest;

	for (struct release *r = w->release; r && number > from; r = r->before, number--) {
		if (number > to)
			continue;
		r->updated++;
		if (r->reached || r->updated < r->to_reach)
			continue;
		r->reached = true;
		tally_add(&w->fw->p90, sim_seconds(s->now - r->at));
	}
}

static void installed(struct sim *s, struct firmwares *f, uint32_t device)
{
	struct ware *w = ware_of_device(f, device);
	struct update *u = &f->update[device];
	uint32_t before = u->version;

	w->ok++;
	u->version = u->target;
	update_end(s, f, device, END_DONE);
	count_releases(s, w, before, u->version);
	firmware_tell(s, f, device, true);
}

static void failed(struct sim *s, struct firmwares *f, uint32_t device, bool bricked)
{
	struct update *u = &f->update[device];

	ware_of_device(f, device)->bad++;
	if (bricked) {
		update_end(s, f, device, END_BRICKED);
		device_move(s, device, DEVICE_RETIRED);
	} else if (++u->installs >= MOST_INSTALLS) {
		update_end(s, f, device, END_FAILED);
	} else {
		u->done = 0;
		send_queue(s, f, device);
	}
}

static void on_install(struct sim *s, void *ctx, uint32_t device, uint16_t turn)
{
	struct firmwares *f = ctx;
	const struct firmware_params *p = class_of(f, device)->p;
	const struct update *u = &f->update[device];
	uint64_t word[2];

	if (u->turn != turn || u->state != UPDATE_INSTALLING)
		return;
	rng_block(s->key, RNG_PURPOSE('f', 'i', 'n', 's'), device_key(f->dev, device) ^ rng_mix(u->target), u->installs,
		  word);
	if (rng_unit(word[0]) < (ware_of_device(f, device)->defective ? p->defective_failure : p->failure))
		failed(s, f, device, rng_unit(word[1]) < p->bricks);
	else
		installed(s, f, device);
}

/* ---- devices that come and go ---- */

static void on_change(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct firmwares *f = ctx;
	const struct update *u = &f->update[device];

	if (!update_pending(u))
		return;
	if (to == DEVICE_EXHAUSTED || to == DEVICE_RETIRED) {
		send_stop(s, f, device);
		update_end(s, f, device, END_LEFT);
	} else if (device_on_network(from) && !device_on_network(to)) {
		if (u->state != UPDATE_DUE)
			send_stop(s, f, device);
	} else if (!device_on_network(from) && device_on_network(to) && u->state == UPDATE_AWAY) {
		send_queue(s, f, device);
	}
}

void send_setup(struct sim *s, struct firmwares *f)
{
	f->kind_send = sim_handler(s, "firmware.piece", on_send, f);
	f->kind_install = sim_handler(s, "firmware.install", on_install, f);
	network_owner(s, PURPOSE_UPDATE, on_answer, f);
	device_watch(s, on_change, f);
}
