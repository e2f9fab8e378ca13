#include "tests/unit/bootstrap/realm.h"

#define METERS(attributes, count) \
	"<device-class id='meter'><identifier " attributes "/></device-class><deploy class='meter' count='" count "' " \
	"placement='uniform'/>"
#define LIGHTS(attributes, count) \
	"<device-class id='light'><identifier " attributes "/></device-class><deploy class='light' count='" count "' " \
	"placement='uniform'/>"

static void schemes_are_whole(void **st)
{
	(void)st;
	for (int i = 0; i < IDENTIFIER_SCHEMES; i++) {
		const struct identifier_scheme *c = &identifier_schemes[i];
		assert_true(c->id && c->title && c->form && c->authority && c->source && c->status);
		assert_in_range(c->random_bits, 1, 128);
		assert_true(c->bits == 0 || c->random_bits <= c->bits);
		assert_int_equal(c->steps, strcmp(c->id, "handle") == 0 ? 2 : 1);
		assert_true(c->unique == (strcmp(c->id, "devaddr") != 0));
	}
}

static void every_scheme_can_be_named(void **st)
{
	char body[512];

	(void)st;
	for (int i = 0; i < IDENTIFIER_SCHEMES; i++) {
		struct realm w;
		snprintf(body, sizeof body,
			 "<device-class id='meter'><identifier scheme='%s' allocation='random'/></device-class>"
			 "<deploy class='meter' count='3' placement='uniform'/>",
			 identifier_schemes[i].id);
		realm_open(&w, body, 1, SIM_HOUR);
		realm_run(&w);
		assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 1, 0);
		realm_close(&w);
	}
}

static void without_an_identifier_nothing_is_said_of_any(void **st)
{
	struct realm w;

	(void)st;
	realm_open(&w, "<device-class id='meter'/><deploy class='meter' count='5' placement='uniform'/>", 1, SIM_HOUR);
	assert_int_equal(identifier_of(w.sim, 0), 0);
	assert_false(identifier_unique(w.sim, 0));
	assert_false(repository_revoke(w.sim, 0));
	assert_false(repository_resolve(w.sim, 0, NULL, NULL, 0));
	realm_run(&w);
	assert_true(isnan(realm_kpi(&w, "identity.uniqueness-ratio")));
	assert_close(realm_kpi(&w, "connectivity.connected-ratio"), 1, 0);
	realm_close(&w);
}

static void blocks_are_unique_by_construction(void **st)
{
	struct realm w;

	(void)st;
	realm_open(&w, METERS("", "2000") LIGHTS("", "2000"), 1, SIM_HOUR);
	realm_run(&w);
	for (uint32_t i = 0; i < 4000; i++)
		assert_true(identifier_unique(w.sim, i));
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 1, 0);
	assert_close(realm_kpi(&w, "identity.duplicates"), 0, 0);
	realm_close(&w);
}

/* The bits that a device has drawn: by the rule of identifier_given.c. */
static uint64_t drawn(const struct realm *w, uint32_t device, unsigned bits)
{
	uint64_t out[2];

	rng_block(w->sim->key, RNG_PURPOSE('i', 'd', 'v', 'l'), device_key(devices_of(w->sim), device), 0, out);
	return out[0] & ((UINT64_C(1) << bits) - 1);
}

/* 2,000 draws of 16 bits: 30.5 pairs on average, in one class and across two. */
static void two_share_an_identifier_if_and_only_if_all_their_bits_are_equal(void **st)
{
	struct realm w;
	uint32_t n = 2000, pairs = 0, alone = 0;

	(void)st;
	realm_open(&w, METERS("allocation='random' bits='16'", "1200") LIGHTS("allocation='random' bits='16'", "800"), 3,
		   SIM_HOUR);
	realm_run(&w);
	for (uint32_t i = 0; i < n; i++) {
		bool unique = true;
		for (uint32_t k = 0; k < n; k++) {
			bool equal = drawn(&w, i, 16) == drawn(&w, k, 16);
			assert_true(equal == (identifier_of(w.sim, i) == identifier_of(w.sim, k)));
			unique &= k == i || !equal;
			pairs += k < i && equal;
		}
		assert_true(unique == identifier_unique(w.sim, i));
		alone += unique;
	}
	assert_in_range(pairs, 17, 45); /* 99 % of a Poisson law of mean 30.5 */
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), alone / (double)n, 1e-12);
	realm_close(&w);
}

static void another_class_changes_no_devices_draw(void **st)
{
	struct realm a, b;

	(void)st;
	realm_open(&a, METERS("allocation='random' bits='12' duplicates='5%'", "300"), 1, SIM_HOUR);
	realm_open(&b,
		   LIGHTS("allocation='random' bits='12' scheme='oid'", "50")
			   METERS("allocation='random' bits='12' duplicates='5%'", "300"),
		   1, SIM_HOUR);
	for (uint32_t i = 0; i < 300; i++)
		for (uint32_t k = 0; k < i; k++)
			assert_true((identifier_of(a.sim, i) == identifier_of(a.sim, k)) ==
				    (identifier_of(b.sim, 50 + i) == identifier_of(b.sim, 50 + k)));
	realm_close(&a);
	realm_close(&b);
}

