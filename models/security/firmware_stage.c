/*
 * Stages of a roll-out: first the canaries, then more, unless too many installations fail.  A device's place in the order is its
 * own, the same for every version.
 */
#include "models/security/firmware_private.h"
#include "models/security/product.h"

struct session {
	struct firmwares *f;
	struct ware *w;
	uint16_t version;
};

static double place_in_order(const struct sim *s, const struct firmwares *f, uint32_t device)
{
	uint64_t word[2];

	rng_block(s->key, RNG_PURPOSE('f', 's', 't', 'g'), device_key(f->dev, device), 0, word);
	return rng_unit(word[0]);
}

static uint32_t fragments_needed(const struct firmware_params *p)
{
	return (uint32_t)((p->size + p->fragment - 1) / p->fragment);
}

static bool is_member(const struct sim *s, void *ctx, uint32_t device)
{
	const struct session *x = ctx;
	const struct update *u = &x->f->update[device];

	(void)s;
	return &x->f->ware[x->f->of_device[device]] == x->w && u->state == UPDATE_MULTICAST && u->target == x->version;
}

/* Any fragments will do, so many as an image has; a device that has fewer is sent the rest alone. */
static void on_session(struct sim *s, void *ctx, uint32_t device, uint32_t received)
{
	const struct session *x = ctx;
	struct firmwares *f = x->f;
	struct firmware_class *fw = x->w->fw;
	struct update *u = &f->update[device];
	uint32_t needed = fragments_needed(fw->p);

	fw->members++;
	fw->received += received;
	if (!is_member(s, ctx, device))
		return;
	if (received >= needed) {
		u->done = (uint32_t)fw->p->size;
		send_image(s, f, device);
	} else {
		fw->repaired++;
		u->done = received * (uint32_t)fw->p->fragment;
		send_queue(s, f, device);
	}
}

/* The devices whose turn it is are marked; those at work are members. */
static void begin_session(struct sim *s, struct firmwares *f, struct ware *w)
{
	const struct firmware_params *p = w->fw->p;
	struct session *x = sim_alloc(s, 1, sizeof *x);
	uint32_t needed = fragments_needed(p);
	struct multicast m = { .class_index = w->class_index,
			       .purpose = PURPOSE_UPDATE,
			       .fragments = needed + (uint32_t)ceil(needed * p->redundancy),
			       .fragment_bytes = (uint32_t)p->fragment,
			       .member = is_member,
			       .done = on_session,
			       .ctx = x };

	if (!x)
		return;
	*x = (struct session){ f, w, (uint16_t)w->latest };
	if (network_multicast(s, &m)) {
		w->fw->sessions++;
		return;
	}
	report_warning(s->report, "firmware", "the network of %s has no multicast: its devices are updated one by one",
		       f->dev->classes[w->class_index].id);
	for (uint32_t k = w->first; k < w->first + w->n; k++)
		if (is_member(s, x, f->device[k]))
			send_queue(s, f, f->device[k]);
}

static void begin_turns(struct sim *s, struct firmwares *f, struct ware *w, double share)
{
	bool multicast = w->fw->p->via == VIA_MULTICAST;
	uint32_t members = 0;

	for (uint32_t k = w->first; k < w->first + w->n; k++) {
		uint32_t device = f->device[k];
		struct update *u = &f->update[device];
		if (u->state != UPDATE_DUE || place_in_order(s, f, device) >= share)
			continue;
		if (multicast && device_on_network(f->dev->state[device])) {
			u->state = UPDATE_MULTICAST;
			members++;
		} else {
			send_queue(s, f, device);
		}
	}
	if (members)
		begin_session(s, f, w);
}

static void next_stage(struct sim *s, struct firmwares *f, struct ware *w)
{
	const struct firmware_params *p = w->fw->p;
	uint32_t tried = w->ok + w->bad;

	if (w->stage == p->stages.n)
		return;
	if (tried && w->bad > p->halt_on_failure * tried) {
		w->halted = true;
		w->halts++;
		sim_after(s, p->correction, f->kind_correct, (uint32_t)(w - f->ware), (uint16_t)w->latest);
		return;
	}
	begin_turns(s, f, w, p->stages.v[w->stage++].real);
	if (w->stage < p->stages.n)
		sim_after(s, p->stage_wait, f->kind_stage, (uint32_t)(w - f->ware), (uint16_t)w->latest);
}

static void on_stage(struct sim *s, void *ctx, uint32_t ware, uint16_t version)
{
	struct firmwares *f = ctx;

	if (f->ware[ware].latest == version)
		next_stage(s, f, &f->ware[ware]);
}

/* What halted a roll-out is mended in a version of its own, unless a newer one is out already. */
static void on_correct(struct sim *s, void *ctx, uint32_t ware, uint16_t version)
{
	const struct firmwares *f = ctx;

	if (f->ware[ware].latest == version)
		firmware_release(s, ware);
}

void stage_begin(struct sim *s, struct firmwares *f, struct ware *w)
{
	uint64_t word[2];

	rng_block(s->key, RNG_PURPOSE('f', 'd', 'e', 'f'), w->key, w->latest, word);
	w->defective = rng_unit(word[0]) < w->fw->p->defective;
	w->stage = 0;
	w->halted = false;
	w->ok = w->bad = 0;
	next_stage(s, f, w);
}

void stage_setup(struct sim *s, struct firmwares *f)
{
	f->kind_stage = sim_handler(s, "firmware.stage", on_stage, f);
	f->kind_correct = sim_handler(s, "firmware.correct", on_correct, f);
}
