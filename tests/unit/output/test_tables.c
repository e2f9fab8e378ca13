/* Tables: exact, escaped, with gaps where nothing was counted. */
#include "tests/unit/output/made.h"

#include <jansson.h>

static const char hash[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void kpi_csv_is_this_to_the_byte(void **state)
{
	(void)state;
	struct made m;
	char expected[2000];

	made_new(&m);
	snprintf(expected, sizeof expected,
		 "kpi,group,unit,mean,ci_low,ci_high,replications,target,verdict\n"
		 "connectivity.delivery-ratio,all,1,0.955,0.912345679,0.9976543,2,>= 90%%,met\n"
		 "connectivity.delivery-ratio,\"class=<b>\"\"A & B\"\", it's</b> --> \xc3\xa4\",1,0.9,0.9,0.9,2,,\n"
		 "energy.battery-life,all,yr,8.2,,,1,,\n"
		 "lorawan.mean-sf,all,1,9.25,9.1,9.4,2,,\n"
		 "latency.p95,\"class=<b>\"\"A & B\"\", it's</b> --> \xc3\xa4\",s,,,,0,<= 10s,undecided\n"
		 "# sccsim 1.2.3, seed 18446744073709551615, input %s\n",
		 hash);
	char *text = written(&m.o, output_kpi_csv);
	assert_string_equal(text, expected);
	free(text);
	made_free(&m);
}

static void kpi_csv_knows_neither_threads_nor_times(void **state)
{
	(void)state;
	struct made m;

	made_new(&m);
	char *one = written(&m.o, output_kpi_csv);
	m.o.threads = 64;
	m.o.wall_s = 99;
	strcpy(m.o.started, "2030-01-01T00:00:00Z");
	char *other = written(&m.o, output_kpi_csv);
	assert_string_equal(one, other);
	free(one);
	free(other);
	made_free(&m);
}

static void series_csv_has_a_row_for_each_sample(void **state)
{
	(void)state;
	struct made m;
	size_t rows = 0;

	made_new(&m);
	char *text = written(&m.o, output_series_csv);
	assert_true(strncmp(text, "replication,kpi,group,time_s,value\n0,messages.per-hour,\"class=<b>", 64) == 0);
	assert_non_null(strstr(text, "\n1,messages.per-hour,all,3600,"));
	for (const char *c = text; *c; c++)
		rows += *c == '\n';
	assert_int_equal(rows, 1 + 2 * 48 + 1);
	free(text);
	made_free(&m);
}

static void json_can_be_read_and_an_absent_value_is_null(void **state)
{
	(void)state;
	struct made m;
	json_error_t why;

	made_new(&m);
	char *text = written(&m.o, output_kpi_json);
	json_t *root = json_loads(text, 0, &why);
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(root, "input")), hash);
	json_t *kpis = json_object_get(root, "kpis");
	assert_int_equal(json_array_size(kpis), 5);
	assert_string_equal(json_string_value(json_object_get(json_array_get(kpis, 1), "group")), "class=" AWKWARD);
	assert_true(json_is_null(json_object_get(json_array_get(kpis, 2), "ci_low")));
	assert_true(json_is_null(json_object_get(json_array_get(kpis, 4), "mean")));
	assert_string_equal(json_string_value(json_object_get(json_array_get(kpis, 4), "verdict")), "undecided");
	json_decref(root);
	free(text);
	made_free(&m);
}

static void layers_are_geojson_thinned_to_five_thousand(void **state)
{
	(void)state;
	struct made m;
	json_error_t why;
	size_t devices = 0, i;
	json_t *f;

	made_new(&m);
	char *text = written(&m.o, output_layers);
	json_t *root = json_loads(text, 0, &why), *all = json_object_get(root, "features");
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(root, "type")), "FeatureCollection");
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "metadata"), "input")), hash);
	json_array_foreach(all, i, f)
	{
		json_t *p = json_object_get(f, "properties");
		assert_string_equal(json_string_value(json_object_get(p, "name")), AWKWARD);
		devices += strcmp(json_string_value(json_object_get(p, "layer")), "devices") == 0;
		assert_non_null(json_object_get(p, "group"));
		assert_non_null(json_object_get(p, "value"));
	}
	assert_in_range(devices, 2500, 5000);
	assert_int_equal(json_array_size(all), devices + 2);
	json_t *ring =
		json_array_get(json_object_get(json_object_get(json_array_get(all, 0), "geometry"), "coordinates"), 0);
	assert_int_equal(json_array_size(ring), 5);
	assert_true(json_equal(json_array_get(ring, 0), json_array_get(ring, 4)));
	json_decref(root);
	free(text);
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kpi_csv_is_this_to_the_byte),
		cmocka_unit_test(kpi_csv_knows_neither_threads_nor_times),
		cmocka_unit_test(series_csv_has_a_row_for_each_sample),
		cmocka_unit_test(json_can_be_read_and_an_absent_value_is_null),
		cmocka_unit_test(layers_are_geojson_thinned_to_five_thousand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
