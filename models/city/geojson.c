#include "models/city/geojson.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reader { struct geojson *g; const char *file; const struct geojson_names *names; struct diag *d; size_t points; bool full; };

void geojson_free(struct geojson *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n; i++) {
		for (size_t k = 0; k < g->shape[i].n_rings; k++)
			free(g->shape[i].ring[k].at);
		free(g->shape[i].ring);
		free(g->shape[i].id);
		free(g->shape[i].name);
	}
	free(g->shape);
	free(g);
}

static bool wrong(struct reader *r, const char *what)
{
	diag_error(r->d, r->file, 0, "shape %zu: %s", r->g->n, what);
	return false;
}

/* Whether all corners lie on one line, to the rounding of their coordinates. */
static bool is_flat(const struct ring *r)
{
	double area = 0, x = 0, y = 0;
	struct point o = r->at[0];

	for (size_t k = 1; k < r->n; k++) {
		struct point p = { r->at[k].x - o.x, r->at[k].y - o.y };
		const struct point *next = &r->at[(k + 1) % r->n];
		area += 0.5 * (p.x * (next->y - o.y) - (next->x - o.x) * p.y);
		x = fmax(x, fabs(p.x));
		y = fmax(y, fabs(p.y));
	}
	return !(fabs(area) > 1e-12 * (x * x + y * y));
}

/* A limit was met: what follows is not read. */
static bool too_many(struct reader *r, const char *what)
{
	r->full = true;
	return wrong(r, what);
}

static bool read_position(struct reader *r, const json_t *p, struct point *at)
{
	const json_t *x = json_array_get(p, 0), *y = json_array_get(p, 1);

	if (!json_is_number(x) || !json_is_number(y))
		return wrong(r, "a position is not [longitude, latitude]");
	*at = (struct point){ json_number_value(x), json_number_value(y) };
	return (fabs(at->x) <= 180 && fabs(at->y) <= 90) ||
	       wrong(r, "a position is not in degrees (longitude within 180, latitude within 90)");
}

static bool read_ring(struct reader *r, const json_t *list, bool hole, struct region_shape *s)
{
	size_t n = json_array_size(list);
	struct ring *more;

	if (!json_is_array(list) || n < 4)
		return wrong(r, "a ring has fewer than four positions");
	if ((r->points += n) > GEOJSON_POINTS_MAX)
		return too_many(r, "more than 1,000,000 positions in the file");
	if (!(more = realloc(s->ring, (s->n_rings + 1) * sizeof *more)))
		return wrong(r, "out of memory");
	s->ring = more;
	struct ring *ring = &s->ring[s->n_rings];
	*ring = (struct ring){ 0, malloc(n * sizeof *ring->at), hole };
	if (!ring->at)
		return wrong(r, "out of memory");
	s->n_rings++;
	for (; ring->n < n; ring->n++)
		if (!read_position(r, json_array_get(list, ring->n), &ring->at[ring->n]))
			return false;
	if (ring->at[0].x != ring->at[n - 1].x || ring->at[0].y != ring->at[n - 1].y)
		return wrong(r, "a ring is not closed (its last position is not its first)");
	ring->n--;
	return !is_flat(ring) || wrong(r, "a ring has no area (its corners lie on one line, or it crosses itself)");
}

static bool read_polygon(struct reader *r, const json_t *rings, struct region_shape *s)
{
	bool ok = json_array_size(rings) > 0 || wrong(r, "a polygon has no ring");

	for (size_t i = 0; ok && i < json_array_size(rings); i++)
		ok = read_ring(r, json_array_get(rings, i), i > 0, s);
	return ok;
}

static bool read_geometry(struct reader *r, const json_t *geometry, struct region_shape *s)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *list = json_object_get(geometry, "coordinates");

	if (type && strcmp(type, "Polygon") == 0)
		return read_polygon(r, list, s);
	if (!type || strcmp(type, "MultiPolygon") != 0)
		return wrong(r, "its geometry is neither Polygon nor MultiPolygon");
	bool ok = json_array_size(list) > 0 || wrong(r, "a MultiPolygon has no polygon");
	for (size_t i = 0; ok && i < json_array_size(list); i++)
		ok = read_polygon(r, json_array_get(list, i), s);
	return ok;
}

