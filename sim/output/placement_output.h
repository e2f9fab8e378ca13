/*
 * placement_output - which sites were chosen and why: in words, placement.csv (what each site brought), sets.csv (every set that was
 * looked at), pictures, report.html.
 *
 * Functions return 0, or -1 after writing `why' (OUTPUT_WHY bytes).
 */
#ifndef SIM_OUTPUT_PLACEMENT_OUTPUT_H
#define SIM_OUTPUT_PLACEMENT_OUTPUT_H

#include "sim/output/output.h"
#include "sim/study/placement.h"

struct placement_view {
	const struct study            *st;
	const struct placement        *p;
	const struct placement_result *r;
	const struct response         *response;        /* that is made as good as can be */
	bool                           share;
	const char                    *finding;
	char                           identity[192];
	struct arena                  *arena;
};

/* Borrows the study and the result; NULL when memory is short. */
struct placement_view *placement_view_new(const struct study *st, const struct placement_result *r);
void placement_view_free(struct placement_view *v);     /* NULL allowed */

/* "96.1 to 97.0 %"; a difference "+1.2 pp (0.8 to 1.6)", "" where there is none; SHOWN bytes. */
struct type_style;
char *placement_span(char *buf, const struct placement_view *v, const struct interval *i, const struct type_style *style);
char *placement_gain(char *buf, const struct placement_view *v, const struct interval *i, const struct type_style *style);

void placement_summary(const struct placement_view *v, FILE *f);
void placement_csv(const struct placement_view *v, FILE *f);
void placement_sets_csv(const struct placement_view *v, FILE *f);
void placement_json(const struct placement_view *v, FILE *f);
int placement_write(const struct placement_view *v, const char *dir, char *why);

#endif
