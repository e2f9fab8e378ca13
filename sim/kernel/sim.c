#include "sim/kernel/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/evq_private.h"

enum { NO_KIND = UINT16_MAX, MAX_ROWS = NO_KIND, STOP_EVERY = 1 << 14 };

void bug_report(const struct sim *s, const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: bug: %s\n", file, line, what);
	if (s && s->current.kind >= s->n_rows)
		fprintf(stderr, "  at %.9f s of replication %llu (seed %llu), between events\n", sim_seconds(s->now),
			(unsigned long long)s->replication, (unsigned long long)s->seed);
	else if (s)
		fprintf(stderr, "  at %.9f s of replication %llu (seed %llu), handling %s of subject %u, detail %u\n",
			sim_seconds(s->now), (unsigned long long)s->replication, (unsigned long long)s->seed,
			s->rows[s->current.kind].name, s->current.subject, s->current.detail);
	fflush(stderr);
	abort();
}

struct sim *sim_new(uint64_t seed, uint64_t replication, simtime_t warmup, simtime_t end, struct report *report)
{
	struct sim *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->seed = seed;
	s->replication = replication;
	s->key = rng_key(seed, replication);
	s->warmup = warmup;
	s->end = s->horizon = end;
	s->report = report;
	s->current.kind = NO_KIND;
	s->queue = evq_new();
	s->arena = arena_new();
	if (!s->queue || !s->arena) {
		sim_free(s);
		return NULL;
	}
	return s;
}

void sim_free(struct sim *s)
{
	if (!s)
		return;
	evq_free(s->queue);
	arena_free(s->arena);
	free(s->rows);
	free(s->states);
	free(s);
}

int sim_run(struct sim *s)
{
	struct event ev;
	int got = 0;

	while (s->status == SIM_OK && (got = evq_take(s->queue, &ev)) > 0) {
		struct sim_row *row = &s->rows[ev.kind];
		s->now = ev.t;
		s->current = ev;
		row->count++;
		row->fn(s, row->ctx, ev.subject, ev.detail);
		if ((++s->events & (STOP_EVERY - 1)) == 0 && s->stop && __atomic_load_n(s->stop, __ATOMIC_RELAXED))
			sim_fail(s, SIM_E_STOPPED, "stopped");
	}
	s->current.kind = NO_KIND;
	if (got < 0)
		sim_fail(s, SIM_E_NOMEM, "out of memory for %zu pending events", evq_len(s->queue));
	if (s->status == SIM_OK)
		s->now = s->end;
	return s->status;
}

uint16_t sim_handler(struct sim *s, const char *name, event_fn *fn, void *ctx)
{
	if (s->n_rows == MAX_ROWS) {
		sim_fail(s, SIM_E_LIMIT,
			 "more than %d kinds of events: the scenario has too many classes, links or platforms", MAX_ROWS);
		return 0;
	}
	if (s->n_rows == s->cap_rows) {
		uint32_t cap = s->cap_rows ? 2 * s->cap_rows : 64;
		struct sim_row *rows = realloc(s->rows, cap * sizeof *rows);
		if (!rows) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for event kinds");
			return 0;
		}
		s->rows = rows;
		s->cap_rows = cap;
	}
	s->rows[s->n_rows] = (struct sim_row){ .fn = fn, .ctx = ctx, .name = name };
	return (uint16_t)s->n_rows++;
}

static void fetch_rows(void *ctx, const struct event *ev, size_t n)
{
	const struct sim *s = ctx;

	for (size_t i = 0; i < n; i++) {
		const struct sim_row *row = &s->rows[ev[i].kind];
		for (uint32_t k = 0; k < row->n_ahead; k++)
			__builtin_prefetch(row->ahead[k].rows + ev[i].subject * row->ahead[k].size, 1);
	}
}

void sim_handler_prefetch(struct sim *s, uint16_t kind, const void *rows, size_t size)
{
	BUG_ON(s, kind >= s->n_rows && s->status == SIM_OK);
	if (kind >= s->n_rows)
		return;
	struct sim_row *row = &s->rows[kind];
	if (row->n_ahead == SIM_AHEAD_MAX || !rows)
		return;
	row->ahead[row->n_ahead].rows = rows;
	row->ahead[row->n_ahead++].size = size;
	evq_set_ahead(s->queue, fetch_rows, s);
}

void *sim_alloc(struct sim *s, size_t n, size_t size)
{
	void *p = arena_alloc(s->arena, n, size);

	if (!p)
		sim_fail(s, SIM_E_NOMEM, "out of memory for %zu elements of %zu bytes", n, size);
	return p;
}

void sim_fail(struct sim *s, int status, const char *fmt, ...)
{
	va_list ap;

	if (s->status != SIM_OK)
		return;
	s->status = status;
	va_start(ap, fmt);
	vsnprintf(s->failure, sizeof s->failure, fmt, ap);
	va_end(ap);
}

void sim_set_state(struct sim *s, const void *key, void *state)
{
	for (uint32_t i = 0; i < s->n_states; i++)
		if (s->states[i].key == key) {
			s->states[i].state = state;
			return;
		}
	if (s->n_states == s->cap_states) {
		uint32_t cap = s->cap_states ? 2 * s->cap_states : 32;
		void *grown = realloc(s->states, cap * sizeof *s->states);
		if (!grown) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for model states");
			return;
		}
		s->states = grown;
		s->cap_states = cap;
	}
	s->states[s->n_states].key = key;
	s->states[s->n_states++].state = state;
}

void *sim_state(const struct sim *s, const void *key)
{
	for (uint32_t i = 0; i < s->n_states; i++)
		if (s->states[i].key == key)
			return s->states[i].state;
	return NULL;
}
