/*
 * When a device is onboarded: once its network has attached it, again after a failure, after a power cut, and when what it holds
 * has expired.
 */
#include "models/bootstrap/onboarding_private.h"

static const uint32_t PURPOSE_RETRY = RNG_PURPOSE('o', 'r', 't', 'y');
static const uint32_t PURPOSE_SPREAD = RNG_PURPOSE('o', 's', 'p', 'r');

static const struct sequence *sequence_of(const struct onboarding *o, uint32_t i)
{
	return o->of_class[o->dev->class_of[i]];
}

static const struct onboarding_params *params_of(const struct onboarding *o, uint32_t i)
{
	return sequence_of(o, i)->method[0].p;
}

/* Named by device and instant: a device does either at most once at a time. */
static double unit(const struct sim *s, const struct onboarding *o, uint32_t purpose, uint32_t i)
{
	uint64_t w[2];

	rng_block(s->key, purpose, device_key(o->dev, i) ^ rng_mix((uint64_t)s->now), 0, w);
	return rng_unit(w[0]);
}

/* Wait before it begins. */
static void wait_until(struct sim *s, struct onboarding *o, uint32_t i, simtime_t delay)
{
	struct boarding *b = boarding_of(o, i);

	b->stage = STAGE_WAITS;
	b->generation++;
	sim_after(s, delay, o->kind_act, i, b->generation);
}

void boarding_go_on(struct sim *s, const struct onboarding *o, uint32_t i)
{
	if (o->asked != i)
		device_retry(s, i);
}

void boarding_begin(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);

	b->stage = STAGE_IDLE;
	if (o->dev->state[i] == DEVICE_POWERED) { /* its turn to attach */
		b->spread = 1;
		device_retry(s, i);
		return;
	}
	if (!b->trying)
		attempts_begin(s, o, i);
	if (b->at < sequence_of(o, i)->n_join)
		join_ask(s, o, i); /* the network has not */
	else
		run_next(s, o, i);
}

/* Asked on the way to a state: whether what it takes is done; if not, it is begun. */
static bool done_or_begun(struct sim *s, struct onboarding *o, uint32_t i, uint16_t exchanges)
{
	struct boarding *b = boarding_of(o, i);
	const struct onboarding_params *p;
	uint32_t before = o->asked;

	if (!b || b->at >= exchanges)
		return true;
	if (b->stage != STAGE_IDLE)
		return false;
	p = params_of(o, i);
	if (p->spread > 0 && !b->spread) {
		b->spread = 1;
		wait_until(s, o, i, (simtime_t)(unit(s, o, PURPOSE_SPREAD, i) * (double)p->spread));
	} else {
		o->asked = i;
		boarding_begin(s, o, i);
		o->asked = before;
	}
	return b->at >= exchanges; /* where nothing takes time */
}

static bool may_attach(struct sim *s, void *ctx, uint32_t i)
{
	struct onboarding *o = ctx;
	struct boarding *b = boarding_of(o, i);

	if (!b || b->spread || params_of(o, i)->spread == 0)
		return true;
	if (b->stage == STAGE_IDLE)
		wait_until(s, o, i, (simtime_t)(unit(s, o, PURPOSE_SPREAD, i) * (double)params_of(o, i)->spread));
	return false;
}

static bool may_authenticate(struct sim *s, void *ctx, uint32_t i)
{
	const struct sequence *q = sequence_of(ctx, i);

	return !q || done_or_begun(s, ctx, i, q->n_first);
}

static bool may_bootstrap(struct sim *s, void *ctx, uint32_t i)
{
	const struct sequence *q = sequence_of(ctx, i);

	return !q || done_or_begun(s, ctx, i, q->n);
}

/* An attempt is over in vain: nothing of it counts but the phase before. */
static void give_way(struct sim *s, struct onboarding *o, uint32_t i, enum attempt_end how)
{
	struct boarding *b = boarding_of(o, i);
	const struct sequence *q = sequence_of(o, i);

	if (b->trying)
		attempts_end(s, o, i, how);
	run_void(o, i);
	b->at = b->at >= q->n_first ? q->n_first : b->at >= q->n_join ? q->n_join : 0;
}

/* Exponential, with full jitter; above what a server has told it. */
static simtime_t back_off(const struct sim *s, const struct onboarding *o, uint32_t i)
{
	const struct onboarding_params *p = params_of(o, i);
	unsigned doublings = boarding_of(o, i)->failures - 1u;
	double most = sim_seconds(p->retry_min) * exp2(doublings < 60 ? doublings : 60);

	return sim_from_seconds(unit(s, o, PURPOSE_RETRY, i) * fmin(most, sim_seconds(p->retry_max)));
}

