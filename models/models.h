/*
 * models - the table of all models, lower folders first.  models.c is the one place where a model is added.
 */
#ifndef MODELS_MODELS_H
#define MODELS_MODELS_H

#include "sim/scenario/model.h"

extern const struct model_table sccsim_models;

#endif
