/*
 * study_output - what a study leaves in its folder beside results.sqlite: kpi.csv, points.csv, effects.csv, study.xml,
 * summary.txt, plots/, report.html.
 *
 * All is drawn from the record and the analysis, so that it is the same however the study was computed, and can be drawn again.
 * Functions return 0, or -1 after writing `why` (OUTPUT_WHY bytes).
 */
#ifndef SIM_OUTPUT_STUDY_OUTPUT_H
#define SIM_OUTPUT_STUDY_OUTPUT_H

#include "sim/output/study_record.h"

/* What the reports are drawn from; everything borrowed. */
struct study_view {
	struct study_record   *rec;
	const struct study    *st;
	const struct analysis *a;
	const char            *finding;         /* one paragraph */
	struct study_totals    totals;
	bool                   complete;        /* every point has what it needs */
	simtime_t              warm_up;         /* that was detected; SIM_NEVER: none was */
	const char           **failures;        /* per point: why it or its first failed replication failed; NULL: none */
	char                   identity[192];   /* "sccsim 0.1.0, study 0123456789ab" */
	struct arena          *arena;
};

/* From the record: data, analysis, finding, failures.  NULL after why. */
struct study_view *study_view_new(struct study_record *rec, const struct study *st, bool complete, char *why);
void study_view_free(struct study_view *v);

/* Everything into the folder, at once. */
int study_output_write(const struct study_view *v, const char *dir, char *why);
/* What the terminal shows at the end. */
int study_output_summary(const struct study_view *v, FILE *f);

/* The pieces; their errors are the stream's. */
void study_points_csv(const struct study_view *v, FILE *f);
void study_effects_csv(const struct study_view *v, FILE *f);
int study_kpi_csv(const struct study_view *v, FILE *f);        /* -1: the record cannot be read */

/* Progress: a line that is drawn over on a terminal, else one line a minute. */
struct study_progress;
struct study_progress *study_progress_new(FILE *f, bool terminal);          /* NULL when memory is short */
void study_progress_show(void *progress, const struct runner_progress *p);
void study_progress_free(struct study_progress *p);     /* NULL allowed; ends the line */

#endif
