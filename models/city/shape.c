#include "models/city/shape.h"

#include <math.h>
#include <stdlib.h>

void shape_disc(struct shape *s, struct point centre, double radius)
{
	*s = (struct shape){ .disc = true, .centre = centre, .radius = radius, .area = M_PI * radius * radius,
			     .low = { centre.x - radius, centre.y - radius }, .high = { centre.x + radius, centre.y + radius } };
}

void shape_free(struct shape *s)
{
	for (size_t i = 0; i < s->n_rings; i++)
		free(s->ring[i].at);
	free(s->ring);
	free(s->edge);
	free(s->band);
	*s = (struct shape){ 0 };
}

static uint32_t band_at(const struct shape *s, double y)
{
	double k = floor((y - s->low.y) / (s->high.y - s->low.y) * s->n_bands);

	return k < 0 ? 0 : k >= s->n_bands ? s->n_bands - 1 : (uint32_t)k;
}

/* Visit the bands that an edge crosses: count them, or store the edge. */
static void spread(struct shape *s, struct edge e, uint32_t *fill)
{
	uint32_t from = band_at(s, fmin(e.y0, e.y1)), to = band_at(s, fmax(e.y0, e.y1));

	for (uint32_t b = from; b <= to; b++) {
		if (fill)
			s->edge[fill[b]++] = e;
		else
			s->band[b + 1]++;
	}
}

static void each_edge(struct shape *s, uint32_t *fill)
{
	for (size_t i = 0; i < s->n_rings; i++)
		for (size_t k = 0; k < s->ring[i].n; k++) {
			struct point p = s->ring[i].at[k], q = s->ring[i].at[(k + 1) % s->ring[i].n];
			if (p.y != q.y)
				spread(s, (struct edge){ p.x, p.y, q.x, q.y }, fill);
		}
}

static bool index_edges(struct shape *s, size_t points)
{
	s->n_bands = (uint32_t)(points < 4 ? 4 : points > 4096 ? 4096 : points);
	s->band = calloc(s->n_bands + 2u, sizeof *s->band);
	if (!s->band)
		return false;
	each_edge(s, NULL);
	for (uint32_t b = 0; b < s->n_bands; b++)
		s->band[b + 1] += s->band[b];
	s->edge = malloc((s->band[s->n_bands] + 1u) * sizeof *s->edge);
	uint32_t *fill = malloc(s->n_bands * sizeof *fill);
	if (s->edge && fill) {
		for (uint32_t b = 0; b < s->n_bands; b++)
			fill[b] = s->band[b];
		each_edge(s, fill);
	}
	bool ok = s->edge && fill;
	free(fill);
	return ok;
}

/* Signed area and first moments of a ring. */
static double ring_area(const struct ring *r, double *mx, double *my)
{
	double area = 0;

	for (size_t k = 0; k < r->n; k++) {
		struct point p = r->at[k], q = r->at[(k + 1) % r->n];
		double cross = p.x * q.y - q.x * p.y;
		area += 0.5 * cross;
		*mx += (p.x + q.x) * cross / 6;
		*my += (p.y + q.y) * cross / 6;
	}
	return area;
}

/* Area by the even-odd rule for rings that do not cross: a ring inside an odd number of others is a hole. */
static void measure(struct shape *s)
{
	double sum = 0, x = 0, y = 0;

	for (size_t i = 0; i < s->n_rings; i++) {
		double mx = 0, my = 0, a = ring_area(&s->ring[i], &mx, &my);
		struct point p = s->ring[i].at[0];
		int depth = 0;
		for (size_t o = 0; o < s->n_rings; o++) {
			bool in = false;
			const struct ring *r = &s->ring[o];
			for (size_t k = 0, j = r->n - 1; o != i && k < r->n; j = k++)
				if ((r->at[k].y > p.y) != (r->at[j].y > p.y) &&
				    p.x < (r->at[j].x - r->at[k].x) * (p.y - r->at[k].y) / (r->at[j].y - r->at[k].y) + r->at[k].x)
					in = !in;
			depth += in;
		}
		double sign = (a < 0 ? -1 : 1) * (depth % 2 ? -1 : 1);
		sum += sign * a;
		x += sign * mx;
		y += sign * my;
	}
	s->area = sum;
	s->centre = sum > 0 ? (struct point){ x / sum, y / sum } : s->low;
}

bool shape_rings(struct shape *s, struct ring *ring, size_t n)
{
	size_t points = 0;

	*s = (struct shape){ .ring = ring, .n_rings = n, .low = { INFINITY, INFINITY }, .high = { -INFINITY, -INFINITY } };
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ring[i].n; k++, points++) {
			s->low.x = fmin(s->low.x, ring[i].at[k].x);
			s->low.y = fmin(s->low.y, ring[i].at[k].y);
			s->high.x = fmax(s->high.x, ring[i].at[k].x);
			s->high.y = fmax(s->high.y, ring[i].at[k].y);
		}
	if (points == 0 || !(s->high.x > s->low.x) || !(s->high.y > s->low.y))
		return false;
	measure(s);
	return s->area > 0 && index_edges(s, points);
}

bool shape_contains(const struct shape *s, struct point p)
{
	if (s->disc) {
		double dx = p.x - s->centre.x, dy = p.y - s->centre.y;
		return dx * dx + dy * dy <= s->radius * s->radius;
	}
	if (p.x < s->low.x || p.x > s->high.x || p.y < s->low.y || p.y > s->high.y)
		return false;
	bool in = false;
	uint32_t b = band_at(s, p.y);
	for (uint32_t k = s->band[b]; k < s->band[b + 1]; k++) {
		const struct edge *e = &s->edge[k];
		if ((e->y0 > p.y) != (e->y1 > p.y) && p.x < (e->x1 - e->x0) * (p.y - e->y0) / (e->y1 - e->y0) + e->x0)
			in = !in;
	}
	return in;
}

struct point shape_draw(const struct shape *s, struct rng *r)
{
	if (s->disc) {
		double radius = s->radius * sqrt(rng_uniform(r)), angle = 2 * M_PI * rng_uniform(r);
		return (struct point){ s->centre.x + radius * cos(angle), s->centre.y + radius * sin(angle) };
	}
	/* a shape of 1/1000 of its bounds is missed 10,000 times with a chance of e^-10 */
	for (int i = 0; i < 10000; i++) {
		struct point p = { s->low.x + (s->high.x - s->low.x) * rng_uniform(r),
				   s->low.y + (s->high.y - s->low.y) * rng_uniform(r) };
		if (shape_contains(s, p))
			return p;
	}
	return s->centre;
}
