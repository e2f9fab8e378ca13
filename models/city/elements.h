/* elements - the model rows of this folder. */
#ifndef MODELS_CITY_ELEMENTS_H
#define MODELS_CITY_ELEMENTS_H

#include "sim/scenario/scenario.h"

extern const struct model city_model, district_model;

#endif
