/*
 * region - regional parameters of LoRaWAN (RP002; LoRaMac-node): EU868, IN865, US915, AS923.  Const tables.
 */
#ifndef MODELS_NETWORK_LORAWAN_REGION_H
#define MODELS_NETWORK_LORAWAN_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "models/network/lorawan/rate.h"

enum { REGION_DATA_RATES = 16, REGION_CHANNELS = 72, REGION_SUBBANDS = 8 };

struct subband { double low, high; double duty; double max_erp_dbm; };  /* Hz; duty 1: no limit */
struct region_channel { double hz; uint8_t dr_min, dr_max; };

/* Data rates of join requests: falling from the fastest; the slowest, but for every ninth at up_last; one for all. */
enum region_join { JOIN_FALLING, JOIN_WIDE_NINTH, JOIN_FIXED };

struct region {
	const char           *name;
	struct data_rate      dr[REGION_DATA_RATES];
	/* Uplink data rates: up_min is the most robust, up_max the fastest of ADR and of channels unless told otherwise,
	 * up_last the fastest of all: 250 or 500 kHz wide, or FSK */
	uint8_t               up_min, up_max, up_last;
	enum region_join      join;
	uint8_t               join_dr;                  /* JOIN_FIXED */
	double                power_dbm;                /* of devices at TXPower index 0; index k is 2 dB k less */
	struct region_channel channels[REGION_CHANNELS];
	unsigned              n_channels;               /* default uplink channels */
	struct subband        bands[REGION_SUBBANDS];
	unsigned              n_bands;
	double                max_eirp_dbm;
	double                rx2_hz;
	uint8_t               rx2_dr;
	bool                  dwell;                    /* 400 ms uplink dwell time by default */
	double                downlink_first_hz, downlink_step_hz;      /* US915: RX1 channel = up channel mod 8; 0: same as uplink */
	unsigned              tx_power_steps;           /* TXPower indices */
	uint8_t               max_rx1_offset;
	uint8_t               rx1_max;                  /* data rate that offsets 6 and 7 do not exceed; 0: there are none */
};

/* By name ("EU868"); NULL: unknown. */
const struct region *region_find(const char *name);
extern const char *const region_names[];        /* NULL-terminated, for CHOICE */
const struct region *region_by_index(int choice);

/* Data rate of the RX1 answer to an uplink at `dr` with the offset (a larger one than the region has counts as its largest).
 * Downlinks have no dwell-time limit, which is LoRaMac-node's default. */
uint8_t region_rx1_dr(const struct region *r, uint8_t dr, unsigned offset);
/* Number of an uplink channel in the region's plan, where answers depend on it (US915); else 0. */
unsigned region_channel_number(const struct region *r, double hz, bool wide);
/* Frequency of the RX1 answer to an uplink on channel number `ch` at up_hz. */
double  region_rx1_hz(const struct region *r, unsigned ch, double up_hz);
/* Sub-band of a frequency; -1: none (no limit). */
int     region_band(const struct region *r, double hz);

#endif
