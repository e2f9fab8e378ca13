/* Quantities: every dimension, what is read and what is refused, and that what is written is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <libxml/xmlregexp.h>

#include "sim/kernel/rng.h"
#include "sim/scenario/quantity.h"

struct good { enum dimension dim; const char *text; double value; };    /* time in seconds */

static const struct good good[] = {
	{ DIM_TIME, "7d", 604800 }, { DIM_TIME, "90s", 90 }, { DIM_TIME, "250ms", 0.25 }, { DIM_TIME, "0", 0 },
	{ DIM_TIME, "0s", 0 }, { DIM_TIME, "1us", 1e-6 }, { DIM_TIME, "1ns", 1e-9 }, { DIM_TIME, "2wk", 1209600 },
	{ DIM_TIME, "1yr", 365.25 * 86400 }, { DIM_TIME, "1h30min", 5400 }, { DIM_TIME, "1h30m", 5400 },
	{ DIM_TIME, "3d 08:00", 3 * 86400 + 8 * 3600 },
	{ DIM_TIME, "7d 02:00", 7 * 86400 + 7200 }, { DIM_TIME, "1d 23:59:59", 2 * 86400 - 1 },
	{ DIM_TIME, "2d 6h 30min", 2 * 86400 + 6.5 * 3600 }, { DIM_TIME, "PT6H", 21600 }, { DIM_TIME, "P1DT6H30M", 109800 },
	{ DIM_TIME, "P2W", 1209600 }, { DIM_TIME, "PT0.5S", 0.5 }, { DIM_TIME, "P1Y", 365.25 * 86400 },
	{ DIM_TIME, "  1.5 h  ", 5400 }, { DIM_TIME, ".5s", 0.5 }, { DIM_TIME, "1e3s", 1000 }, { DIM_TIME, "200yr", 6311520000. },
	{ DIM_TIME, "-5s", -5 }, { DIM_TIME, "+5s", 5 },
	{ DIM_NUMBER, "2.5", 2.5 }, { DIM_NUMBER, "-1e-3", -0.001 }, { DIM_NUMBER, "+4.", 4 }, { DIM_NUMBER, " 7 ", 7 },
	{ DIM_COUNT, "0", 0 }, { DIM_COUNT, "20000", 20000 }, { DIM_COUNT, " 12 ", 12 },
	{ DIM_RATIO, "80%", 0.8 }, { DIM_RATIO, "0.8", 0.8 }, { DIM_RATIO, "99.98 %", 0.9998 },
	{ DIM_LENGTH, "2.5km", 2500 }, { DIM_LENGTH, "30m", 30 }, { DIM_LENGTH, "5cm", 0.05 }, { DIM_LENGTH, "7 mm", 0.007 },
	{ DIM_SPEED, "1.5m/s", 1.5 }, { DIM_SPEED, "36km/h", 10 },
	{ DIM_AREA, "12km2", 12e6 }, { DIM_AREA, "3ha", 3e4 }, { DIM_AREA, "5m2", 5 },
	{ DIM_FREQUENCY, "868.1MHz", 868.1e6 }, { DIM_FREQUENCY, "2.4GHz", 2.4e9 }, { DIM_FREQUENCY, "125kHz", 125e3 },
	{ DIM_FREQUENCY, "1Hz", 1 },
	{ DIM_POWER_DBM, "14dBm", 14 }, { DIM_POWER_DBM, "-137.5dBm", -137.5 },
	{ DIM_GAIN_DB, "3dB", 3 }, { DIM_GAIN_DB, "2.15dBi", 2.15 }, { DIM_GAIN_DB, "-1 dB", -1 },
	{ DIM_POWER, "145mW", 0.145 }, { DIM_POWER, "2kW", 2000 }, { DIM_POWER, "1MW", 1e6 }, { DIM_POWER, "15uW", 15e-6 },
	{ DIM_ENERGY, "19Wh", 68400 }, { DIM_ENERGY, "5kJ", 5000 }, { DIM_ENERGY, "1kWh", 3.6e6 }, { DIM_ENERGY, "3mJ", 0.003 },
	{ DIM_CURRENT, "44mA", 0.044 }, { DIM_CURRENT, "1.5uA", 1.5e-6 }, { DIM_VOLTAGE, "3.3V", 3.3 },
	{ DIM_BYTES, "24B", 24 }, { DIM_BYTES, "2KiB", 2048 }, { DIM_BYTES, "1.5kB", 1500 }, { DIM_BYTES, "1GiB", 1073741824 },
	{ DIM_BITRATE, "10Mbps", 1e7 }, { DIM_BITRATE, "1Gbit/s", 1e9 }, { DIM_BITRATE, "250bps", 250 },
	{ DIM_RATE, "3/h", 3.0 / 3600 }, { DIM_RATE, "4/yr", 4 / (365.25 * 86400) }, { DIM_RATE, "1 /s", 1 },
	{ DIM_ANGLE, "53.5deg", 53.5 }, { DIM_ANGLE, "-10 deg", -10 },
	{ DIM_RATE, "2/min", 2.0 / 60 }, { DIM_RATE, "5/d", 5.0 / 86400 },
	{ DIM_CURRENT, "1.5\xc2\xb5" "A", 1.5e-6 }, { DIM_CURRENT, "1.5 \xce\xbc" "A", 1.5e-6 }, { DIM_CURRENT, "20pA", 20e-12 },
	{ DIM_POWER, "3\xc2\xb5W", 3e-6 }, { DIM_POWER, "2GW", 2e9 }, { DIM_ENERGY, "2MWh", 7.2e9 }, { DIM_VOLTAGE, "5\xc2\xb5V", 5e-6 },
	{ DIM_TIME, "50\xc2\xb5s", 50e-6 }, { DIM_TIME, "1ms 50\xce\xbcs", 1.05e-3 }, { DIM_FREQUENCY, "1THz", 1e12 },
	{ DIM_LENGTH, "3\xc2\xb5m", 3e-6 },
	{ DIM_MONEY, "120EUR", 120 }, { DIM_MONEY, "1E3EUR", 1000 }, { DIM_MONEY, " 0.5 INR ", 0.5 },
	{ DIM_MONEY_TIME, "45EUR/h", 45.0 / 3600 }, { DIM_MONEY_TIME, "12 USD/yr", 12 / (365.25 * 86400) },
	{ DIM_MONEY_TIME, "1EUR/mo", 12 / (365.25 * 86400) }, { DIM_MONEY_ENERGY, "0.30EUR/kWh", 0.3 / 3.6e6 },
	{ DIM_MONEY_DATA, "0.05EUR/MB", 5e-8 }, { DIM_MONEY_DATA, "2EEE/KiB", 2 / 1024.0 },
};

