/*
 * pieces - the outputs drawn from a view; output.h offers those that stand alone from an outcome.
 */
#ifndef SIM_OUTPUT_PIECES_H
#define SIM_OUTPUT_PIECES_H

#include "sim/output/figure.h"
#include "sim/output/stage.h"

extern const struct stage_kind run_folder;

int summary_write(const struct view *v, FILE *f);
int layers_write(const struct view *v, FILE *f);
int scenario_xml_write(const struct outcome *o, FILE *f);
int record_write(const struct view *v, const char *path, char *why);
/* The page; the pictures that it shows stand in the folder `plots`. */
void html_write(const struct view *v, const struct figures *all, const char *plots, FILE *f);
/* Copies of the data files that the scenario names.  ours: an earlier run left its record in the folder, so that files
 * which differ may be replaced; asked before the new record is there. */
bool inputs_ours(const char *dir);
int inputs_write(const struct outcome *o, const char *dir, bool ours, char *why);
/* The view that was recorded; NULL after writing why. */
struct view *record_read(const char *path, const struct model_table *table, char *why);

#endif
