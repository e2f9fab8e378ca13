#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/report.h"
#include "sim/kernel/station.h"

/* A scenario: jobs and breaks, drawn beforehand; and what became of each job. */
struct job {
	simtime_t arrives, service;
	unsigned priority;
};
struct fate {
	bool rejected, done;
	simtime_t waited, served, left;
};
struct pause {
	simtime_t at;
	uint32_t servers;
};
struct course {
	struct job *job;
	struct pause *pause;
	uint32_t n, n_pauses, servers, capacity;
	struct fate *real, *plain;
	struct station *station;
};

static void on_left(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	struct course *c = ctx;

	assert_false(c->real[job].done);
	c->real[job] = (struct fate){ .done = true, .waited = waited, .served = served, .left = s->now };
}

static void on_arrival(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)s, (void)detail;
	struct course *c = ctx;

	c->real[subject].rejected = !station_arrive(c->station, subject, c->job[subject].priority, c->job[subject].service);
}

static void on_pause(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)s, (void)detail;
	struct course *c = ctx;

	station_set_servers(c->station, c->pause[subject].servers);
}

static void draw_course(struct course *c, uint64_t seed, uint32_t n, uint32_t servers, uint32_t capacity, bool pauses)
{
	struct rng r = rng_stream(rng_key(seed, 0), RNG_PURPOSE('s', 't', 'a', 't'), n, 0);
	simtime_t t = 0;

	*c = (struct course){ .n = n, .servers = servers, .capacity = capacity, .n_pauses = pauses ? n / 10 : 0 };
	c->job = calloc(n, sizeof *c->job);
	c->pause = calloc(n, sizeof *c->pause);
	c->real = calloc(n, sizeof *c->real);
	c->plain = calloc(n, sizeof *c->plain);
	assert_true(c->job && c->pause && c->real && c->plain);
	for (uint32_t i = 0; i < n; i++) {
		t += 1 + sim_from_seconds(rng_exponential(&r, 1));
		c->job[i] = (struct job){ t, 1 + sim_from_seconds(rng_exponential(&r, 0.95 * servers)), rng_below(&r, 8) };
	}
	for (uint32_t i = 0; i < c->n_pauses; i++)
		c->pause[i] =
			(struct pause){ c->job[10 * i].arrives + 1 + rng_below(&r, 1000), rng_below(&r, servers + 2) };
	if (pauses)
		c->pause[c->n_pauses - 1].servers = servers;
}

static void free_course(struct course *c)
{
	free(c->job);
	free(c->pause);
	free(c->real);
	free(c->plain);
}

/* The plainest station: at each change, look at every job. */
struct plain {
	uint32_t arrived, paused, working, in_service, waiting;
	enum { OUTSIDE, WAITS, SERVED, GONE } * is;
};

static void plain_begin(struct course *c, struct plain *p, simtime_t now)
{
	while (p->in_service < p->working && p->waiting) {
		uint32_t best = UINT32_MAX;
		for (uint32_t i = 0; i < p->arrived; i++)
			if (p->is[i] == WAITS && (best == UINT32_MAX || c->job[i].priority > c->job[best].priority))
				best = i;
		p->is[best] = SERVED;
		p->waiting--;
		p->in_service++;
		c->plain[best].waited = now - c->job[best].arrives;
		c->plain[best].served = c->job[best].service;
		c->plain[best].left = now + c->job[best].service;
	}
}

static void run_plainly(struct course *c)
{
	struct plain p = { .working = c->servers, .is = calloc(c->n, sizeof *p.is) };

	assert_non_null(p.is);
	for (;;) {
		simtime_t arrival = p.arrived < c->n ? c->job[p.arrived].arrives : SIM_NEVER, departure = SIM_NEVER;
		simtime_t change = p.paused < c->n_pauses ? c->pause[p.paused].at : SIM_NEVER;
		uint32_t who = 0;
		for (uint32_t i = 0; i < p.arrived; i++)
			if (p.is[i] == SERVED && c->plain[i].left < departure)
				departure = c->plain[who = i].left;
		simtime_t now = arrival < departure ? arrival : departure;
		now = change < now ? change : now;
		if (now == SIM_NEVER)
			break;
		if (now == change) {
			p.working = c->pause[p.paused++].servers;
		} else if (now == departure) {
			p.is[who] = GONE;
			p.in_service--;
			c->plain[who].done = true;
		} else {
			uint32_t i = p.arrived++;
			bool idle = p.in_service < p.working;
			c->plain[i].rejected = !idle && p.waiting >= c->capacity;
			p.is[i] = c->plain[i].rejected ? GONE : WAITS;
			p.waiting += !c->plain[i].rejected;
		}
		plain_begin(c, &p, now);
	}
	free(p.is);
}

