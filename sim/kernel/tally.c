#include "sim/kernel/tally.h"

#include <gsl/gsl_cdf.h>

void tally_merge(struct tally *into, const struct tally *from)
{
	if (from->n == 0)
		return;
	if (into->n == 0) {
		*into = *from;
		return;
	}
	double na = (double)into->n, nb = (double)from->n, d = from->mean - into->mean;
	into->mean += d * nb / (na + nb);
	into->m2 += from->m2 + d * d * na * nb / (na + nb);
	into->n += from->n;
	into->min = fmin(into->min, from->min);
	into->max = fmax(into->max, from->max);
}

double tally_variance(const struct tally *t)
{
	return t->n < 2 ? NAN : t->m2 / (double)(t->n - 1);
}

double tally_halfwidth(const struct tally *t, double level)
{
	if (t->n < 2)
		return NAN;
	double q = gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, (double)(t->n - 1));
	return q * sqrt(tally_variance(t) / (double)t->n);
}

void timeavg_start(struct timeavg *a, simtime_t t, double value)
{
	*a = (struct timeavg){ .since = t, .last = t, .value = value, .max = value };
}

void timeavg_set(struct timeavg *a, simtime_t t, double value)
{
	a->integral += a->value * sim_seconds(t - a->last);
	a->last = t;
	a->value = value;
	if (value > a->max)
		a->max = value;
}

double timeavg_mean(const struct timeavg *a, simtime_t t)
{
	double span = sim_seconds(t - a->since);

	return span > 0 ? (a->integral + a->value * sim_seconds(t - a->last)) / span : NAN;
}

/* Values below HISTOGRAM_SUB have a bucket each; above, the bits after the leading one choose it. */
static unsigned bucket_of(int64_t x)
{
	uint64_t v = x < 0 ? 0 : (uint64_t)x;

	if (v < HISTOGRAM_SUB)
		return (unsigned)v;
	unsigned shift = 63u - (unsigned)__builtin_clzll(v) - HISTOGRAM_BITS;
	return shift * HISTOGRAM_SUB + (unsigned)(v >> shift);
}

int64_t histogram_edge(unsigned i)
{
	if (i < HISTOGRAM_SUB)
		return i;
	unsigned shift = i / HISTOGRAM_SUB - 1;
	uint64_t edge = (uint64_t)(i % HISTOGRAM_SUB + HISTOGRAM_SUB) << shift;
	return edge > INT64_MAX ? INT64_MAX : (int64_t)edge;
}

void histogram_add(struct histogram *h, int64_t x)
{
	if (h->n == 0 || x < h->min)
		h->min = x;
	if (h->n == 0 || x > h->max)
		h->max = x;
	h->n++;
	h->sum += (double)x;
	h->bucket[bucket_of(x)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	if (from->n == 0)
		return;
	into->min = into->n == 0 || from->min < into->min ? from->min : into->min;
	into->max = into->n == 0 || from->max > into->max ? from->max : into->max;
	into->n += from->n;
	into->sum += from->sum;
	for (unsigned i = bucket_of(from->min), last = bucket_of(from->max); i <= last; i++)
		into->bucket[i] += from->bucket[i];
}

double histogram_mean(const struct histogram *h)
{
	return h->n ? h->sum / (double)h->n : NAN;
}

double histogram_quantile(const struct histogram *h, double p)
{
	if (h->n == 0 || !(p >= 0 && p <= 1))
		return NAN;
	double rank = p * (double)h->n, before = 0;
	for (unsigned i = bucket_of(h->min), last = bucket_of(h->max); i <= last; i++) {
		double here = h->bucket[i];
		if (here > 0 && before + here >= rank) {
			/* between the least and the greatest integer of the bucket */
			int64_t lo = histogram_edge(i);
			int64_t hi = i + 1 < HISTOGRAM_BUCKETS ? histogram_edge(i + 1) - 1 : INT64_MAX;
			double x = (double)lo + (double)(hi - lo) * (rank - before) / here;
			return fmin(fmax(x, (double)h->min), (double)h->max);
		}
		before += here;
	}
	return (double)h->max;
}

double histogram_share_above(const struct histogram *h, double x)
{
	double above = 0;

	for (unsigned i = bucket_of(h->min), last = bucket_of(h->max); h->n && i <= last; i++) {
		double low = (double)histogram_edge(i),
		       high = i + 1 < HISTOGRAM_BUCKETS ? (double)histogram_edge(i + 1) : 9.3e18;
		if (h->bucket[i] && high > x)
			above += h->bucket[i] * (low >= x ? 1 : (high - x) / (high - low));
	}
	return above / (double)h->n;
}
