/*
 * links - gateways in place, and which of them a device reaches: a CSR table of received powers, strongest first.
 *
 * A link is kept where it can be received at the most robust data rate or disturb one that can; what is weaker changes
 * no outcome of a single interferer, and sums of many such are neglected.
 */
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"

/* A square grid over the gateways, about one to a cell. */
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

static bool grid_new(struct sim *s, const struct lorawan *lw, struct site_grid *g)
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
	if (lw->n_gateways == 0)
		g->x0 = g->y0 = x1 = y1 = 0;
	/* about as many cells as gateways, whatever their spread */
	g->cell = fmax(1, sqrt((x1 - g->x0 + 1) * (y1 - g->y0 + 1) / (lw->n_gateways + 1)));
	g->cell = fmax(g->cell, fmax(x1 - g->x0, y1 - g->y0) / 1000);
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

struct found { int n; struct lw_link link[LW_LINKS_MAX]; };

/* Insert by falling power; the weakest falls out where there is no room. */
static void found_add(struct found *f, struct lw_link l)
{
	if (f->n == LW_LINKS_MAX && l.centidbm <= f->link[LW_LINKS_MAX - 1].centidbm)
		return;
	int k = f->n < LW_LINKS_MAX ? f->n++ : LW_LINKS_MAX - 1;
	for (; k > 0 && f->link[k - 1].centidbm < l.centidbm; k--)
		f->link[k] = f->link[k - 1];
	f->link[k] = l;
}

/* A device on its way through the grid. */
struct seeker { struct radio_end end; double budget, range2, common; int least; const struct profile *profile; };

/* Path loss between a class and sites of one height. */
struct profile { double h_site; const struct radio_profile *p; struct profile *next; };

static const struct radio_profile *profile_for(const struct seeker *k, double height)
{
	const struct profile *p = k->profile;

	while (p->h_site != height)
		p = p->next;
	return p->p;
}

static void reach_site(const struct lorawan *lw, const struct seeker *k, uint16_t site, struct found *f)
{
	const struct lw_gateway *g = &lw->gateways[site];
	double dx = k->end.at.x - g->site.at.x, dy = k->end.at.y - g->site.at.y;

	if (dx * dx + dy * dy > k->range2)
		return;
	double p = k->budget + g->site.gain_db -
		   radio_profile_loss_db(lw->radio, profile_for(k, g->site.height), &k->end, &g->site, k->common);
	int c = p < -190 ? -19000 : p > 50 ? 5000 : (int)(100 * p + 20000.5) - 20000;
	if (c >= k->least)
		found_add(f, (struct lw_link){ (int16_t)c, site });
}

/* Visit the gateways of the cells within range. */
static void find_links(const struct lorawan *lw, const struct site_grid *g, const struct seeker *k, struct found *f)
{
	double range = sqrt(k->range2);
	int x0 = (int)floor((k->end.at.x - range - g->x0) / g->cell),
	    x1 = (int)floor((k->end.at.x + range - g->x0) / g->cell);
	int y0 = (int)floor((k->end.at.y - range - g->y0) / g->cell),
	    y1 = (int)floor((k->end.at.y + range - g->y0) / g->cell);

	f->n = 0;
	for (int y = y0 < 0 ? 0 : y0; y <= y1 && y < (int)g->ny; y++)
		for (int x = x0 < 0 ? 0 : x0; x <= x1 && x < (int)g->nx; x++) {
			uint32_t cell = (uint32_t)y * g->nx + (uint32_t)x;
			for (uint32_t i = g->first[cell]; i < g->first[cell + 1]; i++)
				reach_site(lw, k, g->site[i], f);
		}
}

/* The weakest received power that matters, centi-dBm; fading may lift a frame by 10 dB. */
static int least_power(const struct lorawan *lw)
{
	int least = INT16_MAX;

	for (unsigned dr = 0; dr < REGION_DATA_RATES; dr++)
		if (lw->pick[dr].n && lw->matters[dr] < least)
			least = lw->matters[dr];
	return lw->fades ? least - 1000 : least;
}

