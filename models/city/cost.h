/*
 * cost - what parts cost, and how many of them there are.
 *
 * A <cost> stands in the element of a part and gives its prices.  The models of parts tell the ledger of a replication how
 * many units there are, what they carried and what mains energy they took; models/service/cost.c makes money of it.
 */
#ifndef MODELS_CITY_COST_H
#define MODELS_CITY_COST_H

#include "sim/scenario/scenario.h"

/* Of one unit.  NaN: costs nothing. */
struct cost_params {
	double    capex, installation;          /* money, at the start and whenever its lifetime is over */
	simtime_t labour;                       /* of its installation */
	simtime_t lifetime;                     /* SIM_NEVER: outlives the horizon */
	double    opex, subscription;           /* money/s */
	double    power;                        /* W of mains power, in operation all the time */
	double    per_message, per_byte;        /* money */
	double    battery;                      /* money for a new one */
	simtime_t visit;                        /* labour of putting it in */
};
extern const struct model cost_model;

/* The prices of a part; NULL: none are given. */
const struct cost_params *cost_of(const struct node *part);

/* What became of a part, over the replication's counted time (after the warm-up). */
struct cost_entry {
	const struct node *part;
	double             units;               /* how many it stands for */
	double             messages, bytes;     /* carried */
	double             energy_j;            /* mains energy besides <cost power> */
	double             fees;                /* money, owed for what was counted */
	double             once;                /* money, spent a single time */
	double             spectrum;            /* MHz that a licence is paid for */
};

/* For the models of parts, from set-up on and in their finish: more of a part.  Of no effect on a part without <cost>, so
 * that it is called for all. */
void cost_units(struct sim *s, const struct node *part, double units);
void cost_traffic(struct sim *s, const struct node *part, double messages, double bytes);
void cost_energy(struct sim *s, const struct node *part, double joules);
/* These are owed whether the part has a <cost> or not. */
void cost_fees(struct sim *s, const struct node *part, double money);
void cost_once(struct sim *s, const struct node *part, double money);
void cost_spectrum(struct sim *s, const struct node *part, double mhz);

/* All entries: one for each <cost> of the scenario in document order, then parts without that owe something; *n of them. */
const struct cost_entry *cost_entries(const struct sim *s, size_t *n);

#endif
