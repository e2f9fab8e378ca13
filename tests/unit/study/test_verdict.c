#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/study/toy.h"

/* The verdict on a target of first.value over all. */
static enum verdict judged(enum target_op op, double target, const double *values, size_t n)
{
	struct target goal = { "first.value", "all", op, target, "", NULL };
	struct toy t = toy_new(n);

	t.values = values;
	t.n_values = n;
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	const struct kpi_result *k = outcome_kpi(o, "first.value", "all");
	assert_non_null(k);
	assert_ptr_equal(k->target, &goal);
	enum verdict v = k->verdict;
	outcome_free(o);
	return v;
}

static void a_target_is_decided_where_the_whole_interval_lies_on_one_side(void **state)
{
	static const double spread[] = { 1, 2, 3 }; /* interval -0.484 .. 4.484 */
	static const double point[] = { 2, 2, 2 };  /* interval 2 .. 2 */
	static const struct {
		enum target_op op;
		double target;
		const double *values;
		enum verdict want;
	} cases[] = {
		{ TARGET_GE, -0.5, spread, VERDICT_MET },    { TARGET_GE, 4.5, spread, VERDICT_MISSED },
		{ TARGET_GE, 2, spread, VERDICT_UNDECIDED }, { TARGET_LE, 4.5, spread, VERDICT_MET },
		{ TARGET_LE, -0.5, spread, VERDICT_MISSED }, { TARGET_LE, 2, spread, VERDICT_UNDECIDED },
		{ TARGET_GT, -0.5, spread, VERDICT_MET },    { TARGET_LT, 4.5, spread, VERDICT_MET },
		{ TARGET_GE, 2, point, VERDICT_MET },        { TARGET_LE, 2, point, VERDICT_MET },
		{ TARGET_GT, 2, point, VERDICT_MISSED },     { TARGET_LT, 2, point, VERDICT_MISSED },
		{ TARGET_GE, 2.1, point, VERDICT_MISSED },   { TARGET_LT, 2.1, point, VERDICT_MET },
		{ TARGET_NONE, 2, point, VERDICT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(judged(cases[i].op, cases[i].target, cases[i].values, 3), cases[i].want);
}

static void one_replication_has_no_interval_and_decides_nothing(void **state)
{
	static const double value[] = { 2 };

	(void)state;
	assert_int_equal(judged(TARGET_GE, 1, value, 1), VERDICT_UNDECIDED);
	assert_int_equal(judged(TARGET_GE, 3, value, 1), VERDICT_UNDECIDED);
	assert_int_equal(judged(TARGET_LE, 2, value, 1), VERDICT_UNDECIDED);
}

static void a_target_of_nothing_counted_has_a_row_without_a_value(void **state)
{
	static const double nothing[] = { NAN, NAN };

	(void)state;
	assert_int_equal(judged(TARGET_GE, 1, nothing, 2), VERDICT_UNDECIDED);

	struct target goal = { "second.late", "class=none", TARGET_GE, 1, "", NULL };
	struct toy t = toy_new(2);
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	const struct kpi_result *k = outcome_kpi(o, "second.late", "class=none");
	assert_non_null(k);
	assert_int_equal(k->n, 0);
	assert_true(isnan(k->mean) && isnan(k->ci_low) && isnan(k->ci_high));
	outcome_free(o);
}

static bool audit_fails(double in, double out)
{
	struct toy t = toy_new(3);

	t.audit_in = &in;
	t.audit_out = &out;
	struct outcome *o = run(&t, 2);
	bool failed = o->audit_failed;
	assert_int_equal(o->reps[0].unbalanced, failed);
	assert_false(o->reps[1].unbalanced);
	outcome_free(o);
	return failed;
}

static void the_audit_takes_counts_exactly_and_amounts_to_a_billionth(void **state)
{
	(void)state;
	assert_false(audit_fails(0, 0));
	assert_false(audit_fails(1e12, 1e12));
	assert_true(audit_fails(1e12, 1e12 + 1));
	assert_true(audit_fails(1e12 - 1, 1e12));
	assert_true(audit_fails(1, 0));
	assert_false(audit_fails(1000.5, 1000.5 * (1 + 1e-11)));
	assert_true(audit_fails(1000.5, 1000.5 * (1 + 1e-6)));
	assert_true(audit_fails(1000.5, NAN));
}

static void a_count_that_is_out_is_named_though_rounding_leaves_more_elsewhere(void **state)
{
	double in = 1e17, out = 1e17 + 16; /* 1.6e-16 of it; the dust is 1.9e-16 of its account */
	struct toy t = toy_new(1);

	(void)state;
	t.audit_in = &in;
	t.audit_out = &out;
	t.dust = true;
	struct outcome *o = run(&t, 1);
	assert_true(o->audit_failed && o->reps[0].unbalanced);
	assert_string_equal(o->reps[0].imbalance_account, "toys");
	assert_true(o->reps[0].imbalance > 1.5e-16 && o->reps[0].imbalance < 1.7e-16);
	outcome_free(o);
	t.audit_in = NULL;
	o = run(&t, 1);
	assert_false(o->audit_failed);
	outcome_free(o);
}

/* Two rows of one KPI, group and replication would pass for two replications. */
static void a_kpi_reported_twice_is_a_bug(void **state)
{
	struct toy t = toy_new(1);
	int status;

	(void)state;
	t.twice = true;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		outcome_free(run(&t, 1));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_is_decided_where_the_whole_interval_lies_on_one_side),
		cmocka_unit_test(one_replication_has_no_interval_and_decides_nothing),
		cmocka_unit_test(a_target_of_nothing_counted_has_a_row_without_a_value),
		cmocka_unit_test(the_audit_takes_counts_exactly_and_amounts_to_a_billionth),
		cmocka_unit_test(a_count_that_is_out_is_named_though_rounding_leaves_more_elsewhere),
		cmocka_unit_test(a_kpi_reported_twice_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
