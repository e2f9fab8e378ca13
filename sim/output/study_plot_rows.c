/* Rows with a dot or a bar each, as gnuplot draws them. */
#include <math.h>
#include <string.h>

#include "sim/output/study_rows_private.h"

enum { ROW = 24, WIDTH = 800, LEFT_LEAST = 9, CHARACTER = 8 /* wide, about */ };

void plot_rows_data(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	struct picture_rows r;

	picture_rows_of(p, &r);
	fprintf(f, "# row, mean, low, high (%s), colour, may be chance # label\n", *r.sc.unit ? r.sc.unit : "1");
	for (size_t i = 0; i < r.n; i++) {
		const struct picture_row *row = &r.v[i];
		fprintf(f, "%g %.9g ", row->at, row->mean);
		if (isnan(row->low) || isnan(row->high))
			fputs("nan nan", f);
		else
			fprintf(f, "%.9g %.9g", row->low, row->high);
		fprintf(f, " %d %d # ", row->colour, row->hollow);
		for (const char *c = row->label; *c; c++)
			fputc(*c == '\n' ? ' ' : *c, f);
		fprintf(f, "%s%s\n", *row->end ? " " : "", row->end);
	}
}

/* Share of the axis that the widest text at the ends takes on a side, where the rows' labels take so many characters. */
static double ends_share(const struct picture_rows *r, bool on_left, double labels)
{
	double wide = 0, axis = WIDTH - CHARACTER * (labels + 3);

	for (size_t i = 0; i < r->n; i++)
		if (*r->v[i].end && (r->v[i].mean < 0) == on_left)
			wide = fmax(wide, CHARACTER * ((double)text_width(r->v[i].end) + 1.5));
	return fmin(wide / axis, 0.35);
}

/* Of what cannot be negative, or above 100 %, the axis shows no more. */
static void span_of(const struct picture_rows *r, double labels, double *low, double *high)
{
	bool change = r->bars || *r->what;
	double least = INFINITY;

	*low = change ? 0 : INFINITY;
	*high = change ? 0 : -INFINITY;
	for (size_t i = 0; i < r->n; i++) {
		least = fmin(least, r->v[i].mean);
		*low = fmin(*low, fmin(r->v[i].mean, r->v[i].low));
		*high = fmax(*high, fmax(r->v[i].mean, r->v[i].high));
	}
	if (isfinite(r->target)) {
		*low = fmin(*low, r->target);
		*high = fmax(*high, r->target);
	}
	if (!change) {
		if (least >= 0)
			*low = fmax(*low, 0);
		plot_span(low, high, r->share);
		return;
	}
	/* Bars leave room for what stands at their ends. */
	double span = *high - *low, pad = span > 0 ? (r->bars ? 0.16 : 0.06) * span : 1;
	double left = ends_share(r, true, labels), right = ends_share(r, false, labels), all = span / (1 - left - right);
	*low = *low < 0 ? *low - fmax(pad, left * all) : *low;
	*high = *high > 0 ? *high + fmax(pad, right * all) : *high;
	if (r->share) {
		*low = fmax(*low, -20);
		*high = fmin(*high, 120);
	}
	if (!(*low < *high))
		*high = *low + 1;
}

static void put_labels(FILE *f, const struct picture_rows *r)
{
	size_t n = 0;

	fputs("set ytics scale 0 (", f);
	for (size_t i = 0; i < r->n; i++) {
		const struct picture_row *row = &r->v[i];
		if (!*row->label)
			continue;
		/* The two bars of a factor share its name. */
		double at = i + 1 < r->n && !*r->v[i + 1].label ? (row->at + r->v[i + 1].at) / 2 : row->at;
		fputs(n++ ? ", " : "", f);
		put_gnuplot(f, row->label);
		fprintf(f, " %g", at);
	}
	fputs(")\n", f);
}

/* Beyond the strokes of both bars of a factor. */
static double end_of(const struct picture_rows *r, size_t i, bool left)
{
	double far = r->v[i].mean;

	for (size_t k = i ? i - 1 : 0; k < r->n && k <= i + 1; k++) {
		const struct picture_row *row = &r->v[k];
		if (row->at == r->v[i].at)
			far = left ? fmin(far, fmin(row->mean, row->low)) : fmax(far, fmax(row->mean, row->high));
	}
	return far;
}

static void put_ends(FILE *f, const struct picture_rows *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct picture_row *row = &r->v[i];
		bool left = row->mean < 0;
		if (!*row->end)
			continue;
		fputs("set label ", f);
		put_gnuplot(f, row->end);
		fprintf(f, " at %.9g,%g %s offset %s,0 front textcolor rgb '" PICTURE_INK "'\n", end_of(r, i, left),
			row->at, left ? "right" : "left", left ? "-0.8" : "0.8");
	}
}

