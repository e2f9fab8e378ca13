/*
 * Where devices stand: the laws of placement within the city, a district or a spot.
 */
#include "models/device/mobility_private.h"

static const uint32_t PURPOSE_PLACE = RNG_PURPOSE('p', 'l', 'a', 'c');
static const uint32_t PURPOSE_CLUSTER = RNG_PURPOSE('c', 'l', 'u', 's');
static const uint32_t PURPOSE_INDOOR = RNG_PURPOSE('i', 'n', 'd', 'r');

/* A law of rejection gives up after so many draws: the area is then a sliver of its bounds. */
enum { MOST_DRAWS = 1000000 };

static void shrink(double *low, double *high, double lo, double hi)
{
	*low = fmax(*low, lo);
	*high = fmin(*high, hi);
}

struct area place_area(const struct city *city, const struct node *deploy)
{
	const struct deploy_params *p = deploy->par;
	const struct deploy_data *data = deploy->data;
	struct area a = { .city = city, .district = data->district, .spot = p->centre.given, .size = city_area(city) };

	city_bounds(city, &a.low, &a.high);
	if (a.district >= 0)
		a.size = city_district(city, (size_t)a.district)->area;
	if (a.spot) {
		a.centre = city_locate(city, p->centre);
		a.radius = p->radius;
		a.size = fmin(a.size, 3.141592653589793 * a.radius * a.radius);
		shrink(&a.low.x, &a.high.x, a.centre.x - a.radius, a.centre.x + a.radius);
		shrink(&a.low.y, &a.high.y, a.centre.y - a.radius, a.centre.y + a.radius);
	}
	return a;
}

static bool inside(const struct area *a, struct point p)
{
	if (a->spot && hypot(p.x - a->centre.x, p.y - a->centre.y) > a->radius)
		return false;
	return a->district >= 0 ? city_district_at(a->city, p) == a->district : city_contains(a->city, p);
}

/* Uniform in the part of a disc that lies in the area; false: none is found. */
static bool try_disc(const struct area *a, struct point centre, double radius, struct rng *r, struct point *p)
{
	for (int tries = 0; tries < MOST_DRAWS; tries++) {
		double far = radius * sqrt(rng_uniform(r)), angle = 6.283185307179586 * rng_uniform(r);
		*p = (struct point){ centre.x + far * cos(angle), centre.y + far * sin(angle) };
		if (inside(a, *p))
			return true;
	}
	return false;
}

static struct point draw_disc(struct sim *s, const struct area *a, struct point centre, double radius, struct rng *r)
{
	struct point p;

	if (try_disc(a, centre, radius, r, &p))
		return p;
	sim_fail(s, SIM_E_LIMIT, "a <deploy> finds no place in its area: too small a part of a disc");
	return centre;
}

/* Uniform in the area. */
static struct point draw(struct sim *s, const struct area *a, struct rng *r)
{
	return a->spot ? draw_disc(s, a, a->centre, a->radius, r) : city_draw_in(a->city, a->district, r);
}

struct point place_draw(const struct area *a, struct rng *r)
{
	struct point p;

	if (!a->spot)
		return city_draw_in(a->city, a->district, r);
	return try_disc(a, a->centre, a->radius, r, &p) ? p : a->centre;
}

/* Uniform in the disc of one of the clusters, within the area. */
static struct point draw_clustered(struct sim *s, const struct area *a, const struct point *centres,
				   const struct deploy_params *p, struct rng *r)
{
	return draw_disc(s, a, centres[rng_below(r, (uint32_t)p->clusters)], p->cluster_radius, r);
}

void place_put(struct devices *d, uint32_t i, struct point at, int district)
{
	d->x[i] = (float)at.x;
	d->y[i] = (float)at.y;
	d->district[i] = (int16_t)district;
}

static struct point *draw_centres(struct sim *s, const struct area *a, const struct device_part *part)
{
	const struct deploy_params *p = part->node->par;
	struct point *centres = sim_alloc(s, p->clusters, sizeof *centres);

	for (uint64_t i = 0; centres && i < p->clusters; i++) {
		struct rng r = sim_rng(s, PURPOSE_CLUSTER, part->key + i);
		centres[i] = draw(s, a, &r);
	}
	return centres;
}

