/* Areas of the plane: membership against a count over all edges, areas by hand, draws. */
#include "tests/unit/city/place.h"

#include <gsl/gsl_cdf.h>

#include "models/city/shape.h"

static struct ring ring_of(const struct point *at, size_t n, bool hole)
{
	struct ring r = { n, malloc(n * sizeof *at), hole };

	assert_non_null(r.at);
	memcpy(r.at, at, n * sizeof *at);
	return r;
}

static bool make(struct shape *s, const struct ring *rings, size_t n)
{
	struct ring *own = malloc(n * sizeof *own);

	assert_non_null(own);
	memcpy(own, rings, n * sizeof *own);
	return shape_rings(s, own, n);
}

/* A star of many corners around a centre: simple, and not convex. */
static struct ring star(struct rng *r, size_t corners, double x, double y, double least, double most, bool hole)
{
	struct ring ring = { corners, malloc(corners * sizeof *ring.at), hole };

	assert_non_null(ring.at);
	for (size_t i = 0; i < corners; i++) {
		double far = least + (most - least) * rng_uniform(r), angle = 2 * M_PI * (double)i / (double)corners;
		ring.at[i] = (struct point){ x + far * cos(angle), y + far * sin(angle) };
	}
	return ring;
}

static bool in_ring(const struct ring *r, struct point p)
{
	bool in = false;

	for (size_t i = 0, j = r->n - 1; i < r->n; j = i++)
		if ((r->at[i].y > p.y) != (r->at[j].y > p.y) &&
		    p.x < (r->at[j].x - r->at[i].x) * (p.y - r->at[i].y) / (r->at[j].y - r->at[i].y) + r->at[i].x)
			in = !in;
	return in;
}

static void membership_is_that_of_a_count_over_all_edges(void **state)
{
	struct rng r = rng_stream(1, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);
	struct ring rings[3] = { star(&r, 700, 0, 0, 60, 100, false), star(&r, 300, 5, 5, 20, 40, true),
				 star(&r, 50, 220, 30, 30, 60, false) };
	struct shape s;
	size_t inside = 0;

	(void)state;
	assert_true(make(&s, rings, 3));
	for (int i = 0; i < 100000; i++) {
		struct point p = { -120 + 420 * rng_uniform(&r), -120 + 240 * rng_uniform(&r) };
		bool expect = (in_ring(&s.ring[0], p) && !in_ring(&s.ring[1], p)) || in_ring(&s.ring[2], p);
		assert_int_equal(shape_contains(&s, p), expect);
		inside += expect;
	}
	/* and the area is the share of the points, within 3 standard deviations */
	double share = s.area / (420 * 240.0);
	assert_close((double)inside / 1e5, share, 3 * sqrt(share * (1 - share) / 1e5));
	shape_free(&s);
}

static void corners_and_borders_belong_to_one_of_two_neighbours(void **state)
{
	static const struct point left[] = { { 0, 0 }, { 1, 0 }, { 1, 2 }, { 0, 2 } },
				  right[] = { { 1, 0 }, { 2, 0 }, { 2, 2 }, { 1, 2 } };
	struct ring a = ring_of(left, 4, false), b = ring_of(right, 4, false);
	struct shape s, t;

	(void)state;
	assert_true(make(&s, &a, 1));
	assert_true(make(&t, &b, 1));
	for (int i = 0; i < 200; i++) {
		struct point p = { 1, i * 0.01 };
		assert_int_equal(shape_contains(&s, p) + shape_contains(&t, p), 1);
	}
	assert_false(shape_contains(&s, (struct point){ NAN, 1 }));
	assert_false(shape_contains(&s, (struct point){ INFINITY, 1 }));
	shape_free(&s);
	shape_free(&t);
}

static void area_and_centre_do_not_depend_on_the_direction_of_rings(void **state)
{
	static const struct point outer[] = { { 0, 0 }, { 4, 0 }, { 4, 3 }, { 0, 3 } },
				  back[] = { { 0, 3 }, { 4, 3 }, { 4, 0 }, { 0, 0 } };
	static const struct point hole[] = { { 1, 1 }, { 2, 1 }, { 2, 2 }, { 1, 2 } },
				  hole_back[] = { { 1, 2 }, { 2, 2 }, { 2, 1 }, { 1, 1 } };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct ring rings[2] = { ring_of(i & 1 ? back : outer, 4, false),
					 ring_of(i & 2 ? hole_back : hole, 4, true) };
		struct shape s;
		assert_true(make(&s, rings, 2));
		assert_close(s.area, 11, 1e-12);
		/* (12 x 2 - 1 x 1.5) / 11, (12 x 1.5 - 1 x 1.5) / 11 */
		assert_close(s.centre.x, 22.5 / 11, 1e-12);
		assert_close(s.centre.y, 1.5, 1e-12);
		assert_false(shape_contains(&s, (struct point){ 1.5, 1.5 }));
		assert_true(shape_contains(&s, (struct point){ 0.5, 1.5 }));
		shape_free(&s);
	}
}

static void where_two_outer_rings_overlap_is_inside(void **state)
{
	static const struct point a[] = { { 0, 0 }, { 2, 0 }, { 2, 2 }, { 0, 2 } },
				  b[] = { { 1, 0 }, { 3, 0 }, { 3, 2 }, { 1, 2 } };
	struct ring rings[2] = { ring_of(a, 4, false), ring_of(b, 4, false) };
	struct shape s;

	(void)state;
	assert_true(make(&s, rings, 2));
	assert_true(shape_contains(&s, (struct point){ 1.5, 1 }));
	assert_true(shape_contains(&s, (struct point){ 0.5, 1 }));
	assert_true(shape_contains(&s, (struct point){ 2.5, 1 }));
	shape_free(&s);
}

