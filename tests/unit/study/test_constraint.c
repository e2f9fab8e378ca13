/* Constraints on the points of a design: what holds, what is refused and why. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/study/design.h"

/* A point: gateways=9 of numbers, adr=on of names, period=6h of durations, spare=9, mixed is a number or "all", "net work". */
enum { GATEWAYS, ADR, PERIOD, SPARE, MIXED, BLANK, STEP, N_FACTORS };
static const struct { const char *name, *text; double number; bool numeric; } factors[N_FACTORS] = {
	[GATEWAYS] = { "gateways", "9", 9, true }, [ADR] = { "adr", "on", NAN, false },
	[PERIOD] = { "period", "6h", 21600, true }, [SPARE] = { "spare", "9.0", 9, true },
	[MIXED] = { "mixed", "all", NAN, false }, [BLANK] = { "place", "town hall", NAN, false },
	[STEP] = { "step", "30%", 0.1 + 0.2, true },
};

static size_t factor(void *ctx, const char *name, size_t length)
{
	(void)ctx;
	for (size_t i = 0; i < N_FACTORS; i++)
		if (strlen(factors[i].name) == length && memcmp(factors[i].name, name, length) == 0)
			return i;
	return SIZE_MAX;
}

/* Hours and per cents, each of the factor that has them. */
static bool number(void *ctx, size_t f, const char *text, double *x)
{
	char *end;

	(void)ctx;
	*x = strtod(text, &end);
	if (end == text)
		return false;
	if (f == PERIOD && strcmp(end, "h") == 0) {
		*x *= 3600;
		return true;
	}
	if (f == STEP && strcmp(end, "%") == 0) {
		*x /= 100;
		return true;
	}
	return f != PERIOD && f != ADR && *end == '\0';
}

static bool numeric(void *ctx, size_t f)
{
	(void)ctx;
	return factors[f].numeric;
}

static double number_at(void *ctx, size_t f)
{
	(void)ctx;
	return factors[f].number;
}

static const char *text_at(void *ctx, size_t f)
{
	(void)ctx;
	return factors[f].text;
}

static const struct constraint_names names = { NULL, factor, number, numeric };
static const struct constraint_values point = { NULL, number_at, text_at };

