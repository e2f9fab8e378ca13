/* Timelines and maps of moments: where bars and their texts stand, what is escaped, kept, and drawn again. */
#include "tests/unit/output/folder.h"

static const struct timeline_def days = { "days", "Days" };
static const struct section sections[] = {
	{ SECTION_TIMELINE, "What happened", "days messages.per-hour missing.kpi", "Words. " AWKWARD, "crisis" },
	{ SECTION_MOMENTS, "Where it happened", "sites", "Maps.", "crisis" },
};
static const struct model upper = { .name = "upper", .doc = "Above.", .sections = sections, .n_sections = 2 };
static const struct model *const models[] = { &made_model, &upper };
static const struct model_table table = { models, 2 };

static int set_up(void **state)
{
	int rc = folder_set_up(state);

	if (rc == 0)
		((struct folder *)*state)->m.sc.table = &table;
	return rc;
}

static void report_some(struct folder *p)
{
	struct report *r = p->m.reps[0].report;
	double ring[] = { 7.0, 50.7, 7.1, 50.7, 7.1, 50.8 };

	report_span(r, &days, "hazards", AWKWARD, SPAN_BAD, 2 * SIM_HOUR, 8 * SIM_HOUR, NAN);
	for (int i = 0; i < 12; i++)
		report_span(r, &days, "crews", "a mark with a text of some length", SPAN_GOOD, (i + 3) * SIM_HOUR,
			    (i + 3) * SIM_HOUR, NAN);
	report_span(r, &days, "power", "", SPAN_WARN, 3 * SIM_HOUR, 4 * SIM_HOUR, 0.25);
	report_span(p->m.reps[1].report, &days, "hazards", "of another replication", SPAN_BAD, 0, SIM_HOUR, NAN);
	for (int i = 2; i > 0; i--) {
		report_frame(r, i * SIM_HOUR, i == 1 ? "Before" : "Worst " AWKWARD);
		report_moment(r, i * SIM_HOUR, "flood", AWKWARD, 3, ring, NULL, NAN);
		report_moment(r, i * SIM_HOUR, "sites", AWKWARD, 1, (double[]){ 7.1, 50.75 }, "state " AWKWARD, i - 1);
	}
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
		n++;
	return n;
}

static void a_frame_a_moment_and_a_bar_a_span(void **state)
{
	struct folder *p = *state;

	report_some(p);
	write_all(p);
	char *strip = content(p, "plots/moments-sites.svg"), *time = content(p, "plots/timeline-days.svg"),
	     *rows = content(p, "plots/timeline-days.dat");
	if (!strip || !time || !rows)
		abort();
	assert_int_equal(count(strip, "class=\"frame\""), 2);
	assert_int_equal(count(strip, "class=\"hazard\""), 2);
	assert_true(strstr(strip, ">Before<") < strstr(strip, ">Worst "));
	assert_int_equal(count(time, "class=\"lane\""), 4);
	assert_int_equal(count(time, "class=\"series\""), 1);
	assert_null(strstr(time, "another replication"));
	assert_non_null(strstr(rows, "\"power\" \"\" warn 10800 14400 0.25\n"));
	assert_null(strstr(strip, "<b>"));
	assert_null(strstr(time, "<b>"));
	free(strip);
	free(time);
	free(rows);
}

/* Twelve marks an hour apart, whose texts are longer than an hour: those that are shown keep clear of each other. */
static void texts_do_not_touch(void **state)
{
	struct folder *p = *state;
	double ends[400];
	size_t shown = 0;

	report_some(p);
	write_all(p);
	char *svg = content(p, "plots/timeline-days.svg");
	assert_non_null(svg);
	for (size_t i = 0; i < 400; i++)
		ends[i] = -1000;
	for (const char *at = strstr(svg, "<text"); at; at = strstr(at + 1, "<text")) {
		double x, y, wide = 33 * 6.2;
		char anchor[8];
		const char *text = strchr(at, '>');
		assert_int_equal(sscanf(at, "<text x=\"%lf\" y=\"%lf\" text-anchor=\"%7[a-z]", &x, &y, anchor), 3);
		if (!text || strncmp(text, ">a mark", 7) != 0)
			continue;
		x -= strcmp(anchor, "end") == 0 ? wide : 0;
		assert_true(y > 0 && y < 400);
		assert_true(x >= ends[(size_t)y]);
		assert_true(x + wide <= 1000);
		ends[(size_t)y] = x + wide;
		shown++;
	}
	assert_true(shown >= 9);
	free(svg);
}

static void moments_are_not_on_the_map(void **state)
{
	struct folder *p = *state;

	report_some(p);
	write_all(p);
	char *layers = content(p, "layers.geojson");
	assert_non_null(layers);
	assert_null(strstr(layers, "\"flood\""));
	assert_null(strstr(layers, "\"sites\""));
	free(layers);
}

static void they_are_drawn_again_from_the_record(void **state)
{
	struct folder *p = *state;
	static const char *const files[] = { "report.html", "layers.geojson", "plots/timeline-days.svg",
					     "plots/timeline-days.dat", "plots/moments-sites.svg" };
	enum { FILES = sizeof files / sizeof files[0] };
	char why[OUTPUT_WHY], *first[FILES];

	report_some(p);
	write_all(p);
	for (size_t i = 0; i < FILES; i++)
		first[i] = content(p, files[i]);
	assert_int_equal(output_redraw(p->dir, &table, why), 0);
	for (size_t i = 0; i < FILES; i++) {
		char *again = content(p, files[i]);
		assert_true(first[i] && again);
		assert_string_equal(first[i], again);
		free(first[i]);
		free(again);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, folder_tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_a_moment_and_a_bar_a_span),
		TEST(texts_do_not_touch),
		TEST(moments_are_not_on_the_map),
		TEST(they_are_drawn_again_from_the_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
