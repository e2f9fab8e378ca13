#include "models/bootstrap/identifier_private.h"
#include "models/network/path.h"
#include "tests/unit/bootstrap/realm.h"

/* A repository whose look-ups take exactly 1 s on the way, and nothing there. */
#define REGISTRY(attributes) \
	"<trust-repository id='reg' latency='1s' latency-spread='0' service-time='0s' cache-time='5ms' " attributes "/>"
#define METERS(attributes, count) \
	"<device-class id='meter'><identifier repository='reg' " attributes "/></device-class>" \
	"<deploy class='meter' count='" count "' placement='uniform'/>"

/* When devices changed to a state. */
struct log { uint32_t n[DEVICE_STATES]; simtime_t last[DEVICE_STATES], first[DEVICE_STATES]; };

static void on_change(struct sim *s, void *ctx, uint32_t device, enum device_state from, enum device_state to)
{
	struct log *l = ctx;

	(void)device, (void)from;
	if (l->n[to]++ == 0)
		l->first[to] = s->now;
	l->last[to] = s->now;
}

static void begin(struct realm *w, struct log *l, const char *body, simtime_t end)
{
	memset(l, 0, sizeof *l);
	realm_open(w, body, 1, end);
	device_watch(w->sim, on_change, l);
}

/* What was answered, and when. */
struct answers {
	uint32_t n;
	enum resolution answer[64];
	simtime_t at[64];
	uint16_t kind;
	bool refused;
};

static void on_answer(struct sim *s, void *ctx, uint32_t number, enum resolution answer)
{
	struct answers *a = ctx;

	(void)number;
	assert_true(a->n < 64);
	a->answer[a->n] = answer;
	a->at[a->n++] = s->now;
}

static void ask(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	struct answers *a = ctx;

	if (detail)
		a->refused |= !repository_revoke(s, device);
	else
		a->refused |= !repository_resolve(s, device, on_answer, a, 7);
}

static void asks(struct realm *w, struct answers *a)
{
	memset(a, 0, sizeof *a);
	a->kind = sim_handler(w->sim, "ask", ask, a);
}

static void a_device_is_identified_once_it_is_entered(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l, REGISTRY("") METERS("", "3"), SIM_HOUR);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_IDENTIFIED], 3);
	assert_int_equal(l.first[DEVICE_IDENTIFIED], SIM_SECOND);
	assert_int_equal(l.last[DEVICE_OPERATIONAL], SIM_SECOND);
	assert_close(realm_kpi(&w, "identity.registration-time"), 1, 1e-9);
	realm_close(&w);
}

static void a_duplicate_found_at_registration_waits_for_another_identifier(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l, REGISTRY("reissue='2h'") METERS("defaulted='100%'", "4"), SIM_DAY);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_IDENTIFIED], 4);
	assert_int_equal(l.first[DEVICE_IDENTIFIED], SIM_SECOND);
	assert_int_equal(l.last[DEVICE_IDENTIFIED], 2 * SIM_HOUR + 2 * SIM_SECOND);
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 1, 0);
	assert_close(realm_kpi(&w, "identity.duplicates"), 3, 0);
	assert_close(realm_kpi(&w, "identity.duplicates-detected"), 3, 0);
	realm_close(&w);
	begin(&w, &l, REGISTRY("remedy='quarantine'") METERS("defaulted='100%'", "4"), SIM_DAY);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_IDENTIFIED], 1); /* the others never are */
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 1, 0);
	realm_close(&w);
}

static void an_audit_finds_double_entries_and_the_later_device_is_onboarded_again(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l, REGISTRY("detection='audit' audit-interval='3h' reissue='1h'") METERS("defaulted='100%'", "4"),
	      SIM_DAY);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_OPERATIONAL], 4 + 3);
	assert_int_equal(l.n[DEVICE_SUSPENDED], 3);
	assert_int_equal(l.first[DEVICE_SUSPENDED], 3 * SIM_HOUR);
	assert_int_equal(l.last[DEVICE_OPERATIONAL], 4 * SIM_HOUR + SIM_SECOND);
	assert_close(realm_kpi(&w, "identity.detection-time"), 3 * 3600 - 1, 1e-6);
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 1, 0);
	assert_close(realm_kpi(&w, "identity.duplicates-outstanding"), 0, 0);
	realm_close(&w);
	begin(&w, &l, REGISTRY("detection='audit' audit-interval='3h' remedy='quarantine'") METERS("defaulted='100%'", "4"),
	      SIM_DAY);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_QUARANTINED], 3);
	assert_close(realm_kpi(&w, "identity.uniqueness-ratio"), 0.25, 0);
	realm_close(&w);
}

