/* The reader of GeoJSON: what it takes, and what it says of what it does not. */
#include "tests/unit/city/place.h"

#include "models/city/geojson.h"

static const struct geojson_names names = { "id", "name", "people", false, false, false };

static struct geojson *parse(const char *text, struct diag *d)
{
	return geojson_parse(text, strlen(text), "f.geojson", &names, d);
}

#define SQUARE "[[7,50],[8,50],[8,51],[7,51],[7,50]]"
#define HOLE   "[[7.2,50.2],[7.4,50.2],[7.4,50.4],[7.2,50.4],[7.2,50.2]]"

static void each_kind_of_document_gives_its_rings(void **state)
{
	static const struct {
		const char *text;
		size_t shapes, rings; /* of the last shape */
	} rows[] = {
		{ "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}", 1, 1 },
		{ "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "," HOLE "]}", 1, 2 },
		{ "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "," HOLE "],[" HOLE "]]}", 1, 3 },
		{ "{\"type\":\"Feature\",\"properties\":null,\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE
		  "]}}",
		  1, 1 },
		{ "{\"type\":\"FeatureCollection\",\"features\":["
		  "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE
		  "]}},"
		  "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE
		  "," HOLE "]}}]}",
		  2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diag *d = diag_new();
		struct geojson *g = parse(rows[i].text, d);
		diag_print(d, stderr);
		assert_non_null(g);
		assert_int_equal(g->n, rows[i].shapes);
		assert_int_equal(g->shape[g->n - 1].n_rings, rows[i].rings);
		assert_int_equal(g->shape[0].ring[0].n, 4);
		geojson_free(g);
		diag_free(d);
	}
}

static void the_first_ring_of_a_polygon_is_outer_and_the_others_are_holes(void **state)
{
	struct diag *d = diag_new();
	struct geojson *g = parse("{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "," HOLE "],[" HOLE "]]}", d);

	(void)state;
	assert_non_null(g);
	assert_false(g->shape[0].ring[0].hole);
	assert_true(g->shape[0].ring[1].hole);
	assert_false(g->shape[0].ring[2].hole);
	geojson_free(g);
	diag_free(d);
}

static void properties_are_read_by_their_names(void **state)
{
	struct diag *d = diag_new();
	struct geojson *g = parse("{\"type\":\"Feature\",\"properties\":{\"id\":3,\"name\":\"Beuel\",\"people\":66100},"
				  "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}}",
				  d);

	(void)state;
	assert_non_null(g);
	assert_string_equal(g->shape[0].id, "3");
	assert_string_equal(g->shape[0].name, "Beuel");
	assert_close(g->shape[0].population, 66100, 0);
	geojson_free(g);
	diag_free(d);
}

