/* Certificates: each way to one and away from it, with its time and its money. */
#include "tests/unit/security/fair.h"

#define DEPLOY "<deploy class='m' count='4'/>"

static void a_laboratory_certifies_what_is_good(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='100d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("fee='100EUR' cost-per-test='10EUR'")
			  FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY "<economy currency='EUR'/>");
	town_run(&t);
	assert_balance(&t);
	assert_true(fair_product(&t, "good")->valid);
	assert_close(town_kpi(&t, "security.certification-time", "all"), 2 * 86400, 1e-6);
	assert_close(town_kpi(&t, "cost.certification", "class=m"), 120, 0);
	assert_close(town_kpi(&t, "cost.capex", "all"), 120, 0);
	assert_close(town_audit(&t, "conformance test cases", "passed: provision met"), 2, 0);
	town_close(&t);
}

static void what_is_missed_is_mended_and_tested_again(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='10000d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
			  FAIR_CLASS(FAIR_BAD "/>", "conformance='third-party' fix-time='1d' fix-chance='100%'") DEPLOY);
	town_run(&t);
	assert_balance(&t);
	assert_true(fair_product(&t, "bad")->valid);
	assert_true(product_compliant(t.sim, 0));
	assert_true(town_kpi(&t, "security.certification-time", "all") > 4 * 86400);
	assert_close(town_audit(&t, "conformance test cases", "failed: provision missed"), 2, 0);
	town_close(&t);
}

static void a_vendor_that_cannot_mend_fails(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='10000d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%' fee='100EUR' cost-per-test='10EUR'")
			  FAIR_CLASS(FAIR_BAD "/>", "conformance='third-party' fix-time='1d' fix-chance='0%' retests='3'")
				  DEPLOY "<economy currency='EUR'/>");
	town_run(&t);
	assert_int_equal(fair_product(&t, "bad")->assessment, ASSESSMENT_FAILED);
	assert_close(town_audit(&t, "conformance test cases", "handed in"), 2 * 4, 0);
	assert_close(town_kpi(&t, "cost.certification", "all"), 100 + 10 * 2 * 4, 0); /* the fee once */
	assert_close(town_audit(&t, "certification requests", "failed"), 1, 0);
	assert_true(isnan(town_kpi(&t, "security.certification-time", "all")));
	town_close(&t);
}

static void a_blind_laboratory_and_a_false_declaration_let_pass(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='100d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='0%'")
			  FAIR_CLASS(FAIR_BAD "/>", "conformance='third-party'") DEPLOY);
	town_run(&t);
	assert_true(fair_product(&t, "bad")->valid && !product_compliant(t.sim, 0));
	assert_close(town_kpi(&t, "security.false-certificate-ratio", "all"), 1, 0);
	town_close(&t);
	town_open(&t, "duration='100d'",
		  FAIR_CITY FAIR_BASELINE FAIR_CLASS(
			  FAIR_BAD "/>", "declaration-error='100%' declaration-time='3d' declaration-fee='5EUR'") DEPLOY
		  "<economy currency='EUR'/>");
	town_run(&t);
	assert_true(fair_product(&t, "bad")->valid);
	assert_close(town_kpi(&t, "security.certification-time", "class=m"), 3 * 86400, 1e-6);
	assert_close(town_kpi(&t, "cost.certification", "all"), 5, 0);
	town_close(&t);
}

static void certificates_end_and_are_renewed(void **st)
{
	struct town t = { 0 };

	(void)st;
	/* 2 d of tests, then 10 d of validity: requests at 0, 12, 24, 36 d */
	town_open(&t, "duration='37d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY
		  "<security-policy validity='10d'/>");
	town_run(&t);
	assert_close(town_audit(&t, "certification requests", "asked"), 4, 0);
	assert_close(town_audit(&t, "certification requests", "in work at the end"), 1, 0);
	assert_true(fair_product(&t, "good")->expired);
	town_close(&t);
	town_open(&t, "duration='37d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY
		  "<security-policy validity='10d' renewal='off'/>");
	town_run(&t);
	assert_close(town_audit(&t, "certification requests", "asked"), 1, 0);
	assert_int_equal(fair_product(&t, "good")->assessment, ASSESSMENT_FAILED);
	town_close(&t);
}

