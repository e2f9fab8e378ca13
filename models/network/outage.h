/*
 * outage - a part that breaks and is repaired: up and down times alternate, both exponential.
 *
 * The mean up time follows from availability and mean repair.  The first state is drawn with the availability, so the
 * process is stationary from time 0.  One event per change; the next change is known in between.  What breaks it from outside holds
 * it, while its own times go on.
 */
#ifndef MODELS_NETWORK_OUTAGE_H
#define MODELS_NETWORK_OUTAGE_H

#include "sim/kernel/sim.h"

struct outage {
	bool       up;
	bool       held;                /* down for another reason, whatever it is itself */
	simtime_t  change;              /* when the state changes next; SIM_NEVER: not within reach */
	simtime_t  since;               /* when it last turned, or was held or let go */
	simtime_t  up_time;             /* of finished states in which it worked, counted from the warm-up on */
	double     mean_up, mean_down;  /* s */
	uint32_t   changes;             /* breaks so far */
	struct rng rng;
	uint16_t   kind;
	uint32_t   subject;
};

/* In set-up; events go to the row `kind` with `subject`, whose handler calls outage_turn(). */
void outage_init(struct sim *s, struct outage *o, double availability, simtime_t repair, uint32_t purpose, uint64_t key,
		 uint16_t kind, uint32_t subject);
/* In start: schedules the first change. */
void outage_start(struct sim *s, struct outage *o);
/* The change that is due now. */
void outage_turn(struct sim *s, struct outage *o);
/* It does not work, or may work again, as far as the outside is concerned. */
void outage_hold(struct sim *s, struct outage *o, bool hold);
static inline bool outage_works(const struct outage *o)
{
	return o->up && !o->held;
}
/* Time in which it worked, between the end of the warm-up and now. */
simtime_t outage_up_time(const struct sim *s, const struct outage *o);
/* The same as a share; NaN before the warm-up has ended. */
double outage_up_share(const struct sim *s, const struct outage *o);

#endif
