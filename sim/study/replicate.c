#include "sim/study/outcome.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/study/replicate_private.h"

enum { TICKS = 100 };

/* A replication while it is run: the main run, its twin, and windows, one after the other. */
struct job {
	const struct scenario *sc;
	struct replication *rep;
	volatile const int *stop;
	watch_fn *watch;
	void *watch_ctx;
	struct reruns reruns;
	double behind, all;     /* what has been run and what is to be, in lengths of the whole run */
};

/* What ticks through a run: it tells how far the clock has come and, in the main run, samples the queue's length. */
struct ticker {
	struct job *job;
	bool main;
	double length;          /* of this run */
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
	struct job *j = k->job;
	uint64_t pending = evq_len(s->queue);

	if (k->main && pending > j->rep->pending_max)
		j->rep->pending_max = pending;
	if (j->watch)
		j->watch(j->watch_ctx, j->rep, (j->behind + k->length * tick / TICKS) / j->all);
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

static void ask_reruns(const struct sim *s, struct job *j)
{
	const struct model_table *t = j->sc->table;

	for (size_t i = 0; i < t->n; i++)
		if (t->models[i]->rerun)
			t->models[i]->rerun(s, j->sc, &j->reruns);
	j->all += j->reruns.twin;
	for (unsigned i = 0; i < j->reruns.n; i++)
		j->all += (double)j->reruns.window[i].to / (double)s->horizon;
}

static void run_models(struct sim *s, struct job *j, struct ticker *k)
{
	const struct model_table *t = j->sc->table;
	double began = wall_clock();

	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->setup)
			t->models[i]->setup(s, j->sc);
	k->kind = sim_handler(s, "engine.tick", on_tick, k);
	for (size_t i = 0; i < t->n && s->status == SIM_OK; i++)
		if (t->models[i]->start)
			t->models[i]->start(s, j->sc);
	if (k->main) {
		j->rep->setup_s = wall_clock() - began;
		if (s->status == SIM_OK)
			ask_reruns(s, j);
	}
	if (s->status == SIM_OK)
		sim_at(s, 0, k->kind, 0, 0);
	if (s->status == SIM_OK)
		sim_run(s);
	j->behind += k->length;
}

static void finish_models(struct sim *s, const struct scenario *sc)
{
	for (size_t i = 0; i < sc->table->n && s->status == SIM_OK; i++)
		if (sc->table->models[i]->finish)
			sc->table->models[i]->finish(s, sc);
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

static void set_failure(struct replication *rep, int status, const char *failure)
{
	if (rep->status != SIM_OK)
		return;
	rep->status = status;
	snprintf(rep->failure, sizeof rep->failure, "%s", failure);
}

static struct sim *open_run(struct job *j, struct report *report, simtime_t from, simtime_t to)
{
	struct sim *s = report ? sim_new(j->rep->seed, j->rep->index, from, to, report) : NULL;

	if (!s) {
		set_failure(j->rep, SIM_E_NOMEM, "out of memory for a new replication");
		return NULL;
	}
	s->horizon = j->sc->run.duration;
	s->stop = j->stop;
	return s;
}

/* The whole replication once more as its twin, at its end; NULL where it failed. */
static struct sim *run_twin(struct job *j, struct report *report)
{
	struct ticker k = { .job = j, .length = 1 };
	struct sim *s = open_run(j, report, j->sc->run.warm_up, j->sc->run.duration);

	if (!s)
		return NULL;
	s->twin = true;
	run_models(s, j, &k);
	if (s->status == SIM_OK)
		return s;
	set_failure(j->rep, s->status, s->failure);
	sim_free(s);
	return NULL;
}

static bool is_windowed(const struct model_table *t, const struct kpi_def *def)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->models[i]->windowed && !t->models[i]->windowed(def))
			return false;
	return true;
}

static void keep_kpis(const struct job *j, const struct report *from, const char *window)
{
	char group[512];

	for (size_t i = 0; i < from->n_kpis; i++) {
		const struct kpi_row *row = &from->kpis[i];
		if (!is_windowed(j->sc->table, row->def))
			continue;
		snprintf(group, sizeof group, "%s;%s", row->group, window);
		report_kpi(j->rep->report, row->def, strcmp(row->group, "all") == 0 ? window : group, row->value);
	}
}

/* The last window of a run ends with it, the others just before the next begins. */
static void run_window(struct job *j, const struct window *w)
{
	struct report *report = report_new();
	struct ticker k = { .job = j, .length = (double)w->to / (double)j->sc->run.duration };
	struct sim *s = open_run(j, report, w->from, w->to < j->sc->run.duration ? w->to - 1 : w->to);

	if (s) {
		run_models(s, j, &k);
		finish_models(s, j->sc);
		set_failure(j->rep, s->status, s->failure);
		if (report->failed)
			set_failure(j->rep, SIM_E_NOMEM, "out of memory for the report of a window");
	}
	if (j->rep->status == SIM_OK)
		keep_kpis(j, report, w->group);
	sim_free(s);
	report_free(report);
}

/* The replication itself, and its twin where that is asked for. */
static void run_main(struct job *j)
{
	struct replication *rep = j->rep;
	struct ticker k = { .job = j, .main = true, .length = 1 };
	struct sim *s = open_run(j, rep->report, j->sc->run.warm_up, j->sc->run.duration), *twin = NULL;
	struct report *aside = NULL;

	if (!s)
		return;
	run_models(s, j, &k);
	if (s->status == SIM_OK && j->reruns.twin) {
		aside = report_new();
		s->other = twin = run_twin(j, aside);
	}
	if (rep->status == SIM_OK)
		finish_models(s, j->sc);
	if (s->status == SIM_OK && rep->status == SIM_OK && (rep->report->failed || !count_kinds(s, k.kind, rep)))
		sim_fail(s, SIM_E_NOMEM, "out of memory for the report of the replication");
	set_failure(rep, s->status, s->failure);
	rep->events = s->events - (s->n_rows ? s->rows[k.kind].count : 0);
	rep->arena_bytes = arena_bytes(s->arena) + evq_bytes(s->queue);
	sim_free(twin);
	sim_free(s);
	report_free(aside);
}

int replicate_watched(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop,
		      watch_fn *watch, void *watch_ctx)
{
	struct job j = { .sc = sc, .rep = rep, .stop = stop, .watch = watch, .watch_ctx = watch_ctx, .all = 1 };
	double began = wall_clock();

	rep->seed = seed;
	rep->status = SIM_OK;
	rep->failure[0] = '\0';
	rep->report = report_new();
	if (rep->report)
		rep->report->map = rep->index == 0;
	run_main(&j);
	for (unsigned i = 0; i < j.reruns.n && rep->status == SIM_OK; i++)
		run_window(&j, &j.reruns.window[i]);
	if (rep->status == SIM_OK && rep->report->failed)
		set_failure(rep, SIM_E_NOMEM, "out of memory for the report of the replication");
	if (rep->status == SIM_OK) {
		audit(rep);
	} else {
		report_free(rep->report);
		rep->report = NULL;
	}
	rep->wall_s = wall_clock() - began;
	return rep->status;
}

int replicate(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop)
{
	return replicate_watched(sc, seed, rep, stop, NULL, NULL);
}
