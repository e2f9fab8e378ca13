/*
 * What warnings came to: detections, false alarms, and who was warned when.
 *
 * People at risk of an occurrence are those where its peak reaches the level of risk; its impact there is when it first does.
 */
#include "models/crisis/warning_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "models/device/mobility.h"

enum {
	KPI_DETECTION, KPI_WARNING, KPI_WARNED, KPI_FALSE, KPI_DETECTED, KPI_OFF, KPI_LEAD, KPI_AT_RISK, KPI_ACTUATED, KPI_ACTUATION
};

static const char early_warning[] = "SDG 13.3, SDG 11.5; WTSA Resolution 98";

const struct kpi_def warning_kpis[WARNING_KPIS] = {
	[KPI_DETECTION] = { "crisis.detection-time", "s",
			    "onset (the hazard first exceeds the threshold at any sensor's place) to the detection by the rule, mean over "
			    "hazards detected",
			    early_warning, KPI_LOWER, false },
	[KPI_WARNING] = { "crisis.warning-time", "s",
			  "onset to the warning of 95 % of the people at risk that any way reached, mean over hazards warned of",
			  early_warning, KPI_LOWER, false },
	[KPI_WARNED] = { "crisis.warned-ratio", "1", "people at risk warned before impact ÷ people at risk", early_warning, KPI_HIGHER,
			 false },
	[KPI_FALSE] = { "crisis.false-alarm-rate", "1/yr", "warnings with no hazard under way ÷ time with none under way", NULL,
			KPI_LOWER, false },
	[KPI_DETECTED] = { "crisis.detected-ratio", "1", "hazards detected ÷ hazards that exceed the threshold at any sensor's place",
			   early_warning, KPI_HIGHER, true },
	[KPI_OFF] = { "crisis.location-error", "m",
		      "mean place of the devices whose reports made the detection to the middle of the hazard then", NULL, KPI_LOWER, true },
	[KPI_LEAD] = { "crisis.lead-time", "s", "warning to impact, median over people warned before impact", early_warning, KPI_HIGHER,
		       true },
	[KPI_AT_RISK] = { "crisis.people-at-risk", "1", "people where the hazard reaches the level of risk", NULL, KPI_NEITHER, true },
	[KPI_ACTUATED] = { "crisis.actuated-ratio", "1", "devices that a warning reached ÷ devices that it was sent to", NULL, KPI_HIGHER,
			   true },
	[KPI_ACTUATION] = { "crisis.actuation-time", "s", "warning's issue to its arrival at a device, mean", NULL, KPI_LOWER, true },
};

static const struct table_def warned_table = { "crisis.warned", "Who was warned", "district", "persons" };
static const struct curve_def warned_curve = { "crisis.warned-by", "People at risk warned, by the way that was first", "time since onset",
					       "min", "share of the people at risk", "1", false };

const struct section warning_sections[WARNING_SECTIONS] = {
	{ SECTION_TABLE, "Who was warned", "crisis.warned",
	  "People at risk live where the hazard becomes dangerous.  They are warned in time if the warning reaches them before it does; half "
	  "of those had at least the median time to act.",
	  "crisis", 3 },
	{ SECTION_CURVE, "People at risk warned, by the way that was first", "crisis.warned-by",
	  "Share of the people at risk who have been warned, whether in time or too late.", "crisis", 3 },
};

/* ---- people ---- */

/* A point at risk in one occurrence. */
struct risked { uint32_t point; int32_t district; double persons, warned, impact; /* s of the run; infinite: never */ uint8_t channel; };

static uint32_t find_risked(struct sim *s, const struct warning *w, uint32_t number, const struct people *people, struct risked *r)
{
	uint32_t n;
	const struct occurrence *o = &crisis_occurrences(crisis_of(s), &n)[number];
	const struct issue *i = w->detection[number].issue;

	n = 0;
	for (uint32_t k = 0; k < people->n; k++) {
		const struct person_point *p = &people->point[k];
		simtime_t impact =
			o->type->peak(o, p->at) >= w->plan->risk ? o->type->reach(o, p->at, w->plan->risk) : SIM_NEVER;
		double warned = i && i->people ? sim_seconds(i->at) + i->after[k] : INFINITY;
		if (impact == SIM_NEVER)
			continue;
		/* what is noticed after the run has not happened in it */
		r[n++] = (struct risked){ .point = k,
					  .district = p->district,
					  .persons = p->persons,
					  .warned = warned <= sim_seconds(s->end) ? warned : INFINITY,
					  .impact = sim_seconds(impact),
					  .channel = i && i->people ? i->channel[k] : CHANNEL_NONE };
	}
	return n;
}