static double value_of(enum dimension dim, union quantity q)
{
	return dim == DIM_TIME ? sim_seconds(q.time) : dim == DIM_COUNT || dim == DIM_BYTES ? (double)q.count : q.real;
}

static void what_a_planner_writes_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		union quantity q;
		if (!quantity_parse(good[i].dim, good[i].text, &q, NULL))
			fail_msg("\"%s\" is refused as a %s", good[i].text, dimension_name(good[i].dim));
		double v = value_of(good[i].dim, q);
		if (!(fabs(v - good[i].value) <= 1e-12 * fabs(good[i].value)))
			fail_msg("\"%s\" is %.17g, not %.17g", good[i].text, v, good[i].value);
	}
}

static void what_is_read_fits_the_pattern_of_the_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		char pattern[1300];
		char one[1280];
		snprintf(pattern, sizeof pattern, "\\s*(%s)\\s*", dimension_pattern(good[i].dim, one, sizeof one));
		xmlRegexpPtr re = xmlRegexpCompile((const xmlChar *)pattern);
		assert_non_null(re);
		if (xmlRegexpExec(re, (const xmlChar *)good[i].text) != 1)
			fail_msg("\"%s\" does not match %s", good[i].text, pattern);
		xmlRegFreeRegexp(re);
	}
	xmlCleanupParser();
}

/* What each dimension refuses; the message names an example of what is right. */
struct bad { enum dimension dim; const char *text, *why; };

