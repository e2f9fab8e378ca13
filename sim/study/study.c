/* A study from its document: what its root says, its scenarios, the settings of a point. */
#include "sim/study/study.h"

#include <math.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/study_private.h"

enum { CHECKS_MAX = 64, REPLICATIONS_MAX = 1000000 };

bool loader_no_memory(struct loader *l)
{
	if (!l->no_memory)
		diag_error(l->d, l->st->doc->path, 0, "out of memory");
	l->no_memory = true;
	return false;
}

/* ---- what the root says ---- */

static void load_replications(struct loader *l, const struct study_xml *x)
{
	struct study *st = l->st;
	const struct node *root = st->doc->root;
	union quantity q;

	st->precision = (struct precision){ .relative = x->precision,
					    .level = x->confidence,
					    .floor = x->floor,
					    .batch = x->batch,
					    .ceiling = x->ceiling };
	st->until_precise = strcmp(x->replications, "auto") == 0;
	st->replications = x->ceiling;
	if (st->until_precise && x->floor > x->ceiling)
		node_error(root, l->d, "floor", "is above the ceiling of %llu replications",
			   (unsigned long long)x->ceiling);
	if (st->until_precise)
		return;
	if (!quantity_parse(DIM_COUNT, x->replications, &q, NULL) || q.count < 1 || q.count > REPLICATIONS_MAX)
		node_error(root, l->d, "replications", "is neither auto nor a whole number from 1 to %d", REPLICATIONS_MAX);
	else
		st->replications = q.count;
}

static void load_warm_up(struct loader *l, const struct study_xml *x)
{
	union quantity q;

	l->st->warm_up = SIM_NEVER;
	if (!x->warm_up)
		return;
	l->st->detect_warm_up = strcmp(x->warm_up, "auto") == 0;
	if (l->st->detect_warm_up)
		return;
	if (quantity_parse(DIM_TIME, x->warm_up, &q, NULL) && q.time >= 0)
		l->st->warm_up = q.time;
	else
		node_error(l->st->doc->root, l->d, "warm-up", "is neither auto nor a duration");
}

static void load_root(struct loader *l)
{
	struct study *st = l->st;
	const struct study_xml *x = st->doc->root->par;

	st->id = st->doc->root->id;
	st->title = st->doc->title;
	st->description = st->doc->description;
	st->design = (enum design)x->design;
	st->samples = x->samples;
	st->seed_given = node_given(st->doc->root, "seed");
	st->seed = x->seed;
	st->statistics = (enum statistics)x->statistics;
	st->batches = x->batches;
	st->keep = (enum keep)x->keep;
	load_replications(l, x);
	load_warm_up(l, x);
	if (st->statistics == STATISTICS_BATCH_MEANS) {
		if (node_given(st->doc->root, "replications"))
			node_error(st->doc->root, l->d, "replications",
				   "are of statistics=\"replications\": batch means are of one long run");
		st->until_precise = false;
		st->replications = 1;
	}
	l->base_paths[l->n_bases++] = x->scenario;
}

/* What holds at every point. */
static void load_fixed(struct loader *l)
{
	struct study *st = l->st;
	const struct node *root = st->doc->root;

	st->fixed = arena_alloc(l->a, scenario_count(st->doc, &set_model) + 1, sizeof *st->fixed);
	for (const struct node *n = node_child(root, &set_model); n && st->fixed; n = node_next(n)) {
		const struct set_xml *s = n->par;
		const char *why;
		if (!s->value || s->values || s->from || s->to)
			node_error(n, l->d, NULL,
				   "of the whole study has a value, and nothing else (what varies is a <factor>)");
		else if (!table_address(st->table, s->path, &why))
			node_error(n, l->d, "path", "%s", why);
		else
			st->fixed[st->n_fixed++] = (struct setting){ s->path, s->value, n->file, n->line };
	}
}

/* ---- scenarios ---- */

static bool load_bases(struct loader *l)
{
	struct study *st = l->st;
	bool all = true;

	st->bases = arena_alloc(l->a, l->n_bases, sizeof *st->bases);
	if (!st->bases)
		return loader_no_memory(l);
	st->n_bases = l->n_bases;
	for (size_t i = 0; i < l->n_bases; i++) {
		if (!l->base_paths[i])
			continue;
		st->bases[i] = scenario_load(l->base_paths[i], st->table, st->lib, st->fixed, st->n_fixed, l->d);
		all = all && st->bases[i];
		if (st->bases[i] && strcmp(st->bases[i]->root->model->name, "scenario") != 0) {
			node_error(st->doc->root, l->d, "scenario", "%s is a part for scenarios to include",
				   l->base_paths[i]);
			all = false;
		}
	}
	return all;
}

