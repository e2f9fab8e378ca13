#include "sim/study/outcome.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "sim/study/replicate_private.h"

enum { TICKS = 100 };

/* What ticks through a replication: it samples the queue's length and tells how far the clock has come. */
struct ticker {
	struct replication *rep;
	watch_fn *watch;
	void *watch_ctx;
	uint16_t kind;
};

static double wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void on_tick(struct sim *s, void *ctx, uint32_t subject, uint16_t tick)
{
	struct ticker *k = ctx;
	uint64_t pending = evq_len(s->queue);

	if (pending > k->rep->pending_max)
		k->rep->pending_max = pending;
	if (k->watch)
		k->watch(k->watch_ctx, k->rep, (double)tick / TICKS);
	if (tick < TICKS)
		sim_at(s, s->end / TICKS * (tick + 1), k->kind, subject, (uint16_t)(tick + 1));
}

/* One row per name: a model has as many handlers of one name as it has classes or instances. */
static bool count_kinds(const struct sim *s, uint16_t tick_kind, struct replication *rep)
{
	struct arena *a = rep->report->arena;
	struct kind_count *kinds = arena_alloc(a, s->n_rows, sizeof *kinds);
	size_t n = 0;

	if (!kinds)
		return false;
	for (uint32_t i = 0; i < s->n_rows; i++) {
		size_t at = 0;
		if (i == tick_kind)
			continue;
		while (at < n && strcmp(kinds[at].name, s->rows[i].name) != 0)
			at++;
		if (at == n) {
			kinds[n].name = arena_strdup(a, s->rows[i].name);
			if (!kinds[n++].name)
				return false;
		}
		kinds[at].count += s->rows[i].count;
	}
	rep->kinds = kinds;
	rep->n_kinds = n;
	return true;
}

static void run_models(struct sim *s, const struct scenario *sc, struct ticker *k)
{
	const struct model_table *t = sc->table;
	double began = wall_clock();

	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->setup)
			t->models[i]->setup(s, sc);
	k->kind = sim_handler(s, "engine.tick", on_tick, k);
	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->start)
			t->models[i]->start(s, sc);
	k->rep->setup_s = wall_clock() - began;
	if (s->status == SIM_OK)
		sim_at(s, 0, k->kind, 0, 0);
	if (s->status == SIM_OK)
		sim_run(s);
	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->finish)
			t->models[i]->finish(s, sc);
}

/* Whether every conservation account balances; names the one that is out most. */
static void audit(struct replication *rep)
{
	const struct report *r = rep->report;
	double worst = 0;

	rep->imbalance = report_imbalance(r, &rep->imbalance_account);
	rep->unbalanced = false;
	for (size_t i = 0; i < r->n_audit; i++) {
		if (i > 0 && strcmp(r->audit[i].account, r->audit[i - 1].account) == 0)
			continue;
		struct balance b = report_account(r, r->audit[i].account);
		if (b.balances || !(b.off > worst))
			continue;
		rep->unbalanced = true; /* whatever rounding leaves of another account */
		rep->imbalance = worst = b.off;
		rep->imbalance_account = r->audit[i].account;
	}
}

int replicate_watched(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop,
		      watch_fn *watch, void *watch_ctx)
{
	struct ticker k = { .rep = rep, .watch = watch, .watch_ctx = watch_ctx };
	double began = wall_clock();
	struct sim *s = NULL;

	rep->seed = seed;
	rep->report = report_new();
	if (rep->report) {
		rep->report->map = rep->index == 0;
		s = sim_new(seed, rep->index, sc->run.warm_up, sc->run.duration, rep->report);
	}
	if (s) {
		s->stop = stop;
		run_models(s, sc, &k);
		if (s->status == SIM_OK && (rep->report->failed || !count_kinds(s, k.kind, rep)))
			sim_fail(s, SIM_E_NOMEM, "out of memory for the report of the replication");
		rep->status = s->status;
		memcpy(rep->failure, s->failure, sizeof rep->failure);
		rep->events = s->events - (s->n_rows ? s->rows[k.kind].count : 0);
		rep->arena_bytes = arena_bytes(s->arena) + evq_bytes(s->queue);
	} else {
		rep->status = SIM_E_NOMEM;
		strcpy(rep->failure, "out of memory for a new replication");
	}
	if (rep->status == SIM_OK) {
		audit(rep);
	} else {
		report_free(rep->report);
		rep->report = NULL;
	}
	sim_free(s);
	rep->wall_s = wall_clock() - began;
	return rep->status;
}

int replicate(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop)
{
	return replicate_watched(sc, seed, rep, stop, NULL, NULL);
}
