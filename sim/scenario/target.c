/* Targets: `>= 98%` in the KPI's own unit. */
#include <ctype.h>
#include <string.h>

#include "sim/scenario/scenario_private.h"

/* Seconds of a KPI in years, or in the unit's own. */
static bool value_in(const char *unit, const char *text, double *value, const char **why)
{
	union quantity q;
	static const struct {
		const char *unit;
		enum dimension dim;
	} dims[] = { { "1", DIM_RATIO }, { "J", DIM_ENERGY } };

	if (strcmp(unit, "s") == 0 || strcmp(unit, "yr") == 0) {
		if (!quantity_parse(DIM_TIME, text, &q, why))
			return false;
		*value = sim_seconds(q.time) / (unit[0] == 'y' ? 365.25 * 86400 : 1);
		return true;
	}
	if (strcmp(unit, "B") == 0) {
		if (!quantity_parse(DIM_BYTES, text, &q, why))
			return false;
		*value = (double)q.count;
		return true;
	}
	if (strncmp(unit, "currency", 8) == 0) {
		if (!quantity_parse(unit[8] ? DIM_MONEY_TIME : DIM_MONEY, text, &q, why))
			return false;
		*value = q.real * (unit[8] ? 365.25 * 86400 : 1);
		return true;
	}
	if (strncmp(unit, "1/", 2) == 0 && strcmp(unit, "1/km\xc2\xb2") != 0) {
		if (!quantity_parse(DIM_RATE, text, &q, why))
			return false;
		*value = q.real * (strcmp(unit, "1/yr") == 0 ? 365.25 * 86400 : strcmp(unit, "1/h") == 0 ? 3600 : 1);
		return true;
	}
	enum dimension dim = DIM_NUMBER;
	for (size_t i = 0; i < sizeof dims / sizeof dims[0]; i++)
		if (strcmp(unit, dims[i].unit) == 0)
			dim = dims[i].dim;
	if (!quantity_parse(dim, text, &q, why))
		return false;
	*value = q.real;
	return true;
}

static bool ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n >= k && strcmp(name + n - k, end) == 0;
}

/* `98` where 98% is meant: a share is never more than one, so that the target would be missed, or met, whatever happens. */
static bool is_beyond_a_share(const struct kpi_def *def, double value)
{
	bool share = ends_in(def->name, "-ratio") || ends_in(def->name, ".coverage") || ends_in(def->name, ".availability");

	return share && strcmp(def->unit, "1") == 0 && value > 1;
}

bool target_parse(const struct kpi_def *def, const char *text, struct target *t, const char **why)
{
	static const struct {
		const char *text;
		enum target_op op;
	} ops[] = { { ">=", TARGET_GE }, { "<=", TARGET_LE }, { ">", TARGET_GT }, { "<", TARGET_LT } };
	const char *p = text;

	*why = "is not a target (try >= 98%, <= 10s)";
	t->op = TARGET_NONE;
	t->text = text;
	while (isspace((unsigned char)*p))
		p++;
	for (size_t i = 0; i < 4 && t->op == TARGET_NONE; i++)
		if (strncmp(p, ops[i].text, strlen(ops[i].text)) == 0) {
			t->op = ops[i].op;
			p += strlen(ops[i].text);
		}
	bool understood = t->op != TARGET_NONE && value_in(def->unit, p, &t->value, why);
	if (understood && !is_beyond_a_share(def, t->value))
		return true;
	if (understood)
		*why = "is a share above 100% (a share of 98 hundredths is 98% or 0.98)";
	t->op = TARGET_NONE;
	return false;
}

bool phase_allowed(const struct model_table *table, const struct scenario *sc, const struct kpi_def *def, const char *phase,
		   const char **why)
{
	static const char *const phases[] = { "before", "during", "after" };
	bool known = false, has = !sc, windowed = true;

	for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
		known = known || strcmp(phase, phases[i]) == 0;
	for (size_t i = 0; i < table->n; i++) {
		const struct model *m = table->models[i];
		has = has || (m->rerun && scenario_count(sc, m) > 0);
		windowed = windowed && (!m->windowed || m->windowed(def));
	}
	*why = !known ? "is no phase (one of before, during, after)"
	       : !has ? "is of a crisis, and the scenario has none (add a <crisis> with its hazards)"
		      : "is not told apart for this KPI, which is counted over the whole run (leave the phase out)";
	return known && has && windowed;
}

static void load_target(struct binder *b, const struct node *n, struct target *t)
{
	const struct kpi_xml *k = n->par;
	const char *why;
	struct {
		const char *name, *value;
	} groups[] = {
		{ "class", k->class }, { "network", k->network }, { "vertical", k->vertical }, { "district", k->district }
	};

	t->node = n;
	t->kpi = k->name;
	t->group = "all";
	unsigned given = 0;
	for (size_t i = 0; i < 4; i++)
		if (groups[i].value) {
			t->group = arena_printf(b->a, "%s=%s", groups[i].name, groups[i].value);
			given++;
		}
	if (k->phase)
		t->group = arena_printf(b->a, "%s%sphase=%s", given ? t->group : "", given ? ";" : "", k->phase);
	if (given > 1)
		node_error(n, b->d, NULL, "names more than one group (one of class, network, vertical, district)");
	const struct kpi_def *def = table_kpi(b->sc->table, k->name);
	if (k->phase && def && !phase_allowed(b->sc->table, b->sc, def, k->phase, &why))
		node_error(n, b->d, "phase", "%s", why);
	if (k->target && def && !target_parse(def, k->target, t, &why))
		node_error(n, b->d, "target", "%s", why);
}

static bool has_vertical(const struct node *n, const char *vertical)
{
	for (; n; n = n->next) {
		for (size_t i = 0; n->text_of && i < n->model->n_params; i++)
			if (strcmp(n->model->params[i].field, "vertical") == 0 && n->model != &kpi_model && n->text_of[i] &&
			    strcmp(n->text_of[i], vertical) == 0)
				return true;
		if (has_vertical(n->child, vertical))
			return true;
	}
	return false;
}

void targets_load(struct binder *b)
{
	size_t n = scenario_count(b->sc, &kpi_model);

	b->sc->targets = arena_alloc(b->a, n + 1, sizeof *b->sc->targets);
	if (!b->sc->targets)
		return;
	for (const struct node *k = scenario_first(b->sc, &kpi_model); k; k = k->next_same) {
		const struct kpi_xml *x = k->par;
		if (!x || !x->name)
			continue; /* said already */
		const struct {
			const char *attribute, *value;
		} ids[] = { { "class", x->class }, { "network", x->network } };
		for (size_t i = 0; i < 2; i++)
			if (ids[i].value && !scenario_has_id(b->sc, ids[i].value))
				node_error(k, b->d, ids[i].attribute, "is the id of no element");
		if (x->vertical && !has_vertical(b->sc->root, x->vertical))
			node_error(k, b->d, "vertical", "is the vertical of no device class");
		load_target(b, k, &b->sc->targets[b->sc->n_targets++]);
	}
}
