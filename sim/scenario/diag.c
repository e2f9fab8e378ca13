#include "sim/scenario/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct message { char *file, *text; int line; bool warning; };

struct diag {
	struct message *row;
	size_t          n, cap, errors, warnings;
};

struct diag *diag_new(void)
{
	return calloc(1, sizeof(struct diag));
}

void diag_free(struct diag *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++) {
		free(d->row[i].file);
		free(d->row[i].text);
	}
	free(d->row);
	free(d);
}

static char *compose(const char *file, int line, bool warning, const char *body)
{
	size_t size = (file ? strlen(file) : 0) + strlen(body) + 48;
	char *text = malloc(size);

	if (!text)
		return NULL;
	if (file && line > 0)
		snprintf(text, size, "%s:%d: %s%s", file, line, warning ? "warning: " : "", body);
	else if (file)
		snprintf(text, size, "%s: %s%s", file, warning ? "warning: " : "", body);
	else
		snprintf(text, size, "%s%s", warning ? "warning: " : "", body);
	return text;
}

static bool same_file(const struct message *a, const struct message *b)
{
	return a->file && b->file ? strcmp(a->file, b->file) == 0 : a->file == b->file;
}

static void add(struct diag *d, bool warning, const char *file, int line, const char *fmt, va_list ap)
{
	char body[4096];

	++*(warning ? &d->warnings : &d->errors);
	if (d->n == DIAG_MAX)
		return;
	vsnprintf(body, sizeof body, fmt, ap);
	if (d->n == d->cap) {
		size_t cap = d->cap ? 2 * d->cap : 16;
		struct message *row = realloc(d->row, cap * sizeof *row);
		if (!row)
			return; /* it is counted */
		d->row = row;
		d->cap = cap;
	}
	struct message m = { file ? strdup(file) : NULL, compose(file, line, warning, body), line, warning };
	if (!m.text) {
		free(m.file);
		return;
	}
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->row[i].text, m.text) == 0) { /* said once is enough */
			free(m.file);
			free(m.text);
			--*(warning ? &d->warnings : &d->errors);
			return;
		}
	/* in order of file, as first met, then of line */
	size_t at = d->n;
	while (at > 0 && !same_file(&d->row[at - 1], &m))
		at--;
	if (at == 0)
		at = d->n;
	while (at > 0 && same_file(&d->row[at - 1], &m) && d->row[at - 1].line > m.line)
		at--;
	memmove(d->row + at + 1, d->row + at, (d->n - at) * sizeof *d->row);
	d->row[at] = m;
	d->n++;
}

void diag_error(struct diag *d, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, false, file, line, fmt, ap);
	va_end(ap);
}

void diag_warning(struct diag *d, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(d, true, file, line, fmt, ap);
	va_end(ap);
}

size_t diag_errors(const struct diag *d)
{
	return d->errors;
}

size_t diag_warnings(const struct diag *d)
{
	return d->warnings;
}

size_t diag_count(const struct diag *d)
{
	return d->n;
}

const char *diag_text(const struct diag *d, size_t i)
{
	return d->row[i].text;
}

void diag_print(const struct diag *d, FILE *f)
{
	for (size_t i = 0; i < d->n; i++)
		fprintf(f, "%s\n", d->row[i].text);
	if (d->errors + d->warnings > d->n)
		fprintf(f, "... and %zu more\n", d->errors + d->warnings - d->n);
}
