/* The city of a scenario: its form, its districts, its people, and places in it. */
#include "tests/unit/city/place.h"

#include <fcntl.h>
#include <gsl/gsl_cdf.h>
#include <unistd.h>

#include "models/city/placement.h"

#define BONN "boundary=\"scenarios/lib/bonn/boundary.geojson\" districts=\"scenarios/lib/bonn/districts.geojson\""

static void a_rectangle_begins_at_its_origin_and_a_disc_lies_around_it(void **state)
{
	struct place_world w = place_open("<city width=\"12km\" height=\"9km\"/>", 0);
	const struct city *c = city_of(w.sc);
	struct point low, high;

	(void)state;
	assert_close(city_area(c), 108e6, 1e-3);
	city_bounds(c, &low, &high);
	assert_close(low.x, 0, 0);
	assert_close(high.y, 9000, 0);
	assert_true(city_contains(c, (struct point){ 1, 1 }));
	assert_false(city_contains(c, (struct point){ -1, 1 }));
	assert_false(city_on_earth(c));
	place_close(&w);
	w = place_open("<city radius=\"2km\"/>", 0);
	c = city_of(w.sc);
	assert_close(city_area(c), M_PI * 4e6, 1e-3);
	assert_true(city_contains(c, (struct point){ -1400, -1400 }));
	assert_false(city_contains(c, (struct point){ -1500, -1500 }));
	place_close(&w);
}

static void bonn_has_its_areas_and_people(void **state)
{
	/* areas by a cylindrical equal-area projection of the WGS84 ellipsoid, computed apart from the same
	 * files; people of 30 June 2007 */
	static const struct {
		const char *name;
		double km2, people;
	} rows[] = { { "Bonn", 65.1814, 145614 },
		     { "Bad Godesberg", 31.9216, 70870 },
		     { "Beuel", 33.0270, 66100 },
		     { "Hardtberg", 10.9346, 31717 } };
	struct place_world w = place_open("<city " BONN " population-scale=\"1.062\"/>", 0);
	const struct city *c = city_of(w.sc);

	(void)state;
	assert_close(city_area(c) * 1e-6, 141.0441, 0.001 * 141);
	assert_close(city_population(c), 314301 * 1.062, 1e-6);
	assert_int_equal(city_n_districts(c), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct district *d = NULL;
		for (size_t k = 0; k < 4; k++)
			if (strcmp(city_district(c, k)->name, rows[i].name) == 0)
				d = city_district(c, k);
		assert_non_null(d);
		assert_close(d->area * 1e-6, rows[i].km2, 0.001 * rows[i].km2);
		assert_close(d->population, rows[i].people * 1.062, 1e-6);
		assert_close(d->share, rows[i].people / 314301, 1e-12);
	}
	/* the old town hall lies in the district of Bonn, Cologne Cathedral in none */
	int at = city_district_at(c, city_locate(c, (struct position){ 50.7351, 7.1025, true, true }));
	assert_string_equal(city_district(c, (size_t)at)->name, "Bonn");
	assert_int_equal(city_district_at(c, city_locate(c, (struct position){ 50.9413, 6.9583, true, true })), -1);
	place_close(&w);
}

static void metres_and_degrees_agree_there_and_back(void **state)
{
	struct place_world w = place_open("<city " BONN "/>", 0);
	const struct city *c = city_of(w.sc);
	struct rng r = rng_stream(1, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);
	double lon, lat;

	(void)state;
	assert_true(city_on_earth(c));
	for (int i = 0; i < 1000; i++) {
		struct point p = city_draw(c, CITY_UNIFORM, &r, NULL), q;
		city_lonlat(c, p, &lon, &lat);
		q = city_locate(c, (struct position){ lat, lon, true, true });
		assert_close(q.x, p.x, 1e-6);
		assert_close(q.y, p.y, 1e-6);
	}
	/* two gateways of the survey: 4,709.59 m by Vincenty's formula on WGS84 */
	struct point a = city_locate(c, (struct position){ 50.735372, 7.128928, true, true });
	struct point b = city_locate(c, (struct position){ 50.738196, 7.062363, true, true });
	assert_close(hypot(a.x - b.x, a.y - b.y), 4709.586, 0.001 * 4709);
	place_close(&w);
}

