/* Numbers as people read them: no more digits than they bear, no share where there is a count, no interval beyond what can be. */
#include "tests/unit/output/made.h"

#include "sim/output/text.h"

static const struct kpi_def share = { "x.ratio", "1", "delivered \xc3\xb7 generated", NULL, KPI_HIGHER, false };
static const struct kpi_def count = { "messages.in-flight", "1", "messages on their way at the end", NULL, KPI_NEITHER, true };
static const struct kpi_def life = { "x.life", "yr", "capacity \xc3\xb7 draw", NULL, KPI_HIGHER, false };
static const struct kpi_def wait = { "x.wait", "s", "begin to end", NULL, KPI_LOWER, false };
static const struct kpi_def rate = { "x.rate", "1/h", "messages an hour", NULL, KPI_NEITHER, false };

static void a_result_is_shown_like_this(void **state)
{
	(void)state;
	const struct {
		const struct kpi_def *def;
		double mean, half;
		const char *shown, *interval, *beside;
	} cases[] = {
		{ &share, 0.9912, 0.0011, "99.12 %", "99.01 to 99.23", "0.11" },
		{ &share, 0.999958, 0.000026, "99.9958 %", "99.9932 to 99.9984", "0.0026" },
		{ &share, 0.93, 0.1, "93 %", "83 to 100", "10" },
		{ &share, 0.01, 0.02, "1.0 %", "0.0 to 3.0", "2.0" },
		{ &share, 1, 0, "100 %", "100 to 100", "0" },
		{ &share, 0.999, NAN, "99.90 %", "", "" },
		{ &count, 2.0 / 3, 1.4, "0.7", "0.0 to 2.1", "1.4" },
		{ &count, 0, 0, "0", "0 to 0", "0" },
		{ &life, 37.1014612, 0.0043, "37.10 yr", "37.10 to 37.11", "< 0.01" },
		{ &life, 49.7, 0.68, "49.7 yr", "49.0 to 50.4", "0.7" },
		{ &wait, 1.9906, 0.0012, "1.991 s", "1.989 to 1.992", "0.001" },
		{ &wait, 0.935, 1.282, "935 ms", "0 to 2217", "1282" },
		{ &rate, 4426.6, 60, "4427 /h", "4367 to 4487", "60" },
		{ &wait, NAN, NAN, "nothing to count", "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		double mean = cases[i].mean, half = cases[i].half;
		struct kpi_result k = { cases[i].def, "all", 3, mean, mean - half, mean + half, NULL, VERDICT_NONE };
		struct outcome o = { .kpis = &k, .n_kpis = 1, .confidence = 0.95 };
		char mean_text[SHOWN], interval[SHOWN], beside[SHOWN];
		show_mean(mean_text, &o, &k, &plain_style);
		show_interval(interval, &o, &k, &plain_style);
		show_half(beside, &o, &k, &plain_style);
		assert_string_equal(mean_text, cases[i].shown);
		assert_string_equal(interval, cases[i].interval);
		assert_string_equal(beside, cases[i].beside);
	}
}

static void a_ratio_above_one_somewhere_is_no_share_anywhere(void **state)
{
	(void)state;
	struct kpi_result k[] = {
		{ &share, "all", 1, 0.5, NAN, NAN, NULL, VERDICT_NONE },
		{ &share, "class=a", 1, 1.5, NAN, NAN, NULL, VERDICT_NONE },
	};
	struct outcome o = { .kpis = k, .n_kpis = 1 };

	assert_true(kpi_is_share(&o, &share));
	o.n_kpis = 2;
	assert_false(kpi_is_share(&o, &share));
}

/* A difference may be negative, is not cut at what its unit can be, and says points where its terms are percentages. */
static void an_estimate_needs_no_kpi(void **state)
{
	(void)state;
	const struct {
		struct estimate e;
		const char *shown, *bounds, *margin;
	} cases[] = {
		{ { "1", true, false, 0.93, 0.83, 1.03 }, "93 %", "83 to 100", "10" },
		{ { "1", false, false, 0.93, 0.83, 1.03 }, "0.93", "0.83 to 1.03", "0.10" },
		{ { "1", true, true, 0.012, -0.004, 0.028 }, "1.2 pp", "-0.4 to 2.8", "1.6" },
		{ { "1", true, true, -0.6, -0.7, -0.5 }, "-60 pp", "-70 to -50", "10" },
		{ { "1", true, true, 0.97, 0.90, 1.04 }, "97 pp", "90 to 104", "7" },
		{ { "1", true, true, 0.05, NAN, NAN }, "5 pp", "", "" },
		{ { "s", false, false, 0.002, -0.1, 0.104 }, "2 ms", "0 to 104", "102" },
		{ { "s", false, true, -0.0002, -30, 29.9996 }, "0 s", "-30 to 30", "30" },
		{ { "s", false, true, -90, -95, -85 }, "-90 s", "-95 to -85", "5" },
		{ { "score", false, false, 3, NAN, NAN }, "3 score", "", "" },
		{ { "s", false, true, NAN, NAN, NAN }, "nothing to count", "", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char shown[SHOWN], bounds[SHOWN], margin[SHOWN];
		assert_string_equal(show_estimate(shown, &cases[i].e, &plain_style), cases[i].shown);
		assert_string_equal(show_bounds(bounds, &cases[i].e, &plain_style), cases[i].bounds);
		assert_string_equal(show_margin(margin, &cases[i].e, &plain_style), cases[i].margin);
	}
}

static void a_share_is_declared_as_one_and_lies_between_nothing_and_all(void **state)
{
	(void)state;
	assert_true(is_share(&share, 0, 1));
	assert_true(is_share(&share, NAN, NAN));
	assert_false(is_share(&share, 0.5, 1.01));
	assert_false(is_share(&share, -0.01, 0.5));
	assert_false(is_share(&count, 0, 1));
	assert_false(is_share(&wait, 0, 1));
}

static void a_text_is_shortened_by_letters_not_by_bytes(void **state)
{
	(void)state;
	const struct {
		const char *text;
		size_t size, columns;
		const char *expected;
	} cases[] = {
		{ "meter", 96, 20, "meter" },
		{ "meter", 96, 5, "meter" },
		{ "meters", 96, 5, "mete\xe2\x80\xa6" },
		{ "\xc3\xa4\xc3\xb6\xc3\xbc", 96, 3, "\xc3\xa4\xc3\xb6\xc3\xbc" },
		{ "\xc3\xa4\xc3\xb6\xc3\xbcx", 96, 3, "\xc3\xa4\xc3\xb6\xe2\x80\xa6" },
		{ "\xc3\xa4\xc3\xb6\xc3\xbcx", 7, 20, "\xc3\xa4\xe2\x80\xa6" },
		{ "", 96, 3, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char buf[SHOWN];
		assert_string_equal(shorten(buf, cases[i].size, cases[i].text, cases[i].columns), cases[i].expected);
	}
}

static void targets_and_groups_are_in_words(void **state)
{
	(void)state;
	char buf[64];

	assert_string_equal(show_target(buf, sizeof buf, ">= 95%"), "\xe2\x89\xa5\xe2\x80\xaf"
								    "95\xe2\x80\xaf%");
	assert_string_equal(show_target(buf, sizeof buf, "<= 1.5 s"), "\xe2\x89\xa4\xe2\x80\xaf"
								      "1.5 s");
	assert_string_equal(show_target(buf, sizeof buf, "< 10yr"), "<\xe2\x80\xaf"
								    "10\xe2\x80\xafyr");
	assert_string_equal(show_target(buf, sizeof buf, "95"), "95");
	assert_string_equal(show_group(buf, sizeof buf, "all"), "all devices");
	assert_string_equal(show_group(buf, sizeof buf, "class=meter;phase=during"), "class meter,phase during");
}

static void who_does_not_speak_is_named(void **state)
{
	(void)state;
	const struct kpi_def connected = {
		"connectivity.connected-ratio", "1", "operational \xc3\xb7 deployed", NULL, KPI_HIGHER, false
	};
	struct kpi_result k = { &connected, "all", 2, 0.593, 0.577, 0.609, NULL, VERDICT_NONE };
	struct outcome o = { .kpis = &k, .n_kpis = 1 };
	char buf[SHOWN];

	assert_true(show_silent(buf, &o, &plain_style));
	assert_string_equal(buf, "40.7 %");
	k.mean = 1;
	assert_false(show_silent(buf, &o, &plain_style));
	k.mean = NAN;
	assert_false(show_silent(buf, &o, &plain_style));
	o.n_kpis = 0;
	assert_false(show_silent(buf, &o, &plain_style));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_is_shown_like_this),
		cmocka_unit_test(a_ratio_above_one_somewhere_is_no_share_anywhere),
		cmocka_unit_test(an_estimate_needs_no_kpi),
		cmocka_unit_test(a_share_is_declared_as_one_and_lies_between_nothing_and_all),
		cmocka_unit_test(a_text_is_shortened_by_letters_not_by_bytes),
		cmocka_unit_test(targets_and_groups_are_in_words),
		cmocka_unit_test(who_does_not_speak_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
