/*
 * The gateway's receiver alone: begin and end of a frame, at the load of the reference's 1,000 devices and at ten and
 * thirty times that (about one frame on the air in three seconds; 3; 10 at once, where demodulators run out).
 */
#include <stdint.h>
#include <stdlib.h>

#include "models/network/lorawan/gateway.h"
#include "sim/kernel/rng.h"
#include "tests/bench/bench.h"

enum { CHANNELS = 3, BYTES_PHY = 32, FRAMES = 1 << 14, ROUNDS = 64 };

/* A begin or an end, in time order. */
struct step { simtime_t t; uint32_t frame; bool ends; };

/* FRAMES frames and their steps, fed to one gateway again and again, each round behind the one before. */
struct air {
	struct arena        *arena;
	struct gateway      *gateway;
	struct gateway_frame frame[FRAMES];
	struct step          step[2 * FRAMES];
	int                  token[FRAMES];
	simtime_t            span, shift;       /* of a round; of the next round */
	size_t               rounds;
	uint64_t             received;
};

static int in_time(const void *pa, const void *pb)
{
	const struct step *a = pa, *b = pb;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	if (a->ends != b->ends)
		return a->ends ? -1 : 1;
	return (a->frame > b->frame) - (a->frame < b->frame);
}

/* Poisson arrivals, spreading factors and powers about as in the reference's disc of 6.4 km. */
static void fill(struct air *a, double per_s)
{
	struct rng r = rng_stream(rng_key(1, 0), RNG_PURPOSE('b', 'g', 'w', 'y'), 0, 0);
	double t = 0;
	simtime_t last = 0;

	for (uint32_t i = 0; i < FRAMES; i++) {
		struct gateway_frame *f = &a->frame[i];
		t += rng_exponential(&r, 1 / per_s);
		f->sf = (uint8_t)(LORA_SF_MIN + rng_below(&r, LORA_SFS));
		f->channel = (uint8_t)rng_below(&r, CHANNELS);
		f->start = sim_from_seconds(t);
		f->end = f->start + lora_time_on_air(BYTES_PHY, f->sf, 125e3, 1, 8, true);
		f->power_mw = (float)(1e-13 * (0.1 + rng_exponential(&r, 10)));
		a->step[2 * i] = (struct step){ f->start, i, false };
		a->step[2 * i + 1] = (struct step){ f->end, i, true };
		last = f->end > last ? f->end : last;
	}
	a->span = last + SIM_SECOND;
	qsort(a->step, 2 * (size_t)FRAMES, sizeof a->step[0], in_time);
}

static void round_of(struct air *a)
{
	for (size_t i = 0; i < 2 * (size_t)FRAMES; i++) {
		uint32_t k = a->step[i].frame;
		if (a->step[i].ends) {
			if (a->token[k] >= 0)
				a->received += gateway_end(a->gateway, a->token[k]) == RECEPTION_RECEIVED;
			continue;
		}
		struct gateway_frame f = a->frame[k];
		f.start += a->shift;
		f.end += a->shift;
		a->token[k] = gateway_begin(a->gateway, &f);
	}
	a->shift += a->span;
}

static double ns_per_frame(void *ctx)
{
	struct air *a = ctx;
	double begun = bench_seconds();

	for (size_t i = 0; i < a->rounds; i++)
		round_of(a);
	return 1e9 * (bench_seconds() - begun) / ((double)a->rounds * FRAMES);
}

static void at_load(bool quick, const char *name, double per_s)
{
	struct gateway_params p = { .demodulators = { 8 }, .channels = CHANNELS, .rejection = LORA_GOURSAUD };
	struct air *a = calloc(1, sizeof *a);

	bench_need(a && (a->arena = arena_new()), "out of memory");
	for (unsigned i = 0; i < LORA_SFS; i++)
		p.sensitivity_mw[GATEWAY_MULTI_SF][i] = 1e-15f;
	bench_need((a->gateway = gateway_new(a->arena, &p)), "out of memory");
	fill(a, per_s);
	a->rounds = 1;
	ns_per_frame(a); /* warm up; the same frames are met again, so the branch predictor does learn a little */
	a->rounds = quick ? 1 : ROUNDS;
	bench_row(name, bench_repeat(quick, ns_per_frame, a), "ns");
	bench_need(a->received > 0 && gateway_busy(a->gateway) == 0, "the gateway receives");
	arena_free(a->arena);
	free(a);
}

int main(int argc, char **argv)
{
	bool quick = bench_quick(argc, argv);

	at_load(quick, "gateway_ns_per_frame", 1000 / 600.0);
	at_load(quick, "gateway_10k_ns_per_frame", 10000 / 600.0);
	at_load(quick, "gateway_30k_ns_per_frame", 30000 / 600.0);
	return 0;
}
