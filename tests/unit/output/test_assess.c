/* What an assessment's outputs say, against figures worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <jansson.h>
#include <sys/stat.h>

#include "sim/output/assess_private.h"
#include "sim/output/output.h"
#include "tests/unit/study/sheet.h"

#define AWKWARD "&lt;b&gt;&quot;A &amp; B&quot;, it&apos;s&lt;/b&gt; --&gt;"

/* Three scored indicators of the economy, one of society; 66 % lies in the interval of the simulated one. */
struct made { struct assessment *a; struct outcome *o; struct scores *s; char dir[64]; };

static int set_up(void **state)
{
	static const double x[] = { 0.62, 0.66, 0.70, 0.64, 0.66 };
	struct made *m = calloc(1, sizeof *m);

	m->a = sheet_new(
		SHEET("id='t' city='" AWKWARD "' population='1000'",
		      "<title>" AWKWARD "</title><state id='now' title='" AWKWARD "'/><state id='plan'/>"
		      "<indicator code='EC: ICT: WS: 1C'><value state='now'>4%</value>"
		      "<value state='plan' kpi='meters.connected-ratio'/></indicator>"
		      "<indicator code='EC: I: WS: 1C' value='100%'/><indicator code='EC: I: WS: 4C' value='81.57%'/>"
		      "<indicator code='EC: I: ES: 1C' value='0.4/yr'/><indicator code='EC: I: ES: 2C' value='31min'/>"
		      "<indicator code='SC: SH: SA: 3A' value='3'/><indicator code='EC: ICT: ICT: 5A' value='78'/>"
		      "<indicator code='a,b' name='" AWKWARD "' unit='1' value='5'/>"),
		1);
	m->o = outcome_made(1, &sheet_kpis[KPI_SHARE], "all", x, 5);
	const struct outcome **outcomes = calloc(2, sizeof *outcomes);
	outcomes[1] = m->o;
	m->s = scores_new(m->a, outcomes);
	strcpy(m->dir, "/tmp/sccsim-assess-XXXXXX");
	*state = m;
	return m->s && mkdtemp(m->dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct made *m = *state;

	nftw(m->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free((void *)m->s->outcomes);
	scores_free(m->s);
	outcome_unmake(m->o);
	assessment_free(m->a);
	free(m);
	return 0;
}

static char *written(const struct scores *s, int (*write)(const struct scores *s, FILE *f))
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_int_equal(write(s, f), 0);
	fclose(f);
	return text;
}

static void assert_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("lacks: %s", what);
}

static void values_are_shown_with_the_digits_that_they_bear(void **state)
{
	const struct made *m = *state;
	const struct indicator *percent = &m->a->indicators[0].def, *count = &m->a->indicators[6].def;
	char buf[SHOWN];

	assert_string_equal(show_value(buf, percent, (struct interval){ 27.27, 27.27, 27.27, 0 }, &plain_style), "27.27 %");
	assert_string_equal(show_value(buf, percent, (struct interval){ 65.7286, 64.39, 67.07, 5 }, &plain_style),
			    "65.7 %");
	assert_string_equal(show_value(buf, count, (struct interval){ 95424, 95424, 95424, 0 }, &plain_style), "95 424");
	assert_string_equal(show_value(buf, percent, (struct interval){ NAN, NAN, NAN, 0 }, &plain_style), "");
	assert_string_equal(show_value_bounds(buf, percent, (struct interval){ 65.7286, 64.39, 67.07, 5 }, &plain_style),
			    "64.4 to 67.1");
	assert_string_equal(show_value_bounds(buf, percent, (struct interval){ 65, NAN, NAN, 1 }, &plain_style), "");
	assert_string_equal(show_points(buf, (struct points){ 2, 2, 3 }, &plain_style), "2 to 3");
	assert_string_equal(show_points(buf, (struct points){ 2, 2, 2 }, &plain_style), "2");
	assert_string_equal(show_points(buf, (struct points){ 0, 0, 0 }, &plain_style), "");
	assert_string_equal(show_points_gain(buf, -1, 0, 1, &plain_style), "-1 to +1");
	assert_string_equal(show_points_gain(buf, 2, 2, 2, &plain_style), "+2");
	assert_string_equal(show_score(buf, &(struct group_score){ 4, 4, 4, 9, 9, 10 }, &plain_style), "56.25 %");
	assert_string_equal(show_score(buf, &(struct group_score){ 4, 4, 3, 9, 9, 9 }, &plain_style), "75 %");
	assert_string_equal(show_score_bounds(buf, &(struct group_score){ 4, 4, 4, 9, 9, 10 }, &plain_style),
			    "56.25 to 62.5 %");
	assert_string_equal(show_score_bounds(buf, &(struct group_score){ 4, 4, 4, 9, 9, 9 }, &plain_style), "");
}

static void the_finding_says_what_gains_and_what_may(void **state)
{
	const struct made *m = *state;
	char *text = assess_finding(m->s, &plain_style);

	/* 1 + 4 + 3 + 3 of 16; then 2 (to 3) instead of the 1 */
	assert_has(text, "reports 8 of the 113 data points");
	assert_has(text, "reaches 68.75 % of the points of 4 scored indicators");
	assert_has(text, "75 % (75 to 81.25 %) of the points of 4 scored");
	assert_has(text, "+6.2 (+6.2 to +12.5) percentage points");
	assert_has(text, "1 indicator gains points; most of all \"Smart water meters\" (+1 to +2)");
	free(text);
}

