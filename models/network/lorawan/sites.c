/* The sites of a <gateways> that stand in a file, and which of them are used. */
#include <stdlib.h>
#include <string.h>

#include "models/network/lorawan/lorawan_private.h"
#include "sim/scenario/csv.h"

void lw_sites_unload(struct node *n)
{
	struct lw_sites *f = n->data;

	if (!f)
		return;
	csv_free(f->csv);
	free(f->row);
	free(f);
	n->data = NULL;
}

enum { SITE_LAT, SITE_LON, SITE_X, SITE_Y, SITE_HEIGHT, SITE_GAIN, SITE_ID, SITE_NAME, SITE_COLUMNS };
static const char *const site_columns[SITE_COLUMNS] = { "lat", "lon", "x", "y", "height", "gain", "id", "name" };

static bool read_row(struct lw_sites *f, size_t i, const int column[SITE_COLUMNS], const struct gateways_params *p, struct diag *d)
{
	struct site_row *r = &f->row[f->n];
	bool wgs = column[SITE_LAT] >= 0, ok;
	int name = column[SITE_NAME] >= 0 ? column[SITE_NAME] : column[SITE_ID];

	*r = (struct site_row){ .height = p->height, .gain = p->gain, .number = i };
	r->at = (struct position){ .wgs84 = wgs, .given = true };
	ok = csv_number(f->csv, i, column[wgs ? SITE_LAT : SITE_X], wgs ? -90 : -1e7, wgs ? 90 : 1e7, &r->at.a, d);
	ok &= csv_number(f->csv, i, column[wgs ? SITE_LON : SITE_Y], wgs ? -180 : -1e7, wgs ? 180 : 1e7, &r->at.b, d);
	if (column[SITE_HEIGHT] >= 0)
		ok &= csv_number(f->csv, i, column[SITE_HEIGHT], 1, 500, &r->height, d);
	if (column[SITE_GAIN] >= 0)
		ok &= csv_number(f->csv, i, column[SITE_GAIN], -20, 30, &r->gain, d);
	r->name = name >= 0 ? csv_text(f->csv, i, name) : NULL;
	return ok;
}

/* Whether a piece of `sites` names a row: by its id, else its name; without either by its number. */
static bool is_named(const struct csv *c, size_t row, const int column[SITE_COLUMNS], const char *piece)
{
	char number[24];

	for (int k = SITE_ID; k <= SITE_NAME; k++)
		if (column[k] >= 0 && strcmp(csv_text(c, row, column[k]), piece) == 0)
			return true;
	snprintf(number, sizeof number, "%zu", row + 1);
	return column[SITE_ID] < 0 && strcmp(number, piece) == 0;
}

/* Mark the rows that `sites` names; false after a diagnostic. */
static bool mark_sites(const struct node *n, const struct csv *c, const int column[SITE_COLUMNS], const char *sites, bool *used,
		       struct diag *d)
{
	size_t before = diag_errors(d), named = 0;

	for (const char *at = sites; *at;) {
		char piece[128];
		size_t length = strcspn(at, ";"), row = 0;
		const char *from = at + strspn(at, " \t\n"), *to = at + length;
		at += length + (at[length] == ';');
		while (to > from && strchr(" \t\n", to[-1]))
			to--;
		if (to <= from)
			continue;
		snprintf(piece, sizeof piece, "%.*s", (int)(to - from), from);
		while (row < csv_rows(c) && !is_named(c, row, column, piece))
			row++;
		if (row == csv_rows(c))
			node_error(n, d, "sites", "\"%s\" names no row of the file", piece);
		else if (used[row])
			node_error(n, d, "sites", "\"%s\" stands there twice", piece);
		else
			used[row] = true;
		named++;
	}
	if (named == 0)
		node_error(n, d, "sites", "names no site");
	return diag_errors(d) == before;
}

static void read_sites(const struct gateways_params *p, struct node *n, struct lw_sites *f, struct diag *d)
{
	int column[SITE_COLUMNS];
	size_t rows = csv_rows(f->csv);
	bool *used = calloc(rows + 1, sizeof *used);

	for (int k = 0; k < SITE_COLUMNS; k++)
		column[k] = csv_column(f->csv, site_columns[k]);
	f->row = calloc(rows + 1, sizeof *f->row);
	if ((column[SITE_LAT] < 0 || column[SITE_LON] < 0) && (column[SITE_X] < 0 || column[SITE_Y] < 0)) {
		node_error(n, d, "file", "has neither columns lat,lon nor x,y");
		goto done;
	}
	if (!used || !f->row || (p->sites && !mark_sites(n, f->csv, column, p->sites, used, d)))
		goto done;
	for (size_t i = 0; i < rows; i++)
		if ((!p->sites || used[i]) && read_row(f, i, column, p, d))
			f->n++;
	if (f->n == 0)
		node_error(n, d, "file", "has no gateway");
done:
	free(used);
}

void lw_sites_load(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct gateways_params *p = n->par;
	bool from_file = p->placement == 3;

	if (from_file != (p->file != NULL)) {
		node_error(n, d, "file", from_file ? "is needed for placement=\"file\"" : "goes with placement=\"file\"");
		return;
	}
	if (!from_file && p->sites)
		node_error(n, d, "sites", "goes with placement=\"file\"");
	if (!from_file)
		return;
	struct lw_sites *f = n->data = calloc(1, sizeof *f);
	if (f && (f->csv = csv_read(p->file, sc, d)))
		read_sites(p, n, f, d);
}
