#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/kernel/report.h"
#include "sim/kernel/sim.h"

/* What was handled, in order. */
struct diary {
	struct event ev[64];
	size_t n;
	uint16_t kind;
	uint32_t limit;
	simtime_t gap;
};

static void write_down(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct diary *d = ctx;

	if (d->n < sizeof d->ev / sizeof d->ev[0])
		d->ev[d->n] = (struct event){ s->now, subject, s->current.kind, detail };
	d->n++;
}

static struct sim *sim_of_test(simtime_t end)
{
	struct sim *s = sim_new(1, 2, 0, end, NULL);

	assert_non_null(s);
	return s;
}

static void events_reach_their_handlers_in_order_with_what_they_carry(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(SIM_HOUR);
	struct diary a = { .n = 0 }, b = { .n = 0 };
	uint16_t ka = sim_handler(s, "a", write_down, &a), kb = sim_handler(s, "b", write_down, &b);

	sim_at(s, 5, ka, 1, 10);
	sim_at(s, 3, kb, 2, 20);
	sim_after(s, 5, ka, 3, 30);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(a.n == 2 && b.n == 1);
	assert_true(a.ev[0].t == 5 && a.ev[0].subject == 1 && a.ev[0].detail == 10);
	assert_true(a.ev[1].t == 5 && a.ev[1].subject == 3 && a.ev[1].detail == 30);
	assert_true(b.ev[0].t == 3 && b.ev[0].subject == 2 && b.ev[0].detail == 20 && b.ev[0].kind == kb);
	assert_true(s->rows[ka].count == 2 && s->rows[kb].count == 1 && s->events == 3);
	assert_true(s->now == SIM_HOUR);
	sim_free(s);
}

static void the_horizon_is_handled_and_what_lies_behind_is_not_kept(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(100);
	struct diary d = { .n = 0 };
	uint16_t k = sim_handler(s, "d", write_down, &d);

	sim_at(s, 100, k, 1, 0);
	sim_after(s, 100, k, 5, 0);
	sim_at(s, 101, k, 2, 0);
	sim_after(s, 101, k, 6, 0);
	sim_after(s, SIM_NEVER, k, 3, 0);
	sim_at(s, SIM_NEVER, k, 4, 0);
	assert_int_equal(evq_len(s->queue), 2);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(d.n == 2 && d.ev[0].subject == 1 && d.ev[1].subject == 5);
	sim_free(s);
}

static void again(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct diary *d = ctx;

	write_down(s, ctx, subject, detail);
	if (subject + 1 < d->limit)
		sim_after(s, d->gap, d->kind, subject + 1, detail);
	else
		sim_fail(s, SIM_E_LIMIT, "enough at %u", subject);
}

static void a_failure_ends_the_run_after_its_event_and_the_first_one_counts(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(SIM_NEVER);
	struct diary d = { .limit = 10, .gap = SIM_SECOND };

	d.kind = sim_handler(s, "again", again, &d);
	sim_at(s, 0, d.kind, 0, 0);
	sim_at(s, SIM_HOUR, d.kind, 99, 0);
	assert_int_equal(sim_run(s), SIM_E_LIMIT);
	assert_string_equal(s->failure, "enough at 9");
	assert_true(d.n == 10 && s->now == 9 * SIM_SECOND);
	sim_fail(s, SIM_E_IO, "later");
	assert_int_equal(s->status, SIM_E_LIMIT);
	assert_string_equal(s->failure, "enough at 9");
	sim_free(s);
}

static void a_wish_to_stop_is_heeded_soon(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(SIM_NEVER);
	struct diary d = { .limit = UINT32_MAX, .gap = 1 };
	volatile int stop = 1;

	s->stop = &stop;
	d.kind = sim_handler(s, "again", again, &d);
	sim_at(s, 0, d.kind, 0, 0);
	assert_int_equal(sim_run(s), SIM_E_STOPPED);
	assert_true(d.n > 0 && d.n < 100000);
	sim_free(s);
}