/* Every point has a scenario: the study's, or one that each level of some factor names. */
static void check_bases(struct loader *l)
{
	const struct study *st = l->st;

	if (l->base_paths[0])
		return;
	for (size_t i = 0; i < st->n_factors; i++) {
		bool all = st->factors[i].bases != NULL;
		for (size_t k = 0; all && k < st->factors[i].n_levels; k++)
			all = st->factors[i].bases[k] != SIZE_MAX;
		if (all)
			return;
	}
	node_error(st->doc->root, l->d, NULL,
		   "names no scenario (scenario=\"my-city.xml\", or one on every level of a factor)");
}

/* The study's seed is that of every point: nothing would vary. */
static void check_seed(struct loader *l)
{
	const struct study *st = l->st;
	const char *why;
	const struct param *seed = table_address(st->table, "run/@seed", &why);

	for (size_t i = 0; i < st->n_factors && st->seed_given && seed; i++)
		for (size_t k = 0; k < st->factors[i].n_paths; k++)
			if (st->factors[i].paths[k].param == seed)
				node_error(
					st->factors[i].paths[k].node, l->d, "path",
					"varies the seed, which the study gives to every point (seed=\"%llu\"): leave that out",
					(unsigned long long)st->seed);
}

/* ---- settings ---- */

size_t study_base(const struct study *st, size_t point)
{
	size_t base = 0;

	for (size_t i = 0; i < st->n_factors; i++) {
		const struct factor *f = &st->factors[i];
		size_t level = study_cell(st, point, i)->level;
		if (f->bases && f->bases[level] != SIZE_MAX)
			base = f->bases[level];
	}
	return base;
}

/* What a factor sets at a cell. */
static void add_settings(const struct factor *f, const struct cell *c, struct arena *a, struct setting *sets, size_t *n)
{
	for (size_t k = 0; k < f->n_paths; k++) {
		const struct factor_path *p = &f->paths[k];
		const struct node *node = p->nodes ? p->nodes[c->level] : p->node;
		const char *value = factor_text(f, p, c, a);
		if (value)
			sets[(*n)++] = (struct setting){ p->path, value, node->file, node->line };
	}
}

static struct scenario *load_with(const struct study *st, size_t base, const struct setting *sets, size_t n, struct diag *d)
{
	return scenario_load(st->bases[base]->path, st->table, st->lib, sets, n, d);
}

struct scenario *study_scenario(const struct study *st, size_t point, simtime_t warm_up, struct diag *d)
{
	struct arena *a = arena_new();
	struct scenario *sc = NULL;
	size_t most = st->n_fixed + 2, n = 0;
	char text[64];

	for (size_t i = 0; i < st->n_factors; i++)
		most += st->factors[i].n_paths;
	struct setting *sets = a ? arena_alloc(a, most, sizeof *sets) : NULL;
	if (!sets) {
		diag_error(d, NULL, 0, "out of memory");
		goto done;
	}
	for (; n < st->n_fixed; n++)
		sets[n] = st->fixed[n];
	if (warm_up == SIM_NEVER)
		warm_up = st->warm_up;
	if (warm_up != SIM_NEVER)
		sets[n++] = (struct setting){ .address = "run/@warm-up",
					      .value = quantity_format(DIM_TIME, (union quantity){ .time = warm_up }, text,
								       sizeof text) };
	if (st->use == USE_PLACEMENT)
		sets[n++] = (struct setting){ st->placement.path, placement_text(&st->placement, point, a),
					      st->placement.node->file, st->placement.node->line };
	for (size_t i = 0; i < st->n_factors; i++)
		add_settings(&st->factors[i], study_cell(st, point, i), a, sets, &n);
	sc = load_with(st, study_base(st, point), sets, n, d);
done:
	arena_free(a);
	return sc;
}

/* A level alone: the first thing that is wrong with it, at the factor's line. */
static void check_level(struct loader *l, const struct factor *f, const struct cell *c)
{
	struct study *st = l->st;
	size_t base = f->bases && f->bases[c->level] != SIZE_MAX ? f->bases[c->level] : 0, n = 0;
	struct setting *sets = arena_alloc(l->a, st->n_fixed + f->n_paths + 1, sizeof *sets);
	struct diag *d = diag_new();

	if (!sets || !d) {
		loader_no_memory(l);
	} else if (st->bases[base]) {
		for (; n < st->n_fixed; n++)
			sets[n] = st->fixed[n];
		add_settings(f, c, l->a, sets, &n);
		struct scenario *sc = load_with(st, base, sets, n, d);
		if (!sc)
			node_error(f->node, l->d, NULL, "%s=%s: %s", f->id, c->text ? c->text : "?",
				   diag_count(d) ? diag_text(d, 0) : "out of memory");
		scenario_free(sc);
	}
	diag_free(d);
}

/* Every level of every factor for itself, as far as that is quick; of a continuous range its ends. */
static void check_levels(struct loader *l)
{
	const struct study *st = l->st;
	size_t checked = 0;

	for (size_t i = 0; i < st->n_factors; i++) {
		const struct factor *f = &st->factors[i];
		size_t n = f->n_levels ? f->n_levels : 2;
		for (size_t k = 0; k < n && checked++ < CHECKS_MAX; k++) {
			struct cell c;
			if (st->use == USE_PLAN && i == st->plan.factor && k > 0 && k + 1 < n)
				continue;
			points_cell(l, f, f->n_levels ? design_place(k, n) : k ? 1 - 1e-9 : 0, &c);
			check_level(l, f, &c);
		}
	}
}

