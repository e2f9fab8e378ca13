/* Flows, tables, stacks and pages: what models tell is added up, drawn, kept, and stands where its section says. */
#include "tests/unit/output/folder.h"

#include "sim/output/pieces.h"
#include "sim/output/text.h"

static const struct flow_def life = { "life", "Life", "devices" };
static const struct table_def provisions = { "provisions", "Provisions by class", "provision", "1" };
static const struct table_def found = { "found", "Found by year", "year", "devices" };
static const struct kpi_def states = { "lifecycle.devices", "1", "devices by state", NULL, KPI_NEITHER, true };
static const struct section sections[] = {
	{ SECTION_FLOW, "The way into service", "life", "How far devices came. " AWKWARD, "compliance" },
	{ SECTION_TABLE, "What classes meet", "provisions", "Share of the products.", "compliance" },
	{ SECTION_STACK, "Devices by state over time", "lifecycle.devices", "At each time.", "compliance" },
	{ SECTION_TABLE, "Nobody reports it", "missing", "Nothing.", "of-nothing" },
};
static const struct model upper = { .name = "upper", .doc = "Above.", .sections = sections, .n_sections = 4 };
static const struct model *const models[] = { &made_model, &upper };
static const struct model_table table = { models, 2 };

static void assert_holds(const struct folder *p, const char *name, const char *what)
{
	char *text = content(p, name);

	assert_non_null(text);
	if (!strstr(text, what))
		fail_msg("%s lacks: %s", name, what);
	free(text);
}

static int set_up(void **state)
{
	int rc = folder_set_up(state);

	if (rc == 0)
		((struct folder *)*state)->m.sc.table = &table;
	return rc;
}

/* 100 and 60 made, 90 and 50 used, 10 left in each, of which the second replication suspends 4 and takes 1 back. */
static void report_some(struct folder *p)
{
	for (int k = 0; k < 2; k++) {
		struct report *r = p->m.reps[k].report;
		report_flow(r, &life, "all", "made", "in use", k ? 30 : 90);
		report_flow(r, &life, "all", "made", "in use", k ? 20 : 0);
		report_flow(r, &life, "all", "made", "remain in the shop", 10);
		report_flow(r, &life, "all", "in use", "suspended", k ? 4 : 0);
		if (k)
			report_flow(r, &life, "all", "suspended", "in use", 1);
		report_flow(r, &life, "class=" AWKWARD, "made", "in use", 5);
		report_cell(r, &provisions, "5.1-1", "meter", k ? 0.5 : 1);
		if (k)
			report_cell(r, &provisions, "5.1-1", AWKWARD, 0.25);
		report_cell(r, &provisions, "5.1-2", "meter", 1);
		report_cell(r, &found, "2026", "all", 1234 + k);
		for (int t = 0; t < 5; t++) {
			report_series(r, &states, "state=made", t * SIM_DAY, 100 - 20 * t);
			report_series(r, &states, "state=in use", t * SIM_DAY, 20 * t + k);
			report_series(r, &states, "state=lost", t * SIM_DAY, 0);
			report_series(r, &states, "class=a", t * SIM_DAY, 7);
		}
	}
}

static void flows_and_tables_are_means_over_the_replications(void **state)
{
	struct folder *p = *state;
	struct view *v;

	report_some(p);
	v = view_new(&p->m.o);
	assert_non_null(v);
	const struct flow *f = view_flow(v, "life", "all");
	const struct grid *t = view_grid(v, "provisions");
	assert_non_null(f);
	assert_non_null(t);
	assert_int_equal(f->n_stages, 4);
	assert_string_equal(f->stages[2], "remain in the shop");
	static const double means[] = { 70, 10, 2, 0.5 };
	assert_int_equal(f->n_bands, 4);
	for (size_t i = 0; i < 4; i++)
		assert_float_equal(f->bands[i].mean, means[i], 1e-12);
	assert_int_equal(f->bands[3].from, 3);
	assert_int_equal(f->bands[3].to, 1);
	assert_int_equal(t->n_rows * t->n_columns, 4);
	assert_float_equal(grid_mean(t, 0, 0), 0.75, 1e-12);
	assert_float_equal(grid_mean(t, 0, 1), 0.25, 1e-12);
	assert_float_equal(grid_mean(t, 1, 0), 1, 1e-12);
	assert_true(isnan(grid_mean(t, 1, 1)));
	assert_null(view_flow(v, "life", "class=none"));
	assert_null(view_grid(v, "life"));
	view_free(v);
}

