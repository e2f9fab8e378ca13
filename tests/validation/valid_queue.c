/*
 * The station against M/M/1, M/D/1 and M/M/c: mean and distribution of the waiting time.
 *
 * Independent replications, each long after its transient; the mean over them has Student's t distribution whatever the
 * correlation within one.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/kernel/station.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

enum { POINTS = 4, MOST_REPS = 64, ROWS_PER_CASE = 2 + POINTS };

struct queue_case {
	const char *name;
	unsigned servers;
	bool fixed;
	double rho;
};

static const struct queue_case cases[] = {
	{ "M/M/1", 1, false, 0.3 }, { "M/M/1", 1, false, 0.6 }, { "M/M/1", 1, false, 0.9 },
	{ "M/D/1", 1, true, 0.3 },  { "M/D/1", 1, true, 0.6 },  { "M/D/1", 1, true, 0.9 },
	{ "M/M/4", 4, false, 0.3 }, { "M/M/4", 4, false, 0.6 }, { "M/M/4", 4, false, 0.9 },
};
enum { CASES = sizeof cases / sizeof cases[0], ROWS = CASES * ROWS_PER_CASE };

static const double service_s = 1;
/* Where the tail is compared, in services divided by the servers. */
static const double points[POINTS] = { 0, 0.5, 2, 5 };

struct drive {
	const struct queue_case *c;
	struct station *station;
	struct rng gaps, services;
	uint16_t kind;
	double lambda;
	uint64_t n, longer[POINTS];
	simtime_t at[POINTS];
};

static void on_arrival(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct drive *d = ctx;
	double service = d->c->fixed ? service_s : rng_exponential(&d->services, service_s);

	BUG_ON(s, !station_arrive(d->station, subject, 0, sim_from_seconds(service)));
	sim_after(s, sim_from_seconds(rng_exponential(&d->gaps, 1 / d->lambda)), d->kind, subject + 1, detail);
}

static void on_done(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	struct drive *d = ctx;

	(void)job, (void)served;
	if (s->now < s->warmup)
		return;
	d->n++;
	for (int i = 0; i < POINTS; i++)
		d->longer[i] += waited > d->at[i];
}

/* One replication: x[0] mean, x[1] share of servers busy, then the tail at each point. */
static bool replicate_case(const struct queue_case *c, uint64_t seed, uint64_t rep, double customers,
			   double x[ROWS_PER_CASE])
{
	double lambda = c->rho * c->servers / service_s, span = customers / lambda;
	struct drive d = { .c = c, .lambda = lambda };
	struct report *report = report_new();
	struct sim *s = sim_new(seed, rep, sim_from_seconds(0.05 * span), sim_from_seconds(span), report);
	bool good = false;

	if (!s || !report)
		goto out;
	for (int i = 0; i < POINTS; i++)
		d.at[i] = sim_from_seconds(points[i] * service_s / c->servers);
	d.gaps = sim_rng(s, RNG_PURPOSE('g', 'a', 'p', 's'), 1);
	d.services = sim_rng(s, RNG_PURPOSE('s', 'e', 'r', 'v'), 1);
	d.kind = sim_handler(s, "arrival", on_arrival, &d);
	d.station = station_new(s, "queue", c->servers, STATION_UNBOUNDED, on_done, &d);
	if (!d.station)
		goto out;
	sim_at(s, 0, d.kind, 0, 0);
	good = sim_run(s) == SIM_OK;
	x[0] = station_stats(d.station)->waiting.mean;
	x[1] = timeavg_mean(&station_stats(d.station)->busy, s->now) / c->servers;
	for (int i = 0; i < POINTS; i++)
		x[2 + i] = (double)d.longer[i] / (double)d.n;
out:
	sim_free(s);
	report_free(report);
	return good;
}

static void judge(struct valid *v, const struct queue_case *c, double x[ROWS_PER_CASE][MOST_REPS], size_t reps)
{
	static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";
	double lambda = c->rho * c->servers / service_s, level = 1 - 0.01 / ROWS;
	char name[96];

	valid_mean(v, valid_text(name, sizeof name, "%s, rho %g: mean waiting time", c->name, c->rho),
		   c->fixed ? "Pollaczek-Khinchine" : "Erlang C",
		   c->fixed ? md1_wait(lambda, service_s) : mmc_wait(lambda, service_s, c->servers), sample_of(x[0], reps),
		   level, why);
	valid_mean(v, valid_text(name, sizeof name, "%s, rho %g: servers busy", c->name, c->rho), "rho", c->rho,
		   sample_of(x[1], reps), level, why);
	for (int i = 0; i < POINTS; i++) {
		double t = points[i] * service_s / c->servers;
		valid_mean(v,
			   valid_text(name, sizeof name, "%s, rho %g: share that waits longer than %g services", c->name,
				      c->rho, t),
			   c->fixed ? "Erlang 1909" : "Erlang C",
			   c->fixed ? md1_tail(lambda, service_s, t) : mmc_tail(lambda, service_s, c->servers, t),
			   sample_of(x[2 + i], reps), level, why);
	}
}

int main(void)
{
	struct valid v = valid_begin("queues");
	double x[ROWS_PER_CASE][MOST_REPS];
	size_t reps = valid_reps(&v, 40, 20);

	for (size_t i = 0; i < CASES; i++) {
		size_t done = 0;
		for (; done < reps; done++) {
			double one[ROWS_PER_CASE];
			if (!replicate_case(&cases[i], 7 + i, done, v.quick ? 5e4 : 2e5, one))
				break;
			for (int k = 0; k < ROWS_PER_CASE; k++)
				x[k][done] = one[k];
		}
		judge(&v, &cases[i], x, done);
	}
	return valid_end(&v);
}
