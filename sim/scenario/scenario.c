/* A scenario from its tree: bound, resolved, linked, loaded, checked, hashed. */
#include "sim/scenario/scenario.h"

#include <errno.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/scenario/scenario_private.h"

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
		node_walk(b->sc->root, link_same, &l);
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

static void add_file(const struct scenario *sc, const char *path, const void *bytes, size_t len)
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
char *scenario_read_file(const struct scenario *sc, const char *path, unsigned mib, size_t *len, struct diag *d)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	char *text = NULL;

	if (!f || fstat(fileno(f), &st) != 0)
		diag_error(d, path, 0, "cannot be opened: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		diag_error(d, path, 0, "is not a file");
	else if (st.st_size > (off_t)mib << 20)
		diag_error(d, path, 0, "is larger than %u MiB", mib);
	else if (!(text = malloc((size_t)st.st_size + 1)))
		diag_error(d, path, 0, "out of memory");
	if (text) {
		*len = fread(text, 1, (size_t)st.st_size, f);
		text[*len] = '\0';
		if (ferror(f)) {
			diag_error(d, path, 0, "cannot be read: %s", strerror(errno));
			free(text);
			text = NULL;
		} else if (sc) {
			add_file(sc, path, text, *len);
		}
	}
	if (f)
		fclose(f);
	return text;
}

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

static void take_texts(struct scenario *sc)
{
	const struct node *title = scenario_first(sc, &title_model), *description = scenario_first(sc, &description_model);

	sc->title = title && title->text ? title->text : "";
	sc->description = description && description->text ? description->text : "";
}

static void take_run(struct scenario *sc)
{
	const struct node *run = scenario_first(sc, &run_model);

	if (run && run->par) {
		const struct run_xml *r = run->par;
		sc->run = (struct run_params){ r->start, r->duration, r->warm_up, r->seed, r->replications, r->confidence };
	}
}

static bool is_known(void *ctx, const struct element *e, const char *attribute, const char **near)
{
	const struct binder *b = ctx;
	const struct model *m = table_model(b->sc->table, e->name, e->parent ? e->parent->name : NULL);

	if (m && (node_row(m, attribute) >= 0 || (m->id != ID_NONE && strcmp(attribute, "id") == 0)))
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
	const struct grammar *g = table_grammar(b->sc->table);
	bool part = g == &scenario_grammar && strcmp(root->name, "library") == 0, open = false;

	b->sc->resolved = tree_write(root, g->ns, b->a);
	if (strcmp(root->name, g->root) != 0 && !part) {
		diag_error(b->d, root->file, root->line, "<%s>: the root is <%s>", root->name, g->root);
		return;
	}
	b->sc->root = bind_element(b, root, NULL);
	if (!b->sc->root || !b->sc->resolved || !refs_resolve(b, part, &open))
		return;
	link_models(b);
	take_texts(b->sc);
	if (g == &scenario_grammar) {
		take_run(b->sc);
		targets_load(b);
	}
	if (!open)
		load_models(b);
	if (!part)
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
	struct element *root = tree_read(base, text, len, table_grammar(table), &b.roots, b.a, d);
	if (root)
		inherit_all(&b, root);
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
	node_walk(sc->root, unload, NULL);
	arena_free(impl->arena);
	free(impl);
	free(sc);
}
