/*
 * Maps of moments side by side: the city, the hazards as they stood, and the parts as they worked.
 *
 * All are drawn to one scale, that of the map's areas and of the parts; what reaches beyond is cut off.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum { WIDE = 1000, TOP = 34, MARGIN = 10, HEAD = 40, LEGEND = 34, LEGEND_LINE = 20, ABREAST = 3, TALLEST = 380, LAYERS_MOST = 8, TITLE_COLUMNS = 44 };
#define AREA "#8a94a3"  /* of city and districts */

struct strip {
	double x0, y1, kx, ky;          /* pixels = (lon - x0) * kx, (y1 - lat) * ky */
	double wide, tall;              /* of one map */
	size_t across;
	const char *parts;              /* the layer whose values are states */
	const char *others[LAYERS_MOST];
	bool areas[LAYERS_MOST];        /* of the others: areas, not places */
	size_t n_others;
	double dot;                     /* radius */
	bool halves, outs;              /* some part is between, or does not work */
};

static bool is_area(const struct feature *g)
{
	return g->n_points > 1;
}

static void widen(struct strip *m, double *x1, double *y0, const struct feature *g)
{
	for (size_t k = 0; k < g->n_points; k++) {
		m->x0 = fmin(m->x0, g->lonlat[2 * k]);
		*x1 = fmax(*x1, g->lonlat[2 * k]);
		*y0 = fmin(*y0, g->lonlat[2 * k + 1]);
		m->y1 = fmax(m->y1, g->lonlat[2 * k + 1]);
	}
}

static void add_other(struct strip *m, const struct feature *g)
{
	for (size_t i = 0; i < m->n_others; i++)
		if (strcmp(m->others[i], g->layer) == 0)
			return;
	if (m->n_others == LAYERS_MOST)
		return;
	m->areas[m->n_others] = is_area(g);
	m->others[m->n_others++] = g->layer;
}

static struct strip measure(const struct view *v, const char *parts)
{
	struct strip m = { .x0 = INFINITY, .y1 = -INFINITY, .parts = parts };
	double x1 = -INFINITY, y0 = INFINITY;
	size_t dots = 0;

	for (size_t i = 0; i < v->n_features; i++)
		if (is_area(v->features[i]))
			widen(&m, &x1, &y0, v->features[i]);
	for (size_t i = 0; i < v->n_moments; i++) {
		const struct feature *g = v->moments[i];
		if (strcmp(g->layer, parts) != 0) {
			add_other(&m, g);
			continue;
		}
		widen(&m, &x1, &y0, g);
		dots++;
		m.outs |= g->value >= 1;
		m.halves |= g->value > 0 && g->value < 1;
	}
	if (!(m.x0 <= x1)) /* nothing but hazards */
		for (size_t i = 0; i < v->n_moments; i++)
			widen(&m, &x1, &y0, v->moments[i]);
	m.across = v->n_frames < ABREAST ? v->n_frames + !v->n_frames : ABREAST;
	m.wide = (WIDE - 2.0 * MARGIN) / (double)m.across - MARGIN;
	double shrink = v->first->geographic ? cos((y0 + m.y1) / 2 * M_PI / 180) : 1;
	double lon = fmax((x1 - m.x0) * shrink, 1e-9), lat = fmax(m.y1 - y0, 1e-9);
	m.ky = fmin((m.wide - 2 * MARGIN) / lon, (TALLEST - 2.0 * MARGIN) / lat);
	m.kx = m.ky * shrink;
	m.tall = lat * m.ky + 2 * MARGIN;
	m.x0 -= (m.wide - lon * m.ky) / 2 / m.kx; /* in the middle */
	m.y1 += MARGIN / m.ky;
	m.dot = dots > 400 * v->n_frames ? 1.6 : dots > 80 * v->n_frames ? 2.4 : 3.4;
	return m;
}

static double px(const struct strip *m, const double *p)
{
	return (p[0] - m->x0) * m->kx;
}

static double py(const struct strip *m, const double *p)
{
	return (m->y1 - p[1]) * m->ky;
}

static const char *colour_of(const struct strip *m, const char *layer)
{
	static const size_t colours[LAYERS_MOST] = { 5, 3, 6, 0, 7, 5, 3, 6 };

	for (size_t i = 0; i < m->n_others; i++)
		if (strcmp(m->others[i], layer) == 0)
			return picture_colours[colours[i]];
	return picture_colours[7];
}

static void put_ring(FILE *f, const struct strip *m, const struct feature *g)
{
	double x = NAN, y = NAN;
	const char *pen = "M";

	for (size_t k = 0; k < g->n_points; k++) {
		double nx = px(m, &g->lonlat[2 * k]), ny = py(m, &g->lonlat[2 * k]);
		if (hypot(nx - x, ny - y) < 0.5)
			continue;
		fprintf(f, "%s%.1f %.1f", pen, nx, ny);
		pen = "L";
		x = nx;
		y = ny;
	}
	fputs("Z", f);
}

