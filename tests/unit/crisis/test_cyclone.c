/* Cyclones by hand, and against a search by steps. */
#include "models/crisis/crisis_private.h"
#include "tests/unit/crisis/tremor.h"

/* 40 km away it blows at its strongest; at half, twice and five times that, sqrt(x e^(1-x)) with x = (R/r)^1.5 is 0.6741, 0.8215
 * and 0.4715.  The eye is due east of the place at the onset, and moves away. */
static void wind_falls_off_as_holland_found(void **st)
{
	static const struct {
		const char *start;
		double v;
	} cases[] = {
		{ "10km 0km", 4.2706 },  { "20km 0km", 33.7058 },  { "40km 0km", 50 },
		{ "80km 0km", 41.0744 }, { "200km 0km", 23.5759 },
	};

	(void)st;
	for (size_t i = 0; i < 5; i++) {
		struct outbreak w;
		char text[256];
		snprintf(text, sizeof text, "<cyclone at='1h' start='%s' heading='90deg' wind='50m/s' radius='40km'/>",
			 cases[i].start);
		const struct occurrence *o = tremor_open(&w, text, 0);
		assert_near(tremor_at(o, 0, 0, 0), cases[i].v, 5e-5);
		upheaval_close(&w);
	}
}

/* Eye from 100 km south to the north at 20 km/h, 10 km to the east: over the strongest wind at r = 40 km, 38.73 km before the place's
 * latitude: (100 - 38.73) / 20 h.  Nearest after 5 h: the eye's calm. */
static void the_eye_passes_when_it_is_there(void **st)
{
	struct outbreak w;
	struct point ring[16];

	(void)st;
	const struct occurrence *o = tremor_open(
		&w, "<cyclone at='1h' start='10km -100km' heading='0deg' speed='20km/h' wind='50m/s' lasts='10h'/>", 0);
	assert_near(tremor_peak(o, 0, 0), 50, 1e-9);
	assert_near(tremor_reach(o, 0, 0, 50), (100 - sqrt(1500)) / 20 * 3600, 0.1);
	assert_near(tremor_at(o, 0, 0, 5 * 3600), 4.2706, 5e-5);
	assert_near(tremor_at(o, 0, 0, 10 * 3600 + 1), 0, 0);
	assert_int_equal(o->type->outline(o, o->onset + 5 * SIM_HOUR, ring, 16), 16);
	for (int i = 0; i < 16; i++)
		assert_near(hypot(ring[i].x - 10e3, ring[i].y), 40e3, 1e-6);
	assert_int_equal(o->type->outline(o, o->end + 1, ring, 16), 0);
	upheaval_close(&w);
}

static void against_a_search(const struct occurrence *o, struct point at)
{
	const int steps = 40000;
	simtime_t step = (o->end - o->onset) / steps;
	double top = 0, level[3], first[3] = { INFINITY, INFINITY, INFINITY };

	for (int k = 0; k < 3; k++)
		level[k] = tremor_peak(o, at.x, at.y) * (0.4 + 0.25 * k);
	for (int i = 0; i <= steps; i++) {
		double v = o->type->intensity(o, at, o->onset + i * step);
		top = fmax(top, v);
		for (int k = 0; k < 3; k++)
			if (v >= level[k] && isinf(first[k]))
				first[k] = sim_seconds(i * step);
	}
	assert_near(tremor_peak(o, at.x, at.y), top, 1e-3 * top);
	for (int k = 0; k < 3; k++)
		assert_near(tremor_reach(o, at.x, at.y, level[k]), first[k], 1e-3 * sim_seconds(o->end - o->onset));
}

static void peaks_and_first_times_are_those_of_a_search_by_steps(void **st)
{
	static const char *const cyclones[] = {
		/* past, over it, not yet there at the end, and from within the eye */
		"<cyclone at='1h' start='-150km -90km' heading='60deg' speed='30km/h' wind='45m/s' radius='20km' lasts='12h'/>",
		"<cyclone at='1h' start='5km 60km' heading='180deg' speed='15km/h' wind='60m/s' radius='15km' b='2.2' lasts='9h'/>",
		"<cyclone at='1h' start='300km 5km' heading='270deg' speed='20km/h' wind='60m/s' b='1' lasts='6h'/>",
		"<cyclone at='1h' start='5km 5km' heading='45deg' speed='10km/h' wind='40m/s' radius='30km' lasts='1h'/>",
	};

	(void)st;
	for (size_t i = 0; i < 4; i++) {
		struct outbreak w;
		const struct occurrence *o = tremor_open(&w, cyclones[i], 0);
		against_a_search(o, (struct point){ 0, 0 });
		against_a_search(o, (struct point){ 5e3, 5.1e3 });
		against_a_search(o, (struct point){ 10e3, 2e3 });
		upheaval_close(&w);
	}
}

/* What blows only at the very end is reached by the end. */
static void what_is_reached_is_reached_before_the_end(void **st)
{
	struct outbreak w;

	(void)st;
	const struct occurrence *o = tremor_open(
		&w, "<cyclone at='1h' start='300km 5km' heading='270deg' speed='20km/h' wind='60m/s' lasts='6h'/>", 0);
	simtime_t t = o->type->reach(o, (struct point){ 0, 5e3 }, tremor_peak(o, 0, 5e3));
	assert_true(t <= o->end && t > o->end - SIM_MS);
	upheaval_close(&w);
}

static void a_place_in_degrees_needs_a_city_on_earth(void **st)
{
	(void)st;
	assert_true(upheaval_refused(DEVICE, "<cyclone at='1h' start='50N 7E' heading='0deg' wind='50m/s'/>",
				     "no place on earth"));
	assert_true(upheaval_refused(DEVICE, "<cyclone start='5km 7km' heading='0deg' wind='50m/s'/>",
				     "does not say when it happens"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wind_falls_off_as_holland_found),
		cmocka_unit_test(the_eye_passes_when_it_is_there),
		cmocka_unit_test(peaks_and_first_times_are_those_of_a_search_by_steps),
		cmocka_unit_test(what_is_reached_is_reached_before_the_end),
		cmocka_unit_test(a_place_in_degrees_needs_a_city_on_earth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
