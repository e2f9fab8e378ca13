/*
 * A device's way through its exchanges.
 *
 *   stage       ends                                          to
 *   ACTS        computed, paused, the person is done          SENDS
 *   SENDS       every piece of its flight has arrived         AT_SERVER; a piece was lost: stays until the timer
 *   AT_SERVER   served                                        RECEIVES; where nothing answers, the next exchange
 *   RECEIVES    every piece of the answer is there            ENDS; a piece was lost: stays until the timer
 *   ENDS        computed                                      the next exchange, or the hook of the life is asked again
 *
 * The timer runs from the begin of a transmission.  When it expires the exchange is repeated, with twice the time, unless the
 * flight is still on its way out or more of the answer has come meanwhile; after the last repetition the attempt has failed.  A
 * server answers every request that it was given, late ones too: that is what a storm wastes.
 */
#include "models/bootstrap/onboarding_private.h"

static const uint32_t PURPOSE_TIMER = RNG_PURPOSE('o', 't', 'i', 'm');
static const uint32_t PURPOSE_HUMAN = RNG_PURPOSE('o', 'h', 'u', 'm');

static const struct sequence *sequence_of(const struct onboarding *o, uint32_t i)
{
	return o->of_class[o->dev->class_of[i]];
}

static const struct exchange *exchange_of(const struct onboarding *o, uint32_t i)
{
	return &sequence_of(o, i)->exchange[boarding_of(o, i)->at];
}

static bool is_flying(const struct boarding *b)
{
	return b->stage == STAGE_SENDS || b->stage == STAGE_RECEIVES;
}

/* The flight that is under way, if one is, does not count any more. */
static void break_off(const struct onboarding *o, uint32_t i)
{
	counts_of(o, i)->broken += is_flying(boarding_of(o, i));
}

void run_void(struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);

	break_off(o, i);
	b->number = b->number < NUMBER_MOST ? b->number + 1 : 0;
	b->generation++;
	b->left = b->out = 0;
	b->until = 0;
	b->stage = STAGE_IDLE;
}

void run_compute(struct sim *s, const struct onboarding *o, uint32_t i, const struct exchange *x, simtime_t lasts)
{
	if (lasts > 0)
		device_charge(s, o->dev, i, ENERGY_CPU, x->method->compute->power * sim_seconds(lasts), lasts);
}

/* Named by device and exchange, so that it is the same in every transmission. */
static double unit(const struct sim *s, const struct onboarding *o, uint32_t purpose, uint32_t i, double *second)
{
	uint64_t w[2];

	rng_block(s->key, purpose, device_key(o->dev, i), boarding_of(o, i)->number, w);
	if (second)
		*second = rng_unit(w[1]);
	return rng_unit(w[0]);
}

static simtime_t human_time(const struct sim *s, const struct onboarding *o, uint32_t i, const struct exchange *x)
{
	const struct method *m = x->method;
	double mean = sim_seconds(x->human), v, u;

	if (x->human == 0 || m->p->human_law == HUMAN_FIXED)
		return x->human;
	u = unit(s, o, PURPOSE_HUMAN, i, &v);
	if (m->p->human_law == HUMAN_EXPONENTIAL)
		return sim_from_seconds(-mean * log(u));
	return sim_from_seconds(mean * exp(m->mu + m->sigma * sqrt(-2 * log(u)) * cos(6.283185307179586 * v)));
}

static void act(struct sim *s, struct onboarding *o, uint32_t i);

static void wait_for(struct sim *s, struct onboarding *o, uint32_t i, enum stage stage, simtime_t delay)
{
	struct boarding *b = boarding_of(o, i);

	b->stage = (uint8_t)stage;
	b->generation++;
	if (delay > 0)
		sim_after(s, delay, o->kind_act, i, b->generation);
	else
		act(s, o, i);
}

/* Begin the exchange that is next. */
static void prepare(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);
	simtime_t human;

	b->number = b->number < NUMBER_MOST ? b->number + 1 : 0;
	b->transmission = 0;
	human = x->polls && b->until ? 0 : human_time(s, o, i, x);
	if (x->polls && !b->until) {
		b->until = s->now + human;
		human = 0;
	}
	run_compute(s, o, i, x, x->before);
	wait_for(s, o, i, STAGE_ACTS, x->before + x->pause + human);
}

