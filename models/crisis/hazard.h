/*
 * hazard - what every kind of hazard offers: when it happens, and how strong it is where and when.
 *
 * A kind of hazard is one file with one `struct hazard_type`, listed in hazards.c.  Its intensity is in the unit in which its
 * thresholds are given (m of water, m/s of wind, m/s2 of shaking).  Occurrences are deterministic once drawn: intensity, peak
 * and arrival are functions of place and time, so that nobody has to step through a hazard's course.
 */
#ifndef MODELS_CRISIS_HAZARD_H
#define MODELS_CRISIS_HAZARD_H

#include "models/city/city.h"
#include "sim/kernel/sim.h"

struct hazard_type;

/* One happening of a hazard element. */
struct occurrence {
	const struct node *element;
	const struct hazard_type *type;
	uint32_t  number;               /* among all of the replication, by onset */
	uint64_t  key;                  /* of its draws: follows from the element and its place among that element's own */
	simtime_t onset, end;           /* end may be beyond the run; before draw(): of the one in whose wake it comes, else the onset */
	void     *own;                  /* of the type: what it drew */
};

/* First in the parameters of every hazard, so that HAZARD_ROWS may stand in its table. */
struct hazard_params {
	simtime_t at;                   /* SIM_NEVER: by rate, or after another */
	double    rate;                 /* 1/s */
	const struct node *after;
	simtime_t delay;                /* after the onset of that */
	double    probability;          /* that it happens at all, each time */
};
/* The elements that a hazard may come after, and that sensors, fragilities, warnings name.  A new kind is added here and in
 * hazards.c. */
#define HAZARD_ELEMENTS \
	"flood earthquake cyclone power-outage backhaul-cut epidemic wildfire tsunami landslide heat denial-of-service " \
	"supply-disruption jamming"
#define HAZARD_ROWS(S) \
	TIME(S, at, "", "0s", "200yr", "time of the run at which it happens", NULL), \
	RATE(S, rate, "", "0/yr", "1000/s", "at which it happens at random, instead of a fixed time", NULL), \
	REF(S, after, "", HAZARD_ELEMENTS, "hazard in whose wake it comes, instead of a fixed time"), \
	TIME(S, delay, "0s", "0s", "200yr", "from the onset of that hazard", NULL), \
	RATIO(S, probability, "100%", "0%", "100%", "that it happens, each time that it would", NULL)

/* What a kind of hazard is.  NULL where a function has no meaning for it: one without intensity() is felt nowhere (a cut of a
 * link, an attack), and acts through begin() and end() alone. */
struct hazard_type {
	const struct model *model;
	enum dimension unit;            /* of its intensity */
	const char *measure;            /* "water level": what that is */
	/* In set-up, after onset and key are known: draw what is its own into o->own and set o->end (> onset).  false: sim_fail. */
	bool (*draw)(struct sim *s, const struct scenario *sc, struct occurrence *o);
	/* At a place and time; 0 before its onset and after its end. */
	double (*intensity)(const struct occurrence *o, struct point at, simtime_t t);
	/* The largest over its course. */
	double (*peak)(const struct occurrence *o, struct point at);
	/* When it first reaches `level` (> 0) there; SIM_NEVER: it does not. */
	simtime_t (*reach)(const struct occurrence *o, struct point at, double level);
	/* Where it is now, for maps: a ring of at most `cap` points; 0: it has no outline. */
	size_t (*outline)(const struct occurrence *o, simtime_t t, struct point *ring, size_t cap);
	/* At onset and end: what it does through the calls of other models. */
	void (*begin)(struct sim *s, const struct occurrence *o);
	void (*finish)(struct sim *s, const struct occurrence *o);
	/* When what announces it arrives there, before it can reach any level (the P wave of an earthquake).  NULL: nothing does. */
	simtime_t (*herald)(const struct occurrence *o, struct point at);
};

/* All kinds, in the order of hazards.c; NULL at the end. */
extern const struct hazard_type *const hazard_types[];
/* By element name ("flood"); NULL: there is none. */
const struct hazard_type *hazard_type_of(const char *element);
/* For load hooks: what all hazards check of themselves (one of at, rate, after; nothing after itself). */
void hazard_check(const struct scenario *sc, const struct node *n, struct diag *d);
/* For load hooks: a level in the unit of a kind of hazard, from the text of an attribute; NaN after a diagnostic. */
double hazard_level(const struct node *n, struct diag *d, const char *attribute, const struct hazard_type *type, const char *text);

#endif
