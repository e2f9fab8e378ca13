#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/network/lorawan/region.h"
#include "models/radio/lora.h"

/* LoRaMac-node's regional parameters: SF / kHz / payload without and with uplink dwell time, per data rate. */
struct rate { uint8_t sf; unsigned khz, payload, dwell; };
struct expected {
	const char *name;
	struct rate dr[REGION_DATA_RATES];
	uint8_t     up_min, up_max, up_last;
	unsigned    channels;
	double      first_mhz, last_mhz, rx2_mhz;
	uint8_t     rx2_dr;
	double      eirp_dbm;
	unsigned    powers, offsets;    /* TXPower indices; largest RX1DROffset */
	bool        dwell;
};
static const struct expected table[] = {
	{ "EU868",
	  { { 12, 125, 51, 0 }, { 11, 125, 51, 0 }, { 10, 125, 51, 11 }, { 9, 125, 115, 53 }, { 8, 125, 242, 125 },
	    { 7, 125, 242, 242 }, { 7, 250, 242, 242 }, { 0, 50, 242, 242 } },
	  0, 5, 7, 3, 868.1, 868.5, 869.525, 0, 16, 8, 5, false },
	{ "IN865",
	  { { 12, 125, 51, 0 }, { 11, 125, 51, 0 }, { 10, 125, 51, 11 }, { 9, 125, 115, 53 }, { 8, 125, 242, 125 },
	    { 7, 125, 242, 242 }, { 7, 250, 242, 242 }, { 0, 50, 242, 242 } },
	  0, 5, 7, 3, 865.0625, 865.985, 866.55, 2, 30, 11, 7, false },
	{ "US915",
	  { { 10, 125, 11, 11 }, { 9, 125, 53, 53 }, { 8, 125, 125, 125 }, { 7, 125, 242, 242 }, { 8, 500, 242, 242 },
	    [8] = { 12, 500, 53, 53 }, { 11, 500, 129, 129 }, { 10, 500, 242, 242 }, { 9, 500, 242, 242 },
	    { 8, 500, 242, 242 }, { 7, 500, 242, 242 } },
	  0, 3, 4, 72, 902.3, 914.2, 923.3, 8, 30, 15, 3, false },
	{ "AS923",
	  { { 12, 125, 51, 0 }, { 11, 125, 51, 0 }, { 10, 125, 115, 11 }, { 9, 125, 115, 53 }, { 8, 125, 242, 125 },
	    { 7, 125, 242, 242 }, { 7, 250, 242, 242 }, { 0, 50, 242, 242 } },
	  0, 5, 7, 2, 923.2, 923.4, 923.2, 2, 16, 8, 7, true },
};
enum { N_REGIONS = sizeof table / sizeof table[0] };

static bool near_hz(double a, double b)
{
	return fabs(a - b) < 0.5;
}

static void regions_are_found_by_name_and_by_choice(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++) {
		assert_string_equal(region_names[i], table[i].name);
		assert_non_null(region_find(table[i].name));
		assert_ptr_equal(region_find(table[i].name), region_by_index(i));
		assert_string_equal(region_by_index(i)->name, table[i].name);
	}
	assert_null(region_names[N_REGIONS]);
	assert_null(region_find("EU433"));
	assert_null(region_find("eu868"));
	assert_null(region_find(""));
}

static void data_rates_and_payload_limits_are_those_of_the_tables(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++)
		for (unsigned dr = 0; dr < REGION_DATA_RATES; dr++) {
			const struct data_rate *d = &region_by_index(i)->dr[dr];
			const struct rate *want = &table[i].dr[dr];
			assert_int_equal(d->sf, want->sf);
			assert_int_equal(d->bw, want->khz * 1000);
			assert_int_equal(d->max_payload, want->payload);
			assert_int_equal(d->max_payload_dwell, want->dwell);
		}
}

static void limits_are_those_of_the_tables(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++) {
		const struct region *r = region_by_index(i);
		const struct expected *want = &table[i];
		assert_int_equal(r->up_min, want->up_min);
		assert_int_equal(r->up_max, want->up_max);
		assert_int_equal(r->up_last, want->up_last);
		assert_int_equal(r->n_channels, want->channels);
		assert_true(near_hz(r->channels[0].hz, 1e6 * want->first_mhz));
		assert_true(near_hz(r->channels[r->n_channels - 1].hz, 1e6 * want->last_mhz));
		assert_true(near_hz(r->rx2_hz, 1e6 * want->rx2_mhz));
		assert_int_equal(r->rx2_dr, want->rx2_dr);
		assert_true(r->max_eirp_dbm == want->eirp_dbm);
		assert_int_equal(r->tx_power_steps, want->powers);
		assert_int_equal(r->max_rx1_offset, want->offsets);
		assert_int_equal(r->dwell, want->dwell);
	}
}

