/*
 * The map: outlines, the layer whose values are asked for as coloured dots, other points as labelled triangles.
 *
 * North is up.  Degrees are laid out as metres around the middle of the map, which for a city is exact to a dot's width.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum { WIDTH = 800, LEGEND = 150, MARGIN = 14, LABELLED_MOST = 60 };

struct sheet {
	double x0, y0, kx, ky;          /* pixels = (lon - x0) * kx, (y0 - lat) * ky */
	double metres_a_pixel;
	int    height;
	double low, high;               /* values of the coloured layer */
	bool   values, share;
	const char *value_name;
};

static double px(const struct sheet *m, const double *p)
{
	return MARGIN + (p[0] - m->x0) * m->kx;
}

static double py(const struct sheet *m, const double *p)
{
	return MARGIN + 26 + (m->y0 - p[1]) * m->ky;
}

/* Viridis without its palest end, from the low values up: even to the eye, colour-blind or not, and in grey. */
static void colour_of(double t, char buf[8])
{
	static const int stops[][3] = { { 68, 1, 84 },    { 71, 44, 122 },  { 59, 81, 139 }, { 44, 113, 142 },
					{ 33, 144, 141 }, { 39, 173, 129 }, { 92, 200, 99 } };
	enum { LAST = sizeof stops / sizeof stops[0] - 1 };
	double at = fmin(fmax(t, 0), 1) * LAST;
	int i = at >= LAST ? LAST - 1 : (int)at;
	unsigned rgb[3];

	for (int k = 0; k < 3; k++)
		rgb[k] = (unsigned)lround(stops[i][k] + (at - i) * (stops[i + 1][k] - stops[i][k])) & 255;
	snprintf(buf, 8, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
}

static bool coloured(const struct feature *f, const char *layer)
{
	return f->n_points == 1 && strcmp(f->layer, layer) == 0;
}

static void measure(const struct view *v, const char *layer, struct sheet *m)
{
	double x1 = -INFINITY, y1 = -INFINITY;

	*m = (struct sheet){ .x0 = INFINITY, .y0 = INFINITY, .low = INFINITY, .high = -INFINITY };
	for (size_t i = 0; i < v->n_features; i++) {
		const struct feature *f = v->features[i];
		for (size_t k = 0; k < f->n_points; k++) {
			m->x0 = fmin(m->x0, f->lonlat[2 * k]);
			x1 = fmax(x1, f->lonlat[2 * k]);
			m->y0 = fmin(m->y0, f->lonlat[2 * k + 1]);
			y1 = fmax(y1, f->lonlat[2 * k + 1]);
		}
		if (coloured(f, layer) && isfinite(f->value)) {
			m->low = fmin(m->low, f->value);
			m->high = fmax(m->high, f->value);
			m->values = true;
			m->value_name = f->value_name;
		}
	}
	double shrink = v->first->geographic ? cos((m->y0 + y1) / 2 * M_PI / 180) : 1;
	double wide = fmax((x1 - m->x0) * shrink, 1e-9), tall = fmax(y1 - m->y0, 1e-9);
	m->ky = fmin((WIDTH - LEGEND - 2 * MARGIN) / wide, 760 / tall);
	m->kx = m->ky * shrink;
	m->height = (int)ceil(tall * m->ky) + 2 * MARGIN + 30;
	m->height = m->height < 330 ? 330 : m->height;
	m->metres_a_pixel = (v->first->geographic ? 111195 : 1) / m->ky;
	m->y0 = y1;
	m->share = m->values && m->low >= 0 && m->high <= 1;
	if (m->share)
		m->high = 1;
	if (m->values && !(m->low < m->high))
		m->low = m->share ? 0 : m->low - 1;
}

/* Corners nearer than half a pixel to the last one drawn are left out. */
static void put_outline(FILE *f, const struct sheet *m, const struct feature *g)
{
	double x = NAN, y = NAN;
	const char *pen = "M";

	fputs("<path fill=\"#8a94a3\" fill-opacity=\"0.08\" stroke=\"#8a94a3\" stroke-width=\"1\" stroke-linejoin=\"round\" d=\"",
	      f);
	for (size_t k = 0; k < g->n_points; k++) {
		double nx = px(m, &g->lonlat[2 * k]), ny = py(m, &g->lonlat[2 * k]);
		if (hypot(nx - x, ny - y) < 0.5)
			continue;
		fprintf(f, "%s%.1f %.1f", pen, nx, ny);
		pen = "L";
		x = nx;
		y = ny;
	}
	fputs("Z\"><title>", f);
	put_xml(f, g->name);
	fputs("</title></path>\n", f);
}

static void put_text(FILE *f, double x, double y, const char *anchor, const char *style, const char *text)
{
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor, style);
	put_xml(f, text);
	fputs("</text>\n", f);
}

