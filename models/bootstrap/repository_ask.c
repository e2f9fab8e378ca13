/*
 * The way of one look-up or entry.
 *
 *   asked --[kept by the resolver]--> answered, after cache-time
 *     |
 *     v
 *   latency -> server of a peer -> latency -> server ... -> answered; an entry in a ledger: into a block, then answered
 *                 |
 *                 | down or full: again after retry, doubled each time; a look-up fails after so many tries, an entry never
 *
 * A look-up is answered as things stand when its last service ends.
 */
#include "models/bootstrap/identifier_private.h"

static const uint32_t PURPOSE_LATENCY = RNG_PURPOSE('r', 'l', 'a', 't');
enum { LARGEST_BACKOFF = 10 /* doublings */ };

static uint32_t take(struct sim *s, struct repository *r)
{
	uint32_t i = r->free_request;
	struct request *rows;

	if (i != NO_REQUEST) {
		r->free_request = r->request[i].next;
		return i;
	}
	rows = grown(s, r->request, &r->cap_requests, r->n_requests, sizeof *rows);
	if (!rows)
		return NO_REQUEST;
	r->request = rows;
	return r->n_requests++;
}

/* Peers that a request visits: the resolver's own first, which tries the next one after a failure; then the authority. */
static uint32_t steps_of(const struct repository *r, const struct request *q)
{
	uint32_t home = (q->what.resolver + q->tries) % r->n_peers;
	uint32_t authority = (uint32_t)(rng_mix(q->what.identity) % r->n_peers);

	if (q->what.kind != ASK_LOOK_UP)
		return 1;
	return q->what.steps + (r->p->topology == TOPOLOGY_FEDERATED && home != authority);
}

static uint32_t peer_of(const struct repository *r, const struct request *q)
{
	uint32_t home = (q->what.resolver + q->tries) % r->n_peers;

	if (r->p->topology == TOPOLOGY_FEDERATED && (q->what.kind != ASK_LOOK_UP || q->step + 1u == steps_of(r, q)))
		return (uint32_t)(rng_mix(q->what.identity) % r->n_peers);
	return home;
}

static void travel(struct sim *s, struct repository *r, uint32_t number)
{
	struct request *q = &r->request[number];
	double median = sim_seconds(r->p->latency), z;
	uint64_t w[2];

	if (r->p->latency_spread > 0) {
		rng_block(s->key, PURPOSE_LATENCY, rng_mix(q->what.key ^ rng_mix((uint64_t)q->asked)),
			  (uint32_t)q->tries << 16 | (uint32_t)q->step << 8 | (uint32_t)q->what.kind, w);
		z = sqrt(-2 * log(rng_unit(w[0]))) * cos(6.283185307179586 * rng_unit(w[1]));
		median *= exp(r->p->latency_spread * z);
	}
	sim_after(s, sim_from_seconds(median), r->kind_arrive, number, 0);
}

void repository_answer(struct sim *s, struct repository *r, uint32_t number, enum resolution answer)
{
	struct request q = r->request[number];
	simtime_t took = s->now - q.asked;

	r->request[number].what.kind = ASK_FREE;
	r->request[number].next = r->free_request;
	r->free_request = number;
	if (q.what.kind != ASK_LOOK_UP) {
		r->entered++;
		tally_add(&r->entry_time, sim_seconds(took));
	} else if (q.asked >= s->warmup) {
		const struct identity *id = &r->ids->identity[q.what.identity];
		if (answer == RESOLVED_FAILED)
			r->counted_failed++;
		else
			histogram_add(r->resolution_time, took);
		r->valid += answer == RESOLVED_VALID;
		r->falsely += answer == RESOLVED_VALID && id->holders > 1;
	}
	if (q.what.presented_by)
		identifier_presented(s, r->ids, q.what.presented_by - 1, answer);
	if (q.what.fn)
		q.what.fn(s, q.what.ctx, q.what.number, answer);
}

