/*
 * cellular - cellular IoT: <nb-iot>, <lte-m> and <lte> (massive access over LTE or NR), one model with three tables of
 * defaults.  What devices send competes for random access opportunities, then for the sector's uplink and downlink.
 *
 * A device is served by its best sector, which one that moves chooses anew (cell reselection) whenever an access begins; a
 * connection stays in its sector: handover is left out.  While the best sector is down the device has none.
 */
#ifndef MODELS_NETWORK_CELLULAR_H
#define MODELS_NETWORK_CELLULAR_H

#include "models/network/network.h"

extern const struct model nb_iot_model, lte_m_model, lte_model, sites_model, site_model, coverage_class_model, commands_model;

#endif
