/*
 * lora - the LoRa modulation: time on air, sensitivity, rejection between spreading factors.  Pure functions and
 * tables.  A spreading factor is given as SF (7..12); tables are indexed by SF - 7.
 */
#ifndef MODELS_RADIO_LORA_H
#define MODELS_RADIO_LORA_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

enum { LORA_SF_MIN = 7, LORA_SF_MAX = 12, LORA_SFS = 6 };

/* Time on air of a PHYPayload of `bytes` (Semtech SX1276 designer's guide): explicit header, preamble
 * symbols (8), coding rate 1..4 for 4/5..4/8, CRC on uplinks, low-data-rate optimisation where a symbol lasts more
 * than 16 ms.  bw in Hz. */
simtime_t lora_time_on_air(unsigned bytes, unsigned sf, double bw, unsigned cr, unsigned preamble, bool crc);

/* A symbol: 2^SF / bw. */
simtime_t lora_symbol(unsigned sf, double bw);

/* Least SNR for demodulation in dB: -7.5 (SF7) .. -20 (SF12). */
double lora_snr_floor_db(unsigned sf);

/* Sensitivity in dBm at bandwidth bw: of an end device (SX1272) and a gateway (SX1301); 125 kHz from the tables,
 * wider ones from the device's tables or +3 dB per doubling. */
double lora_device_sensitivity_dbm(unsigned sf, double bw);
double lora_gateway_sensitivity_dbm(unsigned sf, double bw);

/* Required ratio of wanted to interfering energy in dB: wanted SF (row) against interferer SF (column).  ALOHA: +infinity
 * for equal ones, so that any overlap destroys; -infinity for others, so that none does. */
enum lora_rejection { LORA_GOURSAUD, LORA_CROCE, LORA_ALOHA };
double lora_rejection_db(enum lora_rejection m, unsigned wanted_sf, unsigned interferer_sf);

#endif