static void every_channel_and_window_uses_a_rate_that_there_is(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++) {
		const struct region *r = region_by_index(i);
		assert_true(rate_exists(&r->dr[r->rx2_dr]));
		for (unsigned c = 0; c < r->n_channels; c++) {
			assert_true(r->channels[c].dr_min <= r->channels[c].dr_max);
			for (unsigned dr = r->channels[c].dr_min; dr <= r->channels[c].dr_max; dr++)
				assert_true(rate_exists(&r->dr[dr]));
			for (unsigned k = 0; k < c; k++)
				assert_false(near_hz(r->channels[c].hz, r->channels[k].hz));
		}
		for (unsigned dr = r->up_min; dr <= r->up_last; dr++)
			for (unsigned offset = 0; offset <= r->max_rx1_offset; offset++)
				assert_true(rate_exists(&r->dr[region_rx1_dr(r, (uint8_t)dr, offset)]));
	}
}

static void us915_has_64_narrow_and_8_wide_channels(void **st)
{
	const struct region *r = region_find("US915");

	(void)st;
	for (unsigned c = 0; c < 64; c++) {
		assert_true(near_hz(r->channels[c].hz, 902.3e6 + 0.2e6 * c));
		assert_int_equal(r->channels[c].dr_max, 3);
	}
	for (unsigned c = 0; c < 8; c++) {
		assert_true(near_hz(r->channels[64 + c].hz, 903.0e6 + 1.6e6 * c));
		assert_int_equal(r->channels[64 + c].dr_min, 4);
	}
}

/* What the dwell time leaves of the payload: with 13 B of header and MIC it lasts 400 ms at most. */
static void payloads_under_dwell_time_fit_into_400_ms(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++) {
		const struct region *r = region_by_index(i);
		for (unsigned dr = r->up_min; dr <= r->up_last; dr++) {
			const struct data_rate *d = &r->dr[dr];
			if (d->max_payload_dwell)
				assert_true(rate_time_on_air(d, d->max_payload_dwell + 13u, true) <= 400 * SIM_MS);
			else
				assert_true(rate_time_on_air(d, 13, true) > 400 * SIM_MS);
			assert_true(d->max_payload_dwell <= d->max_payload);
		}
	}
}

static void faster_rates_never_carry_less(void **st)
{
	(void)st;
	for (int i = 0; i < N_REGIONS; i++) {
		const struct region *r = region_by_index(i);
		for (unsigned dr = 1; dr < REGION_DATA_RATES; dr++)
			if (rate_exists(&r->dr[dr]) && rate_exists(&r->dr[dr - 1]))
				assert_true(r->dr[dr].max_payload >= r->dr[dr - 1].max_payload);
	}
}

/* Rows by uplink data rate, columns by RX1DROffset. */
struct answers { const char *region; uint8_t dr[6][8]; unsigned rates, offsets; };
static const struct answers answers[] = {
	{ "EU868",
	  { { 0, 0, 0, 0, 0, 0 }, { 1, 0, 0, 0, 0, 0 }, { 2, 1, 0, 0, 0, 0 }, { 3, 2, 1, 0, 0, 0 }, { 4, 3, 2, 1, 0, 0 },
	    { 5, 4, 3, 2, 1, 0 } }, 6, 6 },
	{ "IN865",
	  { { 0, 0, 0, 0, 0, 0, 1, 2 }, { 1, 0, 0, 0, 0, 0, 2, 3 }, { 2, 1, 0, 0, 0, 0, 3, 4 }, { 3, 2, 1, 0, 0, 0, 4, 5 },
	    { 4, 3, 2, 1, 0, 0, 5, 5 }, { 5, 4, 3, 2, 1, 0, 5, 5 } }, 6, 8 },     /* DR5, offset 7: DR7 is FSK, left out */
	{ "US915",
	  { { 10, 9, 8, 8 }, { 11, 10, 9, 8 }, { 12, 11, 10, 9 }, { 13, 12, 11, 10 }, { 13, 13, 12, 11 } }, 5, 4 },
	{ "AS923",
	  { { 0, 0, 0, 0, 0, 0, 1, 2 }, { 1, 0, 0, 0, 0, 0, 2, 3 }, { 2, 1, 0, 0, 0, 0, 3, 4 }, { 3, 2, 1, 0, 0, 0, 4, 5 },
	    { 4, 3, 2, 1, 0, 0, 5, 6 }, { 5, 4, 3, 2, 1, 0, 6, 6 } }, 6, 8 },     /* DR5, offset 7: DR7 is FSK, left out */
};

