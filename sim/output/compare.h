/*
 * compare - two results folders side by side: which KPIs differ, by how much, how sure that is, and what was changed.
 *
 * A side is what a folder of `sccsim run' or `sccsim study' holds: the value of every KPI of every group by replication number, of
 * a study at every point.  Two sides from one seed saw common random numbers and are compared pair by pair; others as
 * independent samples.  The p-values of all KPIs that are compared are adjusted together (Holm).
 *
 * All lives in the arena that the caller gives.  Functions that can fail write `why' (OUTPUT_WHY bytes).
 */
#ifndef SIM_OUTPUT_COMPARE_H
#define SIM_OUTPUT_COMPARE_H

#include "sim/output/output.h"
#include "sim/study/stats.h"

/* A KPI of a group over the replications; v[i] is that of replication i, NaN: it has none. */
struct compare_sample {
	const char           *point;            /* "gateways=9, adr=on"; "": of a run */
	const struct kpi_def *def;
	const char           *group;
	double               *v; size_t n;
};

/* A value in force: "lorawan#lpwan/gateways", "count".  nth: of several elements without an id. */
struct compare_input { const char *element, *attribute, *value; size_t nth; bool given, derived; };

struct compare_side {
	const char            *dir, *title, *version, *hash;
	bool                   study;
	uint64_t               seed;
	double                 confidence;
	size_t                 replications;    /* of a study: the most of any point */
	const char            *factors;         /* "gateways, adr"; NULL: a run */
	struct compare_input  *inputs;  size_t n_inputs, cap_inputs;
	struct compare_sample *samples; size_t n_samples, cap_samples;
};

/* What a folder holds; NULL after why. */
struct compare_side *compare_read(const char *dir, const struct model_table *table, const char *lib_root, struct arena *a, char *why);

enum compare_way { COMPARE_SAME, COMPARE_BETTER, COMPARE_WORSE, COMPARE_OTHER };        /* same: not distinguishable */
struct compare_row {
	const struct compare_sample *a, *b;
	const struct compare_row *same_as;      /* an earlier group of the KPI with the very same values, being of the same devices: one
	                                         * result, told and counted once; NULL: none */
	bool            share;                  /* shown in %, their difference in points */
	struct interval mean_a, mean_b;
	struct contrast contrast;               /* b - a */
	struct interval relative;               /* of |mean_a|; NaN where that is 0 */
	double          p_holm;                 /* NaN: no test (fewer than two replications) */
	enum compare_way way;
};
struct compare_change { const char *element, *attribute; const char *a, *b; };          /* a, b: NULL where absent */

struct comparison {
	const struct compare_side *a, *b;
	bool                   paired;
	bool                   all;             /* supporting KPIs too */
	double                 level;
	struct compare_row    *rows;    size_t n_rows;          /* in both */
	size_t                 n_told;          /* of which are told */
	size_t                 n_way[4];        /* of those */
	const struct compare_sample **only[2]; size_t n_only[2];        /* in a alone, in b alone */
	struct compare_change *changes; size_t n_changes, cap_changes;
};

struct compare_options { bool all; double confidence; };        /* confidence 0: that of both sides */

/* NULL: the sides cannot be compared (a run and a study, other factors, other confidence), or memory is short; why tells.
 * *refused: it is the former. */
struct comparison *compare_sides(const struct compare_side *a, const struct compare_side *b, const struct compare_options *opt,
				 struct arena *arena, bool *refused, char *why);

/* "Of 62 KPIs 9 differ ...", in the arena; NULL when memory is short. */
const char *compare_finding(const struct comparison *c, struct arena *a);
/* "sure (p < 0.001)", "probable (p = 0.013)", "not distinguishable", "one replication"; SHOWN bytes. */
char *compare_sureness(char *buf, const struct compare_row *r);

/* The pieces; their errors are the stream's. */
void compare_text(const struct comparison *c, const char *finding, FILE *f);
void compare_csv(const struct comparison *c, FILE *f);
void compare_json(const struct comparison *c, const char *finding, FILE *f);
/* compare.csv, plots/ and report.html into a folder of their own. */
int compare_write(const struct comparison *c, const char *finding, const char *dir, char *why);
/* Rows that differ and are told, largest relative difference first; all rows with c->all.  In the arena; NULL: memory is short. */
const struct compare_row **compare_order(const struct comparison *c, struct arena *a, size_t *n);

/* How a row's values are shown, by all outputs alike. */
/* group: and those that are the same. */
struct compare_shown { char a[96], b[96], difference[96], bounds[96], relative[96], sure[96], group[512]; };
struct type_style;
void compare_show(struct compare_shown *s, const struct comparison *c, const struct compare_row *r, const struct type_style *style);

#endif