static void place_at_random(struct sim *s, struct devices *d, const struct device_part *part, const struct area *a)
{
	const struct deploy_params *p = part->node->par;
	struct point *centres = p->placement == PLACE_CLUSTERED ? draw_centres(s, a, part) : NULL;
	enum city_law law = p->placement == PLACE_POPULATION ? CITY_POPULATION : CITY_UNIFORM;
	bool anywhere = !centres && !a->spot && a->district < 0;

	for (uint32_t k = 0; k < part->count && s->status == SIM_OK; k++) {
		struct rng r = sim_rng(s, PURPOSE_PLACE, part->key + k);
		struct point at;
		int district = a->district;
		if (anywhere)
			at = city_draw(a->city, law, &r, &district);
		else
			at = centres ? draw_clustered(s, a, centres, p, &r) : draw(s, a, &r);
		place_put(d, part->first + k, at, anywhere || district >= 0 ? district : city_district_at(a->city, at));
	}
}

/* A regular pattern of spacing `pitch`, square or hexagonal, centred in the bounds of the area. */
struct lattice {
	const struct area *a;
	bool hexagonal;
	double pitch;
	uint64_t points;
};

/* Count the points inside (d NULL), or put the devices of a part on every points/count-th of them. */
static uint64_t walk(const struct lattice *l, struct devices *d, const struct device_part *part)
{
	const struct area *a = l->a;
	double w = a->high.x - a->low.x, h = a->high.y - a->low.y, dy = l->hexagonal ? l->pitch * sqrt(0.75) : l->pitch;
	uint64_t nx = (uint64_t)fmax(w / l->pitch + 1e-9, 1), ny = (uint64_t)fmax(h / dy + 1e-9, 1), seen = 0;
	double x0 = a->low.x + (w - (double)(nx - 1) * l->pitch) / 2, y0 = a->low.y + (h - (double)(ny - 1) * dy) / 2;
	uint32_t placed = 0;

	for (uint64_t j = 0; j < ny; j++)
		for (uint64_t i = 0; i < nx; i++) {
			double shift = l->hexagonal && j % 2 ? l->pitch / 2 : 0;
			struct point at = { x0 + (double)i * l->pitch + shift, y0 + (double)j * dy };
			if (!inside(a, at))
				continue;
			/* the placed-th device takes point floor(placed * points / count) */
			if (d && placed < part->count && seen == placed * l->points / part->count) {
				place_put(d, part->first + placed, at, city_district_at(a->city, at));
				placed++;
			}
			seen++;
		}
	return seen;
}

static void place_regularly(struct sim *s, struct devices *d, const struct device_part *part, const struct area *a)
{
	const struct deploy_params *p = part->node->par;
	struct lattice l = { .a = a, .hexagonal = p->placement == PLACE_HEXAGONAL };

	l.pitch = sqrt(a->size / part->count * (l.hexagonal ? 1 / sqrt(0.75) : 1));
	for (int tries = 0; (l.points = walk(&l, NULL, part)) < part->count; tries++) {
		double share = (double)l.points / part->count;
		l.pitch *= fmin(0.9975, fmax(0.5, sqrt(share)));
		if (tries == 200) {
			sim_fail(s, SIM_E_LIMIT, "a <deploy> finds no regular pattern in its area");
			return;
		}
	}
	walk(&l, d, part);
}

static void place_from_file(struct devices *d, const struct device_part *part, const struct city *city)
{
	const struct deploy_data *data = part->node->data;

	for (uint32_t k = 0; k < part->count; k++)
		place_put(d, part->first + k, data->rows[k].at, city_district_at(city, data->rows[k].at));
}

static void draw_indoor(struct sim *s, struct devices *d, const struct device_part *part)
{
	const struct deploy_params *p = part->node->par;
	const struct deploy_data *data = part->node->data;

	for (uint32_t k = 0; k < part->count; k++) {
		uint64_t w[2];
		if (data->rows && data->rows[k].indoor >= 0) {
			d->indoor[part->first + k] = (uint8_t)data->rows[k].indoor;
			continue;
		}
		rng_block(s->key, PURPOSE_INDOOR, part->key + k, 0, w);
		d->indoor[part->first + k] = rng_unit(w[0]) < p->indoor;
	}
}

void place_part(struct sim *s, struct devices *d, const struct device_part *part)
{
	const struct deploy_params *p = part->node->par;
	const struct city *city = city_of(impl_of(d)->scenario);

	if (mobility_by_route(part->node)) {
		; /* where its route has it at the start */
	} else if (p->placement == PLACE_FILE) {
		place_from_file(d, part, city);
	} else {
		struct area a = place_area(city, part->node);
		if (p->placement == PLACE_GRID || p->placement == PLACE_HEXAGONAL)
			place_regularly(s, d, part, &a);
		else
			place_at_random(s, d, part, &a);
	}
	draw_indoor(s, d, part);
	mobility_begin(s, d, part);
}
