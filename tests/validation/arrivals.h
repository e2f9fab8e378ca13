/*
 * arrivals - one element more than the language: <arrivals rate="">, a Poisson process of messages that are handed to the
 * platform of the deployed class without an access network in between.
 */
#ifndef TESTS_VALIDATION_ARRIVALS_H
#define TESTS_VALIDATION_ARRIVALS_H

#include "sim/scenario/model.h"

extern const struct model arrivals_model;

/* All models and <arrivals>, for valid_scenario_with(). */
const struct model_table *with_arrivals(void);

#endif
