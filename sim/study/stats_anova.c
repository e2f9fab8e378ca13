/*
 * Functional analysis of variance over a full factorial grid of replicated responses.
 */
#include <stdlib.h>

#include "sim/kernel/rng.h"
#include "sim/study/stats_private.h"

/* The replications that every cell has, one grid of cells after another. */
struct grids {
	const size_t *levels;
	size_t k, cells, n;
	double *y, *parts, *mean, *estimate; /* parts: 1 + 2 k of each grid; mean: room for a grid */
	double square;                       /* mean square of y */
	uint32_t *times;                     /* per replication: how often it was drawn */
};

static size_t cells_of(const size_t *levels, size_t k)
{
	size_t cells = 1;

	for (size_t i = 0; i < k; i++) {
		BUG_ON(NULL, levels[i] == 0);
		cells *= levels[i];
	}
	return cells;
}

static bool whole(const double *y, size_t cells, size_t reps, size_t r)
{
	for (size_t c = 0; c < cells; c++)
		if (isnan(y[c * reps + r]))
			return false;
	return true;
}

static void gather(struct grids *g, const double *y, size_t reps)
{
	for (size_t r = 0; r < reps; r++) {
		if (!whole(y, g->cells, reps, r))
			continue;
		for (size_t c = 0; c < g->cells; c++) {
			double value = y[c * reps + r];
			g->y[g->n * g->cells + c] = value;
			g->square += value * value;
		}
		g->n++;
	}
	g->square /= (double)(g->n * g->cells);
}

static double mean_of(const double *grid, size_t n, size_t stride)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += grid[i * stride];
	return sum / (double)n;
}

/* Variance over the levels of a factor of the mean over the rest.  before, after: cells per digit on either side. */
static double first_part(const double *grid, double mean, size_t before, size_t levels, size_t after)
{
	double sum = 0;

	for (size_t l = 0; l < levels; l++) {
		double at = 0;
		for (size_t o = 0; o < before; o++)
			for (size_t t = 0; t < after; t++)
				at += grid[(o * levels + l) * after + t];
		at = at / (double)(before * after) - mean;
		sum += at * at;
	}
	return sum / (double)levels;
}

/* Mean over the settings of the rest of the variance over the levels of a factor. */
static double total_part(const double *grid, size_t before, size_t levels, size_t after)
{
	double sum = 0;

	for (size_t o = 0; o < before; o++)
		for (size_t t = 0; t < after; t++) {
			const double *line = &grid[o * levels * after + t];
			double mean = mean_of(line, levels, after);
			for (size_t l = 0; l < levels; l++)
				sum += (line[l * after] - mean) * (line[l * after] - mean);
		}
	return sum / (double)(before * levels * after);
}

/* Variances within one grid: the whole, then each factor's first, then each factor's total. */
static void decompose(const struct grids *g, const double *grid, double *part)
{
	double mean = mean_of(grid, g->cells, 1);
	size_t before = 1;

	part[0] = 0;
	for (size_t c = 0; c < g->cells; c++)
		part[0] += (grid[c] - mean) * (grid[c] - mean) / (double)g->cells;
	for (size_t i = 0; i < g->k; i++) {
		size_t after = g->cells / before / g->levels[i];
		part[1 + i] = first_part(grid, mean, before, g->levels[i], after);
		part[1 + g->k + i] = total_part(grid, before, g->levels[i], after);
		before *= g->levels[i];
	}
}

/* The variances over pairs of different replications, each drawn times[r] times: V at out[0], then the shares in it, NaN where
 * it is not above zero. */
static void combine(struct grids *g, double *out, size_t stride)
{
	size_t parts = 1 + 2 * g->k;
	double all = 0, same = 0;

	for (size_t r = 0; r < g->n; r++) {
		all += g->times[r];
		same += (double)g->times[r] * g->times[r];
	}
	for (size_t c = 0; c < g->cells; c++)
		g->mean[c] = 0;
	for (size_t r = 0; r < g->n; r++)
		for (size_t c = 0; c < g->cells && g->times[r] > 0; c++)
			g->mean[c] += g->times[r] * g->y[r * g->cells + c] / all;
	double *part = g->estimate;
	decompose(g, g->mean, part);
	for (size_t p = 0; p < parts && g->n > 1; p++) {
		double own = 0;
		for (size_t r = 0; r < g->n; r++)
			own += (double)g->times[r] * g->times[r] * g->parts[r * parts + p];
		part[p] = all * all > same ? (all * all * part[p] - own) / (all * all - same) : NAN;
	}
	bool varies = part[0] > STATS_DUST * g->square;
	out[0] = part[0];
	for (size_t p = 1; p < parts; p++)
		out[p * stride] = varies ? part[p] / part[0] : NAN;
}

