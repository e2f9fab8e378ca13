/* CSV: RFC 4180 with a header and comments; every mistake has its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "sim/scenario/csv.h"

static struct csv *parsed(const char *text, struct diag *d)
{
	return csv_parse(text, strlen(text), "f.csv", d);
}

/* A file that must be refused with exactly this message. */
static void refused(const char *text, const char *message)
{
	struct diag *d = diag_new();
	struct csv *c = parsed(text, d);

	if (c)
		fail_msg("taken: %s", text);
	assert_int_equal(diag_count(d), 1);
	assert_string_equal(diag_text(d, 0), message);
	diag_free(d);
}

static void plain_rows_have_their_fields_and_lines(void **state)
{
	struct diag *d = diag_new();
	struct csv *c = parsed("x,y,name\n1,2,a\n3,4,\n", d);

	(void)state;
	assert_non_null(c);
	assert_int_equal(csv_rows(c), 2);
	assert_int_equal(csv_column(c, "y"), 1);
	assert_int_equal(csv_column(c, "z"), -1);
	assert_string_equal(csv_text(c, 0, 2), "a");
	assert_string_equal(csv_text(c, 1, 2), "");
	assert_int_equal(csv_line(c, 1), 3);
	csv_free(c);
	csv_free(NULL);
	diag_free(d);
}

static void line_ends_byte_order_mark_comments_and_blank_lines_do_not_matter(void **state)
{
	static const char *const same[] = { "x,y\n1,2\n3,4\n",
					    "x,y\r\n1,2\r\n3,4\r\n",
					    "x,y\n1,2\n3,4",
					    "\xef\xbb\xbfx,y\n1,2\n3,4\r\n",
					    "# who\nx,y\n\n1,2\n#,,,\n\r\n3,4\n\n",
					    "\"x\",\"y\"\r\n\"1\",\"2\"\n3,\"4\"",
					    "\xef\xbb\xbf# who\nx,y\n1,2\n3,4" };
	struct diag *d = diag_new();

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		struct csv *c = parsed(same[i], d);
		assert_non_null(c);
		assert_int_equal(csv_rows(c), 2);
		assert_int_equal(csv_column(c, "x"), 0);
		assert_int_equal(csv_column(c, "y"), 1);
		assert_string_equal(csv_text(c, 0, 0), "1");
		assert_string_equal(csv_text(c, 0, 1), "2");
		assert_string_equal(csv_text(c, 1, 1), "4");
		csv_free(c);
	}
	assert_int_equal(diag_count(d), 0);
	diag_free(d);
}

static void quotes_hold_commas_quotes_and_lines_and_lines_are_still_counted(void **state)
{
	struct diag *d = diag_new();
	struct csv *c = parsed("a,b\n\"1,5\",\"say \"\"so\"\"\"\n\"two\nlines\",#no comment\nlast,\"\"\n", d);

	(void)state;
	assert_non_null(c);
	assert_int_equal(csv_rows(c), 3);
	assert_string_equal(csv_text(c, 0, 0), "1,5");
	assert_string_equal(csv_text(c, 0, 1), "say \"so\"");
	assert_string_equal(csv_text(c, 1, 0), "two\nlines");
	assert_string_equal(csv_text(c, 1, 1), "#no comment");
	assert_int_equal(csv_line(c, 1), 3);
	assert_int_equal(csv_line(c, 2), 5);
	assert_string_equal(csv_text(c, 2, 1), "");
	csv_free(c);
	diag_free(d);
}

static void a_header_alone_has_no_rows(void **state)
{
	struct diag *d = diag_new();
	struct csv *c = parsed("a,b", d);

	(void)state;
	assert_non_null(c);
	assert_int_equal(csv_rows(c), 0);
	csv_free(c);
	diag_free(d);
}

static void mistakes_are_refused_with_their_line(void **state)
{
	(void)state;
	refused("", "f.csv:1: is empty (a header line is needed)");
	refused("# only\n\n", "f.csv:1: is empty (a header line is needed)");
	refused("a,b\n1\n", "f.csv:2: has 1 fields, the header 2");
	refused("a,b\n1,2\n1,2,3\n", "f.csv:3: has 3 fields, the header 2");
	refused("a,b\n1,2\n\"1,2\n3,4\n", "f.csv:3: a quoted field is not closed");
	refused("a,b\n\"1\"2,3\n", "f.csv:2: something stands behind a closing quote (write \"\" for a quote in quotes)");
	refused("a,b,a\n1,2,3\n", "f.csv:1: column \"a\" stands twice");
}

