/*
 * supply_chain_private - the state of all <supply-chain> of a replication.
 *
 *   supply_chain.c          the elements, set-up, disruptions      supply_chain_flow.c    demand, orders, shipments
 *   supply_chain_report.c   KPIs, series, audit
 */
#ifndef MODELS_CRISIS_SUPPLY_CHAIN_PRIVATE_H
#define MODELS_CRISIS_SUPPLY_CHAIN_PRIVATE_H

#include "models/crisis/crisis_private.h"
#include "models/crisis/supply_chain.h"
#include "sim/kernel/tally.h"

enum { DEMAND_DRAWS = RNG_PURPOSE('s', 'd', 'e', 'm'), STAGES_MAX = 64 };
enum supply_policy { POLICY_ORDER_UP_TO, POLICY_BASE_STOCK, POLICY_REORDER_POINT };

struct supply_chain_params {
	const char *item;
	double demand, deviation, visibility;
	simtime_t period;
};

struct supply_stage_params {
	int policy;
	uint64_t window;
	double level, reorder, safety, stock, capacity;
	simtime_t lead_time, lead_deviation;
	double staff;
};

struct supply_stage {
	const struct supply_stage_params *p;
	const struct node *element;
	struct supply_chain *chain;
	struct supply_stage *from, *to; /* NULL: the source, which has everything; the customers */
	double stock, owed, on_order;   /* owed: asked for by those downstream and not yet shipped */
	double open;                    /* share of what it could ship, by disruptions that leave some */
	uint32_t disruptions, closures; /* now; of them such that leave nothing */
	double ships;                   /* capacity left of this period */
	double *asked, *customers;      /* what was asked of it, and by the customers, in the last periods: rings of p->window */
	double sum_asked, sum_customers;
	struct rng chance;
	/* what came of it */
	double at_start, received, shipped, wanted, filled;
	struct tally orders;
};

struct supply_watch {
	supply_came_fn *fn;
	void *ctx;
	struct supply_watch *next;
};

struct supply_chain {
	const struct supply_chain_params *p;
	const struct node *element;
	struct supply_chains *all;
	struct supply_stage *stage;     /* from the supplier to the customers */
	uint32_t n, periods;
	double taken;                   /* by the response since the last period */
	struct supply_watch *watches;
	struct rng chance;
	struct tally demand;
	simtime_t disrupted, out, filled_again;         /* SIM_NEVER; first disruption, first and last want of customers after it */
};

struct shipment { struct supply_stage *to; double amount; uint32_t next; };

struct supply_chains {
	struct supply_chain *chain;
	uint32_t n;
	struct shipment *shipment;      /* under way, and slots that are free */
	uint32_t cap, n_shipments, free;        /* free: first free slot; NO_SLOT */
	double in_transit;
	uint16_t kind_period, kind_arrival;
};
enum { NO_SLOT = UINT32_MAX };

extern const struct kpi_def supply_kpis[];
enum { SUPPLY_FILL, SUPPLY_SURVIVE, SUPPLY_RECOVER, SUPPLY_BULLWHIP, SUPPLY_STOCK, SUPPLY_KPIS };

/* supply_chain_flow.c */
void flow_handlers(struct sim *s, struct supply_chains *cs);
double flow_level(const struct supply_stage *st);       /* up to which it orders */
void flow_tell(struct sim *s, const struct supply_stage *st);   /* those who wait, where it is the last stage and has something */

/* supply_chain_report.c */
void supply_series(struct sim *s, const struct supply_chain *c);
void supply_report(struct sim *s, const struct supply_chains *cs);

#endif
