/*
 * The queue never degrades: what it does per event is counted, not timed.  Its source is compiled into this program with
 * every step over an event counted: one placed in a list or the run, one moved in the run, one looked at in a bucket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/kernel/evq_bucket_private.h"
#include "sim/kernel/evq_private.h"
#include "sim/kernel/rng.h"

static uint64_t steps;

/* A macro is not expanded within itself: these call what they are named after. */
#define evq_copy(to, from)    (steps++, evq_copy(to, from))
#define bucket_add(p, b, ev)  (steps++, bucket_add(p, b, ev))
#define block_len(b, of)      (steps += BLOCK_EVENTS, block_len(b, of))
#define memmove(to, from, n)  (steps += (n) / sizeof(struct event), memmove(to, from, n))
#include "sim/kernel/evq.c" /* NOLINT(bugprone-suspicious-include): compiled here to be counted */
#undef memmove

/* What is not counted is bounded by its size: so few events are compared with each other. */
_Static_assert(RUN_MAX <= 64, "sorting a bucket takes the square of its events");

enum { N = 200000 };

struct run_of {
	struct evq *q;
	struct rng rng;
	simtime_t now;
	uint64_t operations;
};

static void put(struct run_of *t, simtime_t at)
{
	assert_true(evq_push(t->q, (struct event){ at, (uint32_t)t->operations, 0, 0 }));
	t->operations++;
}

static void take(struct run_of *t)
{
	struct event ev = { 0 };

	assert_int_equal(evq_pop(t->q, &ev), 1);
	assert_true(ev.t >= t->now);
	t->now = ev.t;
	t->operations++;
}

static void ties(struct run_of *t)
{
	for (int i = 0; i < N; i++)
		put(t, SIM_SECOND);
}

static void ties_that_go_on_while_they_are_drained(struct run_of *t)
{
	ties(t);
	for (int i = 0; i < N; i++) {
		take(t);
		put(t, t->now);
	}
}

static void at_the_ends_of_time(struct run_of *t)
{
	for (int i = 0; i < N; i++)
		put(t, i % 3 == 0 ? 0 : i % 3 == 1 ? INT64_MAX : INT64_MAX - 1 - (simtime_t)rng_below(&t->rng, 1000));
}

static void over_all_magnitudes(struct run_of *t)
{
	for (int i = 0; i < N; i++)
		put(t, (simtime_t)(rng_u64(&t->rng) >> (1 + rng_below(&t->rng, 63))));
}

static void falling_into_an_empty_queue(struct run_of *t)
{
	for (int i = N; i > 0; i--)
		put(t, i);
}

static void falling_into_the_span_being_drained(struct run_of *t)
{
	for (int i = 0; i < 20; i++)
		put(t, i * SIM_SECOND);
	take(t);
	for (int i = N; i > 0; i--)
		put(t, i / 100);
}

static void before_a_full_run_again_and_again(struct run_of *t)
{
	for (int i = 0; i < N / 2; i++)
		put(t, i * SIM_US);
	for (int round = 0; round < N / 100; round++) {
		take(t);
		for (int i = 0; i < 50; i++)
			put(t, t->now + 500 - 7 * i);
		for (int i = 0; i < 50; i++)
			take(t);
	}
}

static void around_the_length_that_is_sorted_as_it_is(struct run_of *t)
{
	put(t, 0);
	take(t);
	for (int round = 0; round < N / 100; round++) {
		for (int i = 0; i < RUN_MAX; i++)
			put(t, t->now + 1000 + i);
		for (int i = 0; i < 4; i++)
			put(t, t->now + 3 - i);
		for (int i = 0; i < RUN_MAX + 4; i++)
			take(t);
	}
}

/* Sixty at a time, each time sixteen times nearer. */
static void ever_nearer(struct run_of *t)
{
	put(t, 0);
	take(t);
	for (int round = 0; round < N / 1000; round++) {
		for (simtime_t far = INT64_MAX / 4; far > 60; far /= 16)
			for (int i = 0; i < 60; i++)
				put(t, t->now + far - i);
		for (int i = 0; i < 60; i++)
			take(t);
		if (t->now > INT64_MAX / 4)
			break;
	}
}

static void two_scales_a_day_and_ten_nanoseconds_apart(struct run_of *t)
{
	for (int i = 0; i < N / 2; i++)
		put(t, rng_below(&t->rng, 1u << 30));
	for (int i = 0; i < N; i++) {
		take(t);
		put(t, t->now + (rng_below(&t->rng, 2) ? (simtime_t)rng_below(&t->rng, 10) : SIM_DAY));
	}
}

static void near_with_a_far_tail(struct run_of *t)
{
	for (int i = 0; i < N / 2; i++)
		put(t, rng_below(&t->rng, 1u << 30));
	for (int i = 0; i < N; i++) {
		take(t);
		put(t, t->now + (rng_below(&t->rng, 1000) ? (simtime_t)rng_below(&t->rng, 1000000)
							  : (simtime_t)(rng_u64(&t->rng) >> 20)));
	}
}

/* Ascending far into the run, then into its middle. */
static void into_the_middle_of_a_long_run(struct run_of *t)
{
	put(t, 0);
	put(t, INT64_MAX / 4);
	take(t);
	for (int round = 0; round < N / 5000; round++) {
		for (int i = 0; i < 4000; i++)
			put(t, t->now + 10 + 10 * i);
		for (int i = 0; i < 500; i++)
			put(t, t->now + 5);
		for (int i = 0; i < 4000; i++)
			take(t);
	}
}

/* An event is placed once, moves with each rung between it and the run (16 at the most, two as a rule), is looked at before
 * it moves, and is put among at most 48 others in the run.  The yardstick: a heap of as many events has 17 levels. */
static void an_event_takes_fewer_steps_than_a_heap_has_levels_whatever_the_times(void **state)
{
	void (*const mix[])(struct run_of *) = {
		ties,
		ties_that_go_on_while_they_are_drained,
		at_the_ends_of_time,
		over_all_magnitudes,
		falling_into_an_empty_queue,
		falling_into_the_span_being_drained,
		before_a_full_run_again_and_again,
		around_the_length_that_is_sorted_as_it_is,
		ever_nearer,
		two_scales_a_day_and_ten_nanoseconds_apart,
		near_with_a_far_tail,
		into_the_middle_of_a_long_run,
	};

	(void)state;
	for (size_t i = 0; i < sizeof mix / sizeof mix[0]; i++) {
		struct run_of t = { .q = evq_new(),
				    .rng = rng_stream(rng_key(8, 0), RNG_PURPOSE('c', 'o', 's', 't'), i, 0) };
		assert_non_null(t.q);
		if (!t.q)
			return; /* for the analyser, which sees into the queue here */
		steps = 0;
		mix[i](&t);
		while (evq_len(t.q))
			take(&t);
		print_message("mix %zu: %.1f steps an operation\n", i, (double)steps / (double)t.operations);
		assert_true(2 * steps < 17 * t.operations); /* an event is two operations */
		evq_free(t.q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(
		an_event_takes_fewer_steps_than_a_heap_has_levels_whatever_the_times) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
