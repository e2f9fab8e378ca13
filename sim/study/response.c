/* The responses of a study, from its elements. */
#include <math.h>
#include <string.h>

#include "sim/study/study_private.h"

static const char *group_of(struct loader *l, const struct node *n, const struct response_xml *x)
{
	const struct {
		const char *name, *value;
		bool id;
	} groups[] = {
		{ "class", x->class, true },
		{ "network", x->network, true },
		{ "vertical", x->vertical, false },
		{ "district", x->district, false },
	};
	const char *group = NULL;

	for (size_t i = 0; i < 4; i++) {
		bool known = !groups[i].id;
		if (!groups[i].value)
			continue;
		if (group)
			node_error(n, l->d, groups[i].name,
				   "is a second group (one of class, network, vertical, district)");
		for (size_t k = 0; !known && k < l->st->n_bases; k++)
			known = l->st->bases[k] && scenario_has_id(l->st->bases[k], groups[i].value);
		if (!known)
			node_error(n, l->d, groups[i].name, "is the id of no element of the scenario");
		group = arena_printf(l->a, "%s=%s", groups[i].name, groups[i].value);
		if (!group)
			loader_no_memory(l);
	}
	if (l->no_memory)
		return NULL;
	if (x->phase)
		return arena_printf(l->a, "%s%sphase=%s", group ? group : "", group ? ";" : "", x->phase);
	return group ? group : "all";
}

static void unknown_kpi(struct loader *l, const struct node *n, const char *name)
{
	const struct model_table *t = l->st->table;
	const char *names[512];
	size_t count = 0;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_kpis && count < 512; k++)
			names[count++] = t->models[i]->kpis[k].name;
	const char *near = nearest_name(name, names, count);
	node_error(n, l->d, "kpi", "is no KPI%s%s%s", near ? " (did you mean " : " (sccsim models lists them",
		   near ? near : "", near ? "?)" : ")");
}

/* Where a base could not be loaded, that has been said. */
static void check_phase(struct loader *l, const struct node *n, const struct kpi_def *def, const char *phase)
{
	const struct study *st = l->st;
	bool some = false, allowed = true;
	const char *why = "";

	for (size_t i = 0; i < st->n_bases; i++)
		some = some || (st->bases[i] && phase_allowed(st->table, st->bases[i], def, phase, &why));
	for (size_t i = 0; i < st->n_bases; i++)
		allowed = allowed && (some || !st->bases[i]);
	if (!allowed || !phase_allowed(st->table, NULL, def, phase, &why))
		node_error(n, l->d, "phase", "%s", why);
}

static void load_response(struct loader *l, const struct node *n)
{
	struct study *st = l->st;
	const struct response_xml *x = n->par;
	struct response *r = &st->responses[st->n_responses];
	const char *why;

	*r = (struct response){ .node = n, .quantile = x->quantile, .def = table_kpi(st->table, x->kpi) };
	if (!r->def) {
		unknown_kpi(l, n, x->kpi);
		return;
	}
	if (x->phase)
		check_phase(l, n, r->def, x->phase);
	r->group = group_of(l, n, x);
	if (r->group)
		r->id = strcmp(r->group, "all") == 0 ? r->def->name : arena_printf(l->a, "%s[%s]", r->def->name, r->group);
	if (r->id && !isnan(x->quantile))
		r->id = arena_printf(l->a, "%s@p%g", r->id, 100 * x->quantile);
	if (!r->id) {
		loader_no_memory(l);
		return;
	}
	if (x->target && !target_parse(r->def, x->target, &r->target, &why))
		node_error(n, l->d, "target", "%s", why);
	r->target.kpi = r->def->name;
	r->target.group = r->group;
	for (size_t i = 0; i < st->n_responses; i++)
		if (strcmp(st->responses[i].id, r->id) == 0)
			node_error(n, l->d, NULL, "asks for %s a second time", r->id);
	st->n_responses++;
}

void responses_load(struct loader *l)
{
	struct study *st = l->st;

	st->responses = arena_alloc(l->a, scenario_count(st->doc, &response_model) + 1, sizeof *st->responses);
	if (!st->responses)
		loader_no_memory(l);
	for (const struct node *n = node_child(st->doc->root, &response_model); n && st->responses; n = node_next(n))
		load_response(l, n);
}