static void put_tooltip(FILE *f, const struct feature *g)
{
	fputs("<title>", f);
	put_xml(f, g->layer);
	fputs(": ", f);
	put_xml(f, g->name);
	if (g->value_name && isfinite(g->value)) {
		fputs(", ", f);
		put_xml(f, g->value_name);
	}
	fputs("</title>", f);
}

/* What is no part: an area as far as it reaches, a place as a cross. */
static void put_other(FILE *f, const struct strip *m, const struct feature *g)
{
	const char *c = colour_of(m, g->layer);

	if (is_area(g)) {
		fprintf(f, "<path class=\"hazard\" fill=\"%s\" fill-opacity=\"%.2f\" stroke=\"%s\" stroke-width=\"1\" d=\"",
			c, 0.2 + 0.4 * (isfinite(g->value) ? fmin(fmax(g->value, 0), 1) : 0.25), c);
		put_ring(f, m, g);
	} else {
		double x = px(m, g->lonlat), y = py(m, g->lonlat);
		fprintf(f,
			"<path class=\"hazard\" stroke=\"%s\" stroke-width=\"2\" fill=\"none\" d=\"M%.1f %.1fl8 8m0 -8l-8 8",
			c, x - 4, y - 4);
	}
	fputs("\">", f);
	put_tooltip(f, g);
	fputs("</path>\n", f);
}

/* A shape and a colour for each state, so that neither alone has to tell it. */
static void put_state(FILE *f, double x, double y, double r, double value)
{
	const char *c = picture_colours[value >= 1 ? 1 : value > 0 ? 4 : 2];

	if (value >= 1)
		fprintf(f, "<path d=\"M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fZ\" fill=\"%s\" ", x, y - 1.5 * r, 1.5 * r,
			1.5 * r, -1.5 * r, 1.5 * r, -1.5 * r, -1.5 * r, c);
	else if (value > 0)
		fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" ", x - r, y - r, 2 * r,
			2 * r, c);
	else
		fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" ", x, y, r, c);
	fputs("stroke=\"#ffffff\" stroke-width=\"0.8\">", f);
}

static const char *element_of(double value)
{
	return value >= 1 ? "path" : value > 0 ? "rect" : "circle";
}

/* Those that work first, so that what does not lies on top. */
static void put_parts(FILE *f, const struct view *v, const struct strip *m, simtime_t moment)
{
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < v->n_moments; i++) {
			const struct feature *g = v->moments[i];
			int own = g->value >= 1 ? 2 : g->value > 0 ? 1 : 0;
			if (g->moment != moment || own != pass || is_area(g) || strcmp(g->layer, m->parts) != 0)
				continue;
			put_state(f, px(m, g->lonlat), py(m, g->lonlat), m->dot, g->value);
			put_tooltip(f, g);
			fprintf(f, "</%s>\n", element_of(g->value));
		}
}

/* How many parts work, at the right of the head. */
static void put_count(FILE *f, const struct view *v, const struct strip *m, simtime_t moment)
{
	size_t all = 0, work = 0;
	char text[64];

	for (size_t i = 0; i < v->n_moments; i++) {
		const struct feature *g = v->moments[i];
		if (g->moment != moment || is_area(g) || strcmp(g->layer, m->parts) != 0)
			continue;
		all++;
		work += g->value < 1;
	}
	snprintf(text, sizeof text, "%zu of %zu work", work, all);
	if (all)
		svg_text(f, m->wide, 28, "end",
			 "class=\"count\" font-size=\"11.5\" font-weight=\"600\" fill=\"" PICTURE_INK "\"", text);
}

