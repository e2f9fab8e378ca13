/* Scenarios: what is bound, what is refused, and with what words. */
#include "tests/unit/scenario/parts.h"

static void attributes_are_bound_and_defaults_filled_in(void **state)
{
	struct scenario *sc = taken(*state,
				    WHOLE("<kind id=\"a\" period=\"6h\" law=\"pareto\" on=\"off\" label=\"x &amp; y\" "
					  "steps=\"1m; 2m;0.5km\" share=\"25%\"><trait/></kind>\n<put kind=\"a\"/>"),
				    NULL, 0);
	const struct node *n = scenario_first(sc, &kind_model), *put = scenario_first(sc, &put_model);
	const struct kind_params *k = n->par;
	const struct area_params *a = scenario_first(sc, &area_model)->par;

	assert_true(k->period == 6 * SIM_HOUR && k->deadline == SIM_NEVER && k->payload == 20 && k->number == 0);
	assert_true(k->law == 1 && !k->on && k->file == NULL && k->since == 1772409600 && k->steps.n == 3);
	assert_true(k->steps.v[2].real > 499.9 && k->steps.v[2].real < 500.1);
	assert_true(k->share > 0.249 && k->share < 0.251);
	assert_string_equal(k->label, "x & y");
	assert_true(a->height > 29.9 && a->height < 30.1 && !a->centre.given);
	assert_true(((const struct put_params *)put->par)->kind == n);
	assert_true(node_given(n, "period") && !node_given(n, "payload"));
	assert_true(n->key == rng_hash("a") && n->line == 4 && put->line == 5);
	assert_int_equal(scenario_count(sc, &trait_model), 1);
	assert_true(node_child(n, &trait_model) && !node_next(node_child(n, &trait_model)));
	scenario_free(sc);
	scenario_free(NULL);
}

static void positions_are_metres_or_degrees(void **state)
{
	struct scenario *sc =
		taken(*state, HEAD RUN "<area size=\"1km\" centre=\" 50.735372N 7.5W \"/></scenario>", NULL, 0);
	const struct area_params *a = scenario_first(sc, &area_model)->par;

	assert_true(a->centre.given && a->centre.wgs84 && a->centre.a > 50.73 && a->centre.b < -7.49);
	scenario_free(sc);
	for (const char *const *bad = (const char *const[]){ "3km", "3km 4km 5km", "3 4", "91N 7E", "50N 181E", "nanN 7E",
							     "50N 7", "50E 7N", "3km 7E", "", NULL };
	     *bad; bad++) {
		char text[256], message[256];
		snprintf(text, sizeof text, HEAD RUN "<area size=\"1km\" centre=\"%s\"/></scenario>", *bad);
		snprintf(message, sizeof message,
			 "1: <area centre>: \"%s\" is not a position (try 3km 4km, or 50.7353N 7.1289E)", *bad);
		REFUSED(*state, text, message);
	}
}

static void names_that_are_none_are_refused_with_the_nearest(void **state)
{
	REFUSED(*state, WHOLE("<knid id=\"a\"/>"), "4: <knid>: unknown element in <scenario> (did you mean <kind>?)");
	REFUSED(*state, WHOLE("<elephant/>"),
		"4: <elephant>: unknown element in <scenario> "
		"(possible: title, description, library, run, kpis, area, kind, put, note)");
	REFUSED(*state, WHOLE("<note><b/></note>"), "4: <b>: unknown element in <note> (possible: none)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" perod=\"2h\"><trait/></kind>"),
		"4: <kind>: has no attribute \"perod\" (did you mean period?)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" elephant=\"2h\"><trait/></kind>"),
		"4: <kind>: has no attribute \"elephant\" (sccsim models kind lists them)");
	REFUSED(*state, WHOLE("<note id=\"a\"/>"), "4: <note>: has no attribute \"id\" (sccsim models note lists them)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" law=\"gauss\"><trait/></kind>"),
		"4: <kind law>: \"gauss\" is none of fixed, pareto");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" on=\"yes\"><trait/></kind>"),
		"4: <kind on>: \"yes\" is neither on nor off");
}

