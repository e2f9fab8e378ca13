/*
 * The life of a device.
 *
 *   state           leaves by                                     to
 *   MANUFACTURED    its time in the roll-out [IDENTIFIED]         IDENTIFIED
 *   IDENTIFIED      at once [ASSESSED]                            ASSESSED
 *   ASSESSED        at once [ADMITTED]                            ADMITTED
 *   ADMITTED        at once [DEPLOYED]                            DEPLOYED
 *   DEPLOYED        at once, device_power(on) [POWERED]           POWERED
 *   POWERED         [ATTACHED] the network: device_attached()     ATTACHED
 *   ATTACHED        at once [AUTHENTICATED]                       AUTHENTICATED
 *   AUTHENTICATED   at once [BOOTSTRAPPED]                        BOOTSTRAPPED
 *   BOOTSTRAPPED    at once [OPERATIONAL]                         OPERATIONAL
 *   OPERATIONAL, SUSPENDED, COMPROMISED, QUARANTINED
 *                   device_move()                                 as `ways` says
 *   any powered     device_power(off), battery empty              DEPLOYED, EXHAUSTED
 *   any in field    device_move(RETIRED), the end of its service life
 *                                                                 RETIRED
 *   EXHAUSTED, RETIRED: never
 *
 * In brackets: the admission hooks asked on the way; a refused device waits for device_retry().  POWERED asks [ATTACHED] and, if
 * it is granted, signals DEVICE_UP: the network then begins.
 */
#include "models/device/device_private.h"

static const uint32_t PURPOSE_ROLLOUT = RNG_PURPOSE('r', 'o', 'l', 'l');

