/*
 * mobility_private - devices under way, for the files of this folder.
 */
#ifndef MODELS_DEVICE_MOBILITY_PRIVATE_H
#define MODELS_DEVICE_MOBILITY_PRIVATE_H

#include "models/device/device_private.h"
#include "models/device/mobility.h"

struct mover;

/* The <mobility> of a part; NULL: it stands. */
const struct node *mobility_of(const struct node *deploy);
/* Whether the devices of a <deploy> begin on a route, whatever its placement. */
bool mobility_by_route(const struct node *deploy);
/* Rows for a class, where some part of it moves; false after sim_fail. */
bool mobility_class(struct sim *s, struct devices *d, struct device_class *c);
/* A part's devices set out: on a route from their phase, else from where they stand. */
void mobility_begin(struct sim *s, struct devices *d, const struct device_part *p);

#endif
