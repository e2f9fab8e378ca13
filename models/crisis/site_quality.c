/*
 * Gateways and sites that work, as a share of all of them: over time, and from the first onset on.
 *
 * Counted with every change.  Groups: all, by network where there are several, by district where the city has any.
 */
#include <stdio.h>
#include <string.h>

#include "models/crisis/quality_private.h"

enum { SAMPLES = 2880 };        /* quarters of an hour in 30 days */

struct site_group {
	const char *name;
	uint32_t n, working;
	simtime_t since;        /* the time up to which it is counted */
	double out;             /* s of sites, from the onset on */
	uint32_t least;
	simtime_t below[QUALITY_LEVELS];        /* until when it was last below a level */
	uint32_t *sample;       /* NULL: no series */
};

struct site_quality {
	const struct crisis *crisis;
	uint32_t n;             /* assets */
	uint8_t *works;         /* by asset */
	uint16_t (*of)[3];      /* by asset: its groups, ends with 0 but for the first, which is all */
	struct site_group *group;
	uint32_t n_groups, cap;
	simtime_t step;
	uint32_t n_samples;
	bool started;
};

static bool is_site(const struct asset *a)
{
	return a->kind == ASSET_GATEWAY || a->kind == ASSET_SITE;
}

/* Count a group's state up to now. */
static void advance(const struct site_quality *q, struct site_group *g, simtime_t now)
{
	simtime_t from = g->since, onset = crisis_onset(q->crisis);

	for (simtime_t k = (from + q->step - 1) / q->step; g->sample && k < q->n_samples && k * q->step < now; k++)
		g->sample[k] = g->working;
	g->since = now;
	from = from > onset ? from : onset;
	if (now <= from)
		return;
	g->out += (g->n - g->working) * sim_seconds(now - from);
	g->least = g->working < g->least ? g->working : g->least;
	for (int k = 0; k < QUALITY_LEVELS; k++)
		if (!quality_reaches(g->working, g->n, quality_levels[k]))
			g->below[k] = now;
}

static void on_asset(struct sim *s, void *ctx, uint32_t number)
{
	struct site_quality *q = ctx;
	uint32_t n;
	const struct asset *a = &assets_of(s, &n)[number];
	bool works = asset_works(a);

	if (!q->started || number >= q->n || !is_site(a) || works == q->works[number])
		return;
	q->works[number] = works;
	for (int k = 0; k < 3 && (k == 0 || q->of[number][k]); k++) {
		struct site_group *g = &q->group[q->of[number][k]];
		advance(q, g, s->now);
		g->working += works ? 1 : UINT32_MAX;
	}
}

/* ---- set-up ---- */

/* Number of a group by name, made when there is none; 0 after sim_fail. */
static uint16_t find_group(struct sim *s, struct site_quality *q, const char *name)
{
	uint32_t i = 0;

	while (i < q->n_groups && strcmp(q->group[i].name, name) != 0)
		i++;
	if (i == q->n_groups) {
		BUG_ON(s, i == q->cap);
		q->group[i].name = arena_strdup(s->arena, name);
		if (!q->group[i].name) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for groups of sites");
			return 0;
		}
		q->n_groups++;
	}
	return (uint16_t)i;
}

/* The id of the network that the site belongs to: of the outermost element below the root that has one. */
static const char *network_of(const struct asset *a)
{
	const struct node *n = a->element;

	while (n && n->parent && n->parent->parent)
		n = n->parent;
	return n && n->id ? n->id : NULL;
}