static void exchange_done(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct sequence *q = sequence_of(o, i);
	const struct exchange *x = exchange_of(o, i);

	b->generation++;
	if (x->polls && s->now < b->until) {
		prepare(s, o, i);
		return;
	}
	if (!x->polls || b->at + 1 == q->n || !q->exchange[b->at + 1].polls)
		b->until = 0;
	b->at++;
	if (b->at == q->n_first && b->bootstrapped)
		b->at = q->n;
	if (b->at != q->n_first && b->at != q->n) {
		prepare(s, o, i);
		return;
	}
	b->bootstrapped = b->at == q->n;
	b->stage = STAGE_IDLE;
	boarding_go_on(s, o, i);
}

/* ---- the timer ---- */

static simtime_t time_out(const struct sim *s, const struct onboarding *o, uint32_t i)
{
	const struct method *m = exchange_of(o, i)->method;
	double factor = 1, t;

	if (m->p->timeout_random > 1)
		factor += (m->p->timeout_random - 1) * unit(s, o, PURPOSE_TIMER, i, NULL);
	t = sim_seconds(m->timeout) * factor * (double)(1u << boarding_of(o, i)->transmission);
	return sim_from_seconds(fmin(t, sim_seconds(m->timeout_most)));
}

static void set_timer(struct sim *s, const struct onboarding *o, uint32_t i)
{
	boarding_of(o, i)->progress = 0;
	sim_after(s, time_out(s, o, i), o->kind_timer, i, boarding_of(o, i)->generation);
}

static void transmit(struct sim *s, struct onboarding *o, uint32_t i);

static void on_timer(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct onboarding *o = ctx;
	struct boarding *b = boarding_of(o, i);
	bool carried = b->out || b->left;

	if (generation != b->generation)
		return;
	if ((b->stage == STAGE_SENDS && carried) || b->progress ||
	    (b->stage == STAGE_RECEIVES && carried && network_reach(s, i) == SIM_NEVER)) {
		set_timer(s, o, i);
	} else if (b->transmission < exchange_of(o, i)->method->retries) {
		b->transmission++;
		counts_of(o, i)->again++;
		transmit(s, o, i);
	} else {
		run_fail(s, o, i, ATTEMPT_TIMED_OUT, 0);
	}
}

/* ---- over the network ---- */

static void hand(struct sim *s, struct onboarding *o, uint32_t i, uint32_t context, uint32_t bytes, bool down)
{
	struct boarding_counts *c = counts_of(o, i);
	struct message m = {
		.created = s->now, .device = i, .context = context, .bytes = bytes, .purpose = PURPOSE_ONBOARDING
	};

	c->sent++;
	c->bytes += bytes;
	if (down)
		network_send_down(s, &m);
	else
		network_send(s, &m);
}

/* Hand over pieces of the flight, as many as may be on their way at once. */
static void hand_over(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);
	bool down = b->stage == STAGE_RECEIVES;
	uint32_t bytes = down ? x->down : x->up, context = context_of(b);
	unsigned mtu = down ? network_mtu_down(s, i) : network_mtu(s, i);
	uint32_t last = mtu ? bytes % mtu : 0;

	b->handing = 1;
	while (b->left && b->out < x->method->p->window && context_of(b) == context) {
		b->left--;
		b->out++;
		hand(s, o, i, context, b->left || last == 0 ? mtu : last, down);
	}
	b->handing = 0;
}

/* Begin to hand over a flight, down or up.  No network carries a payload: it is lost. */
static void begin_flight(struct sim *s, struct onboarding *o, uint32_t i, enum stage stage)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);
	unsigned mtu = stage == STAGE_RECEIVES ? network_mtu_down(s, i) : network_mtu(s, i);
	uint32_t bytes = stage == STAGE_RECEIVES ? x->down : x->up;
	uint32_t pieces = mtu ? (bytes + mtu - 1) / mtu : 0;

	b->stage = (uint8_t)stage;
	b->lost = pieces == 0;
	b->out = 0;
	b->left = (uint16_t)(pieces < UINT16_MAX ? pieces : UINT16_MAX);
	counts_of(o, i)->flights++;
	hand_over(s, o, i);
}

