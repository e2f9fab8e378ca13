/* Comparison of two results: made samples with known differences, and folders that a run has left. */
#include "tests/unit/output/folder.h"

#include "sim/output/compare.h"
#include "sim/output/text.h"
#include "tests/unit/study/near.h"

enum { HIGHER, LOWER, NEITHER, DETAIL, DEFS };
static const struct kpi_def defs[] = {
	[HIGHER] = { "test.ratio", "1", "delivered \xc3\xb7 generated", NULL, KPI_HIGHER, false },
	[LOWER] = { "test.time", "s", "how long it took", NULL, KPI_LOWER, false },
	[NEITHER] = { "test.load", "1/h", "messages per hour", NULL, KPI_NEITHER, false },
	[DETAIL] = { "test.detail", "1", "one thing more", NULL, KPI_HIGHER, true },
};

enum { REPS = 20 };
struct pair {
	struct compare_side   side[2];
	struct compare_sample samples[2][8];
	double                v[2][8][REPS];
	struct arena         *a;
};

/* Noise that both sides see alike, of a size that hides a small difference from who does not pair. */
static double noise(size_t sample, size_t rep)
{
	return (double)((rep * 7919 + sample * 104729) % 1009) / 1009 - 0.5;
}

static void add(struct pair *p, size_t def, const char *group, double base, double difference, double spread)
{
	size_t k = p->side[0].n_samples;

	for (int s = 0; s < 2; s++) {
		for (size_t r = 0; r < REPS; r++)
			p->v[s][k][r] = base + spread * noise(k, r) + (s ? difference * (1 + 0.1 * noise(k + 50, r)) : 0);
		p->samples[s][k] = (struct compare_sample){ "", &defs[def], group, p->v[s][k], REPS };
		p->side[s].n_samples++;
	}
}

static int set_up(void **state)
{
	struct pair *p = calloc(1, sizeof *p);

	if (!p)
		return -1;
	p->a = arena_new();
	for (int s = 0; s < 2; s++)
		p->side[s] = (struct compare_side){ .dir = s ? "b" : "a",
						    .title = "t",
						    .version = "1",
						    .hash = "",
						    .seed = 1,
						    .confidence = 0.95,
						    .replications = REPS,
						    .samples = p->samples[s] };
	add(p, HIGHER, "all", 0.5, 0.02, 0.2);
	add(p, LOWER, "all", 10, 1, 0.5);
	add(p, NEITHER, "all", 100, -3, 5);
	add(p, HIGHER, "class=c", 0.5, 0, 0.2);
	add(p, DETAIL, "all", 1, 1, 0.1);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *p = *state;

	arena_free(p->a);
	free(p);
	return 0;
}

static struct comparison *compare(struct pair *p, bool all)
{
	struct compare_options opt = { .all = all };
	char why[OUTPUT_WHY] = "";
	bool refused = false;
	struct comparison *c = compare_sides(&p->side[0], &p->side[1], &opt, p->a, &refused, why);

	if (!c)
		fail_msg("%s", why);
	return c;
}

static void differences_are_found_with_their_direction(void **state)
{
	struct comparison *c = compare(*state, false);

	assert_int_equal(c->n_rows, 4);
	assert_true(c->paired);
	assert_int_equal(c->rows[0].way, COMPARE_BETTER);
	assert_int_equal(c->rows[1].way, COMPARE_WORSE); /* less would be better */
	assert_int_equal(c->rows[2].way, COMPARE_OTHER);
	assert_int_equal(c->rows[3].way, COMPARE_SAME);
	assert_near(c->rows[0].contrast.difference.mean, 0.02, 0.001);
	assert_true(c->rows[0].contrast.difference.low < 0.02 && c->rows[0].contrast.difference.high > 0.019);
	assert_near(c->rows[1].relative.mean, 0.1, 0.005);
	assert_true(c->rows[0].share);
	assert_false(c->rows[1].share);
}

static void the_finding_counts_them(void **state)
{
	struct pair *p = *state;
	const char *finding = compare_finding(compare(p, false), p->a);

	assert_non_null(strstr(finding, "Of 4 KPIs 3 differ: 1 got better, 1 got worse, 1 changed"));
	assert_non_null(strstr(finding, "pair by pair, over 20 replications"));
	p->side[1].seed = 2;
	assert_non_null(strstr(compare_finding(compare(p, false), p->a), "different seeds (1 and 2)"));
}

