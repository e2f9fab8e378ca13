/* The main results as tables: one per kind of group, a row a KPI, a column a group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/output/text.h"
#include "sim/output/view.h"

/* Where a result stands. */
struct spot { size_t table, group, def; };

static bool find_table(struct view *v, const char *group, size_t *at)
{
	char kind[64];

	group_kind(kind, sizeof kind, group);
	for (*at = 0; *at < v->n_tables; ++*at)
		if (strcmp(v->tables[*at].kind, kind) == 0)
			return true;
	const char *copy = arena_strdup(v->arena, kind);
	if (!copy || !VIEW_ROOM(v, tables))
		return false;
	v->tables[v->n_tables++] = (struct kind_table){ .kind = copy };
	return true;
}

/* The results of a KPI come group by group: the place behind the last one found is looked at first. */
static bool find_group(struct view *v, struct kind_table *t, const char *group, size_t guess, size_t *at)
{
	if (guess < t->n_groups && strcmp(t->groups[guess], group) == 0) {
		*at = guess;
		return true;
	}
	for (*at = 0; *at < t->n_groups; ++*at)
		if (strcmp(t->groups[*at], group) == 0)
			return true;
	if (!view_room(v->arena, &t->groups, t->n_groups, &t->cap_groups, sizeof(const char *)))
		return false;
	t->groups[t->n_groups++] = group;
	return true;
}

static bool find_def(struct view *v, struct kind_table *t, const struct kpi_def *def, size_t *at)
{
	for (*at = 0; *at < t->n_defs; ++*at)
		if (t->defs[*at] == def)
			return true;
	if (!view_room(v->arena, &t->defs, t->n_defs, &t->cap_defs, sizeof(const struct kpi_def *)))
		return false;
	t->defs[t->n_defs++] = def;
	return true;
}

static bool find_spots(struct view *v, struct spot *spots)
{
	for (size_t i = 0; i < v->n_main; i++) {
		struct spot *s = &spots[i];
		if (!find_table(v, v->main[i]->group, &s->table))
			return false;
		struct kind_table *t = &v->tables[s->table];
		size_t guess = i && spots[i - 1].table == s->table ? spots[i - 1].group + 1 : 0;
		if (guess == t->n_groups && t->n_defs > 1)
			guess = 0;
		if (!find_group(v, t, v->main[i]->group, guess, &s->group) || !find_def(v, t, v->main[i]->def, &s->def))
			return false;
	}
	return true;
}

bool view_tables(struct view *v)
{
	struct spot *spots = malloc((v->n_main + 1) * sizeof *spots);
	bool ok = spots && find_spots(v, spots);

	for (size_t i = 0; i < v->n_tables && ok; i++) {
		struct kind_table *t = &v->tables[i];
		t->cells = arena_alloc(v->arena, t->n_groups * t->n_defs, sizeof *t->cells);
		ok = t->cells != NULL;
	}
	for (size_t i = 0; i < v->n_main && ok; i++) {
		struct kind_table *t = &v->tables[spots[i].table];
		t->cells[spots[i].def * t->n_groups + spots[i].group] = v->main[i];
	}
	free(spots);
	return ok;
}

const struct kpi_result *const *kind_row_of(const struct kind_table *t, const struct kpi_def *def)
{
	for (size_t d = 0; d < t->n_defs; d++)
		if (t->defs[d] == def)
			return &t->cells[d * t->n_groups];
	return NULL;
}

size_t kind_count(const struct kind_table *t, const struct kpi_def *def)
{
	const struct kpi_result *const *row = kind_row_of(t, def);
	size_t n = 0;

	for (size_t g = 0; row && g < t->n_groups; g++)
		n += row[g] && !isnan(row[g]->mean);
	return n;
}
