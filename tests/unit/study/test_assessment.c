/* A sheet from its text: what is taken, and what is said of what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/study/sheet.h"

static void a_sheet_gives_counts_and_names_what_is_simulated(void **state)
{
	struct assessment *a =
		sheet_new(SHEET("id='here' city='Here' country='NO' year='2020' population='50000' confidence='90%'",
				"<title>T</title><state id='now' title='as it is'/><state id='plan'/>"
				"<indicator code='EC: ICT: ICT: 1C' value='97%' source='survey'/>"
				"<indicator code='EC:ICT:ES:1C' numerator='38' denominator='190'/>"
				"<indicator code='EC: ICT: ICT: 3C' numerator='40000'/>"
				"<indicator code='EC: ICT: WS: 1C' benchmark='50%' sdg='6.3'><value state='now'>4%</value>"
				"<value state='plan' kpi='meters.connected-ratio' class='meter' factor='40%'/></indicator>"
				"<indicator code='leaks' name='Leaks' unit='1' better='less' benchmark='12' value='3'/>"),
			  1);
	const struct sheet_indicator *in = a->indicators;

	(void)state;
	assert_string_equal(a->city, "Here");
	assert_int_equal(a->year, 2020);
	assert_near(a->confidence, 0.9, 1e-12);
	assert_string_equal(a->states[0].title, "as it is");
	assert_string_equal(a->states[1].title, "plan");
	assert_true(!a->states[0].used && a->states[1].used);
	assert_string_equal(a->states[1].results, "plan.sqlite");
	assert_int_equal(in[0].values[0].source, VALUE_GIVEN);
	assert_near(in[0].values[1].value, 97, 0);
	assert_string_equal(in[0].values[1].from, "survey");
	assert_int_equal(in[1].values[0].source, VALUE_COUNTED);
	assert_near(in[1].values[0].value, 20, 1e-12);
	assert_string_equal(in[1].def.code, "EC: ICT: ES: 1C");
	assert_near(in[2].values[0].value, 80000, 1e-9); /* per 100 000 of the population */
	assert_near(in[3].values[0].value, 4, 0);
	assert_int_equal(in[3].values[1].source, VALUE_SIMULATED);
	assert_near(in[3].values[1].scale, 40, 1e-12); /* a share into per cent, times the factor */
	assert_string_equal(in[3].values[1].group, "class=meter");
	assert_near(in[3].def.benchmark, 50, 0);
	assert_string_equal(in[3].def.sdg, "6.3");
	assert_true(in[4].own && in[4].place.dimension == -1);
	assert_int_equal(in[4].def.better, BETTER_LESS);
	assessment_free(a);
}

static void a_value_of_a_state_stands_before_the_one_for_all(void **state)
{
	struct assessment *a =
		sheet_new(SHEET("", "<state id='now'/><state id='then'/><indicator code='EC: ICT: ICT: 1C' value='90%'>"
				    "<value state='then'>95%</value></indicator>"),
			  0);

	(void)state;
	assert_near(a->indicators[0].values[0].value, 90, 0);
	assert_near(a->indicators[0].values[1].value, 95, 0);
	assessment_free(a);
}

static void states_are_compared_to_the_first_one_or_to_the_one_they_name(void **state)
{
	struct assessment *a = sheet_new(SHEET("", "<state id='a'/><state id='b'/><state id='c' against='b'/>"), 0);

	(void)state;
	assert_int_equal(a->states[0].against, 0);
	assert_int_equal(a->states[1].against, 0);
	assert_int_equal(a->states[2].against, 1);
	assessment_free(a);
}

static void units_of_kpis_convert_or_need_a_factor(void **state)
{
	struct assessment *a = sheet_new(
		SHEET("", "<state id='plan'/>"
			  "<indicator code='SC: SH: SA: 5A'><value state='plan' kpi='meters.delay'/></indicator>"
			  "<indicator code='d' name='D' unit='s'><value state='plan' kpi='meters.delay'/></indicator>"
			  "<indicator code='e' name='E' unit='mWh'><value state='plan' kpi='meters.energy' "
			  "factor='0.2777'/></indicator>"),
		1);

	(void)state;
	assert_near(a->indicators[0].values[0].scale, 1.0 / 60, 1e-15);
	assert_near(a->indicators[1].values[0].scale, 1, 0);
	assert_near(a->indicators[2].values[0].scale, 0.2777, 1e-15);
	assert_string_equal(a->indicators[0].values[0].group, "all");
	assessment_free(a);
}

#define IN(inside) SHEET("population='1000'", "<state id='now'/><state id='plan'/>\n" inside)

