/* The page and its pictures: links that lead somewhere, what planners read first comes first, nothing drawn that misleads. */
#include "tests/unit/output/folder.h"

#include <jansson.h>
#include <sqlite3.h>
#include <unistd.h>

#include "sim/output/view.h"

/* A file of the results, written anew; freed by the caller. */
static char *drawn(struct folder *p, const char *name)
{
	write_all(p);
	return content(p, name);
}

static void assert_links_lead_somewhere(const char *page)
{
	size_t n = 0;

	for (const char *at = strstr(page, "<a href=\"#"); at; at = strstr(at + 1, "<a href=\"#"), n++) {
		char id[64];
		const char *name = at + strlen("<a href=\"#");
		snprintf(id, sizeof id, "id=\"%.*s\"", (int)strcspn(name, "\""), name);
		if (!strstr(page, id))
			fail_msg("no %s", id);
	}
	assert_true(n > 4);
}

static void every_link_leads_somewhere(void **state)
{
	struct folder *p = *state;
	char *page = drawn(p, "report.html");

	assert_links_lead_somewhere(page);
	free(page);
	report_free(p->m.reps[0].report);
	p->m.reps[0].report = report_new();
	p->m.o.n_reps = p->m.o.n_done = 1;
	p->m.o.n_kpis = 0;
	page = drawn(p, "report.html");
	assert_links_lead_somewhere(page);
	assert_null(strstr(page, "href=\"#losses\""));
	assert_null(strstr(page, "href=\"#map\""));
	free(page);
}

static void losses_are_read_before_results(void **state)
{
	struct folder *p = *state;
	static const char *const marks[][2] = { { "report.html", "id=\"kpis\"" },
						{ "summary.txt", "\nResults for all devices" } };

	for (size_t i = 0; i < 2; i++) {
		char *text = drawn(p, marks[i][0]);
		const char *losses = strstr(text, i ? "\nLosses by cause" : "id=\"losses\""),
			   *results = strstr(text, marks[i][1]);
		assert_true(losses && results && losses < results);
		free(text);
	}
}

static void one_replication_says_why_it_decides_nothing(void **state)
{
	struct folder *p = *state;

	p->m.o.n_reps = p->m.o.n_done = 1;
	char *page = drawn(p, "report.html"), *summary = content(p, "summary.txt");
	assert_non_null(strstr(page, "One replication gives no interval"));
	assert_non_null(strstr(summary, "One replication gives no interval"));
	free(page);
	free(summary);
}

static void nothing_but_zeros_is_a_sentence_not_a_picture(void **state)
{
	struct folder *p = *state;
	char *page = drawn(p, "report.html");

	assert_non_null(strstr(page, "<b>Nothing</b>: zero throughout."));
	assert_null(strstr(page, "aria-label=\"Nothing\""));
	free(page);
}

/* Student's interval of shares near 100 % reaches beyond; the picture does not. */
static void intervals_are_drawn_within_what_can_be(void **state)
{
	struct folder *p = *state;
	struct kpi_result rows[] = {
		{ &made_kpis[MADE_DELIVERY], "class=a", 2, 0.99, 0.93, 1.05, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_DELIVERY], "class=b", 2, 0.02, -0.04, 0.08, NULL, VERDICT_NONE },
	};

	memcpy(p->m.kpis, rows, sizeof rows);
	p->m.o.n_kpis = 2;
	char *data = drawn(p, "plots/groups-connectivity.delivery-ratio.dat");
	assert_non_null(strstr(data, "\n0 99 93 100 # class=a\n"));
	assert_non_null(strstr(data, "\n1 2 0 8 # class=b\n"));
	free(data);
}

static void long_names_leave_room_for_the_picture(void **state)
{
	struct folder *p = *state;
	static const char name[] = "class=a-name-that-nobody-would-want-to-read-aloud-in-a-meeting";
	struct kpi_result rows[] = {
		{ &made_kpis[MADE_DELIVERY], "class=b", 2, 0.99, 0.93, 1, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_DELIVERY], name, 2, 0.9, 0.8, 1, NULL, VERDICT_NONE },
	};

	memcpy(p->m.kpis, rows, sizeof rows);
	p->m.o.n_kpis = 2;
	report_curve(p->m.reps[0].report, &made_day, name, 1, 2);
	char *groups = drawn(p, "plots/groups-connectivity.delivery-ratio.gp"), *day = content(p, "plots/day.gp");
	assert_non_null(strstr(groups, "'a-name-that-nobody-\xe2\x80\xa6'"));
	assert_non_null(strstr(day, "'a-name-that-nobody-woul\xe2\x80\xa6'"));
	free(groups);
	free(day);
}

static void of_many_lines_only_that_of_all_has_a_band(void **state)
{
	struct folder *p = *state;
	char group[] = "class=0";

	for (int k = 0; k < 2; k++)
		for (int i = 0; i < 6; i++)
			for (int x = 0; x < 3; x++) {
				group[6] = (char)('0' + i);
				report_curve(p->m.reps[k].report, &made_day, i ? group : "all", x, i + k);
			}
	char *day = drawn(p, "plots/day.gp");
	const char *band = strstr(day, "filledcurves");
	assert_non_null(band);
	assert_null(strstr(band + 1, "filledcurves"));
	free(day);
}

