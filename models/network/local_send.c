/*
 * A message's way over a statistical link.
 *
 *   up         ends                                    to
 *   SENDING    the last attempt has been sent          CROSSING; lost where that failed, or the device lost its power
 *   CROSSING   the delay of the link has passed        BEHIND, by the hub's backhaul; lost where that refuses it
 *   BEHIND     the backhaul's delay has passed         the platform
 *
 *   down       ends                                    to
 *   BEHIND     the backhaul's delay has passed         SENDING; lost where the hub is down
 *   SENDING    the last attempt has been sent          CROSSING; lost where that failed, or the device is not on the hub any more
 *   CROSSING   the delay of the link has passed        the device
 *
 * A device sends one message after the other, and its hub sends to it one after the other.  How often must be tried follows from one
 * uniform number, since the attempts are independent.  The hub must be up when the message is handed over, or all attempts fail, and
 * when the last one ends: the milliseconds between are short beside an outage.  Down a backhaul costs its latency alone: its capacity
 * is that of the way up.
 */
#include "models/network/local_private.h"

static const uint32_t PURPOSE_SEND = RNG_PURPOSE('l', 's', 'n', 'd'), PURPOSE_DOWN = RNG_PURPOSE('l', 'd', 'w', 'n');
enum { BLOCKS = 8 /* of draws, kept for each message */ };

static bool grow(struct sim *s, struct local *l)
{
	uint32_t cap = l->cap_jobs ? 2 * l->cap_jobs : 64;
	struct local_job *job = sim_alloc(s, cap, sizeof *job);

	if (!job)
		return false;
	for (uint32_t i = 0; i < l->n_jobs; i++)
		job[i] = l->job[i];
	l->job = job;
	l->cap_jobs = cap;
	return true;
}

/* A slot for a message; UINT32_MAX after sim_fail. */
static uint32_t take(struct sim *s, struct local *l)
{
	uint32_t k = l->head_free;

	if (k != UINT32_MAX) {
		l->head_free = l->job[k].next_free;
		return k;
	}
	if (l->n_jobs == l->cap_jobs && !grow(s, l))
		return UINT32_MAX;
	return l->n_jobs++;
}

static void drop(struct local *l, uint32_t k)
{
	l->job[k].stage = LOCAL_FREE;
	l->job[k].next_free = l->head_free;
	l->head_free = k;
}

static void lose(struct sim *s, struct local *l, const struct message *m, enum local_loss why, enum fate fate)
{
	l->lost[m->down][why]++;
	network_answer(s, m, fate);
}

/* The slot is free before the owner is called, who may send again. */
static void lose_job(struct sim *s, struct local *l, uint32_t k, enum local_loss why, enum fate fate)
{
	struct message m = l->job[k].m;

	drop(l, k);
	lose(s, l, &m, why, fate);
}

static simtime_t draw_latency(const struct local *l, struct rng *r)
{
	double mean = sim_seconds(l->p->latency);

	if (l->p->latency == 0 || l->p->latency_law == LOCAL_CONSTANT)
		return l->p->latency;
	if (l->p->latency_law == LOCAL_EXPONENTIAL)
		return sim_from_seconds(rng_exponential(r, mean));
	return sim_from_seconds(exp(l->mu + l->sigma * rng_normal(r)));
}

/* The attempt that is heard, from 1 on; more than there are: none is.  P(N > n) = loss^n. */
static uint32_t draw_attempts(const struct local *l, struct rng *r)
{
	double u = rng_uniform(r), most = (double)l->p->retries + 2;

	if (l->p->loss <= 0)
		return 1;
	return l->p->loss < 1 ? (uint32_t)fmin(1 + floor(log(u) / log(l->p->loss)), most) : (uint32_t)most;
}

/* Put n attempts behind what is being sent already; when they are over. */
static simtime_t occupy(const struct sim *s, const struct local *l, simtime_t *free_at, uint32_t n, simtime_t air)
{
	simtime_t begin = *free_at > s->now ? *free_at : s->now;

	return *free_at = begin + n * air + (n - 1) * l->p->retry_gap;
}

