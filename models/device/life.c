/*
 * The life of a device.
 *
 *   state         leaves by                                    to
 *   PLANNED       its time in the roll-out [DEPLOY, POWER]     ATTACHING, DOWN (power refused)
 *   ATTACHING     device_attached() [OPERATE]                  OPERATIONAL
 *                 device_power(off), battery empty             DOWN, EXHAUSTED
 *   OPERATIONAL   device_power(off), battery empty             DOWN, EXHAUSTED
 *   DOWN          device_power(on) [POWER]                     ATTACHING
 *   EXHAUSTED     never
 *
 * In brackets: the admission hooks asked on the way.  Entering ATTACHING asks [ATTACH] and, if it is granted, signals
 * DEVICE_UP: the network then begins.
 */
#include "models/device/device_private.h"

static const uint32_t PURPOSE_ROLLOUT = RNG_PURPOSE('r', 'o', 'l', 'l');

const char *device_state_name(enum device_state st)
{
	static const char *const names[DEVICE_STATES] = {
		[DEVICE_PLANNED] = "planned", [DEVICE_ATTACHING] = "attaching",     [DEVICE_OPERATIONAL] = "operational",
		[DEVICE_DOWN] = "down",       [DEVICE_EXHAUSTED] = "battery empty",
	};

	return (unsigned)st < DEVICE_STATES ? names[st] : "unknown";
}

void life_move(struct sim *s, struct devices *d, uint32_t i, enum device_state to)
{
	struct cell_life *c = &impl_of(d)->life[d->cell[i]];
	unsigned from = d->state[i];
	double now = sim_seconds(s->now);

	BUG_ON(s, c->in[from] == 0);
	c->in[from]--;
	c->in[to]++;
	d->state[i] = (uint8_t)to;
	if ((from == DEVICE_PLANNED) != (to == DEVICE_PLANNED))
		exact_add(&c->deployed, from == DEVICE_PLANNED ? -now : now);
	if ((from == DEVICE_OPERATIONAL) != (to == DEVICE_OPERATIONAL))
		exact_add(&c->operational, to == DEVICE_OPERATIONAL ? -now : now);
	if (is_powered(from) != is_powered(to)) {
		exact_add(&c->powered, is_powered(to) ? -now : now);
		energy_powered(s, d, i, is_powered(to));
	}
}

static void tell(struct sim *s, const struct devices *d, enum device_signal sig, uint32_t i)
{
	for (const struct subscriber *u = impl_of(d)->subscribers[sig]; u; u = u->next)
		u->fn(s, u->ctx, i);
}

static bool granted(struct sim *s, const struct devices *d, enum device_step step, uint32_t i)
{
	for (const struct hook *h = impl_of(d)->hooks[step]; h; h = h->next)
		if (!h->fn(s, h->ctx, i))
			return false;
	return true;
}

static void attach(struct sim *s, struct devices *d, uint32_t i)
{
	if (granted(s, d, DEVICE_STEP_ATTACH, i))
		tell(s, d, DEVICE_UP, i);
}

static void power_up(struct sim *s, struct devices *d, uint32_t i)
{
	if (!granted(s, d, DEVICE_STEP_POWER, i)) {
		if (d->state[i] != DEVICE_DOWN)
			life_move(s, d, i, DEVICE_DOWN);
		return;
	}
	life_move(s, d, i, DEVICE_ATTACHING);
	attach(s, d, i);
}

static void deploy(struct sim *s, struct devices *d, uint32_t i)
{
	if (d->state[i] == DEVICE_PLANNED && granted(s, d, DEVICE_STEP_DEPLOY, i))
		power_up(s, d, i);
}

static void operate(struct sim *s, struct devices *d, uint32_t i)
{
	if (!granted(s, d, DEVICE_STEP_OPERATE, i))
		return;
	life_move(s, d, i, DEVICE_OPERATIONAL);
	tell(s, d, DEVICE_WENT_OPERATIONAL, i);
}

void device_attached(struct sim *s, uint32_t i)
{
	struct devices *d = devices_of(s);

	if (is_powered(d->state[i]))
		tell(s, d, DEVICE_ATTACHED, i);
	if (d->state[i] == DEVICE_ATTACHING)
		operate(s, d, i);
}

void device_retry(struct sim *s, uint32_t i, enum device_step step)
{
	struct devices *d = devices_of(s);

	switch (step) {
	case DEVICE_STEP_DEPLOY: deploy(s, d, i); break;
	case DEVICE_STEP_POWER: device_power(s, i, true); break;
	case DEVICE_STEP_ATTACH:
		if (d->state[i] == DEVICE_ATTACHING)
			attach(s, d, i);
		break;
	case DEVICE_STEP_OPERATE:
		if (d->state[i] == DEVICE_ATTACHING)
			operate(s, d, i);
		break;
	case DEVICE_STEPS: bug_report(s, __FILE__, __LINE__, "no such step"); break;
	}
}

