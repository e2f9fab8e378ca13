/*
 * Who looks identifiers up, and who has them revoked.
 *
 *   a device's        by whoever onboards it (it waits for the answer), by its platform at its first message or at each, and by third
 *                     parties at a rate
 *   its platform's    by the device, before it is operational
 */
#include <string.h>

#include "models/bootstrap/identifier_private.h"

static struct identifier_class *class_of(const struct identifiers *ids, uint32_t device)
{
	return &ids->of_class[ids->dev->class_of[device]];
}

static void look_up(struct sim *s, const struct identifiers *ids, uint32_t device, const struct ask *who)
{
	const struct identifier_class *c = class_of(ids, device);
	struct ask a = *who;

	a.kind = ASK_LOOK_UP;
	a.identity = ids->held[device].identity;
	a.steps = c->scheme->steps;
	a.key = device_key(ids->dev, device);
	repository_ask(s, c->repository, &a);
}

static bool vouched_for(const struct identifiers *ids, uint32_t device)
{
	return ids && class_of(ids, device)->repository && ids->held[device].standing == STANDING_HELD;
}

bool repository_resolve(struct sim *s, uint32_t device, resolved_fn *fn, void *ctx, uint32_t number)
{
	const struct identifiers *ids = identifiers_of(s);

	if (!vouched_for(ids, device))
		return false;
	look_up(s, ids, device,
		&(struct ask){ .resolver =
				       repository_resolver(class_of(ids, device)->repository, device_key(ids->dev, device)),
			       .presented_by = device + 1,
			       .fn = fn,
			       .ctx = ctx,
			       .number = number });
	return true;
}

/* ---- by devices on their way to work ---- */

static void on_changed(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct identifiers *ids = ctx;

	(void)s;
	if (to <= DEVICE_ATTACHED || from == DEVICE_SUSPENDED)
		ids->held[device].vouched = ids->held[device].found = false;
}

/* Looked up while it is being onboarded. */
static void note_vouched(const struct identifiers *ids, uint32_t device, enum resolution answer)
{
	struct holding *h = &ids->held[device];
	unsigned st = ids->dev->state[device];

	h->asking = false;
	h->vouched =
		answer == RESOLVED_VALID && h->standing == STANDING_HELD && st >= DEVICE_POWERED && st < DEVICE_OPERATIONAL;
}

static void on_vouched(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	struct identifiers *ids = ctx;

	note_vouched(ids, device, answer);
	if (ids->dev->state[device] != DEVICE_ATTACHED)
		return;
	if (ids->held[device].vouched)
		device_retry(s, device);
	else
		sim_after(s, class_of(ids, device)->repository->p->retry, ids->kind_again, device, 0);
}

/* Before DEVICE_AUTHENTICATED. */
static bool admit_identified(struct sim *s, void *ctx, uint32_t device)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];
	const struct identifier_class *c = class_of(ids, device);

	if (h->standing != STANDING_HELD)
		return h->standing == STANDING_NONE;
	if (!c->repository || c->p->resolved != RESOLVED_ONBOARDING || c->by_servers || h->vouched)
		return true;
	if (!h->asking) {
		h->asking = true;
		repository_resolve(s, device, on_vouched, ids, device);
	}
	return false;
}

void repository_asked_by_servers(struct sim *s, uint32_t class_index)
{
	struct identifiers *ids = identifiers_of(s);

	if (ids)
		ids->of_class[class_index].by_servers = true;
}

static void on_server_told(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	const struct identifiers *ids = ctx;
	const struct identifier_class *c = class_of(ids, device);

	note_vouched(ids, device, answer);
	c->server_fn(s, c->server_ctx, device, answer);
}

bool repository_vouches(struct sim *s, uint32_t device, resolved_fn *fn, void *ctx)
{
	struct identifiers *ids = identifiers_of(s);
	struct identifier_class *c = ids ? class_of(ids, device) : NULL;
	struct holding *h;

	if (!c || !vouched_for(ids, device) || c->p->resolved != RESOLVED_ONBOARDING)
		return true;
	h = &ids->held[device];
	if (h->vouched || h->asking)
		return h->vouched;
	h->asking = true;
	c->server_fn = fn;
	c->server_ctx = ctx;
	repository_resolve(s, device, on_server_told, ids, device);
	return false;
}

