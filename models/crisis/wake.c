/* What comes in the wake of hazards. */
#include "models/crisis/wake.h"

#include "models/crisis/crisis_private.h"

/* The elements of one model in one replication. */
struct wakes {
	const struct scenario *scenario;
	const struct model *model;
	wake_fn *fn;
	uint16_t kind;
};

void wake_check(const struct node *n, struct diag *d)
{
	const struct wake_params *p = n->par;
	const struct hazard_type *type = p->hazard ? hazard_type_of(p->hazard->model->name) : NULL;

	if (!p->level)
		return;
	if (!type)
		node_error(n, d, "level", "is read with hazard=\"ID\" only, in whose unit it is");
	else if (!type->peak)
		node_error(n, d, "level", "has no meaning for <%s>, which is felt nowhere", p->hazard->model->name);
	else
		hazard_level(n, d, "level", type, p->level);
}

static double level_of(const struct wake_params *p)
{
	union quantity q;
	const char *why;

	return p->level && quantity_parse(hazard_type_of(p->hazard->model->name)->unit, p->level, &q, &why) ? q.real : NAN;
}

bool wake_takes(const struct sim *s, void *ctx, uint32_t device)
{
	const struct wake *w = ctx;

	(void)s;
	return isnan(w->level) ||
	       w->o->type->peak(w->o, (struct point){ w->dev->x[device], w->dev->y[device] }) >= w->level;
}

static bool is_about(const struct node *n, const struct occurrence *o)
{
	const struct wake_params *p = n->par;

	return !p->hazard || p->hazard == o->element;
}

/* All elements that begin now: those whose delay is over; `detail` is which. */
static void on_begin(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	const struct wakes *m = ctx;
	const struct node *n = scenario_first(m->scenario, m->model);
	struct wake *w = sim_alloc(s, 1, sizeof *w);
	uint32_t all;

	if (!w)
		return;
	while (detail--)
		n = n->next_same;
	w->element = n;
	w->p = n->par;
	w->o = &crisis_occurrences(crisis_of(s), &all)[number];
	w->dev = devices_of(s);
	w->level = level_of(w->p);
	w->key = rng_mix(n->key ^ rng_mix(w->o->key));
	m->fn(s, w);
}

static void on_onset(struct sim *s, void *ctx, const struct occurrence *o, bool begins)
{
	const struct wakes *m = ctx;
	uint16_t which = 0;

	for (const struct node *n = scenario_first(m->scenario, m->model); begins && n; n = n->next_same, which++)
		if (is_about(n, o))
			sim_after(s, ((const struct wake_params *)n->par)->delay, m->kind, o->number, which);
}

void wake_setup(struct sim *s, const struct scenario *sc, const struct model *model, wake_fn *fn)
{
	struct crisis *c = crisis_of(s);
	struct wakes *m;

	if (!c || !crisis_occurs(c) || !scenario_first(sc, model) || !(m = sim_alloc(s, 1, sizeof *m)))
		return;
	*m = (struct wakes){ .scenario = sc, .model = model, .fn = fn };
	m->kind = sim_handler(s, model->name, on_begin, m);
	crisis_watch(s, c, on_onset, m);
}