static void what_is_missing_or_out_of_range_is_refused(void **state)
{
	REFUSED(*state, WHOLE("<kind id=\"a\"><trait/></kind>"), "4: <kind>: needs period (how often)");
	REFUSED(*state, WHOLE("<kind period=\"1h\"><trait/></kind>"), "4: <kind>: needs an id");
	REFUSED(*state, WHOLE("<kind id=\"1 x\" period=\"1h\"><trait/></kind>"),
		"4: <kind id>: \"1 x\" is not an id (a letter, then letters, digits, '-', '_', '.')");
	REFUSED(*state, WHOLE("<kind id=\"\" period=\"1h\"><trait/></kind>"),
		"4: <kind id>: \"\" is not an id (a letter, then letters, digits, '-', '_', '.')");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1ms\"><trait/></kind>"),
		"4: <kind period>: \"1ms\" is outside 1s .. 10yr");
	REFUSED(*state, HEAD RUN "<area size=\"1km\" height=\"-1m\"/></scenario>", "1: <area height>: \"-1m\" is below 0m");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" steps=\"1m;2km\"><trait/></kind>"),
		"4: <kind steps>: \"2km\" is outside 0m .. 1km");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" steps=\"1m;;2m\"><trait/></kind>"),
		"4: <kind steps>: \"\" is not a length (try 2.5km, 30m)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" since=\"today\"><trait/></kind>"),
		"4: <kind since>: \"today\" is not a calendar time (try 2026-03-02T00:00Z)");
	REFUSED(*state, HEAD "<run duration=\"1d\" warm-up=\"1d\"/>" AREA "</scenario>",
		"1: <run warm-up>: \"1d\" is not shorter than the duration: nothing would be counted");
}

static void elements_stand_as_often_as_they_may(void **state)
{
	REFUSED(*state, HEAD RUN "</scenario>", "1: <scenario>: needs a <area> (The <area>, \"all\" of it & more.)");
	REFUSED(*state, WHOLE("<area size=\"2km\"/>\n<area size=\"3km\"/>"),
		"5: <area>: may stand 1 time in <scenario>, not 3");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\"/>"), "4: <kind>: needs a <trait> (Of a kind.)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\"><trait/><trait/>\n<trait/></kind>"),
		"5: <trait>: may stand 2 times in <kind>, not 3");
}

static void ids_are_unique_and_references_meet_what_they_should(void **state)
{
	const struct folder *f = *state;
	char message[256];

	snprintf(message, sizeof message, "5: <put id>: \"a\" is taken already (%s:4)", f->scenario);
	REFUSED(f, WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind>\n<put id=\"a\" kind=\"a\"/>"), message);
}

static void dangling_references_name_the_nearest_id(void **state)
{
	REFUSED(*state, WHOLE("<kind id=\"meter\" period=\"1h\"><trait/></kind>\n<put kind=\"metre\"/>"),
		"5: <put kind>: there is no <kind> with id \"metre\" (did you mean meter?)");
	REFUSED(*state, WHOLE("<put kind=\"metre\"/>"), "4: <put kind>: there is no <kind> with id \"metre\"");
	REFUSED(*state, WHOLE("<put id=\"p\" kind=\"p\"/>"), "4: <put kind>: \"p\" is a <put>, not one of: kind");
	REFUSED(*state, WHOLE("<put kind=\"t\"/>"), "4: <put kind>: \"t\" is a <scenario>, not one of: kind");
}

static void all_mistakes_are_told_at_once_in_order_of_line(void **state)
{
	REFUSED(*state,
		HEAD "\n<run duration=\"2 hurs\"/>\n<area size=\"4kg\"/>\n<put kind=\"x\" count=\"x\"/>\n<cat/>\n"
		     "<kind id=\"a\"><trait/></kind></scenario>",
		"2: <run duration>: \"2 hurs\" is not a duration (try 6h, 90min, PT6H)",
		"3: <area size>: \"4kg\" is not a length (try 2.5km, 30m)", "4: <put count>: \"x\" is not a count (try 12)",
		"4: <put kind>: there is no <kind> with id \"x\"",
		"5: <cat>: unknown element in <scenario> (possible: title, description, library, run, kpis, area, kind, put, note)",
		"6: <kind>: needs period (how often)");
}

static void what_is_well_is_loaded_beside_what_is_not(void **state)
{
	put_file(*state, "inner/bad.csv", "a,b\n1\n");
	/* The file is read though the area is wrong; of a kind that is itself wrong, or holds or names what is, nothing is.
	 */
	REFUSED(*state,
		HEAD "\n<run duration=\"1d\" warm-up=\"2d\"/>\n<area size=\"4kg\"/>\n"
		     "<kind id=\"a\" period=\"1h\" file=\"bad.csv\"><trait/></kind></scenario>",
		"2: <run warm-up>: \"2d\" is not shorter than the duration: nothing would be counted",
		"3: <area size>: \"4kg\" is not a length (try 2.5km, 30m)", "inner/bad.csv:2: has 1 fields, the header 2");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"x\" file=\"bad.csv\"><trait/></kind>"),
		"4: <kind period>: \"x\" is not a duration (try 6h, 90min, PT6H)");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\" file=\"bad.csv\"><trait weight=\"x\"/></kind>"),
		"4: <trait weight>: \"x\" is not a number (try 2.5)");
	REFUSED(*state, WHOLE("<kind period=\"1h\" file=\"bad.csv\"><trait/></kind>"), "4: <kind>: needs an id");
	/* Two that are wrong in the same words on the same line, of which one is said: neither is loaded. */
	REFUSED(*state,
		WHOLE("<kind id=\"a\" period=\"x\" file=\"bad.csv\"><trait/></kind><kind id=\"b\" period=\"x\" file=\"bad.csv\"><trait/></kind>"),
		"4: <kind period>: \"x\" is not a duration (try 6h, 90min, PT6H)");
}

