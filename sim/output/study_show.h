/*
 * study_show - what a study's factors, points and responses are called and how their numbers are shown.
 *
 * A study's numbers are in base units; people read "20 min", "12 km", "98.3 %".
 */
#ifndef SIM_OUTPUT_STUDY_SHOW_H
#define SIM_OUTPUT_STUDY_SHOW_H

#include "sim/output/study_output.h"
#include "sim/output/text.h"

/* The unit that suits the numbers which a factor takes. */
struct scale factor_scale(const struct study *st, size_t factor);
bool factor_is_range(const struct factor *f);
/* A factor at a point, or a level of it: as the study writes it, but for places in a range, which get a unit and few digits. */
char *show_cell(char *buf, size_t size, const struct study *st, size_t point, size_t factor, const struct type_style *style);
char *show_level(char *buf, size_t size, const struct study *st, size_t factor, size_t level, const struct type_style *style);
/* "7, on, 20 min"; the name of a point of a list. */
char *show_point(char *buf, size_t size, const struct study *st, size_t point, const struct type_style *style);

/* "delivery-ratio", with the group and the quantile where they are not the usual. */
char *response_name(char *buf, size_t size, const struct response *r);
/* Whether it is a share, by the values that it has at all points. */
bool response_is_share(const struct study_view *v, size_t response);
/* The unit that suits all points. */
struct scale response_scale(const struct study_view *v, size_t response);
struct estimate point_estimate(const struct study_view *v, size_t point, size_t response);
struct estimate effect_estimate(const struct study_view *v, const struct effect *e);

/* "A (unit)", or "A" where there is none. */
char *show_axis(char *buf, size_t size, const char *what, const char *unit);

static inline const struct point_result *point_at(const struct study_view *v, size_t point, size_t response)
{
	return &v->a->points[point * v->st->n_responses + response];
}

/* How many points have met, missed, or not decided a response's target, by enum verdict. */
struct verdicts { size_t n[4]; };
struct verdicts response_verdicts(const struct study_view *v, size_t response);
/* What the design is called, and what it means for those who do not know the word. */
const char *design_name(const struct study *st);
const char *design_words(const struct study *st);
/* How sure an effect is: "sure", "likely" (alone, not among all that are compared), "not distinguishable"; of shares "sure", "next to
 * nothing", "may be chance"; "" where nothing is known. */
const char *effect_words(const struct study_view *v, const struct effect *e);

#endif
