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

enum { WIDTH = 800, LEGEND = 150, MARGIN = 14, LABELLED_MOST = 60, LEAST = 390 }; /* LEAST: what the legend needs */

struct sheet {
	double x0, y0, kx, ky;          /* pixels = (lon - x0) * kx, (y0 - lat) * ky */
	double metres_a_pixel;
	int    height;
	double low, high, step;         /* values of the coloured layer, widened to whole steps */
	size_t without;                 /* its points that have no value */
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

/* A point of another layer that helps to find one's way; not one that belongs to a group of results, as a class's devices do:
 * those have maps of their own. */
static bool is_landmark(const struct feature *f, const char *layer)
{
	return f->n_points == 1 && strcmp(f->layer, layer) != 0 && !strchr(f->group, '=');
}

static bool has_landmarks(const struct view *v, const char *of, const char *layer)
{
	for (size_t i = 0; i < v->n_features; i++)
		if (strcmp(v->features[i]->layer, of) == 0)
			return is_landmark(v->features[i], layer);
	return false;
}

static bool coloured(const struct feature *f, const char *layer)
{
	return f->n_points == 1 && strcmp(f->layer, layer) == 0;
}

/* Whole steps of 1, 2 or 5 in some power of ten around the values, six at most. */
static void round_values(struct sheet *m)
{
	static const double figures[] = { 1, 2, 5, 10 };

	m->share = m->low >= 0 && m->high <= 1;
	if (m->share)
		m->high = 1;
	double wide = m->high > m->low ? m->high - m->low : fmax(fabs(m->high), 1e-3) / 10,
	       unit = pow(10, floor(log10(wide / 5)));
	int i = 0;
	while (i < 3 && wide > 5 * figures[i] * unit)
		i++;
	m->step = figures[i] * unit;
	m->low = m->step * floor(m->low / m->step + 1e-9);
	m->high = m->step * ceil(m->high / m->step - 1e-9);
	if (!(m->low < m->high))
		m->low -= m->step;
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
		m->without += coloured(f, layer) && !isfinite(f->value);
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
	m->height = m->height < LEAST ? LEAST : m->height;
	m->metres_a_pixel = (v->first->geographic ? 111195 : 1) / m->ky;
	m->y0 = y1;
	if (m->values)
		round_values(m);
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

/* A halo in the colour of the paper keeps a name legible on dots. */
#define HALO "stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\" "

static double to_segment(double x, double y, double ax, double ay, double bx, double by)
{
	double dx = bx - ax, dy = by - ay, size = dx * dx + dy * dy;
	double t = size > 0 ? fmin(fmax(((x - ax) * dx + (y - ay) * dy) / size, 0), 1) : 0;

	return hypot(x - ax - t * dx, y - ay - t * dy);
}

/* Pixels from the nearest edge of an area; negative outside of it. */
static double depth_in(const struct sheet *m, const struct feature *g, double x, double y)
{
	double nearest = INFINITY;
	bool inside = false;

	for (size_t k = 0; k < g->n_points; k++) {
		const double *a = &g->lonlat[2 * k], *b = &g->lonlat[2 * ((k + 1) % g->n_points)];
		double ax = px(m, a), ay = py(m, a), bx = px(m, b), by = py(m, b);
		nearest = fmin(nearest, to_segment(x, y, ax, ay, bx, by));
		if ((ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax))
			inside = !inside;
	}
	return inside ? nearest : -nearest;
}

/* Where the name of a point that is no dot stands, roughly. */
enum { NAME_OFF = 9, NAME_LETTER = 6, NAME_TALL = 8 };
static bool name_is_left(double x)
{
	return x > WIDTH - LEGEND - 110;
}

static double to_names(const struct view *v, const struct sheet *m, const char *layer, double x, double y)
{
	double nearest = INFINITY;

	for (size_t i = 0; i < v->n_features; i++) {
		const struct feature *g = v->features[i];
		if (!is_landmark(g, layer))
			continue;
		double gx = px(m, g->lonlat), gy = py(m, g->lonlat),
		       wide = NAME_OFF + NAME_LETTER * (double)text_width(g->name);
		double from = name_is_left(gx) ? gx - wide : gx - NAME_OFF,
		       to = name_is_left(gx) ? gx + NAME_OFF : gx + wide;
		double dx = fmax(fmax(from - x, x - to), 0), dy = fmax(fabs(gy - y) - NAME_TALL, 0);
		nearest = fmin(nearest, hypot(dx, dy));
	}
	return nearest;
}

/* The name stands in the widest of an area's rings, far from its edges and from other names. */
static void name_area(FILE *f, const struct view *v, const struct sheet *m, const char *layer, const struct feature *g, bool names)
{
	enum { TRIED = 24 };
	double west = INFINITY, east = -INFINITY, north = INFINITY, south = -INFINITY, best = 0, at_x = 0, at_y = 0;

	for (size_t i = 0; i < v->n_features; i++) /* of several rings of one name, the longest is named */
		if (v->features[i]->n_points > g->n_points && strcmp(v->features[i]->name, g->name) == 0)
			return;
	for (size_t k = 0; k < g->n_points; k++) {
		west = fmin(west, px(m, &g->lonlat[2 * k]));
		east = fmax(east, px(m, &g->lonlat[2 * k]));
		north = fmin(north, py(m, &g->lonlat[2 * k]));
		south = fmax(south, py(m, &g->lonlat[2 * k]));
	}
	for (int i = 0; i < TRIED * TRIED; i++) {
		int column = i % TRIED, row = i / TRIED;
		double x = west + (east - west) * (column + 0.5) / TRIED, y = north + (south - north) * (row + 0.5) / TRIED;
		double wide = 4 * (double)text_width(g->name), room = depth_in(m, g, x, y);
		if (names && room > best) /* both ends of the name and its middle keep away from other names */
			for (int end = -1; end <= 1; end++)
				room = fmin(room, 2 * to_names(v, m, layer, x + end * wide, y - 4));
		if (room > best) {
			best = room;
			at_x = x;
			at_y = y;
		}
	}
	if (best > 0)
		svg_text(f, at_x, at_y, "middle", HALO "font-size=\"13\" font-weight=\"600\" fill=\"" PICTURE_INK "\"",
			 g->name);
}

/* A point without a value: a ring, told from a dot of any colour. */
#define WITHOUT "r=\"1.8\" fill=\"none\" stroke=\"#7a8490\" stroke-width=\"0.9\""

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
	/* White around each, on dark paper too, where the darkest would not be seen. */
	fputs("<g stroke=\"#fff\" stroke-width=\"0.5\">\n", f);
	for (size_t i = 0; i < n; i++) {
		const struct feature *g = dots[i].f;
		double x = px(m, g->lonlat), y = py(m, g->lonlat);
		if (isfinite(g->value)) {
			colour_of((g->value - m->low) / (m->high - m->low), c);
			fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.3\" fill=\"%s\"/>\n", x, y, c);
		} else {
			fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" " WITHOUT "/>\n", x, y);
		}
	}
	fputs("</g>\n", f);
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
		if (!is_landmark(g, layer))
			continue;
		double x = px(m, g->lonlat), y = py(m, g->lonlat);
		bool left = name_is_left(x);
		if (names)
			svg_text(f, left ? x - NAME_OFF : x + NAME_OFF, y + 4, left ? "end" : "start",
				 HALO "font-size=\"10.5\" fill=\"" PICTURE_INK "\"", g->name);
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
	fprintf(f, "<path d=\"M%.1f %.1fv5h%.1fv-5\" fill=\"none\" stroke=\"" PICTURE_INK "\" stroke-width=\"1.5\"/>\n", x,
		y, wide);
	svg_text(f, x, y + 20, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", text);
	fprintf(f, "<path d=\"M%.1f %.1fl5 14l-5 -3.5l-5 3.5Z\" fill=\"" PICTURE_INK "\"/>\n", x + 6, y - 62);
	svg_text(f, x + 18, y - 50, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", "north");
}

static void put_ramp(FILE *f, const struct sheet *m, double x, double y)
{
	enum { STEPS = 40, TALL = 120 };
	char c[8], text[SHOWN];

	for (int i = 0; i < STEPS; i++) {
		colour_of(1 - (i + 0.5) / STEPS, c);
		fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"%.1f\" fill=\"%s\"/>\n", x,
			y + i * (double)TALL / STEPS, (double)TALL / STEPS + 0.3, c);
	}
	int n = (int)lround((m->high - m->low) / m->step);
	for (int i = 0; i <= n; i++) {
		double value = (m->high - i * m->step) * (m->share ? 100 : 1);
		int digits = (int)fmax(0, -floor(log10(m->step * (m->share ? 100 : 1)) + 1e-9));
		show_number(text, value, digits > 6 ? 6 : digits, &plain_style);
		strcat(text, m->share ? " %" : "");
		svg_text(f, x + 20, y + 4 + i * TALL / (double)n, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"",
			 text);
	}
}

