/*
 * shakemap - a ShakeMap as the U.S. Geological Survey publishes it (grid.xml): peak ground acceleration on a grid of degrees.
 *
 * Worden et al. (2020), ShakeMap Manual, doi:10.5066/F7D21VPQ, grid XML.  Read here, strictly and bounded: 256 MiB, 5000 x 5000 values;
 * every problem is a diagnostic with file and line.
 */
#ifndef MODELS_CRISIS_SHAKEMAP_H
#define MODELS_CRISIS_SHAKEMAP_H

#include "sim/scenario/scenario.h"

struct shakemap {
	/* of its <event>; NaN: it does not say */
	double magnitude, depth, lon, lat;              /* moment magnitude, m, degrees */
	double lon_min, lat_min, lon_max, lat_max;
	size_t nlon, nlat;
	double *pga;                                    /* m/s2, from the north-west eastward, then southward */
};

/* sc (may be NULL) gets the file's bytes for its hash.  NULL after diagnostics. */
struct shakemap *shakemap_read(const char *path, const struct scenario *sc, struct diag *d);
struct shakemap *shakemap_parse(const char *text, size_t len, const char *name, struct diag *d);
void shakemap_free(struct shakemap *m);

/* m/s2, bilinear between the four values around; 0 outside of the map. */
double shakemap_at(const struct shakemap *m, double lon, double lat);
bool shakemap_covers(const struct shakemap *m, double lon, double lat);

#endif
