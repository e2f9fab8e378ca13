/*
 * LoRa and LoRaWAN: time on air, off-times, bit rates, sensitivity, SNR floors, rejection.
 */
#include <math.h>

#include "models/network/lorawan/region.h"
#include "models/radio/lora.h"
#include "tests/validation/validate.h"

static const char guide[] = "Semtech SX1276 designer's guide, time on air; computed";
static const char exact[] = "a formula: equal to all digits given";

struct air {
	unsigned bytes;
	bool crc;
	double ms[LORA_SFS];
};

/* 125 kHz, 4/5, explicit header, 8 symbols of preamble. */
static const struct air airs[] = {
	{ 12, true, { 41.216, 82.432, 144.384, 288.768, 577.536, 1155.072 } },
	{ 13, true, { 46.336, 82.432, 164.864, 288.768, 577.536, 1155.072 } },
	{ 17, true, { 51.456, 92.672, 164.864, 329.728, 659.456, 1318.912 } },
	{ 20, true, { 56.576, 102.912, 185.344, 370.688, 741.376, 1318.912 } },
	{ 23, true, { 61.696, 113.152, 205.824, 370.688, 823.296, 1482.752 } },
	{ 33, true, { 71.936, 133.632, 246.784, 452.608, 987.136, 1810.432 } },
	{ 51, true, { 102.656, 184.832, 328.704, 616.448, 1314.816, 2465.792 } },
	{ 64, true, { 118.016, 215.552, 390.144, 698.368, 1560.576, 2793.472 } },
	{ 33, false, { 71.936, 133.632, 246.784, 452.608, 905.216, 1810.432 } },
	{ 17, false, { 46.336, 92.672, 164.864, 329.728, 659.456, 1155.072 } },
};

struct special {
	unsigned bytes, sf;
	double bw;
	unsigned cr;
	bool crc;
	double ms;
};
static const struct special specials[] = {
	{ 23, 7, 250e3, 1, true, 30.848 },
	{ 23, 8, 500e3, 1, true, 28.288 },
	{ 33, 12, 500e3, 1, false, 411.648 },
	{ 20, 12, 125e3, 4, true, 1712.128 },
};

static double ms(simtime_t t)
{
	return (double)t * 1e-6;
}

static void airtime(struct valid *v)
{
	char name[96];

	for (size_t i = 0; i < sizeof airs / sizeof airs[0]; i++)
		for (unsigned sf = LORA_SF_MIN; sf <= LORA_SF_MAX; sf++)
			valid_near(v,
				   valid_text(name, sizeof name, "time on air, ms: %u B, SF%u, 125 kHz%s", airs[i].bytes,
					      sf, airs[i].crc ? "" : ", no CRC"),
				   guide, airs[i].ms[sf - LORA_SF_MIN],
				   ms(lora_time_on_air(airs[i].bytes, sf, 125e3, 1, 8, airs[i].crc)), 5e-7, exact);
	for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++) {
		const struct special *s = &specials[i];
		valid_near(v,
			   valid_text(name, sizeof name, "time on air, ms: %u B, SF%u, %g kHz, 4/%u", s->bytes, s->sf,
				      s->bw / 1e3, 4 + s->cr),
			   guide, s->ms, ms(lora_time_on_air(s->bytes, s->sf, s->bw, s->cr, 8, s->crc)), 5e-7, exact);
	}
}

static void off_times(struct valid *v)
{
	static const double off_s[LORA_SFS] = { 6.11, 11.20, 20.38, 36.70, 81.51, 146.79 };
	char name[96];

	for (unsigned sf = LORA_SF_MIN; sf <= LORA_SF_MAX; sf++)
		valid_near(v, valid_text(name, sizeof name, "off-time after 23 B at 1 %%, s: SF%u", sf), "99 x time on air",
			   off_s[sf - LORA_SF_MIN], 99 * ms(lora_time_on_air(23, sf, 125e3, 1, 8, true)) / 1e3, 0.005,
			   "published to two decimals");
}

/* Bits of payload a second while symbols last, coded 4/5: five symbols carry 4 SF bits (the low-data-rate optimisation is not
 * in this figure). */
static void bit_rates(struct valid *v)
{
	static const double bits[LORA_SFS] = { 5468.8, 3125, 1757.8, 976.6, 537.1, 293.0 };
	char name[96];

	for (unsigned sf = LORA_SF_MIN; sf <= LORA_SF_MAX; sf++)
		valid_near(v, valid_text(name, sizeof name, "bit rate at 4/5, bit/s: SF%u", sf),
			   "SX1276 data sheet: SF x 4/5 / symbol", bits[sf - LORA_SF_MIN],
			   0.8 * sf / (ms(lora_symbol(sf, 125e3)) / 1e3), 0.05, "published to one decimal");
}

