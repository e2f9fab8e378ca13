#include "sim/study/runner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A point while its replications come in.  They may come in any order; values are kept by number. */
struct progress_of_point {
	uint32_t want, given, done;     /* replications: needed so far, handed out, there */
	uint32_t cap;
	double  *values;                /* [replication * n_responses + response]; NULL: not kept, the number is fixed */
	unsigned char *have;            /* by number, of a resumed study; NULL: none was there */
	uint32_t n_have;
	bool     failed;                /* the point itself */
	bool     queued, enough;
};

struct runner {
	const struct study   *st;
	struct runner_options opt;
	struct progress_of_point *points;
	size_t               *queue;    /* ring of points that have something to hand out */
	size_t                head, length;
	struct workshop      *shop;
	struct arena         *scratch;  /* of one result */
	double               *column;   /* of one response */
	size_t                column_cap;
	double                decided, worst_done; /* worst precision at the last decision; of the points that are done */
	struct runner_progress progress;
	struct timespec       began;
	bool                  broken;   /* memory was short, or a result was not whole */
};

static bool is_mine(const struct runner *r, size_t point)
{
	return r->opt.shards <= 1 || point % r->opt.shards == r->opt.shard;
}

static uint32_t first_want(const struct study *st)
{
	size_t floor = st->precision.floor < st->precision.ceiling ? st->precision.floor : st->precision.ceiling;

	return (uint32_t)(st->until_precise ? floor : st->replications);
}

struct runner *runner_new(const struct study *st, const struct runner_options *opt)
{
	struct runner *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->st = st;
	r->opt = *opt;
	r->points = calloc(st->n_points, sizeof *r->points);
	r->queue = calloc(st->n_points, sizeof *r->queue);
	if (!r->points || !r->queue) {
		runner_free(r);
		return NULL;
	}
	r->progress.precision = NAN;
	for (size_t i = 0; i < st->n_points; i++) {
		if (!is_mine(r, i))
			continue;
		r->points[i].want = first_want(st);
		r->progress.points++;
		r->progress.planned += r->points[i].want;
	}
	return r;
}

/* What only an open point needs. */
static void forget(struct progress_of_point *p)
{
	free(p->values);
	free(p->have);
	p->values = NULL;
	p->have = NULL;
	p->cap = p->n_have = 0;
}

void runner_free(struct runner *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->points && i < r->st->n_points; i++)
		forget(&r->points[i]);
	workshop_free(r->shop);
	arena_free(r->scratch);
	free(r->column);
	free(r->points);
	free(r->queue);
	free(r);
}

/* ---- what a point has ---- */

static bool keep_values(struct runner *r, struct progress_of_point *p, uint64_t replication, const double *responses)
{
	size_t n = r->st->n_responses;

	if (!r->st->until_precise)
		return true;
	if (replication >= p->cap) {
		uint32_t cap = (uint32_t)(replication + 1 > 2ull * p->cap ? replication + 1 : 2ull * p->cap);
		double *grown = realloc(p->values, ((size_t)cap * n + 1) * sizeof *grown);
		if (!grown)
			return false;
		p->values = grown;
		p->cap = cap;
	}
	memcpy(p->values + replication * n, responses, n * sizeof *responses);
	return true;
}

/* How many replications the prefix of `want` asks for in all: the most of any response. */
static bool more_wanted(struct runner *r, struct progress_of_point *p, uint32_t *want)
{
	size_t n = r->st->n_responses;

	*want = p->want;
	r->decided = 0;
	if (p->want > r->column_cap) {
		double *grown = realloc(r->column, p->want * sizeof *grown);
		if (!grown)
			return false;
		r->column = grown;
		r->column_cap = p->want;
	}
	for (size_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < p->want; i++)
			r->column[i] = p->values[i * n + k];
		size_t next = precision_next(&r->st->precision, r->column, p->want);
		double precision = precision_of(r->column, p->want, r->st->precision.level);
		if (next > *want)
			*want = (uint32_t)next;
		if (precision > r->decided && isfinite(precision))
			r->decided = precision;
	}
	return true;
}

static void enqueue(struct runner *r, size_t point)
{
	r->points[point].queued = true;
	r->queue[(r->head + r->length++) % r->st->n_points] = point;
}

/* A point that needs more goes before those that have not begun: its scenario is still loaded, and few points are under way at a
 * time, which is what the values of a study with many points take. */
static void enqueue_first(struct runner *r, size_t point)
{
	size_t n = r->st->n_points;

	if (r->points[point].queued)
		return;
	r->points[point].queued = true;
	r->head = (r->head + n - 1) % n;
	r->queue[r->head] = point;
	r->length++;
}

/* All of the prefix is there: is it enough? */
static bool decide(struct runner *r, size_t point)
{
	struct progress_of_point *p = &r->points[point];
	uint32_t want = p->want;

	while (!p->failed && !p->enough && p->done >= p->want) {
		if (r->st->until_precise && !more_wanted(r, p, &want))
			return false;
		p->enough = want == p->want;
		r->progress.planned += want - p->want;
		p->want = want;
	}
	if (r->st->until_precise)
		r->progress.precision = fmax(r->worst_done, r->decided);
	if (p->enough) {
		r->worst_done = fmax(r->worst_done, r->decided);
		r->progress.points_done++;
		forget(p);
	} else if (!p->failed) {
		enqueue_first(r, point);
	}
	return true;
}

static void fail_point(struct runner *r, size_t point)
{
	struct progress_of_point *p = &r->points[point];

	if (p->failed || p->enough)
		return;
	p->failed = true;
	forget(p);
	r->progress.points_done++;
	r->progress.planned -= p->want - p->done;
}

