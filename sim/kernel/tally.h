/*
 * tally - one-pass statistics.  Plain values; all zero ({0}) is an empty one; all can be merged.
 */
#ifndef SIM_KERNEL_TALLY_H
#define SIM_KERNEL_TALLY_H

#include <stdint.h>

#include "sim/kernel/simtime.h"

/* Count, mean, variance, extremes (Welford; merge by Chan et al.). */
struct tally { uint64_t n; double mean, m2, min, max; };

static inline void tally_add(struct tally *t, double x)
{
	if (t->n == 0 || x < t->min)
		t->min = x;
	if (t->n == 0 || x > t->max)
		t->max = x;
	t->n++;
	double d = x - t->mean;
	t->mean += d / (double)t->n;
	t->m2 += d * (x - t->mean);
}
void   tally_merge(struct tally *into, const struct tally *from);
double tally_variance(const struct tally *t);           /* sample variance; NaN below two */
/* Half-width of the Student-t interval of the mean at `level` (0.95); NaN below two. */
double tally_halfwidth(const struct tally *t, double level);

/* A quantity that holds its value between changes: its time average. */
struct timeavg { simtime_t since; simtime_t last; double value, integral, max; };

/* Begin (or begin again, at the end of the warm-up) at time t with the given value. */
void   timeavg_start(struct timeavg *a, simtime_t t, double value);
void   timeavg_set(struct timeavg *a, simtime_t t, double value);
double timeavg_mean(const struct timeavg *a, simtime_t t);      /* NaN when no time has passed */

/* Quantiles of non-negative integers (nanoseconds): log buckets, 32 to an octave, so a quantile is within 1.6 % of
 * the sample's; count, mean and extremes are exact. */
enum { HISTOGRAM_SUB = 32, HISTOGRAM_BUCKETS = (64 - 5) * HISTOGRAM_SUB + HISTOGRAM_SUB };
struct histogram { uint64_t n; double sum; int64_t min, max; uint32_t bucket[HISTOGRAM_BUCKETS]; };

void   histogram_add(struct histogram *h, int64_t x);
void   histogram_merge(struct histogram *into, const struct histogram *from);
double histogram_mean(const struct histogram *h);                /* NaN when empty */
double histogram_quantile(const struct histogram *h, double p);  /* 0 <= p <= 1; interpolated; NaN when empty */
/* Lower edge of bucket i, for drawing. */
int64_t histogram_edge(unsigned i);

#endif
