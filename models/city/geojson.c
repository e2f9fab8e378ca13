#include "models/city/geojson.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader { struct geojson *g; const char *file; const struct geojson_names *names; struct diag *d; size_t points; };

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

static bool read_ring(struct reader *r, const json_t *list, struct region_shape *s)
{
	size_t n = json_array_size(list);
	struct ring *more;

	if (!json_is_array(list) || n < 4)
		return wrong(r, "a ring has fewer than four positions");
	if ((r->points += n) > GEOJSON_POINTS_MAX)
		return wrong(r, "more than 4,000,000 positions in the file");
	if (!(more = realloc(s->ring, (s->n_rings + 1) * sizeof *more)))
		return wrong(r, "out of memory");
	s->ring = more;
	struct ring *ring = &s->ring[s->n_rings];
	*ring = (struct ring){ 0, malloc(n * sizeof *ring->at) };
	if (!ring->at)
		return wrong(r, "out of memory");
	s->n_rings++;
	for (size_t i = 0; i < n; i++) {
		const json_t *p = json_array_get(list, i), *x = json_array_get(p, 0), *y = json_array_get(p, 1);
		if (!json_is_number(x) || !json_is_number(y))
			return wrong(r, "a position is not [longitude, latitude]");
		struct point at = { json_number_value(x), json_number_value(y) };
		if (!(fabs(at.x) <= 180 && fabs(at.y) <= 90))
			return wrong(r, "a position is not in degrees (longitude within 180, latitude within 90)");
		ring->at[ring->n++] = at;
	}
	if (ring->at[0].x == ring->at[n - 1].x && ring->at[0].y == ring->at[n - 1].y)
		ring->n--;
	return ring->n >= 3 || wrong(r, "a ring has fewer than three corners");
}

static bool read_polygon(struct reader *r, const json_t *rings, struct region_shape *s)
{
	bool ok = json_array_size(rings) > 0 || wrong(r, "a polygon has no ring");

	for (size_t i = 0; ok && i < json_array_size(rings); i++)
		ok = read_ring(r, json_array_get(rings, i), s);
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

/* A property as text: strings as they are, whole numbers in digits. */
static char *property(const json_t *properties, const char *name)
{
	const json_t *v = name ? json_object_get(properties, name) : NULL;
	char digits[32];

	if (json_is_string(v))
		return strdup(json_string_value(v));
	if (!json_is_integer(v))
		return NULL;
	snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(v));
	return strdup(digits);
}

static bool add_shape(struct reader *r, const json_t *geometry, const json_t *properties)
{
	struct geojson *g = r->g;

	if (g->n == GEOJSON_SHAPES_MAX)
		return wrong(r, "more than 20,000 shapes");
	struct region_shape *more = realloc(g->shape, (g->n + 1) * sizeof *more);
	if (!more)
		return wrong(r, "out of memory");
	g->shape = more;
	struct region_shape *s = &g->shape[g->n++];
	const json_t *people = r->names->population ? json_object_get(properties, r->names->population) : NULL;
	*s = (struct region_shape){ .id = property(properties, r->names->id), .name = property(properties, r->names->name),
				    .population = json_is_number(people) ? json_number_value(people) : NAN };
	if (s->population < 0)
		return wrong(r, "its population is negative");
	return read_geometry(r, geometry, s);
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
	for (size_t i = 0; i < json_array_size(list); i++) {
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
	if (!r.g)
		diag_error(d, name, 0, "out of memory");
	if (ok && r.g->n == 0) {
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
	enum { LIMIT = 256 << 20 };
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t len = 0;
	struct geojson *g = NULL;

	if (!f || fseek(f, 0, SEEK_END) != 0) {
		diag_error(d, path, 0, "cannot be opened: %s", strerror(errno));
		goto done;
	}
	long size = ftell(f);
	rewind(f);
	if (size < 0 || size > LIMIT || !(text = malloc((size_t)size + 1))) {
		diag_error(d, path, 0, size > LIMIT ? "is larger than 256 MiB" : "cannot be read");
		goto done;
	}
	len = fread(text, 1, (size_t)size, f);
	if (ferror(f)) {
		diag_error(d, path, 0, "cannot be read: %s", strerror(errno));
		goto done;
	}
	if (sc)
		scenario_add_file(sc, path, text, len);
	g = geojson_parse(text, len, path, names, d);
done:
	free(text);
	if (f)
		fclose(f);
	return g;
}
