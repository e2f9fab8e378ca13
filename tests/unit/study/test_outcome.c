#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/study/toy.h"

static void models_are_called_in_the_order_of_the_table(void **state)
{
	char calls[256] = "";
	struct toy t = toy_new(2);

	(void)state;
	t.calls = calls;
	outcome_free(run(&t, 1));
	assert_string_equal(calls, "s2 s1 a2 a1 f2 f1 s2 s1 a2 a1 f2 f1 ");
}

static void results_do_not_depend_on_the_threads(void **state)
{
	struct toy t = toy_new(23);
	struct outcome *one = run(&t, 1);

	(void)state;
	for (unsigned threads = 2; threads <= 8; threads *= 2) {
		struct outcome *many = run(&t, threads);
		assert_int_equal(many->n_kpis, one->n_kpis);
		for (size_t i = 0; i < one->n_kpis; i++) {
			assert_string_equal(many->kpis[i].def->name, one->kpis[i].def->name);
			assert_memory_equal(&many->kpis[i].mean, &one->kpis[i].mean, sizeof(double));
			assert_memory_equal(&many->kpis[i].ci_low, &one->kpis[i].ci_low, sizeof(double));
		}
		outcome_free(many);
	}
	outcome_free(one);
}

static void the_seed_changes_the_draws(void **state)
{
	struct toy t = toy_new(2);
	struct outcome *a = run(&t, 1);
	struct outcome *b = outcome_run(&t.sc, &(struct run_options){ .threads = 1, .seed_given = true, .seed = 8 });

	(void)state;
	assert_int_equal(b->seed, 8);
	assert_true(outcome_kpi(a, "first.draws", "all")->mean != outcome_kpi(b, "first.draws", "all")->mean);
	outcome_free(a);
	outcome_free(b);
}

