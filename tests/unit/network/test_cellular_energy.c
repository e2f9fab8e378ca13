/* The energy of a report, worked out by hand, and the battery life that follows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "models/network/cellular/phy_energy.h"

/* NB-IoT at 144 dB, 208 - 144 = 64 bit of data beside msg5: every time stands in the link tables. */
static void a_report_is_the_sum_of_its_steps(void **st)
{
	struct phy_report r = { .up_bits = 64,
				.synchronisation = 250 * SIM_MS,
				.response_window = 80 * SIM_MS,
				.active = 20 * SIM_SECOND,
				.preambles = 1 };
	struct phy_spent s;

	(void)st;
	assert_true(phy_report(CELLULAR_NB_IOT, 144, &r, &s));
	/* preamble 5.6, msg3 6, msg5 8 */
	assert_int_equal(s.in[ENERGY_TX], 19600 * SIM_US);
	/* synchronisation, window; control 1 three times; msg4 3, release 2 */
	assert_int_equal(s.in[ENERGY_RX], (250 + 80 + 3 + 3 + 2) * SIM_MS);
	assert_int_equal(s.in[ENERGY_IDLE], (8 + 20000) * SIM_MS);
	assert_int_equal(s.in[ENERGY_SLEEP] + s.in[ENERGY_CPU], 0);
	assert_int_equal(phy_spent_duration(&s), s.in[ENERGY_TX] + s.in[ENERGY_RX] + s.in[ENERGY_IDLE]);
	assert_true(fabs(phy_spent_j(&s, phy_tr45820_w) - (0.0196 * 0.545 + 0.338 * 0.09 + 20.008 * 0.003)) < 1e-12);
	/* a second preamble and its window, msg3 and msg4 sent twice, 56 bit of answer: control 1, answer 2,
	 * acknowledgement 2 */
	r.preambles = 2;
	r.harq_error = 0.5;
	r.down_bits = 56;
	assert_true(phy_report(CELLULAR_NB_IOT, 144, &r, &s));
	assert_int_equal(s.in[ENERGY_TX], (19600 + 5600 + 6000 + 2000) * SIM_US);
	assert_int_equal(s.in[ENERGY_RX], (338 + 80 + 4 + 3) * SIM_MS);
	assert_int_equal(s.in[ENERGY_IDLE], (20008 + 4 + 5 + 13) * SIM_MS);
}

static void a_report_costs_more_when_more_is_sent_or_lost(void **st)
{
	(void)st;
	for (int k = 0; k < CELLULAR_TECHNOLOGIES; k++) {
		const enum cellular_technology t = (enum cellular_technology)k;
		struct phy_report r = { .up_bits = 400, .down_bits = 232, .active = 20 * SIM_SECOND, .preambles = 1 };
		struct phy_spent s;
		double last = 0;
		for (int half = 220; half <= 2 * phy_max_coupling_loss_db(t); half++) {
			const double loss = half / 2.0;
			assert_true(phy_report(t, loss, &r, &s));
			const double j = phy_spent_j(&s, phy_tr45820_w);
			assert_true(j >= last);
			last = j;
			r.up_bits = 800;
			assert_true(phy_report(t, loss, &r, &s));
			assert_true(phy_spent_j(&s, phy_tr45820_w) >= j);
			r.up_bits = 400;
		}
		assert_false(phy_report(t, phy_max_coupling_loss_db(t) + 1, &r, &s));
	}
}

static void battery_life_follows_the_formula(void **st)
{
	(void)st;
	/* power saving alone: 38.0 years of 5 Wh */
	assert_true(fabs(phy_battery_years(18000, 0, 0, 15e-6) - 38.03) < 0.01);
	/* 50 B every 2 h at 144 dB: 0.0753 J give 22.4 years */
	assert_true(fabs(phy_battery_years(18000, 0.0753, 12, 15e-6) - 22.4) < 0.05);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_is_the_sum_of_its_steps),
		cmocka_unit_test(a_report_costs_more_when_more_is_sent_or_lost),
		cmocka_unit_test(battery_life_follows_the_formula),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
