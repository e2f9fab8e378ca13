/*
 * links - gateways in place, and which of them a device reaches: a CSR table of received powers, strongest first.
 *
 * A link is kept where it can be received at the most robust data rate or disturb one that can; what is weaker changes
 * no outcome of a single interferer, and sums of many such are neglected.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

enum { LINKS_MAX = 64 };        /* a device; the strongest are kept */

/* A square grid over the gateways, cells as large as the longest link, so that nine cells hold all within reach. */
struct site_grid {
	double    x0, y0, cell;
	uint32_t  nx, ny;
	uint32_t *first;                /* nx * ny + 1 */
	uint16_t *site;
};

static uint32_t cell_of(const struct site_grid *g, double x, double y)
{
	double cx = floor((x - g->x0) / g->cell), cy = floor((y - g->y0) / g->cell);
	uint32_t ix = cx < 0 ? 0 : cx >= g->nx ? g->nx - 1 : (uint32_t)cx;
	uint32_t iy = cy < 0 ? 0 : cy >= g->ny ? g->ny - 1 : (uint32_t)cy;

	return iy * g->nx + ix;
}

static bool grid_new(struct sim *s, const struct lorawan *lw, double range, struct site_grid *g)
{
	double x1 = -INFINITY, y1 = -INFINITY;

	*g = (struct site_grid){ .x0 = INFINITY, .y0 = INFINITY };
	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		struct point p = lw->gateways[i].site.at;
		g->x0 = fmin(g->x0, p.x);
		g->y0 = fmin(g->y0, p.y);
		x1 = fmax(x1, p.x);
		y1 = fmax(y1, p.y);
	}
	g->cell = fmax(range, fmax(x1 - g->x0, y1 - g->y0) / 1000 + 1);
	g->nx = (uint32_t)((x1 - g->x0) / g->cell) + 1;
	g->ny = (uint32_t)((y1 - g->y0) / g->cell) + 1;
	g->first = sim_alloc(s, (size_t)g->nx * g->ny + 2, sizeof *g->first);
	g->site = sim_alloc(s, lw->n_gateways + 1, sizeof *g->site);
	if (!g->first || !g->site)
		return false;
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		g->first[cell_of(g, lw->gateways[i].site.at.x, lw->gateways[i].site.at.y) + 2]++;
	for (uint32_t c = 0; c < g->nx * g->ny; c++)
		g->first[c + 2] += g->first[c + 1];
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		g->site[g->first[cell_of(g, lw->gateways[i].site.at.x, lw->gateways[i].site.at.y) + 1]++] = (uint16_t)i;
	return true;
}

struct found { int n; struct lw_link link[LINKS_MAX]; };

/* Insert by falling power; the weakest falls out where there is no room. */
static void found_add(struct found *f, struct lw_link l)
{
	if (f->n == LINKS_MAX && l.centidbm <= f->link[LINKS_MAX - 1].centidbm)
		return;
	int k = f->n < LINKS_MAX ? f->n++ : LINKS_MAX - 1;
	for (; k > 0 && f->link[k - 1].centidbm < l.centidbm; k--)
		f->link[k] = f->link[k - 1];
	f->link[k] = l;
}

static void reach_site(const struct lorawan *lw, const struct radio_end *end, double gain, uint16_t site,
		       double range, int least, struct found *f)
{
	const struct lw_gateway *g = &lw->gateways[site];
	double dx = end->at.x - g->site.at.x, dy = end->at.y - g->site.at.y;

	if (dx * dx + dy * dy > range * range)
		return;
	double p = lw->power_dbm + gain + g->site.gain_db - radio_outdoor_loss_db(lw->radio, end, &g->site, lw->channel_hz[0]);
	int c = (int)lround(100 * fmin(fmax(p, -190), 50));
	if (c >= least)
		found_add(f, (struct lw_link){ (int16_t)c, site });
}

