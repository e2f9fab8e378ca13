/*
 * city - the area, its districts and people.  Positions are metres east and north of the city's origin.
 *
 * Loaded with the scenario and immutable: one `struct city` serves all replications and threads.
 */
#ifndef MODELS_CITY_CITY_H
#define MODELS_CITY_CITY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/scenario.h"

struct point { double x, y; };

/* A district: a disc, or a polygon with holes (from GeoJSON). */
struct district {
	const char *id, *name;
	double      population;         /* persons */
	double      area;               /* m2 */
	double      share;              /* of the city's population */
	struct point centre;
};

struct city;

enum city_law { CITY_UNIFORM, CITY_POPULATION };

/* The city of a scenario; every valid one has it.  NULL while loading one that has not. */
const struct city *city_of(const struct scenario *sc);

size_t city_n_districts(const struct city *c);
const struct district *city_district(const struct city *c, size_t i);
/* District that holds p; -1: none.  The first in document order where they overlap. */
int  city_district_at(const struct city *c, struct point p);
bool city_contains(const struct city *c, struct point p);
double city_area(const struct city *c);                 /* m2 */
double city_population(const struct city *c);           /* as the city element says, else the sum of its districts */
struct point city_inside(const struct city *c);         /* some point of the city */
void city_bounds(const struct city *c, struct point *low, struct point *high);

/* A random place: uniform over the area, or by population (a district by its share, uniform within; the part of the
 * population in no district falls uniformly on the city).  *district (may be NULL) gets its district or -1. */
struct point city_draw(const struct city *c, enum city_law law, struct rng *r, int *district);

/* A uniform place in a district, as far as that lies in the city; district < 0: in the whole city. */
struct point city_draw_in(const struct city *c, int district, struct rng *r);

/* A position of the scenario in the city's metres.  WGS84 is projected about the city's reference point (local
 * equirectangular on the WGS84 ellipsoid's radii; below 0.1 % distortion within 50 km). */
struct point city_locate(const struct city *c, struct position pos);
/* Back to WGS84; where the city has no place on earth, metres.  Longitudes run on beyond 180 where the city lies across that
 * meridian, so that what is drawn hangs together. */
void city_lonlat(const struct city *c, struct point p, double *lon, double *lat);
bool city_on_earth(const struct city *c);

#endif
