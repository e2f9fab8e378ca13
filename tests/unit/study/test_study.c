#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/unit/study/box.h"

/* The texts of a factor's cells over the points, with a bar between. */
static void cells_are(const struct study *st, size_t factor, const char *expected)
{
	char said[512] = "";

	for (size_t p = 0; p < st->n_points; p++)
		snprintf(said + strlen(said), sizeof said - strlen(said), "%s%s", p ? "|" : "",
			 study_cell(st, p, factor)->text);
	assert_string_equal(said, expected);
}

static void ranges_step_from_end_to_end(void **state)
{
	static const struct {
		const char *factor, *cells;
		double last;
	} rows[] = {
		{ "path=\"box/@count\" from=\"2\" to=\"8\" steps=\"4\"", "2|4|6|8", 8 },
		{ "path=\"box/@count\" from=\"1\" to=\"100\" steps=\"3\" scale=\"log\"", "1|10|100", 100 },
		{ "path=\"box/@count\" from=\"8\" to=\"2\" steps=\"3\"", "8|5|2", 2 },
		{ "path=\"box/@mean\" from=\"0\" to=\"0.4\" steps=\"5\"", "0|0.1|0.2|0.3|0.4", 0.4 },
		{ "path=\"box/@mean\" from=\"0\" to=\"5\" steps=\"3\" integer=\"on\"", "0|3|5", 5 },
		{ "path=\"box/@mean\" from=\"-1\" to=\"1\" steps=\"2\"", "-1|1", 1 },
		{ "path=\"box/@size\" from=\"1km\" to=\"3km\" steps=\"3\"", "1km|2km|3km", 3000 },
		{ "path=\"box/@period\" from=\"1min\" to=\"1h\" steps=\"2\"", "1min|1h", 3600 },
		{ "path=\"box/@count\" values=\" 7 ;3;\n5 \"", "7|3|5", 5 },
	};
	char body[256];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(body, sizeof body, "<factor id=\"x\" %s/>" VALUE, rows[i].factor);
		struct study *st = box_load(*state, "", body);
		cells_are(st, 0, rows[i].cells);
		assert_true(st->factors[0].numeric);
		assert_true(fabs(study_cell(st, st->n_points - 1, 0)->number - rows[i].last) < 1e-9);
		study_free(st);
	}
}

static void linked_addresses_move_with_their_factor(void **state)
{
	struct study *st = box_load(
		*state, "",
		"<factor id=\"x\" path=\"box/@count\" values=\"1;2\"><set path=\"box/@mean\" values=\"5;6\"/></factor>"
		"<factor id=\"y\" path=\"box/@size\" from=\"1m\" to=\"3m\" steps=\"3\">"
		"<set path=\"box/@noise\" from=\"10\" to=\"30\"/></factor>" VALUE);
	struct diag *d = diag_new();
	char text[64];

	assert_int_equal(st->n_points, 6);
	struct scenario *sc = study_scenario(st, 4, SIM_NEVER, d);
	assert_non_null(sc);
	const struct box_params *p = box_of(sc);
	assert_int_equal(p->count, 2);
	assert_true(p->mean == 6 && p->size == 2 && p->noise == 20);
	assert_string_equal(study_point_text(st, 4, text, sizeof text), "x=2, y=2m");
	assert_string_equal(study_point_text(st, 4, text, 6), "x=2, ");
	scenario_free(sc);
	diag_free(d);
	study_free(st);
}

static void a_range_without_steps_takes_every_whole_number_alike(void **state)
{
	struct study *st = box_load(*state, "design=\"latin-hypercube\" samples=\"400\"",
				    "<factor id=\"x\" path=\"box/@count\" from=\"1\" to=\"4\"/>" VALUE);
	size_t seen[6] = { 0 };

	for (size_t p = 0; p < st->n_points; p++) {
		assert_in_range(study_cell(st, p, 0)->number, 1, 4);
		seen[(size_t)study_cell(st, p, 0)->number]++;
	}
	for (size_t i = 1; i <= 4; i++)
		assert_int_equal(seen[i], 100);
	study_free(st);
}

