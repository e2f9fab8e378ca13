#include "sim/kernel/rng.h"

uint64_t rng_hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
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
	g->state = r;           /* the stream is the generator's state */
}
