/* Curves and series as gnuplot draws them: a line per group, a band where replications give an interval. */
#include <math.h>
#include <string.h>

#include "sim/output/figure.h"
#include "sim/output/text.h"

enum { LINES_MOST = 8, POINTS_MOST = 800, MARKED = 26, BANDS_MOST = 4, SERIES_BANDS_MOST = 2, LABEL_LINE = 34, LEGEND = 24, LABEL_BYTES = 160 };

/* How a chart's numbers are turned into those drawn. */
struct axes {
	double x_factor, y_factor;
	char   x_label[LABEL_BYTES], y_label[LABEL_BYTES];
	bool   empty;                   /* nothing but zeros */
	double least, largest;          /* of the means */
	bool   positive;                /* none of them is negative */
	bool   share;                   /* y is drawn in %, and ends at 0 and `most` */
	double most;
	double x_low, x_high, y_low, y_high;
	size_t first_line[LINES_MOST];
	size_t n;
};

static void label(char *buf, size_t size, const char *text, const char *unit)
{
	snprintf(buf, size, *unit && strcmp(unit, "1") != 0 ? "%s (%s)" : "%s", text, unit);
}

/* A label beside the axis is as long as the axis at most: two lines where it has more words. */
static void put_label(FILE *f, const char *text)
{
	const char *cut = NULL;
	char first[LABEL_BYTES] = "";

	if (text_width(text) > LABEL_LINE)
		for (const char *c = text; *c; c++)
			if (*c == ' ' && (!cut || c - text <= (ptrdiff_t)strlen(text) / 2))
				cut = c;
	if (cut)
		snprintf(first, sizeof first, "%.*s", (int)(cut - text), text);
	put_gnuplot(f, cut ? first : text);
	if (cut) {
		fputs(".\"\\n\".", f); /* only single quotes take any text as it is */
		put_gnuplot(f, cut + 1);
	}
}

/* Up to eight lines: all devices, then the groups; of many, those of the kind that comes first. */
static void choose_lines(const struct chart *c, struct axes *a)
{
	char kind[64] = "", own[64];
	bool few = c->n_lines <= LINES_MOST;

	for (size_t i = 0; i < c->n_lines && a->n < LINES_MOST; i++)
		if (!*group_kind(own, sizeof own, c->lines[i].group))
			a->first_line[a->n++] = i;
	for (size_t i = 0; i < c->n_lines && a->n < LINES_MOST; i++) {
		if (!*group_kind(own, sizeof own, c->lines[i].group))
			continue;
		if (!*kind)
			strcpy(kind, own);
		if (few || strcmp(own, kind) == 0)
			a->first_line[a->n++] = i;
	}
}

static const struct line *line_at(const struct chart *c, const struct axes *a, size_t i)
{
	return &c->lines[a->first_line[i]];
}

static bool has_interval(const struct line *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!isnan(l->points[i].low))
			return true;
	return false;
}

/* Of many lines the bands would hide each other, and those over time do so soon: then only that of all devices, which comes first, is
 * drawn. */
static bool has_band(const struct chart *c, const struct axes *a, size_t i)
{
	const struct line *l = line_at(c, a, i);
	size_t most = c->curve ? BANDS_MOST : SERIES_BANDS_MOST;

	return has_interval(l) && (a->n <= most || (i == 0 && strcmp(l->group, "all") == 0));
}

/* The span of x in which anything changes to the eye, with a point on either side: the flat ends of a distribution tell
 * nothing. */
static void changing_span(const struct chart *c, struct axes *a)
{
	const double seen = 0.002 * (a->y_high - a->y_low);

	a->x_low = INFINITY;
	a->x_high = -INFINITY;
	for (size_t i = 0; i < a->n; i++) {
		const struct line *l = line_at(c, a, i);
		size_t from = 0, to = l->n - 1;
		while (from + 1 < l->n && fabs(l->points[from + 1].mean - l->points[0].mean) <= seen)
			from++;
		while (to > from && fabs(l->points[to - 1].mean - l->points[l->n - 1].mean) <= seen)
			to--;
		a->x_low = fmin(a->x_low, l->points[from].x);
		a->x_high = fmax(a->x_high, l->points[to].x);
	}
}

