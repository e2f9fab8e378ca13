#include "tests/validation/arrivals.h"

#include "models/models.h"
#include "models/network/path.h"

struct arrivals_params {
	double rate;
};

static const struct place places[] = { { "scenario", 0, 1 } };
static const struct param params[] = {
	RATE(struct arrivals_params, rate, NULL, "0/s", "1000000/s", "messages to the platform", NULL),
};
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
		.created = s->now, .device = n % a->devices, .context = n, .bytes = 20, .purpose = PURPOSE_APPLICATION
	};

	platform_arrive(s, &m);
	sim_after(s, sim_from_seconds(rng_exponential(&a->rng, a->gap)), a->kind, n + 1, detail);
}

static void setup(struct sim *s, const struct scenario *sc)
{
	const struct node *n = scenario_first(sc, &arrivals_model);
	struct arrivals *a = n ? sim_alloc(s, 1, sizeof *a) : NULL;

	if (!a)
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
	if (a)
		sim_after(s, sim_from_seconds(rng_exponential(&a->rng, a->gap)), a->kind, 0, 0);
}

const struct model arrivals_model = {
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

const struct model_table *with_arrivals(void)
{
	static const struct model *models[128];
	static struct model_table table = { models, 0, NULL };

	for (size_t i = 0; i < sccsim_models.n; i++)
		models[i] = sccsim_models.models[i];
	models[sccsim_models.n] = &arrivals_model;
	table.n = sccsim_models.n + 1;
	return &table;
}