bool runner_have(struct runner *r, struct job job, const double *responses)
{
	bool asked = job.point < r->st->n_points && job.replication < r->st->replications;
	struct progress_of_point *p = asked ? &r->points[job.point] : NULL;

	if (!p || !is_mine(r, job.point))
		return true;
	if (job.replication >= p->n_have) {
		uint32_t n = (uint32_t)(job.replication + job.replication / 2 + 32);
		unsigned char *grown = realloc(p->have, n);
		if (!grown)
			return false;
		memset(grown + p->n_have, 0, n - p->n_have);
		p->have = grown;
		p->n_have = n;
	}
	if (p->have[job.replication])
		return true;
	p->have[job.replication] = 1;
	return keep_values(r, p, job.replication, responses);
}

void runner_have_failed_point(struct runner *r, uint64_t point)
{
	if (point < r->st->n_points && is_mine(r, point))
		fail_point(r, point);
}

static bool is_there(const struct progress_of_point *p, uint32_t replication)
{
	return replication < p->n_have && p->have[replication];
}

/* ---- the farm's questions ---- */

/* Pass over what a resumed study has, deciding where that completes a prefix. */
static bool skip_what_is_there(struct runner *r, size_t point)
{
	struct progress_of_point *p = &r->points[point];

	while (!p->enough && !p->failed && p->given < p->want && is_there(p, p->given)) {
		p->given++;
		p->done++;
		r->progress.done++;
		if (p->done >= p->want && !decide(r, point))
			return false;
	}
	return true;
}

static enum farm_answer on_next(void *ctx, struct job *job)
{
	struct runner *r = ctx;

	while (!r->broken && r->length > 0) {
		size_t point = r->queue[r->head];
		struct progress_of_point *p = &r->points[point];
		if (!skip_what_is_there(r, point)) {
			r->broken = true;
			break;
		}
		if (!p->failed && !p->enough && p->given < p->want) {
			*job = (struct job){ point, p->given++ };
			return FARM_JOB;
		}
		p->queued = false;
		r->head = (r->head + 1) % r->st->n_points;
		r->length--;
	}
	return r->progress.points_done < r->progress.points && !r->broken ? FARM_WAIT : FARM_DONE;
}

static int take_result(struct runner *r, const struct task_result *t)
{
	struct progress_of_point *p = &r->points[t->job.point];
	double *responses = arena_alloc(r->scratch, r->st->n_responses + 1, sizeof *responses);

	if (!responses)
		return -1;
	if (t->of_point && p->failed)
		return 0; /* another worker found out first */
	if (r->opt.recorder.put(r->opt.recorder.ctx, t) != 0)
		return -1;
	r->progress.ran++;
	r->progress.busy_s += t->wall_s;
	r->progress.failed += t->status != SIM_OK;
	if (t->of_point) {
		fail_point(r, t->job.point);
		return 0;
	}
	for (size_t i = 0; i < r->st->n_responses; i++)
		responses[i] = t->status == SIM_OK ? task_response(t, &r->st->responses[i]) : NAN;
	if (!keep_values(r, p, t->job.replication, responses))
		return -1;
	p->done++;
	r->progress.done++;
	return p->done >= p->want && !decide(r, t->job.point) ? -1 : 0;
}

static int on_take(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	struct runner *r = ctx;
	struct task_result t;
	int rc = -1;

	r->scratch = arena_new();
	if (r->scratch && bytes && task_read(r->st, job, bytes, n, r->scratch, &t))
		rc = t.status == SIM_E_STOPPED ? 0 : take_result(r, &t);
	r->broken = r->broken || rc != 0;
	arena_free(r->scratch);
	r->scratch = NULL;
	return rc;
}

static double since(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - from->tv_sec) + 1e-9 * (double)(now.tv_nsec - from->tv_nsec);
}

static void on_tick(void *ctx)
{
	struct runner *r = ctx;

	if (r->opt.recorder.commit(r->opt.recorder.ctx) != 0)
		r->broken = true;
	r->progress.elapsed_s = since(&r->began);
	if (r->opt.progress)
		r->opt.progress(r->opt.progress_ctx, &r->progress);
}

static void on_run(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	task_run(((struct runner *)ctx)->shop, worker, job, out);
}

/* ---- the run ---- */

enum farm_end runner_run(struct runner *r)
{
	struct farm f = { .ctx = r,
			  .run = on_run,
			  .next = on_next,
			  .take = on_take,
			  .tick = on_tick,
			  .threads = r->opt.threads,
			  .ranks = r->opt.ranks,
			  .stop = r->opt.stop,
			  .watch = r->opt.watch };
	enum farm_end end;

	clock_gettime(CLOCK_MONOTONIC, &r->began);
	r->shop = workshop_new(r->st, r->opt.warm_up, farm_threads(&f), r->opt.stop);
	if (!r->shop)
		return FARM_NO_MEMORY;
	for (size_t i = 0; i < r->st->n_points && !r->broken; i++) {
		if (!is_mine(r, i) || r->points[i].failed)
			continue;
		enqueue(r, i);
		r->broken = !skip_what_is_there(r, i); /* at once, so that progress begins where it is */
	}
	end = farm_work(&f);
	r->progress.elapsed_s = since(&r->began);
	return r->broken && end == FARM_COMPLETE ? FARM_REFUSED : end;
}

size_t runner_missing(struct runner *r)
{
	size_t missing = 0;

	for (size_t i = 0; i < r->st->n_points; i++) {
		if (!is_mine(r, i) || r->points[i].failed)
			continue;
		r->points[i].queued = true; /* what is decided hands nothing out */
		if (!skip_what_is_there(r, i) || !r->points[i].enough)
			missing++;
	}
	return missing;
}

struct runner_progress runner_progress(const struct runner *r)
{
	return r->progress;
}
