/* Before, during and after a crisis; what else a replication is run for. */
#include "tests/unit/crisis/rubble.h"

#include "models/crisis/crisis.h"

static const char *const phases[] = { "phase=before", "phase=during", "phase=after" };

static void the_messages_of_the_phases_are_those_of_the_run(void **st)
{
	static const struct breakage breaks[] = { { 2, 26, 30 }, { 0, 0, 0 } };
	struct rubble r;
	double generated = 0, delivered = 0, in_flight = 0;

	(void)st;
	rubble_run(&r, FOUR("2d' warm-up='3h", FLOOD("1d", "10h")), breaks);
	for (int k = 0; k < 3; k++) {
		generated += kpi_of(&r, "messages.generated", phases[k]);
		delivered += kpi_of(&r, "messages.delivered", phases[k]);
		in_flight += kpi_of(&r, "messages.in-flight", phases[k]);
	}
	assert_close(generated, kpi_of(&r, "messages.generated", "all"), 0);
	assert_close(generated, 45 * 4 * 8, 0);
	assert_true(delivered <= kpi_of(&r, "messages.delivered", "all"));
	assert_true(delivered + in_flight >= kpi_of(&r, "messages.delivered", "all"));
	assert_close(kpi_of(&r, "messages.generated", "class=c2;phase=during"), 10 * 8, 0);
	assert_close(kpi_of(&r, "connectivity.delivery-ratio", "class=c2;phase=during"), 0.6, 1e-12);
	assert_close(kpi_of(&r, "connectivity.delivery-ratio", "class=c2;phase=before"), 1, 0);
	assert_close(kpi_of(&r, "connectivity.delivery-ratio", "phase=during"), 0.9, 1e-12);
	rubble_close(&r);
}

static void what_tells_of_the_whole_run_has_no_phases(void **st)
{
	static const char *const whole[] = { "crisis.", "onboarding.", "identity.", "cost.", "energy.battery-life" };
	struct rubble r;
	unsigned phased = 0;

	(void)st;
	rubble_run(&r,
		   FOUR("2d",
			FLOOD("1d", "6h") "<economy currency='EUR'/><platform id='p'><cost opex='6000EUR/yr'/></platform>"),
		   NULL);
	for (size_t i = 0; i < r.rep.report->n_kpis; i++) {
		const struct kpi_row *row = &r.rep.report->kpis[i];
		phased += strstr(row->group, "phase=") != NULL;
		for (size_t k = 0; k < sizeof whole / sizeof whole[0]; k++)
			if (strncmp(row->def->name, whole[k], strlen(whole[k])) == 0)
				assert_null(strstr(row->group, "phase="));
	}
	assert_true(phased > 100);
	assert_true(!isnan(kpi_of(&r, "cost.opex", "all")));
	rubble_close(&r);
}

static bool has_phases(const struct rubble *r)
{
	for (size_t i = 0; i < r->rep.report->n_kpis; i++)
		if (strstr(r->rep.report->kpis[i].group, "phase="))
			return true;
	return false;
}

static void where_nothing_happens_or_phases_are_off_there_are_none(void **st)
{
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("1d", FLOOD("2d", "6h")), NULL);
	assert_false(has_phases(&r));
	assert_true(isnan(kpi_of(&r, "crisis.service-minimum", "all")));
	rubble_close(&r);
	rubble_run(&r, FOUR("1d", "<crisis phases='off'><flood at='6h' source='0m 0m' lasts='6h'/></crisis>"), NULL);
	assert_false(has_phases(&r));
	assert_close(kpi_of(&r, "crisis.service-minimum", "all"), 1, 0);
	rubble_close(&r);
}

static void a_crisis_that_outlasts_the_run_has_no_after_and_one_from_the_start_no_before(void **st)
{
	struct rubble r;

	(void)st;
	rubble_run(&r, FOUR("1d", FLOOD("6h", "6d")), NULL);
	assert_close(kpi_of(&r, "messages.generated", "phase=during"), 18 * 4 * 8, 0);
	assert_true(isnan(kpi_of(&r, "messages.generated", "phase=after")));
	rubble_close(&r);
	rubble_run(&r, FOUR("1d", FLOOD("0s", "6h")), NULL);
	assert_true(isnan(kpi_of(&r, "messages.generated", "phase=before")));
	assert_close(kpi_of(&r, "messages.generated", "phase=during"), 6 * 4 * 8, 0);
	rubble_close(&r);
}

/* ---- the engine ---- */

/* Networks of two kinds, joins, batteries that run out, failures of the power. */
#define LIVELY                                                                                                                      \
	"<run duration='2d' seed='5'/><city width='2km' height='2km'/><power-grid availability='99%' repair='1h'/>"                     \
	"<backhaul id='b' availability='95%' repair='20min'/>"                                                                          \
	"<lorawan id='l'><gateways count='2' placement='uniform' backhaul='b'/></lorawan>"                                              \
	"<lte-m id='m'><sites count='1' placement='uniform'/></lte-m>"                                                                  \
	"<device-class id='a'><uses network='l' confirmed='on'/><battery capacity='300J'/><traffic period='10min' jitter='1min'/>"      \
	"</device-class><deploy class='a' count='60' placement='uniform' over='6h'/>"                                                   \
	"<device-class id='z'><uses network='m'/><onboarding method='5g-aka'/><traffic pattern='poisson' period='5min'/></device-class>" \
	"<deploy class='z' count='40' placement='uniform'/>"

