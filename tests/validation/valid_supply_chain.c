/*
 * <supply-chain> against a recursion of the validation program's own, and Chen, Drezner, Ryan and Simchi-Levi 2000.
 */
#include <math.h>

#include "sim/kernel/rng.h"
#include "tests/validation/validate.h"

static const char path[] = "tests/validation/scenarios/supply_chain.xml";
enum { PERIODS = 6000, WINDOW = 5, LEAD = 2, SEED = 941 };

static bool run(struct valid *v, struct valid_run *r, const char *visibility, uint64_t reps)
{
	const struct setting sets[] = {
		{ .address = "crisis/supply-chain[@id='goods']/@visibility", .value = visibility },
	};

	if (valid_scenario(r, path, sets, 1, SEED, reps))
		return true;
	valid_verdict(v, "supply chain", "the scenario runs and its audit balances", NAN, NAN, NAN, false,
		      "see the diagnostics");
	return false;
}

static double variance(const double *x, size_t n)
{
	double mean = 0, sum = 0;

	for (size_t i = 0; i < n; i++)
		mean += x[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum / (double)(n - 1);
}

static double before(const double *x, int t)
{
	return t < 0 ? 100 : x[t];
}

/* The demand of a replication, drawn as the model says it is: so little about its mean that no order is cut off at 0. */
static void demand(double *d, uint64_t replication)
{
	struct rng r = rng_stream(rng_key(SEED, replication), RNG_PURPOSE('s', 'd', 'e', 'm'), rng_hash("goods"), 0);

	for (int t = 0; t < PERIODS; t++)
		d[t] = fmax(0, 100 + 5 * rng_normal(&r));
}

/* Orders of two stages: what was asked, and by how much the level rose; seen: the forecast is of the customers' demand. */
static void recursion(const double *d, bool seen, double *store, double *factory)
{
	for (int t = 0; t < PERIODS; t++)
		store[t] = d[t] + (double)LEAD / WINDOW * (d[t] - before(d, t - WINDOW));
	for (int t = 0; t < PERIODS; t++) {
		const double *x = seen ? d : store;
		factory[t] = store[t] + (double)LEAD / WINDOW * (x[t] - before(x, t - WINDOW));
	}
}

static void against_recursion(struct valid *v, const struct valid_run *r, bool seen)
{
	static double d[PERIODS], store[PERIODS], factory[PERIODS];
	double off = 0;

	for (uint64_t i = 0; i < r->o->n_reps; i++) {
		demand(d, i);
		recursion(d, seen, store, factory);
		off = fmax(off, fabs(valid_kpi_of(r, i, "crisis.bullwhip", "stage=store") -
				     variance(store, PERIODS) / variance(d, PERIODS)));
		off = fmax(off, fabs(valid_kpi_of(r, i, "crisis.bullwhip", "stage=factory") -
				     variance(factory, PERIODS) / variance(d, PERIODS)));
	}
	valid_near(v, seen ? "two stages, trackers: bullwhip" : "two stages, own forecasts: bullwhip",
		   "recursion over the same demand, every replication: largest difference", 0, off, 1e-9, "rounding");
}

int main(void)
{
	struct valid v = valid_begin("supply chain");
	const double a = (double)LEAD / WINDOW;
	const double own = pow(1 + a, 4) + 4 * a * a * (1 + a) * (1 + a) + pow(a, 4);
	struct valid_run r;

	if (run(&v, &r, "0%", 60)) {
		against_recursion(&v, &r, false);
		valid_mean(&v, "store, L 2, p 5: Var(orders) / Var(demand)", "Chen et al. 2000: 1 + 2 L/p + 2 (L/p)^2",
			   2.12, valid_kpi(&r, "crisis.bullwhip", "stage=store"), 0.997,
			   "99 % for 3 rows together: equality for independent demand");
		valid_mean(&v, "factory behind it, own forecasts",
			   "variance of the filter ((1 + a) - a z^p)^2, a = L/p: 5.1216", own,
			   valid_kpi(&r, "crisis.bullwhip", "stage=factory"), 0.997, "99 % for 3 rows together");
	}
	valid_run_free(&r);
	if (run(&v, &r, "100%", 60)) {
		against_recursion(&v, &r, true);
		valid_mean(&v, "factory, the customers' demand seen", "Chen et al. 2000: L 4, p 5: 3.88",
			   1 + 4 * a + 8 * a * a, valid_kpi(&r, "crisis.bullwhip", "stage=factory"), 0.997,
			   "99 % for 3 rows together");
	}
	valid_run_free(&r);
	return valid_end(&v);
}
