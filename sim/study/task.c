/* Running one job, and carrying what it found from a worker to the coordinator. */
#include "sim/study/task.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURE = 400, SLOTS_SPARE = 2 };

/* ---- scenarios of the points at work ---- */

/* Replications of a point follow each other, so that few scenarios are needed at a time. */
struct slot {
	size_t           point;
	struct scenario *sc;            /* NULL: could not be loaded */
	char             why[FAILURE];
	unsigned         users;
	bool             taken, loading;
	uint64_t         used;          /* when last */
};

struct workshop {
	const struct study *st;
	simtime_t           warm_up;
	volatile const int *stop;
	pthread_mutex_t     lock;       /* over the slots */
	pthread_cond_t      loaded;
	struct slot        *slots; size_t n_slots;
	uint64_t            clock;
};

struct workshop *workshop_new(const struct study *st, simtime_t warm_up, unsigned threads, volatile const int *stop)
{
	struct workshop *w = calloc(1, sizeof *w);
	size_t n = threads + SLOTS_SPARE;

	if (!w)
		return NULL;
	w->st = st;
	w->warm_up = warm_up;
	w->stop = stop;
	w->n_slots = n;
	w->slots = calloc(n, sizeof *w->slots);
	if (!w->slots) {
		free(w);
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->loaded, NULL);
	return w;
}

void workshop_free(struct workshop *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n_slots; i++)
		scenario_free(w->slots[i].sc);
	pthread_cond_destroy(&w->loaded);
	pthread_mutex_destroy(&w->lock);
	free(w->slots);
	free(w);
}

static void load_slot(struct workshop *w, struct slot *s)
{
	struct diag *d = diag_new();

	s->why[0] = '\0';
	s->sc = d ? study_scenario(w->st, s->point, w->warm_up, d) : NULL;
	if (!s->sc)
		snprintf(s->why, sizeof s->why, "%s", d && diag_count(d) ? diag_text(d, 0) : "out of memory");
	diag_free(d);
}

/* The point's slot, or the one that was not used for longest; one is always free, there being more than workers. */
static struct slot *find_slot(struct workshop *w, size_t point)
{
	size_t oldest = w->n_slots;

	for (size_t i = 0; i < w->n_slots; i++) {
		const struct slot *s = &w->slots[i], *o = oldest < w->n_slots ? &w->slots[oldest] : NULL;
		if (s->taken && s->point == point)
			return &w->slots[i];
		if (s->users == 0 && !s->loading && (!o || !s->taken || (o->taken && s->used < o->used)))
			oldest = i;
	}
	BUG_ON(NULL, oldest == w->n_slots);
	scenario_free(w->slots[oldest].sc);
	w->slots[oldest] = (struct slot){ .point = point };
	return &w->slots[oldest];
}

static struct slot *acquire(struct workshop *w, size_t point)
{
	pthread_mutex_lock(&w->lock);
	struct slot *s = find_slot(w, point);
	s->users++;
	if (!s->taken) {
		s->taken = s->loading = true;
		pthread_mutex_unlock(&w->lock);
		load_slot(w, s);
		pthread_mutex_lock(&w->lock);
		s->loading = false;
		pthread_cond_broadcast(&w->loaded);
	}
	while (s->loading)
		pthread_cond_wait(&w->loaded, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return s;
}

static void release(struct workshop *w, struct slot *s)
{
	pthread_mutex_lock(&w->lock);
	s->users--;
	s->used = ++w->clock;
	pthread_mutex_unlock(&w->lock);
}

/* ---- what is kept ---- */

static bool is_response(const struct study *st, const struct kpi_row *row)
{
	for (size_t i = 0; i < st->n_responses; i++)
		if (st->responses[i].def == row->def && strcmp(st->responses[i].group, row->group) == 0)
			return true;
	return false;
}

static bool is_kept(const struct study *st, const struct kpi_row *row)
{
	return st->keep == KEEP_ALL || (st->keep == KEEP_MAIN && !row->def->supporting) || is_response(st, row);
}

/* A declaration's number: models in their order, KPIs in theirs. */
static uint64_t def_number(const struct model_table *t, const struct kpi_def *def)
{
	for (size_t i = 0; i < t->n; i++)
		if (def >= t->models[i]->kpis && def < t->models[i]->kpis + t->models[i]->n_kpis)
			return (uint64_t)i << 16 | (uint64_t)(def - t->models[i]->kpis);
	return UINT64_MAX;
}

static const struct kpi_def *def_of(const struct model_table *t, uint64_t number)
{
	uint64_t model = number >> 16, kpi = number & 0xffff;

	return model < t->n && kpi < t->models[model]->n_kpis ? &t->models[model]->kpis[kpi] : NULL;
}

static void put_rows(const struct study *st, const struct report *r, struct bytes *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->n_kpis; i++)
		n += is_kept(st, &r->kpis[i]);
	bytes_u64(out, n);
	for (size_t i = 0; i < r->n_kpis; i++) {
		if (!is_kept(st, &r->kpis[i]))
			continue;
		bytes_u64(out, def_number(st->table, r->kpis[i].def));
		bytes_text(out, r->kpis[i].group);
		bytes_double(out, r->kpis[i].value);
	}
}

/* The values of a response's series from the end of the warm-up on, without the times that had nothing to count; how many. */
static size_t series_of(const struct report *r, const struct response *response, simtime_t from, double *v)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_series; i++) {
		const struct series_row *s = &r->series[i];
		if (s->def != response->def || strcmp(s->group, response->group) != 0 || s->t < from || isnan(s->value))
			continue;
		v[n++] = s->value;
	}
	return n;
}

