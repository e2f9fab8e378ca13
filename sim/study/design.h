/*
 * design - where in the space of factors a study looks.
 *
 * A design is a table of places, one row a point, one column an axis, each in [0, 1).  An axis of n levels has level
 * floor(place * n); an axis of none is continuous.  Everything follows from the arguments alone.
 */
#ifndef SIM_STUDY_DESIGN_H
#define SIM_STUDY_DESIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/arena.h"

enum design {
	DESIGN_LIST,            /* points that the study names: no table is made */
	DESIGN_FACTORIAL,       /* every combination of levels, the first factor slowest */
	DESIGN_STAR,            /* the base, then one factor at a time away from it, factors and levels in their order */
	DESIGN_LATIN,           /* Latin hypercube (McKay, Beckman and Conover 1979): each axis divided into as many strata as points, each
	                         * hit once at a random place; every level of an axis is hit equally often, or once more than another */
	DESIGN_SOBOL,           /* Sobol's low-discrepancy sequence (GSL's: Bratley and Fox 1988), its first (all-zero) point left out */
	DESIGN_SALTELLI,        /* for Sobol indices: rows of A, of B, then A with column i of B, for each i; A and B are the halves of
	                         * one Sobol sequence (Saltelli et al. 2010) */
};

struct axis { size_t levels; double base; };    /* levels: 0 continuous; base: place of the star's centre, its level that counts */

/* GSL's Sobol sequence has 40 dimensions, of which a SALTELLI design takes two for each axis.  Other designs have any number of axes. */
enum { DESIGN_POINTS_MAX = 1000000, DESIGN_AXES_MAX = 40 };

/* The table of a design, in the arena; *n_points rows.  Levels have the place of their middle, except where they are sampled.
 * samples: rows of LATIN and SOBOL, rows of A of SALTELLI; seed: of LATIN; neither of the others.  Without axes a FACTORIAL and a
 * STAR have one point.  NULL: *why says what is wrong (a continuous axis in a factorial or star, too many points or axes, nothing
 * to sample, memory), to be read after "the design". */
double *design_table(enum design kind, const struct axis *axes, size_t n_axes, size_t samples, uint64_t seed, struct arena *a,
		     size_t *n_points, const char **why);

static inline size_t design_level(double place, size_t levels)
{
	size_t level = (size_t)(place * (double)levels);

	return level < levels ? level : levels - 1;
}
/* The place of a level's middle. */
static inline double design_place(size_t level, size_t levels)
{
	return ((double)level + 0.5) / (double)levels;
}

/*
 * Constraints: `gateways >= 6 and (adr = on or not traffic = double)`.  Comparisons (= != < <= > >=, also the signs of mathematics)
 * of a factor with a value or another factor, on either side, joined by not, and, or (which bind in this order), and parentheses.
 * A bare word that names a factor is that factor; a value in quotes, single or double, never is, and may hold blanks and anything
 * else.  Numbers are compared where both sides are numbers, alike to a billionth; else texts are the same or not.
 */
enum { CONSTRAINT_LENGTH_MAX = 4096, CONSTRAINT_DEPTH_MAX = 64 };       /* bytes; parentheses and nots within each other */
struct constraint;
/* A factor as a constraint sees it: numbers are parsed by the caller's function, so that `6h` is known as such. */
struct constraint_names {
	void *ctx;
	size_t (*factor)(void *ctx, const char *name, size_t length);                     /* SIZE_MAX: there is none */
	bool (*number)(void *ctx, size_t factor, const char *text, double *number);        /* false: not a number of that factor */
	bool (*numeric)(void *ctx, size_t factor);              /* whether its levels are numbers; names have no order, < is refused */
};
/* In the arena.  NULL: why (size bytes) tells what was not understood, and where: `"gateways > = 6": a value is missing after ">"
 * (column 10)`, columns being characters from 1. */
struct constraint *constraint_parse(const char *text, const struct constraint_names *names, struct arena *a, char *why, size_t size);
/* Whether a point satisfies it; number(ctx, factor) NaN: the factor's text counts, and has no order with anything. */
struct constraint_values { void *ctx; double (*number)(void *ctx, size_t factor); const char *(*text)(void *ctx, size_t factor); };
bool constraint_holds(const struct constraint *c, const struct constraint_values *values);

#endif
