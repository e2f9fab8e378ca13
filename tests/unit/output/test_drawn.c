/* What the outputs say is what was counted: every figure against one worked out by hand. */
#include "tests/unit/output/folder.h"

#include <jansson.h>
#include <pty.h>
#include <unistd.h>

#include "sim/output/text.h"
#include "sim/output/pieces.h"

static void assert_holds(const struct folder *p, const char *name, const char *what)
{
	char *text = content(p, name);

	if (!strstr(text, what))
		fail_msg("%s lacks: %s", name, what);
	free(text);
}

/* Two replications without reports of their own but these rows. */
static void begin(struct folder *p)
{
	for (int k = 0; k < 2; k++) {
		report_free(p->m.reps[k].report);
		p->m.reps[k].report = report_new();
		assert_non_null(p->m.reps[k].report);
		p->m.reps[k].report->map = k == 0;
		p->m.reps[k].report->geographic = true;
	}
	p->m.o.n_reps = 2;
}

/* 1000 + 3000 generated; 30 + 10 lost to rain, 5 + 15 to snow: 20 and 10 a run, 1 % and 0.5 % of all, two thirds and one. */
static void losses_are_means_over_the_replications_the_largest_first(void **state)
{
	struct folder *p = *state;

	begin(p);
	for (int k = 0; k < 2; k++) {
		struct report *r = p->m.reps[k].report;
		report_audit(r, "messages", "1", AUDIT_IN, "generated", k ? 3000 : 1000);
		report_audit(r, "messages", "1", AUDIT_OUT, "lost: snow", k ? 15 : 5);
		report_audit(r, "messages", "1", AUDIT_OUT, "lost: rain", k ? 10 : 30);
		report_audit(r, "messages", "1", AUDIT_OUT, "lost: hail", 0);
		report_audit(r, "messages", "1", AUDIT_OUT, "delivered", k ? 2975 : 960);
		report_audit(r, "messages", "1", AUDIT_OUT, "in flight at the end", k ? 0 : 5);
	}
	write_all(p);
	assert_holds(p, "summary.txt",
		     "  rain                                     20             1.00 %             66.7 %\n"
		     "  snow                                     10            0.500 %             33.3 %\n"
		     "  lost in all                              30             1.50 %\n"
		     "  generated                              2000\n");
	assert_holds(p, "plots/losses.dat", "\n0 1 # rain\n1 0.5 # snow\n");
	char *page = content(p, "report.html"), *rain = strstr(page, ">rain<"), *snow = strstr(page, ">snow<");
	assert_true(rain && snow && rain < snow);
	char row[400];
	snprintf(row, sizeof row, "%.399s", rain);
	assert_non_null(strstr(
		row,
		"<td class=\"n\">20</td><td class=\"n\">1.00\xe2\x80\xaf%</td><td class=\"n\">66.7\xe2\x80\xaf%</td>"));
	assert_non_null(strstr(page, "(67\xe2\x80\xaf% of those lost): rain."));
	assert_null(strstr(page, ">hail<"));
	free(page);
}

/* 10 and 12: mean 11, deviation 1.414, t(0.975; 1) = 12.706: 11 +- 12.706.  Shares are drawn in %. */
static void a_curve_is_a_mean_with_students_interval(void **state)
{
	struct folder *p = *state;

	begin(p);
	for (int k = 0; k < 2; k++) {
		report_curve(p->m.reps[k].report, &made_day, "all", 3, 10 + 2 * k);
		report_curve(p->m.reps[k].report, &made_bars, "all", 7, 0.25);
		report_series(p->m.reps[k].report, &made_load, "all", 12 * SIM_HOUR, 7);
		report_series(p->m.reps[k].report, &made_load, "all", 96 * SIM_HOUR, 7);
	}
	write_all(p);
	assert_holds(p, "plots/day.dat", "\n3 11 0 23.7062047\n");
	assert_holds(p, "plots/made-..-odd-name.dat", "\n7 25 25 25\n");
	assert_holds(p, "plots/messages.per-hour.dat", "\n0.5 7 7 7\n4 7 7 7\n");
}

