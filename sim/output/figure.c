/* Which pictures there are. */
#include "sim/output/figure.h"

#include <math.h>
#include <string.h>

#include "sim/output/text.h"

/* None is taken twice. */
static void name_figure(const struct figures *all, struct figure *g, const char *prefix, const char *name)
{
	bool taken = false;

	picture_name(g->name, sizeof g->name, prefix, name);
	for (size_t i = 0; i < all->n; i++)
		taken = taken || strcmp(all->v[i].name, g->name) == 0;
	size_t at = strlen(g->name);
	if (taken)
		snprintf(g->name + at, sizeof g->name - at, "-%zu", all->n % 1000000);
}

static const struct { picture_part *data, *script, *svg; } parts[] = {
	[FIGURE_CHART] = { chart_data, chart_script, NULL },
	[FIGURE_GROUPS] = { groups_data, groups_script, NULL },
	[FIGURE_LOSSES] = { losses_data, losses_script, NULL },
	[FIGURE_MAP] = { NULL, NULL, map_svg },
	[FIGURE_FLOW] = { flow_data, NULL, flow_svg },
	[FIGURE_TABLE] = { grid_data, NULL, NULL },
	[FIGURE_STACK] = { stack_data, stack_script, NULL },
	[FIGURE_TIMELINE] = { timeline_data, NULL, timeline_svg },
	[FIGURE_MOMENTS] = { NULL, NULL, moments_svg },
};

static void add(const struct view *v, struct figures *all, struct figure g, const char *prefix, const char *name)
{
	struct figure *own = &all->v[all->n];

	g.v = v;
	name_figure(all, &g, prefix, name);
	*own = g;
	all->pictures[all->n++] =
		(struct picture){ .name = own->name,
				  .title = own->title,
				  .caption = own->caption,
				  .identity = v->identity,
				  .data = parts[g.kind].data,
				  .script = parts[g.kind].script,
				  .svg = parts[g.kind].svg,
				  .ctx = own,
				  .wide = g.kind == FIGURE_FLOW || g.kind == FIGURE_TIMELINE || g.kind == FIGURE_MOMENTS };
}

static void add_chart(const struct view *v, struct figures *all, const struct chart *c, const struct section *s)
{
	const char *name = c->curve ? c->curve->name : c->kpi->name;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].chart == c)
			return;
	add(v, all,
	    (struct figure){ .kind = FIGURE_CHART,
			     .title = s          ? s->title
				      : c->curve ? c->curve->title
						 : c->kpi->name,
			     .caption = s          ? s->caption
					: c->curve ? NULL
						   : c->kpi->definition,
			     .chart = c,
			     .kpi = c->kpi,
			     .section = s },
	    "", name);
}

static bool has_points(const struct view *v, const char *layer)
{
	for (size_t i = 0; i < v->n_layers; i++)
		if (strcmp(v->layers[i].name, layer) == 0)
			return v->layers[i].points && v->layers[i].total > 0;
	return false;
}

static void add_stack(const struct view *v, struct figures *all, const struct chart *c, const struct section *s)
{
	add(v, all,
	    (struct figure){ .kind = FIGURE_STACK,
			     .title = s->title,
			     .caption = s->caption,
			     .chart = c,
			     .kpi = c->kpi,
			     .section = s },
	    "stack-", c->kpi->name);
}

static bool is_drawn(const struct figures *all, const void *rows)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].flow == rows || all->v[i].grid == rows || all->v[i].timeline == rows)
			return true;
	return false;
}

/* A picture a group; those of name NULL: all flows that no section asks for. */
static void add_flows(struct view *v, struct figures *all, const char *name, const struct section *s)
{
	for (size_t i = 0; i < v->n_flows; i++) {
		const struct flow *f = &v->flows[i];
		char own[192];
		if ((name && strcmp(f->def->name, name) != 0) || is_drawn(all, f))
			continue;
		bool every = strcmp(f->group, "all") == 0;
		const char *title = s ? s->title : f->def->title;
		const char *full = every ? title : arena_printf(v->arena, "%s: %s", title, group_label(f->group));
		snprintf(own, sizeof own, "%s%s%s", f->def->name, every ? "" : "-", every ? "" : f->group);
		add(v, all,
		    (struct figure){ .kind = FIGURE_FLOW,
				     .title = full ? full : title,
				     .caption = s && every ? s->caption : NULL,
				     .flow = f,
				     .section = s },
		    "flow-", own);
	}
}

static void add_grids(const struct view *v, struct figures *all, const char *name, const struct section *s)
{
	for (size_t i = 0; i < v->n_grids; i++) {
		const struct grid *t = &v->grids[i];
		if ((name && strcmp(t->def->name, name) != 0) || is_drawn(all, t))
			continue;
		add(v, all,
		    (struct figure){ .kind = FIGURE_TABLE,
				     .title = s ? s->title : t->def->title,
				     .caption = s ? s->caption : NULL,
				     .grid = t,
				     .section = s },
		    "table-", t->def->name);
	}
}

