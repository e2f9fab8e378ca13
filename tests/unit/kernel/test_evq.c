#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/kernel/evq.h"
#include "sim/kernel/rng.h"

/* The plainest correct queue: events in an array, each with its number, of which the least leaves. */
struct model {
	struct entry {
		struct event ev;
		uint64_t order;
	} * e;
	size_t n;
	uint64_t next;
};

static void model_push(struct model *m, struct event ev)
{
	size_t i = m->n++;
	struct entry e = { ev, m->next++ };

	for (; i > 0 && m->e[i - 1].ev.t <= ev.t; i--)
		m->e[i] = m->e[i - 1];
	m->e[i] = e; /* latest first: the next one is at the end */
}

static void assert_same(struct event a, struct event b)
{
	assert_int_equal(a.t, b.t);
	assert_int_equal(a.subject, b.subject);
	assert_int_equal(a.kind, b.kind);
	assert_int_equal(a.detail, b.detail);
}

static struct evq *queue_new(void)
{
	struct evq *q = evq_new();

	assert_non_null(q);
	return q;
}

static void push(struct evq *q, simtime_t t, uint32_t subject)
{
	assert_true(evq_push(q, (struct event){ t, subject, 1, 2 }));
}

static struct event pop(struct evq *q)
{
	struct event ev;

	assert_int_equal(evq_pop(q, &ev), 1);
	return ev;
}

static void assert_empty(struct evq *q)
{
	struct event ev;

	assert_int_equal(evq_len(q), 0);
	assert_int_equal(evq_pop(q, &ev), 0);
	assert_int_equal(evq_pop(q, &ev), 0);
}

/* How far ahead the next event of a random mix lies. */
static simtime_t ties_mostly(struct rng *r)
{
	return rng_below(r, 3);
}

static simtime_t a_few_round_times(struct rng *r)
{
	return (simtime_t)rng_below(r, 4) * SIM_SECOND;
}

static simtime_t any_magnitude(struct rng *r)
{
	return (simtime_t)(rng_u64(r) >> (4 + rng_below(r, 60)));
}

static simtime_t iot(struct rng *r)
{
	return rng_below(r, 2) ? 50 * SIM_MS + rng_below(r, 1950) * SIM_MS : 600 * SIM_SECOND + rng_below(r, 2000) * SIM_MS;
}

static simtime_t near_with_a_far_tail(struct rng *r)
{
	return rng_below(r, 100) ? rng_below(r, 50) : (simtime_t)rng_below(r, 1000) * SIM_DAY;
}

static simtime_t near_ties_and_seconds(struct rng *r)
{
	return rng_below(r, 8) ? (simtime_t)rng_below(r, 5) : SIM_SECOND * (1 + (simtime_t)rng_below(r, 2));
}

static simtime_t (*const mixes[])(struct rng *) = {
	ties_mostly, a_few_round_times, any_magnitude, iot, near_with_a_far_tail, near_ties_and_seconds,
};
enum { MIXES = sizeof mixes / sizeof mixes[0] };

/* Random pushes and pops; the number pending swings up to `most` and back to none. */
static void run_against_model(simtime_t (*mix)(struct rng *), uint64_t seed, size_t most, size_t operations)
{
	struct rng r = rng_stream(rng_key(seed, 0), RNG_PURPOSE('t', 'e', 's', 't'), most, 0);
	struct evq *q = queue_new();
	struct model m = { calloc(most + 1, sizeof *m.e), 0, 0 };
	simtime_t now = 0;
	bool growing = true;

	assert_non_null(m.e);
	for (size_t i = 0; i < operations || m.n; i++) {
		growing = i < operations && (m.n == 0 || (m.n < most && (growing ? rng_below(&r, (uint32_t)most) != 0
										 : rng_below(&r, (uint32_t)most) == 0)));
		if (m.n < most && rng_below(&r, 8) < (growing ? 5u : 3u) && now < INT64_MAX / 4 && i < operations) {
			struct event ev = { now + mix(&r), (uint32_t)m.next, (uint16_t)i, (uint16_t)(i >> 3) };
			assert_true(evq_push(q, ev));
			model_push(&m, ev);
		} else if (m.n) {
			struct event ev = pop(q);
			assert_same(ev, m.e[--m.n].ev);
			now = ev.t;
		}
		assert_int_equal(evq_len(q), m.n);
	}
	assert_empty(q);
	free(m.e);
	evq_free(q);
}

