/* hazard_place - where hazards are: courses given as lists of positions, districts by their ids, outlines for maps. */
#ifndef MODELS_CRISIS_HAZARD_PLACE_H
#define MODELS_CRISIS_HAZARD_PLACE_H

#include "models/city/city.h"

/* Positions separated by ; in an attribute: *n points, to be freed; NULL after a diagnostic. */
struct point *place_line(const struct city *c, const struct node *n, struct diag *d, const char *attribute, const char *text,
			 size_t *count);
double place_to_line(const struct point *line, size_t n, struct point at);      /* m, the shortest way */

/* District ids with blanks between: errors at the attribute `districts`; whether a place is in one of them. */
void place_check_districts(const struct city *c, const struct node *n, struct diag *d, const char *ids);
bool place_in_districts(const struct city *c, const char *ids, struct point at);

/* What is within a distance of a line, as a ring of at most cap points; of a circle the same of one point.  0: nothing. */
size_t place_around_line(const struct point *line, size_t n, double distance, struct point *ring, size_t cap);

#endif
