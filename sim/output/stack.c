/* A KPI over time, its groups of one kind as areas one upon the other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum { AREAS_MOST = 16, POINTS_MOST = 600, LEGEND = 24 };

/* The lines that are drawn, from the bottom up; x is that of the longest. */
struct areas {
	const struct line *l[AREAS_MOST];
	size_t n, longest;
	bool share;
	double highest;                 /* of the sums */
};

static bool is_zero(const struct line *l)
{
	for (size_t k = 0; k < l->n; k++)
		if (l->points[k].mean != 0)
			return false;
	return true;
}

/* The mean of a line at x: lines of one KPI are sampled at the same times; where one is not, it is nothing.  *at: the point looked at
 * last, since x grows. */
static double value_at(const struct line *l, double x, size_t *at)
{
	while (*at + 1 < l->n && l->points[*at].x < x)
		++*at;
	return l->n && l->points[*at].x == x ? l->points[*at].mean : 0;
}

static struct areas areas_of(const struct chart *c)
{
	struct areas a = { .n = 0 };
	char kind[64] = "", own[64];
	size_t at[AREAS_MOST] = { 0 };

	for (size_t i = 0; i < c->n_lines; i++) {
		if (!*group_kind(own, sizeof own, c->lines[i].group) || strchr(own, ';'))
			continue;
		if (!*kind)
			snprintf(kind, sizeof kind, "%s", own);
		if (strcmp(own, kind) != 0 || is_zero(&c->lines[i]) || a.n == AREAS_MOST)
			continue;
		a.l[a.n] = &c->lines[i];
		a.longest = c->lines[i].n > a.l[a.longest]->n ? a.n : a.longest;
		a.n++;
	}
	for (size_t k = 0; a.n && k < a.l[a.longest]->n; k++) {
		double sum = 0;
		for (size_t i = 0; i < a.n; i++)
			sum += value_at(a.l[i], a.l[a.longest]->points[k].x, &at[i]);
		a.highest = fmax(a.highest, sum);
	}
	a.share = strcmp(c->kpi->unit, "1") == 0 && a.highest <= 1 + 1e-9;
	return a;
}

bool stack_is_empty(const struct chart *c)
{
	return areas_of(c).n == 0;
}

static double time_unit(const struct areas *a, const char **unit)
{
	const struct line *l = a->n ? a->l[a->longest] : NULL;
	double end = l ? l->points[l->n - 1].x : 0;

	*unit = end > 3 * 86400 ? "days" : end > 2 * 3600 ? "hours" : "seconds";
	return **unit == 'd' ? 86400 : **unit == 'h' ? 3600 : 1;
}

/* A row a time: of very many, every k-th. */
void stack_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	struct areas a = areas_of(g->chart);
	size_t at[AREAS_MOST] = { 0 }, n = a.n ? a.l[a.longest]->n : 0, step = (n + POINTS_MOST - 1) / POINTS_MOST;
	const char *unit;
	double divisor = time_unit(&a, &unit);

	fprintf(f, "# %s, then the mean over the replications (%s) of:", unit,
		a.share                     ? "%"
		: strcmp(g->kpi->unit, "1") ? g->kpi->unit
					    : "number");
	for (size_t i = 0; i < a.n; i++)
		fprintf(f, " %s", a.l[i]->group);
	fputc('\n', f);
	for (size_t k = 0; k < n; k += step) {
		double x = a.l[a.longest]->points[k].x;
		fprintf(f, "%.9g", x / divisor);
		for (size_t i = 0; i < a.n; i++)
			fprintf(f, " %.9g", value_at(a.l[i], x, &at[i]) * (a.share ? 100 : 1));
		fputc('\n', f);
	}
}

void stack_script(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	struct areas a = areas_of(g->chart);
	char start[SHOWN], label[160], title[SHOWN];
	const char *unit;

	time_unit(&a, &unit);
	script_begin(p, f, 880, 420);
	snprintf(label, sizeof label, "%s since %s", unit, show_instant(start, g->v->o->sc->run.start));
	fputs("set xlabel ", f);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nset ylabel ", f);
	snprintf(label, sizeof label, "%s%s%s%s", g->kpi->name, a.share || strcmp(g->kpi->unit, "1") != 0 ? " (" : "",
		 a.share                     ? "%"
		 : strcmp(g->kpi->unit, "1") ? g->kpi->unit
					     : "",
		 a.share || strcmp(g->kpi->unit, "1") != 0 ? ")" : "");
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK
	      "'\nset key outside right top vertical Left reverse invert samplen 1.2 spacing 1.25\nset grid front\n",
	      f);
	fprintf(f, "set yrange [0:%.9g]\nset style fill solid 1 noborder\n",
		a.highest > 0 ? a.highest * (a.share ? 100 : 1) * (a.share && a.highest > 0.97 ? 1 : 1.04) : 1);
	for (size_t i = 0; i < a.n; i++) {
		fprintf(f, "%s '%s.dat' using 1:(sum [k=2:%zu] column(k)):(sum [k=2:%zu] column(k)) with filledcurves",
			i ? ", \\\n    " : "plot", g->name, i + 1, i + 2);
		fprintf(f, " fs %s lc rgb '%s' title ", i < PICTURE_COLOURS ? "solid 0.85" : "pattern 5",
			picture_colours[i % PICTURE_COLOURS]);
		put_gnuplot(f, shorten(title, sizeof title, group_label(a.l[i]->group), LEGEND));
	}
	fputc('\n', f);
}
