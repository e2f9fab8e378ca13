/* Means over replications of what reports hold row by row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/tally.h"
#include "sim/output/output_private.h"

const struct report *first_report(const struct outcome *o)
{
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].report)
			return o->reps[i].report;
	return NULL;
}

bool model_used(const struct outcome *o, const struct model *m)
{
	return !o->sc->impl || scenario_first(o->sc, m) != NULL;
}

size_t audit_lines(const struct outcome *o, struct arena *a, struct audit_line **rows)
{
	size_t n = 0, cap = 0;

	for (size_t r = 0; r < o->n_reps; r++)
		cap += o->reps[r].report ? o->reps[r].report->n_audit : 0;
	*rows = arena_alloc(a, cap + 1, sizeof **rows);
	for (size_t r = 0; *rows && r < o->n_reps; r++) {
		const struct report *rep = o->reps[r].report;
		for (size_t i = 0; rep && i < rep->n_audit; i++) {
			const struct audit_row *x = &rep->audit[i];
			size_t k = 0;
			while (k < n && (strcmp((*rows)[k].account, x->account) != 0 ||
					 strcmp((*rows)[k].label, x->label) != 0 || (*rows)[k].side != x->side))
				k++;
			if (k == n)
				(*rows)[n++] = (struct audit_line){ x->account, x->unit, x->label, x->side, 0 };
			(*rows)[k].sum += x->value;
		}
	}
	return n;
}

size_t all_warnings(const struct outcome *o, struct arena *a, const struct text_row **rows)
{
	size_t n = 0, cap = 0;
	struct text_row *out;

	for (size_t r = 0; r < o->n_reps; r++)
		cap += o->reps[r].report ? o->reps[r].report->n_warnings : 0;
	*rows = out = arena_alloc(a, cap + 1, sizeof *out);
	for (size_t r = 0; out && r < o->n_reps; r++) {
		const struct report *rep = o->reps[r].report;
		for (size_t i = 0; rep && i < rep->n_warnings; i++) {
			size_t k = 0;
			while (k < n && strcmp(out[k].value, rep->warnings[i].value) != 0)
				k++;
			if (k == n)
				out[n++] = rep->warnings[i];
		}
	}
	return n;
}

/* A sample of one replication: curve points and series points alike. */
struct sample { const void *def; const char *group; double x, y; size_t order; };

