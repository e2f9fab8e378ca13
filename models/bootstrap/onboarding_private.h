/*
 * onboarding_private - devices that run protocols with servers: what the files of this subject share.
 *
 *   onboarding.c          <onboarding>, its parameters; classes' sequences of exchanges, made from the protocols' flights
 *   onboarding_run.c      a device's way through them, over its network
 *   onboarding_join.c     the same where the network's own join carries it
 *   onboarding_life.c     when a device begins, is cut off, and must be onboarded again
 *   onboarding_server.c   <onboarding-server>, <outage>: who answers, and whom it turns away
 *   onboarding_account.c  who came how far, storms, series       onboarding_report.c  KPIs and audits
 *
 * An exchange is a flight of the device and that of a server that answers it, if one does.  It has a number that messages carry, so
 * that what comes late is dropped.
 */
#ifndef MODELS_BOOTSTRAP_ONBOARDING_PRIVATE_H
#define MODELS_BOOTSTRAP_ONBOARDING_PRIVATE_H

#include "models/bootstrap/onboarding.h"
#include "models/bootstrap/protocol.h"
#include "models/bootstrap/repository.h"
#include "models/device/group.h"
#include "models/network/server.h"

/* ---- onboarding_server.c ---- */

struct onboarding_server_params {
	struct server_params server;
	const char *roles;
	double rate_limit;              /* 1/s; NaN: none */
	uint64_t burst;
	simtime_t retry_after;          /* SIM_NEVER: it turns away without a word */
	uint64_t refusal;               /* B */
};

struct onboarding_server {
	const struct onboarding_server_params *p;
	const struct node *element;
	struct server *server;
	server_done_fn *done;
	void *ctx;
	double tokens;                  /* of the rate limit, at `filled` */
	simtime_t filled;
	unsigned closed;                /* <outage>s in force */
	uint64_t asked, answered, lost_down, refused_full, refused_rate;
	uint32_t most;                  /* requests waiting or in service, since the series' last point */
	uint32_t peak;                  /* the same, of the whole run */
};

/* In set-up; done: a request has been served. */
bool onboarding_servers_new(struct sim *s, const struct scenario *sc, server_done_fn *done, void *ctx);
void onboarding_servers_start(struct sim *s);
struct onboarding_server *onboarding_servers(const struct sim *s, uint32_t *n);
/* The server that plays a role for a class: the one that the class names, if it does, else the scenario's.  NULL: nobody.
 * *several: more than one could. */
const struct node *onboarding_server_for(const struct scenario *sc, enum protocol_role role, const struct node *named,
					 bool *several);
struct onboarding_server *onboarding_server_of(const struct sim *s, const struct node *element);     /* NULL for NULL */
/* FATE_DELIVERED: taken; FATE_PLATFORM: it is down, nothing answers; FATE_QUEUE_FULL: turned away. */
enum fate onboarding_server_ask(struct sim *s, struct onboarding_server *v, uint64_t device_key, const struct message *m);

/* ---- onboarding.c ---- */

struct onboarding_params {
	const char *method, *compute;
	const struct node *server;
	uint64_t voucher_entries, service_info, fragments;
	simtime_t timeout;
	double timeout_random;
	uint64_t retries, window;
	simtime_t poll;
	uint64_t poll_bytes;
	int human_law;
	double human_variation;
	simtime_t spread, retry_min, retry_max;
	uint64_t attempts;
	int keeps;
	simtime_t validity;
	int64_t expires;
};
enum human_law { HUMAN_EXPONENTIAL, HUMAN_LOG_NORMAL, HUMAN_FIXED };
enum keeps { KEEPS_NOTHING, KEEPS_BOOTSTRAP, KEEPS_ALL };

/* One of a class's methods. */
struct method {
	const struct onboarding_params *p;
	const struct protocol *protocol;
	const struct compute_profile *compute;
	simtime_t timeout, timeout_most;
	unsigned retries;
	double mu, sigma;               /* of the log-normal law of a person's step, of mean 1 */
};

struct exchange {
	const struct method *method;
	struct onboarding_server *server, *behind;      /* NULL: answers at once; NULL: it asks nobody */
	uint8_t  phase;
	bool     polls;                 /* again until the person is done */
	uint32_t up, down;              /* B; down 0: nothing answers */
	simtime_t before, after;        /* of cryptography */
	simtime_t human, pause;
};

