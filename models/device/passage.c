/*
 * The ways that the lives of devices take: every passage from state to state counted, the time in each state, who is where over
 * time, and how far devices come on their way into service.
 *
 * Counted by class, and only where something bears on lives: an admission hook (but for that of power, which comes and goes with
 * every grid), a service life, or somebody who says so (device_follow).  Elsewhere every device goes straight into service, and nothing here costs anything.
 */
#include <stdio.h>
#include <string.h>

#include "models/device/device_private.h"

enum { SAMPLES = 240 };

struct class_passages {
	uint32_t first[DEVICE_STATES][DEVICE_STATES];   /* into a state that the device had not been in */
	uint64_t all[DEVICE_STATES][DEVICE_STATES];
	struct exact_sum spent[DEVICE_STATES];          /* s in a state, as in cell_life */
	struct exact_sum ready;                         /* s from its turn in the roll-out to its first being operational */
};

struct passages {
	struct class_passages *of;      /* by class */
	uint16_t *seen;                 /* by device: the states that it has been in */
	uint32_t (*sample)[DEVICE_STATES];
	size_t    n_samples;
	simtime_t every;
	uint16_t  kind_sample, kind_retire;
};
_Static_assert(DEVICE_STATES <= 16, "a bit a state");

const struct flow_def passage_flow = { "life", "Life of devices", "devices" };
static const struct table_def time_table = { "life-time", "Time in each state", "state", "d" };
static const struct table_def passage_table = { "life-passages", "Passages from state to state", "passage", "passages" };

/* A device that is placed is deployed, whether or not it has power. */
static const char *stage_name(unsigned st)
{
	return st == DEVICE_DEPLOYED ? "deployed" : device_state_name((enum device_state)st);
}

static void on_sample(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct devices *d = ctx;
	const struct device_impl *im = impl_of(d);
	struct passages *p = im->passages;

	(void)subject, (void)detail;
	for (uint32_t c = 0; c < im->groups->n_cells; c++)
		for (int st = 0; st < DEVICE_STATES; st++)
			p->sample[p->n_samples][st] += im->life[c].in[st];
	if (++p->n_samples <= SAMPLES)
		sim_after(s, p->every, p->kind_sample, 0, 0);
}

static void on_retire(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	(void)ctx, (void)detail;
	device_move(s, i, DEVICE_RETIRED); /* of no effect on one that is retired */
}

void passages_begin(struct sim *s, struct devices *d)
{
	struct device_impl *im = impl_of(d);
	struct passages *p;

	if (im->passages)
		return;
	p = sim_alloc(s, 1, sizeof *p);
	if (!p)
		return;
	p->of = sim_alloc(s, d->n_classes, sizeof *p->of);
	p->seen = sim_alloc(s, d->n + 1u, sizeof *p->seen);
	p->sample = sim_alloc(s, SAMPLES + 2, sizeof *p->sample);
	if (!p->of || !p->seen || !p->sample)
		return;
	p->every = s->end / SAMPLES > SIM_SECOND ? s->end / SAMPLES : SIM_SECOND;
	p->kind_sample = sim_handler(s, "device.sample", on_sample, d);
	p->kind_retire = sim_handler(s, "device.retire", on_retire, d);
	im->passages = p;
}

void device_follow(struct sim *s)
{
	passages_begin(s, devices_of(s));
}

void passages_start(struct sim *s, struct devices *d)
{
	const struct passages *p = impl_of(d)->passages;

	if (p)
		sim_at(s, 0, p->kind_sample, 0, 0);
}

static simtime_t turn_of(const struct sim *s, const struct devices *d, uint32_t i)
{
	const struct device_part *part = &d->parts[d->classes[d->class_of[i]].part];

	while (i - part->first >= part->count)
		part++;
	return deploy_time(s, d, part, i);
}

