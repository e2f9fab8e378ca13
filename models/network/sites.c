/* Sites that stand in a file, and which of them are used. */
#include <stdlib.h>
#include <string.h>

#include "models/network/sites.h"
#include "sim/scenario/csv.h"

void site_file_unload(struct node *n)
{
	struct site_file *f = n->data;

	if (!f)
		return;
	csv_free(f->csv);
	free(f->row);
	free(f);
	n->data = NULL;
}

enum { SITE_LAT, SITE_LON, SITE_X, SITE_Y, SITE_HEIGHT, SITE_GAIN, SITE_ID, SITE_NAME, SITE_SECTORS, SITE_AZIMUTH, SITE_COLUMNS };
static const char *const site_columns[SITE_COLUMNS] = { "lat", "lon",  "x",	  "y",	     "height", "gain",
							"id",  "name", "sectors", "azimuth" };

/* What only sites with sectors have. */
static bool read_sectors(const struct site_file *f, size_t i, const int column[SITE_COLUMNS], const char *file, struct site_row *r,
			 struct diag *d)
{
	double sectors = r->sectors;
	bool ok = true;

	if (column[SITE_SECTORS] >= 0)
		ok = csv_number(f->csv, i, column[SITE_SECTORS], 1, 3, &sectors, d);
	if (ok && sectors != 1 && sectors != 3) {
		diag_error(d, file, csv_line(f->csv, i), "a site has 1 or 3 sectors, not %g", sectors);
		ok = false;
	}
	r->sectors = (unsigned)sectors;
	if (column[SITE_AZIMUTH] >= 0)
		ok &= csv_number(f->csv, i, column[SITE_AZIMUTH], 0, 360, &r->azimuth, d);
	return ok;
}

static bool read_row(struct site_file *f, size_t i, const int column[SITE_COLUMNS], const struct site_request *q, struct diag *d)
{
	struct site_row *r = &f->row[f->n];
	bool wgs = column[SITE_LAT] >= 0, ok;
	int name = column[SITE_NAME] >= 0 ? column[SITE_NAME] : column[SITE_ID];

	*r = (struct site_row){
		.height = q->height, .gain = q->gain, .sectors = q->sectors, .azimuth = q->azimuth, .number = i
	};
	r->at = (struct position){ .wgs84 = wgs, .given = true };
	ok = csv_number(f->csv, i, column[wgs ? SITE_LAT : SITE_X], wgs ? -90 : -1e7, wgs ? 90 : 1e7, &r->at.a, d);
	ok &= csv_number(f->csv, i, column[wgs ? SITE_LON : SITE_Y], wgs ? -180 : -1e7, wgs ? 180 : 1e7, &r->at.b, d);
	if (column[SITE_HEIGHT] >= 0)
		ok &= csv_number(f->csv, i, column[SITE_HEIGHT], 1, 500, &r->height, d);
	if (column[SITE_GAIN] >= 0)
		ok &= csv_number(f->csv, i, column[SITE_GAIN], -20, 30, &r->gain, d);
	if (q->sectors)
		ok &= read_sectors(f, i, column, q->file, r, d);
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

static void read_sites(const struct site_request *q, struct node *n, struct site_file *f, struct diag *d)
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
	if (!used || !f->row || (q->sites && !mark_sites(n, f->csv, column, q->sites, used, d)))
		goto done;
	for (size_t i = 0; i < rows; i++)
		if ((!q->sites || used[i]) && read_row(f, i, column, q, d))
			f->n++;
	if (f->n == 0)
		node_error(n, d, "file", "has no %s", q->what);
done:
	free(used);
}

void site_file_load(const struct scenario *sc, struct node *n, const struct site_request *q, struct diag *d)
{
	if (q->from_file != (q->file != NULL)) {
		node_error(n, d, "file",
			   q->from_file ? "is needed for placement=\"file\"" : "goes with placement=\"file\"");
		return;
	}
	if (!q->from_file && q->sites)
		node_error(n, d, "sites", "goes with placement=\"file\"");
	if (!q->from_file)
		return;
	struct site_file *f = n->data = calloc(1, sizeof *f);
	if (f && (f->csv = csv_read(q->file, sc, d)))
		read_sites(q, n, f, d);
}
