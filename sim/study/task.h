/*
 * task - one job of a study: load the point's scenario, run the replication, keep what the study wants of it.
 *
 * A task runs on a worker's thread of any rank and travels as bytes to the coordinator, which reads it back.  A point that
 * cannot be loaded fails as a whole; a replication that fails leaves the others as they are.
 */
#ifndef SIM_STUDY_TASK_H
#define SIM_STUDY_TASK_H

#include "sim/study/bytes.h"
#include "sim/study/job.h"
#include "sim/study/outcome.h"
#include "sim/study/study.h"

struct task_row { const struct kpi_def *def; const char *group; double value; };

/* Values of a response within one long run; n 0: the KPI has no series for that group, or too few values. */
struct task_batches { double *v; size_t n; double lag1; bool independent; };

struct task_result {
	struct job           job;
	int                  status;            /* SIM_OK or SIM_E_...; SIM_E_STOPPED is not recorded */
	bool                 of_point;          /* failed before any replication: the scenario cannot be loaded */
	const char          *failure;           /* "" when it did not */
	const char          *input;             /* hash of the point's scenario; "" when there is none */
	uint64_t             events;
	double               wall_s;
	struct task_row     *rows;      size_t n_rows;          /* what study->keep asks for, in the order of the report */
	struct task_batches *batches;           /* per response; NULL: independent replications */
};

/* What the workers of a rank share: scenarios of the points that are being run.  NULL when memory is short. */
struct workshop;
struct workshop *workshop_new(const struct study *st, simtime_t warm_up, unsigned threads, volatile const int *stop);
void workshop_free(struct workshop *w);

/* farm's run; ctx: the workshop. */
void task_run(void *workshop, unsigned worker, struct job job, struct bytes *out);

/* Read a result back; texts and rows in the arena, texts of `bytes` are borrowed.  false: it is not whole. */
bool task_read(const struct study *st, struct job job, const unsigned char *bytes, size_t n, struct arena *a, struct task_result *r);

/* The response's value among the rows; NaN: absent. */
double task_response(const struct task_result *r, const struct response *response);

/* Warm-up by MSER-5 on pilot runs: five replications without warm-up of up to eight points spread over the design, each response's
 * series averaged over them; the longest truncation of all.  *unsettled: how many series showed no steady state (they do not
 * count); *found: series looked at.  false: a pilot failed, *why (size bytes) says how; or it was stopped. */
bool study_detect_warm_up(const struct study *st, unsigned threads, volatile const int *stop, simtime_t *warm_up, size_t *found,
			  size_t *unsettled, char *why, size_t size);

#endif
