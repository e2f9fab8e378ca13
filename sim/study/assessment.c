/* The language of assessments, and a sheet from its document. */
#include "sim/study/assessment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/assessment_private.h"

/* ---- the sheet from its nodes ---- */

struct loader {
	struct assessment *a;
	const struct model_table *table;
	const char *lib;
	const struct state_record *records;
	size_t n_records;
	struct diag *d;
};

static const struct state_record *record_of(const struct loader *l, const char *state)
{
	for (size_t i = 0; i < l->n_records; i++)
		if (strcmp(l->records[i].state, state) == 0)
			return &l->records[i];
	return NULL;
}

static struct scenario *load_scenario(struct loader *l, const struct node *n, const char *path)
{
	struct setting *sets;
	size_t count = 0;

	for (const struct node *c = node_child(n, &state_set_model); c; c = node_next(c))
		count++;
	sets = arena_alloc(l->a->arena, count + 1, sizeof *sets);
	if (!sets)
		return NULL;
	count = 0;
	for (const struct node *c = node_child(n, &state_set_model); c; c = node_next(c)) {
		const struct set_xml *x = c->par;
		sets[count++] = (struct setting){ x->path, x->value, c->file, c->line };
	}
	return scenario_load(path, l->table, l->lib, sets, count, l->d);
}

static void load_state(struct loader *l, const struct node *n, struct sheet_state *s)
{
	const struct state_xml *x = n->par;
	const struct state_record *record = record_of(l, n->id);

	*s = (struct sheet_state){ .id = n->id, .title = x->title ? x->title : n->id, .node = n };
	s->replications = x->replications;
	s->seed_given = node_given(n, "seed");
	s->seed = x->seed;
	s->results = record ? record->path : x->results;
	if (x->scenario && !s->results)
		s->scenario = load_scenario(l, n, x->scenario);
}

/* The group that a <value> names; "all" without one.  What the scenario does not have is a mistake. */
static const char *group_of(struct loader *l, const struct node *n, const struct sheet_state *s)
{
	const struct value_xml *x = n->par;
	const struct {
		const char *kind, *name;
		bool is_id;
	} named[] = {
		{ "class", x->class, true },
		{ "network", x->network, true },
		{ "vertical", x->vertical, false },
		{ "district", x->district, false },
	};
	const char *group = "all";
	unsigned given = 0;

	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		if (!named[i].name)
			continue;
		group = arena_printf(l->a->arena, "%s=%s", named[i].kind, named[i].name);
		given++;
		if (named[i].is_id && s->scenario && !scenario_has_id(s->scenario, named[i].name))
			node_error(n, l->d, named[i].kind, "is the id of no element of %s", s->scenario->path);
	}
	if (given > 1)
		node_error(n, l->d, NULL, "names more than one group (one of class, network, vertical, district)");
	return group;
}

static const char *nearest_kpi(const struct model_table *t, const char *name)
{
	const char *names[512];
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_kpis && n < 512; k++)
			names[n++] = t->models[i]->kpis[k].name;
	return nearest_name(name, names, n);
}

/* A value from the simulation of its state. */
static void load_simulated(struct loader *l, const struct node *n, const struct indicator *row, struct sheet_state *s,
			   struct sheet_value *v)
{
	const struct value_xml *x = n->par;

	v->kpi = table_kpi(l->table, x->kpi);
	if (!v->kpi) {
		const char *near = nearest_kpi(l->table, x->kpi);
		node_error(n, l->d, "kpi", "is no KPI%s%s%s", near ? " (did you mean " : " (sccsim models lists them)",
			   near ? near : "", near ? "?)" : "");
		return;
	}
	if (!s->scenario && !s->results && !((const struct state_xml *)s->node->par)->scenario)
		node_error(n, l->d, "kpi", "is of a simulation, and state \"%s\" has none (scenario or results)", s->id);
	double scale = unit_scale(v->kpi->unit, row->unit);
	if (isnan(scale) && !node_given(n, "factor"))
		node_error(n, l->d, "kpi", "is in %s and the indicator in %s: give the factor that converts it",
			   v->kpi->unit, row->unit);
	v->scale = (isnan(scale) ? 1 : scale) * x->factor;
	v->group = group_of(l, n, s);
	s->used = true;
	v->how = node_given(n, "factor") ? arena_printf(l->a->arena, "%s, %s, times %.6g", x->kpi, v->group, x->factor)
					 : arena_printf(l->a->arena, "%s, %s", x->kpi, v->group);
}

static size_t state_index(const struct assessment *a, const struct node *state)
{
	size_t i = 0;

	while (a->states[i].node != state)
		i++;
	return i;
}

