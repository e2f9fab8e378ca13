/*
 * analysis_private - the parts of an analysis, each of which adds its lines.
 */
#ifndef SIM_STUDY_ANALYSIS_PRIVATE_H
#define SIM_STUDY_ANALYSIS_PRIVATE_H

#include "sim/study/analysis.h"

static inline const struct values *analysis_values(const struct analysis *a, size_t point, size_t response)
{
	return &a->data->at[point * a->study->n_responses + response];
}

static inline struct point_result *analysis_point(const struct analysis *a, size_t point, size_t response)
{
	return &a->points[point * a->study->n_responses + response];
}

/* Append a line to the effects, for which there is room. */
static inline void analysis_add(struct analysis *a, const struct effect *e)
{
	a->effects[a->n_effects++] = *e;
}

/* In the order of the lines.  0; -1: out of memory. */
int analysis_main(struct analysis *a);
int analysis_differences(struct analysis *a);
int analysis_indices(struct analysis *a);
int analysis_regressions(struct analysis *a);
int analysis_fronts(struct analysis *a);

/* "gateways=9, adr=on", or the point's name in a list; in the arena.  NULL: memory is short. */
const char *analysis_point_name(struct analysis *a, size_t point);

#endif