/* What the devices of a class go through. */
struct sequence {
	const struct device_class *class;
	const struct method *method;            /* in order */
	uint32_t n_methods;
	const struct exchange *exchange;
	uint16_t n, n_first;                    /* all; those of the first phase */
	uint16_t n_join;                        /* those that the network's own join carries */
	uint32_t works;                         /* of servers, for an onboarding without losses */
	struct boarding *row;                   /* by row within the class */
};

/* Where a device stands. */
enum stage {
	STAGE_IDLE,             /* nothing under way: onboarded, or not on its network */
	STAGE_WAITS,            /* to begin an attempt */
	STAGE_ACTS,             /* computes, pauses or waits for a person before it sends */
	STAGE_SENDS,            /* its flight is on its way */
	STAGE_AT_SERVER,        /* the server has it, or has lost it */
	STAGE_RECEIVES,         /* the answer is on its way */
	STAGE_ENDS,             /* computes what it has received */
	STAGE_GAVE_UP
};

struct boarding {
	simtime_t begun;                /* power-on, or when it had to be onboarded again */
	simtime_t until;                /* a person's step is over */
	uint32_t  number;               /* of the exchange */
	uint16_t  at;                   /* index of the exchange: those before it are done */
	uint16_t  left, out;            /* pieces of the flight: not handed over yet; handed over and not answered */
	uint16_t  generation;           /* of its timers */
	uint8_t   stage;
	uint8_t   transmission : 4;     /* of the exchange, from 0 */
	uint8_t   lost : 1;             /* a piece of the flight is */
	uint8_t   handing : 1;          /* it is being handed over: what is answered at once does not hand over more */
	uint8_t   trying : 1;           /* an attempt is under way */
	uint8_t   progress : 1;         /* a piece of the answer has come since the timer was set */
	uint8_t   failures;             /* attempts in a row */
	uint8_t   credential : 6;       /* how often onboarded, for the timer of the last one's end */
	uint8_t   bootstrapped : 1;     /* what it got in the second phase still holds */
	uint8_t   spread : 1;           /* since it powered on, it has waited for its turn */
};
_Static_assert(sizeof(struct boarding) == 32, "a device's onboarding is half a cache line");

/* ---- onboarding_account.c ---- */

enum attempt_end { ATTEMPT_OK, ATTEMPT_TIMED_OUT, ATTEMPT_REFUSED, ATTEMPT_CUT, ATTEMPT_ENDS };

/* By cell. */
struct boarding_counts {
	uint64_t begun, ended[ATTEMPT_ENDS], again, polls;
	uint64_t flights, whole, broken;        /* over the network; arrived; given up, repeated or overtaken */
	uint64_t joined;                        /* flights that networks' joins carried */
	uint64_t sent, answered, lost, late;    /* messages handed to the network; delivered; lost; and what came late */
	uint64_t useful;                        /* work of servers for attempts that succeeded */
	double   bytes, energy;
	struct histogram *time;                 /* ns */
};

/* Power returns to many at once. */
struct storm {
	simtime_t instant;              /* of the last power-on */
	uint32_t  at_instant;           /* devices that powered on then */
	uint32_t  devices;              /* that are ever onboarded */
	uint32_t  powered, operational; /* now */
	simtime_t began;                /* of the last storm; SIM_NEVER: none yet */
	uint8_t   reached;              /* of its thresholds */
	uint32_t  storms, censored[2];
	struct tally recovery[2];       /* s, to 90 and 99 % */
};

struct onboarding {
	const struct scenario *sc;
	struct devices *dev;
	const struct groups *groups;
	struct sequence **of_class;     /* NULL: its devices need none */
	struct boarding_counts *cell;
	struct storm storm;
	uint32_t under_way, most_under_way, peak_under_way;     /* attempts: now, in this bin, ever */
	uint32_t asked;                         /* the device whose hook is being asked; it answers for itself */
	simtime_t bin;
	uint32_t n_bins, bins_done;
	uint32_t *point;                /* n_bins x (servers + 1): devices under way, then requests at each server; the most */
	uint16_t kind_act, kind_timer, kind_poll, kind_expire, kind_expire_all, kind_bin, kind_warmup;
};

