#include "sim/study/trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A point that was looked at.  values[replication * n_responses + response]. */
struct seen {
	uint64_t point;
	double  *values;
	unsigned char *have;    /* by replication */
	size_t   cap;
	char    *failure;
	bool     unloadable;    /* the point itself failed: none of its replications is run */
};

struct trials_farm {
	const struct study   *st;
	struct trials_options opt;
	struct workshop      *shop;
	struct seen          *seen; size_t n_seen, cap_seen;
	const struct trial   *asked; size_t n_asked;            /* of the run at work */
	size_t                at, replication;                  /* what is handed out next */
	struct runner_progress progress;
	struct timespec       began;
	enum farm_end         end;
	bool                  broken;   /* memory was short, a result was not whole, or the record refused it */
};

struct trials_farm *trials_farm_new(const struct study *st, const struct trials_options *opt)
{
	struct trials_farm *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->st = st;
	f->opt = *opt;
	if (f->opt.threads == 0)
		f->opt.threads = farm_processors();
	f->progress.precision = NAN;
	f->shop = workshop_new(st, opt->warm_up, f->opt.threads, opt->stop);
	clock_gettime(CLOCK_MONOTONIC, &f->began);
	if (f->shop)
		return f;
	free(f);
	return NULL;
}

void trials_farm_free(struct trials_farm *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_seen; i++) {
		free(f->seen[i].values);
		free(f->seen[i].have);
		free(f->seen[i].failure);
	}
	free(f->seen);
	workshop_free(f->shop);
	free(f);
}

static struct seen *find(const struct trials_farm *f, uint64_t point)
{
	for (size_t i = f->n_seen; i-- > 0;)
		if (f->seen[i].point == point)
			return &f->seen[i];
	return NULL;
}

static struct seen *find_or_add(struct trials_farm *f, uint64_t point)
{
	struct seen *s = find(f, point);

	if (s)
		return s;
	if (f->n_seen == f->cap_seen) {
		size_t cap = f->cap_seen ? 2 * f->cap_seen : 64;
		struct seen *grown = realloc(f->seen, cap * sizeof *grown);
		if (!grown)
			return NULL;
		f->seen = grown;
		f->cap_seen = cap;
	}
	f->seen[f->n_seen] = (struct seen){ .point = point };
	return &f->seen[f->n_seen++];
}

static bool make_room(const struct trials_farm *f, struct seen *s, size_t n)
{
	if (n <= s->cap)
		return true;
	double *values = realloc(s->values, n * (f->st->n_responses + 1) * sizeof *values);
	if (!values)
		return false;
	s->values = values;
	unsigned char *have = realloc(s->have, n);
	if (!have)
		return false;
	memset(have + s->cap, 0, n - s->cap);
	s->have = have;
	s->cap = n;
	return true;
}

static bool keep(struct trials_farm *f, struct seen *s, uint64_t replication, const double *responses)
{
	if (!make_room(f, s, (size_t)replication + 1))
		return false;
	for (size_t i = 0; s->values && i < f->st->n_responses; i++)
		s->values[replication * f->st->n_responses + i] = responses[i];
	BUG_ON(NULL, !s->have);
	s->have[replication] = 1;
	return true;
}

bool trials_farm_have(struct trials_farm *f, struct job job, const double *responses, bool failed)
{
	struct seen *s = find_or_add(f, job.point);

	if (s && failed && !s->failure)
		s->failure = strdup("a replication failed");
	return s && (!failed || s->failure) && keep(f, s, job.replication, responses);
}

/* ---- the farm's questions ---- */

static enum farm_answer on_next(void *ctx, struct job *job)
{
	struct trials_farm *f = ctx;

	for (; f->at < f->n_asked; f->at++, f->replication = 0) {
		const struct trial *t = &f->asked[f->at];
		const struct seen *s = find(f, t->point);
		for (; !s->unloadable && f->replication < t->replications; f->replication++) {
			if (s->have[f->replication])
				continue;
			*job = (struct job){ t->point, f->replication++ };
			return FARM_JOB;
		}
	}
	return FARM_DONE;
}

