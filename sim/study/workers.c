#include "sim/study/workers_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "sim/kernel/bug.h"
#include "sim/study/farm_watch.h"

enum { NS_PER_S = 1000000000, PACE_WINDOW = 16, AHEAD_NS = 30000000 };

struct worker {
	struct workers *all;
	pthread_t thread;
	unsigned index;
};

struct workers {
	const struct farm *farm;
	struct worker *workers;
	unsigned n_workers; /* threads that run */
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t work;  /* workers wait for jobs */
	pthread_cond_t back;  /* the owner waits for results */
	struct job *queue;    /* ring */
	size_t cap, first, n_queued;
	struct done *done, *collected; /* two of cap, exchanged by workers_collect */
	size_t n_done, n_running;
	unsigned n_idle;
	size_t low;     /* the owner wants to be woken when this few are queued */
	bool waiting;   /* the owner sleeps */
	bool closed;
};

void pace_add(struct pace *p, uint64_t ns)
{
	p->mean_ns += ((double)ns - p->mean_ns) / (p->known ? PACE_WINDOW : 1);
	p->known = true;
}

size_t pace_ahead(const struct pace *p)
{
	if (!p->known)
		return 1;
	/* What a job held back costs at the end, when others have none, outweighs the milliseconds until it comes. */
	if (p->mean_ns >= 2.0 * NS_PER_S)
		return 0;
	double n = AHEAD_NS / (p->mean_ns + 1);
	return n < 1 ? 1 : n > FARM_AHEAD_MAX ? FARM_AHEAD_MAX : (size_t)n;
}

uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

bool farm_stopped(const struct farm *f)
{
	return f->stop && __atomic_load_n(f->stop, __ATOMIC_RELAXED);
}

static bool may_begin(const struct workers *p)
{
	return !p->closed && !farm_stopped(p->farm);
}

/* The lock is held; *job is set and counts as running.  False: there is none to begin. */
static bool begin_job(struct workers *p, struct job *job)
{
	if (p->n_queued == 0 || !may_begin(p))
		return false;
	*job = p->queue[p->first];
	p->first = (p->first + 1) % p->cap;
	p->n_queued--;
	p->n_running++;
	return true;
}

/* The lock is held, but not while the job runs. */
static void run_job(struct workers *p, unsigned worker, struct job job)
{
	const struct farm *f = p->farm;
	struct done d = { .job = job };

	pthread_mutex_unlock(&p->lock);
	uint64_t from = clock_ns();
	farm_watch_begin(f->watch, worker, job);
	f->run(f->ctx, worker, job, &d.out);
	farm_watch_end(f->watch, worker);
	d.ns = clock_ns() - from;
	pthread_mutex_lock(&p->lock);
	p->n_running--;
	p->done[p->n_done++] = d;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct workers *p = w->all;
	char stack[FARM_WATCH_STACK]; /* of the handler: the farthest place from where this thread's own stack overflows */
	struct job job;

	farm_watch_enter(p->farm->watch, w->index, stack);
	pthread_mutex_lock(&p->lock);
	while (may_begin(p)) {
		if (!begin_job(p, &job)) {
			p->n_idle++;
			pthread_cond_wait(&p->work, &p->lock);
			p->n_idle--;
			continue;
		}
		run_job(p, w->index, job);
		if (p->waiting && p->n_queued <= p->low)
			pthread_cond_signal(&p->back);
	}
	pthread_cond_signal(&p->back);
	pthread_mutex_unlock(&p->lock);
	farm_watch_leave(p->farm->watch, w->index, stack);
	return NULL;
}

/* The owner sleeps by the monotonic clock: a clock that is set must not hold up a tick. */
static bool init_locks(struct workers *p)
{
	pthread_condattr_t attr;

	if (pthread_condattr_init(&attr) != 0)
		return false;
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	bool ok = pthread_cond_init(&p->back, &attr) == 0;
	pthread_condattr_destroy(&attr);
	return ok && pthread_cond_init(&p->work, NULL) == 0 && pthread_mutex_init(&p->lock, NULL) == 0;
}

struct workers *workers_new(const struct farm *f)
{
	struct workers *p = calloc(1, sizeof *p);
	unsigned threads = farm_threads(f);

	if (!p || !init_locks(p)) {
		free(p);
		return NULL;
	}
	p->farm = f;
	p->cap = (size_t)threads * (1 + FARM_AHEAD_MAX);
	p->workers = calloc(threads, sizeof *p->workers);
	p->queue = calloc(p->cap, sizeof *p->queue);
	p->done = calloc(p->cap, sizeof *p->done);
	p->collected = calloc(p->cap, sizeof *p->collected);
	if (!p->workers || !p->queue || !p->done || !p->collected) {
		workers_free(p);
		return NULL;
	}
	for (; p->n_workers < threads; p->n_workers++) {
		struct worker *w = &p->workers[p->n_workers];
		*w = (struct worker){ .all = p, .index = p->n_workers };
		if (pthread_create(&w->thread, NULL, work, w) != 0)
			break;
	}
	return p;
}

void workers_free(struct workers *p)
{
	if (!p)
		return;
	workers_close(p);
	for (unsigned i = 0; i < p->n_workers; i++)
		pthread_join(p->workers[i].thread, NULL);
	for (size_t i = 0; i < p->n_done; i++)
		bytes_free(&p->done[i].out);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->back);
	free(p->workers);
	free(p->queue);
	free(p->done);
	free(p->collected);
	free(p);
}

unsigned workers_count(const struct workers *p)
{
	return p->n_workers ? p->n_workers : 1;
}

void workers_give(struct workers *p, const struct job *jobs, size_t n)
{
	pthread_mutex_lock(&p->lock);
	BUG_ON(NULL, n > p->cap - p->n_queued - p->n_running - p->n_done);
	for (size_t i = 0; i < n; i++)
		p->queue[(p->first + p->n_queued++) % p->cap] = jobs[i];
	if (n > 1 && p->n_idle > 1)
		pthread_cond_broadcast(&p->work);
	else if (n > 0 && p->n_idle > 0)
		pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

size_t workers_collect(struct workers *p, struct done **v)
{
	pthread_mutex_lock(&p->lock);
	size_t n = p->n_done;
	*v = p->done;
	p->done = p->collected;
	p->collected = *v;
	p->n_done = 0;
	pthread_mutex_unlock(&p->lock);
	return n;
}

void workers_wait(struct workers *p, size_t low, uint64_t until_ns)
{
	struct timespec until = { .tv_sec = (time_t)(until_ns / NS_PER_S), .tv_nsec = (long)(until_ns % NS_PER_S) };

	char stack[FARM_WATCH_STACK];
	struct job job;

	pthread_mutex_lock(&p->lock);
	if (p->n_workers == 0 && begin_job(p, &job)) {
		farm_watch_enter(p->farm->watch, 0, stack);
		run_job(p, 0, job);
		farm_watch_leave(p->farm->watch, 0, stack);
	} else if (p->n_done == 0 || p->n_queued > low) {
		p->low = low;
		p->waiting = true;
		pthread_cond_timedwait(&p->back, &p->lock, &until);
		p->waiting = false;
	}
	pthread_mutex_unlock(&p->lock);
}

void workers_close(struct workers *p)
{
	pthread_mutex_lock(&p->lock);
	p->closed = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
}

bool workers_ended(struct workers *p)
{
	pthread_mutex_lock(&p->lock);
	bool ended = p->closed && p->n_running == 0 && p->n_done == 0;
	pthread_mutex_unlock(&p->lock);
	return ended;
}
