#include "models/city/placement.h"

#include <math.h>
#include <stdlib.h>

/* Points of the lattice with this spacing that lie in the city; stores at most `room`. */
static size_t lattice(const struct city *c, bool hexagonal, double spacing, struct point *at, size_t room)
{
	struct point low, high;
	double row = hexagonal ? spacing * sqrt(0.75) : spacing;
	size_t n = 0;

	city_bounds(c, &low, &high);
	double cx = 0.5 * (low.x + high.x), cy = 0.5 * (low.y + high.y);
	long rows = (long)ceil(0.5 * (high.y - low.y) / row), cols = (long)ceil(0.5 * (high.x - low.x) / spacing) + 1;
	/* half a step off the middle keeps even numbers balanced */
	for (long j = -rows; j <= rows; j++)
		for (long i = -cols; i <= cols; i++) {
			double shift = hexagonal && (j & 1) ? 0.5 : 0;
			struct point p = { cx + ((double)i + shift) * spacing, cy + (double)j * row };
			if (!city_contains(c, p))
				continue;
			if (n < room)
				at[n] = p;
			n++;
		}
	return n;
}

struct ranked { double far; size_t place; };

static int by_distance(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->far != y->far)
		return x->far < y->far ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

/* Keep the n of m points that are nearest to the middle. */
static void keep_nearest(const struct city *c, struct point *all, size_t m, size_t n, struct point *at)
{
	struct point low, high;
	struct ranked *r = malloc((m + 1) * sizeof *r);

	city_bounds(c, &low, &high);
	for (size_t i = 0; r && i < m; i++)
		r[i] = (struct ranked){ hypot(all[i].x - 0.5 * (low.x + high.x), all[i].y - 0.5 * (low.y + high.y)), i };
	if (r) {
		qsort(r, m, sizeof *r, by_distance);
		qsort(r, n, sizeof *r, by_place);
	}
	for (size_t i = 0; i < n; i++)
		at[i] = all[r ? r[i].place : i];
	free(r);
}

void city_lattice(const struct city *c, bool hexagonal, size_t n, struct point *at)
{
	double area = city_area(c) / (double)n, hi = 4 * sqrt(area), lo = 0;

	for (int i = 0; i < 60 && hi - lo > 1e-9 * hi; i++) {
		double mid = 0.5 * (lo + hi);
		if (lattice(c, hexagonal, mid, NULL, 0) >= n)
			lo = mid;
		else
			hi = mid;
		if (lo > 0 && lattice(c, hexagonal, lo, NULL, 0) == n)
			break;
		if (lo == 0 && hi < 1e-3 * sqrt(area))
			break;
	}
	size_t m = lattice(c, hexagonal, lo, NULL, 0);
	struct point *all = malloc((m + 1) * sizeof *all);
	if (!all || m < n) {            /* a city too thin for any lattice: its middle */
		struct point low, high;
		city_bounds(c, &low, &high);
		for (size_t i = 0; i < n; i++)
			at[i] = (struct point){ 0.5 * (low.x + high.x), 0.5 * (low.y + high.y) };
	} else {
		lattice(c, hexagonal, lo, all, m);
		keep_nearest(c, all, m, n, at);
	}
	free(all);
}