static int by_warned(const void *a, const void *b)
{
	const struct risked *x = a, *y = b;

	if (x->warned < y->warned || x->warned > y->warned)
		return x->warned < y->warned ? -1 : 1;
	return (x->point > y->point) - (x->point < y->point);
}

/* When 95 % of those that are warned at all have been; r in order of that.  NaN: nobody is. */
static double most_warned(const struct risked *r, uint32_t n)
{
	double all = 0, sum = 0;
	uint32_t k = 0;

	for (uint32_t j = 0; j < n && isfinite(r[j].warned); j++)
		all += r[j].persons;
	if (!(all > 0))
		return NAN;
	while (sum < 0.95 * all * (1 - 1e-12))
		sum += r[k++].persons;
	return r[k - 1].warned;
}

/* ---- sums over occurrences ---- */

struct lead { double time, persons; };
/* Of a district (the last: of none), or of all. */
struct warned_sum { double at_risk, in_time; struct lead *lead; uint32_t n, cap; };

enum { CURVE_POINTS = 17 };
static const double curve_minutes[CURVE_POINTS] = { 0, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 360 };

struct totals {
	double detection, warning, off, detected, noticed, warned, placed;      /* sums of s and m, and of how many */
	struct warned_sum all, *district;
	double by_channel[CHANNEL_KINDS][CURVE_POINTS];
};

static void add_lead(struct sim *s, struct warned_sum *w, double time, double persons)
{
	if (w->n == w->cap) {
		uint32_t cap = w->cap ? 2 * w->cap : 64;
		struct lead *l = sim_alloc(s, cap, sizeof *l);
		if (!l)
			return;
		for (uint32_t k = 0; k < w->n; k++)
			l[k] = w->lead[k];
		w->lead = l;
		w->cap = cap;
	}
	w->lead[w->n++] = (struct lead){ time, persons };
}

static void add_person(struct sim *s, struct warned_sum *w, const struct risked *r)
{
	w->at_risk += r->persons;
	if (!(r->warned < r->impact))
		return;
	w->in_time += r->persons;
	add_lead(s, w, r->impact - r->warned, r->persons);
}

