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
#include "models/radio/radio.h"

extern const struct model nb_iot_model, lte_m_model, lte_model, sites_model, site_model, coverage_class_model, commands_model;

/* Phones at places of the city, for what a network sends to all at once (cell broadcast), or for whether data reach them.  At any time
 * of the run; of one network, of all cellular ones where `element` is NULL; a phone bears so much coupling loss.  NULL after sim_fail. */
struct cellular_audience;
struct cellular_audience *cellular_audience_new(struct sim *s, const struct node *element, const struct radio_end *phone, uint32_t n,
						double bears_db);
/* Whether a site that has power and its backhaul covers that phone now. */
bool cellular_covers(const struct cellular_audience *a, uint32_t phone);

#endif
