#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>

#include <cmocka.h>

#include "sim/kernel/report.h"

static const struct kpi_def ratio = { "connectivity.delivery-ratio", "1", "what arrives", NULL, KPI_HIGHER, false };
static const struct curve_def curve = { "wait", "Waiting", "time", "s", "share", "1", false };

static struct report *report_of_test(void)
{
	struct report *r = report_new();

	assert_non_null(r);
	return r;
}

static void rows_keep_their_order_and_their_texts(void **state)
{
	(void)state;
	struct report *r = report_of_test();

	for (int i = 0; i < 1000; i++) {
		char group[32];
		snprintf(group, sizeof group, "class=%d", i / 3);
		report_kpi(r, &ratio, group, i);
		report_series(r, &ratio, group, i * SIM_HOUR, -i);
		report_curve(r, &curve, group, i, 2 * i);
		memset(group, 'x', sizeof group - 1);
	}
	assert_int_equal(r->n_kpis, 1000);
	assert_int_equal(r->n_series, 1000);
	assert_int_equal(r->n_curves, 1000);
	for (int i = 0; i < 1000; i++) {
		char group[32];
		snprintf(group, sizeof group, "class=%d", i / 3);
		assert_true(r->kpis[i].def == &ratio && r->kpis[i].value == i);
		assert_string_equal(r->kpis[i].group, group);
		assert_true(r->series[i].t == i * SIM_HOUR && r->series[i].value == -i);
		assert_string_equal(r->series[i].group, group);
		assert_true(r->curves[i].def == &curve && r->curves[i].x == i && r->curves[i].y == 2 * i);
		assert_string_equal(r->curves[i].group, group);
	}
	assert_false(r->failed);
	report_free(r);
	report_free(NULL);
}

static void what_is_no_number_is_absent(void **state)
{
	(void)state;
	struct report *r = report_of_test();

	report_kpi(r, &ratio, "all", NAN);
	report_kpi(r, &ratio, "all", INFINITY);
	report_series(r, &ratio, "all", 0, NAN);
	report_curve(r, &curve, "all", NAN, 1);
	report_curve(r, &curve, "all", 1, NAN);
	assert_true(r->n_kpis == 0 && r->n_series == 0 && r->n_curves == 0);
	report_free(r);
}

static void a_finding_is_said_once(void **state)
{
	(void)state;
	struct report *r = report_of_test();

	for (int i = 0; i < 100; i++) {
		report_warning(r, "radio", "%d links beyond the model", 4);
		report_warning(r, "lorawan", "no gateway within reach of %s", i % 2 ? "meter" : "lamp");
	}
	assert_int_equal(r->n_warnings, 3);
	assert_string_equal(r->warnings[0].name, "radio");
	assert_string_equal(r->warnings[0].value, "4 links beyond the model");
	assert_string_equal(r->warnings[1].value, "no gateway within reach of lamp");
	report_fact(r, "devices", "%d", 20000);
	assert_string_equal(r->facts[0].name, "devices");
	assert_string_equal(r->facts[0].value, "20000");
	report_free(r);
}

static void features_are_kept_where_a_map_is_wanted(void **state)
{
	(void)state;
	struct report *r = report_of_test();
	double ring[] = { 7, 50, 7.1, 50, 7.1, 50.1 };

	report_feature(r, "districts", "west", "", 3, ring, NULL, NAN);
	assert_int_equal(r->n_features, 0);
	r->map = true;
	report_feature(r, "districts", "west", "", 3, ring, NULL, NAN);
	report_feature(r, "gateways", "g1", "", 1, ring, "delivery", 0.5);
	report_feature(r, "gateways", "none", "", 0, ring, NULL, 0);
	ring[0] = -1;
	assert_int_equal(r->n_features, 2);
	assert_true(r->features[0].n_points == 3 && r->features[0].lonlat[0] == 7 && r->features[0].lonlat[5] == 50.1);
	assert_null(r->features[0].value_name);
	assert_string_equal(r->features[1].value_name, "delivery");
	report_free(r);
}

static void the_worst_account_is_named_with_its_relative_imbalance(void **state)
{
	(void)state;
	struct report *r = report_of_test();
	const char *account = NULL;

	assert_true(report_imbalance(r, &account) == 0 && account == NULL);
	report_audit(r, "messages", "1", AUDIT_IN, "generated", 100);
	report_audit(r, "energy", "J", AUDIT_IN, "charged", 50);
	report_audit(r, "messages", "1", AUDIT_OUT, "delivered", 90);
	report_audit(r, "messages", "1", AUDIT_OUT, "lost", 10);
	report_audit(r, "energy", "J", AUDIT_OUT, "used", 50);
	assert_true(report_imbalance(r, &account) == 0);
	report_audit(r, "energy", "J", AUDIT_OUT, "left", 50);
	assert_true(report_imbalance(r, &account) == 0.5);
	assert_string_equal(account, "energy");
	report_audit(r, "frames", "1", AUDIT_IN, "sent", 3); /* and none comes out */
	assert_true(report_imbalance(r, &account) == 1);
	assert_string_equal(account, "frames");
	assert_true(report_imbalance(r, NULL) == 1);
	report_free(r);
}

static void an_account_that_is_no_number_does_not_balance(void **state)
{
	(void)state;
	struct report *r = report_of_test();
	const char *account = NULL;

	report_audit(r, "energy", "J", AUDIT_IN, "charged", NAN);
	report_audit(r, "energy", "J", AUDIT_OUT, "used", 1);
	assert_true(report_imbalance(r, &account) > 0);
	assert_string_equal(account, "energy");
	report_audit(r, "energy", "J", AUDIT_OUT, "used", NAN);
	assert_true(report_imbalance(r, NULL) > 0);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_keep_their_order_and_their_texts),
		cmocka_unit_test(what_is_no_number_is_absent),
		cmocka_unit_test(a_finding_is_said_once),
		cmocka_unit_test(features_are_kept_where_a_map_is_wanted),
		cmocka_unit_test(the_worst_account_is_named_with_its_relative_imbalance),
		cmocka_unit_test(an_account_that_is_no_number_does_not_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
