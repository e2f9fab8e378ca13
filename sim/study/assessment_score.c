/* A sheet scored: values, points, groups, changes, what verifiers would ask. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/assessment_private.h"

const char *value_source_name(enum value_source s)
{
	static const char *const names[] = { "", "given", "counted", "simulated" };

	return names[s];
}

const char *group_kind_name(enum group_kind kind)
{
	static const char *const names[] = { "all", "dimension", "sub-dimension", "category", "sdg" };

	return names[kind];
}

/* ---- values ---- */

/* A KPI of a group in one replication; NaN: it did not finish, or had nothing to count. */
static double kpi_of(const struct replication *r, const char *kpi, const char *group)
{
	for (size_t i = 0; r->report && i < r->report->n_kpis; i++) {
		const struct kpi_row *row = &r->report->kpis[i];
		if (strcmp(row->def->name, kpi) == 0 && strcmp(row->group, group) == 0)
			return row->value;
	}
	return NAN;
}

/* Values by replication, in the indicator's unit; NULL: out of memory. */
static double *simulated(struct arena *a, const struct outcome *o, const struct sheet_value *v)
{
	double *x = arena_alloc(a, o->n_reps + 1, sizeof *x);

	for (size_t i = 0; x && i < o->n_reps; i++)
		x[i] = kpi_of(&o->reps[i], v->kpi->name, v->group) * v->scale;
	return x;
}

/* Student's interval knows no bounds; shares and counts do. */
static void cut(struct interval *v, double most)
{
	if (v->low < 0)
		v->low = 0;
	if (v->high > most)
		v->high = most;
}

struct scorer {
	struct scores *s;
	double **samples;       /* as cells: values by replication; NULL: not simulated */
	bool no_memory;
};

static void score_one(struct scorer *w, size_t indicator, size_t state)
{
	struct scores *s = w->s;
	const struct sheet_indicator *in = &s->a->indicators[indicator];
	const struct sheet_value *v = &in->values[state];
	const struct outcome *o = s->outcomes[state];
	size_t at = indicator * s->a->n_states + state;
	struct cell_score *c = &s->cells[at];

	*c = (struct cell_score){ .source = v->source, .value = { NAN, NAN, NAN, 0 }, .share = NAN };
	if (v->source == VALUE_GIVEN || v->source == VALUE_COUNTED) {
		c->value = (struct interval){ v->value, v->value, v->value, 0 };
	} else if (v->source == VALUE_SIMULATED && o) {
		double *x = w->samples[at] = simulated(s->arena, o, v);
		w->no_memory |= !x;
		if (x)
			c->value = interval_mean(x, o->n_reps, s->a->confidence);
		cut(&c->value, in->def.most);
	}
	if (isnan(c->value.mean)) {
		c->source = VALUE_ABSENT;
		return;
	}
	c->share = score_share(c->value.mean, in->def.benchmark, in->def.better);
	c->points = score_interval(c->value, in->def.benchmark, in->def.better);
}

/* ---- changes ---- */

static struct contrast shifted(struct interval v, double by, double sign)
{
	double low = v.low * sign + by, high = v.high * sign + by;

	return (struct contrast){ { v.mean * sign + by, fmin(low, high), fmax(low, high), v.n }, NAN };
}

/* Of simulations from the same random streams the differences by replication, else of independent samples. */
static struct contrast change_of(const struct scorer *w, size_t before, size_t after, size_t state, bool *paired)
{
	const struct scores *s = w->s;
	const struct outcome *a = s->outcomes[s->a->states[state].against], *b = s->outcomes[state];
	const double *xa = w->samples[before], *xb = w->samples[after];

	if (!xb && xa)
		return shifted(s->cells[before].value, s->cells[after].value.mean, -1);
	if (!xb || !xa)
		return shifted(s->cells[after].value, -s->cells[before].value.mean, 1);
	*paired = a->seed == b->seed;
	if (*paired)
		return contrast_paired(xa, xb, a->n_reps < b->n_reps ? a->n_reps : b->n_reps, s->a->confidence);
	return contrast_independent(xa, a->n_reps, xb, b->n_reps, s->a->confidence);
}

static void change_one(struct scorer *w, size_t indicator, size_t state)
{
	struct scores *s = w->s;
	size_t before = indicator * s->a->n_states + s->a->states[state].against,
	       after = indicator * s->a->n_states + state;
	const struct points *a = &s->cells[before].points, *b = &s->cells[after].points;
	struct cell_change *c = &s->changes[after];

	c->known = s->cells[before].source != VALUE_ABSENT && s->cells[after].source != VALUE_ABSENT;
	if (!c->known)
		return;
	c->value = change_of(w, before, after, state, &c->paired);
	c->scored = a->at && b->at;
	if (!c->scored)
		return;
	c->low = (int)b->low - (int)a->high;
	c->at = (int)b->at - (int)a->at;
	c->high = (int)b->high - (int)a->low;
	/* The same given value is the same, whatever else is uncertain. */
	if (!w->samples[before] && !w->samples[after])
		c->low = c->high = c->at;
}

