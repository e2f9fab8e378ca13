/* The gate: who waits, for how long, who passes and why; compliance against a recount; surveillance. */
#include "models/security/gate_private.h"
#include "tests/unit/security/fair.h"

#define DEPLOY "<deploy class='m' count='40'/>"
#define BOTH FAIR_GOOD "share='50%'/>" FAIR_BAD "share='50%'/>"

static const char account[] = "devices deployed without complying", gate[] = "devices at the gate";

/* Devices of a product, and of these those in the field. */
static uint32_t of(const struct town *t, const char *id, uint32_t *field)
{
	uint32_t n = 0;

	*field = 0;
	for (uint32_t i = 0; i < t->dev->n; i++)
		if (!strcmp(product_id(t->sim, product_of(t->sim, i)), id)) {
			n++;
			*field += device_in_field(t->dev->state[i]);
		}
	return n;
}

static void enforce_keeps_out_what_has_no_certificate(void **st)
{
	struct town t = { 0 };
	uint32_t good, bad, in;

	(void)st;
	town_open(&t, "duration='100d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
			  FAIR_CLASS(BOTH, "conformance='third-party' retests='0'") DEPLOY
		  "<security-policy deployment-gate='enforce'/>");
	town_run(&t);
	assert_balance(&t);
	good = of(&t, "good", &in);
	assert_int_equal(in, good);
	bad = of(&t, "bad", &in);
	assert_int_equal(in, 0);
	assert_close(town_audit(&t, gate, "asked"), 40, 0);
	assert_close(town_audit(&t, gate, "admitted"), good, 0);
	assert_close(town_audit(&t, gate, "refused for good"), bad, 0);
	assert_close(town_kpi(&t, "security.gate-escape-ratio", "all"), 0, 0);
	assert_close(town_kpi(&t, "security.compliance-ratio", "all"), 1, 0);
	assert_close(town_kpi(&t, "security.gate-refused-ratio", "all"), bad / 40.0, 1e-12);
	town_close(&t);
}

/* When each product's devices came into the field. */
struct times {
	simtime_t first[2], last[2];
};

static void watch(struct sim *s, void *ctx, uint32_t i, enum device_state from, enum device_state to)
{
	struct times *m = ctx;
	uint32_t p = product_of(s, i);

	(void)to;
	if (from != DEVICE_ADMITTED)
		return;
	m->first[p] = m->first[p] ? m->first[p] : s->now;
	m->last[p] = s->now;
}

static void devices_wait_for_the_end_of_the_assessment(void **st)
{
	struct town t = { 0 };
	struct times m = { 0 };
	uint32_t bad, in;

	(void)st;
	/* One bench: good is through after 2 d, bad fails after 4 d. */
	town_open(&t, "duration='100d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%' servers='1'")
			  FAIR_CLASS(BOTH, "conformance='third-party' retests='0'") DEPLOY
		  "<security-policy deployment-gate='enforce'/>");
	device_watch(t.sim, watch, &m);
	town_run(&t);
	bad = of(&t, "bad", &in);
	assert_int_equal(in, 0);
	assert_true(bad > 0);
	assert_true(m.first[0] == 2 * SIM_DAY && m.last[0] == 2 * SIM_DAY);
	assert_true(m.first[1] == 0 && m.last[1] == 0);
	assert_close(town_kpi(&t, "security.gate-escape-ratio", "all"), 0, 0);
	assert_close(town_kpi(&t, "security.compliance-ratio", "all"), 1, 0);
	town_close(&t);
}

static void a_warning_holds_nobody_up(void **st)
{
	struct town t = { 0 };
	struct times m = { 0 };
	uint32_t bad, in;

	(void)st;
	town_open(
		&t, "duration='100d'",
		FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%' servers='1'") FAIR_CLASS(
			BOTH,
			"conformance='third-party' retests='0'") "<deploy class='m' count='40' start='1d'/><security-policy deployment-gate='warn'/>");
	device_watch(t.sim, watch, &m);
	town_run(&t);
	assert_true(m.first[0] == SIM_DAY && m.last[0] == SIM_DAY);
	assert_true(m.first[1] == SIM_DAY && m.last[1] == SIM_DAY);
	bad = of(&t, "bad", &in);
	assert_int_equal(in, bad);
	/* those of the good product, not yet certified, are warned of too, but are no escapes */
	assert_close(town_audit(&t, account, "warned only"), bad, 0);
	assert_close(town_kpi(&t, "security.gate-escape-ratio", "all"), bad / 40.0, 1e-12);
	assert_close(town_kpi(&t, "security.compliance-ratio", "all"), (40.0 - bad) / 40, 1e-9);
	town_close(&t);
}

