#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

#include "sim/kernel/rng.h"

/* Statistical tests hold at 99.9 % each; the seeds are fixed. */
static const double CONFIDENCE = 0.999;
static const double KOLMOGOROV = 1.949; /* quantile of sqrt(n) D at 99.9 % */

static struct rng stream(char c)
{
	return rng_stream(rng_key(20, 4), RNG_PURPOSE('t', 'e', 's', c), 77, 0);
}

/* Known answers of Random123 (tests/kat_vectors, philox4x32, 10 rounds): counter, key, result. */
static void known_answers_come_out(void **state)
{
	(void)state;
	static const uint32_t row[][10] = {
		{ 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e,
		  0xa20bc7c6, 0x6d5451fd },
		{ 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb,
		  0x5001e420, 0x24126ea1 },
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		const uint32_t *c = row[i], *k = c + 4, *want = c + 6;
		uint64_t out[2];
		rng_block((uint64_t)k[1] << 32 | k[0], c[1], (uint64_t)c[3] << 32 | c[2], c[0], out);
		for (unsigned w = 0; w < 4; w++)
			assert_int_equal((uint32_t)(out[w / 2] >> (32 * (w % 2))), want[w]);
	}
}

static void blocks_equal_those_of_random123(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		uint64_t key = rng_mix(i), subject = rng_mix(key), out[2];
		uint32_t purpose = (uint32_t)rng_mix(subject), index = (uint32_t)i;
		philox4x32_ctr_t c = { { index, purpose, (uint32_t)subject, (uint32_t)(subject >> 32) } };
		philox4x32_key_t k = { { (uint32_t)key, (uint32_t)(key >> 32) } };
		philox4x32_ctr_t want = philox4x32(c, k);
		rng_block(key, purpose, subject, index, out);
		assert_int_equal(out[0], (uint64_t)want.v[1] << 32 | want.v[0]);
		assert_int_equal(out[1], (uint64_t)want.v[3] << 32 | want.v[2]);
	}
}

static void a_stream_is_its_blocks_one_after_another_from_where_it_starts(void **state)
{
	(void)state;
	struct rng r = rng_stream(5, 6, 7, 8);

	for (uint32_t i = 8; i < 100; i++) {
		uint64_t w[2];
		rng_block(5, 6, 7, i, w);
		assert_int_equal(rng_u64(&r), w[0]);
		assert_int_equal(rng_u64(&r), w[1]);
	}
}

static void having_the_next_word_ready_changes_no_draw(void **state)
{
	(void)state;
	struct rng a = stream('a'), b = a, choice = stream('b');

	for (int i = 0; i < 10000; i++) {
		if (rng_below(&choice, 2))
			rng_ahead(&b);
		assert_int_equal(rng_u64(&a), rng_u64(&b));
	}
}

