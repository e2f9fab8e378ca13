/*
 * A response over two factors as coloured cells, written as SVG: gnuplot has neither hatching nor values within cells.
 *
 * Colours from cividis (Nunez, Anderton and Renslow 2018), which colour-blind readers see as others do; light is high.
 */
#include <math.h>
#include <string.h>

#include "sim/output/study_plot.h"

enum { LEFT = 160, TOP = 44, GAP = 34, LEGEND = 92, TICKS = 40, PLOT_WIDTH = 600, TEXT_CELLS = 100, LABELS_MOST = 24 };

static const unsigned char cividis[][3] = {
	{ 0, 34, 78 },	  { 32, 56, 110 },   { 71, 81, 108 },  { 102, 105, 112 },
	{ 135, 132, 120 }, { 171, 161, 111 }, { 211, 193, 100 }, { 254, 232, 56 },
};

static void colour(char buf[8], double share, bool *light)
{
	const size_t n = sizeof cividis / sizeof cividis[0];
	double at = fmin(fmax(share, 0), 1) * (double)(n - 1), c[3];
	size_t i = (size_t)fmin(floor(at), (double)(n - 2));

	for (int k = 0; k < 3; k++)
		c[k] = cividis[i][k] + (at - (double)i) * (cividis[i + 1][k] - cividis[i][k]);
	snprintf(buf, 8, "#%02x%02x%02x", (unsigned)lround(c[0]), (unsigned)lround(c[1]), (unsigned)lround(c[2]));
	*light = 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] > 125;
}

/* On which side of the target a cell lies, by its mean. */
static bool on_side(const struct study_picture *p, const struct grid_cell *c)
{
	const struct target *t = &p->v->st->responses[p->plot.response].target;

	switch (t->op) {
	case TARGET_GE: return c->mean >= t->value;
	case TARGET_LE: return c->mean <= t->value;
	case TARGET_GT: return c->mean > t->value;
	case TARGET_LT: return c->mean < t->value;
	case TARGET_NONE: break;
	}
	return false;
}

bool plot_is_parted(const struct study_picture *p)
{
	const struct grid *g = &p->grid;
	size_t n[2] = { 0 };

	for (size_t i = 0; i < g->nx * g->ny * g->ns; i++)
		if (g->cells[i].n)
			n[on_side(p, &g->cells[i])]++;
	return n[0] && n[1];
}

/* Where everything stands. */
struct layout {
	double cell_w, cell_h, panel_w, panel_h;
	size_t columns, rows;
	int width, height;
	double low, high;               /* of the colours, in the scale's unit */
	struct scale sc;
	bool contour;                   /* the target parts cells */
	int digits;                     /* of values */
	bool values;                    /* written into the cells */
};

/* Digits that tell cells apart: three of the span, as few as the largest needs. */
static int cell_digits(const struct layout *l)
{
	double span = l->high - l->low;
	int digits = span > 0 ? 2 - (int)floor(log10(span) + 1e-9) : 2 - (int)floor(log10(fmax(fabs(l->high), 1e-9)));

	return digits < 0 ? 0 : digits > 3 ? 3 : digits;
}

/* Fewer digits where cells are narrow; none of the values where even that does not fit. */
static void fit_values(const struct grid *g, struct layout *l)
{
	char low[SHOWN], high[SHOWN];
	size_t most;

	for (l->digits = cell_digits(l);; l->digits--) {
		size_t a = text_width(show_number(low, l->low, l->digits, &plain_style)),
		       b = text_width(show_number(high, l->high, l->digits, &plain_style));
		most = a > b ? a : b;
		if (l->digits == 0 || (double)most * 7.2 + 6 <= l->cell_w)
			break;
	}
	l->values = g->nx * g->ny <= TEXT_CELLS && l->cell_h >= 16 && (double)most * 7.2 + 6 <= l->cell_w;
}

static struct layout layout_of(const struct study_picture *p)
{
	const struct grid *g = &p->grid;
	struct layout l = { .low = INFINITY, .high = -INFINITY };

