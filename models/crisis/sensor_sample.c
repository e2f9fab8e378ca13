/*
 * When a device looks, and what it sees.
 *
 * Samples are numbered; that of number k is taken at the device's phase + k x sampling.  The chain of samples at which noise alone alarms
 * runs all the time.  Beside it, near a hazard, each sample alarms with the chance that brings the whole to what noise and hazard
 * make of it: P = alone + (1 - alone) x beside.
 */
#include "models/crisis/sensor_private.h"

static const uint32_t PURPOSE_PHASE = RNG_PURPOSE('s', 'n', 'p', 'h');
static const uint32_t PURPOSE_GAP = RNG_PURPOSE('s', 'n', 'g', 'p');
static const uint32_t PURPOSE_SEEN = RNG_PURPOSE('s', 'n', 's', 'n');

static uint64_t key_of(const struct sensors *v, const struct sensor *sn, uint32_t device)
{
	return device_key(v->dev, device) ^ sn->salt;
}

static double draw(const struct sim *s, const struct sensors *v, const struct sensor *sn, uint32_t purpose, uint32_t device, int64_t k)
{
	uint64_t w[2];

	rng_block(s->key, purpose, key_of(v, sn, device) ^ rng_mix((uint64_t)k), 0, w);
	return rng_unit(w[0]);
}

static simtime_t phase_of(const struct sim *s, const struct sensors *v, const struct sensor *sn, uint32_t device)
{
	uint64_t w[2];

	if (sn->p->phase == PHASE_ALIGNED)
		return 0;
	rng_block(s->key, PURPOSE_PHASE, key_of(v, sn, device), 0, w);
	return (simtime_t)(rng_unit(w[0]) * (double)sn->p->sampling);
}

/* The first sample at t or later. */
static int64_t sample_from(simtime_t t, simtime_t phase, simtime_t sampling)
{
	return t <= phase ? 0 : (t - phase + sampling - 1) / sampling;
}

/* A sample has alarmed: one that the device did take, and not the second time. */
static void alarmed(struct sim *s, struct sensors *v, const struct sensor *sn, uint32_t device, int64_t k)
{
	struct sensor_row *row = sensor_row(v, sn, device);

	if (row->last == k || !device_works(v->dev->state[device]))
		return;
	row->run = row->last == k - 1 ? row->run + 1 : 1;
	row->last = k;
	if (row->run >= sn->p->consecutive && s->now >= row->quiet)
		report_alarm(s, v, sn, device);
}

/* ---- by noise alone ---- */

static void next_chance(struct sim *s, const struct sensors *v, const struct sensor *sn, uint32_t device, int64_t k)
{
	simtime_t phase = phase_of(s, v, sn, device);
	double gap, t;

	if (!(sn->alone > 0))
		return;
	gap = sn->alone < 1 ? floor(log(draw(s, v, sn, PURPOSE_GAP, device, k)) / log1p(-sn->alone)) + 1 : 1;
	t = (double)phase + ((double)k + gap) * (double)sn->p->sampling;
	if (t <= (double)s->end)
		sim_at(s, phase + (k + (int64_t)gap) * sn->p->sampling, v->kind[sn->index].chance, device, 0);
}

static void on_chance(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct sensor_kinds *of = ctx;
	const struct sensor *sn = &of->all->all[of->index];
	int64_t k = (s->now - phase_of(s, of->all, sn, device)) / sn->p->sampling;

	(void)detail;
	next_chance(s, of->all, sn, device, k);
	alarmed(s, of->all, sn, device, k);
}

/* ---- near a hazard ---- */

static struct point place_of(const struct sim *s, const struct sensors *v, uint32_t device)
{
	if (device_moves(v->dev, device))
		return device_position(s, v->dev, device);
	return (struct point){ v->dev->x[device], v->dev->y[device] };
}

/* What there is to be sensed: of a hazard with a herald, from that on, how strong it will be. */
static double sensed(const struct sim *s, const struct sensors *v, const struct sensor *sn, uint32_t device, simtime_t *until)
{
	struct point at = place_of(s, v, device);
	const struct occurrence *o;
	double most = 0;
	uint32_t n;

	o = crisis_occurrences(crisis_of(s), &n);
	for (uint32_t i = 0; i < n && o[i].onset <= s->now; i++) {
		if (o[i].end < s->now || !hazard_matches(&sn->hazard, &o[i]))
			continue;
		*until = o[i].end > *until ? o[i].end : *until;
		if (!o[i].type->herald)
			most = fmax(most, o[i].type->intensity(&o[i], at, s->now));
		else if (o[i].type->herald(&o[i], at) <= s->now)
			most = fmax(most, o[i].type->peak(&o[i], at));
	}
	return most;
}

