#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/study/bytes.h"

static struct bytes sample(void)
{
	struct bytes b = { 0 };

	bytes_u64(&b, 0);
	bytes_u64(&b, UINT64_MAX);
	bytes_double(&b, -0.0);
	bytes_double(&b, NAN);
	bytes_double(&b, 0x1.fffffffffffffp-1022);
	bytes_text(&b, "");
	bytes_text(&b, "Köln");
	bytes_add(&b, "abc", 3);
	return b;
}

static void read_sample(struct bytes_reader *r)
{
	bytes_get_u64(r);
	bytes_get_u64(r);
	bytes_get_double(r);
	bytes_get_double(r);
	bytes_get_double(r);
	bytes_get_text(r);
	bytes_get_text(r);
	bytes_get(r, 3);
}

static void what_was_put_comes_back(void **state)
{
	struct bytes b = sample();
	struct bytes_reader r = bytes_read(b.v, b.n);

	(void)state;
	assert_false(b.failed);
	assert_true(bytes_get_u64(&r) == 0);
	assert_true(bytes_get_u64(&r) == UINT64_MAX);
	double zero = bytes_get_double(&r);
	assert_true(zero == 0 && signbit(zero));
	assert_true(isnan(bytes_get_double(&r)));
	assert_true(bytes_get_double(&r) == 0x1.fffffffffffffp-1022);
	assert_string_equal(bytes_get_text(&r), "");
	assert_string_equal(bytes_get_text(&r), "Köln");
	assert_false(bytes_whole(&r));
	assert_memory_equal(bytes_get(&r, 3), "abc", 3);
	assert_true(bytes_whole(&r));
	bytes_free(&b);
	assert_null(b.v);
}

static void numbers_are_little_endian(void **state)
{
	struct bytes b = { 0 };
	const unsigned char want[8] = { 8, 7, 6, 5, 4, 3, 2, 1 };

	(void)state;
	bytes_u64(&b, 0x0102030405060708);
	assert_int_equal(b.n, 8);
	assert_memory_equal(b.v, want, 8);
	bytes_free(&b);
}

/* Cut anywhere, it is refused, and nothing behind the cut is touched (the copy ends there). */
static void a_run_that_was_cut_is_refused(void **state)
{
	struct bytes b = sample();

	(void)state;
	for (size_t n = 0; n < b.n; n++) {
		unsigned char *cut = malloc(n + !n);
		assert_non_null(cut);
		memcpy(cut, b.v, n);
		struct bytes_reader r = bytes_read(cut, n);
		read_sample(&r);
		assert_true(r.failed);
		assert_false(bytes_whole(&r));
		free(cut);
	}
	bytes_free(&b);
}

static void a_text_is_as_long_as_it_says(void **state)
{
	static const struct {
		unsigned char v[16];
		size_t n;
	} bad[] = {
		{ { 3, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c', 'd' }, 12 },     /* no NUL */
		{ { 3, 0, 0, 0, 0, 0, 0, 0, 'a', 0, 'c', 0 }, 12 },         /* one within */
		{ { 255, 255, 255, 255, 255, 255, 255, 255, 'a', 0 }, 10 }, /* n + 1 is 0 */
		{ { 255, 255, 255, 255, 255, 255, 255, 127, 'a', 0 }, 10 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct bytes_reader r = bytes_read(bad[i].v, bad[i].n);
		assert_string_equal(bytes_get_text(&r), "");
		assert_true(r.failed);
	}
}

static void a_failure_sticks(void **state)
{
	struct bytes b = { 0 };

	(void)state;
	bytes_u64(&b, 7);
	bytes_add(&b, "", SIZE_MAX / 2 + 2);
	assert_true(b.failed);
	bytes_u64(&b, 8);
	assert_int_equal(b.n, 8);

	struct bytes_reader r = bytes_read(b.v, b.n);
	assert_null(bytes_get(&r, 9));
	assert_true(bytes_get_u64(&r) == 0);
	bytes_free(&b);
}

static void nothing_is_a_whole_run(void **state)
{
	struct bytes_reader r = bytes_read(NULL, 0);

	(void)state;
	assert_true(bytes_whole(&r));
	assert_non_null(bytes_get(&r, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_comes_back),
		cmocka_unit_test(numbers_are_little_endian),
		cmocka_unit_test(a_run_that_was_cut_is_refused),
		cmocka_unit_test(a_text_is_as_long_as_it_says),
		cmocka_unit_test(a_failure_sticks),
		cmocka_unit_test(nothing_is_a_whole_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
