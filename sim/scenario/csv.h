/*
 * csv - read a comma-separated file with a header line (RFC 4180: quotes, CRLF; '#' lines are comments).
 *
 * Bounded: 1 GiB, 256 columns, 1 MiB a field.  Every problem is a diagnostic with file and line.
 */
#ifndef SIM_SCENARIO_CSV_H
#define SIM_SCENARIO_CSV_H

#include "sim/scenario/diag.h"
#include "sim/scenario/scenario.h"

struct csv;

/* Read a whole file.  sc (may be NULL) gets the file's bytes for its hash.  NULL after diagnostics. */
struct csv *csv_read(const char *path, const struct scenario *sc, struct diag *d);
struct csv *csv_parse(const char *text, size_t len, const char *name, struct diag *d);
void csv_free(struct csv *c);

size_t csv_rows(const struct csv *c);
/* Column by header name; -1: none.  csv_require reports a missing one, naming the columns there are. */
int csv_column(const struct csv *c, const char *name);
int csv_require(const struct csv *c, const char *name, struct diag *d);
const char *csv_text(const struct csv *c, size_t row, int column);      /* never NULL */
int csv_line(const struct csv *c, size_t row);
/* A plain finite number within [lo, hi]; otherwise a diagnostic and false. */
bool csv_number(const struct csv *c, size_t row, int column, double lo, double hi, double *out, struct diag *d);

#endif
