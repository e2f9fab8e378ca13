#include "sim/study/design.h"

#include <math.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>

#include "sim/kernel/rng.h"

#define TOO_MANY "makes more than 1000000 points"
_Static_assert(DESIGN_POINTS_MAX == 1000000, "TOO_MANY names the limit");
_Static_assert(DESIGN_AXES_MAX == 40, "the reasons below name the limit");

/* What a table is made from, and where it goes. */
struct plan {
	const struct axis *axes;
	size_t k;               /* axes */
	size_t samples;
	uint64_t seed;
	size_t rows;
	double *at;             /* rows of k places */
	struct arena *arena;
};

static const char *levels_are_finite(const struct plan *p)
{
	for (size_t i = 0; i < p->k; i++)
		if (p->axes[i].levels == 0)
			return "varies a range without steps, of which it cannot take every level (say how many steps, or take a "
			       "latin or sobol design)";
	return NULL;
}

static const char *factorial_size(struct plan *p)
{
	const char *why = levels_are_finite(p);

	p->rows = 1;
	for (size_t i = 0; !why && i < p->k; i++) {
		if (p->axes[i].levels > DESIGN_POINTS_MAX / p->rows)
			why = TOO_MANY;
		p->rows *= p->axes[i].levels;
	}
	return why;
}

static void factorial_fill(struct plan *p)
{
	for (size_t row = 0; row < p->rows; row++) {
		size_t rest = row;
		for (size_t i = p->k; i-- > 0;) {
			size_t levels = p->axes[i].levels;
			p->at[row * p->k + i] = design_place(rest % levels, levels);
			rest /= levels;
		}
	}
}

static const char *star_size(struct plan *p)
{
	const char *why = levels_are_finite(p);

	p->rows = 1;
	for (size_t i = 0; !why && i < p->k; i++) {
		if (p->axes[i].levels - 1 > DESIGN_POINTS_MAX - p->rows)
			why = TOO_MANY;
		p->rows += p->axes[i].levels - 1;
	}
	return why;
}

static void star_fill(struct plan *p)
{
	double *row = p->at;

	for (size_t n = 0; n < p->rows; n++)
		for (size_t i = 0; i < p->k; i++) {
			const struct axis *x = &p->axes[i];
			p->at[n * p->k + i] = design_place(design_level(x->base, x->levels), x->levels);
		}
	for (size_t i = 0; i < p->k; i++) {
		size_t levels = p->axes[i].levels, base = design_level(p->axes[i].base, levels);
		for (size_t level = 0; level < levels; level++)
			if (level != base) {
				row += p->k;
				row[i] = design_place(level, levels);
			}
	}
}

static const char *sample_size(struct plan *p)
{
	p->rows = p->samples;
	if (p->k == 0)
		return "samples nothing: it has no factor";
	if (p->samples == 0)
		return "samples nothing: it wants a point at least";
	return p->samples > DESIGN_POINTS_MAX ? TOO_MANY : NULL;
}

/* Each axis has streams of its own, so that adding one leaves the others as they were. */
static void latin_fill(struct plan *p)
{
	static const uint32_t order = RNG_PURPOSE('l', 'h', 's', 'o'), within = RNG_PURPOSE('l', 'h', 's', 'u');
	uint64_t key = rng_key(p->seed, 0);

	for (size_t i = 0; i < p->k; i++) {
		struct rng shuffle = rng_stream(key, order, i, 0), place = rng_stream(key, within, i, 0);
		double *col = p->at + i, u = rng_uniform(&place);

		/* Fisher and Yates, from the inside: the strata in a random order. */
		for (size_t n = 0; n < p->rows; n++) {
			size_t other = rng_below(&shuffle, (uint32_t)n + 1);
			col[n * p->k] = col[other * p->k];
			col[other * p->k] = (double)n;
		}
		/* Levels: the same place in every stratum is a systematic sample, which hits each level equally often, or
		 * once more than another; places drawn one by one could leave out a level. */
		for (size_t n = 0; n < p->rows; n++) {
			double x = (col[n * p->k] + u) / (double)p->rows;
			col[n * p->k] = x < 1 ? x : nextafter(1, 0);
			if (p->axes[i].levels == 0)
				u = rng_uniform(&place);
		}
	}
}

