/*
 * cellular - cellular IoT: <nb-iot>, <lte-m> and <lte> (massive access over LTE or NR), one model with three tables of
 * defaults.  What devices send competes for random access opportunities, then for the sector's uplink and downlink.
 *
 * A device is served by its best sector for the whole run: handover is left out, and so is cell reselection.
 */
#ifndef MODELS_NETWORK_CELLULAR_H
#define MODELS_NETWORK_CELLULAR_H

#include "models/network/network.h"

extern const struct model nb_iot_model, lte_m_model, lte_model, sites_model, site_model, coverage_class_model, commands_model;

#endif
