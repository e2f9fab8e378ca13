#include "models/city/placement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows `spacing` apart, or of hexagons, with a point a share (dx, dy) of the spacing off the middle of the city's bounds. */
struct lattice { bool hexagonal; double spacing, dx, dy; };

/* Points of the lattice that lie in the city; stores at most `room`. */
static size_t points_of(const struct city *c, const struct lattice *l, struct point *at, size_t room)
{
	struct point low, high;
	double row = l->hexagonal ? l->spacing * sqrt(0.75) : l->spacing;
	size_t n = 0;

	city_bounds(c, &low, &high);
	double x0 = 0.5 * (low.x + high.x) + l->dx * l->spacing, y0 = 0.5 * (low.y + high.y) + l->dy * row;
	long rows = (long)ceil(0.5 * (high.y - low.y) / row) + 1,
	     cols = (long)ceil(0.5 * (high.x - low.x) / l->spacing) + 1;
	for (long j = -rows; j <= rows; j++)
		for (long i = -cols; i <= cols; i++) {
			double shift = l->hexagonal && (j & 1) ? 0.5 : 0;
			struct point p = { x0 + ((double)i + shift) * l->spacing, y0 + (double)j * row };
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

/* Narrow the lattice from a little more than `natural` spacing until it has n points, or the fewest more; how many.  0: none. */
static size_t fit(const struct city *c, struct lattice *l, double natural, size_t n)
{
	double hi = 1.1 * natural, lo = 0;
	size_t points = 0;

	/* a twentieth of the natural spacing means 400 points where one is wanted: a form that misses them has no lattice
	 */
	l->spacing = natural;
	while (hi > 0.05 * natural && hi - lo > 1e-6 * hi && points != n) {
		size_t m = points_of(c, l, NULL, 0);
		if (m >= n) {
			lo = l->spacing;
			points = m;
		} else {
			hi = l->spacing;
		}
		l->spacing = 0.5 * (lo + hi);
	}
	l->spacing = lo;
	return points;
}

/* The n points of a lattice that city_lattice promises; false: out of memory. */
static bool fill(const struct city *c, const struct lattice *l, size_t points, size_t n, struct point *at)
{
	struct point *all = calloc(points + 1, sizeof *all);
	bool ok = all != NULL;

	if (ok) {
		points_of(c, l, all, points);
		ok = keep_nearest(c, all, points, n, at);
	}
	free(all);
	return ok;
}

/* Mean distance from places of the city to the nearest of n points; the same places every time. */
static double mean_distance(const struct city *c, const struct point *at, size_t n)
{
	enum { PLACES = 500 };
	struct rng r = rng_stream(0, RNG_PURPOSE('l', 'a', 't', 't'), 0, 0);
	double sum = 0;

	for (int i = 0; i < PLACES; i++) {
		struct point p = city_draw_in(c, -1, &r);
		double least = INFINITY;
		for (size_t k = 0; k < n; k++)
			least = fmin(least, (p.x - at[k].x) * (p.x - at[k].x) + (p.y - at[k].y) * (p.y - at[k].y));
		sum += sqrt(least) / PLACES;
	}
	return sum;
}

bool city_lattice(const struct city *c, bool hexagonal, size_t n, struct point *at)
{
	static const double off[] = { 0, 0.5, 0.25, 0.75 };
	enum { MANY = 300, OFFS = sizeof off / sizeof off[0] };
	double natural = sqrt(city_area(c) / (double)n * (hexagonal ? 1 / sqrt(0.75) : 1)), least = INFINITY;
	struct point *tried = calloc(n + 1, sizeof *tried);
	bool ok = tried != NULL;

	for (size_t i = 0; i < n; i++)
		at[i] = city_inside(c);
	/* among many points the border does not matter: the first will do */
	for (size_t k = 0; ok && k < (n < MANY ? OFFS * OFFS : 1); k++) {
		struct lattice l = { .hexagonal = hexagonal, .dx = off[k % OFFS], .dy = off[k / OFFS] };
		size_t points = fit(c, &l, natural, n);
		if (!points)
			continue;
		ok = fill(c, &l, points, n, tried);
		double mean = ok ? mean_distance(c, tried, n) : INFINITY;
		if (mean < least) {
			least = mean;
			memcpy(at, tried, n * sizeof *at);
		}
	}
	free(tried);
	return ok;
}
