/*
 * What a report draws of the messages: over the run, over the day, latencies, and the map.
 */
#include <string.h>

#include "models/service/service_private.h"

enum { SHOWN = 5000, SERIES_POINTS = 400, LATENCY_STEPS = 8 };

static const struct curve_def latency_curve = {
	"latency", "Latency", "latency", "s", "share of delivered messages that took longer", "%", true
};
static const struct curve_def day_curve = {
	"messages.day", "Load over the day", "hour of the day (UTC)", "h", "messages per hour", "1/h", false
};

const struct section traffic_sections[TRAFFIC_SECTIONS] = {
	{ SECTION_MAP, "Delivery on the map", "devices",
	  "Devices by the share of their messages that reached the platform; of large classes only some are shown." },
	{ SECTION_SERIES, "Delivery over time", "connectivity.delivery-ratio",
	  "Share of the messages generated in each span of time that reached their platform." },
	{ SECTION_SERIES, "Load over time", "messages.per-hour", "Messages generated per hour." },
	{ SECTION_CURVE, "Load over the day", "messages.day", "Messages generated per hour, by the hour of the day." },
	{ SECTION_CURVE, "Latency", "latency", "Share of the delivered messages that took longer than a time." },
	{ SECTION_AUDIT, "Balance of messages", "messages",
	  "Every message generated is delivered, lost for one cause, or on its way at the end." },
};

/* Shares of the map are equal by class, so that a few gauges among many meters are seen. */
bool picture_setup(struct sim *s, struct service *sv)
{
	uint32_t n = 0, quota = SHOWN / (sv->dev->n_classes ? sv->dev->n_classes : 1);

	if (!s->report->map)
		return true;
	sv->shown_class = sim_alloc(s, sv->dev->n_classes, sizeof *sv->shown_class);
	for (uint32_t k = 0; sv->shown_class && k < sv->dev->n_classes; k++) {
		struct shown_class *c = &sv->shown_class[k];
		uint32_t count = sv->dev->classes[k].count;
		c->first = n;
		while (count && ((count - 1) >> c->shift) + 1 > (quota ? quota : 1))
			c->shift++;
		n += count ? ((count - 1) >> c->shift) + 1 : 0;
	}
	sv->shown = sim_alloc(s, n, sizeof *sv->shown);
	return sv->shown_class && sv->shown;
}

static void report_map(struct sim *s, const struct service *sv)
{
	const struct devices *d = sv->dev;
	const struct city *city = city_of(sv->scenario);

	for (uint32_t k = 0; sv->shown && k < d->n_classes; k++) {
		const struct device_class *c = &d->classes[k];
		unsigned shift = sv->shown_class[k].shift;
		char group[128], name[128];
		snprintf(group, sizeof group, "class=%s", c->id);
		for (uint32_t i = 0; i < c->count; i += 1u << shift) {
			const struct shown *v = &sv->shown[sv->shown_class[k].first + (i >> shift)];
			double at[2];
			city_lonlat(city, (struct point){ d->x[c->first + i], d->y[c->first + i] }, &at[0], &at[1]);
			snprintf(name, sizeof name, "%s %u", c->id, i);
			report_feature(s->report, "devices", name, group, 1, at, "delivery ratio",
				       v->answered ? (double)v->delivered / v->answered : NAN);
		}
	}
}

/* Bins [b, end) of a class, or of all classes (k = n_classes). */
static struct bin sum_bins(const struct service *sv, uint32_t k, uint32_t b, uint32_t end)
{
	uint32_t all = k == sv->dev->n_classes;
	struct bin sum = { 0 };

	for (uint32_t j = all ? 0 : k; j < (all ? sv->dev->n_classes : k + 1); j++)
		for (uint32_t i = b; i < end; i++) {
			const struct bin *bin = &sv->bin[(size_t)j * sv->n_bins + i];
			sum.generated += bin->generated;
			sum.answered += bin->answered;
			sum.delivered += bin->delivered;
		}
	return sum;
}

