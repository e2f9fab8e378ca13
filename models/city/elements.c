/* The elements <city> and <district>: their parameters, and how the city is loaded. */
#include "models/city/elements.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/city/city_private.h"

struct city_params {
	double      width, height, radius;
	const char *boundary, *districts;
	const char *id_property, *name_property, *population_property;
	double      population_scale, population;
	struct position origin;
};
struct district_params { struct position centre; double radius, population; const char *name; };

static const double LARGEST = 5000e3, FARTHEST_LATITUDE = 85;

#define S struct city_params
static const struct param city_rows[] = {
	LENGTH(S, width, "", "1m", "5000km", "east-west extent of a rectangle, from the origin", NULL),
	LENGTH(S, height, "", "1m", "5000km", "north-south extent of a rectangle, from the origin", NULL),
	LENGTH(S, radius, "", "1m", "2500km", "of a disc around the origin", NULL),
	FILEPATH(S, boundary, "", "GeoJSON file with the outline (Polygon or MultiPolygon, WGS84)"),
	FILEPATH(S, districts, "", "GeoJSON file with a shape per district; without boundary they together are the city"),
	TEXT(S, id_property, "id", "property of a shape that is the district's id; 3 becomes district-3", NULL),
	TEXT(S, name_property, "name", "property that is its name", NULL),
	TEXT(S, population_property, "population", "property that is its population", NULL),
	NUMBER(S, population_scale, "1", "0", "1000", "factor on the populations of the file, such as growth since the census", NULL),
	NUMBER(S, population, "", "0", "1e10", "persons, those in no district included; absent: the districts' sum", NULL),
	POSITION(S, origin, "", "WGS84 place of the origin (0, 0) of a rectangle or disc; places it on the map"),
};
#undef S
#define S struct district_params
static const struct param district_rows[] = {
	POSITION(S, centre, "", "middle of a disc; absent: the shape is that of the districts' file with this id or name"),
	LENGTH(S, radius, "", "1m", "1000km", "of the disc", NULL),
	NUMBER(S, population, "0", "0", "1e10", "persons; of a shape of the file: instead of the file's, if given", NULL),
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

struct degrees { double west, east, south, north; };

/* Bounds of all positions.  Of what lies across 180 degrees, where RFC 7946 cuts shapes, the western half counts on: 180.1 for
 * 179.9 W. */
static struct degrees degrees_of(const struct geojson *g, bool across)
{
	struct degrees b = { INFINITY, -INFINITY, INFINITY, -INFINITY };

	for (size_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->shape[i].n_rings; k++)
			for (size_t j = 0; j < g->shape[i].ring[k].n; j++) {
				struct point p = g->shape[i].ring[k].at[j];
				double lon = across && p.x < 0 ? p.x + 360 : p.x;
				b.west = fmin(b.west, lon);
				b.east = fmax(b.east, lon);
				b.south = fmin(b.south, p.y);
				b.north = fmax(b.north, p.y);
			}
	return b;
}

/* The middle of all positions is the origin, so that metres stay small. */
static void place_by(struct city *c, const struct geojson *g, const struct node *n, struct diag *d)
{
	struct degrees b = degrees_of(g, false);

	if (b.east - b.west > 180)
		b = degrees_of(g, true);
	set_place(c, 0.5 * (b.south + b.north), 0.5 * (b.west + b.east));
	if (fmax(fabs(b.south), fabs(b.north)) > FARTHEST_LATITUDE)
		node_error(n, d, NULL, "lies too near to a pole (beyond 85 degrees)");
	else if (fmax((b.east - b.west) * c->m_per_lon, (b.north - b.south) * c->m_per_lat) > LARGEST)
		node_error(n, d, NULL, "is larger than 5000km (%.5g .. %.5g E, %.5g .. %.5g N)", b.west, b.east, b.south,
			   b.north);
}

/* The rings of some features as one shape, in metres. */
static bool project(const struct city *c, const struct region_shape *from, size_t n, struct shape *to)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		total += from[i].n_rings;
	struct ring *rings = calloc(total + 1, sizeof *rings);
	for (size_t i = 0; rings && i < n; i++)
		for (size_t k = 0; k < from[i].n_rings; k++, at++) {
			const struct ring *r = &from[i].ring[k];
			rings[at] = (struct ring){ 0, malloc(r->n * sizeof *r->at), r->hole };
			for (; rings[at].at && rings[at].n < r->n; rings[at].n++) {
				struct point p = r->at[rings[at].n];
				rings[at].at[rings[at].n] = city_locate(c, (struct position){ p.y, p.x, true, true });
			}
		}
	for (size_t i = 0; i < at; i++)
		if (!rings[i].at)
			rings[i].n = 0;
	return rings && shape_rings(to, rings, at);
}

