/* A response against each factor in turn: a panel a factor, a dot a point. */
#include <math.h>
#include <string.h>

#include "sim/output/study_plot.h"

enum { WIDTH = 900, PANEL_HEIGHT = 260, COLUMNS = 3, NAMES_MOST = 12 };

/* Factors that vary, the first ones. */
static size_t panels_of(const struct study *st, size_t to[PANELS_MOST], size_t *varied)
{
	size_t n = 0;

	*varied = 0;
	for (size_t f = 0; f < st->n_factors; f++) {
		if (st->factors[f].n_levels == 1)
			continue;
		++*varied;
		if (n < PANELS_MOST)
			to[n++] = f;
	}
	return n;
}

/* Of a star, a factor's panel shows what lies on its own axis. */
static bool is_on_axis(const struct study *st, size_t point, size_t factor)
{
	for (size_t f = 0; st->design == DESIGN_STAR && f < st->n_factors; f++)
		if (f != factor && study_cell(st, point, f)->level != st->factors[f].base)
			return false;
	return true;
}

/* factor_scale is asked for once for all points: it looks at all of them. */
static double place_of(const struct study *st, size_t point, size_t factor, double scale)
{
	const struct cell *c = study_cell(st, point, factor);

	return st->factors[factor].n_levels && !st->factors[factor].numeric ? (double)c->level : c->number * scale;
}

static size_t stride_of(const struct study *st)
{
	return (st->n_points + SCATTER_DOTS - 1) / SCATTER_DOTS;
}

/* A block per panel. */
void plot_scatter_data(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct study *st = p->v->st;
	const struct scale sy = response_scale(p->v, p->plot.response);
	size_t factors[PANELS_MOST], varied, n = panels_of(st, factors, &varied);

	fprintf(f, "# factor, mean, low, high%s%s; a block per factor\n", *sy.unit ? " in " : "", sy.unit);
	for (size_t k = 0; k < n; k++) {
		const struct scale sx = factor_scale(st, factors[k]);
		fprintf(f, "%s# %s%s%s\n", k ? "\n\n" : "", st->factors[factors[k]].id, *sx.unit ? " in " : "", sx.unit);
		for (size_t i = 0; i < st->n_points; i += stride_of(st)) {
			const struct interval *v = &point_at(p->v, i, p->plot.response)->value;
			if (isnan(v->mean) || !is_on_axis(st, i, factors[k]))
				continue;
			fprintf(f, "%.9g %.9g ", place_of(st, i, factors[k], sx.factor), v->mean * sy.factor);
			if (isnan(v->low) || isnan(v->high))
				fputs("nan nan\n", f);
			else
				fprintf(f, "%.9g %.9g\n", v->low * sy.factor, v->high * sy.factor);
		}
	}
}

static bool has_strokes(const struct study *st)
{
	return st->n_points <= SCATTER_STROKES;
}

static void put_y_axis(const struct study_picture *p, FILE *f)
{
	const double target = plot_target(p->v, p->plot.response);
	double low, high;

	plot_response_span(p->v, p->plot.response, has_strokes(p->v->st), true, &low, &high);
	fprintf(f, "set yrange [%.9g:%.9g]\n", low, high);
	if (!isnan(target))
		fprintf(f,
			"set arrow 1 from graph 0, first %.9g to graph 1, first %.9g nohead front lw 1.5 dt 2 lc rgb '" PICTURE_INK
			"'\n",
			target, target);
}

static void put_names(const struct study *st, size_t factor, FILE *f)
{
	const struct factor *x = &st->factors[factor];
	size_t step = (x->n_levels + NAMES_MOST - 1) / NAMES_MOST;
	char label[SHOWN];

	fprintf(f, "set xrange [-0.5:%g]\nset xtics (", (double)x->n_levels - 0.5);
	for (size_t i = 0; i < x->n_levels; i += step) {
		fputs(i ? ", " : "", f);
		put_gnuplot(f, shorten(label, sizeof label, x->levels[i], x->n_levels > 3 ? 9 : 14));
		fprintf(f, " %zu", i);
	}
	fputs(")\n", f);
}