static void random_mixes_leave_as_a_sorted_array_would_have_it(void **state)
{
	(void)state;
	static const size_t sizes[] = { 3, 40, 130, 1500 };

	for (size_t k = 0; k < MIXES; k++)
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
			for (uint64_t seed = 1; seed <= 3; seed++)
				run_against_model(mixes[k], seed, sizes[i], 30000);
}

static int by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->ev.t != y->ev.t)
		return x->ev.t < y->ev.t ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* All in, all out: against a stable sort. */
static void sort_with_queue(simtime_t (*mix)(struct rng *), size_t n)
{
	struct rng r = rng_stream(rng_key(7, 0), RNG_PURPOSE('s', 'o', 'r', 't'), n, 0);
	struct evq *q = queue_new();
	struct entry *e = calloc(n, sizeof *e);

	assert_non_null(e);
	for (size_t i = 0; i < n; i++) {
		e[i] = (struct entry){ { mix(&r), (uint32_t)i, 1, 2 }, i };
		assert_true(evq_push(q, e[i].ev));
	}
	qsort(e, n, sizeof *e, by_time);
	for (size_t i = 0; i < n; i++)
		assert_same(pop(q), e[i].ev);
	assert_empty(q);
	free(e);
	evq_free(q);
}

static void a_quarter_million_events_leave_sorted_and_stable(void **state)
{
	(void)state;
	for (size_t k = 0; k < MIXES; k++)
		sort_with_queue(mixes[k], 250000);
}

/* Each subject has one timer, restarted at will: an event of an older generation is dropped when it comes up. */
static void cancelled_timers_never_fire_and_live_ones_fire_once_in_order(void **state)
{
	(void)state;
	enum { SUBJECTS = 500, STEPS = 200000 };
	static const simtime_t never = -1;
	struct rng r = rng_stream(rng_key(3, 0), RNG_PURPOSE('t', 'i', 'm', 'e'), 0, 0);
	struct evq *q = queue_new();
	simtime_t *due = malloc(SUBJECTS * sizeof *due);
	uint16_t *generation = calloc(SUBJECTS, sizeof *generation);
	size_t armed = 0, fired = 0, cancelled = 0;
	simtime_t now = 0;
	struct event ev;

	assert_true(due && generation);
	for (int i = 0; i < SUBJECTS; i++)
		due[i] = never;
	for (int step = 0; step < STEPS || evq_len(q);) {
		uint32_t who = rng_below(&r, SUBJECTS);
		if (step < STEPS && rng_below(&r, 2)) {
			step++;
			cancelled += due[who] != never;
			due[who] = rng_below(&r, 4) ? now + rng_below(&r, 20) : never;
			generation[who]++;
			if (due[who] != never) {
				assert_true(evq_push(q, (struct event){ due[who], who, 0, generation[who] }));
				armed++;
			}
		} else if (evq_pop(q, &ev) > 0) {
			now = ev.t;
			if (ev.detail != generation[ev.subject] || due[ev.subject] == never)
				continue;
			assert_int_equal(due[ev.subject], now);
			due[ev.subject] = never;
			fired++;
		}
	}
	assert_int_equal(armed, fired + cancelled);
	for (int i = 0; i < SUBJECTS; i++)
		assert_true(due[i] == never);
	free(due);
	free(generation);
	evq_free(q);
}

