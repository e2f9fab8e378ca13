/* The cellular physical layer against the tables that it is made of, and against what must hold between them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/network/cellular/phy.h"

static void nbiot_uplink_takes_the_times_of_the_link_table(void **st)
{
	/* LENA-NB clean_NPUSCH_100_TRBlks.csv: smallest TTI with at least these bits, ms at 134, 144, 149, 154, 159, 164 dB
	 */
	static const double loss[] = { 134, 144, 149, 154, 159, 164 };
	static const struct {
		unsigned bits;
		int ms[6];
	} rows[] = {
		{ 208, { 1, 8, 20, 32, 128, 256 } },
		{ 328, { 2, 12, 24, 128, 128, 320 } },
		{ 680, { 4, 20, 128, 192, 256, 320 } },
		{ 1000, { 6, 20, 160, 320, 320, 384 } },
	};
	struct cell_transfer t;

	(void)st;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t k = 0; k < 6; k++) {
			assert_true(phy_uplink(CELLULAR_NB_IOT, loss[k], rows[i].bits, &t));
			assert_int_equal(t.airtime, rows[i].ms[k] * SIM_MS);
			assert_int_equal(t.blocks, 1);
		}
	assert_true(phy_uplink(CELLULAR_NB_IOT, 154, 208, &t));
	assert_int_equal(t.repetitions, 8); /* 12 tones */
	assert_true(t.share == 1);
	assert_true(phy_uplink(CELLULAR_NB_IOT, 164, 208, &t));
	assert_int_equal(t.repetitions, 8); /* 3.75 kHz */
	assert_true(fabs(t.share - 1.0 / 48) < 1e-12);
}

static void a_long_message_is_cut_into_equal_blocks(void **st)
{
	struct cell_transfer one, three;

	(void)st;
	assert_true(phy_uplink(CELLULAR_NB_IOT, 144, 680, &one));
	assert_true(phy_uplink(CELLULAR_NB_IOT, 144, 2040, &three));
	assert_int_equal(three.blocks, 3);
	assert_int_equal(three.airtime, 3 * one.airtime);
	assert_true(phy_downlink(CELLULAR_NB_IOT, 144, 681, &three));
	assert_int_equal(three.blocks, 2);
}

/* More bits or more loss never take less time, and nothing is received beyond the greatest loss. */
static void time_grows_with_bits_and_loss(void **st)
{
	typedef bool way(enum cellular_technology, double, unsigned, struct cell_transfer *);
	static way *const ways[] = { phy_uplink, phy_downlink };

	(void)st;
	for (int t = 0; t < CELLULAR_TECHNOLOGIES; t++)
		for (size_t w = 0; w < 2; w++)
			for (unsigned bits = 8; bits <= 1000; bits += 31) {
				const double most = phy_max_coupling_loss_db((enum cellular_technology)t);
				simtime_t last = 0;
				struct cell_transfer at, more;
				for (int quarter = 360; quarter <= 4 * most; quarter++) {
					const double loss = quarter / 4.0;
					assert_true(ways[w]((enum cellular_technology)t, loss, bits, &at));
					assert_true(ways[w]((enum cellular_technology)t, loss, bits + 31, &more));
					assert_true(at.airtime >= last && at.airtime >= SIM_MS);
					assert_true(at.share > 0 && at.share <= 1);
					if (t == CELLULAR_NB_IOT && bits + 31 <= 680)
						assert_true(more.airtime >= at.airtime);
					last = at.airtime;
				}
				assert_false(ways[w]((enum cellular_technology)t, most + 0.01, bits, &at));
				assert_false(ways[w]((enum cellular_technology)t, NAN, bits, &at));
			}
}

static void the_narrowest_format_holds_less_of_the_carrier(void **st)
{
	struct cell_transfer fast, narrow;

	(void)st;
	for (int loss = 134; loss <= 164; loss += 5)
		for (unsigned bits = 88; bits <= 1000; bits += 8) {
			assert_true(phy_uplink_as(CELLULAR_NB_IOT, PHY_FASTEST, loss, bits, &fast));
			assert_true(phy_uplink_as(CELLULAR_NB_IOT, PHY_NARROWEST, loss, bits, &narrow));
			assert_true(narrow.airtime >= fast.airtime);
			assert_true((double)narrow.airtime * narrow.share <= (double)fast.airtime * fast.share + 1);
		}
}

static void signal_to_noise_follows_from_coupling_loss(void **st)
{
	(void)st;
	assert_true(fabs(phy_snr_db(23, 164, 3, 3750) + 5.74) < 0.005);
	assert_true(fabs(phy_snr_db(23, 164, 3, 15e3) + 11.76) < 0.005);
	assert_true(fabs(phy_snr_db(23, 164, 3, 180e3) + 22.55) < 0.005);
}

static void resource_units_and_preambles_last_what_the_standard_says(void **st)
{
	static const int us[] = { 5600, 11200, 22400, 44800, 89600, 179200, 358400, 756800 };

	(void)st;
	assert_int_equal(phy_resource_unit(3750, 1), 32 * SIM_MS);
	assert_int_equal(phy_resource_unit(15000, 1), 8 * SIM_MS);
	assert_int_equal(phy_resource_unit(15000, 3), 4 * SIM_MS);
	assert_int_equal(phy_resource_unit(15000, 6), 2 * SIM_MS);
	assert_int_equal(phy_resource_unit(15000, 12), 1 * SIM_MS);
	assert_int_equal(phy_resource_unit(3750, 12), 0);
	assert_int_equal(phy_resource_unit(15000, 2), 0);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(phy_nprach(1U << i, 0), us[i] * SIM_US);
	assert_int_equal(phy_nprach(1, 1), 6400 * SIM_US);
}