static void span(const struct chart *c, struct axes *a, bool trim)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < line_at(c, a, i)->n; k++) {
			const struct point *p = &line_at(c, a, i)->points[k];
			if (c->curve && c->curve->log_x && p->x <= 0)
				continue;
			low = fmin(low, p->x);
			high = fmax(high, p->x);
			bool drawn = has_band(c, a, i) && !isnan(p->low);
			a->y_low = fmin(a->y_low, drawn ? p->low : p->mean);
			a->y_high = fmax(a->y_high, drawn ? p->high : p->mean);
			a->least = fmin(a->least, p->mean);
			a->largest = fmax(a->largest, p->mean);
		}
	if (trim)
		changing_span(c, a);
	if (!trim || !(a->x_low < a->x_high)) {
		a->x_low = low;
		a->x_high = high;
	}
	a->x_low = fmax(a->x_low, low);
}

/* Percent ends at 0 and 100, and may begin where it begins; all else begins at zero, so that small changes look small. */
static void round_span(struct axes *a, bool percent)
{
	double low = a->y_low * a->y_factor, high = a->y_high * a->y_factor, pad;

	if (percent) {
		low = fmax(low, 0);
		high = fmin(high, a->most);
	}
	if (low >= 0 && (!percent || low < 0.6 * high))
		low = 0;
	pad = 0.06 * (high - low);
	if (!(pad > 0))
		pad = high != 0 ? fabs(high) * 0.1 : 1;
	a->y_high = high + pad;
	a->y_low = low == 0 ? 0 : percent && low - pad < 0 ? 0 : low - pad;
}

/* The largest of all devices; of what knows no such line infinite. */
static double all_largest(const struct chart *c)
{
	double high = -INFINITY;

	for (size_t i = 0; i < c->n_lines; i++)
		for (size_t k = 0; k < c->lines[i].n && strcmp(c->lines[i].group, "all") == 0; k++)
			high = fmax(high, c->lines[i].points[k].mean);
	return high > -INFINITY ? high : INFINITY;
}

/* A share of what would be may be a little more than all of it, and of few devices much more: its axis ends there. */
#define ABOUT 1.25

static struct axes axes_of(const struct view *v, const struct chart *c)
{
	struct axes a = { .x_factor = 1,
			  .y_factor = 1,
			  .y_low = INFINITY,
			  .y_high = -INFINITY,
			  .least = INFINITY,
			  .largest = -INFINITY,
			  .most = 100 };
	bool percent;

	choose_lines(c, &a);
	span(c, &a, c->curve && c->curve->log_x);
	a.empty = a.y_low == 0 && a.y_high == 0;
	if (c->curve) {
		a.share = strcmp(c->curve->y_unit, "1") == 0 && a.largest <= 1 + 1e-9 && a.least > -1e-9;
		/* "hour of the day" says its unit. */
		label(a.x_label, sizeof a.x_label, c->curve->x_label,
		      strncmp(c->curve->x_label, "hour", 4) ? c->curve->x_unit : "");
		label(a.y_label, sizeof a.y_label, c->curve->y_label, a.share ? "%" : c->curve->y_unit);
		percent = a.share || strcmp(c->curve->y_unit, "%") == 0;
	} else {
		char start[SHOWN];
		const char *unit = a.x_high > 3 * 86400 ? "days" : a.x_high > 2 * 3600 ? "hours" : "seconds";
		a.x_factor = *unit == 'd' ? 1.0 / 86400 : *unit == 'h' ? 1.0 / 3600 : 1;
		a.share = is_share(c->kpi, a.least, a.largest);
		if (!a.share && is_share(c->kpi, a.least, all_largest(c) / ABOUT)) {
			a.share = true;
			a.most = 100 * ABOUT;
		}
		snprintf(a.x_label, sizeof a.x_label, "%s since %s", unit, show_instant(start, v->o->sc->run.start));
		label(a.y_label, sizeof a.y_label, c->kpi->name, a.share ? "%" : c->kpi->unit);
		percent = a.share;
	}
	a.y_factor = a.share ? 100 : 1;
	/* of what is nothing at the least, bands end there too */
	a.positive = !(a.least < 0);
	a.y_low = a.positive ? fmax(a.y_low, 0) : a.y_low;
	round_span(&a, percent);
	a.share = percent;
	return a;
}

