/*
 * ways - sites that fail and come back, and the devices that lose and regain their way out with them.
 *
 *   backhaul down    the site is on the air: devices access, and what they send is lost behind it
 *   power gone       nothing is on the air: accesses and connections are cut off, and what devices send is lost at once
 */
#include "models/network/cellular/cellular_private.h"
#include "models/network/asset.h"

struct watch { struct cellular *c; uint32_t site; };

static bool is_served(const struct cellular *c, uint32_t device, uint32_t site)
{
	return c->device[device].loss != INT16_MAX && c->site_of[c->device[device].sector] == site;
}

/* For all devices of a site; those that move are in no index: the sector of their last access decides. */
typedef void device_fn(struct sim *s, struct cellular *c, uint32_t device);
static void each_served(struct sim *s, struct cellular *c, uint32_t site, device_fn *fn)
{
	for (uint32_t k = c->covered_first[site]; k < c->covered_first[site + 1]; k++)
		fn(s, c, c->covered[k]);
	for (uint32_t k = 0; k < c->devices->n_classes; k++) {
		const struct device_class *class = c->classes[k].class;
		for (uint32_t i = class->first; class->moves && i < class->first + class->count; i++)
			if (is_served(c, i, site) && device_moves(c->devices, i))
				fn(s, c, i);
	}
}

static void gain_way(struct sim *s, struct cellular *c, uint32_t device)
{
	network_path(s, c, device, 1);
}

static void lose_way(struct sim *s, struct cellular *c, uint32_t device)
{
	network_path(s, c, device, -1);
}

/* The site has changed: its devices are told where that makes a difference. */
static void tell(struct sim *s, const struct watch *w, bool was_live)
{
	bool live = cell_is_live(&w->c->sites[w->site]);

	if (live != was_live)
		each_served(s, w->c, w->site, live ? gain_way : lose_way);
}

static void on_backhaul(struct sim *s, void *ctx, bool up)
{
	const struct watch *w = ctx;
	struct cell_site *site = &w->c->sites[w->site];
	bool was_live = cell_is_live(site);

	site->connected = up;
	tell(s, w, was_live);
	if (up && w->c->down->first)
		each_served(s, w->c, w->site, cell_page);
}

/* Ways first: a device that is cut off may choose another sector at once. */
static void on_power(struct sim *s, void *ctx, bool on)
{
	const struct watch *w = ctx;
	struct cell_site *site = &w->c->sites[w->site];
	bool was_live = cell_is_live(site);

	site->powered = on;
	tell(s, w, was_live);
	each_served(s, w->c, w->site, on ? cell_back : cell_cut_off);
}

/* Devices that do not move by site, by counting. */
static bool index_covered(struct sim *s, struct cellular *c)
{
	uint32_t *first = c->covered_first = sim_alloc(s, c->n_sites + 3u, sizeof *first);

	if (!first)
		return false;
	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX && !cell_moves(c, i))
			first[c->site_of[c->device[i].sector] + 2]++;
	for (uint32_t k = 0; k < c->n_sites; k++)
		first[k + 2] += first[k + 1];
	c->covered = sim_alloc(s, first[c->n_sites + 1] + 1u, sizeof *c->covered);
	if (!c->covered)
		return false;
	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX && !cell_moves(c, i))
			c->covered[first[c->site_of[c->device[i].sector] + 1]++] = i;
	return true;
}

void cell_ways_start(struct sim *s, struct cellular *c, bool mains_fail)
{
	bool fallible = mains_fail;

	for (uint32_t i = 0; i < c->devices->n; i++)
		if (c->device[i].loss != INT16_MAX)
			network_path(s, c, i, 1);
	for (uint32_t k = 0; k < c->n_sites; k++)
		fallible |= c->sites[k].backhaul != NULL;
	struct watch *watch = fallible ? sim_alloc(s, c->n_sites + 1u, sizeof *watch) : NULL;
	if (!watch || !index_covered(s, c))
		return;
	for (uint32_t k = 0; k < c->n_sites; k++) {
		watch[k] = (struct watch){ c, k };
		backhaul_watch(s, c->sites[k].backhaul, on_backhaul, &watch[k]);
		if (!backhaul_up(c->sites[k].backhaul)) /* from the start: said before this one watched */
			on_backhaul(s, &watch[k], false);
		c->sites[k].asset = asset_site(s,
					       &(struct asset){ .kind = ASSET_SITE,
								.element = c->sites[k].element,
								.name = c->sites[k].name,
								.key = c->sites[k].at.key,
								.at = c->sites[k].at.at,
								.site = ASSET_NONE },
					       c->sites[k].power, on_power, &watch[k]);
		backhaul_serves(s, c->sites[k].backhaul, c->sites[k].asset);
	}
}