static void scores_csv_has_a_row_for_each_state_indicator_and_group(void **state)
{
	const struct made *m = *state;
	char *text = written(m->s, assess_csv);
	size_t lines = 0;

	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 1 + 2 * (8 + m->s->n_groups) + 1);
	assert_has(text, "\nnow,indicator,EC: ICT: WS: 1C,Smart water meters,given,4,%,,,,100,4,1,1,1,,,,,,,\n");
	/* 65.6 -+ 2.776445 sqrt(8.8 / 5) */
	assert_has(
		text,
		"\nplan,indicator,EC: ICT: WS: 1C,Smart water meters,simulated,65.6,%,61.9166293,69.2833707,5,100,65.6,2,2,3,,,,61.6,"
		"57.9166293,65.2833707,\n");
	assert_has(text, "\nnow,indicator,\"a,b\",\"<b>\"\"A & B\"\", it's</b> -->\",given,5,1,,,,,,,,,,,,,,,\n");
	assert_has(
		text,
		"\nplan,category,WS,Water and sanitation,,75,%,75,83.3333333,,,,9,9,10,13,3,3,8.33333333,8.33333333,16.6666667,\n");
	assert_has(text, "\nnow,dimension,EN,Environment,,,%,,,,,,,,,28,0,0,,,,\n");
	assert_has(text, "\n# sccsim ");
	free(text);
}

static void assessment_json_says_the_same(void **state)
{
	const struct made *m = *state;
	char *text = written(m->s, assess_json);
	json_t *o = json_loads(text, 0, NULL), *v;

	assert_non_null(o);
	v = json_array_get(json_object_get(json_array_get(json_object_get(o, "indicators"), 0), "values"), 1);
	assert_string_equal(json_string_value(json_object_get(v, "source")), "simulated");
	assert_near(json_real_value(json_object_get(v, "value")), 65.6, 1e-9);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(v, "points"), "high")), 3);
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json_object_get(v, "change"), "points"), "low")), 1);
	v = json_array_get(json_object_get(o, "indicators"), 6);
	assert_true(json_is_null(json_object_get(v, "benchmark")));
	assert_true(json_is_null(json_object_get(json_array_get(json_object_get(v, "values"), 0), "points")));
	v = json_array_get(json_object_get(o, "states"), 0);
	assert_near(json_real_value(json_object_get(v, "saidi_minutes")), 12.4, 1e-9);
	assert_string_equal(json_string_value(json_object_get(v, "title")), "<b>\"A & B\", it's</b> -->");
	json_decref(o);
	free(text);
}

static void no_line_of_the_summary_is_longer_than_a_hundred_columns(void **state)
{
	const struct made *m = *state;
	char *text = written(m->s, assess_summary), *rest = text, *line;

	assert_has(text, "75.0 (75.0 to 81.2) % of 4");
	assert_has(text, "66 %, 2 to 3 points");
	while ((line = strsep(&rest, "\n"))) {
		if (text_width(line) > 100)
			fail_msg("too long: %s", line);
		if (*line && line[strlen(line) - 1] == ' ')
			fail_msg("ends in a blank: %s", line);
	}
	free(text);
}

static char *content(const struct made *m, const char *name)
{
	char path[128], *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof path, "%s/%s", m->dir, name);
	FILE *f = fopen(path, "r");
	if (!f || getdelim(&text, &size, '\0', f) <= 0)
		fail_msg("%s cannot be read", path);
	fclose(f);
	return text;
}

static void the_page_holds_texts_escaped_points_and_marks(void **state)
{
	const struct made *m = *state;
	char why[OUTPUT_WHY] = "", *page;

	if (assess_write(m->s, m->dir, why) != 0)
		fail_msg("%s", why);
	page = content(m, "report.html");
	assert_has(page, "<h1>&lt;b&gt;&quot;A &amp; B&quot;");
	assert_null(strstr(page, "<b>\"A"));
	assert_has(page, "\u25cf\u25cf\u25d0\u25cb"); /* two points, perhaps three */
	assert_has(page, "SAIDI = SAIFI");
	assert_has(page, "12.4 minutes without power");
	assert_has(page, "V2\u200a\u00b7\u200aV2\u200a\u00b7\u200aours\u200a\u00b7\u200aM"); /* of the water meters */
	assert_has(page, "EC: I: WS: 4C (formula, SDG target)");
	assert_has(page, "</html>");
	free(page);
}

/* Of the two scored indicators of a dimension bars, of three and more a radar with one axis each. */
static void few_indicators_are_bars_and_more_a_radar(void **state)
{
	const struct made *m = *state;
	struct assess_pictures all;
	char why[OUTPUT_WHY] = "", *svg;
	size_t rings = 0, dots = 0;

	assess_pictures_of(m->s, &all);
	assert_int_equal(all.n, 3);
	assert_string_equal(all.v[1].name, "radar-EC");
	assert_string_equal(all.v[2].name, "bars-SC");
	if (assess_write(m->s, m->dir, why) != 0)
		fail_msg("%s", why);
	svg = content(m, "plots/radar-EC.svg");
	for (const char *c = svg; (c = strstr(c, "<polygon")); c++)
		rings++;
	for (const char *c = svg; (c = strstr(c, "<circle")); c++)
		dots++;
	assert_int_equal(rings, 3);
	assert_int_equal(dots, 6);             /* three indicators in two states */
	assert_has(svg, "stroke-width=\"6\""); /* the interval */
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_are_shown_with_the_digits_that_they_bear, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_finding_says_what_gains_and_what_may, set_up, tear_down),
		cmocka_unit_test_setup_teardown(scores_csv_has_a_row_for_each_state_indicator_and_group, set_up, tear_down),
		cmocka_unit_test_setup_teardown(assessment_json_says_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_line_of_the_summary_is_longer_than_a_hundred_columns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_page_holds_texts_escaped_points_and_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(few_indicators_are_bars_and_more_a_radar, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