struct release {
	uint32_t n;
	simtime_t at[4];
};

static void released(struct sim *s, void *ctx, uint32_t number)
{
	struct release *r = ctx;

	assert_int_equal(number, r->n);
	r->at[r->n++] = s->now;
}

static void make(struct sim *s, void *ctx, uint32_t number, uint16_t detail)
{
	(void)detail;
	certification_firmware(s, 0, released, ctx, number);
}

/* Two firmwares at 10 d, one at 50 d. */
static struct release release(struct town *t, const char *body)
{
	static struct release r;
	uint16_t kind;

	r = (struct release){ 0 };
	town_open(t, "duration='1000d'", body);
	kind = sim_handler(t->sim, "make", make, &r);
	sim_at(t->sim, 10 * SIM_DAY, kind, 0, 0);
	sim_at(t->sim, 10 * SIM_DAY, kind, 1, 0);
	sim_at(t->sim, 50 * SIM_DAY, kind, 2, 0);
	town_run(t);
	assert_balance(t);
	return r;
}

static void firmware_waits_for_its_certificate(void **st)
{
	struct town t = { 0 };
	struct release r;

	(void)st;
	r = release(&t, FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY
		    "<security-policy/>");
	assert_int_equal(r.n, 3);
	assert_true(r.at[0] == 12 * SIM_DAY && r.at[1] == 14 * SIM_DAY && r.at[2] == 52 * SIM_DAY);
	town_close(&t);
	r = release(&t, FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY
		    "<security-policy recertification='off'/>");
	assert_true(r.n == 3 && r.at[0] == 10 * SIM_DAY && r.at[2] == 50 * SIM_DAY);
	town_close(&t);
}

static void firmware_that_loses_a_provision_is_withheld(void **st)
{
	struct town t = { 0 };
	struct release r;

	(void)st;
	r = release(&t, FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
				FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party' regression='100%' retests='0'") DEPLOY
		    "<security-policy/>");
	assert_int_equal(r.n, 0);
	assert_true(product_compliant(t.sim, 0));
	assert_close(town_audit(&t, "firmware to be released", "withheld: recertification failed"), 3, 0);
	town_close(&t);
	r = release(&t, FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
				FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party' regression='100%' retests='0'") DEPLOY
		    "<security-policy recertification='off'/>");
	assert_int_equal(r.n, 3);
	assert_false(product_compliant(t.sim, 0));
	town_close(&t);
}

static void a_certificate_that_ends_while_firmware_fails_is_asked_for_anew(void **st)
{
	struct town t = { 0 };
	struct release r = { 0 };

	(void)st;
	/* certified at 2 d, which ends at 12 d; firmware made at 11 d fails at 13 d; the product as it is has a new one at
	 * 15 d */
	town_open(&t, "duration='20d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("sensitivity='100%'")
			  FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party' regression='100%' retests='0'") DEPLOY
		  "<security-policy validity='10d'/>");
	sim_at(t.sim, 11 * SIM_DAY, sim_handler(t.sim, "make", make, &r), 0, 0);
	town_run(&t);
	assert_balance(&t);
	assert_int_equal(r.n, 0);
	assert_true(fair_product(&t, "good")->valid);
	assert_close(town_audit(&t, "certification requests", "asked"), 3, 0);
	town_close(&t);
}

/* Two provisions of two test cases each, one of them missed: four cases, then those of what failed, or of all. */
static void after_a_fix_what_failed_is_tested_again_or_all(void **st)
{
	static const struct {
		const char *laboratory;
		double cases;
	} rows[] = { { FAIR_LAB("sensitivity='100%'"), 4 + 2 },
		     { FAIR_LAB("sensitivity='100%' retest='failed'"), 4 + 2 },
		     { FAIR_LAB("sensitivity='100%' retest='all'"), 4 + 4 } };

	(void)st;
	for (size_t k = 0; k < 3; k++) {
		struct town t = { 0 };
		char body[2048];
		snprintf(body, sizeof body, "%s%s%s%s%s", FAIR_CITY,
			 "<baseline id='b'><provision of='5.5-1' status='mandatory'/>"
			 "<provision of='5.1-1' status='mandatory'/></baseline>",
			 rows[k].laboratory,
			 FAIR_CLASS("<product id='bad' meets='5.1-1' lacks='5.5-1'/>",
				    "conformance='third-party' fix-time='1s' fix-chance='100%'"),
			 DEPLOY);
		town_open(&t, "duration='30d'", body);
		town_run(&t);
		assert_balance(&t);
		assert_true(fair_product(&t, "bad")->valid);
		assert_close(town_audit(&t, "conformance test cases", "handed in"), rows[k].cases, 0);
		assert_close(town_kpi(&t, "security.certification-time", "all"), rows[k].cases * 86400, 60);
		town_close(&t);
	}
}