static void levels_bring_scenarios_and_several_values(void **state)
{
	struct study *st = box_load(
		*state, "warm-up=\"3s\"",
		"<factor id=\"a\"><level id=\"on\" label=\"with it\"><set path=\"box/@count\" value=\"8\"/></level>"
		"<level id=\"off\" scenario=\"other.xml\"/></factor>"
		"<factor id=\"b\" base=\"off\"><level id=\"on\"><set path=\"box/@mean\" value=\"1\"/></level><level id=\"off\"/></factor>" VALUE);
	struct diag *d = diag_new();

	cells_are(st, 0, "with it|with it|off|off");
	cells_are(st, 1, "on|off|on|off");
	assert_int_equal(st->factors[1].base, 1);
	assert_int_equal(study_base(st, 1), 0);
	assert_int_equal(study_base(st, 2), 1);
	struct scenario *sc = study_scenario(st, 2, SIM_NEVER, d);
	assert_non_null(sc);
	assert_int_equal(sc->run.seed, 8);
	assert_true(box_of(sc)->mean == 1 && box_of(sc)->count == 3);
	assert_int_equal(sc->run.warm_up, 3 * SIM_SECOND); /* the study's */
	scenario_free(sc);
	sc = study_scenario(st, 1, 5 * SIM_SECOND, d);
	assert_int_equal(sc->run.warm_up, 5 * SIM_SECOND); /* as detected */
	assert_int_equal(box_of(sc)->count, 8);
	scenario_free(sc);
	diag_free(d);
	study_free(st);
}

static void a_list_names_its_points(void **state)
{
	struct study *st = box_load(
		*state, "design=\"list\"",
		"<point id=\"a\"><set path=\"box/@count\" value=\"1\"/></point><point id=\"b\" label=\"the b\"/>" VALUE);

	assert_int_equal(st->n_points, 2);
	assert_string_equal(st->point_ids[0], "a");
	assert_string_equal(st->point_ids[1], "the b");
	study_free(st);
}

static void constraints_take_points_out(void **state)
{
	struct study *st = box_load(*state, "",
				    COUNTS("1;2;3") "<factor id=\"m\" path=\"box/@mean\" values=\"1;2\"/>"
						    "<constraint require=\"n &gt;= 2 or m = 1\"/>" VALUE);

	assert_int_equal(st->n_points, 5);
	assert_int_equal(st->excluded, 1);
	cells_are(st, 0, "1|2|2|3|3");
	study_free(st);
}

static void responses_have_groups_quantiles_and_targets(void **state)
{
	struct study *st = box_load(
		*state, "",
		VALUE "<response kpi=\"box.value\" vertical=\"x\" phase=\"during\" quantile=\"95%\" target=\"&gt;= 3\"/>");

	assert_string_equal(st->responses[0].id, "box.value");
	assert_true(isnan(st->responses[0].quantile));
	assert_string_equal(st->responses[1].id, "box.value[vertical=x;phase=during]@p95");
	assert_int_equal(st->responses[1].target.op, TARGET_GE);
	assert_true(fabs(st->responses[1].quantile - 0.95) < 1e-12 && st->responses[1].target.value == 3);
	study_free(st);
}

static void the_seed_is_the_studys_or_the_scenarios(void **state)
{
	struct study *st = box_load(*state, "", VALUE);

	assert_int_equal(st->seed, 7);
	assert_false(st->seed_given);
	study_free(st);
	st = box_load(*state, "seed=\"99\"", VALUE);
	assert_int_equal(st->seed, 99);
	assert_true(st->seed_given);
	study_free(st);
}

static void the_hash_covers_study_and_scenarios(void **state)
{
	struct study *a = box_load(*state, "", VALUE), *b = box_load(*state, "", VALUE);
	struct study *c = box_load(*state, "seed=\"1\"", VALUE), *d = box_load(*state, "!scenario=\"other.xml\"", VALUE);

	assert_string_equal(a->hash, b->hash);
	assert_string_not_equal(a->hash, c->hash);
	assert_string_not_equal(a->hash, d->hash);
	study_free(a);
	study_free(b);
	study_free(c);
	study_free(d);
}