/* Send a message that fits, to no purpose where nobody hears. */
static void transmit(struct sim *s, struct local *l, struct local_device *d, const struct message *m, bool heard)
{
	struct rng r = rng_stream(s->key, PURPOSE_SEND, local_key(l, m->device), BLOCKS * d->sent++);
	uint32_t most = (uint32_t)l->p->retries + 1, n = draw_attempts(l, &r), k = take(s, l);
	simtime_t alone, air = local_air_up(l, &l->hub[d->hub], m->bytes, &alone);
	struct local_job *j;

	if (k == UINT32_MAX)
		return;
	j = &l->job[k];
	*j = (struct local_job){ .m = *m, .powered = d->powered, .stage = LOCAL_SENDING };
	j->fails = !heard || n > most;
	n = j->fails ? most : n;
	j->crossing = draw_latency(l, &r);
	occupy(s, l, &d->free_at, n, air);
	device_charge(s, l->dev, m->device, ENERGY_TX, l->p->tx_draw * sim_seconds(n * alone), n * alone);
	device_charge(s, l->dev, m->device, ENERGY_RX, l->p->rx_draw * sim_seconds(n * l->p->listen), n * l->p->listen);
	l->attempts += m->created >= s->warmup ? n : 0;
	sim_at(s, d->free_at, l->kind_job, k, 0);
}

static void local_send(struct sim *s, void *net, const struct message *m)
{
	struct local *l = net;
	struct local_device *d = local_device(l, m->device);

	l->taken[0]++;
	l->messages += m->created >= s->warmup;
	if (m->bytes > l->p->mtu)
		lose(s, l, m, LOCAL_TOO_LARGE, FATE_PAYLOAD_TOO_LARGE);
	else
		transmit(s, l, d, m, (d->flags & LOCAL_COVERED) && l->hub[d->hub].outage.up);
}

/* The attempts are over, either way: what goes down is for a device that is still on its hub. */
static void sent(struct sim *s, struct local *l, uint32_t k)
{
	struct local_job *j = &l->job[k];
	const struct local_device *d = local_device(l, j->m.device);

	if (j->powered != d->powered) {
		lose_job(s, l, k, LOCAL_POWER, FATE_DEVICE_DOWN);
	} else if (j->m.down && !(d->flags & LOCAL_ASSOCIATED)) {
		lose_job(s, l, k, LOCAL_LEFT, FATE_SUPERSEDED);
	} else if (!j->m.down && !(d->flags & LOCAL_COVERED)) {
		lose_job(s, l, k, LOCAL_NO_COVERAGE, FATE_NO_COVERAGE);
	} else if (!l->hub[d->hub].outage.up) {
		lose_job(s, l, k, LOCAL_HUB_DOWN, FATE_GATEWAY_DOWN);
	} else if (j->fails) {
		lose_job(s, l, k, LOCAL_ATTEMPTS, FATE_RETRIES_EXHAUSTED);
	} else {
		j->stage = LOCAL_CROSSING;
		sim_after(s, j->crossing, l->kind_job, k, 0);
	}
}

/* At the hub. */
static void crossed(struct sim *s, struct local *l, uint32_t k)
{
	struct local_job *j = &l->job[k];
	enum fate fate = FATE_BACKHAUL;
	/* where hubs have none, no row of a hub is looked at */
	struct backhaul *b = l->p->backhaul ? l->hub[local_device(l, j->m.device)->hub].backhaul : NULL;
	simtime_t delay = backhaul_offer(s, b, j->m.bytes, &fate);

	if (j->m.created >= s->warmup) {
		l->heard++;
		l->heard_bytes += j->m.bytes;
		tally_add(&l->delay, sim_seconds(s->now - j->m.created));
	}
	if (delay < 0) {
		lose_job(s, l, k, LOCAL_BACKHAUL, fate);
		return;
	}
	j->stage = LOCAL_BEHIND;
	sim_after(s, delay, l->kind_job, k, 0);
}

static void arrive(struct sim *s, struct local *l, uint32_t k)
{
	struct message m = l->job[k].m;

	drop(l, k);
	l->arrived[0]++;
	platform_arrive(s, &m);
}

/* ---- down ---- */

/* The hub has it: its attempts, which the device receives and acknowledges. */
static void transmit_down(struct sim *s, struct local *l, uint32_t k)
{
	struct local_job *j = &l->job[k];
	struct local_device *d = local_device(l, j->m.device);
	uint32_t most = (uint32_t)l->p->retries + 1, n;
	simtime_t alone, air = local_air_down(l, &l->hub[d->hub], j->m.bytes, &alone);

	if (j->powered != d->powered) {
		lose_job(s, l, k, LOCAL_POWER, FATE_DEVICE_DOWN);
		return;
	}
	if (!l->hub[d->hub].outage.up) {
		lose_job(s, l, k, LOCAL_HUB_DOWN, FATE_GATEWAY_DOWN);
		return;
	}
	struct rng r = rng_stream(s->key, PURPOSE_DOWN, local_key(l, j->m.device), BLOCKS * d->got++);
	n = draw_attempts(l, &r);
	j->fails = n > most;
	n = j->fails ? most : n;
	j->crossing = draw_latency(l, &r);
	j->stage = LOCAL_SENDING;
	occupy(s, l, &d->free_down, n, air);
	device_charge(s, l->dev, j->m.device, ENERGY_RX, l->p->rx_draw * sim_seconds(n * alone), n * alone);
	if (!j->fails)
		device_charge(s, l->dev, j->m.device, ENERGY_TX, l->p->tx_draw * sim_seconds(l->p->listen), l->p->listen);
	sim_at(s, d->free_down, l->kind_job, k, 0);
}

