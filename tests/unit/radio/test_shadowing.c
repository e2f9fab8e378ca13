/*
 * Shadowing: spread, autocorrelation, correlation between sites.
 *
 * A replication gives one figure for each moment; the intervals are Student's over replications, at 99 % for all rows of a
 * test together, with fixed seeds.
 */
#include "tests/unit/city/place.h"

#include <gsl/gsl_cdf.h>

#include "models/radio/shadowing.h"

/* its own shadowing off: each test makes the fields it asks */
#define CITY "<city radius=\"1km\"><shadowing deviation=\"0dB\"/></city>"

enum { REPS = 20, POINTS = 1000 };
static const double DCOR = 110;

static double shadowing_at(const struct shadowing *sh, struct point p, uint64_t device_key, uint64_t site_key)
{
	return shadowing_common(sh, p, device_key) + shadowing_own(sh, p, device_key, site_key);
}

struct moments { double sum, squares; };

static void add(struct moments *m, double x)
{
	m->sum += x;
	m->squares += x * x;
}

/* The mean lies within the interval around what is expected, `slack` wider. */
static void holds(const struct moments *m, double expected, double slack, unsigned rows)
{
	double mean = m->sum / REPS, sd = sqrt((m->squares - REPS * mean * mean) / (REPS - 1));
	double half = gsl_cdf_tdist_Qinv(0.005 / rows, REPS - 1) * sd / sqrt(REPS);

	assert_close(mean, expected, half + slack);
	assert_true(half < 0.08); /* an interval that would take anything proves nothing */
}

static struct point somewhere(struct rng *r)
{
	double x = 20e3 * rng_uniform(r), y = 20e3 * rng_uniform(r);

	return (struct point){ x, y };
}

static double *spectrum; /* of all fields; freed at the end */

static struct shadowing *field(struct sim *s, double dcor, double rho)
{
	if (!spectrum)
		spectrum = shadowing_spectrum();
	assert_non_null(spectrum);
	return shadowing_new(s, spectrum, dcor, rho);
}

static void spread_and_autocorrelation_are_as_asked_for(void **state)
{
	static const double lags[] = { 0.0625, 0.125, 0.25, 0.5, 1, 2 };
	enum { LAGS = sizeof lags / sizeof lags[0] };
	struct moments mean = { 0 }, variance = { 0 }, corr[LAGS] = { 0 };

	(void)state;
	for (uint64_t rep = 0; rep < REPS; rep++) {
		struct place_world w = place_open(CITY, rep);
		struct shadowing *sh = field(w.sim, DCOR, 0.5);
		struct rng r = rng_stream(rep, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);
		double m = 0, v = 0, c[LAGS] = { 0 };
		for (uint64_t i = 0; i < POINTS; i++) {
			struct point p = somewhere(&r);
			double here = shadowing_at(sh, p, 8 * i, 77), turn = 2 * M_PI * rng_uniform(&r);
			m += here / POINTS;
			v += here * here / POINTS;
			for (size_t k = 0; k < LAGS; k++) {
				struct point q = { p.x + lags[k] * DCOR * cos(turn), p.y + lags[k] * DCOR * sin(turn) };
				c[k] += here * shadowing_at(sh, q, 8 * i + k + 1, 77) / POINTS;
			}
		}
		add(&mean, m);
		add(&variance, v);
		for (size_t k = 0; k < LAGS; k++)
			add(&corr[k], c[k]);
		place_close(&w);
	}
	holds(&mean, 0, 0, LAGS + 2);
	holds(&variance, 1, 0, LAGS + 2);
	for (size_t k = 0; k < LAGS; k++) /* 0.005: the steps of the lattice */
		holds(&corr[k], exp(-lags[k]), 0.005, LAGS + 2);
}

/* Over all pairs of 12 sites, so that a pair that happens to look at the same part of the field does not decide. */
static double between_sites(double rho, double dcor, uint64_t rep)
{
	enum { SITES = 12 };
	struct place_world w = place_open(CITY, rep);
	struct shadowing *sh = field(w.sim, dcor, rho);
	struct rng r = rng_stream(rep, RNG_PURPOSE('t', 'e', 's', 't'), 1, 0);
	double sum = 0;

	for (uint64_t i = 0; i < POINTS; i++) {
		struct point p = somewhere(&r);
		double at[SITES];
		for (uint64_t k = 0; k < SITES; k++)
			at[k] = shadowing_at(sh, p, i, rng_mix(k));
		for (int k = 0; k < SITES; k++)
			for (int j = 0; j < k; j++)
				sum += at[k] * at[j];
	}
	place_close(&w);
	return sum / POINTS / (0.5 * SITES * (SITES - 1));
}