/* The whole of a line in at most so many points: of neighbours the mean. */
static void line_data(FILE *f, const struct line *l, const struct axes *a, bool log_x)
{
	size_t step = (l->n + POINTS_MOST - 1) / POINTS_MOST;

	for (size_t k = 0; k < l->n; k += step) {
		struct point sum = { 0 };
		size_t n = 0;
		for (; n < step && k + n < l->n; n++) {
			const struct point *p = &l->points[k + n];
			sum.x += p->x;
			sum.mean += p->mean;
			sum.low += p->low;
			sum.high += p->high;
		}
		double low = sum.low / (double)n * a->y_factor, high = sum.high / (double)n * a->y_factor;
		if (log_x && sum.x <= 0)
			continue;
		if (a->positive)
			low = isnan(low) ? low : fmax(low, 0);
		if (a->share)
			high = isnan(high) ? high : fmin(high, a->most);
		fprintf(f, "%.9g %.9g", sum.x / (double)n * a->x_factor, sum.mean / (double)n * a->y_factor);
		if (isnan(low))
			fputs(" nan nan\n", f);
		else
			fprintf(f, " %.9g %.9g\n", low, high);
	}
}

void chart_data(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	struct axes a = axes_of(v, g->chart);

	fprintf(f, "# %s, %s: mean over the replications, low and high end of its %g %% interval; a block per group\n",
		a.x_label, a.y_label, 100 * v->o->confidence);
	for (size_t i = 0; i < g->chart->n_lines; i++) {
		fprintf(f, "%s# %s\n", i ? "\n\n" : "", g->chart->lines[i].group);
		line_data(f, &g->chart->lines[i], &a, g->chart->curve && g->chart->curve->log_x);
	}
}

/* Tics of a logarithmic time axis, in the units that people use; between decades too where these are few. */
static void time_tics(FILE *f, double low, double high)
{
	static const struct {
		double s;
		const char *text;
		bool between;
	} tics[] = {
		{ 1e-6, "1 \u00b5s", false }, { 1e-5, "10 \u00b5s", false },
		{ 1e-4, "0.1 ms", false },    { 1e-3, "1 ms", false },
		{ 2e-3, "2 ms", true },       { 5e-3, "5 ms", true },
		{ 1e-2, "10 ms", false },     { 0.02, "20 ms", true },
		{ 0.05, "50 ms", true },      { 0.1, "0.1 s", false },
		{ 0.2, "0.2 s", true },       { 0.5, "0.5 s", true },
		{ 1, "1 s", false },          { 2, "2 s", true },
		{ 5, "5 s", true },           { 10, "10 s", false },
		{ 30, "30 s", true },         { 60, "1 min", false },
		{ 180, "3 min", true },       { 600, "10 min", false },
		{ 1800, "30 min", true },     { 3600, "1 h", false },
		{ 21600, "6 h", false },      { 86400, "1 d", false },
		{ 604800, "7 d", false },
	};
	bool any = false, few = high < 300 * low;

	for (size_t i = 0; i < sizeof tics / sizeof tics[0]; i++)
		if (tics[i].s >= low && tics[i].s <= high && (few || !tics[i].between)) {
			fprintf(f, "%s'%s' %g", any ? ", " : "set xtics (", tics[i].text, tics[i].s);
			any = true;
		}
	if (any)
		fputs(")\n", f);
}

static void x_axis(FILE *f, const struct chart *c, const struct axes *a)
{
	if (a->x_low < a->x_high)
		fprintf(f, "set xrange [%.9g:%.9g]\n", a->x_low * a->x_factor, a->x_high * a->x_factor);
	/* Within a decade or so a logarithmic axis shows little that a plain one does not, and has next to no tics. */
	if (c->curve && c->curve->log_x && a->x_high > 16 * a->x_low) {
		fputs("set logscale x\nset format x '%g'\nset mxtics 1\n", f);
		if (strcmp(c->curve->x_unit, "s") == 0 && a->x_high > 9 * a->x_low)
			time_tics(f, a->x_low, a->x_high);
		else if (a->x_high < 200 * a->x_low)
			fputs("set xtics add (1,2,5,10,20,50,100,200,500)\n", f);
	} else if (c->curve && strcmp(c->curve->x_unit, "h") == 0 && a->x_low >= 0 && a->x_high <= 24 && a->x_high > 12) {
		fputs("set xrange [0:24]\nset xtics 3\n", f);
	}
}