static void transmit(struct sim *s, struct onboarding *o, uint32_t i)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);

	break_off(o, i);
	b->generation++;
	set_timer(s, o, i);
	if (x->down && network_reach(s, i) == SIM_NEVER)
		sim_after(s, x->method->p->poll, o->kind_poll, i, b->generation);
	begin_flight(s, o, i, STAGE_SENDS);
}

/* An answer may be waiting for the device to say something. */
static void on_poll(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct onboarding *o = ctx;
	const struct boarding *b = boarding_of(o, i);
	const struct onboarding_params *p;

	if (generation != b->generation)
		return;
	p = exchange_of(o, i)->method->p;
	sim_after(s, p->poll, o->kind_poll, i, generation);
	if (b->stage == STAGE_SENDS || network_reach(s, i) != SIM_NEVER)
		return;
	counts_of(o, i)->polls++;
	hand(s, o, i, CONTEXT_POLL, (uint32_t)p->poll_bytes, false);
}

/* ---- at the server ---- */

enum fate run_ask(struct sim *s, const struct onboarding *o, const struct exchange *x, const struct message *m)
{
	return onboarding_server_ask(s, m->route ? x->behind : x->server, device_key(o->dev, m->device), m);
}

static void answer(struct sim *s, struct onboarding *o, const struct message *m);

/* hop 0: the server of the exchange, 1: the one that it asks. */
static void to_server(struct sim *s, struct onboarding *o, uint32_t i, uint8_t hop)
{
	struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);
	struct message m = {
		.created = s->now, .device = i, .context = context_of(b), .purpose = PURPOSE_ONBOARDING, .route = hop
	};
	enum fate fate;

	b->stage = STAGE_AT_SERVER;
	if (!(hop ? x->behind : x->server)) {
		answer(s, o, &m);
		return;
	}
	fate = run_ask(s, o, x, &m);
	if (fate == FATE_QUEUE_FULL && (hop ? x->behind : x->server)->p->retry_after != SIM_NEVER)
		hand(s, o, i, m.context | CONTEXT_REFUSAL, (uint32_t)(hop ? x->behind : x->server)->p->refusal, true);
}

/* Nothing answers this exchange: the device goes on, whatever repetition of its flight is under way. */
static void settle(struct sim *s, struct onboarding *o, uint32_t i)
{
	break_off(o, i);
	boarding_of(o, i)->stage = STAGE_ENDS;
	exchange_done(s, o, i);
}

/* What has been served is answered: to the transmission that asked, or to one before it, where that takes one piece. */
static void answer(struct sim *s, struct onboarding *o, const struct message *m)
{
	uint32_t i = m->device;
	const struct boarding *b = boarding_of(o, i);
	const struct exchange *x = exchange_of(o, i);

	if (!m->route && x->behind && m->context == context_of(b))
		to_server(s, o, i, 1);
	else if (!x->down)
		settle(s, o, i);
	else if (m->context == context_of(b))
		begin_flight(s, o, i, STAGE_RECEIVES);
	else if (x->down <= network_mtu_down(s, i))
		hand(s, o, i, m->context, x->down, true);
}

static bool is_current(const struct boarding *b, uint32_t context)
{
	return context >> CONTEXT_SHIFT == b->number && b->stage >= STAGE_SENDS && b->stage <= STAGE_RECEIVES;
}

static void pass_on(struct sim *s, struct onboarding *o, const struct message *m)
{
	if (!join_served(s, o, m) && is_current(boarding_of(o, m->device), m->context))
		answer(s, o, m);
}

/* The trust repository has told the device's server who it is.  The transmission that it waits for is answered, if it has made no
 * other; of whom nobody vouches for nothing is answered. */
static void on_vouched(struct sim *s, void *ctx, uint32_t i, enum resolution answer)
{
	struct onboarding *o = ctx;
	struct message m = {
		.created = s->now, .device = i, .context = context_of(boarding_of(o, i)), .purpose = PURPOSE_ONBOARDING
	};

	if (boarding_of(o, i)->at > 0 || boarding_of(o, i)->stage != STAGE_AT_SERVER)
		return;
	if (answer == RESOLVED_VALID)
		pass_on(s, o, &m);
	else
		join_refused(s, o, i);
}

