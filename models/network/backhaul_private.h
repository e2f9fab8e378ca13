/*
 * backhaul_private - the ways behind gateways, shared by their files.
 *
 *   backhaul.c   <backhaul>: parameters, defaults by medium, fail-over between a way's links
 *   link.c       one link: queue, outages, satellites
 *   ways.c       KPIs and audit
 */
#ifndef MODELS_NETWORK_BACKHAUL_PRIVATE_H
#define MODELS_NETWORK_BACKHAUL_PRIVATE_H

#include "models/network/outage.h"
#include "models/network/path.h"
#include "models/network/sky_private.h"
#include "sim/kernel/tally.h"

enum medium { MEDIUM_FIXED, MEDIUM_FIBRE, MEDIUM_MICROWAVE, MEDIUM_CELLULAR, MEDIUM_GEO, MEDIUM_LEO, MEDIA };
extern const char *const backhaul_media[];
enum relay { RELAY_TRANSPARENT, RELAY_REGENERATIVE };

struct backhaul_params {
	int medium;
	double length;                                            /* m */
	double elevation, altitude, inclination, latitude;        /* deg; altitude: m */
	uint64_t satellites, planes;
	int relay;
	simtime_t latency, jitter;
	double capacity;          /* bit/s; NaN: not limited */
	uint64_t queue, overhead; /* B */
	double availability;
	simtime_t repair;
	const struct node *backup;
	simtime_t switch_over;
};

/* One link: the single server that works by the clock of its sky, or by the clock. */
struct link {
	const struct backhaul_params *p;
	const struct node *element;
	struct backhaul *way;
	unsigned place;     /* in the way */
	struct sky *sky;    /* NULL: there all the time */
	double ns_per_byte; /* 0: not limited */
	simtime_t free_at;  /* service clock when the last byte accepted has left */
	simtime_t busy;     /* sending, within the counted time */
	struct outage outage;
	struct ways *all;
	struct rng jitter;
	uint64_t offered, carried, lost_down, lost_full; /* messages */
	uint64_t offered_bytes, carried_bytes, lost_down_bytes, lost_full_bytes;
	struct tally delay;     /* s, of messages offered after the warm-up */
	uint64_t counted_bytes; /* of those */
};

enum { WAY_LINKS = 8, NO_LINK = 255 };

/* What one gateway has: its links in order of preference, and the one in use. */
struct backhaul {
	struct link *link[WAY_LINKS];
	uint32_t index;
	uint8_t n, active; /* NO_LINK: none is up, or it is switching over */
	uint16_t generation;
	simtime_t since, up_time, backup_time; /* with a link in use, with a backup in use; counted, up to `since` */
	uint64_t failovers;                    /* after the warm-up */
	path_change_fn *watch;
	void *watch_ctx;
};

/* All of a replication. */
struct ways {
	struct backhaul **way;
	uint32_t n, cap;
	struct link **link;
	uint32_t n_links, cap_links;
	uint16_t kind_change, kind_switch;
};

/* A link for the site with this key; NULL after sim_fail. */
struct link *link_new(struct sim *s, struct ways *w, const struct node *element, uint64_t site_key);
/* As backhaul_offer(); down: no link of the way is in use. */
simtime_t link_offer(struct sim *s, struct link *l, unsigned bytes, bool down, enum fate *fate);
/* Its delay now for a message alone on it, of so few bytes that they take no time. */
simtime_t link_delay(struct sim *s, struct link *l);

static inline bool link_works(const struct link *l)
{
	return outage_works(&l->outage);
}

/* The times of a way up to now. */
void way_times(const struct sim *s, const struct backhaul *b, simtime_t *up, simtime_t *backup);

enum {
	WAYS_UTILISATION, WAYS_AVAILABILITY, WAYS_DELAY, WAYS_WAY_AVAILABILITY, WAYS_FAILOVERS, WAYS_BACKUP_SHARE, WAYS_IN_VIEW,
	WAYS_HANDOVERS, WAYS_KPIS
};
extern const struct kpi_def ways_kpis[WAYS_KPIS];
void ways_report(struct sim *s, const struct scenario *sc, const struct ways *w);

#endif
