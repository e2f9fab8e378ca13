/* Factors from their elements: values and ranges at addresses, what moves with them, levels with names. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/study_private.h"

enum { LEVELS_MAX = 100000, PATHS_MAX = 256 };

/* Whole numbers are taken from doubles, which hold all of them up to here. */
#define WHOLE_MAX 9007199254740992.0 /* 2^53 */

double factor_number(const struct param *p, const char *text)
{
	union quantity q;

	if (!text || p->kind != PARAM_QUANTITY || !quantity_parse(p->dim, text, &q, NULL))
		return NAN;
	switch (p->dim) {
	case DIM_TIME: return sim_seconds(q.time);
	case DIM_COUNT:
	case DIM_BYTES: return (double)q.count;
	default: return q.real;
	}
}

static bool is_whole(const struct param *p)
{
	return p->dim == DIM_COUNT || p->dim == DIM_BYTES;
}

static const char *number_text(const struct param *p, double x, struct arena *a)
{
	union quantity q = { .real = x };
	char text[64];

	if (p->dim == DIM_TIME)
		q.time = llround(fmin(x * 1e9, 9.2e18)); /* the last of time is 2^63 ns, which no double below it reaches */
	else if (is_whole(p))
		q.count = (uint64_t)llround(x);
	return arena_strdup(a, quantity_format(p->dim, q, text, sizeof text));
}

/* The number at a place of a range.  steps: levels of the range, its ends the first and the last; 0: continuous. */
static double range_at(const struct factor *f, const struct factor_path *p, const struct cell *c)
{
	double ends = f->n_levels > 1 ? (double)c->level / (double)(f->n_levels - 1) : c->place;
	bool whole = f->integer || is_whole(p->param);

	if (f->log && p->from > 0 && p->to > 0) {
		double x = p->from * pow(p->to / p->from, ends);
		return whole ? round(x) : x;
	}
	if (whole && f->n_levels == 0) /* every whole number as likely as another */
		return p->to >= p->from ? p->from + floor(c->place * (p->to - p->from + 1))
					: p->from - floor(c->place * (p->from - p->to + 1));
	double x = p->from + ends * (p->to - p->from);
	return whole ? round(x) : x;
}

const char *factor_text(const struct factor *f, const struct factor_path *p, const struct cell *c, struct arena *a)
{
	return p->values ? p->values[c->level] : number_text(p->param, range_at(f, p, c), a);
}

/* The pieces of `a; b; c` without the blanks about them, in the arena; n 0 after a diagnostic. */
static const char **split(struct loader *l, const struct node *n, const char *attribute, const char *text, size_t *count)
{
	char *copy = arena_strdup(l->a, text);
	size_t most = 1;

	*count = 0;
	for (const char *c = text; *c; c++)
		most += *c == ';';
	const char **v = most <= LEVELS_MAX ? arena_alloc(l->a, most, sizeof *v) : NULL;
	if (most > LEVELS_MAX) {
		node_error(n, l->d, attribute, "are more than %d values", LEVELS_MAX);
		return NULL;
	}
	if (!v || !copy) {
		loader_no_memory(l);
		return NULL;
	}
	for (char *at = copy; at;) {
		char *end = strchr(at, ';');
		if (end)
			*end = '\0';
		while (isspace((unsigned char)*at))
			at++;
		for (size_t k = strlen(at); k && isspace((unsigned char)at[k - 1]);)
			at[--k] = '\0';
		if (!*at) {
			node_error(n, l->d, attribute, "value %zu is empty", *count + 1);
			*count = 0;
			return NULL;
		}
		v[(*count)++] = at;
		at = end ? end + 1 : NULL;
	}
	return v;
}

static const struct param *declared(struct loader *l, const struct node *n, const char *path)
{
	const char *why;
	const struct param *p = table_address(l->st->table, path, &why);

	if (!p)
		node_error(n, l->d, "path", "%s", why);
	return p;
}

/* The ends of a range; false after a diagnostic. */
static bool load_range(struct loader *l, const struct node *n, const struct factor *f, struct factor_path *p, const char *from,
		       const char *to)
{
	p->from = factor_number(p->param, from);
	p->to = factor_number(p->param, to);
	if (p->param->kind != PARAM_QUANTITY)
		node_error(n, l->d, "from", "a range wants numbers: name the values one by one (values)");
	else if (isnan(p->from))
		node_error(n, l->d, "from", "is not a %s", dimension_name(p->param->dim));
	else if (isnan(p->to))
		node_error(n, l->d, "to", "is not a %s", dimension_name(p->param->dim));
	else if ((f->integer || is_whole(p->param)) && fmax(fabs(p->from), fabs(p->to)) > WHOLE_MAX)
		node_error(n, l->d, p->from > p->to ? "from" : "to", "is too large for a range (2^53 = 9007199254740992)");
	else if (p->from == p->to)
		node_error(n, l->d, "to", "is where the range begins: nothing varies");
	else if (f->log && !(p->from > 0 && p->to > 0))
		node_error(n, l->d, "scale", "wants a range above zero");
	else
		return true;
	return false;
}

