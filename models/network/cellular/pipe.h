/*
 * pipe - one direction of a sector's carrier: a fluid that serves transfers in the order of their grants.
 *
 * A transfer of `airtime` that holds `share` of the carrier is airtime x share of work; the carrier works it off at `rate`
 * (what random access and others leave of it).  What is ahead of a transfer says how long it waits (Lindley's recursion),
 * so a transfer costs no event.  Delays of access are drawn ahead, so an offer is of a time t to come: its work counts as ahead of
 * what is offered from now on, and until t the carrier works off what was there before.
 *
 * A part of the carrier can be taken away and given back, by a multicast or by traffic that is not simulated message by message: from
 * then on the rest works off what is ahead.  Transfers that have been timed keep their times.
 */
#ifndef MODELS_NETWORK_CELLULAR_PIPE_H
#define MODELS_NETWORK_CELLULAR_PIPE_H

#include <math.h>

#include "sim/kernel/simtime.h"

struct cell_pipe {
	simtime_t at;           /* up to which work has been done */
	double    work;         /* then ahead, in ns of the whole carrier */
	double    rate;         /* 0 < rate: carriers that transfers have */
	double    whole;        /* the same while nothing is taken away */
	double    served;       /* offered after the warm-up, ns */
	int64_t   taken;        /* of it, see pipe_share() */
};

/* What is left where more is taken than there is: carriers are shared by turns. */
#define PIPE_LEAST 0.01

/* Wait of what is offered at t >= now, ns. */
static inline simtime_t pipe_wait(struct cell_pipe *p, simtime_t now, simtime_t t)
{
	p->work -= (double)(now - p->at) * p->rate;
	p->work = p->work > 0 ? p->work : 0;
	p->at = now;
	const simtime_t done = now + (simtime_t)(p->work / p->rate);
	return done > t ? done - t : 0;
}

static inline void pipe_load(struct cell_pipe *p, simtime_t now, double work, bool counted)
{
	pipe_wait(p, now, now);
	p->work += work;
	p->served += counted ? work : 0;
}

/* Carriers to be taken away, in whole units of 1e-12, so that what is given back leaves nothing behind. */
static inline int64_t pipe_share(double carriers)
{
	return llround(fmin(carriers, 1e6) * 1e12);
}

static inline void pipe_take(struct cell_pipe *p, simtime_t now, int64_t share)
{
	pipe_wait(p, now, now);
	p->taken += share;
	p->rate = fmax(p->whole - (double)p->taken * 1e-12, PIPE_LEAST * p->whole);
}

#endif
