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
	double before, share; /* of all that is simulated: what came before this run, and this run */
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
		k->watch(k->watch_ctx, k->rep, k->before + k->share * tick / TICKS);
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

static void start_models(struct sim *s, const struct scenario *sc, struct ticker *k)
{
	const struct model_table *t = sc->table;

	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->setup)
			t->models[i]->setup(s, sc);
	k->kind = sim_handler(s, "engine.tick", on_tick, k);
	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->start)
			t->models[i]->start(s, sc);
	if (s->status == SIM_OK)
		sim_at(s, 0, k->kind, 0, 0);
}

static void finish_models(struct sim *s, const struct scenario *sc)
{
	const struct model_table *t = sc->table;

	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->finish)
			t->models[i]->finish(s, sc);
}

/* ---- what is run beside a replication ---- */

/* Run the same replication again, counted from `from` on, up to `to`.  What fails there fails the replication. */
static struct sim *run_again(struct sim *s, const struct scenario *sc, struct ticker *k, bool twin, simtime_t from, simtime_t to)
{
	struct report *r = report_new();
	struct sim *again = r ? sim_new(s->seed, s->replication, from, to, r) : NULL;

	if (!again) {
		report_free(r);
		sim_fail(s, SIM_E_NOMEM, "out of memory for what is run beside a replication");
		return NULL;
	}
	again->stop = s->stop;
	again->twin = twin;
	again->window = !twin;
	start_models(again, sc, k);
	if (again->status == SIM_OK)
		sim_run(again);
	if (again->status != SIM_OK)
		sim_fail(s, again->status, "%s", again->failure);
	return again;
}

static void end_again(struct sim *again)
{
	struct report *r = again ? again->report : NULL;

	sim_free(again);
	report_free(r);
}

static bool counts_all(const struct model_table *t, const struct kpi_def *def)
{
	for (size_t i = 0; i < t->n; i++)
		if (def >= t->models[i]->kpis && def < t->models[i]->kpis + t->models[i]->n_kpis)
			return t->models[i]->counts_all;
	return false;
}

/* The KPIs of a window, as those of groups of their own. */
static void take_window(struct sim *s, const struct scenario *sc, const struct report *from, const char *label)
{
	for (size_t i = 0; i < from->n_kpis; i++) {
		const struct kpi_row *row = &from->kpis[i];
		const char *group = label;
		if (counts_all(sc->table, row->def))
			continue;
		if (strcmp(row->group, "all") != 0 && !(group = arena_printf(s->arena, "%s;%s", row->group, label))) {
			sim_fail(s, SIM_E_NOMEM, "out of memory for the groups of %s", label);
			return;
		}
		report_kpi(s->report, row->def, group, row->value);
	}
}

static void run_windows(struct sim *s, const struct scenario *sc, struct ticker *k, const struct beside *b, double whole)
{
	for (unsigned i = 0; i < b->n_windows && s->status == SIM_OK; i++) {
		const struct window *w = &b->window[i];
		if (w->from >= w->to)
			continue;
		k->before += k->share;
		k->share = (double)w->to / whole;
		struct sim *again = run_again(s, sc, k, false, w->from, w->to);
		if (again && s->status == SIM_OK) {
			finish_models(again, sc);
			if (again->status != SIM_OK || again->report->failed)
				sim_fail(s, SIM_E_NOMEM, "out of memory for the KPIs of %s", w->label);
			else
				take_window(s, sc, again->report, w->label);
		}
		end_again(again);
	}
}

/* What the clocks of all runs go through together, in units of time. */
static double ask_beside(const struct sim *s, const struct scenario *sc, struct beside *b)
{
	double whole = (double)s->end;

	for (size_t i = 0; i < sc->table->n; i++)
		if (sc->table->models[i]->beside)
			sc->table->models[i]->beside(s, b);
	whole += b->twin ? (double)s->end : 0;
	for (unsigned i = 0; i < b->n_windows; i++)
		whole += (double)b->window[i].to;
	return whole;
}

/* The replication, its twin beside it where one is wanted, its windows after it. */
static void run_models(struct sim *s, const struct scenario *sc, struct ticker *k)
{
	struct ticker again = *k;
	struct beside b = { 0 };
	double began = wall_clock(), whole;
	struct sim *twin = NULL;

	start_models(s, sc, k);
	k->rep->setup_s = wall_clock() - began;
	if (s->status != SIM_OK)
		return;
	whole = ask_beside(s, sc, &b);
	again.before = 0;
	again.share = k->share = (double)s->end / whole;
	sim_run(s);
	if (s->status == SIM_OK && b.twin) {
		again.before = again.share;
		twin = run_again(s, sc, &again, true, s->warmup, s->end);
		s->beside = twin;
	}
	finish_models(s, sc);
	s->beside = NULL;
	end_again(twin);
	run_windows(s, sc, &again, &b, whole);
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
	struct ticker k = { .rep = rep, .watch = watch, .watch_ctx = watch_ctx, .share = 1 };
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