static void off_asks_nobody(void **st)
{
	struct town t = { 0 };
	uint32_t bad, in;

	(void)st;
	town_open(&t, "duration='10d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'") FAIR_CLASS(BOTH, "conformance='third-party'")
			  DEPLOY "<security-policy deployment-gate='off'/>");
	town_start(&t);
	town_finish(&t);
	bad = of(&t, "bad", &in);
	assert_int_equal(in, bad);
	assert_close(town_audit(&t, account, "nobody asked"), bad, 0);
	assert_true(isnan(town_audit(&t, gate, "asked")));
	town_close(&t);
	/* a class may differ from the policy */
	town_open(&t, "duration='10d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
			  FAIR_CLASS(BOTH, "conformance='third-party' deployment-gate='off'") DEPLOY "<security-policy/>");
	town_run(&t);
	assert_close(town_audit(&t, account, "nobody asked"), bad, 0);
	town_close(&t);
}

/* One cause each, all forty devices of one bad product. */
static void every_escape_has_its_cause(void **st)
{
	static const struct {
		const char *cause, *body;
	} cases[] = {
		{ "test missed it", FAIR_LAB("sensitivity='0%'")
					    FAIR_CLASS(FAIR_BAD "/>", "conformance='third-party'") "<security-policy/>" },
		{ "false declaration", FAIR_CLASS(FAIR_BAD "/>", "declaration-error='100%'") "<security-policy/>" },
		{ "certificate expired",
		  FAIR_LAB("sensitivity='0%'") FAIR_CLASS(
			  FAIR_BAD "/>",
			  "conformance='third-party'") "<security-policy deployment-gate='warn' validity='5d' renewal='off'/>" },
	};

	(void)st;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct town t = { 0 };
		char body[2048];
		snprintf(body, sizeof body, FAIR_CITY FAIR_BASELINE "%s<deploy class='m' count='40' start='30d'/>",
			 cases[i].body);
		town_open(&t, "duration='100d'", body);
		town_run(&t);
		assert_balance(&t);
		assert_close(town_audit(&t, account, cases[i].cause), 40, 0);
		assert_close(town_audit(&t, account, "deployed"), 40, 0);
		town_close(&t);
	}
}

static void a_label_may_vouch_wrongly(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='10d'",
		  FAIR_CITY FAIR_LAB(
			  "") "<device-class id='m'><uses network='n'/><product id='a' certificate='FI' lacks='5.5-1'/>"
			      "<security conformance='third-party'/></device-class>" DEPLOY "<security-policy/>");
	town_run(&t);
	assert_close(town_audit(&t, account, "mutual recognition"), 40, 0);
	town_close(&t);
}

static void nothing(struct sim *s, void *ctx, uint32_t number)
{
	(void)s, (void)ctx, (void)number;
}

static void make(struct sim *s, void *ctx, uint32_t product, uint16_t detail)
{
	(void)detail;
	certification_firmware(s, product, nothing, ctx, 0);
}

static void firmware_after_the_certificate_is_a_cause_and_moves_compliance(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(
		&t, "duration='100d'",
		FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(
			FAIR_GOOD "/>",
			"conformance='third-party' regression='100%'") "<deploy class='m' count='10'/><deploy class='m' count='30' start='60d'/>"
								       "<security-policy recertification='off'/>");
	sim_at(t.sim, 50 * SIM_DAY, sim_handler(t.sim, "make", make, NULL), 0, 0);
	town_run(&t);
	assert_close(town_audit(&t, account, "changed since the certificate"), 30, 0);
	/* 10 devices from 2 d to 100 d, which no firmware reaches: they comply on; 30 from 60 d on, which do not */
	assert_close(town_kpi(&t, "security.compliance-ratio", "class=m"), 10 * 98.0 / (10 * 98 + 30 * 40), 1e-9);
	town_close(&t);
}