static inline struct boarding *boarding_of(const struct onboarding *o, uint32_t i)
{
	const struct sequence *q = o->of_class[o->dev->class_of[i]];

	return q ? &q->row[i - q->class->first] : NULL;
}
static inline struct boarding_counts *counts_of(const struct onboarding *o, uint32_t i)
{
	return &o->cell[o->dev->cell[i]];
}

void attempts_begin(struct sim *s, struct onboarding *o, uint32_t i);
void attempts_end(struct sim *s, struct onboarding *o, uint32_t i, enum attempt_end how);
void attempts_state(const struct sim *s, struct onboarding *o, enum device_state from, enum device_state to);
bool attempts_setup(struct sim *s, struct onboarding *o);
void attempts_start(struct sim *s, struct onboarding *o);
void attempts_finish(const struct sim *s, struct onboarding *o);

/* ---- onboarding_run.c, onboarding_join.c ---- */

/* What messages carry: number of the exchange, whether the server turns it away, transmission. */
enum { TRANSMISSION_MOST = 15, CONTEXT_REFUSAL = 16, CONTEXT_SHIFT = 5, NUMBER_MOST = (1 << 26) - 1 };
static inline uint32_t context_of(const struct boarding *b)
{
	return b->number << CONTEXT_SHIFT | b->transmission;
}
#define CONTEXT_POLL UINT32_MAX         /* an empty message that lets an answer come */
#define CONTEXT_MOVE (UINT32_MAX - 1)   /* a device at work that joins another of its networks */

void run_setup(struct sim *s, struct onboarding *o);
void run_served(struct sim *s, void *ctx, const struct message *m);     /* at a server */
/* What is under way is void: timers, messages, work of servers. */
void run_void(struct onboarding *o, uint32_t i);
/* The attempt has failed: try again later, or give up.  least: not before. */
void run_fail(struct sim *s, struct onboarding *o, uint32_t i, enum attempt_end how, simtime_t least);
/* Begin the exchange that is next. */
void run_next(struct sim *s, struct onboarding *o, uint32_t i);
/* Computes for so long: charged, and the device is awake meanwhile. */
void run_compute(struct sim *s, const struct onboarding *o, uint32_t i, const struct exchange *x, simtime_t lasts);
/* A server that plays the exchange's role is asked; m.route 1: the one behind it. */
enum fate run_ask(struct sim *s, const struct onboarding *o, const struct exchange *x, const struct message *m);
void join_ask(struct sim *s, void *ctx, uint32_t i);
/* true: the message was of a join. */
/* Nobody vouches for the device that its server has looked up: a join that the network carries has failed. */
void join_refused(struct sim *s, struct onboarding *o, uint32_t i);
bool join_served(struct sim *s, struct onboarding *o, const struct message *m);

/* ---- onboarding_life.c ---- */

/* In set-up: hooks, changes of state, the end of credentials. */
void boarding_life_setup(struct sim *s, struct onboarding *o);
void boarding_life_start(struct sim *s, const struct onboarding *o);
void boarding_begin(struct sim *s, struct onboarding *o, uint32_t i);   /* an attempt, or its second phase */
/* A phase is done: the device goes on as far as it is admitted. */
void boarding_go_on(struct sim *s, const struct onboarding *o, uint32_t i);

/* ---- onboarding_report.c ---- */

enum onboarding_kpi {
	KPI_SUCCESS, KPI_TIME_P50, KPI_TIME_P95, KPI_BYTES, KPI_ENERGY, KPI_ATTEMPTS, KPI_RETRANSMISSIONS, KPI_REFUSED, KPI_GAVE_UP,
	KPI_SERVER_WAITING, KPI_SERVER_PEAK, KPI_SERVER_BUSY, KPI_GOODPUT, KPI_RECOVERY_90, KPI_RECOVERY_99, KPI_QUEUE, KPI_UNDER_WAY,
	ONBOARDING_KPIS
};
enum { ONBOARDING_SECTIONS = 3 };
extern const struct kpi_def onboarding_kpis[ONBOARDING_KPIS];
extern const struct section onboarding_sections[ONBOARDING_SECTIONS];
void onboarding_report(struct sim *s, const struct onboarding *o);

#endif
