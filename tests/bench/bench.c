#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool bench_quick(int argc, char **argv)
{
	bool quick = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--quick") != 0) {
			fprintf(stderr, "%s: unknown argument %s (there is only --quick)\n", argv[0], argv[i]);
			exit(2);
		}
		quick = true;
	}
	return quick;
}

double bench_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(double *x, size_t n)
{
	qsort(x, n, sizeof *x, ascending);
	return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

double bench_repeat(bool quick, double (*measure)(void *ctx), void *ctx)
{
	double x[BENCH_RUNS];
	size_t runs = quick ? 1 : BENCH_RUNS;

	for (size_t i = 0; i < runs; i++)
		x[i] = measure(ctx);
	return bench_median(x, runs);
}

void bench_row(const char *name, double value, const char *unit)
{
	printf("%s,%.6g,%s\n", name, value, unit);
	fflush(stdout);
}

void bench_need(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "bench: %s\n", what);
		exit(1);
	}
}