static void local_send_down(struct sim *s, void *net, const struct message *m)
{
	struct local *l = net;
	const struct local_device *d = local_device(l, m->device);
	const struct backhaul *b = l->p->backhaul ? l->hub[d->hub].backhaul : NULL;
	uint32_t k;

	l->taken[1]++;
	if (m->bytes > l->p->mtu)
		lose(s, l, m, LOCAL_TOO_LARGE, FATE_PAYLOAD_TOO_LARGE);
	else if (!(d->flags & LOCAL_COVERED))
		lose(s, l, m, LOCAL_NO_COVERAGE, FATE_NO_COVERAGE);
	else if (!(d->flags & LOCAL_ASSOCIATED))
		lose(s, l, m, LOCAL_LEFT, FATE_NOT_ONBOARDED);
	else if (!backhaul_up(b))
		lose(s, l, m, LOCAL_BACKHAUL, FATE_BACKHAUL);
	else if ((k = take(s, l)) != UINT32_MAX) {
		l->job[k] = (struct local_job){ .m = *m, .powered = d->powered, .stage = LOCAL_BEHIND };
		sim_after(s, backhaul_latency(s, b), l->kind_job, k, 0);
	}
}

static void crossed_down(struct sim *s, struct local *l, uint32_t k)
{
	struct message m = l->job[k].m;

	if (l->job[k].powered != local_device(l, m.device)->powered) {
		lose_job(s, l, k, LOCAL_POWER, FATE_DEVICE_DOWN);
		return;
	}
	drop(l, k);
	l->arrived[1]++;
	network_answer(s, &m, FATE_DELIVERED);
}

static void on_job(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	typedef void stage_fn(struct sim * s, struct local * l, uint32_t k);
	static stage_fn *const stages[2][LOCAL_BEHIND + 1] = {
		{ [LOCAL_SENDING] = sent, [LOCAL_CROSSING] = crossed, [LOCAL_BEHIND] = arrive },
		{ [LOCAL_SENDING] = sent, [LOCAL_CROSSING] = crossed_down, [LOCAL_BEHIND] = transmit_down },
	};
	struct local *l = ctx;
	const struct local_job *j = &l->job[k];

	(void)detail;
	BUG_ON(s, j->stage == LOCAL_FREE);
	stages[j->m.down][j->stage](s, l, k);
}

static unsigned local_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)device;
	return (unsigned)((const struct local *)net)->p->mtu;
}

/* The hub can send to a device that is on it at any time. */
static simtime_t local_reach(const struct sim *s, void *net, uint32_t device)
{
	const struct local *l = net;
	const struct local_device *d = local_device(l, device);

	return d->flags & LOCAL_ASSOCIATED && l->hub[d->hub].live ? s->now : SIM_NEVER;
}

uint64_t local_in_work(const struct local *l, bool down, enum purpose p)
{
	uint64_t n = 0;

	for (uint32_t k = 0; k < l->n_jobs; k++)
		n += l->job[k].stage != LOCAL_FREE && l->job[k].m.down == down && is_for(l->job[k].m.purpose, p);
	return n;
}

static uint64_t local_held(const struct sim *s, void *net, enum purpose p)
{
	(void)s;
	return local_in_work(net, false, p);
}

const struct network_ops local_ops = {
	.technology = "local link",
	.send = local_send,
	.send_down = local_send_down,
	.mtu = local_mtu,
	.mtu_down = local_mtu,
	.reach = local_reach,
	.multicast = local_multicast,
	.background = local_background,
	.attach = local_attach,
	.detach = local_detach,
	.authenticated = local_authenticated,
	.held = local_held,
};

void local_send_handlers(struct sim *s, struct local *l)
{
	l->kind_job = sim_handler(s, "local-link.message", on_job, l);
}
