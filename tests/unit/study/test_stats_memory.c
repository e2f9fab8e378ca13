#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/kernel/failing.h"

#if ALLOCATIONS_CAN_FAIL
#include "sim/study/stats.h"

static const double numbers[] = { 0.3, 0.1, 0.4, 0.15, 0.9, 0.2, 0.6, 0.5, 0.35, 0.8, 0.97, 0.93 };

static bool quantile_works(void)
{
	struct interval in = interval_quantile(numbers, 12, 0.5, 0.95);

	assert_int_equal(in.n, 12);
	if (isnan(in.mean))
		assert_true(isnan(in.low) && isnan(in.high));
	else
		assert_true(in.mean == 0.45 && in.low < in.mean);
	return !isnan(in.mean);
}

static bool holm_works(void)
{
	double adjusted[2] = { 7, 7 };
	int status = holm_adjust((const double[]){ 0.01, 0.02 }, 2, adjusted);

	if (status == 0)
		assert_true(adjusted[0] == 0.02 && adjusted[1] == 0.02);
	else
		assert_true(status == -1 && isnan(adjusted[0]) && isnan(adjusted[1]));
	return status == 0;
}

static bool sobol_works(void)
{
	struct sobol_index out[2];
	int status = sobol_indices(numbers, numbers + 4, numbers + 3, 4, 2, 10, 1, 0.95, out);

	assert_true(status == 0 || status == -1);
	return status == 0 && !isnan(out[1].total.high);
}

static bool anova_works(void)
{
	static const size_t levels[] = { 2, 2 };
	struct sobol_index out[2];
	int status = anova_indices(numbers, levels, 2, 3, 10, 1, 0.95, out);

	assert_true(status == 0 || status == -1);
	return status == 0 && out[1].total.n == 3;
}

static bool regression_works(void)
{
	struct interval out[2];
	double r2;
	int status = regression(numbers, numbers + 2, 6, 2, 0.95, out, &r2);

	assert_true(status == 0 || status == -1);
	return status == 0 && !isnan(r2);
}

static void each_says_so_when_memory_is_short(void **state)
{
	(void)state;
	with_each_allocation_failing(quantile_works);
	with_each_allocation_failing(holm_works);
	with_each_allocation_failing(sobol_works);
	with_each_allocation_failing(anova_works);
	with_each_allocation_failing(regression_works);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_says_so_when_memory_is_short) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
	return skip_all();
}

#endif
