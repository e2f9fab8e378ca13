/*
 * local_private - a statistical link as an access network: its state of one replication.
 *
 *   local.c          <local-link>, its parameters by technology, set-up
 *   local_send.c     the way of a message, association
 *   local_account.c  KPIs, audit
 *
 * A device sends to its hub (an access point, border router, switch or line).  What the medium does to a message is drawn, not
 * simulated: each attempt is lost with a fixed chance, the delay follows a law.  Devices do not disturb each other.
 */
#ifndef MODELS_NETWORK_LOCAL_PRIVATE_H
#define MODELS_NETWORK_LOCAL_PRIVATE_H

#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/tally.h"

enum local_law { LOCAL_CONSTANT, LOCAL_EXPONENTIAL, LOCAL_LOG_NORMAL };

struct local_params {
	int       technology;
	double    rate;                 /* bit/s */
	double    loss;                 /* of one attempt */
	uint64_t  retries;
	simtime_t retry_gap;
	simtime_t latency;
	int       latency_law;
	double    latency_variation;
	uint64_t  mtu, overhead;        /* B */
	double    coverage, availability;
	simtime_t repair;
	uint64_t  devices_per_hub;
	simtime_t association;
	double    tx_draw, rx_draw;     /* W */
	simtime_t listen;
	const struct node *backhaul;
};

/* Hubs serve consecutive devices of one class. */
struct local_hub {
	struct outage    outage;
	struct backhaul *backhaul;
	struct local    *net;
	uint32_t         first, count;  /* devices */
	bool             live;          /* it and its backhaul are up */
};

enum { LOCAL_COVERED = 1, LOCAL_WANTED = 2 /* to be associated */, LOCAL_ASSOCIATED = 4 };

struct local_device {
	simtime_t free_at;              /* when its last transmission ends */
	simtime_t since;                /* association wanted */
	uint32_t  hub, sent;            /* messages so far: the index of their draws */
	uint16_t  generation;           /* of its timer */
	uint16_t  powered;              /* how often it lost its power: what it was sending then is lost */
	uint8_t   flags;
};

/* A message on its way: being sent, on its way to the hub, or behind it. */
enum local_stage { LOCAL_FREE, LOCAL_SENDING, LOCAL_CROSSING, LOCAL_BEHIND };
struct local_job {
	struct message m;
	simtime_t crossing;             /* delay after the last attempt */
	uint32_t  next_free;
	uint16_t  powered;
	uint8_t   stage;
	bool      fails;                /* its last attempt is lost too */
};

struct local_class {
	struct local_device *device;    /* by row within the class; NULL: it does not use the network */
	uint32_t first, count;
};

enum local_loss { LOCAL_TOO_LARGE, LOCAL_NO_COVERAGE, LOCAL_HUB_DOWN, LOCAL_ATTEMPTS, LOCAL_POWER, LOCAL_BACKHAUL, LOCAL_LOSSES };

struct local {
	const struct node *node;
	const struct local_params *p;
	const char *group;              /* "network=ID" */
	struct devices *dev;
	struct local_class *classes;
	struct local_hub *hub;
	uint32_t n_hubs;
	struct local_job *job;
	uint32_t n_jobs, cap_jobs, head_free;
	double   mu, sigma;             /* of the log-normal law */
	uint16_t kind_hub, kind_device, kind_job;
	/* counts: of the whole run, and from the warm-up on */
	uint64_t taken, arrived, lost[LOCAL_LOSSES];
	uint64_t messages, attempts, heard, heard_bytes;
	struct tally delay, association;        /* s */
	uint64_t covered, served;
};

extern const struct model local_link_model;
extern const struct network_ops local_ops;

static inline struct local_device *local_device(const struct local *l, uint32_t i)
{
	const struct local_class *c = &l->classes[l->dev->class_of[i]];

	return &c->device[i - c->first];
}

/* The key of a device's draws on this network. */
static inline uint64_t local_key(const struct local *l, uint32_t i)
{
	return rng_mix(device_key(l->dev, i) ^ l->node->key);
}

/* local_send.c */
void local_handlers(struct sim *s, struct local *l);
/* The hub or its backhaul may have changed: devices lose or regain their way out. */
void local_hub_changed(struct sim *s, struct local_hub *h);

/* local_account.c */
enum { LOCAL_KPIS = 6, LOCAL_SECTIONS = 1 };
extern const struct kpi_def local_kpis[LOCAL_KPIS];
extern const struct section local_sections[LOCAL_SECTIONS];
void local_account_finish(struct sim *s, const struct local *l);
void local_audit(struct sim *s, struct local *const *all, uint32_t n);

#endif
