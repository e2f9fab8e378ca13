/*
 * Regional parameters as LoRaMac-node has them (src/mac/region): channels, data rates, payload limits without repeater,
 * TXPower steps, RX1 data rates, RX2, dwell time; sub-bands and duty cycles of EU868 as well, their power from ERC 70-03.
 * Power at TXPower index 0 is the largest EIRP less the 2.15 dBi of a dipole, rounded; US915's limit is conducted.
 * [M], not read in a source: AS923's duty cycle in force (LoRaMac-node has a band of 1 % but does not enforce it; RP002
 * asks for less than 1 %), that band's edges.
 */
#include "models/network/lorawan/region.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define EU_RATES \
	{ 12, 125000, 51, 0 }, { 11, 125000, 51, 0 }, { 10, 125000, 51, 11 }, { 9, 125000, 115, 53 }, \
	{ 8, 125000, 242, 125 }, { 7, 125000, 242, 242 }, { 7, 250000, 242, 242 }, { 0, 50000, 242, 242 }

static const struct region eu868 = {
	.name = "EU868",
	.dr = { EU_RATES }, .up_min = 0, .up_max = 5, .up_last = 7,
	.channels = { { 868.1e6, 0, 5 }, { 868.3e6, 0, 5 }, { 868.5e6, 0, 5 } }, .n_channels = 3,
	/* ERC 70-03, EN 300 220 */
	.bands = { { 863e6, 865e6, 0.001, 14 }, { 865e6, 868e6, 0.01, 14 }, { 868e6, 868.6e6, 0.01, 14 },
		   { 868.7e6, 869.2e6, 0.001, 14 }, { 869.4e6, 869.65e6, 0.1, 27 }, { 869.7e6, 870e6, 0.01, 14 } },
	.n_bands = 6, .max_eirp_dbm = 16, .power_dbm = 14, .rx2_hz = 869.525e6, .rx2_dr = 0, .tx_power_steps = 8, .max_rx1_offset = 5,
};
static const struct region in865 = {
	.name = "IN865",
	.dr = { EU_RATES }, .up_min = 0, .up_max = 5, .up_last = 7,
	.channels = { { 865.0625e6, 0, 5 }, { 865.4025e6, 0, 5 }, { 865.985e6, 0, 5 } }, .n_channels = 3,
	.max_eirp_dbm = 30, .power_dbm = 28, .rx2_hz = 866.55e6, .rx2_dr = 2, .tx_power_steps = 11, .max_rx1_offset = 7, .rx1_max = 5,
};
static const struct region as923 = {
	.name = "AS923",
	.dr = { { 12, 125000, 51, 0 }, { 11, 125000, 51, 0 }, { 10, 125000, 115, 11 }, { 9, 125000, 115, 53 },
		{ 8, 125000, 242, 125 }, { 7, 125000, 242, 242 }, { 7, 250000, 242, 242 }, { 0, 50000, 242, 242 } },
	.up_min = 0, .up_max = 5, .up_last = 7,
	.channels = { { 923.2e6, 0, 5 }, { 923.4e6, 0, 5 } }, .n_channels = 2,
	.bands = { { 920e6, 928e6, 0.01, 16 } }, .n_bands = 1,
	.join = JOIN_FIXED, .join_dr = 2, .max_eirp_dbm = 16, .power_dbm = 14, .rx2_hz = 923.2e6, .rx2_dr = 2, .dwell = true,
	.tx_power_steps = 8, .max_rx1_offset = 7, .rx1_max = 6,
};

/* 64 channels of 125 kHz from 902.3 MHz by 0.2, 8 of 500 kHz from 903.0 MHz by 1.6: filled by the sub-band's number. */
#define US8(n) \
	{ 902.3e6 + 0.2e6 * (n), 0, 3 }, { 902.3e6 + 0.2e6 * ((n) + 1), 0, 3 }, { 902.3e6 + 0.2e6 * ((n) + 2), 0, 3 }, \
	{ 902.3e6 + 0.2e6 * ((n) + 3), 0, 3 }, { 902.3e6 + 0.2e6 * ((n) + 4), 0, 3 }, { 902.3e6 + 0.2e6 * ((n) + 5), 0, 3 }, \
	{ 902.3e6 + 0.2e6 * ((n) + 6), 0, 3 }, { 902.3e6 + 0.2e6 * ((n) + 7), 0, 3 }
#define US500(n) { 903.0e6 + 1.6e6 * (n), 4, 4 }

static const struct region us915 = {
	.name = "US915",
	.dr = { { 10, 125000, 11, 11 }, { 9, 125000, 53, 53 }, { 8, 125000, 125, 125 }, { 7, 125000, 242, 242 },
		{ 8, 500000, 242, 242 },
		[8] = { 12, 500000, 53, 53 }, [9] = { 11, 500000, 129, 129 }, [10] = { 10, 500000, 242, 242 },
		[11] = { 9, 500000, 242, 242 }, [12] = { 8, 500000, 242, 242 }, [13] = { 7, 500000, 242, 242 } },
	.up_min = 0, .up_max = 3, .up_last = 4, .join = JOIN_WIDE_NINTH,
	.channels = { US8(0), US8(8), US8(16), US8(24), US8(32), US8(40), US8(48), US8(56),
		      US500(0), US500(1), US500(2), US500(3), US500(4), US500(5), US500(6), US500(7) }, .n_channels = 72,
	.max_eirp_dbm = 30, .power_dbm = 30, .rx2_hz = 923.3e6, .rx2_dr = 8,
	.downlink_first_hz = 923.3e6, .downlink_step_hz = 0.6e6, .tx_power_steps = 15, .max_rx1_offset = 3,
};

static const struct region *const all[] = { &eu868, &in865, &us915, &as923 };
const char *const region_names[] = { "EU868", "IN865", "US915", "AS923", NULL };

const struct region *region_by_index(int choice)
{
	return all[choice];
}

const struct region *region_find(const char *name)
{
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

uint8_t region_rx1_dr(const struct region *r, uint8_t dr, unsigned offset)
{
	static const uint8_t us[5][4] = {
		{ 10, 9, 8, 8 }, { 11, 10, 9, 8 }, { 12, 11, 10, 9 }, { 13, 12, 11, 10 }, { 13, 13, 12, 11 },
	};

	if (offset > r->max_rx1_offset)
		offset = r->max_rx1_offset;
	if (r == &us915)
		return us[dr < 5 ? dr : 4][offset];
	if (offset > 5) { /* IN865, AS923: offsets 6 and 7 go up one and two data rates */
		unsigned up = dr + offset - 5;
		return (uint8_t)(up > r->rx1_max ? r->rx1_max : up);
	}
	return (uint8_t)(dr > offset ? dr - offset : 0);
}

unsigned region_channel_number(const struct region *r, double hz, bool wide)
{
	if (r->downlink_step_hz <= 0)
		return 0;
	double first = r->channels[wide ? 64 : 0].hz, step = wide ? 1.6e6 : 0.2e6;
	return (unsigned)lround(fmax(0, (hz - first) / step)) + (wide ? 64 : 0);
}

double region_rx1_hz(const struct region *r, unsigned ch, double up_hz)
{
	return r->downlink_step_hz > 0 ? r->downlink_first_hz + r->downlink_step_hz * (ch % 8) : up_hz;
}

int region_band(const struct region *r, double hz)
{
	for (unsigned i = 0; i < r->n_bands; i++)
		if (hz >= r->bands[i].low && hz < r->bands[i].high)
			return (int)i;
	return -1;
}