/* N nodes of 20 bytes at SF12 and 4/8 on one channel, a packet each in 1,000 s.  valid_aloha.c has it simulated. */
static void aloha_examples(struct valid *v)
{
	static const struct {
		int nodes;
		double p;
	} rows[] = { { 100, .7100 }, { 120, .6630 }, { 200, .5042 }, { 500, .1805 }, { 1000, .0326 } };
	double air = ms(lora_time_on_air(20, 12, 125e3, 4, 8, true)) / 1e3;
	char name[96];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		valid_near(v,
			   valid_text(name, sizeof name, "pure ALOHA by time on air: %d nodes, 20 B, SF12, 4/8",
				      rows[i].nodes),
			   "exp(-2 N ToA / 1000 s), computed", rows[i].p, exp(-2 * rows[i].nodes * air / 1000), 6e-5,
			   exact);
}

static void receivers(struct valid *v)
{
	static const double floor_db[LORA_SFS] = { -7.5, -10, -12.5, -15, -17.5, -20 };
	static const double device[3][LORA_SFS] = { { -124, -127, -130, -133, -135, -137 },
						    { -122, -125, -128, -130, -132, -135 },
						    { -116, -119, -122, -125, -128, -129 } };
	static const double gateway[LORA_SFS] = { -130, -132.5, -135, -137.5, -140, -142.5 };
	static const double sx1276[LORA_SFS] = { -123, -126, -129, -132, -133, -136 };
	static const double thermal[LORA_SFS] = { -124.53, -127.03, -129.53, -132.03, -134.53, -137.03 };
	static const char table[] = "equal to the table";
	char name[96];

	for (unsigned i = 0; i < LORA_SFS; i++) {
		unsigned sf = LORA_SF_MIN + i;
		valid_near(v, valid_text(name, sizeof name, "SNR floor, dB: SF%u", sf),
			   "The Things Stack, data rate tables", floor_db[i], lora_snr_floor_db(sf), 1e-9, table);
		for (unsigned b = 0; b < 3; b++)
			valid_near(v, valid_text(name, sizeof name, "device sensitivity, dBm: SF%u, %u kHz", sf, 125u << b),
				   "SX1272 as in ns-3 lorawan and FLoRa", device[b][i],
				   lora_device_sensitivity_dbm(sf, 125e3 * (1u << b)), 1e-9, table);
		valid_near(v, valid_text(name, sizeof name, "gateway sensitivity, dBm: SF%u, 125 kHz", sf),
			   "SX1301 as in ns-3 lorawan", gateway[i], lora_gateway_sensitivity_dbm(sf, 125e3), 1e-9, table);
		for (unsigned b = 1; b < 3; b++)
			valid_near(v,
				   valid_text(name, sizeof name, "gateway sensitivity, dBm: SF%u, %u kHz", sf, 125u << b),
				   "The Things Stack: 3 dB for each doubling", gateway[i] + 3 * b,
				   lora_gateway_sensitivity_dbm(sf, 125e3 * (1u << b)), 0.025, "3 dB stands for 3.01");
		valid_report(v, valid_text(name, sizeof name, "device sensitivity against SX1276, dBm: SF%u", sf),
			     "[M] SX1276 data sheet, 868 MHz", sx1276[i], lora_device_sensitivity_dbm(sf, 125e3),
			     "another chip: SX1272's table is in force");
		valid_near(v, valid_text(name, sizeof name, "thermal sensitivity at a noise figure of 6 dB, dBm: SF%u", sf),
			   "-174 + 10 log10(125 kHz) + 6 + SNR floor", thermal[i],
			   -174 + 10 * log10(125e3) + 6 + lora_snr_floor_db(sf), 0.005, "given to two decimals");
		valid_report(v, valid_text(name, sizeof name, "device sensitivity against the thermal one, dBm: SF%u", sf),
			     "as above", thermal[i], lora_device_sensitivity_dbm(sf, 125e3),
			     "the chip's table is in force: whole decibels, up to 1 dB from a noise figure of 6 dB");
	}
}

