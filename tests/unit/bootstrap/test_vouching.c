/* Onboarding servers that look devices up in a trust repository before they answer. */
#include "tests/unit/bootstrap/boarding.h"
#include "models/bootstrap/repository.h"

#define REGISTRY(more) \
	"<trust-repository id='reg' latency='1s' latency-spread='0' service-time='0s' cache-life='0s' " more "/>"
#define KNOWN "<identifier repository='reg' resolved='onboarding'/>"

static void a_server_answers_once_it_knows_who_asks(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT REGISTRY("") SERVER("") CLASS("1", KNOWN METHOD("")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	/* entered for 1 s before it is deployed, looked up for 1 s */
	assert_int_equal(b.at[0], (SHORT_MS + 1000 + 1000) * SIM_MS);
	assert_int_equal((int)town_audit(&t, "look-ups of identifiers", "asked"), 1);
	town_close(&t);
}

static void without_a_server_the_device_waits_by_itself(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'", CITY PLAIN SHORT REGISTRY("") CLASS("1", KNOWN METHOD("")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.at[0], (SHORT_MS - 300 + 1000 + 1000) * SIM_MS);
	town_close(&t);
}

/* A request that comes again while the repository is asked does not ask it again; it is answered once the answer is there. */
static void what_comes_again_meanwhile_is_one_question(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1h'",
		      CITY PLAIN SHORT
		      "<trust-repository id='reg' latency='40s' latency-spread='0' service-time='0s'/>" SERVER("")
			      CLASS("1", KNOWN METHOD("timeout='15s'")));
	boarding_run(&t);
	assert_int_equal(b.n, 1);
	assert_int_equal((int)town_audit(&t, "look-ups of identifiers", "asked"), 1);
	town_close(&t);
}

static void on_revoke(struct sim *s, void *ctx, uint32_t device, uint16_t detail)
{
	(void)ctx, (void)detail;
	assert_true(repository_revoke(s, device));
}

static void whom_nobody_can_vouch_for_is_not_onboarded(void **st)
{
	struct town t;
	struct boarded b;

	(void)st;
	boarding_open(&t, &b, "duration='1d'",
		      CITY PLAIN SHORT REGISTRY("revocation-check='online' remedy='quarantine'") SERVER("")
			      CLASS("1", KNOWN METHOD("")));
	/* revoked while the device is on its way, before it is looked up */
	sim_at(t.sim, 3 * SIM_SECOND, sim_handler(t.sim, "test.revoke", on_revoke, NULL), 0, 0);
	boarding_run(&t);
	assert_int_equal(b.n, 0);
	assert_int_equal((int)town_audit(&t, "identifiers", "revoked and refused"), 1);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_answers_once_it_knows_who_asks),
		cmocka_unit_test(without_a_server_the_device_waits_by_itself),
		cmocka_unit_test(what_comes_again_meanwhile_is_one_question),
		cmocka_unit_test(whom_nobody_can_vouch_for_is_not_onboarded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