/* A halo in the colour of the paper keeps a name legible on dots. */
#define HALO "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\" "

/* The name in the middle of the widest of an area's rings; the whole city's outline needs none. */
static void name_area(FILE *f, const struct view *v, const struct sheet *m, const struct feature *g)
{
	double area = 0, cx = 0, cy = 0;

	for (size_t i = 0; i < v->n_features; i++) /* of several rings of one name, the longest is named */
		if (v->features[i]->n_points > g->n_points && strcmp(v->features[i]->name, g->name) == 0)
			return;
	for (size_t k = 0; k < g->n_points; k++) {
		const double *a = &g->lonlat[2 * k], *b = &g->lonlat[2 * ((k + 1) % g->n_points)];
		double ax = px(m, a), ay = py(m, a), bx = px(m, b), by = py(m, b), cross = ax * by - bx * ay;
		area += cross;
		cx += (ax + bx) * cross;
		cy += (ay + by) * cross;
	}
	if (fabs(area) > 1e-6)
		put_text(f, cx / (3 * area), cy / (3 * area), "middle",
			 HALO "font-size=\"13\" font-weight=\"600\" fill=\"" FIGURE_INK "\"", g->name);
}

struct dot { const struct feature *f; size_t place; };

/* High values first, so that what is wrong lies on top. */
static int by_value(const void *a, const void *b)
{
	const struct dot *x = a, *y = b;
	double p = isfinite(x->f->value) ? x->f->value : INFINITY, q = isfinite(y->f->value) ? y->f->value : INFINITY;

	return p != q ? (p > q ? -1 : 1) : x->place < y->place ? -1 : x->place > y->place;
}

static void put_dots(FILE *f, const struct view *v, const char *layer, const struct sheet *m)
{
	struct dot *dots = malloc((v->n_features + 1) * sizeof *dots);
	size_t n = 0;
	char c[8];

	if (!dots) {
		fputs("<!-- out of memory -->", f);
		return;
	}
	for (size_t i = 0; i < v->n_features; i++)
		if (coloured(v->features[i], layer))
			dots[n++] = (struct dot){ v->features[i], i };
	qsort(dots, n, sizeof *dots, by_value);
	for (size_t i = 0; i < n; i++) {
		const struct feature *g = dots[i].f;
		double x = px(m, g->lonlat), y = py(m, g->lonlat);
		if (isfinite(g->value)) {
			colour_of((g->value - m->low) / (m->high - m->low), c);
			fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2\" fill=\"%s\"/>\n", x, y, c);
		} else {
			fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\" fill=\"#a3abb6\"/>\n", x, y);
		}
	}
	free(dots);
}

static void put_triangle(FILE *f, double x, double y)
{
	fprintf(f, "<path d=\"M%.1f %.1fl6.5 11h-13Z\" fill=\"#D55E00\" stroke=\"#ffffff\" stroke-width=\"1.2\"/>\n", x,
		y - 7);
}

/* Other layers of points: few are labelled, many are left as triangles. */
static void put_others(FILE *f, const struct view *v, const char *layer, const struct sheet *m, bool names)
{
	for (size_t i = 0; i < v->n_features; i++) {
		const struct feature *g = v->features[i];
		if (g->n_points != 1 || strcmp(g->layer, layer) == 0)
			continue;
		double x = px(m, g->lonlat), y = py(m, g->lonlat);
		bool left = x > WIDTH - LEGEND - 110;
		if (names)
			put_text(f, left ? x - 9 : x + 9, y + 4, left ? "end" : "start",
				 HALO "font-size=\"10.5\" fill=\"" FIGURE_INK "\"", g->name);
		else
			put_triangle(f, x, y);
	}
}

