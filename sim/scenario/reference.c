/* Reference tables that models ship, as text and JSON. */
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

enum { CELL = 512, COLUMNS = 16 };

/* A table, or the lines of one of its rows. */
struct grid {
	const struct reference_table *r;
	size_t row; /* SIZE_MAX: the table itself */
};

static const char *const *columns_of(struct grid g)
{
	return g.row == SIZE_MAX ? g.r->columns : g.r->line_columns;
}

static const char *cell(struct grid g, size_t line, size_t column, char buf[CELL])
{
	return g.row == SIZE_MAX ? g.r->cell(line, column, buf, CELL) : g.r->line_cell(g.row, line, column, buf, CELL);
}

const struct reference_table *reference_table_named(const struct model_table *t, const char *name, size_t *row)
{
	char buf[CELL];

	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *m = table_at(t, i);
		for (size_t k = 0; k < m->n_tables; k++) {
			const struct reference_table *r = &m->tables[k];
			const char *id;
			*row = SIZE_MAX;
			if (!strcmp(r->name, name))
				return r;
			for (size_t n = 0; r->line_cell && (id = r->cell(n, 0, buf, sizeof buf)); n++) {
				*row = n;
				if (!strcmp(id, name))
					return r;
			}
		}
	}
	return NULL;
}

/* Each column as wide as its widest cell; the last as it comes. */
static void write_text(struct grid g, FILE *f)
{
	const char *const *column = columns_of(g), *text;
	size_t n = 0;
	int width[COLUMNS] = { 0 };
	char buf[CELL];

	for (; column[n] && n < COLUMNS; n++) {
		width[n] = (int)strlen(column[n]);
		for (size_t i = 0; cell(g, i, 0, buf); i++) {
			text = cell(g, i, n, buf);
			width[n] = (int)strlen(text) > width[n] ? (int)strlen(text) : width[n];
		}
	}
	for (size_t k = 0; k < n; k++)
		fprintf(f, "%-*s%s", k + 1 < n ? width[k] : 0, column[k], k + 1 < n ? "  " : "\n");
	for (size_t i = 0; cell(g, i, 0, buf); i++)
		for (size_t k = 0; k < n; k++)
			fprintf(f, "%-*s%s", k + 1 < n ? width[k] : 0, cell(g, i, k, buf), k + 1 < n ? "  " : "\n");
}

static json_t *lines_json(struct grid g)
{
	const char *const *column = columns_of(g);
	json_t *list = json_array();
	char buf[CELL];

	for (size_t i = 0; cell(g, i, 0, buf); i++) {
		json_t *o = json_object();
		for (size_t k = 0; column[k] && k < COLUMNS; k++)
			json_object_set_new(o, column[k], json_string(cell(g, i, k, buf)));
		json_array_append_new(list, o);
	}
	return list;
}

int reference_table_write(const struct reference_table *r, size_t row, FILE *f, bool json)
{
	struct grid table = { r, SIZE_MAX };
	char buf[CELL];

	if (json) {
		json_t *o = json_pack("{s:s, s:s, s:o}", "table", r->name, "title", r->title, "rows",
				      lines_json((struct grid){ r, row }));
		int failed = !o || json_dumpf(o, f, JSON_INDENT(2)) != 0;
		json_decref(o);
		fputc('\n', f);
		return failed || ferror(f) ? -1 : 0;
	}
	for (size_t k = 0; row != SIZE_MAX && r->columns[k]; k++)
		fprintf(f, "%s: %s\n", r->columns[k], cell(table, row, k, buf));
	fprintf(f, row == SIZE_MAX ? "%s\n\n" : "\n", r->title);
	write_text((struct grid){ r, row }, f);
	return ferror(f) ? -1 : 0;
}
