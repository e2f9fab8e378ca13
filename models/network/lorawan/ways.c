/* Ways out: of the gateways that a device's weakest frame reaches, those whose power and backhaul are there. */
#include "models/device/mobility.h"
#include "models/network/asset.h"
#include "models/network/lorawan/lorawan_private.h"

/* A gateway's backhaul or power goes or comes back: the devices it reaches lose or regain a way out.  Those that move are in no
 * index: where they were when they last sent decides. */
struct watch { struct lorawan *lw; uint32_t gateway; };

static bool reaches(const struct lorawan *lw, const struct lw_link *l)
{
	return l->centidbm >= lw->hears[lw->dr_cover];
}

static bool moves(const struct lorawan *lw, uint32_t device)
{
	return lw->classes[lw->device[device].class_of].class->moves && device_moves(lw->devices, device);
}

static void tell_moving(struct sim *s, struct lorawan *lw, const struct device_class *c, uint32_t gateway, int change)
{
	for (uint32_t i = c->first; i < c->first + c->count; i++)
		for (unsigned k = 0; k < lw->device[i].n_links && device_moves(lw->devices, i); k++) {
			const struct lw_link *l = lw_link(lw, &lw->device[i], k);
			if (l->gateway == gateway && reaches(lw, l))
				network_path(s, lw, i, change);
		}
}

static void set_live(struct sim *s, struct lorawan *lw, uint32_t gateway)
{
	struct lw_gateway *g = &lw->gateways[gateway];
	bool live = g->powered && g->connected;

	if (g->live == live)
		return;
	g->live = live;
	for (uint32_t k = lw->covered_first[gateway]; k < lw->covered_first[gateway + 1]; k++)
		network_path(s, lw, lw->covered[k], live ? 1 : -1);
	for (uint32_t k = 0; k < lw->devices->n_classes; k++)
		if (lw->classes[k].served && lw->classes[k].class->moves)
			tell_moving(s, lw, lw->classes[k].class, gateway, live ? 1 : -1);
}

static void on_backhaul(struct sim *s, void *ctx, bool up)
{
	const struct watch *w = ctx;

	w->lw->gateways[w->gateway].connected = up;
	set_live(s, w->lw, w->gateway);
}

static void on_power(struct sim *s, void *ctx, bool on)
{
	const struct watch *w = ctx;
	struct lw_gateway *g = &w->lw->gateways[w->gateway];

	g->powered = on;
	if (!on)
		g->cut = s->now;
	set_live(s, w->lw, w->gateway);
}

/* Tell the ways out of each device, and index them by gateway where one can fail. */
bool lw_ways_count(struct sim *s, struct lorawan *lw, bool mains_fail)
{
	bool fallible = mains_fail;

	for (uint32_t i = 0; i < lw->n_gateways; i++)
		fallible |= lw->gateways[i].backhaul != NULL;
	lw->covered_first = sim_alloc(s, lw->n_gateways + 3u, sizeof *lw->covered_first);
	if (!lw->covered_first)
		return false;
	for (uint32_t i = 0; i < lw->n_devices; i++) {
		int ways = 0;
		for (unsigned k = 0; k < lw->device[i].n_links; k++) {
			const struct lw_link *l = lw_link(lw, &lw->device[i], k);
			if (!reaches(lw, l))
				break;
			ways++;
			lw->covered_first[l->gateway + 2] += !moves(lw, i);
		}
		if (lw->classes[lw->device[i].class_of].served && ways)
			network_path(s, lw, i, ways);
	}
	if (!fallible)
		return true;
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		lw->covered_first[i + 2] += lw->covered_first[i + 1];
	lw->covered = sim_alloc(s, lw->covered_first[lw->n_gateways + 1] + 1u, sizeof *lw->covered);
	struct watch *watch = sim_alloc(s, lw->n_gateways + 1u, sizeof *watch);
	if (!lw->covered || !watch)
		return false;
	for (uint32_t i = 0; i < lw->n_devices; i++)
		for (unsigned k = 0; k < lw->device[i].n_links && !moves(lw, i); k++) {
			const struct lw_link *l = lw_link(lw, &lw->device[i], k);
			if (!reaches(lw, l))
				break;
			lw->covered[lw->covered_first[l->gateway + 1]++] = i;
		}
	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		watch[i] = (struct watch){ lw, i };
		backhaul_watch(s, lw->gateways[i].backhaul, on_backhaul, &watch[i]);
		if (!backhaul_up(lw->gateways[i].backhaul))
			on_backhaul(s, &watch[i], false);
		lw->gateways[i].asset = asset_site(s,
						   &(struct asset){ .kind = ASSET_GATEWAY,
								    .element = lw->gateways[i].element,
								    .name = lw->gateways[i].name,
								    .key = lw->gateways[i].site.key,
								    .at = lw->gateways[i].site.at,
								    .site = ASSET_NONE },
						   lw->gateways[i].power, on_power, &watch[i]);
		backhaul_serves(s, lw->gateways[i].backhaul, lw->gateways[i].asset);
	}
	return true;
}
