/* assess_private - what the files that draw assessments share. */
#ifndef SIM_OUTPUT_ASSESS_PRIVATE_H
#define SIM_OUTPUT_ASSESS_PRIVATE_H

#include "sim/output/assess.h"
#include "sim/output/page.h"
#include "sim/output/text.h"

/* "sccsim 0.1.0, sheet 0123..."; into buf; returns buf. */
char *assess_identity(const struct scores *s, char *buf, size_t size);

/* Each into SHOWN bytes; returns buf.  A value with its unit, as many digits as its interval bears; its interval without it, "" where
 * there is none; "2", "2-3" or "" points; a score "56.3 %", its bounds "50-62.5 %" or "" where they are one. */
char *show_value(char *buf, const struct indicator *def, struct interval v, const struct type_style *st);
char *show_value_bounds(char *buf, const struct indicator *def, struct interval v, const struct type_style *st);
char *show_points(char *buf, struct points p, const struct type_style *st);
char *show_score(char *buf, const struct group_score *g, const struct type_style *st);
char *show_score_bounds(char *buf, const struct group_score *g, const struct type_style *st);
/* What was gained: "+5.2" in the indicator's unit; points "+1" or "0 to +1"; a score "+2.8 (0.0 to +5.6)"; "" where it is not known. */
char *show_gain(char *buf, const struct indicator *def, const struct cell_change *c, const struct type_style *st);
char *show_points_gain(char *buf, int low, int at, int high, const struct type_style *st);
char *show_score_gain(char *buf, const struct group_change *c, const struct type_style *st);

/* What the assessment comes to, in a paragraph: NULL: out of memory; freed by the caller. */
char *assess_finding(const struct scores *s, const struct type_style *st);

/* The indicators of a dimension that are scored in some state, in the order of the sheet; more than so many are not drawn. */
enum { AXES_MOST = 32 };
struct dimension_view { const struct scores *s; size_t axes[AXES_MOST], n; char name[32], title[96]; };

struct assess_pictures {
	struct picture        v[1 + DIMENSIONS]; size_t n;      /* the first: scores by group; then by dimension */
	struct dimension_view views[DIMENSIONS];
	char                  identity[128];
};
void assess_pictures_of(const struct scores *s, struct assess_pictures *all);   /* s stays borrowed */
bool indicator_scored(const struct scores *s, size_t i);                        /* in any state */

/* The page; the pictures that it shows stand in the folder `plots`. */
void assess_html(const struct scores *s, const struct assess_pictures *all, const char *plots, FILE *f);

#endif