static int by_lead(const void *a, const void *b)
{
	const struct lead *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static double median_lead(const struct warned_sum *w)
{
	double sum = 0;
	uint32_t k = 0;

	if (w->n == 0)
		return NAN;
	qsort(w->lead, w->n, sizeof *w->lead, by_lead);
	while (k < w->n && sum < w->in_time / 2)
		sum += w->lead[k++].persons;
	return w->lead[k - 1].time;
}

static void add_curve(struct totals *t, const struct risked *r, double onset)
{
	for (int k = 0; k < CURVE_POINTS; k++)
		if (r->warned <= onset + 60 * curve_minutes[k] && r->channel < CHANNEL_KINDS)
			t->by_channel[r->channel][k] += r->persons;
}

/* When sensors of the warning could first know of it; SIM_NEVER: nowhere. */
static simtime_t noticed(const struct sim *s, const struct warning *w, const struct occurrence *o)
{
	const struct devices *d = w->all->dev;
	simtime_t first = SIM_NEVER;
	uint32_t n;
	const struct sensor *sensor = sensors_of(s, &n);

	for (uint32_t k = 0; k < n; k++) {
		if (!w->hears[k] || !hazard_matches(&sensor[k].hazard, o))
			continue;
		for (uint32_t i = sensor[k].first; i < sensor[k].first + sensor[k].count; i++) {
			simtime_t t = hazard_noticed(o, (struct point){ d->x[i], d->y[i] }, sensor[k].threshold);
			first = t < first ? t : first;
		}
	}
	return first;
}

static void add_detection(struct totals *t, const struct detection *x, simtime_t onset)
{
	if (onset != SIM_NEVER) {
		t->noticed++;
		t->detected += x->detected;
		t->detection += x->detected ? sim_seconds(x->at - onset) : 0;
	}
	if (x->detected && !isnan(x->off)) {
		t->placed++;
		t->off += x->off;
	}
}

static void add_occurrence(struct sim *s, struct totals *t, const struct warning *w, uint32_t number, const struct people *people,
			   struct risked *r)
{
	uint32_t occurrences, n = find_risked(s, w, number, people, r);
	const struct occurrence *o = &crisis_occurrences(crisis_of(s), &occurrences)[number];
	simtime_t first = noticed(s, w, o);
	double onset = sim_seconds(first != SIM_NEVER ? first : o->onset), most;

	add_detection(t, &w->detection[number], first);
	qsort(r, n, sizeof *r, by_warned);
	most = most_warned(r, n);
	w->detection[number].most = most;
	if (!isnan(most)) {
		t->warned++;
		t->warning += most - onset;
	}
	for (uint32_t k = 0; k < n; k++) {
		add_person(s, &t->all, &r[k]);
		add_person(s, &t->district[r[k].district + 1], &r[k]);
		add_curve(t, &r[k], onset);
	}
}

/* ---- false alarms ---- */

/* Time in which none of the hazards of a warning is under way, yr. */
static double quiet_years(const struct sim *s, const struct warning *w)
{
	uint32_t n;
	const struct occurrence *o = crisis_occurrences(crisis_of(s), &n);
	simtime_t until = 0, busy = 0;

	for (uint32_t i = 0; i < n; i++) {
		simtime_t from = o[i].onset > until ? o[i].onset : until, to = o[i].end < s->now ? o[i].end : s->now;
		if (!hazard_matches(&w->plan->hazard, &o[i]) || to <= from)
			continue;
		busy += to - from;
		until = to;
	}
	return sim_seconds(s->now - busy) / (365.25 * 86400);
}

/* ---- report ---- */

static double per(double sum, double n)
{
	return n > 0 ? sum / n : NAN;
}

static void report_totals(struct sim *s, struct totals *t, const char *group)
{
	report_kpi(s->report, &warning_kpis[KPI_DETECTION], group, per(t->detection, t->detected));
	report_kpi(s->report, &warning_kpis[KPI_WARNING], group, per(t->warning, t->warned));
	report_kpi(s->report, &warning_kpis[KPI_WARNED], group, per(t->all.in_time, t->all.at_risk));
	report_kpi(s->report, &warning_kpis[KPI_DETECTED], group, per(t->detected, t->noticed));
	report_kpi(s->report, &warning_kpis[KPI_OFF], group, per(t->off, t->placed));
	report_kpi(s->report, &warning_kpis[KPI_LEAD], group, median_lead(&t->all));
	report_kpi(s->report, &warning_kpis[KPI_AT_RISK], group, t->all.at_risk > 0 ? t->all.at_risk : NAN);
}

/* Of one warning, or of all of them. */
static void report_counts(struct sim *s, const struct warning *w, uint32_t n, const char *group)
{
	double rate = 0;
	struct actuated down = { 0, 0, 0 };

	for (uint32_t k = 0; k < n; k++) {
		struct actuated a = outreach_actuated(w[k].outreach);
		rate += per((double)w[k].false_alarms, quiet_years(s, &w[k]));
		down.targets += a.targets;
		down.reached += a.reached;
		down.delay_sum += a.delay_sum;
	}
	report_kpi(s->report, &warning_kpis[KPI_FALSE], group, rate);
	report_kpi(s->report, &warning_kpis[KPI_ACTUATED], group, per(down.reached, down.targets));
	report_kpi(s->report, &warning_kpis[KPI_ACTUATION], group, per(down.delay_sum, down.reached));
}

static void report_district(struct sim *s, const char *name, struct warned_sum *w)
{
	double lead = median_lead(w);

	if (!(w->at_risk > 0))
		return;
	report_cell(s->report, &warned_table, name, "persons at risk", w->at_risk);
	report_cell(s->report, &warned_table, name, "warned in time", w->in_time);
	if (!isnan(lead))
		report_cell(s->report, &warned_table, name, "median time to act, s", lead);
}

static void report_districts(struct sim *s, const struct city *city, struct totals *t)
{
	char group[160];

	for (size_t i = 0; i < city_n_districts(city); i++) {
		const struct district *d = city_district(city, i);
		report_district(s, d->name, &t->district[i + 1]);
		snprintf(group, sizeof group, "district=%s", d->id);
		report_kpi(s->report, &warning_kpis[KPI_WARNED], group,
			   per(t->district[i + 1].in_time, t->district[i + 1].at_risk));
	}
	report_district(s, "elsewhere", &t->district[0]);
}

static void report_ways(struct sim *s, const struct totals *t)
{
	for (enum channel_kind c = 0; c < CHANNEL_KINDS; c++)
		for (int k = 0; k < CURVE_POINTS && t->by_channel[c][CURVE_POINTS - 1] > 0; k++)
			report_curve(s->report, &warned_curve, channel_name(c), curve_minutes[k],
				     t->by_channel[c][k] / t->all.at_risk);
}

/* Of n warnings from w on; false after sim_fail. */
static bool collect(struct sim *s, const struct warnings *all, const struct warning *w, uint32_t n, struct totals *t)
{
	const struct city *city = city_of(all->scenario);
	uint32_t occurrences;
	const struct occurrence *o = crisis_occurrences(crisis_of(s), &occurrences);
	const struct people *people = occurrences ? people_of(s, all->scenario) : NULL;
	struct risked *r = people ? sim_alloc(s, people->n + 1u, sizeof *r) : NULL;

	*t = (struct totals){ .district = sim_alloc(s, city_n_districts(city) + 1, sizeof *t->district) };
	if (!t->district)
		return false;
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t i = 0; r && i < occurrences; i++)
			if (hazard_matches(&w[k].plan->hazard, &o[i]))
				add_occurrence(s, t, &w[k], i, people, r);
	return s->status == SIM_OK;
}

