/*
 * shape - an area of the plane: disc, rectangle or rings (even-odd); private to city/.
 */
#ifndef MODELS_CITY_SHAPE_H
#define MODELS_CITY_SHAPE_H

#include "models/city/geojson.h"

struct edge { double x0, y0, x1, y1; };

/* Edges by horizontal band, so that a point meets only those at its height. */
struct shape {
	bool          disc;
	struct point  low, high;        /* bounds */
	struct point  centre;           /* of a disc, or of mass */
	double        radius, area;
	struct ring  *ring;             /* owned */
	size_t        n_rings;
	struct edge  *edge;
	uint32_t     *band;             /* first edge of each band, n_bands + 1 */
	uint32_t      n_bands;
};

void shape_disc(struct shape *s, struct point centre, double radius);
/* Takes the rings over (in metres).  false: no area, or out of memory. */
bool shape_rings(struct shape *s, struct ring *ring, size_t n);
void shape_free(struct shape *s);
bool shape_contains(const struct shape *s, struct point p);
/* A uniform point in it. */
struct point shape_draw(const struct shape *s, struct rng *r);

#endif
