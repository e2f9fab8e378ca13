/* Links of a scenario: what their losses are made of, how far they reach, how frames fade. */
#include "tests/unit/city/place.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "models/radio/pathloss.h"
#include "models/radio/radio.h"

static const double hz = 868e6;
static const struct radio_site mast = { { 0, 0 }, 30, 0, 77 };

static struct radio_end end_at(double d, uint64_t key)
{
	return (struct radio_end){ { d, 0 }, 1.5, key, false };
}

static void silence_is_okumura_hata_with_shadowing_and_no_fading(void **state)
{
	struct place_world w = place_open("<city radius=\"5km\"/>", 0);
	const struct radio *r = radio_of(w.sim);
	struct radio_end e = end_at(2000, 1);
	double sum = 0, squares = 0, n = 20000;

	(void)state;
	assert_close(radio_path_loss_db(r, 2000, 30, 1.5, hz, false), 136.597, 1e-3);
	assert_false(radio_fades(r));
	assert_close(radio_fading_db(r, 1, 2, 3), 0, 0);
	for (uint64_t i = 0; i < (uint64_t)n; i++) {
		struct radio_site s = mast;
		s.key = rng_mix(i);
		double x = radio_outdoor_loss_db(r, &e, &s, hz) - 136.597;
		sum += x;
		squares += x * x;
	}
	/* over sites the common half stays what it is: the own half varies, 8 dB x sqrt(.5) */
	double mean = sum / n, sd = sqrt(squares / n - mean * mean);
	assert_close(sd, 8 * M_SQRT1_2, 0.2);
	place_finish(&w);
	assert_string_equal(place_fact(&w, "Radio"),
			    "okumura-hata urban, offset 0 dB; shadowing 8 dB over 110 m, 50 % between "
			    "sites; building entry tr-45.820; fading none");
	place_close(&w);
}

static void the_offset_is_added_but_never_below_free_space(void **state)
{
	struct place_world w =
		place_open("<city radius=\"5km\"><propagation offset=\"-12dB\"/><shadowing deviation=\"0dB\"/></city>", 0);
	const struct radio *r = radio_of(w.sim);

	(void)state;
	assert_close(radio_path_loss_db(r, 2000, 30, 1.5, hz, false), 124.597, 1e-3);
	for (int i = 0; i < 143; i++) {
		double d = 0.7 * i;
		struct radio_end e = end_at(d, 1);
		double least = free_space_db(hypot(d, 28.5), hz);
		assert_true(radio_path_loss_db(r, d, 30, 1.5, hz, false) >= least - 1e-9);
		assert_true(radio_link_loss_db(r, &e, &mast, hz) >= least - 1e-9);
	}
	place_close(&w);
}

/* TR 38.901 has UMa in line of sight at 100 m at 69.1588 dB, 0.42 dB under free space: that is no extrapolation. */
static void within_its_validity_a_model_may_say_less_than_free_space(void **state)
{
	static const char uma[] = "<city radius=\"5km\"><propagation model=\"38901-uma\" los=\"always\"%s/>"
				  "<shadowing deviation=\"0dB\"/></city>";
	char city[256];

	(void)state;
	for (int i = 0; i < 2; i++) {
		double least = free_space_db(hypot(100, 23.5), 0.7e9), near = free_space_db(hypot(9, 23.5), 0.7e9);
		struct radio_site s = { { 0, 0 }, 25, 0, 77 };
		uint64_t links, outside;
		snprintf(city, sizeof city, uma, i ? " offset=\"-3dB\"" : "");
		struct place_world w = place_open(city, 0);
		const struct radio *r = radio_of(w.sim);
		const struct radio_profile *p = radio_profile_new(w.sim, r, 25, 1.5, 0.7e9);
		struct radio_end e = end_at(100, 1);
		assert_true(least > 69.1588 + 0.4);
		/* an offset takes nothing off what is below free space already */
		assert_close(radio_path_loss_db(r, 100, 25, 1.5, 0.7e9, true), 69.1588, 1e-4);
		assert_close(radio_profile_loss_db(r, p, &e, &s, 0), 69.1588, 0.01);
		radio_validity(r, &links, &outside);
		assert_int_equal(outside, i);
		assert_close(radio_path_loss_db(r, 9, 25, 1.5, 0.7e9, true), near, 1e-6);
		place_close(&w);
	}
}

