/*
 * study_plot - the pictures of a study: which there are, by its design and its data, and how each is drawn.
 */
#ifndef SIM_OUTPUT_STUDY_PLOT_H
#define SIM_OUTPUT_STUDY_PLOT_H

#include "sim/output/picture.h"
#include "sim/output/study_show.h"

enum plot_kind {
	PLOT_LINES,             /* a response over a numeric factor x, a line for each level of y */
	PLOT_DOTS,              /* a response by the levels of x, and of y within */
	PLOT_HEAT,              /* a response over x and y */
	PLOT_TORNADO,           /* what each factor moves a response by */
	PLOT_SHARES,            /* what share of the variance is each factor's */
	PLOT_REGRESSION,        /* standardised coefficients */
	PLOT_SCATTER,           /* a response against each factor in turn */
	PLOT_FRONT,             /* two responses, and the points that are best in one for their other */
	PLOT_POINTS,            /* a response at each point */
	PLOT_DIFFERENCES,       /* each point against the first */
	N_PLOT_KINDS
};

/* One picture.  Factors that a kind does not use are SIZE_MAX: y when nothing tells lines apart, slice when there is one panel. */
struct plot {
	enum plot_kind kind;
	size_t         response;        /* of FRONT: the one along x */
	size_t         x, y, slice;     /* factors; a panel for each level of the slice; of FRONT, x: which of the analysis's */
};

enum { PLOTS_MOST = 40, LINES_MOST = 8, PANELS_MOST = 6, HEAT_MOST = 48, SCATTER_DOTS = 400, SCATTER_STROKES = 80 };

/* The pictures that suit a study, of the first responses first; at most PLOTS_MOST into out, returned how many.  *left_out:
 * how many more there would be. */
size_t study_plots(const struct study *st, const struct analysis *a, struct plot out[PLOTS_MOST], size_t *left_out);

/* The values over factors x, y and slice: points that share the levels of these are one cell, the mean of theirs. */
struct grid_cell { double mean, low, high; size_t n; };         /* bounds NaN where n is not 1; n 0: nothing is there */
struct grid {
	size_t nx, ny, ns;              /* 1 where a plot has no such factor; ns: panels drawn */
	size_t panels;                  /* levels of the slice */
	size_t step_x, step_y;          /* levels that share a column or a row: the first names it */
	size_t *order_x, *order_y;      /* levels in the order of their numbers */
	struct grid_cell *cells;        /* [(slice ny + y) nx + x] */
	bool averaged;                  /* a cell is the mean of several points */
};

/* A picture and all that its parts need; ctx of its struct picture. */
struct study_picture {
	const struct study_view *v;
	struct plot              plot;
	struct grid              grid;          /* of LINES, DOTS and HEAT */
	char                     name[96];
	const char              *title, *caption;
};
/* pictures[i] is that of v[i]. */
struct study_pictures { struct study_picture *v; struct picture *pictures; size_t n, left_out; };

/* In the arena of the view.  false: memory is short. */
bool study_pictures_of(const struct study_view *v, struct study_pictures *out);

/* most: levels along x and y that are drawn one by one. */
bool grid_new(const struct study_view *v, const struct plot *p, size_t most, struct grid *out);
static inline struct grid_cell *grid_at(const struct grid *g, size_t slice, size_t y, size_t x)
{
	return &g->cells[(slice * g->ny + y) * g->nx + x];
}
/* A level of x or y as its column or row is called. */
char *grid_label(char *buf, size_t size, const struct study_picture *p, bool along_x, size_t i);

/* The parts of pictures. */
picture_part plot_lines_data, plot_lines_script, plot_heat_data, plot_heat_svg, plot_rows_data, plot_rows_script,
	plot_scatter_data, plot_scatter_script, plot_front_data, plot_front_script;

/* In scripts: how upright intervals are drawn; gnuplot's own error bars have white discs below, which a dark page shows. */
#define PLOT_UPRIGHT "using 1:3:(0):($4-$3) with vectors heads size screen 0.004,90"

/* The span of an axis for values of a response, already scaled: shares end at 0 and 100, what comes near zero begins there. */
void plot_span(double *low, double *high, bool share);
/* That of a response at all points, scaled: of their means, and of their intervals as far as they do not go beyond the means by more
 * than these span (few replications have intervals of any width), and of the target where there is one; far: even where it lies
 * farther away than that. */
void plot_response_span(const struct study_view *v, size_t response, bool intervals, bool far, double *low, double *high);
/* The target's value, scaled; NaN: there is none. */
double plot_target(const struct study_view *v, size_t response);
/* Whether LINES show intervals: of many lines these would hide each other. */
bool plot_has_bands(const struct study_picture *p);
/* Whether a response's target parts the cells of a HEAT. */
bool plot_is_parted(const struct study_picture *p);

#endif
