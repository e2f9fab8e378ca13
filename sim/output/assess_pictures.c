/*
 * The pictures of an assessment: scores by group, and for each dimension its indicators as shares of their targets.
 *
 * Three indicators or more make a radar, whose rings are the thresholds of the points; fewer are bars.
 */
#include <math.h>
#include <string.h>

#include "sim/output/assess_private.h"

enum { RADAR_WIDTH = 880, RADAR_HEIGHT = 540, RADIUS = 180, ROW_PIXELS = 19 };

static const char *colour_of(size_t state)
{
	return picture_colours[state % PICTURE_COLOURS];
}

/* ---- what is drawn ---- */

bool indicator_scored(const struct scores *s, size_t i)
{
	for (size_t state = 0; state < s->a->n_states; state++)
		if (score_cell(s, i, state)->points.at)
			return true;
	return false;
}

static double most_of_target(double share)
{
	return share > 100 ? 100 : share;
}

/* As a share of the target, at most 100; NaN: not scored.  Low and high are the value's where it has no interval. */
static struct interval share_of(const struct scores *s, size_t i, size_t state)
{
	const struct indicator *def = &s->a->indicators[i].def;
	const struct cell_score *c = score_cell(s, i, state);
	double at = most_of_target(c->share), a = at, b = at;

	if (c->value.n > 1) {
		a = most_of_target(score_share(c->value.low, def->benchmark, def->better));
		b = most_of_target(score_share(c->value.high, def->benchmark, def->better));
	}
	return (struct interval){ at, fmin(a, b), fmax(a, b), c->value.n };
}

static bool group_drawn(const struct scores *s, const struct scored_group *g)
{
	bool any = false;

	for (size_t state = 0; state < s->a->n_states; state++)
		any |= g->scores[state].scored > 0;
	return any && g->kind <= GROUP_SUB_DIMENSION;
}

/* ---- scores by group ---- */

/* One block of rows a state: place, score, low, high. */
static void scores_data(const struct picture *p, FILE *f)
{
	const struct scores *s = p->ctx;

	fputs("# a block for each state: row, score in %, low, high # group\n", f);
	for (size_t state = 0; state < s->a->n_states; state++) {
		double row = 0;
		for (size_t i = 0; i < s->n_groups; i++) {
			const struct group_score *g = &s->groups[i].scores[state];
			if (!group_drawn(s, &s->groups[i]))
				continue;
			if (g->scored)
				fprintf(f, "%g %.9g %.9g %.9g # %s\n", row + (double)state, group_percent(g->at, g->scored),
					group_percent(g->low, g->scored), group_percent(g->high, g->scored),
					s->groups[i].name);
			else
				fprintf(f, "%g nan nan nan # %s\n", row + (double)state, s->groups[i].name);
			row += (double)s->a->n_states + 0.6;
		}
		fputs("\n\n", f);
	}
}

/* A key and the thresholds, which every picture with a share on its x-axis has. */
static void put_share_axis(FILE *f, const char *label, bool key)
{
	fputs("set border 1\nunset grid\nset xrange [0:100]\nset xtics (0, 33, 66, 95)\n"
	      "set grid xtics front lt 1 lw 1 lc rgb '" PICTURE_GRID "'\nset xlabel ",
	      f);
	put_gnuplot(f, label);
	fputs(" textcolor rgb '" PICTURE_INK "'\nset style fill solid 0.85 noborder\n", f);
	fputs(key ? "set key at screen 0.02,0.03 left bottom horizontal Left reverse samplen 1.5 width 1\nset bmargin 6\n"
		  : "set key off\n",
	      f);
}

static void put_bars(const struct picture *p, const struct assessment *a, FILE *f)
{
	fputs("plot ", f);
	for (size_t state = 0; state < a->n_states; state++) {
		fprintf(f, "%s'%s.dat' index %zu using 2:1:(0):2:($1-0.42):($1+0.42) with boxxyerror lc rgb '%s' title ",
			state ? ", \\\n " : "", p->name, state, colour_of(state));
		put_gnuplot(f, a->states[state].title);
	}
	fprintf(f,
		", \\\n for [i=0:%zu] '%s.dat' index i using ($4>$3?$2:NaN):1:3:4 with xerrorbars pt -1 lw 2 lc rgb '" PICTURE_INK
		"' notitle\n",
		a->n_states - 1, p->name);
}