static void the_share_of_links_beyond_validity_is_told(void **state)
{
	struct place_world w = place_open("<city radius=\"5km\"/>", 0);
	const struct radio *r = radio_of(w.sim);
	uint64_t links, outside;

	(void)state;
	for (int i = 0; i < 100; i++) { /* Hata begins at 1 km */
		struct radio_end e = end_at(i < 25 ? 500 : 3000, (uint64_t)i);
		radio_link_loss_db(r, &e, &mast, hz);
	}
	radio_validity(r, &links, &outside);
	assert_int_equal(links, 100);
	assert_int_equal(outside, 25);
	place_finish(&w);
	assert_int_equal(w.report->n_warnings, 1);
	assert_non_null(strstr(w.report->warnings[0].value, "25 % of the links"));
	place_close(&w);
	w = place_open("<city radius=\"5km\"/>", 0);
	struct radio_end e = end_at(3000, 1);
	radio_link_loss_db(radio_of(w.sim), &e, &mast, hz);
	place_finish(&w);
	assert_int_equal(w.report->n_warnings, 0);
	place_close(&w);
	w = place_open("<city radius=\"5km\"/>", 0);
	e = end_at(30, 1);
	radio_link_loss_db(radio_of(w.sim), &e, &mast, hz);
	place_finish(&w);
	assert_non_null(strstr(w.report->warnings[0].value, "100 % of the links"));
	place_close(&w);
}

static void the_table_for_many_links_agrees_with_the_law(void **state)
{
	static const char *const models[] = { "okumura-hata", "log-distance", "38901-uma",
					      "38901-umi",    "38901-rma",    "free-space" };
	char city[200];

	(void)state;
	for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
		snprintf(city, sizeof city, "<city radius=\"5km\"><propagation model=\"%s\"/></city>", models[m]);
		struct place_world w = place_open(city, 0);
		const struct radio *r = radio_of(w.sim);
		const struct radio_profile *p = radio_profile_new(w.sim, r, 30, 1.5, hz);
		assert_non_null(p);
		for (uint64_t key = 0; key < 2673; key++) {
			double d = 10 * pow(1.003, (double)key);
			struct radio_end e = end_at(d, key);
			assert_close(radio_profile_loss_db(r, p, &e, &mast, radio_common(r, &e)),
				     radio_outdoor_loss_db(r, &e, &mast, hz), 0.03);
		}
		place_close(&w);
	}
}

static void beyond_the_range_a_thousandth_of_links_is_strong_enough(void **state)
{
	struct place_world w = place_open("<city radius=\"50km\"/>", 0);
	const struct radio *r = radio_of(w.sim);
	const struct radio_profile *p = radio_profile_new(w.sim, r, 30, 1.5, hz);
	double range = radio_profile_range(r, p, 140), n = 100000, stronger = 0;

	(void)state;
	/* where the median exceeds 140 dB by 3.09 x 8 dB */
	assert_close(radio_path_loss_db(r, range, 30, 1.5, hz, false), 140 + 3.09 * 8, 0.25);
	assert_close(radio_profile_range(r, p, 0), 0, 0);
	for (uint64_t i = 0; i < (uint64_t)n; i++) {
		double angle = 2 * M_PI * (double)i / n;
		struct radio_end e = { { range * cos(angle), range * sin(angle) }, 1.5, i, false };
		struct radio_site s = mast;
		s.key = rng_mix(i);
		stronger += radio_profile_loss_db(r, p, &e, &s, radio_common(r, &e)) < 140;
	}
	assert_true(stronger / n < 3e-3); /* neighbours share obstacles: a few thousand independent ones around */
	place_close(&w);
	/* the larger of both deviations counts */
	w = place_open("<city radius=\"50km\"><propagation model=\"38901-uma\"/>"
		       "<shadowing deviation=\"4dB\" los-deviation=\"9dB\"/></city>",
		       0);
	r = radio_of(w.sim);
	range = radio_profile_range(r, radio_profile_new(w.sim, r, 30, 1.5, hz), 120);
	assert_close(radio_path_loss_db(r, range, 30, 1.5, hz, true), 120 + 3.09 * 9, 0.3);
	place_close(&w);
}

