/*
 * What a crisis leaves of the service, and how fast it comes back (kpis.md).
 *
 * Q(t): messages accepted, by time of generation in bins of 15 minutes, divided by those of the twin, which is the same replication
 * without its crisis.  Where the twin has none there is no Q.  Runs of more than a year have wider bins.
 *
 * Sites: the share of gateways and sites that work, a step function of time.
 */
#include <string.h>

#include "models/crisis/crisis_private.h"
#include "models/device/group.h"
#include "models/service/traffic.h"

enum { SHARES = 3, BINS_MAX = 36000, SERIES_MAX = 3000 };
static const double shares[SHARES] = { 0.5, 0.9, 0.99 };

enum {
	KPI_MINIMUM, KPI_INDEX, KPI_RESTORED, KPI_UNRESTORED = KPI_RESTORED + SHARES, KPI_SITES_MINIMUM = KPI_UNRESTORED + SHARES,
	KPI_SITES_INDEX, KPI_SITES_RESTORED, KPI_SITES_UNRESTORED = KPI_SITES_RESTORED + SHARES,
	KPI_SERVICE = KPI_SITES_UNRESTORED + SHARES, KPI_SITES, KPI_SITES_DARK, KPI_SITES_BROKEN, KPI_OCCURRENCES
};
_Static_assert(KPI_OCCURRENCES + 1 == QUALITY_KPIS, "a row for each");

#define RESTORED(name, p, what, supports) \
	{ name, "s", "onset until " what " stays at or above " p " %; absent where the run ends before", NULL, KPI_LOWER, supports }
#define UNRESTORED(name, p, what) \
	{ name, "1", "1 where " what " does not stay at or above " p " % before the run ends, else 0", NULL, KPI_LOWER, true }

const struct kpi_def quality_kpis[QUALITY_KPIS] = {
	[KPI_MINIMUM] = { "crisis.service-minimum", "1",
			  "least service from onset on: messages accepted ÷ those of the same replication without its crisis, by 15 minutes",
			  "Resolution 98, resolves 1; SDG 11.5", KPI_HIGHER },
	[KPI_INDEX] = { "crisis.resilience-index", "1", "mean service from onset to the end of the run (1 less Bruneau's triangle)",
			"Bruneau et al., Earthquake Spectra 19 (2003); SDG 11.b", KPI_HIGHER },
	[KPI_RESTORED] = RESTORED("crisis.restoration-time-50", "50", "service", false),
	[KPI_RESTORED + 1] = RESTORED("crisis.restoration-time-90", "90", "service", false),
	[KPI_RESTORED + 2] = RESTORED("crisis.restoration-time-99", "99", "service", false),
	[KPI_UNRESTORED] = UNRESTORED("crisis.unrestored-50", "50", "service"),
	[KPI_UNRESTORED + 1] = UNRESTORED("crisis.unrestored-90", "90", "service"),
	[KPI_UNRESTORED + 2] = UNRESTORED("crisis.unrestored-99", "99", "service"),
	[KPI_SITES_MINIMUM] = { "crisis.sites-minimum", "1", "least share of gateways and sites that work, from onset on", NULL, KPI_HIGHER,
				true },
	[KPI_SITES_INDEX] = { "crisis.sites-index", "1", "mean share of gateways and sites that work, from onset to the end of the run", NULL,
			      KPI_HIGHER, true },
	[KPI_SITES_RESTORED] = RESTORED("crisis.sites-restoration-50", "50", "the share of sites that work", true),
	[KPI_SITES_RESTORED + 1] = RESTORED("crisis.sites-restoration-90", "90", "the share of sites that work", true),
	[KPI_SITES_RESTORED + 2] = RESTORED("crisis.sites-restoration-99", "99", "the share of sites that work", true),
	[KPI_SITES_UNRESTORED] = UNRESTORED("crisis.sites-unrestored-50", "50", "the share of sites that work"),
	[KPI_SITES_UNRESTORED + 1] = UNRESTORED("crisis.sites-unrestored-90", "90", "the share of sites that work"),
	[KPI_SITES_UNRESTORED + 2] = UNRESTORED("crisis.sites-unrestored-99", "99", "the share of sites that work"),
	[KPI_SERVICE] = { "crisis.service", "1",
			  "messages accepted ÷ those of the same replication without its crisis, over the time of their generation, mean from onset on",
			  NULL, KPI_HIGHER, true },
	[KPI_SITES] = { "crisis.sites-working", "1", "gateways and sites that work ÷ all, over time", NULL, KPI_HIGHER, true },
	[KPI_SITES_DARK] = { "crisis.sites-dark", "1", "gateways and sites without mains, backup or fuel ÷ all, over time", NULL, KPI_LOWER,
			     true },
	[KPI_SITES_BROKEN] = { "crisis.sites-broken", "1", "gateways and sites that are broken ÷ all, over time", NULL, KPI_LOWER, true },
	[KPI_OCCURRENCES] = { "crisis.occurrences", "1", "hazards that happened", NULL, KPI_NEITHER, true },
};

