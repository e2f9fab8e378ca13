/* The finding's paragraph, word by word, of studies with known answers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/study/made.h"

static void says(struct made *m, const char *want)
{
	struct analysis *a = analysis_new(&m->st, &m->data);

	assert_non_null(a);
	const char *text = analysis_finding(a);
	if (strcmp(text, want) != 0)
		fail_msg("it says\n%s\ninstead of\n%s", text, want);
	assert_string_equal(analysis_finding(a), text);
	analysis_free(a);
}

/* Gateways help, more where ADR is off; load harms the latency alone; ADR does nothing to the latency. */
static double city(const struct study *st, size_t p, size_t r, size_t rep)
{
	double gateways = number(st, p, 0), adr = (double)level(st, p, 1), load = number(st, p, 2);

	if (r == 0)
		return 0.68 + 0.03 * gateways + 0.02 * adr + 0.01 * noise(1, rep) + 0.002 * noise(p + 10, rep);
	return 2 + 0.5 * load + 0.2 * noise(2, rep) + 0.3 * noise(p + 50, rep);
}

static const char *const city_factors[] = { "gateways: 3 6 9", "adr: off on", "load: 1 2", NULL };

static void a_grid_with_targets(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors, 0, 0);

	(void)state;
	made_target(made_response(&m, DELIVERY), TARGET_GE, 0.879);
	made_response(&m, LATENCY);
	made_values(&m, city, 20);
	says(&m, "12 points ran with 20 replications each, 240 runs in all. Connectivity delivery ratio depends most on "
		 "gateways: from 3 to 9 it rises by 18.02 percentage points (95 % interval 17.95 to 18.09), on average "
		 "over the other factors; with adr from off to on it rises by 2.03 percentage points (95 % interval 1.97 "
		 "to 2.09); the effect of load is not distinguishable from chance. Latency p95 depends most on load: from "
		 "1 to 2 it rises by 532 ms (95 % interval 461 to 602), on average over the other factors; the effects of "
		 "gateways and adr are not distinguishable from chance. 4 of 12 points meet the target, the first of them "
		 "gateways=9, adr=off, load=1; 2 are undecided and would need some 6300 to more than 10000 replications "
		 "each.");
	made_free(&m);
}

/* All three count, and nothing is left to chance but what all points share. */
static double all_count(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r;
	return 0.5 + 0.03 * number(st, p, 0) + 0.02 * (double)level(st, p, 1) - 0.01 * number(st, p, 2) +
	       0.01 * noise(1, rep);
}

static void of_three_factors_all_are_named(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors, 0, 0);

	(void)state;
	made_target(made_response(&m, DELIVERY), TARGET_GE, 0.1);
	made_values(&m, all_count, 20);
	says(&m, "12 points ran with 20 replications each, 240 runs in all. Connectivity delivery ratio depends most on "
		 "gateways: from 3 to 9 it rises by 18.00 percentage points (95 % interval 18.00 to 18.00), on average "
		 "over the other factors; with adr from off to on it rises by 2.000 percentage points (95 % interval "
		 "2.000 to 2.000); with load from 1 to 2 it falls by 1.000 percentage points (95 % interval 1.000 to "
		 "1.000). All points meet the target.");
	made_free(&m);
}

static bool costly(const struct study *st, size_t p)
{
	return level(st, p, 0) == 2 && level(st, p, 1) == 1;
}

static void a_grid_without_targets_with_gaps_and_failures(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors, 0, 0);

	(void)state;
	made_drop(&m, costly);
	made_response(&m, DELIVERY)->group = "class=meter;phase=during";
	made_response(&m, LATENCY);
	made_values(&m, city, 20);
	made_cut(&m, 0, 18);
	m.data.failed[0] = 2;
	made_cut(&m, 3, 12);
	says(&m, "10 points ran with 12 to 20 replications each, 192 runs in all, of which 2 failed; constraints left out "
		 "2 points more. Connectivity delivery ratio of class meter, phase during depends most on gateways: from "
		 "3 to 9 it rises by 18.06 percentage points (95 % interval 17.96 to 18.16), on average over the other "
		 "factors; with adr from off to on it rises by 2.04 percentage points (95 % interval 1.93 to 2.14); the "
		 "effect of load is not distinguishable from chance. Latency p95 depends most on load: from 1 to 2 it "
		 "rises by 528 ms (95 % interval 403 to 653), on average over the other factors; the effects of gateways "
		 "and adr are not distinguishable from chance. Connectivity delivery ratio of class meter, phase during "
		 "was best at gateways=9, adr=off, load=2, 94.9 % (95 % interval 94.2 to 95.6); 2 points are a choice "
		 "between it and latency p95: no other was better in both.");
	made_free(&m);
}