static void people_fall_on_districts_by_their_shares(void **state)
{
	struct place_world w =
		place_open("<city width=\"10km\" height=\"10km\" population=\"10000\">"
			   "<district id=\"a\" centre=\"2km 2km\" radius=\"1km\" population=\"6000\"/>"
			   "<district id=\"b\" centre=\"7km 7km\" radius=\"2km\" population=\"3000\"/></city>",
			   0);
	const struct city *c = city_of(w.sc);
	double share_a = M_PI / 100, share_b = M_PI * 4 / 100, n = 100000, seen[3] = { 0 }, chi2 = 0;
	/* the thousand in no district fall on the whole city, districts included */
	double expect[3] = { n * (0.6 + 0.1 * share_a), n * (0.3 + 0.1 * share_b), n * 0.1 * (1 - share_a - share_b) };

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		struct rng r = rng_stream(7, RNG_PURPOSE('t', 'e', 's', 't'), i, 0);
		int district;
		struct point p = city_draw(c, CITY_POPULATION, &r, &district);
		assert_int_equal(district, city_district_at(c, p));
		seen[district < 0 ? 2 : district]++;
	}
	for (int k = 0; k < 3; k++)
		chi2 += (seen[k] - expect[k]) * (seen[k] - expect[k]) / expect[k];
	assert_true(chi2 < gsl_cdf_chisq_Pinv(0.99, 2));
	place_close(&w);
}

static void a_draw_never_ends_outside_the_city(void **state)
{
	struct place_world w =
		place_open("<city width=\"10km\" height=\"10km\">"
			   "<district id=\"corner\" centre=\"0km 0km\" radius=\"3km\" population=\"10\"/></city>",
			   0);
	const struct city *c = city_of(w.sc);
	struct rng r = rng_stream(7, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);

	(void)state;
	for (int i = 0; i < 10000; i++) {
		int district;
		struct point p = city_draw(c, CITY_POPULATION, &r, &district);
		assert_true(city_contains(c, p));
		assert_int_equal(district, 0);
		assert_true(hypot(p.x, p.y) <= 3000);
	}
	place_close(&w);
}

static void a_district_can_take_its_shape_from_the_file_by_name(void **state)
{
	struct place_world w =
		place_open("<city " BONN "><district id=\"south\" name=\"Bad Godesberg\" population=\"9\"/></city>", 0);
	const struct city *c = city_of(w.sc);

	(void)state;
	assert_int_equal(city_n_districts(c), 4);
	for (size_t i = 0; i < 4; i++)
		if (strcmp(city_district(c, i)->id, "south") == 0) {
			assert_close(city_district(c, i)->population, 9, 0);
			assert_close(city_district(c, i)->area * 1e-6, 31.92, 0.04);
			place_close(&w);
			return;
		}
	fail();
}

/* In a folder of its own that holds f.geojson; leave_folder brings back. */
struct folder { int back; char path[64]; };

static struct folder enter_folder(const char *geojson)
{
	struct folder f = { open(".", O_RDONLY), "/tmp/sccsim-city-XXXXXX" };

	assert_true(f.back >= 0);
	assert_non_null(mkdtemp(f.path));
	assert_int_equal(chdir(f.path), 0);
	FILE *out = fopen("f.geojson", "w");
	assert_non_null(out);
	fputs(geojson, out);
	assert_int_equal(fclose(out), 0);
	return f;
}

static void leave_folder(struct folder *f)
{
	remove("f.geojson");
	assert_int_equal(fchdir(f->back), 0);
	assert_int_equal(rmdir(f->path), 0);
	close(f->back);
}

/* 0.2 by 0.1 degrees at 17 S, cut at 180 degrees as RFC 7946 asks, and once more in one ring. */
static void a_city_across_the_date_line_hangs_together(void **state)
{
	static const char *const files[] = { "{\"type\":\"MultiPolygon\",\"coordinates\":["
					     "[[[179.9,-17],[180,-17],[180,-16.9],[179.9,-16.9],[179.9,-17]]],"
					     "[[[-180,-17],[-179.9,-17],[-179.9,-16.9],[-180,-16.9],[-180,-17]]]]}",
					     "{\"type\":\"Polygon\",\"coordinates\":["
					     "[[179.9,-17],[-179.9,-17],[-179.9,-16.9],[179.9,-16.9],[179.9,-17]]]}" };
	/* by the radii of curvature at 16.95 S: 6,340,850 and 6,379,952 x cos m a radian */
	double wide = 0.2 * 106514.03, high = 0.1 * 110668.72;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct folder f = enter_folder(files[i]);
		struct place_world w = place_open("<city boundary=\"f.geojson\"/>", 0);
		const struct city *c = city_of(w.sc);
		double lon, lat;
		assert_close(city_area(c), wide * high, 1e-5 * wide * high);
		struct point east = city_locate(c, (struct position){ -16.95, -179.95, true, true });
		struct point west = city_locate(c, (struct position){ -16.95, 179.95, true, true });
		assert_true(city_contains(c, east) && city_contains(c, west));
		assert_close(east.x - west.x, wide / 2, 1e-5 * wide);
		city_lonlat(c, east, &lon, &lat);
		assert_close(lon, 180.05, 1e-9); /* not -179.95: a ring must not run round the earth */
		place_close(&w);
		leave_folder(&f);
	}
}