static bool has_streams(const struct service *sv, uint32_t k)
{
	return k == sv->dev->n_classes || sv->first_stream[k] < sv->first_stream[k + 1];
}

static const char *group_name(const struct service *sv, uint32_t k, char *buf, size_t size)
{
	if (k == sv->dev->n_classes)
		return "all";
	snprintf(buf, size, "class=%s", sv->dev->classes[k].id);
	return buf;
}

/* The first bin after the warm-up. */
static uint32_t first_bin(const struct sim *s, const struct service *sv)
{
	return (uint32_t)((s->warmup + sv->bin_width - 1) / sv->bin_width);
}

static void report_series_of(struct sim *s, const struct service *sv, uint32_t k)
{
	uint32_t first = first_bin(s, sv), step = (sv->n_bins - first + SERIES_POINTS - 1) / SERIES_POINTS;
	char buf[128];
	const char *group = group_name(sv, k, buf, sizeof buf);

	for (uint32_t b = first; b < sv->n_bins; b += step) {
		uint32_t end = b + step < sv->n_bins ? b + step : sv->n_bins;
		simtime_t from = b * sv->bin_width, to = end == sv->n_bins ? s->end : end * sv->bin_width;
		struct bin sum = sum_bins(sv, k, b, end);
		report_series(s->report, &traffic_kpis[KPI_DELIVERY], group, from,
			      sum.answered ? (double)sum.delivered / (double)sum.answered : NAN);
		report_series(s->report, &traffic_kpis[KPI_LOAD], group, from,
			      (double)sum.generated / (sim_seconds(to - from) / 3600));
	}
}

/* Mean load by the hour of the day; not where bins are wider than an hour. */
static void report_day(struct sim *s, const struct service *sv, uint32_t k)
{
	int64_t start = (sv->scenario->run.start % 86400 + 86400) % 86400;
	double sum[24] = { 0 }, hours[24] = { 0 };
	char buf[128];

	if (sv->bin_width != SIM_HOUR)
		return;
	for (uint32_t b = first_bin(s, sv); b < sv->n_bins; b++) {
		simtime_t to = b + 1 == sv->n_bins ? s->end : (b + 1) * sv->bin_width;
		int64_t hour = (start + b * INT64_C(3600)) / 3600 % 24;
		sum[hour] += (double)sum_bins(sv, k, b, b + 1).generated;
		hours[hour] += sim_seconds(to - b * sv->bin_width) / 3600;
	}
	for (int h = 0; h < 24; h++)
		report_curve(s->report, &day_curve, group_name(sv, k, buf, sizeof buf), h,
			     hours[h] > 0 ? sum[h] / hours[h] : NAN);
}

/* At fixed steps of whole decades, so that replications average point by point. */
static void report_latency_curve(struct sim *s, const struct service *sv, uint32_t g, struct histogram *h)
{
	int from, to;

	merge_latency(sv, g, h);
	if (!h->n)
		return;
	from = (int)floor(log10(fmax((double)h->min, 1e5) * 1e-9)) * LATENCY_STEPS;
	to = (int)ceil(log10(fmax((double)h->max, 1e6) * 1e-9)) * LATENCY_STEPS;
	for (int i = from; i <= to; i++) {
		double x = pow(10, (double)i / LATENCY_STEPS);
		report_curve(s->report, &latency_curve, sv->groups->name[g], x, 100 * histogram_share_above(h, x * 1e9));
	}
}

void report_pictures(struct sim *s, const struct service *sv)
{
	struct histogram *h = sim_alloc(s, 1, sizeof *h);

	if (!h)
		return;
	for (uint32_t k = 0; k <= sv->dev->n_classes; k++)
		if (has_streams(sv, k))
			report_series_of(s, sv, k);
	for (uint32_t k = 0; k <= sv->dev->n_classes; k++)
		if (has_streams(sv, k))
			report_day(s, sv, k);
	for (uint32_t g = 0; g < sv->groups->n; g++)
		if (strncmp(sv->groups->name[g], "class=", 6) == 0)
			report_latency_curve(s, sv, g, h);
	report_map(s, sv);
}