static void every_kind_of_file_tells_them(void **state)
{
	struct folder *p = *state;

	report_some(p);
	write_all(p);
	assert_holds(p, "plots/flow-life.dat", "\n\"made\" \"in use\" 70\n\"made\" \"remain in the shop\" 10\n");
	assert_holds(p, "plots/flow-life.svg", ">in use</text>");
	assert_holds(p, "plots/flow-life.svg", ">70 (87.5 %)</text>");
	assert_holds(p, "plots/flow-life.svg", ">80 devices</text>");
	assert_holds(p, "plots/flow-life.svg", "suspended \xe2\x86\x92 in use: 0");
	assert_holds(p, "plots/table-provisions.dat", "\n\"5.1-1\" 0.75 0.25\n\"5.1-2\" 1 nan\n");
	assert_holds(p, "plots/stack-lifecycle.devices.dat", "state=made state=in use\n0 100 0.5\n1 80 20.5\n");
	assert_holds(p, "summary.txt", "  made -> in use                                                70\n");
	assert_holds(p, "summary.txt", "  5.1-1                               75.0 %        25.0 %\n");
	assert_holds(p, "summary.txt", "Found by year (devices)\n");
}

static void sections_of_a_page_stand_together_after_their_words(void **state)
{
	struct folder *p = *state;
	static const char *const order[] = { "id=\"sections\"",
					     "<h2 id=\"compliance\">Compliance</h2>",
					     "How far devices came.",
					     "aria-label=\"The way into service\"",
					     "The same by group",
					     "Share of the products.",
					     "<h3>What classes meet</h3>",
					     "At each time.",
					     "aria-label=\"Devices by state over time\"",
					     "id=\"more\"",
					     "<h3>Found by year</h3>",
					     "id=\"audit\"" };

	report_some(p);
	write_all(p);
	char *page = content(p, "report.html"), *at = page;
	assert_non_null(page);
	if (!page)
		return;
	for (size_t i = 0; at && i < sizeof order / sizeof order[0]; i++) {
		at = strstr(at, order[i]);
		if (!at)
			fail_msg("not in its place: %s", order[i]);
	}
	assert_non_null(strstr(page, "<a href=\"#compliance\">Compliance</a>"));
	assert_null(strstr(page, "of-nothing"));
	assert_non_null(strstr(page, "rgba(0,114,178,0.38)\">75"));
	free(page);
}

static void they_are_drawn_again_from_the_record(void **state)
{
	struct folder *p = *state;
	static const char *const files[] = { "report.html", "summary.txt", "plots/flow-life.svg", "plots/table-found.dat",
					     "plots/stack-lifecycle.devices.gp" };
	enum { FILES = sizeof files / sizeof files[0] };
	char why[OUTPUT_WHY], *first[FILES];

	report_some(p);
	write_all(p);
	for (size_t i = 0; i < FILES; i++)
		first[i] = content(p, files[i]);
	assert_int_equal(output_redraw(p->dir, &table, why), 0);
	for (size_t i = 0; i < FILES; i++) {
		char *again = content(p, files[i]);
		assert_non_null(first[i]);
		assert_non_null(again);
		assert_string_equal(first[i], again);
		free(first[i]);
		free(again);
	}
}

/* Of fourteen stages in a row no name runs into the next: text of 12 pixels is some 7 wide a letter. */
static void many_stages_leave_room_for_their_names(void **state)
{
	struct folder *p = *state;
	char from[32] = "authenticated 0", to[32];
	double last = -1000;
	size_t n = 0;

	for (int i = 1; i < 14; i++) {
		snprintf(to, sizeof to, "authenticated %d", i);
		report_flow(p->m.reps[0].report, &life, "all", from, to, 20000 - 100 * i);
		report_flow(p->m.reps[0].report, &life, "all", from, "lost", 100);
		strcpy(from, to);
	}
	write_all(p);
	char *svg = content(p, "plots/flow-life.svg");
	assert_non_null(svg);
	for (const char *at = strstr(svg, "<text"); at; at = strstr(at + 1, "<text")) {
		double x, y;
		const char *name = strchr(at, '>');
		if (!name || strncmp(name, ">authenticated<", 15) != 0)
			continue;
		assert_int_equal(sscanf(at, "<text x=\"%lf\" y=\"%lf\"", &x, &y), 2);
		assert_true(x - last > 13 * 6.4);
		last = x;
		n++;
	}
	assert_int_equal(n, 14);
	free(svg);
}

static void a_flow_of_nothing_is_a_sentence(void **state)
{
	struct folder *p = *state;

	report_flow(p->m.reps[0].report, &life, "all", "made", "in use", 0);
	write_all(p);
	assert_holds(p, "report.html", "<b>The way into service</b>: zero throughout.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, folder_tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(flows_and_tables_are_means_over_the_replications),
		TEST(every_kind_of_file_tells_them),
		TEST(sections_of_a_page_stand_together_after_their_words),
		TEST(they_are_drawn_again_from_the_record),
		TEST(many_stages_leave_room_for_their_names),
		TEST(a_flow_of_nothing_is_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
