/* The catalogue and the baselines: every row is whole, every profile points at provisions that there are. */
#include "models/security/baseline.h"
#include "tests/unit/device/town.h"

static void ids_are_unique_and_found(void **st)
{
	(void)st;
	for (int i = 0; i < PROVISIONS; i++) {
		assert_non_null(provisions[i].id);
		assert_true(strlen(provisions[i].text) > 10);
		assert_int_equal(provision_named(provisions[i].id), i);
	}
	assert_int_equal(provision_named("5.1-9"), -1);
	assert_int_equal(provision_named(NULL), -1);
}

static void every_feature_has_one_name(void **st)
{
	size_t n = 0, len;
	uint64_t f;
	const char *bad;

	(void)st;
	for (; feature_names[n]; n++) {
		assert_true(features_parse(feature_names[n], &f, &bad, &len));
		assert_true(f == UINT64_C(1) << n);
	}
	assert_int_equal(n, FEATURES - 1); /* the last follows from others */
	assert_false(features_parse("passwords wings", &f, &bad, &len));
	assert_int_equal(len, 5);
}

static void every_requirement_is_met_by_provisions_that_there_are(void **st)
{
	struct requirement row[PROVISIONS_MOST];
	struct provision_set by;
	const char *bad;
	size_t len;

	(void)st;
	for (size_t i = 0; i < n_shipped_baselines; i++) {
		const struct baseline *b = &shipped_baselines[i];
		size_t n = baseline_rows(b, row);
		assert_true(n > 0 && n <= PROVISIONS_MOST);
		assert_ptr_equal(baseline_named(NULL, b->id), b);
		for (size_t k = 0; k < n; k++) {
			assert_true(provisions_parse(row[k].by ? row[k].by : row[k].id, &by, &bad, &len));
			assert_true(provision_count(&by) > 0);
			assert_true(strlen(row[k].clause) > 0);
			for (size_t j = 0; j < k; j++)
				assert_string_not_equal(row[j].id, row[k].id);
		}
	}
}

/* The notation of Table B.1 as it is printed. */
static void notation_is_that_of_the_table(void **st)
{
	static const struct {
		const char *id, *status;
	} some[] = {
		{ "5.0-1", "M" },   { "5.1-1", "MF" },   { "5.1-5", "MCF" }, { "5.2-2", "R" },
		{ "5.3-2", "MC" },  { "5.3-15B", "RC" }, { "5.3-4A", "RF" }, { "5.5-8", "MC" },
		{ "5.13-1B", "M" }, { "6-3B", "MF" },    { "6-8", "RF" },    { "5.3-11", "RC" },
	};
	struct requirement row[PROVISIONS_MOST];
	size_t n = baseline_rows(baseline_named(NULL, "en-303-645"), row);
	char buf[4];

	(void)st;
	for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
		size_t k = 0;
		while (k < n && strcmp(row[k].id, some[i].id) != 0)
			k++;
		assert_true(k < n);
		assert_string_equal(requirement_notation(&row[k], buf), some[i].status);
	}
}

static void levels_of_the_label_ask_for_more_and_more(void **st)
{
	struct provision_set must[4], may;
	uint64_t f = features_complete(~UINT64_C(0) & ~FEATURE_BIT(CONSTRAINED));

	(void)st;
	for (int level = 1; level <= 4; level++) {
		char id[8];
		snprintf(id, sizeof id, "cls-%d", level);
		baseline_apply(baseline_named(NULL, id), f, &must[level - 1], &may);
		assert_int_equal(baseline_named(NULL, id)->label, level);
		if (level > 1) {
			assert_true(provision_covers(&must[level - 1], &must[level - 2]));
			assert_true(provision_count(&must[level - 1]) > provision_count(&must[level - 2]));
		}
	}
}

#define PLACE "<city width='1km' height='1km'/><device-class id='m'/><deploy class='m' count='1'/>"

static void a_profile_changes_and_adds(void **st)
{
	struct town t = { 0 };
	const struct baseline *b;

	(void)st;
	town_open(&t, "duration='1d'",
		  PLACE "<baseline id='land' extends='en-303-645'><provision of='5.6-5' status='mandatory'/>"
			"<provision of='5.1-1' status='not-applicable'/><provision of='x-log' status='mandatory'/>"
			"<provision of='5.2-1' status='recommended' features='telemetry'/></baseline>");
	b = baseline_named(t.sc, "land");
	assert_non_null(b);
	assert_int_equal(baseline_count(b, NULL, REQUIREMENT_MANDATORY), 36 + 1 - 1 + 1 - 1);
	assert_int_equal(baseline_count(b, NULL, REQUIREMENT_RECOMMENDED), 42 - 1 + 1);
	assert_int_equal(b->label, 0);
	town_close(&t);
}

static void what_is_wrong_is_said(void **st)
{
	(void)st;
	town_refuses(PLACE "<baseline id='land' extends='en-303-654'/>", "did you mean en-303-645");
	town_refuses(PLACE "<baseline id='land'><provision of='5.1-11' status='mandatory'/></baseline>", "is no provision");
	town_refuses(PLACE "<baseline id='cls-1'/>", "a baseline that is shipped");
	town_refuses(PLACE "<baseline id='land'><provision of='5.1-1' status='mandatory' features='wings'/></baseline>",
		     "is no feature");
	town_refuses("<city width='1km' height='1km'/><device-class id='m'><security baseline='cls-5'/></device-class>"
		     "<deploy class='m' count='1'/>",
		     "is no baseline, did you mean cls-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_unique_and_found),
		cmocka_unit_test(every_feature_has_one_name),
		cmocka_unit_test(every_requirement_is_met_by_provisions_that_there_are),
		cmocka_unit_test(notation_is_that_of_the_table),
		cmocka_unit_test(levels_of_the_label_ask_for_more_and_more),
		cmocka_unit_test(a_profile_changes_and_adds),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
