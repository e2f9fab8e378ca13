#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/study/outcome.h"

/* A scenario without XML: two toy models whose behaviour each test sets. */
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

static struct outcome *run(const struct toy *t, unsigned threads)
{
	struct outcome *o = outcome_run(&t->sc, &(struct run_options){ .threads = threads, .stop = t->stop });

	assert_non_null(o);
	return o;
}

static void models_are_called_in_the_order_of_the_table(void **state)
{
	char calls[256] = "";
	struct toy t = toy_new(2);

	(void)state;
	t.calls = calls;
	outcome_free(run(&t, 1));
	assert_string_equal(calls, "s2 s1 a2 a1 f2 f1 s2 s1 a2 a1 f2 f1 ");
}

static void results_do_not_depend_on_the_threads(void **state)
{
	struct toy t = toy_new(23);
	struct outcome *one = run(&t, 1);

	(void)state;
	for (unsigned threads = 2; threads <= 8; threads *= 2) {
		struct outcome *many = run(&t, threads);
		assert_int_equal(many->n_kpis, one->n_kpis);
		for (size_t i = 0; i < one->n_kpis; i++) {
			assert_string_equal(many->kpis[i].def->name, one->kpis[i].def->name);
			assert_memory_equal(&many->kpis[i].mean, &one->kpis[i].mean, sizeof(double));
			assert_memory_equal(&many->kpis[i].ci_low, &one->kpis[i].ci_low, sizeof(double));
		}
		outcome_free(many);
	}
	outcome_free(one);
}

static void the_seed_changes_the_draws(void **state)
{
	struct toy t = toy_new(2);
	struct outcome *a = run(&t, 1);
	struct outcome *b = outcome_run(&t.sc, &(struct run_options){ .threads = 1, .seed_given = true, .seed = 8 });

	(void)state;
	assert_int_equal(b->seed, 8);
	assert_true(outcome_kpi(a, "first.draws", "all")->mean != outcome_kpi(b, "first.draws", "all")->mean);
	outcome_free(a);
	outcome_free(b);
}