void passages_count(struct sim *s, struct devices *d, uint32_t i, unsigned from, unsigned to)
{
	struct passages *p = impl_of(d)->passages;
	struct class_passages *c = &p->of[d->class_of[i]];
	double now = sim_seconds(s->now);

	c->all[from][to]++;
	exact_add(&c->spent[from], now);
	exact_add(&c->spent[to], -now);
	if (p->seen[i] >> to & 1)
		return;
	p->seen[i] |= (uint16_t)(1u << to);
	c->first[from][to]++;
	if (to == DEVICE_OPERATIONAL)
		exact_add(&c->ready, sim_seconds(s->now - turn_of(s, d, i)));
	if (to == DEVICE_DEPLOYED && d->classes[d->class_of[i]].service_life < SIM_NEVER)
		sim_after(s, d->classes[d->class_of[i]].service_life, p->kind_retire, i, 0);
}

/* ---- what they yield ---- */

/* Of a class, or of all. */
struct sums {
	const char *group;
	uint64_t devices, in[DEVICE_STATES], first[DEVICE_STATES][DEVICE_STATES], all[DEVICE_STATES][DEVICE_STATES];
	uint64_t stopped[DEVICE_STATES];        /* never operational, and on the way still: the furthest that they came */
	double spent[DEVICE_STATES], ready;     /* s */
};

static unsigned furthest(uint16_t seen)
{
	unsigned st = DEVICE_OPERATIONAL;

	while (st > DEVICE_MANUFACTURED && !(seen >> st & 1))
		st--;
	return st;
}

static void add_class(const struct sim *s, const struct devices *d, uint32_t k, struct sums *to)
{
	const struct passages *p = impl_of(d)->passages;
	const struct class_passages *c = &p->of[k];
	const struct device_class *class = &d->classes[k];
	uint64_t in[DEVICE_STATES] = { 0 };

	for (uint32_t i = class->first; i < class->first + class->count; i++) {
		in[d->state[i]]++;
		if (d->state[i] < DEVICE_OPERATIONAL && !(p->seen[i] >> DEVICE_OPERATIONAL & 1))
			to->stopped[furthest(p->seen[i])]++;
	}
	to->devices += class->count;
	to->ready += exact_value(&c->ready);
	for (int a = 0; a < DEVICE_STATES; a++) {
		to->in[a] += in[a];
		to->spent[a] += exact_value(&c->spent[a]) + (double)in[a] * sim_seconds(s->now);
		for (int b = 0; b < DEVICE_STATES; b++) {
			to->first[a][b] += c->first[a][b];
			to->all[a][b] += c->all[a][b];
		}
	}
}

/* Devices that have been in a state. */
static uint64_t ever_in(const struct sums *g, unsigned st)
{
	uint64_t n = st == DEVICE_MANUFACTURED ? g->devices : 0;

	for (int a = 0; a < DEVICE_STATES; a++)
		n += g->first[a][st];
	return n;
}

/* First the way into service, then who stopped on it, then what befell those in the field. */
static void report_way(struct sim *s, const struct sums *g)
{
	char name[64];

	for (unsigned st = DEVICE_MANUFACTURED; st < DEVICE_OPERATIONAL; st++)
		report_flow(s->report, &passage_flow, g->group, stage_name(st), stage_name(st + 1),
			    (double)g->first[st][st + 1]);
	for (unsigned st = DEVICE_MANUFACTURED; st < DEVICE_OPERATIONAL; st++) {
		snprintf(name, sizeof name, "not %s", stage_name(st + 1));
		if (g->stopped[st])
			report_flow(s->report, &passage_flow, g->group, stage_name(st), name, (double)g->stopped[st]);
	}
	for (unsigned to = DEVICE_OPERATIONAL + 1; to < DEVICE_STATES; to++)
		for (unsigned from = 0; from < DEVICE_STATES; from++)
			if (g->first[from][to])
				report_flow(s->report, &passage_flow, g->group, stage_name(from), stage_name(to),
					    (double)g->first[from][to]);
}