static void a_million_ties_leave_in_order_and_take_in_more_while_they_do(void **state)
{
	(void)state;
	enum { N = 1000000 };
	struct evq *q = queue_new();

	push(q, 1, UINT32_MAX);
	for (uint32_t i = 0; i < N; i++)
		push(q, 1000 * SIM_SECOND, i);
	assert_int_equal(pop(q).subject, UINT32_MAX);
	for (uint32_t i = 0; i < N; i++) {
		assert_int_equal(pop(q).subject, i);
		if (i % 2)
			push(q, 1000 * SIM_SECOND, N + i / 2);
	}
	for (uint32_t i = 0; i < N / 2; i++)
		assert_int_equal(pop(q).subject, N + i);
	assert_empty(q);
	evq_free(q);
}

/* Just enough ties to overflow the run, of which just so many are left that they are sorted as they are: each round spills
 * into a rung a nanosecond wide below one that is used up. */
static void ties_that_overflow_the_run_again_and_again_leave_in_order(void **state)
{
	(void)state;
	enum { RUN = 4096, PIECES = 2 * 64 * 31, REST = 40, ROUNDS = 100 };
	struct evq *q = queue_new();
	uint32_t pushed = 0, popped = 0;

	while (pushed < REST)
		push(q, SIM_SECOND, pushed++);
	push(q, SIM_HOUR, UINT32_MAX);
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t i = REST + 1; i < RUN; i++) /* one more is in the first run, and has left the others */
			push(q, SIM_SECOND, pushed++);
		while (pushed - popped > PIECES + REST)
			assert_int_equal(pop(q).subject, popped++);
		push(q, SIM_SECOND, pushed++);
		while (pushed - popped > REST)
			assert_int_equal(pop(q).subject, popped++);
	}
	while (popped < pushed)
		assert_int_equal(pop(q).subject, popped++);
	assert_int_equal(pop(q).subject, UINT32_MAX);
	assert_empty(q);
	evq_free(q);
}

/* Its cost is test_evq_cost's matter; a queue that inserts one by one would take minutes here. */
static void a_burst_into_the_span_being_drained_leaves_in_order(void **state)
{
	(void)state;
	enum { N = 1000000 };
	struct evq *q = queue_new();
	uint64_t before = 0;

	for (uint32_t i = 0; i < 20; i++)
		push(q, SIM_SECOND * i, i);
	pop(q);
	for (uint32_t i = 0; i < N; i++) /* falling times: each belongs before the one before */
		push(q, (simtime_t)(N - i / 2) * 100, i);
	for (uint32_t i = 0; i < N / 2; i++) {
		struct event a = pop(q), b = pop(q);
		assert_true((uint64_t)a.t > before && a.t == b.t);
		assert_true(a.subject + 1 == b.subject);
		before = (uint64_t)a.t;
	}
	assert_int_equal(evq_len(q), 19);
	evq_free(q);
}

static void bursts_within_bursts_down_to_one_nanosecond_leave_in_order(void **state)
{
	(void)state;
	struct evq *q = queue_new();
	struct model m = { calloc(60000, sizeof *m.e), 0, 0 };
	simtime_t now = 0;

	assert_non_null(m.e);
	for (int level = 60; level >= 0; level -= 3) {
		for (int i = 0; i < 300; i++) { /* falling, from 2^level ahead of the clock down to it */
			struct event ev = { now + ((INT64_C(1) << level) / 300) * (300 - i), (uint32_t)m.next, 0, 0 };
			assert_true(evq_push(q, ev));
			model_push(&m, ev);
		}
		struct event ev = pop(q);
		assert_same(ev, m.e[--m.n].ev);
		now = ev.t;
	}
	while (m.n)
		assert_same(pop(q), m.e[--m.n].ev);
	assert_empty(q);
	free(m.e);
	evq_free(q);
}

static void the_last_nanosecond_is_a_time_like_any_other(void **state)
{
	(void)state;
	struct evq *q = queue_new();

	for (uint32_t i = 0; i < 5000; i++)
		push(q, i % 2 ? INT64_MAX : INT64_MAX - 1, i);
	for (uint32_t i = 0; i < 5000; i += 2)
		assert_int_equal(pop(q).subject, i);
	for (uint32_t i = 1; i < 5000; i += 2) {
		struct event ev = pop(q);
		assert_int_equal(ev.subject, i);
		assert_true(ev.t == INT64_MAX);
	}
	push(q, INT64_MAX, 9);
	assert_int_equal(pop(q).subject, 9);
	assert_empty(q);
	evq_free(q);
}

