/* Diagnostics: their form, order, and that neither repetition nor number overwhelms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/scenario/diag.h"

static void a_message_begins_with_its_place_as_far_as_there_is_one(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	diag_error(d, "a.xml", 41, "<%s>: \"%s\" is wrong", "traffic", "6 hurs");
	diag_error(d, "b.csv", 0, "cannot be opened");
	diag_error(d, NULL, 0, "--set: no");
	diag_warning(d, "c.xml", 2, "far");
	assert_string_equal(diag_text(d, 0), "a.xml:41: <traffic>: \"6 hurs\" is wrong");
	assert_string_equal(diag_text(d, 1), "b.csv: cannot be opened");
	assert_string_equal(diag_text(d, 2), "--set: no");
	assert_string_equal(diag_text(d, 3), "c.xml:2: warning: far");
	assert_int_equal(diag_errors(d), 3);
	assert_int_equal(diag_warnings(d), 1);
	assert_int_equal(diag_count(d), 4);
	diag_free(d);
	diag_free(NULL);
}

static void messages_stand_by_file_as_first_met_then_by_line_then_as_they_came(void **state)
{
	struct diag *d = diag_new();
	static const char *const order[] = { "a:1: x", "a:1: y", "a:5: x", "a:9: x",
					     "b:2: x", "b:7: x", "none",   "c:3: warning: x" };

	(void)state;
	diag_error(d, "a", 5, "x");
	diag_error(d, "b", 7, "x");
	diag_error(d, "a", 1, "x");
	diag_error(d, NULL, 0, "none");
	diag_error(d, "a", 9, "x");
	diag_error(d, "b", 2, "x");
	diag_warning(d, "c", 3, "x");
	diag_error(d, "a", 1, "y");
	assert_int_equal(diag_count(d), 8);
	for (size_t i = 0; i < 8; i++)
		assert_string_equal(diag_text(d, i), order[i]);
	diag_free(d);
}

static void what_was_said_is_not_said_again(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	for (int i = 0; i < 5; i++) {
		diag_error(d, "a", 1, "x");
		diag_warning(d, "a", 1, "x");
	}
	diag_error(d, "a", 2, "x");
	assert_int_equal(diag_errors(d), 2);
	assert_int_equal(diag_warnings(d), 1);
	assert_int_equal(diag_count(d), 3);
	diag_free(d);
}

static void beyond_the_limit_messages_are_counted_and_the_count_is_told(void **state)
{
	struct diag *d = diag_new();
	char *text = NULL;
	size_t size = 0, lines = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	assert_non_null(f);
	for (int i = DIAG_MAX + 50; i > 0; i--)
		diag_error(d, "a", i, "x");
	assert_int_equal(diag_errors(d), DIAG_MAX + 50);
	assert_int_equal(diag_count(d), DIAG_MAX);
	assert_string_equal(diag_text(d, 0), "a:51: x");
	diag_print(d, f);
	fclose(f);
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, DIAG_MAX + 1);
	assert_non_null(strstr(text, "... and 50 more\n"));
	free(text);
	diag_free(d);
}

static void a_message_of_any_length_is_cut_not_lost(void **state)
{
	struct diag *d = diag_new();
	char *text = malloc(100001);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	diag_error(d, "a", 1, "%s", text);
	assert_int_equal(diag_count(d), 1);
	assert_true(strlen(diag_text(d, 0)) > 1000);
	free(text);
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_begins_with_its_place_as_far_as_there_is_one),
		cmocka_unit_test(messages_stand_by_file_as_first_met_then_by_line_then_as_they_came),
		cmocka_unit_test(what_was_said_is_not_said_again),
		cmocka_unit_test(beyond_the_limit_messages_are_counted_and_the_count_is_told),
		cmocka_unit_test(a_message_of_any_length_is_cut_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
