/*
 * stats_private - what the statistics share.
 */
#ifndef SIM_STUDY_STATS_PRIVATE_H
#define SIM_STUDY_STATS_PRIVATE_H

#include <math.h>

#include "sim/kernel/bug.h"
#include "sim/kernel/tally.h"
#include "sim/study/stats.h"

/* A variance below so much of the mean square is what rounding leaves of equal values: 1e-12 in the values. */
#define STATS_DUST 1e-24

static inline void stats_check_level(double level)
{
	BUG_ON(NULL, !(level > 0 && level < 1));
}

/* The Student interval of a tally's mean. */
struct interval stats_student(const struct tally *t, double level);

/* An estimate from `used` values with the percentiles of its n bootstrap draws, which are sorted in place; NaN among them do not
 * count. */
struct interval stats_percentile(double estimate, double *draws, size_t n, double level, uint64_t used);

#endif
