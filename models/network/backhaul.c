/*
 * <backhaul>: what carries a gateway's traffic to the city's servers.
 *
 * A link is a single server with deterministic service (bytes over capacity) and a bounded queue, so the time at which
 * it is next free says all about its queue (Lindley's recursion) and a message costs no event.  What has not left when
 * the link breaks is lost; since the next break is known, that is decided when the message is offered.
 */
#include <stdio.h>

#include "models/city/cost.h"
#include "models/network/outage.h"
#include "models/network/path.h"
#include "sim/kernel/tally.h"

struct backhaul_params {
	simtime_t latency, jitter;
	double capacity;          /* bit/s; NaN: not limited */
	uint64_t queue, overhead; /* B */
	double availability;
	simtime_t repair;
};

static const struct place places[] = { { "scenario", 0, 0 }, { "library", 0, 0 } };

static const struct param params[] = {
	TIME(struct backhaul_params, latency, "10ms", "0s", "10min", "one-way delay of the link without queueing",
	     "[M] ITU-T G.114: 5 us/km of fibre; the rest is access and routing"),
	TIME(struct backhaul_params, jitter, "0s", "0s", "10min", "mean of an exponential addition to the latency", NULL),
	BITRATE(struct backhaul_params, capacity, "", "1bps", "10Tbps", "bit rate of the link; absent: not limited", NULL),
	BYTES(struct backhaul_params, queue, "256KiB", "1B", "1TiB",
	      "most bytes that may wait for a link of limited capacity, what is being sent included", NULL),
	BYTES(struct backhaul_params, overhead, "240B", "0B", "64KiB", "added to every message: transport and description",
	      "[M] Semtech UDP packet forwarder: IPv4 20 + UDP 8 + header 12 + JSON of about 200 bytes"),
	RATIO(struct backhaul_params, availability, "100%", "0%", "100%", "share of the time in which the link is up",
	      NULL),
	TIME(struct backhaul_params, repair, "4h", "1s", "10yr", "mean time to repair", NULL),
};

enum { KPI_UTILISATION, KPI_AVAILABILITY, KPI_DELAY };

static const struct kpi_def kpis[] = {
	[KPI_UTILISATION] = { "backhaul.utilisation", "1",
			      "time in which backhaul links of limited capacity send ÷ time, mean over links", NULL,
			      KPI_LOWER, true },
	[KPI_AVAILABILITY] = { "backhaul.availability", "1", "time in which backhaul links are up ÷ time, mean over links",
			       NULL, KPI_HIGHER, true },
	[KPI_DELAY] = { "backhaul.delay", "s",
			"queueing, serialisation and latency of a message on its backhaul link, mean", NULL, KPI_LOWER,
			true },
};

static const struct evidence evidence[] = {
	{ "queueing delay", "M/D/1 waiting time in closed form",
	  "99 % interval of the mean, tests/unit/network/test_backhaul.c" },
	{ "queue, outages", "a recount from the list of offers and breaks", "equal, tests/unit/network/test_backhaul.c" },
	{ "availability", "alternating renewal process in closed form",
	  "99 % interval of the mean, tests/unit/network/test_backhaul.c" },
};

struct backhaul {
	const struct backhaul_params *p;
	const struct node *element;
	double ns_per_byte; /* 0: not limited */
	simtime_t free_at;  /* when the last byte accepted has left */
	simtime_t busy;     /* sending, within the counted time */
	struct outage outage;
	struct rng jitter;
	path_change_fn *watch;
	void *watch_ctx;
	uint64_t offered, carried, lost_down, lost_full; /* messages */
	uint64_t offered_bytes, carried_bytes, lost_down_bytes, lost_full_bytes;
	struct tally delay;     /* s, of messages offered after the warm-up */
	uint64_t counted_bytes; /* of those */
};

struct links {
	struct backhaul **link;
	uint32_t n, cap;
	uint16_t kind;
};

static void on_change(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct links *l = ctx;
	struct backhaul *b = l->link[subject];

	(void)detail;
	outage_turn(s, &b->outage);
	if (!b->outage.up)
		b->free_at = s->now;
	if (b->watch)
		b->watch(s, b->watch_ctx, b->outage.up);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	struct links *l = sim_alloc(s, 1, sizeof *l);

	(void)sc;
	if (!l)
		return;
	l->kind = sim_handler(s, "backhaul.change", on_change, l);
	sim_set_state(s, &backhaul_model, l);
}

