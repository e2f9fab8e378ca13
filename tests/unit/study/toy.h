/*
 * toy - a scenario without XML: two toy models whose behaviour each test sets.  For the tests of one program; cmocka.h and what
 * it needs come before it.
 */
#ifndef TESTS_UNIT_STUDY_TOY_H
#define TESTS_UNIT_STUDY_TOY_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/study/outcome.h"

struct toy {
	struct scenario sc;   /* first: the models get this address */
	const double *values; /* per replication, reported as first.value of all; NaN: nothing to count */
	size_t n_values;
	const double *audit_in, *audit_out; /* an account of the first replication; NULL: none */
	uint64_t fails;                     /* this replication fails when it starts; UINT64_MAX: none */
	int *stop;                          /* set by replication 1 halfway */
	char *calls;                        /* what was called, in order; NULL: not kept */
	bool dust;                          /* an account of amounts that is out by a rounding stands before the other */
	bool twice;                         /* first.draws is reported once more */
	bool short_of_memory;               /* the report of replication 1 has failed */
	uint32_t n_groups;                  /* of second.late, in another order and others absent in each replication */
};

enum { FIRST_VALUE, FIRST_DRAWS };
static const struct kpi_def first_kpis[] = {
	[FIRST_VALUE] = { "first.value", "1", "what the test says", NULL, KPI_HIGHER, false },
	[FIRST_DRAWS] = { "first.draws", "s", "mean of random draws", NULL, KPI_NEITHER, false },
};
static const struct kpi_def second_kpis[] = { { "second.late", "1", "replication 0 has none", NULL, KPI_NEITHER, false } };

struct first {
	struct rng rng;
	double sum;
	uint64_t n;
	uint16_t kind;
};
static const char first_key, other_key;

static const struct toy *toy_of(const struct scenario *sc)
{
	return (const struct toy *)(const void *)sc;
}

static void note(const struct scenario *sc, const char *what)
{
	if (toy_of(sc)->calls)
		strcat(toy_of(sc)->calls, what);
}

static void on_draw(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct first *f = ctx;

	f->sum += rng_exponential(&f->rng, 1);
	f->n++;
	sim_after(s, SIM_SECOND, f->kind, subject, detail);
}

static void on_stop(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	(void)s, (void)subject, (void)detail;
	__atomic_store_n((int *)ctx, 1, __ATOMIC_RELAXED);
}

static void first_setup(struct sim *s, const struct scenario *sc)
{
	struct first *f = sim_alloc(s, 1, sizeof *f);

	note(sc, "s1 ");
	if (!f)
		return;
	f->rng = sim_rng(s, 1, 1);
	sim_set_state(s, &first_key, f);
	/* Two rows of one name, as of two classes. */
	f->kind = sim_handler(s, "first.draw", on_draw, f);
	sim_set_state(s, &other_key, (void *)(uintptr_t)sim_handler(s, "first.draw", on_draw, f));
}

static void first_start(struct sim *s, const struct scenario *sc)
{
	const struct toy *t = toy_of(sc);
	struct first *f = sim_state(s, &first_key);

	note(sc, "a1 ");
	assert_true(s->warmup == sc->run.warm_up && s->end == sc->run.duration);
	sim_at(s, 0, f->kind, 0, 0);
	sim_at(s, SIM_SECOND / 2, (uint16_t)(uintptr_t)sim_state(s, &other_key), 0, 0);
	if (s->replication == t->fails)
		sim_fail(s, SIM_E_LIMIT, "too many %s", "toys");
	if (t->stop && s->replication == 1)
		sim_at(s, s->end / 2, sim_handler(s, "first.stop", on_stop, t->stop), 0, 0);
}

static void first_finish(struct sim *s, const struct scenario *sc)
{
	const struct toy *t = toy_of(sc);
	struct first *f = sim_state(s, &first_key);

	note(sc, "f1 ");
	if (s->replication < t->n_values)
		report_kpi(s->report, &first_kpis[FIRST_VALUE], "all", t->values[s->replication]);
	report_kpi(s->report, &first_kpis[FIRST_DRAWS], "all", f->sum / (double)f->n);
	if (t->twice)
		report_kpi(s->report, &first_kpis[FIRST_DRAWS], "all", 1);
	if (t->short_of_memory && s->replication == 1)
		s->report->failed = true;
	report_feature(s->report, "toys", "one", "", 1, (const double[]){ 7, 50 }, NULL, NAN);
	if (t->dust) {
		report_audit(s->report, "energy", "J", AUDIT_IN, "drawn", 0.3);
		report_audit(s->report, "energy", "J", AUDIT_OUT, "spent", 0.1 + 0.2);
	}
	if (t->audit_in && s->replication == 0) {
		report_audit(s->report, "toys", "1", AUDIT_IN, "made", *t->audit_in);
		report_audit(s->report, "toys", "1", AUDIT_OUT, "sold", *t->audit_out);
	}
}

static void second_setup(struct sim *s, const struct scenario *sc)
{
	(void)s;
	note(sc, "s2 ");
}

static void second_start(struct sim *s, const struct scenario *sc)
{
	(void)s;
	note(sc, "a2 ");
}

static void second_finish(struct sim *s, const struct scenario *sc)
{
	note(sc, "f2 ");
	for (uint32_t i = 0; i < toy_of(sc)->n_groups; i++) {
		uint32_t g = (uint32_t)((i * UINT64_C(7919) + s->replication) % toy_of(sc)->n_groups);
		char group[32];
		snprintf(group, sizeof group, "district=%u", g);
		if ((g + s->replication) % 5)
			report_kpi(s->report, &second_kpis[0], group, g + 0.5 * (double)s->replication);
	}
	if (s->replication > 0)
		report_kpi(s->report, &second_kpis[0], "all", (double)s->replication);
}

static const struct model first_model = {
	.name = "first",
	.doc = "a toy",
	.kpis = first_kpis,
	.n_kpis = sizeof first_kpis / sizeof first_kpis[0],
	.setup = first_setup,
	.start = first_start,
	.finish = first_finish,
};
static const struct model second_model = {
	.name = "second",
	.doc = "a toy",
	.kpis = second_kpis,
	.n_kpis = sizeof second_kpis / sizeof second_kpis[0],
	.setup = second_setup,
	.start = second_start,
	.finish = second_finish,
};
static const struct model idle_model = { .name = "idle", .doc = "a model without functions" };
static const struct model *const models[] = { &second_model, &idle_model, &first_model };
static const struct model_table table = { models, 3 };

static struct toy toy_new(uint64_t replications)
{
	return (struct toy){
		.sc = { .table = &table,
			.path = "toy.xml",
			.run = { .duration = 100 * SIM_SECOND,
				 .warm_up = 30 * SIM_SECOND,
				 .seed = 7,
				 .replications = replications,
				 .confidence = 0.95 } },
		.fails = UINT64_MAX,
	};
}

static inline struct outcome *run(const struct toy *t, unsigned threads)
{
	struct outcome *o = outcome_run(&t->sc, &(struct run_options){ .threads = threads, .stop = t->stop });

	assert_non_null(o);
	return o;
}

#endif
