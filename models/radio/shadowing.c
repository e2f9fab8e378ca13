#include "models/radio/shadowing.h"

#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <stdlib.h>

/* Points of the torus a side, and to a correlation distance: 64 correlation distances around, and a covariance that
 * bilinear interpolation keeps within 1 % (its variance is set right exactly). */
enum { SIDE = 512, STEPS = 8 };
static const uint32_t PURPOSE_FIELD = RNG_PURPOSE('s', 'h', 'f', 'd');
static const uint32_t PURPOSE_REST = RNG_PURPOSE('s', 'h', 'r', 's');
static const uint32_t PURPOSE_LINK = RNG_PURPOSE('s', 'h', 'l', 'k');

struct shadowing {
	uint64_t key;
	double   step, own, common;     /* m; weights */
	double   near, diagonal;        /* correlation of neighbours on the lattice */
	float   *field[2];              /* NULL: independent links */
};

/* Two-dimensional transform in place, rows then columns. */
static void transform(double *z)
{
	for (size_t i = 0; i < SIDE; i++)
		gsl_fft_complex_radix2_forward(z + 2 * i * SIDE, 1, SIDE);
	for (size_t i = 0; i < SIDE; i++)
		gsl_fft_complex_radix2_forward(z + 2 * i, SIDE, SIDE);
}

/* Eigenvalues of the circulant covariance, and with them both fields from one transform. */
static void synthesise(struct shadowing *sh, double *z, double *lambda)
{
	struct rng r = rng_stream(sh->key, PURPOSE_FIELD, 0, 0);

	for (int j = 0; j < SIDE; j++)
		for (int i = 0; i < SIDE; i++) {
			double dx = i < SIDE / 2 ? i : SIDE - i, dy = j < SIDE / 2 ? j : SIDE - j;
			z[2 * (j * SIDE + i)] = exp(-hypot(dx, dy) / STEPS);
			z[2 * (j * SIDE + i) + 1] = 0;
		}
	transform(z);
	for (size_t k = 0; k < SIDE * SIDE; k++)
		lambda[k] = sqrt(fmax(z[2 * k], 0) / (SIDE * SIDE));
	for (size_t k = 0; k < SIDE * SIDE; k++) {
		double u = rng_uniform(&r), v = 2 * M_PI * rng_uniform(&r), radius = lambda[k] * sqrt(-2 * log(u));
		z[2 * k] = radius * cos(v);
		z[2 * k + 1] = radius * sin(v);
	}
	transform(z);
	for (size_t k = 0; k < SIDE * SIDE; k++) {
		sh->field[0][k] = (float)z[2 * k];
		sh->field[1][k] = (float)z[2 * k + 1];
	}
}

struct shadowing *shadowing_new(struct sim *s, double correlation_distance, double rho)
{
	struct shadowing *sh = sim_alloc(s, 1, sizeof *sh);

	if (!sh)
		return NULL;
	sh->key = s->key;
	sh->own = sqrt(1 - rho);
	sh->common = sqrt(rho);
	if (!(correlation_distance > 0))
		return sh;
	sh->step = correlation_distance / STEPS;
	sh->near = exp(-1.0 / STEPS);
	sh->diagonal = exp(-M_SQRT2 / STEPS);
	sh->field[0] = sim_alloc(s, SIDE * SIDE, sizeof **sh->field);
	sh->field[1] = sim_alloc(s, SIDE * SIDE, sizeof **sh->field);
	double *z = malloc(2 * SIDE * SIDE * sizeof *z), *lambda = malloc(SIDE * SIDE * sizeof *lambda);
	if (z && lambda && sh->field[0] && sh->field[1])
		synthesise(sh, z, lambda);
	else
		sim_fail(s, SIM_E_NOMEM, "out of memory for the shadowing fields");
	free(z);
	free(lambda);
	return s->status == SIM_OK ? sh : NULL;
}

/* Value of a field at lattice coordinates, between four points.  What the mean of four lacks of unit variance is added as
 * noise of the link's own (subject): dividing by its spread instead would raise the correlation with every place further
 * away, by 8 % here. */
static double look(const struct shadowing *sh, const float *f, double x, double y, uint64_t subject)
{
	double fx = floor(x), fy = floor(y), u = x - fx, v = y - fy;
	unsigned i = (unsigned)(int64_t)fx % SIDE, j = (unsigned)(int64_t)fy % SIDE;
	unsigned i1 = (i + 1) % SIDE, j1 = (j + 1) % SIDE;
	double a = (1 - u) * (1 - v), b = u * (1 - v), c = (1 - u) * v, d = u * v;
	double variance = a * a + b * b + c * c + d * d + 2 * sh->near * (a * b + c * d + a * c + b * d) +
			  2 * sh->diagonal * (a * d + b * c);
	double value = a * (double)f[j * SIDE + i] + b * (double)f[j * SIDE + i1] + c * (double)f[j1 * SIDE + i] +
		       d * (double)f[j1 * SIDE + i1];

	struct rng rest = rng_stream(sh->key, PURPOSE_REST, subject, 0);

	return value + sqrt(fmax(0, 1 - variance)) * rng_normal(&rest);
}

/* Where a site looks into its field: shifted, mirrored and turned by its key. */
static double own_value(const struct shadowing *sh, double x, double y, uint64_t device_key, uint64_t site_key)
{
	uint64_t h = rng_mix(site_key ^ sh->key);
	double sx = (double)(h & 0xffff) * (SIDE / 65536.0), sy = (double)(h >> 16 & 0xffff) * (SIDE / 65536.0);

	if (h >> 32 & 1) {
		double t = x;
		x = y;
		y = t;
	}
	if (h >> 33 & 1)
		x = -x;
	if (h >> 34 & 1)
		y = -y;
	return look(sh, sh->field[1], x + sx, y + sy, device_key ^ rng_mix(site_key));
}

double shadowing_at(const struct shadowing *sh, struct point p, uint64_t device_key, uint64_t site_key)
{
	if (!sh->field[0]) {
		struct rng own = rng_stream(sh->key, PURPOSE_LINK, device_key ^ rng_mix(site_key), 0);
		struct rng common = rng_stream(sh->key, PURPOSE_LINK, device_key, 0);
		return sh->own * rng_normal(&own) + (sh->common > 0 ? sh->common * rng_normal(&common) : 0);
	}
	double x = p.x / sh->step, y = p.y / sh->step;
	return sh->own * own_value(sh, x, y, device_key, site_key) +
	       (sh->common > 0 ? sh->common * look(sh, sh->field[0], x, y, device_key) : 0);
}
