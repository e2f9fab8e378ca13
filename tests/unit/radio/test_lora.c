#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/radio/lora.h"

static unsigned sf_of(unsigned row)
{
	return LORA_SF_MIN + row;
}

/* Semtech SX1276 designer's guide, worked out: 125 kHz, 4/5, explicit header, 8 symbols of preamble; us. */
static const struct { unsigned bytes; bool crc; simtime_t us[LORA_SFS]; } airs[] = {
	{ 12, true, { 41216, 82432, 144384, 288768, 577536, 1155072 } },
	{ 13, true, { 46336, 82432, 164864, 288768, 577536, 1155072 } },
	{ 17, true, { 51456, 92672, 164864, 329728, 659456, 1318912 } },
	{ 19, true, { 51456, 102912, 185344, 329728, 741376, 1318912 } },
	{ 20, true, { 56576, 102912, 185344, 370688, 741376, 1318912 } },
	{ 23, true, { 61696, 113152, 205824, 370688, 823296, 1482752 } },
	{ 24, true, { 61696, 113152, 205824, 370688, 823296, 1482752 } },
	{ 33, true, { 71936, 133632, 246784, 452608, 987136, 1810432 } },
	{ 51, true, { 102656, 184832, 328704, 616448, 1314816, 2465792 } },
	{ 64, true, { 118016, 215552, 390144, 698368, 1560576, 2793472 } },
	{ 17, false, { 46336, 92672, 164864, 329728, 659456, 1155072 } },
	{ 33, false, { 71936, 133632, 246784, 452608, 905216, 1810432 } },
};

static void time_on_air_is_exact_to_the_nanosecond(void **st)
{
	(void)st;
	for (size_t i = 0; i < sizeof airs / sizeof airs[0]; i++)
		for (unsigned k = 0; k < LORA_SFS; k++)
			assert_int_equal(lora_time_on_air(airs[i].bytes, sf_of(k), 125e3, 1, 8, airs[i].crc),
					 airs[i].us[k] * SIM_US);
}

static void bandwidth_and_coding_rate_change_time_on_air(void **st)
{
	(void)st;
	assert_int_equal(lora_time_on_air(23, 7, 250e3, 1, 8, true), 30848 * SIM_US);
	assert_int_equal(lora_time_on_air(23, 8, 500e3, 1, 8, true), 28288 * SIM_US);
	assert_int_equal(lora_time_on_air(33, 12, 500e3, 1, 8, false), 411648 * SIM_US);
	assert_int_equal(lora_time_on_air(20, 12, 125e3, 4, 8, true), 1712128 * SIM_US);
}

/* The formula once more, in whole quarters of a symbol and without floating point. */
static simtime_t by_the_guide(int bytes, int sf, int khz, int cr, int preamble, bool crc)
{
	int64_t symbol_ns = (INT64_C(1) << sf) * 1000000 / khz;
	int low_rate = symbol_ns > 16000000, bits = 8 * bytes - 4 * sf + 28 + (crc ? 16 : 0), per = 4 * (sf - 2 * low_rate);
	int blocks = bits > 0 ? (bits + per - 1) / per : 0;

	return symbol_ns * (4 * (preamble + 8 + blocks * (cr + 4)) + 17) / 4;
}

static void every_frame_size_rate_and_preamble_follows_the_guide(void **st)
{
	static const int khz[] = { 125, 250, 500 };

	(void)st;
	for (int bytes = 0; bytes < 256; bytes++)
		for (int sf = LORA_SF_MIN; sf <= LORA_SF_MAX; sf++)
			for (int b = 0; b < 3; b++)
				for (int cr = 1; cr <= 4; cr++)
					for (int crc = 0; crc < 2; crc++)
						assert_int_equal(lora_time_on_air((unsigned)bytes, (unsigned)sf,
										  1e3 * khz[b], (unsigned)cr,
										  6 + (unsigned)cr, crc),
								 by_the_guide(bytes, sf, khz[b], cr, 6 + cr, crc));
}

