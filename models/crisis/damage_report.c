/* What was broken and mended, by kind of asset and class of device. */
#include <stdio.h>

#include "models/crisis/damage_private.h"

const struct kpi_def damage_kpis[DAMAGE_KPIS] = {
	[DAMAGE_DAMAGED] = { "crisis.damaged-ratio", "1",
			     "assets and devices that hazards have broken at least once ÷ those of which a <fragility> speaks", NULL,
			     KPI_LOWER, true },
	[DAMAGE_DESTROYED_SHARE] = { "crisis.destroyed-ratio", "1",
				     "damage that takes a replacement ÷ damage", NULL, KPI_LOWER, true },
	[DAMAGE_MENDED] = { "crisis.mended-ratio", "1", "damage that is mended by the end ÷ damage", NULL, KPI_HIGHER, true },
};

static const struct table_def table = { "crisis.damage", "Damage", "of", "things" };
const struct section damage_sections[DAMAGE_SECTIONS] = {
	{ SECTION_TABLE, "What the hazards broke", "crisis.damage",
	  "What the hazards themselves broke: how many at least once, how many beyond repair, and what was mended by the end.",
	  .page = "crisis",
	  .rank = 5 },
};

struct count { double things, hit, damage, destroyed, mended; };

static void add(struct count *sum, const struct count *c)
{
	sum->things += c->things;
	sum->hit += c->hit;
	sum->damage += c->damage;
	sum->destroyed += c->destroyed;
	sum->mended += c->mended;
}

static void count_damage(struct count *c, const struct damage *d, bool *hit)
{
	c->hit += !*hit;
	*hit = true;
	c->damage++;
	c->destroyed += d->state == DAMAGE_DESTROYED;
	c->mended += d->mended != SIM_NEVER;
}

static void tell(struct sim *s, const struct count *c, const char *group)
{
	report_kpi(s->report, &damage_kpis[DAMAGE_DAMAGED], group, c->things > 0 ? c->hit / c->things : NAN);
	report_kpi(s->report, &damage_kpis[DAMAGE_DESTROYED_SHARE], group, c->damage > 0 ? c->destroyed / c->damage : NAN);
	report_kpi(s->report, &damage_kpis[DAMAGE_MENDED], group, c->damage > 0 ? c->mended / c->damage : NAN);
}

static void tell_part(struct sim *s, const struct count *c, const char *key, const char *name)
{
	char group[128];

	if (c->things <= 0)
		return;
	snprintf(group, sizeof group, "%s=%s", key, name);
	tell(s, c, group);
	report_cell(s->report, &table, name, "in all", c->things);
	report_cell(s->report, &table, name, "broken", c->hit);
	report_cell(s->report, &table, name, "beyond repair", c->destroyed);
	report_cell(s->report, &table, name, "mended", c->mended);
}

/* What a fragility speaks of, by kind and class. */
static void count_things(const struct sim *s, const struct damages *dm, struct count kind[ASSET_KINDS], struct count *class)
{
	uint32_t n;
	const struct asset *a = assets_of(s, &n);

	for (uint32_t i = 0; i < n; i++)
		kind[a[i].kind].things += fragility_of_asset(dm->node, NULL, &a[i]) != NULL;
	for (uint32_t k = 0; k < dm->dev->n_classes; k++)
		if (fragility_of_class(dm->node, NULL, dm->dev->classes[k].node))
			class[k].things = dm->dev->classes[k].count;
}

void damage_report(struct sim *s, const struct scenario *sc)
{
	const struct damages *dm = sim_state(s, &fragility_model);
	struct count kind[ASSET_KINDS] = { 0 }, all = { 0 }, *class;
	bool *hit_asset, *hit_device;
	uint32_t n;

	(void)sc;
	if (!dm || !dm->of_asset)
		return;
	class = sim_alloc(s, dm->dev->n_classes + 1u, sizeof *class);
	hit_asset = sim_alloc(s, dm->n_assets + 1u, sizeof *hit_asset);
	hit_device = sim_alloc(s, dm->dev->n + 1u, sizeof *hit_device);
	if (!class || !hit_asset || !hit_device)
		return;
	count_things(s, dm, kind, class);
	for (uint32_t i = 0; i < dm->n; i++) {
		const struct damage *d = &dm->d[i];
		if (d->asset != DAMAGE_NONE)
			count_damage(&kind[assets_of(s, &n)[d->asset].kind], d, &hit_asset[d->asset]);
		else
			count_damage(&class[dm->dev->class_of[d->device]], d, &hit_device[d->device]);
	}
	for (int k = 0; k < ASSET_KINDS; k++)
		add(&all, &kind[k]);
	for (uint32_t k = 0; k < dm->dev->n_classes; k++)
		add(&all, &class[k]);
	tell(s, &all, "all");
	for (int k = 0; k < ASSET_KINDS; k++)
		tell_part(s, &kind[k], "kind", asset_kind_name((enum asset_kind)k));
	for (uint32_t k = 0; k < dm->dev->n_classes; k++)
		tell_part(s, &class[k], "class", dm->dev->classes[k].id);
}
