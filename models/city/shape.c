#include "models/city/shape.h"

#include <math.h>
#include <stdlib.h>

enum { TRIES = 100000, BANDS_MAX = 16384 };

void shape_disc(struct shape *s, struct point centre, double radius)
{
	*s = (struct shape){ .disc = true,
			     .centre = centre,
			     .inside = centre,
			     .radius = radius,
			     .area = M_PI * radius * radius,
			     .low = { centre.x - radius, centre.y - radius },
			     .high = { centre.x + radius, centre.y + radius } };
}

void shape_free(struct shape *s)
{
	for (size_t i = 0; i < s->n_rings; i++)
		free(s->ring[i].at);
	free(s->ring);
	free(s->edge);
	free(s->band);
	free(s->span);
	*s = (struct shape){ 0 };
}

static uint32_t band_at(const struct shape *s, double y)
{
	double k = (y - s->low.y) / (s->high.y - s->low.y) * s->n_bands;

	return !(k > 0) ? 0 : k >= s->n_bands ? s->n_bands - 1 : (uint32_t)k;
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

/* Horizontal edges are never crossed by a ray along x. */
static void each_edge(struct shape *s, uint32_t *fill)
{
	for (size_t i = 0; i < s->n_rings; i++)
		for (size_t k = 0; k < s->ring[i].n; k++) {
			struct point p = s->ring[i].at[k], q = s->ring[i].at[(k + 1) % s->ring[i].n];
			if (p.y != q.y)
				spread(s, (struct edge){ p.x, p.y, q.x, q.y }, fill);
		}
}

/* As many bands as keep the stored edges within some eight for each there is, however far up and down they run. */
static uint32_t choose_bands(const struct shape *s, size_t points)
{
	double climb = 0, n;

	for (size_t i = 0; i < s->n_rings; i++)
		for (size_t k = 0; k < s->ring[i].n; k++)
			climb += fabs(s->ring[i].at[(k + 1) % s->ring[i].n].y - s->ring[i].at[k].y);
	n = (8.0 * (double)points + 512) / (climb / (s->high.y - s->low.y));
	return n < 1 ? 1 : n > BANDS_MAX ? BANDS_MAX : (uint32_t)n;
}

/* Between which x the edges of each band lie: a point drawn there is in the shape more often than one drawn in its bounds. */
static void measure_spans(struct shape *s)
{
	double high = (s->high.y - s->low.y) / s->n_bands;

	s->span[0].sum = 0;
	for (uint32_t b = 0; b < s->n_bands; b++) {
		struct span *p = &s->span[b];
		double y0 = s->low.y + b * high, y1 = y0 + high;
		p->from = INFINITY;
		p->to = -INFINITY;
		for (uint32_t k = s->band[b]; k < s->band[b + 1]; k++) {
			const struct edge *e = &s->edge[k];
			double slope = (e->x1 - e->x0) / (e->y1 - e->y0), lo = fmin(e->y0, e->y1), hi = fmax(e->y0, e->y1);
			double xa = e->x0 + (fmin(fmax(y0, lo), hi) - e->y0) * slope;
			double xb = e->x0 + (fmin(fmax(y1, lo), hi) - e->y0) * slope;
			p->from = fmin(p->from, fmin(xa, xb));
			p->to = fmax(p->to, fmax(xa, xb));
		}
		s->span[b + 1].sum = p->sum + (p->to > p->from ? (p->to - p->from) * high : 0);
	}
}

static bool index_edges(struct shape *s, size_t points)
{
	uint32_t *fill = NULL, n = choose_bands(s, points);

	s->n_bands = n;
	s->band = calloc(n + 2u, sizeof *s->band);
	s->span = malloc((n + 1u) * sizeof *s->span);
	if (s->band && s->span) {
		each_edge(s, NULL);
		for (uint32_t b = 0; b < n; b++)
			s->band[b + 1] += s->band[b];
		s->edge = malloc((s->band[n] + 1u) * sizeof *s->edge);
		fill = malloc((n + 1u) * sizeof *fill);
	}
	bool ok = s->edge && fill;
	if (ok) {
		for (uint32_t b = 0; b < n; b++)
			fill[b] = s->band[b];
		each_edge(s, fill);
		measure_spans(s);
	} else {
		s->n_bands = 0;
	}
	free(fill);
	return ok;
}

/* Signed area and first moments of a ring. */
static double ring_area(const struct ring *r, double *mx, double *my)
{
	double area = 0;

	*mx = *my = 0;
	for (size_t k = 0; k < r->n; k++) {
		struct point p = r->at[k], q = r->at[(k + 1) % r->n];
		double cross = p.x * q.y - q.x * p.y;
		area += 0.5 * cross;
		*mx += (p.x + q.x) * cross / 6;
		*my += (p.y + q.y) * cross / 6;
	}
	return area;
}

static void reverse(struct ring *r)
{
	for (size_t i = 0, j = r->n - 1; i < j; i++, j--) {
		struct point t = r->at[i];
		r->at[i] = r->at[j];
		r->at[j] = t;
	}
}

/* Turn every ring the right way round; area and centre of mass follow. */
static void measure(struct shape *s)
{
	double x = 0, y = 0, mx, my;

	for (size_t i = 0; i < s->n_rings; i++) {
		if ((ring_area(&s->ring[i], &mx, &my) < 0) != s->ring[i].hole)
			reverse(&s->ring[i]);
		s->area += ring_area(&s->ring[i], &mx, &my);
		x += mx;
		y += my;
	}
	s->centre = s->area > 0 ? (struct point){ x / s->area, y / s->area } : s->low;
}

/* One try at a uniform point. */
static bool try_draw(const struct shape *s, struct rng *r, struct point *p)
{
	double v = rng_uniform(r) * s->span[s->n_bands].sum;
	uint32_t lo = 0, hi = s->n_bands - 1;

	while (lo < hi) { /* the band that holds the v-th square metre */
		uint32_t mid = (lo + hi + 1) / 2;
		if (s->span[mid].sum <= v)
			lo = mid;
		else
			hi = mid - 1;
	}
	const struct span *b = &s->span[lo];
	double part = (v - b->sum) / (b[1].sum - b->sum);
	p->y = s->low.y + (lo + part) * (s->high.y - s->low.y) / s->n_bands;
	p->x = b->from + (b->to - b->from) * rng_uniform(r);
	return shape_contains(s, *p);
}

static bool find_inside(struct shape *s)
{
	struct rng r = rng_stream(0, RNG_PURPOSE('s', 'h', 'p', 'i'), 0, 0);

	for (int i = 0; i < TRIES; i++)
		if (try_draw(s, &r, &s->inside))
			return true;
	return false;
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
	return s->area > 0 && index_edges(s, points) && s->span[s->n_bands].sum > 0 && find_inside(s);
}

bool shape_contains(const struct shape *s, struct point p)
{
	int winding = 0;

	if (s->disc) {
		double dx = p.x - s->centre.x, dy = p.y - s->centre.y;
		return dx * dx + dy * dy <= s->radius * s->radius;
	}
	if (!(p.x >= s->low.x && p.x <= s->high.x && p.y >= s->low.y && p.y <= s->high.y) || s->n_bands == 0)
		return false;
	uint32_t b = band_at(s, p.y);
	for (uint32_t k = s->band[b]; k < s->band[b + 1]; k++) {
		const struct edge *e = &s->edge[k];
		bool up = e->y1 > p.y;
		if ((e->y0 > p.y) != up && p.x < (e->x1 - e->x0) * (p.y - e->y0) / (e->y1 - e->y0) + e->x0)
			winding += up ? 1 : -1;
	}
	return winding > 0;
}

struct point shape_draw(const struct shape *s, struct rng *r)
{
	struct point p;

	if (s->disc) {
		double radius = s->radius * sqrt(rng_uniform(r)), angle = 2 * M_PI * rng_uniform(r);
		return (struct point){ s->centre.x + radius * cos(angle), s->centre.y + radius * sin(angle) };
	}
	/* shape_rings drew one; a shape of 1/1000 of its spans is missed that often with a chance of e^-100 */
	for (int i = 0; i < TRIES; i++)
		if (try_draw(s, r, &p))
			return p;
	return s->inside;
}