static void report_tables(struct sim *s, const struct sums *g, const char *column)
{
	char name[128];

	for (unsigned st = 0; st < DEVICE_STATES; st++)
		if (ever_in(g, st))
			report_cell(s->report, &time_table, stage_name(st), column,
				    g->spent[st] / 86400 / (double)ever_in(g, st));
	for (unsigned a = 0; a < DEVICE_STATES; a++)
		for (unsigned b = 0; b < DEVICE_STATES; b++) {
			snprintf(name, sizeof name, "%s \u2192 %s", stage_name(a), stage_name(b));
			if (g->all[a][b])
				report_cell(s->report, &passage_table, name, column, (double)g->all[a][b]);
		}
}

static void report_kpis(struct sim *s, const struct sums *g)
{
	double n = (double)g->devices, ready = (double)ever_in(g, DEVICE_OPERATIONAL);

	report_kpi(s->report, &device_kpis[KPI_EVER_OPERATIONAL], g->group, ready / n);
	report_kpi(s->report, &device_kpis[KPI_TIME_TO_OPERATIONAL], g->group, g->ready / ready);
	report_kpi(s->report, &device_kpis[KPI_RETIRED], g->group, (double)g->in[DEVICE_RETIRED] / n);
}

static void report_states(struct sim *s, const struct passages *p)
{
	char group[64];

	for (int st = 0; st < DEVICE_STATES; st++) {
		bool any = false;
		for (size_t k = 0; k < p->n_samples && !any; k++)
			any = p->sample[k][st] > 0;
		snprintf(group, sizeof group, "state=%s", device_state_name((enum device_state)st));
		for (size_t k = 0; k < p->n_samples && any; k++)
			report_series(s->report, &device_kpis[KPI_DEVICES], group, (simtime_t)k * p->every,
				      p->sample[k][st]);
	}
}

/* Who entered a state left it or is in it; all the time that there was for devices they spent in some state. */
static void balance(struct sim *s, const struct sums *g)
{
	static const char passages[] = "device passages", times[] = "device time";
	char label[80];

	report_audit(s->report, passages, "1", AUDIT_IN, "manufactured", (double)g->devices);
	report_audit(s->report, times, "s", AUDIT_IN, "devices for the whole time",
		     (double)g->devices * sim_seconds(s->now));
	for (unsigned st = 0; st < DEVICE_STATES; st++) {
		const char *name = device_state_name((enum device_state)st);
		uint64_t entered = st == DEVICE_MANUFACTURED ? g->devices : 0, left = 0;
		for (int k = 0; k < DEVICE_STATES; k++) {
			entered += g->all[k][st];
			left += g->all[st][k];
		}
		BUG_ON(s, entered - left != g->in[st]);
		snprintf(label, sizeof label, "into %s", name);
		if (st != DEVICE_MANUFACTURED)
			report_audit(s->report, passages, "1", AUDIT_IN, label, (double)entered);
		snprintf(label, sizeof label, "out of %s", name);
		report_audit(s->report, passages, "1", AUDIT_OUT, label, (double)left);
		snprintf(label, sizeof label, "%s at the end", name);
		report_audit(s->report, passages, "1", AUDIT_OUT, label, (double)g->in[st]);
		report_audit(s->report, times, "s", AUDIT_OUT, name, g->spent[st]);
	}
}

void passages_finish(struct sim *s, struct devices *d)
{
	const struct passages *p = impl_of(d)->passages;
	struct sums *all, *own;
	char group[128];

	if (!p)
		return;
	all = sim_alloc(s, 1, sizeof *all);
	own = sim_alloc(s, 1, sizeof *own);
	if (!all || !own)
		return;
	all->group = "all";
	for (uint32_t k = 0; k < d->n_classes; k++)
		add_class(s, d, k, all);
	report_way(s, all);
	report_tables(s, all, "all");
	report_kpis(s, all);
	balance(s, all);
	report_states(s, p);
	for (uint32_t k = 0; k < d->n_classes; k++) {
		memset(own, 0, sizeof *own);
		snprintf(group, sizeof group, "class=%s", d->classes[k].id);
		own->group = group;
		add_class(s, d, k, own);
		if (own->devices == 0)
			continue;
		report_kpis(s, own);
		if (own->devices < all->devices) {
			report_way(s, own);
			report_tables(s, own, d->classes[k].id);
		}
	}
}