static void correlation_between_sites_is_as_asked_for(void **state)
{
	static const double rho[] = { 0, 0.5, 1 };
	static const double dcor[] = { 110, 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 2; k++) {
			struct moments m = { 0 };
			for (uint64_t rep = 0; rep < REPS; rep++)
				add(&m, between_sites(rho[i], dcor[k], rep));
			/* 0.0015: what chance overlaps of the sites' views of one field amount to on average */
			holds(&m, rho[i], 0.0015, 6);
		}
}

/* What each site sees of its own at the same places in a replication. */
static void views(uint64_t rep, size_t sites, double (*at)[POINTS])
{
	struct place_world w = place_open(CITY, rep);
	struct shadowing *sh = field(w.sim, DCOR, 0);
	struct rng r = rng_stream(rep, RNG_PURPOSE('t', 'e', 's', 't'), 2, 0);

	for (size_t i = 0; i < POINTS; i++) {
		struct point p = somewhere(&r);
		for (size_t k = 0; k < sites; k++)
			at[k][i] = shadowing_own(sh, p, i, rng_mix(k));
	}
	place_close(&w);
}

static double alike(const double *a, const double *b)
{
	double sum = 0;

	for (size_t i = 0; i < POINTS; i++)
		sum += a[i] * b[i] / POINTS;
	return sum;
}

/* Of 80 sites' 3,160 pairs some look at nearly the same part of the field; they do so by chance, and not for ever. */
static void two_sites_that_see_alike_in_one_replication_do_not_in_others(void **state)
{
	enum { SITES = 80 };
	double(*at)[POINTS] = calloc(SITES, sizeof *at), (*other)[POINTS] = calloc(SITES, sizeof *other);
	size_t near = 0, again = 0;

	(void)state;
	assert_true(at && other);
	views(0, SITES, at);
	views(1, SITES, other);
	for (size_t k = 0; k < SITES; k++)
		for (size_t j = 0; j < k; j++)
			if (alike(at[k], at[j]) > 0.5) {
				near++;
				again += alike(other[k], other[j]) > 0.5;
			}
	assert_true(near > 0 && near < 20);
	assert_int_equal(again, 0);
	free(at);
	free(other);
}

static void without_correlation_distance_neighbours_are_independent(void **state)
{
	struct place_world w = place_open(CITY, 0);
	struct shadowing *sh = field(w.sim, 0, 0.5);
	double sum = 0, squares = 0, n = 100000;

	(void)state;
	for (uint64_t i = 0; i < (uint64_t)n; i++) {
		double a = shadowing_at(sh, (struct point){ 5, 5 }, 2 * i, 9),
		       b = shadowing_at(sh, (struct point){ 5, 5 }, 2 * i + 1, 9);
		sum += a * b;
		squares += a * a;
	}
	/* products of independent normals have variance 1, squares 2: 99 % for both */
	assert_close(sum / n, 0, 2.81 / sqrt(n));
	assert_close(squares / n, 1, 2.81 * sqrt(2 / n));
	place_close(&w);
}

static void a_value_depends_on_nothing_that_was_asked_before(void **state)
{
	struct place_world w = place_open(CITY, 3), v = place_open(CITY, 3);
	struct place_world other = place_open(CITY, 4);
	struct shadowing *a = field(w.sim, DCOR, 0.5), *b = field(v.sim, DCOR, 0.5);
	struct shadowing *c = field(other.sim, DCOR, 0.5);
	struct point p = { -1234.5, 678.9 };
	double first = shadowing_at(a, p, 1, 2);

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		shadowing_at(b, (struct point){ (double)i, 0 }, i, i);
	assert_true(shadowing_at(b, p, 1, 2) == first);
	assert_true(shadowing_at(b, p, 99, 2) == first); /* the place decides, not the device */
	assert_true(shadowing_at(c, p, 1, 2) != first);
	assert_true(shadowing_at(b, p, 1, 3) != first);
	place_close(&w);
	place_close(&v);
	place_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spread_and_autocorrelation_are_as_asked_for),
		cmocka_unit_test(correlation_between_sites_is_as_asked_for),
		cmocka_unit_test(two_sites_that_see_alike_in_one_replication_do_not_in_others),
		cmocka_unit_test(without_correlation_distance_neighbours_are_independent),
		cmocka_unit_test(a_value_depends_on_nothing_that_was_asked_before),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(spectrum);
	return failed;
}
