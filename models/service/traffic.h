/*
 * traffic - <traffic>: what devices report, and what became of it.
 *
 * Owns PURPOSE_APPLICATION in scenarios that have such an element.
 */
#ifndef MODELS_SERVICE_TRAFFIC_H
#define MODELS_SERVICE_TRAFFIC_H

#include "sim/scenario/scenario.h"

extern const struct model traffic_model;

/* Messages accepted by platforms, by the cell of their device and the time of their generation, from the start of the run on.  Kept
 * where assets may break and in a twin; valid until the next event. */
struct accepted {
	simtime_t width;                /* of a bin: 15 min, more only where that makes over a million of them */
	uint32_t  n_bins, n_cells;
	uint32_t *const *cell;          /* [cell][bin]; NULL for a cell of which none was accepted */
};
const struct accepted *traffic_accepted(const struct sim *s);  /* NULL: not kept */
/* Whether a device takes part; NULL where one may stand: all do. */
typedef bool traffic_takes_fn(const struct sim *s, void *ctx, uint32_t device);

/* Readings beside the ordinary ones, which stay as they are: from now until `until` a class takes factor - 1 times as many more,
 * at random, less with time by the decay (mean; SIM_NEVER: none).  Of traffic without a rate of its own (a trace, one reading a
 * device) there are none.  Copied. */
struct traffic_surge {
	uint32_t  class_index;
	double    factor;               /* >= 1 */
	simtime_t until, decay;
	uint64_t  key;                  /* of its draws */
	traffic_takes_fn *takes;
	void     *ctx;
};
void traffic_surge(struct sim *s, const struct traffic_surge *u);

/* Every device of a class that has traffic sends one message more within `window` from now on. */
enum traffic_alarm_law { ALARM_BETA, ALARM_UNIFORM };   /* 3GPP TR 37.868, traffic models 2 and 1 */
struct traffic_alarm {
	uint32_t  class_index;
	int       law;
	simtime_t window;
	uint32_t  bytes;
	uint64_t  key;                  /* of its draws, by device */
	traffic_takes_fn *takes;
	void     *ctx;
};
void traffic_alarm(struct sim *s, const struct traffic_alarm *a);

/* How many readings and messages of each there were that were sent, since the start of the run. */
uint64_t traffic_surge_count(const struct sim *s);
uint64_t traffic_alarm_count(const struct sim *s);

#endif
