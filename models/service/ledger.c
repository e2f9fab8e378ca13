/*
 * <ledger>: what platforms accept is anchored in blocks that several parties agree upon.
 *
 * Records wait in a batch, which is cut when it is full (max-messages, max-bytes) or when timeout has passed since its first
 * record, whichever comes first: the rule of the ordering services of permissioned ledgers.  A cut block waits for the next
 * slot of the chain, if blocks have an interval, then for consensus: a station, closed while fewer than a quorum of the
 * validators are up.  It is final when so many further blocks have followed, as confirmations="" asks for.
 *
 * One event a block and a timer; a record costs none.
 */
#include <stdio.h>
#include <string.h>

#include "models/device/device.h"
#include "models/service/ledger_private.h"

static const char *const contents[] = { "hash", "message", NULL };
static const char *const laws[] = { "fixed", "exponential", NULL };

static const struct place ledger_places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };
static const struct place anchor_places[] = { { "ledger", 1, 0 } };

static const struct param ledger_params[] = {
	COUNT(struct ledger_params, max_messages, "10", "1", "1000000", "records at which a block is cut",
	      "[M] Hyperledger Fabric 1.x, sample configuration: MaxMessageCount"),
	BYTES(struct ledger_params, max_bytes, "", "1B", "1GiB",
	      "size of a block: a record that would exceed it closes the block before it; absent: not limited", NULL),
	TIME(struct ledger_params, timeout, "2s", "1ms", "10yr", "a block is cut this time after its first record",
	     "[M] Hyperledger Fabric, sample configuration: BatchTimeout"),
	CHOICE(struct ledger_params, content, "hash", contents,
	       "what a record holds: a hash of 32 B (SHA-256) of the message, or the message", NULL),
	BYTES(struct ledger_params, overhead, "96B", "0B", "64KiB", "of a record, beside its content",
	      "[M] ECDSA P-256: signature 64 B; identifier and time 32 B"),
	TIME(struct ledger_params, consensus_time, "100ms", "0s", "1d",
	     "mean time to agree upon a block", "[M] within the sub-second latency of Androulaki et al. 2018"),
	CHOICE(struct ledger_params, consensus_law, "fixed", laws, "distribution of the time to agree", NULL),
	TIME(struct ledger_params, validation, "0s", "0s", "1h", "added for every record of the block: its validation", NULL),
	COUNT(struct ledger_params, pipeline, "1", "1", "1000000", "blocks that may be agreed upon at the same time", NULL),
	TIME(struct ledger_params, block_interval, "0s", "0s", "1d",
	     "blocks begin at whole multiples of this time, one each; 0s: whenever they are cut", NULL),
	COUNT(struct ledger_params, confirmations, "0", "0", "1000",
	      "further blocks, empty ones too, after which a block is final; needs a block-interval", NULL),
	COUNT(struct ledger_params, validators, "4", "1", "1000", "parties that agree upon blocks", NULL),
	COUNT(struct ledger_params, quorum, "", "1", "1000", "validators needed; absent: more than two thirds of them",
	      "Castro & Liskov 1999: 2f + 1 of 3f + 1"),
	RATIO(struct ledger_params, availability, "100%", "0%", "100%", "share of the time in which one validator is up", NULL),
	TIME(struct ledger_params, repair, "4h", "1s", "10yr", "mean time to repair a validator", NULL),
};

static const struct param anchor_params[] = {
	REF(struct anchor_params, platform, NULL, "platform", "the platform whose accepted messages are anchored"),
	RATIO(struct anchor_params, share, "100%", "0%", "100%", "share of its messages that are", NULL),
};

static const struct section sections[] = {
	{ SECTION_CURVE, "Latency of the ledger", "ledger.latency",
	  "Share of records whose block takes longer to be final, from the acceptance of the message." },
};

