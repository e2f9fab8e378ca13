/*
 * Onboarding that a network's own join carries: its frames are the network's, and only who vouches for the device is asked here.
 *
 * A join that nobody vouches for has failed, and the network begins another by its own rules.  A network that has no join of its own
 * (or is told that its devices are registered already) does not ask; then the server is asked once the device is attached, and no
 * frame carries that.
 */
#include "models/bootstrap/onboarding_private.h"

static const struct sequence *sequence_of(const struct onboarding *o, uint32_t i)
{
	return o->of_class[o->dev->class_of[i]];
}

/* The device is vouched for.  In the network's join, that goes on; else the life asks again. */
static void granted(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct sequence *q = sequence_of(o, i);
	struct boarding_counts *c = counts_of(o, i);

	for (uint16_t k = b->at; k < q->n_join; k++) {
		const struct exchange *x = &q->exchange[k];
		c->joined += x->down ? 2 : 1;
		c->bytes += x->up + x->down;
		run_compute(s, o, i, x, x->before + x->after);
	}
	b->at = q->n_join;
	if (b->at == q->n_first && b->bootstrapped)
		b->at = q->n;
	b->bootstrapped |= b->at == q->n;
	b->generation++;
	b->stage = STAGE_IDLE;
	if (o->dev->state[i] == DEVICE_POWERED)
		network_authenticated(s, i, true);
	else if (b->at == q->n_first || b->at == q->n)
		boarding_go_on(s, o, i);
	else
		run_next(s, o, i);
}

static void refused(struct sim *s, struct onboarding *o, uint32_t i, enum fate fate, const struct onboarding_server *v)
{
	bool told = fate == FATE_QUEUE_FULL && v->p->retry_after != SIM_NEVER;
	enum attempt_end how = told ? ATTEMPT_REFUSED : ATTEMPT_TIMED_OUT;

	if (o->dev->state[i] != DEVICE_POWERED) {
		run_fail(s, o, i, how, told ? v->p->retry_after : 0);
		return;
	}
	attempts_end(s, o, i, how);
	run_void(o, i);
	network_authenticated(s, i, false);
}

static void ask(struct sim *s, struct onboarding *o, uint32_t i, uint8_t hop)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = &sequence_of(o, i)->exchange[0];
	struct onboarding_server *v = hop ? x->behind : x->server;
	struct message m = {
		.created = s->now, .device = i, .context = context_of(b), .purpose = PURPOSE_ONBOARDING, .route = hop
	};
	enum fate fate = FATE_DELIVERED;

	b->stage = STAGE_AT_SERVER;
	if (v)
		fate = run_ask(s, o, x, &m);
	else
		granted(s, o, i);
	if (fate != FATE_DELIVERED)
		refused(s, o, i, fate, v);
}

/* A device at work joins another of its networks: the servers have the work, and the device has no more than that. */
static void ask_to_move(struct sim *s, const struct onboarding *o, uint32_t i)
{
	const struct exchange *x = &sequence_of(o, i)->exchange[0];
	struct message m = { .created = s->now, .device = i, .context = CONTEXT_MOVE, .purpose = PURPOSE_ONBOARDING };
	enum fate fate = x->server ? run_ask(s, o, x, &m) : FATE_DELIVERED;

	if (!x->server || fate != FATE_DELIVERED)
		network_authenticated(s, i, fate == FATE_DELIVERED);
}

void join_ask(struct sim *s, void *ctx, uint32_t i)
{
	struct onboarding *o = ctx;
	struct boarding *b = boarding_of(o, i);

	if (o->dev->state[i] >= DEVICE_AUTHENTICATED) {
		ask_to_move(s, o, i);
		return;
	}
	run_void(o, i); /* of a join before this one, nothing is expected any more */
	b->at = 0;
	b->transmission = 0;
	if (!b->trying)
		attempts_begin(s, o, i);
	ask(s, o, i, 0);
}

void join_refused(struct sim *s, struct onboarding *o, uint32_t i)
{
	if (sequence_of(o, i)->n_join > 0)
		refused(s, o, i, FATE_PLATFORM, NULL);
}

bool join_served(struct sim *s, struct onboarding *o, const struct message *m)
{
	const struct sequence *q = sequence_of(o, m->device);
	const struct boarding *b = boarding_of(o, m->device);

	if (m->context == CONTEXT_MOVE) {
		network_authenticated(s, m->device, true);
		return true;
	}
	if (b->at >= q->n_join)
		return false;
	if (m->context != context_of(b) || b->stage != STAGE_AT_SERVER)
		return true; /* too late */
	if (!m->route && q->exchange[0].behind)
		ask(s, o, m->device, 1);
	else
		granted(s, o, m->device);
	return true;
}
