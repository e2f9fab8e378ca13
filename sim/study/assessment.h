/*
 * assessment - a city's indicator sheet: what it reports, what simulations say of a plan, and how both score.
 *
 * A sheet has states (as reported, after a plan, ...) and indicators.  The value of an indicator in a state is given as a text
 * with its unit, counted (numerator / denominator), or simulated: a KPI of the state's scenario, times a factor.  A simulated
 * value has an interval, which is carried through to its points and to the score of every group.
 *
 * The sheet is immutable once loaded; the scores point into it and into the outcomes of its states.
 */
#ifndef SIM_STUDY_ASSESSMENT_H
#define SIM_STUDY_ASSESSMENT_H

#include "sim/study/outcome.h"
#include "sim/study/scoring.h"

struct sheet_state {
	const char        *id, *title;
	struct scenario   *scenario;            /* to be simulated; NULL: none */
	const char        *results;             /* record of a finished run (results.sqlite); NULL: none */
	uint64_t           replications;        /* 0: the scenario's */
	bool               seed_given; uint64_t seed;
	bool               used;                /* a value is taken from its simulation */
	size_t             against;             /* the state from which its changes are counted: itself, of the first one */
	const struct node *node;
};

enum value_source { VALUE_ABSENT, VALUE_GIVEN, VALUE_COUNTED, VALUE_SIMULATED };
const char *value_source_name(enum value_source s);     /* "", "given", "counted", "simulated" */

/* What the sheet says of an indicator in a state. */
struct sheet_value {
	enum value_source     source;
	double                value;            /* given or counted, in the indicator's unit */
	const struct kpi_def *kpi;              /* simulated: value = KPI x scale */
	const char           *group;
	double                scale;
	const char           *how;              /* in words; "" of what is given */
	const char           *from;             /* where the sheet has it from; NULL: it does not say */
	const struct node    *node;
};

struct sheet_indicator {
	struct indicator       def;             /* the standard's row, with what the sheet says otherwise */
	bool                   own;             /* of the sheet alone */
	bool                   own_benchmark, own_sdg;
	struct indicator_place place;
	struct sheet_value    *values;          /* one a state */
	const struct node     *node;
};

struct assessment {
	const struct scenario  *doc;            /* owned */
	const char             *id, *title, *description, *city, *country;
	uint64_t                year, population;       /* 0: not told */
	double                  confidence;
	struct sheet_state     *states;     size_t n_states;
	struct sheet_indicator *indicators; size_t n_indicators;
	struct arena           *arena;
};

/* The language of assessments: <assessment> and what it holds. */
extern const struct model_table assessment_language;

/* The record of a finished run that stands for the simulation of a state, from the command line. */
struct state_record { const char *state, *path; };

/* Load a sheet and the scenarios of its states; table: of the scenarios.  NULL after diagnostics in d. */
struct assessment *assessment_load(const char *path, const struct model_table *table, const char *lib_root,
				   const struct state_record *records, size_t n_records, struct diag *d);
/* The same from memory, for tests and fuzzing; paths in it resolve against `base`. */
struct assessment *assessment_parse(const char *text, size_t len, const char *base, const struct model_table *table,
				    const char *lib_root, const struct state_record *records, size_t n_records, struct diag *d);
void assessment_free(struct assessment *a);     /* NULL allowed */

/* A value with the unit of an indicator: `27.27%`, `95424/100k`, `0.4/yr`, `1h30m` where the unit is min, `12 ug/m3`.  false: *why
 * says what is wrong. */
bool indicator_parse(const char *unit, const char *text, double *value, const char **why);

/* ---- scores ---- */

/* An indicator in a state.  value: in the unit; of what is not simulated low and high are the value itself. */
struct cell_score {
	enum value_source source;       /* VALUE_ABSENT also where a simulation had nothing to count */
	struct interval   value;        /* n: replications; 0 where it is not simulated */
	double            share;        /* per cent of target; NaN: none */
	struct points     points;
};

/* From the state that another one is compared against to it. */
struct cell_change {
	bool            known;          /* both have a value */
	bool            paired;         /* both simulated, from the same random streams */
	struct contrast value;
	bool            scored;
	int             low, at, high;  /* points gained */
};

enum group_kind { GROUP_ALL, GROUP_DIMENSION, GROUP_SUB_DIMENSION, GROUP_CATEGORY, GROUP_SDG };
const char *group_kind_name(enum group_kind kind);

struct group_change {
	size_t n;                       /* indicators scored in both states: the change is of these alone */
	double low, at, high;           /* percentage points; NaN: none */
};

struct scored_group {
	enum group_kind      kind;
	const char          *key, *name;
	struct group_score  *scores;    /* one a state */
	struct group_change *changes;   /* one a state; n is 0 of one that is compared against itself */
};

struct finding_row { const char *state, *text, *source; };      /* source NULL: of the program */

struct scores {
	const struct assessment *a;
	const struct outcome *const *outcomes;          /* one a state; NULL: not simulated */
	struct cell_score   *cells;                     /* [indicator * n_states + state] */
	struct cell_change  *changes;
	struct scored_group *groups;    size_t n_groups;
	double              *saidi;                     /* minutes by state; NaN: SAIFI or CAIDI is missing */
	struct finding_row  *findings;  size_t n_findings;
	struct arena        *arena;
};

/* outcomes: one a state, NULL where none was simulated; borrowed, as the sheet is.  NULL: out of memory. */
struct scores *scores_new(const struct assessment *a, const struct outcome *const *outcomes);
void scores_free(struct scores *s);             /* NULL allowed */

static inline const struct cell_score *score_cell(const struct scores *s, size_t indicator, size_t state)
{
	return &s->cells[indicator * s->a->n_states + state];
}
static inline const struct cell_change *score_change(const struct scores *s, size_t indicator, size_t state)
{
	return &s->changes[indicator * s->a->n_states + state];
}
/* The group; NULL: there is none. */
const struct scored_group *score_group(const struct scores *s, enum group_kind kind, const char *key);

#endif
