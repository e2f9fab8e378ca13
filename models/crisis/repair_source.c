/* Damages as orders: what hazards break and nobody else mends is work for the crews. */
#include "models/crisis/damage_private.h"
#include "models/crisis/response_private.h"

static void on_repaired(struct sim *s, void *ctx, uint32_t number)
{
	(void)ctx;
	damage_mend(s, number);
}

static void on_damage(struct sim *s, void *ctx, uint32_t number)
{
	uint32_t n;
	const struct damage *d = &damages_of(s, &n)[number];
	const struct fragility_params *f = d->fragility->par;
	struct repair_order o = { .asset = ASSET_NONE, .skill = SKILL_DEVICES, .work = d->work };

	(void)ctx;
	if (f->mended_by == BY_OTHERS)
		return;
	o.spare = d->state == DAMAGE_DESTROYED;
	o.known = d->known;
	if (d->asset != DAMAGE_NONE) {
		const struct asset *a = &assets_of(s, &n)[d->asset];
		o.asset = d->asset;
		o.skill = response_skill_of(a->kind);
		o.key = rng_mix(a->key + a->kind);
	} else {
		const struct devices *dev = devices_of(s);
		o.at = (struct point){ dev->x[d->device], dev->y[d->device] };
		o.key = device_key(dev, d->device);
	}
	o.key = rng_mix(d->cause->key ^ o.key);
	response_order(s, &o, on_repaired, NULL, number);
}

void repair_source_setup(struct sim *s, struct response *r)
{
	damage_watch(s, on_damage, r);
}

void repair_source_known(struct sim *s, const struct job *j)
{
	if (j->fn == on_repaired)
		damage_know(s, j->subject);
}
