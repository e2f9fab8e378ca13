/*
 * indicators - what a city is measured by: the key performance indicators of U4SSC (Recommendation ITU-T Y.4903/L.1603) as data.
 *
 * Three dimensions hold seven sub-dimensions; 22 categories cut across them ("Water and sanitation" has indicators of three
 * sub-dimensions).  A code tells all of that: `EC: ICT: WS: 1C` is of the economy, of its ICT, of water and sanitation,
 * the first, core (A: advanced).  Where one indicator has several values, a dash and the value's name follow
 * (`EC: ICT: ICT: 4C - 3G`).
 *
 * Where each part of a row was found is told by marks:
 *	V	read in the source, which the row names
 *	V2	read in a secondary source
 *	ours	nobody states it; chosen here, and the row's text or the report's method section says how
 *	M	remembered and not verified: the report says so
 */
#ifndef SIM_STUDY_INDICATORS_H
#define SIM_STUDY_INDICATORS_H

#include <stdbool.h>
#include <stddef.h>

enum mark { MARK_NONE, MARK_READ, MARK_SECOND, MARK_OURS, MARK_MEMORY };
const char *mark_text(enum mark m);     /* "V", "V2", "ours", "M"; "" of MARK_NONE */

enum better { BETTER_MORE, BETTER_LESS, BETTER_UNSTATED };

struct indicator {
	const char *code, *name;
	const char *unit;               /* "%"; "/100k": per 100 000 inhabitants; "/yr"; "min"; "1": a number; others as written */
	enum better better;
	double      benchmark;          /* 100 % of target, in the unit; NaN: none, the indicator is not scored */
	double      most;               /* no value is above it (100 of a share); NaN: open */
	const char *numerator, *denominator;    /* the formula in words; NULL: none known */
	const char *sdg;                /* SDG targets, separated by blanks ("6.1 6.4"); NULL: none known */
	enum mark   code_mark, formula_mark, benchmark_mark, sdg_mark;
	/* UV: U4SSC KPIs Verification Manual (ITU 2022), with its pages; UC: Collection Methodology (ITU 2017); UF: factsheets
	 * and verification reports; UP: an open platform of Norwegian cities; KT: taxonomy of the Norwegian municipalities
	 * (github Arkitektum/b-rekraftsindikatorer @c6e9c9902a) */
	const char *source;
};

extern const struct indicator indicators[];
extern const size_t n_indicators;

/* The row of a code, blanks aside; NULL: none.  nearest: a code that is written nearly so, or NULL. */
const struct indicator *indicator_find(const char *code);
const char *indicator_nearest(const char *code);

/* Where a code stands; key: as in the codes. */
struct indicator_group { const char *key, *name; };
enum { DIMENSIONS = 3, SUB_DIMENSIONS = 7, CATEGORIES = 22 };
extern const struct indicator_group dimensions[DIMENSIONS], sub_dimensions[SUB_DIMENSIONS], categories[CATEGORIES];

/* Places in those tables, -1: the code is not of the form above.  core: what its last letter says. */
struct indicator_place { int dimension, sub_dimension, category; bool core; };
struct indicator_place indicator_place(const char *code);

/* What a target of the Sustainable Development Goals is about, in a few words; NULL: not of one that the table names. */
const char *sdg_title(const char *target);

/* What verifiers look for (UV): a finding where `less` is above `more`. */
struct plausibility { const char *less, *more, *finding, *source; };
extern const struct plausibility plausibilities[];
extern const size_t n_plausibilities;

#endif
