/*
 * <alarms> against the arrivals of 3GPP TR 37.868, clause 6.1.1: model 2, Beta(3,4) over 10 s, and model 1, even over 60 s.
 *
 * <stopwatch> is an element more than the language: alarms sent so far, every tenth of a second from the onset on, as a curve.
 */
#include <math.h>
#include <stdlib.h>

#include "models/models.h"
#include "models/service/traffic.h"
#include "sim/kernel/report.h"
#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/alarms.xml";
enum { DEVICES = 30000, PER_SECOND = 10, SEED = 1204 };

/* ---- <stopwatch> ---- */

struct stopwatch_params { int unused; };

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct curve_def sent_curve = { "stopwatch.sent", "Alarms sent", "time", "s", "alarms", "1", false };
static const struct model stopwatch_model;

static void on_tick(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	uint16_t kind = s->current.kind;

	report_curve(s->report, &sent_curve, "all", (double)number / PER_SECOND, (double)traffic_alarm_count(s));
	if (number < 60 * PER_SECOND)
		sim_after(s, SIM_SECOND / PER_SECOND, kind, number + 1, detail);
	(void)ctx;
}

static void stopwatch_start(struct sim *s, const struct scenario *sc)
{
	if (scenario_count(sc, &stopwatch_model) > 0)
		sim_at(s, 10 * SIM_SECOND, sim_handler(s, "stopwatch", on_tick, NULL), 0, 0); /* the onset */
}

static const struct model stopwatch_model = {
	.name = "stopwatch",
	.doc = "Counts alarms every tenth of a second.",
	.places = places,
	.n_places = 1,
	.par_size = sizeof(struct stopwatch_params),
	.start = stopwatch_start,
};

static const struct model_table *with_stopwatch(void)
{
	static const struct model *models[256];
	static struct model_table table = { models, 0, NULL };

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &stopwatch_model;
	table.n = sccsim_models.n + 1;
	return &table;
}

static bool run(struct valid *v, struct valid_run *r, const char *law)
{
	const struct setting sets[] = { { .address = "crisis/alarms/@law", .value = law } };

	if (valid_scenario_with(r, with_stopwatch(), path, sets, 1, SEED, valid_reps(v, 60, 30)))
		return true;
	valid_verdict(v, law, "the scenario runs and its audit balances", NAN, NAN, NAN, false, "see the diagnostics");
	return false;
}

/* ---- the laws ---- */

/* At least three of six uniform draws are below. */
static double beta_cdf(double u)
{
	double sum = 0;
	static const double choose[] = { 0, 0, 0, 20, 15, 6, 1 };

	u = fmin(u, 1);
	for (int k = 3; k <= 6; k++)
		sum += choose[k] * pow(u, k) * pow(1 - u, 6 - k);
	return sum;
}

static double even_cdf(double u)
{
	return fmin(u, 1);
}

/* Share of the alarms sent by then, over all runs. */
static double sent(const struct valid_run *r, int tenths)
{
	return valid_curve(r, "stopwatch.sent", NULL, (double)tenths / PER_SECOND).mean / DEVICES;
}

/* From E[T] = the integral of 1 - F, by trapezia of a tenth of a second. */
static double mean_time(const struct valid_run *r, int tenths)
{
	double sum = 0;

	for (int k = 0; k < tenths; k++)
		sum += (1 - (sent(r, k) + sent(r, k + 1)) / 2) / PER_SECOND;
	return sum;
}

static void shape(struct valid *v, const struct valid_run *r, const char *what, double (*cdf)(double u), double window)
{
	double off = 0, n = (double)r->o->n_reps * DEVICES;
	struct sample all = valid_kpi(r, "crisis.alarms", NULL);

	valid_near(v, valid_text((char[96]){ 0 }, 96, "%s: alarms of 30,000 devices", what), "one each", DEVICES, all.mean,
		   0, "exact");
	valid_near(v, valid_text((char[96]){ 0 }, 96, "%s: their deviation over the runs", what), "one each", 0, all.sd, 0,
		   "exact");
	for (int k = 0; k <= 60 * PER_SECOND; k++)
		off = fmax(off, fabs(sent(r, k) - cdf(k / (PER_SECOND * window))));
	valid_near(v, valid_text((char[96]){ 0 }, 96, "%s: largest distance from the law", what), "TR 37.868, table 6.1.1",
		   0, off, 1.628 / sqrt(n), "Kolmogorov, 99 %, all runs together");
}

int main(void)
{
	struct valid v = valid_begin("demand");
	struct valid_run r;
	double n;

	if (run(&v, &r, "beta")) {
		n = (double)r.o->n_reps * DEVICES;
		shape(&v, &r, "Beta(3,4) over 10 s", beta_cdf, 10);
		valid_near(&v, "Beta(3,4) over 10 s: mean time, s", "10 s x 3 / 7 = 30/7 s", 30 / 7.0,
			   mean_time(&r, 10 * PER_SECOND), 2.576 * 10 * sqrt(12 / (49 * 8.0)) / sqrt(n),
			   "99 %, deviation 1.75 s of one");
		valid_near(&v, "Beta(3,4) over 10 s: arrivals a second about the peak at 4 s",
			   "p(4 s) = 0.20736/s of 30,000: 6221", 6221, 2.5 * DEVICES * (sent(&r, 42) - sent(&r, 38)),
			   0.02 * 6221, "2 %; 0.4 s about 4 s is 0.14 % lower");
	}
	valid_run_free(&r);
	if (run(&v, &r, "uniform")) {
		n = (double)r.o->n_reps * DEVICES;
		shape(&v, &r, "even over 60 s", even_cdf, 60);
		valid_near(&v, "even over 60 s: mean time, s", "60 s / 2", 30, mean_time(&r, 60 * PER_SECOND),
			   2.576 * 60 / sqrt(12 * n), "99 %, deviation 17.3 s of one");
	}
	valid_run_free(&r);
	return valid_end(&v);
}
