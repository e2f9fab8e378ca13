/*
 * local_private - a statistical link as an access network: its state of one replication.
 *
 *   local.c          <local-link>, its parameters by technology, set-up
 *   local_send.c     the way of a message, up or down
 *   local_join.c     association, hubs that fail and come back
 *   local_cast.c     multicast, background traffic
 *   local_account.c  KPIs, audit
 *
 * A device sends to its hub (an access point, border router, switch or line) and hears from it.  What the medium does to a message
 * is drawn, not simulated: each attempt is lost with a fixed chance, the delay follows a law.  Devices do not disturb each other,
 * but for what they send that is not simulated message by message: that takes its rate from the others of their hub.
 */
#ifndef MODELS_NETWORK_LOCAL_PRIVATE_H
#define MODELS_NETWORK_LOCAL_PRIVATE_H

#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/tally.h"

enum local_law { LOCAL_CONSTANT, LOCAL_EXPONENTIAL, LOCAL_LOG_NORMAL };

struct local_params {
	int       technology;
	double    rate, rate_down;      /* bit/s; down NaN: one medium for both ways */
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
	int64_t          background;    /* of its devices together, mB/s */
	bool             live;          /* it and its backhaul are up */
};

/* WANTED: to be associated.  ASKED: it is, but for the verdict of who vouches for devices. */
enum { LOCAL_COVERED = 1, LOCAL_WANTED = 2, LOCAL_ASSOCIATED = 4, LOCAL_ASKED = 8 };

struct local_device {
	simtime_t free_at, free_down;   /* when the last transmission from it, to it ends */
	simtime_t since;                /* association wanted */
	uint32_t  hub, sent, got;       /* messages so far, up and down: the index of their draws */
	uint16_t  generation;           /* of its timer */
	uint16_t  powered;              /* how often it lost its power: what it was sending then is lost */
	uint8_t   flags;
};

/* A message on its way: being sent, on its way to the hub (or from it), or behind it. */
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

/* A multicast to a class, and who of it listens. */
struct local_listener {
	uint32_t breaks;                /* of its hub when it began */
	uint16_t powered;               /* as local_device's */
	bool     member, hears;
};
struct local_cast {
	struct multicast m;
	struct local_listener *listener;        /* by row within the class */
	uint32_t room, first;           /* listeners; the class's first device */
	uint32_t hubs;                  /* that still send; 0: over */
	uint32_t session;               /* numbers its draws */
};
enum { LOCAL_CASTS = 64 };              /* at a time */

enum local_loss {
	LOCAL_TOO_LARGE, LOCAL_NO_COVERAGE, LOCAL_HUB_DOWN, LOCAL_ATTEMPTS, LOCAL_POWER, LOCAL_BACKHAUL, LOCAL_LEFT, LOCAL_LOSSES
};

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
	struct local_cast *cast[LOCAL_CASTS];
	uint32_t n_casts, casts_begun;
	uint16_t kind_hub, kind_device, kind_again, kind_job, kind_cast;
	/* counts: of the whole run, and from the warm-up on */
	uint64_t taken[2], arrived[2], lost[2][LOCAL_LOSSES];   /* up, down */
	uint64_t messages, attempts, heard, heard_bytes;
	struct tally delay, association;        /* s */
	uint64_t covered, served;
};

extern const struct model local_link_model;

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

/* What a transmission takes of the hub's medium, beside the share that background traffic has. */
simtime_t local_air_up(const struct local *l, const struct local_hub *h, uint32_t bytes, simtime_t *alone);
simtime_t local_air_down(const struct local *l, const struct local_hub *h, uint32_t bytes, simtime_t *alone);

/* local_send.c */
extern const struct network_ops local_ops;
void local_send_handlers(struct sim *s, struct local *l);
uint64_t local_in_work(const struct local *l, bool down, enum purpose p);

/* local_join.c */
void local_join_handlers(struct sim *s, struct local *l);
void local_attach(struct sim *s, void *net, uint32_t device);
void local_detach(struct sim *s, void *net, uint32_t device);
void local_authenticated(struct sim *s, void *net, uint32_t device, bool granted);
/* The hub or its backhaul may have changed: devices lose or regain their way out. */
void local_hub_changed(struct sim *s, struct local_hub *h);

/* local_cast.c */
void local_cast_handlers(struct sim *s, struct local *l);
void local_multicast(struct sim *s, void *net, const struct multicast *m);
void local_background(struct sim *s, void *net, uint32_t device, double change);

/* local_account.c */
enum { LOCAL_KPIS = 6, LOCAL_SECTIONS = 2 };
extern const struct kpi_def local_kpis[LOCAL_KPIS];
extern const struct section local_sections[LOCAL_SECTIONS];
void local_account_finish(struct sim *s, const struct local *l);
void local_audit(struct sim *s, struct local *const *all, uint32_t n);

#endif
