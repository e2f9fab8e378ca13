/* Where devices stand. */
#include "tests/unit/device/town.h"

#include <gsl/gsl_cdf.h>

#define CITY  "<city width='4km' height='3km'/>"
#define CLASS "<device-class id='m'/>"

static void deploy(struct town *t, const char *city, const char *attributes)
{
	char body[1024];

	snprintf(body, sizeof body, "%s" CLASS "<deploy class='m' %s/>", city, attributes);
	town_open(t, "duration='1h'", body);
}

static double distance(const struct town *t, uint32_t i, double x, double y)
{
	return hypot((double)t->dev->x[i] - x, (double)t->dev->y[i] - y);
}

/* Upper tail of Pearson's statistic for equal expected counts. */
static double chi_square(const unsigned *n, unsigned cells, double expected)
{
	double x = 0;

	for (unsigned i = 0; i < cells; i++)
		x += (n[i] - expected) * (n[i] - expected) / expected;
	return gsl_cdf_chisq_Q(x, cells - 1);
}

static void uniform_placement_fills_equal_squares_equally(void **st)
{
	struct town t = { 0 };
	unsigned n[48] = { 0 };

	(void)st;
	deploy(&t, CITY, "count='48000' placement='uniform'");
	for (uint32_t i = 0; i < t.dev->n; i++) {
		assert_true(t.dev->x[i] >= 0 && t.dev->x[i] <= 4000 && t.dev->y[i] >= 0 && t.dev->y[i] <= 3000);
		n[(unsigned)fmin(t.dev->x[i] / 500, 7) + 8 * (unsigned)fmin(t.dev->y[i] / 500, 5)]++;
	}
	assert_true(chi_square(n, 48, 1000) > 0.001);
	town_close(&t);
}

/* Discs that do not overlap hold Poisson counts: variance over mean is 1 within 4 standard errors, sqrt(2 / discs). */
static void counts_in_discs_are_poisson(void **st)
{
	struct town t = { 0 };
	struct tally counts = { 0 };
	unsigned n[12 * 9] = { 0 };

	(void)st;
	deploy(&t, CITY, "count='20000' placement='uniform'");
	for (uint32_t i = 0; i < t.dev->n; i++) {
		unsigned cx = (unsigned)fmin(t.dev->x[i] / 333.4, 11), cy = (unsigned)fmin(t.dev->y[i] / 333.4, 8);
		if (distance(&t, i, 333.4 * (cx + 0.5), 333.4 * (cy + 0.5)) < 60)
			n[cx + 12 * cy]++;
	}
	for (unsigned k = 0; k < 12 * 8; k++)
		tally_add(&counts, n[k]);
	assert_close(counts.mean, 20000 * 3.14159 * 60 * 60 / 12e6, 4 * sqrt(18.85 / 96));
	assert_close(tally_variance(&counts) / counts.mean, 1, 4 * sqrt(2.0 / 95));
	town_close(&t);
}

#define DISTRICTS                                                                                                          \
	"<city width='4km' height='3km' population='1000'>"                                                                \
	"<district id='a' centre='1km 1km' radius='500m' population='600'/>"                                               \
	"<district id='b' centre='3km 2km' radius='500m' population='300'/></city>"

static void population_placement_follows_the_districts_shares(void **st)
{
	struct town t = { 0 };
	unsigned in_a = 0, in_b = 0;
	double disc = 3.14159265 * 0.25 / 12, a = 0.6 + 0.1 * disc, b = 0.3 + 0.1 * disc;

	(void)st;
	deploy(&t, DISTRICTS, "count='50000' placement='population'");
	for (uint32_t i = 0; i < t.dev->n; i++) {
		in_a += t.dev->district[i] == 0;
		in_b += t.dev->district[i] == 1;
		if (t.dev->district[i] == 0)
			assert_true(distance(&t, i, 1000, 1000) < 500.01);
	}
	assert_close(in_a / 50000.0, a, 4 * sqrt(a * (1 - a) / 50000));
	assert_close(in_b / 50000.0, b, 4 * sqrt(b * (1 - b) / 50000));
	town_close(&t);
}

static void a_district_or_a_spot_holds_all_devices_of_its_deploy(void **st)
{
	static const char *const laws[] = { "uniform", "clustered", "grid", "hexagonal" };
	struct town t = { 0 };

	(void)st;
	for (size_t k = 0; k < sizeof laws / sizeof laws[0]; k++) {
		char at[256];
		snprintf(at, sizeof at, "count='777' placement='%s' district='b'", laws[k]);
		deploy(&t, DISTRICTS, at);
		for (uint32_t i = 0; i < t.dev->n; i++) {
			assert_int_equal(t.dev->district[i], 1);
			assert_true(distance(&t, i, 3000, 2000) < 500.01);
		}
		town_close(&t);
		snprintf(at, sizeof at, "count='777' placement='%s' centre='0km 0km' radius='300m'", laws[k]);
		deploy(&t, DISTRICTS, at);
		for (uint32_t i = 0; i < t.dev->n; i++)
			assert_true(distance(&t, i, 0, 0) < 300.01 && t.dev->x[i] >= 0 && t.dev->y[i] >= 0);
		town_close(&t);
	}
}

