#include "models/service/service_private.h"

static const uint32_t PURPOSE_PAYLOAD = RNG_PURPOSE('t', 'p', 'a', 'y');

void payload_setup(struct stream *st)
{
	const struct traffic_params *p = st->p;

	st->exponent = -1 / p->payload_shape;
	st->sigma = sqrt(log1p(p->payload_variation * p->payload_variation));
	st->mu = log((double)p->payload) - st->sigma * st->sigma / 2;
}

/* By the device and the time of the message; a part of a byte takes a whole one. */
unsigned payload_draw(const struct sim *s, const struct stream *st, uint32_t i)
{
	const struct traffic_params *p = st->p;
	double x = (double)p->payload, u;
	uint64_t w[2];

	rng_block(s->key, PURPOSE_PAYLOAD, stream_key(st, i) ^ rng_mix((uint64_t)s->now), 0, w);
	u = rng_unit(w[0]);
	switch (st->law) {
	case PAYLOAD_UNIFORM: x = floor(x + u * (double)(p->payload_max - p->payload + 1)); break;
	case PAYLOAD_PARETO: x = ceil(x * pow(u, st->exponent)); break;
	case PAYLOAD_LOG_NORMAL:
		x = ceil(exp(st->mu + st->sigma * sqrt(-2 * log(u)) * cos(6.283185307179586 * rng_unit(w[1]))));
		break;
	default: bug_report(s, __FILE__, __LINE__, "a fixed payload is not drawn");
	}
	return (unsigned)fmin(fmax(x, 1), (double)p->payload_max);
}
