/* One opportunity of random access: against closed forms, and against the plainest implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "models/network/cellular/rach.h"
#include "sim/kernel/rng.h"
#include "sim/kernel/tally.h"

enum { ROUNDS = 20000, MOST = 400 };

static void draw(struct rng *r, struct rach_try *t, unsigned m, unsigned preambles)
{
	for (unsigned i = 0; i < m; i++)
		t[i] = (struct rach_try){ .device = i, .preamble = (uint8_t)rng_below(r, preambles), .detectable = true };
}

static void near(const char *what, const struct tally *t, double expected)
{
	double within = 4 * sqrt(tally_variance(t) / (double)t->n);

	if (!(fabs(t->mean - expected) <= within))
		fail_msg("%s: %g, expected %g within %g", what, t->mean, expected, within);
}

/* WEI15 eq. 11: m (1 - 1/R)^(m-1) successes, R (1 - 1/R)^m idle; the vectors are those of its text and of the formulas. */
static void successes_idle_and_collided_preambles_are_as_the_closed_forms_have_them(void **state)
{
	static const struct {
		unsigned preambles, m;
		double singles, idle, collided;
	} vector[] = {
		{ 64, 14, 11.4082, NAN, NAN },       { 64, 64, 23.7299, NAN, NAN },       { 54, 10, 8.4516, 44.794, 0.755 },
		{ 54, 54, 20.0514, 19.680, 14.268 }, { 54, 100, 15.7155, 8.329, 29.955 },
	};
	struct rng r = rng_stream(1, RNG_PURPOSE('t', 'e', 's', 't'), 1, 0);
	struct rach_try t[MOST];

	(void)state;
	for (size_t k = 0; k < sizeof vector / sizeof vector[0]; k++) {
		struct tally singles = { 0 }, idle = { 0 }, collided = { 0 };
		double R = vector[k].preambles, m = vector[k].m, one = m * pow(1 - 1 / R, m - 1),
		       none = R * pow(1 - 1 / R, m);
		for (int i = 0; i < ROUNDS; i++) {
			draw(&r, t, vector[k].m, vector[k].preambles);
			struct rach_sums s = rach_resolve(t, vector[k].m, vector[k].preambles, 64);
			tally_add(&singles, s.single);
			tally_add(&idle, s.idle);
			tally_add(&collided, s.collided);
			assert_int_equal(s.granted, s.single);
		}
		assert_true(fabs(one - vector[k].singles) < 5e-5);
		assert_true(isnan(vector[k].idle) || fabs(none - vector[k].idle) < 6e-4);
		assert_true(isnan(vector[k].collided) || fabs(R - one - none - vector[k].collided) < 1e-3);
		near("successes", &singles, one);
		near("idle", &idle, none);
		near("collided", &collided, R - one - none);
	}
}

/* What becomes of a try, looked for among all others. */
static enum rach_outcome plainly(const struct rach_try *t, size_t n, size_t i, unsigned grants)
{
	unsigned before = 0;

	for (size_t k = 0; k < n; k++)
		if (k != i && t[k].preamble == t[i].preamble)
			return RACH_COLLIDED;
	if (!t[i].detectable)
		return RACH_UNDETECTED;
	for (size_t k = 0; k < n; k++) {
		bool alone = t[k].detectable && t[k].preamble < t[i].preamble;
		for (size_t j = 0; j < n && alone; j++)
			alone = j == k || t[j].preamble != t[k].preamble;
		before += alone;
	}
	return before < grants ? RACH_GRANTED : RACH_NO_GRANT;
}

static void every_try_ends_as_the_plainest_implementation_says(void **state)
{
	struct rng r = rng_stream(2, RNG_PURPOSE('t', 'e', 's', 't'), 2, 0);
	struct rach_try t[MOST];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		unsigned preambles = 1 + rng_below(&r, 64), n = rng_below(&r, 60), grants = 1 + rng_below(&r, 20);
		bool taken[64] = { false };
		unsigned granted = 0;
		draw(&r, t, n, preambles);
		for (unsigned i = 0; i < n; i++)
			t[i].detectable = rng_below(&r, 4) > 0;
		struct rach_sums s = rach_resolve(t, n, preambles, grants);
		assert_int_equal(s.idle + s.single + s.collided, preambles);
		for (unsigned i = 0; i < n; i++) {
			assert_int_equal(t[i].outcome, plainly(t, n, i, grants));
			if (t[i].outcome != RACH_GRANTED)
				continue;
			assert_true(t[i].grant < grants && !taken[t[i].grant]);
			taken[t[i].grant] = true;
			granted++;
		}
		assert_int_equal(granted, s.granted);
	}
}

static void nobody_gets_nothing(void **state)
{
	(void)state;
	struct rach_sums s = rach_resolve(NULL, 0, 54, 15);
	assert_int_equal(s.idle, 54);
	assert_int_equal(s.single + s.collided + s.granted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(successes_idle_and_collided_preambles_are_as_the_closed_forms_have_them),
		cmocka_unit_test(every_try_ends_as_the_plainest_implementation_says),
		cmocka_unit_test(nobody_gets_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
