#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/kernel/arena.h"
#include "sim/kernel/rng.h"

/* A sanitizer's allocator ends the program where others return NULL, unless told so. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void assert_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(p[i], 0);
}

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	enum { PIECES = 3000 };
	struct arena *a = arena_new();
	struct {
		unsigned char *p;
		size_t n;
	} piece[PIECES];
	struct rng r = rng_stream(1, 1, 1, 0);

	assert_non_null(a);
	for (size_t i = 0; i < PIECES; i++) {
		piece[i].n = rng_below(&r, i % 50 ? 200 : 60000);
		piece[i].p = arena_alloc(a, piece[i].n, 1);
		assert_non_null(piece[i].p);
		assert_int_equal((uintptr_t)piece[i].p % (piece[i].n >= 64 ? 64 : 16), 0);
		assert_zero(piece[i].p, piece[i].n);
		memset(piece[i].p, (int)(i % 255 + 1), piece[i].n);
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t k = 0; k < piece[i].n; k++)
			assert_int_equal(piece[i].p[k], i % 255 + 1);
	arena_free(a);
}

static void nothing_is_something_to_point_at(void **state)
{
	(void)state;
	struct arena *a = arena_new();

	assert_non_null(a);
	void *p = arena_alloc(a, 0, 40), *q = arena_alloc(a, 0, 40);
	assert_true(p && q && p != q);
	arena_free(a);
	arena_free(NULL);
}

static void sizes_that_overflow_or_exceed_memory_are_refused(void **state)
{
	(void)state;
	struct arena *a = arena_new();

	assert_non_null(a);
	size_t before = arena_bytes(a);
	assert_null(arena_alloc(a, SIZE_MAX / 4, 8));
	assert_null(arena_alloc(a, SIZE_MAX, 1));
	for (size_t i = 0; i < 200; i++) /* what is added to a piece must not wrap either */
		assert_null(arena_alloc(a, SIZE_MAX - i, 1));
	assert_null(arena_alloc(a, SIZE_MAX / 2, 1));
	assert_null(arena_alloc(a, (size_t)1 << 60, 1));
	assert_int_equal(arena_bytes(a), before);
	assert_non_null(arena_alloc(a, 1, 8)); /* still good */
	arena_free(a);
}

/* A million rows that nobody touches yet: address space, not memory; counted all the same. */
static void large_pieces_are_counted_by_their_size(void **state)
{
	(void)state;
	struct arena *a = arena_new();

	assert_non_null(a);
	char *p = arena_alloc(a, 1 << 20, 64);
	assert_non_null(p);
	p[0] = p[(64 << 20) - 1] = 1;
	assert_true(arena_bytes(a) >= 64u << 20 && arena_bytes(a) < 65u << 20);
	arena_free(a);
}

static void texts_are_copied_and_formatted(void **state)
{
	(void)state;
	struct arena *a = arena_new();
	char text[] = "gateway";

	assert_non_null(a);
	char *copy = arena_strdup(a, text);
	text[0] = 'x';
	assert_string_equal(copy, "gateway");
	assert_string_equal(arena_strdup(a, ""), "");
	assert_string_equal(arena_printf(a, "%s %d of %d", copy, 3, 9), "gateway 3 of 9");
	char *wide = arena_printf(a, "%50000d", 7);
	assert_int_equal(strlen(wide), 50000);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(nothing_is_something_to_point_at),
		cmocka_unit_test(sizes_that_overflow_or_exceed_memory_are_refused),
		cmocka_unit_test(large_pieces_are_counted_by_their_size),
		cmocka_unit_test(texts_are_copied_and_formatted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
