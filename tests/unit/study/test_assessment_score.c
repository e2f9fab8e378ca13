/* Scores of a sheet: groups, intervals carried through, changes, findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/study/sheet.h"

static void group_is(const struct scores *s, enum group_kind kind, const char *key, size_t state, size_t reported, size_t scored, double percent)
{
	const struct scored_group *g = score_group(s, kind, key);

	if (!g) {
		fail_msg("there is no group %s", key);
		return;
	}
	if (g->scores[state].reported != reported || g->scores[state].scored != scored)
		fail_msg("%s: %zu reported, %zu scored", key, g->scores[state].reported, g->scores[state].scored);
	assert_near(group_percent(g->scores[state].at, g->scores[state].scored), percent, 1e-9);
}

/* ITU's verified row of Karmoy 2020, whose 84.51 % fixed broadband are 140.9 % of target and 4 points. */
static void groups_count_what_is_reported_and_score_what_has_a_benchmark(void **state)
{
	static const struct outcome *none[1];
	struct assessment *a = sheet_new(
		SHEET("",
		      "<state id='now'/><indicator code='EC: ICT: ICT: 1C' value='97%'/><indicator code='EC: ICT: ICT: 2C' value='84.51%'/>"
		      "<indicator code='EC: ICT: ICT: 5A' value='78'/><indicator code='EC: ICT: WS: 1C' value='27.27%'/>"
		      "<indicator code='EC: I: WS: 3C' value='35.42%'/><indicator code='EC: I: WS: 4C' value='81.57%'/>"
		      "<indicator code='EC: ICT: D: 1A' value='0%'/><indicator code='EC: I: WS: 1C'/>"
		      "<indicator code='own' name='Own' unit='%' benchmark='50%' value='25%'/>"),
		0);
	struct scores *s = scores_new(a, none);

	(void)state;
	assert_near(score_cell(s, 1, 0)->share, 140.85, 1e-9);
	assert_int_equal(score_cell(s, 1, 0)->points.at, 4);
	assert_int_equal(score_cell(s, 7, 0)->source, VALUE_ABSENT);
	group_is(s, GROUP_ALL, "all", 0, 8, 6, 100.0 * (4 + 4 + 1 + 3 + 1 + 2) / 24);
	group_is(s, GROUP_DIMENSION, "EC", 0, 7, 5, 65);
	group_is(s, GROUP_SUB_DIMENSION, "EC: ICT", 0, 5, 4, 62.5);
	group_is(s, GROUP_CATEGORY, "ICT", 0, 3, 2, 100);
	group_is(s, GROUP_CATEGORY, "WS", 0, 3, 2, 50); /* of ICT and of infrastructure alike */
	group_is(s, GROUP_SDG, "17.8", 0, 2, 2, 100);
	assert_true(isnan(group_percent(score_group(s, GROUP_DIMENSION, "EN")->scores[0].at, 0)));
	assert_int_equal(score_group(s, GROUP_ALL, "all")->scores[0].known, n_indicators + 1);
	assert_int_equal(score_group(s, GROUP_DIMENSION, "EC")->scores[0].known, 55);
	scores_free(s);
	assessment_free(a);
}

static void targets_stand_in_order_and_take_what_names_them_whole(void **state)
{
	static const struct outcome *none[1];
	static const char *const order[] = { "6.1", "6.10", "6.4", "11.b", "16.1" };
	struct assessment *a = sheet_new(
		SHEET("", "<state id='now'/><indicator code='a' name='A' unit='1' benchmark='1' sdg='16.1  6.4' value='1'/>"
			  "<indicator code='b' name='B' unit='1' benchmark='1' sdg='11.b 6.1' value='0'/>"
			  "<indicator code='c' name='C' unit='1' benchmark='1' sdg='6.10' value='1'/>"),
		0);
	struct scores *s = scores_new(a, none);
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].kind == GROUP_SDG)
			assert_string_equal(s->groups[i].key, order[n++]);
	assert_int_equal(n, 5);
	group_is(s, GROUP_SDG, "6.1", 0, 1, 1, 25); /* not those of 16.1 and 6.10 */
	group_is(s, GROUP_SDG, "16.1", 0, 1, 1, 100);
	scores_free(s);
	assessment_free(a);
}

static const char before_after[] =
	SHEET("", "<state id='now'/><state id='plan'/><indicator code='EC: I: WS: 1C' value='100%'/><indicator code='EC: ICT: WS: 1C'>"
		  "<value state='now'>4%</value><value state='plan' kpi='meters.connected-ratio' class='m'/></indicator>");

