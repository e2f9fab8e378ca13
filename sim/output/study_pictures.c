/* The pictures of a study: their names, titles, captions and parts. */
#include <math.h>
#include <string.h>

#include "sim/output/study_plot.h"

static const struct { const char *name; picture_part *data, *script, *svg; } kinds[N_PLOT_KINDS] = {
	[PLOT_LINES] = { "curve-", plot_lines_data, plot_lines_script, NULL },
	[PLOT_DOTS] = { "levels-", plot_rows_data, plot_rows_script, NULL },
	[PLOT_HEAT] = { "map-", plot_heat_data, NULL, plot_heat_svg },
	[PLOT_TORNADO] = { "tornado-", plot_rows_data, plot_rows_script, NULL },
	[PLOT_SHARES] = { "shares-", plot_rows_data, plot_rows_script, NULL },
	[PLOT_REGRESSION] = { "regression-", plot_rows_data, plot_rows_script, NULL },
	[PLOT_SCATTER] = { "scatter-", plot_scatter_data, plot_scatter_script, NULL },
	[PLOT_FRONT] = { "front-", plot_front_data, plot_front_script, NULL },
	[PLOT_POINTS] = { "points-", plot_rows_data, plot_rows_script, NULL },
	[PLOT_DIFFERENCES] = { "differences-", plot_rows_data, plot_rows_script, NULL },
};

static const char *title_of(const struct study_view *v, const struct plot *p)
{
	const struct study *st = v->st;
	char name[256], other[256] = "";
	const char *x = p->x != SIZE_MAX && p->kind != PLOT_FRONT ? st->factors[p->x].label : "",
		   *y = p->y != SIZE_MAX ? st->factors[p->y].label : "";

	response_name(name, sizeof name, &st->responses[p->response]);
	if (p->kind == PLOT_FRONT)
		response_name(other, sizeof other, &st->responses[v->a->fronts[p->x].of[1]]);
	switch (p->kind) {
	case PLOT_LINES: return arena_printf(v->arena, "%s over %s", name, x);
	case PLOT_DOTS: return arena_printf(v->arena, "%s by %s", name, x);
	case PLOT_HEAT: return arena_printf(v->arena, "%s over %s and %s", name, x, y);
	case PLOT_TORNADO: return arena_printf(v->arena, "What moves %s, and how far", name);
	case PLOT_SHARES: return arena_printf(v->arena, "What %s varies with", name);
	case PLOT_REGRESSION: return arena_printf(v->arena, "Which way each factor moves %s", name);
	case PLOT_SCATTER: return arena_printf(v->arena, "%s against each factor", name);
	case PLOT_FRONT: return arena_printf(v->arena, "Best trade-offs of %s and %s", name, other);
	case PLOT_POINTS: return arena_printf(v->arena, "%s at each point", name);
	case PLOT_DIFFERENCES: return arena_printf(v->arena, "%s: change against the first point", name);
	case N_PLOT_KINDS: break;
	}
	return NULL;
}

/* What a grid leaves out, and what its cells are. */
static const char *grid_words(const struct study_view *v, const struct study_picture *p)
{
	const struct grid *g = &p->grid;
	const char *of = g->averaged ? " Each value is the mean over the other factors." : "";

	if (g->step_x > 1 || g->step_y > 1)
		of = arena_printf(v->arena, "%s Of many levels, neighbours share a cell: their mean.", of);
	if (of && g->panels > g->ns)
		of = arena_printf(v->arena, "%s The first %zu of %zu levels of %s are shown.", of, g->ns, g->panels,
				  v->st->factors[p->plot.slice].label);
	if (of && p->plot.kind == PLOT_LINES && g->ny > LINES_MOST)
		of = arena_printf(v->arena, "%s The first %d of %zu levels of %s are shown.", of, LINES_MOST, g->ny,
				  v->st->factors[p->plot.y].label);
	return of;
}

/* Labels are levels alone: of which factors. */
static const char *front_words(const struct study_view *v)
{
	const char *words = "At a point on the line neither of the two can be had better without the other getting worse.";

	if (v->st->design == DESIGN_LIST || v->st->n_factors == 0)
		return words;
	words = arena_printf(v->arena, "%s Labels: ", words);
	for (size_t i = 0; words && i < v->st->n_factors; i++)
		words = arena_printf(v->arena, "%s%s%s", words, i ? ", " : "", v->st->factors[i].label);
	return words ? arena_printf(v->arena, "%s.", words) : NULL;
}

static const char *scatter_words(const struct study_view *v)
{
	const double percent = 100 * v->st->precision.level;
	const char *words =
		v->st->design == DESIGN_STAR ? " The other factors are at the base." : " The other factors vary too.";

	if (v->st->n_points <= SCATTER_STROKES)
		return arena_printf(v->arena,
				    "A dot is the mean of a point; strokes, cut at the frame: %.4g %% interval.%s", percent,
				    words);
	if (v->st->n_points <= SCATTER_DOTS)
		return arena_printf(v->arena, "A dot is the mean of a point.%s", words);
	return arena_printf(v->arena, "A dot is the mean of a point; of %zu points some %d are drawn, evenly taken.%s",
			    v->st->n_points, SCATTER_DOTS, words);
}

