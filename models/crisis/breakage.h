/*
 * breakage - assets that a hazard takes out of work for a while, and how they come back.
 *
 * Shared by hazards that name what fails instead of how strong something is felt: a power outage, cut links.  Which assets are
 * meant: those of a kind, of an element, in districts, around a place, and of these a share that is drawn by each asset's key.
 * They come back all at once, or each by its own draw of a law.
 */
#ifndef MODELS_CRISIS_BREAKAGE_H
#define MODELS_CRISIS_BREAKAGE_H

#include "models/crisis/hazard.h"
#include "models/network/asset.h"

enum breakage_law { BREAKAGE_EXPONENTIAL, BREAKAGE_LOG_NORMAL };
extern const char *const breakage_laws[];

/* First in the parameters of such a hazard, so that BREAKAGE_ROWS, the hazard's among them, may stand in its table. */
struct breakage_params {
	struct hazard_params hazard;
	double share;
	const char *districts;
	struct position centre;
	double radius;
	simtime_t lasts;        /* SIM_NEVER: each has its own time */
	simtime_t restoration;  /* mean of that */
	int law;
	double variation;
};
#define BREAKAGE_ROWS(S) \
	HAZARD_ROWS(struct hazard_params), \
	RATIO(S, share, "100%", "0%", "100%", "of those that are meant, drawn at random", NULL), \
	TEXT(S, districts, "", "ids of the districts in which they stand, with blanks between; absent: anywhere", NULL), \
	POSITION(S, centre, "", "around which they stand; absent: anywhere"), \
	LENGTH(S, radius, "", "1m", "10000km", "around the centre", NULL), \
	TIME(S, lasts, "", "1ms", "200yr", "until all are back at once", NULL), \
	TIME(S, restoration, "", "1ms", "10yr", \
	     "instead of lasts: each is back after a time of its own, of this mean; the hazard counts as over when 99 of 100 are", NULL), \
	CHOICE(S, law, "exponential", breakage_laws, "of these times", NULL), \
	NUMBER(S, variation, "1", "0.01", "10", "standard deviation ÷ mean of a log-normal restoration", NULL)

/* For load hooks. */
void breakage_check(const struct scenario *sc, const struct node *n, struct diag *d, const struct breakage_params *p);

/* Drawn in a hazard's draw(): sets o->own and o->end.  element NULL: of any. */
bool breakage_draw(struct sim *s, const struct scenario *sc, struct occurrence *o, const struct breakage_params *p,
		   enum asset_kind kind, const struct node *element);
/* A hazard's begin(): breaks them, and has them come back. */
void breakage_begin(struct sim *s, const struct occurrence *o);
/* A hazard's outline(): the circle; none without a radius. */
size_t breakage_outline(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap);

/* A time until one is back, s, where each has its own. */
double breakage_time(const struct breakage_params *p, struct rng *r);

#endif
