/* KPI values in words. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/study/value.h"

static void a_value_has_the_unit_of_its_size_and_the_digits_of_its_interval(void **state)
{
	static const struct {
		const char *unit;
		double x, half;
		bool share;
		const char *text, *change;
	} cases[] = {
		{ "1", 0.9731, 0.005, true, "97.3 %", "97.3 percentage points" },
		{ "1", 0.9731, NAN, true, "97.31 %", "97.3 percentage points" },
		{ "1", 0.99954, 0.00001, true, "99.9540 %", "99.95 percentage points" },
		{ "1", 1, 0, true, "100 %", "100 percentage points" },
		{ "1", 0, NAN, true, "0 %", "0 percentage points" },
		{ "1", -0.1234, 0.012, true, "-12.3 %", "12.3 percentage points" },
		{ "1", 12, NAN, false, "12", "12" },
		{ "1", 12345678, 1000, false, "12 345 678", "12 345 678" },
		{ "1", 1234.5, 100, false, "1234", "1234" },
		{ "1", 1e18, NAN, false, "1e+18", "1e+18" },
		{ "1", 1.5, 0.5, false, "1.5", "1.5" },
		{ "s", 1.2345, 0.1, false, "1.23 s", "1.23 s" },
		{ "s", 0.0456, 0.004, false, "46 ms", "46 ms" },
		{ "s", 2e-5, NAN, false, "20 \u00b5s", "20 \u00b5s" },
		{ "s", 0, NAN, false, "0 s", "0 s" },
		{ "s", 119, NAN, false, "119 s", "119 s" },
		{ "s", -600, 30, false, "-10.0 min", "10.0 min" },
		{ "s", 7200, NAN, false, "2 h", "2 h" },
		{ "s", 86400 * 3, NAN, false, "3 d", "3 d" },
		{ "s", 31557600 * 2.5, NAN, false, "2.50 yr", "2.50 yr" },
		{ "yr", 8.24, 0.3, false, "8.24 yr", "8.24 yr" },
		{ "yr", 0.1, 0.05, false, "37 d", "37 d" },
		{ "J", 1234, 10, false, "1.234 kJ", "1.234 kJ" },
		{ "J", 0.00012, 0.00001, false, "120 \u00b5J", "120 \u00b5J" },
		{ "B", 9999, NAN, false, "9999 B", "9999 B" },
		{ "B", 12000, NAN, false, "12 kB", "12 kB" },
		{ "bit/s", 2.5e6, NAN, false, "2.50 Mbit/s", "2.50 Mbit/s" },
		{ "1/h", 4427, 30, false, "4427 /h", "4427 /h" },
		{ "EUR", 1234567, 10000, false, "1 234 567 EUR", "1 234 567 EUR" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct kpi_def def = { "a.b", cases[i].unit, "", NULL, KPI_NEITHER, false };
		char buf[64];
		assert_string_equal(value_text(buf, sizeof buf, &def, cases[i].x, cases[i].half, cases[i].share),
				    cases[i].text);
		assert_string_equal(value_change(buf, sizeof buf, &def, cases[i].x, cases[i].half, cases[i].share),
				    cases[i].change);
	}
}

static void bounds_are_in_the_unit_of_their_estimate(void **state)
{
	static const struct {
		const char *unit;
		struct interval i;
		bool share, difference;
		const char *text;
	} cases[] = {
		{ "1", { 0.973, 0.968, 0.978, 9 }, true, false, "96.8 to 97.8" },
		{ "1", { 0.99, 0.97, 1.01, 9 }, true, false, "97.0 to 100.0" },
		{ "1", { 0.01, -0.01, 0.03, 9 }, true, false, "0.0 to 3.0" },
		{ "1", { 0.01, -0.01, 0.03, 9 }, true, true, "-1.0 to 3.0" },
		{ "1", { 0.01, -0.01, 0.03, 9 }, false, false, "-0.010 to 0.030" },
		{ "s", { 0.9, 0.7, 1.1, 9 }, false, false, "700 to 1100" },
		{ "s", { 0.9, NAN, NAN, 1 }, false, false, "" },
		{ "s", { 0.9, NAN, 1.1, 9 }, false, false, "" },
		{ "s", { 0.9, 0.9, 0.9, 9 }, false, false, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct kpi_def def = { "a.b", cases[i].unit, "", NULL, KPI_NEITHER, false };
		char buf[64] = "x";
		assert_string_equal(value_bounds(buf, sizeof buf, &def, &cases[i].i, cases[i].share, cases[i].difference),
				    cases[i].text);
	}
}

static void a_share_says_that_it_is_one(void **state)
{
	static const struct {
		struct kpi_def def;
		bool share;
	} cases[] = {
		{ { "connectivity.delivery-ratio", "1", "delivered \u00f7 generated", NULL, KPI_HIGHER, false }, true },
		{ { "a.b", "1", "largest share of devices", NULL, KPI_HIGHER, false }, true },
		{ { "a.b", "1", "this / that", NULL, KPI_HIGHER, false }, true },
		{ { "a.b", "1", "messages generated", NULL, KPI_HIGHER, false }, false },
		{ { "a.b", "1", NULL, NULL, KPI_HIGHER, false }, false },
		{ { "a.b", "s", "this \u00f7 that", NULL, KPI_HIGHER, false }, false },
		{ { "frames-per-message", "1", "frames \u00f7 messages", NULL, KPI_HIGHER, false }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(value_is_share(&cases[i].def), cases[i].share);
}

static void a_small_buffer_is_not_overrun(void **state)
{
	const struct kpi_def def = { "a.b", "EUR", "", NULL, KPI_NEITHER, false };
	char buf[8];

	(void)state;
	for (size_t size = 2; size <= sizeof buf; size++) {
		memset(buf, 'x', sizeof buf);
		assert_true(strlen(value_text(buf, size, &def, -1234567, NAN, false)) < size);
		assert_true(strlen(value_text(buf, size, &def, 1e300, NAN, false)) < size);
		for (size_t i = size; i < sizeof buf; i++)
			assert_int_equal(buf[i], 'x');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_has_the_unit_of_its_size_and_the_digits_of_its_interval),
		cmocka_unit_test(bounds_are_in_the_unit_of_their_estimate),
		cmocka_unit_test(a_share_says_that_it_is_one),
		cmocka_unit_test(a_small_buffer_is_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
