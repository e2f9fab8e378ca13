/*
 * output - what a run leaves in its folder; see the table in scenarios/README.md.
 *
 * Every file is written beside its place and renamed into it, so that a cut never leaves half a file under its name.
 * Each carries version, seed and input hash.  All functions return 0, or -1 after writing `why` (512 bytes).
 */
#ifndef SIM_OUTPUT_OUTPUT_H
#define SIM_OUTPUT_OUTPUT_H

#include <stdio.h>

#include "sim/study/outcome.h"

enum { OUTPUT_WHY = 512 };

/* Make the folder (parents too) and see that it can be written; called before the run. */
int output_prepare(const char *dir, char *why);

/* Everything: results.sqlite, kpi.csv, series.csv, scenario.xml, plots/, layers.geojson, summary.txt, report.html. */
int output_write(const struct outcome *o, const char *dir, char *why);

/* Draw everything but the record again, from results.sqlite alone. */
int output_redraw(const char *dir, const struct model_table *table, char *why);

/* The pieces, each usable alone. */
int output_record(const struct outcome *o, const char *path, char *why);        /* SQLite */
int output_kpi_csv(const struct outcome *o, FILE *f);
int output_series_csv(const struct outcome *o, FILE *f);
int output_layers(const struct outcome *o, FILE *f);                            /* GeoJSON */
int output_summary(const struct outcome *o, FILE *f);
int output_kpi_json(const struct outcome *o, FILE *f);
int output_plots(const struct outcome *o, const char *dir, char *why);          /* gnuplot scripts, data, SVG */
int output_html(const struct outcome *o, const char *dir, const char *path, char *why);

/* A progress line on a terminal, nothing elsewhere. */
struct progress;
struct progress *progress_new(FILE *terminal);
void progress_show(void *progress, const struct outcome *o, size_t done, size_t n, double share);      /* a progress_fn */
void progress_free(struct progress *p);

#endif
