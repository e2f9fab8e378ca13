#include "models/network/orbit.h"

#include <math.h>

#define TURN 6.283185307179586

static double motion(double altitude)
{
	double a = ORBIT_EARTH_RADIUS + altitude;

	return sqrt(ORBIT_EARTH_MU / (a * a * a));
}

double orbit_slant(double altitude, double elevation)
{
	double r = ORBIT_EARTH_RADIUS, up = r * sin(elevation);

	return sqrt(up * up + altitude * altitude + 2 * r * altitude) - up;
}

double orbit_reach(double altitude, double elevation)
{
	return acos(ORBIT_EARTH_RADIUS * cos(elevation) / (ORBIT_EARTH_RADIUS + altitude)) - elevation;
}

double orbit_period(double altitude)
{
	return TURN / motion(altitude);
}

double orbit_longest_pass(double altitude, double elevation)
{
	return 2 * orbit_reach(altitude, elevation) / motion(altitude);
}

struct orbit orbit_walker(double altitude, double inclination, unsigned n, unsigned planes, unsigned k)
{
	unsigned each = n / planes, plane = k / each;

	return (struct orbit){ .altitude = altitude,
			       .inclination = inclination,
			       .node = TURN * plane / planes,
			       .phase = TURN * ((double)(k % each) / each + (double)plane / n) };
}

double orbit_angle(const struct orbit *o, double latitude, double t)
{
	double u = o->phase + motion(o->altitude) * t, west = o->node - ORBIT_EARTH_TURN * t;
	double along = cos(u) * cos(west) - sin(u) * cos(o->inclination) * sin(west);
	double c = cos(latitude) * along + sin(latitude) * sin(u) * sin(o->inclination);

	return acos(fmax(-1, fmin(1, c)));
}

double orbit_distance(const struct orbit *o, double latitude, double t)
{
	double r = ORBIT_EARTH_RADIUS, a = r + o->altitude;

	return sqrt(r * r + a * a - 2 * r * a * cos(orbit_angle(o, latitude, t)));
}

/* Between a and b the satellite comes into view (or leaves it): to a microsecond. */
static double crossing(const struct orbit *o, double latitude, double reach, double a, double b, bool in_at_b)
{
	while (b - a > 1e-6) {
		double m = (a + b) / 2;
		if ((orbit_angle(o, latitude, m) <= reach) == in_at_b)
			b = m;
		else
			a = m;
	}
	return b;
}

/* The angle changes no faster than satellite and Earth turn together, so a step of its distance to the edge of view over that
 * rate crosses no edge. */
bool orbit_next_pass(const struct orbit *o, double latitude, double elevation, double from, double until, struct pass *p)
{
	double reach = orbit_reach(o->altitude, elevation), rate = motion(o->altitude) + ORBIT_EARTH_TURN;
	double t = from, before = from, off = orbit_angle(o, latitude, t) - reach;

	while (off > 0) {
		before = t;
		t += fmax(off / rate, 1);
		if (t > until)
			return false;
		off = orbit_angle(o, latitude, t) - reach;
	}
	p->rise = t > from ? crossing(o, latitude, reach, before, t, true) : from;
	while (off <= 0) {
		before = t;
		t += fmax(-off / rate, 1);
		off = orbit_angle(o, latitude, t) - reach;
	}
	p->set = crossing(o, latitude, reach, before, t, false);
	return true;
}