/* ---- all of it ---- */

static void hash_study(struct study *st)
{
	struct sha256_ctx sha;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&sha);
	sha256_update(&sha, strlen(st->doc->hash), (const uint8_t *)st->doc->hash);
	if (st->use != USE_STUDY)
		sha256_update(&sha, 1, (const uint8_t *)(st->use == USE_PLAN ? "p" : "s"));
	for (size_t i = 0; i < st->n_bases; i++)
		if (st->bases[i])
			sha256_update(&sha, strlen(st->bases[i]->hash), (const uint8_t *)st->bases[i]->hash);
	sha256_digest(&sha, sizeof digest, digest);
	for (int i = 0; i < SHA256_DIGEST_SIZE; i++)
		snprintf(st->hash + 2 * i, 3, "%02x", digest[i]);
}

/* A set of sites for itself: all of them, so that each is known to the scenario. */
static void check_sites(struct loader *l)
{
	struct study *st = l->st;
	struct diag *d = diag_new();

	if (d && diag_errors(l->d) == 0) {
		uint64_t all = (UINT64_C(1) << st->placement.n_sites) - 1;
		struct scenario *sc = study_scenario(st, all, SIM_NEVER, d);
		if (!sc)
			node_error(st->placement.node, l->d, "candidates", "%s",
				   diag_count(d) ? diag_text(d, 0) : "out of memory");
		scenario_free(sc);
		st->n_points = (size_t)all + 1;
	}
	diag_free(d);
}

static void load_parts(struct loader *l)
{
	struct study *st = l->st;
	size_t files = 1 + scenario_count(st->doc, &level_model) + scenario_count(st->doc, &point_model);

	l->base_paths = arena_alloc(l->a, files, sizeof *l->base_paths);
	if (!l->base_paths) {
		loader_no_memory(l);
		return;
	}
	load_root(l);
	load_fixed(l);
	factors_load(l);
	if (st->use == USE_PLAN)
		plan_load(l);
	if (st->use == USE_PLACEMENT)
		placement_load(l);
	check_seed(l);
	check_bases(l);
	bool loaded = load_bases(l);
	responses_load(l);
	placement_check(l);
	if (loaded && diag_errors(l->d) == 0)
		check_levels(l);
	for (size_t i = 0; i < st->n_bases && !st->seed_given; i++)
		if (st->bases[i]) {
			st->seed = st->bases[i]->run.seed;
			break;
		}
	points_load(l);
	if (st->use == USE_PLACEMENT)
		check_sites(l);
	hash_study(st);
}

struct study *study_load(const char *path, const struct model_table *table, const char *lib_root, struct diag *d)
{
	return study_load_for(path, USE_STUDY, table, lib_root, d);
}

enum study_use study_use_of(const char *path, const char *lib_root)
{
	struct diag *d = diag_new();
	struct scenario *doc = d ? scenario_load(path, &study_language, lib_root, NULL, 0, d) : NULL;
	enum study_use use = !doc                                    ? USE_STUDY
			     : scenario_first(doc, &placement_model) ? USE_PLACEMENT
			     : scenario_first(doc, &plan_model)      ? USE_PLAN
								     : USE_STUDY;

	scenario_free(doc);
	diag_free(d);
	return use;
}

struct study *study_load_for(const char *path, enum study_use use, const struct model_table *table, const char *lib_root,
			     struct diag *d)
{
	struct arena *a = arena_new();
	struct study *st = a ? arena_alloc(a, 1, sizeof *st) : NULL;
	struct loader l = { .st = st, .d = d, .a = a };

	if (!st) {
		arena_free(a);
		diag_error(d, path, 0, "out of memory");
		return NULL;
	}
	st->arena = a;
	st->use = use;
	st->table = table;
	st->lib = lib_root ? arena_strdup(a, lib_root) : NULL;
	st->doc = scenario_load(path, &study_language, lib_root, NULL, 0, d);
	if (st->doc)
		load_parts(&l);
	if (st->doc && diag_errors(d) == 0)
		return st;
	study_free(st);
	return NULL;
}

void study_free(struct study *st)
{
	if (!st)
		return;
	for (size_t i = 0; i < st->n_bases; i++)
		scenario_free(st->bases[i]);
	scenario_free((struct scenario *)st->doc);
	arena_free(st->arena);
}

char *study_point_text(const struct study *st, size_t point, char *buf, size_t size)
{
	size_t at = 0;

	if (size)
		buf[0] = '\0';
	for (size_t i = 0; i < st->n_factors && at < size; i++) {
		int n = snprintf(buf + at, size - at, "%s%s=%s", i ? ", " : "", st->factors[i].id,
				 study_cell(st, point, i)->text);
		at += n > 0 ? (size_t)n : 0;
	}
	return buf;
}
