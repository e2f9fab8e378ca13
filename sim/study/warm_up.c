/* How long a study's scenarios take to settle: MSER-5 on the series of pilot runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/farm.h"
#include "sim/study/task.h"

enum { PILOTS = 5, PILOT_POINTS = 8, SERIES_MAX = 100000 };

/* A response over time in one pilot run, times ascending. */
struct series { double *v; simtime_t *t; size_t n; };
struct pilots {
	const struct study *st;
	struct workshop    *shop;
	volatile const int *stop;
	size_t              points[PILOT_POINTS], n_points;
	struct series      *series;     /* [task * n_responses + response] */
	char                why[PILOT_POINTS * PILOTS][256];    /* "" where it went well */
};

static bool keep_series(const struct report *r, const struct response *response, struct series *s)
{
	s->v = malloc((r->n_series + 1) * sizeof *s->v);
	s->t = malloc((r->n_series + 1) * sizeof *s->t);
	for (size_t i = 0; s->v && s->t && i < r->n_series && s->n < SERIES_MAX; i++) {
		const struct series_row *row = &r->series[i];
		if (row->def != response->def || strcmp(row->group, response->group) != 0)
			continue;
		s->v[s->n] = row->value;
		s->t[s->n++] = row->t;
	}
	return s->v && s->t;
}

static void run_pilot(void *ctx, size_t task)
{
	struct pilots *p = ctx;
	size_t n = p->st->n_responses;
	struct replication rep = { .index = task % PILOTS };
	struct diag *d = diag_new();
	struct scenario *sc = d ? study_scenario(p->st, p->points[task / PILOTS], 0, d) : NULL;

	if (!sc) {
		snprintf(p->why[task], sizeof p->why[task], "%s", d && diag_count(d) ? diag_text(d, 0) : "out of memory");
	} else if (replicate(sc, p->st->seed_given ? p->st->seed : sc->run.seed, &rep, p->stop) != SIM_OK) {
		snprintf(p->why[task], sizeof p->why[task], "%s", rep.failure);
	} else {
		for (size_t i = 0; i < n; i++)
			if (!keep_series(rep.report, &p->st->responses[i], &p->series[task * n + i]))
				strcpy(p->why[task], "out of memory");
	}
	report_free(rep.report);
	scenario_free(sc);
	diag_free(d);
}

/* The pilots' mean at each time that all of them have; how many there are. */
static size_t mean_series(const struct pilots *p, size_t point, size_t response, double *mean, simtime_t *times)
{
	const struct series *first = &p->series[point * PILOTS * p->st->n_responses + response];
	size_t at[PILOTS] = { 0 }, n = 0;

	for (size_t i = 0; i < first->n; i++) {
		double sum = first->v[i];
		bool all = true;
		for (size_t k = 1; k < PILOTS; k++) {
			const struct series *s = first + k * p->st->n_responses;
			while (at[k] < s->n && s->t[at[k]] < first->t[i])
				at[k]++;
			all = all && at[k] < s->n && s->t[at[k]] == first->t[i];
			sum += all ? s->v[at[k]] : 0;
		}
		if (!all)
			continue;
		mean[n] = sum / PILOTS;
		times[n++] = first->t[i];
	}
	return n;
}

static void longest(const struct pilots *p, double *mean, simtime_t *times, simtime_t *warm_up, size_t *found, size_t *unsettled)
{
	for (size_t point = 0; point < p->n_points; point++)
		for (size_t i = 0; i < p->st->n_responses; i++) {
			size_t n = mean_series(p, point, i, mean, times);
			struct mser m = mser5(mean, n);
			if (n == 0)
				continue;
			++*found;
			*unsettled += !m.found;
			if (m.found && m.truncate > 0 && m.truncate < n && times[m.truncate] > *warm_up)
				*warm_up = times[m.truncate];
		}
}

bool study_detect_warm_up(const struct study *st, unsigned threads, volatile const int *stop, simtime_t *warm_up, size_t *found,
			  size_t *unsettled, char *why, size_t size)
{
	struct pilots *p = calloc(1, sizeof *p);
	double *mean = malloc(SERIES_MAX * sizeof *mean);
	simtime_t *times = malloc(SERIES_MAX * sizeof *times);
	bool ok = false;

	*warm_up = 0;
	*found = *unsettled = 0;
	snprintf(why, size, "out of memory");
	if (!p || !mean || !times)
		goto done;
	p->st = st;
	p->stop = stop;
	p->n_points = st->n_points < PILOT_POINTS ? st->n_points : PILOT_POINTS;
	for (size_t i = 0; i < p->n_points; i++)
		p->points[i] = p->n_points > 1 ? i * (st->n_points - 1) / (p->n_points - 1) : 0;
	p->series = calloc(p->n_points * PILOTS * st->n_responses + 1, sizeof *p->series);
	if (!p->series)
		goto done;
	size_t tasks = p->n_points * PILOTS;
	ok = farm_run(run_pilot, p, tasks, threads, stop) == tasks;
	snprintf(why, size, "stopped during the pilot runs");
	for (size_t i = 0; i < tasks && ok; i++)
		if (p->why[i][0]) {
			snprintf(why, size, "pilot run of point %zu: %s", p->points[i / PILOTS], p->why[i]);
			ok = false;
		}
	if (ok)
		longest(p, mean, times, warm_up, found, unsettled);
	for (size_t i = 0; i < tasks * st->n_responses; i++) {
		free(p->series[i].v);
		free(p->series[i].t);
	}
done:
	if (p)
		free(p->series);
	free(p);
	free(mean);
	free(times);
	return ok;
}
