/* assessment_private - what the files of assessments share. */
#ifndef SIM_STUDY_ASSESSMENT_PRIVATE_H
#define SIM_STUDY_ASSESSMENT_PRIVATE_H

#include "sim/kernel/arena.h"
#include "sim/study/assessment.h"

struct assessment_xml { const char *city, *country; uint64_t year, population; int standard; double confidence; };
struct state_xml { const char *title, *scenario, *results; const struct node *against; uint64_t replications, seed; };
struct set_xml { const char *path, *value; };
struct indicator_xml {
	const char *code, *name, *unit, *benchmark, *sdg, *value, *source;
	int better;
	double numerator, denominator;
};
struct value_xml {
	const struct node *state;
	double numerator, denominator, factor;
	const char *kpi, *class, *network, *vertical, *district, *source;
};

extern const struct model assessment_root_model, sheet_state_model, state_set_model, sheet_indicator_model, sheet_value_model;

/* The row that an <indicator> stands for, with what it says otherwise.  false: it cannot be told; said in d, unless that is NULL. */
bool sheet_row(const struct node *n, struct indicator *row, struct diag *d);
/* What an <indicator> itself, or a <value>, gives or counts; population: what stands for a missing denominator per inhabitant (0:
 * not told).  VALUE_SIMULATED where it names a KPI.  false: it cannot be told; said in d, unless that is NULL. */
bool sheet_given(const struct node *n, const struct indicator *row, uint64_t population, struct sheet_value *v, struct diag *d);
/* How many of its unit a KPI's unit is; NaN: it does not convert. */
double unit_scale(const char *kpi_unit, const char *unit);

#endif
