/* Two responses against each other, and the points between which a planner chooses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/study_plot.h"

enum { DOTS_MOST = 800, STROKES_MOST = 40, LABELS_MOST = 10 };

/* The front's points in the order of the first response; freed by the caller. */
struct spot { double x, y; size_t point; };

static int by_x(const void *pa, const void *pb)
{
	const struct spot *a = pa, *b = pb;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->point < b->point ? -1 : a->point > b->point;
}

static struct spot *front_of(const struct study_view *v, const struct front *f, size_t *n)
{
	struct spot *s = calloc(v->st->n_points + 1, sizeof *s);
	const size_t *of = f->of;
	const double x = response_scale(v, of[0]).factor, y = response_scale(v, of[1]).factor;

	*n = 0;
	for (size_t p = 0; s && p < v->st->n_points; p++)
		if (f->best[p])
			s[(*n)++] = (struct spot){ point_at(v, p, of[0])->value.mean * x,
						   point_at(v, p, of[1])->value.mean * y, p };
	if (s)
		qsort(s, *n, sizeof *s, by_x);
	return s;
}

static void put_bounds(FILE *f, const struct interval *i, double factor)
{
	if (isnan(i->low) || isnan(i->high))
		fprintf(f, " %.9g %.9g", i->mean * factor, i->mean * factor);
	else
		fprintf(f, " %.9g %.9g", i->low * factor, i->high * factor);
}

/* All points, of very many every so-manieth; then the front. */
void plot_front_data(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct study_view *v = p->v;
	const struct front *which = &v->a->fronts[p->plot.x];
	const size_t *of = which->of, step = (v->st->n_points + DOTS_MOST - 1) / DOTS_MOST;
	const struct scale sx = response_scale(v, of[0]), sy = response_scale(v, of[1]);
	char text[256];
	size_t n;
	struct spot *front = front_of(v, which, &n);

	fprintf(f, "# %s, %s, low and high of each; then the front\n", v->st->responses[of[0]].id,
		v->st->responses[of[1]].id);
	for (size_t i = 0; i < v->st->n_points; i += step) {
		const struct interval *x = &point_at(v, i, of[0])->value, *y = &point_at(v, i, of[1])->value;
		if (isnan(x->mean) || isnan(y->mean))
			continue;
		fprintf(f, "%.9g %.9g", x->mean * sx.factor, y->mean * sy.factor);
		put_bounds(f, x, sx.factor);
		put_bounds(f, y, sy.factor);
		fputc('\n', f);
	}
	fputs("\n\n", f);
	for (size_t i = 0; front && i < n; i++) {
		fprintf(f, "%.9g %.9g # ", front[i].x, front[i].y);
		for (const char *c = show_point(text, sizeof text, v->st, front[i].point, &plain_style); *c; c++)
			fputc(*c == '\n' ? ' ' : *c, f);
		fputc('\n', f);
	}
	free(front);
}

static void put_axis(const struct study_view *v, size_t response, const char *axis, FILE *f)
{
	char name[256], cut[160], what[320], label[340];
	const struct response *r = &v->st->responses[response];
	double low, high;

	plot_response_span(v, response, v->st->n_points <= STROKES_MOST, false, &low, &high);
	response_name(name, sizeof name, r);
	show_axis(label, sizeof label, shorten(cut, sizeof cut, name, 34), response_scale(v, response).unit);
	if (r->def->better == KPI_HIGHER)
		snprintf(what, sizeof what, "%.300s   better \u2192", label);
	else
		snprintf(what, sizeof what, "\u2190 better   %.300s", label);
	fprintf(f, "set %slabel ", axis);
	put_gnuplot(f, what);
	fprintf(f, " textcolor rgb '" PICTURE_INK "'\nset %srange [%.9g:%.9g]\n", axis, low, high);
	const double target = plot_target(v, response);
	if (target > low && target < high && *axis == 'x')
		fprintf(f, "set arrow from %.9g,graph 0 to %.9g,graph 1 nohead lw 1.5 dt 2 lc rgb '" PICTURE_INK "'\n",
			target, target);
	else if (target > low && target < high)
		fprintf(f,
			"set arrow from graph 0,first %.9g to graph 1,first %.9g nohead lw 1.5 dt 2 lc rgb '" PICTURE_INK
			"'\n",
			target, target);
}

static void put_labels(const struct study_view *v, const struct front *which, FILE *f)
{
	double low = INFINITY, high = -INFINITY;
	char text[256], cut[SHOWN];
	size_t n, step;
	struct spot *front = front_of(v, which, &n);

	const double factor = response_scale(v, which->of[0]).factor;

	for (size_t p = 0; p < v->st->n_points; p++) {
		double x = point_at(v, p, which->of[0])->value.mean * factor;
		low = fmin(low, x);
		high = fmax(high, x);
	}
	step = (n + LABELS_MOST - 1) / LABELS_MOST;
	for (size_t i = 0; front && i < n; i += step) {
		bool right = front[i].x > low + 0.6 * (high - low);
		fputs("set label ", f);
		put_gnuplot(f, shorten(cut, sizeof cut, show_point(text, sizeof text, v->st, front[i].point, &plain_style),
				       28));
		fprintf(f, " at %.9g,%.9g %s offset %s,%s front textcolor rgb '" PICTURE_INK "'\n", front[i].x, front[i].y,
			right ? "right" : "left", right ? "-0.9" : "0.9", i / step % 2 ? "-0.7" : "0.7");
	}
	free(front);
}

void plot_front_script(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	const struct study_view *v = p->v;
	const struct front *which = &v->a->fronts[p->plot.x];
	bool strokes = v->st->n_points <= STROKES_MOST;

	script_begin(pic, f, 800, 460);
	fputs("set key outside right top vertical Left reverse samplen 1.5 spacing 1.2\n", f);
	put_axis(v, which->of[0], "x", f);
	put_axis(v, which->of[1], "y", f);
	put_labels(v, which, f);
	fputs("plot ", f);
	if (strokes)
		fprintf(f,
			"'%s.dat' index 0 using 3:2:($4-$3):(0) with vectors heads size screen 0.004,90 lw 1 lc rgb '%s' notitle, \\\n"
			"     '%s.dat' index 0 using 1:5:(0):($6-$5) with vectors heads size screen 0.004,90 lw 1 lc rgb '%s' notitle, \\\n     ",
			p->name, picture_colours[7], p->name, picture_colours[7]);
	fprintf(f, "'%s.dat' index 0 using 1:2 with points pt 7 ps %s lc rgb '%s' title 'points', \\\n", p->name,
		strokes ? "0.7" : "0.4", picture_colours[7]);
	fprintf(f,
		"     '%s.dat' index 1 using 1:2 with linespoints pt 7 ps 0.9 lw 2 lc rgb '%s' title 'best trade-offs'\n",
		p->name, picture_colours[1]);
}