/* A hundred thousand levels are named in a moment, and one that stands twice among them is found. */
static void many_levels_are_no_burden(void **state)
{
	struct box *b = *state;
	char *body = malloc(1000000), *end = body;
	struct diag *d = diag_new();

	end += sprintf(end, "<factor id=\"n\" path=\"box/@count\" values=\"");
	for (int i = 0; i < 99999; i++)
		end += sprintf(end, "%d;", i);
	sprintf(end, "77\"/>" VALUE);
	assert_null(box_take(b, "", body, d));
	assert_non_null(strstr(diag_text(d, 0), "<factor n>: names \"77\" twice"));
	free(body);
	diag_free(d);
}

static const struct { const char *attributes, *body, *message; } refusals[] = {
	{ "", "", "<study>: needs" },
	{ "!", VALUE, "names no scenario (scenario=\"my-city.xml\", or one on every level of a factor)" },
	{ "!scenario=\"none.xml\"", VALUE, "none.xml" },
	{ "replications=\"0\"", VALUE, " is neither auto nor a whole number from 1 to 1000000" },
	{ "replications=\"1000001\"", VALUE, " is neither auto" },
	{ "floor=\"300\"", VALUE, " is above the ceiling of 200 replications" },
	{ "warm-up=\"long\"", VALUE, " is neither auto nor a duration" },
	{ "statistics=\"batch-means\" replications=\"5\"", VALUE, " are of statistics=\"replications\"" },
	{ "", "<response kpi=\"box.valu\"/>", " is no KPI (did you mean box.value?)" },
	{ "", VALUE VALUE, "<response>: asks for box.value a second time" },
	{ "", "<response kpi=\"box.value\" phase=\"later\"/>", "<response phase>: \"later\" is no phase (one of before, during, after)" },
	{ "", "<response kpi=\"box.value\" class=\"meter\"/>", "<response class>: \"meter\" is the id of no element of the scenario" },
	{ "", "<response kpi=\"box.value\" vertical=\"a\" district=\"b\"/>", "is a second group" },
	{ "", "<response kpi=\"box.value\" target=\"3\"/>", "<response target>:" },
	{ "", "<factor id=\"n\"/>" VALUE, "<factor n>: needs a path, or levels" },
	{ "", "<factor id=\"n\" path=\"box/@count\"/>" VALUE, "needs values, or a range (from and to)" },
	{ "", "<factor id=\"n\" path=\"box/@cont\" values=\"1\"/>" VALUE, " there is no such attribute" },
	{ "", "<factor id=\"n\" path=\"bix/@count\" values=\"1\"/>" VALUE, " there is no such element" },
	{ "", "<factor id=\"n\" path=\"box\" values=\"1\"/>" VALUE, " is not an address" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1\" from=\"1\" to=\"2\"/>" VALUE, "stands beside a range" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;;2\"/>" VALUE, " value 2 is empty" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2;1\"/>" VALUE, "<factor n>: names \"1\" twice" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"1\" to=\"2\" steps=\"9\"/>" VALUE, "<factor n>: names \"1\" twice" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2\" steps=\"2\"/>" VALUE, "are of a range, and the factor has values" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2\" base=\"3\"/>" VALUE, " is none of its levels" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"x\" to=\"2\" steps=\"2\"/>" VALUE, " is not a" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"1\" to=\"x\" steps=\"2\"/>" VALUE, " is not a" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"2\" to=\"2\" steps=\"2\"/>" VALUE, "is where the range begins" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"0\" to=\"2\" steps=\"2\" scale=\"log\"/>" VALUE, "wants a range above zero" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"0\" to=\"18446744073709551615\" steps=\"2\"/>" VALUE, "too large for a range" },
	{ "", "<factor id=\"n\" path=\"box/@label\" from=\"0\" to=\"2\" steps=\"2\"/>" VALUE, "a range wants numbers" },
	{ "", "<factor id=\"n\" path=\"box/@count\" from=\"0\" to=\"2\"/>" VALUE, " varies a range without steps" },
	{ "", "<factor id=\"n\" path=\"box/@mean\" values=\"1;x\"/>" VALUE, "n=x: " },
	{ "", "<factor id=\"n\" path=\"box/@broken\" values=\"off;on\"/>" VALUE, "cannot be" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2\"><set path=\"box/@mean\" values=\"1\"/></factor>" VALUE,
	  "are 1, but the factor has 2 levels" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2\"><set path=\"box/@mean\" from=\"1\" to=\"2\"/></factor>" VALUE,
	  "moves with a factor of values: give it the same" },
	{ "", "<factor id=\"n\" path=\"box/@count\" values=\"1;2\"><set path=\"box/@mean\" value=\"1\"/></factor>" VALUE,
	  "is of levels and points" },
	{ "", "<factor id=\"n\" to=\"1\"><level id=\"a\"/></factor>" VALUE, "has levels: what they set stands in them" },
	{ "", "<factor id=\"n\"><level id=\"a\"/><level id=\"a\"/></factor>" VALUE, "<factor n>: names \"a\" twice" },
	{ "", "<factor id=\"n\"><level id=\"a\"/><level id=\"b\" label=\"a\"/></factor>" VALUE, "<factor n>: names \"a\" twice" },
	{ "", "<factor id=\"n\"><level id=\"a\"><set path=\"box/@count\"/></level></factor>" VALUE, "has a value, and nothing else" },
	{ "", "<factor id=\"n\"><level id=\"a\"><set path=\"box/@count\" value=\"1\"/><set path=\"box/@count\" value=\"2\"/></level></factor>" VALUE,
	  " is set by \"1\" already" },
	{ "", COUNTS("1") COUNTS("2") VALUE, "is taken already" },
	{ "", COUNTS("1") "<point id=\"p\"/>" VALUE, "points are of design=\"list\"" },
	{ "design=\"list\"", VALUE, "a list names its points" },
	{ "", COUNTS("1;2") "<constraint require=\"n &gt; 2\"/>" VALUE, "has no point: its constraints leave none of 2" },
	{ "", COUNTS("1;2") "<constraint require=\"m = 2\"/>" VALUE, "<constraint>:" },
	{ "design=\"saltelli\"", COUNTS("1;2") "<constraint require=\"n = 2\"/>" VALUE, "cannot stand in a saltelli design" },
	{ "seed=\"5\"", "<factor id=\"r\" path=\"run/@seed\" values=\"1;2\"/>" VALUE, " varies the seed, which the study gives" },
};