static void all_ragged_rows_are_told(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(parsed("a,b\n1\n2,2\n3,3,3\n", d));
	assert_int_equal(diag_errors(d), 2);
	assert_string_equal(diag_text(d, 1), "f.csv:4: has 3 fields, the header 2");
	diag_free(d);
}

static void bytes_that_are_no_text_and_rows_that_are_too_wide_are_refused(void **state)
{
	struct diag *d = diag_new();
	char wide[600];
	char *huge = malloc((1 << 20) + 64);

	(void)state;
	assert_non_null(huge);
	assert_null(csv_parse("a\0b", 3, "f.csv", d));
	assert_string_equal(diag_text(d, 0), "f.csv:1: is not a text file");
	memset(wide, ',', sizeof wide);
	assert_null(csv_parse(wide, sizeof wide, "f.csv", d));
	assert_string_equal(diag_text(d, 1), "f.csv:1: more than 256 columns");
	memset(huge, 'x', (1 << 20) + 64);
	assert_null(csv_parse(huge, (1 << 20) + 64, "f.csv", d));
	assert_non_null(strstr(diag_text(d, 2), "f.csv:1: a field is longer than"));
	free(huge);
	diag_free(d);
}

static void a_missing_column_is_told_with_those_there_are(void **state)
{
	struct diag *d = diag_new();
	struct csv *c = parsed("# c\nlat,lon\n1,2\n", d);

	(void)state;
	assert_non_null(c);
	assert_int_equal(csv_require(c, "lon", d), 1);
	assert_int_equal(csv_require(c, "height", d), -1);
	assert_string_equal(diag_text(d, 0), "f.csv:2: has no column \"height\" (there are: lat, lon)");
	csv_free(c);
	diag_free(d);
}

static void numbers_are_finite_and_in_range(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = { { "7", NULL },
		     { "-1e1", NULL },
		     { " 3 ", NULL },
		     { "10.5", "f.csv:5: column v: 10.5 is outside -10 .. 10" },
		     { "nan", "f.csv:6: column v: \"nan\" is not a number" },
		     { "inf", "f.csv:7: column v: \"inf\" is not a number" },
		     { "0x3", "f.csv:8: column v: \"0x3\" is not a number" },
		     { "3m", "f.csv:9: column v: \"3m\" is not a number" } };
	struct diag *d = diag_new();
	struct csv *c = parsed("v,w\n7,\n-1e1,\n 3 ,\n10.5,\nnan,\ninf,\n0x3,\n3m,\n", d);
	size_t said = 0;

	(void)state;
	assert_non_null(c);
	for (size_t i = 0; i < csv_rows(c); i++) {
		double v = 99;
		bool ok = csv_number(c, i, 0, -10, 10, &v, d);
		assert_int_equal(ok, rows[i].why == NULL);
		if (ok)
			assert_true(fabs(v - strtod(rows[i].text, NULL)) < 1e-12);
		else
			assert_string_equal(diag_text(d, said++), rows[i].why);
	}
	csv_free(c);
	diag_free(d);
}

static void files_that_cannot_be_read_say_why(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(csv_read("/nowhere/x.csv", NULL, d));
	assert_string_equal(diag_text(d, 0), "/nowhere/x.csv: cannot be opened: No such file or directory");
	assert_null(csv_read("/", NULL, d));
	assert_string_equal(diag_text(d, 1), "/: is not a file");
	diag_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_rows_have_their_fields_and_lines),
		cmocka_unit_test(line_ends_byte_order_mark_comments_and_blank_lines_do_not_matter),
		cmocka_unit_test(quotes_hold_commas_quotes_and_lines_and_lines_are_still_counted),
		cmocka_unit_test(a_header_alone_has_no_rows),
		cmocka_unit_test(mistakes_are_refused_with_their_line),
		cmocka_unit_test(all_ragged_rows_are_told),
		cmocka_unit_test(bytes_that_are_no_text_and_rows_that_are_too_wide_are_refused),
		cmocka_unit_test(a_missing_column_is_told_with_those_there_are),
		cmocka_unit_test(numbers_are_finite_and_in_range),
		cmocka_unit_test(files_that_cannot_be_read_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
