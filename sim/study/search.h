/*
 * search - the cheapest setting that meets all targets: bisection on common random numbers, with the path it took.
 *
 * A line is the settings of one factor from the cheapest to the dearest, everything else alike.  Its ends are looked at first; when
 * the dearest meets the targets and the cheapest does not, the setting halfway between the dearest that is known not to do
 * and the cheapest that is known to do is looked at, until the two are neighbours.
 *
 * A setting is looked at after a fixed number of replications, or, with replications="auto", after the floor, twice, four times
 * ... as many up to the ceiling, until every target is met or one is missed.  Looking k times gives chance k occasions: the
 * intervals are of confidence 1 - (1 - level) / k (Bonferroni), so that all k hold at `level'.  What is undecided at
 * the ceiling counts as not met.  A setting meets its targets when it meets every one: no further correction is needed
 * for their number (an intersection-union test; Berger, Technometrics 24 (1982)).
 *
 * Bisection is right where dearer never is worse.  That is tested on the path: where a response is worse at the dearer of two
 * neighbouring settings (paired differences, Holm over all of the line), the line says so.
 */
#ifndef SIM_STUDY_SEARCH_H
#define SIM_STUDY_SEARCH_H

#include "sim/study/outcome.h"
#include "sim/study/trials.h"

struct search_step {
	size_t           place;         /* on the line, 0 the cheapest */
	uint64_t         point;
	size_t           replications;
	struct interval *values;        /* per response, at the level of the looks */
	enum verdict    *verdicts;      /* per response; VERDICT_NONE: it has no target */
	enum verdict     verdict;       /* of them all */
	const char      *failure;       /* NULL: nothing failed */
};

/* A response that is worse at the dearer setting. */
struct search_break { size_t response, cheap, dear; /* steps */ struct contrast contrast; double p_holm; };

enum search_end {
	SEARCH_FOUND,           /* answer meets the targets, below is its neighbour that does not */
	SEARCH_CHEAPEST,        /* the cheapest of all meets them */
	SEARCH_NONE,            /* the dearest does not */
	SEARCH_STOPPED,
};

struct search_line {
	const uint64_t      *points; size_t n;          /* given: from the cheapest to the dearest */
	struct search_step  *steps;  size_t n_steps, cap_steps;         /* in the order in which they were looked at */
	enum search_end      end;
	size_t               answer, below;             /* steps; SIZE_MAX: none */
	struct search_break *breaks; size_t n_breaks;
	bool                 contradicted;      /* a dearer setting does not meet what a cheaper one does */
	/* while it is searched */
	size_t               lo, hi, open;              /* places; open: the first step that is not decided */
	int                  phase;
};

/* The lines of a plan: its points by the combination of the other factors, each from the cheapest setting to the dearest.  In the
 * arena; NULL: memory is short. */
struct search_line *search_lines(const struct study *st, struct arena *a, size_t *n);

enum { SEARCH_LOOKS_MAX = 24 };
/* After how many replications a setting is looked at; returns how often.  *level: of the intervals. */
size_t search_looks(const struct study *st, size_t looks[SEARCH_LOOKS_MAX], double *level);

/* All lines at once.  Steps live in the arena.  false: memory is short, or the trials came to an end; lines that have no answer
 * yet are SEARCH_STOPPED. */
bool search_run(const struct study *st, const struct trials *t, struct search_line *lines, size_t n, struct arena *a);

/* The estimate of a response: of its mean or its quantile. */
struct interval search_interval(const struct response *r, const double *v, size_t n, double level);

#endif
