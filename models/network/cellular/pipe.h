/*
 * pipe - one direction of a sector's carrier: a fluid that serves transfers in the order of their grants.
 *
 * A transfer of `airtime` that holds `share` of the carrier is airtime x share of work; the carrier works it off at `rate`
 * (what random access and others leave of it).  What is ahead of a transfer says how long it waits (Lindley's recursion),
 * so a transfer costs no event.  Delays of access are drawn ahead, so an offer is of a time t to come: its work counts as ahead of
 * what is offered from now on, and until t the carrier works off what was there before.
 */
#ifndef MODELS_NETWORK_CELLULAR_PIPE_H
#define MODELS_NETWORK_CELLULAR_PIPE_H

#include "sim/kernel/simtime.h"

struct cell_pipe {
	simtime_t at;           /* up to which work has been done */
	double    work;         /* then ahead, in ns of the whole carrier */
	double    rate;         /* 0 < rate: carriers that transfers have */
	double    served;       /* offered after the warm-up, ns */
};

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

#endif