static void put_scale(FILE *f, const struct sheet *m, double x, double y)
{
	double want = 110 * m->metres_a_pixel, unit = pow(10, floor(log10(want)));
	double length = want >= 5 * unit ? 5 * unit : want >= 2 * unit ? 2 * unit : unit, wide = length / m->metres_a_pixel;
	char text[48];

	snprintf(text, sizeof text, length >= 1000 ? "%g km" : "%g m", length >= 1000 ? length / 1000 : length);
	fprintf(f, "<path d=\"M%.1f %.1fv5h%.1fv-5\" fill=\"none\" stroke=\"" FIGURE_INK "\" stroke-width=\"1.5\"/>\n", x,
		y, wide);
	put_text(f, x, y + 20, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", text);
	fprintf(f, "<path d=\"M%.1f %.1fl5 14l-5 -3.5l-5 3.5Z\" fill=\"" FIGURE_INK "\"/>\n", x + 6, y - 62);
	put_text(f, x + 18, y - 50, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", "north");
}

static void put_ramp(FILE *f, const struct sheet *m, const char *layer, double x, double y)
{
	enum { STEPS = 40, TALL = 120 };
	char c[8], text[SHOWN];

	put_text(f, x, y - 22, "start", "font-size=\"12\" font-weight=\"600\" fill=\"" FIGURE_INK "\"", layer);
	put_text(f, x, y - 8, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", m->value_name ? m->value_name : "value");
	for (int i = 0; i < STEPS; i++) {
		colour_of(1 - (i + 0.5) / STEPS, c);
		fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"%.1f\" fill=\"%s\"/>\n", x,
			y + i * (double)TALL / STEPS, (double)TALL / STEPS + 0.3, c);
	}
	for (int i = 0; i <= 4; i++) {
		double value = m->high - (m->high - m->low) * i / 4;
		if (m->share)
			snprintf(text, sizeof text, "%.3g %%", 100 * value);
		else
			show_number(text, value, digits_of(m->high - m->low, NAN, false), &plain_style);
		put_text(f, x + 20, y + 4 + i * TALL / 4.0, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", text);
	}
	fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"#a3abb6\"/>\n", x + 7, y + TALL + 22);
	put_text(f, x + 20, y + TALL + 26, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", "no value");
}

static void put_legend(FILE *f, const struct view *v, const char *layer, const struct sheet *m)
{
	double x = WIDTH - LEGEND + 8, y = 66;

	if (m->values) {
		put_ramp(f, m, layer, x, y);
		y += 172;
	}
	for (size_t i = 0; i < v->n_layers; i++) {
		if (!v->layers[i].points || strcmp(v->layers[i].name, layer) == 0)
			continue;
		put_triangle(f, x + 7, y);
		put_text(f, x + 20, y + 4, "start", "font-size=\"12\" fill=\"" FIGURE_INK "\"", v->layers[i].name);
		y += 20;
	}
	put_scale(f, m, x, m->height - 34);
}

void map_svg(const struct view *v, const struct figure *g, FILE *f)
{
	struct sheet m;
	size_t others = 0;

	measure(v, g->layer, &m);
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"xmlns=\"http://www.w3.org/2000/svg\" font-family=\"" FIGURE_FONT "\">\n<!-- ",
		WIDTH, m.height, WIDTH, m.height);
	put_identity(f, v->o);
	fputs(" -->\n<title>", f);
	put_xml(f, g->title);
	fprintf(f, "</title>\n<rect x=\"0\" y=\"0\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, m.height);
	put_text(f, MARGIN, 20, "start", "font-size=\"15\" fill=\"" FIGURE_INK "\"", g->title);
	for (size_t i = 0; i < v->n_features; i++)
		if (v->features[i]->n_points > 1)
			put_outline(f, &m, v->features[i]);
	put_dots(f, v, g->layer, &m);
	for (size_t i = 0; i < v->n_features; i++) {
		others += v->features[i]->n_points == 1 && strcmp(v->features[i]->layer, g->layer) != 0;
		if (v->features[i]->n_points > 1 && strcmp(v->features[i]->group, "all") != 0)
			name_area(f, v, &m, v->features[i]);
	}
	put_others(f, v, g->layer, &m, false);
	if (others <= LABELLED_MOST)
		put_others(f, v, g->layer, &m, true);
	put_legend(f, v, g->layer, &m);
	fputs("</svg>\n", f);
}