static void on_found(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];

	h->asking = false;
	h->found = answer == RESOLVED_VALID;
	if (ids->dev->state[device] != DEVICE_BOOTSTRAPPED)
		return;
	if (h->found)
		device_retry(s, device);
	else
		sim_after(s, class_of(ids, device)->platform_repository->p->retry, ids->kind_again, device, 0);
}

static void on_again(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	const struct identifiers *ids = ctx;

	(void)detail;
	if (ids->dev->state[device] == DEVICE_ATTACHED || ids->dev->state[device] == DEVICE_BOOTSTRAPPED)
		device_retry(s, device);
}

/* Before DEVICE_OPERATIONAL. */
static bool admit_found(struct sim *s, void *ctx, uint32_t device)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[device];
	const struct identifier_class *c = class_of(ids, device);
	uint64_t key = device_key(ids->dev, device);

	if (!c->platform_repository || h->found)
		return true;
	if (h->asking)
		return false;
	h->asking = true;
	repository_ask(s, c->platform_repository,
		       &(struct ask){ .kind = ASK_LOOK_UP,
				      .identity = c->platform_identity,
				      .resolver = repository_resolver(c->platform_repository, key),
				      .steps = c->platform_steps,
				      .key = rng_mix(key),
				      .fn = on_found,
				      .ctx = ids,
				      .number = device });
	return false;
}

/* ---- by platforms and third parties ---- */

static void on_accepted(struct sim *s, void *ctx, const struct message *m)
{
	struct identifiers *ids = ctx;
	struct holding *h = &ids->held[m->device];
	const struct identifier_class *c = class_of(ids, m->device);

	if (!c->p || m->down || c->p->resolved < RESOLVED_FIRST_MESSAGE ||
	    (c->p->resolved == RESOLVED_FIRST_MESSAGE && h->seen))
		return;
	h->seen = true;
	repository_resolve(s, m->device, NULL, NULL, 0);
}

static void on_third_party(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	if (answer == RESOLVED_REVOKED)
		identifier_refused(s, ctx, device);
}

/* One Poisson process a class, thinned by who holds an identifier. */
static simtime_t gap(struct rng *r, const struct identifiers *ids, uint32_t class_index, double rate)
{
	double gap = rng_exponential(r, 1 / (rate * ids->dev->classes[class_index].count));

	return gap < 9e9 ? sim_from_seconds(gap) : SIM_NEVER;
}

static uint32_t anyone(struct rng *r, const struct identifiers *ids, uint32_t class_index)
{
	return ids->dev->classes[class_index].first + rng_below(r, ids->dev->classes[class_index].count);
}

static void on_asked(struct sim *s, void *ctx, uint32_t class_index, uint16_t detail)
{
	struct identifiers *ids = ctx;
	struct identifier_class *c = &ids->of_class[class_index];
	uint32_t device = anyone(&c->asks, ids, class_index),
		 at = rng_below(&c->asks, (uint32_t)c->repository->p->resolvers);

	(void)detail;
	if (ids->held[device].standing == STANDING_HELD)
		look_up(s, ids, device,
			&(struct ask){ .resolver = at, .fn = on_third_party, .ctx = ids, .number = device });
	sim_after(s, gap(&c->asks, ids, class_index, c->p->resolutions), ids->kind_asked, class_index, 0);
}

static void on_revoke(struct sim *s, void *ctx, uint32_t class_index, uint16_t detail)
{
	struct identifiers *ids = ctx;
	struct identifier_class *c = &ids->of_class[class_index];

	(void)detail;
	repository_revoke(s, anyone(&c->revokes, ids, class_index));
	sim_after(s, gap(&c->revokes, ids, class_index, c->p->revocations), ids->kind_revoke, class_index, 0);
}

