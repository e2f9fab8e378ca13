/* The map: outlines, devices coloured by their value, gateways; an SVG of our own. */
#include <math.h>
#include <string.h>

#include "sim/output/output_private.h"

enum { WIDTH = 820, MARGIN = 18, LEGEND = 150, DEVICES_MAX = 4000 };

struct view { double x0, y0, scale, kx, height, metres_per_px; };

static void extent(const struct report *r, struct view *v)
{
	double x1 = -INFINITY, y1 = -INFINITY;

	v->x0 = v->y0 = INFINITY;
	for (size_t i = 0; i < r->n_features; i++)
		for (size_t k = 0; k < r->features[i].n_points; k++) {
			const double *p = r->features[i].lonlat + 2 * k;
			v->x0 = fmin(v->x0, p[0]);
			x1 = fmax(x1, p[0]);
			v->y0 = fmin(v->y0, p[1]);
			y1 = fmax(y1, p[1]);
		}
	/* a degree of longitude is shorter than one of latitude */
	v->kx = r->geographic ? cos(0.5 * (v->y0 + y1) * M_PI / 180) : 1;
	double w = fmax((x1 - v->x0) * v->kx, 1e-9), h = fmax(y1 - v->y0, 1e-9);
	v->scale = fmin((WIDTH - LEGEND - 2 * MARGIN) / w, 760 / h);
	v->height = h * v->scale + 2 * MARGIN + 26;
	v->metres_per_px = (r->geographic ? 111320 : 1) / v->scale;
	v->y0 = y1; /* north is up */
}

static double px(const struct view *v, const double *p)
{
	return MARGIN + (p[0] - v->x0) * v->kx * v->scale;
}

static double py(const struct view *v, const double *p)
{
	return MARGIN + (v->y0 - p[1]) * v->scale;
}

/* Bad to good over 0..1: orange, yellow, blue: readable without red and green. */
static void colour(double value, char buf[8])
{
	static const double stop[] = { 0, 0.5, 0.8, 0.95, 1 };
	static const int rgb[][3] = {
		{ 166, 54, 3 }, { 230, 120, 20 }, { 244, 200, 70 }, { 120, 190, 220 }, { 8, 81, 156 }
	};
	int i = 0;

	value = fmin(fmax(value, 0), 1);
	while (i < 3 && value > stop[i + 1])
		i++;
	double t = (value - stop[i]) / (stop[i + 1] - stop[i]);
	int c[3];
	for (int k = 0; k < 3; k++)
		c[k] = (int)lround(rgb[i][k] + t * (rgb[i + 1][k] - rgb[i][k]));
	snprintf(buf, 8, "#%02x%02x%02x", c[0] & 255, c[1] & 255, c[2] & 255);
}

static void polygon(FILE *f, const struct view *v, const struct feature *x, bool boundary)
{
	fputs("<path d=\"", f);
	for (size_t k = 0; k < x->n_points; k++)
		fprintf(f, "%c%.1f %.1f", k ? 'L' : 'M', px(v, x->lonlat + 2 * k), py(v, x->lonlat + 2 * k));
	fprintf(f, "Z\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"><title>", boundary ? "none" : "#f3f1ea",
		boundary ? "#555" : "#b9b4a4", boundary ? "1.4" : "0.9");
	xml_escape(f, x->name);
	fputs("</title></path>\n", f);
}

static void name_polygon(FILE *f, const struct view *v, const struct feature *x)
{
	double sx = 0, sy = 0;

	for (size_t k = 0; k < x->n_points; k++) {
		sx += px(v, x->lonlat + 2 * k);
		sy += py(v, x->lonlat + 2 * k);
	}
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" class=\"d\">", sx / (double)x->n_points, sy / (double)x->n_points);
	xml_escape(f, x->name);
	fputs("</text>\n", f);
}

static void device(FILE *f, const struct view *v, const struct feature *x)
{
	char c[8] = "#777777";

	if (isfinite(x->value))
		colour(x->value, c);
	fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.9\" fill=\"%s\"/>\n", px(v, x->lonlat), py(v, x->lonlat), c);
}

static void gateway(FILE *f, const struct view *v, const struct feature *x, bool label)
{
	double a = px(v, x->lonlat), b = py(v, x->lonlat);

	fprintf(f, "<path d=\"M%.1f %.1fl7 12h-14Z\" fill=\"#111\" stroke=\"#fff\" stroke-width=\"1.2\"><title>", a, b - 8);
	xml_escape(f, x->name);
	fputs("</title></path>\n", f);
	if (!label)
		return;
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" class=\"g\">", a + 9, b + 4);
	xml_escape(f, x->name);
	fputs("</text>\n", f);
}

