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

/* Quantiles of non-negative integers (nanoseconds): log buckets, 64 to an octave; below 128 each integer has its own.  A
 * quantile lies in the bucket of the sample's, so it is within 1/64 (1.6 %) of it however the values lie; count, mean and
 * extremes are exact.  Counts are doubles, exact to 2^53: a year of a million devices exceeds 2^32 in one bucket. */
enum { HISTOGRAM_BITS = 6, HISTOGRAM_SUB = 1 << HISTOGRAM_BITS, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS) * HISTOGRAM_SUB };
struct histogram { uint64_t n; double sum; int64_t min, max; double bucket[HISTOGRAM_BUCKETS]; };

void   histogram_add(struct histogram *h, int64_t x);
void   histogram_merge(struct histogram *into, const struct histogram *from);
double histogram_mean(const struct histogram *h);                /* NaN when empty */
/* The least value that a share p of the sample does not exceed, interpolated in its bucket; 0 <= p <= 1; NaN when empty. */
double histogram_quantile(const struct histogram *h, double p);
/* Share of the sample above x, taken as spread evenly within a bucket; NaN when empty. */
double histogram_share_above(const struct histogram *h, double x);
/* Lower edge of bucket i, for drawing. */
int64_t histogram_edge(unsigned i);

#endif