static void a_condition_holds_as_it_reads(void **state)
{
	static const struct {
		const char *text;
		bool holds;
	} cases[] = {
		{ "gateways = 9", true },
		{ "gateways = 8", false },
		{ "gateways != 9", false },
		{ "gateways != 8", true },
		{ "gateways < 9", false },
		{ "gateways < 10", true },
		{ "gateways <= 9", true },
		{ "gateways <= 8", false },
		{ "gateways > 9", false },
		{ "gateways > 8.5", true },
		{ "gateways >= 9", true },
		{ "gateways >= 10", false },
		/* 10 comes before 9 as text. */
		{ "gateways<10", true },
		{ "\t gateways>=\n9 ", true },
		{ "gateways = 9.0", true },
		{ "gateways = 9e0", true },
		{ "gateways \u2265 9", true },
		{ "gateways\u22649", true },
		{ "gateways\u22609", false },
		{ "gateways \u2265 10", false },
		/* on the other side */
		{ "9 = gateways", true },
		{ "8 < gateways", true },
		{ "9 < gateways", false },
		{ "9 <= gateways", true },
		{ "10 > gateways", true },
		{ "9 > gateways", false },
		{ "9 >= gateways", true },
		{ "8 >= gateways", false },
		{ "8 != gateways", true },
		{ "on = adr", true },
		/* names */
		{ "adr = on", true },
		{ "adr = off", false },
		{ "adr != on", false },
		{ "adr != off", true },
		{ "adr = 'on'", true },
		{ "adr = \"on\"", true },
		{ "adr = On", false },
		{ "place = 'town hall'", true },
		{ "place='town  hall'", false },
		{ "place = \"\"", false },
		{ "adr != ''", true },
		/* units, and numbers against names */
		{ "period = 6h", true },
		{ "period = 6.0h", true },
		{ "period < 7h", true },
		{ "period >= 10h", false },
		{ "period = six", false },
		{ "period != six", true },
		{ "gateways = nine", false },
		{ "mixed = all", true },
		{ "mixed = 3", false },
		{ "mixed != 3", true },
		{ "'9' = gateways", true },
		/* one factor and another */
		{ "gateways = spare", true },
		{ "gateways <= spare", true },
		{ "gateways < spare", false },
		{ "gateways < period", true },
		{ "period > gateways", true },
		{ "adr = place", false },
		{ "adr != place", true },
		{ "gateways = adr", false },
		{ "gateways = 'spare'", false },
		{ "adr = adr", true },
		{ "mixed = gateways", false },
		/* steps that miss by a rounding */
		{ "step = 30%", true },
		{ "step <= 30%", true },
		{ "step > 30%", false },
		{ "step >= 30%", true },
		{ "step < 30%", false },
		{ "step = 30.001%", false },
		{ "step < 30.0000000000001%", false },
		{ "step < 30.001%", true },
		/* not before and before or */
		{ "not adr = on", false },
		{ "not adr = off", true },
		{ "not not adr = on", true },
		{ "not (adr = on)", false },
		{ "adr = on and gateways = 9", true },
		{ "adr = on and gateways = 8", false },
		{ "adr = off or gateways = 9", true },
		{ "adr = off or gateways = 8", false },
		{ "adr = on or gateways = 8 and adr = off", true },
		{ "(adr = on or gateways = 8) and adr = off", false },
		{ "gateways = 8 and adr = off or adr = on", true },
		{ "gateways = 8 and (adr = off or adr = on)", false },
		{ "not adr = off and gateways = 8", false },
		{ "not (adr = off and gateways = 8)", true },
		{ "not adr = on or gateways = 9", true },
		{ "adr = off or adr = off or adr = on", true },
		{ "adr = on and adr = on and adr = off", false },
		{ "((((adr = on))))", true },
		{ "(adr=on)and(gateways=9)", true },
		{ "not(adr=on)", false },
		{ "gateways >= 6 and (adr = on or not period = 6h)", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char why[256] = "";
		struct arena *a = arena_new();
		const struct constraint *c = constraint_parse(cases[i].text, &names, a, why, sizeof why);
		if (!c || constraint_holds(c, &point) != cases[i].holds)
			fail_msg("%s: %s", cases[i].text, c ? "holds or not against its sense" : why);
		arena_free(a);
	}
}

static void what_is_not_understood_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "gateways > = 6", "\"gateways > = 6\": a value is missing after \">\" (column 10)" },
		{ "gateways >", "\"gateways >\": a value is missing after \">\" (column 10)" },
		{ "gateways == 6", "\"gateways == 6\": a value is missing after \"=\" (column 10)" },
		{ "gateways = and", "\"gateways = and\": a value is missing after \"=\" (column 10)" },
		{ "gateways \u2265", "\"gateways \u2265\": a value is missing after \"\u2265\" (column 10)" },
		{ "adr \u2260 \u00fc\u00f6 off",
		  "\"adr \u2260 \u00fc\u00f6 off\": \"and\" or \"or\" is missing after \"\u00fc\u00f6\" (column 7)" },
		{ "", "\"\": there is no condition (column 1)" },
		{ "  ", "\"  \": there is no condition (column 3)" },
		{ "gateways", "\"gateways\": a comparison (= != < <= > >=) is missing after \"gateways\" (column 1)" },
		{ "gateways 6", "\"gateways 6\": a comparison (= != < <= > >=) is missing after \"gateways\" (column 1)" },
		{ "'a b'", "\"'a b'\": a comparison (= != < <= > >=) is missing after \"a b\" (column 1)" },
		{ "= 6", "\"= 6\": a comparison is missing before \"=\" (column 1)" },
		{ "and adr = on", "\"and adr = on\": a comparison is missing before \"and\" (column 1)" },
		{ "adr = on and", "\"adr = on and\": a comparison is missing after \"and\" (column 10)" },
		{ "adr = on or or", "\"adr = on or or\": a comparison is missing after \"or\" (column 10)" },
		{ "not", "\"not\": a comparison is missing after \"not\" (column 1)" },
		{ "()", "\"()\": a comparison is missing after \"(\" (column 1)" },
		{ "gatewys >= 6", "\"gatewys >= 6\": gatewys is not a factor (column 1)" },
		{ "'gateways' = 6", "\"'gateways' = 6\": 'gateways' is not a factor (column 1)" },
		{ "adr = on and 5 = 6", "\"adr = on and 5 = 6\": 5 is not a factor (column 14)" },
		{ "(adr = on", "\"(adr = on\": \"(\" is not closed (column 1)" },
		{ "not (adr = on", "\"not (adr = on\": \"(\" is not closed (column 5)" },
		{ "(adr = on adr", "\"(adr = on adr\": \"and\", \"or\" or \")\" is missing after \"on\" (column 8)" },
		{ "adr = on)", "\"adr = on)\": \")\" was not opened (column 9)" },
		{ "adr = on adr = off", "\"adr = on adr = off\": \"and\" or \"or\" is missing after \"on\" (column 7)" },
		{ "adr = 'on' && x", "\"adr = 'on' && x\": \"and\" or \"or\" is missing after \"on\" (column 7)" },
		{ "3 < gateways < 9", "\"3 < gateways < 9\": \"and\" or \"or\" is missing after \"gateways\" (column 5)" },
		{ "adr = 'on", "\"adr = 'on\": the quote is not closed (column 7)" },
		{ "! adr = on", "\"! adr = on\": \"!\" stands only in \"!=\"; \"not\" negates (column 1)" },
		{ "adr = on !", "\"adr = on !\": \"!\" stands only in \"!=\"; \"not\" negates (column 10)" },
		{ "adr < on", "\"adr < on\": adr has names, which have no order (column 5)" },
		{ "5 < adr", "\"5 < adr\": adr has names, which have no order (column 3)" },
		{ "gateways < adr",
		  "\"gateways < adr\": adr is not a number of gateways, and names have no order (column 12)" },
		{ "gateways >= many",
		  "\"gateways >= many\": many is not a number of gateways, and names have no order (column 13)" },
		{ "6 <= period", "\"6 <= period\": 6 is not a number of period, and names have no order (column 1)" },
		{ "gateways >= 6h",
		  "\"gateways >= 6h\": 6h is not a number of gateways, and names have no order (column 13)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char why[256] = "";
		struct arena *a = arena_new();
		assert_null(constraint_parse(cases[i].text, &names, a, why, sizeof why));
		assert_string_equal(why, cases[i].why);
		arena_free(a);
	}
}