#define SQUARE(at) "[[[" at ",50],[" at "5,50],[" at "5,50.1],[" at ",50.1],[" at ",50]]]"
#define FEATURE(id, name, at)                                                                                              \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\",\"name\":\"" name "\"},"                              \
	"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE(at) "}}"

static void a_shape_of_the_file_is_taken_once_and_by_its_id_before_its_name(void **state)
{
	struct folder f =
		enter_folder("{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("s", "Port", "7.0") "," FEATURE(
			"port", "North", "7.1") "," FEATURE("t", "Twin", "7.2") "," FEATURE("u", "Twin", "7.3") "]}");
	struct place_world w = place_open("<city districts=\"f.geojson\"><district id=\"port\" name=\"Port\"/>"
					  "<district id=\"a\" name=\"Twin\"/><district id=\"b\" name=\"Twin\"/></city>",
					  0);
	const struct city *c = city_of(w.sc);

	(void)state;
	assert_string_equal(city_district(c, 0)->id, "s");
	assert_string_equal(city_district(c, 1)->id, "port");
	assert_string_equal(city_district(c, 1)->name, "Port");
	assert_string_equal(city_district(c, 2)->id, "a");
	assert_string_equal(city_district(c, 3)->id, "b");
	place_close(&w);
	place_refuses(
		"<city districts=\"f.geojson\"><district id=\"a\" name=\"Port\"/><district id=\"b\" name=\"Port\"/></city>",
		"is the shape of the districts file that \"a\" has already");
	leave_folder(&f);
}

/* 61 times a letter of two bytes, after one of one: the 120th byte lies within a letter. */
static void a_long_id_is_not_cut_within_a_character(void **state)
{
	char id[124] = "a", file[600], cut[122] = "a";

	(void)state;
	for (int i = 0; i < 61; i++)
		strcat(id, "\xc3\xbc");
	for (int i = 0; i < 59; i++)
		strcat(cut, "\xc3\xbc");
	snprintf(
		file, sizeof file,
		"{\"type\":\"Feature\",\"properties\":{\"id\":\"%s\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE(
			"7.0") "}}",
		id);
	struct folder f = enter_folder(file);
	struct place_world w = place_open("<city districts=\"f.geojson\"/>", 0);
	assert_string_equal(city_district(city_of(w.sc), 0)->id, cut);
	place_close(&w);
	leave_folder(&f);
}

/* Districts are counted in 16 bits. */
static void districts_have_a_limit(void **state)
{
	size_t n = 32768, cap = n * 80 + 200, at;
	char *text = malloc(cap);
	struct place_world w = { .diag = diag_new() };

	(void)state;
	assert_non_null(text);
	at = (size_t)snprintf(
		text, cap,
		"<scenario xmlns=\"urn:sccsim:scenario:1\" id=\"t\"><run duration=\"1d\"/><city radius=\"1km\">");
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, cap - at, "<district id=\"d%zu\" centre=\"0m 0m\" radius=\"9m\"/>", i);
	at += (size_t)snprintf(text + at, cap - at, "</city></scenario>");
	w.sc = scenario_parse(text, at, ".", &place_table, NULL, NULL, 0, w.diag);
	assert_null(w.sc);
	assert_true(place_says(&w, "has 32768 districts: more than 32767"));
	free(text);
	place_close(&w);
}

