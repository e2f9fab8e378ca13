/*
 * Pure ALOHA per channel and spreading factor, through the gateway's receiver: P = exp(-2 lambda T).
 *
 * Every (channel, SF) pair has Poisson arrivals of its own, all at one gateway with the ALOHA rejection: equal channel and
 * SF always collide, everything else never.  Frames of one pair are equally long, so a frame survives when the gaps before
 * and behind it both exceed T; two neighbours share a gap, hence the variance of the share that survives out of n is
 * [P(1-P) + 2(exp(-3G) - exp(-4G))] / n with G = lambda T.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "models/network/lorawan/gateway.h"
#include "sim/kernel/evq.h"
#include "sim/kernel/rng.h"
#include "tests/validation/validate.h"

enum { CHANNELS = 3, PAIRS = CHANNELS * LORA_SFS, BYTES_PHY = 23, ARRIVAL = 0, END = 1 };

struct pair {
	struct rng rng;
	simtime_t air;
	double gap; /* mean, s */
	uint64_t sent, ended, received;
};

struct world {
	struct gateway *gateway;
	struct evq *queue;
	struct pair pair[PAIRS];
	int *token; /* of a frame that is being received, by frame number */
	uint32_t *pair_of;
	uint32_t frames;
	uint64_t refused;
};

static bool arrive(struct world *w, const struct event *ev, uint64_t most)
{
	struct pair *p = &w->pair[ev->subject];
	struct gateway_frame f = { .start = ev->t,
				   .end = ev->t + p->air,
				   .power_mw = 1e-9f,
				   .sf = (uint8_t)(LORA_SF_MIN + ev->subject % LORA_SFS),
				   .channel = (uint8_t)(ev->subject / LORA_SFS) };
	int token = gateway_begin(w->gateway, &f);

	p->sent++;
	if (token >= 0) {
		w->token[w->frames] = token;
		w->pair_of[w->frames] = ev->subject;
		if (!evq_push(w->queue, (struct event){ f.end, w->frames++, END, 0 }))
			return false;
	} else {
		w->refused++;
		p->ended++;
	}
	return p->sent == most ||
	       evq_push(w->queue, (struct event){ ev->t + sim_from_seconds(rng_exponential(&p->rng, p->gap)), ev->subject,
						  ARRIVAL, 0 });
}

/* n frames of every pair at load G; 0 on success. */
static int run(struct world *w, double load, uint64_t n, uint64_t seed)
{
	struct event ev;
	int more = 1;

	for (uint32_t i = 0; i < PAIRS; i++) {
		struct pair *p = &w->pair[i];
		*p = (struct pair){ .rng = rng_stream(rng_key(seed, 0), RNG_PURPOSE('a', 'l', 'o', 'h'), i, 0) };
		p->air = lora_time_on_air(BYTES_PHY, LORA_SF_MIN + i % LORA_SFS, 125e3, 1, 8, true);
		p->gap = sim_seconds(p->air) / load;
		if (!evq_push(w->queue,
			      (struct event){ sim_from_seconds(rng_exponential(&p->rng, p->gap)), i, ARRIVAL, 0 }))
			return -1;
	}
	while ((more = evq_pop(w->queue, &ev)) > 0) {
		if (ev.kind == ARRIVAL) {
			if (!arrive(w, &ev, n))
				return -1;
		} else {
			struct pair *p = &w->pair[w->pair_of[ev.subject]];
			p->ended++;
			p->received += gateway_end(w->gateway, w->token[ev.subject]) == RECEPTION_RECEIVED;
		}
	}
	return more;
}

static double halfwidth(double load, double n, double level)
{
	double p = exp(-2 * load), variance = p * (1 - p) + 2 * (exp(-3 * load) - exp(-4 * load));

	return gsl_cdf_ugaussian_Qinv((1 - level) / 2) * sqrt(variance / n);
}

static void rows(struct valid *v, const struct world *w, double load, uint64_t n)
{
	static const char source[] = "P = exp(-2 lambda T), Abramson 1970";
	double p = exp(-2 * load), sum = 0, each = 1 - 0.01 / PAIRS;
	char name[96], why[160];

	valid_text(why, sizeof why,
		   "99 %% over the %d pairs together (Bonferroni), %llu frames each, neighbours' correlation included",
		   (int)PAIRS, (unsigned long long)n);
	for (uint32_t i = 0; i < PAIRS; i++) {
		double share = (double)w->pair[i].received / (double)n;
		sum += share;
		valid_near(v,
			   valid_text(name, sizeof name, "frames received at G = %g: channel %u, SF%u", load, i / LORA_SFS,
				      LORA_SF_MIN + i % LORA_SFS),
			   source, p, share, halfwidth(load, (double)n, each), why);
	}
	valid_near(v, valid_text(name, sizeof name, "frames received at G = %g: all pairs", load), source, p, sum / PAIRS,
		   halfwidth(load, (double)n * PAIRS, 0.99), "99 % interval of all frames");
	valid_near(v, valid_text(name, sizeof name, "throughput at G = %g", load), "S = G exp(-2G)", load * p,
		   load * sum / PAIRS, load * halfwidth(load, (double)n * PAIRS, 0.99), "99 % interval of all frames");
}

static void at_load(struct valid *v, double load, uint64_t n)
{
	struct gateway_params gp = { .demodulators = { 4096 }, .channels = CHANNELS, .rejection = LORA_ALOHA };
	struct world *w = calloc(1, sizeof *w);
	struct arena *a = arena_new();
	bool good = false;

	if (!w || !a)
		goto out;
	for (unsigned i = 0; i < LORA_SFS; i++)
		gp.sensitivity_mw[GATEWAY_MULTI_SF][i] = 1e-15f;
	w->gateway = gateway_new(a, &gp);
	w->queue = evq_new();
	w->token = calloc(n * PAIRS, sizeof *w->token);
	w->pair_of = calloc(n * PAIRS, sizeof *w->pair_of);
	if (w->gateway && w->queue && w->token && w->pair_of)
		good = run(w, load, n, 1) == 0 && !w->refused;
out:
	if (good)
		rows(v, w, load, n);
	else
		valid_near(v, "the gateway takes every frame", "4,096 demodulators", 0, w ? (double)w->refused : NAN, 0,
			   "no memory or refused");
	if (w) {
		evq_free(w->queue);
		free(w->token);
		free(w->pair_of);
	}
	free(w);
	arena_free(a);
}

int main(void)
{
	static const double loads[] = { 0.05, 0.2, 0.5 };
	struct valid v = valid_begin("pure ALOHA");

	for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++)
		at_load(&v, loads[i], v.quick ? 20000 : 200000);
	return valid_end(&v);
}
