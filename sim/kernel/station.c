#include "sim/kernel/station.h"

#include <string.h>

enum { NONE = UINT32_MAX };

/* A job that waits or is served. */
struct job {
	simtime_t arrived, started, service;
	uint32_t number, next;
};

struct station {
	struct sim *s;
	const char *name;
	station_done_fn *done;
	void *ctx;
	uint32_t servers, capacity, waiting, in_service;
	struct {
		uint32_t head, tail;
	} queue[STATION_PRIORITIES];
	struct job *job;
	uint32_t n_jobs, cap_jobs, free_job;
	uint16_t ev_done, ev_warm;
	struct station_stats stats;
};

static void on_done(struct sim *s, void *ctx, uint32_t row, uint16_t detail);

/* Levels are averaged from the end of the warm-up on. */
static void on_warm(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)subject, (void)detail;
	struct station *st = ctx;

	timeavg_start(&st->stats.busy, s->now, st->in_service);
	timeavg_start(&st->stats.queue, s->now, st->waiting);
}

struct station *station_new(struct sim *s, const char *name, uint32_t servers, uint32_t capacity, station_done_fn *done,
			    void *ctx)
{
	struct station *st = sim_alloc(s, 1, sizeof *st);

	if (!st)
		return NULL;
	st->s = s;
	st->name = name;
	st->done = done;
	st->ctx = ctx;
	st->servers = servers;
	st->capacity = capacity;
	st->free_job = NONE;
	for (int p = 0; p < STATION_PRIORITIES; p++)
		st->queue[p].head = st->queue[p].tail = NONE;
	st->ev_done = sim_handler(s, name, on_done, st);
	st->ev_warm = sim_handler(s, "station.warm-up", on_warm, st);
	if (s->warmup > s->now)
		sim_at(s, s->warmup, st->ev_warm, 0, 0);
	return st;
}

static uint32_t take_row(struct station *st)
{
	if (st->free_job != NONE) {
		uint32_t i = st->free_job;
		st->free_job = st->job[i].next;
		return i;
	}
	if (st->n_jobs == st->cap_jobs) {
		/* what is left behind in the arena is at most as much again */
		uint32_t cap = st->cap_jobs ? 2 * st->cap_jobs : 64;
		struct job *bigger = sim_alloc(st->s, cap, sizeof *bigger);
		if (!bigger)
			return NONE;
		if (st->n_jobs)
			memcpy(bigger, st->job, st->n_jobs * sizeof *bigger);
		st->job = bigger;
		st->cap_jobs = cap;
	}
	return st->n_jobs++;
}

static void levels(struct station *st)
{
	timeavg_set(&st->stats.busy, st->s->now, st->in_service);
	timeavg_set(&st->stats.queue, st->s->now, st->waiting);
}

static void begin(struct station *st, uint32_t row)
{
	struct job *j = &st->job[row];
	simtime_t waited = st->s->now - j->arrived;

	j->started = st->s->now;
	st->in_service++;
	if (st->s->now >= st->s->warmup) {
		tally_add(&st->stats.waiting, sim_seconds(waited));
		histogram_add(&st->stats.waiting_hist, waited);
	}
	sim_after(st->s, j->service, st->ev_done, row, 0);
}

static void begin_waiting(struct station *st)
{
	for (int p = STATION_PRIORITIES - 1; p >= 0; p--)
		while (st->queue[p].head != NONE && st->in_service < st->servers) {
			uint32_t row = st->queue[p].head;
			st->queue[p].head = st->job[row].next;
			if (st->queue[p].head == NONE)
				st->queue[p].tail = NONE;
			st->waiting--;
			begin(st, row);
		}
}

bool station_arrive(struct station *st, uint32_t job, unsigned priority, simtime_t service)
{
	BUG_ON(st->s, service < 0);
	st->stats.arrived++;
	bool now = st->in_service < st->servers; /* then nobody waits */
	if (!now && st->waiting >= st->capacity) {
		st->stats.rejected++;
		return false;
	}
	uint32_t row = take_row(st);
	if (row == NONE)
		return true; /* the replication has failed */
	st->job[row] = (struct job){ .arrived = st->s->now, .service = service, .number = job, .next = NONE };
	if (now) {
		begin(st, row);
	} else {
		unsigned p = priority < STATION_PRIORITIES ? priority : STATION_PRIORITIES - 1;
		if (st->queue[p].tail == NONE)
			st->queue[p].head = row;
		else
			st->job[st->queue[p].tail].next = row;
		st->queue[p].tail = row;
		st->waiting++;
	}
	levels(st);
	return true;
}

static void on_done(struct sim *s, void *ctx, uint32_t row, uint16_t detail)
{
	(void)detail;
	struct station *st = ctx;
	struct job j = st->job[row];

	st->job[row].next = st->free_job;
	st->free_job = row;
	st->in_service--;
	st->stats.served++;
	begin_waiting(st);
	levels(st);
	st->done(s, st->ctx, j.number, j.started - j.arrived, s->now - j.started);
}

void station_set_servers(struct station *st, uint32_t working)
{
	st->servers = working;
	begin_waiting(st);
	levels(st);
}

uint32_t station_waiting(const struct station *st)
{
	return st->waiting;
}

uint32_t station_in_service(const struct station *st)
{
	return st->in_service;
}

const struct station_stats *station_stats(const struct station *st)
{
	return &st->stats;
}
