/*
 * station - the multi-server queue that platforms, join servers, laboratories and crews all use.
 *
 * Jobs are numbers of the caller's.  First the higher priority (larger number), then first come first served; no
 * pre-emption.  Capacity bounds the jobs waiting, not those in service.
 */
#ifndef SIM_KERNEL_STATION_H
#define SIM_KERNEL_STATION_H

#include "sim/kernel/sim.h"
#include "sim/kernel/tally.h"

struct station;

/* A job has left the station: it waited `waited` and was served for `served`. */
typedef void station_done_fn(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served);

struct station_stats {
	uint64_t         arrived, served, rejected;
	struct tally     waiting;               /* s, of jobs that began service after the warm-up */
	struct histogram waiting_hist;          /* ns */
	struct timeavg   busy, queue;           /* servers busy, jobs waiting */
};

enum { STATION_PRIORITIES = 8, STATION_UNBOUNDED = UINT32_MAX };

/* servers >= 1; capacity: jobs that may wait.  Lives in the arena of s.  NULL after sim_fail. */
struct station *station_new(struct sim *s, const char *name, uint32_t servers, uint32_t capacity,
			    station_done_fn *done, void *ctx);

/* A job arrives and needs `service`.  false: rejected, the queue is full. */
bool station_arrive(struct station *st, uint32_t job, unsigned priority, simtime_t service);

/* Breaks: so many servers work from now on (0: closed).  Jobs in service are finished. */
void station_set_servers(struct station *st, uint32_t working);

uint32_t station_waiting(const struct station *st);
uint32_t station_in_service(const struct station *st);
const struct station_stats *station_stats(const struct station *st);

#endif