static void what_makes_no_city_is_refused(void **state)
{
	(void)state;
	place_refuses("<city/>", "exactly one of these");
	place_refuses("<city width=\"1km\"/>", "exactly one of these");
	place_refuses("<city width=\"1km\" height=\"1km\" radius=\"1km\"/>", "exactly one of these");
	place_refuses("<city width=\"0m\" height=\"1km\"/>", "width");
	place_refuses("<city radius=\"1km\"/><city radius=\"1km\"/>", "city");
	place_refuses("", "city");
	place_refuses("<city radius=\"1km\" origin=\"3km 4km\"/>", "is not a WGS84 position");
	place_refuses("<city radius=\"1km\" origin=\"89N 7E\"/>", "pole");
	place_refuses("<city " BONN " origin=\"50N 7E\"/>", "does not go with a boundary");
	place_refuses(
		"<city radius=\"1km\" population=\"10\"><district id=\"a\" centre=\"0m 0m\" radius=\"10m\" population=\"11\"/></city>",
		"less than its districts'");
	place_refuses("<city radius=\"1km\"><district id=\"a\" centre=\"9km 9km\" radius=\"10m\"/></city>",
		      "holds no part");
	place_refuses("<city radius=\"1km\"><district id=\"a\" centre=\"50N 7E\" radius=\"10m\"/></city>",
		      "no place on earth");
	place_refuses("<city radius=\"1km\"><district id=\"a\" centre=\"0m 0m\"/></city>", "needs its radius");
	place_refuses("<city radius=\"1km\"><district id=\"a\" radius=\"10m\"/></city>", "needs its centre");
	place_refuses("<city radius=\"1km\"><district id=\"a\"/></city>", "needs centre and radius");
	place_refuses("<city " BONN " id-property=\"nummer\"/>", "no text or number \"nummer\"");
	place_refuses("<city " BONN " population-property=\"name\"/>", "no number \"name\"");
	place_refuses("<city boundary=\"gone.geojson\"/>", "gone.geojson");
}

static void all_problems_of_a_city_are_told_at_once(void **state)
{
	struct place_world w =
		place_load("<city radius=\"1km\"><district id=\"a\" radius=\"10m\"/><district id=\"b\"/></city>");

	(void)state;
	assert_int_equal(diag_errors(w.diag), 2);
	place_close(&w);
}

static void a_lattice_has_as_many_points_as_asked_for_all_inside(void **state)
{
	static const size_t counts[] = { 1, 2, 3, 7, 9, 100, 1000 };
	struct place_world w = place_open("<city " BONN "/>", 0);
	const struct city *c = city_of(w.sc);
	struct point at[1000];

	(void)state;
	for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++)
		for (int hexagonal = 0; hexagonal < 2; hexagonal++) {
			size_t n = counts[k];
			double least = INFINITY, mean = sqrt(city_area(c) / (double)n);
			assert_true(city_lattice(c, hexagonal, n, at));
			for (size_t i = 0; i < n; i++) {
				assert_true(city_contains(c, at[i]));
				for (size_t j = 0; j < i; j++)
					least = fmin(least, hypot(at[i].x - at[j].x, at[i].y - at[j].y));
			}
			/* hexagonal points lie sqrt(2 / sqrt(3)) of the mean spacing apart where borders cost nothing */
			if (n >= 100)
				assert_true(least > 0.85 * mean * (hexagonal ? 1.0746 : 1));
		}
	place_close(&w);
}

/* A hexagonal lattice has six nearest neighbours, a square one four; at the border fewer. */
static void a_lattice_is_hexagonal_or_square(void **state)
{
	enum { N = 900 };
	struct place_world w = place_open("<city width=\"4km\" height=\"3km\"/>", 0);
	struct point at[N];

	(void)state;
	for (int hexagonal = 0; hexagonal < 2; hexagonal++) {
		double least = INFINITY, sum = 0;
		unsigned inner = 0;
		assert_true(city_lattice(city_of(w.sc), hexagonal, N, at));
		for (size_t i = 1; i < N; i++)
			least = fmin(least, hypot(at[i].x - at[0].x, at[i].y - at[0].y));
		for (size_t i = 0; i < N; i++) {
			if (at[i].x < 400 || at[i].x > 3600 || at[i].y < 400 || at[i].y > 2600)
				continue;
			inner++;
			for (size_t j = 0; j < N; j++)
				sum += j != i && hypot(at[i].x - at[j].x, at[i].y - at[j].y) < 1.001 * least;
		}
		assert_true(inner > 400);
		assert_close(sum / inner, hexagonal ? 6 : 4, 0);
	}
	place_close(&w);
}