/* A scenario with 70,000 classes is the user's; it ends with a message. */
static void more_kinds_of_events_than_there_is_room_for_are_a_failure_of_the_replication(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(SIM_HOUR);
	struct diary d = { .n = 0 };

	for (uint32_t i = 0; i < UINT16_MAX; i++)
		assert_int_equal(sim_handler(s, "kind", write_down, &d), i);
	assert_int_equal(s->status, SIM_OK);
	sim_at(s, 1, UINT16_MAX - 1, 7, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(d.n == 1 && d.ev[0].kind == UINT16_MAX - 1);
	assert_int_equal(sim_handler(s, "one too many", write_down, &d), 0);
	assert_int_equal(s->status, SIM_E_LIMIT);
	assert_non_null(strstr(s->failure, "65535 kinds of events"));
	sim_free(s);
}

static void states_are_found_by_the_address_of_their_key(void **state)
{
	(void)state;
	struct sim *s = sim_of_test(1);
	static const char keys[100];
	int values[100];

	assert_null(sim_state(s, &keys[0]));
	for (int i = 0; i < 100; i++)
		sim_set_state(s, &keys[i], &values[i]);
	sim_set_state(s, &keys[7], &values[0]);
	for (int i = 0; i < 100; i++)
		assert_ptr_equal(sim_state(s, &keys[i]), &values[i == 7 ? 0 : i]);
	sim_free(s);
	sim_free(NULL);
}

static void streams_differ_by_seed_replication_purpose_and_subject(void **state)
{
	(void)state;
	struct sim *a = sim_new(1, 0, 0, 1, NULL), *b = sim_new(1, 1, 0, 1, NULL), *c = sim_new(2, 0, 0, 1, NULL);
	assert_true(a && b && c);
	struct rng r[] = { sim_rng(a, 1, 1), sim_rng(a, 1, 2), sim_rng(a, 2, 1), sim_rng(b, 1, 1), sim_rng(c, 1, 1) };
	struct rng same = sim_rng(a, 1, 1);
	uint64_t w[5];

	for (int i = 0; i < 5; i++) {
		w[i] = rng_u64(&r[i]);
		for (int k = 0; k < i; k++)
			assert_true(w[i] != w[k]);
	}
	assert_true(rng_u64(&same) == w[0]);
	sim_free(a);
	sim_free(b);
	sim_free(c);
}

/* Whether rows are fetched ahead changes nothing but the time it takes. */
struct walk {
	uint64_t *row;
	uint32_t n;
	uint16_t kind;
	uint64_t hash;
};

static void on_walk(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct walk *w = ctx;
	struct rng r = sim_rng(s, 9, (uint64_t)subject << 32 | w->row[subject]++);

	w->hash = rng_mix(w->hash ^ (uint64_t)s->now ^ subject);
	sim_after(s, sim_from_seconds(rng_exponential(&r, 1)), w->kind, rng_below(&r, w->n), detail);
}

static uint64_t walk(bool fetch)
{
	struct sim *s = sim_of_test(10 * SIM_SECOND);
	struct walk w = { sim_alloc(s, 5000, sizeof *w.row), 5000, sim_handler(s, "walk", on_walk, &w), 0 };

	assert_non_null(w.row);
	for (int i = 0; fetch && i < 2 * SIM_AHEAD_MAX; i++) /* nothing, then more arrays than are heeded */
		sim_handler_prefetch(s, w.kind, i ? w.row : NULL, sizeof *w.row);
	for (uint32_t i = 0; i < w.n; i++)
		sim_at(s, i, w.kind, i, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(s->events > 40000);
	sim_free(s);
	return w.hash;
}

static void fetching_rows_ahead_changes_no_result(void **state)
{
	(void)state;
	assert_true(walk(false) == walk(true));
}

static const char text_of_rows;

static void break_it(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)ctx, (void)detail;
	BUG_ON(s, subject == 41);
	if (subject == 39)
		evq_push(s->queue, (struct event){ s->now - 1, 0, 0, 0 });
	if (subject == 38)
		sim_handler_prefetch(s, 99, &text_of_rows, 1);
	if (subject == 37)
		sim_after(s, -1, 0, 0, 0);
	sim_at(s, s->now - 1, 0, 0, 0); /* into the past */
}

/* Run it in a child; its standard error. */
static void bug_text(uint32_t subject, char *text, size_t size)
{
	int fd[2], status;

	assert_int_equal(pipe(fd), 0);
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(fd[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		struct sim *s = sim_new(3, 4, 0, SIM_HOUR, NULL);
		if (s) {
			sim_at(s, 1500 * SIM_MS, sim_handler(s, "test.break", break_it, NULL), subject, 6);
			sim_run(s);
		}
		_exit(0);
	}
	close(fd[1]);
	size_t n = 0;
	for (ssize_t got; n + 1 < size && (got = read(fd[0], text + n, size - 1 - n)) > 0;)
		n += (size_t)got;
	text[n] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_broken_invariant_names_place_time_event_and_subject_and_aborts(void **state)
{
	(void)state;
	char text[4096];

	bug_text(41, text, sizeof text);
	assert_non_null(strstr(text, "test_sim.c:"));
	assert_non_null(strstr(text, "subject == 41"));
	assert_non_null(strstr(text, "1.500000000 s of replication 4 (seed 3)"));
	assert_non_null(strstr(text, "test.break of subject 41, detail 6"));
	bug_text(40, text, sizeof text);
	assert_non_null(strstr(text, "sim.h:"));
	assert_non_null(strstr(text, "t < s->now"));
	assert_non_null(strstr(text, "test.break of subject 40"));
	bug_text(39, text, sizeof text);
	assert_non_null(strstr(text, "evq.c:"));
	bug_text(38, text, sizeof text);
	assert_non_null(strstr(text, "kind >= s->n_rows"));
	bug_text(37, text, sizeof text);
	assert_non_null(strstr(text, "delay < 0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_reach_their_handlers_in_order_with_what_they_carry),
		cmocka_unit_test(the_horizon_is_handled_and_what_lies_behind_is_not_kept),
		cmocka_unit_test(a_failure_ends_the_run_after_its_event_and_the_first_one_counts),
		cmocka_unit_test(a_wish_to_stop_is_heeded_soon),
		cmocka_unit_test(more_kinds_of_events_than_there_is_room_for_are_a_failure_of_the_replication),
		cmocka_unit_test(states_are_found_by_the_address_of_their_key),
		cmocka_unit_test(streams_differ_by_seed_replication_purpose_and_subject),
		cmocka_unit_test(fetching_rows_ahead_changes_no_result),
		cmocka_unit_test(a_broken_invariant_names_place_time_event_and_subject_and_aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
