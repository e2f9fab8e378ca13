/* A response over a numeric factor: a line for each level of another, a panel for each of a third. */
#include <math.h>
#include <string.h>

#include "sim/output/study_plot.h"

enum { BANDS_MOST = 4, WIDTH = 800, HEIGHT = 400, PANELS_WIDTH = 900, PANEL_HEIGHT = 290 };

static size_t lines_of(const struct grid *g)
{
	return g->ny < LINES_MOST ? g->ny : LINES_MOST;
}

static double number_at(const struct study_picture *p, size_t x)
{
	return p->v->st->factors[p->plot.x].numbers[p->grid.order_x[x]] * factor_scale(p->v->st, p->plot.x).factor;
}

/* A block per panel and line. */
void plot_lines_data(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct grid *g = &p->grid;
	const struct scale sy = response_scale(p->v, p->plot.response);
	char line[SHOWN], panel[SHOWN] = "";

	fprintf(f, "# %s%s%s%s, mean, low and high end of its %g %% interval%s%s%s; a block per line\n",
		p->v->st->factors[p->plot.x].label, *factor_scale(p->v->st, p->plot.x).unit ? " in " : "",
		factor_scale(p->v->st, p->plot.x).unit, "", 100 * p->v->st->precision.level, *sy.unit ? " (" : "", sy.unit,
		*sy.unit ? ")" : "");
	for (size_t s = 0; s < g->ns; s++)
		for (size_t y = 0; y < lines_of(g); y++) {
			if (p->plot.slice != SIZE_MAX)
				show_level(panel, sizeof panel, p->v->st, p->plot.slice, s, &plain_style);
			fprintf(f, "%s# %s %s\n", s + y ? "\n\n" : "", panel, grid_label(line, sizeof line, p, false, y));
			for (size_t x = 0; x < g->nx; x++) {
				const struct grid_cell *c = grid_at(g, s, y, x);
				if (c->n == 0)
					fprintf(f, "%.9g nan nan nan\n", number_at(p, x));
				else if (isnan(c->low) || isnan(c->high))
					fprintf(f, "%.9g %.9g nan nan\n", number_at(p, x), c->mean * sy.factor);
				else
					fprintf(f, "%.9g %.9g %.9g %.9g\n", number_at(p, x), c->mean * sy.factor,
						c->low * sy.factor, c->high * sy.factor);
			}
		}
}

bool plot_has_bands(const struct study_picture *p)
{
	return lines_of(&p->grid) <= BANDS_MOST && !p->grid.averaged;
}

/* Of the lines alone where they are means over other factors, since points reach further. */
static void span_of(const struct study_picture *p, double *low, double *high)
{
	const struct grid *g = &p->grid;
	const struct scale sy = response_scale(p->v, p->plot.response);
	const double target = plot_target(p->v, p->plot.response);

	if (!g->averaged) {
		plot_response_span(p->v, p->plot.response, plot_has_bands(p), true, low, high);
		return;
	}
	*low = isnan(target) ? INFINITY : target;
	*high = isnan(target) ? -INFINITY : target;
	for (size_t s = 0; s < g->ns; s++)
		for (size_t y = 0; y < lines_of(g); y++)
			for (size_t x = 0; x < g->nx; x++) {
				const struct grid_cell *c = grid_at(g, s, y, x);
				if (c->n == 0)
					continue;
				*low = fmin(*low, c->mean * sy.factor);
				*high = fmax(*high, c->mean * sy.factor);
			}
	plot_span(low, high, response_is_share(p->v, p->plot.response));
}

static void put_x_axis(const struct study_picture *p, FILE *f)
{
	const struct study *st = p->v->st;
	const struct factor *x = &st->factors[p->plot.x];
	double from = number_at(p, 0), to = number_at(p, p->grid.nx - 1);
	char label[160];

	fputs("set xlabel ", f);
	put_gnuplot(f, show_axis(label, sizeof label, x->label, factor_scale(st, p->plot.x).unit));
	fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
	if (x->log && from > 0) {
		fprintf(f, "set logscale x\nset format x '%%g'\nset xrange [%.9g:%.9g]\n", from * pow(to / from, -0.02),
			to * pow(to / from, 0.02));
		if (to < 100 * from)
			fputs("set xtics add (1,2,5,10,20,50,100,200,500,1000)\n", f);
	} else if (to > from) {
		fprintf(f, "set xrange [%.9g:%.9g]\n", from - 0.02 * (to - from), to + 0.02 * (to - from));
	}
	if (p->grid.nx <= 10 && !x->log) {
		fputs("set xtics (", f);
		for (size_t i = 0; i < p->grid.nx; i++)
			fprintf(f, "%s%.9g", i ? ", " : "", number_at(p, i));
		fputs(")\n", f);
	}
}

