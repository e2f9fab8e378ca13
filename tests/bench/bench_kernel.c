/*
 * The kernel's speed: the hold model on the queue alone (against a plain binary heap in the same run), M/M/1 and PHOLD
 * through dispatch, streams and statistics.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/kernel/report.h"
#include "sim/kernel/sim.h"
#include "sim/kernel/tally.h"
#include "tests/bench/bench.h"

enum { DRAWS = 1 << 12 };

/* What an event touches of its subject. */
struct row {
	uint64_t count;
	simtime_t last;
	uint64_t sum, spare;
};
_Static_assert(sizeof(struct row) == 32, "a hold touches 32 bytes");

/* What a heap must compare to keep ties in order. */
struct entry {
	struct event ev;
	uint64_t order;
};

/* The hold model: n pending events; take the earliest, touch its row, schedule it again. */
struct hold {
	struct evq *queue;
	struct entry *heap; /* the yardstick */
	uint64_t next_order;
	size_t n_heap;
	size_t n, holds;
	struct arena *arena;
	struct row *rows;
	simtime_t *increment; /* drawn beforehand: what is measured is the queue */
	size_t at;
	double (*draw)(struct rng *r);
	double mean;
};

/* Half of the increments 50 ms - 2 s (receive windows, retries), half about 600 s (the next report). */
static double draw_iot(struct rng *r)
{
	return rng_below(r, 2) ? 0.05 + 1.95 * rng_uniform(r) : 600 * (0.9 + 0.2 * rng_uniform(r));
}

static double draw_exponential(struct rng *r)
{
	return 300 * rng_exponential(r, 1);
}

/* Whole seconds within ten minutes: thousands of ties to a time. */
static double draw_ties(struct rng *r)
{
	return 1 + rng_below(r, 600);
}

/* From a microsecond to four months, each decade as often as the next. */
static double draw_far_tail(struct rng *r)
{
	return pow(10, -6 + 13 * rng_uniform(r));
}

/* Pending times of the stationary state: an increment met at random (longer ones more often), and where in it. */
static simtime_t residual(struct hold *h, struct rng *r, double longest)
{
	for (;;) {
		double x = h->draw(r);
		if (rng_uniform(r) * longest < x)
			return sim_from_seconds(x * rng_uniform(r));
	}
}

static void hold_start(struct hold *h, size_t n, double (*draw)(struct rng *r), double longest)
{
	struct rng r = rng_stream(rng_key(1, 0), RNG_PURPOSE('h', 'o', 'l', 'd'), n, 0);

	*h = (struct hold){ .queue = evq_new(), .arena = arena_new(), .n = n, .draw = draw };
	bench_need(h->queue && h->arena, "out of memory");
	h->rows = arena_alloc(h->arena, n, sizeof *h->rows);
	h->increment = arena_alloc(h->arena, DRAWS, sizeof *h->increment);
	bench_need(h->rows && h->increment, "out of memory");
	for (size_t i = 0; i < DRAWS; i++)
		h->increment[i] = sim_from_seconds(draw(&r));
	for (size_t i = 0; i < n; i++)
		bench_need(evq_push(h->queue, (struct event){ residual(h, &r, longest), (uint32_t)i, 0, 0 }),
			   "out of memory");
}

static void hold_end(struct hold *h)
{
	evq_free(h->queue);
	arena_free(h->arena);
	free(h->heap);
}

static void touch(struct hold *h, const struct event *ev)
{
	struct row *row = &h->rows[ev->subject];

	row->count++;
	row->last = ev->t;
	row->sum += (uint64_t)ev->t;
}

static simtime_t next_increment(struct hold *h)
{
	return h->increment[h->at++ % DRAWS];
}

static void fetch_rows(void *ctx, const struct event *ev, size_t n)
{
	struct row *rows = ctx;

	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&rows[ev[i].subject], 1);
}

/* ns per hold. */
static double hold_queue(void *ctx)
{
	struct hold *h = ctx;
	struct event ev;
	double start = bench_seconds();

	for (size_t i = 0; i < h->holds; i++) {
		evq_pop(h->queue, &ev);
		touch(h, &ev);
		ev.t += next_increment(h);
		bench_need(evq_push(h->queue, ev), "out of memory");
	}
	return (bench_seconds() - start) * 1e9 / (double)h->holds;
}

static bool earlier(const struct entry *a, const struct entry *b)
{
	return a->ev.t < b->ev.t || (a->ev.t == b->ev.t && a->order < b->order);
}

static struct event heap_pop(struct hold *h)
{
	struct event first = h->heap[0].ev;
	struct entry last = h->heap[--h->n_heap];
	size_t i = 0;

