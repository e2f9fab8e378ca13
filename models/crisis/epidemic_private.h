/*
 * epidemic_private - the state of the epidemics of a replication.
 *
 *   epidemic.c          the elements, the hazard, days         epidemic_travel.c   who meets whom where
 *   epidemic_spread.c   infection, illness, recovery           epidemic_sense.c    sentinels, detection, measures
 *   epidemic_report.c   KPIs, series, audit
 */
#ifndef MODELS_CRISIS_EPIDEMIC_PRIVATE_H
#define MODELS_CRISIS_EPIDEMIC_PRIVATE_H

#include "models/crisis/crisis_private.h"
#include "models/crisis/epidemic.h"

enum epidemic_method { METHOD_AUTO, METHOD_EXACT, METHOD_TAU_LEAP };

struct epidemic_params {
	struct hazard_params hazard;
	simtime_t lasts;
	double reproduction;
	simtime_t incubation, infectious;
	uint64_t stages, seeds;
	const struct node *seed_district;
	double travel, distance_exponent;
	int method;
	uint64_t exact_below;
	simtime_t step;
	double fatality, absent;
	uint64_t agree;
};

struct travel_params {
	const struct node *from, *to;
	double share;
};

enum sentinel_kind { SENTINEL_WEARABLE, SENTINEL_THERMAL, SENTINEL_WASTEWATER, SENTINEL_CLINIC };

struct sentinel_params {
	int kind;
	double share, sensitivity, specificity, threshold, limit;
	uint64_t in_a_row;
	simtime_t period, delay, visit;
};

enum measure_after { AFTER_DETECTION, AFTER_ONSET };

struct measure_params {
	int after;
	simtime_t delay, lasts;
	double contacts;
};

/* The people of a district, or those of the city who live in none. */
struct folk {
	const char *id;                 /* NULL: of no district */
	uint32_t people, susceptible, recovered;
	uint32_t onsets;                /* who became infectious, ever */
	uint32_t exposed, infectious;   /* of all stages */
	uint32_t infected_peak;
	double   around;                /* people who are in the district at a time, visitors included */
};

struct sentinel {
	const struct sentinel_params *p;
	struct outbreak *of;
	struct rng chance;
	uint32_t *onsets, *waiting;     /* clinic, by district: seen so far; on their way to it */
	uint32_t in_a_row;
	bool caught, alarmed;           /* a sample has told; that is confirmed */
	uint64_t samples, false_alarms;
};

struct measure {
	const struct measure_params *p;
	bool in_force;
};
enum { SENTINELS_MAX = 200, MEASURES_MAX = 200 };       /* of one epidemic: an event's subject is its number x 256 + theirs */

/* One occurrence. */
struct outbreak {
	const struct epidemic_params *p;
	const struct node *element;
	struct epidemics *all;
	uint32_t number;
	simtime_t onset;
	struct folk *folk;
	uint32_t n, stages;
	uint32_t *exposed, *infectious; /* [district x stages + stage] */
	uint32_t people, susceptible, sum_exposed, sum_infectious, deaths, infected_peak;
	simtime_t peak_at;
	double *travel;                 /* [home x n + where]: share of the time; rows add up to 1 */
	double *host;                   /* [where x n + home]: chance that one met there lives here, added up */
	double *force;                  /* while leaping: [n] by place */
	double contact, progress, recover;      /* 1/s: contacts that would infect; leaving a stage */
	double contacts;                /* share that measures leave */
	bool exact;
	struct rng chance;
	uint16_t turn;                  /* of the pending event, where what it was drawn at has changed */
	uint64_t events;                /* infections met, stages left; steps of a leap */
	struct sentinel *sentinel;
	struct measure *measure;
	uint32_t n_sentinels, n_measures;
	simtime_t detected;             /* SIM_NEVER */
	/* growth: least squares of ln infected by day */
	double n_fit, sum_t, sum_y, sum_tt, sum_ty;
};

struct present_watch {
	epidemic_present_fn *fn;
	void *ctx;
	struct present_watch *next;
};

struct epidemics {
	struct outbreak **outbreak;
	uint32_t n;
	double present;
	struct present_watch *watches;
	simtime_t every;                /* of the series */
	uint16_t kind_next, kind_step, kind_day, kind_series, kind_sample, kind_confirmed, kind_measure, kind_lifted;
};

extern const struct kpi_def epidemic_kpis[];
enum {
	EPIDEMIC_PEAK, EPIDEMIC_ATTACK, EPIDEMIC_DETECTION, EPIDEMIC_DETECTED, EPIDEMIC_GROWTH, EPIDEMIC_PEAK_TIME, EPIDEMIC_DEATHS,
	EPIDEMIC_FALSE_ALARMS, EPIDEMIC_PRESENT, EPIDEMIC_PEOPLE, EPIDEMIC_SHARE, EPIDEMIC_KPIS
};

/* epidemic_travel.c: false: sim_fail. */
bool travel_draw(struct sim *s, const struct scenario *sc, struct outbreak *b);

/* epidemic_spread.c */
void spread_handlers(struct sim *s, struct epidemics *es);
void spread_begin(struct sim *s, struct outbreak *b);
void spread_contacts(struct sim *s, struct outbreak *b, double contacts);       /* measures change them */
uint32_t draw_binomial(struct rng *r, double p, uint32_t n);

/* epidemic_sense.c */
bool sense_draw(struct sim *s, struct outbreak *b, uint64_t key);
void sense_handlers(struct sim *s, struct epidemics *es);
void sense_begin(struct sim *s, struct outbreak *b);

/* epidemic_report.c */
void epidemic_fit(struct sim *s, struct outbreak *b);           /* once a day */
void epidemic_series(struct sim *s, const struct epidemics *es);
void epidemic_report(struct sim *s, const struct epidemics *es);

#endif
