/* Addresses of --set and of study factors. */
#include "tests/unit/scenario/parts.h"

static const char town[] = WHOLE("<kind id=\"a\" period=\"1h\" law=\"pareto\"><trait/><trait weight=\"2\"/></kind>\n"
				 "<kind id=\"b\" period=\"1h\"><trait/></kind>\n<put kind=\"a\"/>\n<put id=\"p\" kind=\"b\" count=\"5\"/>");

static struct scenario *with(const struct folder *f, const char *address, const char *value)
{
	return taken(f, town, &(struct setting){ address, value }, 1);
}

static void every_match_is_set(void **state)
{
	struct scenario *sc = with(*state, "kind/@period", "3h");

	for (const struct node *n = scenario_first(sc, &kind_model); n; n = n->next_same) {
		assert_true(((const struct kind_params *)n->par)->period == 3 * SIM_HOUR);
		assert_true(node_given(n, "period"));
	}
	scenario_free(sc);
}

static void a_predicate_narrows_and_what_the_file_leaves_out_is_created(void **state)
{
	struct scenario *sc = with(*state, "kind[@id='b']/@payload", "50B");
	const struct node *n = scenario_first(sc, &kind_model);

	assert_int_equal(((const struct kind_params *)n->par)->payload, 20);
	assert_int_equal(((const struct kind_params *)n->next_same->par)->payload, 50);
	assert_int_equal(n->next_same->given[2], GIVEN_SET);
	assert_non_null(strstr(sc->resolved, "payload=\"50B\""));
	scenario_free(sc);
	sc = with(*state, "kind[@law=\"pareto\"]/trait[2]/@weight", "7");
	const struct node *t = scenario_first(sc, &trait_model);
	assert_true(((const struct trait_params *)t->par)->weight < 1.5);
	assert_true(((const struct trait_params *)t->next_same->par)->weight > 6.5);
	scenario_free(sc);
	sc = with(*state, "put[2][@id='p']/@count", "9"); /* the second, and it is p */
	assert_int_equal(((const struct put_params *)scenario_first(sc, &put_model)->next_same->par)->count, 9);
	scenario_free(sc);
	sc = with(*state, "put[@id='p'][1]/@count", "9"); /* the first of those that are p */
	assert_int_equal(((const struct put_params *)scenario_first(sc, &put_model)->next_same->par)->count, 9);
	scenario_free(sc);
}

static void the_root_has_an_address_too(void **state)
{
	struct scenario *sc = with(*state, "@id", "other");

	assert_string_equal(sc->root->id, "other");
	scenario_free(sc);
}

static void the_last_of_several_settings_holds(void **state)
{
	const struct setting sets[] = { { "kind/@period", "2h" }, { "kind[@id='a']/@period", "5h" } };
	struct scenario *sc = taken(*state, town, sets, 2);
	const struct node *n = scenario_first(sc, &kind_model);

	assert_true(((const struct kind_params *)n->par)->period == 5 * SIM_HOUR);
	assert_true(((const struct kind_params *)n->next_same->par)->period == 2 * SIM_HOUR);
	scenario_free(sc);
}

static void mistakes_in_an_address_are_told(void **state)
{
	static const struct {
		const char *address, *value, *message;
	} rows[] = {
		{ "cat/@x", "1", "--set 'cat/@x': no element matches: there is no <cat> in <scenario>" },
		{ "kidn/@period", "1h",
		  "--set 'kidn/@period': no element matches: there is no <kidn> in <scenario> (did you mean <kind>?)" },
		{ "kind/triat/@weight", "1",
		  "--set 'kind/triat/@weight': no element matches: there is no <triat> in <kind> (did you mean <trait>?)" },
		{ "scenario/kind/@period", "1h",
		  "--set 'scenario/kind/@period': no element matches: an address begins below <scenario> (leave that out)" },
		{ "kind[@id='z']/@period", "1h",
		  "--set 'kind[@id='z']/@period': no element matches: no <kind> in <scenario> has id=\"z\"" },
		{ "put[@id='q']/@count", "1",
		  "--set 'put[@id='q']/@count': no element matches: no <put> in <scenario> has id=\"q\" (did you mean p?)" },
		{ "kind[@law='gauss']/@period", "1h",
		  "--set 'kind[@law='gauss']/@period': no element matches: no <kind> in <scenario> has law=\"gauss\"" },
		{ "kind[3]/@period", "1h", "--set 'kind[3]/@period': no element matches: <scenario> holds 2 <kind>" },
		{ "kind/@perod", "1h", "--set 'kind/@perod': <kind> has no attribute \"perod\" (did you mean period?)" },
		{ "area/@colour", "red", "--set 'area/@colour': <area> has no attribute \"colour\"" },
		{ "area/@id", "x", "--set 'area/@id': <area> has no attribute \"id\"" },
		{ "kind[", "1", "--set 'kind[': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "kind[@id='a'/@x", "1", "--set 'kind[@id='a'/@x': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "kind[0]/@period", "1", "--set 'kind[0]/@period': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "put[1][@id='p']/@count", "1",
		  "--set 'put[1][@id='p']/@count': no element matches: <scenario> holds 2 <put>" },
		{ "put[1][2]/@count", "1", "--set 'put[1][2]/@count': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "", "1", "--set '': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "kind", "1", "--set 'kind': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "/kind/@period", "1", "--set '/kind/@period': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "kind/@period/x", "1", "--set 'kind/@period/x': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "kind/@", "1", "--set 'kind/@': is not an address (try lorawan[@id='lpwan']/@adr)" },
		{ "area/@size", "4kg", "3: <area size> (--set): \"4kg\" is not a length (try 2.5km, 30m)" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		refused_by(*state, town, &(struct setting){ rows[i].address, rows[i].value }, 1,
			   (const char *const[]){ rows[i].message, NULL });
	REFUSED(*state, town + 1, "1: not well-formed XML: Start tag expected, '<' not found");
}

static void an_address_of_any_length_is_refused_not_overrun(void **state)
{
	char address[4096];
	struct diag *d = diag_new();

	memset(address, 'a', sizeof address);
	address[sizeof address - 1] = '\0';
	assert_null(take(*state, town, &(struct setting){ address, "1" }, 1, d));
	memcpy(address, "kind[@id='", 10);
	memcpy(address + 4000, "']/@x", 6);
	assert_null(take(*state, town, &(struct setting){ address, "1" }, 1, d));
	address[0] = '\0';
	for (int i = 0; i < 500; i++)
		memcpy(address + 2 * i, "a/", 3);
	assert_null(take(*state, town, &(struct setting){ address, "1" }, 1, d));
	assert_int_equal(diag_errors(d), 3);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_match_is_set),
		cmocka_unit_test(a_predicate_narrows_and_what_the_file_leaves_out_is_created),
		cmocka_unit_test(the_root_has_an_address_too),
		cmocka_unit_test(the_last_of_several_settings_holds),
		cmocka_unit_test(mistakes_in_an_address_are_told),
		cmocka_unit_test(an_address_of_any_length_is_refused_not_overrun),
	};

	return cmocka_run_group_tests(tests, folder_open, folder_close);
}