static void what_is_malformed_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *text, *says;
	} rows[] = {
		{ "", "f.geojson" },
		{ "{\n\"type\": \"Polygon\",\n\"coordinates\": [[[7,50],\n", "f.geojson:4: is not JSON" },
		{ "{\"type\":\"Polygon\",\"type\":\"Polygon\"}", "is not JSON" },
		{ "[]", "neither Polygon nor MultiPolygon" },
		{ "{\"type\":\"Point\",\"coordinates\":[7,50]}", "neither Polygon nor MultiPolygon" },
		{ "{\"type\":\"FeatureCollection\",\"features\":[]}", "holds no polygon" },
		{ "{\"type\":\"FeatureCollection\",\"features\":7}", "holds no polygon" },
		{ "{\"type\":\"FeatureCollection\",\"features\":[null]}", "shape 1" },
		{ "{\"type\":\"Feature\",\"geometry\":null}", "neither Polygon" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[]}", "has no ring" },
		{ "{\"type\":\"Polygon\",\"coordinates\":\"here\"}", "has no ring" },
		{ "{\"type\":\"MultiPolygon\",\"coordinates\":[]}", "has no polygon" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[7.1,50]]]}", "fewer than four" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[8,50],[8,51],[7,51]]]}", "not closed" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[8,51],[9,52],[7,50]]]}", "no area" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[7,50],[7,50],[7,50]]]}", "no area" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[8,\"50\"],[8,51],[7,50]]]}", "[longitude, latitude]" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],8,[8,51],[7,50]]]}", "[longitude, latitude]" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[365000,5620000],[366000,5620000],[366000,5621000],[365000,5620000]]]}",
		  "in degrees" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,1e999],[8,50],[8,51],[7,50]]]}", "is not JSON" },
		{ "{\"type\":\"Feature\",\"properties\":{\"people\":-1},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE
		  "]}}",
		  "population" },
		{ "{\"type\":\"Feature\",\"properties\":{\"people\":\"66,100\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE
		  "]}}",
		  "its population is not a number" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,50],[8,51],[8,50],[7,51],[7,50]]]}", "or it crosses itself" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct place_world w = { .diag = diag_new() };
		assert_null(parse(rows[i].text, w.diag));
		if (!place_says(&w, rows[i].says)) {
			print_error("%s should say %s, not\n", rows[i].text, rows[i].says);
			diag_print(w.diag, stderr);
			fail();
		}
		place_close(&w);
	}
}

static void a_property_that_is_asked_for_must_be_there(void **state)
{
	static const struct geojson_names need[] = { { "key", NULL, NULL, true, false, false },
						     { NULL, "label", NULL, false, true, false },
						     { NULL, NULL, "people", false, false, true } };
	static const char text[] = "{\"type\":\"Feature\",\"properties\":{\"people\":\"66,100\"},"
				   "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}}";

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct diag *d = diag_new();
		assert_null(geojson_parse(text, strlen(text), "f", &need[i], d));
		assert_int_equal(diag_errors(d), 1);
		diag_free(d);
	}
}

static void brackets_without_end_are_refused(void **state)
{
	size_t n = 200000;
	char *text = malloc(n + 1);
	struct diag *d = diag_new();

	(void)state;
	assert_non_null(text);
	memset(text, '[', n);
	text[n] = '\0';
	assert_null(parse(text, d));
	assert_int_equal(diag_errors(d), 1);
	free(text);
	diag_free(d);
}

static void a_million_positions_are_the_limit(void **state)
{
	size_t n = GEOJSON_POINTS_MAX + 1, cap = n * 10 + 200, at;
	char *text = malloc(cap);
	struct place_world w = { .diag = diag_new() };

	(void)state;
	assert_non_null(text);
	at = (size_t)snprintf(text, cap, "{\"type\":\"Polygon\",\"coordinates\":[[");
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, cap - at, "%s[7,%zu]", i ? "," : "", 10 + i % 80);
	snprintf(text + at, cap - at, "]]}");
	assert_null(parse(text, w.diag));
	assert_true(place_says(&w, "more than 1,000,000 positions"));
	free(text);
	place_close(&w);
}

static void a_folder_and_a_missing_file_are_told_apart(void **state)
{
	struct place_world w = { .diag = diag_new() };

	(void)state;
	assert_null(geojson_read("/nowhere/at/all.geojson", NULL, &names, w.diag));
	assert_true(place_says(&w, "cannot be opened"));
	assert_null(geojson_read("/tmp", NULL, &names, w.diag));
	assert_true(place_says(&w, "is not a file"));
	place_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_document_gives_its_rings),
		cmocka_unit_test(the_first_ring_of_a_polygon_is_outer_and_the_others_are_holes),
		cmocka_unit_test(properties_are_read_by_their_names),
		cmocka_unit_test(what_is_malformed_is_refused_with_its_reason),
		cmocka_unit_test(a_property_that_is_asked_for_must_be_there),
		cmocka_unit_test(brackets_without_end_are_refused),
		cmocka_unit_test(a_million_positions_are_the_limit),
		cmocka_unit_test(a_folder_and_a_missing_file_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
