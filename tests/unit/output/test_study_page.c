/* The pictures, the page and the summary of made studies, as files. */
#include "tests/unit/output/study_made.h"

#include <ftw.h>
#include <libxml/HTMLparser.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder { char dir[64], why[OUTPUT_WHY]; };

static int set_up(void **state)
{
	struct folder *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	strcpy(p->dir, "/tmp/sccsim-study-XXXXXX");
	*state = p;
	return mkdtemp(p->dir) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct folder *p = *state;

	nftw(p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

static double town(const struct study *st, size_t p, size_t r, size_t rep)
{
	double x = 0;

	for (size_t f = 0; f < st->n_factors; f++) {
		const struct cell *c = study_cell(st, p, f);
		x += isnan(c->number) ? (double)c->level : c->number;
	}
	return (r == LATENCY ? 30 - x : 0.9 + x / 200) + 0.001 * noise(p, rep);
}

/* All pictures drawn; the page, freed by the caller. */
static char *page_of(struct shown *s, struct folder *p)
{
	char *text = NULL;
	size_t size = 0;

	assert_int_equal(pictures_write(s->pictures.pictures, s->pictures.n, p->dir, p->why), 0);
	FILE *f = open_memstream(&text, &size);
	assert_non_null(f);
	study_html_write(&s->v, &s->pictures, p->dir, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static char *summary_of(struct shown *s)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(study_output_summary(&s->v, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void assert_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("lacks \"%s\":\n%.3000s", what, text);
}

static void assert_lacks(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("has \"%s\"", what);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void every_design_has_a_page_with_all_its_pictures(void **state)
{
	static const char *const levels[] = { "gateways: 3 6 9", "adr: off on", "load: 1 2", NULL };
	static const char *const ranges[] = { "a: 1..10", "b: log 1..100", "adr: off on", NULL };
	static const struct {
		enum design design;
		const char *const *factors;
	} cases[] = {
		{ DESIGN_FACTORIAL, levels }, { DESIGN_STAR, levels },     { DESIGN_LATIN, ranges },
		{ DESIGN_SOBOL, ranges },     { DESIGN_SALTELLI, ranges },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct shown s = { .m = made_study(cases[i].design, cases[i].factors, 16, 0) };
		made_target(made_response(&s.m, DELIVERY), TARGET_GE, 0.93);
		made_response(&s.m, LATENCY);
		made_values(&s.m, town, 4);
		show(&s);
		assert_true(s.pictures.n >= 3);
		char *page = page_of(&s, *state);
		assert_lacks(page, "not drawn");
		assert_int_equal(count(page, "<figure>"), s.pictures.n);
		assert_int_equal(count(page, "<svg role"), s.pictures.n);
		assert_has(page, "A &lt;study&gt; of &quot;us&quot; &amp; them");
		assert_has(page, "<p class=\"lead\">What came out.</p>");
		/* A planner reads the finding before anything else, a reviewer the method after all. */
		assert_true(strstr(page, "What came out.") < strstr(page, "<figure>"));
		assert_true(strstr(page, "id=\"points\"") < strstr(page, "id=\"method\""));
		htmlDocPtr doc = htmlReadMemory(page, (int)strlen(page), "report.html", "utf-8",
						HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
		assert_non_null(doc);
		xmlFreeDoc(doc);
		free(page);
		shown_free(&s);
	}
	xmlCleanupParser();
}

static void the_line_of_a_heat_map_parts_what_meets_the_target(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", "b: 0 1", NULL };
	static const double targets[] = { 0.913, 0.1 };

	/* b = 0: 0.905, 0.91, 0.915; b = 1: 0.91, 0.915, 0.92.  Met: a = 3, or a = 2 and b = 1. */
	for (int i = 0; i < 2; i++) {
		struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };
		made_target(made_response(&s.m, DELIVERY), TARGET_GE, targets[i]);
		made_values(&s.m, town, 4);
		show(&s);
		char *page = page_of(&s, *state);
		const char *path = strstr(page, "stroke=\"#D55E00\" stroke-width=\"2.5\" d=\"");
		assert_true((path != NULL) == (i == 0));
		assert_true((strstr(page, "The orange line") != NULL) == (i == 0));
		if (path) {
			size_t upright = 0, lying = 0;
			for (path = strstr(path, " d=\"") + 4; *path != '"'; path++) {
				upright += *path == 'v';
				lying += *path == 'h';
			}
			assert_int_equal(upright, 2);
			assert_int_equal(lying, 1);
		}
		free(page);
		shown_free(&s);
	}
}

static void what_is_missing_or_failed_is_said_before_the_finding(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	made_response(&s.m, DELIVERY);
	made_values(&s.m, town, 4);
	made_cut(&s.m, 1, 0);
	made_cut(&s.m, 2, 0);
	s.m.data.failed[2] = 4;
	show(&s);
	s.v.complete = false;
	s.v.failures[2] = "town.xml:7: <no> \"such\" thing";
	s.v.totals.failed = 4;
	char *page = page_of(&s, *state), *text = summary_of(&s);
	assert_has(page, "not finished: 1 of 3 points have no result yet");
	assert_has(page, "At 1 of 3 points something failed (1 have no result at all)");
	assert_has(page, "town.xml:7: &lt;no&gt; &quot;such&quot; thing");
	assert_true(strstr(page, "not finished") < strstr(page, "What came out."));
	assert_lacks(page, ">nan");
	assert_has(text, "NOT FINISHED");
	assert_has(text, "point 2 (9 s): town.xml:7: <no> \"such\" thing");
	free(text);
	free(page);
	shown_free(&s);
}

static void points_that_stay_imprecise_and_batches_that_depend_are_said(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };
	double drift[16];

	made_response(&s.m, GENERATED);
	made_values(&s.m, town, 16);
	for (int i = 0; i < 16; i++)
		drift[i] = 100 + 30 * i;
	s.m.data.at[1].v = s.m.data.at[2].v = drift;
	s.m.st.until_precise = true;
	s.m.st.precision = (struct precision){ .relative = 0.05, .level = 0.95, .floor = 2, .batch = 1, .ceiling = 16 };
	show(&s);
	char *page = page_of(&s, *state);
	assert_has(page, "2 of 3 points had all 16 replications that are allowed without reaching the precision of 5 %");
	assert_lacks(page, "batches are not independent");
	free(page);
	s.m.st.until_precise = false;
	s.m.st.statistics = STATISTICS_BATCH_MEANS;
	s.m.st.batches = 16;
	page = page_of(&s, *state);
	assert_lacks(page, "without reaching the precision");
	assert_has(page, "At 2 of 3 points the batches are not independent");
	free(page);
	shown_free(&s);
}

static void the_summary_is_a_table_that_a_terminal_holds(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", "adr: off on", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	(void)state;
	made_target(made_response(&s.m, DELIVERY), TARGET_GE, 0.93);
	made_response(&s.m, LATENCY);
	made_values(&s.m, town, 4);
	show(&s);
	char *text = summary_of(&s);
	assert_has(text, "connectivity.delivery-ratio : met at 3 of 6 points, missed at 2, undecided at 1");
	assert_has(text, "  #  gateways  adr");
	assert_has(text, "  5  9 s       on ");
	assert_has(text, "undecided 92.95 % \u00b1 0.07  24.00 s \u00b1 < 0.01\n");
	assert_has(text, "      met 93.45 % \u00b1 0.06  23.00 s \u00b1 < 0.01\n");
	assert_has(text, "gateways 3 s -> 9 s -6.00");
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 130); /* a hundred columns, signs of several bytes among them */
	/* Columns begin where their names do. */
	const char *head = strstr(text, "  #  gateways"), *row = strstr(text, "  0  3 s");
	assert_non_null(row);
	assert_int_equal(strstr(head, "adr") - head, strstr(row, "off") - row);
	free(text);
	shown_free(&s);
}

static void ten_thousand_points_make_a_small_page(void **state)
{
	static const char *const ranges[] = { "a: 1..10", "b: log 1..100", NULL };
	struct folder *p = *state;
	struct shown s = { .m = made_study(DESIGN_SOBOL, ranges, 10000, 0) };

	made_response(&s.m, DELIVERY);
	made_response(&s.m, LATENCY);
	made_values(&s.m, town, 2);
	show(&s);
	char *page = page_of(&s, p), *text = summary_of(&s);
	assert_true(strlen(page) < 1500000);
	assert_has(page, "of 10000 points some 400 are drawn");
	assert_has(page, "The first 200 of 10000 points");
	assert_has(text, "and 9960 more points in points.csv");
	free(text);
	free(page);
	shown_free(&s);
}

static void effects_are_told_with_how_sure_they_are(void **state)
{
	static const char *const factors[] = { "gateways: 3 6", "nothing: 0 0.000001", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	made_response(&s.m, LATENCY);
	s.m.st.responses[0].def = &made_kpis[LATENCY];
	made_values(&s.m, town, 12);
	show(&s);
	for (size_t i = 0; i < s.v.a->n_effects; i++) {
		const struct effect *e = &s.v.a->effects[i];
		if (e->kind == EFFECT_MAIN)
			assert_string_equal(effect_words(&s.v, e), e->factor == 0 ? "sure" : "not distinguishable");
	}
	struct effect e = { .kind = EFFECT_MAIN, .p = 0.03, .p_holm = 0.2, .estimate = { 1, 0.5, 1.5, 4 } };
	assert_string_equal(effect_words(&s.v, &e), "likely");
	e = (struct effect){ .kind = EFFECT_TOTAL, .p = NAN, .p_holm = NAN, .estimate = { 0.001, 0.0005, 0.002, 4 } };
	assert_string_equal(effect_words(&s.v, &e), "next to nothing");
	e.estimate = (struct interval){ 0.2, -0.1, 0.5, 4 };
	assert_string_equal(effect_words(&s.v, &e), "may be chance");
	e.estimate.low = 0.05;
	assert_string_equal(effect_words(&s.v, &e), "sure");
	e = (struct effect){ .kind = EFFECT_REGRESSION, .p = NAN, .p_holm = NAN, .estimate = { 0.2, NAN, NAN, 1 } };
	assert_string_equal(effect_words(&s.v, &e), "");
	char *page = page_of(&s, *state);
	assert_has(page, "not distinguishable</td>");
	assert_has(page, "&lt; 0.001");
	free(page);
	shown_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_design_has_a_page_with_all_its_pictures, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_line_of_a_heat_map_parts_what_meets_the_target, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_missing_or_failed_is_said_before_the_finding, set_up, tear_down),
		cmocka_unit_test_setup_teardown(points_that_stay_imprecise_and_batches_that_depend_are_said, set_up,
						tear_down),
		cmocka_unit_test(the_summary_is_a_table_that_a_terminal_holds),
		cmocka_unit_test_setup_teardown(ten_thousand_points_make_a_small_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(effects_are_told_with_how_sure_they_are, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