/* A copied device enters nothing. */
static void copies_pass_registration_and_audits_and_are_found_by_who_sees_both(void **st)
{
	static const char body[] = REGISTRY("detection='audit' audit-interval='1h'") METERS("clones='50%'", "40");
	static const char seen[] = REGISTRY("sightings='on' cache-life='0s'") METERS("clones='50%'", "40");
	struct realm w;
	struct log l;
	struct answers a;

	(void)st;
	begin(&w, &l, body, SIM_DAY);
	realm_run(&w);
	assert_true(realm_kpi(&w, "identity.duplicates") > 10);
	assert_close(realm_kpi(&w, "identity.duplicates-detected"), 0, 0);
	realm_close(&w);
	begin(&w, &l, seen, SIM_DAY);
	asks(&w, &a);
	for (uint32_t i = 0; i < 40; i++)
		sim_at(w.sim, SIM_HOUR + i * SIM_MINUTE, a.kind, i, 0);
	realm_run(&w);
	assert_int_equal(a.n, 40);
	assert_true(realm_kpi(&w, "identity.duplicates-detected") == realm_kpi(&w, "identity.duplicates"));
	assert_int_equal(l.n[DEVICE_QUARANTINED], (uint32_t)realm_kpi(&w, "identity.duplicates"));
	assert_true(realm_kpi(&w, "identity.false-unique-ratio") > 0.3);
	realm_close(&w);
	begin(&w, &l, REGISTRY("sightings='on'") METERS("clones='50%' resolved='onboarding'", "40"), SIM_DAY);
	realm_run(&w);
	assert_true(realm_kpi(&w, "identity.duplicates-detected") == realm_kpi(&w, "identity.duplicates"));
	assert_close(realm_kpi(&w, "identity.duplicates-outstanding"), 0, 0);
	realm_close(&w);
}

static void a_kept_answer_takes_the_resolvers_time_and_lives_as_long_as_it_is_told(void **st)
{
	static const simtime_t at[] = { 10 * SIM_SECOND, 12 * SIM_SECOND, 70 * SIM_SECOND, 72 * SIM_SECOND };
	struct realm w;
	struct log l;
	struct answers a;

	(void)st;
	begin(&w, &l, REGISTRY("cache-life='1min'") METERS("", "2"), SIM_HOUR);
	asks(&w, &a);
	for (int i = 0; i < 4; i++)
		sim_at(w.sim, at[i], a.kind, 0, 0);
	realm_run(&w);
	assert_int_equal(a.n, 4);
	assert_int_equal(a.at[0], 11 * SIM_SECOND); /* kept until 71 s */
	assert_int_equal(a.at[1], 12 * SIM_SECOND + 5 * SIM_MS);
	assert_int_equal(a.at[2], 70 * SIM_SECOND + 5 * SIM_MS);
	assert_int_equal(a.at[3], 73 * SIM_SECOND);
	assert_close(realm_kpi(&w, "identity.cache-hit-ratio"), 0.5, 0);
	realm_close(&w);
}