static void a_regular_pattern_has_exactly_its_count_of_distinct_spread_points(void **st)
{
	static const unsigned counts[] = { 1, 2, 7, 12, 100, 997 };
	static const char *const laws[] = { "grid", "hexagonal" };
	static const char *const cities[] = { CITY, "<city radius='2km'/>" };
	struct town t = { 0 };

	(void)st;
	for (unsigned k = 0; k < 24; k++) {
		unsigned n = counts[k % 6];
		double area = k / 12 ? 3.14159265 * 4e6 : 12e6, least = INFINITY;
		char at[128];
		snprintf(at, sizeof at, "count='%u' placement='%s'", n, laws[k / 6 % 2]);
		deploy(&t, cities[k / 12], at);
		assert_int_equal(t.dev->n, n);
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t j = 0; j < i; j++)
				least = fmin(least, distance(&t, i, t.dev->x[j], t.dev->y[j]));
		assert_true(n == 1 || least > 0.6 * sqrt(area / n));
		town_close(&t);
	}
}

static void a_grid_that_fits_is_the_plain_one(void **st)
{
	struct town t = { 0 };

	(void)st;
	deploy(&t, CITY, "count='12' placement='grid'");
	for (uint32_t i = 0; i < 12; i++) {
		assert_close(t.dev->x[i], 500 + 1000.0 * (i % 4), 1e-3);
		assert_close(t.dev->y[i], 500 + 1000.0 * floor(i / 4.0), 1e-3);
	}
	town_close(&t);
}

static void clusters_are_as_many_and_as_wide_as_told(void **st)
{
	struct town t = { 0 };
	double x[5], y[5];
	unsigned found = 0;

	(void)st;
	deploy(&t, CITY, "count='2000' placement='clustered' clusters='5' cluster-radius='1m'");
	for (uint32_t i = 0; i < t.dev->n; i++) {
		unsigned k = 0;
		while (k < found && distance(&t, i, x[k], y[k]) > 2.01)
			k++;
		if (k < found)
			continue;
		assert_true(found < 5);
		x[found] = t.dev->x[i];
		y[found++] = t.dev->y[i];
	}
	assert_int_equal(found, 5);
	town_close(&t);
}

static void the_indoor_share_is_that_of_the_deploy(void **st)
{
	struct town t = { 0 };
	unsigned indoor = 0;

	(void)st;
	deploy(&t, CITY, "count='40000' placement='uniform' indoor='80%'");
	for (uint32_t i = 0; i < t.dev->n; i++)
		indoor += t.dev->indoor[i];
	assert_close(indoor / 40000.0, 0.8, 4 * sqrt(0.16 / 40000));
	town_close(&t);
	deploy(&t, CITY, "count='100' placement='uniform' indoor='100%'");
	for (uint32_t i = 0; i < t.dev->n; i++)
		assert_int_equal(t.dev->indoor[i], 1);
	town_close(&t);
}

static void another_class_leaves_places_and_keys_as_they_were(void **st)
{
	struct town t = { 0 };
	float x[50];
	uint64_t key[50];

	(void)st;
	deploy(&t, CITY, "count='50' placement='uniform'");
	for (uint32_t i = 0; i < 50; i++) {
		x[i] = t.dev->x[i];
		key[i] = device_key(t.dev, i);
	}
	town_close(&t);
	town_open(&t, "duration='1h'",
		  CITY "<device-class id='a'/><deploy class='a' count='9' placement='uniform'/>" CLASS
		       "<deploy class='m' count='50' placement='uniform'/>");
	for (uint32_t i = 0; i < 50; i++) {
		assert_true(t.dev->x[9 + i] == x[i]);
		assert_true(device_key(t.dev, 9 + i) == key[i]);
	}
	town_close(&t);
}

static void rows_of_a_class_are_contiguous_and_keys_distinct(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='1h'",
		  CITY
		  "<device-class id='a'/><device-class id='b'/>"
		  "<deploy class='a' count='3' placement='uniform'/><deploy class='b' count='4' placement='uniform'/>"
		  "<deploy class='a' count='5' placement='grid'/><deploy id='x' class='a' count='1' placement='grid'/>");
	assert_int_equal(t.dev->n, 13);
	assert_int_equal(t.dev->classes[0].first, 0);
	assert_int_equal(t.dev->classes[0].count, 9);
	assert_int_equal(t.dev->classes[1].first, 9);
	assert_int_equal(t.dev->classes[1].count, 4);
	for (uint32_t i = 0; i < 13; i++) {
		assert_int_equal(t.dev->class_of[i], i >= 9);
		for (uint32_t j = 0; j < i; j++)
			assert_true(device_key(t.dev, i) != device_key(t.dev, j));
	}
	town_close(&t);
}