/* FNV-1a, 64 bits: the test vectors of its authors. */
static void hashes_are_fnv_1a(void **state)
{
	(void)state;
	assert_true(rng_hash("") == UINT64_C(0xcbf29ce484222325));
	assert_true(rng_hash("a") == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(rng_hash("foobar") == UINT64_C(0x85944171f73967e8));
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void seeds_and_replications_that_are_neighbours_have_keys_of_their_own(void **state)
{
	(void)state;
	enum { SEEDS = 300, REPLICATIONS = 300 };
	uint64_t *key = malloc(sizeof *key * SEEDS * REPLICATIONS);

	assert_non_null(key);
	for (size_t i = 0; i < (size_t)SEEDS * REPLICATIONS; i++)
		key[i] = rng_key(i / REPLICATIONS, i % REPLICATIONS);
	qsort(key, (size_t)SEEDS * REPLICATIONS, sizeof *key, by_value);
	for (size_t i = 1; i < (size_t)SEEDS * REPLICATIONS; i++)
		assert_true(key[i] != key[i - 1]);
	free(key);
}

static void gsl_draws_from_the_stream_it_is_given(void **state)
{
	(void)state;
	struct rng a = stream('g'), b = a;
	gsl_rng g;

	rng_gsl(&g, &a);
	assert_string_equal(gsl_rng_name(&g), "philox4x32-10");
	assert_true(gsl_rng_min(&g) == 0 && gsl_rng_max(&g) == UINT32_MAX && gsl_rng_size(&g) == sizeof a);
	for (int i = 0; i < 1000; i++)
		assert_true(gsl_rng_uniform(&g) == rng_uniform(&b));
	for (int i = 0; i < 1000; i++)
		assert_int_equal(gsl_rng_get(&g), rng_u64(&b) >> 32);
	for (int i = 0; i < 1000; i++)
		assert_in_range(gsl_rng_uniform_int(&g, 10), 0, 9);

	gsl_rng *own = gsl_rng_alloc(rng_gsl_type), *again = gsl_rng_alloc(rng_gsl_type);
	assert_true(own && again);
	gsl_rng_set(own, 3);
	gsl_rng_memcpy(again, own);
	for (int i = 0; i < 100; i++)
		assert_true(gsl_ran_gamma(own, 2, 3) == gsl_ran_gamma(again, 2, 3));
	gsl_rng_set(again, 4);
	assert_int_not_equal(gsl_rng_get(own), gsl_rng_get(again));
	gsl_rng_set(own, 4);
	gsl_rng_get(own);
	assert_int_equal(gsl_rng_get(own), gsl_rng_get(again));
	gsl_rng_free(own);
	gsl_rng_free(again);
}

/* One-sample Kolmogorov-Smirnov: draws that went through their own distribution function are uniform. */
static double kolmogorov(double *u, size_t n)
{
	double worst = 0;

	gsl_sort(u, 1, n);
	for (size_t i = 0; i < n; i++) {
		double above = (double)(i + 1) / (double)n - u[i], below = u[i] - (double)i / (double)n;
		worst = fmax(worst, fmax(above, below));
	}
	return worst * sqrt((double)n);
}

enum { DRAWS = 1000000 };

static double uniform_below(struct rng *r)
{
	return rng_uniform(r);
}

static double exponential_below(struct rng *r)
{
	return gsl_cdf_exponential_P(rng_exponential(r, 3), 3);
}

static double normal_below(struct rng *r)
{
	return gsl_cdf_ugaussian_P(rng_normal(r));
}

static void draws_follow_their_distribution_along_a_stream(void **state)
{
	(void)state;
	double (*const below[])(struct rng *) = { uniform_below, exponential_below, normal_below };
	double *u = malloc(DRAWS * sizeof *u);

	assert_non_null(u);
	for (size_t k = 0; k < sizeof below / sizeof below[0]; k++) {
		struct rng r = stream('k');
		for (size_t i = 0; i < DRAWS; i++)
			u[i] = below[k](&r);
		assert_true(kolmogorov(u, DRAWS) < KOLMOGOROV);
	}
	free(u);
}

/* As models draw: the first word of each subject's own stream. */
static void draws_follow_their_distribution_across_subjects(void **state)
{
	(void)state;
	double (*const below[])(struct rng *) = { uniform_below, exponential_below, normal_below };
	double *u = malloc(DRAWS * sizeof *u);

	assert_non_null(u);
	for (size_t k = 0; k < sizeof below / sizeof below[0]; k++) {
		for (size_t i = 0; i < DRAWS; i++) {
			struct rng r = rng_stream(rng_key(1, 1), RNG_PURPOSE('p', 'l', 'a', 'c'), rng_hash("meter") + i, 0);
			u[i] = below[k](&r);
		}
		assert_true(kolmogorov(u, DRAWS) < KOLMOGOROV);
	}
	free(u);
}

static double chi_squared(const uint64_t *count, const double *expected, size_t cells)
{
	double x = 0;

	for (size_t i = 0; i < cells; i++)
		x += ((double)count[i] - expected[i]) * ((double)count[i] - expected[i]) / expected[i];
	return x;
}

/* Pairs of successive uniforms on a grid of 32 by 32. */
static void successive_uniforms_fill_the_square_evenly(void **state)
{
	(void)state;
	enum { SIDE = 32, CELLS = SIDE * SIDE };
	static uint64_t count[CELLS];
	static double expected[CELLS];
	struct rng r = stream('q');

	for (size_t i = 0; i < CELLS; i++) {
		count[i] = 0;
		expected[i] = (double)DRAWS / CELLS;
	}
	for (size_t i = 0; i < DRAWS; i++) {
		size_t row = (size_t)(rng_uniform(&r) * SIDE), column = (size_t)(rng_uniform(&r) * SIDE);
		count[row * SIDE + column]++;
	}
	assert_true(chi_squared(count, expected, CELLS) < gsl_cdf_chisq_Pinv(CONFIDENCE, CELLS - 1));
}

/* The streams that lie next to each other in a model: what two of them begin with. */
static void next_subject(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(1, 0), RNG_PURPOSE('g', 'a', 'p', 's'), rng_hash("meter") + i, 0);
	*b = rng_stream(rng_key(1, 0), RNG_PURPOSE('g', 'a', 'p', 's'), rng_hash("meter") + i + 1, 0);
}

static void next_purpose(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(1, 0), RNG_PURPOSE('p', 's', 'r', 'a'), i, 0);
	*b = rng_stream(rng_key(1, 0), RNG_PURPOSE('p', 's', 'r', 'b'), i, 0);
}