static void a_handle_takes_two_steps_and_a_peer_that_is_not_the_authority_one_more(void **st)
{
	struct realm w;
	struct log l;
	struct answers a;
	uint32_t one = 0, two = 0;

	(void)st;
	begin(&w, &l, REGISTRY("") METERS("scheme='handle'", "1"), SIM_HOUR);
	asks(&w, &a);
	sim_at(w.sim, SIM_MINUTE, a.kind, 0, 0);
	realm_run(&w);
	assert_int_equal(a.at[0], SIM_MINUTE + 2 * SIM_SECOND);
	realm_close(&w);
	begin(&w, &l, REGISTRY("topology='federated' peers='4' resolvers='1000'") METERS("", "60"), SIM_HOUR);
	asks(&w, &a);
	for (uint32_t i = 0; i < 60; i++)
		sim_at(w.sim, SIM_MINUTE, a.kind, i, 0);
	realm_run(&w);
	for (uint32_t i = 0; i < 60; i++) {
		one += a.at[i] == SIM_MINUTE + SIM_SECOND;
		two += a.at[i] == SIM_MINUTE + 2 * SIM_SECOND;
	}
	assert_int_equal(one + two, 60);
	assert_in_range(one, 7, 24); /* a quarter: 99 % of the binomial law */
	realm_close(&w);
}

static void a_repository_that_is_down_fails_look_ups_and_keeps_entries_waiting(void **st)
{
	struct realm w;
	struct log l;
	struct answers a;

	(void)st;
	begin(&w, &l, REGISTRY("availability='0%'") METERS("", "5"), SIM_DAY);
	asks(&w, &a);
	sim_at(w.sim, SIM_HOUR, a.kind, 0, 0);
	realm_run(&w);
	assert_true(a.refused); /* nothing is entered that could be asked for */
	assert_int_equal(l.n[DEVICE_IDENTIFIED], 0);
	assert_close(realm_kpi(&w, "identity.repository-availability"), 0, 0);
	realm_close(&w);
	begin(&w, &l,
	      "<trust-repository id='down' latency='1s' latency-spread='0' availability='0%' tries='3' retry='10s'/>"
	      "<platform id='cloud'><identifier repository='down'/></platform>"
	      "<device-class id='meter' platform='cloud'/><deploy class='meter' count='1' placement='uniform'/>",
	      100 * SIM_SECOND);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_BOOTSTRAPPED], 1);
	assert_int_equal(l.n[DEVICE_OPERATIONAL], 0); /* it does not find its platform */
	/* tries at 1, 12 and 33 s; asked again 10 s later; 43 + 33 = 76 s, 86 s and no answer before the end */
	assert_close(realm_kpi(&w, "identity.resolution-failure-ratio"), 2.0 / 3, 1e-12);
	realm_close(&w);
}

static void a_device_works_once_it_has_found_its_platform(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l,
	      REGISTRY(
		      "") "<platform id='cloud'><identifier scheme='handle' repository='reg'/></platform>"
			  "<device-class id='meter' platform='cloud'/><deploy class='meter' count='3' placement='uniform'/>",
	      SIM_HOUR);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_OPERATIONAL], 3);
	assert_int_equal(l.first[DEVICE_OPERATIONAL], 2 * SIM_SECOND);
	realm_close(&w);
}

static void onboarding_waits_for_the_answer(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l, REGISTRY("") METERS("resolved='onboarding'", "2"), SIM_HOUR);
	realm_run(&w);
	assert_int_equal(l.last[DEVICE_ATTACHED], SIM_SECOND);
	assert_int_equal(l.first[DEVICE_OPERATIONAL], 2 * SIM_SECOND);
	realm_close(&w);
}

/* Revoked at 10 min, asked for every minute from 5 min on; an answer is kept for 3 min 30 s. */
static void revoked(const char *check, struct log *l, double *took)
{
	char body[1024];
	struct realm w;
	struct answers a;

	snprintf(
		body, sizeof body,
		REGISTRY(
			"cache-life='210s' reissue='7d' %s") "<platform id='cloud'/>"
							     "<device-class id='meter' platform='cloud'><identifier repository='reg' "
							     "resolved='messages'/><traffic pattern='periodic' period='1min' "
							     "payload='10B'/><uses network='w'/></device-class>"
							     "<local-link id='w' technology='ethernet'/>"
							     "<deploy class='meter' count='1' placement='uniform'/>",
		check);
	begin(&w, l, body, 2 * SIM_HOUR);
	asks(&w, &a);
	sim_at(w.sim, 10 * SIM_MINUTE, a.kind, 0, 1);
	sim_at(w.sim, 10 * SIM_MINUTE + 1, a.kind, 0, 1); /* a second time is one too many */
	realm_run(&w);
	assert_true(a.refused);
	*took = realm_kpi(&w, "identity.revocation-time");
	realm_close(&w);
}