static const char *caption_of(const struct study_view *v, const struct study_picture *p)
{
	const double percent = 100 * v->st->precision.level;
	const char *against = v->st->design == DESIGN_STAR ? "the base" : "the first level";
	const char *words = "";

	if (p->plot.kind == PLOT_LINES || p->plot.kind == PLOT_HEAT)
		words = grid_words(v, p);
	if (!words)
		return NULL;
	switch (p->plot.kind) {
	case PLOT_LINES:
		if (!plot_has_bands(p))
			return arena_printf(
				v->arena, "Mean over the replications; the intervals are in the table of points.%s", words);
		return arena_printf(v->arena,
				    "Mean over the replications; bands and strokes, cut at the frame: %.4g %% interval.%s",
				    percent, words);
	case PLOT_HEAT:
		return arena_printf(
			v->arena, "Mean over the replications. Hatched: nothing was run or could be counted.%s%s",
			plot_is_parted(p) ? " The orange line parts what meets the target from what does not." : "", words);
	case PLOT_TORNADO:
		return arena_printf(
			v->arena,
			"From the lowest to the highest mean that a factor leads to, as a change against %s; at the ends the "
			"levels that do so. Strokes: %.4g %% interval.",
			against, percent);
	case PLOT_SHARES:
		return arena_printf(
			v->arena,
			"Share of the variance over the design that is due to a factor alone, and with what it does together "
			"with others. Strokes: %.4g %% interval.",
			percent);
	case PLOT_REGRESSION:
		return arena_printf(
			v->arena,
			"Standardised regression coefficients: by how many of its standard deviations the response changes "
			"with one of the factor's. The straight line explains %.0f %% of the variance%s. Strokes: %.4g %% interval.",
			100 * v->a->fit[p->plot.response],
			v->a->fit[p->plot.response] < 0.7 ? ", too little to rely on" : "", percent);
	case PLOT_FRONT: return front_words(v);
	case PLOT_DIFFERENCES:
		return arena_printf(
			v->arena,
			"Paired by replication. Full dots: the change is sure at %.4g %% after Holm's correction for many "
			"comparisons; hollow ones may be chance. Strokes: interval.",
			percent);
	case PLOT_SCATTER: return scatter_words(v);
	case PLOT_DOTS:
	case PLOT_POINTS: return arena_printf(v->arena, "Mean over the replications; strokes: %.4g %% interval.", percent);
	case N_PLOT_KINDS: break;
	}
	return NULL;
}

/* None is taken twice. */
static void name_picture(const struct study_pictures *all, struct study_picture *g)
{
	bool taken = false;

	picture_name(g->name, sizeof g->name, kinds[g->plot.kind].name, g->v->st->responses[g->plot.response].id);
	for (size_t i = 0; i < all->n; i++)
		taken = taken || strcmp(all->v[i].name, g->name) == 0;
	if (taken) {
		size_t at = strlen(g->name) < sizeof g->name - 8 ? strlen(g->name) : sizeof g->name - 8;
		snprintf(g->name + at, sizeof g->name - at, "-%zu", all->n);
	}
}

static bool has_grid(enum plot_kind kind)
{
	return kind == PLOT_LINES || kind == PLOT_DOTS || kind == PLOT_HEAT;
}

bool study_pictures_of(const struct study_view *v, struct study_pictures *out)
{
	struct plot plots[PLOTS_MOST];
	size_t n = study_plots(v->st, v->a, plots, &out->left_out);

	out->n = 0;
	out->v = arena_alloc(v->arena, n, sizeof *out->v);
	out->pictures = arena_alloc(v->arena, n, sizeof *out->pictures);
	if (!out->v || !out->pictures)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct study_picture *g = &out->v[i];
		*g = (struct study_picture){ .v = v, .plot = plots[i] };
		size_t most = g->plot.kind != PLOT_HEAT ? SIZE_MAX : g->plot.slice == SIZE_MAX ? HEAT_MOST : HEAT_MOST / 2;
		if (has_grid(g->plot.kind) && !grid_new(v, &g->plot, most, &g->grid))
			return false;
		g->title = title_of(v, &g->plot);
		g->caption = caption_of(v, g);
		if (!g->title || !g->caption)
			return false;
		name_picture(out, g);
		out->pictures[i] = (struct picture){ .name = g->name,
						     .title = g->title,
						     .caption = g->caption,
						     .identity = v->identity,
						     .data = kinds[g->plot.kind].data,
						     .script = kinds[g->plot.kind].script,
						     .svg = kinds[g->plot.kind].svg,
						     .ctx = g };
		out->n++;
	}
	return true;
}
