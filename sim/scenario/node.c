/* Elements as models see them: looked up, asked, spoken of. */
#include <stdarg.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

const struct model *table_model(const struct model_table *t, const char *element, const char *parent)
{
	if (parent && strcmp(parent, "library") == 0) /* holds what a scenario may hold */
		parent = "scenario";
	for (size_t i = 0; i < table_size(t); i++) {
		const struct model *m = table_at(t, i);
		if (strcmp(m->name, element) != 0)
			continue;
		if (!parent && (m->n_places == 0 || strcmp(m->name, "library") == 0))
			return m;
		for (size_t k = 0; parent && k < m->n_places; k++)
			if (strcmp(m->places[k].parent, parent) == 0)
				return m;
	}
	return NULL;
}

const struct kpi_def *table_kpi(const struct model_table *t, const char *name)
{
	for (size_t i = 0; t && i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_kpis; k++)
			if (strcmp(t->models[i]->kpis[k].name, name) == 0)
				return &t->models[i]->kpis[k];
	return NULL;
}

static size_t place_of(const struct model_table *t, const struct model *m)
{
	for (size_t i = 0; i < table_size(t); i++)
		if (table_at(t, i) == m)
			return i;
	return SIZE_MAX;
}

const struct node *scenario_first(const struct scenario *sc, const struct model *m)
{
	const struct scenario_impl *impl = sc->impl;
	size_t i = place_of(sc->table, m);

	return i == SIZE_MAX ? NULL : impl->first[i];
}

size_t scenario_count(const struct scenario *sc, const struct model *m)
{
	size_t count = 0;

	for (const struct node *n = scenario_first(sc, m); n; n = n->next_same)
		count++;
	return count;
}

const struct node *node_child(const struct node *n, const struct model *m)
{
	const struct node *c = n->child;

	while (c && c->model != m)
		c = c->next;
	return c;
}

const struct node *node_next(const struct node *n)
{
	const struct node *c = n->next;

	while (c && c->model != n->model)
		c = c->next;
	return c;
}

int node_row(const struct model *m, const char *attribute)
{
	char name[64];

	for (size_t i = 0; i < m->n_params; i++)
		if (strcmp(param_name(&m->params[i], name, sizeof name), attribute) == 0)
			return (int)i;
	return -1;
}

bool node_given(const struct node *n, const char *attribute)
{
	int i = node_row(n->model, attribute);

	BUG_ON(NULL, i < 0);
	return n->given[i] >= GIVEN_FILE;
}

void node_derive(const struct scenario *sc, struct node *n, struct diag *d, const char *attribute, const char *fmt, ...)
{
	struct scenario_impl *impl = sc->impl;
	struct binder b = { .sc = (struct scenario *)sc, .a = impl->arena, .d = d };
	int i = node_row(n->model, attribute);
	char text[256];
	va_list ap;

	BUG_ON(NULL, i < 0);
	if (n->given[i] >= GIVEN_FILE)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *kept = arena_strdup(b.a, text);
	if (!kept) {
		diag_error(d, n->file, n->line, "out of memory");
		return;
	}
	n->given[i] = GIVEN_DERIVED;
	n->text_of[i] = kept;
	BUG_ON(NULL, !bind_value(&b, n, &n->model->params[i], kept, (void *)n->par));
}

static void node_say(const struct node *n, struct diag *d, const char *attribute, bool error, const char *fmt, va_list ap)
{
	char text[2048];
	int i = attribute ? node_row(n->model, attribute) : -1;

	vsnprintf(text, sizeof text, fmt, ap);
	void (*say)(struct diag *, const char *, int, const char *, ...) = error ? diag_error : diag_warning;
	if (attribute && i >= 0 && n->text_of[i])
		say(d, n->file, n->line, "<%s %s>%s: \"%.200s\" %s", n->model->name, attribute,
		    bind_origin(n, &n->model->params[i]), n->text_of[i], text);
	else if (attribute)
		say(d, n->file, n->line, "<%s %s>: %s", n->model->name, attribute, text);
	else
		say(d, n->file, n->line, "<%s%s%s>: %s", n->model->name, n->id ? " " : "", n->id ? n->id : "", text);
}

void node_error(const struct node *n, struct diag *d, const char *attribute, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	node_say(n, d, attribute, true, fmt, ap);
	va_end(ap);
}

void node_warning(const struct node *n, struct diag *d, const char *attribute, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	node_say(n, d, attribute, false, fmt, ap);
	va_end(ap);
}

static bool has_id(const struct node *n, const char *id)
{
	for (; n; n = n->next)
		if ((n->id && strcmp(n->id, id) == 0) || has_id(n->child, id))
			return true;
	return false;
}

bool scenario_has_id(const struct scenario *sc, const char *id)
{
	return has_id(sc->root, id);
}

void node_walk(struct node *n, void (*fn)(void *ctx, struct node *n), void *ctx)
{
	for (; n; n = n->next) {
		fn(ctx, n);
		node_walk(n->child, fn, ctx);
	}
}