static void mean_and_interval_are_students(void **state)
{
	static const double values[] = { 1, 2, 3 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	struct outcome *o = run(&t, 2);
	const struct kpi_result *k = outcome_kpi(o, "first.value", "all");
	/* t(0.975, 2) = 4.302653; s = 1; half-width 4.302653 / sqrt(3) = 2.484138. */
	assert_int_equal(k->n, 3);
	assert_true(fabs(k->mean - 2) < 1e-12);
	assert_true(fabs(k->ci_low - (2 - 2.484138)) < 1e-6);
	assert_true(fabs(k->ci_high - (2 + 2.484138)) < 1e-6);
	assert_int_equal(k->verdict, VERDICT_NONE);
	assert_null(outcome_kpi(o, "first.value", "class=x"));
	outcome_free(o);
}

static void the_interval_has_the_confidence_of_the_scenario(void **state)
{
	static const double values[] = { 1, 2, 3 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	t.sc.run.confidence = 0.8;
	struct outcome *o = run(&t, 1);
	/* t(0.9, 2) = 1.885618; half-width 1.885618 / sqrt(3) = 1.088662. */
	assert_true(fabs(outcome_kpi(o, "first.value", "all")->ci_high - (2 + 1.088662)) < 1e-6);
	outcome_free(o);
}

static void a_kpi_counts_only_the_replications_that_have_it(void **state)
{
	static const double values[] = { 1, NAN, 3, NAN };
	struct toy t = toy_new(4);

	(void)state;
	t.values = values;
	t.n_values = 4;
	struct outcome *o = run(&t, 2);
	assert_int_equal(outcome_kpi(o, "first.value", "all")->n, 2);
	assert_true(outcome_kpi(o, "first.value", "all")->mean == 2);
	outcome_free(o);
}

static void rows_are_in_the_order_of_the_models(void **state)
{
	static const double values[] = { NAN, 1, 1 };
	struct toy t = toy_new(3);

	(void)state;
	t.values = values;
	t.n_values = 3;
	struct outcome *o = run(&t, 1);
	/* second.late and first.value come up only in replication 1, yet the second model is the first of the table. */
	assert_int_equal(o->n_kpis, 3);
	assert_string_equal(o->kpis[0].def->name, "second.late");
	assert_string_equal(o->kpis[1].def->name, "first.draws");
	assert_string_equal(o->kpis[2].def->name, "first.value");
	outcome_free(o);
}

static void thousands_of_groups_in_any_order_come_together(void **state)
{
	enum { GROUPS = 3001, REPLICATIONS = 5 };
	struct toy t = toy_new(REPLICATIONS);

	(void)state;
	t.n_groups = GROUPS;
	struct outcome *o = run(&t, 2);
	assert_int_equal(o->n_kpis, GROUPS + 2); /* second.late of all, first.draws */
	for (uint32_t g = 0; g < GROUPS; g++) {
		char group[32];
		snprintf(group, sizeof group, "district=%u", g);
		const struct kpi_result *k = outcome_kpi(o, "second.late", group);
		uint32_t absent = (5 - g % 5) % 5; /* the replication without it */
		assert_non_null(k);
		assert_int_equal(k->n, REPLICATIONS - 1);
		assert_true(fabs(k->mean - (g + 0.5 * (10.0 - absent) / 4)) < 1e-9);
	}
	outcome_free(o);
}

/* The verdict on a target of first.value over all. */
static enum verdict judged(enum target_op op, double target, const double *values, size_t n)
{
	struct target goal = { "first.value", "all", op, target, "", NULL };
	struct toy t = toy_new(n);

	t.values = values;
	t.n_values = n;
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	const struct kpi_result *k = outcome_kpi(o, "first.value", "all");
	assert_non_null(k);
	assert_ptr_equal(k->target, &goal);
	enum verdict v = k->verdict;
	outcome_free(o);
	return v;
}

static void a_target_is_decided_where_the_whole_interval_lies_on_one_side(void **state)
{
	static const double spread[] = { 1, 2, 3 }; /* interval -0.484 .. 4.484 */
	static const double point[] = { 2, 2, 2 };  /* interval 2 .. 2 */
	static const struct {
		enum target_op op;
		double target;
		const double *values;
		enum verdict want;
	} cases[] = {
		{ TARGET_GE, -0.5, spread, VERDICT_MET },    { TARGET_GE, 4.5, spread, VERDICT_MISSED },
		{ TARGET_GE, 2, spread, VERDICT_UNDECIDED }, { TARGET_LE, 4.5, spread, VERDICT_MET },
		{ TARGET_LE, -0.5, spread, VERDICT_MISSED }, { TARGET_LE, 2, spread, VERDICT_UNDECIDED },
		{ TARGET_GT, -0.5, spread, VERDICT_MET },    { TARGET_LT, 4.5, spread, VERDICT_MET },
		{ TARGET_GE, 2, point, VERDICT_MET },        { TARGET_LE, 2, point, VERDICT_MET },
		{ TARGET_GT, 2, point, VERDICT_MISSED },     { TARGET_LT, 2, point, VERDICT_MISSED },
		{ TARGET_GE, 2.1, point, VERDICT_MISSED },   { TARGET_LT, 2.1, point, VERDICT_MET },
		{ TARGET_NONE, 2, point, VERDICT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(judged(cases[i].op, cases[i].target, cases[i].values, 3), cases[i].want);
}

static void one_replication_has_no_interval_and_decides_nothing(void **state)
{
	static const double value[] = { 2 };

	(void)state;
	assert_int_equal(judged(TARGET_GE, 1, value, 1), VERDICT_UNDECIDED);
	assert_int_equal(judged(TARGET_GE, 3, value, 1), VERDICT_UNDECIDED);
	assert_int_equal(judged(TARGET_LE, 2, value, 1), VERDICT_UNDECIDED);
}

static void a_target_of_nothing_counted_has_a_row_without_a_value(void **state)
{
	static const double nothing[] = { NAN, NAN };

	(void)state;
	assert_int_equal(judged(TARGET_GE, 1, nothing, 2), VERDICT_UNDECIDED);

	struct target goal = { "second.late", "class=none", TARGET_GE, 1, "", NULL };
	struct toy t = toy_new(2);
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	const struct kpi_result *k = outcome_kpi(o, "second.late", "class=none");
	assert_non_null(k);
	assert_int_equal(k->n, 0);
	assert_true(isnan(k->mean) && isnan(k->ci_low) && isnan(k->ci_high));
	outcome_free(o);
}

static void a_failure_is_recorded_and_the_others_go_on(void **state)
{
	struct toy t = toy_new(5);

	(void)state;
	t.fails = 2;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct outcome *o = run(&t, threads);
		assert_int_equal(o->n_reps, 5);
		assert_int_equal(o->n_done, 4);
		assert_false(o->stopped);
		assert_null(o->reps[2].report);
		assert_int_equal(o->reps[2].status, SIM_E_LIMIT);
		assert_string_equal(o->reps[2].failure, "too many toys");
		assert_int_equal(outcome_kpi(o, "first.draws", "all")->n, 4);
		outcome_free(o);
	}
}

static void a_report_that_ran_out_of_memory_is_a_failed_replication(void **state)
{
	struct toy t = toy_new(3);

	(void)state;
	t.short_of_memory = true;
	struct outcome *o = run(&t, 2);
	assert_int_equal(o->n_done, 2);
	assert_int_equal(o->reps[1].status, SIM_E_NOMEM);
	assert_non_null(strstr(o->reps[1].failure, "out of memory"));
	assert_null(o->reps[1].report);
	outcome_free(o);
}

static void only_the_first_replication_draws_the_map(void **state)
{
	struct toy t = toy_new(3);
	struct outcome *o = run(&t, 2);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(o->reps[i].report->n_features, i == 0);
	outcome_free(o);
}

/* Two rows of one KPI, group and replication would pass for two replications. */
static void a_kpi_reported_twice_is_a_bug(void **state)
{
	struct toy t = toy_new(1);
	int status;

	(void)state;
	t.twice = true;
	fflush(NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		outcome_free(run(&t, 1));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void nothing_finished_is_no_result(void **state)
{
	struct target goal = { "first.value", "all", TARGET_GE, 1, "", NULL };
	struct toy t = toy_new(1);

	(void)state;
	t.fails = 0;
	t.sc.targets = &goal;
	t.sc.n_targets = 1;
	struct outcome *o = run(&t, 1);
	assert_int_equal(o->n_done, 0);
	assert_int_equal(o->n_kpis, 0);
	outcome_free(o);
}

static void stopping_keeps_what_had_finished(void **state)
{
	int stop = 0;
	struct toy t = toy_new(4);

	(void)state;
	t.stop = &stop;
	t.sc.run.duration = 10 * SIM_DAY; /* long enough for the kernel to look at the flag */
	struct outcome *o = run(&t, 1);
	assert_true(o->stopped);
	assert_int_equal(o->n_done, 1);
	assert_non_null(o->reps[0].report);
	for (size_t i = 1; i < 4; i++) {
		assert_null(o->reps[i].report);
		assert_int_equal(o->reps[i].status, SIM_E_STOPPED);
	}
	assert_int_equal(outcome_kpi(o, "first.draws", "all")->n, 1);
	outcome_free(o);
}

static bool audit_fails(double in, double out)
{
	struct toy t = toy_new(3);

	t.audit_in = &in;
	t.audit_out = &out;
	struct outcome *o = run(&t, 2);
	bool failed = o->audit_failed;
	assert_int_equal(o->reps[0].unbalanced, failed);
	assert_false(o->reps[1].unbalanced);
	outcome_free(o);
	return failed;
}

static void the_audit_takes_counts_exactly_and_amounts_to_a_billionth(void **state)
{
	(void)state;
	assert_false(audit_fails(0, 0));
	assert_false(audit_fails(1e12, 1e12));
	assert_true(audit_fails(1e12, 1e12 + 1));
	assert_true(audit_fails(1e12 - 1, 1e12));
	assert_true(audit_fails(1, 0));
	assert_false(audit_fails(1000.5, 1000.5 * (1 + 1e-11)));
	assert_true(audit_fails(1000.5, 1000.5 * (1 + 1e-6)));
	assert_true(audit_fails(1000.5, NAN));
}

static void a_count_that_is_out_is_named_though_rounding_leaves_more_elsewhere(void **state)
{
	double in = 1e17, out = 1e17 + 16; /* 1.6e-16 of it; the dust is 1.9e-16 of its account */
	struct toy t = toy_new(1);

	(void)state;
	t.audit_in = &in;
	t.audit_out = &out;
	t.dust = true;
	struct outcome *o = run(&t, 1);
	assert_true(o->audit_failed && o->reps[0].unbalanced);
	assert_string_equal(o->reps[0].imbalance_account, "toys");
	assert_true(o->reps[0].imbalance > 1.5e-16 && o->reps[0].imbalance < 1.7e-16);
	outcome_free(o);
	t.audit_in = NULL;
	o = run(&t, 1);
	assert_false(o->audit_failed);
	outcome_free(o);
}

static void events_are_counted_by_name_without_the_engines_own(void **state)
{
	struct toy t = toy_new(1);
	struct outcome *o = run(&t, 1);
	const struct replication *r = &o->reps[0];

	/* Both handlers reschedule the first: 101 events from 0 s to 100 s and 100 from 0.5 s; the first of these is the
	 * second row's. */
	(void)state;
	assert_int_equal(r->n_kinds, 1);
	assert_string_equal(r->kinds[0].name, "first.draw");
	assert_int_equal(r->kinds[0].count, 201);
	assert_int_equal(r->events, 201);
	assert_true(r->pending_max >= 2);
	assert_true(r->arena_bytes > 0 && r->wall_s >= 0 && r->setup_s >= 0);
	outcome_free(o);
}

struct seen {
	size_t calls, done;
	double behind;
	bool falls;
};

static void watch(void *ctx, const struct outcome *o, size_t done, size_t n, double share)
{
	struct seen *s = ctx;
	double behind = (double)done + share;

	(void)o;
	if (behind < s->behind - 1e-9 || done < s->done || behind > (double)n + 1e-9)
		s->falls = true;
	s->calls++;
	s->done = done;
	s->behind = behind;
}

static void progress_only_rises_and_ends_at_the_end(void **state)
{
	struct toy t = toy_new(9);

	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct seen s = { 0 };
		struct run_options opt = { .threads = threads, .progress = watch, .progress_ctx = &s };
		struct outcome *o = outcome_run(&t.sc, &opt);
		assert_int_equal(s.done, 9);
		assert_true(fabs(s.behind - 9) < 1e-9);
		assert_false(s.falls);
		assert_true(s.calls > 100);
		outcome_free(o);
	}
}

static void being_watched_changes_nothing(void **state)
{
	struct toy t = toy_new(3);
	struct seen s = { 0 };
	struct run_options opt = { .threads = 1, .progress = watch, .progress_ctx = &s };
	struct outcome *a = run(&t, 1), *b = outcome_run(&t.sc, &opt);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(a->reps[i].events, b->reps[i].events);
		assert_int_equal(a->reps[i].pending_max, b->reps[i].pending_max);
	}
	assert_true(outcome_kpi(a, "first.draws", "all")->mean == outcome_kpi(b, "first.draws", "all")->mean);
	outcome_free(a);
	outcome_free(b);
}

static void options_come_before_the_scenario(void **state)
{
	struct toy t = toy_new(3);
	struct outcome *o = outcome_run(&t.sc, &(struct run_options){ .replications = 2, .threads = 64 });

	(void)state;
	assert_int_equal(o->n_reps, 2);
	assert_int_equal(o->n_done, 2);
	assert_int_equal(o->threads, 2); /* no more than there is work for */
	assert_int_equal(o->seed, 7);
	assert_int_equal(strlen(o->started), strlen("2026-03-02T00:00:00Z"));
	outcome_free(o);
}

static void more_replications_than_memory_is_a_status(void **state)
{
	struct toy t = toy_new(UINT64_MAX / 2);

	(void)state;
	assert_null(outcome_run(&t.sc, &(struct run_options){ .threads = 1 }));
	outcome_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_are_called_in_the_order_of_the_table),
		cmocka_unit_test(results_do_not_depend_on_the_threads),
		cmocka_unit_test(the_seed_changes_the_draws),
		cmocka_unit_test(mean_and_interval_are_students),
		cmocka_unit_test(the_interval_has_the_confidence_of_the_scenario),
		cmocka_unit_test(a_kpi_counts_only_the_replications_that_have_it),
		cmocka_unit_test(rows_are_in_the_order_of_the_models),
		cmocka_unit_test(thousands_of_groups_in_any_order_come_together),
		cmocka_unit_test(a_target_is_decided_where_the_whole_interval_lies_on_one_side),
		cmocka_unit_test(one_replication_has_no_interval_and_decides_nothing),
		cmocka_unit_test(a_target_of_nothing_counted_has_a_row_without_a_value),
		cmocka_unit_test(a_failure_is_recorded_and_the_others_go_on),
		cmocka_unit_test(a_report_that_ran_out_of_memory_is_a_failed_replication),
		cmocka_unit_test(only_the_first_replication_draws_the_map),
		cmocka_unit_test(a_kpi_reported_twice_is_a_bug),
		cmocka_unit_test(nothing_finished_is_no_result),
		cmocka_unit_test(stopping_keeps_what_had_finished),
		cmocka_unit_test(the_audit_takes_counts_exactly_and_amounts_to_a_billionth),
		cmocka_unit_test(a_count_that_is_out_is_named_though_rounding_leaves_more_elsewhere),
		cmocka_unit_test(events_are_counted_by_name_without_the_engines_own),
		cmocka_unit_test(progress_only_rises_and_ends_at_the_end),
		cmocka_unit_test(being_watched_changes_nothing),
		cmocka_unit_test(options_come_before_the_scenario),
		cmocka_unit_test(more_replications_than_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
