/* The elements <city> and <district>. */
#include "models/city/city.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/city/elements.h"
#include "models/city/shape.h"

struct city_params {
	double      width, height, radius;
	const char *boundary, *districts;
	const char *id_property, *name_property, *population_property;
	double      population_scale, population;
	struct position origin;
};
struct district_params { struct position centre; double radius, population; const char *name; };

struct city_district { struct district d; struct shape shape; char *own_id, *own_name; };

struct city {
	struct shape          shape;
	struct city_district *district;
	size_t                n_districts;
	double                population, outside;      /* persons; of them in no district */
	bool                  on_earth;
	double                lat0, lon0, m_per_lat, m_per_lon;
};

#define S struct city_params
static const struct param city_rows[] = {
	LENGTH(S, width, "", "1m", "5000km", "east-west extent of a rectangle", NULL),
	LENGTH(S, height, "", "1m", "5000km", "north-south extent of a rectangle", NULL),
	LENGTH(S, radius, "", "1m", "5000km", "of a disc around the origin", NULL),
	FILEPATH(S, boundary, "", "GeoJSON file with the outline (Polygon or MultiPolygon, WGS84)"),
	FILEPATH(S, districts, "", "GeoJSON file with a shape per district; without boundary their union is the city"),
	TEXT(S, id_property, "id", "property of a shape that is the district's id", NULL),
	TEXT(S, name_property, "name", "property that is its name", NULL),
	TEXT(S, population_property, "population", "property that is its population", NULL),
	NUMBER(S, population_scale, "1", "0", "1000", "factor on the populations of the file, such as growth since the census", NULL),
	NUMBER(S, population, "", "0", "1e10", "persons, where districts do not say; at least the districts' sum", NULL),
	POSITION(S, origin, "", "WGS84 place of the origin (0, 0) of a rectangle or disc; places it on the map"),
};
#undef S
#define S struct district_params
static const struct param district_rows[] = {
	POSITION(S, centre, NULL, "middle of a disc"),
	LENGTH(S, radius, NULL, "1m", "1000km", "of the disc", NULL),
	NUMBER(S, population, "0", "0", "1e10", "persons", NULL),
	TEXT(S, name, "", "name for reports; the id if absent", NULL),
};
#undef S

/* Metres per degree at a latitude on the WGS84 ellipsoid (radii of curvature). */
static void set_place(struct city *c, double lat, double lon)
{
	const double a = 6378137.0, e2 = 0.00669437999014, rad = M_PI / 180;
	double s = sin(lat * rad), w = 1 - e2 * s * s;

	c->on_earth = true;
	c->lat0 = lat;
	c->lon0 = lon;
	c->m_per_lat = rad * a * (1 - e2) / (w * sqrt(w));
	c->m_per_lon = rad * a / sqrt(w) * cos(lat * rad);
}

struct point city_locate(const struct city *c, struct position pos)
{
	if (!pos.wgs84)
		return (struct point){ pos.a, pos.b };
	return (struct point){ (pos.b - c->lon0) * c->m_per_lon, (pos.a - c->lat0) * c->m_per_lat };
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

/* Hand a shape's rings over, projected to metres. */
static bool take_rings(const struct city *c, struct region_shape *from, struct shape *to)
{
	for (size_t i = 0; i < from->n_rings; i++)
		for (size_t k = 0; k < from->ring[i].n; k++)
			from->ring[i].at[k] = city_locate(c, (struct position){ from->ring[i].at[k].y, from->ring[i].at[k].x,
										 true, true });
	bool ok = shape_rings(to, from->ring, from->n_rings);
	from->ring = NULL;
	from->n_rings = 0;
	return ok;
}

/* The middle of all positions is the origin, so that metres stay small. */
static void place_by(struct city *c, const struct geojson *g)
{
	double west = 180, east = -180, south = 90, north = -90;

	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->shape[i].n_rings; k++)
			for (size_t j = 0; j < g->shape[i].ring[k].n; j++) {
				struct point p = g->shape[i].ring[k].at[j];
				west = fmin(west, p.x);
				east = fmax(east, p.x);
				south = fmin(south, p.y);
				north = fmax(north, p.y);
			}
	set_place(c, 0.5 * (south + north), 0.5 * (west + east));
}

static struct city_district *add_district(struct city *c)
{
	struct city_district *more = realloc(c->district, (c->n_districts + 1) * sizeof *more);

	if (!more)
		return NULL;
	c->district = more;
	struct city_district *d = &c->district[c->n_districts++];
	*d = (struct city_district){ 0 };
	return d;
}

static void finish_district(struct city_district *d)
{
	d->d.area = d->shape.area;
	d->d.centre = d->shape.centre;
}

static bool same_id(const struct city *c, const char *id)
{
	for (size_t i = 0; i < c->n_districts; i++)
		if (c->district[i].d.id && strcmp(c->district[i].d.id, id) == 0)
			return true;
	return false;
}

