/*
 * device - the device table: every device of a replication, by rows; classes; life; energy.
 *
 * Devices of one class are contiguous rows.  Columns are public to read; only this folder writes them, but for the
 * columns' named owners.
 */
#ifndef MODELS_DEVICE_DEVICE_H
#define MODELS_DEVICE_DEVICE_H

#include "models/city/city.h"

/* The life of a device, one state machine for the whole house (drawn in life.c). */
enum device_state {
	/* before it is in the field */
	DEVICE_MANUFACTURED,    /* made, or to be made: it is not yet its turn in the roll-out */
	DEVICE_IDENTIFIED,      /* has an identifier that a repository vouches for, where its class asks for one */
	DEVICE_ASSESSED,        /* its product has been assessed against the baseline, where that is asked for */
	DEVICE_ADMITTED,        /* the deployment gate lets it pass */
	/* in the field */
	DEVICE_DEPLOYED,        /* without power */
	DEVICE_POWERED,         /* joining its network */
	DEVICE_ATTACHED,        /* its network carries what onboards it, and nothing else */
	DEVICE_AUTHENTICATED,
	DEVICE_BOOTSTRAPPED,    /* holds the credentials with which it will work */
	DEVICE_OPERATIONAL,
	DEVICE_SUSPENDED,       /* its credentials do not hold any more: to be onboarded again */
	DEVICE_COMPROMISED,     /* works, and does somebody else's bidding */
	DEVICE_QUARANTINED,     /* on the network, which carries nothing but updates and onboarding for it */
	DEVICE_EXHAUSTED,       /* battery empty */
	DEVICE_RETIRED,         /* out of the field for good */
	DEVICE_STATES
};
static inline bool device_in_field(unsigned state)
{
	return state >= DEVICE_DEPLOYED && state != DEVICE_RETIRED;
}
static inline bool device_is_powered(unsigned state)
{
	return state >= DEVICE_POWERED && state <= DEVICE_QUARANTINED;
}
/* A network has attached it. */
static inline bool device_on_network(unsigned state)
{
	return state >= DEVICE_ATTACHED && state <= DEVICE_QUARANTINED;
}
/* It takes and sends its readings. */
static inline bool device_works(unsigned state)
{
	return state == DEVICE_OPERATIONAL || state == DEVICE_COMPROMISED;
}
const char *device_state_name(enum device_state st);

/* Radio and processing states that draw energy. */
enum energy_state { ENERGY_SLEEP, ENERGY_IDLE, ENERGY_RX, ENERGY_TX, ENERGY_CPU, ENERGY_STATES };

/* A <device-class>, as the scenario gives it; one per class of the scenario. */
struct device_class {
	const struct node *node;
	const char *id, *vertical;      /* vertical "" when none */
	uint32_t    index;
	uint32_t    first, count;       /* rows */
	double      height;             /* antenna, m */
	double      gain_db;            /* antenna gain less losses */
	simtime_t   service_life;       /* in the field; SIM_NEVER: for good */
	bool        moves;              /* some of its devices do: ask device_position (mobility.h) */
	/* electrical, from <battery> and <power>: */
	bool        battery;            /* else mains */
	double      usable_j;           /* capacity x usable share */
	double      voltage;            /* V */
	double      sleep_w, idle_w, rx_w, cpu_w;
	double      self_discharge_w;
	uint32_t    n_tx;               /* draw by radiated power, ascending: see device_tx_draw_w */
	const double *tx_dbm, *tx_w;
	/* rows by <deploy>: d->parts[part .. part + n_parts - 1] */
	uint32_t    part, n_parts;
};
/* Transmit power draw in W at a radiated power of p_dbm: interpolated in the table of the class's chip, the lowest row below
 * it, and growing with the radiated power (efficiency of the highest row) above it. */
double device_tx_draw_w(const struct device_class *c, double p_dbm);

/* Rows that one <deploy> placed; the key of row i is key + (i - first). */
struct device_part {
	uint32_t first, count;
	uint64_t key;
	const struct node *node;
};

struct devices {
	uint32_t  n;
	uint32_t  n_classes;
	struct device_class *classes;
	/* columns, n rows each */
	float    *x, *y;                /* m; of what moves: where it began */
	uint16_t *class_of;
	int16_t  *district;             /* -1: none */
	uint8_t  *indoor;
	uint8_t  *state;                /* enum device_state */
	uint16_t *cell;                 /* group cell: see group.h */
	struct device_part *parts;      /* in the order of rows */
	uint32_t  n_parts;
	/* private to device/ */
	void     *impl;
};

