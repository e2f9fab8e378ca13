#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/study/farm.h"

enum { TASKS = 10000 };

struct board {
	int runs[TASKS];
	int stop;
	size_t stop_at;
	int begun;
};

static void mark(void *ctx, size_t task)
{
	struct board *b = ctx;

	b->runs[task]++;
	__atomic_add_fetch(&b->begun, 1, __ATOMIC_RELAXED);
	if (task == b->stop_at)
		__atomic_store_n(&b->stop, 1, __ATOMIC_RELAXED);
}

static struct board *board_new(void)
{
	struct board *b = calloc(1, sizeof *b);

	assert_non_null(b);
	b->stop_at = TASKS;
	return b;
}

static void every_task_runs_once_whatever_the_threads(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 3, 8, 256, 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
		struct board *b = board_new();
		assert_int_equal(farm_run(mark, b, TASKS, threads[i], NULL), TASKS);
		for (size_t t = 0; t < TASKS; t++)
			assert_int_equal(b->runs[t], 1);
		free(b);
	}
}

static void no_tasks_are_no_work(void **state)
{
	struct board *b = board_new();

	(void)state;
	assert_int_equal(farm_run(mark, b, 0, 4, NULL), 0);
	assert_int_equal(b->begun, 0);
	free(b);
}

static void a_stop_set_beforehand_runs_nothing(void **state)
{
	struct board *b = board_new();

	(void)state;
	b->stop = 1;
	assert_int_equal(farm_run(mark, b, TASKS, 2, &b->stop), 0);
	assert_int_equal(b->begun, 0);
	free(b);
}

static void one_thread_stops_right_after_the_task_that_asked(void **state)
{
	struct board *b = board_new();

	(void)state;
	b->stop_at = 41;
	assert_int_equal(farm_run(mark, b, TASKS, 1, &b->stop), 42);
	for (size_t t = 0; t < TASKS; t++)
		assert_int_equal(b->runs[t], t < 42);
	free(b);
}

static void the_count_is_of_tasks_that_were_run_to_their_end(void **state)
{
	struct board *b = board_new();

	(void)state;
	b->stop_at = 500;
	size_t ran = farm_run(mark, b, TASKS, 4, &b->stop);
	assert_int_equal(ran, b->begun);
	assert_true(ran >= 1 && ran <= TASKS);
	/* Handed out in order: what ran is a prefix. */
	for (size_t t = 0; t < TASKS; t++)
		assert_int_equal(b->runs[t], t < ran);
	free(b);
}

/* The last task is on its way when the others have ended. */
static void be_late(void *ctx, size_t task)
{
	int *ended = ctx;

	if (task == 7)
		usleep(50000);
	__atomic_add_fetch(ended, 1, __ATOMIC_SEQ_CST);
}

static void the_farm_waits_for_its_last_thread(void **state)
{
	int ended = 0;

	(void)state;
	assert_int_equal(farm_run(be_late, &ended, 8, 2, NULL), 8);
	assert_int_equal(__atomic_load_n(&ended, __ATOMIC_SEQ_CST), 8);
}

/* A study in rounds, as a sequential stopping rule makes them: ROUND jobs of a point, and more only once all are back. */
enum { POINTS = 20, ROUNDS = 5, ROUND = 5, JOBS = POINTS * ROUNDS * ROUND };

struct rounds {
	uint64_t given, taken;
	unsigned runs[JOBS], takes[JOBS]; /* runs: each written by the worker that has the job */
	unsigned waits, ticks;
	int stop;
	uint64_t stop_at, refuse_at; /* results after which to stop; JOBS + 1: never */
	unsigned workers;
	useconds_t each;
	pthread_t coordinator;
	bool elsewhere; /* a callback of the coordinator was called on another thread */
};