static void a_link_is_its_own_and_does_not_change_when_others_come(void **state)
{
	static const char city[] =
		"<city radius=\"5km\"><propagation model=\"38901-uma\"/><fading model=\"rician\"/></city>";
	struct place_world w = place_open(city, 5), v = place_open(city, 5), u = place_open(city, 6);
	struct radio_end e = end_at(321, 12), f = end_at(500, 13);
	double loss = radio_link_loss_db(radio_of(w.sim), &e, &mast, hz);

	(void)state;
	for (uint64_t i = 0; i < 50; i++) {
		struct radio_site s = mast;
		s.key = i;
		s.height = 20 + (double)i;
		radio_link_loss_db(radio_of(v.sim), &f, &s, hz);
	}
	assert_true(radio_link_loss_db(radio_of(v.sim), &e, &mast, hz) == loss);
	assert_true(radio_link_loss_db(radio_of(u.sim), &e, &mast, hz) != loss);
	assert_true(radio_fading_db(radio_of(w.sim), 1, 2, 3) == radio_fading_db(radio_of(v.sim), 1, 2, 3));
	assert_true(radio_fading_db(radio_of(w.sim), 1, 2, 3) != radio_fading_db(radio_of(w.sim), 1, 2, 4));
	assert_true(radio_fading_db(radio_of(w.sim), 1, 2, 3) != radio_fading_db(radio_of(w.sim), 1, 3, 3));
	place_close(&w);
	place_close(&v);
	place_close(&u);
}

/* Spread of links of a 38.901 model, each over a site of its own: those in line of sight and the others, told apart by the
 * fixed rule. */
static double spread_of(const char *city, double d)
{
	struct place_world w = place_open(city, 0);
	const struct radio *r = radio_of(w.sim);
	double squares = 0, n = 20000;
	struct radio_site s = mast;

	s.height = 25;
	for (uint64_t i = 0; i < (uint64_t)n; i++) {
		struct radio_end e = end_at(d, i);
		s.key = rng_mix(i);
		double x = radio_outdoor_loss_db(r, &e, &s, hz) -
			   radio_path_loss_db(r, d, 25, 1.5, hz, strstr(city, "always"));
		squares += x * x;
	}
	place_close(&w);
	return sqrt(squares / n);
}

static void deviation_follows_the_line_of_sight(void **state)
{
#define UMA(los, shadowing)                                                                                                \
	"<city radius=\"5km\"><propagation model=\"38901-uma\" los=\"" los "\"/><shadowing " shadowing                     \
	" inter-site-correlation=\"0%\"/></city>"
	(void)state;
	assert_close(spread_of(UMA("always", ""), 200), 4, 0.1);
	assert_close(spread_of(UMA("never", ""), 200), 6, 0.15);
	assert_close(spread_of(UMA("always", "deviation=\"9dB\" los-deviation=\"3dB\""), 200), 3, 0.1);
	assert_close(spread_of(UMA("never", "deviation=\"9dB\" los-deviation=\"3dB\""), 200), 9, 0.25);
	assert_close(spread_of(UMA("always", "deviation=\"9dB\""), 200), 9, 0.25);
	assert_close(spread_of(UMA("never", "deviation=\"0dB\" los-deviation=\"0dB\""), 200), 0, 0);
#undef UMA
	/* RMa in line of sight: 4 dB to the breakpoint, 681 m at 868 MHz, 6 dB beyond */
#define RMA                                                                                                                \
	"<city radius=\"5km\"><propagation model=\"38901-rma\" los=\"always\"/><shadowing inter-site-correlation=\"0%\"/></city>"
	assert_close(spread_of(RMA, 670), 4, 0.1);
	assert_close(spread_of(RMA, 690), 6, 0.15);
#undef RMA
}