static void the_first_mistake_in_the_xml_is_told_with_what_would_be_right(void **state)
{
	REFUSED(*state, WHOLE("<note>a & b</note>\n<note></n>"),
		"4: not well-formed XML: xmlParseEntityRef: no name (write &amp; for &)");
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.delay\" target=\"<= 1s\"/></kpis>"),
		"4: not well-formed XML: Unescaped '<' not allowed in attributes values (write &lt; for <)");
	REFUSED(*state, WHOLE("<put kind=a/>\n"),
		"4: not well-formed XML: AttValue: \" or ' expected (write name=\"value\")");
	REFUSED(*state, WHOLE("<note>&nbsp;</note>"),
		"4: not well-formed XML: Entity 'nbsp' not defined (there are &amp; &lt; &gt; &quot; &apos; and &#number;)");
}

static void an_element_in_the_wrong_place_is_told_the_right_one(void **state)
{
	REFUSED(*state, WHOLE("<trait/>"), "4: <trait>: stands in <kind>, not in <scenario>");
	REFUSED(*state, WHOLE("<kind id=\"a\" period=\"1h\"><trait/><put kind=\"a\"/></kind>"),
		"4: <put>: stands in <scenario>, not in <kind>");
}

static void text_stands_only_where_it_belongs(void **state)
{
	struct scenario *sc =
		taken(*state, WHOLE("<note>\n  one <!-- not this --> two\n<![CDATA[<three>]]> &lt;\n</note>"), NULL, 0);

	assert_string_equal(scenario_first(sc, &note_model)->text, "one two\n<three> <");
	scenario_free(sc);
	REFUSED(*state, HEAD RUN "<area size=\"1km\"> big </area></scenario>", "1: <area>: holds no text (\"big\")");
}

static void targets_are_in_the_unit_of_their_kpi(void **state)
{
	struct scenario *sc = taken(
		*state,
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/></kind><kpis><kpi name=\"kind.ratio\" class=\"a\" target=\"&gt;= 98%\"/>"
		      "<kpi name=\"kind.delay\" target=\"&lt; 10ms\"/><kpi name=\"kind.life\" target=\"> 10yr\"/>"
		      "<kpi name=\"kind.rate\" target=\"&lt;=48/d\"/><kpi name=\"kind.rate\"/></kpis>"),
		NULL, 0);

	assert_int_equal(sc->n_targets, 5);
	assert_string_equal(sc->targets[0].group, "class=a");
	assert_true(sc->targets[0].op == TARGET_GE && fabs(sc->targets[0].value - 0.98) < 1e-12);
	assert_true(sc->targets[1].op == TARGET_LT && fabs(sc->targets[1].value - 0.01) < 1e-12);
	assert_true(sc->targets[2].op == TARGET_GT && fabs(sc->targets[2].value - 10) < 1e-9);
	assert_true(sc->targets[3].op == TARGET_LE && fabs(sc->targets[3].value - 2) < 1e-9);
	assert_true(sc->targets[4].op == TARGET_NONE);
	scenario_free(sc);
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.ration\"/></kpis>"),
		"4: <kpi name>: \"kind.ration\" is no KPI; did you mean kind.ratio? (`sccsim models` lists them)");
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.delay\" target=\"&lt;= 98%\"/></kpis>"),
		"4: <kpi target>: \"<= 98%\" is not a duration (try 6h, 90min, PT6H)");
	REFUSED(*state, WHOLE("<kpis><kpi name=\"connectivity.delivery-ratio\" target=\">= 98\"/></kpis>"),
		"4: <kpi target>: \">= 98\" is a share above 100% (a share of 98 hundredths is 98% or 0.98)");
	scenario_free(taken(*state,
			    WHOLE("<kpis><kpi name=\"connectivity.delivery-ratio\" target=\">= 1\"/>"
				  "<kpi name=\"kind.ratio\" target=\">= 98\"/></kpis>"),
			    NULL, 0));
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.delay\" target=\"10s\"/></kpis>"),
		"4: <kpi target>: \"10s\" is not a target (try >= 98%, <= 10s)");
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.delay\" class=\"b\"/></kpis>"),
		"4: <kpi class>: \"b\" is the id of no element");
	REFUSED(*state, WHOLE("<kpis><kpi name=\"kind.delay\" class=\"t\" network=\"t\"/></kpis>"),
		"4: <kpi>: names more than one group (one of class, network, vertical, district)");
}