static void run_round(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	struct rounds *r = ctx;
	uint64_t i = job.point * ROUNDS * ROUND + job.replication;

	if (worker >= r->workers)
		abort(); /* no assertion can leave a thread that is not cmocka's */
	r->runs[i]++;
	if (r->each)
		usleep(r->each);
	bytes_u64(out, i);
	for (uint64_t k = 0; k < i; k++) /* results of unlike length */
		bytes_u64(out, i * k);
}

static void see_thread(struct rounds *r)
{
	r->elsewhere |= !pthread_equal(pthread_self(), r->coordinator);
}

static enum farm_answer next_round(void *ctx, struct job *job)
{
	struct rounds *r = ctx;

	see_thread(r);
	if (r->given == JOBS)
		return FARM_DONE;
	if (r->given % ROUND == 0 && r->taken < r->given) {
		r->waits++;
		return FARM_WAIT;
	}
	*job = (struct job){ r->given / (ROUNDS * ROUND), r->given % (ROUNDS * ROUND) };
	r->given++;
	return FARM_JOB;
}

static int take_round(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	struct rounds *r = ctx;
	struct bytes_reader in = bytes_read(bytes, n);
	uint64_t i = bytes_get_u64(&in);

	see_thread(r);
	assert_int_equal(i, job.point * ROUNDS * ROUND + job.replication);
	for (uint64_t k = 0; k < i; k++)
		assert_int_equal(bytes_get_u64(&in), i * k);
	assert_true(bytes_whole(&in));
	r->takes[i]++;
	if (++r->taken == r->stop_at)
		__atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
	return r->taken == r->refuse_at;
}

static void count_tick(void *ctx)
{
	struct rounds *r = ctx;

	see_thread(r);
	r->ticks++;
}

static struct rounds rounds_new(void)
{
	return (struct rounds){ .stop_at = JOBS + 1, .refuse_at = JOBS + 1, .coordinator = pthread_self() };
}

static enum farm_end work_rounds(struct rounds *r, unsigned threads)
{
	struct farm f = { .ctx = r, .run = run_round, .next = next_round, .take = take_round, .tick = count_tick };

	r->workers = f.threads = threads;
	f.stop = &r->stop;
	return farm_work(&f);
}

static void every_job_is_run_once_and_taken_once_in_rounds(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 8; threads++) {
		struct rounds r = rounds_new();
		assert_int_equal(work_rounds(&r, threads), FARM_COMPLETE);
		assert_int_equal(r.taken, JOBS);
		assert_true(r.waits >= JOBS / ROUND - 1);
		assert_false(r.elsewhere);
		for (size_t i = 0; i < JOBS; i++) {
			assert_int_equal(r.runs[i], 1);
			assert_int_equal(r.takes[i], 1);
		}
	}
}

static void what_was_begun_is_taken_after_a_stop(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct rounds r = rounds_new();
		r.stop_at = 42;
		r.each = 500;
		assert_int_equal(work_rounds(&r, threads), FARM_STOPPED);
		assert_in_range(r.taken, 42, 45); /* the round that was out */
		for (size_t i = 0; i < JOBS; i++)
			assert_int_equal(r.runs[i], r.takes[i]);
	}
}

static void nothing_is_taken_after_a_refusal(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct rounds r = rounds_new();
		r.refuse_at = 42;
		assert_int_equal(work_rounds(&r, threads), FARM_REFUSED);
		assert_int_equal(r.taken, 42);
	}
}

static void ticks_come_every_80_ms_while_jobs_run(void **state)
{
	struct rounds r = rounds_new();
	struct timespec from, to;

	(void)state;
	r.each = 4000; /* two threads: a second */
	clock_gettime(CLOCK_MONOTONIC, &from);
	assert_int_equal(work_rounds(&r, 2), FARM_COMPLETE);
	clock_gettime(CLOCK_MONOTONIC, &to);
	double ms = 1e3 * (double)(to.tv_sec - from.tv_sec) + 1e-6 * (double)(to.tv_nsec - from.tv_nsec);
	/* Not more often than told; half as often is allowed to a busy machine. */
	assert_true(r.ticks <= ms / FARM_TICK_MS);
	assert_true(r.ticks >= ms / FARM_TICK_MS / 2 - 1);
}

