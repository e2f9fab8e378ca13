/*
 * <platform> against M/M/1, M/D/1 and M/M/c, from a scenario file: what valid_queue shows for the station, here through the
 * parameters, service laws and KPIs that a planner sees.
 *
 * The scenario has one element more than the language: <arrivals rate="">, a model of this program that hands the platform
 * a Poisson process of messages without an access network in between.
 */
#include <math.h>
#include <string.h>

#include "models/models.h"
#include "models/network/path.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

struct arrivals_params {
	double rate;
};

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct param params[] = {
	RATE(struct arrivals_params, rate, NULL, "0/s", "1000000/s", "messages to the platform", NULL),
};
static const struct model arrivals_model;

struct arrivals {
	struct rng rng;
	double gap;
	uint32_t n, devices;
	uint16_t kind;
};

static void on_arrival(struct sim *s, void *ctx, uint32_t n, uint16_t detail)
{
	struct arrivals *a = ctx;
	struct message m = {
		.created = s->now, .device = n % a->devices, .context = n, .bytes = 20, .purpose = PURPOSE_COMMAND
	};

	platform_arrive(s, &m);
	sim_after(s, sim_from_seconds(rng_exponential(&a->rng, a->gap)), a->kind, n + 1, detail);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &arrivals_model);
	struct arrivals *a = sim_alloc(s, 1, sizeof *a);

	if (!a || !n)
		return;
	a->rng = sim_rng(s, RNG_PURPOSE('a', 'r', 'r', 'v'), n->key);
	a->gap = 1 / ((const struct arrivals_params *)n->par)->rate;
	a->devices = devices_of(s)->n;
	a->kind = sim_handler(s, "arrivals", on_arrival, a);
	sim_set_state(s, &arrivals_model, a);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct arrivals *a = sim_state(s, &arrivals_model);

	(void)sc;
	sim_after(s, sim_from_seconds(rng_exponential(&a->rng, a->gap)), a->kind, 0, 0);
}

static const struct model arrivals_model = {
	.name = "arrivals",
	.doc = "A Poisson process of messages to the platform.",
	.places = places,
	.n_places = 1,
	.par_size = sizeof(struct arrivals_params),
	.params = params,
	.n_params = 1,
	.setup = setup,
	.start = start,
};

enum { MOST_MODELS = 128, CASES = 5, POINTS = 3, ROWS = CASES * (2 + POINTS) };

static const struct {
	const char *name, *servers, *law, *rate;
	double lambda;
	unsigned c;
} cases[CASES] = {
	{ "M/M/1, rho 0.5", "1", "exponential", "0.5/s", 0.5, 1 },
	{ "M/M/1, rho 0.9", "1", "exponential", "0.9/s", 0.9, 1 },
	{ "M/D/1, rho 0.5", "1", "fixed", "0.5/s", 0.5, 1 },
	{ "M/D/1, rho 0.9", "1", "fixed", "0.9/s", 0.9, 1 },
	{ "M/M/8, rho 0.8", "8", "exponential", "6.4/s", 6.4, 8 },
};
/* Points of the platform's waiting curve, s. */
static const double points[POINTS] = { -0.5, 0, 0.5 };

static void judge(struct valid *v, size_t i, const struct valid_run *r)
{
	static const char why[] = "Student interval over the replications, 99 % for all rows of this topic together";
	static const char bins[] = "the same, and 3 % for the width of a bin of the waiting-time histogram";
	bool fixed = !strcmp(cases[i].law, "fixed");
	double lambda = cases[i].lambda, level = 1 - 0.01 / ROWS;
	char name[96];

	valid_mean(v, valid_text(name, sizeof name, "%s: platform.waiting-time", cases[i].name),
		   fixed ? "Pollaczek-Khinchine" : "Erlang C",
		   fixed ? md1_wait(lambda, 1) : mmc_wait(lambda, 1, cases[i].c),
		   valid_kpi(r, "platform.waiting-time", NULL), level, why);
	valid_mean(v, valid_text(name, sizeof name, "%s: platform.utilisation", cases[i].name), "rho", lambda / cases[i].c,
		   valid_kpi(r, "platform.utilisation", NULL), level, why);
	for (int k = 0; k < POINTS; k++) {
		double t = pow(10, points[k]);
		struct sample s = valid_curve(r, "platform.waiting", NULL, t);
		double tail = fixed ? md1_tail(lambda, 1, t) : mmc_tail(lambda, 1, cases[i].c, t);
		double slope =
			fabs(tail - (fixed ? md1_tail(lambda, 1, 1.03 * t) : mmc_tail(lambda, 1, cases[i].c, 1.03 * t)));
		valid_near(v, valid_text(name, sizeof name, "%s: share that waits longer than %.4g s", cases[i].name, t),
			   fixed ? "Erlang 1909" : "Erlang C", tail, s.mean, sample_halfwidth(s, level) + slope, bins);
	}
}

int main(void)
{
	struct valid v = valid_begin("platform");
	const struct model *models[MOST_MODELS];
	struct model_table table = { models, sccsim_models.n + 1 };

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &arrivals_model;
	for (size_t i = 0; i < CASES; i++) {
		const struct setting sets[] = { { "platform[@id='cloud']/@servers", cases[i].servers },
						{ "platform[@id='cloud']/@service-law", cases[i].law },
						{ "arrivals/@rate", cases[i].rate } };
		struct valid_run r;
		if (valid_scenario_with(&r, &table, "tests/validation/scenarios/platform.xml", sets, 3, 11 + i,
					valid_reps(&v, 40, 12)))
			judge(&v, i, &r);
		else
			valid_verdict(&v, cases[i].name, "the scenario runs and its audit balances", NAN, NAN, NAN, false,
				      "see the diagnostics");
		valid_run_free(&r);
	}
	return valid_end(&v);
}