/* The shares of replications drawn anew, one column of draws per part. */
static void resample(struct grids *g, size_t resamples, uint64_t seed, double *draws)
{
	for (size_t b = 0; b < resamples; b++) {
		struct rng rng = rng_stream(rng_key(seed, b), RNG_PURPOSE('b', 'o', 'o', 't'), 0, 0);
		for (size_t r = 0; r < g->n; r++)
			g->times[r] = 0;
		for (size_t r = 0; r < g->n; r++)
			g->times[rng_below(&rng, (uint32_t)g->n)]++;
		combine(g, &draws[b], resamples);
	}
}

static void answer(struct grids *g, size_t resamples, uint64_t seed, double level, double *shares, double *draws,
		   struct sobol_index *out)
{
	size_t k = g->k, parts = 1 + 2 * k, drawn = g->n > 1 ? resamples : 0;

	for (size_t p = 0; p < parts; p++)
		shares[p] = NAN;
	for (size_t r = 0; r < g->n; r++) {
		decompose(g, &g->y[r * g->cells], &g->parts[r * parts]);
		g->times[r] = 1;
	}
	if (g->n > 0)
		combine(g, shares, 1);
	resample(g, drawn, seed, draws);
	bool noise = drawn > 0 && !(stats_percentile(shares[0], draws, drawn, level, g->n).low > 0);
	for (size_t i = 0; i < k; i++) {
		double first = noise ? NAN : shares[1 + i], total = noise ? NAN : shares[1 + k + i];
		size_t kept = isnan(first) ? 0 : drawn;
		out[i].first = stats_percentile(first, &draws[(1 + i) * resamples], kept, level, g->n);
		out[i].total = stats_percentile(total, &draws[(1 + k + i) * resamples], kept, level, g->n);
	}
}

int anova_indices(const double *y, const size_t *levels, size_t k, size_t reps, size_t resamples, uint64_t seed,
		  double level, struct sobol_index *out)
{
	size_t cells = cells_of(levels, k), parts = 1 + 2 * k;
	struct grids g = { .levels = levels, .k = k, .cells = cells };
	double *draws = calloc(parts * resamples + 1, sizeof *draws), *shares = calloc(parts, sizeof *shares);
	int status = -1;

	stats_check_level(level);
	g.y = calloc(cells * reps + 1, sizeof *g.y);
	g.parts = calloc(parts * reps + 1, sizeof *g.parts);
	g.mean = calloc(cells, sizeof *g.mean);
	g.estimate = calloc(parts, sizeof *g.estimate);
	g.times = calloc(reps + 1, sizeof *g.times);
	if (draws && shares && g.y && g.parts && g.mean && g.estimate && g.times) {
		gather(&g, y, reps);
		answer(&g, resamples, seed, level, shares, draws, out);
		status = 0;
	}
	free(draws);
	free(shares);
	free(g.y);
	free(g.parts);
	free(g.mean);
	free(g.estimate);
	free(g.times);
	return status;
}

struct interval main_effect(const double *y, const size_t *levels, size_t k, size_t reps, size_t factor, size_t at,
			    double level)
{
	size_t cells = cells_of(levels, k), after = 1;
	struct tally t = { 0 };

	stats_check_level(level);
	BUG_ON(NULL, factor >= k || at >= levels[factor]);
	size_t of_level = cells / levels[factor];
	for (size_t i = factor + 1; i < k; i++)
		after *= levels[i];
	for (size_t r = 0; r < reps; r++) {
		double sum = 0;
		for (size_t c = 0; c < cells; c++)
			if (c / after % levels[factor] == at)
				sum += y[c * reps + r];
		if (!isnan(sum))
			tally_add(&t, sum / (double)of_level);
	}
	return stats_student(&t, level);
}