/* The strongest links stand in the device's row; what is behind them is contiguous and lies in one block. */
static bool store(struct sim *s, struct lorawan *lw, uint32_t device, const struct found *f)
{
	struct lw_device *d = &lw->device[device];
	size_t near = f->n < LW_NEAR ? (size_t)f->n : LW_NEAR, rest = (size_t)f->n - near;
	uint64_t at = lw->next_link;

	memcpy(d->near, f->link, near * sizeof *f->link);
	d->n_links = (uint8_t)f->n;
	lw->n_links += (uint64_t)f->n;
	if (rest == 0)
		return true;
	if (at % LW_LINK_BLOCK + rest > LW_LINK_BLOCK)
		at = (at / LW_LINK_BLOCK + 1) * LW_LINK_BLOCK;
	uint64_t block = at / LW_LINK_BLOCK;
	if (block >= LW_LINK_BLOCKS) {
		sim_fail(s, SIM_E_LIMIT, "lorawan: more than %llu links", (unsigned long long)lw->n_links);
		return false;
	}
	if (!lw->link_block[block] && !(lw->link_block[block] = sim_alloc(s, LW_LINK_BLOCK, sizeof(struct lw_link))))
		return false;
	memcpy(lw->link_block[block] + at % LW_LINK_BLOCK, f->link + near, rest * sizeof *f->link);
	d->first_link = (uint32_t)at;
	lw->next_link = at + rest;
	return true;
}

/* A profile for every height at which gateways stand. */
static struct profile *profiles(struct sim *s, const struct lorawan *lw, const struct device_class *c)
{
	struct profile *first = NULL;

	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		double height = lw->gateways[i].site.height;
		const struct profile *p = first;
		while (p && p->h_site != height)
			p = p->next;
		if (p)
			continue;
		struct profile *n = sim_alloc(s, 1, sizeof *n);
		if (!n)
			return NULL;
		*n = (struct profile){ height, radio_profile_new(s, lw->radio, height, c->height, lw->channel_hz[0]),
				       first };
		if (!n->p)
			return NULL;
		first = n;
	}
	return first;
}

/* The longest link with this budget, over the heights. */
static double longest(const struct lorawan *lw, const struct profile *p, double max_loss)
{
	double range = 0;

	for (; p; p = p->next)
		range = fmax(range, radio_profile_range(lw->radio, p->p, max_loss));
	return range;
}

static bool link_class(struct sim *s, struct lorawan *lw, const struct site_grid *grid, const struct device_class *c, double gain)
{
	const struct devices *d = lw->devices;
	const struct profile *p = profiles(s, lw, c);
	struct seeker k = { .least = least_power(lw), .profile = p };
	int16_t covered = lw->hears[lw->dr_cover];
	struct found found;

	for (uint32_t i = c->first; p && i < c->first + c->count; i++) {
		k.end = (struct radio_end){ { d->x[i], d->y[i] }, c->height, device_key(d, i), d->indoor[i] != 0 };
		k.budget = lw->power_dbm + c->gain_db - radio_entry_loss_db(lw->radio, &k.end, lw->channel_hz[0]);
		k.common = radio_common(lw->radio, &k.end);
		double range = longest(lw, p, k.budget + gain - k.least * 0.01);
		k.range2 = range * range;
		find_links(lw, grid, &k, &found);
		if (!store(s, lw, i, &found))
			return false;
		if ((unsigned)found.n > lw->max_links)
			lw->max_links = (unsigned)found.n;
		if (found.n && found.link[0].centidbm >= covered)
			lw->device[i].flags |= LW_COVERED;
	}
	return p != NULL || lw->n_gateways == 0;
}

bool lw_links_build(struct sim *s, struct lorawan *lw)
{
	struct site_grid grid;
	double gain = -INFINITY;

	lw->max_links = 1;
	lw->link_block = sim_alloc(s, LW_LINK_BLOCKS, sizeof *lw->link_block);
	if (!lw->link_block || !grid_new(s, lw, &grid))
		return false;
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		gain = fmax(gain, lw->gateways[i].site.gain_db);
	for (uint32_t c = 0; lw->n_gateways && c < lw->devices->n_classes; c++)
		if (lw->classes[c].served && !link_class(s, lw, &grid, &lw->devices->classes[c], gain))
			return false;
	return true;
}
