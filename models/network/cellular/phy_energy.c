/* Energy states of a report. */
#include "models/network/cellular/phy_energy.h"

#include "models/network/cellular/phy_private.h"

const double phy_tr45820_w[ENERGY_STATES] = {
	[ENERGY_SLEEP] = 15e-6, [ENERGY_IDLE] = 3e-3, [ENERGY_RX] = 90e-3, [ENERGY_TX] = 545e-3,
};

static simtime_t times(double n, simtime_t t)
{
	return (simtime_t)(n * (double)t);
}

static bool answer(enum cellular_technology t, double loss, unsigned bits, const struct cell_transfer *control, struct phy_spent *spent)
{
	struct cell_transfer down, ack;

	if (!phy_downlink(t, loss, bits, &down) || !phy_acknowledge(t, loss, &ack))
		return false;
	spent->in[ENERGY_RX] += control->airtime + down.airtime;
	spent->in[ENERGY_TX] += ack.airtime;
	spent->in[ENERGY_IDLE] += phy_gaps(t).uplink_to_grant + phy_gaps(t).grant_to_downlink + phy_gaps(t).downlink_to_ack;
	return true;
}

bool phy_report(enum cellular_technology t, double loss, const struct phy_report *r, struct phy_spent *spent)
{
	const int coverage = phy_coverage(t, loss);
	const double sent = 1 / (1 - r->harq_error);
	struct cell_transfer control, msg3, msg4, data, release;

	*spent = (struct phy_spent){ 0 };
	if (coverage < 0 || !phy_control(t, loss, &control) || !phy_message(t, loss, PHY_MSG3, &msg3) ||
	    !phy_message(t, loss, PHY_MSG4, &msg4) || !phy_message(t, loss, PHY_RELEASE, &release) ||
	    !phy_uplink(t, loss, phy_message_bits(PHY_MSG5) + r->up_bits, &data))
		return false;
	spent->in[ENERGY_TX] =
		times(r->preambles, phy_access(t, coverage).preamble) + times(sent, msg3.airtime) + data.airtime;
	spent->in[ENERGY_RX] = r->synchronisation + times(r->preambles, r->response_window) +
			       times(sent, control.airtime + msg4.airtime) + control.airtime + control.airtime +
			       release.airtime;
	spent->in[ENERGY_IDLE] = phy_gaps(t).grant_to_uplink + r->active;
	return r->down_bits == 0 || answer(t, loss, r->down_bits, &control, spent);
}

simtime_t phy_spent_duration(const struct phy_spent *spent)
{
	simtime_t sum = 0;

	for (int k = 0; k < ENERGY_STATES; k++)
		sum += spent->in[k];
	return sum;
}

double phy_spent_j(const struct phy_spent *spent, const double watts[ENERGY_STATES])
{
	double j = 0;

	for (int k = 0; k < ENERGY_STATES; k++)
		j += sim_seconds(spent->in[k]) * watts[k];
	return j;
}

double phy_battery_years(double battery, double report, double per_day, double saving)
{
	return battery / ((report * per_day + saving * 86400) * 365.25);
}