/* Peaks at 6; the other factor turns the sign of the first's effect. */
static double crossed(const struct study *st, size_t p, size_t r, size_t rep)
{
	double a = (double)level(st, p, 0), b = (double)level(st, p, 1);

	if (r == 1)
		return 3600 * (4 + (a == 1 ? 2 : 0.3 * a) + 0.1 * noise(p, rep));
	return 10 + (b == 0 ? a : -a) + 0.1 * noise(p, rep);
}

static void interactions_and_turns_are_warned_of(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors, 0, 0);

	(void)state;
	made_response(&m, BATTERY);
	made_response(&m, LATENCY);
	made_values(&m, crossed, 10);
	says(&m, "12 points ran with 10 replications each, 120 runs in all. Energy battery life depends most on adr: from "
		 "off to on it falls by 2.01 yr (95 % interval 1.94 to 2.07), on average over the other factors; the "
		 "effects of gateways and load are not distinguishable from chance. Latency p95 depends most on gateways: "
		 "from 3 to 6 it rises by 120.0 min (95 % interval 118.0 to 122.0), on average over the other factors; "
		 "the effects of adr and load are not distinguishable from chance. Energy battery life was best at "
		 "gateways=9, adr=off, load=2, 12.02 yr (95 % interval 11.98 to 12.06); 6 points are a choice between it "
		 "and latency p95: no other was better in both. Mind that the effect of gateways on energy battery life "
		 "depends on the other factors (40 % of the variation is by their interaction); latency p95 does not "
		 "simply rise or fall with gateways, it peaks at 6.");
	made_free(&m);
}

static double nothing(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st, (void)r;
	return 5 + noise(p, rep);
}

static void chance_is_called_chance(void **state)
{
	struct made m = made_study(DESIGN_STAR, city_factors, 0, 1);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, nothing, 10);
	says(&m, "5 points ran with 10 replications each, 50 runs in all. No effect on latency p95 is distinguishable "
		 "from chance: the largest, of load from 2 to 1, is 332 ms (95 % interval -337 to 1000).");
	made_free(&m);
}

static void one_replication_tells_nothing(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors, 0, 0);

	(void)state;
	made_target(made_response(&m, DELIVERY), TARGET_GE, 0.879);
	made_target(made_response(&m, LATENCY), TARGET_LE, 3);
	made_values(&m, city, 1);
	says(&m, "12 points ran with 1 replication each, 12 runs in all. Without more replications no effect on "
		 "connectivity delivery ratio can be told from chance: the largest, of gateways from 3 to 9, is 17.8 "
		 "percentage points. Without more replications no effect on latency p95 can be told from chance: the "
		 "largest, of load from 1 to 2, is 452 ms. No point is sure to meet all targets; all are undecided for "
		 "want of replications.");
	made_free(&m);
}

static void a_list_is_held_against_its_first_point(void **state)
{
	static const size_t levels[] = { 0, 0, 0, 1, 0, 0, 2, 1, 1, 0, 1, 0 };
	static const char *ids[] = { "today", "plan", "more", "ADR alone" };
	struct made m = made_study(DESIGN_LIST, city_factors, 0, 0);

	(void)state;
	made_points(&m, 4, levels, ids);
	made_target(made_response(&m, DELIVERY), TARGET_GE, 0.86);
	made_target(made_response(&m, LATENCY), TARGET_LE, 2.5);
	made_values(&m, city, 20);
	says(&m, "4 points ran with 20 replications each, 80 runs in all. Compared with \"today\", connectivity delivery "
		 "ratio differs most at \"more\": it is higher by 20.07 percentage points (95 % interval 19.92 to 20.22). "
		 "Compared with \"today\", latency p95 differs most at \"more\": it is higher by 597 ms (95 % interval "
		 "445 to 750); 2 other points are not distinguishable. No point is sure to meet all targets; 1 is "
		 "undecided and would need some 300 replications.");
	made_free(&m);
}