static void an_interval_reaches_the_points_the_groups_and_the_change(void **state)
{
	static const double x[] = { 0.62, 0.66, 0.70, 0.64, 0.66 };
	struct assessment *a = sheet_new(before_after, 1);
	struct outcome *o = outcome_made(1, &sheet_kpis[KPI_SHARE], "class=m", x, 5);
	struct scores *s = scores_new(a, (const struct outcome *const[]){ NULL, o });
	const struct cell_score *c = score_cell(s, 1, 1);
	const struct cell_change *d = score_change(s, 1, 1);
	const struct scored_group *g = score_group(s, GROUP_CATEGORY, "WS");
	struct interval want = interval_mean((const double[]){ 62, 66, 70, 64, 66 }, 5, 0.95);

	(void)state;
	assert_near(c->value.mean, want.mean, 1e-9);
	assert_near(c->value.low, want.low, 1e-9);
	assert_near(c->value.high, want.high, 1e-9);
	assert_true(c->points.low == 2 && c->points.at == 2 && c->points.high == 3);
	assert_true(g->scores[1].low == 6 && g->scores[1].at == 6 && g->scores[1].high == 7);
	/* from a given value: the interval of the simulated one, moved */
	assert_true(d->known && !d->paired && d->scored);
	assert_near(d->value.difference.mean, want.mean - 4, 1e-9);
	assert_near(d->value.difference.low, want.low - 4, 1e-9);
	assert_near(d->value.difference.high, want.high - 4, 1e-9);
	assert_true(d->low == 1 && d->at == 1 && d->high == 2);
	assert_near(g->changes[1].low, 12.5, 1e-9);
	assert_near(g->changes[1].high, 25, 1e-9);
	assert_int_equal(g->changes[1].n, 2);
	assert_int_equal(g->changes[0].n, 0);
	scores_free(s);
	outcome_unmake(o);
	assessment_free(a);
}

static void an_interval_ends_where_shares_do(void **state)
{
	static const double x[] = { 0.99, 1, 0.9, 1 }, tiny[] = { 0, 0.02, 0, 0 };
	struct assessment *a = sheet_new(before_after, 1);
	struct outcome *o = outcome_made(1, &sheet_kpis[KPI_SHARE], "class=m", x, 4),
		       *p = outcome_made(1, &sheet_kpis[KPI_SHARE], "class=m", tiny, 4);
	struct scores *s = scores_new(a, (const struct outcome *const[]){ NULL, o }),
		      *t = scores_new(a, (const struct outcome *const[]){ NULL, p });

	(void)state;
	assert_near(score_cell(s, 1, 1)->value.high, 100, 0);
	assert_near(score_cell(t, 1, 1)->value.low, 0, 0);
	scores_free(s);
	scores_free(t);
	outcome_unmake(o);
	outcome_unmake(p);
	assessment_free(a);
}

static void what_the_simulation_did_not_count_is_absent_and_said(void **state)
{
	static const double gaps[] = { 0.5, NAN, 0.7, NAN }, nothing[] = { NAN, NAN }, one[] = { 0.5 };
	const struct {
		const double *x;
		size_t n;
		const char *group;
		enum value_source source;
		uint64_t used;
		size_t findings;
	} cases[] = {
		{ gaps, 4, "class=m", VALUE_SIMULATED, 2, 0 },
		{ nothing, 2, "class=m", VALUE_ABSENT, 0, 1 },
		{ gaps, 4, "class=n", VALUE_ABSENT, 0, 1 },
		{ one, 1, "class=m", VALUE_SIMULATED, 1, 1 },
	};
	struct assessment *a = sheet_new(before_after, 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct outcome *o = outcome_made(1, &sheet_kpis[KPI_SHARE], cases[i].group, cases[i].x, cases[i].n);
		struct scores *s = scores_new(a, (const struct outcome *const[]){ NULL, o });
		const struct cell_score *c = score_cell(s, 1, 1);
		assert_int_equal(c->source, cases[i].source);
		assert_int_equal(c->value.n, cases[i].used);
		assert_int_equal(s->n_findings, cases[i].findings);
		assert_int_equal(score_change(s, 1, 1)->known, cases[i].source != VALUE_ABSENT);
		assert_true(c->source != VALUE_ABSENT || (c->points.at == 0 && isnan(c->share)));
		scores_free(s);
		outcome_unmake(o);
	}
	assessment_free(a);
}

