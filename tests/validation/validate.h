/*
 * validate - the models against closed forms, standards and measured figures.
 *
 * Every program valid_<topic>.c prints one row per comparison; scripts/validate.sh runs them all, draws one table and
 * writes results/validation.html.  A row tells what was compared, where the expectation comes from, how far it may be off
 * and why just so far.  A row without its data is skipped, never passed.
 *
 *	int main(void)
 *	{
 *		struct valid v = valid_begin("time on air");
 *		valid_near(&v, "SF7, 23 bytes", "SX1276 designer's guide", 61.696, measured, 1e-6, "exact but for rounding");
 *		return valid_end(&v);
 *	}
 *
 * Environment: VALIDATE_QUICK=1 asks for fewer replications (valid_reps), SCCSIM_DATA names the folder of larger data.
 */
#ifndef TESTS_VALIDATION_VALIDATE_H
#define TESTS_VALIDATION_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"
#include "sim/study/outcome.h"

struct valid {
	const char *topic;
	bool        quick;
	unsigned    passed, failed, skipped, reported;
};

struct valid valid_begin(const char *topic);
int valid_end(struct valid *v);                 /* exit status: 1 when a row failed */

/* Rows.  `why` justifies the tolerance.  A NaN measured fails. */
void valid_near(struct valid *v, const char *what, const char *source, double expected, double measured, double tolerance,
		const char *why);
void valid_between(struct valid *v, const char *what, const char *source, double low, double high, double measured,
		   const char *why);
void valid_skip(struct valid *v, const char *what, const char *source, const char *why);
/* Stated without a verdict; expected may be NaN. */
void valid_report(struct valid *v, const char *what, const char *source, double expected, double measured, const char *note);
/* A verdict that was reached otherwise (a family of tests); tolerance may be NaN. */
void valid_verdict(struct valid *v, const char *what, const char *source, double expected, double measured, double tolerance,
		   bool passed, const char *why);

/* Replications to run: `full`, or `quick` when asked to be quick. */
uint64_t valid_reps(const struct valid *v, uint64_t full, uint64_t quick);

/* snprintf that returns buf: for the names of rows. */
const char *valid_text(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* ---- statistics ---- */

struct sample { double n, mean, sd; };          /* sd: n - 1 in the denominator */
struct sample sample_of(const double *x, size_t n);
double sample_halfwidth(struct sample s, double level);                 /* Student t; NaN below two */
double welch_p(struct sample a, struct sample b);                       /* two-sided; both sd 0: 1 if equal, else 0 */
/* Holm's step-down: reject[i] where hypothesis i falls at the family-wise level alpha; returns how many fall. */
size_t holm(const double *p, size_t n, double alpha, bool *reject);
/* A sample of replications against an exact expectation: passes when it lies in the Student interval at `level`. */
void valid_mean(struct valid *v, const char *what, const char *source, double expected, struct sample s, double level,
		const char *why);

/* A family of Welch tests, Holm-corrected together: add rows, then judge them all. */
struct welch_row { char what[160]; char source[96]; struct sample expected, measured; };
struct welch_family { struct welch_row *row; size_t n, cap; };
bool welch_add(struct welch_family *f, const char *what, const char *source, struct sample expected, struct sample measured);
void welch_judge(struct valid *v, struct welch_family *f, double alpha);        /* prints the rows and empties the family */

/* ---- scenarios, run in process with all models ---- */

struct valid_run { struct scenario *sc; struct outcome *o; };

/* Load a file (relative to the repository's root) with settings, run it `reps` times from `seed` on all processors.  On
 * failure false after the diagnostics on stderr, and the row that needed it must fail.  A run with a failed audit or an
 * unfinished replication is a failure too.  r is good for valid_run_free in any case. */
bool valid_scenario(struct valid_run *r, const char *path, const struct setting *sets, size_t n_sets, uint64_t seed,
		    uint64_t reps);
/* The same with a table of models of the program's own. */
bool valid_scenario_with(struct valid_run *r, const struct model_table *table, const char *path, const struct setting *sets,
			 size_t n_sets, uint64_t seed, uint64_t reps);
void valid_run_free(struct valid_run *r);
/* A KPI's values over the replications; group NULL: "all".  n 0 when it is absent. */
struct sample valid_kpi(const struct valid_run *r, const char *kpi, const char *group);
/* One replication's value; NaN: absent. */
double valid_kpi_of(const struct valid_run *r, size_t replication, const char *kpi, const char *group);
/* The y of a curve at x over the replications. */
struct sample valid_curve(const struct valid_run *r, const char *curve, const char *group, double x);

/* A scenario loaded and set up, not run: to call models' functions in.  On failure false after the diagnostics; close in any
 * case. */
struct valid_sim { struct scenario *sc; struct report *report; struct sim *sim; };
bool valid_setup(struct valid_sim *w, const char *path, const struct setting *sets, size_t n_sets, uint64_t seed,
		 uint64_t replication);
void valid_sim_free(struct valid_sim *w);

/* ---- data ---- */

/* Path of a file of the data folder (SCCSIM_DATA, else ../shared/data) into buf; NULL: it is not there. */
const char *valid_data(char *buf, size_t size, const char *name);

#endif
