/*
 * entry - what a signal loses on its way into a building.
 */
#ifndef MODELS_RADIO_ENTRY_H
#define MODELS_RADIO_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

enum entry_model { ENTRY_NONE, ENTRY_TR45820, ENTRY_LOW, ENTRY_HIGH, ENTRY_MIXED, ENTRY_LEGACY };

/* Loss in dB of the building that a device is in, at least 0, drawn from (key, device) alone.  high_share: share of high-loss
 * buildings of ENTRY_MIXED.  TR 45.820 Annex D scenario 1, without gain by floor height; TR 38.901 Tables 7.4.3-2 and -3, where
 * the indoor distance is the smaller of two uniform draws to 25 m (rural: 10 m; [M] clause 7.4.3.1). */
double entry_loss_db(enum entry_model m, double high_share, bool rural, double f_hz, uint64_t key, uint64_t device_key);

#endif
