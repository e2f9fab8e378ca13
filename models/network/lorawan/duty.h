/*
 * duty - duty cycle by one time stamp per sender and sub-band.
 *
 * off-time    silence after a frame: next start not before its end + ToA (1/dc - 1)      (EN 300 220: T_off)
 * from-start  next start not before its start + ToA / dc - ToA
 * window-1h   a bucket of 3600 s x dc of airtime that refills at dc (virtual scheduling: the stamp is the time at
 *             which the bucket is full again)
 */
#ifndef MODELS_NETWORK_LORAWAN_DUTY_H
#define MODELS_NETWORK_LORAWAN_DUTY_H

#include "models/network/lorawan/lorawan_private.h"

/* When a frame of `airtime` may start at the earliest, given the stamp. */
static inline simtime_t duty_earliest(int rule, double dc, simtime_t stamp, simtime_t airtime)
{
	if (rule == DUTY_NONE || dc >= 1)
		return 0;
	if (rule != DUTY_WINDOW)
		return stamp;
	simtime_t slack = SIM_HOUR - (simtime_t)((double)airtime / dc);
	return slack > 0 ? stamp - slack : stamp;
}

/* The stamp after a frame that starts at `start`. */
static inline simtime_t duty_after(int rule, double dc, simtime_t stamp, simtime_t start, simtime_t airtime)
{
	if (rule == DUTY_NONE || dc >= 1)
		return stamp;
	simtime_t cost = (simtime_t)((double)airtime / dc);
	switch (rule) {
	case DUTY_OFF_TIME:   return start + cost;
	case DUTY_FROM_START: return start + cost - airtime;
	default:              return (stamp > start ? stamp : start) + cost;
	}
}

#endif
