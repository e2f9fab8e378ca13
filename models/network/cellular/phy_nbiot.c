/* NB-IoT: link tables, transport blocks, preambles. */
#include "models/network/cellular/phy_private.h"

enum { COLUMNS = 7 };
static const double FIRST_DB = 134, STEP_DB = 5;

/* Milliseconds; 1 / share of the carrier; repetitions. */
struct format {
	uint16_t ms;
	uint8_t  parts;
	uint8_t  repetitions;
};
struct link {
	unsigned bits;
	struct format at[COLUMNS];
};

/* NPUSCH, the shortest time; 48 parts: 3.75 kHz, 12, 4, 2, 1 parts: 1, 3, 6, 12 tones of 15 kHz. */
static const struct link fastest[] = {
	{ 88, { { 1, 1, 1 }, { 1, 1, 1 }, { 6, 1, 2 }, { 16, 4, 4 }, { 32, 1, 8 }, { 64, 48, 2 }, { 192, 48, 2 } } },
	{ 208, { { 1, 1, 1 }, { 4, 1, 4 }, { 8, 1, 8 }, { 20, 1, 4 }, { 32, 1, 8 }, { 128, 1, 16 }, { 256, 48, 8 } } },
	{ 328, { { 2, 1, 1 }, { 5, 1, 1 }, { 12, 1, 4 }, { 24, 1, 4 }, { 128, 48, 1 }, { 128, 1, 16 }, { 320, 48, 2 } } },
	{ 504, { { 3, 1, 1 }, { 6, 1, 2 }, { 16, 2, 2 }, { 48, 4, 4 }, { 160, 48, 1 }, { 256, 48, 2 }, { 320, 48, 2 } } },
	{ 680, { { 4, 1, 1 }, { 8, 1, 2 }, { 20, 2, 2 }, { 128, 2, 16 }, { 192, 48, 1 }, { 256, 48, 1 }, { 320, 48, 2 } } },
	{ 1000, { { 6, 1, 1 }, { 10, 1, 2 }, { 20, 2, 2 }, { 160, 2, 8 }, { 320, 48, 2 }, { 320, 48, 2 }, { 384, 48, 2 } } },
};

/* The same table, the least time x share. */
static const struct link narrowest[] = {
	{ 88, { { 8, 12, 1 }, { 8, 12, 1 }, { 32, 48, 1 }, { 32, 48, 1 }, { 64, 48, 2 }, { 64, 48, 2 }, { 192, 48, 2 } } },
	{ 208, { { 1, 1, 1 }, { 16, 12, 1 }, { 32, 48, 1 }, { 64, 48, 2 }, { 96, 48, 1 }, { 192, 48, 2 }, { 256, 48, 8 } } },
	{ 328, { { 2, 1, 1 }, { 16, 12, 1 }, { 64, 48, 1 }, { 96, 48, 1 }, { 128, 48, 1 }, { 256, 48, 4 }, { 320, 48, 2 } } },
	{ 504, { { 3, 1, 1 }, { 24, 12, 1 }, { 96, 48, 1 }, { 128, 48, 1 }, { 160, 48, 1 }, { 256, 48, 2 }, { 320, 48, 2 } } },
	{ 680, { { 12, 4, 1 }, { 128, 48, 1 }, { 128, 48, 1 }, { 160, 48, 1 }, { 192, 48, 1 }, { 256, 48, 1 }, { 320, 48, 2 } } },
	{ 1000, { { 16, 4, 1 }, { 20, 4, 1 }, { 192, 48, 1 }, { 256, 48, 2 }, { 320, 48, 2 }, { 320, 48, 2 }, { 384, 48, 2 } } },
};

/* NPDSCH of a stand-alone carrier, the shortest time; it has the whole carrier.  24 bit: NPDCCH too, whose 23 bit and check
 * sum are not longer. */