/* ---- groups ---- */

static bool bears_on(const char *sdg, const char *target)
{
	size_t n = strlen(target);

	for (const char *p = sdg; p && (p = strstr(p, target)); p += n)
		if ((p == sdg || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool belongs(const struct scored_group *g, const struct indicator *def)
{
	struct indicator_place p = indicator_place(def->code);

	switch (g->kind) {
	case GROUP_ALL: return true;
	case GROUP_DIMENSION: return p.dimension >= 0 && dimensions[p.dimension].key == g->key;
	case GROUP_SUB_DIMENSION: return p.sub_dimension >= 0 && sub_dimensions[p.sub_dimension].key == g->key;
	case GROUP_CATEGORY: return p.category >= 0 && categories[p.category].key == g->key;
	case GROUP_SDG: return bears_on(def->sdg, g->key);
	}
	return false;
}

static size_t count_known(const struct assessment *a, const struct scored_group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < n_indicators; i++)
		n += belongs(g, &indicators[i]);
	for (size_t i = 0; i < a->n_indicators; i++)
		n += a->indicators[i].own && belongs(g, &a->indicators[i].def);
	return n;
}

static void score_group_in(struct scores *s, struct scored_group *g, size_t state)
{
	struct group_change *ch = &g->changes[state];
	int low = 0, at = 0, high = 0;

	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct cell_score *c = score_cell(s, i, state);
		const struct cell_change *d = score_change(s, i, state);
		if (!belongs(g, &s->a->indicators[i].def))
			continue;
		if (c->source != VALUE_ABSENT)
			group_add(&g->scores[state], c->points);
		if (!d->scored)
			continue;
		ch->n++;
		low += d->low;
		at += d->at;
		high += d->high;
	}
	double scale = ch->n ? 100.0 / (POINTS_MOST * (double)ch->n) : NAN;
	ch->low = scale * low;
	ch->at = scale * at;
	ch->high = scale * high;
}

static void add_group(struct scorer *w, enum group_kind kind, const char *key, const char *name)
{
	struct scores *s = w->s;
	struct scored_group *g = &s->groups[s->n_groups];

	*g = (struct scored_group){ .kind = kind, .key = key, .name = name };
	g->scores = arena_alloc(s->arena, s->a->n_states + 1, sizeof *g->scores);
	g->changes = arena_alloc(s->arena, s->a->n_states + 1, sizeof *g->changes);
	if (!g->scores || !g->changes) {
		w->no_memory = true;
		return;
	}
	s->n_groups++;
	for (size_t i = 0; i < s->a->n_states; i++) {
		g->scores[i].known = count_known(s->a, g);
		score_group_in(s, g, i);
	}
}

/* "6.1" before "6.2" before "11.b": by goal, then target. */
static int by_target(const char *a, const char *b)
{
	int ga = atoi(a), gb = atoi(b);

	return ga != gb ? (ga > gb) - (ga < gb) : strcmp(a, b);
}

/* The targets that the sheet's indicators name, each once and in order. */
static size_t collect_targets(const struct assessment *a, struct arena *arena, const char **targets, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_indicators; i++)
		for (const char *p = a->indicators[i].def.sdg; p && *p;) {
			size_t length = strcspn(p, " "), at = 0;
			char *one = arena_printf(arena, "%.*s", (int)length, p);
			p += length + strspn(p + length, " ");
			if (!one || !*one)
				continue;
			while (at < n && by_target(targets[at], one) < 0)
				at++;
			if (n == most || (at < n && strcmp(targets[at], one) == 0))
				continue;
			memmove(&targets[at + 1], &targets[at], (n++ - at) * sizeof *targets);
			targets[at] = one;
		}
	return n;
}

enum { TARGETS_MOST = 169 };    /* of all the goals */

static void add_groups(struct scorer *w)
{
	struct scores *s = w->s;
	const char **targets = arena_alloc(s->arena, TARGETS_MOST + 1, sizeof *targets);

	s->groups = arena_alloc(s->arena, 1 + DIMENSIONS + SUB_DIMENSIONS + CATEGORIES + TARGETS_MOST, sizeof *s->groups);
	if (!targets || !s->groups) {
		w->no_memory = true;
		return;
	}
	size_t n = collect_targets(s->a, s->arena, targets, TARGETS_MOST);
	add_group(w, GROUP_ALL, "all", "All indicators");
	for (size_t i = 0; i < DIMENSIONS; i++)
		add_group(w, GROUP_DIMENSION, dimensions[i].key, dimensions[i].name);
	for (size_t i = 0; i < SUB_DIMENSIONS; i++)
		add_group(w, GROUP_SUB_DIMENSION, sub_dimensions[i].key, sub_dimensions[i].name);
	for (size_t i = 0; i < CATEGORIES; i++)
		add_group(w, GROUP_CATEGORY, categories[i].key, categories[i].name);
	for (size_t i = 0; i < n; i++) {
		const char *title = sdg_title(targets[i]);
		add_group(w, GROUP_SDG, targets[i],
			  arena_printf(s->arena, "SDG %s%s%s", targets[i], title ? ": " : "", title ? title : ""));
	}
}

