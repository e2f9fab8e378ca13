/*
 * made - an outcome made by hand: two replications of a town that was never simulated.
 *
 * Texts are as awkward as a user's may be; one KPI has a target that nothing was counted for.
 */
#ifndef TESTS_UNIT_OUTPUT_MADE_H
#define TESTS_UNIT_OUTPUT_MADE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/output/output.h"

#define AWKWARD "<b>\"A & B\", it's</b> --> \xc3\xa4"

enum { MADE_DELIVERY, MADE_LATENCY, MADE_LIFE, MADE_SF, MADE_KPIS };
static const struct kpi_def made_kpis[] = {
	[MADE_DELIVERY] = { "connectivity.delivery-ratio", "1", "delivered \xc3\xb7 generated", "SDG 9.c", KPI_HIGHER, false },
	[MADE_LATENCY] = { "latency.p95", "s", "generation to acceptance", NULL, KPI_LOWER, false },
	[MADE_LIFE] = { "energy.battery-life", "yr", "capacity \xc3\xb7 draw", NULL, KPI_HIGHER, false },
	[MADE_SF] = { "lorawan.mean-sf", "1", "spreading factor, mean over frames", NULL, KPI_NEITHER, true },
};
static const struct kpi_def made_load = { "messages.per-hour", "1/h", "messages generated per hour", NULL, KPI_NEITHER, true };
static const struct curve_def made_latency = { "latency", "Latency", "latency", "s", "took longer", "%", true };
static const struct curve_def made_bars = { "made/../odd name", AWKWARD, "spreading factor", "", "share", "1", false };
static const struct curve_def made_day = { "day", "Over the day", "hour of the day (UTC)", "h", "load", "1/h", false };
static const struct curve_def made_zero = { "zero", "Nothing", "longer than", "s", "share", "1", true };
static const struct section made_sections[] = {
	{ SECTION_CURVE, "How long it took", "latency", "Share of the messages that took longer." },
	{ SECTION_SERIES, "Load over time", "messages.per-hour", AWKWARD },
	{ SECTION_MAP, "Delivery on the map", "devices", "Where it works." },
	{ SECTION_AUDIT, "Balance of messages", "messages", "What went in came out." },
};
static const struct evidence made_evidence[] = { { "latency", "a clock", "1 %" } };
static const struct model made_model = {
	.name = "made", .doc = "A model of the test.", .kpis = made_kpis, .n_kpis = MADE_KPIS, .sections = made_sections,
	.n_sections = sizeof made_sections / sizeof made_sections[0], .evidence = made_evidence, .n_evidence = 1,
};
static const struct model *const made_models[] = { &made_model };
static const struct model_table made_table = { made_models, 1 };

static const struct target made_targets[] = {
	{ "connectivity.delivery-ratio", "all", TARGET_GE, 0.9, ">= 90%", NULL },
	{ "latency.p95", "class=" AWKWARD, TARGET_LE, 10, "<= 10s", NULL },
};

static struct kind_count made_kinds[] = { { "traffic.reading", 1200 }, { "lorawan.end", 900 } };

struct made {
	struct scenario    sc;
	struct outcome     o;
	struct replication reps[3];
	struct kpi_result  kpis[8];
};