/* One line over a few whole numbers (gateways, spreading factors) is a count of each: bars. */
static bool is_count(const struct chart *c, const struct axes *a)
{
	const struct line *l = line_at(c, a, 0);
	bool whole = c->curve && !c->curve->log_x && a->n == 1 && l->n <= 16 && a->y_low == 0;

	for (size_t i = 0; i < l->n && whole; i++)
		whole = l->points[i].x == floor(l->points[i].x);
	return whole;
}

static void plot_bars(FILE *f, const struct figure *g, const struct axes *a)
{
	fprintf(f, "set xrange [%.9g:%.9g]\nset xtics 1\nset grid noxtics\n", a->x_low - 0.6, a->x_high + 0.6);
	fprintf(f, "plot '%s.dat' using 1:2:(0.7) notitle with boxes lc rgb '%s' fs solid 1 noborder", g->name,
		picture_colours[0]);
	if (!isnan(line_at(g->chart, a, 0)->points[0].low))
		fprintf(f,
			", \\\n     '%s.dat' using 1:3:(0):($4-$3) notitle with vectors heads size screen 0.006,90 lw 1.5 lc rgb '" PICTURE_INK
			"'",
			g->name);
	fputc('\n', f);
}

static void plot_lines(FILE *f, const struct figure *g, const struct axes *a)
{
	const struct chart *c = g->chart;
	bool first = true, marks = true;
	char title[SHOWN];

	for (size_t i = 0; i < a->n; i++)
		marks = marks && line_at(c, a, i)->n <= MARKED;

	for (size_t i = 0; i < a->n; i++)
		if (has_band(c, a, i)) {
			fprintf(f,
				"%s '%s.dat' index %zu using 1:3:4 with filledcurves notitle lc rgb '%s' fs transparent solid 0.18 noborder",
				first ? "plot" : ", \\\n    ", g->name, a->first_line[i], picture_colours[i]);
			first = false;
		}
	for (size_t i = 0; i < a->n; i++) {
		const struct line *l = line_at(c, a, i);
		fprintf(f, "%s '%s.dat' index %zu using 1:2 with %s lw 2 lc rgb '%s' title ", first ? "plot" : ", \\\n    ",
			g->name, a->first_line[i], marks ? "linespoints pt 7 ps 0.5" : "lines", picture_colours[i]);
		put_gnuplot(f, shorten(title, sizeof title,
				       strcmp(l->group, "all") == 0 ? "all devices" : group_label(l->group), LEGEND));
		first = false;
	}
	fputc('\n', f);
}

bool chart_is_empty(const struct view *v, const struct chart *c)
{
	return axes_of(v, c).empty;
}

const char *chart_intervals(const struct view *v, const struct chart *c)
{
	struct axes a = axes_of(v, c);
	bool any = false;

	for (size_t i = 0; i < a.n; i++)
		any = any || has_band(c, &a, i);
	return !any                                                ? NULL
	       : is_count(c, &a)                                   ? "strokes"
	       : a.n > (c->curve ? BANDS_MOST : SERIES_BANDS_MOST) ? "band of all devices"
								   : "bands";
}

void chart_script(const struct picture *p, FILE *f)
{
	const struct figure *g = p->ctx;
	const struct view *v = g->v;
	const struct chart *c = g->chart;
	struct axes a = axes_of(v, c);

	script_begin(p, f, 800, 400);
	fputs("set xlabel ", f);
	put_gnuplot(f, a.x_label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nset ylabel ", f);
	put_label(f, a.y_label);
	fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
	fputs(a.n > 1 ? "set key outside right top vertical Left reverse samplen 1.5 spacing 1.2\n" : "set key off\n", f);
	fprintf(f, "set yrange [%.9g:%.9g]\n", a.y_low, a.y_high);
	x_axis(f, c, &a);
	if (a.empty)
		fputs("set label 2 'zero throughout' at graph 0.5, graph 0.5 center textcolor rgb '" PICTURE_INK "'\n", f);
	if (is_count(c, &a))
		plot_bars(f, g, &a);
	else
		plot_lines(f, g, &a);
}