static const struct evidence evidence[] = {
	{ "waiting until the cut", "closed form for Poisson arrivals and a cut by size, by time and by either",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
	{ "consensus", "M/D/1 in closed form for blocks of one record",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
	{ "availability", "binomial distribution of the validators that are up",
	  "99 % interval of the mean, tests/validation/valid_exchange.c" },
};

static void load_ledger(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct ledger_params *p = n->par;
	unsigned long long most = p->validators, needed = 2 * most / 3 + 1;

	node_derive(sc, n, d, "quorum", "%llu", needed);
	if (p->quorum > p->validators)
		node_error(n, d, "quorum", "is more than the %llu validators", most);
	if (p->confirmations > 0 && p->block_interval == 0)
		node_error(n, d, "confirmations",
			   "needs a block-interval at which further blocks follow (try "
			   "block-interval=\"15s\")");
}

static void load_anchor(const struct scenario *sc, struct node *n, struct diag *d)
{
	const struct anchor_params *p = n->par;

	(void)sc;
	for (const struct node *o = node_child(n->parent, &anchor_model); o && o != n; o = node_next(o))
		if (((const struct anchor_params *)o->par)->platform == p->platform && p->platform) {
			node_error(n, d, "platform", "is anchored in this ledger already, at line %d", o->line);
			return;
		}
}

/* ---- blocks ---- */

/* A block to fill; NO_BLOCK after sim_fail. */
static uint32_t take_block(struct sim *s, struct ledger *l)
{
	uint32_t i = l->free_block, cap = l->cap_blocks ? 2 * l->cap_blocks : 16;

	if (i != NO_BLOCK) {
		l->free_block = l->block[i].next;
	} else {
		if (l->n_blocks == l->cap_blocks) {
			struct block *bigger = sim_alloc(s, cap, sizeof *bigger);
			if (!bigger)
				return NO_BLOCK;
			if (l->n_blocks)
				memcpy(bigger, l->block, l->n_blocks * sizeof *bigger);
			l->block = bigger;
			l->cap_blocks = cap;
		}
		i = l->n_blocks++;
	}
	l->block[i].n = 0;
	l->block[i].bytes = 0;
	l->block[i].next = NO_BLOCK;
	return i;
}

static bool add_record(struct sim *s, struct block *b, uint64_t bytes)
{
	if (b->n == b->cap) {
		uint32_t cap = b->cap ? 2 * b->cap : 16;
		simtime_t *bigger = sim_alloc(s, cap, sizeof *bigger);
		if (!bigger)
			return false;
		if (b->n)
			memcpy(bigger, b->accepted, b->n * sizeof *bigger);
		b->accepted = bigger;
		b->cap = cap;
	}
	b->accepted[b->n++] = s->now;
	b->bytes += bytes;
	return true;
}

/* Of a block's records those accepted after the warm-up count. */
static void on_final(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct ledger *l = ctx;
	struct block *b = &l->block[i];

	(void)detail;
	for (uint32_t k = 0; k < b->n; k++)
		if (b->accepted[k] >= s->warmup)
			histogram_add(l->latency, s->now - b->accepted[k]);
	l->anchored += b->n;
	if (s->now >= s->warmup) {
		l->anchored_after += b->n;
		l->bytes_after += (double)b->bytes;
	}
	b->n = 0;
	b->next = l->free_block;
	l->free_block = i;
}

static void on_agreed(struct sim *s, void *ctx, uint32_t i, simtime_t waited, simtime_t served)
{
	struct ledger *l = ctx;

	(void)waited, (void)served;
	sim_after(s, (simtime_t)l->p->confirmations * l->p->block_interval, l->kind_final, i, 0);
}

static void on_slot(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct ledger *l = ctx;
	simtime_t takes = l->p->consensus_time;
	uint64_t w[2];

	(void)detail;
	if (l->p->consensus_law == CONSENSUS_EXPONENTIAL) {
		rng_block(s->key, RNG_PURPOSE('l', 'c', 'o', 'n'), l->element->key, l->block[i].number, w);
		takes = sim_from_seconds(-sim_seconds(takes) * log(rng_unit(w[0])));
	}
	station_arrive(l->consensus, i, 0, takes + l->block[i].n * l->p->validation);
}

/* The next slot that no block has yet. */
static simtime_t next_slot(const struct sim *s, struct ledger *l)
{
	simtime_t every = l->p->block_interval, slot;

	if (every == 0)
		return s->now;
	slot = (s->now + every - 1) / every * every;
	if (slot <= l->last_slot)
		slot = l->last_slot + every;
	l->last_slot = slot;
	return slot;
}

/* The batch becomes a block. */
static void cut(struct sim *s, struct ledger *l)
{
	uint32_t i = l->open;
	struct block *b = &l->block[i];

	for (uint32_t k = 0; k < b->n; k++)
		if (b->accepted[k] >= s->warmup)
			tally_add(&l->waiting, sim_seconds(s->now - b->accepted[k]));
	if (s->now >= s->warmup)
		tally_add(&l->size, b->n);
	b->number = l->cut++;
	l->open = NO_BLOCK;
	sim_at(s, next_slot(s, l), l->kind_slot, i, 0);
}

/* When the open batch is due. */
static simtime_t due(const struct ledger *l)
{
	return l->block[l->open].accepted[0] + l->p->timeout;
}

/* One timer a ledger: set by a batch, and again when it finds a younger one. */
static void on_timeout(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct ledger *l = ctx;

	l->timer = false;
	if (l->open == NO_BLOCK)
		return;
	if (s->now < due(l)) {
		l->timer = true;
		sim_at(s, due(l), l->kind_timeout, subject, detail);
		return;
	}
	l->by_time++;
	cut(s, l);
}

static void record(struct sim *s, struct ledger *l, uint64_t bytes)
{
	const struct ledger_params *p = l->p;

	l->offered++;
	if (p->max_bytes && l->open != NO_BLOCK && l->block[l->open].bytes + bytes > p->max_bytes)
		cut(s, l);
	if (l->open == NO_BLOCK) {
		l->open = take_block(s, l);
		if (l->open == NO_BLOCK)
			return;
	}
	if (!add_record(s, &l->block[l->open], bytes))
		return;
	if (l->block[l->open].n >= p->max_messages) {
		cut(s, l);
	} else if (!l->timer) {
		l->timer = true;
		sim_at(s, due(l), l->kind_timeout, 0, 0);
	}
}

static void on_accepted(struct sim *s, void *ctx, const struct message *m)
{
	const struct anchor *a = ctx;
	const struct ledger_params *p = a->ledger->p;
	uint64_t w[2];

	if (a->p->share < 1) {
		rng_block(s->key, RNG_PURPOSE('l', 's', 'h', 'r'),
			  a->ledger->element->key ^
				  rng_mix(device_key(devices_of(s), m->device) ^ rng_mix((uint64_t)m->created)),
			  m->purpose, w);
		if (rng_unit(w[0]) >= a->p->share)
			return;
	}
	record(s, a->ledger, (p->content == CONTENT_HASH ? LEDGER_HASH : m->bytes) + p->overhead);
}

/* ---- validators ---- */

static void count_up(const struct sim *s, struct ledger *l)
{
	bool works = l->up >= l->p->quorum;

	station_set_servers(l->consensus, works ? (uint32_t)l->p->pipeline : 0);
	timeavg_set(&l->works, s->now, works);
}

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct ledger *l = ctx;
	struct outage *o = &l->validator[subject];

	(void)detail;
	outage_turn(s, o);
	l->up += o->up ? 1 : UINT32_MAX;
	count_up(s, l);
}

static void on_warm(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct ledger *l = ctx;

	(void)subject, (void)detail;
	timeavg_start(&l->works, s->now, l->works.value);
}

static void init_validators(struct sim *s, struct ledger *l)
{
	uint16_t kind = sim_handler(s, "ledger.validator", on_change, l);

	l->validator = sim_alloc(s, l->p->validators, sizeof *l->validator);
	for (uint32_t i = 0; l->validator && i < l->p->validators; i++) {
		outage_init(s, &l->validator[i], l->p->availability, l->p->repair, RNG_PURPOSE('l', 'o', 'u', 't'),
			    rng_mix(l->element->key ^ rng_mix(i)), kind, i);
		l->up += l->validator[i].up;
	}
	timeavg_start(&l->works, 0, 0);
	count_up(s, l);
}

/* ---- set-up ---- */

static void init_anchors(struct sim *s, struct ledger *l)
{
	for (const struct node *n = node_child(l->element, &anchor_model); n; n = node_next(n)) {
		struct anchor *a = sim_alloc(s, 1, sizeof *a);
		if (!a)
			return;
		*a = (struct anchor){ n->par, l };
		platform_on_accept(s, a->p->platform, on_accepted, a);
	}
}

static void init_ledger(struct sim *s, struct ledger *l, const struct node *e)
{
	*l = (struct ledger){ .p = e->par, .element = e, .open = NO_BLOCK, .free_block = NO_BLOCK, .last_slot = -1 };
	l->latency = sim_alloc(s, 1, sizeof *l->latency);
	l->consensus = station_new(s, e->id, (uint32_t)l->p->pipeline, STATION_UNBOUNDED, on_agreed, l);
	if (!l->latency || !l->consensus)
		return;
	l->kind_timeout = sim_handler(s, "ledger.timeout", on_timeout, l);
	l->kind_slot = sim_handler(s, "ledger.slot", on_slot, l);
	l->kind_final = sim_handler(s, "ledger.final", on_final, l);
	l->kind_warm = sim_handler(s, "ledger.warm-up", on_warm, l);
	init_validators(s, l);
	init_anchors(s, l);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	size_t n = scenario_count(sc, &ledger_model);
	struct ledgers *ls = n ? sim_alloc(s, 1, sizeof *ls) : NULL;
	uint32_t i = 0;

	if (!ls)
		return;
	ls->n = (uint32_t)n;
	ls->all = sim_alloc(s, n, sizeof *ls->all);
	if (!ls->all)
		return;
	for (const struct node *e = scenario_first(sc, &ledger_model); e && s->status == SIM_OK; e = e->next_same, i++)
		init_ledger(s, &ls->all[i], e);
	sim_set_state(s, &ledger_model, ls);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct ledgers *ls = sim_state(s, &ledger_model);

	(void)sc;
	for (uint32_t i = 0; ls && i < ls->n; i++) {
		struct ledger *l = &ls->all[i];
		for (uint32_t k = 0; k < l->p->validators; k++)
			outage_start(s, &l->validator[k]);
		if (s->warmup > 0)
			sim_at(s, s->warmup, l->kind_warm, 0, 0);
	}
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct ledgers *ls = sim_state(s, &ledger_model);

	(void)sc;
	if (ls)
		ledger_report(s, ls);
}

const struct model anchor_model = {
	.name = "anchor",
	.doc = "A platform whose accepted messages are anchored in the ledger.",
	.places = anchor_places,
	.n_places = sizeof anchor_places / sizeof anchor_places[0],
	.par_size = sizeof(struct anchor_params),
	.params = anchor_params,
	.n_params = sizeof anchor_params / sizeof anchor_params[0],
	.load = load_anchor,
};

const struct model ledger_model = {
	.name = "ledger",
	.doc = "A distributed ledger: accepted messages, or hashes of them, are batched into blocks that validators agree upon.",
	.places = ledger_places,
	.n_places = sizeof ledger_places / sizeof ledger_places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct ledger_params),
	.params = ledger_params,
	.n_params = sizeof ledger_params / sizeof ledger_params[0],
	.kpis = ledger_kpis,
	.n_kpis = LEDGER_KPIS,
	.sections = sections,
	.n_sections = sizeof sections / sizeof sections[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.load = load_ledger,
	.setup = setup,
	.start = start,
	.finish = finish,
};
