/*
 * figure - the pictures of a run: which there are, what they are called, how they are drawn.
 *
 * plots.c draws each as NAME.dat, NAME.gp and NAME.svg (the map, which gnuplot does not draw, as NAME.svg alone); the page
 * shows them.  Both go by the list that figures_of makes.
 */
#ifndef SIM_OUTPUT_FIGURE_H
#define SIM_OUTPUT_FIGURE_H

#include "sim/output/view.h"

enum figure_kind { FIGURE_CHART, FIGURE_GROUPS, FIGURE_LOSSES, FIGURE_MAP };

struct figure {
	enum figure_kind      kind;
	char                  name[96];         /* of its files, without an ending */
	const char           *title, *caption;  /* caption NULL: none */
	const struct chart   *chart;            /* FIGURE_CHART */
	const struct kpi_def *kpi;              /* FIGURE_GROUPS; of a series also FIGURE_CHART */
	const char           *layer;            /* FIGURE_MAP: the one that is coloured */
	const struct section *section;          /* that asks for it; NULL: none does */
};

struct figures { struct figure *v; size_t n; };

/* In the arena of the view: sections' pictures, the upper models' first, then the rest.  false: memory is short. */
bool figures_of(struct view *v, struct figures *out);
const struct figure *figure_of_kpi(const struct figures *all, const char *kpi); /* its groups; NULL: none */

/* Colours that the page replaces by its own, so that pictures suit a dark page too. */
#define FIGURE_INK  "#3d4551"
#define FIGURE_GRID "#d9dde3"
#define FIGURE_FONT "sans-serif"
enum { FIGURE_COLOURS = 8 };
extern const char *const figure_colours[FIGURE_COLOURS];

/* Scripts and data of one figure; the error is the stream's. */
void chart_data(const struct view *v, const struct figure *g, FILE *f);
bool chart_is_empty(const struct view *v, const struct chart *c);       /* nothing but zeros */
/* What the intervals of its points look like ("bands"); NULL: none are drawn. */
const char *chart_intervals(const struct view *v, const struct chart *c);
void chart_script(const struct view *v, const struct figure *g, FILE *f);
void groups_data(const struct view *v, const struct figure *g, FILE *f);
void groups_script(const struct view *v, const struct figure *g, FILE *f);
void losses_data(const struct view *v, const struct figure *g, FILE *f);
void losses_script(const struct view *v, const struct figure *g, FILE *f);
void map_svg(const struct view *v, const struct figure *g, FILE *f);
/* The beginning of every script: where it draws to, and in which style. */
void script_begin(FILE *f, const struct view *v, const struct figure *g, int width, int height);
void put_gnuplot(FILE *f, const char *text);    /* as a quoted string of gnuplot */

#endif