/* Few numbers are tics of their own; of more gnuplot chooses. */
static void put_numbers(const struct study *st, size_t factor, FILE *f)
{
	double low = INFINITY, high = -INFINITY;
	const struct factor *x = &st->factors[factor];
	const double scale = factor_scale(st, factor).factor;

	for (size_t i = 0; i < st->n_points; i++) {
		low = fmin(low, place_of(st, i, factor, scale));
		high = fmax(high, place_of(st, i, factor, scale));
	}
	bool log_x = x->log && low > 0 && high > 4 * low;
	fputs(log_x ? "set logscale x\nset format x '%g'\nset xtics autofreq\n"
		    : "unset logscale x\nset format x '% h'\nset xtics autofreq\n",
	      f);
	if (log_x && high < 200 * low)
		fputs("set xtics add (1,2,5,10,20,50,100,200,500)\n", f);
	if (log_x)
		fprintf(f, "set xrange [%.9g:%.9g]\n", low / pow(high / low, 0.04), high * pow(high / low, 0.04));
	else if (high > low)
		fprintf(f, "set xrange [%.9g:%.9g]\n", low - 0.04 * (high - low), high + 0.04 * (high - low));
	else
		fputs("set xrange [*:*]\n", f);
	if (!log_x && x->n_levels && x->n_levels <= 6) {
		fputs("set xtics (", f);
		for (size_t i = 0; i < x->n_levels; i++)
			fprintf(f, "%s%.9g", i ? ", " : "", x->numbers[i] * scale);
		fputs(")\n", f);
	}
}

static void put_panel(const struct study_picture *p, FILE *f, size_t index, size_t factor)
{
	const struct study *st = p->v->st;
	char label[160], cut[SHOWN];

	if (st->factors[factor].n_levels && !st->factors[factor].numeric) {
		fputs("unset logscale x\n", f);
		put_names(st, factor, f);
	} else {
		put_numbers(st, factor, f);
	}
	fputs("set xlabel ", f);
	put_gnuplot(f, show_axis(label, sizeof label, shorten(cut, sizeof cut, st->factors[factor].label, 28),
				 factor_scale(st, factor).unit));
	fputs(" textcolor rgb '" PICTURE_INK "'\nplot ", f);
	if (has_strokes(st))
		fprintf(f, "'%s.dat' index %zu " PLOT_UPRIGHT " lw 1.2 lc rgb '%s', \\\n     ", p->name, index,
			picture_colours[0]);
	fprintf(f, "'%s.dat' index %zu using 1:2 with points pt 7 ps %s lc rgb '%s'\n", p->name, index,
		has_strokes(st) ? "0.6" : "0.4", picture_colours[0]);
}

void plot_scatter_script(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct study *st = p->v->st;
	size_t factors[PANELS_MOST], varied, n = panels_of(st, factors, &varied);
	size_t columns = n > 1 && n < COLUMNS ? n : n > 1 ? COLUMNS : 1, rows = (n + columns - 1) / columns;
	char name[256], cut[160], label[300];

	script_begin(pic, f, WIDTH, (int)rows * PANEL_HEIGHT + 50);
	response_name(name, sizeof name, &st->responses[p->plot.response]);
	show_axis(label, sizeof label, shorten(cut, sizeof cut, name, 28), response_scale(p->v, p->plot.response).unit);
	fputs("set key off\nset ylabel ", f);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
	put_y_axis(p, f);
	fprintf(f, "set multiplot layout %zu,%zu margins char 9,2,4,3.4 spacing char 6,5\n", rows, columns);
	for (size_t i = 0; i < n; i++) {
		if (i == 1)
			fputs("unset label 1\n", f);
		if (i)
			fputs(i % columns ? "unset ylabel\n" : "", f);
		if (i && i % columns == 0) {
			fputs("set ylabel ", f);
			put_gnuplot(f, label);
			fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
		}
		put_panel(p, f, i, factors[i]);
	}
	fputs("unset multiplot\n", f);
}