/* The means of one response's batches. */
static void put_batches(const struct study *st, const struct report *r, const struct response *response, simtime_t warm_up,
			struct bytes *out)
{
	double *v = malloc((r->n_series + 1) * sizeof *v);
	size_t n = v ? series_of(r, response, warm_up, v) : 0, size = n / st->batches;
	struct batch_means b = { 0 };

	if (size > 0)
		b = batch_means(v, n, st->batches, st->precision.level);
	bytes_u64(out, size > 0 ? st->batches : 0);
	bytes_double(out, b.lag1);
	bytes_u64(out, b.independent);
	for (size_t i = 0; size > 0 && i < st->batches; i++) {
		double sum = 0;
		for (size_t k = 0; k < size; k++)
			sum += v[n - (st->batches - i) * size + k];
		bytes_double(out, sum / (double)size);
	}
	out->failed = out->failed || !v;
	free(v);
}

/* ---- one task ---- */

static void put_head(struct bytes *out, int status, bool of_point, const char *failure, const char *input, uint64_t events, double wall_s)
{
	bytes_u64(out, (uint64_t)(int64_t)status);
	bytes_u64(out, of_point);
	bytes_text(out, failure);
	bytes_text(out, input);
	bytes_u64(out, events);
	bytes_double(out, wall_s);
}

static void put_result(const struct study *st, const struct scenario *sc, const struct replication *rep, struct bytes *out)
{
	char failure[FAILURE] = "";

	if (rep->report && rep->unbalanced)
		snprintf(failure, sizeof failure, "audit account \"%s\" is out of balance by %.3g of its sum",
			 rep->imbalance_account ? rep->imbalance_account : "?", rep->imbalance);
	else if (!rep->report)
		snprintf(failure, sizeof failure, "%s", rep->failure);
	put_head(out, rep->report && rep->unbalanced ? SIM_E_LIMIT : rep->status, false, failure, sc->hash, rep->events,
		 rep->wall_s);
	if (!rep->report || rep->unbalanced)
		return;
	put_rows(st, rep->report, out);
	for (size_t i = 0; st->statistics == STATISTICS_BATCH_MEANS && i < st->n_responses; i++)
		put_batches(st, rep->report, &st->responses[i], sc->run.warm_up, out);
}

void task_run(void *workshop, unsigned worker, struct job job, struct bytes *out)
{
	struct workshop *w = workshop;
	struct slot *s = acquire(w, (size_t)job.point);
	struct replication rep = { .index = job.replication };

	(void)worker;
	if (s->sc) {
		uint64_t seed = w->st->seed_given ? w->st->seed : s->sc->run.seed;
		replicate(s->sc, seed, &rep, w->stop);
		put_result(w->st, s->sc, &rep, out);
		report_free(rep.report);
	} else {
		put_head(out, SIM_E_LIMIT, true, s->why, "", 0, 0);
	}
	release(w, s);
}

/* ---- reading it back ---- */

static bool read_rows(const struct study *st, struct bytes_reader *b, struct arena *a, struct task_result *r)
{
	uint64_t n = bytes_get_u64(b);

	if (b->failed || n > (uint64_t)(b->end - b->at) / 16)
		return false;
	r->rows = arena_alloc(a, (size_t)n + 1, sizeof *r->rows);
	for (uint64_t i = 0; r->rows && i < n; i++) {
		struct task_row *row = &r->rows[r->n_rows++];
		row->def = def_of(st->table, bytes_get_u64(b));
		row->group = bytes_get_text(b);
		row->value = bytes_get_double(b);
		if (b->failed || !row->def)
			return false;
	}
	return r->rows != NULL;
}

static bool read_batches(const struct study *st, struct bytes_reader *b, struct arena *a, struct task_result *r)
{
	r->batches = arena_alloc(a, st->n_responses + 1, sizeof *r->batches);
	for (size_t i = 0; r->batches && i < st->n_responses; i++) {
		struct task_batches *t = &r->batches[i];
		t->n = (size_t)bytes_get_u64(b);
		t->lag1 = bytes_get_double(b);
		t->independent = bytes_get_u64(b) != 0;
		if (b->failed || t->n > (size_t)(b->end - b->at) / 8)
			return false;
		t->v = arena_alloc(a, t->n + 1, sizeof *t->v);
		for (size_t k = 0; t->v && k < t->n; k++)
			t->v[k] = bytes_get_double(b);
		if (!t->v)
			return false;
	}
	return r->batches && !b->failed;
}

bool task_read(const struct study *st, struct job job, const unsigned char *bytes, size_t n, struct arena *a, struct task_result *r)
{
	struct bytes_reader b = bytes_read(bytes, n);

	*r = (struct task_result){ .job = job };
	r->status = (int)(int64_t)bytes_get_u64(&b);
	r->of_point = bytes_get_u64(&b) != 0;
	r->failure = bytes_get_text(&b);
	r->input = bytes_get_text(&b);
	r->events = bytes_get_u64(&b);
	r->wall_s = bytes_get_double(&b);
	if (b.failed)
		return false;
	if (r->status == SIM_OK && !read_rows(st, &b, a, r))
		return false;
	if (r->status == SIM_OK && st->statistics == STATISTICS_BATCH_MEANS && !read_batches(st, &b, a, r))
		return false;
	return bytes_whole(&b);
}

double task_response(const struct task_result *r, const struct response *response)
{
	for (size_t i = 0; i < r->n_rows; i++)
		if (r->rows[i].def == response->def && strcmp(r->rows[i].group, response->group) == 0)
			return r->rows[i].value;
	return NAN;
}