struct devices *devices_of(const struct sim *s);
/* Whether a class only stands in a library for others to take after, and lacks what they add. */
bool device_is_template(const struct node *class_node);
/* Devices that a scenario deploys of a class: for checks while loading, after <deploy> has loaded. */
uint32_t device_count(const struct scenario *sc, const struct node *class_node);

/* The key of a device's random streams: its deploy element's key + its index there.  The element's key follows from its id,
 * or else from the class's id and its place among the class's deploys, so that another class changes nothing. */
static inline uint64_t device_key(const struct devices *d, uint32_t i)
{
	const struct device_class *c = &d->classes[d->class_of[i]];
	const struct device_part *p = &d->parts[c->part];

	while (i - p->first >= p->count)
		p++;
	return p->key + (i - p->first);
}

/* Charge energy of a state; watts x duration, inlined by the caller as joules.  Adds to the device and to the account of its
 * cell and state; for `duration` it did not sleep.  A battery that runs empty takes the device down (state EXHAUSTED) by
 * an event at this moment, after the one being handled. */
void device_charge(struct sim *s, struct devices *d, uint32_t i, enum energy_state st, double joules, simtime_t duration);
/* What a device has drawn since the warm-up, sleep and self-discharge included, J; and the time it was powered, s. */
double device_energy_j(const struct sim *s, uint32_t i);
double device_powered_s(const struct sim *s, uint32_t i);
/* Radio and processing energy of a cell since the warm-up, J. */
double device_active_j(const struct sim *s, uint32_t cell);

/* Events of this kind, by device, charge it and look at its state: those columns are fetched ahead. */
void device_touches(struct sim *s, const struct devices *d, uint16_t kind);

/* Life.  Signals go to subscribers in the order of subscription (models.c order, in set-up). */
enum device_signal { DEVICE_UP, DEVICE_JOINED, DEVICE_WENT_OPERATIONAL, DEVICE_WENT_DOWN, DEVICE_SIGNALS };
typedef void device_signal_fn(struct sim *s, void *ctx, uint32_t device);
void device_subscribe(struct sim *s, enum device_signal sig, device_signal_fn *fn, void *ctx);

/* Told after every change of a device's state, in the order of subscription. */
typedef void device_change_fn(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to);
void device_watch(struct sim *s, device_change_fn *fn, void *ctx);

/* A network has attached the device: POWERED -> ATTACHED, and on as far as it is admitted.  Of no effect but the signal
 * DEVICE_JOINED, which comes first, on a device that is on a network: it has moved to that network from another. */
void device_attached(struct sim *s, uint32_t i);
/* Power is cut or returns.  Of no effect on a device that is not in the field or exhausted. */
void device_power(struct sim *s, uint32_t i, bool on);

/* Admission hooks, asked before a device enters a state up to OPERATIONAL, in the order of registration; the first refusal
 * counts.  (Of ATTACHED: before the network begins.)  A device that is refused stays in the state before, until device_retry()
 * asks again.  A hook may begin what will take time (a handshake), refuse, and retry when that is over; it must not move the
 * device. */
typedef bool device_admit_fn(struct sim *s, void *ctx, uint32_t device);
void device_admission(struct sim *s, enum device_state before, device_admit_fn *fn, void *ctx);
void device_retry(struct sim *s, uint32_t i);

/* What befalls a device that has been operational: `to` is OPERATIONAL (cured, released), SUSPENDED, COMPROMISED, QUARANTINED,
 * ATTACHED (to be onboarded again: goes on as far as it is admitted) or RETIRED.  false: no such way leads from its state, and
 * nothing happens. */
bool device_move(struct sim *s, uint32_t i, enum device_state to);

/* In set-up: lives will be out of the ordinary (by device_move()), so that the ways they take are counted and reported.  Admission
 * hooks, but for that of power, and a service life imply it. */
void device_follow(struct sim *s);

/* The models of this folder: <device-class>, <battery>, <power>, <deploy>. */
extern const struct model device_class_model, battery_model, power_model, deploy_model;

#endif