/* One disc of 200 m: E[dx^2] is a quarter of its radius squared, and a uniform marginal of a disc has a kurtosis of 2. */
static void devices_are_uniform_in_a_cluster(void **st)
{
	struct town t = { 0 };
	double n = 40000, x = 0, xx = 0, y = 0, yy = 0;

	(void)st;
	deploy(&t, CITY, "count='40000' placement='clustered' clusters='1' cluster-radius='200m'");
	for (uint32_t i = 0; i < t.dev->n; i++) {
		x += (double)t.dev->x[i] / n;
		y += (double)t.dev->y[i] / n;
	}
	/* the seed keeps the cluster off the border, which would cut it */
	assert_true(x > 200 && x < 3800 && y > 200 && y < 2800);
	for (uint32_t i = 0; i < t.dev->n; i++) {
		xx += ((double)t.dev->x[i] - x) * ((double)t.dev->x[i] - x) / n;
		yy += ((double)t.dev->y[i] - y) * ((double)t.dev->y[i] - y) / n;
		assert_true(distance(&t, i, x, y) < 205);
	}
	assert_close(xx, 1e4, 2.81 * 1e4 / sqrt(n)); /* 99 % for both */
	assert_close(yy, 1e4, 2.81 * 1e4 / sqrt(n));
	town_close(&t);
}

/* Neighbours at the least distance, to a hundredth, of each point away from the border. */
static double neighbours(const struct town *t, double margin)
{
	double least = INFINITY, sum = 0, inner = 0;

	for (uint32_t i = 0; i < t->dev->n; i++)
		for (uint32_t j = 0; j < i; j++)
			least = fmin(least, distance(t, i, t->dev->x[j], t->dev->y[j]));
	for (uint32_t i = 0; i < t->dev->n; i++) {
		double x = t->dev->x[i], y = t->dev->y[i];
		if (x < margin || x > 4000 - margin || y < margin || y > 3000 - margin)
			continue;
		inner++;
		for (uint32_t j = 0; j < t->dev->n; j++)
			sum += j != i && distance(t, i, t->dev->x[j], t->dev->y[j]) < 1.01 * least;
	}
	return sum / inner;
}

/* A few points of the finer pattern are left free, so that the mean is a little less than 6, or 4. */
static void a_hexagonal_pattern_has_six_neighbours_and_a_grid_four(void **st)
{
	struct town t = { 0 };

	(void)st;
	deploy(&t, CITY, "count='990' placement='hexagonal'");
	assert_true(neighbours(&t, 250) > 5.5);
	assert_true(neighbours(&t, 250) <= 6);
	town_close(&t);
	deploy(&t, CITY, "count='990' placement='grid'");
	assert_true(neighbours(&t, 250) > 3.6);
	assert_true(neighbours(&t, 250) <= 4);
	town_close(&t);
}

static void a_million_devices_find_their_places(void **st)
{
	struct town t = { 0 };
	double in_a = 0, indoor = 0, a = 0.6 + 0.1 * 3.14159265 * 0.25 / 12;

	(void)st;
	deploy(&t, DISTRICTS, "count='1000000' placement='population' indoor='80%' over='12h'");
	town_start(&t);
	assert_int_equal(t.dev->n, 1000000);
	for (uint32_t i = 0; i < t.dev->n; i++) {
		in_a += t.dev->district[i] == 0;
		indoor += t.dev->indoor[i];
	}
	assert_close(in_a / 1e6, a, 4 * sqrt(a * (1 - a) / 1e6));
	assert_close(indoor / 1e6, 0.8, 4 * sqrt(0.16 / 1e6));
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uniform_placement_fills_equal_squares_equally),
		cmocka_unit_test(counts_in_discs_are_poisson),
		cmocka_unit_test(population_placement_follows_the_districts_shares),
		cmocka_unit_test(a_district_or_a_spot_holds_all_devices_of_its_deploy),
		cmocka_unit_test(a_regular_pattern_has_exactly_its_count_of_distinct_spread_points),
		cmocka_unit_test(a_grid_that_fits_is_the_plain_one),
		cmocka_unit_test(clusters_are_as_many_and_as_wide_as_told),
		cmocka_unit_test(the_indoor_share_is_that_of_the_deploy),
		cmocka_unit_test(another_class_leaves_places_and_keys_as_they_were),
		cmocka_unit_test(rows_of_a_class_are_contiguous_and_keys_distinct),
		cmocka_unit_test(devices_are_uniform_in_a_cluster),
		cmocka_unit_test(a_hexagonal_pattern_has_six_neighbours_and_a_grid_four),
		cmocka_unit_test(a_million_devices_find_their_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
