/*
 * placement - which k of n candidate sites to choose: greedily, then by annealing.
 *
 * A set of sites is a point of the study, bit i of its number the i-th candidate, and is worth the mean of a response over the
 * same replications from the same seed for every set, so that sets differ by their sites alone.
 *
 * Greedy: the site that adds most, k times, every other one looked at each time (ties: the first in the file).  For what has
 * diminishing returns, as coverage has, it comes to at least 1 - 1/e of the best from nothing (Nemhauser, Wolsey and Fisher,
 * Math. Programming 14 (1978)).  Annealing (GSL's gsl_siman) then swaps a chosen site for another, from a fixed seed, at
 * most `evaluations' sets that nobody has looked at yet; the better of the two is the answer, so that it never is worse.
 * Who chooses the best of many by some replications flatters it: what is said of the answer in the end is of as many
 * replications again that nothing was chosen by.
 */
#ifndef SIM_STUDY_PLACEMENT_H
#define SIM_STUDY_PLACEMENT_H

#include "sim/study/trials.h"

struct placement_set { uint64_t sites; double value; };         /* value: the mean; NaN: nothing was counted */

/* What a round of the greedy choice found. */
struct placement_step {
	size_t          site;           /* that was added */
	uint64_t        sites;          /* that are there now */
	struct interval value;          /* of the response */
	struct contrast gain;           /* by that site, paired; NaN for the first */
	size_t          second;         /* the next best; SIZE_MAX: there was no other */
	double          second_value;
};

struct placement_result {
	size_t                 replications;    /* of each set */
	struct placement_step *steps;           /* choose of them */
	struct placement_set   greedy, best;
	/* of replications that nothing was chosen by: */
	struct interval        greedy_interval, best_interval;
	struct contrast        improvement;     /* of best over greedy; NaN where they are the same */
	struct interval       *responses;       /* of all responses, at best */
	size_t                 evaluated;       /* sets in all */
	size_t                 by_greedy, by_annealing;
	struct placement_set  *seen;            /* evaluated of them, in their order */
};

/* In the arena.  NULL: memory is short, or the trials came to an end. */
struct placement_result *placement_run(const struct study *st, const struct trials *t, struct arena *a);

/* Replications of each set: the study's number, of auto its floor. */
size_t placement_replications(const struct study *st);

#endif
