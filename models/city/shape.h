/*
 * shape - an area of the plane: a disc, or polygons with holes; private to city/.
 *
 * Outer rings count once each and holes take away: where outer rings overlap, as those of neighbouring districts do a
 * little, a point is still inside.
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
	struct point  inside;           /* some point that it contains */
	double        radius, area;     /* m, m2; overlaps count twice */
	struct ring  *ring;             /* owned; outer ones run counter-clockwise, holes clockwise */
	size_t        n_rings;
	struct edge  *edge;
	uint32_t     *band;             /* first edge of each band, n_bands + 1 */
	uint32_t      n_bands;          /* 0: contains nothing */
	struct span { double from, to, sum; } *span;    /* of each band: x of its edges; m2 of the spans before it; n_bands + 1 */
};

void shape_disc(struct shape *s, struct point centre, double radius);
/* Takes the rings over (in metres).  false: no area, or out of memory; s is good for shape_free in any case. */
bool shape_rings(struct shape *s, struct ring *ring, size_t n);
void shape_free(struct shape *s);
bool shape_contains(const struct shape *s, struct point p);
/* A uniform point in it. */
struct point shape_draw(const struct shape *s, struct rng *r);

#endif
