/* Products: who is of which, what is drawn and what is fixed, and that neither depends on anything else in the scenario. */
#include "models/security/product.h"
#include "tests/unit/device/town.h"

#define CITY "<city width='1km' height='1km'/>"

static void devices_are_drawn_by_share(void **st)
{
	struct town t = { 0 };
	uint32_t n[3] = { 0 };

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><product id='a' share='50%'/><product id='b'/><product id='c'/></device-class>"
		       "<device-class id='none'/><deploy class='m' count='10000'/><deploy class='none' count='10'/>");
	assert_int_equal(products_n(t.sim), 3);
	for (uint32_t i = 0; i < 10000; i++)
		n[product_of(t.sim, i)]++;
	assert_int_equal(product_of(t.sim, 10000), NO_PRODUCT);
	/* 4 standard deviations of a binomial */
	assert_close(n[0], 5000, 200);
	assert_close(n[1], 2500, 174);
	assert_close(n[2], 2500, 174);
	town_close(&t);
}

static void vendors_share_by_zipf(void **st)
{
	struct town t = { 0 };
	double n[5] = { 0 }, h = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0;

	(void)st;
	town_open(
		&t, "duration='1d'",
		CITY
		"<device-class id='m'><vendors id='v' count='5' models='2'/></device-class><deploy class='m' count='20000'/>");
	assert_int_equal(products_n(t.sim), 10);
	assert_string_equal(product_vendor(t.sim, 9), "v-5");
	assert_string_equal(product_id(t.sim, 9), "v-5-2");
	for (uint32_t i = 0; i < 20000; i++)
		n[product_of(t.sim, i) / 2]++;
	for (int k = 0; k < 5; k++)
		assert_close(n[k] / 20000, 1 / ((k + 1) * h), 4 * sqrt(0.25 / 20000));
	town_close(&t);
}

/* The vector of product "a" as a text. */
static void vector(const char *body, char text[PROVISIONS + 1], uint32_t *of_first)
{
	struct town t = { 0 };
	uint32_t a = 0;

	town_open(&t, "duration='1d'", body);
	while (strcmp(product_id(t.sim, a), "a") != 0)
		a++;
	for (int i = 0; i < PROVISIONS; i++)
		text[i] = product_meets(t.sim, a, i) ? '1' : '0';
	text[PROVISIONS] = 0;
	*of_first = product_of(t.sim, t.dev->classes[t.dev->n_classes - 1].first) == a;
	town_close(&t);
}

static void another_class_changes_no_draw(void **st)
{
#define CLASS "<device-class id='m'><product id='a'/><product id='b'/></device-class><deploy class='m' count='10'/>"
	char one[PROVISIONS + 1], two[PROVISIONS + 1];
	uint32_t first, second;

	(void)st;
	vector(CITY CLASS, one, &first);
	vector(CITY "<device-class id='l'><vendors count='7'/></device-class><deploy class='l' count='10'/>" CLASS, two,
	       &second);
	assert_string_equal(one, two);
	assert_int_equal(first, second);
#undef CLASS
}

static void what_is_given_is_not_drawn(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(
		&t, "duration='1d'",
		CITY
		"<device-class id='m'><vendors id='v' count='200' meets='5.1-1 x-log' lacks='5.2-1'>"
		"<practice provision='5.4-3' share='0%'/><practice provision='5.6-2' share='100%'/></vendors></device-class>"
		"<deploy class='m' count='1'/>");
	for (uint32_t p = 0; p < 200; p++) {
		assert_true(product_meets(t.sim, p, provision_named("5.1-1")));
		assert_true(product_meets(t.sim, p, provision_named("x-log")));
		assert_true(product_meets(t.sim, p, provision_named("5.6-2")));
		assert_false(product_meets(t.sim, p, provision_named("5.2-1")));
		assert_false(product_meets(t.sim, p, provision_named("5.4-3")));
		assert_false(product_meets(t.sim, p, -1));
		assert_false(product_compliant(t.sim, p));
	}
	town_close(&t);
}