static struct city_district *add_district(struct city *c)
{
	size_t n = c->n_districts;

	if ((n & (n - 1)) == 0) { /* a power of two is full, and doubled */
		struct city_district *more = realloc(c->district, (n ? 2 * n : 1) * sizeof *more);
		if (!more)
			return NULL;
		c->district = more;
	}
	struct city_district *d = &c->district[c->n_districts++];
	*d = (struct city_district){ 0 };
	return d;
}

static struct city_district *with_id(const struct city *c, const char *id)
{
	for (size_t i = 0; id && i < c->n_districts; i++)
		if (c->district[i].d.id && strcmp(c->district[i].d.id, id) == 0)
			return &c->district[i];
	return NULL;
}

/* Ids of the file become ids as XML has them: `district-3` for 3, `Bad-Godesberg` for "Bad Godesberg". */
static char *district_id(const char *given, size_t place)
{
	char text[160];
	bool plain = given && (isalpha((unsigned char)given[0]) || (unsigned char)given[0] >= 0x80);
	size_t len = given ? strlen(given) : 0;

	if (len > 120) /* not within a character of UTF-8 */
		for (len = 120; len && ((unsigned char)given[len] & 0xc0) == 0x80; len--)
			;
	if (given)
		snprintf(text, sizeof text, "%s%.*s", plain ? "" : "district-", (int)len, given);
	else
		snprintf(text, sizeof text, "district-%zu", place + 1);
	for (char *t = text; *t; t++)
		if (!isalnum((unsigned char)*t) && (unsigned char)*t < 0x80 && *t != '-' && *t != '_' && *t != '.')
			*t = '-';
	return strdup(text);
}

static void load_districts(struct city *c, const struct node *n, const struct geojson *g, struct diag *d)
{
	const struct city_params *p = n->par;

	for (size_t i = 0; i < g->n; i++) {
		const struct region_shape *from = &g->shape[i];
		char *id = district_id(from->id, i);
		if (id && with_id(c, id))
			node_error(n, d, "districts", "have two shapes with the id %s", id);
		struct city_district *to = add_district(c);
		if (!to || !id) {
			free(id);
			node_error(n, d, "districts", "do not fit in memory");
			return;
		}
		to->own_id = id;
		to->own_name = from->name ? strdup(from->name) : NULL;
		to->d.id = to->own_id;
		to->d.name = to->own_name ? to->own_name : to->own_id;
		to->d.population = isnan(from->population) ? 0 : from->population * p->population_scale;
		if (!project(c, from, 1, &to->shape))
			node_error(n, d, "districts", "have a shape without area (%s)", to->d.name);
	}
}

static bool rectangle(struct shape *s, double width, double height)
{
	struct ring *ring = calloc(1, sizeof *ring);
	struct point *at = ring ? malloc(4 * sizeof *at) : NULL;

	if (!at) {
		free(ring);
		return false;
	}
	at[0] = (struct point){ 0, 0 };
	at[1] = (struct point){ width, 0 };
	at[2] = (struct point){ width, height };
	at[3] = (struct point){ 0, height };
	ring->n = 4;
	ring->at = at;
	return shape_rings(s, ring, 1);
}

static struct geojson *read_districts(const struct scenario *sc, const struct node *n, struct diag *d)
{
	const struct city_params *p = n->par;
	const struct geojson_names names = { p->id_property,
					     p->name_property,
					     p->population_property,
					     node_given(n, "id-property"),
					     node_given(n, "name-property"),
					     node_given(n, "population-property") };

