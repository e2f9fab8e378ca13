/* timeline - the axis of time that the lanes of a timeline share, and the lines of KPIs on it. */
#ifndef SIM_OUTPUT_TIMELINE_H
#define SIM_OUTPUT_TIMELINE_H

#include "sim/output/view.h"

enum { TIMELINE_WIDE = 1000, TIMELINE_LEFT = 136, TIMELINE_RIGHT = 18, TIMELINE_TOP = 42, TIMELINE_AXIS = 42, TIMELINE_LINE = 66 };

/* From the first span to the last, with some room, within the run; seconds of it. */
struct time_axis { double low, high, first; int64_t start; };
struct time_axis time_axis_of(const struct view *v, const struct timeline *t);
double time_x(const struct time_axis *a, double s);     /* pixels; the ends of the axis for what lies beyond them */
/* Lines down from `top`, what they stand for below `bottom`: the time of the calendar, and since the first span. */
void time_axis_put(const struct time_axis *a, FILE *f, double top, double bottom);

/* The KPIs that the source of a section names after its timeline, and that the run has as series. */
enum { TIME_LINES_MOST = 6 };
struct time_lines { const struct chart *chart[TIME_LINES_MOST]; char name[TIME_LINES_MOST][64]; size_t n; };
struct time_lines time_lines_of(const struct view *v, const char *source);
/* Of the first replication, over the interval of the mean of all; in the `TIMELINE_LINE` pixels below y. */
void time_line_put(FILE *f, const struct view *v, const struct time_axis *a, const struct chart *c, double y);

#endif