/* Every mistake is said at its line; what: a part of the message. */
static void mistakes_are_told_with_their_line(void **state)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{ SHEET("", "<indicator code='EC: ICT: ICT: 1C' value='97%'/>"),
		  "sheet.xml:1: <assessment>: needs a <state>" },
		{ IN("<indicator code='EC: ICT: W: 1C' value='9%'/>"),
		  "sheet.xml:3: <indicator code>: \"EC: ICT: W: 1C\" is no indicator of U4SSC "
		  "(did you mean EC: ICT: WS: 1C?)" },
		{ IN("<indicator code='leaks' name='Leaks' value='9'/>"), "needs a name and a unit" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='9'/>"),
		  "<indicator value>: \"9\" is not a percentage (try 27.27%)" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='101%'/>"), "is above 100 %" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='9%' unit='1'/>"), "is not the unit of this indicator" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='9%' benchmark='0%'/>"),
		  "<indicator benchmark>: \"0%\" is not above 0" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='9%' benchmark='9'/>"),
		  "<indicator benchmark>: \"9\" is not a percentage" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='9%' numerator='3' denominator='4'/>"),
		  "has more than one value" },
		{ IN("<indicator code='EC: ICT: WS: 1C' numerator='3'/>"), "a numerator goes with a denominator" },
		{ IN("<indicator code='EC: ICT: WS: 1C' numerator='3' denominator='0'/>"), "\"0\" is not above 0" },
		{ IN("<indicator code='EC: ICT: WS: 1C' numerator='5' denominator='4'/>"),
		  "is more than the denominator allows" },
		{ IN("<indicator code='EC: ICT: WS: 1C' value='1%'/>\n<indicator code='EC:ICT:WS:1C' value='2%'/>"),
		  "sheet.xml:4: <indicator code>: \"EC:ICT:WS:1C\" stands in the sheet already (line 3)" },
		{ IN("<indicator code='EC: ICT: WS: 1C'>\n<value state='nov'>4%</value></indicator>"),
		  "there is no <state> with id \"nov\" (did you "
		  "mean now?)" },
		{ IN("<indicator code='EC: ICT: WS: 1C'>\n<value state='now'>4</value></indicator>"),
		  "sheet.xml:4: <value>: \"4\" is not a percentage" },
		{ IN("<indicator code='EC: ICT: WS: 1C'>\n<value state='now'>104%</value></indicator>"),
		  "\"104%\" is above 100 %" },
		{ IN("<indicator code='EC: ICT: WS: 1C'>\n<value state='now'/></indicator>"),
		  "sheet.xml:4: <value>: has no value" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='now'>4%</value>\n<value state='now'>5%</value></indicator>"),
		  "sheet.xml:4: <value state>: \"now\" has a value of this indicator already (line 3)" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='plan' kpi='meters.conected-ratio'/></indicator>"),
		  "is no KPI (did you mean meters.connected-ratio?)" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='plan' kpi='meters.energy'/></indicator>"),
		  "is in J and the indicator in %: give the factor that converts it" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='now' kpi='meters.connected-ratio'/></indicator>"),
		  "is of a simulation, and state \"now\" has none" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='plan' kpi='meters.connected-ratio' class='a' network='b'/></indicator>"),
		  "names more than one group" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='now' factor='2'>4%</value></indicator>"),
		  "names none" },
		{ IN("<indicator code='EC: ICT: WS: 1C'><value state='plan' kpi='meters.connected-ratio' factor='0%'/></indicator>"),
		  "<value factor>: \"0%\" is not above 0" },
		{ IN("<state id='x' against='x'/>"), "is the state itself" },
		{ IN("<state id='x'><set path='run/@seed' value='1'/></state>"),
		  "sets values of a scenario, and names none" },
		{ IN("<state id='x' replications='3'/>"), "<state replications>: \"3\" is of a simulation" },
		{ IN("<state id='x' scenario='nowhere.xml'/>"), "nowhere.xml" },
		{ SHEET("standard='iso'", "<state id='now'/>"), "is none of u4ssc" },
		{ "<assessment xmlns='urn:sccsim:scenario:1'/>", "is not in the namespace urn:sccsim:assessment:1" },
		{ SHEET("", "<state id='now'/>"), "has no state \"plan\" whose results could be given" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct diag *d = diag_new();
		struct assessment *a = sheet_parse(cases[i].text, 1, d);
		bool said = false;
		if (a)
			fail_msg("case %zu is taken", i);
		for (size_t k = 0; k < diag_count(d); k++)
			said |= strstr(diag_text(d, k), cases[i].what) != NULL;
		if (!said) {
			diag_print(d, stderr);
			fail_msg("case %zu does not say: %s", i, cases[i].what);
		}
		diag_free(d);
	}
}

static void all_mistakes_are_told_at_once(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(sheet_parse(
		IN("<indicator code='EC: ICT: WS: 1C' value='9'/>\n<indicator code='x' value='9'/>\n"
		   "<indicator code='EC: ICT: ES: 1C'><value state='now'>7</value><value state='plan'/></indicator>"),
		1, d));
	assert_int_equal(diag_errors(d), 4);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sheet_gives_counts_and_names_what_is_simulated),
		cmocka_unit_test(a_value_of_a_state_stands_before_the_one_for_all),
		cmocka_unit_test(states_are_compared_to_the_first_one_or_to_the_one_they_name),
		cmocka_unit_test(units_of_kpis_convert_or_need_a_factor),
		cmocka_unit_test(mistakes_are_told_with_their_line),
		cmocka_unit_test(all_mistakes_are_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