static void put_target(const struct study_picture *p, FILE *f)
{
	const double target = plot_target(p->v, p->plot.response);
	char text[80];

	if (isnan(target))
		return;
	fprintf(f,
		"set arrow 1 from graph 0, first %.9g to graph 1, first %.9g nohead front lw 1.5 dt 2 lc rgb '" PICTURE_INK
		"'\n",
		target, target);
	snprintf(text, sizeof text, "target %s", p->v->st->responses[p->plot.response].target.text);
	fputs("set label 2 ", f);
	put_gnuplot(f, text);
	fprintf(f, " at graph 0.995, first %.9g right offset 0,0.6 front textcolor rgb '" PICTURE_INK "'\n", target);
}

/* The lines of a panel. */
static void plot_panel(const struct study_picture *p, FILE *f, size_t slice)
{
	const struct grid *g = &p->grid;
	size_t n = lines_of(g);
	bool first = true, bands = plot_has_bands(p);
	char label[SHOWN], title[SHOWN];

	for (size_t y = 0; y < n && bands; y++) {
		fprintf(f,
			"%s '%s.dat' index %zu using 1:3:4 with filledcurves notitle lc rgb '%s' fs transparent solid 0.18 noborder",
			first ? "plot" : ", \\\n    ", p->name, slice * n + y, picture_colours[y]);
		first = false;
	}
	for (size_t y = 0; y < n && bands; y++)
		fprintf(f, ", \\\n     '%s.dat' index %zu " PLOT_UPRIGHT " lw 1.2 lc rgb '%s' notitle", p->name,
			slice * n + y, picture_colours[y]);
	for (size_t y = 0; y < n; y++) {
		grid_label(label, sizeof label, p, false, y);
		fprintf(f, "%s '%s.dat' index %zu using 1:2 with %s lw 2 lc rgb '%s' title ", first ? "plot" : ", \\\n    ",
			p->name, slice * n + y, g->nx <= 26 ? "linespoints pt 7 ps 0.6" : "lines", picture_colours[y]);
		put_gnuplot(f, shorten(title, sizeof title, label, 24));
		first = false;
	}
	fputc('\n', f);
}

static void put_y_axis(const struct study_picture *p, FILE *f)
{
	char name[256], label[300], cut[160];
	double low, high;

	span_of(p, &low, &high);
	response_name(name, sizeof name, &p->v->st->responses[p->plot.response]);
	show_axis(label, sizeof label, shorten(cut, sizeof cut, name, 36), response_scale(p->v, p->plot.response).unit);
	fputs("set ylabel ", f);
	put_gnuplot(f, label);
	fprintf(f, " textcolor rgb '" PICTURE_INK "'\nset yrange [%.9g:%.9g]\n", low, high);
}

static void put_key(const struct study_picture *p, FILE *f, bool panels)
{
	char title[SHOWN];

	if (p->plot.y == SIZE_MAX) {
		fputs("set key off\n", f);
		return;
	}
	fputs(panels ? "set key at screen 0.985, screen 0.925 right top horizontal maxrows 1 Left reverse samplen 1.5 title "
		     : "set key outside right top vertical Left reverse samplen 1.5 spacing 1.2 title ",
	      f);
	put_gnuplot(f, shorten(title, sizeof title, p->v->st->factors[p->plot.y].label, 24));
	fputs(" textcolor rgb '" PICTURE_INK "' noenhanced\n", f);
}

static void put_panels(const struct study_picture *p, FILE *f)
{
	const size_t columns = p->grid.ns < 3    ? p->grid.ns
			       : p->grid.ns == 4 ? 2
						 : 3,
		     rows = (p->grid.ns + columns - 1) / columns;
	char level[SHOWN], text[256];

	fprintf(f, "set multiplot layout %zu,%zu margins char 9,2,4,5.4 spacing char 6,5.5\n", rows, columns);
	for (size_t s = 0; s < p->grid.ns; s++) {
		show_level(level, sizeof level, p->v->st, p->plot.slice, s, &plain_style);
		snprintf(text, sizeof text, "%.100s: %s", p->v->st->factors[p->plot.slice].label, level);
		fputs("set title ", f);
		put_gnuplot(f, text);
		fputs(" noenhanced offset 0,-0.5 textcolor rgb '" PICTURE_INK "'\n", f);
		if (s == 1)
			fputs("unset label 1\nset key off\n", f);
		if (s % columns)
			fputs("unset ylabel\n", f);
		else if (s)
			put_y_axis(p, f);
		plot_panel(p, f, s);
	}
	fputs("unset multiplot\n", f);
}

void plot_lines_script(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	bool panels = p->grid.ns > 1;
	size_t rows = p->grid.ns > 3 ? 2 : 1;

	if (panels)
		script_begin(pic, f, PANELS_WIDTH, (int)rows * PANEL_HEIGHT + 60);
	else
		script_begin(pic, f, WIDTH, HEIGHT);
	put_x_axis(p, f);
	put_y_axis(p, f);
	put_target(p, f);
	put_key(p, f, panels);
	if (panels)
		put_panels(p, f);
	else
		plot_panel(p, f, 0);
}