/* On the timeline: when it was detected, and from the warning until nearly all who hear of it have. */
static void span_warning(struct sim *s, const struct occurrence *o, const struct detection *x)
{
	const char *name = o->element->id && *o->element->id ? o->element->id : o->element->model->name;
	char text[120];

	if (!x->detected || x->at > s->end)
		return;
	snprintf(text, sizeof text, "%.60s detected", name);
	report_span(s->report, &crisis_timeline, "warning", text, SPAN_WARN, x->at, x->at, NAN);
	if (!x->issue || x->issue->at > s->end)
		return;
	simtime_t from = x->issue->at, to = isnan(x->most) ? from : sim_from_seconds(x->most);
	snprintf(text, sizeof text, isnan(x->most) ? "%.40s: warning sent" : "%.40s: 95 %% of those reached warned", name);
	report_span(s->report, &crisis_timeline, "warning", text, SPAN_GOOD, from, to > from ? to : from, NAN);
}

static void span_warnings(struct sim *s, const struct warnings *all)
{
	uint32_t n;
	const struct occurrence *o = crisis_occurrences(crisis_of(s), &n);

	for (uint32_t k = 0; k < all->n; k++)
		for (uint32_t i = 0; i < n; i++)
			if (hazard_matches(&all->w[k].plan->hazard, &o[i]))
				span_warning(s, &o[i], &all->w[k].detection[i]);
}

void warnings_report(struct sim *s, const struct warnings *all)
{
	struct totals t;
	char group[160];

	if (!collect(s, all, all->w, all->n, &t))
		return;
	report_totals(s, &t, "all");
	report_counts(s, all->w, all->n, "all");
	report_districts(s, city_of(all->scenario), &t);
	report_ways(s, &t);
	if (s->report->map)
		span_warnings(s, all);
	for (uint32_t k = 0; all->n > 1 && k < all->n; k++) {
		if (!all->w[k].node->id || !collect(s, all, &all->w[k], 1, &t))
			continue;
		snprintf(group, sizeof group, "warning=%s", all->w[k].node->id);
		report_totals(s, &t, group);
		report_counts(s, &all->w[k], 1, group);
	}
}
