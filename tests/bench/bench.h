/*
 * bench - what the bench programs share: a clock, medians, and rows `name,value,unit` on standard output.
 *
 * A program runs each of its measurements BENCH_RUNS times and prints the median; with --quick it makes one short run
 * of each, to show that it works.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_RUNS = 5 };

/* True when --quick is among the arguments; exits with status 2 on any other argument. */
bool bench_quick(int argc, char **argv);

double bench_seconds(void);                     /* of a monotonic clock */
double bench_median(double *x, size_t n);       /* sorts x; n >= 1 */

/* Median of the runs of `measure`, one when quick. */
double bench_repeat(bool quick, double (*measure)(void *ctx), void *ctx);

void bench_row(const char *name, double value, const char *unit);

/* Ends the program with status 1 and a message where `ok` is false. */
void bench_need(bool ok, const char *what);

#endif
