/*
 * outcome - a scenario's results over its replications: what every output is drawn from.
 */
#ifndef SIM_STUDY_OUTCOME_H
#define SIM_STUDY_OUTCOME_H

#include "sim/kernel/report.h"
#include "sim/scenario/scenario.h"

/* Met or missed where the whole interval lies on one side of the target.  Fewer than two replications have no interval:
 * undecided. */
enum verdict { VERDICT_NONE, VERDICT_MET, VERDICT_MISSED, VERDICT_UNDECIDED };
/* t NULL or without a bound: none. */
enum verdict verdict_judge(const struct target *t, double low, double high);

/* One KPI of one group over the replications.  n: replications that have it. */
struct kpi_result {
	const struct kpi_def *def;
	const char           *group;
	uint64_t              n;
	double                mean, ci_low, ci_high;    /* Student t; NaN bounds below two replications */
	const struct target  *target;                   /* NULL: none */
	enum verdict          verdict;
};

struct kind_count { const char *name; uint64_t count; };        /* event profile */

/* One replication.  report is NULL when it did not finish. */
struct replication {
	uint64_t           index, seed;
	int                status;              /* SIM_OK or SIM_E_... */
	char               failure[256];
	struct report     *report;
	uint64_t           events, pending_max; /* pending_max: of a hundred samples over the horizon */
	double             wall_s, setup_s;
	size_t             arena_bytes;
	struct kind_count *kinds; size_t n_kinds;
	double             imbalance; const char *imbalance_account;      /* the largest, relative, and whose */
	bool               unbalanced;          /* an account differs: whole numbers at all, others by more than 1e-9 */
};

struct outcome {
	const struct scenario *sc;              /* borrowed */
	const char            *version;
	uint64_t               seed;
	double                 confidence;
	struct replication    *reps;    size_t n_reps;          /* asked for; those that finished have a report */
	size_t                 n_done;
	struct kpi_result     *kpis;    size_t n_kpis;          /* order: models.c, then rows as reported */
	bool                   audit_failed;            /* a replication is unbalanced */
	bool                   stopped;         /* Ctrl-C */
	double                 wall_s;
	unsigned               threads;
	char                   started[32];     /* ISO 8601, when the run began; stays out of kpi.csv */
	struct arena          *arena;
};

/* For the progress line: called by the worker threads, one at a time, as replications pass and end.  done replications of
 * n; share_of_running: what the running ones have passed, in replications (0.7 + 0.6 of two: 1.3), so that
 * (done + share_of_running) / n of the work is behind. */
typedef void progress_fn(void *ctx, const struct outcome *o, size_t done, size_t n, double share_of_running);

struct run_options {
	uint64_t replications;          /* 0: the scenario's */
	bool     seed_given; uint64_t seed;
	unsigned threads;               /* 0: as many as processors */
	volatile const int *stop;       /* set by a signal handler */
	progress_fn *progress; void *progress_ctx;
};

/* Run the replications on threads, aggregate by replication number.  NULL when memory is short; replications that fail
 * are recorded and the others go on.  The KPIs do not depend on the number of threads. */
struct outcome *outcome_run(const struct scenario *sc, const struct run_options *opt);
void outcome_free(struct outcome *o);

/* One replication, from set-up to finish: what outcome_run calls for each. */
int replicate(const struct scenario *sc, uint64_t seed, struct replication *rep, volatile const int *stop);

/* The result of a KPI and group; NULL: absent. */
const struct kpi_result *outcome_kpi(const struct outcome *o, const char *kpi, const char *group);

#endif