static bool is_of_counting(const char *kind)
{
	return strstr(kind, "warm") || strcmp(kind, "lorawan.listen") == 0;
}

static uint64_t kind_events(const struct replication *rep)
{
	uint64_t n = 0;

	for (size_t i = 0; i < rep->n_kinds; i++)
		if (!is_of_counting(rep->kinds[i].name))
			n += rep->kinds[i].count;
	return n;
}

static void when_counting_begins_changes_nothing_of_what_happens(void **st)
{
	struct rubble r;
	struct replication other = { 0 };

	(void)st;
	rubble_run(&r, LIVELY, NULL);
	r.sc->run.warm_up = 17 * SIM_HOUR + 1;
	assert_int_equal(replicate(r.sc, 1, &other, NULL), SIM_OK);
	assert_true(kind_events(&other) > 20000);
	for (size_t i = 0; i < other.n_kinds; i++)
		for (size_t k = 0; k < r.rep.n_kinds; k++)
			if (strcmp(other.kinds[i].name, r.rep.kinds[k].name) == 0 && !is_of_counting(other.kinds[i].name))
				assert_int_equal(other.kinds[i].count, r.rep.kinds[k].count);
	assert_int_equal(kind_events(&other), kind_events(&r.rep));
	report_free(other.report);
	rubble_close(&r);
}

/* What a run that ends sooner counts is what a longer one counts until then: its first window. */
static void when_a_run_ends_changes_nothing_of_what_happens_before(void **st)
{
	struct rubble r;
	struct replication shorter = { 0 };

	(void)st;
	rubble_run(&r, LIVELY FLOOD("30h", "1h"), NULL);
	r.sc->run.duration = 30 * SIM_HOUR - 1;
	assert_int_equal(replicate(r.sc, 1, &shorter, NULL), SIM_OK);
	for (size_t i = 0; i < shorter.report->n_kpis; i++) {
		const struct kpi_row *row = &shorter.report->kpis[i];
		char group[200];
		snprintf(group, sizeof group, "%s;phase=before", row->group);
		double before = kpi_of(&r, row->def->name, strcmp(row->group, "all") == 0 ? "phase=before" : group);
		if (!isnan(before) && !(fabs(before - row->value) <= 1e-9 * fabs(row->value)))
			fail_msg("%s of %s: %.12g, not %.12g", row->def->name, group, before, row->value);
	}
	double sum = 0;
	for (int k = 0; k < 3; k++)
		sum += kpi_of(&r, "messages.generated", phases[k]);
	assert_close(sum, kpi_of(&r, "messages.generated", "all"), 0);
	report_free(shorter.report);
	rubble_close(&r);
}

struct watched { double last; int stop; double stop_at; };

static void on_share(void *ctx, const struct replication *rep, double share)
{
	struct watched *w = ctx;

	(void)rep;
	assert_true(share >= w->last - 1e-12 && share <= 1 + 1e-12);
	w->last = share;
	w->stop |= share > w->stop_at;
}

static void progress_covers_the_twin_and_the_phases(void **st)
{
	struct watched w = { .stop_at = 2 };
	struct rubble r;

	(void)st;
	rubble_open(&r, FOUR("1d", FLOOD("12h", "6h")), NULL);
	assert_int_equal(replicate_watched(r.sc, 1, &r.rep, &w.stop, on_share, &w), SIM_OK);
	assert_close(w.last, 1, 1e-9);
	rubble_close(&r);
}

/* 1 + 1 + 30/48 + 31/48 + 1 runs: one is stopped in the main run, one in the twin, one in the last phase. */
static void stopping_the_twin_or_a_phase_stops_the_replication(void **st)
{
	static const double at[] = { 0.1, 0.3, 0.8 };

	(void)st;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		struct watched w = { .stop_at = at[i] };
		struct rubble r;
		rubble_open(&r, LIVELY FLOOD("30h", "1h"), NULL);
		assert_int_equal(replicate_watched(r.sc, 1, &r.rep, &w.stop, on_share, &w), SIM_E_STOPPED);
		assert_string_equal(r.rep.failure, "stopped");
		assert_null(r.rep.report);
		rubble_close(&r);
	}
}

