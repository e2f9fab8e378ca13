/* Curves and series averaged over the replications; the values in force out of the scenario's tree. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/tally.h"
#include "sim/output/view.h"

/* One point of one replication; `order` keeps equal x in the order of the replications. */
struct sample { size_t chart, line, order; double x, y; };
struct samples { struct sample *v; size_t n; };

static struct chart *chart_find(struct view *v, const struct curve_def *curve, const struct kpi_def *kpi)
{
	for (size_t i = 0; i < v->n_charts; i++)
		if (v->charts[i].curve == curve && v->charts[i].kpi == kpi)
			return &v->charts[i];
	if (!VIEW_ROOM(v, charts))
		return NULL;
	v->charts[v->n_charts] = (struct chart){ .curve = curve, .kpi = kpi };
	return &v->charts[v->n_charts++];
}

/* The line of a group.  Rows of one group mostly come together: `guess` is the one found before. */
static struct line *line_find(struct view *v, struct chart *c, const char *group, size_t guess)
{
	if (guess < c->n_lines && strcmp(c->lines[guess].group, group) == 0)
		return &c->lines[guess];
	for (size_t i = 0; i < c->n_lines; i++)
		if (strcmp(c->lines[i].group, group) == 0)
			return &c->lines[i];
	if (!view_room(v->arena, &c->lines, c->n_lines, &c->cap_lines, sizeof *c->lines))
		return NULL;
	c->lines[c->n_lines] = (struct line){ .group = group };
	return &c->lines[c->n_lines++];
}

static bool add_sample(struct view *v, struct samples *all, const struct curve_def *curve, const struct kpi_def *kpi,
		       const char *group, double x, double y)
{
	struct chart *c = chart_find(v, curve, kpi);
	struct line *l = c ? line_find(v, c, group, all->n ? all->v[all->n - 1].line : 0) : NULL;

	if (!l)
		return false;
	all->v[all->n] = (struct sample){ (size_t)(c - v->charts), (size_t)(l - c->lines), all->n, x, y };
	all->n++;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct sample *p = a, *q = b;

	if (p->chart != q->chart)
		return p->chart < q->chart ? -1 : 1;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->order < q->order ? -1 : p->order > q->order;
}

/* The samples of one x, from *at on, as a point. */
static struct point average(const struct view *v, const struct samples *all, size_t *at)
{
	const struct sample *s = &all->v[*at];
	struct tally t = { 0 };

	for (; *at < all->n && all->v[*at].chart == s->chart && all->v[*at].line == s->line && all->v[*at].x == s->x; ++*at)
		tally_add(&t, all->v[*at].y);
	double half = t.n > 1 ? tally_halfwidth(&t, v->o->confidence) : NAN;
	return (struct point){ s->x, t.mean, t.mean - half, t.mean + half, t.n };
}

static bool fill_lines(struct view *v, const struct samples *all)
{
	for (size_t at = 0; at < all->n;) {
		const struct sample *s = &all->v[at];
		struct line *l = &v->charts[s->chart].lines[s->line];
		size_t n = 0;
		while (at + n < all->n && all->v[at + n].chart == s->chart && all->v[at + n].line == s->line)
			n++;
		l->points = arena_alloc(v->arena, n, sizeof *l->points);
		if (!l->points)
			return false;
		for (size_t end = at + n; at < end;)
			l->points[l->n++] = average(v, all, &at);
	}
	return true;
}

bool view_charts(struct view *v)
{
	const struct outcome *o = v->o;
	struct samples all = { 0 };
	size_t n = 0;
	bool ok = true;

	for (size_t i = 0; i < o->n_reps; i++)
		n += o->reps[i].report ? o->reps[i].report->n_curves + o->reps[i].report->n_series : 0;
	if (n == 0)
		return true;
	all.v = malloc(n * sizeof *all.v);
	ok = all.v != NULL;
	for (size_t i = 0; i < o->n_reps && ok; i++) {
		const struct report *r = o->reps[i].report;
		for (size_t k = 0; r && k < r->n_curves && ok; k++)
			ok = add_sample(v, &all, r->curves[k].def, NULL, r->curves[k].group, r->curves[k].x,
					r->curves[k].y);
		for (size_t k = 0; r && k < r->n_series && ok; k++)
			ok = add_sample(v, &all, NULL, r->series[k].def, r->series[k].group, sim_seconds(r->series[k].t),
					r->series[k].value);
	}
	if (ok) {
		qsort(all.v, all.n, sizeof *all.v, by_place);
		ok = fill_lines(v, &all);
	}
	free(all.v);
	return ok;
}

