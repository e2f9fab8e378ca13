#include "models/radio/shadowing.h"

#include <gsl/gsl_fft_complex.h>
#include <math.h>
#include <stdlib.h>

/* Points of the torus a side, and to a correlation distance: 64 correlation distances around. */
enum { SIDE = 512, STEPS = 8, SCALE = 4096 };
static const uint32_t PURPOSE_FIELD = RNG_PURPOSE('s', 'h', 'f', 'd');
static const uint32_t PURPOSE_LINK = RNG_PURPOSE('s', 'h', 'l', 'k');

struct shadowing {
	uint64_t key;
	double   step, per_step;        /* m, and its inverse */
	double   own, common;           /* weights */
	int16_t *field[2];              /* in 1/4096, so that both stay in a cache; NULL: independent links */
};

/* Rows become columns, a tile of 16 x 16 at a time. */
static void transpose(double *z)
{
	enum { TILE = 16 };

	for (size_t j = 0; j < SIDE; j += TILE)
		for (size_t i = 0; i <= j; i += TILE)
			for (size_t y = j; y < j + TILE; y++)
				for (size_t x = i; x < i + TILE && x < y; x++) {
					double *a = z + 2 * (y * SIDE + x), *b = z + 2 * (x * SIDE + y);
					double re = a[0], im = a[1];
					a[0] = b[0];
					a[1] = b[1];
					b[0] = re;
					b[1] = im;
				}
}

/* Two-dimensional transform in place: rows, then columns, as rows too, since a stride of 8 KiB finds nothing in a cache. */
static void transform(double *z)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < SIDE; i++)
			gsl_fft_complex_radix2_forward(z + 2 * i * SIDE, 1, SIDE);
		transpose(z);
	}
}

static int16_t fixed(double x)
{
	return (int16_t)lrint(fmax(-7.9, fmin(7.9, x)) * SCALE);
}

double *shadowing_spectrum(void)
{
	double *z = malloc(2 * SIDE * SIDE * sizeof *z), *lambda = malloc(SIDE * SIDE * sizeof *lambda);

	for (int j = 0; z && lambda && j < SIDE; j++)
		for (int i = 0; i < SIDE; i++) {
			double dx = i < SIDE / 2 ? i : SIDE - i, dy = j < SIDE / 2 ? j : SIDE - j;
			z[2 * (j * SIDE + i)] = exp(-hypot(dx, dy) / STEPS);
			z[2 * (j * SIDE + i) + 1] = 0;
		}
	if (z && lambda) {
		transform(z);
		for (size_t k = 0; k < SIDE * SIDE; k++)
			lambda[k] = sqrt(fmax(z[2 * k], 0) / (SIDE * SIDE));
	}
	if (!z) {
		free(lambda);
		lambda = NULL;
	}
	free(z);
	return lambda;
}

/* Both fields from one transform. */
static void synthesise(struct shadowing *sh, const double *lambda, double *z)
{
	struct rng r = rng_stream(sh->key, PURPOSE_FIELD, 0, 0);

	for (size_t k = 0; k < SIDE * SIDE; k++) {
		double u = rng_uniform(&r), v = 2 * M_PI * rng_uniform(&r), radius = lambda[k] * sqrt(-2 * log(u));
		z[2 * k] = radius * cos(v);
		z[2 * k + 1] = radius * sin(v);
	}
	transform(z);
	for (size_t k = 0; k < SIDE * SIDE; k++) {
		sh->field[0][k] = fixed(z[2 * k]);
		sh->field[1][k] = fixed(z[2 * k + 1]);
	}
}

struct shadowing *shadowing_new(struct sim *s, const double *spectrum, double correlation_distance, double rho)
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
	sh->per_step = 1 / sh->step;
	sh->field[0] = sim_alloc(s, SIDE * SIDE, sizeof **sh->field);
	sh->field[1] = sim_alloc(s, SIDE * SIDE, sizeof **sh->field);
	double *z = malloc(2 * SIDE * SIDE * sizeof *z);
	if (z && sh->field[0] && sh->field[1])
		synthesise(sh, spectrum, z);
	else
		sim_fail(s, SIM_E_NOMEM, "out of memory for the shadowing fields");
	free(z);
	return s->status == SIM_OK ? sh : NULL;
}

/* Value of a field at lattice coordinates: that of the nearest point.  It has the right variance everywhere; rounding adds
 * 0.1 % to the correlation of places further apart than a step, and what lies within one step shares its shadow. */
static inline double look(const int16_t *f, double x, double y)
{
	/* far from zero, so that the conversion's truncation rounds down; SIDE divides the shift */
	const double shift = 1048576.0 * SIDE + 0.5;
	unsigned i = (unsigned)(int64_t)(x + shift) % SIDE, j = (unsigned)(int64_t)(y + shift) % SIDE;

	return f[j * SIDE + i] * (1.0 / SCALE);
}

/* Where a site looks into its field: shifted, mirrored and turned by its key. */
static double own_value(const struct shadowing *sh, double x, double y, uint64_t site_key)
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
	return look(sh->field[1], x + sx, y + sy);
}

double shadowing_common(const struct shadowing *sh, struct point p, uint64_t device_key)
{
	if (!(sh->common > 0))
		return 0;
	if (!sh->field[0]) {
		struct rng r = rng_stream(sh->key, PURPOSE_LINK, device_key, 0);
		return sh->common * rng_normal(&r);
	}
	return sh->common * look(sh->field[0], p.x * sh->per_step, p.y * sh->per_step);
}

double shadowing_own(const struct shadowing *sh, struct point p, uint64_t device_key, uint64_t site_key)
{
	if (!sh->field[0]) {
		struct rng r = rng_stream(sh->key, PURPOSE_LINK, device_key ^ rng_mix(site_key), 0);
		return sh->own * rng_normal(&r);
	}
	return sh->own * own_value(sh, p.x * sh->per_step, p.y * sh->per_step, site_key);
}