static void legend(FILE *f, const struct view *v, const char *what)
{
	double x = WIDTH - LEGEND + 10, y = 34;
	static const double at[] = { 1, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5, 0.25, 0 };
	char c[8];

	if (what) {
		fprintf(f, "<text x=\"%.0f\" y=\"%.0f\" class=\"l\" font-weight=\"bold\">Devices: %s</text>\n", x, y - 12,
			what);
		for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
			colour(at[i], c);
			fprintf(f,
				"<rect x=\"%.0f\" y=\"%.0f\" width=\"22\" height=\"17\" fill=\"%s\"/>"
				"<text x=\"%.0f\" y=\"%.0f\" class=\"l\">%g %%</text>\n",
				x, y, c, x + 29, y + 13, 100 * at[i]);
			y += 17;
		}
		fprintf(f,
			"<circle cx=\"%.0f\" cy=\"%.0f\" r=\"3\" fill=\"#777\"/><text x=\"%.0f\" y=\"%.0f\" class=\"l\">no message yet</text>\n",
			x + 10, y + 12, x + 29, y + 16);
		y += 42;
	}
	fprintf(f,
		"<path d=\"M%.0f %.0fl7 12h-14Z\" fill=\"#111\"/><text x=\"%.0f\" y=\"%.0f\" class=\"l\">gateway</text>\n",
		x + 10, y - 8, x + 29, y + 3);
	/* north, and a scale bar of a round length */
	fprintf(f, "<text x=\"%.0f\" y=\"%.0f\" class=\"l\">&#8593; north</text>\n", x, y + 34);
	double want = 130 * v->metres_per_px, unit = pow(10, floor(log10(want)));
	double length = want / unit >= 5 ? 5 * unit : want / unit >= 2 ? 2 * unit : unit;
	double w = length / v->metres_per_px;
	fprintf(f, "<path d=\"M%.0f %.0fv6h%.1fv-6\" fill=\"none\" stroke=\"#333\" stroke-width=\"1.5\"/>", x, y + 60, w);
	fprintf(f, "<text x=\"%.0f\" y=\"%.0f\" class=\"l\">%g %s</text>\n", x, y + 82,
		length >= 1000 ? length / 1000 : length, length >= 1000 ? "km" : "m");
}

static size_t layer_size(const struct report *r, const char *layer)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_features; i++)
		n += strcmp(r->features[i].layer, layer) == 0;
	return n;
}

static const char *device_value(const struct report *r)
{
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "devices") == 0)
			return r->features[i].value_name;
	return NULL;
}

int map_svg(const struct outcome *o, FILE *f)
{
	const struct report *r = first_report(o);
	struct view v;

	if (!r || r->n_features == 0)
		return -1;
	extent(r, &v);
	size_t devices = layer_size(r, "devices"), gateways = layer_size(r, "gateways"), step = devices / DEVICES_MAX + 1,
	       seen = 0;
	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\" "
		"font-family=\"Helvetica,Arial,sans-serif\">\n",
		WIDTH, fmax(v.height, 330), WIDTH, fmax(v.height, 330));
	fprintf(f, "<!-- sccsim %s, seed %llu, input %s -->\n", o->version, (unsigned long long)o->seed, o->sc->hash);
	fputs("<style>.d{font-size:13px;fill:#6b6654;text-anchor:middle}.g{font-size:11px;fill:#111;paint-order:stroke;"
	      "stroke:#fff;stroke-width:3px}.l{font-size:12px;fill:#333}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
	      f);
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "districts") == 0)
			polygon(f, &v, &r->features[i], false);
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "boundary") == 0)
			polygon(f, &v, &r->features[i], true);
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "devices") == 0 && seen++ % step == 0)
			device(f, &v, &r->features[i]);
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "districts") == 0)
			name_polygon(f, &v, &r->features[i]);
	for (size_t i = 0; i < r->n_features; i++)
		if (strcmp(r->features[i].layer, "gateways") == 0)
			gateway(f, &v, &r->features[i], gateways <= 30);
	legend(f, &v, device_value(r));
	fputs("</svg>\n", f);
	return 0;
}