static bool grow(struct sim *s, struct links *l)
{
	uint32_t cap = l->cap ? 2 * l->cap : 16;
	struct backhaul **link = sim_alloc(s, cap, sizeof *link);

	if (!link)
		return false;
	for (uint32_t i = 0; i < l->n; i++)
		link[i] = l->link[i];
	l->link = link;
	l->cap = cap;
	return true;
}

struct backhaul *backhaul_of(struct sim *s, const struct node *element, uint64_t site_key)
{
	struct links *l = sim_state(s, &backhaul_model);
	struct backhaul *b;
	uint64_t key;

	if (!element)
		return NULL;
	BUG_ON(s, !l || element->model != &backhaul_model);
	if (l->n == l->cap && !grow(s, l))
		return NULL;
	b = sim_alloc(s, 1, sizeof *b);
	if (!b)
		return NULL;
	key = rng_mix(element->key ^ rng_mix(site_key));
	b->p = element->par;
	b->element = element;
	b->ns_per_byte = isnan(b->p->capacity) ? 0 : 8e9 / b->p->capacity;
	b->jitter = sim_rng(s, RNG_PURPOSE('b', 'j', 'i', 't'), key);
	outage_init(s, &b->outage, b->p->availability, b->p->repair, RNG_PURPOSE('b', 'o', 'u', 't'), key, l->kind, l->n);
	l->link[l->n++] = b;
	return b;
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct links *l = sim_state(s, &backhaul_model);

	(void)sc;
	for (uint32_t i = 0; l && i < l->n; i++) {
		struct backhaul *b = l->link[i];
		outage_start(s, &b->outage);
		if (!b->outage.up && b->watch)
			b->watch(s, b->watch_ctx, false);
	}
}

/* The part of [from, to] that is counted: after the warm-up, before the horizon. */
static simtime_t counted(const struct sim *s, simtime_t from, simtime_t to)
{
	if (from < s->warmup)
		from = s->warmup;
	if (to > s->end)
		to = s->end;
	return to > from ? to - from : 0;
}

static simtime_t lose_down(struct backhaul *b, unsigned bytes, enum fate *fate)
{
	b->lost_down++;
	b->lost_down_bytes += bytes;
	*fate = FATE_BACKHAUL;
	return -1;
}

static simtime_t lose_full(struct backhaul *b, unsigned bytes, enum fate *fate)
{
	b->lost_full++;
	b->lost_full_bytes += bytes;
	*fate = FATE_QUEUE_FULL;
	return -1;
}

simtime_t backhaul_offer(struct sim *s, struct backhaul *b, unsigned bytes, enum fate *fate)
{
	simtime_t begin, leave, delay;

	if (!b)
		return 0;
	bytes += (unsigned)b->p->overhead;
	b->offered++;
	b->offered_bytes += bytes;
	if (!b->outage.up)
		return lose_down(b, bytes, fate);
	begin = b->free_at > s->now ? b->free_at : s->now;
	if (b->ns_per_byte > 0 && begin > s->now) {
		double backlog = (double)(begin - s->now) / b->ns_per_byte;
		if (backlog + bytes > (double)b->p->queue)
			return lose_full(b, bytes, fate);
	}
	leave = begin + (simtime_t)llrint(bytes * b->ns_per_byte);
	b->free_at = leave;
	b->busy += counted(s, begin, leave < b->outage.change ? leave : b->outage.change);
	if (leave > b->outage.change)
		return lose_down(b, bytes, fate);
	delay = leave - s->now + b->p->latency;
	if (b->p->jitter > 0)
		delay += sim_from_seconds(rng_exponential(&b->jitter, sim_seconds(b->p->jitter)));
	b->carried++;
	b->carried_bytes += bytes;
	if (s->now >= s->warmup) {
		tally_add(&b->delay, sim_seconds(delay));
		b->counted_bytes += bytes;
	}
	return delay;
}

simtime_t backhaul_latency(const struct node *element)
{
	return element ? ((const struct backhaul_params *)element->par)->latency : 0;
}

bool backhaul_up(const struct backhaul *b)
{
	return !b || b->outage.up;
}

simtime_t backhaul_up_time(const struct sim *s, const struct backhaul *b)
{
	if (b)
		return outage_up_time(s, &b->outage);
	return s->now > s->warmup ? s->now - s->warmup : 0;
}

void backhaul_watch(struct sim *s, struct backhaul *b, path_change_fn *fn, void *ctx)
{
	if (!b)
		return;
	BUG_ON(s, b->watch);
	b->watch = fn;
	b->watch_ctx = ctx;
}

