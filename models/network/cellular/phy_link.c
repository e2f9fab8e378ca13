/* What depends on the technology: rates of LTE-M and LTE, coverage levels, random access, messages, pauses. */
#include "models/network/cellular/phy_private.h"

static const double BLOCK_HZ = 180e3;   /* a resource block */

/* An LTE carrier. */
struct carrier {
	unsigned blocks;                /* resource blocks, each way */
	double   station_dbm;           /* over the carrier */
	double   peak_up, peak_down;    /* of one device, bit/s */
	unsigned block_bits;            /* largest transport block */
	unsigned narrowing;             /* least resource blocks of a downlink */
};
static const struct carrier carriers[CELLULAR_TECHNOLOGIES] = {
	/* [M] Category M1, half duplex: 375 and 300 kbit/s, 1000 bit; 46 dBm over 10 MHz leave 36.8 dBm to 1.4 MHz */
	[CELLULAR_LTE_M] = { 6, 36.8, 375e3, 300e3, 1000, 6 },
	/* [M] Category 1 in 10 MHz: 5 and 10 Mbit/s (TS 36.306); 46 dBm (TR 36.942) */
	[CELLULAR_LTE] = { 50, 46, 5e6, 10e6, 5160, 1 },
};
static const double DEVICE_DBM = 23, STATION_NF_DB = 5, DEVICE_NF_DB = 7;       /* TR 36.942; [M] M.2412 UMa-mMTC */
static const double SHANNON_UP = 0.4, SHANNON_DOWN = 0.6;                       /* TR 36.942 annex A */

double phy_snr_db(double power, double loss, double noise_figure, double bandwidth)
{
	return power - loss + 174 - noise_figure - 10 * log10(bandwidth);
}

double phy_max_coupling_loss_db(enum cellular_technology t)
{
	static const double most[] = { [CELLULAR_NB_IOT] = 164, [CELLULAR_LTE_M] = 160.7, [CELLULAR_LTE] = 140.7 };

	return most[t];
}

int phy_coverage(enum cellular_technology t, double loss)
{
	const double most = phy_max_coupling_loss_db(t);

	if (!(loss <= most))
		return -1;
	if (t == CELLULAR_LTE || loss <= most - 20)
		return 0;
	return loss <= most - 10 ? 1 : 2;
}

/* Repetitions that a rate below one block's own lowest (a subframe at I_TBS 0: 16 bit/ms) is made of: a power of two. */
static uint16_t repetitions_of(double rate, unsigned blocks)
{
	const double lowest = 16e3 * blocks;
	unsigned n = 1;

	while (n < 2048 && rate * n < lowest)
		n *= 2;
	return (uint16_t)n;
}

static void shannon(const struct carrier *c, double rate, unsigned blocks, unsigned bits, struct cell_transfer *out)
{
	const unsigned parts = bits <= c->block_bits ? 1 : (bits + c->block_bits - 1) / c->block_bits;
	/* each block in whole subframes */
	const double ms = ceil(1e3 * bits / parts / rate - 1e-9);

	*out = (struct cell_transfer){ .airtime = (simtime_t)(fmax(ms, 1) * parts) * SIM_MS,
				       .share = (double)blocks / c->blocks,
				       .repetitions = repetitions_of(rate, blocks),
				       .blocks = (uint16_t)parts };
}

static double rate_of(double a, unsigned blocks, double snr_db)
{
	return a * blocks * BLOCK_HZ * log2(1 + pow(10, snr_db / 10));
}

/* A device's power is spread over as many resource blocks as keep 0 dB in each; below that, more of them bring next to
 * nothing.  The narrowest format is one block. */
static bool lte_uplink(enum cellular_technology t, enum phy_format f, double loss, unsigned bits, struct cell_transfer *out)
{
	const struct carrier *c = &carriers[t];
	const double one_db = phy_snr_db(DEVICE_DBM, loss, STATION_NF_DB, BLOCK_HZ);
	unsigned blocks = 1;

	if (!(loss <= phy_max_coupling_loss_db(t)))
		return false;
	if (f == PHY_FASTEST)
		blocks = (unsigned)fmax(1, fmin(c->blocks, pow(10, one_db / 10)));
	/* no wider than the peak rate needs */
	while (blocks > 1 && rate_of(SHANNON_UP, blocks - 1, one_db - 10 * log10(blocks - 1)) >= c->peak_up)
		blocks--;
	shannon(c, fmin(rate_of(SHANNON_UP, blocks, one_db - 10 * log10(blocks)), c->peak_up), blocks, bits, out);
	return true;
}

