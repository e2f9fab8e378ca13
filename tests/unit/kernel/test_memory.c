#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/report.h"
#include "sim/kernel/sim.h"
#include "sim/kernel/station.h"
#include "tests/unit/kernel/failing.h"

#if ALLOCATIONS_CAN_FAIL
/* Pushes that fail leave the queue as it was; a pop that fails leaves it fit for evq_free. */
static bool queue_works(void)
{
	struct rng r = rng_stream(1, 1, 1, 0);
	struct evq *q = evq_new();
	struct event ev = { 0 };
	size_t pushed = 0, popped = 0;
	simtime_t last = 0;
	bool failed = !q;
	int got = 1;

	/* a long run, and then one before it all: the run moves to lists of which there are none yet */
	for (int i = 3000; q && i >= 0; i--) {
		bool ok = evq_push(q, (struct event){ i ? 4000 - i : 1, (uint32_t)i, 0, 0 });
		pushed += ok;
		failed |= !ok;
	}
	for (int i = 0; q && i < 30000; i++) {
		/* a burst into the run now and then, far ahead else */
		simtime_t t =
			last + (i % 5000 < 2000 ? 5000 - i % 5000 : (simtime_t)(rng_u64(&r) >> (10 + rng_below(&r, 40))));
		size_t before = evq_len(q);
		if (evq_push(q, (struct event){ t, (uint32_t)i, 0, 0 })) {
			pushed++;
		} else {
			failed = true;
			assert_int_equal(evq_len(q), before);
		}
		if (i % 7 == 0 && (got = evq_pop(q, &ev)) > 0) {
			assert_true(ev.t >= last);
			last = ev.t;
			popped++;
		}
		if (got < 0)
			break;
	}
	while (q && got >= 0 && (got = evq_pop(q, &ev)) > 0) {
		assert_true(ev.t >= last);
		last = ev.t;
		popped++;
	}
	if (got >= 0 && q)
		assert_int_equal(pushed, popped);
	evq_free(q);
	return !failed && got >= 0;
}

static void a_queue_survives_each_allocation_that_fails(void **state)
{
	(void)state;
	with_each_allocation_failing(queue_works);
}

static void leave(struct sim *s, void *ctx, uint32_t job, simtime_t waited, simtime_t served)
{
	(void)s, (void)job, (void)waited, (void)served;
	++*(int *)ctx;
}

static void arrive(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)s, (void)detail;
	station_arrive(ctx, subject, subject % 8, 500 * SIM_MS);
}

static bool replication_works(void)
{
	static const struct kpi_def def = { "served", "1", "jobs", NULL, KPI_NEITHER, false };
	static const char keys[200];
	struct report *report = report_new();
	struct sim *s = report ? sim_new(1, 0, SIM_SECOND, SIM_HOUR, report) : NULL;
	bool through = false;
	int left = 0;

	if (!s)
		goto fail;
	struct station *st = station_new(s, "station", 2, 2000, leave, &left);
	if (!st)
		goto fail;
	uint16_t kind = sim_handler(s, "arrive", arrive, st);
	for (uint32_t i = 0; i < 200; i++) { /* more kinds and states than the first tables hold */
		sim_handler(s, "other", arrive, st);
		sim_set_state(s, &keys[i], st);
	}
	for (uint32_t i = 0; i < 3000; i++)
		sim_at(s, i * SIM_MS, kind, i, 0);
	sim_run(s);
	for (int i = 0; i < 200; i++) {
		report_kpi(report, &def, i % 2 ? "all" : "class=a", left);
		report_warning(report, "station", "warning %d", i);
		report_fact(report, "jobs", "%d", left);
		report_audit(report, "jobs", "1", i % 2 ? AUDIT_IN : AUDIT_OUT, "jobs", left);
	}
	through = s->status == SIM_OK && !report->failed;
	assert_true(s->status == SIM_OK || s->status == SIM_E_NOMEM);
	if (through)
		assert_true(left > 2000 && report->n_kpis == 200 && report->n_warnings == 200);
fail:
	sim_free(s);
	report_free(report);
	return through;
}

static void a_replication_survives_each_allocation_that_fails(void **state)
{
	(void)state;
	with_each_allocation_failing(replication_works);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_survives_each_allocation_that_fails),
		cmocka_unit_test(a_replication_survives_each_allocation_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return skip_all();
}

#endif
