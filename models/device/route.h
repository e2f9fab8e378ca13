/*
 * route - ways through the city, from a file; private to device/.
 *
 * A CSV with columns route, seq and x,y (m) or lat,lon (degrees), and optionally time_s; or GeoJSON with a LineString for every
 * route.  A position on a route is told by how far along it is: metres, or seconds where the file has times.
 */
#ifndef MODELS_DEVICE_ROUTE_H
#define MODELS_DEVICE_ROUTE_H

#include "models/city/city.h"

struct route {
	size_t        n;                /* points, two at least */
	struct point *at;               /* m */
	double       *along;            /* of each point, ascending from 0: m, or s */
};
struct routes {
	size_t        n;
	struct route *route;            /* by name; of GeoJSON in the order of the file */
	bool          timed;            /* along is in s */
	size_t        outside, points;  /* points that lie outside the city; all */
};

enum { ROUTES_MAX = 10000, ROUTE_POINTS_MAX = 1000000, ROUTES_MIB = 128 };

/* A file whose name ends in .geojson or .json is GeoJSON.  close: the way leads on from the last point to the first.  NULL after
 * diagnostics. */
struct routes *routes_read(const char *path, const struct scenario *sc, const struct city *city, bool close, struct diag *d);
/* The same from memory: for tests and fuzzing. */
struct routes *routes_parse(const char *text, size_t len, const char *name, const struct city *city, bool close, struct diag *d);
void routes_free(struct routes *r);

static inline double route_length(const struct route *r)
{
	return r->along[r->n - 1];
}
/* The place so far along; the ends beyond them. */
struct point route_at(const struct route *r, double along);

#endif