static void scores_script(const struct picture *p, FILE *f)
{
	const struct scores *s = p->ctx;
	double step = (double)s->a->n_states + 0.6, row = 0;
	size_t rows = 0;
	char name[4 * SHOWN];

	for (size_t i = 0; i < s->n_groups; i++)
		rows += group_drawn(s, &s->groups[i]);
	script_begin(p, f, 800, 150 + (int)(ROW_PIXELS * step * (double)rows));
	put_share_axis(f, "score in % (sum of points / 4 n); bars: intervals", s->a->n_states > 1);
	fprintf(f, "set lmargin 34\nset rmargin 4\nset yrange [%g:-0.8]\nset ytics scale 0 (", step * (double)rows - 0.6);
	for (size_t i = 0; i < s->n_groups; i++) {
		if (!group_drawn(s, &s->groups[i]))
			continue;
		fputs(row > 0 ? ", " : "", f);
		put_gnuplot(f, shorten(name, sizeof name, s->groups[i].name, 34));
		fprintf(f, " %g", row + (double)(s->a->n_states - 1) / 2);
		row += step;
	}
	fputs(")\n", f);
	put_bars(p, s->a, f);
}

/* ---- the indicators of a dimension ---- */

static void dimension_data(const struct picture *p, FILE *f)
{
	const struct dimension_view *v = p->ctx;
	const struct scores *s = v->s;

	fputs("# a block for each state: row, share of target in % (100 at most), low, high # indicator\n", f);
	for (size_t state = 0; state < s->a->n_states; state++) {
		for (size_t k = 0; k < v->n; k++) {
			struct interval x = share_of(s, v->axes[k], state);
			double row = (double)k * ((double)s->a->n_states + 0.6) + (double)state;
			if (isnan(x.mean))
				fprintf(f, "%g nan nan nan", row);
			else
				fprintf(f, "%g %.9g %.9g %.9g", row, x.mean, x.low, x.high);
			fprintf(f, " # %s\n", s->a->indicators[v->axes[k]].def.code);
		}
		fputs("\n\n", f);
	}
}

static void bars_script(const struct picture *p, FILE *f)
{
	const struct dimension_view *v = p->ctx;
	const struct assessment *a = v->s->a;
	double step = (double)a->n_states + 0.6;
	char name[4 * SHOWN];

	script_begin(p, f, 800, 150 + (int)(ROW_PIXELS * step * (double)v->n));
	put_share_axis(f, "share of target in % (100 at most)", a->n_states > 1);
	fprintf(f, "set lmargin 34\nset rmargin 4\nset yrange [%g:-0.8]\nset ytics scale 0 (", step * (double)v->n - 0.6);
	for (size_t k = 0; k < v->n; k++) {
		fputs(k ? ", " : "", f);
		put_gnuplot(f, shorten(name, sizeof name, a->indicators[v->axes[k]].def.name, 34));
		fprintf(f, " %g", (double)k * step + (double)(a->n_states - 1) / 2);
	}
	fputs(")\n", f);
	put_bars(p, a, f);
}

struct spot { double x, y; };

/* Of axis k of n, upwards first and then clockwise. */
static struct spot spot_on(size_t k, size_t n, double share)
{
	double angle = 2 * M_PI * (double)k / (double)n, r = RADIUS * share / 100;

	return (struct spot){ RADAR_WIDTH / 2.0 + r * sin(angle), 275 - r * cos(angle) };
}

static void put_ring(FILE *f, size_t n, double share, const char *stroke)
{
	fputs("<polygon points=\"", f);
	for (size_t k = 0; k < n; k++) {
		struct spot at = spot_on(k, n, share);
		fprintf(f, "%.1f,%.1f ", at.x, at.y);
	}
	fprintf(f, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"1\"/>\n", stroke);
}

static void put_axes(const struct dimension_view *v, FILE *f)
{
	static const double rings[] = { 33, 66, 95 };
	char name[4 * SHOWN], label[16];

	for (size_t k = 0; k < v->n; k++) {
		struct spot end = spot_on(k, v->n, 100), text = spot_on(k, v->n, 108);
		double aside = text.x - RADAR_WIDTH / 2.0;
		fprintf(f, "<line x1=\"%d\" y1=\"275\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"" PICTURE_GRID "\"/>\n",
			RADAR_WIDTH / 2, end.x, end.y);
		svg_text(f, text.x, text.y + 4,
			 fabs(aside) < 2 ? "middle"
			 : aside > 0     ? "start"
					 : "end",
			 "font-size=\"12\" fill=\"" PICTURE_INK "\"",
			 shorten(name, sizeof name, v->s->a->indicators[v->axes[k]].def.name, 32));
	}
	for (size_t i = 0; i < sizeof rings / sizeof rings[0]; i++) {
		put_ring(f, v->n, rings[i], PICTURE_GRID);
		struct spot at = spot_on(0, v->n, rings[i]);
		snprintf(label, sizeof label, "%.0f %%", rings[i]);
		svg_text(f, at.x - 4, at.y + 12, "end", "font-size=\"10\" fill=\"" PICTURE_INK "\"", label);
	}
}