static void run_in_station(struct course *c, struct station_stats *stats)
{
	struct sim *s = sim_new(1, 0, 0, SIM_NEVER, NULL);

	assert_non_null(s);
	c->station = station_new(s, "station", c->servers, c->capacity, on_left, c);
	uint16_t arrival = sim_handler(s, "arrival", on_arrival, c), pause = sim_handler(s, "pause", on_pause, c);
	for (uint32_t i = 0; i < c->n; i++)
		sim_at(s, c->job[i].arrives, arrival, i, 0);
	for (uint32_t i = 0; i < c->n_pauses; i++)
		sim_at(s, c->pause[i].at, pause, i, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(station_waiting(c->station) == 0 && station_in_service(c->station) == 0);
	*stats = *station_stats(c->station);
	sim_free(s);
}

static void compare(uint64_t seed, uint32_t servers, uint32_t capacity, bool pauses)
{
	struct course c;
	struct station_stats *stats = malloc(sizeof *stats);
	uint64_t rejected = 0;
	struct tally waiting = { 0 };

	assert_non_null(stats);
	draw_course(&c, seed, 1000, servers, capacity, pauses);
	run_plainly(&c);
	run_in_station(&c, stats);
	for (uint32_t i = 0; i < c.n; i++) {
		assert_int_equal(c.real[i].rejected, c.plain[i].rejected);
		assert_int_equal(c.real[i].done, c.plain[i].done);
		rejected += c.real[i].rejected;
		if (!c.real[i].done)
			continue;
		assert_true(c.real[i].waited == c.plain[i].waited && c.real[i].served == c.plain[i].served);
		assert_true(c.real[i].left == c.plain[i].left);
		tally_add(&waiting, sim_seconds(c.real[i].waited));
	}
	assert_true(stats->arrived == c.n && stats->rejected == rejected && stats->served == c.n - rejected);
	assert_true(stats->waiting.n == waiting.n && stats->waiting_hist.n == waiting.n);
	assert_true(fabs(stats->waiting.mean - waiting.mean) < 1e-9 && stats->waiting.max == waiting.max);
	free_course(&c);
	free(stats);
}

static void every_job_fares_as_in_the_plainest_station(void **state)
{
	(void)state;
	static const uint32_t servers[] = { 1, 2, 7 }, capacity[] = { 0, 3, STATION_UNBOUNDED };

	for (uint64_t seed = 1; seed <= 5; seed++)
		for (size_t i = 0; i < 3; i++)
			for (size_t k = 0; k < 3; k++) {
				compare(seed, servers[i], capacity[k], false);
				compare(seed, servers[i], capacity[k], true);
			}
}

/* Little's law, exactly, since the station is empty at both ends: jobs waiting on average times the span = all the waiting.
 */
static void levels_and_waiting_obey_little_s_law(void **state)
{
	(void)state;
	struct course c;
	struct station_stats *stats = malloc(sizeof *stats);
	double waited = 0, served = 0;
	simtime_t end = 0;

	assert_non_null(stats);
	draw_course(&c, 9, 5000, 3, STATION_UNBOUNDED, true);
	run_in_station(&c, stats);
	for (uint32_t i = 0; i < c.n; i++) {
		waited += sim_seconds(c.real[i].waited);
		served += sim_seconds(c.real[i].served);
		end = c.real[i].left > end ? c.real[i].left : end;
	}
	assert_true(fabs(timeavg_mean(&stats->queue, end) * sim_seconds(end) - waited) < 1e-6 * waited);
	assert_true(fabs(timeavg_mean(&stats->busy, end) * sim_seconds(end) - served) < 1e-6 * served);
	free_course(&c);
	free(stats);
}

struct seen {
	uint32_t order[16], n;
};

static void on_seen(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	(void)s, (void)waited, (void)served;
	struct seen *w = ctx;

	w->order[w->n++] = job;
}

static void higher_priority_first_then_first_come(void **state)
{
	(void)state;
	struct sim *s = sim_new(1, 0, 0, SIM_HOUR, NULL);
	struct seen w = { .n = 0 };

	assert_non_null(s);
	struct station *st = station_new(s, "station", 1, STATION_UNBOUNDED, on_seen, &w);
	static const unsigned priority[] = { 0, 0, 3, 3, 0, 7, 99 }; /* the first is in service at once; 99 counts as 7 */
	for (uint32_t i = 0; i < 7; i++)
		assert_true(station_arrive(st, i, priority[i], SIM_SECOND));
	assert_true(station_waiting(st) == 6 && station_in_service(st) == 1);
	assert_int_equal(sim_run(s), SIM_OK);
	static const uint32_t want[] = { 0, 5, 6, 2, 3, 1, 4 };
	assert_int_equal(w.n, 7);
	assert_memory_equal(w.order, want, sizeof want);
	sim_free(s);
}

static void a_closed_station_finishes_what_it_began_and_goes_on_when_it_opens(void **state)
{
	(void)state;
	struct sim *s = sim_new(1, 0, 0, SIM_HOUR, NULL);
	struct course c = { .n_pauses = 1 };
	struct pause open = { 10 * SIM_SECOND, 2 };
	struct fate fate[3] = { 0 };

	assert_non_null(s);
	c.real = fate;
	c.pause = &open;
	c.station = station_new(s, "station", 1, 2, on_left, &c);
	for (uint32_t i = 0; i < 3; i++)
		assert_true(station_arrive(c.station, i, 0, SIM_SECOND));
	station_set_servers(c.station, 0);
	assert_int_equal(station_in_service(c.station), 1);
	assert_false(station_arrive(c.station, 9, 0, SIM_SECOND)); /* two wait: full */
	sim_at(s, open.at, sim_handler(s, "pause", on_pause, &c), 0, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_true(fate[0].left == SIM_SECOND);
	assert_true(fate[1].left == 11 * SIM_SECOND && fate[2].left == 11 * SIM_SECOND);
	assert_true(fate[1].waited == 10 * SIM_SECOND);
	sim_free(s);
}

static void the_warm_up_is_left_out_of_waits_and_levels(void **state)
{
	(void)state;
	struct sim *s = sim_new(1, 0, 10 * SIM_SECOND, 20 * SIM_SECOND, NULL);
	struct course c = { .n = 2 };
	struct job job[2] = { { 0, 9 * SIM_SECOND, 0 },
			      { 10 * SIM_SECOND, 4 * SIM_SECOND, 0 } }; /* the second at its very end */
	struct fate fate[2] = { 0 };

	assert_non_null(s);
	c.job = job;
	c.real = fate;
	c.station = station_new(s, "station", 1, STATION_UNBOUNDED, on_left, &c);
	uint16_t arrival = sim_handler(s, "arrival", on_arrival, &c);
	for (uint32_t i = 0; i < 2; i++)
		sim_at(s, job[i].arrives, arrival, i, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	assert_int_equal(station_stats(c.station)->waiting.n, 1);
	assert_true(fabs(timeavg_mean(&station_stats(c.station)->busy, s->now) - 0.4) < 1e-12);
	sim_free(s);
}

static void what_waits_when_the_warm_up_ends_counts_from_then(void **state)
{
	(void)state;
	struct sim *s = sim_new(1, 0, 10 * SIM_SECOND, 20 * SIM_SECOND, NULL);
	struct course c = { .n = 2 };
	struct job job[2] = { { 0, 12 * SIM_SECOND, 0 }, { 5 * SIM_SECOND, 4 * SIM_SECOND, 0 } };
	struct fate fate[2] = { 0 };

	assert_non_null(s);
	c.job = job;
	c.real = fate;
	c.station = station_new(s, "station", 1, STATION_UNBOUNDED, on_left, &c);
	uint16_t arrival = sim_handler(s, "arrival", on_arrival, &c);
	for (uint32_t i = 0; i < 2; i++)
		sim_at(s, job[i].arrives, arrival, i, 0);
	assert_int_equal(sim_run(s), SIM_OK);
	const struct station_stats *st = station_stats(c.station);
	assert_true(fabs(timeavg_mean(&st->queue, s->now) - 0.2) < 1e-12); /* one of 10 to 12 s, of ten seconds */
	assert_true(fabs(timeavg_mean(&st->busy, s->now) - 0.6) < 1e-12);  /* 10 to 16 s */
	assert_true(st->waiting.n == 1 && fabs(st->waiting.mean - 7) < 1e-12);
	sim_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_fares_as_in_the_plainest_station),
		cmocka_unit_test(levels_and_waiting_obey_little_s_law),
		cmocka_unit_test(higher_priority_first_then_first_come),
		cmocka_unit_test(a_closed_station_finishes_what_it_began_and_goes_on_when_it_opens),
		cmocka_unit_test(the_warm_up_is_left_out_of_waits_and_levels),
		cmocka_unit_test(what_waits_when_the_warm_up_ends_counts_from_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