static const struct bad bad[] = {
	{ DIM_TIME, "6 hurs", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "7200", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "5m", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "5s 3m", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "P1M", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "PT", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "P", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "P6H", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "PT1D", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "PT1HT1M", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "PT6H x", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "08:00", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d 08:60", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d 25:00", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d +8:00", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d -8:00", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d 08:00 5s", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "1h -5min", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "300yr", "is too long a duration (291yr at most)" }, { DIM_TIME, "P300Y", "is too long a duration (291yr at most)" },
	{ DIM_TIME, "1e300s", "is too long a duration (291yr at most)" },
	{ DIM_TIME, "200yr 100000d", "is too long a duration (291yr at most)" },
	{ DIM_TIME, "6h 6h", "is not a duration (try 6h, 90min, PT6H)" }, { DIM_TIME, "30min 1h", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "6h 08:00", "is not a duration (try 6h, 90min, PT6H)" }, { DIM_TIME, "3d 8:5", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "3d 08:00:5", "is not a duration (try 6h, 90min, PT6H)" }, { DIM_TIME, "3d 008:00", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_TIME, "PT6M1H", "is not a duration (try 6h, 90min, PT6H)" },
	{ DIM_NUMBER, "2.5m", "is not a number (try 2.5)" }, { DIM_NUMBER, "--2", "is not a number (try 2.5)" },
	{ DIM_NUMBER, "1,5", "is not a number (try 2.5)" }, { DIM_NUMBER, ".", "is not a number (try 2.5)" },
	{ DIM_NUMBER, "1e", "is not a number (try 2.5)" },
	{ DIM_COUNT, "4.5", "is not a count (try 12)" }, { DIM_COUNT, "-1", "is not a count (try 12)" },
	{ DIM_COUNT, "1e3", "is not a count (try 12)" }, { DIM_COUNT, "99999999999999999999", "is too large a count" },
	{ DIM_COUNT, "twelve", "is not a count (try 12)" },
	{ DIM_RATIO, "80 percent", "is not a ratio (try 80% or 0.8)" },
	{ DIM_LENGTH, "4kg", "is not a length (try 2.5km, 30m)" }, { DIM_LENGTH, "4", "is not a length (try 2.5km, 30m)" },
	{ DIM_LENGTH, "4km2", "is not a length (try 2.5km, 30m)" }, { DIM_LENGTH, "4Km", "is not a length (try 2.5km, 30m)" },
	{ DIM_SPEED, "3m", "is not a speed (try 1.5m/s, 50km/h)" }, { DIM_AREA, "3m", "is not an area (try 12km2, 3ha)" },
	{ DIM_FREQUENCY, "868.1", "is not a frequency (try 868.1MHz)" },
	{ DIM_FREQUENCY, "868.1mHz", "is not a frequency (try 868.1MHz)" },
	{ DIM_POWER_DBM, "14dB", "is not a power level (try 14dBm)" }, { DIM_GAIN_DB, "14dBm", "is not a gain (try 3dB)" },
	{ DIM_POWER, "145", "is not a power (try 145mW)" }, { DIM_ENERGY, "19W", "is not an energy (try 19Wh, 5kJ)" },
	{ DIM_CURRENT, "44V", "is not a current (try 44mA)" }, { DIM_VOLTAGE, "44A", "is not a voltage (try 3.3V)" },
	{ DIM_BYTES, "24", "is not a size (try 24B, 2KiB)" }, { DIM_BYTES, "-1B", "is not a size (try 24B, 2KiB)" },
	{ DIM_BYTES, "0.5B", "is not a size (try 24B, 2KiB)" }, { DIM_BYTES, "24b", "is not a size (try 24B, 2KiB)" },
	{ DIM_BITRATE, "10MB", "is not a bit rate (try 10Mbps)" }, { DIM_RATE, "3h", "is not a rate (try 3/h, 4/yr)" },
	{ DIM_ANGLE, "53", "is not an angle (try 53deg)" },
	{ DIM_RATE, "3", "is not a rate (try 3/h, 4/yr)" },
	{ DIM_MONEY, "120", "is not an amount of money (try 120EUR)" }, { DIM_MONEY, "120eur", "is not an amount of money (try 120EUR)" },
	{ DIM_MONEY, "120EURO", "is not an amount of money (try 120EUR)" }, { DIM_MONEY, "EUR120", "is not an amount of money (try 120EUR)" },
	{ DIM_MONEY_TIME, "45EUR", "is not money by time (try 45EUR/h, 12EUR/yr)" },
	{ DIM_MONEY_ENERGY, "0.3EUR/kW", "is not a price of energy (try 0.30EUR/kWh)" },
	{ DIM_MONEY_DATA, "1EUR/Mb", "is not a price of data (try 0.05EUR/MB)" },
};

static void what_is_wrong_is_refused_with_what_would_be_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		union quantity q;
		const char *why = NULL;
		if (quantity_parse(bad[i].dim, bad[i].text, &q, &why))
			fail_msg("\"%s\" is taken as a %s", bad[i].text, dimension_name(bad[i].dim));
		assert_string_equal(why, bad[i].why);
	}
}

