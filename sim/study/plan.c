/* What a planner asks of a study: a factor as a line of settings, sites to choose from. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/csv.h"
#include "sim/study/study_private.h"

/* ---- a factor as a line of settings ---- */

static struct factor *plan_factor(struct loader *l, const struct node *n, const char *id)
{
	struct study *st = l->st;
	const char **names = arena_alloc(l->a, st->n_factors + 1, sizeof *names);

	for (size_t i = 0; i < st->n_factors; i++)
		if (strcmp(st->factors[i].id, id) == 0) {
			st->plan.factor = i;
			return &st->factors[i];
		}
	for (size_t i = 0; names && i < st->n_factors; i++)
		names[i] = st->factors[i].id;
	const char *near = names ? nearest_name(id, names, st->n_factors) : NULL;
	node_error(n, l->d, "factor", "there is no factor \"%s\"%s%s%s", id, near ? " (did you mean " : "",
		   near ? near : "", near ? "?)" : "");
	return NULL;
}

/* A range of its own instead of what the factor has.  false after a diagnostic. */
static bool own_range(struct loader *l, const struct node *n, struct factor *f, const struct plan_xml *x)
{
	struct factor_path *p = &f->paths[0];

	if (!x->from && !x->to)
		return true;
	if (!x->from || !x->to) {
		node_error(n, l->d, x->from ? "from" : "to", "is one end of a range: give both");
		return false;
	}
	if (f->n_paths > 1) {
		node_error(n, l->d, "from", "cannot stand here: what moves with the factor goes by the factor's own range");
		return false;
	}
	p->from = factor_number(p->param, x->from);
	p->to = factor_number(p->param, x->to);
	if (isnan(p->from) || isnan(p->to) || p->from == p->to) {
		node_error(n, l->d, "from", "%s to %s is no range of a %s", x->from, x->to, dimension_name(p->param->dim));
		return false;
	}
	p->values = NULL;
	f->n_levels = 0;
	return true;
}

/* How many settings a range has: each whole number, or steps of the resolution at the most. */
static size_t settings_of(struct loader *l, const struct node *n, const struct factor *f, const struct plan_xml *x)
{
	const struct factor_path *p = &f->paths[0];
	double span = fabs(p->to - p->from), step = f->integer ? 1 : factor_number(p->param, x->resolution);
	double steps = ceil(span / step - 1e-9);

	if (f->integer && x->resolution)
		node_error(n, l->d, "resolution", "is of a continuous factor: whole numbers are looked at one by one");
	else if (!(step > 0))
		node_error(n, l->d, "resolution", "is needed for a continuous factor: a %s above zero",
			   dimension_name(p->param->dim));
	else if (!(steps + 1 <= PLAN_SETTINGS_MAX))
		node_error(n, l->d, f->integer ? "from" : "resolution", "makes more than %d settings", PLAN_SETTINGS_MAX);
	else
		return (size_t)steps + 1;
	return 0;
}

/* The settings as levels: each address gets its texts. */
static bool make_levels(struct loader *l, struct factor *f, size_t n)
{
	f->levels = arena_alloc(l->a, n + 1, sizeof *f->levels);
	f->numbers = arena_alloc(l->a, n + 1, sizeof *f->numbers);
	if (!f->levels || !f->numbers)
		return false;
	f->n_levels = n;
	for (size_t i = 0; i < n; i++) {
		struct cell c = { .level = i };
		f->levels[i] = factor_text(f, &f->paths[0], &c, l->a);
		f->numbers[i] = factor_number(f->paths[0].param, f->levels[i]);
	}
	f->base = 0;
	f->numeric = true;
	return true;
}

/* Listed values go up, or down. */
static bool is_a_line(const struct factor *f)
{
	bool up = f->n_levels < 2 || f->numbers[1] > f->numbers[0];

	for (size_t i = 0; i < f->n_levels; i++)
		if (isnan(f->numbers[i]) ||
		    (i > 0 && !(up ? f->numbers[i] > f->numbers[i - 1] : f->numbers[i] < f->numbers[i - 1])))
			return false;
	return true;
}

static void check_others(struct loader *l, const struct node *n)
{
	const struct study *st = l->st;
	bool target = false;

	for (size_t i = 0; i < st->n_factors; i++)
		if (i != st->plan.factor && st->factors[i].n_levels == 0)
			node_error(n, l->d, NULL, "plans for every level of \"%s\", which is a range without steps",
				   st->factors[i].id);
	for (const struct node *r = node_child(st->doc->root, &response_model); r; r = node_next(r))
		target = target || ((const struct response_xml *)r->par)->target;
	if (!target)
		node_error(n, l->d, NULL, "has nothing to meet: give a response a target (target=\">= 98%%\")");
	if (st->statistics == STATISTICS_BATCH_MEANS)
		node_error(st->doc->root, l->d, "statistics", "batch-means is of studies: a plan decides by replications");
}

void plan_load(struct loader *l)
{
	const struct node *n = node_child(l->st->doc->root, &plan_model);
	const struct plan_xml *x = n ? n->par : NULL;
	struct factor *f;

	if (!n) {
		node_error(l->st->doc->root, l->d, NULL,
			   "has no plan: <plan factor=\"...\"/> names the factor that is to be as cheap as can be");
		return;
	}
	f = plan_factor(l, n, x->factor);
	if (!f)
		return;
	l->st->plan.high = x->prefer == 1;
	l->st->plan.node = n;
	check_others(l, n);
	if (f->n_paths == 0 || f->bases) {
		node_error(n, l->d, "factor", "\"%s\" has levels with names: numbers have an order, names have none",
			   f->id);
		return;
	}
	if (!own_range(l, n, f, x))
		return;
	if (!f->paths[0].values && f->n_levels == 0) {
		size_t settings = settings_of(l, n, f, x);
		if (settings > 0 && !make_levels(l, f, settings))
			node_error(n, l->d, NULL, "out of memory");
	} else if (x->resolution) {
		node_error(n, l->d, "resolution", "is of a range without steps");
	}
	if (f->n_levels && !is_a_line(f))
		node_error(f->node, l->d, "values", "are no numbers that go up or down, which a plan needs");
	l->st->design = DESIGN_FACTORIAL;
}