static void mistakes_are_told_where_they_stand(void **state)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct diag *d = diag_new();
		bool told = false;
		if (box_take(*state, refusals[i].attributes, refusals[i].body, d))
			fail_msg("taken: %s %s", refusals[i].attributes, refusals[i].body);
		for (size_t k = 0; k < diag_count(d); k++)
			told = told || strstr(diag_text(d, k), refusals[i].message);
		if (!told) {
			diag_print(d, stderr);
			fail_msg("does not say %s", refusals[i].message);
		}
		diag_free(d);
	}
}

int main(void)
{
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, box_open, box_close)
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(ranges_step_from_end_to_end),
		IN_A_FOLDER(linked_addresses_move_with_their_factor),
		IN_A_FOLDER(a_range_without_steps_takes_every_whole_number_alike),
		IN_A_FOLDER(levels_bring_scenarios_and_several_values),
		IN_A_FOLDER(a_list_names_its_points),
		IN_A_FOLDER(constraints_take_points_out),
		IN_A_FOLDER(responses_have_groups_quantiles_and_targets),
		IN_A_FOLDER(the_seed_is_the_studys_or_the_scenarios),
		IN_A_FOLDER(the_hash_covers_study_and_scenarios),
		IN_A_FOLDER(many_levels_are_no_burden),
		IN_A_FOLDER(mistakes_are_told_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
