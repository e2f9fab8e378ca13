/* Which pictures a study has, and what their cells hold. */
#include "tests/unit/output/study_made.h"

/* Gateways help, a second factor little, noise by replication. */
static double town(const struct study *st, size_t p, size_t r, size_t rep)
{
	double x = 0;

	for (size_t f = 0; f < st->n_factors; f++) {
		const struct cell *c = study_cell(st, p, f);
		x += (isnan(c->number) ? (double)c->level : c->number) / (double)(f + 1);
	}
	return (r == LATENCY ? 30 - x : 0.5 + x / 100) + 0.001 * noise(p, rep);
}

static struct shown town_of(enum design design, const char *const *factors, size_t samples)
{
	struct shown s = { .m = made_study(design, factors, samples, 0) };

	made_response(&s.m, DELIVERY);
	made_values(&s.m, town, 4);
	show(&s);
	return s;
}

static const struct plot *plot_of(const struct shown *s, enum plot_kind kind)
{
	for (size_t i = 0; i < s->pictures.n; i++)
		if (s->pictures.v[i].plot.kind == kind)
			return &s->pictures.v[i].plot;
	return NULL;
}

static void assert_kinds(const struct shown *s, size_t n, const enum plot_kind *kinds)
{
	assert_int_equal(s->pictures.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(s->pictures.v[i].plot.kind, kinds[i]);
}

static void one_number_is_a_curve_and_one_name_is_dots(void **state)
{
	static const char *const number[] = { "gateways: 9 3 6", NULL }, *const name[] = { "adr: off on", NULL };
	struct shown s = town_of(DESIGN_FACTORIAL, number, 0);

	(void)state;
	assert_kinds(&s, 1, (const enum plot_kind[]){ PLOT_LINES });
	assert_int_equal(s.pictures.v[0].plot.x, 0);
	assert_int_equal(s.pictures.v[0].plot.y, SIZE_MAX);
	/* A line goes from left to right whatever the order of its levels. */
	const struct grid *g = &s.pictures.v[0].grid;
	assert_int_equal(g->order_x[0], 1);
	assert_int_equal(g->order_x[1], 2);
	assert_int_equal(g->order_x[2], 0);
	assert_true(grid_at(g, 0, 0, 0)->mean < grid_at(g, 0, 0, 1)->mean);
	assert_true(grid_at(g, 0, 0, 1)->mean < grid_at(g, 0, 0, 2)->mean);
	shown_free(&s);
	s = town_of(DESIGN_FACTORIAL, name, 0);
	assert_kinds(&s, 1, (const enum plot_kind[]){ PLOT_DOTS });
	shown_free(&s);
}

static void of_two_factors_the_number_is_the_axis_and_the_name_tells_lines_apart(void **state)
{
	static const char *const factors[] = { "adr: off on mixed", "gateways: 3 6", NULL };
	struct shown s = town_of(DESIGN_FACTORIAL, factors, 0);
	const struct plot *p = plot_of(&s, PLOT_LINES);

	(void)state;
	assert_kinds(&s, 4, (const enum plot_kind[]){ PLOT_LINES, PLOT_HEAT, PLOT_TORNADO, PLOT_SHARES });
	assert_int_equal(p->x, 1);
	assert_int_equal(p->y, 0);
	assert_int_equal(p->slice, SIZE_MAX);
	p = plot_of(&s, PLOT_HEAT);
	assert_int_equal(p->x, 1);
	assert_int_equal(p->y, 0);
	shown_free(&s);
}

static void a_cell_of_a_grid_is_its_point(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", "b: 10 20", "c: x y", NULL };
	struct shown s = town_of(DESIGN_FACTORIAL, factors, 0);
	const struct study *st = &s.m.st;

	(void)state;
	for (size_t i = 0; i < s.pictures.n; i++) {
		const struct study_picture *pic = &s.pictures.v[i];
		if (pic->plot.kind != PLOT_HEAT)
			continue;
		assert_int_equal(pic->grid.ns, 2);
		assert_false(pic->grid.averaged);
		for (size_t p = 0; p < st->n_points; p++) {
			const struct grid_cell *c = grid_at(&pic->grid, level(st, p, pic->plot.slice),
							    level(st, p, pic->plot.y), level(st, p, pic->plot.x));
			const struct interval *v = &point_at(&s.v, p, 0)->value;
			assert_int_equal(c->n, 1);
			assert_true(c->mean == v->mean && c->low == v->low && c->high == v->high);
		}
	}
	shown_free(&s);
}

static void of_many_factors_those_that_reach_furthest_are_shown_and_the_others_averaged(void **state)
{
	static const char *const factors[] = { "little: 0 0.001", "much: 0 50", "less: 0 0.002",
					       "more: 0 40",      "some: 0 30", NULL };
	struct shown s = town_of(DESIGN_FACTORIAL, factors, 0);
	const struct plot *p = plot_of(&s, PLOT_HEAT);

	(void)state;
	assert_non_null(p);
	assert_int_equal(p->x, 1);
	assert_int_equal(p->y, 3);
	assert_int_equal(p->slice, 4);
	const struct grid *g = &s.pictures.v[1].grid;
	assert_true(g->averaged);
	assert_int_equal(grid_at(g, 1, 1, 0)->n, 4);
	assert_true(isnan(grid_at(g, 1, 1, 0)->low));
	/* 0.5 + (40 / 4 + 30 / 5 + half of the two small ones) / 100 */
	assert_true(fabs(grid_at(g, 1, 1, 0)->mean - (0.5 + (10 + 6 + 0.0005 + 0.00033) / 100)) < 1e-3);
	shown_free(&s);
}

static bool is_corner(const struct study *st, size_t point)
{
	return level(st, point, 0) == 1 && level(st, point, 1) == 1;
}

static void what_a_constraint_took_out_is_an_empty_cell(void **state)
{
	static const char *const factors[] = { "a: 1 2", "b: 1 2", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	(void)state;
	made_response(&s.m, DELIVERY);
	made_drop(&s.m, is_corner);
	made_values(&s.m, town, 3);
	show(&s);
	assert_non_null(plot_of(&s, PLOT_HEAT));
	assert_null(plot_of(&s, PLOT_SHARES));
	assert_int_equal(grid_at(&s.pictures.v[1].grid, 0, 1, 1)->n, 0);
	assert_int_equal(grid_at(&s.pictures.v[1].grid, 0, 0, 1)->n, 1);
	shown_free(&s);
}

static void other_designs_have_pictures_of_their_own(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", "b: 1 2", NULL }, *const ranges[] = { "a: 1..10",
												 "b: log 1..100", NULL };
	static const char *const two[] = { "a: 1 2", "b: 1 2", NULL };
	struct shown s = town_of(DESIGN_STAR, factors, 0);

	(void)state;
	assert_kinds(&s, 2, (const enum plot_kind[]){ PLOT_TORNADO, PLOT_SCATTER });
	shown_free(&s);
	s = town_of(DESIGN_STAR, two, 0);
	assert_kinds(&s, 1, (const enum plot_kind[]){ PLOT_TORNADO });
	shown_free(&s);
	s = town_of(DESIGN_LATIN, ranges, 12);
	assert_kinds(&s, 2, (const enum plot_kind[]){ PLOT_SCATTER, PLOT_REGRESSION });
	shown_free(&s);
	s = town_of(DESIGN_SALTELLI, ranges, 8);
	assert_kinds(&s, 3, (const enum plot_kind[]){ PLOT_SHARES, PLOT_SCATTER, PLOT_REGRESSION });
	shown_free(&s);
}

static void a_list_has_its_points_and_their_differences(void **state)
{
	static const char *const factors[] = { "point: now more less", NULL };
	struct shown s = { .m = made_study(DESIGN_LIST, factors, 0, 0) };
	const size_t levels[8] = { 0, 1, 2 };

	(void)state;
	made_points(&s.m, 3, levels, s.m.st.factors[0].levels);
	made_response(&s.m, DELIVERY);
	made_values(&s.m, town, 3);
	show(&s);
	assert_kinds(&s, 2, (const enum plot_kind[]){ PLOT_POINTS, PLOT_DIFFERENCES });
	shown_free(&s);
}

static double nothing(const struct study *st, size_t p, size_t r, size_t rep)
{
	return r == 1 ? NAN : town(st, p, r, rep);
}

static void two_responses_have_a_front_and_one_without_values_has_no_picture(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	(void)state;
	made_response(&s.m, DELIVERY);
	made_response(&s.m, LATENCY);
	made_values(&s.m, town, 3);
	show(&s);
	assert_kinds(&s, 3, (const enum plot_kind[]){ PLOT_FRONT, PLOT_LINES, PLOT_LINES });
	analysis_free((struct analysis *)s.v.a);
	made_values(&s.m, nothing, 3);
	show(&s);
	assert_kinds(&s, 1, (const enum plot_kind[]){ PLOT_LINES });
	shown_free(&s);
}

static void a_third_response_has_a_front_of_its_own_with_the_first(void **state)
{
	static const char *const factors[] = { "gateways: 3 6 9", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	(void)state;
	made_response(&s.m, DELIVERY);
	made_response(&s.m, LATENCY);
	made_response(&s.m, BATTERY);
	made_values(&s.m, town, 3);
	show(&s);
	assert_kinds(&s, 5, (const enum plot_kind[]){ PLOT_FRONT, PLOT_FRONT, PLOT_LINES, PLOT_LINES, PLOT_LINES });
	assert_string_not_equal(s.pictures.v[0].title, s.pictures.v[1].title);
	assert_string_not_equal(s.pictures.v[0].name, s.pictures.v[1].name);
	shown_free(&s);
}

static void there_are_no_more_pictures_than_a_page_bears(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", "b: 1 2", NULL };
	struct shown s = { .m = made_study(DESIGN_FACTORIAL, factors, 0, 0) };

	(void)state;
	s.m.st.responses = arena_alloc(s.m.st.arena, 12, sizeof *s.m.st.responses);
	for (int i = 0; i < 12; i++)
		made_response(&s.m, GENERATED);
	made_values(&s.m, town, 3);
	show(&s);
	assert_int_equal(s.pictures.n, PLOTS_MOST);
	assert_int_equal(s.pictures.left_out, 12 * 4 - PLOTS_MOST);
	/* All files have names of their own though the responses have not. */
	for (size_t i = 0; i < s.pictures.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(s.pictures.v[i].name, s.pictures.v[k].name);
	shown_free(&s);
}

/* "a: 1 2 ... n" */
static const char *many(char *buf, size_t size, const char *id, int n)
{
	size_t at = (size_t)snprintf(buf, size, "%s:", id);

	for (int i = 1; i <= n; i++)
		at += (size_t)snprintf(buf + at, size - at, " %d", i);
	return buf;
}

static void of_very_many_levels_neighbours_share_a_cell(void **state)
{
	char a[512], b[512];
	const char *const factors[] = { many(a, sizeof a, "a", 60), many(b, sizeof b, "b", 50), NULL };
	struct shown s = town_of(DESIGN_FACTORIAL, factors, 0);
	const struct grid *g = &s.pictures.v[1].grid;
	size_t n = 0;
	char label[SHOWN];

	(void)state;
	assert_int_equal(s.pictures.v[1].plot.kind, PLOT_HEAT);
	assert_true(g->nx <= HEAT_MOST && g->ny <= HEAT_MOST);
	assert_int_equal(g->step_x, 2);
	for (size_t i = 0; i < g->nx * g->ny; i++)
		n += g->cells[i].n;
	assert_int_equal(n, 60 * 50);
	assert_string_equal(grid_label(label, sizeof label, &s.pictures.v[1], true, 1), "3 s"); /* made numbers are times */
	shown_free(&s);
}

static void an_axis_of_shares_ends_where_shares_do(void **state)
{
	double low = 90, high = 100;

	(void)state;
	plot_span(&low, &high, true);
	assert_true(low > 85 && low < 90 && high >= 100 && high < 101);
	low = 10, high = 130;
	plot_span(&low, &high, true);
	assert_true(low == 0 && high < 102.1);
	low = 3, high = 5;
	plot_span(&low, &high, false);
	assert_true(low > 2.5 && low < 3 && high > 5);
	low = 1, high = 5;
	plot_span(&low, &high, false);
	assert_true(low == 0);
	low = high = 7;
	plot_span(&low, &high, false);
	assert_true(low < 7 && high > 7);
}

static double wide(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r;
	return 10 + (double)level(st, p, 0) + (rep ? 500 : -500);
}

static void intervals_of_any_width_do_not_squeeze_what_is_seen(void **state)
{
	static const char *const factors[] = { "a: 1 2 3", NULL };
	struct shown s = { .m = made_study(DESIGN_STAR, factors, 0, 0) };
	double low, high;

	(void)state;
	made_target(made_response(&s.m, LATENCY), TARGET_LE, 100);
	made_values(&s.m, wide, 2);
	show(&s);
	plot_response_span(&s.v, 0, true, false, &low, &high);
	assert_true(low > 7 && low < 9 && high > 14 && high < 15); /* 10 to 12, and that much on either side */
	plot_response_span(&s.v, 0, false, true, &low, &high);
	assert_true(high > 100);
	shown_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_number_is_a_curve_and_one_name_is_dots),
		cmocka_unit_test(of_two_factors_the_number_is_the_axis_and_the_name_tells_lines_apart),
		cmocka_unit_test(a_cell_of_a_grid_is_its_point),
		cmocka_unit_test(of_many_factors_those_that_reach_furthest_are_shown_and_the_others_averaged),
		cmocka_unit_test(what_a_constraint_took_out_is_an_empty_cell),
		cmocka_unit_test(other_designs_have_pictures_of_their_own),
		cmocka_unit_test(a_list_has_its_points_and_their_differences),
		cmocka_unit_test(two_responses_have_a_front_and_one_without_values_has_no_picture),
		cmocka_unit_test(a_third_response_has_a_front_of_its_own_with_the_first),
		cmocka_unit_test(there_are_no_more_pictures_than_a_page_bears),
		cmocka_unit_test(of_very_many_levels_neighbours_share_a_cell),
		cmocka_unit_test(an_axis_of_shares_ends_where_shares_do),
		cmocka_unit_test(intervals_of_any_width_do_not_squeeze_what_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
