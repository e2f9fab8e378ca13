/*
 * assess - what an assessment leaves in its folder: scores.csv, assessment.json, plots/, report.html.
 *
 * All functions return 0, or -1 after writing `why` (OUTPUT_WHY bytes) or leaving the error with the stream.
 */
#ifndef SIM_OUTPUT_ASSESS_H
#define SIM_OUTPUT_ASSESS_H

#include <stdio.h>

#include "sim/study/assessment.h"

/* Make the folder and see that it can be written; called before the simulations. */
int assess_prepare(const char *dir, char *why);
/* Everything, each file whole or not at all. */
int assess_write(const struct scores *s, const char *dir, char *why);

/* The pieces. */
int assess_csv(const struct scores *s, FILE *f);
int assess_json(const struct scores *s, FILE *f);
int assess_summary(const struct scores *s, FILE *f);

#endif
