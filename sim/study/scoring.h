/*
 * scoring - points of an indicator and scores of groups, as U4SSC gives them (ITU factsheets: Pully 2020, Mashhad 2021).
 *
 *	share of target	 0-33 %  33-66 %  66-95 %  95 % and more
 *	points		   1       2        3        4
 *	score of a group = sum of the points / (4 n), over the n indicators that are reported and have a benchmark
 *
 * Who owns an edge is not published: here the better side does (33 % gives 2 points), and a share that is on the edge but for
 * rounding (1e-12 of it) is on the edge, so that 19.8 of 60 is 33 % whatever its binary digits.
 *
 * Nor is it published how a share is taken where less is better: here share = benchmark / value, so that a value at its
 * benchmark is at 100 % and one of twice the benchmark at 50 %; no outage at all is beyond every target.
 *
 * Plain functions; NaN in, NaN or no points out.
 */
#ifndef SIM_STUDY_SCORING_H
#define SIM_STUDY_SCORING_H

#include <stddef.h>

#include "sim/study/indicators.h"
#include "sim/study/stats.h"

enum { POINTS_MOST = 4 };

/* The value as a share of its target, in per cent: not cut at 100, infinite for nothing of what should be little.  NaN: the value or
 * the benchmark is missing or not positive, or which way is better is not stated. */
double score_share(double value, double benchmark, enum better better);

/* 1 to 4; 0: not scored. */
unsigned score_points(double share);

/* Points of a value with an interval; low <= at <= high, all 0: not scored.  Without bounds (one replication) all are those of the
 * mean: nothing is known of how sure they are. */
struct points { unsigned low, at, high; };
struct points score_interval(struct interval value, double benchmark, enum better better);

/* A group of indicators.  The bounds are those of all its indicators at once: if each interval holds its value, they hold the
 * score. */
struct group_score {
	size_t   known;                 /* data points that the standard has in the group, and those of the sheet's own */
	size_t   reported, scored;      /* with a value; with points */
	unsigned low, at, high;         /* sums of points */
};
void group_add(struct group_score *g, struct points p);         /* of a reported indicator */
double group_percent(unsigned points, size_t scored);           /* NaN: nothing is scored */

/* Minutes without power per customer and year: SAIDI = SAIFI x CAIDI (IEEE 1366). */
double saidi_minutes(double saifi, double caidi_minutes);

#endif