/* ---- sites to choose from ---- */

static double place_at(const struct csv *c, size_t row, int column)
{
	char *end = NULL;
	const char *text = column >= 0 ? csv_text(c, row, column) : "";
	double x = strtod(text, &end);

	return column >= 0 && *text && !*end && isfinite(x) ? x : NAN;
}

/* Rows are named by their column id or name, else by their number from 1: as the scenario's own file of sites names them. */
static bool load_sites(struct loader *l, const struct node *n, const struct csv *c)
{
	struct placement *p = &l->st->placement;
	int id = csv_column(c, "id"), name = csv_column(c, "name");
	int lat = csv_column(c, "lat"), lon = csv_column(c, "lon"), x = csv_column(c, "x"), y = csv_column(c, "y");

	p->n_sites = csv_rows(c);
	if (p->n_sites < 1 || p->n_sites > PLACEMENT_SITES_MAX) {
		node_error(n, l->d, "candidates", "has %zu rows: from 1 to %d can be chosen from", p->n_sites,
			   PLACEMENT_SITES_MAX);
		return false;
	}
	p->geographic = lat >= 0 && lon >= 0;
	p->sites = arena_alloc(l->a, p->n_sites, sizeof *p->sites);
	for (size_t i = 0; p->sites && i < p->n_sites; i++) {
		int column = id >= 0 ? id : name;
		struct site *s = &p->sites[i];
		s->id = column >= 0 ? arena_strdup(l->a, csv_text(c, i, column)) : arena_printf(l->a, "%zu", i + 1);
		s->x = place_at(c, i, p->geographic ? lon : x);
		s->y = place_at(c, i, p->geographic ? lat : y);
		if (!s->id || !*s->id || strchr(s->id, ';')) {
			node_error(n, l->d, "candidates", "row %zu has an id that is empty or has a ';'", i + 1);
			return false;
		}
		for (size_t k = 0; k < i; k++)
			if (strcmp(p->sites[k].id, s->id) == 0) {
				node_error(n, l->d, "candidates", "two rows are called \"%s\"", s->id);
				return false;
			}
	}
	return p->sites != NULL;
}

void placement_load(struct loader *l)
{
	struct study *st = l->st;
	const struct node *n = node_child(st->doc->root, &placement_model);
	const struct placement_xml *x = n ? n->par : NULL;
	const char *why;
	struct csv *c;

	if (!n || st->n_factors) {
		node_error(st->doc->root, l->d, NULL,
			   n ? "chooses sites: factors cannot stand beside a placement"
			     : "has no placement: <placement path=\".../@sites\" choose=\"6\" candidates=\"...\"/>");
		return;
	}
	st->placement = (struct placement){ .path = x->path,
					    .choose = (size_t)x->choose,
					    .objective = x->objective,
					    .evaluations = (size_t)x->evaluations,
					    .node = n };
	if (!table_address(st->table, x->path, &why))
		node_error(n, l->d, "path", "%s", why);
	if (st->statistics == STATISTICS_BATCH_MEANS)
		node_error(st->doc->root, l->d, "statistics",
			   "batch-means is of studies: a placement decides by replications");
	if (st->detect_warm_up)
		node_error(st->doc->root, l->d, "warm-up", "auto is of studies: give a duration");
	c = csv_read(x->candidates, st->doc, l->d);
	if (c && load_sites(l, n, c) && st->placement.choose >= st->placement.n_sites)
		node_error(n, l->d, "choose", "is not below the number of candidates, %zu: nothing is to be chosen",
			   st->placement.n_sites);
	csv_free(c);
}

/* The direction of better, once the responses are there. */
void placement_check(struct loader *l)
{
	struct study *st = l->st;
	struct placement *p = &st->placement;
	const struct placement_xml *x = p->node ? p->node->par : NULL;

	if (!p->node || st->n_responses == 0)
		return;
	for (p->response = 0; x->response && p->response < st->n_responses; p->response++)
		if (strcmp(st->responses[p->response].id, x->response) == 0)
			break;
	if (p->response == st->n_responses) {
		node_error(p->node, l->d, "response", "\"%s\" is the id of no response (\"%s\" is)", x->response,
			   st->responses[0].id);
		p->response = 0;
		return;
	}
	enum kpi_better better = st->responses[p->response].def->better;
	if (x->objective == 0 && better == KPI_NEITHER)
		node_error(p->node, l->d, "objective", "%s is better neither way: say max or min",
			   st->responses[p->response].id);
	p->maximise = x->objective == 1 || (x->objective == 0 && better == KPI_HIGHER);
}

char *placement_text(const struct placement *p, uint64_t subset, struct arena *a)
{
	char *text = arena_strdup(a, "");

	for (size_t i = 0; text && i < p->n_sites; i++)
		if (subset >> i & 1)
			text = arena_printf(a, "%s%s%s", text, *text ? "; " : "", p->sites[i].id);
	return text;
}
