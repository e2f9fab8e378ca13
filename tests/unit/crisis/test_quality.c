/* Quality of service and of sites in a crisis, against areas by hand. */
#include "tests/unit/crisis/rubble.h"

static void with_nothing_broken_it_is_exactly_one_in_every_group(void **st)
{
	struct rubble r;
	const struct report *p;
	unsigned n = 0;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1d", "6h")), NULL);
	p = r.rep.report;
	for (size_t i = 0; i < p->n_kpis; i++) {
		const char *name = p->kpis[i].def->name;
		if (strcmp(name, "crisis.service-minimum") == 0 || strcmp(name, "crisis.resilience-index") == 0) {
			assert_true(p->kpis[i].value == 1);
			n++;
		} else if (strstr(name, "restor")) {
			assert_true(p->kpis[i].value == 0); /* -time, and un- */
		}
	}
	assert_int_equal(n, 2 * 9); /* all, four classes, four networks */
	for (size_t i = 0; i < p->n_series; i++)
		if (strncmp(p->series[i].def->name, "crisis.", 7) == 0)
			assert_true(p->series[i].value == 1);
	rubble_close(&r);
}

/* What devices say beside their ordinary readings is not of the quality, which it may lower but not raise. */
static void a_surge_does_not_raise_it_above_one(void **st)
{
	struct rubble r;

	(void)st;
	rubble_run(&r,
		   FOUR("2d", "<crisis><flood at='1d' source='0m 0m' lasts='6h'/>"
			      "<demand packets='4' lasts='6h'/><alarms delay='1h'/></crisis>"),
		   NULL);
	assert_true(kpi_of(&r, "crisis.surge-readings", "all") > 300);
	assert_close(kpi_of(&r, "crisis.alarms", "all"), 8, 0);
	for (size_t i = 0; i < r.rep.report->n_series; i++)
		if (strcmp(r.rep.report->series[i].def->name, "crisis.service") == 0)
			assert_true(r.rep.report->series[i].value <= 1);
	assert_close(kpi_of(&r, "crisis.service-minimum", "all"), 1, 0);
	assert_close(kpi_of(&r, "crisis.resilience-index", "all"), 1, 0);
	rubble_close(&r);
}

/* A quarter of the service is lost for 6 of the 24 hours that remain. */
static void an_outage_of_known_share_and_length_costs_its_rectangle(void **st)
{
	static const struct breakage breaks[] = { { 2, 24, 30 }, { 0, 0, 0 } };
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1d", "6h")), breaks);
	assert_close(kpi_of(&r, "messages.generated", "all"), kpi_of(&r, "messages.delivered", "all") + 2 * 24, 0);
	assert_close(1 - kpi_of(&r, "crisis.resilience-index", "all"), 0.25 * 6 / 24, 1e-12);
	assert_close(1 - kpi_of(&r, "crisis.resilience-index", "class=c2"), 6 / 24.0, 1e-12);
	assert_close(1 - kpi_of(&r, "crisis.resilience-index", "network=n1"), 0, 0);
	assert_close(kpi_of(&r, "crisis.service-minimum", "all"), 0.75, 1e-12);
	assert_close(kpi_of(&r, "crisis.service-minimum", "class=c2"), 0, 0);
	assert_close(kpi_of(&r, "crisis.restoration-time-50", "all"), 0, 0);
	assert_close(kpi_of(&r, "crisis.restoration-time-90", "all"), 6 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.restoration-time-99", "class=c2"), 6 * 3600, 1e-6);
	assert_close(series_at(&r, "crisis.service", "all", 23.75), 1, 0);
	assert_close(series_at(&r, "crisis.service", "all", 24), 0.75, 1e-12);
	assert_close(series_at(&r, "crisis.service", "class=c2", 29.75), 0, 0);
	assert_close(series_at(&r, "crisis.service", "all", 30), 1, 0);
	rubble_close(&r);
}

/* All four fall at once and come back one by one, every two hours: steps whose area is that of Bruneau's triangle, from one down to
 * nothing, over 10 hours. */
static const struct breakage stairs[] = { { 0, 24, 26 }, { 1, 24, 28 }, { 2, 24, 30 }, { 3, 24, 32 }, { 0, 0, 0 } };

static void a_recovery_in_equal_steps_costs_the_triangle_of_bruneau(void **st)
{
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1d", "6h")), stairs);
	assert_close(1 - kpi_of(&r, "crisis.resilience-index", "all"), 10 / 2.0 / 24, 1e-12);
	assert_close(kpi_of(&r, "crisis.service-minimum", "all"), 0, 0);
	assert_close(kpi_of(&r, "crisis.restoration-time-50", "all"), 4 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.restoration-time-90", "all"), 8 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.unrestored-99", "all"), 0, 0);
	rubble_close(&r);
}

