/*
 * What the device table yields: connected share, battery life, who was deployed, and its two balances.
 */
#include <string.h>

#include "models/device/device_private.h"

const struct kpi_def device_kpis[DEVICE_KPIS] = {
	[KPI_CONNECTED] = { "connectivity.connected-ratio", "1",
			    "devices operational (onboarded, powered, attached) ÷ devices deployed, time-averaged",
			    "Res. 98 proposal, instructs TSB 2-3 (KPI pilots)", KPI_HIGHER, false },
	[KPI_BATTERY_LIFE] = { "energy.battery-life", "yr",
			       "usable capacity ÷ mean draw in service (radio, processing, sleep, self-discharge), mean "
			       "over "
			       "devices on batteries",
			       NULL, KPI_HIGHER, false },
	[KPI_BATTERY_LIFE_P5] = { "energy.battery-life-p5", "yr",
				  "usable capacity ÷ mean draw in service: 5 % of the devices on batteries live shorter",
				  NULL, KPI_HIGHER, false },
	[KPI_EVER_OPERATIONAL] = { "lifecycle.operational-ratio", "1",
				   "devices that have been operational ÷ devices manufactured; where something bears on the "
				   "lives of devices",
				   NULL, KPI_HIGHER, true },
	[KPI_TIME_TO_OPERATIONAL] = { "lifecycle.time-to-operational", "s",
				      "a device's turn in the roll-out to its first being operational, mean over the devices "
				      "that have been",
				      NULL, KPI_LOWER, true },
	[KPI_RETIRED] = { "lifecycle.retired-ratio", "1", "devices retired at the end ÷ devices manufactured", NULL,
			  KPI_NEITHER, true },
	[KPI_DEVICES] = { "lifecycle.devices", "1", "devices in each state over time", NULL, KPI_NEITHER, true },
};

static const struct curve_def life_curve = {
	"device.battery-life", "Battery life", "battery life shorter than", "yr", "share of devices", "%", true
};

const struct section device_sections[DEVICE_SECTIONS] = {
	{ SECTION_CURVE, "Battery life", "device.battery-life",
	  "Share of the devices on batteries whose battery lives shorter, at the draw that they had in service." },
	{ SECTION_FLOW, "From manufactured to operational, and after", "life",
	  "How many devices came how far on their way into service, where the others stopped, and what befell those in service. Each "
	  "device is counted once in each state, when it first enters it.",
	  "compliance" },
	{ SECTION_STACK, "Devices by state", "lifecycle.devices", "In which state of their lives the devices are, over time.",
	  "compliance" },
	{ SECTION_TABLE, "Time in each state", "life-time",
	  "How long a device stays in a state, all its stays added up: mean over the devices that have been in it.", "compliance" },
	{ SECTION_TABLE, "Passages from state to state", "life-passages", "How often devices passed from one state to another, repeats "
	  "included.", "compliance" },
};

/* Battery lives of a group: log buckets, 128 to an octave, so that a quantile is within 0.6 %, and within the lives there are. */
enum { LIFE_OCTAVES = 64, LIFE_SUB = 128, LIFE_BUCKETS = LIFE_OCTAVES * LIFE_SUB };
struct lives {
	uint64_t n;
	double sum, least, most;
	uint32_t bucket[LIFE_BUCKETS];
};

static unsigned life_bucket(double years)
{
	double place = (log2(years) + LIFE_OCTAVES / 2.0) * LIFE_SUB;

	return (unsigned)fmin(fmax(place, 0), LIFE_BUCKETS - 1);
}

static double life_edge(unsigned bucket)
{
	return exp2((double)bucket / LIFE_SUB - LIFE_OCTAVES / 2.0);
}

static double life_quantile(const struct lives *l, double p)
{
	double rank = p * (double)l->n, before = 0;

	for (unsigned b = 0; b < LIFE_BUCKETS; b++) {
		double here = l->bucket[b];
		if (here > 0 && before + here >= rank)
			return fmin(fmax(life_edge(b) * exp2((rank - before) / here / LIFE_SUB), l->least), l->most);
		before += here;
	}
	return NAN;
}