static void a_queue_run_empty_can_be_used_again(void **state)
{
	(void)state;
	struct evq *q = queue_new();
	simtime_t now = 0;

	for (int round = 0; round < 50; round++) {
		assert_empty(q);
		for (uint32_t i = 0; i < 700; i++)
			push(q, now + (simtime_t)(i * 7919 % 700) * SIM_MS, i);
		for (uint32_t i = 0; i < 700; i++) {
			struct event ev = pop(q);
			assert_int_equal(ev.t, now + (simtime_t)i * SIM_MS);
			assert_int_equal(ev.subject * 7919 % 700, i);
		}
		now += 699 * SIM_MS;
	}
	evq_free(q);
}

/* A million devices that report every ten minutes: what waits costs little more than the 16 bytes it is. */
static void a_pending_event_costs_little_more_than_its_16_bytes(void **state)
{
	(void)state;
	enum { N = 1000000 };
	struct rng r = rng_stream(rng_key(5, 0), RNG_PURPOSE('m', 'e', 'm', 'o'), 0, 0);
	struct evq *q = queue_new();

	for (uint32_t i = 0; i < N; i++)
		push(q, (simtime_t)(rng_uniform(&r) * 600e9), i);
	for (uint32_t i = 0; i < 3 * N; i++) {
		struct event ev = pop(q);
		ev.t += 600 * SIM_SECOND + rng_below(&r, 1000);
		assert_true(evq_push(q, ev));
	}
	assert_true(evq_bytes(q) > 16 * (size_t)N);
	assert_true(evq_bytes(q) < 20 * (size_t)N);
	evq_free(q);
}

struct told {
	const struct model *m;
	size_t events;
};

static void note_told(void *ctx, const struct event *ev, size_t n)
{
	struct told *t = ctx;

	for (size_t i = 0; i < n; i++)
		assert_true(ev[i].kind == 1 && ev[i].detail == 2);
	t->events += n;
}

static void most_events_are_told_of_ahead(void **state)
{
	(void)state;
	enum { N = 100000 };
	struct rng r = rng_stream(rng_key(6, 0), RNG_PURPOSE('a', 'h', 'e', 'a'), 0, 0);
	struct evq *q = queue_new();
	struct told t = { NULL, 0 };

	evq_set_ahead(q, note_told, &t);
	for (uint32_t i = 0; i < N; i++)
		push(q, (simtime_t)(rng_uniform(&r) * 600e9), i);
	for (uint32_t i = 0; i < N; i++)
		pop(q);
	assert_true(t.events > N * 9 / 10);
	assert_true(t.events <= N * 11 / 10);
	evq_set_ahead(q, NULL, NULL);
	push(q, SIM_HOUR, 0);
	pop(q);
	evq_free(q);
}

static void freeing_nothing_is_allowed(void **state)
{
	(void)state;
	evq_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_mixes_leave_as_a_sorted_array_would_have_it),
		cmocka_unit_test(a_quarter_million_events_leave_sorted_and_stable),
		cmocka_unit_test(cancelled_timers_never_fire_and_live_ones_fire_once_in_order),
		cmocka_unit_test(a_million_ties_leave_in_order_and_take_in_more_while_they_do),
		cmocka_unit_test(ties_that_overflow_the_run_again_and_again_leave_in_order),
		cmocka_unit_test(a_burst_into_the_span_being_drained_leaves_in_order),
		cmocka_unit_test(bursts_within_bursts_down_to_one_nanosecond_leave_in_order),
		cmocka_unit_test(the_last_nanosecond_is_a_time_like_any_other),
		cmocka_unit_test(a_queue_run_empty_can_be_used_again),
		cmocka_unit_test(a_pending_event_costs_little_more_than_its_16_bytes),
		cmocka_unit_test(most_events_are_told_of_ahead),
		cmocka_unit_test(freeing_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
