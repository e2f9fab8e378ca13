/*
 * <response> against closed forms: crews as the servers of an M/M/c queue, and the way to places all over a square.
 *
 * <orders> is an element more than the language: a Poisson process of repairs, all at the depot or uniform over the city.
 */
#include <math.h>

#include "models/crisis/response.h"
#include "models/models.h"
#include "tests/validation/queueing.h"
#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/response.xml";

struct orders_params {
	double rate;
	simtime_t work;
	bool scattered;
};

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct param params[] = {
	RATE(struct orders_params, rate, NULL, "0/s", "1000/s", "of repairs that are ordered", NULL),
	TIME(struct orders_params, work, NULL, "0s", "1yr", "of a crew, mean of an exponential time", NULL),
	BOOL(struct orders_params, scattered, "off", "over the city, each with a spare from the depot; else at the depot", NULL),
};
enum { KPI_WAIT, KPI_WAITED };
static const struct kpi_def kpis[] = {
	[KPI_WAIT] = { "orders.wait", "s", "order to the begin of its work, mean", NULL, KPI_LOWER, true },
	[KPI_WAITED] = { "orders.waited", "1", "orders that waited ÷ all", NULL, KPI_LOWER, true },
};
static const struct model orders_model;

enum { ORDERS = 65536 };
struct orders {
	const struct orders_params *p;
	const struct city *city;
	struct rng rng;
	uint16_t kind;
	struct { simtime_t at; double work; } order[ORDERS];
	double wait, waited, n;
};

static void on_done(struct sim *s, void *ctx, uint32_t i)
{
	struct orders *q = ctx;
	double wait = sim_seconds(s->now - q->order[i].at) - q->order[i].work;

	if (q->order[i].at < s->warmup)
		return;
	q->wait += wait;
	q->waited += wait > 1e-3;
	q->n++;
}

static void on_order(struct sim *s, void *ctx, uint32_t i, uint16_t detail)
{
	struct orders *q = ctx;
	struct repair_order o = {
		.asset = ASSET_NONE, .at = { 5000, 5000 }, .skill = SKILL_POWER, .known = true, .key = i
	};

	o.work = rng_exponential(&q->rng, sim_seconds(q->p->work));
	if (q->p->scattered) {
		o.at = city_draw(q->city, CITY_UNIFORM, &q->rng, NULL);
		o.spare = true;
	}
	q->order[i % ORDERS].at = s->now;
	q->order[i % ORDERS].work = o.work;
	response_order(s, &o, on_done, q, i % ORDERS);
	sim_after(s, sim_from_seconds(rng_exponential(&q->rng, 1 / q->p->rate)), q->kind, i + 1, detail);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &orders_model);
	struct orders *q = n && !s->twin ? sim_alloc(s, 1, sizeof *q) : NULL;

	if (!q)
		return;
	q->p = n->par;
	q->city = city_of(sc);
	q->rng = sim_rng(s, RNG_PURPOSE('o', 'r', 'd', 's'), n->key);
	q->kind = sim_handler(s, "orders", on_order, q);
	sim_set_state(s, &orders_model, q);
}

static void start(struct sim *s, const struct scenario *sc)
{
	struct orders *q = sim_state(s, &orders_model);

	(void)sc;
	if (q)
		sim_after(s, 0, q->kind, 0, 0);
}

static void finish(struct sim *s, const struct scenario *sc)
{
	const struct orders *q = sim_state(s, &orders_model);

	(void)sc;
	if (!q)
		return;
	report_kpi(s->report, &kpis[KPI_WAIT], "all", q->wait / q->n);
	report_kpi(s->report, &kpis[KPI_WAITED], "all", q->waited / q->n);
}

static const struct model orders_model = {
	.name = "orders",
	.doc = "Repairs by a Poisson process.",
	.places = places,
	.n_places = 1,
	.par_size = sizeof(struct orders_params),
	.params = params,
	.n_params = 3,
	.kpis = kpis,
	.n_kpis = 2,
	.setup = setup,
	.start = start,
	.finish = finish,
};

static const struct model_table *with_orders(void)
{
	static const struct model *models[256];
	static struct model_table table = { models, 0, NULL };

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &orders_model;
	table.n = sccsim_models.n + 1;
	return &table;
}

static void queue(struct valid *v, const char *crews, unsigned c, const char *rate, double lambda, uint64_t seed)
{
	const struct setting sets[] = { { .address = "crisis/response/@crews", .value = crews },
					{ .address = "orders/@rate", .value = rate } };
	struct valid_run r;
	char name[96];

	if (valid_scenario_with(&r, with_orders(), path, sets, 2, seed, valid_reps(v, 40, 20))) {
		valid_mean(v, valid_text(name, sizeof name, "%s crews, %s: waiting time", crews, rate), "M/M/c, Erlang",
			   mmc_wait(lambda / 3600, 7200, c), valid_kpi(&r, "orders.wait", NULL), 0.99,
			   "99 % interval of the mean");
		valid_mean(v, valid_text(name, sizeof name, "%s crews, %s: share that waits", crews, rate), "Erlang C",
			   erlang_c(lambda / 3600, 7200, c), valid_kpi(&r, "orders.waited", NULL), 0.99,
			   "99 % interval of the mean");
		valid_mean(v, valid_text(name, sizeof name, "%s crews, %s: utilisation", crews, rate), "rho",
			   lambda * 2 / c, valid_kpi(&r, "crisis.crew-utilisation", NULL), 0.99,
			   "99 % interval of the mean");
	} else {
		valid_verdict(v, crews, "the scenario runs", NAN, NAN, NAN, false, "see the diagnostics");
	}
	valid_run_free(&r);
}

/* From the centre of a square of side a: a (sqrt 2 + ln(1 + sqrt 2)) / 6; with a spare by way of the depot there and back. */
static void roads(struct valid *v)
{
	const struct setting sets[] = { { .address = "orders/@rate", .value = "0.5/h" },
					{ .address = "orders/@scattered", .value = "on" },
					{ .address = "crisis/response/@crews", .value = "1" },
					{ .address = "crisis/response/@detour", .value = "1.3" },
					{ .address = "orders/@work", .value = "1s" } };
	double expected = 2 * 1.3 * 10000 * (sqrt(2) + log(1 + sqrt(2))) / 6;
	struct valid_run r;
	double way[64];
	size_t n = 0;

	if (valid_scenario_with(&r, with_orders(), path, sets, 5, 813, valid_reps(v, 30, 20)))
		for (; n < r.o->n_reps; n++)
			way[n] = valid_kpi_of(&r, n, "crisis.crew-distance", NULL) /
				 valid_kpi_of(&r, n, "crisis.repairs", NULL);
	valid_near(v, "places over a square, by way of a depot at its centre: m a repair",
		   "a (sqrt 2 + ln(1 + sqrt 2)) / 3 x detour", expected, sample_of(way, n).mean,
		   sample_halfwidth(sample_of(way, n), 0.99) + expected / 2 / 2600,
		   "99 % interval of the mean, and the first way, which has no way back before it");
	valid_run_free(&r);
}

int main(void)
{
	struct valid v = valid_begin("crews");

	queue(&v, "4", 4, "1.6/h", 1.6, 811);
	queue(&v, "1", 1, "0.35/h", 0.35, 812);
	roads(&v);
	return valid_end(&v);
}
