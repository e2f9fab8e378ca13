/* hazard_course - what the courses of hazards share: times worked out in seconds, rings for maps, places on earth. */
#ifndef MODELS_CRISIS_HAZARD_COURSE_H
#define MODELS_CRISIS_HAZARD_COURSE_H

#include "models/crisis/hazard.h"

/* A time so many seconds (>= 0) later, rounded up, so that what is reached then is reached; SIM_NEVER beyond the end of time. */
simtime_t course_after(simtime_t from, double seconds);

/* A circle, as a ring of at most cap points; 0: its radius is not above 0. */
size_t course_circle(struct point centre, double radius, struct point *ring, size_t cap);

/* The largest distance from a place to one of the city's bounding box. */
double course_farthest(const struct city *c, struct point from);

/* For load hooks: an error where an attribute is in degrees, and the city has no place on earth. */
void course_check_position(const struct scenario *sc, const struct node *n, struct diag *d, const char *attribute, struct position p);

#endif
