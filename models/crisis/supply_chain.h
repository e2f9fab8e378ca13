/*
 * supply_chain - <supply-chain>: stocks, orders and shipments from a supplier to those who need the goods.
 *
 * What the response needs (fuel, spares) may come from the end of a chain whose item it names.
 */
#ifndef MODELS_CRISIS_SUPPLY_CHAIN_H
#define MODELS_CRISIS_SUPPLY_CHAIN_H

#include "models/crisis/hazard.h"

/* Whether so many units of an item are in stock at the end of its chain; true where no chain has the item: then it is not scarce. */
bool supply_available(const struct sim *s, const char *item, double amount);

/* Take them: they count as demand of the chain's customers.  false: they are not there, nothing is taken, and the demand counts as
 * not filled.  true where no chain has the item. */
bool supply_take(struct sim *s, const char *item, double amount);

/* A disruption of a stage begins or ends: it ships `share` of what it could (0: nothing).  Several multiply. */
void supply_disrupt(struct sim *s, const struct node *stage, double share, bool begins);

extern const struct model supply_chain_model, supply_stage_model;

#endif
