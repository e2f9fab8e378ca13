/*
 * geojson - rings of polygons from a GeoJSON file (RFC 7946): Polygon and MultiPolygon, alone, in features or collections.
 */
#ifndef MODELS_CITY_GEOJSON_H
#define MODELS_CITY_GEOJSON_H

#include "models/city/city.h"

/* lon, lat as read; the last point is not the first again.  Of a polygon the first ring is the outer one, the others are holes. */
struct ring { size_t n; struct point *at; bool hole; };

/* One feature: its rings, and what its properties say. */
struct region_shape {
	struct ring *ring;
	size_t       n_rings;
	char        *id, *name;         /* NULL: not given */
	double       population;        /* NaN: not given */
};
struct geojson { struct region_shape *shape; size_t n; };

/* Which properties hold id, name and population; NULL: none.  need_...: a shape without it is an error. */
struct geojson_names { const char *id, *name, *population; bool need_id, need_name, need_population; };

enum { GEOJSON_POINTS_MAX = 1000000, GEOJSON_SHAPES_MAX = 20000, GEOJSON_MIB = 128 };

/* NULL after diagnostics.  `name` is the file in them. */
struct geojson *geojson_parse(const char *text, size_t len, const char *name, const struct geojson_names *names, struct diag *d);
struct geojson *geojson_read(const char *path, const struct scenario *sc, const struct geojson_names *names, struct diag *d);
void geojson_free(struct geojson *g);

#endif
