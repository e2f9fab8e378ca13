/*
 * sheet - an indicator sheet from a text, and outcomes of its states made by hand.  cmocka.h and what it needs come before it.
 */
#ifndef TESTS_UNIT_STUDY_SHEET_H
#define TESTS_UNIT_STUDY_SHEET_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/study/assessment.h"
#include "tests/unit/study/near.h"

enum { KPI_SHARE, KPI_DELAY, KPI_ENERGY, SHEET_KPIS };
static const struct kpi_def sheet_kpis[] = {
	[KPI_SHARE] = { "meters.connected-ratio", "1", "connected / deployed", NULL, KPI_HIGHER, false },
	[KPI_DELAY] = { "meters.delay", "s", "of readings", NULL, KPI_LOWER, false },
	[KPI_ENERGY] = { "meters.energy", "J", "of a reading", NULL, KPI_LOWER, false },
};
static const struct model meters = { .name = "meters", .doc = "a toy", .kpis = sheet_kpis, .n_kpis = SHEET_KPIS };
static const struct model *const sheet_models[] = { &meters };
static const struct model_table sheet_table = { sheet_models, 1, NULL };

/* The states "plan" and "other", where a sheet has them, are simulated: by the outcomes that a test makes. */
static const struct state_record sheet_records[] = { { "plan", "plan.sqlite" }, { "other", "other.sqlite" } };

#define SHEET(attributes, inside) "<assessment xmlns='urn:sccsim:assessment:1' " attributes ">\n" inside "\n</assessment>\n"

/* NULL: with what is wrong in d. */
static inline struct assessment *sheet_parse(const char *text, size_t n_records, struct diag *d)
{
	return assessment_parse(text, strlen(text), "sheet.xml", &sheet_table, NULL, sheet_records, n_records, d);
}

static inline struct assessment *sheet_new(const char *text, size_t n_records)
{
	struct diag *d = diag_new();
	struct assessment *a = sheet_parse(text, n_records, d);

	if (!a) {
		diag_print(d, stderr);
		fail_msg("the sheet is refused");
	}
	diag_free(d);
	return a;
}

/* A run of n replications with one KPI of one group; NaN: the replication had nothing to count. */
static inline struct outcome *outcome_made(uint64_t seed, const struct kpi_def *def, const char *group, const double *x, size_t n)
{
	static struct scenario nowhere = { .title = "nowhere", .path = "nowhere.xml", .hash = "0" };
	struct outcome *o = calloc(1, sizeof *o);

	o->sc = &nowhere;
	o->version = "0";
	o->seed = seed;
	o->reps = calloc(n, sizeof *o->reps);
	o->n_reps = o->n_done = n;
	for (size_t i = 0; i < n; i++) {
		o->reps[i].report = report_new();
		if (!isnan(x[i]))
			report_kpi(o->reps[i].report, def, group, x[i]);
	}
	return o;
}

static inline void outcome_unmake(struct outcome *o)
{
	for (size_t i = 0; i < o->n_reps; i++)
		report_free(o->reps[i].report);
	free(o->reps);
	free(o);
}

#endif