const char *device_state_name(enum device_state st)
{
	static const char *const names[DEVICE_STATES] = {
		[DEVICE_MANUFACTURED] = "manufactured", [DEVICE_IDENTIFIED] = "identified",
		[DEVICE_ASSESSED] = "assessed",         [DEVICE_ADMITTED] = "admitted",
		[DEVICE_DEPLOYED] = "without power",    [DEVICE_POWERED] = "powered",
		[DEVICE_ATTACHED] = "attached",         [DEVICE_AUTHENTICATED] = "authenticated",
		[DEVICE_BOOTSTRAPPED] = "bootstrapped", [DEVICE_OPERATIONAL] = "operational",
		[DEVICE_SUSPENDED] = "suspended",       [DEVICE_COMPROMISED] = "compromised",
		[DEVICE_QUARANTINED] = "quarantined",   [DEVICE_EXHAUSTED] = "battery empty",
		[DEVICE_RETIRED] = "retired",
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
	if (device_in_field(from) != device_in_field(to))
		exact_add(&c->deployed, device_in_field(to) ? -now : now);
	if (device_works(from) != device_works(to))
		exact_add(&c->operational, device_works(to) ? -now : now);
	if (device_is_powered(from) != device_is_powered(to)) {
		exact_add(&c->powered, device_is_powered(to) ? -now : now);
		energy_powered(s, d, i, device_is_powered(to));
		impl_of(d)->begun[i] = false;
	}
	if (impl_of(d)->passages)
		passages_count(s, d, i, from, to);
	for (const struct watch *w = impl_of(d)->watches; w; w = w->next)
		w->fn(s, w->ctx, i, (enum device_state)from, to);
}

static void tell(struct sim *s, const struct devices *d, enum device_signal sig, uint32_t i)
{
	for (const struct subscriber *u = impl_of(d)->subscribers[sig]; u; u = u->next)
		u->fn(s, u->ctx, i);
}

static bool granted(struct sim *s, const struct devices *d, enum device_state before, uint32_t i)
{
	for (const struct hook *h = impl_of(d)->hooks[before]; h; h = h->next)
		if (!h->fn(s, h->ctx, i))
			return false;
	return true;
}

/* Go on as far as the device is admitted, up to where its network takes over. */
static void go_on(struct sim *s, struct devices *d, uint32_t i)
{
	while (d->state[i] < DEVICE_OPERATIONAL) {
		enum device_state next = (enum device_state)(d->state[i] + 1);
		if (next == DEVICE_ATTACHED && impl_of(d)->begun[i])
			return;
		if (!granted(s, d, next, i))
			return;
		if (next == DEVICE_ATTACHED) {
			impl_of(d)->begun[i] = true;
			tell(s, d, DEVICE_UP, i);
			return;
		}
		life_move(s, d, i, next);
		if (next == DEVICE_OPERATIONAL)
			tell(s, d, DEVICE_WENT_OPERATIONAL, i);
	}
}

void device_attached(struct sim *s, uint32_t i)
{
	struct devices *d = devices_of(s);

	if (device_is_powered(d->state[i]))
		tell(s, d, DEVICE_JOINED, i);
	if (d->state[i] != DEVICE_POWERED)
		return;
	life_move(s, d, i, DEVICE_ATTACHED);
	go_on(s, d, i);
}

void device_retry(struct sim *s, uint32_t i)
{
	struct devices *d = devices_of(s);

	if (d->state[i] != DEVICE_MANUFACTURED || impl_of(d)->begun[i])
		go_on(s, d, i);
}

/* Whether device_move() may lead from one state to another. */
static bool leads(unsigned from, unsigned to)
{
#define BIT(st) (1u << DEVICE_##st)
	static const uint32_t ways[DEVICE_STATES] = {
		[DEVICE_DEPLOYED] = BIT(RETIRED),
		[DEVICE_POWERED] = BIT(RETIRED),
		[DEVICE_ATTACHED] = BIT(RETIRED),
		[DEVICE_AUTHENTICATED] = BIT(RETIRED) | BIT(ATTACHED),
		[DEVICE_BOOTSTRAPPED] = BIT(RETIRED) | BIT(ATTACHED),
		[DEVICE_OPERATIONAL] = BIT(SUSPENDED) | BIT(COMPROMISED) | BIT(QUARANTINED) | BIT(ATTACHED) | BIT(RETIRED),
		[DEVICE_SUSPENDED] = BIT(OPERATIONAL) | BIT(QUARANTINED) | BIT(ATTACHED) | BIT(RETIRED),
		[DEVICE_COMPROMISED] = BIT(OPERATIONAL) | BIT(SUSPENDED) | BIT(QUARANTINED) | BIT(ATTACHED) | BIT(RETIRED),
		[DEVICE_QUARANTINED] = BIT(OPERATIONAL) | BIT(SUSPENDED) | BIT(ATTACHED) | BIT(RETIRED),
		[DEVICE_EXHAUSTED] = BIT(RETIRED),
	};
#undef BIT
	return ways[from] >> to & 1;
}

bool device_move(struct sim *s, uint32_t i, enum device_state to)
{
	struct devices *d = devices_of(s);
	unsigned from = d->state[i];

	if (!leads(from, to))
		return false;
	life_move(s, d, i, to);
	if (to == DEVICE_ATTACHED)
		go_on(s, d, i);
	else if (to == DEVICE_OPERATIONAL)
		tell(s, d, DEVICE_WENT_OPERATIONAL, i);
	else if (to == DEVICE_RETIRED && device_is_powered(from))
		tell(s, d, DEVICE_WENT_DOWN, i);
	return true;
}

void life_end(struct sim *s, struct devices *d, uint32_t i, enum device_state to)
{
	life_move(s, d, i, to);
	tell(s, d, DEVICE_WENT_DOWN, i);
}

void device_power(struct sim *s, uint32_t i, bool on)
{
	struct devices *d = devices_of(s);

	if (on && d->state[i] == DEVICE_DEPLOYED)
		go_on(s, d, i);
	else if (!on && device_is_powered(d->state[i]))
		life_end(s, d, i, DEVICE_DEPLOYED);
}

void device_watch(struct sim *s, device_change_fn *fn, void *ctx)
{
	struct watch *w = sim_alloc(s, 1, sizeof *w), **end;

	if (!w)
		return;
	*w = (struct watch){ fn, ctx, NULL };
	for (end = &impl_of(devices_of(s))->watches; *end; end = &(*end)->next)
		;
	*end = w;
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

void device_admission(struct sim *s, enum device_state before, device_admit_fn *fn, void *ctx)
{
	struct hook *h = sim_alloc(s, 1, sizeof *h), **end;

	if (!h)
		return;
	*h = (struct hook){ fn, ctx, NULL };
	if (before != DEVICE_POWERED) /* power comes and goes with every grid */
		passages_begin(s, devices_of(s));
	for (end = &impl_of(devices_of(s))->hooks[before]; *end; end = &(*end)->next)
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

/* Its turn in the roll-out. */
static void deploy(struct sim *s, struct devices *d, uint32_t i)
{
	impl_of(d)->begun[i] = true;
	go_on(s, d, i);
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

uint32_t life_count(const struct cell_life *l, bool (*is)(unsigned state))
{
	uint32_t n = 0;

	for (unsigned st = 0; st < DEVICE_STATES; st++)
		n += is(st) ? l->in[st] : 0;
	return n;
}

static void on_warmup(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct devices *d = ctx;
	double now = sim_seconds(s->now);

	(void)subject, (void)detail;
	for (uint32_t c = 0; c < impl_of(d)->groups->n_cells; c++) {
		struct cell_life *l = &impl_of(d)->life[c];
		l->deployed = (struct exact_sum){ -now * life_count(l, device_in_field), 0 };
		l->powered = (struct exact_sum){ -now * life_count(l, device_is_powered), 0 };
		l->operational = (struct exact_sum){ -now * life_count(l, device_works), 0 };
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

	im->begun = sim_alloc(s, d->n + 1u, sizeof *im->begun);
	if (!im->begun)
		return;
	im->kind_bulk = sim_handler(s, "device.deploy", on_bulk, d);
	im->kind_one = sim_handler(s, "device.deploy", on_one, d);
	for (uint32_t k = 0; k < d->n_classes; k++)
		if (d->classes[k].service_life < SIM_NEVER)
			passages_begin(s, d);
	im->kind_warmup = sim_handler(s, "device.warm-up", on_warmup, d);
	for (uint32_t i = 0; i < d->n; i++)
		im->life[d->cell[i]].in[DEVICE_MANUFACTURED]++;
}

void life_start(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);

	if (s->warmup > 0)
		sim_at(s, s->warmup, im->kind_warmup, 0, 0);
	passages_start(s, d);
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