/* Ids of the file become ids as XML has them: `district-3` for 3. */
static char *district_id(const struct region_shape *s, size_t place)
{
	char text[160];

	if (s->id && ((s->id[0] >= 'a' && s->id[0] <= 'z') || (s->id[0] >= 'A' && s->id[0] <= 'Z')))
		return strdup(s->id);
	snprintf(text, sizeof text, "district-%.100s", s->id ? s->id : "");
	if (!s->id)
		snprintf(text, sizeof text, "district-%zu", place + 1);
	return strdup(text);
}

static void load_districts(struct city *c, const struct node *n, struct geojson *g, struct diag *d)
{
	const struct city_params *p = n->par;

	for (size_t i = 0; i < g->n; i++) {
		struct region_shape *from = &g->shape[i];
		char *id = district_id(from, i);
		bool taken = id && same_id(c, id);
		struct city_district *to = add_district(c);
		if (!to || !id) {
			free(id);
			node_error(n, d, "districts", "do not fit in memory");
			return;
		}
		to->own_id = id;
		to->own_name = from->name;
		from->name = NULL;
		to->d.id = to->own_id;
		to->d.name = to->own_name ? to->own_name : to->own_id;
		to->d.population = isnan(from->population) ? 0 : from->population * p->population_scale;
		if (taken)
			node_error(n, d, "districts", "have two shapes with the id %s", id);
		if (!take_rings(c, from, &to->shape))
			node_error(n, d, "districts", "have a shape without area (%s)", to->d.name);
		finish_district(to);
	}
}

static bool rectangle(struct shape *s, double width, double height)
{
	struct ring *ring = calloc(1, sizeof *ring);
	struct point *at = malloc(4 * sizeof *at);

	if (!ring || !at) {
		free(ring);
		free(at);
		return false;
	}
	at[0] = (struct point){ 0, 0 };
	at[1] = (struct point){ width, 0 };
	at[2] = (struct point){ width, height };
	at[3] = (struct point){ 0, height };
	*ring = (struct ring){ 4, at };
	return shape_rings(s, ring, 1);
}

/* All rings of a file as one shape. */
static bool union_shape(struct city *c, struct geojson *g, struct shape *to)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < g->n; i++)
		total += g->shape[i].n_rings;
	struct region_shape all = { .ring = calloc(total + 1, sizeof *all.ring), .n_rings = total };
	if (!all.ring)
		return false;
	for (size_t i = 0; i < g->n; i++) {
		for (size_t k = 0; k < g->shape[i].n_rings; k++)
			all.ring[at++] = g->shape[i].ring[k];
		g->shape[i].n_rings = 0;
	}
	return take_rings(c, &all, to);
}

static void load_boundary(const struct scenario *sc, struct city *c, const struct node *n, struct diag *d)
{
	const struct city_params *p = n->par;
	const struct geojson_names names = { p->id_property, p->name_property, p->population_property };
	const char *outline = p->boundary ? p->boundary : p->districts;
	struct geojson *g = geojson_read(outline, sc, &names, d);

	if (!g)
		return;
	place_by(c, g);
	if (!union_shape(c, g, &c->shape))
		node_error(n, d, p->boundary ? "boundary" : "districts", "has no area");
	geojson_free(g);
}

static void load_shape(const struct scenario *sc, struct city *c, const struct node *n, struct diag *d)
{
	const struct city_params *p = n->par;
	int given = node_given(n, "radius") + (p->boundary || p->districts) + (node_given(n, "width") || node_given(n, "height"));

	if (given != 1 || node_given(n, "width") != node_given(n, "height")) {
		node_error(n, d, NULL, "needs width and height, or radius, or boundary (and districts): exactly one of these");
		return;
	}
	if (p->origin.given && !p->origin.wgs84)
		node_error(n, d, "origin", "is not a WGS84 position (try 50.73N 7.09E)");
	else if (p->origin.given)
		set_place(c, p->origin.a, p->origin.b);
	if (node_given(n, "radius"))
		shape_disc(&c->shape, (struct point){ 0, 0 }, p->radius);
	else if (node_given(n, "width"))
		rectangle(&c->shape, p->width, p->height);
	else
		load_boundary(sc, c, n, d);
}

static void add_element(struct city *c, const struct node *n, struct diag *d)
{
	const struct district_params *p = n->par;
	struct city_district *to;

	if (same_id(c, n->id))
		node_error(n, d, NULL, "its id is that of a district in the file");
	if (p->centre.wgs84 && !c->on_earth) {
		node_error(n, d, "centre", "is in WGS84, but the city has no place on earth (give its origin)");
		return;
	}
	if (!(to = add_district(c)))
		return;
	to->d = (struct district){ .id = n->id, .name = p->name ? p->name : n->id, .population = p->population };
	shape_disc(&to->shape, city_locate(c, p->centre), p->radius);
	finish_district(to);
}

