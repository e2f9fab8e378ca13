/*
 * sky - a constellation over one place: when a satellite is in view, which one serves, and how far it is.
 *
 * The place keeps to a satellite until it sets, then takes the one in view that stays longest.  Passes are found as they are
 * asked for and kept, so that all links of one element share them.  Service time is time with a satellite in view: a server
 * that goes on vacation between passes works by this clock.
 */
#ifndef MODELS_NETWORK_SKY_PRIVATE_H
#define MODELS_NETWORK_SKY_PRIVATE_H

#include "sim/kernel/sim.h"

struct sky;

struct sky_params {
	double   altitude, inclination;         /* m, rad */
	double   latitude, elevation;           /* rad: of the place; above which a satellite is used */
	unsigned satellites, planes;
};

/* Where the constellation stands at time 0 is drawn by `key`.  NULL after sim_fail. */
struct sky *sky_new(struct sim *s, const struct sky_params *p, uint64_t key);
/* Time in view until t. */
simtime_t sky_served(struct sim *s, struct sky *k, simtime_t t);
/* When the time in view has come to `served`, and the distance of the satellite then, m.  Nothing is found beyond a month after
 * the horizon: that instant stands for all later ones. */
simtime_t sky_when(struct sim *s, struct sky *k, simtime_t served, double *distance);
/* Handovers from one satellite to the next without a gap, and passes begun, until now. */
uint32_t sky_handovers(struct sim *s, struct sky *k);

#endif