/* The first word of a source; those of source NULL: all that no section asks for. */
static void add_timelines(const struct view *v, struct figures *all, const char *source, const struct section *s)
{
	size_t n = source ? strcspn(source, " ") : 0;

	for (size_t i = 0; i < v->n_timelines; i++) {
		const struct timeline *t = &v->timelines[i];
		if ((source && (strlen(t->def->name) != n || strncmp(t->def->name, source, n) != 0)) || is_drawn(all, t))
			continue;
		add(v, all,
		    (struct figure){ .kind = FIGURE_TIMELINE,
				     .title = s ? s->title : t->def->title,
				     .caption = s ? s->caption : NULL,
				     .timeline = t,
				     .source = source,
				     .section = s },
		    "timeline-", t->def->name);
	}
}

static void add_moments(const struct view *v, struct figures *all, const struct section *s)
{
	if (v->n_frames)
		add(v, all,
		    (struct figure){ .kind = FIGURE_MOMENTS,
				     .title = s->title,
				     .caption = s->caption,
				     .layer = s->source,
				     .section = s },
		    "moments-", s->source);
}

static void add_section(struct view *v, struct figures *all, const struct section *s)
{
	const struct chart *c;
	bool first = true;

	switch (s->kind) {
	case SECTION_CURVE:
	case SECTION_SERIES:
		c = view_chart(v, s->source, s->kind == SECTION_SERIES);
		if (c)
			add_chart(v, all, c, s);
		break;
	case SECTION_MAP:
		for (size_t i = 0; i < all->n; i++)
			first = first && all->v[i].kind != FIGURE_MAP;
		if (has_points(v, s->source))
			add(v, all,
			    (struct figure){ .kind = FIGURE_MAP,
					     .title = s->title,
					     .caption = s->caption,
					     .layer = s->source,
					     .section = s },
			    first ? "map" : "map-", first ? "" : s->source);
		break;
	case SECTION_FLOW: add_flows(v, all, s->source, s); break;
	case SECTION_TABLE: add_grids(v, all, s->source, s); break;
	case SECTION_STACK:
		c = view_chart(v, s->source, true);
		if (c)
			add_stack(v, all, c, s);
		break;
	case SECTION_TIMELINE: add_timelines(v, all, s->source, s); break;
	case SECTION_MOMENTS: add_moments(v, all, s); break;
	case SECTION_AUDIT: break;
	}
}

/* Without a section that asks for one, the map colours the layer of most points. */
static void add_map(const struct view *v, struct figures *all)
{
	const struct layer *most = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == FIGURE_MAP)
			return;
	for (size_t i = 0; i < v->n_layers; i++)
		if (v->layers[i].points && (!most || v->layers[i].total > most->total))
			most = &v->layers[i];
	if (v->n_features)
		add(v, all, (struct figure){ .kind = FIGURE_MAP, .title = "Map", .layer = most ? most->name : "" }, "map",
		    "");
}

const struct figure *figure_of_kpi(const struct figures *all, const char *kpi)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].kind == FIGURE_GROUPS && strcmp(all->v[i].kpi->name, kpi) == 0)
			return &all->v[i];
	return NULL;
}

/* A KPI is drawn by group when some kind has two groups of it. */
static bool by_groups(const struct view *v, const struct kpi_def *def)
{
	for (size_t i = 0; i < v->n_tables; i++)
		if (*v->tables[i].kind && kind_count(&v->tables[i], def) > 1)
			return true;
	return false;
}

static void add_groups(const struct view *v, struct figures *all)
{
	const struct kpi_def *last = NULL; /* results of a KPI come together */

	for (size_t i = 0; i < v->n_main; i++) {
		const struct kpi_def *def = v->main[i]->def;
		if (def == last || figure_of_kpi(all, def->name))
			continue;
		last = def;
		if (by_groups(v, def))
			add(v, all,
			    (struct figure){
				    .kind = FIGURE_GROUPS, .title = def->name, .caption = def->definition, .kpi = def },
			    "groups-", def->name);
	}
}

bool figures_of(struct view *v, struct figures *out)
{
	const struct model_table *t = v->o->sc->table;
	size_t most = v->n_charts + v->n_main + v->n_flows + v->n_grids + v->n_timelines + 2;

	for (size_t i = 0; t && i < t->n; i++)
		most += t->models[i]->n_sections;
	*out = (struct figures){ .v = arena_alloc(v->arena, most, sizeof *out->v),
				 .pictures = arena_alloc(v->arena, most, sizeof *out->pictures) };
	if (!out->v || !out->pictures)
		return false;
	/* What is used first, what it stands on last. */
	for (size_t i = t ? t->n : 0; i-- > 0;)
		for (size_t k = 0; k < t->models[i]->n_sections; k++)
			add_section(v, out, &t->models[i]->sections[k]);
	add_map(v, out);
	for (size_t i = 0; i < v->n_charts; i++)
		add_chart(v, out, &v->charts[i], NULL);
	add_flows(v, out, NULL, NULL);
	add_grids(v, out, NULL, NULL);
	add_timelines(v, out, NULL, NULL);
	add_groups(v, out);
	if (v->n_losses)
		add(v, out, (struct figure){ .kind = FIGURE_LOSSES, .title = "Losses by cause" }, "losses", "");
	return true;
}
