/*
 * links - gateways in place, and which of them a device reaches: a CSR table of received powers, strongest first.
 *
 * A link is kept where it can be received at the most robust data rate or disturb one that can; what is weaker changes
 * no outcome of a single interferer, and sums of many such are neglected.
 *
 * What moves has its links made anew whenever a frame of it begins, at the place where it is then; the frame and its answers keep
 * to them.  Shadowing follows the place; whether there is line of sight (TR 38.901) is one draw of a device and a gateway against
 * the probability at their distance.
 */
#include <string.h>

#include "models/device/mobility.h"
#include "models/network/lorawan/lorawan_private.h"

/* A square grid over the gateways, about one to a cell. */
struct lw_grid {
	double    x0, y0, cell;
	uint32_t  nx, ny;
	uint32_t *first;                /* nx * ny + 1 */
	uint16_t *site;
};

static uint32_t cell_of(const struct lw_grid *g, double x, double y)
{
	double cx = floor((x - g->x0) / g->cell), cy = floor((y - g->y0) / g->cell);
	uint32_t ix = cx < 0 ? 0 : cx >= g->nx ? g->nx - 1 : (uint32_t)cx;
	uint32_t iy = cy < 0 ? 0 : cy >= g->ny ? g->ny - 1 : (uint32_t)cy;

	return iy * g->nx + ix;
}