static void sites_are_counted_with_every_change(void **st)
{
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1d", "6h")), stairs);
	assert_close(kpi_of(&r, "crisis.sites-minimum", "all"), 0, 0);
	assert_close(kpi_of(&r, "crisis.sites-out", "all"), (2 + 4 + 6 + 8) / 4.0 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.sites-out", "network=n1"), 4 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.sites-restoration-50", "all"), 4 * 3600, 1e-6);
	assert_close(kpi_of(&r, "crisis.sites-restoration-99", "all"), 8 * 3600, 1e-6);
	assert_close(series_at(&r, "crisis.sites-working", "all", 23.75), 1, 0);
	assert_close(series_at(&r, "crisis.sites-working", "all", 24), 0, 0);
	assert_close(series_at(&r, "crisis.sites-working", "all", 27.75), 0.25, 0);
	assert_close(series_at(&r, "crisis.sites-working", "all", 28), 0.5, 0);
	assert_close(series_at(&r, "crisis.sites-working", "all", 48), 1, 0);
	rubble_close(&r);
}

static void what_the_run_ends_before_has_no_time_and_is_told_as_cut_off(void **st)
{
	static const struct breakage breaks[] = { { 2, 24, 30 }, { 3, 24, 100 }, { 0, 0, 0 } };
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1d", "6h")), breaks);
	assert_close(kpi_of(&r, "crisis.restoration-time-50", "all"), 0, 0);
	assert_close(kpi_of(&r, "crisis.unrestored-50", "all"), 0, 0);
	assert_true(isnan(kpi_of(&r, "crisis.restoration-time-90", "all")));
	assert_close(kpi_of(&r, "crisis.unrestored-90", "all"), 1, 0);
	assert_close(kpi_of(&r, "crisis.restoration-time-90", "class=c2"), 6 * 3600, 1e-6);
	assert_true(isnan(kpi_of(&r, "crisis.sites-restoration-90", "all")));
	assert_close(kpi_of(&r, "crisis.sites-unrestored-90", "all"), 1, 0);
	assert_close(kpi_of(&r, "crisis.sites-out", "network=n3"), 24 * 3600, 1e-6);
	rubble_close(&r);
}

/* The onset is within a bin: the third of it that lies before the onset has no weight. */
static void an_onset_within_a_bin_counts_the_rest_of_it(void **st)
{
	static const struct breakage breaks[] = { { 2, 24, 30 }, { 0, 0, 0 } };
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("2d", FLOOD("1445min", "6h")), breaks);
	assert_close(1 - kpi_of(&r, "crisis.resilience-index", "all"), 0.25 * (355 / 60.0) / (1435 / 60.0), 1e-12);
	assert_close(kpi_of(&r, "crisis.restoration-time-90", "all"), 355 * 60, 1e-6);
	rubble_close(&r);
}

static void a_city_without_traffic_has_the_quality_of_its_sites(void **st)
{
	static const struct breakage breaks[] = { { 0, 30, 40 }, { 0, 0, 0 } };
	struct rubble r;

	(void)st;
	rubble_run(
		&r,
		"<run duration='200d'/><city width='1km' height='1km'/><lorawan id='n'><gateways count='4' placement='uniform'/>"
		"</lorawan><device-class id='c'/><deploy class='c' count='1'/>" FLOOD("1d", "6h"),
		breaks);
	assert_true(isnan(kpi_of(&r, "crisis.resilience-index", "all")));
	assert_close(kpi_of(&r, "crisis.sites-minimum", "all"), 0.75, 0);
	assert_close(kpi_of(&r, "crisis.sites-restoration-90", "all"), 16 * 3600, 1e-6);
	assert_true(isnan(kpi_of(&r, "crisis.sites-minimum", "network=n"))); /* is that of all */
	size_t points = 0;
	for (size_t i = 0; i < r.rep.report->n_series; i++)
		points += strcmp(r.rep.report->series[i].def->name, "crisis.sites-working") == 0;
	assert_in_range(points, 1000, 3000);
	rubble_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_nothing_broken_it_is_exactly_one_in_every_group),
		cmocka_unit_test(a_surge_does_not_raise_it_above_one),
		cmocka_unit_test(an_outage_of_known_share_and_length_costs_its_rectangle),
		cmocka_unit_test(a_recovery_in_equal_steps_costs_the_triangle_of_bruneau),
		cmocka_unit_test(sites_are_counted_with_every_change),
		cmocka_unit_test(what_the_run_ends_before_has_no_time_and_is_told_as_cut_off),
		cmocka_unit_test(an_onset_within_a_bin_counts_the_rest_of_it),
		cmocka_unit_test(a_city_without_traffic_has_the_quality_of_its_sites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
