/* Compute profiles: what the shipped ones cost, and what a scenario may say of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "models/bootstrap/compute.h"
#include "models/models.h"
#include "sim/scenario/scenario.h"

#define NS "<scenario xmlns='urn:sccsim:scenario:1'><run duration='1h'/><city radius='1km'/>"
#define END                                                                                                                \
	"<local-link id='l'/><platform id='p'/><device-class id='c' platform='p'><uses network='l'/></device-class>"           \
	"<deploy class='c' count='1'/></scenario>"

/* A mutual ECDHE-ECDSA handshake with raw public keys: one of each. */
static const uint16_t mutual[CRYPTO_OPS] = {
	[CRYPTO_KEYGEN] = 1, [CRYPTO_ECDH] = 1, [CRYPTO_SIGN] = 1, [CRYPTO_VERIFY] = 1
};

static void a_mutual_handshake_costs_what_the_libraries_measured(void **state)
{
	(void)state;
	/* 921 + 922 + 990 + 1976; 145 + 144 + 155 + 309; 5.1 + 14.2 + 5.9 + 15.3; 11 + 11 + 12 + 24 + (the table's sum is
	 * of its unrounded figures: 59) */
	assert_int_equal(compute_time(compute_named(NULL, "m0-48mhz"), mutual), 4809 * SIM_MS);
	assert_int_equal(compute_time(compute_named(NULL, "m4-100mhz"), mutual), 753 * SIM_MS);
	assert_int_equal(compute_time(compute_named(NULL, "m4-64mhz-asm"), mutual), 40500 * SIM_US);
	assert_in_range(compute_time(compute_named(NULL, "a7-900mhz"), mutual), 58 * SIM_MS, 59 * SIM_MS);
}

static void cycles_divided_by_the_clock_give_the_times(void **state)
{
	static const struct {
		const char *profile;
		enum crypto_op op;
		double cycles, hertz;
	} rows[] = {
		{ "m4-64mhz-asm", CRYPTO_AES_BLOCK, 634.7, 64e6 },    { "m4-100mhz", CRYPTO_AES_BLOCK, 634.7, 100e6 },
		{ "m4-64mhz-asm", CRYPTO_KEM_KEYGEN, 642096, 64e6 },  { "m4-64mhz-asm", CRYPTO_KEM_ENCAPS, 658754, 64e6 },
		{ "m4-64mhz-asm", CRYPTO_KEM_DECAPS, 707827, 64e6 },  { "m4-64mhz-asm", CRYPTO_PQ_SIGN, 6193171, 64e6 },
		{ "m4-64mhz-asm", CRYPTO_PQ_VERIFY, 2415944, 64e6 },  { "m4-100mhz", CRYPTO_KEM_KEYGEN, 988722, 100e6 },
		{ "m4-100mhz", CRYPTO_KEM_ENCAPS, 1138225, 100e6 },   { "m4-100mhz", CRYPTO_KEM_DECAPS, 1387984, 100e6 },
		{ "m4-100mhz", CRYPTO_PQ_SIGN, 12359056, 100e6 },     { "m4-100mhz", CRYPTO_PQ_VERIFY, 3377305, 100e6 },
		{ "m0-48mhz", CRYPTO_PQ_SIGN, 3.0 * 12359056, 48e6 }, { "a7-900mhz", CRYPTO_KEM_DECAPS, 1387984, 900e6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double ns = (double)compute_named(NULL, rows[i].profile)->time[rows[i].op];
		double expected = rows[i].cycles / rows[i].hertz * 1e9;
		if (!(ns >= expected - 0.51 && ns <= expected + 0.51))
			fail_msg("%s %s: %.0f ns, not %.1f", rows[i].profile, crypto_op_names[rows[i].op], ns, expected);
	}
}

static void every_shipped_profile_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; compute_shipped(i); i++) {
		const struct compute_profile *p = compute_shipped(i);
		assert_true(p->id[0] && p->title[0] && p->source[0] && p->power > 0);
		assert_ptr_equal(compute_named(NULL, p->id), p);
		for (int k = 0; k < CRYPTO_OPS; k++)
			if (p->time[k] <= 0)
				fail_msg("%s: %s takes no time", p->id, crypto_op_names[k]);
	}
	assert_null(compute_named(NULL, "abacus"));
}

static void a_profile_of_the_scenario_takes_from_its_base_what_it_does_not_say(void **state)
{
	static const char text[] = NS "<compute-profile id='mine' base='m0-48mhz' sign='3ms' power='7mW'/>" END;
	struct diag *d = diag_new();
	struct scenario *sc = scenario_parse(text, sizeof text - 1, "t.xml", &sccsim_models, NULL, NULL, 0, d);
	const struct compute_profile *p;

	(void)state;
	assert_non_null(sc);
	p = compute_named(sc, "mine");
	assert_non_null(p);
	assert_int_equal(p->time[CRYPTO_SIGN], 3 * SIM_MS);
	assert_int_equal(p->time[CRYPTO_VERIFY], 1976 * SIM_MS);
	assert_true(p->power > 6.9e-3 && p->power < 7.1e-3);
	assert_null(compute_named(sc, "yours"));
	scenario_free(sc);
	diag_free(d);
}

static void refused(const char *element, const char *message)
{
	char text[2048];
	struct diag *d = diag_new();

	snprintf(text, sizeof text, NS "%s" END, element);
	assert_null(scenario_parse(text, strlen(text), "t.xml", &sccsim_models, NULL, NULL, 0, d));
	assert_int_equal(diag_count(d), 1);
	assert_string_equal(diag_text(d, 0), message);
	diag_free(d);
}

static void a_profile_that_cannot_be_is_told_in_words(void **state)
{
	(void)state;
	refused("<compute-profile id='m0-48mhz'/>",
		"t.xml:1: <compute-profile id>: \"m0-48mhz\" is shipped already: give it another name, and base=\"m0-48mhz\"");
	refused("<compute-profile id='x' base='m7'/>",
		"t.xml:1: <compute-profile base>: \"m7\" is no shipped profile (there are m0-48mhz, m4-100mhz, m4-64mhz-asm, a7-900mhz)");
	refused("<compute-profile id='x' sign='3'/>",
		"t.xml:1: <compute-profile sign>: \"3\" is not a duration (try 6h, 90min, PT6H)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mutual_handshake_costs_what_the_libraries_measured),
		cmocka_unit_test(cycles_divided_by_the_clock_give_the_times),
		cmocka_unit_test(every_shipped_profile_is_whole),
		cmocka_unit_test(a_profile_of_the_scenario_takes_from_its_base_what_it_does_not_say),
		cmocka_unit_test(a_profile_that_cannot_be_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
