/*
 * text - numbers, groups and foreign text as each kind of output needs them.
 *
 * A KPI's value is shown in a unit that suits its size ("1.24 s", "97.3 %", "8.2 yr") with as many digits as its
 * interval bears.  Nothing here knows what a KPI means: a plain ratio is told from its declaration and its values.
 */
#ifndef SIM_OUTPUT_TEXT_H
#define SIM_OUTPUT_TEXT_H

#include <stdio.h>

#include "sim/study/outcome.h"

/* How numbers are set: what stands between thousands and before a unit. */
struct type_style { const char *thousands, *gap, *minus, *to; };
extern const struct type_style plain_style;     /* blanks: terminals, summary.txt */
extern const struct type_style page_style;      /* no-break spaces, minus sign, en dash: HTML */

enum { SHOWN = 96 };    /* bytes that any of the shown numbers needs */

/* A unit to show in: value times factor. */
struct scale { double factor; const char *unit; };
struct scale scale_of(const char *unit, double magnitude, bool percent);
/* Digits after the point for a mean (already scaled), from the half-width of its interval (NaN: none). */
int digits_of(double mean, double half, bool percent);

/* Whether a KPI of unit "1" is a share of something rather than a count: by its declaration, and by the least and the largest of
 * all its values (NaN: there are none), so that one KPI is shown in one way throughout. */
bool is_share(const struct kpi_def *def, double least, double largest);
bool kpi_is_share(const struct outcome *o, const struct kpi_def *def);          /* by its values in the outcome */

char *show_number(char *buf, double x, int digits, const struct type_style *st);
char *show_count(char *buf, double x, const struct type_style *st);             /* 12 345 */
char *show_quantity(char *buf, const char *unit, double x, const struct type_style *st);
char *show_seconds(char *buf, double s, const struct type_style *st);

/* A mean and its interval, of whatever: a KPI at a point of a study, an effect, a score. */
struct estimate {
	const char *unit;
	bool        share;              /* of unit "1", shown in % */
	bool        difference;         /* of two: may be negative whatever the unit, and of shares is in points ("pp") */
	double      mean, low, high;    /* mean NaN: nothing to count; low, high NaN: no interval */
};
struct estimate kpi_estimate(const struct outcome *o, const struct kpi_result *k);
/* Mean with unit ("nothing to count" without one); interval without unit in the same scale ("" when there is none);
 * half-width. */
char *show_estimate(char *buf, const struct estimate *e, const struct type_style *st);
char *show_bounds(char *buf, const struct estimate *e, const struct type_style *st);
char *show_margin(char *buf, const struct estimate *e, const struct type_style *st);
/* The ends of the interval, within what such a quantity can be (Student's interval knows no bounds); false: none, both are the
 * mean. */
bool estimate_bounds(const struct estimate *e, double *low, double *high);

/* The same of a result. */
char *show_mean(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st);
char *show_interval(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st);
char *show_half(char *buf, const struct outcome *o, const struct kpi_result *k, const struct type_style *st);
bool kpi_interval(const struct outcome *o, const struct kpi_result *k, double *low, double *high);
const char *verdict_name(enum verdict v);       /* "" for none */
enum verdict verdict_of(const char *name);

/* The share of the devices that were not operational; false: none, or nobody counted. */
bool show_silent(char *buf, const struct outcome *o, const struct type_style *st);

/* "class" of "class=meter", "" of "all" or another plain name, "class;phase" of "class=meter;phase=during". */
char *group_kind(char *buf, size_t size, const char *group);
/* "meter" of "class=meter"; the name itself otherwise. */
const char *group_label(const char *group);
/* The kind in words: "class and phase". */
char *show_kind(char *buf, size_t size, const char *kind);
/* "all devices", "class meter", "class meter,phase during". */
char *show_group(char *buf, size_t size, const char *group);
/* A target as the page shows it. */
char *show_target(char *buf, size_t size, const char *text);

/* An instant as people write it: Mon 2 Mar 2026 00:00 UTC. */
char *show_instant(char *buf, int64_t unix_seconds);

void put_csv(FILE *f, const char *field);               /* RFC 4180, quoted where needed */
void put_csv_number(FILE *f, double x);                 /* %.9g; nothing for NaN */
void put_json(FILE *f, const char *text);               /* quoted; NULL: null */
void put_json_number(FILE *f, double x);                /* NaN and infinity: null */
void put_xml(FILE *f, const char *text);                /* escaped for content and attributes; NULL: nothing */
void put_comment(FILE *f, const char *text);            /* for the inside of an XML comment: no "--" */
size_t text_width(const char *utf8);                    /* columns: code points */
/* At most so many columns of a text, the last one a sign that it goes on. */
char *shorten(char *buf, size_t size, const char *utf8, size_t columns);
/* A paragraph of words, wrapped at `width` columns; the first line is begun at column `indent`, the next are indented. */
void put_wrapped(FILE *f, const char *text, int indent, int width);

#endif