/* What the dots are, and how many have no value. */
static double put_dots_legend(FILE *f, const struct sheet *m, const char *layer, double x, double y)
{
	char text[64];

	svg_text(f, x, y, "start", "font-size=\"12\" font-weight=\"600\" fill=\"" PICTURE_INK "\"", layer);
	if (m->values) {
		svg_text(f, x, y + 15, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"",
			 m->value_name ? m->value_name : "value");
		put_ramp(f, m, x, y + 30);
		y += 150;
	}
	if (m->without) {
		y += 20;
		fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" " WITHOUT "/>\n", x + 7, y);
		snprintf(text, sizeof text, "no value (%zu)", m->without);
		svg_text(f, x + 20, y + 4, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", text);
	}
	return y + 28;
}

static void put_legend(FILE *f, const struct view *v, const char *layer, const struct sheet *m)
{
	double x = WIDTH - LEGEND + 8, y = 44;

	if (m->values || m->without)
		y = put_dots_legend(f, m, layer, x, y);
	for (size_t i = 0; i < v->n_layers; i++) {
		if (!v->layers[i].points || !has_landmarks(v, v->layers[i].name, layer))
			continue;
		put_triangle(f, x + 7, y);
		svg_text(f, x + 20, y + 4, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", v->layers[i].name);
		y += 20;
	}
	put_scale(f, m, x, m->height - 34);
}

/* Areas, but for the outline of the whole. */
static bool is_named(const struct feature *g)
{
	return g->n_points > 1 && strcmp(g->group, "all") != 0;
}

void map_svg(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	struct sheet m;
	size_t others = 0, areas = 0;

	measure(v, g->layer, &m);
	svg_begin(p, f, WIDTH, m.height);
	for (size_t i = 0; i < v->n_features; i++)
		if (v->features[i]->n_points > 1)
			put_outline(f, &m, v->features[i]);
	put_dots(f, v, g->layer, &m);
	for (size_t i = 0; i < v->n_features; i++) {
		others += is_landmark(v->features[i], g->layer);
		areas += is_named(v->features[i]);
	}
	for (size_t i = 0; i < v->n_features && areas <= LABELLED_MOST; i++)
		if (is_named(v->features[i]))
			name_area(f, v, &m, g->layer, v->features[i], others <= LABELLED_MOST);
	put_others(f, v, g->layer, &m, false);
	if (others <= LABELLED_MOST)
		put_others(f, v, g->layer, &m, true);
	put_legend(f, v, g->layer, &m);
	fputs("</svg>\n", f);
}
