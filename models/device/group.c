#include "models/device/device_private.h"

#include <string.h>

/* Room for one group more. */
static bool grow(struct sim *s, struct groups *g, uint32_t *cap)
{
	uint32_t more = 2 * *cap;
	const char **name = sim_alloc(s, more, sizeof *name);
	uint8_t **member = sim_alloc(s, more, sizeof *member);

	if (!name || !member)
		return false;
	memcpy(name, g->name, g->n * sizeof *name);
	memcpy(member, g->member, g->n * sizeof *member);
	g->name = name;
	g->member = member;
	*cap = more;
	return true;
}

/* A new group without members; NULL after sim_fail. */
static uint8_t *add_group(struct sim *s, struct groups *g, uint32_t *cap, const char *kind, const char *name)
{
	char *text = arena_printf(s->arena, "%s%s%s", kind, *kind ? "=" : "", name);
	uint8_t *member = sim_alloc(s, g->n_cells, 1);

	if (!text || !member || (g->n == *cap && !grow(s, g, cap)))
		return NULL;
	g->name[g->n] = text;
	g->member[g->n++] = member;
	return member;
}

bool groups_setup(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);
	uint32_t districts = (uint32_t)city_n_districts(city_of(im->scenario));
	struct groups *g = sim_alloc(s, 1, sizeof *g);

	if (!g)
		return false;
	g->n_cells = d->n_classes * (districts + 1);
	im->cap_groups = 1 + 3 * d->n_classes + districts; /* all; class, vertical, network; district; grows */
	g->name = sim_alloc(s, im->cap_groups, sizeof *g->name);
	g->member = sim_alloc(s, im->cap_groups, sizeof *g->member);
	im->groups = g;
	return g->name && g->member;
}

static void cover_class(uint8_t *member, const struct device_impl *im, uint32_t k, uint32_t n_classes)
{
	uint32_t per_class = im->groups->n_cells / n_classes;

	memset(member + (size_t)k * per_class, 1, per_class);
}

static bool seen_vertical(const struct devices *d, uint32_t k)
{
	for (uint32_t j = 0; j < k; j++)
		if (d->classes[j].count && strcmp(d->classes[j].vertical, d->classes[k].vertical) == 0)
			return true;
	return false;
}

static void add_classes(struct sim *s, const struct devices *d)
{
	struct device_impl *im = impl_of(d);

	for (uint32_t k = 0; k < d->n_classes; k++) {
		uint8_t *member =
			d->classes[k].count ? add_group(s, im->groups, &im->cap_groups, "class", d->classes[k].id) : NULL;
		if (member)
			cover_class(member, im, k, d->n_classes);
	}
	for (uint32_t k = 0; k < d->n_classes; k++) {
		uint8_t *member;
		if (!d->classes[k].count || !*d->classes[k].vertical || seen_vertical(d, k))
			continue;
		member = add_group(s, im->groups, &im->cap_groups, "vertical", d->classes[k].vertical);
		for (uint32_t j = k; member && j < d->n_classes; j++)
			if (strcmp(d->classes[j].vertical, d->classes[k].vertical) == 0)
				cover_class(member, im, j, d->n_classes);
	}
}

/* Districts are known: give every device its cell, and make the groups that have devices. */
void groups_count(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);
	const struct city *city = city_of(im->scenario);
	uint32_t districts = (uint32_t)city_n_districts(city), per_class = districts + 1;
	uint8_t *inhabited = sim_alloc(s, per_class, 1);
	uint8_t *all = add_group(s, im->groups, &im->cap_groups, "", "all");

	if (!inhabited || !all)
		return;
	memset(all, 1, im->groups->n_cells);
	for (uint32_t i = 0; i < d->n; i++) {
		d->cell[i] = (uint16_t)(d->class_of[i] * per_class + (uint32_t)(d->district[i] + 1));
		inhabited[d->district[i] + 1] = 1;
	}
	add_classes(s, d);
	for (uint32_t k = 0; k < districts; k++) {
		uint8_t *member =
			inhabited[k + 1] ? add_group(s, im->groups, &im->cap_groups, "district", city_district(city, k)->id)
					 : NULL;
		for (uint32_t c = k + 1; member && c < im->groups->n_cells; c += per_class)
			member[c] = 1;
	}
}

const struct groups *groups_of(const struct sim *s)
{
	return impl_of(devices_of(s))->groups;
}

void group_network(struct sim *s, uint32_t class_index, const char *network_id)
{
	struct devices *d = devices_of(s);
	struct device_impl *im = impl_of(d);
	char *name = arena_printf(s->arena, "network=%s", network_id);
	struct groups *g = im->groups;
	uint8_t *member = NULL;

	if (!name || !d->classes[class_index].count)
		return;
	for (uint32_t i = 0; i < g->n; i++)
		if (strcmp(g->name[i], name) == 0)
			member = g->member[i];
	if (!member)
		member = add_group(s, g, &im->cap_groups, "network", network_id);
	if (member)
		cover_class(member, im, class_index, d->n_classes);
}

/* Whether an id is the text up to its end, or up to the phase that stands behind it. */
static bool is_named(const char *text, const char *id)
{
	size_t n = strcspn(text, ";");

	return strlen(id) == n && strncmp(text, id, n) == 0;
}

static bool is_class(const struct scenario *sc, const char *text)
{
	const struct node *c = scenario_first(sc, &device_class_model);

	while (c && !is_named(text, c->id))
		c = c->next_same;
	return c != NULL;
}

static bool is_district(const struct city *city, const char *text)
{
	size_t i = 0, n = city_n_districts(city);

	while (i < n && !is_named(text, city_district(city, i)->id))
		i++;
	return i < n;
}

void groups_check(const struct scenario *sc, struct diag *d)
{
	for (size_t i = 0; i < sc->n_targets; i++) {
		const struct target *t = &sc->targets[i];
		if (strncmp(t->group, "class=", 6) == 0 && !is_class(sc, t->group + 6))
			node_error(t->node, d, "class", "is the id of no <device-class>");
		if (strncmp(t->group, "district=", 9) == 0 && !is_district(city_of(sc), t->group + 9))
			node_error(t->node, d, "district", "is no district of the city");
	}
}
