/*
 * links - sites and their sectors in place, and the one that serves a device: that of the least coupling loss.
 *
 * A sector's antenna falls off as a parabola in decibels, 3GPP TR 38.901 Table 7.3-1 (horizontal cut): 12 (angle / beam
 * width)^2, at most the front-to-back ratio.
 */
#include "models/city/cost.h"
#include "models/city/placement.h"
#include "models/network/cellular/cellular_private.h"

void sites_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct sites_params *p = n->par;
	bool lattice = p->placement == 0 || p->placement == 1;

	if (!isnan(p->inter_site_distance) && !lattice)
		node_error(n, d, "inter-site-distance", "goes with placement=\"hexagonal\" and \"grid\"");
	if (!isnan(p->inter_site_distance) && node_given(n, "count"))
		node_error(n, d, "count", "follows from inter-site-distance: leave one of them out");
	site_file_load(sc, n,
		       &(struct site_request){ .file = p->file,
					       .sites = p->sites,
					       .what = "site",
					       .height = p->height,
					       .gain = p->gain,
					       .sectors = p->sectors ? 3 : 1,
					       .azimuth = p->azimuth,
					       .from_file = p->placement == 3 },
		       d);
}

/* Lattice points at a distance, one of them in the middle of the city; at NULL: count them. */
static size_t lattice(const struct city *city, bool hexagonal, double distance, struct point *at)
{
	struct point low, high, mid;
	double row = hexagonal ? distance * sqrt(0.75) : distance;
	size_t n = 0;

	city_bounds(city, &low, &high);
	mid = (struct point){ (low.x + high.x) / 2, (low.y + high.y) / 2 };
	int rows = (int)((high.y - low.y) / row / 2) + 1, columns = (int)((high.x - low.x) / distance / 2) + 1;
	for (int j = -rows; j <= rows; j++)
		for (int i = -columns; i <= columns; i++) {
			struct point p = { mid.x + distance * (i + (hexagonal && j % 2 ? 0.5 : 0)), mid.y + row * j };
			if (!city_contains(city, p))
				continue;
			if (at)
				at[n] = p;
			n++;
		}
	if (n == 0 && at)
		at[0] = city_inside(city);
	return n ? n : 1;
}

static size_t group_size(const struct node *n, const struct city *city)
{
	const struct sites_params *p = n->par;
	const struct site_file *f = n->data;

	if (f)
		return f->n;
	return isnan(p->inter_site_distance) ? p->count : lattice(city, p->placement == 0, p->inter_site_distance, NULL);
}

static void add_site(struct sim *s, struct cellular *c, const struct node *element, const struct cell_site *site,
		     const struct node *backhaul)
{
	struct cell_site *to = &c->sites[c->n_sites++];

	cost_units(s, element, 1);
	*to = *site;
	to->element = element;
	to->first_sector = c->n_sectors;
	to->powered = to->connected = true;
	to->backhaul = backhaul_of(s, backhaul, site->at.key);
	c->n_sectors += site->sectors;
}

static void place_group(struct sim *s, struct cellular *c, const struct city *city, const struct node *n)
{
	const struct sites_params *p = n->par;
	const struct site_file *f = n->data;
	size_t count = group_size(n, city);
	struct point *at = sim_alloc(s, count + 1, sizeof *at);
	struct rng r = sim_rng(s, RNG_PURPOSE('c', 's', 'i', 't'), n->key);

	if (!at)
		return;
	if (!isnan(p->inter_site_distance))
		lattice(city, p->placement == 0, p->inter_site_distance, at);
	else if (p->placement <= 1 && !city_lattice(city, p->placement == 0, count, at))
		sim_fail(s, SIM_E_NOMEM, "out of memory for the places of %zu sites", count);
	for (size_t i = 0; i < count; i++) {
		const struct site_row *row = f ? &f->row[i] : NULL;
		size_t number = row ? row->number : i;
		char *name = arena_printf(s->arena, "%s-%zu", n->id ? n->id : "site", number + 1);
		if (row)
			at[i] = city_locate(city, row->at);
		else if (p->placement == 2)
			at[i] = city_draw(city, CITY_UNIFORM, &r, NULL);
		struct cell_site site = {
			.at = { at[i], row ? row->height : p->height, row ? row->gain : p->gain, rng_mix(n->key + number) },
			.name = row && row->name ? row->name
				: name           ? name
						 : "",
			.sectors = row          ? row->sectors
				   : p->sectors ? 3
						: 1,
			.azimuth = row ? row->azimuth : p->azimuth,
			.beam_width = p->beam_width,
			.front_to_back = p->front_to_back,
			.power = &p->power,
		};
		add_site(s, c, n, &site, p->backhaul);
	}
}

