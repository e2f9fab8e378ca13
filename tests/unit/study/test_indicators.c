#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/study/assessment.h"
#include "tests/unit/study/near.h"

/* The code without the name of one of several values. */
static size_t stem(const char *code)
{
	const char *dash = strstr(code, " - ");

	return dash ? (size_t)(dash - code) : strlen(code);
}

static bool first_of_its_kpi(size_t i)
{
	size_t n = stem(indicators[i].code);

	for (size_t k = 0; k < i; k++)
		if (stem(indicators[k].code) == n && strncmp(indicators[k].code, indicators[i].code, n) == 0)
			return false;
	return true;
}

/* ITU: 91 indicators, 54 of them core; 3 dimensions, 7 sub-dimensions, 22 categories (verification manual, page 15). */
static void the_table_has_the_91_indicators_of_the_standard(void **state)
{
	size_t kpis = 0, core = 0, used[CATEGORIES] = { 0 }, subs[SUB_DIMENSIONS] = { 0 };

	(void)state;
	for (size_t i = 0; i < n_indicators; i++) {
		struct indicator_place p = indicator_place(indicators[i].code);
		kpis += first_of_its_kpi(i);
		core += first_of_its_kpi(i) && p.core;
		if (p.category < 0 || p.sub_dimension < 0 || p.dimension < 0)
			fail_msg("%s stands nowhere", indicators[i].code);
		used[p.category]++;
		subs[p.sub_dimension]++;
	}
	assert_int_equal(kpis, 91);
	assert_int_equal(core, 54);
	for (size_t i = 0; i < CATEGORIES; i++)
		assert_true(used[i] > 0);
	for (size_t i = 0; i < SUB_DIMENSIONS; i++)
		assert_true(subs[i] > 0);
}

static void every_row_is_whole(void **state)
{
	double value;
	const char *why;
	char text[64];

	(void)state;
	for (size_t i = 0; i < n_indicators; i++) {
		const struct indicator *d = &indicators[i];
		if (indicator_find(d->code) != d)
			fail_msg("%s stands twice", d->code);
		if (!d->name[0] || !d->unit[0] || !d->source[0] || !d->code_mark)
			fail_msg("%s lacks a text or a mark", d->code);
		if (isnan(d->benchmark) ? d->benchmark_mark == MARK_OURS : !(d->benchmark > 0) || !d->benchmark_mark)
			fail_msg("%s: benchmark", d->code);
		if ((d->sdg != NULL) != (d->sdg_mark != MARK_NONE) ||
		    (d->numerator != NULL) != (d->formula_mark != MARK_NONE))
			fail_msg("%s: what has a mark, and only that, is there", d->code);
		snprintf(text, sizeof text, "3%s", strcmp(d->unit, "1") == 0 ? "" : d->unit);
		if (!indicator_parse(d->unit, text, &value, &why) || fabs(value - 3) > 1e-12)
			fail_msg("%s: %s", text, why);
	}
}

static void what_has_no_better_side_is_not_scored(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_indicators; i++)
		assert_true(indicators[i].better != BETTER_UNSTATED || isnan(indicators[i].benchmark));
}

static void codes_tell_where_they_stand(void **state)
{
	static const struct {
		const char *code, *dimension, *sub, *category;
		bool core;
	} cases[] = {
		{ "EC: ICT: WS: 1C", "Economy", "ICT", "Water and sanitation", true },
		{ "EC: ICT: D: 1A", "Economy", "ICT", "Drainage", false },
		{ "EC:I:ES:2C", "Economy", "Infrastructure", "Electricity supply", true },
		{ "EN: E: E: 4A", "Environment", "Energy", "Energy", false },
		{ "EC: ICT: ICT: 4C - 3G", "Economy", "ICT", "ICT infrastructure", true },
		{ "SC: SH: SA: 3A", "Society and culture", "Safety, housing and social inclusion", "Safety", false },
	};
	static const char *const nowhere[] = { "",
					       "readings",
					       "EC: ICT: WS",
					       "EC: ICT: WS: 1X",
					       "EC: ICT: WS: C",
					       "XX: ICT: WS: 1C",
					       "EC: EH: WS: 1C",
					       "EC: ICT: XX: 1C",
					       "EC: ICT: WS: 1C: 2" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct indicator_place p = indicator_place(cases[i].code);
		assert_true(p.dimension >= 0);
		assert_string_equal(dimensions[p.dimension].name, cases[i].dimension);
		assert_string_equal(sub_dimensions[p.sub_dimension].name, cases[i].sub);
		assert_string_equal(categories[p.category].name, cases[i].category);
		assert_int_equal(p.core, cases[i].core);
	}
	for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
		if (indicator_place(nowhere[i]).dimension != -1)
			fail_msg("\"%s\" stands somewhere", nowhere[i]);
}