static void put_target(FILE *f, const struct picture_rows *r)
{
	if (isfinite(r->target))
		fprintf(f,
			"set arrow from %.9g,graph 0 to %.9g,graph 1 nohead front lw 1.5 dt 2 lc rgb '" PICTURE_INK "'\n",
			r->target, r->target);
}

static bool has_style(const struct picture_rows *r, int colour, bool hollow)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].colour == colour && r->v[i].hollow == hollow)
			return true;
	return false;
}

static void plot_dots(const struct study_picture *p, const struct picture_rows *r, FILE *f)
{
	bool first = true;

	for (int i = 0; i < 2 * PICTURE_COLOURS; i++) {
		int colour = i / 2, hollow = i % 2;
		if (!has_style(r, colour, hollow))
			continue;
		fprintf(f,
			"%s '%s.dat' using ($5==%d && $6==%d ? $3 : NaN):1:($4-$3):(0) with vectors heads size screen 0.006,90 lw 2 lc rgb '%s'",
			first ? "plot" : ", \\\n    ", p->name, colour, hollow, picture_colours[colour]);
		fprintf(f,
			", \\\n     '%s.dat' using ($5==%d && $6==%d ? $2 : NaN):1 with points pt %d ps 0.8 lw 2 lc rgb '%s'",
			p->name, colour, hollow, hollow ? 6 : 7, picture_colours[colour]);
		first = false;
	}
	fputc('\n', f);
}

static void plot_bars(const struct study_picture *p, const struct picture_rows *r, FILE *f)
{
	bool pairs = p->plot.kind == PLOT_SHARES, first = true;

	for (int colour = 0; colour < PICTURE_COLOURS; colour++) {
		if (!has_style(r, colour, false))
			continue;
		fprintf(f,
			"%s '%s.dat' using ($5==%d ? 0.5*$2 : NaN):1:(0.5*abs($2)):(%g) with boxxyerror fs solid 0.85 noborder lc rgb '%s' ",
			first ? "plot" : ", \\\n    ", p->name, colour, pairs ? 0.17 : 0.32, picture_colours[colour]);
		if (colour < 2 && r->keys[colour]) {
			fputs("title ", f);
			put_gnuplot(f, r->keys[colour]);
		} else {
			fputs("notitle", f);
		}
		first = false;
	}
	fprintf(f,
		", \\\n     '%s.dat' using 3:1:($4-$3):(0) with vectors heads size screen 0.006,90 lw 1.5 lc rgb '" PICTURE_INK
		"' notitle\n",
		p->name);
}

static size_t longest(const struct picture_rows *r)
{
	size_t most = 0;

	for (size_t i = 0; i < r->n; i++) {
		size_t wide = text_width(r->v[i].label);
		most = wide > most ? wide : most;
	}
	return most;
}

void plot_rows_script(const struct picture *pic, FILE *f)
{
	const struct study_picture *p = pic->ctx;
	struct picture_rows r;
	char name[256], what[300], label[400], more[64] = "";
	double low, high, left;

	picture_rows_of(p, &r);
	left = fmax((double)longest(&r) * 0.92 + 2, LEFT_LEAST);
	span_of(&r, left, &low, &high);
	script_begin(pic, f, WIDTH, 125 + (r.keys[0] ? 20 : 0) + (int)(ROW * (r.depth > 1 ? r.depth : 1)));
	fputs("set border 1\nunset grid\nset grid xtics lt 1 lw 1 lc rgb '" PICTURE_GRID "'\n", f);
	fputs(r.keys[0] ? "set key at graph 1, screen 1 right top horizontal samplen 1 width 1\nset tmargin 4.8\n"
			: "set key off\n",
	      f);
	fprintf(f, "set lmargin %.1f\nset rmargin 3\nset xrange [%.9g:%.9g]\nset yrange [%g:-0.7]\n", left, low, high,
		r.depth - 0.3);
	response_name(name, sizeof name, &p->v->st->responses[p->plot.response]);
	snprintf(what, sizeof what, "%s%s%s",
		 p->plot.kind == PLOT_TORNADO || p->plot.kind == PLOT_DIFFERENCES ? "change of " : "",
		 *r.what && strcmp(r.what, "change") != 0 ? r.what : name, isfinite(r.target) ? "; dashed: target" : "");
	show_axis(label, sizeof label, what, r.sc.unit);
	if (r.left_out)
		snprintf(more, sizeof more, "   (%zu more in points.csv)", r.left_out);
	fputs("set xlabel ", f);
	strcat(label, more);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\n", f);
	put_labels(f, &r);
	put_target(f, &r);
	put_ends(f, &r);
	if (low < 0 && high > 0)
		fputs("set arrow from 0,graph 0 to 0,graph 1 nohead back lw 1.2 lc rgb '" PICTURE_INK "'\n", f);
	if (r.bars)
		plot_bars(p, &r, f);
	else
		plot_dots(p, &r, f);
}
