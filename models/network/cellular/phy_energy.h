/*
 * phy_energy - how long a device is in which energy state for one report over cellular IoT, and the battery life that follows.
 *
 * A report is: synchronisation (receiving) - preamble (sending) - response (receiving through its window) - msg3 - msg4 - a
 * grant and msg5 with the data (control-plane optimisation of CIoT, TS 23.401 5.3.4B) - an answer, if any - release - the
 * active time T3324 (idle) - power saving.  The network charges the same steps as they happen (access.c, data.c, energy.c);
 * phy_report() is what they come to on average for a device that is alone: what validation and planners compare with.
 * Pure functions.
 */
#ifndef MODELS_NETWORK_CELLULAR_PHY_ENERGY_H
#define MODELS_NETWORK_CELLULAR_PHY_ENERGY_H

#include "models/device/device.h"
#include "models/network/cellular/phy.h"

/* By enum energy_state: sending, receiving, idle; asleep is nobody's. */
struct phy_spent {
	simtime_t in[ENERGY_STATES];
};

struct phy_report {
	unsigned  up_bits, down_bits;   /* of layer 2; the answer's: 0 for none */
	simtime_t synchronisation, response_window, active;
	double    preambles;            /* sent per report, 1 or more */
	double    harq_error;           /* share of msg3 and of msg4 that is sent again */
};

/* False: out of coverage. */
bool phy_report(enum cellular_technology t, double coupling_loss_db, const struct phy_report *r, struct phy_spent *spent);

/* Duration of all that was spent, and its energy in J at the draws of the states in W. */
simtime_t phy_spent_duration(const struct phy_spent *spent);
double phy_spent_j(const struct phy_spent *spent, const double watts[ENERGY_STATES]);

/* Draws of [M] TR 45.820 5.4: power saving 0.015 mW, idle 3 mW, receiving 90 mW, sending 545 mW (23 dBm). */
extern const double phy_tr45820_w[ENERGY_STATES];
/* Years on a battery: capacity / ((report_j * reports_per_day + saving_w * 86400) * 365.25), TR 45.820 5.4. */
double phy_battery_years(double battery_j, double report_j, double reports_per_day, double saving_w);

#endif
