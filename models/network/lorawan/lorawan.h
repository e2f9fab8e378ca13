/*
 * lorawan - the elements of LoRaWAN networks; everything else about them is reached through network.h.
 */
#ifndef MODELS_NETWORK_LORAWAN_LORAWAN_H
#define MODELS_NETWORK_LORAWAN_LORAWAN_H

#include "sim/scenario/scenario.h"

extern const struct model lorawan_model, gateways_model, gateway_model, channel_model;

#endif