/* NaN: mains, or never in service. */
static double life_years(const struct sim *s, const struct devices *d, uint32_t i)
{
	const struct device_class *c = &d->classes[d->class_of[i]];
	double time = device_powered_s(s, i), drawn = device_energy_j(s, i);

	return c->battery && time > 0 && drawn > 0 ? c->usable_j * time / drawn / (365.25 * 86400) : NAN;
}

static void add_life(struct lives *l, double years)
{
	l->least = l->n ? fmin(l->least, years) : years;
	l->most = l->n ? fmax(l->most, years) : years;
	l->n++;
	l->sum += years;
	l->bucket[life_bucket(years)]++;
}

/* The distribution of a class, at edges of sixteenths of an octave that are the same in every replication: from half a year
 * to 128 years, beyond which nobody reads it. */
static void report_distribution(struct sim *s, const char *group, const struct lives *l)
{
	uint64_t below = 0;
	unsigned step = LIFE_SUB / 16;

	for (unsigned b = 0; b < LIFE_BUCKETS && l->n; b += step) {
		double edge = life_edge(b + step);
		for (unsigned k = b; k < b + step; k++)
			below += l->bucket[k];
		if (edge >= 0.5 && edge <= 128)
			report_curve(s->report, &life_curve, group, edge, 100 * (double)below / (double)l->n);
	}
}

/* Of a group; its cells are few, so its devices are found class by class. */
static void report_lives(struct sim *s, const struct devices *d, const struct groups *g, uint32_t k, struct lives *l)
{
	uint32_t per_class = g->n_cells / d->n_classes;

	memset(l, 0, sizeof *l);
	for (uint32_t c = 0; c < d->n_classes; c++) {
		const struct device_class *class = &d->classes[c];
		if (!class->battery || !memchr(g->member[k] + (size_t)c * per_class, 1, per_class))
			continue;
		for (uint32_t i = class->first; i < class->first + class->count; i++) {
			double years = g->member[k][d->cell[i]] ? life_years(s, d, i) : NAN;
			if (!isnan(years))
				add_life(l, years);
		}
	}
	if (l->n == 0)
		return;
	report_kpi(s->report, &device_kpis[KPI_BATTERY_LIFE], g->name[k], l->sum / (double)l->n);
	report_kpi(s->report, &device_kpis[KPI_BATTERY_LIFE_P5], g->name[k], life_quantile(l, 0.05));
	if (strncmp(g->name[k], "class=", 6) == 0)
		report_distribution(s, g->name[k], l);
}

/* s of device time since the warm-up. */
static double time_in(const struct exact_sum *sum, uint32_t still, double now)
{
	return exact_value(sum) + still * now;
}

static void report_connected(struct sim *s, const struct device_impl *im, const struct groups *g, uint32_t k)
{
	double now = sim_seconds(s->now), deployed = 0, operational = 0;

	for (uint32_t c = 0; c < g->n_cells; c++) {
		const struct cell_life *l = &im->life[c];
		if (!g->member[k][c])
			continue;
		deployed += time_in(&l->deployed, life_count(l, device_in_field), now);
		operational += time_in(&l->operational, life_count(l, device_works), now);
	}
	report_kpi(s->report, &device_kpis[KPI_CONNECTED], g->name[k], deployed > 0 ? operational / deployed : NAN);
}

/* Deployed rows against the running counts by state; the column must say the same. */
static void balance_states(struct sim *s, const struct devices *d)
{
	const struct device_impl *im = impl_of(d);
	uint32_t scanned[DEVICE_STATES] = { 0 }, counted[DEVICE_STATES] = { 0 };

	for (uint32_t i = 0; i < d->n; i++)
		scanned[d->state[i]]++;
	for (uint32_t c = 0; c < im->groups->n_cells; c++)
		for (int st = 0; st < DEVICE_STATES; st++)
			counted[st] += im->life[c].in[st];
	for (int st = 0; st < DEVICE_STATES; st++) {
		char label[64];
		BUG_ON(s, scanned[st] != counted[st]);
		snprintf(label, sizeof label, "%s at the end", device_state_name((enum device_state)st));
		report_audit(s->report, "device states", "1", AUDIT_OUT, label, counted[st]);
	}
	for (uint32_t k = 0; k < d->n_classes; k++)
		if (d->classes[k].count)
			report_audit(s->report, "device states", "1", AUDIT_IN, d->classes[k].id, d->classes[k].count);
}