/* A server looks up who the device says it is before it answers the first exchange; what comes again meanwhile finds it out. */
void run_served(struct sim *s, void *ctx, const struct message *m)
{
	struct onboarding *o = ctx;
	bool first = boarding_of(o, m->device)->at == 0 && !m->route && m->context != CONTEXT_MOVE;

	if (!first || repository_vouches(s, m->device, on_vouched, o))
		pass_on(s, o, m);
}

/* ---- what became of messages ---- */

static void received(struct sim *s, struct onboarding *o, uint32_t i)
{
	const struct exchange *x = exchange_of(o, i);

	run_compute(s, o, i, x, x->after);
	wait_for(s, o, i, STAGE_ENDS, x->after);
}

/* A piece of the transmission under way. */
static void piece(struct sim *s, struct onboarding *o, uint32_t i, bool delivered)
{
	struct boarding *b = boarding_of(o, i);
	bool down = b->stage == STAGE_RECEIVES;

	b->out--;
	b->lost |= !delivered;
	b->progress |= down && delivered;
	if (b->left) {
		if (!b->handing)
			hand_over(s, o, i);
	} else if (b->out == 0 && !b->lost) {
		counts_of(o, i)->whole++;
		if (down)
			received(s, o, i);
		else
			to_server(s, o, i, 0);
	}
}

/* The device is turned away, and told by which of the servers when to come back: no earlier than the latter wants. */
static void turned_away(struct sim *s, struct onboarding *o, uint32_t i)
{
	const struct exchange *x = exchange_of(o, i);
	const struct onboarding_server *asked[] = { x->server, x->behind };
	simtime_t least = 0;

	for (int k = 0; k < 2; k++)
		if (asked[k] && asked[k]->p->retry_after != SIM_NEVER && asked[k]->p->retry_after > least)
			least = asked[k]->p->retry_after;
	run_fail(s, o, i, ATTEMPT_REFUSED, least);
}

static void on_answer(struct sim *s, void *ctx, const struct message *m, enum fate fate)
{
	struct onboarding *o = ctx;
	struct boarding *b = boarding_of(o, m->device);
	struct boarding_counts *c = counts_of(o, m->device);
	bool delivered = fate == FATE_DELIVERED, expected = is_current(b, m->context);

	c->answered += delivered;
	c->lost += !delivered;
	if (m->context == CONTEXT_POLL)
		return;
	c->late += !expected;
	if (!expected)
		return;
	if (m->context & CONTEXT_REFUSAL) {
		if (delivered)
			turned_away(s, o, m->device);
	} else if (m->context == context_of(b) && m->down == (b->stage == STAGE_RECEIVES) && b->out) {
		piece(s, o, m->device, delivered);
	} else if (m->down && delivered && m->bytes == exchange_of(o, m->device)->down) {
		break_off(o, m->device);
		received(s, o, m->device); /* the answer to a transmission before: it is whole */
	}
}

static void act(struct sim *s, struct onboarding *o, uint32_t i)
{
	switch (boarding_of(o, i)->stage) {
	case STAGE_WAITS: boarding_begin(s, o, i); break;
	case STAGE_ACTS: transmit(s, o, i); break;
	case STAGE_ENDS: exchange_done(s, o, i); break;
	default: bug_report(s, __FILE__, __LINE__, "a device that waits for nothing");
	}
}

static void on_act(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct onboarding *o = ctx;

	if (generation == boarding_of(o, i)->generation)
		act(s, o, i);
}

void run_next(struct sim *s, struct onboarding *o, uint32_t i)
{
	prepare(s, o, i);
}

void run_setup(struct sim *s, struct onboarding *o)
{
	o->kind_act = sim_handler(s, "onboarding.act", on_act, o);
	o->kind_timer = sim_handler(s, "onboarding.time-out", on_timer, o);
	o->kind_poll = sim_handler(s, "onboarding.poll", on_poll, o);
	network_owner(s, PURPOSE_ONBOARDING, on_answer, o);
	device_touches(s, o->dev, o->kind_act);
	device_touches(s, o->dev, o->kind_timer);
}