static inline struct report *made_report(int k)
{
	struct report *r = report_new();
	double square[] = { 7.0, 50.7, 7.2, 50.7, 7.2, 50.8, 7.0, 50.8 };

	assert_non_null(r);
	r->map = k == 0;
	r->geographic = true;
	report_kpi(r, &made_kpis[MADE_DELIVERY], "all", 0.95 + 0.01 * k);
	report_kpi(r, &made_kpis[MADE_DELIVERY], "class=" AWKWARD, 0.9);
	report_kpi(r, &made_kpis[MADE_LIFE], "all", 8.2);
	report_kpi(r, &made_kpis[MADE_SF], "all", 9.25);
	for (int i = 0; i < 48; i++)
		report_series(r, &made_load, i % 2 ? "all" : "class=" AWKWARD, i / 2 * SIM_HOUR, 100 + 10 * sin(i) + k);
	for (int i = 0; i < 20; i++) {
		report_curve(r, &made_latency, "all", pow(10, -3 + 0.2 * i), 100.0 / (i + 1 + k));
		report_curve(r, &made_zero, "all", pow(10, -3 + 0.2 * i), 0);
		report_curve(r, &made_day, i % 2 ? "class=b" : "class=a", i, 5 + i * k);
		if (i < 6)
			report_curve(r, &made_bars, "network=n", 7 + i, 0.05 + 0.01 * i);
	}
	report_audit(r, "messages", "1", AUDIT_IN, "generated", 1000);
	report_audit(r, "messages", "1", AUDIT_OUT, "delivered", 950 + 10 * k);
	report_audit(r, "messages", "1", AUDIT_OUT, "lost: " AWKWARD, 49 - 10 * k);
	report_audit(r, "messages", "1", AUDIT_OUT, "in flight at the end", 1);
	report_fact(r, "City", "%s", AWKWARD);
	report_warning(r, "radio", "%d %% of the links " AWKWARD, 10 + k);
	report_feature(r, "districts", AWKWARD, "district=d", 4, square, "population", 1000);
	for (int i = 0; i < 12000; i++) {
		const int column = i % 110, row = i / 110;
		double at[] = { 7.0 + 0.2 * column / 110, 50.7 + 0.1 * row / 110 };
		report_feature(r, "devices", AWKWARD, "class=meter", 1, at, "delivery ratio", i % 7 ? 1 - 1.0 / (i + 1) : NAN);
	}
	report_feature(r, "gateways", AWKWARD, "n", 1, (double[]){ 7.1, 50.75 }, "frames", 5);
	assert_false(r->failed);
	return r;
}

static inline void made_new(struct made *m)
{
	*m = (struct made){ 0 };
	m->sc = (struct scenario){ .table = &made_table, .path = "town.xml", .title = AWKWARD, .description = "What is asked. " AWKWARD,
		.run = { .start = 1772409600, .duration = SIM_DAY, .warm_up = SIM_HOUR, .seed = 7, .replications = 3, .confidence = 0.95 },
		.targets = (struct target *)made_targets, .n_targets = 2,
		.resolved = "<?xml version=\"1.0\"?>\n<scenario xmlns=\"urn:sccsim:scenario:1\"><title>t</title></scenario>\n" };
	memset(m->sc.hash, 'a', 64);
	m->o = (struct outcome){ .sc = &m->sc, .version = "1.2.3", .seed = UINT64_MAX, .confidence = 0.95, .reps = m->reps,
		.n_reps = 3, .n_done = 2, .kpis = m->kpis, .wall_s = 1.25, .threads = 2, .started = "2026-03-02T10:00:00Z" };
	for (int k = 0; k < 2; k++)
		m->reps[k] = (struct replication){ .index = (uint64_t)k, .seed = UINT64_MAX, .report = made_report(k), .events = 2100,
			.wall_s = 0.5, .setup_s = 0.1, .arena_bytes = 123456, .kinds = made_kinds, .n_kinds = 2 };
	m->reps[2] = (struct replication){ .index = 2, .seed = UINT64_MAX, .status = SIM_E_NOMEM, .failure = "out of memory" };
	struct kpi_result rows[] = {
		{ &made_kpis[MADE_DELIVERY], "all", 2, 0.955, 0.9123456789123, 0.9976543, &made_targets[0], VERDICT_MET },
		{ &made_kpis[MADE_DELIVERY], "class=" AWKWARD, 2, 0.9, 0.9, 0.9, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_LIFE], "all", 1, 8.2, NAN, NAN, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_SF], "all", 2, 9.25, 9.1, 9.4, NULL, VERDICT_NONE },
		{ &made_kpis[MADE_LATENCY], "class=" AWKWARD, 0, NAN, NAN, NAN, &made_targets[1], VERDICT_UNDECIDED },
	};
	memcpy(m->kpis, rows, sizeof rows);
	m->o.n_kpis = sizeof rows / sizeof rows[0];
}

static inline void made_free(struct made *m)
{
	for (int k = 0; k < 3; k++)
		report_free(m->reps[k].report);
}

/* What one of the streams writes; freed by the caller. */
static inline char *written(const struct outcome *o, int (*write)(const struct outcome *o, FILE *f))
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(write(o, f), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

#endif