/* What each device drew against what each cell spent in each state. */
static void balance_energy(struct sim *s, const struct devices *d)
{
	static const char *const labels[ENERGY_STATES] = {
		[ENERGY_SLEEP] = "sleep", [ENERGY_IDLE] = "idle",      [ENERGY_RX] = "receiving",
		[ENERGY_TX] = "sending",  [ENERGY_CPU] = "processing",
	};
	const struct device_impl *im = impl_of(d);
	uint32_t per_class = im->groups->n_cells / (d->n_classes ? d->n_classes : 1);
	struct exact_sum drawn = { 0 }, spent[ENERGY_STATES] = { { 0 } }, lost = { 0 };

	for (uint32_t i = 0; i < d->n; i++)
		exact_add(&drawn, device_energy_j(s, i));
	for (uint32_t c = 0; c < im->groups->n_cells; c++) {
		const struct cell_life *l = &im->life[c];
		const struct device_class *class = &d->classes[c / per_class];
		double powered = time_in(&l->powered, life_count(l, device_is_powered), sim_seconds(s->now));
		for (int e = 0; e < ENERGY_STATES; e++) {
			exact_add(&spent[e], exact_value(&l->active[e].joules));
			exact_add(&spent[ENERGY_SLEEP], -class->sleep_w * sim_seconds(l->active[e].time));
		}
		exact_add(&spent[ENERGY_SLEEP], class->sleep_w * powered);
		exact_add(&lost, class->self_discharge_w * powered);
	}
	report_audit(s->report, "energy", "J", AUDIT_IN, "drawn by devices", exact_value(&drawn));
	for (int e = 0; e < ENERGY_STATES; e++)
		report_audit(s->report, "energy", "J", AUDIT_OUT, labels[e], exact_value(&spent[e]));
	report_audit(s->report, "energy", "J", AUDIT_OUT, "self-discharge", exact_value(&lost));
}

static void report_classes(struct sim *s, const struct devices *d)
{
	const struct device_impl *im = impl_of(d);
	uint32_t per_class = im->groups->n_cells / (d->n_classes ? d->n_classes : 1);

	report_fact(s->report, "Devices", "%u in %u class%s", d->n, d->n_classes, d->n_classes == 1 ? "" : "es");
	for (uint32_t k = 0; k < d->n_classes; k++) {
		const struct device_class *c = &d->classes[k];
		uint32_t indoor = 0, planned = 0;
		char name[128];
		for (uint32_t i = c->first; i < c->first + c->count; i++)
			indoor += d->indoor[i];
		for (uint32_t j = 0; j < per_class; j++)
			planned += im->life[k * per_class + j].in[DEVICE_MANUFACTURED];
		snprintf(name, sizeof name, "Class %s", c->id);
		if (c->count)
			report_fact(s->report, name, "%u, %.3g %% of them indoors, %s%s", c->count,
				    100.0 * indoor / c->count, c->battery ? "on batteries" : "on mains power",
				    planned ? "; some not yet powered at the end" : "");
	}
}

void account_finish(struct sim *s, struct devices *d)
{
	const struct groups *g = groups_of(s);
	struct lives *l = sim_alloc(s, 1, sizeof *l);

	if (!l)
		return;
	report_classes(s, d);
	verticals_report(s, d, g);
	for (uint32_t k = 0; k < g->n; k++) {
		report_connected(s, impl_of(d), g, k);
		report_lives(s, d, g, k, l);
	}
	passages_finish(s, d);
	balance_states(s, d);
	balance_energy(s, d);
}
