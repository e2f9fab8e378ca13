/*
 * onboarding - how devices come to hold the credentials with which they work.
 *
 * A class with an <onboarding> is operational once its devices have run their protocols, flight by flight, over their own
 * network and with the servers of the scenario; until then nothing else of theirs passes.
 */
#ifndef MODELS_BOOTSTRAP_ONBOARDING_H
#define MODELS_BOOTSTRAP_ONBOARDING_H

#include "sim/scenario/model.h"

extern const struct model onboarding_model, onboarding_server_model, onboarding_outage_model;

#endif