/* Certified at 2 d for 10 d, and at 10 d anew with firmware made at 8 d: that holds until 20 d, whatever ends at 12 d. */
static void a_certificate_that_was_renewed_early_does_not_end_with_the_old_one(void **st)
{
	struct town t = { 0 };
	struct release r = { 0 };

	(void)st;
	town_open(&t, "duration='19d'",
		  FAIR_CITY FAIR_BASELINE FAIR_LAB("") FAIR_CLASS(FAIR_GOOD "/>", "conformance='third-party'") DEPLOY
		  "<security-policy validity='10d'/>");
	sim_at(t.sim, 8 * SIM_DAY, sim_handler(t.sim, "make", make, &r), 0, 0);
	town_run(&t);
	assert_int_equal(r.n, 1);
	assert_true(fair_product(&t, "good")->valid && !fair_product(&t, "good")->expired);
	assert_int_equal(fair_product(&t, "good")->certificate, 2);
	assert_close(town_audit(&t, "certification requests", "asked"), 2, 0);
	town_close(&t);
}

static void labels_of_elsewhere_save_the_tests(void **st)
{
	struct town t = { 0 };
	const struct node *lab;

	(void)st;
	town_open(&t, "duration='10d'",
		  FAIR_CITY "<laboratory id='lab'><recognition label='UK' level='2' from='2024-04-29T00:00Z'/>"
			    "<recognition label='FI' level='1'/></laboratory><laboratory id='other' recognition='off'/>"
			    "<device-class id='m'><uses network='n'/><product id='a' certificate='DE' lacks='5.5-1'/>"
			    "<security baseline='cls-2' conformance='third-party'/></device-class>" DEPLOY
			    "<security-policy/>");
	lab = scenario_first(t.sc, &laboratory_model);
	assert_int_equal(laboratory_recognises(t.sc, lab, "UK", 1714348799), 0);
	assert_int_equal(laboratory_recognises(t.sc, lab, "UK", 1714348800), 2);
	assert_int_equal(laboratory_recognises(t.sc, lab, "FI", 0), 1);
	assert_int_equal(laboratory_recognises(t.sc, lab, "KR", 1735689599), 0);
	assert_int_equal(laboratory_recognises(t.sc, lab, "KR", 1735689600), 3);
	assert_int_equal(laboratory_recognises(t.sc, lab->next_same, "DE", 1735689600), 0);
	town_run(&t);
	assert_true(fair_product(&t, "a")->valid && fair_product(&t, "a")->basis == BASIS_RECOGNITION);
	assert_close(town_kpi(&t, "security.certification-time", "all"), 0, 0);
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_laboratory_certifies_what_is_good),
		cmocka_unit_test(what_is_missed_is_mended_and_tested_again),
		cmocka_unit_test(a_vendor_that_cannot_mend_fails),
		cmocka_unit_test(a_blind_laboratory_and_a_false_declaration_let_pass),
		cmocka_unit_test(certificates_end_and_are_renewed),
		cmocka_unit_test(firmware_waits_for_its_certificate),
		cmocka_unit_test(firmware_that_loses_a_provision_is_withheld),
		cmocka_unit_test(a_certificate_that_ends_while_firmware_fails_is_asked_for_anew),
		cmocka_unit_test(after_a_fix_what_failed_is_tested_again_or_all),
		cmocka_unit_test(a_certificate_that_was_renewed_early_does_not_end_with_the_old_one),
		cmocka_unit_test(labels_of_elsewhere_save_the_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
