/* Earthquakes by hand: how strong, when, of which magnitude, and for how long. */
#include "models/crisis/crisis_private.h"
#include "tests/unit/crisis/tremor.h"

static const double G = 9.80665;

/* M 6.5: -1.02 + 1.6185 - log10 r - 0.00255 r; at 0, 10 and 50 km r is 7.3, 12.381 and 50.530 km. */
static void shaking_falls_off_as_joyner_and_boore_found(void **st)
{
	struct outbreak w;

	(void)st;
	const struct occurrence *o = tremor_open(&w, "<earthquake at='1h' epicentre='0km 0km' magnitude='6.5'/>", 0);
	assert_near(tremor_peak(o, 0, 0) / G, 0.5207, 5e-5);
	assert_near(tremor_peak(o, 10e3, 0) / G, 0.2980, 5e-5);
	upheaval_close(&w);
	o = tremor_open(&w, "<earthquake at='1h' epicentre='-40km -30km' magnitude='6.5' site-term='2'/>", 0);
	assert_near(tremor_peak(o, 0, 0) / G, 2 * 0.058358, 5e-6);
	upheaval_close(&w);
}

/* 8 km away and 6 km deep: 10 km; at 5 and 2.5 km/s 2 and 4 s. */
static void waves_arrive_when_they_have_run_from_the_focus(void **st)
{
	struct outbreak w;
	const struct point at = { 8e3, 0 };

	(void)st;
	const struct occurrence *o = tremor_open(&w,
						 "<earthquake at='1h' epicentre='0km 0km' magnitude='6' depth='6km' "
						 "p-speed='5km/s' s-speed='2.5km/s' lasts='30s'/>",
						 0);
	double peak = tremor_peak(o, at.x, at.y);
	assert_near(sim_seconds(o->type->herald(o, at) - o->onset), 2, 1e-8);
	assert_near(tremor_reach(o, at.x, at.y, 0.01), 4, 1e-8);
	assert_near(tremor_reach(o, at.x, at.y, peak), 4, 1e-8);
	assert_true(isinf(tremor_reach(o, at.x, at.y, peak * 1.0001)));
	assert_near(tremor_at(o, at.x, at.y, 3.999), 0, 0);
	assert_near(tremor_at(o, at.x, at.y, 4.001), peak, 1e-12);
	assert_near(tremor_at(o, at.x, at.y, 33.999), peak, 1e-12);
	assert_near(tremor_at(o, at.x, at.y, 34.001), 0, 0);
	upheaval_close(&w);
}

/* It is over when the farthest corner of the city has shaken: what lies beyond that is not shaken at all. */
static void an_earthquake_is_felt_nowhere_after_its_end(void **st)
{
	struct outbreak w;
	struct point ring[32];

	(void)st;
	const struct occurrence *o = tremor_open(&w,
						 "<earthquake at='1h' epicentre='0km 0km' magnitude='7' depth='0km' "
						 "p-speed='6km/s' s-speed='1km/s' lasts='10s'/>",
						 0);
	assert_near(sim_seconds(o->end - o->onset), 10 + sqrt(200), 1e-8);
	assert_true(tremor_peak(o, 24e3, 0) > 0);
	assert_near(tremor_peak(o, 25e3, 0), 0, 0);
	assert_true(isinf(tremor_reach(o, 25e3, 0, 0.001)));
	assert_near(tremor_at(o, 25e3, 0, 24.1), 0, 0);
	assert_int_equal(o->type->outline(o, o->onset + 5 * SIM_SECOND, ring, 32), 32);
	assert_near(hypot(ring[5].x, ring[5].y), 5e3, 1e-6);
	assert_int_equal(o->type->outline(o, o->end + 1, ring, 32), 0);
	upheaval_close(&w);
}

/* From 5 to 7 at b = 1: 5 + 1/ln 10 - 2 / 99 = 5.41409; its magnitude follows from the shaking at the epicentre. */
static void magnitudes_follow_gutenberg_and_richter(void **st)
{
	const int runs = 400;
	double sum = 0, square = 0, least = 10, most = 0;

	(void)st;
	for (int r = 0; r < runs; r++) {
		struct outbreak w;
		const struct occurrence *o = tremor_open(&w,
							 "<earthquake at='1h' epicentre='0km 0km' magnitude='5' "
							 "magnitude-max='7'/>",
							 (uint64_t)r);
		double m = (log10(tremor_peak(o, 0, 0) / G) + 1.02 + log10(7.3) + 0.00255 * 7.3) / 0.249;
		sum += m;
		square += m * m;
		least = fmin(least, m);
		most = fmax(most, m);
		upheaval_close(&w);
	}
	double mean = sum / runs, sd = sqrt((square - sum * mean) / (runs - 1));
	assert_near(mean, 5.41409, 3.2905 * sd / sqrt(runs));
	assert_true(least >= 5 - 1e-9 && most <= 7 + 1e-9 && most > 6);
	/* variance of the law cut off at 2: 1/b2 - 4 x 0.01 / 0.99^2 with b = ln 10 */
	assert_near(sd, sqrt(1 / (log(10) * log(10)) - 0.04 / (0.99 * 0.99)), 0.1 * 0.4);
}

/* log10 of the acceleration has the standard deviation `scatter` over earthquakes, and is the same all over one of them. */
static void scatter_is_of_an_earthquake_not_of_a_place(void **st)
{
	const int runs = 200;
	double square = 0;

	(void)st;
	for (int r = 0; r < runs; r++) {
		struct outbreak w;
		const struct occurrence *o = tremor_open(&w,
							 "<earthquake at='1h' epicentre='0km 0km' magnitude='6.5' "
							 "scatter='0.26'/>",
							 (uint64_t)r);
		double x = log10(tremor_peak(o, 0, 0) / G / 0.52066950),
		       y = log10(tremor_peak(o, 10e3, 0) / G / 0.29796925);
		assert_near(x, y, 1e-7);
		square += x * x;
		upheaval_close(&w);
	}
	/* chi2 of 200 at 0.05 % and 99.95 % */
	assert_true(square / (0.26 * 0.26) > 140.7 && square / (0.26 * 0.26) < 272.4);
}

static void what_cannot_be_is_refused_with_a_remedy(void **st)
{
	(void)st;
#define QUAKE(more) "<earthquake at='1h' epicentre='1km 1km' " more "/>"
	assert_true(
		upheaval_refused(DEVICE, QUAKE("magnitude='6' magnitude-max='5.5'"), "is not above the magnitude of 6"));
	assert_true(upheaval_refused(DEVICE, QUAKE("magnitude='6' b-value='1'"), "is read with magnitude-max only"));
	assert_true(
		upheaval_refused(DEVICE, QUAKE("magnitude='6' s-speed='6km/s'"), "is not below that of the first wave"));
	assert_true(
		upheaval_refused(DEVICE, "<earthquake at='1h' epicentre='50N 7E' magnitude='6'/>", "no place on earth"));
	assert_true(tremor_warned(QUAKE("magnitude='8'"), "outside 5.0 to 7.7"));
	assert_true(tremor_warned(QUAKE("magnitude='6' magnitude-max='8'"), "is above 7.7"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shaking_falls_off_as_joyner_and_boore_found),
		cmocka_unit_test(waves_arrive_when_they_have_run_from_the_focus),
		cmocka_unit_test(an_earthquake_is_felt_nowhere_after_its_end),
		cmocka_unit_test(magnitudes_follow_gutenberg_and_richter),
		cmocka_unit_test(scatter_is_of_an_earthquake_not_of_a_place),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