/* A property as text: strings as they are, numbers in digits.  NULL: absent, or neither. */
static char *property(const json_t *properties, const char *name)
{
	const json_t *v = name ? json_object_get(properties, name) : NULL;
	char digits[32];

	if (json_is_string(v))
		return strdup(json_string_value(v));
	if (!json_is_number(v))
		return NULL;
	snprintf(digits, sizeof digits, "%.15g", json_number_value(v));
	return strdup(digits);
}

static bool lacks(struct reader *r, const char *name, const char *kind)
{
	char text[200];

	snprintf(text, sizeof text, "its properties have no %s \"%.100s\"", kind, name);
	return wrong(r, text);
}

static bool read_properties(struct reader *r, const json_t *properties, struct region_shape *s)
{
	const struct geojson_names *names = r->names;
	const json_t *people = names->population ? json_object_get(properties, names->population) : NULL;

	s->id = property(properties, names->id);
	s->name = property(properties, names->name);
	s->population = json_is_number(people) ? json_number_value(people) : NAN;
	if (names->need_id && !s->id)
		return lacks(r, names->id, "text or number");
	if (names->need_name && !s->name)
		return lacks(r, names->name, "text or number");
	if (names->need_population && isnan(s->population))
		return lacks(r, names->population, "number");
	if (people && isnan(s->population) && !json_is_null(people))
		return wrong(r, "its population is not a number");
	return !(s->population < 0 || s->population > 1e10) || wrong(r, "its population is not within 0 .. 1e10");
}

static bool add_shape(struct reader *r, const json_t *geometry, const json_t *properties)
{
	struct geojson *g = r->g;

	if (g->n == GEOJSON_SHAPES_MAX)
		return too_many(r, "more than 20,000 shapes");
	struct region_shape *more = realloc(g->shape, (g->n + 1) * sizeof *more);
	if (!more)
		return wrong(r, "out of memory");
	g->shape = more;
	struct region_shape *s = &g->shape[g->n++];
	*s = (struct region_shape){ .population = NAN };
	bool ok = read_properties(r, properties, s);
	return read_geometry(r, geometry, s) && ok;
}

static bool read_any(struct reader *r, const json_t *j)
{
	const char *type = json_string_value(json_object_get(j, "type"));

	if (type && strcmp(type, "Feature") == 0)
		return add_shape(r, json_object_get(j, "geometry"), json_object_get(j, "properties"));
	if (!type || strcmp(type, "FeatureCollection") != 0)
		return add_shape(r, j, NULL);
	const json_t *list = json_object_get(j, "features");
	bool ok = true;
	for (size_t i = 0; i < json_array_size(list) && !r->full; i++) {
		const json_t *f = json_array_get(list, i);
		ok &= add_shape(r, json_object_get(f, "geometry"), json_object_get(f, "properties"));
	}
	return ok;
}

struct geojson *geojson_parse(const char *text, size_t len, const char *name, const struct geojson_names *names, struct diag *d)
{
	json_error_t e;
	json_t *j = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	struct reader r = { .file = name, .names = names, .d = d };

	if (!j) {
		diag_error(d, name, e.line > 0 ? e.line : 0, "is not JSON: %s", e.text);
		return NULL;
	}
	r.g = calloc(1, sizeof *r.g);
	bool ok = r.g && read_any(&r, j);
	if (!r.g) {
		diag_error(d, name, 0, "out of memory");
	} else if (ok && r.g->n == 0) {
		diag_error(d, name, 0, "holds no polygon");
		ok = false;
	}
	json_decref(j);
	if (ok)
		return r.g;
	geojson_free(r.g);
	return NULL;
}

struct geojson *geojson_read(const char *path, const struct scenario *sc, const struct geojson_names *names, struct diag *d)
{
	size_t len;
	char *text = scenario_read_file(sc, path, GEOJSON_MIB, &len, d);
	struct geojson *g = text ? geojson_parse(text, len, path, names, d) : NULL;

	free(text);
	return g;
}