static void load_values(struct loader *l, const struct node *n, struct sheet_indicator *in)
{
	struct assessment *a = l->a;
	struct sheet_value all = { .node = n };

	sheet_given(n, &in->def, a->population, &all, l->d);
	for (size_t i = 0; i < a->n_states; i++)
		in->values[i] = all;
	for (const struct node *c = node_child(n, &sheet_value_model); c; c = node_next(c)) {
		const struct value_xml *x = c->par;
		size_t i = state_index(a, x->state);
		struct sheet_value v = { .node = c };
		if (in->values[i].node != n)
			node_error(c, l->d, "state", "has a value of this indicator already (line %d)",
				   in->values[i].node->line);
		if (sheet_given(c, &in->def, a->population, &v, l->d) && v.source == VALUE_SIMULATED)
			load_simulated(l, c, &in->def, &a->states[i], &v);
		in->values[i] = v;
	}
}

static void load_indicator(struct loader *l, const struct node *n, struct sheet_indicator *in)
{
	const struct indicator_xml *x = n->par;

	in->node = n;
	in->own = !indicator_find(x->code);
	in->own_benchmark = x->benchmark != NULL;
	in->own_sdg = x->sdg != NULL;
	in->values = arena_alloc(l->a->arena, l->a->n_states + 1, sizeof *in->values);
	if (!in->values || !sheet_row(n, &in->def, l->d))
		return;
	in->place = indicator_place(in->def.code);
	for (const struct sheet_indicator *before = l->a->indicators; before < in; before++)
		if (before->def.code && strcmp(before->def.code, in->def.code) == 0)
			node_error(n, l->d, "code", "stands in the sheet already (line %d)", before->node->line);
	load_values(l, n, in);
}

static void check_records(const struct loader *l)
{
	for (size_t i = 0; i < l->n_records; i++) {
		size_t k = 0;
		while (k < l->a->n_states && strcmp(l->a->states[k].id, l->records[i].state) != 0)
			k++;
		if (k == l->a->n_states)
			diag_error(l->d, l->a->doc->path, 0, "has no state \"%s\" whose results could be given",
				   l->records[i].state);
	}
}

/* Counted from the first state where no other is named. */
static void link_states(struct assessment *a)
{
	for (size_t i = 0; i < a->n_states; i++) {
		const struct state_xml *x = a->states[i].node->par;
		a->states[i].against = x->against ? state_index(a, x->against) : 0;
	}
}

static void load_sheet(struct loader *l)
{
	struct assessment *a = l->a;
	const struct scenario *doc = a->doc;
	const struct assessment_xml *x = doc->root->par;

	a->id = doc->root->id;
	a->title = doc->title;
	a->description = doc->description;
	a->city = x->city ? x->city : "";
	a->country = x->country ? x->country : "";
	a->year = x->year;
	a->population = x->population;
	a->confidence = x->confidence;
	a->states = arena_alloc(a->arena, scenario_count(doc, &sheet_state_model) + 1, sizeof *a->states);
	a->indicators = arena_alloc(a->arena, scenario_count(doc, &sheet_indicator_model) + 1, sizeof *a->indicators);
	if (!a->states || !a->indicators) {
		diag_error(l->d, doc->path, 0, "out of memory");
		return;
	}
	for (const struct node *n = scenario_first(doc, &sheet_state_model); n; n = n->next_same)
		load_state(l, n, &a->states[a->n_states++]);
	link_states(a);
	check_records(l);
	for (const struct node *n = scenario_first(doc, &sheet_indicator_model); n; n = n->next_same)
		load_indicator(l, n, &a->indicators[a->n_indicators++]);
	for (size_t i = 0; i < a->n_states; i++)
		if (a->states[i].scenario && !a->states[i].used)
			node_warning(a->states[i].node, l->d, NULL,
				     "no value is taken from its simulation, which is left out");
}

struct assessment *assessment_parse(const char *text, size_t len, const char *base, const struct model_table *table,
				    const char *lib_root, const struct state_record *records, size_t n_records, struct diag *d)
{
	struct arena *arena = arena_new();
	struct assessment *a = arena ? arena_alloc(arena, 1, sizeof *a) : NULL;
	struct loader l = { a, table, lib_root, records, n_records, d };

	if (!a) {
		diag_error(d, base, 0, "out of memory");
		arena_free(arena);
		return NULL;
	}
	a->arena = arena;
	a->doc = scenario_parse(text, len, base, &assessment_language, lib_root, NULL, 0, d);
	if (a->doc)
		load_sheet(&l);
	if (a->doc && diag_errors(d) == 0)
		return a;
	assessment_free(a);
	return NULL;
}

struct assessment *assessment_load(const char *path, const struct model_table *table, const char *lib_root,
				   const struct state_record *records, size_t n_records, struct diag *d)
{
	return assessment_parse(NULL, 0, path, table, lib_root, records, n_records, d);
}

void assessment_free(struct assessment *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n_states; i++)
		scenario_free(a->states[i].scenario);
	scenario_free((struct scenario *)a->doc);
	arena_free(a->arena);
}
