/*
 * Readings beside the ordinary ones: a surge of a class's traffic, and bursts of alarms.
 *
 * A surge of a stream is one Poisson process of all its devices, thinned to the rate that it has at each moment; each reading is
 * that of a device drawn among the class's.  Their draws are their own: the ordinary readings stay the same.
 */
#include "models/service/service_private.h"

static const uint32_t PURPOSE_SURGE = RNG_PURPOSE('t', 's', 'r', 'g');
static const uint32_t PURPOSE_ALARM = RNG_PURPOSE('t', 'a', 'l', 'm');

/* A surge of one stream. */
struct surge {
	struct traffic_surge u;
	const struct stream *st;
	struct rng rng;
	double rate;     /* of all devices of the class, at its begin, 1/s */
	simtime_t from;
	double bound;    /* rate at which the next was drawn */
};

struct surges {
	struct surge **surge;
	uint32_t n, cap;
	struct traffic_alarm *alarm;
	uint32_t n_alarms, cap_alarms;
	uint16_t kind_surge, kind_alarm;
	uint64_t n_readings, n_messages;
};

/* The law of the third of six uniform draws in their order. */
double beta_3_4(struct rng *r)
{
	double u[6] = { 0 };

	for (int k = 0; k < 6; k++) {
		int at = k;
		for (double x = rng_uniform(r); at >= 0; at--) {
			if (at == 0 || u[at - 1] <= x) {
				u[at] = x;
				break;
			}
			u[at] = u[at - 1];
		}
	}
	return u[2];
}

/* ---- surges ---- */

static double rate_at(const struct surge *g, simtime_t t)
{
	return g->u.decay == SIM_NEVER ? g->rate : g->rate * exp(-sim_seconds(t - g->from) / sim_seconds(g->u.decay));
}

/* The rate does not grow: that of now is a bound. */
static void draw_next(struct sim *s, struct surge *g, uint32_t number)
{
	double wait;

	g->bound = rate_at(g, s->now);
	if (!(g->bound > 0))
		return;
	wait = rng_exponential(&g->rng, 1 / g->bound);
	if (wait < sim_seconds(g->u.until - s->now))
		sim_after(s, sim_from_seconds(wait), g->st->sv->surges->kind_surge, number, 0);
}

static void on_surge(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct service *sv = ctx;
	struct surge *g = sv->surges->surge[number];
	const struct device_class *c = &sv->dev->classes[g->u.class_index];
	bool kept = rng_uniform(&g->rng) * g->bound < rate_at(g, s->now);
	uint32_t i = c->first + rng_below(&g->rng, c->count);

	(void)detail;
	if (kept && takes_part(s, g->st, i) && (!g->u.takes || g->u.takes(s, g->u.ctx, i))) {
		sv->surges->n_readings += device_works(sv->dev->state[i]);
		reading(s, g->st, i);
	}
	draw_next(s, g, number);
}

/* Ordinary readings of a device that takes part, 1/s; 0: it has no rate. */
static double ordinary(const struct stream *st)
{
	switch (st->p->pattern) {
	case PATTERN_PERIODIC:
	case PATTERN_POISSON:
	case PATTERN_MAR: return 1 / sim_seconds(st->period);
	case PATTERN_ON_CHANGE: return (double)st->p->burst / sim_seconds(st->period);
	default: return 0;
	}
}

static bool grow(struct sim *s, struct surges *m)
{
	uint32_t cap = m->cap ? 2 * m->cap : 16;
	struct surge **surge = sim_alloc(s, cap, sizeof(struct surge *));

	if (!surge)
		return false;
	for (uint32_t i = 0; i < m->n; i++)
		surge[i] = m->surge[i];
	m->surge = surge;
	m->cap = cap;
	return true;
}

static void begin(struct sim *s, struct service *sv, const struct traffic_surge *u, const struct stream *st)
{
	struct surges *m = sv->surges;
	double rate = sv->dev->classes[u->class_index].count * ordinary(st) * (u->factor - 1);
	struct surge *g;
	uint64_t key;

	if (!(rate > 0) || (m->n == m->cap && !grow(s, m)) || !(g = sim_alloc(s, 1, sizeof *g)))
		return;
	*g = (struct surge){ .u = *u, .st = st, .rate = rate, .from = s->now };
	key = rng_mix(u->key ^ sv->dev->classes[u->class_index].node->key) ^ st->salt ^ rng_mix((uint64_t)st->period);
	g->rng = sim_rng(s, PURPOSE_SURGE, key);
	g->u.until = u->until < st->until ? u->until : st->until;
	m->surge[m->n++] = g;
	draw_next(s, g, m->n - 1);
}

