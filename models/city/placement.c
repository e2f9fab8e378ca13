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
static bool keep_nearest(const struct city *c, const struct point *all, size_t m, size_t n, struct point *at)
{
	struct point low, high;
	struct ranked *r = malloc((m + 1) * sizeof *r);

	city_bounds(c, &low, &high);
	if (!r)
		return false;
	for (size_t i = 0; i < m; i++)
		r[i] = (struct ranked){ hypot(all[i].x - 0.5 * (low.x + high.x), all[i].y - 0.5 * (low.y + high.y)), i };
	qsort(r, m, sizeof *r, by_distance);
	qsort(r, n, sizeof *r, by_place);
	for (size_t i = 0; i < n; i++)
		at[i] = all[r[i].place];
	free(r);
	return true;
}

/* The widest spacing found that gives at least n points, and how many; 0 where only very fine ones do. */
static double widest(const struct city *c, bool hexagonal, size_t n, size_t *points)
{
	double mean = sqrt(city_area(c) / (double)n), hi = 4 * mean, lo = 0;

	/* a twentieth of the mean spacing means 400 points where one is wanted: a form that misses them has no lattice */
	for (int i = 0; i < 60 && hi > 0.05 * mean && hi - lo > 1e-9 * hi && (lo == 0 || *points > n); i++) {
		double mid = 0.5 * (lo + hi);
		size_t m = lattice(c, hexagonal, mid, NULL, 0);
		if (m >= n) {
			lo = mid;
			*points = m;
		} else {
			hi = mid;
		}
	}
	return lo;
}

bool city_lattice(const struct city *c, bool hexagonal, size_t n, struct point *at)
{
	size_t m = 0;
	double spacing = widest(c, hexagonal, n, &m);
	struct point *all = malloc((m + 1) * sizeof *all);
	bool ok = all != NULL;

	if (ok && spacing > 0) {
		lattice(c, hexagonal, spacing, all, m);
		ok = keep_nearest(c, all, m, n, at);
	}
	for (size_t i = 0; ok && spacing <= 0 && i < n; i++)
		at[i] = city_inside(c);
	free(all);
	return ok;
}