struct step { simtime_t t; uint32_t working, dark, broken; };

struct quality {
	simtime_t width, onset;
	/* sites: the steps of what works */
	uint32_t sites, working, dark, broken;
	struct step *step;
	uint32_t n_steps, cap_steps;
	uint8_t *state;         /* by asset: SITE_... as last counted */
	uint32_t n_assets;
};
enum { COUNTED = 1, WORKS = 2, IS_DARK = 4, IS_BROKEN = 8 };

simtime_t quality_width(const struct sim *s)
{
	const simtime_t quarter = 15 * SIM_MINUTE;
	simtime_t quarters = s->end / quarter + 1;

	return (quarters + BINS_MAX - 1) / BINS_MAX * quarter;
}

/* ---- sites ---- */

static void add_step(struct sim *s, struct quality *q)
{
	struct step *last = q->n_steps ? &q->step[q->n_steps - 1] : NULL;

	if (!last || last->t != s->now) {
		if (q->n_steps == q->cap_steps) {
			uint32_t cap = q->cap_steps ? 2 * q->cap_steps : 256;
			struct step *bigger = sim_alloc(s, cap, sizeof *bigger);
			if (!bigger)
				return;
			for (uint32_t i = 0; i < q->n_steps; i++)
				bigger[i] = q->step[i];
			q->step = bigger;
			q->cap_steps = cap;
		}
		last = &q->step[q->n_steps++];
	}
	*last = (struct step){ s->now, q->working, q->dark, q->broken };
}

static uint8_t state_of(const struct asset *a)
{
	return (uint8_t)(COUNTED | (asset_works(a) ? WORKS : 0) | (a->power == SITE_DARK ? IS_DARK : 0) |
			 (a->reasons ? IS_BROKEN : 0));
}

static void count_site(struct quality *q, uint8_t state, uint32_t by)
{
	q->working += state & WORKS ? by : 0;
	q->dark += state & IS_DARK ? by : 0;
	q->broken += state & IS_BROKEN ? by : 0;
}

static void on_asset(struct sim *s, void *ctx, uint32_t asset)
{
	struct quality *q = ctx;
	const struct asset *a;
	uint32_t n;

	a = &assets_of(s, &n)[asset];
	if (asset >= q->n_assets || !q->state[asset])
		return;
	count_site(q, q->state[asset], UINT32_MAX);
	q->state[asset] = state_of(a);
	count_site(q, q->state[asset], 1);
	add_step(s, q);
}

struct quality *quality_new(struct sim *s, const struct crisis *c)
{
	struct quality *q = sim_alloc(s, 1, sizeof *q);

	if (!q)
		return NULL;
	q->width = quality_width(s);
	q->onset = crisis_onset(c);
	asset_watch(s, on_asset, q);
	return q;
}

/* The models of this folder start last: all sites have registered. */
void quality_start(struct sim *s, struct quality *q)
{
	const struct asset *a = assets_of(s, &q->n_assets);

	q->state = sim_alloc(s, q->n_assets + 1u, sizeof *q->state);
	for (uint32_t i = 0; q->state && i < q->n_assets; i++)
		if (a[i].kind == ASSET_GATEWAY || a[i].kind == ASSET_SITE) {
			q->state[i] = state_of(&a[i]);
			count_site(q, q->state[i], 1);
			q->sites++;
		}
	if (q->sites)
		add_step(s, q);
}

/* ---- curves ---- */

/* What becomes of a curve of points (t, value) from onset on: fed in order of time. */
struct course {
	double least, area, span;
	simtime_t since[SHARES];        /* at or above that share from then on; SIM_NEVER: below now */
	bool any;
};

static void course_add(struct course *c, simtime_t from, simtime_t to, double value)
{
	c->least = c->any ? fmin(c->least, value) : value;
	for (int k = 0; k < SHARES; k++)
		if (value < shares[k])
			c->since[k] = SIM_NEVER;
		else if (!c->any || c->since[k] == SIM_NEVER)
			c->since[k] = from;
	c->any = true;
	c->area += value * sim_seconds(to - from);
	c->span += sim_seconds(to - from);
}

