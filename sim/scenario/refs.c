/* Ids: unique, found from where they are named, and the keys that they give to streams of chance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

struct named_node { struct node *node; size_t place; };         /* place in document order */
struct index { struct binder *b; struct named_node *by_id; size_t n; bool part, open; };

static void count_id(void *ctx, struct node *n)
{
	struct index *ix = ctx;

	if (!n->id || n->model->id == ID_LOCAL)
		return;
	if (ix->by_id)
		ix->by_id[ix->n] = (struct named_node){ n, ix->n };
	ix->n++;
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
	const char *several = strchr(p->refs, ' ');
	diag_error(ix->b->d, n->file, n->line, "<%s %s>%s: there is no %s%s%s with id \"%s\"%s%s%s", n->model->name, name,
		   bind_origin(n, p), several ? "element (" : "<", p->refs, several ? ")" : ">", id,
		   near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
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

bool refs_resolve(struct binder *b, bool part, bool *open)
{
	struct index ix = { .b = b, .part = part };

	node_walk(b->sc->root, count_id, &ix);
	ix.by_id = arena_alloc(b->a, ix.n + 1, sizeof *ix.by_id);
	if (!ix.by_id)
		return false;
	ix.n = 0;
	node_walk(b->sc->root, count_id, &ix);
	qsort(ix.by_id, ix.n, sizeof *ix.by_id, by_id);
	check_ids(&ix);
	node_walk(b->sc->root, resolve_refs, &ix);
	b->sc->root->key = rng_hash(b->sc->root->id ? b->sc->root->id : "");
	name_children(b->sc->root);
	*open = ix.open;
	return true;
}
