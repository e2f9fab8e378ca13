/*
 * failing - the n-th allocation fails, for every n until none does.  The program that includes this has the C library's
 * allocator behind its own; a sanitizer has one already: there ALLOCATIONS_CAN_FAIL is 0.  One thread only.
 */
#ifndef TESTS_UNIT_KERNEL_FAILING_H
#define TESTS_UNIT_KERNEL_FAILING_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define ALLOCATIONS_CAN_FAIL 0

static void allocations_cannot_be_made_to_fail_here(void **state)
{
	(void)state;
	skip();
}

/* The program is then this test alone. */
static inline int skip_all(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(allocations_cannot_be_made_to_fail_here) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
#define ALLOCATIONS_CAN_FAIL 1

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);

static long countdown = -1; /* allocations until one fails; negative: none does */

static int fails(void)
{
	return countdown >= 0 && countdown-- == 0;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

/* Do it with each allocation failing in turn; `run` says whether it got through. */
static void with_each_allocation_failing(bool (*run)(void))
{
	int failures = 0;

	for (long n = 0;; n++) {
		countdown = n;
		bool through = run();
		bool happened = countdown < 0;
		countdown = -1;
		if (!happened) {
			assert_true(through);
			break;
		}
		failures += !through;
	}
	assert_true(failures > 0);
}

#endif
#endif
