/*
 * value - KPI values in words: "97.3 %", "1.24 s", "8.2 yr", in a unit that suits their size and with as many digits as their interval
 * bears.
 */
#ifndef SIM_STUDY_VALUE_H
#define SIM_STUDY_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/kernel/report.h"
#include "sim/study/stats.h"

/* Whether values of a KPI of unit "1" are shares of something, shown in per cent, rather than numbers of things: its name and definition
 * say so. */
bool value_is_share(const struct kpi_def *def);

/* "97.3 %"; into buf, returns buf.  half: half-width of its interval, in the KPI's unit (NaN: not known); share: of a whole. */
char *value_text(char *buf, size_t size, const struct kpi_def *def, double x, double half, bool share);
/* The size of a difference, "12.3 percentage points" of shares; without its sign. */
char *value_change(char *buf, size_t size, const struct kpi_def *def, double x, double half, bool share);
/* "96.8 to 97.8", in the unit and with the digits in which value_text (of a difference: value_change) has its estimate; a
 * share stays within 0 and 100 unless it is a difference.  "" where there is no interval, or one of
 * no width. */
char *value_bounds(char *buf, size_t size, const struct kpi_def *def, const struct interval *i, bool share, bool difference);

#endif
