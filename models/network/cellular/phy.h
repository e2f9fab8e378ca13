/*
 * phy - the cellular physical layer, seen from above: what a transfer, a preamble or a signalling message costs on the air,
 * given the coupling loss (path loss, shadowing and walls less both antenna gains) of a device.  Pure functions and tables.
 *
 * NB-IoT: link tables of LENA-NB (TU Dortmund, github.com/tudo-cni/ns3-lena-nb: csv/clean_NPUSCH_100_TRBlks.csv and
 * clean_NPDSCH_100_TRBlks.csv, simulated at 23 dBm, block error rate at most 10 %, stand-alone carrier), of which the shortest
 * (or the narrowest) format that carries a number of bits is kept at 134, 139, .. 164 dB.  Between two columns time grows
 * geometrically, rounded up to whole subframes; share and repetitions are the greater of both.  Up to 134 dB the first
 * column holds; beyond 164 dB nothing is received.
 * LTE-M and LTE: truncated Shannon, TR 36.942 annex A: rate = a * B * log2(1 + SNR), a = 0.4 up and 0.6 down, between the
 * least coupling that the most robust format bears and the peak rate.
 */
#ifndef MODELS_NETWORK_CELLULAR_PHY_H
#define MODELS_NETWORK_CELLULAR_PHY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

enum cellular_technology { CELLULAR_NB_IOT, CELLULAR_LTE_M, CELLULAR_LTE, CELLULAR_TECHNOLOGIES };

/* How an uplink's format is chosen where several carry it: the shortest time, or the least of the carrier (a full cell). */
enum phy_format { PHY_FASTEST, PHY_NARROWEST };

struct cell_transfer {
	simtime_t airtime;      /* the device sends or receives, all repetitions and blocks included */
	double    share;        /* of the carrier's resources that it holds meanwhile, (0, 1] */
	uint16_t  repetitions;  /* of each block */
	uint16_t  blocks;       /* transport blocks */
};

/* One transfer of `bits` of layer 2.  False: the coupling loss is beyond the most robust format. */
bool phy_uplink(enum cellular_technology t, double coupling_loss_db, unsigned bits, struct cell_transfer *out);
bool phy_uplink_as(enum cellular_technology t, enum phy_format f, double coupling_loss_db, unsigned bits, struct cell_transfer *out);
bool phy_downlink(enum cellular_technology t, double coupling_loss_db, unsigned bits, struct cell_transfer *out);

/* Greatest coupling loss that is served: 164 dB (TR 45.820), 160.7 dB (LTE-M at 23 dBm [M] TR 36.888 evaluation),
 * 140.7 dB (LTE Category 1 [M] TR 36.888). */
double phy_max_coupling_loss_db(enum cellular_technology t);

/* Signal-to-noise ratio in dB of a transmission of power_dbm over a coupling loss into bandwidth_hz with a noise figure:
 * power - loss + 174 - NF - 10 log10(bandwidth). */
double phy_snr_db(double power_dbm, double coupling_loss_db, double noise_figure_db, double bandwidth_hz);

/* Coverage level 0, 1, 2: coupling loss up to 144, 154, 164 dB (TR 45.820), counted from the technology's greatest one
 * (LTE-M: 3.3 dB less each; LTE: always 0).  -1: out of coverage. */
enum { PHY_COVERAGE_LEVELS = 3 };
int phy_coverage(enum cellular_technology t, double coupling_loss_db);

/* The random access of a coverage level. */
struct phy_access {
	unsigned  repetitions;  /* of the preamble */
	simtime_t preamble;     /* duration */
	simtime_t period;       /* between opportunities */
	unsigned  preambles;    /* to choose from: subcarriers or sequences */
};
/* NB-IoT: LENA-NB lte-enb-rrc.cc: 1, 8, 32 repetitions every 320, 640, 2560 ms on 12 subcarriers. LTE-M: [M] 1, 8, 32
 * repetitions of a 1 ms preamble, as often as NB-IoT's, 16 preambles each.  LTE: TR 37.868: 1 ms each 5 ms, 54 preambles. */
struct phy_access phy_access(enum cellular_technology t, int coverage);