static void mean_and_interval_are_students(void **state)
{
	static const double values[] = { 1, 2, 3 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	struct outcome *o = run(&t, 2);
	const struct kpi_result *k = outcome_kpi(o, "first.value", "all");
	/* t(0.975, 2) = 4.302653; s = 1; half-width 4.302653 / sqrt(3) = 2.484138. */
	assert_int_equal(k->n, 3);
	assert_true(fabs(k->mean - 2) < 1e-12);
	assert_true(fabs(k->ci_low - (2 - 2.484138)) < 1e-6);
	assert_true(fabs(k->ci_high - (2 + 2.484138)) < 1e-6);
	assert_int_equal(k->verdict, VERDICT_NONE);
	assert_null(outcome_kpi(o, "first.value", "class=x"));
	outcome_free(o);
}

static void the_interval_has_the_confidence_of_the_scenario(void **state)
{
	static const double values[] = { 1, 2, 3 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	t.sc.run.confidence = 0.8;
	struct outcome *o = run(&t, 1);
	/* t(0.9, 2) = 1.885618; half-width 1.885618 / sqrt(3) = 1.088662. */
	assert_true(fabs(outcome_kpi(o, "first.value", "all")->ci_high - (2 + 1.088662)) < 1e-6);
	outcome_free(o);
}

static void a_kpi_counts_only_the_replications_that_have_it(void **state)
{
	static const double values[] = { 1, NAN, 3, NAN };
	struct toy t = toy_new(4);

	(void)state;
	t.values = values;
	t.n_values = 4;
	struct outcome *o = run(&t, 2);
	assert_int_equal(outcome_kpi(o, "first.value", "all")->n, 2);
	assert_true(outcome_kpi(o, "first.value", "all")->mean == 2);
	outcome_free(o);
}

static void rows_are_in_the_order_of_the_models(void **state)
{
	static const double values[] = { NAN, 1, 1 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	struct outcome *o = run(&t, 1);
	/* second.late and first.value come up only in replication 1, yet the second model is the first of the table. */
	assert_int_equal(o->n_kpis, 3);
	assert_string_equal(o->kpis[0].def->name, "second.late");
	assert_string_equal(o->kpis[1].def->name, "first.draws");
	assert_string_equal(o->kpis[2].def->name, "first.value");
	outcome_free(o);
}

static void thousands_of_groups_in_any_order_come_together(void **state)
{
	enum { GROUPS = 3001, REPLICATIONS = 5 };
	struct toy t = toy_new(REPLICATIONS);

	(void)state;
	t.n_groups = GROUPS;
	struct outcome *o = run(&t, 2);
	assert_int_equal(o->n_kpis, GROUPS + 2); /* second.late of all, first.draws */
	for (uint32_t g = 0; g < GROUPS; g++) {
		char group[32];
		snprintf(group, sizeof group, "district=%u", g);
		const struct kpi_result *k = outcome_kpi(o, "second.late", group);
		uint32_t absent = (5 - g % 5) % 5; /* the replication without it */
		assert_non_null(k);
		assert_int_equal(k->n, REPLICATIONS - 1);
		assert_true(fabs(k->mean - (g + 0.5 * (10.0 - absent) / 4)) < 1e-9);
	}
	outcome_free(o);
}

static void a_failure_is_recorded_and_the_others_go_on(void **state)
{
	struct toy t = toy_new(5);

	(void)state;
	t.fails = 2;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct outcome *o = run(&t, threads);
		assert_int_equal(o->n_reps, 5);
		assert_int_equal(o->n_done, 4);
		assert_false(o->stopped);
		assert_null(o->reps[2].report);
		assert_int_equal(o->reps[2].status, SIM_E_LIMIT);
		assert_string_equal(o->reps[2].failure, "too many toys");
		assert_int_equal(outcome_kpi(o, "first.draws", "all")->n, 4);
		outcome_free(o);
	}
}

static void a_report_that_ran_out_of_memory_is_a_failed_replication(void **state)
{
	struct toy t = toy_new(3);

	(void)state;
	t.short_of_memory = true;
	struct outcome *o = run(&t, 2);
	assert_int_equal(o->n_done, 2);
	assert_int_equal(o->reps[1].status, SIM_E_NOMEM);
	assert_non_null(strstr(o->reps[1].failure, "out of memory"));
	assert_null(o->reps[1].report);
	outcome_free(o);
}

static void only_the_first_replication_draws_the_map(void **state)
{
	struct toy t = toy_new(3);
	struct outcome *o = run(&t, 2);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(o->reps[i].report->n_features, i == 0);
	outcome_free(o);
}

static void nothing_finished_is_no_result(void **state)
{
	struct target goal = { "first.value", "all", TARGET_GE, 1, "", NULL };
	struct toy t = toy_new(1);

	(void)state;
	t.fails = 0;
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	assert_int_equal(o->n_done, 0);
	assert_int_equal(o->n_kpis, 0);
	outcome_free(o);
}

static void stopping_keeps_what_had_finished(void **state)
{
	int stop = 0;
	struct toy t = toy_new(4);

	(void)state;
	t.stop = &stop;
	t.sc.run.duration = 10 * SIM_DAY; /* long enough for the kernel to look at the flag */
	struct outcome *o = run(&t, 1);
	assert_true(o->stopped);
	assert_int_equal(o->n_done, 1);
	assert_non_null(o->reps[0].report);
	for (size_t i = 1; i < 4; i++) {
		assert_null(o->reps[i].report);
		assert_int_equal(o->reps[i].status, SIM_E_STOPPED);
	}
	assert_int_equal(outcome_kpi(o, "first.draws", "all")->n, 1);
	outcome_free(o);
}

static void events_are_counted_by_name_without_the_engines_own(void **state)
{
	struct toy t = toy_new(1);
	struct outcome *o = run(&t, 1);
	const struct replication *r = &o->reps[0];

	/* Both handlers reschedule the first: 101 events from 0 s to 100 s and 100 from 0.5 s; the first of these is the
	 * second row's. */
	(void)state;
	assert_int_equal(r->n_kinds, 1);
	assert_string_equal(r->kinds[0].name, "first.draw");
	assert_int_equal(r->kinds[0].count, 201);
	assert_int_equal(r->events, 201);
	assert_true(r->pending_max >= 2);
	assert_true(r->arena_bytes > 0 && r->wall_s >= 0 && r->setup_s >= 0);
	outcome_free(o);
}

struct seen {
	size_t calls, done;
	double behind;
	bool falls;
};

static void watch(void *ctx, const struct outcome *o, size_t done, size_t n, double share)
{
	struct seen *s = ctx;
	double behind = (double)done + share;

	(void)o;
	if (behind < s->behind - 1e-9 || done < s->done || behind > (double)n + 1e-9)
		s->falls = true;
	s->calls++;
	s->done = done;
	s->behind = behind;
}

static void progress_only_rises_and_ends_at_the_end(void **state)
{
	struct toy t = toy_new(9);

	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct seen s = { 0 };
		struct run_options opt = { .threads = threads, .progress = watch, .progress_ctx = &s };
		struct outcome *o = outcome_run(&t.sc, &opt);
		assert_int_equal(s.done, 9);
		assert_true(fabs(s.behind - 9) < 1e-9);
		assert_false(s.falls);
		assert_true(s.calls > 100);
		outcome_free(o);
	}
}

static void being_watched_changes_nothing(void **state)
{
	struct toy t = toy_new(3);
	struct seen s = { 0 };
	struct run_options opt = { .threads = 1, .progress = watch, .progress_ctx = &s };
	struct outcome *a = run(&t, 1), *b = outcome_run(&t.sc, &opt);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(a->reps[i].events, b->reps[i].events);
		assert_int_equal(a->reps[i].pending_max, b->reps[i].pending_max);
	}
	assert_true(outcome_kpi(a, "first.draws", "all")->mean == outcome_kpi(b, "first.draws", "all")->mean);
	outcome_free(a);
	outcome_free(b);
}

