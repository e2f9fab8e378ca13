/*
 * words_private - what the finding's sentences share: the teller, names, values.
 */
#ifndef SIM_STUDY_WORDS_PRIVATE_H
#define SIM_STUDY_WORDS_PRIVATE_H

#include <stdio.h>

#include "sim/study/analysis_private.h"

enum { WORDS = 256 };   /* bytes of a name or a value */

struct teller {
	struct analysis    *a;
	const struct study *st;
	FILE               *f;          /* the paragraph */
	double              level;
	const bool         *share;      /* per response: shown in per cent */
};

const char *words_plural(size_t n);     /* "" of one, else "s" */
/* Names of a response, into buf of WORDS bytes: "connectivity delivery ratio of class meter"; as what the points' values are of ("the
 * 90 % quantile of latency p95"); as what effects are on, the mean, which is said where the response is something else. */
char *words_name(char *buf, const struct response *r);
char *words_value_name(char *buf, const struct response *r);
char *words_effect_name(char *buf, const struct response *r);
char *words_begin(char *name);          /* with a capital */
/* "gateways=9, adr=on", or the name that a list gives it, in quotes. */
const char *words_point(const struct teller *t, size_t point);
/* "97.3 % (95 % interval 96.8 to 97.8)". */
void words_put_value(const struct teller *t, size_t response, const struct interval *i);
/* The same of a difference's size: its sign is told by the words around it. */
void words_put_change(const struct teller *t, const struct effect *e);
int words_percent(double share);        /* within 0 and 100 */

/* The points where a response is least and greatest; false: no point has it. */
bool told_extremes(const struct teller *t, size_t response, size_t *low, size_t *high);
/* The first effect of a kind on a response by a factor; NULL: none. */
const struct effect *told_effect(const struct teller *t, enum effect_kind kind, size_t response, size_t factor);
/* Whether any effect on a response can be told from chance. */
bool told_any(const struct teller *t, size_t response);
/* The sentence on what a response depends on, after a blank. */
void told_response(const struct teller *t, size_t response);

#endif
