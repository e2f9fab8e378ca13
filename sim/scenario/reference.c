/* Reference tables of models, as `sccsim models NAME` prints them. */
#include <string.h>

#include "sim/scenario/scenario_private.h"

enum { CELL_BYTES = 512 };

const struct reference *reference_find(const struct model_table *t, const char *name)
{
	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_tables; k++)
			if (strcmp(table_at(t, i)->tables[k].name, name) == 0)
				return &table_at(t, i)->tables[k];
	return NULL;
}

/* Columns on a terminal: code points. */
static int width_of(const char *utf8)
{
	int n = 0;

	for (; *utf8; utf8++)
		n += ((unsigned char)*utf8 & 0xc0) != 0x80;
	return n;
}

static int widest(const struct reference *r, size_t column)
{
	int most = width_of(r->columns[column]);
	char buf[CELL_BYTES];

	for (size_t row = 0; r->cell(row, 0, buf, sizeof buf); row++) {
		int own = width_of(r->cell(row, column, buf, sizeof buf));
		most = own > most ? own : most;
	}
	return most;
}

static void put_padded(FILE *f, const char *text, int width)
{
	fprintf(f, "%s%*s", text, width > width_of(text) ? width - width_of(text) : 0, "");
}

/* Column by column as wide as its widest cell; the last one ends where it ends. */
void reference_text(const struct reference *r, FILE *f)
{
	char buf[CELL_BYTES];
	int width[REFERENCE_COLUMNS];
	size_t n = r->n_columns;

	fprintf(f, "%s - %s\n\n", r->name, r->title);
	for (size_t c = 0; c < n; c++)
		width[c] = c + 1 < n ? widest(r, c) + 2 : 0;
	for (size_t c = 0; c < n; c++)
		put_padded(f, r->columns[c], width[c]);
	fputc('\n', f);
	for (size_t row = 0; r->cell(row, 0, buf, sizeof buf); row++) {
		for (size_t c = 0; c < n; c++)
			put_padded(f, r->cell(row, c, buf, sizeof buf), width[c]);
		fputc('\n', f);
	}
}

json_t *reference_json(const struct reference *r)
{
	json_t *columns = json_array(), *rows = json_array();
	char buf[CELL_BYTES];

	for (size_t c = 0; c < r->n_columns; c++)
		json_array_append_new(columns, json_string(r->columns[c]));
	for (size_t row = 0; r->cell(row, 0, buf, sizeof buf); row++) {
		json_t *cells = json_array();
		for (size_t c = 0; c < r->n_columns; c++)
			json_array_append_new(cells, json_string(r->cell(row, c, buf, sizeof buf)));
		json_array_append_new(rows, cells);
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "table", r->name, "title", r->title, "columns", columns, "rows", rows);
}

void reference_list(const struct model_table *t, FILE *f)
{
	bool any = false;

	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_tables; k++) {
			const struct reference *r = &table_at(t, i)->tables[k];
			fprintf(f, "%s%-36s %s\n", any ? "" : "\ntable\n", r->name, r->title);
			any = true;
		}
}
