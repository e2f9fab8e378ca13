#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/kernel/failing.h"

#if ALLOCATIONS_CAN_FAIL
#include "tests/unit/study/toy.h"

enum { REPLICATIONS = 3, GROUPS = 600 }; /* more groups than the first table of them holds */

static double whole_mean;

/* Nothing, or an outcome that says which replications are missing; a whole one has the results of any other. */
static bool study_works(void)
{
	static const double values[] = { 1, 2, 3 };
	static struct target goal = { "first.value", "class=none", TARGET_GE, 1, "", NULL };
	struct toy t = toy_new(REPLICATIONS);
	size_t done = 0;

	t.values = values;
	t.n_values = REPLICATIONS;
	t.n_groups = GROUPS;
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = outcome_run(&t.sc, &(struct run_options){ .threads = 1 });
	if (!o)
		return false;
	for (size_t i = 0; i < o->n_reps; i++) {
		const struct replication *r = &o->reps[i];
		assert_int_equal(r->report != NULL, r->status == SIM_OK);
		if (!r->report) {
			assert_int_equal(r->status, SIM_E_NOMEM);
			assert_non_null(strstr(r->failure, "out of memory"));
		}
		done += r->report != NULL;
	}
	assert_int_equal(o->n_done, done);
	assert_false(o->stopped || o->audit_failed);
	if (done) {
		assert_int_equal(outcome_kpi(o, "first.value", "all")->n, done);
		assert_non_null(outcome_kpi(o, "first.value", "class=none"));
	}
	bool whole = done == REPLICATIONS;
	if (whole && whole_mean > 0)
		assert_true(outcome_kpi(o, "first.draws", "all")->mean == whole_mean);
	if (whole)
		whole_mean = outcome_kpi(o, "first.draws", "all")->mean;
	outcome_free(o);
	return whole;
}

static void a_study_survives_each_allocation_that_fails(void **state)
{
	(void)state;
	with_each_allocation_failing(study_works);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_study_survives_each_allocation_that_fails) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return skip_all();
}

#endif