static void no_dimension_takes_nan_infinity_hexadecimal_or_nothing(void **state)
{
	static const char *const words[] = { "nan",    "NaN", "inf", "-inf", "infinity", "0x10", "1e999",
					     "-1e999", "",    " ",   "e5",   "+",        "-",    "1 2" };

	(void)state;
	for (int dim = 0; dim < DIM_N; dim++)
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
			union quantity q;
			char text[64];
			assert_false(quantity_parse((enum dimension)dim, words[i], &q, NULL));
			/* nor with the unit behind it */
			snprintf(text, sizeof text, "%s%s", words[i],
				 dim == DIM_RATE ? "/s" : dimension_unit((enum dimension)dim));
			if (dimension_unit((enum dimension)dim)[0] != '1' && strcmp(words[i], "1 2") != 0 &&
			    quantity_parse((enum dimension)dim, text, &q, NULL))
				fail_msg("\"%s\" is taken as a %s", text, dimension_name((enum dimension)dim));
		}
}

static void every_whole_number_of_bytes_may_be_written_in_thousands(void **state)
{
	(void)state;
	for (unsigned n = 1; n < 20000; n++) {
		union quantity q;
		char text[32];
		snprintf(text, sizeof text, "%u.%03ukB", n / 1000, n % 1000);
		if (!quantity_parse(DIM_BYTES, text, &q, NULL) || q.count != n)
			fail_msg("%s is not %u bytes", text, n);
	}
}

static void what_is_written_is_read_back(void **state)
{
	struct rng r = rng_stream(1, 0, 0, 1);

	(void)state;
	for (int dim = 0; dim < DIM_N; dim++)
		for (unsigned i = 0; i < 2000; i++) {
			union quantity q, back;
			char text[64];
			double u = rng_uniform(&r), size = pow(10, rng_uniform(&r) * 12 - 4);
			if (dim == DIM_TIME)
				q.time = i % 3 ? (simtime_t)(size * 1e6 * u) : (simtime_t)(size * u) * SIM_MS;
			else if (dim == DIM_COUNT || dim == DIM_BYTES)
				q.count = (uint64_t)(size * 1e2 * u);
			else
				q.real = (i % 5 ? u - 0.5 : floor(u * 100)) * size;
			quantity_format((enum dimension)dim, q, text, sizeof text);
			if (!quantity_parse((enum dimension)dim, text, &back, NULL))
				fail_msg("\"%s\", as written, is not a %s", text, dimension_name((enum dimension)dim));
			double was = value_of((enum dimension)dim, q), is = value_of((enum dimension)dim, back);
			if (!(fabs(was - is) <= 1e-11 * fabs(was)))
				fail_msg("%.17g is written \"%s\" and read %.17g", was, text, is);
		}
}

static void times_of_half_the_range_are_read_back_to_the_nanosecond(void **state)
{
	static const simtime_t t[] = { 1, SIM_DAY + 1, 300 * SIM_DAY + 1, INT64_C(4503599627370497),
				       36525 * SIM_DAY + SIM_HOUR / 2 };

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		union quantity q = { .time = t[i] };
		char text[64];
		assert_true(quantity_parse(DIM_TIME, quantity_format(DIM_TIME, q, text, sizeof text), &q, NULL));
		assert_true(q.time == t[i]);
	}
}

