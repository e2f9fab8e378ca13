/* output_private - what the files of this folder share. */
#ifndef SIM_OUTPUT_PRIVATE_H
#define SIM_OUTPUT_PRIVATE_H

#include "sim/kernel/arena.h"
#include "sim/output/output.h"

/* A file that takes its name only when it is whole. */
struct outfile { FILE *f; char path[4096], temporary[4120]; };
int outfile_open(struct outfile *o, const char *dir, const char *name, char *why);
int outfile_commit(struct outfile *o, char *why);       /* flush, fsync, rename; on failure the temporary is removed */

/* A value of a unit as people read it: "97.3 %", "1.24 s", "8.2 yr", "12 345".  digits: significant ones.  Returns buf. */
char *human(const char *unit, double value, int digits, char *buf, size_t size);
/* Mean with the digits that its interval leaves meaningful. */
char *human_mean(const struct kpi_result *k, char *buf, size_t size);
char *human_interval(const struct kpi_result *k, char *buf, size_t size);
char *human_count(double n, char *buf, size_t size);    /* 12 345 */
const char *verdict_name(enum verdict v);

void xml_escape(FILE *f, const char *text);
void csv_field(FILE *f, const char *text);

/* Means over replications of curves and series, drawable: one line per (name, group). */
struct line { const char *group; size_t n; double *x, *y, *lo, *hi; };
struct chart {
	const char *name, *title, *x_label, *y_label, *caption;
	bool        log_x, time_x, share;       /* time_x: seconds; share: y is a ratio shown in % */
	struct line *line;
	size_t      n_lines;
};
struct charts { struct chart *chart; size_t n; struct arena *arena; };
/* Curves first, then series, then the bars below; NULL when memory is short. */
struct charts *charts_new(const struct outcome *o);
void charts_free(struct charts *c);
const struct chart *charts_find(const struct charts *c, const char *name);

/* Audit rows summed over replications, accounts in order. */
struct audit_line { const char *account, *unit, *label; enum audit_side side; double sum; };
size_t audit_lines(const struct outcome *o, struct arena *a, struct audit_line **rows);

/* First replication with a report; NULL: none. */
const struct report *first_report(const struct outcome *o);
/* Warnings of all replications, each once. */
size_t all_warnings(const struct outcome *o, struct arena *a, const struct text_row **rows);
/* Models that the scenario uses, in table order. */
bool model_used(const struct outcome *o, const struct model *m);

int map_svg(const struct outcome *o, FILE *f);          /* the city, gateways, devices; -1: nothing to draw */
int chart_files(const struct outcome *o, const struct chart *c, const char *dir, char *why);    /* .dat and .gp */
int bars_files(const struct outcome *o, const char *dir, char *why);
int run_gnuplot(const char *dir, const char *script, char *why);
const char *bars_names(size_t i);                       /* NULL-terminated list of bar pictures */
bool bars_present(const struct outcome *o, size_t i);
const char *bars_title(size_t i);

/* The outcome that results.sqlite holds; free with loaded_free. */
struct loaded;
struct loaded *record_load(const char *path, const struct model_table *table, char *why);
const struct outcome *loaded_outcome(const struct loaded *l);
void loaded_free(struct loaded *l);

#endif
