#include "models/radio/entry.h"

#include <math.h>

#include "models/radio/pathloss.h"
#include "sim/kernel/rng.h"

static const uint32_t PURPOSE = RNG_PURPOSE('e', 'n', 't', 'r');

static double between(struct rng *r, double lo, double hi)
{
	return lo + (hi - lo) * rng_uniform(r);
}

/* External wall + the larger of internal walls and indoor depth; the gain with floor height is left at zero. */
static double tr45820(struct rng *r)
{
	double x = rng_uniform(r);
	double wall = x < 0.25 ? between(r, 4, 11) : x < 0.90 ? between(r, 11, 19) : between(r, 19, 23);
	double y = rng_uniform(r);
	int walls = y < 0.2833 ? 0 : y < 0.5666 ? 1 : y < 0.85 ? 2 : 3;
	double internal = walls * between(r, 4, 10), depth = 0.6 * between(r, 0, 15);

	return wall + fmax(internal, depth);
}

double entry_loss_db(enum entry_model m, double high_share, bool rural, double f_hz, uint64_t key, uint64_t device_key)
{
	struct rng r = rng_stream(key, PURPOSE, device_key, 0);
	bool high = m == ENTRY_HIGH || (m == ENTRY_MIXED && rng_uniform(&r) < high_share);

	switch (m) {
	case ENTRY_NONE: return 0;
	case ENTRY_TR45820: return tr45820(&r);
	case ENTRY_LEGACY: return 20 + 0.5 * between(&r, 0, 25); /* below 6 GHz, backward compatible */
	default: break;
	}
	double deepest = rural ? 10 : 25, depth = fmin(between(&r, 0, deepest), between(&r, 0, deepest));
	double spread = (high ? 6.5 : 4.4) * rng_normal(&r);
	return fmax(0, tr38901_wall_db(high, f_hz) + 0.5 * depth + spread);
}