static void codes_are_found_however_they_are_spaced_and_nearly_right_ones_named(void **state)
{
	(void)state;
	assert_string_equal(indicator_find("EC:ICT:WS:1C")->name, "Smart water meters");
	assert_ptr_equal(indicator_find(" EC: ICT:  WS: 1C "), indicator_find("EC: ICT: WS: 1C"));
	assert_null(indicator_find("EC: ICT: WS: 1"));
	assert_null(indicator_find("EC: ICT: WS: 1CC"));
	assert_string_equal(indicator_nearest("EC: ICT: W: 1C"), "EC: ICT: WS: 1C");
	assert_null(indicator_nearest("readings"));
}

static void checks_and_titles_name_what_is_in_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_plausibilities; i++) {
		assert_non_null(indicator_find(plausibilities[i].less));
		assert_non_null(indicator_find(plausibilities[i].more));
	}
	for (size_t i = 0; i < n_indicators; i++) {
		char all[64], *rest = all, *one;
		snprintf(all, sizeof all, "%s", indicators[i].sdg ? indicators[i].sdg : "");
		while ((one = strsep(&rest, " ")) && *one)
			if (!sdg_title(one))
				fail_msg("%s: target %s has no title", indicators[i].code, one);
	}
	assert_null(sdg_title("6.10"));
}

static void values_carry_the_unit_of_their_indicator(void **state)
{
	static const struct {
		const char *unit, *text;
		double value;
	} good[] = {
		{ "%", "27.27%", 27.27 },
		{ "%", " 0 % ", 0 },
		{ "/100k", "95424/100k", 95424 },
		{ "1", "78", 78 },
		{ "min", "42min", 42 },
		{ "min", "1h30m", 90 },
		{ "min", "90s", 1.5 },
		{ "/yr", "0.4/yr", 0.4 },
		{ "ug/m3", "12 ug/m3", 12 },
		{ "km/100k", "3km/100k", 3 },
		{ "s", "0.5s", 0.5 },
	};
	static const struct {
		const char *unit, *text, *why;
	} bad[] = {
		{ "%", "97", "percentage" },     { "%", "0.97", "percentage" },     { "%", "%", "percentage" },
		{ "%", "-1%", "below 0" },       { "%", "nan%", "percentage" },     { "%", "1e999%", "percentage" },
		{ "/100k", "95424", "100 000" }, { "1", "78%", "is not a number" }, { "min", "5", "minutes" },
		{ "/yr", "0.4", "a year" },      { "ug/m3", "12", "unit" },         { "1", "", "is not a number" },
		{ "ug/m3", "ug/m3", "unit" },
	};
	double value;
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (!indicator_parse(good[i].unit, good[i].text, &value, &why))
			fail_msg("\"%s\" %s", good[i].text, why);
		assert_near(value, good[i].value, 1e-12 * good[i].value);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (indicator_parse(bad[i].unit, bad[i].text, &value, &why))
			fail_msg("\"%s\" is taken for %g %s", bad[i].text, value, bad[i].unit);
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" %s", bad[i].text, why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_has_the_91_indicators_of_the_standard),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(what_has_no_better_side_is_not_scored),
		cmocka_unit_test(codes_tell_where_they_stand),
		cmocka_unit_test(codes_are_found_however_they_are_spaced_and_nearly_right_ones_named),
		cmocka_unit_test(checks_and_titles_name_what_is_in_the_table),
		cmocka_unit_test(values_carry_the_unit_of_their_indicator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
