/*
 * rate - a data rate of LoRaWAN, LoRa or FSK: what a frame at it lasts and needs.  Pure functions.
 */
#ifndef MODELS_NETWORK_LORAWAN_RATE_H
#define MODELS_NETWORK_LORAWAN_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/radio/lora.h"
#include "sim/kernel/simtime.h"

struct data_rate {
	uint8_t  sf;                    /* 7..12; 0: not LoRa */
	uint32_t bw;                    /* LoRa: Hz; FSK: bit/s; 0: there is no such rate */
	uint16_t max_payload;           /* MACPayload less header: FRMPayload bytes (N), no repeater */
	uint16_t max_payload_dwell;     /* with uplink dwell time in force */
};

static inline bool rate_exists(const struct data_rate *d)
{
	return d->bw != 0;
}

static inline bool rate_is_lora(const struct data_rate *d)
{
	return d->sf != 0;
}

/* Time on air of a PHYPayload of `bytes` (LoRa: CR 4/5, 8 preamble symbols, no CRC in downlinks). */
simtime_t rate_time_on_air(const struct data_rate *d, unsigned bytes, bool uplink);

/* How long a receive window lasts in which nothing begins: symbols of LoRa, bytes of FSK. */
simtime_t rate_window(const struct data_rate *d, unsigned symbols);

/* Wanted over interfering energy, dB, at which a frame survives others of its channel that have `sf` (FSK: not looked at);
 * LORA_ALOHA: as lora_rejection_db has it, FSK frames as equal ones. */
double rate_rejection_db(enum lora_rejection m, const struct data_rate *wanted, unsigned sf);

/* Sensitivity in dBm of an end device and of a gateway. */
double rate_device_sensitivity_dbm(const struct data_rate *d);
double rate_gateway_sensitivity_dbm(const struct data_rate *d);

#endif
