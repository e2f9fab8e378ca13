#include "models/city/city_private.h"

#include <math.h>
#include <stdlib.h>

#include "models/city/elements.h"

enum { TRIES = 100000 };

const struct city *city_of(const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &city_model);

	return n ? n->data : NULL;
}

struct point city_locate(const struct city *c, struct position pos)
{
	if (!pos.wgs84)
		return (struct point){ pos.a, pos.b };
	/* the short way round: 179 W is near 179 E */
	return (struct point){ remainder(pos.b - c->lon0, 360) * c->m_per_lon, (pos.a - c->lat0) * c->m_per_lat };
}

void city_lonlat(const struct city *c, struct point p, double *lon, double *lat)
{
	*lon = c->on_earth ? c->lon0 + p.x / c->m_per_lon : p.x;
	*lat = c->on_earth ? c->lat0 + p.y / c->m_per_lat : p.y;
}

bool city_on_earth(const struct city *c)
{
	return c->on_earth;
}

size_t city_n_districts(const struct city *c)
{
	return c->n_districts;
}

const struct district *city_district(const struct city *c, size_t i)
{
	return &c->district[i].d;
}

int city_district_at(const struct city *c, struct point p)
{
	for (size_t i = 0; i < c->n_districts; i++)
		if (shape_contains(&c->district[i].shape, p))
			return (int)i;
	return -1;
}

bool city_contains(const struct city *c, struct point p)
{
	return shape_contains(&c->shape, p);
}

double city_area(const struct city *c)
{
	return c->shape.area;
}

double city_population(const struct city *c)
{
	return c->population;
}

void city_bounds(const struct city *c, struct point *low, struct point *high)
{
	*low = c->shape.low;
	*high = c->shape.high;
}

struct point city_inside(const struct city *c)
{
	return c->shape.inside;
}

struct point city_draw_in(const struct city *c, int district, struct rng *r)
{
	if (district < 0)
		return shape_draw(&c->shape, r);
	const struct city_district *d = &c->district[district];
	for (int i = 0; i < TRIES; i++) {
		struct point p = shape_draw(&d->shape, r);
		if (city_contains(c, p))
			return p;
	}
	return d->inside; /* all but a sliver of the district lies outside the city */
}

struct point city_draw(const struct city *c, enum city_law law, struct rng *r, int *district)
{
	int found = -1;
	struct point p;

	if (law == CITY_POPULATION && c->population > 0) {
		double x = rng_uniform(r) * c->population;
		for (size_t i = 0; i < c->n_districts && found < 0; i++) {
			x -= c->district[i].d.population;
			if (x < 0)
				found = (int)i;
		}
	}
	p = city_draw_in(c, found, r);
	if (district)
		*district = found >= 0 ? found : city_district_at(c, p);
	return p;
}

/* ---- reporting ---- */

static void draw_ring(struct sim *s, const struct city *c, const struct ring *ring, const char *layer, const char *name,
		      const char *group, double value)
{
	double *lonlat = malloc(2 * ring->n * sizeof *lonlat);

	if (!lonlat) {
		sim_fail(s, SIM_E_NOMEM, "out of memory for the map");
		return;
	}
	for (size_t i = 0; i < ring->n; i++)
		city_lonlat(c, ring->at[i], &lonlat[2 * i], &lonlat[2 * i + 1]);
	report_feature(s->report, layer, name, group, ring->n, lonlat, "population", value);
	free(lonlat);
}

/* The outer rings: a hole would be drawn as land. */
static void draw_shape(struct sim *s, const struct city *c, const struct shape *sh, const char *layer, const char *name,
		       const char *group, double value)
{
	enum { CORNERS = 72 };
	struct point disc[CORNERS];
	struct ring round = { CORNERS, disc, false };

	for (int i = 0; i < CORNERS; i++)
		disc[i] = (struct point){ sh->centre.x + sh->radius * cos(2 * M_PI * i / CORNERS),
					  sh->centre.y + sh->radius * sin(2 * M_PI * i / CORNERS) };
	if (sh->disc)
		draw_ring(s, c, &round, layer, name, group, value);
	for (size_t k = 0; k < sh->n_rings; k++)
		if (!sh->ring[k].hole)
			draw_ring(s, c, &sh->ring[k], layer, name, group, value);
}

void city_finish(struct sim *s, const struct scenario *sc)
{
	const struct city *c = city_of(sc);
	char group[200];

	if (!c)
		return;
	s->report->geographic = c->on_earth;
	report_fact(s->report, "Area", "%.4g km²", c->shape.area * 1e-6);
	report_fact(s->report, "Population", "%.0f", c->population);
	report_fact(s->report, "Districts", "%zu", c->n_districts);
	if (!s->report->map)
		return;
	draw_shape(s, c, &c->shape, "boundary", "boundary", "all", c->population);
	for (size_t i = 0; i < c->n_districts; i++) {
		snprintf(group, sizeof group, "district=%s", c->district[i].d.id);
		draw_shape(s, c, &c->district[i].shape, "districts", c->district[i].d.name, group,
			   c->district[i].d.population);
	}
}