static bool take_result(struct trials_farm *f, const struct task_result *t, struct arena *a)
{
	struct seen *s = find(f, t->job.point);
	double *responses = arena_alloc(a, f->st->n_responses + 1, sizeof *responses);

	if (!responses)
		return false;
	if (t->of_point && s->unloadable)
		return true; /* another worker found out first */
	if (f->opt.recorder.put && f->opt.recorder.put(f->opt.recorder.ctx, t) != 0)
		return false;
	f->progress.ran++;
	f->progress.done++;
	f->progress.busy_s += t->wall_s;
	f->progress.failed += t->status != SIM_OK;
	if (t->status != SIM_OK && !s->failure && !(s->failure = strdup(t->failure)))
		return false;
	s->unloadable = s->unloadable || t->of_point;
	for (size_t i = 0; i < f->st->n_responses; i++)
		responses[i] = t->status == SIM_OK ? task_response(t, &f->st->responses[i]) : NAN;
	return keep(f, s, t->job.replication, responses);
}

static int on_take(void *ctx, struct job job, const unsigned char *bytes, size_t n)
{
	struct trials_farm *f = ctx;
	struct arena *a = arena_new();
	struct task_result t;
	bool good = false;

	if (a && bytes && task_read(f->st, job, bytes, n, a, &t))
		good = t.status == SIM_E_STOPPED || take_result(f, &t, a);
	f->broken = f->broken || !good;
	arena_free(a);
	return good ? 0 : -1;
}

static void on_tick(void *ctx)
{
	struct trials_farm *f = ctx;
	struct timespec now;

	if (f->opt.recorder.commit && f->opt.recorder.commit(f->opt.recorder.ctx) != 0)
		f->broken = true;
	clock_gettime(CLOCK_MONOTONIC, &now);
	f->progress.elapsed_s = (double)(now.tv_sec - f->began.tv_sec) + 1e-9 * (double)(now.tv_nsec - f->began.tv_nsec);
	if (f->opt.progress)
		f->opt.progress(f->opt.progress_ctx, &f->progress);
}

static void on_run(void *ctx, unsigned worker, struct job job, struct bytes *out)
{
	task_run(((struct trials_farm *)ctx)->shop, worker, job, out);
}

/* Room for all that is asked for, so that nothing moves while the farm runs; how much of it is missing. */
static bool prepare(struct trials_farm *f, size_t *missing)
{
	*missing = 0;
	for (size_t i = 0; i < f->n_asked; i++) {
		struct seen *s = find_or_add(f, f->asked[i].point);
		if (!s || !make_room(f, s, f->asked[i].replications))
			return false;
		for (size_t r = 0; r < f->asked[i].replications && !s->unloadable; r++)
			*missing += !s->have[r];
	}
	return true;
}

static bool farm_run_trials(void *ctx, const struct trial *t, size_t n)
{
	struct trials_farm *f = ctx;
	struct farm farm = { .ctx = f,
			     .run = on_run,
			     .next = on_next,
			     .take = on_take,
			     .tick = on_tick,
			     .threads = f->opt.threads,
			     .stop = f->opt.stop,
			     .watch = f->opt.watch };
	size_t missing;

	f->asked = t;
	f->n_asked = n;
	f->at = f->replication = 0;
	f->end = FARM_NO_MEMORY;
	if (!prepare(f, &missing))
		return false;
	f->progress.points = f->n_seen;
	f->progress.planned += missing;
	f->end = missing ? farm_work(&farm) : FARM_COMPLETE;
	on_tick(f);
	f->progress.points_done = f->n_seen;
	if (f->broken && f->end == FARM_COMPLETE)
		f->end = FARM_REFUSED;
	return f->end == FARM_COMPLETE;
}

static void farm_values(void *ctx, uint64_t point, size_t response, size_t n, double *out)
{
	const struct trials_farm *f = ctx;
	const struct seen *s = find(f, point);

	for (size_t i = 0; i < n; i++)
		out[i] = s && i < s->cap && s->have[i] ? s->values[i * f->st->n_responses + response] : NAN;
}

static const char *farm_failure(void *ctx, uint64_t point)
{
	const struct seen *s = find(ctx, point);

	return s ? s->failure : NULL;
}

struct trials trials_of_farm(struct trials_farm *f)
{
	return (struct trials){ f, farm_run_trials, farm_values, farm_failure };
}

enum farm_end trials_farm_end(const struct trials_farm *f)
{
	return f->end;
}

struct runner_progress trials_farm_progress(const struct trials_farm *f)
{
	return f->progress;
}
