/*
 * wake - what comes in the wake of a hazard: elements of <crisis> that begin some time after an onset.
 */
#ifndef MODELS_CRISIS_WAKE_H
#define MODELS_CRISIS_WAKE_H

#include "models/crisis/crisis.h"
#include "models/device/device.h"

/* First in the parameters of such an element, so that WAKE_ROWS may stand in its table. */
struct wake_params {
	const struct node *hazard;
	simtime_t delay;
	const char *level;
	const struct node *class;
};
#define WAKE_ROWS(S, what) \
	REF(S, hazard, "", HAZARD_ELEMENTS, "at each of whose onsets it begins; absent: of every hazard"), \
	TIME(S, delay, "0s", "0s", "10yr", "from the onset", NULL), \
	TEXT(S, level, "", "only devices where the hazard gets at least as strong as this, in its own unit; absent: all", NULL), \
	REF(S, class, "", "device-class", "whose devices " what "; absent: all that have <traffic>")

/* An occurrence as it begins for an element: read by the filter below. */
struct wake {
	const struct node *element;
	const struct wake_params *p;
	const struct occurrence *o;
	const struct devices *dev;
	double level;                   /* NaN: none */
	uint64_t key;                   /* of draws */
};

/* For load hooks. */
void wake_check(const struct node *n, struct diag *d);

/* In set-up: `fn` is called for each element of the model so long after each onset that it is about. */
typedef void wake_fn(struct sim *s, const struct wake *w);
void wake_setup(struct sim *s, const struct scenario *sc, const struct model *model, wake_fn *fn);
/* Whether the device is one of those that it is about, by the level: ctx is a struct wake. */
bool wake_takes(const struct sim *s, void *ctx, uint32_t device);

#endif
