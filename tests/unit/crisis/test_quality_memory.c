/* A replication with a crisis, its twin and its phases, when memory runs short. */
#include "tests/unit/crisis/rubble.h"

#include "tests/unit/kernel/failing.h"

#if ALLOCATIONS_CAN_FAIL

static struct rubble r;

/* Whole with all phases, or failed for want of memory and without a report. */
static bool replication_works(void)
{
	struct replication rep = { 0 };
	int status = replicate(r.sc, 1, &rep, NULL);

	assert_int_equal(rep.report != NULL, status == SIM_OK);
	if (status != SIM_OK) {
		assert_int_equal(status, SIM_E_NOMEM);
		assert_non_null(strstr(rep.failure, "out of memory"));
		return false;
	}
	if (!rep.report)
		return false;
	r.rep = rep;
	assert_close(kpi_of(&r, "crisis.resilience-index", "all"), 1, 0);
	assert_close(kpi_of(&r, "messages.generated", "phase=after"), 4 * 2, 0);
	report_free(rep.report);
	r.rep.report = NULL;
	return true;
}

static void a_crisis_survives_each_allocation_that_fails(void **st)
{
	(void)st;
	rubble_open(&r,
		    "<run duration='2h'/><city width='1km' height='1km'><shadowing deviation='0dB'/></city>" NETWORK("0")
			    FLOOD("30min", "30min"),
		    NULL);
	with_each_allocation_failing(replication_works);
	rubble_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_crisis_survives_each_allocation_that_fails) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return skip_all();
}

#endif
