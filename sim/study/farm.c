#include "sim/study/farm.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/kernel/bug.h"
#include "sim/study/workers_private.h"

/* The workers of one rank, as the coordinator sees them. */
struct crew {
	unsigned workers;
	size_t out;  /* jobs that it has, run or not */
	size_t n_box;
	struct job box[FARM_AHEAD_MAX]; /* to go to it together */
};

struct coordinator {
	const struct farm *farm;
	struct workers *own;
	struct crew crew;
	struct pace pace;
	enum farm_answer answer; /* of next() */
	bool may_ask;            /* a result has been taken since FARM_WAIT */
	bool refused;            /* by take() */
	bool closed;             /* nothing more is handed out */
	uint64_t given, taken;
	uint64_t next_tick;
};

enum { NS_PER_MS = 1000000 };

static void tick(struct coordinator *c)
{
	uint64_t now = clock_ns();

	if (now < c->next_tick)
		return;
	if (c->farm->tick)
		c->farm->tick(c->farm->ctx);
	/* From when it ended: a commit to a slow disk must not leave time for nothing else. */
	c->next_tick = clock_ns() + FARM_TICK_MS * (uint64_t)NS_PER_MS;
}

static bool ask(struct coordinator *c, struct job *job)
{
	if (c->answer == FARM_DONE || (c->answer == FARM_WAIT && !c->may_ask))
		return false;
	c->may_ask = false;
	c->answer = c->farm->next(c->farm->ctx, job);
	/* Nothing is out and nothing may be handed out: this would never end. */
	BUG_ON(NULL, c->answer == FARM_WAIT && c->given == c->taken);
	return c->answer == FARM_JOB;
}

static void flush_box(struct coordinator *c, struct crew *crew)
{
	workers_give(c->own, crew->box, crew->n_box);
	crew->n_box = 0;
}

static void hand_out(struct coordinator *c)
{
	struct crew *crew = &c->crew;
	size_t want = crew->workers * (1 + pace_ahead(&c->pace));
	struct job job;

	while (crew->out < want && ask(c, &job)) {
		crew->box[crew->n_box++] = job;
		crew->out++;
		c->given++;
		if (crew->n_box == FARM_AHEAD_MAX)
			flush_box(c, crew);
	}
	if (crew->n_box > 0)
		flush_box(c, crew);
}

static void take(struct coordinator *c, struct crew *crew, const struct done *d)
{
	const struct farm *f = c->farm;
	/* An empty result has no address of its own, but is one. */
	const unsigned char *v = d->out.failed ? NULL : d->out.v ? d->out.v : (const unsigned char *)"";

	crew->out--;
	pace_add(&c->pace, d->ns);
	c->may_ask = true;
	if (c->refused)
		return;
	c->refused = f->take(f->ctx, d->job, v, v ? d->out.n : 0) != 0;
	if (!c->refused)
		c->taken++;
	tick(c);
}

static void take_local(struct coordinator *c)
{
	struct done *v;
	size_t n = workers_collect(c->own, &v);

	for (size_t i = 0; i < n; i++) {
		take(c, &c->crew, &v[i]);
		bytes_free(&v[i].out);
	}
}

static void rest(struct coordinator *c)
{
	size_t ahead = c->crew.workers * pace_ahead(&c->pace);

	/* While there is more to hand out, a half-full queue keeps the workers busy; after that every result counts. */
	workers_wait(c->own, c->answer == FARM_JOB && !c->closed ? ahead / 2 : SIZE_MAX, c->next_tick);
}

static bool is_over(const struct coordinator *c)
{
	return c->refused || farm_stopped(c->farm) || (c->answer == FARM_DONE && c->crew.out == 0);
}

static void coordinate(struct coordinator *c)
{
	for (;;) {
		if (!c->closed && is_over(c)) {
			workers_close(c->own);
			c->closed = true;
		}
		if (!c->closed)
			hand_out(c);
		else if (workers_ended(c->own))
			return;
		if (c->closed || !is_over(c))
			rest(c);
		take_local(c);
		tick(c);
	}
}

enum farm_end farm_work(const struct farm *f)
{
	struct coordinator c = { .farm = f, .own = workers_new(f), .may_ask = true };

	if (!c.own)
		return FARM_NO_MEMORY;
	c.crew.workers = workers_count(c.own);
	c.next_tick = clock_ns() + FARM_TICK_MS * (uint64_t)NS_PER_MS;
	coordinate(&c);
	workers_free(c.own);
	if (c.refused)
		return FARM_REFUSED;
	return c.answer == FARM_DONE && c.taken == c.given ? FARM_COMPLETE : FARM_STOPPED;
}

/* Tasks whose results land in memory. */
struct tasks {
	task_fn *fn;
	void *ctx;
	size_t n, next, ran;
};

static void run_task(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	(void)worker, (void)out;
	struct tasks *t = ctx;

	t->fn(t->ctx, (size_t)job.replication);
}

static enum farm_answer next_task(void *ctx, struct job *job)
{
	struct tasks *t = ctx;

	if (t->next == t->n)
		return FARM_DONE;
	*job = (struct job){ .replication = t->next++ };
	return FARM_JOB;
}

static int take_task(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	(void)job, (void)bytes, (void)n;
	struct tasks *t = ctx;

	t->ran++;
	return 0;
}

size_t farm_run(task_fn *fn, void *ctx, size_t n, unsigned threads, volatile const int *stop)
{
	struct tasks t = { .fn = fn, .ctx = ctx, .n = n };
	struct farm f = { .ctx = &t, .run = run_task, .next = next_task, .take = take_task, .stop = stop };

	f.threads = threads ? threads : farm_processors();
	if (f.threads > n)
		f.threads = n > 0 ? (unsigned)n : 1;
	/* What is short of memory for a queue still runs its tasks, here. */
	if (farm_work(&f) == FARM_NO_MEMORY)
		for (; t.ran < n && !farm_stopped(&f); t.ran++)
			fn(ctx, t.ran);
	return t.ran;
}

unsigned farm_processors(void)
{
	cpu_set_t set;
	long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > FARM_THREADS_MAX ? FARM_THREADS_MAX : (unsigned)n;
}
