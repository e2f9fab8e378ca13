#include "sim/study/scoring.h"

#include <math.h>

double score_share(double value, double benchmark, enum better better)
{
	if (!(value >= 0) || !(benchmark > 0) || better == BETTER_UNSTATED)
		return NAN;
	if (better == BETTER_LESS)
		return value > 0 ? 100 * benchmark / value : INFINITY;
	return 100 * value / benchmark;
}

unsigned score_points(double share)
{
	static const double edges[POINTS_MOST - 1] = { 33, 66, 95 };
	const double rounding = 1e-12;
	unsigned points = 1;

	if (!(share >= 0))
		return 0;
	for (unsigned i = 0; i < POINTS_MOST - 1; i++)
		points += share >= edges[i] * (1 - rounding);
	return points;
}

struct points score_interval(struct interval value, double benchmark, enum better better)
{
	unsigned at = score_points(score_share(value.mean, benchmark, better));
	unsigned a = score_points(score_share(value.low, benchmark, better));
	unsigned b = score_points(score_share(value.high, benchmark, better));

	if (at == 0 || a == 0 || b == 0)
		return (struct points){ at, at, at };
	return better == BETTER_LESS ? (struct points){ b, at, a } : (struct points){ a, at, b };
}

void group_add(struct group_score *g, struct points p)
{
	g->reported++;
	g->scored += p.at > 0;
	g->low += p.low;
	g->at += p.at;
	g->high += p.high;
}

double group_percent(unsigned points, size_t scored)
{
	return scored ? 100.0 * points / (POINTS_MOST * (double)scored) : NAN;
}

double saidi_minutes(double saifi, double caidi_minutes)
{
	return saifi * caidi_minutes;
}
