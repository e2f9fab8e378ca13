/*
 * supply_chain - <supply-chain>: stocks, orders and shipments from a supplier to those who need the goods.
 *
 * What the response needs (fuel, spares) may come from the end of a chain whose item it names.
 */
#ifndef MODELS_CRISIS_SUPPLY_CHAIN_H
#define MODELS_CRISIS_SUPPLY_CHAIN_H

#include "models/crisis/hazard.h"

/* Units of an item that are in stock at the end of its chain, 0 while that is closed; infinite where no chain has the item: then it
 * is not scarce. */
double supply_stock(const struct sim *s, const char *item);

/* Take them: they count as demand of the chain's customers.  false: they are not there, nothing is taken, and the demand counts as
 * not filled.  true where no chain has the item. */
bool supply_take(struct sim *s, const char *item, double amount);
/* Take what was refused before: it is no demand once more. */
bool supply_take_late(struct sim *s, const char *item, double amount);

/* From start on: told when goods have come to the end of the item's chain, or it is opened again.  Of no effect without a chain. */
typedef void supply_came_fn(struct sim *s, void *ctx);
void supply_watch(struct sim *s, const char *item, supply_came_fn *fn, void *ctx);

/* A disruption of a stage begins or ends: it ships `share` of what it could (0: nothing).  Several multiply. */
void supply_disrupt(struct sim *s, const struct node *stage, double share, bool begins);

extern const struct model supply_chain_model, supply_stage_model;

#endif