	l.columns = g->ns < 3 ? g->ns : g->ns == 4 ? 2 : 3;
	l.rows = (g->ns + l.columns - 1) / l.columns;
	l.cell_w = fmin((double)PLOT_WIDTH / (double)l.columns / (double)g->nx, 96);
	l.cell_h = fmin(fmin(fmax(260.0 / (double)g->ny, 6), 40), fmax(l.cell_w, 6));
	l.panel_w = l.cell_w * (double)g->nx;
	l.panel_h = l.cell_h * (double)g->ny;
	l.width = (int)(LEFT + (double)l.columns * (l.panel_w + GAP) - GAP + LEGEND + 24);
	l.width = l.width < 800 ? 800 : l.width; /* as wide as other pictures, since the page makes all of one width */
	l.height = (int)(TOP + (double)l.rows * (l.panel_h + TICKS + GAP) + 8);
	l.sc = response_scale(p->v, p->plot.response);
	l.contour = plot_is_parted(p);
	for (size_t i = 0; i < g->nx * g->ny * g->ns; i++)
		if (g->cells[i].n) {
			l.low = fmin(l.low, g->cells[i].mean * l.sc.factor);
			l.high = fmax(l.high, g->cells[i].mean * l.sc.factor);
		}
	fit_values(g, &l);
	return l;
}

void plot_heat_data(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct grid *g = &p->grid;
	const struct study *st = p->v->st;
	char x[SHOWN], y[SHOWN], panel[SHOWN] = "";
	const struct scale sc = response_scale(p->v, p->plot.response);

	fprintf(f, "# panel, column, row, mean%s%s # %s, %s, %s\n", *sc.unit ? " in " : "", sc.unit,
		p->plot.slice == SIZE_MAX ? "" : st->factors[p->plot.slice].label, st->factors[p->plot.x].label,
		st->factors[p->plot.y].label);
	for (size_t i = 0; i < g->nx * g->ny * g->ns; i++) {
		size_t s = i / g->nx / g->ny, column = i % g->nx, row = i / g->nx % g->ny;
		if (p->plot.slice != SIZE_MAX)
			show_level(panel, sizeof panel, st, p->plot.slice, s, &plain_style);
		fprintf(f, "%zu %zu %zu ", s, column, row);
		if (g->cells[i].n)
			fprintf(f, "%.9g", g->cells[i].mean * sc.factor);
		else
			fputs("nan", f);
		fprintf(f, " # %s, %s, %s\n", panel, grid_label(x, sizeof x, p, true, column),
			grid_label(y, sizeof y, p, false, row));
	}
}

static void put_cell(FILE *f, const struct layout *l, double x, double y, const struct grid_cell *c)
{
	char fill[8], text[SHOWN];
	bool light;

	if (c->n == 0) {
		fprintf(f,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"url(#none)\" stroke=\"" PICTURE_GRID
			"\"/>\n",
			x, y, l->cell_w, l->cell_h);
		return;
	}
	double value = c->mean * l->sc.factor;
	colour(fill, l->high > l->low ? (value - l->low) / (l->high - l->low) : 0.5, &light);
	fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y, l->cell_w + 0.3,
		l->cell_h + 0.3, fill);
	if (!l->values)
		return;
	show_number(text, value, l->digits, &plain_style);
	svg_text(f, x + l->cell_w / 2, y + l->cell_h / 2 + 4, "middle",
		 light ? "font-size=\"12\" fill=\"#101418\"" : "font-size=\"12\" fill=\"#fbfbfb\"", text);
}

/* The borders between cells that meet the target and cells that do not. */
static void put_contour(const struct study_picture *p, FILE *f, const struct layout *l, size_t s, double left, double bottom)
{
	const struct grid *g = &p->grid;
	static const char *const strokes[] = { "stroke=\"#ffffff\" stroke-width=\"5\"",
					       "stroke=\"#D55E00\" stroke-width=\"2.5\"" };

	for (int pass = 0; pass < 2 && l->contour; pass++) {
		fprintf(f, "<path fill=\"none\" stroke-linecap=\"square\" %s d=\"", strokes[pass]);
		for (size_t y = 0; y < g->ny; y++)
			for (size_t x = 0; x < g->nx; x++) {
				const struct grid_cell *c = grid_at(g, s, y, x);
				const struct grid_cell *right = x + 1 < g->nx ? grid_at(g, s, y, x + 1) : NULL;
				const struct grid_cell *above = y + 1 < g->ny ? grid_at(g, s, y + 1, x) : NULL;
				double x0 = left + (double)x * l->cell_w, y0 = bottom - (double)(y + 1) * l->cell_h;
				if (c->n && right && right->n && on_side(p, c) != on_side(p, right))
					fprintf(f, "M%.1f %.1fv%.1f", x0 + l->cell_w, y0, l->cell_h);
				if (c->n && above && above->n && on_side(p, c) != on_side(p, above))
					fprintf(f, "M%.1f %.1fh%.1f", x0, y0, l->cell_w);
			}
		fputs("\"/>\n", f);
	}
}