	return p->districts ? geojson_read(p->districts, sc, &names, d) : NULL;
}

/* The outline from the boundary's file, else from all districts. */
static void load_outline(const struct scenario *sc, struct city *c, const struct node *n, const struct geojson *districts,
			 struct diag *d)
{
	const struct city_params *p = n->par;
	const struct geojson_names names = { 0 };
	struct geojson *own = p->boundary ? geojson_read(p->boundary, sc, &names, d) : NULL;
	const struct geojson *g = p->boundary ? own : districts;
	size_t before = diag_errors(d);

	if (g) {
		place_by(c, g, n, d);
		if (diag_errors(d) == before && !project(c, g->shape, g->n, &c->shape))
			node_error(n, d, p->boundary ? "boundary" : "districts", "has no area: the city is empty");
	}
	geojson_free(own);
}

/* Where the city lies and what its form is; false when it has none. */
static bool load_shape(const struct scenario *sc, struct city *c, const struct node *n, const struct geojson *districts,
		       struct diag *d)
{
	const struct city_params *p = n->par;
	int given = node_given(n, "radius") + (p->boundary || p->districts) +
		    (node_given(n, "width") || node_given(n, "height"));

	if (given != 1 || node_given(n, "width") != node_given(n, "height")) {
		node_error(n, d, NULL,
			   "needs width and height, or radius, or boundary (and districts): exactly one of these");
		return false;
	}
	if (p->origin.given && (p->boundary || p->districts))
		node_error(n, d, "origin", "does not go with a boundary, which lies where its file says");
	else if (p->origin.given && !p->origin.wgs84)
		node_error(n, d, "origin", "is not a WGS84 position (try 50.73N 7.09E)");
	else if (p->origin.given && !(fabs(p->origin.a) <= FARTHEST_LATITUDE))
		node_error(n, d, "origin", "lies too near to a pole (beyond 85 degrees)");
	else if (p->origin.given)
		set_place(c, p->origin.a, p->origin.b);
	if (node_given(n, "radius"))
		shape_disc(&c->shape, (struct point){ 0, 0 }, p->radius);
	else if (p->boundary || p->districts)
		load_outline(sc, c, n, districts, d);
	else if (!rectangle(&c->shape, p->width, p->height))
		node_error(n, d, NULL, "does not fit in memory");
	return c->shape.area > 0;
}

/* The shape of the file that an element speaks of: by its id, else by its name, and of that name one that is not taken yet. */
static struct city_district *shape_of(struct city *c, const char *id, const char *name, size_t in_file)
{
	struct city_district *found = NULL;

	for (size_t i = 0; i < in_file; i++)
		if (strcmp(c->district[i].d.id, id) == 0)
			return &c->district[i];
	for (size_t i = 0; name && i < in_file && (!found || found->taken); i++)
		if (strcmp(c->district[i].d.name, name) == 0)
			found = &c->district[i];
	return found;
}

/* A shape of the file, renamed and peopled as the element says. */
static void take_shape(struct city *c, const struct node *n, size_t in_file, struct diag *d)
{
	const struct district_params *p = n->par;
	struct city_district *of = shape_of(c, n->id, p->name, in_file);

	if (!of) {
		node_error(n, d, NULL,
			   "needs centre and radius, or the id or name of a shape in the city's districts file");
		return;
	}
	if (of->taken) {
		node_error(n, d, "name", "is the shape of the districts file that \"%s\" has already", of->d.id);
		return;
	}
	of->taken = true;
	of->d.id = n->id;
	of->d.name = p->name ? p->name : of->d.name;
	if (node_given(n, "population"))
		of->d.population = p->population;
}

