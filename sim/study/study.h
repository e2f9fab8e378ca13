/*
 * study - scenarios varied without copying them: factors, the points of a design, and the responses that are wanted.
 *
 * A point gives every factor a level.  Levels are texts put at addresses of the scenario (as --set does), or whole scenario
 * files.  Every point runs the same replications from the same seed: a draw is named by what it is for, so that points see
 * common random numbers by construction.
 *
 * A study is immutable once loaded, and shared by all threads.
 */
#ifndef SIM_STUDY_STUDY_H
#define SIM_STUDY_STUDY_H

#include "sim/scenario/scenario.h"
#include "sim/study/design.h"
#include "sim/study/stats.h"

/* One address that a factor sets. */
struct factor_path {
	const char         *path;
	const struct param *param;              /* what is declared there */
	const char        **values;             /* n_levels texts, NULL where a level leaves it alone; NULL: a range */
	const struct node **nodes;              /* n_levels: the element that gives each value */
	double              from, to;           /* the range's ends in the unit of struct cell's numbers */
	const struct node  *node;               /* the element that names it: <factor>, or its first <set> */
};

/* What is varied.  Linked addresses move together: level i sets the i-th value of each, a place in the range the same place
 * of each. */
struct factor {
	const char         *id, *label;         /* label: a name for people, the id when none is given */
	struct factor_path *paths;      size_t n_paths;
	size_t             *bases;              /* per level: which of the study's scenarios, SIZE_MAX: the study's own; NULL: all
	                                         * levels are of that */
	size_t              n_levels;           /* 0: continuous, a range without steps */
	const char        **levels;             /* what a level is called: its label, or the first path's value */
	double             *numbers;            /* the first path's value as a number, NaN where it is none */
	bool                numeric;            /* all levels are numbers: an axis rather than names */
	bool                log, integer;       /* of ranges */
	size_t              base;               /* level at the centre of a star, to which others are compared */
	enum dimension      dim;                /* of the first path's numbers */
	const struct node  *node;
};

/* A KPI of a group, and what of its replications: the mean, or a quantile. */
struct response {
	const char           *id;               /* "connectivity.delivery-ratio[class=meter]"; names columns */
	const struct kpi_def *def;
	const char           *group;
	double                quantile;         /* NaN: the mean */
	struct target         target;           /* op TARGET_NONE: none */
	const struct node    *node;
};

/* A factor at a point. */
struct cell {
	size_t      level;                      /* SIZE_MAX: continuous */
	double      place;                      /* 0 to 1: place among the levels, or in the range */
	const char *text;                       /* as a planner writes it */
	double      number;                     /* seconds, metres, counts, ...: the dimension's own unit; NaN: a name */
};

enum keep { KEEP_RESPONSES, KEEP_MAIN, KEEP_ALL };      /* which KPIs the record holds of each replication */
enum statistics { STATISTICS_REPLICATIONS, STATISTICS_BATCH_MEANS };

/* What `sccsim plan' looks for.  PLAN: the cheapest setting of a factor; its points are every setting with every combination of the
 * other factors' levels.  PLACEMENT: sites; a point is a set of them, bit i of its number the i-th site. */
enum study_use { USE_STUDY, USE_PLAN, USE_PLACEMENT };
enum { PLAN_SETTINGS_MAX = 4096, PLACEMENT_SITES_MAX = 60 };
struct plan_setup {
	size_t             factor;
	bool               high;                /* the highest setting is the cheapest, else the lowest */
	const struct node *node;                /* NULL: none was asked for */
};
struct site { const char *id; double x, y; };   /* lon, lat, or metres; NaN: not known */
struct placement {
	const char        *path;
	struct site       *sites; size_t n_sites;
	bool               geographic;
	size_t             choose, response, evaluations;       /* evaluations: sets that annealing may look at */
	int                objective;
	bool               maximise;
	const struct node *node;                /* NULL: none was asked for */
};

struct study {
	const struct scenario  *doc;            /* the study's own document; owned */
	const struct model_table *table;        /* of the scenarios */
	const char             *lib;            /* library folder; NULL: none */
	const char             *id, *title, *description;
	struct scenario       **bases;  size_t n_bases;         /* the scenario files, unvaried; owned */
	struct setting         *fixed;     size_t n_fixed;      /* what the study sets at every point */
	enum design             design;
	struct factor          *factors;   size_t n_factors;
	struct response        *responses; size_t n_responses;
	struct cell            *cells;     size_t n_points;     /* cells[point * n_factors + factor] */
	const char            **point_ids;      /* names of the points of a list, being the levels of its one factor; NULL: numbers */
	size_t                  excluded;       /* points that a constraint took out */
	size_t                  samples;        /* rows of a sampled design; saltelli: n of n * (k + 2) */
	bool                    until_precise;  /* replications="auto" */
	size_t                  replications;   /* fixed number; or the ceiling of auto */
	struct precision        precision;      /* level: the study's confidence, also where replications are fixed */
	uint64_t                seed;           /* of every point if it is given, else each point's scenario has its own and this is the
	                                         * first's; also of sampled designs and of resampling */
	bool                    seed_given;
	bool                    detect_warm_up; /* MSER-5 on pilot runs */
	simtime_t               warm_up;        /* SIM_NEVER: the scenarios' own */
	enum statistics         statistics;
	size_t                  batches;        /* of batch means */
	enum keep               keep;
	enum study_use          use;
	struct plan_setup       plan;
	struct placement        placement;
	char                    hash[65];       /* of the study, its use and all base scenarios, data files included */
	struct arena           *arena;
};

/* The language of studies: <study> and what it holds. */
extern const struct model_table study_language;

/* Load a study and the scenarios it names.  NULL after errors in d, of the study and of its scenarios alike; every point's
 * settings are checked for their addresses, not yet for their values together. */
struct study *study_load(const char *path, const struct model_table *table, const char *lib_root, struct diag *d);
/* The same for another use than a study: its <plan> or <placement> must be there. */
struct study *study_load_for(const char *path, enum study_use use, const struct model_table *table, const char *lib_root,
			     struct diag *d);
/* What the document is for: its <placement>, its <plan>, else a study.  USE_STUDY too where it cannot be read. */
enum study_use study_use_of(const char *path, const char *lib_root);
void study_free(struct study *st);      /* NULL allowed */

static inline const struct cell *study_cell(const struct study *st, size_t point, size_t factor)
{
	return &st->cells[point * st->n_factors + factor];
}

/* The scenario of a point, loaded with its settings; warm_up: the one that was detected, or SIM_NEVER: as the study says.  NULL after
 * diagnostics. */
struct scenario *study_scenario(const struct study *st, size_t point, simtime_t warm_up, struct diag *d);
/* Which base scenario a point varies. */
size_t study_base(const struct study *st, size_t point);
/* The sites of a point of a placement, "a; c; f", in the arena; NULL: memory is short. */
char *placement_text(const struct placement *p, uint64_t subset, struct arena *a);
/* "gateways=9, adr=on"; into buf; returns buf. */
char *study_point_text(const struct study *st, size_t point, char *buf, size_t size);

#endif