static void a_shape_without_area_is_refused(void **state)
{
	static const struct point line[] = { { 0, 0 }, { 1, 1 }, { 2, 2 } }, dot[] = { { 1, 1 }, { 1, 1 }, { 1, 1 } };
	static const struct point square[] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 } };
	struct ring rows[][2] = { { ring_of(line, 3, false), { 0 } },
				  { ring_of(dot, 3, false), { 0 } },
				  { ring_of(square, 4, false), ring_of(square, 4, true) } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct shape s;
		assert_false(make(&s, rows[i], i == 2 ? 2 : 1));
		assert_false(shape_contains(&s, (struct point){ 0.5, 0.5 }));
		shape_free(&s);
	}
}

/* Chi-square over the cells of a grid of `cells` x `cells` over the bounds, with the share of each cell in the shape known
 * from a fine raster; level 99 %. */
static void draws_are_uniform(const struct shape *s, uint64_t seed)
{
	enum { CELLS = 12, FINE = 40 };
	struct rng r = rng_stream(seed, RNG_PURPOSE('t', 'e', 's', 't'), 1, 0);
	double share[CELLS * CELLS] = { 0 }, seen[CELLS * CELLS] = { 0 }, total = 0, chi2 = 0, rest = 0, rest_seen = 0;
	double w = (s->high.x - s->low.x) / CELLS, h = (s->high.y - s->low.y) / CELLS;
	int n = 100000, classes = 0;

	for (int j = 0; j < CELLS * FINE; j++)
		for (int i = 0; i < CELLS * FINE; i++) {
			struct point p = { s->low.x + (i + 0.5) * w / FINE, s->low.y + (j + 0.5) * h / FINE };
			bool in = shape_contains(s, p);
			share[j / FINE * CELLS + i / FINE] += in;
			total += in;
		}
	for (int i = 0; i < n; i++) {
		struct point p = shape_draw(s, &r);
		assert_true(shape_contains(s, p));
		int x = (int)((p.x - s->low.x) / w), y = (int)((p.y - s->low.y) / h);
		seen[(y < CELLS ? y : CELLS - 1) * CELLS + (x < CELLS ? x : CELLS - 1)]++;
	}
	for (int k = 0; k < CELLS * CELLS; k++) {
		double expect = n * share[k] / total;
		if (expect < 100) { /* cells that the shape only touches: the raster does not know them well */
			rest += expect;
			rest_seen += seen[k];
			continue;
		}
		chi2 += (seen[k] - expect) * (seen[k] - expect) / expect;
		classes++;
	}
	if (rest > 100) {
		chi2 += (rest_seen - rest) * (rest_seen - rest) / rest;
		classes++;
	}
	if (classes > 1)
		assert_true(chi2 < gsl_cdf_chisq_Pinv(0.99, classes - 1));
}

static void draws_are_uniform_in_discs_polygons_and_slivers(void **state)
{
	static const struct point sliver[] = { { 0, 0 }, { 1000, 999 }, { 1000, 1000 }, { 0, 1 } };
	struct rng r = rng_stream(3, RNG_PURPOSE('t', 'e', 's', 't'), 0, 0);
	struct ring many[3] = { star(&r, 400, 0, 0, 70, 100, false), star(&r, 100, 5, 5, 20, 40, true),
				star(&r, 50, 220, 30, 30, 60, false) };
	struct ring thin = ring_of(sliver, 4, false);
	struct shape s;

	(void)state;
	shape_disc(&s, (struct point){ 10, -5 }, 3);
	draws_are_uniform(&s, 5);
	shape_free(&s);
	assert_true(make(&s, many, 3));
	draws_are_uniform(&s, 6);
	shape_free(&s);
	assert_true(make(&s, &thin, 1));
	for (int i = 0; i < 100000; i++)
		assert_true(shape_contains(&s, shape_draw(&s, &r)));
	shape_free(&s);
}

static void a_zigzag_of_many_corners_needs_little_memory(void **state)
{
	size_t n = 100000;
	struct ring r = { n, malloc(n * sizeof *r.at), false };
	struct shape s;

	(void)state;
	assert_non_null(r.at);
	/* teeth over the whole height; the last two corners close them far below */
	for (size_t i = 0; i < n - 2; i++)
		r.at[i] = (struct point){ (double)i, i % 2 ? 1000 : 0 };
	r.at[n - 2] = (struct point){ (double)n, -1 };
	r.at[n - 1] = (struct point){ -1, -1 };
	assert_true(make(&s, &r, 1));
	assert_true(s.band[s.n_bands] < 10 * n + 1000);
	assert_true(shape_contains(&s, (struct point){ 1001, 500 }));
	assert_false(shape_contains(&s, (struct point){ 1000, 900 }));
	shape_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(membership_is_that_of_a_count_over_all_edges),
		cmocka_unit_test(corners_and_borders_belong_to_one_of_two_neighbours),
		cmocka_unit_test(area_and_centre_do_not_depend_on_the_direction_of_rings),
		cmocka_unit_test(where_two_outer_rings_overlap_is_inside),
		cmocka_unit_test(a_shape_without_area_is_refused),
		cmocka_unit_test(draws_are_uniform_in_discs_polygons_and_slivers),
		cmocka_unit_test(a_zigzag_of_many_corners_needs_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