static void a_policy_is_the_vendors(void **st)
{
	struct town t = { 0 };
	uint32_t with = 0;

	(void)st;
	town_open(&t, "duration='1d' start='2025-06-01T00:00Z'",
		  CITY
		  "<device-class id='m'><vendors count='100' models='5'/></device-class><deploy class='m' count='1'/>");
	for (uint32_t p = 0; p < 500; p++) {
		bool first = product_meets(t.sim, p - p % 5, provision_named("5.2-1"));
		assert_int_equal(product_meets(t.sim, p, provision_named("5.2-1")), first);
		with += first;
	}
	assert_true(with > 150 && with < 350);
	town_close(&t);
}

static void constrained_products_are_spared(void **st)
{
#define REST " 5.0-1 5.2-1 5.3-13 5.3-16 5.4-3 5.5-1 5.6-2 5.11-1 5.13-1A 5.13-1B 6-1"
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><product id='a' features='network-login login-limit-possible updates-possible'"
		       " lacks='5.1-5 5.3-2' meets='" REST "'/>"
		       "<product id='b' features='network-login login-limit-possible updates-possible constrained'"
		       " lacks='5.1-5 5.3-2' meets='" REST "'/></device-class><deploy class='m' count='1'/>");
	assert_false(product_compliant(t.sim, 0));
	assert_true(product_compliant(t.sim, 1));
	assert_true(product_has(t.sim, 1, FEATURE_CONSTRAINED));
	assert_true(product_support(t.sim, 1) == SIM_NEVER);
	town_close(&t);
#undef REST
}

static void a_class_with_security_alone_has_one_product(void **st)
{
	struct town t = { 0 };

	(void)st;
	town_open(&t, "duration='1d'",
		  CITY "<device-class id='m'><security practice='good'/></device-class><deploy class='m' count='3'/>");
	assert_int_equal(products_n(t.sim), 1);
	assert_string_equal(product_id(t.sim, 0), "m");
	assert_int_equal(product_of(t.sim, 2), 0);
	town_close(&t);
	town_open(&t, "duration='1d'", CITY "<device-class id='m'/><deploy class='m' count='3'/>");
	assert_int_equal(products_n(t.sim), 0);
	assert_int_equal(product_of(t.sim, 0), NO_PRODUCT);
	town_close(&t);
}

static void what_is_wrong_is_said(void **st)
{
#define IN(x) CITY "<device-class id='m'>" x "</device-class><deploy class='m' count='1'/>"
	(void)st;
	town_refuses(IN("<product id='a' meets='5.1-1 nil'/>"), "has \"nil\", which is no provision");
	town_refuses(IN("<product id='a' meets='5.1-1' lacks='5.1-1'/>"), "names a provision that `meets` names too");
	town_refuses(IN("<product id='a' features='wheels'/>"), "has \"wheels\", which is no feature");
	town_refuses(IN("<product id='a' share='60%'/><product id='b' share='60%'/>"), "add up to 120 %");
	town_refuses(IN("<product id='a' share='60%'/>"), "add up to 60 %");
	town_refuses(IN("<product id='a' certificate='FR'/>"), "is no label");
	town_refuses(IN("<product id='a'><practice provision='7' share='1%'/></product>"), "is no provision");
	town_refuses(IN("<security conformance='third-party'/>"), "needs a <laboratory>");
#undef IN
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_are_drawn_by_share),
		cmocka_unit_test(vendors_share_by_zipf),
		cmocka_unit_test(another_class_changes_no_draw),
		cmocka_unit_test(what_is_given_is_not_drawn),
		cmocka_unit_test(a_policy_is_the_vendors),
		cmocka_unit_test(constrained_products_are_spared),
		cmocka_unit_test(a_class_with_security_alone_has_one_product),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
