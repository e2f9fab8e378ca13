#include "sim/study/outcome.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/kernel/rng.h"
#include "sim/kernel/tally.h"
#include "sim/study/farm.h"
#include "sim/study/replicate_private.h"

/* The replications of a run while they are on the farm. */
struct batch {
	struct outcome *o;
	const struct run_options *opt;
	pthread_mutex_t lock; /* over what follows, and the progress line */
	double *share;        /* per replication: how much of it has passed; 0 once it is done */
	double running;       /* sum of the shares */
	size_t done;
};

static void on_share(void *ctx, const struct replication *rep, double share)
{
	struct batch *b = ctx;

	pthread_mutex_lock(&b->lock);
	b->running += share - b->share[rep->index];
	b->share[rep->index] = share;
	b->opt->progress(b->opt->progress_ctx, b->o, b->done, b->o->n_reps, b->running);
	pthread_mutex_unlock(&b->lock);
}

static void run_task(void *ctx, size_t task)
{
	struct batch *b = ctx;
	struct replication *rep = &b->o->reps[task];

	if (!b->opt->progress) {
		replicate(b->o->sc, b->o->seed, rep, b->opt->stop);
		return;
	}
	replicate_watched(b->o->sc, b->o->seed, rep, b->opt->stop, on_share, b);
	pthread_mutex_lock(&b->lock);
	b->done++;
	b->running -= b->share[task];
	b->share[task] = 0;
	b->opt->progress(b->opt->progress_ctx, b->o, b->done, b->o->n_reps, b->running);
	pthread_mutex_unlock(&b->lock);
}

/* A KPI of a group while the replications are added up, in their order. */
struct slot {
	const struct kpi_def *def;
	const char *group;
	struct tally over;
	size_t model, seen; /* order of the result: place of the model in the table, then as reported */
	size_t last;        /* 1 + the replication that was added last */
};
struct slots {
	struct slot *v;
	size_t n, cap;
	size_t *at; /* hashed: 1 + the slot's place, 0 where there is none; twice as many as cap */
};

static size_t model_of(const struct model_table *t, const struct kpi_def *def)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->models[i]->n_kpis; k++)
			if (&t->models[i]->kpis[k] == def)
				return i;
	return t->n;
}

static bool slot_is(const struct slot *s, const struct kpi_row *row)
{
	return s->def == row->def && strcmp(s->group, row->group) == 0;
}

/* Where in the hash the row's slot is, or would be. */
static size_t *slot_place(const struct slots *all, const struct kpi_row *row)
{
	size_t mask = 2 * all->cap - 1, i = rng_mix(rng_hash(row->group) ^ (uintptr_t)row->def) & mask;

	while (all->at[i] && !slot_is(&all->v[all->at[i] - 1], row))
		i = (i + 1) & mask;
	return &all->at[i];
}

static bool slots_grow(struct slots *all)
{
	size_t cap = all->cap ? 2 * all->cap : 256;
	struct slot *v = realloc(all->v, cap * sizeof *v);

	if (!v)
		return false;
	all->v = v;
	size_t *at = calloc(2 * cap, sizeof *at);
	if (!at)
		return false;
	free(all->at);
	all->at = at;
	all->cap = cap;
	for (size_t i = 0; i < all->n; i++)
		*slot_place(all, &(struct kpi_row){ v[i].def, v[i].group, 0 }) = i + 1;
	return true;
}

/* The row's slot, made when there is none; NULL when memory is short.  Replications report in nearly the same order, so
 * that the slot behind the last one mostly is the one. */
static struct slot *slot_find(struct slots *all, const struct kpi_row *row, size_t guess, const struct model_table *t)
{
	if (guess < all->n && slot_is(&all->v[guess], row))
		return &all->v[guess];
	if (all->n == all->cap && !slots_grow(all))
		return NULL;
	size_t *place = slot_place(all, row);
	if (*place)
		return &all->v[*place - 1];
	struct slot *s = &all->v[all->n];
	*s = (struct slot){ .def = row->def, .group = row->group, .model = model_of(t, row->def), .seen = all->n };
	*place = ++all->n;
	return s;
}

static bool add_replication(struct slots *all, const struct replication *rep, const struct model_table *t)
{
	size_t guess = 0;

	for (size_t i = 0; i < rep->report->n_kpis; i++) {
		const struct kpi_row *row = &rep->report->kpis[i];
		struct slot *s = slot_find(all, row, guess, t);
		if (!s)
			return false;
		BUG_ON(NULL, s->last == rep->index + 1); /* a model reported one KPI of one group twice */
		tally_add(&s->over, row->value);
		s->last = rep->index + 1;
		guess = (size_t)(s - all->v) + 1;
	}
	return true;
}

static int by_model(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->model != y->model)
		return x->model < y->model ? -1 : 1;
	return x->seen < y->seen ? -1 : x->seen > y->seen;
}

static const struct target *target_of(const struct scenario *sc, const char *kpi, const char *group)
{
	for (size_t i = 0; i < sc->n_targets; i++)
		if (strcmp(sc->targets[i].kpi, kpi) == 0 && strcmp(sc->targets[i].group, group) == 0)
			return &sc->targets[i];
	return NULL;
}

/* Decided only where the whole interval lies on one side.  One replication has no interval: undecided, whatever its
 * value; so is a KPI that had nothing to count. */
enum verdict verdict_judge(const struct target *t, double low, double high)
{
	bool met = false, missed = false;

