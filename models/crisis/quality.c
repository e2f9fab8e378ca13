/*
 * Quality of service in a crisis, relative to the twin that was run without it.
 *
 * Q of a bin of generation time is what was accepted of it divided by what the twin had accepted.  Both draw the same chances, so that
 * they are the same to the message while nothing is broken: also what is in flight at the end, which neither has.
 */
#include <string.h>

#include "models/crisis/quality_private.h"
#include "models/device/group.h"
#include "models/service/traffic.h"

enum { SERIES_POINTS = 2880 };

const double quality_levels[QUALITY_LEVELS] = { 0.5, 0.9, 0.99 };

#define RESTORED(name, of, what, share)                                                                                            \
	{ name, "s", "first onset to " of " staying at or above " share " of " what "; absent where the run ends before", NULL, KPI_LOWER,
#define UNRESTORED(name, of, share)                                                                                                \
	{ name, "1", "1 where the run ends before " of " stays at or above " share ", else 0: over replications the share cut off", NULL, \
	  KPI_LOWER, true }

#define Q "Q(t)"
#define SITES "the share of gateways and sites that work"
const struct kpi_def quality_kpis[QUALITY_KPIS] = {
	[KPI_SERVICE] = { "crisis.service", "1",
			  "Q(t): messages accepted, by quarters of an hour of their generation, \303\267 those of the same replication without its "
			  "crisis", NULL, KPI_HIGHER, true },
	[KPI_SERVICE_MINIMUM] = { "crisis.service-minimum", "1", "lowest Q(t), a share of service without the crisis, from the first onset on", NULL, KPI_HIGHER, false },
	[KPI_RESILIENCE] = { "crisis.resilience-index", "1", "mean of Q(t), a share of service without the crisis, from the first onset to the end of the run", NULL, KPI_HIGHER, false },
	[KPI_RESTORATION] = RESTORED("crisis.restoration-time-50", Q, "what it would be", "50 %") false },
	[KPI_RESTORATION + 1] = RESTORED("crisis.restoration-time-90", Q, "what it would be", "90 %") false },
	[KPI_RESTORATION + 2] = RESTORED("crisis.restoration-time-99", Q, "what it would be", "99 %") false },
	[KPI_UNRESTORED] = UNRESTORED("crisis.unrestored-50", Q, "50 %"),
	[KPI_UNRESTORED + 1] = UNRESTORED("crisis.unrestored-90", Q, "90 %"),
	[KPI_UNRESTORED + 2] = UNRESTORED("crisis.unrestored-99", Q, "99 %"),
	[KPI_SITES] = { "crisis.sites-working", "1", "gateways and sites that work \303\267 all of them", NULL, KPI_HIGHER, true },
	[KPI_SITES_MINIMUM] = { "crisis.sites-minimum", "1", "lowest share of gateways and sites that work, from the first onset on", NULL,
				KPI_HIGHER, true },
	[KPI_SITES_OUT] = { "crisis.sites-out", "s", "time that a gateway or site did not work from the first onset on, mean over them", NULL,
			    KPI_LOWER, true },
	[KPI_SITES_RESTORATION] = RESTORED("crisis.sites-restoration-50", SITES, "them", "50 %") true },
	[KPI_SITES_RESTORATION + 1] = RESTORED("crisis.sites-restoration-90", SITES, "them", "90 %") true },
	[KPI_SITES_RESTORATION + 2] = RESTORED("crisis.sites-restoration-99", SITES, "them", "99 %") true },
	[KPI_SITES_UNRESTORED] = UNRESTORED("crisis.sites-unrestored-50", SITES, "50 %"),
	[KPI_SITES_UNRESTORED + 1] = UNRESTORED("crisis.sites-unrestored-90", SITES, "90 %"),
	[KPI_SITES_UNRESTORED + 2] = UNRESTORED("crisis.sites-unrestored-99", SITES, "99 %"),
};
#undef Q
#undef SITES

bool quality_reaches(double part, double whole, double level)
{
	return part >= level * whole * (1 - 1e-12);
}

/* Counts of a group by bin, of this run and of the twin. */
struct bins {
	uint64_t *ours, *twins;
	uint32_t n;
	simtime_t width;
};