void run_fail(struct sim *s, struct onboarding *o, uint32_t i, enum attempt_end how, simtime_t least)
{
	struct boarding *b = boarding_of(o, i);
	const struct onboarding_params *p = params_of(o, i);

	give_way(s, o, i, how);
	if (b->failures < UINT8_MAX)
		b->failures++;
	if (p->attempts && b->failures >= p->attempts)
		b->stage = STAGE_GAVE_UP;
	else
		wait_until(s, o, i, least + back_off(s, o, i));
}

/* ---- power, credentials ---- */

static void lose_power(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct onboarding_params *p = params_of(o, i);

	give_way(s, o, i, ATTEMPT_CUT);
	b->failures = 0;
	b->spread = 0;
	if (p->keeps == KEEPS_ALL && b->bootstrapped)
		b->at = sequence_of(o, i)->n;
	else
		b->at = 0;
	if (p->keeps == KEEPS_NOTHING)
		b->bootstrapped = 0;
}

/* Everything again. */
static void forget(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);

	give_way(s, o, i, ATTEMPT_CUT);
	b->at = 0;
	b->failures = 0;
	b->bootstrapped = 0;
	b->spread = 0;
	b->begun = s->now;
}

static void onboarded(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct onboarding_params *p = params_of(o, i);

	if (!b->trying)
		return; /* cured, or released: nothing has been onboarded */
	attempts_end(s, o, i, ATTEMPT_OK);
	b->failures = 0;
	b->credential++;
	if (p->validity != SIM_NEVER)
		sim_after(s, p->validity, o->kind_expire, i, b->credential);
}

static void on_change(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	struct onboarding *o = ctx;
	struct boarding *b = boarding_of(o, i);

	if (!b)
		return;
	attempts_state(s, o, from, to);
	if (to == DEVICE_POWERED)
		b->begun = s->now;
	else if (to == DEVICE_OPERATIONAL)
		onboarded(s, o, i);
	else if (device_is_powered(from) && !device_is_powered(to))
		lose_power(s, o, i);
	else if (to == DEVICE_ATTACHED && from != DEVICE_POWERED)
		forget(s, o, i);
}

/* What a device holds is good for nothing any more: it is onboarded again, at once if it has power. */
static void expire(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);

	if (b->trying || b->at < sequence_of(o, i)->n)
		b->bootstrapped = 0;
	else if (!device_is_powered(o->dev->state[i]))
		forget(s, o, i);
	else if (device_move(s, i, DEVICE_SUSPENDED) || o->dev->state[i] == DEVICE_SUSPENDED)
		device_move(s, i, DEVICE_ATTACHED);
}

static void on_expire(struct sim *s, void *ctx, uint32_t i, uint16_t credential)
{
	struct onboarding *o = ctx;

	if (credential == boarding_of(o, i)->credential)
		expire(s, o, i);
}

/* All of a class on one day. */
static void on_expire_all(struct sim *s, void *ctx, uint32_t class_index, uint16_t detail)
{
	struct onboarding *o = ctx;
	const struct device_class *c = &o->dev->classes[class_index];

	(void)detail;
	for (uint32_t i = c->first; i < c->first + c->count; i++)
		if (boarding_of(o, i)->credential || boarding_of(o, i)->bootstrapped)
			expire(s, o, i);
}

void boarding_life_setup(struct sim *s, struct onboarding *o)
{
	o->kind_expire = sim_handler(s, "onboarding.expire", on_expire, o);
	o->kind_expire_all = sim_handler(s, "onboarding.expire", on_expire_all, o);
	device_admission(s, DEVICE_ATTACHED, may_attach, o);
	device_admission(s, DEVICE_AUTHENTICATED, may_authenticate, o);
	device_admission(s, DEVICE_BOOTSTRAPPED, may_bootstrap, o);
	device_watch(s, on_change, o);
	for (uint32_t c = 0; c < o->dev->n_classes; c++)
		if (o->of_class[c] && o->of_class[c]->n_join)
			network_authenticator(s, c, join_ask, o);
}

void boarding_life_start(struct sim *s, const struct onboarding *o)
{
	for (uint32_t c = 0; c < o->dev->n_classes; c++) {
		const struct onboarding_params *p = o->of_class[c] ? o->of_class[c]->method[0].p : NULL;
		simtime_t at = p && p->expires ? (p->expires - o->sc->run.start) * SIM_SECOND : SIM_NEVER;
		if (at >= 0 && at <= s->end)
			sim_at(s, at, o->kind_expire_all, c, 0);
	}
}