static void find_links(const struct lorawan *lw, const struct site_grid *g, uint32_t device, double range, int least,
		       struct found *f)
{
	const struct devices *d = lw->devices;
	const struct device_class *c = &d->classes[d->class_of[device]];
	struct radio_end end = { { d->x[device], d->y[device] }, c->height, device_key(d, device), d->indoor[device] != 0 };
	int cx = (int)floor((end.at.x - g->x0) / g->cell), cy = (int)floor((end.at.y - g->y0) / g->cell);

	double gain = c->gain_db - radio_entry_loss_db(lw->radio, &end, lw->channel_hz[0]);

	f->n = 0;
	for (int y = cy - 1; y <= cy + 1; y++)
		for (int x = cx - 1; x <= cx + 1; x++) {
			if (x < 0 || y < 0 || x >= (int)g->nx || y >= (int)g->ny)
				continue;
			uint32_t cell = (uint32_t)y * g->nx + (uint32_t)x;
			for (uint32_t k = g->first[cell]; k < g->first[cell + 1]; k++)
				reach_site(lw, &end, gain, g->site[k], range, least, f);
		}
}

/* The weakest received power that matters, centi-dBm; fading may lift a frame by 10 dB. */
static int least_power(const struct lorawan *lw)
{
	int least = INT16_MAX;

	for (unsigned i = 0; i < LORA_SFS; i++)
		least = lw->matters[i] < least ? lw->matters[i] : least;
	return lw->fades ? least - 1000 : least;
}

/* What a device has is contiguous and lies in one block. */
static bool store(struct sim *s, struct lorawan *lw, uint32_t device, const struct found *f)
{
	struct lw_device *d = &lw->device[device];
	uint64_t at = lw->n_links;

	if (at % LW_LINK_BLOCK + (uint64_t)f->n > LW_LINK_BLOCK)
		at = (at / LW_LINK_BLOCK + 1) * LW_LINK_BLOCK;
	uint64_t block = at / LW_LINK_BLOCK;
	if (block >= LW_LINK_BLOCKS) {
		sim_fail(s, SIM_E_LIMIT, "lorawan: more than %llu links", (unsigned long long)lw->n_links);
		return false;
	}
	if (f->n && !lw->link_block[block] &&
	    !(lw->link_block[block] = sim_alloc(s, LW_LINK_BLOCK, sizeof(struct lw_link))))
		return false;
	d->first_link = (uint32_t)at;
	d->n_links = (uint8_t)f->n;
	if (f->n)
		memcpy(lw->link_block[block] + at % LW_LINK_BLOCK, f->link, (size_t)f->n * sizeof *f->link);
	lw->n_links = at + (uint64_t)f->n;
	return true;
}

bool lw_links_build(struct sim *s, struct lorawan *lw)
{
	struct site_grid grid;
	struct found found;
	int least = least_power(lw);
	double gain = 0, height = 1.5, range = 0;

	for (uint32_t c = 0; c < lw->devices->n_classes; c++)
		gain = fmax(gain, lw->devices->classes[c].gain_db);
	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		const struct radio_site *site = &lw->gateways[i].site;
		range = fmax(range, radio_range(lw->radio, lw->power_dbm + gain + site->gain_db - least * 0.01,
						site->height, height, lw->channel_hz[0]));
	}
	lw->link_block = sim_alloc(s, LW_LINK_BLOCKS, sizeof *lw->link_block);
	if (!lw->link_block || !grid_new(s, lw, range, &grid))
		return false;
	lw->max_links = 1;
	for (uint32_t c = 0; c < lw->devices->n_classes; c++) {
		const struct device_class *dc = &lw->devices->classes[c];
		if (!lw->classes[c].served)
			continue;
		for (uint32_t i = dc->first; i < dc->first + dc->count; i++) {
			find_links(lw, &grid, i, range, least, &found);
			if (!store(s, lw, i, &found))
				return false;
			if ((unsigned)found.n > lw->max_links)
				lw->max_links = (unsigned)found.n;
			if (found.n && found.link[0].centidbm >= lw->hears[lw_sf(lw, lw->dr_min) - LORA_SF_MIN])
				lw->device[i].flags |= LW_COVERED;
		}
	}
	return true;
}