static void transport_blocks_are_those_of_category_nb1(void **st)
{
	(void)st;
	assert_int_equal(phy_tbs_uplink(0, 0), 16);
	assert_int_equal(phy_tbs_uplink(4, 7), 680);
	assert_int_equal(phy_tbs_uplink(5, 7), 872);
	assert_int_equal(phy_tbs_downlink(5, 7), 0);
	assert_int_equal(phy_tbs_uplink(12, 3), 1000);
	assert_int_equal(phy_tbs_downlink(12, 2), 680);
	assert_int_equal(phy_tbs_uplink(12, 4), 0);
	assert_int_equal(phy_tbs_uplink(13, 0), 0);
	/* the tables' largest are what a message is cut by; the same below I_TBS 5 */
	unsigned up = 0, down = 0;
	for (unsigned i = 0; i < 13; i++)
		for (unsigned k = 0; k < 8; k++) {
			up = phy_tbs_uplink(i, k) > up ? phy_tbs_uplink(i, k) : up;
			down = phy_tbs_downlink(i, k) > down ? phy_tbs_downlink(i, k) : down;
			if (phy_tbs_downlink(i, k) > 0)
				assert_true(phy_tbs_downlink(i, k) <= phy_tbs_uplink(i, k));
		}
	assert_int_equal(up, PHY_NB_UPLINK_BLOCK);
	assert_int_equal(down, PHY_NB_DOWNLINK_BLOCK);
}

static void coverage_levels_end_at_144_154_and_164_db(void **st)
{
	(void)st;
	assert_int_equal(phy_coverage(CELLULAR_NB_IOT, 144), 0);
	assert_int_equal(phy_coverage(CELLULAR_NB_IOT, 144.1), 1);
	assert_int_equal(phy_coverage(CELLULAR_NB_IOT, 154.1), 2);
	assert_int_equal(phy_coverage(CELLULAR_NB_IOT, 164.1), -1);
	assert_int_equal(phy_coverage(CELLULAR_LTE_M, 160.7), 2);
	assert_int_equal(phy_coverage(CELLULAR_LTE, 140.7), 0);
	assert_int_equal(phy_coverage(CELLULAR_LTE, 141), -1);
}

static void a_timer_is_the_least_that_can_be_coded(void **st)
{
	simtime_t t;

	(void)st;
	assert_int_equal(phy_t3412(62 * SIM_SECOND), 62 * SIM_SECOND);
	assert_int_equal(phy_t3412(63 * SIM_SECOND), 90 * SIM_SECOND);
	assert_int_equal(phy_t3412(24 * SIM_HOUR), 24 * SIM_HOUR);
	assert_int_equal(phy_t3412(32 * SIM_HOUR), 40 * SIM_HOUR);
	assert_int_equal(phy_t3412(31 * 320 * SIM_HOUR), 31 * 320 * SIM_HOUR);
	assert_int_equal(phy_t3412(31 * 320 * SIM_HOUR + 1), 0);
	assert_true(phy_t3324(0, &t) && t == 0);
	assert_true(phy_t3324(61 * SIM_SECOND, &t) && t == 62 * SIM_SECOND);
	assert_true(phy_t3324(186 * SIM_MINUTE, &t) && t == 186 * SIM_MINUTE);
	assert_false(phy_t3324(187 * SIM_MINUTE, &t));
}

static void cycles_and_windows_are_those_of_the_codes(void **st)
{
	(void)st;
	assert_true(phy_edrx_cycle(CELLULAR_NB_IOT, 81920 * SIM_MS));
	assert_true(phy_edrx_cycle(CELLULAR_NB_IOT, 10485760 * SIM_MS));
	assert_false(phy_edrx_cycle(CELLULAR_NB_IOT, 5120 * SIM_MS));
	assert_false(phy_edrx_cycle(CELLULAR_NB_IOT, 61440 * SIM_MS));
	assert_true(phy_edrx_cycle(CELLULAR_LTE_M, 5120 * SIM_MS));
	assert_true(phy_edrx_cycle(CELLULAR_LTE_M, 2621440 * SIM_MS));
	assert_false(phy_edrx_cycle(CELLULAR_LTE_M, 5242880 * SIM_MS));
	assert_true(phy_edrx_window(CELLULAR_NB_IOT, 20480 * SIM_MS));
	assert_false(phy_edrx_window(CELLULAR_NB_IOT, 0));
	assert_false(phy_edrx_window(CELLULAR_NB_IOT, 43520 * SIM_MS));
	assert_true(phy_edrx_window(CELLULAR_LTE_M, 1280 * SIM_MS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nbiot_uplink_takes_the_times_of_the_link_table),
		cmocka_unit_test(a_long_message_is_cut_into_equal_blocks),
		cmocka_unit_test(time_grows_with_bits_and_loss),
		cmocka_unit_test(the_narrowest_format_holds_less_of_the_carrier),
		cmocka_unit_test(signal_to_noise_follows_from_coupling_loss),
		cmocka_unit_test(resource_units_and_preambles_last_what_the_standard_says),
		cmocka_unit_test(transport_blocks_are_those_of_category_nb1),
		cmocka_unit_test(coverage_levels_end_at_144_154_and_164_db),
		cmocka_unit_test(a_timer_is_the_least_that_can_be_coded),
		cmocka_unit_test(cycles_and_windows_are_those_of_the_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
