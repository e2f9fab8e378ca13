/*
 * fsk - the FSK modulation of LoRaWAN (DR7, 50 kbit/s): time on air, sensitivity, co-channel rejection.  Pure functions.
 */
#ifndef MODELS_RADIO_FSK_H
#define MODELS_RADIO_FSK_H

#include "sim/kernel/simtime.h"

/* Time on air of a PHYPayload of `bytes` at `rate` bit/s: 5 B of preamble, 3 B sync word, 1 B length, payload, 2 B CRC
 * [as LoRaMac-node's regions configure the modem, up and down]. */
simtime_t fsk_time_on_air(unsigned bytes, double rate);

/* A byte, the unit in which the receiver counts an empty window. */
simtime_t fsk_byte(double rate);

/* Sensitivity in dBm, of devices and gateways alike, and the wanted over interfering energy, in dB, at which an FSK frame
 * survives another [Semtech SX1231 datasheet, Table 6: -105 dBm at 38.4 kbit/s and 40 kHz deviation, co-channel
 * rejection -10 dB]. */
double fsk_sensitivity_dbm(void);
double fsk_rejection_db(void);

#endif
