#include "sim/scenario/csv.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/scenario/quantity.h"

enum { COLUMNS_MAX = 256, FIELD_MAX = 1 << 20 };
enum { CSV_MIB = 1024 };

struct csv {
	char    *name;
	char    *text;          /* the file; fields are cut in place */
	char   **field;         /* rows x columns, the header first */
	int     *line;          /* of each row */
	size_t   rows, cap;
	int      columns;
};

void csv_free(struct csv *c)
{
	if (!c)
		return;
	free(c->name);
	free(c->text);
	free(c->field);
	free(c->line);
	free(c);
}

/* One field at p, cut and unquoted in place; *end is the separator that followed.  NULL: *why. */
static char *cut_field(char **p, char *end_of_text, char *end, int *lines, const char **why)
{
	char *start = *p, *to = start, *q = start;

	if (*q == '"') {
		for (q++;; q++) {
			if (q >= end_of_text) {
				*why = "a quoted field is not closed";
				return NULL;
			}
			if (*q == '\n')
				++*lines;
			if (*q == '"' && q[1] != '"')
				break;
			if (*q == '"')
				q++;
			*to++ = *q;
		}
		q++;
		if (q[0] == '\r' && (q + 1 >= end_of_text || q[1] == '\n'))
			q++;
		if (q < end_of_text && *q != ',' && *q != '\n') {
			*why = "something stands behind a closing quote (write \"\" for a quote in quotes)";
			return NULL;
		}
	} else {
		while (q < end_of_text && *q != ',' && *q != '\n')
			q++;
		to = q;
		if (to > start && to[-1] == '\r' && (q >= end_of_text || *q == '\n'))
			to--;
	}
	*end = q < end_of_text ? *q : '\n';
	*to = '\0';
	*p = q < end_of_text ? q + 1 : q;
	return start;
}

static bool row_room(struct csv *c, int columns)
{
	if (c->rows < c->cap)
		return true;
	size_t cap = c->cap ? 2 * c->cap : 64;
	char **field = realloc(c->field, cap * (size_t)columns * sizeof *field);
	if (field)
		c->field = field;
	int *line = field ? realloc(c->line, cap * sizeof *line) : NULL;
	if (!line)
		return false;
	c->line = line;
	c->cap = cap;
	return true;
}

/* Fields of one line into row[]; how many, or -1 after a diagnostic. */
static int cut_row(struct csv *c, char **p, char *end, int *line, char *row[COLUMNS_MAX], struct diag *d)
{
	int n = 0, first = *line;
	const char *why;
	char sep;

	do {
		if (n == COLUMNS_MAX) {
			diag_error(d, c->name, first, "more than %d columns", COLUMNS_MAX);
			return -1;
		}
		row[n] = cut_field(p, end, &sep, line, &why);
		if (!row[n]) {
			diag_error(d, c->name, first, "%s", why);
			return -1;
		}
		if (strlen(row[n]) > FIELD_MAX) {
			diag_error(d, c->name, first, "a field is longer than %d bytes", FIELD_MAX);
			return -1;
		}
		n++;
	} while (sep == ',');
	++*line;
	return n;
}

/* A name that two columns bear would name the first of them. */
static bool columns_differ(const struct csv *c, int line, char *const *row, struct diag *d)
{
	for (int i = 0; i < c->columns; i++)
		for (int k = 0; k < i; k++)
			if (row[i][0] && strcmp(row[i], row[k]) == 0) {
				diag_error(d, c->name, line, "column \"%.60s\" stands twice", row[i]);
				return false;
			}
	return true;
}

static bool cut_rows(struct csv *c, size_t len, struct diag *d)
{
	char *p = c->text, *end = c->text + len, *row[COLUMNS_MAX];
	int line = 1;
	bool ok = true;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (p < end) {
		int first = line;
		if (*p == '#' || *p == '\n' || (*p == '\r' && p[1] == '\n')) {
			p += strcspn(p, "\n") + (p + strcspn(p, "\n") < end);
			line++;
			continue;
		}
		int n = cut_row(c, &p, end, &line, row, d);
		if (n < 0)
			return false;
		if (c->columns == 0) {
			c->columns = n;
			ok = columns_differ(c, first, row, d);
		}
		if (n != c->columns) {
			diag_error(d, c->name, first, "has %d fields, the header %d", n, c->columns);
			ok = false;
			continue;
		}
		if (!row_room(c, c->columns)) {
			diag_error(d, c->name, first, "out of memory");
			return false;
		}
		memcpy(c->field + c->rows * (size_t)c->columns, row, (size_t)n * sizeof *row);
		c->line[c->rows++] = first;
	}
	if (c->columns == 0)
		diag_error(d, c->name, 1, "is empty (a header line is needed)");
	return ok && c->columns > 0;
}

struct csv *csv_parse(const char *text, size_t len, const char *name, struct diag *d)
{
	struct csv *c = calloc(1, sizeof *c);

	if (!c || !(c->name = strdup(name)) || !(c->text = malloc(len + 1))) {
		diag_error(d, name, 0, "out of memory");
	} else if (memchr(text, '\0', len)) {
		diag_error(d, name, 1, "is not a text file");
	} else {
		memcpy(c->text, text, len);
		c->text[len] = '\0';
		if (cut_rows(c, len, d))
			return c;
	}
	csv_free(c);
	return NULL;
}

struct csv *csv_read(const char *path, const struct scenario *sc, struct diag *d)
{
	size_t len;
	char *text = scenario_read_file(sc, path, CSV_MIB, &len, d);
	struct csv *c = text ? csv_parse(text, len, path, d) : NULL;

	free(text);
	return c;
}

size_t csv_rows(const struct csv *c)
{
	return c->rows - 1;
}

int csv_column(const struct csv *c, const char *name)
{
	for (int i = 0; i < c->columns; i++)
		if (strcmp(c->field[i], name) == 0)
			return i;
	return -1;
}

int csv_require(const struct csv *c, const char *name, struct diag *d)
{
	int i = csv_column(c, name);
	char all[512] = "";

	for (int k = 0; i < 0 && k < c->columns && strlen(all) < 400; k++)
		snprintf(all + strlen(all), sizeof all - strlen(all), "%s%.60s", k ? ", " : "", c->field[k]);
	if (i < 0)
		diag_error(d, c->name, c->line[0], "has no column \"%s\" (there are: %s)", name, all);
	return i;
}

const char *csv_text(const struct csv *c, size_t row, int column)
{
	return c->field[(row + 1) * (size_t)c->columns + (size_t)column];
}

int csv_line(const struct csv *c, size_t row)
{
	return c->line[row + 1];
}

bool csv_number(const struct csv *c, size_t row, int column, double lo, double hi, double *out, struct diag *d)
{
	union quantity q;
	const char *text = csv_text(c, row, column);

	if (!quantity_parse(DIM_NUMBER, text, &q, NULL))
		diag_error(d, c->name, csv_line(c, row), "column %s: \"%.100s\" is not a number", c->field[column], text);
	else if (!(q.real >= lo && q.real <= hi))
		diag_error(d, c->name, csv_line(c, row), "column %s: %s is outside %g .. %g", c->field[column], text, lo,
			   hi);
	else
		*out = q.real;
	return quantity_parse(DIM_NUMBER, text, &q, NULL) && q.real >= lo && q.real <= hi;
}
