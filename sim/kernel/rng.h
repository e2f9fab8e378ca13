/*
 * rng - counter-based random streams named by what they are for.
 *
 * A draw is Philox4x32-10 (Salmon et al., SC 2011; Random123) of (key; purpose, subject, index).  The key comes from
 * the seed and the replication.  Nothing is shared and nothing is advanced elsewhere: adding a device class or a
 * gateway leaves every other draw as it was, and twins and study points see common random numbers.
 *
 * A subject's number is its element's key (hash of its id) plus its index in it; a link's mixes the gateway's in.
 */
#ifndef SIM_KERNEL_RNG_H
#define SIM_KERNEL_RNG_H

#include <stdint.h>
#include <math.h>
#include <gsl/gsl_rng.h>

/* What a stream is for: four characters, e.g. RNG_PURPOSE('p','l','a','c'). Each model names its own. */
#define RNG_PURPOSE(a, b, c, d) \
	((uint32_t)(unsigned char)(a) << 24 | (uint32_t)(unsigned char)(b) << 16 | \
	 (uint32_t)(unsigned char)(c) << 8 | (uint32_t)(unsigned char)(d))

struct rng {
	uint64_t key;           /* of the replication */
	uint64_t subject;
	uint32_t purpose;
	uint32_t index;         /* of the next block */
	uint64_t word[2];       /* the last block */
	uint32_t left;          /* of its words */
};

/* A well-mixed 64-bit hash (splitmix64 finaliser). */
static inline uint64_t rng_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* FNV-1a of a text: the key of an element from its id. */
uint64_t rng_hash(const char *text);

/* Key of a replication. */
static inline uint64_t rng_key(uint64_t seed, uint64_t replication)
{
	return rng_mix(rng_mix(seed) ^ (replication * UINT64_C(0xd1342543de82ef95) + 1));
}

/* The stream for `purpose` of `subject`, starting at block `index` (0 unless the subject counts its own draws). */
static inline struct rng rng_stream(uint64_t key, uint32_t purpose, uint64_t subject, uint32_t index)
{
	return (struct rng){ .key = key, .subject = subject, .purpose = purpose, .index = index };
}

/* One block, two independent 64-bit words, without a stream object: the hot form. */
static inline void rng_block(uint64_t key, uint32_t purpose, uint64_t subject, uint32_t index, uint64_t out[2])
{
	uint32_t c0 = index, c1 = purpose, c2 = (uint32_t)subject, c3 = (uint32_t)(subject >> 32);
	uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);

#pragma GCC unroll 10    /* the loop's branches would crowd out others' history */
	for (int round = 0; round < 10; round++) {
		uint64_t p0 = (uint64_t)c0 * UINT32_C(0xD2511F53), p1 = (uint64_t)c2 * UINT32_C(0xCD9E8D57);
		uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c1 = (uint32_t)p1;
		c3 = (uint32_t)p0;
		c0 = n0;
		c2 = n2;
		k0 += UINT32_C(0x9E3779B9);
		k1 += UINT32_C(0xBB67AE85);
	}
	out[0] = (uint64_t)c1 << 32 | c0;
	out[1] = (uint64_t)c3 << 32 | c2;
}

static inline uint64_t rng_u64(struct rng *r)
{
	if (r->left) {
		r->left--;
		return r->word[1 - r->left];
	}
	rng_block(r->key, r->purpose, r->subject, r->index++, r->word);
	r->left = 1;
	return r->word[0];
}

/* Have the next word ready; changes no draw.  For a stream of many draws, after what hangs on the last one: the processor
 * then works on the next block while it waits for other things. */
static inline void rng_ahead(struct rng *r)
{
	if (r->left)
		return;
	rng_block(r->key, r->purpose, r->subject, r->index++, r->word);
	r->left = 2;
}

/* A word as a uniform on (0,1): never 0 and never 1, so log() is safe. */
static inline double rng_unit(uint64_t word)
{
	return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static inline double rng_uniform(struct rng *r)
{
	return rng_unit(rng_u64(r));
}

/* Ziggurats of 256 layers: a word, a product and a comparison in 99 draws of 100, and no library function whose last bit
 * may differ from one processor to another. */
enum { RNG_LAYERS = 256 };
extern const double rng_exponential_layer[RNG_LAYERS + 1], rng_normal_layer[RNG_LAYERS + 1];
double rng_exponential_edge(struct rng *r, unsigned layer, double x);
double rng_normal_edge(struct rng *r, unsigned layer, double x);

/* Exponential with the given mean; > 0 for mean > 0. */
static inline double rng_exponential(struct rng *r, double mean)
{
	uint64_t word = rng_u64(r);
	unsigned layer = word % RNG_LAYERS;
	double x = rng_unit(word) * rng_exponential_layer[layer];

	if (x >= rng_exponential_layer[layer + 1])
		x = rng_exponential_edge(r, layer, x);
	return mean * x;
}

/* Standard normal. */
static inline double rng_normal(struct rng *r)
{
	uint64_t word = rng_u64(r);
	unsigned layer = word % RNG_LAYERS;
	double x = rng_unit(word) * rng_normal_layer[layer];

	if (x >= rng_normal_layer[layer + 1])
		x = rng_normal_edge(r, layer, x);
	return word & RNG_LAYERS ? -x : x;      /* the bit above the layer's, below the unit's */
}

/* Uniform integer in [0, n), n >= 1 (multiply-shift; bias below 2^-32 for n < 2^32). */
static inline uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(((rng_u64(r) >> 32) * n) >> 32);
}

/* The streams as a GSL generator, so that every GSL distribution works.  rng_gsl() fills *g, which borrows *r:
 * both live on the caller's stack; no gsl_rng_free. */
extern const gsl_rng_type *const rng_gsl_type;
void rng_gsl(gsl_rng *g, struct rng *r);

#endif