/* rows: least, mean, restored and unrestored by share. */
static void course_report(struct sim *s, const struct course *c, simtime_t onset, int least, int restored, const char *group)
{
	if (!c->any)
		return;
	report_kpi(s->report, &quality_kpis[least], group, c->least);
	report_kpi(s->report, &quality_kpis[least + 1], group, c->span > 0 ? c->area / c->span : c->least);
	for (int k = 0; k < SHARES; k++) {
		bool back = c->since[k] != SIM_NEVER;
		report_kpi(s->report, &quality_kpis[restored + k], group, back ? sim_seconds(c->since[k] - onset) : NAN);
		report_kpi(s->report, &quality_kpis[restored + SHARES + k], group, back ? 0 : 1);
	}
}

/* ---- service ---- */

/* Messages of a group accepted in a bin. */
static double accepted(const struct sim *s, const struct groups *g, uint32_t group, uint32_t bin)
{
	double sum = 0;
	uint32_t n;

	for (uint32_t c = 0; c < g->n_cells; c++)
		if (g->member[group][c]) {
			const uint32_t *by_bin = traffic_accepted(s, c, &n);
			sum += by_bin && bin < n ? by_bin[bin] : 0;
		}
	return sum;
}

static bool in_series(const char *group)
{
	return strcmp(group, "all") == 0 || strncmp(group, "class=", 6) == 0;
}

static void service_of(struct sim *s, const struct quality *q, const struct groups *g, uint32_t group, uint32_t bins)
{
	uint32_t every = (bins + SERIES_MAX - 1) / SERIES_MAX;
	struct course c = { 0 };
	double got = 0, due = 0;

	for (uint32_t b = 0; b < bins; b++) {
		simtime_t from = b * q->width, to = from + q->width < s->end ? from + q->width : s->end;
		double is = accepted(s, g, group, b), would = accepted(s->beside, g, group, b);
		got += is;
		due += would;
		if (to > q->onset && to > s->warmup && would > 0)
			course_add(&c, from > q->onset ? from : q->onset, to, is / would);
		if (b % every != every - 1 && b + 1 < bins)
			continue;
		if (due > 0 && to > s->warmup && in_series(g->name[group]))
			report_series(s->report, &quality_kpis[KPI_SERVICE], g->name[group], to, got / due);
		got = due = 0;
	}
	course_report(s, &c, q->onset, KPI_MINIMUM, KPI_RESTORED, g->name[group]);
}

static void report_service(struct sim *s, const struct quality *q)
{
	const struct groups *g = groups_of(s);
	uint32_t bins = 0;

	if (!s->beside || !traffic_accepted(s, 0, &bins))
		return;
	while (bins > 1 && (bins - 1) * q->width >= s->end)
		bins--; /* the end itself */
	for (uint32_t k = 0; k < g->n; k++)
		service_of(s, q, g, k, bins);
}

static void report_sites(struct sim *s, const struct quality *q)
{
	simtime_t every = (s->end / SERIES_MAX / q->width + 1) * q->width;
	struct course c = { 0 };
	uint32_t at = 0;

	for (uint32_t i = 0; i < q->n_steps; i++) {
		simtime_t from = q->step[i].t, to = i + 1 < q->n_steps ? q->step[i + 1].t : s->end;
		if (to > q->onset)
			course_add(&c, from > q->onset ? from : q->onset, to, (double)q->step[i].working / q->sites);
	}
	course_report(s, &c, q->onset, KPI_SITES_MINIMUM, KPI_SITES_RESTORED, "all");
	for (simtime_t t = 0; t <= s->end && q->n_steps; t += every) {
		while (at + 1 < q->n_steps && q->step[at + 1].t <= t)
			at++;
		report_series(s->report, &quality_kpis[KPI_SITES], "all", t, (double)q->step[at].working / q->sites);
		report_series(s->report, &quality_kpis[KPI_SITES_DARK], "all", t, (double)q->step[at].dark / q->sites);
		report_series(s->report, &quality_kpis[KPI_SITES_BROKEN], "all", t, (double)q->step[at].broken / q->sites);
	}
}

/* Where no hazard occurs nothing is lost: that is said, and costs nothing. */
static void report_quiet(struct sim *s)
{
	const struct groups *g = groups_of(s);

	for (uint32_t k = 0; k < g->n; k++) {
		report_kpi(s->report, &quality_kpis[KPI_MINIMUM], g->name[k], 1);
		report_kpi(s->report, &quality_kpis[KPI_INDEX], g->name[k], 1);
	}
}

void quality_finish(struct sim *s, const struct crisis *c)
{
	report_kpi(s->report, &quality_kpis[KPI_OCCURRENCES], "all", c->n);
	if (!c->quality) {
		report_quiet(s);
		return;
	}
	report_service(s, c->quality);
	if (c->quality->sites)
		report_sites(s, c->quality);
}