/* One line a <backhaul> element: its links together. */
static void report_element(struct sim *s, const struct links *l, const struct node *element)
{
	double up = 0, busy = 0, time = sim_seconds(s->now - s->warmup);
	uint64_t links = 0, offered = 0, carried = 0, breaks = 0;
	char name[128];

	for (uint32_t i = 0; i < l->n; i++) {
		const struct backhaul *b = l->link[i];
		if (b->element != element)
			continue;
		links++;
		up += outage_up_share(s, &b->outage);
		busy += sim_seconds(b->busy);
		offered += b->offered;
		carried += b->carried;
		breaks += b->outage.changes;
	}
	if (!links)
		return;
	snprintf(name, sizeof name, "Backhaul %s", element->id);
	report_fact(s->report, name,
		    "%llu link%s, up %.4g %% of the time (%llu break%s), sending %.3g %%, %llu of %llu messages carried",
		    (unsigned long long)links, links == 1 ? "" : "s", 100 * up / (double)links, (unsigned long long)breaks,
		    breaks == 1 ? "" : "s", time > 0 ? 100 * busy / time / (double)links : 0, (unsigned long long)carried,
		    (unsigned long long)offered);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct links *l = sim_state(s, &backhaul_model);
	struct backhaul sum = { 0 };
	double up = 0, busy = 0, limited = 0;

	if (!l || !l->n)
		return;
	for (uint32_t i = 0; i < l->n; i++) {
		const struct backhaul *b = l->link[i];
		cost_units(s, b->element, 1);
		cost_traffic(s, b->element, (double)b->delay.n, (double)b->counted_bytes);
		up += outage_up_share(s, &b->outage);
		limited += b->ns_per_byte > 0;
		busy += sim_seconds(b->busy);
		tally_merge(&sum.delay, &b->delay);
		sum.offered += b->offered;
		sum.carried += b->carried;
		sum.lost_down += b->lost_down;
		sum.lost_full += b->lost_full;
		sum.offered_bytes += b->offered_bytes;
		sum.carried_bytes += b->carried_bytes;
		sum.lost_down_bytes += b->lost_down_bytes;
		sum.lost_full_bytes += b->lost_full_bytes;
	}
	busy /= sim_seconds(s->now - s->warmup);
	report_kpi(s->report, &kpis[KPI_UTILISATION], "all", limited > 0 ? busy / limited : NAN);
	report_kpi(s->report, &kpis[KPI_AVAILABILITY], "all", up / l->n);
	report_kpi(s->report, &kpis[KPI_DELAY], "all", sum.delay.n ? sum.delay.mean : NAN);
	report_audit(s->report, "backhaul messages", "1", AUDIT_IN, "offered", (double)sum.offered);
	report_audit(s->report, "backhaul messages", "1", AUDIT_OUT, "carried", (double)sum.carried);
	report_audit(s->report, "backhaul messages", "1", AUDIT_OUT, "lost: link down", (double)sum.lost_down);
	report_audit(s->report, "backhaul messages", "1", AUDIT_OUT, "lost: queue full", (double)sum.lost_full);
	report_audit(s->report, "backhaul bytes", "B", AUDIT_IN, "offered", (double)sum.offered_bytes);
	report_audit(s->report, "backhaul bytes", "B", AUDIT_OUT, "carried", (double)sum.carried_bytes);
	report_audit(s->report, "backhaul bytes", "B", AUDIT_OUT, "lost: link down", (double)sum.lost_down_bytes);
	report_audit(s->report, "backhaul bytes", "B", AUDIT_OUT, "lost: queue full", (double)sum.lost_full_bytes);
	for (const struct node *e = scenario_first(sc, &backhaul_model); e; e = e->next_same)
		report_element(s, l, e);
}

const struct model backhaul_model = {
	.name = "backhaul",
	.example = "id=\"fibre\" latency=\"4ms\" capacity=\"1Gbps\" availability=\"99.95%\" repair=\"4h\"",
	.doc = "A link between gateways and the city's servers: latency, capacity, queue and outages.  Every gateway that "
	       "names it "
	       "has one of its own.",
	.places = places,
	.n_places = sizeof places / sizeof places[0],
	.id = ID_REQUIRED,
	.par_size = sizeof(struct backhaul_params),
	.params = params,
	.n_params = sizeof params / sizeof params[0],
	.kpis = kpis,
	.n_kpis = sizeof kpis / sizeof kpis[0],
	.evidence = evidence,
	.n_evidence = sizeof evidence / sizeof evidence[0],
	.setup = setup,
	.start = start,
	.finish = finish,
};
