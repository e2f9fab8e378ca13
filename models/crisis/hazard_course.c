#include "models/crisis/hazard_course.h"

#include <math.h>

simtime_t course_after(simtime_t from, double seconds)
{
	double ns = ceil(seconds * 1e9);

	return ns < (double)(SIM_NEVER - from) ? from + (simtime_t)ns : SIM_NEVER;
}

size_t course_circle(struct point centre, double radius, struct point *ring, size_t cap)
{
	for (size_t i = 0; radius > 0 && i < cap; i++) {
		double angle = 2 * M_PI * (double)i / (double)cap;
		ring[i] = (struct point){ centre.x + radius * cos(angle), centre.y + radius * sin(angle) };
	}
	return radius > 0 ? cap : 0;
}

double course_farthest(const struct city *c, struct point from)
{
	struct point low, high;

	city_bounds(c, &low, &high);
	return hypot(fmax(fabs(low.x - from.x), fabs(high.x - from.x)), fmax(fabs(low.y - from.y), fabs(high.y - from.y)));
}

void course_check_position(const struct scenario *sc, const struct node *n, struct diag *d, const char *attribute, struct position p)
{
	if (p.wgs84 && city_of(sc) && !city_on_earth(city_of(sc)))
		node_error(n, d, attribute,
			   "is in degrees, but the city has no place on earth (give its origin, or metres: 3km 4km)");
}