static bool lte_downlink(enum cellular_technology t, double loss, unsigned bits, struct cell_transfer *out)
{
	const struct carrier *c = &carriers[t];
	const double snr = phy_snr_db(c->station_dbm, loss, DEVICE_NF_DB, c->blocks * BLOCK_HZ);
	unsigned blocks = c->blocks;

	if (!(loss <= phy_max_coupling_loss_db(t)))
		return false;
	while (blocks > c->narrowing && rate_of(SHANNON_DOWN, blocks - 1, snr) >= c->peak_down)
		blocks--;
	shannon(c, fmin(rate_of(SHANNON_DOWN, blocks, snr), c->peak_down), blocks, bits, out);
	return true;
}

bool phy_uplink_as(enum cellular_technology t, enum phy_format f, double loss, unsigned bits, struct cell_transfer *out)
{
	return t == CELLULAR_NB_IOT ? nbiot_uplink(f, loss, bits, out) : lte_uplink(t, f, loss, bits, out);
}

bool phy_uplink(enum cellular_technology t, double loss, unsigned bits, struct cell_transfer *out)
{
	return phy_uplink_as(t, PHY_FASTEST, loss, bits, out);
}

bool phy_downlink(enum cellular_technology t, double loss, unsigned bits, struct cell_transfer *out)
{
	return t == CELLULAR_NB_IOT ? nbiot_downlink(loss, bits, out) : lte_downlink(t, loss, bits, out);
}

bool phy_control(enum cellular_technology t, double loss, struct cell_transfer *out)
{
	return phy_downlink(t, loss, 23, out);
}

bool phy_acknowledge(enum cellular_technology t, double loss, struct cell_transfer *out)
{
	return t == CELLULAR_NB_IOT ? nbiot_acknowledge(loss, out) : lte_uplink(t, PHY_NARROWEST, loss, 1, out);
}

struct phy_access phy_access(enum cellular_technology t, int coverage)
{
	static const unsigned repetitions[PHY_COVERAGE_LEVELS] = { 1, 8, 32 };
	static const simtime_t periods[PHY_COVERAGE_LEVELS] = { 320 * SIM_MS, 640 * SIM_MS, 2560 * SIM_MS };
	const unsigned n = repetitions[coverage];

	switch (t) {
	case CELLULAR_NB_IOT: return (struct phy_access){ n, phy_nprach(n, 0), periods[coverage], 12 };
	case CELLULAR_LTE_M: return (struct phy_access){ n, n * SIM_MS, periods[coverage], 16 };
	default: return (struct phy_access){ 1, SIM_MS, 5 * SIM_MS, 54 };
	}
}

unsigned phy_message_bits(enum phy_message m)
{
	static const unsigned bits[PHY_MESSAGES] = {
		[PHY_RAR] = 56, [PHY_MSG3] = 88, [PHY_MSG4] = 208, [PHY_MSG5] = 144, [PHY_RELEASE] = 56
	};

	return bits[m];
}

bool phy_message_is_uplink(enum phy_message m)
{
	return m == PHY_MSG3 || m == PHY_MSG5;
}

bool phy_message(enum cellular_technology t, double loss, enum phy_message m, struct cell_transfer *out)
{
	const unsigned bits = phy_message_bits(m);

	return phy_message_is_uplink(m) ? phy_uplink(t, loss, bits, out) : phy_downlink(t, loss, bits, out);
}

struct phy_gaps phy_gaps(enum cellular_technology t)
{
	if (t == CELLULAR_NB_IOT)
		return (struct phy_gaps){ 8 * SIM_MS, 5 * SIM_MS, 13 * SIM_MS, 4 * SIM_MS };
	return (struct phy_gaps){ 4 * SIM_MS, 4 * SIM_MS, 4 * SIM_MS, 4 * SIM_MS };
}

double phy_broadcast_share(enum cellular_technology t)
{
	return t == CELLULAR_NB_IOT ? 0.25 : 0;
}
