/* assess_private - what the files that draw assessments share. */
#ifndef SIM_OUTPUT_ASSESS_PRIVATE_H
#define SIM_OUTPUT_ASSESS_PRIVATE_H

#include "sim/output/assess.h"
#include "sim/output/text.h"

/* "sccsim 0.1.0, sheet 0123..."; into buf; returns buf. */
char *assess_identity(const struct scores *s, char *buf, size_t size);

/* Each into SHOWN bytes; returns buf.  A value with its unit, as many digits as its interval bears; its interval without it, "" where
 * there is none; "2", "2-3" or "" points; a score "56.3 %", its bounds "50-62.5 %" or "" where they are one. */
char *show_value(char *buf, const struct indicator *def, struct interval v, const struct type_style *st);
char *show_bounds(char *buf, const struct indicator *def, struct interval v, const struct type_style *st);
char *show_points(char *buf, struct points p, const struct type_style *st);
char *show_score(char *buf, const struct group_score *g, const struct type_style *st);
char *show_score_bounds(char *buf, const struct group_score *g, const struct type_style *st);
/* What was gained: "+5.2 %" with the interval, "+1", "0 to +1"; "" where it is not known. */
char *show_gain(char *buf, const struct indicator *def, const struct cell_change *c, const struct type_style *st);
char *show_points_gain(char *buf, int low, int at, int high, const struct type_style *st);
char *show_score_gain(char *buf, const struct group_change *c, const struct type_style *st);

/* What the assessment comes to, in a paragraph: NULL: out of memory; freed by the caller. */
char *assess_finding(const struct scores *s, const struct type_style *st);

#endif