static void put_axes(const struct study_picture *p, FILE *f, const struct layout *l, double left, double bottom, bool first)
{
	const struct grid *g = &p->grid;
	const struct study *st = p->v->st;
	static const char ink[] = "font-size=\"12\" fill=\"" PICTURE_INK "\"";
	size_t every_x = (size_t)ceil(fmax(46 / l->cell_w, 1)), every_y = (size_t)ceil(fmax(14 / l->cell_h, 1));
	char label[SHOWN], cut[SHOWN];

	for (size_t x = 0; x < g->nx; x += every_x) {
		grid_label(label, sizeof label, p, true, x);
		size_t room = (size_t)fmax(l->cell_w * (double)every_x / 7, 4);
		svg_text(f, left + ((double)x + 0.5) * l->cell_w, bottom + 16, "middle", ink,
			 shorten(cut, sizeof cut, label, room));
	}
	svg_text(f, left + l->panel_w / 2, bottom + 34, "middle", ink,
		 shorten(cut, sizeof cut, st->factors[p->plot.x].label, 40));
	for (size_t y = 0; first && y < g->ny; y += every_y) {
		grid_label(label, sizeof label, p, false, y);
		svg_text(f, left - 8, bottom - ((double)y + 0.5) * l->cell_h + 4, "end", ink,
			 shorten(cut, sizeof cut, label, 14));
	}
	if (first)
		svg_text(f, left - 8, bottom - l->panel_h - 7, "end", ink,
			 shorten(cut, sizeof cut, st->factors[p->plot.y].label, 22));
}

static void put_panel(const struct study_picture *p, FILE *f, const struct layout *l, size_t s)
{
	const struct grid *g = &p->grid;
	size_t column = s % l->columns, row = s / l->columns;
	double left = LEFT + (double)column * (l->panel_w + GAP);
	double bottom = TOP + GAP - 12 + (double)row * (l->panel_h + TICKS + GAP) + l->panel_h;
	char level[SHOWN], title[256], cut[SHOWN];

	if (p->plot.slice != SIZE_MAX) {
		show_level(level, sizeof level, p->v->st, p->plot.slice, s, &plain_style);
		snprintf(title, sizeof title, "%.100s: %s", p->v->st->factors[p->plot.slice].label, level);
		svg_text(f, left + l->panel_w / 2, bottom - l->panel_h - 7, "middle",
			 "font-size=\"12\" font-weight=\"bold\" fill=\"" PICTURE_INK "\"",
			 shorten(cut, sizeof cut, title, (size_t)fmax((l->panel_w + GAP) / 7.2, 8)));
	}
	for (size_t y = 0; y < g->ny; y++)
		for (size_t x = 0; x < g->nx; x++)
			put_cell(f, l, left + (double)x * l->cell_w, bottom - (double)(y + 1) * l->cell_h,
				 grid_at(g, s, y, x));
	put_contour(p, f, l, s, left, bottom);
	put_axes(p, f, l, left, bottom, column == 0);
}

static void put_legend(FILE *f, const struct layout *l)
{
	enum { STEPS = 32, TALL = 120, WIDE = 14 };
	double x = LEFT + (double)l->columns * (l->panel_w + GAP), y = TOP + GAP - 12;
	static const char ink[] = "font-size=\"12\" fill=\"" PICTURE_INK "\"";
	char fill[8], text[SHOWN];
	bool light;

	for (int i = 0; i < STEPS; i++) {
		colour(fill, (i + 0.5) / STEPS, &light);
		fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\"/>\n", x,
			y + TALL - (double)(i + 1) * TALL / STEPS, WIDE, (double)TALL / STEPS + 0.3, fill);
	}
	svg_text(f, x, y - 6, "start", ink, *l->sc.unit ? l->sc.unit : "");
	svg_text(f, x + WIDE + 6, y + 10, "start", ink, show_number(text, l->high, cell_digits(l), &plain_style));
	svg_text(f, x + WIDE + 6, y + TALL, "start", ink, show_number(text, l->low, cell_digits(l), &plain_style));
	if (l->contour) {
		fprintf(f, "<path d=\"M%.1f %.1fh%d\" stroke=\"#D55E00\" stroke-width=\"2.5\"/>\n", x, y + TALL + 20, WIDE);
		svg_text(f, x + WIDE + 6, y + TALL + 24, "start", ink, "target");
	}
}

void plot_heat_svg(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	struct layout l = layout_of(p);
	int least = TOP + GAP + 170;

	svg_begin(pic, f, l.width, l.height < least ? least : l.height);
	fputs("<defs><pattern id=\"none\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
	      "<path d=\"M0 0v6\" stroke=\"#7F7F7F\" stroke-width=\"2\"/></pattern></defs>\n",
	      f);
	for (size_t s = 0; s < p->grid.ns; s++)
		put_panel(p, f, &l, s);
	put_legend(f, &l);
	fputs("</svg>\n", f);
}
