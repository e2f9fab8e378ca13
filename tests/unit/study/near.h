/*
 * near - comparison of doubles, cmocka's being of floats.  cmocka.h and what it needs come before it.
 */
#ifndef TESTS_UNIT_STUDY_NEAR_H
#define TESTS_UNIT_STUDY_NEAR_H

#include <math.h>

static inline void near_at(double a, double b, double off, const char *file, int line)
{
	if (!(fabs(a - b) <= off)) {
		print_error("%.17g is not %.17g within %g\n", a, b, off);
		_fail(file, line);
	}
}
#define assert_near(a, b, off) near_at((a), (b), (off), __FILE__, __LINE__)

#endif
