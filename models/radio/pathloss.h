/*
 * pathloss - deterministic path loss and LOS probability; pure functions of distance, heights, frequency.
 */
#ifndef MODELS_RADIO_PATHLOSS_H
#define MODELS_RADIO_PATHLOSS_H

#include <stdbool.h>

/* 20 log10(4 pi d f / c); d in m (3-D), f in Hz; d below 1 m counts as 1 m. */
double free_space_db(double d, double f_hz);

/* reference loss at reference distance, exponent n: L0 + 10 n log10(d3d / d0). */
double log_distance_db(double d3d, double loss0_db, double d0, double n);

enum hata_environment { HATA_URBAN_LARGE, HATA_URBAN, HATA_SUBURBAN, HATA_OPEN };
/* Okumura-Hata 150-1500 MHz (COST-231 above), 1-20 km, hb 30-200 m, hm 1-10 m; d2d in m.  *outside (may be NULL): beyond validity. */
double okumura_hata_db(enum hata_environment env, double d2d, double hb, double hm, double f_hz, bool *outside);

enum tr38901 { TR38901_UMA, TR38901_UMI, TR38901_RMA };
/* TR 38.901 Table 7.4.1-1.  d2d in m. */
double tr38901_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz, bool *outside);
/* TR 38.901 Table 7.4.2-1. */
double tr38901_los_probability(enum tr38901 scenario, double d2d, double h_ut);
/* Standard deviation of shadowing, Table 7.4.1-1, dB. */
double tr38901_sigma_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz);
/* TR 38.901 Table 7.4.3-2, loss through the external wall in dB: low- or high-loss building. */
double tr38901_wall_db(bool high_loss, double f_hz);

#endif