/* Replications that differ much among themselves and alike between the states. */
static void simulations_from_the_same_streams_are_compared_by_replication(void **state)
{
	static const double plan[] = { 0.2, 0.4, 0.6, 0.8 }, other[] = { 0.25, 0.46, 0.64, 0.85 };
	struct assessment *a =
		sheet_new(SHEET("", "<state id='now'/><state id='plan'/><state id='other' against='plan'/>"
				    "<indicator code='EC: ICT: WS: 1C'><value state='plan' kpi='meters.connected-ratio'/>"
				    "<value state='other' kpi='meters.connected-ratio'/></indicator>"),
			  2);
	const double pa[] = { 20, 40, 60, 80 }, pb[] = { 25, 46, 64, 85 };

	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct outcome *p = outcome_made(1, &sheet_kpis[KPI_SHARE], "all", plan, 4);
		struct outcome *q = outcome_made(seed, &sheet_kpis[KPI_SHARE], "all", other, 4);
		struct scores *s = scores_new(a, (const struct outcome *const[]){ NULL, p, q });
		const struct cell_change *d = score_change(s, 0, 2);
		struct contrast want =
			seed == 1 ? contrast_paired(pa, pb, 4, 0.95) : contrast_independent(pa, 4, pb, 4, 0.95);
		assert_int_equal(d->paired, seed == 1);
		assert_near(d->value.difference.mean, 5, 1e-9);
		assert_near(d->value.difference.low, want.difference.low, 1e-9);
		assert_near(d->value.p, want.p, 1e-9);
		assert_true((d->value.difference.low > 0) == (seed == 1)); /* what pairing is for */
		assert_true(!score_change(s, 0, 1)->known);
		/* between 8.9 and 91.1 % one to three points, between 14.3 and 95.7 % one to four */
		assert_true(score_cell(s, 0, 1)->points.low == 1 && score_cell(s, 0, 1)->points.high == 3);
		assert_true(score_cell(s, 0, 2)->points.low == 1 && score_cell(s, 0, 2)->points.high == 4);
		assert_true(d->low == -2 && d->at == 0 && d->high == 3);
		scores_free(s);
		outcome_unmake(p);
		outcome_unmake(q);
	}
	assessment_free(a);
}

static void a_change_counts_what_is_scored_in_both_states_alone(void **state)
{
	static const struct outcome *none[2];
	struct assessment *a = sheet_new(
		SHEET("",
		      "<state id='now'/><state id='then'/>"
		      "<indicator code='EC: I: WS: 1C'><value state='now'>50%</value><value state='then'>100%</value></indicator>"
		      "<indicator code='EC: I: WS: 2C'><value state='then'>10%</value></indicator>"
		      "<indicator code='EC: I: WS: 4C' value='70%'/><indicator code='EC: I: WS: 3C' value='30%'/>"),
		0);
	struct scores *s = scores_new(a, none);
	const struct group_change *c = &score_group(s, GROUP_ALL, "all")->changes[1];

	(void)state;
	assert_int_equal(c->n, 2);
	assert_near(c->at, 25, 1e-9); /* two points of eight */
	assert_true(c->low == c->at && c->high == c->at);
	group_is(s, GROUP_ALL, "all", 0, 3, 2, 62.5);
	group_is(s, GROUP_ALL, "all", 1, 4, 3, 100.0 * 8 / 12);
	scores_free(s);
	assessment_free(a);
}

static void what_verifiers_would_ask_is_found(void **state)
{
	static const struct outcome *none[1];
	static const struct {
		const char *a, *va, *b, *vb;
		const char *finding;
	} cases[] = {
		{ "EC: I: WS: 1C", "90%", "EC: I: WS: 2C", "95%", "potable" },
		{ "EC: I: WS: 1C", "95%", "EC: I: WS: 2C", "95%", NULL },
		{ "EC: ICT: ES: 1C", "20%", "EC: ICT: WS: 1C", "30%", "water meters" },
		{ "EC: ICT: ES: 1C", "30%", "EC: ICT: WS: 1C", "20%", NULL },
		{ "EC: ICT: ICT: 1C", "80%", "EC: ICT: ICT: 2C", "84%", "broadband" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text,
			 SHEET("", "<state id='now'/><indicator code='%s' value='%s'/><indicator code='%s' value='%s'/>"),
			 cases[i].a, cases[i].va, cases[i].b, cases[i].vb);
		struct assessment *a = sheet_new(text, 0);
		struct scores *s = scores_new(a, none);
		assert_int_equal(s->n_findings, cases[i].finding != NULL);
		if (cases[i].finding)
			assert_non_null(strstr(s->findings[0].text, cases[i].finding));
		scores_free(s);
		assessment_free(a);
	}
}

static void outage_figures_give_minutes_without_power(void **state)
{
	static const struct outcome *none[2];
	struct assessment *a = sheet_new(
		SHEET("",
		      "<state id='now'/><state id='then'/><indicator code='EC: I: ES: 1C' numerator='76' denominator='190'/>"
		      "<indicator code='EC: I: ES: 2C'><value state='now'>31min</value></indicator>"),
		0);
	struct scores *s = scores_new(a, none);

	(void)state;
	assert_near(s->saidi[0], 12.4, 1e-9);
	assert_true(isnan(s->saidi[1]));
	scores_free(s);
	assessment_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_count_what_is_reported_and_score_what_has_a_benchmark),
		cmocka_unit_test(targets_stand_in_order_and_take_what_names_them_whole),
		cmocka_unit_test(an_interval_reaches_the_points_the_groups_and_the_change),
		cmocka_unit_test(an_interval_ends_where_shares_do),
		cmocka_unit_test(what_the_simulation_did_not_count_is_absent_and_said),
		cmocka_unit_test(simulations_from_the_same_streams_are_compared_by_replication),
		cmocka_unit_test(a_change_counts_what_is_scored_in_both_states_alone),
		cmocka_unit_test(what_verifiers_would_ask_is_found),
		cmocka_unit_test(outage_figures_give_minutes_without_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