/* Lines from one scored indicator to the next, so that one without a value leaves a gap; a thick stroke along the axis for an
 * interval. */
static void put_state(const struct dimension_view *v, size_t state, FILE *f)
{
	const char *colour = colour_of(state);

	for (size_t k = 0; k < v->n; k++) {
		struct interval a = share_of(v->s, v->axes[k], state), b = share_of(v->s, v->axes[(k + 1) % v->n], state);
		struct spot from = spot_on(k, v->n, a.mean), to = spot_on((k + 1) % v->n, v->n, b.mean);
		if (isnan(a.mean))
			continue;
		if (!isnan(b.mean))
			fprintf(f,
				"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>\n",
				from.x, from.y, to.x, to.y, colour);
		fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", from.x, from.y, colour);
		if (a.high > a.low) {
			struct spot low = spot_on(k, v->n, a.low), high = spot_on(k, v->n, a.high);
			fprintf(f,
				"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"6\" opacity=\"0.5\"/>\n",
				low.x, low.y, high.x, high.y, colour);
		}
	}
}

static void radar_svg(const struct picture *p, FILE *f)
{
	const struct dimension_view *v = p->ctx;
	double x = 14;

	svg_begin(p, f, RADAR_WIDTH, RADAR_HEIGHT);
	put_axes(v, f);
	for (size_t state = 0; state < v->s->a->n_states; state++)
		put_state(v, state, f);
	for (size_t state = 0; state < v->s->a->n_states && v->s->a->n_states > 1; state++) {
		char name[4 * SHOWN];
		shorten(name, sizeof name, v->s->a->states[state].title, 36);
		fprintf(f, "<rect x=\"%.0f\" y=\"%d\" width=\"14\" height=\"10\" fill=\"%s\"/>\n", x, RADAR_HEIGHT - 20,
			colour_of(state));
		svg_text(f, x + 20, RADAR_HEIGHT - 11, "start", "font-size=\"12\" fill=\"" PICTURE_INK "\"", name);
		x += 50 + 7 * (double)text_width(name);
	}
	fputs("</svg>\n", f);
}

/* ---- all of them ---- */

static void add_dimension(struct assess_pictures *all, const struct scores *s, size_t dimension)
{
	struct dimension_view *v = &all->views[dimension];
	struct picture *p = &all->v[all->n];

	*v = (struct dimension_view){ .s = s };
	for (size_t i = 0; i < s->a->n_indicators && v->n < AXES_MOST; i++)
		if (s->a->indicators[i].place.dimension == (int)dimension && indicator_scored(s, i))
			v->axes[v->n++] = i;
	if (v->n == 0)
		return;
	picture_name(v->name, sizeof v->name, v->n < 3 ? "bars-" : "radar-", dimensions[dimension].key);
	snprintf(v->title, sizeof v->title, "%s: indicators as shares of their targets", dimensions[dimension].name);
	*p = (struct picture){
		.name = v->name, .title = v->title, .identity = all->identity, .data = dimension_data, .ctx = v
	};
	p->caption =
		v->n < 3
			? "Lines at the thresholds of the points: 33, 66 and 95 % of target."
			: "Rings at the thresholds of the points: 33, 66 and 95 % of target. A thick stroke along an axis is the interval of a "
			  "simulated value.";
	if (v->n < 3)
		p->script = bars_script;
	else
		p->svg = radar_svg;
	all->n++;
}

void assess_pictures_of(const struct scores *s, struct assess_pictures *all)
{
	*all = (struct assess_pictures){ 0 };
	assess_identity(s, all->identity, sizeof all->identity);
	if (group_drawn(s, &s->groups[0]))
		all->v[all->n++] = (struct picture){ .name = "scores",
						     .title = "Scores by dimension and sub-dimension",
						     .identity = all->identity,
						     .data = scores_data,
						     .script = scores_script,
						     .ctx = s };
	for (size_t i = 0; i < DIMENSIONS; i++)
		add_dimension(all, s, i);
}
