/* <jamming>: which frames survive, by the link budget, and that nothing is left of it. */
#include "models/radio/lora.h"
#include "models/radio/radio.h"
#include "tests/unit/crisis/upheaval.h"

/* Meters within 2 km of a gateway, at SF7 and 14 dBm. */
#define FIELD \
	"<lorawan id='l' activation='personalised' adr='off' spreading-factor='7' power='14dBm'>" \
	"<gateway position='5km 5km' height='30m' gain='3dB'/></lorawan>" \
	"<device-class id='m'><uses network='l'/><traffic period='10min' pattern='poisson'/></device-class>" \
	"<deploy class='m' count='100' centre='5km 5km' radius='2km'/>"
/* 30 dBm over 4 MHz, 1 km from the gateway, for half of the run. */
#define JAMMER(frequency) \
	"<jamming at='5h' lasts='10h' network='l' position='6km 5km' power='30dBm' frequency='" frequency "' bandwidth='4MHz'/>"

static double milliwatt(double dbm)
{
	return pow(10, 0.1 * dbm);
}

/* Devices whose frames are too weak over the gateway's own noise and the jammer's. */
static double drowned(const struct outbreak *o)
{
	const struct devices *d = devices_of(o->sim);
	const struct radio *r = radio_of(o->sim);
	double jammer = 30 + 3 - radio_path_loss_db(r, 1000, 30, 1.5, 868.1e6, false) + 10 * log10(125e3 / 4e6);
	double least = milliwatt(lora_gateway_sensitivity_dbm(7, 125e3)) + milliwatt(jammer - 7.5);
	double n = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		double away = hypot((double)d->x[i] - 5000, (double)d->y[i] - 5000);
		n += milliwatt(14 + 3 - radio_path_loss_db(r, away, 30, d->classes[0].height, 868.1e6, false)) < least;
	}
	return n / d->n;
}

static void frames_survive_within_the_range_of_the_link_budget(void **st)
{
	struct outbreak o;
	double share, lost;

	(void)st;
	upheaval_open(&o, FIELD, JAMMER("868MHz"), 0, false, 20 * SIM_HOUR);
	upheaval_run(&o);
	share = drowned(&o);
	lost = upheaval_kpi(&o, "losses.interference");
	assert_true(share > 0.3 && share < 0.9);
	/* half of the run; a Poisson number of messages in each half, and some that collide */
	assert_close(lost, share / 2, 3.2905 * sqrt(share / 2 / 12000) + 0.005);
	assert_close(upheaval_kpi(&o, "losses.no-coverage"), 0, 1e-12);
	upheaval_close(&o);
}

static double interference(const char *crisis, bool twin)
{
	struct outbreak o;
	double lost;

	upheaval_open(&o, FIELD, crisis, 0, twin, 20 * SIM_HOUR);
	upheaval_run(&o);
	lost = upheaval_kpi(&o, "losses.interference");
	upheaval_close(&o);
	return lost;
}

static void beside_its_band_and_before_and_after_a_jammer_is_not_heard(void **st)
{
	double none = interference("", false);

	(void)st;
	assert_close(none, 0, 0.01); /* collisions */
	assert_close(interference(JAMMER("900MHz"), false), none, 0);
	assert_close(interference(JAMMER("868MHz"), true), none, 0); /* the twin has none */
	assert_close(interference("<jamming at='5h' lasts='1s' network='l' position='5km 5km' power='60dBm'/>", false),
		     none, 0.001);
}

/* Too strong for anything: all frames of that time are lost, with two jammers that overlap as with one. */
static void jammers_that_overlap_end_with_the_last(void **st)
{
	(void)st;
	assert_close(interference("<jamming at='5h' lasts='6h' network='l' position='5km 5km' power='60dBm'/>"
				  "<jamming at='9h' lasts='6h' network='l' position='5km 5.1km' power='60dBm'/>",
				  false),
		     0.5, 3.2905 * sqrt(0.5 / 12000) + 0.005);
}

static void what_cannot_be_meant_is_refused(void **st)
{
	(void)st;
	assert_true(upheaval_refused(FIELD "<local-link id='lan'/>", "<jamming at='1h' network='lan' position='1km 1km'/>",
				     "only LoRaWAN networks can be jammed"));
	assert_true(upheaval_refused(FIELD, "<jamming at='1h' network='l' position='1km 1km' bandwidth='1MHz'/>",
				     "is read with"));
	assert_true(upheaval_refused(FIELD, "<jamming at='1h' network='l'/>", "position"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_survive_within_the_range_of_the_link_budget),
		cmocka_unit_test(beside_its_band_and_before_and_after_a_jammer_is_not_heard),
		cmocka_unit_test(jammers_that_overlap_end_with_the_last),
		cmocka_unit_test(what_cannot_be_meant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
