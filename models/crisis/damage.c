/* What breaks when: found at the start of the run from capacities and the hazards' courses, one event for each. */
#include <string.h>

#include "models/crisis/damage_private.h"

static const uint32_t PURPOSE_MENDING = RNG_PURPOSE('c', 'm', 'n', 'd');

static struct damages *damages(const struct sim *s)
{
	return sim_state(s, &fragility_model);
}

void damage_watch(struct sim *s, damage_watch_fn *fn, void *ctx)
{
	struct damages *dm = damages(s);

	if (!dm)
		return;
	BUG_ON(s, dm->n_watches == DAMAGE_WATCHES);
	dm->watch[dm->n_watches].fn = fn;
	dm->watch[dm->n_watches++].ctx = ctx;
}

const struct damage *damages_of(const struct sim *s, uint32_t *n)
{
	const struct damages *dm = damages(s);

	*n = dm ? dm->n : 0;
	return dm ? dm->d : NULL;
}

uint32_t damage_of_asset(const struct sim *s, uint32_t asset)
{
	const struct damages *dm = damages(s);

	return dm && dm->of_asset && asset < dm->n_assets ? dm->of_asset[asset] - 1u : DAMAGE_NONE;
}

uint32_t damage_of_device(const struct sim *s, uint32_t device)
{
	const struct damages *dm = damages(s);

	return dm && dm->of_device ? dm->of_device[device] - 1u : DAMAGE_NONE;
}

static uint32_t *place_of(struct damages *dm, uint32_t asset, uint32_t device)
{
	return asset != DAMAGE_NONE ? &dm->of_asset[asset] : &dm->of_device[device];
}

void damage_know(struct sim *s, uint32_t number)
{
	struct damages *dm = damages(s);

	BUG_ON(s, !dm || number >= dm->n);
	dm->d[number].known = true;
}

void damage_mend(struct sim *s, uint32_t number)
{
	struct damages *dm = damages(s);
	struct damage *d;

	BUG_ON(s, !dm || number >= dm->n);
	d = &dm->d[number];
	if (d->mended != SIM_NEVER)
		return;
	d->mended = s->now;
	*place_of(dm, d->asset, d->device) = 0;
	if (d->asset != DAMAGE_NONE)
		asset_break(s, d->asset, false);
	else
		device_power(s, d->device, true);
}

static void on_mend(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)ctx, (void)detail;
	damage_mend(s, number);
}

/* ---- breaking ---- */

static uint64_t thing_key(const struct sim *s, const struct damages *dm, uint32_t asset, uint32_t device)
{
	uint32_t n;

	if (asset == DAMAGE_NONE)
		return device_key(dm->dev, device);
	return assets_of(s, &n)[asset].key + assets_of(s, &n)[asset].kind;
}

/* Log-normal, by a standard normal. */
static double lasts(simtime_t mean, double variation, double normal)
{
	double sigma = sqrt(log1p(variation * variation));

	return sim_seconds(mean) * exp(sigma * normal - sigma * sigma / 2);
}

/* How long it takes to mend, drawn by the thing and what broke it. */
static void draw_mending(struct sim *s, const struct damages *dm, const struct pending *p, struct damage *d)
{
	const struct fragility_params *f = p->fragility->par;
	bool by_itself = f->repair != SIM_NEVER && (!dm->responded || f->mended_by == BY_OTHERS);
	uint64_t w[2];
	double radius, repair;

	rng_block(s->key, PURPOSE_MENDING, rng_mix(p->o->key ^ rng_mix(thing_key(s, dm, p->asset, p->device))), 0, w);
	radius = sqrt(-2 * log(rng_unit(w[0])));
	d->work = lasts(p->destroyed ? f->destroyed_work : f->work, f->variation, radius * sin(2 * M_PI * rng_unit(w[1])));
	repair = by_itself ? lasts(p->destroyed ? f->destroyed_repair : f->repair, f->variation,
				   radius * cos(2 * M_PI * rng_unit(w[1])))
			   : INFINITY;
	d->mends = repair < sim_seconds(s->end - s->now) ? s->now + sim_from_seconds(repair) : SIM_NEVER;
}

static bool grow_damages(struct sim *s, struct damages *dm)
{
	uint32_t cap = dm->cap ? 2 * dm->cap : 64;
	struct damage *d = sim_alloc(s, cap, sizeof *d);

	if (!d)
		return false;
	for (uint32_t i = 0; i < dm->n; i++)
		d[i] = dm->d[i];
	dm->d = d;
	dm->cap = cap;
	return true;
}

/* What is broken does not break again, nor what is not there. */
static bool stands(struct damages *dm, const struct pending *p)
{
	if (*place_of(dm, p->asset, p->device))
		return false;
	return p->asset != DAMAGE_NONE ||
	       (device_in_field(dm->dev->state[p->device]) && dm->dev->state[p->device] != DEVICE_EXHAUSTED);
}

