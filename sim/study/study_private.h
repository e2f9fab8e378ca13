/* study_private - the elements of the language of studies, as bound. */
#ifndef SIM_STUDY_STUDY_PRIVATE_H
#define SIM_STUDY_STUDY_PRIVATE_H

#include "sim/study/study.h"

extern const struct model study_root_model, factor_model, level_model, point_model, set_model, constraint_model, response_model,
	plan_model, placement_model;

struct study_xml {
	const char *scenario, *replications, *warm_up;
	int         design, statistics, keep;
	uint64_t    samples, floor, batch, ceiling, batches, seed;
	double      precision, confidence;
};
struct factor_xml { const char *path, *values, *from, *to, *base, *label; uint64_t steps; int scale; bool integer; };
struct level_xml { const char *scenario, *label; };
struct set_xml { const char *path, *value, *values, *from, *to; };
struct constraint_xml { const char *require; };
struct response_xml {
	const char *kpi, *class, *network, *vertical, *district, *phase, *target;
	double      quantile;
};
struct plan_xml { const char *factor, *from, *to, *resolution; int prefer; };
struct placement_xml { const char *path, *candidates, *response; uint64_t choose, evaluations; int objective; };

/* base_paths: the scenario files named so far, the study's own first, NULL where it names none. */
struct loader { struct study *st; struct diag *d; struct arena *a; const char **base_paths; size_t n_bases; bool no_memory; };

/* Memory is short: say so, once; false. */
bool loader_no_memory(struct loader *l);
/* factor.c: the factors of a study, from its elements; the points of a list are the levels of one factor.  Mistakes go to the diag. */
void factors_load(struct loader *l);
/* response.c, points.c: the responses, and the rows of the design that the constraints leave. */
void responses_load(struct loader *l);
void points_load(struct loader *l);
void points_cell(struct loader *l, const struct factor *f, double place, struct cell *c);     /* what a factor is at a place of its axis */
/* plan.c: of the uses other than a study. */
void plan_load(struct loader *l);               /* makes the planned factor's settings its levels */
void placement_load(struct loader *l);
void placement_check(struct loader *l);         /* when the responses are there */
/* The text of an address at a place of its factor; NULL: not set there.  In the arena. */
const char *factor_text(const struct factor *f, const struct factor_path *p, const struct cell *c, struct arena *a);
/* A text as a number of a parameter, in the unit that axes show: seconds, and base units otherwise; NaN: it is none. */
double factor_number(const struct param *p, const char *text);

#endif