static void a_symbol_doubles_with_the_spreading_factor_and_halves_with_the_bandwidth(void **st)
{
	(void)st;
	assert_int_equal(lora_symbol(7, 125e3), 1024 * SIM_US);
	assert_int_equal(lora_symbol(12, 125e3), 32768 * SIM_US);
	for (unsigned sf = LORA_SF_MIN; sf < LORA_SF_MAX; sf++) {
		assert_int_equal(lora_symbol(sf + 1, 125e3), 2 * lora_symbol(sf, 125e3));
		assert_int_equal(2 * lora_symbol(sf, 250e3), lora_symbol(sf, 125e3));
	}
}

static void receivers_are_those_of_the_tables(void **st)
{
	static const double device[3][LORA_SFS] = { { -124, -127, -130, -133, -135, -137 },
						    { -122, -125, -128, -130, -132, -135 },
						    { -116, -119, -122, -125, -128, -129 } };

	(void)st;
	for (unsigned k = 0; k < LORA_SFS; k++) {
		assert_true(lora_snr_floor_db(sf_of(k)) == -7.5 - 2.5 * k);
		assert_true(lora_gateway_sensitivity_dbm(sf_of(k), 125e3) == -130 - 2.5 * k);
		for (unsigned b = 0; b < 3; b++) {
			double bw = 125e3 * (1u << b);
			assert_true(lora_device_sensitivity_dbm(sf_of(k), bw) == device[b][k]);
			assert_true(fabs(lora_gateway_sensitivity_dbm(sf_of(k), bw) + 130 + 2.5 * k - 3.0103 * b) < 1e-4);
		}
	}
}

static void rejection_is_that_of_the_papers(void **st)
{
	static const double goursaud[LORA_SFS][LORA_SFS] = {
		{ 6, -16, -18, -19, -19, -20 }, { -24, 6, -20, -22, -22, -22 }, { -27, -27, 6, -23, -25, -25 },
		{ -30, -30, -30, 6, -26, -28 }, { -33, -33, -33, -33, 6, -29 }, { -36, -36, -36, -36, -36, 6 },
	};
	static const double croce[LORA_SFS][LORA_SFS] = {
		{ 1, -8, -9, -9, -9, -9 },      { -11, 1, -11, -12, -13, -13 }, { -15, -13, 1, -13, -14, -15 },
		{ -19, -18, -17, 1, -17, -18 }, { -22, -22, -21, -20, 1, -20 }, { -25, -25, -25, -24, -23, 1 },
	};

	(void)st;
	for (unsigned w = 0; w < LORA_SFS; w++)
		for (unsigned i = 0; i < LORA_SFS; i++) {
			assert_true(lora_rejection_db(LORA_GOURSAUD, sf_of(w), sf_of(i)) == goursaud[w][i]);
			assert_true(lora_rejection_db(LORA_CROCE, sf_of(w), sf_of(i)) == croce[w][i]);
		}
}

static void aloha_asks_the_impossible_of_equals_and_nothing_of_others(void **st)
{
	(void)st;
	for (unsigned w = 0; w < LORA_SFS; w++)
		for (unsigned i = 0; i < LORA_SFS; i++)
			assert_true(lora_rejection_db(LORA_ALOHA, sf_of(w), sf_of(i)) == (w == i ? INFINITY : -INFINITY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_on_air_is_exact_to_the_nanosecond),
		cmocka_unit_test(bandwidth_and_coding_rate_change_time_on_air),
		cmocka_unit_test(every_frame_size_rate_and_preamble_follows_the_guide),
		cmocka_unit_test(a_symbol_doubles_with_the_spreading_factor_and_halves_with_the_bandwidth),
		cmocka_unit_test(receivers_are_those_of_the_tables),
		cmocka_unit_test(rejection_is_that_of_the_papers),
		cmocka_unit_test(aloha_asks_the_impossible_of_equals_and_nothing_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