static void districts_carry_their_kpis(void **state)
{
	struct folder *p = *state;
	struct kpi_result rows[] = {
		{ &made_kpis[MADE_DELIVERY], "district=c", 2, 0.5, 0.4, 0.6, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_DELIVERY], "district=d", 2, 0.99, 0.93, 1, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_LIFE], "district=d", 0, NAN, NAN, NAN, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_SF], "district=d", 2, 9, 9, 9, NULL, VERDICT_NONE }, /* supporting */
	};
	json_error_t why;

	memcpy(p->m.kpis, rows, sizeof rows);
	p->m.o.n_kpis = 4;
	char *text = drawn(p, "layers.geojson");
	json_t *root = json_loads(text, 0, &why);
	json_t *of = json_object_get(json_array_get(json_object_get(root, "features"), 0), "properties");
	assert_string_equal(json_string_value(json_object_get(of, "group")), "district=d");
	assert_float_equal(json_number_value(json_object_get(of, "connectivity.delivery-ratio")), 0.99, 1e-9);
	assert_true(json_is_null(json_object_get(of, "energy.battery-life")));
	assert_null(json_object_get(of, "lorawan.mean-sf"));
	of = json_object_get(json_array_get(json_object_get(root, "features"), 1), "properties");
	assert_null(json_object_get(of, "connectivity.delivery-ratio")); /* a device */
	json_decref(root);
	free(text);
}

/* One message in 10^12 is lost from the books: nobody sees it in a relative imbalance. */
static void an_account_that_fails_the_run_does_not_balance_on_paper(void **state)
{
	struct folder *p = *state;

	report_audit(p->m.reps[1].report, "messages", "1", AUDIT_IN, "more", 1e12 + 1);
	report_audit(p->m.reps[1].report, "messages", "1", AUDIT_OUT, "delivered", 1e12);
	report_audit(p->m.reps[1].report, "energy", "J", AUDIT_IN, "drawn", 1e12 + 0.5);
	report_audit(p->m.reps[1].report, "energy", "J", AUDIT_OUT, "used", 1e12);
	p->m.o.audit_failed = true;
	char *summary = drawn(p, "summary.txt");
	assert_non_null(strstr(summary, "messages: DIFFERS"));
	assert_non_null(strstr(summary, "energy (J): balances"));
	free(summary);
}

/* gnuplot runs what its script says: a record from elsewhere must not put anything into it. */
static void a_record_cannot_put_commands_into_a_script(void **state)
{
	struct folder *p = *state;
	static const char *const spoilt[] = {
		"UPDATE run SET version = '1' || char(10) || 'system \"touch spoilt\"'",
		"UPDATE run SET input = char(10) || 'system \"touch spoilt\"'",
		"UPDATE run SET version = '1 --> '",
	};
	char path[512], why[OUTPUT_WHY];
	sqlite3 *db;

	for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
		free(drawn(p, "kpi.csv"));
		snprintf(path, sizeof path, "%s/results.sqlite", p->dir);
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, spoilt[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		assert_int_equal(output_redraw(p->dir, &made_table, why), -1);
		assert_non_null(strstr(why, "damaged"));
	}
}

static void a_unit_is_a_text_to_gnuplot(void **state)
{
	struct folder *p = *state;
	static const struct kpi_def odd = { "odd", "m'\nsystem 'touch spoilt'\n#", "odd", NULL, KPI_NEITHER, false };
	struct kpi_result rows[] = {
		{ &odd, "class=a", 2, 1, 1, 1, NULL, VERDICT_NONE },
		{ &odd, "class=b", 2, 2, 2, 2, NULL, VERDICT_NONE },
	};

	memcpy(p->m.kpis, rows, sizeof rows);
	p->m.o.n_kpis = 2;
	char *script = drawn(p, "plots/groups-odd.gp");
	assert_null(strstr(script, "\nsystem"));
	assert_non_null(strstr(script, "m'' system ''touch"));
	free(script);
}

static void the_map_counts_what_has_no_value_and_its_scale_is_round(void **state)
{
	struct folder *p = *state;
	char *svg = drawn(p, "plots/map.svg");

	assert_non_null(strstr(svg, ">no value ("));
	assert_non_null(strstr(svg, ">100 %<"));
	assert_non_null(strstr(svg, ">80 %<"));
	assert_null(strstr(svg, ".5 %<"));
	free(svg);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_link_leads_somewhere),
		TEST(losses_are_read_before_results),
		TEST(one_replication_says_why_it_decides_nothing),
		TEST(nothing_but_zeros_is_a_sentence_not_a_picture),
		TEST(intervals_are_drawn_within_what_can_be),
		TEST(long_names_leave_room_for_the_picture),
		TEST(of_many_lines_only_that_of_all_has_a_band),
		TEST(districts_carry_their_kpis),
		TEST(an_account_that_fails_the_run_does_not_balance_on_paper),
		TEST(a_record_cannot_put_commands_into_a_script),
		TEST(a_unit_is_a_text_to_gnuplot),
		TEST(the_map_counts_what_has_no_value_and_its_scale_is_round),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
