/* elements - the model rows of this folder. */
#ifndef MODELS_RADIO_ELEMENTS_H
#define MODELS_RADIO_ELEMENTS_H

#include "sim/scenario/scenario.h"

extern const struct model propagation_model, shadowing_model, building_entry_model, fading_model;

#endif
