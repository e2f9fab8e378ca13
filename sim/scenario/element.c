/* From an element of the tree to a node with its parameters, and those that are implied. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

/* The attribute of the model that is nearest to a misspelt one. */
const char *near_attribute(const struct model *m, const char *name, struct arena *a)
{
	const char *known[128];
	size_t count = 0;
	char buf[64];

	for (size_t i = 0; i < m->n_params && count < 127; i++)
		if ((known[count] = arena_strdup(a, param_name(&m->params[i], buf, sizeof buf))))
			count++;
	if (m->id != ID_NONE)
		known[count++] = "id";
	return nearest_name(name, known, count);
}

static void unknown_attribute(struct binder *b, const struct node *n, const char *name)
{
	/* nobody reads so many; a file that means harm must not cost time by them */
	const char *near = diag_errors(b->d) < DIAG_MAX ? near_attribute(n->model, name, b->a) : NULL;
	if (near)
		diag_error(b->d, n->file, n->line, "<%s>: has no attribute \"%s\" (did you mean %s?)", n->model->name, name,
			   near);
	else
		diag_error(b->d, n->file, n->line, "<%s>: has no attribute \"%s\" (sccsim models %s lists them)",
			   n->model->name, name, n->model->name);
}

static bool is_id(const char *t)
{
	if (!*t || !(t[0] == '_' || (t[0] >= 'a' && t[0] <= 'z') || (t[0] >= 'A' && t[0] <= 'Z')))
		return false;
	return t[strspn(t, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

static void bind_id(struct binder *b, const struct element *e, struct node *n)
{
	const char *id = element_attribute(e, "id");

	n->flawed = n->model->id >= ID_REQUIRED && (!id || !is_id(id));
	if (n->model->id >= ID_REQUIRED && !id)
		diag_error(b->d, n->file, n->line, "<%s>: needs an id", n->model->name);
	if (id && n->model->id == ID_NONE)
		unknown_attribute(b, n, "id");
	else if (id && !is_id(id))
		diag_error(b->d, n->file, n->line,
			   "<%s id>: \"%s\" is not an id (a letter, then letters, digits, '-', '_', '.')", n->model->name,
			   id);
	else
		n->id = id;
}

/* Every attribute of the element, and every default. */
static void bind_params(struct binder *b, const struct element *e, struct node *n)
{
	const struct model *m = n->model;
	char *par = arena_alloc(b->a, 1, m->par_size ? m->par_size : 1);
	unsigned char *given = arena_alloc(b->a, m->n_params + 1, 1);
	const char **text_of = arena_alloc(b->a, m->n_params + 1, sizeof *text_of);

	if (!par || !given || !text_of) {
		diag_error(b->d, n->file, n->line, "out of memory");
		n->flawed = true;
		return;
	}
	n->par = par;
	n->given = given;
	n->text_of = text_of;
	for (const struct attribute *at = e->attributes; at; at = at->next) {
		int i = node_row(m, at->name);
		if (i >= 0)
			given[i] = at->set ? GIVEN_SET : GIVEN_FILE;
		else if (strcmp(at->name, "id") != 0)
			unknown_attribute(b, n, at->name);
	}
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		char name[64];
		const char *text = element_attribute(e, param_name(p, name, sizeof name));
		bind_absent(p, par);
		if (!text && !p->dflt) {
			diag_error(b->d, n->file, n->line, "<%s>: needs %s (%s)", m->name, name, p->doc);
			n->flawed = true;
			continue;
		}
		text_of[i] = text ? text : p->dflt[0] ? p->dflt : NULL;
		if (text_of[i] && !bind_value(b, n, p, text_of[i], par))
			n->flawed = true;
	}
}

/* Where an element may stand that stands elsewhere: "<lorawan>, <x>". */
static bool places_of(const struct model_table *t, const char *name, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < table_size(t); i++)
		for (size_t k = 0; strcmp(table_at(t, i)->name, name) == 0 && k < table_at(t, i)->n_places && at < size;
		     k++)
			at += (size_t)snprintf(out + at, size - at, "%s<%s>", at ? ", " : "",
					       table_at(t, i)->places[k].parent);
	return at > 0;
}

static void unknown_element(struct binder *b, const struct element *e, const char *parent)
{
	const char *names[256];
	size_t count = 0;
	char all[1024] = "";

	for (size_t i = 0; i < table_size(b->sc->table); i++) {
		const struct model *m = table_at(b->sc->table, i);
		for (size_t k = 0; k < m->n_places && count < 256; k++)
			if (strcmp(m->places[k].parent, parent) == 0) {
				names[count++] = m->name;
				size_t at = strlen(all);
				snprintf(all + at, sizeof all - at, "%s%s", at ? ", " : "", m->name);
			}
	}
	const char *near = nearest_name(e->name, names, count);
	char places[256];
	if (places_of(b->sc->table, e->name, places, sizeof places))
		diag_error(b->d, e->file, e->line, "<%s>: stands in %s, not in <%s>", e->name, places, parent);
	else if (near)
		diag_error(b->d, e->file, e->line, "<%s>: unknown element in <%s> (did you mean <%s>?)", e->name, parent,
			   near);
	else
		diag_error(b->d, e->file, e->line, "<%s>: unknown element in <%s> (possible: %s)", e->name, parent,
			   count ? all : "none");
}

/* What is in force though nobody wrote it. */
static void add_implied(struct binder *b, struct node *n)
{
	struct node **tail = &n->child;

	while (*tail)
		tail = &(*tail)->next;
	for (size_t i = 0; i < table_size(b->sc->table); i++) {
		const struct model *m = table_at(b->sc->table, i);
		if (!m->implied || strcmp(m->places[0].parent, n->model->name) != 0 || node_child(n, m))
			continue;
		struct element none = { .name = m->name, .text = "", .file = n->file, .line = n->line };
		struct node *c = *tail = arena_alloc(b->a, 1, sizeof *c);
		if (!c) {
			diag_error(b->d, n->file, n->line, "out of memory");
			return;
		}
		*c = (struct node){
			.model = m, .file = n->file, .line = n->line, .parent = n, .text = "", .implied = true
		};
		bind_params(b, &none, c);
		tail = &c->next;
	}
}

static void check_occurrence(struct binder *b, struct node *n)
{
	for (size_t i = 0; i < table_size(b->sc->table); i++) {
		const struct model *m = table_at(b->sc->table, i);
		for (size_t k = 0; k < m->n_places; k++) {
			if (strcmp(m->places[k].parent, n->model->name) != 0)
				continue;
			unsigned count = 0;
			const struct node *last = NULL;
			for (const struct node *c = node_child(n, m); c; c = node_next(c)) {
				count++;
				last = c;
			}
			n->flawed |= count < m->places[k].min;
			if (count < m->places[k].min)
				diag_error(b->d, n->file, n->line, "<%s>: needs a <%s> (%s)", n->model->name, m->name,
					   m->doc);
			if (m->places[k].max && count > m->places[k].max)
				diag_error(b->d, last->file, last->line, "<%s>: may stand %u time%s in <%s>, not %u",
					   m->name, m->places[k].max, m->places[k].max == 1 ? "" : "s", n->model->name,
					   count);
		}
	}
}

struct node *bind_element(struct binder *b, const struct element *e, struct node *parent)
{
	const struct model *m = table_model(b->sc->table, e->name, parent ? parent->model->name : NULL);

	if (!m && parent) {
		unknown_element(b, e, parent->model->name);
		return NULL;
	}
	struct node *n = arena_alloc(b->a, 1, sizeof *n);
	if (!m || !n) {
		diag_error(b->d, e->file, e->line, "<%s>: the root is <%s>", e->name, table_grammar(b->sc->table)->root);
		return NULL;
	}
	*n = (struct node){ .model = m, .file = e->file, .line = e->line, .parent = parent, .text = e->text };
	if (e->text[0] && !m->has_text)
		diag_error(b->d, e->file, e->line, "<%s>: holds no text (\"%.60s\")", m->name, e->text);
	bind_id(b, e, n);
	bind_params(b, e, n);
	struct node **tail = &n->child;
	for (const struct element *c = e->child; c; c = c->next)
		if ((*tail = bind_element(b, c, n)))
			tail = &(*tail)->next;
	add_implied(b, n);
	check_occurrence(b, n);
	return n;
}