/* What common random numbers are for: the same values tell less when they are not paired. */
static void other_seeds_are_not_paired(void **state)
{
	struct pair *p = *state;

	p->side[1].seed = 2;
	struct comparison *c = compare(p, false);
	assert_false(c->paired);
	assert_int_equal(c->rows[0].way, COMPARE_SAME);
	assert_int_equal(c->rows[1].way, COMPARE_WORSE);
}

static void p_values_are_adjusted_over_all_that_is_compared(void **state)
{
	struct pair *p = *state;
	struct comparison *few = compare(p, false), *all = compare(p, true);
	double v[5];

	assert_int_equal(all->n_rows, 5);
	for (int i = 0; i < 5; i++)
		v[i] = all->rows[i].contrast.p;
	assert_int_equal(holm_adjust(v, 5, v), 0);
	for (int i = 0; i < 5; i++)
		assert_near(all->rows[i].p_holm, v[i], 0);
	assert_true(few->rows[0].p_holm < all->rows[0].p_holm);
}

/* All devices and those of the only class: one result, and one test. */
static void groups_with_the_same_values_are_told_once(void **state)
{
	struct pair *p = *state;

	for (int s = 0; s < 2; s++) {
		p->samples[s][5] = p->samples[s][1];
		p->samples[s][5].group = "class=d";
		p->side[s].n_samples = 6;
	}
	struct comparison *c = compare(p, false);
	struct compare_shown shown;
	assert_int_equal(c->n_rows, 5);
	assert_int_equal(c->n_told, 4);
	assert_ptr_equal(c->rows[4].same_as, &c->rows[1]);
	assert_near(c->rows[4].p_holm, c->rows[1].p_holm, 0);
	assert_non_null(strstr(compare_finding(c, p->a), "Of 4 KPIs 3 differ"));
	compare_show(&shown, c, &c->rows[1], &plain_style);
	assert_string_equal(shown.group, "all devices, class d");
	assert_string_equal(shown.sure, "sure (p < 0.001)");
	assert_non_null(strstr(shown.difference, "+1"));
}

static void what_is_on_one_side_alone_is_named(void **state)
{
	struct pair *p = *state;

	p->side[1].n_samples = 3;
	struct comparison *c = compare(p, false);
	assert_int_equal(c->n_rows, 3);
	assert_int_equal(c->n_only[0], 1);
	assert_int_equal(c->n_only[1], 0);
	assert_string_equal(c->only[0][0]->group, "class=c");
}

static void one_replication_tells_no_difference(void **state)
{
	struct pair *p = *state;
	char buf[SHOWN];

	for (int s = 0; s < 2; s++)
		for (int i = 0; i < 5; i++)
			p->samples[s][i].n = 1;
	struct comparison *c = compare(p, false);
	assert_int_equal(c->n_way[COMPARE_SAME], 4);
	assert_string_equal(compare_sureness(buf, &c->rows[1]), "one replication");
}

static void what_cannot_be_compared_is_refused(void **state)
{
	struct pair *p = *state;
	struct compare_options opt = { .all = false };
	char why[OUTPUT_WHY] = "";
	bool refused = false;

	p->side[1].confidence = 0.9;
	assert_null(compare_sides(&p->side[0], &p->side[1], &opt, p->a, &refused, why));
	assert_true(refused);
	assert_non_null(strstr(why, "95 % confidence and b at 90 %"));
	opt.confidence = 0.99;
	assert_non_null(compare_sides(&p->side[0], &p->side[1], &opt, p->a, &refused, why));
	p->side[1].study = true;
	p->side[1].factors = "gateways";
	assert_null(compare_sides(&p->side[0], &p->side[1], &opt, p->a, &refused, why));
	assert_non_null(strstr(why, "a is of a run and b of a study"));
	p->side[0].study = true;
	p->side[0].factors = "gateways, adr";
	assert_null(compare_sides(&p->side[0], &p->side[1], &opt, p->a, &refused, why));
	assert_non_null(strstr(why, "different factors: gateways, adr in a, gateways in b"));
}

static void changed_inputs_are_listed_and_what_follows_from_them_is_not(void **state)
{
	struct pair *p = *state;
	struct compare_input a[] = {
		{ "lorawan#l", "adr", "on", 0, true, false },
		{ "lorawan#l/gateways", "count", "4", 0, true, false },
		{ "lorawan#l/gateways", "gain", "0dB", 0, false, false },
		{ "device", "derived", "1", 0, false, true },
		{ "crisis", "at", "1d", 0, true, false },
	};
	struct compare_input b[] = {
		{ "lorawan#l", "adr", "off", 0, true, false },
		{ "lorawan#l/gateways", "count", "4", 0, true, false },
		{ "lorawan#l/gateways", "gain", "0dB", 0, true, false },
		{ "device", "derived", "2", 0, false, true },
		{ "lorawan#l/gateways", "count", "9", 1, true, false },
	};

	p->side[0].inputs = a;
	p->side[1].inputs = b;
	p->side[0].n_inputs = p->side[1].n_inputs = 5;
	struct comparison *c = compare(p, false);
	assert_int_equal(c->n_changes, 3);
	assert_string_equal(c->changes[0].a, "on");
	assert_string_equal(c->changes[0].b, "off");
	assert_string_equal(c->changes[1].element, "crisis");
	assert_null(c->changes[1].b);
	assert_null(c->changes[2].a);
	assert_string_equal(c->changes[2].b, "9");
}