static enum resolution read_identity(const struct repository *r, uint32_t identity)
{
	const struct identity *id = &r->ids->identity[identity];

	if (r->p->revocation_check == CHECK_ONLINE ? id->revoked : id->listed)
		return RESOLVED_REVOKED;
	return id->records ? RESOLVED_VALID : RESOLVED_UNKNOWN;
}

static void on_served(struct sim *s, void *ctx, uint32_t number)
{
	struct repository *r = ctx;
	struct request *q = &r->request[number];
	enum resolution answer;

	if (++q->step < steps_of(r, q)) {
		travel(s, r, number);
	} else if (q->what.kind == ASK_LOOK_UP) {
		answer = read_identity(r, q->what.identity);
		if (answer == RESOLVED_VALID && r->p->cache_life > 0)
			cache_keep(s, &r->cache, q->what.resolver, q->what.identity,
				   r->p->cache_life > s->end - s->now ? s->end + 1 : s->now + r->p->cache_life);
		r->from_repository++;
		repository_answer(s, r, number, answer);
	} else if (r->p->topology == TOPOLOGY_LEDGER) {
		repository_batch(s, r, number);
	} else {
		repository_answer(s, r, number, RESOLVED_VALID);
	}
}

static void try_again(struct sim *s, struct repository *r, uint32_t number)
{
	struct request *q = &r->request[number];
	unsigned doublings = q->tries < LARGEST_BACKOFF ? q->tries : LARGEST_BACKOFF;

	if (q->what.kind == ASK_LOOK_UP && q->tries + 1u >= r->p->tries) {
		r->failed++;
		repository_answer(s, r, number, RESOLVED_FAILED);
		return;
	}
	if (q->tries < UINT16_MAX)
		q->tries++;
	q->step = 0;
	r->retries++;
	sim_after(s, r->p->retry << doublings, r->kind_retry, number, 0);
}

static void on_arrive(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	struct repository *r = ctx;
	const struct request *q = &r->request[number];
	struct platform_work w = { on_served, r, number, 0, 0 };

	(void)detail;
	w.key = rng_mix(q->what.key ^ rng_mix((uint64_t)q->asked ^ (uint64_t)q->step << 48 ^ (uint64_t)q->what.kind << 56));
	if (server_request(s, r->peer[peer_of(r, q)].server, &w) != FATE_DELIVERED)
		try_again(s, r, number);
}

static void on_retry(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	travel(s, ctx, number);
}

static void on_kept(struct sim *s, void *ctx, uint32_t number, uint16_t answer)
{
	struct repository *r = ctx;

	r->from_cache++;
	r->counted_cached += r->request[number].asked >= s->warmup;
	repository_answer(s, r, number, (enum resolution)answer);
}

void repository_ask(struct sim *s, struct repository *r, const struct ask *what)
{
	const struct identity *id = &r->ids->identity[what->identity];
	uint32_t number = take(s, r);

	if (number == NO_REQUEST)
		return;
	r->request[number] = (struct request){ .what = *what, .asked = s->now, .next = NO_REQUEST };
	if (what->kind != ASK_LOOK_UP) {
		r->entries++;
		travel(s, r, number);
		return;
	}
	r->look_ups++;
	r->counted += s->now >= s->warmup;
	if (r->p->cache_life > 0 && cache_until(&r->cache, what->resolver, what->identity) > s->now)
		sim_after(s, r->p->cache_time, r->kind_answer, number, id->listed ? RESOLVED_REVOKED : RESOLVED_VALID);
	else
		travel(s, r, number);
}

void repository_ask_setup(struct sim *s, struct repository *r)
{
	r->free_request = NO_REQUEST;
	r->kind_arrive = sim_handler(s, "repository.arrive", on_arrive, r);
	r->kind_retry = sim_handler(s, "repository.retry", on_retry, r);
	r->kind_answer = sim_handler(s, "repository.answer", on_kept, r);
}