bool cell_sites_new(struct sim *s, struct cellular *c, const struct city *city)
{
	size_t n = 0;

	for (const struct node *k = node_child(c->node, &sites_model); k; k = node_next(k))
		n += group_size(k, city);
	for (const struct node *k = node_child(c->node, &site_model); k; k = node_next(k))
		n++;
	if (n > UINT16_MAX / 3) {
		sim_fail(s, SIM_E_LIMIT, "%s has %zu sites, more than %d", c->node->id, n, UINT16_MAX / 3);
		return false;
	}
	c->sites = sim_alloc(s, n + 1, sizeof *c->sites);
	c->site_of = sim_alloc(s, 3 * n + 1, sizeof *c->site_of);
	c->bearing = sim_alloc(s, 3 * n + 1, sizeof *c->bearing);
	if (!c->sites || !c->site_of || !c->bearing)
		return false;
	for (const struct node *k = node_child(c->node, &sites_model); k; k = node_next(k))
		place_group(s, c, city, k);
	for (const struct node *k = node_child(c->node, &site_model); k; k = node_next(k)) {
		const struct site_params *p = k->par;
		add_site(s, c, k,
			 &(struct cell_site){ .at = { city_locate(city, p->position), p->height, p->gain, k->key },
					      .name = k->id ? k->id : "site",
					      .sectors = p->sectors ? 3 : 1,
					      .azimuth = p->azimuth,
					      .beam_width = p->beam_width,
					      .front_to_back = p->front_to_back,
					      .power = &p->power },
			 p->backhaul);
	}
	for (uint32_t i = 0; i < c->n_sites; i++)
		for (unsigned k = 0; k < c->sites[i].sectors; k++) {
			c->site_of[c->sites[i].first_sector + k] = (uint16_t)i;
			c->bearing[c->sites[i].first_sector + k] =
				M_PI / 2 - (c->sites[i].azimuth + 120.0 * k) * M_PI / 180;
		}
	return s->status == SIM_OK;
}

/* ---- the best sector ---- */

/* Path loss between a class and sites of one height. */
struct profile { double h_site; const struct radio_profile *p; struct profile *next; };

static const struct radio_profile *profile_for(struct sim *s, const struct cellular *c, struct profile **first, double h_site,
					       double h_end)
{
	for (const struct profile *p = *first; p; p = p->next)
		if (p->h_site == h_site)
			return p->p;
	struct profile *n = sim_alloc(s, 1, sizeof *n);
	if (!n)
		return NULL;
	*n = (struct profile){ h_site, radio_profile_new(s, c->radio, h_site, h_end, c->par->frequency), *first };
	*first = n;
	return n->p;
}

/* How much less than its main lobe an antenna gives in a direction (radians), dB. */
static double pattern_loss_db(const struct cell_site *site, double bearing, double direction)
{
	double off = remainder(direction - bearing, 2 * M_PI) * 180 / M_PI / site->beam_width;

	return fmin(12 * off * off, site->front_to_back);
}

double cell_least_pattern_db(const struct cellular *c, uint32_t i, struct point at)
{
	const struct cell_site *site = &c->sites[i];
	double direction = atan2(at.y - site->at.at.y, at.x - site->at.at.x), least = INFINITY;

	for (unsigned k = 0; site->sectors > 1 && k < site->sectors; k++)
		least = fmin(least, pattern_loss_db(site, c->bearing[site->first_sector + k], direction));
	return site->sectors > 1 ? least : 0;
}

struct best { double loss; uint32_t sector; };

static void try_site(const struct cellular *c, const struct radio_profile *p, const struct radio_end *end, double common,
		     uint32_t i, struct best *best)
{
	const struct cell_site *site = &c->sites[i];
	double loss = radio_profile_loss_db(c->radio, p, end, &site->at, common) - site->at.gain_db;

	if (loss >= best->loss)
		return;
	double direction = site->sectors > 1 ? atan2(end->at.y - site->at.at.y, end->at.x - site->at.at.x) : 0;
	for (unsigned k = 0; k < site->sectors; k++) {
		uint32_t sector = site->first_sector + k;
		double l = loss + (site->sectors > 1 ? pattern_loss_db(site, c->bearing[sector], direction) : 0);
		if (l < best->loss)
			*best = (struct best){ l, sector };
	}
}

static void settle(const struct cellular *c, struct cell_device *d, double loss, uint32_t sector)
{
	double most = c->cover[c->n_covers - 1]->coupling_loss;

	d->loss = INT16_MAX;
	d->coverage = 0;
	if (!(loss <= most))
		return;
	d->loss = (int16_t)lrint(100 * fmax(loss, 0));
	d->sector = (uint16_t)sector;
	while (loss > c->cover[d->coverage]->coupling_loss)
		d->coverage++;
}

