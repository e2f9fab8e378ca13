/*
 * orbit - satellites on circular orbits over a turning Earth: how far they are, how long in view, and when.
 *
 * Pure functions; angles in radians, lengths in metres, times in seconds.  The Earth is a sphere of 6371 km that turns once
 * a sidereal day; drag and the flattening's drift of the node are left out.
 */
#ifndef MODELS_NETWORK_ORBIT_H
#define MODELS_NETWORK_ORBIT_H

#include <stdbool.h>

#define ORBIT_EARTH_RADIUS 6371e3          /* m; the sphere of 3GPP TR 38.811 */
#define ORBIT_EARTH_MU     3.986004418e14  /* m3/s2; WGS84 */
#define ORBIT_EARTH_TURN   7.2921159e-5    /* rad/s; WGS84 */
#define ORBIT_LIGHT        299792458.0     /* m/s */
#define ORBIT_GEO_ALTITUDE 35786e3         /* m */

/* From a site on the ground to a satellite seen at an elevation. */
double orbit_slant(double altitude, double elevation);
/* Angle at the Earth's centre between a site and a satellite seen at an elevation: the radius of what it covers. */
double orbit_reach(double altitude, double elevation);
double orbit_period(double altitude);
/* The longest pass above an elevation, through the zenith, of an Earth that stands still. */
double orbit_longest_pass(double altitude, double elevation);

/* node: where it crosses the equator northwards, from the site's meridian at time 0; phase: how far beyond that it is then. */
struct orbit { double altitude, inclination, node, phase; };

/* Number k of n satellites on evenly turned planes, evenly spaced in each, neighbouring planes shifted by 1/n of a turn (Walker's
 * delta pattern n/planes/1); n is a multiple of planes. */
struct orbit orbit_walker(double altitude, double inclination, unsigned n, unsigned planes, unsigned k);

/* Angle at the Earth's centre between the satellite and a site at that latitude, at time t. */
double orbit_angle(const struct orbit *o, double latitude, double t);
/* From the site to the satellite. */
double orbit_distance(const struct orbit *o, double latitude, double t);

struct pass { double rise, set; };
/* The pass above `elevation` that is under way at `from` (then rise is `from`), or else the next; false: none rises before
 * `until`.  Passes shorter than a second may be missed. */
bool orbit_next_pass(const struct orbit *o, double latitude, double elevation, double from, double until, struct pass *p);

#endif
