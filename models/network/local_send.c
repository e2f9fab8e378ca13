/*
 * A message's way over a statistical link, and a device's association with its hub.
 *
 *   stage      ends                                    to
 *   SENDING    the last attempt has been sent          CROSSING; lost where that failed, or the device lost its power
 *   CROSSING   the delay of the link has passed        BEHIND, by the hub's backhaul; lost where that refuses it
 *   BEHIND     the backhaul's delay has passed         the platform
 *
 * A device sends one message after the other.  How often it must try follows from one uniform number, since the attempts are
 * independent.  The hub must be up when the message is handed over, or all attempts fail, and when the last one ends: the
 * milliseconds between are short beside an outage.
 */
#include "models/network/local_private.h"

static const uint32_t PURPOSE_SEND = RNG_PURPOSE('l', 's', 'n', 'd');
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
	l->lost[why]++;
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

/* Send a message that fits, to no purpose where nobody hears. */
static void transmit(struct sim *s, struct local *l, struct local_device *d, const struct message *m, bool heard)
{
	struct rng r = rng_stream(s->key, PURPOSE_SEND, local_key(l, m->device), BLOCKS * d->sent++);
	uint32_t most = (uint32_t)l->p->retries + 1, n = draw_attempts(l, &r), k = take(s, l);
	simtime_t air = sim_from_seconds(8.0 * (double)(m->bytes + l->p->overhead) / l->p->rate), begin;
	struct local_job *j;

	if (k == UINT32_MAX)
		return;
	j = &l->job[k];
	*j = (struct local_job){ .m = *m, .powered = d->powered, .stage = LOCAL_SENDING };
	j->fails = !heard || n > most;
	n = j->fails ? most : n;
	j->crossing = draw_latency(l, &r);
	begin = d->free_at > s->now ? d->free_at : s->now;
	d->free_at = begin + n * air + (n - 1) * l->p->retry_gap;
	device_charge(s, l->dev, m->device, ENERGY_TX, l->p->tx_draw * sim_seconds(n * air), n * air);
	device_charge(s, l->dev, m->device, ENERGY_RX, l->p->rx_draw * sim_seconds(n * l->p->listen), n * l->p->listen);
	l->attempts += m->created >= s->warmup ? n : 0;
	sim_at(s, d->free_at, l->kind_job, k, 0);
}

static void local_send(struct sim *s, void *net, const struct message *m)
{
	struct local *l = net;
	struct local_device *d = local_device(l, m->device);

	l->taken++;
	l->messages += m->created >= s->warmup;
	if (m->bytes > l->p->mtu)
		lose(s, l, m, LOCAL_TOO_LARGE, FATE_PAYLOAD_TOO_LARGE);
	else
		transmit(s, l, d, m, (d->flags & LOCAL_COVERED) && l->hub[d->hub].outage.up);
}

/* The attempts are over. */
static void sent(struct sim *s, struct local *l, uint32_t k)
{
	struct local_job *j = &l->job[k];
	const struct local_device *d = local_device(l, j->m.device);

	if (j->powered != d->powered) {
		lose_job(s, l, k, LOCAL_POWER, FATE_DEVICE_DOWN);
	} else if (!(d->flags & LOCAL_COVERED)) {
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
	simtime_t delay = backhaul_offer(s, l->hub[local_device(l, j->m.device)->hub].backhaul, j->m.bytes, &fate);

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
	l->arrived++;
	platform_arrive(s, &m);
}

static void on_job(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct local *l = ctx;

	(void)detail;
	switch (l->job[k].stage) {
	case LOCAL_SENDING: sent(s, l, k); break;
	case LOCAL_CROSSING: crossed(s, l, k); break;
	case LOCAL_BEHIND: arrive(s, l, k); break;
	default: bug_report(s, __FILE__, __LINE__, "a message of no stage");
	}
}

/* Begin to associate where there is a hub to associate with; else its return begins it. */
static void associate(struct sim *s, struct local *l, uint32_t i)
{
	const struct local_device *d = local_device(l, i);

	if (!(d->flags & LOCAL_COVERED) || !l->hub[d->hub].outage.up)
		return;
	device_charge(s, l->dev, i, ENERGY_RX, l->p->rx_draw * sim_seconds(l->p->association), l->p->association);
	sim_after(s, l->p->association, l->kind_device, i, d->generation);
}

static void on_associated(struct sim *s, void *ctx, uint32_t i, uint16_t generation)
{
	struct local *l = ctx;
	struct local_device *d = local_device(l, i);

	if (generation != d->generation || !l->hub[d->hub].outage.up)
		return;
	d->flags = (uint8_t)((d->flags & ~LOCAL_WANTED) | LOCAL_ASSOCIATED);
	if (s->now >= s->warmup)
		tally_add(&l->association, sim_seconds(s->now - d->since));
	device_attached(s, i);
}

static void local_attach(struct sim *s, void *net, uint32_t device)
{
	struct local *l = net;
	struct local_device *d = local_device(l, device);

	d->generation++;
	d->flags |= LOCAL_WANTED;
	d->since = s->now;
	associate(s, l, device);
}

/* A device that moves on to another network finishes what it is sending; one without power does not. */
static void local_detach(struct sim *s, void *net, uint32_t device)
{
	struct local *l = net;
	struct local_device *d = local_device(l, device);

	d->flags &= LOCAL_COVERED;
	d->generation++;
	if (!device_is_powered(l->dev->state[device])) {
		d->powered++;
		d->free_at = s->now;
	}
}

static unsigned local_mtu(const struct sim *s, void *net, uint32_t device)
{
	(void)s, (void)device;
	return (unsigned)((const struct local *)net)->p->mtu;
}

static uint64_t local_held(const struct sim *s, void *net, enum purpose p)
{
	const struct local *l = net;
	uint64_t n = 0;

	(void)s;
	for (uint32_t k = 0; k < l->n_jobs; k++)
		n += l->job[k].stage != LOCAL_FREE && is_for(l->job[k].m.purpose, p);
	return n;
}

const struct network_ops local_ops = {
	.technology = "local link", .send = local_send, .mtu = local_mtu, .attach = local_attach, .detach = local_detach, .held = local_held,
};

void local_hub_changed(struct sim *s, struct local_hub *h)
{
	struct local *l = h->net;
	bool live = h->outage.up && backhaul_up(h->backhaul);

	for (uint32_t i = h->first; i < h->first + h->count && live != h->live; i++)
		if (local_device(l, i)->flags & LOCAL_COVERED)
			network_path(s, l, i, live ? 1 : -1);
	h->live = live;
}

static void on_hub(struct sim *s, void *ctx, uint32_t k, uint16_t detail)
{
	struct local *l = ctx;
	struct local_hub *h = &l->hub[k];

	(void)detail;
	outage_turn(s, &h->outage);
	local_hub_changed(s, h);
	for (uint32_t i = h->first; i < h->first + h->count; i++) {
		struct local_device *d = local_device(l, i);
		if (!(d->flags & LOCAL_WANTED))
			continue;
		d->generation++; /* an association under way is void */
		associate(s, l, i);
	}
}

void local_handlers(struct sim *s, struct local *l)
{
	l->kind_hub = sim_handler(s, "local-link.change", on_hub, l);
	l->kind_device = sim_handler(s, "local-link.associated", on_associated, l);
	l->kind_job = sim_handler(s, "local-link.message", on_job, l);
}