/* Beyond this distance a site serves the device better than the nearest one does but for a chance of 1e-3: it is not looked at,
 * where there are many. */
enum { FEW_SITES = 24 };

static double far_away(const struct cellular *c, const struct radio_profile *const *of_site, const struct radio_end *end,
		       double common, struct best *best)
{
	uint32_t nearest = 0;
	double least = INFINITY, range = 0;

	if (c->n_sites <= FEW_SITES)
		return INFINITY;
	for (uint32_t j = 0; j < c->n_sites; j++) {
		double dx = end->at.x - c->sites[j].at.at.x, dy = end->at.y - c->sites[j].at.at.y;
		if (dx * dx + dy * dy < least) {
			least = dx * dx + dy * dy;
			nearest = j;
		}
	}
	try_site(c, of_site[nearest], end, common, nearest, best);
	for (uint32_t j = 0; j < c->n_sites; j++)
		if (j == 0 || of_site[j] != of_site[j - 1])
			range = fmax(range, radio_profile_range(c->radio, of_site[j], best->loss + c->most_gain));
	return range;
}

/* The sector, coupling loss and coverage class of a device that is at `at`. */
static void link_device(struct cellular *c, uint32_t i, struct point at)
{
	const struct devices *d = c->devices;
	const struct cell_class *of = &c->classes[d->class_of[i]];
	const struct device_class *k = of->class;
	struct radio_end end = { at, k->height, device_key(d, i), d->indoor[i] != 0 };
	double common = radio_common(c->radio, &end);
	struct best best = { INFINITY, 0 };
	double range = far_away(c, of->profile, &end, common, &best);

	for (uint32_t j = 0; j < c->n_sites; j++) {
		double dx = end.at.x - c->sites[j].at.at.x, dy = end.at.y - c->sites[j].at.at.y;
		if (dx * dx + dy * dy <= range * range)
			try_site(c, of->profile[j], &end, common, j, &best);
	}
	settle(c, &c->device[i], best.loss + radio_entry_loss_db(c->radio, &end, c->par->frequency) - k->gain_db,
	       best.sector);
}

static bool link_class(struct sim *s, struct cellular *c, struct cell_class *of)
{
	const struct devices *d = c->devices;
	const struct device_class *k = of->class;
	struct profile *profiles = NULL;

	of->profile = sim_alloc(s, c->n_sites + 1u, sizeof *of->profile);
	for (uint32_t i = 0; of->profile && i < c->n_sites; i++)
		if (!(of->profile[i] = profile_for(s, c, &profiles, c->sites[i].at.height, k->height)))
			return false;
	for (uint32_t i = k->first; of->profile && i < k->first + k->count; i++)
		link_device(c, i, k->moves ? device_position(s, d, i) : (struct point){ d->x[i], d->y[i] });
	return of->profile != NULL;
}

static int ways_of(const struct cellular *c, const struct cell_device *d)
{
	return d->loss != INT16_MAX && cell_is_live(cell_site_of(c, d));
}

/* Cell reselection: what moves is served from where it is. */
static void reselect(struct sim *s, struct cellular *c, uint32_t device)
{
	struct cell_device *d = &c->device[device];
	int before = ways_of(c, d);

	link_device(c, device, device_position(s, c->devices, device));
	int change = ways_of(c, d) - before;
	if (change)
		network_path(s, c, device, change);
	cell_background_moved(s, c, device);
}

enum fate cell_reach(struct sim *s, struct cellular *c, uint32_t device)
{
	const struct cell_device *d = &c->device[device];

	bool keeps = d->state != CELL_IDLE || (d->flags & CELL_LISTENS && s->now <= d->busy + c->par->inactivity);

	if (!keeps && cell_moves(c, device))
		reselect(s, c, device);
	if (d->loss == INT16_MAX)
		return FATE_NO_COVERAGE;
	return cell_site_of(c, d)->powered ? FATE_DELIVERED : FATE_GATEWAY_DOWN;
}

bool cell_links_new(struct sim *s, struct cellular *c)
{
	for (uint32_t i = 0; i < c->devices->n; i++)
		c->device[i].loss = INT16_MAX;
	c->most_gain = -INFINITY;
	for (uint32_t i = 0; i < c->n_sites; i++)
		c->most_gain = fmax(c->most_gain, c->sites[i].at.gain_db);
	for (uint32_t k = 0; k < c->devices->n_classes; k++)
		if (c->classes[k].uses && !link_class(s, c, &c->classes[k]))
			return false;
	return true;
}