static void a_square_lattice_that_fits_fills_the_city(void **state)
{
	static const struct {
		size_t n;
		unsigned cols;
	} rows[] = { { 1, 1 }, { 4, 2 }, { 12, 4 }, { 48, 8 } };
	struct point at[48];

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		size_t n = rows[k].n, cols = rows[k].cols;
		double wide = n == 4 || n == 1 ? 3000 : 4000, step = wide / (double)cols;
		struct place_world w = place_open(
			wide < 4000 ? "<city width=\"3km\" height=\"3km\"/>" : "<city width=\"4km\" height=\"3km\"/>", 0);
		assert_true(city_lattice(city_of(w.sc), false, n, at));
		for (size_t i = 0; i < n; i++) {
			size_t column = i % cols, row = i / cols;
			assert_close(at[i].x, step * (0.5 + (double)column), 0.05 * step);
			assert_close(at[i].y, step * (0.5 + (double)row), 0.05 * step);
		}
		place_close(&w);
	}
}

/* However few there are: places are nearer to the nearest point than to that of as many random ones, 0.5 / sqrt(density) on
 * average without borders. */
static void a_few_points_spread_over_the_city(void **state)
{
	static const char *const cities[] = { "<city width=\"12km\" height=\"9km\"/>", "<city radius=\"3km\"/>",
					      "<city " BONN "/>" };
	enum { PLACES = 2000 };

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct place_world w = place_open(cities[k], 0);
		const struct city *c = city_of(w.sc);
		for (size_t n = 1; n < 40; n++)
			for (int hexagonal = 0; hexagonal < 2; hexagonal++) {
				struct rng r = rng_stream(1, RNG_PURPOSE('t', 'e', 's', 't'), n, 0);
				double sum = 0, spacing = sqrt(city_area(c) / (double)n);
				struct point at[40];
				assert_true(city_lattice(c, hexagonal, n, at));
				for (int i = 0; i < PLACES; i++) {
					struct point p = city_draw(c, CITY_UNIFORM, &r, NULL);
					double least = INFINITY;
					for (size_t j = 0; j < n; j++)
						least = fmin(least, hypot(p.x - at[j].x, p.y - at[j].y));
					sum += least / PLACES;
				}
				assert_true(sum < 0.5 * spacing);
			}
		place_close(&w);
	}
}

static void the_report_tells_of_the_city_and_draws_it(void **state)
{
	struct place_world w = place_open("<city " BONN "/>", 0);
	size_t rings = 0;

	(void)state;
	place_finish(&w);
	assert_true(w.report->geographic);
	assert_string_equal(place_fact(&w, "Population"), "314301");
	assert_string_equal(place_fact(&w, "Districts"), "4");
	for (size_t i = 0; i < w.report->n_features; i++) {
		const struct feature *f = &w.report->features[i];
		if (strcmp(f->layer, "districts") != 0)
			continue;
		rings++;
		assert_true(f->n_points > 3);
		assert_true(strncmp(f->group, "district=", 9) == 0);
		assert_true(f->lonlat[0] > 7 && f->lonlat[0] < 7.3 && f->lonlat[1] > 50.6 && f->lonlat[1] < 50.8);
	}
	assert_true(rings >= 4);
	place_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rectangle_begins_at_its_origin_and_a_disc_lies_around_it),
		cmocka_unit_test(bonn_has_its_areas_and_people),
		cmocka_unit_test(metres_and_degrees_agree_there_and_back),
		cmocka_unit_test(people_fall_on_districts_by_their_shares),
		cmocka_unit_test(a_draw_never_ends_outside_the_city),
		cmocka_unit_test(a_district_can_take_its_shape_from_the_file_by_name),
		cmocka_unit_test(a_city_across_the_date_line_hangs_together),
		cmocka_unit_test(a_shape_of_the_file_is_taken_once_and_by_its_id_before_its_name),
		cmocka_unit_test(a_long_id_is_not_cut_within_a_character),
		cmocka_unit_test(districts_have_a_limit),
		cmocka_unit_test(what_makes_no_city_is_refused),
		cmocka_unit_test(all_problems_of_a_city_are_told_at_once),
		cmocka_unit_test(a_lattice_has_as_many_points_as_asked_for_all_inside),
		cmocka_unit_test(a_lattice_is_hexagonal_or_square),
		cmocka_unit_test(a_square_lattice_that_fits_fills_the_city),
		cmocka_unit_test(a_few_points_spread_over_the_city),
		cmocka_unit_test(the_report_tells_of_the_city_and_draws_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
