#include "sim/study/farm.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MAX = 256 };

struct farm {
	task_fn *fn;
	void *ctx;
	size_t n;
	volatile const int *stop;
	atomic_size_t next, ran;
};

static void *worker(void *arg)
{
	struct farm *f = arg;

	while (!f->stop || !__atomic_load_n(f->stop, __ATOMIC_RELAXED)) {
		size_t task = atomic_fetch_add_explicit(&f->next, 1, memory_order_relaxed);
		if (task >= f->n)
			break;
		f->fn(f->ctx, task);
		atomic_fetch_add_explicit(&f->ran, 1, memory_order_relaxed);
	}
	return NULL;
}

unsigned farm_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

size_t farm_run(task_fn *fn, void *ctx, size_t n, unsigned threads, volatile const int *stop)
{
	struct farm f = { .fn = fn, .ctx = ctx, .n = n, .stop = stop };
	pthread_t t[THREADS_MAX];
	unsigned started = 0;

	atomic_init(&f.next, 0);
	atomic_init(&f.ran, 0);
	if (threads == 0)
		threads = farm_processors();
	/* The caller works too, so that a thread that cannot be had costs time and nothing else. */
	while (started + 1 < threads && started + 1 < n && started < THREADS_MAX &&
	       pthread_create(&t[started], NULL, worker, &f) == 0)
		started++;
	worker(&f);
	while (started > 0)
		pthread_join(t[--started], NULL);
	return atomic_load(&f.ran);
}
