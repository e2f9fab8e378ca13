/*
 * plan_output - what `sccsim plan' says and leaves in its folder: the answer in words, plan.csv with every setting that was looked
 * at, pictures, report.html.
 *
 * Drawn from the search alone, so that it is the same however it was computed.  Functions return 0, or -1 after writing `why'
 * (OUTPUT_WHY bytes).
 */
#ifndef SIM_OUTPUT_PLAN_OUTPUT_H
#define SIM_OUTPUT_PLAN_OUTPUT_H

#include "sim/output/output.h"
#include "sim/study/search.h"

struct plan_line {
	const struct search_line *line;
	const char *others;             /* "adr=on"; "" where the planned factor is the only one */
	const char *finding;            /* a sentence or two */
	const char **warnings; size_t n_warnings;
};

struct plan_view {
	const struct study *st;
	struct plan_line   *lines; size_t n_lines;
	bool               *shares;     /* per response: shown in % */
	const char         *finding;
	char                identity[192];
	size_t              looks[SEARCH_LOOKS_MAX], n_looks;
	double              level;      /* of the intervals */
	size_t              settings;   /* looked at */
	uint64_t            replications;
	struct arena       *arena;
};

/* Borrows the study and the lines; NULL when memory is short. */
struct plan_view *plan_view_new(const struct study *st, const struct search_line *lines, size_t n);
void plan_view_free(struct plan_view *v);       /* NULL allowed */

/* "12 gateways", "period = 15min": a setting as people say it. */
const char *plan_setting(const struct plan_view *v, uint64_t point);
/* "98.2 to 98.9 %", of a response at a step; SHOWN bytes. */
struct type_style;
char *plan_span(char *buf, const struct plan_view *v, const struct search_step *x, size_t response, const struct type_style *style);

void plan_summary(const struct plan_view *v, FILE *f);
void plan_csv(const struct plan_view *v, FILE *f);
void plan_json(const struct plan_view *v, FILE *f);
int plan_write(const struct plan_view *v, const char *dir, char *why);

#endif
