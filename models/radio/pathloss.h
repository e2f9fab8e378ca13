/*
 * pathloss - deterministic path loss and LOS probability; pure functions of distance, heights, frequency.
 *
 * A law is a model's path loss for one pair of antenna heights at one frequency, reduced to constants: what is left per link
 * is a logarithm.  The functions by name below evaluate the same laws.
 */
#ifndef MODELS_RADIO_PATHLOSS_H
#define MODELS_RADIO_PATHLOSS_H

#include <stdbool.h>

struct path_branch { double a, b, c; };         /* a + b log10(d) + c d, in dB, d in m */

struct path_law {
	struct path_branch near, far;   /* in line of sight, up to the breakpoint and beyond; near alone: models without LOS */
	struct path_branch hidden;      /* without line of sight the larger of both; a -INFINITY: no such state */
	double turn;                    /* breakpoint on the ground, m; INFINITY: none */
	double rise2;                   /* square of the difference of heights, m2 */
	double least_ground, least_air2;        /* nearer than this counts as this: m on the ground; m2 through the air */
	bool   flat;                    /* counts distance on the ground, not through the air */
	double free_a;                  /* free space: free_a + 20 log10(d through the air) */
	double from, to, to_hidden;     /* validity on the ground, m */
	bool   outside;                 /* heights or frequency are beyond validity */
};

enum hata_environment { HATA_URBAN_LARGE, HATA_URBAN, HATA_SUBURBAN, HATA_OPEN };
enum tr38901 { TR38901_UMA, TR38901_UMI, TR38901_RMA };

/* Heights in m above ground (below 0.1 m count as that), f in Hz. */
struct path_law path_free_space(double h_site, double h_end, double f_hz);
/* reference loss at reference distance d0, exponent n; valid anywhere. */
struct path_law path_log_distance(double loss0_db, double d0, double n, double h_site, double h_end, double f_hz);
/* Okumura-Hata 150-1500 MHz (COST-231 to 2000 MHz, with a(hm) of small cities everywhere), 1-20 km, hb 30-200 m, hm 1-10 m. */
struct path_law path_okumura_hata(enum hata_environment env, double hb, double hm, double f_hz);
/* TR 38.901 v19.4 Table 7.4.1-1, 10 m - 5 km (RMa in line of sight 10 km); hUT 1.5-22.5 m (RMa 1-10 m); effective environment
 * height 1 m; RMa with buildings of 5 m and streets of 20 m. */
struct path_law path_tr38901(enum tr38901 scenario, double h_bs, double h_ut, double f_hz);

/* Median loss in dB over d2d m on the ground. */
double path_law_db(const struct path_law *l, double d2d, bool los);
double path_law_free_db(const struct path_law *l, double d2d);
bool   path_law_outside(const struct path_law *l, double d2d, bool los);

/* 20 log10(4 pi d f / c); d in m (3-D), f in Hz; d below 1 m counts as 1 m. */
double free_space_db(double d, double f_hz);

/* L0 + 10 n log10(d3d / d0). */
double log_distance_db(double d3d, double loss0_db, double d0, double n);

/* d2d in m.  *outside (may be NULL): beyond validity. */
double okumura_hata_db(enum hata_environment env, double d2d, double hb, double hm, double f_hz, bool *outside);
double tr38901_db(enum tr38901 scenario, bool los, double d2d, double h_bs, double h_ut, double f_hz, bool *outside);

/* TR 38.901 Table 7.4.2-1. */
double tr38901_los_probability(enum tr38901 scenario, double d2d, double h_ut);
/* Standard deviation of shadowing, Table 7.4.1-1, dB; beyond: farther than the breakpoint of RMa (Table: 6 dB there). */
double tr38901_sigma_db(enum tr38901 scenario, bool los, bool beyond);
/* Correlation distance of shadowing, Table 7.5-6, m. */
double tr38901_correlation_m(enum tr38901 scenario, bool los);
/* TR 38.901 Table 7.4.3-2, loss through the external wall in dB: low- or high-loss building. */
double tr38901_wall_db(bool high_loss, double f_hz);

#endif