/* ---- revocation ---- */

/* The repository knows: whoever asks it is told, and the next list names it. */
static void on_revoked(struct sim *s, void *ctx, uint32_t device, enum resolution answer)
{
	struct identifiers *ids = ctx;
	const struct holding *h = &ids->held[device];
	struct repository *r = class_of(ids, device)->repository;
	uint32_t *rows;

	(void)s, (void)answer;
	if (!h->revoking)
		return;
	ids->identity[h->identity].revoked = true;
	if (r->p->revocation_check != CHECK_LIST)
		return;
	rows = grown(s, r->to_list, &r->cap_to_list, r->n_to_list, sizeof *rows);
	if (!rows)
		return;
	r->to_list = rows;
	rows[r->n_to_list++] = device;
	if (r->n_to_list == 1)
		sim_at(s, (s->now / r->p->list_interval + 1) * r->p->list_interval, r->kind_list, 0, 0);
}

bool repository_revoke(struct sim *s, uint32_t device)
{
	struct identifiers *ids = identifiers_of(s);
	struct holding *h;
	struct repository *r;

	if (!vouched_for(ids, device) || ids->held[device].revoking)
		return false;
	h = &ids->held[device];
	if (!ids->revoked_at)
		ids->revoked_at = sim_alloc(s, ids->dev->n, sizeof *ids->revoked_at);
	if (!ids->revoked_at)
		return false;
	r = class_of(ids, device)->repository;
	ids->revoked_at[device] = s->now;
	h->revoking = true;
	repository_ask(s, r,
		       &(struct ask){ .kind = ASK_REVOCATION,
				      .identity = h->identity,
				      .resolver = repository_resolver(r, device_key(ids->dev, device)),
				      .key = device_key(ids->dev, device),
				      .fn = on_revoked,
				      .ctx = ids,
				      .number = device });
	return true;
}

/* ---- set-up ---- */

void identifiers_asked_setup(struct sim *s, struct identifiers *ids, const struct scenario *sc)
{
	bool messages = false, onboarding = false;

	for (uint32_t k = 0; k < ids->dev->n_classes; k++) {
		struct identifier_class *c = &ids->of_class[k];
		if (!c->p)
			continue;
		messages |= c->p->resolved >= RESOLVED_FIRST_MESSAGE;
		onboarding |= c->p->resolved == RESOLVED_ONBOARDING;
		c->asks = sim_rng(s, RNG_PURPOSE('i', 'd', 'a', 'k'), c->key);
		c->revokes = sim_rng(s, RNG_PURPOSE('i', 'd', 'r', 'v'), c->key);
	}
	ids->kind_asked = sim_handler(s, "identifier.asked", on_asked, ids);
	ids->kind_revoke = sim_handler(s, "identifier.revoke", on_revoke, ids);
	ids->kind_again = sim_handler(s, "identifier.again", on_again, ids);
	device_admission(s, DEVICE_AUTHENTICATED, admit_identified, ids);
	if (ids->any_platform)
		device_admission(s, DEVICE_OPERATIONAL, admit_found, ids);
	if (onboarding || ids->any_platform)
		device_watch(s, on_changed, ids);
	for (const struct node *n = scenario_first(sc, &platform_model); messages && n; n = n->next_same)
		platform_on_accept(s, n, on_accepted, ids);
}

void identifiers_asked_start(struct sim *s, struct identifiers *ids)
{
	for (uint32_t k = 0; k < ids->dev->n_classes; k++) {
		struct identifier_class *c = &ids->of_class[k];
		if (!c->p || !c->repository || ids->dev->classes[k].count == 0)
			continue;
		if (c->p->resolutions > 0)
			sim_after(s, gap(&c->asks, ids, k, c->p->resolutions), ids->kind_asked, k, 0);
		if (c->p->revocations > 0)
			sim_after(s, gap(&c->revokes, ids, k, c->p->revocations), ids->kind_revoke, k, 0);
	}
}
