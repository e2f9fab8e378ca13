/*
 * view - an outcome as it is drawn: what the replications say together.
 *
 * Means of curves, series, flows and tables, sums of accounts, losses by cause, findings said once, the map thinned, every value in
 * force.  Made from an outcome, or from the record of one (record.h): both give the same view, so that a report drawn
 * again is the report.  All it holds lives in its arena.
 */
#ifndef SIM_OUTPUT_VIEW_H
#define SIM_OUTPUT_VIEW_H

#include <stdio.h>

#include "sim/study/outcome.h"

struct point { double x, mean, low, high; uint64_t n; };        /* low, high: NaN below two replications */
struct line { const char *group; struct point *points; size_t n; };
/* A curve, or a KPI over time (x in seconds). */
struct chart {
	const struct curve_def *curve;  /* NULL: of a series */
	const struct kpi_def   *kpi;    /* NULL: of a curve */
	struct line            *lines; size_t n_lines, cap_lines;
};

/* What passed between two stages of a flow, a replication. */
struct band { size_t from, to; double mean; };
struct flow {
	const struct flow_def *def;
	const char            *group;
	const char           **stages; size_t n_stages, cap_stages;     /* in the order in which they were first named */
	struct band           *bands;  size_t n_bands, cap_bands;
};
/* A table of a report: cells[row * n_columns + column]. */
struct grid_cell { double sum; uint64_t n; };   /* n: replications that have a value */
struct grid {
	const struct table_def *def;
	const char            **rows;    size_t n_rows, cap_rows;
	const char            **columns; size_t n_columns, cap_columns;
	struct grid_cell       *cells;
};

/* Bars and marks in lanes over time, of the first replication. */
struct timeline { const struct timeline_def *def; const struct span_row **spans; size_t n_spans, cap_spans; };

struct account_line { const char *label; enum audit_side side; double sum; };
/* An audit account, summed over the replications; worst: the largest relative imbalance of one; differs: one is unbalanced,
 * by the rule by which the run fails. */
struct account {
	const char *name, *unit;
	double in, out, worst;
	bool differs;
	struct account_line *lines; size_t n_lines, cap_lines;
};
struct loss { const char *cause; double sum, share; };          /* share of what was generated */
struct finding { const char *model, *text; uint64_t replications; };

/* A value in force. */
struct value_row {
	const char *element;            /* "device-class#meter" */
	int         depth;
	const char *attribute, *value;  /* attribute "": the element's own text; value NULL: absent */
	const char *type, *origin, *source;
	bool        given;
};
struct evidence_row { const char *model, *aspect, *against, *within; };
struct model_row { const char *name, *doc; uint64_t elements; };
struct layer { const char *name; size_t total, kept; bool points; };
struct kind_row { const char *name; uint64_t count; };

/* Main results of one kind of group ("class"; "" for all devices): cells[def * n_groups + group], NULL where there is none. */
struct kind_table {
	const char               *kind;
	const char              **groups; size_t n_groups, cap_groups;
	const struct kpi_def    **defs;   size_t n_defs, cap_defs;
	const struct kpi_result **cells;
};

struct view {
	const struct outcome *o;
	struct arena         *arena;
	struct outcome       *owned;    /* when it was read from a record */
	const char           *identity; /* what put_identity writes */
	size_t                bytes;    /* most of a replication's arena */
	uint64_t              events;
	double                busy_s;   /* wall time of the replications, added up */
	const struct report  *first;    /* of the lowest replication that finished; NULL: none did */
	struct chart         *charts;   size_t n_charts, cap_charts;
	struct flow          *flows;    size_t n_flows, cap_flows;
	struct grid          *grids;    size_t n_grids, cap_grids;
	struct timeline      *timelines; size_t n_timelines, cap_timelines;
	struct account       *accounts; size_t n_accounts, cap_accounts;
	struct loss          *losses;   size_t n_losses, cap_losses;    /* of the account "messages", largest first */
	double                generated;                                /* its IN side; 0: no such account */
	struct finding       *findings; size_t n_findings, cap_findings;
	struct kind_row      *kinds;    size_t n_kinds, cap_kinds;      /* event profile, largest first */
	struct value_row     *values;   size_t n_values, cap_values;
	struct model_row     *models;   size_t n_models, cap_models;
	struct evidence_row  *evidence; size_t n_evidence, cap_evidence;
	struct layer         *layers;   size_t n_layers, cap_layers;
	const struct feature **features; size_t n_features;             /* of the map: thinned, in order */
	const struct feature **moments; size_t n_moments;               /* of moments, in order */
	const struct frame_row **frames; size_t n_frames;               /* by time */
	struct kind_table    *tables;   size_t n_tables, cap_tables;    /* of `main`, in order of appearance */
	const struct kpi_result **main; size_t n_main;                  /* not supporting; by family, in the order of kpis.md */
};

enum { LAYER_MOST = 5000 };     /* points of one layer that are kept: every k-th */

/* NULL when memory is short. */
struct view *view_new(const struct outcome *o);
/* For record.h: fill in what follows from v->o, its layers, values, models and evidence being given. */
bool view_complete(struct view *v);
void view_free(struct view *v);

/* Room for one more row of the array at *rows in the arena; false when memory is short. */
bool view_room(struct arena *a, void *rows, size_t n, size_t *cap, size_t size);
#define VIEW_ROOM(v, field) view_room((v)->arena, &(v)->field, (v)->n_##field, &(v)->cap_##field, sizeof *(v)->field)

/* The steps of view_new, in view_rows.c; false when memory is short. */
bool view_charts(struct view *v);
bool view_tables(struct view *v);       /* in view_tables.c */
bool view_flows(struct view *v);        /* in view_flows.c, and the grids */
bool view_timelines(struct view *v);    /* in view_moments.c, and the frames */
bool view_values(struct view *v);       /* from the scenario's tree: values, models, evidence */

const struct chart *view_chart(const struct view *v, const char *name, bool series);    /* curve or KPI; NULL: none */
const struct flow *view_flow(const struct view *v, const char *name, const char *group);        /* NULL: none */
const struct grid *view_grid(const struct view *v, const char *name);
const struct timeline *view_timeline(const struct view *v, const char *name);   /* NULL: none */
double grid_mean(const struct grid *t, size_t row, size_t column);      /* NaN: no replication has a value */
/* The row of a KPI in a table (NULL: none), and how many of its groups have a value. */
const struct kpi_result *const *kind_row_of(const struct kind_table *t, const struct kpi_def *def);
size_t kind_count(const struct kind_table *t, const struct kpi_def *def);
const struct account *view_account(const struct view *v, const char *name);

/* "sccsim 0.1.0, seed 1, input 0123...": what every output carries. */
void put_identity(FILE *f, const struct outcome *o);

#endif
