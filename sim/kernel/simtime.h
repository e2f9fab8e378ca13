/*
 * simtime - simulated time: integer nanoseconds since the start of the run.
 *
 * Exact and totally ordered over 292 years.  Seconds as double appear only where a number leaves the
 * simulator (KPIs, statistics) or enters it (quantities).
 */
#ifndef SIM_KERNEL_SIMTIME_H
#define SIM_KERNEL_SIMTIME_H

#include <math.h>
#include <stdint.h>

typedef int64_t simtime_t;

#define SIM_US     INT64_C(1000)
#define SIM_MS     INT64_C(1000000)
#define SIM_SECOND INT64_C(1000000000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR   (3600 * SIM_SECOND)
#define SIM_DAY    (86400 * SIM_SECOND)
#define SIM_NEVER  INT64_MAX        /* later than any event: "no deadline", "does not end" */

/* Nanoseconds as seconds. */
static inline double sim_seconds(simtime_t t)
{
	return (double)t * 1e-9;
}

/* Seconds rounded to the nearest nanosecond; s within +-9.2e9. */
static inline simtime_t sim_from_seconds(double s)
{
	return (simtime_t)llrint(s * 1e9);
}

#endif
