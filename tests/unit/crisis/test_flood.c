/* Floods by hand: over ground that rises, along a river, in districts, and as a gauge recorded them. */
#include "models/crisis/crisis_private.h"
#include "models/crisis/hazard_place.h"
#include "tests/unit/crisis/tremor.h"

/* USGS 01589330, Dead Run at Franklintown: the second rise of 3 June 2018, as the survey gives it. */
static const char dead_run[] = "time_utc,discharge_cfs,gage_height_ft,flag\n"
			       "2018-06-03T21:00Z,202,2.31,A\n"
			       "2018-06-03T21:05Z,213,2.37,A\n"
			       "2018-06-03T21:10Z,237,2.5,A\n"
			       "2018-06-03T21:15Z,296,2.81,A\n"
			       "2018-06-03T21:20Z,400,3.29,A\n"
			       "2018-06-03T21:25Z,549,3.93,A\n"
			       "2018-06-03T21:30Z,741,4.57,A\n"
			       "2018-06-03T21:35Z,878,4.98,A\n"
			       "2018-06-03T21:40Z,1040,5.43,A\n"
			       "2018-06-03T21:45Z,1150,5.7,A\n";

/* Up 1 m/h to 2 m, at 2 m until 2 h before its end after 10 h; 500 m away the ground is 0.5 m higher. */
static void water_rises_stays_and_falls(void **st)
{
	struct outbreak w;

	(void)st;
	const struct occurrence *o =
		tremor_open(&w, "<flood at='1h' source='5km 5km' rise='1m/h' peak='2m' lasts='10h'/>", 0);
	assert_near(tremor_at(o, 5e3, 5e3, 3600), 1, 1e-12);
	assert_near(tremor_at(o, 5500, 5e3, 3600), 0.5, 1e-12);
	assert_near(tremor_at(o, 5e3, 7e3, 5 * 3600), 0, 0);
	assert_near(tremor_at(o, 5e3, 5e3, 5 * 3600), 2, 1e-12);
	assert_near(tremor_at(o, 5e3, 5e3, 9 * 3600), 1, 1e-12);
	assert_near(tremor_at(o, 5e3, 5e3, 10 * 3600 + 1), 0, 0);
	assert_near(tremor_peak(o, 5500, 5e3), 1.5, 1e-12);
	assert_near(tremor_reach(o, 5500, 5e3, 1), 1.5 * 3600, 1e-6);
	assert_true(isinf(tremor_reach(o, 5500, 5e3, 1.501)));
	upheaval_close(&w);
	/* no time for 2 m: 1 h up, 1 h down */
	o = tremor_open(&w, "<flood at='1h' source='5km 5km' rise='1m/h' peak='2m' lasts='2h'/>", 0);
	assert_near(tremor_peak(o, 5e3, 5e3), 1, 1e-12);
	upheaval_close(&w);
}

static void a_river_floods_what_is_near_any_part_of_it(void **st)
{
	struct outbreak w;
	struct point ring[72];

	(void)st;
	const struct occurrence *o =
		tremor_open(&w, "<flood at='1h' river='0km 5km; 4km 5km; 4km 5km; 4km 9km; ' peak='2m'/>", 0);
	assert_near(tremor_peak(o, 2e3, 5500), 1.5, 1e-12);
	assert_near(tremor_peak(o, 4300, 8e3), 1.7, 1e-12);
	assert_near(tremor_peak(o, 4300, 4600), 1.5, 1e-12);
	assert_near(tremor_peak(o, 2e3, 8e3), 0, 0);
	/* at its peak it is 2 km wide on either side */
	size_t n = o->type->outline(o, o->onset + 20 * SIM_HOUR, ring, 72);
	assert_true(n >= 20 && n <= 72);
	for (size_t i = 0; i < n; i++) {
		const struct point river[] = { { 0, 5e3 }, { 4e3, 5e3 }, { 4e3, 9e3 } };
		assert_near(place_to_line(river, 3, ring[i]), 2000, 1e-3);
		/* no leg of the ring runs across the water */
		struct point next = ring[(i + 1) % n], middle = { (ring[i].x + next.x) / 2, (ring[i].y + next.y) / 2 };
		assert_true(place_to_line(river, 3, middle) > 1800);
	}
	upheaval_close(&w);
}

static void an_outline_fits_any_ring_however_many_points_the_line_has(void **st)
{
	struct point line[200], ring[72];

	(void)st;
	for (int i = 0; i < 200; i++)
		line[i] = (struct point){ 50.0 * i, 1000 * sin(i / 30.0) };
	for (size_t cap = 0; cap <= 72; cap++) {
		size_t n = place_around_line(line, 200, 300, ring, cap);
		assert_true(n <= cap && (cap < 16 || n >= 6));
	}
	assert_int_equal(place_around_line(line, 200, 0, ring, 72), 0);
	assert_int_equal(place_around_line(line, 0, 300, ring, 72), 0);
	assert_int_equal(place_around_line(line, 1, 300, ring, 72), 72);
}

