/* How large messages are. */
#include "tests/unit/device/town.h"

enum { A_DEVICE = 2500, MESSAGES = 40 * A_DEVICE, SIZES = 1024 };

struct sizes {
	struct tally all;
	unsigned least, most, at_most;
	unsigned limit;
	uint32_t n[SIZES]; /* by size */
};

static void weigh(struct town *t, const struct message *m)
{
	struct sizes *z = t->own;

	if (z->all.n == 0 || m->bytes < z->least)
		z->least = m->bytes;
	if (m->bytes > z->most)
		z->most = m->bytes;
	z->at_most += m->bytes == z->limit;
	z->n[m->bytes < SIZES ? m->bytes : SIZES - 1]++;
	tally_add(&z->all, m->bytes);
	network_answer(t->sim, m, FATE_DELIVERED);
}

static struct sizes draw_many(const char *attributes, unsigned limit, unsigned devices)
{
	struct sizes z = { .limit = limit };
	struct town t = { .on_send = weigh, .own = &z };
	char body[512];

	snprintf(body, sizeof body,
		 "<city width='4km' height='3km'/><lorawan id='net'/><device-class id='m'><uses network='net'/>"
		 "<traffic period='1min' %s/></device-class><deploy class='m' count='%u'/>",
		 attributes, devices);
	town_open(&t, "duration='2500min'", body);
	town_run(&t);
	town_close(&t);
	assert_int_equal(z.all.n, devices * A_DEVICE);
	return z;
}

static struct sizes draw(const char *attributes, unsigned limit)
{
	return draw_many(attributes, limit, MESSAGES / A_DEVICE);
}

static void a_fixed_payload_never_differs(void **st)
{
	struct sizes z = draw("payload='24B'", 24);

	(void)st;
	assert_int_equal(z.least, 24);
	assert_int_equal(z.most, 24);
	z = draw("payload='65535B'", 0);
	assert_int_equal(z.most, 65535);
}

static void a_uniform_payload_has_both_ends_and_the_mean_between(void **st)
{
	struct sizes z = draw("payload='10B' payload-law='uniform' payload-max='29B'", 29);

	(void)st;
	assert_int_equal(z.least, 10);
	assert_int_equal(z.most, 29);
	assert_close(z.all.mean, 19.5, 4 * sqrt(399.0 / 12 / MESSAGES));
	assert_close(z.at_most / (double)MESSAGES, 0.05, 4 * sqrt(0.05 * 0.95 / MESSAGES));
}

/* 20 B, exponent 2.5, cut at 200 B: mean 32.912 B, 0.003162 of the draws beyond the cut; in whole bytes, rounded up, 33.42 B.
 * A million draws: mean and share within 4 standard errors (99.99 %), the whole distribution by Kolmogorov's bound at
 * 99.9 %, which for whole numbers is on the safe side. */
static void the_pareto_payload_of_tr_45820_has_its_mean_and_cut_off(void **st)
{
	struct sizes z = draw_many("payload-law='pareto'", 200, 400);
	double n = (double)z.all.n, beyond = pow(10, -2.5), at = pow(199.0 / 20, -2.5);
	double mean = 20 * 2.5 / 1.5 - 200 * beyond / 1.5, rounded = 20, below = 0, apart = 0;

	(void)st;
	assert_int_equal(z.least, 21); /* 20 itself has no weight, and a part of a byte takes a whole one */
	assert_int_equal(z.most, 200);
	for (unsigned k = 20; k < 200; k++) {
		rounded += pow(20.0 / k, 2.5);
		below += z.n[k] / n;
		apart = fmax(apart, fabs(below - (1 - pow(20.0 / k, 2.5))));
	}
	assert_close(beyond, 0.003162, 5e-7);
	assert_close(mean, 32.912, 5e-4);
	assert_close(rounded, 33.42, 5e-3);
	assert_close(z.all.mean, rounded, 4 * sqrt(tally_variance(&z.all) / n));
	assert_close(z.at_most / n, at, 4 * sqrt(at * (1 - at) / n));
	assert_close(apart, 0, 1.95 / sqrt(n));
}

static void a_log_normal_payload_has_the_mean_and_variation_told(void **st)
{
	struct sizes z = draw("payload='1000B' payload-law='log-normal' payload-variation='0.3' payload-max='60000B'", 0);

	(void)st;
	assert_close(z.all.mean, 1000.5, 4 * 300 / sqrt(MESSAGES));
	assert_close(sqrt(tally_variance(&z.all)), 300, 0.02 * 300);
	z = draw("payload='2B' payload-law='log-normal' payload-variation='10' payload-max='5B'", 0);
	assert_int_equal(z.least, 1);
	assert_int_equal(z.most, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fixed_payload_never_differs),
		cmocka_unit_test(a_uniform_payload_has_both_ends_and_the_mean_between),
		cmocka_unit_test(the_pareto_payload_of_tr_45820_has_its_mean_and_cut_off),
		cmocka_unit_test(a_log_normal_payload_has_the_mean_and_variation_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