	for (size_t k; (k = 2 * i + 1) < h->n_heap; i = k) {
		if (k + 1 < h->n_heap && earlier(&h->heap[k + 1], &h->heap[k]))
			k++;
		if (!earlier(&h->heap[k], &last))
			break;
		h->heap[i] = h->heap[k];
	}
	h->heap[i] = last;
	return first;
}

static void heap_push(struct hold *h, struct event ev)
{
	struct entry e = { ev, h->next_order++ };
	size_t i = h->n_heap++;

	for (; i > 0 && earlier(&e, &h->heap[(i - 1) / 2]); i = (i - 1) / 2)
		h->heap[i] = h->heap[(i - 1) / 2];
	h->heap[i] = e;
}

static void hold_to_heap(struct hold *h)
{
	struct event ev;

	h->heap = calloc(h->n, sizeof *h->heap);
	bench_need(h->heap, "out of memory");
	while (evq_pop(h->queue, &ev) > 0)
		heap_push(h, ev);
}

static double hold_heap(void *ctx)
{
	struct hold *h = ctx;
	double start = bench_seconds();

	for (size_t i = 0; i < h->holds; i++) {
		struct event ev = heap_pop(h);
		touch(h, &ev);
		ev.t += next_increment(h);
		heap_push(h, ev);
	}
	return (bench_seconds() - start) * 1e9 / (double)h->holds;
}

/* A run of 2 n holds sees each of the queue's tiers filled and emptied. */
static double bench_hold(bool quick, size_t n, double (*draw)(struct rng *r), double longest, double *heap_ns)
{
	struct hold h;

	hold_start(&h, quick ? n / 100 : n, draw, longest);
	h.holds = 2 * h.n;
	evq_set_ahead(h.queue, fetch_rows, h.rows);
	hold_queue(&h);
	double ns = bench_repeat(quick, hold_queue, &h);
	if (heap_ns) {
		hold_to_heap(&h);
		hold_heap(&h);
		*heap_ns = bench_repeat(quick, hold_heap, &h);
	}
	hold_end(&h);
	return ns;
}

/* 10^6 events pushed in falling order into the span being drained, and popped: ns per event. */
static double run_burst(void *ctx)
{
	const bool *quick = ctx;
	uint32_t n = *quick ? 10000 : 1000000;
	struct evq *q = evq_new();
	struct event ev = { 0 };

	bench_need(q, "out of memory");
	for (uint32_t i = 0; i < 20; i++)
		bench_need(evq_push(q, (struct event){ i * SIM_SECOND, i, 0, 0 }), "out of memory");
	evq_pop(q, &ev);
	double start = bench_seconds();
	for (uint32_t i = n; i > 0; i--)
		bench_need(evq_push(q, (struct event){ i, i, 0, 0 }), "out of memory");
	for (uint32_t i = 0; i < n; i++)
		evq_pop(q, &ev);
	double ns = (bench_seconds() - start) * 1e9 / n;
	bench_need(ev.t == n, "a burst leaves out of order");
	evq_free(q);
	return ns;
}

/* M/M/1: customers arrive with gaps of mean 1 s and are served in 0.9 s. */
struct mm1 {
	struct rng gaps, services;
	simtime_t *arrived; /* ring of those in the system */
	uint32_t first, in_system, customers, limit;
	uint16_t ev_arrival, ev_departure;
	struct tally waiting;
};

enum { MM1_RING = 1 << 16 };

static void mm1_serve(struct sim *s, struct mm1 *m)
{
	tally_add(&m->waiting, sim_seconds(s->now - m->arrived[m->first % MM1_RING]));
	sim_after(s, sim_from_seconds(rng_exponential(&m->services, 0.9)), m->ev_departure, 0, 0);
	rng_ahead(&m->services);
}

static void on_arrival(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)subject, (void)detail;
	struct mm1 *m = ctx;

	if (++m->customers < m->limit)
		sim_after(s, sim_from_seconds(rng_exponential(&m->gaps, 1)), m->ev_arrival, 0, 0);
	rng_ahead(&m->gaps);
	BUG_ON(s, m->in_system == MM1_RING);
	m->arrived[(m->first + m->in_system) % MM1_RING] = s->now;
	if (m->in_system++ == 0)
		mm1_serve(s, m);
}

static void on_departure(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)subject, (void)detail;
	struct mm1 *m = ctx;

	m->first++;
	if (--m->in_system > 0)
		mm1_serve(s, m);
}

