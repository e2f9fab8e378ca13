/* study_html - the page of a study. */
#ifndef SIM_OUTPUT_STUDY_HTML_H
#define SIM_OUTPUT_STUDY_HTML_H

#include "sim/output/study_plot.h"

/* The pictures that it shows stand in the folder `plots`.  Errors are the stream's. */
void study_html_write(const struct study_view *v, const struct study_pictures *all, const char *plots, FILE *f);

#endif