static void rejection(struct valid *v)
{
	static const double goursaud[LORA_SFS][LORA_SFS] = {
		{ 6, -16, -18, -19, -19, -20 }, { -24, 6, -20, -22, -22, -22 }, { -27, -27, 6, -23, -25, -25 },
		{ -30, -30, -30, 6, -26, -28 }, { -33, -33, -33, -33, 6, -29 }, { -36, -36, -36, -36, -36, 6 }
	};
	static const double croce[LORA_SFS][LORA_SFS] = { { 1, -8, -9, -9, -9, -9 },      { -11, 1, -11, -12, -13, -13 },
							  { -15, -13, 1, -13, -14, -15 }, { -19, -18, -17, 1, -17, -18 },
							  { -22, -22, -21, -20, 1, -20 }, { -25, -25, -25, -24, -23, 1 } };
	double off_g = 0, off_c = 0;

	for (unsigned a = 0; a < LORA_SFS; a++)
		for (unsigned b = 0; b < LORA_SFS; b++) {
			off_g = fmax(off_g, fabs(lora_rejection_db(LORA_GOURSAUD, a + 7, b + 7) - goursaud[a][b]));
			off_c = fmax(off_c, fabs(lora_rejection_db(LORA_CROCE, a + 7, b + 7) - croce[a][b]));
		}
	valid_near(v, "rejection, dB: largest difference of 36", "Goursaud and Gorce 2015, as in ns-3 lorawan", 0, off_g,
		   1e-9, "equal to the table");
	valid_near(v, "rejection, dB: largest difference of 36", "Croce et al., IEEE Commun. Lett. 22(4) 2018", 0, off_c,
		   1e-9, "equal to the table");
}

struct region_facts {
	const char *name;
	unsigned rates;
	uint8_t sf[7];
	double khz[7];
	unsigned payload[7];
	double first_mhz, rx2_mhz;
	unsigned rx2_dr;
	bool dwell; /* payloads are those with the dwell time in force */
};

static const struct region_facts regions[] = {
	{ "EU868",
	  7,
	  { 12, 11, 10, 9, 8, 7, 7 },
	  { 125, 125, 125, 125, 125, 125, 250 },
	  { 51, 51, 51, 115, 242, 242, 242 },
	  868.1,
	  869.525,
	  0,
	  false },
	{ "IN865",
	  6,
	  { 12, 11, 10, 9, 8, 7 },
	  { 125, 125, 125, 125, 125, 125 },
	  { 51, 51, 51, 115, 242, 242 },
	  865.0625,
	  866.55,
	  2,
	  false },
	{ "US915", 5, { 10, 9, 8, 7, 8 }, { 125, 125, 125, 125, 500 }, { 11, 53, 125, 242, 242 }, 902.3, 923.3, 8, false },
	{ "AS923",
	  7,
	  { 12, 11, 10, 9, 8, 7, 7 },
	  { 125, 125, 125, 125, 125, 125, 250 },
	  { 0, 0, 11, 53, 125, 242, 242 },
	  923.2,
	  923.2,
	  2,
	  true },
};

/* Counts what differs from the table: one row a region and aspect. */
static void region_tables(struct valid *v)
{
	static const char source[] = "LoRaMac-node, regional parameters", why[] = "equal to the table";
	char name[96];

	for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
		const struct region_facts *f = &regions[i];
		const struct region *r = region_find(f->name);
		unsigned rates = 0, payloads = 0;
		for (unsigned dr = 0; r && dr < f->rates; dr++) {
			const struct data_rate *d = &r->dr[dr];
			rates += d->sf != f->sf[dr] || fabs(d->bw - 1e3 * f->khz[dr]) > 0;
			payloads += (f->dwell ? d->max_payload_dwell : d->max_payload) != f->payload[dr];
		}
		valid_near(v, valid_text(name, sizeof name, "%s: data rates that differ, of %u", f->name, f->rates), source,
			   0, r ? (double)rates : NAN, 0, why);
		valid_near(v, valid_text(name, sizeof name, "%s: payload limits that differ, of %u", f->name, f->rates),
			   source, 0, r ? (double)payloads : NAN, 0, why);
		valid_near(v, valid_text(name, sizeof name, "%s: first channel, MHz", f->name), source, f->first_mhz,
			   r ? r->channels[0].hz / 1e6 : NAN, 1e-6, why);
		valid_near(v, valid_text(name, sizeof name, "%s: RX2, MHz", f->name), source, f->rx2_mhz,
			   r ? r->rx2_hz / 1e6 : NAN, 1e-6, why);
		valid_near(v, valid_text(name, sizeof name, "%s: data rate of RX2", f->name), source, f->rx2_dr,
			   r ? r->rx2_dr : NAN, 0, why);
	}
}

int main(void)
{
	struct valid v = valid_begin("LoRa");

	airtime(&v);
	off_times(&v);
	bit_rates(&v);
	aloha_examples(&v);
	receivers(&v);
	rejection(&v);
	region_tables(&v);
	return valid_end(&v);
}