static int by_line(const void *pa, const void *pb)
{
	const struct sample *a = pa, *b = pb;
	int c = a->def == b->def ? strcmp(a->group, b->group) : (a->def > b->def) - (a->def < b->def);

	if (c)
		return c;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Samples of one def, grouped: a line per group, its points averaged where x is equal. */
static void add_lines(struct arena *a, struct chart *c, const struct sample *s, size_t n, double level)
{
	size_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += i == 0 || strcmp(s[i].group, s[i - 1].group) != 0;
	c->line = arena_alloc(a, lines + 1, sizeof *c->line);
	for (size_t i = 0; c->line && i < n;) {
		size_t end = i;
		while (end < n && strcmp(s[end].group, s[i].group) == 0)
			end++;
		struct line *l = &c->line[c->n_lines++];
		double *v = arena_alloc(a, 4 * (end - i), sizeof *v);
		if (!v)
			return;
		*l = (struct line){ s[i].group, 0, v, v + (end - i), v + 2 * (end - i), v + 3 * (end - i) };
		while (i < end) {
			struct tally t = { 0 };
			double x = s[i].x;
			for (; i < end && s[i].x == x; i++)
				tally_add(&t, s[i].y);
			double half = tally_halfwidth(&t, level);
			l->x[l->n] = x;
			l->y[l->n] = t.mean;
			l->lo[l->n] = isnan(half) ? t.mean : t.mean - half;
			l->hi[l->n++] = isnan(half) ? t.mean : t.mean + half;
		}
	}
}

static const char *joined(struct arena *a, const char *label, const char *unit)
{
	if (!unit || !unit[0] || strcmp(unit, "1") == 0)
		return label;
	return arena_printf(a, "%s [%s]", label, unit);
}

/* Captions come from the models' sections. */
static const char *caption_of(const struct outcome *o, const char *source, const char **title)
{
	for (size_t i = 0; o->sc->table && i < o->sc->table->n; i++)
		for (size_t k = 0; k < o->sc->table->models[i]->n_sections; k++) {
			const struct section *s = &o->sc->table->models[i]->sections[k];
			if (strcmp(s->source, source) == 0) {
				*title = s->title;
				return s->caption;
			}
		}
	return NULL;
}

static void add_chart(struct charts *cs, const struct outcome *o, const struct curve_def *curve, const struct kpi_def *kpi,
		      const struct sample *s, size_t n)
{
	struct chart *c = &cs->chart[cs->n++];
	const char *title = NULL;

	if (curve) {
		*c = (struct chart){ .name = curve->name,
				     .log_x = curve->log_x,
				     .x_label = joined(cs->arena, curve->x_label, curve->x_unit),
				     .y_label = joined(cs->arena, curve->y_label, curve->y_unit) };
		title = curve->title;
	} else if (kpi) {
		bool share = strcmp(kpi->unit, "1") == 0;
		*c = (struct chart){ .name = kpi->name,
				     .time_x = true,
				     .share = share,
				     .x_label = "time",
				     .y_label = joined(cs->arena, kpi->name, share ? "%" : kpi->unit) };
		title = kpi->name;
	}
	c->caption = caption_of(o, c->name, &title);
	c->title = title;
	add_lines(cs->arena, c, s, n, o->confidence);
}

/* All samples, the defs in the order in which they first come. */
static void gather(struct charts *cs, const struct outcome *o, bool curves)
{
	size_t n = 0, defs = 0;

	for (size_t r = 0; r < o->n_reps; r++)
		if (o->reps[r].report)
			n += curves ? o->reps[r].report->n_curves : o->reps[r].report->n_series;
	struct sample *all = malloc((n + 1) * sizeof *all);
	const void **order = calloc(n + 1, sizeof *order);
	n = 0;
	for (size_t r = 0; all && order && r < o->n_reps; r++) {
		const struct report *rep = o->reps[r].report;
		for (size_t i = 0; rep && i < (curves ? rep->n_curves : rep->n_series); i++) {
			struct sample s =
				curves ? (struct sample){ rep->curves[i].def, rep->curves[i].group, rep->curves[i].x,
							  rep->curves[i].y, n }
				       : (struct sample){ rep->series[i].def, rep->series[i].group,
							  sim_seconds(rep->series[i].t), rep->series[i].value, n };
			size_t k = 0;
			while (k < defs && order[k] != s.def)
				k++;
			if (k == defs)
				order[defs++] = s.def;
			all[n++] = s;
		}
	}
	struct chart *more = all && order ? arena_alloc(cs->arena, cs->n + defs + 1, sizeof *more) : NULL;
	if (more) {
		if (cs->n)
			memcpy(more, cs->chart, cs->n * sizeof *more);
		cs->chart = more;
		qsort(all, n, sizeof *all, by_line);
	}
	for (size_t d = 0; more && d < defs; d++)
		for (size_t i = 0; i < n;) {
			size_t end = i;
			while (end < n && all[end].def == all[i].def)
				end++;
			if (all[i].def == order[d])
				add_chart(cs, o, curves ? order[d] : NULL, curves ? NULL : order[d], all + i, end - i);
			i = end;
		}
	free(all);
	free(order);
}

struct charts *charts_new(const struct outcome *o)
{
	struct charts *cs = calloc(1, sizeof *cs);

	if (!cs || !(cs->arena = arena_new())) {
		free(cs);
		return NULL;
	}
	gather(cs, o, true);
	gather(cs, o, false);
	return cs;
}

void charts_free(struct charts *c)
{
	if (!c)
		return;
	arena_free(c->arena);
	free(c);
}

const struct chart *charts_find(const struct charts *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->chart[i].name, name) == 0)
			return &c->chart[i];
	return NULL;
}