/* NPRACH of n repetitions (1, 2, 4 .. 128): 4 symbol groups of 1.4 ms (format 0) or 1.6 ms (format 1) each, and [M] TS 36.211
 * 10.1.6.1 a pause of 40 ms after every 64 that more follow. */
simtime_t phy_nprach(unsigned repetitions, unsigned format);

/* Resource unit of NPUSCH format 1, TS 36.211 table 10.1.2.3-1: 3.75 kHz (1 tone): 32 ms; 15 kHz: 1, 3, 6, 12 tones 8, 4, 2, 1 ms.
 * 0: no such format. */
simtime_t phy_resource_unit(double spacing_hz, unsigned tones);

/* Largest transport block in bit, TS 36.213 tables 16.5.1.2-2 (up) and 16.4.1.5.1-1 (down) for Category NB1; index I_TBS
 * 0..12, column 0..7 = resource units or subframes 1, 2, 3, 4, 5, 6, 8, 10.  0: not allowed. */
unsigned phy_tbs_uplink(unsigned i_tbs, unsigned column);
unsigned phy_tbs_downlink(unsigned i_tbs, unsigned column);
enum { PHY_NB_UPLINK_BLOCK = 1000, PHY_NB_DOWNLINK_BLOCK = 680 };

/* Control: a downlink grant or assignment (23 bit), an uplink acknowledgement (1 bit). */
bool phy_control(enum cellular_technology t, double coupling_loss_db, struct cell_transfer *out);
bool phy_acknowledge(enum cellular_technology t, double coupling_loss_db, struct cell_transfer *out);

/* Signalling of a connection in bit.  Msg 3 88: NBENV msg3_tbs_size.  Others [M] TS 36.331 and TS 36.321 sizes of NB-IoT:
 * random access response 56 (7 B: one RAR with its header), Msg 4 with contention resolution and connection set-up 208,
 * Msg 5 (set-up complete without data) 144, release 56. */
enum phy_message { PHY_RAR, PHY_MSG3, PHY_MSG4, PHY_MSG5, PHY_RELEASE, PHY_MESSAGES };
unsigned phy_message_bits(enum phy_message m);
bool phy_message_is_uplink(enum phy_message m);
bool phy_message(enum cellular_technology t, double coupling_loss_db, enum phy_message m, struct cell_transfer *out);

/* Pauses of NB-IoT between a grant and what it grants: NPUSCH at least 8 ms after the NPDCCH ends, NPDSCH 5 ms, and the
 * acknowledgement 13 ms after NPDSCH (TS 36.213 16.4.1, 16.5.1; k0 = 8, 4 + 1, 12 + 1 subframes).  LTE-M, LTE: 4 ms each. */
struct phy_gaps {
	simtime_t grant_to_uplink, grant_to_downlink, downlink_to_ack, uplink_to_grant;
};
struct phy_gaps phy_gaps(enum cellular_technology t);

/* Share of the first carrier's downlink that synchronisation and broadcast take: [M] TS 36.211 10.2: NPBCH and NPSS one subframe in
 * ten each, NSSS one in twenty.  LTE-M, LTE: 0, theirs are in the rates. */
double phy_broadcast_share(enum cellular_technology t);

/* Timers.  The least value that the network can code and that is not below the wish, 0 when none is.
 * T3412-extended, TS 24.008 table 10.5.163a: 1..31 x 2 s, 30 s, 1 min, 10 min, 1 h, 10 h, 320 h.
 * T3324, table 10.5.163: 0..31 x 2 s, 1 min, 6 min (0 s is a value: power saving at once), so it answers separately. */
simtime_t phy_t3412(simtime_t wish);
bool phy_t3324(simtime_t wish, simtime_t *out);
/* Is a length one of the eDRX cycles?  NB-IoT: 20.48 s x 1, 2, 4, .. 512 (10485.76 s); LTE-M: 5.12 s x 1, 2, 4, .. 512
 * (2621.44 s); and [M] TS 24.008 table 10.5.5.32 gives LTE-M 61.44, 102.4, 122.88 and 143.36 s besides.  LTE: as LTE-M. */
bool phy_edrx_cycle(enum cellular_technology t, simtime_t cycle);
/* Is a length a paging time window: 1..16 x 2.56 s (NB-IoT) or 1.28 s? */
bool phy_edrx_window(enum cellular_technology t, simtime_t window);

#endif