static double shared(const struct study *st, size_t p, size_t r, size_t rep)
{
	double a = number(st, p, 0), b = number(st, p, 1), c = number(st, p, 2);

	(void)rep;
	if (r == 2)
		return 7;
	return r == 1 ? 5 * a - b + 0.1 * c : 100 - 10 * a * b + c;
}

static const char *const ranges[] = { "traffic: 0..2", "density: 0..3", "noise: 0..1", NULL };

static void a_sensitivity_study_tells_shares(void **state)
{
	struct made m = made_study(DESIGN_SALTELLI, ranges, 512, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_response(&m, BATTERY);
	made_response(&m, GENERATED);
	made_values(&m, shared, 2);
	says(&m, "2560 points ran with 2 replications each, 5120 runs in all. Latency p95 depends most on density, which "
		 "explains 42 % of its variation by itself and 57 % with its interactions (95 % interval 48 to 66); it "
		 "falls as that grows. Energy battery life depends most on traffic, which explains 91 % of its variation "
		 "by itself and 92 % with its interactions (95 % interval 83 to 100); it rises as that grows. Messages "
		 "generated does not vary. Mind that the effect of traffic on latency p95 depends on the other factors "
		 "(15 % of the variation is by their interaction).");
	made_free(&m);
}

static double rough(const struct study *st, size_t p, size_t r, size_t rep)
{
	double a = number(st, p, 0), b = (double)level(st, p, 1);

	(void)rep;
	if (r == 1)
		return 5 - 3 * b + 0.5 * noise(p, 1);
	return r == 2 ? noise(p, 2) : a * a + 90 * noise(p, 3);
}

static void a_sampled_study_tells_slopes(void **state)
{
	static const char *const factors[] = { "traffic: -5..20", "adr: off on", "load: 1..3", NULL };
	struct made m = made_study(DESIGN_LATIN, factors, 40, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_response(&m, BATTERY);
	made_response(&m, GENERATED);
	made_values(&m, rough, 2);
	says(&m, "40 points ran with 2 replications each, 80 runs in all. Latency p95 depends most on traffic: it rises "
		 "as that grows (standardised coefficient 0.81, 95 % interval 0.62 to 1.01), though straight lines "
		 "explain only 66 % of its variation; the effects of adr and load are not distinguishable from chance. "
		 "Energy battery life depends most on adr: it is lower at on than at off (standardised coefficient -0.94, "
		 "95 % interval -1.05 to -0.83); the effects of traffic and load are not distinguishable from chance. No "
		 "effect on messages generated is distinguishable from chance. Latency p95 was best at traffic=-1.76997, "
		 "adr=off, load=1.38779, -2.28 min; 5 points are a choice between it and energy battery life: no other "
		 "was better in both.");
	made_free(&m);
}

static void one_point_tells_its_values(void **state)
{
	struct made m = made_study(DESIGN_FACTORIAL, city_factors + 3, 0, 0);

	(void)state;
	struct response *r = made_response(&m, LATENCY);
	r->quantile = 0.5;
	made_target(r, TARGET_LE, 5.5);
	made_response(&m, GENERATED);
	made_values(&m, nothing, 20);
	says(&m, "One point ran with 20 replications. The 50 % quantile of latency p95 is 5.2 s (95 % interval 4.2 to "
		 "5.8). Messages generated is 5.0 (95 % interval 4.5 to 5.6). Whether it meets the target is undecided "
		 "and would need some 78 replications.");
	for (size_t i = 0; i < 20; i++)
		((double *)(uintptr_t)m.data.at[1].v)[i] = NAN;
	m.st.statistics = STATISTICS_BATCH_MEANS;
	m.st.batches = 20;
	m.data.done[0] = 1;
	r->target.value = 10;
	says(&m, "One point ran once, in 20 batches. The 50 % quantile of latency p95 is 5.2 s (95 % interval 4.2 to "
		 "5.8). Messages generated had nothing to count. It meets the target.");
	m.data.done[0] = 0;
	m.data.failed[0] = 1;
	says(&m, "One point ran once, in 20 batches, and failed.");
	made_free(&m);
}

/* Rises in steps of one from point to point; the second response has nothing to count, the third is a share that is met. */
static double steady(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st;
	if (r == 1)
		return NAN;
	return r == 2 ? 0.995 + 0.001 * noise(3, rep) : 10 + (double)p + noise(p, rep);
}

static void a_star_is_told_from_its_base_and_all_points_meet(void **state)
{
	static const char *const factors[] = { "a: 1 2", "b: 1 2", "c: 1 2", "d: 1 2", "e: 1 2", "f: 1 2", NULL };
	struct made m = made_study(DESIGN_STAR, factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY)->quantile = 0.9;
	made_response(&m, BATTERY);
	made_target(made_response(&m, DELIVERY), TARGET_GE, 0.99);
	made_values(&m, steady, 10);
	says(&m, "7 points ran with 10 replications each, 70 runs in all. Mean latency p95 depends most on f: from 1 to 2 "
		 "it rises by 6.1 s (95 % interval 5.0 to 7.2), all else at its base; with e from 1 to 2 it rises by 4.4 "
		 "s (95 % interval 3.7 to 5.0); the effect of a is not distinguishable from chance. Energy battery life "
		 "had nothing to count. Nothing that was varied changes connectivity delivery ratio. All points meet the "
		 "target.");
	made_free(&m);
}

static double last_alone(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r;
	return 10 * (double)level(st, p, 5) + noise(p, rep);
}

static void many_factors_are_counted_and_all_may_fail(void **state)
{
	static const char *const factors[] = { "a: 1 2", "b: 1 2", "c: 1 2", "d: 1 2", "e: 1 2", "f: 1 2", NULL };
	struct made m = made_study(DESIGN_STAR, factors, 0, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_values(&m, last_alone, 10);
	says(&m, "7 points ran with 10 replications each, 70 runs in all. Latency p95 depends most on f: from 1 to 2 it "
		 "rises by 10.1 s (95 % interval 9.0 to 11.2), all else at its base; the effects of 5 other factors are "
		 "not distinguishable from chance. Latency p95 was best at a=1, b=1, c=1, d=1, e=2, f=1, -485 ms (95 % "
		 "interval -1112 to 142).");
	for (size_t p = 0; p < 7; p++) {
		made_cut(&m, p, 0);
		m.data.failed[p] = 10;
	}
	says(&m, "7 points ran with 10 replications each, 70 runs in all, all of which failed.");
	made_free(&m);
}

static void too_few_points_tell_their_range(void **state)
{
	static const char *const factors[] = { "a: 1..2", "b: 1..2", NULL };
	struct made m = made_study(DESIGN_SOBOL, factors, 3, 0);

	(void)state;
	made_response(&m, LATENCY);
	made_target(made_response(&m, GENERATED), TARGET_LE, 5);
	made_values(&m, steady, 10);
	m.st.n_responses = 1;
	made_values(&m, steady, 10);
	m.st.responses[0].target = m.st.responses[1].target;
	says(&m, "3 points ran with 10 replications each, 30 runs in all. Latency p95 lies between 10.1 s (95 % interval "
		 "9.4 to 10.9) at a=1.5, b=1.5 and 11.9 s (95 % interval 10.9 to 12.8) at a=1.25, b=1.75. No point meets "
		 "the target.");
	made_free(&m);
}

static double both(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r;
	return level(st, p, 0) == 1 ? 5 : 0.1 * noise(p, rep) + (level(st, p, 0) == 3 ? -5 : 0);
}

static void two_turns_are_no_peak(void **state)
{
	static const char *const factors[] = { "a: 1 2 3 4 5", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_response(&m, GENERATED);
	made_values(&m, both, 10);
	says(&m, "5 points ran with 10 replications each, 50 runs in all. Messages generated depends on a: from 1 to 4 it "
		 "falls by 5.02 (95 % interval 4.91 to 5.13). Messages generated does not simply rise or fall with a.");
	made_free(&m);
}

static double last_level(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)r;
	return (level(st, p, 0) == 2 ? 5 : 0) + 0.1 * noise(p, rep);
}

static void turns_are_by_the_numbers_of_levels_and_not_by_their_order(void **state)
{
	static const char *const factors[] = { "a: 3 1 2", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_response(&m, GENERATED);
	made_values(&m, last_level, 10);
	says(&m, "3 points ran with 10 replications each, 30 runs in all. Messages generated depends on a: from 3 to 2 it "
		 "rises by 4.97 (95 % interval 4.86 to 5.09). Messages generated does not simply rise or fall with a, it "
		 "peaks at 2.");
	made_free(&m);
}

static double near(const struct study *st, size_t p, size_t r, size_t rep)
{
	(void)st, (void)r;
	/* Half-width 2.262 sqrt(10 / 9) / sqrt(10) = 0.754 about 0, 0.5, 1 and 9. */
	return (rep % 2 ? 1 : -1) + (p == 3 ? 9 : 0.5 * (double)p);
}

static void needs_follow_the_square_law(void **state)
{
	static const char *const factors[] = { "a: 1 2 3 4", NULL };
	struct made m = made_study(DESIGN_FACTORIAL, factors, 0, 0);

	(void)state;
	made_target(made_response(&m, LATENCY), TARGET_LE, 1.2);
	made_values(&m, near, 10);
	/* To 1.2 from 0.5: 10 (0.754 / 0.7)^2 = 11.6; from 1: 10 (0.754 / 0.2)^2 = 142.2. */
	says(&m, "4 points ran with 10 replications each, 40 runs in all. Latency p95 depends on a: from 1 to 4 it rises "
		 "by 9 s. 1 of 4 points meets the target, the first of them a=1; 2 are undecided and would need some 12 "
		 "to 150 replications each.");
	m.st.responses[0].target.value = 0.999;
	/* From 0.5: 10 (0.754 / 0.499)^2 = 22.8; from 1 more than anybody will run. */
	says(&m, "4 points ran with 10 replications each, 40 runs in all. Latency p95 depends on a: from 1 to 4 it rises "
		 "by 9 s. 1 of 4 points meets the target, the first of them a=1; 2 are undecided and would need some 23 "
		 "to more than 10000 replications each.");
	m.st.responses[0].target.value = 0.5;
	/* From 0 and from 1 alike 22.7; at 0.5 itself no number will do. */
	says(&m, "4 points ran with 10 replications each, 40 runs in all. Latency p95 depends on a: from 1 to 4 it rises "
		 "by 9 s. No point is sure to meet the target; 3 are undecided and would need some 23 to more than 10000 "
		 "replications each.");
	m.st.responses[0].target.value = 9.0001;
	says(&m, "4 points ran with 10 replications each, 40 runs in all. Latency p95 depends on a: from 1 to 4 it rises "
		 "by 9 s. 3 of 4 points meet the target, the first of them a=1; 1 is undecided and would need more than "
		 "10000 replications.");
	made_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grid_with_targets),
		cmocka_unit_test(of_three_factors_all_are_named),
		cmocka_unit_test(a_grid_without_targets_with_gaps_and_failures),
		cmocka_unit_test(interactions_and_turns_are_warned_of),
		cmocka_unit_test(chance_is_called_chance),
		cmocka_unit_test(one_replication_tells_nothing),
		cmocka_unit_test(a_list_is_held_against_its_first_point),
		cmocka_unit_test(a_sensitivity_study_tells_shares),
		cmocka_unit_test(a_sampled_study_tells_slopes),
		cmocka_unit_test(one_point_tells_its_values),
		cmocka_unit_test(a_star_is_told_from_its_base_and_all_points_meet),
		cmocka_unit_test(many_factors_are_counted_and_all_may_fail),
		cmocka_unit_test(too_few_points_tell_their_range),
		cmocka_unit_test(two_turns_are_no_peak),
		cmocka_unit_test(turns_are_by_the_numbers_of_levels_and_not_by_their_order),
		cmocka_unit_test(needs_follow_the_square_law),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
