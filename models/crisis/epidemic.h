/*
 * epidemic - <epidemic>: a disease that spreads among the people of the city, how it is noticed, and who is ill.
 *
 * A stochastic SEIR over the districts.  Whatever needs people asks here how many of them are fit for work.
 */
#ifndef MODELS_CRISIS_EPIDEMIC_H
#define MODELS_CRISIS_EPIDEMIC_H

#include "models/crisis/hazard.h"

/* Share of people who can work, over the city, from 0 to 1; 1 without an epidemic.  Follows the epidemic once a day. */
double epidemic_present(const struct sim *s);

/* In set-up: told of each new share. */
typedef void epidemic_present_fn(struct sim *s, void *ctx, double share);
void epidemic_watch(struct sim *s, epidemic_present_fn *fn, void *ctx);

extern const struct model epidemic_model, travel_model, sentinel_model, measure_model;
extern const struct hazard_type epidemic_hazard;

#endif