static const struct link down[] = {
	{ 24, { { 1, 1, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { 2, 1, 2 }, { 3, 1, 1 }, { 8, 1, 8 }, { 32, 1, 32 } } },
	{ 56, { { 1, 1, 1 }, { 1, 1, 1 }, { 2, 1, 2 }, { 2, 1, 2 }, { 3, 1, 1 }, { 8, 1, 8 }, { 48, 1, 16 } } },
	{ 88, { { 2, 1, 2 }, { 2, 1, 2 }, { 2, 1, 2 }, { 2, 1, 2 }, { 3, 1, 1 }, { 16, 1, 16 }, { 64, 1, 64 } } },
	{ 208, { { 2, 1, 2 }, { 2, 1, 1 }, { 3, 1, 1 }, { 4, 1, 2 }, { 8, 1, 4 }, { 32, 1, 16 }, { 96, 1, 32 } } },
	{ 328, { { 3, 1, 1 }, { 3, 1, 1 }, { 4, 1, 2 }, { 5, 1, 1 }, { 10, 1, 2 }, { 40, 1, 8 }, { 160, 1, 32 } } },
	{ 504, { { 4, 1, 1 }, { 5, 1, 1 }, { 6, 1, 2 }, { 8, 1, 2 }, { 20, 1, 4 }, { 64, 1, 16 }, { 192, 1, 32 } } },
	{ 680, { { 8, 1, 2 }, { 8, 1, 2 }, { 8, 1, 2 }, { 10, 1, 2 }, { 20, 1, 2 }, { 80, 1, 16 }, { 256, 1, 32 } } },
};

/* NPUSCH format 2 (clean_ACK_100_TRBlks.csv, 15 kHz). */
static const struct link ack[] = {
	{ 1, { { 2, 12, 1 }, { 2, 12, 1 }, { 2, 12, 1 }, { 4, 12, 2 }, { 8, 12, 4 }, { 16, 12, 8 }, { 128, 12, 64 } } },
};

static bool between(const struct link *l, double loss, struct cell_transfer *out)
{
	if (!(loss <= FIRST_DB + (COLUMNS - 1) * STEP_DB))
		return false;
	const double place = fmax((loss - FIRST_DB) / STEP_DB, 0);
	const unsigned low = (unsigned)place, high = (unsigned)ceil(place);
	const struct format *a = &l->at[low], *b = &l->at[high];
	/* the least excess of a logarithm's rounding is not worth a subframe */
	const double ms = ceil(a->ms * pow((double)b->ms / a->ms, place - low) - 1e-9);
	*out = (struct cell_transfer){ .airtime = (simtime_t)ms * SIM_MS,
				       .share = 1.0 / (a->parts < b->parts ? a->parts : b->parts),
				       .repetitions = a->repetitions > b->repetitions ? a->repetitions : b->repetitions,
				       .blocks = 1 };
	return true;
}

/* Blocks of equal size, each in the first row that holds it. */
static bool transfer(const struct link *rows, size_t n, double loss, unsigned bits, struct cell_transfer *out)
{
	const unsigned most = rows[n - 1].bits, blocks = bits <= most ? 1 : (bits + most - 1) / most;
	const unsigned each = (bits + blocks - 1) / blocks;
	size_t i = 0;

	while (rows[i].bits < each)
		i++;
	if (!between(&rows[i], loss, out))
		return false;
	out->airtime *= blocks;
	out->blocks = (uint16_t)blocks;
	return true;
}
#define ROWS(table) (table), sizeof (table) / sizeof (table)[0]

bool nbiot_uplink(enum phy_format f, double loss, unsigned bits, struct cell_transfer *out)
{
	return f == PHY_NARROWEST ? transfer(ROWS(narrowest), loss, bits, out) : transfer(ROWS(fastest), loss, bits, out);
}

bool nbiot_downlink(double loss, unsigned bits, struct cell_transfer *out)
{
	return transfer(ROWS(down), loss, bits, out);
}

bool nbiot_acknowledge(double loss, struct cell_transfer *out)
{
	return between(ack, loss, out);
}

simtime_t phy_nprach(unsigned repetitions, unsigned format)
{
	const simtime_t group = format == 0 ? 1400 * SIM_US : 1600 * SIM_US;

	return repetitions * 4 * group + (repetitions > 64 ? (repetitions - 1) / 64 : 0) * 40 * SIM_MS;
}

simtime_t phy_resource_unit(double spacing, unsigned tones)
{
	if (spacing == 3750)
		return tones == 1 ? 32 * SIM_MS : 0;
	if (spacing != 15000)
		return 0;
	switch (tones) {
	case 1: return 8 * SIM_MS;
	case 3: return 4 * SIM_MS;
	case 6: return 2 * SIM_MS;
	case 12: return 1 * SIM_MS;
	default: return 0;
	}
}

enum { TBS_ROWS = 13, TBS_COLUMNS = 8 };

/* TS 36.213 v13.2.0 table 16.4.1.5.1-1, as srsRAN_4G tbs_tables_nbiot.h has it. */
static const uint16_t tbs_down[TBS_ROWS][TBS_COLUMNS] = {
	{ 16, 32, 56, 88, 120, 152, 208, 256 },
	{ 24, 56, 88, 144, 176, 208, 256, 344 },
	{ 32, 72, 144, 176, 208, 256, 328, 424 },
	{ 40, 104, 176, 208, 256, 328, 440, 568 },
	{ 56, 120, 208, 256, 328, 408, 552, 680 },
	{ 72, 144, 224, 328, 424, 504, 680 },
	{ 88, 176, 256, 392, 504, 600 },
	{ 104, 224, 328, 472, 584, 680 },
	{ 120, 256, 392, 536, 680 },
	{ 136, 296, 456, 616 },
	{ 144, 328, 504, 680 },
	{ 176, 376, 584 },
	{ 208, 440, 680 },
};

/* Table 16.5.1.2-2: what differs is the rows from 5 on. */
static const uint16_t tbs_up[TBS_ROWS][TBS_COLUMNS] = {
	{ 16, 32, 56, 88, 120, 152, 208, 256 },
	{ 24, 56, 88, 144, 176, 208, 256, 344 },
	{ 32, 72, 144, 176, 208, 256, 328, 424 },
	{ 40, 104, 176, 208, 256, 328, 440, 568 },
	{ 56, 120, 208, 256, 328, 408, 552, 680 },
	{ 72, 144, 224, 328, 424, 504, 680, 872 },
	{ 88, 176, 256, 392, 504, 600, 808, 1000 },
	{ 104, 224, 328, 472, 584, 712, 1000 },
	{ 120, 256, 392, 536, 680, 808 },
	{ 136, 296, 456, 616, 776, 936 },
	{ 144, 328, 504, 680, 872, 1000 },
	{ 176, 376, 584, 776, 1000 },
	{ 208, 440, 680, 1000 },
};

unsigned phy_tbs_uplink(unsigned i_tbs, unsigned column)
{
	return i_tbs < TBS_ROWS && column < TBS_COLUMNS ? tbs_up[i_tbs][column] : 0;
}

unsigned phy_tbs_downlink(unsigned i_tbs, unsigned column)
{
	return i_tbs < TBS_ROWS && column < TBS_COLUMNS ? tbs_down[i_tbs][column] : 0;
}