static void surveillance_finds_delists_and_locks_out(void **st)
{
	struct town t = { 0 };
	uint32_t n = 0;

#define WATCHED(action, more)                                                                                              \
	"<city width='1km' height='1km'/><local-link id='n'/>" FAIR_BASELINE FAIR_CLASS(                                   \
		FAIR_BAD "/>" more, "declaration-error='100%' declaration-time='1d' fix-time='1d' fix-chance='100%'")      \
		DEPLOY "<security-policy><surveillance rate='1/d' sample='5' sensitivity='100%' action='" action           \
		       "'/></security-policy>"
	(void)st;
	town_open(&t, "duration='100d'", WATCHED("recall", ""));
	town_run(&t);
	assert_balance(&t);
	assert_close(town_kpi(&t, "surveillance.delisted", "all"), 1, 0);
	assert_close(town_kpi(&t, "surveillance.locked-out", "all"), 40, 0);
	for (uint32_t i = 0; i < 40; i++)
		n += t.dev->state[i] == DEVICE_RETIRED;
	assert_int_equal(n, 40);
	town_close(&t);
	/* quarantined, mended, declared again; released where firmware brings them what was mended, and else never */
	for (int with = 0; with < 2; with++) {
		town_open(&t, "duration='100d'",
			  with ? WATCHED("quarantine", "<firmware size='1kB' stages='100%' failure='0%'/>")
			       : WATCHED("quarantine", ""));
		town_run(&t);
		assert_balance(&t);
		assert_close(town_kpi(&t, "surveillance.locked-out", "all"), 40, 0);
		assert_true(product_compliant(t.sim, 0) && fair_product(&t, "bad")->valid);
		for (uint32_t i = 0; i < 40; i++) {
			assert_int_equal(t.dev->state[i], with ? DEVICE_OPERATIONAL : DEVICE_QUARANTINED);
			assert_int_equal(device_compliant(t.sim, i), with);
		}
		town_close(&t);
	}
#undef WATCHED
}

/* Whatever the policy, the ratio of compliance is that of a recount at random instants. */
static void recount(struct sim *s, void *ctx, uint32_t subject, uint16_t detail)
{
	struct town *t = ctx;
	const struct gates *g = sim_state(s, &security_policy_model);
	uint32_t service = 0, compliant = 0, in = 0, good = 0;

	(void)subject, (void)detail;
	for (uint32_t i = 0; i < t->dev->n; i++) {
		if (!device_in_field(t->dev->state[i]) || t->dev->state[i] == DEVICE_EXHAUSTED)
			continue;
		service++;
		compliant += device_compliant(s, i);
	}
	for (uint32_t c = 0; c < groups_of(s)->n_cells; c++) {
		in += g->cell[c].service;
		good += g->cell[c].compliant;
	}
	assert_int_equal(in, service);
	assert_int_equal(good, compliant);
	sim_after(s, 3 * SIM_DAY, s->current.kind, 0, 0);
}

static void counts_hold_against_a_recount(void **st)
{
	static const char *const gates[] = { "off", "warn", "enforce" };

	(void)st;
	for (int k = 0; k < 3; k++) {
		struct town t = { 0 };
		char body[2048];
		snprintf(
			body, sizeof body,
			"<city width='1km' height='1km'/><local-link id='n'/>"
			"%s<device-class id='m'><uses network='n'/><vendors count='9'/><firmware size='1kB'/>"
			"<security conformance='third-party' practice='typical' regression='50%%' fix-time='9d'/></device-class>"
			"<deploy class='m' count='200' over='200d'/><security-policy deployment-gate='%s' validity='90d'>"
			"<surveillance rate='6/d' sample='3' sensitivity='50%%'/></security-policy>",
			"<laboratory id='lab' servers='9' time-per-test='4h'/>", gates[k]);
		town_open(&t, "duration='365d'", body);
		sim_at(t.sim, SIM_DAY, sim_handler(t.sim, "recount", recount, &t), 0, 0);
		for (uint32_t p = 0; p < 9; p++)
			sim_at(t.sim, (100 + p) * SIM_DAY, sim_handler(t.sim, "make", make, NULL), p, 0);
		town_run(&t);
		assert_balance(&t);
		town_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enforce_keeps_out_what_has_no_certificate),
		cmocka_unit_test(devices_wait_for_the_end_of_the_assessment),
		cmocka_unit_test(a_warning_holds_nobody_up),
		cmocka_unit_test(off_asks_nobody),
		cmocka_unit_test(every_escape_has_its_cause),
		cmocka_unit_test(a_label_may_vouch_wrongly),
		cmocka_unit_test(firmware_after_the_certificate_is_a_cause_and_moves_compliance),
		cmocka_unit_test(surveillance_finds_delists_and_locks_out),
		cmocka_unit_test(counts_hold_against_a_recount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