static void put_frame(FILE *f, const struct view *v, const struct strip *m, const struct frame_row *frame, double x, double y)
{
	char text[4 * TITLE_COLUMNS + 8];

	fprintf(f, "<g class=\"frame\" transform=\"translate(%.1f %.1f)\">\n", x, y);
	svg_text(f, 0, 12, "start", "font-size=\"13\" font-weight=\"600\" fill=\"" PICTURE_INK "\"",
		 shorten(text, sizeof text, frame->title, TITLE_COLUMNS));
	svg_text(f, 0, 28, "start", "font-size=\"11.5\" fill=\"" PICTURE_INK "\"",
		 show_instant(text, v->o->sc->run.start + frame->moment / SIM_SECOND));
	put_count(f, v, m, frame->moment);
	fprintf(f, "<g transform=\"translate(0 %d)\" clip-path=\"url(#moment)\">\n", HEAD - 4);
	fprintf(f, "<rect width=\"%.1f\" height=\"%.1f\" fill=\"#8a94a3\" fill-opacity=\"0.06\"/>\n", m->wide, m->tall);
	for (size_t i = 0; i < v->n_features; i++)
		if (is_area(v->features[i])) {
			fputs("<path fill=\"" AREA "\" fill-opacity=\"0.1\" stroke=\"" AREA "\" stroke-width=\"1.2\" d=\"",
			      f);
			put_ring(f, m, v->features[i]);
			fputs("\"/>\n", f);
		}
	for (size_t i = 0; i < v->n_moments; i++)
		if (v->moments[i]->moment == frame->moment && strcmp(v->moments[i]->layer, m->parts) != 0)
			put_other(f, m, v->moments[i]);
	put_parts(f, v, m, frame->moment);
	fputs("</g></g>\n", f);
}

/* Keys from left to right, and on the next line where they do not fit. */
struct legend { FILE *f; double x, y; };

static void next_key(struct legend *l, const char *text)
{
	double wide = 34 + 6.8 * (double)text_width(text);

	if (l->x > MARGIN + 6 && l->x + wide > WIDE) {
		l->x = MARGIN + 6;
		l->y += LEGEND_LINE;
	}
	svg_text(l->f, l->x + 11, l->y + 4, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", text);
}

static void end_key(struct legend *l, const char *text)
{
	l->x += 34 + 6.8 * (double)text_width(text);
}

static void put_other_key(struct legend *l, const struct strip *m, size_t i)
{
	const char *c = colour_of(m, m->others[i]);
	char text[SHOWN];

	snprintf(text, sizeof text, m->areas[i] ? "reach of the %.60s" : "%.60s", m->others[i]);
	for (char *k = text; *k; k++)
		*k = *k == '-' ? ' ' : *k;
	next_key(l, text);
	if (m->areas[i])
		fprintf(l->f,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"10\" fill=\"%s\" fill-opacity=\"0.35\" stroke=\"%s\"/>\n",
			l->x - 6, l->y - 5, c, c);
	else
		fprintf(l->f, "<path stroke=\"%s\" stroke-width=\"2\" fill=\"none\" d=\"M%.1f %.1fl8 8m0 -8l-8 8\"/>\n", c,
			l->x - 4, l->y - 4);
	end_key(l, text);
}

/* Of the areas that are no hazards: the last layer of them, which is drawn on top. */
static void put_border_key(struct legend *l, const struct view *v)
{
	const char *layer = NULL;
	char text[SHOWN];

	for (size_t i = 0; i < v->n_features; i++)
		if (is_area(v->features[i]))
			layer = v->features[i]->layer;
	if (!layer)
		return;
	snprintf(text, sizeof text, "borders of %.60s", layer);
	next_key(l, text);
	fprintf(l->f,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"10\" fill=\"" AREA
		"\" fill-opacity=\"0.1\" stroke=\"" AREA "\"/>\n",
		l->x - 6, l->y - 5);
	end_key(l, text);
}

static void put_legend(FILE *f, const struct view *v, const struct strip *m, double y)
{
	static const struct {
		double value;
		const char *text;
	} states[] = { { 0, "works" }, { 0.5, "on backup power" }, { 1, "does not work" } };
	struct legend l = { f, MARGIN + 6, y };

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		if ((i == 1 && !m->halves) || (i == 2 && !m->outs))
			continue;
		next_key(&l, states[i].text);
		put_state(f, l.x, l.y, 4, states[i].value);
		fprintf(f, "</%s>\n", element_of(states[i].value));
		end_key(&l, states[i].text);
	}
	for (size_t i = 0; i < m->n_others; i++)
		put_other_key(&l, m, i);
	put_border_key(&l, v);
}

void moments_svg(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	struct strip m = measure(v, g->layer);
	size_t down = (v->n_frames + m.across - 1) / m.across;
	double row = m.tall + HEAD + MARGIN, bottom = TOP + row * (double)down;

	svg_begin(p, f, WIDE, (int)bottom + LEGEND + (m.n_others > 1 ? LEGEND_LINE : 0));
	fprintf(f, "<clipPath id=\"moment\"><rect width=\"%.1f\" height=\"%.1f\"/></clipPath>\n", m.wide, m.tall);
	for (size_t i = 0; i < v->n_frames; i++) {
		size_t above = i / m.across;
		put_frame(f, v, &m, v->frames[i], MARGIN + (double)(i % m.across) * (m.wide + MARGIN),
			  TOP + row * (double)above);
	}
	put_legend(f, v, &m, bottom + 10);
	fputs("</svg>\n", f);
}
