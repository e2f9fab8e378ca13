/*
 * outreach - the ways by which a warning reaches people and devices: the elements in a <warning>.
 *
 *   <cell-broadcast>  phones in the coverage of a live site, again and again
 *   <app>             phones that data reach
 *   <siren>           people around it, while it has power
 *   <downlink>        devices of a class (valves, signals, lifts), by messages over their network
 *
 * A representative point of the population is taken for one person: has a phone or not, notices after a while or not at all.
 */
#ifndef MODELS_CRISIS_OUTREACH_H
#define MODELS_CRISIS_OUTREACH_H

#include "models/crisis/people.h"
#include "sim/scenario/scenario.h"

enum channel_kind { CHANNEL_BROADCAST, CHANNEL_APP, CHANNEL_SIREN, CHANNEL_DOWNLINK, CHANNEL_KINDS, CHANNEL_NONE = CHANNEL_KINDS };
const char *channel_name(enum channel_kind k);

struct outreach;          /* the ways of one <warning> */

/* One warning that goes out: who hears of it when.  people NULL: nobody counts (a false alarm). */
struct issue {
	struct outreach *outreach;
	uint64_t key;           /* of its draws */
	simtime_t at;
	const struct people *people;
	double  *after;         /* by point, s from `at` on: when that person is warned; infinite: not at all */
	uint8_t *channel;       /* by point: enum channel_kind of that */
	uint8_t *reached;       /* by way and point: it has had its chance */
	uint32_t number;        /* set by outreach_issue() */
};

/* While loading a <warning>, `via` NULL: not given: whether its ways are whole. */
void outreach_check(const struct scenario *sc, const struct node *warning, struct diag *d, const char *via);
/* In set-up, start; NULL after sim_fail. */
struct outreach *outreach_new(struct sim *s, const struct scenario *sc, const struct node *warning, const char *via);
void outreach_start(struct sim *s, struct outreach *p);
/* The warning goes out now.  The issue is the caller's, and must stay. */
void outreach_issue(struct sim *s, struct issue *i);

/* What became of messages to devices so far. */
struct actuated { double targets, reached, delay_sum; /* s, of those reached */ };
struct actuated outreach_actuated(const struct outreach *p);

extern const struct model cell_broadcast_model, app_model, siren_model, downlink_model;

#endif
