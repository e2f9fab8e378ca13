/*
 * people - who lives where: representative points of the city's population.
 *
 * One point stands for some 500 persons, within bounds on their number.  A district has its share of the points, uniform in it and drawn
 * by its own key; the part of the population that is in no district is spread over the city.
 */
#ifndef MODELS_CRISIS_PEOPLE_H
#define MODELS_CRISIS_PEOPLE_H

#include "models/city/city.h"
#include "sim/kernel/sim.h"

struct person_point {
	struct point at;
	int32_t  district;              /* -1: none */
	double   persons;               /* that it stands for */
	uint64_t key;                   /* of its draws */
};

struct people { uint32_t n; const struct person_point *point; };

enum { PEOPLE_PER_POINT = 500, PEOPLE_POINTS_LEAST = 200, PEOPLE_POINTS_MOST = 5000 };

/* Of this replication, made when first asked for; no points where the city has no population, and after sim_fail. */
const struct people *people_of(struct sim *s, const struct scenario *sc);

#endif