static void a_revoked_identifier_is_refused_as_resolvers_learn_of_it(void **st)
{
	struct log l;
	double took;

	(void)st;
	revoked("", &l, &took);
	assert_int_equal(l.n[DEVICE_SUSPENDED], 1);
	assert_true(took > 1 && took < 210 + 60 + 2); /* what was kept, a period, the look-up */
	revoked("revocation-check='list' list-interval='1h'", &l, &took);
	assert_int_equal(l.n[DEVICE_SUSPENDED], 1);
	assert_int_equal(l.first[DEVICE_SUSPENDED], SIM_HOUR);
	assert_close(took, 50 * 60, 1e-6);
	revoked("revocation-check='none'", &l, &took);
	assert_int_equal(l.n[DEVICE_SUSPENDED], 0);
	assert_true(isnan(took));
}

/* Without reach of a quorum nothing is agreed upon. */
static void a_ledger_cuts_blocks_by_size_and_time(void **st)
{
	struct realm w;
	struct log l;

	(void)st;
	begin(&w, &l, REGISTRY("topology='ledger' block-size='4' block-timeout='20s' consensus-time='3s'") METERS("", "10"),
	      SIM_HOUR);
	realm_run(&w);
	assert_int_equal(l.n[DEVICE_IDENTIFIED], 10);
	assert_int_equal(l.first[DEVICE_IDENTIFIED], 4 * SIM_SECOND); /* 1 s there, a full block, 3 s */
	assert_int_equal(l.last[DEVICE_IDENTIFIED], 24 * SIM_SECOND); /* two are left for the timeout */
	assert_close(realm_kpi(&w, "identity.block-wait"), 2 * 20.0 / 10, 1e-9);
	realm_close(&w);
	begin(&w, &l,
	      "<trust-repository id='reg' topology='ledger' availability='50%' repair='1h'/>"
	      "<device-class id='meter'><identifier repository='reg' resolutions='1/h'/></device-class>"
	      "<deploy class='meter' count='200' placement='uniform' over='5d'/>",
	      7 * SIM_DAY);
	realm_run(&w);
	assert_in_range(l.n[DEVICE_IDENTIFIED], 190, 200);
	assert_true(realm_kpi(&w, "identity.registration-time") > 600); /* three of four are up 31 % of the time */
	realm_close(&w);
}

/* Of two with one identifier the first loses its own at 1 h: the other's is entered once, and it alone holds it. */
static void an_audit_finds_what_is_entered_twice_and_nothing_else(void **st)
{
	static const char body[] = REGISTRY("detection='audit' audit-interval='3h' reissue='7d' cache-life='0s'")
		METERS("defaulted='100%'", "2");
	struct realm w;
	struct log l;
	struct answers a;

	(void)st;
	begin(&w, &l, body, SIM_DAY);
	realm_run(&w);
	assert_close(realm_kpi(&w, "identity.duplicates-detected"), 1, 0);
	assert_true(identifier_unique(w.sim, 0));
	realm_close(&w);
	begin(&w, &l, body, SIM_DAY);
	asks(&w, &a);
	sim_at(w.sim, SIM_HOUR, a.kind, 0, 1);
	sim_at(w.sim, SIM_HOUR + SIM_MINUTE, a.kind, 0, 0);
	realm_run(&w);
	assert_false(a.refused);
	assert_int_equal(a.answer[0], RESOLVED_REVOKED);
	assert_int_equal(l.n[DEVICE_SUSPENDED], 1);
	assert_close(realm_kpi(&w, "identity.duplicates-detected"), 0, 0);
	assert_true(identifier_unique(w.sim, 1));
	realm_close(&w);
}