/* One address of a factor, with its values or its range.  false after a diagnostic. */
static bool load_path(struct loader *l, const struct node *n, struct factor *f, const char *path, const char *values, const char *from,
		      const char *to)
{
	struct factor_path *p = &f->paths[f->n_paths];
	size_t count = 0;

	*p = (struct factor_path){ .path = path, .node = n, .param = declared(l, n, path) };
	if (!p->param)
		return false;
	if (!values && !(from && to)) {
		node_error(n, l->d, NULL, "needs values, or a range (from and to)");
		return false;
	}
	if (values && (from || to)) {
		node_error(n, l->d, "values", "stands beside a range (either of the two)");
		return false;
	}
	if (f->n_paths > 0 && !values != !f->paths[0].values) {
		node_error(n, l->d, NULL, "moves with a factor of %s: give it the same", values ? "a range" : "values");
		return false;
	}
	if (values) {
		p->values = split(l, n, "values", values, &count);
		if (!p->values)
			return false;
		if (f->n_paths > 0 && count != f->n_levels) {
			node_error(n, l->d, "values", "are %zu, but the factor has %zu levels", count, f->n_levels);
			return false;
		}
		f->n_levels = count;
	} else if (!load_range(l, n, f, p, from, to)) {
		return false;
	}
	f->n_paths++;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every name once.  There may be a hundred thousand: they are sorted, not compared with each other. */
static bool names_differ(struct loader *l, const struct factor *f, const struct node *n)
{
	const char **names = f->n_levels ? arena_alloc(l->a, f->n_levels, sizeof *names) : NULL;

	if (f->n_levels && !names)
		return loader_no_memory(l);
	for (size_t i = 0; i < f->n_levels; i++)
		names[i] = f->levels[i];
	if (names)
		qsort(names, f->n_levels, sizeof *names, by_name);
	for (size_t i = 1; i < f->n_levels; i++)
		if (strcmp(names[i - 1], names[i]) == 0) {
			node_error(n, l->d, NULL, "names \"%s\" twice", names[i]);
			return false;
		}
	return true;
}

/* Names and numbers of the levels, from the first address. */
static bool name_levels(struct loader *l, struct factor *f)
{
	const struct factor_path *p = &f->paths[0];

	f->dim = p->param->dim;
	f->levels = arena_alloc(l->a, f->n_levels + 1, sizeof *f->levels);
	f->numbers = arena_alloc(l->a, f->n_levels + 1, sizeof *f->numbers);
	if (!f->levels || !f->numbers)
		return loader_no_memory(l);
	f->numeric = true;
	for (size_t i = 0; i < f->n_levels; i++) {
		struct cell c = { .level = i };
		f->levels[i] = factor_text(f, p, &c, l->a);
		if (!f->levels[i])
			return loader_no_memory(l);
		f->numbers[i] = factor_number(p->param, f->levels[i]);
		f->numeric = f->numeric && !isnan(f->numbers[i]);
	}
	return names_differ(l, f, f->node);
}

/* A level by its name, or by its number however written: 3km is 3000m. */
static void find_base(struct loader *l, struct factor *f, const char *base)
{
	double number = base && f->n_paths ? factor_number(f->paths[0].param, base) : NAN;

	if (!base)
		return;
	for (f->base = 0; f->base < f->n_levels; f->base++)
		if (strcmp(f->levels[f->base], base) == 0)
			return;
	for (f->base = 0; f->base < f->n_levels; f->base++)
		if (fabs(f->numbers[f->base] - number) <= 1e-9 * fabs(number))
			return;
	const char *near = nearest_name(base, f->levels, f->n_levels);
	node_error(f->node, l->d, "base", "is none of its levels%s%s%s", near ? " (did you mean " : "", near ? near : "",
		   near ? "?)" : "");
	f->base = 0;
}

static void load_values(struct loader *l, const struct node *n, struct factor *f)
{
	const struct factor_xml *x = n->par;
	size_t sets = 0;

	for (const struct node *c = node_child(n, &set_model); c; c = node_next(c))
		sets++;
	f->paths = arena_alloc(l->a, sets + 1, sizeof *f->paths);
	if (!f->paths) {
		loader_no_memory(l);
		return;
	}
	if (!x->path) {
		node_error(n, l->d, NULL, "needs a path, or levels");
		return;
	}
	if (!load_path(l, n, f, x->path, x->values, x->from, x->to))
		return;
	if (!x->values)
		f->n_levels = x->steps;
	else if (x->steps)
		node_error(n, l->d, "steps", "are of a range, and the factor has values");
	f->integer = f->integer || is_whole(f->paths[0].param);
	for (const struct node *c = node_child(n, &set_model); c; c = node_next(c)) {
		const struct set_xml *s = c->par;
		if (s->value)
			node_error(c, l->d, "value", "is of levels and points (here: values, or from and to)");
		else
			load_path(l, c, f, s->path, s->values, s->from, s->to);
	}
	if (name_levels(l, f))
		find_base(l, f, x->base);
}

/* ---- levels with names ---- */

static struct factor_path *path_of(struct loader *l, struct factor *f, const struct node *set)
{
	const struct set_xml *s = set->par;

	for (size_t i = 0; i < f->n_paths; i++)
		if (strcmp(f->paths[i].path, s->path) == 0)
			return &f->paths[i];
	if (f->n_paths == PATHS_MAX) {
		node_error(set, l->d, "path", "is one more than the %d addresses that levels may set", PATHS_MAX);
		return NULL;
	}
	struct factor_path *p = &f->paths[f->n_paths];
	*p = (struct factor_path){ .path = s->path, .node = set, .param = declared(l, set, s->path) };
	if (!p->param)
		return NULL;
	p->values = arena_alloc(l->a, f->n_levels, sizeof *p->values);
	p->nodes = arena_alloc(l->a, f->n_levels, sizeof *p->nodes);
	if (!p->values || !p->nodes) {
		loader_no_memory(l);
		return NULL;
	}
	f->n_paths++;
	return p;
}

static void load_level(struct loader *l, struct factor *f, const struct node *n, size_t level)
{
	const struct level_xml *x = n->par;

	f->levels[level] = x->label ? x->label : n->id;
	f->numbers[level] = NAN;
	if (x->scenario) {
		f->bases[level] = l->n_bases;
		for (size_t i = 0; i < l->n_bases; i++)
			if (l->base_paths[i] && strcmp(l->base_paths[i], x->scenario) == 0)
				f->bases[level] = i;
		if (f->bases[level] == l->n_bases)
			l->base_paths[l->n_bases++] = x->scenario;
	}
	for (const struct node *c = node_child(n, &set_model); c; c = node_next(c)) {
		const struct set_xml *s = c->par;
		struct factor_path *p = s->value ? path_of(l, f, c) : NULL;
		if (!s->value || s->values || s->from || s->to)
			node_error(c, l->d, NULL, "of a level or point has a value, and nothing else");
		if (!p)
			continue;
		if (p->values[level])
			node_error(c, l->d, "path", "is set by \"%s\" already", p->values[level]);
		p->values[level] = s->value;
		p->nodes[level] = c;
	}
}

/* The children of that kind as the levels of a factor. */
static void load_levels(struct loader *l, const struct node *parent, const struct model *kind, struct factor *f)
{
	size_t sets = 0, level = 0;

	for (const struct node *c = node_child(parent, kind); c; c = node_next(c)) {
		f->n_levels++;
		for (const struct node *s = node_child(c, &set_model); s; s = node_next(s))
			sets++;
	}
	f->paths = arena_alloc(l->a, sets + 1, sizeof *f->paths);
	f->levels = arena_alloc(l->a, f->n_levels + 1, sizeof *f->levels);
	f->numbers = arena_alloc(l->a, f->n_levels + 1, sizeof *f->numbers);
	f->bases = arena_alloc(l->a, f->n_levels + 1, sizeof *f->bases);
	if (!f->paths || !f->levels || !f->numbers || !f->bases) {
		loader_no_memory(l);
		f->n_levels = 0;
		return;
	}
	for (const struct node *c = node_child(parent, kind); c; c = node_next(c)) {
		f->bases[level] = SIZE_MAX;
		load_level(l, f, c, level++);
	}
	names_differ(l, f, parent);
}

static void load_factor(struct loader *l, const struct node *n)
{
	const struct factor_xml *x = n->par;
	struct factor *f = &l->st->factors[l->st->n_factors++];

	*f = (struct factor){ .id = n->id, .label = x->label ? x->label : n->id, .node = n };
	f->log = x->scale == 1;
	f->integer = x->integer;
	if (!node_child(n, &level_model)) {
		load_values(l, n, f);
		return;
	}
	if (x->path || x->values || x->from || x->to || x->steps || node_child(n, &set_model))
		node_error(n, l->d, NULL, "has levels: what they set stands in them");
	load_levels(l, n, &level_model, f);
	find_base(l, f, x->base);
}

void factors_load(struct loader *l)
{
	struct study *st = l->st;
	const struct node *root = st->doc->root;
	size_t n = scenario_count(st->doc, &factor_model), points = scenario_count(st->doc, &point_model);

	st->factors = arena_alloc(l->a, n + 1, sizeof *st->factors);
	if (!st->factors) {
		loader_no_memory(l);
		return;
	}
	for (const struct node *f = node_child(root, &factor_model); f; f = node_next(f))
		load_factor(l, f);
	if (points == 0) {
		if (st->design == DESIGN_LIST)
			node_error(root, l->d, "design",
				   "a list names its points: <point id=\"...\"><set path=\"...\" value=\"...\"/></point>");
		return;
	}
	if (st->design != DESIGN_LIST || n > 0) {
		node_error(node_child(root, &point_model), l->d, NULL,
			   "points are of design=\"list\", which has no factors");
		return;
	}
	struct factor *f = &st->factors[st->n_factors++];
	*f = (struct factor){ .id = "point", .label = "point", .node = root };
	load_levels(l, root, &point_model, f);
	st->point_ids = f->levels;
}