static void correlation_distance_follows_the_model_and_a_fixed_line_of_sight(void **state)
{
	static const struct {
		const char *propagation, *says;
	} rows[] = { { "", "8 dB over 110 m" },
		     { "model=\"38901-uma\"", "as 38901-uma has it over 50 m" },
		     { "model=\"38901-uma\" los=\"always\"", "over 37 m" },
		     { "model=\"38901-umi\" los=\"never\"", "over 13 m" },
		     { "model=\"38901-rma\"", "over 120 m" } };
	char city[200];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct radio_end e = end_at(100, 1);
		snprintf(city, sizeof city, "<city radius=\"5km\"><propagation %s/></city>", rows[i].propagation);
		struct place_world w = place_open(city, 0);
		radio_link_loss_db(radio_of(w.sim), &e, &mast, hz);
		place_finish(&w);
		assert_non_null(strstr(place_fact(&w, "Radio"), rows[i].says));
		place_close(&w);
	}
}

/* Walls of 38901 at 868 MHz: 10.5070 dB and 18.5042 dB.  Half the depth, the smaller of two draws to 25 m, is 25/6 dB with a
 * variance of 25^2/72; to 10 m in the country. */
static void only_indoor_devices_pay_for_walls_and_the_same_to_all_sites(void **state)
{
#define MIXED        "<building-entry model=\"38901-mixed\" high-loss-share=\"25%\"/>"
#define ENTRY(model) "<building-entry model=\"" model "\"/>"
#define RURAL        "<propagation model=\"38901-rma\"/>"
	static const struct {
		const char *content;
		double mean, sd;
	} rows[] = { /* 12.5 dB / sqrt(12) = 3.6084 */
		     { ENTRY("none"), 0, 0 },
		     { ENTRY("tr-45.820"), 24.21, 7.98 },
		     { ENTRY("38901-legacy"), 26.25, 3.6084 },
		     { ENTRY("38901-low"), 10.5070 + 25 / 6.0, 5.295 },
		     { ENTRY("38901-high"), 18.5042 + 25 / 6.0, 7.137 },
		     /* sd: .75 4.4^2 + .25 6.5^2 + .1875 x 7.9972^2 + 25^2/72 */
		     { MIXED, 10.5070 + 0.25 * 7.9972 + 25 / 6.0, 6.764 },
		     { RURAL ENTRY("38901-high"), 18.5042 + 10 / 6.0, 6.606 }
	};
	char city[200];

	(void)state;
	for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
		snprintf(city, sizeof city, "<city radius=\"5km\">%s</city>", rows[k].content);
		struct place_world w = place_open(city, 0);
		const struct radio *r = radio_of(w.sim);
		double sum = 0, squares = 0, n = 100000;
		for (uint64_t i = 0; i < (uint64_t)n; i++) {
			struct radio_end e = end_at(2000, i);
			assert_close(radio_entry_loss_db(r, &e, hz), 0, 0);
			double open = radio_link_loss_db(r, &e, &mast, hz);
			e.indoor = true;
			double x = radio_entry_loss_db(r, &e, hz);
			assert_true(x >= 0);
			assert_close(radio_link_loss_db(r, &e, &mast, hz), open + x, 1e-9);
			sum += x;
			squares += x * x;
		}
		double mean = sum / n, sd = sqrt(fmax(0, squares / n - mean * mean));
		assert_close(mean, rows[k].mean, 2.58 * rows[k].sd / sqrt(n) + 0.01);
		assert_close(sd, rows[k].sd, 2.58 * rows[k].sd / sqrt(2 * n) + 0.01);
		place_close(&w);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double exponential(double db)
{
	return 1 - exp(-pow(10, 0.1 * db));
}

/* Rice: the power over scatter^2 is non-central chi-square of two degrees; its distribution as a Poisson mixture. */
static double rice(double db)
{
	double k = pow(10, 0.6), x = pow(10, 0.1 * db) * (k + 1), sum = 0;

	for (unsigned i = 0; i < 80; i++)
		sum += gsl_ran_poisson_pdf(i, k) * gsl_cdf_gamma_P(x, i + 1.0, 1);
	return sum;
}

static double normal(double db)
{
	return gsl_cdf_gaussian_P(db, 3);
}

static void frames_fade_by_the_law_of_their_model(void **state)
{
	static const struct {
		const char *model;
		double (*law)(double db);
	} rows[] = { { "rayleigh", exponential }, { "rician", rice }, { "log-normal", normal } };
	enum { N = 20000 };
	double *x = malloc(N * sizeof *x);
	char city[200];

	(void)state;
	assert_non_null(x);
	for (size_t k = 0; k < 3; k++) {
		snprintf(city, sizeof city, "<city radius=\"5km\"><fading model=\"%s\"/></city>", rows[k].model);
		struct place_world w = place_open(city, 0);
		double far = 0;
		assert_true(radio_fades(radio_of(w.sim)));
		for (uint32_t i = 0; i < N; i++)
			x[i] = radio_fading_db(radio_of(w.sim), i / 100, 7, i % 100);
		qsort(x, N, sizeof *x, ascending);
		for (uint32_t i = 0; i < N; i++) {
			double p = rows[k].law(x[i]);
			far = fmax(far, fmax(fabs(p - (double)i / N), fabs(p - (i + 1.0) / N)));
		}
		assert_true(far < 1.63 / sqrt(N)); /* Kolmogorov-Smirnov, 99 % */
		place_close(&w);
	}
	free(x);
}

static void attributes_of_another_model_are_warned_of(void **state)
{
	static const struct {
		const char *city, *says;
	} rows[] = {
		{ "<propagation model=\"log-distance\" environment=\"open\"/>", "<propagation environment>" },
		{ "<propagation exponent=\"3\"/>", "<propagation exponent>" },
		{ "<propagation los=\"never\"/>", "<propagation los>" },
		{ "<shadowing los-deviation=\"3dB\"/>", "<shadowing los-deviation>" },
		{ "<building-entry high-loss-share=\"10%\"/>", "<building-entry high-loss-share>" },
		{ "<fading model=\"rayleigh\" k-factor=\"3dB\"/>", "<fading k-factor>" },
		{ "<fading deviation=\"3dB\"/>", "<fading deviation>" },
	};
	char city[300];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(city, sizeof city, "<city radius=\"5km\">%s</city>", rows[i].city);
		struct place_world w = place_load(city);
		assert_non_null(w.sc);
		assert_int_equal(diag_warnings(w.diag), 1);
		assert_true(place_says(&w, rows[i].says));
		place_close(&w);
	}
	place_refuses("<city radius=\"1km\"><propagation model=\"hata\"/></city>", "model");
	place_refuses("<city radius=\"1km\"><shadowing deviation=\"-1dB\"/></city>", "deviation");
	place_refuses("<city radius=\"1km\"><shadowing deviation=\"8\"/></city>", "deviation");
	place_refuses("<city radius=\"1km\"><fading/><fading/></city>", "fading");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_is_okumura_hata_with_shadowing_and_no_fading),
		cmocka_unit_test(the_offset_is_added_but_never_below_free_space),
		cmocka_unit_test(within_its_validity_a_model_may_say_less_than_free_space),
		cmocka_unit_test(the_share_of_links_beyond_validity_is_told),
		cmocka_unit_test(the_table_for_many_links_agrees_with_the_law),
		cmocka_unit_test(beyond_the_range_a_thousandth_of_links_is_strong_enough),
		cmocka_unit_test(a_link_is_its_own_and_does_not_change_when_others_come),
		cmocka_unit_test(deviation_follows_the_line_of_sight),
		cmocka_unit_test(correlation_distance_follows_the_model_and_a_fixed_line_of_sight),
		cmocka_unit_test(only_indoor_devices_pay_for_walls_and_the_same_to_all_sites),
		cmocka_unit_test(frames_fade_by_the_law_of_their_model),
		cmocka_unit_test(attributes_of_another_model_are_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