static void lines_beyond_65535_are_named_rightly(void **state)
{
	enum { LINES = 70000 };
	char *text = malloc(LINES + 1024);
	struct scenario *sc;

	assert_non_null(text);
	strcpy(text, HEAD RUN AREA);
	size_t n = strlen(text);
	memset(text + n, '\n', LINES);
	strcpy(text + n + LINES,
	       "<kind\n id=\"a\"\n period=\"1h\"><trait\n/></kind>\n<note>a text of some length, kept whole</note>"
	       "\n<put kind=\"b\"/></scenario>");
	REFUSED(*state, text, "70006: <put kind>: there is no <kind> with id \"b\"");
	strcpy(strstr(text, "<put"), "<put kind=\"a\"/></scenario>");
	sc = taken(*state, text, NULL, 0);
	assert_int_equal(scenario_first(sc, &trait_model)->line, 70004);
	assert_int_equal(scenario_first(sc, &put_model)->line, 70006);
	assert_string_equal(scenario_first(sc, &note_model)->text, "a text of some length, kept whole");
	scenario_free(sc);
	free(text);
}

static void keys_of_elements_without_id_follow_their_place(void **state)
{
	struct scenario *sc = taken(
		*state,
		WHOLE("<kind id=\"a\" period=\"1h\"><trait/><trait/></kind><kind id=\"b\" period=\"1h\"><trait/></kind>"),
		NULL, 0);
	const struct node *t = scenario_first(sc, &trait_model);

	assert_true(t->key != t->next_same->key && t->key != t->next_same->next_same->key);
	scenario_free(sc);
}

/* What the hash of the input covers. */
static void hash_of(const struct folder *f, const char *text, const struct setting *sets, size_t n, char hash[65])
{
	struct scenario *sc = taken(f, text, sets, n);

	assert_non_null(sc);
	if (sc)
		memcpy(hash, sc->hash, 65);
	scenario_free(sc);
}

static void the_hash_is_of_values_and_data_not_of_layout_or_place(void **state)
{
	static const char text[] = WHOLE("<kind id=\"a\" period=\"1h\" file=\"x.csv\"><trait/></kind>");
	static const char loose[] = "<?xml version=\"1.0\"?>\n\n" HEAD "  " RUN "<!-- c -->\n\n\n" AREA
				    "<kind id='a'   period='1h'\n file='x.csv'>\n<trait></trait>  </kind></scenario>\n";
	struct folder other = *(struct folder *)*state;
	char h[65], same[65];

	put_file(*state, "inner/x.csv", "a,b\n1,2\n");
	hash_of(*state, text, NULL, 0, h);
	assert_int_equal(strlen(h), 64);
	hash_of(*state, loose, NULL, 0, same);
	assert_string_equal(h, same);
	put_file(*state, "lib/x.csv", "a,b\n1,2\n");
	snprintf(other.scenario, sizeof other.scenario, "%s/lib/other.xml", other.path);
	hash_of(&other, text, NULL, 0, same);
	assert_string_equal(h, same);
	hash_of(*state, text, &(struct setting){ "kind/@period", "2h" }, 1, same);
	assert_string_not_equal(h, same);
	put_file(*state, "inner/x.csv", "a,b\n1,3\n");
	hash_of(*state, text, NULL, 0, same);
	assert_string_not_equal(h, same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_bound_and_defaults_filled_in),
		cmocka_unit_test(positions_are_metres_or_degrees),
		cmocka_unit_test(names_that_are_none_are_refused_with_the_nearest),
		cmocka_unit_test(what_is_missing_or_out_of_range_is_refused),
		cmocka_unit_test(elements_stand_as_often_as_they_may),
		cmocka_unit_test(ids_are_unique_and_references_meet_what_they_should),
		cmocka_unit_test(dangling_references_name_the_nearest_id),
		cmocka_unit_test(all_mistakes_are_told_at_once_in_order_of_line),
		cmocka_unit_test(what_is_well_is_loaded_beside_what_is_not),
		cmocka_unit_test(the_first_mistake_in_the_xml_is_told_with_what_would_be_right),
		cmocka_unit_test(an_element_in_the_wrong_place_is_told_the_right_one),
		cmocka_unit_test(text_stands_only_where_it_belongs),
		cmocka_unit_test(targets_are_in_the_unit_of_their_kpi),
		cmocka_unit_test(lines_beyond_65535_are_named_rightly),
		cmocka_unit_test(keys_of_elements_without_id_follow_their_place),
		cmocka_unit_test(the_hash_is_of_values_and_data_not_of_layout_or_place),
	};

	return cmocka_run_group_tests(tests, folder_open, folder_close);
}
