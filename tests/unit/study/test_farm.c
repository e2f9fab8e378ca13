#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

struct late {
	pthread_t caller;
	int begun, ended;
};

/* Two tasks at once; the one that is not the caller's takes longer. */
static void be_late(void *ctx, size_t task)
{
	struct late *l = ctx;

	(void)task;
	__atomic_add_fetch(&l->begun, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&l->begun, __ATOMIC_SEQ_CST) < 2)
		usleep(100);
	if (!pthread_equal(pthread_self(), l->caller))
		usleep(50000);
	__atomic_add_fetch(&l->ended, 1, __ATOMIC_SEQ_CST);
}

static void the_farm_waits_for_its_last_thread(void **state)
{
	struct late l = { .caller = pthread_self() };

	(void)state;
	assert_int_equal(farm_run(be_late, &l, 2, 2, NULL), 2);
	assert_int_equal(__atomic_load_n(&l.ended, __ATOMIC_SEQ_CST), 2);
}

static void there_is_a_processor(void **state)
{
	(void)state;
	assert_true(farm_processors() >= 1);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
