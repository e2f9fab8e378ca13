#include "sim/kernel/rng.h"

uint64_t rng_hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

/* Where a layer sticks out over the curve: keep x if a height drawn within the layer lies under it, else draw anew.  The
 * lowest layer stands for the tail, which begins where it ends and has the shape of the whole. */
double rng_exponential_edge(struct rng *r, unsigned layer, double x)
{
	const double *edge = rng_exponential_layer;
	double before = 0;

	while (x >= edge[layer + 1]) {
		if (layer == 0) {
			before += edge[1];
		} else {
			double low = exp(-edge[layer]), high = exp(-edge[layer + 1]);
			if (low + rng_uniform(r) * (high - low) < exp(-x))
				break;
		}
		uint64_t word = rng_u64(r);
		layer = word % RNG_LAYERS;
		x = rng_unit(word) * edge[layer];
	}
	return before + x;
}

/* Marsaglia's tail: beyond the last edge, by two exponentials. */
static double normal_tail(struct rng *r)
{
	double x, y, begin = rng_normal_layer[1];

	do {
		x = rng_exponential(r, 1) / begin;
		y = rng_exponential(r, 1);
	} while (2 * y <= x * x);
	return begin + x;
}

double rng_normal_edge(struct rng *r, unsigned layer, double x)
{
	const double *edge = rng_normal_layer;

	while (x >= edge[layer + 1]) {
		if (layer == 0)
			return normal_tail(r);
		double low = exp(-0.5 * edge[layer] * edge[layer]), high = exp(-0.5 * edge[layer + 1] * edge[layer + 1]);
		if (low + rng_uniform(r) * (high - low) < exp(-0.5 * x * x))
			break;
		uint64_t word = rng_u64(r);
		layer = word % RNG_LAYERS;
		x = rng_unit(word) * edge[layer];
	}
	return x;
}

static void gsl_set(void *state, unsigned long seed)
{
	struct rng *r = state;

	*r = rng_stream(rng_key(seed, 0), 0, 0, 0);
}

static unsigned long gsl_get(void *state)
{
	return (unsigned long)(rng_u64(state) >> 32);
}

static double gsl_get_double(void *state)
{
	return rng_uniform(state);
}

static const gsl_rng_type philox = {
	"philox4x32-10", 0xffffffffUL, 0, sizeof(struct rng), gsl_set, gsl_get, gsl_get_double,
};
const gsl_rng_type *const rng_gsl_type = &philox;

void rng_gsl(gsl_rng *g, struct rng *r)
{
	g->type = &philox;
	g->state = r; /* the stream is the generator's state */
}
