/*
 * analysis - what a study says: responses at its points, effects of its factors, which points are best.
 *
 * Made from the values of all replications alone, in the order of points and replications, so that it is the same however the
 * study was computed.
 */
#ifndef SIM_STUDY_ANALYSIS_H
#define SIM_STUDY_ANALYSIS_H

#include "sim/study/outcome.h"
#include "sim/study/study.h"

/* The values of a response at a point, by replication number; NaN: failed, or nothing to count. */
struct values { const double *v; size_t n; };
struct study_data {
	struct values *at;              /* [point * n_responses + response] */
	size_t        *done, *failed;   /* per point: replications that finished, that failed */
};

/* A response at a point. */
struct point_result {
	struct interval value;          /* of the mean or the quantile; n: replications that have it */
	double          precision;      /* relative half-width; NaN: no interval */
	enum verdict    verdict;
};

enum effect_kind {
	EFFECT_MAIN,                    /* level against the factor's first, over all pairs of points that differ in it alone */
	EFFECT_DIFFERENCE,              /* point against the first point */
	EFFECT_FIRST, EFFECT_TOTAL,     /* Sobol indices: share of the variance by the factor alone, and with its interactions */
	EFFECT_REGRESSION,              /* standardised regression coefficient */
};
extern const char *const effect_names[];        /* "main", "difference", "first-order", "total", "regression" */

/* One line of effects.csv. */
struct effect {
	enum effect_kind kind;
	size_t           response;
	size_t           factor;        /* SIZE_MAX: of a whole point */
	const char      *from, *to;     /* levels, or names of points; NULL: none */
	size_t           from_index, to_index;  /* levels, or points; SIZE_MAX: none */
	struct interval  estimate;      /* MAIN, DIFFERENCE: in the KPI's unit; n: pairs of replications.  Others: plain numbers */
	double           p, p_holm;     /* NaN: no test; Holm over the tests of one kind and response */
};

struct analysis {
	const struct study  *study;     /* borrowed */
	const struct study_data *data;  /* borrowed */
	struct point_result *points;    /* [point * n_responses + response] */
	struct effect       *effects;   size_t n_effects;
	double              *fit;       /* per response: R2 of the regression; NaN: none */
	bool                *front;     /* per point: on the Pareto front of the first two responses of which more or less is
	                                 * better; NULL: none */
	size_t               front_of[2];
	struct arena        *arena;
};

/* NULL when memory is short. */
struct analysis *analysis_new(const struct study *st, const struct study_data *data);
void analysis_free(struct analysis *a);

/* One paragraph: what matters most, what is best and meets its targets, what the study cannot decide.  Borrowed from the arena. */
const char *analysis_finding(struct analysis *a);

#endif