/* ---- findings ---- */

static size_t indicator_index(const struct assessment *a, const char *code)
{
	size_t i = 0;

	while (i < a->n_indicators && strcmp(a->indicators[i].def.code, code) != 0)
		i++;
	return i;
}

/* NaN: absent. */
static double value_of(const struct scores *s, const char *code, size_t state)
{
	size_t i = indicator_index(s->a, code);

	return i < s->a->n_indicators ? score_cell(s, i, state)->value.mean : NAN;
}

static void add_finding(struct scorer *w, size_t state, const char *source, const char *text)
{
	if (text)
		w->s->findings[w->s->n_findings++] = (struct finding_row){ w->s->a->states[state].title, text, source };
	else
		w->no_memory = true;
}

static void find_implausible(struct scorer *w, size_t state)
{
	struct scores *s = w->s;

	for (size_t i = 0; i < n_plausibilities; i++) {
		const struct plausibility *p = &plausibilities[i];
		double less = value_of(s, p->less, state), more = value_of(s, p->more, state);
		if (less > more)
			add_finding(w, state, p->source,
				    arena_printf(s->arena, "%s (%s: %.4g %%, %s: %.4g %%)", p->finding, p->less, less,
						 p->more, more));
	}
}

static void find_gaps(struct scorer *w, size_t state)
{
	struct scores *s = w->s;

	for (size_t i = 0; i < s->a->n_indicators; i++) {
		const struct sheet_value *v = &s->a->indicators[i].values[state];
		const struct cell_score *c = score_cell(s, i, state);
		if (v->source != VALUE_SIMULATED)
			continue;
		if (c->source == VALUE_ABSENT)
			add_finding(w, state, NULL,
				    arena_printf(s->arena, "the simulation had nothing to count for %s (%s)",
						 s->a->indicators[i].def.code, v->how));
		else if (isnan(c->value.low))
			add_finding(
				w, state, NULL,
				arena_printf(s->arena,
					     "%s comes from one replication and has no interval: its points are a guess",
					     s->a->indicators[i].def.code));
	}
}

struct scores *scores_new(const struct assessment *a, const struct outcome *const *outcomes)
{
	struct arena *arena = arena_new();
	struct scores *s = arena ? arena_alloc(arena, 1, sizeof *s) : NULL;
	size_t cells = a->n_indicators * a->n_states;

	if (!s)
		goto fail;
	*s = (struct scores){ .a = a, .outcomes = outcomes, .arena = arena };
	struct scorer w = { .s = s };
	s->cells = arena_alloc(arena, cells + 1, sizeof *s->cells);
	s->changes = arena_alloc(arena, cells + 1, sizeof *s->changes);
	s->saidi = arena_alloc(arena, a->n_states + 1, sizeof *s->saidi);
	s->findings = arena_alloc(arena, cells + n_plausibilities * a->n_states + 1, sizeof *s->findings);
	w.samples = arena_alloc(arena, cells + 1, sizeof *w.samples);
	if (!s->cells || !s->changes || !s->saidi || !s->findings || !w.samples)
		goto fail;
	for (size_t i = 0; i < cells; i++)
		score_one(&w, i / a->n_states, i % a->n_states);
	for (size_t i = 0; i < cells; i++)
		if (a->states[i % a->n_states].against != i % a->n_states)
			change_one(&w, i / a->n_states, i % a->n_states);
	add_groups(&w);
	for (size_t i = 0; i < a->n_states; i++) {
		s->saidi[i] = saidi_minutes(value_of(s, "EC: I: ES: 1C", i), value_of(s, "EC: I: ES: 2C", i));
		find_implausible(&w, i);
		find_gaps(&w, i);
	}
	if (!w.no_memory)
		return s;
fail:
	arena_free(arena);
	return NULL;
}

void scores_free(struct scores *s)
{
	if (s)
		arena_free(s->arena);
}

const struct scored_group *score_group(const struct scores *s, enum group_kind kind, const char *key)
{
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].kind == kind && strcmp(s->groups[i].key, key) == 0)
			return &s->groups[i];
	return NULL;
}