/* ns per event, two events per customer.  The mean wait, 8.1 s, is judged loosely: this is no validation. */
static double run_mm1(void *ctx)
{
	const bool *quick = ctx;
	struct report *report = report_new();
	struct sim *s = sim_new(1, 0, 0, SIM_NEVER, report);
	bench_need(report && s, "out of memory");
	struct mm1 m = { .gaps = sim_rng(s, RNG_PURPOSE('g', 'a', 'p', 's'), 0),
			 .services = sim_rng(s, RNG_PURPOSE('s', 'e', 'r', 'v'), 0),
			 .arrived = sim_alloc(s, MM1_RING, sizeof *m.arrived),
			 .limit = *quick ? 10000 : 1000000 };
	m.ev_arrival = sim_handler(s, "mm1.arrival", on_arrival, &m);
	m.ev_departure = sim_handler(s, "mm1.departure", on_departure, &m);
	sim_at(s, 0, m.ev_arrival, 0, 0);

	double start = bench_seconds();
	bench_need(sim_run(s) == SIM_OK, s->failure);
	double ns = (bench_seconds() - start) * 1e9 / (double)s->events;
	bench_need(m.waiting.n == m.limit && m.waiting.mean > 4 && m.waiting.mean < 12, "M/M/1 waits as it should not");
	sim_free(s);
	report_free(report);
	return ns;
}

/* PHOLD: each logical process starts with one event; an event goes on after 0.1 + Exp(0.9), to another process in one
 * case of four. */
struct lp {
	uint64_t received;
	uint32_t draws, spare;
};
struct phold {
	struct lp *lp;
	uint32_t n, limit;
	uint16_t kind;
};

static void on_phold(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)detail;
	struct phold *p = ctx;
	struct lp *lp = &p->lp[subject];
	struct rng r = rng_stream(s->key, RNG_PURPOSE('p', 'h', 'o', 'l'), subject, lp->draws++);

	lp->received++;
	uint64_t word = rng_u64(&r);
	uint32_t to = word >> 62 ? subject : (uint32_t)(((word & UINT32_MAX) * p->n) >> 32);
	sim_after(s, 100 * SIM_MS + sim_from_seconds(rng_exponential(&r, 0.9)), p->kind, to, 0);
}

struct phold_run {
	uint32_t lps;
	double handled;
};

/* Millions of events a second. */
static double run_phold(void *ctx)
{
	const struct phold_run *run = ctx;
	struct report *report = report_new();
	struct sim *s = sim_new(1, 0, 0, sim_from_seconds(run->handled / run->lps), report);
	bench_need(report && s, "out of memory");
	struct phold p = { .lp = sim_alloc(s, run->lps, sizeof *p.lp), .n = run->lps };
	bench_need(p.lp, "out of memory");
	p.kind = sim_handler(s, "phold", on_phold, &p);
	sim_handler_prefetch(s, p.kind, p.lp, sizeof *p.lp);

	for (uint32_t i = 0; i < p.n; i++)
		on_phold(s, &p, i, 0);
	double start = bench_seconds();
	bench_need(sim_run(s) == SIM_OK, s->failure);
	double rate = (double)s->events / (bench_seconds() - start);
	bench_need((double)s->events > 0.5 * run->handled && (double)s->events < 1.1 * run->handled, "PHOLD lost events");
	sim_free(s);
	report_free(report);
	return rate;
}

static void bench_phold(bool quick, const char *name, uint32_t lps, double handled)
{
	struct phold_run run = { quick ? lps / 10 : lps, quick ? 0.1 * handled : handled };

	bench_row(name, bench_repeat(quick, run_phold, &run), "1/s");
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);
	double heap_ns;
	double ns = bench_hold(quick, 1000000, draw_iot, 660, &heap_ns);

	bench_row("hold_1e6_ns", ns, "ns");
	bench_row("hold_heap_1e6_ns", heap_ns, "ns");
	bench_row("hold_vs_heap_1e6", heap_ns / ns, "1");
	bench_row("hold_1e7_ns", bench_hold(quick, 10000000, draw_iot, 660, NULL), "ns");
	bench_row("hold_exp_1e6_ns", bench_hold(quick, 1000000, draw_exponential, 6000, NULL), "ns");
	bench_row("hold_ties_1e6_ns", bench_hold(quick, 1000000, draw_ties, 601, NULL), "ns");
	bench_row("hold_far_tail_1e6_ns", bench_hold(quick, 1000000, draw_far_tail, 1e7, NULL), "ns");
	bench_row("burst_1e6_ns", bench_repeat(quick, run_burst, &quick), "ns");
	bench_row("mm1_ns_per_event", bench_repeat(quick, run_mm1, &quick), "ns");
	bench_phold(quick, "phold_1e4_per_s", 10000, 5e6);
	bench_phold(quick, "phold_1e5_per_s", 100000, 5e6);
	bench_phold(quick, "phold_1e6_per_s", 1000000, 1e7);
	return 0;
}