/* Two devices of one identifier, asked for in turn: what one resolver keeps is of no use to another. */
static void each_resolver_keeps_its_own_answers(void **st)
{
	static const char *const body[] = {
		REGISTRY("detection='none' cache-life='1h' resolvers='1'") METERS("defaulted='100%'", "2"),
		REGISTRY("detection='none' cache-life='1h' resolvers='1000'") METERS("defaulted='100%'", "2"),
	};

	(void)st;
	for (uint32_t k = 0; k < 2; k++) {
		struct realm w;
		struct log l;
		struct answers a;
		begin(&w, &l, body[k], SIM_HOUR);
		asks(&w, &a);
		for (uint32_t i = 0; i < 4; i++)
			sim_at(w.sim, (10 + 10 * i) * SIM_SECOND, a.kind, i % 2, 0);
		realm_run(&w);
		assert_int_equal(a.at[0], 11 * SIM_SECOND);
		assert_int_equal(a.at[1], k ? 21 * SIM_SECOND : 20 * SIM_SECOND + 5 * SIM_MS);
		assert_int_equal(a.at[2], 30 * SIM_SECOND + 5 * SIM_MS);
		assert_int_equal(a.at[3], 40 * SIM_SECOND + 5 * SIM_MS);
		realm_close(&w);
	}
}

/* More than two thirds of its peers, whatever their number. */
static void a_ledger_agrees_where_more_than_two_thirds_are_up(void **st)
{
	(void)st;
	for (uint32_t peers = 1; peers <= 8; peers++)
		for (uint32_t up = 0; up <= peers; up++) {
			struct realm w;
			struct log l;
			char body[1024];
			snprintf(body, sizeof body,
				 "<trust-repository id='reg' topology='ledger' peers='%u'/><device-class id='meter'>"
				 "<identifier repository='reg'/></device-class><deploy class='meter' count='1' "
				 "placement='uniform'/>",
				 peers);
			begin(&w, &l, body, SIM_HOUR);
			repository_of(w.sim, scenario_first(w.sc, &trust_repository_model))->up = up;
			realm_run(&w);
			assert_int_equal(l.n[DEVICE_IDENTIFIED], 3 * up > 2 * peers);
			realm_close(&w);
		}
}

static void what_is_of_no_use_is_refused(void **st)
{
	(void)st;
	assert_true(realm_complains("<trust-repository id='reg' peers='3'/>", "of no use without topology"));
	assert_true(realm_complains("<trust-repository id='reg' audit-interval='3d'/>",
				    "of no use without detection=\"audit\""));
	assert_true(realm_complains("<trust-repository id='reg' audit-coverage='30%'/>",
				    "of no use without detection=\"audit\""));
	assert_true(realm_complains("<trust-repository id='reg' list-interval='3d'/>",
				    "of no use without revocation-check=\"list\""));
	assert_true(
		realm_complains("<trust-repository id='reg' block-size='3'/>", "of no use without topology=\"ledger\""));
	assert_true(realm_complains("<trust-repository id='reg' topology='ring'/>", "topology"));
	assert_true(realm_complains("<trust-repository id='reg'/><device-class id='m'/><deploy class='m' count='1' "
				    "placement='uniform'/>",
				    "no <identifier> names it"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_identified_once_it_is_entered),
		cmocka_unit_test(a_duplicate_found_at_registration_waits_for_another_identifier),
		cmocka_unit_test(an_audit_finds_double_entries_and_the_later_device_is_onboarded_again),
		cmocka_unit_test(copies_pass_registration_and_audits_and_are_found_by_who_sees_both),
		cmocka_unit_test(a_kept_answer_takes_the_resolvers_time_and_lives_as_long_as_it_is_told),
		cmocka_unit_test(a_handle_takes_two_steps_and_a_peer_that_is_not_the_authority_one_more),
		cmocka_unit_test(a_repository_that_is_down_fails_look_ups_and_keeps_entries_waiting),
		cmocka_unit_test(a_device_works_once_it_has_found_its_platform),
		cmocka_unit_test(onboarding_waits_for_the_answer),
		cmocka_unit_test(a_revoked_identifier_is_refused_as_resolvers_learn_of_it),
		cmocka_unit_test(a_ledger_cuts_blocks_by_size_and_time),
		cmocka_unit_test(an_audit_finds_what_is_entered_twice_and_nothing_else),
		cmocka_unit_test(each_resolver_keeps_its_own_answers),
		cmocka_unit_test(a_ledger_agrees_where_more_than_two_thirds_are_up),
		cmocka_unit_test(what_is_of_no_use_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