static void add_bins(uint64_t *sum, const struct accepted *a, const uint8_t *member)
{
	memset(sum, 0, a->n_bins * sizeof *sum);
	for (uint32_t c = 0; c < a->n_cells; c++)
		for (uint32_t b = 0; member[c] && a->cell[c] && b < a->n_bins; b++)
			sum[b] += a->cell[c][b];
}

/* How much of a bin lies between the onset and the end of the run. */
static simtime_t after_onset(const struct bins *q, uint32_t b, simtime_t onset, simtime_t end)
{
	simtime_t from = b * q->width, to = from + q->width;

	from = from > onset ? from : onset;
	to = to < end ? to : end;
	return to > from ? to - from : 0;
}

static void report_restoration(struct sim *s, const char *group, const struct bins *q, simtime_t onset)
{
	for (int k = 0; k < QUALITY_LEVELS; k++) {
		simtime_t below = onset; /* until when it was last */
		bool whole = true;
		for (uint32_t b = (uint32_t)(onset / q->width); b < q->n; b++)
			if (q->twins[b]) {
				whole = quality_reaches((double)q->ours[b], (double)q->twins[b], quality_levels[k]);
				below = whole ? below : (b + 1) * q->width;
			}
		if (whole)
			report_kpi(s->report, &quality_kpis[KPI_RESTORATION + k], group, sim_seconds(below - onset));
		report_kpi(s->report, &quality_kpis[KPI_UNRESTORED + k], group, !whole);
	}
}

/* Bins in which the twin has nothing accepted have no quality. */
static void report_quality(struct sim *s, const char *group, const struct bins *q, simtime_t onset)
{
	double least = INFINITY, area = 0, time = 0;

	for (uint32_t b = (uint32_t)(onset / q->width); b < q->n; b++) {
		double share = (double)q->ours[b] / (double)q->twins[b],
		       weight = sim_seconds(after_onset(q, b, onset, s->end));
		if (!q->twins[b])
			continue;
		least = fmin(least, share);
		area += share * weight;
		time += weight;
	}
	if (!(time > 0))
		return;
	report_kpi(s->report, &quality_kpis[KPI_SERVICE_MINIMUM], group, least);
	report_kpi(s->report, &quality_kpis[KPI_RESILIENCE], group, area / time);
	report_restoration(s, group, q, onset);
}

static void report_course(struct sim *s, const char *group, const struct bins *q)
{
	uint32_t step = (q->n + SERIES_POINTS - 1) / SERIES_POINTS;

	for (uint32_t b = 0; b < q->n; b += step) {
		uint64_t ours = 0, twins = 0;
		for (uint32_t i = b; i < q->n && i < b + step; i++) {
			ours += q->ours[i];
			twins += q->twins[i];
		}
		if (twins)
			report_series(s->report, &quality_kpis[KPI_SERVICE], group, b * q->width,
				      (double)ours / (double)twins);
	}
}

static void report_service_quality(struct sim *s, const struct crisis *c)
{
	const struct accepted *ours = traffic_accepted(s), *twins = traffic_accepted(s->other);
	const struct groups *g = ours && twins ? groups_of(s) : NULL;
	struct bins q = { 0 };

	if (!g)
		return;
	q = (struct bins){ .ours = sim_alloc(s, ours->n_bins, sizeof *q.ours),
			   .twins = sim_alloc(s, ours->n_bins, sizeof *q.twins),
			   .n = ours->n_bins,
			   .width = ours->width };
	for (uint32_t i = 0; i < g->n && q.ours && q.twins; i++) {
		add_bins(q.ours, ours, g->member[i]);
		add_bins(q.twins, twins, g->member[i]);
		report_quality(s, g->name[i], &q, crisis_onset(c));
		if (i == 0 || strncmp(g->name[i], "class=", strlen("class=")) == 0)
			report_course(s, g->name[i], &q);
	}
}

void quality_setup(struct sim *s, struct crisis *c)
{
	if (crisis_occurs(c))
		c->sites = site_quality_new(s, c);
}

void quality_start(struct sim *s, struct crisis *c)
{
	if (c->sites)
		site_quality_start(s, c->sites);
}

/* In a window, which has no twin, nothing of this is asked for. */
void quality_finish(struct sim *s, const struct crisis *c)
{
	if (!s->other)
		return;
	report_service_quality(s, c);
	if (c->sites)
		site_quality_report(s, c->sites);
}