static void options_come_before_the_scenario(void **state)
{
	struct toy t = toy_new(3);
	struct outcome *o = outcome_run(&t.sc, &(struct run_options){ .replications = 2, .threads = 64 });

	(void)state;
	assert_int_equal(o->n_reps, 2);
	assert_int_equal(o->n_done, 2);
	assert_int_equal(o->threads, 2); /* no more than there is work for */
	assert_int_equal(o->seed, 7);
	assert_int_equal(strlen(o->started), strlen("2026-03-02T00:00:00Z"));
	outcome_free(o);
}

static void more_replications_than_memory_is_a_status(void **state)
{
	struct toy t = toy_new(UINT64_MAX / 2);

	(void)state;
	assert_null(outcome_run(&t.sc, &(struct run_options){ .threads = 1 }));
	outcome_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_are_called_in_the_order_of_the_table),
		cmocka_unit_test(results_do_not_depend_on_the_threads),
		cmocka_unit_test(the_seed_changes_the_draws),
		cmocka_unit_test(mean_and_interval_are_students),
		cmocka_unit_test(the_interval_has_the_confidence_of_the_scenario),
		cmocka_unit_test(a_kpi_counts_only_the_replications_that_have_it),
		cmocka_unit_test(rows_are_in_the_order_of_the_models),
		cmocka_unit_test(thousands_of_groups_in_any_order_come_together),
		cmocka_unit_test(a_failure_is_recorded_and_the_others_go_on),
		cmocka_unit_test(a_report_that_ran_out_of_memory_is_a_failed_replication),
		cmocka_unit_test(only_the_first_replication_draws_the_map),
		cmocka_unit_test(nothing_finished_is_no_result),
		cmocka_unit_test(stopping_keeps_what_had_finished),
		cmocka_unit_test(events_are_counted_by_name_without_the_engines_own),
		cmocka_unit_test(progress_only_rises_and_ends_at_the_end),
		cmocka_unit_test(being_watched_changes_nothing),
		cmocka_unit_test(options_come_before_the_scenario),
		cmocka_unit_test(more_replications_than_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
