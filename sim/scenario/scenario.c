/* From the tree to bound nodes: look up, bind, resolve, check. */
#include "sim/scenario/scenario.h"

#include <limits.h>
#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdlib.h>
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

static int row_of(const struct model *m, const char *attribute)
{
	char name[64];

	for (size_t i = 0; i < m->n_params; i++)
		if (strcmp(param_name(&m->params[i], name, sizeof name), attribute) == 0)
			return (int)i;
	return -1;
}

bool node_given(const struct node *n, const char *attribute)
{
	int i = row_of(n->model, attribute);

	BUG_ON(NULL, i < 0);
	return n->given[i] >= GIVEN_FILE;
}

void node_derive(const struct scenario *sc, struct node *n, struct diag *d, const char *attribute, const char *fmt, ...)
{
	struct scenario_impl *impl = sc->impl;
	struct binder b = { .sc = (struct scenario *)sc, .a = impl->arena, .d = d };
	int i = row_of(n->model, attribute);
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
	int i = attribute ? row_of(n->model, attribute) : -1;

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

/* The attribute of the model that is nearest to a misspelt one. */
static const char *near_attribute(const struct model *m, const char *name, struct arena *a)
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

	n->flawed = n->model->id == ID_REQUIRED && (!id || !is_id(id));
	if (n->model->id == ID_REQUIRED && !id)
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
		int i = row_of(m, at->name);
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

static struct node *bind_element(struct binder *b, const struct element *e, struct node *parent)
{
	const struct model *m = table_model(b->sc->table, e->name, parent ? parent->model->name : NULL);

	if (!m && parent) {
		unknown_element(b, e, parent->model->name);
		return NULL;
	}
	struct node *n = arena_alloc(b->a, 1, sizeof *n);
	if (!m || !n) {
		diag_error(b->d, e->file, e->line, "<%s>: the root of a scenario is <scenario>", e->name);
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

/* Visit all nodes in document order. */
static void walk(struct node *n, void (*fn)(void *ctx, struct node *n), void *ctx)
{
	for (; n; n = n->next) {
		fn(ctx, n);
		walk(n->child, fn, ctx);
	}
}

struct named_node { struct node *node; size_t place; };         /* place in document order */
struct index { struct binder *b; struct named_node *by_id; size_t n; bool part, open; };

static void count_id(void *ctx, struct node *n)
{
	struct index *ix = ctx;

	if (n->id && ix->by_id)
		ix->by_id[ix->n] = (struct named_node){ n, ix->n };
	ix->n += n->id != NULL;
}

static int by_id(const void *a, const void *b)
{
	const struct named_node *x = a, *y = b;
	int c = strcmp(x->node->id, y->node->id);

	return c ? c : (x->place > y->place) - (x->place < y->place);
}

/* The first of that id in document order. */
static struct node *find_id(const struct index *ix, const char *id)
{
	size_t lo = 0, hi = ix->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (strcmp(ix->by_id[mid].node->id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < ix->n && strcmp(ix->by_id[lo].node->id, id) == 0 ? ix->by_id[lo].node : NULL;
}

static bool word_in(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p++)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static void resolve(struct index *ix, struct node *n, const struct param *p, const char *id)
{
	const struct node *to = find_id(ix, id);
	char name[64];
	const char *names[256];
	size_t count = 0;

	if (to && word_in(p->refs, to->model->name)) {
		memcpy((char *)n->par + p->offset, &to, sizeof to);
		return;
	}
	param_name(p, name, sizeof name);
	n->flawed = true;
	if (to) {
		diag_error(ix->b->d, n->file, n->line, "<%s %s>%s: \"%s\" is a <%s>, not one of: %s", n->model->name, name,
			   bind_origin(n, p), id, to->model->name, p->refs);
		return;
	}
	if (ix->part) { /* of a library: the scenario that includes it may have it */
		ix->open = true;
		return;
	}
	for (size_t i = 0; i < ix->n && count < 256; i++)
		if (word_in(p->refs, ix->by_id[i].node->model->name))
			names[count++] = ix->by_id[i].node->id;
	const char *near = nearest_name(id, names, count);
	diag_error(ix->b->d, n->file, n->line, "<%s %s>%s: there is no <%s> with id \"%s\"%s%s%s", n->model->name, name,
		   bind_origin(n, p), p->refs, id, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static void resolve_refs(void *ctx, struct node *n)
{
	for (size_t i = 0; n->text_of && i < n->model->n_params; i++)
		if (n->model->params[i].kind == PARAM_REF && n->text_of[i])
			resolve(ctx, n, &n->model->params[i], n->text_of[i]);
}

/* Keys of an element's children; of one without id by its model and its place among those of that model. */
static void name_children(struct node *parent)
{
	struct {
		const struct model *m;
		unsigned n;
	} seen[64];
	size_t models = 0;

	for (struct node *c = parent->child; c; c = c->next) {
		char text[160];
		size_t k = 0;
		while (k < models && seen[k].m != c->model)
			k++;
		if (k == models && models < sizeof seen / sizeof seen[0])
			seen[models++].m = c->model, seen[k].n = 0;
		BUG_ON(NULL, k == models);
		snprintf(text, sizeof text, "%s/%u/%llx", c->model->name, seen[k].n++, (unsigned long long)parent->key);
		c->key = rng_hash(c->id ? c->id : text);
		name_children(c);
	}
}

static void check_ids(struct index *ix)
{
	for (size_t i = 1; i < ix->n; i++) {
		const struct node *n = ix->by_id[i].node, *before = ix->by_id[i - 1].node;
		if (strcmp(n->id, before->id) == 0)
			diag_error(ix->b->d, n->file, n->line, "<%s id>: \"%s\" is taken already (%s:%d)", n->model->name,
				   n->id, before->file, before->line);
	}
}

/* Link the nodes of a model in document order. */
struct linker { const struct model *m; const struct node **tail; };

static void link_same(void *ctx, struct node *n)
{
	struct linker *l = ctx;

	if (n->model == l->m) {
		*l->tail = n;
		l->tail = &n->next_same;
	}
}

static void link_models(struct binder *b)
{
	struct scenario_impl *impl = b->sc->impl;

	for (size_t i = 0; i < table_size(b->sc->table); i++) {
		struct linker l = { table_at(b->sc->table, i), &impl->first[i] };
		walk(b->sc->root, link_same, &l);
	}
}

/* Flaws go up to those that read their children, and down to those that read their parent; the root itself stands for all. */
static bool spread_flaws(struct node *n, bool above)
{
	bool below = false, own = n->flawed;

	for (struct node *c = n->child; c; c = c->next)
		below |= spread_flaws(c, above || (own && n->parent));
	n->flawed |= below | above;
	return own | below;
}

/* Also where something is wrong elsewhere, so that all is said at once. */
static void load_models(struct binder *b)
{
	spread_flaws(b->sc->root, false);
	for (size_t i = 0; i < table_size(b->sc->table); i++) {
		const struct model *m = table_at(b->sc->table, i);
		for (const struct node *n = scenario_first(b->sc, m); n && m->load; n = n->next_same)
			if (!n->flawed)
				m->load(b->sc, (struct node *)n, b->d);
	}
}

static void check_models(struct binder *b)
{
	for (size_t i = 0; diag_errors(b->d) == 0 && i < table_size(b->sc->table); i++) {
		const struct model *m = table_at(b->sc->table, i);
		if (m->check && scenario_first(b->sc, m))
			m->check(b->sc, b->d);
	}
}

static void hex(const uint8_t *digest, char out[65])
{
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

void scenario_add_file(const struct scenario *sc, const char *path, const void *bytes, size_t len)
{
	struct scenario_impl *impl = sc->impl;
	struct data_file *f = arena_alloc(impl->arena, 1, sizeof *f), **at = &impl->files;
	struct sha256_ctx sha;
	uint8_t digest[SHA256_DIGEST_SIZE];

	if (!f)
		return;
	sha256_init(&sha);
	sha256_update(&sha, len, bytes);
	sha256_digest(&sha, sizeof digest, digest);
	hex(digest, f->sha256);
	f->path = arena_strdup(impl->arena, path);
	while (*at && strcmp((*at)->sha256, f->sha256) < 0)
		at = &(*at)->next;
	f->next = *at;
	*at = f;
}

/* Of the resolved XML and the contents of the data files: not of where they lie. */
static void hash_input(struct scenario *sc)
{
	const struct scenario_impl *impl = sc->impl;
	struct sha256_ctx sha;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&sha);
	sha256_update(&sha, strlen(sc->resolved), (const uint8_t *)sc->resolved);
	for (const struct data_file *f = impl->files; f; f = f->next)
		sha256_update(&sha, 64, (const uint8_t *)f->sha256);
	sha256_digest(&sha, sizeof digest, digest);
	hex(digest, sc->hash);
}

static void take_run(struct scenario *sc)
{
	const struct node *run = scenario_first(sc, &run_model), *title = scenario_first(sc, &title_model);
	const struct node *description = scenario_first(sc, &description_model);

	sc->title = title && title->text ? title->text : "";
	sc->description = description && description->text ? description->text : "";
	if (run && run->par) {
		const struct run_xml *r = run->par;
		sc->run = (struct run_params){ r->start, r->duration, r->warm_up, r->seed, r->replications, r->confidence };
	}
}

static bool is_known(void *ctx, const struct element *e, const char *attribute, const char **near)
{
	const struct binder *b = ctx;
	const struct model *m = table_model(b->sc->table, e->name, e->parent ? e->parent->name : NULL);

	if (m && (row_of(m, attribute) >= 0 || (m->id != ID_NONE && strcmp(attribute, "id") == 0)))
		return true;
	*near = m ? near_attribute(m, attribute, b->a) : NULL;
	return false;
}

static struct scenario *new_scenario(const char *path, const struct model_table *table)
{
	struct scenario *sc = calloc(1, sizeof *sc);
	struct scenario_impl *impl = calloc(1, sizeof *impl);
	struct arena *a = arena_new();

	if (!sc || !impl || !a)
		goto fail;
	impl->arena = a;
	impl->first = arena_alloc(a, table_size(table) + 1, sizeof *impl->first);
	sc->impl = impl;
	sc->table = table;
	sc->path = arena_strdup(a, path);
	sc->title = sc->description = "";
	if (impl->first && sc->path)
		return sc;
fail:
	free(sc);
	free(impl);
	arena_free(a);
	return NULL;
}

static void build(struct binder *b, struct element *root)
{
	struct index ix = { .b = b, .part = strcmp(root->name, "library") == 0 };

	b->sc->resolved = tree_write(root, SCENARIO_NS, b->a);
	if (strcmp(root->name, "scenario") != 0 && !ix.part) {
		diag_error(b->d, root->file, root->line, "<%s>: the root of a scenario is <scenario>", root->name);
		return;
	}
	b->sc->root = bind_element(b, root, NULL);
	walk(b->sc->root, count_id, &ix);
	ix.by_id = arena_alloc(b->a, ix.n + 1, sizeof *ix.by_id);
	if (!b->sc->root || !ix.by_id || !b->sc->resolved)
		return;
	ix.n = 0;
	walk(b->sc->root, count_id, &ix);
	qsort(ix.by_id, ix.n, sizeof *ix.by_id, by_id);
	check_ids(&ix);
	walk(b->sc->root, resolve_refs, &ix);
	b->sc->root->key = rng_hash(b->sc->root->id ? b->sc->root->id : "");
	name_children(b->sc->root);
	link_models(b);
	take_run(b->sc);
	targets_load(b);
	if (!ix.open)
		load_models(b);
	if (!ix.part)
		check_models(b);
	hash_input(b->sc);
}

struct scenario *scenario_parse(const char *text, size_t len, const char *base, const struct model_table *table,
				const char *lib_root, const struct setting *sets, size_t n_sets, struct diag *d)
{
	struct scenario *sc = new_scenario(base, table);
	char scenario_root[PATH_MAX], library_root[PATH_MAX], folder[PATH_MAX];

	if (!sc) {
		diag_error(d, base, 0, "out of memory");
		return NULL;
	}
	struct scenario_impl *impl = sc->impl;
	struct binder b = { .sc = sc, .a = impl->arena, .d = d };
	const char *slash = strrchr(base, '/');
	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - base + 1) : 1, slash ? base : ".");
	b.roots.scenario = realpath(folder, scenario_root);
	b.roots.library = lib_root ? realpath(lib_root, library_root) : NULL;
	struct element *root = tree_read(base, text, len, &b.roots, b.a, d);
	for (size_t i = 0; root && i < n_sets; i++)
		tree_set(root, &sets[i], is_known, &b, b.a, d);
	if (root)
		build(&b, root);
	if (diag_errors(d) == 0 && root)
		return sc;
	scenario_free(sc);
	return NULL;
}

struct scenario *scenario_load(const char *path, const struct model_table *table, const char *lib_root,
			       const struct setting *sets, size_t n_sets, struct diag *d)
{
	return scenario_parse(NULL, 0, path, table, lib_root, sets, n_sets, d);
}

static void unload(void *ctx, struct node *n)
{
	(void)ctx;
	if (n->model->unload)
		n->model->unload(n);
}

void scenario_free(struct scenario *sc)
{
	if (!sc)
		return;
	struct scenario_impl *impl = sc->impl;
	walk(sc->root, unload, NULL);
	arena_free(impl->arena);
	free(impl);
	free(sc);
}