static void values_are_written_as_a_planner_writes_them(void **state)
{
	static const struct {
		enum dimension dim;
		union quantity q;
		const char *text;
	} rows[] = {
		{ DIM_TIME, { .time = 6 * SIM_HOUR }, "6h" },
		{ DIM_TIME, { .time = 90 * SIM_MINUTE }, "90min" },
		{ DIM_TIME, { .time = 0 }, "0s" },
		{ DIM_TIME, { .time = 250 * SIM_MS }, "250ms" },
		{ DIM_FREQUENCY, { .real = 868.1e6 }, "868.1MHz" },
		{ DIM_LENGTH, { .real = 2500 }, "2.5km" },
		{ DIM_LENGTH, { .real = 0 }, "0m" },
		{ DIM_ENERGY, { .real = 0 }, "0J" },
		{ DIM_POWER, { .real = 0 }, "0W" },
		{ DIM_BYTES, { .count = 0 }, "0B" },
		{ DIM_BYTES, { .count = 2048 }, "2KiB" },
		{ DIM_RATIO, { .real = 0.98 }, "98%" },
		{ DIM_RATIO, { .real = 0 }, "0%" },
		{ DIM_RATE, { .real = 3.0 / 3600 }, "3/h" },
		{ DIM_GAIN_DB, { .real = -3 }, "-3dB" },
		{ DIM_COUNT, { .count = 7 }, "7" },
		{ DIM_POWER_DBM, { .real = 14 }, "14dBm" },
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(quantity_format(rows[i].dim, rows[i].q, buf, sizeof buf), rows[i].text);
}

static void the_currency_of_an_amount_is_told(void **state)
{
	char code[4] = "";

	(void)state;
	assert_true(quantity_currency(DIM_MONEY, " 1E3 EUR", code));
	assert_string_equal(code, "EUR");
	assert_true(quantity_currency(DIM_MONEY_ENERGY, "5INR/kWh", code));
	assert_string_equal(code, "INR");
	assert_false(quantity_currency(DIM_MONEY, "5", code));
	assert_false(quantity_currency(DIM_LENGTH, "5km", code));
}

static void instants_are_calendar_times_in_utc(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} yes[] = {
		{ "1970-01-01T00:00Z", 0 },
		{ "2026-03-02T00:00Z", 1772409600 },
		{ "2026-03-02", 1772409600 },
		{ "2024-02-29T23:59:59Z", 1709251199 },
		{ " 2026-03-02T08:30Z ", 1772440200 },
	};
	static const char *const no[] = { "",
					  "now",
					  "2026",
					  "2026-13-01",
					  "2026-00-01",
					  "2026-02-29",
					  "2026-04-31",
					  "2026-03-02T",
					  "2026-03-02T24:00Z",
					  "2026-03-02T10:60Z",
					  "2026-03-02T10:00:60Z",
					  "2026-03-02T10:00:Z",
					  "2026-03-02T10:00+01:00",
					  "2026-03-02T-1:00Z",
					  "2026-3-2",
					  "2026- 3-02",
					  "26-03-02x",
					  "99999-01-01",
					  "2026-03-02T10:00ZZ" };
	int64_t at;
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (!quantity_instant(yes[i].text, &at))
			fail_msg("\"%s\" is refused", yes[i].text);
		assert_true(at == yes[i].at);
		quantity_instant_format(at, buf, sizeof buf);
		int64_t again;
		assert_true(quantity_instant(buf, &again) && again == at);
	}
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		if (quantity_instant(no[i], &at))
			fail_msg("\"%s\" is taken as an instant", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_planner_writes_is_read),
		cmocka_unit_test(what_is_read_fits_the_pattern_of_the_schema),
		cmocka_unit_test(what_is_wrong_is_refused_with_what_would_be_right),
		cmocka_unit_test(no_dimension_takes_nan_infinity_hexadecimal_or_nothing),
		cmocka_unit_test(every_whole_number_of_bytes_may_be_written_in_thousands),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(times_of_half_the_range_are_read_back_to_the_nanosecond),
		cmocka_unit_test(values_are_written_as_a_planner_writes_them),
		cmocka_unit_test(the_currency_of_an_amount_is_told),
		cmocka_unit_test(instants_are_calendar_times_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
