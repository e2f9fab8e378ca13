/*
 * report - what one replication yields: KPIs, series, curves, flows, tables, map features, the audit, findings.
 *
 * Models put rows in, mostly in their finish; the engine aggregates them over replications and draws them without
 * knowing what they mean.  Texts are copied.  Rows keep the order in which they came.  A report outlives its sim and
 * belongs to the caller of the replication.
 */
#ifndef SIM_KERNEL_REPORT_H
#define SIM_KERNEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/simtime.h"

enum kpi_better { KPI_NEITHER, KPI_HIGHER, KPI_LOWER };

/* Declared once, as a const row in a model's table. */
struct kpi_def {
	const char     *name;           /* "connectivity.delivery-ratio" */
	const char     *unit;           /* "1", "s", "J", "yr"; as kpis.md */
	const char     *definition;
	const char     *standard;       /* U4SSC indicator, SDG target, clause of Resolution 98; NULL: none */
	enum kpi_better better;
	bool            supporting;     /* detail that the report folds away */
};

struct kpi_row { const struct kpi_def *def; const char *group; double value; };
struct series_row { const struct kpi_def *def; const char *group; simtime_t t; double value; };
/* Points of a curve (a distribution, a profile over the day), x ascending; averaged over replications by x. */
struct curve_def { const char *name, *title, *x_label, *x_unit, *y_label, *y_unit; bool log_x; };
struct curve_row { const struct curve_def *def; const char *group; double x, y; };

/* What passes from stage to stage: a picture of bands from left to right, in the order in which stages are first named.  A band that
 * leads back to a stage named before is told beneath.  unit: "devices"; of what is counted. */
struct flow_def { const char *name, *title, *unit; };
struct flow_row { const struct flow_def *def; const char *group, *from, *to; double value; };
/* A table of numbers, rows and columns in the order in which they are first named.  row_label: over the names of the rows.  unit "1":
 * shares, which are shown in % and coloured by their size; any other ("devices", "s") is plain numbers. */
struct table_def { const char *name, *title, *row_label, *unit; };
struct cell_row { const struct table_def *def; const char *row, *column; double value; };

/* What happens when, on one axis of time: lanes in the order in which they are first named.  A span is drawn as a bar from its start to
 * its end, one that ends where it starts as a mark; `level` (0 to 1; NaN: none) is how dark it is. */
enum span_tone { SPAN_NEUTRAL, SPAN_GOOD, SPAN_WARN, SPAN_BAD };
struct timeline_def { const char *name, *title; };
struct span_row { const struct timeline_def *def; const char *lane, *text; enum span_tone tone; simtime_t from, to; double level; };

enum audit_side { AUDIT_IN, AUDIT_OUT };
/* One line of a conservation account: the sum of its IN rows must equal that of its OUT rows. */
struct audit_row { const char *account, *unit, *label; enum audit_side side; double value; };

/* Something on the map.  One point, or a ring of points (polygon).  value: what colours it (NaN: none). */
struct feature {
	const char *layer;              /* "gateways", "devices", "districts" */
	const char *name, *group;       /* group: as in kpi rows, or "" */
	size_t      n_points;           /* 1: point; more: closed ring */
	double     *lonlat;             /* lon, lat pairs, WGS84; metres where the city has no place on earth */
	double      value; const char *value_name;
	simtime_t   moment;             /* of a picture of that moment; FEATURE_ALWAYS: of the map */
};
enum { FEATURE_ALWAYS = -1 };
/* What a picture of a moment is of: "worst: 14 h after the onset". */
struct frame_row { simtime_t moment; const char *title; };
struct text_row { const char *name, *value; };

struct report {
	struct kpi_row    *kpis;     size_t n_kpis, cap_kpis;
	struct series_row *series;   size_t n_series, cap_series;
	struct curve_row  *curves;   size_t n_curves, cap_curves;
	struct flow_row   *flows;    size_t n_flows, cap_flows;
	struct cell_row   *cells;    size_t n_cells, cap_cells;
	struct span_row   *spans;    size_t n_spans, cap_spans;         /* replication 0 only, as features */
	struct audit_row  *audit;    size_t n_audit, cap_audit;
	struct feature    *features; size_t n_features, cap_features;
	struct frame_row  *frames;   size_t n_frames, cap_frames;
	struct text_row   *facts;    size_t n_facts, cap_facts;         /* what was simulated */
	struct text_row   *warnings; size_t n_warnings, cap_warnings;   /* findings, each once; name: the model */
	struct arena      *arena;       /* owns the texts */
	const char        *last_text;   /* kept last: texts repeat */
	bool               failed;      /* memory ran short while reporting */
	bool               map;         /* wanted: collect features (replication 0 only) */
	bool               geographic;  /* features are WGS84 */
};

struct report *report_new(void);                /* NULL when memory is short */
void report_free(struct report *r);             /* NULL allowed */

/* A KPI of a group ("all", "class=meter", ...).  A NaN value is not recorded: nothing to count is absent. */
void report_kpi(struct report *r, const struct kpi_def *def, const char *group, double value);
void report_series(struct report *r, const struct kpi_def *def, const char *group, simtime_t t, double value);
void report_curve(struct report *r, const struct curve_def *def, const char *group, double x, double y);
/* What passed from a stage to another, of a group; of one pair the values are added up.  Over the replications: the mean, where one that
 * says nothing of a pair had none. */
void report_flow(struct report *r, const struct flow_def *def, const char *group, const char *from, const char *to, double value);
/* A cell of a table, once.  Over the replications: the mean of those that have a value. */
void report_cell(struct report *r, const struct table_def *def, const char *row, const char *column, double value);
void report_audit(struct report *r, const char *account, const char *unit, enum audit_side side, const char *label, double value);
/* lonlat: n_points pairs, copied.  Ignored unless r->map. */
void report_feature(struct report *r, const char *layer, const char *name, const char *group,
		    size_t n_points, const double *lonlat, const char *value_name, double value);
/* The same as it was at a moment (>= 0 ns): pictures of moments are drawn side by side, by time.  value: 0 works .. 1 does not,
 * where the layer is of parts; how strong, where it is of a hazard. */
void report_moment(struct report *r, simtime_t moment, const char *layer, const char *name, size_t n_points, const double *lonlat,
		   const char *value_name, double value);
/* A moment of which a picture is drawn, with its title; without it nothing of that moment is.  Ignored unless r->map. */
void report_frame(struct report *r, simtime_t moment, const char *title);
/* Ignored unless r->map. */
void report_span(struct report *r, const struct timeline_def *def, const char *lane, const char *text, enum span_tone tone,
		 simtime_t from, simtime_t to, double level);
void report_fact(struct report *r, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void report_warning(struct report *r, const char *model, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* What comes in and goes out of an account; off: by how much, of the larger, infinite where a value is no number.  It balances
 * where whole numbers do exactly and others within REPORT_TOLERANCE. */
#define REPORT_TOLERANCE 1e-9
struct balance { double in, out, off; bool balances; };
struct balance report_account(const struct report *r, const char *account);
/* Largest relative imbalance over the accounts (0: all balance), and which (may be NULL). */
double report_imbalance(const struct report *r, const char **account);

#endif