static double chance_of(const struct sensor *sn, double level)
{
	if (!isnan(sn->p->sensitivity))
		return level >= sn->threshold ? sn->p->sensitivity : sn->alone;
	if (!(sn->sigma > 0))
		return level >= sn->threshold ? 1 : 0;
	return erfc((sn->threshold - level) / sn->sigma / M_SQRT2) / 2;
}

/* The next sample at t or later, while a hazard is under way. */
static void look_at(struct sim *s, const struct sensors *v, const struct sensor *sn, uint32_t device, simtime_t t)
{
	simtime_t phase = phase_of(s, v, sn, device), sampling = sn->p->sampling;
	int64_t k = sample_from(t, phase, sampling);

	sensor_row(v, sn, device)->looks = k <= (s->end - phase) / sampling;
	if (sensor_row(v, sn, device)->looks)
		sim_at(s, phase + k * sampling, v->kind[sn->index].sample, device, 0);
}

static void on_sample(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct sensor_kinds *of = ctx;
	struct sensors *v = of->all;
	const struct sensor *sn = &v->all[of->index];
	struct sensor_row *row = sensor_row(v, sn, device);
	int64_t k = (s->now - phase_of(s, v, sn, device)) / sn->p->sampling;
	simtime_t until = -1, next = s->now + 1, first;
	double chance = chance_of(sn, sensed(s, v, sn, device, &until));

	(void)detail;
	if (until < 0) {
		row->looks = false;
		return;
	}
	if (sn->alone < 1 && draw(s, v, sn, PURPOSE_SEEN, device, k) < (chance - sn->alone) / (1 - sn->alone))
		alarmed(s, v, sn, device, k);
	/* none of those before the first that counts for another report */
	first = row->quiet - (simtime_t)(sn->p->consecutive - 1) * sn->p->sampling;
	look_at(s, v, sn, device, first > next ? first : next);
}

/* A hazard comes within reach of the device. */
static void on_begin(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct sensor_kinds *of = ctx;
	const struct sensor *sn = &of->all->all[of->index];

	(void)detail;
	if (!sensor_row(of->all, sn, device)->looks)
		look_at(s, of->all, sn, device, s->now);
}

static simtime_t within_reach(const struct sim *s, const struct sensors *v, const struct sensor *sn, const struct occurrence *o,
			      uint32_t device)
{
	struct point at = place_of(s, v, device);
	double floor = isnan(sn->p->sensitivity) ? sn->floor : sn->threshold;

	if (device_moves(v->dev, device))
		return o->onset;
	return o->type->peak(o, at) >= floor ? hazard_noticed(o, at, floor) : SIM_NEVER;
}

static void on_hazard(struct sim *s, void *ctx, const struct occurrence *o, bool begins)
{
	const struct sensors *v = ctx;

	for (uint32_t i = 0; begins && i < v->n; i++) {
		const struct sensor *sn = &v->all[i];
		if (!hazard_matches(&sn->hazard, o))
			continue;
		for (uint32_t device = sn->first; device < sn->first + sn->count; device++) {
			simtime_t t = within_reach(s, v, sn, o, device);
			sim_at(s, t > s->now ? t : s->now, v->kind[i].begin, device, 0);
		}
	}
}

void samples_setup(struct sim *s, struct sensors *v)
{
	struct crisis *c = crisis_of(s);

	for (uint32_t i = 0; i < v->n; i++) {
		v->kind[i].all = v;
		v->kind[i].index = i;
		v->kind[i].chance = sim_handler(s, "sensor.chance", on_chance, &v->kind[i]);
		v->kind[i].begin = sim_handler(s, "sensor.begin", on_begin, &v->kind[i]);
		v->kind[i].sample = sim_handler(s, "sensor.sample", on_sample, &v->kind[i]);
	}
	if (c && crisis_occurs(c) && v->n)
		crisis_watch(s, c, on_hazard, v);
}

void samples_start(struct sim *s, const struct sensors *v)
{
	for (uint32_t i = 0; i < v->n; i++)
		for (uint32_t device = v->all[i].first; device < v->all[i].first + v->all[i].count; device++)
			next_chance(s, v, &v->all[i], device, -1);
}
