/*
 * figure - the pictures of a run: which there are, what they are called, how they are drawn.
 *
 * A figure is what a picture is of.  pictures_write draws them (the map, which gnuplot does not draw, as NAME.svg alone);
 * the page shows them.  Both go by the list that figures_of makes.
 */
#ifndef SIM_OUTPUT_FIGURE_H
#define SIM_OUTPUT_FIGURE_H

#include "sim/output/picture.h"
#include "sim/output/view.h"

enum figure_kind { FIGURE_CHART, FIGURE_GROUPS, FIGURE_LOSSES, FIGURE_MAP, FIGURE_FLOW, FIGURE_TABLE, FIGURE_STACK,
	FIGURE_TIMELINE, FIGURE_MOMENTS };

struct figure {
	enum figure_kind      kind;
	const struct view    *v;
	char                  name[96];         /* of its files, without an ending */
	const char           *title, *caption;  /* caption NULL: none */
	const struct chart   *chart;            /* FIGURE_CHART, FIGURE_STACK */
	const struct kpi_def *kpi;              /* FIGURE_GROUPS; of a series also FIGURE_CHART */
	const char           *layer;            /* FIGURE_MAP: the one that is coloured; FIGURE_MOMENTS: the parts */
	const struct flow    *flow;             /* FIGURE_FLOW */
	const struct grid    *grid;             /* FIGURE_TABLE: data without a drawing, a table of the page */
	const struct timeline *timeline;        /* FIGURE_TIMELINE */
	const char           *source;           /* FIGURE_TIMELINE: of its section, which names its lines; NULL: none */
	const struct section *section;          /* that asks for it; NULL: none does */
};

/* pictures[i] is that of v[i], which is its ctx. */
struct figures { struct figure *v; struct picture *pictures; size_t n; };

/* In the arena of the view: sections' pictures, the upper models' first, then the rest.  false: memory is short. */
bool figures_of(struct view *v, struct figures *out);
const struct figure *figure_of_kpi(const struct figures *all, const char *kpi); /* its groups; NULL: none */

bool chart_is_empty(const struct view *v, const struct chart *c);       /* nothing but zeros */
/* What the intervals of its points look like ("bands"); NULL: none are drawn. */
const char *chart_intervals(const struct view *v, const struct chart *c);

bool stack_is_empty(const struct chart *c);
bool flow_is_empty(const struct flow *f);

/* The parts of pictures whose ctx is a figure. */
picture_part chart_data, chart_script, groups_data, groups_script, losses_data, losses_script, map_svg;
picture_part flow_data, flow_svg, stack_data, stack_script, grid_data, timeline_data, timeline_svg, moments_svg;

#endif