static void add_element(struct city *c, const struct node *n, size_t in_file, struct diag *d)
{
	const struct district_params *p = n->par;
	struct city_district *to;

	if (p->centre.given != node_given(n, "radius")) {
		node_error(n, d, p->centre.given ? "centre" : "radius", "needs its %s",
			   p->centre.given ? "radius" : "centre");
		return;
	}
	if (!p->centre.given) {
		take_shape(c, n, in_file, d);
		return;
	}
	if (with_id(c, n->id))
		node_error(n, d, NULL, "its id is that of a district in the file");
	if (p->centre.wgs84 && !c->on_earth) {
		node_error(n, d, "centre", "is in WGS84, but the city has no place on earth (give its origin)");
		return;
	}
	if (!(to = add_district(c))) {
		node_error(n, d, NULL, "does not fit in memory");
		return;
	}
	to->d = (struct district){ .id = n->id, .name = p->name ? p->name : n->id, .population = p->population };
	shape_disc(&to->shape, city_locate(c, p->centre), p->radius);
}

/* A point of the district in the city, so that draws cannot fail. */
static bool meets(const struct city *c, struct city_district *k)
{
	struct rng r = rng_stream(0, RNG_PURPOSE('c', 'i', 't', 'i'), 0, 0);

	k->inside = k->shape.inside;
	for (int i = 0; i < 10000; i++) {
		if (shape_contains(&c->shape, k->inside))
			return true;
		k->inside = shape_draw(&k->shape, &r);
	}
	return false;
}

static void complete(struct city *c, const struct node *n, struct diag *d)
{
	const struct city_params *p = n->par;
	double sum = 0;

	for (size_t i = 0; i < c->n_districts; i++) {
		struct city_district *k = &c->district[i];
		k->d.area = k->shape.area;
		k->d.centre = k->shape.centre;
		sum += k->d.population;
		if (k->shape.area > 0 && !meets(c, k))
			node_error(n, d, NULL, "holds no part of its district \"%s\" (or less than 1/10000)", k->d.id);
	}
	if (c->n_districts > INT16_MAX)
		node_error(n, d, NULL, "has %zu districts: more than %d", c->n_districts, INT16_MAX);
	c->population = isnan(p->population) ? sum : p->population;
	if (c->population < sum * (1 - 1e-9))
		node_error(n, d, "population", "is less than its districts' %.0f", sum);
	for (size_t i = 0; i < c->n_districts; i++)
		c->district[i].d.share = c->population > 0 ? c->district[i].d.population / c->population : 0;
}

static void load_city(const struct scenario *sc, struct node *n, struct diag *d)
{
	struct city *c = n->data = calloc(1, sizeof *c);
	struct geojson *districts = NULL;

	if (!c) {
		node_error(n, d, NULL, "does not fit in memory");
		return;
	}
	districts = read_districts(sc, n, d);
	if (load_shape(sc, c, n, districts, d)) {
		if (districts)
			load_districts(c, n, districts, d);
		size_t in_file = c->n_districts;
		for (const struct node *k = node_child(n, &district_model); k; k = node_next(k))
			add_element(c, k, in_file, d);
		complete(c, n, d);
	}
	geojson_free(districts);
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

static const struct place once[] = { { "scenario", 1, 1 } };
static const struct place in_city[] = { { "city", 0, 0 } };
static const struct evidence city_evidence[] = {
	{ "areas and distances of what is projected", "equal-area projection and Vincenty's formula, computed apart, over Bonn", "0.1 %" },
	{ "uniform and population-weighted placement", "chi-square over cells and districts", "99 % level" },
};
static const struct evidence district_evidence[] = {
	{ "membership of points", "crossing count over all edges, 100,000 points", "equal" },
};

const struct model city_model = {
	.name = "city", .doc = "The area, its districts and people; the radio environment.", .places = TABLE(once),
	.id = ID_OPTIONAL, .par_size = sizeof(struct city_params), .params = TABLE(city_rows), .evidence = TABLE(city_evidence),
	.load = load_city, .unload = unload_city, .finish = city_finish, .example = "width=\"5km\" height=\"4km\"",
};
const struct model district_model = {
	.name = "district", .doc = "A part of the city with its population: a disc, or a shape of the districts' file.",
	.places = TABLE(in_city), .id = ID_REQUIRED, .par_size = sizeof(struct district_params), .params = TABLE(district_rows),
	.evidence = TABLE(district_evidence), .example = "id=\"old-port\" centre=\"2km 2km\" radius=\"1.2km\" population=\"42000\"",
};