static bool grid_new(struct sim *s, const struct lorawan *lw, struct lw_grid *g)
{
	double x1 = -INFINITY, y1 = -INFINITY;

	*g = (struct lw_grid){ .x0 = INFINITY, .y0 = INFINITY };
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
struct seeker { struct radio_end end; double budget, range2, common; int least; const struct lw_profile *profile; };

/* Path loss between a class and sites of one height. */
struct lw_profile { double h_site; const struct radio_profile *p; struct lw_profile *next; };

static const struct radio_profile *profile_for(const struct seeker *k, double height)
{
	const struct lw_profile *p = k->profile;

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
static void find_links(const struct lorawan *lw, const struct lw_grid *g, const struct seeker *k, struct found *f)
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

/* The strongest links stand in the device's row; the others in the room that it has. */
static void put_links(struct lorawan *lw, struct lw_device *d, const struct found *f)
{
	size_t near = f->n < LW_NEAR ? (size_t)f->n : LW_NEAR, rest = (size_t)f->n - near;

	memcpy(d->near, f->link, near * sizeof *f->link);
	d->n_links = (uint8_t)f->n;
	if (rest)
		memcpy(lw->link_block[d->first_link / LW_LINK_BLOCK] + d->first_link % LW_LINK_BLOCK, f->link + near,
		       rest * sizeof *f->link);
}

/* Room for so many links; those behind the row's are contiguous and lie in one block. */
static bool store(struct sim *s, struct lorawan *lw, uint32_t device, const struct found *f, unsigned room)
{
	struct lw_device *d = &lw->device[device];
	size_t rest = room > LW_NEAR ? room - LW_NEAR : 0;
	uint64_t at = lw->next_link;

	lw->n_links += (uint64_t)f->n;
	if (rest) {
		if (at % LW_LINK_BLOCK + rest > LW_LINK_BLOCK)
			at = (at / LW_LINK_BLOCK + 1) * LW_LINK_BLOCK;
		uint64_t block = at / LW_LINK_BLOCK;
		if (block >= LW_LINK_BLOCKS) {
			sim_fail(s, SIM_E_LIMIT, "lorawan: more than %llu links", (unsigned long long)lw->n_links);
			return false;
		}
		if (!lw->link_block[block] &&
		    !(lw->link_block[block] = sim_alloc(s, LW_LINK_BLOCK, sizeof(struct lw_link))))
			return false;
		d->first_link = (uint32_t)at;
		lw->next_link = at + rest;
	}
	put_links(lw, d, f);
	return true;
}

/* A profile for every height at which gateways stand. */
static struct lw_profile *profiles(struct sim *s, const struct lorawan *lw, const struct device_class *c)
{
	struct lw_profile *first = NULL;

	for (uint32_t i = 0; i < lw->n_gateways; i++) {
		double height = lw->gateways[i].site.height;
		const struct lw_profile *p = first;
		while (p && p->h_site != height)
			p = p->next;
		if (p)
			continue;
		struct lw_profile *n = sim_alloc(s, 1, sizeof *n);
		if (!n)
			return NULL;
		*n = (struct lw_profile){ height, radio_profile_new(s, lw->radio, height, c->height, lw->channel_hz[0]),
					  first };
		if (!n->p)
			return NULL;
		first = n;
	}
	return first;
}

/* The longest link with this budget, over the heights. */
static double longest(const struct lorawan *lw, const struct lw_profile *p, double max_loss)
{
	double range = 0;

	for (; p; p = p->next)
		range = fmax(range, radio_profile_range(lw->radio, p->p, max_loss));
	return range;
}

/* The links of a device that is at `at`. */
static void seek(const struct lorawan *lw, uint32_t device, struct point at, struct found *f)
{
	const struct devices *d = lw->devices;
	const struct lw_class *lc = &lw->classes[d->class_of[device]];
	const struct device_class *c = lc->class;
	struct seeker k = { .least = lw->least_link, .profile = lc->profile };

	k.end = (struct radio_end){ at, c->height, device_key(d, device), d->indoor[device] != 0 };
	k.budget = lw->power_dbm + c->gain_db - radio_entry_loss_db(lw->radio, &k.end, lw->channel_hz[0]);
	k.common = radio_common(lw->radio, &k.end);
	double range = longest(lw, lc->profile, k.budget + lw->most_gain - k.least * 0.01);
	k.range2 = range * range;
	find_links(lw, lw->grid, &k, f);
}

static bool link_class(struct sim *s, struct lorawan *lw, uint32_t class_index)
{
	const struct devices *d = lw->devices;
	const struct device_class *c = &d->classes[class_index];
	int16_t covered = lw->hears[lw->dr_cover];
	struct found found;

	if (!(lw->classes[class_index].profile = profiles(s, lw, c)))
		return false;
	for (uint32_t i = c->first; i < c->first + c->count; i++) {
		bool moves = c->moves && device_moves(d, i);
		seek(lw, i, moves ? device_position(s, d, i) : (struct point){ d->x[i], d->y[i] }, &found);
		unsigned room = moves ? lw->n_gateways : (unsigned)found.n; /* what moves may come to reach them all */
		if (room > LW_LINKS_MAX)
			room = LW_LINKS_MAX;
		if (!store(s, lw, i, &found, room))
			return false;
		if (room > lw->max_links)
			lw->max_links = room;
		if (found.n && found.link[0].centidbm >= covered)
			lw->device[i].flags |= LW_COVERED;
	}
	return true;
}

void lw_links_now(struct sim *s, struct lorawan *lw, uint32_t device)
{
	struct lw_device *d = &lw->device[device];
	int16_t covered = lw->hears[lw->dr_cover];
	struct found found;
	int change = 0;

	if (!lw->classes[d->class_of].class->moves || lw->n_gateways == 0 || !device_moves(lw->devices, device))
		return;
	for (unsigned i = 0; i < d->n_links; i++)
		change -= lw_counts_way(lw, lw_link(lw, d, i), covered);
	seek(lw, device, device_position(s, lw->devices, device), &found);
	put_links(lw, d, &found);
	for (unsigned i = 0; i < d->n_links; i++)
		change += lw_counts_way(lw, lw_link(lw, d, i), covered);
	if (change)
		network_path(s, lw, device, change);
}

bool lw_links_build(struct sim *s, struct lorawan *lw)
{
	lw->max_links = 1;
	lw->link_block = sim_alloc(s, LW_LINK_BLOCKS, sizeof *lw->link_block);
	lw->grid = sim_alloc(s, 1, sizeof *lw->grid);
	if (!lw->link_block || !lw->grid || !grid_new(s, lw, lw->grid))
		return false;
	lw->least_link = least_power(lw);
	lw->most_gain = -INFINITY;
	for (uint32_t i = 0; i < lw->n_gateways; i++)
		lw->most_gain = fmax(lw->most_gain, lw->gateways[i].site.gain_db);
	for (uint32_t c = 0; lw->n_gateways && c < lw->devices->n_classes; c++)
		if (lw->classes[c].served && !link_class(s, lw, c))
			return false;
	return true;
}