static void load_city(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct city_params *p = n->par;
	struct city *c = n->data = calloc(1, sizeof *c);
	double sum = 0;

	if (!c) {
		node_error(n, d, NULL, "does not fit in memory");
		return;
	}
	load_shape(sc, c, n, d);
	if (diag_errors(d))
		return;
	if (p->districts) {
		const struct geojson_names names = { p->id_property, p->name_property, p->population_property };
		struct geojson *g = geojson_read(p->districts, sc, &names, d);
		if (g)
			load_districts(c, n, g, d);
		geojson_free(g);
	}
	for (const struct node *k = node_child(n, &district_model); k; k = node_next(k))
		add_element(c, k, d);
	for (size_t i = 0; i < c->n_districts; i++)
		sum += c->district[i].d.population;
	c->population = isnan(p->population) ? sum : p->population;
	if (c->population < sum)
		node_error(n, d, "population", "is less than its districts' %.0f", sum);
	c->outside = c->population - sum;
	for (size_t i = 0; i < c->n_districts; i++)
		c->district[i].d.share = c->population > 0 ? c->district[i].d.population / c->population : 0;
}

static void unload_city(struct node *n)
{
	struct city *c = n->data;

	if (!c)
		return;
	for (size_t i = 0; i < c->n_districts; i++) {
		shape_free(&c->district[i].shape);
		free(c->district[i].own_id);
		free(c->district[i].own_name);
	}
	free(c->district);
	shape_free(&c->shape);
	free(c);
	n->data = NULL;
}

const struct city *city_of(const struct scenario *sc)
{
	return scenario_first(sc, &city_model)->data;
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

struct point city_draw_in(const struct city *c, int district, struct rng *r)
{
	return shape_draw(district < 0 ? &c->shape : &c->district[district].shape, r);
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

size_t city_n_rings(const struct city *c)
{
	return c->shape.n_rings + c->n_districts;
}

const struct point *city_ring(const struct city *c, size_t i, size_t *n, const char **name)
{
	const struct ring *r = NULL;

	*name = "boundary";
	if (i < c->shape.n_rings) {
		r = &c->shape.ring[i];
	} else {
		const struct city_district *d = &c->district[i - c->shape.n_rings];
		*name = d->d.name;
		r = d->shape.n_rings ? &d->shape.ring[0] : NULL;
	}
	*n = r ? r->n : 0;
	return r ? r->at : NULL;
}

/* ---- reporting ---- */

static void draw_shape(struct sim *s, const struct city *c, const struct shape *sh, const char *layer, const char *name,
		       const char *group, double value)
{
	enum { CORNERS = 72 };
	struct point disc[CORNERS];
	struct ring round = { CORNERS, disc };

	for (int i = 0; i < CORNERS; i++)
		disc[i] = (struct point){ sh->centre.x + sh->radius * cos(2 * M_PI * i / CORNERS),
					  sh->centre.y + sh->radius * sin(2 * M_PI * i / CORNERS) };
	for (size_t k = 0; k < (sh->disc ? 1 : sh->n_rings); k++) {
		const struct ring *ring = sh->disc ? &round : &sh->ring[k];
		double *lonlat = malloc(2 * ring->n * sizeof *lonlat);
		for (size_t i = 0; lonlat && i < ring->n; i++)
			city_lonlat(c, ring->at[i], &lonlat[2 * i], &lonlat[2 * i + 1]);
		if (lonlat)
			report_feature(s->report, layer, name, group, ring->n, lonlat, "population", value);
		free(lonlat);
	}
}

static void finish_city(struct sim *s, const struct scenario *sc)
{
	const struct city *c = city_of(sc);
	char group[200];

	s->report->geographic = c->on_earth;
	report_fact(s->report, "City", "%.1f km2, %.0f inhabitants, %zu districts", c->shape.area * 1e-6, c->population,
		    c->n_districts);
	draw_shape(s, c, &c->shape, "boundary", "boundary", "all", c->population);
	for (size_t i = 0; i < c->n_districts; i++) {
		snprintf(group, sizeof group, "district=%s", c->district[i].d.id);
		draw_shape(s, c, &c->district[i].shape, "districts", c->district[i].d.name, group, c->district[i].d.population);
	}
}

static const struct place once[] = { { "scenario", 1, 1 } };
static const struct place in_city[] = { { "city", 0, 0 } };
static const struct evidence city_evidence[] = {
	{ "area", "published areas of Bonn's districts", "0.1 %" },
	{ "uniform and population-weighted placement", "chi-square over cells and districts", "99 % level" },
};

const struct model city_model = {
	.name = "city", .doc = "The area, its districts and people; the radio environment.", .places = TABLE(once),
	.id = ID_OPTIONAL, .par_size = sizeof(struct city_params), .params = TABLE(city_rows), .evidence = TABLE(city_evidence),
	.load = load_city, .unload = unload_city, .finish = finish_city, .example = "width=\"12km\" height=\"9km\"",
};
const struct model district_model = {
	.name = "district", .doc = "A part of the city with its population: a disc.", .places = TABLE(in_city),
	.id = ID_REQUIRED, .par_size = sizeof(struct district_params), .params = TABLE(district_rows),
	.example = "id=\"old-port\" centre=\"3km 4km\" radius=\"1.2km\" population=\"42000\"",
};