	if (!t || t->op == TARGET_NONE)
		return VERDICT_NONE;
	switch (t->op) { /* a NaN bound satisfies none of these */
	case TARGET_GE:
		met = low >= t->value;
		missed = high < t->value;
		break;
	case TARGET_GT:
		met = low > t->value;
		missed = high <= t->value;
		break;
	case TARGET_LE:
		met = high <= t->value;
		missed = low > t->value;
		break;
	case TARGET_LT:
		met = high < t->value;
		missed = low >= t->value;
		break;
	case TARGET_NONE: break;
	}
	return met ? VERDICT_MET : missed ? VERDICT_MISSED : VERDICT_UNDECIDED;
}

static void fill_result(struct kpi_result *k, const struct outcome *o, const struct slot *s)
{
	double half = tally_halfwidth(&s->over, o->confidence);

	*k = (struct kpi_result){ .def = s->def, .group = s->group, .n = s->over.n };
	k->mean = s->over.n ? s->over.mean : NAN;
	k->ci_low = s->over.n > 1 ? k->mean - half : NAN;
	k->ci_high = s->over.n > 1 ? k->mean + half : NAN;
	k->target = target_of(o->sc, k->def->name, k->group);
	k->verdict = verdict_judge(k->target, k->ci_low, k->ci_high);
}

/* A target of which nothing was counted in any replication still has its row, without a value. */
static bool add_absent(struct slots *all, const struct outcome *o)
{
	for (size_t i = 0; i < o->sc->n_targets; i++) {
		const struct target *t = &o->sc->targets[i];
		struct kpi_row row = { table_kpi(o->sc->table, t->kpi), t->group, NAN };
		if (row.def && !slot_find(all, &row, all->n, o->sc->table))
			return false;
	}
	return true;
}

/* By number of replication, never by order of completion. */
static bool aggregate(struct outcome *o)
{
	struct slots all = { 0 };
	bool ok = true;

	for (size_t i = 0; i < o->n_reps && ok; i++) {
		if (!o->reps[i].report)
			continue;
		o->n_done++;
		if (o->reps[i].unbalanced)
			o->audit_failed = true;
		ok = add_replication(&all, &o->reps[i], o->sc->table);
	}
	ok = ok && (o->n_done == 0 || add_absent(&all, o));
	if (ok && all.n) {
		qsort(all.v, all.n, sizeof *all.v, by_model);
		o->kpis = arena_alloc(o->arena, all.n, sizeof *o->kpis);
		ok = o->kpis != NULL;
	}
	for (size_t i = 0; i < all.n && ok; i++)
		fill_result(&o->kpis[o->n_kpis++], o, &all.v[i]);
	free(all.v);
	free(all.at);
	return ok;
}

static struct outcome *outcome_new(const struct scenario *sc, const struct run_options *opt)
{
	struct arena *a = arena_new();
	struct outcome *o = a ? arena_alloc(a, 1, sizeof *o) : NULL;
	uint64_t n = opt->replications ? opt->replications : sc->run.replications;

	if (!o)
		goto fail;
	o->arena = a;
	o->sc = sc;
	o->version = SCCSIM_VERSION;
	o->seed = opt->seed_given ? opt->seed : sc->run.seed;
	o->confidence = sc->run.confidence;
	o->threads = opt->threads ? opt->threads : farm_processors();
	if (o->threads > n)
		o->threads = (unsigned)n;
	o->reps = arena_alloc(a, n, sizeof *o->reps);
	if (!o->reps)
		goto fail;
	o->n_reps = n;
	for (size_t i = 0; i < n; i++) {
		o->reps[i].index = i;
		o->reps[i].seed = o->seed;
		o->reps[i].status = SIM_E_STOPPED; /* until it runs */
		strcpy(o->reps[i].failure, "stopped before it began");
	}
	return o;
fail:
	arena_free(a);
	return NULL;
}

static void mark_start(struct outcome *o)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(o->started, sizeof o->started, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

struct outcome *outcome_run(const struct scenario *sc, const struct run_options *opt)
{
	struct outcome *o = outcome_new(sc, opt);
	struct batch b = { .o = o, .opt = opt, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct timespec from, to;

	if (!o)
		return NULL;
	b.share = arena_alloc(o->arena, o->n_reps, sizeof *b.share);
	if (!b.share)
		goto fail;
	mark_start(o);
	clock_gettime(CLOCK_MONOTONIC, &from);
	farm_run(run_task, &b, o->n_reps, o->threads, opt->stop);
	clock_gettime(CLOCK_MONOTONIC, &to);
	o->wall_s = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
	for (size_t i = 0; i < o->n_reps; i++)
		if (o->reps[i].status == SIM_E_STOPPED)
			o->stopped = true;
	if (!aggregate(o))
		goto fail;
	pthread_mutex_destroy(&b.lock);
	return o;
fail:
	pthread_mutex_destroy(&b.lock);
	outcome_free(o);
	return NULL;
}

void outcome_free(struct outcome *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n_reps; i++)
		report_free(o->reps[i].report);
	arena_free(o->arena);
}

const struct kpi_result *outcome_kpi(const struct outcome *o, const char *kpi, const char *group)
{
	for (size_t i = 0; i < o->n_kpis; i++)
		if (strcmp(o->kpis[i].def->name, kpi) == 0 && strcmp(o->kpis[i].group, group) == 0)
			return &o->kpis[i];
	return NULL;
}