static void units_suit_the_size(void **state)
{
	(void)state;
	const struct {
		const char *unit;
		double x;
		const char *shown;
	} cases[] = {
		{ "s", 2e-5, "20 \xc2\xb5s" }, { "s", 0.0205, "20.5 ms" },
		{ "s", 119, "119 s" },         { "s", 120, "2 min" },
		{ "s", 7200, "2 h" },          { "s", 172800, "2 d" },
		{ "s", 63115200, "2 yr" },     { "J", 2.5e-7, "0.250 \xc2\xb5J" },
		{ "J", 0.25, "250 mJ" },       { "J", 2500, "2.50 kJ" },
		{ "J", 2.5e6, "2.50 MJ" },     { "B", 999, "999 B" },
		{ "B", 25000, "25 kB" },       { "B", 2.5e6, "2.50 MB" },
		{ "yr", 0.25, "91.3 d" },      { "yr", 2, "2 yr" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char buf[SHOWN];
		assert_string_equal(show_quantity(buf, cases[i].unit, cases[i].x, &plain_style), cases[i].shown);
	}
}

static double twice_area(const json_t *ring)
{
	double sum = 0;

	for (size_t i = 0; i + 1 < json_array_size(ring); i++) {
		const json_t *a = json_array_get(ring, i), *b = json_array_get(ring, i + 1);
		sum += json_number_value(json_array_get(a, 0)) * json_number_value(json_array_get(b, 1)) -
		       json_number_value(json_array_get(b, 0)) * json_number_value(json_array_get(a, 1));
	}
	return sum;
}

static void rings_run_counter_clockwise_and_close_whichever_way_they_came(void **state)
{
	struct folder *p = *state;
	double with[] = { 7, 50, 7, 51, 8, 51, 8, 50 }, against[] = { 7, 50, 8, 50, 8, 51, 7, 51 },
	       closed[] = { 7, 50, 7, 51, 8, 51, 8, 50, 7, 50 };
	json_error_t why;

	begin(p);
	report_feature(p->m.reps[0].report, "districts", "a", "district=a", 4, with, "population", 1);
	report_feature(p->m.reps[0].report, "districts", "b", "district=b", 4, against, "population", 1);
	report_feature(p->m.reps[0].report, "districts", "c", "district=c", 5, closed, "population", 1);
	write_all(p);
	char *text = content(p, "layers.geojson");
	json_t *root = json_loads(text, 0, &why);
	for (size_t i = 0; i < 3; i++) {
		json_t *f = json_array_get(json_object_get(root, "features"), i);
		json_t *ring = json_array_get(json_object_get(json_object_get(f, "geometry"), "coordinates"), 0);
		assert_int_equal(json_array_size(ring), 5);
		assert_true(json_equal(json_array_get(ring, 0), json_array_get(ring, 4)));
		assert_float_equal(twice_area(ring), 2, 1e-6);
	}
	json_decref(root);
	free(text);
}

static void place_of(const char *svg, const char *name, double *x, double *y)
{
	char mark[64];

	snprintf(mark, sizeof mark, ">%s</text>", name);
	const char *end = strstr(svg, mark), *at = end;
	assert_non_null(end);
	while (strncmp(at, "<text", 5) != 0)
		at--;
	assert_int_equal(sscanf(at, "<text x=\"%lf\" y=\"%lf\"", x, y), 2);
}

/* At 60 degrees a degree of longitude is half as long as one of latitude.  The district is a horseshoe, open to the east:
 * its centre lies outside of it. */
static void on_the_map_north_is_up_lengths_are_true_and_names_lie_inside(void **state)
{
	struct folder *p = *state;
	double shoe[] = {
		10, 59.9, 10.4, 59.9, 10.4, 59.93, 10.06, 59.93, 10.06, 60.07, 10.4, 60.07, 10.4, 60.1, 10, 60.1
	};
	double x0, y0, x1, y1, x2, y2, nx, ny;

	begin(p);
	struct report *r = p->m.reps[0].report;
	report_feature(r, "districts", "Shoe", "district=s", 8, shoe, "population", 1);
	report_feature(r, "masts", "south", "m", 1, (double[]){ 10.1, 59.95 }, "n", 1);
	report_feature(r, "masts", "north", "m", 1, (double[]){ 10.1, 60.05 }, "n", 1);
	report_feature(r, "masts", "east", "m", 1, (double[]){ 10.3, 59.95 }, "n", 1);
	report_feature(r, "devices", "d", "class=d", 1, (double[]){ 10.2, 60 }, "delivery ratio", 0.9);
	write_all(p);
	char *svg = content(p, "plots/map.svg");
	place_of(svg, "south", &x0, &y0);
	place_of(svg, "north", &x1, &y1);
	place_of(svg, "east", &x2, &y2);
	assert_true(y1 < y0 && x2 > x0);
	assert_true(fabs((x2 - x0) - (y0 - y1)) <
		    2); /* 0.2 degrees of half the length, 0.1 of the whole; tenths of pixels */
	place_of(svg, "Shoe", &nx, &ny);
	double lon = 10.1 + (nx - x0) / (x2 - x0) * 0.2, lat = 59.95 + (y0 - ny) / (y0 - y1) * 0.1;
	assert_true(lon > 10 && lon < 10.4 && lat > 59.9 && lat < 60.1);
	assert_true(lon < 10.06 || lat < 59.93 || lat > 60.07);
	free(svg);
}

/* Two of the three defaults in force are marked as unverified; a given value is nobody's default. */
static void unverified_defaults_are_counted(void **state)
{
	struct folder *p = *state;
	struct view *v = view_new(&p->m.o);
	struct value_row rows[] = {
		{ "a", 0, "x", "1", "count", "default", "[M] a guess", false },
		{ "a", 0, "y", "1", "count", "default", "a standard", false },
		{ "a", 0, "z", "1", "count", "town.xml:3", "[M] a guess", true },
		{ "a", 0, "w", "1", "count", "default", "[M] another guess", false },
	};
	char *text = NULL;
	size_t size = 0;
	struct figures all;

	assert_non_null(v);
	v->values = rows;
	v->n_values = 4;
	assert_true(figures_of(v, &all));
	FILE *f = open_memstream(&text, &size);
	assert_non_null(f);
	html_write(v, &all, "/nowhere", f);
	fclose(f);
	assert_non_null(strstr(text, " 2 of the defaults in force"));
	assert_non_null(strstr(text, "; 2 defaults in force are unverified"));
	free(text);
	view_free(v);
}

static void the_cards_are_the_targets_and_no_others(void **state)
{
	struct folder *p = *state;
	size_t cards = 0;

	write_all(p);
	char *page = content(p, "report.html");
	for (const char *at = strstr(page, "<div class=\"card "); at; at = strstr(at + 1, "<div class=\"card "))
		cards++;
	assert_int_equal(cards, 2);
	assert_non_null(strstr(page, "<div class=\"card met\">"));
	assert_non_null(strstr(page, "<div class=\"card undecided\">"));
	assert_non_null(strstr(page, "Targets: 1 met, 0 missed, 1 undecided."));
	free(page);
}

static void progress_shows_the_share_that_is_done_on_a_terminal_only(void **state)
{
	(void)state;
	int master, slave;
	char got[400] = "";

	if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
		print_message("# skipped: this machine has no pseudo-terminals\n");
		skip();
	}
	FILE *terminal = fdopen(slave, "w"), *file = tmpfile();
	assert_true(terminal && file);
	assert_null(progress_new(file));
	progress_show(NULL, NULL, 1, 2, 0);
	progress_free(NULL);
	struct progress *pr = progress_new(terminal);
	assert_non_null(pr);
	progress_show(pr, NULL, 1, 4, 1);
	assert_true(read(master, got, sizeof got - 1) > 0);
	assert_non_null(strstr(got, "1 of 4 replications [###############...............]  50 %"));
	progress_free(pr);
	fclose(terminal);
	fclose(file);
	close(master);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(losses_are_means_over_the_replications_the_largest_first),
		TEST(a_curve_is_a_mean_with_students_interval),
		cmocka_unit_test(units_suit_the_size),
		TEST(rings_run_counter_clockwise_and_close_whichever_way_they_came),
		TEST(on_the_map_north_is_up_lengths_are_true_and_names_lie_inside),
		TEST(unverified_defaults_are_counted),
		TEST(the_cards_are_the_targets_and_no_others),
		cmocka_unit_test(progress_shows_the_share_that_is_done_on_a_terminal_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