/* Of 20,000: the shares are binomial, 99.9 % within 3.29 standard deviations. */
static void mistakes_are_made_in_the_shares_that_are_asked_for(void **st)
{
	struct realm w;
	uint32_t n = 20000, same = 0, other = 0;
	uint64_t most = 0;

	(void)st;
	realm_open(&w, METERS("duplicates='2%' clones='1%' defaulted='3%'", "20000"), 1, SIM_HOUR);
	realm_run(&w);
	/* the default is the one identifier that hundreds share */
	for (uint32_t i = 0, best = 0; i < 400; i++) {
		uint32_t count = 0;
		for (uint32_t k = 0; k < n; k++)
			count += identifier_of(w.sim, i) == identifier_of(w.sim, k);
		if (count > best) {
			best = count;
			most = identifier_of(w.sim, i);
			same = count;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		other += identifier_of(w.sim, i) != most && !identifier_unique(w.sim, i);
	assert_close(same / (double)n, 0.03 * 1.03, 3.29 * sqrt(0.03 / n)); /* and 3 % of the copies are of a default */
	/* a pair for each of the 3 % less those of a default, less the few that share one another's */
	assert_close(other / (double)n, 2 * 0.03 * 0.97, 2 * 3.29 * sqrt(0.03 / n) + 3 * 0.03 * 0.03);
	assert_close(realm_kpi(&w, "identity.duplicates"), n * 0.06, 3.29 * sqrt(n * 0.06));
	assert_close(realm_kpi(&w, "identity.duplicates-detected"), 0, 0);
	realm_close(&w);
}

static void a_device_without_a_repository_works_whoever_shares_its_identifier(void **st)
{
	struct realm w;

	(void)st;
	realm_open(&w, METERS("defaulted='100%'", "50"), 1, SIM_HOUR);
	realm_run(&w);
	assert_close(realm_kpi(&w, "connectivity.connected-ratio"), 1, 0);
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 0, 0);
	assert_close(realm_kpi(&w, "identity.duplicates"), 49, 0);
	assert_close(realm_kpi(&w, "identity.duplicates-outstanding"), 49, 0);
	realm_close(&w);
}

static void what_cannot_be_is_refused(void **st)
{
	(void)st;
	assert_true(realm_complains(METERS("bits='20'", "1"), "of no use: blocks are unique by construction"));
	assert_true(realm_complains(METERS("scheme='devaddr' allocation='random' bits='33'", "1"),
				    "more than the 32 of LoRaWAN DevAddr"));
	assert_true(realm_complains(METERS("allocation='random' bits='129'", "1"), "bits"));
	assert_true(realm_complains(METERS("duplicates='60%' clones='50%'", "1"), "more than 100 % together"));
	assert_true(realm_complains(METERS("scheme='uuid'", "1"), "scheme"));
	assert_true(realm_complains(METERS("resolved='onboarding'", "1"), "needs a repository"));
	assert_true(realm_complains(METERS("resolutions='1/d'", "1"), "needs a repository"));
	assert_true(realm_complains(METERS("revocations='1/yr'", "1"), "needs a repository"));
	assert_true(realm_complains("<trust-repository id='reg'/>" METERS("repository='reg' resolved='messages'", "1"),
				    "names none that accepts messages"));
	assert_true(realm_complains("<trust-repository id='reg'/>" METERS("repository='reg' scheme='devaddr'", "1"),
				    "not meant to be unique"));
	assert_true(realm_complains(METERS("repository='nowhere'", "1"), "nowhere"));
	assert_true(realm_complains("<platform id='cloud'><identifier scheme='handle'/></platform>",
				    "is there to be looked up"));
	assert_true(realm_complains(
		"<trust-repository id='reg'/><platform id='cloud'><identifier repository='reg' clones='1%'/></platform>",
		"is of devices"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schemes_are_whole),
		cmocka_unit_test(every_scheme_can_be_named),
		cmocka_unit_test(without_an_identifier_nothing_is_said_of_any),
		cmocka_unit_test(blocks_are_unique_by_construction),
		cmocka_unit_test(two_share_an_identifier_if_and_only_if_all_their_bits_are_equal),
		cmocka_unit_test(another_class_changes_no_devices_draw),
		cmocka_unit_test(mistakes_are_made_in_the_shares_that_are_asked_for),
		cmocka_unit_test(a_device_without_a_repository_works_whoever_shares_its_identifier),
		cmocka_unit_test(what_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
