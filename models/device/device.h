/*
 * device - the device table: every device of a replication, by rows; classes; life; energy.
 *
 * Devices of one class are contiguous rows.  Columns are public to read; only this folder writes them, but for the
 * columns' named owners.
 */
#ifndef MODELS_DEVICE_DEVICE_H
#define MODELS_DEVICE_DEVICE_H

#include "models/city/city.h"

enum device_state {
	DEVICE_PLANNED,         /* deployed later (roll-out) */
	DEVICE_ATTACHING,       /* powered, joining its network */
	DEVICE_OPERATIONAL,
	DEVICE_DOWN,            /* no power */
	DEVICE_EXHAUSTED,       /* battery empty */
	DEVICE_STATES
};
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
	float    *x, *y;                /* m */
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
enum device_signal { DEVICE_UP, DEVICE_ATTACHED, DEVICE_WENT_OPERATIONAL, DEVICE_WENT_DOWN, DEVICE_SIGNALS };
typedef void device_signal_fn(struct sim *s, void *ctx, uint32_t device);
void device_subscribe(struct sim *s, enum device_signal sig, device_signal_fn *fn, void *ctx);

/* A network has attached the device: ATTACHING -> OPERATIONAL.  Of no effect but the signal DEVICE_ATTACHED, which comes first, on
 * a device that is operational: it has moved to that network from another. */
void device_attached(struct sim *s, uint32_t i);
/* Power is cut or returns.  Of no effect on a device that is not deployed yet or exhausted. */
void device_power(struct sim *s, uint32_t i, bool on);

/* Admission hooks: asked in the order of registration; the first refusal counts.  A device that is refused stays where it is:
 * planned (DEPLOY), down (POWER), attaching without network (ATTACH), attached but not operational (OPERATE), until
 * device_retry() asks again for the step at which it stopped. */
enum device_step { DEVICE_STEP_DEPLOY, DEVICE_STEP_POWER, DEVICE_STEP_ATTACH, DEVICE_STEP_OPERATE, DEVICE_STEPS };
typedef bool device_admit_fn(struct sim *s, void *ctx, uint32_t device);
void device_admission(struct sim *s, enum device_step step, device_admit_fn *fn, void *ctx);
void device_retry(struct sim *s, uint32_t i, enum device_step step);

/* The models of this folder: <device-class>, <battery>, <power>, <deploy>. */
extern const struct model device_class_model, battery_model, power_model, deploy_model;

#endif
