/* Path loss, LOS probability and wall loss: published vectors, and properties at the edges. */
#include "tests/unit/city/place.h"

#include "models/radio/pathloss.h"

static void log_distance_meets_its_vectors(void **state)
{
	static const struct {
		double loss0, d0, n, d, db;
	} rows[] = {
		{ 7.7, 1, 3.76, 500, 109.181 },        { 7.7, 1, 3.76, 1000, 120.500 },
		{ 127.41, 40, 2.08, 100, 135.687 },    { 127.41, 40, 2.08, 1000, 156.487 },
		{ 128.95, 1000, 2.32, 5000, 145.166 }, { 128.95, 1000, 2.32, 10000, 152.150 },
		{ 120.9, 1000, 3.76, 500, 109.581 },   { 120.9, 1000, 3.76, 2000, 132.219 }, /* TR 45.820, 900 MHz */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_close(log_distance_db(rows[i].d, rows[i].loss0, rows[i].d0, rows[i].n), rows[i].db, 6e-4);
	/* 20 log10(4 pi 868e6 / c) = 31.2182 dB at a metre, and so below it */
	assert_close(free_space_db(1, 868e6), 31.2182, 1e-4);
	assert_close(free_space_db(0, 868e6), 31.2182, 1e-4);
	assert_close(free_space_db(1000, 868e6), 91.2182, 1e-4);
}

static void okumura_hata_meets_its_vectors(void **state)
{
	static const double km[4] = { 1, 2, 5, 10 };
	static const struct {
		enum hata_environment env;
		double mhz, db[4];
	} tables[] = { /* hb 30 m, hm 1.5 m */
		       { HATA_URBAN, 868, { 125.993, 136.597, 150.615, 161.218 } },
		       { HATA_SUBURBAN, 868, { 116.145, 126.749, 140.766, 151.370 } },
		       { HATA_OPEN, 868, { 97.642, 108.245, 122.263, 132.867 } },
		       { HATA_URBAN, 900, { 126.403, 137.007, 151.024, 161.628 } },
		       { HATA_SUBURBAN, 900, { 116.461, 127.064, 141.082, 151.686 } },
		       { HATA_OPEN, 900, { 97.897, 108.501, 122.518, 133.122 } }
	};
	static const struct {
		enum hata_environment env;
		double mhz, db, within;
	} ns3[] = {
		/* 2 km, hb 30 m, hm 1 m; ns-3's tests, which give suburbs and open land the antenna term of large cities */
		{ HATA_URBAN_LARGE, 869, 137.931, 1e-3 }, { HATA_URBAN, 869, 137.877, 1e-3 },
		{ HATA_SUBURBAN, 869, 128.025, 1e-3 },    { HATA_OPEN, 869, 109.520, 1e-3 },
		{ HATA_SUBURBAN, 869, 128.03, 0.1 },      { HATA_OPEN, 869, 109.66, 0.15 },
		{ HATA_URBAN, 2114, 150.641, 1e-3 },      { HATA_URBAN_LARGE, 2114, 153.641, 1e-3 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (size_t k = 0; k < 4; k++)
			assert_close(okumura_hata_db(tables[i].env, km[k] * 1e3, 30, 1.5, tables[i].mhz * 1e6, NULL),
				     tables[i].db[k], 6e-4);
	for (size_t i = 0; i < sizeof ns3 / sizeof ns3[0]; i++)
		assert_close(okumura_hata_db(ns3[i].env, 2000, 30, 1, ns3[i].mhz * 1e6, NULL), ns3[i].db, ns3[i].within);
}

static void the_antenna_term_of_large_cities_is_hatas_to_1500_mhz(void **state)
{
	static const struct {
		double mhz, hm, large_less_small;
	} rows[] = {
		{ 200, 3, 2.7038 - 2.5621 }, /* a of small cities less 8.29 lg^2(1.54 x 3) - 1.1 */
		{ 800, 3, 3.7514 - 2.6898 }, /* and less 3.2 lg^2(11.75 x 3) - 4.97 */
		{ 1600, 3, 3 },              /* COST-231: one a for both, 3 dB in metropolitan centres */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double f = rows[i].mhz * 1e6;
		assert_close(okumura_hata_db(HATA_URBAN_LARGE, 3000, 50, rows[i].hm, f, NULL) -
				     okumura_hata_db(HATA_URBAN, 3000, 50, rows[i].hm, f, NULL),
			     rows[i].large_less_small, 1e-4);
	}
}

static const double h_bs[3] = { 25, 10, 35 };

static void tr_38901_meets_its_vectors(void **state)
{
	static const struct {
		double ghz, d, db[3][2]; /* UMa, UMi, RMa; LOS, NLOS */
	} rows[] = {
		{ 0.7, 100, { { 69.1588, 89.0581 }, { 78.3571, 89.7558 }, { 70.2190, 78.6944 } } },
		{ 0.7, 1000, { { 107.8524, 127.6866 }, { 118.2952, 125.0011 }, { 93.3816, 116.4449 } } },
		{ 0.7, 5000, { { 135.8066, 154.9979 }, { 146.2534, 149.6743 }, { 121.3311, 143.4395 } } },
		{ 0.9, 100, { { 71.3416, 91.2410 }, { 78.5309, 92.0805 }, { 72.4019, 80.8773 } } },
		{ 0.9, 1000, { { 108.1364, 129.8695 }, { 118.4690, 127.3259 }, { 93.7412, 118.6278 } } },
		{ 5.0, 10, { { 72.9380, 82.5131 }, { 69.8591, 76.7563 }, { 77.3784, 77.3784 } } },
		{ 5.0, 100, { { 86.2362, 106.1356 }, { 88.4122, 107.9432 }, { 87.2965, 95.7718 } } },
		{ 5.0, 1000, { { 109.7252, 144.7641 }, { 119.3114, 143.1886 }, { 108.5577, 133.5223 } } },
		{ 5.0, 5000, { { 137.6794, 172.0753 }, { 147.2696, 167.8617 }, { 128.4575, 160.5169 } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int k = 0; k < 3; k++)
			for (int nlos = 0; nlos < 2; nlos++)
				assert_close(tr38901_db((enum tr38901)k, !nlos, rows[i].d, h_bs[k], 1.5, rows[i].ghz * 1e9,
							NULL),
					     rows[i].db[k][nlos], 1e-4);
	assert_close(tr38901_db(TR38901_RMA, true, 10000, 35, 1.5, 5e9, NULL), 140.3896, 1e-4);
}

/* Computed apart from the same table, with the device above the street. */
static void tr_38901_follows_the_height_of_the_device(void **state)
{
	static const struct {
		enum tr38901 scenario;
		double h_ut, mhz, d, los, nlos;
	} rows[] = {
		{ TR38901_UMA, 10, 868, 300, 81.2790, 104.0375 },    { TR38901_UMA, 10, 868, 3000, 104.6929, 143.0965 },
		{ TR38901_UMA, 22.5, 868, 1000, 92.7704, 116.9504 }, { TR38901_UMI, 10, 868, 300, 83.1899, 105.9829 },
		{ TR38901_UMI, 5, 868, 1000, 101.3946, 125.9407 },   { TR38901_UMI, 22.5, 2000, 80, 78.4955, 89.8759 },
		{ TR38901_RMA, 5, 868, 2000, 100.9066, 124.8907 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int nlos = 0; nlos < 2; nlos++)
			assert_close(tr38901_db(rows[i].scenario, !nlos, rows[i].d, h_bs[rows[i].scenario], rows[i].h_ut,
						rows[i].mhz * 1e6, NULL),
				     nlos ? rows[i].nlos : rows[i].los, 1e-4);
	/* C' grows with the height from 13 m to 23 m */
	assert_close(tr38901_los_probability(TR38901_UMA, 300, 18), .177907, 1e-6);
	assert_close(tr38901_los_probability(TR38901_UMA, 100, 23), .570796, 1e-6);
	assert_close(tr38901_los_probability(TR38901_UMA, 100, 40), .570796, 1e-6);
	assert_close(tr38901_los_probability(TR38901_UMA, 100, 13), .34767, 6e-6);
}

static void los_probability_and_walls_meet_their_vectors(void **state)
{
	static const struct {
		double d, p[3];
	} los[] = { { 50, { .64940, .51959, .96079 } },
		    { 100, { .34767, .23098, .91393 } },
		    { 200, { .12805, .09352, .82696 } },
		    { 500, { .03634, .03600, .61263 } },
		    { 1000, { .01800, .01800, .37158 } } };
	static const struct {
		double ghz, low, high;
	} walls[] = {
		{ 0.7, 10.2367, 17.8591 }, { 0.9, 10.5560, 18.6266 }, { 2.0, 11.8253, 22.7071 }, { 3.5, 12.6975, 27.4993 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof los / sizeof los[0]; i++)
		for (int k = 0; k < 3; k++)
			assert_close(tr38901_los_probability((enum tr38901)k, los[i].d, 1.5), los[i].p[k], 6e-6);
	assert_close(tr38901_los_probability(TR38901_UMA, 100, 20), .47835, 6e-6);
	assert_close(tr38901_los_probability(TR38901_UMA, 0, 1.5), 1, 0);
	assert_close(tr38901_los_probability(TR38901_RMA, 10, 1.5), 1, 0);
	for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++) {
		assert_close(tr38901_wall_db(false, walls[i].ghz * 1e9), walls[i].low, 6e-5);
		assert_close(tr38901_wall_db(true, walls[i].ghz * 1e9), walls[i].high, 6e-5);
	}
}

static void losses_rise_with_distance_and_are_finite_everywhere(void **state)
{
	static const double heights[] = { 0, 0.05, 1, 1.5, 5, 22, 100 };
	static const double mhz[] = { 169, 433, 868, 2400 };

	(void)state;
	for (size_t h = 0; h < sizeof heights / sizeof heights[0]; h++)
		for (size_t f = 0; f < sizeof mhz / sizeof mhz[0]; f++)
			for (size_t site = 1; site < 7; site++) {
				struct path_law laws[] = {
					path_free_space(heights[site], heights[h], mhz[f] * 1e6),
					path_log_distance(7.7, 1, 3.76, heights[site], heights[h], mhz[f] * 1e6),
					path_okumura_hata(HATA_URBAN, heights[site], heights[h], mhz[f] * 1e6),
					path_tr38901(TR38901_UMA, heights[site], heights[h], mhz[f] * 1e6),
					path_tr38901(TR38901_UMI, heights[site], heights[h], mhz[f] * 1e6),
					path_tr38901(TR38901_RMA, heights[site], heights[h], mhz[f] * 1e6)
				};
				for (size_t k = 0; k < sizeof laws / sizeof laws[0]; k++)
					for (int los = 0; los < 2; los++) {
						double last = path_law_db(&laws[k], 0, los);
						for (int i = 0; i < 22; i++) {
							double here = path_law_db(&laws[k], pow(1.7, i), los);
							assert_true(isfinite(here));
							assert_true(here >= last - 1e-9);
							last = here;
						}
					}
			}
}

static void two_slopes_meet_at_the_breakpoint(void **state)
{
	(void)state;
	for (int k = 0; k < 3; k++) {
		struct path_law l = path_tr38901((enum tr38901)k, h_bs[k], 1.5, 2e9);
		/* RMa's second slope is drawn through the breakpoint's distance on the ground: 0.1 dB */
		assert_close(path_law_db(&l, l.turn, true), path_law_db(&l, l.turn * (1 + 1e-9), true), 0.1);
	}
}

/* Just inside every bound, then just beyond one of them: distance, site, device, frequency. */
static void validity_ends_where_the_models_say(void **state)
{
	enum { BOUNDS = 8 };
	static const struct {
		int model; /* -1: Okumura-Hata */
		bool los;
		double from, to, hb0, hb1, hm0, hm1, f0, f1; /* hb1 0: no bounds on the site */
	} rows[] = {
		{ -1, true, 1e3, 20e3, 30, 200, 1, 10, 150e6, 2e9 },
		{ TR38901_UMA, true, 10, 5e3, 0, 0, 1.5, 22.5, 0.5e9, 100e9 },
		{ TR38901_UMA, false, 10, 5e3, 0, 0, 1.5, 22.5, 0.5e9, 100e9 },
		{ TR38901_UMI, true, 10, 5e3, 0, 0, 1.5, 22.5, 0.5e9, 100e9 },
		{ TR38901_UMI, false, 10, 5e3, 0, 0, 1.5, 22.5, 0.5e9, 100e9 },
		{ TR38901_RMA, true, 10, 10e3, 10, 150, 1, 10, 0.5e9, 30e9 },
		{ TR38901_RMA, false, 10, 5e3, 10, 150, 1, 10, 0.5e9, 30e9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int beyond = -1; beyond < BOUNDS; beyond++)
			for (int top = 0; top < 2; top++) {
				double d = top ? rows[i].to : rows[i].from, hb = top ? rows[i].hb1 : rows[i].hb0;
				double hm = top ? rows[i].hm1 : rows[i].hm0, f = top ? rows[i].f1 : rows[i].f0;
				bool sited = rows[i].hb1 > 0, out;
				if (!sited)
					hb = 25;
				if (beyond >= 0 && beyond % 2 != top)
					continue;
				double by = beyond < 0 ? 1 : top ? 1.001 : 0.999;
				d *= beyond / 2 == 0 ? by : 1;
				hb *= beyond / 2 == 1 ? by : 1;
				hm *= beyond / 2 == 2 ? by : 1;
				f *= beyond / 2 == 3 ? by : 1;
				if (rows[i].model < 0)
					okumura_hata_db(HATA_URBAN, d, hb, hm, f, &out);
				else
					tr38901_db((enum tr38901)rows[i].model, rows[i].los, d, hb, hm, f, &out);
				assert_int_equal(out, beyond >= 0 && (sited || beyond / 2 != 1));
			}
}

static void shadowing_of_38901_is_as_in_its_tables(void **state)
{
	static const double sigma[3][2] = { { 6, 4 }, { 7.82, 4 }, { 8, 4 } },
			    metres[3][2] = { { 50, 37 }, { 13, 10 }, { 120, 37 } };

	(void)state;
	for (int k = 0; k < 3; k++)
		for (int los = 0; los < 2; los++) {
			assert_close(tr38901_sigma_db((enum tr38901)k, los, false), sigma[k][los], 0);
			assert_close(tr38901_correlation_m((enum tr38901)k, los), metres[k][los], 0);
			if (k != TR38901_RMA ||
			    !los) /* a table of its own beyond the breakpoint has RMa in line of sight alone */
				assert_close(tr38901_sigma_db((enum tr38901)k, los, true), sigma[k][los], 0);
		}
	assert_close(tr38901_sigma_db(TR38901_RMA, true, true), 6, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_distance_meets_its_vectors),
		cmocka_unit_test(okumura_hata_meets_its_vectors),
		cmocka_unit_test(the_antenna_term_of_large_cities_is_hatas_to_1500_mhz),
		cmocka_unit_test(tr_38901_meets_its_vectors),
		cmocka_unit_test(tr_38901_follows_the_height_of_the_device),
		cmocka_unit_test(los_probability_and_walls_meet_their_vectors),
		cmocka_unit_test(losses_rise_with_distance_and_are_finite_everywhere),
		cmocka_unit_test(two_slopes_meet_at_the_breakpoint),
		cmocka_unit_test(validity_ends_where_the_models_say),
		cmocka_unit_test(shadowing_of_38901_is_as_in_its_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
