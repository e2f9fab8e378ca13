/*
 * Elements that take after another: base="ID".
 *
 * Before anything is bound or set, an element whose model declares `base` and `template` gets from the element of that name and id what it does
 * not say itself: attributes one by one, content by kind (a <traffic> of its own replaces all of the base's).  What it takes keeps
 * its file and line, so that paths and diagnostics mean the base's.  Bases that are templates then leave a scenario.
 */
#include <string.h>

#include "sim/scenario/scenario_private.h"

enum { MOST_STEPS = 16 };

static bool declares(const struct binder *b, const struct element *e, const char *attribute)
{
	const struct model *m = table_model(b->sc->table, e->name, e->parent ? e->parent->name : NULL);

	return m && node_row(m, attribute) >= 0;
}

static struct element *find(struct element *root, const char *name, const char *id)
{
	for (struct element *e = root->child; e; e = e->next) {
		const char *own = strcmp(e->name, name) == 0 ? element_attribute(e, "id") : NULL;
		if (own && strcmp(own, id) == 0)
			return e;
	}
	return NULL;
}

static void take_attributes(struct binder *b, struct element *e, const struct element *base)
{
	struct attribute **tail = &e->attributes;

	while (*tail)
		tail = &(*tail)->next;
	for (const struct attribute *at = base->attributes; at; at = at->next) {
		if (strcmp(at->name, "template") == 0 || element_attribute(e, at->name))
			continue;
		struct attribute *row = arena_alloc(b->a, 1, sizeof *row);
		if (!row)
			return;
		*row = (struct attribute){ at->name, at->value, at->set, NULL };
		*tail = row;
		tail = &row->next;
	}
}

static void append(struct element *parent, struct element *e)
{
	e->parent = parent;
	if (parent->last)
		parent->last->next = e;
	else
		parent->child = e;
	parent->last = e;
}

static struct element *copy(struct binder *b, const struct element *from)
{
	struct element *e = arena_alloc(b->a, 1, sizeof *e);

	if (!e)
		return NULL;
	*e = (struct element){ .name = from->name, .file = from->file, .text = from->text, .line = from->line };
	take_attributes(b, e, from);
	for (const struct element *c = from->child; c; c = c->next) {
		struct element *below = copy(b, c);
		if (below)
			append(e, below);
	}
	return e;
}

static bool has_child(const struct element *e, const char *name, const struct element *until)
{
	for (const struct element *c = e->child; c && c != until; c = c->next)
		if (strcmp(c->name, name) == 0)
			return true;
	return false;
}

/* Content of the base, of the kinds that the element has none of. */
static void take_content(struct binder *b, struct element *e, const struct element *base)
{
	struct element *taken = NULL;

	for (const struct element *c = base->child; c; c = c->next) {
		if (has_child(e, c->name, taken))
			continue;
		struct element *own = copy(b, c);
		if (!own)
			return;
		taken = taken ? taken : own;
		append(e, own);
	}
}

static void drop_attribute(struct element *e, const char *name)
{
	for (struct attribute **at = &e->attributes; *at; at = &(*at)->next)
		if (strcmp((*at)->name, name) == 0) {
			*at = (*at)->next;
			return;
		}
}

static void inherit(struct binder *b, struct element *root, struct element *e, bool part, unsigned steps)
{
	const char *id = element_attribute(e, "base");
	struct element *base = id ? find(root, e->name, id) : NULL;

	if (!id || !declares(b, e, "base") || !declares(b, e, "template")) /* a study's factors have another base */
		return;
	if (!base && part) /* a library's base may be the scenario's */
		return;
	if (!base || base == e || steps == MOST_STEPS) {
		diag_error(b->d, e->file, e->line,
			   !base ? "<%s base>: \"%s\" is the id of no <%s> (include the library that has it)"
				 : "<%s base>: \"%s\" takes after itself, or there are more than 16 steps to the last <%s>",
			   e->name, id, e->name);
		drop_attribute(e, "base");
		return;
	}
	inherit(b, root, base, part, steps + 1);
	drop_attribute(e, "base");
	take_attributes(b, e, base);
	take_content(b, e, base);
}

static void drop_templates(struct binder *b, struct element *root)
{
	struct element **at = &root->child;

	root->last = NULL;
	while (*at) {
		const char *template = declares(b, *at, "template") ? element_attribute(*at, "template") : NULL;
		if (template && strcmp(template, "on") == 0) {
			*at = (*at)->next;
			continue;
		}
		root->last = *at;
		at = &(*at)->next;
	}
}

void inherit_all(struct binder *b, struct element *root)
{
	bool part = strcmp(root->name, "library") == 0;

	for (struct element *e = root->child; e; e = e->next)
		inherit(b, root, e, part, 0);
	if (!part)
		drop_templates(b, root);
}
