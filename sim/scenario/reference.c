/* Reference tables of models, as `sccsim models NAME` prints them. */
#include <string.h>

#include "sim/scenario/scenario_private.h"

enum { CELL_BYTES = 512 };

struct lookup reference_find(const struct model_table *t, const char *name)
{
	char buf[CELL_BYTES];
	const char *id;

	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; k < table_at(t, i)->n_tables; k++) {
			const struct reference *r = &table_at(t, i)->tables[k];
			if (strcmp(r->name, name) == 0)
				return (struct lookup){ r, WHOLE_TABLE };
			for (size_t row = 0; r->line_cell && (id = r->cell(row, 0, buf, sizeof buf)); row++)
				if (strcmp(id, name) == 0)
					return (struct lookup){ r, (ptrdiff_t)row };
		}
	return (struct lookup){ NULL, 0 };
}

static size_t columns_of(struct lookup l)
{
	return l.row == WHOLE_TABLE ? l.r->n_columns : l.r->n_line_columns;
}

static const char *column_name(struct lookup l, size_t column)
{
	return l.row == WHOLE_TABLE ? l.r->columns[column] : l.r->line_columns[column];
}

static const char *cell(struct lookup l, size_t line, size_t column, char buf[CELL_BYTES])
{
	if (l.row == WHOLE_TABLE)
		return l.r->cell(line, column, buf, CELL_BYTES);
	return l.r->line_cell((size_t)l.row, line, column, buf, CELL_BYTES);
}

/* Columns on a terminal: code points. */
static int width_of(const char *utf8)
{
	int n = 0;

	for (; *utf8; utf8++)
		n += ((unsigned char)*utf8 & 0xc0) != 0x80;
	return n;
}

static int widest(struct lookup l, size_t column)
{
	int most = width_of(column_name(l, column));
	char buf[CELL_BYTES];

	for (size_t line = 0; cell(l, line, 0, buf); line++) {
		int own = width_of(cell(l, line, column, buf));
		most = own > most ? own : most;
	}
	return most;
}

static void put_padded(FILE *f, const char *text, int width)
{
	fprintf(f, "%s%*s", text, width > width_of(text) ? width - width_of(text) : 0, "");
}

/* What the table says of the row whose lines follow. */
static void put_row(struct lookup l, FILE *f)
{
	char buf[CELL_BYTES];

	for (size_t c = 0; c < l.r->n_columns; c++)
		fprintf(f, "%s: %s\n", l.r->columns[c], l.r->cell((size_t)l.row, c, buf, sizeof buf));
	fputc('\n', f);
}

/* Column by column as wide as its widest cell; the last one ends where it ends. */
void reference_text(struct lookup l, FILE *f)
{
	char buf[CELL_BYTES];
	int width[REFERENCE_COLUMNS];
	size_t n = columns_of(l);

	if (l.row == WHOLE_TABLE)
		fprintf(f, "%s - %s\n\n", l.r->name, l.r->title);
	else
		put_row(l, f);
	for (size_t c = 0; c < n; c++)
		width[c] = c + 1 < n ? widest(l, c) + 2 : 0;
	for (size_t c = 0; c < n; c++)
		put_padded(f, column_name(l, c), width[c]);
	fputc('\n', f);
	for (size_t line = 0; cell(l, line, 0, buf); line++) {
		for (size_t c = 0; c < n; c++)
			put_padded(f, cell(l, line, c, buf), width[c]);
		fputc('\n', f);
	}
}

json_t *reference_json(struct lookup l)
{
	json_t *columns = json_array(), *rows = json_array();
	char buf[CELL_BYTES];

	for (size_t c = 0; c < columns_of(l); c++)
		json_array_append_new(columns, json_string(column_name(l, c)));
	for (size_t line = 0; cell(l, line, 0, buf); line++) {
		json_t *cells = json_array();
		for (size_t c = 0; c < columns_of(l); c++)
			json_array_append_new(cells, json_string(cell(l, line, c, buf)));
		json_array_append_new(rows, cells);
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "table", l.r->name, "title",
			 l.row == WHOLE_TABLE ? l.r->title : l.r->cell((size_t)l.row, 0, buf, sizeof buf), "columns",
			 columns, "rows", rows);
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