static void next_replication(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(1, i), RNG_PURPOSE('g', 'a', 'p', 's'), 5, 0);
	*b = rng_stream(rng_key(1, i + 1), RNG_PURPOSE('g', 'a', 'p', 's'), 5, 0);
}

static void next_seed(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(i, 0), RNG_PURPOSE('g', 'a', 'p', 's'), 5, 0);
	*b = rng_stream(rng_key(i + 1, 0), RNG_PURPOSE('g', 'a', 'p', 's'), 5, 0);
}

static void next_block(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(1, 0), RNG_PURPOSE('g', 'a', 'p', 's'), 5, (uint32_t)i);
	*b = rng_stream(rng_key(1, 0), RNG_PURPOSE('g', 'a', 'p', 's'), 5, (uint32_t)i + 1);
}

/* A frame of a site and of the next one: links mix the site's key in. */
static void next_site(uint64_t i, struct rng *a, struct rng *b)
{
	*a = rng_stream(rng_key(1, 0), RNG_PURPOSE('f', 'a', 'd', 'e'), 5 ^ rng_mix(i), 0);
	*b = rng_stream(rng_key(1, 0), RNG_PURPOSE('f', 'a', 'd', 'e'), 5 ^ rng_mix(i + 1), 0);
}

static void neighbouring_streams_begin_independently(void **state)
{
	(void)state;
	enum { SIDE = 32, CELLS = SIDE * SIDE };
	void (*const neighbours[])(uint64_t, struct rng *, struct rng *) = {
		next_subject, next_purpose, next_replication, next_seed, next_block, next_site,
	};
	static double expected[CELLS];

	for (size_t i = 0; i < CELLS; i++)
		expected[i] = (double)DRAWS / CELLS;
	for (size_t k = 0; k < sizeof neighbours / sizeof neighbours[0]; k++) {
		static uint64_t count[CELLS];
		memset(count, 0, sizeof count);
		for (uint64_t i = 0; i < DRAWS; i++) {
			struct rng a, b;
			neighbours[k](i, &a, &b);
			size_t row = (size_t)(rng_uniform(&a) * SIDE), column = (size_t)(rng_uniform(&b) * SIDE);
			count[row * SIDE + column]++;
		}
		assert_true(chi_squared(count, expected, CELLS) < gsl_cdf_chisq_Pinv(CONFIDENCE, CELLS - 1));
	}
}

enum { CELLS_OF_TAIL = 6, DRAWS_OF_TAIL = 20000000 };

static size_t cell_of(const double *edge, double x)
{
	size_t i = 0;

	while (i < CELLS_OF_TAIL - 1 && x >= edge[i])
		i++;
	return i;
}

static void assert_tail(const uint64_t *count, const double *edge, double (*beyond)(double))
{
	double expected[CELLS_OF_TAIL], left = DRAWS_OF_TAIL;

	for (int i = 0; i < CELLS_OF_TAIL; i++) {
		double rest = i < CELLS_OF_TAIL - 1 ? DRAWS_OF_TAIL * beyond(edge[i]) : 0;
		expected[i] = left - rest;
		left = rest;
	}
	assert_true(chi_squared(count, expected, CELLS_OF_TAIL) < gsl_cdf_chisq_Pinv(CONFIDENCE, CELLS_OF_TAIL - 1));
}

static double exponential_beyond(double x)
{
	return gsl_cdf_exponential_Q(x, 1);
}

/* Where a ziggurat goes wrong it does so at the edges and beyond its lowest layer, which ends at 7.697 and 3.654. */
static void tails_have_their_share_and_their_shape(void **state)
{
	(void)state;
	static const double far[] = { 5, 7, 7.69711747, 8.5, 10 }, high[] = { 3, 3.4, 3.65415289, 3.8, 4.1 };
	uint64_t exponential[CELLS_OF_TAIL] = { 0 }, above[CELLS_OF_TAIL] = { 0 }, below[CELLS_OF_TAIL] = { 0 };
	struct rng r = stream('t');

	for (size_t i = 0; i < DRAWS_OF_TAIL; i++) {
		double z = rng_normal(&r);
		exponential[cell_of(far, rng_exponential(&r, 1))]++;
		above[cell_of(high, z)]++;
		below[cell_of(high, -z)]++;
	}
	assert_tail(exponential, far, exponential_beyond);
	assert_tail(above, high, gsl_cdf_ugaussian_Q);
	assert_tail(below, high, gsl_cdf_ugaussian_Q);
}