static void rows_come_by_their_relative_difference(void **state)
{
	struct pair *p = *state;
	size_t n = 0;
	const struct compare_row **v = compare_order(compare(p, true), p->a, &n);

	assert_int_equal(n, 5);
	assert_string_equal(v[0]->a->def->name, "test.detail");
	assert_string_equal(v[1]->a->def->name, "test.time");
	assert_int_equal(v[4]->way, COMPARE_SAME);
}

static void a_folder_of_a_run_is_read(void **state)
{
	struct folder *p = *state;
	struct arena *a = arena_new();
	char why[OUTPUT_WHY] = "";

	write_all(p);
	struct compare_side *s = compare_read(p->dir, &made_table, NULL, a, why);
	assert_non_null(s);
	assert_false(s->study);
	assert_true(s->seed == UINT64_MAX);
	assert_int_equal(s->replications, 3);
	assert_ptr_equal(s->samples[0].def, &made_kpis[MADE_DELIVERY]);
	assert_string_equal(s->samples[1].group, "class=" AWKWARD);
	assert_near(s->samples[0].v[1], 0.96, 0);
	assert_true(isnan(s->samples[0].v[2]));
	arena_free(a);
}

static void a_folder_without_a_record_is_refused(void **state)
{
	struct folder *p = *state;
	struct arena *a = arena_new();
	char why[OUTPUT_WHY] = "", path[128];

	assert_null(compare_read(p->dir, &made_table, NULL, a, why));
	assert_non_null(strstr(why, "holds no results.sqlite"));
	snprintf(path, sizeof path, "%s/results.sqlite", p->dir);
	FILE *f = fopen(path, "w");
	fputs("not a database, but long enough to be looked at as one", f);
	fclose(f);
	assert_null(compare_read(p->dir, &made_table, NULL, a, why));
	assert_non_null(strstr(why, "neither a run nor a study"));
	arena_free(a);
}

static void a_results_folder_is_not_written_over(void **state)
{
	struct folder *p = *state;
	struct arena *a = arena_new();
	struct compare_options opt = { .all = true };
	char why[OUTPUT_WHY] = "", out[128];
	bool refused;

	write_all(p);
	struct compare_side *s = compare_read(p->dir, &made_table, NULL, a, why);
	struct comparison *c = compare_sides(s, s, &opt, a, &refused, why);
	assert_int_equal(compare_write(c, compare_finding(c, a), p->dir, why), -1);
	assert_non_null(strstr(why, "choose another folder"));
	snprintf(out, sizeof out, "%s/compared", p->dir);
	if (compare_write(c, compare_finding(c, a), out, why) != 0)
		fail_msg("%s", why);
	char *page = content(p, "compared/report.html"), *csv = content(p, "compared/compare.csv");
	assert_non_null(page);
	assert_null(strstr(page, AWKWARD)); /* escaped */
	assert_non_null(strstr(csv, "connectivity.delivery-ratio,all,1,0.955,0.955,0,"));
	free(page);
	free(csv);
	arena_free(a);
}

#define SIDES(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define FOLDER(f) cmocka_unit_test_setup_teardown(f, folder_set_up, folder_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SIDES(differences_are_found_with_their_direction),
		SIDES(the_finding_counts_them),
		SIDES(other_seeds_are_not_paired),
		SIDES(p_values_are_adjusted_over_all_that_is_compared),
		SIDES(groups_with_the_same_values_are_told_once),
		SIDES(what_is_on_one_side_alone_is_named),
		SIDES(one_replication_tells_no_difference),
		SIDES(what_cannot_be_compared_is_refused),
		SIDES(changed_inputs_are_listed_and_what_follows_from_them_is_not),
		SIDES(rows_come_by_their_relative_difference),
		FOLDER(a_folder_of_a_run_is_read),
		FOLDER(a_folder_without_a_record_is_refused),
		FOLDER(a_results_folder_is_not_written_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