void traffic_surge(struct sim *s, const struct traffic_surge *u)
{
	struct service *sv = sim_state(s, &traffic_model);

	if (!sv)
		return;
	for (uint32_t j = sv->first_stream[u->class_index]; j < sv->first_stream[u->class_index + 1]; j++)
		begin(s, sv, u, &sv->streams[sv->n_streams + j]);
}

/* ---- alarms ---- */

static bool grow_alarms(struct sim *s, struct surges *m)
{
	uint32_t cap = m->cap_alarms ? 2 * m->cap_alarms : 4;
	struct traffic_alarm *alarm;

	if (m->n_alarms > UINT16_MAX) {
		sim_fail(s, SIM_E_LIMIT, "more than %u bursts of alarms", UINT16_MAX);
		return false;
	}
	if (m->n_alarms < m->cap_alarms)
		return true;
	if (!(alarm = sim_alloc(s, cap, sizeof *alarm)))
		return false;
	for (uint32_t i = 0; i < m->n_alarms; i++)
		alarm[i] = m->alarm[i];
	m->alarm = alarm;
	m->cap_alarms = cap;
	return true;
}

static void on_alarm(struct sim *s, void *ctx, uint32_t i, uint16_t number)
{
	struct service *sv = ctx;
	const struct stream *st = &sv->streams[2 * sv->n_streams + sv->dev->class_of[i]];

	if (!device_works(sv->dev->state[i])) {
		sv->cell[sv->dev->cell[i]].missed++;
		return;
	}
	sv->surges->n_messages++;
	emit(s, st, i, sv->surges->alarm[number].bytes);
}

void traffic_alarm(struct sim *s, const struct traffic_alarm *a)
{
	struct service *sv = sim_state(s, &traffic_model);
	const struct device_class *c;

	if (!sv || sv->first_stream[a->class_index] == sv->first_stream[a->class_index + 1] || !grow_alarms(s, sv->surges))
		return;
	c = &sv->dev->classes[a->class_index];
	sv->surges->alarm[sv->surges->n_alarms] = *a;
	for (uint32_t i = c->first; i < c->first + c->count; i++) {
		struct rng r = sim_rng(s, PURPOSE_ALARM, a->key ^ device_key(sv->dev, i));
		double at = a->law == ALARM_BETA ? beta_3_4(&r) : rng_uniform(&r);
		if (!a->takes || a->takes(s, a->ctx, i))
			sim_after(s, (simtime_t)(at * (double)a->window), sv->surges->kind_alarm, i,
				  (uint16_t)sv->surges->n_alarms);
	}
	sv->surges->n_alarms++;
}

uint64_t traffic_surge_count(const struct sim *s)
{
	const struct service *sv = sim_state(s, &traffic_model);

	return sv ? sv->surges->n_readings : 0;
}

uint64_t traffic_alarm_count(const struct sim *s)
{
	const struct service *sv = sim_state(s, &traffic_model);

	return sv ? sv->surges->n_messages : 0;
}

/* ---- set-up ---- */

static void mark(struct service *sv, uint32_t index, const struct stream *like)
{
	sv->streams[index] = *like;
	sv->streams[index].index = index;
	sv->streams[index].extra = true;
}

bool surge_setup(struct sim *s, struct service *sv)
{
	struct surges *m = sv->surges = sim_alloc(s, 1, sizeof *m);

	if (!m)
		return false;
	for (uint32_t j = 0; j < sv->n_streams; j++)
		mark(sv, sv->n_streams + j, &sv->streams[j]);
	for (uint32_t k = 0; k < sv->dev->n_classes; k++)
		if (sv->first_stream[k] < sv->first_stream[k + 1])
			mark(sv, 2 * sv->n_streams + k, &sv->streams[sv->first_stream[k]]);
	m->kind_surge = sim_handler(s, "traffic.surge", on_surge, sv);
	m->kind_alarm = sim_handler(s, "traffic.alarm", on_alarm, sv);
	return true;
}