/* Beyond the lowest layer the draw begins anew, and so again beyond twice its end, which one draw in five million reaches. */
static void the_tail_of_the_exponential_has_a_tail_of_its_own(void **state)
{
	(void)state;
	enum { CELLS = 5 };
	double begin = rng_exponential_layer[1], expected[CELLS], left = DRAWS;
	const double edge[CELLS - 1] = { begin + 1, begin + 5, 2 * begin, 2 * begin + 1 };
	uint64_t count[CELLS] = { 0 };
	struct rng r = stream('u');

	for (size_t i = 0; i < DRAWS; i++) {
		double x = rng_exponential_edge(&r, 0, begin);
		size_t cell = 0;
		while (cell < CELLS - 1 && x >= edge[cell])
			cell++;
		count[cell]++;
	}
	for (size_t i = 0; i < CELLS; i++) {
		double rest = i < CELLS - 1 ? DRAWS * exp(begin - edge[i]) : 0;
		expected[i] = left - rest;
		left = rest;
	}
	assert_true(chi_squared(count, expected, CELLS) < gsl_cdf_chisq_Pinv(CONFIDENCE, CELLS - 1));
}

static void whole_numbers_below_n_are_all_reached_equally(void **state)
{
	(void)state;
	static const uint32_t bounds[] = { 1, 2, 3, 10, 127 };

	for (size_t k = 0; k < sizeof bounds / sizeof bounds[0]; k++) {
		uint64_t count[128] = { 0 };
		double expected[128];
		struct rng r = stream('i');
		for (size_t i = 0; i < 100000; i++) {
			uint32_t x = rng_below(&r, bounds[k]);
			assert_true(x < bounds[k]);
			count[x]++;
		}
		for (uint32_t i = 0; i < bounds[k]; i++)
			expected[i] = 100000.0 / bounds[k];
		if (bounds[k] > 1)
			assert_true(chi_squared(count, expected, bounds[k]) <
				    gsl_cdf_chisq_Pinv(CONFIDENCE, bounds[k] - 1));
	}
	struct rng r = stream('j');
	for (int i = 0; i < 100; i++)
		assert_true(rng_below(&r, UINT32_MAX) < UINT32_MAX);
}

static void uniforms_keep_clear_of_both_ends(void **state)
{
	(void)state;
	assert_true(rng_unit(0) > 0);
	assert_true(rng_unit(UINT64_MAX) < 1);
	assert_true(rng_unit(UINT64_C(1) << 63) > 0.5 && rng_unit(UINT64_C(1) << 63) < 0.5000001);
}

static double exponential_density(double x)
{
	return exp(-x);
}

static double normal_density(double x)
{
	return exp(-0.5 * x * x);
}

static double exponential_tail(double x)
{
	return exp(-x);
}

static double normal_tail(double x)
{
	return sqrt(M_PI / 2) * erfc(x / M_SQRT2);
}

/* What makes a ziggurat exact: every layer has one area, the lowest with the tail included, and the top one ends at 1. */
static void layers_have_one_area(void **state)
{
	(void)state;
	static const struct {
		const double *edge;
		double (*density)(double), (*tail)(double);
	} row[] = { { rng_exponential_layer, exponential_density, exponential_tail },
		    { rng_normal_layer, normal_density, normal_tail } };

	for (size_t k = 0; k < sizeof row / sizeof row[0]; k++) {
		const double *x = row[k].edge;
		double area = x[1] * row[k].density(x[1]) + row[k].tail(x[1]);
		assert_true(fabs(x[0] * row[k].density(x[1]) - area) < 1e-15);
		for (int i = 1; i < RNG_LAYERS; i++) {
			assert_true(x[i] > x[i + 1]);
			assert_true(fabs(x[i] * (row[k].density(x[i + 1]) - row[k].density(x[i])) - area) < 1e-15);
		}
		assert_true(x[RNG_LAYERS] == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers_come_out),
		cmocka_unit_test(blocks_equal_those_of_random123),
		cmocka_unit_test(a_stream_is_its_blocks_one_after_another_from_where_it_starts),
		cmocka_unit_test(having_the_next_word_ready_changes_no_draw),
		cmocka_unit_test(hashes_are_fnv_1a),
		cmocka_unit_test(seeds_and_replications_that_are_neighbours_have_keys_of_their_own),
		cmocka_unit_test(gsl_draws_from_the_stream_it_is_given),
		cmocka_unit_test(draws_follow_their_distribution_along_a_stream),
		cmocka_unit_test(draws_follow_their_distribution_across_subjects),
		cmocka_unit_test(successive_uniforms_fill_the_square_evenly),
		cmocka_unit_test(tails_have_their_share_and_their_shape),
		cmocka_unit_test(the_tail_of_the_exponential_has_a_tail_of_its_own),
		cmocka_unit_test(neighbouring_streams_begin_independently),
		cmocka_unit_test(whole_numbers_below_n_are_all_reached_equally),
		cmocka_unit_test(uniforms_keep_clear_of_both_ends),
		cmocka_unit_test(layers_have_one_area),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