static void a_farm_without_threads_works_by_itself(void **state)
{
	struct rounds r = rounds_new();
	pthread_attr_t before, huge;

	(void)state;
	/* No address space holds such a stack. */
	assert_int_equal(pthread_getattr_default_np(&before), 0);
	assert_int_equal(pthread_attr_init(&huge), 0);
	assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 56), 0);
	assert_int_equal(pthread_setattr_default_np(&huge), 0);
	enum farm_end end = work_rounds(&r, 4);
	assert_int_equal(pthread_setattr_default_np(&before), 0);
	assert_int_equal(end, FARM_COMPLETE);
	for (size_t i = 0; i < JOBS; i++)
		assert_int_equal(r.takes[i], 1);
}

static void run_short_of_memory(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	(void)ctx, (void)worker;
	if (job.replication % 2)
		bytes_add(out, "", SIZE_MAX / 2 + 2);
}

static enum farm_answer next_of_two(void *ctx, struct job *job)
{
	int *at = ctx;

	*job = (struct job){ 0, (uint64_t)at[0] };
	return at[0]++ < 2 ? FARM_JOB : FARM_DONE;
}

static int take_of_two(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	int *at = ctx;

	assert_int_equal(n, 0);
	assert_int_equal(bytes == NULL, job.replication % 2);
	at[1]++;
	return 0;
}

static void a_result_without_memory_is_told_from_an_empty_one(void **state)
{
	int at[2] = { 0, 0 };
	struct farm f = { .ctx = at, .run = run_short_of_memory, .next = next_of_two, .take = take_of_two, .threads = 1 };

	(void)state;
	assert_int_equal(farm_work(&f), FARM_COMPLETE);
	assert_int_equal(at[1], 2);
}

static void there_is_a_processor(void **state)
{
	(void)state;
	assert_true(farm_processors() >= 1);
}

static void run_long(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	(void)ctx, (void)worker, (void)job, (void)out;
	usleep(300000);
}

/* One job; done once it is back.  at: jobs given, results taken, times that it had to wait. */
static enum farm_answer next_of_one(void *ctx, struct job *job)
{
	int *at = ctx;

	*job = (struct job){ 0, 0 };
	if (at[0]++ == 0)
		return FARM_JOB;
	at[2] += at[1] == 0;
	return at[1] ? FARM_DONE : FARM_WAIT;
}

/* The ticks while the job runs are no reason to ask. */
static void next_is_asked_again_only_after_a_result(void **state)
{
	int at[3] = { 0, 0, 0 };
	struct farm f = { .ctx = at, .run = run_long, .next = next_of_one, .take = take_of_two, .threads = 2 };

	(void)state;
	assert_int_equal(farm_work(&f), FARM_COMPLETE);
	assert_int_equal(at[1], 1);
	assert_int_equal(at[2], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_runs_once_whatever_the_threads),
		cmocka_unit_test(no_tasks_are_no_work),
		cmocka_unit_test(a_stop_set_beforehand_runs_nothing),
		cmocka_unit_test(one_thread_stops_right_after_the_task_that_asked),
		cmocka_unit_test(the_count_is_of_tasks_that_were_run_to_their_end),
		cmocka_unit_test(the_farm_waits_for_its_last_thread),
		cmocka_unit_test(there_is_a_processor),
		cmocka_unit_test(every_job_is_run_once_and_taken_once_in_rounds),
		cmocka_unit_test(next_is_asked_again_only_after_a_result),
		cmocka_unit_test(what_was_begun_is_taken_after_a_stop),
		cmocka_unit_test(nothing_is_taken_after_a_refusal),
		cmocka_unit_test(ticks_come_every_80_ms_while_jobs_run),
		cmocka_unit_test(a_farm_without_threads_works_by_itself),
		cmocka_unit_test(a_result_without_memory_is_told_from_an_empty_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