static void the_first_window_answers_at_the_offset_rate(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		for (unsigned dr = 0; dr < answers[i].rates; dr++)
			for (unsigned offset = 0; offset < answers[i].offsets; offset++)
				assert_int_equal(region_rx1_dr(region_find(answers[i].region), (uint8_t)dr, offset),
						 answers[i].dr[dr][offset]);
}

static void an_offset_beyond_the_regions_counts_as_its_largest(void **st)
{
	(void)st;
	assert_int_equal(region_rx1_dr(region_find("EU868"), 5, 7), 0);
	assert_int_equal(region_rx1_dr(region_find("US915"), 3, 9), 10);
}

static void the_first_window_is_on_the_uplinks_channel_except_in_us915(void **st)
{
	const struct region *us = region_find("US915");

	(void)st;
	assert_true(near_hz(region_rx1_hz(region_find("EU868"), 1, 868.3e6), 868.3e6));
	assert_true(near_hz(region_rx1_hz(region_find("IN865"), 7, 865.985e6), 865.985e6));
	assert_true(near_hz(region_rx1_hz(region_find("AS923"), 1, 923.4e6), 923.4e6));
	for (unsigned c = 0; c < 72; c++)
		assert_true(near_hz(region_rx1_hz(us, c, us->channels[c].hz), 923.3e6 + 0.6e6 * (c % 8)));
	assert_true(near_hz(region_rx1_hz(us, 63, us->channels[63].hz), 927.5e6));
	for (unsigned c = 0; c < 72; c++)
		assert_int_equal(region_channel_number(us, us->channels[c].hz, c >= 64), c);
}

/* ERC 70-03: a sub-band holds its lower edge and not its upper one. */
static const struct { const char *region; double mhz, duty, erp_dbm; } bands[] = {
	{ "EU868", 863.0, 0.001, 14 },    { "EU868", 864.999, 0.001, 14 }, { "EU868", 865.0, 0.01, 14 },
	{ "EU868", 867.999, 0.01, 14 },   { "EU868", 868.0, 0.01, 14 },    { "EU868", 868.5, 0.01, 14 },
	{ "EU868", 868.7, 0.001, 14 },    { "EU868", 869.199, 0.001, 14 }, { "EU868", 869.4, 0.1, 27 },
	{ "EU868", 869.525, 0.1, 27 },    { "EU868", 869.7, 0.01, 14 },    { "EU868", 869.999, 0.01, 14 },
	{ "EU868", 862.999, 1, 0 },       { "EU868", 868.6, 1, 0 },        { "EU868", 869.2, 1, 0 },
	{ "EU868", 869.65, 1, 0 },        { "EU868", 870.0, 1, 0 },        { "IN865", 865.985, 1, 0 },
	{ "US915", 902.3, 1, 0 },         { "AS923", 923.2, 0.01, 16 },
};

static void duty_cycles_go_by_sub_band(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++) {
		const struct region *r = region_find(bands[i].region);
		int b = region_band(r, bands[i].mhz * 1e6);
		if (bands[i].duty < 1) {
			assert_true(b >= 0);
			assert_true(r->bands[b].duty == bands[i].duty);
			assert_true(r->bands[b].max_erp_dbm == bands[i].erp_dbm);
		} else {
			assert_int_equal(b, -1);
		}
	}
	assert_int_not_equal(region_band(region_find("EU868"), 867.9e6), region_band(region_find("EU868"), 868.1e6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_are_found_by_name_and_by_choice),
		cmocka_unit_test(data_rates_and_payload_limits_are_those_of_the_tables),
		cmocka_unit_test(limits_are_those_of_the_tables),
		cmocka_unit_test(every_channel_and_window_uses_a_rate_that_there_is),
		cmocka_unit_test(us915_has_64_narrow_and_8_wide_channels),
		cmocka_unit_test(payloads_under_dwell_time_fit_into_400_ms),
		cmocka_unit_test(faster_rates_never_carry_less),
		cmocka_unit_test(the_first_window_answers_at_the_offset_rate),
		cmocka_unit_test(an_offset_beyond_the_regions_counts_as_its_largest),
		cmocka_unit_test(the_first_window_is_on_the_uplinks_channel_except_in_us915),
		cmocka_unit_test(duty_cycles_go_by_sub_band),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