static void only_the_districts_that_it_names_are_flooded(void **st)
{
	struct outbreak w;

	(void)st;
	const struct occurrence *o =
		tremor_open(&w, "<flood at='1h' source='5km 5km' rise='1m/h' peak='10m' districts=' east '/>", 0);
	assert_near(tremor_peak(o, 7500, 5e3), 7.5, 1e-12);
	assert_near(tremor_peak(o, 2500, 5e3), 0, 0);
	assert_near(tremor_peak(o, 5e3, 5e3), 0, 0);
	assert_true(isinf(tremor_reach(o, 2500, 5e3, 0.1)));
	upheaval_close(&w);
}

/* Level with the ground at 3 ft: 5.7 ft is 0.82296 m over it; 4.25 ft between 21:25 and 21:30, half way; 3 ft at 21:15 + 5 min x 19/48. */
static void a_flood_is_what_its_gauge_recorded(void **st)
{
	struct outbreak w;

	(void)st;
	tremor_file("gauge.csv", dead_run);
	const struct occurrence *o = tremor_open(
		&w,
		"<flood at='1h' source='5km 5km' file='gauge.csv' column='gage_height_ft' scale='0.3048' datum='0.9144m'/>",
		0);
	assert_near(tremor_peak(o, 5e3, 5e3), 0.82296, 1e-9);
	assert_near(tremor_at(o, 5e3, 5e3, 27.5 * 60), 0.381, 1e-9);
	assert_near(tremor_at(o, 5e3, 5e3, 10 * 60), 0, 0);
	assert_near(tremor_reach(o, 5e3, 5e3, 1e-9), (15 + 5 * 19 / 48.0) * 60, 1e-3);
	assert_near(tremor_reach(o, 5200, 5e3, 0.181), 27.5 * 60, 1e-3);
	assert_near(sim_seconds(o->end - o->onset), 45 * 60, 0);
	upheaval_close(&w);
	tremor_file("seconds.csv", "time_s,level_m\n100,0.5\n200,1.5\n300,0\n");
	o = tremor_open(&w, "<flood at='1h' source='5km 5km' file='seconds.csv'/>", 0);
	assert_near(tremor_at(o, 5e3, 5e3, 50), 1, 1e-12);
	assert_near(tremor_reach(o, 5e3, 5e3, 0.4), 0, 0);
	upheaval_close(&w);
}

static bool refused_file(const char *text, const char *message)
{
	tremor_file("wrong.csv", text);
	return upheaval_refused(DEVICE, "<flood at='1h' source='5km 5km' file='wrong.csv'/>", message);
}

static void a_wrong_file_is_refused_by_its_line(void **st)
{
	(void)st;
	assert_true(refused_file("level_m\n1\n", "has neither a column time_s nor time_utc"));
	assert_true(refused_file("time_s,ft\n1,1\n2,2\n", "level_m"));
	assert_true(refused_file("time_s,level_m\n1,1\n", "has fewer than two rows"));
	assert_true(refused_file("time_s,level_m\n1,1\n1,2\n", "wrong.csv:3: is not later than the line before"));
	assert_true(refused_file("time_s,level_m\n1,1\n9e9,2\n", "wrong.csv:3: is more than 10 years after"));
	assert_true(refused_file("time_utc,level_m\n2018-06-03,1\nnoon,2\n", "wrong.csv:3: \"noon\" is not a time"));
	assert_true(refused_file("time_s,level_m\n1,1\n2,x\n", "wrong.csv:3"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='5km 5km' file='none.csv'/>", "none.csv"));
	tremor_file("dry.csv", "time_s,level_m\n1,-1\n2,-2\n");
	assert_true(tremor_warned("<flood at='1h' source='5km 5km' file='dry.csv'/>", "nothing is flooded"));
}

static void what_cannot_be_is_refused_with_a_remedy(void **st)
{
	(void)st;
	tremor_file("gauge.csv", dead_run);
	assert_true(upheaval_refused(DEVICE, "<flood at='1h'/>", "needs one of source"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='1km 1km' river='1km 1km; 2km 2km'/>",
				     "needs one of source"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='50N 7E'/>", "no place on earth"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' river='1km 1km; 50N 7E'/>",
				     "has \"50N 7E\", which is in degrees"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' river=' '/>", "which is not a position"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' river='1km 1km; up'/>", "which is not a position"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='1km 1km' districts='west north'/>",
				     "\"north\", and the city has no"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='1km 1km' scale='2'/>", "is read with file=... only"));
	assert_true(upheaval_refused(DEVICE, "<flood at='1h' source='1km 1km' file='gauge.csv' peak='2m'/>",
				     "does not go with a file"));
	/* of any hazard: a level in its unit, the value said once */
	assert_true(upheaval_refused(
		DEVICE, "<flood id='f' at='1h' source='1km 1km'/><warning hazard='flood' rule='any' risk='3kg'/>",
		"\"3kg\" is not a length"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(water_rises_stays_and_falls),
		cmocka_unit_test(a_river_floods_what_is_near_any_part_of_it),
		cmocka_unit_test(an_outline_fits_any_ring_however_many_points_the_line_has),
		cmocka_unit_test(only_the_districts_that_it_names_are_flooded),
		cmocka_unit_test(a_flood_is_what_its_gauge_recorded),
		cmocka_unit_test(a_wrong_file_is_refused_by_its_line),
		cmocka_unit_test(what_cannot_be_is_refused_with_a_remedy),
	};

	return cmocka_run_group_tests(tests, tremor_enter, tremor_leave);
}
