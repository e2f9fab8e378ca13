/*
 * diag - what is wrong with the user's input: collected with its place, reported all at once.
 *
 * Form: `bonn.xml:41: <traffic period>: "6 hurs" is not a duration (try 6h, 90min, PT6H)`.
 */
#ifndef SIM_SCENARIO_DIAG_H
#define SIM_SCENARIO_DIAG_H

#include <stddef.h>
#include <stdio.h>

struct diag;

enum { DIAG_MAX = 200 };        /* kept; further ones are counted only */

struct diag *diag_new(void);
void diag_free(struct diag *d);

/* Record an error.  file may be NULL, line 0 where there is none. */
void diag_error(struct diag *d, const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A finding that does not stop the run. */
void diag_warning(struct diag *d, const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

size_t diag_errors(const struct diag *d);
size_t diag_warnings(const struct diag *d);
/* The i-th message kept, error or warning, in order of file and line; borrowed. */
const char *diag_text(const struct diag *d, size_t i);
size_t diag_count(const struct diag *d);
/* All of them, one a line, and how many were not kept. */
void diag_print(const struct diag *d, FILE *f);

#endif
