/* <voice>: calls at cellular sites. */
#include "models/crisis/voice.h"
#include "tests/unit/crisis/upheaval.h"

/* 1/B is the integral of exp(-t) (1 + t/A)^c over t > 0, here by parts: the sum over k of c!/(c-k)! / A^k. */
static double erlang_b(double load, uint32_t circuits)
{
	double sum = 1, term = 1;

	for (uint32_t k = 0; k < circuits; k++)
		sum += term *= (circuits - k) / load;
	return 1 / sum;
}

static void without_a_reserve_it_is_erlang_b(void **st)
{
	(void)st;
	for (uint32_t c = 1; c <= 2000; c = 3 * c + 1)
		for (int k = 0; k < 8; k++) {
			double load = 0.1 * pow(7, k);
			struct voice_loss b = voice_loss(0.7 * load, 0.3 * load, c, 0);
			assert_close(b.ordinary, erlang_b(load, c), 1e-9);
			assert_close(b.priority, erlang_b(load, c), 1e-9);
		}
}

/* Two circuits, one of them reserved, one erlang of each: states 1, 2, 2 x 1 / 2. */
static void a_reserve_keeps_circuits_for_priority_calls(void **st)
{
	struct voice_loss b = voice_loss(1, 1, 2, 1);

	(void)st;
	assert_close(b.ordinary, 3 / 4.0, 1e-12);
	assert_close(b.priority, 1 / 4.0, 1e-12);
}

#define SITE                                                                                                                        \
	"<lte id='lte'><site position='2.5km 5km' sectors='1'/></lte><device-class id='m'><uses network='lte'/></device-class>" \
	"<deploy class='m' count='1' placement='uniform'/>"
#define FLOOD "<flood id='f' at='6h' lasts='12h' source='2.5km 5km' rise='10m/h' peak='1m' slope='0.001'/>"

static void run(const char *crisis, double *ordinary, double *priority)
{
	struct outbreak o;

	upheaval_open(&o, SITE, crisis, 0, false, SIM_DAY);
	upheaval_run(&o);
	*ordinary = upheaval_kpi(&o, "crisis.call-success");
	*priority = upheaval_kpi(&o, "crisis.call-success-priority");
	upheaval_close(&o);
}

/* 4,000 people with 2.5 E of each 1,000: 60 times 10 E come to 60 circuits. */
static void of_sixty_times_the_calls_of_2011_one_in_ten_is_connected(void **st)
{
	double ordinary, priority;

	(void)st;
	run(FLOOD "<voice hazard='f' calls='2.5' incoming='60' priority='0%' decay='10yr'/>", &ordinary, &priority);
	assert_close(ordinary, 1 - erlang_b(600, 60), 0.001);
	assert_close(ordinary, 0.1, 0.001);
	assert_true(isnan(priority));
}

static void restriction_and_reserve_save_priority_calls(void **st)
{
	double ordinary, priority;

	(void)st;
	run(FLOOD "<voice hazard='f' calls='2.5' incoming='60' decay='10yr'/>", &ordinary, &priority);
	assert_close(priority, ordinary, 1e-9);
	run(FLOOD "<voice hazard='f' calls='2.5' incoming='60' decay='10yr' restriction='95%'/>", &ordinary, &priority);
	assert_true(priority > 0.99 && ordinary < 0.0501 && ordinary > 0.049);
	run(FLOOD "<voice hazard='f' calls='2.5' incoming='60' decay='10yr' reserve='4'/>", &ordinary, &priority);
	assert_true(priority > 0.99 && ordinary > 0.09);
}

/* The district of the east, a quarter of the people, is 4 km to 6 km away. */
static void people_out_of_reach_have_no_calls(void **st)
{
	double ordinary, priority;

	(void)st;
	run(FLOOD "<voice hazard='f' calls='0.1' outgoing='1' incoming='1' range='3km'/>", &ordinary, &priority);
	assert_close(ordinary, 0.75, 1e-6);
	assert_close(priority, 0.75, 1e-6);
}

static void what_has_no_meaning_is_refused(void **st)
{
	(void)st;
	assert_true(upheaval_refused(SITE, FLOOD "<voice circuits='4' reserve='4'/>", "no circuit"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_reserve_it_is_erlang_b),
		cmocka_unit_test(a_reserve_keeps_circuits_for_priority_calls),
		cmocka_unit_test(of_sixty_times_the_calls_of_2011_one_in_ten_is_connected),
		cmocka_unit_test(restriction_and_reserve_save_priority_calls),
		cmocka_unit_test(people_out_of_reach_have_no_calls),
		cmocka_unit_test(what_has_no_meaning_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