const struct chart *view_chart(const struct view *v, const char *name, bool series)
{
	for (size_t i = 0; i < v->n_charts; i++) {
		const struct chart *c = &v->charts[i];
		if (series ? c->kpi && strcmp(c->kpi->name, name) == 0 : c->curve && strcmp(c->curve->name, name) == 0)
			return c;
	}
	return NULL;
}

/* ---- values in force ---- */

static const char *type_of(const struct param *p)
{
	switch (p->kind) {
	case PARAM_BOOL: return "on|off";
	case PARAM_CHOICE: return "choice";
	case PARAM_TEXT: return "text";
	case PARAM_REF: return "id";
	case PARAM_FILE: return "file";
	case PARAM_POSITION: return "position";
	case PARAM_INSTANT: return "instant";
	case PARAM_KPI: return "KPI";
	case PARAM_LIST: return "list";
	case PARAM_QUANTITY: return dimension_name(p->dim);
	}
	return "";
}

static const char *origin_of(struct view *v, const struct node *n, size_t i)
{
	const char *slash = strrchr(n->file ? n->file : "", '/');

	if (n->given[i] == GIVEN_DEFAULT)
		return "default";
	if (n->given[i] == GIVEN_DERIVED)
		return "derived";
	if (n->given[i] == GIVEN_SET)
		return "--set";
	return arena_printf(v->arena, "%s:%d", slash ? slash + 1 : n->file ? n->file : "", n->line);
}

static bool add_value(struct view *v, struct value_row row)
{
	if (!row.element || !row.origin || !VIEW_ROOM(v, values))
		return false;
	v->values[v->n_values++] = row;
	return true;
}

static bool add_node(struct view *v, const struct node *n, int depth)
{
	const struct model *m = n->model;
	const char *element = n->id ? arena_printf(v->arena, "%s#%s", m->name, n->id) : m->name;

	if ((m->n_params == 0 || (n->text && *n->text)) &&
	    !add_value(v, (struct value_row){ element, depth, "", n->text ? n->text : "", "text", "", "", true }))
		return false;
	for (size_t i = 0; i < m->n_params; i++) {
		const struct param *p = &m->params[i];
		char name[64];
		const char *attribute = arena_strdup(v->arena, param_name(p, name, sizeof name));
		if (!attribute || !add_value(v, (struct value_row){ element, depth, attribute, n->text_of[i], type_of(p),
								    origin_of(v, n, i), p->source ? p->source : "",
								    n->given[i] >= GIVEN_FILE }))
			return false;
	}
	for (size_t i = 0; i < v->n_models; i++)
		v->models[i].elements += strcmp(v->models[i].name, m->name) == 0;
	return true;
}

static bool add_nodes(struct view *v, const struct node *n, int depth)
{
	for (; n; n = n->next)
		if (!add_node(v, n, depth) || !add_nodes(v, n->child, depth + 1))
			return false;
	return true;
}

static bool add_model(struct view *v, const struct model *m)
{
	if (!VIEW_ROOM(v, models))
		return false;
	v->models[v->n_models++] = (struct model_row){ m->name, m->doc, 0 };
	for (size_t i = 0; i < m->n_evidence; i++) {
		const struct evidence *e = &m->evidence[i];
		if (!VIEW_ROOM(v, evidence))
			return false;
		v->evidence[v->n_evidence++] = (struct evidence_row){ m->name, e->aspect, e->against, e->within };
	}
	return true;
}

bool view_values(struct view *v)
{
	const struct model_table *t = v->o->sc->table;

	for (size_t i = 0; t && i < t->n; i++)
		if (!add_model(v, t->models[i]))
			return false;
	return add_nodes(v, v->o->sc->root, 0);
}