static void join_groups(struct sim *s, struct site_quality *q, uint32_t i, const struct asset *a)
{
	const struct city *city = city_of(q->crisis->scenario);
	const char *network = network_of(a);
	int district = a->placed ? city_district_at(city, a->at) : -1, k = 1;
	char name[256];

	if (network) {
		snprintf(name, sizeof name, "network=%s", network);
		q->of[i][k] = find_group(s, q, name);
		k += q->of[i][k] != 0;
	}
	if (district >= 0) {
		snprintf(name, sizeof name, "district=%s", city_district(city, (size_t)district)->id);
		q->of[i][k] = find_group(s, q, name);
	}
	q->works[i] = asset_works(a);
	for (k = 0; k < 3 && (k == 0 || q->of[i][k]); k++) {
		q->group[q->of[i][k]].n++;
		q->group[q->of[i][k]].working += q->works[i];
	}
}

struct site_quality *site_quality_new(struct sim *s, const struct crisis *c)
{
	struct site_quality *q = sim_alloc(s, 1, sizeof *q);

	if (!q)
		return NULL;
	q->crisis = c;
	asset_watch(s, on_asset, q);
	return q;
}

void site_quality_start(struct sim *s, struct site_quality *q)
{
	const struct asset *a = assets_of(s, &q->n);
	const simtime_t quarter = SIM_HOUR / 4;
	simtime_t quarters = (s->end / quarter + SAMPLES - 1) / SAMPLES;

	q->cap = 1 + 2 * q->n;
	q->step = quarter * (quarters ? quarters : 1);
	q->n_samples = (uint32_t)(s->end / q->step) + 1;
	q->works = sim_alloc(s, q->n + 1u, sizeof *q->works);
	q->of = sim_alloc(s, q->n + 1u, sizeof *q->of);
	q->group = sim_alloc(s, q->cap, sizeof *q->group);
	if (!q->works || !q->of || !q->group)
		return;
	find_group(s, q, "all");
	for (uint32_t i = 0; i < q->n; i++)
		if (is_site(&a[i]))
			join_groups(s, q, i, &a[i]);
	for (uint32_t i = 0; i < q->n_groups; i++) {
		struct site_group *g = &q->group[i];
		g->least = g->n;
		if (strncmp(g->name, "district=", strlen("district=")) != 0)
			g->sample = sim_alloc(s, q->n_samples, sizeof *g->sample);
	}
	q->started = s->status == SIM_OK;
}

/* ---- report ---- */

static void report_group(struct sim *s, const struct site_quality *q, const struct site_group *g)
{
	simtime_t onset = crisis_onset(q->crisis);

	report_kpi(s->report, &quality_kpis[KPI_SITES_MINIMUM], g->name, (double)g->least / g->n);
	report_kpi(s->report, &quality_kpis[KPI_SITES_OUT], g->name, g->out / g->n);
	for (int k = 0; k < QUALITY_LEVELS; k++) {
		bool whole = quality_reaches(g->working, g->n, quality_levels[k]);
		if (whole)
			report_kpi(s->report, &quality_kpis[KPI_SITES_RESTORATION + k], g->name,
				   sim_seconds(g->below[k] > onset ? g->below[k] - onset : 0));
		report_kpi(s->report, &quality_kpis[KPI_SITES_UNRESTORED + k], g->name, !whole);
	}
	for (uint32_t k = 0; g->sample && k < q->n_samples; k++)
		report_series(s->report, &quality_kpis[KPI_SITES], g->name, k * q->step, (double)g->sample[k] / g->n);
}

void site_quality_report(struct sim *s, struct site_quality *q)
{
	uint32_t networks = 0;

	for (uint32_t i = 0; i < q->n_groups; i++)
		networks += strncmp(q->group[i].name, "network=", strlen("network=")) == 0;
	for (uint32_t i = 0; i < q->n_groups; i++) {
		struct site_group *g = &q->group[i];
		bool network = strncmp(g->name, "network=", strlen("network=")) == 0;
		if (g->n == 0 || (network && networks == 1))
			continue;
		advance(q, g, s->end);
		for (uint32_t k = 0; g->sample && k < q->n_samples; k++)
			if (k * q->step == s->end)
				g->sample[k] = g->working;
		report_group(s, q, g);
	}
}