static void the_threads_do_not_matter(void **st)
{
	struct rubble r;
	struct outcome *o[2];

	(void)st;
	rubble_open(&r, FOUR("2d", "<crisis><flood rate='0.7/d' source='0m 0m' lasts='6h'/></crisis>"), NULL);
	for (unsigned i = 0; i < 2; i++)
		o[i] = outcome_run(r.sc, &(struct run_options){ .replications = 6, .threads = i + 1 });
	assert_int_equal(o[0]->n_done, 6);
	assert_int_equal(o[0]->n_kpis, o[1]->n_kpis);
	for (size_t i = 0; i < o[0]->n_kpis; i++) {
		const struct kpi_result *a = &o[0]->kpis[i], *b = &o[1]->kpis[i];
		assert_ptr_equal(a->def, b->def);
		assert_string_equal(a->group, b->group);
		assert_memory_equal(&a->mean, &b->mean, sizeof a->mean);
		assert_int_equal(a->n, b->n);
	}
	/* not in every replication does it happen */
	assert_in_range(outcome_kpi(o[0], "crisis.resilience-index", "all")->n, 1, 5);
	outcome_free(o[0]);
	outcome_free(o[1]);
	rubble_close(&r);
}

/* ---- targets ---- */

#define KPIS(kpi) "<kpis><kpi " kpi " target='&gt;= 90%'/></kpis>"

static void a_target_may_be_of_a_phase(void **st)
{
	struct rubble r;

	(void)st;
	rubble_open(&r, FOUR("1d", FLOOD("12h", "6h")) KPIS("name='connectivity.delivery-ratio' class='c2' phase='during'"),
		    NULL);
	struct outcome *o = outcome_run(r.sc, &(struct run_options){ .replications = 2, .threads = 1 });
	const struct kpi_result *k = outcome_kpi(o, "connectivity.delivery-ratio", "class=c2;phase=during");
	assert_non_null(k);
	assert_int_equal(k->verdict, VERDICT_MET);
	outcome_free(o);
	rubble_close(&r);
}

static void targets_of_a_phase_that_cannot_be_are_refused_or_told(void **st)
{
	static const struct {
		const char *body, *message;
		bool warning;
	} cases[] = {
		{ FOUR("1d", "") KPIS("name='connectivity.delivery-ratio' phase='during'"),
		  "the scenario has none (add a <crisis>" },
		{ FOUR("1d", FLOOD("12h", "6h")) KPIS("name='connectivity.delivery-ratio' phase='later'"),
		  "is no phase (one of before, during, after)" },
		{ FOUR("1d", FLOOD("12h", "6h")) KPIS("name='crisis.resilience-index' phase='during'"),
		  "counted over the whole run" },
		{ FOUR("1d", FLOOD("12h", "6h")) KPIS("name='connectivity.delivery-ratio' class='c9' phase='during'"),
		  "is the id of no" },
		{ FOUR("1d", "<crisis phases='off'/>") KPIS("name='connectivity.delivery-ratio' phase='during'"),
		  "phases=\"on\"", true },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rubble r;
		char *text = NULL;
		size_t size = 0;
		assert_int_equal(rubble_load(&r, cases[i].body, NULL), cases[i].warning);
		FILE *f = open_memstream(&text, &size);
		diag_print(r.diag, f);
		fclose(f);
		if (!strstr(text, cases[i].message))
			fail_msg("%zu: %s", i, text);
		free(text);
		rubble_close(&r);
	}
}

/* A KPI whose first name is new has to be put on one side or the other. */
static void every_family_of_kpis_is_known_to_be_counted_by_phase_or_not(void **st)
{
	static const char *const known[] = { "access.",       "losses.",    "backhaul.",   "broker.",  "choosing.",
					     "connectivity.", "downlink.",  "edge.",       "energy.",  "interoperability.",
					     "latency.",      "ledger.",    "local-link.", "lorawan.", "messages.",
					     "platform.",     "power-grid." };

	(void)st;
	for (size_t i = 0; i < sccsim_models.n; i++)
		for (size_t k = 0; k < sccsim_models.models[i]->n_kpis; k++) {
			const struct kpi_def *def = &sccsim_models.models[i]->kpis[k];
			bool is = !crisis_model.windowed(def) || strcmp(def->name, "security.compliance-ratio") == 0 ||
				  strcmp(def->name, "security.exposure") == 0;
			for (size_t j = 0; j < sizeof known / sizeof known[0]; j++)
				is = is || strncmp(def->name, known[j], strlen(known[j])) == 0;
			if (!is)
				fail_msg("is %s counted by phase? (phases.c)", def->name);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_messages_of_the_phases_are_those_of_the_run),
		cmocka_unit_test(what_tells_of_the_whole_run_has_no_phases),
		cmocka_unit_test(where_nothing_happens_or_phases_are_off_there_are_none),
		cmocka_unit_test(a_crisis_that_outlasts_the_run_has_no_after_and_one_from_the_start_no_before),
		cmocka_unit_test(when_counting_begins_changes_nothing_of_what_happens),
		cmocka_unit_test(when_a_run_ends_changes_nothing_of_what_happens_before),
		cmocka_unit_test(progress_covers_the_twin_and_the_phases),
		cmocka_unit_test(stopping_the_twin_or_a_phase_stops_the_replication),
		cmocka_unit_test(the_threads_do_not_matter),
		cmocka_unit_test(a_target_may_be_of_a_phase),
		cmocka_unit_test(targets_of_a_phase_that_cannot_be_are_refused_or_told),
		cmocka_unit_test(every_family_of_kpis_is_known_to_be_counted_by_phase_or_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