static void on_break(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct damages *dm = ctx;
	const struct pending *p = &dm->pending[subject];
	uint32_t number = dm->n;
	struct damage d = { .asset = p->asset,
			    .device = p->device,
			    .at = s->now,
			    .state = p->destroyed ? DAMAGE_DESTROYED : DAMAGE_BROKEN,
			    .mended = SIM_NEVER,
			    .cause = p->o,
			    .fragility = p->fragility };

	(void)detail;
	if (!stands(dm, p) || (dm->n == dm->cap && !grow_damages(s, dm)))
		return;
	draw_mending(s, dm, p, &d);
	dm->d[dm->n++] = d;
	*place_of(dm, p->asset, p->device) = number + 1;
	if (d.asset != DAMAGE_NONE)
		asset_break(s, d.asset, true);
	else
		device_power(s, d.device, false);
	if (d.mends != SIM_NEVER)
		sim_at(s, d.mends, dm->kind_mend, number, 0);
	for (uint32_t i = 0; i < dm->n_watches; i++)
		dm->watch[i].fn(s, dm->watch[i].ctx, number);
}

static bool admit(struct sim *s, void *ctx, uint32_t i)
{
	const struct damages *dm = ctx;

	(void)s;
	return !dm->of_device[i];
}

/* ---- set-up ---- */

static bool grow_pending(struct sim *s, struct damages *dm)
{
	uint32_t cap = dm->cap_pending ? 2 * dm->cap_pending : 256;
	struct pending *p = sim_alloc(s, cap, sizeof *p);

	if (!p)
		return false;
	for (uint32_t i = 0; i < dm->n_pending; i++)
		p[i] = dm->pending[i];
	dm->pending = p;
	dm->cap_pending = cap;
	return true;
}

/* Whether and when a thing breaks in a hazard. */
static void expose(struct sim *s, struct damages *dm, const struct pending *thing, struct point at)
{
	const struct occurrence *o = thing->o;
	const struct fragility *f = thing->fragility->data;
	double peak = o->type->peak(o, at), factor,
	       deviation = ((const struct fragility_params *)thing->fragility->par)->deviation;
	simtime_t when;

	if (!(peak > 0))
		return;
	factor = exp(deviation * fragility_draw(s, o, thing_key(s, dm, thing->asset, thing->device)));
	if (peak < f->median * factor)
		return;
	when = o->type->reach(o, at, f->median * factor);
	if (when >= s->end || (dm->n_pending == dm->cap_pending && !grow_pending(s, dm)))
		return;
	dm->pending[dm->n_pending] = *thing;
	dm->pending[dm->n_pending].destroyed = peak >= f->destroyed * factor;
	sim_at(s, when, dm->kind_break, dm->n_pending++, 0);
}

static void expose_assets(struct sim *s, struct damages *dm, const struct occurrence *o)
{
	const struct asset *a = assets_of(s, &dm->n_assets);

	for (uint32_t i = 0; i < dm->n_assets; i++) {
		const struct node *f = a[i].placed ? fragility_of_asset(dm->node, o, &a[i]) : NULL;
		if (f)
			expose(s, dm, &(struct pending){ .o = o, .fragility = f, .asset = i, .device = DAMAGE_NONE },
			       a[i].at);
	}
}

static void expose_devices(struct sim *s, struct damages *dm, const struct occurrence *o)
{
	const struct devices *d = dm->dev;

	for (uint32_t k = 0; k < d->n_classes; k++) {
		const struct device_class *c = &d->classes[k];
		const struct node *f = fragility_of_class(dm->node, o, c->node);
		for (uint32_t i = c->first; f && i < c->first + c->count; i++)
			expose(s, dm, &(struct pending){ .o = o, .fragility = f, .asset = DAMAGE_NONE, .device = i },
			       (struct point){ d->x[i], d->y[i] });
	}
}

static bool breaks_devices(const struct node *crisis)
{
	for (const struct node *n = node_child(crisis, &fragility_model); n; n = node_next(n))
		if (((const struct fragility_params *)n->par)->class)
			return true;
	return false;
}

void damage_setup(struct sim *s, const struct scenario *sc)
{
	struct crisis *c = crisis_of(s);
	const struct node *f = scenario_first(sc, &fragility_model);
	struct damages *dm = c && f && crisis_occurs(c) ? sim_alloc(s, 1, sizeof *dm) : NULL;

	if (!dm)
		return;
	dm->crisis = c;
	dm->node = f->parent;
	dm->dev = devices_of(s);
	for (const struct node *n = dm->node->child; n; n = n->next)
		dm->responded |= strcmp(n->model->name, "response") == 0;
	dm->kind_break = sim_handler(s, "damage.break", on_break, dm);
	dm->kind_mend = sim_handler(s, "damage.mend", on_mend, dm);
	if (breaks_devices(dm->node)) {
		dm->of_device = sim_alloc(s, dm->dev->n + 1u, sizeof *dm->of_device);
		if (!dm->of_device)
			return;
		device_admission(s, DEVICE_POWERED, admit, dm);
	}
	sim_set_state(s, &fragility_model, dm);
}

void damage_start(struct sim *s, const struct scenario *sc)
{
	struct damages *dm = damages(s);
	const struct occurrence *o;
	uint32_t n;

	(void)sc;
	if (!dm)
		return;
	assets_of(s, &dm->n_assets);
	dm->of_asset = sim_alloc(s, dm->n_assets + 1u, sizeof *dm->of_asset);
	o = crisis_occurrences(dm->crisis, &n);
	for (uint32_t i = 0; dm->of_asset && i < n; i++) {
		if (!o[i].type->peak || !o[i].type->reach)
			continue;
		expose_assets(s, dm, &o[i]);
		if (dm->of_device)
			expose_devices(s, dm, &o[i]);
	}
}
