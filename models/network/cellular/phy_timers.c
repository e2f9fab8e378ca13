/* Power saving: lengths that the timers' codes can say. */
#include "models/network/cellular/phy_private.h"

enum { MOST = 31 };     /* five bits of a multiple */

/* The least multiple of one of the units, ascending, that is not below the wish. */
static simtime_t coded(simtime_t wish, const simtime_t *units, size_t n)
{
	simtime_t best = 0;

	for (size_t i = 0; i < n; i++) {
		const simtime_t k = (wish + units[i] - 1) / units[i];
		if (k <= MOST && (best == 0 || k * units[i] < best))
			best = k * units[i];
	}
	return best;
}

simtime_t phy_t3412(simtime_t wish)
{
	static const simtime_t units[] = { 2 * SIM_SECOND, 30 * SIM_SECOND, SIM_MINUTE,    10 * SIM_MINUTE,
					   SIM_HOUR,       10 * SIM_HOUR,   320 * SIM_HOUR };

	return wish > 0 ? coded(wish, units, sizeof units / sizeof units[0]) : 0;
}

bool phy_t3324(simtime_t wish, simtime_t *out)
{
	static const simtime_t units[] = { 2 * SIM_SECOND, SIM_MINUTE, 6 * SIM_MINUTE };

	*out = wish > 0 ? coded(wish, units, sizeof units / sizeof units[0]) : 0;
	return wish == 0 || *out > 0;
}

bool phy_edrx_cycle(enum cellular_technology t, simtime_t cycle)
{
	static const simtime_t odd[] = { 61440 * SIM_MS, 102400 * SIM_MS, 122880 * SIM_MS, 143360 * SIM_MS };
	const simtime_t first = t == CELLULAR_NB_IOT ? 20480 * SIM_MS : 5120 * SIM_MS;

	for (simtime_t c = first; c <= 512 * first; c *= 2)
		if (c == cycle)
			return true;
	for (size_t i = 0; t != CELLULAR_NB_IOT && i < sizeof odd / sizeof odd[0]; i++)
		if (odd[i] == cycle)
			return true;
	return false;
}

bool phy_edrx_window(enum cellular_technology t, simtime_t window)
{
	const simtime_t unit = t == CELLULAR_NB_IOT ? 2560 * SIM_MS : 1280 * SIM_MS;

	return window > 0 && window % unit == 0 && window / unit <= 16;
}