/* `before` n times, a condition, `after` n times. */
static char *nested(const char *before, size_t n, const char *after)
{
	char *text = calloc(1, (strlen(before) + strlen(after)) * n + 16);

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		strcat(text, before);
	strcat(text, "adr = on");
	for (size_t i = 0; i < n; i++)
		strcat(text, after);
	return text;
}

static void depth_and_length_have_limits_that_are_told(void **state)
{
	static const struct {
		const char *before;
		size_t n;
		const char *after;
		const char *why;
	} cases[] = {
		{ "(", 63, ")", NULL },
		{ "(", 65, ")", "is nested deeper than 64 (column 65)" },
		{ "not ", 62, "", NULL },
		{ "not ", 64, "", "is nested deeper than 64 (column 257)" },
		{ "not(", 32, ")", "is nested deeper than 64 (column 129)" },
		{ "", 300, " or adr = on", NULL },
		{ "", 200, " or (adr = on)", NULL },
		{ "", 200, " or not adr = on", NULL },
		{ "", 341, " or adr = on", "is longer than 4096 bytes (column 1)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char why[256] = "", *text = nested(cases[i].before, cases[i].n, cases[i].after);
		struct arena *a = arena_new();
		const struct constraint *c = constraint_parse(text, &names, a, why, sizeof why);
		if (cases[i].why) {
			assert_null(c);
			assert_string_equal(strrchr(why, ':') + 2, cases[i].why);
			assert_non_null(strstr(why, "...\": "));
		} else {
			assert_non_null(c);
			assert_true(constraint_holds(c, &point));
		}
		arena_free(a);
		free(text);
	}
}

static void a_reason_is_cut_to_its_room_and_between_characters(void **state)
{
	char why[512], text[400], small[16];
	struct arena *a = arena_new();

	(void)state;
	/* 79 bytes, then characters of two: the 80th byte is the first half of one. */
	memset(text, 'x', 79);
	text[79] = '\0';
	for (int i = 0; i < 100; i++)
		strcat(text, "\u00fc");
	assert_null(constraint_parse(text, &names, a, why, sizeof why));
	assert_int_equal(strlen(why), 1 + 79 + strlen("...\": a comparison (= != < <= > >=) is missing after \"") + 79 +
					      strlen("\" (column 1)"));
	assert_null(strstr(why, "\u00fc"));
	assert_null(constraint_parse("gateways > = 6", &names, a, small, sizeof small));
	assert_string_equal(small, "\"gateways > = 6");
	arena_free(a);
}

/* Random sentences of the language against truth tables: each atom is true or false, and not, and, or are taken literally. */
static bool sentence(unsigned *seed, int depth, char *text)
{
	unsigned choice = depth ? (unsigned)rand_r(seed) % 5 : 0;
	char left[4096] = "", right[4096] = "";

	if (choice < 2) {
		bool yes = rand_r(seed) & 1;
		strcpy(text, yes ? "adr = on" : "gateways < 9");
		return yes;
	}
	bool a = sentence(seed, depth - 1, left), b = choice > 2 && sentence(seed, depth - 1, right);
	if (choice == 2)
		snprintf(text, 4096, "not (%.4000s)", left);
	else
		snprintf(text, 4096, "(%.2000s) %s (%.2000s)", left, choice == 3 ? "and" : "or", right);
	return choice == 2 ? !a : choice == 3 ? a && b : a || b;
}

static void random_sentences_hold_as_their_truth_tables_say(void **state)
{
	unsigned seed = 4;
	size_t trues = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char text[4096], why[256] = "";
		bool want = sentence(&seed, 5, text);
		struct arena *a = arena_new();
		const struct constraint *c = constraint_parse(text, &names, a, why, sizeof why);
		assert_string_equal(why, "");
		assert_int_equal(constraint_holds(c, &point), want);
		trues += want;
		arena_free(a);
	}
	assert_in_range(trues, 1000, 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_holds_as_it_reads),
		cmocka_unit_test(what_is_not_understood_is_said_with_its_place),
		cmocka_unit_test(depth_and_length_have_limits_that_are_told),
		cmocka_unit_test(a_reason_is_cut_to_its_room_and_between_characters),
		cmocka_unit_test(random_sentences_hold_as_their_truth_tables_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
