#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/study/farm.h"
#include "sim/study/farm_watch.h"

enum { JOBS = 40, BREAKS = 17 };

struct ruin {
	uint64_t next;
	void (*how)(void);
	int ready; /* pipe's end: a byte when the job that breaks has begun */
};

static volatile int page = 4096; /* never mapped, and not NULL, which a sanitizer would see before the processor */
static void (*volatile nowhere)(void);

static void by_abort(void)
{
	abort();
}

static void by_address(void)
{
	*(volatile int *)(uintptr_t)page = 1;
}

static void by_signal(void)
{
	raise(SIGFPE);
}

static volatile char sink;

/* Never ends; the volatile store keeps it from becoming a loop. */
__attribute__((noinline)) static int deeper(volatile char *above)
{
	volatile char here[4096];

	here[0] = above[0];
	sink = here[0];
	return nowhere ? 0 : deeper(here) + here[0];
}

static void by_overflow(void)
{
	volatile char start[1] = { 1 };

	sink = (char)deeper(start);
}

static void by_waiting(void)
{
	for (;;)
		pause();
}

static void run_ruin(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	(void)worker, (void)out;
	struct ruin *r = ctx;

	if (job.replication == BREAKS - 1) /* the other worker runs on, and has broken nothing */
		by_waiting();
	if (job.replication != BREAKS)
		return;
	if (write(r->ready, "", 1) == 1)
		r->how();
}

static enum farm_answer next_ruin(void *ctx, struct job *job)
{
	struct ruin *r = ctx;

	*job = (struct job){ 3, r->next };
	return r->next++ < JOBS ? FARM_JOB : FARM_DONE;
}

static int take_ruin(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	(void)ctx, (void)job, (void)bytes, (void)n;
	return 0;
}

/* The child: no core, no report, `before` in the place of cmocka's handlers. */
static _Noreturn void be_ruined(const char *path, void (*how)(void), void (*before)(int), int ready)
{
	static const int all[] = { SIGABRT, SIGBUS, SIGFPE, SIGSEGV };
	struct ruin r = { .how = how, .ready = ready };
	struct farm f = { .ctx = &r, .run = run_ruin, .next = next_ruin, .take = take_ruin, .threads = 2 };

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		signal(all[i], before);
	if (!freopen("/dev/null", "w", stderr))
		_exit(90);
	f.watch = farm_watch_open(path, 2);
	if (!f.watch)
		_exit(91);
	farm_watch_signals(f.watch);
	farm_work(&f);
	_exit(92);
}

/* Status of a child that is ruined so; killed with -9 once its job waits, when `kill_it`. */
static int ruin(const char *path, void (*how)(void), void (*before)(int), bool kill_it)
{
	int ready[2], status;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		be_ruined(path, how, before, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	if (kill_it)
		kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ready[0]);
	return status;
}

static void fresh_path(char *path, size_t size)
{
	snprintf(path, size, "/tmp/sccsim-watch-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
}

static void assert_marked(const char *path)
{
	struct job *jobs;
	size_t n;

	assert_true(farm_watch_read(path, &jobs, &n));
	assert_int_equal(n, 1);
	assert_int_equal(jobs[0].point, 3);
	assert_int_equal(jobs[0].replication, BREAKS);
	free(jobs);
	unlink(path);
}

static void a_job_that_breaks_the_process_is_marked(void **state)
{
	static const struct {
		void (*how)(void);
		int signal;
	} ways[] = { { by_abort, SIGABRT }, { by_address, SIGSEGV }, { by_signal, SIGFPE }, { by_overflow, SIGSEGV } };

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		char path[64];
		fresh_path(path, sizeof path);
		int status = ruin(path, ways[i].how, SIG_DFL, false);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == ways[i].signal);
		assert_marked(path);
	}
}

static void leave_with_77(int sig)
{
	(void)sig;
	_exit(77);
}

static void a_handler_that_was_there_before_still_has_its_turn(void **state)
{
	static void (*const ways[])(void) = { by_abort, by_address, by_signal };

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		char path[64];
		fresh_path(path, sizeof path);
		int status = ruin(path, ways[i], leave_with_77, false);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 77);
		assert_marked(path);
	}
}

static void a_job_that_ran_when_the_process_was_killed_is_not_broken(void **state)
{
	char path[64];
	struct job *jobs;
	size_t n;

	(void)state;
	fresh_path(path, sizeof path);
	int status = ruin(path, by_waiting, SIG_DFL, true);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_true(farm_watch_read(path, &jobs, &n));
	assert_int_equal(n, 0);
	assert_null(jobs);
	unlink(path);
}

static void a_watch_that_ends_in_order_leaves_no_file_and_no_handler(void **state)
{
	char path[64];
	struct sigaction before, after;
	struct job *jobs;
	size_t n;

	(void)state;
	fresh_path(path, sizeof path);
	sigaction(SIGSEGV, NULL, &before);
	struct farm_watch *w = farm_watch_open(path, 3);
	assert_non_null(w);
	farm_watch_signals(w);
	sigaction(SIGSEGV, NULL, &after);
	assert_true(after.sa_sigaction != before.sa_sigaction);
	assert_true(farm_watch_read(path, &jobs, &n));
	farm_watch_close(w);
	sigaction(SIGSEGV, NULL, &after);
	assert_true(after.sa_sigaction == before.sa_sigaction);
	errno = 0;
	assert_false(farm_watch_read(path, &jobs, &n));
	assert_int_equal(errno, ENOENT);
}

static void a_file_that_is_none_of_ours_is_refused(void **state)
{
	static const size_t sizes[] = { 0, 1, 63, 64, 128, 200 };
	char path[64], junk[200];
	struct job *jobs;
	size_t n;

	(void)state;
	memset(junk, 'x', sizeof junk);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		fresh_path(path, sizeof path);
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		assert_int_equal(fwrite(junk, 1, sizes[i], f), sizes[i]);
		fclose(f);
		errno = 0;
		assert_false(farm_watch_read(path, &jobs, &n));
		assert_int_equal(errno, EINVAL);
		assert_null(jobs);
		unlink(path);
	}
	/* Ours, but cut. */
	struct farm_watch *w = farm_watch_open(path, 3);
	assert_non_null(w);
	assert_int_equal(truncate(path, 128), 0);
	assert_false(farm_watch_read(path, &jobs, &n));
	farm_watch_close(w);
	assert_null(farm_watch_open("/nowhere/at/all", 3));
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_that_breaks_the_process_is_marked),
		cmocka_unit_test(a_handler_that_was_there_before_still_has_its_turn),
		cmocka_unit_test(a_job_that_ran_when_the_process_was_killed_is_not_broken),
		cmocka_unit_test(a_watch_that_ends_in_order_leaves_no_file_and_no_handler),
		cmocka_unit_test(a_file_that_is_none_of_ours_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