static const char *sobol_size(struct plan *p)
{
	return p->k > DESIGN_AXES_MAX ? "has more than 40 factors, for which there is no Sobol sequence" : sample_size(p);
}

/* Sobol's sequence in so many dimensions, its state in the arena: gsl_qrng_alloc would end the program where memory is short.
 * GSL begins after the all-zero point, at (1/2, ..., 1/2).  false: memory is short. */
static bool sequence_begin(gsl_qrng *q, size_t dimension, struct arena *a)
{
	*q = (gsl_qrng){ gsl_qrng_sobol, (unsigned)dimension, gsl_qrng_sobol->state_size((unsigned)dimension), NULL };
	q->state = arena_alloc(a, 1, q->state_size);
	return q->state && q->type->init_state(q->state, q->dimension) == GSL_SUCCESS;
}

static bool sobol_fill(struct plan *p)
{
	gsl_qrng q;

	if (!sequence_begin(&q, p->k, p->arena))
		return false;
	for (size_t n = 0; n < p->rows; n++)
		gsl_qrng_get(&q, p->at + n * p->k);
	return true;
}

static const char *saltelli_size(struct plan *p)
{
	const char *why = sample_size(p);

	if (p->k > DESIGN_AXES_MAX / 2)
		return "has more than 20 factors, for which there is no Sobol sequence of two matrices";
	if (!why && p->samples > DESIGN_POINTS_MAX / (p->k + 2))
		why = TOO_MANY;
	p->rows = why ? 0 : p->samples * (p->k + 2);
	return why;
}

/* A row of the sequence is one of A and, in its other half, one of B. */
static bool saltelli_fill(struct plan *p)
{
	size_t n = p->samples, k = p->k;
	double both[DESIGN_AXES_MAX];
	gsl_qrng q;

	if (!sequence_begin(&q, 2 * k, p->arena))
		return false;
	for (size_t row = 0; row < n; row++) {
		gsl_qrng_get(&q, both);
		for (size_t i = 0; i < k; i++) {
			p->at[row * k + i] = both[i];
			p->at[(n + row) * k + i] = both[k + i];
			for (size_t of = 0; of < k; of++)
				p->at[((2 + of) * n + row) * k + i] = both[of == i ? k + i : i];
		}
	}
	return true;
}

static const char *plan_size(enum design kind, struct plan *p)
{
	switch (kind) {
	case DESIGN_FACTORIAL: return factorial_size(p);
	case DESIGN_STAR: return star_size(p);
	case DESIGN_LATIN: return sample_size(p);
	case DESIGN_SOBOL: return sobol_size(p);
	case DESIGN_SALTELLI: return saltelli_size(p);
	case DESIGN_LIST: break;
	}
	return "is a list: its points are named one by one";
}

static bool plan_fill(enum design kind, struct plan *p)
{
	switch (kind) {
	case DESIGN_FACTORIAL: factorial_fill(p); return true;
	case DESIGN_STAR: star_fill(p); return true;
	case DESIGN_LATIN: latin_fill(p); return true;
	case DESIGN_SOBOL: return sobol_fill(p);
	case DESIGN_SALTELLI: return saltelli_fill(p);
	case DESIGN_LIST: break;
	}
	return false;
}

double *design_table(enum design kind, const struct axis *axes, size_t n_axes, size_t samples, uint64_t seed, struct arena *a,
		     size_t *n_points, const char **why)
{
	struct plan p = { .axes = axes, .k = n_axes, .samples = samples, .seed = seed, .arena = a };

	*n_points = 0;
	*why = plan_size(kind, &p);
	if (*why)
		return NULL;
	p.at = arena_alloc(a, p.rows, n_axes * sizeof *p.at);
	if (!p.at || !plan_fill(kind, &p)) {
		*why = "does not fit in memory";
		return NULL;
	}
	*n_points = p.rows;
	return p.at;
}
