/*
 * placement - regular and clustered points in a city.
 */
#ifndef MODELS_CITY_PLACEMENT_H
#define MODELS_CITY_PLACEMENT_H

#include "models/city/city.h"

/* Exactly n points of a hexagonal (else square) lattice inside the city.  Its spacing is about that of n points without borders,
 * narrowed until n lie inside; where more do, those nearest to the middle of the city are kept.  It is shifted so that the
 * city's places are near to it on average.  In order of row and column.  Where no lattice has so many points in the city, all
 * are in one place.  n >= 1; at holds n.  false: out of memory. */
bool city_lattice(const struct city *c, bool hexagonal, size_t n, struct point *at);

#endif