void life_end(struct sim *s, struct devices *d, uint32_t i, enum device_state to)
{
	life_move(s, d, i, to);
	tell(s, d, DEVICE_WENT_DOWN, i);
}

void device_power(struct sim *s, uint32_t i, bool on)
{
	struct devices *d = devices_of(s);

	if (on && d->state[i] == DEVICE_DOWN)
		power_up(s, d, i);
	else if (!on && is_powered(d->state[i]))
		life_end(s, d, i, DEVICE_DOWN);
}

void device_subscribe(struct sim *s, enum device_signal sig, device_signal_fn *fn, void *ctx)
{
	struct subscriber *u = sim_alloc(s, 1, sizeof *u), **end;

	if (!u)
		return;
	*u = (struct subscriber){ fn, ctx, NULL };
	for (end = &impl_of(devices_of(s))->subscribers[sig]; *end; end = &(*end)->next)
		;
	*end = u;
}

void device_admission(struct sim *s, enum device_step step, device_admit_fn *fn, void *ctx)
{
	struct hook *h = sim_alloc(s, 1, sizeof *h), **end;

	if (!h)
		return;
	*h = (struct hook){ fn, ctx, NULL };
	for (end = &impl_of(devices_of(s))->hooks[step]; *end; end = &(*end)->next)
		;
	*end = h;
}

/* When a row of a part powers on: its row in the file says, or a uniform draw over the roll-out. */
simtime_t deploy_time(const struct sim *s, const struct devices *d, const struct device_part *p, uint32_t i)
{
	const struct deploy_params *par = p->node->par;
	const struct deploy_data *data = p->node->data;
	uint64_t w[2];

	if (data->rows && data->rows[i - p->first].start >= 0)
		return data->rows[i - p->first].start;
	if (par->over == 0)
		return par->start;
	rng_block(s->key, PURPOSE_ROLLOUT, device_key(d, i), 0, w);
	return par->start + (simtime_t)(rng_unit(w[0]) * (double)par->over);
}

/* Devices of a part that power on together, at the start of a deploy without roll-out. */
static void on_bulk(struct sim *s, void *ctx, uint32_t part, uint16_t detail)
{
	struct devices *d = ctx;
	const struct device_part *p = &d->parts[part];

	(void)detail;
	for (uint32_t i = p->first; i < p->first + p->count; i++)
		deploy(s, d, i);
}

static void on_one(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	(void)detail;
	deploy(s, ctx, i);
}

static void on_warmup(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct devices *d = ctx;
	double now = sim_seconds(s->now);

	(void)subject, (void)detail;
	for (uint32_t c = 0; c < impl_of(d)->groups->n_cells; c++) {
		struct cell_life *l = &impl_of(d)->life[c];
		uint32_t operational = l->in[DEVICE_OPERATIONAL], powered = operational + l->in[DEVICE_ATTACHING];
		uint32_t deployed = powered + l->in[DEVICE_DOWN] + l->in[DEVICE_EXHAUSTED];
		l->deployed = (struct exact_sum){ -now * deployed, 0 };
		l->powered = (struct exact_sum){ -now * powered, 0 };
		l->operational = (struct exact_sum){ -now * operational, 0 };
		for (int e = 0; e < ENERGY_STATES; e++) {
			l->active[e].joules = (struct exact_sum){ 0 };
			l->active[e].time = 0;
		}
	}
	energy_warmup(s, d);
}

void life_setup(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);

	im->kind_bulk = sim_handler(s, "device.deploy", on_bulk, d);
	im->kind_one = sim_handler(s, "device.deploy", on_one, d);
	im->kind_warmup = sim_handler(s, "device.warm-up", on_warmup, d);
	for (uint32_t i = 0; i < d->n; i++)
		im->life[d->cell[i]].in[DEVICE_PLANNED]++;
}

void life_start(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);

	if (s->warmup > 0)
		sim_at(s, s->warmup, im->kind_warmup, 0, 0);
	for (uint32_t k = 0; k < d->n_parts; k++) {
		const struct device_part *p = &d->parts[k];
		const struct deploy_params *par = p->node->par;
		const struct deploy_data *data = p->node->data;
		if (par->over == 0 && !data->rows) {
			sim_at(s, par->start, im->kind_bulk, k, 0);
			continue;
		}
		for (uint32_t i = p->first; i < p->first + p->count; i++)
			sim_at(s, deploy_time(s, d, p, i), im->kind_one, i, 0);
	}
}
