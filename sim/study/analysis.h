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

/* The values of a response at a point, by replication number (of batch means: by batch); NaN: failed, or nothing to count. */
struct values { const double *v; size_t n; };
struct study_data {
	struct values *at;              /* [point * n_responses + response] */
	size_t        *done, *failed;   /* per point: replications that finished, that failed */
};

/* A response at a point, at the study's level. */
struct point_result {
	struct interval value;          /* of the mean or the quantile; n: replications that have it */
	double          precision;      /* half-width over |value|: 0 of a constant, infinite about 0; NaN: no interval */
	enum verdict    verdict;
};

enum effect_kind {
	/* A level against the factor's first (a star's base level), over all pairs of points that differ in this factor alone: the
	 * difference of a replication, averaged over the pairs, is one value, and Student's interval and test are over replications.
	 * Pairs may be missing where a constraint took points out, or one has no value at all.  Of unequal numbers of replications the
	 * common first ones count, and a replication that any pair lacks is left out.  Of FACTORIAL, STAR and LIST designs. */
	EFFECT_MAIN,
	/* A point against the first point, paired by replication.  Of LIST designs, and of FACTORIAL and STAR designs of at most 200
	 * points; none of a point without values. */
	EFFECT_DIFFERENCE,
	/* Sobol indices: the share of the variance over the design by the factor alone, and with its interactions.  Of SALTELLI designs,
	 * from what the points have as their value; of FACTORIAL designs without gaps, of two to 65,536 points, from the means of the
	 * replications that all points have, two at least (stats.h, anova_indices). */
	EFFECT_FIRST, EFFECT_TOTAL,
	/* Standardised regression coefficient on the factors' numbers (of log ranges: on their logarithms), jointly.  Of two names the
	 * level counts; factors of more names, and factors that do not vary, are left out.  Of LATIN and SOBOL designs, and A and B of
	 * SALTELLI. */
	EFFECT_REGRESSION,
	N_EFFECT_KINDS
};
extern const char *const effect_names[N_EFFECT_KINDS];  /* "main", "difference", "first-order", "total", "regression" */

/* One line of effects.csv. */
struct effect {
	enum effect_kind kind;
	size_t           response;
	size_t           factor;        /* SIZE_MAX: of a whole point */
	const char      *from, *to;     /* levels, or points ("gateways=9, adr=on", or the name in a list); NULL: none */
	size_t           from_index, to_index;  /* levels, or points; SIZE_MAX: none */
	struct interval  estimate;      /* MAIN, DIFFERENCE: of the mean, also where the response is a quantile, in the KPI's unit; n:
	                                 * replications.  Others: plain numbers */
	double           p, p_holm;     /* NaN: no test; Holm over the tests of one kind and response */
};

/* The points between which a planner chooses: of two responses that are better high or low, none of the others is better in one and
 * as good in the other. */
enum { FRONTS_MOST = 3 };
struct front {
	size_t of[2];                   /* responses */
	bool  *best;                    /* per point; without a value: not */
};

struct analysis {
	const struct study  *study;     /* borrowed */
	const struct study_data *data;  /* borrowed */
	struct point_result *points;    /* [point * n_responses + response] */
	struct effect       *effects;   size_t n_effects;       /* by kind, response, factor, level or point */
	double              *fit;       /* per response: R2 of the regression; NaN: none */
	size_t               wanted;    /* the first response that is better high or low; SIZE_MAX: none */
	struct front        *fronts;    size_t n_fronts;        /* that one against each later such response, FRONTS_MOST at most */
	struct arena        *arena;
};

/* NULL when memory is short. */
struct analysis *analysis_new(const struct study *st, const struct study_data *data);
void analysis_free(struct analysis *a);

/* One paragraph for planners, three to six sentences: how much was run; what each of the first three responses depends on most, by how
 * much and how surely; which points meet the targets, or are best; how many replications would decide the others; where factors
 * act together or not steadily.  Borrowed from the arena; NULL when memory is short. */
const char *analysis_finding(struct analysis *a);

#endif
